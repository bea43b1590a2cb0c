"""The outlines of houses as breaklines of the ground: cut out of it, with a level floor of its own under each house.

The ground outside stays as it is, up to the wall. It does not come through a floor, and no house floats: where the floor lies lower or
higher than the ground at the wall, an upright strip joins them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray, IntArray
from .model import CityModel, Semantics
from .triangulate import triangulate

BELOW = 0.02  # metres that a floor lies below the house's own ground surface, so that the two do not flicker
FARTHEST = 15.0  # metres: what lies farther from the ground is in another height system, or hangs in the air
_BESIDE = 0.002  # metres to the side of an edge, to see what is there
_SAME = 1e-4  # metres within which two corners are one
_GRID = 1e-5  # metres to which cuts are rounded
_LEAST = 1e-5  # m² of a piece of ground
_AT_ONCE = 200_000  # triangles
_SQUARE, _MOST_SQUARES = 4.0, 4_000_000  # metres of a side at least, and how many

Faces = tuple[FloatArray, IntArray, IntArray]
"""Vertices (V, 3), triangles (T, 3), and for each the triangle of the ground that it is of or belongs to."""


def floors(city: CityModel) -> tuple[npt.NDArray[np.object_], FloatArray]:
    """The outline of each building or part that covers ground, (n,) shapely geometries in scene coordinates, and (n,) the height of the
    lowest point of its ground surface (of one without any, its lowest point), metres."""
    rows = np.arange(len(city.building_id), dtype=np.int32)
    outlines = city.outlines(rows)
    count = np.diff(city.ring_start)
    of_point = np.repeat(city.surface_building[city.ring_surface], count)
    of_ground = np.repeat(city.surface_semantics[city.ring_surface] == Semantics.GROUND, count)
    lowest, own = np.full(len(rows), np.inf), np.full(len(rows), np.inf)
    np.minimum.at(lowest, of_point, city.points[:, 2])
    np.minimum.at(own, of_point[of_ground], city.points[of_ground, 2])
    there = np.array([shape is not None and not shape.is_empty for shape in outlines], bool)
    return outlines[there], np.where(np.isfinite(own), own, lowest)[there]


def cut(vertices: FloatArray, triangles: IntArray, outlines: npt.NDArray[np.object_], heights: FloatArray) -> Faces:
    """Ground (vertices and triangles, facing up) with houses cut out, their floors, and the strips between. outlines, heights : see
    `floors`; a house that touches no ground has no floor, nor has one that is more than FARTHEST off it."""
    triangle, house = _touching(vertices, triangles, outlines)
    number = np.bincount(house, minlength=len(outlines))
    ground = np.bincount(house, vertices[triangles[triangle], 2].mean(axis=1), len(outlines)) / np.maximum(number, 1)
    chosen = np.abs(heights - ground) <= FARTHEST
    if not chosen[house].any():
        return vertices, triangles, np.arange(len(triangles), dtype=np.int32)
    if not chosen[house].all():
        return cut(vertices, triangles, outlines[chosen], heights[chosen])
    touched = np.unique(triangle)
    untouched = np.ones(len(triangles), bool)
    untouched[touched] = False
    pieces, source = _outside(vertices, triangles, outlines, triangle, house)
    land, faces, of_face = _ground(vertices, triangles, touched, pieces, source)
    strips, upright, of_strip = _strips(vertices, triangles, pieces, source, outlines, heights)
    which, first = np.unique(house, return_index=True)
    levels, level, of_level = _level(outlines[which], heights[which], triangle[first])
    return (
        np.concatenate([land, strips, levels]),
        np.concatenate([triangles[untouched], faces, upright + len(land), level + len(land) + len(strips)]).astype(np.int32),
        np.concatenate([np.flatnonzero(untouched), of_face, of_strip, of_level]).astype(np.int32),
    )


def _polygons(vertices: FloatArray, triangles: IntArray) -> Any:
    return shapely.polygons(vertices[triangles[:, [0, 1, 2, 0]], :2])


def _touching(vertices: FloatArray, triangles: IntArray, outlines: Any) -> tuple[IntArray, IntArray]:
    """Each triangle with each house that it touches: their numbers, in the triangles' order."""
    if not len(outlines):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    tree = shapely.STRtree(outlines)
    looked_up = _Occupied(shapely.bounds(outlines))
    found = []
    for begin in range(0, len(triangles), _AT_ONCE):
        a, b, c = (vertices[triangles[begin : begin + _AT_ONCE, k], :2] for k in range(3))
        near = np.flatnonzero(looked_up.any(np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)))
        which, house = tree.query(_polygons(vertices, triangles[begin + near]), predicate="intersects")
        found.append(np.stack([begin + near[which], house]))
    triangle, house = np.concatenate(found, axis=1)
    order = np.argsort(triangle, kind="stable")
    return triangle[order], house[order]


class _Occupied:
    """Where there are houses, in squares: most triangles of a ground are told to be far from any without a polygon being made of them."""

    def __init__(self, boxes: FloatArray) -> None:
        """boxes (n, 4) : of the houses."""
        self.low = boxes[:, :2].min(axis=0)
        extent = boxes[:, 2:].max(axis=0) - self.low
        self.size = max(_SQUARE, float(np.sqrt(extent.prod() / _MOST_SQUARES)))
        self.last = (extent / self.size).astype(np.int64)
        occupied = np.zeros(self.last + 1, np.int32)
        for west, south, east, north in ((boxes - np.tile(self.low, 2)) / self.size).astype(np.int64):
            occupied[west : east + 1, south : north + 1] = 1
        self.sums = np.pad(occupied.cumsum(axis=0, dtype=np.int64).cumsum(axis=1), ((1, 0), (1, 0)))

    def any(self, low: FloatArray, high: FloatArray) -> npt.NDArray[np.bool_]:
        """(n,) whether boxes, from low (n, 2) to high (n, 2), reach into a square with a house."""
        first = np.clip(np.floor((low - self.low) / self.size).astype(np.int64), 0, self.last + 1)
        beyond = np.clip(np.floor((high - self.low) / self.size).astype(np.int64), -1, self.last) + 1
        (a, b), (c, d) = first.T, np.maximum(beyond, first).T
        return np.asarray(self.sums[c, d] - self.sums[a, d] - self.sums[c, b] + self.sums[a, b] > 0)


def _outside(vertices: FloatArray, triangles: IntArray, outlines: Any, triangle: IntArray, house: IntArray) -> tuple[Any, IntArray]:
    """What is left of triangles outside the houses that they touch, as polygons, and the triangle of each."""
    touched, first, number = np.unique(triangle, return_index=True, return_inverse=True)
    rest = _polygons(vertices, triangles[touched])
    shapely.prepare(outlines)
    rest[number[shapely.covers(outlines[house], rest[number])]] = None
    turn = np.arange(len(triangle)) - first[number]
    for one in range(int(turn.max()) + 1):
        now = np.flatnonzero(turn == one)
        now = now[rest[number[now]] != None]  # noqa: E711 - of each of them
        rest[number[now]] = shapely.difference(rest[number[now]], outlines[house[now]], grid_size=_GRID)
    pieces, of = shapely.get_parts(rest[rest != None], return_index=True)  # noqa: E711
    kept = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > _LEAST)
    return shapely.orient_polygons(pieces[kept]), touched[rest != None][of[kept]]  # noqa: E711


def _on_planes(vertices: FloatArray, triangles: IntArray, xy: FloatArray) -> FloatArray:
    """Points (n, 3): xy (n, 2) on the planes of triangles (n, 3)."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    ab, ac, ap = b - a, c - a, xy - a[:, :2]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    u = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
    v = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
    return np.column_stack([xy, a[:, 2] + u * ab[:, 2] + v * ac[:, 2]])


def _flat(shapes: Any) -> tuple[FloatArray, IntArray]:
    """Corners (n, 3, 2) of triangles that fill polygons, facing up, and the shape of each."""
    polygons, shape = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True)  # the first point once more
    xy, ring = xy[~last], ring[~last]
    start = np.concatenate([[0], np.cumsum(np.bincount(ring, minlength=len(rings)))]).astype(np.int32)
    upward = np.tile([0.0, 0.0, 1.0], (len(polygons), 1))
    triangles, of = triangulate(np.column_stack([xy, np.zeros(len(xy))]), start, polygon.astype(np.int32), upward)
    return xy[triangles], shape[of]


def _ground(vertices: FloatArray, triangles: IntArray, touched: IntArray, pieces: Any, source: IntArray) -> Faces:
    """The pieces as triangles that share their corners with each other and with the ground around them."""
    corners, piece = _flat(pieces)
    xy, of = corners.reshape(-1, 2), source[piece]
    points = _on_planes(vertices, triangles[np.repeat(of, 3)], xy)
    known = np.unique(triangles[touched])
    places = np.concatenate([vertices[known, :2], xy])
    keys = np.round((places - places[0]) / _SAME).astype(np.int64)  # from a corner of the ground: its others are whole steps from there
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    new = first >= len(known)
    numbers = np.empty(len(first), np.int64)
    numbers[~new] = known[first[~new]]
    numbers[new] = len(vertices) + np.arange(np.count_nonzero(new))
    faces = numbers[number.reshape(-1)[len(known) :]].reshape(-1, 3)
    return np.concatenate([vertices, points[first[new] - len(known)]]), faces, of


def _strips(vertices: FloatArray, triangles: IntArray, pieces: Any, source: IntArray, outlines: Any, heights: FloatArray) -> Faces:
    """Upright faces along the edges that pieces of ground have against a house, between the ground there and the house's floor."""
    rings, piece = shapely.get_rings(pieces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    of = source[piece[ring[begin]]]
    along = xy[begin + 1] - xy[begin]
    right = np.column_stack([along[:, 1], -along[:, 0]]) / np.maximum(np.linalg.norm(along, axis=1), 1e-12)[:, None]
    beside = (xy[begin] + xy[begin + 1]) / 2 + _BESIDE * right
    edge, house = shapely.STRtree(outlines).query(shapely.points(beside), predicate="intersects")
    edge, first = np.unique(edge, return_index=True)
    foot = heights[house[first]]
    a, b = (_on_planes(vertices, triangles[of[edge]], xy[begin[edge] + k]) for k in range(2))
    # From the floor up to higher ground; up from lower ground to the walls' feet, which are a little higher than the floor.
    at_a, at_b = (np.column_stack([end[:, :2], np.where(end[:, 2] < foot, foot, foot - BELOW)]) for end in (a, b))
    corners = np.stack([b, a, at_a, at_b], axis=1).reshape(-1, 3)
    quad = 4 * np.arange(len(edge))[:, None]
    return corners, np.concatenate([quad + [0, 1, 2], quad + [0, 2, 3]]), np.tile(of[edge], 2)


def _level(outlines: Any, heights: FloatArray, belongs: IntArray) -> Faces:
    """The floors of houses."""
    corners, house = _flat(outlines)
    points = np.column_stack([corners.reshape(-1, 2), np.repeat(heights[house] - BELOW, 3)])
    return points, np.arange(len(points)).reshape(-1, 3), belongs[house]
