"""Noise at single places: the parts of streets add up to the whole, and the whole is what the map says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise.rail_noise import RailNoise, run_rail_noise
from jena_planner.analyses.noise.receivers import NoiseReceivers, run_noise_receivers
from jena_planner.analyses.noise.road_noise import RoadNoise, run_road_noise
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.registry import REGISTRY
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.marks import Lines
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result_words import in_english
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant
from jena_planner.jena_city.viewing import Viewpoint

from .site import ORIGIN
from .site import site as small_site


def place(x: float, y: float, name: str = "Fenster", eye: float = 4.0) -> Viewpoint:
    return Viewpoint(name=name, at=(ORIGIN.easting + x, ORIGIN.northing + y), eye=eye)


def quarter(folder: Path, count: float = 4000.0) -> Site:
    streets = Features(
        np.array([shapely.LineString([(-120, -20), (120, -20)]), shapely.LineString([(-120, 60), (120, 60)])]),
        {"class": np.array(["secondary", "residential"]), "name": np.array(["Musterallee", ""]), "traffic": np.array([count, 500.0]), "speed": np.array([50.0, 30.0])},
    )  # fmt: skip
    return replace(small_site(folder, (-10, 10, 20, 10, 9)), streets=streets)


def today(site: Site) -> Obstacles:
    return Obstacles.of(apply(site, NULL_VARIANT))


@pytest.mark.parametrize("method", ["RLS-19", "CNOSSOS"])
def test_the_parts_of_streets_add_up(tmp_path: Path, method: str) -> None:
    settings = NoiseReceivers(viewpoints=[place(0, 0), place(30, 40, "Garten")], method=method)  # type: ignore[arg-type]
    points, lines = run_noise_receivers(today(quarter(tmp_path)), settings)
    assert isinstance(lines.support, Lines)
    for k, name in enumerate(("Fenster", "Garten")):
        rows = [row for row, said in enumerate(lines.support.names.tolist()) if said.startswith(name)]
        whole = 10 * np.log10((10 ** (lines.values[rows].astype(float) / 10)).sum())
        assert whole == pytest.approx(float(points.values[k]), abs=0.05)  # what is more than 20 dB lower is not told
        shares = [float(lines.support.table[row][0].removesuffix(" %")) for row in rows]
        assert sum(shares) == pytest.approx(100, abs=2)
    loudest = int(lines.values.argmax())
    assert lines.support.names[loudest] == "Fenster – Musterallee"
    ends = lines.support.vertices[lines.support.start[loudest] + 1]
    assert ends[1] == pytest.approx(-20, abs=0.1) and abs(ends[0]) < 15  # to the piece of road straight ahead
    assert {"Garten – residential 2"} <= set(lines.support.names.tolist())  # one without a name


def test_a_place_is_as_loud_as_the_map_there(tmp_path: Path) -> None:
    town = today(quarter(tmp_path))
    day, *_ = run_road_noise(town, RoadNoise(faces=False, step=10.0, margin=30.0, bbox=None))
    k = int(np.flatnonzero(day.valid)[len(np.flatnonzero(day.valid)) // 2])
    x, y, _ = day.support.points[k].tolist()
    [at, _] = run_noise_receivers(town, NoiseReceivers(viewpoints=[place(x, y, eye=4.0)]))
    assert float(at.values[0]) == pytest.approx(float(day.values[k]), abs=0.05)


def with_a_tram(folder: Path) -> Site:
    """The quarter, with a tram in its street and trains of which nobody says what runs."""
    site = quarter(folder)
    assert site.streets is not None
    lines = [*site.streets.geometry, shapely.LineString([(-120, -20), (120, -20)]), shapely.LineString([(-120, 90), (120, 90)])]
    more = {"class": ["tram", "rail"], "name": ["Musterallee", ""], "traffic": [np.nan, np.nan], "speed": [50.0, np.nan]}
    columns = {name: np.concatenate([values, np.array(more[name])]) for name, values in site.streets.columns.items()}
    return replace(site, streets=Features(np.array(lines), columns))


def test_rails_are_heard_at_places_as_on_their_map(tmp_path: Path) -> None:
    town = today(with_a_tram(tmp_path))
    day, *_ = run_rail_noise(town, RailNoise(faces=False, step=10.0, margin=30.0))
    k = int(np.flatnonzero(day.valid)[len(np.flatnonzero(day.valid)) // 2])
    x, y, _ = day.support.points[k].tolist()
    points, lines = run_noise_receivers(town, NoiseReceivers(viewpoints=[place(x, y, eye=4.0)], sources="rails"))
    assert float(points.values[0]) == pytest.approx(float(day.values[k]), abs=0.05)
    assert points.title == "Beurteilungspegel Schiene Tag (6–22 Uhr) an Immissionsorten" and points.method.startswith("Schall 03")
    assert in_english(lines.title) == "Rating level of rails by day (6–22): parts of the tracks"
    assert isinstance(lines.support, Lines) and lines.support.names.tolist() == ["Fenster – Musterallee (Gleis)"]
    assert float(lines.values[0]) == pytest.approx(float(points.values[0]), abs=1e-3)


def test_of_roads_and_rails_each_part_is_told_and_they_add_up(tmp_path: Path) -> None:
    town, at = today(with_a_tram(tmp_path)), [place(0, 0)]
    alone = [run_noise_receivers(town, NoiseReceivers(viewpoints=at, sources=one))[0] for one in ("roads", "rails")]  # type: ignore[arg-type]
    both, lines = run_noise_receivers(town, NoiseReceivers(viewpoints=at, sources="both"))
    assert float(both.values[0]) == pytest.approx(10 * np.log10(sum(10 ** (float(one.values[0]) / 10) for one in alone)), abs=1e-3)
    assert isinstance(lines.support, Lines)
    told = dict(zip(lines.support.names.tolist(), lines.values.tolist(), strict=True))
    assert told["Fenster – Musterallee (Gleis)"] == pytest.approx(float(alone[1].values[0]), abs=1e-3)
    assert {"Fenster – Musterallee", "Fenster – Musterallee (Gleis)"} <= set(told)
    assert "RLS-19" in both.method and "Schall 03" in both.method and "Schiene und Straße" in both.title
    assert [NoiseReceivers(sources=one).stem for one in ("rails", "both")] == ["noise-receivers-schall03", "noise-receivers-rls19-schall03"]  # type: ignore[arg-type]
    with pytest.raises(InputProblem, match="make no sum"):
        run_noise_receivers(town, NoiseReceivers(viewpoints=at, sources="both", method="CNOSSOS"))
    with pytest.raises(InputProblem, match="the project has no rails"):
        run_noise_receivers(today(quarter(tmp_path)), NoiseReceivers(viewpoints=at, sources="rails"))


def test_a_house_between_makes_it_quieter_and_the_change_says_by_how_much(tmp_path: Path) -> None:
    site = quarter(tmp_path)
    screen = Variant("riegel", "Riegel", (Block("r", shapely.box(-60, -12, 60, -6), 5),))
    settings = NoiseReceivers(viewpoints=[place(0, 0)])
    after, change, _ = run_noise_receivers(Obstacles.of(apply(site, screen)), settings, base=today(site))
    before, _ = run_noise_receivers(today(site), settings)
    assert float(change.values[0]) == pytest.approx(float(after.values[0] - before.values[0]), abs=1e-3)
    assert float(change.values[0]) < -5 and change.unit == "dB"


def test_what_cannot_be_told_is_refused(tmp_path: Path) -> None:
    site = quarter(tmp_path)
    with pytest.raises(InputProblem, match="the project names none"):
        run_noise_receivers(today(site), NoiseReceivers())
    with pytest.raises(InputProblem, match="inside a building"):
        run_noise_receivers(today(site), NoiseReceivers(viewpoints=[place(0, 15)]))
    with pytest.raises(InputProblem, match="no streets"):
        run_noise_receivers(today(replace(site, streets=None)), NoiseReceivers(viewpoints=[place(0, 0)]))
    assert REGISTRY["noise_receivers"].title  # type: ignore[truthy-bool]
