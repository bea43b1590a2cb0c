"""What a worker of a cluster does: pictures and pieces of analyses of projects that lie where all machines see them by the same path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..analyses import rays
from ..analyses.obstacles import Shared
from ..analyses.registry import REGISTRY
from ..jena_city import imported, store
from ..jena_city.about import version
from ..jena_city.problems import Cancelled, InputProblem, Report
from ..scene import job as scene_job
from . import opening, pictures
from .work import Work

WAIT = 10.0  # seconds for an answer of a scheduler
MARK = "jena-planner "  # and the version: what a worker bears, so that work is only given to those of the same program
_threads = 0
_opened: dict[str, Work] = {}


def mark() -> str:
    return MARK + version()


def answering(address: str, what: Callable[[], Any]) -> Any:
    """What a scheduler is asked first; raises InputProblem where the library is missing or nobody answers."""
    try:
        import distributed  # noqa: F401 - whether it is there
    except ImportError as error:
        raise InputProblem(
            "cluster", "the library distributed is not installed", "Install it: pip install jena-planner[cluster]"
        ) from error
    try:
        return what()
    except ValueError as error:
        raise InputProblem(address, "that is no address of a scheduler", "Write it as tcp://HOST:8786") from error
    except OSError as error:  # a TimeoutError is one too
        raise InputProblem(
            address, "no scheduler answers there", "Start one with `dask scheduler`, and look at the address and the firewall"
        ) from error


def serve(address: str, *, threads: int = 0, name: str = "") -> None:
    """Work for a scheduler until it ends. threads : that a piece of work may use, 0: all of the machine. Raises InputProblem."""
    import asyncio  # every run comes by here, few are workers

    global _threads
    answering(address, lambda: _reached(address))
    _threads = threads
    rays.use_threads(threads)
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        asyncio.run(_serve(address, name or None, folder))


def _reached(address: str) -> None:
    from distributed import Client

    Client(address, timeout=WAIT, set_as_default=False).close()


async def _serve(address: str, name: str | None, folder: str) -> None:
    from distributed import Worker

    own: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "local_directory": folder, "resources": {mark(): 1}}
    async with Worker(address, name=name, death_timeout=WAIT, **own) as worker:
        await worker.finished()


def told(work: Callable[..., Any], *given: Any) -> dict[str, Any]:
    """What work comes to: {"done": …} or {"problem": …}, which any machine can read."""
    try:
        try:
            return {"done": work(*given)}
        except OSError as error:  # else it would be taken for one of the way to the scheduler
            what = f"a piece of work failed there: {error}"
            raise InputProblem(_own_name(), what, "Look at its disk and memory; what was finished is kept") from error
    except InputProblem as problem:
        return {"problem": {"where": problem.where, "what": problem.what, "what_to_do": problem.what_to_do}}


def draw(job: dict[str, Any], topic: str) -> list[str]:
    """Take the pictures of a job (as a dictionary) that are not there yet; each is told as soon as it is there. Returns their paths."""
    from distributed import get_worker

    worker = get_worker()
    asked = scene_job.Job(**{**job, "pictures": [scene_job.Picture(**one) for one in job["pictures"]], "threads": _threads})
    _sees(Path(job["data"]), writing=Path(asked.pictures[0].out).parent)

    def finished(path: Path) -> None:
        worker.log_event(topic, str(path))

    there = [one for one in asked.pictures if pictures.is_there(one)]
    for one in there:
        finished(Path(one.out))
    left = [one for one in asked.pictures if one not in there]
    if left:
        scene_job.run(replace(asked, pictures=left), _stop_when_dropped, finished)
    return [one.out for one in asked.pictures]


def reckon(path: str, out: str, run: str, name: str, key: str, share: tuple[int, int], keep: str) -> None:
    """A share of the pieces of an analysis, kept for whoever puts them together.

    path : of the project's file. run : of which this is a part; for another the project is read anew. name, key : of the analysis.
    """
    if run not in _opened:
        _sees(Path(path).parent / imported.FOLDER, writing=Path(keep).parent)
        _opened.clear()
        opened = opening.load(path)
        data = opened.folder / imported.FOLDER
        _opened[run] = Work(opened, imported.Imported(store.load_site(data), Report(), "", {}, {}), Path(out))
    work = _opened[run]
    job = next((one for one in work.jobs if one.name == name and one.key == key), None)
    if job is None:
        raise InputProblem(
            _own_name(), f"another project stands in {path} here", "Put the project where all machines see it by the same path"
        )
    planned = replace(work.obstacles(job.variant, Path(keep)), share=share)
    base = work.obstacles(job.base) if job.base else None
    try:
        REGISTRY[job.entry.kind].run(planned, job.settings, base=base, progress=_stop_when_dropped)
    except Shared:
        return


def _sees(data: Path, *, writing: Path) -> None:
    try:
        writing.mkdir(parents=True, exist_ok=True)
    except OSError:
        writing = data  # said below, of the first that is missing
    for folder, right, what in ((data, os.R_OK, f"it cannot read {data}"), (writing, os.W_OK, f"it cannot write to {writing}")):
        if not os.access(folder, right):
            raise InputProblem(_own_name(), what, "Put the project where all machines see it by the same path, and may write")


def _own_name() -> str:
    from distributed import get_worker

    return f"worker {get_worker().name}"


def _stop_when_dropped(_share: float, _what: str) -> None:
    """Raises Cancelled when nobody waits for this piece of work any more: whoever asked has stopped, or is gone."""
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    if task is None or task.state == "cancelled":
        raise Cancelled
