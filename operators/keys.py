"""Keys, which people can change in Blender's preferences: Esc stops a job, a click reads a building, V moves blocks."""

from __future__ import annotations

from typing import Any

import bpy
import rna_keymap_ui

KEYS = (
    ("3D View Generic", "VIEW_3D", "jena.cancel", "ESC", "PRESS"),
    ("Object Mode", "EMPTY", "jena.pick_building", "LEFTMOUSE", "CLICK"),
    ("Object Mode", "EMPTY", "jena.move_blocks", "V", "PRESS"),
)
"""Keymap, kind of editor, operator, key, what happens to it."""


def register(registry: Any) -> None:
    """Add our keys to the add-ons' keymap."""
    keys = bpy.context.window_manager.keyconfigs.addon
    if keys is None:  # no interface
        return
    for map_name, space, operator, kind, value in KEYS:
        keymap = keys.keymaps.new(name=map_name, space_type=space)
        item = keymap.keymap_items.new(operator, kind, value)
        registry.on_undo(lambda keymap=keymap, item=item: keymap.keymap_items.remove(item))


def draw(layout: Any) -> None:
    """Our keys for the preferences, to be changed there; what is changed Blender keeps with the user's."""
    keys = bpy.context.window_manager.keyconfigs.user
    for map_name, _space, operator, _kind, _value in KEYS if keys is not None else ():
        keymap = keys.keymaps.get(map_name)
        for item in keymap.keymap_items if keymap is not None else ():
            if item.idname == operator:
                rna_keymap_ui.draw_kmi([], keys, keymap, item, layout, 0)
