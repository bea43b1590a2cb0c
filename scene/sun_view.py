"""The sun in the viewport: lamp, and the light of solid shading, from date and time. Cheap enough for a slider."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import bpy
from mathutils import Vector

from ..analyses import sun
from ..jena_city.lettering import number
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem
from . import notes
from .render import SUN_DISC

LAMP = "Sonne"


@lru_cache(maxsize=8)
def _origin(crs: str, easting: int, northing: int) -> Origin:
    return Origin(crs, easting, northing)


def apply(scene: Any) -> None:
    """Light the scene as its panel says; the words beside the slider say where the sun stands, or why it does not shine."""
    settings = scene.jena
    note = notes.get(scene)
    if note is None:
        return
    at = note["origin"]
    hours = settings.time
    clock = f"{int(round(hours * 60) // 60):02d}:{int(round(hours * 60) % 60):02d}"
    try:
        moment = sun.moment(
            _origin(at["crs"], at["easting"], at["northing"]),
            sun.day(settings.date),
            clock,
            time_zone=note["time_zone"],
            basis=settings.basis,
        )
    except InputProblem as problem:
        settings.sun_words = f"{problem.what}. {problem.what_to_do}."
        return
    shines = len(moment) > 0
    time = moment.label.partition(", ")[2]  # the day stands in a field of its own
    settings.sun_words = (
        f"{time} · {number(float(moment.elevation[0]), 1)}° · {number(float(moment.azimuth[0]))}°" if shines else f"{time} · −"
    )
    lamp = bpy.data.objects.get(LAMP)
    if lamp is None:
        data = bpy.data.lights.new(LAMP, "SUN")
        data.angle = SUN_DISC
        data.energy = 3.0
        lamp = bpy.data.objects.new(LAMP, data)
        scene.collection.objects.link(lamp)
    if lamp.hide_viewport == shines:
        lamp.hide_viewport = not shines
    if shines:
        direction = Vector(moment.directions[0])
        lamp.rotation_euler = direction.to_track_quat("Z", "Y").to_euler()
        # Solid shading has axes of its own for this one setting (found by trying, as it is not written anywhere).
        scene.display.light_direction = (direction.x, direction.z, -direction.y)
    scene.display.shadow_focus, scene.display.shadow_shift = 0.0, 0.05
    shadows(scene, settings.show_sun and shines)


def shadows(scene: Any, wanted: bool) -> None:
    """Cast shadows in the solid shading of all views of a scene, or none."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D" and window.scene == scene:
                shading = area.spaces.active.shading
                if shading.show_shadows != wanted:
                    shading.show_shadows, shading.shadow_intensity = wanted, 0.4
