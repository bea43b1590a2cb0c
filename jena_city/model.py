"""The built city as columns, not objects: rings, triangles, semantics per surface, attributes per building."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from .origin import Origin
from .problems import Report

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


class Semantics(IntEnum):
    """What a surface is. CLOSURE closes a solid between two parts and is hidden in pictures."""

    UNKNOWN = 0
    GROUND = 1
    WALL = 2
    ROOF = 3
    CLOSURE = 4
    OUTER_CEILING = 5
    OUTER_FLOOR = 6
    WINDOW = 7
    DOOR = 8
    INSTALLATION = 9
    INTERIOR = 10


@dataclass
class CityModel:
    """Buildings of a town, in scene coordinates (metres from `origin`).

    Rings, ragged: ring r has the points points[ring_start[r]:ring_start[r + 1]], closing point not repeated, and belongs to
    surface ring_surface[r]; the first ring of a surface is its outer one (counter-clockwise seen from outside), further ones
    are holes. Rings of one surface are consecutive. Triangles index `points` and keep the orientation of their surface.

    A "building" row is a Building (parent -1) or a BuildingPart (parent = row of its Building; every part comes after its
    parent). A Building that consists of parts has a row of its own, usually without surfaces.
    """

    origin: Origin
    points: FloatArray  # (P, 3)
    ring_start: IntArray  # (R + 1,)
    ring_surface: IntArray  # (R,)
    triangles: IntArray  # (T, 3)
    triangle_surface: IntArray  # (T,)
    surface_building: IntArray  # (S,) row of the building or part
    surface_semantics: npt.NDArray[np.uint8]  # (S,) Semantics
    surface_id: list[str]  # (S,) gml:id of the polygon or its boundary surface, "" where none
    building_id: list[str]  # (B,) gml:id, made up and reported where missing
    building_parent: IntArray  # (B,)
    building_lod: npt.NDArray[np.uint8]  # (B,) LoD of the geometry taken, 255 for none
    measured_height: FloatArray  # (B,) metres, NaN where not given
    storeys: IntArray  # (B,) storeysAboveGround, -1 where not given
    roof_type: list[str]  # (B,) code or word as in the file, "" where none
    function: list[str]  # (B,) code or word as in the file, "" where none
    attributes: list[dict[str, Any]]  # (B,) generic attributes and further standard ones (name, address, class …)
    building_file: IntArray  # (B,) index into `files`
    files: list[str]
    report: Report = field(default_factory=Report)

    @property
    def building_count(self) -> int:
        """Buildings without their parts."""
        return int(np.count_nonzero(self.building_parent < 0))

    @property
    def part_count(self) -> int:
        return int(np.count_nonzero(self.building_parent >= 0))

    @property
    def triangle_building(self) -> IntArray:
        """(T,) row of the building or part each triangle belongs to."""
        return self.surface_building[self.triangle_surface]

    @property
    def building_root(self) -> IntArray:
        """(B,) row of the Building that each row finally belongs to (itself for a Building)."""
        root = np.arange(len(self.building_parent), dtype=np.int32)
        parent = self.building_parent
        while np.any(has_parent := parent[root] >= 0):
            root[has_parent] = parent[root[has_parent]]
        return root

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(min x, min y, max x, max y) in scene coordinates, None for an empty model."""
        if not len(self.points):
            return None
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])
