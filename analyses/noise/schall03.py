"""Trams and trains after Schall 03, the method of planning law for rails (16. BImSchV, Anlage 2): sound power of a metre of track.

Each vehicle has several sources (Teilquellen) at up to three heights. Levels are A-weighted in eight octaves, dB. Kinds of vehicles that
run in towns are here; measured data of others can be typed as a `Vehicle` with its source. Tables are those of the law (Beiblatt 1 and 2,
tables 6, 7, 8, 9, 11, 14, 15, 16, 17); spectra of one source sum to 0 dB within rounding, which a test holds them to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem
from .octaves import energy_sum

LAW = "16. BImSchV, Anlage 2 (Schall 03)"
REFERENCE_SPEED = 100.0  # km/h
TRAM_LEAST = 50.0  # km/h: 5.3.2
HEIGHTS = {1: 0.0, 2: 4.0, 3: 5.0}
"""Metres above the top of the rail, by Höhenbereich."""
AIR: FloatArray = np.array([0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0])
"""dB/km. Table 17."""
CURVE_RADIUS_TRAM, CURVE_TRAM = 200.0, 4.0  # metres, dB: K_L where nothing is done against squealing, 5.3.2

Spectrum = tuple[float, float, float, float, float, float, float, float]


@dataclass(frozen=True)
class Part:
    """One source of a vehicle. number : m of the law. level : a_A, height : Höhenbereich 1 to 3, shape : Δa by octave.
    speed : b, dB for each tenfold speed."""

    number: int
    level: float
    height: int
    shape: Spectrum
    speed: Spectrum
    rolling: bool = False


@dataclass(frozen=True)
class Vehicle:
    """A kind of vehicle. axles : those that its levels are given for. source : where they are from."""

    name: str
    axles: int
    parts: tuple[Part, ...]
    tram: bool = False
    source: str = LAW


_ROLL_B: Spectrum = (-5, -5, 0, 10, 25, 25, 25, 25)
_AIR_B: Spectrum = (50,) * 8
_UNIT_B: Spectrum = (-10,) * 8
_DRIVE_B: Spectrum = (20,) * 8
_TRAM_B: Spectrum = (0, 0, -5, 5, 20, 15, 15, 20)
_METRO_B: Spectrum = (15, 10, 20, 20, 30, 25, 25, 20)
_RAIL: Spectrum = (-50, -40, -24, -8, -3, -6, -11, -30)
_WHEEL: Spectrum = (-50, -40, -25, -9, -4, -4, -11, -23)
_WHEEL_IRON: Spectrum = (-40, -30, -22, -9, -3, -5, -15, -26)
_LOW_FLOOR: Spectrum = (-34, -25, -20, -10, -2, -7, -12, -20)
_HIGH_FLOOR: Spectrum = (-32, -23, -17, -11, -2, -7, -12, -19)
_METRO: Spectrum = (-34, -25, -13, -9, -4, -6, -10, -17)
_TRAM_UNIT: Spectrum = (-26, -15, -11, -8, -5, -6, -10, -11)
_UNDER: Spectrum = (-35, -24, -10, -5, -5, -8, -15, -26)
_ROOF: Spectrum = (-35, -24, -13, -4, -5, -7, -14, -25)
_BOGIE: Spectrum = (-15, -8, -6, -6, -8, -14, -21, -32)
_MOTOR: Spectrum = (-32, -24, -5, -4, -8, -12, -18, -29)
_DIESEL_UNIT: Spectrum = (-44, -17, -10, -5, -5, -7, -13, -20)
_EXHAUST: Spectrum = (-12, -5, -4, -8, -12, -20, -30, -30)
_DIESEL: Spectrum = (-25, -16, -9, -5, -5, -8, -12, -20)
_COACH_AIR: Spectrum = (-21, -18, -15, -12, -5, -4, -10, -18)
_PANTOGRAPH: Spectrum = (-30, -21, -13, -9, -6, -4, -9, -17)


def _rolling(rail: float, wheel: float, *, iron: bool = False) -> tuple[Part, ...]:
    return (Part(1, rail, 1, _RAIL, _ROLL_B, rolling=True), Part(2, wheel, 1, _WHEEL_IRON if iron else _WHEEL, _ROLL_B, rolling=True))


def _tram(level: float, shape: Spectrum, speed: Spectrum, unit: int, unit_level: float = 39.0) -> tuple[Part, ...]:
    return (
        Part(1, level, 1, shape, speed, rolling=True),
        Part(2, level, 1, shape, speed, rolling=True),
        Part(unit, unit_level, 2 if unit == 4 else 1, _TRAM_UNIT, _UNIT_B),
    )


VEHICLES: Mapping[str, Vehicle] = {
    "tram-low-floor": Vehicle("Straßenbahn-Niederflurfahrzeug", 8, _tram(63, _LOW_FLOOR, _TRAM_B, 4), tram=True),
    "tram-low-floor-cooled": Vehicle(
        "Straßenbahn-Niederflurfahrzeug mit Klimaanlage", 8, _tram(63, _LOW_FLOOR, _TRAM_B, 4, 47.0), tram=True
    ),
    "tram-high-floor": Vehicle("Straßenbahn-Hochflurfahrzeug", 8, _tram(63, _HIGH_FLOOR, _TRAM_B, 3), tram=True),
    "metro": Vehicle("U-Bahn-Fahrzeug", 8, _tram(60, _METRO, _METRO_B, 3), tram=True),
    "electric-multiple-unit": Vehicle(
        "E-Triebzug, S-Bahn (Wellenscheibenbremse)",
        10,
        (
            *_rolling(71, 60),
            Part(5, 43, 3, _PANTOGRAPH, _AIR_B),
            Part(6, 44, 2, (-29, -22, -11, -7, -5, -5, -12, -20), _AIR_B),
            Part(7, 44, 1, (-16, -9, -6, -6, -7, -11, -15, -22), _AIR_B),
            Part(8, 48, 2, _ROOF, _UNIT_B),
            Part(9, 55, 1, _UNDER, _UNIT_B),
            Part(11, 45, 1, _MOTOR, _DRIVE_B),
        ),
    ),
    "diesel-multiple-unit": Vehicle(
        "V-Triebzug",
        6,
        (
            *_rolling(69, 58),
            Part(6, 32, 2, _COACH_AIR, _AIR_B),
            Part(7, 38, 1, (-16, -9, -7, -7, -7, -9, -13, -20), _AIR_B),
            Part(8, 47, 2, _ROOF, _UNIT_B),
            Part(9, 55, 1, _DIESEL_UNIT, _UNIT_B),
            Part(10, 42, 2, _EXHAUST, _DRIVE_B),
            Part(11, 57, 1, _DIESEL, _DRIVE_B),
        ),
    ),
    "electric-locomotive": Vehicle(
        "E-Lok (Scheibenbremse)",
        4,
        (
            *_rolling(66, 55),
            Part(5, 43, 3, _PANTOGRAPH, _AIR_B),
            Part(6, 49, 2, (-29, -22, -12, -8, -5, -5, -10, -18), _AIR_B),
            Part(7, 40, 1, _BOGIE, _AIR_B),
            Part(8, 61, 2, (-28, -19, -6, -4, -6, -10, -14, -23), _UNIT_B),
            Part(9, 54, 1, (-30, -22, -5, -4, -7, -11, -17, -26), _UNIT_B),
            Part(11, 50, 1, _MOTOR, _DRIVE_B),
        ),
    ),
    "diesel-locomotive": Vehicle(
        "V-Lok (Grauguss-Klotzbremse)",
        4,
        (
            *_rolling(67, 71, iron=True),
            Part(6, 40, 2, (-24, -20, -14, -13, -6, -4, -7, -14), _AIR_B),
            Part(7, 40, 1, _BOGIE, _AIR_B),
            Part(8, 60, 2, _DIESEL_UNIT, _UNIT_B),
            Part(10, 47, 2, _EXHAUST, _DRIVE_B),
            Part(11, 62, 1, _DIESEL, _DRIVE_B),
        ),
    ),
    "coach": Vehicle(
        "Reisezugwagen (Wellenscheibenbremse)",
        4,
        (*_rolling(67, 56), Part(6, 29, 2, _COACH_AIR, _AIR_B), Part(7, 40, 1, _BOGIE, _AIR_B), Part(8, 44, 2, _ROOF, _UNIT_B)),
    ),
    "goods-wagon": Vehicle("Güterwagen (Verbundstoff-Klotzbremse)", 4, (*_rolling(67, 58), Part(7, 40, 1, _BOGIE, _AIR_B))),
    "goods-wagon-iron": Vehicle("Güterwagen (Grauguss-Klotzbremse)", 4, (*_rolling(67, 71, iron=True), Part(7, 40, 1, _BOGIE, _AIR_B))),
}
TRAINS: Mapping[str, tuple[float, tuple[tuple[str, int], ...]]] = {
    "local-electric": (140.0, (("electric-multiple-unit", 1),)),
    "local-diesel": (120.0, (("diesel-multiple-unit", 1),)),
    "local-coaches": (160.0, (("electric-locomotive", 1), ("coach", 5))),
    "intercity": (200.0, (("electric-locomotive", 1), ("coach", 12))),
    "goods": (100.0, (("electric-locomotive", 1), ("goods-wagon", 24))),
}
"""Usual trains: their highest speed, km/h, and what they are made of. Table 4. goods without tank wagons."""

_FIXED = ({1: (0, 0, 0, 7, 3, 0, 0, 0), 2: (0, 0, 0, 7, 3, 0, 0, 0)}, (1, 1, 1, 1, 1, 1, 1, 1))
_FIXED_ABSORBER = ({1: (0, 0, 0, 7, 3, 0, 0, 0), 2: (0, 0, 0, 7, 3, 0, 0, 0)}, (0, 0, 0, -2, -2, -3, 0, 0))
_CROSSING = ({1: (0, 0, 0, 8, 4, 0, 0, 0), 2: (0, 0, 0, 8, 4, 0, 0, 0)}, (1, 1, 1, 1, 1, 1, 1, 1))
_RAIL_TRACKS: Mapping[str, tuple[Mapping[int, Sequence[float]], Sequence[float]]] = {
    "slab": _FIXED,
    "slab-absorber": _FIXED_ABSORBER,
    "level-crossing": _CROSSING,
}
_AT_RAIL = (1, 2, 7, 9, 11)  # the sources whose sound the track reflects
_TRAM_TRACKS: Mapping[str, Sequence[float]] = {
    "in-street": (2, 3, 2, 5, 8, 4, 2, 1),  # straßenbündig, feste Fahrbahn
    "green-low": (-2, -4, -3, -1, -1, -1, -1, -3),
    "green-high": (1, -1, -3, -4, -4, -7, -7, -5),
}
BALLAST = "ballast"
TRACKS = (BALLAST, *_RAIL_TRACKS)
TRAM_TRACKS = (BALLAST, *_TRAM_TRACKS)
BRIDGES = {"none": 0.0, "steel": 12.0, "steel-ballast": 6.0, "massive-ballast": 3.0, "slab": 4.0}
TRAM_BRIDGES = {**BRIDGES, "grooved-rail": 4.0}
"""K_Br, dB, without measures against it. Tables 9 and 16."""
_CURVES = ((300.0, 8.0), (500.0, 3.0))  # below which radius, dB: table 11
CURVE_RADII = tuple(radius for radius, _ in _CURVES)  # metres
FACADE_LOSS = 1.0  # dB at each reflection, walls of buildings with windows: table 18


@dataclass(frozen=True)
class Track:
    """What a stretch of track is like. kind : of TRACKS or TRAM_TRACKS. bridge : of BRIDGES or TRAM_BRIDGES. radius : metres, 0 where
    straight."""

    kind: str = BALLAST
    bridge: str = "none"
    radius: float = 0.0


def vehicle_power(vehicle: Vehicle, speed: float, track: Track = Track()) -> dict[int, FloatArray]:
    """L'_W of one vehicle an hour by Höhenbereich: {1: (8,), …}, dB(A) by octave. Source: equation 1.

    speed : km/h, as `driven` gives it. Raises InputProblem for a track or bridge that the law does not know for this kind of vehicle, or a
    speed of nothing.
    """
    _check(vehicle, speed, track)
    levels: dict[int, list[FloatArray]] = {}
    for part in vehicle.parts:
        level = part.level + np.array(part.shape) + np.array(part.speed) * np.log10(speed / REFERENCE_SPEED)
        levels.setdefault(part.height, []).append(level + _of_track(vehicle, part, track))
    return {height: energy_sum(np.stack(found), axis=0) for height, found in levels.items()}


def line_power(hourly: Sequence[tuple[Vehicle, float, float]], track: Track = Track()) -> dict[int, FloatArray]:
    """L'_W of a track by Höhenbereich, dB(A) by octave. hourly : (vehicle, its number in an hour, km/h). Source: equation 2."""
    found: dict[int, list[FloatArray]] = {}
    for vehicle, number, speed in hourly:
        if number > 0:
            for height, level in vehicle_power(vehicle, speed, track).items():
                found.setdefault(height, []).append(level + 10.0 * np.log10(number))
    return {height: energy_sum(np.stack(levels), axis=0) for height, levels in sorted(found.items())}


def driven(vehicle: Vehicle, allowed: float) -> float:
    """The speed to be reckoned with, km/h, of that allowed on the track. Source: 5.3.2."""
    return max(allowed, TRAM_LEAST) if vehicle.tram else allowed


def _check(vehicle: Vehicle, speed: float, track: Track) -> None:
    kinds, bridges = (TRAM_TRACKS, TRAM_BRIDGES) if vehicle.tram else (TRACKS, BRIDGES)
    if track.kind not in kinds:
        raise InputProblem("track", f"Schall 03 knows no track {track.kind} for {vehicle.name}", f"Choose one of: {', '.join(kinds)}")
    if track.bridge not in bridges:
        raise InputProblem("track", f"Schall 03 knows no bridge {track.bridge} for {vehicle.name}", f"Choose one of: {', '.join(bridges)}")
    if not 0 < speed <= 400:
        raise InputProblem("speed", f"{speed:g} km/h is no speed of a {vehicle.name}", "Give a speed above 0 and up to 400 km/h")


def _of_track(vehicle: Vehicle, part: Part, track: Track) -> npt.NDArray[np.float64]:
    """c1 + c2 + K of a source, dB by octave."""
    added = np.zeros(8)
    bridges = TRAM_BRIDGES if vehicle.tram else BRIDGES
    if vehicle.tram:
        if part.rolling:
            if track.bridge == "none":
                added += _TRAM_TRACKS.get(track.kind, np.zeros(8))
            if 0 < track.radius < CURVE_RADIUS_TRAM:
                added += CURVE_TRAM
    else:
        if track.kind in _RAIL_TRACKS and track.bridge == "none":
            sources, reflected = _RAIL_TRACKS[track.kind]
            added += np.array(sources.get(part.number, np.zeros(8)))
            if part.number in _AT_RAIL:
                added += reflected
        if part.rolling:
            added += next((louder for radius, louder in _CURVES if 0 < track.radius < radius), 0.0)
    if part.rolling:
        added += bridges[track.bridge]
    return added
