"""The design of captions: logo, font and colours of a town, in German or English, always to be read, nothing cut."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from jena_planner.jena_city import contact_sheet, design, lettering
from jena_planner.jena_city.design import Design
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import SheetEntry
from jena_planner.pipeline import opening, steps
from jena_planner.sheets import pdf, poster, typeface
from jena_planner.sheets.drawing import Picture

from . import small
from .site import site, today

WORDS = "Überprüfung der Höhenlage am Größten Äußeren Ölmühlenweg · Sonnenhöhe 39° · Blick nach Südosten · gestrichelt: Plangebiet · " * 3


def test_the_usual_colours_can_be_read() -> None:
    assert design.contrast("#000000") == pytest.approx(21.0) and design.contrast("#767676") == pytest.approx(4.54, abs=0.01)  # WCAG's own
    usual = design.Design()
    assert all(design.contrast(one) >= 4.5 for one in (usual.ink, usual.quiet, usual.mark))
    assert usual.colours == (lettering.INK, lettering.QUIET, lettering.MARK)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('quiet = "#aaaaaa"', "the colour of quiet is too pale to be read on white: its contrast is 2.3"),
        ('ink = "blau"', "ink"),
        ('language = "fr"', "language"),
        ('logo = "fehlt.png"', "its logo or font cannot be read"),
        ('logo = "project.toml"', "its logo or font cannot be read"),
        ("ink =", "not valid TOML"),
    ],
)
def test_a_design_of_no_use_is_refused_when_the_project_is_opened(text: str, sentence: str, tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    (folder / "design.toml").write_text(text, encoding="utf-8")
    plain = (folder / "project.toml").read_text(encoding="utf-8")
    (folder / "project.toml").write_text(plain.replace("[project]\n", '[project]\ndesign = "design.toml"\n'), encoding="utf-8")
    with pytest.raises(InputProblem, match=sentence):
        opening.load(folder)


def test_captions_in_english() -> None:
    said = "23.09.2025, 13:00 Uhr MESZ · Sonnenhöhe 39° · Blick nach Nordwesten · gestrichelt: Plangebiet · neue Bäume nach 20 Jahren (Annahme)"
    english = "2025-09-23, 13:00 CEST · sun 39° high · looking north-west · dashed: plan area · new trees after 20 years (assumption)"
    assert Design(language="en").say(said) == english
    assert Design().say(said) == said
    assert Design(language="en").say("Nordstadt am Bestandsweg") == "Nordstadt am Bestandsweg"  # names stay


def test_no_word_is_cut_beside_a_logo(tmp_path: Path) -> None:
    Image.new("RGBA", (300, 120), (0, 90, 160, 255)).save(tmp_path / "logo.png")
    picture = Image.new("RGB", (480, 100), (10, 10, 10))
    caption = lettering.Caption(
        "Würzburger Straße", "Variante Ä", WORDS, "Stadt Jena, dl-de/by-2-0", "Entwurf, nicht öffentlich", logo=str(tmp_path / "logo.png")
    )
    made = np.asarray(lettering.captioned(picture, caption))[100:]
    blue = np.abs(made.astype(int) - (0, 90, 160)).sum(axis=-1) < 30
    columns = np.flatnonzero(blue.any(axis=0))
    assert len(columns) > 40 and columns[-1] < 480 - 10
    rows = np.flatnonzero(blue.any(axis=1))
    letters = made.sum(axis=-1) < 600
    letters[rows[0] - 1 : rows[-1] + 2, columns[0] - 1 : columns[-1] + 2] = False
    assert letters.any(axis=0)[: columns[0] - 8].any() and not letters[:, columns[0] - 4 :].any()  # none runs into the logo
    assert not letters[:, :10].any() and not letters[-8:].any()  # the margin is free on all sides


def test_a_contact_sheet_cuts_no_picture(tmp_path: Path) -> None:
    for name, size in (("a", (200, 100)), ("b", (100, 300)), ("c", (100, 100)), ("d", (300, 100))):
        Image.new("RGB", size, (255, 0, 0)).save(tmp_path / f"{name}.png")
    contact_sheet.write([(name, tmp_path / f"{name}.png") for name in "abcd"], tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        red = (np.asarray(sheet).astype(int) - (255, 0, 0) == 0).all(axis=-1)
    wanted = 640 * 320 + 167 * 500 + 500 * 500 + 640 * 213
    assert red.sum() == pytest.approx(wanted, rel=0.02)


@pytest.fixture(scope="module")
def mono(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font that all letters of are equally wide, so that nobody takes it for the usual one."""
    found = TTFont(next(Path(str(lettering.font_file())).parent.glob("DejaVuSansMono*")))
    found.flavor = None
    found.save(path := tmp_path_factory.mktemp("fonts") / "mono.ttf")
    return path


def _sheet(town: Path, folder: Path, design: str, **more: Any) -> Path:
    """The PDF of a plan with a design."""
    opened = opening.load(small.write(town))
    (opened.folder / "design.toml").write_text(design, encoding="utf-8")
    plain = opened.path.read_text(encoding="utf-8")
    opened.path.write_text(plain.replace("[project]\n", '[project]\ndesign = "design.toml"\n'), encoding="utf-8")
    entry = SheetEntry.model_validate({"name": "Plan", "variant": "neu", "date": "26.11.2026", **more})
    steps.run(opening.load(opened.folder), only=("sheets",), sheets=[entry], out=folder)
    return folder / "sheets" / "plan.pdf"


def test_sheets_have_the_font_the_colours_and_the_logo_of_a_design(mono: Path, tmp_path: Path) -> None:
    Image.new("RGBA", (300, 120), (0, 90, 160, 255)).save(tmp_path / "logo.png")
    made = _sheet(tmp_path / "p", tmp_path, f'font = "{mono}"\nlogo = "{tmp_path / "logo.png"}"\nink = "#003366"\n')
    page = pypdf.PdfReader(made).pages[0]
    names = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert names and all("DejaVuSansMono" in name for name in names)
    assert b"0 0.2 0.4 rg" in page.get_contents().get_data()
    seen = np.asarray(pypdfium2.PdfDocument(str(made))[0].render(scale=2).to_pil().convert("RGB")).astype(int)
    rows, columns = np.nonzero(np.abs(seen - (0, 90, 160)).sum(axis=-1) < 12)
    wide, high = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert wide / high == pytest.approx(300 / 120, rel=0.05)
    assert wide <= 34.0 * 72 / 25.4 * 2 + 2
    assert columns.min() > seen.shape[1] / 2 and rows.min() > seen.shape[0] / 2  # in the Schriftfeld
    svg = (tmp_path / "sheets" / "plan.svg").read_text(encoding="utf-8")
    assert 'href="data:image/png;base64,' in svg


@pytest.mark.parametrize("title", ["Kurz", "Was soll auf dem Gelände der alten Gießerei entstehen, und wer hat etwas davon?"])
def test_the_poster_has_the_font_the_ink_and_the_logo_of_a_design(title: str, mono: Path, tmp_path: Path) -> None:
    Image.new("RGBA", (300, 120), (0, 90, 160, 255)).save(tmp_path / "logo.png")
    call = poster.Call(title, "Was ist Ihnen wichtig?", "Ein Satz dazu.", "https://stadt.example/")
    own = Design(font=str(mono), logo=str(tmp_path / "logo.png"), ink="#003366")
    page = poster.poster(call, today(site(tmp_path, (0, 0, 12, 12, 9))), (0, 0, 50, 50), [[True]], "#a6361c", own)
    pdf.write([page], tmp_path / "a.pdf")
    fonts = pypdf.PdfReader(tmp_path / "a.pdf").pages[0]["/Resources"]["/Font"]
    assert all("DejaVuSansMono" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    [mark] = [item for group in page.groups for item in group.items if isinstance(item, Picture)]
    assert (mark.x1 - mark.x0) / (mark.y1 - mark.y0) == pytest.approx(300 / 120) and mark.x1 <= page.width and mark.y1 < page.height
    for line in page.texts():
        across = typeface.width(line.text, line.size, line.bold, line.font)
        assert line.y > mark.y1 or line.y + line.size < mark.y0 or line.x + across < mark.x0, line.text
    assert {line.colour for line in page.texts()} == {"#003366", "#a6361c", own.quiet}


def test_a_sheet_in_english_has_no_german_word_of_the_program(tmp_path: Path) -> None:
    """What is the same in both languages is no word of the program: names of the project."""
    line = [[681730.0, 5644985.0], [681860.0, 5644985.0]]
    for kind in (
        "design", "figure-ground", "storeys", "heights", "uses", "open-spaces", "axonometry", "section", "street-elevation", "shadow-study",
    ):  # fmt: skip
        lines = []
        for language in ("de", "en"):
            made = _sheet(tmp_path / "p", tmp_path / f"{kind}-{language}", f'language = "{language}"\n', kind=kind, line=line)
            read = pypdf.PdfReader(made)
            assert str(read.trailer["/Root"]["/Lang"]) == language
            said = [part for page in read.pages for row in page.extract_text().splitlines() for part in row.split(" · ")]
            told = [str(one.get_object().get("/Alt", "")) for one in read.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object()["/K"]]
            lines.append({part for part in said + told if re.search(r"[A-Za-zäöüß]{3}", part)})
        assert lines[0] & lines[1] <= {"Neubau Süd", "Kleine Straße", "Testdaten (CC0)", "Block 1", "Block 2"}, kind
        assert len(lines[1]) > 4


def test_a_font_without_any_letter_is_refused(mono: Path, tmp_path: Path) -> None:
    face = TTFont(mono)
    face["cmap"].tables = []
    face.save(tmp_path / "leer.ttf")
    (tmp_path / "design.toml").write_text('font = "leer.ttf"', encoding="utf-8")
    with pytest.raises(InputProblem, match="its font has no letters for"):
        design.load(tmp_path / "design.toml")


def test_a_font_without_umlauts_is_refused(mono: Path, tmp_path: Path) -> None:
    face = TTFont(mono)
    for table in face["cmap"].tables:
        table.cmap.pop(ord("ä"), None)
    face.save(tmp_path / "arm.ttf")
    (tmp_path / "design.toml").write_text('font = "arm.ttf"', encoding="utf-8")
    with pytest.raises(InputProblem, match="its font has no letters for ä"):
        design.load(tmp_path / "design.toml")
