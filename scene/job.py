"""Work for a Blender of its own: what to build, save and render, as a file that a child process reads.

A render does not hear Ctrl-C from Python, and bpy prints where it likes: so both live in a child, which is simply ended when the
user has had enough.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..jena_city.problems import InputProblem, Progress, no_progress

_ALONE = {"OPENBLAS_NUM_THREADS": "1"}
"""What numpy multiplies for a picture is small: threads for it would only wait, and each turns round on a processor while it does."""


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
    camera: dict[str, Any] = field(default_factory=dict)
    """a camera of the project (NamedCamera), in place of the preset's."""
    photo: dict[str, Any] = field(default_factory=dict)
    """a photo to lay the variant into: file, size, eye, rotation, focal (see photo_camera.Solved), words."""
    design: dict[str, Any] = field(default_factory=dict)
    """of the caption (Design)."""
    trees: str = "20-years"
    """size of the trees that a variant plants: "planted" or "20-years"."""
    season: str = "summer"
    """of all trees (seasons.Asked)."""
    weather: str = "clear"
    """or "overcast"."""
    captioned: bool = True
    """Whether words stand below it."""
    page: dict[str, Any] = field(default_factory=dict)
    """of a plan to scale (plan_page.Wish)."""
    of_a_film: bool = False
    """Whether it is a frame that needs no file beside it."""


@dataclass(frozen=True)
class Film:
    """Pictures to be encoded. frames : their paths, one each frame. out : .mp4 or .webm."""

    frames: list[str]
    out: str
    fps: int


@dataclass(frozen=True)
class Job:
    """data : folder of a saved site. variants : paths of variant files (the Bestand is always there). blend : path to write, or
    "". results : .npz files to put into the .blend. films : encoded last, of pictures that are there by then."""

    data: str
    variants: list[str]
    time_zone: str
    blend: str = ""
    results: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    films: list[Film] = field(default_factory=list)
    threads: int = 0
    """that a picture may use; 0: all of the machine"""


def run(job: Job, progress: Progress = no_progress, finished: Callable[[Path], None] = lambda _path: None) -> None:
    """Do the job in a child process. finished : called with each file as soon as it is complete.

    Raises InputProblem as the child says it, Cancelled when progress raises it; the child is gone then.
    """
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(asdict(job)), encoding="utf-8")
        log = Path(folder) / "blender.log"
        with log.open("wb") as noise:
            child = subprocess.Popen(  # stdin is the life line: the child ends when we do, however that happens
                _command(path),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                text=True,
                encoding="utf-8",
                errors="replace",  # Blender says what it likes before the worker takes over
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no black box beside Blender
                env={**environment(Path(folder)), **_ALONE, "TMPDIR": folder, "TEMP": folder, "TMP": folder},
            )
            try:
                done = _listen(child, progress, finished)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
        if not done:
            raise InputProblem(
                "Blender",
                f"the process that draws ended too early ({_last_word(log.read_text(encoding='utf-8', errors='replace'))})",
                "Check memory and disk, then try again",
            )


def environment(folder: Path) -> dict[str, str]:
    """The variables for a Blender that keeps its settings below `folder` and leaves the user's alone.

    A Blender removes the shared libraries of all extensions that it does not find enabled, as soon as it starts: with the user's
    folders and factory settings it would take ours from under the Blender that is running.
    """
    own = folder / "blender"
    own.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLENDER_USER_")}
    return {**kept, "BLENDER_USER_RESOURCES": str(own)}


START = """
import importlib, importlib.util, sys
sys.path += [path for path in {paths!a} if path not in sys.path]
spec = importlib.util.spec_from_file_location("jena_planner", {init!a}, submodule_search_locations=[{folder!a}])
sys.modules["jena_planner"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["jena_planner"])
worker = importlib.import_module("jena_planner.scene.worker")
sys.exit(worker.main({job!a}))
"""


def _command(job: Path) -> list[str]:
    """The child's command line: in an installed Blender that one again, without the user's settings, else this Python.

    A new Blender has no extension enabled, and here our package may be called `bl_ext.….jena_planner`: so the child gets the folder
    itself, and looks where we look. PYTHONPATH would not do, as Blender ignores it.
    """
    folder = Path(__file__).parent.parent
    code = START.format(paths=_search_path(), init=str(folder / "__init__.py"), folder=str(folder), job=str(job))
    binary = sys.modules["bpy"].app.binary_path if "bpy" in sys.modules else ""  # empty where Blender is a Python module
    if binary:
        return [binary, "--background", "--factory-startup", "--python-exit-code", "3", "--python-expr", code]
    return [sys.executable, "-P", "-c", code]


def _search_path() -> list[str]:
    """Where the child finds what we have, but for Blender's own scripts, which an imported bpy adds: there lies a half of bpy that
    would hide the whole."""
    if "bpy" not in sys.modules:
        return [path for path in sys.path if path]
    scripts = str(Path(sys.modules["bpy"].__file__ or "").parents[2])  # scripts/modules/bpy/__init__.py
    return [path for path in sys.path if path and not path.startswith(scripts)]


def _last_word(log: str) -> str:
    """The line of a child's log that says most: the last error of Python, which Blender follows up with words of its own."""
    lines = log.strip().splitlines()
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Problem)\b", line)]
    return (errors or lines or ["no word"])[-1]


def _listen(child: subprocess.Popen[str], progress: Progress, finished: Callable[[Path], None]) -> bool:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue  # Blender's own words
        if not isinstance(said, dict):
            continue
        if "share" in said:
            progress(said["share"], said["what"])
        elif "finished" in said:
            finished(Path(said["finished"]))
        elif "problem" in said:
            raise InputProblem(**said["problem"])
        elif "done" in said:
            return True
    return False
