"""Sun or shadow on the ground at several moments, with a variant and without: what a shadow study draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Grid
from . import sensors, sun, visibility
from .obstacles import Obstacles
from .sensors import Box

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class GroundShadow:
    """words : date, time and its basis. elevation : of the sun, degrees. dark (rows, columns) : of the grid, first row south, never where a
    building stands; before : the same without the variant, None where nothing is compared. All is dark while the sun is down."""

    words: str
    elevation: float
    grid: Grid
    dark: Mask
    before: Mask | None


def ground_shadows(
    planned: Obstacles,
    base: Obstacles | None,
    box: Box,
    step: float,
    dates: Sequence[dt.date],
    clocks: Sequence[str],
    *,
    time_zone: str,
    trees: bool = False,
    progress: Progress = no_progress,
) -> list[GroundShadow]:
    """The shadows on the ground of a box (scene coordinates) at each clock time of each date, sampled every step metres.
    trees : whether crowns cast shadows, as if no light came through."""
    grid, valid = sensors.ground_grid(planned.applied, box, step)
    free_before = ~sensors.inside(base.applied.footprints, grid.points[:, :2]) if base is not None else valid
    both = valid & free_before
    moments = [(day, clock) for day in dates for clock in clocks]
    found = []
    for number, (day, clock) in enumerate(moments):
        at = sun.moment(planned.applied.site.origin, day, clock, time_zone=time_zone)
        up = len(at) > 0

        def dark(obstacles: Obstacles, where: Mask, up: bool = up, at: sun.SunPath = at) -> Mask:
            mask = np.zeros(grid.size, bool)
            mask[where] = ~_lit(obstacles, grid.points[where], at.directions, trees) if up else True
            return mask.reshape(grid.rows, grid.columns)

        before = dark(base, both) if base is not None else None
        elevation = float(at.elevation[0]) if up else 0.0
        found.append(GroundShadow(at.label, elevation, grid, dark(planned, valid), before))
        progress((number + 1) / len(moments), "sun and shadow")
    return found


def _lit(obstacles: Obstacles, places: FloatArray, direction: FloatArray, trees: bool) -> Mask:
    """Which places (n, 3) the sun in one direction (1, 3) reaches."""
    open_ = obstacles.open_to(places, None, direction)
    if trees:
        for crowns in obstacles.crowns:
            open_ = visibility.open_to(places, None, direction, crowns, among=open_)
    return np.asarray(open_[0].astype(bool))
