"""Two ray engines behind one interface: the same tests for both, and the same answers."""

from __future__ import annotations

import numpy as np
import pytest

from jena_planner.analyses import rays
from jena_planner.analyses.rays import Raycaster, morton_order
from jena_planner.jena_city.arrays import FloatArray, IntArray
from jena_planner.jena_city.massing import solid
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.variant import Block, Roof

ENGINES = [pytest.param("embree"), pytest.param("bvh", marks=pytest.mark.needs("bpy"))]
SQUARE = (np.array([[0, 0, 5], [10, 0, 5], [10, 10, 5], [0, 10, 5]], float), np.array([[0, 1, 2], [0, 2, 3]]))


def houses(number: int, seed: int = 3) -> tuple[FloatArray, IntArray]:
    """Houses with gable roofs on a wavy ground of triangles."""
    import shapely

    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(number))) * 40
    axis = np.arange(0.0, side + 1, 10.0)
    x, y = np.meshgrid(axis, axis)
    ground = np.column_stack([x.ravel(), y.ravel(), 3 * np.sin(x / 90).ravel() + 2 * np.cos(y / 70).ravel()])
    n = len(axis)
    sw = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    cells = np.concatenate([np.column_stack([sw, sw + 1, sw + n + 1]), np.column_stack([sw, sw + n + 1, sw + n])])
    vertices, triangles, offset = [ground], [cells], len(ground)
    for place in random.uniform(10, side - 30, (number, 2)):
        block = Block("h", shapely.box(*place, *(place + random.uniform(6, 16, 2))), int(random.integers(1, 6)), roof=Roof("gable", 40.0))
        body = solid(block, 0.0)
        vertices.append(body.vertices)
        triangles.append(body.triangles + offset)
        offset += len(body.vertices)
    return np.concatenate(vertices), np.concatenate(triangles)


@pytest.mark.parametrize("engine", ENGINES)
class TestEach:
    def test_hits_from_both_sides_and_misses(self, engine: rays.Backend) -> None:
        caster = Raycaster(*SQUARE, engine)
        origins = np.array([[2, 3, 0], [2, 3, 9], [2, 3, 9], [-1, 3, 0]], float)
        directions = np.array([[0, 0, 1], [0, 0, -1], [0, 0, 1], [0, 0, 1]], float)
        assert caster.blocked(origins, directions).tolist() == [True, True, False, False]
        hits = caster.first_hit(origins, directions)
        assert hits.distance.tolist() == [5.0, 4.0, np.inf, np.inf]
        assert hits.triangle[2:].tolist() == [-1, -1]
        assert set(hits.triangle[:2].tolist()) <= {0, 1}

    def test_the_nearest_of_several_is_the_first(self, engine: rays.Backend) -> None:
        vertices = np.concatenate([SQUARE[0], SQUARE[0] + [0, 0, 5]])
        triangles = np.concatenate([SQUARE[1] + 4, SQUARE[1]])
        hits = Raycaster(vertices, triangles, engine).first_hit(np.array([[2.0, 3.0, 0.0]]), np.array([[0.0, 0, 1]]))
        assert hits.distance[0] == 5.0
        assert hits.triangle[0] in (2, 3)

    def test_max_distance_as_a_number_and_for_each_ray(self, engine: rays.Backend) -> None:
        caster = Raycaster(*SQUARE, engine)
        origins, up = np.array([[2.0, 3, 0]] * 3), np.array([[0.0, 0, 1]])
        assert caster.blocked(origins, up, 4.9).tolist() == [False] * 3
        assert caster.blocked(origins, up, 5.1).tolist() == [True] * 3
        assert caster.blocked(origins, up, np.array([4.9, 5.1, np.inf])).tolist() == [False, True, True]

    def test_nothing_to_hit_and_nobody_to_ask(self, engine: rays.Backend) -> None:
        empty = Raycaster(np.zeros((0, 3)), np.zeros((0, 3), int), engine)
        assert empty.blocked(np.zeros((2, 3)), np.array([[0, 0, 1.0]])).tolist() == [False, False]
        assert empty.first_hit(np.zeros((2, 3)), np.array([[0, 0, 1.0]])).triangle.tolist() == [-1, -1]
        caster = Raycaster(*SQUARE, engine)
        assert len(caster.blocked(np.zeros((0, 3)), np.array([[0, 0, 1.0]]))) == 0
        assert len(caster.first_hit(np.zeros((0, 3)), np.zeros((0, 3))).distance) == 0

    def test_triangles_without_area_do_not_shift_the_numbers(self, engine: rays.Backend) -> None:
        triangles = np.concatenate([[[0, 0, 1], [0, 1, 0]], SQUARE[1]])
        hits = Raycaster(SQUARE[0], triangles, engine).first_hit(np.array([[2.0, 3, 0], [3.0, 2, 0]]), np.array([[0.0, 0, 1]]))
        assert set(hits.triangle.tolist()) == {2, 3}

    def test_far_from_zero_is_as_good_as_near(self, engine: rays.Backend) -> None:
        """At a UTM northing float32 has steps of 0.5 m: a gap of 10 cm would be lost without the centre inside."""
        far = np.array([681735.0, 5644970.0, 150.0])
        vertices = np.concatenate([SQUARE[0], SQUARE[0] + [10.1, 0, 0]]) + far
        caster = Raycaster(vertices, np.concatenate([SQUARE[1], SQUARE[1] + 4]), engine)
        origins = far + np.array([[9.95, 5, 0], [10.05, 5, 0], [10.15, 5, 0]])
        assert caster.blocked(origins, np.array([[0.0, 0, 1]])).tolist() == [True, False, True]


def test_an_unknown_engine_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "embreex.rtcore_scene", None)
    with pytest.raises(InputProblem, match="pip install embreex"):
        Raycaster(*SQUARE, "embree")


@pytest.mark.needs("bpy")
def test_both_engines_agree_but_for_rays_within_a_millimetre_of_an_edge() -> None:
    vertices, triangles = houses(400)
    random = np.random.default_rng(11)
    extent = vertices[:, :2].max(axis=0)
    origins = np.column_stack([random.uniform([0, 0], extent, (60_000, 2)), random.uniform(0, 30, 60_000)])
    directions = random.normal(size=(60_000, 3))
    directions[:, 2] = directions[:, 2] * 0.3 - 0.1
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    embree, bvh = (Raycaster(vertices, triangles, engine) for engine in ("embree", "bvh"))
    one, other = embree.first_hit(origins, directions), bvh.first_hit(origins, directions)
    differ = np.flatnonzero(
        (one.triangle != other.triangle) & (np.abs(np.nan_to_num(one.distance) - np.nan_to_num(other.distance)) > 1e-3)
        | (np.isfinite(one.distance) != np.isfinite(other.distance))
    )
    far = [
        ray
        for ray in differ
        if _distance_to_an_edge(vertices, triangles, origins[ray], directions[ray], (one.triangle[ray], other.triangle[ray])) > 1e-3
    ]
    print(f"{len(differ)} of {len(origins)} rays differ, {len(far)} of them further than 1 mm from an edge")
    assert far == []
    assert len(differ) < 10
    assert 0.2 < np.isfinite(one.distance).mean() < 0.98  # a fair mix
    blocked = embree.blocked(origins, directions)
    assert np.count_nonzero(blocked != np.isfinite(one.distance)) == 0


def _distance_to_an_edge(
    vertices: FloatArray, triangles: IntArray, origin: FloatArray, direction: FloatArray, hit: tuple[int, int]
) -> float:
    """How near the ray passes to an edge of the triangles that either engine says it hits."""
    nearest = np.inf
    for number in hit:
        if number < 0:
            continue
        corners = vertices[triangles[number]]
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            steps = a + np.linspace(0, 1, 2001)[:, None] * (b - a)
            along = (steps - origin) @ direction
            nearest = min(nearest, float(np.linalg.norm(steps - origin - along[:, None] * direction, axis=1).min()))
    return nearest


def test_the_answer_is_bitwise_the_same_for_any_chunking_order_and_thread_count(monkeypatch: pytest.MonkeyPatch) -> None:
    vertices, triangles = houses(300)
    random = np.random.default_rng(5)
    origins = np.column_stack([random.uniform([0, 0], vertices[:, :2].max(axis=0), (100_000, 2)), random.uniform(0, 15, 100_000)])
    sun = np.array([[0.6, -0.7, 0.25]]) / np.linalg.norm([0.6, -0.7, 0.25])
    caster = Raycaster(vertices, triangles)
    whole, distances = caster.blocked(origins, sun), caster.first_hit(origins, sun).distance
    shuffled = random.permutation(len(origins))
    assert (caster.blocked(origins[shuffled], sun) == whole[shuffled]).all()
    assert (caster.first_hit(origins[shuffled], sun).distance == distances[shuffled]).all()
    for size in (1_000, 33_333):
        parts = [
            caster.blocked(origins[k : k + size], np.repeat(sun, len(origins[k : k + size]), axis=0)) for k in range(0, len(origins), size)
        ]
        assert (np.concatenate(parts) == whole).all()
    for threads, slices in ((1, 16384), (7, 500)):
        rays.use_threads(threads)
        monkeypatch.setattr(rays, "_SLICE", slices)
        try:
            assert (caster.blocked(origins, sun) == whole).all()
            assert (caster.first_hit(origins, sun).distance == distances).all()
        finally:
            rays.use_threads(0)
            monkeypatch.undo()
    assert (Raycaster(vertices, triangles).blocked(origins, sun) == whole).all()


def test_morton_order_visits_each_place_once_and_neighbours_together() -> None:
    points = np.random.default_rng(2).uniform(0, 100, (5000, 3))
    order = morton_order(points)
    assert sorted(order.tolist()) == list(range(5000))
    steps = np.linalg.norm(np.diff(points[order], axis=0), axis=1).mean()
    assert steps < 0.3 * np.linalg.norm(np.diff(points, axis=0), axis=1).mean()
    assert len(morton_order(np.zeros((0, 3)))) == 0
    assert morton_order(np.zeros((3, 3))).tolist() == [0, 1, 2]
