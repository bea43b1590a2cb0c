"""The horizon of every cell of a surface model, one direction after the other: a sweep along parallel lines in which each cell is looked at
a bounded number of times.

Along a line, of what lies farther on only the upper convex hull can be anybody's horizon; a cell sees the point of it that a tangent
touches. The cost does not depend on how far one can see. Source of the idea: Timonen and Westerholm, Scalable Height Field Self-Shadowing,
2010.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress
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
    shift = np.floor(across / along * column + 0.5).astype(np.int64)
    place = (along * column + across * shift) * step
    if along > 0:  # from the far end on
        column = column[::-1]
    found = np.full(blocks.shape, np.nan, np.float32)
    last = rows - int(shift.min())

    def work(begin: int) -> None:
        _sweep(blocks, looks, column, shift, place, begin, min(begin + _LINES, last), found)

    begins = range(-int(shift.max()), last, _LINES)
    spread(work, begins)
    return np.ascontiguousarray(found.T) if turned else found


def all_around(
    surface: Raster, eyes: Raster, step: float, azimuths: Sequence[float], progress: Progress = no_progress
) -> Iterator[tuple[float, Raster]]:
    """Each azimuth with the horizon in it, see `towards`."""
    for number, azimuth in enumerate(azimuths):
        progress(number / len(azimuths), "horizon")
        yield azimuth, towards(surface, eyes, step, azimuth)


def sky_view(horizons: Sequence[Raster] | Iterator[Raster]) -> Raster:
    """Sky view factor of level ground: the mean of cos² of the horizons (tangents) in evenly spread directions.

    Source: Oke, Boundary Layer Climates, 1987, for a horizon that is level in each sector.
    """
    total: Any = 0.0
    number = 0
    for one in horizons:
        total = total + 1.0 / (1.0 + one * one)
        number += 1
    return np.asarray(total / max(number, 1), np.float32)


@njit(nogil=True, cache=True, error_model="numpy")
def _sweep(
    blocks: Raster, looks: Raster, order: Any, shift: Any, place: FloatArray, begin: int, end: int, found: Raster
) -> None:  # pragma: no cover - compiled
    """Lines begin to end - 1; line j runs through the cells (j + shift[column], column), so each cell is on one line.

    order : columns, the farthest first. place : metres of each column's cells in the direction looked in. found : tangents.
    A line is first gathered and its tangents are written at its end, so that the loop over the hull has nothing else to wait for.
    """
    rows, columns = blocks.shape
    ordered = np.empty(columns, np.float64)
    for k in range(columns):
        ordered[k] = place[order[k]]
    heights, eyes = np.empty(columns, np.float64), np.empty(columns, np.float64)
    hull_places, hull_heights = np.empty(columns + 1, np.float64), np.empty(columns + 1, np.float64)
    rises, runs = np.empty(columns, np.float64), np.empty(columns, np.float64)
    for line in range(begin, end):
        first, last = columns, 0
        for k in range(columns):
            row = line + shift[order[k]]
            if row >= 0 and row < rows:
                first = min(first, k)
                last = k + 1
        for k in range(first, last):
            column = order[k]
            heights[k] = blocks[line + shift[column], column]
            eyes[k] = looks[line + shift[column], column]
        top = -1
        tip_place = tip_height = 0.0  # of the hull's nearest point, so that the next cell need not wait for the memory
        for k in range(first, last):
            here, height, eye = ordered[k], heights[k], eyes[k]
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
            elif not eye < height:
                rises[k], runs[k] = _tangent(hull_places, hull_heights, top, here, eye)
            if height == height:
                top += 1
                tip_place, tip_height = here, height
                hull_places[top], hull_heights[top] = here, height
        for k in range(first, last):
            rises[k] = max(rises[k] / runs[k], 0.0) if eyes[k] == eyes[k] else np.nan
        for k in range(first, last):
            column = order[k]
            found[line + shift[column], column] = rises[k]


@njit(nogil=True, cache=True)
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
