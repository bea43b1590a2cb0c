"""Blocks dropped ready-made, and selected blocks arranged: rows, mirror images, cuts, parallel to a line, fronts in line."""

from __future__ import annotations

import json
import math
from typing import Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..jena_city import arranging
from ..jena_city.problems import InputProblem
from ..jena_city.typologies import TYPOLOGIES
from ..jena_city.variant import Block
from ..scene import handlers, sync
from . import drawing, ground_tool, variants
from .base import translated
from .ground_tool import MOST_STOREYS, Tool, floors

REACH = 60.0  # metres within which a line says how a block lies


class JENA_OT_drop_type(Tool, bpy.types.Operator):
    """Drop a ready-made building on the ground: it lies parallel to what is near; R turns it, the wheel sets its storeys"""

    bl_idname = "jena.drop_type"
    bl_label = "Drop Building Type"
    bl_options = {"REGISTER", "UNDO"}

    type: EnumProperty(name="Type", items=[(name, one.name, "") for name, one in TYPOLOGIES.items()], options={"SKIP_SAVE"})
    storeys: IntProperty(name="Storeys", description="0: as usual for the type", default=0, min=0, max=MOST_STOREYS, options={"SKIP_SAVE"})
    place: StringProperty(name="Place", description="[x, y, angle in degrees]; by the mouse when empty", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        drawing.add(context.scene, self._blocks())

    def _blocks(self) -> list[Block]:
        try:
            x, y, angle = map(float, json.loads(self.place))
        except (ValueError, TypeError) as error:
            raise InputProblem("the place", "it is no place with an angle", "Give [x, y, degrees]") from error
        return TYPOLOGIES[self.type].at(np.array([x, y]), math.radians(angle), self.storeys or None)

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.place else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        self._guides, self._turn, self._at, self._lies = ground_tool.guides(context.scene), 0.0, None, 0.0
        first = TYPOLOGIES[self.type].bodies[0]
        self.storeys = self.storeys or first.storeys or first.underground

    def moved(self, _context: Any, place: Any, _reach: float, event: Any) -> None:
        self._at = place[:2]
        found = None if event.shift else self._guides.direction(place[:2], REACH)
        if found is not None:
            self._lies = found

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "R":
            self._turn += math.radians(15 if event.shift else 90)
        elif step := self.wheel(event):
            self.storeys = max(self.storeys + step, 1)
        elif event.type in ("LEFTMOUSE", "RET", "NUMPAD_ENTER") and self._at is not None:
            return "finish"
        else:
            return None
        return ""

    def see(self, _context: Any) -> None:
        if self._at is None:
            return
        self.place = json.dumps([*np.round(self._at, 3).tolist(), round(math.degrees(self._lies + self._turn), 4)])
        blocks = self._blocks()
        self.show_bodies(blocks)
        self.mine.words = [translated(TYPOLOGIES[self.type].name), floors(sum(one.footprint.area for one in blocks), self.storeys)]

    def hints(self) -> list[str]:
        return [
            translated("Click: place it"),
            translated("R: quarter turn, Shift+R: 15°"),
            translated("Wheel: storeys"),
            translated("Shift: keep the direction"),
        ]


class JENA_MT_types(bpy.types.Menu):
    bl_idname = "JENA_MT_types"
    bl_label = "Building Types"

    def draw(self, _context: Any) -> None:
        for name, one in TYPOLOGIES.items():
            operator = self.layout.operator("jena.drop_type", text=one.name)
            operator.type = name


class _Arranging(variants.OnBlocks):
    """Works on the selected blocks together."""

    def arrange(self, context: Any, things: list[Any], blocks: list[Block]) -> None:
        """What is done."""
        raise NotImplementedError

    def do(self, context: Any) -> None:
        things = [thing for thing in context.selected_objects if sync.is_block(thing) and thing.library is None]
        self.arrange(context, things, [sync.block_of(thing) for thing in things])
        handlers.settle(context.scene)


class JENA_OT_row(_Arranging, bpy.types.Operator):
    """Put copies of the selected blocks beside them in equal distances"""

    bl_idname = "jena.array_blocks"
    bl_label = "Row of Copies"
    bl_options = {"REGISTER", "UNDO"}

    count: IntProperty(name="Copies", default=2, min=1, max=50)
    gap: FloatProperty(name="Distance between", default=18.0, min=0.0, soft_max=100.0, unit="LENGTH")
    across: BoolProperty(name="Across the longer side", default=True)

    def arrange(self, context: Any, _things: list[Any], blocks: list[Block]) -> None:
        drawing.add(context.scene, [one for block in blocks for one in arranging.row(block, self.count, self.gap, across=self.across)])


class JENA_OT_mirror(_Arranging, bpy.types.Operator):
    """Mirror the selected blocks at a line through the middle of them all"""

    bl_idname = "jena.mirror_blocks"
    bl_label = "Mirror Blocks"
    bl_options = {"REGISTER", "UNDO"}

    across: BoolProperty(name="Across the longer side", default=True)

    def arrange(self, _context: Any, things: list[Any], blocks: list[Block]) -> None:
        for thing, block in zip(things, arranging.mirrored(blocks, across=self.across), strict=True):
            sync.reshape(thing, block)


class JENA_OT_split(_Arranging, bpy.types.Operator):
    """Cut the selected blocks across their longer side into equal parts"""

    bl_idname = "jena.split_blocks"
    bl_label = "Split Blocks"
    bl_options = {"REGISTER", "UNDO"}

    count: IntProperty(name="Parts", default=2, min=2, max=50)

    def arrange(self, context: Any, things: list[Any], blocks: list[Block]) -> None:
        cut = [arranging.split(block, self.count) for block in blocks]
        for thing, parts in zip(things, cut, strict=True):
            sync.reshape(thing, parts[0])
        drawing.add(context.scene, [part for parts in cut for part in parts[1:]])
        for thing in things:
            thing.select_set(True)


class JENA_OT_align(_Arranging, bpy.types.Operator):
    """Turn the selected blocks parallel to the nearest line (plot, plan, house), or bring their fronts in line with the active one"""

    bl_idname = "jena.align_blocks"
    bl_label = "Align Blocks"
    bl_options = {"REGISTER", "UNDO"}

    how: EnumProperty(
        name="Align",
        items=[
            ("parallel", "Parallel to the Nearest Line", "Turned the shorter way"),
            ("front", "Front in Line with the Active Block", "Moved along its shorter side"),
        ],
    )

    def arrange(self, context: Any, things: list[Any], blocks: list[Block]) -> None:
        if self.how == "front":
            if not sync.is_block(context.object):
                raise InputProblem("Align Blocks", "no block is active to be in line with", "Select it last")
            leader = sync.block_of(context.object)
            for thing, block in zip(things, blocks, strict=True):
                if thing != context.object:
                    sync.reshape(thing, arranging.in_line(block, leader))
            return
        lines = ground_tool.guides(context.scene, blocks=False)
        for thing, block in zip(things, blocks, strict=True):
            middle = np.array(block.footprint.centroid.coords[0])
            direction = lines.direction(middle, REACH)
            if direction is not None:
                sync.reshape(thing, arranging.parallel(block, direction))


CLASSES = (JENA_OT_drop_type, JENA_MT_types, JENA_OT_row, JENA_OT_mirror, JENA_OT_split, JENA_OT_align)
