"""Streets with the units and words of publishers, and what is taken of OpenStreetMap files."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import gather, vectors
from jena_planner.jena_city.check import check, keys_of, kind
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.vectors import osm, streets

from .test_vectors import ORIGIN, E, N, geojson

TOWN = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="hand">
 <node id="9" version="1" lat="50.9270" lon="11.5850"/>
 <node id="2" version="1" lat="50.9271" lon="11.5870"/>
 <node id="3" version="1" lat="50.9280" lon="11.5870"/>
 <node id="4" version="1" lat="50.9275" lon="11.5855"><tag k="natural" v="tree"/><tag k="circumference" v="1.57"/><tag k="species" v="Tilia"/></node>
 <node id="5" version="1" lat="50.9275" lon="11.5856"><tag k="amenity" v="bench"/></node>
 <way id="20" version="1"><nd ref="9"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="maxspeed" v="20 mph"/><tag k="lanes" v="2"/>
  <tag k="width" v="6,5 m"/><tag k="surface" v="asphalt"/><tag k="oneway" v="-1"/><tag k="note" v='a "quoted" word'/></way>
 <way id="21" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="proposed"/></way>
 <way id="22" version="1"><nd ref="2"/><nd ref="3"/><tag k="waterway" v="stream"/></way>
 <way id="23" version="1"><nd ref="9"/><nd ref="2"/><nd ref="3"/><nd ref="9"/><tag k="landuse" v="grass"/></way>
</osm>
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(TOWN)
    return path


def test_a_street_of_openstreetmap_keeps_its_tags(town: Path) -> None:
    report = Report()
    found = vectors.read_streets([town], ORIGIN, report)
    [row] = zip(*(found.columns[name] for name in ("class", "lanes", "width", "surface", "oneway")), strict=True)
    assert row == ("residential", 2, 6.5, "asphalt", -1)
    assert found.columns["speed"][0] == pytest.approx(32.19, abs=0.01)
    assert report.problems == []


def test_trees_and_areas_of_the_same_file(town: Path) -> None:
    trees = vectors.read_trees([town], ORIGIN, Report())
    areas = vectors.read_areas([town], ORIGIN, Report())
    assert trees.species == ["Tilia"]
    assert trees.crown[0] == pytest.approx(np.exp(0.1783 + 0.5665 * np.log(157 / np.pi)))
    assert areas.columns["kind"].tolist() == ["grass"]


def test_openstreetmap_belongs_under_three_keys(town: Path) -> None:
    assert kind(town) == "osm"
    assert keys_of("osm") == ("streets", "trees", "areas")
    report, unreadable = check([town])
    assert (report.features, report.crs, unreadable) == ({"streets": 1, "trees": 1, "areas": 1}, "EPSG:25832", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30", 30), ("30 mph", 48.28), ("50 km/h", 50), ("walk", 7), ("none", 130), ("DE:urban", 50), ("DE:zone:30", 30), ("DE:walk", 7)],
)
def test_speeds_in_words_and_units(text: str, expected: float) -> None:
    assert streets.speed(text) == pytest.approx(expected, abs=0.01)


def test_speeds_in_words_are_counted_and_told(tmp_path: Path) -> None:
    given_words = ("none", "none", "DE:walk", "50", "signals", "")
    path = geojson(
        tmp_path / "s.geojson",
        *(("LineString", [[E, N], [E + 9, N + k]], {"highway": "residential", "maxspeed": word}) for k, word in enumerate(given_words)),
    )
    report = Report()
    assert np.nansum(vectors.read_streets([path], ORIGIN, report).columns["speed"]) == 130 + 130 + 7 + 50
    [problem] = report.problems
    assert problem.code == "speeds-in-words"
    assert problem.message.endswith("2 × none = 130 km/h, 1 × walk = 7 km/h")


def test_areas_without_a_kind_take_it_from_file_or_folder(tmp_path: Path) -> None:
    square = [[[E, N], [E + 10, N], [E + 10, N + 10], [E, N + 10], [E, N]]]
    (tmp_path / "Wasser").mkdir()
    one = geojson(tmp_path / "landuse.forest.geojson", ("Polygon", square, {"name": "Tatzend"}), ("Polygon", square, {"landuse": "grass"}))
    other = geojson(tmp_path / "Wasser/a1.geojson", ("Polygon", square, {"id": 1}))
    assert (kind(one), kind(other)) == ("areas", "areas")
    report = Report()
    assert vectors.read_areas([one, other], ORIGIN, report).columns["kind"].tolist() == ["forest", "grass", "wasser"]
    assert [(problem.code, problem.message[:7], problem.message.split(": ")[1]) for problem in report.problems] == [
        ("kind-by-name", "1 areas", "forest"),
        ("kind-by-name", "1 areas", "wasser"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b'<?xml version="1.0"?><osmChange version="0.6"><create/></osmChange>', "changes"), (b"\xff\xe0\x04o5m2" + b"\1" * 99, "o5m")],
)
def test_what_is_no_map_of_openstreetmap_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.osc"
    path.write_bytes(content)
    with pytest.raises(InputProblem, match=words):
        kind(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_packed_extracts(town: Path, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = tmp_path / ("jena.osm.gz" if pack is gzip.compress else "jena.osm.bz2")
    packed.write_bytes(pack(town.read_bytes()))
    [found] = gather.gathered([packed], tmp_path / "into")
    assert (found.name, kind(found)) == ("jena.osm", "osm")


def test_the_newest_of_several_counts(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", ("LineString", [[E, N], [E + 9, N]], {"DTV_2015": 100, "DTV_2021": 300, "DTV_2019": 200}))
    assert vectors.read_streets([path], ORIGIN, Report()).columns["traffic"].tolist() == [300]


@pytest.mark.parametrize("text", ["", "signals", "variable", "0", "-30", "9999"])
def test_speeds_that_are_none(text: str) -> None:
    assert np.isnan(streets.speed(text))


def test_counts_of_traffic_with_german_names(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "dtv.geojson",
        ("LineString", [[E, N], [E + 9, N]], {"strasse": "B 7", "DTV_Kfz": "12.345,0", "DTV_SV": 617.25}),
        ("LineString", [[E, N], [E, N + 9]], {"strasse": "L 1077", "DTV_Kfz": "4000", "SV_Anteil": "3,5 %"}),
    )
    found = vectors.read_streets([path], ORIGIN, Report())
    assert found.columns["traffic"].tolist() == [12345, 4000]
    assert found.columns["heavy"].tolist() == pytest.approx([5, 3.5])
    assert kind(path) == "streets"


def test_a_file_of_speeds_alone_gives_them_to_the_streets_it_runs_along(tmp_path: Path) -> None:
    classes = geojson(
        tmp_path / "s.geojson",
        ("LineString", [[E, N], [E + 100, N]], {"highway": "residential"}),
        ("LineString", [[E + 100, N], [E + 100, N + 100]], {"highway": "primary"}),
    )
    speeds = geojson(
        tmp_path / "v.geojson",
        ("LineString", [[E, N + 1], [E + 100, N + 1]], {"tempo": 30}),
        ("LineString", [[E, N + 500], [E + 9, N + 500]], {"tempo": 70}),
    )
    found = vectors.read_streets([classes, speeds], ORIGIN, Report())
    assert found.columns["class"].tolist() == ["residential", "primary", ""]
    assert found.columns["speed"][[0, 2]].tolist() == [30, 70]
    assert np.isnan(found.columns["speed"][1])


def test_a_feature_in_two_files_counts_once(tmp_path: Path) -> None:
    square = [[[E, N], [E + 10, N], [E + 10, N + 10], [E, N + 10], [E, N]]]
    pitch = ("Polygon", square, {"@id": "way/1", "leisure": "pitch"})
    other = ("Polygon", square, {"@id": "way/2", "landuse": "grass"})
    report = Report()
    areas = vectors.read_areas([geojson(tmp_path / "a.geojson", pitch), geojson(tmp_path / "b.geojson", pitch, other)], ORIGIN, report)
    assert areas.columns["kind"].tolist() == ["pitch", "grass"]
    [problem] = report.problems
    assert (problem.code, Path(problem.file).name) == ("repeated-features", "b.geojson")


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=9), max_size=5))
def test_other_tags_come_back(given_tags: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    text = ",".join(f"{quoted(key)}=>{quoted(value)}" for key, value in given_tags.items())
    assert osm.tags(text) == given_tags


def test_plots_without_their_owners(tmp_path: Path) -> None:
    square = [[[E, N], [E + 10, N], [E + 10, N + 10], [E, N + 10], [E, N]]]
    fields = {
        "flstkennz": "160350012000120003__",
        "zaehler": "120",
        "nenner": "3",
        "flaeche": "101",
        "gemarkung": "Jena",
        "eigentuemer": "X",
    }
    path = geojson(tmp_path / "p.geojson", ("Polygon", square, fields))
    report = Report()
    plots = vectors.read_plots([path], ORIGIN, report)
    [row] = zip(*plots.columns.values(), strict=True)
    assert row == ("120/3", "160350012000120003__", "Jena", 101)
    [problem] = report.problems
    assert (problem.code, "eigentuemer" in problem.message) == ("persons-dropped", True)
    assert kind(path) == "plots"


@pytest.mark.needs("data")
def test_openstreetmap_by_others(data: Path) -> None:
    andorra = data / "osm/graphhopper__graphhopper/andorra.osm.pbf"
    found = vectors.read_streets([andorra], Origin("EPSG:25831", 380000, 4710000), Report())
    assert len(found) == 1612
    assert np.isfinite(found.columns["speed"]).sum() > 200
    unsorted = vectors.read_streets([andorra.parent / "Laufamholzstrasse.osm.xml"], ORIGIN, Report())
    assert len(unsorted) == 45


@pytest.mark.needs("data")
def test_jenas_folders(data: Path) -> None:
    report = Report()
    limits = vectors.read_streets(sorted((data / "jena/osm/Tempolimits").glob("Tempo*.geojson")), ORIGIN, report)
    assert {30, 50, 70} <= set(limits.columns["speed"].tolist())
    areas = vectors.read_areas(sorted((data / "jena/osm/Flächennutzung").rglob("*.geojson")), ORIGIN, report)
    assert len(areas) > 2000
    assert "repeated-features" in {problem.code for problem in report.problems}
