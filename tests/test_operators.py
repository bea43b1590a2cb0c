"""What a planner does in Blender, by the operators the panel calls; and what happens when something is wrong."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import LineString, box

import jena_planner
from jena_planner.jena_city import imported, store, variant_files
from jena_planner.jena_city.problems import Cancelled, InputProblem
from jena_planner.jena_city.project import Codes
from jena_planner.jena_city.site import Features
from jena_planner.pipeline import opening

from . import gml, small
from .cityjson import Town
from .site import ORIGIN

pytestmark = pytest.mark.needs("bpy")


@pytest.fixture(autouse=True)
def blender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new file in a Blender with our interface; unsaved projects go to the test's own folder."""
    import bpy

    from jena_planner.operators import preferences

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    jena_planner.register()
    monkeypatch.setattr(preferences, "cache_folder", lambda: tmp_path / "cache")
    yield
    jena_planner.unregister()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project, open in the scene."""
    import bpy

    folder = small.write(tmp_path / "projekt")
    assert bpy.ops.jena.open_project(filepath=str(folder / "project.toml")) == {"FINISHED"}
    return folder


def scene() -> Any:
    import bpy

    return bpy.context.scene


def block(name: str) -> Any:
    from jena_planner.scene import sync

    return next(thing for collection in sync.collections(scene()) for thing in sync.blocks(collection) if sync.block_of(thing).id == name)


def state() -> str:
    from jena_planner.operators import projects

    projects.look(scene())
    return projects.state[0].kind


def save(path: Path) -> None:
    import bpy

    from jena_planner.operators import errors

    errors.last.clear()
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def reopen(path: Path) -> None:
    import bpy

    bpy.ops.wm.open_mainfile(filepath=str(path))


# --- the interface ----------------------------------------------------------------------------------------------------


def test_enabling_and_disabling_three_times_leaves_nothing_behind() -> None:
    import bpy

    def everything() -> dict[str, int]:
        handlers = {name: len(value) for name in dir(bpy.app.handlers) if isinstance(value := getattr(bpy.app.handlers, name), list)}
        ours = [name for name in dir(bpy.types) if name.startswith(("JENA_", "Jena"))]
        props = [kind.__name__ for kind in (bpy.types.Scene, bpy.types.Object, bpy.types.Collection) if hasattr(kind, "jena")]
        menus = len(bpy.types.TOPBAR_MT_file_import._dyn_ui_initialize())
        return {**handlers, "types": len(ours), "props": len(props), "menus": menus}

    jena_planner.unregister()
    before = everything()
    assert before["types"] == before["props"] == 0
    for _ in range(3):
        jena_planner.register()
        assert everything()["types"] > 20
        jena_planner.unregister()
        assert everything() == before
    jena_planner.register()


def test_every_analysis_is_in_the_panel() -> None:
    from jena_planner.analyses.registry import REGISTRY

    for name, analysis in REGISTRY.items():
        group = getattr(scene(), f"jena_{name}")
        shown = set(group.bl_rna.properties.keys())
        assert set(analysis.settings.model_fields) - {"bbox", *analysis.settings.from_project} <= shown
        assert name in {item.identifier for item in scene().jena.bl_rna.properties["analysis"].enum_items}


def test_every_operator_says_what_it_does() -> None:
    import bpy

    for name in dir(bpy.ops.jena):
        kind = getattr(bpy.ops.jena, name).get_rna_type()
        assert kind.name and kind.description, name


# --- the document -----------------------------------------------------------------------------------------------------


def test_the_first_day_of_a_planner(tmp_path: Path) -> None:
    """Sample, an edit, sun hours, save, reopen in another process: the same values."""
    import bpy

    from jena_planner.operators import results
    from jena_planner.scene import handlers, notes, sync

    assert bpy.ops.jena.open_sample() == {"FINISHED"}
    assert {thing.name for thing in scene().objects} & {"Cube", "Light"} == set()
    assert [notes.get(one)["name"][:10] for one in sync.collections(scene())] == ["Variante A", "Variante B", "Variante C"]
    thing = next(one for one in sync.blocks(sync.collection_of(scene(), "blockrand")))
    thing.jena.storeys += 2
    assert handlers.settle(scene()) == []
    settings = scene().jena_sun_hours
    settings.step, settings.cell, settings.step_minutes, settings.margin = 10, 10, 60, 20
    assert bpy.ops.jena.run_analysis(analysis="sun_hours") == {"FINISHED"}
    seen = results.shown(scene())
    assert notes.get(seen)["name"] == "sun-hours-2025-03-21-ground-blockrand"
    values = np.zeros(len(seen.data.polygons), np.float32)
    seen.data.attributes["value"].data.foreach_get("value", values)
    (tmp_path / "Jena Süd").mkdir()
    path = tmp_path / "Jena Süd" / "Bürgerforum.blend"
    save(path)
    assert (path.parent / "project.toml").is_file()  # the unsaved project has moved beside its .blend
    assert not (tmp_path / "cache/unsaved/Musterquartier").exists()
    code = """
import sys, bpy, json, numpy as np, jena_planner
jena_planner.register()
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
from jena_planner.scene import sync, notes, document
from jena_planner.operators import results
scene = bpy.context.scene
mesh = results.shown(scene).data
values = np.zeros(len(mesh.polygons), np.float32)
mesh.attributes["value"].data.foreach_get("value", values)
block = sync.block_of(bpy.data.objects[sys.argv[2]])
print("SAME", json.dumps([document.state(scene).kind, float(values.sum()), block.storeys, len(sync.collections(scene))]))
"""
    done = subprocess.run([sys.executable, "-c", code, str(path), thing.name], capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("SAME"))
    assert json.loads(line[5:]) == ["same", float(values.sum()), thing.jena.storeys, 3]


def test_key_figures_follow_the_shown_variant(project: Path) -> None:
    import bpy

    from jena_planner.jena_city.result_words import in_english
    from jena_planner.operators import key_figures
    from jena_planner.scene import handlers, sync

    def value(key: str) -> float | None:
        return key_figures.shown[0].figures[key].value

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    before = value("gf")
    assert before == pytest.approx(5 * 25 * 15 + 2 * 12 * 10)
    sync.change(block("a"), storeys=6)
    handlers.settle(scene())
    assert value("gf") == pytest.approx(before + 25 * 15)
    same = key_figures.shown[0]
    handlers.settle(scene())
    assert key_figures.shown[0] is same  # nothing is reckoned twice
    assert ("gf", "Geschossfläche GF", "2490 m²") in key_figures.lines(same)
    assert in_english("Geschossfläche GF") == "Floor area GF"
    bpy.ops.jena.show_variant(variant="bestand")
    handlers.settle(scene())
    assert value("gf") == 0


def test_key_figures_follow_while_the_mouse_moves_a_block_and_nothing_is_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import bpy

    from jena_planner.operators import key_figures
    from jena_planner.scene import handlers, notes

    def longest() -> float:
        return max(float(wall.along.max()) for wall in key_figures.reckoned[0].walls if wall.block == "a")

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    length = longest()
    written = {thing.name: notes.text_of(thing) for thing in bpy.data.objects}
    before = key_figures.shown[0].figures["gf"].value
    monkeypatch.setattr(handlers, "_transforming", lambda: True)
    block("a").scale.x = 2.0
    handlers._changed(scene())
    handlers._tick()
    assert key_figures.shown[0].figures["gf"].value == pytest.approx(before + 5 * 25 * 15)
    assert longest() == pytest.approx(2 * length)
    assert {thing.name: notes.text_of(thing) for thing in bpy.data.objects} == written
    monkeypatch.undo()
    block("a").scale.x = 1.0
    handlers._changed(scene())
    handlers._tick()
    assert key_figures.shown[0].figures["gf"].value == pytest.approx(before)


def test_an_edit_is_written_to_the_folder_and_nothing_else(project: Path) -> None:
    import bpy

    before = {path: path.read_bytes() for path in (project / "variants").iterdir()}
    save(project / "plan.blend")
    assert {path: path.read_bytes() for path in (project / "variants").iterdir()} == before
    block("a").location.x += 3
    bpy.context.view_layer.update()
    save(project / "plan.blend")
    variant = variant_files.read(project / "variants/neu.geojson", ORIGIN)
    assert variant.blocks[0].footprint.bounds == pytest.approx((23, -30, 48, -15))
    assert state() == "same"


def test_a_moved_folder_is_found_again(project: Path) -> None:
    save(project / "plan.blend")
    moved = project.with_name("woanders — öäü")
    shutil.move(project, moved)
    reopen(moved / "plan.blend")
    assert state() == "same"


def test_somebody_else_changed_the_folder(project: Path) -> None:
    """A banner offers both; never a silent winner."""
    import bpy

    from jena_planner.operators import errors
    from jena_planner.scene import sync

    save(project / "plan.blend")
    file = project / "variants/neu.geojson"
    file.write_text(file.read_text(encoding="utf-8").replace('"storeys": 5', '"storeys": 8'), encoding="utf-8")
    reopen(project / "plan.blend")
    assert state() == "folder-changed"
    block("a").jena.storeys = 3
    save(project / "plan.blend")
    assert '"storeys": 8' in file.read_text(encoding="utf-8")  # saving the .blend has not written over it
    assert "folder's or this file's" in errors.last[0].sentence
    assert bpy.ops.jena.take_folder() == {"FINISHED"}
    assert sync.block_of(block("a")).storeys == 8
    assert state() == "same"
    file.write_text(file.read_text(encoding="utf-8").replace('"storeys": 8', '"storeys": 9'), encoding="utf-8")
    assert state() == "folder-changed"
    assert bpy.ops.jena.keep_mine() == {"FINISHED"}
    save(project / "plan.blend")
    assert variant_files.read(file, ORIGIN).blocks[0].storeys == 8


def test_somebody_elses_work_in_the_folder_is_merged(project: Path) -> None:
    """What only one has changed is taken from them; what both have changed is asked; nothing is lost on the way, undo included."""
    import bpy

    from jena_planner.operators import errors
    from jena_planner.scene import sync

    save(project / "plan.blend")
    file = project / "variants/neu.geojson"
    text = file.read_text(encoding="utf-8")
    assert '"storeys": 5' in text
    file.write_text(text.replace('"storeys": 5', '"storeys": 8').replace('"author": ""', '"author": "Zweite"'), encoding="utf-8")
    block("b").jena.underground = 1
    assert state() == "folder-changed"
    assert bpy.ops.jena.merge_folder() == {"FINISHED"}
    assert (sync.block_of(block("a")).storeys, sync.block_of(block("b")).underground) == (8, 1)
    assert state() == "same"
    save(project / "plan.blend")
    merged = variant_files.read(file, ORIGIN)
    assert (merged.author, [(one.storeys, one.underground) for one in merged.blocks][:2]) == (
        "Zweite",
        [(8, 0), (merged.blocks[1].storeys, 1)],
    )

    file.write_text(file.read_text(encoding="utf-8").replace('"storeys": 8', '"storeys": 9'), encoding="utf-8")
    block("a").jena.storeys = 4
    with pytest.raises(RuntimeError, match="changed by both"):
        bpy.ops.jena.merge_folder()
    assert errors.last
    assert sync.block_of(block("a")).storeys == 4
    assert bpy.ops.jena.merge_folder(undecided="theirs") == {"FINISHED"}
    assert sync.block_of(block("a")).storeys == 9
    assert [one.name for one in sync.collections(scene())] == ["Variante: Neubau Süd"]


def test_a_top_storey_is_set_back_by_side_and_a_tiefgarage_dropped(project: Path) -> None:
    import bpy

    from jena_planner.scene import sync

    house = block("a")
    bpy.context.view_layer.objects.active = house
    edges = len(sync.block_of(house).footprint.exterior.coords) - 1
    assert bpy.ops.jena.set_backs(metres=json.dumps([1.5, *[0.0] * (edges - 1)])) == {"FINISHED"}
    assert sync.block_of(house).set_backs == (1.5, *[0.0] * (edges - 1))
    assert house.jena.set_back == 1.5
    with pytest.raises(RuntimeError, match="2 set-backs for"):
        bpy.ops.jena.set_backs(metres="[1, 2]")
    house.jena.set_back = 2.0
    assert (sync.block_of(house).set_back, sync.block_of(house).set_backs) == (2.0, ())
    assert bpy.ops.jena.drop_type(type="tiefgarage", storeys=2, place="[20, 60, 0]") == {"FINISHED"}
    made = sync.block_of(bpy.context.object)
    assert (made.storeys, made.underground, made.counted) == (0, 2, "unterbau")
    assert bpy.ops.jena.change_storeys(by=-1) == {"FINISHED"}
    assert sync.block_of(bpy.context.object).storeys == 0
    save(project / "plan.blend")
    reopen(project / "plan.blend")
    assert state() == "same"
    assert sync.block_of(block(made.id)) == made


@pytest.mark.parametrize("kind", ["obj", "fbx"])
def test_an_architects_model_stands_in_for_a_block(project: Path, tmp_path: Path, kind: str) -> None:
    """A box of 8 by 5 m, 6 m high, as Blender itself writes it."""
    import bpy

    from jena_planner.operators import jobs
    from jena_planner.scene import sync

    bpy.ops.mesh.primitive_cube_add(size=1, location=(4, 2.5, 3), scale=(8, 5, 6))
    path = tmp_path / f"Entwurf Müller.{kind}"
    if kind == "obj":
        bpy.ops.wm.obj_export(filepath=str(path), export_selected_objects=True, forward_axis="Y", up_axis="Z")
    else:
        bpy.ops.export_scene.fbx(filepath=str(path), use_selection=True)
    bpy.ops.object.delete()
    before = {name: len(getattr(bpy.data, name)) for name in ("objects", "meshes", "materials")}
    bpy.ops.jena.show_variant(variant="neu")
    east, north = ORIGIN.easting + 90, ORIGIN.northing - 50
    points = f"0 0 {east} {north}; 8 0 {east} {north + 8}; 8 5 {east - 5} {north + 8.06}"
    assert bpy.ops.jena.place_model(filepath=str(path), where="points", points=points, storeys=2, floor_area=70) == {"FINISHED"}
    thing = bpy.context.object
    made = sync.block_of(thing)
    assert (made.name, made.storeys) == ("Entwurf Müller", 2)
    assert made.footprint.area == pytest.approx(40, rel=5e-3)
    assert made.stand_in is not None and made.stand_in.floor_area == 70
    assert (project / made.stand_in.path).is_file()
    assert made.stand_in.turn == pytest.approx(90, abs=1)
    assert "differ by 0.0" in jobs.notice[0]
    assert len(sync.solid_of(thing).data.polygons) == 12
    assert len(bpy.data.objects) == before["objects"] + 2  # the block and its solid: nothing else is left
    assert len(bpy.data.meshes) == before["meshes"] + 2
    thing.location.x += 10
    handlers_settle()
    moved = sync.block_of(thing)
    assert moved.stand_in is not None and moved.stand_in.x == pytest.approx(made.stand_in.x + 10, abs=1e-3)
    ring = np.array(moved.footprint.exterior.coords)[:3, :2]
    wanted = np.column_stack([100.0 - ring[:, 1], 20.0 + ring[:, 0]])  # a quarter turn about the zero, and on
    pairs = np.column_stack([ring, wanted + [[0.02, 0.0], [0.0, 0.0], [0.0, 0.0]]]).tolist()
    assert bpy.ops.jena.place_by_points(pairs=json.dumps(pairs)) == {"FINISHED"}
    for wrong in ("", "[[1, 2]]", "hier"):
        with pytest.raises(RuntimeError, match="no list of points"):
            bpy.ops.jena.place_by_points(pairs=wrong)
    turned = sync.block_of(thing)
    assert np.array(turned.footprint.exterior.coords)[:3, :2] == pytest.approx(wanted, abs=0.03)
    assert turned.stand_in is not None and (turned.stand_in.turn - moved.stand_in.turn) % 360 == pytest.approx(90, abs=0.2)
    assert "differ by 0.0" in jobs.notice[0] and "at most 0.0" in jobs.notice[0] and "at most 0.000" not in jobs.notice[0]
    moved = turned
    save(project / "plan.blend")
    again = variant_files.read(project / "variants/neu.geojson", ORIGIN).blocks[-1]
    assert again.stand_in == pytest.approx(moved.stand_in) or again.stand_in is not None
    reopen(project / "plan.blend")
    assert state() == "same"
    (project / made.stand_in.path).rename(project / "fort")
    thing = block(made.id)
    thing.jena.storeys = 3
    handlers_settle()
    assert "the model is not there" in sync.problem_of(thing)
    assert len(sync.solid_of(thing).data.polygons) > 0
    bpy.context.view_layer.objects.active = thing
    thing.select_set(True)
    assert bpy.ops.jena.take_model_off() == {"FINISHED"}
    assert sync.block_of(thing).stand_in is None
    assert sync.problem_of(thing) == ""
    with pytest.raises(RuntimeError, match="these are no places"):
        bpy.ops.jena.place_model(filepath=str(path), where="coordinates", coordinates="nirgends")
    first = block("a")
    bpy.context.view_layer.objects.active = first
    use = first.jena.use
    (project / "fort").rename(path.with_suffix(".glb") if kind == "fbx" else tmp_path / "zwei.obj")
    file = path.with_suffix(".glb") if kind == "fbx" else tmp_path / "zwei.obj"
    assert bpy.ops.jena.place_model(filepath=str(file), where="coordinates", coordinates=f"{east} {north} 155", instead=True) == {
        "FINISHED"
    }
    with pytest.raises(RuntimeError, match="does not say where it stands"):
        bpy.ops.jena.place_model(filepath=str(file), where="file")
    own = sync.block_of(block("a"))
    assert own.stand_in is not None and own.base == pytest.approx(155, abs=0.01)
    assert block("a").jena.use == use


def handlers_settle() -> None:
    from jena_planner.scene import handlers

    handlers.settle(scene())


def test_a_comparison_becomes_a_workbook(project: Path) -> None:
    import bpy
    import pyogrio

    block("a").jena.storeys = 7  # of the scene, not of what was saved last
    path = project / "vergleich"
    assert bpy.ops.jena.export_comparison(filepath=str(path)) == {"FINISHED"}
    _, _, _, columns = pyogrio.raw.read(path.with_suffix(".xlsx"), layer="Kennzahlen")
    values = dict(zip(columns[2], columns[5], strict=True))
    assert values["Vollgeschosse, höchstens"] == 7


def test_data_read_anew_by_somebody_else_are_said_and_shown(project: Path) -> None:
    """A changed picture or reference line changes no number and no variant, and is seen all the same."""
    import bpy

    from jena_planner.scene import sync

    save(project / "plan.blend")
    block("a").jena.storeys = 3
    site = imported.site_in(project)
    road = Features(
        np.array([LineString([(0, 0), (20, 0)])], object), {name: np.array(["Neu"], object) for name in ("layer", "text", "file")}
    )
    store.save_site(replace(site, lines=road, source="Stadt"), project / "data")
    assert state() == "data-changed"
    save(project / "plan.blend")
    assert state() == "data-changed"
    assert "Referenz Neu" not in bpy.data.objects
    assert bpy.ops.jena.show_data() == {"FINISHED"}
    assert state() == "same"
    assert "Referenz Neu" in bpy.data.objects
    assert sync.block_of(block("a")).storeys == 3
    store.save_site(replace(site, lines=road, source="Andere Stadt"), project / "data")
    assert state() == "same"  # the licence line is the scene's own


def test_a_project_folder_that_is_gone_is_relinked(project: Path, tmp_path: Path) -> None:
    import bpy

    save(tmp_path / "plan.blend")
    shutil.move(project, tmp_path / "neu")
    reopen(tmp_path / "plan.blend")
    assert state() == "folder-missing"
    assert len(block("a").data.vertices) == 4  # everything that is seen stays
    with pytest.raises(RuntimeError, match="folder is not there"):
        bpy.ops.jena.run_analysis(analysis="shadow")
    other = small.write(tmp_path / "andere")
    (other / "project.toml").write_text(
        (other / "project.toml").read_text(encoding="utf-8").replace("Kleine Straße", "Anderswo"), encoding="utf-8"
    )
    with pytest.raises(RuntimeError, match="this is the project Anderswo"):
        bpy.ops.jena.relink(directory=str(other))
    assert bpy.ops.jena.relink(directory=str(tmp_path / "neu")) == {"FINISHED"}
    assert state() == "same"
    shutil.rmtree(tmp_path / "neu/data")
    assert state() == "data-missing"


def test_a_blend_of_a_newer_version_is_said_and_left_alone(project: Path) -> None:
    from jena_planner.scene import document, handlers, notes

    scene()[notes.KEY] = json.dumps({**notes.get(scene()), "schema": 99})
    assert state() == "newer"
    text = scene()[notes.KEY]
    before = (project / "variants/neu.geojson").read_bytes()
    save(project / "plan.blend")
    reopen(project / "plan.blend")
    assert "newer Jena Planner" in document.state(scene()).words
    assert "newer Jena Planner" in str(handlers.settle(scene()) or document.state(scene()).words)
    assert scene()[notes.KEY] == text
    assert (project / "variants/neu.geojson").read_bytes() == before


def test_two_projects_in_one_session(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import document

    with pytest.raises(RuntimeError, match="holds the project Kleine Straße already"):
        bpy.ops.jena.open_sample()
    save(project / "plan.blend")
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    assert not document.is_document(scene())
    second = small.write(tmp_path / "zweites")
    bpy.ops.jena.open_project(filepath=str(second / "project.toml"))
    block("a").jena.storeys = 9
    save(second / "plan.blend")
    assert variant_files.read(project / "variants/neu.geojson", ORIGIN).blocks[0].storeys == 5
    reopen(project / "plan.blend")
    assert block("a").jena.storeys == 5
    assert state() == "same"


def test_a_copy_of_a_file_that_was_never_saved_leaves_the_project_at_hand(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import document

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.jena.open_sample()
    copy = tmp_path / "kopie" / "haus.blend"
    copy.parent.mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(copy), copy=True)
    assert bpy.data.filepath == ""
    assert (document.folder(scene()) / "project.toml").is_file() and state() == "same"
    reopen(copy)
    assert (document.folder(scene()) / "project.toml").is_file() and state() == "same"


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else False, reason="root may write everywhere")
def test_a_read_only_folder_is_said_and_the_blend_is_saved_elsewhere(project: Path, tmp_path: Path) -> None:
    from jena_planner.operators import errors

    block("a").jena.storeys = 9
    (project / "variants").chmod(0o500)
    try:
        save(tmp_path / "plan.blend")
    finally:
        (project / "variants").chmod(0o700)
    assert "cannot be written" in errors.last[0].sentence
    reopen(tmp_path / "plan.blend")
    assert block("a").jena.storeys == 9


def test_a_full_disk_while_saving_loses_nothing(project: Path, tmp_path: Path) -> None:
    """The size of files is limited for this process: what a disk that fills up does to a program."""
    code = """
import sys, resource, bpy, jena_planner
from pathlib import Path
jena_planner.register()
bpy.ops.jena.open_project(filepath=sys.argv[1])
from jena_planner.scene import sync
from jena_planner.operators import errors, projects
scene = bpy.context.scene
sync.blocks(sync.collections(scene)[0])[0].jena.storeys = 9
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    projects.write_folder(scene)
except Exception as error:
    print("SAID", error)
"""
    before = (project / "variants/neu.geojson").read_bytes()
    done = subprocess.run([sys.executable, "-c", code, str(project / "project.toml")], capture_output=True, text=True, check=True)
    assert "the disk is full" in done.stdout
    assert (project / "variants/neu.geojson").read_bytes() == before
    assert [path.name for path in (project / "variants").iterdir()] == ["neu.geojson"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def everything_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_project_that_does_not_fit_where_it_is_saved_stays_whole(tmp_path: Path, small_disk: Path) -> None:
    import bpy

    from jena_planner.operators import errors
    from jena_planner.scene import document

    bpy.ops.jena.open_sample()
    place = document.folder(scene())
    before = everything_below(place)
    with pytest.raises(RuntimeError):  # Blender's own file does not fit either
        save(small_disk / "plan.blend")
    assert "it stays in" in errors.last[0].sentence
    assert everything_below(place) == before
    assert everything_below(small_disk) == {}
    assert state() == "same"
    (tmp_path / "haus").mkdir()
    save(tmp_path / "haus/plan.blend")
    assert document.folder(scene()) == tmp_path / "haus"
    assert {name for name in before if name != "report.json"} <= set(everything_below(tmp_path / "haus"))
    assert not place.exists()


@pytest.mark.parametrize("failing", [{3}, {1, 4}, {1}], ids=["on the same disk", "from another disk", "while copying"])
def test_a_move_that_fails_halfway_leaves_both_places_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: set[int]
) -> None:  # fmt: skip
    from jena_planner.jena_city.files import move_folder

    place, target = small.write(tmp_path / "alt"), tmp_path / "neu"
    target.mkdir()
    (target / "plan.blend").write_bytes(b"BLENDER")
    before = everything_below(place)
    rename, copy, calls = os.rename, shutil.copy2, []

    def fails_at_times(source: Any, to: Any) -> None:
        calls.append("rename")
        if calls.count("rename") in failing:
            raise OSError(28, "No space left on device")
        rename(source, to)

    def fails_at_last(source: Any, to: Any) -> None:
        calls.append("copy")
        if failing == {1} and calls.count("copy") == 3:
            raise OSError(28, "No space left on device")
        copy(source, to)

    monkeypatch.setattr(os, "rename", fails_at_times)
    monkeypatch.setattr(shutil, "copy2", fails_at_last)
    with pytest.raises(InputProblem, match=r"No space left on device.*it stays in"):
        move_folder(place, target)
    assert everything_below(place) == before
    assert everything_below(target) == {"plan.blend": b"BLENDER"}
    monkeypatch.undo()
    move_folder(place, target)
    assert everything_below(target) == {**before, "plan.blend": b"BLENDER"}
    assert not place.exists()


def test_a_linked_block_is_shown_and_never_written(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import handlers, sync

    save(project / "plan.blend")
    text = block("a")["jena_planner"]
    second = small.write(tmp_path / "zweites")
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.jena.open_project(filepath=str(second / "project.toml"))
    bpy.data.objects.remove(block("a"))
    with bpy.data.libraries.load(str(project / "plan.blend"), link=True) as (there, here):
        here.objects = [name for name in there.objects if name == "Neubau"]
    sync.collections(scene())[0].objects.link(here.objects[0])
    assert handlers.settle(scene()) == []
    assert block("a").library is not None
    assert block("a")["jena_planner"] == text
    assert [one.id for one in sync.variant_of(sync.collections(scene())[0]).blocks] == ["b", "a"]


def test_an_appended_block_gets_a_solid_and_belongs_to_the_variant(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import handlers, sync

    save(project / "plan.blend")
    second = small.write(tmp_path / "zweites")
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.jena.open_project(filepath=str(second / "project.toml"))
    with bpy.data.libraries.load(str(project / "plan.blend"), link=False) as (_there, here):
        here.objects = ["Neubau"]
    sync.collections(scene())[0].objects.link(here.objects[0])
    assert handlers.settle(scene()) == []
    variant = sync.variant_of(sync.collections(scene())[0])
    assert sorted(one.id for one in variant.blocks) == ["a", "a-2", "b"]


# --- import -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("brief.gml", "Sehr geehrte Damen und Herren", "neither CityGML, CityJSON nor terrain"),
        ("leer.gml", "", "the file is empty"),
        ("kaputt.zip", "PK\x03\x04 nichts", "archive"),
        ("variante.geojson", '{"type": "FeatureCollection", "schema": 1, "features": []}', "needs a town to stand in"),
        ("leer.geojson", '{"type": "FeatureCollection", "features": []}', "nothing in this layer"),
    ],
)
def test_a_wrong_file_dropped_is_said_in_a_sentence(tmp_path: Path, name: str, content: str, words: str) -> None:
    import bpy

    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(RuntimeError, match=words) as caught:
        bpy.ops.jena.import_geodata(directory=str(tmp_path), files=[{"name": name}], folder=str(tmp_path / "neu"))
    assert "Traceback" not in str(caught.value)
    assert not (tmp_path / "neu").exists()
    assert "Cube" in scene().objects  # nothing has been touched


def town(folder: Path, name: str, *places: float) -> Path:
    houses = [gml.box_building(f"{name}{k}", ORIGIN.easting + x, ORIGIN.northing + 10.0, 150.0, 12, 10, 8) for k, x in enumerate(places)]
    folder.mkdir(exist_ok=True)
    return gml.write(folder / f"{name}.gml", gml.city(*houses))


def test_folders_and_zips_of_tiles(tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import document

    tiles = tmp_path / "kacheln"
    town(tiles, "A", 0, 20)
    inner = town(tmp_path / "innen", "B", 40, 60, 80)
    (tiles / "LIESMICH.pdf").write_bytes(b"%PDF")
    with zipfile.ZipFile(tiles / "nord.zip", "w") as archive:
        archive.write(inner, "LoD2/B.gml")
        archive.writestr("LoD2/süd/C.gml", inner.read_bytes().replace(b"B0", b"C0").replace(b"B1", b"C1").replace(b"B2", b"C2"))
        archive.writestr("LIESMICH.txt.url", "no geodata")
    assert bpy.ops.jena.import_geodata(directory=str(tiles), folder=str(tmp_path / "neu")) == {"FINISHED"}
    assert sorted(document.site(scene()).city.building_id) == ["A0", "A1", "B0", "B1", "B2", "C0", "C1", "C2"]
    assert len(list((tmp_path / "neu/sources").rglob("*.gml"))) == 2


def test_cityjson_begins_a_project_and_is_added_to_one(tmp_path: Path) -> None:
    """By its content: the same ending is a variant's too."""
    import bpy

    from jena_planner.scene import document

    for name, east in (("A", 0.0), ("B", 60.0)):
        town = Town()
        town.add(name, "Building", town.box(gml.JENA[0] + east, *gml.JENA[1:], 10, 10, 8), attributes={"roofType": "1000"})
        town.write(tmp_path / f"{name}.json")
    bpy.ops.jena.import_geodata(filepath=str(tmp_path / "A.json"), folder=str(tmp_path / "neu"))
    assert document.site(scene()).city.building_id == ["A"]
    bpy.ops.jena.import_geodata(filepath=str(tmp_path / "B.json"))
    assert document.site(scene()).city.building_id == ["A", "B"]


@pytest.mark.parametrize("broken", [b"<broken", b"<CityModel><a>", b"1 2 3\n4 5 sechs\n"])
@pytest.mark.parametrize("opened", [False, True], ids=["new", "open"])
def test_a_broken_tile_in_a_zip_is_named_by_zip_and_entry(tmp_path: Path, broken: bytes, opened: bool) -> None:
    import bpy

    if opened:
        bpy.ops.jena.open_project(filepath=str(small.write(tmp_path / "projekt") / "project.toml"))
    archive = tmp_path / "kacheln.zip"
    with zipfile.ZipFile(archive, "w") as content:
        content.write(town(tmp_path / "gut", "B", 40, 60), "LoD2/B.gml")
        content.writestr("LoD2/kaputt.gml", broken)
    with pytest.raises(RuntimeError) as caught:
        bpy.ops.jena.import_geodata(filepath=str(archive), folder=str(tmp_path / "neu"))
    assert f"{archive} ▸ LoD2/kaputt.gml: " in str(caught.value)
    assert "sources" not in str(caught.value)


def test_a_tile_added_to_an_open_project_keeps_variants_and_origin(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import document, sync

    before = document.origin(scene())
    block("a").jena.storeys = 9
    more = town(tmp_path / "mehr", "N", -30)
    assert bpy.ops.jena.import_geodata(filepath=str(more)) == {"FINISHED"}
    assert "N0" in document.site(scene()).city.building_id
    assert document.origin(scene()) == before
    assert sync.block_of(block("a")).storeys == 9
    bad = tmp_path / "bad.gml"
    bad.write_text("<nothing/>", encoding="utf-8")
    text = (project / "project.toml").read_text(encoding="utf-8")
    with pytest.raises(RuntimeError):
        bpy.ops.jena.import_geodata(filepath=str(bad))
    assert (project / "project.toml").read_text(encoding="utf-8") == text
    assert "N0" in document.site(scene()).city.building_id


def test_what_is_saved_while_a_tile_is_read_is_not_lost(project: Path, tmp_path: Path) -> None:
    """The variants are read in the background; what the folder holds when the scene is built counts."""
    from jena_planner.jena_city import imported
    from jena_planner.scene import document, sync

    made = document.ready(project, imported.site_in(project))
    block("a").jena.storeys = 9
    document.save(scene())
    document.take_from_folder(scene(), made)
    assert sync.block_of(block("a")).storeys == 9
    assert state() == "same"


def test_variants_from_files(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.operators import variants
    from jena_planner.scene import sync

    shutil.copy(project / "variants/neu.geojson", tmp_path / "fremd.geojson")
    assert bpy.ops.jena.import_geodata(filepath=str(tmp_path / "fremd.geojson")) == {"FINISHED"}
    assert [one.id for one in sync.variants(scene())] == ["bestand", "neu", "neu-2"]
    assert variants.shown(scene()) == "neu-2"
    save(project / "plan.blend")
    assert {path.name for path in (project / "variants").iterdir()} == {"neu.geojson", "neu-2.geojson"}


@pytest.mark.parametrize(
    ("kind", "expected"), [("town.gml", "4 buildings · EPSG:25832"), ("ground.xyz", "Terrain"), ("variants/neu.geojson", "Variant")]
)
def test_what_is_in_a_file_is_shown_before_it_is_read(project: Path, kind: str, expected: str) -> None:
    from jena_planner.jena_city.gather import glance
    from jena_planner.operators.importing import _words

    assert expected in _words(glance(project / kind))


# --- variants ---------------------------------------------------------------------------------------------------------


def test_variants_are_made_copied_named_and_kept_aside_when_deleted(project: Path) -> None:
    import bpy

    from jena_planner.operators import variants
    from jena_planner.scene import sync

    bpy.ops.jena.show_variant(variant="neu")
    assert bpy.ops.jena.new_variant(copy=True) == {"FINISHED"}
    copied = sync.variant_of(sync.collection_of(scene(), variants.shown(scene())))
    assert (copied.id, copied.name, len(copied.blocks), copied.removed) == ("neu-2", "Neubau Süd 2", 2, ("H1",))
    sync.collection_of(scene(), "neu-2").jena.label = "Dichter"
    assert not next(thing for thing in scene().objects if thing.name == "H1").visible_get()
    save(project / "plan.blend")
    assert variant_files.read(project / "variants/neu-2.geojson", ORIGIN).name == "Dichter"
    assert bpy.ops.jena.delete_variant() == {"FINISHED"}
    save(project / "plan.blend")
    assert (project / "variants/removed/neu-2.geojson").is_file()
    assert [path.name for path in (project / "variants").glob("*.geojson")] == ["neu.geojson"]
    assert state() == "same"


def test_the_panel_edits_the_block_itself(project: Path) -> None:
    from jena_planner.scene import handlers, sync

    thing = block("a")
    panel = thing.jena
    panel.roof, panel.use, panel.storey_height, panel.label = "gable", "kita", 3.4, "Kita"
    assert handlers.settle(scene()) == []
    made = sync.block_of(thing)
    assert (made.roof.kind, made.roof.pitch, made.use, made.storey_height, made.name) == ("gable", 35.0, "kita", pytest.approx(3.4), "Kita")
    panel.has_base = True
    panel.base = 160.0
    handlers.settle(scene())
    assert thing.location.z == pytest.approx(160.0)


def test_the_pitch_is_an_angle_and_kept_in_whole_degrees(project: Path) -> None:
    from jena_planner.scene import sync

    thing = block("a")
    thing.jena.roof = "gable"
    thing.jena.slope = math.radians(42)
    assert sync.block_of(thing).roof.pitch == 42.0
    assert thing.jena.slope == pytest.approx(math.radians(42))


def test_the_panel_offers_what_a_roof_needs(project: Path) -> None:
    from jena_planner.scene import sync

    thing = block("a")
    panel = thing.jena
    panel.roof = "mansard"
    assert sync.block_of(thing).roof.pitch == 70.0
    panel.upper_slope = math.radians(20)
    assert sync.block_of(thing).roof.upper_pitch == 20.0
    panel.roof = "gable"
    assert sync.block_of(thing).roof.pitch == 35.0
    assert not panel.has_ridge
    panel.has_ridge = True
    assert 0 <= sync.block_of(thing).roof.ridge < 180  # along the longer side, to begin with
    panel.ridge = math.radians(30)
    assert sync.block_of(thing).roof.ridge == 30.0
    panel.has_ridge = False
    assert sync.block_of(thing).roof.ridge is None


def test_name_and_licence_of_the_project_are_saved_and_nothing_is_read_anew(project: Path) -> None:
    from jena_planner.jena_city import imported
    from jena_planner.jena_city.problems import no_progress
    from jena_planner.pipeline import opening
    from jena_planner.scene import document

    before = (project / "project.toml").read_text(encoding="utf-8")
    scene().jena.project_name, scene().jena.licence = "Neuer Name", "© Stadt, dl-de/by-2-0"
    assert (project / "project.toml").read_text(encoding="utf-8") == before  # saving writes, as with variants
    save(project / "plan.blend")
    after = (project / "project.toml").read_text(encoding="utf-8")
    assert len(set(before.splitlines()) - set(after.splitlines())) <= 2  # the other lines stay
    opened = opening.load(project)
    assert (opened.file.project.name, opened.file.data.licence) == ("Neuer Name", "© Stadt, dl-de/by-2-0")
    assert state() == "same"
    for source in (path for path in project.iterdir() if path.suffix in (".gml", ".xyz")):
        source.unlink()
    read = imported.imported(opened.file, project, no_progress)
    assert read.site.source == "© Stadt, dl-de/by-2-0"
    assert document.site(scene()).source == "© Stadt, dl-de/by-2-0"


def test_a_project_renamed_but_not_saved_is_relinked(project: Path, tmp_path: Path) -> None:
    import bpy

    save(project / "plan.blend")
    scene().jena.project_name = "Neuer Name"
    moved = project.rename(tmp_path / "woanders")
    assert bpy.ops.jena.relink(directory=str(moved)) == {"FINISHED"}
    assert scene().jena.project_name == "Neuer Name"


def test_a_new_project_is_given_name_and_licence(tmp_path: Path) -> None:
    import bpy

    from jena_planner.pipeline import opening

    tile = town(tmp_path / "kachel", "A", 0, 20)
    folder = tmp_path / "neu"
    bpy.ops.jena.import_geodata(filepath=str(tile), folder=str(folder), project_name="Westquartier", licence="© Amt")
    assert (scene().jena.project_name, scene().jena.licence) == ("Westquartier", "© Amt")
    made = opening.load(folder).file
    assert (made.project.name, made.data.licence) == ("Westquartier", "© Amt")


# --- analyses, results, pictures --------------------------------------------------------------------------------------


def coarse() -> None:
    settings = scene().jena_sun_hours
    settings.step, settings.cell, settings.step_minutes = 8, 8, 120


def test_results_are_listed_shown_stale_exported_and_removed(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.operators import results
    from jena_planner.scene import handlers, notes

    coarse()
    scene().jena.only_shown = False
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    names = [notes.get(thing)["name"] for thing in results.things(scene())]
    assert {"sun-hours-2025-03-21-ground-neu", "sun-hours-2025-03-21-ground-bestand", "sun-hours-2025-03-21-ground-change-neu"} <= set(
        names
    )
    assert sum(not thing.hide_viewport for thing in results.things(scene())) == 1
    bpy.ops.jena.show_variant(variant="bestand")
    assert notes.get(results.shown(scene()))["name"] == "sun-hours-2025-03-21-ground-bestand"
    bpy.ops.jena.show_result(result="sun-hours-2025-03-21-ground-neu")
    from jena_planner.operators import variants

    assert variants.shown(scene()) == "neu"
    assert scene().view_settings.view_transform == "Standard"
    bpy.ops.jena.export_result(directory=str(tmp_path / "aus"))
    assert {path.suffix for path in (tmp_path / "aus").iterdir()} == {".npz", ".csv", ".geojson", ".tif", ".png"}
    block("a").jena.storeys = 9
    handlers.settle(scene())
    stale = {notes.get(thing)["name"] for thing in results.things(scene()) if notes.get(thing).get("stale")}
    assert stale == {name for name in names if name.endswith("-neu")}
    block("a").jena.storeys = 5
    handlers.settle(scene())
    assert not any(notes.get(thing).get("stale") for thing in results.things(scene()))
    bpy.ops.jena.delete_result()
    assert results.shown(scene()) is None
    assert scene().view_settings.view_transform != "Standard"


def test_a_setting_that_cannot_be_is_said(project: Path) -> None:
    import bpy

    scene().jena_sun_hours.date = "31. Februar"
    with pytest.raises(RuntimeError, match="date"):
        bpy.ops.jena.run_analysis(analysis="sun_hours")


def test_the_panel_asks_for_the_same_as_the_project_file(project: Path) -> None:
    """The same button twice computes once; the project file then asks for it too."""
    import bpy

    from jena_planner.pipeline import opening

    coarse()
    bpy.ops.jena.show_variant(variant="neu")
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    made = project / "results/sun-hours-2025-03-21-ground-neu.npz"
    when = made.stat().st_mtime_ns
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    assert made.stat().st_mtime_ns == when
    scene().jena_shadow.time = "15:00"
    bpy.ops.jena.run_analysis(analysis="shadow")
    assert [(entry.kind, entry.settings.get("step")) for entry in opening.load(project).file.analyses] == [
        ("sun_hours", 8.0),
        ("shadow", None),
    ]
    assert state() == "same"


def test_a_picture_of_what_is_shown(project: Path) -> None:
    import bpy
    from PIL import Image

    settings = scene().jena
    settings.samples, settings.width = 1, 64
    bpy.ops.jena.show_variant(variant="neu")
    assert bpy.ops.jena.render_picture() == {"FINISHED"}
    with Image.open(project / "pictures/still-neu-2025-03-21-10-00.png") as image:
        assert image.width == 64
    settings.preset, settings.plan_scale, settings.plan_paper, settings.plan_dpi = "plan", 500, "A4", 50
    assert bpy.ops.jena.render_picture() == {"FINISHED"}
    with Image.open(project / "pictures/plan-neu-2025-03-21-10-00-1-500.png") as image:
        assert image.size == (585, 413)  # the panel's width is that of other pictures
    settings.plan_scale = 0
    assert bpy.ops.jena.render_picture() == {"FINISHED"}
    with Image.open(project / "pictures/plan-neu-2025-03-21-10-00.png") as image:
        assert image.width == 64
    settings.preset = "result"
    with pytest.raises(RuntimeError, match="none is shown"):
        bpy.ops.jena.render_picture()


def test_the_probe_reads_what_the_result_says(project: Path) -> None:
    import bpy

    from jena_planner.jena_city import store
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.operators import probe, results
    from jena_planner.scene import notes

    bpy.ops.jena.show_variant(variant="bestand")
    settings = scene().jena_sun_hours
    settings.step, settings.cell, settings.step_minutes = 4, 8, 10
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    seen = results.shown(scene())
    name = notes.get(seen)["name"]
    probe._day[:] = [probe.prepare_day(project, name, NULL_VARIANT, lambda _share, _what: None)]
    result = store.load_result(project / "results" / f"{name}.npz")
    checked = 0
    for face in range(0, len(seen.data.polygons), 97):
        polygon = seen.data.polygons[face]
        said = probe.read(scene(), (seen, face, polygon.center), 0, 0)
        if said is None:
            continue
        centre = np.array(polygon.center)
        cell = int(np.argmin(np.linalg.norm(result.support.points[:, :2] - centre[:2], axis=1)))
        assert said.value == f"{result.values[cell]:.1f} h"  # an English Blender
        assert said.day is not None
        lit = sum(end - start for start, end, is_sun in said.day if is_sun)
        assert lit == pytest.approx(float(result.values[cell]), abs=1.5)  # a quarter of a cell away from where the value was taken
        checked += 1
    assert checked > 5


def test_results_come_one_after_the_other_while_more_are_computed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import bpy

    from jena_planner.operators import results

    coarse()
    come: list[str] = []
    original = results.arrive
    monkeypatch.setattr(results, "arrive", lambda scene, made: come.append(made[0]) or original(scene, made))
    bpy.ops.jena.show_variant(variant="neu")
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    assert come == [f"sun-hours-2025-03-21-{name}-neu" for name in ("ground", "ground-change", "faces", "faces-change")]
    assert results.shown(scene()).name.startswith("sun-hours-2025-03-21-ground-neu")
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    assert len(come) == 4  # nothing is computed twice, and it is shown all the same
    assert results.shown(scene()).name.startswith("sun-hours-2025-03-21-ground-neu")


def test_a_result_is_compared_with_that_of_another_variant(project: Path) -> None:
    import bpy

    from jena_planner.operators import results
    from jena_planner.scene import notes

    coarse()
    scene().jena.only_shown = False
    bpy.ops.jena.run_analysis(analysis="sun_hours")
    for kind in ("ground", "faces"):
        results.show(scene(), f"sun-hours-2025-03-21-{kind}-neu")
        bpy.ops.jena.compare_result(other="bestand")
        note = notes.get(results.shown(scene()))
        assert note["name"] == f"sun-hours-2025-03-21-{kind}-neu-minus-bestand"
        assert "Änderung gegenüber Bestand" in note["title"]
        made = store.load_result(project / f"results/sun-hours-2025-03-21-{kind}-change-neu.npz")
        mesh = results.shown(scene()).data
        values = np.zeros(len(mesh.polygons), np.float32)
        mesh.attributes["value"].data.foreach_get("value", values)
        assert values.min() == pytest.approx(made.values[made.valid].min(), abs=1e-3)
        assert not note.get("stale")
        bpy.ops.jena.delete_result()


def test_hours_of_sun_follow_a_block_that_moves(project: Path) -> None:
    """After the first trace, what is shown is what the analysis would say of the block at its new place, and the probe knows the day."""
    import bpy

    from jena_planner.analyses.obstacles import Obstacles
    from jena_planner.analyses.sun_hours import SunHours, run_sun_hours
    from jena_planner.jena_city import imported
    from jena_planner.jena_city.applied import NO_BUILDING, apply
    from jena_planner.operators import live, probe, results
    from jena_planner.scene import handlers, notes, sync

    settings = scene().jena_sun_hours
    settings.step, settings.step_minutes = 4, 30
    bpy.ops.jena.show_variant(variant="neu")
    bpy.ops.jena.live_sun()
    assert live.on(scene())
    seen = results.shown(scene())
    assert seen == live.thing(scene()) and notes.get(seen)["variant"] == "neu"

    def shown_values() -> Any:
        values = np.zeros(len(seen.data.polygons), np.float32)
        seen.data.attributes["value"].data.foreach_get("value", values)
        return values

    before = shown_values()
    block("a").location.x += 15
    block("a").location.y += 10  # into the area that is looked at
    handlers.settle(scene())
    after = shown_values()
    on_ground = len(live._live[0].cells)
    assert (before[:on_ground] != after[:on_ground]).any()
    variant = sync.variant_of(sync.collection_of(scene(), "neu"))
    site = imported.site_in(project)
    [whole] = run_sun_hours(Obstacles.of(apply(site, variant)), SunHours(step=4, step_minutes=30, faces=False))
    cells = live._live[0].cells
    valid = whole.valid[cells]
    assert valid.any()
    assert (after[: len(cells)][valid] == whole.values[cells][valid]).all()
    assert not notes.get(seen)["stale"]
    assert probe._day[0].result == notes.get(seen)["name"]
    polygon = seen.data.polygons[int(np.flatnonzero(valid)[0])]
    assert probe.read(scene(), (seen, polygon.index, polygon.center), 0, 0).day is not None
    # Façades and roofs are in the same mesh: those of the block say whose they are, and turn with the sun.
    building = np.zeros(len(after), np.int32)
    seen.data.attributes["building"].data.foreach_get("value", building)
    assert (building[: len(cells)] == NO_BUILDING).all() and (building[len(cells) :] == -1).any() and building.max() >= 0
    of_block = np.flatnonzero(building == -1)
    up = np.array([seen.data.polygons[int(face)].normal.z for face in of_block])
    assert after[of_block][up > 0.5].max() > after[of_block].min() + 2
    reading = probe.read(scene(), (seen, int(of_block[0]), seen.data.polygons[int(of_block[0])].center), 0, 0)
    assert reading.lines[0] == "Neubau" and reading.day is not None
    bpy.ops.jena.show_variant(variant="bestand")
    handlers.settle(scene())
    assert notes.get(seen)["variant"] == "bestand" and results.shown(scene()) == seen
    bpy.ops.jena.live_sun()
    assert not live.on(scene())
    block("a").location.x -= 15
    block("a").location.y -= 10
    bpy.ops.jena.delete_result()


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_a_running_job_is_stopped_and_the_next_is_forgotten() -> None:
    """As undo, opening a file, quitting and disabling do."""
    from jena_planner.operators import jobs

    begun, ended = threading.Event(), threading.Event()

    def work(progress: Any) -> None:
        begun.set()
        try:
            while True:
                progress(0.5, "computing")
                time.sleep(0.01)
        except Cancelled:
            ended.set()
            raise

    done: list[Any] = []
    jobs.queue[:] = [jobs.Job("a", "Scene", work, done.append), jobs.Job("b", "Scene", work, done.append)]
    jobs._tick()
    assert begun.wait(2)
    start = time.perf_counter()
    jobs.cancel_all("because")
    assert ended.is_set()
    assert time.perf_counter() - start < jobs.PATIENCE
    assert (jobs.queue, done, jobs.notice) == ([], [], ["because"])


def test_what_goes_wrong_in_a_job_is_kept_with_its_details(tmp_path: Path) -> None:
    from jena_planner.operators import errors, jobs, preferences

    def work(_progress: Any) -> None:
        raise InputProblem("Datei", "sie ist leer", "Noch einmal herunterladen")

    with pytest.raises(InputProblem):
        jobs.start(jobs.Job("a", "Scene", work, lambda _result: None))
    errors.note(ValueError("etwas"))
    assert errors.last[0].sentence.startswith("A fault in the program (ValueError: etwas)")
    assert "shapely" in errors.last[0].details
    assert "ValueError: etwas" in preferences.log_file().read_text(encoding="utf-8")


def test_the_attributes_of_a_building(project: Path) -> None:
    from jena_planner.operators import view
    from jena_planner.scene import document

    found = view.of_building(document.site(scene()), 2, Codes())
    facts = dict(found.facts)
    assert facts["gml:id"] == "H2"
    assert facts["Height"] == "8.0 m"
    assert facts["Footprint"] == "120 m²"
    assert len(found.lines) == 24


def test_what_was_skipped_or_mended_is_counted_and_listed(tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import notes

    twice = town(tmp_path / "a", "A", 0, 20), town(tmp_path / "b", "A", 0, 20, 40)
    names = [{"name": str(path.relative_to(tmp_path))} for path in twice]
    bpy.ops.jena.import_geodata(directory=str(tmp_path), files=names, folder=str(tmp_path / "neu"))
    read = notes.get(scene())["read"]
    assert read["buildings"] == 3
    assert read["problems"] >= 2  # two houses in both tiles, and no terrain
    assert bpy.ops.jena.show_report() == {"FINISHED"}


def test_open_project_takes_the_blend_in_the_folder(project: Path, tmp_path: Path) -> None:
    """And what a person has put into the scene before is not taken for Blender's own start."""
    import bpy

    bpy.data.objects.new("Notiz", None)
    scene().collection.objects.link(bpy.data.objects["Notiz"])
    save(project / "plan.blend")
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.jena.open_project(filepath=str(project / "project.toml"))
    assert Path(bpy.data.filepath) == project / "plan.blend"
    assert "Notiz" in scene().objects
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    scene().objects["Cube"].location.x = 3
    bpy.ops.jena.open_project(filepath=str(small.write(tmp_path / "neu") / "project.toml"))
    assert "Cube" in scene().objects
    assert "Camera" not in scene().objects


@pytest.mark.parametrize(("kind", "ending"), [("citygml2", ".gml"), ("citygml3", ".gml"), ("cityjson", ".city.json")])
def test_the_town_with_the_shown_variant_goes_out(project: Path, tmp_path: Path, kind: str, ending: str) -> None:
    """What was changed in the scene and not saved yet goes out too; the name's ending is that of the format."""
    import bpy

    from jena_planner.jena_city import buildings
    from jena_planner.operators import exporting, jobs

    bpy.ops.jena.show_variant(variant="neu")
    block("a").jena.storeys = 7
    assert bpy.ops.jena.export_city_model(filepath=str(tmp_path / "out.geojson"), kind=kind) == {"FINISHED"}
    path, report = exporting.made[-1]
    assert path == tmp_path / f"out{ending}"
    assert jobs.notice[0].startswith(f"Written to {path}.")
    city = buildings.read(path)
    assert city.building_id == ["H0", "H2", "H3", "neu_a", "neu_b"]
    assert city.storeys[3] == 7
    assert report.buildings == 5


def test_an_export_that_cannot_be_written_says_so(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.operators import exporting

    before = list(exporting.made)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RuntimeError, match="cannot be written"):
        bpy.ops.jena.export_city_model(filepath=str(tmp_path / "file" / "out.gml"))
    assert exporting.made == before


def test_a_background_is_fetched_only_where_blender_may_go_online(project: Path) -> None:
    import bpy

    from .map_server import Server, running

    system = bpy.context.preferences.system
    before = system.use_online_access
    try:
        with running(Server()) as server:
            words = {"url": f"{server.address}wms", "layer": "dop", "resolution": 1.0}
            system.use_online_access = False
            with pytest.raises(RuntimeError, match="poll"):
                bpy.ops.jena.fetch_background(**words)
            assert server.asked == []
            system.use_online_access = True
            assert bpy.ops.jena.fetch_background(**words) == {"FINISHED"}
            with pytest.raises(RuntimeError, match="has no layer x"):
                bpy.ops.jena.fetch_background(**{**words, "layer": "x"})
    finally:
        system.use_online_access = before
    assert "background/dop.tif" in (project / "project.toml").read_text(encoding="utf-8")
    assert "GDI-Muster" in json.loads((project / "data/site.json").read_text(encoding="utf-8"))["source"]


def test_data_are_downloaded_only_where_blender_may_go_online(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city import tiles
    from jena_planner.operators import jobs

    from .test_downloads import Server, own_profile, zipped

    east, north, height = gml.JENA
    server, before, cache = Server(), bpy.context.preferences.system.use_online_access, tiles.folder()
    server.files["/lod2_680_5644.zip"] = zipped(
        a__gml=gml.city(gml.box_building("fetched", east + 90, north + 25, height, 10, 8, 6)).encode()
    )
    words = {"profile": str(own_profile(server, tmp_path)), "what": {"buildings"}, "box": (east, north, east + 1000, north + 20)}
    try:
        tiles.use_folder(tmp_path / "cache" / "tiles")
        bpy.context.preferences.system.use_online_access = False
        with pytest.raises(RuntimeError, match="poll"):
            bpy.ops.jena.download_data(**words)
        assert server.asked == []
        bpy.context.preferences.system.use_online_access = True
        assert bpy.ops.jena.download_data(**words) == {"FINISHED"}
        assert jobs.notice == ["1 files are here; 1 tiles the publisher does not have: lod2_682_5644.zip"]
        with pytest.raises(RuntimeError, match="it has no source of trees"):
            bpy.ops.jena.download_data(**{**words, "what": {"trees"}})
        text = (project / "project.toml").read_text(encoding="utf-8")
        assert 'licence = "Testdaten (CC0); © Amt, dl-de/by-2-0' in text and "sources/lod2_680_5644/a.gml" in text
        assert scene().jena.licence.startswith("Testdaten (CC0); © Amt")

        bpy.ops.wm.read_homefile(use_factory_startup=True)
        bpy.context.preferences.system.use_online_access = True
        folder = tmp_path / "neu"
        assert bpy.ops.jena.download_data(**words, folder=str(folder), project_name="Neues Quartier") == {"FINISHED"}
        made = opening.load(folder)
        assert made.file.project.name == "Neues Quartier" and made.file.place.profile == words["profile"]
        assert made.file.data.licence.startswith("© Amt, dl-de/by-2-0")
        assert imported.site_in(folder).city.building_id == ["fetched"]
        assert server.count()["/lod2_680_5644.zip"] == 1
    finally:
        tiles.use_folder(cache)
        bpy.context.preferences.system.use_online_access = before
        server.http.shutdown()
        server.http.server_close()


def test_the_box_of_a_download_begins_with_the_town_or_the_plan_area(tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city import profiles
    from jena_planner.operators import downloading

    jena = profiles.load("jena")
    west, south, east, north = downloading._box(bpy.context, jena, "plan")  # type: ignore[misc]
    assert (west + east) / 2 == pytest.approx(681735, abs=100) and (south + north) / 2 == pytest.approx(5644970, abs=100)
    assert east - west == north - south == 1000
    bpy.ops.jena.open_sample(folder=str(tmp_path / "muster"))
    site = imported.site_in(tmp_path / "muster")
    plan = site.plan_box
    assert plan is not None
    low, high = site.origin.to_world([plan[:2], plan[2:]]).tolist()
    assert downloading._box(bpy.context, jena, "plan") == pytest.approx((*low, *high))


def test_an_import_takes_the_profile_that_was_chosen(tmp_path: Path) -> None:
    import bpy

    tile = gml.write(tmp_path / "a.gml", gml.city(gml.box_building("house", *gml.JENA, 10, 8, 6)))
    folder = tmp_path / "neu"
    assert bpy.ops.jena.import_geodata(filepath=str(tile), folder=str(folder), profile="jena") == {"FINISHED"}
    made = opening.load(folder)
    assert made.file.place.profile == "jena" and "GDI-Th" in made.file.data.licence
    assert scene().jena.licence == made.file.data.licence


def test_what_the_view_shows_of_the_ground_has_an_end(project: Path) -> None:
    """From 100 m above, rays at 45° meet the ground 100 m away; those at the horizon and above it end where they may."""
    from mathutils import Vector

    from jena_planner.operators import view

    middle, eye = Vector((100.0, 50.0, 150.0)), Vector((100.0, 50.0, 250.0))
    down = [(eye, Vector(way).normalized()) for way in ((1, 0, -1), (-1, 0, -1), (0, 1, -1), (0, -1, -1))]
    assert view.ground_box(down, middle, 900.0) == pytest.approx((0.0, -50.0, 200.0, 150.0), abs=1e-3)
    level = [(eye, Vector(way).normalized()) for way in ((1, 0, 0), (-1, 0, 0.2), (0, 1, -0.01), (0, -1, -1))]
    assert view.ground_box(level, middle, 900.0) == pytest.approx((-800.0, -50.0, 1000.0, 950.0), abs=1e-2)
    west, south, east, north = view.seen_box(scene())  # type: ignore[misc]
    assert west < east and south < north


def test_the_envelope_of_a_plot_is_shown_and_taken_away(project: Path) -> None:
    import bpy

    from jena_planner.jena_city.envelope import LIMITS
    from jena_planner.jena_city.variant import Block
    from jena_planner.operators import ground_tool
    from jena_planner.scene import envelopes, notes, sync

    with (project / "project.toml").open("a", encoding="utf-8") as file:
        outline = "[[681750, 5644920], [681790, 5644920], [681790, 5644950], [681750, 5644950]]"
        file.write(f"[[building_plots]]\nname = 'Süd'\nstoreys = 3\noutline = {outline}\n")
    blocks = len(list(sync.blocks(sync.collection_of(scene(), "neu"))))
    assert bpy.ops.jena.show_envelope(place=(30.0, -30.0), storey=3.5) == {"FINISHED"}
    [thing] = envelopes.shown(scene())
    note = notes.get(thing)
    assert note["name"] == "Süd"
    assert set(note["areas"]) == {"border", "storeys", "least"}
    by_slot = np.zeros(len(LIMITS))
    for polygon in thing.data.polygons:
        by_slot[polygon.material_index] += polygon.area
    assert by_slot[list(LIMITS).index("storeys")] == pytest.approx(
        (40 - 2 * 10.5 / 2.5) * (30 - 2 * 10.5 / 2.5),
        rel=0.03,  # the ground rises by 0.8 m
    )
    assert thing.hide_render
    assert thing.hide_select
    [body] = envelopes.bodies(scene())
    assert body.ground.area == pytest.approx(34 * 24, rel=1e-3)
    assert body.volume > 0
    block = Block("", box(25, -35, 35, -28), 2)
    words, beyond = ground_tool.room_words([body], block, 150.5)
    assert (len(words), beyond) == (1, False)
    assert words[0].endswith("Vollgeschosse")
    words, beyond = ground_tool.room_words([body], replace(block, storeys=6), 150.5)
    assert beyond
    assert "too high" in words[0]
    words, beyond = ground_tool.room_words([body], replace(block, footprint=box(16, -35, 30, -28)), 150.5)
    assert beyond
    assert words[0].startswith("14.0 m²")  # 2 of the 3 m that stay free, 7 m deep
    assert words[1].startswith("up to")
    assert bpy.ops.jena.show_envelope(place=(30.0, -30.0)) == {"FINISHED"}
    assert len(envelopes.shown(scene())) == 1
    assert len(list(sync.blocks(sync.collection_of(scene(), "neu")))) == blocks
    with pytest.raises(RuntimeError, match=r"neither plot nor plan area|weder ein Grundstück"):
        bpy.ops.jena.show_envelope(place=(900.0, 900.0))
    assert bpy.ops.jena.hide_envelopes() == {"FINISHED"}
    assert envelopes.shown(scene()) == []
    assert not bpy.ops.jena.hide_envelopes.poll()


def test_neighbours_are_shown_in_the_colours_of_their_heights(project: Path) -> None:
    import bpy

    from jena_planner.operators import results
    from jena_planner.scene import notes

    bpy.ops.jena.show_variant(variant="neu")
    scene().jena_surroundings.radius = 60.0
    assert bpy.ops.jena.run_analysis(analysis="surroundings") == {"FINISHED"}
    names = [notes.get(thing)["name"] for thing in results.things(scene())]
    assert {f"surroundings-60-{measure}-neu" for measure in ("height", "storeys", "footprint")} <= set(names)
    thing = next(one for one in results.things(scene()) if notes.get(one)["name"] == "surroundings-60-height-neu")
    values = np.zeros(len(thing.data.polygons), np.float32)
    thing.data.attributes["value"].data.foreach_get("value", values)
    assert {8.0, 16.0} <= set(np.round(values, 3).tolist())  # the houses, and the block of 3.5 + 4 · 3 and an Attika of 0.5 m
    files = {path.name for path in (project / "results").iterdir()}
    assert {"surroundings-60-neu.csv", "surroundings-60-neu.json", "surroundings-60-neu-height.png"} <= files


def _two_close(project: Path) -> None:
    """The blocks of the new variant so near to each other that their Abstandsflächen overlap."""
    import bpy

    from jena_planner.scene import handlers

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    one, other = block("a"), block("b")
    other.location.x, other.location.y = one.location.x, one.location.y + 18.0  # walls 5.5 m apart
    bpy.context.view_layer.update()
    handlers.settle(scene())


def test_findings_follow_go_there_and_take_a_reason(project: Path) -> None:
    import bpy

    from jena_planner.operators import findings
    from jena_planner.scene import handlers, sync

    _two_close(project)
    number = next(k for k, one in enumerate(findings.shown()) if one.rule == "clearance-overlap" and one.block == "a")
    assert findings.broken() >= 1 and "overlap" in findings.heading(findings.shown()[number])
    assert bpy.ops.jena.go_to_finding(index=number) == {"FINISHED"}
    assert bpy.context.view_layer.objects.active == block("a") and block("a").select_get()
    before = findings.broken()
    assert bpy.ops.jena.exempt(index=number, reason="gesicherte Baulast") == {"FINISHED"}
    told = [one for one in findings.shown() if one.severity == "not-applicable"]
    assert told and told[0].reason == "gesicherte Baulast" and findings.broken() < before
    assert sync.block_of(block("a")).properties["not_applicable"] == {"clearance-overlap": "gesicherte Baulast"}
    number = findings.shown().index(told[0])
    assert bpy.ops.jena.exempt(index=number, reason="") == {"FINISHED"}
    assert "not_applicable" not in sync.block_of(block("a")).properties and findings.broken() == before
    block("b").location.y += 60.0
    bpy.context.view_layer.update()
    handlers.settle(scene())
    assert not [one for one in findings.shown() if one.rule == "clearance-overlap"]


def test_abstandsflaechen_and_plots_are_laid_on_the_ground_once(project: Path) -> None:
    from jena_planner.operators import ground_overlay, key_figures
    from jena_planner.scene import document

    _two_close(project)
    scene().jena.show_clearances = True
    ground_overlay.follow(scene())
    state = key_figures.reckoned[0]
    areas, wrong = ground_overlay._layers
    flat = areas.triangles.reshape(-1, 3, 3)[:, :, :2].astype(float)
    covered = np.abs(np.linalg.det(flat[:, 1:] - flat[:, :1])).sum() / 2
    assert covered == pytest.approx(sum(wall.shape.area for wall in state.walls), rel=1e-4)
    assert len(wrong.triangles)  # the overlap
    ground = document.site(scene()).terrain.height_at(areas.triangles[:, :2].astype(float))
    assert areas.triangles[:, 2] - ground == pytest.approx(ground_overlay.ABOVE, abs=1e-3)
    ground_overlay.follow(scene())
    assert ground_overlay._layers[0] is areas
    scene().jena.show_clearances, scene().jena.show_plots = False, True
    ground_overlay.follow(scene())
    assert areas not in ground_overlay._layers
    ground_overlay.forget()


def test_a_locked_variant_is_not_changed_and_opens_again(project: Path) -> None:
    import bpy

    from jena_planner.operators import errors
    from jena_planner.scene import handlers, notes, sync

    bpy.ops.jena.show_variant(variant="neu")
    collection = sync.collection_of(scene(), "neu")
    block("a").select_set(True)
    collection.jena.locked = True
    handlers.settle(scene())
    assert block("a").hide_select and not block("a").select_get()
    there = len(sync.blocks(collection))
    for done in (
        lambda: bpy.ops.jena.draw_block("EXEC_DEFAULT", outline="[[0, 0], [10, 0], [10, 10], [0, 10]]"),
        lambda: bpy.ops.jena.demolish_building("EXEC_DEFAULT", building="H1"),
        lambda: bpy.ops.jena.delete_variant("EXEC_DEFAULT"),
    ):
        errors.last.clear()
        with pytest.raises((RuntimeError, AssertionError)):
            assert done() == {"FINISHED"}
        assert "is locked" in str(errors.last[0].sentence if errors.last else "") or "locked" in str(errors.last)
    assert len(sync.blocks(sync.collection_of(scene(), "neu"))) == there
    assert sync.variant_of(collection).locked
    assert not notes.get(collection)["lock_broken"]
    bpy.data.objects.remove(block("b"))  # as the outliner does, which does not ask whether it may be picked
    handlers.settle(scene())
    assert notes.get(collection)["lock_broken"]
    collection.jena.locked = False
    handlers.settle(scene())
    assert not block("a").hide_select and not notes.get(collection)["lock_broken"]


def test_what_a_block_counts_as_is_set_in_the_panel(project: Path) -> None:
    """Each field of the panel changes the block and, where it has a say in them, the figures."""
    import bpy

    from jena_planner.operators import key_figures
    from jena_planner.scene import handlers, sync

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    thing = block("a")

    def value(key: str) -> float | None:
        handlers.settle(scene())
        return key_figures.shown[0].figures[key].value

    full = value("gf")
    thing.jena.counts_as = "nebenanlage"
    assert value("gf") != full and sync.block_of(thing).counts_as == "nebenanlage"
    thing.jena.counts_as = "hauptanlage"
    assert value("gf") == full
    thing.jena.knows_dwellings = True
    thing.jena.dwellings = 77
    assert sync.block_of(thing).dwellings == 77 and (value("dwellings") or 0) >= 77
    thing.jena.base_rule = "highest"
    assert sync.block_of(thing).base_rule == "highest"
    thing.jena.has_reference = True
    thing.jena.reference = 151.25
    assert sync.block_of(thing).reference == pytest.approx(151.25)
    thing.jena.has_reference = False
    assert sync.block_of(thing).reference is None


def test_each_storey_has_a_use_of_its_own_and_figures_undo_and_files_follow(project: Path, tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city import variant_files
    from jena_planner.operators import key_figures, storey_uses
    from jena_planner.scene import document, handlers, sync

    bpy.ops.jena.show_variant(variant="neu")
    thing = block("a")
    for one in bpy.context.selected_objects:
        one.select_set(False)
    thing.select_set(True)
    bpy.context.view_layer.objects.active = thing
    thing.jena.storeys = 5
    handlers.settle(scene())

    def value(key: str) -> float:
        return float(key_figures.shown[0].figures[key].value or 0)

    living, jobs = value("living_area"), value("jobs")
    assert bpy.ops.jena.storey_use(first=0, last=0, use="einzelhandel") == {"FINISHED"}
    assert bpy.ops.jena.storey_use(first=1, last=2, use="büro") == {"FINISHED"}
    uses = ["einzelhandel", "büro", "büro", "wohnen", "wohnen"]
    assert [sync.block_of(thing).use_of(number) for number in range(5)] == uses
    assert [one[2] for one in storey_uses.runs(thing)] == uses
    assert value("living_area") < living and value("jobs") > jobs
    variant_files.write(sync.variant_of(sync.collection_of(scene(), "neu")), tmp_path / "v.geojson", document.origin(scene()))
    there = variant_files.read(tmp_path / "v.geojson", document.origin(scene()))
    assert next(one for one in there.blocks if one.id == sync.block_of(thing).id).storey_uses == ("einzelhandel", "büro", "büro")
    thing.jena.use = "gewerbe"  # storeys that had the main use follow, those with one of their own do not
    assert [sync.block_of(thing).use_of(number) for number in range(5)] == [*uses[:3], "gewerbe", "gewerbe"]
    assert bpy.ops.jena.storey_use(first=0, last=199, use="gewerbe") == {"FINISHED"}
    assert sync.block_of(thing).storey_uses == ()
    with pytest.raises(RuntimeError, match="no selected block has these storeys"):
        bpy.ops.jena.storey_use(first=5, last=7, use="büro")
    thing.jena.storeys = 14
    bpy.ops.jena.storey_use(first=1, last=3, use="büro")
    assert storey_uses.runs(thing) == [(0, 0, "gewerbe"), (1, 3, "büro"), (4, 13, "gewerbe")]


def test_a_sheet_is_drawn_from_the_panel_and_a_section_asks_for_its_line(project: Path) -> None:
    import bpy
    import pypdf

    from jena_planner.operators import errors, picturing
    from jena_planner.scene import document

    bpy.ops.jena.show_variant(variant="neu")
    picturing.made.clear()
    assert bpy.ops.jena.draw_sheet("EXEC_DEFAULT", kind="design", scale="1000") == {"FINISHED"}
    assert picturing.made == [document.folder(scene()) / "sheets" / "design-neu.pdf"]
    assert "Gestaltungsplan" in pypdf.PdfReader(picturing.made[0]).pages[0].extract_text()
    errors.last.clear()
    with pytest.raises(RuntimeError, match="no line is selected"):
        bpy.ops.jena.draw_sheet("EXEC_DEFAULT", kind="section")
    mesh = bpy.data.meshes.new("Schnitt")
    mesh.from_pydata([(-60.0, 5.0, 0.0), (60.0, 5.0, 0.0)], [(0, 1)], [])
    line = bpy.data.objects.new("Schnitt", mesh)
    scene().collection.objects.link(line)
    for other in bpy.context.selected_objects:
        other.select_set(False)
    line.select_set(True)
    bpy.context.view_layer.objects.active = line
    assert bpy.ops.jena.draw_sheet("EXEC_DEFAULT", kind="section") == {"FINISHED"}
    words = pypdf.PdfReader(picturing.made[-1]).pages[0].extract_text()
    assert "Geländeschnitt" in words and "nicht überhöht" in words


def test_slides_of_all_variants_are_made_with_the_camera_of_the_panel(project: Path) -> None:
    import bpy
    import pptx

    from jena_planner.operators import picturing
    from jena_planner.scene import document

    scene().jena.preset, scene().jena.date = "white", "2025-06-21"
    picturing.made.clear()
    assert bpy.ops.jena.make_slides("EXEC_DEFAULT", draft=True) == {"FINISHED"}
    assert picturing.made == [document.folder(scene()) / "slides" / "folien-entwurf.pptx"]
    titles = [page.shapes.title.text_frame.text for page in pptx.Presentation(str(picturing.made[0])).slides]
    assert titles[2:4] == ["Bestand", "Neubau Süd"]
    assert picturing.made[0].with_suffix(".pdf").is_file()
    told = json.loads((document.folder(scene()) / "pictures" / "folien-entwurf-neu.json").read_text(encoding="utf-8"))
    assert told["settings"]["preset"]["look"] == "white" and told["settings"]["date"] == "2025-06-21"


def test_the_edition_of_the_baunvo_and_the_values_of_a_plan_are_set_at_the_plot(tmp_path: Path) -> None:
    """The file keeps what was typed, what was not touched stays, and figures and findings follow."""
    import bpy

    from jena_planner.jena_city import project as files
    from jena_planner.operators import key_figures
    from jena_planner.scene import handlers

    project = small.write(tmp_path / "projekt")
    with (project / "project.toml").open("a", encoding="utf-8") as file:
        outline = "[[681720, 5644920], [681860, 5644920], [681860, 5645060], [681720, 5645060]]"
        file.write(f"[[building_plots]]\nname = 'Ganz'\ngrz = 0.12345\noutline = {outline}\n")
    assert bpy.ops.jena.open_project(filepath=str(project / "project.toml")) == {"FINISHED"}
    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    assert [one.name for one in key_figures.shown if one.scope == "plot"] == ["Ganz"]
    assert bpy.ops.jena.plan_values(plot="Ganz", use="WA", gfz=0.01, edition="1977") == {"FINISHED"}
    [entry] = files.read(project / "project.toml")[1].building_plots
    assert (entry.use, entry.grz, entry.gfz, entry.edition) == ("WA", 0.12345, 0.01, "1977")
    [plot] = key_figures.reckoned[0].plots  # type: ignore[union-attr]
    assert plot.limits.edition == "1977" and plot.limits.gfz == 0.01
    assert [one for one in key_figures.reckoned[0].findings if one.rule == "gfz"]  # type: ignore[union-attr]
    for typed, kept in (("2023", "2023"), ("–", None)):  # the newest, stated; and none
        assert bpy.ops.jena.plan_values(plot="Ganz", edition=typed) == {"FINISHED"}
        assert files.read(project / "project.toml")[1].building_plots[0].edition == kept
    assert bpy.ops.jena.plan_values(plot="Ganz", gfz=0.0) == {"FINISHED"}
    assert files.read(project / "project.toml")[1].building_plots[0].gfz is None
    with pytest.raises(RuntimeError, match="no building plot Nirgends"):
        bpy.ops.jena.plan_values(plot="Nirgends", use="WA")


def test_a_plan_area_has_an_edition_that_is_chosen_beside_its_figures(tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city import project as files
    from jena_planner.operators import key_figures, plan_values
    from jena_planner.scene import handlers

    project = small.write(tmp_path / "projekt")
    ring = [[681720, 5644920], [681860, 5644920], [681860, 5645060], [681720, 5645060], [681720, 5644920]]
    area = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"name": "Am Ufer", "BauNVO": "1968"}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    (project / "plan.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [area]}), encoding="utf-8")
    text = (project / "project.toml").read_text(encoding="utf-8")
    (project / "project.toml").write_text(text.replace("[data]", '[data]\nplan_areas = ["plan.geojson"]'), encoding="utf-8")
    assert bpy.ops.jena.open_project(filepath=str(project / "project.toml")) == {"FINISHED"}
    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    thing = block("a")
    thing.jena.roof, thing.jena.attic_used = "gable", True
    thing.jena.slope = 0.7

    def paragraph() -> str:
        handlers.settle(scene())
        return next(one.figures["gfz"].paragraph for one in key_figures.shown if one.scope == "plan-area")

    assert plan_values.edition_shown("Am Ufer") == "1968" and "BauNVO 1968" in paragraph()
    assert bpy.ops.jena.plan_edition(area="Am Ufer", edition="2017") == {"FINISHED"}
    assert [(one.name, one.edition) for one in files.read(project / "project.toml")[1].plan_areas] == [("Am Ufer", "2017")]
    assert plan_values.edition_shown("Am Ufer") == "2017" and "BauNVO 2017" in paragraph()
    with pytest.raises(RuntimeError, match="no plan area of that name"):
        bpy.ops.jena.plan_edition(area="Nirgends", edition="1977")
    assert len(files.read(project / "project.toml")[1].plan_areas) == 1
    assert bpy.ops.jena.plan_edition(area="Am Ufer", edition="–") == {"FINISHED"}  # as the data says
    assert files.read(project / "project.toml")[1].plan_areas == [] and plan_values.edition_shown("Am Ufer") == "1968"


def test_differences_are_taken_to_the_variant_that_was_chosen(project: Path) -> None:
    import bpy

    from jena_planner.operators import key_figures, variants
    from jena_planner.scene import handlers, sync

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    assert key_figures.base == []
    assert bpy.ops.jena.new_variant(copy=True) == {"FINISHED"}
    other = key_figures.shown[0]
    scene().jena.compared_with = "neu"
    handlers.settle(scene())
    assert key_figures.difference(key_figures.shown[0], "gf") == "±0"
    copy = sync.blocks(sync.collection_of(scene(), variants.shown(scene())))[0]
    before = other.figures["gf"].value
    copy.jena.storeys += 1
    handlers.settle(scene())
    after = key_figures.shown[0].figures["gf"].value
    assert key_figures.difference(key_figures.shown[0], "gf") == "+" + key_figures.written(after - before)  # type: ignore[operator]
    scene().jena.compared_with = "bestand"
    handlers.settle(scene())
    assert key_figures.difference(key_figures.shown[0], "gf") == "+" + key_figures.written(after)  # type: ignore[arg-type]
    scene().jena.compared_with = "none"
    handlers.settle(scene())
    assert key_figures.base == []


def test_tools_stand_in_the_toolbar_with_pictures_and_keys_are_changeable_and_all_goes_again(tmp_path: Path) -> None:
    import bpy

    from jena_planner.operators import icons, keys, toolbar

    registry = []
    for name in icons.NAMES:
        path = Path(f"{icons.write(tmp_path, name)}.dat")
        content = path.read_bytes()
        assert content[:4] == b"VCO\0" and (len(content) - 8) % 18 == 0 and len(content) > 8 + 18 * 4
        registry.append(bpy.app.icons.new_triangles_from_file(str(path)))
    assert all(registry) and {one.picture for one in toolbar.CLASSES} == set(icons.NAMES)
    for one in registry:
        bpy.app.icons.release(one)
    for tool in toolbar.CLASSES:
        group, name = tool.bl_keymap[0][0].split(".")
        assert hasattr(getattr(bpy.ops, group), name) and getattr(getattr(bpy.ops, group), name).get_rna_type()
    addon = bpy.context.window_manager.keyconfigs.addon
    if addon is None:
        pytest.skip("this Blender has no keys")

    def ours() -> int:
        return sum(item.idname.startswith("jena.") for keymap in addon.keymaps for item in keymap.keymap_items)

    assert ours() >= len(keys.KEYS)
    jena_planner.unregister()
    assert ours() == 0
    jena_planner.register()
    assert ours() >= len(keys.KEYS)


@pytest.mark.parametrize("link", [False, True])
def test_a_block_is_appended_to_another_file_and_a_linked_one_is_not_changed_until_overridden(
    project: Path, tmp_path: Path, link: bool
) -> None:
    """Append brings footprint, parameters and a solid; a link shows them; a library override leaves the source as it is."""
    import bpy

    from jena_planner.scene import handlers, sync

    bpy.ops.jena.show_variant(variant="neu")
    handlers.settle(scene())
    source = tmp_path / "quelle.blend"
    name, before = block("b").name, sync.block_of(block("b"))
    bpy.ops.wm.save_as_mainfile(filepath=str(source), copy=True)
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    with bpy.data.libraries.load(str(source), link=link) as (there, here):
        here.objects = [one for one in there.objects if one == name]
    [thing] = here.objects
    bpy.context.scene.collection.objects.link(thing)
    assert sync.is_block(thing)
    found = sync.block_of(thing)
    assert (found.storeys, found.roof, found.footprint.wkb) == (before.storeys, before.roof, before.footprint.wkb)
    body = sync.solid_of(thing)
    assert body is not None and len(body.data.polygons) >= 7  # four walls, two sides of the roof, the floor
    if not link:
        thing.jena.storeys = 4
        assert sync.block_of(thing).storeys == 4
        return
    assert thing.library is not None
    own = thing.override_create(remap_local_usages=True)
    assert own is not None and own.library is None and sync.is_block(own)
    assert sync.block_of(own).footprint.area == pytest.approx(before.footprint.area)
    assert sync.block_of(thing).storeys == before.storeys
