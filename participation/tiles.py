"""3D Tiles 1.1 of a variant or of the town: one tile, with an id and attributes for each building, for CesiumJS and Masterportal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city import palette
from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.site import Site
from .earth import Earth, around
from .models import Mesh, Model, blocks, meshed

ERROR = 200.0  # metres: the tile is always worth its content
NAMES = ("id", "gmlid", "name", "function", "variant")
"""Of the properties that are words; Masterportal hides buildings by `id` and by `gmlid`."""


@dataclass(frozen=True)
class Houses:
    """mesh : of all, with the row of each vertex; roof (T,) : which triangles. rows : words by NAMES of each; heights : metres."""

    mesh: Mesh
    roof: npt.NDArray[np.bool_]
    rows: list[dict[str, str]]
    heights: list[float]


def of_variant(applied: Applied) -> Houses | None:
    """The blocks of a variant; None without any."""
    made = blocks(applied)
    if not made:
        return None
    start = np.cumsum([0, *(len(mesh.points) for _, mesh, _ in made)])
    mesh = Mesh(
        np.concatenate([mesh.points for _, mesh, _ in made]),
        np.concatenate([mesh.normals for _, mesh, _ in made]),
        np.concatenate([mesh.triangles + offset for (_, mesh, _), offset in zip(made, start, strict=False)]),
        np.repeat(np.arange(len(made)), np.diff(start)),
    )
    rows = [
        {"id": block.id, "gmlid": block.id, "name": block.name or block.id, "function": block.use, "variant": applied.variant.name}
        for block, _, _ in made
    ]
    heights = [float(np.ptp(one.points[:, 2])) for _, one, _ in made]
    return Houses(mesh, np.concatenate([roof for _, _, roof in made]), rows, heights)


def of_town(site: Site, chosen: npt.NDArray[np.bool_]) -> Houses | None:
    """Buildings of some rows (B,); None without any."""
    city = site.city
    mesh, roof, owner = meshed(city, chosen)
    if not len(owner):
        return None
    known, row = np.unique(owner, return_inverse=True)
    feature = np.zeros(len(mesh.points), np.int64)
    feature[mesh.triangles.ravel()] = np.repeat(row.reshape(-1), 3)
    rows = [
        {
            "id": city.building_id[one],
            "gmlid": city.building_id[one],
            "name": str(city.attributes[one].get("name", "")),
            "function": city.function[one],
            "variant": "",
        }
        for one in known.tolist()
    ]
    low, high = np.full(len(known), np.inf), np.full(len(known), -np.inf)
    np.minimum.at(low, feature, mesh.points[:, 2])
    np.maximum.at(high, feature, mesh.points[:, 2])
    return Houses(Mesh(mesh.points, mesh.normals, mesh.triangles, feature), roof, rows, (high - low).tolist())


def tileset(site: Site, houses: Houses, earth: Earth, colours: tuple[str, str]) -> tuple[dict[str, Any], bytes]:
    """(tileset.json, its one tile as .glb). colours : of walls and roofs."""
    points = houses.mesh.points
    low, high = points.min(axis=0), points.max(axis=0)
    placed, matrix = around(earth, (low + high) / 2, points)
    tips, _ = around(earth, (low + high) / 2, points + houses.mesh.normals)
    normals = tips - placed
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    model = Model(site)
    table = _table(model, houses)
    for look, chosen in ((colours[0], ~houses.roof), (colours[1], houses.roof)):
        if chosen.any():
            used, triangles = np.unique(houses.mesh.triangles[chosen], return_inverse=True)
            assert houses.mesh.feature is not None
            mesh = Mesh(placed[used], normals[used], triangles.reshape(-1, 3), houses.mesh.feature[used])
            primitive = model.primitive(mesh, model.material("Wand" if look == colours[0] else "Dach", look))
            ids = [{"featureCount": len(houses.rows), "attribute": 0, "propertyTable": table}]
            model.place("Gebäude", [{**primitive, "extensions": {"EXT_mesh_features": {"featureIds": ids}}}])
    least, most = placed.min(axis=0), placed.max(axis=0)
    middle, half = (least + most) / 2, np.maximum((most - least) / 2, 0.01)
    box = [*middle, half[0], 0, 0, 0, half[1], 0, 0, 0, half[2]]
    root = {
        "boundingVolume": {"box": [round(float(value), 4) for value in box]},
        "geometricError": 0,
        "refine": "REPLACE",
        "transform": matrix,
        "content": {"uri": "tile.glb"},
    }
    asset: dict[str, Any] = {"version": "1.1", **({"extras": {"copyright": site.source}} if site.source else {})}
    return {"asset": asset, "geometricError": ERROR, "root": root}, model.packed()


def _table(model: Model, houses: Houses) -> int:
    """Put the attributes of buildings as a property table; returns its number."""
    model.root["extensionsUsed"] += ["EXT_mesh_features", "EXT_structural_metadata"]
    properties: dict[str, Any] = {name: {"type": "STRING"} for name in NAMES}
    properties["height"] = {"type": "SCALAR", "componentType": "FLOAT32", "description": "metres"}
    columns: dict[str, Any] = {}
    for name in NAMES:
        data, offsets = _words([row[name] for row in houses.rows])
        columns[name] = {"values": model.view(data or b"\0"), "stringOffsets": model.view(offsets), "stringOffsetType": "UINT32"}
    columns["height"] = {"values": model.view(np.array(houses.heights, "<f4").tobytes())}
    table = {"name": "Gebäude", "class": "building", "count": len(houses.rows), "properties": columns}
    schema = {"id": "jena_planner", "classes": {"building": {"name": "building", "properties": properties}}}
    model.root["extensions"] = {"EXT_structural_metadata": {"schema": schema, "propertyTables": [table]}}
    return 0


def _words(words: Sequence[str]) -> tuple[bytes, bytes]:
    """Texts one after the other, and where each begins (and the last ends)."""
    texts = [word.encode() for word in words]
    return b"".join(texts), np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()


def colours_of(applied: Applied) -> tuple[str, str]:
    """Walls and roofs of a variant, or of the town as it is."""
    if not applied.variant.blocks:
        return palette.WALL, palette.ROOF_PITCHED
    return palette.lightened(applied.variant.colour, 0.45), palette.roof_of(applied.variant.colour)


def place_of(model: dict[str, Any], points: FloatArray) -> npt.NDArray[np.float64]:
    """(n, 3) metres from the middle of the Earth of points (n, 3) of the tile's .glb (y up), as a globe puts them."""
    matrix = np.array(model["root"]["transform"]).reshape(4, 4).T
    turned = np.column_stack([points[:, 0], -points[:, 2], points[:, 1]])
    return np.asarray(turned @ matrix[:3, :3].T + matrix[:3, 3])
