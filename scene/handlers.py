"""Blender tells that something has changed; one timer then makes anew what bears the wrong stamp. Handlers only mark."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import bpy
from bpy.app.handlers import persistent

from ..jena_city import imported
from ..jena_city.problems import InputProblem
from . import document, sync

EVERY = 0.1  # seconds between looks; nothing is done while nothing was marked
_marked: set[str] = set()
opened: list[Callable[[], None]] = []
"""Called after a file was opened; the user interface adds its own."""
settled: list[Callable[[Any], None]] = []
"""Called with the scene after blocks were made anew."""
moving: list[Callable[[Any], None]] = []
"""Called with the scene while the mouse moves something: to look at where blocks are, and to change nothing."""
_moved: set[str] = set()


@persistent
def _changed(scene: Any, *_unused: Any) -> None:
    if document.is_document(scene):
        _marked.add(scene.name)
        _moved.add(scene.name)


@persistent
def _jumped(*_unused: Any) -> None:
    _marked.update(scene.name for scene in bpy.data.scenes if document.is_document(scene))


@persistent
def _opened(*_unused: Any) -> None:
    _marked.clear()
    _jumped()
    for function in opened:
        function()


def mark(scene: Any) -> None:
    """Look with the next tick: what is shown has changed, though no block has."""
    _marked.add(scene.name)


def settle(scene: Any) -> list[InputProblem]:
    """Look now: for operators and programs, which do not wait for a tick."""
    _marked.discard(scene.name)
    try:
        problems = sync.refresh(scene, document.loaded_site(scene))
    except InputProblem as problem:  # a note of a newer program: the banner says so
        return [problem]
    for function in settled:
        function(scene)
    return problems


def _tick() -> float:
    if _transforming():
        return _while_moving()
    _moved.clear()
    if _marked:
        for name in list(_marked):
            scene = bpy.data.scenes.get(name)
            if scene is not None and document.is_document(scene):
                settle(scene)
            _marked.discard(name)
    return EVERY


def _while_moving() -> float:
    """Let the numbers follow; a look that takes long leaves as long to the mouse. Returns seconds to the next."""
    start = time.perf_counter()
    for name in list(_moved):
        scene = bpy.data.scenes.get(name)
        if scene is not None and document.is_document(scene):
            for function in moving:
                function(scene)
    _moved.clear()
    return max(EVERY, time.perf_counter() - start)


def _transforming() -> bool:
    """Whether the mouse is moving something right now: the solid moves with it as it is, and is made anew when it is let go."""
    return any(
        running.bl_idname.startswith("TRANSFORM_OT") for window in bpy.context.window_manager.windows for running in window.modal_operators
    )


def register(registry: Any) -> None:
    """Hang in the handlers; the timer runs only where there is an interface, which waits."""
    handlers = bpy.app.handlers
    registry.handler(handlers.depsgraph_update_post, _changed)
    for moments in (handlers.undo_post, handlers.redo_post):
        registry.handler(moments, _jumped)
    registry.handler(handlers.load_post, _opened)
    if not bpy.app.background:
        registry.timer(_tick, EVERY)
    registry.on_undo(_marked.clear)
    registry.on_undo(_moved.clear)
    registry.on_undo(imported.forget)
