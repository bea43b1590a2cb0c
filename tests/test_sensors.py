"""Where values are taken: ground cells outside houses, façades and roofs cut into cells that cover them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses import sensors
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.site import Trees
from jena_planner.jena_city.triangulate import triangle_normals
from jena_planner.jena_city.variant import Block, FelledTree, PlantedTree, Roof, Variant

from .site import ORIGIN, flat_ground, site, today, with_variant


def uncovered(applied: Applied, size: float = 2.0) -> tuple[sensors.Faces, np.ndarray]:
    faces = sensors.face_cells(applied, size)
    return faces, sensors.uncovered(faces, Obstacles.of(applied))


def test_ground_cells_inside_houses_do_not_count(tmp_path: Path) -> None:
    grid, valid = sensors.ground_grid(today(site(tmp_path, (0, 0, 20, 10, 8))), (-10, -10, 30, 20), 1.0)
    assert (grid.columns, grid.rows) == (40, 30)
    assert np.count_nonzero(~valid) == 200
    assert (grid.height == 150.0 + sensors.ABOVE_GROUND).all()
    assert not valid[np.flatnonzero((abs(grid.points[:, 0] - 10) < 9) & (abs(grid.points[:, 1] - 5) < 4))].any()


def test_a_block_takes_its_ground_and_a_removed_house_gives_its_back(tmp_path: Path) -> None:
    variant = Variant("v", "V", (Block("a", shapely.box(40, 0, 50, 10), 2),), ("B0",))
    applied = with_variant(site(tmp_path, (0, 0, 20, 10, 8)), variant)
    _, valid = sensors.ground_grid(applied, (0, 0, 60, 10), 1.0)
    assert np.count_nonzero(~valid) == 100


def test_outside_the_terrain_nothing_counts(tmp_path: Path) -> None:
    _, valid = sensors.ground_grid(today(site(tmp_path, (0, 0, 5, 5, 5))), (140, 0, 160, 10), 1.0)
    assert np.count_nonzero(valid) == 100


@pytest.mark.parametrize("size", [0.7, 1.0, 2.5, 100.0])
def test_cells_cover_walls_and_roof_exactly(tmp_path: Path, size: float) -> None:
    faces = sensors.face_cells(today(site(tmp_path, (0, 0, 20, 10, 8))), size)
    walls, roof = faces.semantics == Semantics.WALL, faces.semantics == Semantics.ROOF
    assert faces.area[walls].sum() == pytest.approx(2 * (20 + 10) * 8)
    assert faces.area[roof].sum() == pytest.approx(200.0)
    assert faces.area.max() <= size**2 + 1e-6
    lengths = np.linalg.norm(triangle_normals(faces.vertices, faces.triangles), axis=1)
    assert np.bincount(faces.triangle_cell, lengths) == pytest.approx(faces.area, rel=1e-6)
    assert np.linalg.norm(faces.normals, axis=1) == pytest.approx(np.ones(faces.size))


def test_each_sensor_lies_on_its_face_and_looks_out(tmp_path: Path) -> None:
    faces = sensors.face_cells(today(site(tmp_path, (0, 0, 20, 10, 8))), 1.0)
    x, y, z = faces.points.T
    on_wall = (np.abs(x * (x - 20)) < 1e-6) | (np.abs(y * (y - 10)) < 1e-6)
    assert (on_wall | (np.abs(z - 158) < 1e-6)).all()
    outward = faces.points - [10, 5, 154]
    assert (np.einsum("ij,ij->i", outward, faces.normals) > 0).all()


def test_gable_triangles_keep_their_area(tmp_path: Path) -> None:
    place = site(tmp_path, (100, 100, 5, 5, 5))
    block = Block("g", shapely.box(0, 0, 12, 10), 2, ground_floor_height=2.9, storey_height=2.9, roof=Roof("gable", 45.0))
    faces = sensors.face_cells(with_variant(place, Variant("v", "V", (block,))), 0.5, box=(-5, -5, 20, 20))
    assert set(faces.building.tolist()) == {-1}
    walls = faces.area[faces.semantics == Semantics.WALL].sum()
    assert walls == pytest.approx(2 * (12 + 10) * 5.8 + 2 * 10 * 5 / 2, rel=0.01)  # slivers at the gables' slopes are left out
    assert faces.area[faces.semantics == Semantics.ROOF].sum() == pytest.approx(2 * 12 * 5 * np.sqrt(2), rel=1e-6)


def test_a_wall_against_another_house_is_no_facade(tmp_path: Path) -> None:
    applied = today(site(tmp_path, (0, 0, 10, 10, 8), (10, 0, 10, 10, 5)))
    faces, free = uncovered(applied, 1.0)
    between = (np.abs(faces.points[:, 0] - 10) < 1e-6) & (faces.semantics == Semantics.WALL)
    low = faces.points[:, 2] < 155
    assert between.sum() == 80 + 50
    assert not free[between & low].any()
    assert free[between & ~low].all()
    assert free[~between].all()


def test_cells_below_the_ground_are_no_facade(tmp_path: Path) -> None:
    applied = today(site(tmp_path, (0, 0, 10, 10, 8), ground=flat_ground(height=153.0)))
    faces, free = uncovered(applied, 1.0)
    walls = faces.semantics == Semantics.WALL
    assert (free[walls] == (faces.points[walls, 2] > 153)).all()


def test_a_box_chooses_faces_that_reach_into_it(tmp_path: Path) -> None:
    faces = sensors.face_cells(today(site(tmp_path, (0, 0, 10, 10, 8), (60, 0, 10, 10, 8))), 2.0, box=(-5, -5, 15, 15))
    assert set(faces.building.tolist()) == {0}
    nothing = sensors.face_cells(today(site(tmp_path, (0, 0, 10, 10, 8))), 2.0, box=(90, 90, 95, 95))
    assert (nothing.size, len(nothing.vertices)) == (0, 0)


def test_an_absurd_step_is_a_slip(tmp_path: Path) -> None:
    place = today(site(tmp_path, (0, 0, 10, 10, 8)))
    with pytest.raises(InputProblem, match="larger step"):
        sensors.ground_grid(place, (0, 0, 1e6, 1e6), 0.1)
    with pytest.raises(InputProblem, match="larger cells"):
        sensors.face_cells(place, 0.001)


def test_a_block_without_base_stands_on_the_lowest_ground(tmp_path: Path) -> None:
    from jena_planner.jena_city.terrain import Terrain

    x = np.arange(-150, 151, 5.0)
    slope = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.tile(150 + 0.1 * x, (61, 1)).astype(np.float32))
    place = site(tmp_path, (100, 100, 5, 5, 5), ground=slope)
    applied = apply(
        place, Variant("v", "V", (Block("a", shapely.box(10, 0, 30, 10), 1), Block("b", shapely.box(-30, 0, -10, 10), 1, base=180.0)))
    )
    assert applied.bases.tolist() == pytest.approx([151.0, 180.0])
    with pytest.raises(InputProblem, match="variant v, block far: it lies outside the terrain"):
        apply(place, Variant("v", "V", (Block("far", shapely.box(900, 0, 930, 10), 1),)))


def test_a_base_follows_lowest_mean_or_highest_ground(tmp_path: Path) -> None:
    from jena_planner.jena_city.terrain import Terrain

    x = np.arange(-150, 151, 5.0)
    slope = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.tile(150 + 0.1 * x, (61, 1)).astype(np.float32))
    blocks = tuple(Block(rule, shapely.box(10, 0, 30, 10), 1, base_rule=rule) for rule in ("lowest", "mean", "highest"))
    applied = apply(site(tmp_path, (100, 100, 5, 5, 5), ground=slope), Variant("v", "V", blocks))
    assert applied.bases.tolist() == pytest.approx([151.0, 152.0, 153.0])


def test_trees_are_felled_and_planted(tmp_path: Path) -> None:
    place = site(tmp_path, (100, 100, 5, 5, 5))
    place.trees = Trees(
        np.array([[0.0, 0.0], [5.0, 0.0], [9.0, 0.0]]), np.array([8.0, 9.0, 10.0]), np.full(3, 4.0), ["Ahorn", "Linde", "Eiche"]
    )
    felled = (FelledTree((5.3, 0.2)), FelledTree((50.0, 50.0)))
    applied = apply(place, Variant("v", "V", planted=(PlantedTree("n", (7.0, 7.0), "Ulme", 12.0, 6.0),), felled=felled))
    assert applied.trees.species == ["Ahorn", "Eiche", "Ulme"]
    assert applied.trees.position.tolist() == [[0.0, 0.0], [9.0, 0.0], [7.0, 7.0]]
    assert [problem.code for problem in applied.problems] == ["unknown-tree"]


def test_a_pit_under_a_block_counts_too(tmp_path: Path) -> None:
    ground = flat_ground(step=1.0)
    ground.heights[155:158, 155:158] = 140.0  # around (6, 6), not under the outline
    place = site(tmp_path, (100, 100, 5, 5, 5), ground=ground)
    assert with_variant(place, Variant("v", "V", (Block("a", shapely.box(0, 0, 12, 12), 1),))).bases.tolist() == [140.0]


def test_blocks_that_stand_in_each_other_are_named(tmp_path: Path) -> None:
    blocks = (
        Block("a", shapely.box(0, 0, 10, 10), 1, "Haus A"),
        Block("b", shapely.box(8, 0, 18, 10), 1),
        Block("c", shapely.box(18, 0, 20, 10), 1),
    )
    [problem] = with_variant(site(tmp_path, (100, 100, 5, 5, 5)), Variant("v", "V", blocks)).problems
    assert (problem.code, problem.message) == ("overlapping-blocks", "Haus A and b overlap by 20.0 m²")


def test_a_part_is_not_removed_alone(tmp_path: Path) -> None:
    from dataclasses import replace

    place = site(tmp_path, (0, 0, 10, 10, 8), (10, 0, 10, 10, 5))
    place = replace(place, city=replace(place.city, building_parent=np.array([-1, 0], np.int32)))
    applied = with_variant(place, Variant("v", "V", (), ("B1",)))
    assert [(problem.code, problem.id) for problem in applied.problems] == [("part-not-removable", "B1")]
    assert "name its building B0" in applied.problems[0].message
    assert applied.kept.all()
    assert not with_variant(place, Variant("v", "V", (), ("B0",))).kept.any()


def test_an_impossible_block_is_named_with_its_variant(tmp_path: Path) -> None:
    block = Block("l", shapely.Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 20), (0, 20)]), 2, "Winkel", roof=Roof("hip", 80.0))
    with pytest.raises(InputProblem, match="variant v, block Winkel: a hip roof"):
        with_variant(site(tmp_path, (100, 100, 5, 5, 5)), Variant("v", "V", (block,)))


def test_a_box_that_is_no_multiple_of_the_step_is_covered(tmp_path: Path) -> None:
    grid, _ = sensors.ground_grid(today(site(tmp_path, (0, 0, 5, 5, 5))), (0, 0, 105, 42), 10.0)
    assert (grid.columns, grid.rows) == (11, 5)


def test_an_unknown_house_to_remove_is_a_problem_in_the_data(tmp_path: Path) -> None:
    applied = with_variant(site(tmp_path, (0, 0, 10, 10, 8)), Variant("v", "V", (), ("B0", "B7")))
    assert [(problem.code, problem.id) for problem in applied.problems] == [("unknown-building", "B7")]
    assert applied.kept.tolist() == [False]


def test_walls_between_three_houses_in_a_row_are_no_facades_whichever_is_met_first(tmp_path: Path) -> None:
    """Where walls coincide a ray through the house between may meet the front of the third one's: such a cell lies inside all the same."""
    applied = today(site(tmp_path, *((10.0 * k, 0.0, 10.0, 10.0, 9.0) for k in range(8))))
    faces, free = uncovered(applied, 0.7)
    along = (np.abs(faces.normals[:, 0]) > 0.99) & (faces.semantics == Semantics.WALL)
    ends = (np.abs(faces.points[:, 0]) < 1e-6) | (np.abs(faces.points[:, 0] - 80) < 1e-6)
    assert not free[along & ~ends].any()
    assert free[along & ends].all() and free[~along].all()


def test_ground_cells_on_the_foot_of_a_wall_do_not_count(tmp_path: Path) -> None:
    """A block in whole metres on a grid whose centres are whole metres: on its edge the ground is neither before nor behind the wall."""
    place = site(tmp_path, (100, 100, 5, 5, 5))
    applied = with_variant(place, Variant("v", "V", (Block("g", shapely.box(-11, -7, 9, 5), 3),)))
    grid, valid = sensors.ground_grid(applied, (-40, -40, 40, 40), 2.0)
    x, y = grid.points[:, 0], grid.points[:, 1]
    on = (x >= -11) & (x <= 9) & (y >= -7) & (y <= 5)
    assert on.sum() == 11 * 7
    assert (valid == ~on).all()
    town = Obstacles.of(applied)
    edge = valid & (x >= -13) & (x <= 11) & (y >= -9) & (y <= 7)
    up = np.tile([0.0, 0.0, 1.0], (int(edge.sum()), 1))
    assert not town.rays.blocked(grid.points[edge], up).any()
