"""Ground that comes as triangles, points and lines: LandXML surfaces, and the relief of CityGML and CityJSON. A pass of its own over the
file, and only where there is relief in it."""

from __future__ import annotations

import json
import mmap
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree

from . import crs as crs_names
from . import tin
from .arrays import FloatArray, IntArray
from .files import first_bytes
from .origin import Origin
from .problems import InputProblem, Report, one_line

_FEET = {"meter": 1.0, "metre": 1.0, "millimeter": 0.001, "centimeter": 0.01, "kilometer": 1000.0, "foot": 0.3048, "feet": 0.3048}
UNITS = {**_FEET, "ussurveyfoot": 1200 / 3937, "internationalfoot": 0.3048, "inch": 0.0254, "mile": 1609.344}
_RELIEF = ("TINRelief", "MassPointRelief", "BreaklineRelief", "RasterRelief")
_LOOSE = ("controlPoint", "reliefPoints")
_LINES = ("breakLines", "stopLines", "breaklines", "ridgeOrValleyLines")
_MEMBERS = ("cityObjectMember", "featureMember", "member")
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
_BATCH = 20_000  # texts of coordinates whose numbers are read at once


@dataclass
class _Surface:
    """points (n, 3) as the file has them: first, second coordinate, height. triangles (T, 3). loose (k, 3): points and lines that no
    triangle was made of. longest : edge of a triangle made of them. crs : as stated. unit : in metres. northing_first : of each point."""

    points: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))
    triangles: IntArray = field(default_factory=lambda: np.zeros((0, 3), np.int32))
    loose: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))
    longest: float = np.inf
    crs: str = ""
    unit: float = 1.0
    northing_first: bool = False


def is_landxml(path: str | PathLike[str]) -> bool:
    """Whether a file is LandXML."""
    return re.search(rb"<(?:\w+:)?LandXML[\s>]", first_bytes(path)) is not None


def in_city_model(path: str | PathLike[str]) -> bool:
    """Whether there is relief in a CityGML or CityJSON file, by a quick search of its bytes."""
    return _found(path, rb"<(?:\w+:)?(?:TIN|MassPoint|Breakline|Raster)Relief[\s>]|\"type\"\s*:\s*\"TINRelief\"")


def is_alone(path: str | PathLike[str]) -> bool:
    """Whether a city model holds relief and no building."""
    building = rb"<(?:\w+:)?Building(?:Part)?[\s>]|\"type\"\s*:\s*\"Building(?:Part)?\""
    return in_city_model(path) and not _found(path, building)


def _found(path: str | PathLike[str], pattern: bytes) -> bool:
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return re.search(pattern, content) is not None


def read(
    path: Path, origin: Origin | None, crs: str | None, bbox: Any, step: float | None, in_project: Any
) -> tuple[Origin, float, float, float, Any, Report]:
    """The ground in a file: origin, x, y of the south-western grid point in the scene, step, heights, report. step : metres, None: chosen
    by the triangles. in_project : `terrain_files.in_project`. Raises InputProblem."""
    from .terrain_files import FARTHEST, HIGHEST

    report = Report()
    head = first_bytes(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        surface = _from_cityjson(path)
    else:
        surface = _from_landxml(path, report) if is_landxml(path) else _from_citygml(path, report)
    points, triangles = surface.points, surface.triangles
    whole = np.isfinite(surface.loose).all(axis=1)
    if not len(triangles) and not whole.all():
        report.add("bad-points", path, "", f"{np.count_nonzero(~whole)} points have broken coordinates; they were left out")
        surface.loose = surface.loose[whole]
    if not len(triangles) and len(surface.loose) >= 3:
        points, triangles = _triangulated(path, surface, report)
    large = np.abs(points) * surface.unit
    finite = (large < FARTHEST).all(axis=1) & (large[:, 2] <= HIGHEST)
    sound = finite[triangles].all(axis=1)
    sound[sound] &= np.abs(tin.flat_areas(points, triangles[sound])) > 0
    if not sound.any():
        raise InputProblem(path, "there are no triangles and no points in its relief", "Ask for the terrain as triangles or as a grid")
    if left := int(np.count_nonzero(~sound)):
        report.add(
            "bad-triangles", path, "", f"{left} of {len(sound)} triangles cover no ground or have broken coordinates; they were left out"
        )
    used, triangles = np.unique(triangles[sound], return_inverse=True)
    triangles = triangles.reshape(-1, 3)
    points = points[used]
    stated = crs_names.parse(surface.crs) if surface.crs else crs_names.UNKNOWN
    if surface.northing_first:
        points = points[:, [1, 0, 2]]
    elif stated.horizontal and crs_names.proj(stated.horizontal).is_geographic:
        low, high = points.min(axis=0), points.max(axis=0)
        if not crs_names.longitude_first(stated, (low[0], high[0]), (low[1], high[1])):
            points = points[:, [1, 0, 2]]
    system = crs_names.given(crs).horizontal if crs else stated.horizontal
    if surface.unit != 1.0:
        own = crs_names.metres(system) if system else 1.0  # a system in feet keeps them, so that PROJ understands the numbers
        points = points * [surface.unit / own, surface.unit / own, surface.unit]
        report.add("feet", path, "", f"its unit is {surface.unit:.6g} m; heights and lengths were brought to metres")
    name, points = in_project(path, points, origin, system or None, report)
    if origin is None:
        origin = Origin.at(name, *points[:, :2].min(axis=0).tolist())
    points = origin.to_local(points)
    if bbox is not None:
        box = np.concatenate([origin.to_local(np.array(bbox[:2])), origin.to_local(np.array(bbox[2:]))])
        corners = points[triangles, :2]
        near = ((corners.max(axis=1) >= box[:2]) & (corners.min(axis=1) <= box[2:])).all(axis=1)
        if not near.any():
            from .terrain import OutsideBox

            raise OutsideBox(path, "none of it lies in the area asked for", "Check the area and the CRS, or leave this file out")
        triangles = triangles[near]
    corners = points[np.unique(triangles)]
    for chosen in [step] if step else tin.good_steps(points, triangles):
        x, y, heights = tin.gridded(points, triangles, chosen)
        off = _off(corners, x, y, chosen, heights)
        if len(off) and np.quantile(off, tin.OF_CORNERS) <= tin.ACCURATE:
            break
    _say_how_well(path, len(triangles), chosen, off, report)
    return origin, x, y, chosen, heights, report


def _off(corners: FloatArray, x: float, y: float, step: float, heights: Any) -> FloatArray:
    """Metres by which a grid is off at those of the triangles' corners (n, 3) where it has a height."""
    from .terrain import Terrain

    off = np.abs(Terrain(Origin("", 0, 0), x, y, step, heights).height_at(corners[:, :2]) - corners[:, 2])
    return np.asarray(off[np.isfinite(off)])


def _say_how_well(path: Path, number: int, step: float, off: FloatArray, report: Report) -> None:
    if len(off):
        words = f"{number} triangles were laid on a grid of {step:g} m; at their corners it is {off.max():.2f} m off at most"
        report.add("terrain-gridded", path, "", f"{words}, {off.mean():.2f} m on average")
    else:
        report.add("terrain-gridded", path, "", f"{number} triangles were laid on a grid of {step:g} m")


def _triangulated(path: Path, surface: _Surface, report: Report) -> tuple[FloatArray, IntArray]:
    """Loose points made triangles (Delaunay)."""
    from scipy.spatial import Delaunay, QhullError

    _, first = np.unique(surface.loose[:, :2], axis=0, return_index=True)
    points = surface.loose[np.sort(first)]
    try:
        triangles = Delaunay(points[:, :2] - points[:, :2].mean(axis=0)).simplices
    except QhullError as error:
        raise InputProblem(path, "all its points lie on one line", "A terrain needs points in both directions") from error
    sides = points[triangles, :2] - points[np.roll(triangles, 1, axis=1), :2]
    triangles = triangles[np.hypot(sides[..., 0], sides[..., 1]).max(axis=1) <= surface.longest]
    report.add(
        "terrain-triangulated", path, "", f"{len(points)} points and points of lines were made {len(triangles)} triangles (Delaunay)"
    )
    return points, np.asarray(triangles, np.int32)


def _elements(path: Path, tags: Iterable[str], events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Elements of a file by their local names, however large it is."""
    try:
        for event, element in etree.iterparse(str(path), events=events, tag=[f"{{*}}{tag}" for tag in tags], **_SAFE):
            if element.getroottree().docinfo.internalDTD is not None:
                raise InputProblem(path, "the file has a DOCTYPE, which can be used for attacks", "Remove it")
            yield event, element
    except etree.XMLSyntaxError as error:
        what = f"not well-formed XML at line {error.lineno or 0}: {one_line(str(error.msg), 100)}"
        raise InputProblem(path, what, "Download it again or ask who delivered it") from error


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]


def _from_landxml(path: Path, report: Report) -> _Surface:
    """All surfaces of a LandXML file (1.0 to 2.0). A point is northing, easting, height; a face with i="1" is invisible: a hole."""
    found = _Surface(northing_first=True)
    names: dict[str, int] = {}
    rows: list[str] = []
    faces: list[list[str]] = []
    points, triangles, hidden, surfaces, broken = 0, [], 0, 0, 0
    blocks: list[FloatArray] = []
    for _, element in _elements(path, ("Metric", "Imperial", "CoordinateSystem", "P", "F", "Surface"), ("end",)):
        kind = _local(element)
        if kind in ("Metric", "Imperial"):
            unit = element.get("linearUnit", "meter" if kind == "Metric" else "foot")
            if unit.lower() not in UNITS:
                raise InputProblem(path, f"its unit of length ({one_line(unit, 40)}) is not known", "Export it in metres")
            found.unit = UNITS[unit.lower()]
        elif kind == "CoordinateSystem":
            code = element.get("epsgCode", "").strip()
            found.crs = f"EPSG:{code}" if code.isdigit() else element.get("ogcWktCode", "").strip() or found.crs
        elif kind == "P" and element.getparent() is not None and _local(element.getparent()) == "Pnts":
            names[element.get("id", str(len(rows) + 1))] = len(rows)
            rows.append(element.text or "")
            _forget(element)
        elif kind == "F":
            if element.get("i") == "1":
                hidden += 1
            else:
                faces.append((element.text or "").split())
            _forget(element)
        elif kind == "Surface":
            surfaces += 1
            values, wrong = _three_each(rows)
            for face in faces:
                corners = [names.get(word, -1) for word in face]
                if len(corners) < 3 or -1 in corners:
                    broken += 1
                    continue
                triangles += [(points + corners[0], points + corners[k], points + corners[k + 1]) for k in range(1, len(corners) - 1)]
            blocks.append(values)
            points += len(values)
            broken += wrong
            names, rows, faces = {}, [], []
            _forget(element)
    if broken:
        report.add("bad-triangles", path, "", f"{broken} points or faces of surfaces are broken or name points that are not there")
    if hidden:
        report.add("hidden-faces", path, "", f"{hidden} faces are marked as invisible: there the ground has holes")
    if surfaces > 1:
        report.add("several-surfaces", path, "", f"{surfaces} surfaces were joined; where they lie above each other the first one counts")
    found.points = np.concatenate(blocks) if blocks else found.points
    found.triangles = np.array(triangles, np.int64).reshape(-1, 3)
    found.loose = found.points if not triangles else found.loose
    return found


def _three_each(rows: list[str]) -> tuple[FloatArray, int]:
    """(n, 3) numbers of texts that should hold three each, NaN where they do not, and how many do not."""
    try:
        values = np.array(" ".join(rows).split(), np.float64)
        if len(values) == 3 * len(rows):
            return values.reshape(-1, 3), 0
    except ValueError:
        pass  # the slow way tells which
    found = np.full((len(rows), 3), np.nan)
    for number, row in enumerate(rows):
        try:
            values = np.array(row.split(), np.float64)
        except ValueError:
            continue
        if len(values) == 3:
            found[number] = values
    return found, int(np.count_nonzero(np.isnan(found).any(axis=1)))


class _Corners:
    """Triangles as texts of coordinates, read by the batch: three corners, and the first once more."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.done: list[FloatArray] = []
        self.broken = 0

    def add(self, text: str) -> None:
        self.texts.append(text)
        if len(self.texts) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        texts, self.texts = self.texts, []
        try:
            values = np.array(" ".join(texts).split(), np.float64)
            if len(values) == 12 * len(texts):
                self.done.append(values.reshape(-1, 4, 3)[:, :3].reshape(-1, 3))
                return
        except ValueError:
            pass  # the slow way leaves out only what is broken
        for text in texts:
            try:
                values = np.array(text.split(), np.float64)
            except ValueError:
                values = np.zeros(0)
            if len(values) in (9, 12):
                self.done.append(values[:9].reshape(3, 3))
            else:
                self.broken += 1


def _coordinates(element: Any) -> list[str]:
    """The texts of an element's posLists, poss and coordinates, in their order."""
    found = []
    for one in element.iter("{*}posList", "{*}pos", "{*}coordinates"):
        text = one.text or ""
        found.append(text.replace(",", " ") if _local(one) == "coordinates" else text)
    return found


def _from_citygml(path: Path, report: Report) -> _Surface:
    """The relief of a CityGML file (1.0 to 3.0): the triangles of TINRelief; control points, mass points and breaklines where there are
    none."""
    found, corners, loose, others = _Surface(), _Corners(), [], Counter[str]()
    depth = 0
    longest: list[float] = []
    tags = ("Envelope", "TriangulatedSurface", "Tin", "Triangle", "maxLength", *_RELIEF, *_LOOSE, *_LINES, *_MEMBERS)
    for event, element in _elements(path, tags, ("start", "end")):
        kind = _local(element)
        if event == "start":
            depth += kind in _RELIEF
            found.crs = found.crs or element.get("srsName", "")
            continue
        if kind in _RELIEF:
            depth -= 1
            others[kind] += 1
            if kind == "RasterRelief":
                sentence = "heights that lie in a file of their own (RasterRelief) were not read; name that file under terrain"
                report.add("raster-relief", path, element.get("{http://www.opengis.net/gml}id", ""), sentence)
        if kind in _MEMBERS and not depth:
            _forget(element)
        elif depth and kind == "Triangle":
            corners.add(" ".join(_coordinates(element)))
            _forget(element)
        elif depth and kind in (*_LOOSE, *_LINES):
            loose += [value for text in _coordinates(element) for value in text.split()]
        elif depth and kind == "maxLength":
            longest += [float(element.text)] if re.fullmatch(r"\s*\d+(\.\d*)?\s*", element.text or "") else []
    corners.flush()
    if corners.broken:
        report.add("bad-triangles", path, "", f"{corners.broken} triangles are not three points with heights; they were left out")
    found.points = np.concatenate(corners.done) if corners.done else found.points
    found.triangles = np.arange(len(found.points), dtype=np.int32).reshape(-1, 3)
    found.longest = max(longest, default=np.inf) or np.inf
    if loose and not len(found.triangles):
        rows = [" ".join(loose[k : k + 3]) for k in range(0, len(loose) - 2, 3)]
        found.loose = _three_each(rows)[0]
    return found


def _from_cityjson(path: Path) -> _Surface:
    """The TINReliefs of a CityJSON file, or of the first line and the features of a sequence."""
    found = _Surface()
    blocks: list[FloatArray] = []
    triangles: list[Any] = []
    scale, shift, number = np.ones(3), np.zeros(3), 0
    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            documents = [json.loads(text)]
        except ValueError:
            documents = [json.loads(line.strip("\x1e \t\r")) for line in text.splitlines() if line.strip("\x1e \t\r")]
        for document in documents:
            if "transform" in document:
                scale, shift = np.array(document["transform"]["scale"], float), np.array(document["transform"]["translate"], float)
            found.crs = found.crs or str(document.get("metadata", {}).get("referenceSystem", ""))
            faces = [
                face[0]
                for one in document.get("CityObjects", {}).values()
                if one.get("type") == "TINRelief"
                for geometry in one.get("geometry", [])
                for face in geometry["boundaries"]
            ]
            if not faces:
                continue
            vertices = np.array(document["vertices"], float).reshape(-1, 3) * scale + shift
            corners = np.array(faces, np.int64).reshape(-1, 3)
            blocks.append(vertices)
            triangles.append(corners + number)
            number += len(vertices)
    except (ValueError, LookupError, OverflowError, RecursionError, TypeError, AttributeError) as error:
        what = f"the relief in it cannot be read ({one_line(str(error), 100)})"
        raise InputProblem(path, what, "Ask who delivered it") from error
    if blocks:
        found.points = np.concatenate(blocks)
        found.triangles = np.concatenate(triangles)
        if len(found.triangles) and (found.triangles.min() < 0 or found.triangles.max() >= len(found.points)):
            raise InputProblem(path, "the relief in it names points that are not there", "Ask who delivered it")
    return found
