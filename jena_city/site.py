"""Everything there is at a place: buildings, ground, trees, streets, areas, plots."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray, IntArray
from .model import CityModel
from .origin import Origin
from .orthophoto import Orthophoto
from .terrain import Terrain


@dataclass
class Features:
    """Shapes with attributes, columns by name. geometry : (n,) shapely objects in scene coordinates (2D)."""

    geometry: npt.NDArray[np.object_]
    columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(eq=False)
class Trees:
    """position (n, 2) scene coordinates; height and crown (diameter) in metres (n,), NaN where unknown; species (n,)."""

    position: FloatArray
    height: FloatArray
    crown: FloatArray
    species: list[str]

    def __len__(self) -> int:
        return len(self.position)


@dataclass
class Site:
    """What every analysis and every picture starts from. All parts share `origin`.

    streets : lines with columns class, name, width, lanes, speed. areas : polygons with column kind (water, green, forest,
    traffic, built …). plots : polygons with column number. plan_areas : polygons with columns name, kind, edition
    (of the BauNVO, "" where not said). lines : what is drawn for
    reference (LineString and Point, one a row) with columns layer (its name in the file), text (to stand beside it, "" for none) and
    file (name of the file it is from).
    """

    origin: Origin
    city: CityModel
    terrain: Terrain | None = None
    trees: Trees | None = None
    streets: Features | None = None
    areas: Features | None = None
    plots: Features | None = None
    plan_areas: Features | None = None
    plan_parts: Features | None = None
    """What development plans fix, and where; see `plan_parts`."""
    lines: Features | None = None
    orthophoto: Orthophoto | None = None
    breaklines: bool = False
    """Whether the ground is shown with the outlines of buildings cut into it (see `breaklines`); what is computed asks the terrain."""
    source: str = ""
    """Licence line of all data in the site, as it must stand under pictures."""

    @cached_property
    def footprints(self) -> npt.NDArray[np.object_]:
        """(B,) ground covered by each Building, None for parts; see CityModel.footprints."""
        return self.city.footprints()

    @cached_property
    def footprint_tree(self) -> shapely.STRtree:
        """What finds the rows of footprints by their place; parts are in none."""
        return shapely.STRtree(self.footprints)

    @cached_property
    def building_rows(self) -> dict[str, int]:
        """The rows of the city's buildings and parts by their ids."""
        return {name: row for row, name in enumerate(self.city.building_id)}

    @cached_property
    def plot_tree(self) -> shapely.STRtree:
        """What finds the rows of parcels by their place."""
        return shapely.STRtree(self.plots.geometry if self.plots is not None else [])

    @cached_property
    def ground_mesh(self) -> tuple[FloatArray, IntArray]:
        """Vertices and triangles of all ground, the terrain with what is beyond it, shared by all variants; none without terrain."""
        return self.terrain.mesh() if self.terrain is not None else (np.zeros((0, 3)), np.zeros((0, 3), np.int32))

    @cached_property
    def plan_box(self) -> tuple[float, float, float, float] | None:
        """(west, south, east, north) of all plan areas that touch the ground there is, in scene coordinates; None without any."""
        if self.plan_areas is None:
            return None
        shapes = self.plan_areas.geometry
        if self.terrain is not None:
            shapes = shapes[shapely.intersects(shapes, shapely.box(*self.terrain.bounds))]
        if not len(shapes):
            return None
        west, south, east, north = shapely.total_bounds(shapes)
        return float(west), float(south), float(east), float(north)
