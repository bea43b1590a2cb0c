"""Abstandsflächen after § 6 of the Musterbauordnung of 2002, as Thuringia took it over: polygons on the ground for each wall, and what is
wrong.

The height of a wall is measured point by point, from the ground to where the wall meets the Dachhaut or ends; a roof over level eaves
adds a third of its height, where it is steep all of it; a gable wall counts by its own outline, unaveraged. The ground is the terrain as
it is. A check for planners, no legal advice: Vorbauten and what a plan fixes otherwise are not known here; a block may be exempt for a
reason that it states.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from .applied import Applied
from .arrays import FloatArray
from .building_plots import BuildingPlot, public_land
from .finding import Finding, judged
from .land_rules import Clearance
from .massing import level_roof_heights, roof_over, top_outlines
from .roofs import RoofForm
from .variant import Block

STEP = 1.0  # metres between the points at which a wall's height is measured
ACROSS = math.cos(math.radians(75.0))  # § 6 (3): walls at more than 75° to each other may share theirs
SMALL_FLOOR, SMALL_AREA, SMALL_FLATS = 7.0, 400.0, 2  # Gebäudeklasse 1 and 2: metres, m², dwellings
TOLERANCE = 0.005  # metres by which nothing is broken
LOW_WALL, LONG_BORDER, LONG_BORDERS = 3.0, 9.0, 15.0  # § 6 (7): metres of mean height, along one border, along all
AGAINST, SHARED = 0.05, 0.5  # metres between walls that are built against each other; m² that such buildings may share by rounding
OVERLAP, DEPTH = "§ 6 (3) MBO", "§ 6 (2) MBO"  # Abstandsflächen lie on the plot itself, and not on each other


@dataclass(frozen=True, eq=False)
class WallClearance:
    """The Abstandsfläche of one wall.

    block : index in the variant. start, end : of the wall, scene coordinates (2,), the outside on its right. along (n,) metres from the
    start; height (n,) that counts (H); depth (n,). shape : polygon on the ground.
    """

    block: int
    start: FloatArray
    end: FloatArray
    along: FloatArray
    height: FloatArray
    depth: FloatArray
    shape: shapely.Polygon

    @property
    def outward(self) -> FloatArray:
        """(2,) of length 1."""
        x, y = (self.end - self.start) / np.hypot(*(self.end - self.start))
        return np.array([y, -x])

    @property
    def area(self) -> float:
        """m²."""
        return float((np.diff(self.along) * (self.depth[1:] + self.depth[:-1]) / 2).sum())


def clearances(applied: Applied, rule: Clearance, plots: Sequence[BuildingPlot] = ()) -> list[WallClearance]:
    """The Abstandsflächen of all blocks that have their walls above ground. plots : where one is GE or GI its factor holds."""
    found = []
    for number, (block, base) in enumerate(zip(applied.variant.blocks, applied.bases.tolist(), strict=True)):
        if block.counted == "unterbau":
            continue
        business = any(plot.limits.use in ("GE", "GI") and plot.whole.contains(block.footprint.centroid) for plot in plots)
        factor = 0.0 if is_small_dwelling(block, rule) else rule.factor_business if business else rule.factor
        for outline, tops in _walls(block, base, rule):
            for start, end, top in zip(outline[:-1], outline[1:], tops, strict=True):
                found.append(_clearance(applied, number, base, start, end, top, factor, rule.least))
    return found


def is_small_dwelling(block: Block, rule: Clearance) -> bool:
    """Whether the least depth suffices: a dwelling of Gebäudeklasse 1 or 2 with few storeys."""
    return is_class_1_or_2(block) and block.storeys + block.attic_used <= rule.small_storeys


def is_class_1_or_2(block: Block) -> bool:
    """Whether it is a dwelling of Gebäudeklasse 1 or 2, by its own number of dwellings, floors and areas."""
    floor = block.eaves_height - block.knee if block.attic_used else block.plinth + block.storeys_height - block.storey_height
    area = block.footprint.area * (block.storeys + block.attic_used)
    return (
        block.use == "wohnen"
        and block.dwellings is not None
        and 1 <= block.dwellings <= SMALL_FLATS
        and (block.storeys == 1 or floor <= SMALL_FLOOR)
        and area <= SMALL_AREA
    )


def _walls(block: Block, base: float, rule: Clearance) -> list[tuple[FloatArray, list[FloatArray]]]:
    """Rings of walls (n + 1, 2), and for each edge the line that counts above it: (m, 2) of metres along it and height."""
    found = []
    outlines = top_outlines(block)
    if block.stands_back:
        low, _ = level_roof_heights(block, base)
        found += [(ring, _level(ring, low)) for ring in _rings(block.footprint)]
    for outline in outlines:
        if block.roof.kind == "flat":
            _, high = level_roof_heights(block, base)
            found += [(ring, _level(ring, high)) for ring in _rings(outline)]
            continue
        form, at = roof_over(block, outline), 0
        for ring in _rings(outline):
            edges = len(ring) - 1
            lines = [_under_roof(block, form, form.crowns[at + k], ring[k], base + block.eaves_height, rule) for k in range(edges)]
            found.append((ring, lines))
            at += edges
    return found


def _under_roof(block: Block, form: RoofForm, crown: FloatArray, start: FloatArray, eaves: float, rule: Clearance) -> FloatArray:
    """The line that counts above one edge."""
    line = crown[::-1]
    along = np.hypot(*(line[:, :2] - start).T)
    height = eaves + line[:, 2]
    if np.ptp(line[:, 2]) > 1e-6 or line[0, 2] > 1e-6:  # a gable wall, or the high wall of a shed: by its own outline
        return np.column_stack([along, height])
    middle = (line[0] + line[-1]) / 2
    own = next(
        (ring for rings in form.faces for ring in rings if _touches(ring, middle)), np.zeros((1, 3))
    )  # the roof's face that rises from this edge
    rise = float(own[:, 2].max())
    added = rise * (1.0 if block.roof.pitch >= rule.steep else rule.roof_share)
    if block.roof.kind == "mansard":
        whole = max(float(ring[:, 2].max()) for rings in form.faces for ring in rings)
        added += (whole - rise) * rule.roof_share
    return np.column_stack([along, height + added])


def _touches(ring: FloatArray, point: FloatArray) -> bool:
    """Whether an edge of a ring at the height of the eaves goes through a point."""
    one, other = ring, np.roll(ring, -1, axis=0)
    low = (np.abs(one[:, 2]) < 1e-6) & (np.abs(other[:, 2]) < 1e-6)
    away = [shapely.LineString([a[:2], b[:2]]).distance(shapely.Point(point[:2])) for a, b in zip(one[low], other[low], strict=True)]
    return bool(away) and min(away) < 1e-4


def _level(ring: FloatArray, height: float) -> list[FloatArray]:
    return [np.array([[0.0, height], [length, height]]) for length in np.hypot(*np.diff(ring, axis=0).T)]


def _rings(polygon: shapely.Polygon) -> list[FloatArray]:
    """Closed rings with the outside on the right."""
    turned = shapely.geometry.polygon.orient(polygon, 1.0)
    return [np.asarray(ring.coords)[:, :2] for ring in (turned.exterior, *turned.interiors)]


def _clearance(
    applied: Applied, number: int, base: float, start: FloatArray, end: FloatArray, top: FloatArray, factor: float, least: float
) -> WallClearance:
    length = float(np.hypot(*(end - start)))
    along = np.unique(np.concatenate([np.linspace(0.0, length, max(2, math.ceil(length / STEP) + 1)), top[:, 0].clip(0.0, length)]))
    points = start + along[:, None] * (end - start) / length
    ground = np.full(len(along), base)
    if applied.site.terrain is not None:
        under = applied.site.terrain.height_at(points)
        ground = np.where(np.isfinite(under), under, base)
    height = np.interp(along, top[:, 0], top[:, 1]) - ground
    if factor > 0:  # a corner where the least depth begins to be exceeded
        over = factor * height - least
        cross = np.flatnonzero(over[:-1] * over[1:] < 0)
        more = along[cross] + (along[cross + 1] - along[cross]) * over[cross] / (over[cross] - over[cross + 1])
        both = np.sort(np.concatenate([along, more]))
        along, height = both, np.interp(both, along, height)
    depth = np.maximum(factor * height, least)
    x, y = (end - start) / length
    foot = start + along[:, None] * np.array([x, y])
    shape = shapely.Polygon(np.concatenate([foot[::-1], foot + depth[:, None] * np.array([y, -x])]))
    return WallClearance(number, start, end, along, height, depth, shape)


def findings(applied: Applied, walls: Sequence[WallClearance], plots: Sequence[BuildingPlot] = ()) -> list[Finding]:
    """What is wrong: areas of walls that face each other overlap, or they lie on buildings, or on other plots than the block's, or beyond
    the middle of public land. plots : Baugrundstücke; without one under a block the parcels it stands on. What a block states a reason
    against is listed with it. Where a building is built against a wall, that part of the wall needs no area."""
    open_walls = [_Open.of(applied, wall) for wall in walls]
    small = small_outbuildings(applied, walls)
    found = _overlaps(applied, open_walls, small) + _on_buildings(applied, open_walls, small)
    public = shapely.union_all(public_land(applied.site, applied.variant) + [plot.street for plot in plots])
    for number, block in enumerate(applied.variant.blocks):
        own = _own_land(applied, block, plots)
        if own is None:
            continue
        mine = [one for one in open_walls if one.wall.block == number]
        crossings = [(_crossing(one, own, public), one.wall) for one in mine]
        crossings = [one for one in crossings if one[0][0] > TOLERANCE]
        if crossings:
            by, depth, place = max((crossing for crossing, _ in crossings), key=lambda crossing: crossing[0])
            one = Finding(
                "clearance-plot", "broken", block.id, block.name or block.id, by, "m", place, DEPTH, allowed=depth - by, found=depth
            )
            found.append(_excused(judged(one, block), [wall for _, wall in crossings], small.get(number)))
    return found


def small_outbuildings(applied: Applied, walls: Sequence[WallClearance]) -> dict[int, float]:
    """Garages and Nebenanlagen that are allowed without areas of their own and in those of others (§ 6 (7) MBO): index of the block, and
    the mean height of its walls, which is at most 3 m."""
    found = {}
    for number, block in enumerate(applied.variant.blocks):
        own = [wall for wall in walls if wall.block == number]
        if block.counts_as in ("garage", "nebenanlage") and own:
            length = sum(float(np.ptp(wall.along)) for wall in own)
            mean = sum(float((np.diff(one.along) * (one.height[1:] + one.height[:-1]) / 2).sum()) for one in own) / length
            if mean <= LOW_WALL + TOLERANCE:
                found[number] = mean
    return found


def _excused(one: Finding, walls: Sequence[WallClearance], height: float | None) -> Finding:
    """A finding about a small outbuilding does not hold, if it is short enough along the borders. walls : those at the border. height :
    mean of its walls, metres; None: it is none."""
    lengths = [float(np.ptp(wall.along)) for wall in walls]
    if height is None or one.severity != "broken" or max(lengths, default=0.0) > LONG_BORDER or sum(lengths) > LONG_BORDERS:
        return one
    words = f"Garage oder Nebengebäude, mittlere Wandhöhe {height:.2f} m, bis 9 m an einer Grenze (§ 6 (7) MBO 2002)"
    return replace(one, severity="not-applicable", reason=words.replace(".", ",", 1))


def _own_land(applied: Applied, block: Block, plots: Sequence[BuildingPlot]) -> Any:
    own = [plot.whole for plot in plots if plot.whole.intersection(block.footprint).area > 0.5 * block.footprint.area]
    parcels = applied.site.plots
    if not own and parcels is not None:
        own = [shape for shape in parcels.geometry if shape.intersection(block.footprint).area > 1.0]
    return shapely.union_all(own) if own else None


@dataclass(frozen=True, eq=False)
class _Open:
    """A wall's area without the parts where another building is built against it. closed : (from, to) metres along the wall."""

    wall: WallClearance
    shape: Any
    closed: list[tuple[float, float]]

    @classmethod
    def of(cls, applied: Applied, wall: WallClearance) -> _Open:
        length = float(np.hypot(*(wall.end - wall.start)))
        beside = shapely.LineString([wall.start + AGAINST * wall.outward, wall.end + AGAINST * wall.outward])
        own = applied.variant.blocks[wall.block].footprint
        others = [one for one in applied.near(beside, wall.block) if one.intersection(own).area <= SHARED]
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

    def is_open(self, along: float) -> bool:
        return not any(low - AGAINST <= along <= high + AGAINST for low, high in self.closed)


def _crossing(one: _Open, own: Any, public: Any) -> tuple[float, float, tuple[float, float]]:
    """By how much the depth exceeds what there is to the border, or to the middle of public land behind it; the depth; and where."""
    wall, worst, needed, place = one.wall, 0.0, 0.0, (0.0, 0.0)
    foot = wall.start + wall.along[:, None] * (wall.end - wall.start) / np.hypot(*(wall.end - wall.start))
    for along, point, depth in zip(wall.along.tolist(), foot, wall.depth, strict=True):
        if not one.is_open(along):
            continue
        from_wall = point + 1e-6 * wall.outward
        ray = shapely.LineString([from_wall, point + 4 * depth * wall.outward])
        border = _leaves(ray, own)
        there = border
        if border < ray.length - 1e-6:
            rest = shapely.LineString([from_wall + (border + 1e-3) * wall.outward, from_wall + 200.0 * wall.outward])
            there += _leaves(rest, public) / 2
        if depth - there > worst:
            worst, needed, at = float(depth - there), float(depth), point + there * wall.outward
            place = (float(at[0]), float(at[1]))
    return worst, needed, place


def _leaves(ray: shapely.LineString, land: Any) -> float:
    """Metres that a ray runs on land from its start; 0 where it does not begin there."""
    start = shapely.Point(ray.coords[0])
    pieces = shapely.get_parts(ray.intersection(land))
    return max((float(one.length) for one in pieces if one.distance(start) < 2e-3), default=0.0)


def _overlaps(applied: Applied, open_walls: Sequence[_Open], small: Mapping[int, float]) -> list[Finding]:
    found: dict[tuple[int, int], tuple[float, tuple[float, float]]] = {}
    walls, shapes = [one.wall for one in open_walls], np.array([one.shape for one in open_walls], object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects") if len(shapes) else ((), ())
    for a, b in zip(one, other, strict=True):
        if a < b and float(walls[a].outward @ walls[b].outward) < -ACROSS:
            common = shapes[a].intersection(shapes[b])
            key = (walls[a].block, walls[b].block)
            if common.area > 0.01 and common.area > found.get(key, (0.0, (0.0, 0.0)))[0]:
                found[key] = (float(common.area), (float(common.centroid.x), float(common.centroid.y)))
    blocks = applied.variant.blocks
    return [
        _excused(
            judged(_of(blocks[a], "clearance-overlap", by, place, blocks[b].name or blocks[b].id), blocks[a], blocks[b]),
            (),
            small.get(a, small.get(b)),
        )
        for (a, b), (by, place) in found.items()
    ]


def _of(block: Block, rule: str, by: float, place: tuple[float, float], other: str) -> Finding:
    return Finding(rule, "broken", block.id, block.name or block.id, by, "m²", place, OVERLAP, other)


def _on_buildings(applied: Applied, open_walls: Sequence[_Open], small: Mapping[int, float]) -> list[Finding]:
    site, blocks = applied.site, applied.variant.blocks
    shapes_of_walls = np.array([one.shape for one in open_walls], object)
    touched = np.unique(site.footprint_tree.query(shapes_of_walls, predicate="intersects")[1]) if len(open_walls) else ()
    kept = [int(row) for row in touched if applied.kept[row]]
    new = [block for block in blocks if block.counted == "hauptanlage"]
    names = [site.city.building_id[row] for row in kept] + [block.name or block.id for block in new]
    owners = [""] * len(kept) + [block.id for block in new]
    shapes = np.array([site.footprints[row] for row in kept] + [block.footprint for block in new], object)
    found: dict[tuple[int, int], tuple[float, tuple[float, float]]] = {}
    tree = shapely.STRtree(shapes)
    for one in open_walls:
        for row in tree.query(one.shape, predicate="intersects").tolist():
            common, key = one.shape.intersection(shapes[row]), (one.wall.block, row)
            if owners[row] != blocks[one.wall.block].id and common.area > max(0.01, found.get(key, (0.0, (0.0, 0.0)))[0]):
                found[key] = (float(common.area), (float(common.centroid.x), float(common.centroid.y)))
    return [
        _excused(judged(_of(blocks[number], "clearance-on-building", by, place, names[row]), blocks[number]), (), small.get(number))
        for (number, row), (by, place) in found.items()
    ]
