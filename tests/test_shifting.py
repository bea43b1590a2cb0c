"""Blocks that are moved hold on to lines as drawn ones do: where they come to stand is reckoned here by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from jena_planner.jena_city.shifting import Shift
from jena_planner.jena_city.snapping import Guides

HOUSE = shapely.box(0, 0, 20, 10)
LIMIT = shapely.LineString([(30, -50), (30, 50)])  # a Baugrenze east of it


def moved(
    handle: tuple[float, float], cursor: tuple[float, float], *shapes: tuple[str, object], free: bool = False, typed: str = ""
) -> Shift:
    made = Shift(Guides(shapes), [HOUSE], np.array(handle, float))
    made.sketch.cursor, made.sketch.reach, made.sketch.free, made.sketch.typed = np.array(cursor, float), 0.5, free, typed
    return made


def test_a_corner_that_was_taken_hold_of_comes_onto_the_line() -> None:
    way, snap = moved((20, 10), (29.8, 17.0), ("Baugrenze", LIMIT)).next() or pytest.fail("nowhere")
    assert (way.tolist(), snap.kind, snap.source) == ([10.0, pytest.approx(7.0)], "edge", "Baugrenze")


def test_a_front_comes_to_the_line_wherever_the_block_was_taken_hold_of() -> None:
    way, snap = moved((8, 5), (17.7, 13.1), ("Baugrenze", LIMIT)).next() or pytest.fail("nowhere")
    assert way[0] == pytest.approx(10.0) and way[1] == pytest.approx(8.1)  # its front at x = 20 stands at 30
    assert snap.source == "Baugrenze"


def test_the_place_inside_it_by_which_a_block_was_taken_comes_to_no_line() -> None:
    way, snap = moved((8, 5), (29.8, 17.0), ("Baugrenze", LIMIT)).next() or pytest.fail("nowhere")
    assert (way.tolist(), snap.kind) == ([pytest.approx(21.8), pytest.approx(12.0)], "free")


def test_at_right_angles_it_stays_so_and_ends_at_the_line() -> None:
    slanting = shapely.LineString([(25, -50), (35, 60)])  # x = 25 + (y + 50) / 11
    way, snap = moved((8, 5), (18.1, 5.2), ("Baugrenze", slanting)).next() or pytest.fail("nowhere")
    assert way[1] == pytest.approx(0.0) and snap.kind == "crossing"
    corner = HOUSE.bounds[2] + way[0]
    assert min(abs(corner - (25 + (y + 50) / 11)) for y in (0, 10)) < 1e-9


def test_a_length_that_was_typed_is_kept_and_shift_holds_on_to_nothing() -> None:
    way, _ = moved((20, 10), (29.8, 10.1), ("Baugrenze", LIMIT), typed="7,25").next() or pytest.fail("nowhere")
    assert way.tolist() == pytest.approx([7.25, 0.0])
    way, snap = moved((20, 10), (29.8, 17.0), ("Baugrenze", LIMIT), free=True).next() or pytest.fail("nowhere")
    assert way.tolist() == pytest.approx([9.8, 7.0]) and snap.kind == "free"


def test_a_corner_goes_before_a_line() -> None:
    room = shapely.box(30, 20, 80, 60)
    way, snap = moved(
        (8, 5), (38.3, 25.2), ("Spielraum", room), ("Plot", shapely.LineString([(30.1, 0), (30.1, 90)]))
    ).next() or pytest.fail("")
    assert way.tolist() == pytest.approx([30.0, 20.0]) and (snap.kind, snap.source) == ("corner", "Spielraum")


def test_before_the_mouse_has_been_anywhere_nothing_moves() -> None:
    assert Shift(Guides([]), [HOUSE], np.array([0.0, 0.0])).next() is None
    way, _ = moved((0, 0), (300.0, 400.0)).next() or pytest.fail("nowhere")
    assert way.tolist() == [300.0, 400.0]
