"""Blocks arranged: areas and distances are kept, ridges turn along."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from jena_planner.jena_city import arranging
from jena_planner.jena_city.massing import solid, underground
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.typologies import TYPOLOGIES
from jena_planner.jena_city.variant import Block, Roof

angles = st.floats(0, 2 * math.pi)


def zeile(angle: float = 0.0, roof: Roof | None = None) -> Block:
    shape = affinity.translate(affinity.rotate(shapely.box(-20, -6, 20, 6), angle, use_radians=True), 100, 50)
    return Block("z", shape, 4, roof=roof or Roof())


@given(angles)
def test_a_row_keeps_its_distance(angle: float) -> None:
    first = zeile(angle)
    for across, apart in ((True, 12 + 18), (False, 40 + 18)):
        copies = arranging.row(first, 2, 18.0, across=across)
        assert shapely.distance(first.footprint, copies[0].footprint) == pytest.approx(18, abs=1e-6)
        assert shapely.distance(first.footprint.centroid, copies[1].footprint.centroid) == pytest.approx(2 * apart, abs=1e-6)


@given(angles, st.integers(2, 9))
def test_the_parts_of_a_cut_are_equal_and_whole(angle: float, count: int) -> None:
    parts = arranging.split(zeile(angle), count)
    assert [part.footprint.area for part in parts] == [pytest.approx(480 / count)] * count
    assert shapely.area(shapely.union_all([part.footprint for part in parts])) == pytest.approx(480)


def test_a_court_that_is_cut_falls_into_the_wings_on_either_side() -> None:
    court = Block("b", shapely.box(0, 0, 60, 40).difference(shapely.box(12, 12, 48, 28)), 4)
    parts = arranging.split(court, 3)
    assert len(parts) == 4 and sum(part.footprint.area for part in parts) == pytest.approx(court.footprint.area)


def test_a_sliver_cannot_be_cut_into_many() -> None:
    with pytest.raises(InputProblem, match="50 parts"):
        arranging.split(Block("s", shapely.box(0, 0, 6, 6), 1), 50)


@given(angles, st.floats(0, 359))
def test_a_mirror_image_of_a_mirror_image_is_the_block_itself(angle: float, ridge: float) -> None:
    block = zeile(angle, Roof("shed", 12.0, ridge=ridge))
    once = arranging.mirrored([block])
    [twice] = arranging.mirrored(once)
    assert twice.footprint.equals_exact(block.footprint, 1e-6) or twice.footprint.symmetric_difference(block.footprint).area < 1e-5
    assert math.cos(math.radians(twice.roof.ridge - ridge)) == pytest.approx(1.0)
    assert once[0].footprint.exterior.is_ccw


def test_a_mirror_image_falls_the_other_way() -> None:
    [made] = arranging.mirrored([zeile(0.0, Roof("shed", 12.0, ridge=0.0))])
    assert made.roof.ridge == pytest.approx(180.0)


@given(angles, angles)
def test_a_block_lies_parallel_by_the_shorter_way_and_its_ridge_with_it(angle: float, line: float) -> None:
    block = zeile(angle, Roof("gable", 35.0, ridge=(90 - math.degrees(angle)) % 360))
    made = arranging.parallel(block, line)
    along = arranging.axis(made.footprint)
    off = (math.atan2(along[1], along[0]) - line) % (math.pi / 2)
    assert min(off, math.pi / 2 - off) < 1e-6
    assert made.footprint.area == pytest.approx(480)
    ridge = math.radians(90 - made.roof.ridge)
    assert abs(along @ np.array([math.cos(ridge), math.sin(ridge)])) == pytest.approx(1.0)


def test_fronts_come_in_line() -> None:
    made = arranging.in_line(Block("b", shapely.box(60, 3, 80, 17), 2), Block("a", shapely.box(0, 0, 40, 12), 2))
    assert made.footprint.bounds == pytest.approx((60, 0, 80, 14))


@pytest.mark.parametrize("name", TYPOLOGIES)
@given(angles)
def test_every_type_can_be_built_wherever_it_is_dropped(name: str, angle: float) -> None:
    blocks = TYPOLOGIES[name].at(np.array([1000.0, -500.0]), angle)
    for block in blocks:
        assert len((solid(block, 150.0) if block.storeys else underground(block, 150.0)).triangles)  # type: ignore[union-attr]
    west, south, east, north = shapely.total_bounds([block.footprint for block in blocks])
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((1000, -500), abs=0.01)
    assert shapely.area(shapely.union_all([one.footprint for one in blocks])) == pytest.approx(sum(one.footprint.area for one in blocks))
