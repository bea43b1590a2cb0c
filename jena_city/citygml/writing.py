"""What is written as CityGML whatever it is: elements, attributes, geometries, and ids that are used once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from lxml import etree

from ..model import CityModel
from ..problems import Report
from ..shells import clean, say_what_is_open, shells, unique
from .names import CITYGML, GML, HREF

THEMES = {
    "brid": "bridge",
    "tun": "tunnel",
    "veg": "vegetation",
    "frn": "cityfurniture",
    "tran": "transportation",
    "wtr": "waterbody",
    "luse": "landuse",
}
SPACES = {
    version: {
        "core": f"{CITYGML}/{version}",
        "bldg": f"{CITYGML}/building/{version}",
        "gen": f"{CITYGML}/generics/{version}",
        **{short: f"{CITYGML}/{word}/{version}" for short, word in THEMES.items()},
        "gml": gml,
        "xAL": xal,
        "xlink": "http://www.w3.org/1999/xlink",
        **({"con": f"{CITYGML}/construction/{version}"} if version == "3.0" else {}),
    }
    for version, gml, xal in (("2.0", GML[0], "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"), ("3.0", GML[1], "urn:oasis:names:tc:ciq:xal:3"))
}
# Attributes with an element of their own; all others are generic ones.
YEARS = {
    "year_of_construction": ("yearOfConstruction", "dateOfConstruction"),
    "year_of_demolition": ("yearOfDemolition", "dateOfDemolition"),
}
OWN = ("name", "description", "external_reference", "class", "usage", "storeys_below_ground", "address", *YEARS)
_YEAR = {"2.0": re.compile(r"\d{4}"), "3.0": re.compile(r"\d{4}(-\d\d-\d\d)?")}
Faces = dict[int, list[slice]]
"""The number of each face and where the points of its rings stand, outer ring first."""


class Elements:
    """The elements of one file. city : all that is written."""

    def __init__(self, city: CityModel, where: str, version: str) -> None:
        self.city, self.where, self.version = city, where, version
        self.spaces = SPACES[version]
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

    @staticmethod
    def _numbers(points: Any) -> str:
        return " ".join(["%.3f"] * points.size) % tuple((points / 1000.0).ravel().tolist())

    def _is_own(self, key: str, value: Any) -> bool:
        """Whether a value fits the element that its key has; else it goes among the generic ones."""
        if isinstance(value, (dict, list, bool)) or not clean(value).strip():
            return False
        if key in YEARS:
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

    def _attributes(self, element: Any, row: int, known: tuple[str, ...]) -> dict[str, Any]:
        """Write names, references and generic attributes of a row; returns those that have elements of their own further on.

        known : the attributes that have one in this kind of object.
        """
        values = {key: value for key, value in self.city.attributes[row].items() if value is not None}
        own = {key: values.pop(key) for key in known if key in values and self._is_own(key, values[key])}
        for key in ("description", "name"):
            if key in own:
                self._add(element, f"gml:{key}", own[key])
        self._reference(element, own.get("external_reference"))
        if self.ids[row] != self.city.building_id[row]:
            values.setdefault("original_id", self.city.building_id[row])
        for key, value in values.items():
            self._generic(element, str(key), value)
        return own
