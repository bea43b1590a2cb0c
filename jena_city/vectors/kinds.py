"""What a vector file holds, told by its content: its columns and shapes, not its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj
import shapely

from .. import crs as crs_names
from .. import drawings
from ..files import first_bytes
from ..origin import Origin
from ..problems import InputProblem, Report
from ..site import Features, Trees
from . import gml, layers, osm, reading, register
from .areas import read_areas
from .layers import Kind
from .lines import read_lines
from .plots import read_plots
from .streets import read_streets
from .trees import read_trees

_READERS: dict[str, Callable[..., Trees | Features]] = {
    "streets": read_streets,
    "trees": read_trees,
    "areas": read_areas,
    "plots": read_plots,
    "lines": read_lines,
}
_MARKS = (b"SQLite format 3\0", b"\x00\x00\x27\x0a", b"fgb\x03fgb")  # GeoPackage, Shapefile, FlatGeobuf


def is_register(path: Path) -> bool:
    """Whether a text table has coordinates and says something of trees."""
    if not register.is_one(path):
        return False
    return layers.says_trees(register.header(path))


def is_layer(path: Path) -> bool:
    """Whether a file is a layer of vectors (GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML, GPX, MapInfo, or GML that is no city
    model), by its first bytes."""
    head = first_bytes(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return b'"CityJSON' not in head and (b'"Feature' in head or b'"GeometryCollection"' in head)
    if start.startswith(b"<"):
        return re.search(rb"<(?:kml|gpx)[\s>]", head) is not None or gml.is_one(path)
    return head.startswith(_MARKS) or re.match(rb"!table\s+!version|version\s+\d+\s+charset", start, re.IGNORECASE) is not None


def layer_kinds(path: Path) -> list[Kind]:
    """What the layers of a file are, each kind once: streets, trees, areas or plots by their columns, lines for any other. Raises
    InputProblem for a file that cannot be read or has nothing with a place."""
    found = {kind for kind in layers.kinds(path).values() if kind is not None}
    if not found:
        what = "there is nothing in this layer (GeoJSON, GeoPackage or Shapefile) that has a place"
        raise InputProblem(path, what, "Leave it out")
    return sorted(found, key=list(_READERS).index)


def check(path: Path, kind: str) -> Report:
    """What a file of this kind holds, with its extent (flat: heights 0) in its own system; of degrees in the UTM zone they lie in."""
    if drawings.is_one(path):
        return drawings.check(path)
    report = Report()
    kinds = ["streets", "trees", "areas"] if kind == "osm" else layer_kinds(path) if kind == "layers" else [kind]
    for one in kinds:
        origin, found = _own_origin(path, one), Report()
        layer = _READERS[one]([path], origin, found)
        shapes = shapely.points(layer.position) if isinstance(layer, Trees) else layer.geometry
        if len(layer):
            west, south, east, north = shapely.total_bounds(shapes).tolist()
            found.extent, found.crs = (west, south, 0.0, east, north, 0.0), origin.crs
        report.merge(found)
    report.files = [str(path)]
    return report


def _own_origin(path: Path, kind: str) -> Origin:
    """The zero of the system that the first layer with a place is in."""
    for features, columns, stated in reading.raw(path, kind, Report()).values():
        bounds = shapely.total_bounds(features) if len(features) else np.full(4, np.nan)
        system = crs_names.parse(stated).horizontal
        if not np.isfinite(bounds).all():
            continue
        if register.is_one(path):
            points = features[~shapely.is_missing(features)]
            points, system, _ = register.placed(path, points, columns, "")
            bounds = shapely.total_bounds(points) if len(points) else bounds
        if system:
            return _metric(system, bounds)
    return Origin("EPSG:25832", 0, 0)


def _metric(system: str, bounds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Origin:
    crs = crs_names.proj(system)
    if not crs.is_geographic:
        return Origin(system, 0, 0)
    west, south, east, north = bounds.tolist()
    if crs_names.doubt(system, west, south, east, north):
        return Origin("EPSG:25832", 0, 0)  # the reader says what is wrong
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return Origin(crs_names.utm_at(*to_degrees.transform((west + east) / 2, (south + north) / 2)), 0, 0)


def is_osm(path: Path) -> bool:
    """Whether a file is OpenStreetMap XML or PBF. Raises InputProblem for other things of OpenStreetMap's."""
    osm.refuse_others(path)
    return osm.is_one(path)
