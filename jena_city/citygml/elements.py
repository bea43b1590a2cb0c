"""From a Building element to plain records: attributes, and faces as texts that are turned into numbers all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..model import Semantics
from .names import COMPOUNDS, COORDINATES, FACES, GML, HREF, ORIENTABLE, POLYGONS, RINGS, gml_id, local

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
}
_GEOMETRY = {
    f"lod{lod}{kind}": (lod, order)
    for lod in (0, 1, 2, 3, 4)
    for order, kind in enumerate(("Solid", "MultiSurface", "Surface", "Geometry", "Multisurface"))
}
_SURFACE_PROPERTIES = {"boundedBy", "boundary", "opening", "fillingSurface"}
_INSTALLATIONS = {"outerBuildingInstallation", "buildingInstallation"}
_PARTS = {"consistsOfBuildingPart", "buildingPart"}
# What a building holds that is not read: its inside, and forms that stand elsewhere and are only placed here.
_LEFT_OUT = {"interiorRoom", "buildingRoom", "buildingSubdivision", "interiorBuildingInstallation", "interiorFurniture"} | {
    f"lod{lod}ImplicitRepresentation" for lod in range(5)
}
_GENERIC = {"stringAttribute", "doubleAttribute", "intAttribute", "dateAttribute", "uriAttribute", "measureAttribute"}
_WORDS = {"class": "class", "usage": "usage", "name": "name", "description": "description", "yearOfConstruction": "year_of_construction"}
_EXTERIOR = frozenset(f"{{{space}}}exterior" for space in GML) | {f"{{{GML[0]}}}outerBoundaryIs"}
_FITTINGS = (Semantics.WINDOW, Semantics.DOOR, Semantics.INSTALLATION)
_DIMENSION = "srsDimension"


@dataclass(slots=True)
class Face:
    """One polygon, as texts. rings : coordinate texts, outer ring first. dimension : numbers per point."""

    id: str
    semantics: int
    rings: list[str]
    dimension: int
    reverse: bool = False
    doubtful: bool = False
    """Given a second time without a link, so that only a comparison of coordinates can tell."""


@dataclass(slots=True)
class Reference:
    """A face that is given elsewhere, by gml:id."""

    target: str
    semantics: int
    reverse: bool


@dataclass(slots=True)
class Record:
    """One Building or BuildingPart. parent : index of its Building among the records, -1 for a Building."""

    id: str
    parent: int
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


def read_building(element: Any, lod: int | None, records: list[Record], left_out: Counter[str], parent: int = -1) -> None:
    """Append the records of a Building element and of all its parts to `records`; count what of it is not read in `left_out`.

    lod : 1, 2 or 3, or None for the highest that has faces. Where the level asked for is missing, the next lower one is taken,
    where there is none the next higher one.
    """
    record = Record(gml_id(element), parent)
    index = len(records)
    records.append(record)
    thematic: dict[int, list[tuple[Any, int]]] = {}  # lod -> (geometry property, semantics)
    direct: dict[int, list[tuple[int, Any, int]]] = {}  # lod -> (order, geometry property, semantics)
    parts = []
    for child in element:
        name = local(child.tag)
        if _geometry(child, name, thematic, direct):
            continue
        if name in _PARTS:
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
            _attribute(child, name, record)
    available = sorted(level for level in {*thematic, *direct} if _has_shell(level, thematic, direct))
    usable = [level for level in available if 1 <= level <= 3]
    if usable:
        record.lod = max((level for level in usable if level <= (lod or 3)), default=usable[0])
        _take(record, thematic.get(record.lod, []), direct.get(record.lod, []), dimension_of(element))
        if lod and record.lod != lod:
            record.problems["other-lod"] += 1
    record.other_lods = tuple(level for level in available if level != record.lod)
    for part in parts:
        read_building(part, lod, records, left_out, index)
    if record.faces and any(record.lod < part.lod <= 3 for part in records[index + 1 :]):
        record.problems["coarser-than-parts"] += 1  # the whole in LoD 1 would hide its parts in LoD 2
        record.faces.clear()
        record.references.clear()


def _geometry(child: Any, name: str, thematic: dict[int, list[tuple[Any, int]]], direct: dict[int, list[tuple[int, Any, int]]]) -> bool:
    """Collect a boundary surface or a geometry property; whether it was one."""
    if name in _SURFACE_PROPERTIES:
        for surface in child:
            _thematic(surface, thematic)
    elif name in _GEOMETRY:
        level, order = _GEOMETRY[name]
        direct.setdefault(level, []).append((order, child, Semantics.UNKNOWN))
    else:
        return False
    return True


def _has_shell(level: int, thematic: dict[int, list[tuple[Any, int]]], direct: dict[int, list[tuple[int, Any, int]]]) -> bool:
    """Whether a level has more than windows, doors and balconies: those alone are no building."""
    if level in direct and any(len(geometry) for _, geometry, _ in direct[level]):
        return True
    return any(len(geometry) and semantics not in _FITTINGS for geometry, semantics in thematic.get(level, ()))


def _thematic(surface: Any, found: dict[int, list[tuple[Any, int]]], inherited: int | None = None) -> None:
    """Collect the geometry of a boundary surface and of its openings."""
    name = local(surface.tag)
    semantics = SURFACES.get(name)
    if semantics is None:
        return
    if inherited is not None and semantics not in (Semantics.WINDOW, Semantics.DOOR):
        semantics = Semantics(inherited)
    for child in surface:
        word = local(child.tag)
        if word in _GEOMETRY:
            found.setdefault(_GEOMETRY[word][0], []).append((child, int(semantics)))
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
        elif name in _GEOMETRY:
            found.setdefault(_GEOMETRY[name][0], []).append((child, installation))


def _take(record: Record, thematic: list[tuple[Any, int]], direct: list[tuple[int, Any, int]], dimension: int) -> None:
    """Faces of the chosen level: boundary surfaces first, then what solids and multi-surfaces add to them."""
    links: dict[str, tuple[int, bool]] = {}  # faces that boundary surfaces refer to: their meaning and whether they are turned
    own: set[str] = set()  # ids of what has been taken already
    for element, semantics in thematic:
        for item in faces_below(element, semantics, dimension, own):
            if isinstance(item, Face):
                record.faces.append(item)
            else:
                links[item.target] = (item.semantics, item.reverse)
    for _, element, semantics in sorted(direct, key=lambda entry: entry[0]):
        before = len(record.faces)
        fresh: set[str] = set()
        for item in faces_below(element, semantics, dimension, fresh):
            if isinstance(item, Reference):
                if item.target not in own and item.target not in links:
                    record.references.append(item)
            elif item.id and item.id in own:
                continue
            else:
                if item.id in links:
                    item.semantics, item.reverse = links.pop(item.id)
                item.doubtful = before > 0
                record.faces.append(item)
        own |= fresh
    record.references += [Reference(target, semantics, reverse) for target, (semantics, reverse) in links.items() if target not in own]


def faces_below(element: Any, semantics: int, dimension: int, ids: set[str], reverse: bool = False) -> list[Face | Reference]:
    """All faces below a geometry or geometry property, in document order; `ids` receives the gml:ids of all geometries met.

    dimension : numbers per point where no element says. reverse : whether the faces are to be turned.
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
            found.append(face)
            ids.add(face.id)
        elif tag in ORIENTABLE and item is not element:
            turned.append(item)
            ids.add(gml_id(item))
            found += faces_below(item, semantics, dimension, ids, reverse != (item.get("orientation") == "-"))
        elif tag in COMPOUNDS or tag in ORIENTABLE:
            ids.add(gml_id(item))
        elif target := item.get(HREF):
            found.append(Reference(target.removeprefix("#"), semantics, reverse))
    if (target := element.get(HREF)) and not len(element):
        found.append(Reference(target.removeprefix("#"), semantics, reverse))
    return found


def _face(polygon: Any, semantics: int, dimension: int, reverse: bool) -> Face:
    dimension = _int(polygon.get(_DIMENSION), dimension)
    rings: list[str] = []
    for ring in polygon.iter(*RINGS):
        text, dimension = _ring(ring, dimension)
        parent = ring.getparent()
        if rings and parent is not None and parent.tag in _EXTERIOR:
            rings.insert(0, text)
        else:
            rings.append(text)
    return Face(gml_id(polygon), semantics, rings, dimension, reverse)


def _ring(ring: Any, dimension: int) -> tuple[str, int]:
    """The coordinates of a ring as one text of blank-separated numbers, and how many make a point."""
    dimension = _int(ring.get(_DIMENSION), dimension)
    if len(ring) == 1 and local(ring[0].tag) == "posList":
        return ring[0].text or "", _int(ring[0].get(_DIMENSION), dimension)
    texts = []
    for item in ring.iter(*COORDINATES):
        name = local(item.tag)
        if name == "coordinates":
            decimal, comma, blank = item.get("decimal", "."), item.get("cs", ","), item.get("ts", " ")
            text = (item.text or "").replace(blank, " ").replace(comma, " ").replace(decimal, ".")
        elif name == "coord":
            text = " ".join(part.text or "" for part in item)
        else:
            text = item.text or ""
            dimension = _int(item.get(_DIMENSION), dimension)
        texts.append(text)
    return " ".join(texts), dimension


def _attribute(child: Any, name: str, record: Record) -> None:
    text = (child.text or "").strip()
    if name == "measuredHeight":
        record.measured_height = _float(text)
    elif name == "height":  # CityGML 3: con:height/con:Height/con:value
        values = [_float((item.text or "").strip()) for item in child.iter() if local(item.tag) == "value"]
        if values and record.measured_height != record.measured_height:
            record.measured_height = values[0]
    elif name == "roofType":
        record.roof_type = text
    elif name == "function":
        record.function = record.function or text
    elif name == "storeysAboveGround":
        record.storeys = _int(text, -1)
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
        number = _float(text)
        return number if number == number else text
    if kind == "intAttribute":
        try:
            return int(text)
        except ValueError:
            return text
    return text


_ADDRESS = ("ThoroughfareName", "ThoroughfareNumber", "PostalCodeNumber", "LocalityName")


def _address(element: Any) -> str:
    """Street and number, town: whichever an xAL address gives, as one line."""
    found: dict[str, str] = {}
    for item in element.iter():
        name = local(item.tag)
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


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e6 else float("nan")
