"""The buildings and blocks of a sheet, with what plans tell of them: outline, storeys, heights, use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from ..jena_city import codes
from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.assumptions import STOREY
from ..jena_city.model import Semantics

_WORDS = (
    ("neben", ("garage", "schuppen", "nebengebäude", "parkhaus", "stellplatz", "carport", "gartenhaus", "toilette", "trafo", "umformer")),
    (
        "öffentlich",
        ("schul", "kinder", "kirche", "verwaltung", "rathaus", "hochschul", "museum", "kranken", "gemeinde", "sport", "kapelle"),
    ),
    ("öffentlich", ("theater", "bibliothek", "feuerwehr", "polizei", "gericht", "kita", "heim", "öffentlich", "schule", "religiös")),
    ("wohnen", ("wohn",)),
    ("büro", ("büro",)),
    ("einzelhandel", ("handel", "geschäft", "laden", "kaufhaus", "markt", "einkauf", "gaststätte", "hotel")),
    (
        "gewerbe",
        ("gewerbe", "industrie", "werkstatt", "lager", "fabrik", "betrieb", "produktion", "halle", "wirtschaft", "landwirt", "stall"),
    ),
)
HIDDEN = (Semantics.GROUND, Semantics.CLOSURE, Semantics.INTERIOR)
_BLOCK_USES = {"kita": "öffentlich", "schule": "öffentlich", "mischnutzung": "mischnutzung", "garage": "neben"}


@dataclass(frozen=True)
class Body:
    """shape : footprint, scene coordinates. storeys : above ground; estimated : by the height. base, top : metres, lowest and
    highest. use : a word of the uses plan, "" where unknown. block : index in the variant, -1 of a building. row : in the CityModel, -1 of
    a block."""

    shape: Any
    storeys: int
    estimated: bool
    base: float
    top: float
    use: str
    block: int = -1
    row: int = -1

    @property
    def is_block(self) -> bool:
        return self.block >= 0


def bodies(applied: Applied, window: tuple[float, float, float, float]) -> list[Body]:
    """What stands in a window (west, south, east, north; scene coordinates): buildings that stay, then the variant's blocks."""
    site, city = applied.site, applied.site.city
    around = shapely.box(*window)
    rows = [
        int(row) for row in np.flatnonzero(applied.kept) if site.footprints[row] is not None and site.footprints[row].intersects(around)
    ]
    low, high = _extremes(applied)
    most = np.zeros(len(city.storeys))
    np.maximum.at(most, city.building_root, np.maximum(city.storeys, 0))
    found = []
    for row in rows:
        height = float(high[row] - low[row])
        estimated = most[row] <= 0
        storeys = int(most[row]) if not estimated else max(1, math.floor(height / STOREY)) if math.isfinite(height) else 1
        found.append(
            Body(site.footprints[row], storeys, bool(estimated), float(low[row]), float(high[row]), use_of(city.function[row]), row=row)
        )
    for index, block in enumerate(applied.variant.blocks):
        if block.storeys > 0 and block.counts_as != "unterbau" and block.footprint.intersects(around):
            vertices = applied.solids[index].vertices
            uses = {block.use_of(number) for number in range(block.storeys)}
            use = uses.pop() if len(uses) == 1 else "mischnutzung"
            found.append(
                Body(
                    block.footprint,
                    block.storeys,
                    False,
                    float(applied.bases[index]),
                    float(vertices[:, 2].max()),
                    "neben" if block.counts_as in ("garage", "nebenanlage") else _BLOCK_USES.get(use, use),
                    block=index,
                )
            )
    return found


def use_of(function: str) -> str:
    """The use plan's word for a function as a file has it, "" for an unknown one."""
    words = codes.function(function, "de").lower()
    return next((use for use, parts in _WORDS if any(part in words for part in parts)), "")


def surfaces(applied: Applied, body: Body) -> list[tuple[list[FloatArray], int]]:
    """The surfaces of a body that can be seen: rings (n, 3), outer first, scene coordinates, and Semantics."""
    if body.is_block:
        solid = applied.solids[body.block]
        faces = [[solid.vertices[ring] for ring in face] for face in solid.faces]
        return list(zip(faces, solid.semantics.tolist(), strict=True))
    city = applied.site.city
    found = []
    for surface, rings in _surfaces_by_building(applied).get(body.row, {}).items():
        kind = int(city.surface_semantics[surface])
        if kind not in HIDDEN:
            found.append(([city.points[city.ring_start[ring] : city.ring_start[ring + 1]] for ring in rings], kind))
    return found


def roofs(applied: Applied, body: Body) -> list[FloatArray]:
    """Rings (n, 3) of the roof surfaces of a body, scene coordinates."""
    return [ring for rings, kind in surfaces(applied, body) if kind in (Semantics.ROOF, Semantics.UNKNOWN) for ring in rings]


def triangles(applied: Applied, body: Body) -> FloatArray:
    """(t, 3, 3) of a body, scene coordinates."""
    if body.is_block:
        solid = applied.solids[body.block]
        return np.asarray(solid.vertices[solid.triangles])
    city = applied.site.city
    rows = _triangles_by_building(applied).get(body.row, np.zeros(0, np.int64))
    return np.asarray(city.points[city.triangles[rows]])


@lru_cache(maxsize=2)
def _surfaces_by_building(applied: Applied) -> dict[int, dict[int, list[int]]]:
    city = applied.site.city
    table: dict[int, dict[int, list[int]]] = {}
    for ring, (surface, row) in enumerate(
        zip(city.ring_surface.tolist(), city.building_root[city.surface_building[city.ring_surface]].tolist(), strict=True)
    ):
        table.setdefault(row, {}).setdefault(surface, []).append(ring)
    return table


@lru_cache(maxsize=2)
def _triangles_by_building(applied: Applied) -> dict[int, Any]:
    city = applied.site.city
    hidden = np.isin(city.surface_semantics[city.triangle_surface], HIDDEN)
    owner = np.where(hidden, -1, city.building_root[city.triangle_building])
    order = np.argsort(owner, kind="stable")
    rows, first = np.unique(owner[order], return_index=True)
    return dict(zip(rows.tolist(), np.split(order, first[1:]), strict=True))


def _extremes(applied: Applied) -> tuple[FloatArray, FloatArray]:
    """(B,) lowest and highest point of each Building with its parts, metres."""
    city = applied.site.city
    root = city.building_root
    low, high = np.full(len(root), np.inf), np.full(len(root), -np.inf)
    owner = np.repeat(root[city.surface_building[city.ring_surface]], np.diff(city.ring_start))
    np.minimum.at(low, owner, city.points[:, 2])
    np.maximum.at(high, owner, city.points[:, 2])
    return low, high
