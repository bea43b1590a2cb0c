"""Viewpoints, axes and landmarks put in Blender stand in the project's file, and analyses of views show what they find in the scene."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jena_planner
from jena_planner.jena_city import project as projects

from . import small
from .site import ORIGIN

pytestmark = pytest.mark.needs("bpy")


@pytest.fixture(autouse=True)
def blender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import bpy

    from jena_planner.operators import preferences

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    jena_planner.register()
    monkeypatch.setattr(preferences, "cache_folder", lambda: tmp_path / "cache")
    yield
    jena_planner.unregister()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    import bpy

    made = small.write(tmp_path / "projekt")
    assert bpy.ops.jena.open_project(filepath=str(made / "project.toml")) == {"FINISHED"}
    return made


def scene() -> Any:
    import bpy

    return bpy.context.scene


def test_what_is_put_stands_in_the_file_is_listed_and_goes_again(folder: Path) -> None:
    import bpy

    from jena_planner.operators import viewpoints

    (folder / "project.toml").write_text("# mein Projekt\n" + (folder / "project.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert viewpoints.named(scene()) == []
    assert bpy.ops.jena.put_viewpoint(places="[[-20, 5]]", eye=1.6) == {"FINISHED"}
    assert bpy.ops.jena.put_viewpoint(places="[[-30, 5]]", eye=4, label="Balkon") == {"FINISHED"}
    assert bpy.ops.jena.draw_axis(places="[[-20, 0], [100, 0]]", width=6) == {"FINISHED"}
    assert bpy.ops.jena.put_landmark(building="H3") == {"FINISHED"}
    assert bpy.ops.jena.put_landmark(places="[[140, 5]]", height=25, label="Mast") == {"FINISHED"}
    _path, content = projects.read(folder)
    assert [(one.name, one.at, one.eye) for one in content.viewpoints] == [
        ("Standpunkt 1", (ORIGIN.easting - 20, ORIGIN.northing + 5), 1.6),
        ("Balkon", (ORIGIN.easting - 30, ORIGIN.northing + 5), 4.0),
    ]
    assert content.axes[0].width == 6.0
    assert [(one.name, one.building, one.height) for one in content.landmarks] == [("Ziel 1", "H3", 0.0), ("Mast", "", 25.0)]
    assert (folder / "project.toml").read_text(encoding="utf-8").startswith("# mein Projekt\n")
    listed = [("viewpoints", 0, "Standpunkt 1"), ("viewpoints", 1, "Balkon"), ("axes", 0, "Achse 1"), ("landmarks", 0, "Ziel 1")]
    assert viewpoints.named(scene())[:4] == listed
    assert bpy.ops.jena.remove_view(kind="viewpoints", index=0) == {"FINISHED"}
    assert [name for _, _, name in viewpoints.named(scene())] == ["Balkon", "Achse 1", "Ziel 1", "Mast"]
    with pytest.raises(RuntimeError, match="no entry 8 under axes"):
        bpy.ops.jena.remove_view(kind="axes", index=7)
    with pytest.raises(RuntimeError, match="no list of places"):
        bpy.ops.jena.draw_axis(places="[[1, 2]]")
    with pytest.raises(RuntimeError, match="less than a metre apart"):
        bpy.ops.jena.draw_axis(places="[[1, 2], [1, 2]]")


def test_sight_lines_are_seen_in_the_scene_with_who_hides_them(folder: Path) -> None:
    import bpy

    from jena_planner.operators import probe, results, viewpoints
    from jena_planner.scene import notes

    with pytest.raises(RuntimeError, match="neither an axis nor a viewpoint"):
        bpy.ops.jena.run_analysis(analysis="sight_lines")
    bpy.ops.jena.put_viewpoint(places="[[-40, 15]]")
    bpy.ops.jena.put_landmark(building="H3")
    assert bpy.ops.jena.run_analysis(analysis="sight_lines") == {"FINISHED"}
    assert len(viewpoints.named(scene())) == 2
    seen = results.shown(scene())
    note = notes.get(seen)
    assert note is not None
    assert note["name"].startswith("sight-lines-lines-")
    assert len(seen.data.polygons) == 2 * 12  # free as far as the first house, then hidden
    words = probe.mark_words(note["marks"], 0)
    assert words[0] == "Standpunkt 1 – Ziel 1"
    assert any("H0" in line for line in words)


def test_cameras_are_made_chosen_looked_through_and_renamed(folder: Path) -> None:
    import bpy

    from jena_planner.operators import cameras

    assert bpy.ops.jena.camera_two_clicks(places="[[-20, 5], [100, 5]]", label="Gasse") == {"FINISHED"}
    assert bpy.ops.jena.cameras_along(places="[[-60, 30], [-20, 30], [40, 30]]", spacing=40) == {"FINISHED"}
    bpy.ops.jena.draw_axis(places="[[-20, 0], [100, 0]]", width=6, label="Turmblick")
    assert bpy.ops.jena.camera_from_axis(axis="axes/0") == {"FINISHED"}
    names = [name for _, name in cameras.listed(scene())]
    assert names[0] == "Gasse" and names[-1] == "Turmblick" and len(names) == 5
    assert cameras.chosen(scene()) == "Turmblick"  # what was made last
    assert bpy.ops.jena.choose_camera(camera="Gasse") == {"FINISHED"}
    eye = scene().camera
    _path, content = projects.read(folder)
    assert content.cameras[0].at == (ORIGIN.easting - 20, ORIGIN.northing + 5)
    assert [round(value, 3) for value in eye.location][:2] == [-20, 5]
    assert -eye.matrix_world.col[2][0] == pytest.approx(1.0)  # it looks east, level
    assert bpy.ops.jena.rename_camera(camera="Gasse", label="Weite Gasse") == {"FINISHED"}
    assert cameras.chosen(scene()) == "Weite Gasse"
    with pytest.raises(RuntimeError, match="cannot be called"):
        bpy.ops.jena.rename_camera(camera="Weite Gasse", label="Turmblick")
    bpy.ops.jena.remove_view(kind="axes", index=0)
    with pytest.raises(RuntimeError, match="no such sight line"):
        bpy.ops.jena.camera_from_axis()
    with pytest.raises(RuntimeError, match="no block is active"):
        bpy.ops.jena.cameras_around()
    assert bpy.ops.jena.choose_camera(camera="Weite Gasse") == {"FINISHED"}
    assert cameras.chosen(scene()) == ""
    assert bpy.ops.jena.remove_view(kind="cameras", index=0) == {"FINISHED"}
    assert len(cameras.listed(scene())) == 4
