"""Tree registers as text tables (CSV): any separator, encoding and decimal sign, coordinate columns in many spellings."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .. import crs as crs_names
from ..files import first_bytes
from ..problems import InputProblem
from .tables import number

SEPARATORS = ";\t|,"
_EAST = ("rechtswert", "ostwert", "easting", "east", "ost", "e", "x", "longitude", "long", "lon", "lng", "laenge", "laengengrad", "rw")
_NORTH = ("hochwert", "nordwert", "northing", "north", "nord", "n", "y", "latitude", "lat", "breite", "breitengrad", "hw")
_FILLING = (
    "koordinate",
    "koord",
    "coord",
    "coordinate",
    "utm32",
    "utm33",
    "utm",
    "etrs89",
    "etrs",
    "gk",
    "wgs84",
    "geo",
    "point",
    "32n",
    "33n",
)
_WKT = ("wkt", "geom", "geometry", "geometrie", "the_geom", "shape", "wkt_geom")
_SYSTEM = ("epsg", "srid", "crs", "koordinatensystem")
_DAMAGED = re.compile(r"\s*-?\d{1,3}(?:\.\d{3}){2,}\s*$|\s*-?\d{1,3}(?:,\d{3}){2,}\s*$|\s*-?\d+[.,]\d+[eE]\+?\d+\s*$")
_POINT = re.compile(
    r"(?:SRID=\d+;)?\s*(?:POINT\s*Z?\s*\()?\s*(-?\d+(?:\.\d+)?)[\s,]+(-?\d+(?:\.\d+)?)(?:[\s,]+-?[\d.]+)?\s*\)?", re.IGNORECASE
)


@dataclass
class Register:
    """geometry : (n,) points as the file has them, None where a row has no coordinates. columns : words, by the header's names."""

    geometry: npt.NDArray[np.object_]
    columns: dict[str, npt.NDArray[Any]]


def is_one(path: Path) -> bool:
    """Whether a file is a text table whose header names coordinates."""
    head = first_bytes(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"[", b"PK", b"SQLite")):
        return False
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return _places(_cells(_first_line(_decoded(head)))) is not None


def header(path: Path) -> list[str]:
    """The names in a table's first line."""
    return _cells(_first_line(_decoded(first_bytes(path))))


def read(path: Path) -> Register:
    """All rows of a register. Raises InputProblem for one whose coordinates a spreadsheet has damaged, or that has no rows."""
    text = _decoded(path.read_bytes())
    names = _cells(_first_line(text))
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(_first_line(text))) if any(map(str.strip, row))][
        1:
    ]
    if not rows:
        raise InputProblem(path, "the register has a header but no rows", "Export it again")
    width = len(names)
    cells = np.array([[cell.strip() for cell in row[:width]] + [""] * (width - len(row)) for row in rows], object).reshape(-1, width)
    columns = {name: cells[:, place] for place, name in enumerate(names) if name}
    places = _places(names)
    assert places is not None  # is_one has asked
    if len(places) == 1:
        return Register(np.array([_point_of(text) for text in cells[:, places[0]]], object), columns)
    for place in places:
        for line, value in enumerate(cells[:, place], 2):
            if _DAMAGED.match(value):
                what = f"a spreadsheet has damaged the coordinates: {names[place]} in line {line} is {value}"
                raise InputProblem(path, what, "Export the register again and do not open it in a spreadsheet before it is read")
    numbers = np.array([[number(value) for value in cells[:, place]] for place in places], float)
    found = np.isfinite(numbers).all(axis=0)
    geometry = np.full(len(cells), None, object)
    geometry[found] = shapely.points(numbers[:, found].T)
    return Register(geometry, columns)


def placed(
    path: Path, points: npt.NDArray[np.object_], columns: dict[str, npt.NDArray[Any]], project: str
) -> tuple[npt.NDArray[np.object_], str, str]:
    """The points with x to the east, their CRS, and the sentence that says how it was found.

    project : the CRS of the project, "" for none; it decides between the UTM zones. Raises InputProblem where no system fits.
    """
    if not len(points):
        return points, project or "EPSG:4326", ""
    x, y = float(np.median(shapely.get_x(points))), float(np.median(shapely.get_y(points)))
    turned = (5.0e6 < x < 6.3e6 and 1e5 < y < 9e5) or (45 < x < 57 and 4 < y < 17)
    if turned:  # EPSG:3044 and EPSG:4326 by the letter: north first
        points = shapely.transform(points, lambda xy: xy[:, ::-1])
        x, y = y, x
    order = " (north stands before east)" if turned else ""
    if stated := _stated(columns):
        west, south, east, north = shapely.total_bounds(points).tolist()
        if reason := crs_names.doubt(stated, west, south, east, north):
            raise InputProblem(path, f"the register names {stated}, but {reason}", "Mend the column that names the system")
        return points, stated, ""
    system = _guess(x, y, project)
    if not system:
        what = f"the register names no coordinate system, and its numbers ({x:.2f} {y:.2f}) tell none"
        raise InputProblem(path, what, "Add a column EPSG with the number of its system, as 25832")
    return points, system, f"the register names no coordinate system; by its numbers it was taken as {system}{order}"


def _guess(x: float, y: float, project: str) -> str:
    if abs(x) <= 180 and abs(y) <= 90:
        return "EPSG:4326"
    if zone := crs_names.zone_before(x, x):
        return {32: "EPSG:4647", 33: "EPSG:5650"}.get(zone, "")
    if 2.2e6 < x < 5.9e6 and 5.0e6 < y < 6.3e6:
        return f"EPSG:{31464 + int(x // 1e6)}"
    if 1e5 < x < 9e5 and 5.0e6 < y < 6.3e6:
        utm = re.fullmatch(r"EPSG:(?:258|326|325)(\d\d)", project)
        return f"EPSG:258{utm[1]}" if utm and 28 <= int(utm[1]) <= 38 else "EPSG:25832"
    return ""


def _stated(columns: dict[str, npt.NDArray[Any]]) -> str:
    """The one system that a column of the register, or a coordinate column's name, states; "" for none."""
    for name, values in columns.items():
        if name.strip().lower() in _SYSTEM:
            named = {value for value in values.tolist() if value}
            found = {_turned_free(crs_names.parse(value).horizontal) for value in named}
            if len(found) == 1:
                return found.pop()
        if match := re.search(r"(25832|25833|31466|31467|31468|31469|4326|4647|5650|3044|3045)", name):
            return _turned_free(f"EPSG:{match[1]}")
    return ""


def _turned_free(system: str) -> str:
    """The twin with east before north of a system that differs in nothing else."""
    return {"EPSG:3044": "EPSG:25832", "EPSG:3045": "EPSG:25833"}.get(system, system)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # a letter cut at the end of the first bytes
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", "replace")


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=_separator(line)), [])]


def _places(header: list[str]) -> tuple[int, ...] | None:
    """Where the header has the coordinates: (east, north), or one column of WKT or "lat, lon"; None where it has none."""
    if len(header) < 3:
        return None
    plain = [_plain(name) for name in header]
    for east, north in zip(_EAST, _NORTH, strict=False):
        if east in plain and north in plain:
            return plain.index(east), plain.index(north)
    first = next((plain.index(name) for name in _EAST if name in plain), None)
    second = next((plain.index(name) for name in _NORTH if name in plain), None)
    if first is not None and second is not None:
        return first, second
    lower = [name.lower() for name in header]
    one = next((lower.index(name) for name in (*_WKT, "geo_point_2d", "koordinaten") if name in lower), None)
    return None if one is None else (one,)


def _plain(name: str) -> str:
    """A column's name without the words and numbers that only dress it: X_KOORD_25832 is x."""
    words = re.split(r"[^a-z0-9]+", name.lower().replace("ä", "ae").replace("ö", "oe"))
    words = [word for word in words if word and word not in _FILLING and not word.isdigit()]
    joined = "".join(words)
    for filling in ("koordinate", "koord", "coord"):
        joined = joined.removesuffix(filling).removeprefix(filling)
    return joined


def _point_of(text: str) -> Any:
    """The point of "POINT (x y)" (a system before it is no matter) or "lat, lon"; None for anything else."""
    numbers = _POINT.fullmatch(text)
    return shapely.Point(float(numbers[1]), float(numbers[2])) if numbers else None
