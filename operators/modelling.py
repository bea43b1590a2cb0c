"""Architects' models in the place of blocks: chosen, placed, taken off again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..jena_city import stand_in
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.variant import Block
from ..scene import document, handlers, model_import, sync
from . import drawing, jobs, variants


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
        else:
            form.prop(self, "turn")
        if not (self.where == "points" and self.fit_scale):
            form.prop(self, "scale")
        for name in ("up", "storeys", "floor_area", "instead"):
            form.prop(self, name)

    def do(self, context: Any) -> None:
        scene, path = context.scene, Path(bpy.path.abspath(self.filepath))
        folder = document.folder(scene)
        drawing.home(scene)  # a locked variant says so before anything is read
        target = context.object.name if self.instead and sync.is_block(context.object) else ""
        up: Any = "" if self.up == "usual" else self.up
        cursor = np.array(scene.cursor.location[:2])
        where, numbers = self.where, self._numbers(scene)
        turn, scale = float(np.degrees(self.turn)), None if where == "points" and self.fit_scale else float(self.scale)
        storeys, area = self.storeys or None, self.floor_area or None
        mesh = model_import.read_fbx(path) if path.suffix.lower() == ".fbx" else None

        def work(progress: Progress) -> tuple[Block, stand_in.Fit]:
            progress(0.1, "reading the model")
            own = stand_in.kept(path, folder, up, mesh)
            progress(0.5, "measuring the model")
            found = stand_in.measured(str(path), stand_in.mesh_of(own))
            if where == "cursor":
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
            else:
                jobs.notice[:] = ["The model is placed."]

        jobs.start(jobs.Job("Place the model", scene.name, work, done))

    def _numbers(self, scene: Any) -> np.ndarray[Any, Any]:
        """The places that were typed, (n, 2 to 4), with scene coordinates for those of the project."""
        if self.where == "cursor":
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


CLASSES = (JENA_OT_place_model, JENA_OT_take_model_off)
