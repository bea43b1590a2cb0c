"""Readers for the files in which terrain is delivered, one tile each."""

from __future__ import annotations

import re
import warnings
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyproj

from . import crs as crs_names
from .model import FloatArray
from .origin import Origin
from .problems import InputProblem, Report
from .terrain import Box, Terrain

HIGHEST = 9000.0  # metres; whatever is higher or as deep stands for "no height"
MARGIN = 0.02  # share of a step by which a point may be off the lattice


def read_tile(path: str | PathLike[str], origin: Origin | None, crs: str | None, bbox: Box | None) -> Terrain:
    """One file, told apart by its content. Arguments and errors as for `terrain.read`."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError as error:
        raise InputProblem(path, "there is no such file", "Check the name") from error
    except IsADirectoryError as error:
        raise InputProblem(path, "this is a folder", "Name the files in it") from error
    except OSError as error:
        raise InputProblem(path, f"the file cannot be opened ({error.strerror})", "Check its access rights") from error
    if not head.strip():
        raise InputProblem(path, "the file is empty", "Download it again")
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+") or re.match(rb"\s*ncols\s", head, re.IGNORECASE):
        tile = _raster(path, origin, crs, bbox)
    else:
        tile = _points(path, head, origin, crs, bbox)
    if not np.isfinite(tile.heights).any():
        raise InputProblem(path, "the file has no heights (all are missing or absurd)", "Check what was delivered")
    tile.report.files = [str(path)]
    tile.report.crs = tile.origin.crs
    west, south, east, north = tile.bounds
    low, high = float(np.nanmin(tile.heights)), float(np.nanmax(tile.heights))
    corner, other = tile.origin.to_world(np.array([west, south])), tile.origin.to_world(np.array([east, north]))
    tile.report.extent = (float(corner[0]), float(corner[1]), low, float(other[0]), float(other[1]), high)
    return tile


def _points(path: Path, head: bytes, origin: Origin | None, crs: str | None, bbox: Box | None) -> Terrain:
    """XYZ text: any order, with or without a header, numbers parted by blanks, tabs, commas or semicolons."""
    report = Report()
    text = path.read_bytes()
    if b"\0" in head:
        raise InputProblem(path, "this is neither XYZ text nor GeoTIFF", "Name a terrain file (.xyz, .txt, .tif, .asc)")
    text = text.removeprefix(b"\xef\xbb\xbf")
    first = text.split(b"\n", 1)[0].strip().lower()
    if first.startswith((b"<", b"{", b"[")):
        raise InputProblem(path, "this is no list of heights", "Name a terrain file (.xyz, .txt, .tif, .asc)")
    if re.search(rb"[a-z_\"]", first.replace(b"e", b"").replace(b"nan", b"")):
        text = text.split(b"\n", 1)[1] if b"\n" in text else b""
    if (page := text.find(b"<")) >= 0:  # Schleswig-Holstein appends a web page to the heights
        report.add("trailing-text", path, "", "text after the last point was ignored")
        text = text[:page]
    if b";" in text[:4096] and re.search(rb"\d,\d", text[:4096]):
        text = text.replace(b",", b".").replace(b";", b" ")
    else:
        text = text.replace(b",", b" ").replace(b";", b" ")
    width = len(next((line for line in text[:4096].splitlines() if line.strip()), b"").split())
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            values = np.fromstring(text, sep=" ")
        except DeprecationWarning as error:
            raise InputProblem(path, "the file holds something else than numbers", "A list of points needs lines of x, y and height") from error
    if width < 3 or not len(values) or len(values) % width:
        raise InputProblem(path, "the lines are not x, y and height", "A list of points needs three numbers in each line")
    points = values.reshape(-1, width)[:, :3]
    bad = ~np.isfinite(points).all(axis=1) | (np.abs(points[:, 2]) > HIGHEST)
    if bad.any():
        report.add("bad-heights", path, "", f"{int(bad.sum())} points without a sensible height were left out")
        points = points[~bad]
    if len(points) < 4:
        raise InputProblem(path, f"the file has only {len(points)} points with a height", "A terrain needs at least four")
    name, points = _unprefixed(path, points, origin, crs, report)
    if origin is None:
        low = points.min(axis=0)
        origin = Origin.at(name, float(low[0]), float(low[1]))
    if bbox is not None:
        inside = (points[:, 0] >= bbox[0]) & (points[:, 0] <= bbox[2]) & (points[:, 1] >= bbox[1]) & (points[:, 1] <= bbox[3])
        if np.count_nonzero(inside) < 4:
            raise InputProblem(path, "none of its points lie in the area asked for", "Check the area and the CRS, or leave this file out")
        points = points[inside]
    return _gridded(path, origin.to_local(points), origin, report)


def _unprefixed(path: Path, points: FloatArray, origin: Origin | None, crs: str | None, report: Report) -> tuple[str, FloatArray]:
    """CRS name and points of an XYZ file, which names none itself: that given, else the origin's. A zone before the easting is cut off."""
    name = crs_names.given(crs).horizontal if crs else (origin.crs if origin else "")
    zone = int(points[0, 0] // 1e6)
    if 28 <= zone <= 38 and points[:, 0].min() >= zone * 1e6 + 1e5 and points[:, 0].max() < zone * 1e6 + 9e5:
        points = points - [zone * 1e6, 0.0, 0.0]
        name = name if name and name not in ("EPSG:4647", "EPSG:5650") else f"EPSG:{25800 + zone}"
        report.add("zone-prefix", path, "", f"the eastings begin with the UTM zone {zone}, which was cut off")
    target = origin.crs if origin else name
    if name and target and name != target:
        x, y = pyproj.Transformer.from_crs(crs_names.proj(name), crs_names.proj(target), always_xy=True).transform(points[:, 0], points[:, 1])
        points = np.column_stack([x, y, points[:, 2]])
    if name and crs_names.proj(name).is_projected:
        west, south, east, north = *points[:, :2].min(axis=0), *points[:, :2].max(axis=0)
        if reason := crs_names.doubt(target or name, west, south, east, north):
            report.add("doubtful-crs", path, "", reason)
    return target or name, points


def _gridded(path: Path, points: FloatArray, origin: Origin, report: Report) -> Terrain:
    """Points onto their lattice; the step is the most common distance between neighbouring coordinates."""
    steps = []
    for axis in (0, 1):
        distances = np.diff(np.unique(np.round(points[:, axis], 3)))
        distances = distances[distances > 1e-3]
        if not len(distances):
            raise InputProblem(path, "all its points lie on one line", "A terrain needs points in both directions")
        values, counts = np.unique(np.round(distances, 3), return_counts=True)
        steps.append(float(values[np.argmax(counts)]))
    step = max(steps)
    west, south = points[:, :2].min(axis=0)
    place = (points[:, :2] - [west, south]) / step
    index = np.round(place)
    if np.mean(np.abs(place - index).max(axis=1) > MARGIN) > 0.01:
        raise InputProblem(path, "its points do not lie on a regular grid", "Ask for the gridded terrain model (DGM), or grid it with GDAL")
    columns, rows = (index.max(axis=0).astype(np.int64) + 1).tolist()
    if columns * rows > max(100 * len(points), 10_000):
        raise InputProblem(path, f"its {len(points)} points are scattered over {columns} × {rows} grid places", "Check the file")
    heights = np.full(rows * columns, np.nan, np.float32)
    heights[index[:, 1].astype(np.int64) * columns + index[:, 0].astype(np.int64)] = points[:, 2]
    return Terrain(origin, float(west), float(south), step, heights.reshape(rows, columns), report=report)


def _raster(path: Path, origin: Origin | None, crs: str | None, bbox: Box | None) -> Terrain:
    """GeoTIFF or ESRI ASCII grid. Heights belong to the pixels' centres, whether the file says area or point."""
    import rasterio
    from rasterio.errors import RasterioError, RasterioIOError

    report = Report()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rasterio warns of what is refused below with a sentence
            with rasterio.open(path) as source:
                transform, wkt = source.transform, _wkt(source)
                if source.count < 1 or source.dtypes[0].startswith("complex"):
                    raise InputProblem(path, "the picture holds no heights", "Name a terrain model with one band")
                if transform.is_identity:
                    raise InputProblem(path, "the picture has no georeference, so its place is unknown", "Ask for a GeoTIFF or add a world file")
                if abs(transform.b) > 1e-9 or abs(transform.d) > 1e-9:
                    raise InputProblem(path, "the grid is turned against its coordinate system", "Warp it with gdalwarp first")
                if source.count > 1:
                    report.add("several-bands", path, "", f"of {source.count} bands the first was taken for heights")
                heights = source.read(1, masked=True).astype(np.float32).filled(np.nan)
    except (RasterioIOError, RasterioError) as error:
        raise InputProblem(path, f"the file cannot be read as a raster ({str(error).splitlines()[0]})", "Download it again") from error
    heights[np.abs(heights) > HIGHEST] = np.nan
    name = crs_names.given(crs).horizontal if crs else crs_names.parse(wkt).horizontal if wkt else (origin.crs if origin else "")
    if transform.e > 0:  # rows from south to north
        y, dy = transform.f + transform.e / 2, transform.e
    else:
        heights = heights[::-1]
        y, dy = transform.f + transform.e * (heights.shape[0] - 0.5), -transform.e
    x, dx = transform.c + transform.a / 2, transform.a
    target = origin.crs if origin else name
    if name and (crs_names.proj(name).is_geographic or (target and name != target)):
        if origin is None:
            target = crs_names.utm_at(x + dx * heights.shape[1] / 2, y + dy * heights.shape[0] / 2) if crs_names.proj(name).is_geographic else name
        return _warped(heights, x, y, dx, dy, name, target, origin, report)
    if abs(dx - dy) > 1e-6 * dx:
        return _warped(heights, x, y, dx, dy, name, target, origin, report)
    origin = origin or Origin.at(target, x, y)
    tile = Terrain(origin, x - origin.easting, y - origin.northing, float(dx), np.ascontiguousarray(heights), report=report)
    if bbox is not None:
        west, south = origin.to_local(np.array(bbox[:2]))
        east, north = origin.to_local(np.array(bbox[2:]))
        tile = tile.clipped((float(west), float(south), float(east), float(north)))
    return tile


def _wkt(source: Any) -> str:
    """The raster's CRS as WKT; "" when it has none, or one that a foreign PROJ installation cannot tell."""
    return source.crs.to_wkt() if source.crs else ""


def _warped(
    heights: Any, x: float, y: float, dx: float, dy: float, name: str, target: str, origin: Origin | None, report: Report
) -> Terrain:  # fmt: skip
    """Heights on a square grid in another CRS, bilinear. By pyproj and our own grid, so that no second PROJ is asked."""
    rows, columns = heights.shape
    stretched = Terrain(Origin("", 0, 0), 0.0, 0.0, 1.0, np.ascontiguousarray(heights))
    edge_x = x + dx * np.concatenate([np.arange(columns), np.arange(columns), np.zeros(rows), np.full(rows, columns - 1)])
    edge_y = y + dy * np.concatenate([np.zeros(columns), np.full(columns, rows - 1), np.arange(rows), np.arange(rows)])
    if name == target or not name:
        forward = lambda a, b: (a, b)  # noqa: E731
        back = forward
    else:
        there = pyproj.Transformer.from_crs(crs_names.proj(name), crs_names.proj(target), always_xy=True)
        forward = there.transform
        back = pyproj.Transformer.from_crs(crs_names.proj(target), crs_names.proj(name), always_xy=True).transform
    east, north = forward(edge_x, edge_y)
    middle = forward(x + dx * (columns - 1) / 2 + np.array([0, dx]), np.full(2, y + dy * (rows - 1) / 2))
    across = float(np.hypot(middle[0][1] - middle[0][0], middle[1][1] - middle[1][0]))
    middle = forward(np.full(2, x + dx * (columns - 1) / 2), y + dy * (rows - 1) / 2 + np.array([0, dy]))
    step = round(min(across, float(np.hypot(middle[0][1] - middle[0][0], middle[1][1] - middle[1][0]))), 3)
    origin = origin or Origin.at(target, float(np.min(east)), float(np.min(north)))
    west, south = np.ceil(np.min(east) / step) * step, np.ceil(np.min(north) / step) * step
    grid_x, grid_y = np.meshgrid(np.arange(west, np.max(east), step), np.arange(south, np.max(north), step))
    source_x, source_y = back(grid_x.ravel(), grid_y.ravel())
    found = stretched.height_at(np.column_stack([(source_x - x) / dx, (source_y - y) / dy])).reshape(grid_x.shape)
    report.add("terrain-reprojected", report.files[0] if report.files else "", "", f"heights were brought from {name or 'a stretched grid'} to {target or 'square cells'}, bilinear")
    return Terrain(origin, float(west - origin.easting), float(south - origin.northing), step, found.astype(np.float32), report=report)
