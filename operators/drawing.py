"""Blocks made with the mouse: drawn corner by corner, or taken over from an outline that is there."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import shapely
from bpy.props import EnumProperty, IntProperty, StringProperty

from ..jena_city.applied import base_of
from ..jena_city.massing import solid
from ..jena_city.problems import InputProblem
from ..jena_city.sketch import Sketch
from ..jena_city.snapping import Guides
from ..jena_city.variant import Block
from ..scene import document, envelopes, handlers, notes, sync
from . import base, ground_tool, variants
from .base import translated
from .ground_tool import MOST_STOREYS, Tool, floors, number

BEYOND = "#a8412f"  # of a block that is larger than the room that is shown
_STOREYS = {"name": "Storeys", "default": 3, "min": 1, "max": MOST_STOREYS}
_OUTLINE = {"name": "Corners", "description": "[[x, y], …] in metres of the scene; drawn with the mouse when empty"}


def home(scene: Any) -> Any:
    """The collection of the shown variant; where the Bestand is shown, of a new one: nothing can be built in it. Raises InputProblem where
    it is locked."""
    variants.refuse_locked(scene)
    found = sync.collection_of(scene, variants.shown(scene))
    if found is None:
        there = sync.variants(scene)
        found = variants.add(scene, variants.fresh(there), there)
    return found


def named(collection: Any, block: Block) -> Block:
    """The block with an id that no other of the variant has, and with a name."""
    taken = {str((notes.get(one) or {}).get("id")) for one in sync.blocks(collection)}
    count = next(k for k in range(1, len(taken) + 2) if f"block-{k}" not in taken)
    return replace(block, id=f"block-{count}", name=block.name or f"Baukörper {count}")


def add(scene: Any, blocks: list[Block]) -> list[Any]:
    """Blocks in the shown variant, selected. Raises InputProblem for one that cannot be built; then none is added."""
    site = document.site(scene)
    ready = [(block, height := base_of(site, block), solid(block, height)) for block in blocks]
    collection = home(scene)
    made = [
        sync.add_block(collection, named(collection, block), site, height, body if block.stand_in is None else None)
        for block, height, body in ready
    ]
    for thing in bpy.context.selected_objects:
        thing.select_set(False)
    for thing in made:
        thing.select_set(True)
        bpy.context.view_layer.objects.active = thing
    handlers.settle(scene)
    return made


def area_of(outline: str) -> shapely.Polygon:
    """The polygon of a list of corners, or of several rings (the courtyards after the outline)."""
    try:
        rings = json.loads(outline)
        area = shapely.Polygon(rings[0], rings[1:]) if isinstance(rings[0][0], list) else shapely.Polygon(rings)
    except (ValueError, TypeError, LookupError) as error:
        raise InputProblem("the outline", "it is no list of corners", "Give [[x, y], …] with three or more") from error
    return shapely.geometry.polygon.orient(area, 1.0)


def corners_of(area: shapely.Polygon) -> str:
    rings = [np.round(np.asarray(ring.coords)[:-1, :2], 4).tolist() for ring in (area.exterior, *area.interiors)]
    return json.dumps(rings if len(rings) > 1 else rings[0])


def sketched(sketch: Sketch, event: Any) -> str | None:
    """What a key or button does to an outline being drawn; returns as `Tool.pressed`."""
    if event.type in ("ESC", "RIGHTMOUSE") and sketch.typed:
        sketch.typed = ""
    elif event.type == "BACK_SPACE" or (event.type == "Z" and (event.ctrl or event.oskey)):
        return "" if sketch.back() else "stop"
    elif event.type in ("RET", "NUMPAD_ENTER") or (event.type == "LEFTMOUSE" and event.value == "DOUBLE_CLICK"):
        return "finish" if not sketch.typed or sketch.put() else ""
    elif event.type == "LEFTMOUSE":
        return "finish" if sketch.put() else ""
    else:
        return "" if event.unicode and sketch.type(event.unicode) else None
    return ""


def side_words(sketch: Sketch) -> list[str]:
    """Length and angle of the side being drawn."""
    if (side := sketch.side()) is None:
        return []
    length = f"{sketch.typed}▏m" if sketch.typed else f"{number(side[0], 2)} m"
    return [length + (f" · {number(side[1], 1)}°" if math.isfinite(side[1]) else "")]


def sketch_hints(*, closing: bool) -> list[str]:
    """What keys and buttons do while an outline is drawn. closing : whether it has any number of corners."""
    return [
        translated("Click: corner"),
        translated("Digits: length in metres"),
        translated("Backspace: one step back"),
        *([translated("Enter or first corner: close")] if closing else []),
        translated("Shift: hold on to nothing"),
        translated("Ctrl+wheel and middle button: view"),
    ]


class JENA_OT_draw_block(Tool, bpy.types.Operator):
    """Draw a building on the ground: click its corners, or type lengths; the wheel sets its storeys"""

    bl_idname = "jena.draw_block"
    bl_label = "Draw Block"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="Outline",
        items=[
            ("rectangle", "Rectangle", "First side, then depth: three clicks"),
            ("polygon", "Polygon", "Any number of corners, closed at the first one"),
        ],
        options={"SKIP_SAVE"},
    )
    storeys: IntProperty(**_STOREYS)
    outline: StringProperty(**_OUTLINE, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        if not self.outline:
            try:
                self.outline = corners_of(self._sketch.finished())
            except InputProblem:
                if self.kind == "rectangle":
                    self._sketch.back()  # what was drawn stays, and can be drawn on
                raise
        add(context.scene, [Block("", area_of(self.outline), self.storeys)])

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.outline else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        self._sketch = Sketch(self.kind, ground_tool.guides(context.scene))
        self._bodies, self._colour = envelopes.bodies(context.scene), self.mine.colour

    def moved(self, _context: Any, place: Any, reach: float, event: Any) -> None:
        self._sketch.cursor, self._sketch.reach, self._sketch.free = place[:2], reach, event.shift

    def pressed(self, _context: Any, event: Any) -> str | None:
        if step := self.wheel(event):
            self.storeys += step
            return ""
        return sketched(self._sketch, event)

    def see(self, _context: Any) -> None:
        sketch, mine = self._sketch, self.mine
        area, snap = sketch.shown(), sketch.next()
        height = self.show_bodies([Block("", area, self.storeys)] if area is not None else [])
        mine.snap, mine.line = snap, self.lifted(sketch.line(), height)
        mine.marks = self.lifted(np.array(sketch.corners).reshape(-1, 2), height)
        mine.place = self.lifted(snap.point[None], height)[0] if snap is not None else None
        mine.words = side_words(sketch)
        mine.colour = self._colour
        if area is not None:
            words, beyond = ground_tool.room_words(self._bodies, Block("", area, self.storeys), height)
            mine.words += [floors(area.area, self.storeys), *words]
            mine.colour = BEYOND if beyond else self._colour
        if snap is not None and snap.source:
            mine.words.append(snap.source)

    def hints(self) -> list[str]:
        return [*sketch_hints(closing=self.kind == "polygon"), translated("Wheel: storeys")]


class JENA_OT_take_outline(Tool, bpy.types.Operator):
    """Click a plot, a plan area or a house: its outline becomes a block; Tab takes the next larger area under the mouse"""

    bl_idname = "jena.take_outline"
    bl_label = "Block from Outline"
    bl_options = {"REGISTER", "UNDO"}

    storeys: IntProperty(**_STOREYS)
    outline: StringProperty(**_OUTLINE, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        add(context.scene, [Block("", area_of(self.outline), self.storeys)])

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.outline else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        self._guides: Guides = ground_tool.guides(context.scene)
        self._under: list[int] = []
        self._turn = 0

    def moved(self, _context: Any, place: Any, _reach: float, _event: Any) -> None:
        under = self._guides.under(place[:2])
        if under != self._under:
            self._under, self._turn = under, 0

    def _chosen(self) -> tuple[str, Any] | None:
        if not self._under:
            return None
        which = self._under[self._turn % len(self._under)]
        parts = shapely.get_parts(self._guides.shapes[which])
        return self._guides.sources[which], max(parts, key=shapely.area)

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "TAB":
            self._turn += 1
        elif step := self.wheel(event):
            self.storeys += step
        elif event.type in ("LEFTMOUSE", "RET", "NUMPAD_ENTER"):
            found = self._chosen()
            if found is None:
                return ""
            self.outline = corners_of(shapely.simplify(found[1], 0.01))
            return "finish"
        else:
            return None
        return ""

    def see(self, _context: Any) -> None:
        found = self._chosen()
        self.mine.line, self.mine.words = None, [translated("There is no area here")]
        if found is not None:
            source, area = found
            height = self.show_bodies([Block("", shapely.geometry.polygon.orient(area, 1.0), self.storeys)])
            self.mine.line = self.lifted(shapely.get_coordinates(area.exterior), height)
            self.mine.words = [source, floors(area.area, self.storeys)]
        else:
            self.show_bodies([])

    def hints(self) -> list[str]:
        return [translated("Click: take it"), translated("Tab: next larger area"), translated("Wheel: storeys")]


class JENA_OT_blocks_from_selected(base.InProject, bpy.types.Operator):
    """Make blocks of the outlines of selected meshes and closed curves, in edit mode of selected faces; those stay as they are"""

    bl_idname = "jena.blocks_from_selected"
    bl_label = "Blocks from Selected"
    bl_options = {"REGISTER", "UNDO"}

    storeys: IntProperty(**_STOREYS)

    @classmethod
    def poll(cls, context: Any) -> bool:
        edits, outlines = context.mode == "EDIT_MESH", any(_is_outline(thing) for thing in context.selected_objects)
        return super().poll(context) and (edits or (context.mode == "OBJECT" and outlines))

    def do(self, context: Any) -> None:
        if context.mode == "EDIT_MESH":
            self._of_faces(context)
            return
        things = [thing for thing in context.selected_objects if _is_outline(thing)]
        add(context.scene, [Block("", sync.outline_of(thing), self.storeys, thing.name) for thing in things])

    def _of_faces(self, context: Any) -> None:
        """Blocks are selected once they are made, so edit mode ends; where none can be made it goes on."""
        found = [(thing.name, sync.outlines_of_faces(thing)) for thing in context.objects_in_mode_unique_data]
        if not any(outlines for _, outlines in found):
            raise InputProblem("the selection", "no face is selected that has an area, seen from above", "Select faces that lie, or slope")
        blocks = [
            Block("", outline, self.storeys, f"{name} {number}" if len(outlines) > 1 else name)
            for name, outlines in found
            for number, outline in enumerate(outlines, 1)
        ]
        bpy.ops.object.mode_set(mode="OBJECT")
        try:
            add(context.scene, blocks)
        except InputProblem:
            bpy.ops.object.mode_set(mode="EDIT")
            raise


def _is_outline(thing: Any) -> bool:
    return thing.type in ("MESH", "CURVE") and not sync.is_block(thing) and notes.get(thing) is None


CLASSES = (JENA_OT_draw_block, JENA_OT_take_outline, JENA_OT_blocks_from_selected)
