"""Streets, trees, areas, plots and plan areas from vector files, in scene coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from . import crs as crs_names
from .origin import Origin
from .problems import InputProblem, Report
from .site import Features, Trees

Paths = Sequence[str | PathLike[str]]

# What publishers call the same things.
_NAMES = {
    "class": ("class", "highway", "klasse", "strassenklasse", "fclass"),
    "name": ("name", "bezeichnung", "strasse"),
    "width": ("width", "breite"),
    "lanes": ("lanes", "spuren", "fahrstreifen"),
    "speed": ("speed", "maxspeed", "tempo", "geschwindigkeit"),
    "height": ("height", "hoehe", "höhe", "baumhoehe"),
    "crown": ("crown", "crown_diameter", "diameter_crown", "krone", "kronendurchmesser"),
    "species": ("species", "art", "baumart", "gattung", "genus"),
    "kind": ("kind", "art", "nutzung", "landuse", "natural", "leisure", "waterway"),
    "number": ("number", "flurstueck", "flurstuecksnummer", "nummer", "flstkennz"),
}
# Carriageway widths in metres where the data give none (RASt 06, usual cross-sections).
STREET_WIDTHS = {
    "motorway": 12.0,
    "trunk": 10.0,
    "primary": 9.0,
    "secondary": 7.5,
    "tertiary": 6.5,
    "residential": 5.5,
    "unclassified": 5.5,
    "living_street": 5.0,
    "service": 3.5,
    "track": 3.0,
    "cycleway": 2.5,
    "footway": 2.0,
    "path": 1.5,
    "pedestrian": 6.0,
    "tram": 3.5,
}
_OTHER_WIDTH = 5.5
TALLEST, WIDEST = 70.0, 45.0  # metres; no tree in Europe is higher or wider
Box = tuple[float, float, float, float]


@dataclass
class _Table:
    geometry: npt.NDArray[np.object_]
    columns: dict[str, npt.NDArray[Any]]

    def text(self, meaning: str) -> npt.NDArray[Any]:
        """Words of this meaning, "" where empty or missing; of several columns that may have it, the first that is not empty."""
        found = np.full(len(self.geometry), "", object)
        for values in self._columns(meaning):
            words = np.array(["" if value is None or value != value else str(value) for value in values.tolist()], object)
            found = np.where(found == "", words, found)
        return found

    def number(self, meaning: str) -> npt.NDArray[np.float64]:
        """Numbers of this meaning ("3,5 m" is 3.5), NaN where empty, missing or no number."""
        found = np.full(len(self.geometry), np.nan)
        for values in self._columns(meaning):
            found = np.where(np.isnan(found), [_number(value) for value in values.tolist()], found)
        return found

    def _columns(self, meaning: str) -> list[npt.NDArray[Any]]:
        lower = {name.lower(): values for name, values in self.columns.items()}
        return [lower[name] for name in _NAMES[meaning] if name in lower]


def _number(value: Any) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return float(str(value).strip().split()[0].replace(",", "."))
    except (ValueError, IndexError):
        return float("nan")


def read_streets(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Lines with columns class, name, width (metres, by class where not given), lanes, speed (km/h)."""
    table = _read(paths, origin, "lines", report, bbox)
    report.features["streets"] = len(table.geometry)
    kind, width = table.text("class"), table.number("width")
    usual = np.array([STREET_WIDTHS.get(word, _OTHER_WIDTH) for word in kind])
    return Features(
        table.geometry,
        {
            "class": kind,
            "name": table.text("name"),
            "width": np.where(np.isfinite(width) & (width > 0), width, usual),
            "lanes": table.number("lanes"),
            "speed": table.number("speed"),
        },
    )


def read_trees(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Trees:
    """Points with height and crown diameter in metres (NaN where not given) and species."""
    table = _read(paths, origin, "points", report, bbox)
    report.features["trees"] = len(table.geometry)
    position = np.column_stack([shapely.get_x(table.geometry), shapely.get_y(table.geometry)])
    height, crown = table.number("height"), table.number("crown")
    odd = ~((height > 0) & (height <= TALLEST) | np.isnan(height)) | ~((crown > 0) & (crown <= WIDEST) | np.isnan(crown))
    if odd.any():
        limits = f"higher than {TALLEST:g} m, wider than {WIDEST:g} m, or of no size"
        sentence = f"{np.count_nonzero(odd)} trees are said to be {limits}; their size was taken as unknown"
        report.add("odd-trees", str(paths[0]), "", sentence)
    return Trees(position, np.where(odd, np.nan, height), np.where(odd, np.nan, crown), table.text("species").tolist())


def read_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns kind and name."""
    table = _read(paths, origin, "polygons", report, bbox)
    report.features["areas"] = len(table.geometry)
    return Features(table.geometry, {"kind": table.text("kind"), "name": table.text("name")})


def read_plots(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with column number."""
    table = _read(paths, origin, "polygons", report, bbox)
    report.features["plots"] = len(table.geometry)
    return Features(table.geometry, {"number": table.text("number")})


def read_plan_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns name and kind."""
    table = _read(paths, origin, "polygons", report, bbox)
    report.features["plan_areas"] = len(table.geometry)
    return Features(table.geometry, {"name": table.text("name"), "kind": table.text("kind")})


_TYPES = {"points": 0, "lines": 1, "polygons": 3}


def _read(paths: Paths, origin: Origin, wanted: str, report: Report, bbox: Box | None) -> _Table:
    """All features of some files as single points, lines or polygons in scene coordinates; closed lines count as polygons.

    bbox : (west, south, east, north) in the origin's CRS; only what reaches into it.
    """
    tables = [_read_one(Path(path), origin, wanted, report, bbox) for path in paths]
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    columns = {
        name: np.concatenate([table.columns.get(name, np.full(len(table.geometry), None, object)).astype(object) for table in tables])
        for name in names
    }
    return _Table(np.concatenate([table.geometry for table in tables]), columns)


def _read_one(path: Path, origin: Origin, wanted: str, report: Report, bbox: Box | None) -> _Table:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    if not path.is_file():
        raise InputProblem(path, "there is no such file", "Check the name")
    try:
        meta, _, shapes, fields = pyogrio.raw.read(path)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise InputProblem(
            path, f"the file cannot be read as {wanted} ({str(error).splitlines()[0]})", "Name a GeoJSON, GeoPackage or Shapefile"
        ) from error
    report.files.append(str(path))
    features = shapely.from_wkb(shapes) if shapes is not None else np.zeros(0, object)
    parts, owner = shapely.get_parts(shapely.force_2d(features), return_index=True)
    finite = np.isfinite(shapely.bounds(parts)).all(axis=1)  # of empty ones too, which have no bounds
    parts, owner = parts[finite], owner[finite]
    if wanted == "polygons":
        parts, owner = _as_polygons(parts, owner, path, report)
    keep = (shapely.get_type_id(parts) == _TYPES[wanted]) & ~shapely.is_empty(parts)
    parts, owner = parts[keep], owner[keep]
    lost = len(features) - len(np.unique(owner))
    if lost:
        hint = "" if len(parts) else ". Check under which key of [data] the file belongs"
        report.add("wrong-geometry", path, "", f"{lost} of {len(features)} features are no {wanted}, or have no place; left out{hint}")
    system = crs_names.parse(meta["crs"]) if meta["crs"] else crs_names.UNKNOWN
    if not system.horizontal:
        raise InputProblem(
            path, "the file names no coordinate system that is known", "Save it as GeoJSON with longitude and latitude, or with its CRS"
        )
    if len(parts) and crs_names.proj(system.horizontal).is_geographic:
        west, south, east, north = shapely.total_bounds(parts).tolist()
        if reason := crs_names.doubt(system.horizontal, west, south, east, north):
            raise InputProblem(path, reason, "Give the file the coordinate system it is in (a crs member, in GeoJSON)")
    if system.horizontal != origin.crs and len(parts):
        transformer = pyproj.Transformer.from_crs(crs_names.proj(system.horizontal), crs_names.proj(origin.crs), always_xy=True)
        parts = shapely.transform(parts, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
        placed = np.isfinite(shapely.bounds(parts)).all(axis=1)
        if not placed.all():
            report.add("outside-crs", path, "", f"{np.count_nonzero(~placed)} features lie where {origin.crs} has no coordinates; left out")
            parts, owner = parts[placed], owner[placed]
    if bbox is not None:
        near = shapely.intersects(parts, shapely.box(*bbox))
        parts, owner = parts[near], owner[near]
    parts = shapely.transform(parts, origin.to_local)
    return _Table(parts, {name: values[owner] for name, values in zip(meta["fields"], fields, strict=True)})


def _as_polygons(
    parts: npt.NDArray[np.object_], owner: npt.NDArray[Any], path: Path, report: Report
) -> tuple[npt.NDArray[np.object_], npt.NDArray[Any]]:
    """Closed lines made polygons (as OSM extracts have them), polygons that cross themselves mended."""
    closed = (shapely.get_type_id(parts) == 1) & shapely.is_closed(parts) & (shapely.get_num_coordinates(parts) >= 4)
    parts = parts.copy()
    for number in np.flatnonzero(closed):
        parts[number] = shapely.Polygon(parts[number])
    broken = (shapely.get_type_id(parts) == 3) & ~shapely.is_valid(parts)
    if broken.any():
        report.add("mended-polygon", path, "", f"{np.count_nonzero(broken)} polygons that touch or cross themselves were mended")
        parts[broken] = shapely.make_valid(parts[broken], method="structure")
    parts, part_owner = shapely.get_parts(parts, return_index=True)
    return parts, owner[part_owner]
