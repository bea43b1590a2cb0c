"""The town as arrays: what a thread makes ready, so that Blender itself has little to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.needs("bpy")

TRIANGLES = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3, unique=True), max_size=30)


@given(TRIANGLES)
def test_every_edge_is_there_once_and_corners_know_theirs(rows: list[list[int]]) -> None:
    from jena_planner.scene import shapes

    triangles = np.array(rows, np.int32).reshape(-1, 3)
    ends, of_corner = shapes.edges(triangles)
    expected = {frozenset((row[k], row[(k + 1) % 3])) for row in rows for k in range(3)}
    assert len(ends) == len(expected)
    assert {frozenset(pair) for pair in ends.tolist()} == expected
    assert [set(pair) for pair in ends[of_corner].tolist()] == [{row[k], row[(k + 1) % 3]} for row in rows for k in range(3)]


@settings(deadline=None)
@given(TRIANGLES, st.booleans())
def test_a_mesh_is_what_blender_itself_would_make_of_the_triangles(rows: list[list[int]], smooth: bool) -> None:
    """By Blender's own slow way, and by ours through the attributes."""
    import bpy

    from jena_planner.scene import meshes, shapes

    rows = [list(row) for row in {tuple(sorted(row)): row for row in rows}.values()]  # Blender's own check takes doubles away
    vertices = np.random.default_rng(1).uniform(-1e3, 1e3, (13, 3))
    slots = np.arange(len(rows), dtype=np.int32) % 3
    values = np.arange(len(rows)) * 0.5
    uv = np.random.default_rng(2).uniform(0, 1, (3 * len(rows), 2))
    own = (shapes.Attribute("value", "FLOAT", "FACE", values),)
    made = meshes.new_mesh("a", shapes.Shape(vertices, np.array(rows, np.int32).reshape(-1, 3), slots, own, (("uv", uv),), smooth))
    asked = bpy.data.meshes.new("b")
    asked.from_pydata(vertices.tolist(), [], rows)
    try:
        assert not made.validate(verbose=True)
        assert {frozenset(edge.vertices) for edge in made.edges} == {frozenset(edge.vertices) for edge in asked.edges}
        for mine, other in zip(made.polygons, asked.polygons, strict=True):
            assert (list(mine.vertices), mine.use_smooth) == (list(other.vertices), smooth)
            assert np.allclose(mine.normal, other.normal, atol=1e-5)
        assert [vertex.co[:] for vertex in made.vertices] == [vertex.co[:] for vertex in asked.vertices]
        assert [face.material_index for face in made.polygons] == slots.tolist()
        if rows:
            assert [one.value for one in made.attributes["value"].data] == values.tolist()
            assert np.array([one.uv for one in made.uv_layers["uv"].data]) == pytest.approx(uv, abs=1e-6)
    finally:
        bpy.data.meshes.remove(made)
        bpy.data.meshes.remove(asked)


def test_the_lands_picture_comes_to_blender_as_it_was_drawn(tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.scene import builder, landcover, shapes

    from .site import site

    place = site(tmp_path, (0, 0, 20, 10, 8))
    pixels, _box = landcover.picture(place, place.terrain.bounds, 256)
    builder.clear()
    builder.build(shapes.town(place, [apply(place, NULL_VARIANT)], 256))
    path = tmp_path / "a.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))  # the picture is in the file
    bpy.ops.wm.open_mainfile(filepath=str(path))
    image = bpy.data.images["Landbedeckung"]
    assert (tuple(image.size), image.colorspace_settings.name) == ((pixels.shape[1], pixels.shape[0]), "sRGB")
    found = np.zeros(4 * pixels.shape[0] * pixels.shape[1], np.float32)
    image.pixels.foreach_get(found)
    assert (np.round(found.reshape(*pixels.shape[:2], 4)[::-1, :, :3] * 255) == pixels).all()


def test_making_ready_wants_no_blender() -> None:
    """So that a thread can."""
    import subprocess

    code = "import sys; sys.modules['bpy'] = None; import jena_planner.scene.shapes"
    done: Any = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_a_variant_removes_is_outlined_where_it_stands(tmp_path: Path) -> None:
    import shapely

    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.variant import NULL_VARIANT, Variant
    from jena_planner.scene import shapes

    from .site import site

    place = site(tmp_path, (0, 0, 20, 10, 8), (40, 0, 10, 10, 5), (80, 0, 30, 10, 5))
    assert shapes.outline(apply(place, NULL_VARIANT)) is None
    made = shapes.outline(apply(place, Variant("neu", "Neu", (), ("B1", "B2"))))
    assert made is not None
    marks = shapely.points(made.vertices[:, :2])
    for box, there in (((0, 0, 20, 10), False), ((40, 0, 50, 10), True), ((80, 0, 110, 10), True)):
        near = shapely.dwithin(marks, shapely.box(*box).exterior, 0.26)
        assert near.any() == there
        marks = marks[~near]
    assert len(marks) == 0
    assert made.vertices[:, 2] == pytest.approx(150.25)
