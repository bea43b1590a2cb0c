"""Noise in sections: the surface itself, that it says what the map says, and how it is kept, written and drawn."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from jena_planner.analyses.noise.receivers import NoiseReceivers, run_noise_receivers
from jena_planner.analyses.noise.section import NoiseSection, run_noise_section
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.registry import REGISTRY
from jena_planner.jena_city import maps, section_map, store
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Result, Section
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant
from jena_planner.jena_city.viewing import Axis, Viewpoint

from .site import ORIGIN
from .site import site as small_site


def axis(x0: float, y0: float, x1: float, y1: float, name: str = "Querschnitt") -> Axis:
    return Axis(name=name, start=(ORIGIN.easting + x0, ORIGIN.northing + y0), end=(ORIGIN.easting + x1, ORIGIN.northing + y1))


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Site:
    streets = Features(np.array([shapely.LineString([(-100, -20), (100, -20)])]), {"class": np.array(["secondary"])})
    return replace(small_site(tmp_path_factory.mktemp("quarter"), (-10, 10, 20, 10, 9)), streets=streets)


ASKED = NoiseSection(axes=[axis(0, -30, 0, 40)], step=2.0, up=20.0, distance=150.0, reflections=0)


@pytest.fixture(scope="module")
def made(quarter: Site) -> list[Result]:
    return run_noise_section(Obstacles.of(apply(quarter, NULL_VARIANT)), ASKED)


def test_it_stands_upright_and_houses_have_no_level(made: list[Result]) -> None:
    day, night = made
    section = day.support
    assert isinstance(section, Section) and (section.columns, section.rows) == (35, 10)
    x, y, z = section.points.T
    assert np.abs(x).max() < 1e-9 and z.min() == pytest.approx(151.0) and (y[1] - y[0]) == pytest.approx(2.0)
    inside = (y > 10) & (y < 20) & (z < 159)
    assert not day.valid[inside].any() and day.valid[~inside].all()
    corners = section.vertices[section.triangles]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    assert areas.sum() == pytest.approx(70 * 20)
    assert section.area.sum() == pytest.approx(70 * 20)
    assert [one.name for one in made] == ["querschnitt-day", "querschnitt-night"]
    assert (day.values[day.valid] > night.values[day.valid]).all()


def test_it_is_louder_before_the_house_than_behind_and_says_what_a_place_says(quarter: Site, made: list[Result]) -> None:
    day = made[0]
    _, y, z = day.support.points.T
    low = z < 152
    assert day.values[day.valid & low & (y > -10) & (y < 8)].min() > day.values[day.valid & low & (y > 22)].max() + 5
    k = int(np.flatnonzero(np.isclose(y, 31.0) & np.isclose(z, 155.0))[0])
    place = Viewpoint(name="Garten", at=(ORIGIN.easting, ORIGIN.northing + 31.0), eye=5.0)
    asked = NoiseReceivers(viewpoints=[place], distance=150.0, reflections=0)
    [at, _] = run_noise_receivers(Obstacles.of(apply(quarter, NULL_VARIANT)), asked)
    assert float(day.values[k]) == pytest.approx(float(at.values[0]), abs=0.05)


def test_a_section_of_rails_says_what_a_place_does(quarter: Site) -> None:
    assert quarter.streets is not None
    columns = {"class": np.array(["secondary", "tram"])}
    tram = Features(np.array([quarter.streets.geometry[0], shapely.LineString([(-100, 40), (100, 40)])]), columns)
    town = Obstacles.of(apply(replace(quarter, streets=tram), NULL_VARIANT))
    place = Viewpoint(name="Garten", at=(ORIGIN.easting, ORIGIN.northing + 31.0), eye=5.0)
    for sources, title in (("rails", "Schiene Tag"), ("both", "Schiene und Straße Tag")):
        day, _ = run_noise_section(town, ASKED.model_copy(update={"sources": sources}))
        assert day.title == f"Beurteilungspegel {title} (6–22 Uhr), Schnitt Querschnitt"
        _, y, z = day.support.points.T
        k = int(np.flatnonzero(np.isclose(y, 31.0) & np.isclose(z, 155.0))[0])
        asked = NoiseReceivers(viewpoints=[place], distance=150.0, reflections=0, sources=sources)  # type: ignore[arg-type]
        [at, _] = run_noise_receivers(town, asked)
        assert float(day.values[k]) == pytest.approx(float(at.values[0]), abs=0.05)


def test_a_change_is_told_where_there_is_air_in_both(quarter: Site) -> None:
    screen = Variant("riegel", "Riegel", (Block("r", shapely.box(-60, -12, 60, -6), 3),))
    town = Obstacles.of(apply(quarter, screen))
    made = {one.name: one for one in run_noise_section(town, ASKED, base=Obstacles.of(apply(quarter, NULL_VARIANT)))}
    change = made["querschnitt-day-change"]
    _, y, z = change.support.points.T
    assert not change.valid[(y > -12) & (y < -6) & (z < 158)].any()
    assert change.values[change.valid & (y > -4) & (y < 8) & (z < 153)].max() < -5


def test_it_is_kept_written_and_drawn(quarter: Site, made: list[Result], tmp_path: Path) -> None:
    day = made[0]
    store.save_result(day, tmp_path / "s.npz")
    again = store.load_result(tmp_path / "s.npz")
    assert isinstance(again.support, Section) and again.support.length == pytest.approx(70.0)
    np.testing.assert_array_equal(again.support.points, day.support.points)
    day.write_csv(tmp_path / "s.csv")
    rows = list(csv.DictReader((tmp_path / "s.csv").open(encoding="utf-8")))
    assert len(rows) == int(day.valid.sum()) and (rows[0]["along_m"], rows[0]["above_ground_m"]) == ("1.00", "1.00")
    day.write_geojson(tmp_path / "s.geojson")
    features = json.loads((tmp_path / "s.geojson").read_text())["features"]
    assert len(features) == len(rows) and len(features[0]["geometry"]["coordinates"]) == 3
    maps.write(day, tmp_path / "s.png", apply(quarter, NULL_VARIANT))
    picture = np.asarray(Image.open(tmp_path / "s.png").convert("RGB")).reshape(-1, 3)
    colours, counts = np.unique(picture, axis=0, return_counts=True)
    shown = {tuple(colour): count for colour, count in zip(colours.tolist(), counts.tolist(), strict=True)}
    band = day.classes.rgb[day.classes.index(day.values[day.valid])]
    assert shown[section_map.BUILDING] > 10_000
    for colour in np.unique(band, axis=0):
        assert shown.get(tuple(colour.tolist()), 0) > 1000


def test_what_has_no_section_is_refused(quarter: Site) -> None:
    today = Obstacles.of(apply(quarter, NULL_VARIANT))
    with pytest.raises(InputProblem, match="the project names none"):
        run_noise_section(today, NoiseSection())
    with pytest.raises(InputProblem, match="outside the terrain"):
        run_noise_section(today, ASKED.model_copy(update={"axes": [axis(0, 0, 0, 4000)]}))
    with pytest.raises(InputProblem, match="more than 200000"):
        run_noise_section(today, ASKED.model_copy(update={"axes": [axis(-140, -140, 140, 140)], "step": 0.1, "up": 300.0}))
    assert REGISTRY["noise_section"].settings is NoiseSection
