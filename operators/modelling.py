"""Architects' models in the place of blocks: chosen, placed, taken off again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty
from mathutils import Matrix

from ..jena_city import photo_clicks, stand_in
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.snapping import Snap
from ..jena_city.variant import Block
from ..scene import document, handlers, model_import, sync
from . import base, drawing, ground_tool, jobs, variants
from .base import translated
from .ground_tool import Tool

POINTS = 3  # pairs with which a model is placed


class JENA_OT_place_model(variants.InObjectMode, bpy.types.Operator):
    """Let an architect's model (glTF, OBJ, FBX, IFC) stand in for a block: by coordinates or three points, its numbers typed or measured"""

    bl_idname = "jena.place_model"
    bl_label = "Architect's Model"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(name="File", subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.glb;*.gltf;*.obj;*.fbx;*.ifc", options={"HIDDEN"})
    where: EnumProperty(
        name="Place by",
        description="How it is said where the model stands",
        items=[
            ("cursor", "3D cursor", "The middle of the model at the 3D cursor"),
            ("coordinates", "Coordinates", "The zero of the model at coordinates"),
            ("points", "Three points", "Three points of the model, and where they are"),
            ("file", "As the file says", "Where an IFC says that it stands"),
        ],
    )
    coordinates: StringProperty(name="E N", description="Easting and northing in the project's coordinate system, with a height or without")
    points: StringProperty(name="X Y E N", description="A point of the model and its place, three times: x y E N; x y E N; x y E N")
    turn: FloatProperty(
        name="Turn",
        description="About its zero, counter-clockwise seen from above",
        subtype="ANGLE",
        soft_min=-3.1416,
        soft_max=3.1416,
        step=100,
    )
    scale: FloatProperty(name="Scale", description="Metres for each unit of the file", default=1.0, min=1e-6, precision=4)
    fit_scale: BoolProperty(name="Scale by the points", description="Let the points say the scale too")
    up: EnumProperty(
        name="Upward",
        description="Axis of the file that points upward",
        items=[("usual", "Usual", "glTF y, OBJ and IFC z"), ("y", "Y", "Axis y"), ("z", "Z", "Axis z")],
    )
    storeys: IntProperty(name="Storeys", description="0: by the height of the model", default=0, min=0, max=200)
    floor_area: FloatProperty(
        name="Floor area",
        description="Geschossfläche above ground as the architect states it, in m²; 0: by outline and storeys",
        min=0.0,
        precision=1,
    )
    instead: BoolProperty(
        name="In place of the active block", description="It stands in for the active block; otherwise for a new one", default=False
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        self.instead = sync.is_block(context.object) and context.object.select_get()
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def draw(self, _context: Any) -> None:
        form = self.layout.column()
        form.use_property_split, form.use_property_decorate = True, False
        form.prop(self, "where")
        if self.where == "coordinates":
            form.prop(self, "coordinates")
        if self.where == "points":
            form.prop(self, "points")
            form.prop(self, "fit_scale")
        elif self.where != "file":
            form.prop(self, "turn")
        if self.where != "file" and not (self.where == "points" and self.fit_scale):
            form.prop(self, "scale")
        for name in ("up", "storeys", "floor_area", "instead"):
            form.prop(self, name)

    def do(self, context: Any) -> None:
        scene, path = context.scene, Path(bpy.path.abspath(self.filepath))
        folder = document.folder(scene)
        drawing.home(scene)  # a locked variant says so before anything is read
        target = context.object.name if self.instead and sync.is_block(context.object) else ""
        up: Any = "" if self.up == "usual" else self.up
        cursor, origin = np.array(scene.cursor.location[:2]), document.origin(scene)
        where, numbers = self.where, self._numbers(scene)
        turn, scale = float(np.degrees(self.turn)), None if where == "points" and self.fit_scale else float(self.scale)
        storeys, area = self.storeys or None, self.floor_area or None
        mesh = model_import.read_fbx(path) if path.suffix.lower() == ".fbx" else None

        def work(progress: Progress) -> tuple[Block, stand_in.Fit]:
            progress(0.1, "reading the model")
            said = stand_in.as_said(path, origin) if where == "file" else None
            if where == "file" and said is None:
                raise InputProblem(path, "it does not say where it stands", "Give the place of its zero, or three points of it and theirs")
            own = stand_in.kept(path, folder, up, mesh)
            progress(0.5, "measuring the model")
            found = stand_in.measured(str(path), stand_in.mesh_of(own))
            if said is not None:
                fit = said
            elif where == "cursor":
                middle = np.array(found.footprint.envelope.centroid.coords[0])
                angle = np.radians(turn)
                matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                fit = stand_in.placed((cursor - (scale or 1.0) * matrix @ middle)[None], None, turn, scale)
            elif where == "coordinates":
                fit = stand_in.placed(numbers, None, turn, scale)
            else:
                fit = stand_in.placed(numbers[:, 2:], numbers[:, :2], 0.0, scale)
            return stand_in.as_block(own, fit, found, storeys=storeys, floor_area=area, name=path.stem), fit

        def done(scene: Any, made: tuple[Block, stand_in.Fit]) -> None:
            block, fit = made
            thing = scene.objects.get(target) if target else None
            if sync.is_block(thing):
                [block] = stand_in.in_place([sync.block_of(thing)], block, sync.block_of(thing).id)
                sync.reshape(thing, block)
                measures = ("storeys", "base", "ground_floor_height", "storey_height", "plinth", "knee", "set_back")
                sync.change(thing, **{name: getattr(block, name) for name in measures})
                handlers.settle(scene)
            else:
                drawing.add(scene, [replace(block, id=slug(path.stem))])
            jobs.noticed[:] = ["project"]
            if where == "points":
                jobs.notice[:] = [f"The model is placed; its points differ by {fit.error:.3f} m, at most {fit.worst:.3f} m."]
            elif where == "file":
                jobs.notice[:] = ["The model stands where its file says."]
            else:
                jobs.notice[:] = ["The model is placed."]

        jobs.start(jobs.Job("Place the model", scene.name, work, done))

    def _numbers(self, scene: Any) -> np.ndarray[Any, Any]:
        """The places that were typed, (n, 2 to 4), with scene coordinates for those of the project."""
        if self.where in ("cursor", "file"):
            return np.zeros((0, 2))
        rows = self.coordinates.split(";") if self.where == "coordinates" else self.points.split(";")
        wide = (2, 3) if self.where == "coordinates" else (4,)
        try:
            found = np.array([[float(word) for word in row.split()] for row in rows if row.strip()], np.float64)
            if found.ndim != 2 or found.shape[1] not in wide or not np.isfinite(found).all():
                raise ValueError
        except ValueError as error:
            what = "E N, or E N height" if self.where == "coordinates" else "x y E N; x y E N; x y E N"
            raise InputProblem("the place of the model", "these are no places", f"Write them as {what}") from error
        first = 2 if self.where == "points" else 0
        found[:, first : first + 2] = document.origin(scene).to_local(found[:, first : first + 2])
        return found


class JENA_OT_take_model_off(variants.OnBlocks, bpy.types.Operator):
    """Take the architect's model off the selected blocks; outline, heights and storeys stay, and so does its file"""

    bl_idname = "jena.take_model_off"
    bl_label = "Take the Model Off"
    bl_options = {"REGISTER", "UNDO"}

    def change(self, thing: Any) -> None:
        sync.change(thing, stand_in=None)


class JENA_OT_place_by_points(Tool, bpy.types.Operator):
    """Click a corner of the active block or its model, then where it belongs: one pair moves it, two turn it, a third shows the error"""

    bl_idname = "jena.place_by_points"
    bl_label = "Place by Points"
    bl_options = {"REGISTER", "UNDO"}

    pairs: StringProperty(
        name="Points", description="[[x, y, to x, to y], …] in metres of the scene; clicked when empty", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and sync.is_block(context.object) and context.object.library is None and context.object.parent is None

    def do(self, context: Any) -> None:
        variants.refuse_locked(context.scene)
        pairs = base.points_of(self.pairs, "x, y, to x, to y")
        fit = _moved(pairs)
        self.pairs = json.dumps(np.round(pairs, 4).tolist())
        thing = context.object
        thing.matrix_basis = Matrix(_matrix(fit).tolist()) @ thing.matrix_basis
        handlers.settle(context.scene)
        jobs.noticed[:] = ["project"]
        jobs.notice[:] = [f"The model is placed; its points differ by {fit.error:.3f} m, at most {fit.worst:.3f} m."]

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.pairs else super().invoke(context, event)

    def begin(self, context: Any) -> None:
        variants.refuse_locked(context.scene)
        handlers.settle(context.scene)
        thing = context.object
        self._guides = ground_tool.guides(context.scene, without={thing.name})
        self._corners, self._triangles = _shown(thing)
        self._pairs: list[list[float]] = []
        self._of: Any = None  # (3,) the corner that was clicked and has no place yet
        self._corner: Any = None  # the one under the mouse
        self._snap: Snap | None = None

    def pointed(self, context: Any, _event: Any) -> None:
        if self._of is None:
            self._corner = self._under(context)

    def moved(self, _context: Any, place: Any, reach: float, event: Any) -> None:
        if self._of is not None:
            near = None if event.shift else self._guides.near(place[:2], reach)
            self._snap = near or Snap(np.array(place[:2], float))

    def _under(self, context: Any) -> Any:
        """The corner of the model, as it stands now, that lies nearest to the mouse; None where none is near."""
        region, x, y = self.pointer
        matrix = np.array(context.area.spaces.active.region_3d.perspective_matrix, float)
        near = photo_clicks.corners_near(self._now(self._corners), matrix, (region.width, region.height), (x, y), ground_tool.HELD)
        return self._corners[near[0]] if len(near) else None

    def _fit(self) -> stand_in.Fit | None:
        """How the model goes by the pairs that were clicked, and the place under the mouse."""
        pairs = list(self._pairs)
        if self._of is not None and self._snap is not None:
            pairs.append([*self._of[:2], *self._snap.point])
        try:
            return _moved(np.array(pairs)) if pairs else None
        except InputProblem:  # two points that are one: nothing to turn by
            return None

    def _now(self, points: Any) -> Any:
        """Points (…, 3) of the model where they are by now."""
        fit = self._fit()
        matrix = _matrix(fit) if fit is not None else np.eye(4)
        return points @ matrix[:3, :3].T + matrix[:3, 3]

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type in ("RET", "NUMPAD_ENTER"):
            return self._finish() if self._pairs else ""
        if event.type == "BACK_SPACE" or (event.type == "Z" and (event.ctrl or event.oskey)):
            if self._of is not None:
                self._of = None
            elif self._pairs:
                self._pairs.pop()
            return ""
        if event.type != "LEFTMOUSE":
            return None
        if self._of is None:
            self._of, self._snap = self._corner, None
        elif self._snap is not None:
            self._pairs.append([float(one) for one in (*self._of[:2], *self._snap.point)])
            self._of = self._corner = self._snap = None
        return self._finish() if len(self._pairs) == POINTS else ""

    def _finish(self) -> str:
        self.pairs = json.dumps(self._pairs)
        return "finish"

    def see(self, _context: Any) -> None:
        mine, fit = self.mine, self._fit()
        mine.faces = self._now(self._triangles) if fit is not None else None
        given = np.array(self._pairs).reshape(-1, 4)
        mine.marks = self.lifted(given[:, 2:])
        mine.snap, mine.place, mine.line = None, None, None
        number_ = f"{len(self._pairs) + 1}/{POINTS}"
        if self._of is None:
            mine.words = [f"{number_} · {translated('Click a corner of the model')}"]
            if self._corner is not None:
                mine.snap, mine.place = Snap(self._corner[:2], "corner"), self._now(self._corner[None])[0]
        else:
            mine.words = [f"{number_} · {translated('Click where it belongs')}"]
            if self._snap is not None:
                mine.snap, mine.place = self._snap, self.lifted(self._snap.point[None])[0]
                mine.words += [self._snap.source] if self._snap.source else []
        if fit is not None and len(self._pairs) + (self._of is not None) > 1:
            mine.words.append(f"± {ground_tool.number(fit.worst, 2)} m")

    def hints(self) -> list[str]:
        return [
            translated("Click: a corner of the model, then where it belongs"),
            translated("Enter: done"),
            translated("Backspace: one step back"),
            translated("Shift: hold on to nothing"),
            translated("Ctrl+wheel and middle button: view"),
        ]


def _moved(pairs: Any) -> stand_in.Fit:
    """The move in plan that brings points to places, (n, 4): one pair shifts, more turn too."""
    if len(pairs) == 1:
        (x, y), error = pairs[0, 2:] - pairs[0, :2], 0.0
        return stand_in.Fit(float(x), float(y), 0.0, 1.0, None, error, error)
    return stand_in.fitted(pairs[:, :2], pairs[:, 2:])


def _matrix(fit: stand_in.Fit) -> Any:
    """(4, 4) the move of a fit."""
    angle = np.radians(fit.turn)
    made = np.eye(4)
    made[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    made[:2, 3] = fit.x, fit.y
    return made


def _shown(thing: Any) -> tuple[Any, Any]:
    """Corners (n, 3) of a block or its model as they are seen, and its triangles (t, 3, 3), in the scene."""
    mesh = sync.solid_of(thing).data
    points, rows = np.zeros(3 * len(mesh.vertices), np.float32), np.zeros(3 * len(mesh.polygons), np.int32)
    mesh.vertices.foreach_get("co", points)
    mesh.polygons.foreach_get("vertices", rows)
    matrix = np.array(thing.matrix_basis, np.float64)
    points = points.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return points, points[rows.reshape(-1, 3)]


CLASSES = (JENA_OT_place_model, JENA_OT_take_model_off, JENA_OT_place_by_points)
