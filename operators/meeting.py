"""The meeting view: nothing but the town on the screen, and the variants by the number keys."""

from __future__ import annotations

from typing import Any

import bpy

from ..jena_city.variant import NULL_VARIANT
from ..scene import notes, sync
from . import ground_tool, sentences, variants

_DIGITS = {name: number for number, name in enumerate(("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"))}
_NUMPAD = {f"NUMPAD_{number}": number for number in range(10)}
_REGIONS = ("show_region_ui", "show_region_toolbar", "show_region_header", "show_region_tool_header", "show_region_hud", "show_gizmo")

going: list[JENA_OT_meeting] = []
"""The meeting view that is open; empty without one."""


def order(scene: Any) -> list[str]:
    """Ids of the Bestand (key 0) and the variants (1 to 9)."""
    return [NULL_VARIANT.id, *(notes.get(one)["id"] for one in sync.collections(scene))]  # type: ignore[index]


def caption(scene: Any) -> tuple[str, str]:
    """Name and colour of the shown variant."""
    collection = sync.collection_of(scene, variants.shown(scene))
    note = notes.get(collection) if collection else None
    return (str(note["name"]), str(note["colour"])) if note else (sentences.labelled(NULL_VARIANT.name), NULL_VARIANT.colour)


def wanted(ids: list[str], shown: str, key: str) -> str | None:
    """The variant that a key asks for: a digit, or the next and the last one by the arrows; None for any other key."""
    number = _DIGITS.get(key, _NUMPAD.get(key))
    if number is not None:
        return ids[number] if number < len(ids) else shown
    step = {"RIGHT_ARROW": 1, "PAGE_DOWN": 1, "SPACE": 1, "LEFT_ARROW": -1, "PAGE_UP": -1}.get(key)
    return ids[(ids.index(shown) + step) % len(ids)] if step is not None and shown in ids else None


class JENA_OT_meeting(variants.InObjectMode, bpy.types.Operator):
    """Show the town alone, without the interface: 0 is the existing state, 1 to 9 and the arrows are the variants, Esc ends it"""

    bl_idname = "jena.meeting"
    bl_label = "Meeting View"
    bl_options = {"REGISTER"}

    def invoke(self, context: Any, _event: Any) -> set[str]:
        if context.area is None or context.area.type != "VIEW_3D":
            return {"CANCELLED"}
        ground_tool.seen.clear()
        bpy.ops.screen.screen_full_area("EXEC_DEFAULT", use_hide_panels=True)
        self._screen = context.window.screen.name  # the area has moved to a screen of its own
        space = next(area.spaces.active for area in context.window.screen.areas if area.type == "VIEW_3D")
        self._before = {name: getattr(space, name) for name in _REGIONS}
        for name in _REGIONS:
            setattr(space, name, False)
        self._words, space.overlay.show_text = space.overlay.show_text, False
        going[:] = [self]
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        if going != [self] or context.window.screen.name != self._screen:
            going.clear()
            return {"CANCELLED"}
        if event.value == "PRESS" and event.type == "ESC":
            return self._end(context)
        if event.value == "PRESS" and not (event.ctrl or event.alt or event.oskey):
            found = wanted(order(context.scene), variants.shown(context.scene), event.type)
            if found is not None:
                if found != variants.shown(context.scene):
                    bpy.ops.jena.show_variant("EXEC_DEFAULT", False, variant=found)
                for area in context.window.screen.areas:
                    area.tag_redraw()
                return {"RUNNING_MODAL"}
        if event.type in ("LEFTMOUSE", "RIGHTMOUSE") or (event.type.isalpha() and len(event.type) == 1):
            return {"RUNNING_MODAL"}  # a slip of the hand must not move a house before the council
        return {"PASS_THROUGH"}

    def _end(self, context: Any) -> set[str]:
        going.clear()
        for area in context.window.screen.areas:
            if area.type == "VIEW_3D":
                for name, value in self._before.items():
                    setattr(area.spaces.active, name, value)
                area.spaces.active.overlay.show_text = self._words
        bpy.ops.screen.screen_full_area("EXEC_DEFAULT", use_hide_panels=True)  # back_to_previous would leave the window without its top bar
        return {"FINISHED"}

    def do(self, _context: Any) -> None:
        """It is for a screen: there is nothing to do without one."""


CLASSES = (JENA_OT_meeting,)
