"""The CityGML reader on files of our own: every version, every way to say the same thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jena_planner.jena_city import buildings, citygml
from jena_planner.jena_city.model import CityModel, Semantics
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import Cancelled
from jena_planner.jena_city.triangulate import volume

from . import gml

X, Y, Z = gml.JENA


def read(tmp_path: Path, text: str, **options: object) -> CityModel:
    return citygml.read(gml.write(tmp_path / "tile.gml", text), **options)  # type: ignore[arg-type]


def codes(model: CityModel) -> list[str]:
    return sorted(problem.code for problem in model.report.problems)


def area(model: CityModel) -> float:
    a, b, c = (model.points[model.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_a_box_in_each_version_is_read_once_with_its_meaning(tmp_path: Path, version: str) -> None:
    model = read(tmp_path, gml.city(gml.box_building("B1", X, Y, Z, 20, 10, 8, version=version), version=version))
    assert (model.building_count, model.part_count) == (1, 0)
    assert model.building_id == ["B1"]
    assert len(model.surface_building) == 6  # the solid's references are the boundary surfaces again
    kinds, counts = np.unique(model.surface_semantics, return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {Semantics.GROUND: 1, Semantics.WALL: 4, Semantics.ROOF: 1}
    assert volume(model.points, model.triangles) == pytest.approx(1600.0)
    assert area(model) == pytest.approx(2 * 200 + 2 * 160 + 2 * 80)
    assert model.origin == Origin("EPSG:25832", 681735, 5644970, "")
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))
    assert codes(model) == []


def test_a_part_belongs_to_its_building(tmp_path: Path) -> None:
    first, second = gml.box(X, Y, Z, 10, 10, 6), gml.box(X + 10, Y, Z, 5, 10, 3)
    text = gml.building(
        "B",
        "<bldg:function>31001_1010</bldg:function>",
        parts=[
            gml.part("P1", "<bldg:measuredHeight>6.0</bldg:measuredHeight>" + gml.surfaces("P1", first)),
            gml.part("P2", "<bldg:roofType>1000</bldg:roofType>" + gml.surfaces("P2", second)),
        ],
    )
    model = read(tmp_path, gml.city(text))
    assert (model.building_count, model.part_count) == (1, 2)
    assert model.building_parent.tolist() == [-1, 0, 0]
    assert model.building_root.tolist() == [0, 0, 0]
    assert model.measured_height[1] == 6.0
    assert model.roof_type == ["", "", "1000"]
    assert model.function[0] == "31001_1010"
    assert sorted(set(model.surface_building.tolist())) == [1, 2]
    assert model.footprints()[0].area == pytest.approx(150.0)


@pytest.mark.parametrize(("asked", "height"), [(None, 8.0), (3, 8.0), (2, 6.0), (1, 5.0)])
def test_the_level_of_detail_can_be_chosen(tmp_path: Path, asked: int | None, height: float) -> None:
    content = gml.solid(gml.box(X, Y, Z, 10, 10, 5), 1)
    content += gml.surfaces("two", gml.box(X, Y, Z, 10, 10, 6), lod=2) + gml.surfaces("three", gml.box(X, Y, Z, 10, 10, 8), lod=3)
    model = read(tmp_path, gml.city(gml.building("B", content)), lod=asked)
    assert np.ptp(model.points[:, 2]) == pytest.approx(height)
    assert len(model.surface_building) == 6


def test_a_lower_level_stands_in_for_a_missing_one_and_is_reported(tmp_path: Path) -> None:
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(gml.box(X, Y, Z, 10, 10, 5), 1))), lod=2)
    assert model.building_lod.tolist() == [1]
    assert codes(model) == ["other-lod"]


def test_a_higher_level_stands_in_where_there_is_no_lower_one(tmp_path: Path) -> None:
    model = read(tmp_path, gml.city(gml.box_building("B", X, Y, Z, 10, 10, 5)), lod=1)
    assert model.building_lod.tolist() == [2]
    assert codes(model) == ["other-lod"]


def test_windows_alone_are_no_higher_level_of_detail(tmp_path: Path) -> None:
    wall = "<bldg:boundedBy><bldg:WallSurface><bldg:opening><bldg:Window><bldg:lod3MultiSurface><gml:MultiSurface>{}</gml:MultiSurface>"
    wall += "</bldg:lod3MultiSurface></bldg:Window></bldg:opening></bldg:WallSurface></bldg:boundedBy>"
    window = wall.format(gml.member(gml.polygon(gml.box(X + 1, Y, Z + 1, 1, 1, 1)["WallSurface"][0])))
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", gml.box(X, Y, Z, 10, 10, 5)) + window)))
    assert model.building_lod.tolist() == [2]
    assert len(model.surface_building) == 6


def test_the_whole_in_lod_1_does_not_hide_its_parts_in_lod_2(tmp_path: Path) -> None:
    part = gml.part("P", gml.surfaces("P", gml.box(X, Y, Z, 10, 10, 5)))
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(gml.box(X, Y, Z, 10, 10, 9), 1), parts=[part])))
    assert np.ptp(model.points[:, 2]) == pytest.approx(5.0)
    assert codes(model) == ["coarser-than-parts"]


def test_a_hole_in_a_wall_is_cut_out_in_the_walls_plane(tmp_path: Path) -> None:
    wall = [(X, Y, Z), (X + 10, Y, Z), (X + 10, Y, Z + 6), (X, Y, Z + 6), (X, Y, Z)]
    hole = [(X + 2, Y, Z + 2), (X + 2, Y, Z + 4), (X + 4, Y, Z + 4), (X + 4, Y, Z + 2), (X + 2, Y, Z + 2)]
    surface = f"<bldg:lod2MultiSurface><gml:MultiSurface>{gml.member(gml.polygon(wall, [hole]))}</gml:MultiSurface></bldg:lod2MultiSurface>"
    text = f"<bldg:boundedBy><bldg:WallSurface>{surface}</bldg:WallSurface></bldg:boundedBy>"
    model = read(tmp_path, gml.city(gml.building("B", text)))
    assert len(model.ring_surface) == 2
    assert area(model) == pytest.approx(60 - 4)
    middles = model.points[model.triangles].mean(axis=1) + [model.origin.easting, model.origin.northing, 0]
    inside_hole = (abs(middles[:, 0] - (X + 3)) < 1) & (abs(middles[:, 2] - (Z + 3)) < 1)
    assert not inside_hole.any()


def test_an_oriented_surface_is_turned_and_belongs_to_the_other_side(tmp_path: Path) -> None:
    """Two houses share a wall: the second refers to the first's, reversed (OGC's own example does so)."""
    first, second = gml.box(X, Y, Z, 10, 10, 6), gml.box(X + 10, Y, Z, 10, 10, 6)
    shared = gml.surfaces("A", first)
    del second["WallSurface"][3]  # its western wall is the first house's eastern one
    turned = '<gml:surfaceMember><gml:OrientableSurface gml:id="O" orientation="-"><gml:baseSurface xlink:href="#A-WallSurface-1"/></gml:OrientableSurface></gml:surfaceMember>'
    wall = f"<bldg:boundedBy><bldg:WallSurface><bldg:lod2MultiSurface><gml:MultiSurface>{turned}</gml:MultiSurface></bldg:lod2MultiSurface></bldg:WallSurface></bldg:boundedBy>"
    solid = f"<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{gml.link('O')}</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>"
    model = read(tmp_path, gml.city(gml.building("A", shared), gml.building("B", solid + gml.surfaces("B", second) + wall)))
    assert codes(model) == []
    of_second = model.triangles[model.triangle_building == 1]
    assert np.count_nonzero(model.surface_building == 1) == 6
    assert volume(model.points, of_second) == pytest.approx(600.0)


def test_references_before_their_targets_and_into_other_buildings(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    borrowed = gml.building("A", gml.solid_of_links("B", faces))
    model = read(tmp_path, gml.city(borrowed, gml.building("B", gml.surfaces("B", faces))))
    assert np.bincount(model.surface_building).tolist() == [6, 6]
    assert codes(model) == []


def test_a_building_that_lists_its_parts_faces_does_not_have_them_twice(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    model = read(tmp_path, gml.city(gml.building("B", gml.solid_of_links("P", faces), parts=[gml.part("P", gml.surfaces("P", faces))])))
    assert np.bincount(model.surface_building).tolist() == [0, 6]
    assert codes(model) == []


def test_faces_that_a_building_and_its_parts_both_give_inline_are_taken_once(tmp_path: Path) -> None:
    """The building without names and from another corner on, as some exporters repeat it; what only the building has stays."""
    faces, other = gml.box(X, Y, Z, 4, 4, 4), gml.box(X + 4, Y, Z, 4, 4, 6)
    turned = {kind: [[*ring[2:], *ring[1:3]] for ring in rings] for kind, rings in faces.items()}
    parts = [gml.part("P", gml.surfaces("P", faces)), gml.part("Q", gml.surfaces("Q", other))]
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(turned, 2), parts=parts)))
    assert np.bincount(model.surface_building).tolist() == [0, 6, 6]
    assert model.building_lod.tolist() == [255, 2, 2]
    [problem] = model.report.problems
    assert (problem.code, problem.id, problem.message) == ("duplicate-face", "B", "6 faces given twice; taken once")
    own = {**turned, "WallSurface": turned["WallSurface"][1:], "RoofSurface": gml.box(X, Y, Z + 9, 4, 4, 4)["RoofSurface"]}
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(own, 2), parts=parts)))
    assert np.bincount(model.surface_building).tolist() == [1, 6, 6]
    assert model.building_lod.tolist() == [2, 2, 2]


def test_a_wall_between_a_building_and_its_part_has_two_sides(tmp_path: Path) -> None:
    mine, parts_own = gml.box(X, Y, Z, 4, 4, 4), gml.box(X + 4, Y, Z, 4, 4, 4)
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", mine), parts=[gml.part("P", gml.surfaces("P", parts_own))])))
    assert np.bincount(model.surface_building).tolist() == [6, 6]
    assert codes(model) == []


def test_what_a_building_says_of_its_parts_faces_is_kept(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    named = {"ClosureSurface": [ring for rings in faces.values() for ring in rings]}
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", named), parts=[gml.part("P", gml.solid(faces, 2))])))
    assert model.surface_building.tolist() == [1] * 6
    assert model.surface_semantics.tolist() == [Semantics.CLOSURE] * 6


def test_a_reference_to_a_compound_surface_brings_all_its_faces(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    inside = "".join(gml.member(gml.polygon(ring)) for rings in faces.values() for ring in rings)
    elsewhere = f'<core:cityObjectMember><gen:GenericCityObject><gen:lod2Geometry><gml:CompositeSurface gml:id="C">{inside}</gml:CompositeSurface></gen:lod2Geometry></gen:GenericCityObject></core:cityObjectMember>'
    solid = f"<bldg:lod2Solid><gml:Solid><gml:exterior>{gml.link('C')}</gml:exterior></gml:Solid></bldg:lod2Solid>".replace(
        "surfaceMember", "surfaceMember"
    )
    model = read(tmp_path, gml.city(gml.building("B", solid), elsewhere))
    assert len(model.surface_building) == 6
    assert codes(model) == ["missing-id"]


def test_a_dangling_reference_is_counted(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    model = read(tmp_path, gml.city(gml.building("B", gml.solid_of_links("nowhere", faces) + gml.surfaces("B", faces))))
    assert len(model.surface_building) == 6
    [problem] = model.report.problems
    assert problem.code == "dangling-reference"
    assert problem.id == "B"
    assert problem.message.startswith("6 references")


def test_the_same_polygons_given_inline_twice_are_taken_once(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(faces, 2) + gml.surfaces("B", faces))))
    assert len(model.surface_building) == 6
    assert codes(model) == ["duplicate-face"]


def test_surfaces_without_semantics_are_told_by_their_slope(tmp_path: Path) -> None:
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1))))
    kinds, counts = np.unique(model.surface_semantics, return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {Semantics.GROUND: 1, Semantics.WALL: 4, Semantics.ROOF: 1}


def test_attributes_are_kept(tmp_path: Path) -> None:
    content = """<gml:name>Rathaus</gml:name><gen:stringAttribute name="Gemeinde"><gen:value>Jena</gen:value></gen:stringAttribute>
    <gen:doubleAttribute name="H"><gen:value>12.5</gen:value></gen:doubleAttribute><gen:intAttribute name="N"><gen:value>3</gen:value></gen:intAttribute>
    <bldg:function>31001_3020</bldg:function><bldg:roofType>3100</bldg:roofType><bldg:measuredHeight uom="#m">17.25</bldg:measuredHeight>
    <bldg:storeysAboveGround>4</bldg:storeysAboveGround>"""
    model = read(tmp_path, gml.city(gml.building("B", content + gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1))))
    assert model.attributes[0] == {"name": "Rathaus", "Gemeinde": "Jena", "H": 12.5, "N": 3}
    assert (model.function[0], model.roof_type[0], model.measured_height[0], model.storeys[0]) == ("31001_3020", "3100", 17.25, 4)


def test_pos_elements_and_gml2_coordinates_are_understood(tmp_path: Path) -> None:
    ring = gml.box(X, Y, Z, 10, 10, 5)["RoofSurface"][0]
    pos = "".join(f"<gml:pos>{a} {b} {c}</gml:pos>" for a, b, c in ring)
    old = f'<gml:coordinates decimal="." cs="," ts=" ">{" ".join(f"{a},{b},{c}" for a, b, c in ring)}</gml:coordinates>'
    for coordinates in (pos, old):
        face = gml.member(gml.polygon(ring, coordinates=coordinates))
        content = f"<bldg:lod2MultiSurface><gml:MultiSurface>{face}</gml:MultiSurface></bldg:lod2MultiSurface>"
        assert area(read(tmp_path, gml.city(gml.building("B", content)))) == pytest.approx(100.0)


def test_srs_dimension_is_inherited_and_never_guessed(tmp_path: Path) -> None:
    flat = gml.polygon([], coordinates=f"<gml:posList>{X} {Y} {X + 6} {Y} {X + 6} {Y + 6}</gml:posList>")  # 6 numbers, but 2D
    content = f'<bldg:lod2MultiSurface><gml:MultiSurface srsDimension="2">{gml.member(flat)}</gml:MultiSurface></bldg:lod2MultiSurface>'
    model = read(tmp_path, gml.city(gml.building("B", content)))
    assert len(model.surface_building) == 0
    assert "two-dimensional" in codes(model)


def test_every_defect_is_counted_with_its_building(tmp_path: Path) -> None:
    good = gml.surfaces("B", gml.box(X, Y, Z, 10, 10, 5))
    bad = {
        "malformed-coordinates": "<gml:posList>1 2 three</gml:posList>",
        "degenerate-ring": gml.pos_list([(X, Y, Z), (X + 1, Y, Z), (X, Y, Z)]),
        "zero-area": gml.pos_list([(X, Y, Z), (X + 1, Y, Z), (X + 2, Y, Z), (X, Y, Z)]),
        "unclosed-ring": gml.pos_list([(X, Y, Z), (X + 1, Y, Z), (X + 1, Y + 1, Z)]),
        "non-planar": gml.pos_list([(X, Y, Z), (X + 9, Y, Z), (X + 9, Y + 9, Z + 1), (X, Y + 9, Z), (X, Y, Z)]),
        "self-intersecting": gml.pos_list([(X, Y, Z), (X + 9, Y + 9, Z), (X + 9, Y, Z), (X, Y + 6, Z), (X, Y, Z)]),
    }
    for code, coordinates in bad.items():
        face = gml.member(gml.polygon([], coordinates=coordinates))
        content = good + f"<bldg:lod2MultiSurface><gml:MultiSurface>{face}</gml:MultiSurface></bldg:lod2MultiSurface>"
        model = read(tmp_path, gml.city(gml.building("B", content), gml.box_building("C", X + 30, Y, Z, 5, 5, 5)))
        assert [(p.code, p.id, Path(p.file).name) for p in model.report.problems] == [(code, "B", "tile.gml")]
        assert model.building_count == 2
        assert np.count_nonzero(model.surface_building == 0) >= 6


@pytest.mark.parametrize("wild", ["NaN", "1e12", "inf", "999999999"])
def test_a_building_with_absurd_coordinates_is_left_out_and_the_others_stay(tmp_path: Path, wild: str) -> None:
    broken = gml.surfaces("B", gml.box(X, Y, Z, 10, 10, 5)).replace(f"{X:.3f}", wild, 1)
    model = read(tmp_path, gml.city(gml.building("B", broken), gml.box_building("C", X + 30, Y, Z, 5, 5, 5)))
    assert codes(model) == ["bad-coordinates"]
    assert model.report.problems[0].id == "B"
    assert set(model.surface_building.tolist()) == {1}


def test_missing_and_double_ids_get_names_of_their_own(tmp_path: Path) -> None:
    solid = gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1)
    model = read(tmp_path, gml.city(gml.building("", solid), gml.building("B", solid), gml.building("B", solid)))
    assert model.building_id == ["tile-1", "B", "B-2"]
    assert codes(model) == ["duplicate-id", "missing-id"]


def test_other_objects_are_named_as_not_read(tmp_path: Path) -> None:
    other = "<core:cityObjectMember><gen:Anything/></core:cityObjectMember>"
    model = read(tmp_path, gml.city(gml.box_building("B", X, Y, Z, 4, 4, 4), other, other))
    [problem] = model.report.problems
    assert problem.code == "objects-not-read"
    assert "2 Anything" in problem.message
    assert model.report.features == {"Anything": 2}


def test_every_theme_of_a_city_is_counted_by_kind(tmp_path: Path) -> None:
    themes = {"Bridge": 1, "Tunnel": 2, "CityFurniture": 3, "SolitaryVegetationObject": 2, "PlantCover": 1, "Road": 2, "WaterBody": 1}
    themes |= {"LandUse": 2, "ReliefFeature": 1, "CityObjectGroup": 1, "Anything": 1}
    members = [
        f'<core:cityObjectMember><x:{name} xmlns:x="urn:x"/></core:cityObjectMember>' for name, n in themes.items() for _ in range(n)
    ]
    body = gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1)
    part = f'<core:cityObjectMember><bldg:BuildingPart gml:id="P">{body}</bldg:BuildingPart></core:cityObjectMember>'
    model = read(tmp_path, gml.city(gml.box_building("B", X, Y, Z, 4, 4, 4), *members, part))
    assert model.report.features == themes
    assert model.building_id == ["B", "P"]


def test_a_box_selects_whole_buildings_while_reading(tmp_path: Path) -> None:
    text = gml.city(*(gml.box_building(f"B{k}", X + 20 * k, Y, Z, 10, 10, 5) for k in range(5)))
    model = read(tmp_path, text, bbox=(X + 25, Y, X + 45, Y + 5))
    assert model.building_id == ["B1", "B2"]
    assert model.report.buildings == 2


def test_tiles_are_joined_about_one_origin_and_doubles_dropped(tmp_path: Path) -> None:
    one = gml.write(
        tmp_path / "one.gml", gml.city(gml.box_building("A", X, Y, Z, 10, 10, 5), gml.box_building("M", X + 20, Y, Z, 10, 10, 5))
    )
    two = gml.write(
        tmp_path / "two.gml", gml.city(gml.box_building("M", X + 20, Y, Z, 10, 10, 5), gml.box_building("Z", X + 40, Y, Z, 10, 10, 5))
    )
    model = buildings.read_many([one, two])
    assert model.building_id == ["A", "M", "Z"]
    assert codes(model) == ["duplicate-building"]
    assert model.origin.easting == 681735
    assert model.points[:, 0].max() == pytest.approx(50.0)
    assert [Path(model.files[k]).name for k in model.building_file] == ["one.gml", "one.gml", "two.gml"]


def test_another_crs_is_brought_into_the_projects(tmp_path: Path) -> None:
    """31468 (Gauß-Krüger 4) and 25832 at the same corner in Jena; GK to ETRS89 by PROJ's Helmert is good to some metres."""
    import pyproj

    to_gk = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:31468", always_xy=True)
    east, north = to_gk.transform(X, Y)
    text = gml.city(gml.box_building("B", east, north, Z, 20, 10, 8), srs="urn:ogc:def:crs:EPSG::31468")
    model = read(tmp_path, text, origin=Origin("EPSG:25832", 681700, 5644900))
    assert model.points[:, :2].min(axis=0) == pytest.approx([35, 70], abs=1.0)
    assert volume(model.points, model.triangles) == pytest.approx(1600, rel=2e-3)


def test_a_lying_srs_name_is_doubted_and_can_be_overridden(tmp_path: Path) -> None:
    text = gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), srs="EPSG:4326")
    model = read(tmp_path, text)
    assert codes(model) == ["doubtful-crs"]
    assert "EPSG:25832" in model.report.problems[0].message
    assert read(tmp_path, text, crs="EPSG:25832").origin.crs == "EPSG:25832"


@pytest.mark.parametrize(("srs", "code"), [(None, "no-crs"), ("EPSG:23632", "unknown-crs"), ("#local-CRS-1", "unknown-crs")])
def test_an_unknown_crs_keeps_coordinates_and_is_reported(tmp_path: Path, srs: str | None, code: str) -> None:
    model = read(tmp_path, gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), srs=srs))
    assert codes(model) == [code]
    assert model.origin.crs == ""
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))


def test_geographic_coordinates_in_either_order_land_in_the_same_place(tmp_path: Path) -> None:
    """PLATEAU writes latitude first, as EPSG says; others longitude first."""
    corners = [(11.58, 50.92), (11.581, 50.92), (11.581, 50.921), (11.58, 50.921), (11.58, 50.92)]
    places = []
    for srs, swap in (("http://www.opengis.net/def/crs/EPSG/0/4258", True), ("EPSG:4258", False)):
        ring = [(lat, lon, 150.0) if swap else (lon, lat, 150.0) for lon, lat in corners]
        text = " ".join(f"{a:.6f} {b:.6f} {c}" for a, b, c in ring)
        face = gml.member(gml.polygon([], coordinates=f"<gml:posList>{text}</gml:posList>"))
        content = f"<bldg:lod1MultiSurface><gml:MultiSurface>{face}</gml:MultiSurface></bldg:lod1MultiSurface>"
        model = read(tmp_path, gml.city(gml.building("B", content), srs=srs))
        assert model.origin.crs == "EPSG:25832"
        places.append(model.origin.to_world(model.points))
    assert np.allclose(np.sort(places[0], axis=0), np.sort(places[1], axis=0))
    assert places[0][0] == pytest.approx([681308, 5644019, 150], abs=100)


def test_feet_become_metres_places_and_heights(tmp_path: Path) -> None:
    """New York delivers US survey feet (EPSG:2263); a box of 100 × 50 × 30 ft is 30.48 × 15.24 × 9.144 m."""
    text = gml.city(gml.box_building("B", 984000.0, 199000.0, 40.0, 100, 50, 30), srs="urn:ogc:def:crs:EPSG::2263")
    model = read(tmp_path, text)
    assert model.origin.crs == "EPSG:32618"
    assert volume(model.points, model.triangles) == pytest.approx(150_000 * 0.3048006**3, rel=1e-3)
    assert np.ptp(model.points[:, 2]) == pytest.approx(9.144, abs=1e-3)
    assert model.points[:, 2].min() == pytest.approx(12.192, abs=1e-3)
    assert codes(model) == ["not-in-metres"]
    metric = read(tmp_path, text.replace("EPSG::2263", "EPSG::2263,crs:EPSG::5703"))  # heights stated in metres
    assert metric.points[:, 2].min() == 40.0


def test_a_zone_before_the_easting_is_cut_off(tmp_path: Path) -> None:
    model = read(tmp_path, gml.city(gml.box_building("B", 32e6 + X, Y, Z, 20, 10, 8), srs="urn:adv:crs:ETRS89_UTM32"))
    assert codes(model) == ["zone-prefix"]
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))


def test_web_mercator_is_no_measure_and_is_brought_to_utm(tmp_path: Path) -> None:
    """At 51° north its metres are 1.58 times too long: a house of 10 m would be 15.8 m wide and not higher."""
    import pyproj

    to_web = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:3857", always_xy=True)
    faces = {
        kind: [[(*to_web.transform(a, b), c) for a, b, c in ring] for ring in rings] for kind, rings in gml.box(X, Y, Z, 20, 10, 8).items()
    }
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", faces)), srs="EPSG:3857"))
    assert model.origin.crs == "EPSG:25832"
    assert volume(model.points, model.triangles) == pytest.approx(1600.0, rel=1e-3)


def test_a_body_that_faces_inward_is_turned_before_its_roof_is_told_from_its_floor(tmp_path: Path) -> None:
    inward = {kind: [ring[::-1] for ring in rings] for kind, rings in gml.box(X, Y, Z, 20, 10, 8).items()}
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(inward, 1)), gml.box_building("C", X + 40, Y, Z, 5, 5, 5)))
    assert [(problem.code, problem.id) for problem in model.report.problems] == [("inside-out", "B")]
    assert volume(model.points, model.triangles[model.triangle_building == 0]) == pytest.approx(1600.0)
    roof = np.flatnonzero((model.surface_building == 0) & (model.surface_semantics == Semantics.ROOF))
    high = model.points[np.isin(np.repeat(model.ring_surface, np.diff(model.ring_start)), roof), 2]
    assert set(high.tolist()) == {Z + 8}


def test_an_open_body_is_left_as_it_is(tmp_path: Path) -> None:
    inward = {"WallSurface": [ring[::-1] for ring in gml.box(X, Y, Z, 20, 10, 8)["WallSurface"][:2]]}
    assert codes(read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", inward))))) == []


def test_the_largest_ring_is_the_outer_one_whatever_the_file_says(tmp_path: Path) -> None:
    small = [(X + 2, Y + 2, Z), (X + 4, Y + 2, Z), (X + 4, Y + 4, Z), (X + 2, Y + 4, Z), (X + 2, Y + 2, Z)]
    large = gml.box(X, Y, Z, 10, 10, 5)["GroundSurface"][0]
    content = (
        f"<bldg:lod2MultiSurface><gml:MultiSurface>{gml.member(gml.polygon(small, [large]))}</gml:MultiSurface></bldg:lod2MultiSurface>"
    )
    model = read(tmp_path, gml.city(gml.building("B", content)))
    assert codes(model) == ["swapped-rings"]
    assert area(model) == pytest.approx(100 - 4)


def test_what_a_building_holds_inside_is_named_as_not_read(tmp_path: Path) -> None:
    room = "<bldg:interiorRoom><bldg:Room/></bldg:interiorRoom>"
    model = read(tmp_path, gml.city(gml.building("B", gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1) + room * 3)))
    [problem] = model.report.problems
    assert (problem.code, problem.message) == ("objects-not-read", "only the outside of buildings is read, not: 3 Room")


def test_houses_without_ids_in_two_files_of_one_name_are_all_kept(tmp_path: Path) -> None:
    paths = []
    for number in (0, 1):
        (tmp_path / str(number)).mkdir()
        solids = [gml.building("", gml.solid(gml.box(X + 20 * k, Y + 50 * number, Z, 4, 4, 4), 1)) for k in range(3)]
        paths.append(gml.write(tmp_path / str(number) / "houses.gml", gml.city(*solids)))
    model = buildings.read_many(paths)
    assert model.building_count == 6
    assert len(set(model.building_id)) == 6
    assert codes(model) == ["missing-id", "missing-id"]


def test_northings_before_eastings_are_swapped(tmp_path: Path) -> None:
    faces = {kind: [[(b, a, c) for a, b, c in ring] for ring in rings] for kind, rings in gml.box(X, Y, Z, 20, 10, 8).items()}
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", faces))))
    assert codes(model) == ["swapped-axes"]
    assert volume(model.points, model.triangles) == pytest.approx(1600.0)
    assert model.report.extent == pytest.approx((X, Y, Z, X + 20, Y + 10, Z + 8))


def test_a_building_made_of_constructive_elements(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    element = f"<bldg:buildingConstructiveElement><bldg:BuildingConstructiveElement>{gml.solid(faces, 3, 'core')}</bldg:BuildingConstructiveElement></bldg:buildingConstructiveElement>"
    model = read(tmp_path, gml.city(gml.building("B", element), version="3.0"))
    assert volume(model.points, model.triangles) == pytest.approx(64.0)


def test_an_empty_tile_is_no_problem(tmp_path: Path) -> None:
    model = read(tmp_path, gml.city().replace("150.0", "NaN"))
    assert (model.building_count, codes(model), model.report.extent) == (0, [], None)
    assert model.origin.crs == "EPSG:25832"


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    def stop(_share: float, _what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read(tmp_path, gml.city(gml.box_building("B", X, Y, Z, 4, 4, 4)), progress=stop)


def flat(kind: str, ring: gml.Ring, lod: int = 2) -> str:
    """One boundary surface with one polygon."""
    face = gml.member(gml.polygon(ring))
    return f"<bldg:boundedBy><bldg:{kind}><bldg:lod{lod}MultiSurface><gml:MultiSurface>{face}</gml:MultiSurface></bldg:lod{lod}MultiSurface></bldg:{kind}></bldg:boundedBy>"


def outline(kind: str, ring: gml.Ring) -> str:
    return f"<bldg:lod0{kind}><gml:MultiSurface>{gml.member(gml.polygon(ring))}</gml:MultiSurface></bldg:lod0{kind}>"


def test_an_outline_is_taken_only_where_there_is_nothing_better(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 10, 10, 5)
    outlines = outline("FootPrint", faces["GroundSurface"][0]) + outline("RoofEdge", faces["RoofSurface"][0])
    model = read(tmp_path, gml.city(gml.building("B", outlines)))
    assert model.building_lod.tolist() == [0]
    assert model.surface_semantics.tolist() == [Semantics.GROUND, Semantics.ROOF]
    assert codes(model) == ["flat-only"]
    model = read(tmp_path, gml.city(gml.building("B", outlines + gml.solid(faces, 1))))
    assert (model.building_lod.tolist(), len(model.surface_building), codes(model)) == ([1], 6, [])
    part = gml.part("P", gml.surfaces("P", faces))
    model = read(tmp_path, gml.city(gml.building("B", outlines, parts=[part])))
    assert np.bincount(model.surface_building).tolist() == [0, 6]


def test_the_outside_of_lod_4_is_read_without_its_rooms(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 10, 10, 5)
    inside = gml.box(X + 1, Y + 1, Z, 8, 8, 4)
    room = f"<bldg:interiorRoom><bldg:Room>{gml.solid(inside, 4)}</bldg:Room></bldg:interiorRoom>"
    wall = flat("InteriorWallSurface", inside["WallSurface"][0], 4)
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", faces, lod=4) + wall + room)))
    assert model.building_lod.tolist() == [4]
    assert volume(model.points, model.triangles) == pytest.approx(500.0)
    assert Semantics.INTERIOR not in model.surface_semantics
    assert codes(model) == ["interior", "objects-not-read"]
    assert read(tmp_path, gml.city(gml.building("B", gml.solid(faces, 3) + gml.solid(inside, 4)))).building_lod.tolist() == [3]


def test_surfaces_of_an_extension_are_told_by_their_slope(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 10, 10, 5)
    text = gml.city(gml.building("B", gml.surfaces("B", faces))).replace("bldg:RoofSurface", "x:GreenRoof")
    model = read(tmp_path, text.replace("<core:CityModel", '<core:CityModel xmlns:x="http://example.org/ade"'))
    assert np.count_nonzero(model.surface_semantics == Semantics.ROOF) == 1
    assert volume(model.points, model.triangles) == pytest.approx(500.0)


def test_a_wall_that_is_only_named_is_the_other_features_wall(tmp_path: Path) -> None:
    """CityGML 3 names boundary surfaces by links; the file may write its own name before the mark."""
    first, second = gml.box(X, Y, Z, 10, 10, 6), gml.box(X + 10, Y, Z, 10, 10, 6)
    text = gml.surfaces("A", first).replace("<bldg:RoofSurface>", '<bldg:RoofSurface gml:id="roof">')
    del second["RoofSurface"]
    for link in ("#roof", "tile.gml#roof"):
        named = f'<bldg:boundedBy xlink:href="{link}"/>'
        model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", second) + named), gml.building("A", text)))
        assert np.bincount(model.surface_building).tolist() == [6, 6]
        roofs = model.surface_semantics[model.surface_building == 0] == Semantics.ROOF
        assert np.count_nonzero(roofs) == 1
        assert codes(model) == []


def test_a_solid_that_is_only_named(tmp_path: Path) -> None:
    faces = gml.box(X, Y, Z, 4, 4, 4)
    other = gml.building("A", gml.solid(faces, 2).replace("<gml:Solid>", '<gml:Solid gml:id="S">'))
    model = read(tmp_path, gml.city(gml.building("B", '<bldg:lod2Solid xlink:href="#S"/>'), other))
    assert np.bincount(model.surface_building).tolist() == [6, 6]
    assert codes(model) == []


def test_a_balcony_placed_by_a_matrix_stands_where_it_belongs(tmp_path: Path) -> None:
    """Turned by 90°, twice as large, 5 m above its reference point; the second one only names the form of the first."""
    shape = "".join(gml.member(gml.polygon(ring)) for rings in gml.box(0, 0, 0, 2, 1, 1).values() for ring in rings)
    implicit = """<bldg:outerBuildingInstallation><bldg:BuildingInstallation><bldg:lod2ImplicitRepresentation><core:ImplicitGeometry>
    <core:transformationMatrix>0 -2 0 0 2 0 0 0 0 0 2 5 0 0 0 1</core:transformationMatrix>{}
    <core:referencePoint><gml:Point><gml:pos>{} {} {}</gml:pos></gml:Point></core:referencePoint>
    </core:ImplicitGeometry></bldg:lod2ImplicitRepresentation></bldg:BuildingInstallation></bldg:outerBuildingInstallation>"""
    given = f'<core:relativeGMLGeometry><gml:MultiSurface gml:id="form">{shape}</gml:MultiSurface></core:relativeGMLGeometry>'
    content = gml.surfaces("B", gml.box(X, Y, Z, 10, 10, 5))
    content += implicit.format(given, X, Y, Z) + implicit.format('<core:relativeGMLGeometry xlink:href="#form"/>', X + 20, Y, Z)
    content += implicit.format("<core:libraryObject>tree.obj</core:libraryObject>", X, Y, Z)
    model = read(tmp_path, gml.city(gml.building("B", content)))
    assert codes(model) == ["library-geometry"]
    world = model.origin.to_world(model.points[model.triangles[model.surface_semantics[model.triangle_surface] == Semantics.INSTALLATION]])
    for east in (X, X + 20):
        here = world[abs(world[:, :, 0] - east).max(axis=1) < 3].reshape(-1, 3)
        assert here.min(axis=0) == pytest.approx([east - 2, Y, Z + 5])
        assert here.max(axis=0) == pytest.approx([east, Y + 4, Z + 7])


def test_the_geometrys_own_crs_goes_before_that_of_an_envelope(tmp_path: Path) -> None:
    text = gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), srs="EPSG:4326")
    model = read(tmp_path, text.replace("<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:25832">'))
    assert model.origin.crs == "EPSG:25832"
    assert codes(model) == ["several-crs"]


def test_the_first_citygml_with_one_namespace_for_all(tmp_path: Path) -> None:
    text = gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), version="1.0")
    for module in ("", "building/", "generics/"):
        text = text.replace(f"http://www.opengis.net/citygml/{module}1.0", "http://www.citygml.org/citygml/1/0/0")
    model = read(tmp_path, text)
    assert volume(model.points, model.triangles) == pytest.approx(1600.0)
    assert codes(model) == []


def test_buildings_as_a_web_service_delivers_them(tmp_path: Path) -> None:
    text = gml.city(gml.box_building("B", X, Y, Z, 20, 10, 8), gml.box_building("C", X + 30, Y, Z, 20, 10, 8))
    text = text.replace("core:cityObjectMember", "wfs:member").replace("core:CityModel", "wfs:FeatureCollection")
    model = read(tmp_path, text.replace("xmlns:gen", 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gen', 1))
    assert model.building_id == ["B", "C"]


@pytest.mark.parametrize("name", ["Surface", "TriangulatedSurface", "PolyhedralSurface", "Tin"])
def test_patches_and_triangles_are_faces(tmp_path: Path, name: str) -> None:
    ring = gml.box(X, Y, Z, 10, 10, 5)["RoofSurface"][0]
    halves = [[ring[0], ring[1], ring[2], ring[0]], [ring[0], ring[2], ring[3], ring[0]]]
    kind = "PolygonPatch" if name in ("Surface", "PolyhedralSurface") else "Triangle"
    patches = "".join(gml.polygon(half).replace("gml:Polygon>", f"gml:{kind}>") for half in halves)
    property_ = {"Surface": "patches", "PolyhedralSurface": "polygonPatches"}.get(name, "trianglePatches")
    content = f"<bldg:lod2MultiSurface><gml:MultiSurface>{gml.member(f'<gml:{name}><gml:{property_}>{patches}</gml:{property_}></gml:{name}>')}</gml:MultiSurface></bldg:lod2MultiSurface>"
    model = read(tmp_path, gml.city(gml.building("B", content)))
    assert (len(model.surface_building), area(model)) == (2, pytest.approx(100.0))


def test_solids_of_solids(tmp_path: Path) -> None:
    for kind in ("MultiSolid", "CompositeSolid"):
        inner = "".join(
            gml.solid(gml.box(X + 10 * k, Y, Z, 4, 4, 4), 2)[len("<bldg:lod2Solid>") : -len("</bldg:lod2Solid>")] for k in (0, 1)
        )
        inner = inner.replace("<gml:Solid>", "<gml:solidMember><gml:Solid>").replace("</gml:Solid>", "</gml:Solid></gml:solidMember>")
        model = read(tmp_path, gml.city(gml.building("B", f"<bldg:lod2Solid><gml:{kind}>{inner}</gml:{kind}></bldg:lod2Solid>")))
        assert volume(model.points, model.triangles) == pytest.approx(128.0)


def test_a_dimension_stated_anywhere_above_holds(tmp_path: Path) -> None:
    ring = [(X, Y), (X + 6, Y), (X + 6, Y + 6), (X, Y)]
    face = gml.member(gml.polygon([], coordinates=gml.pos_list(ring, dimension="")))
    compound = f'<gml:CompositeSurface srsDimension="2">{face}</gml:CompositeSurface>'
    content = f"<bldg:lod2Solid><gml:Solid><gml:exterior>{compound}</gml:exterior></gml:Solid></bldg:lod2Solid>"
    assert "two-dimensional" in codes(read(tmp_path, gml.city(gml.building("B", content))))


def test_a_ring_whose_points_are_elsewhere_is_left_out_not_half_read(tmp_path: Path) -> None:
    points = "".join(f"<gml:pos>{X + a} {Y + b} {Z}</gml:pos>" for a, b in ((0, 0), (5, 0), (5, 5)))
    face = gml.member(gml.polygon([], coordinates=f'{points}<gml:pointProperty xlink:href="#p"/>'))
    content = f"<bldg:lod2MultiSurface><gml:MultiSurface>{face}</gml:MultiSurface></bldg:lod2MultiSurface>"
    model = read(tmp_path, gml.city(gml.building("B", gml.surfaces("B", gml.box(X, Y, Z, 4, 4, 4)) + content)))
    assert codes(model) == ["malformed-coordinates"]
    assert len(model.surface_building) == 6


def test_coordinates_with_empty_separators(tmp_path: Path) -> None:
    ring = gml.box(X, Y, Z, 10, 10, 5)["RoofSurface"][0]
    old = f'<gml:coordinates decimal="" cs="" ts="">{" ".join(f"{a},{b},{c}" for a, b, c in ring)}</gml:coordinates>'
    content = f"<bldg:lod2MultiSurface><gml:MultiSurface>{gml.member(gml.polygon(ring, coordinates=old))}</gml:MultiSurface></bldg:lod2MultiSurface>"
    assert area(read(tmp_path, gml.city(gml.building("B", content)))) == pytest.approx(100.0)
