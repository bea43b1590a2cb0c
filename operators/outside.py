"""Open spaces and trees of the shown variant, by the mouse: drawn, planted, felled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import shapely
from bpy.props import EnumProperty, FloatProperty, FloatVectorProperty, StringProperty

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem
from ..jena_city.sketch import Sketch
from ..jena_city.variant import FelledTree, OpenSpace, PlantedTree, Variant
from ..scene import document, outside, sync
from . import drawing, ground_tool, variants
from .base import translated
from .ground_tool import Tool, number

TALLEST = 40.0  # metres of a tree to plant
SAME = 0.5  # metres between a felled tree and the one in the data
KINDS = [
    ("street", "Street", ""),
    ("path", "Path", ""),
    ("parking", "Parking", ""),
    ("terrace", "Terrace", ""),
    ("green", "Green", ""),
    ("play", "Playground", ""),
    ("water", "Water", ""),
]


def _free(taken: set[str], stem: str) -> str:
    return next(f"{stem}-{k}" for k in range(1, len(taken) + 2) if f"{stem}-{k}" not in taken)


def _change(scene: Any, changed: Any) -> None:
    """Let a function make another variant of the shown one; where the Bestand is shown, of a new one."""
    collection = drawing.home(scene)
    outside.change(scene, document.site(scene), collection, changed(sync.variant_of(collection)))


class JENA_OT_plant_tree_at(variants.InObjectMode, bpy.types.Operator):
    """Plant a tree in the shown variant"""

    bl_idname = "jena.plant_tree_at"
    bl_label = "Plant Tree"
    bl_options = {"REGISTER", "UNDO"}

    place: FloatVectorProperty(name="Place", size=2, options={"SKIP_SAVE"})
    height: FloatProperty(name="Height", default=12.0, min=1.0, max=TALLEST, unit="LENGTH")

    def do(self, context: Any) -> None:
        x, y = (round(float(value), 3) for value in self.place)
        site = document.site(context.scene)
        if site.terrain is None or not np.isfinite(site.terrain.height_at(np.array([[x, y]]))[0]):
            raise InputProblem("the tree", "it lies outside the terrain", "Choose another place")

        def planted(variant: Variant) -> Variant:
            name = _free({tree.id for tree in variant.planted}, "baum")
            height = round(float(self.height), 2)
            return replace(variant, planted=(*variant.planted, PlantedTree(name, (x, y), height=height, crown=round(0.6 * height, 2))))

        _change(context.scene, planted)


class JENA_OT_fell_tree_at(variants.InObjectMode, bpy.types.Operator):
    """Fell the tree nearest to a place in the shown variant, or let it stand again"""

    bl_idname = "jena.fell_tree_at"
    bl_label = "Fell Tree"
    bl_options = {"REGISTER", "UNDO"}

    place: FloatVectorProperty(name="Place", size=2, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        place = np.array(self.place, float)
        trees = document.site(context.scene).trees

        def felled(variant: Variant) -> Variant:
            own = np.array([tree.position for tree in variant.planted]).reshape(-1, 2)
            there = trees.position if trees is not None else np.zeros((0, 2))
            away = np.hypot(*(np.concatenate([own, there]) - place).T)
            if not len(away):
                raise InputProblem("the tree", "there is none", "Plant one, or add trees to the project")
            best = int(np.argmin(away))
            if best < len(own):  # one that was only planned is taken out of the plan
                return replace(variant, planted=tuple(tree for row, tree in enumerate(variant.planted) if row != best))
            x, y = there[best - len(own)].tolist()
            left = tuple(tree for tree in variant.felled if np.hypot(tree.position[0] - x, tree.position[1] - y) > SAME)
            again = len(left) < len(variant.felled)
            return replace(variant, felled=left if again else (*left, FelledTree((round(x, 3), round(y, 3)))))

        _change(context.scene, felled)


class JENA_OT_plant_trees(Tool, bpy.types.Operator):
    """Click where trees are to be planted in the shown variant; the wheel sets their height"""

    bl_idname = "jena.plant_trees"
    bl_label = "Plant Trees"
    bl_options = {"REGISTER"}  # each click is an undo step of its own

    height: FloatProperty(name="Height", default=12.0, min=1.0, max=TALLEST, unit="LENGTH")

    def begin(self, _context: Any) -> None:
        self._at: FloatArray | None = None

    def moved(self, _context: Any, place: Any, _reach: float, _event: Any) -> None:
        self._at = place

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE" and self._at is not None:
            bpy.ops.jena.plant_tree_at("EXEC_DEFAULT", True, place=self._at[:2].tolist(), height=self.height)
        elif step := self.wheel(event):
            self.height += step
        elif event.type == "Z" and (event.ctrl or event.oskey):
            return "pass"
        else:
            return "finish" if event.type in ("RET", "NUMPAD_ENTER") else None
        return ""

    def see(self, _context: Any) -> None:
        if self._at is not None:
            self.mine.edges = _ghost(self._at, self.height, 0.6 * self.height)
            self.mine.colour = "#4d7c3a"
            self.mine.words = [f"{number(self.height, 0)} m"]

    def do(self, _context: Any) -> None:
        """Nothing is left to do at the end."""

    def hints(self) -> list[str]:
        return [translated("Click: plant"), translated("Wheel: height"), translated("Enter: done")]


class JENA_OT_fell_trees(Tool, bpy.types.Operator):
    """Click trees that are to go in the shown variant; click again to let them stand"""

    bl_idname = "jena.fell_trees"
    bl_label = "Fell Trees"
    bl_options = {"REGISTER"}

    def begin(self, context: Any) -> None:
        trees = self.site.trees
        self._there = trees.position if trees is not None else np.zeros((0, 2))
        self._target: FloatArray | None = None

    def moved(self, context: Any, place: Any, reach: float, _event: Any) -> None:
        collection = sync.collection_of(context.scene, variants.shown(context.scene))
        own = [tree.position for tree in sync.variant_of(collection).planted] if collection else []
        places = np.concatenate([self._there, np.array(own, float).reshape(-1, 2)])
        away = np.hypot(*(places - place[:2]).T)
        near = int(np.argmin(away)) if len(away) else -1
        self._target = places[near] if near >= 0 and away[near] <= max(reach, 3.0) else None

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE":
            if self._target is not None:
                bpy.ops.jena.fell_tree_at("EXEC_DEFAULT", True, place=self._target.tolist())
            return ""
        if event.type == "Z" and (event.ctrl or event.oskey):
            return "pass"
        return "finish" if event.type in ("RET", "NUMPAD_ENTER") else None

    def see(self, _context: Any) -> None:
        self.mine.edges, self.mine.words, self.mine.colour = None, [], "#a8412f"
        if self._target is not None:
            foot = self.lifted(self._target[None])[0]
            self.mine.edges = _ghost(foot, 10.0, 5.0)
            self.mine.words = [translated("Fell, or let stand")]

    def do(self, _context: Any) -> None:
        """Nothing is left to do at the end."""

    def hints(self) -> list[str]:
        return [translated("Click: fell a tree, or let it stand"), translated("Enter: done")]


def _ghost(foot: FloatArray, height: float, crown: float) -> FloatArray:
    """(e, 2, 3) a tree as a few lines: trunk, and rings of its crown."""
    angle = np.linspace(0, 2 * np.pi, 25)
    lines = [np.array([[foot, foot + [0, 0, height]]])]
    for share, wide in ((0.3, 0.7), (0.6, 1.0), (0.85, 0.6)):
        ring = foot + np.column_stack([np.cos(angle) * crown / 2 * wide, np.sin(angle) * crown / 2 * wide, np.full(25, share * height)])
        lines.append(np.stack([ring[:-1], ring[1:]], axis=1))
    return np.concatenate(lines)


class JENA_OT_draw_space(Tool, bpy.types.Operator):
    """Draw a street, path, car park, green, playground or water on the ground of the shown variant"""

    bl_idname = "jena.draw_space"
    bl_label = "Draw Open Space"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(name="Kind", items=KINDS, default="green")
    outline: StringProperty(
        name="Corners", description="[[x, y], …] in metres of the scene; drawn with the mouse when empty", options={"SKIP_SAVE"}
    )

    def do(self, context: Any) -> None:
        area = drawing.area_of(self.outline) if self.outline else self._sketch.finished()
        if not area.is_valid or area.area < 1.0:
            raise InputProblem("the outline", "it crosses itself", "Take the last corner back and go round the other way")
        self.outline = drawing.corners_of(area)

        def drawn(variant: Variant) -> Variant:
            name = _free({space.id for space in variant.open_spaces}, "fläche")
            return replace(variant, open_spaces=(*variant.open_spaces, OpenSpace(name, self.kind, area)))

        _change(context.scene, drawn)

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.outline else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        self._sketch = Sketch("polygon", ground_tool.guides(context.scene))

    def moved(self, _context: Any, place: Any, reach: float, event: Any) -> None:
        self._sketch.cursor, self._sketch.reach, self._sketch.free = place[:2], reach, event.shift

    def pressed(self, _context: Any, event: Any) -> str | None:
        return drawing.sketched(self._sketch, event)

    def see(self, _context: Any) -> None:
        sketch, mine = self._sketch, self.mine
        mine.colour = outside.COLOURS[self.kind]
        mine.snap = sketch.next()
        mine.line = self.lifted(sketch.line())
        mine.marks = self.lifted(np.array(sketch.corners).reshape(-1, 2))
        mine.place = self.lifted(mine.snap.point[None])[0] if mine.snap is not None else None
        area = sketch.shown()
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(area)) if area is not None else []
        corners = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3] if len(pieces) else np.zeros((0, 3, 2))
        mine.faces = self.lifted(corners.reshape(-1, 2)).reshape(-1, 3, 3) if len(corners) else None
        mine.words = drawing.side_words(sketch) + ([f"{number(area.area, 0)} m²"] if area is not None else [])

    def hints(self) -> list[str]:
        return drawing.sketch_hints(closing=True)


CLASSES = (JENA_OT_plant_tree_at, JENA_OT_fell_tree_at, JENA_OT_plant_trees, JENA_OT_fell_trees, JENA_OT_draw_space)
