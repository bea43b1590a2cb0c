"""From a Building element to plain records: attributes, and faces as texts that are turned into numbers all at once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..model import Semantics
from .curves import points_of, text_of
from .names import (
    BUILDING,
    COMPOUNDS,
    CONSTRUCTION,
    COORDINATES,
    ENVELOPES,
    FACES,
    GML,
    HREF,
    IMPLICIT,
    ORIENTABLE,
    POLYGONS,
    RINGS,
    gml_id,
    local,
)

SURFACES = {
    "GroundSurface": Semantics.GROUND,
    "WallSurface": Semantics.WALL,
    "RoofSurface": Semantics.ROOF,
    "ClosureSurface": Semantics.CLOSURE,
    "OuterCeilingSurface": Semantics.OUTER_CEILING,
    "OuterFloorSurface": Semantics.OUTER_FLOOR,
    "Window": Semantics.WINDOW,
    "WindowSurface": Semantics.WINDOW,
    "Door": Semantics.DOOR,
    "DoorSurface": Semantics.DOOR,
    "InteriorWallSurface": Semantics.INTERIOR,
    "CeilingSurface": Semantics.INTERIOR,
    "FloorSurface": Semantics.INTERIOR,
    "BuildingInstallation": Semantics.INSTALLATION,
    "TrafficArea": Semantics.TRAFFIC,
    "AuxiliaryTrafficArea": Semantics.BESIDE_TRAFFIC,
    "WaterSurface": Semantics.WATER,
    "WaterGroundSurface": Semantics.WATER_GROUND,
    "WaterClosureSurface": Semantics.CLOSURE,
}
GEOMETRY = {
    f"lod{lod}{kind}": (lod, order)
    for lod in (0, 1, 2, 3, 4)
    for order, kind in enumerate(("Solid", "MultiSurface", "Surface", "Geometry", "Multisurface", "ImplicitRepresentation", "MultiSolid"))
} | {"lod0FootPrint": (0, 7), "lod0RoofEdge": (0, 8)}
_FLAT = {"lod0FootPrint": Semantics.GROUND, "lod0RoofEdge": Semantics.ROOF}
THEMATIC = frozenset(f"{{{space}}}{name}" for space in (*BUILDING, *CONSTRUCTION) for name in SURFACES)
_SURFACE_PROPERTIES = {"boundedBy", "boundary", "opening", "fillingSurface"}
_INSTALLATIONS = {"outerBuildingInstallation", "buildingInstallation"}
_PARTS = {"consistsOfBuildingPart", "buildingPart"}
# What a building holds that is not read: its inside.
_LEFT_OUT = {"interiorRoom", "buildingRoom", "buildingSubdivision", "interiorBuildingInstallation", "interiorFurniture"}
_GENERIC = {"stringAttribute", "doubleAttribute", "intAttribute", "dateAttribute", "uriAttribute", "measureAttribute"}
_WORDS = {
    "class": "class",
    "usage": "usage",
    "name": "name",
    "description": "description",
    "yearOfConstruction": "year_of_construction",
    "dateOfConstruction": "year_of_construction",
    "yearOfDemolition": "year_of_demolition",
    "dateOfDemolition": "year_of_demolition",
    "storeysBelowGround": "storeys_below_ground",
}
EXTERIOR = frozenset(f"{{{space}}}exterior" for space in GML) | {f"{{{GML[0]}}}outerBoundaryIs"}
FITTINGS = (Semantics.WINDOW, Semantics.DOOR, Semantics.INSTALLATION)
FLAWS_OF_BUILDINGS = ("flat-only", "other-lod")  # and of nothing else: a road is flat by nature, and few things have every level
_DIMENSION = "srsDimension"
LARGEST_OFFSET = 1000.0  # metres from a form's own middle; what is more is a place in the file's coordinates
MOST_PLACED = 300_000  # faces of forms that are given once and used again in one file: a small file could make any number of them
HIGHEST = 1e6  # metres; what is more is no height
# Last words of a uom: m, #m, urn:adv:uom:m, urn:ogc:def:uom:UCUM::[ft_i], urn:ogc:def:uom:EPSG::9002 and the like.
_UNITS = (
    dict.fromkeys(("m", "metre", "meter", "metres", "meters", "mtr", "9001"), 1.0)
    | dict.fromkeys(("ft", "foot", "feet", "ft_i", "9002"), 0.3048)
    | dict.fromkeys(("ft_us", "us-ft", "usft", "ftus", "9003"), 1200 / 3937)
    | {"mm": 0.001, "cm": 0.01, "dm": 0.1, "km": 1000.0}
)


@dataclass(slots=True)
class Placing:
    """Where a form stands that is given in coordinates of its own. linear (3, 3) and offset (3,), metres: what is done to its points
    before they are set down at anchor (3,), which is in the coordinates of the file. known : whether that can be understood.

    The two stay apart, because the coordinates of the file may be degrees.
    """

    linear: FloatArray
    offset: FloatArray
    anchor: FloatArray
    known: bool = True

    @classmethod
    def of(cls, matrix: FloatArray, reference: FloatArray) -> Placing:
        """The placing by a matrix (4, 4) and a reference point (3,). Files that give no reference point have the place in the matrix."""
        linear, offset = matrix[:3, :3], matrix[:3, 3]
        if not (np.isfinite(matrix).all() and np.isfinite(reference).all()):
            return cls.unknown()
        if not reference.any() or np.abs(offset).max() > LARGEST_OFFSET:
            return cls(linear, np.zeros(3), reference + offset)
        return cls(linear, offset, reference)

    @classmethod
    def unknown(cls) -> Placing:
        """The placing of what has no place."""
        return cls(np.eye(3), np.zeros(3), np.zeros(3), known=False)


@dataclass(slots=True)
class Face:
    """One polygon. rings : coordinate texts (of CityJSON: vertex numbers as bytes), outer ring first. dimension : numbers per point."""

    id: str
    semantics: int
    rings: list[Any]
    dimension: int
    reverse: bool = False
    doubtful: bool = False
    """Given a second time without a link, so that only a comparison of coordinates can tell."""
    placing: Placing | None = None
    """Of the face of a form that is given in coordinates of its own."""
    block: int = 0
    """Of CityJSON: which list of vertices its rings count through."""
    look: Any = None
    """Colour and texture (`appearance.Look`), before one theme is chosen a dict of them by theme."""


@dataclass(slots=True)
class Reference:
    """A face that is given elsewhere, by gml:id."""

    target: str
    semantics: int
    reverse: bool
    placing: Placing | None = None


@dataclass(slots=True)
class Record:
    """One Building or BuildingPart, or an object of another kind. parent : index of what it is a part of, -1 for none."""

    id: str
    parent: int
    kind: str = ""
    """In `themes.THEME_OF`; "" for a Building or BuildingPart."""
    named: bool = True
    """Whether the id is the file's own."""
    lod: int = 255
    measured_height: float = float("nan")
    storeys: int = -1
    roof_type: str = ""
    function: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    faces: list[Face] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    other_lods: tuple[int, ...] = ()
    """Levels of detail that have geometry but were not taken."""
    problems: Counter[str] = field(default_factory=Counter)
    srs: str = ""
    """srsName at the geometry itself, else at its own envelope, else that of its building."""


def read_building(element: Any, lod: int | None, records: list[Record], left_out: Counter[str], parent: int = -1) -> None:
    """Append the records of a Building element and of all its parts to `records`; count what of it is not read in `left_out`.

    lod : 1, 2 or 3, or None for the highest of these that has faces. Where the level asked for is missing, the next lower one is
    taken, where there is none the next higher one; the outside in LoD 4, then the flat LoD 0, only where there is nothing else.
    """
    record = Record(gml_id(element), parent)
    index = len(records)
    records.append(record)
    thematic: dict[int, list[tuple[Any, int]]] = {}  # lod -> (geometry property, semantics)
    direct: dict[int, list[tuple[int, Any, int]]] = {}  # lod -> (order, geometry property, semantics)
    parts = []
    of_envelope = records[parent].srs if parent >= 0 else ""
    for child in element:
        name = local(child.tag)
        if name == "boundedBy" and len(child) and child[0].tag in ENVELOPES:
            of_envelope = child[0].get("srsName") or of_envelope
        elif _geometry(child, name, thematic, direct):
            continue
        elif name in _PARTS:
            parts += [part for part in child if local(part.tag) == "BuildingPart"]
        elif name in _INSTALLATIONS:
            for installation in child:
                _installation(installation, thematic)
        elif name == "buildingConstructiveElement":  # CityGML 3: walls, slabs and roofs as elements, as from a building model
            for inner in (inner for constructive in child for inner in constructive):
                _geometry(inner, local(inner.tag), thematic, direct)
        elif name in _LEFT_OUT:
            left_out.update(str(inner.tag).rpartition("}")[2] for inner in child)
        elif name:
            take_attribute(child, name, record)
    available = sorted(level for level in {*thematic, *direct} if _has_shell(level, thematic, direct))
    if choose(record, available, lod):
        take(record, thematic.get(record.lod, []), direct.get(record.lod, []), dimension_of(element))
    record.srs = record.srs or of_envelope
    for part in parts:
        read_building(part, lod, records, left_out, index)
    prefer_parts(record, records[index + 1 :])


def choose(record: Record, available: list[int], lod: int | None) -> bool:
    """Set which of the available levels of detail (ascending) a record takes; whether there is one. lod : as for `read_building`."""
    usable = [level for level in available if 1 <= level <= 3] or [level for level in available if level == 4] or available
    if usable:
        record.lod = max((level for level in usable if level <= (lod or 3)), default=usable[0])
        if lod and record.lod != lod:
            record.problems["other-lod"] += 1
        if record.lod == 0:
            record.problems["flat-only"] += 1
    record.other_lods = tuple(level for level in available if level != record.lod)
    return bool(usable)


def prefer_parts(record: Record, parts: list[Record]) -> None:
    """Take back the geometry of a whole whose parts have a higher level: the whole in LoD 1 would hide its parts in LoD 2."""
    if record.faces and any(record.lod < part.lod < 255 for part in parts):
        if record.lod == 0:  # every house of the Dutch 3DBAG has an outline and its body in a part
            del record.problems["flat-only"]
        else:
            record.problems["coarser-than-parts"] += 1
        record.lod, record.other_lods = 255, (*record.other_lods, record.lod)
        record.faces.clear()
        record.references.clear()


def _geometry(child: Any, name: str, thematic: dict[int, list[tuple[Any, int]]], direct: dict[int, list[tuple[int, Any, int]]]) -> bool:
    """Collect a boundary surface or a geometry property; whether it was one."""
    if name in _SURFACE_PROPERTIES:
        for surface in child:
            _thematic(surface, thematic)
        if not len(child) and child.get(HREF):  # a wall that is another feature's too; its level of detail is not known yet
            for level in (1, 2, 3):
                thematic.setdefault(level, []).append((child, int(Semantics.UNKNOWN)))
    elif name in GEOMETRY:
        level, order = GEOMETRY[name]
        direct.setdefault(level, []).append((order, child, _FLAT.get(name, Semantics.UNKNOWN)))
    else:
        return False
    return True


def _has_shell(level: int, thematic: dict[int, list[tuple[Any, int]]], direct: dict[int, list[tuple[int, Any, int]]]) -> bool:
    """Whether a level has more than windows, doors and balconies: those alone are no building."""
    if any(len(geometry) or geometry.get(HREF) for _, geometry, _ in direct.get(level, ())):
        return True
    return any(len(geometry) and semantics not in FITTINGS for geometry, semantics in thematic.get(level, ()))


def _thematic(surface: Any, found: dict[int, list[tuple[Any, int]]], inherited: int | None = None) -> None:
    """Collect the geometry of a boundary surface and of its openings."""
    semantics = SURFACES.get(local(surface.tag), Semantics.UNKNOWN)  # of an extension: its slope will tell
    if inherited is not None and semantics not in (Semantics.WINDOW, Semantics.DOOR):
        semantics = Semantics(inherited)
    for child in surface:
        word = local(child.tag)
        if word in GEOMETRY:
            found.setdefault(GEOMETRY[word][0], []).append((child, int(semantics)))
        elif word in _SURFACE_PROPERTIES:
            for opening in child:
                _thematic(opening, found, inherited)


def _installation(element: Any, found: dict[int, list[tuple[Any, int]]]) -> None:
    installation = int(Semantics.INSTALLATION)
    for child in element:
        name = local(child.tag)
        if name in _SURFACE_PROPERTIES:
            for surface in child:
                _thematic(surface, found, installation)
        elif name in GEOMETRY:
            found.setdefault(GEOMETRY[name][0], []).append((child, installation))


def take(record: Record, thematic: list[tuple[Any, int]], direct: list[tuple[int, Any, int]], dimension: int) -> None:
    """Faces of the chosen level: boundary surfaces first, then what solids and multi-surfaces add to them."""
    links: dict[str, Reference] = {}  # faces that boundary surfaces refer to, with their meaning
    own: set[str] = set()  # ids of what has been taken already
    outer = [entry for entry in thematic if entry[1] != Semantics.INTERIOR]
    if direct or any(semantics not in FITTINGS for _, semantics in outer):
        record.problems.update({"interior": len(thematic) - len(outer)} if len(outer) < len(thematic) else {})
        thematic = outer
    for first in (*(element for element, _ in thematic[:1]), *(element for _, element, _ in direct[:1])):
        record.srs = record.srs or next((name for item in islice(first.iter(), 8) if (name := item.get("srsName"))), "")
    for element, semantics in thematic:
        for item in faces_below(element, semantics, dimension, own):
            if isinstance(item, Face):
                record.faces.append(item)
            elif item.placing is not None:  # the same form in another place
                record.references.append(item)
            else:
                links[item.target] = item
        _count_library(element, record)
    for _, element, semantics in sorted(direct, key=lambda entry: entry[0]):
        before = len(record.faces)
        _count_library(element, record)
        fresh: set[str] = set()
        for item in faces_below(element, semantics, dimension, fresh):
            if isinstance(item, Reference):
                if item.placing is not None or (item.target not in own and item.target not in links):
                    record.references.append(item)
            elif item.id and item.id in own:
                continue
            else:
                if item.id in links:
                    link = links.pop(item.id)
                    item.semantics, item.reverse = link.semantics, link.reverse
                item.doubtful = before > 0
                record.faces.append(item)
        own |= fresh
    record.references += [link for target, link in links.items() if target not in own]


def _count_library(element: Any, record: Record) -> None:
    """Forms of a library: files beside, in formats of their own."""
    if str(element.tag).endswith("ImplicitRepresentation"):
        names = [local(item.tag) for item in element.iter()]
        if "libraryObject" in names and not {"relativeGMLGeometry", "relativeGeometry"} & set(names):
            record.problems["library-geometry"] += 1


def surface_faces(element: Any) -> list[Face | Reference]:
    """The faces of a boundary surface in its highest level of detail below 4, for a building that only refers to it."""
    found: dict[int, list[tuple[Any, int]]] = {}
    _thematic(element, found)
    level = max((level for level in found if level < 4), default=None)
    if level is None:
        return []
    return [face for item, semantics in found[level] for face in faces_below(item, semantics, dimension_of(element), set())]


def faces_below(
    element: Any, semantics: int, dimension: int, ids: set[str], reverse: bool = False, placing: Placing | None = None
) -> list[Face | Reference]:
    """All faces below a geometry or geometry property, in document order; `ids` receives the gml:ids of all geometries met.

    dimension : numbers per point where no element says. reverse : whether the faces are to be turned. placing : see Face.
    """
    found: list[Face | Reference] = []
    dimension = _int(element.get(_DIMENSION), dimension)
    if len(element):
        dimension = _int(element[0].get(_DIMENSION), dimension)
    turned: list[Any] = []
    for item in element.iter(*FACES):
        tag = item.tag
        if turned and any(ancestor in turned for ancestor in item.iterancestors()):
            continue
        if tag in POLYGONS:
            face = _face(item, semantics, dimension, reverse)
            face.placing = placing
            found.append(face)
            ids.add(face.id)
        elif tag in ORIENTABLE and item is not element:
            turned.append(item)
            ids.add(gml_id(item))
            found += faces_below(item, semantics, dimension, ids, reverse != (item.get("orientation") == "-"), placing)
        elif tag in IMPLICIT and item is not element:
            turned.append(item)
            found += faces_below(item, semantics, dimension, ids, reverse, _placing(item))
        elif tag in COMPOUNDS or tag in ORIENTABLE:
            ids.add(gml_id(item))
            dimension = _int(item.get(_DIMENSION), dimension)
        elif (target := item.get(HREF)) and item is not element:
            found.append(Reference(_target(target), semantics, reverse, placing))
    if (target := element.get(HREF)) and not len(element):
        found.append(Reference(_target(target), semantics, reverse, placing))
    return found


def _target(href: str) -> str:
    """The gml:id that a link names, whether or not it names this very file before it."""
    return href.strip().rpartition("#")[2]


def _placing(implicit: Any) -> Placing:
    """Where an implicit geometry stands."""
    matrix, point = np.eye(4), np.zeros(3)
    for child in implicit:
        name = local(child.tag)
        try:
            if name == "transformationMatrix":
                matrix = np.array((child.text or "").split(), np.float64).reshape(4, 4)
            elif name == "referencePoint":
                words = " ".join(item.text or "" for item in child.iter(*COORDINATES)).replace(",", " ").split()
                point = np.array(words, np.float64).reshape(3)
        except ValueError:
            return Placing.unknown()
    return Placing.of(matrix, point)


def _face(polygon: Any, semantics: int, dimension: int, reverse: bool) -> Face:
    dimension = _int(polygon.get(_DIMENSION), dimension)
    rings: list[str] = []
    for ring in polygon.iter(*RINGS):
        text, dimension = _ring(ring, dimension)
        parent = ring.getparent()
        if rings and parent is not None and parent.tag in EXTERIOR:
            rings.insert(0, text)
        else:
            rings.append(text)
    return Face(gml_id(polygon), semantics, rings, dimension, reverse)


def _ring(ring: Any, dimension: int) -> tuple[str, int]:
    """The coordinates of a ring as one text of blank-separated numbers, and how many make a point."""
    dimension = _int(ring.get(_DIMENSION), dimension)
    if len(ring) == 1 and local(ring[0].tag) == "posList":
        return ring[0].text or "", _int(ring[0].get(_DIMENSION), dimension)
    if any(item.get(HREF) for item in ring.iter()):
        return "link", dimension  # points or curves given elsewhere: half a ring would be a wrong one
    items = list(ring.iter(*COORDINATES))
    for item in items:
        dimension = _int(item.get(_DIMENSION), dimension)
    if local(ring.tag) == "LinearRing":
        return " ".join(map(text_of, items)), dimension
    try:
        return " ".join(map(repr, points_of(ring, dimension).ravel().tolist())), dimension
    except ValueError:
        return "curve", dimension


def take_attribute(child: Any, name: str, record: Record) -> None:
    text = (child.text or "").strip()
    if name == "measuredHeight":
        record.measured_height = length(child, record)
    elif name == "height":  # CityGML 3: con:height/con:Height/con:value
        values = [length(item, record) for item in child.iter() if local(item.tag) == "value"]
        if values and record.measured_height != record.measured_height:
            record.measured_height = values[0]
    elif name == "roofType":
        record.roof_type = text
    elif name == "function":
        record.function = record.function or text
    elif name == "storeysAboveGround":
        number = _number(text)
        record.storeys = int(number) if 0 <= number < 1000 else -1
    elif name in _WORDS and text:
        record.attributes.setdefault(_WORDS[name], text)
    elif name in _GENERIC:
        _generic(child, name, record.attributes)
    elif name == "genericAttributeSet":
        for inner in child:
            _generic(inner, local(inner.tag), record.attributes)
    elif name == "genericAttribute":  # CityGML 3: gen:StringAttribute with gen:name and gen:value
        for inner in child:
            parts = {local(part.tag): (part.text or "").strip() for part in inner}
            if parts.get("name"):
                kind = local(inner.tag)
                record.attributes[parts["name"]] = _typed(parts.get("value", ""), kind[:1].lower() + kind[1:])
    elif name == "externalReference" and "external_reference" not in record.attributes:
        words = [(item.text or "").strip() for item in child.iter() if local(item.tag) in ("name", "uri", "targetResource")]
        if any(words):
            record.attributes["external_reference"] = next(word for word in words if word)
    elif name == "address" and "address" not in record.attributes:
        address = _address(child)
        if address:
            record.attributes["address"] = address


def _generic(element: Any, kind: str, attributes: dict[str, Any]) -> None:
    name = element.get("name")
    if name and kind in _GENERIC:
        value = next((item.text for item in element if local(item.tag) == "value"), None)
        attributes[name] = _typed((value or "").strip(), kind)


def _typed(text: str, kind: str) -> Any:
    if kind in ("doubleAttribute", "measureAttribute"):
        number = _number(text)
        return number if isfinite(number) else text
    if kind == "intAttribute":
        try:
            return int(text)
        except ValueError:
            return text
    return text


_ADDRESS = ("ThoroughfareName", "ThoroughfareNumber", "PostalCodeNumber", "LocalityName")
# The same in xAL 3.0, which CityGML 3.0 has: the words of an element within its parent.
_NEW_ADDRESS = {
    ("Thoroughfare", "NameElement"): _ADDRESS[0],
    ("Thoroughfare", "Number"): _ADDRESS[1],
    ("PostCode", "Identifier"): _ADDRESS[2],
    ("Locality", "NameElement"): _ADDRESS[3],
}


def _address(element: Any) -> str:
    """Street and number, town: whichever an xAL address gives, as one line."""
    found: dict[str, str] = {}
    for item in element.iter():
        parent = item.getparent()
        name = local(item.tag)
        name = _NEW_ADDRESS.get((local(parent.tag), name), name) if parent is not None else name
        if name in _ADDRESS and item.text and item.text.strip():
            found.setdefault(name, item.text.strip())
    street = " ".join(found[name] for name in _ADDRESS[:2] if name in found)
    town = " ".join(found[name] for name in _ADDRESS[2:] if name in found)
    return ", ".join(part for part in (street, town) if part)


def dimension_of(element: Any) -> int:
    """srsDimension that an element inherits from its ancestors; 3, as CityGML has it, where none says."""
    for ancestor in (element, *element.iterancestors()):
        value = ancestor.get(_DIMENSION)
        if value:
            return _int(value, 3)
    return 3


def _int(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        return otherwise


def length(element: Any, record: Record) -> float:
    """A height in metres by its uom; one of a unit that is not known is taken as metres and counted, NaN where it is no height."""
    unit = re.split(r"[#:/]", (element.get("uom") or "m").strip().lower())[-1].strip("[]")
    factor = _UNITS.get(unit)
    if factor is None:
        record.problems["unknown-unit"] += 1
    value = _number((element.text or "").strip()) * (factor or 1.0)
    return value if abs(value) < HIGHEST else float("nan")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
