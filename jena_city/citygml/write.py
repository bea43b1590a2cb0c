"""A city model as CityGML 2.0 or 3.0, building by building, with the elements in the order of the standard's schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import Any

import numpy as np
from lxml import etree

from .. import address, crs
from ..files import written_beside
from ..model import CityModel, Semantics
from ..origin import Origin
from ..problems import Progress, Report, no_progress
from ..shells import clean, epsg, say_what_is_open, shells, unique
from .names import CITYGML, GML, HREF

_SPACES = {
    version: {
        "core": f"{CITYGML}/{version}",
        "bldg": f"{CITYGML}/building/{version}",
        "gen": f"{CITYGML}/generics/{version}",
        "gml": gml,
        "xAL": xal,
        "xlink": "http://www.w3.org/1999/xlink",
        **({"con": f"{CITYGML}/construction/{version}"} if version == "3.0" else {}),
    }
    for version, gml, xal in (("2.0", GML[0], "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"), ("3.0", GML[1], "urn:oasis:names:tc:ciq:xal:3"))
}
_SURFACES = {
    Semantics.GROUND: "GroundSurface",
    Semantics.WALL: "WallSurface",
    Semantics.ROOF: "RoofSurface",
    Semantics.CLOSURE: "ClosureSurface",
    Semantics.OUTER_CEILING: "OuterCeilingSurface",
    Semantics.OUTER_FLOOR: "OuterFloorSurface",
    Semantics.INTERIOR: "InteriorWallSurface",
}
_OPENINGS = {Semantics.WINDOW: "Window", Semantics.DOOR: "Door"}
# Attributes with an element of their own; all others are generic ones.
_YEARS = {
    "year_of_construction": ("yearOfConstruction", "dateOfConstruction"),
    "year_of_demolition": ("yearOfDemolition", "dateOfDemolition"),
}
_OWN = ("name", "description", "external_reference", "class", "usage", "storeys_below_ground", "address", *_YEARS)
_YEAR = {"2.0": re.compile(r"\d{4}"), "3.0": re.compile(r"\d{4}(-\d\d-\d\d)?")}

Faces = dict[int, list[slice]]


def write(city: CityModel, path: str | PathLike[str], *, version: str = "2.0", name: str = "", progress: Progress = no_progress) -> Report:
    """Write a model; coordinates to a millimetre. version : "2.0" or "3.0". name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the file cannot be written.
    """
    return _Writer(city, str(path), version).write(path, name, progress)


def srs_name(origin: Origin) -> str:
    """The URN of an origin's CRS, with that of the heights where it is known; "" for a CRS that has no code.

    Eastings go before northings. Where EPSG has them the other way round (Gauß-Krüger), the AdV's name is taken, which has not.
    """
    horizontal, vertical = epsg(origin)
    if not horizontal:
        return ""
    if crs.proj(origin.crs).axis_info[0].direction == "north" and (adv := crs.adv_name(origin.crs)):
        return f"{adv}*{origin.height_system}" if origin.height_system.startswith("DE_") else adv
    if vertical:
        return f"urn:ogc:def:crs,crs:EPSG::{horizontal},crs:EPSG::{vertical}"
    return f"urn:ogc:def:crs:EPSG::{horizontal}"


class _Writer:
    def __init__(self, city: CityModel, where: str, version: str) -> None:
        self.city, self.where, self.version = city, where, version
        self.spaces = _SPACES[version]
        self.new = version == "3.0"
        self.report = Report()
        self.shells = shells(city)
        say_what_is_open(city, self.shells, where, self.report)
        self.ids = unique([*map(clean, city.building_id)], where, self.report, xml=True)
        self.taken = set(self.ids)
        faces = unique(
            [clean(word) or f"{self.ids[row]}_face" for word, row in zip(city.surface_id, city.surface_building, strict=True)],
            where,
            Report(),
            xml=True,
        )
        self.face_ids = [word if word not in self.taken else self._fresh(word) for word in faces]
        self.taken.update(self.face_ids)
        self.parts: dict[int, list[int]] = {}
        above = city.building_root if self.new else city.building_parent  # only a Building has parts in 3.0
        for row in np.flatnonzero(city.building_parent >= 0).tolist():
            self.parts.setdefault(int(above[row]), []).append(row)

    def write(self, path: str | PathLike[str], name: str, progress: Progress) -> Report:
        whole = np.flatnonzero(self.city.building_parent < 0).tolist()
        with written_beside(path) as beside, beside.open("wb") as file:
            begin, end = etree.tostring(self._root([etree.Comment("")]), encoding="unicode").split("<!---->")
            file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{begin}\n'.encode())
            file.write(self._inside(self._head(name)))
            for done, row in enumerate(whole):
                if done % 500 == 0:
                    progress(done / len(whole), "writing")
                file.write(self._inside([self._member(row)]))
            file.write(f"{end}\n".encode())
        self.report.buildings, self.report.building_parts = self.city.building_count, self.city.part_count
        return self.report

    def _root(self, elements: Iterable[Any]) -> Any:
        root = etree.Element(self._tag("core:CityModel"), nsmap=self.spaces)
        root.extend(list(elements))
        return root

    def _inside(self, elements: Iterable[Any]) -> bytes:
        """Elements as text without the names of the spaces, which the root gives once for all."""
        text = etree.tostring(self._root(elements), encoding="utf-8", pretty_print=True)
        return bytes(text[text.index(b">") + 2 : text.rindex(b"</")])

    def _tag(self, word: str) -> str:
        space, _, name = word.partition(":")
        return f"{{{self.spaces[space]}}}{name}"

    def _add(self, parent: Any, word: str, text: object = None, **attributes: str) -> Any:
        element = etree.SubElement(parent, self._tag(word), attributes)
        if text is not None:
            element.text = clean(text)
        return element

    def _object(self, parent: Any, word: str, name: str) -> Any:
        """An element with a gml:id, which GML 3.2 demands of every object."""
        element = self._add(parent, word)
        element.set(self._tag("gml:id"), name)
        return element

    def _fresh(self, base: str) -> str:
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return name

    def _head(self, name: str) -> Iterator[Any]:
        if name:
            title = etree.Element(self._tag("gml:name"), nsmap=self.spaces)
            title.text = clean(name)
            yield title
        points, srs = self.shells.points, srs_name(self.city.origin)
        if not srs:
            self.report.add("crs-unnamed", self.where, "", "the coordinate system has no EPSG code; the file names none")
        if len(points):
            bounds = etree.Element(self._tag("gml:boundedBy"), nsmap=self.spaces)
            envelope = self._add(bounds, "gml:Envelope", **({"srsName": srs} if srs else {}), srsDimension="3")
            self._add(envelope, "gml:lowerCorner", self._numbers(points.min(axis=0, keepdims=True)))
            self._add(envelope, "gml:upperCorner", self._numbers(points.max(axis=0, keepdims=True)))
            yield bounds

    @staticmethod
    def _numbers(points: Any) -> str:
        return " ".join(["%.3f"] * points.size) % tuple((points / 1000.0).ravel().tolist())

    def _member(self, row: int) -> Any:
        member = etree.Element(self._tag("core:cityObjectMember"), nsmap=self.spaces)
        self._building(self._object(member, "bldg:Building", self.ids[row]), row)
        return member

    def _building(self, element: Any, row: int) -> None:
        values = {key: value for key, value in self.city.attributes[row].items() if value is not None}
        own = {key: values.pop(key) for key in _OWN if key in values and self._is_own(key, values[key])}
        for key in ("description", "name"):
            if key in own:
                self._add(element, f"gml:{key}", own[key])
        self._reference(element, own.get("external_reference"))
        if self.ids[row] != self.city.building_id[row]:
            values.setdefault("original_id", self.city.building_id[row])
        for key, value in values.items():
            self._generic(element, str(key), value)
        faces = self.shells.faces(row)
        (self._as_new if self.new else self._as_old)(element, row, own, faces)

    def _is_own(self, key: str, value: Any) -> bool:
        """Whether a value fits the element that its key has; else it goes among the generic ones."""
        if isinstance(value, (dict, list, bool)) or not clean(value).strip():
            return False
        if key in _YEARS:
            return _YEAR[self.version].fullmatch(str(value)) is not None
        return key != "storeys_below_ground" or str(value).isdigit()

    def _reference(self, element: Any, target: Any) -> None:
        if target is None:
            return
        reference = self._add(element, "core:externalReference")
        if self.new:
            self._add(self._add(reference, "core:ExternalReference"), "core:targetResource", target)
        else:
            self._add(self._add(reference, "core:externalObject"), "core:name", target)

    def _generic(self, element: Any, name: str, value: Any) -> None:
        kind = "string"
        if isinstance(value, (bool, dict, list)):
            value = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, (int, np.integer)):
            kind = "int"
        elif isinstance(value, (float, np.floating)):
            kind, value = "double", repr(float(value)).replace("inf", "INF").replace("nan", "NaN")
        if self.new:
            inside = self._add(self._add(element, "core:genericAttribute"), f"gen:{kind.title()}Attribute")
            self._add(inside, "gen:name", name)
        else:
            inside = self._add(element, f"gen:{kind}Attribute", name=clean(name))
        self._add(inside, "gen:value", value)

    def _address(self, element: Any, row: int, line: Any) -> None:
        if line is None:
            return
        street, number, code, town = address.parts(str(line))
        holder = self._add(element, "bldg:address")
        inside = self._add(self._object(holder, "core:Address", self._fresh(f"{self.ids[row]}_address")), "core:xalAddress")
        if self.new:
            full = self._add(inside, "xAL:Address")
            if town:
                self._add(self._add(full, "xAL:Locality"), "xAL:NameElement", town)
            if street or number:
                way = self._add(full, "xAL:Thoroughfare")
                self._add(way, "xAL:NameElement", street)
                if number:
                    self._add(way, "xAL:Number", number)
            if code:
                self._add(self._add(full, "xAL:PostCode"), "xAL:Identifier", code)
            return
        place = self._add(self._add(self._add(inside, "xAL:AddressDetails"), "xAL:Country"), "xAL:Locality", Type="Town")
        if town:
            self._add(place, "xAL:LocalityName", town)
        if street or number:
            way = self._add(place, "xAL:Thoroughfare", Type="Street")
            if number:
                self._add(way, "xAL:ThoroughfareNumber", number)
            self._add(way, "xAL:ThoroughfareName", street)
        if code:
            self._add(self._add(place, "xAL:PostalCode"), "xAL:PostalCodeNumber", code)

    def _as_old(self, element: Any, row: int, own: dict[str, Any], faces: Faces) -> None:
        """What CityGML 2.0 has after the generic attributes."""
        city, level = self.city, min(int(self.city.building_lod[row]), 4)
        texts = {
            "class": own.get("class"),
            "function": city.function[row] or None,
            "usage": own.get("usage"),
            "yearOfConstruction": own.get("year_of_construction"),
            "yearOfDemolition": own.get("year_of_demolition"),
            "roofType": city.roof_type[row] or None,
            "measuredHeight": float(city.measured_height[row]) if np.isfinite(city.measured_height[row]) else None,
            "storeysAboveGround": int(city.storeys[row]) if city.storeys[row] >= 0 else None,
            "storeysBelowGround": own.get("storeys_below_ground"),
        }
        for word, value in texts.items():
            if value is not None:
                self._add(element, f"bldg:{word}", value, **({"uom": "m"} if word == "measuredHeight" else {}))
        shell, fitted = self._divided(faces)
        if level == 0:
            ground = {face: rings for face, rings in faces.items() if city.surface_semantics[face] == Semantics.GROUND}
            self._multi(element, "bldg:lod0FootPrint", row, ground)
            self._multi(element, "bldg:lod0RoofEdge", row, {face: rings for face, rings in faces.items() if face not in ground})
        elif level == 1:
            if self.shells.closed[row]:
                self._solid(element, "bldg:lod1Solid", row, shell, whole=True)
                shell = {}
            self._multi(element, "bldg:lod1MultiSurface", row, {**shell, **fitted})
        elif faces:
            if self.shells.closed[row] and level == 2:
                self._solid(element, "bldg:lod2Solid", row, shell)
            if fitted:
                body = self._object(
                    self._add(element, "bldg:outerBuildingInstallation"),
                    "bldg:BuildingInstallation",
                    self._fresh(f"{self.ids[row]}_installation"),
                )
                self._multi(body, f"bldg:lod{level}Geometry", row, fitted)
            self._surfaces(element, row, level, shell)
            if self.shells.closed[row] and level > 2:
                self._solid(element, f"bldg:lod{level}Solid", row, shell)
        for part in self.parts.get(row, ()):
            self._building(self._object(self._add(element, "bldg:consistsOfBuildingPart"), "bldg:BuildingPart", self.ids[part]), part)
        self._address(element, row, own.get("address"))

    def _as_new(self, element: Any, row: int, own: dict[str, Any], faces: Faces) -> None:
        """What CityGML 3.0 has after the generic attributes."""
        city, level = self.city, int(self.city.building_lod[row])
        if level == 4:
            self.report.add("lod4-as-lod3", self.where, city.building_id[row], "CityGML 3.0 has no LoD 4; its outside is written as LoD 3")
            level = 3
        shell, fitted = self._divided(faces)
        self._surfaces(element, row, level, shell)
        if shell and level > 0 and self.shells.closed[row]:
            self._solid(element, f"core:lod{level}Solid", row, shell)
        for key, (_, word) in _YEARS.items():
            if key in own:
                self._add(element, f"con:{word}", own[key] if len(str(own[key])) > 4 else f"{own[key]}-01-01")
        if np.isfinite(city.measured_height[row]):
            height = self._add(self._add(element, "con:height"), "con:Height")
            self._add(height, "con:highReference", "highestRoofEdge")
            self._add(height, "con:lowReference", "lowestGroundPoint")
            self._add(height, "con:status", "measured")
            self._add(height, "con:value", float(city.measured_height[row]), uom="m")
        texts = {
            "class": own.get("class"),
            "function": city.function[row] or None,
            "usage": own.get("usage"),
            "roofType": city.roof_type[row] or None,
            "storeysAboveGround": int(city.storeys[row]) if city.storeys[row] >= 0 else None,
            "storeysBelowGround": own.get("storeys_below_ground"),
        }
        for word, value in texts.items():
            if value is not None:
                self._add(element, f"bldg:{word}", value)
        if fitted:
            body = self._object(
                self._add(element, "bldg:buildingInstallation"), "bldg:BuildingInstallation", self._fresh(f"{self.ids[row]}_installation")
            )
            self._surfaces(body, row, level, fitted)
        self._address(element, row, own.get("address"))
        for part in self.parts.get(row, ()):
            self._building(self._object(self._add(element, "bldg:buildingPart"), "bldg:BuildingPart", self.ids[part]), part)

    def _divided(self, faces: Faces) -> tuple[Faces, Faces]:
        """The faces of the body, and those of what is fitted to it."""
        fitted = {face: rings for face, rings in faces.items() if self.city.surface_semantics[face] == Semantics.INSTALLATION}
        return {face: rings for face, rings in faces.items() if face not in fitted}, fitted

    def _surfaces(self, element: Any, row: int, level: int, faces: Faces) -> None:
        """Boundary surfaces, one for each face. Windows and doors hang in a wall that has no face itself: which one it was is not kept."""
        openings = []
        for face, rings in faces.items():
            kind = Semantics(int(self.city.surface_semantics[face]))
            if kind in _OPENINGS and (self.new or level > 2):
                openings.append((kind, face, rings))
                continue
            if kind in _OPENINGS:
                sentence = "CityGML 2.0 has windows and doors from LoD 3 only; they are written as walls"
                self.report.add("opening-as-wall", self.where, self.city.building_id[row], sentence)
            surface = self._boundary(element, row, _SURFACES.get(kind, "WallSurface"))
            self._multi(surface, f"{'core' if self.new else 'bldg'}:lod{level}MultiSurface", row, {face: rings})
        if openings:
            wall = self._boundary(element, row, "WallSurface")
            for kind, face, rings in openings:
                word = f"con:{_OPENINGS[kind]}Surface" if self.new else f"bldg:{_OPENINGS[kind]}"
                holder = self._add(wall, "con:fillingSurface" if self.new else "bldg:opening")
                opening = self._object(holder, word, self._fresh(f"{self.ids[row]}_opening"))
                self._multi(opening, f"{'core' if self.new else 'bldg'}:lod{level}MultiSurface", row, {face: rings})

    def _boundary(self, element: Any, row: int, word: str) -> Any:
        holder = self._add(element, "core:boundary" if self.new else "bldg:boundedBy")
        return self._object(holder, f"{'con' if self.new else 'bldg'}:{word}", self._fresh(f"{self.ids[row]}_surface"))

    def _multi(self, element: Any, word: str, row: int, faces: Faces) -> None:
        if faces:
            multi = self._object(self._add(element, word), "gml:MultiSurface", self._fresh(f"{self.ids[row]}_geometry"))
            for face, rings in faces.items():
                self._polygon(self._add(multi, "gml:surfaceMember"), face, rings)

    def _solid(self, element: Any, word: str, row: int, faces: Faces, *, whole: bool = False) -> None:
        """A solid that refers to the faces of the boundary surfaces, or holds them itself (whole)."""
        solid = self._object(self._add(element, word), "gml:Solid", self._fresh(f"{self.ids[row]}_solid"))
        shell = self._add(self._add(solid, "gml:exterior"), "gml:Shell" if self.new else "gml:CompositeSurface")
        for face, rings in faces.items():
            member = self._add(shell, "gml:surfaceMember")
            if whole:
                self._polygon(member, face, rings)
            else:
                member.set(HREF, f"#{self.face_ids[face]}")

    def _polygon(self, element: Any, face: int, rings: list[slice]) -> None:
        polygon = self._object(element, "gml:Polygon", self.face_ids[face])
        for number, ring in enumerate(rings):
            points = self.shells.points[ring]
            line = self._add(self._add(polygon, "gml:interior" if number else "gml:exterior"), "gml:LinearRing")
            self._add(line, "gml:posList", self._numbers(np.concatenate([points, points[:1]])), srsDimension="3")
