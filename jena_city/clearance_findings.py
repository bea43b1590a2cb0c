"""What is wrong with Abstandsflächen: they overlap, lie on buildings, or beyond the plot and the middle of public land (§ 6 MBO 2002).

All about one block is reckoned of its walls and of what stands within their reach, and is remembered by those.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .applied import Applied, found_by
from .arrays import FloatArray, ObjectArray, of_things
from .building_plots import BuildingPlot, public_land
from .clearances import TOLERANCE, WallClearance
from .finding import Finding, judged
from .memory import Memory
from .site import Site
from .variant import Block

ACROSS = math.cos(math.radians(75.0))  # § 6 (3): walls at more than 75° to each other may share theirs
LOW_WALL, LONG_BORDER, LONG_BORDERS = 3.0, 9.0, 15.0  # § 6 (7): metres of mean height, along one border, along all
AGAINST, SHARED = 0.05, 0.5  # metres between walls that are built against each other; m² that such buildings may share by rounding
FAR = 200.0  # metres: public land is no wider
LEAST_OVERLAP = 0.01  # m²
OVERLAP, DEPTH = "§ 6 (3) MBO", "§ 6 (2) MBO"  # Abstandsflächen lie on the plot itself, and not on each other

Worst = tuple[float, tuple[float, float], Any]
"""m² at most, where, and all that is shared."""


def findings(
    applied: Applied, walls: Sequence[WallClearance], plots: Sequence[BuildingPlot] = (), memory: Memory | None = None
) -> list[Finding]:
    """What is wrong: areas of walls that face each other overlap, or they lie on buildings, or on other plots than the block's, or beyond
    the middle of public land. plots : Baugrundstücke; without one under a block the parcels it stands on. What a block states a reason
    against is listed with it. Where a building is built against a wall, that part of the wall needs no area. memory : of the same site."""
    memory = memory or Memory()
    standing = _standing(applied, walls, memory)
    on_buildings = [found for one in standing for found in memory.of(("on buildings", one), partial(_on_buildings, applied, one))]
    return _overlaps(standing, memory) + on_buildings + _crossings(applied, standing, plots, memory)


@dataclass(frozen=True, eq=False)
class _Open:
    """A wall's area without the parts where another building is built against it. closed : (from, to) metres along the wall."""

    wall: WallClearance
    shape: Any
    closed: list[tuple[float, float]]

    @classmethod
    def of(cls, wall: WallClearance, own: Any, near: ObjectArray) -> _Open:
        """own : footprint of the wall's block. near (n,) footprints of what stands around it."""
        length = float(np.hypot(*(wall.end - wall.start)))
        beside = shapely.LineString([wall.start + AGAINST * wall.outward, wall.end + AGAINST * wall.outward])
        others = [one for one in near[shapely.intersects(near, beside)] if one.intersection(own).area <= SHARED]
        shape, closed = wall.shape, []
        way = (wall.end - wall.start) / length
        for piece in shapely.get_parts(beside.intersection(shapely.union_all(others))) if others else ():
            ends = shapely.get_coordinates(piece)
            low, high = sorted(float((point - wall.start) @ way) for point in (ends[0], ends[-1]))
            closed.append((low, high))
            corners = [wall.start + low * way, wall.start + high * way]
            deep = (float(wall.depth.max()) + 1.0) * wall.outward
            shape = shape.difference(shapely.Polygon([*corners, corners[1] + deep, corners[0] + deep]))
        return cls(wall, shape, closed)

    def is_open(self) -> npt.NDArray[np.bool_]:
        """(n,) whether each point along the wall is."""
        along = self.wall.along
        found = np.ones(len(along), bool)
        for low, high in self.closed:
            found &= (along < low - AGAINST) | (along > high + AGAINST)
        return found


@dataclass(frozen=True, eq=False)
class _Facing:
    """The walls of one block as they are open."""

    walls: list[_Open]
    outward: FloatArray
    shapes: npt.NDArray[np.object_]
    box: tuple[float, float, float, float]
    small: float | None
    """Mean height of its walls, metres, of a small outbuilding that may stand at the border; None: it is none."""


@dataclass(frozen=True, eq=False)
class _Standing:
    """A block that has areas. rows : of the city's buildings, blocks : main buildings of the variant, that may be within its reach."""

    block: Block
    rows: tuple[int, ...]
    blocks: tuple[Block, ...]
    facing: _Facing


def _standing(applied: Applied, walls: Sequence[WallClearance], memory: Memory) -> list[_Standing]:
    site, variant = applied.site, applied.variant
    of_block: dict[str, list[WallClearance]] = {}
    for wall in walls:
        of_block.setdefault(wall.block, []).append(wall)
    stand = [number for number, block in enumerate(variant.blocks) if block.id in of_block]
    own = [tuple(of_block[variant.blocks[number].id]) for number in stand]
    if not stand:
        return []
    around = [memory.of(("around", mine), partial(_Around.of, site, mine)) for mine in own]
    main, tree = applied.main_buildings
    places = [memory.of(("place", one.id, one.name, one.footprint), object) for one in variant.blocks]
    found = []
    for number, mine, there, others in zip(stand, own, around, found_by(tree, of_things(one.box for one in around)), strict=True):
        beside = [main[k] for k in others if main[k] != number]
        kept, blocks = applied.staying(there.rows), tuple(variant.blocks[k] for k in beside)
        key = ("standing", mine, applied.solids[number], kept, *(places[k] for k in beside))
        found.append(memory.of(key, partial(_stands, site, variant.blocks[number], mine, kept, blocks)))
    return found


@dataclass(frozen=True, eq=False)
class _Around:
    """How far the areas of a block reach, and the rows of the city's buildings that may be within."""

    box: Any
    rows: list[int]

    @classmethod
    def of(cls, site: Site, walls: Sequence[WallClearance]) -> _Around:
        box = shapely.box(*_reach(walls))
        return cls(box, np.sort(site.footprint_tree.query(box)).tolist())


def _stands(site: Site, block: Block, walls: Sequence[WallClearance], kept: tuple[int, ...], blocks: tuple[Block, ...]) -> _Standing:
    return _Standing(block, kept, blocks, _facing(site, block, walls, kept, [one.footprint for one in blocks]))


def _reach(walls: Sequence[WallClearance]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([wall.shape for wall in walls]).tolist()
    more = 2 * AGAINST
    return west - more, south - more, east + more, north + more


def _facing(site: Site, block: Block, walls: Sequence[WallClearance], rows: Sequence[int], shapes: Sequence[Any]) -> _Facing:
    near = of_things([*(site.footprints[row] for row in rows), *shapes])
    found = [_Open.of(wall, block.footprint, near) for wall in walls]
    open_shapes = of_things(one.shape for one in found)
    return _Facing(found, np.array([wall.outward for wall in walls]), open_shapes, _reach(walls), _mean_height(block, walls))


def _mean_height(block: Block, walls: Sequence[WallClearance]) -> float | None:
    """The mean height of the walls of a garage or Nebenanlage that is allowed without areas of its own and in those of others (§ 6 (7)
    MBO): at most 3 m; None: it is none."""
    if block.counts_as not in ("garage", "nebenanlage"):
        return None
    length = sum(float(np.ptp(wall.along)) for wall in walls)
    mean = sum(float((np.diff(one.along) * (one.height[1:] + one.height[:-1]) / 2).sum()) for one in walls) / length
    return mean if mean <= LOW_WALL + TOLERANCE else None


def _excused(one: Finding, walls: Sequence[WallClearance], height: float | None) -> Finding:
    """A finding about a small outbuilding does not hold, if it is short enough along the borders. walls : those at the border. height :
    mean of its walls, metres; None: it is none."""
    lengths = [float(np.ptp(wall.along)) for wall in walls]
    if height is None or one.severity != "broken" or max(lengths, default=0.0) > LONG_BORDER or sum(lengths) > LONG_BORDERS:
        return one
    words = f"Garage oder Nebengebäude, mittlere Wandhöhe {height:.2f} m, bis 9 m an einer Grenze (§ 6 (7) MBO 2002)"
    return replace(one, severity="not-applicable", reason=words.replace(".", ",", 1))


def _of(block: Block, rule: str, worst: Worst, other: str) -> Finding:
    by, place, ground = worst
    return Finding(rule, "broken", block.id, block.name or block.id, by, "m²", place, OVERLAP, other, ground=ground)


# --- areas on each other and on buildings -----------------------------------------------------------------------------


def _overlaps(standing: Sequence[_Standing], memory: Memory) -> list[Finding]:
    boxes = shapely.box(*np.array([one.facing.box for one in standing]).reshape(-1, 4).T)
    found = []
    for a, near in enumerate(found_by(shapely.STRtree(boxes), boxes)):
        one = standing[a]
        for b in near:
            other = standing[b]
            worst = memory.of(("overlap", one, other), partial(_overlap, one.facing, other.facing)) if b >= a else None
            if worst is not None:
                finding = _of(one.block, "clearance-overlap", worst, other.block.name or other.block.id)
                small = other.facing.small if one.facing.small is None else one.facing.small
                found.append(_excused(judged(finding, one.block, other.block), (), small))
    return found


def _overlap(one: _Facing, other: _Facing) -> Worst | None:
    """What walls of two blocks that face each other share."""
    a, b = np.nonzero(one.outward @ other.outward.T < -ACROSS)
    return _largest(shapely.intersection(one.shapes[a], other.shapes[b]))


def _largest(common: Any) -> Worst | None:
    areas = shapely.area(common)
    if not len(areas) or areas.max() <= LEAST_OVERLAP:
        return None
    worst = int(areas.argmax())
    middle = common[worst].centroid
    return float(areas[worst]), (float(middle.x), float(middle.y)), shapely.union_all(common[areas > LEAST_OVERLAP])


def _on_buildings(applied: Applied, one: _Standing) -> list[Finding]:
    site = applied.site
    names = [site.city.building_id[row] for row in one.rows] + [block.name or block.id for block in one.blocks]
    shapes = [site.footprints[row] for row in one.rows] + [block.footprint for block in one.blocks]
    found = []
    for name, shape in zip(names, shapes, strict=True):
        worst = _largest(shapely.intersection(one.facing.shapes, shape))
        if worst is not None:
            found.append(_excused(judged(_of(one.block, "clearance-on-building", worst, name), one.block), (), one.facing.small))
    return found


# --- beyond the plot --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Public:
    """Public land, piece by piece."""

    shapes: npt.NDArray[np.object_]
    tree: shapely.STRtree

    def around(self, walls: Sequence[WallClearance]) -> tuple[int, ...]:
        """Numbers of the pieces that may lie before some walls."""
        deep = FAR + 4 * max(float(wall.depth.max()) for wall in walls)
        west, south, east, north = _reach(walls)
        return tuple(np.sort(self.tree.query(shapely.box(west - deep, south - deep, east + deep, north + deep))).tolist())


@dataclass(frozen=True)
class _Crossing:
    """by : metres that the depth is more than what there is to the border. ground : what lies beyond it."""

    by: float
    depth: float
    place: tuple[float, float]
    wall: WallClearance
    ground: Any = None


def _crossings(applied: Applied, standing: Sequence[_Standing], plots: Sequence[BuildingPlot], memory: Memory) -> list[Finding]:
    made = tuple((one.kind, one.shape) for one in applied.variant.open_spaces)
    public = memory.of(("public", made, *plots), partial(_public, applied, plots))
    site = applied.site
    crossings = [memory.of(("crossings", one, public), partial(_beyond, site, one, plots, public, memory)) for one in standing]
    return [one for found in crossings for one in found]


def _public(applied: Applied, plots: Sequence[BuildingPlot]) -> _Public:
    array = of_things([*public_land(applied.site, applied.variant), *(plot.street for plot in plots)])
    return _Public(array, shapely.STRtree(array))


def _own_land(site: Site, block: Block, plots: Sequence[BuildingPlot]) -> Any:
    own = [plot.whole for plot in plots if plot.whole.intersection(block.footprint).area > 0.5 * block.footprint.area]
    if not own and site.plots is not None:
        near = site.plots.geometry[np.sort(site.plot_tree.query(block.footprint))]
        own = near[shapely.area(shapely.intersection(near, block.footprint)) > 1.0].tolist()
    return shapely.union_all(own) if own else None


def _beyond(site: Site, one: _Standing, plots: Sequence[BuildingPlot], public: _Public, memory: Memory) -> list[Finding]:
    own = _own_land(site, one.block, plots)
    if own is None:
        return []
    near = public.around([each.wall for each in one.facing.walls])
    land = memory.of(("public land", public, near), lambda: shapely.union_all(public.shapes[list(near)]))
    crossings = [crossing for each in one.facing.walls if (crossing := _crossing(each, own, land)).by > TOLERANCE]
    if not crossings:
        return []
    worst = max(crossings, key=lambda crossing: crossing.by)
    ground = shapely.union_all([crossing.ground for crossing in crossings])
    numbers = {"allowed": worst.depth - worst.by, "found": worst.depth, "ground": ground}
    name = one.block.name or one.block.id
    finding = Finding("clearance-plot", "broken", one.block.id, name, worst.by, "m", worst.place, DEPTH, **numbers)
    return [_excused(judged(finding, one.block), [crossing.wall for crossing in crossings], one.facing.small)]


def _crossing(one: _Open, own: Any, public: Any) -> _Crossing:
    """The worst along a wall: by how much the depth exceeds what there is to the border, or to the middle of public land behind it."""
    wall, is_open = one.wall, one.is_open()
    if not is_open.any():
        return _Crossing(0.0, 0.0, (0.0, 0.0), wall)
    depth = wall.depth[is_open]
    foot = wall.start + wall.along[is_open, None] * (wall.end - wall.start) / np.hypot(*(wall.end - wall.start))
    start = foot + 1e-6 * wall.outward
    there = _leaves(start, foot + 4 * depth[:, None] * wall.outward, own)
    beyond = there < 4 * depth - 2e-6
    if beyond.any():
        border = start[beyond] + (there[beyond, None] + 1e-3) * wall.outward
        there[beyond] += _leaves(border, start[beyond] + FAR * wall.outward, public) / 2
    worst = int((depth - there).argmax())
    x, y = (foot[worst] + there[worst] * wall.outward).tolist()
    by = float(depth[worst] - there[worst])
    ground = _between(foot, wall.outward, there, depth).intersection(one.shape) if by > TOLERANCE else None
    return _Crossing(by, float(depth[worst]), (x, y), wall, ground)


def _between(foot: FloatArray, outward: FloatArray, there: FloatArray, depth: FloatArray) -> Any:
    """The ground between what there is before a wall and how deep its area is, where that is deeper; foot (n, 2), there, depth (n,)."""
    near, far = (foot + reach[:, None] * outward for reach in (np.minimum(there, depth), depth))
    strips = shapely.polygons(np.stack([near[:-1], near[1:], far[1:], far[:-1]], axis=1))
    return shapely.union_all(strips[(shapely.area(strips) > 1e-6) & shapely.is_valid(strips)])


def _leaves(starts: FloatArray, ends: FloatArray, land: Any) -> FloatArray:
    """Metres that each of some parallel rays runs on land from its start; 0 where it does not begin there."""
    rays = shapely.multilinestrings(shapely.linestrings(np.stack([starts, ends], axis=1)))
    pieces = shapely.get_parts(shapely.intersection(rays, land))
    way = ends[0] - starts[0]
    across = np.array([-way[1], way[0]]) / np.hypot(*way)
    middles = shapely.get_coordinates(shapely.centroid(pieces)) @ across
    ray = np.abs(middles[:, None] - starts @ across).argmin(axis=1)
    first = shapely.distance(pieces, shapely.points(starts)[ray]) < 2e-3
    found = np.zeros(len(starts))
    np.maximum.at(found, ray[first], shapely.length(pieces[first]))
    return found
