"""Houses that touch, rows and courtyards: what is built of many is heard as if it were one, and what comes back in a court is heard."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jena_planner.analyses.noise import profiles
from jena_planner.analyses.noise.lateral import string
from jena_planner.analyses.noise.matrix import Method, matrix
from jena_planner.analyses.noise.propagation import Settings, transfer
from jena_planner.analyses.noise.surroundings import Obstacle, Surroundings, surroundings

METHODS: tuple[Method, ...] = ("RLS-19", "Schall 03", "CNOSSOS")


def _house(corners: list[tuple[float, float]], top: float = 12.0, *holes: list[tuple[float, float]]) -> Obstacle:
    outline = np.array(corners, float)
    return Obstacle(outline, np.full(len(outline), top), True, np.full(8, 0.1), tuple(np.array(hole, float) for hole in holes))


def _box(west: float, south: float, east: float, north: float, top: float = 12.0) -> Obstacle:
    return _house([(west, south), (east, south), (east, north), (west, north)], top)


def _town(*houses: Obstacle) -> Surroundings:
    return surroundings(houses, otherwise=0.3, origin=(0, 0))


def _levels(around: Surroundings, method: Method, places: np.ndarray, order: int) -> np.ndarray:
    """Of a road along y = 0 with as much power everywhere, dB."""
    x = np.arange(-200.0, 200.0, 20.0)
    road = np.column_stack([x, 0 * x, 0 * x + 0.5, x + 20.0, 0 * x, 0 * x + 0.5])
    power = np.full((len(road), 1, *(() if method == "RLS-19" else (8,))), 70.0)
    return matrix(around, method, road, places, Settings(order=order, distance=500.0)).levels(power)[:, 0]


BEHIND = np.array([[1.0, 36.0, 2.0], [9.0, 60.0, 5.0], [-37.0, 45.0, 9.0]])
ROW = [_box(x, 20, x + 8, 30) for x in np.arange(-96.0, 96.0, 8.0)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("order", [0, 2])
def test_behind_a_row_of_houses_it_is_as_quiet_as_behind_one_long_house(method: Method, order: int) -> None:
    """No sound goes through the walls that they share, and none comes back from these."""
    long = _levels(_town(_box(-96, 20, 96, 30)), method, BEHIND, order)
    np.testing.assert_allclose(_levels(_town(*ROW), method, BEHIND, order), long, atol=0.01)
    apart = [_box(x, 20, x + 7.9, 30) for x in np.arange(-96.0, 96.0, 8.0)]  # data that do not quite meet
    np.testing.assert_allclose(_levels(_town(*apart), method, BEHIND, order), long, atol=0.1)
    open_ = [_box(x, 20, x + 5, 30) for x in np.arange(-96.0, 96.0, 8.0)]
    assert (_levels(_town(*open_), method, BEHIND, order) > long + 1)[[0, 2]].all()


@pytest.mark.parametrize("method", METHODS)
def test_a_court_of_four_houses_is_that_of_one(method: Method) -> None:
    yard = np.array([[1.0, 36.0, 2.0], [-5.0, 44.0, 5.0]])
    one = _town(_house([(-20, 20), (20, 20), (20, 60), (-20, 60)], 12.0, [(-10, 30), (10, 30), (10, 50), (-10, 50)]))
    four = _town(_box(-20, 20, 20, 30), _box(-20, 30, -10, 50), _box(10, 30, 20, 50), _box(-20, 50, 20, 60))
    for order in (0, 1, 2):
        np.testing.assert_allclose(_levels(four, method, yard, order), _levels(one, method, yard, order), atol=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_back_makes_a_closed_court_louder_but_not_beyond_its_images(method: Method) -> None:
    """Over the roofs and from the walls. An image is farther than the place itself and loses a tenth at its wall: four walls add less than
    10 lg(1 + 4 · 0.9) dB, and each further order less than thrice as many images with a tenth less each."""
    yard = np.array([[1.0, 36.0, 2.0], [-5.0, 44.0, 5.0]])
    court = _town(_house([(-20, 20), (20, 20), (20, 60), (-20, 60)], 12.0, [(-10, 30), (10, 30), (10, 50), (-10, 50)]))
    once, twice, thrice = (_levels(court, method, yard, order) - _levels(court, method, yard, 0) for order in (1, 2, 3))
    assert (once > 0.3).all() and (once < 10 * math.log10(1 + 4 * 0.9)).all()
    assert (twice > once + 0.2).all() and (twice < 10 * math.log10(1 + 4 * 0.9 + 12 * 0.81)).all()
    assert (thrice >= twice).all()
    front = _levels(_town(_box(-20, 20, 20, 30)), method, yard, 0)
    assert (_levels(court, method, yard, 3) < _levels(_town(), method, yard, 0) - 5).all() and np.isfinite(front).all()


def test_a_way_leads_round_a_wing_and_back_into_an_open_court() -> None:
    """A U whose wings reach beyond the place: the taut string goes round a wing's end and comes back."""
    wings = _house([(-20, 20), (20, 20), (20, 45), (10, 45), (10, 30), (-10, 30), (-10, 45), (-20, 45)])
    around, source, place = _town(wings), [[3.0, 0.0, 0.05]], [[1.0, 36.0, 2.0]]
    work = profiles.workspace(around.scene)
    work.owners[0] = 0
    ends = around.local(np.array([*source, *place]))
    for left in (True, False):
        points, way, _ = string(around.scene, work, 1, ends[0], ends[1], left)
        corner = [(-20, 20), (-20, 45), (-10, 45)] if left else [(20, 20), (20, 45), (10, 45)]
        np.testing.assert_allclose(work.path[1 : points - 1, :2], corner, atol=0.02)
        legs = np.diff(np.array([source[0][:2], *corner, place[0][:2]]), axis=0)
        assert way == pytest.approx(np.hypot(*legs.T).sum(), abs=0.1)
    over, both = (transfer(around, source, place, Settings(order=0, round_edges=ways, detour=1e9))[0, 0, 0] for ways in (False, True))
    free = transfer(_town(), source, place, Settings(order=0))[0, 0, 0]
    assert (both > over).all() and 10 * np.log10(both[0] / over[0]) > 0.5 and (both < free / 10).all()
    built = _town(_box(-20, 20, 20, 30), _box(-20, 30, -10, 45), _box(10, 30, 20, 45))  # of three houses
    np.testing.assert_allclose(transfer(built, source, place, Settings(order=0, detour=1e9))[0, 0, 0], both, rtol=1e-3)


def test_a_row_is_as_high_as_the_house_behind_each_stretch_and_a_tower_in_it_stands_alone() -> None:
    scene = _town(_box(0, 0, 8, 10, 9), _box(8, 0, 16, 10, 9), _box(16.1, 0, 24, 10, 12), _box(60, 0, 70, 10)).scene
    assert scene.joined.tolist() == [0, 0, 0, 3]
    ring = scene.round_corners[scene.round_starts[0] : scene.round_starts[1]]
    expected = [(0, 0, 9), (16, 0, 9), (16, 0, 12), (24, 0, 12), (24, 10, 12), (16, 10, 12), (16, 10, 9), (0, 10, 9)]
    np.testing.assert_allclose(ring, expected, atol=0.11)
    tower = _town(_box(0, 0, 30, 30, 5), _box(10, 10, 20, 20, 30)).scene
    assert tower.joined.tolist() == [0, 1]


def test_what_a_wall_shows_sends_sound_back() -> None:
    def faces(*houses: Obstacle) -> set[tuple[float, ...]]:
        scene = _town(*houses).scene
        return {tuple(np.round(edge[[0, 1, 3, 4]], 2).tolist()) for edge in scene.ends[scene.faces]}

    both = faces(_box(0, 0, 10, 10), _box(10, 0, 20, 10))
    assert len(both) == 6 and not {(10, 0, 10, 10), (10, 10, 10, 0)} & both
    staggered = faces(_box(0, 0, 10, 10), _box(10, 4, 20, 14))  # each shows a part of its side
    assert len(staggered) == 8 and {(10, 0, 10, 3.85), (10, 14, 10, 10.15)} <= staggered
    higher = faces(_box(0, 0, 10, 10, 15), _box(10, 0, 20, 10, 9))
    assert (10, 0, 10, 10) in higher and (10, 10, 10, 0) not in higher


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("gone", [3, 11, 12, 23])
def test_a_gap_in_a_row_is_heard_as_a_full_run_says(method: Method, gone: int) -> None:
    """A house is taken out of a row, or put into it: walls show that did not, and ways open."""
    whole, gap = _town(*ROW), _town(*ROW[:gone], *ROW[gone + 1 :])
    x = np.arange(-200.0, 200.0, 50.0)
    road = np.column_stack([x, 0 * x, 0 * x + 0.5, x + 50.0, 0 * x, 0 * x + 0.5])
    rng = np.random.default_rng(gone)
    places = np.column_stack([rng.uniform(-110, 110, 40), rng.uniform(32, 90, 40), rng.uniform(2, 14, 40)])
    settings = Settings(order=1, distance=400.0)
    for before, after in ((whole, gap), (gap, whole)):
        old, full = (matrix(around, method, road, places, settings) for around in (before, after))
        assert (old.shares != full.shares).any()
        after_change = matrix(after, method, road, places, settings, before=(before, road, old))
        np.testing.assert_array_equal(after_change.shares, full.shares)


def test_a_house_in_the_court_of_another_reflects() -> None:
    court = _house([(-20, 20), (20, 20), (20, 60), (-20, 60)], 12.0, [(-10, 30), (10, 30), (10, 50), (-10, 50)])
    scene = _town(court, _box(-3, 38, 3, 44)).scene
    assert (scene.owner[scene.faces] == 1).sum() == 4 and scene.joined.tolist() == [0, 1]
