"""The Spielraum-Körper raised over its ground: planes that rise from the sides, cut off where heights end, closed by walls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from .arrays import FloatArray, IntArray
from .envelope_sides import LIMITS, Limit, Side, beyond

GRID = 1e-4  # metres to which corners are rounded
SMALLEST = 1.0  # m², below which a piece of ground bears no body


@dataclass(frozen=True)
class Region:
    """Where one cap holds. lines : (shape, limit) that a wall on them is named by. cap : metres in the height system."""

    shape: Any
    cap: float
    cap_limit: Limit
    lines: list[tuple[Any, Limit]]


@dataclass
class Mesh:
    """A body while it grows, region by region."""

    vertices: list[FloatArray] = field(default_factory=list)
    triangles: list[IntArray] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)

    def add(self, vertices: FloatArray, triangles: IntArray, limits: Sequence[int]) -> None:
        """Vertices (V, 3) and triangles (T, 3) of one piece, and the index into LIMITS of each triangle."""
        self.triangles.append(triangles + sum(map(len, self.vertices)))
        self.vertices.append(vertices)
        self.limit += limits


def raise_over(
    mesh: Mesh, region: Region, sides: Sequence[Side], ground: FloatArray, bottom: float, steep: float, least: float
) -> list[Any]:
    """The body over one region, added to a mesh; returns the ground it stands on. steep : metres of height for each metre of distance."""
    cells: list[tuple[Any, Side, bool]] = []
    for side in sides:
        free = beyond(side.shape.intersection(region.shape), side.start + least * side.inward, side.inward)
        for low, shape in _parted(free, side, ground, steep, region.cap):
            cells += [(one, side, low) for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > 1e-3]
    if not cells or region.cap <= bottom + 0.5:
        return []
    lines = shapely.union_all([cell.boundary for cell, _, _ in cells], grid_size=GRID)
    tree = shapely.STRtree([cell for cell, _, _ in cells])
    stands = []
    pieces = [one for one in shapely.get_parts(shapely.polygonize([lines])) if one.area > 1e-4]
    owners = [_owner(piece, tree, cells) for piece in pieces]
    kept = [(piece, owner) for piece, owner in zip(pieces, owners, strict=True) if owner is not None]
    whole = shapely.coverage_union_all([piece for piece, _ in kept]) if kept else shapely.Polygon()
    for body in shapely.get_parts(whole):
        if body.area < SMALLEST:
            continue
        own = [(piece, cells[owner]) for piece, owner in kept if body.covers(piece.representative_point())]
        _add_body(mesh, own, region, ground, bottom, steep)
        stands.append(body)
    return stands


def _owner(piece: Any, tree: shapely.STRtree, cells: Sequence[tuple[Any, Side, bool]]) -> int | None:
    """The cell that a piece is of; None for a hole between cells."""
    point = piece.representative_point()
    near = tree.query(point.buffer(2 * GRID)).tolist()
    best = min(near, key=lambda k: cells[k][0].distance(point), default=None)
    return best if best is not None and cells[best][0].distance(point) < 2 * GRID else None


def _parted(free: Any, side: Side, ground: FloatArray, steep: float, cap: float) -> list[tuple[bool, Any]]:
    """A cell below its cap (limited by the side), and what is cut off by the cap."""
    if free.is_empty:
        return []
    if math.isinf(steep):
        return [(False, free)]
    # ground + steep · distance = cap is a straight line
    slope = ground[:2] + steep * side.inward
    length = float(np.hypot(*slope))
    offset = cap - ground[2] + steep * float(side.start @ side.inward)
    on_line, way = slope / length * (offset / length), slope / length
    return [(True, beyond(free, on_line, -way)), (False, beyond(free, on_line, way))]


def _add_body(
    mesh: Mesh, pieces: Sequence[tuple[Any, tuple[Any, Side, bool]]], region: Region, ground: FloatArray, bottom: float, steep: float
) -> None:
    names = list(LIMITS)
    number: dict[tuple[float, float], int] = {}
    tops: list[float] = []
    faces: list[tuple[int, int, int]] = []
    limits: list[int] = []

    def vertex(x: float, y: float, side: Side, low: bool) -> int:
        z = region.cap
        if low:
            z = min(z, float(ground[0] * x + ground[1] * y + ground[2] + steep * side.distance(np.array([x, y]))))
        index = number.setdefault((x, y), len(number))
        if index == len(tops):
            tops.append(z)
        else:
            tops[index] = min(tops[index], z)
        return index

    for piece, (_, side, low) in pieces:
        limit = names.index(side.limit if low else region.cap_limit)
        for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(piece)):
            corners = shapely.get_coordinates(shapely.geometry.polygon.orient(triangle, 1.0))[:3].tolist()
            faces.append(tuple(vertex(x, y, side, low) for x, y in corners))  # type: ignore[arg-type]
            limits.append(limit)
    flat = np.array(list(number), np.float64)
    count = len(flat)
    top = np.array(faces, np.int32)
    directed = {(int(a), int(b)) for face in top for a, b in zip(face, np.roll(face, -1), strict=True)}
    rim = [(a, b) for a, b in directed if (b, a) not in directed]
    walls: list[list[int]] = []
    wall_limits: list[int] = []
    for a, b in rim:
        middle = shapely.Point((flat[a] + flat[b]) / 2)
        walls += [[a, a + count, b], [b, a + count, b + count]]
        wall_limits += [names.index(_wall_limit(middle, region))] * 2
    vertices = np.concatenate([np.column_stack([flat, tops]), np.column_stack([flat, np.full(count, bottom)])])
    triangles = np.concatenate([top, top[:, ::-1] + count, np.array(walls, np.int32).reshape(-1, 3)])
    mesh.add(vertices, triangles, [*limits, *[names.index("ground")] * len(top), *wall_limits])


def _wall_limit(middle: Any, region: Region) -> Limit:
    """What a wall stands on: a line of plan or plot, else the least depth."""
    for line, limit in region.lines:
        if line.distance(middle) < 5 * GRID:
            return limit
    return "least"
