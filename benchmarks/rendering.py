"""What pictures and films cost beside Cycles itself, and what more workers bring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..jena_city import sample
from ..jena_city.about import installed
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..pipeline import opening, steps

SIZE = (480, 270)
SAMPLES = 16
_OURS = 0, 1  # exit codes of our command line where all was made: 1 says that there is something to look at
_TIMED = """
import importlib, sys
job = importlib.import_module("jena_planner.scene.job")
job.START = job.START.replace("sys.exit(worker", '''
import json, time
render = importlib.import_module("jena_planner.scene.render")
whole = render.picture
def timed(folder):
    began = time.perf_counter(), time.process_time()
    made = whole(folder)
    with open({notes!r}, "a") as file:
        print(json.dumps([time.perf_counter() - began[0], time.process_time() - began[1]]), file=file)
    return made
render.picture = timed
sys.exit(worker''').replace("{notes!r}", repr(sys.argv[1]))
importlib.import_module("jena_planner.cli").main(sys.argv[2:])
"""
_FRESH = """
import sys
import bpy
blend, out, number, wide, high, samples = sys.argv[1:]
bpy.ops.wm.open_mainfile(filepath=blend)
scene = bpy.context.scene
bpy.data.objects["Sonne"].rotation_euler.z += 0.02 * int(number)
scene.render.resolution_x, scene.render.resolution_y, scene.cycles.samples = int(wide), int(high), int(samples)
scene.render.filepath = out
bpy.ops.render.render(write_still=True)
"""


@dataclass(frozen=True)
class _Took:
    """Seconds by the clock and of a processor, of a process and all that it started."""

    clock: float
    processor: float


def run(*, frames: int = 24, runs: int = 3, progress: Progress = no_progress) -> dict[str, Any]:
    """A still of the sample, a shadow film of so many frames beside as many new processes that open the same .blend, and two workers of one
    thread beside one.

    Returns rows (what, seconds by the clock and of a processor) and ratios. What a still takes outside Cycles is the best of the runs, in
    seconds of a processor, as other work on the machine does not count then. Raises InputProblem without bpy or distributed.
    """
    for library, extra in (("bpy", "bpy"), ("distributed", "cluster")):
        if installed(library) == "not installed":
            raise InputProblem("bench render", f"the library {library} is not installed", f"pip install jena-planner[{extra}]")
    with tempfile.TemporaryDirectory(prefix="jena-planner-bench-") as name:
        folder = Path(name)
        progress(0.0, "the sample")
        project = sample.write(folder / "project")
        report = steps.run(opening.load(project), only=("import", "scene"))
        blend = next(one["path"] for one in report["made"] if one["kind"] == "scene")
        rows = []
        outside = []
        for number in range(runs):
            progress(0.02 + 0.08 * number / runs, "a still")
            whole, cycles = _still(project, folder / f"still-{number}")
            outside.append(_Took(whole.clock - cycles.clock, whole.processor - cycles.processor))
        best = min(outside, key=lambda one: one.processor)
        rows.append(_row("a still of 1920 × 1080, outside Cycles", best))
        progress(0.1, f"a film of {frames} frames")
        film = _film(project, folder / "film", frames)
        rows.append(_row(f"a film of {frames} frames", film))
        fresh = []
        for number in range(frames):
            progress(0.3 + 0.3 * number / frames, f"{number + 1} of {frames} new processes")
            words = [blend, str(folder / f"fresh-{number}.png"), str(number), *map(str, SIZE), str(SAMPLES)]
            fresh.append(_timed([sys.executable, "-c", _FRESH, *words], 0))
        apart = _Took(sum(one.clock for one in fresh), sum(one.processor for one in fresh))
        rows.append(_row(f"{frames} new processes", apart))
        took = {}
        for workers in (1, 2):
            progress(0.4 + 0.2 * workers, f"{workers} of 2 workers")
            took[workers] = _spread(project, folder / f"workers-{workers}", frames, workers)
            rows.append(_row(f"the film by {workers} worker{'s' if workers > 1 else ''} of one thread", took[workers]))
    return {
        "rows": rows,
        "frames": frames,
        "outside_cycles_s": best.processor,
        "ratios": {
            "the new processes' time, a film (clock)": round(film.clock / apart.clock, 3),
            "the new processes' time, a film (processor)": round(film.processor / apart.processor, 3),
            "one worker's speed, two of them": round(took[1].clock / took[2].clock, 2),
        },
    }


def _row(what: str, took: _Took) -> dict[str, Any]:
    return {"what": what, "clock s": round(took.clock, 2), "processor s": round(took.processor, 2)}


def _timed(command: Sequence[str], *good: int) -> _Took:
    """A process by itself, until its end; raises InputProblem when its exit code is none of the good ones."""
    # What is installed is compiled once, so here too.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=kept)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in good:
            said.seek(0)
            raise InputProblem("bench render", f"it failed: {said.read().decode(errors='replace')[-200:]}", "Look at the message")
    return _Took(time.perf_counter() - began, used.ru_utime + used.ru_stime)


def _still(project: Path, out: Path) -> tuple[_Took, _Took]:
    """A still by the command line, whole and within Cycles."""
    notes = out.with_suffix(".txt")
    asked = ["render", str(project), "--variant", "blockrand", "--preset", "still", "--samples", "4", "--out", str(out)]
    whole = _timed([sys.executable, "-c", _TIMED, str(notes), *asked], *_OURS)
    clock, processor = zip(*(json.loads(line) for line in notes.read_text().splitlines()), strict=True)
    return whole, _Took(sum(clock), sum(processor))


def _film_file(project: Path, frames: int) -> str:
    """The name of the film that the project asks for."""
    wide, high = SIZE
    entry = f'kind = "shadow"\nvariant = "blockrand"\nstart = "09:00"\nend = "09:{frames - 1:02}"\nseconds = {frames / 10}\nfps = 10\n'
    text = project.read_text(encoding="utf-8")
    if 'name = "Messung"' not in text:
        text += f'\n[[films]]\nname = "Messung"\n{entry}width = {wide}\nheight = {high}\nsamples = {SAMPLES}\n'
        project.write_text(text, encoding="utf-8")
    return "Messung"


def _film(project: Path, out: Path, frames: int, *more: str) -> _Took:
    name = _film_file(project, frames)
    return _timed([sys.executable, "-m", "jena_planner", "film", str(project), "--film", name, "--out", str(out), *more], *_OURS)


def _spread(project: Path, out: Path, frames: int, workers: int) -> _Took:
    """The film by so many workers; started before, as workers are."""
    from distributed import Client

    file = out.with_suffix(".json")
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([*command, "--scheduler-file", str(file)], **quiet)]
    try:
        end = time.monotonic() + 60
        while not (file.is_file() and file.read_text()) and time.monotonic() < end:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        join = [sys.executable, "-m", "jena_planner", "worker", address, "--threads", "1"]
        running += [subprocess.Popen(join, **quiet) for _ in range(workers)]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
        return _film(project, out, frames, "--cluster", address)
    finally:
        for one in reversed(running):
            one.kill()
            one.wait()
