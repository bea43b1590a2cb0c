"""Sun and shadow held against reference files by others: NREL's and pvlib's sun, the closed form of a box's shadow; horizon and
viewshed, see `views`; irradiation and sky view, see `courtyard`."""

from __future__ import annotations

import datetime as dt
import json
import math
from itertools import pairwise
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
        except (LookupError, ValueError, TypeError, AttributeError) as error:
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
    """The shadow of the bodies of the raster, upright and of one height on flat ground, against the closed form, their ground plan swept as
    far as the shadow reaches: its area, and its edge from either side."""
    path = folder / "flatbox.tif"
    model = terrain.read([path])
    heights = np.unique(model.heights)
    if len(heights) != 2:
        raise InputProblem(path, f"it has {len(heights)} heights, not those of the ground and of a body", "Take boxes of one height")
    rows, columns = np.nonzero(model.heights == heights[1])
    west, south = model.x + (columns - 0.5) * model.step, model.y + (rows - 0.5) * model.step
    plan = shapely.union_all(shapely.box(west, south, west + model.step, south + model.step)).simplify(0)
    base, height = float(heights[0]), float(heights[1] - heights[0])
    caster = Raycaster(*_walls(plan, base, base + height))
    found = []
    for date, clock in ((dt.date(2025, 3, 21), "12:00"), (dt.date(2025, 1, 17), "12:00"), (dt.date(2025, 12, 21), "10:00")):
        moment = sun.moment(model.origin, date, clock)
        if not len(moment):
            continue
        reach = height / math.tan(math.radians(float(moment.elevation[0])))
        away = math.radians(float(model.origin.grid_azimuth(moment.azimuth[0])) + 180)
        expected = _swept(plan, reach * math.sin(away), reach * math.cos(away))

        def shadow_of(xy: FloatArray, sun_at: FloatArray = moment.directions[0]) -> Any:
            return _dark(caster, xy, base, sun_at) | shapely.contains_xy(plan, xy[:, 0], xy[:, 1])

        area = expected.area - plan.area
        dark_area = _area(shadow_of, expected.bounds) - plan.area
        found.append(_row(f"box shadow area, {date} {clock} CET", area, dark_area, 0.001 * area, "m²"))
        wrong = 0
        for side in (EDGE, -EDGE):
            edge = expected.buffer(side, join_style="mitre").boundary.difference(plan.buffer(0.1))
            wrong += int((shadow_of(shapely.get_coordinates(shapely.segmentize(edge, 0.1))) != (side < 0)).sum())
        found.append(_row(f"box shadow edge within {100 * EDGE:g} cm, {date} {clock} CET", 0, float(wrong), 0, "points"))
    return found


def _swept(plan: Any, east: float, north: float) -> Any:
    """The ground that a polygon covers while it is moved."""
    lines = shapely.get_parts(shapely.boundary(plan))
    sides = [pair for line in lines for pair in pairwise(shapely.get_coordinates(line))]
    moved = np.array([east, north])
    strips = [shapely.Polygon([a, b, b + moved, a + moved]) for a, b in sides]
    return shapely.union_all([plan, affinity.translate(plan, east, north), *(strip for strip in strips if strip.area > 0)])


def _dark(caster: Raycaster, xy: FloatArray, ground: float, direction: FloatArray) -> Any:
    """(n,) whether places on level ground lie in shadow."""
    places = np.column_stack([xy, np.full(len(xy), ground + 0.001)])
    return ~shadow.lit(places, None, direction, caster)


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


def _walls(plan: Any, low: float, high: float) -> tuple[FloatArray, Any]:
    """The walls over the edges of a polygon. No roof: what goes up from level ground outside and meets the body meets a wall."""
    corners = [shapely.get_coordinates(line) for line in shapely.get_parts(shapely.boundary(plan))]
    sides = np.array([pair for ring in corners for pair in pairwise(ring)])
    quads = np.stack(
        [np.column_stack([sides[:, k], np.full(len(sides), z)]) for k, z in ((0, low), (1, low), (1, high), (0, high))], axis=1
    )
    first = 4 * np.arange(len(sides))[:, None]
    return quads.reshape(-1, 3), np.concatenate([first + (0, 1, 2), first + (0, 2, 3)])
