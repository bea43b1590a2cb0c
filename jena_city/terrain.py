"""The ground as a regular grid of heights, with coarser ones around it where there is ground farther out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from os import PathLike

import numpy as np
import numpy.typing as npt

from . import rings
from .arrays import FloatArray, IntArray
from .origin import Origin
from .problems import InputProblem, Progress, Report, no_progress

Box = tuple[float, float, float, float]
MOST_ESTIMATED = 20_000_000  # points


class OutsideBox(InputProblem):
    """A tile of which nothing lies in the area asked for; others may."""


@dataclass
class Terrain:
    """Heights at grid points. Row 0 is the southernmost, column 0 the westernmost.

    x, y : scene coordinates of grid point (0, 0). step : metres between points, the same both ways. heights : (rows,
    columns) float32 metres in the origin's height system, NaN where unknown.
    """

    origin: Origin
    x: float
    y: float
    step: float
    heights: npt.NDArray[np.float32]
    estimated: bool = False
    """Guessed from the buildings' feet for want of a terrain model."""
    report: Report = field(default_factory=Report)
    beyond: Terrain | None = None
    """The ground farther out, a coarser grid around this one that may have another around it; see `rings` for how they meet."""

    @property
    def bounds(self) -> Box:
        """(min x, min y, max x, max y) of the grid points, scene coordinates; without what is beyond."""
        rows, columns = self.heights.shape
        return self.x, self.y, self.x + (columns - 1) * self.step, self.y + (rows - 1) * self.step

    @property
    def levels(self) -> list[Terrain]:
        """This grid and those beyond it, from the finest to the coarsest."""
        return [self, *(self.beyond.levels if self.beyond is not None else ())]

    @property
    def reach(self) -> Box:
        """The bounds of all ground, with what is beyond."""
        return self.levels[-1].bounds

    @property
    def extremes(self) -> tuple[float, float]:
        """The lowest and the highest height of all ground, metres."""
        return min(float(np.nanmin(one.heights)) for one in self.levels), max(float(np.nanmax(one.heights)) for one in self.levels)

    def height_at(self, xy: FloatArray) -> FloatArray:
        """Heights at points (n, 2) on the triangles of `mesh()`, (n,) metres; NaN outside of all ground and in cells with a gap."""
        xy = np.asarray(xy, np.float64)
        found = self._own_height_at(xy)
        if self.beyond is not None:
            west, south, east, north = self.bounds
            outside = (xy[:, 0] < west) | (xy[:, 0] > east) | (xy[:, 1] < south) | (xy[:, 1] > north)
            found[outside] = rings.heights_around(self, xy[outside])
        return found

    def _own_height_at(self, xy: FloatArray) -> FloatArray:
        rows, columns = self.heights.shape
        column = (np.asarray(xy, np.float64)[:, 0] - self.x) / self.step
        row = (np.asarray(xy, np.float64)[:, 1] - self.y) / self.step
        inside = (column >= 0) & (column <= columns - 1) & (row >= 0) & (row <= rows - 1)
        column, row = np.where(inside, column, 0.0), np.where(inside, row, 0.0)
        c, r = np.minimum(column.astype(np.int64), max(columns - 2, 0)), np.minimum(row.astype(np.int64), max(rows - 2, 0))
        s, t = column - c, row - r
        c1, r1 = np.minimum(c + 1, columns - 1), np.minimum(r + 1, rows - 1)
        # The weights of the four corners in the lower right or the upper left triangle of the cell.
        low = s >= t
        corners = (
            (self.heights[r, c], np.where(low, 1 - s, 1 - t)),
            (self.heights[r, c1], np.where(low, s - t, 0.0)),
            (self.heights[r1, c1], np.where(low, t, s)),
            (self.heights[r1, c], np.where(low, 0.0, t - s)),
        )
        # A corner without weight does not count, so that points on the edge of a gap keep their height.
        found = sum(np.where(weight > 0, height.astype(np.float64) * np.where(weight > 0, weight, 0.0), 0.0) for height, weight in corners)
        return np.where(inside, found, np.nan)

    def mesh(self) -> tuple[FloatArray, IntArray]:
        """Vertices (V, 3) and triangles (T, 3), upward, of all ground; cells with an unknown corner are left out. Each cell is cut from its
        south-west to its north-east corner, those of a coarser grid against a finer one into fans."""
        vertices, triangles, _ = rings.mesh(self)
        return vertices, triangles

    def clipped(self, box: Box) -> Terrain:
        """The part of this grid whose points lie in a box of scene coordinates (west, south, east, north); raises InputProblem if none
        does."""
        rows, columns = self.heights.shape
        first = max(math.ceil((box[0] - self.x) / self.step - 1e-9), 0), max(math.ceil((box[1] - self.y) / self.step - 1e-9), 0)
        last = (
            min(math.floor((box[2] - self.x) / self.step + 1e-9), columns - 1),
            min(math.floor((box[3] - self.y) / self.step + 1e-9), rows - 1),
        )
        if last[0] <= first[0] or last[1] <= first[1]:
            raise OutsideBox("terrain", "none of it lies in the area asked for", "Check the area and the CRS")
        heights = self.heights[first[1] : last[1] + 1, first[0] : last[0] + 1]
        return replace(self, x=self.x + first[0] * self.step, y=self.y + first[1] * self.step, heights=heights, beyond=None)

    def resampled(self, step: float) -> Terrain:
        """This grid with another step: bilinear, after a mean over the new cell where the new step is coarser."""
        source = replace(self, beyond=None)
        if abs(step - self.step) < 1e-9:
            return source
        ratio = int(step / self.step + 1e-9)
        if ratio >= 2:
            rows, columns = (size // ratio * ratio for size in self.heights.shape)
            blocks = self.heights[:rows, :columns].reshape(rows // ratio, ratio, columns // ratio, ratio).astype(np.float64)
            known = np.isfinite(blocks)
            number = known.sum(axis=(1, 3))
            total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
            means = np.where(number > 0, total / np.maximum(number, 1), np.nan).astype(np.float32)
            shift = (ratio - 1) / 2 * self.step
            source = replace(self, x=self.x + shift, y=self.y + shift, step=self.step * ratio, heights=means)
            if min(means.shape) < 2:
                raise InputProblem("terrain", f"a step of {step:g} m is too coarse for its extent", "Choose a smaller step")
        west, south, east, north = source.bounds
        columns, rows = int((east - west) / step + 1e-9) + 1, int((north - south) / step + 1e-9) + 1
        x, y = np.meshgrid(west + np.arange(columns) * step, south + np.arange(rows) * step)
        heights = source.height_at(np.column_stack([x.ravel(), y.ravel()])).reshape(rows, columns).astype(np.float32)
        return replace(source, step=step, heights=heights)


def read(
    paths: Sequence[str | PathLike[str]],
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    step: float | None = None,
    bbox: Box | None = None,
    progress: Progress = no_progress,
) -> Terrain:
    """Terrain files of all kinds made one ground. Where several know a height the finest counts, of equally fine ones the first.

    The grid has the step of the finest files; where that would be too many points out to where the coarser ones end, coarser grids lie
    beyond it. origin : of the scene; None: the whole metre south-west of the first tile, in its CRS or the one given. crs : of files that
    name none. step : metres; None: that of the finest tile. bbox : (west, south, east, north) in the origin's CRS.
    Raises InputProblem; what was mended and what is missing stands in `.report`.
    """
    from .terrain_files import read_tile

    if not paths:
        raise InputProblem("terrain", "no file was named", "Name at least one terrain file")
    tiles: list[Terrain] = []
    outside: list[OutsideBox] = []
    for number, path in enumerate(paths):
        try:
            tiles.append(read_tile(path, origin, crs, bbox, step))
        except OutsideBox as problem:
            outside.append(problem)
            continue
        origin = origin or tiles[0].origin
        progress((number + 1) / len(paths), str(path))
    if not tiles:
        raise outside[0]
    for left_out in outside:
        tiles[0].report.add("outside-box", left_out.where, "", "the tile was left out: none of it lies in the area asked for")
    merged = _joined(tiles, step)
    gaps = int(np.count_nonzero(~np.isfinite(merged.heights)))
    if gaps:
        share = gaps / merged.heights.size
        merged.report.add(
            "terrain-gaps", merged.report.files[0], "", f"{gaps} of {merged.heights.size} points ({share:.1%}) have no height"
        )
    return merged


def _joined(tiles: list[Terrain], step: float | None) -> Terrain:
    """The ground of all tiles with the reports of all. step : as for `read`."""
    from . import far_ground

    report = Report()
    for tile in tiles:
        report.merge(tile.report)
    boxes = [(tile.bounds, tile.step) for tile in tiles]
    alike: list[list[Terrain]] = []
    for tile in sorted(tiles, key=lambda one: one.step):
        if not alike or tile.step >= far_ground.ALIKE * alike[-1][0].step:
            alike.append([])
        alike[-1].append(tile)
    tiles.clear()  # each is copied: a city's would be in memory twice
    grids: list[Terrain] = []
    while alike:
        grid = _merged(alike.pop(0))
        grids.append(grid.resampled(step) if step is not None and (not grids or grid.step < step) else grid)
    ground = grids[0] if len(grids) == 1 else far_ground.joined(grids, boxes, report)
    return replace(ground, report=report)


def _merged(tiles: list[Terrain]) -> Terrain:
    """One grid for all tiles, at the finest step, which stands first. Where tiles overlap the first one counts."""
    if len(tiles) == 1:
        return tiles[0]
    boxes = [tile.bounds for tile in tiles]
    merged = lattice_over(tiles[0], (*np.min(boxes, axis=0)[:2].tolist(), *np.max(boxes, axis=0)[2:].tolist()))
    x, y, step, heights = merged.x, merged.y, merged.step, merged.heights
    rows, columns = heights.shape
    between = np.ones((rows, columns), bool)
    for tile in tiles:
        c, r = (tile.x - x) / step, (tile.y - y) / step
        if abs(tile.step - step) < 1e-9 and abs(c - round(c)) < 1e-3 and abs(r - round(r)) < 1e-3:
            c0, r0 = round(c), round(r)
            part = heights[r0 : r0 + tile.heights.shape[0], c0 : c0 + tile.heights.shape[1]]
            np.copyto(part, tile.heights[: part.shape[0], : part.shape[1]], where=~np.isfinite(part))
            between[r0 : r0 + tile.heights.shape[0], c0 : c0 + tile.heights.shape[1]] = False
        else:
            west, south, east, north = tile.bounds
            c0, c1 = max(math.ceil((west - x) / step), 0), min(math.floor((east - x) / step), columns - 1)
            r0, r1 = max(math.ceil((south - y) / step), 0), min(math.floor((north - y) / step), rows - 1)
            px, py = np.meshgrid(x + np.arange(c0, c1 + 1) * step, y + np.arange(r0, r1 + 1) * step)
            found = tile.height_at(np.column_stack([px.ravel(), py.ravel()])).reshape(px.shape).astype(np.float32)
            part = heights[r0 : r1 + 1, c0 : c1 + 1]
            np.copyto(part, found, where=~np.isfinite(part))
            between[r0 : r1 + 1, c0 : c1 + 1] = False
    widest = math.ceil(max(tile.step for tile in tiles) / step)
    close_seams(heights, between, widest)
    close_seams(heights.T, between.T, widest)
    return merged


def lattice_over(grid: Terrain, box: Box, whole: int = 1) -> Terrain:
    """A grid on the same lattice over a box that holds it, its heights where it has some. whole : of how many cells its sides are a
    multiple; they are made longer to the north and east. Raises InputProblem for more points than a town has."""
    step = grid.step
    before = [math.ceil((at - low) / step - 1e-6) for at, low in ((grid.x, box[0]), (grid.y, box[1]))]
    x, y = grid.x - before[0] * step, grid.y - before[1] * step
    columns, rows = (-(-math.floor((high - low) / step + 1e-6) // whole) * whole + 1 for high, low in ((box[2], x), (box[3], y)))
    if rows * columns > 400_000_000:
        raise InputProblem(
            "terrain", f"the tiles lie too far apart to be merged ({columns} × {rows} points)", "Read fewer tiles, a bbox or a coarser step"
        )
    heights = np.full((rows, columns), np.nan, np.float32)
    heights[before[1] : before[1] + grid.heights.shape[0], before[0] : before[0] + grid.heights.shape[1]] = grid.heights
    return Terrain(grid.origin, x, y, step, heights)


def close_seams(heights: npt.NDArray[np.float32], between: npt.NDArray[np.bool_], widest: int) -> None:
    """Fill what lies between tiles, row by row: tiles whose points are the cells' middles leave a strip as wide as the coarser
    step. Gaps inside a tile stay. between : cells of no tile. widest : cells that a seam may be wide."""
    rows = np.flatnonzero(between.any(axis=1))
    for begin in range(0, len(rows), 512):
        some = rows[begin : begin + 512]
        part = heights[some]
        place = np.broadcast_to(np.arange(part.shape[1]), part.shape)
        known = np.isfinite(part)
        left = np.maximum.accumulate(np.where(known, place, -1), axis=1)
        right = np.minimum.accumulate(np.where(known, place, part.shape[1])[:, ::-1], axis=1)[:, ::-1]
        fill = between[some] & ~known & (left >= 0) & (right < part.shape[1]) & (right - left <= widest + 1)
        row, column = np.nonzero(fill)
        a, b = left[row, column], right[row, column]
        share = (column - a) / (b - a)
        part[row, column] = part[row, a] * (1 - share) + part[row, b] * share
        heights[some] = part


def from_ground(points: FloatArray, origin: Origin, step: float, margin: float = 60.0) -> Terrain:
    """Ground estimated from the feet of buildings, points (n, 3), where a town has no terrain model yet.

    Linear between the feet, the nearest foot outside, smoothed over about 20 m; the report says that it is a guess.
    """
    from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator
    from scipy.ndimage import gaussian_filter
    from scipy.spatial import QhullError

    if not len(points):
        raise InputProblem("terrain", "there is neither terrain nor a building to estimate it from", "Name terrain files")
    _, keep = np.unique(np.round(points[:, :2] / step).astype(np.int64), axis=0, return_index=True)
    feet = points[keep]
    west, south = np.floor((feet[:, :2].min(axis=0) - margin) / step) * step
    east, north = np.ceil((feet[:, :2].max(axis=0) + margin) / step) * step
    if (east - west) / step * (north - south) / step > MOST_ESTIMATED:
        spread = f"{(east - west) / 1000:.0f} × {(north - south) / 1000:.0f} km"
        what = f"the buildings spread over {spread}, too far to guess the ground between them"
        raise InputProblem("terrain", what, "Name terrain files, or read a smaller area (bbox)")
    x, y = np.meshgrid(np.arange(west, east + step / 2, step), np.arange(south, north + step / 2, step))
    try:
        heights = LinearNDInterpolator(feet[:, :2], feet[:, 2])(x, y)
    except QhullError:
        heights = np.full(x.shape, np.nan)  # fewer than three feet, or all in a line: the nearest will do
    beyond = ~np.isfinite(heights)
    heights[beyond] = NearestNDInterpolator(feet[:, :2], feet[:, 2])(x[beyond], y[beyond])
    smooth = gaussian_filter(heights, 10.0 / step)
    terrain = Terrain(origin, float(west), float(south), step, smooth.astype(np.float32), estimated=True)
    terrain.report.add("terrain-estimated", "", "", "no terrain was given; the ground is estimated from the feet of the buildings")
    return terrain
