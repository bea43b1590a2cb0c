"""Blocks moved with the mouse: by a corner or by any place on them, holding on to plot, plan and rule lines; figures follow meanwhile."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np
from bpy.props import FloatVectorProperty

from ..jena_city.problems import InputProblem
from ..jena_city.shifting import Shift
from ..jena_city.snapping import Guides, Snap
from ..scene import envelopes, handlers, notes, sync
from . import findings, ground_tool, variants, view
from .base import translated
from .drawing import BEYOND
from .ground_tool import HELD, Tool, number

DRAGGED = 8  # pixels: a button held for as far drags, and lets go where it is let go


def _blocks(context: Any) -> list[Any]:
    """The selected blocks of the shown variant that are this file's own; raises InputProblem where that is locked."""
    scene = context.scene
    variants.refuse_locked(scene)
    collection = sync.collection_of(scene, variants.shown(scene))
    there = sync.blocks(collection) if collection is not None else []
    return [thing for thing in there if thing.select_get() and thing.library is None and thing.parent is None]


def shift(things: list[Any], by: Any) -> None:
    """Move objects in plan."""
    for thing in things:
        thing.location.x += float(by[0])
        thing.location.y += float(by[1])


class JENA_OT_move_blocks(Tool, bpy.types.Operator):
    """Take hold of a block and move it: it holds on to Baugrenzen, plots, houses and the room to build; type a distance for an exact one"""

    bl_idname = "jena.move_blocks"
    bl_label = "Move Blocks"
    bl_options = {"REGISTER", "UNDO"}

    by: FloatVectorProperty(
        name="By", description="Metres to the east and north", size=2, subtype="TRANSLATION", precision=3, options={"SKIP_SAVE"}
    )

    def do(self, context: Any) -> None:
        things = _blocks(context)
        if not things:
            raise InputProblem(self.bl_label, "no block of the shown variant is selected", "Click a block first")
        shift(things, self.by)
        handlers.settle(context.scene)

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if any(self.by) else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        _blocks(context)  # a locked variant says so at once
        handlers.settle(context.scene)
        self._shift: Shift | None = None
        self._found: tuple[Any, Snap] | None = None  # the way they go now, and why
        self._kept: dict[str, tuple[Any, str]] = {}
        self._bodies, self._colour = envelopes.bodies(context.scene), self.mine.colour
        self._under: Any = None  # (block, place) under the mouse
        self._place = np.zeros(3)
        self._reach, self._height, self._pressed_at = 0.5, 0.0, (0, 0)

    def pointed(self, context: Any, event: Any) -> None:
        region, x, y = self.pointer
        space = context.area.spaces.active
        if self._shift is None:
            found = view.hit_in(context, region, space, x, y)
            self._under = (found[0].name, np.array(found[2], float)) if found is not None and self._is_mine(context, found[0]) else None
            if self._under is not None:
                self._reach = HELD * view.pixel(region, space, self._under[1])
            return
        start, along = view.ray(region, space, x, y)
        if abs(along[2]) > 1e-6 and (way := (self._height - start[2]) / along[2]) > 0:  # in the plane of the place taken hold of
            place = start + way * along
            sketch = self._shift.sketch
            sketch.cursor, sketch.reach, sketch.free = place[:2], HELD * view.pixel(region, space, place), event.shift
            self._follow_blocks(context)

    def moved(self, _context: Any, place: Any, reach: float, _event: Any) -> None:
        self._place = np.array(place, float)
        if self._under is None:
            self._reach = reach

    @staticmethod
    def _is_mine(context: Any, thing: Any) -> bool:
        collection = sync.collection_of(context.scene, variants.shown(context.scene))
        return collection is not None and sync.is_block(thing) and thing.library is None and thing.name in collection.all_objects

    def _follow_blocks(self, context: Any) -> None:
        """Put the blocks where they would be let go now."""
        assert self._shift is not None
        self._found = self._shift.next()
        way = self._way()
        for name, (place, _) in self._kept.items():
            thing = context.scene.objects.get(name)
            if thing is not None:
                thing.location.x, thing.location.y = place.x + float(way[0]), place.y + float(way[1])

    def _way(self) -> Any:
        return self._found[0] if self._found is not None else np.zeros(2)

    def _take(self, context: Any, event: Any) -> None:
        """Take hold of the block under the mouse, with all that are selected with it; on the ground, of those that are."""
        scene = context.scene
        at = self._place
        if self._under is not None:
            thing = scene.objects[self._under[0]]
            at = self._under[1]
            if not thing.select_get():
                for other in context.selected_objects:
                    other.select_set(False)
                thing.select_set(True)
            context.view_layer.objects.active = thing
        things = _blocks(context)
        if not things:
            return
        outlines = [sync.block_of(thing).footprint for thing in things]
        corners = Guides([("", one.boundary) for one in outlines])
        near = corners.near(at[:2], self._reach)
        self._height = float(at[2])
        self._kept = {thing.name: (thing.location.copy(), notes.text_of(thing)) for thing in things}  # type: ignore[misc]
        handle = near.point if near is not None else at[:2]
        self._shift = Shift(ground_tool.guides(scene, without=set(self._kept)), outlines, np.array(handle, float))
        self._pressed_at = (event.mouse_x, event.mouse_y)

    def _let_go(self, context: Any) -> None:
        """Put all back as it was when it was taken hold of."""
        for name, (place, text) in self._kept.items():
            thing = context.scene.objects.get(name)
            if thing is not None:
                thing.location = place
                thing[notes.KEY] = text
        self._kept, self._shift, self._found = {}, None, None
        handlers.settle(context.scene)

    def _finish(self, context: Any) -> str:
        way = self._way()
        if float(np.hypot(*way)) < 1e-4:
            return ""
        self.by = way
        self._let_go(context)
        return "finish"

    def pressed(self, context: Any, event: Any) -> str | None:
        if self._shift is None:
            if event.type == "LEFTMOUSE":
                self._take(context, event)
                return ""
            return "pass" if event.type == "Z" and (event.ctrl or event.oskey) else None
        sketch = self._shift.sketch
        if event.type in ("LEFTMOUSE", "RET", "NUMPAD_ENTER"):
            return self._finish(context)
        if event.type in ("ESC", "RIGHTMOUSE", "BACK_SPACE") or (event.type == "Z" and (event.ctrl or event.oskey)):
            if sketch.typed:
                sketch.typed = sketch.typed[:-1] if event.type == "BACK_SPACE" else ""
                self._follow_blocks(context)
            else:
                self._let_go(context)
            return ""
        if event.unicode and sketch.type(event.unicode):
            self._follow_blocks(context)
            return ""
        return None

    def released(self, context: Any, event: Any) -> str | None:
        far = math.dist(self._pressed_at, (event.mouse_x, event.mouse_y))
        return self._finish(context) if self._shift is not None and far > DRAGGED else None

    def ended(self, context: Any) -> None:
        if self._kept:  # the view was closed, or another tool began
            self._let_go(context)

    def see(self, context: Any) -> None:
        mine = self.mine
        mine.line = mine.marks = mine.snap = mine.place = None
        mine.words, mine.colour = [], self._colour
        if self._shift is None:
            name = self._under[0] if self._under is not None else ""
            mine.words = [name] if name else []
            return
        if self._found is None:
            return
        way, snap = self._found
        typed = self._shift.sketch.typed
        ground = self.lifted(np.array([self._shift.handle, self._shift.handle + way]))
        mine.line, mine.snap, mine.place = ground, snap, self.lifted(snap.point[None])[0]
        mine.marks = self.lifted(self._shift.corners + way)
        mine.words = [f"{typed}▏m" if typed else f"{number(float(np.hypot(*way)), 2)} m"]
        for thing in _blocks(context)[:1] if self._bodies else ():
            block = sync.block_of(thing)
            words, beyond = ground_tool.room_words(self._bodies, block, float(thing.location.z))
            mine.words += words
            mine.colour = BEYOND if beyond else self._colour
        count = findings.broken()
        mine.words.append(translated("1 finding" if count == 1 else "{} findings").format(count))
        if snap.source:
            mine.words.append(snap.source)

    def hints(self) -> list[str]:
        return [
            translated("Click or drag: take hold, let go"),
            translated("Digits: distance in metres"),
            translated("Shift: hold on to nothing"),
            translated("Backspace: one step back"),
            translated("Ctrl+wheel and middle button: view"),
        ]


CLASSES = (JENA_OT_move_blocks,)
