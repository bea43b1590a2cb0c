"""Shadows against the closed form: a 20 × 10 × 20 m box on flat ground at Jena, in UTM."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import affinity

from jena_planner.analyses import shadow, sun
from jena_planner.analyses.rays import Raycaster
from jena_planner.jena_city.applied import Applied

from .site import ORIGIN, site, today

BOX = shapely.box(0, 0, 20, 10)
HEIGHT = 20.0
ENGINES = [pytest.param("embree"), pytest.param("bvh", marks=pytest.mark.needs("bpy"))]


@pytest.fixture
def town(tmp_path: Path) -> Applied:
    return today(site(tmp_path, (0, 0, 20, 10, HEIGHT)))


def closed_form(azimuth_from_grid: float, elevation: float) -> shapely.Polygon:
    """The shadow on flat ground: the hull of the footprint and of the footprint shifted by h / tan(elevation) away from the sun."""
    length = HEIGHT / math.tan(math.radians(elevation))
    away = math.radians(azimuth_from_grid + 180)
    return BOX.union(affinity.translate(BOX, length * math.sin(away), length * math.cos(away))).convex_hull


def sensors(step: float = 0.5) -> np.ndarray:
    axis = np.arange(-60 + step / 2, 60, step)
    x, y = np.meshgrid(axis, axis)
    return np.column_stack([x.ravel(), y.ravel(), np.full(x.size, 150.0)])


def _rays(town: Applied) -> Raycaster:
    occluders = town.occluders()
    return Raycaster(occluders.vertices, occluders.triangles)


def shaded(town: Applied, moment: sun.SunPath, places: np.ndarray, engine: str = "auto") -> np.ndarray:
    occluders = town.occluders()
    rays = Raycaster(occluders.vertices, occluders.triangles, engine)  # type: ignore[arg-type]
    return ~shadow.lit(places + [0, 0, 0.001], None, moment.directions[0], rays)


@pytest.mark.parametrize("engine", ENGINES)
def test_length_direction_and_edges_on_21_march_at_noon(town: Applied, engine: str) -> None:
    """21 March 2025, 12:00 CET: elevation 39.31°, azimuth 173.30° from true north, 171.29° from grid north (convergence 2.007°)."""
    moment = sun.moment(ORIGIN, dt.date(2025, 3, 21), "12:00")
    assert moment.elevation[0] == pytest.approx(39.31, abs=0.01)
    assert moment.azimuth[0] == pytest.approx(173.30, abs=0.01)
    expected = closed_form(173.30 - 2.007, 39.31)
    places = sensors(0.5)
    found = shaded(town, moment, places, engine)
    outside_box = ~shapely.contains_xy(BOX.buffer(0.01), places[:, 0], places[:, 1])
    inside = shapely.contains_xy(expected, places[:, 0], places[:, 1])
    away_from_edge = shapely.distance(expected.exterior, shapely.points(places[:, :2])) > 0.03
    sure = outside_box & away_from_edge
    assert (found[sure] == inside[sure]).all()
    shadow_area = np.count_nonzero(found & outside_box) * 0.25
    assert shadow_area == pytest.approx(expected.area - BOX.area, rel=0.01)
    farthest = places[found & outside_box]
    assert (farthest[:, 1].max() - 10) == pytest.approx(24.43 * math.cos(math.radians(171.29 - 180)), abs=0.5)


def test_without_the_grid_convergence_the_shadow_would_lie_elsewhere(town: Applied) -> None:
    """The test above would notice: with 173.30° taken for grid azimuth, the tip lies 0.85 m further west."""
    right, wrong = closed_form(173.30 - 2.007, 39.31), closed_form(173.30, 39.31)
    assert right.symmetric_difference(wrong).area > 15
    places = sensors(0.5)
    found = shaded(town, sun.moment(ORIGIN, dt.date(2025, 3, 21), "12:00"), places)
    in_wrong_only = shapely.contains_xy(wrong.difference(right).buffer(-0.05), places[:, 0], places[:, 1])
    assert in_wrong_only.any()
    assert not found[in_wrong_only].any()


@pytest.mark.parametrize(
    ("date", "clock", "length"), [("2025-03-21", "12:00", 24.43), ("2025-01-17", "12:00", 60.7), ("2025-12-21", "10:00", 111.6)]
)
def test_shadow_lengths_of_the_usual_study_dates(town: Applied, date: str, clock: str, length: float) -> None:
    """h / tan(elevation) for 20 m, found by walking away from the middle of the box until the sun comes out."""
    moment = sun.moment(ORIGIN, sun.day(date), clock)
    away = -moment.directions[0, :2] / np.linalg.norm(moment.directions[0, :2])
    steps = np.arange(15.0, 140.0, 0.02)
    line = np.column_stack([10 + steps * away[0], 5 + steps * away[1], np.full(len(steps), 150.0)])
    dark = shaded(town, moment, line)
    assert dark[0]
    assert not dark[-1]
    end = line[np.flatnonzero(dark)[-1], :2]
    start = np.array([10.0, 5.0])  # the shadow of the top's rear edge point above the line through the middle
    exit_ = shapely.LineString([start, start + 30 * away]).intersection(BOX.exterior)
    assert np.linalg.norm(end - start) - shapely.Point(start).distance(exit_) == pytest.approx(length, abs=0.15)


def test_hours_on_open_ground_are_the_length_of_the_day(town: Applied) -> None:
    suns = sun.sun_path(ORIGIN, dt.date(2025, 3, 21), step_minutes=10)
    rays = _rays(town)
    hours = shadow.sun_hours(np.array([[10.0, -80.0, 150.01]]), None, suns, rays)  # far south of the box
    assert hours[0] == pytest.approx(12.0, abs=0.2)


def test_a_wall_facing_due_south_has_sun_while_the_sun_is_in_front_of_it(town: Applied) -> None:
    """At the equinox the sun stays south of a wall that faces true south from rise to set; a north wall gets none."""
    suns = sun.sun_path(ORIGIN, dt.date(2025, 3, 21), step_minutes=5)
    rays = _rays(town)
    normals = np.array([[0.0, -1, 0], [0, 1, 0], [1, 0, 0], [-1, 0, 0]])
    walls = np.array([[10.0, 0, 160], [10, 10, 160], [20, 5, 160], [0, 5, 160]])
    hours = shadow.sun_hours(walls, normals, suns, rays)
    facing = (suns.directions @ normals.T > 1e-3).sum(axis=0) * suns.step_hours  # nothing else stands in the way
    assert hours == pytest.approx(facing, abs=1e-6)
    assert hours[0] > 11.5
    assert hours[1] < 0.5
    assert hours[2] + hours[3] == pytest.approx(len(suns) * suns.step_hours, abs=0.1)


def test_low_suns_do_not_count_under_a_minimum_elevation(town: Applied) -> None:
    """DIN EN 17037 counts the sun from 11°: 585 of 731 minutes at the equinox at Jena."""
    suns = sun.sun_path(ORIGIN, dt.date(2025, 3, 21), step_minutes=1)
    rays = Raycaster(np.zeros((0, 3)), np.zeros((0, 3), int))
    for least, minutes in ((6.0, 649), (11.0, 585)):
        hours = shadow.sun_hours(np.zeros((1, 3)), None, suns, rays, minimum_elevation=least)
        assert hours[0] * 60 == pytest.approx(minutes, abs=3)


def test_progress_runs_to_the_end_and_may_stop_the_work(town: Applied) -> None:
    from jena_planner.jena_city.problems import Cancelled

    suns = sun.sun_path(ORIGIN, dt.date(2025, 3, 21), step_minutes=60)
    rays = _rays(town)
    seen: list[float] = []
    shadow.sun_hours(sensors(5.0), None, suns, rays, progress=lambda share, _what: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)

    def stop(_share: float, _what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        shadow.sun_hours(sensors(5.0), None, suns, rays, progress=stop)


def test_tiling_does_not_change_the_hours(town: Applied, monkeypatch: pytest.MonkeyPatch) -> None:
    suns = sun.sun_path(ORIGIN, dt.date(2025, 3, 21), step_minutes=30)
    rays = _rays(town)
    whole = shadow.sun_hours(sensors(1.0), None, suns, rays)
    monkeypatch.setattr(shadow, "_TILE", 1000)
    assert (shadow.sun_hours(sensors(1.0), None, suns, rays) == whole).all()
