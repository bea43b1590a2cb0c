"""Tree registers as towns export them: separators, encodings, decimal signs, coordinate systems, and what a spreadsheet does to them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import gather, vectors
from jena_planner.jena_city.check import check, kind
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.vectors import register, tables, trees

ORIGIN = Origin("EPSG:25832", 681735, 5644970)
WESEL = "ID;GATTUNG;GA_LANG;ST_DURCHM;ST_UMFANG;BAUMHOEHE;KR_DURCHM;RECHTSWERT;HOCHWERT\n"
ROW = "1;Tilia;Tilia cordata, Winterlinde;36;114.00;10;8.00;681745.5;5644990.25\n"


def read(path: Path) -> tuple[vectors.Trees, Report]:
    report = Report()
    return vectors.read_trees([path], ORIGIN, report), report


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "trees.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_every_dialect_gives_the_same_tree(tmp_path: Path, encoding: str, separator: str, decimal: str) -> None:
    header, row = WESEL.replace(";", separator), ROW.replace("cordata, Winterlinde", "cordata Grünspitz").replace(";", separator)
    found, report = read(written(tmp_path, header + row.replace(".", decimal), encoding))
    assert found.position.tolist() == [[10.5, 20.25]]
    assert (found.height[0], found.crown[0], found.species) == (10.0, 8.0, ["Tilia cordata Grünspitz"])
    assert [problem.code for problem in report.problems] == ["guessed-crs"]
    assert "EPSG:25832" in report.problems[0].message


def test_jenas_columns_north_first_and_a_crown_from_the_trunk(tmp_path: Path) -> None:
    """EPSG:3044 has the northing first; without a crown column Hasenauer's oak of 50 cm has one of exp(-0.3973 + 0.7328 ln 50)."""
    girth = 50 * math.pi
    text = f'baumnummer,ga_lang,st_umfang,baumhoehe,geom\n7,"Quercus robur, Stieleiche",{girth},18,POINT (5644990 681745)\n'
    found, report = read(written(tmp_path, text))
    assert found.position.tolist() == [[10, 20]]
    assert found.crown[0] == pytest.approx(math.exp(-0.3973 + 0.7328 * math.log(50)))
    assert found.height[0] == 18
    assert {problem.code for problem in report.problems} == {"guessed-crs", "estimated-crowns"}
    assert "Hasenauer" in report.problems[-1].message


@pytest.mark.parametrize(
    ("header", "x", "y"),
    [
        ("x_koord;y_koord", "681745.5", "5644990.25"),
        ("Ostwert;Nordwert", "32681745.5", "5644990.25"),
        ("E_25832;N_25832", "681745.5", "5644990.25"),
        ("UTM_East;UTM_North", "681745.5", "5644990.25"),
        ("lon;lat", "11.5859", "50.9279"),
        ("Längengrad;Breitengrad", "11.5859", "50.9279"),
        ("Rechtswert;Hochwert", "4471000", "5643500"),
    ],
)
def test_coordinates_in_many_spellings(tmp_path: Path, header: str, x: str, y: str) -> None:
    found, _ = read(written(tmp_path, f"baumart;kronendurchmesser;{header}\nLinde;5;{x};{y}\n"))
    assert np.abs(found.position).max() < 2000


def test_a_column_that_states_the_system_is_believed(tmp_path: Path) -> None:
    found, report = read(written(tmp_path, "EPSG;" + WESEL + "25832;" + ROW))
    assert found.position.tolist() == [[10.5, 20.25]]
    assert report.problems == []
    with pytest.raises(InputProblem, match="names EPSG:4326, but"):
        read(written(tmp_path, "EPSG;" + WESEL + "4326;" + ROW))


def test_numbers_of_no_system_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="column EPSG"):
        read(written(tmp_path, WESEL + ROW.replace("681745.5", "12.5").replace("5644990.25", "1234.5")))


@pytest.mark.parametrize("damaged", ["3.355.239.606", "335,523,960", "3,355E+05"])
def test_a_register_that_a_spreadsheet_damaged_is_refused(tmp_path: Path, damaged: str) -> None:
    path = written(tmp_path, WESEL + ROW + ROW.replace("681745.5", damaged))
    with pytest.raises(InputProblem, match="line 3") as problem:
        read(path)
    assert damaged in problem.value.what
    assert "spreadsheet" in problem.value.what


def test_rows_without_a_place_are_counted(tmp_path: Path) -> None:
    found, report = read(written(tmp_path, WESEL + ROW + "2;Acer;Acer;30;;9;4;;\n" + "3;Acer\n"))
    assert len(found) == 1
    assert "2 of 3" in next(problem.message for problem in report.problems if problem.code == "wrong-geometry")


def test_girth_is_not_taken_for_a_diameter_nor_metres_for_centimetres(tmp_path: Path) -> None:
    rows = "".join(f"Acer;{girth};{across};681745;5644990\n" for girth, across in ((157.08, ""), ("", 50)))
    found, _ = read(written(tmp_path, "baumart;stammumfang;stammdurchmesser;x;y\n" + rows))
    metres, _ = read(written(tmp_path, "baumart;stammumfang;stammdurchmesser;x;y\nAcer;1.5708;;681745;5644990\n"))
    assert found.crown == pytest.approx(math.exp(0.418 + 0.5285 * math.log(50)), rel=1e-4)
    assert metres.crown == pytest.approx(found.crown[:1], rel=1e-4)


def test_groups_of_species() -> None:
    assert [trees.species_group(name) for name in ("Pinus nigra", "Gemeine Fichte", "Tilia", "")] == [
        "conifer",
        "conifer",
        "broadleaved",
        "",
    ]
    for name in ("Carpinus betulus", "Hainbuche", "Sorbus aucuparia", "Eberesche", "Aesculus hippocastanum", "Kastanie"):
        assert trees.species_group(name) == "broadleaved", name


def test_crowns_are_those_of_the_kind_and_not_of_one_that_sounds_alike() -> None:
    """Hasenauer (1997) for a trunk of 30 cm; trees without a formula of their own take that of the birch."""
    known = {
        "Picea abies": (-0.3232, 0.6441),
        "Stieleiche": (-0.3973, 0.7328),
        "Fraxinus excelsior": (0.1366, 0.6183),
        "Pinus cembra": (-1.3154, 0.8288),
        "Pinus sylvestris": (-0.1797, 0.6267),
        "Carpinus betulus": (0.1783, 0.5665),
        "Eberesche": (0.1783, 0.5665),
        "Tilia cordata": (0.1783, 0.5665),
    }
    crowns = trees.crown_of_trunk([30.0] * len(known), list(known))
    assert crowns == pytest.approx([math.exp(a + b * math.log(30)) for a, b in known.values()])


def test_check_and_kind_know_a_register_and_terrain_apart(tmp_path: Path) -> None:
    path = written(tmp_path, WESEL + ROW)
    assert kind(path) == "trees"
    report, unreadable = check([path])
    assert (report.features, report.crs, unreadable) == ({"trees": 1}, "EPSG:25832", [])
    assert report.extent == (681745.5, 5644990.25, 0, 681745.5, 5644990.25, 0)
    points = tmp_path / "points.csv"
    points.write_text("x,y,height\n" + "".join(f"{681735 + k},5644970,{140 + k}\n" for k in range(9)))
    assert kind(points) == "terrain"


@given(st.floats(-1e7, 1e7), st.booleans(), st.booleans())
def test_numbers_come_back_as_they_were_written(value: float, comma: bool, grouped: bool) -> None:
    text = f"{value:,.3f}" if grouped else f"{value:.3f}"
    if comma:
        text = text.translate({ord("."): ",", ord(","): "."})
    assert tables.number(text + " m") == pytest.approx(round(value, 3), abs=1e-3)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_register_or_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(b"art;x;y\n" + data)
    assert register.is_one(path) in (True, False)
    try:
        read(path)
    except InputProblem as problem:
        assert problem.what_to_do


@pytest.mark.needs("data")
def test_wesels_register_and_its_damaged_copy(data: Path) -> None:
    folder = next((data / "trees").iterdir())
    found, report = read(folder / "Baumkataster_Wesel.csv")
    assert len(found) == 14380
    assert found.species[0] == "Quercus palustris, Sumpfeiche"
    assert report.problems[0].code == "guessed-crs"
    with pytest.raises(InputProblem, match=r"3\.355\.239\.606"):
        read(folder / "Baumkataster_Wesel_excel_damaged.csv")


def test_a_folder_gives_its_registers_and_not_its_lists(tmp_path: Path) -> None:
    path = written(tmp_path, WESEL + ROW)
    (tmp_path / "list.csv").write_text("tile;date\n32_680_5644;2024\n")
    assert list(gather.gathered([tmp_path], tmp_path / "sources")) == [path]
