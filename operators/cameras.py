"""Named cameras: made from the view, by clicks, from sight lines, around a block, along a line; chosen, looked through, renamed."""

from __future__ import annotations

import json
from typing import Any

import bpy
import numpy as np
import shapely
from bpy.props import EnumProperty, FloatProperty, StringProperty

from ..jena_city import cameras, pointing, project
from ..jena_city.applied import apply
from ..jena_city.cameras import NamedCamera
from ..jena_city.problems import InputProblem
from ..jena_city.viewing import EYE
from ..pipeline import editing, opening
from ..render_presets import Camera
from ..scene import document, render, sync
from . import base, projects, variants, view, viewpoints
from .base import translated
from .ground_tool import number
from .viewpoints import PLACES, Putting, places_of, put

_FAR = 100.0  # metres ahead that are looked at where the view meets no ground
_axes: list[Any] = []  # what Blender was told there is to choose from: it wants the words kept


def listed(scene: Any) -> list[tuple[int, str]]:
    """Place in the file and name of each camera of the project, for draw()."""
    return [(index, name) for kind, index, name in viewpoints.named(scene) if kind == "cameras"]


def chosen(scene: Any) -> str:
    """The name of the camera that pictures are taken from; "" where they go by their preset, also when the chosen one is gone."""
    return scene.jena.camera if scene.jena.camera in [name for _, name in listed(scene)] else ""


def _put(operator: Any, scene: Any, *entries: dict[str, Any]) -> None:
    """Into the project's file, choose the first, and say which stand in a house."""
    before = len(listed(scene))
    put(scene, "cameras", *entries)
    names = [name for _, name in listed(scene)][before:]
    scene.jena.camera = names[0]
    site = document.site(scene)
    applied = apply(site, next(one for one in sync.variants(scene) if one.id == variants.shown(scene)))
    _path, content = project.read(document.folder(scene))
    for camera in content.cameras[before:]:
        found = cameras.inside(applied, cameras.eye_and_target(camera, site)[0])
        if found:
            words = translated("{} stands inside {}").format(camera.name, found)
            operator.report({"WARNING"}, words)


def _world(scene: Any, place: Any) -> tuple[float, float]:
    (found,) = document.origin(scene).to_world(np.array([place[:2]], float))
    return round(float(found[0]), 2), round(float(found[1]), 2)


class JENA_OT_camera_from_view(base.InProject, bpy.types.Operator):
    """Keep what the 3D view shows as a camera of the project"""

    bl_idname = "jena.camera_from_view"
    bl_label = "From View"
    bl_options = {"REGISTER"}
    panel = "pictures"

    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        seen = view.views(scene)
        if not seen:
            raise InputProblem("Camera", "there is no 3D view to take it from", "Open a 3D view")
        space = max(seen, key=lambda one: one[0].width * one[0].height)[1]
        region = space.region_3d
        if region.view_perspective == "ORTHO":
            raise InputProblem("Camera", "the view has no perspective, as a camera does", "Press 5 on the number pad, or turn the view")
        looking = region.view_matrix.inverted()
        focal = space.lens / 2  # a view is measured on 72 mm, a camera on 36 mm
        if region.view_perspective == "CAMERA" and scene.camera is not None:
            looking, focal = scene.camera.matrix_world, scene.camera.data.lens
        eye, towards = np.array(looking.translation), -np.array(looking.col[2])[:3]
        self.keep(scene, eye, towards, focal)

    def keep(self, scene: Any, eye: Any, towards: Any, focal: float) -> None:
        """A camera with its eye (3,) and direction (3,)."""
        site = document.site(scene)
        found = pointing.on_ground(site, eye, towards)
        if found is None or np.hypot(*(found - eye)[:2]) < 0.5:
            flat = np.hypot(*towards[:2])
            if flat < 0.01:
                raise InputProblem("Camera", "the view looks straight down", "Tilt it, or make a picture with the preset plan")
            found = eye + towards * _FAR
        above = [float(point[2] - cameras.ground(site, point[:2])) for point in (eye, found)]
        if above[0] < 0.1:
            raise InputProblem("Camera", "the view looks from below the ground", "Move it up")
        entry = {"name": self.label, "at": _world(scene, eye), "eye": round(above[0], 2), "to": _world(scene, found)}
        _put(self, scene, {**entry, "target": round(above[1], 2), "focal_length": round(float(np.clip(focal, 8, 400)), 1)})


class JENA_OT_camera_two_clicks(Putting, bpy.types.Operator):
    """Click where somebody stands, then what they look at; the wheel sets how high above the ground the eye is"""

    bl_idname = "jena.camera_two_clicks"
    bl_label = "Two Clicks"
    bl_options = {"REGISTER"}
    panel = "pictures"
    count = 2

    places: StringProperty(**PLACES, options={"SKIP_SAVE"})
    eye: FloatProperty(
        name="Eye above ground", description="Metres of the eye above the ground", default=EYE, min=0.1, max=1000.0, unit="LENGTH"
    )
    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        at, to = places_of(self.places, context.scene, 2)
        _put(self, context.scene, {"name": self.label, "at": at, "eye": round(self.eye, 2), "to": to})

    def turned(self, step: int) -> None:
        self.eye = max(EYE, self.eye + step) if self.eye + step > EYE else EYE

    def see(self, _context: Any) -> None:
        points = [*self._clicked, *([self._at[:2].tolist()] if self._at is not None else [])]
        self.mine.marks = self.lifted(np.array(self._clicked, float).reshape(-1, 2))
        self.mine.line = self.lifted(np.array(points, float)) if len(points) == 2 else None
        self.mine.words = [f"{translated('Eye above ground')}: {number(self.eye, 1)} m"]

    def hints(self) -> list[str]:
        return [translated("Click: from here, then to there"), translated("Wheel: height of the eye")]


class JENA_OT_cameras_along(Putting, bpy.types.Operator):
    """Click a line on the ground, Enter ends it: cameras at eye height along it, each looking on; the wheel sets how far apart"""

    bl_idname = "jena.cameras_along"
    bl_label = "Along a Line"
    bl_options = {"REGISTER"}
    panel = "pictures"
    count = 1000

    places: StringProperty(**PLACES, options={"SKIP_SAVE"})
    spacing: FloatProperty(
        name="Spacing", description="Metres from one camera to the next", default=25.0, min=2.0, max=1000.0, unit="LENGTH"
    )
    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        path = places_of(self.places, context.scene, 2, whole=True)
        _put(self, context.scene, *cameras.along(path, self.spacing, self.label or translated("Walk")))

    def pressed(self, context: Any, event: Any) -> str | None:
        if event.type in ("RET", "NUMPAD_ENTER"):
            self.places = json.dumps(np.round(self._clicked, 3).tolist())
            return "finish"
        return super().pressed(context, event)

    def turned(self, step: int) -> None:
        self.spacing = max(5.0, self.spacing + 5 * step)

    def see(self, _context: Any) -> None:
        points = [*self._clicked, *([self._at[:2].tolist()] if self._at is not None else [])]
        self.mine.marks = self.lifted(np.array(self._clicked, float).reshape(-1, 2))
        self.mine.line = self.lifted(np.array(points, float)) if len(points) > 1 else None
        self.mine.words = [f"{translated('Spacing')}: {number(self.spacing, 0)} m"]

    def hints(self) -> list[str]:
        return [
            translated("Click: next point"),
            translated("Enter: done"),
            translated("Wheel: distance"),
            translated("Backspace: one step back"),
        ]


def _axis_items(_self: Any, context: Any) -> list[Any]:
    found = viewpoints.named(context.scene) if context is not None and document.is_document(context.scene) else []
    items = [(f"axes/{index}", name, "") for kind, index, name in found if kind == "axes"]
    items += [
        (f"sight/{eye}/{mark}", f"{name} – {target}", "")
        for kind, eye, name in found
        for other, mark, target in found
        if (kind, other) == ("viewpoints", "landmarks")
    ]
    if items != _axes:
        _axes[:] = items
    return _axes


class JENA_OT_camera_from_axis(base.InProject, bpy.types.Operator):
    """A camera that looks along one of the project's sight lines, from eye height"""

    bl_idname = "jena.camera_from_axis"
    bl_label = "From a Sight Line"
    bl_options = {"REGISTER"}
    panel = "pictures"

    axis: EnumProperty(name="Sight line", items=_axis_items, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        _path, content = project.read(document.folder(scene))
        kind, *rows = self.axis.split("/") if self.axis else [""]
        try:
            first, last = int(rows[0]), int(rows[-1])
            if kind == "axes":
                _put(self, scene, cameras.of_axis(content.axes[first]))
                return
            eye, mark = content.viewpoints[first], content.landmarks[last]
        except (IndexError, ValueError) as error:
            raise InputProblem("Camera", "the project has no such sight line", "Draw an axis first, in the panel Analyses") from error
        if eye.at is None:
            raise InputProblem(f"viewpoint {eye.name}", "it is no single point", "Choose one that is, or draw an axis")
        to, height = self._top(scene, mark)
        _put(self, scene, cameras.of_sight(eye, mark, to, height))

    def _top(self, scene: Any, mark: Any) -> tuple[Any, float]:
        """Where a landmark is and how high, metres."""
        if mark.at is not None:
            return mark.at, mark.height
        site = document.site(scene)
        row = site.building_rows.get(mark.building, -1)
        if row < 0 or site.footprints[row] is None:
            raise InputProblem(f"landmark {mark.name}", f"there is no building {mark.building}", "Choose another building")
        middle = np.array(site.footprints[row].representative_point().coords[0])
        return _world(scene, middle), max(cameras.top(site, row) - cameras.ground(site, middle), 0.0)


class JENA_OT_cameras_around(base.InProject, bpy.types.Operator):
    """Four cameras around the active block that see all of it from above"""

    bl_idname = "jena.cameras_around"
    bl_label = "Around the Block"
    bl_options = {"REGISTER"}
    panel = "pictures"

    def do(self, context: Any) -> None:
        thing = context.active_object
        if thing is None or not sync.is_block(thing):
            raise InputProblem("Camera", "no block is active", "Click a block first")
        scene, block = context.scene, sync.block_of(thing)
        origin = document.origin(scene)
        shape = shapely.transform(block.footprint, lambda xy: np.asarray(origin.to_world(xy)))
        high = float(sync.solid_of(thing).dimensions.z) if sync.solid_of(thing) is not None else block.eaves_height
        _put(self, scene, *cameras.around(shape, high, block.name or block.id))


class JENA_OT_choose_camera(base.InProject, bpy.types.Operator):
    """Take pictures from this camera, and look through it; chosen already: go by the preset again"""

    bl_idname = "jena.choose_camera"
    bl_label = "Choose Camera"
    bl_options = {"REGISTER"}
    panel = "pictures"

    camera: StringProperty(name="Camera", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        if self.camera == chosen(scene) or not self.camera:
            scene.jena.camera = ""
            for area, space in view.views(scene):
                if space.region_3d.view_perspective == "CAMERA":
                    space.region_3d.view_perspective = "PERSP"
                area.tag_redraw()
            return
        _path, content = project.read(document.folder(scene))
        found = next((one for one in content.cameras if one.name == self.camera), None)
        if found is None:
            raise InputProblem("Camera", f"there is no camera called {self.camera}", "Look at the list again")
        scene.jena.camera = found.name
        look_through(scene, found)


def look_through(scene: Any, camera: NamedCamera) -> None:
    """Put the scene's camera where a named one is, and the views behind it."""
    size = scene.render
    render.place_camera(document.site(scene), Camera(), {}, size.resolution_x / size.resolution_y, named=camera)
    for area, space in view.views(scene):
        space.region_3d.view_perspective = "CAMERA"
        area.tag_redraw()


class JENA_OT_rename_camera(base.InProject, bpy.types.Operator):
    """Give the chosen camera another name, in the pictures that go by it too"""

    bl_idname = "jena.rename_camera"
    bl_label = "Rename Camera"
    bl_options = {"REGISTER"}
    panel = "pictures"

    camera: StringProperty(name="Camera", options={"SKIP_SAVE", "HIDDEN"})
    label: StringProperty(name="Name", options={"SKIP_SAVE"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        self.label = self.camera
        return context.window_manager.invoke_props_dialog(self)

    def do(self, context: Any) -> None:
        scene = context.scene
        was = chosen(scene)
        projects.write_folder(scene)
        editing.with_camera_named(opening.load(document.folder(scene)), self.camera, self.label)
        document.keep_mine(scene)
        if was == self.camera:
            scene.jena.camera = self.label.strip()


CLASSES = (
    JENA_OT_camera_from_view,
    JENA_OT_camera_two_clicks,
    JENA_OT_cameras_along,
    JENA_OT_camera_from_axis,
    JENA_OT_cameras_around,
    JENA_OT_choose_camera,
    JENA_OT_rename_camera,
)
