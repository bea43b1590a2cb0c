"""Blocks that are drawn become part of the shown variant; without a screen, by the operators' own properties."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import jena_planner
from jena_planner.jena_city import pointing
from jena_planner.jena_city.terrain import Terrain

from . import small
from .site import ORIGIN, site

pytestmark = pytest.mark.needs("bpy")
CORNERS = [[10, 10], [30, 10], [30, 22], [10, 22]]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small project, open in a Blender with our interface."""
    import bpy

    from jena_planner.operators import preferences

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    jena_planner.register()
    monkeypatch.setattr(preferences, "cache_folder", lambda: tmp_path / "cache")
    folder = small.write(tmp_path / "projekt")
    assert bpy.ops.jena.open_project(filepath=str(folder / "project.toml")) == {"FINISHED"}
    yield folder
    jena_planner.unregister()


def scene() -> Any:
    import bpy

    return bpy.context.scene


def drawn(**how: Any) -> Any:
    """The block drawn with these settings."""
    import bpy

    from jena_planner.scene import sync

    assert bpy.ops.jena.draw_block(**{"outline": json.dumps(CORNERS), "storeys": 4, **how}) == {"FINISHED"}
    return sync.block_of(bpy.context.object)


def test_a_block_is_drawn_into_the_shown_variant_and_selected() -> None:
    from jena_planner.operators import variants
    from jena_planner.scene import sync

    collection = sync.collections(scene())[0]
    before = len(sync.blocks(collection))
    import bpy

    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    block = drawn()
    assert len(sync.blocks(collection)) == before + 1
    assert (block.storeys, block.footprint.area, block.base) == (4, pytest.approx(240), None)
    again = drawn(outline=json.dumps((np.array(CORNERS) + 40).tolist()))
    assert again.id != block.id and again.name != block.name
    assert variants.shown(scene()) == sync.variant_of(collection).id


def test_what_is_drawn_while_the_bestand_is_shown_begins_a_variant() -> None:
    import bpy

    from jena_planner.operators import variants
    from jena_planner.scene import sync

    there = len(sync.collections(scene()))
    bpy.ops.jena.show_variant(variant="bestand")
    drawn()
    assert len(sync.collections(scene())) == there + 1
    shown = sync.collection_of(scene(), variants.shown(scene()))
    assert [sync.block_of(thing).footprint.area for thing in sync.blocks(shown)] == [pytest.approx(240)]


@pytest.mark.parametrize(
    ("outline", "words"), [("[[0, 0], [9, 9], [9, 0], [0, 9]]", "not valid"), ("[[0, 0]]", "no list of corners"), ("nonsense", "no list")]
)
def test_what_is_no_outline_is_refused_and_nothing_is_made(outline: str, words: str) -> None:
    import bpy

    from jena_planner.scene import sync

    bpy.ops.jena.show_variant(variant="bestand")
    there = len(sync.collections(scene()))
    with pytest.raises(RuntimeError, match=words):
        bpy.ops.jena.draw_block(outline=outline)
    assert len(sync.collections(scene())) == there


def test_drawing_holds_on_to_houses_plots_and_the_blocks_of_the_shown_variant() -> None:
    import bpy

    from jena_planner.operators import ground_tool
    from jena_planner.scene import sync

    collection = sync.collections(scene())[0]
    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    drawn()
    guides = ground_tool.guides(scene())
    assert guides.near(np.array([30.2, 22.1]), 0.5).point.tolist() == [30, 22]
    house = next(shape for shape in ground_tool.document.site(scene()).footprints if shape is not None)
    corner = shapely.get_coordinates(house)[0]
    found = guides.near(corner + 0.1, 0.5)
    assert found.kind == "corner" and found.point == pytest.approx(corner)


def test_an_outline_with_a_courtyard_is_taken_over_whole() -> None:
    import bpy

    from jena_planner.scene import sync

    rings = [CORNERS, [[16, 14], [24, 14], [24, 18], [16, 18]]]
    assert bpy.ops.jena.take_outline(outline=json.dumps(rings), storeys=2) == {"FINISHED"}
    assert sync.block_of(bpy.context.object).footprint.area == pytest.approx(240 - 32)


def test_meshes_and_closed_curves_become_blocks() -> None:
    import bpy

    from jena_planner.scene import sync

    bpy.ops.mesh.primitive_plane_add(size=10, location=(60, 60, 0))
    plane = bpy.context.object
    bpy.ops.curve.primitive_bezier_circle_add(radius=8, location=(90, 60, 0))
    plane.select_set(True)
    assert bpy.ops.jena.blocks_from_selected() == {"FINISHED"}
    areas = sorted(sync.block_of(thing).footprint.area for thing in bpy.context.selected_objects)
    assert areas == [pytest.approx(100), pytest.approx(np.pi * 64, rel=0.02)]


def edited(points: list[tuple[float, float, float]], faces: list[list[int]], *selected: int) -> Any:
    """A mesh in edit mode, some of its faces selected, moved 100 m east and turned by a right angle."""
    import bmesh
    import bpy

    mesh = bpy.data.meshes.new("Skizze")
    mesh.from_pydata(points, [], faces)
    thing = bpy.data.objects.new("Skizze", mesh)
    scene().collection.objects.link(thing)
    for other in bpy.context.selected_objects:
        other.select_set(False)
    thing.location, thing.rotation_euler = (100, 0, 0), (0, 0, np.pi / 2)
    thing.select_set(True)
    bpy.context.view_layer.objects.active = thing
    bpy.context.view_layer.update()
    scene().tool_settings.mesh_select_mode = (False, False, True)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="DESELECT")
    shown = bmesh.from_edit_mesh(mesh)
    for number, face in enumerate(shown.faces):
        face.select_set(number in selected)
    bmesh.update_edit_mesh(mesh)
    return thing


def test_selected_faces_become_blocks_and_those_that_share_an_edge_one() -> None:
    """Two squares side by side, one apart, one that is not selected, and a wall, which is a line from above."""
    import bpy

    from jena_planner.scene import sync

    corners = [(float(x), float(y), 0.0) for x, y in ((0, 0), (10, 0), (20, 0), (20, 10), (10, 10), (0, 10))]
    apart = [(40.0, 0.0, 5.0), (48.0, 0.0, 5.0), (48.0, 6.0, 9.0), (40.0, 6.0, 9.0)]  # a roof: its slope is seen from above
    left = [(60.0, 0.0, 0.0), (70.0, 0.0, 0.0), (70.0, 10.0, 0.0)]
    wall = [(0.0, 0.0, 8.0), (10.0, 0.0, 8.0)]
    faces = [[0, 1, 4, 5], [1, 2, 3, 4], [6, 7, 8, 9], [10, 11, 12], [0, 1, 14, 13]]
    thing = edited([*corners, *apart, *left, *wall], faces, 0, 1, 2, 4)
    before = [tuple(one.co) for one in thing.data.vertices]
    assert bpy.ops.jena.blocks_from_selected(storeys=2) == {"FINISHED"}
    assert bpy.context.mode == "OBJECT" and [tuple(one.co) for one in thing.data.vertices] == before
    made = sorted((sync.block_of(one) for one in bpy.context.selected_objects), key=lambda one: one.footprint.area)
    assert [one.footprint.area for one in made] == [pytest.approx(48), pytest.approx(200)] and {one.storeys for one in made} == {2}
    assert made[1].footprint.bounds == pytest.approx((90, 0, 100, 20))  # turned: what ran east runs north
    assert len(shapely.get_coordinates(made[1].footprint)) == 5  # no corner where the two meet


def test_where_no_face_has_an_area_from_above_it_is_said_and_edit_mode_goes_on() -> None:
    import bpy

    from jena_planner.scene import sync

    there = len(sync.collections(scene()))
    upright, bow = [(0, 0, 0), (10, 0, 0), (10, 0, 5), (0, 0, 5)], [(0, 0, 0), (10, 10, 0), (10, 0, 0), (0, 12, 0)]
    for corners, sentence in ((upright, "no face is selected that has an area"), (bow, "a selected face crosses itself")):
        edited([(float(x), float(y), float(z)) for x, y, z in corners], [[0, 1, 2, 3]], 0)
        with pytest.raises(RuntimeError, match=sentence):
            bpy.ops.jena.blocks_from_selected()
        assert bpy.context.mode == "EDIT_MESH" and len(sync.collections(scene())) == there
        bpy.ops.object.mode_set(mode="OBJECT")


def test_types_are_dropped_and_blocks_arranged() -> None:
    import bpy

    from jena_planner.scene import sync

    assert bpy.ops.jena.drop_type(type="zeile", place="[60, 40, 0]") == {"FINISHED"}
    zeile = bpy.context.object
    assert sync.block_of(zeile).footprint.bounds == pytest.approx((36, 34, 84, 46))
    assert bpy.ops.jena.split_blocks(count=3) == {"FINISHED"}
    parts = [sync.block_of(thing) for thing in bpy.context.selected_objects]
    assert [part.footprint.area for part in parts] == [pytest.approx(192)] * 3 and len({part.id for part in parts}) == 3
    for thing in bpy.context.selected_objects:
        thing.select_set(thing == zeile)
    bpy.context.view_layer.objects.active = zeile
    assert bpy.ops.jena.array_blocks(count=2, gap=4.0, across=True) == {"FINISHED"}
    assert len(bpy.context.selected_objects) == 2
    with pytest.raises(RuntimeError, match="no place with an angle"):
        bpy.ops.jena.drop_type(type="kita", place="here")


def test_a_block_that_is_mirrored_keeps_what_it_is() -> None:
    import bpy

    from jena_planner.jena_city.variant import Roof
    from jena_planner.scene import handlers, sync

    drawn()
    thing = bpy.context.object
    sync.change(thing, roof=Roof("shed", 12.0, ridge=0.0), storeys=5)
    handlers.settle(scene())
    before = sync.block_of(thing)
    assert bpy.ops.jena.mirror_blocks(across=False) == {"FINISHED"}
    after = sync.block_of(thing)
    assert (after.id, after.name, after.storeys, after.roof.ridge) == (before.id, before.name, 5, pytest.approx(180.0))
    assert after.footprint.area == pytest.approx(before.footprint.area)


def test_a_given_ridge_turns_with_its_block() -> None:
    import bpy

    from jena_planner.jena_city.variant import Roof
    from jena_planner.scene import handlers, sync

    drawn()
    thing = bpy.context.object
    sync.change(thing, roof=Roof("gable", 35.0, ridge=90.0))
    handlers.settle(scene())
    thing.rotation_euler.z = np.radians(30.0)
    bpy.context.view_layer.update()
    handlers.settle(scene())
    assert sync.block_of(thing).roof.ridge == pytest.approx(60.0)
    thing.rotation_euler.z = np.radians(-10.0)
    bpy.context.view_layer.update()
    handlers.settle(scene())
    assert sync.block_of(thing).roof.ridge == pytest.approx(100.0)


def faces_of(row: int) -> list[Any]:
    """The objects of the town that show faces of a building's row."""
    return [
        thing
        for thing in scene().objects
        if thing.type == "MESH"
        and (layer := thing.data.attributes.get("building")) is not None
        and any(one.value == row for one in layer.data)
    ]


def test_a_building_is_taken_away_and_brought_back() -> None:
    import bpy

    from jena_planner.operators import ground_tool, variants
    from jena_planner.scene import sync

    city = ground_tool.document.site(scene()).city
    collection = sync.collections(scene())[0]
    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    removed = sync.variant_of(collection).removed
    row = next(k for k, name in enumerate(city.building_id) if city.building_parent[k] < 0 and name not in removed)
    before = sum(len(thing.data.polygons) for thing in faces_of(row))
    [whole] = faces_of(row)
    materials = [one.name for one in whole.data.materials]

    assert bpy.ops.jena.demolish_building(building=city.building_id[row]) == {"FINISHED"}
    assert sync.variant_of(collection).removed == (*removed, city.building_id[row])
    [alone] = faces_of(row)
    assert alone.hide_viewport and alone.hide_render and alone.hide_select
    assert [one.name for one in alone.data.materials] == materials
    assert len(alone.data.polygons) + len(whole.data.polygons) == before
    assert any(thing.name.startswith("Abbruch") for thing in collection.objects)

    bpy.ops.jena.show_variant(variant="bestand")
    assert not alone.hide_viewport
    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    assert bpy.ops.jena.demolish_building(building=city.building_id[row]) == {"FINISHED"}
    assert sync.variant_of(collection).removed == removed and not alone.hide_viewport
    assert variants.shown(scene()) == sync.variant_of(collection).id


def outside_of(variant: str) -> dict[str, Any]:
    """What is seen of a variant's open spaces and trees, by the beginnings of their names."""
    from jena_planner.scene import outside, sync

    return {thing.name.split()[0]: thing for thing in sync.collection_of(scene(), variant).objects if outside.OUTSIDE in thing}


def test_trees_are_planted_and_felled() -> None:
    import bpy

    from jena_planner.operators import ground_tool, variants
    from jena_planner.scene import sync

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.jena.open_sample()
    bpy.ops.jena.show_variant(variant="zeilen")
    assert bpy.ops.jena.plant_tree_at(place=(140.0, -120.0), height=15.0) == {"FINISHED"}
    shown = sync.collection_of(scene(), variants.shown(scene()))
    [planted] = sync.variant_of(shown).planted
    assert (planted.position, planted.height, planted.crown) == ((140.0, -120.0), 15.0, 9.0)
    trees = ground_tool.document.site(scene()).trees
    assert len(outside_of("zeilen")["Bäume"].data.vertices) == len(trees) + 1
    place = trees.position[7].tolist()
    assert bpy.ops.jena.fell_tree_at(place=place) == {"FINISHED"}
    own = np.array([vertex.co for vertex in outside_of("zeilen")["Bäume"].data.vertices], float)
    assert len(own) == len(trees) and np.hypot(*(own[:, :2] - place).T).min() > 0.5
    everywhere = bpy.data.objects["Bäume"]
    assert everywhere.hide_viewport and everywhere.hide_render
    bpy.ops.jena.show_variant(variant="bestand")
    assert not everywhere.hide_viewport and not everywhere.hide_render
    bpy.ops.jena.show_variant(variant="zeilen")
    assert bpy.ops.jena.fell_tree_at(place=place) == {"FINISHED"}  # it stands again
    assert sync.variant_of(shown).felled == ()
    assert bpy.ops.jena.fell_tree_at(place=(140.0, -120.0)) == {"FINISHED"}  # one that was only planned is gone
    assert sync.variant_of(shown).planted == () and outside_of("zeilen") == {}
    with pytest.raises(RuntimeError, match="outside the terrain"):
        bpy.ops.jena.plant_tree_at(place=(1e5, 0.0))


def test_open_spaces_are_drawn_on_the_ground() -> None:
    import bpy

    from jena_planner.operators import ground_tool, variants
    from jena_planner.scene import outside, sync

    bpy.ops.jena.show_variant(variant="bestand")
    assert bpy.ops.jena.draw_space(kind="play", outline=json.dumps(CORNERS)) == {"FINISHED"}
    shown = variants.shown(scene())
    [space] = sync.variant_of(sync.collection_of(scene(), shown)).open_spaces
    assert (space.kind, space.shape.area) == ("play", pytest.approx(240))
    mesh = outside_of(shown)["Freiflächen"].data
    assert sum(face.area for face in mesh.polygons) >= 239.9
    assert {mesh.materials[face.material_index].name for face in mesh.polygons} == {"Freifläche play"}
    points = np.array([vertex.co for vertex in mesh.vertices], float)
    ground = ground_tool.document.site(scene()).terrain.height_at(points[:, :2])
    assert points[:, 2] - ground == pytest.approx(outside.ABOVE, abs=1e-3)
    with pytest.raises(RuntimeError, match="crosses itself"):
        bpy.ops.jena.draw_space(kind="green", outline="[[0, 0], [9, 9], [9, 0], [0, 9]]")


def test_only_whole_buildings_can_be_taken_away() -> None:
    import bpy

    with pytest.raises(RuntimeError, match="not in the data"):
        bpy.ops.jena.demolish_building(building="nobody")


def test_the_mouse_points_at_the_first_ground_on_its_way(tmp_path: Path) -> None:
    """A ridge 20 m high between the eye and what lies behind it."""
    x = np.arange(0, 101, 2.0)
    heights = np.tile(np.maximum(20.0 - np.abs(x - 50.0), 0.0), (51, 1)).astype(np.float32)
    place = site(tmp_path, (200, 200, 5, 5, 5), ground=Terrain(ORIGIN, 0.0, 0.0, 2.0, heights))
    down = pointing.on_ground(place, np.array([10.0, 50.0, 100.0]), np.array([0.0, 0.0, -1.0]))
    assert down == pytest.approx([10, 50, 0], abs=1e-6)
    slope = pointing.on_ground(place, np.array([0.0, 50.0, 15.0]), np.array([1.0, 0.0, -0.05]))
    assert slope == pytest.approx([(15 + 30) / 1.05, 50, 15 - 0.05 * (15 + 30) / 1.05], abs=1e-3)  # where 15 - x / 20 = x - 30
    assert pointing.on_ground(place, np.array([0.0, 50.0, 15.0]), np.array([0.0, 0.0, 1.0])) is None


def test_a_block_is_moved_as_far_as_is_said_and_a_locked_variant_says_so() -> None:
    import bpy

    from jena_planner.operators import ground_tool
    from jena_planner.scene import notes, sync

    collection = sync.collections(scene())[0]
    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    before = drawn().footprint
    thing = bpy.context.object
    assert bpy.ops.jena.move_blocks(by=(12.5, -3.25)) == {"FINISHED"}
    assert shapely.equals_exact(sync.block_of(thing).footprint, shapely.affinity.translate(before, 12.5, -3.25), 1e-3)
    assert ground_tool.guides(scene(), without={thing.name}).near(np.array([42.5, 6.75]), 0.2) is None  # not by itself
    thing.select_set(False)
    with pytest.raises(RuntimeError, match="no block of the shown variant"):
        bpy.ops.jena.move_blocks(by=(1.0, 0.0))
    notes.put(collection, locked=True)
    with pytest.raises(RuntimeError, match="locked"):
        bpy.ops.jena.move_blocks(by=(1.0, 0.0))


def test_storeys_are_dragged_where_there_are_some_and_nobody_has_locked_them() -> None:
    import bpy

    from jena_planner.operators import storey_arrow
    from jena_planner.scene import notes, sync

    collection = sync.collections(scene())[0]
    bpy.ops.jena.show_variant(variant=sync.variant_of(collection).id)
    assert drawn().storeys == 4
    thing = bpy.context.object
    assert bpy.ops.jena.drag_storeys(storeys=7) == {"FINISHED"}
    assert sync.block_of(thing).storeys == 7
    assert storey_arrow._foot(thing)[:2] == pytest.approx([20.0, 16.0])
    notes.put(collection, locked=True)
    with pytest.raises(RuntimeError, match="locked"):
        bpy.ops.jena.drag_storeys(storeys=2)
    assert sync.block_of(thing).storeys == 7
    thing.select_set(False)
    assert not bpy.ops.jena.drag_storeys.poll()


def test_a_tool_follows_the_mouse_over_the_sky_too_and_lets_go_when_blender_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from jena_planner.operators import ground_tool, view

    told: list[str] = []

    class Follower(ground_tool.Tool):
        def pointed(self, context: Any, event: Any) -> None:
            told.append("pointed")

        def moved(self, context: Any, place: Any, reach: float, event: Any) -> None:
            told.append("moved")

        def ended(self, context: Any) -> None:
            raise ReferenceError("StructRNA of type Object has been removed")

    tool = Follower()
    tool.site, tool.mine = None, ground_tool.Seen()  # type: ignore[assignment]
    monkeypatch.setattr(ground_tool, "_window", lambda area, event: ("region", 3, 4))
    monkeypatch.setattr(view, "ray", lambda *_: (np.zeros(3), np.array([0.0, 0.0, 1.0])))
    monkeypatch.setattr(pointing, "on_ground", lambda *_: None)
    context = SimpleNamespace(area=SimpleNamespace(spaces=SimpleNamespace(active=None)), scene=scene(), workspace=None)
    tool._follow(context, SimpleNamespace(mouse_x=3, mouse_y=4))
    assert told == ["pointed"] and tool.pointer == ("region", 3, 4)
    ground_tool.seen[:] = [tool.mine]
    tool.cancel(context)
    assert ground_tool.seen == []


def test_the_arrow_changes_nothing_while_the_storeys_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    import bpy

    from jena_planner.operators import storey_arrow
    from jena_planner.scene import sync

    changed: list[int] = []
    drawn()
    monkeypatch.setattr(sync, "change", lambda _thing, storeys: changed.append(storeys))
    tool = SimpleNamespace(_name=bpy.context.object.name, _storeys=4)
    for storeys in (4, 5, 5, 0, -3):
        storey_arrow.JENA_OT_drag_storeys._put(tool, bpy.context, storeys)
    assert changed == [5, 1]
