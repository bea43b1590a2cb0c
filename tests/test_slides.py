"""Slides for a meeting: what stands on them is what the program reckoned, all of it fits, and those who cannot see are told."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pptx
import pypdf
import pytest
import shapely
from click.testing import CliRunner
from lxml import etree
from PIL import Image
from pptx.util import Length

from jena_planner.cli import cli
from jena_planner.jena_city import variant_files
from jena_planner.jena_city.design import Design
from jena_planner.jena_city.imported import imported
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import DeckEntry
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.pipeline import analysing, comparisons, decks, opening, steps
from jena_planner.pipeline.work import Work
from jena_planner.sheets import deck, pdf, slides, slides_pptx, typeface
from jena_planner.sheets.slides import HIGH, WIDE

from . import small
from .site import ORIGIN

LONG = "Variante mit einem überaus langen Namen, den sich ein Büro aus Würzburg ausgedacht hat, damit er auffällt"


def content(folder: Path, count: int, *, findings: int = 3, name: str = "Variante {}", rows: int = 12) -> deck.Content:
    """Made-up slides of many variants."""
    picture, plan = folder / "a.png", folder / "b.png"
    Image.new("RGB", (320, 180), (200, 190, 180)).save(picture)
    Image.new("RGB", (200, 200), (180, 190, 180)).save(plan)
    figures = [("Wohneinheiten", "142\u202fWE"), ("Geschossfläche GF", "14\u202f250\u202fm²"), ("GRZ gesamt", "0,62")] * 2
    sentences = ["Haus 3: die Abstandsflächen überlappen die von Haus 4 um 12,30 m² (§ 6 ThürBO)"] * findings
    today = deck.Proposal("Bestand", "", "", "#9a958c", picture, "Das Gebiet heute.", figures[:1])
    others = [
        deck.Proposal(
            name.format(k), "Büro Öhler", "Entwurf, nicht öffentlich", "#0072B2", picture, "Ein Entwurf.", figures, "3 verletzt", sentences
        )
        for k in range(count)
    ]
    shown = [today, *others]
    table = [
        ["", *(one.name for one in shown)],
        *([f"Kennzahl Nummer {k} (Mühlenflächen)", *["1\u202f234\u202fm²"] * len(shown)] for k in range(rows)),
    ]
    maps = [deck.Map(one.name, plan, "Karte: 40 % unter 2 Stunden") for one in shown]
    legend = [("#440154", "unter 1"), ("#21918c", "1 bis 4"), ("#fde725", "über 4")]
    results = [deck.Results("Besonnungsdauer am 21.03.2025, auf dem Boden", "h", "21.03.2025, alle 10 Minuten", maps, legend)]
    about = [("Der Ort", ["Alte Gießerei · 1,80\u202fha"]), ("Was noch offen ist", ["Wie hoch gebaut wird und wo der Platz liegt. " * 6])]
    basis = [("Daten", ["© GDI-Th, dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert"]), ("Annahmen", ["Wörter " * 200])]
    return deck.Content(
        name.format("X"), "Beschreibung des Ortes. " * 5, ["Jena, 27.11.2026"], plan, "Von oben.", about, shown, "13:00 Uhr MESZ", table,
        table[:4], results, basis, "© GDI-Th",
    )  # fmt: skip


def texts(page: Any) -> Iterator[tuple[Any, float]]:
    """Boxes with words, and how high these are, by the letters that they are measured with."""
    for shape in page.shapes:
        if not shape.has_text_frame or not shape.text_frame.text.strip():
            continue
        high = 0.0
        for paragraph in shape.text_frame.paragraphs:
            if not paragraph.runs:
                continue
            size, bold = paragraph.runs[-1].font.size.mm, bool(paragraph.runs[-1].font.bold)
            words = "".join(run.text for run in paragraph.runs)
            high += (
                len(typeface.wrapped(words, size, shape.width.mm + 0.01, bold)) * paragraph.line_spacing.mm
                + (paragraph.space_before or Length(0)).mm
            )
        yield shape, high


@pytest.mark.parametrize(
    ("count", "name", "findings", "rows"), [(1, "A", 0, 3), (3, "Variante {}", 3, 12), (4, LONG, 6, 40), (9, "V {}", 4, 30)]
)
def test_nothing_leaves_its_box_or_lies_on_something_else(count: int, name: str, findings: int, rows: int, tmp_path: Path) -> None:
    made = deck.slides(content(tmp_path, count, findings=findings, name=name, rows=rows), Design())
    slides_pptx.write(made, tmp_path / "a.pptx", "Titel", "Büro", Design())
    file = pptx.Presentation(str(tmp_path / "a.pptx"))
    assert file.slide_width / file.slide_height == pytest.approx(16 / 9, rel=1e-3)
    for number, page in enumerate(file.slides, 1):
        boxes = []
        for shape, high in texts(page):
            assert high <= shape.height.mm + 0.6, (
                f"slide {number}: {shape.text_frame.text[:60]} takes {high:.1f} of {shape.height.mm:.1f} mm"
            )
            boxes.append(
                (shape.text_frame.text[:40], shapely.box(shape.left.mm, shape.top.mm, shape.left.mm + shape.width.mm, shape.top.mm + high))
            )
        for shape in page.shapes:
            if not shape.has_text_frame or not shape.text_frame.text.strip():
                box = shapely.box(shape.left.mm, shape.top.mm, shape.left.mm + shape.width.mm, shape.top.mm + shape.height.mm)
                boxes.append((shape.name, box))
        for name_, box in boxes:
            assert shapely.box(0, 0, WIDE, HIGH).buffer(0.02).contains(box), f"slide {number}: {name_} leaves the slide"
        for (first, one), (second, other) in itertools.combinations(boxes, 2):
            assert one.intersection(other).area < 1.0, f"slide {number}: {first} lies on {second}"


def test_slides_of_a_pptx_have_titles_and_pictures_have_words(tmp_path: Path) -> None:
    made = deck.slides(content(tmp_path, 3), Design())
    slides_pptx.write(made, tmp_path / "a.pptx", "Über den Häusern", "Büro Öhler", Design())
    file = pptx.Presentation(str(tmp_path / "a.pptx"))
    assert file.core_properties.title == "Über den Häusern" and file.core_properties.language == "de"
    assert len(file.slides) == len(made)
    tables = 0
    for page in file.slides:
        assert page.shapes.title is not None and page.shapes.title.text_frame.text.strip()
        for shape in page.shapes:
            if shape.shape_type == 13:
                assert shape._element.nvPicPr.cNvPr.get("descr")
            tables += shape.has_table
            if shape.shape_type == 1:  # a bar of colour, which screen readers are to pass over
                assert "decorative" in etree.tostring(shape._element.nvSpPr.cNvPr).decode()
    assert tables == 2  # they stay tables
    runs = [
        run
        for page in file.slides
        for shape in page.shapes
        if shape.has_text_frame
        for one in shape.text_frame.paragraphs
        for run in one.runs
    ]
    assert {run.font.name for run in runs} == {"Arial"}
    assert any("Geschossfläche" in run.text for run in runs)


def test_what_is_said_already_is_not_translated(tmp_path: Path) -> None:
    """A variant called Wohnen is no use of land, and 1,234 in a finished English text no decimal fraction."""
    given = content(tmp_path, 2, name="Wohnen")
    shown = [replace(one, words="1,234 buildings", author="Wohnen") for one in given.proposals]
    made = deck.slides(replace(given, proposals=shown, title="Wohnen"), Design(language="en"))
    assert "Findings in short" in {one.title for one in made} and "Wohnen" in {one.title for one in made}
    pictures = [item.words for one in made for item in one.items if isinstance(item, slides.Shown)]
    assert "1,234 buildings" in pictures and "1.234 buildings" not in pictures
    words = {line.text for one in made for item in one.items if isinstance(item, slides.Words) for line in item.lines}
    assert "Wohnen" in words and not [text for text in words if "Housing" in text]
    slides_pptx.write(made, tmp_path / "a.pptx", "Wohnen", "", Design(language="en"))
    names = {shape.name for page in pptx.Presentation(str(tmp_path / "a.pptx")).slides for shape in page.shapes if shape.shape_type == 13}
    assert names and all(name.startswith("Picture ") for name in names)


def test_a_picture_that_is_shown_often_is_stored_once(tmp_path: Path) -> None:
    pages = slides.drawn(deck.slides(content(tmp_path, 1), Design()), "Titel", Design())
    pdf.write([*pages, *pages], tmp_path / "a.pdf")
    pdf.write(pages, tmp_path / "b.pdf")
    stored = [(tmp_path / name).read_bytes().count(b"/Subtype /Image") for name in ("a.pdf", "b.pdf")]
    assert stored[0] == stored[1] > 0


@pytest.mark.parametrize(("count", "shown"), [(0, 1), (1, 1), (3, 3), (4, 4), (5, 1)])
def test_the_first_slide_shows_no_proposal_larger_than_another(count: int, shown: int, tmp_path: Path) -> None:
    given = content(tmp_path, count)
    pictures = [item for item in deck.slides(given, Design())[0].items if isinstance(item, slides.Shown)]
    assert len(pictures) == shown and len({item.box[2:] for item in pictures}) == 1
    wanted = given.proposals[1:] if 1 <= count <= 4 else given.proposals[:1]  # of many only the place as it is
    assert [item.words for item in pictures] == [one.words for one in wanted]


def test_without_proposals_there_are_no_findings(tmp_path: Path) -> None:
    assert slides.in_columns([], 60.0, 90.0, Design()) == []
    assert "Befunde in Kürze" not in {one.title for one in deck.slides(content(tmp_path, 0), Design())}


def _town(folder: Path) -> Path:
    """The small project with a second variant, whose name is long."""
    small.write(folder)
    other = Variant(
        "hoch", "Hochhaus über dem Mühlgraben", (Block("t", shapely.box(60, 40, 75, 55), 11, name="Turm Öst"),), status="öffentlich"
    )
    variant_files.write(other, folder / "variants" / "hoch.geojson", ORIGIN)
    return folder


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its slides made, very small pictures."""
    folder = _town(tmp_path_factory.mktemp("meeting") / "p")
    steps.run(opening.load(folder), only=("analyses",))
    steps.run(opening.load(folder), only=("slides",), decks=[DeckEntry(name="Sitzung", width=96, samples=1)])
    return folder


def test_the_figures_on_the_slides_are_those_of_the_comparison(meeting: Path) -> None:
    file = pptx.Presentation(str(meeting / "slides" / "sitzung.pptx"))
    rows = {row.key: row for row in comparisons.compare(opening.load(meeting), "bestand").rows if row.scope == "variant"}
    tables = [shape.table for page in file.slides for shape in page.shapes if shape.has_table]
    found = {row.cells[0].text: [cell.text for cell in row.cells][1:] for table in tables for row in table.rows}
    names = found.pop("")
    assert names == ["Bestand", "Hochhaus über dem Mühlgraben", "Neubau Süd"]
    for key in ("gf", "dwellings", "full_storeys"):
        assert found[rows[key].name][0] == "–"  # floors of what stands are not counted: a dash, not nought
        for told, variant in zip(found[rows[key].name][1:], ("hoch", "neu"), strict=True):
            value = rows[key].value(variant)
            assert float(told.split("\u202f" + rows[key].unit)[0].replace("\u202f", "").replace(",", ".")) == pytest.approx(value, abs=0.5)
    sun = next(cells for name, cells in found.items() if name.startswith("Besonnungsdauer am 21.03.2025"))
    report = json.loads((meeting / "report.json").read_text(encoding="utf-8"))
    means = {one["variant"]: one["results"][0]["mean"] for one in report["made"] if one.get("analysis") == "sun_hours"}
    assert [float(cell.split("\u202f")[0].replace(",", ".")) for cell in sun] == pytest.approx(
        [means[one] for one in ("bestand", "hoch", "neu")], abs=0.051
    )


def test_the_pdf_is_tagged_has_tables_and_shows_drafts_as_drafts(meeting: Path) -> None:
    read = pypdf.PdfReader(meeting / "slides" / "sitzung.pdf")
    file = pptx.Presentation(str(meeting / "slides" / "sitzung.pptx"))
    assert len(read.pages) == len(file.slides)
    assert [float(value) for value in read.pages[0].mediabox[2:]] == pytest.approx([960, 540], abs=0.1)
    document = read.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object()
    kinds = [one.get_object() for one in document["/K"]]
    assert all(str(one["/Alt"]).strip() for one in kinds if one["/S"] == "/Figure") and sum(one["/S"] == "/Figure" for one in kinds) > 6
    table = next(one for one in kinds if one["/S"] == "/Table")
    first, second = (row.get_object() for row in table["/K"][:2])
    assert [cell.get_object()["/S"] for cell in first["/K"]] == ["/TH"] * 4
    assert [cell.get_object()["/S"] for cell in second["/K"]] == ["/TH", "/TD", "/TD", "/TD"]
    words = {page.extract_text().splitlines()[0]: page.extract_text() for page in read.pages}
    assert "Entwurf, nicht öffentlich" in words["Neubau Süd"] and "Entwurf" not in words["Hochhaus über dem Mühlgraben"]
    assert "Entwurf, nicht öffentlich" in words["Alle Varianten aus derselben Kamera"]
    dashed = [name for name in ("Bestand", "Hochhaus über dem Mühlgraben", "Neubau Süd") if "gestrichelt: Abbruch" in words[name]]
    assert dashed == ["Neubau Süd"]  # below each picture what is in it
    assert "gestrichelt: Abbruch" in words["Alle Varianten aus derselben Kamera"]
    assert all("Visualisierung, keine Zusage" in text and "Testdaten (CC0)" in text for name, text in list(words.items())[1:])


def test_pictures_of_all_variants_are_taken_alike_and_have_no_band(meeting: Path) -> None:
    told = [json.loads((meeting / "pictures" / f"sitzung-{one}.json").read_text(encoding="utf-8")) for one in ("bestand", "hoch", "neu")]
    assert all(one["camera"] == told[0]["camera"] and one["settings"] == told[0]["settings"] for one in told)
    with Image.open(meeting / "pictures" / "sitzung-neu.png") as picture:
        assert picture.size == (96, 54)


def test_slides_that_are_true_are_not_made_again(meeting: Path) -> None:
    path = meeting / "slides" / "sitzung.pptx"
    before = path.stat().st_mtime_ns
    steps.run(opening.load(meeting), only=("slides",), decks=[DeckEntry(name="Sitzung", width=96, samples=1)])
    assert path.stat().st_mtime_ns == before


def test_slides_that_go_elsewhere_show_the_results_of_the_project(meeting: Path, tmp_path: Path) -> None:
    opened = opening.load(meeting)
    read = imported(opened.file, opened.folder, lambda *_said: None)
    here, there = (
        [list(alike) for alike in decks._results(Work(opened, read, out), ["bestand", "neu"])] for out in (opened.folder, tmp_path)
    )
    assert here == there != []


def test_one_file_of_ones_own_in_english(meeting: Path, tmp_path: Path) -> None:
    (meeting / "design.toml").write_text('language = "en"\n', encoding="utf-8")
    plain = (meeting / "project.toml").read_text(encoding="utf-8")
    variant = meeting / "variants" / "neu.geojson"
    named = variant.read_text(encoding="utf-8")
    try:
        (meeting / "project.toml").write_text(
            plain.replace("[project]\n", '[project]\ndesign = "design.toml"\n') + '[[decks]]\nname = "Meeting"\nwidth = 96\nsamples = 1\n',
            encoding="utf-8",
        )
        variant.write_text(named.replace("Neubau Süd", "Wohnen"), encoding="utf-8")
        done = CliRunner().invoke(cli, ["deck", str(meeting), "--out", str(tmp_path / "m.pdf")])
        assert done.exit_code == 0 and not done.exception, done.output
        words = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "m.pdf").pages)
        kept = json.loads((meeting / "made.json").read_text(encoding="utf-8"))["slides Meeting"]
        names = {row.name for row in comparisons.compare(opening.load(meeting), "bestand").rows} - {"GFZ", "BMZ", "BRI", "BGF (R)"}
    finally:
        (meeting / "project.toml").write_text(plain, encoding="utf-8")
        variant.write_text(named, encoding="utf-8")
    assert kept["files"] == ["slides/meeting.pptx", "slides/meeting.pdf"] and not kept["own"]  # the project's own, which stay so
    assert "Wohnen" in words and "Housing" not in words
    for english in ("What it is about", "Key figures compared", "Findings in short", "draft, not public", "Illustration, not a promise"):
        assert english in words, english
    assert not [name for name in names if name in words]
    for german in ("Bestand", "Kennzahlen", "Geschoss", "Befunde", "Quellen", "Gebäude", "Entwurf", "Legende", "Einwohner", "Höhe"):
        assert german not in words, f"{german}: {words[max(0, words.find(german) - 60) :][:120]}"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"variants": ["fehlt"]}, "there is no variant called fehlt"),
        ({"preset": "variants"}, "slides show each variant by itself, and the preset variants does not"),
        ({"camera": "Kirche"}, "there is no camera called Kirche"),
    ],
)
def test_what_cannot_be_shown_is_said(asked: dict[str, Any], sentence: str, meeting: Path) -> None:
    with pytest.raises(InputProblem, match=sentence):
        steps.run(opening.load(meeting), only=("slides",), decks=[DeckEntry.model_validate(asked)])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('preset = "variants"', "the preset variants does not"),
        ('preset = "fehlt"', "there is no preset fehlt"),
        ('camera = "Kirche"', "there is no camera called Kirche"),
        ('variants = ["fehlt"]', "there is no variant called fehlt"),
    ],
)
def test_slides_of_no_use_are_refused_before_anything_is_made(
    line: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.write(tmp_path / "p")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f"[[decks]]\n{line}\n")
    monkeypatch.setattr(analysing, "analyse", lambda *_given: pytest.fail("it was begun"))
    with pytest.raises(InputProblem, match=sentence):
        steps.run(opening.load(folder), only=("analyses", "slides"))


def test_slides_of_ones_own_have_a_name_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write(tmp_path / "p")
    asked: list[Any] = []

    def taken(_opened: Any, **given: Any) -> Any:
        asked.extend([*given["decks"], given["cluster"]])
        raise InputProblem("test", "enough", "Stop")

    monkeypatch.setattr(steps, "run", taken)
    for more in ([], ["--preset", "night", "--variant", "neu"], ["--preset", "night", "--name", "Nacht", "--cluster", "tcp://a:1"]):
        assert "enough" in str(CliRunner().invoke(cli, ["deck", str(folder), *more]).exception)
    assert [one.name for one in asked[::2]] == ["Folien", "folien-night-neu", "Nacht"]
    assert asked[1::2] == ["", "", "tcp://a:1"]


def test_another_kind_of_file_is_refused(meeting: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["deck", str(meeting), "--out", str(tmp_path / "m.odp")])
    assert isinstance(done.exception, InputProblem) and "written as .pptx or .pdf" in str(done.exception)


def test_letters_grow_into_free_room_and_shrink_before_they_leave_it() -> None:
    lines = [slides.Line("Kurz", 4.0)]
    assert slides.fitted(lines, 100.0, 50.0, Design())[0].size == pytest.approx(4.0 * 1.4)
    many = [slides.Line("Wörter " * 12, 4.0) for _ in range(12)]
    assert slides.height_of(slides.fitted(many, 60.0, 90.0, Design()), 60.0, Design()) <= 90.0
