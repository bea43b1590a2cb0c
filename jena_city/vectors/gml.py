"""GML that is no city model and no plan: the cadastre ALKIS (NAS, simplified schema, INSPIRE) and answers of web feature services.

A file is read once, feature by feature, so that its size is no matter; coordinates come out with x to the east, arcs stroked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from lxml import etree

from .. import crs as crs_names
from ..citygml.curves import points_of
from ..citygml.names import local
from ..files import first_bytes
from ..problems import InputProblem, Report

_HOLDERS = ("member", "featureMember", "featureMembers", "Insert", "Replace")  # what holds features, or one
_GROUPS = ("FeatureCollection", "Tuple", "Filter", "ResourceId")
_SURFACES = ("Polygon", "PolygonPatch", "Rectangle", "Triangle")
_CURVES = ("LineString", "LinearRing", "Curve", "CompositeCurve", "OrientableCurve")
_MANY = (
    "MultiSurface", "MultiPolygon", "CompositeSurface", "Surface", "PolyhedralSurface", "MultiCurve", "MultiLineString", "MultiPoint",
    "MultiGeometry",
)  # fmt: skip
# What NAS says of an object that is not about what it is, and what every GML has.
_ASIDE = ("zeigtAufExternes", "lebenszeitintervall", "modellart", "qualitaetsangaben", "boundedBy", "identifier", "metaDataProperty")
# Whose something is, in NAS and in the simplified schema: never read.
PERSONS = re.compile(
    r"AX_(?:Person\w*|Anschrift|Namensnummer|Buchungsblatt\w*|Buchungsstelle|Verwaltung|Vertretung|Benutzer\w*)|\w*Eigentuemer\w*"
)
_NAS = b"adv-online.de/namespaces/adv/gid"


@dataclass
class Layer:
    """The features of one class that have a place, cut into single shapes. columns : words by the names of the elements, for each
    shape."""

    geometry: npt.NDArray[np.object_]
    columns: dict[str, npt.NDArray[np.object_]]
    system: str


@dataclass
class _Rows:
    shapes: list[Any] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    words: list[dict[str, str]] = field(default_factory=list)


def is_one(path: Path) -> bool:
    """Whether a file is GML with features of whatever kind, but no city model and no plan, by its first bytes."""
    head = first_bytes(path)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or re.search(rb"citygml|CityModel|xplanung", head):
        return False
    return is_nas(path) or (b"opengis.net/gml" in head and b"FeatureCollection" in head)


def is_nas(path: Path) -> bool:
    """Whether a file is of the cadastre ALKIS in its own schema (NAS), by its first bytes."""
    return _NAS in first_bytes(path)


def read(path: Path, report: Report, *, wanted: Callable[[str], bool] = lambda _name: True, most: int | None = None) -> dict[str, Layer]:
    """The features of a file by the names of their classes, in the order in which the classes appear.

    wanted : which classes. most : features to look at, None for all. Features that speak of persons are counted and passed over, shapes
    that are of no use are left out and reported. Raises InputProblem for a file that is damaged.
    """
    rows: dict[str, _Rows] = {}
    persons: Counter[str] = Counter()
    others: Counter[str] = Counter()
    districts: dict[str, str] = {}
    for number, (feature, system) in enumerate(_features(path)):
        if number == most:
            break
        name = _name(feature)
        if PERSONS.fullmatch(name):
            persons[name] += 1
        elif name == "AX_Gemarkung":
            words = _words(feature)
            districts[words.get("land", "") + words.get("gemarkungsnummer", "")] = words.get("bezeichnung", "")
        elif wanted(name):
            _add(feature, system, rows.setdefault(name, _Rows()), path, report)
        else:
            others[name] += 1
    if most is None:
        _tell(path, report, persons, others)
    return {name: _layer(one, districts, path, report) for name, one in rows.items() if one.shapes}


def _tell(path: Path, report: Report, persons: Counter[str], others: Counter[str]) -> None:
    if persons:
        listed = ", ".join(f"{count} {name}" for name, count in persons.most_common())
        report.add("persons-dropped", path, "", f"what speaks of persons and of whose the plots are was not read: {listed}")
    if others:
        listed = ", ".join(f"{count} {name}" for name, count in others.most_common())
        report.add("not-read", path, "", f"not read of the file: {listed}")


def _features(path: Path) -> Iterator[tuple[Any, str]]:
    """Each feature and the coordinate system that the file had named by then, "" for none; what was read is forgotten."""
    system = ""
    try:
        for _, element in etree.iterparse(
            str(path), events=("end",), resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
        ):
            name = _name(element)
            if name == "Envelope" and not system:
                system = element.get("srsName") or ""
            elif name == "crs" and not system:  # AA_Koordinatenreferenzsystemangaben
                system = element.get("{http://www.w3.org/1999/xlink}href") or ""
            holder = element.getparent()
            if holder is None or _name(holder) not in _HOLDERS or name in _GROUPS:
                continue
            yield element, system
            element.clear()
            for one in (element, holder):
                while one.getprevious() is not None:
                    del one.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InputProblem(path, f"the file is damaged ({error.msg})", "Export it again") from error


def _words(feature: Any) -> dict[str, str]:
    """The texts in a feature by the names of their elements; of several with one name the first, the feature's own before others."""
    found: dict[str, str] = {}
    deeper = []
    for child in feature:
        if _name(child) in _ASIDE or _shape_in(child) is not None:
            continue
        if len(child):
            deeper.append(child)
        elif child.text and child.text.strip():
            found.setdefault(_name(child), child.text.strip())
    for child in deeper:
        for leaf in child.iter(etree.Element):
            if not len(leaf) and leaf.text and leaf.text.strip():
                found.setdefault(_name(leaf), leaf.text.strip())
    return found


def _shape_in(child: Any) -> Any:
    """The geometry that a property holds; None for other properties."""
    if len(child) == 1 and isinstance(child[0].tag, str) and local(child[0].tag) in ("Point", *_SURFACES, *_CURVES, *_MANY):
        return child[0]
    return None


def _dimension_of(element: Any) -> int:
    kind = local(element.tag)
    return 0 if kind in ("Point", "MultiPoint") else 1 if kind in _CURVES or kind in ("MultiCurve", "MultiLineString") else 2


def _add(feature: Any, system: str, rows: _Rows, path: Path, report: Report) -> None:
    found = [one for child in feature if _name(child) != "boundedBy" and (one := _shape_in(child)) is not None]
    if not found:
        return
    element = max(found, key=_dimension_of)  # a plot has an area and a point for its number
    stated = _stated(element, feature, system)
    try:
        shapes = _parts(element, _dimensions(element, stated))
    except (ValueError, IndexError, shapely.errors.GEOSException) as error:
        report.add("bad-geometry", path, _id(feature), f"{_name(feature)} was left out: {error}")
        return
    rows.shapes += shapes
    rows.systems += [stated] * len(shapes)
    rows.words += [_words(feature)] * len(shapes)


def _name(element: Any) -> str:
    """The local name of an element."""
    return str(element.tag.rpartition("}")[2])


def _id(feature: Any) -> str:
    return next((str(value) for key, value in feature.attrib.items() if key.rpartition("}")[2] == "id"), "")


def _stated(element: Any, feature: Any, system: str) -> str:
    """The srsName at a geometry or in it, else one in its feature, else the file's."""
    for root in (element, feature):
        for one in root.iter(etree.Element):
            if name := one.get("srsName"):
                return str(name)
    return system


def _dimensions(element: Any, system: str) -> int:
    """How many numbers make a point: as srsDimension says, wherever it stands, else by the system; never by the number of numbers."""
    stated = next((one.get("srsDimension") for one in element.iter(etree.Element) if one.get("srsDimension")), None)
    if stated is None:
        return 3 if crs_names.parse(system).vertical else 2
    if stated not in ("2", "3"):
        raise ValueError(f"its points are said to have {stated} dimensions")
    return int(stated)


def _parts(element: Any, dimension: int) -> list[Any]:
    """A geometry as single points, lines and polygons."""
    kind = local(element.tag)
    if kind == "Point":
        return [shapely.Point(points_of_point(element, dimension))]
    if kind in _CURVES:
        return [shapely.LineString(_plane(element, dimension))]
    if kind in _SURFACES:
        outer, holes = (
            [_plane(ring, dimension) for holder in element if local(holder.tag) in names for ring in holder]
            for names in (("exterior", "outerBoundaryIs"), ("interior", "innerBoundaryIs"))
        )
        return [shapely.Polygon(outer[0], holes)]
    if kind in _MANY:
        found = [part for holder in element for child in holder for part in _parts(child, dimension)]
        if kind in ("Surface", "PolyhedralSurface", "CompositeSurface") and len(found) > 1:
            return list(shapely.get_parts(shapely.union_all(found)))
        return found
    raise ValueError(f"a {_name(element)} is no point, line or area")


def points_of_point(element: Any, dimension: int) -> Any:
    """The place of a gml:Point."""
    words = " ".join(one.text or "" for one in element.iter("{*}pos", "{*}coordinates")).replace(",", " ").split()
    return np.array(words[:dimension], np.float64)[:2]


def _plane(curve: Any, dimension: int) -> Any:
    """The points of a curve from above, no two alike in a row."""
    points = points_of(curve, dimension)[:, :2]
    if not np.isfinite(points).all():
        raise ValueError("its coordinates are not finite")
    return points[np.append(True, (points[1:] != points[:-1]).any(axis=1))]


def _layer(rows: _Rows, districts: dict[str, str], path: Path, report: Report) -> Layer:
    names = list(dict.fromkeys(name for words in rows.words for name in words))
    columns = {name: np.array([words.get(name) for words in rows.words], object) for name in names}
    if districts and "gemarkungsnummer" in columns:
        keys = [words.get("land", "") + words.get("gemarkungsnummer", "") for words in rows.words]
        columns["gemarkung"] = np.array([districts.get(key) or None for key in keys], object)
    geometry, system = _one_system(np.array(rows.shapes, object), rows.systems, path, report)
    return Layer(geometry, columns, system)


def _one_system(shapes: npt.NDArray[np.object_], stated: list[str], path: Path, report: Report) -> tuple[npt.NDArray[np.object_], str]:
    """All shapes with x to the east in the system that the first of them states; "" where that is not known."""
    names = list(dict.fromkeys(stated))
    target = crs_names.parse(names[0]).horizontal
    which = np.array([names.index(name) for name in stated])
    for number, name in enumerate(names):
        system = crs_names.parse(name)
        if not system.horizontal:
            continue
        chosen = _straightened(shapes[which == number], system, path, report)
        if system.horizontal != target and target:
            transformer = pyproj.Transformer.from_crs(crs_names.proj(system.horizontal), crs_names.proj(target), always_xy=True)
            chosen = shapely.transform(chosen, lambda xy, by=transformer: np.column_stack(by.transform(xy[:, 0], xy[:, 1])))
        shapes[which == number] = chosen
    return shapes, target


def _straightened(shapes: npt.NDArray[np.object_], system: crs_names.Crs, path: Path, report: Report) -> npt.NDArray[np.object_]:
    """Shapes with x before y, and eastings without the zone before them."""
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    if crs_names.proj(system.horizontal).is_geographic:
        turned = not crs_names.longitude_first(system, (west, east), (south, north))
    else:
        if (zone := crs_names.zone_before(west, east)) and system.horizontal not in crs_names.ZONE_BEFORE:
            shapes = shapely.transform(shapes, lambda xy: xy - [zone * 1e6, 0.0])
            report.add("zone-prefix", path, "", f"the eastings begin with the UTM zone {zone}, which was cut off")
            west, east = west - zone * 1e6, east - zone * 1e6
        wrong = crs_names.doubt(system.horizontal, west, south, east, north)
        turned = bool(wrong) and not crs_names.doubt(system.horizontal, south, west, north, east)
        if turned:
            report.add("swapped-axes", path, "", "the northings stand before the eastings; they were swapped")
    return shapely.transform(shapes, lambda xy: xy[:, ::-1]) if turned else shapes
