"""Where the sun stands: positions after the NREL algorithm, and the suns of a day as directions in the scene."""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem

Basis = Literal["local", "solar"]
ALTITUDE, PRESSURE, TEMPERATURE, DELTA_T = 0.0, 101325.0, 12.0, 69.0  # metres, Pa, °C, seconds: where nothing else is said
_GERMAN_ZONES = {"CET": "MEZ", "CEST": "MESZ"}


@dataclass(frozen=True)
class SunPosition:
    """Degrees. azimuth : from true north, clockwise. elevation : of the sun's centre above the horizon, without refraction;
    apparent_elevation : lifted by refraction."""

    azimuth: FloatArray
    elevation: FloatArray
    apparent_elevation: FloatArray


def position(
    times: Any,
    latitude: float,
    longitude: float,
    *,
    altitude: float = ALTITUDE,
    pressure: float = PRESSURE,
    temperature: float = TEMPERATURE,
    delta_t: float = DELTA_T,
) -> SunPosition:
    """Positions of the sun.

    times : datetime64 in UTC or aware datetimes, (n,). latitude, longitude : degrees. altitude : metres. pressure : Pa and
    temperature : °C matter for the refraction only. delta_t : seconds between terrestrial time and UT1.
    Source: Reda and Andreas, NREL/TP-560-34302, by pvlib.
    """
    if _is_naive_array(times):
        moments = np.atleast_1d(np.asarray(times, "datetime64[ns]"))
    else:
        utc = [time.astimezone(dt.UTC).replace(tzinfo=None) if time.tzinfo else time for time in times]
        moments = np.array(utc, "datetime64[ns]")
    apparent, elevation, azimuth, _ = _spa(moments, latitude, longitude, altitude, pressure, temperature, delta_t)
    return SunPosition(azimuth, elevation, apparent)


def _spa(
    moments: npt.NDArray[np.datetime64],
    latitude: float,
    longitude: float,
    altitude: float,
    pressure: float,
    temperature: float,
    delta_t: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Apparent elevation, elevation, azimuth (degrees) and equation of time (minutes) by pvlib's NREL algorithm."""
    seconds = (moments - np.datetime64(0, "ns")) / np.timedelta64(1, "s")
    found = _pvlib_spa().solar_position(seconds, latitude, longitude, altitude, pressure / 100, temperature, delta_t, 0.5667)
    _, _, apparent, elevation, azimuth, equation = (np.asarray(part, np.float64) for part in found)
    return apparent, elevation, azimuth, equation


@lru_cache(maxsize=1)
def _pvlib_spa() -> Any:
    """pvlib's module of the algorithm alone. The package as a whole draws in pandas and h5py, which takes two seconds, and h5py
    does not load in a Blender that was linked with another HDF5 (Debian's)."""
    package = importlib.util.find_spec("pvlib")
    if package is None or package.origin is None:
        raise InputProblem("sun", "pvlib is not installed", "pip install pvlib, or install the extension again")
    spec = importlib.util.spec_from_file_location("pvlib_spa", Path(package.origin).with_name("spa.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_naive_array(times: Any) -> bool:
    return isinstance(times, (np.ndarray, np.datetime64)) and np.asarray(times).dtype.kind == "M"


@dataclass(frozen=True)
class SunPath:
    """Suns above the horizon, evenly spaced in time.

    times : (s,) datetime64 UTC, the middle of each interval. directions : (s, 3) unit, in the scene's axes (grid convergence
    applied), towards the sun. azimuth (true), elevation : (s,) degrees. step_hours : what each sun counts.
    label : date and time basis for people, in German.
    """

    times: npt.NDArray[np.datetime64]
    directions: FloatArray
    azimuth: FloatArray
    elevation: FloatArray
    step_hours: float
    label: str

    def __len__(self) -> int:
        return len(self.times)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; raises InputProblem."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputProblem("time_zone", f"{name} is no time zone", "Write it as Europe/Berlin") from error


def _solar_midnight(origin: Origin, date: dt.date) -> np.datetime64:
    """UTC at which true solar time is 0:00 on this date at the origin."""
    noon = np.array([np.datetime64(date, "ns") + np.timedelta64(12, "h")])
    equation = float(_spa(noon, origin.latitude, origin.longitude, ALTITUDE, PRESSURE, TEMPERATURE, DELTA_T)[3][0])
    shift = origin.longitude * 4.0 + equation  # minutes that solar time is ahead of UTC
    return np.datetime64(date, "ns") - np.timedelta64(round(shift * 60e9), "ns")


def _local(date: dt.date, minutes: float, time_zone: str) -> np.datetime64:
    """UTC of a wall-clock time; 24:00 is midnight of the next day, also where the clock changes."""
    day, rest = divmod(minutes, 1440)
    wall = dt.datetime.combine(date + dt.timedelta(days=int(day)), dt.time()) + dt.timedelta(minutes=rest)
    return np.datetime64(wall.replace(tzinfo=zone(time_zone)).astimezone(dt.UTC).replace(tzinfo=None), "ns")


def minutes(clock: str) -> int:
    """Minutes since midnight of "HH:MM"; 24:00 is allowed. Raises InputProblem."""
    try:
        hour, minute = map(int, clock.split(":"))
    except ValueError as error:
        raise InputProblem("time", f"{clock!r} is no time of day", "Write it as 09:30") from error
    if not (0 <= hour <= 24 and 0 <= minute < 60 and hour * 60 + minute <= 1440):
        raise InputProblem("time", f"{clock!r} is no time of day", "Write it as 09:30")
    return hour * 60 + minute


def day(text: str | dt.date) -> dt.date:
    """The date of "YYYY-MM-DD"; raises InputProblem."""
    if isinstance(text, dt.date):
        return text
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputProblem("date", f"{text!r} is no date", "Write it as 2025-03-21") from error


def sun_path(
    origin: Origin,
    date: dt.date,
    *,
    time_zone: str = "Europe/Berlin",
    basis: Basis = "local",
    start: str = "00:00",
    end: str = "24:00",
    step_minutes: float = 10.0,
) -> SunPath:
    """The suns of a day between two times of day, in the middle of steps of (about) `step_minutes`, those below the horizon left out.

    basis : "local" clock time of the zone, "solar" true solar time. A day without sun gives an empty path.
    """
    first, last = minutes(start), minutes(end)
    if last <= first:
        raise InputProblem("time", f"the span from {start} to {end} is empty", "Let it end after it starts")
    if basis == "solar":
        midnight = _solar_midnight(origin, date)
        begin, finish = (midnight + np.timedelta64(round(value * 60e9), "ns") for value in (first, last))
    else:
        begin, finish = _local(date, first, time_zone), _local(date, last, time_zone)
    length = float((finish - begin) / np.timedelta64(1, "m"))
    count = max(round(length / step_minutes), 1)
    step = length / count
    times = begin + ((np.arange(count) + 0.5) * step * 60e9).astype("timedelta64[ns]")
    noon = true_noon(origin, date)
    at_noon = time_words(float(clock_hours(origin, date, np.array([noon]), time_zone=time_zone)[0]))
    if basis == "solar":
        label = f"{_label(date, noon, time_zone, basis)} (12:00 ist {at_noon} Uhr {_zone_words(noon, time_zone)})"
    else:
        label = f"{_label(date, times[count // 2], time_zone, basis)} (wahrer Mittag {at_noon} Uhr)"
    return _path(origin, times, step / 60.0, label)


def clock_hours(
    origin: Origin, date: dt.date, times: npt.NDArray[np.datetime64], *, time_zone: str = "Europe/Berlin", basis: Basis = "local"
) -> FloatArray:
    """Hours since midnight of a date that a clock shows at times in UTC (n,), or that true solar time has."""
    if basis == "solar":
        return np.asarray((times - _solar_midnight(origin, date)) / np.timedelta64(1, "ns") / 3.6e12, np.float64)
    place = zone(time_zone)
    seconds = ((times - np.datetime64(0, "ns")) / np.timedelta64(1, "s")).tolist()
    shown = [dt.datetime.fromtimestamp(second, place).replace(tzinfo=None) for second in seconds]
    return np.array([(one - dt.datetime.combine(date, dt.time())).total_seconds() / 3600 for one in shown], np.float64)


def true_noon(origin: Origin, date: dt.date) -> np.datetime64:
    """UTC at which the sun is highest on this date."""
    return _solar_midnight(origin, date) + np.timedelta64(12, "h")


def time_words(hours: float) -> str:
    """Hours since midnight as HH:MM."""
    whole = round(hours * 60)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def moment(origin: Origin, date: dt.date, clock: str, *, time_zone: str = "Europe/Berlin", basis: Basis = "local") -> SunPath:
    """The one sun of a moment; empty when it is below the horizon. The label names date, time and basis."""
    value = minutes(clock)
    if basis == "solar":
        time = _solar_midnight(origin, date) + np.timedelta64(value, "m")
    else:
        time = _local(date, value, time_zone)
    return _path(origin, np.array([time]), 0.0, _label(date, time, time_zone, basis, clock))


def _path(origin: Origin, times: npt.NDArray[np.datetime64], step_hours: float, label: str) -> SunPath:
    found = position(times, origin.latitude, origin.longitude)
    up = found.elevation > 0
    directions = origin.direction(found.azimuth[up], found.elevation[up])
    return SunPath(times[up], directions, found.azimuth[up], found.elevation[up], step_hours, label)


def _label(date: dt.date, time: np.datetime64, time_zone: str, basis: Basis, clock: str = "") -> str:
    name = "wahre Ortszeit" if basis == "solar" else _zone_words(time, time_zone)
    when = f"{date:%d.%m.%Y}"
    return f"{when}, {clock} Uhr {name}" if clock else f"{when}, {name}"


def _zone_words(time: np.datetime64, time_zone: str) -> str:
    """The short name of a time zone at a time in UTC, in German."""
    seconds = float((time - np.datetime64(0, "s")) / np.timedelta64(1, "s"))
    name = dt.datetime.fromtimestamp(seconds, zone(time_zone)).tzname() or time_zone
    return _GERMAN_ZONES.get(name, name)
