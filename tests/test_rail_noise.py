"""Rails in the map: the straight track against its integral, a screen by hand, what is read and what is assumed, and what is refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise import schall03
from jena_planner.analyses.noise.matrix import matrix
from jena_planner.analyses.noise.propagation import Settings
from jena_planner.analyses.noise.rail_noise import RailNoise, run_rail_noise, said_of_rails
from jena_planner.analyses.noise.rails import Assumed, curves, running
from jena_planner.analyses.noise.road_noise import RoadNoise, run_road_noise
from jena_planner.analyses.noise.surroundings import Obstacle, surroundings
from jena_planner.analyses.noise.traffic import traffic_of
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.registry import REGISTRY
from jena_planner.jena_city import vectors
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.result_words import in_english
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import NULL_VARIANT

from .site import ORIGIN
from .site import site as small_site

ASSUMED = Assumed(96.0, 16.0, "tram-low-floor", "in-street", "slab")
AIR = (0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0)  # dB/km, table 17


def _track(half: float, height: float) -> np.ndarray:
    return np.array([[-half, 0.0, height, half, 0.0, height]])


def _of_a_point(x: np.ndarray, away: float, source: float, receiver: float, air: float) -> np.ndarray:
    """Equations 8 to 14 for points of a straight track on flat ground, as shares of energy."""
    plan, rise = np.hypot(x, away), receiver - source
    d = np.hypot(plan, rise)
    directed = 0.22 + 1.27 * (1 - (x / d) ** 2)
    ground_back = 1 + (plan**2 + rise**2) / (plan**2 + (source + receiver) ** 2)
    lost = np.maximum(4.8 - 2 * ((source + receiver) / 2) / d * (17 + 300 / d), 0) + air * d / 1000
    return directed * ground_back * 10 ** (-lost / 10) / (4 * math.pi * d**2)


@pytest.mark.parametrize("away", [10.0, 25.0, 100.0])
@pytest.mark.parametrize("source", [0.0, 4.0])
def test_a_straight_track_is_as_loud_as_the_integral(away: float, source: float) -> None:
    found = matrix(surroundings(), "Schall 03", _track(1000.0, source), np.array([[0.0, away, 3.5]]), Settings(distance=2000.0))
    x = np.arange(-1000.0, 1000.0, 0.1) + 0.05
    for band in range(8):
        expected = _of_a_point(x, away, source, 3.5, AIR[band]).sum() * 0.1
        assert 10 * math.log10(found.shares[0, 0, band] / expected) == pytest.approx(0, abs=0.1)


def test_a_screen_takes_what_the_law_says() -> None:
    """A long wall 3 m high, 5 m before the track; equations 19, 21, 23, for a short piece of track straight ahead."""
    wall = Obstacle(np.array([(-500.0, 5.0), (500.0, 5.0)]), np.full(2, 3.0), False, np.ones(8))
    piece, ear = np.array([[-0.25, 0.0, 0.0, 0.25, 0.0, 0.0]]), np.array([[0.0, 25.0, 2.0]])
    found = matrix(surroundings([wall]), "Schall 03", piece, ear, Settings(order=0)).shares[0, 0]
    a, b, d = math.hypot(5, 3), math.hypot(20, 1), math.hypot(25, 2)
    z = a + b - d
    weather = math.exp(-math.sqrt(a * b * d / (2 * z)) / 2000)
    ground = max(4.8 - 2 * 1.0 / d * (17 + 300 / d), 0)
    for band, frequency in enumerate((63, 125, 250, 500, 1000, 2000, 4000, 8000)):
        screen = min(10 * math.log10(3 + 40 * frequency / 340 * z * weather), 20)
        free = _of_a_point(np.zeros(1), 25.0, 0.0, 2.0, AIR[band])[0] * 10 ** (ground / 10)
        expected = 0.5 * free * 10 ** (-max(screen, ground) / 10)
        assert 10 * math.log10(found[band] / expected) == pytest.approx(0, abs=0.01)


def test_twice_the_trams_add_three_decibels_and_pieces_add_up() -> None:
    place = np.array([[3.0, 20.0, 4.0]])
    whole = matrix(surroundings(), "Schall 03", _track(100.0, 0.05), place)
    power = np.full((1, 1, 8), 60.0)
    assert whole.levels(power + 10 * math.log10(2))[0, 0] - whole.levels(power)[0, 0] == pytest.approx(3.0103, abs=1e-4)


def _rails(**columns: object) -> Features:
    return Features(
        np.array([shapely.LineString([(-200, -8), (200, -8)])]),
        {"class": np.array(["tram"]), **{k: np.array([v]) for k, v in columns.items()}},
    )


def test_what_runs_is_read_and_what_is_not_said_is_told() -> None:
    found = running(_rails(vehicles_day=160.0, vehicles_night=24.0, track="Rasengleis"), ASSUMED)
    tram = schall03.VEHICLES["tram-low-floor"]
    for period, hourly in enumerate((10.0, 3.0)):
        expected = schall03.line_power([(tram, hourly, 50.0)], schall03.Track("green-low"))
        np.testing.assert_allclose(found.power[1][0, period], expected[1])
        np.testing.assert_allclose(found.power[2][0, period], expected[2])
    assert (found.tracks, found.assumed, found.silent) == (1, (0, 0, 0), 0)
    guessed = running(_rails(bridge="viaduct"), ASSUMED)
    assert guessed.assumed == (1, 1, 1)
    trains = running(replace(_rails(), columns={"class": np.array(["rail"])}), ASSUMED)
    assert (len(trains.lines), trains.silent) == (0, 1)  # nobody knows what runs there: nothing is invented


def test_a_train_is_the_sum_of_its_wagons() -> None:
    found = running(_train(vehicles_night=0.0, vehicle="local-coaches", speed=120.0), ASSUMED)
    wagons = [(schall03.VEHICLES["electric-locomotive"], 2.0, 120.0), (schall03.VEHICLES["coach"], 10.0, 120.0)]
    expected = schall03.line_power(wagons)
    for height in (1, 2, 3):
        np.testing.assert_allclose(found.power[height][0, 0], expected[height])
        assert (found.power[height][0, 1] <= -90).all()  # none by night


@pytest.mark.parametrize("said", ["", "no", "nein", "F", "false", "False", "0", "0.0"])
def test_no_bridge_is_no_bridge_however_it_is_written(said: str) -> None:
    found = running(_rails(track="ballast", bridge=said), ASSUMED)
    np.testing.assert_array_equal(found.power[1], running(_rails(track="ballast"), ASSUMED).power[1])
    assert found.assumed[2] == 0


@pytest.mark.parametrize("said", ["yes", "T", "1", "viaduct"])
def test_bridges_of_trams_are_assumed_as_asked_and_of_trains_as_slabs(said: str) -> None:
    asked = replace(ASSUMED, bridge="grooved-rail")
    tram = running(_rails(track="ballast", bridge=said), asked)
    np.testing.assert_array_equal(tram.power[1], running(_rails(track="ballast", bridge="grooved-rail"), asked).power[1])
    train = running(_train(vehicle="intercity", bridge=said), asked)
    np.testing.assert_array_equal(train.power[1], running(_train(vehicle="intercity", bridge="slab"), asked).power[1])
    assert (tram.assumed[2], train.assumed[2]) == (1, 1)


def _train(**columns: object) -> Features:
    line = _rails(**{"vehicles_day": 32.0, "vehicles_night": 4.0, **columns})
    line.columns["class"] = np.array(["rail"])
    return line


def test_a_train_is_no_faster_than_it_can_be() -> None:
    """Goods trains, 100 km/h at most, on a line for 160."""
    fast, own = (running(_train(vehicle="goods", speed=speed), ASSUMED) for speed in (160.0, 100.0))
    slow = running(_train(vehicle="goods", speed=60.0), ASSUMED)
    np.testing.assert_array_equal(fast.power[1], own.power[1])
    assert (slow.power[1] < own.power[1]).any()


def test_numbers_for_day_alone_are_filled_for_trams_and_told_for_trains() -> None:
    tram = running(_rails(vehicles_day=96.0, track="ballast"), ASSUMED)
    np.testing.assert_array_equal(tram.power[1], running(_rails(track="ballast"), ASSUMED).power[1])
    assert (tram.assumed[0], tram.half) == (1, 0)
    train = running(_train(vehicle="goods", vehicles_night=np.nan), ASSUMED)
    assert (train.assumed[0], train.half) == (0, 1) and (train.power[1][0, 1] <= -90).all()
    said = said_of_rails(RailNoise(), train)
    assert "Züge bei 1 Gleisen nur für Tag oder Nacht angegeben, sonst keine" in said
    assert "trains given for 1 tracks by day or by night alone" in in_english(said)


def test_curves_are_measured_on_the_line() -> None:
    angle = np.linspace(-math.pi / 2, 0, 60)
    bend = [(100 + 50 * math.cos(a), 50 + 50 * math.sin(a)) for a in angle]  # a quarter of a circle of 50 m
    line = shapely.LineString([(-200, 0), *bend, (150, 300)])
    parts = curves(line, (200.0,))
    narrow = [(piece.length, radius) for piece, radius in parts if radius < 200]
    assert sum(piece.length for piece, _ in parts) == pytest.approx(line.length)
    assert len(narrow) == 1 and narrow[0][0] == pytest.approx(50 * math.pi / 2, abs=45) and narrow[0][1] == pytest.approx(50, rel=0.02)
    assert all(radius == 1e6 for _, radius in curves(shapely.LineString([(0, 0), (70, 3), (300, 12.857142857)]), (200.0,)))
    given = running(_rails(vehicles_day=16.0, radius=100.0, track="ballast"), ASSUMED)
    straight = running(_rails(vehicles_day=16.0, track="ballast"), ASSUMED)
    rolling = given.power[1][0, 0] - straight.power[1][0, 0]
    np.testing.assert_allclose(rolling, 4.0)  # 5.3.2


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"vehicle": "maglev"}, "no vehicle that Schall 03"),
        ({"track": "sand"}, "no track that Schall 03"),
        ({"vehicles_day": -5.0}, "no number for one line"),
        ({"vehicles_day": 9e6}, "no number for one line"),
    ],
)
def test_what_cannot_run_is_refused(columns: dict[str, object], match: str) -> None:
    with pytest.raises(InputProblem, match=match) as caught:
        running(_rails(**columns), ASSUMED)
    assert "tram 1" in str(caught.value)


def test_rails_are_read_from_geojson(tmp_path: Path) -> None:
    def line(y: float, **said: object) -> dict[str, object]:
        ends = [[ORIGIN.easting, ORIGIN.northing + y], [ORIGIN.easting + 80, ORIGIN.northing + y]]
        return {"type": "Feature", "properties": said, "geometry": {"type": "LineString", "coordinates": ends}}

    features = [line(0, railway="tram", fahrzeuge_tag=120), line(9, railway="abandoned"), line(20, highway="residential")]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    file = tmp_path / "wege.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    found = vectors.read_streets([file], ORIGIN, Report())
    kinds = found.columns["class"].tolist()
    assert kinds == ["tram", "", "residential"]
    assert found.columns["vehicles_day"][0] == 120 and found.columns["width"][0] == 3.5


def test_what_runs_in_tunnels_is_not_heard(tmp_path: Path) -> None:
    words = ["T", "yes", "1", "building_passage", "F", "no", "0", ""]
    lines = [{"highway": "residential", "railway": "tram", "tunnel": word} for word in words]
    features = [
        {"type": "Feature", "properties": said, "geometry": {"type": "LineString", "coordinates": [[11.5, 50.9 + k / 1000], [11.51, 50.9]]}}
        for k, said in enumerate(lines)
    ]
    file = tmp_path / "wege.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = vectors.read_streets([file], ORIGIN, Report())
    assert (
        found.columns["class"].tolist() == ["residential"] * 8 + ["tram"] * 4
    )  # a street with rails is both, tracks in tunnels are nothing
    assert found.columns["width"][-1] == 3.5
    assert traffic_of(found).street.tolist() == [4, 5, 6, 7]
    assert running(found, ASSUMED).tracks == 4
    assert running(_rails(tunnel=True), ASSUMED).tracks == 0


def quarter(folder: Path) -> Site:
    streets = Features(
        np.array([shapely.LineString([(-60, -8), (90, -8)]), shapely.LineString([(-60, 40), (90, 40)])]),
        {"class": np.array(["tram", "tertiary"]), "name": np.array(["Linie 1", "Parallelstraße"])},
    )
    return replace(small_site(folder, (0, 0, 20, 10, 9)), streets=streets)


def test_rails_and_roads_together_are_the_sum_of_both(tmp_path: Path) -> None:
    today = Obstacles.of(apply(quarter(tmp_path), NULL_VARIANT))
    place = {"step": 8.0, "margin": 20.0, "distance": 150.0, "faces": False}
    rail, _, total, _, over, _ = run_rail_noise(today, RailNoise(**place, with_roads=True, held_against="guide"))  # type: ignore[arg-type]
    road, *_ = run_road_noise(today, RoadNoise(**place))  # type: ignore[arg-type]
    both = 10 * np.log10(10 ** (rail.values / 10) + 10 ** (road.values / 10))
    np.testing.assert_allclose(total.values[total.valid], both[total.valid], atol=1e-3)
    np.testing.assert_array_equal(over.values[over.valid], np.maximum(np.ceil(np.round(total.values[over.valid], 5)) - 55, 0))
    assert (rail.name, total.name, over.name) == ("ground-day", "ground-total-day", "ground-total-day-over")
    assert "Fahrten bei 1 von 1 Gleisen angenommen (96 am Tag, 16 in der Nacht)" in rail.method


def test_the_law_s_limit_is_held_against_rails_alone(tmp_path: Path) -> None:
    today = Obstacles.of(apply(quarter(tmp_path), NULL_VARIANT))
    asked = RailNoise(step=8.0, margin=20.0, distance=150.0, faces=False, with_roads=True, held_against="limit")
    rail, _, _, _, over, _ = run_rail_noise(today, asked)
    np.testing.assert_array_equal(over.values[over.valid], np.maximum(np.ceil(np.round(rail.values[over.valid], 5)) - 59, 0))
    assert over.name == "ground-day-over"


def test_without_rails_one_sentence_says_so(tmp_path: Path) -> None:
    site = small_site(tmp_path, (0, 0, 20, 10, 9))
    for streets in (None, Features(np.array([shapely.LineString([(0, -8), (9, -8)])]), {"class": np.array(["residential"])})):
        with pytest.raises(InputProblem, match="the project has no rails"):
            run_rail_noise(Obstacles.of(apply(replace(site, streets=streets), NULL_VARIANT)), RailNoise())
    assert REGISTRY["rail_noise"].settings is RailNoise
