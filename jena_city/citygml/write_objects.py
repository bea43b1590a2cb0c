"""Bridges, roads, water and the like as CityGML 2.0 or 3.0."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .. import themes
from ..model import CityModel, Semantics
from ..shells import NO_SHELL
from .writing import YEARS, Elements, Faces

_ELEMENTS = {  # kind -> element in 2.0 and in 3.0
    "Bridge": ("brid:Bridge", "brid:Bridge"),
    "BridgePart": ("brid:BridgePart", "brid:BridgePart"),
    "BridgeConstructiveElement": ("brid:BridgeConstructionElement", "brid:BridgeConstructiveElement"),
    "BridgeInstallation": ("brid:BridgeInstallation", "brid:BridgeInstallation"),
    "Tunnel": ("tun:Tunnel", "tun:Tunnel"),
    "TunnelPart": ("tun:TunnelPart", "tun:TunnelPart"),
    "TunnelConstructiveElement": ("tun:TunnelInstallation", "tun:TunnelConstructiveElement"),
    "TunnelInstallation": ("tun:TunnelInstallation", "tun:TunnelInstallation"),
    "SolitaryVegetationObject": ("veg:SolitaryVegetationObject", "veg:SolitaryVegetationObject"),
    "PlantCover": ("veg:PlantCover", "veg:PlantCover"),
    "CityFurniture": ("frn:CityFurniture", "frn:CityFurniture"),
    "Road": ("tran:Road", "tran:Road"),
    "Railway": ("tran:Railway", "tran:Railway"),
    "Track": ("tran:Track", "tran:Track"),
    "Square": ("tran:Square", "tran:Square"),
    "TransportationComplex": ("tran:TransportationComplex", "tran:Road"),
    "Waterway": ("tran:TransportationComplex", "tran:Waterway"),
    "Section": ("tran:TransportationComplex", "tran:Section"),
    "Intersection": ("tran:TransportationComplex", "tran:Intersection"),
    "TrafficSpace": ("tran:TransportationComplex", "tran:TrafficSpace"),
    "AuxiliaryTrafficSpace": ("tran:TransportationComplex", "tran:AuxiliaryTrafficSpace"),
    "TrafficArea": ("tran:TransportationComplex", "tran:TrafficArea"),
    "AuxiliaryTrafficArea": ("tran:TransportationComplex", "tran:AuxiliaryTrafficArea"),
    "WaterBody": ("wtr:WaterBody", "wtr:WaterBody"),
    "LandUse": ("luse:LandUse", "luse:LandUse"),
    "GenericCityObject": ("gen:GenericCityObject", "gen:GenericOccupiedSpace"),
    "GenericOccupiedSpace": ("gen:GenericCityObject", "gen:GenericOccupiedSpace"),
    "GenericUnoccupiedSpace": ("gen:GenericCityObject", "gen:GenericUnoccupiedSpace"),
    "GenericLogicalSpace": ("gen:GenericCityObject", "gen:GenericLogicalSpace"),
    "GenericThematicSurface": ("gen:GenericCityObject", "gen:GenericThematicSurface"),
    "OtherConstruction": ("gen:GenericCityObject", "con:OtherConstruction"),
}
_SAME = {"brid:BridgeConstructionElement", "gen:GenericOccupiedSpace"}  # other names of the same
# What a bridge or tunnel consists of: the property that holds it, in 2.0 and in 3.0, in the order of the schemas.
_HELD = {
    "BridgeConstructiveElement": ("brid:outerBridgeConstruction", "brid:bridgeConstructiveElement"),
    "TunnelConstructiveElement": ("tun:outerTunnelInstallation", "tun:tunnelConstructiveElement"),
    "BridgeInstallation": ("brid:outerBridgeInstallation", "brid:bridgeInstallation"),
    "TunnelInstallation": ("tun:outerTunnelInstallation", "tun:tunnelInstallation"),
}
_HELD_LAST = {"BridgePart": ("brid:consistsOfBridgePart", "brid:bridgePart"), "TunnelPart": ("tun:consistsOfTunnelPart", "tun:tunnelPart")}
_BODIES = ("Bridge", "BridgePart", "Tunnel", "TunnelPart")
_BUILT = (*_BODIES, *_HELD, "OtherConstruction")
_SURFACES_ALONE = ("LandUse", "GenericThematicSurface", "TrafficArea", "AuxiliaryTrafficArea")  # in 3.0 no spaces, but surfaces themselves
_CLASS_ALONE = ("Section", "Intersection")  # in 3.0 without function and usage
_WITH_GRANULARITY = ("TrafficSpace", "AuxiliaryTrafficSpace")  # in 3.0, where it must be said
_GRANULARITY = "way"  # single lanes are not told apart
_TRAFFIC = tuple(kind for kind, theme in themes.WHOLE.items() if theme == themes.TRAFFIC and kind not in _SURFACES_ALONE)
_WALLS = {
    Semantics.GROUND: "GroundSurface",
    Semantics.WALL: "WallSurface",
    Semantics.ROOF: "RoofSurface",
    Semantics.CLOSURE: "ClosureSurface",
    Semantics.OUTER_CEILING: "OuterCeilingSurface",
    Semantics.OUTER_FLOOR: "OuterFloorSurface",
}
_WATERS = {Semantics.WATER: "WaterSurface", Semantics.WATER_GROUND: "WaterGroundSurface", Semantics.CLOSURE: "WaterClosureSurface"}
_AREAS = {
    Semantics.TRAFFIC: ("trafficArea", "TrafficArea", "trafficSpace", "TrafficSpace"),
    Semantics.BESIDE_TRAFFIC: ("auxiliaryTrafficArea", "AuxiliaryTrafficArea", "auxiliaryTrafficSpace", "AuxiliaryTrafficSpace"),
}
_OWN = ("name", "description", "external_reference", "class", "usage")
_FURTHER = {  # attributes with elements of their own, in the order of the schemas
    "SolitaryVegetationObject": ("species", "height", "trunkDiameter", "crownDiameter"),
    "PlantCover": ("averageHeight",),
}


class Objects(Elements):
    """Elements of what is no building."""

    def __init__(self, city: CityModel, where: str, version: str) -> None:
        super().__init__(city, where, version)
        self.changed: Counter[str] = Counter()
        self.meanings_lost = 0

    def whole(self, member: Any, row: int) -> None:
        """Put an object and all its parts into an element."""
        kind = self.city.kind[row]
        word = _ELEMENTS[kind][self.new]
        if word.partition(":")[2] != kind and word not in _SAME:
            self.changed[f"{kind} as {word.partition(':')[2]}"] += 1
        element = self._object(member, word, self.ids[row])
        years = tuple(YEARS) if kind in _BODIES else ()
        plain = self.new and kind in _CLASS_ALONE
        known = (*(word for word in _OWN if word != "usage" or not plain), *_FURTHER.get(kind, ()), *years)
        own = self._attributes(element, row, known)
        words = {"class": own.get("class"), "function": self.city.function[row] or None, "usage": own.get("usage")}
        if plain and words["function"]:
            self._generic(element, "function", words.pop("function"))
        (self._object_as_new if self.new else self._object_as_old)(element, row, own, words)

    def say_what_changed(self) -> None:
        """Report which objects are written as something else, and whose surfaces lost their meaning."""
        for what, number in sorted(self.changed.items()):
            self.report.add("kind-changed", self.where, "", f"CityGML {self.version} has no such kind: {number} {what}")
        if self.meanings_lost:
            sentence = f"{self.meanings_lost} surfaces are written without their meaning, for which the format has no place there"
            self.report.add("meaning-lost", self.where, "", sentence)

    def _words(self, element: Any, space: str, row: int, own: dict[str, Any], words: dict[str, Any]) -> None:
        for word, value in words.items():
            if value is not None:
                self._add(element, f"{space}:{word}", value)
        if not self.new:
            for key, (word, _) in YEARS.items():
                if key in own:
                    self._add(element, f"{space}:{word}", own[key])
        for word in _FURTHER.get(self.city.kind[row], ()):
            if word in own:
                self._add(element, f"{space}:{word}", own[word], **({} if word == "species" else {"uom": "m"}))

    def _split(self, faces: Faces, meanings: Any) -> tuple[Faces, Faces]:
        """The faces with one of these meanings, and the others."""
        semantics = self.city.surface_semantics
        with_one = {face: rings for face, rings in faces.items() if Semantics(int(semantics[face])) in meanings}
        return with_one, {face: rings for face, rings in faces.items() if face not in with_one}

    def _count_lost(self, faces: Faces) -> None:
        self.meanings_lost += sum(int(self.city.surface_semantics[face]) != Semantics.UNKNOWN for face in faces)

    def _hold(self, element: Any, row: int, held: dict[str, tuple[str, str]]) -> None:
        for kind, words in held.items():
            for part in self.parts.get(row, ()):
                if self.city.kind[part] == kind:
                    self.whole(self._add(element, words[self.new]), part)

    def _object_as_old(self, element: Any, row: int, own: dict[str, Any], words: dict[str, Any]) -> None:
        """What CityGML 2.0 has after the generic attributes."""
        kind, faces = self.city.kind[row], self.shells.faces(row)
        level, space = int(self.city.building_lod[row]), _ELEMENTS[kind][0].partition(":")[0]
        self._words(element, space, row, own, words)
        if kind in _BODIES:
            level = max(level, 1)
            surfaces, rest = self._split(faces, _WALLS if level > 1 else ())
            self._count_lost(rest)
            if level < 3:
                self._body(element, f"{space}:lod{level}", row, surfaces, rest)
            self._hold(element, row, _HELD)
            self._bounded(element, f"{space}:boundedBy", space, f"{space}:lod{level}MultiSurface", row, surfaces, _WALLS)
            if level > 2:
                self._body(element, f"{space}:lod{level}", row, surfaces, rest)
            self._hold(element, row, _HELD_LAST)
        elif kind in themes.PARTS:  # of constructions and installations
            level = max(level, 1 if kind == "BridgeConstructiveElement" else 2)
            surfaces, rest = self._split(faces, _WALLS if level > 1 else ())
            self._count_lost(rest)
            self._form(element, f"{space}:lod{level}Geometry", row, rest)
            self._bounded(element, f"{space}:boundedBy", space, f"{space}:lod{level}MultiSurface", row, surfaces, _WALLS)
        elif themes.THEME_OF[kind] == themes.TRAFFIC:
            level = max(level, 1)
            surfaces, rest = self._split(faces, _AREAS if level > 1 else ())
            self._count_lost(rest)
            for meaning, (holder, word, *_) in _AREAS.items():
                for face, rings in surfaces.items():
                    if self.city.surface_semantics[face] == meaning:
                        area = self._object(self._add(element, f"tran:{holder}"), f"tran:{word}", self._fresh(f"{self.ids[row]}_area"))
                        self._multi(area, f"tran:lod{level}MultiSurface", row, {face: rings})
            self._multi(element, f"tran:lod{level}MultiSurface", row, rest)
        elif kind == "WaterBody":
            surfaces = faces if level > 1 else {}
            self._count_lost({} if surfaces else faces)
            self._multi(element, f"wtr:lod{level}MultiSurface", row, {} if surfaces else faces)
            for face, rings in surfaces.items():
                word = _WATERS.get(Semantics(int(self.city.surface_semantics[face])), "WaterSurface")
                surface = self._object(self._add(element, "wtr:boundedBy"), f"wtr:{word}", self._fresh(f"{self.ids[row]}_surface"))
                self._polygon(self._add(surface, f"wtr:lod{level}Surface"), face, rings)
        else:
            self._count_lost(faces)
            if kind in ("PlantCover", "LandUse"):
                level = max(level, 1) if kind == "PlantCover" else level
                self._multi(element, f"{space}:lod{level}MultiSurface", row, faces)
            else:
                level = level if space == "gen" else max(level, 1)
                self._form(element, f"{space}:lod{level}Geometry", row, faces)

    def _body(self, element: Any, start: str, row: int, surfaces: Faces, rest: Faces) -> None:
        """The geometry beside boundary surfaces: a solid that refers to theirs, or holds its faces where there are none."""
        if self._is_solid(row):
            self._solid(element, f"{start}Solid", row, {**surfaces, **rest} if surfaces else rest, whole=not surfaces)
        if surfaces or not self._is_solid(row):
            self._multi(element, f"{start}MultiSurface", row, rest)

    def _is_solid(self, row: int) -> bool:
        """Whether all faces of an object close around a space."""
        semantics = self.city.surface_semantics
        return bool(self.shells.closed[row]) and not any(int(semantics[face]) in NO_SHELL for face in self.shells.faces(row))

    def _form(self, element: Any, word: str, row: int, faces: Faces) -> None:
        """A geometry of any kind: a solid where the faces close."""
        if faces and self._is_solid(row) and len(faces) == len(self.shells.faces(row)):
            self._solid(element, word, row, faces, whole=True)
        else:
            self._multi(element, word, row, faces)

    def _bounded(self, element: Any, holder: str, space: str, word: str, row: int, faces: Faces, names: dict[Semantics, str]) -> None:
        for face, rings in faces.items():
            name = names[Semantics(int(self.city.surface_semantics[face]))]
            word_of = "core:ClosureSurface" if self.new and name.endswith("ClosureSurface") else f"{space}:{name}"
            surface = self._object(self._add(element, holder), word_of, self._fresh(f"{self.ids[row]}_surface"))
            self._multi(surface, word, row, {face: rings})

    def _object_as_new(self, element: Any, row: int, own: dict[str, Any], words: dict[str, Any]) -> None:
        """What CityGML 3.0 has after the generic attributes. A space has its faces as surfaces around it."""
        city, kind, faces = self.city, self.city.kind[row], self.shells.faces(row)
        level, space = min(int(city.building_lod[row]), 3), _ELEMENTS[kind][1].partition(":")[0]
        if city.building_lod[row] == 4:
            self.report.add("lod4-as-lod3", self.where, city.building_id[row], "CityGML 3.0 has no LoD 4; its outside is written as LoD 3")
        multi = f"core:lod{level}MultiSurface"
        if kind in _SURFACES_ALONE:
            self._count_lost(faces)
            self._multi(element, multi, row, faces)
            self._words(element, space, row, own, words)
            return
        names, around = (_WALLS, "con") if kind in _BUILT else (_WATERS, "wtr") if kind == "WaterBody" else ({}, "")
        areas, faces = self._split(faces, _AREAS if kind in _TRAFFIC else ())
        surfaces, rest = self._split(faces, names)
        self._count_lost(rest)
        self._bounded(element, "core:boundary", around, multi, row, surfaces, names)
        if rest:
            plain = self._object(self._add(element, "core:boundary"), "gen:GenericThematicSurface", self._fresh(f"{self.ids[row]}_surface"))
            self._multi(plain, multi, row, rest)
        if faces and level > 0 and self.shells.closed[row] and not areas and kind not in _TRAFFIC:
            self._solid(element, f"core:lod{level}Solid", row, faces)
        for key, (_, word) in YEARS.items():
            if key in own:
                self._add(element, f"con:{word}", own[key] if len(str(own[key])) > 4 else f"{own[key]}-01-01")
        for meaning, (_, word, holder, traffic) in _AREAS.items():
            for face, rings in areas.items():
                if city.surface_semantics[face] == meaning:
                    room = self._object(self._add(element, f"tran:{holder}"), f"tran:{traffic}", self._fresh(f"{self.ids[row]}_space"))
                    area = self._object(self._add(room, "core:boundary"), f"tran:{word}", self._fresh(f"{self.ids[row]}_area"))
                    self._multi(area, multi, row, {face: rings})
                    self._add(room, "tran:granularity", _GRANULARITY)
        self._words(element, space, row, own, words)
        if kind in _WITH_GRANULARITY:
            self._add(element, "tran:granularity", _GRANULARITY)
        self._hold(element, row, _HELD)
        self._hold(element, row, _HELD_LAST)
