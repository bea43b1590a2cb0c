"""Readers for the files in which terrain is delivered, one tile each."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj

from . import crs as crs_names
from . import relief
from .arrays import FloatArray
from .files import first_bytes
from .origin import Origin
from .problems import InputProblem, Report
from .terrain import Box, OutsideBox, Terrain

HIGHEST = 9000.0  # metres; whatever is higher or as deep stands for "no height"
WIDEST = 6.0  # degrees: as wide as the zone of a map projection
MOST_STRETCHED = 16  # times as many places as a grid has cells; degrees at 70° north want three
FARTHEST = 1e8  # metres or degrees from the origin of any coordinate system on Earth
MOST = 200_000_000  # grid points of one tile; more would not fit into memory beside the rest
MARGIN = 0.02  # share of a step by which a point may be off the lattice
SRTM_SIZES = (2 * 1201**2, 2 * 3601**2, 2 * 1801 * 3601)  # bytes of a square degree


def is_srtm(path: str | PathLike[str]) -> bool:
    """Whether a file is a square degree of the Shuttle Radar Topography Mission: it has no header, only a name and a size."""
    path = Path(path)
    return path.suffix.lower() == ".hgt" and path.is_file() and path.stat().st_size in SRTM_SIZES


def read_tile(
    path: str | PathLike[str], origin: Origin | None, crs: str | None, bbox: Box | None, step: float | None = None
) -> Terrain:  # fmt: skip
    """One file, told apart by its content. Arguments and errors as for `terrain.read`; step : of triangles laid on a grid."""
    path = Path(path)
    head = first_bytes(path)
    if is_srtm(path) or head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+") or re.match(rb"\s*ncols\s", head, re.IGNORECASE):
        tile = _raster(path, origin, crs, bbox)
    elif relief.is_landxml(path) or (head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{") and relief.in_city_model(path)):
        at, x, y, own_step, heights, report = relief.read(path, origin, crs, bbox, step, in_project)
        tile = Terrain(at, x, y, own_step, heights, report=report)
    else:
        tile = _points(path, head, origin, crs, bbox)
    if not np.isfinite(tile.heights).any():
        raise InputProblem(path, "the file has no heights (all are missing or absurd)", "Check what was delivered")
    tile.report.files = [str(path)]
    tile.report.crs = tile.origin.crs
    tile.report.terrain_points = int(np.count_nonzero(np.isfinite(tile.heights)))
    west, south, east, north = tile.bounds
    low, high = float(np.nanmin(tile.heights)), float(np.nanmax(tile.heights))
    corner, other = tile.origin.to_world(np.array([west, south])), tile.origin.to_world(np.array([east, north]))
    tile.report.extent = (float(corner[0]), float(corner[1]), low, float(other[0]), float(other[1]), high)
    return tile


def _points(path: Path, head: bytes, origin: Origin | None, crs: str | None, bbox: Box | None) -> Terrain:
    """XYZ text: any order, with or without header lines, numbers parted by blanks, tabs, commas or semicolons."""
    report = Report()
    if b"\0" in head:
        raise InputProblem(path, "this is neither XYZ text nor GeoTIFF", "Name a terrain file (.xyz, .txt, .tif, .asc)")
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if text.lstrip()[:1] in (b"<", b"{", b"["):
        raise InputProblem(path, "this is no list of heights", "Name a terrain file (.xyz, .txt, .tif, .asc)")
    text = _without_header(text)
    if (page := text.find(b"<")) >= 0:  # Schleswig-Holstein appends a web page to the heights
        report.add("trailing-text", path, "", "text after the last point was ignored")
        text = text[:page]
    first = next((line for line in text[:4096].splitlines() if line.strip()), b"")
    text = _with_blanks(text, first)
    width = len(_with_blanks(first, first).split())
    points = _columns(path, text, width, report)
    bad = ~np.isfinite(points).all(axis=1) | (np.abs(points[:, 2]) > HIGHEST) | (np.abs(points[:, :2]) > FARTHEST).any(axis=1)
    if bad.any():
        report.add("bad-heights", path, "", f"{int(bad.sum())} points without a sensible place or height were left out")
        points = points[~bad]
    if len(points) < 4:
        raise InputProblem(path, f"the file has only {len(points)} points with a height", "A terrain needs at least four")
    name, points = in_project(path, points, origin, crs, report)
    if origin is None:
        west, south = points[:, :2].min(axis=0).tolist()
        origin = Origin.at(name, west, south)
    if bbox is not None:
        inside = (points[:, 0] >= bbox[0]) & (points[:, 0] <= bbox[2]) & (points[:, 1] >= bbox[1]) & (points[:, 1] <= bbox[3])
        if np.count_nonzero(inside) < 4:
            raise OutsideBox(path, "none of its points lie in the area asked for", "Check the area and the CRS, or leave this file out")
        points = points[inside]
    return _gridded(path, origin.to_local(points), origin, report)


def numbers_in(line: bytes) -> int:
    """How many numbers a line of text holds; 0 when it holds anything else."""
    line = line.strip()
    parts = re.split(rb"[\s;]+|,\s+", line) if re.search(rb"[\s;]", line) else line.split(b",")
    number = rb"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?|[-+]?nan"
    return len(parts) if all(re.fullmatch(number, part, re.IGNORECASE) for part in parts) else 0


def _without_header(text: bytes) -> bytes:
    """The text from the first line on that holds numbers and nothing else."""
    for _ in range(20):
        line, end, rest = text.partition(b"\n")
        if not end or numbers_in(line):
            break
        text = rest
    return text


def _with_blanks(text: bytes, first: bytes) -> bytes:
    """Numbers parted by blanks and with decimal points. first : a line that shows how they are written."""
    parted = first.replace(b";", b" ").split()
    if len(parted) >= 3 and any(re.fullmatch(rb"[+-]?\d+,\d+", part) for part in parted):  # 681735,25 5644970,75 143,60
        return text.replace(b",", b".").replace(b";", b" ")
    return text.replace(b",", b" ").replace(b";", b" ")


def _columns(path: Path, text: bytes, width: int, report: Report) -> FloatArray:
    """(n, 3) the first three numbers of each line; lines with other than `width` numbers are left out and counted."""
    if width < 3:
        raise InputProblem(path, "the lines are not x, y and height", "A list of points needs three numbers in each line")
    kept: list[FloatArray] = []
    wrong = 0
    for piece in _pieces(text):
        values = _all_numbers(piece)
        if len(values) == width * (piece.count(b"\n") + 1):
            kept.append(values.reshape(-1, width)[:, :3])
            continue
        rows = [values for line in piece.splitlines() if len(values := _all_numbers(line)) == width]
        wrong += sum(1 for line in piece.splitlines() if line.strip()) - len(rows)
        kept.append(np.array(rows).reshape(-1, width)[:, :3])
    points = np.concatenate(kept) if kept else np.zeros((0, 3))
    if wrong > len(points):
        raise InputProblem(path, "the file holds something else than x, y and height", "A list of points needs three numbers in each line")
    if wrong:
        report.add("bad-lines", path, "", f"{wrong} lines that are not x, y and height were left out")
    return points


def _pieces(text: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    """The text in pieces of whole lines, so that a broken line costs only its neighbours the slow way."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + size)
        end = len(text) if end < 0 else end
        if piece := text[start:end].strip():
            yield piece
        start = end + 1


def _all_numbers(text: bytes) -> FloatArray:
    """The numbers of a text; none when it holds anything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(text, sep=" ")
        except (DeprecationWarning, ValueError):  # numpy 1 and numpy 2 say so when they stop at a word that is no number
            return np.zeros(0)


def in_project(path: Path, points: FloatArray, origin: Origin | None, crs: str | None, report: Report) -> tuple[str, FloatArray]:
    """The CRS that the points are in at the end, and the points in it. XYZ names none: it is the one given, else the origin's.

    A zone before the easting is cut off, northings before eastings are swapped, geographic points are brought to UTM.
    """
    name = crs_names.given(crs).horizontal if crs else (origin.crs if origin else "")
    if zone := crs_names.zone_before(float(points[:, 0].min()), float(points[:, 0].max())):
        points = points - [zone * 1e6, 0.0, 0.0]
        name = name if name and name not in crs_names.ZONE_BEFORE else f"EPSG:{25800 + zone}"
        report.add("zone-prefix", path, "", f"the eastings begin with the UTM zone {zone}, which was cut off")
    if not name:
        return "", points
    system = crs_names.proj(name)
    (west, south), (east, north) = points[:, :2].min(axis=0).tolist(), points[:, :2].max(axis=0).tolist()
    if reason := crs_names.doubt(name, west, south, east, north):
        if system.is_projected and not crs_names.doubt(name, south, west, north, east):
            points = points[:, [1, 0, 2]]
            report.add("swapped-axes", path, "", "the northings stand before the eastings; they were swapped")
        else:
            report.add("doubtful-crs", path, "", reason)
    target = origin.crs if origin else crs_names.utm_at((west + east) / 2, (south + north) / 2) if system.is_geographic else name
    if target and target != name:
        move = pyproj.Transformer.from_crs(system, crs_names.proj(target), always_xy=True)
        points = np.column_stack([*move.transform(points[:, 0], points[:, 1]), points[:, 2]])
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


@dataclass(frozen=True)
class _Cells:
    """Heights as a raster has them: row 0 the southernmost, (x, y) the first cell's centre in the raster's own CRS."""

    heights: npt.NDArray[np.float32]
    x: float
    y: float
    dx: float
    dy: float


def _raster(path: Path, origin: Origin | None, crs: str | None, bbox: Box | None) -> Terrain:
    """GeoTIFF or ESRI ASCII grid. Heights belong to the pixels' centres, whether the file says area or point."""
    report = Report()
    name, cells = _cells(path, origin, crs, bbox, report)
    if not max(abs(cells.x), abs(cells.y)) < FARTHEST:
        raise InputProblem(path, f"its corner lies at {cells.x:g}, {cells.y:g}, which is nowhere on Earth", "Check the file's first lines")
    geographic = bool(name) and crs_names.proj(name).is_geographic
    if origin is not None:
        target = origin.crs
    elif geographic:
        if max(cells.heights.shape[1] * cells.dx, cells.heights.shape[0] * cells.dy) > WIDEST:
            raise InputProblem(
                path, f"it covers more than {WIDEST:g} degrees, no town does", "Cut out the town's surroundings with gdalwarp"
            )
        rows, columns = cells.heights.shape
        target = crs_names.utm_at(cells.x + cells.dx * columns / 2, cells.y + cells.dy * rows / 2)
    else:
        target = name
    if (name and target and name != target) or abs(cells.dx - cells.dy) > 1e-6 * cells.dx:
        tile = _warped(path, cells, name, target, origin)
        change = f"from {name} to {target}" if name != target else f"from cells of {cells.dx:g} × {cells.dy:g} m to square ones"
        report.add("terrain-reprojected", path, "", f"heights were brought {change}, bilinear")
    else:
        origin = origin or Origin.at(target, cells.x, cells.y)
        tile = Terrain(origin, cells.x - origin.easting, cells.y - origin.northing, cells.dx, cells.heights)
    tile.report = report
    if bbox is None:
        return tile
    west, south, east, north = (*tile.origin.to_local(np.array(bbox[:2])), *tile.origin.to_local(np.array(bbox[2:])))
    return tile.clipped((float(west), float(south), float(east), float(north)))


def _cells(path: Path, origin: Origin | None, crs: str | None, bbox: Box | None, report: Report) -> tuple[str, _Cells]:
    """The raster's CRS and its heights, of a large one only what lies about the box."""
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    driver = "AAIGrid" if first_bytes(path).lstrip()[:5].lower() == b"ncols" else "GTiff"  # and no other that GDAL might think of
    if is_srtm(path):
        driver = "SRTMHGT"
        report.add("srtm", path, "", "its heights count from the geoid EGM96, and roofs and treetops are in them: good for hills far away")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rasterio warns of what is refused below with a sentence
            with rasterio.open(path, driver=driver) as source:
                transform = source.transform
                if source.count < 1 or source.dtypes[0].startswith("complex"):
                    raise InputProblem(path, "the picture holds no heights", "Name a terrain model with one band")
                if source.count >= 3 and set(source.dtypes) == {"uint8"}:
                    raise InputProblem(path, "this is a colour picture, not heights", "Name a terrain model with one band")
                if transform.is_identity:
                    raise InputProblem(
                        path, "the picture has no georeference, so its place is unknown", "Ask for a GeoTIFF or add a world file"
                    )
                if abs(transform.b) > 1e-9 or abs(transform.d) > 1e-9 or transform.a <= 0:
                    raise InputProblem(path, "the grid is turned against its coordinate system", "Warp it with gdalwarp first")
                if source.count > 1:
                    report.add("several-bands", path, "", f"of {source.count} bands the first was taken for heights")
                stated = crs_names.parse(source.crs.to_wkt()).horizontal if source.crs else ""
                name = stated or (crs_names.given(crs).horizontal if crs else origin.crs if origin else "")
                window = Window(0, 0, source.width, source.height)
                if bbox is not None:
                    window = _window(path, source, bbox, origin.crs if origin else name, name)
                if window.width * window.height > MOST:
                    raise InputProblem(
                        path,
                        f"it has {window.width} × {window.height} cells",
                        "Name the area you need (--bbox), or reduce it with gdalwarp",
                    )
                heights = source.read(1, window=window, masked=True).astype(np.float32).filled(np.nan)
                heights = heights * np.float32(source.scales[0]) + np.float32(source.offsets[0])
    except RasterioError as error:
        raise InputProblem(path, f"the file cannot be read as a raster ({str(error).splitlines()[0]})", "Download it again") from error
    heights[np.abs(heights) > HIGHEST] = np.nan
    x = transform.c + transform.a * (window.col_off + 0.5)
    if transform.e > 0:  # rows from south to north
        return name, _Cells(heights, x, transform.f + transform.e * (window.row_off + 0.5), transform.a, transform.e)
    y = transform.f + transform.e * (window.row_off + heights.shape[0] - 0.5)
    return name, _Cells(np.ascontiguousarray(heights[::-1]), x, y, transform.a, -transform.e)


def _window(path: Path, source: Any, bbox: Box, target: str, name: str) -> Any:
    """The part of a raster about a box in CRS `target`, with two cells around it."""
    from rasterio.windows import Window

    box = bbox
    if name and target and name != target:
        box = pyproj.Transformer.from_crs(crs_names.proj(target), crs_names.proj(name), always_xy=True).transform_bounds(*bbox)
    inverse = ~source.transform
    (c0, r0), (c1, r1) = inverse @ (box[0], box[3]), inverse @ (box[2], box[1])
    columns, rows = sorted((c0, c1)), sorted((r0, r1))
    first = max(math.floor(columns[0]) - 2, 0), max(math.floor(rows[0]) - 2, 0)
    last = min(math.ceil(columns[1]) + 2, source.width), min(math.ceil(rows[1]) + 2, source.height)
    if last[0] - first[0] < 2 or last[1] - first[1] < 2:
        raise OutsideBox(path, "none of it lies in the area asked for", "Check the area and the CRS, or leave this file out")
    return Window(first[0], first[1], last[0] - first[0], last[1] - first[1])


Move = Callable[[Any, Any], tuple[Any, Any]]


def _warped(path: Path, cells: _Cells, name: str, target: str, origin: Origin | None) -> Terrain:
    """Heights on a square grid in another CRS, bilinear. By pyproj and our own grid, so that no second PROJ is asked."""
    rows, columns = cells.heights.shape
    stretched = Terrain(Origin("", 0, 0), 0.0, 0.0, 1.0, cells.heights)
    there: Move = lambda x, y: (x, y)  # noqa: E731
    back = there
    if name and target and name != target:
        there = pyproj.Transformer.from_crs(crs_names.proj(name), crs_names.proj(target), always_xy=True).transform
        back = pyproj.Transformer.from_crs(crs_names.proj(target), crs_names.proj(name), always_xy=True).transform
    column, row = np.arange(columns), np.arange(rows)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of a header that makes no sense
        edge_x = cells.x + cells.dx * np.concatenate([column, column, np.zeros(rows), np.full(rows, columns - 1)])
        edge_y = cells.y + cells.dy * np.concatenate([np.zeros(columns), np.full(columns, rows - 1), row, row])
        east, north = there(edge_x, edge_y)
        middle = cells.x + cells.dx * (columns - 1) / 2, cells.y + cells.dy * (rows - 1) / 2
        xs, ys = there(np.array([middle[0], middle[0] + cells.dx, middle[0]]), np.array([middle[1], middle[1], middle[1] + cells.dy]))
        step = np.round(np.minimum(np.hypot(xs[1] - xs[0], ys[1] - ys[0]), np.hypot(xs[2] - xs[0], ys[2] - ys[0])), 3)
        wanted = float(np.ptp(east) / step * np.ptp(north) / step)
    if not wanted < MOST_STRETCHED * max(rows * columns, 1000):
        what = f"its cells ({cells.dx:g} × {cells.dy:g}) cannot be brought to a square grid"
        raise InputProblem(path, what, "Check its coordinate system and the size of its cells")
    step = float(step)
    west, south = math.ceil(np.min(east) / step) * step, math.ceil(np.min(north) / step) * step
    origin = origin or Origin.at(target, west, south)
    x_axis, y_axis = np.arange(west, np.max(east), step), np.arange(south, np.max(north), step)
    found = np.empty((len(y_axis), len(x_axis)), np.float32)
    strip = max(1_000_000 // len(x_axis), 1)  # rows at a time: the transformation needs many times the memory of the heights
    for begin in range(0, len(y_axis), strip):
        grid_x, grid_y = np.meshgrid(x_axis, y_axis[begin : begin + strip])
        source_x, source_y = back(grid_x.ravel(), grid_y.ravel())
        places = np.column_stack([(source_x - cells.x) / cells.dx, (source_y - cells.y) / cells.dy])
        found[begin : begin + strip] = stretched.height_at(places).reshape(grid_x.shape)
    return Terrain(origin, west - origin.easting, south - origin.northing, step, found)
