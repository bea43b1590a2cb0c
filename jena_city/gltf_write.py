"""A town with a variant as binary glTF 2.0 (.glb): for web pages, game engines, architects' programs.

Positions are single-precision metres from the project's origin (y up, x east, z south): far coordinates would lose decimetres. Where the
origin is stands in `extras`. Each Building is a node with its id and attributes, its faces sorted by what they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from . import palette, themes
from .applied import Applied
from .arrays import FloatArray, IntArray
from .cityjson_write import attributes, plain
from .files import written_beside
from .glb import ARRAY, FLOAT, INDICES, LONG, SHORT, UPRIGHT, Container, unit
from .model import CityModel, Semantics
from .planned import planned
from .problems import Progress, Report, no_progress
from .triangulate import triangle_normals
from .vectors.trees import species_group

MOST_GROUND = 400_000  # points of the terrain written
SLIVER = 1e-6  # m², twice the area below which a triangle has no normal to speak of
PITCHED = 0.985  # cosine: flatter roofs count as flat
USUAL_HEIGHT = 8.0  # metres of a tree whose register says nothing
_ROOFS = (Semantics.ROOF, Semantics.OUTER_FLOOR)
_BELOW = (Semantics.GROUND, Semantics.OUTER_CEILING)


def write(applied: Applied, path: str | PathLike[str], *, name: str = "", progress: Progress = no_progress) -> Report:
    """Write a site with a variant applied: what stays, blocks, what is beside buildings, terrain, trees. name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the file cannot be written.
    """
    city = planned(applied)
    report = Report(buildings=city.building_count, building_parts=city.part_count)
    made = _Gltf(applied, name)
    blocks = len(city.building_id) - int(applied.kept.sum())
    planned_rows = np.arange(len(city.building_id)) >= len(city.building_id) - blocks
    progress(0.1, "writing")
    made.buildings("Bestand", city, ~planned_rows, [palette.WALL, palette.ROOF_FLAT, palette.ROOF_PITCHED, palette.GROUND])
    if blocks:
        colour = applied.variant.colour
        roof = palette.roof_of(colour)
        made.buildings(applied.variant.name, city, planned_rows, [palette.lightened(colour, 0.45), roof, roof, roof])
    if city.surroundings is not None:
        made.around(city.surroundings)
    progress(0.6, "writing")
    if applied.site.terrain is not None:
        made.ground()
    progress(0.8, "writing")
    if len(applied.trees):
        lost = made.trees()
        if lost:
            report.add("trees-without-ground", str(path), "", f"{lost} trees stand outside the terrain and are left out")
    with written_beside(path) as beside:
        beside.write_bytes(made.packed())
    return report


class _Gltf(Container):
    def __init__(self, applied: Applied, name: str) -> None:
        self.applied = applied
        origin = applied.site.origin
        place = {"crs": origin.crs, "easting": origin.easting, "northing": origin.northing, "heights": origin.height_system}
        super().__init__({"extras": place})
        self.root["scenes"] = [{"name": name or applied.variant.name}]
        self.node({"name": name or applied.variant.name, "extras": {**place, "unit": "metre", "variant": applied.variant.id}})
        if applied.site.source:
            self.root["asset"]["copyright"] = applied.site.source

    # --- what there is ---

    def buildings(self, group: str, city: CityModel, rows: npt.NDArray[np.bool_], colours: Sequence[str]) -> None:
        """A node for each Building of some rows (B,), with all its parts. colours : of walls, flat roofs, pitched roofs, floors."""
        triangles = seen(city, rows)
        surface = city.triangle_surface[triangles]
        normals = surface_normals(city, triangles)
        kind = np.zeros(len(triangles), np.int64)
        kind[np.isin(city.surface_semantics[surface], _ROOFS)] = 1
        kind[(kind == 1) & (normals[surface, 2] < PITCHED)] = 2
        kind[np.isin(city.surface_semantics[surface], _BELOW)] = 3
        number = self.materials(colours, ("Wand", "Flachdach", "Dach", "Boden"), group)
        self.objects(group, city, rows, triangles, normals, kind, number)

    def around(self, city: CityModel) -> None:
        """What is beside buildings, a material for each theme."""
        rows = np.ones(len(city.building_id), bool)
        triangles = seen(city, rows)
        numbers = {theme: number for number, theme in enumerate(palette.AROUND)}
        theme = np.array([numbers[themes.THEME_OF[one]] for one in city.kind], np.int64)
        number = self.materials([colours[0] for colours in palette.AROUND.values()], list(palette.AROUND), "")
        kind = theme[city.triangle_building[triangles]]
        self.objects("Umgebung", city, rows, triangles, surface_normals(city, triangles), kind, number)

    def objects(
        self,
        group: str,
        city: CityModel,
        rows: npt.NDArray[np.bool_],
        triangles: IntArray,
        normals: FloatArray,
        kind: IntArray,
        material: int,
    ) -> None:
        """A node for each whole of some rows. triangles : numbers of those seen; kind (T,) : the material of each, from `material` on."""
        surface, root = city.triangle_surface[triangles], city.building_root[city.triangle_building[triangles]]
        order = np.lexsort((kind, root))
        triangles, surface, root, kind = triangles[order], surface[order], root[order], kind[order]
        places = np.flatnonzero(np.diff(root * 16 + kind, prepend=-1))  # where a primitive begins
        rank = np.zeros(len(city.surface_semantics), np.int64)  # surfaces in the order of the primitives that they are part of
        first, position = np.unique(surface, return_index=True)
        rank[first[np.argsort(position)]] = np.arange(len(first))
        keys, corner = np.unique(rank[surface][:, None] * len(city.points) + city.triangles[triangles], return_inverse=True)
        corner = corner.reshape(-1, 3)
        of_rank = first[np.argsort(position)]
        points = city.points[keys % max(len(city.points), 1)] @ UPRIGHT.T
        facing = normals[of_rank[keys // max(len(city.points), 1)]] @ UPRIGHT.T
        primitives = self.primitives(points, facing, corner, places)
        nodes = []
        mesh_of: dict[int, list[dict[str, Any]]] = {}
        for place, primitive in zip(places.tolist(), primitives, strict=True):
            mesh_of.setdefault(int(root[place]), []).append({**primitive, "material": material + int(kind[place])})
        parts: dict[int, list[int]] = {}
        for row in np.flatnonzero(rows & (city.building_parent >= 0)).tolist():
            parts.setdefault(int(city.building_root[row]), []).append(row)
        for row in np.flatnonzero(rows & (city.building_parent < 0)).tolist():
            extras: dict[str, Any] = {"id": city.building_id[row], **attributes(city, row)}
            if row in parts:
                extras["parts"] = [{"id": city.building_id[part], **attributes(city, part)} for part in parts[row]]
            node: dict[str, Any] = {"name": str(extras.get("name") or city.building_id[row]), "extras": plain(extras)}
            if row in mesh_of:
                node["mesh"] = self.mesh(city.building_id[row], mesh_of[row])
            nodes.append(self.node(node))
        if nodes:
            self.top.append(self.node({"name": group, "children": nodes}))

    def ground(self) -> None:
        """The terrain without the ground beyond it, coarser where it has very many points."""
        terrain = self.applied.site.terrain
        assert terrain is not None
        coarser = max(math.ceil(math.sqrt(terrain.heights.size / MOST_GROUND)), 1)
        points, triangles = terrain.resampled(terrain.step * coarser).mesh()
        if len(triangles):
            facing = point_normals(points, triangles)
            [primitive] = self.primitives(points @ UPRIGHT.T, facing @ UPRIGHT.T, triangles, np.array([0]))
            material = self.materials([palette.GROUND], ("Gelände",), "")
            self.top.append(self.node({"name": "Gelände", "mesh": self.mesh("Gelände", [{**primitive, "material": material}])}))

    def trees(self) -> int:
        """Each tree a node of one of two meshes, sized by crown and height; returns how many have no ground under them."""
        trees, terrain = self.applied.trees, self.applied.site.terrain
        foot = terrain.height_at(trees.position) if terrain is not None else np.full(len(trees), np.nan)
        height = np.where(np.isfinite(trees.height) & (trees.height > 0.5), trees.height, USUAL_HEIGHT)
        crown = np.where(np.isfinite(trees.crown) & (trees.crown > 0.3), trees.crown, 0.6 * height)
        material = self.materials([palette.TRUNK, palette.CROWNS[0], palette.CROWNS[4]], ("Stamm", "Krone", "Krone Nadelbaum"), "")
        meshes = []
        for number, form in enumerate((_broadleaf(), _conifer())):
            primitives = []
            for part, (points, triangles) in enumerate(form):
                facing = point_normals(points, triangles)
                [primitive] = self.primitives(points @ UPRIGHT.T, facing @ UPRIGHT.T, triangles, np.array([0]))
                primitives.append({**primitive, "material": material + (1 + number if part else 0)})
            meshes.append(self.mesh(("Laubbaum", "Nadelbaum")[number], primitives))
        nodes = []
        for index in np.flatnonzero(np.isfinite(foot)).tolist():
            x, y = trees.position[index].tolist()
            nodes.append(
                self.node(
                    {
                        "name": trees.species[index] or "Baum",
                        "mesh": meshes[species_group(trees.species[index]) == "conifer"],
                        "translation": [round(x, 3), round(float(foot[index]), 3), round(-y, 3)],
                        "scale": [round(float(size), 3) for size in (crown[index], height[index], crown[index])],
                    }
                )
            )
        if nodes:
            self.top.append(self.node({"name": "Bäume", "children": nodes}))
        return len(trees) - len(nodes)

    # --- how it is put ---

    def materials(self, colours: Sequence[str], names: Sequence[str], group: str) -> int:
        """Number of the first of some new materials."""
        first = len(self.root["materials"])
        for colour, name in zip(colours, names, strict=True):
            self.material(f"{name} {group}".strip(), colour)
        return first

    def primitives(self, points: FloatArray, facing: FloatArray, triangles: IntArray, starts: IntArray) -> list[dict[str, Any]]:
        """Vertices (V, 3) with their normals, and the triangles (T, 3) of several primitives one after the other, each of which uses a
        range of vertices of its own; starts : the first triangle of each. Returns them without materials."""
        if not len(triangles):
            return []
        ends = np.append(starts[1:], len(triangles))
        low = np.minimum.reduceat(triangles.min(axis=1), starts).astype(np.int64)
        high = np.maximum.reduceat(triangles.max(axis=1), starts).astype(np.int64) + 1
        local = triangles - np.repeat(low, ends - starts)[:, None]
        small = int((high - low).max()) <= 65535
        placed = points.astype(np.float32)
        least, most = np.minimum.reduceat(placed, low), np.maximum.reduceat(placed, low)
        where = self.view(placed.tobytes(), ARRAY, 12)
        normal = self.view(facing.astype(np.float32).tobytes(), ARRAY, 12)
        index = self.view(local.astype(np.uint16 if small else np.uint32).tobytes(), INDICES)
        made = []
        for number, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
            bounds = {"min": least[number].tolist(), "max": most[number].tolist()}
            position = self.accessor(where, 12 * a, FLOAT, b - a, "VEC3", bounds)
            outward = self.accessor(normal, 12 * a, FLOAT, b - a, "VEC3", {})
            start, end = int(starts[number]), int(ends[number])
            offset = 3 * start * (2 if small else 4)
            indices = self.accessor(index, offset, SHORT if small else LONG, 3 * (end - start), "SCALAR", {})
            made.append({"attributes": {"POSITION": position, "NORMAL": outward}, "indices": indices})
        return made

    def packed(self) -> bytes:
        """The whole file: one node that holds all others."""
        if self.top:
            self.root["nodes"][0]["children"] = self.top
        self.top = [0]
        return super().packed()


def seen(city: CityModel, rows: npt.NDArray[np.bool_]) -> IntArray:
    """Numbers of the triangles of some rows that are seen: no closure, no sliver, which would have no normal."""
    shown = rows[city.triangle_building] & (city.surface_semantics[city.triangle_surface] != Semantics.CLOSURE)
    triangles = np.flatnonzero(shown)
    return np.asarray(triangles[np.linalg.norm(triangle_normals(city.points, city.triangles[triangles]), axis=1) > SLIVER])


def surface_normals(city: CityModel, triangles: IntArray) -> FloatArray:
    """(S, 3) unit normals of surfaces, of all their triangles together; up where they have none."""
    normals = np.zeros((len(city.surface_semantics), 3))
    np.add.at(normals, city.triangle_surface[triangles], triangle_normals(city.points, city.triangles[triangles]))
    return unit(normals)


def point_normals(points: FloatArray, triangles: IntArray) -> FloatArray:
    """(V, 3) unit normals of points, smooth."""
    normals = np.zeros((len(points), 3))
    facing = triangle_normals(points, triangles)
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], facing)
    return unit(normals)


def _broadleaf() -> list[tuple[FloatArray, IntArray]]:
    """Trunk and crown of a tree 1 m high, its crown 1 m wide."""
    return [_turned([(0.0, 0.03), (0.35, 0.02)]), _turned([(0.22, 0.0), (0.30, 0.33), (0.52, 0.5), (0.78, 0.38), (0.93, 0.2), (1.0, 0.0)])]


def _conifer() -> list[tuple[FloatArray, IntArray]]:
    return [_turned([(0.0, 0.03), (0.15, 0.02)]), _turned([(0.1, 0.0), (0.12, 0.5), (1.0, 0.0)])]


def _turned(profile: Sequence[tuple[float, float]], around: int = 10) -> tuple[FloatArray, IntArray]:
    """A body turned about the vertical: profile of (height, radius) upwards, `around` corners."""
    angle = np.arange(around) * 2 * math.pi / around
    rings = [np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(around, height)]) for height, radius in profile]
    triangles = []
    for ring in range(len(profile) - 1):
        a = np.arange(around) + ring * around
        b = (np.arange(around) + 1) % around + ring * around
        if profile[ring][1] > 0:
            triangles.append(np.column_stack([a, b, b + around]))
        if profile[ring + 1][1] > 0:
            triangles.append(np.column_stack([a, b + around, a + around]))
    return np.concatenate(rings), np.concatenate(triangles).astype(np.int32)
