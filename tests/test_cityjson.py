"""The CityJSON reader on files of our own: each version, geometry, template and sequence into the same CityModel as CityGML."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jena_planner.jena_city import buildings, cityjson, gather
from jena_planner.jena_city.check import check, kind
from jena_planner.jena_city.model import CityModel, Semantics
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.triangulate import volume

from . import gml
from .cityjson import Town, sequence

X, Y, Z = gml.JENA


def codes(model: CityModel) -> list[str]:
    return sorted(problem.code for problem in model.report.problems)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "town.city.json"


@pytest.mark.parametrize("shape", ["Solid", "MultiSurface", "CompositeSurface", "MultiSolid", "CompositeSolid"])
def test_a_box_of_each_kind_is_the_box_of_citygml(path: Path, tmp_path: Path, shape: str) -> None:
    town = Town()
    town.add("B1", "Building", town.box(X, Y, Z, 20, 10, 8, kind=shape))
    model = buildings.read(town.write(path))
    same = buildings.read(gml.write(tmp_path / "town.gml", gml.city(gml.box_building("B1", X, Y, Z, 20, 10, 8))))
    assert codes(model) == []
    assert (model.building_id, model.building_lod.tolist(), model.origin) == (same.building_id, same.building_lod.tolist(), same.origin)
    assert np.array_equal(model.surface_semantics, same.surface_semantics)
    assert np.allclose(model.points, same.points)
    assert volume(model.points, model.triangles) == pytest.approx(1600.0)
    assert model.report.extent == pytest.approx(same.report.extent)


@pytest.mark.parametrize(
    ("version", "crs"), [("1.0", "urn:ogc:def:crs:EPSG::25832"), ("1.1", "https://www.opengis.net/def/crs/EPSG/0/25832")]
)
def test_coordinates_without_a_transform_and_the_ways_to_name_a_system(path: Path, version: str, crs: str) -> None:
    town = Town(version=version, crs=crs)
    town.add("B", "Building", town.box(X, Y, Z, 20, 10, 8, lod=2))
    content = town.document()
    del content["transform"]
    content["vertices"] = [[a / 1000 + X, b / 1000 + Y, c / 1000 + Z] for a, b, c in town.vertices]
    path.write_text(json.dumps(content))
    model = cityjson.read(path)
    assert model.origin.crs == "EPSG:25832"
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))
    content["metadata"] = {"crs": {"epsg": 25832}}
    path.write_text(json.dumps(content))
    assert cityjson.read(path).origin.crs == "EPSG:25832"


@pytest.mark.parametrize(("asked", "height"), [(None, 8.0), (3, 8.0), (2, 8.0), (1, 4.0)])
def test_the_highest_level_of_the_one_asked_for_is_taken(path: Path, asked: int | None, height: float) -> None:
    town = Town()
    levels = (("0", 1), ("1.2", 3), ("1.3", 4), ("2.2", 8), ("2.1", 6))
    town.add("B", "Building", *(town.box(X, Y, Z, 10, 10, h, lod=lod) for lod, h in levels))
    model = cityjson.read(town.write(path), lod=asked)
    assert np.ptp(model.points[:, 2]) == pytest.approx(height)
    assert len(model.surface_building) == 6
    assert "flat-only" not in codes(model)


def test_parts_installations_and_what_is_inside(path: Path) -> None:
    town = Town()
    town.add("P2", "BuildingPart", town.box(X + 10, Y, Z, 5, 10, 3), parents=["B"])
    town.add("B", "Building", town.box(X, Y, Z, 15, 10, 0.5, lod="0"), children=["P1", "P2", "R"])
    town.add("P1", "BuildingPart", town.box(X, Y, Z, 10, 10, 6), parents=["B"], children=["I"], attributes={"roofType": "1000"})
    town.add("I", "BuildingInstallation", town.box(X, Y, Z + 6, 1, 1, 1), parents=["P1"])
    town.add("R", "BuildingRoom", town.box(X, Y, Z, 1, 1, 1), parents=["B"])
    town.add("Road", "Road", town.box(X, Y, Z, 1, 1, 1))
    model = cityjson.read(town.write(path))
    assert model.building_id == ["B", "P1", "P2"]
    assert model.building_parent.tolist() == [-1, 0, 0]
    assert np.bincount(model.surface_building).tolist() == [0, 12, 6]
    assert np.count_nonzero(model.surface_semantics == Semantics.INSTALLATION) == 6
    assert model.roof_type == ["", "1000", ""]
    [problem] = model.report.problems
    assert (problem.code, problem.message) == ("objects-not-read", "only the outside of buildings is read, not: 1 BuildingRoom")
    assert model.report.features == {"Road": 1}


def test_a_hole_in_a_wall_and_windows(path: Path) -> None:
    town = Town()
    wall = [(X, Y, Z), (X + 10, Y, Z), (X + 10, Y, Z + 6), (X, Y, Z + 6), (X, Y, Z)]
    hole = [(X + 2, Y, Z + 2), (X + 2, Y, Z + 4), (X + 4, Y, Z + 4), (X + 4, Y, Z + 2), (X + 2, Y, Z + 2)]
    surfaces = {"surfaces": [{"type": "WallSurface"}, {"type": "Window", "parent": 0}, {"type": "+Strange"}], "values": [0, 1, None]}
    boundaries = [[town.ring(wall), town.ring(hole)], [town.ring(hole[::-1])], [town.ring(gml.box(X, Y, Z, 10, 10, 6)["RoofSurface"][0])]]
    town.add("B", "Building", {"type": "MultiSurface", "lod": "3", "boundaries": boundaries, "semantics": surfaces})
    model = cityjson.read(town.write(path))
    assert model.surface_semantics.tolist() == [Semantics.WALL, Semantics.WINDOW, Semantics.ROOF]
    a, b, c = (model.points[model.triangles[model.triangle_surface == 0][:, k]] for k in range(3))
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2 == pytest.approx(56.0)


def test_a_template_is_placed_by_its_matrix(path: Path) -> None:
    town = Town()
    local = Town()
    form = local.box(X, Y, Z, 2, 1, 1)  # about (0, 0, 0) in its own metres
    town.templates = {"templates": [form], "vertices-templates": [[value / 1000 for value in point] for point in local.vertices]}
    matrix = [0, -2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 5, 0, 0, 0, 1]
    for name, east in (("B", X), ("C", X + 20)):
        town.add(
            name,
            "Building",
            {"type": "GeometryInstance", "template": 0, "boundaries": [town.vertex((east, Y, Z))], "transformationMatrix": matrix},
        )
    town.add("D", "Building", {"type": "GeometryInstance", "template": 7, "boundaries": [0], "transformationMatrix": matrix})
    lost = {"type": "GeometryInstance", "template": 0, "boundaries": [0], "transformationMatrix": [1, 2, 3]}
    town.add("E", "Building", lost, town.box(X + 40, Y, Z, 5, 5, 5))
    model = cityjson.read(town.write(path))
    assert codes(model) == ["dangling-reference", "malformed-coordinates", "no-geometry"]
    assert np.count_nonzero(model.surface_building == 3) == 6
    for row, east in enumerate((X, X + 20)):
        here = model.origin.to_world(model.points[model.triangles[model.triangle_building == row]].reshape(-1, 3))
        assert here.min(axis=0) == pytest.approx([east - 2, Y, Z + 5])
        assert here.max(axis=0) == pytest.approx([east, Y + 4, Z + 7])


def test_attributes_are_kept(path: Path) -> None:
    town = Town()
    values = {
        "measuredHeight": 8.5,
        "storeysAboveGround": 3,
        "function": ["1010", "x"],
        "roofType": "gable",
        "yearOfConstruction": 1901,
        "b3_h_dak": 7.25,
    }
    address = [{"ThoroughfareName": "Markt", "ThoroughfareNumber": "1", "Postcode": "07743", "Locality": "Jena"}]
    town.add("B", "Building", town.box(X, Y, Z, 5, 5, 5), attributes=values, address=address)
    model = cityjson.read(town.write(path))
    assert (model.measured_height[0], model.storeys[0], model.function[0], model.roof_type[0]) == (8.5, 3, "1010", "gable")
    assert model.attributes[0] == {"year_of_construction": "1901", "b3_h_dak": 7.25, "address": "Markt 1, 07743 Jena"}


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_a_sequence_is_the_same_town_as_one_document(path: Path, mark: str) -> None:
    whole, towns = Town(), []
    for number in range(3):
        one = Town()
        for town in (whole, one):
            town.add(f"B{number}", "Building", children=[f"P{number}"])
            town.add(f"P{number}", "BuildingPart", town.box(X + 30 * number, Y, Z, 9, 9, 3 + number), parents=[f"B{number}"])
        towns.append(one)
    lines = sequence(path.with_suffix(".jsonl"), towns, mark=mark)
    assert kind(lines) == "cityjson"
    first, second = buildings.read(lines), buildings.read(whole.write(path))
    assert (first.building_count, first.part_count, codes(first)) == (3, 3, [])
    assert first.building_id == second.building_id
    assert np.allclose(first.points, second.points)


def test_a_sequence_whose_head_lists_no_objects(path: Path) -> None:
    town = Town()
    town.add("B", "Building", town.box(X, Y, Z, 5, 5, 5, lod="LoD2"))
    head, feature = sequence(path, [town]).read_text().splitlines()
    path.write_text(json.dumps({key: value for key, value in json.loads(head).items() if key != "CityObjects"}) + "\n" + feature)
    model = cityjson.read(path)
    assert (model.building_id, model.building_lod.tolist(), codes(model)) == (["B"], [2], [])


def test_a_town_of_both_encodings_has_each_building_once(path: Path, tmp_path: Path) -> None:
    town = Town()
    town.add("A", "Building", town.box(X, Y, Z, 5, 5, 5))
    other = gml.write(tmp_path / "tile.gml", gml.city(gml.box_building("A", X, Y, Z, 5, 5, 5), gml.box_building("B", X + 9, Y, Z, 5, 5, 5)))
    model = buildings.read_many([town.write(path), other])
    assert model.building_id == ["A", "B"]
    assert codes(model) == ["duplicate-building"]


def broken(change: Any) -> dict[str, Any]:
    town = Town()
    town.add("B", "Building", town.box(X, Y, Z, 5, 5, 5))
    town.add("C", "Building", town.box(X + 9, Y, Z, 5, 5, 5))
    content = town.document()
    change(content)
    return content


@pytest.mark.parametrize(
    ("change", "code", "faces"),
    [
        (lambda c: c["CityObjects"]["B"]["geometry"][0]["boundaries"][0][0][0].append(999), "malformed-coordinates", [5, 6]),
        (lambda c: c["CityObjects"]["B"]["geometry"][0]["boundaries"][0][0][0].append("1"), "malformed-coordinates", [5, 6]),
        (lambda c: c["CityObjects"]["B"]["geometry"][0]["boundaries"][0][0][0].append(-1), "malformed-coordinates", [5, 6]),
        (lambda c: c["CityObjects"]["B"]["geometry"][0]["boundaries"][0][0].__setitem__(0, []), "malformed-coordinates", [5, 6]),
        (lambda c: c["CityObjects"]["B"].update(geometry=[{"type": "Sphere"}]), "malformed-geometry", [0, 6]),
        (lambda c: c["CityObjects"]["B"].update(children=["B"], parents=["B"]), "", [6, 6]),
        (lambda c: c["CityObjects"].update(D=5), "malformed-object", [6, 6]),
        (lambda c: c["vertices"].__setitem__(0, ["x", 1, 2]), "bad-coordinates", [0, 6]),
        (lambda c: c["CityObjects"]["B"]["geometry"][0]["semantics"].update(values=[[99, None, {}, "x"]]), "", [6, 6]),
    ],
)
def test_what_is_broken_is_counted_and_the_rest_stays(path: Path, change: Any, code: str, faces: list[int]) -> None:
    path.write_text(json.dumps(broken(change)))
    model = cityjson.read(path)
    assert model.building_count == 2
    assert np.bincount(model.surface_building, minlength=2).tolist() == faces
    assert code in [*codes(model), ""]
    assert bool(codes(model)) == bool(code)


def test_circles_of_parts_end(path: Path) -> None:
    town = Town()
    for name, parent in (("A", "B"), ("B", "A")):
        town.add(name, "BuildingPart", town.box(X, Y, Z, 5, 5, 5), parents=[parent], children=[parent])
    assert sorted(cityjson.read(town.write(path)).building_id) == ["A", "B"]


def test_a_name_given_twice_is_said(path: Path) -> None:
    text = json.dumps(broken(lambda c: None)).replace('"C": {', '"B": {')
    path.write_text(text)
    model = cityjson.read(path)
    assert (model.building_count, codes(model)) == (1, ["duplicate-id"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"type": "CityJSON", "CityObjects": {', "too early"),
        ('{"type": "CityJSON", "CityObjects": {"a": oops}}', "not valid JSON"),
        ('{"type": "CityJSON", "version": "2.0"}', "no CityObjects"),
        ('{"type": "CityJSON", "CityObjects": {}, "transform": {"scale": [1]}}', "transform"),
        ('{"type": "CityJSONFeature", "CityObjects": {}, "vertices": []}', "before"),
        ('{"type": "CityJSON", "CityObjects": ' + "[" * 100_000, "nested too deep"),
        ("[1, 2]", "no CityJSON"),
        (b'{"type": "CityJSON", "CityObjects": {"\xff\xfe": 1}}', "UTF-8"),
    ],
)
def test_what_is_no_cityjson_is_refused_with_its_reason(path: Path, content: str | bytes, words: str) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputProblem) as caught:
        cityjson.read(path)
    assert words in caught.value.what
    assert str(caught.value).startswith(f"{path}: ")


def test_json_of_other_kinds_is_told_apart(path: Path) -> None:
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputProblem, match="GeoJSON"):
        kind(path)
    path.write_text('{"colours": []}')
    with pytest.raises(InputProblem, match="no CityJSON"):
        kind(path)


def test_folders_glances_and_check_know_it(path: Path, tmp_path: Path) -> None:
    town = Town()
    town.add("B", "Building", town.box(X, Y, Z, 5, 5, 5))
    town.write(path)
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "streets.json").write_text('{"type": "FeatureCollection", "features": []}')
    assert list(gather.gathered([tmp_path], tmp_path / "into")) == [path]
    seen = gather.glance(path)
    assert (seen.kind, seen.number, seen.crs) == ("cityjson", 1, "EPSG:25832")
    report, unreadable = check([path])
    assert (report.buildings, unreadable) == (1, [])


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_a_dense_town_takes_little_memory(tmp_path: Path) -> None:
    """20 times its size, as it is a small one of many faces; 27 times while whole columns were held in between."""
    town = Town()
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    for house in range(4000):
        outline = [(X + 20 * (house % 60) + 8 * np.cos(a), Y + 20 * (house // 60) + 8 * np.sin(a)) for a in around]
        low, high = ([town.vertex((x, y, z)) for x, y in outline] for z in (Z, Z + 9))
        walls = [[[low[k - 1], low[k], high[k], high[k - 1]]] for k in range(12)]
        town.add(f"B{house}", "Building", {"type": "Solid", "lod": "2", "boundaries": [[[low[::-1]], [high], *walls]]})
    path = tmp_path / "dense.json"
    path.write_text(json.dumps(town.document(), separators=(",", ":")), encoding="utf-8")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from jena_planner.jena_city import cityjson\n"
        "peak = lambda: int(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
        "before = peak()\n"
        "assert len(cityjson.read(sys.argv[1]).surface_building) == 56_000\n"
        "print(1024 * (peak() - before))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 23 * path.stat().st_size
