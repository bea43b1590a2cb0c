"""Houses as they are seen from afar: outlines raised to the middle height of the roof. Made without Blender, for a whole town at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.model import CityModel, Semantics
from ..jena_city.outlined import outlined
from ..jena_city.triangulate import triangulate

SIMPLER = 1.0  # metres that an outline may differ
STRAIGHT = 1e-4  # metres off the line between its neighbours below which a point is no corner


@dataclass(frozen=True)
class LightForms:
    """Closed bodies with vertical walls and level tops. vertices (V, 3); triangles (T, 3); building (T,) row in the CityModel whose body it
    is; semantics (T,) WALL, ROOF or GROUND. Triangles stand in the order of their buildings."""

    vertices: FloatArray
    triangles: IntArray
    building: IntArray
    semantics: npt.NDArray[np.uint8]


def light_forms(city: CityModel, footprints: npt.NDArray[np.object_]) -> LightForms:
    """Bodies of all buildings that cover some ground. footprints : of the city (`CityModel.footprints`). A body lies within the bounds of
    the building that it stands for."""
    shapes, foot, top = outlined(city, footprints)
    rows = np.flatnonzero([shape is not None and not shape.is_empty for shape in shapes])
    polygons, index = shapely.get_parts(shapely.simplify(shapes[rows], SIMPLER), return_index=True)
    areas = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(polygons)
    points, start, polygon_of, kept = _rings(shapely.orient_polygons(polygons[areas]))
    owner = rows[index[areas]][kept]
    count = np.diff(start)
    building = owner[np.repeat(polygon_of, count)]
    low, high = (np.column_stack([points, heights[building]]) for heights in (foot, top))
    caps, cap_polygon = triangulate(low * [1, 1, 0], start, polygon_of, np.tile([0.0, 0.0, 1.0], (len(owner), 1)))
    here = np.arange(len(points))
    onward = here + 1
    onward[start[1:] - 1] = start[:-1]
    above = len(points)
    sides = np.concatenate([np.column_stack([here, onward, onward + above]), np.column_stack([here, onward + above, here + above])])
    triangles = np.concatenate([sides, caps + above, caps[:, ::-1]])
    building = np.concatenate([building, building, owner[cap_polygon], owner[cap_polygon]])
    kinds = np.repeat([Semantics.WALL, Semantics.ROOF, Semantics.GROUND], [len(sides), len(caps), len(caps)])
    order = np.argsort(building, kind="stable")
    return LightForms(
        np.concatenate([low, high]), triangles[order].astype(np.int32), building[order].astype(np.int32), kinds[order].astype(np.uint8)
    )


def _rings(polygons: npt.NDArray[np.object_]) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """The rings of polygons as for `triangulate`, without closing points and points on a straight line, which a triangulation may leave
    out: points (P, 2), ring_start (R + 1,), for each ring the number of its polygon among the last, polygons that are left (N,)."""
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring_of[1:] != ring_of[:-1], np.ones(min(len(ring_of), 1), bool))
    points, ring_of = points[~last], ring_of[~last]
    start = np.searchsorted(ring_of, np.arange(len(rings) + 1))
    here = np.arange(len(points))
    before, after = here - 1, here + 1
    before[start[:-1]], after[start[1:] - 1] = start[1:] - 1, start[:-1]
    along, on = points[after] - points[before], points - points[before]
    away = np.abs(along[:, 0] * on[:, 1] - along[:, 1] * on[:, 0]) / np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    bend = away > STRAIGHT
    count = np.bincount(ring_of[bend], minlength=len(rings))
    outer = np.searchsorted(polygon_of, np.arange(len(polygons)))
    good = (count >= 3) & (count[outer] >= 3)[polygon_of]
    points = points[bend & good[ring_of]]
    kept, number = np.unique(polygon_of[good], return_inverse=True)
    return points, np.concatenate([[0], np.cumsum(count[good])]).astype(np.int32), number.reshape(-1).astype(np.int32), kept
