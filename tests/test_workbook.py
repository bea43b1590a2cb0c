"""The workbook of a comparison says in an office program what the comparison says; read here by GDAL, and as the XML that it is."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from lxml import etree

from jena_planner.jena_city import comparing, metrics, workbook
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.building_plots import BuildingPlot
from jena_planner.jena_city.finding import Finding
from jena_planner.jena_city.land_balance import Balance
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant

from .site import ORIGIN, site

EVIL = '=HYPERLINK("http://example.org";"Gewinn")'
SHEETS = ["Kennzahlen", "Befunde", "Flächenbilanz", "Grundlagen"]


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, list[comparing.Row]]:
    place = site(tmp_path, (100, 100, 10, 10, 8))
    variants = {"bestand": NULL_VARIANT, "v": Variant("v", EVIL, (Block("b", shapely.box(0, 0, 20, 10), 3, "+49"),))}
    plots = [BuildingPlot("@Nord", shapely.box(-10, -10, 30, 30), shapely.Polygon())]
    sheets = {name: metrics.sheets(apply(place, one), plots, of_land("TH"), Assumptions()) for name, one in variants.items()}
    rows = comparing.rows(sheets, "bestand")
    finding = Finding("gfz", "broken", "b", "+49", 0.25, "", (1.0, 2.0), "§ 20 BauNVO", allowed=0.5, found=0.75)
    path = tmp_path / "Vergleich öäü.xlsx"
    workbook.write(
        path,
        rows,
        {"bestand": [], "v": [finding]},
        {"bestand": [], "v": [Balance("Plan", "-1/2", 1000.0, 200.0, 50.0, 50.0)]},
        variants,
        ORIGIN,
        law="ThürBO",
        assumptions="Annahmen",
        source="Testdaten (CC0)",
    )
    return path, rows


def table(path: Path, sheet: str) -> tuple[list[str], list[Any]]:
    """Column names and columns, as GDAL reads them; the first line is the head."""
    meta, _, _, columns = pyogrio.raw.read(path, layer=sheet)
    return list(meta["fields"]), [list(column) for column in columns]


def test_every_figure_is_there_as_a_number(written: tuple[Path, list[comparing.Row]]) -> None:
    path, rows = written
    assert [name for name, _ in pyogrio.list_layers(path)] == SHEETS
    fields, columns = table(path, "Kennzahlen")
    assert fields[:6] == ["Bezug", "Ort", "Kennzahl", "Einheit", "Bestand", EVIL]
    assert fields[6] == f"{EVIL} − Bestand"
    assert columns[2] == [row.name for row in rows]
    assert columns[1] == [row.place for row in rows] or [word or "" for word in columns[1]] == [row.place for row in rows]
    for column, of_row in ((4, "bestand"), (5, "v")):
        for value, row in zip(columns[column], rows, strict=True):
            wanted = row.value(of_row)
            assert (value != value) if wanted is None else value == pytest.approx(wanted, rel=1e-12)
    for value, row in zip(columns[6], rows, strict=True):
        wanted = row.difference("v")
        assert (value != value) if wanted is None else value == pytest.approx(wanted, rel=1e-12)


def test_findings_and_land(written: tuple[Path, list[comparing.Row]]) -> None:
    fields, columns = table(written[0], "Befunde")
    found = dict(zip(fields, (column[0] for column in columns), strict=True))
    assert (found["Schwere"], found["Baukörper oder Ort"], found["gefunden"], found["zulässig"], found["um"]) == (
        "verletzt",
        "+49",
        0.75,
        0.5,
        0.25,
    )
    assert (found["Ostwert"], found["Nordwert"]) == (ORIGIN.easting + 1, ORIGIN.northing + 2)
    fields, columns = table(written[0], "Flächenbilanz")
    land = dict(zip(fields, (column[0] for column in columns), strict=True))
    assert (land["Flurstück"], land["Nettobauland m²"], land["Anteil netto %"]) == ("-1/2", 700, 70)


def test_no_cell_is_a_formula_or_a_link(written: tuple[Path, list[comparing.Row]]) -> None:
    with zipfile.ZipFile(written[0]) as file:
        names = file.namelist()
        pages = [etree.fromstring(file.read(name)) for name in names if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == len(SHEETS)
    for page in pages:
        assert page.findall(".//{*}f") == page.findall(".//{*}hyperlink") == []
    assert not [name for name in names if "externalLink" in name or "vba" in name]


def test_a_csv_has_no_formula_either(written: tuple[Path, list[comparing.Row]]) -> None:
    _, rows = written
    lines = comparing.as_csv(rows, ["bestand", "v"]).splitlines()
    assert any(line.startswith("plot,'@Nord,") for line in lines)
    finding = Finding("gfz", "broken", "b", "=1+1", -0.25, "", (1.0, 2.0), "§ 20 BauNVO")
    [_, line] = comparing.findings_as_csv({"v": [finding]}, ORIGIN).splitlines()
    assert ",'=1+1," in line
    assert ",-0.25," in line
