"""Long work: one after the other in a thread, with progress and a way to stop it, while the interface stays alive.

A job's `work` runs in the thread and never touches bpy; its `done` runs afterwards in Blender's own thread and is one undo step.
Undo, opening another file, quitting and disabling stop the job and wait for its end.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import bpy
from bpy.app.handlers import persistent

from ..jena_city.problems import Cancelled, Progress
from . import errors

PATIENCE = 2.0  # seconds that stopping waits for the thread
EVERY = 0.1  # seconds between looks at the thread


@dataclass
class Job:
    """title : English, translated when shown. scene : name of the scene it is for. work(progress) -> what done(scene, result) gets.
    What the work puts into `arrived` meanwhile goes to take(scene, it) at once.
    panel : below whose button progress and what is to be said stand: "project", "analyses", "results", "pictures",
    "key-figures" or "participation"."""

    title: str
    scene: str
    work: Callable[[Progress], Any]
    done: Callable[[Any, Any], None]
    panel: str = "project"
    take: Callable[[Any, Any], None] | None = None
    arrived: deque[Any] = field(default_factory=deque)
    share: float = 0.0
    what: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        """The thread's life."""
        try:
            self.result = self.work(self._progress)
        except BaseException as error:  # noqa: BLE001 - handed over to Blender's thread, which says it
            self.error = error

    def _progress(self, share: float, what: str) -> None:
        self.share, self.what = share, what
        if self.stop.is_set():
            raise Cancelled


queue: list[Job] = []
"""The first one runs, the others wait."""
notice: list[str] = []
"""What is to be said of the last job, as a sentence for the panel: why it was stopped, or what it left out. Empty when all is well."""
noticed: list[str] = ["project"]
"""The panel of the last job, where the notice stands."""


def start(job: Job) -> None:
    """Do a job now, or after those before it. Without an interface it is done at once, and what goes wrong is raised."""
    notice.clear()
    if bpy.app.background:
        job.run()
        _take_arrived(job)
        if job.error is not None:
            raise job.error
        job.done(bpy.data.scenes[job.scene], job.result)
        return
    errors.last.clear()
    queue.append(job)
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=0.0, persistent=True)


_shown: list[Any] = []  # what the panel shows of the progress


def running() -> Job | None:
    """The job that is being done."""
    return queue[0] if queue else None


def _tick() -> float | None:
    if not queue:
        return None
    job = queue[0]
    if job.thread is None:
        job.thread = threading.Thread(target=job.run, name=f"jena-planner {job.title}", daemon=True)
        job.thread.start()
    finished = job.thread is not None and not job.thread.is_alive()
    if job.arrived:
        _take_arrived(job)
        _redraw(True)
    if finished:
        queue.pop(0)
        _finish(job)
    now = (round(job.share, 2), job.what, len(queue))
    if finished or list(now) != _shown:
        _shown[:] = now
        _redraw(finished)
    return EVERY if queue else None


def _take_arrived(job: Job) -> None:
    """Show what has come so far; the undo step is that of the whole job."""
    scene = bpy.data.scenes.get(job.scene)
    while job.arrived:
        one = job.arrived.popleft()
        if scene is None or job.take is None:
            continue
        try:
            job.take(scene, one)
        except Exception as error:  # noqa: BLE001 - a timer has no operator that could report
            errors.note(error, job.panel)


def _finish(job: Job) -> None:
    noticed[:] = [job.panel]
    if isinstance(job.error, Cancelled):
        notice[:] = ["Stopped. What was finished is kept; the same button goes on from there."]
        return
    if job.error is not None:
        errors.note(job.error, job.panel)
        return
    scene = bpy.data.scenes.get(job.scene)
    if scene is None:
        notice[:] = ["The scene that this was computed for is gone; what was made is in the project's folder."]
        return
    window = bpy.context.window_manager.windows[0]
    try:
        with bpy.context.temp_override(window=window):
            job.done(scene, job.result)
            bpy.ops.ed.undo_push(message=job.title)
    except Exception as error:  # noqa: BLE001 - a timer has no operator that could report
        errors.note(error, job.panel)


def _redraw(everything: bool) -> None:
    """Sidebars and headers, which show the progress; the views themselves only when there is something new in them."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if everything or region.type in ("UI", "HEADER"):
                        region.tag_redraw()


def cancel_all(why: str = "") -> None:
    """Stop the running job and forget the waiting ones; returns when the thread has ended, or after a while."""
    if not queue:
        return
    for job in queue:
        job.stop.set()
    thread = queue[0].thread
    noticed[:] = [queue[0].panel]
    queue.clear()
    if thread is not None:
        thread.join(PATIENCE)
    if why:
        notice[:] = [why]


@persistent
def _undone(*_unused: Any) -> None:
    cancel_all("Stopped by undo. What was finished is kept; the same button goes on from there.")


@persistent
def _leaving(*_unused: Any) -> None:
    cancel_all()


class JENA_OT_cancel(bpy.types.Operator):
    """Stop what is being computed; what was finished is kept"""

    bl_idname = "jena.cancel"
    bl_label = "Stop"

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return bool(queue)

    def execute(self, _context: Any) -> set[str]:
        if queue:
            queue[0].stop.set()
            queue[0].what = "stopping"
        return {"FINISHED"}


CLASSES = (JENA_OT_cancel,)


def register(registry: Any) -> None:
    """Stop when the ground is pulled away."""
    handlers = bpy.app.handlers
    for moments in (handlers.undo_pre, handlers.redo_pre):
        registry.handler(moments, _undone)
    registry.handler(handlers.load_pre, _leaving)
    if hasattr(handlers, "exit_pre"):
        registry.handler(handlers.exit_pre, _leaving)
    registry.on_undo(cancel_all)
    registry.on_undo(lambda: bpy.app.timers.unregister(_tick) if bpy.app.timers.is_registered(_tick) else None)
