"""Vector files read: the layers of the kind asked for, as single shapes in scene coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from .. import crs as crs_names
from .. import drawings
from ..origin import Origin
from ..problems import InputProblem, Report
from . import gml, layers, osm, register
from .layers import Raw
from .tables import Box, Paths, Table

SHAPES = {"trees": "points", "streets": "lines", "lines": "lines and points"}  # of a kind; of all others polygons
_TYPES = {"points": (0,), "lines": (1,), "polygons": (3,), "lines and points": (0, 1)}


def read(paths: Paths, origin: Origin, kind: str, report: Report, bbox: Box | None) -> Table:
    """All features of some files as single points, lines or polygons in scene coordinates; closed lines count as polygons.

    A feature that stands in several files counts once. kind : streets, trees, areas, plots, plan_areas or lines. bbox : (west, south,
    east, north) in the origin's CRS; only what reaches into it.
    """
    tables = [_read_one(Path(path), origin, kind, report, bbox) for path in paths]
    if len(tables) > 1:
        tables = _once(tables, paths, report)
    return _joined(tables)


def _joined(tables: list[Table]) -> Table:
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    columns = {
        name: np.concatenate([table.columns.get(name, np.full(len(table.geometry), None, object)).astype(object) for table in tables])
        for name in names
    }
    nothing = np.zeros(0, object)
    geometry = np.concatenate([nothing, *(table.geometry for table in tables)])
    return Table(geometry, columns, np.concatenate([nothing, *(table.sources for table in tables)]))


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


def raw(path: Path, kind: str, report: Report) -> dict[str, Raw]:
    """The features of a file as they stand in it, by layers: those of this kind, where none is those that are of no other, else all.
    Raises InputProblem."""
    if not path.is_file():
        raise InputProblem(path, "there is no such file", "Check the name")
    drawings.refuse_dwg(path)
    if register.is_one(path):
        trees = register.read(path)
        return {path.stem: (trees.geometry, trees.columns, "")}
    try:
        if osm.is_one(path):
            return {path.stem: (*osm.read(path, SHAPES.get(kind, "polygons")), "EPSG:4326")}
        if gml.is_nas(path):
            plots = ("AX_Flurstueck",)
            found = gml.read(path, report, wanted=lambda name: (name in plots) == (kind == "plots"))
            return {name: (layer.geometry, layer.columns, layer.system) for name, layer in found.items()}
        if gml.is_one(path):
            found = gml.read(path, report)
            kinds = {name: layers.kind_of(name, path, layer.geometry, layer.columns) for name, layer in found.items()}
            return {name: (found[name].geometry, found[name].columns, found[name].system) for name in _chosen(kinds, kind)}
        return {name: layers.features(path, name) for name in _chosen(layers.kinds(path), kind)}
    except layers.errors() as error:
        raise InputProblem(
            path,
            f"the file cannot be read as {SHAPES.get(kind, 'polygons')} ({str(error).splitlines()[0]})",
            "Download it again, or name a GeoJSON, GeoPackage or Shapefile",
        ) from error


def _chosen(kinds: dict[str, layers.Kind | None], wanted: str) -> list[str]:
    """The layers to read under a key."""
    of_it = [name for name, kind in kinds.items() if kind == wanted]
    return of_it or [name for name, kind in kinds.items() if kind in ("lines", None)] or list(kinds)


def _read_one(path: Path, origin: Origin, kind: str, report: Report, bbox: Box | None) -> Table:
    shape = SHAPES.get(kind, "polygons")
    # A drawing names no coordinate system: its numbers are held against the project's.
    found = {path.stem: drawings.read(path, shape, origin.crs, report)} if drawings.is_one(path) else raw(path, kind, report)
    report.files.append(str(path))
    return _joined([_placed(path, layer, one, origin, shape, report, bbox) for layer, one in found.items()])


def _placed(path: Path, layer: str, found: Raw, origin: Origin, wanted: str, report: Report, bbox: Box | None) -> Table:
    features, columns, stated = found
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
    sources = np.full(len(parts), None, object)
    sources[:] = [(path, layer)] * len(parts)
    return Table(parts, {name: values[owner] for name, values in columns.items()}, sources)


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
