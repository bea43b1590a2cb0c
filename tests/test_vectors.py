"""Streets, trees and areas: with the names publishers use, in scene coordinates, nothing lost without a word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jena_planner.jena_city import vectors
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report

ORIGIN = Origin("EPSG:25832", 681735, 5644970)
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
E, N = 681735.0, 5644970.0


def geojson(path: Path, *features: tuple[str, Any, dict[str, Any]], crs: Any = CRS) -> Path:
    content: dict[str, Any] = {"type": "FeatureCollection"}
    if crs:
        content["crs"] = crs
    content["features"] = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates} if kind else None}
        for kind, coordinates, properties in features
    ]
    path.write_text(json.dumps(content))
    return path


def test_streets_get_a_width_from_their_class(tmp_path: Path) -> None:
    line = [[E, N], [E + 10, N]]
    path = geojson(
        tmp_path / "s.geojson",
        ("LineString", line, {"highway": "residential", "name": "Weg", "maxspeed": "30 km/h"}),
        ("MultiLineString", [line, line], {"highway": "primary", "width": 11.5}),
    )
    report = Report()
    streets = vectors.read_streets([path], ORIGIN, report)
    assert streets.columns["width"].tolist() == [5.5, 11.5, 11.5]
    assert streets.columns["speed"][0] == 30.0
    assert streets.columns["name"].tolist() == ["Weg", "", ""]
    assert streets.geometry[0].bounds == (0, 0, 10, 0)
    assert (report.features, report.problems) == ({"streets": 3}, [])


def test_trees_keep_unknown_sizes_unknown(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "t.geojson",
        ("Point", [E + 1, N + 2, 143.0], {"baumhoehe": "12,5", "art": "Linde", "krone": 6}),
        ("Point", [E + 3, N + 4], {"art": None}),
    )
    trees = vectors.read_trees([path], ORIGIN, Report())
    assert trees.position.tolist() == [[1, 2], [3, 4]]
    assert (trees.height[0], trees.crown[0], trees.species) == (12.5, 6.0, ["Linde", ""])
    assert np.isnan([trees.height[1], trees.crown[1]]).all()


def test_closed_lines_are_areas_and_bow_ties_are_mended(tmp_path: Path) -> None:
    square = [[E, N], [E + 10, N], [E + 10, N + 10], [E, N + 10], [E, N]]
    tie = [[E, N], [E + 10, N + 10], [E + 10, N], [E, N + 10], [E, N]]
    report = Report()
    areas = vectors.read_areas(
        [geojson(tmp_path / "a.geojson", ("LineString", square, {"natural": "water"}), ("Polygon", [tie], {"landuse": "grass"}))],
        ORIGIN,
        report,
    )
    assert areas.columns["kind"].tolist()[0] == "water"
    assert sum(shape.area for shape in areas.geometry) == pytest.approx(100 + 50)
    assert [problem.code for problem in report.problems] == ["mended-polygon"]


def test_features_of_another_kind_or_without_a_place_are_counted(tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", ("Point", [E, N], {}), ("LineString", [[E, N], [E, N + 1]], {}), ("", None, {}))
    report = Report()
    assert len(vectors.read_trees([path], ORIGIN, report)) == 1
    [problem] = report.problems
    assert (problem.code, problem.message[:6]) == ("wrong-geometry", "2 of 3")


def test_degrees_are_brought_into_the_projects_crs(tmp_path: Path) -> None:
    trees = vectors.read_trees([geojson(tmp_path / "t.geojson", ("Point", [11.5858, 50.9277], {}), crs=None)], ORIGIN, Report())
    assert np.abs(trees.position).max() < 60


@pytest.mark.parametrize(
    ("content", "words"), [("{}", "cannot be read"), ("words", "cannot be read"), ('{"type":"FeatureCollection","features":[]}', "")]
)
def test_broken_and_empty_files(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(content)
    if not words:
        assert len(vectors.read_trees([path], ORIGIN, Report())) == 0
        return
    with pytest.raises(InputProblem, match=words):
        vectors.read_trees([path], ORIGIN, Report())


def test_a_layer_of_the_wrong_kind_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    wrong = geojson(tmp_path / "t.geojson", ("Point", [E, N], {}))
    right = geojson(tmp_path / "s.geojson", ("LineString", [[E, N], [E + 9, N]], {}))
    report = Report()
    assert len(vectors.read_streets([wrong, right], ORIGIN, report)) == 1
    [problem] = report.problems
    assert (problem.code, Path(problem.file).name) == ("wrong-geometry", "t.geojson")
    assert "under which key" in problem.message


def test_metres_that_are_said_to_be_degrees_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="crs member"):
        vectors.read_trees([geojson(tmp_path / "t.geojson", ("Point", [E, N], {}), crs=None)], ORIGIN, Report())


def test_a_box_reads_only_what_reaches_into_it(tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", *(("Point", [E + 10 * k, N], {"height": 10 + k}) for k in range(5)))
    report = Report()
    trees = vectors.read_trees([path], ORIGIN, report, (E + 15, N - 5, E + 35, N + 5))
    assert trees.height.tolist() == [12, 13]
    assert (report.features, report.problems) == ({"trees": 2}, [])


def test_sizes_that_no_tree_has_are_taken_as_unknown(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "t.geojson", *(("Point", [E, N + k], {"height": height, "crown": 5}) for k, height in enumerate((12, 1500, 0, -3, None)))
    )
    report = Report()
    trees = vectors.read_trees([path], ORIGIN, report)
    assert trees.height[0] == 12
    assert np.isnan(trees.height[1:]).all()
    [problem] = report.problems
    assert (problem.code, problem.message[:7]) == ("odd-trees", "3 trees")


def test_mended_polygons_that_become_nothing_are_counted_right(tmp_path: Path) -> None:
    nothing = [[E, N], [E + 1, N], [E, N], [E, N]]
    square = [[E, N], [E + 10, N], [E + 10, N + 10], [E, N + 10], [E, N]]
    report = Report()
    areas = vectors.read_areas([geojson(tmp_path / "a.geojson", ("Polygon", [nothing], {}), ("Polygon", [square], {}))], ORIGIN, report)
    assert len(areas) == 1
    assert {problem.code for problem in report.problems} == {"mended-polygon", "wrong-geometry"}


@pytest.mark.needs("data")
def test_jena_from_openstreetmap(data: Path) -> None:
    origin, report = Origin("EPSG:25832", 681735, 5644970), Report()
    folder = next((data / "jena").glob("**/"))
    files = {path.stem.lower(): path for path in (data / "jena").rglob("*.geojson")}
    assert files, f"no GeoJSON under {folder}"
    read = 0
    for path in files.values():
        for reader in (vectors.read_streets, vectors.read_trees, vectors.read_areas):
            try:
                layer = reader([path], origin, report)
            except InputProblem as problem:
                assert "no coordinate system" in problem.what
                continue
            read += len(layer)
    assert read > 1000


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", ""])
def test_geojson_has_the_longitude_first_whatever_its_crs_member_says(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}} if name else None
    trees = vectors.read_trees([geojson(tmp_path / "t.geojson", ("Point", [11.5858, 50.9277], {}), crs=crs)], ORIGIN, Report())
    assert np.abs(trees.position).max() < 60
