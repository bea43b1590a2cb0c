"""Looks and layouts of pictures: what they say in words, that drafts say so, and that all parts of one are taken alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image

from jena_planner import render_presets
from jena_planner.jena_city import described, lettering, sample
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.lettering import Caption, captioned, side_by_side
from jena_planner.jena_city.site import Features
from jena_planner.jena_city.variant import NULL_VARIANT, Block, PlantedTree, Variant
from jena_planner.pipeline import opening, steps
from jena_planner.sheets import typeface

from .site import flat_ground, site

DRAFT = Variant(
    "v",
    "Variante A",
    (Block("a", shapely.box(40, 40, 60, 55), 2, base=150.0), Block("b", shapely.box(40, 70, 60, 80), 5, base=150.0)),
    removed=("B0",),
    planted=(PlantedTree("t", (10.0, 10.0)),),
)


def taken(place: Any, *variants: Variant, **more: Any) -> described.Taken:
    given: dict[str, Any] = {
        "title": "Am Markt",
        "parts": [apply(place, one) for one in variants],
        "look": "model",
        "kind": "bird",
        "heading": "Nordwesten",
        "facts": ["21.03.2025, 12:00 Uhr MEZ"],
        "result": None,
        "eye": (681700.0, 5644900.0, 250.0),
        "rotation": (0.0, 0.0, 0.0),
        "settings": {},
        "inputs": "0",
        "size": (16, 9),
        "drawing": (0, 0, 16, 9),
    }
    return described.Taken(**{**given, **more})


def test_a_picture_in_words_counts_what_is_to_be_seen(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 10, 10, 8), (20, 0, 10, 10, 8), (40, 0, 10, 10, 8))
    words = described.alternative(taken(place, DRAFT))
    for said in ("Am Markt", "Vogelperspektive nach Nordwesten", "2 farbige Baukörper mit 2 bis 5 Geschossen", "15,5", "vor 2 bestehenden",
                 "1 Gebäude entfällt", "1 Baum wird gepflanzt", "12:00 Uhr MEZ"):  # fmt: skip
        assert said in words
    assert "3 Gebäude in hellem Grau, kein Vorhaben" in described.alternative(taken(place, NULL_VARIANT))
    both = described.alternative(taken(place, NULL_VARIANT, DRAFT))
    assert "2 Bilder aus derselben Kamera im selben Licht: Bestand, Variante A" in both


def test_a_picture_is_told_in_english_and_in_plain_german_too(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 10, 10, 8), (20, 0, 10, 10, 8), (40, 0, 10, 10, 8))
    words = described.others(taken(place, DRAFT))
    for said in ("Bird's-eye view, looking north-west", "2 coloured bodies with 2 to 5 storeys", "15.5", "before 2 existing buildings",
                 "1 building is demolished", "1 tree is planted", "2025-03-21, 12:00 CET"):  # fmt: skip
        assert said in words["en"], words["en"]
    for said in ("2 neue Häuser.", "5 Stockwerke.", "1 altes Haus kommt weg.", "1 neuer Baum wird gepflanzt."):
        assert said in words["plain"], words["plain"]
    assert max(len(sentence.split()) for sentence in words["plain"].split(".")) <= 12  # one thought in each sentence
    today = described.others(taken(place, NULL_VARIANT))
    assert "3 buildings in light grey, nothing new" in today["en"] and "So ist es heute." in today["plain"]
    both = described.others(taken(place, NULL_VARIANT, DRAFT))
    assert "2 pictures by the same camera in the same light: Existing state, Variante A" in both["en"]


def test_what_people_call_a_variant_is_not_translated_and_numbers_have_thin_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(described, "_staying", lambda _applied: 1234)
    place = site(tmp_path, (0, 0, 10, 10, 8))
    both = described.others(taken(place, NULL_VARIANT, Variant("a", "Wohnen", DRAFT.blocks)))["en"]
    assert "Existing state, Wohnen." in both and "Wohnen: 2 coloured bodies" in both and "Housing" not in both
    assert "1\u202f234 buildings" in both and "1,234" not in both


def test_drafts_say_so_and_what_is_public_does_not() -> None:
    public = Variant("p", "P", DRAFT.blocks, status="öffentlich")
    assert described.mark([NULL_VARIANT]) == "" == described.mark([NULL_VARIANT, public])
    assert described.mark([public, DRAFT]) == "Entwurf, nicht öffentlich"
    inside = Variant("i", "I", DRAFT.blocks, status="intern")
    assert described.mark([inside]) == "intern, nicht öffentlich"


@pytest.mark.parametrize("wide", [320, 640, 1920])
@pytest.mark.parametrize("title", ["Am Markt", "Musterquartier am sehr langen Namen der Alten Gießerei zwischen Fluss und Bahn, Übersicht"])
def test_the_mark_of_a_draft_stands_in_the_band_and_on_no_word(wide: int, title: str) -> None:
    picture = Image.new("RGB", (wide, wide // 2), (255, 255, 255))
    plain = captioned(picture, Caption(title, "Variante A", "12:00", "CC0"))
    marked = np.asarray(captioned(picture, Caption(title, "Variante A", "12:00", "CC0", "Entwurf, nicht öffentlich"))).astype(int)
    red = np.abs(marked - lettering.MARK).sum(axis=2) < 60
    rows, columns = np.nonzero(red)
    assert len(rows) > 20 and rows.min() >= wide // 2 and columns.max() < wide - 2
    dark = np.abs(marked - lettering.INK).sum(axis=2) < 60
    assert not dark[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].any() or plain.height < marked.shape[0]


def test_pictures_beside_each_other_keep_every_pixel() -> None:
    colours = [(200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0), (0, 200, 200)]
    for count in (2, 3, 4, 5):
        sheet = np.asarray(side_by_side([Image.new("RGB", (120, 80), colour) for colour in colours[:count]], ["Name"] * count))
        for colour in colours[:count]:
            assert (sheet == colour).all(axis=2).sum() == 120 * 80


def test_every_preset_says_what_it_is() -> None:
    for name in render_presets.BUILT_IN:
        preset = render_presets.load(name)
        assert preset.title and preset.description.endswith("."), name


@pytest.mark.needs("bpy")
def test_lamps_stand_beside_streets_on_the_ground(tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import builder, night

    builder.clear()
    place = site(tmp_path, (0, 0, 10, 10, 8), ground=flat_ground(height=150.0))
    line = shapely.LineString([(-100, 20), (100, 20)])
    place.streets = Features(np.array([line], object), {"width": np.array([6.0]), "class": np.array(["residential"], object)})
    night.place(place, render_presets.load("night").light, np.array([0.0, 0.0, 150.0]))
    lamps = np.array([thing.location for thing in bpy.data.objects if thing.name.startswith("Laterne")])
    assert len(lamps) == 7  # every 28 m of 200 m
    assert np.abs(lamps[:, 1] - 20) == pytest.approx([3.7] * 7, abs=1e-4) and lamps[:, 2] == pytest.approx([155.5] * 7, abs=1e-4)
    assert (np.sort(lamps[:, 1] > 20)).sum() in (3, 4)  # on both sides in turn


@pytest.mark.needs("bpy")
def test_an_eye_on_the_ground_has_a_free_view(tmp_path: Path) -> None:
    """A house stands where the preset would look from: another direction is taken, and the one that was asked for where it was asked."""
    import bpy

    from jena_planner.scene import builder, render

    builder.clear()
    preset = render_presets.load("eye").camera.model_copy(update={"azimuth": 0.0})
    plan = shapely.box(-20, -20, 20, 20)
    place = site(tmp_path, (-30, -75, 60, 40, 20), plan=plan)
    render.place_camera(place, preset, {}, 16 / 9)
    eye = shapely.Point(bpy.context.scene.camera.location[:2])
    assert eye.distance(shapely.box(-30, -75, 30, -35)) > 2.9
    render.place_camera(place, preset, {"azimuth": 0.0}, 16 / 9)
    assert bpy.context.scene.camera.location[0] == pytest.approx(0, abs=1e-4)


@pytest.mark.needs("bpy")
def test_a_set_of_variants_is_one_picture_taken_alike(tmp_path: Path) -> None:
    """Outside of the plan area and its shadows all parts show the same; the file beside it says what there is."""
    path = sample.write(tmp_path)
    design = tmp_path / "variants" / "zeilen.geojson"  # the sample's are public; one is not yet
    design.write_text(design.read_text(encoding="utf-8").replace('"status": "öffentlich"', '"status": "entwurf"'), encoding="utf-8")
    text = (render_presets.__file__ and Path(render_presets.__file__).parent / "variants.toml").read_text(encoding="utf-8")
    (tmp_path / "small.toml").write_text(
        text.replace("width = 1280", "width = 240").replace("height = 800", "height = 150").replace("samples = 32", "samples = 4")
    )
    entry = {"name": "alle", "preset": "small.toml"}
    from jena_planner.jena_city.project import PictureEntry

    steps.run(opening.load(path), only=("import", "pictures"), pictures=[PictureEntry.model_validate(entry)])
    said = json.loads((tmp_path / "pictures" / "alle.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in said["variants"]] == [
        "Bestand",
        "Variante A: Blockrand",
        "Variante B: Zeilen",
        "Variante C: Punkthäuser",
    ]
    assert said["status"] == "Entwurf, nicht öffentlich" and "4 Bilder aus derselben Kamera" in said["alternative_text"]
    picture = np.asarray(Image.open(tmp_path / "pictures" / "alle.png").convert("RGB")).astype(int)
    head = round(max(12, 240 // 44) * 1.9)
    gap = max(4, 240 // 90)
    parts = [picture[y + head : y + head + 150, x : x + 240] for y in (0, 150 + head) for x in (0, 240 + gap)]
    corner = [part[110:, :60] for part in parts]  # trees in the park, in front of all
    assert all(np.abs(one - corner[0]).mean() < 3 for one in corner)
    middle = [part[50:100, 80:160] for part in parts]
    assert all(np.abs(one - middle[0]).mean() > 10 for one in middle[1:])


def _eye(place: Any, kind: str, *blocks: Any) -> np.ndarray:
    import bpy

    from jena_planner.scene import render

    render.place_camera(
        place, render_presets.Camera.model_validate({"kind": kind, "azimuth": 0.0, "focal_length": 26.0}), {}, 16 / 9, blocks
    )
    return np.array(bpy.context.scene.camera.location)[:2]


def test_from_eye_level_nothing_is_looked_at_through_houses(tmp_path: Path) -> None:
    """A row of houses stands before the plan area where the preset would stand; from the other side the view is open."""
    plan = shapely.box(-20, -20, 20, 20)
    row = [(-90.0 + 15.0 * k, -34.0, 14.0, 8.0, 12.0) for k in range(12)]
    place = site(tmp_path, *row, plan=plan)
    eye = _eye(place, "eye")
    assert eye[1] > -34.0
    line = shapely.LineString([eye, (0.0, 0.0)])
    assert not any(shape.intersects(line) for shape in place.footprints)


def test_a_panorama_is_taken_where_there_is_room(tmp_path: Path) -> None:
    """In the middle stands a block, and one goes 7 m from it only if there is no place with more room nearby."""
    place = site(tmp_path, (-60, -60, 12, 12, 9), plan=shapely.box(-20, -20, 20, 20))
    block = shapely.box(-10, -10, 10, 10)
    eye = shapely.Point(_eye(place, "panorama", block))
    assert eye.distance(block) > 18.0 and eye.distance(shapely.Point(0, 0)) <= 60.0


def test_a_panorama_is_taken_where_one_sees_far(tmp_path: Path) -> None:
    """The yard is the roomiest place nearby, and whoever stands in it sees nothing but its walls."""
    place = site(tmp_path, (-150, -150, 12, 12, 9), plan=shapely.box(-36, -36, 36, 36))
    block = shapely.box(-36, -36, 36, 36).difference(shapely.box(-26, -26, 26, 26))
    eye = shapely.Point(_eye(place, "panorama", block))
    assert not eye.within(shapely.box(-36, -36, 36, 36)) and 8.0 <= eye.distance(block) <= 30.0


def test_houses_stand_out_from_bare_ground() -> None:
    from jena_planner.jena_city import design, palette

    assert design.contrast(palette.GROUND) / design.contrast(palette.WALL) > 1.3


def test_words_are_joined_by_hyphens_and_not_by_minuses() -> None:
    """In Blender's font the usual sign is as wide as a minus: "Essen - Kray"."""
    picture = lettering.font(100)
    assert picture.getlength("-") < 0.6 * picture.getlength("−")
    assert lettering.width("Nordost-Ring", 100) < lettering.width("Nordost−Ring", 100)
    assert typeface.width("-", 10.0) < 0.6 * typeface.width("−", 10.0)
    assert "-" in typeface.cut({"-", "a"}, bold=False).glyph  # what is copied out of a sheet is still the usual sign
