"""The town as the page draws it: plain glTF, merged where nobody clicks, small. Positions are single-precision metres from the project's
origin; normals are bytes (KHR_mesh_quantization), which every viewer reads without a decoder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city import palette, rings
from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.glb import ARRAY, BYTE, FLOAT, INDICES, LONG, SHORT, UPRIGHT, Container, unit
from ..jena_city.gltf_write import USUAL_HEIGHT, point_normals, seen, surface_normals
from ..jena_city.model import CityModel, Semantics
from ..jena_city.site import Site
from ..jena_city.terrain import Terrain
from ..jena_city.triangulate import triangle_normals
from ..jena_city.variant import OpenSpace
from ..jena_city.vectors.trees import species_group

CELL = 250.0  # metres: the town is drawn cell by cell, so that what lies behind costs nothing
MOST_GROUND = 45_000  # points of the ground
FINE, COARSE = 0.025, 0.1  # metres, see `_tolerance`
NEAR = 60.0  # metres around what all is about in which it is as fine as can be
QUANTIZED = "KHR_mesh_quantization"
WALL, ROOF = "Wand", "Dach"
SPACES = {
    "street": "#a9a7a5", "path": "#d8cdb8", "parking": "#bcb8b4", "terrace": "#cfc4b4",
    "green": "#b3c795", "play": "#dcb98a", "water": "#5f7f8c",
}  # fmt: skip
_UNSEEN = (Semantics.GROUND, Semantics.OUTER_CEILING, Semantics.CLOSURE)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mesh:
    """points (V, 3), normals (V, 3) unit and triangles (T, 3); feature (V,) rows of a table, or None."""

    points: FloatArray
    normals: FloatArray
    triangles: IntArray
    feature: IntArray | None = None


@dataclass(frozen=True)
class Laid:
    """An open space as it lies on the ground: points (V, 3), triangles (T, 3)."""

    space: OpenSpace
    points: FloatArray
    triangles: IntArray


class Model(Container):
    """A file of the page's model, of places in a scene or in any other system of metres."""

    def __init__(self, site: Site) -> None:
        origin = site.origin
        place = {"crs": origin.crs, "easting": origin.easting, "northing": origin.northing, "heights": origin.height_system}
        super().__init__({"extras": place, **({"copyright": site.source} if site.source else {})})
        self.root["extensionsUsed"] = [QUANTIZED]
        self.root["extensionsRequired"] = [QUANTIZED]

    def primitive(self, mesh: Mesh, material: int, uv: FloatArray | None = None) -> dict[str, Any]:
        """Add a mesh as a primitive. uv (V, 2) : 0 to 1, from the upper left corner of a picture."""
        placed = (mesh.points @ UPRIGHT.T).astype(np.float32)
        facing = np.zeros((len(placed), 4), np.int8)
        facing[:, :3] = np.round(mesh.normals @ UPRIGHT.T * 127)
        count = len(placed)
        bounds = {"min": placed.min(axis=0).tolist(), "max": placed.max(axis=0).tolist()}
        attributes = {
            "POSITION": self.accessor(self.view(placed.tobytes(), ARRAY, 12), 0, FLOAT, count, "VEC3", bounds),
            "NORMAL": self.accessor(self.view(facing.tobytes(), ARRAY, 4), 0, BYTE, count, "VEC3", {"normalized": True}),
        }
        if uv is not None:
            of = np.round(np.clip(uv, 0, 1) * 65535).astype(np.uint16)
            attributes["TEXCOORD_0"] = self.accessor(self.view(of.tobytes(), ARRAY, 4), 0, SHORT, count, "VEC2", {"normalized": True})
        if mesh.feature is not None:
            small = int(mesh.feature.max(initial=0)) < 65535
            rows = np.zeros((count, 2), np.uint16) if small else mesh.feature.astype(np.float32)
            if small:
                rows[:, 0] = mesh.feature
            view = self.view(rows.tobytes(), ARRAY, 4)
            attributes["_FEATURE_ID_0"] = self.accessor(view, 0, SHORT if small else FLOAT, count, "SCALAR", {})
        small = count <= 65535
        index = mesh.triangles.astype(np.uint16 if small else np.uint32).ravel()
        indices = self.accessor(self.view(index.tobytes(), INDICES), 0, SHORT if small else LONG, len(index), "SCALAR", {})
        return {"attributes": attributes, "indices": indices, "material": material}

    def place(self, name: str, primitives: list[dict[str, Any]], **more: Any) -> None:
        """Put primitives into the scene as a node."""
        self.top.append(self.node({"name": name, "mesh": self.mesh(name, primitives), **more}))


def terrain(site: Site, ground: Terrain, focus: Box, pictures: Sequence[bytes]) -> bytes:
    """The ground as .glb, with no more triangles than it takes: they are most of what a device without a graphics card draws. ground : what
    of it is shown. focus : of what all is about. pictures : of its land cover, a JPEG for each of its levels over its bounds, north up."""
    points, triangles, level = rings.mesh(ground, partial(_tolerance, focus))
    normals = point_normals(points, triangles)
    model = Model(site)
    model.root["samplers"] = [{"wrapS": 33071, "wrapT": 33071, "magFilter": 9729, "minFilter": 9987}]
    model.root["images"], model.root["textures"] = [], []
    mesh = Mesh(points, normals, triangles)
    cell = np.floor(points[triangles].mean(axis=1)[:, :2] / CELL).astype(np.int64)
    for number, (one, picture) in enumerate(zip(ground.levels, pictures, strict=True)):
        west, south, east, north = one.bounds
        model.root["images"].append({"bufferView": model.view(picture), "mimeType": "image/jpeg", "name": f"Bodenbedeckung {number + 1}"})
        model.root["textures"].append({"source": number, "sampler": 0})
        material = model.material(f"Gelände {number + 1}", "#ffffff")
        model.root["materials"][material]["pbrMetallicRoughness"]["baseColorTexture"] = {"index": number}
        for column, row in np.unique(cell[level == number], axis=0).tolist():
            part = _some(mesh, (level == number) & (cell == (column, row)).all(axis=1))
            uv = np.column_stack([(part.points[:, 0] - west) / (east - west), (north - part.points[:, 1]) / (north - south)])
            model.place(f"Gelände {number + 1} {column}_{row}", [model.primitive(part, material, uv)])
    return model.packed()


def _tolerance(focus: Box, grid: Terrain) -> FloatArray:
    """Half of what the ground shown may be off the grid, metres, for each of its cells: little around what all is about."""
    x, y = (
        low + (np.arange(length - 1) + 0.5) * grid.step for low, length in zip((grid.x, grid.y), reversed(grid.heights.shape), strict=True)
    )
    across, up = (np.maximum(np.maximum(least - at, at - most), 0.0) for at, least, most in ((x, *focus[::2]), (y, *focus[1::2])))
    away = np.hypot(across[None, :], up[:, None])
    return np.asarray(np.clip(FINE * away / NEAR, FINE, COARSE))


def ground_of(terrain_: Terrain, box: Box, focus: Box) -> Terrain:
    """What of the ground is shown: a box of it, with MOST_GROUND points at the most. Where it has more, it stays fine around what all is
    about and is coarser beyond. focus : of that."""
    own = terrain_.clipped(box)
    if own.heights.size <= MOST_GROUND:
        return own
    west, south, east, north = focus
    near = own.clipped((west - NEAR, south - NEAR, east + NEAR, north + NEAR))
    while near.heights.size > MOST_GROUND / 2:
        near = near.resampled(near.step * 2)
    ratio = max(math.ceil(math.sqrt(own.heights.size * (own.step / near.step) ** 2 / (MOST_GROUND - near.heights.size))), 2)
    rows, columns = ((size - 1) // ratio * ratio + 1 for size in near.heights.shape)
    if min(rows, columns) < 2:
        return own.resampled(near.step * ratio)
    near, step = replace(near, heights=near.heights[:rows, :columns]), near.step * ratio
    x0, y0, x1, y1 = own.bounds
    across = np.arange(math.ceil((x0 - near.x) / step - 1e-9), math.floor((x1 - near.x) / step + 1e-9) + 1) * step + near.x
    up = np.arange(math.ceil((y0 - near.y) / step - 1e-9), math.floor((y1 - near.y) / step + 1e-9) + 1) * step + near.y
    x, y = (grid.ravel() for grid in np.meshgrid(across, up))
    heights = own.height_at(np.column_stack([x, y])).reshape(len(up), len(across)).astype(np.float32)
    return replace(near, beyond=Terrain(own.origin, float(across[0]), float(up[0]), step, heights))


def town(site: Site, rows: npt.NDArray[np.bool_], table: dict[str, int]) -> bytes:
    """Buildings of some rows (B,), merged by cells and by what they are, as .glb. table : rows of buildings.json by id."""
    model = Model(site)
    looks = _looks(model)
    mesh, roof, owner = meshed(site.city, rows)
    if len(mesh.triangles):
        middle = _middles(site.city, owner)
        cell = np.floor(middle / CELL).astype(np.int64)
        feature = np.array([table.get(site.city.building_id[row], 0) for row in site.city.building_root.tolist()], np.int64)[owner]
        for one in np.unique(cell, axis=0).tolist():
            within = (cell == one).all(axis=1)
            parts = [(part, within & chosen) for part, chosen in ((looks[0], ~roof), (looks[1], roof)) if (within & chosen).any()]
            primitives = [model.primitive(_some(mesh, chosen, feature), part) for part, chosen in parts]
            model.place(f"{one[0]}_{one[1]}", primitives)
    around(model, site)
    return model.packed()


def single(site: Site, rows: npt.NDArray[np.bool_], table: dict[str, int]) -> bytes:
    """Buildings of some rows (B,), each a node with its id as its name, as .glb."""
    model = Model(site)
    looks = _looks(model)
    mesh, roof, owner = meshed(site.city, rows)
    for row in np.unique(owner).tolist():
        name = site.city.building_id[row]
        feature = np.full(len(owner), table[name])
        parts = [(look, (owner == row) & chosen) for look, chosen in zip(looks, (~roof, roof), strict=True)]
        primitives = [model.primitive(_some(mesh, chosen, feature), look) for look, chosen in parts if chosen.any()]
        model.place(name, primitives, extras={"id": name})
    return model.packed()


def around(model: Model, site: Site) -> None:
    """What of the surroundings stands up: bridges and the like, a node."""
    city = site.city.surroundings
    if city is None:
        return
    mesh, _, owner = meshed(city, np.ones(len(city.building_id), bool))
    if len(owner):
        model.place("Umgebung", [model.primitive(_some(mesh, np.ones(len(owner), bool)), model.material("Umgebung", "#cfcac2"))])


def variant(applied: Applied, spaces: Sequence[Laid]) -> bytes:
    """The blocks of a variant and its open spaces, each a node, as .glb."""
    model = Model(applied.site)
    colour = applied.variant.colour
    wall, roof = model.material(WALL, palette.lightened(colour, 0.45)), model.material(ROOF, palette.roof_of(colour))
    for block, mesh, is_roof in blocks(applied):
        parts = [(look, chosen) for look, chosen in ((wall, ~is_roof), (roof, is_roof)) if chosen.any()]
        primitives = [model.primitive(_some(mesh, chosen), look) for look, chosen in parts]
        model.place(block.name or block.id, primitives, extras={"id": block.id, "name": block.name})
    looks: dict[str, int] = {}
    for one in spaces:
        if len(one.triangles):
            kind = one.space.kind
            look = looks[kind] if kind in looks else looks.setdefault(kind, model.material(f"Freifläche {kind}", SPACES[kind]))
            mesh = Mesh(one.points, point_normals(one.points, one.triangles), one.triangles)
            own = {"id": one.space.id, "name": one.space.name, "kind": kind}
            model.place(one.space.name or one.space.id, [model.primitive(mesh, look)], extras=own)
    return model.packed()


def blocks(applied: Applied) -> list[tuple[Any, Mesh, npt.NDArray[np.bool_]]]:
    """The blocks of a variant that stand above ground: block, mesh with flat faces, and which of its triangles (T,) are roof."""
    found = []
    for block, body in zip(applied.variant.blocks, applied.solids, strict=True):
        semantics = body.semantics[body.triangle_face]
        keep = ~np.isin(semantics, _UNSEEN)
        if keep.any():
            face, triangles = body.triangle_face[keep], body.triangles[keep]
            normals = np.zeros((len(body.semantics), 3))
            np.add.at(normals, face, triangle_normals(body.vertices, triangles))
            mesh = _flat(body.vertices, triangles, face, unit(normals))
            found.append((block, mesh, np.isin(semantics[keep], (Semantics.ROOF, Semantics.OUTER_FLOOR))))
    return found


def meshed(city: CityModel, rows: npt.NDArray[np.bool_]) -> tuple[Mesh, npt.NDArray[np.bool_], IntArray]:
    """What is seen of some rows (B,): a mesh with flat faces, which triangles (T,) are roof, and the Building (T,) that each is of."""
    triangles = seen(city, rows[city.building_root])
    triangles = triangles[~np.isin(city.surface_semantics[city.triangle_surface[triangles]], _UNSEEN)]
    surface = city.triangle_surface[triangles]
    mesh = _flat(city.points, city.triangles[triangles], surface, surface_normals(city, triangles))
    roof = np.isin(city.surface_semantics[surface], (Semantics.ROOF, Semantics.OUTER_FLOOR))
    return mesh, roof, city.building_root[city.surface_building[surface]]


def _flat(points: FloatArray, triangles: IntArray, face: IntArray, normals: FloatArray) -> Mesh:
    """A mesh whose points are not shared between faces. face (T,) : of each triangle; normals (F, 3)."""
    keys, corner = np.unique(face[:, None].astype(np.int64) * len(points) + triangles, return_inverse=True)
    return (
        Mesh(points[keys % len(points)], normals[keys // len(points)], corner.reshape(-1, 3))
        if len(keys)
        else Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    )


def _some(mesh: Mesh, chosen: npt.NDArray[np.bool_], feature: IntArray | None = None) -> Mesh:
    """Some triangles (T,) of a mesh. feature (T,) : row of a table of each."""
    used, triangles = np.unique(mesh.triangles[chosen], return_inverse=True)
    rows = None
    if feature is not None:
        whole = np.zeros(len(mesh.points), np.int64)
        whole[mesh.triangles[chosen].ravel()] = np.repeat(feature[chosen], 3)
        rows = whole[used]
    return Mesh(mesh.points[used], mesh.normals[used], triangles.reshape(-1, 3), rows)


def _looks(model: Model) -> tuple[int, int]:
    return model.material(WALL, palette.WALL), model.material(ROOF, palette.ROOF_PITCHED)


def _middles(city: CityModel, owner: IntArray) -> FloatArray:
    """(T, 2) the middle of the building that each triangle is of."""
    shapes = city.footprints()
    middles = np.zeros((len(shapes), 2))
    rows = np.unique(owner)
    middles[rows] = np.nan_to_num(shapely.get_coordinates(shapely.centroid(shapes[rows])) if len(rows) else middles[rows])
    return middles[owner]


def buildings(site: Site, rows: npt.NDArray[np.bool_]) -> dict[str, list[Any]]:
    """What the page says of buildings, column by column, a row for each Building of some rows (B,)."""
    city = site.city
    chosen = np.flatnonzero(rows & (city.building_parent < 0)).tolist()
    root = city.building_root[city.triangle_building]
    low, high = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    heights = city.points[city.triangles][:, :, 2]
    np.minimum.at(low, root, heights.min(axis=1))
    np.maximum.at(high, root, heights.max(axis=1))
    tall = [round(float(high[row] - low[row]), 1) if np.isfinite(high[row] - low[row]) else None for row in chosen]
    return {
        "ids": [city.building_id[row] for row in chosen],
        "functions": [city.function[row] for row in chosen],
        "heights": tall,
        "names": [str(city.attributes[row].get("name", "")) for row in chosen],
    }


def trees(site: Site, box: Box) -> tuple[list[list[Any]], dict[int, int]]:
    """The trees of a box that stand on ground, as the page has them, and the place in that list by row of the site's trees."""
    found: list[list[Any]] = []
    places: dict[int, int] = {}
    if site.trees is None or site.terrain is None:
        return found, places
    foot = site.terrain.height_at(site.trees.position)
    (x, y), (west, south, east, north) = site.trees.position.T, box
    inside = np.isfinite(foot) & (x >= west) & (x <= east) & (y >= south) & (y <= north)
    for row in np.flatnonzero(inside).tolist():
        places[row] = len(found)
        high, crown = float(site.trees.height[row]), float(site.trees.crown[row])
        found.append(tree(float(x[row]), float(y[row]), float(foot[row]), high, crown, site.trees.species[row]))
    return found, places


def tree(x: float, y: float, z: float, height: float, crown: float, species: str) -> list[Any]:
    """[x, y, z, height, crown, group]; what a register does not know is as usual."""
    high = height if np.isfinite(height) and height > 0.5 else USUAL_HEIGHT
    wide = crown if np.isfinite(crown) and crown > 0.3 else 0.6 * high
    group = "conifer" if species_group(species) == "conifer" else "broadleaf"
    return [*(round(value, 2) for value in (x, y, z, high, wide)), group]
