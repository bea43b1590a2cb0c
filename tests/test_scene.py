"""The scene in Blender: meshes with attributes in the right place, a sun from the right side, colours that stay true."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.analyses.sun_hours import CHANGE, HOURS, MASK_CHANGE
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.result import Classes, Grid, Result
from jena_planner.jena_city.site import Features, Site, Trees
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Roof, Variant

from .site import ORIGIN, site

pytestmark = pytest.mark.needs("bpy")
NEW = Variant("neu", "Neu", (Block("a", shapely.box(40, 0, 60, 12), 4, "Haus A", roof=Roof("gable", 40.0)),), ("B1",), "#D55E00")


@pytest.fixture
def place(tmp_path: Path) -> Site:
    made = site(tmp_path, (0, 0, 20, 10, 8), (40, 0, 10, 10, 5), plan=shapely.box(-10, -10, 70, 30))
    made.trees = Trees(np.array([[10.0, 30.0], [60.0, 40.0]]), np.array([12.0, np.nan]), np.array([6.0, np.nan]), ["Linde", "Fichte"])
    made.areas = Features(np.array([shapely.box(-100, -100, -60, 100)], object), {"kind": np.array(["water"], object)})
    made.streets = Features(
        np.array([shapely.LineString([(-50, -20), (80, -20)])], object),
        {"class": np.array(["residential"], object), "width": np.array([6.0])},
    )
    return made


@pytest.fixture
def town(place: Site) -> Any:
    from jena_planner.scene import builder, shapes

    builder.clear()
    return builder.build(shapes.town(place, [apply(place, NULL_VARIANT), apply(place, NEW)]))


def attribute(mesh: Any, name: str) -> Any:
    layer = mesh.attributes[name]
    values = np.zeros(len(layer.data), layer.data[0].value.__class__)
    layer.data.foreach_get("value", values)
    return values


def world_points(thing: Any) -> np.ndarray:
    coordinates = np.zeros(3 * len(thing.data.vertices), np.float32)
    thing.data.vertices.foreach_get("co", coordinates)
    return coordinates.reshape(-1, 3) @ np.array(thing.matrix_world.to_3x3()).T + np.array(thing.matrix_world.translation)


def test_context_is_one_mesh_with_attributes_and_removable_houses_apart(town: Any, place: Site) -> None:
    import bpy

    assert [thing.name for thing in town.context][:2] == ["Bestand", "B1"]
    mesh = bpy.data.objects["Bestand"].data
    assert len(mesh.polygons) == 12
    assert set(attribute(mesh, "building").tolist()) == {0}
    kinds, counts = np.unique(attribute(mesh, "semantics"), return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {Semantics.GROUND: 2, Semantics.WALL: 8, Semantics.ROOF: 2}
    assert len(set(attribute(mesh, "surface").tolist())) == 6
    assert set(attribute(bpy.data.objects["B1"].data, "building").tolist()) == {1}
    assert not mesh.validate(verbose=True)


def test_everything_lies_where_it_is_on_earth(town: Any, place: Site) -> None:
    import bpy

    scene = bpy.context.scene
    assert scene["SRID"] == "EPSG:25832"
    assert (scene["crs x"], scene["crs y"]) == (681735.0, 5644970.0)
    assert scene.unit_settings.system == "METRIC"
    points = world_points(bpy.data.objects["Bestand"])
    assert points.min(axis=0) == pytest.approx([0, 0, 150])
    assert points.max(axis=0) == pytest.approx([20, 10, 158])
    ground = world_points(bpy.data.objects["Gelände"])
    assert ground.min(axis=0) == pytest.approx([-150, -150, 150])


def test_a_block_is_one_object_that_shows_its_solid(town: Any) -> None:
    import bpy

    from jena_planner.scene import sync

    [block] = [thing for thing in town.variants["neu"] if sync.is_block(thing)]
    assert (block.name, block["storeys"], block["use"]) == ("Haus A", 4, "wohnen")
    bpy.context.view_layer.update()
    drawn = world_points(block)
    assert drawn[:, :2].min(axis=0) == pytest.approx([40, 0])
    assert len(block.data.polygons) == 1  # edit mode shows the footprint
    shown = block.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    heights = [vertex.co.z for vertex in shown.vertices]
    assert max(heights) - min(heights) == pytest.approx(3.5 + 9 + 6 * math.tan(math.radians(40)), abs=1e-3)
    mesh = sync.solid_of(block).data
    assert not mesh.validate(verbose=True)
    roof = attribute(mesh, "semantics") == Semantics.ROOF
    assert roof.any() and (attribute(mesh, "material_index") == (attribute(mesh, "semantics") != Semantics.WALL)).all()
    assert [material.name.split()[0] for material in mesh.materials] == ["Fassade", "Dach"]
    hit, _, _, _, thing, _ = bpy.context.scene.ray_cast(bpy.context.evaluated_depsgraph_get(), (50, -50, 155), (0, 1, 0))
    assert (hit, thing.name) == (True, "Haus A")


def test_trees_stand_on_the_ground_as_instances(town: Any) -> None:
    import bpy

    trees = bpy.data.objects["Bäume"]
    depsgraph = bpy.context.evaluated_depsgraph_get()
    heights = [  # of each instance's points; an instance lives no longer than one step of the loop
        [(instance.matrix_world @ vertex.co).z for vertex in instance.object.data.vertices]
        for instance in depsgraph.object_instances
        if instance.is_instance and instance.parent and instance.parent.original == trees
    ]
    assert len(heights) == 2
    tops = sorted(map(max, heights))
    assert 150 + 8 * 0.9 - 0.2 < tops[0] < 150 + 8 * 1.1 + 0.2  # unknown height: the usual 8 m, ±10 %
    assert 150 + 12 * 0.9 - 0.2 < tops[1] < 150 + 12 * 1.1 + 0.2
    assert list(map(min, heights)) == pytest.approx([150.0, 150.0], abs=0.01)


def test_the_sun_lamp_shines_from_the_right_side_of_the_grid(town: Any, place: Site) -> None:
    """21 March 2025, 12:00 CET at Jena: 39.31° high, 173.30° from true north, 171.29° from grid north."""
    import bpy
    from mathutils import Vector

    from jena_planner.render_presets import load
    from jena_planner.scene import render

    render.place_sun(place, load("still").light, "2025-03-21", "12:00", time_zone="Europe/Berlin", basis="local")
    lamp = bpy.data.objects["Sonne"]
    towards = lamp.matrix_world.to_3x3() if lamp.matrix_world.translation else lamp.rotation_euler.to_matrix()
    towards = lamp.rotation_euler.to_matrix() @ Vector((0, 0, 1))
    assert math.degrees(math.asin(towards.z)) == pytest.approx(39.31, abs=0.01)
    assert math.degrees(math.atan2(towards.x, towards.y)) % 360 == pytest.approx(173.30 - 2.007, abs=0.02)
    sky = next(node for node in bpy.context.scene.world.node_tree.nodes if node.bl_idname == "ShaderNodeTexSky")
    assert math.degrees(sky.sun_elevation) == pytest.approx(39.31, abs=0.01)


def test_a_second_picture_has_one_sun_and_one_camera(town: Any, place: Site) -> None:
    """Each picture once added a sun, and the later variants of a set came out brighter."""
    import bpy

    from jena_planner.render_presets import load
    from jena_planner.scene import render

    preset = load("still")
    for clock in ("10:00", "14:00", "10:00"):
        render.place_camera(place, preset.camera, {}, 16 / 9)
        render.place_sun(place, preset.light, "2025-06-21", clock, time_zone="Europe/Berlin", basis="local")
    kinds = [thing.type for thing in bpy.data.objects]
    assert (kinds.count("LIGHT"), kinds.count("CAMERA")) == (1, 1)


def test_the_camera_looks_at_the_plan_area_from_the_side_asked_for(town: Any, place: Site) -> None:
    import bpy
    from mathutils import Vector

    from jena_planner.render_presets import load
    from jena_planner.scene import render

    preset = load("still")
    distance = render.place_camera(place, preset.camera, {"azimuth": 30.0, "elevation": 45.0}, 16 / 9)
    camera = bpy.context.scene.camera
    looks = camera.rotation_euler.to_matrix() @ Vector((0, 0, -1))
    assert math.degrees(math.atan2(looks.x, looks.y)) == pytest.approx(30, abs=1e-3)
    assert math.degrees(math.asin(-looks.z)) == pytest.approx(45, abs=1e-3)
    assert np.array(camera.location) + distance * np.array(looks) == pytest.approx([30, 10, 150], abs=0.01)
    assert camera.data.clip_end > 10 * distance
    eye = preset.camera.model_copy(update={"kind": "eye"})
    render.place_camera(place, eye, {"target": [681755.0, 5644975.0], "distance": 60.0, "azimuth": 0.0}, 16 / 9)
    assert bpy.context.scene.camera.location.z == pytest.approx(151.6)
    assert (bpy.context.scene.camera.rotation_euler.to_matrix() @ Vector((0, 0, -1))).z == pytest.approx(0, abs=1e-6)


CLASSES = Classes((0.0, 1.0, 2.0, 3.0, 4.0), ("#00204d", "#414d6b", "#a69c75", "#ffea46"), ("a", "b", "c", "d"))


def four_fields() -> Result:
    """Four squares of 40 m, one of each class, around the origin."""
    grid = Grid(-80.0, -80.0, 80.0, 2, 2, np.full(4, 150.05))
    values = np.array([0.5, 1.0, 2.9999, 3.5], np.float32)
    return Result("sun_hours", "ground", "Besonnung", "h", "bestand", ORIGIN, grid, values, np.ones(4, bool), CLASSES, "")


def test_a_result_is_a_mesh_with_values_and_a_mark_of_validity(town: Any) -> None:
    from jena_planner.scene import builder

    result = four_fields()
    result.valid[3] = False
    result.values[3] = np.nan
    shown = builder.show_result(result, "fields", town)
    values, valid = attribute(shown.data, "value"), attribute(shown.data, "valid")
    assert np.isfinite(values).all()
    assert sorted(values[valid].tolist()) == [0.5, 0.5, 1.0, 1.0, pytest.approx(2.9999), pytest.approx(2.9999)]
    assert set(values[~valid].tolist()) <= set(values[valid].tolist())  # what looks out from under a wall shows its neighbour
    assert builder.show_result(result, "fields", town) is shown


@pytest.mark.parametrize("classes", [HOURS, CHANGE, MASK_CHANGE], ids=["hours", "change", "mask"])
def test_class_colours_come_out_of_a_picture_exactly_as_in_the_legend(place: Site, tmp_path: Path, classes: Classes) -> None:
    """Through Cycles, the view transform and the PNG, for values in each class and on each of its edges: to one step of 255."""
    import bpy

    from jena_planner.render_presets import load
    from jena_planner.scene import builder, render, shapes

    inner = np.array(classes.edges[1:-1])
    values = np.concatenate([inner, (inner[1:] + inner[:-1]) / 2, [classes.edges[0], classes.edges[-1]]]).astype(np.float32)
    number = len(values)
    grid = Grid(0.0, 0.0, 4.0, 1, number, np.full(number, 150.05))
    result = Result("sun_hours", "ground", "Besonnung", "h", "bestand", ORIGIN, grid, values, np.ones(number, bool), classes, "")
    place.trees = place.areas = place.streets = None
    builder.clear()
    town = builder.build(shapes.town(place, [apply(place, NULL_VARIANT)]))
    builder.to_map(town)
    for thing in bpy.data.objects:
        thing.hide_render = True
    builder.show_result(result, "fields", town)
    preset = load("result")
    plan = preset.camera.model_copy(update={"kind": "plan"})
    render.place_camera(place, plan, {"target": [681735.0 + 2.0 * number, 5644972.0], "distance": 100.0}, float(number))
    bpy.context.scene.camera.data.ortho_scale = 4.0 * number
    render.set_up(preset, 8 * number, 16, 4, 100.0, 0.0, lambda _line: None)
    image = np.asarray(render.picture(tmp_path)).astype(int)
    for index, expected in enumerate(classes.rgb[classes.index(values)].astype(int)):
        assert np.abs(image[8, 8 * index + 4] - expected).max() <= 1, (values[index], image[8, 8 * index + 4], expected)


def test_without_a_plan_area_pictures_are_about_the_blocks_of_all_variants(place: Site) -> None:
    from jena_planner.scene import render

    place.plan_areas = None
    blocks = [shapely.box(100, 100, 120, 110), shapely.box(40, 60, 50, 70)]
    middle, radius = render.focus(place, blocks)
    assert middle == pytest.approx([80, 85, 150])
    assert radius == pytest.approx(np.hypot(80, 50) / 2)


def test_a_low_sun_is_no_black_picture() -> None:
    from jena_planner.render_presets import load
    from jena_planner.scene import render

    light = load("still").light
    assert render.brightened(light, render.USUAL_SUN) == pytest.approx(light.exposure)
    assert light.exposure - 1 < render.brightened(light, 62.0) < light.exposure  # a high sun does not bleach pale ground
    assert light.exposure < render.brightened(light, 10.0) < render.brightened(light, 2.0) <= light.exposure + 2


def test_land_cover_is_painted_at_its_place(place: Site) -> None:
    from jena_planner.scene import landcover

    pixels, (west, south, east, north) = landcover.picture(place, place.terrain.bounds)
    rows, columns = pixels.shape[:2]

    def colour(x: float, y: float) -> tuple[int, ...]:
        return tuple(pixels[int((north - y) / (north - south) * rows), int((x - west) / (east - west) * columns)].tolist())

    assert colour(-80, 0) == landcover.KINDS["water"]
    assert colour(0, -20) == landcover.ASPHALT
    assert colour(100, 100) == landcover.BASE
    assert (west, south, east, north) == (-150, -150, 150, 150)


def test_samples_that_change_between_two_pictures_are_noticed(tmp_path: Path) -> None:
    """Cycles keeps what it has prepared; number of samples and bounces must not be among that."""
    import bpy

    from jena_planner.render_presets import load
    from jena_planner.scene import builder, render

    builder.clear()
    scene = bpy.context.scene
    bpy.ops.mesh.primitive_cube_add(size=4.0)
    camera = render.only_one("Kamera", bpy.data.cameras.new("Kamera"))
    camera.location, scene.camera = (0.0, 0.0, 30.0), camera
    lamp = render.only_one("Sonne", bpy.data.lights.new("Sonne", "SUN"))
    lamp.data.angle, lamp.rotation_euler = 1.5, (0.9, 0.3, 0.0)  # a large sun: edges of its shadow are noisy
    bpy.ops.mesh.primitive_plane_add(size=60.0)

    render.set_up(load("still"), 96, 96, 1, 30.0, 0.0, lambda _line: None)
    scene.cycles.use_denoising = False

    def noise(samples: int) -> float:
        scene.cycles.samples = samples
        made = np.asarray(render.picture(tmp_path).convert("L"), float)
        return float(np.abs(np.diff(made, axis=1)).mean())

    rough, fine, rough_again = noise(1), noise(256), noise(1)
    assert fine < 0.7 * rough
    assert rough_again == pytest.approx(rough, rel=0.15)
