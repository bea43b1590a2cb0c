"""A photo placed by clicks: what a click in the view means, pairs and what they make, the whole way in Blender from a picture whose
camera is known."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

import jena_planner
from jena_planner.jena_city import photo_clicks, project
from jena_planner.jena_city.photo_clicks import Clicks, Pane, corners_near, part_for
from jena_planner.jena_city.problems import InputProblem
from jena_planner.pipeline import editing, opening

from . import small
from .site import ORIGIN

SIZE = (4000, 3000)
LENS = 24.0


@pytest.mark.parametrize("room", [(0, 0, 1600, 900), (60, 40, 1300, 760), (0, 0, 500, 1100)])
@pytest.mark.parametrize("size", [SIZE, (3000, 4000), (640, 200)])
def test_a_click_means_the_pixel_it_is_on_at_any_size_of_view_and_photo(room: Any, size: tuple[int, int]) -> None:
    pane = Pane(part_for(room), size)
    (left, bottom, right, top), shares = pane.seen()
    assert shares == pytest.approx((0, 0, 1, 1))  # whole, and not distorted
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1])
    assert pane.in_photo(left + 1e-6, top - 1e-6) == pytest.approx((0, 0), abs=0.01)
    assert pane.in_photo((left + right) / 2, bottom + 1e-6) == pytest.approx((size[0] / 2, size[1]), abs=0.01)
    assert pane.in_photo(pane.box[0] - 1, (bottom + top) / 2) is None
    if left > pane.box[0] + 2:
        assert pane.holds(left - 1, top - 1) and pane.in_photo(left - 1, top - 1) is None  # the edge beside the photo
    at = left + 0.3 * (right - left), bottom + 0.8 * (top - bottom)
    meant = 0.3 * size[0], 0.2 * size[1]
    near = pane
    for _ in range(5):
        near = near.zoomed(*at, 1.25)
        assert near.in_photo(*at) == pytest.approx(near._unbound(*at)) and near.in_view(*near._unbound(*at)) == pytest.approx(at)
    assert near.in_photo(*at) == pytest.approx(meant)  # what was under the mouse stays there, step by step
    for _ in range(9):
        near = near.zoomed(*at, 0.5)
    assert near.zoom == 1 and near.in_view(0, 0) == pytest.approx((left, top))


def test_clicks_come_in_pairs_and_go_again() -> None:
    clicks = Clicks()
    assert not clicks.back()
    clicks.in_photo((1, 2))
    clicks.in_photo((3, 4))  # clicked better
    assert (clicks.pixels, clicks.pairs) == ([(3, 4)], 0)
    clicks.in_town((10, 20, 150))
    clicks.in_town((11, 21, 151))  # the town first is as good
    clicks.in_town((12, 22, 152))
    assert clicks.places == [(10, 20, 150), (12, 22, 152)] and clicks.pairs == 1
    clicks.in_photo((5, 6))
    assert clicks.pairs == 2
    world = ORIGIN.to_world(np.array([[10.0, 20.0]]))[0]
    assert clicks.points(ORIGIN)[0] == {"pixel": [3.0, 4.0], "place": [pytest.approx(world[0]), pytest.approx(world[1])], "height": 150.0}
    clicks.in_photo((7, 8))
    assert clicks.back() and clicks.pairs == 2  # only the one without a partner
    assert clicks.back() and clicks.pairs == 1
    assert clicks.back() and not clicks.back()


def test_corners_near_the_mouse_the_nearest_first_and_none_behind() -> None:
    matrix = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]])  # looks along +z from 0, one unit each way
    points = np.array([[0, 0, 10], [1, 0, 10], [1, 0, 10], [0, 0, -10], [5, 5, 10]], float)
    assert corners_near(points, matrix, (200, 100), (109, 50), 12).tolist() == [1, 0]  # 110 and 100
    assert corners_near(points, matrix, (200, 100), (103, 50), 12).tolist() == [0, 1]
    assert corners_near(points, matrix, (200, 100), (20, 20), 12).tolist() == []


def test_a_photo_is_shown_upright_and_kept_with_the_project(tmp_path: Path) -> None:
    marks = Image.Exif()
    marks[274] = 6  # to be turned to the right
    image = Image.new("RGB", (60, 30), (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, 10, 30))
    image.save(tmp_path / "Mein Foto.JPG", exif=marks, quality=95)
    seen = photo_clicks.upright(tmp_path / "Mein Foto.JPG", 1000)
    assert seen.shape == (60, 30, 4) and seen[2, 15, 2] > 150 and seen[50, 15, 0] > 150
    assert max(photo_clicks.upright(tmp_path / "Mein Foto.JPG", 20).shape) == 20
    folder = tmp_path / "projekt"
    folder.mkdir()
    name = photo_clicks.home(tmp_path / "Mein Foto.JPG", folder)
    photo_clicks.keep(tmp_path / "Mein Foto.JPG", folder)
    assert (folder / name).read_bytes() == (tmp_path / "Mein Foto.JPG").read_bytes()
    assert photo_clicks.home(folder / name, folder) == name and name.startswith("photos/")
    (tmp_path / "half.jpg").write_bytes((folder / name).read_bytes()[:400])
    with pytest.raises(InputProblem, match="the photo cannot be read"):
        photo_clicks.upright(tmp_path / "half.jpg", 1000)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project that is open in Blender."""
    import bpy

    from jena_planner.operators import preferences

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    jena_planner.register()
    monkeypatch.setattr(preferences, "cache_folder", lambda: tmp_path / "cache")
    made = small.write(tmp_path / "projekt")
    assert bpy.ops.jena.open_project(filepath=str(made / "project.toml")) == {"FINISHED"}
    yield made
    jena_planner.unregister()


def test_a_photo_said_anew_by_another_name_stays_one_and_its_pictures_go_with_it(tmp_path: Path) -> None:
    place = small.write(tmp_path / "p")
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path, grey in zip(paths, (50, 90), strict=True):
        Image.new("RGB", (60, 40), (grey, grey, grey)).save(path)
    editing.with_photo(opening.load(place), paths[0], {"name": "Eins"})
    with (place / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[pictures]]\nname = "Montage"\npreset = "photo-montage"\nphoto = "Eins"\n')
    opened = editing.with_photo(opening.load(place), paths[0], {"name": "Zwei"})
    assert [one.name for one in opened.file.photos] == ["Zwei"] and opened.file.pictures[-1].photo == "Zwei"
    with pytest.raises(InputProblem, match="another photo of this name"):
        editing.with_photo(opened, paths[1], {"name": "Zwei"})
    assert len(list((place / "photos").iterdir())) == 1  # refused before it was copied
    assert [one.name for one in editing.with_photo(opened, paths[1], {"name": "Drei"}).file.photos] == ["Zwei", "Drei"]


PLACES = np.array([[0, 10, 150], [0, 10, 158], [30, 20, 158.6], [42, 10, 150.6], [90, 10, 159.8], [102, 10, 151.8]], float)
EYE, TARGET = np.array([-20, -56, 157.6]), np.array([40, -10, 153.8])


def seen(size: tuple[int, int]) -> np.ndarray:
    """Where a camera at EYE that looks at TARGET sees PLACES; written here anew."""
    ahead = (TARGET - EYE) / np.linalg.norm(TARGET - EYE)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    way = PLACES - EYE
    across = np.column_stack([way @ right, -(way @ np.cross(right, ahead))]) / (way @ ahead)[:, None]
    return across * LENS / 36 * size[0] + np.array(size) / 2


def photo(path: Path, moment: str = "") -> Path:
    marks = Image.Exif()
    if moment:
        marks[306] = moment
    Image.new("RGB", (1200, 800), (120, 130, 140)).save(path, exif=marks)
    return path


@pytest.mark.needs("bpy")
def test_clicked_points_become_a_photo_of_the_project_with_its_camera(folder: Path, tmp_path: Path) -> None:
    """The photo is clicked where its pane shows the points, as a hand does: to the pixel of the view."""
    import bpy

    from jena_planner.operators import photo_tool
    from jena_planner.scene import document

    size = (1200, 800)
    pane = Pane(part_for((60, 0, 1500, 860)), size)
    clicks = Clicks()
    for pixel, place in zip(seen(size), PLACES, strict=True):
        near = pane.zoomed(*pane.in_view(*pixel), 6.0)  # drawn nearer first
        clicks.in_photo(near.in_photo(*(round(one) for one in near.in_view(*pixel))))  # type: ignore[arg-type]
        clicks.in_town(place)
    points = json.dumps([[*pixel, *place] for pixel, place in zip(clicks.pixels, clicks.places, strict=True)])
    path = photo(tmp_path / "Am Ufer.jpg", "2025:06:21 17:04:09")
    assert bpy.ops.jena.click_photo(filepath=str(path), label="Am Ufer", points=points) == {"FINISHED"}
    opened = opening.load(folder)
    [entry] = opened.file.photos
    assert (entry.name, entry.time, entry.date) == ("Am Ufer", "", None)  # as the photo says
    assert (folder / entry.file).is_file()
    found, day, clock = opening.solved_photo(opened, document.site(bpy.context.scene), entry)
    assert found.pixels < 1 and np.linalg.norm(found.eye - EYE) < 0.5
    assert (str(day), clock) == ("2025-06-21", "17:04")
    scene = bpy.context.scene
    assert (photo_tool.chosen(scene), scene.jena.preset) == ("Am Ufer", "photo-montage")
    scene.jena.samples, scene.jena.width = 1, 90
    bpy.ops.jena.show_variant(variant="neu")
    assert bpy.ops.jena.render_picture() == {"FINISHED"}
    with Image.open(folder / "pictures/photo-montage-neu-am-ufer.png") as image:
        assert image.width == 90 and image.height >= 60
    other = photo(tmp_path / "b.png")
    asked = {"filepath": str(other), "points": points, "date": "21.6.2025", "time": "9:30", "focal_length": LENS}
    with pytest.raises(RuntimeError, match="the project has another photo of this name"):
        bpy.ops.jena.click_photo(**asked, label="Am Ufer")
    assert bpy.ops.jena.click_photo(**asked, label="Zwei") == {"FINISHED"}
    assert photo_tool.listed(scene) == [(0, "Am Ufer"), (1, "Zwei")]
    assert str(project.read(folder)[1].photos[1].date) == "2025-06-21"
    assert bpy.ops.jena.choose_photo(photo="Am Ufer") == {"FINISHED"} and photo_tool.chosen(scene) == "Am Ufer"
    assert bpy.ops.jena.remove_view(kind="photos", index=0) == {"FINISHED"} and photo_tool.chosen(scene) == "Zwei"
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[pictures]]\nname = "Montage"\npreset = "photo-montage"\nphoto = "Zwei"\n')
    with pytest.raises(InputProblem, match="the photo Zwei is that of Montage"):
        editing.without_view(opening.load(folder), "photos", 0)


@pytest.mark.needs("bpy")
def test_what_is_no_photo_has_no_time_or_no_good_points_is_said_and_nothing_written(folder: Path, tmp_path: Path) -> None:
    import bpy

    before = (folder / "project.toml").read_bytes()
    points = [[*pixel, *place] for pixel, place in zip(seen((1200, 800)).tolist(), PLACES.tolist(), strict=True)]
    plain, text = photo(tmp_path / "plain.jpg"), tmp_path / "text.jpg"
    text.write_text("kein Bild", encoding="utf-8")
    good = {"filepath": str(plain), "label": "F", "date": "2025-06-21", "time": "9:30", "points": json.dumps(points)}
    wrong = json.dumps([[one[0] + 200 * (row == 3), *one[1:]] for row, one in enumerate(points)])
    for change, sentence in (
        ({"filepath": str(text)}, "the photo cannot be read"),
        ({"date": "", "time": ""}, "does not say when it was taken"),
        ({"date": "gestern"}, "date"),
        ({"points": json.dumps(points[:3])}, "it has 3 points"),
        ({"points": wrong}, "contradict each other, point 4 most"),
        ({"points": "[[1, 2]]"}, "no list of points"),
        ({"label": " "}, "name"),
    ):
        with pytest.raises(RuntimeError, match=sentence):
            bpy.ops.jena.click_photo(**{**good, **change})
    with pytest.raises(RuntimeError, match="there is no photo called X"):
        bpy.ops.jena.choose_photo(photo="X")
    assert (folder / "project.toml").read_bytes() == before and not (folder / "photos").exists()


@pytest.mark.needs("bpy")
def test_the_tool_says_what_comes_next_and_how_well_the_camera_fits(folder: Path, tmp_path: Path) -> None:
    from jena_planner.operators import photo_tool

    size = (1200, 800)
    work = photo_tool.Work(np.zeros((8, 12, 4), np.uint8), None, (0, 0, 600, 480), Pane((0, 0, 600, 400), size))
    tool = SimpleNamespace(_work=work, _size=size, _focal=LENS, _entry=SimpleNamespace(name="F"))

    def judged() -> str:
        photo_tool.JENA_OT_click_photo._judge(tool)
        return " / ".join(work.lines)

    assert judged() == "Point 1: click it in the photo / 0 of at least 4 points"
    pairs = list(zip(seen(size), PLACES, strict=True))
    for pixel, place in pairs[:4]:
        work.clicks.in_photo(pixel)
        work.clicks.in_town(place)
    work.clicks.in_photo(pairs[4][0])
    assert judged().startswith("Point 5: click the same place in the town / ") and "0.0 pixels" in judged() and not work.wrong
    assert len(work.errors) == 4 and max(work.errors) < 0.1
    work.clicks.in_town(pairs[0][1] + [0, 0, 30])  # another place than was clicked
    assert "contradict each other" in judged() and work.wrong and not work.errors
    assert work.clicks.back() and "0.0 pixels" in judged()
    assert math.isclose(work.pane.scale, 0.5)
