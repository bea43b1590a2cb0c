"""Triangles of any shape laid on a grid of heights."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .arrays import FloatArray, IntArray

FINEST = 0.1  # metres; no triangulation of a town asks for more
ACCURATE, OF_CORNERS = 0.1, 0.95  # metres that a grid may be off at this share of the triangles' corners, where the step is not stated
MOST_CHOSEN = 4_000_000  # grid points, where the step is not stated
_AT_ONCE = 2_000_000  # places looked at at a time
_LEAST = 1e-9  # m² of a triangle seen from above; walls and slivers cover no ground
_EDGE = 1e-9  # barycentric: points on an edge belong to both sides


def flat_areas(points: FloatArray, triangles: IntArray) -> FloatArray:
    """(T,) areas of triangles seen from above, signed; points (n, 3)."""
    a, b, c = (points[triangles[:, k], :2] for k in range(3))
    return np.asarray(((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2)


def good_steps(points: FloatArray, triangles: IntArray) -> list[float]:
    """Steps (0.1, 0.2, 0.5, 1, 2, 5 … m) to be tried in turn until the grid is true to the triangles' corners (see ACCURATE). The first is
    half the spacing that a regular grid of triangles as large as the smaller ones (a tenth are smaller still) would have; then ever finer
    ones, but for what were more than MOST_CHOSEN points."""
    areas = np.abs(flat_areas(points, triangles))
    wanted = math.sqrt(2 * float(np.quantile(areas[areas > _LEAST], 0.1))) / 2
    width, depth = np.ptp(points[np.unique(triangles), :2], axis=0).tolist()
    coarse = max(FINEST, math.sqrt(width * depth / MOST_CHOSEN))
    nice = [factor * 10.0**power for power in range(-1, 6) for factor in (1, 2, 5)]
    at_least = next(step for step in nice if step >= coarse * 0.9999)
    first = max([step for step in nice if step <= wanted] + [at_least])
    return [round(step, 6) for step in reversed(nice) if at_least <= step <= first]


def gridded(points: FloatArray, triangles: IntArray, step: float) -> tuple[float, float, npt.NDArray[np.float32]]:
    """Heights at the grid points that lie under triangles, exactly on their planes: x and y of the south-western grid point, a multiple of
    the step, and (rows, columns), NaN where no triangle is. Where triangles lie above each other the first one counts."""
    used = points[np.unique(triangles)]
    x, y = (math.floor(float(low) / step + 1e-6) * step for low in used[:, :2].min(axis=0))
    columns, rows = (math.floor((float(high) - low) / step + 1e-6) + 1 for high, low in zip(used[:, :2].max(axis=0), (x, y), strict=True))
    heights = np.full(rows * columns, np.nan, np.float32)
    corners = points[triangles[::-1]]  # so that the first one is written last
    place = (corners[:, :, :2] - [x, y]) / step
    low, high = np.ceil(place.min(axis=1) - _EDGE).astype(np.int64), np.floor(place.max(axis=1) + _EDGE).astype(np.int64)
    low, high = np.maximum(low, 0), np.minimum(high, [columns - 1, rows - 1])
    size = np.maximum(high - low + 1, 0)
    # A large triangle is taken a few rows at a time.
    strip = np.maximum(_AT_ONCE // np.maximum(size[:, 0], 1), 1)
    pieces = np.where(size.prod(axis=1) > 0, -(-size[:, 1] // strip), 0)
    owner = np.repeat(np.arange(len(corners)), pieces)
    first = low[owner, 1] + (np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * strip[owner]
    count = np.minimum(strip[owner], high[owner, 1] - first + 1) * size[owner, 0]
    begin = 0
    ends = np.cumsum(count)
    while begin < len(owner):
        end = max(int(np.searchsorted(ends, (ends[begin - 1] if begin else 0) + _AT_ONCE, "right")), begin + 1)
        some = slice(begin, end)
        triangle = np.repeat(owner[some], count[some])
        within = np.arange(len(triangle)) - np.repeat(np.cumsum(count[some]) - count[some], count[some])
        row = np.repeat(first[some], count[some]) + within // size[triangle, 0]
        column = low[triangle, 0] + within % size[triangle, 0]
        a, b, c = (place[triangle, k] for k in range(3))
        ab, ac, ap = b - a, c - a, np.column_stack([column, row]) - a
        area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            u = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
            v = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
        inside = (np.abs(area) * step * step / 2 > _LEAST) & (u >= -_EDGE) & (v >= -_EDGE) & (u + v <= 1 + _EDGE)
        triangle, u, v = triangle[inside], u[inside], v[inside]
        z = corners[triangle, :, 2]
        heights[row[inside] * columns + column[inside]] = z[:, 0] * (1 - u - v) + z[:, 1] * u + z[:, 2] * v
        begin = end
    return x, y, heights.reshape(rows, columns)
