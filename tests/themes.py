"""CityGML of all that a town has beside buildings, written for tests."""

from __future__ import annotations

from . import gml

X, Y, Z = gml.JENA
BASE = "http://www.opengis.net/citygml"
THEMES = {"brid": "bridge", "tun": "tunnel", "veg": "vegetation", "frn": "cityfurniture", "tran": "transportation", "wtr": "waterbody"}
THEMES |= {"luse": "landuse", "grp": "cityobjectgroup", "gen": "generics"}


def multi(*rings: gml.Ring) -> str:
    return f"<gml:MultiSurface>{''.join(gml.member(gml.polygon(ring)) for ring in rings)}</gml:MultiSurface>"


def body(sizes: tuple[float, ...]) -> str:
    return multi(*(ring for rings in gml.box(*sizes).values() for ring in rings))


def level(x: float, y: float, z: float, width: float, depth: float) -> gml.Ring:
    """A level rectangle seen from above."""
    return [(x, y, z), (x + width, y, z), (x + width, y + depth, z), (x, y + depth, z), (x, y, z)]


def implicit(form: str, place: tuple[float, float, float], matrix: str = "1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1") -> str:
    return (
        f"<core:ImplicitGeometry><core:transformationMatrix>{matrix}</core:transformationMatrix>{form}"
        f"<core:referencePoint><gml:Point><gml:pos>{' '.join(map(str, place))}</gml:pos></gml:Point></core:referencePoint>"
        "</core:ImplicitGeometry>"
    )


def member(text: str, version: str = "2.0") -> str:
    spaces = " ".join(f'xmlns:{short}="{BASE}/{word}/{version}"' for short, word in THEMES.items())
    return f"<core:cityObjectMember {spaces}>{text}</core:cityObjectMember>"


def tree(name: str, place: tuple[float, float, float], prototype: str = "", at: str = "PROTO") -> str:
    form = f'<core:relativeGMLGeometry xlink:href="#{at}"/>'
    if prototype:
        form = f"<core:relativeGMLGeometry>{prototype}</core:relativeGMLGeometry>"
    shown = f"<veg:lod2ImplicitRepresentation>{implicit(form, place, '2 0 0 0 0 2 0 0 0 0 2 0 0 0 0 1')}</veg:lod2ImplicitRepresentation>"
    return (
        f'<veg:SolitaryVegetationObject gml:id="{name}"><veg:species>1040</veg:species><veg:height uom="m">6.5</veg:height>'
        f'<veg:crownDiameter uom="m">4</veg:crownDiameter>{shown}</veg:SolitaryVegetationObject>'
    )


def town(version: str = "2.0", srs: str = "EPSG:25832") -> str:
    """A house, a bridge with a part and a pier, a tunnel, two trees of one form, a hedge, a lamp and one of a library, a road with lane
    and pavement, a pond, a meadow, a wall of no theme, and a group."""
    prototype = body((-0.5, -0.5, 0.0, 1.0, 1.0, 2.0)).replace("<gml:MultiSurface>", '<gml:MultiSurface gml:id="PROTO">')
    part = f'<brid:BridgePart gml:id="BR-P"><brid:lod2MultiSurface>{body((X + 50, Y, Z + 5, 10, 5, 1))}</brid:lod2MultiSurface></brid:BridgePart>'
    pier = (
        '<brid:BridgeConstructionElement gml:id="BR-E"><brid:function>pier</brid:function><brid:lod2Geometry>'
        f"{body((X + 60, Y, Z, 1, 1, 5))}</brid:lod2Geometry></brid:BridgeConstructionElement>"
    )
    bridge = (
        '<brid:Bridge gml:id="BR"><gml:name>Paradiesbrücke</gml:name><gen:intAttribute name="lanes"><gen:value>2</gen:value></gen:intAttribute>'
        "<brid:class>1000</brid:class><brid:function>1010</brid:function><brid:boundedBy><brid:RoofSurface><brid:lod2MultiSurface>"
        f"{multi(level(X + 40, Y, Z + 5, 10, 5))}</brid:lod2MultiSurface></brid:RoofSurface></brid:boundedBy>"
        f"<brid:outerBridgeConstruction>{pier}</brid:outerBridgeConstruction><brid:consistsOfBridgePart>{part}</brid:consistsOfBridgePart>"
        "</brid:Bridge>"
    )
    tunnel = f'<tun:Tunnel gml:id="TU"><tun:lod1MultiSurface>{body((X, Y + 40, Z - 9, 30, 5, 4))}</tun:lod1MultiSurface></tun:Tunnel>'
    hedge = f'<veg:PlantCover gml:id="PC"><veg:lod1MultiSurface>{body((X, Y + 20, Z, 8, 1, 2))}</veg:lod1MultiSurface></veg:PlantCover>'
    lamp = (
        f'<frn:CityFurniture gml:id="L1"><frn:lod1Geometry>{body((X + 12, Y + 12, Z, 0.2, 0.2, 5))}</frn:lod1Geometry></frn:CityFurniture>'
    )
    library = (
        '<frn:CityFurniture gml:id="L2"><frn:lod2ImplicitRepresentation>'
        + implicit("<core:libraryObject>lamp.wrl</core:libraryObject>", (X, Y, Z))
        + "</frn:lod2ImplicitRepresentation></frn:CityFurniture>"
    )
    areas = "".join(
        f"<tran:{word}><tran:{kind}><tran:lod2MultiSurface>{multi(level(X, Y - at, Z, 60, 3))}</tran:lod2MultiSurface></tran:{kind}></tran:{word}>"
        for word, kind, at in (("trafficArea", "TrafficArea", 10), ("auxiliaryTrafficArea", "AuxiliaryTrafficArea", 13))
    )
    road = f'<tran:Road gml:id="R"><gml:name>Am Anger</gml:name>{areas}</tran:Road>'
    water = (
        '<wtr:WaterBody gml:id="W"><wtr:boundedBy><wtr:WaterSurface><wtr:lod2Surface>'
        f"{gml.polygon(level(X, Y + 60, Z - 1, 40, 20))}</wtr:lod2Surface></wtr:WaterSurface></wtr:boundedBy></wtr:WaterBody>"
    )
    meadow = (
        '<luse:LandUse gml:id="LU"><luse:function>meadow</luse:function><luse:lod1MultiSurface>'
        f"{multi(level(X + 20, Y + 20, Z, 20, 20))}</luse:lod1MultiSurface></luse:LandUse>"
    )
    wall = (
        f'<gen:GenericCityObject gml:id="G"><gen:lod2Geometry>{body((X, Y + 30, Z, 10, 0.3, 2))}</gen:lod2Geometry></gen:GenericCityObject>'
    )
    group = f'<grp:CityObjectGroup gml:id="GR"><grp:groupMember>{tree("T3", (X + 30, Y + 15, Z))}</grp:groupMember></grp:CityObjectGroup>'
    trees = tree("T1", (X + 20, Y + 15, Z)), tree("T2", (X + 25, Y + 15, Z), prototype)
    objects = [bridge, tunnel, *trees, hedge, lamp, library, road, water, meadow, wall, group]
    house = gml.box_building("B", X, Y, Z, 10, 10, 8)
    text = gml.city(house, *map(member, objects), srs=srs)
    return text.replace("/2.0", f"/{version}") if version == "1.0" else text
