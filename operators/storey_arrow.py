"""An arrow above the active block: drag it up or down for more storeys or fewer."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from bpy.props import IntProperty
from mathutils import Matrix

from ..jena_city import palette
from ..scene import envelopes, handlers, notes, sync
from . import findings, ground_tool, key_figures, variants, view
from .base import translated
from .drawing import BEYOND
from .ground_tool import MOST_STOREYS, Tool
from .moving import DRAGGED

ABOVE = 0.5  # metres between the ceiling of the top storey and the arrow's foot
COLOUR = "#E69F00"


def _wanted(context: Any) -> bool:
    """Whether the active block has storeys that can be dragged."""
    thing = context.object
    if context.mode != "OBJECT" or not sync.is_block(thing) or thing.library is not None or thing.hide_select or not thing.select_get():
        return False
    return thing.visible_get() and notes.get(thing)["storeys"] > 0  # type: ignore[index]


def _foot(thing: Any) -> Any:
    """(3,) where the block stands, below its middle."""
    ring = np.array((notes.get(thing) or {})["footprint"][0])
    return np.array([*(ring.min(axis=0) + ring.max(axis=0)) / 2, thing.matrix_world.translation.z])


def _height(note: dict[str, Any], storeys: int) -> float:
    """Metres from where the block stands to the ceiling of so many storeys."""
    return float(note.get("plinth", 0.0) + note["ground_floor_height"] + (storeys - 1) * note["storey_height"])


class JENA_OT_drag_storeys(Tool, bpy.types.Operator):
    """Drag up or down for more storeys or fewer; figures and findings follow"""

    bl_idname = "jena.drag_storeys"
    bl_label = "Drag Storeys"
    bl_options = {"REGISTER", "UNDO"}

    storeys: IntProperty(name="Storeys", default=0, min=0, max=MOST_STOREYS, options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and _wanted(context)

    def do(self, context: Any) -> None:
        variants.refuse_locked(context.scene)
        sync.change(context.object, storeys=max(self.storeys, 1))
        handlers.settle(context.scene)

    def invoke(self, context: Any, event: Any) -> set[str]:
        self._by_arrow = event.type == "LEFTMOUSE" and event.value == "PRESS"  # then that press takes hold, and does not let go
        return self.execute(context) if self.storeys else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        variants.refuse_locked(context.scene)
        self._name, self._kept = context.object.name, dict(notes.get(context.object) or {})
        self._foot, self._bodies = _foot(context.object), envelopes.bodies(context.scene)
        self._storeys: int = self._kept["storeys"]
        self._grip: float | None = None  # metres between the mouse and the ceiling where it was taken hold of
        self._pressed_at: tuple[int, int] | None = None
        self._colour = self.mine.colour

    def pointed(self, context: Any, event: Any) -> None:
        region, x, y = self.pointer
        start, along = view.ray(region, context.area.spaces.active, x, y)
        flat = float(along[0] ** 2 + along[1] ** 2)
        if flat < 1e-6:  # from straight above no height can be told
            return
        way = float((self._foot[:2] - start[:2]) @ along[:2]) / flat
        height = float(start[2] + way * along[2] - self._foot[2])
        if self._grip is None:
            self._grip, self._pressed_at = height - _height(self._kept, self._storeys), (event.mouse_x, event.mouse_y)
        above = (height - self._grip - _height(self._kept, 1)) / self._kept["storey_height"]
        self._put(context, 1 + round(above))

    def _put(self, context: Any, storeys: int) -> None:
        storeys = min(max(storeys, 1), MOST_STOREYS)
        if storeys == self._storeys:
            return
        self._storeys = storeys
        thing = context.scene.objects.get(self._name)
        if thing is not None:
            sync.change(thing, storeys=self._storeys)
            handlers.mark(context.scene)  # a note that changes is no change that Blender tells of

    def pressed(self, context: Any, event: Any) -> str | None:
        if step := self.wheel(event):
            self._put(context, self._storeys + step)
            self._grip = None
            return ""
        if event.type == "LEFTMOUSE" and self._by_arrow:
            self._by_arrow = False
            return ""
        return self._finish(context) if event.type in ("LEFTMOUSE", "RET", "NUMPAD_ENTER") else None

    def released(self, context: Any, event: Any) -> str | None:
        far = self._pressed_at is not None and abs(event.mouse_y - self._pressed_at[1]) > DRAGGED
        return self._finish(context) if far else None

    def _finish(self, context: Any) -> str:
        self.storeys = self._storeys
        if self.storeys == self._kept["storeys"]:
            return "stop"
        self.ended(context)
        return "finish"

    def ended(self, context: Any) -> None:
        """What was only tried is taken back; what is wanted is done once, as one step."""
        thing = context.scene.objects.get(self._name)
        if self._kept and thing is not None:
            sync.change(thing, storeys=self._kept["storeys"])
            handlers.settle(context.scene)
        self._kept = {}

    def see(self, context: Any) -> None:
        mine, thing = self.mine, context.scene.objects.get(self._name)
        mine.words, mine.colour = [ground_tool.storeys(self._storeys)], self._colour
        for sheet in key_figures.shown:
            found = {key: value for key, _, value in key_figures.lines(sheet)}
            if sheet.scope != "variant" and "gfz" in found:
                mine.words.append(f"GFZ {found['gfz']} · {sheet.name}")
        if thing is not None and self._bodies and not sync.problem_of(thing):
            words, beyond = ground_tool.room_words(self._bodies, sync.block_of(thing), float(self._foot[2]))
            mine.words += words
            mine.colour = BEYOND if beyond else self._colour
        count = findings.broken()
        mine.words.append(translated("1 finding" if count == 1 else "{} findings").format(count))

    def hints(self) -> list[str]:
        return [translated("Drag or wheel: storeys"), translated("Enter: done")]


class JENA_GGT_storeys(bpy.types.GizmoGroup):
    """The arrow."""

    bl_idname = "JENA_GGT_storeys"
    bl_label = "Storeys"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D", "PERSISTENT"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        return JENA_OT_drag_storeys.poll(context) and not ground_tool.seen

    def setup(self, _context: Any) -> None:
        self.arrow = self.gizmos.new("GIZMO_GT_arrow_3d")
        self.arrow.target_set_operator("jena.drag_storeys")
        self.arrow.color = self.arrow.color_highlight = palette.linear(COLOUR)[:3]
        self.arrow.alpha, self.arrow.alpha_highlight = 0.8, 1.0
        self.arrow.length = 0.6

    def draw_prepare(self, context: Any) -> None:
        thing = context.object
        note = notes.get(thing) if sync.is_block(thing) else None
        if note is not None:
            self.arrow.matrix_basis = Matrix.Translation(_foot(thing) + [0.0, 0.0, _height(note, note["storeys"]) + ABOVE])


CLASSES = (JENA_OT_drag_storeys, JENA_GGT_storeys)
