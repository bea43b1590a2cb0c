"""The ground follows the outlines of houses: none of it comes through a floor, and no house floats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.analyses.rays import Raycaster
from jena_planner.jena_city import breaklines, store
from jena_planner.jena_city.terrain import Terrain

from .site import ORIGIN, site, today


def slope(step: float = 1.0, half: float = 30.0) -> Terrain:
    """Ground that rises by 0.2 eastwards: 150 m in the middle."""
    number = int(2 * half / step) + 1
    x = -half + step * np.arange(number)
    return Terrain(ORIGIN, -half, -half, step, np.tile(150 + 0.2 * x, (number, 1)).astype(np.float32))


def cut(ground: Terrain, outlines: list[shapely.Polygon], heights: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return breaklines.cut(*ground.mesh(), np.array(outlines, object), np.array(heights))


def upward(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(T,) areas seen from above; strips have none."""
    a, b, c = (vertices[triangles[:, k], :2] for k in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


@given(
    x=st.floats(-12, 12), y=st.floats(-12, 12), width=st.floats(0.4, 9), depth=st.floats(0.4, 9), turn=st.floats(0, 90),
    step=st.sampled_from([1.0, 3.0, 10.0]), floor=st.floats(148, 152),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_under_a_house_lies_its_floor_and_beside_it_the_ground(
    x: float, y: float, width: float, depth: float, turn: float, step: float, floor: float
) -> None:
    house = shapely.affinity.rotate(shapely.box(x, y, x + width, y + depth), turn)
    ground = slope(step)
    vertices, triangles, source = cut(ground, [house], [floor])
    assert source.shape == (len(triangles),)
    assert upward(vertices, triangles).sum() == pytest.approx(3600.0, rel=1e-5)
    assert upward(vertices, triangles).min() > -1e-9
    rays = Raycaster(vertices, triangles)
    places = np.random.default_rng(1).uniform(-25, 25, (400, 2))
    clear = shapely.distance(house.exterior, shapely.points(places)) > 0.01
    inside = shapely.contains_xy(house, *places.T)
    hits = rays.first_hit(np.column_stack([places, np.full(400, 300.0)]), np.array([[0.0, 0.0, -1.0]]))
    expected = np.where(inside, floor - breaklines.BELOW, ground.height_at(places))
    assert np.abs(300.0 - hits.distance - expected)[clear].max() < 1e-3


@pytest.mark.parametrize("floor", [148.0, 153.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (0.37, 0.21)])
def test_nobody_sees_in_between_ground_and_floor(floor: float, corner: tuple[float, float]) -> None:
    """From all sides and just above or below the ground at the wall: a strip stands there, on grid lines too."""
    house = shapely.box(*corner, corner[0] + 8, corner[1] + 6)
    ground = slope()
    rays = Raycaster(*cut(ground, [house], [floor])[:2])
    ring = shapely.line_interpolate_point(house.exterior, np.linspace(0.05, 27.9, 300))
    wall = shapely.get_coordinates(ring)
    middle = np.array(house.centroid.coords[0])
    inward = (middle - wall) / np.linalg.norm(middle - wall, axis=1)[:, None]
    between = np.column_stack([wall, (ground.height_at(wall) + floor - breaklines.BELOW) / 2])
    start = between - np.column_stack([0.05 * inward, np.zeros(len(wall))])
    assert rays.blocked(start, np.column_stack([inward, np.zeros(len(wall))]), 0.1).all()


def test_houses_wall_to_wall_and_one_with_a_courtyard() -> None:
    ring = shapely.box(-10, -10, 10, 10).difference(shapely.box(-4, -4, 4, 4))
    vertices, triangles, _ = cut(slope(), [ring, shapely.box(10, -10, 15, 10), shapely.box(500, 0, 510, 10)], [149.0, 151.0, 0.0])
    assert upward(vertices, triangles).sum() == pytest.approx(3600.0, rel=1e-5)
    assert vertices[:, 2].min() > 143
    rays = Raycaster(vertices, triangles)
    hits = rays.first_hit(np.array([[0.0, 0.5, 300.0], [7.0, 0.5, 300.0], [12.0, 0.5, 300.0]]), np.array([[0.0, 0.0, -1.0]]))
    assert 300.0 - hits.distance == pytest.approx([150.0, 149.0 - breaklines.BELOW, 151.0 - breaklines.BELOW], abs=1e-3)


def test_floors_are_those_of_the_ground_surfaces(tmp_path: Path) -> None:
    outlines, heights = breaklines.floors(site(tmp_path, (0, 0, 20, 10, 8), (40, 0, 5, 5, 8)).city)
    assert sorted(shapely.area(outlines).round(3).tolist()) == [25.0, 200.0]
    assert heights.tolist() == [150.0, 150.0]


def test_a_house_in_another_height_system_digs_no_shaft() -> None:
    vertices, _, _ = cut(slope(), [shapely.box(0, 0, 8, 6), shapely.box(-20, 0, -12, 6)], [150.0, 0.0])
    assert vertices[:, 2].min() > 143


def test_a_site_keeps_whether_its_ground_follows_and_its_numbers_stay(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8))
    before = store.site_hash(place), store.looks_hash(place), today(place).occluders().triangles
    place.breaklines = True
    assert store.site_hash(place) == before[0]
    assert store.looks_hash(place) != before[1]
    assert np.array_equal(today(place).occluders().triangles, before[2])
    store.save_site(place, tmp_path / "data")
    assert store.load_site(tmp_path / "data").breaklines


@pytest.mark.needs("bpy")
def test_the_ground_that_is_shown_lies_below_the_floors_and_has_no_skirt_in_town(tmp_path: Path) -> None:
    from jena_planner.scene import shapes

    place = site(tmp_path, (0, 0, 20, 10, 8), ground=Terrain(ORIGIN, -150, -150, 5.0, slope(5.0, 150.0).heights))
    plain = shapes.town(place, [today(place)], 256).ground
    place.breaklines = True
    ground = shapes.town(place, [today(place)], 256).ground
    assert ground is not None
    assert plain is not None
    rays = Raycaster(ground.terrain.vertices, ground.terrain.triangles)
    hits = rays.first_hit(np.array([[10.0, 5.0, 300.0], [10.0, 20.0, 300.0]]), np.array([[0.0, 0.0, -1.0]]))
    assert 300 - hits.distance == pytest.approx([150 - breaklines.BELOW, 152.0], abs=1e-3)
    assert len(ground.skirt.triangles) == len(plain.skirt.triangles)


def test_ground_without_houses_stays_as_it_is() -> None:
    vertices, triangles = slope().mesh()
    same = breaklines.cut(vertices, triangles, np.zeros(0, object), np.zeros(0))
    assert same[0] is vertices
    assert same[1] is triangles


@pytest.mark.needs("bpy")
def test_no_house_floats_over_ground_that_was_estimated(tmp_path: Path) -> None:
    """Smooth ground through the feet of houses on a slope misses each of them a little: it is cut at their walls, without being asked."""
    from dataclasses import replace

    from jena_planner.scene import shapes

    place = site(tmp_path, (-10, -5, 10, 10, 8), (15, 0, 8, 8, 8), ground=slope(5.0))
    floors = breaklines.floors(place.city)
    for estimated in (True, False):
        made = replace(slope(5.0), estimated=estimated)
        now = replace(place, terrain=made)
        ground = shapes.town(now, [today(now)], 256).ground
        assert ground is not None
        rays = Raycaster(ground.terrain.vertices, ground.terrain.triangles)
        gaps = []
        for outline, floor in zip(*floors, strict=True):
            wall = shapely.get_coordinates(shapely.line_interpolate_point(outline.buffer(-0.05).exterior, np.linspace(0.3, 25, 60)))
            hits = rays.first_hit(np.column_stack([wall, np.full(len(wall), 300.0)]), np.array([[0.0, 0.0, -1.0]]))
            gaps.append(np.abs(300.0 - hits.distance - floor).max())
        assert (max(gaps) < 0.05) == estimated
