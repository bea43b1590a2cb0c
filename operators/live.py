"""Hours of sun that follow the blocks: while it is on, whatever moves is traced anew in a thread and shown as soon as it is there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any

import bpy
import numpy as np
from bpy.app.handlers import persistent

from ..analyses import sun
from ..analyses.live_sun import LiveSun
from ..analyses.registry import REGISTRY
from ..jena_city import imported, store
from ..jena_city.applied import NO_BUILDING
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.result import Result
from ..jena_city.variant import NULL_VARIANT, Variant
from ..scene import builder, document, handlers, meshes, notes, properties, shapes, sync
from . import base, jobs, probe, results, variants

EVERY = 0.05  # seconds between looks at the thread
NAME = "live-sun"


@dataclass
class _Live:
    """ground : the faces that lie on the ground, with the numbers of the cells they show as values. asked : hash of the variant that is
    shown or being computed. found : of the ground, and the mesh with façades and roofs, None without those."""

    scene: str
    sun: LiveSun
    ground: shapes.Shape
    cells: Any
    asked: str = ""
    thread: threading.Thread | None = None
    found: tuple[Result, shapes.Shape | None] | None = None


_live: list[_Live] = []


def on(scene: Any) -> bool:
    """Whether hours of sun follow the blocks of a scene."""
    return bool(_live) and _live[0].scene == scene.name


def forget() -> None:
    """Follow no more."""
    _live.clear()


def _variant(scene: Any) -> Variant:
    collection = sync.collection_of(scene, variants.shown(scene))
    return sync.variant_of(collection) if collection is not None else NULL_VARIANT


@persistent
def follow(scene: Any) -> None:
    """Ask for the shown variant as it is now, unless it is what is shown; what is still being computed is finished first."""
    if not on(scene):
        return
    live = _live[0]
    if thing(scene) is None:  # it was removed, or undone
        forget()
        return
    try:
        variant = _variant(scene)
        key = f"{variant.id} {store.variant_hash(variant)}"
    except InputProblem:  # a block is just being drawn
        return
    if key == live.asked or live.thread is not None:
        return
    live.asked = key

    def work() -> None:
        try:
            found, faces = live.sun.of(variant), live.sun.on_faces()
            live.found = found, None if faces is None else _with_faces(live, found, faces)
        except InputProblem:  # said by the block itself
            live.found = None

    if bpy.app.background:
        work()
        _take(live)
        return
    live.thread = threading.Thread(target=work, name="jena-planner live sun", daemon=True)
    live.thread.start()
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=EVERY)


def _with_faces(live: _Live, found: Result, faces: Result) -> shapes.Shape:
    """Ground, façades and roofs as one mesh."""
    values = found.values[live.cells]
    attributes = tuple(replace(one, values=values) if one.name == "value" else one for one in live.ground.attributes)
    ground = replace(live.ground, slots=found.classes.index(values).astype(np.int32), attributes=attributes)
    vars(ground)["edges"] = live.ground.edges
    return shapes.joined(ground, shapes.of_result(faces, live.sun.site), NO_BUILDING)


def _tick() -> float | None:
    if not _live or _live[0].thread is None:
        return None
    live = _live[0]
    if live.thread is not None and live.thread.is_alive():
        return EVERY
    live.thread = None
    _take(live)
    scene = bpy.data.scenes.get(live.scene)
    if scene is not None:
        follow(scene)  # it may have moved on meanwhile
    return EVERY if live.thread is not None else None


def thing(scene: Any) -> Any:
    """The object that shows what follows; None where there is none."""
    return next((one for one in results.things(scene) if (notes.get(one) or {}).get("live")), None)


def _take(live: _Live) -> None:
    """New values into the object that is there: its faces on the ground stay."""
    scene = bpy.data.scenes.get(live.scene)
    made = thing(scene) if scene is not None else None
    if made is None or live.found is None:
        return
    result, shape = live.found
    mesh = made.data
    if shape is not None:
        meshes.fill_mesh(mesh, shape)
    else:
        values = result.values[live.cells]
        mesh.attributes["value"].data.foreach_set("value", values)
        mesh.polygons.foreach_set("material_index", result.classes.index(values).astype(np.int32))
    mesh.update()
    variant = result.variant
    inputs = {"site": (notes.get(scene) or {}).get("site", ""), "variant": live.asked.rpartition(" ")[2]}
    notes.put(made, name=f"{NAME}-ground-{variant}", variant=variant, inputs=inputs, stale=False)
    day, settings = live.sun.day, live.sun.settings
    path = day.path
    at = sun.clock_hours(document.origin(scene), settings.date, path.times, time_zone=settings.time_zone, basis=settings.basis)
    probe.keep_day(f"{NAME}-ground-{variant}", live.sun.town, path, at)


class JENA_OT_live_sun(base.InProject, bpy.types.Operator):
    """Let the hours of sun on ground, façades and roofs follow the blocks while they are moved and changed; press again to end it"""

    bl_idname = "jena.live_sun"
    bl_label = "Live Sun"
    bl_options = {"REGISTER"}
    panel = "analyses"

    def do(self, context: Any) -> None:
        scene = context.scene
        if on(scene):
            forget()
            return
        group = scene.jena_sun_hours
        model = REGISTRY["sun_hours"].settings
        asked = {field: getattr(group, field) for field in properties.shown_fields(model)}
        checked = model.model_validate({**asked, "time_zone": (notes.get(scene) or {})["time_zone"], "until": None})
        there, folder = sync.variants(scene), document.folder(scene)

        def work(progress: Progress) -> Any:
            site = imported.site_in(folder)
            live = LiveSun(site, checked, there, progress)  # type: ignore[arg-type]
            return live, live.empty, shapes.of_result(live.empty, site)

        jobs.start(jobs.Job("Live Sun", scene.name, work, begin, self.panel))


def begin(scene: Any, ready: tuple[LiveSun, Result, shapes.Shape]) -> None:
    """Show what follows from now on."""
    forget()
    old = thing(scene)
    if old is not None:
        bpy.data.meshes.remove(old.data)
    live, empty, shape = ready
    cells = next(one.values for one in shape.attributes if one.name == "value").astype(np.int64)
    variant = variants.shown(scene)
    made = builder.result_object(replace(empty, variant=variant), f"{NAME}-ground-{variant}", shape)
    notes.put(made, live=True)
    _live[:] = [_Live(scene.name, live, shape, cells)]
    follow(scene)
    results.show(scene, notes.get(made)["name"])  # type: ignore[index]


CLASSES = (JENA_OT_live_sun,)


def register(registry: Any) -> None:
    """Whenever blocks have changed, or another file is opened."""
    registry.handler(handlers.settled, follow)
    registry.handler(handlers.opened, forget)
    registry.on_undo(forget)
    registry.on_undo(lambda: bpy.app.timers.unregister(_tick) if bpy.app.timers.is_registered(_tick) else None)
