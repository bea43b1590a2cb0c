"""Named cameras of a project, which pictures are taken from: of sight lines, around a body, along a line; whether one stands in a solid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field, model_validator

from .applied import Applied
from .arrays import FloatArray
from .site import Site
from .viewing import EYE, Axis, Landmark, Name, Place, Viewpoint

STEEP = 0.2  # rise of a line of sight from which a camera looks up at its target; below it stays level, so that verticals stay upright
AROUND = ("Nordosten", "Südosten", "Südwesten", "Nordwesten")
_DOWN = 32.0  # degrees that a camera around a body looks down


class NamedCamera(BaseModel):
    """A place to take pictures from. What it stands on may change: heights are above the ground."""

    model_config = ConfigDict(extra="forbid")
    name: Name = Field(min_length=1)
    at: Place
    """where the eye is, in the project's CRS."""
    eye: float = Field(default=EYE, ge=0.1, le=20_000)
    """metres of the eye above the ground."""
    to: Place
    """what is looked at, in the project's CRS."""
    target: float | None = Field(default=None, ge=-5000, le=20_000)
    """metres above the ground there; missing: the camera looks level, and verticals stay upright."""
    focal_length: float = Field(default=28.0, ge=8, le=400)
    """millimetres, of a picture 36 mm wide."""

    @model_validator(mode="after")
    def _looks_somewhere(self) -> NamedCamera:
        if np.hypot(*np.subtract(self.at, self.to)) < 0.1:
            raise ValueError("at and to are the same place")
        return self


def ground(site: Site, place: FloatArray) -> float:
    """Height of the ground at a place (2,), metres; where there is none, the middle height of the town."""
    height = float(site.terrain.height_at(place[None])[0]) if site.terrain is not None else math.nan
    if math.isfinite(height):
        return height
    return float(np.median(site.city.points[:, 2])) if len(site.city.points) else 0.0


def eye_and_target(camera: NamedCamera, site: Site) -> tuple[FloatArray, FloatArray]:
    """The two ends (3,) of a camera's line of sight, scene coordinates."""
    at, to = (np.asarray(site.origin.to_local(np.array(place, float)), float) for place in (camera.at, camera.to))
    eye = np.array([*at, ground(site, at) + camera.eye])
    return eye, np.array([*to, eye[2] if camera.target is None else ground(site, to) + camera.target])


def of_axis(axis: Axis) -> dict[str, Any]:
    """The camera at the start of a sight line, looking along it."""
    assert axis.start is not None and axis.end is not None
    rise = (axis.target - axis.eye) / float(np.hypot(*np.subtract(axis.end, axis.start)))
    target = axis.target if abs(rise) > STEEP else None
    return {"name": axis.name, "at": axis.start, "eye": max(axis.eye, 0.1), "to": axis.end, "target": target}


def of_sight(viewpoint: Viewpoint, landmark: Landmark, to: Place, height: float) -> dict[str, Any]:
    """The camera of a viewpoint (a point), looking at a landmark that is `height` metres high at `to`."""
    assert viewpoint.at is not None
    name = f"{viewpoint.name} – {landmark.name}"
    return of_axis(Axis(name=name, start=viewpoint.at, end=to, eye=viewpoint.eye, target=height))


def around(shape: Any, height: float, name: str) -> list[dict[str, Any]]:
    """Four cameras about a body, that see all of it from above. shape : its outline in the project's CRS. height : metres."""
    middle = np.array(shape.centroid.coords[0])
    radius = max(math.hypot(shapely.minimum_bounding_radius(shape), height / 2), 5.0)
    away = 3.2 * radius
    made = []
    for number, word in enumerate(AROUND):
        azimuth = math.radians(45.0 + 90.0 * number)
        at = middle + away * np.array([math.sin(azimuth), math.cos(azimuth)])
        made.append(
            {
                "name": f"{name}, von {word}",
                "at": _rounded(at),
                "eye": round(height / 2 + away * math.tan(math.radians(_DOWN)), 2),
                "to": _rounded(middle),
                "target": round(height / 2, 2),
                "focal_length": 45.0,
            }
        )
    return made


def along(path: Sequence[Place], spacing: float, name: str) -> list[dict[str, Any]]:
    """Cameras at eye height every `spacing` metres of a line, each looking on along it. Ends at most 5 m before the line does."""
    line = shapely.LineString(path)
    places = np.arange(0.0, max(line.length - 5.0, 0.1), spacing)
    made = []
    for number, at in enumerate(places, 1):
        here, ahead = (np.array(line.interpolate(where).coords[0]) for where in (at, min(at + 15.0, line.length)))
        made.append({"name": f"{name} {number}", "at": _rounded(here), "to": _rounded(ahead), "focal_length": 26.0})
    return made


def inside(applied: Applied, eye: FloatArray) -> str:
    """What a camera at a place (3,) stands in: the id of a building, the name of a block; "" in the open."""
    site, point = applied.site, shapely.Point(eye[:2])
    for row in site.footprint_tree.query(point, predicate="intersects").tolist():
        if applied.kept[row] and top(site, row) > eye[2]:
            return str(site.city.building_id[row])
    for block, solid in zip(applied.variant.blocks, applied.solids, strict=True):
        if block.footprint.intersects(point) and float(solid.vertices[:, 2].max()) > eye[2]:
            return block.name or block.id
    return ""


def top(site: Site, row: int) -> float:
    """Height of a building with its parts, metres."""
    city = site.city
    own = city.building_root[city.triangle_building] == city.building_root[row]
    return float(city.points[city.triangles[own]][..., 2].max()) if own.any() else -math.inf


def _rounded(place: FloatArray) -> Place:
    return round(float(place[0]), 2), round(float(place[1]), 2)
