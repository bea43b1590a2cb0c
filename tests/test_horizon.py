"""The horizon sweep against walls and hills of known height, brute force, and GRASS."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jena_planner.analyses import horizon, rays, viewshed
from jena_planner.jena_city.rasters import write_geotiff
from jena_planner.verification import light

from . import site as sites

HEIGHTS = arrays(np.float32, st.tuples(st.integers(2, 12), st.integers(2, 12)), elements=st.floats(0, 40, width=32))


def brute_force(surface: np.ndarray, eyes: np.ndarray, step: float) -> np.ndarray:
    """The tangent towards the east, every cell against every cell east of it."""
    found = np.zeros(surface.shape)
    for row in range(surface.shape[0]):
        for column in range(surface.shape[1]):
            for other in range(column + 1, surface.shape[1]):
                if np.isfinite(surface[row, other]):
                    found[row, column] = max(found[row, column], (surface[row, other] - eyes[row, column]) / ((other - column) * step))
    return found


@settings(deadline=None, max_examples=60)
@given(HEIGHTS, st.floats(-3, 3), st.floats(0.5, 5))
def test_every_cell_sees_what_brute_force_sees_in_all_four_directions(surface: np.ndarray, above: float, step: float) -> None:
    surface = surface.copy()
    surface[surface < 4] = np.nan  # nothing stands there
    eyes = (np.nan_to_num(surface) + above).astype(np.float32)
    for quarter in range(4):  # turned, so that what lies in the direction looked in lies in the east
        turned, looks = np.rot90(surface, quarter), np.rot90(eyes, quarter)
        expected = np.rot90(brute_force(turned, looks, step), -quarter)
        azimuth = 90.0 - 90.0 * quarter  # rot90 of an array whose rows run northwards turns the scene clockwise
        assert horizon.towards(surface, eyes, step, azimuth) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("azimuth", [0.0, 17.0, 45.0, 90.0, 137.0, 222.5, 300.0])
def test_a_pole_is_as_high_as_its_height_over_its_distance(azimuth: float) -> None:
    size, away, height = 201, 60.0, 30.0
    surface = np.zeros((size, size), np.float32)
    row, column = (round(100 + away * one(math.radians(azimuth))) for one in (math.cos, math.sin))
    surface[row - 1 : row + 2, column - 1 : column + 2] = height
    seen = horizon.towards(surface, surface, 2.0, azimuth)[100, 100]
    assert height / (2.0 * (away + 0.5)) < seen < height / (2.0 * (away - 1 - math.sqrt(2)))  # its near side, of three cells
    assert horizon.towards(surface, surface, 2.0, azimuth + 180)[100, 100] == 0.0


def test_a_round_basin_leaves_the_sky_that_its_rim_leaves() -> None:
    """From the middle of a pit with a rim at 45°, half of the cosine-weighted sky is left."""
    y, x = np.mgrid[-150:151, -150:151]
    away = np.hypot(x, y)
    surface = np.where((away > 98) & (away < 102), 100.0, 0.0).astype(np.float32)
    eyes = np.zeros_like(surface)
    tangents = np.array([horizon.towards(surface, eyes, 1.0, azimuth)[150, 150] for azimuth in range(0, 360, 5)])
    assert np.mean(1 / (1 + tangents**2)) == pytest.approx(0.5, abs=0.01)


def test_the_answer_does_not_depend_on_threads() -> None:
    surface = np.random.default_rng(3).uniform(0, 20, (150, 170)).astype(np.float32)
    many = horizon.towards(surface, surface, 1.0, 33.0)
    try:
        rays.use_threads(1)
        assert (horizon.towards(surface, surface, 1.0, 33.0) == many).all()
    finally:
        rays.use_threads(0)
    assert np.isfinite(many).all()


def test_nothing_is_said_where_nobody_looks() -> None:
    surface = np.zeros((20, 30), np.float32)
    eyes = surface.copy()
    eyes[3, 4] = np.nan
    assert np.argwhere(np.isnan(horizon.towards(surface, eyes, 1.0, 200.0))).tolist() == [[3, 4]]


def test_grass_and_gdal_agree(data: Path) -> None:
    rows = [row for row in light.verify(data / "sun") if "GRASS" in row["case"] or "GDAL" in row["case"]]
    assert len(rows) == 5
    assert all(row["ok"] for row in rows), rows


def test_another_surface_model_wants_to_know_where_it_was_seen_from(tmp_path: Path, data: Path) -> None:
    for name in ("dsm.tif", "grass_vs.tif"):
        (tmp_path / name).write_bytes((data / "sun" / name).read_bytes())
    with pytest.raises(light.InputProblem, match="nothing says where the viewshed was seen from"):
        light.verify(tmp_path)
    (tmp_path / "viewshed.json").write_text('{"x": 681650.5, "y": 5645150.5, "eye": 1.6}')
    (row,) = light.verify(tmp_path)
    assert row["ok"]


def surface_of(folder: Path) -> np.ndarray:
    """A surface model of a few houses, cells of 2 m, as dsm.tif; its first row is the southernmost."""
    heights = np.full((40, 40), 150.0, np.float32)
    heights[5:12, 8:16], heights[20:24, 20:36], heights[28:36, 4:9] = 165.0, 158.0, 171.0
    write_geotiff(folder / "dsm.tif", heights, 681000.0, 5645000.0, 2.0, sites.ORIGIN.wkt)
    return heights


def test_a_viewshed_that_ends_at_its_reach_is_compared_up_to_there(tmp_path: Path) -> None:
    """As `gdal_viewshed -md` writes it: the square around the circle."""
    heights = surface_of(tmp_path)
    at, reach = (25, 18), 10
    seen = viewshed.seen(heights, 2.0, *at, float(heights[at]) + 2.0, reach=2.0 * reach)
    part = seen[at[0] - reach : at[0] + reach + 1, at[1] - reach : at[1] + reach + 1].astype(np.float32)
    west, north = 681000.0 + 2.0 * (at[1] - reach), 5645000.0 - 2.0 * (40 - at[0] - reach - 1)
    write_geotiff(tmp_path / "vs_gdal_cc0.tif", part, west, north, 2.0, sites.ORIGIN.wkt)
    x, y = 681000.0 + 2.0 * at[1] + 1, 5645000.0 - 2.0 * (40 - at[0]) + 1
    (tmp_path / "viewshed.json").write_text(f'{{"x": {x}, "y": {y}, "eye": 2.0}}')
    assert 0.2 < part.mean() < 0.9
    (row,) = light.verify(tmp_path)
    assert row["ours"] == 100
    (tmp_path / "viewshed.json").write_text(f'{{"x": {x}, "y": {y}, "eye": 40}}')
    assert light.verify(tmp_path)[0]["ours"] < 99
    write_geotiff(tmp_path / "vs_gdal_cc0.tif", part, west + 0.7, north, 2.0, sites.ORIGIN.wkt)
    with pytest.raises(light.InputProblem, match=r"not those of dsm\.tif"):
        light.verify(tmp_path)
    (tmp_path / "viewshed.json").write_text('{"x": 0, "y": 0}')
    with pytest.raises(light.InputProblem, match=r"outside dsm\.tif"):
        light.verify(tmp_path)


@pytest.mark.parametrize("step", [1.0, 2.5])
def test_the_shadow_of_any_body_is_its_ground_plan_swept(tmp_path: Path, step: float) -> None:
    """An angle, and a house beside it, of another height, place and cell."""
    heights = np.full((60, 80), 90.0, np.float32)
    heights[20:40, 30:34], heights[36:40, 30:50], heights[10:13, 60:70] = 103.0, 103.0, 103.0
    write_geotiff(tmp_path / "flatbox.tif", heights, 381000.0, 5645000.0, step, light.terrain.Origin("EPSG:25833", 0, 0).wkt)
    rows = light.verify(tmp_path)
    assert len(rows) == 6 and all(row["ok"] for row in rows), rows
    heights[50:55, 5:10] = 95.0
    write_geotiff(tmp_path / "flatbox.tif", heights, 381000.0, 5645000.0, step, sites.ORIGIN.wkt)
    with pytest.raises(light.InputProblem, match="3 heights"):
        light.verify(tmp_path)


def test_damaged_references_are_named(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"nrel_spa_test": {"published": {}}}', '{"nrel_spa_test": 3}'):
        (tmp_path / "pvlib_refs.json").write_text(text)
        with pytest.raises(light.InputProblem, match=r"pvlib_refs\.json"):
            light.verify(tmp_path)
