"""A site with a variant applied: what stays, what is new, and the triangles that block sun and view."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from . import stand_in
from .arrays import FloatArray, IntArray, of_things
from .massing import Solid, solid
from .model import Semantics
from .problems import InputProblem, Problem
from .site import Site, Trees
from .themes import SOLID
from .variant import Block, Variant

TERRAIN, BUILDING, BLOCK, AROUND = 0, 1, 2, 3
NEAREST_TREE = 1.0  # metres: a register measured anew places a tree differently by less
OVERLAP = 0.5  # m² that two blocks may share by rounding
NO_BUILDING = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Occluders:
    """All that can stand in the way. kind (T,) TERRAIN, BUILDING, BLOCK or AROUND; building (T,) row in the CityModel, -1 - index of
    a block, or NO_BUILDING for terrain and surroundings."""

    vertices: FloatArray
    triangles: IntArray
    kind: npt.NDArray[np.uint8]
    building: IntArray

    def and_(self, more: Occluders) -> Occluders:
        """These, and after them others."""
        return _joined([self, more])


@dataclass(frozen=True, eq=False)
class Applied:
    """kept (B,) rows of the city that stay. solids and bases: of the variant's blocks, in their order; bases in metres."""

    site: Site
    variant: Variant
    kept: npt.NDArray[np.bool_]
    solids: list[Solid]
    bases: FloatArray
    felled: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    """(N,) rows of the site's trees that go."""
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def all_trees(self) -> tuple[Trees, npt.NDArray[np.bool_]]:
        """The site's trees and after them those planted, and which of them stand (N,): not those felled."""
        there, planted = self.site.trees, self.variant.planted
        position = np.array([tree.position for tree in planted], np.float64).reshape(-1, 2)
        height, crown = (np.array([getattr(tree, name) for tree in planted], np.float64) for name in ("height", "crown"))
        fresh = Trees(position, height, crown, [tree.species for tree in planted])
        if there is None:
            return fresh, np.ones(len(fresh), bool)
        whole = Trees(
            np.concatenate([there.position, fresh.position]),
            np.concatenate([there.height, fresh.height]),
            np.concatenate([there.crown, fresh.crown]),
            [*there.species, *fresh.species],
        )
        return whole, np.concatenate([~self.felled, np.ones(len(fresh), bool)])

    @cached_property
    def trees(self) -> Trees:
        """Trees that stand: those of the site that are not felled, and those planted."""
        whole, stand = self.all_trees
        species = [name for name, stands in zip(whole.species, stand, strict=True) if stands]
        return Trees(whole.position[stand], whole.height[stand], whole.crown[stand], species)

    @cached_property
    def footprints(self) -> list[Any]:
        """Ground covered by kept buildings and by blocks, as shapely geometries in scene coordinates."""
        kept = [shape for row, shape in enumerate(self.site.footprints) if shape is not None and self.kept[row]]
        return kept + [block.footprint for block in self.variant.blocks]

    def staying(self, rows: Sequence[int]) -> tuple[int, ...]:
        """Those of some rows of the city whose buildings are kept."""
        return tuple(row for row in rows if self.kept[row]) if self.variant.removed else tuple(rows)

    @cached_property
    def main_buildings(self) -> tuple[list[int], shapely.STRtree]:
        """Indices of the blocks that are main buildings, and what finds them by their place."""
        rows = [k for k, block in enumerate(self.variant.blocks) if block.counted == "hauptanlage"]
        return rows, shapely.STRtree(of_things(self.variant.blocks[k].footprint for k in rows))

    def near(self, shape: Any, block: int = -1) -> list[Any]:
        """Footprints of kept buildings and main buildings of the variant that touch a shape; block : index of one that is left out."""
        rows = np.sort(self.site.footprint_tree.query(shape, predicate="intersects")).tolist()
        blocks, tree = self.main_buildings
        own = [blocks[k] for k in np.sort(tree.query(shape, predicate="intersects")).tolist()]
        kept = [self.site.footprints[row] for row in rows if self.kept[row]]
        return kept + [self.variant.blocks[k].footprint for k in own if k != block]

    def occluders(self, rows: npt.NDArray[np.bool_] | None = None) -> Occluders:
        """Terrain, kept buildings, blocks, and what of the surroundings is solid: bridges, furniture and the like. Closure surfaces are
        left out, for they are no walls; so is what is flat, below ground or has leaves. rows (B,) : only these of the kept buildings."""
        return _joined([self._houses(rows), *self._blocks(), self._around(), self._ground()])

    def changing(self, rows: npt.NDArray[np.bool_]) -> Occluders:
        """The blocks, and of the kept buildings those named."""
        return _joined([self._houses(rows), *self._blocks()])

    def _houses(self, rows: npt.NDArray[np.bool_] | None) -> Occluders:
        city = self.site.city
        surface = city.triangle_surface
        kept = self.kept if rows is None else self.kept & rows
        shown = kept[city.surface_building[surface]] & (city.surface_semantics[surface] != Semantics.CLOSURE)
        if rows is None:
            return _alike(city.points, city.triangles[shown], BUILDING, city.triangle_building[shown])
        used, triangles = np.unique(city.triangles[shown], return_inverse=True)
        return _alike(city.points[used], triangles.reshape(-1, 3), BUILDING, city.triangle_building[shown])

    def _blocks(self) -> list[Occluders]:
        return [_alike(body.vertices, body.triangles, BLOCK, -1 - number) for number, body in enumerate(self.solids)]

    def _around(self) -> Occluders:
        around = self.site.city.surroundings
        if around is None:
            return _NOTHING
        surface = around.triangle_surface
        solid_row = np.array([kind in SOLID for kind in around.kind], bool)
        shown = solid_row[around.triangle_building] & (around.surface_semantics[surface] != Semantics.CLOSURE)
        return _alike(around.points, around.triangles[shown], AROUND, NO_BUILDING)

    def _ground(self) -> Occluders:
        return _alike(*self.site.ground_mesh, TERRAIN, NO_BUILDING)


def _alike(vertices: FloatArray, triangles: IntArray, kind: int, building: Any) -> Occluders:
    number = len(triangles)
    return Occluders(
        vertices,
        triangles.astype(np.int32, copy=False),
        np.full(number, kind, np.uint8),
        np.broadcast_to(np.asarray(building, np.int32), (number,)),
    )


_NOTHING = _alike(np.zeros((0, 3)), np.zeros((0, 3), np.int32), TERRAIN, NO_BUILDING)


def _joined(parts: Sequence[Occluders]) -> Occluders:
    """Several one after the other."""
    parts = parts or [_NOTHING]
    first = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
    return Occluders(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.triangles + np.int32(start) for part, start in zip(parts, first, strict=True)]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.building for part in parts]),
    )


def found_by(tree: shapely.STRtree, shapes: npt.NDArray[np.object_]) -> list[list[int]]:
    """What a tree has within the bounds of each of some shapes: numbers, ascending."""
    found: list[list[int]] = [[] for _ in shapes]
    for one, number in tree.query(shapes).T.tolist():
        found[one].append(number)
    for numbers in found:
        numbers.sort()
    return found


def apply(site: Site, variant: Variant, before: Applied | None = None) -> Applied:
    """Apply a variant. An unknown building to remove is a Problem; an impossible block raises InputProblem. before : what was applied to
    the same site earlier; blocks that are as they were are not built again.
    """
    city = site.city
    problems: list[Problem] = []
    rows = site.building_rows
    kept = np.ones(len(city.building_id), bool)
    for name in variant.removed:
        row = rows.get(name, -1)
        if row < 0:
            problems.append(Problem("unknown-building", f"variant {variant.id}", name, "the building to be removed is not in the data"))
        elif city.building_parent[row] >= 0:
            whole = city.building_id[city.building_root[row]]
            sentence = f"a part cannot be removed alone; name its building {whole}"
            problems.append(Problem("part-not-removable", f"variant {variant.id}", name, sentence))
        else:
            kept[row] = False
    kept &= kept[city.building_root]
    bases, solids, blocks = [], [], []
    built = dict(zip((one.id for one in before.variant.blocks), range(len(before.solids)), strict=True)) if before is not None else {}
    for block in variant.blocks:
        same = built.get(block.id) if before is not None and before.site is site else None
        if before is not None and same is not None and ((old := before.variant.blocks[same]) is block or old == block):
            bases.append(float(before.bases[same]))
            solids.append(before.solids[same])
            blocks.append(old)
            continue
        blocks.append(block)
        try:
            bases.append(base_of(site, block))
            solids.append(_solid(variant, block, bases[-1], problems))
        except InputProblem as problem:
            raise InputProblem(f"variant {variant.id}, {problem.where}", problem.what, problem.what_to_do) from problem
    problems += _overlaps(variant)
    felled, missed = _felled(site, variant)
    variant = replace(variant, blocks=tuple(blocks))
    return Applied(site, variant, kept, solids, np.array(bases, np.float64), felled, problems + missed)


def _solid(variant: Variant, block: Block, base: float, problems: list[Problem]) -> Solid:
    """The solid of a block, or the model in its place; where that cannot be read the plain block stands, and it is said."""
    if block.stand_in is None:
        return solid(block, base)
    where = f"variant {variant.id}, block {block.name or block.id}"
    try:
        found = stand_in.solid(block, base)
    except InputProblem as problem:
        problems.append(Problem("model-unreadable", where, block.stand_in.path, f"{problem.what}; the plain block stands in its place"))
        return solid(block, base)
    if stand_in.has_changed(block.stand_in):
        problems.append(Problem("model-changed", where, block.stand_in.path, "the model's file is another one than when it was placed"))
    return found


def _felled(site: Site, variant: Variant) -> tuple[npt.NDArray[np.bool_], list[Problem]]:
    """The rows of trees that go: to each place the tree nearest to it, within NEAREST_TREE."""
    trees = site.trees
    felled = np.zeros(len(trees) if trees is not None else 0, bool)
    missed = []
    for place in (np.array(tree.position) for tree in variant.felled):
        away = np.hypot(*(trees.position - place).T) if trees is not None and len(trees) else np.array([np.inf])
        row = int(away.argmin())
        if away[row] > NEAREST_TREE:
            x, y = site.origin.to_world(place).tolist()
            missed.append(Problem("unknown-tree", f"variant {variant.id}", f"{x:.1f} {y:.1f}", "the tree to be felled is not in the data"))
        else:
            felled[row] = True
    return felled, missed


def _overlaps(variant: Variant) -> list[Problem]:
    """Blocks that stand in each other: drawn so by mistake, or to be one."""
    shapes = of_things(block.footprint for block in variant.blocks)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects") if len(shapes) else ((), ())
    found = []
    for a, b in zip(one, other, strict=True):
        if a < b and (area := float(shapes[a].intersection(shapes[b]).area)) > OVERLAP:
            names = f"{variant.blocks[a].name or variant.blocks[a].id} and {variant.blocks[b].name or variant.blocks[b].id}"
            found.append(Problem("overlapping-blocks", f"variant {variant.id}", variant.blocks[a].id, f"{names} overlap by {area:.1f} m²"))
    return found


def base_of(site: Site, block: Block) -> float:
    """The height a block stands at: its own, else as its rule says from the ground: lowest along and under the footprint, mean or highest
    along it, every metre. Raises InputProblem."""
    if block.base is not None:
        return block.base
    terrain, footprint = site.terrain, block.footprint
    if terrain is None:
        what = "it states no base and the project has no terrain to stand on"
        raise InputProblem(f"block {block.name or block.id}", what, "Give it a base in metres")
    along = terrain.height_at(shapely.get_coordinates(shapely.segmentize(footprint, 1.0))[:-1])
    if block.base_rule != "lowest":
        return _on_ground(block, along, np.nanmean if block.base_rule == "mean" else np.nanmax)
    west, south, east, north = footprint.bounds
    columns, rows = (
        np.arange(math.ceil((low - start) / terrain.step), math.floor((high - start) / terrain.step) + 1)
        for low, high, start in ((west, east, terrain.x), (south, north, terrain.y))
    )
    x, y = (grid.ravel() for grid in np.meshgrid(terrain.x + columns * terrain.step, terrain.y + rows * terrain.step))
    under = np.column_stack([x, y])[shapely.contains_xy(footprint, x, y)]
    return _on_ground(block, np.concatenate([along, terrain.height_at(under)]), np.nanmin)


def _on_ground(block: Block, heights: FloatArray, of_all: Callable[[FloatArray], Any]) -> float:
    if not np.isfinite(heights).any():
        raise InputProblem(f"block {block.name or block.id}", "it lies outside the terrain", "Move it, add terrain, or give it a base")
    return float(of_all(heights))
