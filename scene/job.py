"""Work for a Blender of its own: what to build, save and render, as a file that a child process reads.

A render does not hear Ctrl-C from Python, and bpy prints where it likes: so both live in a child, which is simply ended when the
user has had enough.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..jena_city.problems import InputProblem, Progress, no_progress


@dataclass(frozen=True)
class Picture:
    """One picture. preset, view : as plain data (Preset, View). result : path of an .npz to show, or "". date, time : of the
    sun, "YYYY-MM-DD" and "HH:MM". inputs : hash of all that went in, kept in the file."""

    out: str
    title: str
    variant: str
    preset: dict[str, Any]
    date: str
    time: str
    basis: str
    view: dict[str, Any] = field(default_factory=dict)
    result: str = ""
    inputs: str = ""


@dataclass(frozen=True)
class Job:
    """data : folder of a saved site. variants : paths of variant files (the Bestand is always there). blend : path to write, or
    "". results : .npz files to put into the .blend."""

    data: str
    variants: list[str]
    time_zone: str
    blend: str = ""
    results: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def run(job: Job, progress: Progress = no_progress, finished: Callable[[Path], None] = lambda _path: None) -> None:
    """Do the job in a child process. finished : called with each file as soon as it is complete.

    Raises InputProblem as the child says it, Cancelled when progress raises it; the child is gone then.
    """
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(asdict(job)), encoding="utf-8")
        log = Path(folder) / "blender.log"
        root = __package__.rpartition(".")[0]
        with log.open("wb") as noise:
            child = subprocess.Popen(  # stdin is the life line: the child ends when we do, however that happens
                [sys.executable, "-m", f"{root}.scene.worker", str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                text=True,
                encoding="utf-8",
                start_new_session=True,
                env={**os.environ, "TMPDIR": folder, "PYTHONPATH": os.pathsep.join(_search_path())},
            )
            try:
                done = _listen(child, progress, finished)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
        if not done:
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise InputProblem(
                "Blender",
                f"the process that draws ended too early ({last[-1] if last else 'no word'})",
                "Check memory and disk, then try again",
            )


def _search_path() -> list[str]:
    """Where the child finds what we have, but for Blender's own scripts, which an imported bpy adds: there lies a half of bpy that
    would hide the whole."""
    if "bpy" not in sys.modules:
        return [path for path in sys.path if path]
    scripts = str(Path(sys.modules["bpy"].__file__ or "").parents[2])  # scripts/modules/bpy/__init__.py
    return [path for path in sys.path if path and not path.startswith(scripts)]


def _listen(child: subprocess.Popen[str], progress: Progress, finished: Callable[[Path], None]) -> bool:
    assert child.stdout is not None
    for line in child.stdout:
        said = json.loads(line)
        if "share" in said:
            progress(said["share"], said["what"])
        elif "finished" in said:
            finished(Path(said["finished"]))
        elif "problem" in said:
            raise InputProblem(**said["problem"])
        elif "done" in said:
            return True
    return False
