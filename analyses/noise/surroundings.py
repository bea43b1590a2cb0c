"""All that stands in the way of sound, as edges in a uniform grid: the ground's creases, borders between kinds of ground, houses, walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled
from .joined import joined, without_shared
from .octaves import BANDS
from .porosity import borders, partition

GROUND, COVER, HOUSE, WALL = 0, 1, 2, 3
FLAT = 1e-6  # two triangles whose slopes differ by less make no crease


@dataclass(frozen=True)
class Obstacle:
    """A house or a wall.

    outline : (n, 2) metres; a house's corners without the first repeated, a wall's points. tops : (n,) absolute heights of its upper edge.
    closed : a house. absorption : (8,) share of energy that is taken at each reflection. holes : courtyards, (k, 2) corners each.
    """

    outline: FloatArray
    tops: FloatArray
    closed: bool
    absorption: FloatArray = field(default_factory=lambda: np.zeros(len(BANDS)))
    holes: tuple[FloatArray, ...] = ()


class Scene(NamedTuple):
    """The surroundings as the kernels want them; all lengths in metres, all coordinates relative to `origin`.

    ends : (m, 6) x, y, z of both ends of each edge. kind : (m,). owner : (m,) number of the obstacle, -1 for ground. sides : (m, 2) what
    lies left and right of an edge between kinds of ground: their factors G. faces : edges that reflect. starts, items : edges of each cell
    of the grid, ragged. triangle_starts, triangle_items : the same for the ground's triangles (t, 9).
    corner_starts, corners : outlines of all obstacles (k, 3).
    round_starts, round_corners : outlines that sound goes round; joined : (obstacles,) which of these is that of each, see `joined`.
    closed : which of them are houses. absorption : (obstacles, 8).
    """

    ends: FloatArray
    kind: npt.NDArray[np.int8]
    owner: npt.NDArray[np.int32]
    sides: FloatArray
    faces: IntArray
    grid: FloatArray
    shape: IntArray
    starts: IntArray
    items: npt.NDArray[np.int32]
    triangles: FloatArray
    triangle_starts: IntArray
    triangle_items: npt.NDArray[np.int32]
    base: float
    corner_starts: IntArray
    corners: FloatArray
    round_starts: IntArray
    round_corners: FloatArray
    joined: IntArray
    closed: npt.NDArray[np.bool_]
    absorption: FloatArray


@dataclass
class Surroundings:
    """What sound meets. Build with `surroundings`."""

    scene: Scene
    origin: FloatArray
    cover: list[shapely.Polygon]
    factors: FloatArray
    otherwise: float

    def local(self, points: npt.ArrayLike) -> FloatArray:
        """Points (n, 3) in the kernels' coordinates."""
        return np.asarray(np.ascontiguousarray(np.asarray(points, float) - self.origin))

    def ground(self, points: npt.ArrayLike) -> FloatArray:
        """Height of the ground below (n, 2) points."""
        points = np.asarray(points, float)[:, :2] - self.origin[:2]
        return np.asarray(_heights(self.scene, np.ascontiguousarray(points))) + self.origin[2]

    def factor(self, points: npt.ArrayLike) -> FloatArray:
        """The ground factor G (0 hard, 1 porous) at (n, 2) points, houses not regarded."""
        points = np.asarray(points, float)
        found = np.full(len(points), self.otherwise)
        if self.cover:
            tree = shapely.STRtree(self.cover)
            which, piece = tree.query(shapely.points(points[:, :2]), predicate="intersects")
            found[which] = self.factors[piece]
        return found


def surroundings(
    obstacles: Sequence[Obstacle] = (),
    triangles: FloatArray | None = None,
    cover: Sequence[tuple[shapely.Polygon, float]] = (),
    *,
    otherwise: float = 0.0,
    base: float = 0.0,
    cell: float | None = None,
    origin: npt.ArrayLike | None = None,
) -> Surroundings:
    """The surroundings of sources and receivers.

    triangles : (t, 3, 3) the ground; outside of them it is flat at `base`. cover : areas with their ground factor; where two overlap the
    later counts. otherwise : the factor elsewhere. cell : metres, the grid's step; by default some edges to a cell. origin :
    (2,) of the kernels' coordinates, the middle by default; surroundings that are to be compared need the same.
    """
    triangles = np.zeros((0, 3, 3)) if triangles is None else np.asarray(triangles, float)
    pieces, factors = partition(cover)
    points = [triangles.reshape(-1, 3)[:, :2], *(o.outline for o in obstacles), *(shapely.get_coordinates(p) for p in pieces)]
    every = np.vstack([p for p in points if len(p)]) if any(len(p) for p in points) else np.zeros((1, 2))
    zero = np.array([*(np.round(every.mean(axis=0)) if origin is None else np.asarray(origin, float)), 0.0])

    ends = [_creases(triangles, base)]
    kind, owner, sides = [np.full(len(ends[0]), GROUND)], [np.full(len(ends[0]), -1)], [np.zeros((len(ends[0]), 2))]
    between, factor_sides = borders(pieces, factors, otherwise)
    ends.append(between)
    kind.append(np.full(len(between), COVER))
    owner.append(np.full(len(between), -1))
    sides.append(factor_sides)
    for number, obstacle in enumerate(obstacles):
        rings = [_upright(obstacle), *(_hole(corners, obstacle) for corners in obstacle.holes)]
        edges = np.vstack([np.hstack([r, np.roll(r, -1, axis=0)]) if obstacle.closed else np.hstack([r[:-1], r[1:]]) for r in rings])
        ends.append(edges)
        kind.append(np.full(len(edges), HOUSE if obstacle.closed else WALL))
        owner.append(np.full(len(edges), number))
        sides.append(np.zeros((len(edges), 2)))
    corners = [_upright(o) - zero for o in obstacles]
    houses = np.flatnonzero([o.closed for o in obstacles])
    shapes = _shapes(obstacles, houses, zero)
    gone_round, joined_to = joined(corners, houses, shapes)
    kinds, owners = np.concatenate(kind).astype(np.int8), np.concatenate(owner).astype(np.int32)
    walls = np.vstack(ends) - np.tile(zero, 2)
    all_ends, of, back = without_shared(walls, np.where(kinds == HOUSE, owners, -1), corners, houses, shapes)
    kinds, owners = kinds[of], owners[of]
    local = triangles - zero

    low = every.min(axis=0) - zero[:2] - 1.0
    high = every.max(axis=0) - zero[:2] + 1.0
    if cell is None:
        cell = float(np.clip(np.sqrt(np.prod(high - low) / max(len(all_ends), 1)), 2.0, 100.0))
    grid = np.array([*low, cell])
    shape = np.maximum(np.ceil((high - low) / cell), 1).astype(np.int64)
    starts, items = _binned(all_ends[:, [0, 1, 3, 4]], grid, shape)
    triangle_starts, triangle_items = _binned_boxes(local, grid, shape)
    scene = Scene(
        ends=np.ascontiguousarray(all_ends),
        kind=kinds,
        owner=owners,
        sides=np.vstack(sides)[of],
        faces=np.flatnonzero(back & ((kinds == HOUSE) | (kinds == WALL))),
        grid=grid,
        shape=shape,
        starts=starts,
        items=items,
        triangles=np.ascontiguousarray(local.reshape(-1, 9)),
        triangle_starts=triangle_starts,
        triangle_items=triangle_items,
        base=float(base),
        corner_starts=np.cumsum([0, *(len(c) for c in corners)]).astype(np.int64),
        corners=np.ascontiguousarray(np.vstack(corners)) if corners else np.zeros((0, 3)),
        round_starts=np.cumsum([0, *(len(c) for c in gone_round)]).astype(np.int64),
        round_corners=np.ascontiguousarray(np.vstack(gone_round)) if gone_round else np.zeros((0, 3)),
        joined=joined_to.astype(np.int64),
        closed=np.array([o.closed for o in obstacles], bool),
        absorption=np.ascontiguousarray(np.vstack([o.absorption for o in obstacles])) if obstacles else np.zeros((0, len(BANDS))),
    )
    return Surroundings(scene, zero, pieces, factors, otherwise)


def _upright(obstacle: Obstacle) -> FloatArray:
    """Its corners with their heights (n, 3), those of a house counter-clockwise."""
    points = np.column_stack([obstacle.outline, obstacle.tops])
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    clockwise = obstacle.closed and float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) < 0
    return points[::-1] if clockwise else points


def _shapes(obstacles: Sequence[Obstacle], houses: IntArray, zero: FloatArray) -> npt.NDArray[np.object_]:
    """(h,) houses as polygons with their courtyards, in the kernels' coordinates."""
    found = np.empty(len(houses), object)
    for row, number in enumerate(houses.tolist()):
        house = obstacles[number]
        found[row] = shapely.Polygon(house.outline - zero[:2], [hole - zero[:2] for hole in house.holes])
    return np.asarray(shapely.make_valid(found))


def _hole(corners: FloatArray, house: Obstacle) -> FloatArray:
    """A courtyard's corners clockwise (n, 3), as high as the house in the mean."""
    points = np.column_stack([corners, np.full(len(corners), float(np.mean(house.tops)))])
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    return points[::-1] if float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) > 0 else points


def _creases(triangles: FloatArray, base: float) -> FloatArray:
    """The edges (n, 6) where the ground's slope changes."""
    if not len(triangles):
        return np.zeros((0, 6))
    flat = triangles.reshape(-1, 3)
    _, index = np.unique(np.round(flat[:, :2], 4), axis=0, return_inverse=True)
    corner = index.reshape(-1, 3)
    first = np.concatenate([corner, np.roll(corner, -1, axis=1)]).reshape(2, -1)
    pairs = np.sort(np.column_stack([first[0], first[1]]), axis=1)
    ends = np.concatenate([triangles, np.roll(triangles, -1, axis=1)], axis=2).reshape(-1, 6)
    side1, side2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    normal = np.cross(side1, side2)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(np.abs(normal[:, 2:]) > 0, -normal[:, :2] / normal[:, 2:], 0.0)
    slopes = np.repeat(slope, 3, axis=0)
    _, edge, count = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    edge = edge.ravel()
    low = np.full((len(count), 2), np.inf)
    high = np.full((len(count), 2), -np.inf)
    np.minimum.at(low, edge, slopes)
    np.maximum.at(high, edge, slopes)
    creased = (np.abs(high - low).max(axis=1) > FLAT) | (count != 2)
    one = np.zeros(len(count), np.int64)
    one[edge] = np.arange(len(edge))
    border = count == 1
    level = np.abs(ends[one][:, [2, 5]] - base).max(axis=1) < FLAT
    creased &= ~(border & level & (np.abs(slopes[one]).max(axis=1) < FLAT))
    return np.asarray(ends[one][creased])


@compiled
def _touches(x1: float, y1: float, x2: float, y2: float, left: float, low: float, size: float) -> bool:
    """Whether a segment meets a cell made a little larger."""
    spare = 1e-6 * size + 1e-9
    middle_x, middle_y, half = left + size / 2, low + size / 2, size / 2 + spare
    if min(x1, x2) > middle_x + half or max(x1, x2) < middle_x - half or min(y1, y2) > middle_y + half or max(y1, y2) < middle_y - half:
        return False
    across = (x2 - x1) * (middle_y - y1) - (y2 - y1) * (middle_x - x1)
    return abs(across) <= half * (abs(x2 - x1) + abs(y2 - y1)) + 1e-9


@compiled
def _count_or_fill(lines: FloatArray, grid: FloatArray, shape: IntArray, starts: IntArray, items: IntArray) -> None:
    """Count the edges of each cell (items empty) or write them where `starts` says, which moves on."""
    for number in range(len(lines)):
        x1, y1, x2, y2 = lines[number]
        from_x = max(int((min(x1, x2) - grid[0]) / grid[2] - 1e-6), 0)
        to_x = min(int((max(x1, x2) - grid[0]) / grid[2] + 1e-6), shape[0] - 1)
        from_y = max(int((min(y1, y2) - grid[1]) / grid[2] - 1e-6), 0)
        to_y = min(int((max(y1, y2) - grid[1]) / grid[2] + 1e-6), shape[1] - 1)
        for j in range(from_y, to_y + 1):
            for i in range(from_x, to_x + 1):
                if _touches(x1, y1, x2, y2, grid[0] + i * grid[2], grid[1] + j * grid[2], grid[2]):
                    cell = j * shape[0] + i
                    if len(items):
                        items[starts[cell]] = number
                    starts[cell] += 1


def _binned(lines: FloatArray, grid: FloatArray, shape: IntArray) -> tuple[IntArray, npt.NDArray[np.int32]]:
    counts = np.zeros(int(shape.prod()), np.int64)
    lines = np.ascontiguousarray(lines)
    _count_or_fill(lines, grid, shape, counts, np.zeros(0, np.int32))
    starts = np.concatenate([[0], np.cumsum(counts)])
    items = np.zeros(max(int(starts[-1]), 1), np.int32)
    _count_or_fill(lines, grid, shape, starts[:-1].copy(), items)
    return starts, items


def _binned_boxes(triangles: FloatArray, grid: FloatArray, shape: IntArray) -> tuple[IntArray, npt.NDArray[np.int32]]:
    """The triangles of each cell, by their boxes: the diagonals of the boxes' cells are not enough, so every cell of the box gets them."""
    if not len(triangles):
        return np.zeros(int(shape.prod()) + 1, np.int64), np.zeros(1, np.int32)
    low = np.clip(np.floor((triangles[:, :, :2].min(axis=1) - grid[:2]) / grid[2] - 1e-6).astype(np.int64), 0, shape - 1)
    high = np.clip(np.floor((triangles[:, :, :2].max(axis=1) - grid[:2]) / grid[2] + 1e-6).astype(np.int64), 0, shape - 1)
    wide = high - low + 1
    number = np.repeat(np.arange(len(triangles)), wide.prod(axis=1))
    within = np.arange(len(number)) - np.repeat(np.cumsum(wide.prod(axis=1)) - wide.prod(axis=1), wide.prod(axis=1))
    cells = (low[number, 1] + within // wide[number, 0]) * shape[0] + low[number, 0] + within % wide[number, 0]
    order = np.argsort(cells, kind="stable")
    starts = np.searchsorted(cells[order], np.arange(int(shape.prod()) + 1))
    return starts.astype(np.int64), number[order].astype(np.int32)


@compiled
def height_at(scene: Scene, x: float, y: float) -> float:
    """The ground's height at a place: of the triangle that holds it, else the flat ground around."""
    grid, shape, t, base = scene.grid, scene.shape, scene.triangles, scene.base
    i, j = int((x - grid[0]) / grid[2]), int((y - grid[1]) / grid[2])
    if x < grid[0] or y < grid[1] or i >= shape[0] or j >= shape[1]:
        return base
    cell = j * shape[0] + i
    starts, items = scene.triangle_starts, scene.triangle_items
    for n in range(starts[cell], starts[cell + 1]):
        k = items[n]
        x1, y1, x2, y2 = t[k, 3] - t[k, 0], t[k, 4] - t[k, 1], t[k, 6] - t[k, 0], t[k, 7] - t[k, 1]
        whole = x1 * y2 - x2 * y1
        if whole == 0.0:
            continue
        px, py = x - t[k, 0], y - t[k, 1]
        b, c = (px * y2 - x2 * py) / whole, (x1 * py - px * y1) / whole
        if b >= -1e-9 and c >= -1e-9 and b + c <= 1.0 + 1e-9:
            return t[k, 2] + b * (t[k, 5] - t[k, 2]) + c * (t[k, 8] - t[k, 2])
    return base


@compiled
def _heights(scene: Scene, points: FloatArray) -> FloatArray:
    found = np.empty(len(points))
    for k in range(len(points)):
        found[k] = height_at(scene, points[k, 0], points[k, 1])
    return found
