"""Aerial pictures: GeoTIFF, JPEG, PNG, JPEG 2000, with world files; several tiles joined to one picture in the scene's coordinate system.

Beside a picture `NAME.tif` may lie a `NAME.toml` that says whose it is, with the keys source, licence, date, url (all of them words).
"""

from __future__ import annotations

import io
import math
import re
import tomllib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
from PIL import Image

from . import crs as crs_names
from .arrays import FloatArray
from .files import first_bytes
from .origin import Origin
from .problems import InputProblem, Progress, Report, no_progress
from .terrain import Box

MOST = 8192  # pixels along the longer side of what is kept
QUALITY = 92  # of the JPEG it is kept as
NOTE_KEYS = ("source", "licence", "date", "url")
WORLD_FILES = (".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".tfw", ".tifw", ".tiffw", ".j2w", ".jp2w", ".wld")
BESIDE = (*WORLD_FILES, ".prj", ".toml", ".aux.xml")
ENDINGS = (".jpg", ".jpeg", ".png", ".jp2", ".j2k")
_DRIVERS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"\0\0\0\x0cjP  ": "JP2OpenJPEG", b"\xff\x4f\xff\x51": "JP2OpenJPEG"}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_CELL = 64  # pixels between exact transformations; between them it is linear, off by less than a millionth of the distance
WIDEST = 6.0  # degrees: as wide as the zone of a map projection
_LOOKED_AT = 512  # pixels of a picture that tell how bright it is


@dataclass(frozen=True, eq=False)
class Orthophoto:
    """A picture from above in scene coordinates, north up. x, y : its south-west outer corner. step : metres per pixel. jpeg, mask : the
    picture and, as PNG of one bit, where there is one. source : who gave it, under which licence and of when; "" where nothing says so."""

    x: float
    y: float
    step: float
    jpeg: bytes
    mask: bytes
    source: str = ""

    @cached_property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """(rows, columns, 3), row 0 in the north."""
        return np.asarray(Image.open(io.BytesIO(self.jpeg)).convert("RGB"))

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_]:
        """(rows, columns) where there is a picture."""
        return np.asarray(Image.open(io.BytesIO(self.mask)).convert("1"))

    @property
    def bounds(self) -> Box:
        """(west, south, east, north) of the outer edges, scene coordinates."""
        rows, columns = self.covered.shape
        return self.x, self.y, self.x + columns * self.step, self.y + rows * self.step


Move = Callable[[Any, Any], tuple[Any, Any]]
_At = tuple[str, int, int]  # a CRS, "" for the picture's own, and where in it the zero point lies


@dataclass(frozen=True)
class _Picture:
    """A file that has been looked at. place : affine from (column, row) to its own CRS. bands : which are red, green, blue."""

    path: Path
    driver: str
    columns: int
    rows: int
    place: Any
    crs: str
    bands: tuple[int, ...]
    palette: FloatArray | None
    deep: bool


def driver(path: str | PathLike[str]) -> str:
    """GDAL's name for the kind of picture, told by the first bytes; "" for what is none."""
    head = first_bytes(path)
    if head.startswith(_TIFF):
        return "GTiff"
    return next((name for mark, name in _DRIVERS.items() if head.startswith(mark)), "")


def is_one(path: str | PathLike[str]) -> bool:
    """Whether a file is a picture in colours, by its content (a raster with one band may be heights: those are terrain)."""
    kind = driver(path)
    if kind != "GTiff":
        return bool(kind)
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(path, driver=kind) as source:
                return _has_palette(source) or (source.count >= 3 and set(source.dtypes) <= {"uint8", "uint16"})
    except RasterioError:
        return False  # who reads it as terrain says what is wrong


def _has_palette(source: Any) -> bool:
    from rasterio.enums import ColorInterp

    return bool(source.colorinterp[0] == ColorInterp.palette)


def belonging(path: Path) -> list[Path]:
    """The files beside a picture that say where and whose it is, whichever case their endings are in."""
    names = {path.stem.lower() + ending for ending in BESIDE} | {path.name.lower() + ".aux.xml"}
    return sorted(one for one in path.parent.iterdir() if one.name.lower() in names)


def is_placed(path: Path) -> bool:
    """Whether a picture says where it lies; never raises for its content."""
    try:
        _looked_at(path, "", "")
    except InputProblem:
        return False
    return True


def read(
    paths: Sequence[str | PathLike[str]],
    origin: Origin,
    report: Report,
    box: Box | None = None,
    *,
    crs: str | None = None,
    progress: Progress = no_progress,
) -> Orthophoto | None:
    """The pictures joined, in the origin's CRS, cropped to a box of scene coordinates; None where nothing of them lies in it.

    The finest decides the step, unless there would be more than MOST pixels along a side. Where pictures overlap the first one counts.
    crs : of pictures that name none; else the origin's is taken. Raises InputProblem for what is no picture or has no place.
    """
    pictures = [_looked_at(Path(path), crs or "", origin.crs) for path in paths]
    at = origin.crs, origin.easting, origin.northing
    boxes = [_bounds(one, at) for one in pictures]
    inside, within = [], []
    for one, bounds in zip(pictures, boxes, strict=True):
        west, south, east, north = bounds if box is None else _common(bounds, box)
        report.files.append(str(one.path))
        if west >= east or south >= north:
            report.add("outside-box", one.path, "", "the picture was left out: none of it lies on the site's ground")
            continue
        inside.append(one)
        within.append((west, south, east, north))
        if one.crs != origin.crs:
            report.add("orthophoto-reprojected", one.path, "", f"the picture was brought from {one.crs} to {origin.crs}, bilinear")
    if not inside:
        return None
    edges = np.array(within)
    west, south = edges[:, :2].min(axis=0).tolist()
    east, north = edges[:, 2:].max(axis=0).tolist()
    finest = min(_step(one, at) for one in inside)
    step = max(finest, max(east - west, north - south) / MOST)
    if step > finest * 1.001:
        step = math.ceil(step * 100) / 100
        sentence = f"the picture has {finest:.2f} m per pixel and was reduced to {step:.2f} m, so that it has {MOST} pixels a side at most"
        report.add("orthophoto-reduced", inside[0].path, "", sentence)
    west, south = math.floor(west / step + 1e-6) * step, math.floor(south / step + 1e-6) * step
    columns, rows = math.ceil((east - west) / step - 1e-6), math.ceil((north - south) / step - 1e-6)
    full = _full(inside)
    canvas = Image.new("RGB", (columns, rows))
    mask = Image.new("L", (columns, rows))
    north = south + rows * step
    for number in reversed(range(len(inside))):  # so that the first one comes on top
        progress(1 - (number + 1) / len(inside), inside[number].path.name)
        w, s, e, n = within[number]
        left, top = math.floor((w - west) / step + 1e-6), math.floor((north - n) / step + 1e-6)
        right, bottom = min(math.ceil((e - west) / step - 1e-6), columns), min(math.ceil((north - s) / step - 1e-6), rows)
        piece, there = _warped(inside[number], at, (west + left * step, north - top * step), step, (right - left, bottom - top), full)
        canvas.paste(piece, (left, top), there)
        mask.paste(255, (left, top), there)
    jpeg, bits = io.BytesIO(), io.BytesIO()
    canvas.save(jpeg, "JPEG", quality=QUALITY, subsampling=0)
    mask.convert("1", dither=Image.Dither.NONE).save(bits, "PNG")
    said = dict.fromkeys(words for one in inside if (words := _credit(one.path, report)))
    report.features["orthophoto"] = report.features.get("orthophoto", 0) + len(inside)
    return Orthophoto(west, south, step, jpeg.getvalue(), bits.getvalue(), "; ".join(said))


def check(path: Path, crs: str | None = None) -> Report:
    """What a picture is, with its extent (flat: heights 0) in its own system, of degrees in the UTM zone it lies in."""
    report = Report(files=[str(path)])
    one = _looked_at(path, crs or "", "")
    target = one.crs
    if target and crs_names.proj(target).is_geographic:
        if max(abs(one.place.a * one.columns), abs(one.place.e * one.rows)) > WIDEST:
            raise InputProblem(
                path, f"it covers more than {WIDEST:g} degrees, no town does", "Cut out the town's surroundings with gdalwarp"
            )
        west, south, east, north = _bounds(one, (target, 0, 0))
        target = crs_names.utm_at((west + east) / 2, (south + north) / 2)
    west, south, east, north = _bounds(one, (target, 0, 0))
    report.extent, report.crs = (west, south, 0.0, east, north, 0.0), target
    report.features = {"orthophoto": 1}
    _credit(path, report)
    return report


def _common(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _looked_at(path: Path, given: str, assumed: str) -> _Picture:
    """What a picture says of itself. given, assumed : CRS where it names none."""
    import rasterio
    from rasterio.errors import RasterioError

    kind = driver(path)
    if not kind:
        raise InputProblem(path, "this is no picture that is known", "Name GeoTIFF, JPEG, PNG or JPEG 2000")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what rasterio warns of is refused below with a sentence
            with rasterio.open(path, driver=kind) as source:
                place, palette = source.transform, None
                if place.is_identity and (beside := _world_file(path)) is not None:
                    place = beside
                if place.is_identity:
                    what = "the picture has no georeference, so its place is unknown"
                    raise InputProblem(path, what, "Ask for a GeoTIFF, or put its world file (.jgw, .pgw, .tfw) beside it")
                if place.determinant == 0 or not all(map(math.isfinite, place)):
                    raise InputProblem(path, "its georeference gives the picture no extent", "Ask for it again")
                if _has_palette(source):
                    palette = np.zeros((256, 4))
                    for index, colour in source.colormap(1).items():
                        palette[index] = colour
                elif set(source.dtypes) - {"uint8", "uint16"} or (source.count < 3 and source.dtypes[0] != "uint8"):
                    raise InputProblem(path, "this is no picture in colours; it may be heights", "Name it under terrain of [data]")
                stated = crs_names.parse(source.crs.to_wkt()).horizontal if source.crs else ""
                name = stated or _prj(path) or (crs_names.given(given).horizontal if given else assumed)
                if not stated and (zone := crs_names.zone_before(place.c, (place @ (source.width, 0))[0])):
                    name = {32: "EPSG:4647", 33: "EPSG:5650"}.get(zone, name)
                one = _Picture(
                    path, kind, source.width, source.height, place, name, _colours(source), palette, source.dtypes[0] == "uint16"
                )
    except RasterioError as error:
        raise InputProblem(path, f"the picture cannot be read ({str(error).splitlines()[0]})", "Download it again") from error
    if name:
        west, south, east, north = _bounds(one, (name, 0, 0))
        if reason := crs_names.doubt(name, west, south, east, north):
            raise InputProblem(path, reason, "Put the right system beside it as a .prj file, or state it with --crs")
    return one


def _colours(source: Any) -> tuple[int, ...]:
    """The numbers of the bands that are red, green and blue: those that are called so, else the first three; of a grey picture the one."""
    from rasterio.enums import ColorInterp

    named = {colour: number for number, colour in reversed(list(enumerate(source.colorinterp, 1)))}
    colours = tuple(named.get(colour, 0) for colour in (ColorInterp.red, ColorInterp.green, ColorInterp.blue))
    if all(colours):
        return colours
    return (1, 2, 3) if source.count >= 3 else (1, 1, 1)


def _world_file(path: Path) -> Any:
    """The affine that a world file states: six numbers, the place that of the first pixel's middle. None without one."""
    from rasterio.transform import Affine

    for beside in belonging(path):
        if beside.suffix.lower() not in WORLD_FILES:
            continue
        words = beside.read_text(encoding="latin-1").replace(",", ".").split()
        try:
            a, d, b, e, c, f = (float(word) for word in words[:6])
        except ValueError as error:
            raise InputProblem(beside, "this world file does not hold six numbers", "Ask for it again") from error
        return Affine(a, b, c, d, e, f) @ Affine.translation(-0.5, -0.5)
    return None


def _prj(path: Path) -> str:
    """The CRS that a .prj file beside a picture names, "" without one or where it is not understood."""
    for beside in belonging(path):
        if beside.suffix.lower() == ".prj":
            return crs_names.parse(beside.read_text(encoding="latin-1").strip()).horizontal
    return ""


def _credit(path: Path, report: Report) -> str:
    """The line that the side file of a picture makes, "" without one."""
    for beside in belonging(path):
        if beside.suffix.lower() != ".toml":
            continue
        try:
            said = tomllib.loads(beside.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            report.add("side-file", beside, "", f"what it says of the picture cannot be read ({error})")
            return ""
        if unknown := [key for key in said if key not in NOTE_KEYS]:
            report.add("side-file", beside, "", f"unknown keys were left out: {', '.join(unknown)} (known: {', '.join(NOTE_KEYS)})")
        words = {key: str(said[key]).strip() for key in NOTE_KEYS if str(said.get(key, "")).strip()}
        whose = ", ".join(words[key] for key in ("source", "licence") if key in words)
        when = f" ({words['date']})" if "date" in words else ""
        return re.sub(r"\s+", " ", " ".join(part for part in (whose + when, words.get("url", "")) if part))
    return ""


def _moves(one: _Picture, at: _At) -> tuple[Any, Any]:
    """From the picture's CRS to another place, and back; on arrays x, y."""
    crs, easting, northing = at
    there: Move = lambda x, y: (x, y)  # noqa: E731
    back = there
    if one.crs and crs and one.crs != crs:
        a, b = crs_names.proj(one.crs), crs_names.proj(crs)
        there = pyproj.Transformer.from_crs(a, b, always_xy=True).transform
        back = pyproj.Transformer.from_crs(b, a, always_xy=True).transform

    def to_place(x: Any, y: Any) -> tuple[Any, Any]:
        moved = there(x, y)
        return moved[0] - easting, moved[1] - northing

    return to_place, lambda x, y: back(x + easting, y + northing)


def _bounds(one: _Picture, at: _At) -> Box:
    share = np.linspace(0, 1, 33)
    column = np.concatenate([share, share, 0 * share, 0 * share + 1]) * one.columns
    row = np.concatenate([0 * share, 0 * share + 1, share, share]) * one.rows
    x, y = _moves(one, at)[0](*(one.place @ (column, row)))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputProblem(one.path, f"the picture lies where {at[0]} has no coordinates", "Cut out the town's surroundings with gdalwarp")
    return float(np.min(x)), float(np.min(y)), float(np.max(x)), float(np.max(y))


def _step(one: _Picture, at: _At) -> float:
    """Metres in the scene that a pixel in the picture's middle has, the smaller of both ways; to a tenth of a millimetre."""
    column, row = one.columns / 2 + np.array([0.0, 1.0, 0.0]), one.rows / 2 + np.array([0.0, 0.0, 1.0])
    x, y = _moves(one, at)[0](*(one.place @ (column, row)))
    return round(float(min(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0]))), 4)


def _full(pictures: Sequence[_Picture]) -> float:
    """What counts as white where bands have 16 bits: the end of the range (11, 12 … bits) that all such pictures together need."""
    import rasterio

    brightest = 0.0
    for one in (one for one in pictures if one.deep):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(one.path, driver=one.driver) as source:
                size = min(one.rows, _LOOKED_AT), min(one.columns, _LOOKED_AT)
                brightest = max(brightest, float(source.read(one.bands, out_shape=(3, *size), masked=True).max(fill_value=0)))
    return 2.0 ** max(math.ceil(math.log2(brightest + 1)), 8) - 1


def _warped(
    one: _Picture, at: _At, corner: tuple[float, float], step: float, size: tuple[int, int], full: float
) -> tuple[Image.Image, Image.Image]:
    """A piece of the scene's picture and where it is covered. corner : its north-west one. size : columns, rows."""
    _, back = _moves(one, at)
    across, down = (np.unique(np.append(np.arange(0, count, _CELL), count)) for count in size)
    x, y = np.meshgrid(corner[0] + across * step, corner[1] - down * step)
    column, row = (~one.place) @ back(x.ravel(), y.ravel())
    column, row = np.reshape(column, x.shape), np.reshape(row, x.shape)
    # What is needed of the file, no finer than it is shown.
    left, right = max(math.floor(column.min()) - 2, 0), min(math.ceil(column.max()) + 2, one.columns)
    top, bottom = max(math.floor(row.min()) - 2, 0), min(math.ceil(row.max()) + 2, one.rows)
    empty = Image.new("RGB", size), Image.new("L", size)
    if right <= left or bottom <= top:
        return empty
    reduction = max(step / _step(one, at), 1.0)
    wide, high = max(round((right - left) / reduction), 1), max(round((bottom - top) / reduction), 1)
    source, mask = _pixels(one, (left, top, right - left, bottom - top), (wide, high), full)
    column, row = (column - left) * wide / (right - left), (row - top) * high / (bottom - top)
    quads = []
    for j in range(len(down) - 1):
        for i in range(len(across) - 1):
            corners = ((j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1))  # as Pillow has them: from the upper left, counter-clockwise
            quad = tuple(float(part[place]) for place in corners for part in (column, row))
            quads.append(((int(across[i]), int(down[j]), int(across[i + 1]), int(down[j + 1])), quad))
    seen = source.transform(size, Image.Transform.MESH, quads, Image.Resampling.BILINEAR)
    there = mask.transform(size, Image.Transform.MESH, quads, Image.Resampling.NEAREST)
    return seen, there


def _pixels(one: _Picture, window: tuple[int, int, int, int], size: tuple[int, int], full: float) -> tuple[Image.Image, Image.Image]:
    """A window (column, row, columns, rows) of a file, reduced to a size, and where the file has something to show."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    part, shape = Window(*window), (size[1], size[0])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(one.path, driver=one.driver) as source:
                there = source.dataset_mask(window=part, out_shape=shape) > 0
                if one.palette is not None:
                    found = one.palette[source.read(1, window=part, out_shape=shape)]
                    there &= found[..., 3] > 0
                    colours = found[..., :3]
                else:
                    colours = source.read(one.bands, window=part, out_shape=(3, *shape), resampling=Resampling.average)
                    colours = np.moveaxis(colours, 0, 2)
    except RasterioError as error:
        what = f"the picture cannot be read ({str(error.__cause__ or error).splitlines()[0]})"
        raise InputProblem(one.path, what, "Download it again") from error
    if one.deep:
        colours = np.clip(colours * (255.0 / full), 0, 255).round()
    return Image.fromarray(np.ascontiguousarray(colours.astype(np.uint8))), Image.fromarray((there * 255).astype(np.uint8))
