"""The origin: where the scene lies, and by how much grid north is not north."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem

JENA = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")


def test_place_of_jena() -> None:
    assert (JENA.longitude, JENA.latitude) == pytest.approx((11.586, 50.927), abs=1e-3)


def test_grid_convergence_is_that_of_two_points_on_a_meridian() -> None:
    """Independent of PROJ's factors: project a point a little further north on the same meridian, and look where it lies."""
    forward = pyproj.Transformer.from_crs("EPSG:4258", "EPSG:25832", always_xy=True)
    (x0, y0), (x1, y1) = forward.transform(JENA.longitude, JENA.latitude), forward.transform(JENA.longitude, JENA.latitude + 1e-4)
    true_north_in_grid = math.degrees(math.atan2(x1 - x0, y1 - y0))
    assert JENA.grid_convergence == pytest.approx(-true_north_in_grid, abs=1e-4)
    assert JENA.grid_convergence == pytest.approx(2.007, abs=0.01)  # (λ − 9°) · sin φ, the textbook's first term
    assert JENA.grid_azimuth(0.0) == pytest.approx(360 - 2.007, abs=0.01)


def test_a_direction_to_true_south_leads_along_the_meridian() -> None:
    x, y, z = JENA.direction(180.0, 0.0)
    assert z == 0
    back = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4258", always_xy=True)
    longitude, latitude = back.transform(681735 + 100 * x, 5644970 + 100 * y)
    assert longitude == pytest.approx(JENA.longitude, abs=1e-7)
    assert latitude < JENA.latitude


@given(st.floats(0, 360), st.floats(-90, 90))
def test_directions_are_unit_vectors(azimuth: float, elevation: float) -> None:
    assert np.linalg.norm(JENA.direction(azimuth, elevation)) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(2e5, 9e5), st.floats(5e6, 6e6), st.floats(-10, 2000)), min_size=1, max_size=20))
def test_there_and_back_loses_nothing(points: list[tuple[float, float, float]]) -> None:
    world = np.array(points)
    assert np.abs(JENA.to_world(JENA.to_local(world)) - world).max() < 1e-9
    assert np.abs(JENA.to_local(world[:, :2]) - JENA.to_local(world)[:, :2]).max() == 0


def test_local_coordinates_survive_float32_where_world_ones_would_not() -> None:
    corner = np.array([681735.37, 5644970.62])
    assert abs(float(np.float32(corner[1])) - corner[1]) > 0.1
    local = JENA.to_local(corner)
    assert np.abs(local.astype(np.float32) - local).max() < 1e-6


def test_degrees_are_no_scene() -> None:
    with pytest.raises(InputProblem, match="not a projected CRS"):
        Origin("EPSG:4326", 0, 0)


def test_an_unknown_place_says_so_when_it_is_asked_for() -> None:
    with pytest.raises(InputProblem, match="State the CRS"):
        _ = Origin("", 0, 0).latitude
