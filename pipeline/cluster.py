"""Work spread over many machines by dask.distributed; what each of them does is in piecework.py."""

from __future__ import annotations

import queue
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..jena_city.about import version
from ..jena_city.problems import InputProblem, Problem, Progress
from ..scene import job as scene_job
from . import pictures, piecework
from .work import Job, Work

LOOK = 0.5  # seconds between looks at who is there
PATIENCE = 30.0  # seconds that we wait for a worker when the last one has gone
ARRIVAL = 70.0  # seconds after which every shared folder has shown what another machine wrote
LEAST = 3  # pictures of a piece at the end, where there are many: each piece starts a Blender, which takes as long as a small frame


@contextmanager
def joined(address: str) -> Iterator[Cluster]:
    """The workers of a scheduler. Raises InputProblem where it does not answer or has none of our version."""
    client = piecework.answering(address, lambda: _client(address))
    try:
        yield Cluster(address, client)
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=5)


def _client(address: str) -> Any:
    from distributed import Client

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions of libraries that are of no matter here
        return Client(address, timeout=piecework.WAIT, set_as_default=False)


class Cluster:
    """Workers of a scheduler. problems : what is to be said of some of them."""

    def __init__(self, address: str, client: Any) -> None:
        self.address, self.client = address, client
        self.run = uuid.uuid4().hex
        self.problems: list[Problem] = []
        self._missed: float | None = None
        if not self._workers():
            self._nobody()
        for name, its in self._others().items():
            sentence = f"it runs version {its} and not {version()} as here, and was left out"
            self.problems.append(Problem("worker-left-out", address, name, sentence))

    def _all(self) -> dict[str, Any]:
        found = self.client.sync(self.client.scheduler.identity)  # scheduler_info() of some versions names five of them
        return dict(found["workers"])

    def _workers(self) -> list[str]:
        """Addresses of the workers that run the same version."""
        return [address for address, one in self._all().items() if piecework.mark() in one["resources"]]

    def _others(self) -> dict[str, str]:
        """Workers of other versions of the program: name -> version."""
        found = {}
        for address, one in self._all().items():
            versions = [key.removeprefix(piecework.MARK) for key in one["resources"] if key.startswith(piecework.MARK)]
            if versions and piecework.mark() not in one["resources"]:
                found[str(one["name"] or address)] = versions[0]
        return found

    def _nobody(self) -> None:
        others = self._others()
        if others:
            told = ", ".join(f"{name}: {its}" for name, its in others.items())
            what = f"its workers run another version of the program than {version()} here ({told})"
            raise InputProblem(self.address, what, "Install the same version on all machines")
        raise InputProblem(self.address, "no worker has joined it", f"Start one on each machine: jena-planner worker {self.address}")

    def draw(self, job: scene_job.Job, progress: Progress, finished: Callable[[Path], None]) -> None:
        """The pictures of a job, as `scene.job.run` takes them: alike ones together, in pieces that become smaller towards the end."""
        waiting = sorted(job.pictures, key=lambda one: (one.preset["look"], one.trees))
        asked = {one.out: one for one in waiting}
        arrived: queue.SimpleQueue[str] = queue.SimpleQueue()
        topic = f"jena-planner-{uuid.uuid4().hex}"
        self.client.subscribe_topic(topic, lambda event: arrived.put(event[1]))
        done: set[str] = set()

        def tell() -> None:
            progress(len(done) / len(asked), f"{len(done)} of {len(asked)} pictures")

        def note(out: str) -> None:
            if out in asked and out not in done:
                _wait_for(asked[out], tell)
                done.add(out)
                finished(Path(out))
                tell()

        def next_piece(workers: int) -> tuple[Any, ...] | None:
            if not waiting:
                return None
            least = min(LEAST, max(1, len(asked) // (4 * workers)))
            size = max(least, len(waiting) // (2 * workers))
            piece, waiting[:size] = waiting[:size], []
            return piecework.draw, asdict(replace(job, pictures=piece)), topic

        def look() -> None:
            with suppress(queue.Empty):
                while True:
                    note(arrived.get_nowait())
            tell()

        try:
            for outs in self._spread(next_piece, look):
                for out in outs:
                    note(out)
        finally:
            self.client.unsubscribe_topic(topic)

    def reckon(self, work: Work, job: Job, keep: Path, missing: int, progress: Progress) -> None:
        """The missing pieces of an analysis, kept in a folder."""
        shares = max(1, min(missing, 2 * len(self._workers())))  # the workers may all be gone just now
        waiting = [(number, shares) for number in range(shares)]
        given = (str(work.project.path), str(work.out), self.run, job.name, job.key)

        def next_piece(_workers: int) -> tuple[Any, ...] | None:
            return (piecework.reckon, *given, waiting.pop(0), str(keep)) if waiting else None

        def look() -> None:
            there = shares_there(keep)
            progress(min(there / missing, 1.0), f"{there} of {missing} pieces")

        before = len(list(keep.glob("*.npy")))

        def shares_there(folder: Path) -> int:
            return len(list(folder.glob("*.npy"))) - before

        for _ in self._spread(next_piece, look):
            look()

    def _spread(self, next_piece: Callable[[int], tuple[Any, ...] | None], look: Callable[[], None]) -> Iterator[Any]:
        """What pieces of work come to, one for each worker at a time. next_piece : given the number of workers. A lost worker's piece is
        done by another. Raises InputProblem as a worker says it; whatever is raised meanwhile takes all pieces back."""
        from distributed import wait

        running: set[Any] = set()
        left = False
        try:
            while running or not left:
                workers = self._present()
                while not left and len(running) < workers:
                    piece = next_piece(workers)
                    left = piece is None
                    if piece is not None:
                        running.add(self._submit(piece))
                ready: set[Any] = set()
                if running:
                    with suppress(TimeoutError), self.client.as_current():
                        ready = wait(list(running), timeout=LOOK, return_when="FIRST_COMPLETED").done
                elif not left:
                    time.sleep(LOOK)
                look()
                for one in ready:
                    running.discard(one)
                    yield self._came_to(one)
        finally:
            if running:
                with suppress(Exception):  # a scheduler that has gone has let go of them
                    self.client.cancel(list(running), force=True)

    def _submit(self, piece: tuple[Any, ...]) -> Any:
        return self.client.submit(piecework.told, *piece, resources={piecework.mark(): 1}, pure=False, retries=0)

    def _present(self) -> int:
        """How many workers there are; raises InputProblem when the last one has been gone for a while, or the scheduler has."""
        try:
            number = len(self._workers())
        except (OSError, TimeoutError) as error:
            raise InputProblem(
                self.address, "the scheduler has gone", "Start it and the workers again; what was finished is kept"
            ) from error
        if number:
            self._missed = None
        else:
            self._missed = self._missed or time.monotonic()
            if time.monotonic() - self._missed > PATIENCE:
                raise InputProblem(self.address, "all workers have gone", "Start them again; what was finished is kept")
        return number

    def _came_to(self, future: Any) -> Any:
        from distributed import CancelledError, KilledWorker

        try:
            found = future.result()
        except KilledWorker as error:
            raise InputProblem(
                self.address, "one piece of work ended several workers", "Look at their memory; what was finished is kept"
            ) from error
        except (CancelledError, OSError) as error:
            raise InputProblem(
                self.address, "the scheduler has gone", "Start it and the workers again; what was finished is kept"
            ) from error
        if "problem" in found:
            raise InputProblem(**found["problem"])
        return found["done"]


def _wait_for(picture: scene_job.Picture, tell: Callable[[], None]) -> None:
    """Until a picture that another machine has written is to be seen here. tell : called meanwhile, raises Cancelled where one stops."""
    end = time.monotonic() + ARRIVAL
    while not pictures.is_there(picture):
        if time.monotonic() > end:
            what = f"{picture.out} was drawn by a worker and did not arrive here"
            raise InputProblem("cluster", what, "Put the project where all machines see it by the same path")
        tell()
        time.sleep(LOOK)
