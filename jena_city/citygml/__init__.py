"""CityGML 1.0, 2.0 and 3.0, streamed: one reader with three namespace tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from lxml import etree

from .. import crs as crs_names
from ..collecting import paused
from ..files import first_bytes
from ..model import CityModel
from ..origin import Origin
from ..problems import InputProblem, Progress, Report, no_progress
from . import appearance
from .assemble import Box, finished, say_what_is_left_out
from .elements import MOST_PLACED, THEMATIC, Face, Record, Reference, dimension_of, faces_below, read_building, surface_faces
from .names import APPEARANCES, BUILDINGS, CITYGML, COMPOUNDS, ENVELOPES, MEMBERS, OLD, ORIENTABLE, PARTS, POLYGONS, gml_id
from .objects import read_object

Path_ = str | PathLike[str]
# No entities, no network, no DTD; and libxml2's own limits stay on (huge_tree), which also stop entity bombs in attributes.
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@paused()
def read(
    path: Path_,
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    bbox: Box | None = None,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of one CityGML file, and all else that it holds as their surroundings.

    origin : of the scene; the data are reprojected when their CRS differs. None: the south-west corner of the data.
    crs : overrides what the file says. lod : 1, 2, 3; None: the highest of each building. bbox : (west, south, east, north) in
    the origin's CRS; buildings that touch it are kept whole. Raises InputProblem when the file cannot be read at all;
    whatever is skipped or mended stands in `.report`.
    """
    path = Path(path)
    report = Report(files=[str(path)])
    override = crs_names.given(crs) if crs else None
    _sniff(path)
    found = _stream(path, lod, progress)
    say_what_is_left_out(found.inside, found.others, path, report)
    _resolve(path, found.buildings)
    _resolve(path, found.around)
    appearance.attach(path, [*found.buildings, *found.around], _SAFE, report)
    model = finished(found.buildings, found.around, found.names, path, override, origin, bbox, report)
    progress(1.0, path.name)
    return model


def _sniff(path: Path) -> None:
    """Refuse early, with a reason, what is no CityGML: before a parser builds a tree of it."""
    head = first_bytes(path)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if start.startswith(b"PK"):
        raise InputProblem(path, "this is a zip archive", "Unpack it and name the .gml files in it")
    if start.startswith(b"\x1f\x8b"):
        raise InputProblem(path, "this is a gzip archive", "Unpack it and name the .gml file in it")
    if start.startswith((b"{", b"[")):
        raise InputProblem(path, "this is JSON, not CityGML", "Name a CityGML file")
    if not start.startswith((b"<", b"\x00<")):
        raise InputProblem(path, "this is not XML", "Name a CityGML file (.gml or .xml)")
    try:
        for _, root in etree.iterparse(str(path), events=("start",), **_SAFE):
            info = root.getroottree().docinfo
            if info.internalDTD is not None or "<!ENTITY" in (info.doctype or ""):
                raise InputProblem(path, "the file has a DOCTYPE, which CityGML never needs and which can be used for attacks", "Remove it")
            spaces = {space for space in root.nsmap.values() if space}
            if not any(space.startswith((CITYGML, OLD)) for space in spaces) and b"opengis.net/citygml" not in head:
                what = "XPlanGML" if any("xplan" in space for space in spaces) else f"XML of another kind ({_local_name(root)})"
                raise InputProblem(path, f"this is {what}, not CityGML", "Name a CityGML file")
            return
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(path, error) from error
    except LookupError as error:
        raise InputProblem(path, f"the file declares an unknown encoding ({error})", "Save it as UTF-8") from error


def _not_well_formed(path: Path, error: etree.XMLSyntaxError) -> InputProblem:
    words = str(error.msg or "not well-formed")
    line = error.lineno or 0
    if "ntity" in words and ("loop" in words or "amplification" in words or ("undefined" not in words and "not defined" not in words)):
        return InputProblem(path, f"line {line}: entities that grow without end ({words})", "Do not use this file")
    cut = "Premature end" in words or ("Extra content" not in words and "nexpected end" in words)
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 1024), 2)
        cut = cut or not file.read().rstrip(b" \t\r\n\0").endswith(b">")
    if cut or ("EndTag" in words and "not found" in words):
        return InputProblem(path, f"the file ends too early, at line {line}", "Download it again")
    return InputProblem(path, f"not well-formed XML at line {line}: {words}", "Download it again or ask who delivered it")


@dataclass
class _Found:
    """What a pass over a file found. names : srsNames. inside : what is not read of objects; others : objects that are not read."""

    buildings: list[Record] = field(default_factory=list)
    around: list[Record] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    inside: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


def _stream(path: Path, lod: int | None, progress: Progress) -> _Found:
    """All objects of a file. Memory for XML stays that of one of them."""
    found = _Found()
    records, names, inside = found.buildings, found.names, found.inside
    total = max(path.stat().st_size, 1)
    outer, read_here = frozenset(BUILDINGS), frozenset((*BUILDINGS, *PARTS))
    wanted = (*BUILDINGS, *PARTS, *ENVELOPES, *MEMBERS)
    depth = 0
    try:
        with path.open("rb") as file:
            for event, element in etree.iterparse(file, events=("start", "end"), tag=wanted, **_SAFE):
                tag = element.tag
                if tag in outer:
                    if event == "start":
                        depth += 1
                        continue
                    depth -= 1
                    if depth:
                        continue
                    read_building(element, lod, records, inside)
                    if not names:
                        names += _names_in(element)
                    element.clear(keep_tail=False)
                    progress(min(file.tell() / total, 1.0) * 0.9, path.name)
                elif event == "end":
                    if tag in ENVELOPES:
                        name = element.get("srsName")
                        if name and name not in names:
                            names.append(name)
                    elif tag in MEMBERS and not depth:
                        for child in element if tag not in APPEARANCES else ():
                            if child.tag not in read_here and not read_object(child, lod, found.around, inside):
                                found.others[_local_name(child)] += 1
                            elif not names:
                                names += _names_in(child)
                        element.clear(keep_tail=False)
                        while element.getprevious() is not None:
                            del element.getparent()[0]
                    elif tag in PARTS and not depth and not any(a.tag in PARTS for a in element.iterancestors()):
                        read_building(element, lod, records, inside)  # a part without its building: better shown than lost
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(path, error) from error
    return found


def _local_name(element: Any) -> str:
    """The name of an element of whatever namespace, known or not, valid or not."""
    return str(element.tag).rpartition("}")[2]


def _names_in(element: Any) -> list[str]:
    return [name for item in element.iter() if (name := item.get("srsName"))][:1]


def _resolve(path: Path, records: list[Record]) -> None:
    """Faces that a building only refers to: copied from where they are given; what is nowhere is counted.

    A reference to a face that another part of the same building has is that face again, unless it is turned: then it is the
    other side of a wall between the two.
    """
    missing = {reference.target for record in records for reference in record.references}
    if not missing:
        return
    found: dict[str, list[Face | Reference]] = {face.id: [face] for record in records for face in record.faces if face.id in missing}
    sought = set(found)
    while missing := missing - sought:  # an OrientableSurface may refer to a surface that refers on
        sought |= missing
        found |= _geometries(path, missing)
        missing = {item.target for items in found.values() for item in items if isinstance(item, Reference)}
    roots = _roots(records)
    placed = 0
    home = {face.id: root for record, root in zip(records, roots, strict=True) for face in record.faces if face.id in found}
    for record, root in zip(records, roots, strict=True):
        for reference in record.references:
            if reference.placing is not None and placed > MOST_PLACED:
                record.problems["too-many-placed"] += 1
                continue
            faces = list(_followed(reference, found, 4))
            placed += len(faces) if reference.placing is not None else 0
            record.faces += [face for face in faces if face.reverse or reference.placing is not None or home.get(face.id) != root]
            if not faces:
                record.problems["dangling-reference"] += 1
        record.references.clear()


def _roots(records: list[Record]) -> list[int]:
    """For each record the index of the Building it finally belongs to."""
    roots: list[int] = []
    for index, record in enumerate(records):
        roots.append(index if record.parent < 0 else roots[record.parent])
    return roots


def _followed(reference: Reference, found: dict[str, list[Face | Reference]], depth: int) -> Iterator[Face]:
    """The faces a reference leads to, turned as often as the way to them says."""
    for item in found.get(reference.target, ()) if depth else ():
        if isinstance(item, Face):
            semantics = reference.semantics or item.semantics
            placing = item.placing if reference.placing is None else reference.placing
            again = reference.placing is None  # a form in another place is given once
            yield Face(item.id, semantics, item.rings, item.dimension, reference.reverse != item.reverse, doubtful=again, placing=placing)
        else:
            turned = Reference(item.target, reference.semantics or item.semantics, reference.reverse != item.reverse, reference.placing)
            yield from _followed(turned, found, depth - 1)


def _geometries(path: Path, wanted: set[str]) -> dict[str, list[Face | Reference]]:
    """A second pass over the file for the geometries with these gml:ids: in features that are no buildings, or in compound ones."""
    found: dict[str, list[Face | Reference]] = {}
    geometries = POLYGONS | ORIENTABLE | COMPOUNDS
    for _, element in etree.iterparse(str(path), events=("end",), tag=(*geometries, *THEMATIC, *MEMBERS), **_SAFE):
        if element.tag in THEMATIC:
            if gml_id(element) in wanted:
                found[gml_id(element)] = surface_faces(element)
        elif element.tag in geometries:
            name = gml_id(element)
            if name in wanted:
                turned = element.tag in ORIENTABLE and element.get("orientation") == "-"
                found[name] = faces_below(element, 0, dimension_of(element), set(), turned)
        else:
            element.clear(keep_tail=False)
    return found
