"""Keys, which people can change in Blender's preferences: Esc stops a job, a click reads a building."""

from __future__ import annotations

from typing import Any

import bpy


def register(registry: Any) -> None:
    """Add our keys to the add-ons' keymap."""
    keys = bpy.context.window_manager.keyconfigs.addon
    if keys is None:  # no interface
        return
    for map_name, space, operator, kind, value in (
        ("3D View Generic", "VIEW_3D", "jena.cancel", "ESC", "PRESS"),
        ("Object Mode", "EMPTY", "jena.pick_building", "LEFTMOUSE", "CLICK"),
    ):
        keymap = keys.keymaps.new(name=map_name, space_type=space)
        item = keymap.keymap_items.new(operator, kind, value)
        registry.on_undo(lambda keymap=keymap, item=item: keymap.keymap_items.remove(item))
