"""The many spellings of a coordinate system in geodata, and whether the numbers fit what is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from .problems import InputProblem

# The AdV's own names, which PROJ does not know. The easting of *_UTM* has no zone prefix in CityGML of the states.
_ADV = {
    "ETRS89_UTM31": "EPSG:25831",
    "ETRS89_UTM32": "EPSG:25832",
    "ETRS89_UTM33": "EPSG:25833",
    "DE_DHDN_3GK2": "EPSG:31466",
    "DE_DHDN_3GK3": "EPSG:31467",
    "DE_DHDN_3GK4": "EPSG:31468",
    "DE_DHDN_3GK5": "EPSG:31469",
    "DE_42-83_3GK4": "EPSG:2398",
    "DE_42-83_3GK5": "EPSG:2399",
    "DE_RD-83_3GK4": "EPSG:3398",
    "DE_RD-83_3GK5": "EPSG:3399",
    "DE_PD-83_3GK4": "EPSG:3396",
    "DE_PD-83_3GK5": "EPSG:3397",
    "ETRS89_LAT-LON": "EPSG:4258",
    "ETRS89_LAT-LON-H": "EPSG:4937",
}
# Names that PROJ takes for something else than the data mean: CH1903 is the geographic system 4149, metric data are LV03.
_COMMON = {"CH1903": "EPSG:21781", "CH1903_LV03": "EPSG:21781", "CH1903+": "EPSG:2056", "CH1903+_LV95": "EPSG:2056"}
# Codes whose names are well known in Germany, for the height system.
_VERTICAL = {"5783": "DE_DHHN92_NH", "7837": "DE_DHHN2016_NH", "5784": "DE_DHHN85_NOH"}


@dataclass(frozen=True)
class Crs:
    """horizontal : "EPSG:25832", WKT where there is no code, "" when unknown. vertical : name or code as stated, "" if none.
    short : written in the short form ("EPSG:4326"), which by custom means longitude before latitude."""

    horizontal: str
    vertical: str = ""
    short: bool = False


UNKNOWN = Crs("")
DISTORTED = 0.01  # share by which lengths may be off before a CRS is no use for measuring (Web Mercator)
ZONE_BEFORE = ("EPSG:4647", "EPSG:5650")  # the systems in which eastings have the zone before them


@lru_cache(maxsize=256)
def parse(name: str) -> Crs:
    """The CRS that a srsName (or a word typed by the user) means; UNKNOWN when it cannot be told."""
    text = name.strip()
    if not text or text.startswith("#"):
        return UNKNOWN
    if match := re.fullmatch(r"urn:adv:crs:([^*]+)((?:\*[^*]+)*)", text, re.IGNORECASE):
        heights = [part for part in match[2].split("*") if part]
        return Crs(_ADV.get(match[1].upper(), ""), heights[0] if heights else "")
    if text.upper() in _COMMON:
        return Crs(_COMMON[text.upper()])
    if "EPSG" in text.upper() and "[" not in text:  # short form, URN (compound, versioned, malformed), URI: the codes are what matters
        codes = re.findall(r"(?<![\d.])(\d{4,6})(?![\d.])", text)
        return _from_codes(codes, short=text.upper().startswith("EPSG:")) if codes else UNKNOWN
    if text.isdigit():
        return _from_codes([text], short=True)
    if match := re.match(r'LOCAL_CS\["([^"]+)"', text):  # what GDAL makes of a code when a foreign PROJ_DATA hides its tables
        text = match[1]
    try:
        return _split(pyproj.CRS.from_user_input(text))
    except CRSError:
        return UNKNOWN


def given(name: str) -> Crs:
    """As `parse`, for what the user typed: an unknown one is an InputProblem."""
    found = parse(name)
    if not found.horizontal:
        raise InputProblem(name, "this coordinate system is not known", "Write it as EPSG:25832")
    return found


def _from_codes(codes: list[str], short: bool = False) -> Crs:
    try:
        found = _split(pyproj.CRS.from_epsg(int(codes[0])), short)
    except CRSError:
        return UNKNOWN
    if len(codes) > 1:
        return Crs(found.horizontal, _VERTICAL.get(codes[1], f"EPSG:{codes[1]}"), short)
    return found


def _split(crs: Any, short: bool = False) -> Crs:
    """Horizontal and vertical part of a PROJ CRS. A geographic one with heights is kept as its horizontal twin."""
    vertical = ""
    if crs.is_compound:
        horizontal, upright = crs.sub_crs_list[0], crs.sub_crs_list[1]
        code = upright.to_authority()
        vertical = _VERTICAL.get(code[1], ":".join(code)) if code else upright.name
        crs = horizontal
    elif len(crs.axis_info) == 3:
        vertical = "ellipsoidal"
        crs = crs.to_2d()
    if not (crs.is_projected or crs.is_geographic):
        return Crs("", vertical, short)
    authority = crs.to_authority()
    if authority is None and not _can_be_placed(crs):
        return Crs("", vertical, short)
    return Crs(":".join(authority) if authority else crs.to_wkt(), vertical, short)


def _can_be_placed(crs: Any) -> bool:
    """Whether PROJ knows how places of a system that has no code come to degrees: one may name a projection that is not known."""
    try:
        pyproj.Transformer.from_crs(crs, crs.geodetic_crs)
    except ProjError:
        return False
    return True


@lru_cache(maxsize=64)
def proj(horizontal: str) -> Any:
    """The PROJ object of a Crs.horizontal."""
    return pyproj.CRS.from_user_input(horizontal)


def metres(name: str) -> float:
    """How many metres one unit of a CRS is, NaN for degrees: of a Crs.horizontal, or of a vertical one given by its code."""
    axes = proj(name).axis_info
    if not axes or "degree" in axes[0].unit_name:
        return float("nan")
    return float(axes[0].unit_conversion_factor)


def distortion(horizontal: str, x: float, y: float) -> float:
    """By which share lengths at a place (in the CRS's own coordinates) are off: 0.0004 in UTM, 0.6 in EPSG:3857 at 51° north."""
    crs = proj(horizontal)
    longitude, latitude = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    factors = pyproj.Proj(crs).get_factors(longitude, latitude)
    return max(abs(factors.meridional_scale - 1), abs(factors.parallel_scale - 1))


def zone_before(low: float, high: float) -> int:
    """The UTM zone that eastings from low to high have before them (32681735 is 681735 in zone 32); 0 where they have none."""
    zone = int(low // 1e6) if np.isfinite(low) else 0
    return zone if 28 <= zone <= 38 and low >= zone * 1e6 + 1e5 and high < zone * 1e6 + 9e5 else 0


def doubt(horizontal: str, west: float, south: float, east: float, north: float) -> str:
    """What speaks against these numbers (x/longitude west..east, y/latitude south..north) being in this CRS; "" if nothing does."""
    crs = proj(horizontal)
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    if crs.is_geographic:
        if not degrees:
            span = f"from {west:.0f} {south:.0f} to {east:.0f} {north:.0f}"
            return f"{crs.name} has degrees, but the coordinates run {span}{_guess(west, south)}"
    elif degrees and (east - west) < 1 and (north - south) < 1 and (west or south):
        return f"{crs.name} has metres, but the coordinates look like degrees ({west:.4f} {south:.4f}); perhaps EPSG:4326"
    area = crs.area_of_use
    if area is None:
        return ""
    x, y = (west + east) / 2, (south + north) / 2
    if not crs.is_geographic:
        x, y = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    margin = 3.0  # degrees: towns use a zone well beyond its edge
    wide = area.east - area.west if area.east >= area.west else area.east + 360 - area.west
    outside = not (area.south - margin <= y <= area.north + margin) or not ((x - area.west + margin) % 360 <= wide + 2 * margin)
    if not (abs(x) < 1e6 and abs(y) < 1e6) or outside:
        return f"the coordinates ({west:.0f} {south:.0f}) lie outside the area of {crs.name}{_guess(west, south)}"
    return ""


def _guess(x: float, y: float) -> str:
    """A hint at the systems that German numbers of this size usually mean."""
    if 2.2e6 < x < 5.9e6 and 5.0e6 < y < 6.3e6:
        return f"; they look like Gauß-Krüger zone {int(x // 1e6)} (EPSG:{31464 + int(x // 1e6)})"
    if 2e5 < x < 9e5 and 5.0e6 < y < 6.3e6:
        return "; they look like UTM (EPSG:25832 or 25833)"
    return ""


def utm_at(longitude: float, latitude: float) -> str:
    """The UTM zone of a place: ETRS89 in Europe, WGS 84 elsewhere."""
    zone = int((longitude + 180) // 6) % 60 + 1
    if 28 <= zone <= 38 and 34 < latitude < 72:
        return f"EPSG:{25800 + zone}"
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def longitude_first(crs: Crs, first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether geographic coordinates are written longitude, latitude.

    first, second : (min, max) of the first and second column. The CRS's own area decides where it can (PLATEAU, EPSG:6697);
    a worldwide one goes by the spelling: "EPSG:4979" longitude first, URN and URI latitude first, unless that is impossible.
    """
    if max(map(abs, first)) > 90:
        return True
    if max(map(abs, second)) > 90:
        return False
    area = proj(crs.horizontal).area_of_use
    if area is not None and area.west < area.east:

        def inside(longitude: tuple[float, float], latitude: tuple[float, float]) -> bool:
            return bool(
                area.west - 1 <= longitude[0]
                and longitude[1] <= area.east + 1
                and area.south - 1 <= latitude[0]
                and latitude[1] <= area.north + 1
            )

        if inside(first, second) != inside(second, first):
            return inside(first, second)
    if first[0] < -60:  # nobody models Antarctica
        return True
    return crs.short


def vertical_code(name: str) -> str:
    """The EPSG code of a height system by the name that `parse` gives it: 7837 of DE_DHHN2016_NH; "" where it has none."""
    known = {word: code for code, word in _VERTICAL.items()}
    code = known.get(name, name.removeprefix("EPSG:") if name.startswith("EPSG:") else "")
    return code if code.isdigit() else ""


def adv_name(horizontal: str) -> str:
    """The AdV's name of a system, "" where it has none."""
    return next((f"urn:adv:crs:{name}" for name, code in _ADV.items() if code == horizontal), "")
