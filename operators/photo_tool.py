"""A photo of the site and its camera: the photo lies over a part of the view, the same points are clicked in it and in the town."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt
from bpy.props import BoolProperty, FloatProperty, StringProperty
from mathutils import Vector
from pydantic import ValidationError

from ..jena_city import cameras, photo_camera, photo_clicks, project
from ..jena_city.photo_clicks import Clicks, Pane
from ..jena_city.problems import InputProblem
from ..jena_city.project import PhotoEntry
from ..jena_city.slips import explained
from ..jena_city.snapping import Snap
from ..jena_city.variant import NULL_VARIANT
from ..pipeline import editing, opening
from ..scene import document, notes, properties, sync
from . import base, errors, projects, sentences, variants, view, viewpoints
from .base import translated
from .ground_tool import HELD, Tool, number

PRESET = "photo-montage"
_SHARP = 3072  # pixels of the photo's longer side as it is drawn: half a pixel of a phone's photo
_TRIED = 24  # corners near the mouse that are looked at whether anything hides them
_ZOOM = 1.25
WORDS = 98  # pixels below the photo for what is said, four lines


@dataclass(eq=False)
class Work:
    """What the tool shows. picture (height, width, 4) : the photo. part : of the view of `area`, taken by photo and words; pane : by the
    photo. pixel : of the photo under the mouse. lines : what is said below it; wrong : whether that is a reason against the points.
    errors : pixels by which the camera misses each point. texture : kept by who draws it."""

    picture: npt.NDArray[np.uint8]
    area: Any
    part: photo_clicks.Box
    pane: Pane
    clicks: Clicks = field(default_factory=Clicks)
    pixel: tuple[float, float] | None = None
    lines: list[str] = field(default_factory=list)
    wrong: bool = False
    errors: list[float] = field(default_factory=list)
    texture: Any = None


at_work: list[Work] = []
"""Of the tool that is at work; empty without one."""


def listed(scene: Any) -> list[tuple[int, str]]:
    """Place in the file and name of each photo of the project, for draw()."""
    return [(index, name) for kind, index, name in viewpoints.named(scene) if kind == "photos"]


def chosen(scene: Any) -> str:
    """The name of the photo that the next montage is made in: the one that was chosen, else the newest; "" without any."""
    names = [name for _, name in listed(scene)]
    return scene.jena.photo if scene.jena.photo in names else names[-1] if names else ""


def _entry(operator: Any, **more: Any) -> PhotoEntry:
    """What an operator says of a photo. Raises InputProblem."""
    said = {"name": operator.label.strip(), "date": operator.date.strip() or None, "time": operator.time.strip()}
    said["focal_length"] = round(operator.focal_length, 2) or None
    try:
        return PhotoEntry.model_validate({**said, "file": "", **more})
    except ValidationError as error:
        raise explained(error, "Photo", PhotoEntry) from error


def _kept(scene: Any, path: Path) -> PhotoEntry | None:
    """What the project says of a photo already."""
    place = document.folder(scene)
    home = photo_clicks.home(path, place)
    return next((one for one in project.read(place)[1].photos if one.file == home), None)


class _Photo:
    """What is said of a photo."""

    filepath: StringProperty(name="File", description="A JPEG, PNG or TIFF, not cropped", subtype="FILE_PATH", options={"SKIP_SAVE"})
    label: StringProperty(name="Name", description="By which the photo is chosen", options={"SKIP_SAVE"})
    date: StringProperty(
        name="Date", description="Day on which it was taken, as 2025-06-21", options={"SKIP_SAVE"}, update=properties.iso_date
    )
    time: StringProperty(name="Time of day", description="Clock time at which it was taken, as 15:30", options={"SKIP_SAVE"})
    focal_length: FloatProperty(
        name="Focal length",
        description="Millimetres, as on film 36 mm wide; 0: as the photo says, else found, which wants more points",
        min=0.0,
        max=1000.0,
        precision=1,
        options={"SKIP_SAVE"},
    )

    def path(self) -> Path:
        return Path(bpy.path.abspath(self.filepath))


class JENA_OT_place_photo(base.InProject, _Photo, bpy.types.Operator):
    """Choose a photo of the site, then click four to six points in it and in the town: variants can be laid into it"""

    bl_idname = "jena.place_photo"
    bl_label = "Place Photo"
    bl_options = {"REGISTER"}
    panel = "pictures"

    filter_glob: StringProperty(default="*.jpg;*.jpeg;*.png;*.tif;*.tiff", options={"HIDDEN"})
    asked: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        if not self.filepath:
            context.window_manager.fileselect_add(self)
            return {"RUNNING_MODAL"}
        with errors.reported(self):
            self._fill(context.scene)
            self.asked = True
            return set(context.window_manager.invoke_props_dialog(self, width=360))
        return {"CANCELLED"}

    def _fill(self, scene: Any) -> None:
        """What the project or the photo itself says of it. Raises InputProblem for what is no photo."""
        path = self.path()
        _size, moment, _film = photo_camera.told(path)
        before = _kept(scene, path)
        self.label = before.name if before else path.stem
        day = before.date if before and before.date else moment
        self.date = f"{day:%Y-%m-%d}" if day else ""
        self.time = before.time if before and before.time else f"{moment:%H:%M}" if moment else ""
        self.focal_length = before.focal_length or 0.0 if before else 0.0

    def draw(self, _context: Any) -> None:
        if not self.asked:  # beside the file browser: asked when the photo is known
            return
        layout = self.layout  # type: ignore[attr-defined]
        layout.use_property_split = True
        layout.label(text=self.path().name, icon="IMAGE_DATA", translate=False)
        for name in ("label", "date", "time", "focal_length"):
            layout.prop(self, name)

    def execute(self, context: Any) -> set[str]:
        if not self.asked:
            return set(bpy.ops.jena.place_photo("INVOKE_DEFAULT", filepath=self.filepath))
        return super().execute(context)

    def do(self, context: Any) -> None:
        photo_camera.taken(_entry(self), self.path())  # says at once what is missing
        said = {"filepath": self.filepath, "label": self.label, "date": self.date, "time": self.time, "focal_length": self.focal_length}
        areas = view.views(context.scene)
        if not areas:
            raise InputProblem("Photo", "there is no 3D view to click in", "Open a 3D view")
        area = context.area if context.area in [one for one, _ in areas] else areas[0][0]
        region = next(one for one in area.regions if one.type == "WINDOW")
        with context.temp_override(area=area, region=region):
            bpy.ops.jena.click_photo("INVOKE_DEFAULT", **said)


class JENA_OT_click_photo(Tool, _Photo, bpy.types.Operator):
    """Click points in the photo and the same points in the town by turns; Enter keeps the photo with its camera"""

    bl_idname = "jena.click_photo"
    bl_label = "Click Points of the Photo"
    bl_options = {"REGISTER"}
    panel = "pictures"

    points: StringProperty(
        name="Points",
        description="[[pixel from the left, from the top, x, y, z], …], metres of the scene; clicked when empty",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Any, event: Any) -> set[str]:
        return self.execute(context) if self.points else super().invoke(context, event)

    def do(self, context: Any) -> None:
        scene, path = context.scene, self.path()
        rows = base.points_of(self.points, "pixel, pixel, x, y, z").tolist()
        clicks = Clicks([(u, v) for u, v, *_ in rows], [(x, y, z) for *_, x, y, z in rows])
        entry = _entry(self, points=clicks.points(document.origin(scene)))
        size, _day, _clock, focal = photo_camera.taken(entry, path)
        found = clicks.solved(f"photo {entry.name}", size, focal)
        projects.write_folder(scene)
        editing.with_photo(opening.load(document.folder(scene)), path, entry.model_dump(mode="json", exclude_none=True))
        document.keep_mine(scene)
        scene.jena.photo, scene.jena.preset = entry.name, PRESET
        said = translated("{} is placed: its camera misses the points by {} pixels, {} m")
        words = said.format(entry.name, number(found.pixels, 1), number(found.metres, 2))
        self.report({"INFO"}, words)  # type: ignore[attr-defined]

    # --- with the mouse ---

    def begin(self, context: Any) -> None:
        scene, path = context.scene, self.path()
        self._entry = _entry(self)
        self._size, _day, _clock, self._focal = photo_camera.taken(self._entry, path)
        region = next(one for one in context.area.regions if one.type == "WINDOW")
        self.pointer = region, -1, -1
        picture = photo_clicks.upright(path, _SHARP)
        part, box = self._room(context, region)
        self._work = Work(picture, context.area, part, Pane(box, self._size))
        before = _kept(scene, path)
        if before is not None:  # to be mended, not begun anew
            places = document.origin(scene).to_local(np.array([one.place for one in before.points], float).reshape(-1, 2))
            for point, at in zip(before.points, np.asarray(places), strict=True):
                height = point.height if point.height is not None else cameras.ground(self.site, at)
                self._work.clicks.in_photo(point.pixel)
                self._work.clicks.in_town((*at, height))
        self._judge()
        self._shown = variants.shown(scene)
        document.show(scene, NULL_VARIANT.id)  # the photo shows what stands today
        at_work[:] = [self._work]

    @staticmethod
    def _room(context: Any, region: Any) -> tuple[photo_clicks.Box, photo_clicks.Box]:
        """The part of a view that photo and words take, and the photo alone."""
        free, words = view.room(context.area, region), WORDS * context.preferences.system.ui_scale
        least = 2 * words  # where the view is too small for anything
        part = photo_clicks.part_for((free.left, free.bottom, max(free.right, free.left + least), max(free.top, free.bottom + least)))
        return part, (part[0], min(part[1] + words, part[3] - 10), *part[2:])

    def ended(self, context: Any) -> None:
        if at_work and at_work[0] is self._work:
            at_work.clear()
        if document.is_document(context.scene) and variants.shown(context.scene) == NULL_VARIANT.id:
            document.show(context.scene, self._shown)

    def pressed(self, context: Any, event: Any) -> str | None:
        work = self._work
        _region, x, y = self.pointer
        if event.type == "LEFTMOUSE":
            if work.pixel is not None:
                work.clicks.in_photo(work.pixel)
            elif self.mine.place is not None:
                work.clicks.in_town(self.mine.place)
        elif step := self.wheel(event):
            if not work.pane.holds(x, y):
                return "pass" if event.type.startswith("WHEEL") else ""
            work.pane = work.pane.zoomed(x, y, _ZOOM**step)
            return ""
        elif event.type == "BACK_SPACE" or (event.type == "Z" and (event.ctrl or event.oskey)):
            work.clicks.back()
        elif event.type in ("RET", "NUMPAD_ENTER"):
            pairs = list(zip(work.clicks.pixels, work.clicks.places, strict=False))
            self.points = json.dumps([[*pixel, *place] for pixel, place in pairs])
            return "finish"
        else:
            return None
        self._judge()
        return ""

    def _judge(self) -> None:
        """What the points say of the camera so far."""
        work = self._work
        clicks = work.clicks
        work.wrong, work.errors = False, []
        following = clicks.pairs + 1
        if len(clicks.pixels) <= len(clicks.places):
            words = translated("Point {}: click it in the photo")
        else:
            words = translated("Point {}: click the same place in the town")
        work.lines = [words.format(following)]
        if clicks.pairs < photo_camera.LEAST:
            work.lines.append(translated("{} of at least {} points").format(clicks.pairs, photo_camera.LEAST))
            return
        try:
            found = clicks.solved(f"photo {self._entry.name}", self._size, self._focal)
        except InputProblem as problem:
            work.wrong = True
            work.lines.append(sentences.spoken(str(problem)))
            return
        work.errors = found.errors.tolist()
        said = translated("The camera misses the points by {} pixels, {} m. Enter keeps it")
        work.lines.append(said.format(number(found.pixels, 1), number(found.metres, 2)))

    def see(self, context: Any) -> None:
        work, mine = self._work, self.mine
        region, x, y = self.pointer
        work.part, box = self._room(context, region)
        work.pane = replace(work.pane, box=box)
        work.pixel = work.pane.in_photo(x, y)
        mine.place = mine.snap = None
        mine.words = []
        if x >= 0 and not replace(work.pane, box=work.part).holds(x, y):
            self._point_at(context, region, x, y)

    def _point_at(self, context: Any, region: Any, x: int, y: int) -> None:
        """The corner of a house that is seen near the mouse, else what is under it."""
        space = context.area.spaces.active
        corners = self.site.city.points
        matrix = np.array(space.region_3d.perspective_matrix, float)
        near = photo_clicks.corners_near(corners, matrix, (region.width, region.height), (x, y), HELD)
        for row in near[:_TRIED].tolist():
            if _is_seen(context, region, space, corners[row]):
                self.mine.place, self.mine.snap = corners[row].copy(), Snap(corners[row][:2], "corner")
                self.mine.words = [translated("Corner")]
                return
        found = view.hit_in(context, region, space, x, y)
        if found is not None and not sync.is_block(found[0]) and notes.get(found[0]) is None:
            self.mine.place = np.array(found[2], float)
            self.mine.snap = Snap(self.mine.place[:2])

    def hints(self) -> list[str]:
        return [
            translated("Click: in the photo, then in the town"),
            translated("Wheel over the photo: larger, smaller"),
            translated("Backspace: one step back"),
            translated("Enter: done"),
        ]


def _is_seen(context: Any, region: Any, space: Any, place: Any) -> bool:
    """Whether nothing stands before a place (3,) in a view."""
    from bpy_extras import view3d_utils

    at = view3d_utils.location_3d_to_region_2d(region, space.region_3d, Vector(place))
    if at is None:
        return False
    start, along = view.ray(region, space, at.x, at.y)
    way = float(np.linalg.norm(place - start))
    reach = way - 0.1 - 0.002 * way  # what it is a corner of is met there itself
    return reach <= 0 or not context.scene.ray_cast(context.evaluated_depsgraph_get(), Vector(start), Vector(along), distance=reach)[0]


class JENA_OT_choose_photo(base.InProject, bpy.types.Operator):
    """Make the next photo montage in this photo"""

    bl_idname = "jena.choose_photo"
    bl_label = "Choose Photo"
    bl_options = {"REGISTER"}
    panel = "pictures"

    photo: StringProperty(name="Photo", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        names = [name for _, name in listed(context.scene)]
        if self.photo not in names:
            raise InputProblem("Photo", f"there is no photo called {self.photo}", "Look at the list again")
        context.scene.jena.photo, context.scene.jena.preset = self.photo, PRESET


CLASSES = (JENA_OT_place_photo, JENA_OT_click_photo, JENA_OT_choose_photo)
