"""Existing buildings taken away in the shown variant by clicking them, and brought back."""

from __future__ import annotations

from typing import Any

import bpy
import shapely
from bpy.props import StringProperty

from ..scene import demolition, document, notes, sync
from . import drawing, variants, view
from .base import translated
from .ground_tool import Tool

DEMOLISHED, BROUGHT_BACK = "#a8412f", "#2f7a3a"


class JENA_OT_demolish_building(variants.InObjectMode, bpy.types.Operator):
    """Take an existing building away in the shown variant, or bring it back"""

    bl_idname = "jena.demolish_building"
    bl_label = "Demolish"
    bl_options = {"REGISTER", "UNDO"}

    building: StringProperty(name="gml:id", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        demolition.toggle(scene, document.site(scene), drawing.home(scene), self.building)


class JENA_OT_demolish(Tool, bpy.types.Operator):
    """Click buildings to take them away in the shown variant; click the dashed outline of one to bring it back"""

    bl_idname = "jena.demolish"
    bl_label = "Demolish Buildings"
    bl_options = {"REGISTER"}  # each click is an undo step of its own

    def do(self, _context: Any) -> None:
        """Nothing is left to do at the end."""

    def begin(self, _context: Any) -> None:
        self._target, self._back = -1, False

    def pointed(self, context: Any, _event: Any) -> None:
        city = self.site.city
        self._target, self._back = -1, False
        region, x, y = self.pointer
        found = view.hit_in(context, region, context.area.spaces.active, x, y)
        if found is not None and not sync.is_block(found[0]) and notes.get(found[0]) is None:
            row = view.face_value(found[0], found[1], "building")
            if row is not None and 0 <= row < len(city.building_id):
                self._target = int(city.building_root[row])

    def moved(self, context: Any, place: Any, _reach: float, _event: Any) -> None:
        if self._target >= 0:
            return
        scene, city = context.scene, self.site.city
        collection = sync.collection_of(scene, variants.shown(scene))
        gone = set(notes.get(collection)["removed"]) if collection else set()  # type: ignore[index]
        for row, name in enumerate(city.building_id) if gone else ():
            shape = self.site.footprints[row]
            if name in gone and shape is not None and shapely.intersects_xy(shape, place[0], place[1]):
                self._target, self._back = row, True

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE":
            if self._target >= 0:
                bpy.ops.jena.demolish_building("EXEC_DEFAULT", True, building=self.site.city.building_id[self._target])
            return ""
        if event.type == "Z" and (event.ctrl or event.oskey):
            self._target = -1
            return "pass"
        return "finish" if event.type in ("RET", "NUMPAD_ENTER") else None

    def see(self, _context: Any) -> None:
        mine, row = self.mine, self._target
        mine.colour = BROUGHT_BACK if self._back else DEMOLISHED
        mine.edges = view.edges_of(self.site.city, row) if row >= 0 else None
        mine.words = []
        if row >= 0:
            doing = translated("Bring back") if self._back else translated("Demolish")
            mine.words = [doing, self.site.city.building_id[row]]

    def hints(self) -> list[str]:
        return [translated("Click: take a building away, or bring it back"), translated("Enter: done")]


CLASSES = (JENA_OT_demolish_building, JENA_OT_demolish)
