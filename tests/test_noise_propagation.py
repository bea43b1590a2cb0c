"""Sound on its way: the cases of ISO/TR 17534-4, closed forms, and what must not change when a town is moved, turned or mirrored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jena_planner.analyses.noise import air, profiles
from jena_planner.analyses.noise.diffraction import edge_share
from jena_planner.analyses.noise.lateral import string
from jena_planner.analyses.noise.propagation import Settings, long_term, transfer
from jena_planner.analyses.noise.surroundings import Obstacle, Surroundings, surroundings
from jena_planner.jena_city.arrays import FloatArray
from jena_planner.jena_city.problems import InputProblem
from jena_planner.verification import noise


def _box(west: float, south: float, east: float, north: float, top: float, absorption: float = 0.1) -> Obstacle:
    outline = np.array([(west, south), (east, south), (east, north), (west, north)], float)
    return Obstacle(outline, np.full(4, top), True, np.full(8, absorption))


def _decibels(energy: FloatArray) -> FloatArray:
    return np.asarray(10 * np.log10(energy))


@pytest.mark.needs("data")
def test_every_case_of_the_standard_comes_out_to_a_tenth_of_a_decibel(data: Path) -> None:
    rows = noise.verify(data / "noise" / "iso-17534-4")
    assert len(rows) == 16
    assert noise.worst(rows) <= 0.1


@pytest.mark.needs("data")
@pytest.mark.parametrize("name", ["TC08", "TC10", "TC19", "TC21", "TC22", "TC25"])
def test_a_case_needs_no_intermediate_values_and_may_lie_anywhere(data: Path, name: str) -> None:
    case = json.loads((data / "noise" / "iso-17534-4" / f"{name}.json").read_text(encoding="utf-8"))
    bare = {key: case[key] for key in ("case", "geometry", "atmosphere", "p_favourable", "source_power_db_per_octave", "expected")}
    before = noise.case_levels(case)
    np.testing.assert_allclose(noise.case_levels(_moved(bare, 0.0, (680_000.0, 5_640_000.0))), before, atol=1e-6)
    np.testing.assert_allclose(noise.case_levels(_moved(bare, 37.0, (11.0, -3.0))), before, atol=1e-6)
    np.testing.assert_allclose(noise.case_levels(_moved(bare, 0.0, (0.0, 0.0), mirror=True)), before, atol=1e-6)


def test_a_case_with_hardly_anything_is_computed(tmp_path: Path) -> None:
    air_now = {"temperature_c": 10, "humidity_percent": 70, "pressure_pa": 101325}
    case = {"case": "bare", "geometry": {"source": [0, 0, 1], "receiver": [30, 0, 4]}, "atmosphere": air_now, "p_favourable": 0.5}
    levels = noise.case_levels({**case, "source_power_db_per_octave": 93})
    expected = {"LA_total_db": float(10 * np.log10(np.sum(10 ** (levels / 10)))), "LA_octaves_db": (levels + 0.2).tolist()}
    (tmp_path / "bare.json").write_text(json.dumps({**case, "source_power_db_per_octave": 93, "expected": expected}), encoding="utf-8")
    (row,) = noise.verify(tmp_path)
    assert row["worst_octave_db"] == 0.2 and noise.worst([row]) > noise.ALLOWED
    (tmp_path / "bare.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputProblem, match="not as expected"):
        noise.verify(tmp_path)


def _moved(case: dict[str, Any], degrees: float, shift: tuple[float, float], mirror: bool = False) -> dict[str, Any]:
    turn = np.array(
        [[np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], [-np.sin(np.radians(degrees)), np.cos(np.radians(degrees))]]
    )

    def move(point: list[float]) -> list[float]:
        x, y = np.array([-point[0] if mirror else point[0], point[1]]) @ turn + shift
        return [float(x), float(y), *point[2:]]

    old = case["geometry"]
    new = dict(old)
    new["source"], new["receiver"] = move(old["source"]), move(old["receiver"])
    new["ground_zones"] = [{**zone, "polygon": [move(point) for point in zone["polygon"]]} for zone in old["ground_zones"]]
    new["buildings"] = [{**house, "footprint": [move(point) for point in house["footprint"]]} for house in old["buildings"]]
    new["walls"] = [{**wall, "points": [move(point) for point in wall["points"]]} for wall in old["walls"]]
    new["topo_lines"] = [[*move(line[:3]), *move(line[3:])] for line in old["topo_lines"]]
    return {**case, "geometry": new}


def test_air_takes_what_iso_9613_1_says() -> None:
    """Table 1 of ISO 9613-1 for 10 °C and 70 %, as ISO 9613-2 (table 2) repeats it, dB/km."""
    np.testing.assert_allclose(air.absorption() * 1000, [0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0], atol=0.12)


def test_over_hard_ground_the_level_is_the_closed_form() -> None:
    around = surroundings(otherwise=0.0)
    energy = transfer(around, [[0.0, 0.0, 0.5]], [[30.0, 40.0, 4.0]])
    distance = np.sqrt(50.0**2 + 3.5**2)
    expected = -20 * np.log10(distance) - 11 - air.absorption() * distance + 3
    np.testing.assert_allclose(_decibels(energy[0, 0, 0]), expected, atol=1e-9)
    assert _decibels(long_term(energy, 1.0)[0, 0])[0] == pytest.approx(_decibels(energy[0, 0, 1])[0])


def test_one_edge_at_grazing_takes_what_the_formula_says() -> None:
    assert edge_share(0.0, 0.0, 4) == pytest.approx(1 / 3)
    assert edge_share(-0.5, 0.0, 4) == 1.0
    assert edge_share(1.0, 0.0, 4) == pytest.approx(1 / (3 + 40 * 1000 / 340))


def test_a_hard_wall_behind_the_receiver_doubles_the_sound() -> None:
    """The image is barely farther away than the source, and the wall high: 3 dB less what the wall keeps."""
    wall = Obstacle(np.array([(-500.0, 50.1), (500.0, 50.1)]), np.full(2, 60.0), False, np.zeros(8))
    settings = Settings(round_edges=False)
    free = transfer(surroundings(), [[0.0, 0.0, 0.5]], [[0.0, 50.0, 4.0]], settings)
    before = transfer(surroundings([wall]), [[0.0, 0.0, 0.5]], [[0.0, 50.0, 4.0]], settings)
    np.testing.assert_allclose(_decibels(before / free)[0, 0, 0], 10 * np.log10(1 + (50 / 50.2) ** 2), atol=0.05)


def test_two_walls_give_the_series_of_images() -> None:
    """Between hard high walls the images of order n lie on one line; their energies are a sum in closed form."""
    walls = [Obstacle(np.array([(-900.0, y), (900.0, y)]), np.full(2, 200.0), False, np.full(8, 0.2)) for y in (-10.0, 10.0)]
    for order in range(4):
        found = transfer(
            surroundings(walls), [[0.0, 0.0, 0.5]], [[40.0, 0.0, 0.5]], Settings(order=order, round_edges=False, reflection_reach=500.0)
        )
        expected = np.zeros(8)
        for n in range(-order, order + 1):
            distance = np.hypot(40.0, 20.0 * n)
            expected += 0.8 ** abs(n) * 10 ** (-0.1 * (20 * np.log10(distance) + 11 + air.absorption() * distance - 3))
        np.testing.assert_allclose(_decibels(found[0, 0, 0]), _decibels(expected), atol=1e-6)


def test_a_house_between_shades_and_one_beside_does_not() -> None:
    source, receiver = [[0.0, 0.0, 0.5]], [[60.0, 0.0, 4.0]]
    settings = Settings(order=0)
    free = transfer(surroundings(), source, receiver, settings)
    np.testing.assert_array_equal(transfer(surroundings([_box(20, 30, 40, 50, 10)]), source, receiver, settings), free)
    shaded = transfer(surroundings([_box(20, -15, 40, 15, 10)]), source, receiver, settings)
    assert np.all(_decibels(free / shaded)[0, 0, 0] > 5)


def test_a_wall_that_is_made_of_pieces_is_one_wall() -> None:
    whole = np.array([(30.0, -40.0), (30.0, 40.0)])
    pieces = np.column_stack([np.full(9, 30.0), np.linspace(-40, 40, 9)])
    levels = [
        transfer(surroundings([Obstacle(points, np.full(len(points), 4.0), False)]), [[0.0, 1.0, 0.5]], [[60.0, 3.0, 4.0]])
        for points in (whole, pieces)
    ]  # fmt: skip
    np.testing.assert_allclose(_decibels(levels[0]), _decibels(levels[1]), atol=1e-9)


@given(st.lists(st.tuples(*[st.floats(-50, 50)] * 2, *[st.floats(3, 30)] * 2, st.floats(3, 20)), max_size=6), st.floats(0.01, 1.5))
@settings(deadline=None, max_examples=50)
def test_a_cut_finds_the_roofs_that_plane_geometry_finds(boxes: list[tuple[float, float, float, float, float]], angle: float) -> None:
    around = surroundings([_box(x, y, x + w, y + h, z) for x, y, w, h, z in boxes])
    line = shapely.LineString([(-120 * np.cos(angle), -120 * np.sin(angle)), (120 * np.cos(angle), 120 * np.sin(angle))])
    work = _cut(around, shapely.get_coordinates(line))
    spans = work.spans[: work.counts[profiles.SPANS]]
    houses = [shapely.box(x, y, x + w, y + h) for x, y, w, h, _ in boxes]
    covered = shapely.length(shapely.intersection(line, shapely.union_all(houses)))
    assert np.sum(spans[:, 2] - spans[:, 0]) == pytest.approx(covered, abs=1e-6)
    for start, height, end, *_ in spans:
        middle = shapely.line_interpolate_point(line, (start + end) / 2)
        assert height == max(box[4] for box, house in zip(boxes, houses, strict=True) if shapely.distance(house, middle) < 1e-9)


def _cut(around: Surroundings, points: FloatArray) -> profiles.Workspace:
    work = profiles.workspace(around.scene)
    work.path[: len(points)] = around.local(np.column_stack([points, np.zeros(len(points))]))
    profiles.cut(around.scene, work, len(points), around.otherwise)
    return work


def test_the_mean_plane_has_the_least_squares() -> None:
    slope = np.array([[[0, -50, 0], [60, -50, 0], [60, 50, 0]], [[0, -50, 0], [60, 50, 0], [0, 50, 0]]], float)
    rise = np.array([[[60, -50, 0], [100, -50, 8], [100, 50, 8]], [[60, -50, 0], [100, 50, 8], [60, 50, 0]]], float)
    around = surroundings([_box(20, -5, 40, 5, 9)], np.vstack([slope, rise]))
    work = _cut(around, np.array([(1.0, 0.0), (99.0, 0.0)]))
    along = (np.arange(980_000) + 0.5) / 1e4
    x = along + 1
    height = np.where((x > 20) & (x < 40), 9.0, np.maximum(x - 60, 0) / 5)
    np.testing.assert_allclose(profiles.mean_plane(work, 0.0, 98.0), np.polyfit(along, height, 1), atol=1e-6)


def test_ground_is_read_where_it_lies() -> None:
    square = shapely.box(10, -5, 30, 5)
    around = surroundings(cover=[(square, 1.0), (shapely.box(20, -5, 30, 5), 0.25)], otherwise=0.5)
    work = _cut(around, np.array([(0.0, 0.0), (40.0, 0.0)]))
    assert profiles.mean_factor(work, 0.0, 40.0) == pytest.approx((10 * 0.5 + 10 * 1.0 + 10 * 0.25 + 10 * 0.5) / 40)
    np.testing.assert_array_equal(around.factor(np.array([[15.0, 0.0], [25.0, 0.0], [50.0, 0.0]])), [1.0, 0.25, 0.5])


def test_no_way_round_a_house_runs_through_a_hill() -> None:
    """Behind a berm of 5 m across the whole way, the corner of a house beyond it opens no way round."""
    berm = []
    for x1, z1, x2, z2 in ((20.0, 0.0, 25.0, 5.0), (25.0, 5.0, 30.0, 0.0)):
        berm += [[(x1, -200, z1), (x2, -200, z2), (x2, 200, z2)], [(x1, -200, z1), (x2, 200, z2), (x1, 200, z1)]]
    house, source, behind = _box(45, -10, 60, 3, 6), [[0.0, 0.0, 1.0]], [[70.0, 0.0, 4.0]]
    for ground, more in ((np.array(berm, float), False), (None, True)):
        around = surroundings([house], ground)
        both, over = (transfer(around, source, behind, Settings(order=0, round_edges=ways)) for ways in (True, False))
        assert bool(np.any(both > over)) is more


@given(
    st.lists(st.tuples(st.floats(5, 90), st.floats(-6, 6), *[st.floats(1, 12)] * 2, st.floats(0, 3)), min_size=1, max_size=5), st.booleans()
)
@settings(deadline=None, max_examples=100)
def test_round_houses_between_the_string_is_their_convex_hull(boxes: list[tuple[float, float, float, float, float]], left: bool) -> None:
    """Against shapely's hull of source, receiver and all corners of turned boxes that the straight line meets."""
    line = shapely.LineString([(0, 0), (120, 0)])
    shapes = [shapely.affinity.rotate(shapely.box(x - w, y - h, x + w, y + h), angle, use_radians=True) for x, y, w, h, angle in boxes]
    inner = shapely.box(0.5, -100, 119.5, 100)
    shapes = [shape for shape in shapes if inner.contains(shape) and shape.bounds[1] < -0.1 and shape.bounds[3] > 0.1]
    assume(shapes)
    outlines = [shapely.get_coordinates(shape)[:-1] for shape in shapes]
    around = surroundings([Obstacle(outline, np.full(4, 10.0), True) for outline in outlines])
    source, receiver = (around.local(np.array([point]))[0] for point in ((0.0, 0.0, 1.0), (120.0, 0.0, 1.0)))
    work = profiles.workspace(around.scene)
    work.owners[: len(shapes)] = np.arange(len(shapes))
    points, _, _ = string(around.scene, work, len(shapes), source, receiver, left)
    hull = shapely.convex_hull(shapely.union(line, shapely.union_all(shapes)))
    side = shapely.intersection(hull, shapely.box(-1, 0, 121, 1000) if left else shapely.box(-1, -1000, 121, 0))
    assert points >= 3
    length = np.hypot(*np.diff(work.path[:points, :2], axis=0).T).sum()
    assert length == pytest.approx(side.length - 120, abs=0.05)
