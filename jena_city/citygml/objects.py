"""From a Bridge, Road, WaterBody or the like to plain records, as `elements` makes them of a Building."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .. import themes
from .elements import FLAWS_OF_BUILDINGS, GEOMETRY, SURFACES, Record, choose, dimension_of, length, prefer_parts, take, take_attribute
from .names import ENVELOPES, HREF, gml_id, local

# Properties whose objects belong to the one that has them: its surfaces, and what it consists of.
_HELD = {
    "boundedBy",
    "boundary",
    "opening",
    "fillingSurface",
    "trafficArea",
    "auxiliaryTrafficArea",
    "trafficSpace",
    "auxiliaryTrafficSpace",
    "section",
    "intersection",
    "marking",
} | {
    word.format(theme)
    for theme in ("Bridge", "Tunnel")
    for word in ("consistsOf{}Part", "outer{}Construction", "outer{}Installation", "{}Part", "{}ConstructiveElement", "{}Installation")
}
_HELD |= {word[:1].lower() + word[1:] for word in _HELD}
_SPACES = {"TrafficSpace", "AuxiliaryTrafficSpace"}
# What is inside of a bridge or tunnel.
_INSIDE = {
    "interiorBridgeRoom",
    "interiorHollowSpace",
    "bridgeRoom",
    "hollowSpace",
    "interiorBridgeInstallation",
    "interiorTunnelInstallation",
    "bridgeFurniture",
    "tunnelFurniture",
}
_WORDS = ("species", "isMovable", "surfaceMaterial")
_LENGTHS = ("height", "trunkDiameter", "crownDiameter", "rootBallDiameter", "averageHeight", "minHeight", "maxHeight")

Geometry = dict[int, list[tuple[int, Any, int | None]]]
"""Level of detail -> (order, geometry property, semantics of the surface that it belongs to)."""


def read_object(element: Any, lod: int | None, records: list[Record], left_out: Counter[str], parent: int = -1) -> bool:
    """Append the records of an object and of its parts to `records`, and count what of it is not read in `left_out`.

    lod : as for `elements.read_building`. Returns whether it is an object of a known kind; a group hands on the objects it holds.
    """
    name = local(element.tag)
    if name == "CityObjectGroup":
        held = [inner for child in element if local(child.tag) == "groupMember" for inner in child]
        for inner in held:
            read_object(inner, lod, records, left_out)
        return False
    kind = themes.kind_of(name)
    if not kind:
        return False
    record = Record(gml_id(element), parent, kind=kind)
    index = len(records)
    records.append(record)
    found: Geometry = {}
    spare: Geometry = {}  # the room that traffic needs: shown only where no surface of it is given
    parts: list[Any] = []
    record.srs = records[parent].srs if parent >= 0 else ""
    for child in element:
        if local(child.tag) == "boundedBy" and len(child) and child[0].tag in ENVELOPES:
            record.srs = child[0].get("srsName") or record.srs
        elif not _collect(child, kind in _SPACES, None, found, spare, parts, left_out):
            _attribute(child, record)
    found = found or spare
    if choose(record, sorted(found), lod):
        chosen = found[record.lod]
        thematic = [(item, semantics) for _, item, semantics in chosen if semantics is not None]
        direct = [(order, item, 0) for order, item, semantics in chosen if semantics is None]
        record.srs, of_envelope = "", record.srs
        take(record, thematic, direct, dimension_of(element))
        record.srs = record.srs or of_envelope
    for part in parts:
        read_object(part, lod, records, left_out, index)
    prefer_parts(record, [part for part in records[index + 1 :] if part.kind.endswith("Part")])
    for code in FLAWS_OF_BUILDINGS:
        record.problems.pop(code, None)
    return True


def _collect(
    child: Any, space: bool, semantics: int | None, found: Geometry, spare: Geometry, parts: list[Any], left_out: Counter[str]
) -> bool:
    """Collect geometry below a property of an object, and the parts; whether it was such a property.

    space : whether the object is the room that traffic needs. semantics : of the surface that the property belongs to, None for none.
    """
    name = local(child.tag)
    if name in GEOMETRY:
        level, order = GEOMETRY[name]
        if len(child) or child.get(HREF):
            (spare if space else found).setdefault(level, []).append((order, child, semantics))
        return True
    if name in _INSIDE:
        left_out.update(str(inner.tag).rpartition("}")[2] for inner in child)
        return True
    if name not in _HELD:
        return False
    for inner in child:
        word = local(inner.tag)
        if themes.kind_of(word) in themes.PARTS:
            parts.append(inner)
            continue
        meaning = SURFACES.get(word, semantics)
        for below in inner:
            _collect(below, word in _SPACES, None if meaning is None else int(meaning), found, spare, parts, left_out)
    return True


def _attribute(child: Any, record: Record) -> None:
    name = local(child.tag)
    text = (child.text or "").strip()
    if name in _WORDS and text:
        record.attributes.setdefault(name, text)
    elif name in _LENGTHS and text:
        value = length(child, record)
        if value == value:
            record.attributes.setdefault(name, value)
    elif name:
        take_attribute(child, name, record)
