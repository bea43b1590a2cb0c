"""A site with a variant applied: what stays, what is new, and the triangles that block sun and view."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray, IntArray
from .massing import Solid, solid
from .model import Semantics
from .problems import InputProblem, Problem
from .site import Site
from .variant import Variant

TERRAIN, BUILDING, BLOCK = 0, 1, 2
NO_BUILDING = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Occluders:
    """All that can stand in the way. kind (T,) TERRAIN, BUILDING or BLOCK; building (T,) row in the CityModel, -1 - index of
    a block, or NO_BUILDING for terrain."""

    vertices: FloatArray
    triangles: IntArray
    kind: npt.NDArray[np.uint8]
    building: IntArray


@dataclass(frozen=True)
class Applied:
    """kept (B,) rows of the city that stay. solids and bases: of the variant's blocks, in their order; bases in metres."""

    site: Site
    variant: Variant
    kept: npt.NDArray[np.bool_]
    solids: list[Solid]
    bases: FloatArray
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def footprints(self) -> list[Any]:
        """Ground covered by kept buildings and by blocks, as shapely geometries in scene coordinates."""
        kept = [shape for row, shape in enumerate(self.site.footprints) if shape is not None and self.kept[row]]
        return kept + [block.footprint for block in self.variant.blocks]

    @cached_property
    def occluders(self) -> Occluders:
        """Terrain, kept buildings and blocks. Closure surfaces are left out: they are no walls."""
        city = self.site.city
        surface = city.triangle_surface
        shown = self.kept[city.surface_building[surface]] & (city.surface_semantics[surface] != Semantics.CLOSURE)
        vertices, triangles = [city.points], [city.triangles[shown]]
        kind, building = [np.full(shown.sum(), BUILDING)], [city.triangle_building[shown]]
        for number, body in enumerate(self.solids):
            triangles.append(body.triangles + sum(map(len, vertices)))
            vertices.append(body.vertices)
            kind.append(np.full(len(body.triangles), BLOCK))
            building.append(np.full(len(body.triangles), -1 - number))
        if self.site.terrain is not None:
            ground, cells = self.site.terrain.mesh()
            triangles.append(cells + sum(map(len, vertices)))
            vertices.append(ground)
            kind.append(np.full(len(cells), TERRAIN))
            building.append(np.full(len(cells), NO_BUILDING))
        return Occluders(
            np.concatenate(vertices),
            np.concatenate(triangles).astype(np.int32),
            np.concatenate(kind).astype(np.uint8),
            np.concatenate(building).astype(np.int32),
        )


def apply(site: Site, variant: Variant) -> Applied:
    """Apply a variant. An unknown building to remove is a Problem; an impossible block raises InputProblem."""
    city = site.city
    problems: list[Problem] = []
    rows = {name: row for row, name in enumerate(city.building_id)}
    kept = np.ones(len(city.building_id), bool)
    for name in variant.removed:
        if name in rows:
            kept[rows[name]] = False
        else:
            problems.append(Problem("unknown-building", f"variant {variant.id}", name, "the building to be removed is not in the data"))
    kept &= kept[city.building_root]
    bases = np.array([block.base if block.base is not None else _base(site, block.footprint) for block in variant.blocks], np.float64)
    solids = [solid(block, float(base)) for block, base in zip(variant.blocks, bases, strict=True)]
    return Applied(site, variant, kept, solids, bases, problems)


def _base(site: Site, footprint: shapely.Polygon) -> float:
    """The lowest ground along and under a footprint."""
    if site.terrain is None:
        raise InputProblem(
            "variant", "a block states no base and the project has no terrain to stand on", "Give the block a base in metres"
        )
    outline = shapely.segmentize(footprint, 1.0)
    heights = site.terrain.height_at(shapely.get_coordinates(outline))
    if not np.isfinite(heights).any():
        raise InputProblem("variant", "a block lies outside the terrain", "Move it, add terrain, or give it a base")
    return float(np.nanmin(heights))
