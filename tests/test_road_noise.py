"""Road noise of a town: the straight road in closed form, the matrix against a full run, and what a user may do wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise import air, profiles, rls19, town
from jena_planner.analyses.noise.junctions import junctions
from jena_planner.analyses.noise.matrix import incomplete, matrix
from jena_planner.analyses.noise.propagation import Settings, transfer
from jena_planner.analyses.noise.road_noise import RoadNoise, how_said, road_source, run_road_noise, traffic_in
from jena_planner.analyses.noise.sounding import Levels
from jena_planner.analyses.noise.surroundings import Obstacle, surroundings
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.registry import REGISTRY
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import Cancelled, InputProblem, no_progress
from jena_planner.jena_city.result_words import in_english
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant

from .site import ORIGIN
from .site import site as small_site


def _road(half: float, pieces: int = 1) -> np.ndarray:
    x = np.linspace(-half, half, pieces + 1)
    zero = np.zeros(pieces)
    return np.column_stack([x[:-1], zero, zero + rls19.SOURCE_HEIGHT, x[1:], zero, zero + rls19.SOURCE_HEIGHT])


@pytest.mark.parametrize(("away", "expected"), [(10.0, 66.09), (25.0, 61.12), (50.0, 55.87), (100.0, 51.58)])
def test_a_straight_road_is_as_loud_as_the_integral(away: float, expected: float) -> None:
    """L'_W 80 dB(A), 2 km, receiver 4 m high: integrated elsewhere."""
    around = surroundings()
    found = matrix(around, "RLS-19", _road(1000.0), np.array([[0.0, away, 4.0]]), Settings(distance=2000.0))
    assert found.levels(np.array([[80.0]]))[0, 0] == pytest.approx(expected, abs=0.1)  # pieces of half the distance, as RLS-19 cuts them


@pytest.mark.parametrize("method", ["RLS-19", "CNOSSOS"])
def test_other_traffic_is_one_product_and_pieces_add_up(method: str) -> None:
    house = Obstacle(np.array([(-10.0, 20.0), (15.0, 20.0), (15.0, 30.0), (-10.0, 30.0)]), np.full(4, 9.0), True, np.full(8, 0.1))
    around = surroundings([house], otherwise=0.3)
    places = np.array([[0.0, 50.0, 4.0], [30.0, 15.0, 4.0]])
    found = matrix(around, method, _road(200.0, 8), places, Settings(distance=500.0))  # type: ignore[arg-type]
    bands = () if method == "RLS-19" else (8,)
    once = found.levels(np.full((8, 1, *bands), 70.0))
    np.testing.assert_allclose(found.levels(np.full((8, 1, *bands), 70.0 + 10 * np.log10(2))) - once, 3.0103, atol=1e-4)
    alone = (10 ** (found.contributions(np.full((8, 1, *bands), 70.0)) / 10)).sum(axis=1)
    np.testing.assert_allclose(10 * np.log10(alone), once, atol=1e-4)


def test_receivers_are_the_same_alone_and_among_many() -> None:
    rng = np.random.default_rng(3)
    places = np.column_stack([rng.uniform(-80, 80, 70), rng.uniform(5, 90, 70), np.full(70, 4.0)])
    house = Obstacle(np.array([(-10.0, 20.0), (15.0, 20.0), (15.0, 30.0), (-10.0, 30.0)]), np.full(4, 9.0), True, np.full(8, 0.1))
    around = surroundings([house])
    whole = matrix(around, "RLS-19", _road(100.0, 2), places).shares
    np.testing.assert_array_equal(matrix(around, "RLS-19", _road(100.0, 2), places[33:34]).shares, whole[33:34])


def test_a_stop_is_heard() -> None:
    def stop(_share: float, _what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        matrix(surroundings(), "RLS-19", _road(100.0), np.tile([0.0, 20.0, 4.0], (200, 1)), progress=stop)


@pytest.mark.parametrize("method", ["RLS-19", "CNOSSOS"])
def test_a_small_town_is_louder_at_the_street_than_behind_the_house(tmp_path: Path, method: str) -> None:
    site = small_site(tmp_path, (0, 0, 20, 10, 9))
    street = Features(np.array([shapely.LineString([(-30, -8), (60, -8)])]), {"class": np.array(["residential"])})
    site = replace(site, streets=street)
    today = Obstacles.of(apply(site, NULL_VARIANT))
    asked = RoadNoise(method=method, step=4, margin=20, distance=100)  # type: ignore[arg-type]
    results = run_road_noise(today, asked)
    assert [one.name for one in results] == (
        ["ground-day", "ground-night", "faces-day", "faces-night", "faces-quiet"] if method == "RLS-19" else
        ["ground-den", "ground-night", "faces-den", "faces-night", "faces-quiet"]
    )  # fmt: skip
    faces = results[2]
    south, north = (faces.valid & (faces.support.normals[:, 1] * sign > 0.9) for sign in (-1, 1))
    assert south.any() and north.any()
    assert faces.values[south].min() > faces.values[north].max() + 5
    assert not results[0].valid[np.flatnonzero(sensors_inside(site, results[0].support.points))].any()
    with pytest.raises(InputProblem, match="no streets"):
        run_road_noise(Obstacles.of(apply(replace(site, streets=None), NULL_VARIANT)), asked)


def test_levels_are_held_against_what_guides_or_binds(tmp_path: Path) -> None:
    site = small_site(tmp_path, (0, 0, 20, 10, 9))
    street = Features(np.array([shapely.LineString([(-30, -8), (60, -8)])]), {"class": np.array(["primary"])})
    today = Obstacles.of(apply(replace(site, streets=street), NULL_VARIANT))
    asked = RoadNoise(step=4, margin=20, distance=100, faces=False, held_against="guide", area_type="WA")
    day, night, over_day, over_night = run_road_noise(today, asked)
    for level, over, allowed in ((day, over_day, 55), (night, over_night, 45)):  # DIN 18005 Beiblatt 1, WA
        np.testing.assert_array_equal(over.values[over.valid], np.maximum(np.ceil(level.values[over.valid]) - allowed, 0))
        assert "DIN 18005" in over.method
    with pytest.raises(InputProblem, match="L_DEN does not stand beside"):
        run_road_noise(today, RoadNoise(method="CNOSSOS", held_against="limit"))
    with pytest.raises(InputProblem, match="no such value for WB"):  # 16. BImSchV names none
        run_road_noise(today, RoadNoise(held_against="limit", area_type="WB"))


def sensors_inside(site: Site, points: np.ndarray) -> np.ndarray:
    shapes = [shape for shape in site.footprints if shape is not None]
    return shapely.contains_xy(shapely.union_all(shapes), points[:, 0], points[:, 1])


def test_a_road_follows_the_ground_and_ends_on_it(tmp_path: Path) -> None:
    """Over a valley 12 m deep, and to the last metre of a terrain that ends between two points of the coarser ground."""
    x = np.arange(-150.0, 151.0, 3.0)
    heights = np.tile((150.0 - 12.0 * np.exp(-((x / 30.0) ** 2))).astype(np.float32), (len(x), 1))
    ground = Terrain(ORIGIN, -150.0, -150.0, 3.0, heights)
    lines = [shapely.LineString([(-140, 0), (140, 0)]), shapely.LineString([(60, -150), (60, 149.9)])]
    streets = Features(np.array(lines), {"class": np.array(["primary", "primary"])})
    applied = apply(replace(small_site(tmp_path, (0, 100, 20, 10, 9), ground=ground), streets=streets), NULL_VARIANT)
    box = town.known(applied, (-200.0, -200.0, 200.0, 200.0))
    around = town.town(applied, box)
    traffic = traffic_in(applied.site)
    found = town.roads(applied, traffic, around, box, 0.5, junctions(streets, traffic)).segments
    middle = (found[:, :3] + found[:, 3:]) / 2
    assert np.abs(middle[:, 2] - 0.5 - around.ground(middle)).max() < 0.35
    ends = np.vstack([found[:, :3], found[:, 3:]])
    known = ground.height_at(ends[:, :2])
    assert np.abs(ends[:, 2] - 0.5 - known).max() < 1.0  # a point each 10 m


def test_it_stands_in_the_registry() -> None:
    entry = REGISTRY["road_noise"]
    assert entry.settings().method == "RLS-19"  # type: ignore[attr-defined]


def test_the_benchmark_s_reference_is_the_straight_way_over_flat_ground() -> None:
    """Homogeneous conditions; the reference leaves out how far roads raise the lower bound in favourable ones."""
    from jena_planner.benchmarks import noise

    _, segments, places = noise.quarter(1, 40)
    near = places[np.abs(places[:, :2] - 300).max(axis=1) < 300][:10]
    ours = matrix(surroundings(otherwise=noise.FACTOR), "CNOSSOS", segments, near, Settings(distance=5000.0, order=0)).shares
    theirs = noise._direct_in_numpy(segments, near)
    found, expected = (10 * np.log10(one) for one in (ours.sum(axis=1)[:, :8], theirs[:, 0]))
    np.testing.assert_allclose(found, expected, atol=0.01)


@pytest.mark.parametrize("method", ["RLS-19", "CNOSSOS"])
def test_a_variant_beside_its_base_is_what_both_are_alone(tmp_path: Path, method: str) -> None:
    """Together they are computed once where the block cannot be heard; that must not show."""
    site = small_site(tmp_path, (0, 0, 20, 10, 9), (60, 20, 15, 15, 12), (-50, 15, 12, 12, 6))
    street = Features(np.array([shapely.LineString([(-90, -8), (120, -8)])]), {"class": np.array(["residential"])})
    site = replace(site, streets=street)
    block = Block("b1", shapely.box(25, -2, 45, 12), storeys=3)
    base, planned = (Obstacles.of(apply(site, variant)) for variant in (NULL_VARIANT, Variant("v", "V", blocks=(block,))))
    asked = RoadNoise(method=method, step=6, margin=20, distance=150)  # type: ignore[arg-type]
    beside = {one.name: one for one in run_road_noise(planned, asked, base=base)}
    alone = {one.name: one for one in run_road_noise(planned, asked)}
    was = {one.name: one for one in run_road_noise(base, asked)}
    for name, one in alone.items():
        np.testing.assert_array_equal(beside[name].values, one.values)
        if name == "faces-quiet":  # a difference of kinds says nothing
            continue
        change = beside[f"{name}-change"]
        assert change.valid.any() and (change.values[change.valid] != 0).any()
        if name.startswith("ground"):
            difference = (one.values - was[name].values)[change.valid]
            np.testing.assert_allclose(change.values[change.valid], difference, atol=1e-4)  # results say tenths of milli-decibels


def test_both_sides_of_a_thin_wall_keep_their_own_level(tmp_path: Path) -> None:
    """The middles of its cells are one place; levels in the base are those of the base alone."""
    site = small_site(tmp_path, (0, 0, 20, 0.15, 9))
    street = Features(np.array([shapely.LineString([(-30, -8), (60, -8)])]), {"class": np.array(["residential"])})
    base, planned = (Obstacles.of(apply(replace(site, streets=street), NULL_VARIANT)) for _ in range(2))
    asked = RoadNoise(distance=100)
    source = road_source(base.applied.site, asked)
    scenery = source.within((-60.0, -60.0, 80.0, 60.0))
    places, normals = np.tile([10.0, 0.075, 154.0], (2, 1)), np.array([[0.0, -1.0, 0.0], [0.0, 1.0, 0.0]])
    spot = SimpleNamespace(support=SimpleNamespace(points_at=lambda rows: places[rows]), comparable=np.ones(2, bool))
    both = Levels(source, scenery, base, [spot])  # type: ignore[list-item]
    alone = Levels(source, scenery, None, [])(places, normals, base, no_progress)
    assert alone[0, 0] > alone[1, 0] + 10
    np.testing.assert_array_equal(both(places, normals, planned, no_progress), alone)
    np.testing.assert_array_equal(both(places, normals, base, no_progress), alone)
    assert len(both._kept) == 2


def test_what_is_said_of_reflections_is_what_is_computed(tmp_path: Path) -> None:
    street = Features(np.array([shapely.LineString([(-30, -8), (60, -8)])]), {"class": np.array(["residential"])})
    traffic = traffic_in(replace(small_site(tmp_path, (0, 0, 20, 10, 9)), streets=street))
    for method, order in (("RLS-19", 2), ("CNOSSOS", 3)):
        asked = RoadNoise(method=method, reflections=3)  # type: ignore[arg-type]
        assert asked.paths.order == order and f"bis zur {order}. Ordnung" in how_said(asked, traffic, 0)


def test_air_takes_what_it_takes_at_its_temperature() -> None:
    paths = RoadNoise(method="CNOSSOS", temperature=30.0).paths
    ends, place = [[0.0, 0.0, 0.05]], [[300.0, 0.0, 4.0]]
    warm = transfer(surroundings(), ends, place, paths)
    np.testing.assert_array_equal(warm, transfer(surroundings(), ends, place, Settings(), absorption=air.absorption(30.0)))
    road, ears = np.array([[0.0, -0.4, 0.05, 0.0, 0.4, 0.05]]), np.array(place)
    of_road = matrix(surroundings(), "CNOSSOS", road, ears, paths).shares[0, 0, :8] / 0.8
    np.testing.assert_allclose(of_road, warm[0, 0, 0], rtol=1e-5)


def test_a_road_is_hard_whatever_lies_beside_it() -> None:
    """Directive (EU) 2015/996, 2.5.14: near a road, whose G_s is 0, porous ground counts for less than near a source on a meadow."""
    meadow = surroundings(otherwise=1.0)
    road, place = np.array([[0.0, -0.4, 0.05, 0.0, 0.4, 0.05]]), np.array([[40.0, 0.0, 4.0]])
    of_road = matrix(meadow, "CNOSSOS", road, place, Settings(distance=100.0)).shares[0, 0, :8] / 0.8
    on_meadow = transfer(meadow, [[0.0, 0.0, 0.05]], place)[0, 0, 0]
    assert (of_road > on_meadow * 1.05).any() and (of_road >= on_meadow * (1 - 1e-6)).all()
    hard = surroundings(otherwise=0.0)
    same = matrix(hard, "CNOSSOS", road, place, Settings(distance=100.0)).shares[0, 0, :8] / 0.8
    np.testing.assert_allclose(same, transfer(hard, [[0.0, 0.0, 0.05]], place)[0, 0, 0], rtol=1e-6)


def test_where_reflections_are_left_out_the_map_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two long houses there are four images up to the second order: one in each front, and each in the other."""
    walls = [np.array([(-50.0, y), (50.0, y), (50.0, y + 10.0), (-50.0, y + 10.0)]) for y in (-20.0, 10.0)]
    around = surroundings([Obstacle(wall, np.full(4, 9.0), True, np.full(8, 0.1)) for wall in walls])
    places, own = np.array([[0.0, 0.0, 4.0], [0.0, 200.0, 4.0]]), np.zeros(2)  # the second is beyond the reach of reflections
    for most, lost in ((5, 0), (3, 1)):
        monkeypatch.setattr(profiles, "MOST_IMAGES", most)
        assert incomplete(around, places, own, Settings(order=2), None, no_progress) == lost
        assert incomplete(around, places, own, Settings(order=1), None, no_progress) == 0
    site = small_site(tmp_path, (0, 0, 40, 10, 9), (0, -26, 40, 10, 9))
    street = Features(np.array([shapely.LineString([(-30, -8), (60, -8)])]), {"class": np.array(["residential"])})
    today = Obstacles.of(apply(replace(site, streets=street), NULL_VARIANT))
    asked = RoadNoise(step=4, margin=20, distance=100, reflections=2)
    cut = {one.name: one.method for one in run_road_noise(today, asked)}
    monkeypatch.undo()
    whole = {one.name: one.method for one in run_road_noise(today, asked)}
    for name in ("ground-day", "ground-night", "faces-day"):
        assert "geprüften Punkten unvollständig" in cut[name] and "reflections incomplete at" in in_english(cut[name])
        assert "unvollständig" not in whole[name]
