"""What the sun and the sky give hour by hour: a clear sky reckoned, or a typical year read."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem
from . import sun

SOLAR_CONSTANT = 1366.1  # W/m², ASTM E490
DECLINATION, HOUR_ANGLE = 1.35, 3.5  # degrees
USUAL = 1900.0  # such fields of a year
YEAR = 2025  # whose days a typical year is given: one without 29 February


@dataclass(frozen=True)
class Weather:
    """A year of moments.

    times : (h,) datetime64 UTC, the middle of what each stands for. hours : (h,) how long that is. direct : (h,) W/m² on a plane that
    faces the sun; diffuse : (h,) W/m² of the sky on level ground. label : what it is, in German, for reports.
    """

    times: npt.NDArray[np.datetime64]
    hours: FloatArray
    direct: FloatArray
    diffuse: FloatArray
    label: str

    def only(self, chosen: npt.NDArray[np.bool_]) -> Weather:
        """The same moments, dark where they are not chosen (h,)."""
        direct, diffuse = (np.where(chosen, one, 0.0) for one in (self.direct, self.diffuse))
        return Weather(self.times, self.hours, direct, diffuse, self.label)

    def sums(self, latitude: float, longitude: float) -> dict[str, float]:
        """kWh/m² in the year at a place (degrees): ghi on level ground, dni towards the sun, dhi of the sky."""
        height = sun.position(self.times, latitude, longitude).apparent_elevation
        level = self.diffuse + self.direct * np.sin(np.radians(np.maximum(height, 0.0)))
        return {name: float(values @ self.hours) / 1000.0 for name, values in (("ghi", level), ("dni", self.direct), ("dhi", self.diffuse))}


@dataclass(frozen=True)
class Suns:
    """Moments with the sun up. azimuth (true), elevation : (s,) degrees. weight : (s,) what each brings, see who made them."""

    azimuth: FloatArray
    elevation: FloatArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.azimuth)


def extraterrestrial(times: npt.NDArray[np.datetime64]) -> FloatArray:
    """(h,) W/m² outside the atmosphere. Source: J. Spencer, Fourier series representation of the sun, Search 2 (1971)."""
    day = (times.astype("datetime64[D]") - times.astype("datetime64[Y]")).astype(np.float64)
    angle = 2 * np.pi * day / 365.0
    distance = 1.00011 + 0.034221 * np.cos(angle) + 0.00128 * np.sin(angle) + 0.000719 * np.cos(2 * angle) + 7.7e-5 * np.sin(2 * angle)
    return np.asarray(SOLAR_CONSTANT * distance)


def ineichen(
    apparent_elevation: FloatArray, linke: FloatArray, altitude: float, outside: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Global, direct normal and diffuse horizontal irradiance under a clear sky, (h,) W/m² each.

    apparent_elevation : (h,) degrees, lifted by refraction. linke : (h,) turbidity for air mass 2. altitude : metres above the sea.
    outside : (h,) W/m², see `extraterrestrial`. Source: P. Ineichen, R. Perez, A new airmass independent formulation for the Linke
    turbidity coefficient, Solar Energy 73 (2002); air mass: F. Kasten, A. Young, Applied Optics 28 (1989).
    """
    up = apparent_elevation > 0
    height = np.where(up, apparent_elevation, 1.0)
    upright = np.sin(np.radians(height))
    pressure = ((44331.514 - altitude) / 11880.516) ** (1 / 0.1902632) / 1013.25
    mass = pressure / (upright + 0.50572 * (6.07995 + height) ** -1.6364)
    near, far = np.exp(-altitude / 8000.0), np.exp(-altitude / 1250.0)
    level = 5.09e-5 * altitude + 0.868
    slope = 3.92e-5 * altitude + 0.0387
    whole = level * outside * upright * np.exp(-slope * mass * (near + far * (linke - 1)))
    beam = outside * (0.664 + 0.163 / near) * np.exp(-0.09 * mass * (linke - 1))
    bound = whole * (1 - (0.1 - 0.2 * np.exp(-linke)) / (0.1 + 0.882 / near)) / upright
    direct = np.minimum(beam, np.maximum(bound, 0))
    found = (whole, direct, whole - direct * upright)
    whole, direct, diffuse = (np.where(up, one, 0.0) for one in found)
    return whole, direct, diffuse


def clear_year(
    latitude: float, longitude: float, altitude: float, linke: float | Sequence[float], *, year: int = YEAR, minutes: int = 60
) -> Weather:
    """A year without a cloud: an upper bound. linke : one turbidity, or twelve for the middle of the months, with straight lines between.

    minutes : how far the moments are apart; each stands in the middle."""
    if 1440 % minutes:
        raise InputProblem("clear sky", f"{minutes} minutes do not divide a day", "Choose 10, 15, 30 or 60")
    days = 366 if calendar.isleap(year) else 365
    step = np.timedelta64(minutes, "m")
    times = np.datetime64(f"{year}-01-01", "ns") + step * np.arange(days * 1440 // minutes) + step // 2
    place = sun.position(times, latitude, longitude, altitude=altitude, pressure=_pressure(altitude))
    turbidity = _of_day(times, np.broadcast_to(np.asarray(linke, np.float64), 12), year)
    _, direct, diffuse = ineichen(place.apparent_elevation, turbidity, altitude, extraterrestrial(times))
    said = f"{linke:g}".replace(".", ",") if isinstance(linke, (int, float)) else "monatsweise"
    return Weather(times, np.full(len(times), minutes / 60), direct, diffuse, f"klarer Himmel (Ineichen, Linke-Trübung {said})")


def _pressure(altitude: float) -> float:
    """Pa at a height above the sea, metres."""
    return float(100 * ((44331.514 - altitude) / 11880.516) ** (1 / 0.1902632))


def _of_day(times: npt.NDArray[np.datetime64], months: FloatArray, year: int) -> FloatArray:
    """(h,) values of each day from those in the middle of the months."""
    lengths = np.array([calendar.monthrange(year, month)[1] for month in range(1, 13)])
    middle = np.cumsum(lengths) - lengths / 2.0
    middle = np.concatenate([[middle[-1] - lengths.sum()], middle, [middle[0] + lengths.sum()]])
    day = (times.astype("datetime64[D]") - np.datetime64(f"{year}-01-01", "D")).astype(np.float64) + 1
    return np.asarray(np.interp(day, middle, np.concatenate([months[-1:], months, months[:1]])))


def suns_at(weather: Weather, latitude: float, longitude: float, *, parts: int = 6) -> Suns:
    """The suns of a year over a place (degrees), each moment cut into `parts`. weight : kWh/m² on a plane that faces the sun."""
    used = np.flatnonzero(weather.direct > 0)
    length = (weather.hours[used] * 3.6e12).astype("timedelta64[ns]")
    azimuth: list[FloatArray] = []
    elevation: list[FloatArray] = []
    for part in range(parts):
        moved = weather.times[used] + ((2 * part + 1 - parts) * length) // (2 * parts)
        place = sun.position(moved, latitude, longitude)
        azimuth.append(place.azimuth)
        elevation.append(place.elevation)
    up = np.array(elevation) > 0
    number = up.sum(axis=0)
    # All of what a moment brings comes while the sun is up: of an hour in which it rises, in the rest of it.
    share = np.divide(1.0, number, out=np.zeros(len(used)), where=number > 0)
    weight = np.where(up, weather.direct[used] * weather.hours[used] / 1000.0 * share, 0.0)
    return Suns(np.array(azimuth)[up], np.array(elevation)[up], weight[up])


def fields(suns: Suns, latitude: float, coarser: float = 1.0) -> npt.NDArray[np.int64]:
    """(s,) which field of declination (1.35°) and hour angle (3.5°, 14 minutes) each sun stands in, numbered from 0: fields that run with
    the sun, so that hardly more than 1 900 are needed anywhere on Earth. coarser : times as long to either side."""
    _, y, z = _vectors(suns)
    north = np.radians(latitude)
    declination = np.degrees(np.arcsin(np.clip(z * np.sin(north) + y * np.cos(north), -1, 1)))
    hour = hour_angle(suns, latitude)
    rows, columns = (
        np.floor(angle / (coarser * size)).astype(np.int64) for angle, size in ((declination, DECLINATION), (hour, HOUR_ANGLE))
    )
    return np.asarray(np.unique(rows * 1000 + columns, return_inverse=True)[1])


def hour_angle(suns: Suns, latitude: float) -> FloatArray:
    """(s,) degrees, 15 to the hour, from the moment the sun stands in the south; below 0 before it."""
    x, y, z = _vectors(suns)
    north = np.radians(latitude)
    return np.asarray(np.degrees(np.arctan2(-x, z * np.cos(north) - y * np.sin(north))))


def together(suns: Suns, field: npt.NDArray[np.int64]) -> Suns:
    """The suns of each field (s,) as one, in their weighted middle and with their weights together."""
    x, y, z = (np.bincount(field, suns.weight * one) for one in _vectors(suns))
    azimuth, elevation = np.degrees(np.arctan2(x, y)) % 360, np.degrees(np.arctan2(z, np.hypot(x, y)))
    return Suns(azimuth, elevation, np.bincount(field, suns.weight).astype(np.float64))


def binned(suns: Suns, latitude: float) -> Suns:
    """The suns in each of the `fields` as one."""
    return together(suns, fields(suns, latitude))


def _vectors(suns: Suns) -> tuple[FloatArray, FloatArray, FloatArray]:
    """East, north and up."""
    up, turn = np.radians(suns.elevation), np.radians(suns.azimuth)
    return np.cos(up) * np.sin(turn), np.cos(up) * np.cos(turn), np.sin(up)


def probable_hours(weather: Weather, latitude: float, longitude: float) -> tuple[Suns, npt.NDArray[np.bool_]]:
    """The suns with weights in hours of probable sun, and which are of the winter half (21 September to 21 March). An hour counts as sunny
    where the direct irradiance is above 120 W/m² (WMO, Guide to Instruments and Methods of Observation, sunshine duration)."""
    sunny = np.where(weather.direct > 120.0, 1000.0, 0.0)  # W/m²: of which a moment brings its hours
    halves = []
    for winter in (False, True):
        chosen = _is_winter(weather.times) == winter
        of_half = Weather(weather.times, weather.hours, np.where(chosen, sunny, 0.0), weather.diffuse, weather.label)
        halves.append(binned(suns_at(of_half, latitude, longitude), latitude))
    both = Suns(*(np.concatenate([getattr(one, name) for one in halves]) for name in ("azimuth", "elevation", "weight")))
    return both, np.arange(len(both)) >= len(halves[0])


def _is_winter(times: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
    days = times.astype("datetime64[D]")
    month = (days.astype("datetime64[M]").astype(np.int64)) % 12 + 1
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    count = month * 100 + day
    return np.asarray((count >= 921) | (count <= 321))
