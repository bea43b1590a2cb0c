"""What is put into Blender when the extension is enabled, and taken out again in reverse: nothing may be left behind."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable
from typing import Any

import bpy


class Registry:
    """Everything registered by one room, with how to undo it."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        if not bpy.app.binary_path:
            # Blender disables extensions when it quits; as a Python module it does not, and 4.5 then hangs in its destructors.
            atexit.register(self.undo)

    def classes(self, classes: Iterable[type]) -> None:
        """Types that Blender shall know, in this order."""
        for one in classes:
            bpy.utils.register_class(one)
            self._undo.append(lambda one=one: bpy.utils.unregister_class(one))  # type: ignore[misc]

    def pointer(self, owner: type, name: str, prop: Any) -> None:
        """A property on a type of Blender's."""
        setattr(owner, name, prop)
        self._undo.append(lambda: delattr(owner, name))

    def handler(self, handlers: list[Any], function: Callable[..., None]) -> None:
        """A function that Blender calls; it must be marked persistent by the caller, so that opening a file keeps it."""
        handlers.append(function)
        self._undo.append(lambda: handlers.remove(function) if function in handlers else None)

    def timer(self, function: Callable[[], float | None], first: float) -> None:
        """A function called again and again; it outlives the opening of a file."""
        bpy.app.timers.register(function, first_interval=first, persistent=True)
        self._undo.append(lambda: bpy.app.timers.unregister(function) if bpy.app.timers.is_registered(function) else None)

    def on_undo(self, function: Callable[[], None]) -> None:
        """Whatever else has to be taken back."""
        self._undo.append(function)

    def undo(self) -> None:
        """Take everything out again, the last first."""
        atexit.unregister(self.undo)
        while self._undo:
            self._undo.pop()()
