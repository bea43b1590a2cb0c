"""CityJSON 1.0, 1.1 and 2.0 and their text sequences (CityJSONSeq), into the same records that CityGML becomes."""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import appearance, cityjson_appearance, themes
from . import crs as crs_names
from .arrays import FloatArray
from .citygml import Path_
from .citygml.assemble import ABSURD, Box, Rings, finished, numbers_of, say_what_is_left_out
from .citygml.elements import FITTINGS, FLAWS_OF_BUILDINGS, MOST_PLACED, SURFACES, Face, Placing, Record, choose, prefer_parts
from .collecting import paused
from .files import first_bytes
from .model import CityModel, Semantics
from .origin import Origin
from .problems import InputProblem, Progress, Report, no_progress, one_line

_LOOKED_AT = 1 << 16  # bytes at either end that tell CityJSON from other JSON: its keys come in any order
_SHELLS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
"""Type of geometry -> how many lists there are around its surfaces."""
_INSTALLATIONS = {"BuildingInstallation": Semantics.INSTALLATION, "BuildingConstructiveElement": Semantics.UNKNOWN}
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBERS = re.compile(r"[\[\]0-9.,eE+\- \t\r\n]*")
_WIDTH = array("i").itemsize  # vertex numbers are kept as bytes
_DEEPEST = 50  # buildings in buildings; no town has them, but a file may go round in circles


def is_cityjson(path: Path_) -> bool:
    """Whether a file holds CityJSON, told by its content. Raises InputProblem when it cannot be opened."""
    head = first_bytes(path)
    if not head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n").startswith(b"{"):
        return False
    with Path(path).open("rb") as file:
        head = file.read(_LOOKED_AT)
        file.seek(max(Path(path).stat().st_size - _LOOKED_AT, 0))
        return _named(head) or _named(file.read())


def _named(text: bytes) -> bool:
    return re.search(rb'"type"\s*:\s*"CityJSON(Feature)?"|"CityObjects"\s*:', text) is not None


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
    """The buildings of one CityJSON file or sequence, and all else in it as their surroundings. Of LoD 2.0 to 2.3 the highest is taken.

    Arguments and errors as for `citygml.read`.
    """
    path = Path(path)
    report = Report(files=[str(path)])
    override = crs_names.given(crs) if crs else None
    town = _Town(path, lod, report)
    total = max(path.stat().st_size, 1) if path.is_file() else 1
    for document, done in _documents(path):
        progress(0.9 * min(done / total, 1.0), path.name)
        town.add(document)
    if not town.holds_objects:
        raise InputProblem(path, "there are no CityObjects in it", "Ask who delivered it")
    if town.hollow:
        report.add("malformed-object", path, "", f"{town.hollow} features left out: they hold no CityObjects")
    say_what_is_left_out(town.inside, town.others, path, report)
    appearance.settle([face for record in (*town.records, *town.around) for face in record.faces], path, report)
    model = finished(town.records, town.around, town.systems, path, override, origin, bbox, report, town.parsed)
    progress(1.0, path.name)
    return model


@dataclass
class _Shape:
    """A geometry as far as it is used. instance : what places a template, None for a geometry of its own."""

    lod: float
    faces: list[Face]
    problems: Counter[str]
    instance: dict[str, Any] | None = None


@dataclass
class _Document:
    """A CityJSON object or CityJSONFeature. shapes : of an object by its name, the geometries it has; members : what else there is."""

    members: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    shapes: dict[str, list[_Shape]] = field(default_factory=dict)
    vertices: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))
    templates: list[_Shape] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: int = 0


def _documents(path: Path) -> Iterator[tuple[_Document, int]]:
    """The JSON objects of a file, and how many bytes have been read: one, or of a sequence one on each line."""
    first_bytes(path)

    def parsed(content: bytes, where: int) -> _Document:
        ends = content.rstrip(b" \t\r\n\0").endswith(b"}")
        try:
            text = content.decode("utf-8-sig").lstrip("\x1e")
            del content
            if not text.lstrip().startswith("{"):
                raise InputProblem(path, "this is no CityJSON", "Name a CityJSON file")
            return _document(text)
        except UnicodeDecodeError as error:
            raise InputProblem(path, f"the text is not UTF-8, as JSON must be ({error})", "Save it as UTF-8") from error
        except RecursionError as error:
            raise InputProblem(path, "brackets are nested too deep for CityJSON", "Ask who delivered it") from error
        except ValueError as error:
            if not ends:
                raise InputProblem(path, f"the file ends too early, at line {where}", "Download it again") from error
            raise InputProblem(path, f"not valid JSON, from line {where}: {error}", "Download it again or ask who delivered it") from error

    with path.open("rb") as file:
        first = file.readline()
        if not _is_whole(first):
            first += file.read()
            size = len(first)
            contents = [first]
            del first
            yield parsed(contents.pop(), 1), size
            return
        done = 0
        for number, line in enumerate(chain([first], file), 1):
            done += len(line)
            if line.strip(b"\x1e \t\r\n\0"):
                yield parsed(line, number), done


def _is_whole(line: bytes) -> bool:
    """Whether a first line is an object of its own, as in a sequence, and not the beginning of one over many lines."""
    line = line.strip(b"\xef\xbb\xbf\x1e \t\r\n")
    return line.startswith(b"{") and line.endswith(b"}") and line.count(b"{") == line.count(b"}")


def _document(text: str) -> _Document:
    """One object at a time is turned into what is used of it: the whole tree of a large town would not fit into memory."""
    found = _Document()

    def member(name: str, at: int) -> int:
        if name in found.members:
            found.doubled.append(name)
        if name == "CityObjects" and text.startswith("{", at):
            found.members[name] = True
            return _members(text, at, city_object)
        if name == "vertices" and (numbers := _plain_points(text, at)) is not None:
            found.members[name] = True
            found.vertices, end = numbers
            return end
        value, end = _DECODER.raw_decode(text, at)
        if name == "vertices":
            found.vertices = np.array([_point(one) for one in _list(value)], np.float64).reshape(-1, 3)
            value = True
        elif name == "geometry-templates":
            found.templates = [_shape(one, Semantics.UNKNOWN) for one in _list(_dict(value).get("templates"))]
            value = {"vertices-templates": _dict(value).get("vertices-templates")}
        found.members[name] = value
        return end

    def city_object(name: str, at: int) -> int:
        one, end = _DECODER.raw_decode(text, at)
        if not isinstance(one, dict):
            found.broken += 1
            return end
        if name in found.objects:
            found.doubled.append(name)
        inherited = _INSTALLATIONS.get(str(one.get("type")), Semantics.UNKNOWN)
        found.shapes[name] = [_shape(geometry, inherited) for geometry in _list(one.pop("geometry", None))]
        found.objects[name] = one
        return end

    end = _skip(text, _members(text, _skip(text, 0), member))
    if text[end:].strip(" \t\r\n\0\x1e"):
        raise json.JSONDecodeError("Extra data", text, end)
    return found


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _members(text: str, at: int, take: Callable[[str, int], int]) -> int:
    """Go through the JSON object that begins at `at`. take : gets a name and where its value begins, returns where that ends."""
    if not text.startswith("{", at):
        raise json.JSONDecodeError("Expecting an object", text, at)
    at = _skip(text, at + 1)
    if text.startswith("}", at):
        return at + 1
    while True:
        if not text.startswith('"', at):
            raise json.JSONDecodeError("Expecting a name in double quotes", text, at)
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not text.startswith(":", at):
            raise json.JSONDecodeError("Expecting ':'", text, at)
        at = _skip(text, take(name, _skip(text, at + 1)))
        if text.startswith("}", at):
            return at + 1
        if not text.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' or '}'", text, at)
        at = _skip(text, at + 1)


def _plain_points(text: str, at: int) -> tuple[FloatArray, int] | None:
    """(n, 3) of a list of nothing but points of three numbers, and where it ends; None for any other."""
    match = _NUMBERS.match(text, at)
    end = match.end() if match else at
    end = text.rfind("]", at, end) + 1
    numbers = text[at:end].encode()
    brackets = numbers.translate(None, b"0123456789.eE+- \t\r\n")
    points = brackets.count(b"[") - 1
    if points < 1 or brackets != b"[" + b",".join([b"[,,]"] * points) + b"]":
        return None
    values, count = numbers_of([numbers.translate(bytes.maketrans(b"[],", b"   ")).decode()])
    return (values.reshape(-1, 3), end) if count[0] == 3 * points else None


def _shape(geometry: Any, inherited: Semantics) -> _Shape:
    """The faces of a geometry. inherited : what they are, where they are no windows and doors; UNKNOWN leaves it to them."""
    problems: Counter[str] = Counter()
    geometry = _dict(geometry)
    kind = str(geometry.get("type"))
    if kind == "GeometryInstance":
        return _Shape(1.0, [], problems, geometry)
    shape = _Shape(_level(geometry.get("lod")), [], problems)
    if kind not in _SHELLS:
        problems["malformed-geometry"] += kind not in ("MultiPoint", "MultiLineString")
        return shape
    semantics = _dict(geometry.get("semantics"))
    kinds = [SURFACES.get(str(_dict(one).get("type")), Semantics.UNKNOWN) for one in _list(semantics.get("surfaces"))]
    boundaries = geometry.get("boundaries")
    looks = cityjson_appearance.said(geometry, partial(_surfaces, boundaries, depth=_SHELLS[kind]))
    for (surface, number), look in zip(_surfaces(boundaries, semantics.get("values"), _SHELLS[kind]), looks, strict=False):
        meaning = kinds[number] if type(number) is int and 0 <= number < len(kinds) else Semantics.UNKNOWN
        if inherited and meaning not in (Semantics.WINDOW, Semantics.DOOR):
            meaning = inherited
        try:
            rings = [array("i", [*ring, ring[0]]).tobytes() for ring in surface]
        except (TypeError, LookupError, OverflowError):
            rings = []
        if rings:
            shape.faces.append(Face("", int(meaning), rings, 3, look=look))
        else:
            problems["malformed-coordinates"] += 1
    return shape


@dataclass
class _Town:
    """What the objects of one file add up to. vertices : blocks of (n, 3), one of them counted through by the rings of a face."""

    path: Path
    lod: int | None
    report: Report
    records: list[Record] = field(default_factory=list)
    around: list[Record] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    vertices: list[FloatArray] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)
    templates: list[_Shape] = field(default_factory=list)
    template_block: int = 0
    placed: int = 0
    holds_objects: bool = False
    hollow: int = 0  # features without any
    inside: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, document: _Document) -> None:
        """Take in a CityJSON object or a CityJSONFeature."""
        kind = document.members.get("type")
        if kind == "CityJSON":
            self.header = document.members
            self._read_header(document)
        elif kind != "CityJSONFeature":
            raise InputProblem(self.path, f"this JSON is no CityJSON (its type is {one_line(str(kind), 60)})", "Name a CityJSON file")
        elif not isinstance(self.header.get("transform"), dict):
            raise InputProblem(
                self.path, "a feature stands before the CityJSON object that says how its coordinates are to be read", "Put it first"
            )
        looks = document.members.pop("appearance", None)
        shapes = chain(chain.from_iterable(document.shapes.values()), document.templates)
        cityjson_appearance.understood((face for shape in shapes for face in shape.faces), looks)
        holds = document.members.get("CityObjects") is True
        self.holds_objects |= holds
        self.hollow += kind == "CityJSONFeature" and not holds
        self.vertices.append(self._placed(document.vertices))
        self._walk(document.objects, document.shapes)
        if document.broken:
            self.report.add("malformed-object", self.path, "", f"{document.broken} CityObjects left out: they are no JSON objects")
        for name in document.doubled[:5]:
            sentence = "the name stands more than once in the same object; what comes last was taken"
            self.report.add("duplicate-id", self.path, one_line(name), sentence)
        if (more := len(document.doubled) - 5) > 0:
            self.report.add("duplicate-id", self.path, "", f"{more} more names stand more than once in the same object")

    def _read_header(self, document: _Document) -> None:
        metadata = _dict(self.header.get("metadata"))
        old = _dict(metadata.get("crs")).get("epsg")
        for name in (metadata.get("referenceSystem"), f"EPSG:{old}" if old else None):
            if isinstance(name, str) and name:
                self.systems.append(name)
        points = _list(_dict(self.header.get("geometry-templates")).get("vertices-templates"))
        self.templates, self.template_block = document.templates, len(self.vertices)
        self.vertices.append(np.array([_point(one) for one in points], np.float64).reshape(-1, 3))

    def _placed(self, points: FloatArray) -> FloatArray:
        transform = self.header.get("transform")
        if transform is None:
            return points
        try:
            scale, translate = (np.array(_dict(transform).get(key), np.float64).reshape(3) for key in ("scale", "translate"))
        except (ValueError, TypeError) as error:
            what = "its transform is not three numbers for scale and three for translate"
            raise InputProblem(self.path, what, "Ask who delivered it") from error
        return np.asarray(points * scale + translate)

    def _walk(self, objects: dict[str, dict[str, Any]], shapes: dict[str, list[_Shape]]) -> None:
        """Records of all buildings and other objects, each before its parts."""
        children: dict[str, list[str]] = {}
        for name, one in objects.items():
            for child in _list(one.get("children")):
                children.setdefault(name, []).append(str(child))
        for name, one in objects.items():
            for parent in _list(one.get("parents")):
                children.setdefault(str(parent), []).append(name)
        inside = {child for name, below in children.items() if name in objects for child in below if child != name}
        seen: set[str] = set()

        def building(name: str, parent: int, depth: int) -> None:
            seen.add(name)
            record = Record(name, parent)
            index = len(self.records)
            self.records.append(record)
            below = [child for child in dict.fromkeys(children.get(name, ())) if child in objects and child not in seen]
            fittings = [child for child in below if objects[child].get("type") in _INSTALLATIONS]
            seen.update(fittings)
            _attributes(record, objects[name])
            self._fill(record, shapes[name], [shapes[child] for child in fittings])
            for child in below:
                kind = objects[child].get("type")
                if kind == "BuildingPart" and child not in seen and depth < _DEEPEST:
                    building(child, index, depth + 1)
                elif child not in seen:
                    seen.add(child)
                    self.inside[str(kind)] += 1
            prefer_parts(record, self.records[index + 1 :])

        for wanted in ("Building", "BuildingPart"):  # a part without its building: better shown than lost
            for name, one in objects.items():
                if one.get("type") == wanted and name not in seen and (wanted == "BuildingPart" or name not in inside):
                    building(name, -1, 0)
        for name, one in objects.items():
            if name not in seen and one.get("type") == "Building":  # inside something that is no building, or in a circle
                building(name, -1, 0)
        for name, one in objects.items():
            kind = themes.kind_of(str(one.get("type")))
            if kind and name not in seen and (name not in inside or kind in themes.WHOLE):
                self._around(name, kind, -1, objects, shapes, children, seen)
        for name, one in objects.items():
            if name not in seen and (name not in inside or one.get("type") in _INSTALLATIONS):
                self.others[one_line(str(one.get("type")), 60)] += 1

    def _around(
        self,
        name: str,
        kind: str,
        parent: int,
        objects: dict[str, dict[str, Any]],
        shapes: dict[str, list[_Shape]],
        children: dict[str, list[str]],
        seen: set[str],
        depth: int = 0,
    ) -> None:
        """The record of an object that is no building, and those of its parts."""
        seen.add(name)
        record = Record(name, parent, kind=kind)
        index = len(self.around)
        self.around.append(record)
        _attributes(record, objects[name])
        self._fill(record, shapes[name], [])
        for child in children.get(name, ()):
            if child not in objects or child in seen:
                continue
            below = themes.kind_of(str(objects[child].get("type")))
            if below in themes.PARTS and depth < _DEEPEST:
                self._around(child, below, index, objects, shapes, children, seen, depth + 1)
            elif not below:
                seen.add(child)
                self.inside[one_line(str(objects[child].get("type")), 60)] += 1
        prefer_parts(record, [part for part in self.around[index + 1 :] if part.kind.endswith("Part")])
        for code in FLAWS_OF_BUILDINGS:
            record.problems.pop(code, None)

    def _fill(self, record: Record, own: list[_Shape], fittings: list[list[_Shape]]) -> None:
        """Choose a level of detail and take the faces of an object and of what is fitted to it."""
        every = [self._levels(shapes, record) for shapes in (own, *fittings)]
        bare = () if record.kind else FITTINGS  # windows and balconies alone are no building
        available = sorted({int(level) for found in every for level in found if any(face.semantics not in bare for face in found[level])})
        if not choose(record, available, self.lod):
            return
        for found in every:
            level = max((level for level in found if int(level) == record.lod), default=None)
            faces = found[level] if level is not None else []
            outer = [face for face in faces if face.semantics != Semantics.INTERIOR]
            if len(outer) < len(faces) and any(face.semantics not in FITTINGS for face in outer):
                record.problems["interior"] += len(faces) - len(outer)
                faces = outer
            record.faces += faces

    def _levels(self, shapes: list[_Shape], record: Record) -> dict[float, list[Face]]:
        """The faces of an object by level of detail (2.2)."""
        levels: dict[float, list[Face]] = {}
        for shape in shapes:
            if shape.problems:
                record.problems.update(+shape.problems)
            faces = shape.faces
            if shape.instance is not None:
                number = shape.instance.get("template")
                if type(number) is not int or not 0 <= number < len(self.templates):
                    record.problems["dangling-reference"] += 1
                    continue
                placing = self._placing(shape.instance)
                shape = self.templates[number]
                record.problems.update(+shape.problems)
                if self.placed > MOST_PLACED:
                    record.problems["too-many-placed"] += 1
                    continue
                self.placed += len(shape.faces)
                faces = [
                    Face("", face.semantics, face.rings, 3, placing=placing, block=self.template_block, look=face.look)
                    for face in shape.faces
                ]
            elif block := len(self.vertices) - 1:
                for face in faces:
                    face.block = block
            if shape.lod in levels:  # a solid and its surfaces beside it
                for face in faces:
                    face.doubtful = True
            if faces:
                levels.setdefault(shape.lod, []).extend(faces)
        return levels

    def _placing(self, instance: dict[str, Any]) -> Placing:
        """Where an instance of a template stands."""
        try:
            matrix = np.array(instance.get("transformationMatrix", np.eye(4)), np.float64).reshape(4, 4)
            [point] = instance["boundaries"]
            if not 0 <= point < len(self.vertices[-1]):
                raise IndexError(point)
            return Placing.of(matrix, self.vertices[-1][point])
        except (LookupError, TypeError, ValueError):
            return Placing.unknown()

    def parsed(self, faces: list[Face]) -> tuple[Rings, npt.NDArray[np.uint8]]:
        """The rings of all faces as points, and per face 0 for good, 1 for one that counts beyond its vertices."""
        texts = [ring for face in faces for ring in face.rings]
        face_of = np.repeat(np.arange(len(faces)), [len(face.rings) for face in faces])
        count = np.array([len(text) // _WIDTH for text in texts], np.int64)
        indices = np.frombuffer(b"".join(texts), np.dtype("i")).astype(np.int64)
        sizes = np.array([len(block) for block in self.vertices], np.int64)
        block = np.array([face.block for face in faces], np.int64)[np.repeat(face_of, count)]
        wrong = (indices < 0) | (indices >= sizes[block])
        malformed = np.zeros(len(faces), np.uint8)
        malformed[np.repeat(face_of, count)[wrong]] = 1
        good = malformed[face_of] == 0
        keep = np.repeat(good, count)
        indices += np.concatenate([[0], np.cumsum(sizes)])[block]
        rings = Rings(np.concatenate(self.vertices)[indices[keep]].reshape(-1, 3), count[good], face_of[good])
        return rings, malformed


def _surfaces(boundaries: Any, values: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """Each surface of a geometry and the number of its meaning; meanings may be missing at any level."""
    for number, inner in enumerate(_list(boundaries)):
        value = values[number] if isinstance(values, list) and number < len(values) else None
        if depth:
            yield from _surfaces(inner, value, depth - 1)
        else:
            yield inner, value


def _level(lod: Any) -> float:
    """2.2 of "2.2", 2.2 or "LoD2.2"; 1 where it is missing, as for the simplest body."""
    found = re.search(r"(?<!\d)[0-4](\.\d)?(?!\d)", str(lod))
    return float(found[0]) if found else 1.0


_RENAMED = (
    ("yearOfConstruction", "year_of_construction"),
    ("yearOfDemolition", "year_of_demolition"),
    ("storeysBelowGround", "storeys_below_ground"),
)


def _attributes(record: Record, one: dict[str, Any]) -> None:
    attributes = dict(_dict(one.get("attributes")))
    if record.kind:  # no columns of buildings
        record.function = _word(attributes.pop("function", None))
        for name, key in _RENAMED[:2]:
            if name in attributes:
                attributes[key] = str(attributes.pop(name))
        record.attributes = attributes
        return
    record.measured_height = _number(attributes.pop("measuredHeight", None))
    storeys = _number(attributes.pop("storeysAboveGround", None))
    record.storeys = int(storeys) if 0 <= storeys < 1000 else -1
    record.roof_type = _word(attributes.pop("roofType", None))
    record.function = _word(attributes.pop("function", None))
    for name, key in _RENAMED:
        if name in attributes:
            attributes[key] = str(attributes.pop(name))
    record.attributes = attributes
    addresses = one.get("address")
    address = _dict(addresses[0]) if isinstance(addresses, list) and addresses else _dict(addresses)
    keys = (("ThoroughfareName", "ThoroughfareNumber"), ("Postcode", "PostalCode", "PostalCodeNumber", "Locality", "LocalityName"))
    lines = [" ".join(_word(address[key]) for key in group if address.get(key)) for group in keys]
    if any(lines):
        attributes.setdefault("address", ", ".join(line for line in lines if line))


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")
    return number if abs(number) < 1e6 else float("nan")


def _word(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return "" if value is None or isinstance(value, list) else str(value)


def _point(value: Any) -> list[float]:
    return (
        [float(k) if type(k) is float or (type(k) is int and abs(k) < ABSURD) else np.nan for k in value]
        if isinstance(value, list) and len(value) == 3
        else [np.nan] * 3
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
