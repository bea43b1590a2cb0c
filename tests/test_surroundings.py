"""What a city model holds beside buildings: read with its forms and words, and never counted as a house."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from scipy.spatial import Delaunay

from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.rays import Raycaster
from jena_planner.analyses.sensors import face_cells, uncovered
from jena_planner.jena_city import buildings, citygml, cityjson, codes, exporting, project, store
from jena_planner.jena_city.applied import AROUND, NO_BUILDING, apply
from jena_planner.jena_city.check import check
from jena_planner.jena_city.model import CityModel, Semantics
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, no_progress
from jena_planner.jena_city.project import Codes
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.sources import read_site
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.themes import LAND, THEME_OF, THEMES, TRAFFIC, WATER
from jena_planner.jena_city.triangulate import triangle_normals, volume
from jena_planner.jena_city.variant import NULL_VARIANT
from jena_planner.scene import around as beside

from . import gml, themes
from .cityjson import Town

X, Y, Z = gml.JENA
WHOLES = {
    "Bridge": 1,
    "Tunnel": 1,
    "SolitaryVegetationObject": 3,
    "PlantCover": 1,
    "CityFurniture": 2,
    "Road": 1,
    "WaterBody": 1,
    "LandUse": 1,
    "GenericCityObject": 1,
}


def around(model: CityModel) -> CityModel:
    assert model.surroundings is not None
    return model.surroundings


def of(model: CityModel, name: str) -> CityModel:
    """One object of the surroundings, with its parts."""
    found = around(model)
    return found.selected(found.building_root == found.building_id.index(name))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "town.gml"


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_everything_is_read_and_only_the_house_counts(path: Path, version: str) -> None:
    model = citygml.read(gml.write(path, themes.town(version)))
    assert (model.building_count, model.part_count, model.building_id) == (1, 0, ["B"])
    assert model.report.features == {**WHOLES, "CityObjectGroup": 1}
    assert around(model).building_count == sum(WHOLES.values())
    assert around(model).origin == model.origin == Origin("EPSG:25832", 681735, 5644970, "")
    assert model.report.extent == pytest.approx((X, Y, Z, X + 10, Y + 10, Z + 8))
    codes = sorted(problem.code for problem in model.report.problems)
    assert codes == ["library-geometry", "objects-not-read"]
    assert [problem.id for problem in model.report.problems if problem.code == "library-geometry"] == ["L2"]


def test_a_bridge_comes_with_its_parts_and_words(path: Path) -> None:
    bridge = of(citygml.read(gml.write(path, themes.town())), "BR")
    assert (bridge.building_id, bridge.building_parent.tolist()) == (["BR", "BR-E", "BR-P"], [-1, 0, 0])
    assert bridge.kind == ["Bridge", "BridgeConstructiveElement", "BridgePart"]
    assert bridge.attributes[0] == {"name": "Paradiesbrücke", "lanes": 2, "class": "1000"}
    assert bridge.function == ["1010", "pier", ""]
    assert np.bincount(bridge.surface_building).tolist() == [1, 6, 6]
    assert bridge.surface_semantics[bridge.surface_building == 0].tolist() == [Semantics.ROOF]
    assert set(bridge.surface_semantics[bridge.surface_building > 0].tolist()) == {Semantics.UNKNOWN}


def test_trees_of_one_form_stand_where_each_belongs(path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    for name, east in (("T1", 20), ("T2", 25), ("T3", 30)):
        one = of(model, name)
        assert volume(one.points, one.triangles) == pytest.approx(2 * 2 * 4)
        low, high = model.origin.to_world(one.points.min(axis=0)), model.origin.to_world(one.points.max(axis=0))
        assert low == pytest.approx((X + east - 1, Y + 14, Z))
        assert high == pytest.approx((X + east + 1, Y + 16, Z + 4))
        assert one.attributes[0] == {"species": "1040", "height": 6.5, "crownDiameter": 4.0}


def test_a_road_knows_its_lanes_and_water_its_surface(path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    assert of(model, "R").surface_semantics.tolist() == [Semantics.TRAFFIC, Semantics.BESIDE_TRAFFIC]
    assert of(model, "W").surface_semantics.tolist() == [Semantics.WATER]
    assert of(model, "LU").function == ["meadow"]


def test_a_form_in_metres_keeps_its_size_in_a_file_of_degrees(path: Path) -> None:
    prototype = themes.body((-0.5, -0.5, 0.0, 1.0, 1.0, 2.0))
    corners = gml.envelope("http://www.opengis.net/def/crs/EPSG/0/6697", (35.1, 138.8, 0), (35.2, 138.9, 50))
    text = gml.city(themes.member(themes.tree("T", (35.15, 138.85, 10.0), prototype)), srs=None)
    model = citygml.read(gml.write(path, text.replace("<core:cityObjectMember", corners + "<core:cityObjectMember", 1)))
    tree = of(model, "T")
    assert model.origin.crs == "EPSG:32654"
    assert np.ptp(tree.points, axis=0) == pytest.approx((2.0, 2.0, 4.0), abs=1e-6)
    assert volume(tree.points, tree.triangles) == pytest.approx(16.0, abs=1e-4)


def test_traffic_of_the_third_version_is_its_surfaces_not_its_room(path: Path) -> None:
    area = f"<core:boundary><tran:TrafficArea><core:lod2MultiSurface>{themes.multi(themes.level(X, Y, Z, 50, 4))}</core:lod2MultiSurface></tran:TrafficArea></core:boundary>"
    room = f"<core:lod2MultiSurface>{themes.body((X, Y, Z, 50, 4, 5))}</core:lod2MultiSurface>"
    space = f"<tran:trafficSpace><tran:TrafficSpace>{area}{room}</tran:TrafficSpace></tran:trafficSpace>"
    road = f'<tran:Road gml:id="R"><tran:section><tran:Section>{space}</tran:Section></tran:section></tran:Road>'
    bare = f'<tran:Railway gml:id="S"><tran:trafficSpace><tran:TrafficSpace>{room}</tran:TrafficSpace></tran:trafficSpace></tran:Railway>'
    other = f'<con:OtherConstruction gml:id="O"><core:lod1Solid><gml:Solid><gml:exterior><gml:Shell>{"".join(gml.member(gml.polygon(r)) for rs in gml.box(X, Y, Z, 3, 3, 3).values() for r in rs)}</gml:Shell></gml:exterior></gml:Solid></core:lod1Solid></con:OtherConstruction>'
    text = gml.city(*(themes.member(one, "3.0") for one in (road, bare, other)), version="3.0")
    model = citygml.read(gml.write(path, text))
    assert of(model, "R").surface_semantics.tolist() == [Semantics.TRAFFIC]
    assert len(of(model, "S").surface_semantics) == 6
    assert (of(model, "O").kind, model.building_id) == (["OtherConstruction"], [])


def test_cityjson_has_the_same_with_its_templates(tmp_path: Path) -> None:
    town = Town()
    town.add("B", "Building", town.box(X, Y, Z, 10, 10, 8))
    town.add("BR", "Bridge", children=["P", "E"], attributes={"function": "1010", "lanes": 2})
    town.add("P", "BridgePart", town.box(X + 20, Y, Z, 10, 3, 1), parents=["BR"])
    town.add("E", "BridgeConstructionElement", town.box(X + 20, Y, Z - 3, 1, 1, 3), parents=["BR"])
    town.add("Q", "TransportSquare", town.box(X, Y + 20, Z, 10, 10, 0.5))
    town.add("X", "+GenericCityObject", town.box(X, Y + 40, Z, 1, 1, 1))
    town.add("M", "+NoiseMap")
    model = cityjson.read(town.write(tmp_path / "town.city.json"))
    assert (model.building_id, around(model).building_id) == (["B"], ["BR", "P", "E", "Q", "X"])
    assert around(model).kind == ["Bridge", "BridgePart", "BridgeConstructiveElement", "Square", "GenericCityObject"]
    assert around(model).building_parent.tolist() == [-1, 0, 0, -1, -1]
    assert (around(model).function[0], around(model).attributes[0]) == ("1010", {"lanes": 2})
    assert model.report.features == {"Bridge": 1, "Square": 1, "GenericCityObject": 1, "+NoiseMap": 1}


def test_check_counts_each_kind_and_no_longer_calls_it_unread(path: Path) -> None:
    report, unreadable = check([gml.write(path, themes.town())])
    assert (unreadable, report.buildings) == ([], 1)
    assert report.features == {**WHOLES, "CityObjectGroup": 1}
    [problem] = [problem for problem in report.problems if problem.code == "objects-not-read"]
    assert problem.message == "objects of kinds that are not read: 1 CityObjectGroup"


def test_a_box_and_several_files_choose_among_them_too(tmp_path: Path) -> None:
    paths = [gml.write(tmp_path / f"{name}.gml", themes.town()) for name in ("one", "two")]
    model = buildings.read_many(paths)
    assert around(model).building_count == sum(WHOLES.values())
    twice = [problem for problem in model.report.problems if problem.code == "duplicate-building"]
    assert [problem.id for problem in twice].count("BR") == 1
    assert len(twice) == 1 + sum(WHOLES.values())
    assert model.report.features["Bridge"] == 1
    near = buildings.read(paths[0], origin=model.origin, bbox=(X + 41, Y, X + 55, Y + 3))
    assert (near.building_count, around(near).building_id) == (0, ["BR", "BR-E", "BR-P"])
    assert near.report.features == {"Bridge": 1, "CityObjectGroup": 1}


def test_a_project_and_a_kept_tile_hold_them(path: Path, tmp_path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    store.save_site(Site(model.origin, model), tmp_path / "data")
    store.save_city(model, tmp_path / "tile.npz")
    for back in (store.load_site(tmp_path / "data").city, store.load_city(tmp_path / "tile.npz")):
        assert around(back).kind == around(model).kind
        assert around(back).attributes == around(model).attributes
        assert np.array_equal(around(back).points, around(model).points)
    bare = Site(model.origin, model)
    with_them = store.site_hash(bare)
    model.surroundings = None
    assert store.site_hash(bare) != with_them  # a bridge throws a shadow


def test_everything_is_one_model(path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    town = model.everything()
    assert town.building_count == model.building_count + around(model).building_count
    assert len(town.triangles) == len(model.triangles) + len(around(model).triangles)
    assert town.kind[:2] == ["Building", "Bridge"]


def test_kinds_have_names_in_both_languages() -> None:
    assert set(codes.KINDS) == set(THEME_OF)
    assert (codes.kind("Bridge", "de"), codes.kind("WaterBody", "en")) == ("Brücke (Bridge)", "water body (WaterBody)")


def on_ground(model: CityModel, slope: float = 0.0) -> Site:
    """A site with ground at the height of the fixtures, rising to the east."""
    count = 61
    heights = np.tile(np.float32(Z) + slope * (np.arange(count, dtype=np.float32) * 5 - 150), (count, 1)).astype(np.float32)
    return Site(model.origin, model, Terrain(model.origin, -150.0, -150.0, 5.0, heights))


def test_what_is_solid_stands_in_the_way_and_is_no_house(path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    applied = apply(on_ground(model), NULL_VARIANT)
    found = applied.occluders()
    beside = found.kind == AROUND
    assert set(found.building[beside].tolist()) == {NO_BUILDING}
    bodies = 13 + 6 + 6  # bridge with part and pier, lamp, wall; not trees, hedge, tunnel, water
    assert np.count_nonzero(beside) == bodies * 2
    rays = Raycaster(found.vertices, found.triangles)
    under_bridge, under_tree = [45.0, 2.0, Z + 1.0], [20.0, 15.0, Z + 1.0]
    assert rays.blocked(np.array([under_bridge, under_tree]), np.array([[0.0, 0.0, 1.0]])).tolist() == [True, False]


def test_a_wall_under_a_bridge_is_not_taken_for_the_inside_of_a_house(path: Path) -> None:
    text = gml.city(
        gml.box_building("B", X, Y, Z, 10, 10, 8),
        themes.member(f'<brid:Bridge gml:id="BR"><brid:lod2MultiSurface>{themes.body((X + 12, Y - 20, Z + 4, 6, 60, 1))}</brid:lod2MultiSurface></brid:Bridge>'),
    )  # fmt: skip
    model = citygml.read(gml.write(path, text))
    obstacles = Obstacles.of(apply(on_ground(model), NULL_VARIANT))
    faces = face_cells(obstacles.applied, 2.0)
    east = np.isclose(faces.normals[:, 0], 1.0)
    assert east.any()
    assert uncovered(faces, obstacles)[east].all()


def test_flat_things_lie_on_the_ground_and_high_ones_stay(path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    site = on_ground(model, slope=0.02)
    found = dict(beside.parts(around(model), site.terrain))
    assert set(found) == set(THEMES)
    assert site.terrain is not None
    for theme in (LAND, WATER, TRAFFIC):
        vertices, triangles, _slots, rows = found[theme]
        used = vertices[np.unique(triangles)]
        given = Z - 1 if theme == WATER else Z
        assert used[:, 2] == pytest.approx(np.maximum(given, site.terrain.height_at(used[:, :2]) + beside.ABOVE[theme]), abs=1e-3)
        edges = vertices[triangles] - vertices[np.roll(triangles, -1, axis=1)]
        assert np.linalg.norm(edges[..., :2], axis=-1).max() <= 5.0
        assert triangle_normals(vertices, triangles)[:, 2].min() > 0
        assert {around(model).kind[row] for row in rows} <= {"LandUse", "WaterBody", "Road"}
    lane, pavement = (np.flatnonzero(found[TRAFFIC][2] == slot) for slot in (0, 1))
    areas = np.linalg.norm(triangle_normals(*found[TRAFFIC][:2])[:, :2], axis=1)
    assert len(lane) == len(pavement) and areas.max() < 1.0
    high = beside.laid(np.array([[0.0, 0, Z + 6], [10, 0, Z + 6], [0, 10, Z + 6]]), np.array([[0, 1, 2]]), site.terrain, 0.1)
    assert high[0][:, 2].tolist() == [Z + 6] * 3
    beyond = beside.laid(np.array([[140.0, 0, Z], [190, 0, Z], [190, 50, Z]]), np.array([[0, 1, 2]]), site.terrain, 0.1)
    assert len(beyond[1]) > 0
    assert beyond[0][np.unique(beyond[1]), 0].max() <= 150.0


def test_cut_triangles_cover_what_they_were_cut_from_without_gaps() -> None:
    random = np.random.default_rng(3)
    points = np.column_stack([random.uniform(0, 100, (40, 2)), np.zeros(40)])
    triangles = np.array(Delaunay(points[:, :2]).simplices, np.int32)
    vertices, cut, source = beside.refined(points, triangles, 4.0)
    area = np.linalg.norm(triangle_normals(vertices, cut), axis=1)
    before = np.linalg.norm(triangle_normals(points, triangles), axis=1)
    assert np.bincount(source, area) == pytest.approx(before)
    _, edge = np.unique(np.sort(np.stack([cut, np.roll(cut, -1, axis=1)], -1).reshape(-1, 2), axis=1), axis=0, return_counts=True)
    _, outer = np.unique(
        np.sort(np.stack([triangles, np.roll(triangles, -1, axis=1)], -1).reshape(-1, 2), axis=1), axis=0, return_counts=True
    )
    assert edge.max() == 2  # no triangle's corner stands on another's edge alone
    assert (edge == 1).sum() > (outer == 1).sum()


@pytest.mark.needs("bpy")
def test_each_theme_is_an_object_that_can_be_hidden_and_clicked(path: Path) -> None:
    import bpy

    from jena_planner.jena_city import palette
    from jena_planner.operators import view
    from jena_planner.scene import builder, notes, shapes

    model = citygml.read(gml.write(path, themes.town()))
    site = on_ground(model)
    builder.clear()
    town = builder.build(shapes.town(site, [apply(site, NULL_VARIANT)]))
    collection = bpy.data.collections["Umgebung"]
    assert (notes.get(collection) or {})["name"] == "Umgebung"
    assert {thing.name for thing in collection.objects} == set(beside.NAMES.values())
    assert set(town.nature) >= set(collection.objects)
    assert set(palette.AROUND) == set(THEMES)
    scene = bpy.context.scene
    hit, _place, _normal, face, thing, _ = scene.ray_cast(bpy.context.evaluated_depsgraph_get(), (45.0, 2.0, Z + 50), (0, 0, -1))
    assert (hit, thing.name) == (True, "Brücken")
    row = view.face_value(thing, face, "around")
    found = view.of_surroundings(site, row, Codes())
    facts = dict(found.facts)
    assert (found.name, facts["gml:id"], facts["name"], facts["Function"]) == ("BR", "BR", "Paradiesbrücke", "1010")
    assert "Bridge" in facts["Kind"]
    assert len(found.lines) == 13 * 4
    assert view.face_value(bpy.data.objects["Bestand"], 0, "around") is None


def rings_of(model: CityModel) -> dict[str, list[tuple[int, list[Any]]]]:
    """Of each object (by id) its faces: meaning and rings, in an order of their own."""
    found: dict[str, list[tuple[int, list[Any]]]] = {name: [] for name in model.building_id}
    of_surface: dict[int, list[Any]] = {}
    for ring, surface in enumerate(model.ring_surface.tolist()):
        points = np.round(model.points[model.ring_start[ring] : model.ring_start[ring + 1]] * 1000).astype(int)
        of_surface.setdefault(surface, []).append(np.roll(points, -int(np.lexsort(points.T)[0]), axis=0).tolist())
    for surface, rings in of_surface.items():
        found[model.building_id[model.surface_building[surface]]].append((int(model.surface_semantics[surface]), rings))
    return {name: sorted(faces) for name, faces in found.items()}


def assert_same(one: CityModel, other: CityModel) -> None:
    """The same objects with the same parts, words and faces to a millimetre."""
    assert sorted(other.building_id) == sorted(one.building_id)
    rows, back = ({name: row for row, name in enumerate(model.building_id)} for model in (one, other))
    for name, row in rows.items():
        copy = back[name]
        assert other.attributes[copy] == one.attributes[row], name
        assert other.function[copy] == one.function[row]
        assert other.building_lod[copy] == one.building_lod[row] or row not in one.surface_building
        parents = [model.building_parent[at] for model, at in ((one, row), (other, copy))]
        assert (parents[1] < 0) == (parents[0] < 0)
        assert parents[0] < 0 or other.building_id[parents[1]] == one.building_id[parents[0]]
    before, after = rings_of(one), rings_of(other)
    for name, faces in before.items():
        assert [meaning for meaning, _ in after[name]] == [meaning for meaning, _ in faces], name
        for (_, rings), (_, copies) in zip(faces, after[name], strict=True):
            for ring, again in zip(rings, copies, strict=True):
                assert np.abs(np.array(ring) - np.array(again)).max() <= 1


@pytest.mark.parametrize("kind", ["citygml2", "citygml3", "cityjson"])
def test_they_come_back_as_they_went_out(path: Path, tmp_path: Path, kind: str) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    out = tmp_path / f"out{exporting.FORMATS[kind][1]}"
    report = exporting.export(apply(Site(model.origin, model), NULL_VARIANT), out, kind, name="Stadt", progress=no_progress)
    assert (report.buildings, [problem.code for problem in report.problems]) == (1, [])
    back = buildings.read(out, origin=model.origin)
    assert_same(around(model), around(back))
    others = {"GenericCityObject": "GenericOccupiedSpace"} if kind == "citygml3" else {}
    assert sorted(around(back).kind) == sorted(others.get(name, name) for name in around(model).kind)
    assert back.building_id == model.building_id
    [lamp] = [row for row, name in enumerate(around(back).building_id) if name == "L1"]
    faces = around(back).triangles[around(back).triangle_building == lamp]
    assert volume(around(back).points, faces) == pytest.approx(0.2)


# The order in which the schemas have the elements of 2.0 (bridge, tunnel, vegetation, cityFurniture, transportation, waterBody, landUse,
# generics.xsd) and of 3.0.
ORDER = {
    "citygml2": (
        "description name externalReference stringAttribute|intAttribute|doubleAttribute class function usage yearOfConstruction "
        "yearOfDemolition species height trunkDiameter crownDiameter averageHeight trafficArea auxiliaryTrafficArea lod0MultiSurface "
        "lod0Geometry lod1Solid lod1MultiSurface lod1Geometry lod2Solid lod2MultiSurface lod2Geometry outerBridgeConstruction "
        "outerBridgeInstallation outerTunnelInstallation boundedBy lod3Solid lod3MultiSurface consistsOfBridgePart consistsOfTunnelPart"
    ),
    "citygml3": (
        "description name externalReference genericAttribute boundary lod1Solid lod2Solid lod1MultiSurface dateOfConstruction trafficSpace "
        "auxiliaryTrafficSpace class function usage species height trunkDiameter crownDiameter averageHeight bridgeConstructiveElement "
        "bridgeInstallation bridgePart"
    ),
}


@pytest.mark.parametrize("kind", ORDER)
def test_elements_stand_in_the_order_of_the_schemas(path: Path, tmp_path: Path, kind: str) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    out = tmp_path / "out.gml"
    exporting.export(apply(Site(model.origin, model), NULL_VARIANT), out, kind, name="", progress=no_progress)
    place = {name: number for number, names in enumerate(ORDER[kind].split()) for name in names.split("|")}
    root = etree.parse(str(out)).getroot()
    objects = [child for member in root.iter("{*}cityObjectMember") for child in member] + [*root.iter("{*}BridgePart")]
    assert len(objects) == 1 + sum(WHOLES.values()) + 1
    for element in objects[1:]:
        names = [etree.QName(child).localname for child in element]
        assert [place[name] for name in names] == sorted(place[name] for name in names)
    ids = root.xpath("//@*[local-name()='id']")
    assert len(ids) == len(set(ids))


def test_a_map_of_footprints_names_their_kind(path: Path, tmp_path: Path) -> None:
    model = citygml.read(gml.write(path, themes.town()))
    out = tmp_path / "out.geojson"
    report = exporting.export(apply(Site(model.origin, model), NULL_VARIANT), out, "geojson", name="", progress=no_progress)
    features = {one["id"]: one for one in json.loads(out.read_text(encoding="utf-8"))["features"]}
    assert set(features) == {
        "B",
        *(name for name, parent in zip(around(model).building_id, around(model).building_parent, strict=True) if parent < 0),
    }
    assert ("kind" in features["B"]["properties"], features["R"]["properties"]["kind"]) == (False, "Road")
    assert [part["id"] for part in features["BR"]["properties"]["parts"]] == ["BR-E", "BR-P"]
    assert [problem.message for problem in report.problems] == ["1 objects cover no ground; their features have no geometry"]


@pytest.mark.parametrize("kind", ["citygml2", "citygml3", "cityjson"])
@pytest.mark.parametrize("lod", ["0", "1", "2", "3"])
def test_every_kind_in_every_level_is_written_and_read_again(tmp_path: Path, kind: str, lod: str) -> None:
    town = Town()
    for number, name in enumerate(THEME_OF):
        box = town.box(X + 20 * number, Y, Z, 4, 4, 4, lod=lod, kind="MultiSurface")
        del box["semantics"]
        town.add(name, name if name != "GenericCityObject" else "+GenericCityObject", box, attributes={"zahl": number})
    model = cityjson.read(town.write(tmp_path / "in.city.json"))
    out = tmp_path / f"out{exporting.FORMATS[kind][1]}"
    report = exporting.export(apply(Site(model.origin, model), NULL_VARIANT), out, kind, name="", progress=no_progress)
    back = around(buildings.read(out, origin=model.origin))
    assert {problem.code for problem in report.problems} <= {"kind-changed"}
    before, after = rings_of(around(model)), rings_of(back)
    if kind == "citygml2" and lod in "23":  # there it has surfaces of water only
        assert {meaning for meaning, _ in after["WaterBody"]} == {Semantics.WATER}
        after["WaterBody"] = [(0, rings) for _, rings in after["WaterBody"]]
    assert after == before
    assert sorted(value["zahl"] for value in back.attributes) == list(range(len(THEME_OF)))


@pytest.mark.needs("data")
@pytest.mark.parametrize("kind", ["citygml2", "citygml3", "cityjson"])
@pytest.mark.parametrize("name", ["suites/cjio/delft.json", "citygml/plateau/numazu-shi/udx/luse/523836_luse_6668_op.gml"])
def test_real_ones_come_back_too(data: Path, tmp_path: Path, kind: str, name: str) -> None:
    model = buildings.read(data / name)
    out = tmp_path / f"out{exporting.FORMATS[kind][1]}"
    exporting.export(apply(Site(model.origin, model), NULL_VARIANT), out, kind, name="", progress=no_progress)
    back = around(buildings.read(out, origin=model.origin))
    assert sorted(back.building_id) == sorted(around(model).building_id)
    before, after = rings_of(around(model)), rings_of(back)
    assert {key: len(faces) for key, faces in after.items()} == {key: len(faces) for key, faces in before.items()}
    kept = dict(zip(back.building_id, back.attributes, strict=True))
    for key, attributes in zip(around(model).building_id, around(model).attributes, strict=True):
        assert kept[key] == attributes


def test_a_form_used_without_end_is_bounded_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jena_planner.jena_city.citygml.MOST_PLACED", 12)
    prototype = themes.body((-0.5, -0.5, 0.0, 1.0, 1.0, 2.0)).replace("<gml:MultiSurface>", '<gml:MultiSurface gml:id="PROTO">')
    trees = [themes.tree("T0", (X, Y, Z), prototype), *(themes.tree(f"T{k}", (X + 9 * k, Y, Z)) for k in range(1, 9))]
    model = citygml.read(gml.write(tmp_path / "trees.gml", gml.city(*map(themes.member, trees))))
    left_out = [problem.id for problem in model.report.problems if problem.code == "too-many-placed"]
    assert left_out == [f"T{k}" for k in range(4, 9)]
    assert len(around(model).surface_building) == 4 * 6


def test_a_place_without_houses_is_a_site_too(path: Path, tmp_path: Path) -> None:
    roads = [
        f'<tran:Road gml:id="R{k}"><tran:lod1MultiSurface>{themes.multi(themes.level(X, Y + 40 * k, Z + k, 90, 6))}</tran:lod1MultiSurface></tran:Road>'
        for k in range(3)
    ]
    gml.write(tmp_path / "roads.gml", gml.city(*map(themes.member, roads)))
    (tmp_path / "project.toml").write_text('schema = 1\n[project]\nname = "Straße"\n[data]\nbuildings = ["roads.gml"]\n', encoding="utf-8")
    site, report = read_site(project.read(tmp_path)[1], tmp_path)
    assert (site.city.building_count, report.features, site.city.reach) == (0, {"Road": 3}, pytest.approx((0, 0, 90, 86)))
    assert site.terrain is not None
    assert float(site.terrain.height_at(np.array([[45.0, 43.0]]))[0]) == pytest.approx(Z + 1, abs=0.5)
    assert [len(one) for one in beside.parts(around(site.city), site.terrain)] == [2]
    empty = gml.write(tmp_path / "roads.gml", gml.city())
    with pytest.raises(InputProblem, match="no building could be read"):
        read_site(project.read(tmp_path)[1], empty.parent)


@pytest.mark.needs("bpy")
def test_an_import_says_how_much_there_is_besides(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from jena_planner import cli

    path = gml.write(tmp_path / "town.gml", themes.town())
    with pytest.raises(SystemExit):
        cli.main(["import", str(path), "--out", str(tmp_path / "project")])
    assert f"1 buildings and 0 parts, {sum(WHOLES.values())} other objects, 0 terrain points" in capfd.readouterr().out
