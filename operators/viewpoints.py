"""Viewpoints, axes and landmarks put with the mouse; they stand in the project's file, so analyses of views have them everywhere."""

from __future__ import annotations

import json
from typing import Any

import bpy
import numpy as np
from bpy.props import EnumProperty, FloatProperty, IntProperty, StringProperty

from ..jena_city import project
from ..jena_city.problems import InputProblem
from ..jena_city.viewing import EYE
from ..pipeline import editing, opening
from ..scene import document, notes, sync
from . import base, projects, view
from .base import translated
from .ground_tool import Tool, number

KINDS = ("viewpoints", "axes", "landmarks", "cameras", "photos")
_ICONS = {"viewpoints": "HIDE_OFF", "axes": "EMPTY_SINGLE_ARROW", "landmarks": "PINNED", "cameras": "CAMERA_DATA", "photos": "IMAGE_DATA"}
_named: list[tuple[Any, list[tuple[str, int, str]]]] = []  # what the project file was like, and what it names
PLACES = {"name": "Places", "description": "[[x, y], …] in metres of the scene; put with the mouse when empty"}


def named(scene: Any) -> list[tuple[str, int, str]]:
    """Kind, place in the file and name of each viewpoint, axis, landmark, camera and photo. For draw(): read when the file has changed."""
    path = document.folder(scene) / project.FILE_NAME
    try:
        found = path.stat()
        seen = (str(path), found.st_mtime_ns, found.st_size)
        if not _named or _named[0][0] != seen:
            _path, content = project.read(path)
            names = [
                (kind, index, entry.name or getattr(entry, "file", "") or f"{index + 1}")
                for kind in KINDS
                for index, entry in enumerate(getattr(content, kind))
            ]
            _named[:] = [(seen, names)]
        return _named[0][1]
    except (OSError, InputProblem):
        return []


def icon(kind: str) -> str:
    """Of a viewpoint, an axis, a landmark, a camera or a photo."""
    return _ICONS[kind]


def forget() -> None:
    """Let go of what was read."""
    _named.clear()


def put(scene: Any, kind: str, *entries: dict[str, Any]) -> None:
    """Into the project's file, each with a name of its own. Raises InputProblem."""
    projects.write_folder(scene)
    editing.with_view(opening.load(document.folder(scene)), kind, *entries)
    document.keep_mine(scene)


def places_of(text: str, scene: Any, count: int, whole: bool = False) -> list[tuple[float, float]]:
    """As many places as are wanted, or more if there are and the whole list is, in the project's coordinate system."""
    try:
        given = np.array(json.loads(text), np.float64).reshape(-1, 2)
        if len(given) < count or not np.isfinite(given).all():
            raise ValueError
    except (ValueError, TypeError) as error:
        raise InputProblem("the places", "they are no list of places", "Give [[x, y], …]") from error
    world = document.origin(scene).to_world(given if whole else given[:count])
    return [(round(float(x), 2), round(float(y), 2)) for x, y in world]


class Putting(Tool):
    """A tool that collects places on the ground and then puts one thing into the project."""

    count = 1
    _at: Any

    def begin(self, _context: Any) -> None:
        self._at = None
        self._clicked: list[Any] = []

    def moved(self, _context: Any, place: Any, _reach: float, _event: Any) -> None:
        self._at = np.asarray(place)

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE" and self._at is not None:
            self._clicked.append(self._at[:2].tolist())
            if len(self._clicked) == self.count:
                self.places = json.dumps(np.round(self._clicked, 3).tolist())
                return "finish"
        elif step := self.wheel(event):
            self.turned(step)
        elif event.type == "BACK_SPACE":
            if not self._clicked:
                return "stop"
            self._clicked.pop()
        else:
            return None
        return ""

    def turned(self, step: int) -> None:
        """What the wheel changes."""
        raise NotImplementedError

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.places else super().invoke(context, event)

    def _pole(self, height: float) -> None:
        """A pole of a height where the mouse is, seen while the tool is at work."""
        self.mine.marks = None
        if self._at is not None:
            foot = self.lifted(self._at[None, :2])[0]
            self.mine.edges = np.array([[foot, foot + [0, 0, max(height, 0.5)]]])


class JENA_OT_put_viewpoint(Putting, bpy.types.Operator):
    """Click a place on the ground to look from; the wheel sets how high above it the eye is"""

    bl_idname = "jena.put_viewpoint"
    bl_label = "Viewpoint"
    bl_options = {"REGISTER"}

    places: StringProperty(**PLACES, options={"SKIP_SAVE"})
    eye: FloatProperty(
        name="Eye above ground", description="Metres of the eye above the ground", default=EYE, min=0.0, max=1000.0, unit="LENGTH"
    )
    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        (at,) = places_of(self.places, context.scene, 1)
        put(context.scene, "viewpoints", {"name": self.label, "at": at, "eye": round(self.eye, 2)})

    def turned(self, step: int) -> None:
        self.eye = max(EYE, self.eye + step) if self.eye + step > EYE else EYE

    def see(self, _context: Any) -> None:
        self._pole(self.eye)
        self.mine.words = [f"{translated('Eye above ground')}: {number(self.eye, 1)} m"]

    def hints(self) -> list[str]:
        return [translated("Click: look from here"), translated("Wheel: height of the eye")]


class JENA_OT_draw_axis(Putting, bpy.types.Operator):
    """Click where somebody stands, then what is to stay in sight; the wheel sets the width of the corridor"""

    bl_idname = "jena.draw_axis"
    bl_label = "Axis"
    bl_options = {"REGISTER"}
    count = 2

    places: StringProperty(**PLACES, options={"SKIP_SAVE"})
    width: FloatProperty(
        name="Corridor width", description="Metres, half of it to either side of the line", default=10.0, min=1.0, max=1000.0, unit="LENGTH"
    )
    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        start, end = places_of(self.places, context.scene, 2)
        put(context.scene, "axes", {"name": self.label, "start": start, "end": end, "width": round(self.width, 2)})

    def turned(self, step: int) -> None:
        self.width = max(1.0, self.width + 2 * step)

    def see(self, _context: Any) -> None:
        points = [*self._clicked, *([self._at[:2].tolist()] if self._at is not None else [])]
        self.mine.marks = self.lifted(np.array(self._clicked, float).reshape(-1, 2))
        self.mine.line, self.mine.words = None, [f"{translated('Corridor width')}: {number(self.width, 0)} m"]
        if len(points) == 2:
            a, b = np.array(points, float)
            length = float(np.linalg.norm(b - a))
            if length > 0:
                side = np.array([a[1] - b[1], b[0] - a[0]]) / length * self.width / 2
                self.mine.line = self.lifted(np.array([a + side, b + side, b - side, a - side, a + side]))
            self.mine.words.insert(0, f"{number(length, 1)} m")

    def hints(self) -> list[str]:
        return [translated("Click: from here, then to there"), translated("Wheel: width"), translated("Backspace: one step back")]


class JENA_OT_put_landmark(Putting, bpy.types.Operator):
    """Click a building that is to be seen, or a place on the ground; the wheel sets the height of a pole there"""

    bl_idname = "jena.put_landmark"
    bl_label = "Landmark"
    bl_options = {"REGISTER"}

    places: StringProperty(**PLACES, options={"SKIP_SAVE"})
    building: StringProperty(name="gml:id", options={"SKIP_SAVE"})
    height: FloatProperty(
        name="Height above ground", description="Of a pole, where no building is", default=10.0, min=0.5, max=2000.0, unit="LENGTH"
    )
    label: StringProperty(name="Name", description="Empty: numbered", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        if self.building:
            put(context.scene, "landmarks", {"name": self.label, "building": self.building})
            return
        (at,) = places_of(self.places, context.scene, 1)
        put(context.scene, "landmarks", {"name": self.label, "at": at, "height": round(self.height, 2)})

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.building else super().invoke(context, event)

    def pointed(self, context: Any, _event: Any) -> None:
        city = self.site.city
        region, x, y = self.pointer
        found = view.hit_in(context, region, context.area.spaces.active, x, y)
        self._row = -1
        if found is not None and not sync.is_block(found[0]) and notes.get(found[0]) is None:
            row = view.face_value(found[0], found[1], "building")
            if row is not None and 0 <= row < len(city.building_id):
                self._row = int(city.building_root[row])

    def begin(self, context: Any) -> None:
        super().begin(context)
        self._row = -1

    def pressed(self, context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE" and self._row >= 0:
            self.building = self.site.city.building_id[self._row]
            return "finish"
        return super().pressed(context, event)

    def turned(self, step: int) -> None:
        self.height = max(0.5, self.height + step)

    def see(self, _context: Any) -> None:
        if self._row >= 0:
            self.mine.edges = view.edges_of(self.site.city, self._row)
            self.mine.words = [self.site.city.building_id[self._row]]
        else:
            self._pole(self.height)
            self.mine.words = [f"{translated('Height above ground')}: {number(self.height, 1)} m"]

    def hints(self) -> list[str]:
        return [translated("Click: look at this"), translated("Wheel: height")]


class JENA_OT_remove_view(base.InProject, bpy.types.Operator):
    """Take this viewpoint, axis, landmark, camera or photo out of the project"""

    bl_idname = "jena.remove_view"
    bl_label = "Remove from the Project"
    bl_options = {"REGISTER"}

    kind: EnumProperty(
        name="Kind",
        items=[
            ("viewpoints", "Viewpoints", ""),
            ("axes", "Axes", ""),
            ("landmarks", "Landmarks", ""),
            ("cameras", "Cameras", ""),
            ("photos", "Photos", ""),
        ],
        options={"SKIP_SAVE"},
    )
    index: IntProperty(name="Number", min=0, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        projects.write_folder(scene)
        editing.without_view(opening.load(document.folder(scene)), self.kind, self.index)
        document.keep_mine(scene)


CLASSES = (JENA_OT_put_viewpoint, JENA_OT_draw_axis, JENA_OT_put_landmark, JENA_OT_remove_view)
