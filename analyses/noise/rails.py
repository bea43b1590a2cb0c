"""What runs on rails: from numbers of vehicles where there are any, from stated assumptions for trams where there are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem
from ...jena_city.site import Features
from ...jena_city.vectors import RAILS, yes_or_no
from . import schall03
from .octaves import SILENCE
from .schall03 import Track, Vehicle

DAY_HOURS, NIGHT_HOURS = 16.0, 8.0
TRAM_SPEED = 50.0  # km/h where none is said
_TRAMS = ("tram", "light_rail", "subway")
_LOOK, _STEP = 20.0, 5.0  # metres: a curve is measured from points so far before and behind; how often
_STRAIGHT = 1e6
_TRACKS: dict[str, str] = {
    **{name: name for name in (*schall03.TRACKS, *schall03.TRAM_TRACKS)},
    **dict.fromkeys(("schotter", "schotterbett", "schottergleis", "schwellengleis"), schall03.BALLAST),
    **dict.fromkeys(("straßenbündig", "strassenbuendig", "asphalt", "paved", "pflaster"), "in-street"),
    **dict.fromkeys(("rasengleis", "rasen", "grass", "rasengleis tief"), "green-low"),
    "rasengleis hoch": "green-high",
    "feste fahrbahn": "slab",
    "bahnübergang": "level-crossing",
}
_BRIDGES: dict[str, str] = {**{name: name for name in schall03.TRAM_BRIDGES}, "": "none", "stahl": "steel"}
_TRAIN_BRIDGE = "slab"  # of trains, where only a bridge is known


@dataclass(frozen=True)
class Assumed:
    """What trams are taken to be where nothing is said. day, night : vehicles on a line, 6 to 22 and 22 to 6. vehicle : of
    schall03.VEHICLES. track : of schall03.TRAM_TRACKS. bridge : of schall03.TRAM_BRIDGES, where only a bridge is known."""

    day: float
    night: float
    vehicle: str
    track: str
    bridge: str


@dataclass(frozen=True, eq=False)
class Running:
    """Stretches of track that make noise, alike from end to end.

    lines : (r,) LineStrings. street : (r,) row in the streets given. power : {height: (r, 2, 8)} L'_W by Höhenbereich, by day and night,
    dB(A) by octave. tracks : lines that make noise in all; assumed : of them, with assumed numbers, assumed kinds of track and
    assumed bridges. silent : rails of which nobody says what runs on them. half : lines of trains with a number for day or night alone,
    taken to have none in the other.
    """

    lines: npt.NDArray[np.object_]
    street: npt.NDArray[np.int64]
    power: Mapping[int, FloatArray]
    tracks: int
    assumed: tuple[int, int, int]
    silent: int
    half: int = 0


def running(streets: Features, assumed: Assumed, file: str = "streets") -> Running:
    """What runs on the rails among streets (columns as `vectors.read_streets` gives them).

    Trams are assumed where no number is said, by day or by night; trains are not: of them a line must say vehicle and numbers. What runs in
    tunnels is not heard. Curves are measured on the line where it says no radius. Raises InputProblem for a vehicle, track or number that
    cannot be.
    """
    columns, count = streets.columns, len(streets)

    def words(name: str) -> list[str]:
        return [str(word).strip().lower() for word in columns.get(name, np.full(count, ""))]

    def figures(name: str) -> list[float]:
        return [float(value) for value in columns.get(name, np.full(count, np.nan))]

    kinds, said, laid, bridges = words("class"), words("vehicle"), words("track"), words("bridge")
    day, night, speed, radius = figures("vehicles_day"), figures("vehicles_night"), figures("speed"), figures("radius")
    lines: list[shapely.LineString] = []
    rows: list[int] = []
    power: dict[int, list[FloatArray]] = {height: [] for height in schall03.HEIGHTS}
    tracks = silent = half = 0
    guessed = [0, 0, 0]
    tunnel = columns.get("tunnel", np.zeros(count, bool))
    for row in (row for row, kind in enumerate(kinds) if kind in RAILS and not tunnel[row]):
        where = f"{file}: {str(columns.get('name', np.full(count, ''))[row]).strip() or kinds[row]} {row + 1}"
        tram = kinds[row] in _TRAMS
        numbers = [day[row], night[row]]
        if not tram and (not said[row] or not np.isfinite(numbers).any()):
            silent += 1
            continue
        if any(value < 0 or value > _most(tram) for value in numbers if np.isfinite(value)):
            what = f"{max(v for v in numbers if np.isfinite(v)):g} vehicles in a day or night are no number for one line of rails"
            raise InputProblem(where, what, "Correct vehicles_day and vehicles_night")
        missing = ~np.isfinite(numbers)
        guessed[0] += tram and bool(missing.any())
        half += not tram and bool(missing.any())
        hourly = np.where(missing, [assumed.day, assumed.night] if tram else 0.0, numbers) / [DAY_HOURS, NIGHT_HOURS]
        if not hourly.any():
            continue
        usual = assumed.vehicle if kinds[row] != "subway" else "metro"
        highest, train = _train(where, said[row] or usual)
        is_tram = train[0][0].tram
        allowed = speed[row] if np.isfinite(speed[row]) else TRAM_SPEED if is_tram else highest
        if said[row] in schall03.TRAINS:  # of single vehicles no highest speed is known
            allowed = min(allowed, highest)
        track = _track(where, laid[row], assumed.track if is_tram else schall03.BALLAST)
        guessed[1] += is_tram and not laid[row]
        word = "" if yes_or_no(bridges[row]) is False else bridges[row]
        bridge = _BRIDGES.get(word, assumed.bridge if is_tram else _TRAIN_BRIDGE)
        guessed[2] += word not in _BRIDGES
        tracks += 1
        limits = (schall03.CURVE_RADIUS_TRAM,) if is_tram else schall03.CURVE_RADII
        for part in shapely.get_parts(streets.geometry[row]):
            for piece, bent in [(part, radius[row])] if np.isfinite(radius[row]) else curves(part, limits):
                lines.append(piece)
                rows.append(row)
                made = _power(train, hourly, allowed, Track(track, bridge, 0.0 if bent >= _STRAIGHT else bent))
                for height, level in made.items():
                    power[height].append(level)
    stacked = {height: np.array(levels).reshape(-1, 2, 8) for height, levels in power.items()}
    shapes = np.empty(len(lines), object)
    shapes[:] = lines
    return Running(shapes, np.array(rows, np.int64), stacked, tracks, (guessed[0], guessed[1], guessed[2]), silent, half)


def curves(line: shapely.LineString, limits: tuple[float, ...]) -> list[tuple[shapely.LineString, float]]:
    """A line cut where its curve passes one of some radii (ascending, metres), with the radius of each stretch; 1e6 where wider.

    The radius at a place is that of the circle through it and the points 20 m before and behind; nearer than 10 m to an end nothing is
    measured.
    """
    along = np.arange(0.0, line.length + _STEP / 2, _STEP)
    arm = np.minimum(np.minimum(along, np.maximum(line.length - along, 0.0)), _LOOK)
    before, here, behind = (shapely.get_coordinates(shapely.line_interpolate_point(line, s)) for s in (along - arm, along, along + arm))
    sides = [np.hypot(*(p - q).T) for p, q in ((before, here), (here, behind), (before, behind))]
    twice = np.abs((here - before)[:, 0] * (behind - before)[:, 1] - (here - before)[:, 1] * (behind - before)[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        radius = np.where(arm >= _LOOK / 2, sides[0] * sides[1] * sides[2] / (2.0 * twice), np.inf)
    level = np.searchsorted(limits, np.nan_to_num(radius, nan=math.inf), side="right")
    bounds = [0, *(np.flatnonzero(np.diff(level)) + 1).tolist(), len(level)]
    found = []
    for first, end in zip(bounds[:-1], bounds[1:], strict=True):
        start, stop = (max(s - _STEP / 2, 0.0) for s in (along[first], along[end] if end < len(along) else math.inf))
        piece = substring(line, start, min(stop, line.length))
        if piece.length > 0:
            wide = level[first] == len(limits)
            found.append((piece, _STRAIGHT if wide else float(radius[first:end].min())))
    return found


def _most(tram: bool) -> float:
    return 3000.0 if tram else 50_000.0  # wagons of a goods line count each


def _train(where: str, word: str) -> tuple[float, list[tuple[Vehicle, int]]]:
    """The highest speed of a train (of single vehicles a usual one), km/h, and what it is made of."""
    if word in schall03.TRAINS:
        speed, made = schall03.TRAINS[word]
        return speed, [(schall03.VEHICLES[name], number) for name, number in made]
    if word in schall03.VEHICLES:
        return schall03.REFERENCE_SPEED, [(schall03.VEHICLES[word], 1)]
    known = ", ".join((*schall03.TRAINS, *schall03.VEHICLES))
    raise InputProblem(where, f"{word} is no vehicle that Schall 03 has here", f"Choose one of: {known}")


def _track(where: str, word: str, usual: str) -> str:
    if word and word not in _TRACKS:
        known = ", ".join(dict.fromkeys((*schall03.TRACKS, *schall03.TRAM_TRACKS)))
        raise InputProblem(where, f"{word} is no track that Schall 03 has here", f"Choose one of: {known}")
    return _TRACKS[word] if word else usual


def _power(train: list[tuple[Vehicle, int]], hourly: FloatArray, allowed: float, track: Track) -> dict[int, FloatArray]:
    """{height: (2, 8)} by day and night."""
    levels = schall03.line_power([(vehicle, number, schall03.driven(vehicle, allowed)) for vehicle, number in train], track)
    found = {height: np.full((2, 8), SILENCE) for height in schall03.HEIGHTS}
    for height, level in levels.items():
        for period in np.flatnonzero(hourly > 0):
            found[height][period] = level + 10.0 * np.log10(hourly[period])
    return found
