"""Buildings held against what their own files say: volumes, roofs and footprints computed anew from the file's polygons in closed form
(Newell's vector area, the divergence theorem, shapely's union), and the heights the publisher measured.

Nothing of the readers is used for the reference, and no triangles: the polygons of boundary surfaces are taken from the XML as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from lxml import etree

from ..jena_city import buildings
from ..jena_city.arrays import FloatArray
from ..jena_city.model import CityModel, Semantics
from ..jena_city.problems import InputProblem, Progress, no_progress

Row = dict[str, Any]
SHARE = 0.1  # % that a sum may differ
WITHIN = (0.1, 0.5, 1.0)  # metres
_ID = "{http://www.opengis.net/gml}id"


@dataclass
class _Body:
    """What a Building or BuildingPart has by closed forms. volume : NaN for one without a solid or with faces that are given elsewhere."""

    volume: float = float("nan")
    roof: float = 0.0
    ground: list[Any] = field(default_factory=list)


def verify(path: Path, *, progress: Progress = no_progress) -> list[Row]:
    """Compare a CityGML file (1.0 or 2.0, LoD 2, polygons in boundary surfaces, as the German states deliver), or all in a folder.

    Returns a row for each case: case, reference, ours, deviation, allowed, unit, ok. Raises InputProblem when there is nothing to compare.
    """
    files = sorted(path.glob("*.gml")) if path.is_dir() else [path]
    volumes: list[tuple[float, float]] = []
    roofs: list[tuple[float, float]] = []
    footprints: list[tuple[float, float]] = []
    heights: list[float] = []
    for number, file in enumerate(files):
        progress(number / len(files), file.name)
        model = buildings.read(file)
        own = _by_id(model)
        try:
            bodies = _bodies(file)
        except (etree.XMLSyntaxError, ValueError, AttributeError) as error:
            raise InputProblem(
                file, f"its polygons are not given as lists of points ({error})", "Name CityGML of a German state"
            ) from error
        for name, (body, parts) in bodies.items():
            if name not in own:
                continue
            volume, roof, footprint, height = own[name]
            if np.isfinite(body.volume):
                volumes.append((body.volume, volume))
            if body.roof:
                roofs.append((body.roof, roof))
            ground = [shape for one in (body, *parts) for shape in one.ground]
            if ground and footprint is not None:
                footprints.append((float(shapely.union_all(ground).area), footprint))
            if np.isfinite(height):
                heights.append(height)
    if not volumes:
        raise InputProblem(path, "no building in LoD 2 with polygons in boundary surfaces is here", "Name CityGML of a German state")
    progress(1.0, "compared")
    rows = [
        row
        for what, pairs, unit in (("volume", volumes, "m³"), ("roof area", roofs, "m²"), ("footprint", footprints, "m²"))
        for row in _compared(what, pairs, unit)
    ]
    for most in WITHIN:
        share = 100.0 * float(np.mean(np.abs(heights) <= most)) if heights else float("nan")
        rows.append(_row(f"measuredHeight within {most} m, {len(heights)} bodies", 100.0, share, 5.0, "%"))
    return rows


def _by_id(model: CityModel) -> dict[str, tuple[float, float, float | None, float]]:
    """By gml:id, as the program has it: volume, roof area, footprint (of Buildings), height less measuredHeight."""
    a, b, c = (model.points[model.triangles[:, corner]] for corner in range(3))
    owner, rows = model.triangle_building, len(model.building_id)
    across = np.cross(b - a, c - a)
    first = np.zeros((rows, 3))
    first[owner[::-1]] = a[::-1]
    volumes = np.bincount(owner, np.einsum("ij,ij->i", a - first[owner], across) / 6, minlength=rows)
    is_roof = model.surface_semantics[model.triangle_surface] == Semantics.ROOF
    roofs = np.bincount(owner[is_roof], np.linalg.norm(across[is_roof], axis=1) / 2, minlength=rows)
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    for corners in (a, b, c):
        np.minimum.at(low, owner, corners[:, 2])
        np.maximum.at(high, owner, corners[:, 2])
    with np.errstate(invalid="ignore"):
        heights = high - low - model.measured_height
    footprints = [None if shape is None else float(shape.area) for shape in model.footprints()]
    values = zip(volumes.tolist(), roofs.tolist(), footprints, heights.tolist(), strict=True)
    return dict(zip(model.building_id, values, strict=True))


def _bodies(path: Path) -> dict[str, tuple[_Body, list[_Body]]]:
    """By gml:id the body of each Building and BuildingPart of a file, and those of a Building's parts."""
    found: dict[str, tuple[_Body, list[_Body]]] = {}
    for element in etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot().iter("{*}Building"):
        parts = {part.get(_ID): _body(part) for part in element.iter("{*}BuildingPart")}
        found[element.get(_ID)] = _body(element), list(parts.values())
        found |= {name: (body, []) for name, body in parts.items()}
    return found


def _body(element: Any) -> _Body:
    body = _Body()
    parts: dict[str, float] = {}
    origin: FloatArray | None = None
    for surface in element.iterfind("{*}boundedBy/*"):
        for polygon in surface.iter("{*}Polygon"):
            rings = [np.array(line.text.split(), float).reshape(-1, 3) for line in polygon.iter("{*}posList")]
            origin = rings[0][0] if origin is None else origin
            vector = _newell(rings[0] - origin)
            for hole in rings[1:]:
                across = _newell(hole - origin)
                vector = vector - across * np.sign(across @ vector)
            parts[f"#{polygon.get(_ID)}"] = float((rings[0][0] - origin) @ vector) / 3
            kind = etree.QName(surface).localname
            if kind == "RoofSurface":
                body.roof += float(np.linalg.norm(vector))
            elif kind == "GroundSurface":
                body.ground.append(shapely.make_valid(shapely.Polygon(rings[0][:, :2], [hole[:, :2] for hole in rings[1:]])))
    links = [link.get("{http://www.w3.org/1999/xlink}href") for link in element.iterfind("{*}lod2Solid//{*}surfaceMember")]
    if links and all(link in parts for link in links):
        body.volume = sum(parts[link] for link in links)
    return body


def _newell(ring: FloatArray) -> FloatArray:
    """The vector area of a closed ring (n, 3), also of one that is not quite plane."""
    return np.asarray(np.cross(ring[:-1], ring[1:]).sum(axis=0) / 2)


def _compared(what: str, pairs: Sequence[tuple[float, float]], unit: str) -> list[Row]:
    """The sum, and the share of buildings that are off by more than is allowed for the sum."""
    values = np.array(pairs).reshape(-1, 2)
    reference, ours = values.sum(axis=0).tolist()
    off = np.abs(values[:, 1] - values[:, 0]) > SHARE / 100 * np.maximum(np.abs(values[:, 0]), 1.0)
    return [
        _row(f"{what}, {len(values)} bodies, sum", reference, ours, round(SHARE / 100 * abs(reference), 3), unit),
        _row(f"{what}, bodies that are off by more than {SHARE} %", 0.0, float(np.count_nonzero(off)), 0.01 * len(values), "bodies"),
    ]


def _row(case: str, reference: float, ours: float, allowed: float, unit: str) -> Row:
    deviation = abs(ours - reference)
    return {
        "case": case,
        "reference": round(reference, 3),
        "ours": round(ours, 3),
        "deviation": round(deviation, 3),
        "allowed": allowed,
        "unit": unit,
        "ok": bool(deviation <= allowed),
    }
