"""Block and object: whatever a person does in Blender, footprint, solid and GeoJSON agree."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jena_planner.jena_city import variant_files
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT, Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

from .site import ORIGIN, flat_ground, site

pytestmark = pytest.mark.needs("bpy")

COURT = shapely.Polygon([(0, 0), (40, 0), (40, 30), (0, 30)], [[(10, 10), (10, 20), (30, 20), (30, 10)]])
HOUSE = shapely.box(60.12345678, 0.1, 80, 12)
FIRST = Variant(
    "eins",
    "Eins",
    (
        Block("a", COURT, 4, "Blockrand", properties={"miete": 12}, base_rule="mean", storey_uses=("gewerbe",), dwellings=40),
        Block("b", HOUSE, 2, roof=Roof("gable", 35.0), reference=150.5, attic_used=True, counts_as="nebenanlage"),
    ),
    ("B0",),
    "#0072B2",
    open_spaces=(OpenSpace("w", "path", shapely.box(0, -20, 40, -16), "Weg", 0.5, None, {"belag": "Kies"}),),
    planted=(PlantedTree("n", (20.25, -10.5), "Linde"),),
    felled=(FelledTree((3.0, 4.0)),),
    locked=True,
)
SECOND = Variant("zwei", "Zwei", (Block("c", shapely.box(-60, -40, -30, -20), 6, "Turm", base=151.5),), (), "#D55E00")


def slope() -> Terrain:
    ground = flat_ground()
    return Terrain(ORIGIN, ground.x, ground.y, ground.step, (150 + 0.05 * (np.arange(61) * 5 - 150) + np.zeros((61, 1))).astype(np.float32))


def built(folder: Path) -> Site:
    from jena_planner.scene import builder, shapes

    place = site(folder, (100, 60, 10, 10, 6), (120, 60, 10, 10, 6), ground=slope())
    builder.clear()
    builder.build(shapes.town(place, [apply(place, one) for one in (NULL_VARIANT, FIRST, SECOND)]))
    return place


@pytest.fixture
def place(tmp_path: Path) -> Site:
    return built(tmp_path)


def thing(block: str) -> Any:
    import bpy

    from jena_planner.scene import sync

    return next(
        one for collection in sync.collections(bpy.context.scene) for one in sync.blocks(collection) if sync.block_of(one).id == block
    )


def solid_points(block: Any) -> np.ndarray:
    from jena_planner.scene import sync

    mesh = sync.solid_of(block).data
    found = np.zeros(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", found)
    matrix = np.array(block.matrix_basis)
    return found.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


def volume(block: Any) -> float:
    from jena_planner.scene import sync

    mesh = sync.solid_of(block).data
    points = solid_points(block)
    corners = np.array([points[list(face.vertices)] for face in mesh.polygons])
    value = float(
        np.einsum(
            "tj,tj->t", corners[:, 0] - points.mean(axis=0), np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        ).sum()
        / 6
    )
    return value * (1 if np.linalg.det(np.array(block.matrix_basis)[:3, :3]) > 0 else -1)


def all_agree(place: Site, folder: Path) -> None:
    """What must hold after anything that was done: outline drawn = outline kept = outline of the solid = outline in the file."""
    import bpy

    from jena_planner.jena_city.applied import base_of
    from jena_planner.jena_city.massing import solid, underground
    from jena_planner.scene import sync

    assert sync.refresh(bpy.context.scene, place) == []
    for collection in sync.collections(bpy.context.scene):
        variant = sync.variant_of(collection)
        variant_files.write(variant, folder / "v.geojson", ORIGIN)
        again = variant_files.read(folder / "v.geojson", ORIGIN)
        assert [b.id for b in again.blocks] == [b.id for b in variant.blocks]
        assert len({b.id for b in variant.blocks}) == len(variant.blocks)
        solids = [sync.solid_of(one).name_full for one in sync.blocks(collection)]
        assert len(set(solids)) == len(solids)
        for one, block, stored in zip(sync.blocks(collection), variant.blocks, again.blocks, strict=True):
            assert stored.footprint.equals_exact(block.footprint, 1e-4, normalize=True)
            assert (stored.storeys, stored.roof, stored.base) == (block.storeys, block.roof, block.base)
            base = base_of(place, block)
            expected = solid(block, base) if block.storeys else underground(block, base)
            assert expected is not None
            points = solid_points(one)
            assert len(points) == len(expected.vertices)
            assert np.abs(points - expected.vertices).max() < 2e-3
            assert volume(one) > 0
            drawn = (
                np.array([vertex.co for vertex in one.data.vertices]) @ np.array(one.matrix_basis)[:3, :3].T
                + np.array(one.matrix_basis)[:3, 3]
            )
            assert max(block.footprint.boundary.distance(shapely.Point(*p[:2])) for p in drawn) < 1e-3
            assert one.location.z == pytest.approx(base_of(place, block), abs=1e-3)


def test_what_nobody_touched_comes_out_as_it_went_in(place: Site) -> None:
    import bpy

    from jena_planner.scene import sync

    assert sync.variants(bpy.context.scene) == [NULL_VARIANT, FIRST, SECOND]


def test_a_moved_turned_and_scaled_block_is_where_it_is_seen(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import sync

    block = thing("b")
    before = sync.block_of(block).footprint
    block.location.x += 12.5
    block.rotation_euler.z = math.radians(30)
    block.scale = (2, -1, 1)
    all_agree(place, tmp_path)
    after = sync.block_of(block).footprint
    assert after.area == pytest.approx(2 * before.area, rel=1e-5)
    # The pivot is the object's origin, a whole metre near the middle.
    assert after.centroid.distance(before.centroid) < 12.5 + 1.5


def test_on_a_slope_the_base_follows_until_a_height_is_given(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import sync

    block = thing("b")
    low = block.location.z
    block.location.x += 40
    all_agree(place, tmp_path)
    assert block.location.z == pytest.approx(low + 2.0, abs=1e-3)
    assert block.lock_location[2]
    block.location.z += 5
    all_agree(place, tmp_path)
    assert sync.block_of(block).base == pytest.approx(low + 7.0, abs=1e-3)
    assert not block.lock_location[2]
    sync.change(block, base=None)
    all_agree(place, tmp_path)
    assert block.location.z == pytest.approx(low + 2.0, abs=1e-3)


def test_changed_parameters_change_the_solid(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import sync

    block = thing("a")
    height = np.ptp(solid_points(block)[:, 2])
    sync.change(block, storeys=7, roof=Roof("flat", parapet=1.0))
    all_agree(place, tmp_path)
    assert np.ptp(solid_points(block)[:, 2]) == pytest.approx(height + 3 * 3.0 + 1.0, abs=1e-3)


def test_set_backs_go_with_their_edges(place: Site, tmp_path: Path) -> None:
    """House b: its southern wall alone stands back; it is moved, turned by a quarter, mirrored, and given another corner."""
    import bpy

    from jena_planner.scene import sync

    def back() -> dict[tuple[float, float], float]:
        """Where the edge's middle is, seen from the block's: how far it stands back."""
        sync.refresh(bpy.context.scene, place)
        block = sync.block_of(thing("b"))
        ring = np.asarray(block.footprint.exterior.coords)
        middle = np.array(block.footprint.envelope.centroid.coords[0])
        sides = (ring[1:] + ring[:-1]) / 2 - middle
        return {tuple(np.sign(np.round(side, 2)).tolist()): by for side, by in zip(sides, block.set_backs, strict=True)}

    house = thing("b")
    ring = np.asarray(sync.block_of(house).footprint.exterior.coords)
    sync.change(
        house, storeys=3, set_backs=[2.0 if a[1] == b[1] == ring[:, 1].min() else 0.0 for a, b in zip(ring[:-1], ring[1:], strict=True)]
    )
    assert back()[0.0, -1.0] == 2.0
    house.location.x += 7.5
    house.rotation_euler[2] += math.radians(90)
    assert back() == {(1.0, 0.0): 2.0, (-1.0, 0.0): 0.0, (0.0, 1.0): 0.0, (0.0, -1.0): 0.0}
    house.scale[1] = -1.0
    assert back()[-1.0, 0.0] == 2.0
    house.scale[1] = 1.0
    house.rotation_euler[2] = 0.0
    assert back()[0.0, -1.0] == 2.0
    all_agree(place, tmp_path)


def test_a_block_below_ground_alone(place: Site, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import sync

    sync.change(thing("c"), storeys=0, underground=2)
    assert sync.refresh(bpy.context.scene, place) == []
    points = solid_points(thing("c"))
    assert (points[:, 2].min(), points[:, 2].max()) == pytest.approx((151.5 - 6.0, 151.5), abs=1e-3)
    assert volume(thing("c")) == pytest.approx(30 * 20 * 6, rel=1e-4)
    all_agree(place, tmp_path)


def test_copies_get_an_id_and_a_solid_of_their_own(place: Site, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import sync

    block = thing("b")
    deep, shallow = block.copy(), block.copy()
    deep.data = block.data.copy()
    for number, one in enumerate((deep, shallow), 1):
        one.location.y += 20 * number
        block.users_collection[0].objects.link(one)
    all_agree(place, tmp_path)
    ids = [b.id for b in sync.variant_of(block.users_collection[0]).blocks]
    assert ids == ["a", "b", "b-2", "b-3"]
    assert sync.block_of(block).id == "b"
    bpy.data.objects.remove(deep)
    all_agree(place, tmp_path)


def edit(block: Any, change: Any) -> None:
    import bmesh

    mesh = bmesh.new()
    mesh.from_mesh(block.data)
    mesh.verts.ensure_lookup_table()
    change(mesh)
    mesh.to_mesh(block.data)
    mesh.free()
    block.data.update()


def test_an_edited_outline_makes_another_solid(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import sync

    block = thing("b")

    def pull(mesh: Any) -> None:
        for vertex in sorted(mesh.verts, key=lambda one: one.co.x)[:2]:
            vertex.co.x -= 10

    area = sync.block_of(block).footprint.area
    sync.change(block, roof=Roof())
    edit(block, pull)
    all_agree(place, tmp_path)
    assert abs(sync.block_of(block).footprint.area - area) > 50


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            lambda mesh: setattr(
                mesh.verts[0], "co", mesh.verts[1].co + (mesh.verts[2].co - mesh.verts[1].co) * 0.5 + (mesh.verts[1].co - mesh.verts[0].co)
            ),
            "crosses itself",
        ),
        (lambda mesh: mesh.verts.remove(mesh.verts[0]), "not closed"),
        (lambda mesh: [mesh.faces.remove(face) for face in list(mesh.faces)] and [mesh.edges.remove(mesh.edges[:][0])], "not closed"),
    ],
)
def test_an_impossible_outline_is_said_and_nothing_is_lost(place: Site, tmp_path: Path, fault: Any, words: str) -> None:
    import bpy

    from jena_planner.scene import sync

    block = thing("b")
    sync.change(block, roof=Roof())
    all_agree(place, tmp_path)
    kept = solid_points(block)
    edit(block, fault)
    [problem] = sync.refresh(bpy.context.scene, place)
    assert words in str(problem)
    assert words in sync.problem_of(block)
    assert np.array_equal(solid_points(block), kept)
    with pytest.raises(InputProblem, match=words):
        sync.variants(bpy.context.scene)


def test_a_block_of_another_project_stands_where_it_stands_on_earth(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import notes, sync

    block = thing("c")
    footprint = sync.block_of(block).footprint
    note = notes.get(block)
    notes.put(block, origin={**note["origin"], "easting": ORIGIN.easting + 20, "northing": ORIGIN.northing - 5})
    all_agree(place, tmp_path)
    assert shapely.transform(footprint, lambda xy: xy + [20, -5]).equals_exact(sync.block_of(block).footprint, 1e-9)
    notes.put(block, origin={**note["origin"], "crs": "EPSG:25833"})
    import bpy

    [problem] = sync.refresh(bpy.context.scene, place)
    assert "EPSG:25833" in str(problem)


def test_a_newer_program_is_said(place: Site) -> None:
    import json

    from jena_planner.scene import notes, sync

    block = thing("c")
    block[notes.KEY] = json.dumps({**notes.get(block), "schema": 99})
    with pytest.raises(InputProblem, match="newer Jena Planner"):
        sync.block_of(block)


def test_two_variants_side_by_side_each_with_its_own(place: Site) -> None:
    import bpy

    from jena_planner.scene import sync

    scene = bpy.context.scene
    sync.show_variant(scene, "eins")
    names = {one.name: sync.block_of(one).id for collection in sync.collections(scene) for one in sync.blocks(collection)}
    buildings = {one.get(sync.BUILDING): one.name for one in scene.objects if one.get(sync.BUILDING)}
    first, second, today = (sync.hidden_with(scene, name) for name in ("eins", "zwei", "bestand"))
    assert {names[one] for one in first if one in names} == {"c"}
    assert {names[one] for one in second if one in names} == {"a", "b"}
    assert {names[one] for one in today if one in names} == {"a", "b", "c"}
    assert buildings["B0"] in first
    assert buildings["B0"] not in second | today
    rendered = {one.name: one.hide_render for one in (*scene.objects, *sync.collections(scene))}
    sync.show_two(scene, "eins", "zwei")
    assert not any(one.hide_viewport for one in sync.collections(scene))
    assert not bpy.data.objects[buildings["B0"]].hide_viewport
    assert rendered == {one.name: one.hide_render for one in (*scene.objects, *sync.collections(scene))}
    sync.show_variant(scene, "zwei")
    assert [one.hide_viewport for one in sync.collections(scene)] == [True, False]
    assert not bpy.data.objects[buildings["B0"]].hide_viewport


def test_only_the_shown_variant_is_seen(place: Site) -> None:
    import bpy

    from jena_planner.scene import sync

    scene = bpy.context.scene
    for variant in ("eins", "zwei", "bestand"):
        sync.show_variant(scene, variant)
        seen = {one.name for one in scene.objects if one.visible_get()}
        assert ("Blockrand" in seen, "Turm" in seen) == (variant == "eins", variant == "zwei")
        assert ("B0" in seen) == (variant != "eins")


numbers = st.floats(-30, 30).map(lambda value: round(value, 3))


class Planning(RuleBasedStateMachine):
    """Random work of a planner, with Blender's own undo, redo, save and load."""

    @initialize()
    def begin(self) -> None:
        import tempfile

        import bpy

        import jena_planner

        jena_planner.register()
        self.folder = Path(tempfile.mkdtemp(prefix="jena-planner-test-"))
        self.place = built(self.folder)
        bpy.context.preferences.edit.use_global_undo = True
        bpy.ops.ed.undo_push(message="begin")
        self.undone = self.steps = 0
        self.faces = self.town()

    def town(self) -> dict[int, int]:
        """How many faces of the town each building has."""
        import bpy

        meshes = [one.data for one in bpy.context.scene.objects if one.type == "MESH" and "building" in one.data.attributes]
        rows = [int(face.value) for mesh in meshes for face in mesh.attributes["building"].data]
        return {row: rows.count(row) for row in set(rows)}

    def blocks(self) -> list[Any]:
        import bpy

        from jena_planner.scene import sync

        return [one for collection in sync.collections(bpy.context.scene) for one in sync.blocks(collection)]

    def done(self, what: str) -> None:
        import bpy

        from jena_planner.scene import sync

        sync.refresh(bpy.context.scene, self.place)
        bpy.ops.ed.undo_push(message=what)
        self.steps, self.undone = self.steps - self.undone + 1, 0

    @rule(which=st.integers(0, 9), x=numbers, y=numbers)
    def move(self, which: int, x: float, y: float) -> None:
        block = self.blocks()[which % len(self.blocks())]
        block.location.x = float(np.clip(block.location.x + x, -70, 70))
        block.location.y = float(np.clip(block.location.y + y, -70, 70))
        self.done("move")

    @rule(which=st.integers(0, 9), angle=st.floats(-3.2, 3.2), scale=st.sampled_from([0.5, 1.0, 1.5, -1.0]))
    def turn(self, which: int, angle: float, scale: float) -> None:
        block = self.blocks()[which % len(self.blocks())]
        block.rotation_euler.z = angle
        block.scale.x = scale
        self.done("turn")

    @rule(which=st.integers(0, 9), storeys=st.integers(1, 20))
    def storeys(self, which: int, storeys: int) -> None:
        from jena_planner.scene import sync

        sync.change(self.blocks()[which % len(self.blocks())], storeys=storeys)
        self.done("storeys")

    @rule(which=st.integers(0, 9), corner=st.integers(0, 3), x=st.floats(-2, 2), y=st.floats(-2, 2))
    def edit(self, which: int, corner: int, x: float, y: float) -> None:
        from jena_planner.scene import sync

        block = self.blocks()[which % len(self.blocks())]
        sync.change(block, roof=Roof())
        vertex = block.data.vertices[corner % len(block.data.vertices)]
        vertex.co.x += round(x, 2)
        vertex.co.y += round(y, 2)
        block.data.update()
        self.done("edit")

    @rule(which=st.integers(0, 9))
    def copy(self, which: int) -> None:
        if len(self.blocks()) > 6:
            return
        block = self.blocks()[which % len(self.blocks())]
        made = block.copy()
        made.data = block.data.copy()
        made.location.x = float(np.clip(made.location.x + 7, -70, 70))
        block.users_collection[0].objects.link(made)
        self.done("copy")

    @rule(which=st.integers(0, 9))
    def delete(self, which: int) -> None:
        import bpy

        if len(self.blocks()) > 2:
            bpy.data.objects.remove(self.blocks()[which % len(self.blocks())])
            self.done("delete")

    @rule(which=st.integers(0, 1), building=st.sampled_from(["B0", "B1"]))
    def demolish(self, which: int, building: str) -> None:
        import bpy

        from jena_planner.scene import demolition, sync

        collection = sync.collections(bpy.context.scene)[which]
        before = set(sync.variant_of(collection).removed)
        demolition.toggle(bpy.context.scene, self.place, collection, building)
        assert set(sync.variant_of(collection).removed) == before ^ {building}
        self.done("demolish")

    @rule(which=st.integers(0, 9))
    def mirror(self, which: int) -> None:
        from jena_planner.jena_city import arranging
        from jena_planner.scene import sync

        block = self.blocks()[which % len(self.blocks())]
        [made] = arranging.mirrored([sync.block_of(block)])
        sync.reshape(block, made)
        self.done("mirror")

    @rule(variant=st.sampled_from(["bestand", "eins", "zwei"]))
    def switch(self, variant: str) -> None:
        import bpy

        from jena_planner.scene import sync

        sync.show_variant(bpy.context.scene, variant)
        self.done("switch")

    @rule()
    def undo(self) -> None:
        import bpy

        if self.undone < min(self.steps, 20):
            bpy.ops.ed.undo()
            self.undone += 1

    @rule()
    def redo(self) -> None:
        import bpy

        if self.undone:
            bpy.ops.ed.redo()
            self.undone -= 1

    @rule()
    def save_and_load(self) -> None:
        import bpy

        path = self.folder / "plan.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        bpy.ops.wm.open_mainfile(filepath=str(path))
        bpy.ops.ed.undo_push(message="opened")
        self.steps = self.undone = 0

    @invariant()
    def agree(self) -> None:
        if hasattr(self, "place"):
            all_agree(self.place, self.folder)
            assert self.town() == self.faces

    def teardown(self) -> None:
        import shutil

        import jena_planner

        jena_planner.unregister()
        shutil.rmtree(self.folder, ignore_errors=True)


Planning.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestPlanning = pytest.mark.needs("bpy")(Planning.TestCase)


def test_all_measures_of_a_block_live_on_its_object(place: Site, tmp_path: Path) -> None:
    from jena_planner.scene import notes, sync

    block = thing("b")
    measures = {"plinth": 0.5, "knee": 1.2, "set_back": 0.8, "underground": 2, "underground_height": 2.8}
    sync.change(block, storeys=3, roof=Roof("mansard", 70.0, upper_pitch=25.0), **measures)
    assert sync.refresh(block.users_scene[0], place) == []
    made = sync.block_of(block)
    assert {name: getattr(made, name) for name in measures} == measures
    assert made.roof == Roof("mansard", 70.0, upper_pitch=25.0)
    low, high = solid_points(block)[:, 2].min(), solid_points(block)[:, 2].max()
    assert low == pytest.approx(block.location.z - 5.6, abs=1e-4)  # storeys below ground are shown too, without a hole at the base
    assert high > block.location.z + made.eaves_height
    note = dict(notes.get(block))
    for name in measures:
        del note[name]
    del note["roof"]["upper_pitch"]
    assert sync._block(note, block, HOUSE).knee == 0.0  # as a .blend of the first versions has it
