"""Planar polygons with holes, anywhere in space, cut into triangles in their own plane. All polygons of a town at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import mapbox_earcut
import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray, IntArray

_BLOCK = 100_000  # points worked on at a time: what is needed in between takes ten times their memory
_ASTRAY = 1e-6  # share of a polygon's area by which that of its triangles may be off


def ring_normals(points: FloatArray, ring_start: IntArray) -> FloatArray:
    """Newell normal of each ring, (R, 3); its length is the ring's area. Rings must not be empty."""
    if len(ring_start) < 2:
        return np.zeros((0, 3))
    ring = np.arange(len(ring_start) - 1)
    blocks = [
        _ring_normals(points[ring_start[rings.start] : ring_start[rings.stop]], ring_start[rings.start : rings.stop + 1])
        for rings in _blocks(ring_start, ring)
    ]
    return np.concatenate(blocks)


def _blocks(ring_start: IntArray, owner: IntArray) -> Iterator[slice]:
    """Slices of rings with about as many points as are worked on at a time; rings of one owner (R,), ascending, stay together."""
    first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    block = ring_start[first] // _BLOCK
    cuts = first[np.concatenate([[True], block[1:] != block[:-1]])]
    yield from (slice(int(a), int(b)) for a, b in zip(cuts, [*cuts[1:], len(owner)], strict=True))


def _ring_normals(points: FloatArray, ring_start: IntArray) -> FloatArray:
    ring_start = ring_start - ring_start[0]
    starts = ring_start[:-1]
    # Coordinates relative to each ring's first point: products of large numbers would cost precision.
    local = points - np.repeat(points[starts], np.diff(ring_start), axis=0)
    following = np.roll(local, -1, axis=0)
    following[ring_start[1:] - 1] = local[starts]
    return np.asarray(np.add.reduceat(np.cross(local, following), starts, axis=0)) / 2.0


def plane_axes(normals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit axes (n, 3) in the planes of unit normals, right-handed: u × v = normal. u is horizontal wherever it can be."""
    u = np.stack([-normals[:, 1], normals[:, 0], np.zeros(len(normals))], axis=1)
    length = np.linalg.norm(u, axis=1)
    flat = length < 1e-9
    u[flat] = (1.0, 0.0, 0.0)
    u /= np.where(flat, 1.0, length)[:, None]
    return u, np.cross(normals, u)


def triangulate(points: FloatArray, ring_start: IntArray, ring_surface: IntArray, normals: FloatArray) -> tuple[IntArray, IntArray]:
    """Triangles of all surfaces.

    points (P, 3), ring_start (R + 1,), ring_surface (R,) ascending from 0, normals (S, 3) unit: as in CityModel.
    Returns (triangles (T, 3) indices into points, counter-clockwise about the normal; triangle_surface (T,)), in the order
    of surfaces. Convex polygons become fans, all others go through earcut in their plane,
    and where that fails through a constrained Delaunay triangulation.
    """
    if not len(ring_surface):
        return np.zeros((0, 3), np.int32), np.zeros(0, np.int32)
    triangles, owners = [], []
    for rings in _blocks(ring_start, ring_surface):
        begin, end = ring_start[rings.start], ring_start[rings.stop]
        surfaces = slice(ring_surface[rings.start], ring_surface[rings.stop - 1] + 1)
        found, owner = _triangulated(
            points[begin:end], ring_start[rings.start : rings.stop + 1] - begin, ring_surface[rings] - surfaces.start, normals[surfaces]
        )
        triangles.append((found + begin).astype(np.int32))
        owners.append((owner + surfaces.start).astype(np.int32))
    return np.concatenate(triangles), np.concatenate(owners)


def _triangulated(
    points: FloatArray, ring_start: IntArray, ring_surface: IntArray, normals: FloatArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    count = np.diff(ring_start)
    rings_of = np.bincount(ring_surface, minlength=len(normals))
    first_ring = np.concatenate([[0], np.cumsum(rings_of)[:-1]]).astype(np.int64)
    u, v = plane_axes(normals)
    point_ring = np.repeat(np.arange(len(count)), count)
    point_surface = ring_surface[point_ring]
    local = points - points[ring_start[first_ring]][point_surface]
    flat = np.stack([np.einsum("ij,ij->i", local, u[point_surface]), np.einsum("ij,ij->i", local, v[point_surface])], axis=1)

    ends = ring_start[1:] - 1
    edge = np.roll(flat, -1, axis=0) - flat
    edge[ends] = flat[ring_start[:-1]] - flat[ends]
    before = np.roll(edge, 1, axis=0)
    before[ring_start[:-1]] = edge[ends]
    turn = before[:, 0] * edge[:, 1] - before[:, 1] * edge[:, 0]
    # One full turn in all, with no bend to the right: convex. A star would turn more than once.
    angle = np.arctan2(turn, np.einsum("ij,ij->i", before, edge))
    straight = np.minimum.reduceat(turn, ring_start[:-1]) >= -1e-9
    once = np.add.reduceat(angle, ring_start[:-1]) < 2.5 * np.pi
    fan = (rings_of == 1) & straight[first_ring] & once[first_ring]

    surfaces = np.flatnonzero(fan)
    corners = count[first_ring[surfaces]]
    number = corners - 2
    surface_of = np.repeat(surfaces, number)
    start = np.repeat(ring_start[first_ring[surfaces]], number)
    step = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    fans = np.stack([start, start + step + 1, start + step + 2], axis=1)

    cut: list[npt.NDArray[np.int64]] = []
    cut_surface: list[npt.NDArray[np.int64]] = []
    for surface in np.flatnonzero(~fan & (rings_of > 0)):
        rings = slice(first_ring[surface], first_ring[surface] + rings_of[surface])
        begin = ring_start[rings][0]
        stops = ring_start[1:][rings]
        corner = mapbox_earcut.triangulate_float64(flat[begin : stops[-1]], (stops - begin).astype(np.uint32))
        cut.append(corner.astype(np.int64).reshape(-1, 3) + begin)
        cut_surface.append(np.full(len(cut[-1]), surface))
    triangles = np.concatenate([fans, *cut]) if cut else fans
    owner = np.concatenate([surface_of, *cut_surface]) if cut else surface_of
    # Ears go astray in some polygons with holes: the areas tell.
    of_ring = np.add.reduceat(flat[:, 0] * edge[:, 1] - flat[:, 1] * edge[:, 0], ring_start[:-1])
    sign = np.where(np.arange(len(count)) == first_ring[ring_surface], 1.0, -1.0)
    expected = np.bincount(ring_surface, sign * np.abs(of_ring), len(normals))
    off = np.abs(np.bincount(owner, np.abs(_doubled(flat, triangles)), len(normals)) - expected)
    for surface in np.flatnonzero(~fan & (rings_of > 0) & (off > _ASTRAY * np.maximum(expected, 1.0))):
        first = first_ring[surface]
        found = _delaunay(flat, ring_start[first : first + rings_of[surface] + 1])
        if found is not None:
            others = owner != surface
            triangles = np.concatenate([triangles[others], found])
            owner = np.concatenate([owner[others], np.full(len(found), surface)])
    clockwise = _doubled(flat, triangles) < 0
    triangles[clockwise] = triangles[clockwise][:, ::-1]
    order = np.argsort(owner, kind="stable")
    return triangles[order], owner[order]


def _doubled(flat: FloatArray, triangles: npt.NDArray[np.int64]) -> FloatArray:
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))


def _delaunay(flat: FloatArray, ring_start: IntArray) -> npt.NDArray[np.int64] | None:
    """Triangles of one polygon by another way, a slower one; None where the polygon is broken."""
    outer, *holes = (flat[a:b] for a, b in pairwise(ring_start.tolist()))
    polygon = shapely.Polygon(outer, holes)
    if not polygon.is_valid:
        return None
    number = {tuple(flat[k].tolist()): k for k in range(int(ring_start[0]), int(ring_start[-1]))}
    corners = shapely.get_coordinates(shapely.constrained_delaunay_triangles(polygon)).reshape(-1, 4, 2)[:, :3]
    return np.array([number[x, y] for x, y in corners.reshape(-1, 2).tolist()], np.int64).reshape(-1, 3)


def triangle_normals(vertices: FloatArray, triangles: IntArray) -> FloatArray:
    """(T, 3) normals with the triangles' areas as lengths."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    return np.asarray(np.cross(b - a, c - a)) / 2.0


def volume(vertices: FloatArray, triangles: IntArray) -> float:
    """Signed volume of a closed surface, positive when it faces outward; about its centre, so that small gaps matter little."""
    if not len(triangles):
        return 0.0
    centred = vertices - vertices[triangles].mean(axis=(0, 1))
    a, b, c = (centred[triangles[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)
