"""CityGML 2.0 in the profile of the German states (AdV): boundary surfaces hold the polygons, the solid refers to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from ..arrays import FloatArray
from ..files import write_text
from ..massing import Solid, solid
from ..model import Semantics
from ..origin import Origin
from ..variant import Block
from .buildings import Building

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:bldg="http://www.opengis.net/citygml/building/2.0" \
xmlns:gen="http://www.opengis.net/citygml/generics/2.0" xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink">
  <gml:description>{description}</gml:description>
  <gml:name>{name}</gml:name>
  <gml:boundedBy>
    <gml:Envelope srsName="urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016" srsDimension="3">
      <gml:lowerCorner>{low}</gml:lowerCorner>
      <gml:upperCorner>{high}</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
"""
_SURFACES = {Semantics.GROUND: "GroundSurface", Semantics.WALL: "WallSurface", Semantics.ROOF: "RoofSurface"}
_ROOFS = {"flat": "1000", "shed": "2100", "gable": "3100", "hip": "3200", "half-hip": "3300", "mansard": "3400"}


def write(buildings: Sequence[Building], path: Path, origin: Origin, ground: Callable[[FloatArray], FloatArray], description: str) -> None:
    """Write buildings standing on the lowest ground along their outline. ground : heights of points (n, 2) in scene coordinates."""
    members: list[str] = []
    corners: list[FloatArray] = []
    for building in buildings:
        base = min(_lowest(part.footprint, ground) for part in building.parts)
        solids = [solid(part, base) for part in building.parts]
        corners += [origin.to_world(body.vertices) for body in solids]
        members.append(_member(building, solids, base, origin, ground))
    points = np.concatenate(corners)
    text = _HEAD.format(
        description=escape(description), name=path.stem, low=_numbers(points.min(axis=0)), high=_numbers(points.max(axis=0))
    )
    write_text(path, text + "".join(members) + "</core:CityModel>\n")


def _lowest(footprint: shapely.Polygon, ground: Callable[[FloatArray], FloatArray]) -> float:
    return round(float(ground(shapely.get_coordinates(shapely.segmentize(footprint, 2.0))).min()), 2)


def _numbers(values: FloatArray) -> str:
    return " ".join(f"{value:.3f}" for value in np.asarray(values).ravel())


def _member(building: Building, solids: list[Solid], base: float, origin: Origin, ground: Callable[[FloatArray], FloatArray]) -> str:
    generic = "".join(
        f"      <gen:stringAttribute name={quoteattr(name)}><gen:value>{escape(value)}</gen:value></gen:stringAttribute>\n"
        for name, value in building.generic.items()
    )
    name = f"      <gml:name>{escape(building.name)}</gml:name>\n" if building.name else ""
    head = f'  <core:cityObjectMember>\n    <bldg:Building gml:id="{building.id}">\n{name}{generic}'
    if len(solids) == 1:
        body = _body(building, building.parts[0], solids[0], origin, ground, building.function)
    else:  # as the states deliver it: a building of parts has no geometry, height or roof type of its own
        body = f"      <bldg:function>{building.function}</bldg:function>\n" + "".join(
            f'      <bldg:consistsOfBuildingPart>\n      <bldg:BuildingPart gml:id="{part.id}">\n'
            f"{_body(building, part, body, origin, ground, building.function)}"
            "      </bldg:BuildingPart>\n      </bldg:consistsOfBuildingPart>\n"
            for part, body in zip(building.parts, solids, strict=True)
        )
    return f"{head}{body}    </bldg:Building>\n  </core:cityObjectMember>\n"


def _body(building: Building, part: Block, body: Solid, origin: Origin, ground: Callable[[FloatArray], FloatArray], function: str) -> str:
    world = origin.to_world(body.vertices)
    high = float(world[:, 2].max() - world[:, 2].min())
    storeys = f"      <bldg:storeysAboveGround>{part.storeys}</bldg:storeysAboveGround>\n" if building.storeys_known else ""
    links = "".join(f'          <gml:surfaceMember xlink:href="#{part.id}_{number}"/>\n' for number in range(len(body.faces)))
    outline = shapely.get_coordinates(shapely.segmentize(part.footprint, 5.0))
    meeting = np.column_stack([origin.to_world(outline), ground(outline)])
    text = (
        f"      <bldg:function>{function}</bldg:function>\n      <bldg:roofType>{_ROOFS[part.roof.kind]}</bldg:roofType>\n"
        f'      <bldg:measuredHeight uom="urn:adv:uom:m">{high:.3f}</bldg:measuredHeight>\n{storeys}'
        f"      <bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface>\n{links}"
        "      </gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>\n"
        "      <bldg:lod2TerrainIntersection><gml:MultiCurve><gml:curveMember><gml:LineString>"
        f'<gml:posList srsDimension="3">{_numbers(meeting)}</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>'
        "</bldg:lod2TerrainIntersection>\n"
    )
    for number, rings in enumerate(body.faces):
        kind = _SURFACES[Semantics(body.semantics[number])]
        lines = []
        for index, ring in enumerate(rings):
            closed = world[np.append(ring, ring[0])]
            tag = "interior" if index else "exterior"
            lines.append(
                f'<gml:{tag}><gml:LinearRing><gml:posList srsDimension="3">{_numbers(closed)}</gml:posList></gml:LinearRing></gml:{tag}>'
            )
        text += (
            f'      <bldg:boundedBy><bldg:{kind} gml:id="{part.id}_{number}_s"><bldg:lod2MultiSurface><gml:MultiSurface><gml:surfaceMember>'
            f'<gml:Polygon gml:id="{part.id}_{number}">{"".join(lines)}</gml:Polygon>'
            f"</gml:surfaceMember></gml:MultiSurface></bldg:lod2MultiSurface></bldg:{kind}></bldg:boundedBy>\n"
        )
    return text
