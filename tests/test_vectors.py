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


def test_a_layer_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="holds no lines"):
        vectors.read_streets([geojson(tmp_path / "t.geojson", ("Point", [E, N], {}))], ORIGIN, Report())


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
                assert "holds no" in problem.what or "no coordinate system" in problem.what
                continue
            read += len(layer)
    assert read > 1000
