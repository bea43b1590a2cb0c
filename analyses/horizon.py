"""The horizon of every cell of a surface model, one direction after the other: a sweep along parallel lines in which each cell is looked at
a bounded number of times.

Along a line, of what lies farther on only the upper convex hull can be anybody's horizon; a cell sees the point of it that a tangent
touches. The cost does not depend on how far one can see. Source of the idea: Timonen and Westerholm, Scalable Height Field Self-Shadowing,
2010.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from .kernels import kernel
from .rays import spread

Raster = npt.NDArray[np.float32]
_LINES = 64  # given to a thread at a time


def towards(surface: Raster, eyes: Raster, step: float, azimuth: float) -> Raster:
    """The tangent of the elevation, 0 or more, up to which the surface hides the sky in one direction, for each cell.

    surface : (rows, columns) heights in metres of what blocks, row 0 the southernmost, NaN where nothing does. eyes : the same shape,
    heights looked from, NaN where the answer does not matter (it is NaN then). step : metres between cells. azimuth : direction
    looked in, degrees from grid north, clockwise.
    """
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    turned = abs(north) > abs(east)
    blocks, looks = (np.ascontiguousarray(one.T if turned else one, np.float32) for one in (surface, eyes))
    along, across = (north, east) if turned else (east, north)
    rows, columns = blocks.shape
    column = np.arange(columns)
    if along > 0:  # from the far end on
        column = column[::-1].copy()
    shift = np.floor(across / along * column + 0.5).astype(np.int64)
    place = (along * column + across * shift) * step
    found = np.full(blocks.shape, np.nan, np.float32)
    lines = np.arange(-int(shift.max()), rows - int(shift.min()))
    rising = shift[-1] >= shift[0]
    steps = shift if rising else -shift
    low, high = (-lines, rows - lines) if rising else (lines - rows + 1, lines + 1)
    first, last = np.searchsorted(steps, low), np.searchsorted(steps, high)

    def work(begin: int) -> None:
        part = slice(begin, begin + _LINES)
        _sweep(blocks, looks, column, shift, place, lines[part], first[part], last[part], found)

    spread(work, range(0, len(lines), _LINES))
    return np.ascontiguousarray(found.T) if turned else found


@kernel(error_model="numpy")
def _sweep(
    blocks: Raster, looks: Raster, order: Any, shift: Any, places: FloatArray, lines: Any, firsts: Any, lasts: Any, found: Raster
) -> None:  # pragma: no cover - compiled
    """Line j runs through the cells (j + shift[k], order[k]), so each cell is on one line.

    order : columns, the farthest first. shift, places : rows, and metres in the direction looked in, of each of them. firsts, lasts : the k
    between which each of the lines is on the raster. found : tangents. A line is first gathered and its tangents are written at its end,
    so that the loop over the hull has nothing else to wait for.
    """
    columns = len(order)
    heights, eyes = np.empty(columns, np.float64), np.empty(columns, np.float64)
    hull_places, hull_heights = np.empty(columns + 1, np.float64), np.empty(columns + 1, np.float64)
    rises, runs = np.empty(columns, np.float64), np.empty(columns, np.float64)
    for number in range(len(lines)):
        line, first, last = lines[number], firsts[number], lasts[number]
        for k in range(first, last):
            column = order[k]
            heights[k] = blocks[line + shift[k], column]
            eyes[k] = looks[line + shift[k], column]
        top = -1
        tip_place = tip_height = 0.0  # of the hull's nearest point, so that the next cell need not wait for the memory
        for k in range(first, last):
            here, height, eye = places[k], heights[k], eyes[k]
            if eye < height:  # inside of what blocks: what its own cell hides from those behind it is still seen
                rises[k], runs[k] = _tangent(hull_places, hull_heights, top, here, eye)
            while top > 0:
                next_place, next_height = hull_places[top - 1], hull_heights[top - 1]
                if not (next_height - height) * (tip_place - here) >= (tip_height - height) * (next_place - here):
                    break
                tip_place, tip_height = next_place, next_height
                top -= 1
            if eye == height and top >= 0:
                rises[k], runs[k] = tip_height - eye, tip_place - here
            elif eye == eye and not eye < height:
                rises[k], runs[k] = _tangent(hull_places, hull_heights, top, here, eye)
            if height == height:
                top += 1
                tip_place, tip_height = here, height
                hull_places[top], hull_heights[top] = here, height
        for k in range(first, last):
            rises[k] = max(rises[k] / runs[k], 0.0) if eyes[k] == eyes[k] else np.nan
        for k in range(first, last):
            column = order[k]
            found[line + shift[k], column] = rises[k]


@kernel()
def _tangent(
    places: FloatArray, heights: FloatArray, top: int, here: float, eye: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Rise and run from an eye to the point of the hull that it sees highest."""
    if top < 0:
        return 0.0, 1.0
    rise, run = heights[top] - eye, places[top] - here
    while top > 0:
        top -= 1
        next_rise, next_run = heights[top] - eye, places[top] - here
        if next_rise * run < rise * next_run:
            break
        rise, run = next_rise, next_run
    return rise, run
