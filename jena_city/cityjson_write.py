"""A city model as CityJSON 2.0: each object a line, coordinates as whole millimetres, no vertex twice."""

from __future__ import annotations

import json
import math
from collections import Counter
from os import PathLike
from typing import Any

import numpy as np

from . import address, themes
from .files import written_beside
from .model import CityModel, Semantics
from .problems import Progress, Report, no_progress
from .shells import compound, epsg, say_what_is_open, shells, unique

_SURFACES = {
    Semantics.GROUND: "GroundSurface",
    Semantics.WALL: "WallSurface",
    Semantics.ROOF: "RoofSurface",
    Semantics.CLOSURE: "ClosureSurface",
    Semantics.OUTER_CEILING: "OuterCeilingSurface",
    Semantics.OUTER_FLOOR: "OuterFloorSurface",
    Semantics.WINDOW: "Window",
    Semantics.DOOR: "Door",
    Semantics.INTERIOR: "InteriorWallSurface",
}
_WATERS = {Semantics.WATER: "WaterSurface", Semantics.WATER_GROUND: "WaterGroundSurface", Semantics.CLOSURE: "WaterClosureSurface"}
_AREAS = {Semantics.TRAFFIC: "TrafficArea", Semantics.BESIDE_TRAFFIC: "AuxiliaryTrafficArea"}
_MEANINGS: dict[str, dict[Semantics, str]] = {  # what the standard lets faces of a theme be; what is built has _SURFACES
    themes.WATER: _WATERS,
    themes.TRAFFIC: _AREAS,
    **{theme: {} for theme in (themes.GREEN, themes.FURNITURE, themes.LAND, themes.OTHER)},
}
_GENERIC = "+GenericCityObject"
_KINDS = {"Square": "TransportSquare"}  # of what is no building, where the name is another
_KINDS |= {
    kind: "Road"
    for kind, theme in themes.WHOLE.items()
    if theme == themes.TRAFFIC and kind not in ("Road", "Railway", "Waterway", "Square")
}
_KINDS |= {kind: _GENERIC for kind, theme in themes.WHOLE.items() if theme == themes.OTHER and kind != "OtherConstruction"}
_SAME = ("Square", "GenericCityObject", "GenericOccupiedSpace")
_EXTENSION = {"Generic": {"url": "https://www.cityjson.org/extensions/download/generic.ext.json", "version": "1.0"}}
_NAMES = {
    "year_of_construction": "yearOfConstruction",
    "year_of_demolition": "yearOfDemolition",
    "storeys_below_ground": "storeysBelowGround",
}
_SCALE = 0.001
_URI = "https://www.opengis.net/def/crs/EPSG/0/"


def write(city: CityModel, path: str | PathLike[str], *, name: str = "", progress: Progress = no_progress) -> Report:
    """Write a model; coordinates to a millimetre. name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the file cannot be written.
    """
    report = _Writer(city.everything(), str(path)).write(path, name, progress)
    report.buildings, report.building_parts = city.building_count, city.part_count
    return report


class _Writer:
    def __init__(self, city: CityModel, where: str) -> None:
        self.city, self.where = city, where
        self.report = Report()
        self.shells = shells(city)
        say_what_is_open(city, self.shells, where, self.report)
        self.ids = unique(city.building_id, where, self.report)
        self.taken = set(self.ids)
        self.vertices, corner = np.unique(self.shells.points, axis=0, return_inverse=True)
        self.corner = corner.reshape(-1)
        self.meanings_lost = 0
        self.parts: dict[int, list[int]] = {}
        for row in np.flatnonzero(city.building_parent >= 0).tolist():
            self.parts.setdefault(int(city.building_parent[row]), []).append(row)

    def write(self, path: str | PathLike[str], name: str, progress: Progress) -> Report:
        low = self.vertices.min(axis=0) // 1000 if len(self.vertices) else np.zeros(3, np.int64)
        rows = len(self.ids)
        with written_beside(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
            further = {"extensions": _EXTENSION} if any(_KINDS.get(kind) == _GENERIC for kind in self.city.kind) else {}
            head = _text({"type": "CityJSON", "version": "2.0", "transform": {"scale": [_SCALE] * 3, "translate": low.tolist()}, **further})
            file.write(f'{head[:-1]},\n"metadata":{_text(self._metadata(name))},\n"CityObjects":{{')
            comma = "\n"
            for row in range(rows):
                if row % 500 == 0:
                    progress(row / rows, "writing")
                for word, one in self._objects(row).items():
                    file.write(f"{comma}{_text(word)}:{_text(one)}")
                    comma = ",\n"
            file.write('\n},\n"vertices":[')
            for start in range(0, len(self.vertices), 10_000):
                chunk = (self.vertices[start : start + 10_000] - low * 1000).tolist()
                file.write(("," if start else "") + "\n" + ",".join(f"[{x},{y},{z}]" for x, y, z in chunk))
            file.write("\n]}\n")
        changed = Counter(f"{kind} as {_KINDS[kind].lstrip('+')}" for kind in self.city.kind if kind in _KINDS and kind not in _SAME)
        for what, number in sorted(changed.items()):
            self.report.add("kind-changed", self.where, "", f"CityJSON 2.0 has no such kind: {number} {what}")
        if self.meanings_lost:
            sentence = f"{self.meanings_lost} surfaces are written without their meaning, for which the format has no place there"
            self.report.add("meaning-lost", self.where, "", sentence)
        return self.report

    def _metadata(self, name: str) -> dict[str, Any]:
        made: dict[str, Any] = {"title": name} if name else {}
        if len(self.vertices):
            made["geographicalExtent"] = [
                round(k / 1000, 3) for k in (*self.vertices.min(axis=0).tolist(), *self.vertices.max(axis=0).tolist())
            ]
        horizontal, vertical = epsg(self.city.origin)
        if not horizontal:
            self.report.add("crs-unnamed", self.where, "", "the coordinate system has no EPSG code; the file names none")
            return made
        both = compound(horizontal, vertical) if vertical else ""
        if self.city.origin.height_system and not both:
            pair = f"EPSG:{horizontal} with {self.city.origin.height_system}"
            sentence = f"CityJSON names a coordinate system by one code, and none means {pair}; the height system is not named"
            self.report.add("heights-unnamed", self.where, "", sentence)
        made["referenceSystem"] = f"{_URI}{both or horizontal}"
        return made

    def _objects(self, row: int) -> dict[str, dict[str, Any]]:
        """An object or part and, as an object of its own, what is fitted to it."""
        city, name = self.city, self.ids[row]
        one: dict[str, Any] = {"type": _KINDS.get(city.kind[row], city.kind[row])}
        if city.building_parent[row] >= 0:
            one["parents"] = [self.ids[city.building_parent[row]]]
        children = [self.ids[part] for part in self.parts.get(row, ())]
        attributes, line = self._attributes(row)
        if attributes:
            one["attributes"] = attributes
        if line:
            words = dict(zip(("ThoroughfareName", "ThoroughfareNumber", "Postcode", "LocalityName"), address.parts(line), strict=True))
            one["address"] = [{key: word for key, word in words.items() if word}]
        made = {name: one}
        faces = self.shells.faces(row)
        fitted = [rings for face, rings in faces.items() if city.surface_semantics[face] == Semantics.INSTALLATION]
        shell = {face: rings for face, rings in faces.items() if city.surface_semantics[face] != Semantics.INSTALLATION}
        level = int(city.building_lod[row])
        if level == 4:
            self.report.add("lod4-as-lod3", self.where, city.building_id[row], "CityJSON has no LoD 4; its outside is written as LoD 3")
        lod = str(min(level, 3))
        if shell:
            lies = themes.THEME_OF.get(city.kind[row]) in (themes.TRAFFIC, themes.LAND)  # no solids in the standard
            closed = bool(self.shells.closed[row]) and lod != "0" and not lies
            one["geometry"] = [self._geometry(city.kind[row], shell, lod, closed)]
        if fitted:
            other = f"{name}_installation"
            while other in self.taken:
                other += "_"
            self.taken.add(other)
            children.append(other)
            geometry = {"type": "MultiSurface", "lod": lod, "boundaries": [self._rings(rings) for rings in fitted]}
            made[other] = {"type": "BuildingInstallation", "parents": [name], "geometry": [geometry]}
        if children:
            one["children"] = children
        return made

    def _rings(self, rings: list[slice]) -> list[list[int]]:
        return [self.corner[ring].tolist() for ring in rings]

    def _geometry(self, kind: str, faces: dict[int, list[slice]], lod: str, closed: bool) -> dict[str, Any]:
        known = _SURFACES if kind == "OtherConstruction" else _MEANINGS.get(themes.THEME_OF.get(kind, ""), _SURFACES)
        meanings = [Semantics(int(self.city.surface_semantics[face])) for face in faces]
        kinds = [known.get(meaning) for meaning in meanings]
        self.meanings_lost += sum(meaning != Semantics.UNKNOWN and meaning not in known for meaning in meanings)
        names = list(dict.fromkeys(kind for kind in kinds if kind))
        boundaries: Any = [self._rings(rings) for rings in faces.values()]
        values: Any = [names.index(kind) if kind else None for kind in kinds]
        if closed:
            boundaries, values = [boundaries], [values]
        made = {"type": "Solid" if closed else "MultiSurface", "lod": lod, "boundaries": boundaries}
        return {**made, "semantics": {"surfaces": [{"type": word} for word in names], "values": values}} if names else made

    def _attributes(self, row: int) -> tuple[dict[str, Any], str]:
        """The attributes of a row, and its address as one line."""
        values = attributes(self.city, row)
        line = values.pop("address", "")
        if not isinstance(line, str):
            values["address"], line = line, ""
        return values, line


def attributes(city: CityModel, row: int) -> dict[str, Any]:
    """All attributes of a row, those of the standard by its names."""
    values = {_NAMES.get(key, str(key)): plain(value) for key, value in city.attributes[row].items() if value is not None}
    if math.isfinite(city.measured_height[row]):
        values["measuredHeight"] = float(city.measured_height[row])
    if city.storeys[row] >= 0:
        values["storeysAboveGround"] = int(city.storeys[row])
    words = {"roofType": city.roof_type[row], "function": city.function[row]}
    return values | {key: word for key, word in words.items() if word}


def plain(value: Any) -> Any:
    """A value as JSON can have it: numbers that are none become words."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
