"""What real files do (docs/formats.md): each point of that table names a test, and those that no other file has stand here."""

from __future__ import annotations

import math
import re
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest

from jena_planner.jena_city import check, citygml, gather
from jena_planner.jena_city.model import CityModel
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.triangulate import volume

from . import damage, gml
from .conftest import ROOT

X, Y, Z = gml.JENA
FACES = gml.box(X, Y, Z, 4, 4, 4)
HOUSE = gml.building("B", gml.surfaces("B", FACES))


def read(tmp_path: Path, *members: str, srs: str | None = "EPSG:25832", version: str = "2.0") -> CityModel:
    return citygml.read(gml.write(tmp_path / "tile.gml", gml.city(*members, srs=srs, version=version)))


def codes(model: CityModel) -> list[str]:
    return sorted(problem.code for problem in model.report.problems)


def is_the_box(model: CityModel, number: int = 1) -> None:
    assert volume(model.points, model.triangles) == pytest.approx(64.0 * number)
    assert model.building_count == number


def test_every_point_of_the_table_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    table = text.partition("## What real files do")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| what is met")]
    assert len(rows) >= 40
    for row in rows:
        named = re.findall(r"`(test_\w+)::(test_\w+)`", row)
        assert named or "not yet" in row, row
        for module, test in named:
            assert re.search(rf"^def {test}\(", (ROOT / f"tests/{module}.py").read_text(encoding="utf-8"), re.MULTILINE), (module, test)


def test_an_envelope_without_numbers_is_no_obstacle(tmp_path: Path) -> None:
    for low, high in ((["NaN"] * 3, ["NaN"] * 3), ([X, Y, "NaN"], [X + 4, Y + 4, "NaN"]), (["-inf", "x", ""], [])):
        text = gml.city(HOUSE, srs=None).replace(
            "<core:cityObjectMember>", gml.envelope("EPSG:25832", low, high) + "<core:cityObjectMember>", 1
        )  # type: ignore[arg-type]
        model = citygml.read(gml.write(tmp_path / "tile.gml", text))
        is_the_box(model)
        assert (model.origin.crs, codes(model)) == ("EPSG:25832", [])
        assert model.report.extent == (X, Y, Z, X + 4, Y + 4, Z + 4)


def test_the_only_envelopes_are_those_of_the_buildings(tmp_path: Path) -> None:
    model = read(tmp_path, gml.building("B", gml.envelope("EPSG:25832") + gml.surfaces("B", FACES)), srs=None)
    is_the_box(model)
    assert (model.origin.crs, codes(model)) == ("EPSG:25832", [])


def test_points_of_six_numbers_cost_their_building_its_faces_and_no_other(tmp_path: Path) -> None:
    model = read(tmp_path, HOUSE, HOUSE.replace('"B', '"C').replace('srsDimension="3"', 'srsDimension="6"'))
    assert model.report.extent == (X, Y, Z, X + 4, Y + 4, Z + 4)
    assert (model.building_count, codes(model)) == (2, ["malformed-coordinates", "no-geometry"])


def test_references_into_other_files_are_counted(tmp_path: Path) -> None:
    named = gml.building("B", gml.surfaces("B", FACES) + '<bldg:lod2Solid xlink:href="http://example.org/other.gml#x"/>')
    with_one = gml.solid(gml.box(X + 9, Y, Z, 4, 4, 4), 2).replace(
        "</gml:CompositeSurface>", '<gml:surfaceMember xlink:href="other.gml#p"/></gml:CompositeSurface>'
    )
    model = read(tmp_path, named, gml.building("C", with_one))
    is_the_box(model, 2)
    assert codes(model) == ["dangling-reference"] * 2


def test_parts_of_parts(tmp_path: Path) -> None:
    inner = gml.part("P2", gml.surfaces("P2", gml.box(X + 9, Y, Z, 4, 4, 4)))
    model = read(tmp_path, gml.building("B", "", parts=[gml.part("P1", gml.surfaces("P1", FACES) + inner)]))
    assert model.building_id == ["B", "P1", "P2"]
    assert model.building_root.tolist() == [0, 0, 0]
    assert (volume(model.points, model.triangles), codes(model)) == (pytest.approx(128.0), [])


def test_bodies_whose_edges_do_not_meet_have_their_volume_all_the_same(tmp_path: Path) -> None:
    """A wall is two faces, and the roof's edge above them runs on: one of five solids in North Rhine-Westphalia is like that."""
    front, *others = FACES["WallSurface"]
    low, high = front[0], front[2]
    halves = []
    for a, b in ((X, X + 2), (X + 2, X + 4)):
        halves.append([(a, Y, low[2]), (b, Y, low[2]), (b, Y, high[2]), (a, Y, high[2]), (a, Y, low[2])])
    model = read(tmp_path, gml.building("B", gml.surfaces("B", {**FACES, "WallSurface": [*halves, *others]})))
    is_the_box(model)
    assert (len(model.surface_building), codes(model)) == (7, [])


def test_a_ring_of_hundreds_of_points(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * math.pi, 366)[:-1]
    ring = [(X + 50 * math.cos(a), Y + 50 * math.sin(a), Z) for a in turn]
    model = read(tmp_path, gml.building("B", gml.surfaces("B", {"RoofSurface": [[*ring, ring[0]]]})))
    a, b, c = (model.points[model.triangles[:, k], :2] for k in range(3))
    sides = np.column_stack([b - a, c - a])
    assert np.sum(sides[:, 0] * sides[:, 3] - sides[:, 1] * sides[:, 2]) / 2 == pytest.approx(365 / 2 * 2500 * math.sin(2 * math.pi / 365))
    assert codes(model) == []


def test_where_a_building_cuts_the_terrain_is_no_edge_of_it(tmp_path: Path) -> None:
    line = f"<gml:LineString>{gml.pos_list([(X - 9, Y, Z), (X + 9, Y, Z)])}</gml:LineString>"
    curve = f"<gml:MultiCurve><gml:curveMember>{line}</gml:curveMember></gml:MultiCurve>"
    cut = f"<bldg:lod2TerrainIntersection>{curve}</bldg:lod2TerrainIntersection>"
    model = read(tmp_path, gml.building("B", cut + gml.surfaces("B", FACES)))
    is_the_box(model)
    assert (len(model.points), codes(model)) == (24, [])


@pytest.mark.parametrize(
    ("version", "name"), [("1.0", "bldg:lod1MultiSurface"), ("2.0", "bldg:lod2MultiSurface"), ("3.0", "core:lod2MultiSurface")]
)
def test_faces_without_a_solid_and_without_boundary_surfaces(tmp_path: Path, version: str, name: str) -> None:
    members = "".join(gml.member(gml.polygon(ring)) for rings in FACES.values() for ring in rings)
    model = read(tmp_path, gml.building("B", f"<{name}><gml:MultiSurface>{members}</gml:MultiSurface></{name}>"), version=version)
    is_the_box(model)
    assert (sorted(set(model.surface_semantics.tolist())) != [0], codes(model)) == (True, [])


def test_extensions_are_passed_over(tmp_path: Path) -> None:
    japan = '<uro:detail xmlns:uro="https://www.geospatial.jp/iur/uro/3.0"><uro:Detail><uro:gml>1</uro:gml></uro:Detail></uro:detail>'
    noise = '<noise:buildingReflection xmlns:noise="http://www.citygml.org/ade/noise_de/2.0">3</noise:buildingReflection>'
    model = read(tmp_path, gml.building("B", japan + noise + gml.surfaces("B", FACES)))
    is_the_box(model)
    assert (model.attributes, codes(model)) == ([{}], [])


def test_two_versions_in_one_file(tmp_path: Path) -> None:
    old = gml.building("C", gml.surfaces("C", gml.box(X + 9, Y, Z, 4, 4, 4))).replace(
        "<core:cityObjectMember>",
        '<core:cityObjectMember xmlns:core="http://www.opengis.net/citygml/1.0" xmlns:bldg="http://www.opengis.net/citygml/building/1.0">',
    )
    model = read(tmp_path, HOUSE, old)
    is_the_box(model, 2)
    assert codes(model) == []


def test_ids_with_blanks_and_umlauts_are_kept(tmp_path: Path) -> None:
    model = read(tmp_path, HOUSE.replace('gml:id="B"', 'gml:id="Haus Ä 1"'))
    assert (model.building_id, codes(model)) == (["Haus Ä 1"], [])


def test_parts_of_one_building_in_several_systems(tmp_path: Path) -> None:
    east, north = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True).transform(X + 10, Y)
    other = gml.solid(gml.box(east, north, Z, 4, 4, 4), 2).replace("<gml:Solid>", '<gml:Solid srsName="EPSG:25833">')
    model = read(tmp_path, gml.building("B", "", parts=[gml.part("P1", gml.solid(FACES, 2)), gml.part("P2", other)]))
    assert volume(model.points, model.triangles) == pytest.approx(128.0, rel=1e-3)
    assert codes(model) == ["several-crs"]
    assert model.report.extent is not None
    assert model.report.extent[3] == pytest.approx(X + 14, abs=0.1)


def test_faces_of_one_body_in_several_systems_are_left_out_and_said(tmp_path: Path) -> None:
    east, north = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True).transform(X, Y)
    ground = gml.surfaces("b", {"GroundSurface": gml.box(east, north, Z, 4, 4, 4)["GroundSurface"]})
    mixed = gml.surfaces("a", {"RoofSurface": FACES["RoofSurface"]}) + ground.replace(
        "<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:25833">'
    )
    model = read(tmp_path, gml.building("M", mixed), HOUSE)
    assert "bad-coordinates" in codes(model)
    assert model.report.extent == (X, Y, Z, X + 4, Y + 4, Z + 4)


def test_heights_as_words_and_numbers_among_attributes(tmp_path: Path) -> None:
    measured = '<gen:measureAttribute name="H_DGM"><gen:value uom="m">151.2</gen:value></gen:measureAttribute>'
    words = '<gen:stringAttribute name="RigdeHeight"><gen:value>7,5</gen:value></gen:stringAttribute>'
    model = read(tmp_path, gml.building("B", measured + words + gml.surfaces("B", FACES)))
    assert model.attributes == [{"H_DGM": 151.2, "RigdeHeight": "7,5"}]
    assert math.isnan(model.measured_height[0])


def test_a_shapefile_in_a_zip_comes_with_what_belongs_to_it(tmp_path: Path) -> None:
    sound = next(one for one in damage.sound_files() if one.name == "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as file:
        for name, content in ((sound.name, sound.content), *sound.beside):
            file.writestr(f"Flächen/{name}", content)
    (path,) = gather.gathered([tmp_path / "areas.zip"], tmp_path / "into")
    report, unreadable = check.check([path])
    assert (report.features, report.crs, unreadable) == ({"areas": 2}, "EPSG:25832", [])


def test_a_folder_in_which_nothing_is_of_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "read-me.txt").write_text("words and no numbers")
    (tmp_path / "alone.shp").write_bytes(b"\0\0\x27\x0a" + bytes(96))
    with pytest.raises(InputProblem, match="no geodata"):
        gather.gathered([tmp_path], tmp_path / "into")


@pytest.mark.parametrize("name", [one.name for one in damage.sound_files() if not one.name.endswith((".zip", ".hgt"))])
def test_reading_leaves_nothing_beside_the_file(tmp_path: Path, name: str) -> None:
    """GDAL likes to note what it found (`.gfs`, `.aux.xml`): the folder is the user's."""
    sound = next(one for one in damage.sound_files() if one.name == name)
    damage.read(sound, sound.content, 0, tmp_path)
    there = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert there == sorted([name, *(beside for beside, _ in sound.beside)])
