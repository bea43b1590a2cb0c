"""Abstandsflächen after § 6 of the Musterbauordnung of 2002, as Thuringia took it over: polygons on the ground for each wall, and what is
wrong.

The height of a wall is measured point by point, from the ground to where the wall meets the Dachhaut or ends; a roof over level eaves
adds a third of its height, where it is steep all of it; a gable wall counts by its own outline, unaveraged. The ground is the terrain as
it is. A check for planners, no legal advice: Vorbauten and what a plan fixes otherwise are not known here; a block may be exempt for a
reason that it states.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import shapely

from .applied import Applied
from .arrays import FloatArray
from .building_plots import BuildingPlot
from .land_rules import Clearance
from .massing import level_roof_heights, roof_over, top_outlines
from .memory import Memory
from .roofs import RoofForm
from .variant import Block

STEP = 1.0  # metres between the points at which a wall's height is measured
SMALL_FLOOR, SMALL_AREA, SMALL_FLATS = 7.0, 400.0, 2  # Gebäudeklasse 1 and 2: metres, m², dwellings
TOLERANCE = 0.005  # metres by which nothing is broken


@dataclass(frozen=True, eq=False)
class WallClearance:
    """The Abstandsfläche of one wall.

    block : its id. start, end : of the wall, scene coordinates (2,), the outside on its right. along (n,) metres from the
    start; height (n,) that counts (H); depth (n,). shape : polygon on the ground.
    """

    block: str
    start: FloatArray
    end: FloatArray
    along: FloatArray
    height: FloatArray
    depth: FloatArray
    shape: shapely.Polygon

    @cached_property
    def outward(self) -> FloatArray:
        """(2,) of length 1."""
        x, y = (self.end - self.start) / np.hypot(*(self.end - self.start))
        return np.array([y, -x])

    @property
    def area(self) -> float:
        """m²."""
        return float((np.diff(self.along) * (self.depth[1:] + self.depth[:-1]) / 2).sum())


def clearances(applied: Applied, rule: Clearance, plots: Sequence[BuildingPlot] = (), memory: Memory | None = None) -> list[WallClearance]:
    """The Abstandsflächen of all blocks that have their walls above ground. plots : where one is GE or GI its factor holds. memory : of
    the same site."""
    memory = memory or Memory()
    business = [plot for plot in plots if plot.limits.use in ("GE", "GI")]
    found: list[WallClearance] = []
    for block, base, body in zip(applied.variant.blocks, applied.bases.tolist(), applied.solids, strict=True):
        if block.counted == "unterbau":
            continue
        own = rule.factor_business if any(plot.whole.contains(block.footprint.centroid) for plot in business) else rule.factor
        factor = 0.0 if is_small_dwelling(block, rule) else own
        found += memory.of(("walls", body, rule, factor), partial(_of_walls, applied, block, base, rule, factor))
    return found


def _of_walls(applied: Applied, block: Block, base: float, rule: Clearance, factor: float) -> list[WallClearance]:
    return [
        _clearance(applied, block, base, start, end, top, factor, rule.least)
        for outline, tops in _walls(block, base, rule)
        for start, end, top in zip(outline[:-1], outline[1:], tops, strict=True)
    ]


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
    applied: Applied, block: Block, base: float, start: FloatArray, end: FloatArray, top: FloatArray, factor: float, least: float
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
    return WallClearance(block.id, start, end, along, height, depth, shape)
