"""Sheets are true to scale, hold what they promise, cut no words, and can be read by a machine that reads to the blind."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pypdfium2
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.jena_city import plan_parts, sample, xplan
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.project import SheetEntry
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import Block, Roof, Variant
from jena_planner.pipeline import opening, steps
from jena_planner.sheets import bodies, elevations, making, paper, pdf, plans, svg
from jena_planner.sheets.drawing import Drawing, Style, Text

from .site import flat_ground, site

NAMED = making.Named("Musterquartier", "FD Stadtplanung", "© GDI-Th, dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert")
MILLIMETRE = 72 / 25.4


def block(x: float, y: float, wide: float, deep: float, **more: Any) -> Block:
    return Block("b", shapely.box(x, y, x + wide, y + deep), more.pop("storeys", 3), base=100.0, **more)


@pytest.fixture(scope="module", autouse=True)
def _far_house(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A house far away from all that is drawn: a town is never quite empty."""
    SITES.append(site(tmp_path_factory.mktemp("town"), (3000, 3000, 5, 5, 5), ground=flat_ground(height=100.0)))


SITES: list[Site] = []


def applied(*blocks: Block) -> Applied:
    return apply(SITES[0], Variant("v", "Variante", blocks))


def rings(page: Drawing, fill: str) -> list[Any]:
    return [path.rings[0] for group in page.groups for path in group.items if not isinstance(path, Text) and path.style.fill == fill]


@pytest.mark.parametrize("scale", [250, 500, 1000])
def test_a_block_has_its_true_size_on_paper(scale: int, tmp_path: Path) -> None:
    """40 × 20 m, measured in the picture of the PDF at 10 pixels a millimetre, and in the drawing itself."""
    made = making.made(
        applied(block(0, 0, 40, 20)), SheetEntry(name="a", kind="figure-ground", variant="v", scale=scale, margin=20), NAMED, "project.toml"
    )
    ring = rings(made, "#0072B2")[0]
    assert np.ptp(ring, axis=0) == pytest.approx([40_000 / scale, 20_000 / scale], abs=1e-6)
    pdf.write([made], tmp_path / "a.pdf")
    page = pypdfium2.PdfDocument(str(tmp_path / "a.pdf"))[0]
    picture = np.asarray(page.render(scale=10 / MILLIMETRE).to_pil().convert("RGB")).astype(int)
    blue = (np.abs(picture - [0x00, 0x72, 0xB2]).sum(axis=2) < 12)[: int(picture.shape[0] * 0.7)]  # above the legend
    rows, columns = np.nonzero(blue)
    assert np.ptp(columns) / 10 == pytest.approx(40_000 / scale, abs=0.2)
    assert np.ptp(rows) / 10 == pytest.approx(20_000 / scale, abs=0.2)


def test_a_page_is_as_large_as_its_paper_tagged_and_carries_its_fonts(tmp_path: Path) -> None:
    made = making.made(
        applied(block(0, 0, 40, 20)), SheetEntry(name="a", variant="v", paper="A3", stage="Vorentwurf", title="Übersicht Süd"), NAMED, ""
    )
    pdf.write([made], tmp_path / "a.pdf")
    read = pypdf.PdfReader(tmp_path / "a.pdf")
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "de" and root["/MarkInfo"]["/Marked"] and read.metadata and "Übersicht Süd" in str(read.metadata.title)
    page: Any = read.pages[0]
    assert sorted(float(value) / MILLIMETRE for value in page.mediabox[2:]) == pytest.approx([297, 420], abs=0.1)
    elements = [one.get_object() for one in root["/StructTreeRoot"]["/K"]["/K"]]
    assert elements[0]["/S"] == "/H1"
    figures = [one for one in elements if one["/S"] == "/Figure"]
    assert figures and all(len(str(one["/Alt"])) > 8 for one in figures)
    assert "Gestaltungsplan" in str(figures[0]["/Alt"])
    for font in page["/Resources"]["/Font"].values():
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"]
    words = page.extract_text()
    for word in ("Übersicht Süd", "Vorentwurf", "Maßstab", "FD Stadtplanung", "govdata.de"):
        assert word in words


def test_words_of_an_svg_stay_words(tmp_path: Path) -> None:
    made = making.made(applied(block(0, 0, 40, 20)), SheetEntry(name="a", variant="v", title="Größe & <Maß>"), NAMED, "")
    svg.write(made, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Größe &amp; &lt;Maß&gt;" in text and "http" not in re.sub(r"http://www\.w3\.org/2000/svg|www\.govdata\.de\S*", "", text)
    assert f'width="{made.width:g}mm"' in text and 'role="img"' in text


@settings(max_examples=25, deadline=None)
@given(
    st.text("abcdefghij ÄÖÜß-WM", max_size=90),
    st.text("Stadt WM/", max_size=60),
    st.text("abc XYZ,.", max_size=200),
    st.sampled_from(["A4", "A3", "A1"]),
)
def test_no_word_leaves_its_field(title: str, stage: str, source: str, name: str) -> None:
    legend = tuple((plans.swatch(Style(fill="#ff0000")), f"{title} {k}") for k in range(7))
    furniture = paper.Furniture(
        paper.TitleBlock(title or "x", "Projekt", stage=stage, date="1.1.2026"), 500, 2.0, legend, (source,), source
    )
    made = paper.sheet(name, True, furniture)
    x0, y0 = paper.BINDING, paper.MARGIN
    x1, y1 = made.drawing.width - paper.MARGIN, made.field[1]
    assert made.field[3] - made.field[1] > 40
    for text in made.drawing.texts():
        left = text.x - {"left": 0.0, "middle": text.width / 2, "right": text.width}[text.anchor]
        assert x0 <= left and left + text.width <= x1 + 1e-6, text
        assert y0 <= text.y and text.y + 0.75 * text.size <= y1, text


def test_what_does_not_fit_is_refused_with_what_would_do() -> None:
    town = applied(block(0, 0, 300, 200, storeys=2))
    with pytest.raises(InputProblem, match=r"do not fit on A4 at 1:500\. Take A1 at 1:500 or A4 at 1:2000"):
        making.made(town, SheetEntry(name="a", variant="v", paper="A4", margin=5), NAMED, "project.toml")


def test_without_a_development_plan_there_is_no_plan_to_draw() -> None:
    with pytest.raises(InputProblem, match="no development plan"):
        making.made(applied(block(0, 0, 40, 20)), SheetEntry(name="a", kind="planning-law", variant="v"), NAMED, "")


def test_a_section_needs_a_line() -> None:
    for line in ([], [(0.0, 0.0)], [(0.0, 0.0), (0.1, 0.0)]):
        with pytest.raises(InputProblem, match="line"):
            making.made(applied(block(0, 0, 40, 20)), SheetEntry(name="a", kind="section", variant="v", line=line), NAMED, "")


def cut_through(house: Block, line: shapely.LineString) -> list[elevations.Seen]:
    seen = elevations.view(applied(house), line, 30.0, cut=True, where="").seen
    return [one for one in seen if one.cut]


@settings(max_examples=25, deadline=None)
@given(st.floats(8, 40), st.floats(6, 20), st.integers(1, 6), st.floats(10, 55), st.floats(0.1, 0.9))
def test_a_section_across_a_gable_roof_is_a_box_with_a_triangle(wide: float, deep: float, storeys: int, pitch: float, at: float) -> None:
    """Across the ridge: walls times depth, and over it a triangle of half the depth times the pitch."""
    ridge = 90.0 if wide >= deep else 0.0
    house = block(0, 0, wide, deep, storeys=storeys, roof=Roof("gable", pitch, ridge))
    span, along = (deep, wide) if wide >= deep else (wide, deep)
    line = [(at * along, -5), (at * along, span + 5)] if wide >= deep else [(span + 5, at * along), (-5, at * along)]
    (found,) = cut_through(house, shapely.LineString(line))
    expected = span * house.storeys_height + (span / 2) ** 2 * math.tan(math.radians(pitch))
    assert found.shape.area == pytest.approx(expected, rel=0.005)


def test_a_section_passes_a_courtyard() -> None:
    court = Block("c", shapely.Polygon(shapely.box(0, 0, 40, 40).exterior, [shapely.box(12, 12, 28, 28).exterior]), 3, base=100.0)
    (found,) = cut_through(court, shapely.LineString([(-5, 20), (45, 20)]))
    assert sorted(round(part.bounds[2] - part.bounds[0], 1) for part in shapely.get_parts(found.shape)) == [12.0, 12.0]


def test_what_stands_behind_the_line_is_seen_and_what_lies_before_it_is_not() -> None:
    line = shapely.LineString([(0, 0), (100, 0)])
    behind, before = block(20, 10, 10, 10), block(60, -20, 10, 10)
    for house, count in ((behind, 1), (before, 0)):
        seen = elevations.view(applied(house), line, 30.0, cut=False, where="").seen
        assert len(seen) == count
    (found,) = elevations.view(applied(behind), line, 30.0, cut=False, where="").seen
    west, low, east, high = found.shape.bounds
    assert (west, east) == pytest.approx((20, 30), abs=0.01) and high - low == pytest.approx(behind.storeys_height, abs=0.01)


@pytest.mark.parametrize("radius", [3.1, 4.7, 6.3, 9.9, 13.7, 24.2])
def test_a_contour_of_a_cone_is_a_circle(radius: float) -> None:
    xs = ys = np.arange(-30, 30.5, 0.5)
    x, y = np.meshgrid(xs, ys)
    lines = plans.isolines(xs, ys, 100 - np.hypot(x, y), radius)
    levels = [level for level in np.arange(0, 200) * radius if 100 - 28 < level < 100]
    away = sorted(100 - level for level in levels)
    found = sorted(float(np.hypot(*line.T).mean()) for line in lines if np.allclose(line[0], line[-1]) and np.hypot(*line.T).max() < 28)
    assert found == pytest.approx(away, abs=0.1)


def test_the_arrow_points_to_geographic_north() -> None:
    """At Jena the meridian leans about 2° against the grid's north (11.59° E, 50.93° N, zone 32: (λ - 9°) · sin φ = 2.0°)."""
    origin = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")
    assert abs((float(origin.grid_azimuth(0.0)) + 180) % 360 - 180) == pytest.approx((11.586 - 9) * math.sin(math.radians(50.93)), abs=0.05)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    path = sample.write(folder)
    kinds = ("figure-ground", "design", "storeys", "heights", "uses", "open-spaces", "axonometry")
    text = path.read_text(encoding="utf-8")
    for kind in kinds:
        text += f'\n[[sheets]]\nname = "{kind}"\nkind = "{kind}"\nvariant = "blockrand"\nscale = 1000\n'
    text += '\n[[sheets]]\nname = "Schnitt"\nkind = "section"\nvariant = "zeilen"\nline = [[681690, 5644960], [681830, 5644950]]\n'
    text += '\n[[sheets]]\nname = "Schatten"\nkind = "shadow-study"\nvariant = "blockrand"\nscale = 2500\ndates = ["2025-03-21"]\n'
    text += 'hours = ["09:00", "12:00"]\n'
    text += '\n[[sheets]]\nname = "Baumschatten"\nkind = "shadow-study"\nvariant = "blockrand"\nscale = 2500\ndates = ["2025-03-21"]\n'
    text += 'hours = ["09:00"]\ntrees = "opaque"\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_all_sheets_of_the_quarter_and_none_twice(quarter: Path) -> None:
    report = steps.run(opening.load(quarter), only=("import", "sheets"))
    files = {Path(one["path"]).name for one in report["made"] if Path(one["path"]).parent.name == "sheets"}
    assert {"design.pdf", "design.svg", "schnitt.pdf", "schatten.pdf"} <= files and len(files) == 20
    stamps = {path: path.stat().st_mtime_ns for path in (quarter.parent / "sheets").iterdir()}
    steps.run(opening.load(quarter), only=("sheets",))
    assert stamps == {path: path.stat().st_mtime_ns for path in (quarter.parent / "sheets").iterdir()}


def test_a_shadow_study_says_what_became_of_the_trees(quarter: Path) -> None:
    steps.run(opening.load(quarter), only=("import", "sheets"))
    without, with_trees = ((quarter.parent / "sheets" / f"{name}.svg").read_text(encoding="utf-8") for name in ("schatten", "baumschatten"))
    words = [" ".join(re.findall(r">([^<\n]+)<", text)) for text in (without, with_trees)]
    assert "Bäume nicht berücksichtigt" in words[0] and "Bäume als undurchsichtige Körper" in words[1]
    before, after = (float(re.search(r"verschattet (\d+) m² zusätzlich", text)[1]) for text in (without, with_trees))
    assert after < before  # where a crown shades already, the block adds nothing


def test_two_sheets_of_one_name_are_refused(quarter: Path, tmp_path: Path) -> None:
    text = quarter.read_text(encoding="utf-8").replace('name = "uses"', 'name = "design"')
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputProblem, match="two sheets would be called design"):
        opening.load(tmp_path)


@pytest.mark.needs("data")
@pytest.mark.parametrize("name", ["BP2070.gml", "BP_872A.gml", "BPlan001_5-1.gml", "Rotherbaum27.gml"])
def test_development_plans_are_drawn(name: str, data: Path, tmp_path: Path) -> None:
    """On the smallest paper of 1:2500 that holds them; the box with what is fixed stands in each area that has room."""
    area = xplan.read(data / "xplanung" / name, None, Report()).area
    assert area is not None
    x, y = area.representative_point().coords[0]
    at = Origin("EPSG:25832", int(x), int(y))
    plan = xplan.read(data / "xplanung" / name, at, Report())
    place = replace(SITES[0], origin=at, plan_areas=xplan.plan_areas([plan]), terrain=None, plan_parts=plan_parts.as_features([plan]))
    entry = SheetEntry(name="a", kind="planning-law", variant="v", scale=2500, margin=10)
    made = making.made(apply(place, Variant("v", "V")), entry, NAMED, "")
    words = " ".join(text.text for text in made.texts())
    uses = {part.rules.use for part in plan_parts.of_site(place) if part.kind == "area" and part.rules.use}
    assert not uses or any(re.search(rf"\b{use}\b", words) for use in uses)
    pdf.write([made], tmp_path / "a.pdf")
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages) == 1


def test_a_block_whose_storeys_differ_is_mixed_and_one_with_the_same_on_all_is_not(tmp_path: Path) -> None:
    place = site(tmp_path)

    def use(*uses: str) -> str:
        block = Block("b", shapely.box(0, 0, 20, 10), 2, base=150.0, storey_uses=uses)
        [found] = [one for one in bodies.bodies(apply(place, Variant("v", "V", (block,))), (-50, -50, 50, 50)) if one.block == 0]
        return found.use

    assert use("gewerbe") == "mischnutzung"
    assert use("gewerbe", "gewerbe") == "gewerbe"
    assert use() == use("wohnen", "wohnen", "gewerbe") == "wohnen"  # a third storey is not there
