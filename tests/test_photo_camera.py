"""Photo montage: the camera of a photo from points in it, what is refused, and a variant in a picture whose true camera is known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jena_planner.jena_city import about, montage, photo_camera
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import PhotoEntry, PictureEntry
from jena_planner.pipeline import editing, opening, steps

from . import small
from .site import ORIGIN

SIZE = (1500, 1000)
EYE, FOCAL = np.array([-25.0, -60.0, 152.0]), 1100.0
PLACES = np.array([[0, -5, 150], [12, -5, 158], [20, -30, 150], [45, -15, 165], [60, 5, 151.2], [-5, 20, 150]], float)


def seen(places: np.ndarray, off: float = 0.0, roll: float = 0.02) -> np.ndarray:
    """Where the camera sees places, clicked wrong by `off` pixels. Written here anew: right, up and ahead of a camera looking north-east."""
    ahead = np.array([math.sin(0.7), math.cos(0.7), 0.02])
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    right, up = right * math.cos(roll) + up * math.sin(roll), up * math.cos(roll) - right * math.sin(roll)
    way = places - EYE
    pixels = np.column_stack([way @ right, -(way @ up)]) / (way @ ahead)[:, None] * FOCAL + np.array(SIZE) / 2
    return pixels + np.random.default_rng(4).normal(0, off, pixels.shape)


@pytest.mark.parametrize(("off", "within"), [(0.0, 0.01), (1.0, 1.0)])
def test_the_camera_is_found_where_it_stood(off: float, within: float) -> None:
    found = photo_camera.solved("Foto", seen(PLACES, off), PLACES, SIZE, None)
    assert np.linalg.norm(found.eye - EYE) < within
    assert found.focal == pytest.approx(FOCAL, rel=0.03)
    assert found.pixels < 0.01 + 1.2 * off and found.metres < 0.01 + 0.15 * off


def test_four_points_do_with_a_known_focal_length() -> None:
    found = photo_camera.solved("Foto", seen(PLACES[[0, 1, 3, 5]], 0.5), PLACES[[0, 1, 3, 5]], SIZE, FOCAL / 1500 * 36)
    assert np.linalg.norm(found.eye - EYE) < 1.5


@pytest.mark.parametrize(
    ("places", "change", "sentence"),
    [
        (PLACES[:3], None, "it has 3 points"),
        (np.column_stack([np.linspace(0, 60, 5), np.linspace(-5, 30, 5), np.linspace(150, 158, 5)]), None, "lie on one line"),
        (PLACES, lambda pixels: pixels + np.array([[0, 0]] * 3 + [[220, -160]] + [[0, 0]] * 2), "contradict each other, point 4 most"),
        (PLACES, lambda pixels: pixels[[0, 0, 2, 3, 4, 5]], "points 1 and 2 are the same"),
        (PLACES, lambda pixels: pixels * [1, 3], "lies outside the photo"),
    ],
)
def test_points_of_no_use_are_refused(places: np.ndarray, change: Any, sentence: str) -> None:
    pixels = seen(places)
    with pytest.raises(InputProblem, match=sentence):
        photo_camera.solved("Foto", change(pixels) if change else pixels, places, SIZE, None)


def test_a_photo_says_when_it_was_taken_or_must_be_told(tmp_path: Path) -> None:
    image, marks = Image.new("RGB", (30, 20)), Image.Exif()
    image.save(tmp_path / "plain.jpg")
    marks[306] = "2025:06:21 17:04:09"
    image.save(tmp_path / "dated.jpg", exif=marks)
    with pytest.raises(InputProblem, match="does not say when it was taken"):
        photo_camera.taken(PhotoEntry(name="a", file=""), tmp_path / "plain.jpg")
    size, day, clock, focal = photo_camera.taken(PhotoEntry(name="a", file=""), tmp_path / "dated.jpg")
    assert (size, str(day), clock, focal) == ((30, 20), "2025-06-21", "17:04", None)
    typed = PhotoEntry.model_validate({"name": "a", "file": "", "date": "2024-01-02", "time": "9:30"})
    assert photo_camera.taken(typed, tmp_path / "dated.jpg")[1:3] == (typed.date, "9:30")


def test_what_is_new_covers_the_photo_and_its_shadow_darkens_it() -> None:
    photo, today = Image.new("RGB", (40, 20), (90, 120, 150)), Image.new("RGB", (40, 20), (180, 180, 180))
    planned = np.asarray(today).copy()
    planned[:, :10], planned[:, 10:20] = (200, 60, 60), (90, 90, 90)
    new = np.zeros((20, 40))
    new[:, :10] = 1
    made = np.asarray(montage.composed(photo, Image.fromarray(planned), today, new, np.ones((20, 40)))).astype(int)
    assert made[10, 5, 0] > 2 * made[10, 5, 1]  # the new body
    assert (made[10, 15] < made[10, 30]).all()  # its shadow
    assert np.abs(made[10, 30] - (90, 120, 150)).max() <= 1  # the photo as it was


@pytest.mark.needs("bpy")
def test_a_variant_stands_in_a_photo_where_it_would_stand(tmp_path: Path) -> None:
    """The photo is a picture of today from a known camera; the montage must be what the same camera sees with the variant."""
    folder = small.write(tmp_path / "p")
    entry = {"at": (ORIGIN.easting - 20, ORIGIN.northing - 56), "eye": 8, "to": (ORIGIN.easting + 40, ORIGIN.northing - 10)}
    opened = editing.with_view(opening.load(folder), "cameras", {**entry, "target": 3.0, "name": "Wahr", "focal_length": 24})
    clear = (about.ROOT / "render_presets/eye.toml").read_text(encoding="utf-8").replace("most = 0.35", "most = 0.0")
    (folder / "klar.toml").write_text(clear, encoding="utf-8")
    size = {"width": 240, "height": 160, "samples": 6, "date": "2025-06-21", "time": "15:00"}
    pictures = [PictureEntry(name=f"wahr-{one}", preset="klar.toml", camera="Wahr", variant=one, **size) for one in ("bestand", "neu")]  # type: ignore[arg-type]
    steps.run(opened, only=("pictures",), pictures=pictures)
    with Image.open(folder / "pictures/wahr-bestand.png") as image:
        image.convert("RGB").crop((0, 0, 240, 160)).save(folder / "foto.png")
    places = np.array([[0, 10, 150], [0, 10, 158], [30, 20, 158.6], [42, 10, 150.6], [90, 10, 159.8], [102, 10, 151.8]], float)
    eye, target = np.array([-20, -56, 149.6 + 8]), np.array([40, -10, 150.8 + 3])
    ahead = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    way = places - eye
    pixels = np.column_stack([way @ right, -(way @ np.cross(right, ahead))]) / (way @ ahead)[:, None] * 24 / 36 * 240 + (120, 80)
    points = [
        {"pixel": pixel.tolist(), "place": ORIGIN.to_world(place[None, :2])[0].tolist(), "height": float(place[2])}
        for pixel, place in zip(pixels, places, strict=True)
    ]
    photo = {"name": "Foto", "points": points, "date": "2025-06-21", "time": "15:00", "focal_length": 24.0}
    opened = editing.with_photo(opened, folder / "foto.png", photo)
    asked = PictureEntry(name="montage", preset="photo-montage", photo="Foto", variant="neu", samples=6, width=240)
    steps.run(opened, only=("pictures",), pictures=[asked])
    found = []
    for name in ("montage", "wahr-neu", "wahr-bestand"):
        with Image.open(folder / f"pictures/{name}.png") as image:
            found.append(np.asarray(image.convert("RGB").crop((0, 0, 240, 160))).astype(float))
    made, true, before = found
    different, drawn = (np.abs(one - before).max(axis=-1) > 40 for one in (true, made))
    assert different.mean() > 0.03
    assert (different & drawn).sum() > 0.85 * (different | drawn).sum()  # the same place to the pixel
    assert np.median(np.abs(made - before)[~different]) < 4  # else it is the photo
    assert np.median(np.abs(made - true)[different & drawn]) < 30  # the same light
    with pytest.raises(InputProblem, match="none is named"):
        steps.run(opened, only=("pictures",), pictures=[PictureEntry(name="x", preset="photo-montage")])
