"""Typical years as files: EPW, PVGIS TMY (CSV and JSON) and the test reference years of the DWD (.dat)."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj

from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem
from . import sun
from .weather import YEAR, Suns, Weather, hour_angle

NEAR, FAR = 30.0, 100.0  # km to the project: above the first it is said, above the second it is refused
GAPS = 0.01  # share of the hours that may be missing
SLIP = 35.0  # minutes that the sun may be brighter before or after noon, by mist and the like, before it is said
_NOISE = -5.0  # W/m² down to which a value below 0 is none
_LEAST_DIRECT = 100.0  # kWh/m² in a year that the sun gives everywhere
_BRIGHTEST = 1400.0  # W/m², a little more than the sun gives outside the atmosphere
_MISSING = (9999.0, 99999.0)
_LOWEST = 3.0  # degrees: what a horizontal beam is divided by at least, near sunrise


@dataclass(frozen=True)
class _Read:
    """kind : of file. latitude, longitude : degrees. times : (h,) UTC, the middle of each hour. direct, diffuse : (h,) W/m², NaN where
    missing. level : whether direct is given on level ground."""

    kind: str
    latitude: float
    longitude: float
    times: npt.NDArray[np.datetime64]
    direct: FloatArray
    diffuse: FloatArray
    level: bool = False


def read(path: Path, latitude: float, longitude: float) -> Weather:
    """A typical year for a place (degrees). Raises InputProblem for a file that is none, for one of another place, with gaps or in
    other units."""
    if not path.is_file():
        raise InputProblem(path, "there is no such file", "Look at the path, which is relative to the project's folder")
    state = path.stat()
    return _kept(path, state.st_mtime_ns, state.st_size, latitude, longitude)


@lru_cache(maxsize=4)
def _kept(path: Path, _changed: int, _size: int, latitude: float, longitude: float) -> Weather:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:  # what the DWD writes
        text = content.decode("cp1252", errors="replace")
    try:
        found = _parsed(path, text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration) as error:
        why = error if isinstance(error, ValueError) else "its heading or a field of a line is missing"
        raise InputProblem(path, f"it cannot be read as a weather file ({why})", "Take the file as the publisher gives it") from error
    away = _distance(found.latitude, found.longitude, latitude, longitude)
    if not away <= FAR:
        raise InputProblem(path, f"it is for a place {away:.0f} km from the project", "Take one for this town")
    order, notes = _one_year(path, found)
    times = found.times[order]
    direct, diffuse, filled = _filled(path, found.direct[order], found.diffuse[order])
    if found.level:
        up = np.sin(np.radians(np.maximum(sun.position(times, found.latitude, found.longitude).elevation, _LOWEST)))
        direct = np.minimum(direct / up, _BRIGHTEST)
    _believable(path, direct, diffuse, times, found)
    slip = _slip(direct, times, found)
    label = f"typisches Jahr ({found.kind})"
    if away > NEAR:
        label += f", {number(away, 0)} km entfernt"
    if filled:
        label += f", {filled} fehlende Stunden ergänzt"
    if abs(slip) > SLIP:
        label += f", Sonne im Mittel {number(abs(slip), 0)} Minuten {'nach' if slip > 0 else 'vor'} dem wahren Mittag"
    return Weather(times, np.ones(len(times)), direct, diffuse, label + notes)


def _parsed(path: Path, text: str) -> _Read:
    if text.startswith("LOCATION,"):
        return _epw(text)
    if text.lstrip().startswith("{"):
        return _pvgis_json(text)
    if "time(UTC)" in text:
        return _pvgis_csv(text)
    if "***" in text:
        return _try(text)
    raise InputProblem(path, "it is neither EPW nor PVGIS TMY nor a DWD test reference year", "Take the file as the publisher gives it")


def _epw(text: str) -> _Read:
    """EnergyPlus: local standard time, hour 1 ends at 1:00; Wh/m² of the hour; 9999 is missing."""
    lines = text.splitlines()
    place = lines[0].split(",")
    zone = float(place[8])
    head = next(k for k, line in enumerate(lines) if line.startswith("DATA PERIODS"))
    rows = [line.split(",") for line in lines[head + 1 :] if line.strip()]
    day = [(int(row[1]), int(row[2]), float(row[3]) - 0.5 - zone) for row in rows]
    direct, diffuse = (np.array([_value(row[column]) for row in rows]) for column in (14, 15))
    return _Read("EPW", float(place[6]), float(place[7]), _times(day), direct, diffuse)


def _value(text: str) -> float:
    value = float(text) if text.strip() else math.nan
    return math.nan if value in _MISSING or value < _NOISE else max(value, 0.0)


def _pvgis_csv(text: str) -> _Read:
    """PVGIS: UTC, values of a moment, which lies `Irradiance Time Offset` behind the hour."""
    lines = text.splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("time(UTC)"))
    said = dict(line.split(":", 1) for line in lines[:head] if ":" in line)
    names = [name.strip() for name in lines[head].split(",")]
    rows = []
    for line in lines[head + 1 :]:
        if not re.match(r"\d{8}:\d{4}", line):
            break
        rows.append(line.split(","))
    at, direct, diffuse = (names.index(name) for name in ("time(UTC)", "Gb(n)", "Gd(h)"))
    offset = float(said.get("Irradiance Time Offset (h)", 0.0))
    place = [float(value) for name in ("Latitude", "Longitude") for key, value in said.items() if key.startswith(name)]
    if len(place) != 2:
        raise ValueError("it does not say where it is for")
    beam, rest = (np.array([_value(row[column]) for row in rows]) for column in (direct, diffuse))
    return _Read("PVGIS TMY", place[0], place[1], _times([_stamp(row[at], offset) for row in rows]), beam, rest)


def _pvgis_json(text: str) -> _Read:
    content = json.loads(text)
    place = content["inputs"]["location"]
    rows = content["outputs"]["tmy_hourly"]
    offset = float(place.get("irradiance_time_offset", 0.0))
    beam, rest = (
        np.array([_value(str(row.get(name, "") if row.get(name) is not None else "")) for row in rows]) for name in ("Gb(n)", "Gd(h)")
    )
    times = _times([_stamp(row["time(UTC)"], offset) for row in rows])
    return _Read("PVGIS TMY", float(place["latitude"]), float(place["longitude"]), times, beam, rest)


def _stamp(text: str, offset: float) -> tuple[int, int, float]:
    return int(text[4:6]), int(text[6:8]), int(text[9:11]) + int(text[11:13]) / 60 + offset


def _try(text: str) -> _Read:
    """DWD: Central European Time, hour 1 ends at 1:00; W/m², the direct part on level ground. Source: DWD, Handbuch Ortsgenaue
    Testreferenzjahre (2017); its places are in EPSG:3034."""
    lines = text.splitlines()
    end = next(k for k, line in enumerate(lines) if line.startswith("***"))
    names = next(line.split() for line in reversed(lines[:end]) if {"MM", "DD", "HH", "B", "D"} <= set(line.split()))
    month, day, hour, direct, diffuse = (names.index(name) for name in ("MM", "DD", "HH", "B", "D"))
    rows = [line.split() for line in lines[end + 1 :] if line.strip()]
    times = _times([(int(row[month]), int(row[day]), float(row[hour]) - 0.5 - 1.0) for row in rows])
    beam, rest = (np.array([_value(row[column]) for row in rows]) for column in (direct, diffuse))
    return _Read("DWD TRY", *_place_of_try(lines[:end], names, rows[0]), times, beam, rest, level=True)


def _place_of_try(head: list[str], names: list[str], row: list[str]) -> tuple[float, float]:
    """Latitude and longitude: from the easting and northing, or, in files of 2011, from degrees and minutes in the head."""
    if {"RW", "HW"} <= set(names):
        to_degrees = pyproj.Transformer.from_crs("EPSG:3034", "EPSG:4258", always_xy=True)
        longitude, latitude = to_degrees.transform(float(row[names.index("RW")]), float(row[names.index("HW")]))
        return float(latitude), float(longitude)
    found = re.search(r"(\d+)°\s*(\d+)'?\s*N\D*?(\d+)°\s*(\d+)'?\s*[EO]", "\n".join(head))
    if found is None:
        raise ValueError("it does not say where it is for")
    one, two, three, four = map(float, found.groups())
    return one + two / 60, three + four / 60


def _times(days: list[tuple[int, int, float]]) -> npt.NDArray[np.datetime64]:
    """UTC of month, day and hour in the year that typical years are given; 29 February becomes NaT."""
    found = np.empty(len(days), "datetime64[ns]")
    for k, (month, day, hour) in enumerate(days):
        leap = (month, day) == (2, 29)
        start = np.datetime64("NaT") if leap else np.datetime64(dt.date(YEAR, month, day), "ns")
        found[k] = start + np.timedelta64(round(hour * 3600), "s")
    return found


def _distance(latitude: float, longitude: float, other: float, beside: float) -> float:
    """km between two places, degrees."""
    return float(pyproj.Geod(ellps="WGS84").inv(longitude, latitude, beside, other)[2]) / 1000.0


def _one_year(path: Path, found: _Read) -> tuple[npt.NDArray[np.int64], str]:
    """The hours of a year in their order, 29 February left out; and what to say of it."""
    there = np.flatnonzero(~np.isnat(found.times))
    order = there[np.argsort(found.times[there], kind="stable")]
    apart = np.diff(found.times[order]) / np.timedelta64(1, "h")
    if (apart == 0).any():
        raise InputProblem(path, "some of its hours come twice", "Take the file as the publisher gives it")
    if len(order) != 8760:
        raise InputProblem(path, f"it has {len(order)} hours, a year has 8760", "Take a file of a whole year, hour by hour")
    return order, ", ohne 29. Februar" if len(there) < len(found.times) else ""


def _filled(path: Path, direct: FloatArray, diffuse: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    """Missing hours as the mean of the same hour on the days before and after that are known, and how many they are."""
    gone = ~(np.isfinite(direct) & np.isfinite(diffuse))
    if gone.sum() > GAPS * len(gone):
        raise InputProblem(path, f"the irradiance of {int(gone.sum())} hours is missing", "Take a file without gaps")
    whole = []
    for values in (direct, diffuse):
        days = np.where(gone, np.nan, values).reshape(-1, 24)
        for hour in range(24):
            known = np.isfinite(days[:, hour])
            days[:, hour] = np.interp(np.arange(len(days)), np.flatnonzero(known), days[known, hour])
        whole.append(days.ravel())
    return whole[0], whole[1], int(gone.sum())


def _believable(path: Path, direct: FloatArray, diffuse: FloatArray, times: npt.NDArray[np.datetime64], found: _Read) -> None:
    up = np.sin(np.radians(np.maximum(sun.position(times, found.latitude, found.longitude).elevation, 0)))
    level = float((diffuse + direct * up).sum()) / 1000.0
    if max(direct.max(), diffuse.max()) > _BRIGHTEST or level > 3000:
        raise InputProblem(
            path,
            f"its {level:.0f} kWh/m² in a year are more than the sun gives: are its values kJ or J?",
            "Give W/m², or Wh/m² in each hour",
        )
    if level < 300:
        raise InputProblem(path, f"its {level:.0f} kWh/m² in a year are less than anywhere on Earth", "Give W/m², or Wh/m² in each hour")
    if direct.sum() / 1000.0 < _LEAST_DIRECT:
        what = f"the sun itself gives {direct.sum() / 1000.0:.0f} kWh/m² in its year: is the direct irradiance missing?"
        raise InputProblem(path, what, "Take a file with direct and diffuse irradiance")
    dark = up == 0
    if direct[dark].sum() > 0.05 * max(direct.sum(), 1.0):
        raise InputProblem(path, "its sun shines at night: its times are not those of its place", "Take the file as the publisher gives it")


def _slip(direct: FloatArray, times: npt.NDArray[np.datetime64], found: _Read) -> float:
    """Minutes by which the direct sun of the year comes later, in the mean, than noon there; below 0: earlier."""
    place = sun.position(times, found.latitude, found.longitude)
    hour = hour_angle(Suns(place.azimuth, place.elevation, direct), found.latitude)
    return float((direct * hour).sum() / max(direct.sum(), 1e-9) * 4)
