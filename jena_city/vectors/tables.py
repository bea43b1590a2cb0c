"""Features of vector files as a table: shapes in scene coordinates, columns by what they mean, whatever their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from .. import crs as crs_names
from ..origin import Origin
from ..problems import InputProblem, Report
from . import osm, register

Paths = Sequence[str | PathLike[str]]
Box = tuple[float, float, float, float]
Shapes = npt.NDArray[np.object_]

# What publishers call the same things, in the order in which they are believed.
NAMES = {
    "class": ("class", "highway", "klasse", "strassenklasse", "fclass"),
    "name": ("name", "bezeichnung", "strasse"),
    "width": ("width", "breite"),
    "lanes": ("lanes", "spuren", "fahrstreifen"),
    "speed": ("speed", "maxspeed", "tempo", "geschwindigkeit", "vzul", "v_max"),
    "surface": ("surface", "belag", "oberflaeche", "fahrbahnbelag"),
    "oneway": ("oneway", "einbahn", "einbahnstrasse"),
    "traffic": ("dtv", "dtv_kfz", "dtvkfz", "dtv_gesamt", "dtvw", "dtv_w5", "kfz_24h", "kfz24h", "kfz_tag", "verkehrsmenge", "aadt"),
    "heavy_share": ("sv_anteil", "svanteil", "lkw_anteil", "lkwanteil", "sv_proz", "sv_prozent", "p_sv", "psv", "schwerverkehrsanteil"),
    "heavy": ("dtv_sv", "dtvsv", "sv_24h", "sv24h", "dtv_lkw", "lkw_24h"),
    "height": ("height", "hoehe", "höhe", "baumhoehe", "baumhöhe", "st_hoehe"),
    "crown": ("crown", "crown_diameter", "diameter_crown", "krone", "kronendurchmesser", "kr_durchm", "kronedurch", "kronenbreite"),
    "girth": ("circumference", "st_umfang", "stammumfang", "stammumfg", "umfang", "trunk_circumference"),
    "trunk": ("st_durchm", "stammdurchmesser", "stammdurch", "diameter", "dbh", "bhd", "trunk_diameter"),
    "species": ("species", "ga_lang", "baumart", "baumart_la", "art_bot", "art", "gattung", "genus", "taxon", "gattungart"),
    "kind": ("kind", "art", "nutzung", "nutzart", "landuse", "natural", "leisure", "water", "waterway"),
    "numerator": ("zaehler", "flstnrzae", "flurstnrz"),
    "denominator": ("nenner", "flstnrnen", "flurstnrn"),
    "plot_id": ("flstkennz", "flurstueckskennzeichen", "fsk", "kennzeichen"),
    "plot_area": ("flaeche", "amtlicheflaeche", "afl", "fläche"),
    "district": ("gemarkung", "gemarkungsname", "gmkname", "gemaname", "gemarkungsnummer"),
    "number": ("number", "flurstueck", "flurstuecksnummer", "flurstnr", "nummer", "flstkennz", "flurstueckskennzeichen"),
    "layer": ("layer", "ebene"),
    "label": ("label", "text", "beschriftung", "name", "bezeichnung", "bez", "titel", "title", "nummer", "number", "nr"),
}  # fmt: skip
_TYPES = {"points": (0,), "lines": (1,), "polygons": (3,), "lines and points": (0, 1)}


@dataclass
class Table:
    """geometry : (n,) shapes. columns : values by the file's own names, (n,) each."""

    geometry: Shapes
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
            found = np.where(np.isnan(found), [number(value) for value in values.tolist()], found)
        return found

    def has(self, meaning: str) -> bool:
        return bool(self._columns(meaning))

    def chosen(self, keep: npt.NDArray[Any]) -> Table:
        return Table(self.geometry[keep], {name: values[keep] for name, values in self.columns.items()})

    def _columns(self, meaning: str) -> list[npt.NDArray[Any]]:
        lower = {name.lower(): values for name, values in self.columns.items()}
        return [lower[name] for name in NAMES[meaning] if name in lower]


def number(value: Any) -> float:
    """A number as people write it ("3,5 m", "1.234,5"); NaN for anything else, as for "1.234.5"."""
    if isinstance(value, (int, float, np.number)):
        return float(value)
    match = re.match(r"\s*[~<>≈]?\s*([+-]?[\d.,]*\d(?:[eE][+-]?\d+)?)", str(value))
    if match is None:
        return float("nan")
    text = match[1]
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    other = "." if decimal == "," else ","
    try:
        return float(text.replace(other, "").replace(decimal, "."))
    except ValueError:
        return float("nan")


def read(paths: Paths, origin: Origin, wanted: str, report: Report, bbox: Box | None) -> Table:
    """All features of some files as single points, lines or polygons in scene coordinates; closed lines count as polygons.

    A feature that stands in several files counts once. bbox : (west, south, east, north) in the origin's CRS; only what reaches into it.
    """
    tables = [_read_one(Path(path), origin, wanted, report, bbox) for path in paths]
    if len(tables) > 1:
        tables = _once(tables, paths, report)
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    columns = {
        name: np.concatenate([table.columns.get(name, np.full(len(table.geometry), None, object)).astype(object) for table in tables])
        for name in names
    }
    return Table(np.concatenate([table.geometry for table in tables]), columns)


def read_layers(path: Path, origin: Origin, report: Report, bbox: Box | None) -> dict[str, Table]:
    """All layers of a file that have places, by their names, as single lines and points in scene coordinates; polygons by their borders."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    if not path.is_file():
        raise InputProblem(path, "there is no such file", "Check the name")
    try:
        names = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    except (DataSourceError, ValueError) as error:
        raise _unreadable(path, "reference lines", error) from error
    report.files.append(str(path))
    return {name: _placed(path, origin, "lines and points", report, bbox, name) for name in names}


def _unreadable(path: Path, wanted: str, error: Exception) -> InputProblem:
    return InputProblem(
        path, f"the file cannot be read as {wanted} ({str(error).splitlines()[0]})", "Name a GeoJSON, GeoPackage or Shapefile"
    )


def _once(tables: list[Table], paths: Paths, report: Report) -> list[Table]:
    """The tables without features that stood, the same in shape and in all that is said of them, in a file before."""
    seen: set[tuple[bytes, str]] = set()
    kept = []
    for table, path in zip(tables, paths, strict=True):
        said = [""] * len(table.geometry)
        for name in sorted(table.columns):  # files of one source differ in the columns that are empty
            for row, value in enumerate(table.columns[name].tolist()):
                if value is not None and value == value and value != "":
                    said[row] += f"{name}={value!r};"
        marks = list(zip(shapely.to_wkb(table.geometry).tolist(), said, strict=True))
        fresh = np.array([mark not in seen for mark in marks], bool)
        seen.update(marks)
        if not fresh.all():
            report.add("repeated-features", path, "", f"{np.count_nonzero(~fresh)} features were in a file before and were read once")
        kept.append(table.chosen(fresh))
    return kept


def raw(path: Path, wanted: str, layer: str | None = None) -> tuple[Shapes, dict[str, npt.NDArray[Any]], str]:
    """The features of a file as they stand in it: shapes, columns and the CRS named ("" for none). layer : None for the first. Raises
    InputProblem."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    if not path.is_file():
        raise InputProblem(path, "there is no such file", "Check the name")
    if register.is_one(path):
        trees = register.read(path)
        return trees.geometry, trees.columns, ""
    try:
        if osm.is_one(path):
            return (*osm.read(path, wanted), "EPSG:4326")
        meta, _, shapes, fields = pyogrio.raw.read(path, layer=layer)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise _unreadable(path, wanted, error) from error
    features = shapely.from_wkb(shapes) if shapes is not None else np.zeros(0, object)
    return features, dict(zip(meta["fields"], fields, strict=True)), meta["crs"] or ""


def _read_one(path: Path, origin: Origin, wanted: str, report: Report, bbox: Box | None) -> Table:
    table = _placed(path, origin, wanted, report, bbox)
    report.files.append(str(path))
    return table


def _placed(path: Path, origin: Origin, wanted: str, report: Report, bbox: Box | None, layer: str | None = None) -> Table:
    features, columns, stated = raw(path, wanted, layer)
    parts, owner = shapely.get_parts(shapely.force_2d(features), return_index=True)
    finite = np.isfinite(shapely.bounds(parts)).all(axis=1)  # of empty ones too, which have no bounds
    parts, owner = parts[finite], owner[finite]
    if wanted == "polygons":
        parts, owner = _as_polygons(parts, owner, path, report)
    elif wanted == "lines and points":
        parts, owner = _as_borders(parts, owner)
    keep = np.isin(shapely.get_type_id(parts), _TYPES[wanted]) & ~shapely.is_empty(parts)
    parts, owner = parts[keep], owner[keep]
    lost = len(features) - len(np.unique(owner))
    if lost:
        hint = "" if len(parts) else ". Check under which key of [data] the file belongs"
        report.add("wrong-geometry", path, "", f"{lost} of {len(features)} features are no {wanted}, or have no place; left out{hint}")
    system = crs_names.parse(stated).horizontal
    if register.is_one(path):
        parts, system, sentence = register.placed(path, parts, columns, origin.crs)
        if sentence:
            report.add("guessed-crs", path, "", sentence)
    if not system:
        raise InputProblem(
            path, "the file names no coordinate system that is known", "Save it as GeoJSON with longitude and latitude, or with its CRS"
        )
    if len(parts) and crs_names.proj(system).is_geographic:
        west, south, east, north = shapely.total_bounds(parts).tolist()
        if reason := crs_names.doubt(system, west, south, east, north):
            raise InputProblem(path, reason, "Give the file the coordinate system it is in (a crs member, in GeoJSON)")
    if system != origin.crs and len(parts):
        transformer = pyproj.Transformer.from_crs(crs_names.proj(system), crs_names.proj(origin.crs), always_xy=True)
        parts = shapely.transform(parts, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
        placed = np.isfinite(shapely.bounds(parts)).all(axis=1)
        if not placed.all():
            report.add("outside-crs", path, "", f"{np.count_nonzero(~placed)} features lie where {origin.crs} has no coordinates; left out")
            parts, owner = parts[placed], owner[placed]
    if bbox is not None:
        near = shapely.intersects(parts, shapely.box(*bbox))
        parts, owner = parts[near], owner[near]
    parts = shapely.transform(parts, origin.to_local)
    return Table(parts, {name: values[owner] for name, values in columns.items()})


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


def _as_borders(parts: npt.NDArray[np.object_], owner: npt.NDArray[Any]) -> tuple[npt.NDArray[np.object_], npt.NDArray[Any]]:
    """Polygons made the lines around them and around their holes."""
    polygons = shapely.get_type_id(parts) == 3
    borders, row = shapely.get_parts(shapely.boundary(parts[polygons]), return_index=True)
    return np.concatenate([parts[~polygons], borders]), np.concatenate([owner[~polygons], owner[polygons][row]])
