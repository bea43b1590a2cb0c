"""The horizon sweep against walls and hills of known height, brute force, and GRASS."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jena_planner.analyses import horizon, rays
from jena_planner.verification import light

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
