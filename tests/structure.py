"""What the standards ask of a file's structure, told from their UML and tried on OGC's own examples: the order and number of elements in
CityGML 2.0 and 3.0, and the members, numbers and shapes of CityJSON 2.0."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

SPACES = {
    "http://www.opengis.net/gml": "gml",
    "http://www.opengis.net/gml/3.2": "gml",
    "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0": "xAL",
    "urn:oasis:names:tc:ciq:xal:3": "xAL",
}
MODULES = {
    "": "core", "building": "bldg", "construction": "con", "generics": "gen", "bridge": "brid", "tunnel": "tun", "vegetation": "veg",
    "cityfurniture": "frn", "transportation": "tran", "waterbody": "wtr", "landuse": "luse", "appearance": "app",
}  # fmt: skip
KINDS = ("citygml2", "citygml3", "cityjson")
HREF = "{http://www.w3.org/1999/xlink}href"


def levels(pattern: str, first: int, last: int) -> str:
    return " ".join(pattern.format(level) for level in range(first, last + 1))


# Each type: what stands in it, in this order. ? none or one, * any number, + at least one, nothing: exactly one, (a|b) either of them.
WORDS = "{0}:class? {0}:function* {0}:usage*"
GML = {
    "gml:Envelope": "((gml:lowerCorner gml:upperCorner)|gml:pos{2}|gml:coordinates)",
    "gml:MultiSurface": "gml:description? gml:name* gml:surfaceMember* gml:surfaceMembers?",
    "gml:CompositeSurface": "gml:description? gml:name* gml:surfaceMember+",
    "gml:Shell": "gml:description? gml:name* gml:surfaceMember+",
    "gml:Solid": "gml:description? gml:name* gml:exterior? gml:interior*",
    "gml:Polygon": "gml:description? gml:name* gml:exterior? gml:interior*",
    "gml:LinearRing": "(gml:pos{4,}|gml:posList|gml:coordinates)",
}
THING_2 = (
    "gml:metaDataProperty* gml:description? gml:name* gml:boundedBy? core:creationDate? core:terminationDate? core:externalReference* "
    "core:generalizesTo* core:relativeToTerrain? core:relativeToWater? "
    "(gen:stringAttribute|gen:intAttribute|gen:doubleAttribute|gen:dateAttribute|gen:uriAttribute|gen:measureAttribute|gen:genericAttributeSet)* "
    "app:appearance*"
)
BODY_2 = "{0}:lod{1}Solid? {0}:lod{1}MultiSurface? {0}:lod{1}MultiCurve? {0}:lod{1}TerrainIntersection?"
FIRST_2 = "{0}:lod1Solid? {0}:lod1MultiSurface? {0}:lod1TerrainIntersection? "


def _body(space: str, level: int) -> str:
    return BODY_2.format(space, level)


def _form(space: str, first: int, last: int, cut: bool = False) -> str:
    cuts = f"{levels(space + ':lod{}TerrainIntersection?', first, last)} " if cut else ""
    return f"{levels(space + ':lod{}Geometry?', first, last)} {cuts}{levels(space + ':lod{}ImplicitRepresentation?', first, last)}"


SURFACE_2 = f"{THING_2} {{0}}:lod2MultiSurface? {{0}}:lod3MultiSurface? {{0}}:lod4MultiSurface? {{0}}:opening*"
WALLS = ("RoofSurface", "WallSurface", "GroundSurface", "ClosureSurface", "OuterCeilingSurface", "OuterFloorSurface", "InteriorWallSurface", "FloorSurface", "CeilingSurface")  # fmt: skip
BUILDING_2 = (
    f"{THING_2} {WORDS.format('bldg')} bldg:yearOfConstruction? bldg:yearOfDemolition? bldg:roofType? bldg:measuredHeight? "
    "bldg:storeysAboveGround? bldg:storeysBelowGround? bldg:storeyHeightsAboveGround? bldg:storeyHeightsBelowGround? bldg:lod0FootPrint? "
    f"bldg:lod0RoofEdge? {FIRST_2.format('bldg')} {_body('bldg', 2)} bldg:outerBuildingInstallation* bldg:interiorBuildingInstallation* "
    f"bldg:boundedBy* {_body('bldg', 3)} {_body('bldg', 4)} bldg:interiorRoom* bldg:consistsOfBuildingPart* bldg:address*"
)
BRIDGE_2 = (
    f"{THING_2} {WORDS.format('brid')} brid:yearOfConstruction? brid:yearOfDemolition? brid:isMovable? {FIRST_2.format('brid')} "
    f"{_body('brid', 2)} brid:outerBridgeConstruction* brid:outerBridgeInstallation* brid:interiorBridgeInstallation* brid:boundedBy* "
    f"{_body('brid', 3)} {_body('brid', 4)} brid:interiorBridgeRoom* brid:consistsOfBridgePart* brid:address*"
)
TUNNEL_2 = (
    f"{THING_2} {WORDS.format('tun')} tun:yearOfConstruction? tun:yearOfDemolition? {FIRST_2.format('tun')} {_body('tun', 2)} "
    f"tun:outerTunnelInstallation* tun:interiorTunnelInstallation* tun:boundedBy* {_body('tun', 3)} {_body('tun', 4)} "
    "tun:interiorHollowSpace* tun:consistsOfTunnelPart*"
)
TRAFFIC_2 = (
    f"{THING_2} {WORDS.format('tran')} tran:trafficArea* tran:auxiliaryTrafficArea* tran:lod0Network* "
    f"{levels('tran:lod{}MultiSurface?', 1, 4)}"
)
AREA_2 = f"{THING_2} {WORDS.format('tran')} tran:surfaceMaterial? {levels('tran:lod{}MultiSurface?', 2, 4)}"
OLD = {
    **GML,
    "core:CityModel": "gml:metaDataProperty* gml:description? gml:name* gml:boundedBy? (core:cityObjectMember|app:appearanceMember|gml:featureMember)*",
    "core:Address": "gml:description? gml:name* gml:boundedBy? core:xalAddress core:multiPoint?",
    "core:externalReference": "core:informationSystem? core:externalObject",
    "core:externalObject": "(core:name|core:uri)",
    "gen:stringAttribute": "gen:value",
    "gen:intAttribute": "gen:value",
    "gen:doubleAttribute": "gen:value",
    "bldg:Building": BUILDING_2,
    "bldg:BuildingPart": BUILDING_2,
    "brid:Bridge": BRIDGE_2,
    "brid:BridgePart": BRIDGE_2,
    "tun:Tunnel": TUNNEL_2,
    "tun:TunnelPart": TUNNEL_2,
    **{f"{space}:{name}": SURFACE_2.format(space) for space in ("bldg", "brid", "tun") for name in WALLS},
    **{
        f"{space}:{name}": f"{THING_2} {space}:lod3MultiSurface? {space}:lod4MultiSurface? {levels(space + ':lod{}ImplicitRepresentation?', 3, 4)} "
        + (f"{space}:address*" if name == "Door" else "")
        for space in ("bldg", "brid", "tun")
        for name in ("Window", "Door")
    },
    **{
        f"{space}:{name}": f"{THING_2} {WORDS.format(space)} {_form(space, 2, 4)} {space}:boundedBy*"
        for space, name in (("bldg", "BuildingInstallation"), ("brid", "BridgeInstallation"), ("tun", "TunnelInstallation"))
    },
    "brid:BridgeConstructionElement": f"{THING_2} {WORDS.format('brid')} {_form('brid', 1, 4, True)} brid:boundedBy*",
    "veg:SolitaryVegetationObject": f"{THING_2} {WORDS.format('veg')} veg:species? veg:height? veg:trunkDiameter? veg:crownDiameter? {_form('veg', 1, 4)}",
    "veg:PlantCover": f"{THING_2} {WORDS.format('veg')} veg:averageHeight? {levels('veg:lod{}MultiSurface?', 1, 4)} {levels('veg:lod{}MultiSolid?', 1, 4)}",
    "frn:CityFurniture": f"{THING_2} {WORDS.format('frn')} {_form('frn', 1, 4, True)}",
    "gen:GenericCityObject": f"{THING_2} {WORDS.format('gen')} {_form('gen', 0, 4, True)}",
    "luse:LandUse": f"{THING_2} {WORDS.format('luse')} {levels('luse:lod{}MultiSurface?', 0, 4)}",
    "wtr:WaterBody": (
        f"{THING_2} {WORDS.format('wtr')} wtr:lod0MultiCurve? wtr:lod0MultiSurface? wtr:lod1MultiCurve? wtr:lod1MultiSurface? "
        f"{levels('wtr:lod{}Solid?', 1, 4)} wtr:boundedBy*"
    ),
    **{
        f"wtr:{name}": f"{THING_2} {levels('wtr:lod{}Surface?', 2, 4)} wtr:waterLevel?"
        for name in ("WaterSurface", "WaterGroundSurface", "WaterClosureSurface")
    },
    **{f"tran:{name}": TRAFFIC_2 for name in ("Road", "Railway", "Track", "Square", "TransportationComplex")},
    "tran:TrafficArea": AREA_2,
    "tran:AuxiliaryTrafficArea": AREA_2,
}
THING_3 = (
    "gml:metaDataProperty* gml:description? gml:descriptionReference? gml:identifier? gml:name* gml:boundedBy? core:creationDate? "
    "core:terminationDate? core:validFrom? core:validTo? core:externalReference* core:generalizesTo* core:relativeToTerrain? "
    "core:relativeToWater? core:relatedTo* core:appearance* core:genericAttribute* core:dynamizer*"
)
SPACE_3 = (
    f"{THING_3} core:spaceType? core:volume* core:area* core:boundary* core:lod0Point? core:lod0MultiSurface? core:lod0MultiCurve? core:lod1Solid? "
    "core:lod2Solid? core:lod2MultiSurface? core:lod2MultiCurve? core:lod3Solid? core:lod3MultiSurface? core:lod3MultiCurve?"
)
ROOM_3 = f"{SPACE_3} {levels('core:lod{}TerrainIntersectionCurve?', 1, 3)} core:pointCloud?"
FILLED_3 = f"{ROOM_3} {levels('core:lod{}ImplicitRepresentation?', 1, 3)}"
BUILT_3 = (
    f"{FILLED_3} con:conditionOfConstruction? con:dateOfConstruction? con:dateOfDemolition? con:constructionEvent* con:elevation* con:height* "
    "con:occupancy*"
)
FACE_3 = f"{THING_3} core:area* core:lod0MultiCurve? {levels('core:lod{}MultiSurface?', 0, 3)} core:pointCloud?"
BUILDING_3 = (
    f"{BUILT_3} {WORDS.format('bldg')} bldg:roofType? bldg:storeysAboveGround? bldg:storeysBelowGround? bldg:storeyHeightsAboveGround? "
    "bldg:storeyHeightsBelowGround? bldg:buildingConstructiveElement* bldg:buildingInstallation* bldg:buildingRoom* bldg:buildingFurniture* "
    "bldg:buildingSubdivision* bldg:address*"
)
BRIDGE_3 = (
    f"{BUILT_3} {WORDS.format('brid')} brid:isMovable? brid:bridgeConstructiveElement* brid:bridgeInstallation* brid:bridgeRoom* "
    "brid:bridgeFurniture* brid:address*"
)
TUNNEL_3 = f"{BUILT_3} {WORDS.format('tun')} tun:tunnelConstructiveElement* tun:tunnelInstallation* tun:hollowSpace* tun:tunnelFurniture*"
TRAFFIC_3 = f"{ROOM_3} tran:trafficDirection? tran:occupancy* tran:trafficSpace* tran:auxiliaryTrafficSpace* tran:hole* tran:marking*"
NEW = {
    **GML,
    "core:CityModel": (
        "gml:metaDataProperty* gml:description? gml:identifier? gml:name* gml:boundedBy? core:creationDate? core:terminationDate? core:validFrom? "
        "core:validTo? core:engineeringCRS? (core:cityObjectMember|core:appearanceMember|core:featureMember|core:versionMember)*"
    ),
    "core:Address": "gml:description? gml:identifier? gml:name* gml:boundedBy? core:xalAddress core:multiPoint?",
    "core:ExternalReference": "core:targetResource core:informationSystem? core:relationType?",
    **{f"gen:{kind}Attribute": "gen:name gen:value" for kind in ("String", "Int", "Double", "Date", "Uri")},
    "con:Height": "con:highReference con:lowReference con:status con:value",
    "bldg:Building": f"{BUILDING_3} bldg:buildingPart*",
    "bldg:BuildingPart": BUILDING_3,
    "brid:Bridge": f"{BRIDGE_3} brid:bridgePart*",
    "brid:BridgePart": BRIDGE_3,
    "tun:Tunnel": f"{TUNNEL_3} tun:tunnelPart*",
    "tun:TunnelPart": TUNNEL_3,
    **{f"con:{name}": f"{FACE_3} con:fillingSurface*" for name in WALLS if name != "ClosureSurface"},
    "con:WindowSurface": FACE_3,
    "con:DoorSurface": f"{FACE_3} con:address*",
    "core:ClosureSurface": FACE_3,
    **{
        f"{space}:{name}": f"{FILLED_3} con:relationToConstruction? {WORDS.format(space)}"
        for space, name in (("bldg", "BuildingInstallation"), ("brid", "BridgeInstallation"), ("tun", "TunnelInstallation"))
    },
    **{
        f"{space}:{name}": f"{FILLED_3} con:isStructuralElement? con:filling* {WORDS.format(space)}"
        for space, name in (("brid", "BridgeConstructiveElement"), ("tun", "TunnelConstructiveElement"))
    },
    "con:OtherConstruction": f"{BUILT_3} {WORDS.format('con')}",
    "veg:SolitaryVegetationObject": (
        f"{FILLED_3} {WORDS.format('veg')} veg:species? veg:height? veg:trunkDiameter? veg:crownDiameter? veg:rootBallDiameter? "
        "veg:maxRootBallDepth?"
    ),
    "veg:PlantCover": f"{FILLED_3} {WORDS.format('veg')} veg:averageHeight? veg:minHeight? veg:maxHeight?",
    "frn:CityFurniture": f"{FILLED_3} {WORDS.format('frn')}",
    "wtr:WaterBody": f"{FILLED_3} {WORDS.format('wtr')}",
    "wtr:WaterSurface": f"{FACE_3} wtr:waterLevel?",
    "wtr:WaterGroundSurface": FACE_3,
    "luse:LandUse": f"{FACE_3} {WORDS.format('luse')}",
    "gen:GenericOccupiedSpace": f"{FILLED_3} {WORDS.format('gen')}",
    "gen:GenericUnoccupiedSpace": f"{ROOM_3} {WORDS.format('gen')}",
    "gen:GenericLogicalSpace": f"{SPACE_3} {WORDS.format('gen')}",
    "gen:GenericThematicSurface": f"{FACE_3} {WORDS.format('gen')}",
    **{
        f"tran:{name}": f"{TRAFFIC_3} {WORDS.format('tran')} tran:section* tran:intersection*"
        for name in ("Road", "Railway", "Track", "Waterway")
    },
    "tran:Square": f"{TRAFFIC_3} {WORDS.format('tran')}",
    "tran:Section": f"{TRAFFIC_3} tran:class?",
    "tran:Intersection": f"{TRAFFIC_3} tran:class?",
    "tran:TrafficSpace": (
        f"{ROOM_3} {WORDS.format('tran')} tran:granularity tran:trafficDirection? tran:occupancy* tran:predecessor* tran:successor* "
        "tran:clearanceSpace*"
    ),
    "tran:AuxiliaryTrafficSpace": f"{ROOM_3} {WORDS.format('tran')} tran:granularity",
    "tran:TrafficArea": f"{FACE_3} {WORDS.format('tran')} tran:surfaceMaterial?",
    "tran:AuxiliaryTrafficArea": f"{FACE_3} {WORDS.format('tran')} tran:surfaceMaterial?",
}
TYPES = {"2.0": OLD, "3.0": NEW}
PLAIN = ("xAL:", "gml:Point", "gml:MultiPoint")  # whose inside is left to their own standards


def word(element: Any) -> str:
    """An element's name with the short form of its space, "" for one of an extension."""
    name = etree.QName(element)
    match = re.fullmatch(r"http://www\.opengis\.net/citygml/(?:(\w+)/)?[23]\.0", name.namespace or "")
    short = MODULES.get(match[1] or "", "") if match else SPACES.get(name.namespace or "", "")
    return f"{short}:{name.localname}" if short else ""


@functools.cache
def _pattern(content: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(\w+:\w+)", r"(?:\1,)", content).replace(" ", ""))


def faults(root: Any, *, all_known: bool) -> Iterator[str]:
    """What a CityGML document has that the standard has not. all_known : an object that is not in the tables is a fault too."""
    version = "3.0" if etree.QName(root).namespace.endswith("3.0") else "2.0"
    types = TYPES[version]
    for element in root.iter(etree.Element):
        name = word(element)
        inside = [word(child) for child in element.iterchildren(etree.Element)]
        if name in types:
            if not _pattern(types[name]).fullmatch("".join(f"{one}," for one in inside if one)):
                yield f"{name} holds {' '.join(dict.fromkeys(inside))}"
        elif name and name.partition(":")[2][0].isupper() and all_known and not name.startswith(PLAIN):
            yield f"{name} is not known"
        elif name and all_known and not name.startswith(PLAIN) and (len(inside) > 1 or (inside and element.get(HREF))):
            yield f"{name} holds {len(inside)} things"
        if name in types and version == "3.0" and not element.get("{http://www.opengis.net/gml/3.2}id") and name.partition(":")[2] in (
            "Solid", "MultiSurface", "Polygon", "CompositeSurface", "Shell"
        ) and all_known and name != "gml:Shell":  # fmt: skip
            yield f"{name} has no gml:id"


SHELLS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
FIRST = (
    "Bridge", "Building", "CityFurniture", "CityObjectGroup", "GenericCityObject", "LandUse", "OtherConstruction", "PlantCover",
    "SolitaryVegetationObject", "TINRelief", "Road", "Railway", "Waterway", "TransportSquare", "Tunnel", "WaterBody",
)  # fmt: skip
SECOND = {
    f"{whole}{kind}": whole
    for whole in ("Bridge", "Building", "Tunnel")
    for kind in ("Part", "Installation", "ConstructiveElement", "Furniture", "Room", "Unit", "Storey")
} | {"TunnelHollowSpace": "Tunnel", "BuildingStorey": "Building"}
MEANINGS = {
    "Bridge Building Tunnel Other": (
        "RoofSurface GroundSurface WallSurface ClosureSurface OuterCeilingSurface OuterFloorSurface Window Door InteriorWallSurface CeilingSurface "
        "FloorSurface"
    ),
    "WaterBody": "WaterSurface WaterGroundSurface WaterClosureSurface",
    "Road Railway Transport Waterway": "TrafficArea AuxiliaryTrafficArea TrafficMarking AuxiliaryTrafficMarking",
}


def cityjson_faults(document: dict[str, Any]) -> Iterator[str]:
    """What a CityJSON 2.0 document has that the standard has not."""
    for key in ("type", "version", "transform", "CityObjects", "vertices"):
        if key not in document:
            yield f"no {key}"
            return
    known = {"type", "version", "transform", "CityObjects", "vertices", "metadata", "extensions", "appearance", "geometry-templates"}
    yield from (f"member {key}" for key in document if key not in known and not key.startswith("+"))
    if document["type"] != "CityJSON" or document["version"] != "2.0":
        yield "type or version"
    if [len(document["transform"].get(key, ())) for key in ("scale", "translate")] != [3, 3] or len(document["transform"]) != 2:
        yield "transform"
    if not all(len(vertex) == 3 and all(type(value) is int for value in vertex) for vertex in document["vertices"]):
        yield "vertices that are no three whole numbers"
    system = document.get("metadata", {}).get("referenceSystem")
    if system is not None and not re.fullmatch(r"https?://www\.opengis\.net/def/crs/\w+/[\w.]+/\w+", system):
        yield f"referenceSystem {system}"
    if any(not {"url", "version"} <= set(one) for one in document.get("extensions", {}).values()):
        yield "extension without url and version"
    objects = document["CityObjects"]
    for name, one in objects.items():
        kind = one.get("type", "")
        if kind.startswith("+"):
            if "extensions" not in document:
                yield f"{name}: {kind} without an extension"
        elif kind in SECOND:
            if not one.get("parents"):
                yield f"{name}: {kind} without parents"
        elif kind not in FIRST:
            yield f"{name}: {kind} is no kind"
        for there, back in (("children", "parents"), ("parents", "children")):
            yield from (f"{name}: {there} {other}" for other in one.get(there, ()) if name not in objects.get(other, {}).get(back, ()))
        for geometry in one.get("geometry", ()):
            yield from (f"{name}: {fault}" for fault in _geometry_faults(kind, geometry, len(document["vertices"])))


def _geometry_faults(kind: str, geometry: dict[str, Any], vertices: int) -> Iterator[str]:
    if geometry["type"] in ("GeometryInstance", "MultiPoint", "MultiLineString"):
        return
    if not re.fullmatch(r"[0-3](\.[0-3])?", geometry.get("lod", "") if isinstance(geometry.get("lod"), str) else ""):
        yield f"lod {geometry.get('lod')!r}"
    depth = SHELLS[geometry["type"]]
    surfaces = _flat(geometry["boundaries"], depth)
    for surface in surfaces:
        for ring in surface:
            if len(ring) < 3 or len(set(ring)) != len(ring) or not all(type(corner) is int and 0 <= corner < vertices for corner in ring):
                yield f"ring {ring}"
    if geometry["type"] == "Solid":
        sides = [
            side
            for surface in _flat(geometry["boundaries"], 1)
            for ring in surface
            for side in zip(ring, [*ring[1:], ring[0]], strict=True)
        ]
        if not sides:
            yield "an empty solid"
    semantics = geometry.get("semantics")
    if semantics is None:
        return
    if _shape(semantics["values"], depth) != _shape(geometry["boundaries"], depth):
        yield "values of another shape than the boundaries"
    numbers = _flat(semantics["values"], depth)
    if not all(number is None or (type(number) is int and 0 <= number < len(semantics["surfaces"])) for number in numbers):
        yield "a value that is no surface"
    allowed = next((words.split() for kinds, words in MEANINGS.items() if kind.startswith(tuple(kinds.split()))), [])
    yield from (
        f"{one.get('type')} at {kind}"
        for one in semantics["surfaces"]
        if one.get("type") not in allowed and not str(one.get("type")).startswith("+")
    )


def _flat(nested: Any, depth: int) -> list[Any]:
    return nested if depth == 0 else [one for part in nested for one in _flat(part, depth - 1)]


def _shape(nested: Any, depth: int) -> Any:
    return len(nested) if depth == 0 else [_shape(part, depth - 1) for part in nested]
