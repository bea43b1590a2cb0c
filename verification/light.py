"""Sun and shadow held against reference files by others: NREL's and pvlib's sun, the closed form of a box's shadow; horizon and
viewshed, see `views`; irradiation and sky view, see `courtyard`."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from ..analyses import shadow, sun
from ..analyses.rays import Raycaster
from ..jena_city import terrain
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem, Progress, no_progress
from . import courtyard, views

Row = dict[str, Any]
EXACT = 1e-3  # degrees
EDGE = 0.01  # metres from the edge of a shadow, to either side


def verify(folder: Path, *, progress: Progress = no_progress) -> list[Row]:
    """Compare with every reference file that lies in a folder.

    Returns a row for each case: case, reference (value or what it is), ours, deviation, allowed, unit, ok. Raises InputProblem
    when the folder holds no reference file, or one that cannot be read.
    """
    cases = {"pvlib_refs.json": _sun_positions, "flatbox.tif": _box_shadow, **views.cases(folder, _row)}
    there = {name: case for name, case in cases.items() if (folder / name).is_file()}
    if folder.is_dir():
        there |= {str(place.relative_to(folder)): lambda _, place=place: courtyard.rows(place, _row) for place in courtyard.folders(folder)}
    if not there:
        raise InputProblem(folder, "no reference file for light is here", f"Name a folder with one of: {', '.join(cases)}")
    rows: list[Row] = []
    for number, (name, case) in enumerate(there.items()):
        progress(number / len(there), name)
        try:
            rows += case(folder)
        except (KeyError, ValueError, TypeError) as error:
            raise InputProblem(folder / name, f"the reference file is not as expected ({error!r})", "Take the original file") from error
    progress(1.0, "compared")
    return rows


def _row(case: str, reference: float, ours: float, allowed: float, unit: str) -> Row:
    deviation = abs(ours - reference)
    return {
        "case": case,
        "reference": round(reference, 6),
        "ours": round(ours, 6),
        "deviation": round(deviation, 6),
        "allowed": allowed,
        "unit": unit,
        "ok": bool(deviation <= allowed),
    }


def _sun_positions(folder: Path) -> list[Row]:
    content = json.loads((folder / "pvlib_refs.json").read_text(encoding="utf-8"))
    published = content["nrel_spa_test"]["published"]
    when = dt.datetime(2003, 10, 17, 12, 30, 30, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
    found = sun.position([when], 39.742476, -105.1786, altitude=1830.14, pressure=82000.0, temperature=11.0, delta_t=67.0)
    rows = [
        _row("NREL SPA zenith", published["zenith_topocentric_corrected"], 90 - float(found.apparent_elevation[0]), EXACT, "°"),
        _row("NREL SPA azimuth", published["azimuth"], float(found.azimuth[0]), EXACT, "°"),
    ]
    # Meeus, Astronomical Algorithms (2nd ed.), example 25.b: 13 October 1992, 0 h TD, declination by VSOP87. From the pole the sun
    # stands at its declination, less the parallax of 8.794" / 0.9976 au.
    almanac = -(7 + 47 / 60 + 1.74 / 3600)
    parallax = 8.794 / 3600 / 0.99760775 * math.cos(math.radians(almanac))
    at_the_pole = sun.position(np.array([np.datetime64("1992-10-13T00:00:00") - np.timedelta64(59, "s")]), 90.0, 0.0, delta_t=59.0)
    rows.append(_row("declination of the sun, Meeus, 13 October 1992", almanac - parallax, float(at_the_pole.elevation[0]), EXACT, "°"))
    for date, table in content["sunpos"].items():
        if not isinstance(table, list) or len(date) != 10:
            continue
        times = [np.datetime64(f"{date}T{clock}") - np.timedelta64(1, "h") for clock, *_ in table]  # the tables are in CET
        found = sun.position(np.array(times), 50.927, 11.586, altitude=150.0)
        values = np.array([row[1:] for row in table], float)
        worst = max(
            float(np.abs(found.elevation - values[:, 0]).max()),
            float(np.abs((found.azimuth - values[:, 2] + 180) % 360 - 180).max()),
        )  # fmt: skip
        rows.append(_row(f"sun over Jena, {date}, {len(table)} positions", 0.0, worst, EXACT, "° worst"))
    return rows + courtyard.yearly(folder, _row)


def _box_shadow(folder: Path) -> list[Row]:
    """The shadow of the box of the raster, as a solid, on flat ground, against the closed form: its area, and its edge from either side."""
    model = terrain.read([folder / "flatbox.tif"])
    rows, columns = np.nonzero(model.heights > (model.heights.min() + model.heights.max()) / 2)
    west, south = model.x + (columns.min() - 0.5) * model.step, model.y + (rows.min() - 0.5) * model.step
    east, north = model.x + (columns.max() + 0.5) * model.step, model.y + (rows.max() + 0.5) * model.step
    base, height = float(model.heights.min()), float(model.heights.max() - model.heights.min())
    box = shapely.box(west, south, east, north)
    caster = Raycaster(*_box_mesh(west, south, east, north, base, height))
    found = []
    for date, clock in ((dt.date(2025, 3, 21), "12:00"), (dt.date(2025, 1, 17), "12:00"), (dt.date(2025, 12, 21), "10:00")):
        moment = sun.moment(model.origin, date, clock)
        reach = height / math.tan(math.radians(float(moment.elevation[0])))
        away = math.radians(float(model.origin.grid_azimuth(moment.azimuth[0])) + 180)
        shifted = affinity.translate(box, reach * math.sin(away), reach * math.cos(away))
        expected = box.union(shifted).convex_hull
        shadow_of = lambda xy, sun_at=moment.directions[0]: _dark(caster, xy, base, sun_at)  # noqa: E731
        area = expected.area - box.area
        dark_area = _area(shadow_of, expected.bounds) - box.area
        found.append(_row(f"box shadow area, {date} {clock} CET", area, dark_area, 0.001 * area, "m²"))
        line = shapely.get_coordinates(shapely.segmentize(expected.exterior.difference(box.buffer(0.1)), 0.1))
        off = np.concatenate([line + side * _towards(line, expected.centroid) for side in (EDGE, -EDGE)])
        wrong = shadow_of(off) != shapely.contains_xy(expected, off[:, 0], off[:, 1])
        found.append(_row(f"box shadow edge within {100 * EDGE:g} cm, {date} {clock} CET", 0, float(wrong.sum()), 0, "points"))
    return found


def _dark(caster: Raycaster, xy: FloatArray, ground: float, direction: FloatArray) -> Any:
    """(n,) whether places on level ground lie in shadow."""
    places = np.column_stack([xy, np.full(len(xy), ground + 0.001)])
    return ~shadow.lit(places, None, direction, caster)


def _towards(points: FloatArray, middle: shapely.Point) -> FloatArray:
    """(n, 2) unit, from points towards a middle."""
    way = np.array([middle.x, middle.y]) - points
    return np.asarray(way / np.linalg.norm(way, axis=1)[:, None])


def _area(inside: Any, bounds: tuple[float, float, float, float], levels: int = 4) -> float:
    """Area of a region without fine parts, of which is only known whether places (n, 2) lie inside: squares of 0.5 m, those on its edge cut
    into 16 again and again; of the last ones the share of corners inside counts."""
    step = 0.5
    x, y = np.meshgrid(*(np.arange(low - 1.01, high + 1, step) for low, high in ((bounds[0], bounds[2]), (bounds[1], bounds[3]))))
    corner = np.column_stack([x.ravel(), y.ravel()])
    area = 0.0
    for level in range(levels):
        four = np.stack([inside(corner + step * np.array(place)) for place in ((0, 0), (1, 0), (0, 1), (1, 1))]).sum(axis=0)
        on_edge = (four > 0) & (four < 4)
        last = level == levels - 1
        area += step**2 * float(four.sum() / 4 if last else (four == 4).sum())
        step /= 4
        shift = step * np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1).reshape(-1, 2)
        corner = (corner[on_edge, None] + shift).reshape(-1, 2)
    return area


def _box_mesh(west: float, south: float, east: float, north: float, base: float, height: float) -> tuple[FloatArray, Any]:
    corners = [(west, south), (east, south), (east, north), (west, north)]
    vertices = np.array([(x, y, z) for z in (base, base + height) for x, y in corners])
    sides = [((k, (k + 1) % 4, (k + 1) % 4 + 4), (k, (k + 1) % 4 + 4, k + 4)) for k in range(4)]
    return vertices, np.array([triangle for pair in sides for triangle in pair] + [(4, 5, 6), (4, 6, 7)])
