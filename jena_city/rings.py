"""Grids of ground around each other, each coarser than the one that it surrounds, and how they meet without a gap.

A ring's lattice goes through the south-western point of the grid within, whose sides are as long as whole cells of the ring. The ring's
points on those sides have the heights of the grid within, and each cell of the ring that lies against a side is a fan: from one of its
outer corners to every point that the grid within has along that side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import thinning
from .arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from .terrain import Terrain


def _place(inner: Terrain, ring: Terrain) -> tuple[int, int, int, int, int]:
    """Points of the inner grid to a cell of the ring, and the ring's rows and columns (first and last) of the inner grid's sides."""
    ratio = round(ring.step / inner.step)
    rows, columns = ((size - 1) // ratio for size in inner.heights.shape)
    row, column = round((inner.y - ring.y) / ring.step), round((inner.x - ring.x) / ring.step)
    return ratio, row, row + rows, column, column + columns


def _sides(inner: Any, ring: Any, place: tuple[int, int, int, int, int]) -> list[tuple[Any, Any]]:
    """Of each side that has the ring outside it, going round to the left: what is along the inner grid's border, and along the ring's next
    line outside. inner, ring : (rows, columns) of anything."""
    _, r0, r1, c0, c1 = place
    sides = []
    if r0 > 0:
        sides.append((inner[0, :], ring[r0 - 1, c0 : c1 + 1]))
    if c1 + 1 < ring.shape[1]:
        sides.append((inner[:, -1], ring[r0 : r1 + 1, c1 + 1]))
    if r1 + 1 < ring.shape[0]:
        sides.append((inner[-1, ::-1], ring[r1 + 1, c0 : c1 + 1][::-1]))
    if c0 > 0:
        sides.append((inner[::-1, 0], ring[r0 : r1 + 1, c0 - 1][::-1]))
    return sides


def mesh(ground: Terrain, tolerance: Callable[[Terrain], FloatArray] | None = None) -> tuple[FloatArray, IntArray, npt.NDArray[np.uint8]]:
    """Vertices (V, 3), triangles (T, 3), upward, of a grid and all grids around it, and (T,) which of them, 0 for the innermost. Nothing
    overlaps; along the borders they share their vertices. What has an unknown corner is left out. tolerance : metres for each cell
    (rows - 1, columns - 1) of a grid, by which ground with fewer triangles may be off (twice, see `thinning`)."""
    number, inner = np.arange(ground.heights.size).reshape(ground.heights.shape), ground
    points, triangles, levels = [_points(ground)], [_cells(ground, number, None, None, tolerance)], [0]
    while inner.beyond is not None:
        ring = inner.beyond
        ratio, r0, r1, c0, c1 = place = _place(inner, ring)
        own = np.arange(ring.heights.size).reshape(ring.heights.shape) + sum(map(len, points))
        own[r0 : r1 + 1, c0 : c1 + 1] = number[::ratio, ::ratio]
        points.append(_points(ring))
        fans = [_fans(border, outside, ratio) for border, outside in _sides(number, own, place)]
        triangles.append(np.concatenate([_cells(ring, own, inner, place, tolerance), *fans]))
        levels.append(levels[-1] + 1)
        number, inner = own, ring
    vertices, faces = np.concatenate(points), np.concatenate(triangles)
    level = np.repeat(np.array(levels, np.uint8), [len(some) for some in triangles])
    whole = np.isfinite(vertices[:, 2])[faces].all(axis=1)
    faces, level = faces[whole], level[whole]
    used = np.zeros(len(vertices), bool)
    used[faces] = True
    if not used.all():
        vertices, faces = vertices[used], (np.cumsum(used) - 1)[faces]
    return vertices, faces.astype(np.int32), level


def _points(grid: Terrain) -> FloatArray:
    rows, columns = grid.heights.shape
    x, y = np.meshgrid(grid.x + np.arange(columns) * grid.step, grid.y + np.arange(rows) * grid.step)
    return np.column_stack([x.ravel(), y.ravel(), grid.heights.astype(np.float64).ravel()])


def _cells(
    grid: Terrain,
    number: IntArray,
    inner: Terrain | None,
    within: tuple[int, int, int, int, int] | None,
    tolerance: Callable[[Terrain], FloatArray] | None,
) -> IntArray:
    """Two triangles for each cell whose corners are all known, cut from its south-west to its north-east corner, or for squares of them.
    number (rows, columns) : of the vertices. inner, within : a finer grid and its place; its cells and those against its sides are left
    out, and its points count where both grids have one."""
    heights = grid.heights.astype(np.float64)
    if inner is not None and within is not None:
        ratio, r0, r1, c0, c1 = within
        heights[r0 : r1 + 1, c0 : c1 + 1] = inner.heights[::ratio, ::ratio]
    known = np.isfinite(heights)
    whole = known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1] & known[1:, 1:]
    kept = np.zeros(known.shape, bool)  # points that fans meet
    if within is not None:
        _, r0, r1, c0, c1 = within
        whole[max(r0 - 1, 0) : r1 + 1, c0:c1] = False
        whole[r0:r1, max(c0 - 1, 0) : c1 + 1] = False
        kept[max(r0 - 1, 0) : r1 + 2, max(c0 - 1, 0) : c1 + 2] = True
    if tolerance is not None:
        if grid.beyond is not None:
            kept[[0, -1], :] = kept[:, [0, -1]] = True
        return thinning.cells(number, heights, whole, kept, tolerance(grid))
    sw, se, nw, ne = (part[whole] for part in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]))
    return np.asarray(np.stack([np.stack([sw, se, ne], axis=1), np.stack([sw, ne, nw], axis=1)], axis=1).reshape(-1, 3))


def _fans(border: IntArray, outside: IntArray, ratio: int) -> IntArray:
    """The triangles of all cells along a side. border (n * ratio + 1,) and outside (n + 1,) : vertices along it, going to the left."""
    apex = np.repeat(outside[:-1], ratio)
    fans = np.stack([apex, border[1:], border[:-1]], axis=1)
    return np.concatenate([fans, np.stack([outside[:-1], outside[1:], border[ratio::ratio]], axis=1)])


def heights_around(inner: Terrain, xy: FloatArray) -> FloatArray:
    """(n,) metres on the triangles of what is beyond a grid, at points (n, 2) that lie outside it; NaN where unknown."""
    ring = inner.beyond
    assert ring is not None
    found = ring.height_at(xy)
    west, south, east, north = inner.bounds
    to_side = (
        ((xy[:, 0] - west), (south - xy[:, 1])),
        ((xy[:, 1] - south), (xy[:, 0] - east)),
        ((east - xy[:, 0]), (xy[:, 1] - north)),
        ((north - xy[:, 1]), (west - xy[:, 0])),
    )  # along the side, and away from it
    place = _place(inner, ring)
    ratio, r0, r1, c0, c1 = place
    there = (r0 > 0, c1 + 1 < ring.heights.shape[1], r1 + 1 < ring.heights.shape[0], c0 > 0)
    lines = iter(_sides(inner.heights.astype(np.float64), ring.heights.astype(np.float64), place))
    for (along, away), has_ring in zip(to_side, there, strict=True):
        if not has_ring:
            continue
        border, outside = next(lines)
        length = (len(outside) - 1) * ring.step
        against = np.flatnonzero((away > 0) & (away < ring.step) & (along >= 0) & (along <= length))
        found[against] = _on_fans(border, outside, ratio, along[against] / ring.step, away[against] / ring.step)
    return found


def _on_fans(border: FloatArray, outside: FloatArray, ratio: int, along: FloatArray, away: FloatArray) -> FloatArray:
    """Heights on the fans of `_fans`. border, outside : heights; along, away : places in cells of the ring, away in (0, 1)."""
    cell = np.minimum(along.astype(np.int64), len(outside) - 2)
    u = along - cell
    a, b, last = outside[cell], outside[cell + 1], border[(cell + 1) * ratio]
    in_fan = u <= 1 - away
    on_border = (cell + np.where(in_fan, u / (1 - away), 1.0)) * ratio  # where the line from the fan's corner through the place meets it
    left = np.minimum(on_border.astype(np.int64), len(border) - 2)
    share = on_border - left
    seen = np.where(share > 0, border[left] * (1 - share) + border[left + 1] * share, border[left])
    return np.where(in_fan, away * a + (1 - away) * seen, a * (1 - u) + b * (u + away - 1) + last * (1 - away))
