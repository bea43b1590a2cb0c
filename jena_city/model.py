"""The built city as columns, not objects: rings, triangles, semantics per surface, attributes per building."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .appearance import Appearance, bare
from .appearance import joined as looks_joined
from .arrays import FloatArray, IntArray
from .origin import Origin
from .problems import InputProblem, Report
from .themes import WHOLE


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
    TRAFFIC = 11
    BESIDE_TRAFFIC = 12
    WATER = 13
    WATER_GROUND = 14


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
    building_named: npt.NDArray[np.bool_]  # (B,) whether the id is the file's own
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
    kind: list[str] = field(default_factory=list)  # (B,) Building or BuildingPart; in surroundings as in `themes.THEME_OF`
    appearance: Appearance | None = None  # colours and textures, where there are any
    surroundings: CityModel | None = None  # shares origin and report

    def __post_init__(self) -> None:
        if not self.kind:
            self.kind = ["Building" if parent < 0 else "BuildingPart" for parent in self.building_parent.tolist()]

    @property
    def is_buildings_only(self) -> bool:
        """Whether all rows are buildings and parts of them, as in every model but surroundings and `everything`."""
        return all(kind in ("Building", "BuildingPart") for kind in self.kind)

    @property
    def holds_something(self) -> bool:
        """Whether there is a face of a building or of anything else."""
        return bool(len(self.points)) or (self.surroundings is not None and self.surroundings.holds_something)

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

    @property
    def reach(self) -> tuple[float, float, float, float] | None:
        """The bounds of the buildings; where there are none, those of the surroundings."""
        return self.bounds or (self.surroundings.bounds if self.surroundings is not None else None)

    def count(self) -> None:
        """Bring the numbers of the report in line with what the model holds."""
        report = self.report
        report.buildings, report.building_parts = self.building_count, self.part_count
        report.surfaces, report.triangles = len(self.surface_building), len(self.triangles)
        report.crs, report.extent = self.origin.crs, None
        points = self.points
        if self.surroundings is not None:
            around = self.surroundings
            for kind in WHOLE:
                report.features.pop(kind, None)
            wholes = (kind for kind, parent in zip(around.kind, around.building_parent.tolist(), strict=True) if parent < 0)
            report.features.update(Counter(wholes))
            points = points if len(points) else around.points
        if len(points):
            low, high = self.origin.to_world(points.min(axis=0)).tolist(), self.origin.to_world(points.max(axis=0)).tolist()
            report.extent = (low[0], low[1], low[2], high[0], high[1], high[2])

    def selected(self, keep: npt.NDArray[np.bool_]) -> CityModel:
        """The model with only these rows (B,); a part goes where its Building goes. The surroundings stay."""
        keep = keep & keep[self.building_root]
        if keep.all():
            return self
        surfaces = keep[self.surface_building]
        rings = surfaces[self.ring_surface]
        count = np.diff(self.ring_start)
        points = np.repeat(rings, count)
        triangles = surfaces[self.triangle_surface]
        row = (np.cumsum(keep) - 1).astype(np.int32)
        look = self.appearance.selected(surfaces, points) if self.appearance is not None else None
        surface = (np.cumsum(surfaces) - 1).astype(np.int32)
        point = (np.cumsum(points) - 1).astype(np.int32)
        rows = np.flatnonzero(keep)
        parent = self.building_parent[rows]
        return CityModel(
            origin=self.origin,
            points=self.points[points],
            ring_start=np.concatenate([[0], np.cumsum(count[rings])]).astype(np.int32),
            ring_surface=surface[self.ring_surface[rings]],
            triangles=point[self.triangles[triangles]],
            triangle_surface=surface[self.triangle_surface[triangles]],
            surface_building=row[self.surface_building[surfaces]],
            surface_semantics=self.surface_semantics[surfaces],
            surface_id=[self.surface_id[k] for k in np.flatnonzero(surfaces)],
            building_id=[self.building_id[k] for k in rows],
            building_named=self.building_named[rows],
            building_parent=np.where(parent < 0, -1, row[parent]).astype(np.int32),
            building_lod=self.building_lod[rows],
            measured_height=self.measured_height[rows],
            storeys=self.storeys[rows],
            roof_type=[self.roof_type[k] for k in rows],
            function=[self.function[k] for k in rows],
            attributes=[self.attributes[k] for k in rows],
            building_file=self.building_file[rows],
            files=self.files,
            report=self.report,
            kind=[self.kind[k] for k in rows],
            appearance=look,
            surroundings=self.surroundings,
        )

    def moved(self, origin: Origin) -> CityModel:
        """The model about another origin of the same CRS. What is not moved is shared."""
        around = self.surroundings.moved(origin) if self.surroundings is not None else None
        if not len(self.points):
            return replace(self, origin=origin, surroundings=around)
        offset = [self.origin.easting - origin.easting, self.origin.northing - origin.northing, 0.0]
        return replace(self, origin=origin, points=self.points + offset if any(offset) else self.points, surroundings=around)

    def everything(self) -> CityModel:
        """Buildings and surroundings as rows of one model, for those who write a town."""
        if self.surroundings is None:
            return self
        return _joined([replace(self, surroundings=None), self.surroundings], self.origin, self.report)

    def footprints(self) -> npt.NDArray[np.object_]:
        """(B,) the ground each Building covers with all its parts, as a shapely geometry in scene coordinates; None for parts.

        The ground surfaces seen from above; where a building has none, all its faces seen from above.
        """
        return self.outlines(self.building_root)

    def outlines(self, owner: IntArray) -> npt.NDArray[np.object_]:
        """(B,) what all rows with the same owner cover together, as in `footprints`, at the row that owns them; None elsewhere.

        owner (B,) : a row for each row, -1 leaves it out.
        """
        root = owner[self.surface_building]
        ground = (self.surface_semantics == Semantics.GROUND) & (root >= 0)
        has_ground = np.zeros(len(self.building_id), bool)
        has_ground[root[ground]] = True
        whole = np.flatnonzero(ground & (np.bincount(self.ring_surface, minlength=len(ground)) > 0))
        polygons = self._flat(whole)
        simple = shapely.is_valid(polygons)  # others are told from their triangles
        by_triangle = ground | (~has_ground[root] & (self.surface_semantics != Semantics.CLOSURE) & (root >= 0))
        by_triangle[whole[simple]] = False
        chosen = np.flatnonzero(by_triangle[self.triangle_surface])
        corners = self.points[self.triangles[chosen]][:, :, :2]
        edge, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        flat = np.abs(edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0]) > 1e-6
        pieces = np.concatenate([polygons[simple], shapely.polygons(corners[flat])])
        of = root[np.concatenate([whole[simple], self.triangle_surface[chosen[flat]]])]
        found = np.full(len(self.building_id), None, object)
        order = np.argsort(of, kind="stable")
        pieces = pieces[order]
        rows, starts, numbers = np.unique(of[order], return_index=True, return_counts=True)
        alone = numbers == 1
        found[rows[alone]] = shapely.set_precision(shapely.set_precision(pieces[starts[alone]], 0.001), 0.0)  # rounded, as a union is
        for row, start, number in zip(*(column[~alone].tolist() for column in (rows, starts, numbers)), strict=True):
            found[row] = shapely.union_all(pieces[start : start + number], grid_size=0.001)
        return found

    def _flat(self, surfaces: IntArray) -> npt.NDArray[np.object_]:
        """These surfaces (ascending) seen from above, valid or not."""
        number = np.full(len(self.surface_building), -1)
        number[surfaces] = np.arange(len(surfaces))
        rings = number[self.ring_surface] >= 0
        count = np.diff(self.ring_start)
        points = self.points[np.repeat(rings, count), :2]
        lines = shapely.linearrings(points, indices=np.repeat(np.arange(int(rings.sum())), count[rings]))
        return np.asarray(shapely.polygons(lines, indices=number[self.ring_surface[rings]]), object)


def merged(models: Sequence[CityModel], origin: Origin) -> CityModel:
    """Several models as one. A Building (or other object) whose gml:id an earlier model has is left out and reported; made-up ids are
    made different.

    All must share the CRS of `origin`; the models' points are moved to it.
    """
    report = Report()
    for model in models:
        report.merge(model.report)
    town = _joined(_each_once(models, origin, report), origin, report)
    around = [model.surroundings for model in models if model.surroundings is not None]
    if around:
        town.surroundings = _joined(_each_once(around, origin, report), origin, report)
    return town


def _each_once(models: Sequence[CityModel], origin: Origin, report: Report) -> list[CityModel]:
    """The models without what an earlier one has."""
    kept: list[CityModel] = []
    seen: dict[str, str] = {}
    for model in models:
        if model.building_id and model.origin.crs != origin.crs:
            what = f"its coordinate system ({model.origin.crs or 'unknown'}) is not that of the others"
            raise InputProblem(", ".join(model.files), what, "State it with --crs")
        fresh = np.ones(len(model.building_id), bool)
        names = list(model.building_id)
        for row, name in enumerate(names):
            if name in seen and model.building_named[row] and model.building_parent[row] < 0:
                fresh[row] = False
                house = model.kind[row] == "Building"
                report.add(
                    "duplicate-building",
                    model.files[0],
                    name,
                    f"the building is in {seen[name]} too; taken once" if house else f"the object is in {seen[name]} too; taken once",
                )
            elif name in seen and not model.building_named[row]:
                names[row] = next(f"{name}-{number}" for number in count(2) if f"{name}-{number}" not in seen)
        seen.update((names[row], model.files[0]) for row in np.flatnonzero((model.building_parent < 0) & fresh))
        kept.append(replace(model, building_id=names).selected(fresh))
    return kept


def _joined(kept: Sequence[CityModel], origin: Origin, report: Report) -> CityModel:
    """The rows of several models one after the other, about one origin of their CRS; without surroundings."""
    points, _, surfaces, rows, files = (np.cumsum([0, *sizes])[:-1] for sizes in zip(*map(_sizes, kept), strict=True))

    def joined(name: str, offsets: Any = None) -> Any:
        arrays = [getattr(model, name) for model in kept]
        found = np.concatenate(arrays, dtype=arrays[0].dtype)
        if offsets is not None:  # in place: a town is large
            end = 0
            for array, offset in zip(arrays, offsets, strict=True):
                found[end : end + len(array)] += offset
                end += len(array)
        return found

    def listed(name: str) -> list[Any]:
        return [value for model in kept for value in getattr(model, name)]

    parents = [np.where(m.building_parent < 0, -1, m.building_parent + offset) for m, offset in zip(kept, rows, strict=True)]
    starts = [model.ring_start[:-1] + offset for model, offset in zip(kept, points, strict=True)]
    shifts = [[model.origin.easting - origin.easting, model.origin.northing - origin.northing, 0.0] for model in kept]
    total = sum(len(model.points) for model in kept)
    looks = [model.appearance or bare(len(model.surface_building), len(model.points)) for model in kept]
    return CityModel(
        origin=origin,
        points=joined("points", shifts),
        ring_start=np.concatenate([*starts, [total]]).astype(np.int32),
        ring_surface=joined("ring_surface", surfaces),
        triangles=joined("triangles", points),
        triangle_surface=joined("triangle_surface", surfaces),
        surface_building=joined("surface_building", rows),
        surface_semantics=joined("surface_semantics"),
        surface_id=listed("surface_id"),
        building_id=listed("building_id"),
        building_named=joined("building_named"),
        building_parent=np.concatenate(parents).astype(np.int32),
        building_lod=joined("building_lod"),
        measured_height=joined("measured_height"),
        storeys=joined("storeys"),
        roof_type=listed("roof_type"),
        function=listed("function"),
        attributes=listed("attributes"),
        building_file=joined("building_file", files),
        files=listed("files"),
        report=report,
        kind=listed("kind"),
        appearance=looks_joined(looks) if any(model.appearance is not None for model in kept) else None,
    )


def _sizes(model: CityModel) -> tuple[int, int, int, int, int]:
    return len(model.points), len(model.ring_surface), len(model.surface_building), len(model.building_id), len(model.files)
