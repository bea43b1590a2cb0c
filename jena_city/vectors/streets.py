"""Streets and rails: class, width, lanes, speed, surface and counts, with the words and units that publishers use."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import numpy.typing as npt
import shapely

from ..arrays import FloatArray
from ..origin import Origin
from ..problems import Report
from ..site import Features
from .reading import read
from .tables import RAILS, Box, Paths, Table, number, yes_or_no

# Carriageway widths in metres where the data give none (RASt 06, usual cross-sections).
STREET_WIDTHS = {
    "motorway": 12.0,
    "trunk": 10.0,
    "primary": 9.0,
    "secondary": 7.5,
    "tertiary": 6.5,
    "residential": 5.5,
    "unclassified": 5.5,
    "living_street": 5.0,
    "service": 3.5,
    "track": 3.0,
    "cycleway": 2.5,
    "footway": 2.0,
    "path": 1.5,
    "pedestrian": 6.0,
    **dict.fromkeys(RAILS, 3.5),
}
_OTHER_WIDTH = 5.5
# Speeds that are words, in km/h. walk: Schrittgeschwindigkeit, 7 km/h at most; none: the Richtgeschwindigkeit of motorways.
_SPEEDS = {"walk": 7.0, "living_street": 7.0, "none": 130.0, "urban": 50.0, "rural": 100.0, "motorway": 130.0}
_JUNCTIONS = {
    **dict.fromkeys(("signals", "traffic_signals", "lsa", "lichtsignal", "lichtsignalanlage", "ampel"), "signals"),
    **dict.fromkeys(("roundabout", "circular", "kreisverkehr", "kreisel"), "roundabout"),
}
MOST_VEHICLES = 250_000.0  # in 24 hours: no street in Germany has more
_SAME = 3.0  # metres within which two lines are the same street


def speed(text: str) -> float:
    """km/h of a speed as written: "30", "30 mph", "5 knots", "walk", "none", "DE:urban", "DE:zone:30"; NaN where it is no fixed one."""
    word = text.strip().lower()
    last = word.rsplit(":", 1)[-1]
    if last in _SPEEDS:
        return _SPEEDS[last]
    value = number(last)
    if re.search(r"\d\s*mph", word):
        value *= 1.609344
    elif re.search(r"\d\s*(knots|kn)\b", word):
        value *= 1.852
    return value if 0 < value <= 300 else float("nan")


def read_streets(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Lines with columns class, name, width (metres, by class where not given), lanes, speed (km/h), surface, oneway (1, 0, -1: against
    the line's direction), traffic (vehicles in 24 h) and heavy (share of heavy vehicles in percent); NaN or "" where unknown.

    Rails (class of `RAILS`) are among them, with vehicles_day and vehicles_night (on the line, 6 to 22 and 22 to 6), vehicle (what runs),
    track (what it lies on), bridge (what kind) and radius (of the curve, metres). A way that is street and track at once is both; tracks in
    tunnels are not read, for they are neither seen nor heard.

    tunnel : whether a street runs in one.

    junction : "signals" where lights stand at the street's ends, "roundabout" for the ring of one, else "".

    Lines without class that lie along one with a class (a file of speed limits alone) give it their speed and are not kept.
    """
    table = read(paths, origin, "streets", report, bbox)
    kind, width = _kinds(table), table.number("width")
    usual = np.array([STREET_WIDTHS.get(word.removesuffix("_link"), _OTHER_WIDTH) for word in kind], float)
    traffic, heavy, share = table.number("traffic"), table.number("heavy"), table.number("heavy_share")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.isfinite(share), share, 100.0 * heavy / traffic)
    words = table.text("speed")
    _tell_of_words(words.tolist(), paths, report)
    traffic = _possible(traffic, MOST_VEHICLES, table, report)
    share = _possible(share, 100.0, table, report)
    streets = Features(
        table.geometry,
        {
            "class": kind,
            "name": table.text("name"),
            "width": np.where(np.isfinite(width) & (width > 0), width, usual),
            "lanes": table.number("lanes"),
            "speed": np.array([speed(word) for word in words], float),
            "surface": table.text("surface"),
            "oneway": np.array([_direction(word) for word in table.text("oneway")], float),
            "traffic": traffic,
            "heavy": share,
            "vehicles_day": table.number("vehicles_day"),
            "vehicles_night": table.number("vehicles_night"),
            "vehicle": table.text("vehicle"),
            "track": table.text("track"),
            "bridge": table.text("bridge"),
            "radius": table.number("radius"),
            "tunnel": np.array([word.strip() != "" and yes_or_no(word) is not False for word in table.text("tunnel")], bool),
            "junction": _junctions(table),
        },
    )
    streets = _with_speeds_along(_with_tracks(streets, table.text("rails")))
    report.features["streets"] = len(streets)
    return streets


def _junctions(table: Table) -> npt.NDArray[np.object_]:
    """(n,) kinds of junction as `read_streets` gives them."""
    kind = np.array([_JUNCTIONS.get(word.strip().lower(), "") for word in table.text("junction")], object)
    lights = np.array([yes_or_no(word) is True for word in table.text("signals")], bool)
    return np.where((kind == "") & lights, "signals", kind)


def _direction(word: str) -> float:
    """1, 0 or -1 as `read_streets` gives it. T and F are directions to Geofabrik and no yes and no."""
    plain = word.strip().lower()
    if plain in ("-1", "-1.0", "reverse"):
        return -1.0
    said = yes_or_no(plain) if plain not in ("t", "f") else None
    return float("nan") if said is None else float(said)


def _with_tracks(streets: Features, rails: npt.NDArray[np.object_]) -> Features:
    """Streets that are tracks as well a second time, as tracks; no tracks in tunnels. rails : (n,) words of the file."""
    kind = streets.columns["class"]
    both = np.flatnonzero(np.isin(rails, RAILS) & ~np.isin(kind, RAILS))
    rows = np.concatenate([np.arange(len(kind)), both])
    columns = {name: values[rows] for name, values in streets.columns.items()}
    columns["class"][len(kind) :] = rails[both]
    columns["width"][len(kind) :] = [STREET_WIDTHS[word] for word in rails[both]]
    keep = ~(columns["tunnel"] & np.isin(columns["class"], RAILS))
    return Features(streets.geometry[rows][keep], {name: values[keep] for name, values in columns.items()})


def _kinds(table: Table) -> npt.NDArray[np.object_]:
    """(n,) classes; where a line is no street, that of the rails it is."""
    kind = table.text("class")
    rails = table.text("rails")
    return np.where((kind == "") & np.isin(rails, RAILS), rails, kind)


def _tell_of_words(words: list[str], paths: Paths, report: Report) -> None:
    """Say which speeds were taken for words that are no numbers."""
    said = [word for one in words if (word := one.strip().lower().rsplit(":", 1)[-1]) in _SPEEDS]
    if said:
        listed = ", ".join(f"{count} × {word} = {_SPEEDS[word]:.0f} km/h" for word, count in Counter(said).most_common())
        report.add("speeds-in-words", str(paths[0]), "", f"the speeds of {len(said)} streets are words, which were taken so: {listed}")


def _possible(values: FloatArray, most: float, table: Table, report: Report) -> FloatArray:
    """Counts of vehicles or percents of heavy ones (n,) without what cannot be, which is listed by file, row in it and name."""
    wrong = (values < 0) | (values > most)
    names, files = table.text("name"), [str(path) for path, _ in table.sources]
    for row in np.flatnonzero(wrong):
        if most == MOST_VEHICLES:
            message = f"{values[row]:.0f} vehicles a day cannot be (0 to {most:.0f}) and were left out"
        else:
            message = f"{values[row]:g} percent of heavy vehicles cannot be (0 to {most:g}) and were left out"
        report.add("absurd-count", files[row], f"{row - files.index(files[row]) + 1} {names[row]}".strip(), message)
    return np.where(wrong, np.nan, values)


def _with_speeds_along(streets: Features) -> Features:
    """Speeds of lines without class given to the lines with one that they run along."""
    kind, speeds = streets.columns["class"], streets.columns["speed"]
    plain, classed = np.flatnonzero((kind == "") & np.isfinite(speeds)), np.flatnonzero(kind != "")
    if not len(plain) or not len(classed):
        return streets
    speeds = speeds.copy()
    tree = shapely.STRtree(shapely.buffer(streets.geometry[plain], _SAME))
    used = np.zeros(len(kind), bool)
    street, along = tree.query(streets.geometry[classed], predicate="intersects")
    shared = shapely.length(shapely.intersection(streets.geometry[classed[street]], tree.geometries[along]))
    rows, sources = classed[street], plain[along]
    enough = shared >= 0.8 * np.minimum(shapely.length(streets.geometry[rows]), shapely.length(streets.geometry[sources]))
    for number_ in np.argsort(shared[enough], kind="stable"):  # the longest last: it decides
        row, source = rows[enough][number_], sources[enough][number_]
        used[source] = True
        if np.isnan(streets.columns["speed"][row]):
            speeds[row] = streets.columns["speed"][source]
    columns: dict[str, FloatArray] = {**streets.columns, "speed": speeds}
    return Features(streets.geometry[~used], {name: values[~used] for name, values in columns.items()})
