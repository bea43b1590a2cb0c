"""Tiles read by child processes, one for each, as many at a time as there are cores: what they have read comes back by the cache folder.

A child is this Python with our package and our search path: functions of an installed extension cannot be pickled, and `multiprocessing`
would start Blender once more. It says JSON lines on standard output: {"share"}, {"problem"}, {"done"}; standard input is the life line.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from . import child
from .about import ROOT
from .origin import Origin
from .problems import InputProblem, Progress, one_line

MOST = 8  # children at a time: each takes some 250 MB for a tile of 140 MB
EVERY = 0.1  # seconds between looks at whether the user has had enough

_START = """
import importlib, importlib.util, sys
sys.path += [path for path in {paths!a} if path not in sys.path]
spec = importlib.util.spec_from_file_location("jena_planner", {init!a}, submodule_search_locations=[{folder!a}])
sys.modules["jena_planner"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["jena_planner"])
sys.exit(importlib.import_module("jena_planner.jena_city.processes").main({task!a}))
"""


@dataclass(frozen=True)
class Task:
    """A file to be read and kept. content : its hash. folder : of the entries. Other fields as for `buildings.read`."""

    path: str
    content: str
    folder: str
    size: int
    crs: str | None
    lod: int | None
    origin: Origin | None


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def possible() -> bool:
    """Whether children are of use, and can be started: an embedded Python may not know its own program, or take its host for it."""
    return cores() > 1 and "python" in Path(sys.executable or "").name.lower()


def read(tasks: Sequence[Task], progress: Progress) -> None:
    """Read files, several at a time. All children are gone when this ends, however it ends.

    progress : is told the share of the bytes, and may raise Cancelled; what was finished before is kept. Raises InputProblem as a child
    says it, or with the file of a child that died.
    """
    waiting = list(tasks)
    running: dict[Task, _Child] = {}
    said: queue.SimpleQueue[tuple[Task, dict[str, Any] | None]] = queue.SimpleQueue()
    shares = dict.fromkeys(tasks, 0.0)
    total = sum(task.size for task in tasks)
    newest = tasks[0]
    try:
        while waiting or running:
            while waiting and len(running) < min(cores(), MOST):
                task = waiting.pop(0)
                running[task] = _Child(task, said)
            try:
                task, line = said.get(timeout=EVERY)
            except queue.Empty:
                pass
            else:
                newest = task
                if line is None:
                    last_word = running.pop(task).end()
                    if shares[task] < 1.0:
                        raise InputProblem(
                            task.path, f"the process that reads it ended too early ({last_word})", "Check memory and disk, then try again"
                        )
                elif "problem" in line:
                    raise InputProblem(**line["problem"])
                else:
                    shares[task] = 1.0 if "done" in line else min(float(line["share"]), 0.999)
            progress(sum(task.size * share for task, share in shares.items()) / total, Path(newest.path).name)
    finally:
        for child in running.values():
            child.end()


class _Child:
    """A process that reads one file, and a thread that hands on what it says; None is the end."""

    def __init__(self, task: Task, said: queue.SimpleQueue[tuple[Task, dict[str, Any] | None]]) -> None:
        paths = [path for path in sys.path if path]
        code = _START.format(paths=paths, init=str(ROOT / "__init__.py"), folder=str(ROOT), task=json.dumps(asdict(task)))
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self.process.stdout is not None
        self.thread = threading.Thread(target=self._listen, args=(self.process.stdout, task, said), daemon=True)
        self.thread.start()

    @staticmethod
    def _listen(lines: IO[bytes], task: Task, said: queue.SimpleQueue[tuple[Task, dict[str, Any] | None]]) -> None:
        for line in lines:
            with suppress(ValueError):  # of one that was ended in the middle of a word
                said.put((task, json.loads(line)))
        said.put((task, None))

    def end(self) -> str:
        """Make sure that it is gone; returns its last word."""
        if self.process.poll() is None and self.thread.is_alive():
            self.process.kill()
        self.process.wait()
        self.thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").strip().splitlines()
        self.log.close()
        errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
        return one_line((errors or lines or [f"exit code {self.process.returncode}"])[-1])


def main(task: str) -> int:
    """The child's life: read a file and keep it."""
    return child.answered(lambda say: _read_and_keep(json.loads(task), say))


def _read_and_keep(asked: dict[str, Any], say: child.Say) -> None:
    from . import buildings, tiles

    origin = Origin(**asked["origin"]) if asked["origin"] else None
    tiles.use_folder(Path(asked["folder"]))
    told = 0.0

    def progress(share: float, _what: str) -> None:
        nonlocal told
        if share >= told + 0.01:
            told = share
            say(share=share)

    buildings.read_kept(Path(asked["path"]), asked["content"], origin=origin, crs=asked["crs"], lod=asked["lod"], progress=progress)
