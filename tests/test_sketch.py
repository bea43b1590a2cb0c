"""Drawing an outline: what it holds on to, lengths that are typed, steps taken back. Without a screen."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.sketch import Sketch
from jena_planner.jena_city.snapping import Guides, snapped

HOUSE = shapely.box(0, 0, 20, 10)
GUIDES = Guides([("Building", HOUSE), ("Plot", shapely.box(-5, -5, 50, 40)), ("Reference", shapely.LineString([(0, 30), (40, 30)]))])


def at(x: float, y: float) -> np.ndarray:
    return np.array([x, y], float)


def drawn(kind: str, *places: tuple[float, float], guides: Guides = GUIDES, reach: float = 0.5) -> Sketch:
    sketch = Sketch(kind, guides, reach=reach)  # type: ignore[arg-type]
    for place in places:
        sketch.cursor = at(*place)
        sketch.put()
    return sketch


def test_a_corner_is_held_before_an_edge_and_the_source_is_said() -> None:
    near = snapped(GUIDES, [], at(20.3, 10.2), 0.5)
    assert (near.kind, near.source, near.point.tolist()) == ("corner", "Building", [20, 10])
    near = snapped(GUIDES, [], at(12.0, 10.3), 0.5)
    assert (near.kind, near.source, near.point.tolist()) == ("edge", "Building", [12, 10])
    near = snapped(GUIDES, [], at(12.0, 13.0), 0.5)
    assert (near.kind, near.point.tolist()) == ("free", [12, 13])
    assert snapped(GUIDES, [], at(10, 29.8), 0.5).source == "Reference"


def test_a_side_turns_at_a_right_angle_and_ends_on_the_line_it_meets() -> None:
    near = snapped(GUIDES, [at(25, 15), at(35, 15)], at(35.3, 22), 0.5)
    assert near.kind == "angle" and near.point == pytest.approx([35, 22])
    near = snapped(GUIDES, [at(25, 15), at(35, 15)], at(35.2, 29.8), 0.5)
    assert (near.kind, near.source) == ("crossing", "Reference") and near.point == pytest.approx([35, 30])


def test_the_first_side_runs_along_the_house_it_begins_at() -> None:
    turned = shapely.affinity.rotate(HOUSE, 30, origin=(0, 0))
    corner = at(20 * math.cos(math.radians(30)), 20 * math.sin(math.radians(30)))
    onward = corner + 8 * at(math.cos(math.radians(30)), math.sin(math.radians(30)))
    near = snapped(Guides([("Building", turned)]), [corner], onward + at(0.2, -0.2), 0.5)
    assert near.kind == "angle" and near.point == pytest.approx(onward, abs=0.2)
    assert abs((near.point - corner) @ at(-math.sin(math.radians(30)), math.cos(math.radians(30)))) < 1e-9


def test_three_clicks_make_a_rectangle() -> None:
    sketch = drawn("rectangle", (60, 60), (72, 60))
    sketch.cursor = at(80, 66)
    assert sketch.shown().equals(shapely.box(60, 60, 72, 66))
    assert sketch.put()
    assert sketch.finished().equals(shapely.box(60, 60, 72, 66))


def test_typed_lengths_are_exact_wherever_the_mouse_is() -> None:
    sketch = drawn("rectangle", (60, 60), reach=0.1)
    sketch.cursor = at(67, 63)
    assert all(sketch.type(one) for one in "12,5") and sketch.length == 12.5
    assert not sketch.type("x") and not sketch.type(",")
    assert not sketch.put()
    sketch.cursor = at(60, 75)
    assert all(sketch.type(one) for one in "9.25")
    assert sketch.put()
    area = sketch.finished()
    assert area.area == pytest.approx(12.5 * 9.25, rel=1e-9)
    assert area.exterior.is_ccw


def test_steps_are_taken_back_character_by_character_then_corner_by_corner() -> None:
    sketch = drawn("polygon", (60, 60), (70, 60))
    sketch.type("1")
    assert sketch.back() and sketch.typed == "" and len(sketch.corners) == 2
    assert sketch.back() and sketch.back() and not sketch.back()


def test_a_polygon_closes_at_its_first_corner() -> None:
    sketch = drawn("polygon", (60, 60), (70, 60), (70, 68))
    sketch.cursor = at(60.2, 60.2)
    assert sketch.put()
    assert sketch.finished().area == pytest.approx(40)


def test_what_is_no_outline_is_refused_with_a_sentence() -> None:
    with pytest.raises(InputProblem, match="only 2 corners"):
        drawn("polygon", (60, 60), (70, 60)).finished()
    with pytest.raises(InputProblem, match="crosses itself"):
        drawn("polygon", (60, 60), (70, 70), (70, 60), (60, 71)).finished()


@given(st.floats(0, 2 * math.pi), st.floats(1.5, 80), st.floats(1.5, 80), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(-1, 1))
def test_any_rectangle_drawn_has_right_angles_and_the_typed_sides(
    turn: float, wide: float, deep: float, x: float, y: float, skew: float
) -> None:
    sketch = Sketch("rectangle", Guides([]), free=True)
    along, across = at(math.cos(turn), math.sin(turn)), at(-math.sin(turn), math.cos(turn))
    for place, length in ((at(x, y), None), (at(x, y) + 7 * along, wide), (at(x, y) + 7 * along + 5 * across + skew * along, deep)):
        sketch.cursor = place
        if length is not None:
            sketch.typed = f"{length:.3f}"
        sketch.put()
    area = sketch.finished()
    assert area.area == pytest.approx(round(wide, 3) * round(deep, 3), rel=1e-6)
    sides = np.diff(shapely.get_coordinates(area.exterior), axis=0)
    assert abs(sides[0] @ sides[1]) < 1e-6 * np.hypot(*sides[0]) * np.hypot(*sides[1]) * 10
