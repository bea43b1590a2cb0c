"""Three namespace tables, one reader: what CityGML 1.0, 2.0 and 3.0 call the same things."""

from __future__ import annotations

from typing import Any

CITYGML = "http://www.opengis.net/citygml"
OLD = "http://www.citygml.org/citygml/1/0/0"  # CityGML 0.4, one namespace for all
BUILDING = (*(f"{CITYGML}/building/{version}" for version in ("1.0", "2.0", "3.0")), OLD)
APPEARANCE = (*(f"{{{CITYGML}/appearance/{version}}}Appearance" for version in ("1.0", "2.0", "3.0")), f"{{{OLD}}}Appearance")
GML = ("http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2")
HREF = "{http://www.w3.org/1999/xlink}href"
GML_ID = tuple(f"{{{space}}}id" for space in GML)


def _in(spaces: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{name}" for space in spaces for name in names)


CORE = (*(f"{CITYGML}/{version}" for version in ("1.0", "2.0", "3.0")), OLD)
CONSTRUCTION = (f"{CITYGML}/construction/3.0",)
WFS = ("http://www.opengis.net/wfs", "http://www.opengis.net/wfs/2.0")
APPEARANCES = frozenset(_in(CORE, "appearanceMember"))
MEMBERS = (
    *APPEARANCES,
    *_in(CORE, "cityObjectMember", "featureMember"),
    *_in(GML, "featureMember", "featureMembers", "member"),
    *_in(WFS, "member"),
)
BUILDINGS = _in(BUILDING, "Building")
PARTS = _in(BUILDING, "BuildingPart")
ENVELOPES = _in(GML, "Envelope")
POLYGONS = frozenset(_in(GML, "Polygon", "PolygonPatch", "Triangle", "Rectangle"))
ORIENTABLE = frozenset(_in(GML, "OrientableSurface"))
# A form given once, in its own coordinates, and placed by a matrix.
IMPLICIT = frozenset(_in(CORE, "ImplicitGeometry"))
# Geometries made of several faces. They matter for their ids alone, which references may name.
COMPOUNDS = frozenset(
    _in(GML, "Surface", "CompositeSurface", "MultiSurface", "TriangulatedSurface", "PolyhedralSurface", "Tin", "Shell")
    + _in(GML, "Solid", "CompositeSolid", "MultiSolid", "MultiGeometry")
)
# Elements that are faces or made of them, and those that may refer to one elsewhere.
FACES = (
    *POLYGONS,
    *ORIENTABLE,
    *COMPOUNDS,
    *IMPLICIT,
    *_in(GML, "surfaceMember", "baseSurface", "solidMember", "geometryMember", "exterior", "interior"),
    *_in(CORE, "relativeGMLGeometry", "relativeGeometry"),
)
RINGS = _in(GML, "LinearRing", "Ring")
COORDINATES = _in(GML, "posList", "pos", "coordinates", "coord")

_KNOWN = (CITYGML, OLD, "urn:oasis:names:tc:ciq", *GML)
_locals: dict[Any, str] = {}


def local(tag: Any) -> str:
    """The local name of a tag of CityGML, GML or xAL; "" for anything else (ADEs, comments)."""
    try:
        return _locals[tag]
    except KeyError:
        name = ""
        if isinstance(tag, str) and tag.startswith("{"):
            space, _, word = tag[1:].partition("}")
            if space.startswith(_KNOWN):
                name = word
        _locals[tag] = name
        return name


def gml_id(element: Any) -> str:
    """The gml:id of an element in either GML namespace, "" if it has none."""
    return element.get(GML_ID[0]) or element.get(GML_ID[1]) or element.get("gid") or ""
