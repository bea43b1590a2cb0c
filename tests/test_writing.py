"""What goes in comes out again: CityGML, CityJSON and GeoJSON written, looked at as other programs do, and read again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from jena_planner.jena_city import address, buildings, citygml, exporting, planned
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.citygml.write import srs_name
from jena_planner.jena_city.model import CityModel, Semantics
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report, no_progress
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.triangulate import volume
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Roof, Variant

from . import gml, site

X, Y, Z = gml.JENA
MODELS = ("citygml2", "citygml3", "cityjson")
BLOCKS = (
    Block("a", shapely.box(20, -30, 45, -15), 5, "Neubau", base=150.0, roof=Roof("flat", parapet=0.5), use="büro"),
    Block("b 2", shapely.box(60, -30, 72, -20), 2, "Haus <Süd> & Co", base=150.5, roof=Roof("gable", 40.0, 30.0)),
    Block("ü", shapely.box(-60, -30, -20, 0).difference(shapely.box(-50, -20, -30, -10)), 3, base=149.0, properties={"stellplätze": 12}),
    Block("4", shapely.box(80, 0, 95, 12), 2, base=150.0, roof=Roof("hip", 30.0), use="bunker"),
    Block("5", shapely.box(80, 20, 95, 32), 2, base=150.0, roof=Roof("shed", 12.0)),
)
VARIANT = Variant("Süd 1", "Neubau Süd", BLOCKS, ("B1",))


def put(city: CityModel, folder: Path, kind: str) -> tuple[Path, Report]:
    path = folder / f"out{exporting.FORMATS[kind][1]}"
    applied = apply(Site(city.origin, city), NULL_VARIANT)
    return path, exporting.export(applied, path, kind, name="Jena <Süd> & mehr", progress=no_progress)


def there_and_back(city: CityModel, folder: Path, kind: str) -> CityModel:
    return buildings.read(put(city, folder, kind)[0], origin=city.origin)


def town(folder: Path) -> CityModel:
    """A small town with a variant: two houses stay, one goes, five blocks come."""
    place = site.site(folder, (0, 0, 12, 10, 8), (30, 0, 12, 10, 8), (60, 0, 10, 10, 6))
    return planned.planned(site.with_variant(place, VARIANT))


def assert_same(one: CityModel, other: CityModel, *, ids: bool = True) -> None:
    """The same buildings with the same attributes, and the same faces to a millimetre (of a face, the first point may be another)."""
    assert other.building_id == one.building_id
    assert other.building_parent.tolist() == one.building_parent.tolist()
    assert other.building_lod.tolist() == one.building_lod.tolist()
    assert other.attributes == one.attributes
    assert (other.roof_type, other.function) == (one.roof_type, one.function)
    assert other.storeys.tolist() == one.storeys.tolist()
    np.testing.assert_array_equal(other.measured_height, one.measured_height)
    order, back = (np.lexsort((np.arange(len(m.surface_id)), m.surface_semantics, m.surface_building)) for m in (one, other))
    assert other.surface_semantics[back].tolist() == one.surface_semantics[order].tolist()
    if ids:
        given = [(one.surface_id[k], other.surface_id[n]) for k, n in zip(order, back, strict=True) if one.surface_id[k]]
        assert [new for _, new in given] == [old for old, _ in given]
    for k, n in zip(order, back, strict=True):
        for ring, copy in zip(rings(one, k), rings(other, n), strict=True):
            assert np.abs(ring - copy).max() <= 0.00051


def rings(city: CityModel, surface: int) -> list[Any]:
    return [city.points[city.ring_start[r] : city.ring_start[r + 1]] for r in np.flatnonzero(city.ring_surface == surface)]


def volumes(city: CityModel) -> list[float]:
    return [volume(city.points, city.triangles[city.triangle_building == row]) for row in range(len(city.building_id))]


@pytest.mark.parametrize("kind", MODELS)
def test_a_town_with_a_variant_comes_back_as_it_was(tmp_path: Path, kind: str) -> None:
    city = town(tmp_path)
    assert city.building_id == ["B0", "B2", "sued-1_a", "sued-1_b-2", "sued-1_-", "sued-1_4", "sued-1_5"]
    back = there_and_back(city, tmp_path, kind)
    assert back.report.problems == []
    assert_same(city, back, ids=False)
    assert volumes(back) == pytest.approx(volumes(city), rel=1e-4)
    assert min(volumes(back)) > 0
    block = back.building_id.index("sued-1_a")
    assert back.attributes[block]["name"] == "Neubau"
    assert (back.storeys[block], back.roof_type[block], back.function[block]) == (5, "1000", "31001_2020")
    assert back.attributes[4]["stellplätze"] == 12
    assert back.function[5] == "bunker"


def test_blocks_never_take_the_id_of_a_building() -> None:
    blocks = [Block(name, shapely.box(0, 0, 9, 9), 1) for name in ("x", "x y", "x-y")]
    made = planned.block_ids(Variant("7", "", tuple(blocks)), {"_7_x"})
    assert made == ["_7_x-2", "_7_x-y", "_7_x-y-2"]


ATTRIBUTES = st.dictionaries(
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8).filter(lambda key: not key.startswith(("name", "class"))),
    st.one_of(
        st.integers(-(2**40), 2**40),
        st.floats(-9e5, 9e5, allow_nan=False),
        st.text(st.characters(categories=("L", "N", "P", "S")), max_size=12),
    ),
    max_size=4,
)
SIZES = st.lists(st.tuples(*(st.floats(0, 300) for _ in range(3)), *(st.floats(0.05, 60) for _ in range(3))), min_size=1, max_size=4)


@pytest.mark.parametrize("kind", MODELS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=SIZES, attributes=ATTRIBUTES, height=st.floats(0.1, 300), storeys=st.integers(0, 99))
def test_any_boxes_and_attributes_come_back(
    tmp_path: Path, kind: str, sizes: list[Any], attributes: dict[str, Any], height: float, storeys: int
) -> None:
    text = gml.city(*(gml.box_building(f"B{k}", X + s[0], Y + s[1], Z + s[2], *s[3:]) for k, s in enumerate(sizes)))
    city = citygml.read(gml.write(tmp_path / "in.gml", text), origin=site.ORIGIN)
    city.attributes[0], city.measured_height[0], city.storeys[0] = attributes, height, storeys
    back = there_and_back(city, tmp_path, kind)
    assert_same(city, back, ids=kind != "cityjson")
    assert back.report.problems == []


# The order in which the schemas have the elements (CityGML 2.0 building.xsd and cityGMLBase.xsd; 3.0 core, construction and building.xsd).
ORDER = {
    "citygml2": (
        "description name externalReference stringAttribute|intAttribute|doubleAttribute class function usage yearOfConstruction "
        "yearOfDemolition roofType measuredHeight storeysAboveGround storeysBelowGround lod0FootPrint lod0RoofEdge lod1Solid "
        "lod1MultiSurface lod2Solid lod2MultiSurface outerBuildingInstallation boundedBy lod3Solid lod4Solid consistsOfBuildingPart address"
    ),
    "citygml3": (
        "description name externalReference genericAttribute boundary lod1Solid lod2Solid lod3Solid dateOfConstruction dateOfDemolition "
        "height class function usage roofType storeysAboveGround storeysBelowGround buildingInstallation address buildingPart"
    ),
}


def full(folder: Path) -> CityModel:
    """A building with everything that can be written, with a part in LoD 1 and one without a body."""
    faces = gml.box(X, Y, Z, 12, 10, 8)
    parts = [
        gml.part("P1", gml.solid(gml.box(X + 12, Y, Z, 4, 4, 4), 1)),
        gml.part("P2", gml.surfaces("P2", {"RoofSurface": gml.box(X + 20, Y, Z, 4, 4, 4)["RoofSurface"]})),
    ]
    city = citygml.read(
        gml.write(folder / "full.gml", gml.city(gml.building("B", gml.surfaces("B", faces), parts=parts))), origin=site.ORIGIN
    )
    city.attributes[0] = {
        "name": "Rathaus",
        "description": "am Markt",
        "external_reference": "DETH1",
        "class": "1000",
        "usage": "9",
        "year_of_construction": "1380",
        "storeys_below_ground": "1",
        "address": "Markt 1a, 07743 Jena",
        "Zahl": 3,
        "Maß": 2.5,
        "Wort": "ja",
    }
    city.measured_height[0], city.storeys[0], city.roof_type[0], city.function[0] = 8.0, 2, "1000", "31001_3010"
    return city


@pytest.mark.parametrize("kind", ORDER)
def test_elements_stand_in_the_order_of_the_schema(tmp_path: Path, kind: str) -> None:
    path, report = put(full(tmp_path), tmp_path, kind)
    assert [problem.code for problem in report.problems] == ["open-body"]
    place = {name: number for number, names in enumerate(ORDER[kind].split()) for name in names.split("|")}
    root = etree.parse(str(path)).getroot()
    assert [etree.QName(child).localname for child in root] == ["name", "boundedBy", "cityObjectMember"]
    seen = set()
    for element in root.iter("{*}Building", "{*}BuildingPart"):
        names = [etree.QName(child).localname for child in element]
        assert [place[name] for name in names] == sorted(place[name] for name in names)
        seen.update(names)
    assert {"name", "address", "storeysBelowGround", "externalReference"} < seen
    ids = root.xpath("//@*[local-name()='id']")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[^\W\d][\w.-]*", name) for name in ids)
    links = [link.removeprefix("#") for link in root.xpath("//@*[local-name()='href']")]
    assert links
    assert set(links) <= set(ids)
    assert all(
        element.get(f"{{{gml.GML_OF['3.0']}}}id")
        for element in root.iter(f"{{{gml.GML_OF['3.0']}}}Polygon", f"{{{gml.GML_OF['3.0']}}}Solid")
    )


@pytest.mark.parametrize("kind", MODELS)
def test_everything_a_building_can_have_comes_back(tmp_path: Path, kind: str) -> None:
    city = full(tmp_path)
    back = there_and_back(city, tmp_path, kind)
    if kind == "citygml3":  # it knows days only
        assert back.attributes[0].pop("year_of_construction") == "1380-01-01"
        city.attributes[0].pop("year_of_construction")
    assert_same(city, back, ids=kind != "cityjson")


@pytest.mark.parametrize("kind", MODELS)
def test_what_a_format_cannot_say_is_said_all_the_same(tmp_path: Path, kind: str) -> None:
    city = town(tmp_path)
    city.building_id[0] = "{3F}/0 ä"
    city.attributes[0] = {"list": [1, {"a": None}], "flag": True, "none": None, "bad": "a\x00b", "year_of_construction": "um 1900"}
    path, report = put(city, tmp_path, kind)
    back = buildings.read(path, origin=city.origin)
    if kind == "cityjson":
        assert back.building_id[0] == "{3F}/0 ä"
        assert back.attributes[0]["list"] == [1, {"a": None}]
        return
    assert [(problem.code, problem.id) for problem in report.problems] == [("id-changed", "{3F}/0 ä")]
    assert back.building_id[0] == "_3F__0_ä"
    values = {"list": '[1, {"a": null}]', "flag": "true", "bad": "ab", "year_of_construction": "um 1900", "original_id": "{3F}/0 ä"}
    assert back.attributes[0] == values


def test_of_many_changed_ids_some_are_named_and_all_are_counted(tmp_path: Path) -> None:
    city = town(tmp_path)
    city.building_id = [str(row) for row in range(7)]
    report = put(city, tmp_path, "citygml2")[1]
    assert [(problem.id, problem.message[:6]) for problem in report.problems[-2:]] == [("4", "writte"), ("", "2 more")]
    assert buildings.read(tmp_path / "out.gml").building_id == [f"_{row}" for row in range(7)]


def test_windows_hang_in_a_wall_and_balconies_are_installations(tmp_path: Path) -> None:
    city = town(tmp_path)
    city.building_lod[0] = 3
    first = np.flatnonzero(city.surface_building == 0)
    city.surface_semantics[first[1]], city.surface_semantics[first[2]] = Semantics.WINDOW, Semantics.DOOR
    city.surface_semantics[first[3]] = Semantics.INSTALLATION
    for kind in MODELS:
        assert_same(city, there_and_back(city, tmp_path, kind), ids=False)


def test_the_flat_and_the_simple_levels_come_back(tmp_path: Path) -> None:
    footprint = gml.box(X, Y, Z, 9, 9, 9)
    flat = f"<bldg:lod0FootPrint><gml:MultiSurface>{gml.member(gml.polygon(footprint['GroundSurface'][0]))}</gml:MultiSurface></bldg:lod0FootPrint>"
    simple = gml.solid(gml.box(X + 20, Y, Z, 9, 9, 9), 1)
    text = gml.city(gml.building("F", flat), gml.building("S", simple))
    city = citygml.read(gml.write(tmp_path / "in.gml", text), origin=site.ORIGIN)
    for kind in MODELS:
        back = there_and_back(city, tmp_path, kind)
        assert back.building_lod.tolist() == [0, 1]
        assert_same(city, back, ids=False)


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        (site.ORIGIN, "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837"),
        (Origin("EPSG:25833", 0, 0, "DE_DHHN92_NH"), "urn:ogc:def:crs,crs:EPSG::25833,crs:EPSG::5783"),
        (Origin("EPSG:25832", 0, 0), "urn:ogc:def:crs:EPSG::25832"),
        (Origin("EPSG:31468", 0, 0, "DE_DHHN92_NH"), "urn:adv:crs:DE_DHDN_3GK4*DE_DHHN92_NH"),
        (Origin("", 0, 0), ""),
    ],
)
def test_the_name_of_the_coordinate_system(origin: Origin, name: str) -> None:
    assert srs_name(origin) == name


@pytest.mark.parametrize("kind", MODELS)
def test_the_place_and_the_heights_are_named(tmp_path: Path, kind: str) -> None:
    city = town(tmp_path)
    city.origin = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN92_NH")
    back = buildings.read(put(city, tmp_path, kind)[0])
    assert (back.origin.crs, back.origin.height_system) == ("EPSG:25832", "DE_DHHN92_NH")
    low, high = city.origin.to_world(city.points.min(axis=0)), city.origin.to_world(city.points.max(axis=0))
    assert back.report.extent == pytest.approx((*low, *high), abs=0.0006)


def test_cityjson_is_sound(tmp_path: Path) -> None:
    path, report = put(town(tmp_path), tmp_path, "cityjson")
    assert [problem.code for problem in report.problems] == ["heights-unnamed"]
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (content["type"], content["version"]) == ("CityJSON", "2.0")
    assert content["metadata"]["referenceSystem"] == "https://www.opengis.net/def/crs/EPSG/0/25832"
    vertices = content["vertices"]
    assert all(type(value) is int and value >= 0 for vertex in vertices for value in vertex)
    assert len({tuple(vertex) for vertex in vertices}) == len(vertices)
    used = set()
    for one in content["CityObjects"].values():
        assert one["type"] == "Building"
        [geometry] = one["geometry"]
        assert (geometry["type"], geometry["lod"]) == ("Solid", "2")
        [shell], [values] = geometry["boundaries"], geometry["semantics"]["values"]
        assert len(shell) == len(values)
        assert max(values) < len(geometry["semantics"]["surfaces"])
        edges = [(a, b) for face in shell for ring in face for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
        assert len(set(edges)) == len(edges)
        assert {(b, a) for a, b in edges} == set(edges)
        used.update(corner for edge in edges for corner in edge)
    assert used == set(range(len(vertices)))


def test_cityjson_names_parts_and_parents_both_ways(tmp_path: Path) -> None:
    objects = json.loads(put(full(tmp_path), tmp_path, "cityjson")[0].read_text(encoding="utf-8"))["CityObjects"]
    assert objects["B"]["children"] == ["P1", "P2"]
    assert objects["P1"]["parents"] == objects["P2"]["parents"] == ["B"]
    assert objects["B"]["address"] == [
        {"ThoroughfareName": "Markt", "ThoroughfareNumber": "1a", "Postcode": "07743", "LocalityName": "Jena"}
    ]


def test_geojson_has_every_footprint_where_it_stands(tmp_path: Path) -> None:
    city = town(tmp_path)
    path, report = put(city, tmp_path, "geojson")
    assert report.problems == []
    content = json.loads(path.read_text(encoding="utf-8"))
    assert "crs" not in content
    features = {feature["id"]: feature for feature in content["features"]}
    assert list(features) == city.building_id
    back = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    for block, name in zip(BLOCKS, city.building_id[2:], strict=True):
        shape = shapely.geometry.shape(features[name]["geometry"])
        assert shape.exterior.is_ccw
        assert not any(hole.is_ccw for hole in shape.interiors)
        placed = shapely.transform(shape, lambda xy: site.ORIGIN.to_local(np.column_stack(back.transform(*xy.T))))
        assert placed.hausdorff_distance(block.footprint) < 0.003
    properties = features["sued-1_b-2"]["properties"]
    assert (properties["name"], properties["storeysAboveGround"], properties["roof_pitch"]) == ("Haus <Süd> & Co", 2, 40.0)
    assert (properties["lowest"], features["B0"]["properties"]["highest"]) == (150.5, 158.0)


def test_geojson_keeps_parts_and_buildings_without_faces(tmp_path: Path) -> None:
    text = gml.city(gml.building("E", ""), gml.building("B", "", parts=[gml.part("P", gml.surfaces("P", gml.box(X, Y, Z, 9, 9, 9)))]))
    city = citygml.read(gml.write(tmp_path / "in.gml", text), origin=site.ORIGIN)
    path, report = put(city, tmp_path, "geojson")
    assert [problem.code for problem in report.problems] == ["no-footprint"]
    empty, whole = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert empty["geometry"] is None
    assert whole["geometry"]["type"] == "Polygon"
    assert [part["id"] for part in whole["properties"]["parts"]] == ["P"]


def test_geojson_needs_to_know_where_it_is(tmp_path: Path) -> None:
    city = town(tmp_path)
    city.origin = Origin("", 0, 0)
    with pytest.raises(InputProblem, match="no coordinate system"):
        put(city, tmp_path, "geojson")


@pytest.mark.parametrize("kind", (*MODELS, "geojson"))
def test_an_empty_town_is_a_file_all_the_same(tmp_path: Path, kind: str) -> None:
    city = town(tmp_path)
    path, _ = put(city.selected(np.zeros(len(city.building_id), bool)), tmp_path, kind)
    if kind == "geojson":
        assert json.loads(path.read_text(encoding="utf-8"))["features"] == []
    else:
        assert buildings.read(path).building_count == 0


@given(st.lists(st.sampled_from(["Am Markt", "1", "12 b", "07743", "Jena", "Straße des 17. Juni", ", ", " ", "Lobeda-West"]), max_size=7))
def test_an_address_taken_apart_gives_its_line_again(words: list[str]) -> None:
    line = " ".join("".join(words).split()).strip(" ,")
    street, number, code, town = address.parts(line)
    assert ", ".join(part for part in (" ".join(filter(None, (street, number))), " ".join(filter(None, (code, town)))) if part) == line


@pytest.mark.needs("data")
@pytest.mark.parametrize("kind", MODELS)
def test_real_tiles_come_back_as_they_were(data: Path, tmp_path: Path, kind: str) -> None:
    city = buildings.read_many(sorted((data / "citygml/nrw").glob("LoD2_32_32*_NW.gml")))
    path, report = put(city, tmp_path, kind)
    back = buildings.read(path, origin=city.origin)
    assert_same(city, back, ids=kind != "cityjson")
    known = {(problem.code, problem.id) for problem in city.report.problems if problem.code != "zero-area"}
    assert {(problem.code, problem.id) for problem in back.report.problems} == known
    assert volumes(back) == pytest.approx(volumes(city), abs=0.1)
    closed = sum(len(list(element)) for element in etree.parse(str(path)).getroot().iter("{*}lod2Solid")) if kind != "cityjson" else 0
    assert kind == "cityjson" or closed > 0.95 * len(np.unique(city.surface_building))
    assert {problem.code for problem in report.problems} <= {"open-body", "heights-unnamed"}
