"""A plan that is a picture: true to scale on its paper, with scale bar and north arrow beside its words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from jena_planner.jena_city import lettering
from jena_planner.jena_city.design import Design
from jena_planner.jena_city.lettering import Caption, captioned
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import PictureEntry
from jena_planner.pipeline import opening, steps
from jena_planner.sheets.paper import size_of
from jena_planner.sheets.plan_page import Page, Wish

from . import small
from .site import ORIGIN

INCH = 25.4


def made(folder: Path, *, design: str = "", **asked: Any) -> tuple[Image.Image, dict[str, Any]]:
    """A picture of the small project and the file beside it."""
    town = small.write(folder / "town")
    if design:
        (town / "design.toml").write_text(design, encoding="utf-8")
        plain = (town / "project.toml").read_text(encoding="utf-8")
        (town / "project.toml").write_text(plain.replace("[project]\n", '[project]\ndesign = "design.toml"\n'), encoding="utf-8")
    entry = PictureEntry.model_validate({"name": "Plan", "preset": "plan", "variant": "neu", "samples": 1, **asked})
    steps.run(opening.load(town), only=("pictures",), pictures=[entry])
    with Image.open(town / "pictures/plan.png") as image:
        image.load()
        return image, json.loads((town / "pictures/plan.json").read_text(encoding="utf-8"))


LINES = 'title = "Umriss"\nlook = "lines"\n[camera]\nkind = "plan"\n'


@pytest.mark.needs("bpy")
@pytest.mark.parametrize(("scale", "paper", "dpi"), [(500, "A4", 120), (250, "A3", 72)])
def test_lengths_on_paper_are_those_that_the_scale_says(scale: int, paper: str, dpi: int, tmp_path: Path) -> None:
    """Measured in a line drawing, where blocks are tinted inside of their black outlines: from left side to left side, which 40 m lie
    between; and how much higher one is than the line around it leaves is the same upwards as across."""
    (tmp_path / "town").mkdir()
    (tmp_path / "town/umriss.toml").write_text(LINES, encoding="utf-8")
    centre = [ORIGIN.easting + 42.0, ORIGIN.northing - 22.0]
    image, said = made(tmp_path, preset="umriss.toml", scale=scale, paper=paper, dpi=dpi, view={"target": centre})
    wide, high = size_of(paper, True)
    assert image.size == (round(wide / INCH * dpi), round(high / INCH * dpi))
    assert image.info["dpi"] == pytest.approx((dpi, dpi), rel=1e-3)
    left, top, right, bottom = said["drawing"]
    margin = 10.0 / INCH * dpi
    assert (left, top, image.width - right) == pytest.approx((margin,) * 3, abs=1)
    metre = 1000.0 / scale / INCH * dpi
    tint = np.ptp(np.asarray(image.convert("RGB")).astype(int)[top:bottom, left:right], axis=2) > 12  # all but the variant is grey
    middle, row = (right - left) / 2, tint[(bottom - top) // 2]
    sides = np.flatnonzero(row[1:] & ~row[:-1]) + 1
    first = sides[0]
    second = sides[sides > middle + 10 * metre][0]  # of the block 18 m to the east of the middle
    assert second - first == pytest.approx(40.0 * metre, abs=1)
    assert (first + second) / 2 == pytest.approx(middle - 2.0 * metre, abs=3)  # what the view names is in the middle
    across = first + np.flatnonzero(~row[first:])[0] - first
    column = tint[:, int(first + 10 * metre)]
    assert across - column.sum() == pytest.approx(10.0 * metre, abs=1)  # 25 m across, 15 m upwards
    assert said["settings"]["page"] == {"scale": scale, "paper": paper, "orientation": "landscape", "dpi": dpi}
    assert said["facts"][0] == f"Maßstab 1\u202f:\u202f{scale} auf {paper}"
    assert said["facts"][0] in said["alternative_text"]


@pytest.mark.needs("bpy")
def test_without_words_the_drawing_fills_the_paper(tmp_path: Path) -> None:
    image, said = made(tmp_path, scale=1000, paper="A4", orientation="portrait", dpi=50, caption=False)
    assert image.size == (round(210 / INCH * 50), round(297 / INCH * 50)) and said["drawing"] == [0, 0, *image.size]
    assert image.info["dpi"] == pytest.approx((50, 50), rel=1e-3)


@pytest.mark.needs("bpy")
def test_the_smallest_paper_that_holds_the_blocks_is_taken_and_said_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image, said = made(tmp_path, design='language = "en"', scale=250, dpi=50)
    page = said["settings"]["page"]
    assert (page["paper"], page["orientation"]) == ("A4", "landscape")  # 52 × 15 m, on 69 × some 36 m
    assert image.size == (585, 413)
    assert "scale 1\u202f:\u202f250 on A4" in said["alternative_texts"]["en"]


def test_the_caption_is_translated() -> None:
    words = Page(5000, "A3", True, 150, True).words
    assert Design().say(words) == "Maßstab 1\u202f:\u202f5\u202f000 auf A3"
    assert Design(language="en").say(words) == "scale 1\u202f:\u202f5\u202f000 on A3"


def laid(_page: Page) -> tuple[tuple[int, int], int]:
    return (0, 0), 100


def test_what_does_not_fit_is_refused_with_a_scale_that_would() -> None:
    with pytest.raises(InputProblem, match=r"400 × 300 m do not fit on A4 at 1:1000. Take 1:(\d+)") as refused:
        Wish(1000, "A4").page((400.0, 300.0), laid, "p")
    coarser = int(str(refused.value).partition("Take 1:")[2].split()[0])
    page, room = Wish(coarser, "A4").page((400.0, 300.0), laid, "p")
    assert room[0] * page.metres >= 400.0 and room[1] * page.metres >= 300.0
    tried = Wish(1000).page((400.0, 300.0), laid, "p")[0]
    assert (tried.paper, tried.landscape) == ("A2", True)
    assert not Wish(1000, orientation="portrait").page((100.0, 200.0), laid, "p")[0].landscape
    with pytest.raises(InputProblem, match="leave no room for a drawing on A4"):
        Wish(1000, "A4").page((0.0, 0.0), lambda page: ((0, 0), page.size[1]), "p")
    with pytest.raises(InputProblem, match="leave no room for a drawing on A4"):
        Wish(1000, "A4").page((0.0, 0.0), lambda page: ((100, page.size[1]), 100), "p")  # its legend is too high


def test_more_pixels_than_memory_holds_are_refused() -> None:
    with pytest.raises(InputProblem, match=r"A0 at 300 dpi has 139 million pixels, more than 40 million. Take 160 dpi or a smaller paper"):
        Wish(500, "A0", dpi=300).pages("p")
    assert Wish(500, "A0", dpi=160).pages("p") and Wish(500, "A2", dpi=300).pages("p")
    with pytest.raises(InputProblem, match="more than 13 million"):
        Wish(500, "A1", lines=True).pages("p")
    assert [page.paper for page in Wish(500, orientation="portrait", dpi=300).pages("p")] == ["A4", "A3", "A2"]  # A1 has too many


def test_a_drawing_has_a_line_around_it_in_the_margin() -> None:
    page = Page(500, "A4", True, 100, True)
    wide, high = page.room(((0, 0), 60))
    made = np.asarray(page.composed(Image.new("RGB", (wide, high), (0, 200, 0)), None, Image.new("RGB", (page.inner_width, 60), "white")))
    left, top = page.margin, page.margin
    assert (made[top : top + high, left : left + wide] == (0, 200, 0)).all()
    for side in (made[top - 1, left : left + wide], made[top + high, left : left + wide], made[top : top + high, [left - 1, left + wide]]):
        assert (side == lettering.QUIET).all()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ('preset = "plan"\npaper = "A3"', "it has a paper or dpi, but no scale"),
        ('preset = "plan"\ndpi = 300', "it has a paper or dpi, but no scale"),
        ('preset = "still"\nscale = 500', "its preset shows no plan of one variant"),
        ('preset = "plan"\nscale = 500\nwidth = 800', "it has a width or height beside its scale"),
        ('preset = "plan"\nscale = 500\npaper = "A0"\ndpi = 600', "A0 at 600 dpi has 558 million pixels"),
        ('preset = "plan"\nscale = 500\npaper = "A5"', 'paper = "A5" is not allowed'),
        ('preset = "plan"\nscale = 5', "scale = 5 is not allowed"),
        ('preset = "plan"\nscale = 500\ndpi = 2400', "dpi = 2400 is not allowed"),
    ],
)
def test_what_makes_no_sense_is_refused_when_the_project_is_opened(asked: str, sentence: str, tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[pictures]]\nname = "Plan"\n{asked}\n')
    with pytest.raises(InputProblem, match=sentence):
        opening.load(folder)


@pytest.mark.parametrize("metres", [0.05, 0.13, 0.4, 2.7])
def test_the_scale_bar_is_as_long_as_it_says_and_stands_in_the_band(metres: float) -> None:
    """Its length is read from the picture; what it says is a round number that fits it."""
    picture = Image.new("RGB", (1600, 200), (120, 140, 90))
    plain = Caption("Am Markt", "Variante A", "Norden oben", "Stadt Jena")
    image = np.asarray(captioned(picture, replace(plain, metres=metres)))
    assert (image[:200] == (120, 140, 90)).all()
    band = image[200:]
    assert (captioned(picture, plain).height - 200, 1600) <= band.shape[:2]
    dark = band.sum(axis=2) < 200
    longest = max(range(len(band)), key=lambda row: run_of(dark[row]))
    half = run_of(dark[longest])  # its left half is black
    assert np.flatnonzero(dark[longest])[0] > 1200  # at the right
    told = 2 * half * metres
    length = min((value * 10**power for power in range(4) for value in (1, 2, 5)), key=lambda value: abs(value - told))
    assert told == pytest.approx(length, abs=3 * metres)


def run_of(row: np.ndarray) -> int:
    """The longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(int)))
    return int(max(edges[1::2] - edges[::2], default=0))


def test_the_arrow_points_to_geographic_north() -> None:
    """As on sheets: up is grid north; 10° to the west of it the tip is to the left of the foot."""
    tips = []
    for turn in (-10.0, 0.0, 10.0):
        image = Image.new("RGB", (300, 300), (255, 255, 255))
        lettering.north_arrow(ImageDraw.Draw(image), 150, 220, 60, turn)
        arrow = np.asarray(image.convert("L"))[92:] < 100  # below the N
        rows, columns = np.nonzero(arrow)
        tips.append(columns[rows == rows.min()].mean())
    assert tips[0] < tips[1] - 8 and tips[2] > tips[1] + 8 and tips[1] == pytest.approx(150, abs=1)


def test_nothing_of_a_band_runs_into_another_thing(tmp_path: Path) -> None:
    """Words, the mark of a draft, scale and logo, on a narrow picture too."""
    Image.new("RGBA", (300, 120), (0, 90, 160, 255)).save(tmp_path / "logo.png")
    words = Caption(
        "Würzburger Straße und Ölmühlenweg", "Variante Ä", "Norden oben · " * 9, "Stadt Jena, dl-de/by-2-0", "Entwurf, nicht öffentlich"
    )
    for wide in (480, 1600):
        picture = Image.new("RGB", (wide, 60), (10, 10, 10))
        whole = np.asarray(captioned(picture, replace(words, logo=str(tmp_path / "logo.png"), metres=0.2)))[60:].astype(int)
        blue = np.flatnonzero((np.abs(whole - (0, 90, 160)).sum(axis=2) < 30).any(axis=0))
        assert (whole[:, blue[0] - 6 : blue[0] - 2].sum(axis=2) > 700).all()  # white between scale and logo
        assert not (whole[:, :5].sum(axis=2) < 700).any() and not (whole[-5:].sum(axis=2) < 700).any()


@pytest.mark.needs("bpy")
def test_a_result_on_paper_has_its_legend_beside_the_drawing(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town/karte.toml").write_text('title = "Karte"\nlook = "map"\n[camera]\nkind = "plan"\n', encoding="utf-8")
    steps.run(opening.load(small.write(tmp_path / "town")), only=("analyses",))
    image, said = made(tmp_path, preset="karte.toml", scale=1000, paper="A4", dpi=100, result="sun-hours-2025-03-21-ground-neu")
    left, top, right, bottom = said["drawing"]
    assert image.size == (1169, 827) and (left, top) == (39, 39) and right < 1169 - 39 - 150
    pixels = np.asarray(image.convert("RGB")).astype(int)
    assert (np.ptp(pixels[top:bottom, right + 5 : -39], axis=2) > 60).any()  # class colours of the legend
    assert (pixels[:, -38:] > 250).all() and (pixels[-38:] > 250).all()  # nothing in the margin
