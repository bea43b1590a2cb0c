"""The city as Blender data, and pictures of it. Needs bpy; no user interface."""

from __future__ import annotations

from typing import Any

_registered: list[Any] = []


def register() -> None:
    """Register all classes, properties and handlers. The extension, the command line and workers call this one function."""
    from . import distance, handlers, properties
    from .registry import Registry

    if _registered:
        return
    registry = Registry()
    _registered.append(registry)
    properties.register(registry)
    handlers.register(registry)
    distance.register(registry)


def unregister() -> None:
    """Undo `register`, in reverse."""
    while _registered:
        _registered.pop().undo()
