"""About how long an analysis of the sun will take, before it is begun: by the number of rays, and by what earlier runs took."""

from __future__ import annotations

import weakref

import numpy as np

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from .measuring import Placed, area_of

RATE = 5e6  # rays a second where nothing was learnt yet, two threads
SENSOR = 1.5e-5  # seconds that a sensor takes besides: placed, written to files
BUILDING = 1e-6  # seconds for each triangle, to be made ready for rays
_learnt = [1.0]
_surfaces: dict[int, tuple[weakref.ref[Site], FloatArray]] = {}


def seconds(site: Site, settings: Placed) -> float | None:
    """Estimate for one variant; None for what is not counted in suns, or where nothing can be computed."""
    if settings.suns is None or site.terrain is None:
        return None
    try:
        west, south, east, north = area_of(site, settings)
    except InputProblem:
        return None
    ground = (east - west) * (north - south) / settings.step**2 if settings.ground else 0.0
    x, y, size = _surfaces_of(site)
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    faces = float(size[inside].sum()) / settings.cell**2 if settings.faces else 0.0
    rays = (ground + faces / 2) * settings.suns  # half of the faces turn away from the sun
    triangles = len(site.city.triangles) + len(site.ground_mesh[1])
    return float((rays / RATE + (ground + faces) * SENSOR + triangles * BUILDING) * _learnt[0])


def learn(estimated: float, taken: float) -> None:
    """Keep in mind how far an estimate was off, both in seconds."""
    if estimated > 0 and taken > 0.5:
        _learnt[0] = float(np.clip(_learnt[0] * (taken / estimated) ** 0.5, 0.05, 20))


def words(seconds_: float) -> str:
    """As people say it: 4 s, 3 min, 2 h."""
    if seconds_ < 90:
        return f"{max(round(seconds_), 1)} s"
    return f"{round(seconds_ / 60)} min" if seconds_ < 5400 else f"{round(seconds_ / 3600)} h"


def _surfaces_of(site: Site) -> FloatArray:
    """(3, t) middle and area of each triangle of the town, m²; remembered as long as the site lives."""
    known = _surfaces.get(id(site))
    if known is not None and known[0]() is site:
        return known[1]
    city = site.city
    a, b, c = (city.points[city.triangles[:, k]] for k in range(3))
    size = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    found: FloatArray = np.stack([*((a + b + c)[:, :2].T / 3), size])
    _surfaces.clear()
    _surfaces[id(site)] = (weakref.ref(site), found)
    return found
