"""One ground of terrain files with different steps: a fine grid where the finest of them are, and ever coarser ones around it, out to all
that the files cover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrays import FloatArray
from .problems import Report
from .terrain import Box, Terrain, close_seams, lattice_over

ALIKE = 1.5  # steps that differ by less are of one grid
MOST_TOGETHER = 1_500_000  # points up to which all files make one grid at the finest step
MOST_OF_A_RING = 250_000  # points of each coarser grid, without those within
LEAST_CELLS = 8  # around the grid within
RATIOS = (8, 4, 2)  # of the steps of a grid and the one within: a picture's finer form of a grid divides them, too
FADE = 8.0  # steps of the coarser file over which it is brought to the finer one's heights
_MOST_OF_A_BORDER, _NEIGHBOURS = 20_000, 8
_AT_ONCE = 1_000_000  # points


class _Together:
    """Several grids as one ground, the finest that knows a place counting; each is brought to the heights of the finer ones where it
    begins."""

    def __init__(self, grids: Sequence[Terrain]) -> None:
        """grids : the finest first."""
        self.grids: list[Terrain] = []
        self._off: list[tuple[Any, FloatArray] | None] = []  # of each: the finer ones' borders (a tree), and how much higher they are there
        for grid in grids:
            places = np.concatenate([_border(finer) for finer in self.grids]) if self.grids else np.zeros((0, 2))
            off = self.height_at(places) - grid.height_at(places) if len(places) else np.zeros(0)
            known = np.isfinite(off)
            self._off.append(_tree(places[known], off[known]) if known.any() else None)
            self.grids.append(grid)

    def height_at(self, xy: FloatArray) -> FloatArray:
        """(n,) metres at points (n, 2); NaN where no grid knows one."""
        found = np.full(len(xy), np.nan)
        for grid, off in zip(self.grids, self._off, strict=True):
            missing = np.flatnonzero(np.isnan(found))
            if not len(missing):
                break
            height = grid.height_at(xy[missing])
            known = np.isfinite(height)
            missing, height = missing[known], height[known]
            found[missing] = height + (_faded(off, xy[missing], FADE * grid.step) if off is not None else 0.0)
        return found

    def differences(self) -> list[tuple[float, float, float, float]]:
        """Of each grid that meets a finer one: its step, how much higher that is (median, metres), how much they differ at most, and the
        width over which they are brought together."""
        return [
            (grid.step, float(np.median(off[1])), float(np.abs(off[1]).max()), FADE * grid.step)
            for grid, off in zip(self.grids, self._off, strict=True)
            if off is not None
        ]


def _tree(places: FloatArray, off: FloatArray) -> tuple[Any, FloatArray]:
    from scipy.spatial import cKDTree

    return cKDTree(places), off


def _border(grid: Terrain) -> FloatArray:
    """Places (n, 2) of the known points of a grid beside which nothing is known, at most _MOST_OF_A_BORDER of them."""
    known = np.isfinite(grid.heights)
    inner = known.copy()
    inner[0], inner[-1], inner[:, 0], inner[:, -1] = False, False, False, False
    for axis in (0, 1):
        for step in (1, -1):
            inner &= np.roll(known, step, axis)
    row, column = np.nonzero(known & ~inner)
    every = math.ceil(len(row) / _MOST_OF_A_BORDER) or 1
    return np.column_stack([grid.x + column[::every] * grid.step, grid.y + row[::every] * grid.step])


def _faded(off: tuple[Any, FloatArray], xy: FloatArray, reach: float) -> FloatArray:
    """(n,) metres by which a coarser grid is lifted: as much as at the finer ones' nearest border, less and less with the distance from
    it."""
    tree, values = off
    number = min(_NEIGHBOURS, len(values))
    distance, which = tree.query(xy, number, distance_upper_bound=reach)
    distance, which = distance.reshape(len(xy), number), which.reshape(len(xy), number)
    near = np.isfinite(distance)
    weight = np.where(near, 1.0 / (np.where(near, distance, 1.0) ** 2 + 1e-6), 0.0)
    mean = (weight * values[np.where(near, which, 0)]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300)
    share = np.clip(1.0 - distance[:, 0] / reach, 0.0, 1.0) if len(xy) else np.zeros(0)
    return np.asarray(np.where(near[:, 0], mean * share * share * (3 - 2 * share), 0.0))


def joined(grids: Sequence[Terrain], boxes: Sequence[tuple[Box, float]], report: Report) -> Terrain:
    """The ground of several grids, the finest first. boxes : of all files, (west, south, east, north) and step. Adds to the report how far
    the grids differ where they meet; raises InputProblem where the finest lie too far apart."""
    together = _Together(grids)
    for step, median, most, width in together.differences():
        median = round(median, 2) + 0.0  # no minus before a nought
        words = f"where finer terrain meets that of {step:g} m, it lies {median:+.2f} m above it (median), {most:.2f} m off at most"
        report.add("terrain-joined", "", "", f"{words}; the coarser one fades to it over {width:.0f} m")
    finest = grids[0].step
    whole = _common([grid.bounds for grid in grids])
    fits = (whole[2] - whole[0]) / finest * ((whole[3] - whole[1]) / finest) <= MOST_TOGETHER
    box = whole if fits else _common([grid.bounds for grid in grids if grid.step < ALIKE * finest])
    near = lattice_over(grids[0], box, 1 if fits else RATIOS[0])
    _fill(near, together, boxes)
    rings = [near]
    while not fits and (ratio := _ratio(grids, rings[-1].bounds, rings[-1].step)):
        ring = _ring(rings[-1], ratio, grids, whole)
        if ring is None:
            break
        _fill(ring, together, boxes)
        rings.append(ring)
    for inner, ring in reversed(list(zip(rings[:-1], rings[1:], strict=True))):
        inner.beyond = ring
    return near


def _common(boxes: Sequence[Box]) -> Box:
    west, south, east, north = np.array(boxes).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _ratio(grids: Sequence[Terrain], box: Box, step: float) -> int:
    """How many times as coarse the next grid is: as fine as the finest file that reaches out of a box, or four times as coarse where this
    one is so already; 0 where no file does."""
    reaching = [grid.step for grid in grids if _common([grid.bounds, box]) != box]
    if not reaching:
        return 0
    return next((ratio for ratio in RATIOS if ratio * step <= ALIKE * min(reaching)), 4)


def _ring(inner: Terrain, ratio: int, grids: Sequence[Terrain], whole: Box) -> Terrain | None:
    """The empty grid around another one: over all files of its fineness, as far as its number of points allows. None where everything ends
    within a cell."""
    step = inner.step * ratio
    west, south, east, north = inner.bounds
    wanted = _common([inner.bounds, *(grid.bounds for grid in grids if grid.step <= ALIKE * step)])

    def cells(outer: Box) -> tuple[int, int, int, int]:
        return tuple(  # type: ignore[return-value]
            max(math.floor(way / step + 1e-6), 0) for way in (west - outer[0], south - outer[1], outer[2] - east, outer[3] - north)
        )

    there, wished = cells(whole), cells(wanted)
    if not any(there):
        return None
    across, down = round((east - west) / step), round((north - south) / step)

    def sides(margin: int) -> list[int]:
        return [min(most, max(min(wish, margin), LEAST_CELLS)) for most, wish in zip(there, wished, strict=True)]

    low, high = LEAST_CELLS, max(*wished, LEAST_CELLS)
    while low < high:  # the widest margin that its number of points allows
        middle = (low + high + 1) // 2
        left, below, right, above = sides(middle)
        if (left + across + right) * (below + down + above) - across * down <= MOST_OF_A_RING:
            low = middle
        else:
            high = middle - 1
    left, below, right, above = sides(low)
    if (left, below, right, above) != there:  # another one will be around it: its sides are whole cells of that
        right += -(left + across + right) % RATIOS[0]
        above += -(below + down + above) % RATIOS[0]
    heights = np.full((below + down + above + 1, left + across + right + 1), np.nan, np.float32)
    heights[below : below + down + 1, left : left + across + 1] = inner.heights[::ratio, ::ratio]
    return Terrain(inner.origin, west - left * step, south - below * step, step, heights)


def _fill(grid: Terrain, together: _Together, boxes: Sequence[tuple[Box, float]]) -> None:
    """Heights where a grid has none yet."""
    rows, columns = grid.heights.shape
    strip = max(_AT_ONCE // columns, 1)
    for begin in range(0, rows, strip):
        row, column = np.nonzero(np.isnan(grid.heights[begin : begin + strip]))
        places = np.column_stack([grid.x + column * grid.step, grid.y + (begin + row) * grid.step])
        grid.heights[begin + row, column] = together.height_at(places)
    between = np.ones(grid.heights.shape, bool)
    for (west, south, east, north), _ in boxes:
        c0, c1 = math.ceil((west - grid.x) / grid.step - 1e-6), math.floor((east - grid.x) / grid.step + 1e-6)
        r0, r1 = math.ceil((south - grid.y) / grid.step - 1e-6), math.floor((north - grid.y) / grid.step + 1e-6)
        between[max(r0, 0) : max(r1 + 1, 0), max(c0, 0) : max(c1 + 1, 0)] = False
    widest = math.ceil(max(step for _, step in boxes) / grid.step)
    close_seams(grid.heights, between, widest)
    close_seams(grid.heights.T, between.T, widest)
