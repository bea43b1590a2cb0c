"""The probe: what the shown result says under the mouse, whose building that is, and when the sun is there on that day."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..analyses import sun, visibility
from ..analyses.obstacles import Obstacles
from ..jena_city import imported, store
from ..jena_city.applied import NO_BUILDING, apply
from ..jena_city.lettering import number
from ..jena_city.problems import Progress
from ..jena_city.result import Classes
from ..jena_city.variant import NULL_VARIANT
from ..scene import document, notes, sync
from . import errors, jobs, results, sentences, view


@dataclass(frozen=True)
class Reading:
    """What is shown beside the mouse. day : (from hour, to hour, whether there is sun), None where no day can be shown."""

    x: int
    y: int
    value: str
    lines: list[str] = field(default_factory=list)
    day: list[tuple[float, float, bool]] | None = None


@dataclass(frozen=True)
class _Day:
    """What the bar of a day needs: of one result. hours : (s,) of the suns, as clock or solar time."""

    result: str
    obstacles: Obstacles
    suns: sun.SunPath
    hours: Any


reading: list[Reading] = []
_day: list[_Day] = []


def value_words(note: dict[str, Any], value: float) -> str:
    """A value with its unit; where it has none, the words of its class."""
    scale = note["classes"]
    if note["unit"] == "Uhr":
        return sentences.labelled(f"{sun.time_words(value)} Uhr")
    if note["unit"]:
        return sentences.labelled(f"{number(value, 1)} {note['unit']}")
    classes = Classes(tuple(scale["edges"]), tuple(scale["colours"]), tuple(scale["labels"]))
    return sentences.labelled(str(scale["labels"][int(classes.index(np.array([value]))[0])]))


def mark_words(marks: dict[str, Any], mark: int) -> list[str]:
    """The name of a point or line, and what else is said of it."""
    said = zip(marks["heads"], marks["table"][mark], strict=True)
    return [marks["names"][mark], *(f"{sentences.labelled(head)}: {sentences.labelled(words)}" for head, words in said if words)]


def read(scene: Any, found: Any, x: int, y: int) -> Reading | None:
    """What a face that was hit says; None where it says nothing. found : as `view.under_mouse` gives it."""
    if found is None:
        return None
    thing, face, place = found
    note = notes.get(thing)
    if note is None or note.get("kind") != "result":
        return None
    value = view.face_value(thing, face, "value")
    if not view.face_value(thing, face, "valid"):
        return None
    lines = []
    building = view.face_value(thing, face, "building")
    building = None if building == NO_BUILDING else building
    site = document.loaded_site(scene)
    if building is not None and site is not None:
        collection = sync.collection_of(scene, note["variant"])
        names = [notes.get(one)["name"] or notes.get(one)["id"] for one in sync.blocks(collection)] if collection is not None else []  # type: ignore[index]
        lines.append(site.city.building_id[building] if building >= 0 else names[-1 - building] if -1 - building < len(names) else "")
    mark = view.face_value(thing, face, "mark")
    if mark is not None and "marks" in note:
        lines += mark_words(note["marks"], mark)
    at = document.origin(scene).to_world(np.array([[place.x, place.y, place.z]]))[0]
    lines.append(sentences.labelled(f"E {number(at[0], 1)} · N {number(at[1], 1)} · {number(at[2], 1)} m"))
    normal = thing.data.polygons[face].normal if building is not None else None
    return Reading(x, y, value_words(note, value), lines, _bar(note, place, normal))


def _bar(note: dict[str, Any], place: Any, normal: Any) -> list[tuple[float, float, bool]] | None:
    if not _day or _day[0].result != note["name"]:
        return None
    day = _day[0]
    point = np.array([[place.x, place.y, place.z]])
    facing = np.array([normal]) if normal is not None else None
    start = point + visibility.OFFSET * facing if facing is not None else point
    free = ~day.obstacles.rays.blocked(np.repeat(start, len(day.suns), axis=0), day.suns.directions)
    if facing is not None:
        free &= day.suns.directions @ facing[0] > visibility.GRAZING
    half = day.suns.step_hours / 2
    return [(hour - half, hour + half, bool(lit)) for hour, lit in zip(day.hours.tolist(), free.tolist(), strict=True)]


def prepare_day(folder: Path, name: str, variant: Any, progress: Progress) -> _Day | None:
    """What the bar needs, in a thread; None for a result without a day."""
    progress(0.1, "preparing")
    result = store.load_result(folder / "results" / f"{name}.npz")
    settings = result.settings
    if "date" not in settings or "basis" not in settings:
        return None
    site = imported.site_in(folder)
    obstacles = Obstacles.of(apply(site, variant))
    basis, zone = settings["basis"], settings["time_zone"]
    date = sun.day(settings["date"])
    suns = sun.sun_path(site.origin, date, time_zone=zone, basis=basis)
    return _Day(name, obstacles, suns, sun.clock_hours(site.origin, date, suns.times, time_zone=zone, basis=basis))


def keep_day(name: str, obstacles: Obstacles, suns: sun.SunPath, hours: Any) -> None:
    """What the bar needs of a result that is in no file. hours (s,) of the suns."""
    _day[:] = [_Day(name, obstacles, suns, hours)]


class JENA_OT_probe(bpy.types.Operator):
    """Move the mouse over the result and read its value, the building and the sun of that day; Esc or a right click ends it"""

    bl_idname = "jena.probe"
    bl_label = "Read Values"
    panel = "results"
    failed: bool

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and results.shown(context.scene) is not None

    def invoke(self, context: Any, _event: Any) -> set[str]:
        scene = context.scene
        with errors.reported(self):
            note = notes.get(results.shown(scene))
            assert note is not None
            name, folder = note["name"], document.folder(scene)
            if not _day or _day[0].result != name:
                collection = sync.collection_of(scene, note["variant"])
                variant = sync.variant_of(collection) if collection is not None else NULL_VARIANT

                def done(_scene: Any, day: _Day | None) -> None:
                    _day[:] = [day] if day is not None else []

                def work(progress: Progress) -> _Day | None:
                    return prepare_day(folder, name, variant, progress)

                jobs.start(jobs.Job("Read values", scene.name, work, done, self.panel))
        if self.failed:
            return {"CANCELLED"}
        context.window_manager.modal_handler_add(self)
        context.window.cursor_modal_set("EYEDROPPER")
        context.workspace.status_text_set(bpy.app.translations.pgettext_iface("Move: read values    Esc or right click: end"))
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        if event.type in {"ESC", "RIGHTMOUSE"} or results.shown(context.scene) is None:
            reading.clear()
            context.window.cursor_modal_restore()
            context.workspace.status_text_set(None)
            self._redraw(context)
            return {"FINISHED"}
        if event.type == "MOUSEMOVE":
            found = _view_at(event)
            reading.clear()
            if found is not None:
                area, region, x, y = found
                with context.temp_override(area=area, region=region, space_data=area.spaces.active):
                    said = read(context.scene, view.hit(bpy.context, x, y), x, y)
                reading[:] = [said] if said is not None else []
            self._redraw(context)
        return {"PASS_THROUGH"}

    def _redraw(self, context: Any) -> None:
        for area, _ in view.views(context.scene):
            area.tag_redraw()


def _view_at(event: Any) -> Any:
    """The 3D view's area and region under the mouse, with the place in it."""
    for area in bpy.context.screen.areas:
        if area.type == "VIEW_3D":
            for region in area.regions:
                x, y = event.mouse_x - region.x, event.mouse_y - region.y
                if region.type == "WINDOW" and 0 <= x < region.width and 0 <= y < region.height:
                    return area, region, x, y
    return None


def forget() -> None:
    """Let go of what the bar keeps in memory."""
    _day.clear()
    reading.clear()


CLASSES = (JENA_OT_probe,)
