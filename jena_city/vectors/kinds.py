"""What a vector file holds, told by its content: its columns and shapes, not its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pyproj
import shapely

from .. import crs as crs_names
from ..files import first_bytes
from ..origin import Origin
from ..problems import InputProblem, Report
from ..site import Features, Trees
from . import osm, register
from .areas import read_areas
from .lines import read_lines
from .plots import read_plots
from .streets import read_streets
from .tables import Table, raw
from .trees import read_trees

_LOOKED_AT = 500  # features that tell what a layer is
_SHAPES = {"trees": "points", "streets": "lines", "lines": "lines and points"}
_MARKS = (b"SQLite format 3\0", b"\x00\x00\x27\x0a", b"fgb\x03fgb")  # GeoPackage, Shapefile, FlatGeobuf


def is_register(path: Path) -> bool:
    """Whether a text table has coordinates and says something of trees."""
    if not register.is_one(path):
        return False
    return _says_trees(register.header(path))


def is_layer(path: Path) -> bool:
    """Whether a file is a layer of vectors (GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML, GPX, MapInfo, or GML with plots), by its
    first bytes."""
    head = first_bytes(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return b'"CityJSON' not in head and (b'"Feature' in head or b'"GeometryCollection"' in head)
    if start.startswith(b"<"):
        return re.search(rb"<(?:kml|gpx)[\s>]", head) is not None or (b"Flurstueck" in head and b"CityModel" not in head)
    return head.startswith(_MARKS) or re.match(rb"!table\s+!version|version\s+\d+\s+charset", start, re.IGNORECASE) is not None


def layer_kind(path: Path) -> Literal["streets", "trees", "areas", "plots", "lines"]:
    """streets, trees, areas or plots by the columns, lines for any other layer. Raises InputProblem for a file that cannot be read."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        meta, _, shapes, fields = pyogrio.raw.read(path, max_features=_LOOKED_AT)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise InputProblem(path, f"the file cannot be read ({str(error).splitlines()[0]})", "Export it again") from error
    parts = shapely.get_parts(shapely.from_wkb(shapes)) if shapes is not None else np.zeros(0, object)
    if not len(parts):
        raise InputProblem(path, "there is nothing in this layer (GeoJSON, GeoPackage or Shapefile) that has a place", "Leave it out")
    types, counts = np.unique(shapely.get_dimensions(parts), return_counts=True)
    dimension = int(types[np.argmax(counts)])
    table = Table(np.zeros(0, object), dict(zip(meta["fields"], fields, strict=True)))
    natural = set(table.columns.get("natural", np.zeros(0, object)).tolist())
    if dimension == 0 and (_says_trees(list(table.columns)) or natural & {"tree"}):
        return "trees"
    closed = dimension == 1 and shapely.is_closed(parts).mean() > 0.5
    if dimension == 1 and not closed and (table.has("class") or table.has("speed") or table.has("traffic")):
        return "streets"
    if dimension == 2 and (table.has("plot_id") or table.has("numerator")):
        return "plots"
    if (dimension == 2 or closed) and table.has("kind"):
        return "areas"
    return "lines"


def _says_trees(names: list[str]) -> bool:
    header = Table(np.zeros(0, object), {name: np.zeros(0, object) for name in names})
    return sum(header.has(meaning) for meaning in ("species", "crown", "girth", "trunk")) >= 2 or header.has("girth")


def check(path: Path, kind: str) -> Report:
    """What a file of this kind holds, with its extent (flat: heights 0) in its own system; of degrees in the UTM zone they lie in."""
    report = Report()
    readers: dict[str, Callable[..., Trees | Features]] = {
        "trees": read_trees,
        "streets": read_streets,
        "areas": read_areas,
        "plots": read_plots,
        "lines": read_lines,
    }
    kinds = ("streets", "trees", "areas") if kind == "osm" else (kind,)
    for one in kinds:
        features, columns, stated = raw(path, _SHAPES.get(one, "polygons"))
        bounds = shapely.total_bounds(features) if len(features) else np.full(4, np.nan)
        origin = Origin("EPSG:25832", 0, 0)
        if np.isfinite(bounds).all():
            system = crs_names.parse(stated).horizontal
            if register.is_one(path):
                points = features[~shapely.is_missing(features)]
                points, system, _ = register.placed(path, points, columns, "")
                bounds = shapely.total_bounds(points) if len(points) else bounds
            if system:
                origin = _metric(system, bounds)
        found = Report()
        layer = readers[one]([path], origin, found)
        shapes = shapely.points(layer.position) if isinstance(layer, Trees) else layer.geometry
        if len(layer):
            west, south, east, north = shapely.total_bounds(shapes).tolist()
            found.extent, found.crs = (west, south, 0.0, east, north, 0.0), origin.crs
        report.merge(found)
    report.files = [str(path)]
    return report


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
    """Whether a file is OpenStreetMap XML or PBF."""
    return osm.is_one(path)
