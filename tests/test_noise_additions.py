"""What junctions and built-up sides add to the noise of a road, by hand after RLS-19, 3.3.7 and 3.3.8."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise import canyons, junctions, rls19
from jena_planner.analyses.noise.road_noise import RoadNoise, run_road_noise
from jena_planner.analyses.noise.surroundings import Obstacle, surroundings
from jena_planner.analyses.noise.traffic import traffic_of
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.jena_city import vectors
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import Report
from jena_planner.jena_city.site import Features
from jena_planner.jena_city.variant import NULL_VARIANT

from .site import ORIGIN
from .site import site as small_site


def _streets(lines: list[list[tuple[float, float]]], junction: list[str]) -> Features:
    columns = {"class": np.array(["residential"] * len(lines)), "junction": np.array(junction, object)}
    return Features(np.array([shapely.LineString(line) for line in lines]), columns)


def _known(streets: Features) -> junctions.Junctions:
    return junctions.junctions(streets, traffic_of(streets))


def _added(known: junctions.Junctions, row: int, x: float, y: float = 0.0) -> float:
    """D_K,KT of a piece of the street of a row."""
    return float(junctions.at_junctions(known, _piece(x, y), np.array([row]))[0])


def _piece(x: float, y: float = 0.0) -> np.ndarray:
    return np.array([[x - 1, y, 0.5, x + 1, y, 0.5]])


CROSSING = [[(-300.0, 0.0), (0.0, 0.0)], [(0.0, 0.0), (300.0, 0.0)], [(0.0, -200.0), (0.0, 200.0)]]


@pytest.mark.parametrize(("away", "expected"), [(0.0, 3.0), (60.0, 1.5), (119.0, 0.025), (120.0, 0.0), (200.0, 0.0)])
def test_lights_add_three_decibels_that_fade_over_120_metres(away: float, expected: float) -> None:
    known = _known(_streets(CROSSING, ["signals", "", ""]))
    np.testing.assert_array_equal(known.places["signals"], [[0.0, 0.0]])  # its other end is where nothing meets
    assert _added(known, 1, away) == pytest.approx(expected)
    assert _added(known, 0, -away) == pytest.approx(expected)
    for y in (away, -away):  # the street that passes
        assert _added(known, 2, 0.0, y) == pytest.approx(expected)


def test_only_roads_that_meet_at_the_lights_are_louder() -> None:
    """A parallel street 30 m beside, one that crosses a street of the junction farther on, and one that is a mere neighbour of it."""
    lines = [*CROSSING, [(-300.0, 30.0), (-20.0, 30.0)], [(60.0, 0.0), (60.0, 200.0)], [(10.0, 10.0), (100.0, 100.0)]]
    known = _known(_streets(lines, ["signals", "", "", "", "", ""]))
    assert _added(known, 0, -60.0) == pytest.approx(1.5)
    assert (_added(known, 3, -60.0, 30.0), _added(known, 4, 60.0, 30.0), _added(known, 5, 30.0, 30.0)) == (0.0, 0.0, 0.0)
    assert _added(known, 1, 90.0) == pytest.approx(0.75)  # beyond the side street the road goes on


def test_the_way_is_that_along_the_road_however_its_line_is_cut() -> None:
    """A road that bends by 90 degrees 40 m from the lights, in one line and in two; and over a junction straight on in two."""
    bent = [[(-300.0, 0.0), (0.0, 0.0)], [(0.0, -200.0), (0.0, 200.0)], [(0.0, 0.0), (40.0, 0.0), (40.0, 90.0)]]
    assert _added(_known(_streets(bent, ["signals", "", ""])), 2, 40.0, 20.0) == pytest.approx(3.0 * (1 - 60 / 120))
    cut = [*bent[:2], [(0.0, 0.0), (40.0, 0.0)], [(40.0, 0.0), (40.0, 90.0)]]
    assert _added(_known(_streets(cut, ["signals", "", "", ""])), 3, 40.0, 20.0) == pytest.approx(3.0 * (1 - 60 / 120))
    over = [*bent[:2], [(0.0, 0.0), (40.0, 0.0)], [(90.0, 5.0), (40.0, 0.0)], [(40.0, 0.0), (40.0, 90.0)]]
    known = _known(_streets(over, ["signals", "", "", "", ""]))
    assert _added(known, 3, 60.0, 2.0) == pytest.approx(3.0 * (1 - 60.1 / 120), abs=0.01)
    assert _added(known, 4, 40.0, 20.0) == 0.0


def test_where_one_street_goes_on_as_another_is_no_junction() -> None:
    assert not len(_known(_streets(CROSSING[:2], ["signals", "signals"])))
    assert not len(_known(_streets(CROSSING, ["", "", ""])))
    assert not len(_known(replace(_streets(CROSSING, ["", "", ""]), columns={"class": np.array(["primary"] * 3)})))


def test_a_roundabout_adds_two_where_streets_come_to_its_ring() -> None:
    ring = shapely.get_coordinates(shapely.Point(0, 0).buffer(15).exterior).tolist()
    known = _known(_streets([ring, [(-200.0, 0.0), (-15.0, 0.0)], [(15.0, 0.0), (200.0, 0.0)]], ["roundabout", "", ""]))
    assert sorted(known.places["roundabout"].tolist()) == [[-15.0, 0.0], [15.0, 0.0]]
    assert _added(known, 2, 75.0) == pytest.approx(2.0 * (1 - 60 / 120))
    quarter = 15.0 * np.pi / 2  # on the ring, which begins at one of its arms, as far as that from both
    assert _added(known, 0, 0.0, 15.0) == pytest.approx(2.0 * (1 - quarter / 120), abs=0.01)
    assert _added(known, 0, 0.0, -15.0) == pytest.approx(2.0 * (1 - quarter / 120), abs=0.01)


def test_roads_are_cut_finer_near_a_junction_and_nowhere_else() -> None:
    lines = [[(-100.0, 0.0), (0.0, 0.0)], [(0.0, 0.0), (400.0, 0.0)], [(0.0, -200.0), (0.0, 200.0)]]
    known = _known(_streets(lines, ["signals", "", ""]))
    road = np.array([[x, 0.0, 1.0, x + 100.0, 0.0, 2.0] for x in (-100.0, 0.0, 100.0, 200.0, 300.0)])
    cut, of = junctions.cut_near(known, road, np.array([0, 1, 1, 1, 1]))
    np.testing.assert_array_equal(np.bincount(of), [5, 5, 5, 1, 1])
    np.testing.assert_allclose(cut[:5, 0], [-100, -80, -60, -40, -20])
    np.testing.assert_allclose(cut[:5, 2], [1.0, 1.2, 1.4, 1.6, 1.8])
    np.testing.assert_allclose(cut[1:5, :3], cut[:4, 3:])


def _row(side: float, gap: float, height: float, taken: float = 0.1) -> list[Obstacle]:
    """Houses 20 m long along the x axis, their fronts at y = side, with gaps between."""
    back = side + np.sign(side) * 10.0
    low, high = min(side, back), max(side, back)
    starts = np.arange(-200.0, 200.0, 20.0 + gap)
    return [
        Obstacle(np.array([(x, low), (x + 20, low), (x + 20, high), (x, high)]), np.full(4, height), True, np.full(8, taken))
        for x in starts
    ]


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ([_row(10.0, 0.0, 6.0), _row(-14.0, 0.0, 9.0)], 2 * 6.0 / 24.0),  # the lower side, front to front
        ([_row(10.0, 0.0, 20.0), _row(-8.0, 0.0, 25.0)], 1.6),  # at most
        ([_row(10.0, 5.0, 6.0), _row(-14.0, 5.0, 9.0)], 2 * 6.0 / 24.0),  # a fifth is gaps
        ([_row(10.0, 20.0, 6.0), _row(-14.0, 0.0, 9.0)], 0.0),  # half of one side is
        ([_row(10.0, 0.0, 6.0)], 0.0),
        ([_row(10.0, 0.0, 6.0, 0.6), _row(-14.0, 0.0, 9.0)], 0.0),  # absorbs 4 dB
        ([], 0.0),
    ],
)
def test_built_up_sides_add_twice_their_height_by_their_distance(sides: list[list[Obstacle]], expected: float) -> None:
    around = surroundings([house for side in sides for house in side])
    pieces = np.array([[x, 0.0, rls19.SOURCE_HEIGHT, x + 50.0, 0.0, rls19.SOURCE_HEIGHT] for x in (-50.0, 0.0)])
    np.testing.assert_allclose(canyons.canyons(around, pieces, np.zeros(2, np.int64)), expected, atol=1e-9)


@pytest.mark.parametrize(("method", "most"), [("RLS-19", 3.0), ("CNOSSOS", 9.0)])  # CNOSSOS: C_P of lorries at lights
def test_a_map_is_louder_at_lights_and_says_so(tmp_path: Path, method: str, most: float) -> None:
    site = small_site(tmp_path, (60, 60, 10, 10, 9))
    east, north = ORIGIN.easting, ORIGIN.northing
    box = east - 140, north - 60, east + 100, north + 60
    asked = RoadNoise(method=method, step=10, bbox=box, distance=200, faces=False)  # type: ignore[arg-type]
    lit, dark = (
        run_road_noise(Obstacles.of(apply(replace(site, streets=_streets(CROSSING, [kind, "", ""])), NULL_VARIANT)), asked)[0]
        for kind in ("signals", "")
    )
    more = (lit.values - dark.values)[lit.valid]
    away = np.hypot(*lit.support.points[lit.valid, :2].T)
    assert (
        more.min() > -0.3 and more.max() < most + 0.3
    )  # near the junction the road is cut finer: up to 0.2 dB where a house hides some of it
    assert more[away < 20].min() > more[away > 130].max() and more[away < 20].min() > 0.5
    assert "Zuschläge an 1 Knotenpunkten" in lit.method and "keine Knotenpunkte angegeben" in dark.method


def test_counts_that_cannot_be_are_listed_with_file_and_street(tmp_path: Path) -> None:
    rows = [{"highway": "primary", "name": "Rennweg", "dtv": 9e6, "sv_anteil": 3}, {"highway": "primary", "name": "Markt", "dtv": -5}, {"highway": "primary", "dtv": 800, "sv_anteil": 140}, {"highway": "primary", "dtv": 900, "sv_anteil": 4}]  # fmt: skip
    report = Report()
    found = vectors.read_streets([_file(tmp_path, rows)], ORIGIN, report)
    assert [(one.code, Path(one.file).name, one.id) for one in report.problems] == [
        ("absurd-count", "s.geojson", "1 Rennweg"), ("absurd-count", "s.geojson", "2 Markt"), ("absurd-count", "s.geojson", "3"),
    ]  # fmt: skip
    np.testing.assert_array_equal(found.columns["traffic"], [np.nan, np.nan, 800, 900])
    np.testing.assert_array_equal(found.columns["heavy"], [3, np.nan, np.nan, 4])
    assert traffic_of(found).assumed_count.tolist() == [True, True, False, False]


def test_what_cannot_be_is_told_of_the_file_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [_file(tmp_path, [{"highway": "primary", "dtv": 800}]), _file(tmp_path / "b", [{"highway": "service", "dtv": -3}])]
    report = Report()
    vectors.read_streets(files, ORIGIN, report)
    assert [(one.code, Path(one.file), one.id) for one in report.problems] == [("absurd-count", files[1], "1")]


def test_files_may_say_it_in_their_own_words(tmp_path: Path) -> None:
    rows = [{"highway": "primary", "junction": "roundabout"}, {"highway": "primary", "lsa": "ja"}, {"highway": "primary", "knoten": "Kreisverkehr"}, {"highway": "primary", "junction": "yes"}]  # fmt: skip
    found = vectors.read_streets([_file(tmp_path, rows)], ORIGIN, Report())
    assert found.columns["junction"].tolist() == ["roundabout", "signals", "roundabout", ""]


def _file(folder: Path, rows: list[dict[str, object]]) -> Path:
    """Lines 9 m long with the properties of some rows."""
    east, north = ORIGIN.easting, ORIGIN.northing
    lines = [{"type": "LineString", "coordinates": [[east, north + 20 * k], [east + 9, north + 20 * k]]} for k in range(len(rows))]
    features = [{"type": "Feature", "properties": row, "geometry": line} for row, line in zip(rows, lines, strict=True)]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    (folder / "s.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return folder / "s.geojson"
