"""The raster viewshed against walls, an even slope and the curve of the Earth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jena_planner.analyses import rays, viewshed

HEIGHTS = arrays(np.float32, st.tuples(st.integers(3, 10), st.integers(3, 10)), elements=st.floats(0, 10, width=32))


def test_a_wall_hides_what_is_behind_and_lower_than_the_line_over_it() -> None:
    surface = np.zeros((41, 201), np.float32)
    surface[:, 50] = 5.0
    found = viewshed.seen(surface, 1.0, 20, 0, 2.0)
    assert found[:, :51].all()
    assert not found[:, 51:].any()
    # over the wall the line rises by 3 m in 50: at 100 m it is 8 m high
    assert viewshed.seen(surface, 1.0, 20, 0, 2.0, target=8.01)[20, 100]
    assert not viewshed.seen(surface, 1.0, 20, 0, 2.0, target=7.99)[20, 100]


@settings(deadline=None, max_examples=60)
@given(HEIGHTS, st.data())
def test_who_sees_is_seen(surface: np.ndarray, data: st.DataObject) -> None:
    """Between two places at the same height above the surface, it does not matter who looks."""
    rows, columns = surface.shape
    (r0, c0), (r1, c1) = ((data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))) for _ in range(2))
    there = viewshed.seen(surface, 1.0, r0, c0, float(surface[r0, c0]) + 1.5, target=1.5)[r1, c1]
    back = viewshed.seen(surface, 1.0, r1, c1, float(surface[r1, c1]) + 1.5, target=1.5)[r0, c0]
    higher = viewshed.seen(surface, 1.0, r0, c0, float(surface[r0, c0]) + 1.5, target=1.5 + 1e-6)[r1, c1]
    assert there == back or higher != there  # but for a line that just touches


@settings(deadline=None, max_examples=40)
@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.01, 5))
def test_on_an_even_slope_everything_is_seen(east: float, north: float, eye: float) -> None:
    y, x = np.mgrid[0:30, 0:40]
    surface = (100 + east * x + north * y).astype(np.float32)
    assert viewshed.seen(surface, 1.0, 12, 17, float(surface[12, 17]) + eye, target=0.001).all()


def test_what_has_no_height_is_not_seen_and_hides_nothing() -> None:
    surface = np.zeros((1, 30), np.float32)
    surface[0, 10] = np.nan
    found = viewshed.seen(surface, 1.0, 0, 0, 2.0)
    assert np.flatnonzero(~found[0]).tolist() == [10]


def test_the_sea_is_seen_as_far_as_the_earth_lets_one() -> None:
    """The geometric horizon of an eye at 2 m is √(2 R h) = 5048 m away; with a refraction of 0.13 √(2 R h / 0.87)."""
    sea = np.zeros((1, 1001), np.float32)
    for refraction in (0.0, 0.13):
        found = viewshed.seen(sea, 10.0, 0, 0, 2.0, refraction=refraction)[0]
        expected = math.sqrt(2 * viewshed.EARTH * 2.0 / (1 - refraction))
        assert 10.0 * np.flatnonzero(found).max() == pytest.approx(expected, abs=20.0)
    assert viewshed.seen(sea, 10.0, 0, 0, 2.0).all()
    assert 10.0 * np.flatnonzero(viewshed.seen(sea, 10.0, 0, 0, 2.0, reach=3000)[0]).max() == 3000


@given(st.tuples(*[st.floats(-2e4, 2e4)] * 6), st.tuples(*[st.floats(-2e4, 2e4)] * 2))
def test_lowered_points_lie_in_line_whatever_they_are_lowered_about(places: tuple[float, ...], about: tuple[float, float]) -> None:
    """How far the middle of three points stands above the line of the outer two is the same about any point."""
    x = np.array(places).reshape(3, 2)
    x[1] = x[0] + 0.4 * (x[2] - x[0])
    points = np.column_stack([x, [100.0, 120.0, 90.0]])
    above = [
        one[1, 2] - (one[0, 2] + 0.4 * (one[2, 2] - one[0, 2]))
        for one in (viewshed.sunk(points), viewshed.sunk(points, about=np.array(about)))
    ]
    assert above[0] == pytest.approx(above[1], abs=1e-6)
    length = float(np.linalg.norm(x[2] - x[0]))
    flat = 120.0 - (100.0 + 0.4 * (90.0 - 100.0))
    assert above[0] - flat == pytest.approx(0.4 * 0.6 * length**2 * 0.87 / (2 * viewshed.EARTH), rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(arrays(np.float32, (40, 50), elements=st.floats(0, 10, width=32)), st.integers(0, 39), st.integers(0, 49))
def test_the_answer_depends_neither_on_threads_nor_on_how_the_scene_is_turned(surface: np.ndarray, row: int, column: int) -> None:
    eye = float(surface[row, column]) + 1.6
    many = viewshed.seen(surface, 1.0, row, column, eye)
    try:
        rays.use_threads(1)
        assert (viewshed.seen(surface, 1.0, row, column, eye) == many).all()
    finally:
        rays.use_threads(0)
    mirrored = viewshed.seen(surface[::-1], 1.0, 39 - row, column, eye)[::-1]
    turned = viewshed.seen(surface.T, 1.0, column, row, eye).T
    assert np.mean(mirrored == many) > 0.999  # but for lines that just touch
    assert np.mean(turned == many) > 0.999
