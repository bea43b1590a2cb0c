"""What is seen of a surface model from a point: for each cell its own line of sight, held against the surface wherever it crosses a line
between cell centres."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from .kernels import kernel
from .rays import spread

Raster = npt.NDArray[np.float32]
EARTH = 6_371_000.0  # metres, mean radius
REFRACTION = 0.13  # share of the Earth's curvature that light follows near the ground (Gauss), as surveyors take it
NEAR = 2000.0  # metres, up to which the Earth is flat enough (0.27 m)
_ROWS = 16  # given to a thread at a time


def sunk(places: FloatArray, refraction: float = REFRACTION, about: FloatArray | None = None) -> FloatArray:
    """Points (n, 3) lowered as the curved Earth does, less what refraction takes back: (x² + y²) (1 - k) / 2 R about a point (2,).

    Among points so lowered lines of sight are straight, between any two of them: lowering about another point differs by a plane only.
    """
    lowered = np.array(places, np.float64)
    away = lowered[:, :2] - (np.zeros(2) if about is None else about)
    lowered[:, 2] -= (away**2).sum(axis=1) * (1 - refraction) / (2 * EARTH)
    return lowered


def seen(
    surface: Raster,
    step: float,
    row: float,
    column: float,
    eye: float,
    *,
    target: float = 0.0,
    reach: float = math.inf,
    refraction: float | None = None,
) -> npt.NDArray[np.bool_]:
    """(rows, columns) which cells are seen from a point.

    surface : (rows, columns) heights in metres at cell centres, row 0 the southernmost; NaN neither hides nor is seen. row, column : the
    point, in cells, 0 at the centre of the first. eye : its height, in metres. target : metres above the surface that are looked at.
    reach : metres beyond which nothing is seen. refraction : for a curved Earth, see `sunk`; None: flat.
    """
    heights = np.ascontiguousarray(surface, np.float64)
    if refraction is not None:
        rows, columns = np.indices(surface.shape)
        away = ((rows - row) ** 2 + (columns - column) ** 2) * step**2
        heights = heights - away * (1 - refraction) / (2 * EARTH)
    found = np.zeros(surface.shape, np.bool_)
    limit = (reach / step) ** 2

    def work(begin: int) -> None:
        _look(heights, float(row), float(column), float(eye), float(target), limit, begin, min(begin + _ROWS, len(heights)), found)

    spread(work, range(0, len(heights), _ROWS))
    return found


@kernel()
def _look(
    heights: FloatArray,
    row: float,
    column: float,
    eye: float,
    target: float,
    limit: float,
    begin: int,
    end: int,
    found: npt.NDArray[np.bool_],
) -> None:  # pragma: no cover - compiled
    """Rows begin to end - 1. limit : squared distance in cells."""
    rows, columns = heights.shape
    for r in range(begin, end):
        for c in range(columns):
            down, right = r - row, c - column
            height = heights[r, c] + target
            if height != height or down * down + right * right > limit:
                continue
            free = True
            # where the line crosses columns, then where it crosses rows; from the eye on, for most is hidden by what is near
            for axis in range(2):
                long, wide = (right, down) if axis == 0 else (down, right)
                if abs(long) <= 1e-9:
                    continue
                start, size = (column, rows) if axis == 0 else (row, columns)
                from_ = row if axis == 0 else column
                onward = 1 if long > 0 else -1
                at = math.floor(start) + 1 if long > 0 else math.ceil(start) - 1
                last = c if axis == 0 else r
                while at * onward < last * onward:
                    share = (at - start) / long
                    across = from_ + wide * share
                    low = math.floor(across)
                    part = across - low
                    if low < 0:
                        low, part = 0, 0.0
                    elif low >= size - 1:
                        low, part = size - 1, 0.0
                    first = heights[low, at] if axis == 0 else heights[at, low]
                    if part > 1e-9:
                        second = heights[low + 1, at] if axis == 0 else heights[at, low + 1]
                        first = first * (1 - part) + second * part
                    if first > eye + (height - eye) * share:
                        free = False
                        break
                    at += onward
                if not free:
                    break
            found[r, c] = free
