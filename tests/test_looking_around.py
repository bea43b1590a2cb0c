"""Panoramas, open sky over the ground and view out of windows, on flat ground with boxes."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from jena_planner.analyses.horizon_map import Horizon, run_horizon
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.skyline import TREE, Skyline, panorama, run_skyline, write_panoramas
from jena_planner.analyses.view_out import ViewOut, run_view_out, view_out
from jena_planner.jena_city.problems import no_progress
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.jena_city.viewing import Viewpoint

from . import site as sites
from .site import ORIGIN, flat_ground, site

EYE = np.array([0.0, 0.0, 151.6])


def world(x: float, y: float) -> tuple[float, float]:
    return (ORIGIN.easting + x, ORIGIN.northing + y)


def here(place: Site) -> Obstacles:
    return Obstacles.of(sites.today(place))


# --- panorama ---


def test_the_sky_line_over_a_wall_is_as_high_as_the_wall_over_its_distance(tmp_path: Path) -> None:
    """A wall 20 m high along x = 30; grid north and true north differ by 2° here, and azimuths are from true north."""
    town = here(site(tmp_path, (30, -50, 5, 100, 20)))
    seen = panorama(EYE, town, 1440)
    east = float(ORIGIN.grid_convergence) + 90.0  # where the grid's east lies
    for off in (-40.0, 0.0, 30.0):
        column = int(np.abs(seen.azimuth - (east + off)).argmin())
        expected = math.degrees(math.atan((20 - 1.6) * math.cos(math.radians(off)) / 30))
        assert seen.horizon[column] == pytest.approx(expected, abs=0.3)
        level = int(np.abs(seen.elevation).argmin())
        assert seen.distance[level, column] == pytest.approx(30 / math.cos(math.radians(off)), rel=0.02)
    west = int(np.abs(seen.azimuth - (east + 180) % 360).argmin())
    assert seen.horizon[west] == 0.0


def test_what_stands_around_is_told_with_its_size_and_pictures_are_written(tmp_path: Path) -> None:
    place = site(tmp_path, (30, -5, 10, 10, 20), (-60, -5, 10, 10, 6))
    variant = Variant("v", "Neu", (Block("t", shapely.box(-5, 40, 5, 50), 8, name="Turm"),))
    planned, base = Obstacles.of(sites.with_variant(place, variant)), here(place)
    settings = Skyline(viewpoints=[Viewpoint(name="Platz", at=world(0, 0))], pixels=720)
    files = write_panoramas(planned, settings, tmp_path / "sky-v", town_before=base)
    assert [path.name for path in files] == ["sky-v-platz.png", "sky-v-platz-depth.png", "sky-v-platz-skyline.csv", "sky-v-platz-seen.csv"]
    with files[3].open(encoding="utf-8") as file:
        seen = {row["what"]: row for row in csv.DictReader(file)}
    assert set(seen) == {"Himmel", "Gelände", "Gebäude B0", "Gebäude B1", "Baukörper Turm"}
    a, b, d = 5.0, 18.4, 30.0  # the wall above eye level, and what is below it
    above = 2 * math.atan(a * b / (d * math.sqrt(a * a + b * b + d * d)))
    below = 2 * math.atan(a * 1.6 / (d * math.sqrt(a * a + 1.6**2 + d * d)))
    assert float(seen["Gebäude B0"]["deg2"]) == pytest.approx((above + below) * (180 / math.pi) ** 2, rel=0.04)
    assert float(seen["Gebäude B0"]["nearest_m"]) == pytest.approx(30.0, abs=0.1)
    with files[2].open(encoding="utf-8") as file:
        line = list(csv.DictReader(file))
    north = line[4]
    assert north["what"] == "Baukörper Turm"
    assert float(north["horizon"]) > 25
    assert float(north["horizon_before"]) == 0.0
    depth = np.asarray(Image.open(files[1]))
    assert depth.dtype.kind in "iu"
    assert (depth[0] == 0).any()
    with Image.open(files[0]) as picture:
        assert picture.width == 720
        assert picture.height > 2 * 180


def test_how_much_sky_is_left_before_and_after(tmp_path: Path) -> None:
    """Without anything around all of it; a new tower takes the angle that it has."""
    place = site(tmp_path, (140, 140, 2, 2, 0.5))
    variant = Variant("v", "Neu", (Block("t", shapely.box(20, -50, 30, 50), 10, ground_floor_height=3.0),))
    settings = Skyline(viewpoints=[Viewpoint(name="Platz", at=world(0, 0))])
    results = {one.name: one for one in run_skyline(Obstacles.of(sites.with_variant(place, variant)), settings, base=here(place))}
    a, b, d = 50.0, 28.4, 20.0
    taken = 2 * math.atan(a * b / (d * math.sqrt(a * a + b * b + d * d)))
    assert results["viewpoints-change"].values[0] == pytest.approx(-100 * taken / (2 * math.pi), abs=0.5)


# --- open sky ---


def test_open_ground_sees_all_the_sky_and_a_courtyard_what_its_walls_leave(tmp_path: Path) -> None:
    """In the middle of a square yard of side 2 d with walls h high: 1 - 4 · F with F of a wall, h d / … from the closed form of a
    rectangle at right angles: F = (atan(1/y) - y/√(1+y²)…) summed here over the azimuths."""
    d, h = 20.0, 15.0
    walls = [(-d - 5, -d - 5, 5, 2 * d + 10, h), (d, -d - 5, 5, 2 * d + 10, h), (-d, -d - 5, 2 * d, 5, h), (-d, d, 2 * d, 5, h)]
    town = here(site(tmp_path, *walls))
    settings = Horizon(step=0.5, bbox=(*world(-d, -d), *world(d, d)), directions=180, houses=30)
    sky, elevation = run_horizon(town, settings)
    azimuth = np.radians(np.arange(0, 360, 0.25))
    away = d / np.maximum(np.abs(np.sin(azimuth)), np.abs(np.cos(azimuth)))
    middle = np.argmin(np.hypot(*sky.support.points[:, :2].T))
    assert sky.values[middle] == pytest.approx(100 * np.mean(np.cos(np.arctan(h / away)) ** 2), abs=1.0)
    assert elevation.values[middle] == pytest.approx(np.mean(np.degrees(np.arctan(h / away))), abs=1.0)
    free = Horizon(step=5.0, bbox=(*world(-140, -140), *world(-120, -120)), houses=20)
    assert run_horizon(town, free)[0].values.min() > 99.5


def test_far_hills_count_beyond_the_houses(tmp_path: Path) -> None:
    """A ridge 300 m high 2.5 km to the north, in coarse ground beyond the fine one."""
    rows = 161
    heights = np.full((rows, rows), 150.0, np.float32)
    heights[130:134, :] = 450.0  # from y = -4000 + 130 · 50 = 2500 on
    around = Terrain(ORIGIN, -4000.0, -4000.0, 50.0, heights)
    ground = sites.flat_ground()
    ground.beyond = around
    town = here(site(tmp_path, (60, 60, 5, 5, 1), ground=ground))
    _, elevation = run_horizon(town, Horizon(step=10.0, bbox=(*world(-50, -50), *world(0, 0)), directions=72, houses=50))
    azimuth = np.radians(np.arange(0, 360, 5.0))
    away = np.where(np.cos(azimuth) > 0.53, 2525 / np.maximum(np.cos(azimuth), 1e-9), np.inf)
    assert elevation.values.mean() == pytest.approx(np.mean(np.degrees(np.arctan(300 / away))), rel=0.1)


def test_a_new_block_closes_the_sky_beside_it(tmp_path: Path) -> None:
    place = site(tmp_path, (60, 60, 5, 5, 5))
    planned = Obstacles.of(sites.with_variant(place, Variant("v", "V", (Block("a", shapely.box(0, 0, 20, 20), 6),))))
    settings = Horizon(step=2.0, bbox=(*world(-40, -40), *world(40, 40)), houses=50, directions=36)
    results = {one.name: one for one in run_horizon(planned, settings, base=here(place))}
    assert list(results) == ["ground", "ground-change", "ground-elevation", "ground-elevation-change"]
    change = results["ground-change"]
    beside = np.argmin(np.hypot(change.support.points[:, 0] + 2, change.support.points[:, 1] - 10))
    assert change.values[beside] < -30
    assert change.values[change.valid].max() <= 0.01


# --- view out ---


@pytest.mark.parametrize(("away", "level"), [(5.0, 0), (10.0, 1), (30.0, 2), (70.0, 3)])
def test_a_wall_across_the_street_decides_the_level_by_its_distance(tmp_path: Path, away: float, level: int) -> None:
    """A very long wall across, 5 m high, so that sky and street are seen over and before it."""
    place = site(tmp_path, (0, 0, 10, 10, 8), (10 + away, -140, 3, 280, 5))
    found, distance = view_out(np.array([[10.0, 5.0, 154.0]]), np.array([[1.0, 0.0, 0.0]]), here(place), 90, 60, no_progress)
    assert found[0] == level
    assert distance[0] == pytest.approx(away, rel=0.04)


def test_a_high_wall_that_hides_the_sky_takes_a_layer(tmp_path: Path) -> None:
    for height, level in ((20.0, 3), (140.0, 2)):
        place = site(tmp_path, (0, 0, 10, 10, 8), (80, -140, 3, 280, height))
        found, _ = view_out(np.array([[10.0, 5.0, 154.0]]), np.array([[1.0, 0.0, 0.0]]), here(place), 90, 60, no_progress)
        assert found[0] == level


@pytest.mark.parametrize("above", [1.5, 4.0])
def test_from_a_low_window_open_land_is_a_landscape(above: float, tmp_path: Path) -> None:
    """Land beyond 50 m lies less than 5° below the eyes."""
    place = site(tmp_path, (0, 0, 10, 10, 8), ground=flat_ground(half=600.0))
    found, distance = view_out(np.array([[10.0, 5.0, 150.0 + above]]), np.array([[1.0, 0.0, 0.0]]), here(place), 90, 60, no_progress)
    assert found[0] == 3 and distance[0] > 50.0


def test_only_façades_have_a_view_out_and_a_block_before_them_takes_it(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 10, 10, 8), (100, -100, 5, 200, 10), plan=shapely.box(-10, -10, 60, 20))
    planned = Obstacles.of(sites.with_variant(place, Variant("v", "V", (Block("a", shapely.box(14, -30, 20, 40), 6),))))
    results = {one.name: one for one in run_view_out(planned, ViewOut(margin=5.0), base=here(place))}
    assert list(results) == ["faces", "faces-change", "faces-distance"]
    faces = results["faces"]
    assert np.abs(faces.support.normals[faces.valid, 2]).max() < 0.1
    east = faces.valid & (faces.support.building == 0) & (faces.support.normals[:, 0] > 0.9)
    assert (faces.values[east] == 0).all()
    assert (results["faces-change"].values[east] <= -2).all()
    assert results["faces-distance"].values[east] == pytest.approx(4.0, rel=0.05)


def test_crowns_stand_in_a_panorama(tmp_path: Path) -> None:
    place = site(tmp_path, (30, -5, 10, 10, 20))
    place.trees = Trees(np.array([[0.0, 20.0]]), np.array([12.0]), np.array([6.0]), ["Linde"])
    town = here(place)
    seen, bare = panorama(EYE, town, 1440, trees=True), panorama(EYE, town, 1440)
    size = np.cos(np.radians(seen.elevation))[:, None] * (math.pi / 720) ** 2
    taken = float((size * (seen.triangle == TREE)).sum())
    # an ellipsoid 6 m wide and 8.4 m high, its middle 7.8 m up and 20 m away
    assert taken == pytest.approx(math.pi * 3 * 4.2 / (20**2 + 6.2**2), rel=0.08)
    assert seen.sky < bare.sky
