"""A city model as CityGML 2.0 or 3.0, object by object, with the elements in the order of the standard's schemas."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from typing import Any

import numpy as np
from lxml import etree

from .. import address, crs
from ..files import written_beside
from ..model import CityModel, Semantics
from ..origin import Origin
from ..problems import Progress, Report, no_progress
from ..shells import clean, epsg
from ..themes import THEME_OF
from .write_objects import Objects
from .writing import OWN, YEARS, Faces

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


def write(city: CityModel, path: str | PathLike[str], *, version: str = "2.0", name: str = "", progress: Progress = no_progress) -> Report:
    """Write a model; coordinates to a millimetre. version : "2.0" or "3.0". name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the file cannot be written.
    """
    report = _Writer(city.everything(), str(path), version).write(path, name, progress)
    report.buildings, report.building_parts = city.building_count, city.part_count
    return report


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


class _Writer(Objects):
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
        self.say_what_changed()
        return self.report

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

    def _member(self, row: int) -> Any:
        member = etree.Element(self._tag("core:cityObjectMember"), nsmap=self.spaces)
        if self.city.kind[row] in THEME_OF:
            self.whole(member, row)
        else:
            self._building(self._object(member, "bldg:Building", self.ids[row]), row)
        return member

    def _building(self, element: Any, row: int) -> None:
        own = self._attributes(element, row, OWN)
        faces = self.shells.faces(row)
        (self._as_new if self.new else self._as_old)(element, row, own, faces)

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
        for key, (_, word) in YEARS.items():
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
        space = "bldg" if not self.new else "core" if word == "ClosureSurface" else "con"
        return self._object(holder, f"{space}:{word}", self._fresh(f"{self.ids[row]}_surface"))
