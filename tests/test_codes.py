"""Names for codes: those of each list, the code always kept, and nothing made up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jena_planner.jena_city import codes


@pytest.mark.parametrize(
    ("code", "german", "english"),
    [
        ("3100", "Satteldach (3100)", "gable roof (3100)"),
        ("1000", "Flachdach (1000)", "flat roof (1000)"),
        ("1030", "Satteldach (1030)", "gable roof (1030)"),
        ("1130", "Mischform (1130)", "mixed form (1130)"),
        ("SATTELDACH", "SATTELDACH", "gable roof (SATTELDACH)"),
        ("gabled", "Satteldach (gabled)", "gable roof (gabled)"),
        ("flat roof", "Flachdach (flat roof)", "flat roof"),
        ("4711", "4711", "4711"),
        ("Zwiebelturm", "Zwiebelturm", "Zwiebelturm"),
        ("null", "", ""),
        ("", "", ""),
    ],
)
def test_roof_types(code: str, german: str, english: str) -> None:
    assert codes.roof_type(code, "de") == german
    assert codes.roof_type(code, "en") == english


@pytest.mark.parametrize(
    ("code", "german"),
    [
        ("31001_1010", "Wohnhaus (31001_1010)"),
        ("31001_2463", "Garage (31001_2463)"),
        ("51009_1611", "Carport (51009_1611)"),
        ("31001_2728", "Reithalle (31001_2728)"),
        ("31001_3281", "Schutzhütte (31001_3281)"),
        ("51001_1002", "Kirchturm, Glockenturm (51001_1002)"),
        ("31001_0815", "31001_0815"),
        ("1010", "1010"),  # of the AdV a house, of the SIG3D a tenement
        ("Wohnhaus", "Wohnhaus"),
    ],
)
def test_functions(code: str, german: str) -> None:
    assert codes.function(code, "de") == german


@pytest.mark.needs("data")
def test_every_function_and_roof_in_real_tiles_of_the_adv_has_a_name(data: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (data / "citygml/nrw").glob("*.gml"))
    functions, roofs = (set(re.findall(rf"<bldg:{word}>([^<]+)<", text)) for word in ("function", "roofType"))
    assert len(functions) > 30
    assert [code for code in functions if codes.function(code, "de") == code] == []
    assert [code for code in roofs if codes.roof_type(code, "de") == code] == []


def test_every_number_has_a_name_in_both_languages() -> None:
    for names in (codes.ROOFS_ADV, codes.ROOFS_SIG3D, codes.FUNCTIONS_ADV):
        for code, both in names.items():
            assert len(code) == 4
            assert all(both)
