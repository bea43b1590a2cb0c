"""CityGML written for tests: small towns in each version of the standard, as different publishers would write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Ring = Sequence[Sequence[float]]

GML_OF = {"1.0": "http://www.opengis.net/gml", "2.0": "http://www.opengis.net/gml", "3.0": "http://www.opengis.net/gml/3.2"}
JENA = (681735.0, 5644970.0, 150.0)


def box(x: float, y: float, z: float, width: float, depth: float, height: float) -> dict[str, list[Ring]]:
    """The faces of a box by kind, outward: GroundSurface, RoofSurface and four WallSurfaces."""
    a, b, c, d = (x, y), (x + width, y), (x + width, y + depth), (x, y + depth)
    low, high = z, z + height

    def ring(*corners: tuple[float, float, float]) -> Ring:
        return [*corners, corners[0]]

    walls = [ring((*p, low), (*q, low), (*q, high), (*p, high)) for p, q in ((a, b), (b, c), (c, d), (d, a))]
    return {
        "GroundSurface": [ring((*a, low), (*d, low), (*c, low), (*b, low))],
        "RoofSurface": [ring((*a, high), (*b, high), (*c, high), (*d, high))],
        "WallSurface": walls,
    }


def pos_list(ring: Ring, dimension: str = ' srsDimension="3"') -> str:
    return f"<gml:posList{dimension}>{' '.join(f'{value:.3f}' for point in ring for value in point)}</gml:posList>"


def polygon(ring: Ring, holes: Sequence[Ring] = (), gml_id: str = "", coordinates: str = "") -> str:
    """A gml:Polygon; `coordinates` replaces the posList of the outer ring."""
    name = f' gml:id="{gml_id}"' if gml_id else ""
    inner = "".join(f"<gml:interior><gml:LinearRing>{pos_list(hole)}</gml:LinearRing></gml:interior>" for hole in holes)
    outer = coordinates or pos_list(ring)
    return f"<gml:Polygon{name}><gml:exterior><gml:LinearRing>{outer}</gml:LinearRing></gml:exterior>{inner}</gml:Polygon>"


def member(content: str) -> str:
    return f"<gml:surfaceMember>{content}</gml:surfaceMember>"


def link(target: str) -> str:
    return f'<gml:surfaceMember xlink:href="#{target}"/>'


def surfaces(name: str, faces: dict[str, list[Ring]], version: str = "2.0", lod: int = 2) -> str:
    """Boundary surfaces that hold the polygons, with ids NAME-KIND-NUMBER, in the words of the version."""
    spaces = "con" if version == "3.0" else "bldg"
    property_, multi = (
        ("core:boundary", f"core:lod{lod}MultiSurface") if version == "3.0" else ("bldg:boundedBy", f"bldg:lod{lod}MultiSurface")
    )
    text = ""
    for kind, rings in faces.items():
        for number, ring in enumerate(rings):
            face = member(polygon(ring, gml_id=f"{name}-{kind}-{number}"))
            text += f"<{property_}><{spaces}:{kind}><{multi}><gml:MultiSurface>{face}</gml:MultiSurface></{multi}></{spaces}:{kind}></{property_}>"
    return text


def solid_of_links(name: str, faces: dict[str, list[Ring]], version: str = "2.0", lod: int = 2) -> str:
    """A solid that refers to the polygons of `surfaces` by xlink:href, as the German states deliver it (before its targets)."""
    space = "core" if version == "3.0" else "bldg"
    links = "".join(link(f"{name}-{kind}-{number}") for kind, rings in faces.items() for number in range(len(rings)))
    shell = "Shell" if version == "3.0" else "CompositeSurface"
    return f"<{space}:lod{lod}Solid><gml:Solid><gml:exterior><gml:{shell}>{links}</gml:{shell}></gml:exterior></gml:Solid></{space}:lod{lod}Solid>"


def solid(faces: dict[str, list[Ring]], lod: int = 1, space: str = "bldg") -> str:
    """A solid that holds its polygons itself."""
    inside = "".join(member(polygon(ring)) for rings in faces.values() for ring in rings)
    return (
        f"<{space}:lod{lod}Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{inside}</gml:CompositeSurface></gml:exterior></gml:Solid>"
        f"</{space}:lod{lod}Solid>"
    )


def building(name: str, content: str, *, parts: Sequence[str] = (), version: str = "2.0") -> str:
    """A bldg:Building (and its parts, each a text made by this function's `part`)."""
    identity = f' gml:id="{name}"' if name else ""
    return f"<core:cityObjectMember><bldg:Building{identity}>{content}{''.join(parts)}</bldg:Building></core:cityObjectMember>"


def part(name: str, content: str, version: str = "2.0") -> str:
    property_ = "bldg:buildingPart" if version == "3.0" else "bldg:consistsOfBuildingPart"
    return f'<{property_}><bldg:BuildingPart gml:id="{name}">{content}</bldg:BuildingPart></{property_}>'


def envelope(srs: str, low: Sequence[float] = JENA, high: Sequence[float] = JENA) -> str:
    corners = "".join(
        f"<gml:{corner}>{' '.join(map(str, values))}</gml:{corner}>" for corner, values in (("lowerCorner", low), ("upperCorner", high))
    )
    return f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="3">{corners}</gml:Envelope></gml:boundedBy>'


def city(*members: str, version: str = "2.0", srs: str | None = "EPSG:25832", extra: str = "") -> str:
    """A whole CityModel."""
    base = "http://www.opengis.net/citygml"
    spaces = f'xmlns:core="{base}/{version}" xmlns:bldg="{base}/building/{version}" xmlns:gml="{GML_OF[version]}"'
    spaces += f' xmlns:gen="{base}/generics/{version}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    if version == "3.0":
        spaces += f' xmlns:con="{base}/construction/3.0"'
    bounds = envelope(srs) if srs else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{extra}<core:CityModel {spaces}>{bounds}{"".join(members)}</core:CityModel>\n'


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def box_building(name: str, *sizes: float, version: str = "2.0") -> str:
    """A building that is a box (x, y, z, width, depth, height), in the profile of the German states."""
    faces = box(*sizes)
    return building(name, solid_of_links(name, faces, version) + surfaces(name, faces, version), version=version)
