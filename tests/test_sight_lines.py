"""Sight lines and axes on flat ground with boxes, where it is known what hides what and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.sight_lines import SightLines, run_sight_lines
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Result
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.jena_city.viewing import Axis, Landmark, Viewpoint

from . import site as sites
from .site import ORIGIN, site

TOWER = (100.0, -5.0, 10.0, 10.0, 30.0)  # x from 100 to 110, y from -5 to 5, 30 m high
LOW = (50.0, -5.0, 10.0, 10.0, 8.0)


def world(x: float, y: float) -> tuple[float, float]:
    return (ORIGIN.easting + x, ORIGIN.northing + y)


def here(place: Site) -> Obstacles:
    return Obstacles.of(sites.today(place))


def asked(**more: Any) -> SightLines:
    return SightLines(viewpoints=[Viewpoint(name="Platz", at=world(0, 0))], landmarks=[Landmark(name="Turm", building="B0")], **more)


def by_name(results: list[Result]) -> dict[str, Result]:
    return {result.name: result for result in results}


def test_the_top_of_a_tower_is_seen_over_a_low_house_and_not_over_a_high_one(tmp_path: Path) -> None:
    (free,) = run_sight_lines(here(site(tmp_path, TOWER, LOW)), asked())
    assert free.values.tolist() == [1.0]
    assert free.support.names.tolist() == ["Platz – Turm"]
    # at 50 m the line to the roof of the tower is 1.6 + 28.4 · 50 / 100 … 110, that is some 15 m high
    (hidden,) = run_sight_lines(here(site(tmp_path, TOWER, (*LOW[:4], 18.0))), asked())
    assert hidden.values.tolist() == [1.0, 0.0]  # free as far as the house, hidden behind it
    said = dict(zip(hidden.support.heads, hidden.support.table[0], strict=True))
    assert said["verdeckt von"] == "Gebäude B1"
    hit = hidden.support.vertices[hidden.support.start[1] - 1]
    assert hit[0] == pytest.approx(50.0, abs=0.01)
    assert 150 + 14 < hit[2] < 150 + 16


def test_a_block_that_hides_a_landmark_is_named_and_told_as_new(tmp_path: Path) -> None:
    place = site(tmp_path, TOWER, LOW)
    variant = Variant("neu", "Neu", (Block("riegel", shapely.box(20, -20, 30, 20), 6, name="Riegel"),))
    planned = Obstacles.of(sites.with_variant(place, variant))
    results = by_name(run_sight_lines(planned, asked(), base=here(place)))
    assert results["lines-change"].values.tolist() == [-1.0]
    said = dict(zip(results["lines"].support.heads, results["lines"].support.table[0], strict=True))
    assert said["verdeckt von"] == "Baukörper Riegel"
    assert said["vorher"] == "frei"


def test_the_curve_of_the_ground_hides_and_a_pole_is_seen_over_it(tmp_path: Path) -> None:
    pole = Landmark(name="Mast", at=world(140, 0), height=20.0)
    settings = SightLines(viewpoints=[Viewpoint(name="Platz", at=world(-140, 0))], landmarks=[pole])
    assert run_sight_lines(here(site(tmp_path, TOWER)), settings)[0].values.tolist() == [1.0, 0.0]
    flat = site(tmp_path, (0, 100, 5, 5, 5))
    assert run_sight_lines(here(flat), settings)[0].values.tolist() == [1.0]
    hill = sites.flat_ground()
    hill.heights[:, 30] += 40.0  # a ridge at x = 0
    (result,) = run_sight_lines(here(site(tmp_path, (0, 100, 5, 5, 5), ground=hill)), settings)
    assert dict(zip(result.support.heads, result.support.table[0], strict=True))["verdeckt von"] == "Gelände"


def test_crowns_of_trees_hide_unless_they_are_left_out(tmp_path: Path) -> None:
    place = site(tmp_path, TOWER)
    place.trees = Trees(np.array([[50.0, 0.0], [50.0, 30.0]]), np.array([22.0, 40.0]), np.array([8.0, 8.0]), ["Linde", "Eiche"])
    (result,) = run_sight_lines(here(place), asked())
    said = dict(zip(result.support.heads, result.support.table[0], strict=True))
    assert said["verdeckt von"].startswith("Baum Linde bei E ")
    assert result.support.vertices[result.support.start[1] - 1][0] == pytest.approx(46.5, abs=0.5)
    assert run_sight_lines(here(place), asked(trees=False))[0].values.tolist() == [1.0]


def test_an_axis_is_free_above_its_line_of_sight_and_says_what_enters_and_how_far(tmp_path: Path) -> None:
    """From an eye at 2 m to 10 m up at 120 m: over a house from 50 to 60 m the line is 5.33 to 6 m high, so 8 m stand out by 2.67."""
    axis = Axis(name="Blick", start=world(0, 0), end=world(120, 0), width=20.0, eye=2.0, target=10.0)
    place = site(tmp_path, (50, 0, 10, 30, 8), (70, -50, 10, 10, 30), (80, -5, 4, 4, 7))
    results = by_name(run_sight_lines(here(place), SightLines(axes=[axis])))
    entering = results["entering"]
    assert entering.support.names.tolist() == ["Gebäude B0"]  # B1 is beside the corridor, B2 below its line
    assert entering.values[0] == pytest.approx(8 - (2 + 8 * 50 / 120), abs=0.05)
    assert results["axes"].values[0] == pytest.approx(50.0, abs=2.6)  # half of the width is taken


def test_what_a_variant_puts_into_an_axis_is_told_as_new(tmp_path: Path) -> None:
    axis = Axis(name="Blick", start=world(0, 0), end=world(120, 0), width=20.0)
    place = site(tmp_path, (50, 5, 10, 30, 8))
    variant = Variant("neu", "Neu", (Block("a", shapely.box(20, -30, 30, -8), 3, name="Kopfbau"),))
    results = by_name(run_sight_lines(Obstacles.of(sites.with_variant(place, variant)), SightLines(axes=[axis]), base=here(place)))
    entering = results["entering"].support
    new = dict(zip(entering.names.tolist(), entering.table[:, 1].tolist(), strict=True))
    assert new == {"Gebäude B0": "", "Baukörper Kopfbau": "ja"}
    assert results["axes-change"].values[0] == pytest.approx(-10.0, abs=2.6)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        (SightLines(), "neither an axis nor a viewpoint and a landmark"),
        (asked(look_at="Dom"), "there is none called Dom"),
        (asked().model_copy(update={"viewpoints": [Viewpoint(name=name, at=world(0, 0)) for name in "AB"]}), "it stands where A stands"),
        (asked().model_copy(update={"viewpoints": [Viewpoint(name="Im Turm", at=world(105, 0))]}), "lies inside a building"),
        (asked().model_copy(update={"viewpoints": [Viewpoint(name="Weit", at=world(5000, 0))]}), "lies outside the terrain"),
        (asked().model_copy(update={"landmarks": [Landmark(name="Wiese", at=world(0, 50))]}), "no building stands there"),
        (asked().model_copy(update={"landmarks": [Landmark(name="Haus", building="X")]}), "there is no building X"),
        (asked().model_copy(update={"landmarks": [Landmark(name="Hier", at=world(0, 0), height=2.0)]}), "less than a metre from Hier"),
        (SightLines(axes=[Axis(name="Fern", start=world(0, 0), end=world(900, 0))]), "begins or ends outside the terrain"),
    ],
)
def test_bad_places_are_refused_with_a_reason(tmp_path: Path, settings: SightLines, what: str) -> None:
    with pytest.raises(InputProblem, match=what):
        run_sight_lines(here(site(tmp_path, TOWER)), settings)


def test_an_eye_above_the_roof_is_no_eye_inside(tmp_path: Path) -> None:
    on_top = asked().model_copy(update={"viewpoints": [Viewpoint(name="Dach", at=world(55, 0), eye=10.0)]})
    assert run_sight_lines(here(site(tmp_path, TOWER, LOW)), on_top)[0].values.tolist() == [1.0]
