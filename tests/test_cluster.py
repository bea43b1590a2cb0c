"""Work spread over workers: what comes of it is what one machine makes, also when a worker is lost half way."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jena_planner.jena_city.problems import Cancelled, InputProblem
from jena_planner.jena_city.project import FilmEntry
from jena_planner.pipeline import cluster, opening, piecework, steps
from jena_planner.scene import job

from . import small

pytest.importorskip("distributed")
FILM = {
    "name": "Tag",
    "kind": "shadow",
    "variant": "neu",
    "start": "09:00",
    "end": "09:11",
    "seconds": 1.2,
    "fps": 10,
    "width": 96,
    "height": 64,
}


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(is_so: Any, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Place:
    """A scheduler on this machine, and what works for it."""

    def __init__(self, folder: Path) -> None:
        file = folder / "scheduler.json"
        command = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
        self.running = [start(*command)]
        until(lambda: file.is_file() and file.read_text().strip())
        self.address = json.loads(file.read_text())["address"]

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        self.running.append(start("jena_planner", "worker", self.address, "--threads", "1", "--name", name))
        return self.running[-1]

    def joined(self, number: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=120)

    def end(self) -> None:
        for one in reversed(self.running):
            one.kill()
            one.wait()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.end()


def pictures(folder: Path) -> dict[str, Any]:
    return {path.name: np.asarray(Image.open(path)) for path in sorted(folder.glob("*.png"))}


@pytest.mark.needs("bpy")
def test_a_film_of_two_workers_one_of_them_killed_is_that_of_one_machine(tmp_path: Path, place: Place) -> None:
    project = small.write(tmp_path / "project")
    entry = FilmEntry.model_validate({**FILM, "samples": 2})
    workers = [place.worker("eins"), place.worker("zwei")]
    steps.run(opening.load(project), only=("import", "films"), films=[entry], out=tmp_path / "alone")
    alone = pictures(tmp_path / "alone" / "films" / "tag")
    assert len(alone) == 12
    place.joined(2)
    folder = tmp_path / "spread" / "films" / "tag"
    told: list[float] = []

    def kill_one(share: float, _what: str) -> None:
        told.append(share)
        if len(list(folder.glob("0*.png"))) >= 4 and workers[0].poll() is None:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait()

    report = steps.run(
        opening.load(project), only=("films",), films=[entry], out=tmp_path / "spread", cluster=place.address, progress=kill_one
    )
    assert workers[0].poll() is not None and workers[1].poll() is None
    assert told == sorted(told)
    spread = pictures(folder)
    assert spread.keys() == alone.keys() and all((spread[name] == alone[name]).all() for name in alone)
    assert {Path(one["path"]).suffix for one in report["made"] if one["kind"] == "film"} == {".mp4", ".webm", ".png", ".vtt", ".json"}


def test_pieces_of_an_analysis_come_from_workers_and_make_the_same_whole(tmp_path: Path, place: Place) -> None:
    project = small.write(tmp_path / "project")
    file = project / "project.toml"
    text = file.read_text(encoding="utf-8").replace("step = 4.0", "step = 0.25").replace("step_minutes = 60.0", "step_minutes = 120.0")
    file.write_text(text.replace("[[analyses]]", '[[analyses]]\ncompare_with = "bestand"', 1), encoding="utf-8")
    workers = [place.worker("eins"), place.worker("zwei")]
    steps.run(opening.load(project), only=("import", "analyses"), out=tmp_path / "alone")
    place.joined(2)
    seen: set[str] = set()

    def look(_share: float, what: str) -> None:
        seen.add(what.rpartition(": ")[2])

    report = steps.run(opening.load(project), only=("analyses",), out=tmp_path / "spread", cluster=place.address, progress=look)
    assert all(one.poll() is None for one in workers)
    assert any(one.endswith(" pieces") and not one.startswith("0 ") for one in seen), seen
    names = sorted(path.name for path in (tmp_path / "alone" / "results").glob("*.npz"))
    assert names and names == sorted(path.name for path in (tmp_path / "spread" / "results").glob("*.npz"))
    for name in names:
        with np.load(tmp_path / "alone" / "results" / name) as a, np.load(tmp_path / "spread" / "results" / name) as b:
            assert set(a) == set(b) and all((a[key] == b[key]).all() for key in a if a[key].dtype.kind in "fiub"), name
    assert not (tmp_path / "spread" / "results" / ".unfinished").exists() or not any(
        (tmp_path / "spread" / "results" / ".unfinished").iterdir()
    )
    assert not [one for one in report["problems"] if one["code"] == "worker-left-out"]


def test_where_nobody_works_a_sentence_says_so(tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = opening.load(small.write(tmp_path / "project"))

    def said(address: str) -> str:
        with pytest.raises(InputProblem) as caught:
            steps.run(opened, only=("pictures",), cluster=address)
        return str(caught.value)

    assert (
        said(place.address) == f"{place.address}: no worker has joined it. Start one on each machine: jena-planner worker {place.address}."
    )
    monkeypatch.setattr(piecework, "WAIT", 1.0)
    assert said("tcp://127.0.0.1:9").startswith("tcp://127.0.0.1:9: no scheduler answers there. Start one with `dask scheduler`")
    assert "Write it as tcp://HOST:8786" in said("nonsense://x")
    done = subprocess.run(
        [sys.executable, "-m", "jena_planner", "worker", "tcp://127.0.0.1:9"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "no scheduler answers there" in done.stderr and "Traceback" not in done.stderr


def test_a_worker_of_another_version_is_named_and_gets_no_work(tmp_path: Path, place: Place) -> None:
    code = "import sys; from jena_planner.pipeline import piecework; piecework.version = lambda: '0.0.1'; piecework.serve(sys.argv[1], name='alt')"
    place.running.append(subprocess.Popen([sys.executable, "-c", code, place.address], stderr=subprocess.DEVNULL))
    place.joined(1)
    opened = opening.load(small.write(tmp_path / "project"))
    with pytest.raises(InputProblem, match=r"its workers run another version of the program than .* here \(alt: 0\.0\.1\)"):
        steps.run(opened, only=("analyses",), cluster=place.address)
    place.worker("neu")
    place.joined(2)
    report = steps.run(opened, only=("import", "analyses"), cluster=place.address)
    assert [one["id"] for one in report["problems"] if one["code"] == "worker-left-out"] == ["alt"]


def test_a_slip_of_a_worker_is_not_taken_for_a_lost_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecework, "_own_name", lambda: "worker fern")

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "a.png")

    said = piecework.told(full)["problem"]
    assert said["where"] == "worker fern" and "No space left on device" in said["what"]


def test_who_stops_is_heard_while_a_picture_is_waited_for(tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        cluster._wait_for(job.Picture(out=str(tmp_path / "a.png"), title="", variant="", preset={}, date="", time="", basis="local"), stop)


def test_without_the_library_a_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputProblem, match=r"distributed is not installed\. Install it: pip install jena-planner\[cluster\]"):
        steps.run(opening.load(small.write(tmp_path / "project")), only=("analyses",), cluster="tcp://127.0.0.1:8786")


@pytest.mark.needs("bpy")
def test_a_worker_that_does_not_see_the_project_says_so(tmp_path: Path, place: Place) -> None:
    """As on a machine without the shared folder: there the data are not to be read."""
    code = """
import os, sys
from jena_planner.pipeline import piecework
real = os.access
piecework.os.access = lambda path, right: False if str(path).endswith("data") else real(path, right)
piecework.serve(sys.argv[1], name="fern")
"""
    place.running.append(subprocess.Popen([sys.executable, "-c", code, place.address], stderr=subprocess.DEVNULL))
    place.joined(1)
    opened = opening.load(small.write(tmp_path / "project"))
    with pytest.raises(
        InputProblem, match=r"worker fern: it cannot read .*data\. Put the project where all machines see it by the same path"
    ):
        steps.run(opened, only=("import", "pictures"), pictures=opened.file.pictures[:1], cluster=place.address)
