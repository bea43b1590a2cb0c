"""Buildings roughly: outlines of whole ones, or of their parts where those are of very different height, with one height each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .arrays import FloatArray, IntArray
from .model import CityModel, Semantics
from .triangulate import triangle_normals

STEPPED = 5.0  # metres: parts whose heights differ by more stand for themselves, else a church would lose its tower


def outlined(city: CityModel, footprints: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], FloatArray, FloatArray]:
    """(B,) outlines, lowest points and heights: of whole buildings, or of each part where those are of very different height."""
    root, number = city.building_root, len(city.building_id)
    own = np.arange(number, dtype=np.int32)
    foot, top = _heights(city, own)
    filled = np.isfinite(foot)
    least, most = np.full(number, np.inf), np.full(number, -np.inf)
    np.minimum.at(least, root[filled], top[filled])
    np.maximum.at(most, root[filled], top[filled])
    stepped = (most - least > STEPPED)[root]
    shapes = np.where(stepped, city.outlines(np.where(stepped, own, -1)), footprints)
    foot_of_whole, top_of_whole = _heights(city, root)
    return shapes, np.where(stepped, foot, foot_of_whole), np.where(stepped, top, top_of_whole)


def _heights(city: CityModel, owner: IntArray) -> tuple[FloatArray, FloatArray]:
    """(B,) lowest point and middle height of the roof (where there is none, the highest point) of all rows with the same owner (B,)."""
    number = len(owner)
    of_point = owner[np.repeat(city.surface_building[city.ring_surface], np.diff(city.ring_start))]
    foot, highest = np.full(number, np.inf), np.full(number, -np.inf)
    np.minimum.at(foot, of_point, city.points[:, 2])
    np.maximum.at(highest, of_point, city.points[:, 2])
    roof = city.surface_semantics[city.triangle_surface] == Semantics.ROOF
    corners, of_roof = city.triangles[roof], owner[city.triangle_building[roof]]
    area = np.abs(triangle_normals(city.points, corners)[:, 2])
    total = np.bincount(of_roof, area, minlength=number)
    weighted = np.bincount(of_roof, area * city.points[corners, 2].mean(axis=1), minlength=number)
    level = total > 1e-3
    return foot, np.clip(np.where(level, weighted / np.where(level, total, 1.0), highest), foot, highest)
