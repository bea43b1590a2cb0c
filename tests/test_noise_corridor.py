"""What a changed house touches is computed anew and nothing else, and it comes out as a full run does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise.matrix import Matrix, matrix, rows_of_both
from jena_planner.analyses.noise.propagation import Settings
from jena_planner.analyses.noise.surroundings import Obstacle, Surroundings, surroundings
from jena_planner.benchmarks import noise
from jena_planner.jena_city.arrays import FloatArray

SIZE = 220.0


def _turned(rng: np.random.Generator, x: float, y: float) -> Obstacle:
    wide, deep, turn = *rng.uniform(3, 12, 2), rng.uniform(0, np.pi)
    corners = np.array([(-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep)])
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Obstacle(corners @ spin + [x, y], np.full(4, rng.uniform(3, 18)), True, np.full(8, 0.1))


def _town(rng: np.random.Generator, hills: bool) -> tuple[list[Obstacle], FloatArray | None]:
    """Houses, some of them crossing others, walls, and perhaps a hilly ground."""
    houses = [_turned(rng, *rng.uniform(0, SIZE, 2)) for _ in range(14)]
    for _ in range(3):
        a = rng.uniform(0, SIZE, 2)
        houses.append(Obstacle(np.array([a, a + rng.uniform(-40, 40, 2)]), np.full(2, rng.uniform(2, 6)), False, np.full(8, 0.3)))
    if not hills:
        return houses, None
    axis = np.linspace(-20, SIZE + 20, 7)
    heights = rng.uniform(-2, 2, (7, 7))
    corner = np.stack([*np.meshgrid(axis, axis, indexing="ij"), heights], axis=2)
    a, b, c, d = corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]
    return houses, np.concatenate([np.stack([a, b, c], axis=2).reshape(-1, 3, 3), np.stack([a, c, d], axis=2).reshape(-1, 3, 3)])


@pytest.mark.parametrize("method", ["CNOSSOS", "RLS-19", "Schall 03"])
@pytest.mark.parametrize("seed", range(6))
def test_after_a_change_the_matrix_is_that_of_a_full_run(method: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    houses, ground = _town(rng, hills=seed % 2 == 1)
    changed = list(houses)
    if seed % 3 != 1:
        changed.pop(int(rng.integers(len(houses))))  # taken away, or moved
    if seed % 3 != 0:
        changed.insert(int(rng.integers(len(changed))), _turned(rng, *rng.uniform(0, SIZE, 2)))
    ends = rng.uniform(0, SIZE, (6, 4))
    segments = np.column_stack([ends[:, :2], np.full(6, 2.5), ends[:, 2:], np.full(6, 2.5)])
    moved = segments.copy()
    moved[2, :2] += 3.0  # another street too
    places = np.column_stack([rng.uniform(0, SIZE, (60, 2)), rng.uniform(2.5, 9, 60)])
    around, other = (surroundings(one, ground, otherwise=0.4, origin=(100, 100)) for one in (houses, changed))
    settings = Settings(order=1 + seed % 2, distance=300.0)
    arguments = method, places, settings
    before = matrix(around, method, segments, places, settings)  # type: ignore[arg-type]
    full = matrix(other, method, moved, places, settings)  # type: ignore[arg-type]
    after = matrix(other, method, moved, places, settings, before=(around, segments, before))  # type: ignore[arg-type]
    assert (full.shares[:, [0, 1, 3, 4, 5]] != before.shares[:, [0, 1, 3, 4, 5]]).any()
    np.testing.assert_array_equal(after.shares, full.shares)
    np.testing.assert_array_equal(after.aside, full.aside)
    for part, old, new in rows_of_both((around, segments), (other, moved), *arguments):  # type: ignore[arg-type]
        np.testing.assert_array_equal(old, before.shares[part])
        np.testing.assert_array_equal(new, full.shares[part])


def _spoilt(known: Matrix) -> Matrix:
    return replace(known, shares=np.full_like(known.shares, np.nan))


def test_most_of_a_quarter_is_not_computed_again() -> None:
    around, segments, places = noise.quarter(300, 60)
    settings = Settings(order=1, distance=800.0)
    before = matrix(around, "RLS-19", segments, places, settings)
    other, _, _ = noise.quarter(300, 60, without=150)
    after = matrix(other, "RLS-19", segments, places, settings, before=(around, segments, _spoilt(before)))
    kept = np.isnan(after.shares[:, :, 0]).mean()
    assert 0.8 < kept < 1.0


def test_other_ground_leaves_nothing_to_keep() -> None:
    around, hard = (surroundings([], otherwise=factor, origin=(0, 0)) for factor in (0.5, 0.0))
    segments, places = np.array([[0.0, 0.0, 0.5, 30.0, 0.0, 0.5]]), np.array([[10.0, 40.0, 4.0]])
    before = matrix(around, "CNOSSOS", segments, places)
    after = matrix(hard, "CNOSSOS", segments, places, before=(around, segments, before))
    np.testing.assert_array_equal(after.shares, matrix(hard, "CNOSSOS", segments, places).shares)


def _placed(obstacles: list[Obstacle], ground: FloatArray | None, move: Callable[[FloatArray], FloatArray]) -> Surroundings:
    """The same town elsewhere; move : of points (n, 2)."""
    moved = [replace(one, outline=move(one.outline)) for one in obstacles]
    if ground is not None:
        ground = np.concatenate([move(ground.reshape(-1, 3)[:, :2]), ground.reshape(-1, 3)[:, 2:]], axis=1).reshape(-1, 3, 3)
    forest = shapely.Polygon(move(np.array([(20.0, 20.0), (120.0, 30.0), (90.0, 140.0)])))
    return surroundings(moved, ground, [(forest, 1.0)], otherwise=0.3)


@pytest.mark.parametrize("method", ["CNOSSOS", "RLS-19", "Schall 03"])
@pytest.mark.parametrize("way", ["shifted", "turned", "mirrored"])
def test_a_town_elsewhere_sounds_the_same(method: str, way: str) -> None:
    """Houses that cross, walls, hills, a forest; ways round edges and reflections of second order; shifts as large as UTM's."""
    rng = np.random.default_rng(5)
    houses, ground = _town(rng, hills=True)
    turn = np.array([[np.cos(0.7), np.sin(0.7)], [-np.sin(0.7), np.cos(0.7)]])
    moves: dict[str, Callable[[FloatArray], FloatArray]] = {
        "shifted": lambda points: np.asarray(points + [681_735.0, 5_644_970.0]),
        "turned": lambda points: np.asarray(points @ turn + [11.0, -3.0]),
        "mirrored": lambda points: np.asarray(points * [-1.0, 1.0]),
    }
    ends = rng.uniform(0, SIZE, (5, 4))
    segments = np.column_stack([ends[:, :2], np.full(5, 3.0), ends[:, 2:], np.full(5, 3.0)])
    places = np.column_stack([rng.uniform(0, SIZE, (40, 2)), rng.uniform(3, 9, 40)])
    levels = []
    for move in (lambda points: points, moves[way]):
        there = np.column_stack([move(segments[:, :2]), segments[:, 2], move(segments[:, 3:5]), segments[:, 5]])
        heard = np.column_stack([move(places[:, :2]), places[:, 2]])
        found = matrix(_placed(houses, ground, move), method, there, heard, Settings(order=2, distance=300.0))  # type: ignore[arg-type]
        levels.append(10 * np.log10(np.maximum(found.shares.astype(float), 1e-30)))
    np.testing.assert_allclose(levels[1], levels[0], atol=2e-6)  # shares are kept to seven digits


@pytest.mark.parametrize("method", ["CNOSSOS", "RLS-19", "Schall 03"])
def test_awkward_places_have_a_level(method: str) -> None:
    """On a wall and a corner, inside a house, below the ground, on the road, at a road without length, where houses cross or repeat."""
    square = np.array([(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)])
    houses = [Obstacle(square + shift, np.full(4, 9.0), True) for shift in (0.0, 10.0, 10.0)]
    houses.append(Obstacle(np.array([(40.0, 0.0), (40.0, 0.0), (40.0, 30.0)]), np.full(3, 4.0), False))  # a wall with a point twice
    roads = np.array([[-30.0, -10.0, 0.5, 60.0, -10.0, 0.5], [5.0, -5.0, 0.5, 5.0, -5.0, 0.5], [5.0, 5.0, 0.5, 15.0, 5.0, 0.5]])
    places = [
        (10.0, 0.0, 4.0),
        (0.0, 0.0, 4.0),
        (5.0, 5.0, 4.0),
        (30.0, 30.0, -1.0),
        (10.0, -10.0, 0.5),
        (5.0, -5.0, 0.5),
        (40.0, 10.0, 2.0),
    ]
    shares = matrix(surroundings(houses), method, roads, np.array(places), Settings(order=2)).shares  # type: ignore[arg-type]
    assert np.isfinite(shares).all() and (shares >= 0).all()
    assert (shares[:, 1] == 0).all()
    assert (shares[:, 0].sum(axis=1) > 0).all()
