"""Blender's face: operators, panels, translations. Thin: read the settings, call, show."""

from __future__ import annotations

from typing import Any

_registered: list[Any] = []


def register() -> None:
    """Put the interface into Blender."""
    import bpy

    from ..scene.registry import Registry
    from . import (
        analysing,
        arranging,
        backgrounds,
        cameras,
        contributions,
        demolishing,
        downloading,
        drawing,
        envelopes,
        errors,
        exporting,
        findings,
        ground_tool,
        importing,
        jobs,
        key_figures,
        keys,
        live,
        meeting,
        merging,
        modelling,
        moving,
        outside,
        panels,
        photo_tool,
        picturing,
        plan_values,
        preferences,
        probe,
        projects,
        publishing,
        results,
        sheeting,
        side_by_side,
        storey_arrow,
        storey_uses,
        toolbar,
        translations,
        variants,
        view,
        viewpoints,
    )

    if _registered:
        return
    registry = Registry()
    _registered.append(registry)
    for room in (
        preferences,
        errors,
        jobs,
        projects,
        merging,
        importing,
        backgrounds,
        downloading,
        exporting,
        publishing,
        contributions,
        variants,
        storey_uses,
        drawing,
        arranging,
        moving,
        storey_arrow,
        modelling,
        demolishing,
        outside,
        envelopes,
        plan_values,
        findings,
        meeting,
        side_by_side,
        view,
        viewpoints,
        cameras,
        analysing,
        results,
        probe,
        live,
        photo_tool,
        picturing,
        sheeting,
        panels,
    ):
        registry.classes(room.CLASSES)
    for room in (
        preferences,
        analysing,
        jobs,
        projects,
        importing,
        exporting,
        results,
        key_figures,
        live,
        side_by_side,
        contributions,
        panels,
    ):
        room.register(registry)
    translations.register(registry)
    keys.register(registry)
    toolbar.register(registry, preferences.cache_folder() / "icons")
    registry.on_undo(probe.forget)
    registry.on_undo(view.picked.clear)
    registry.on_undo(ground_tool.forget)
    registry.on_undo(viewpoints.forget)
    registry.on_undo(photo_tool.at_work.clear)
    registry.on_undo(meeting.going.clear)
    if not bpy.app.background:  # without a screen there is no gpu
        from . import ground_overlay, overlay, photo_overlay

        overlay.register(registry)
        ground_overlay.register(registry)
        photo_overlay.register(registry)


def unregister() -> None:
    """Take it out again, in reverse."""
    while _registered:
        _registered.pop().undo()
