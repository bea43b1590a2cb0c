"""Profiles of towns: ours are right, slips are named with their place, and a profile fills what project and files leave open."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import check, codes, imported, profiles
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.profiles import Source
from jena_planner.pipeline import opening, sourcing, steps

from . import gml
from .conftest import ROOT
from .test_cli import answer, run

OF_MY_TOWN = """schema = 1
name = "Musterstadt"
land = "TH"
centre = [11.5863, 50.9277]
crs = "EPSG:25832"
height_system = "DE_DHHN2016_NH"
time_zone = "Europe/Vienna"
licence = "Stadt Musterstadt, Daten verändert"

[geoid]
undulation = 46.5
source = "made up"

[tree_columns]
height = ["wie_hoch"]
species = ["was"]

[codes]
roof_types = { 3100 = "Giebeldach" }

[[sources]]
kind = "buildings"
title = "LoD2"
provider = "Stadt Musterstadt"
licence = "dl-de/by-2-0"
licence_url = "https://www.govdata.de/dl-de/by-2-0"
urls = ["https://example.org/lod2_{E}_{N}.zip"]
tile = 2000
megabytes = 5
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of profiles, with one of a made-up town."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.platform", "linux")
    folder = profiles.own_folder()
    folder.mkdir(parents=True)
    (folder / "muster.toml").write_text(OF_MY_TOWN, encoding="utf-8")
    return folder


def town(folder: Path, name: str = "a.gml", srs: str = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH") -> Path:
    return gml.write(folder / name, gml.city(gml.box_building("house", *gml.JENA, 10, 8, 6), srs=srs))


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "jena_city" / "profiles").glob("*.toml")))
def test_ours_are_right(name: str) -> None:
    found = profiles.load(name)
    assert {"buildings", "terrain"} <= {source.kind for source in found.sources}
    assert "www.govdata.de/dl-de/" in found.licence and "Daten verändert" in found.licence
    for source in found.sources:
        assert all(url.startswith("https://") for url in source.urls)
        assert "www.govdata.de/dl-de/" in source.line and source.line.endswith("Daten verändert")


def test_jenas_tiles_are_those_of_the_state() -> None:
    """The centre lies in LoD2_32_680_5644_2_TH; 48 tiles of buildings touch the town's box of some 10 by 17 km at most."""
    buildings, terrain, _trees = profiles.load("jena").sources
    assert buildings.tiles((681735, 5644970, 681736, 5644971)) == [(680_000, 5_644_000)]
    assert buildings.addresses((680_000, 5_644_000)) == ("https://geoportal.geoportal-th.de/3dgebaeude/LoD2/LoD2_32_680_5644_2_TH.zip",)
    assert [url.rpartition("/")[2] for url in terrain.addresses((681_000, 5_644_000))] == [
        "dgm1_32_681_5644_1_th_2020-2025.zip",
        "dgm1_681_5644_1_th_2014-2019.zip",
    ]
    assert buildings.tiles((680_000, 5_644_000, 682_000, 5_646_000)) == [(680_000, 5_644_000)]  # its edges are its own


@pytest.mark.needs("data")
def test_names_of_real_tiles_tell_where_they_lie(data: Path) -> None:
    buildings = profiles.load("nrw").sources[0]
    found = 0
    for path in (data / "citygml" / "nrw").rglob("LoD2_32_*_1_NW.gml"):
        report, _ = check.check([path])
        corner = buildings.corner_of(path.name)
        assert corner is not None
        if report.extent is not None:
            middle = np.array([report.extent[0] + report.extent[3], report.extent[1] + report.extent[4]]) / 2
            assert np.all(np.abs(middle - corner - 500) < 700)  # houses reach across the border
            found += 1
    assert found >= 10


@given(
    st.integers(200_000, 800_000), st.integers(5_200_000, 6_100_000), st.integers(1, 9000), st.integers(1, 9000),
    st.sampled_from([(1000, (0, 0)), (2000, (0, 0)), (2000, (1000, 0)), (500, (250, 250))]),
)  # fmt: skip
def test_tiles_cover_a_box_and_no_more(west: int, south: int, width: int, height: int, grid: tuple[int, tuple[int, int]]) -> None:
    size, corner = grid
    source = Source(
        kind="terrain", title="t", provider="p", licence="l", licence_url="https://example.org", megabytes=1, tile=size, corner=corner,
        unit=1, urls=["https://example.org/a_{E}_{N}.xyz"],
    )  # fmt: skip
    tiles = source.tiles((west, south, west + width, south + height))
    assert len(set(tiles)) == len(tiles)
    covered = sum(
        max(0, min(x + size, west + width) - max(x, west)) * max(0, min(y + size, south + height) - max(y, south)) for x, y in tiles
    )
    assert covered == width * height
    for x, y in tiles:
        assert (x - corner[0]) % size == (y - corner[1]) % size == 0
        assert x < west + width and x + size > west and y < south + height and y + size > south
        assert source.corner_of(source.addresses((x, y))[0].rpartition("/")[2]) == (x, y)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('farbe = "rot"', ["unknown key farbe", "centre"]),
        ('crs = "EPSG:4326"', ["crs", "in metres"]),
        ('land = "XX"', ["land", "TH"]),
        ("centre = [5644970, 681735]", ["centre", "degrees"]),
        ('time_zone = "Europe/Jena"', ["time_zone", "no such time zone"]),
        ("[geoid]\nundulation = 460\nsource = 'x'", ["geoid.undulation", "90"]),
        ("[tree_columns]\nhoehe = ['h']", ["tree_columns.hoehe", "height"]),
        ("[codes]\nroof_types = { 'a b' = 'x' }", ["codes.roof_types"]),
        ("megabytes = 0", ["sources.1.megabytes"]),
        ("urls = ['ftp://example.org/a_{E}_{N}.zip']", ["sources.1.urls", "http"]),
        ("urls = ['https://example.org/a_{E}.zip']", ["sources.1", "E and N in braces"]),
        ("urls = ['https://example.org/a_{E}_{N}_*.zip']", ["sources.1", "index"]),
    ],
)
def test_slips_are_named_with_their_place(own: Path, text: str, words: list[str]) -> None:
    key = re.match(r"\[?(\w+)", text)
    assert key is not None
    lines = OF_MY_TOWN.splitlines()
    if text.startswith("["):
        start = lines.index(text.splitlines()[0])
        end = next(number for number in range(start + 1, len(lines)) if not lines[number])
        lines[start:end] = text.splitlines()
    else:
        lines = [text if line.startswith(f"{key[1]} =") else line for line in lines]
        lines = lines if text in lines else [text, *lines]
    path = own / "slip.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputProblem) as caught:
        profiles.load("slip")
    assert caught.value.where == str(path)
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_one_names_those_there_are(own: Path) -> None:
    with pytest.raises(InputProblem, match=r"profile weimar: there is no such profile\. Known: jena, muster, nrw, or a file in .*profiles"):
        profiles.load("weimar")


def test_the_users_own_is_listed_and_goes_before_ours(own: Path) -> None:
    (own / "jena.toml").write_text(OF_MY_TOWN.replace("Musterstadt", "Unser Jena"), encoding="utf-8")
    (own / "kaputt.toml").write_text("schema = ", encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(own.parent.parent)}
    done = run("profiles", "--json", env=environment)
    said = answer(done)
    assert done.returncode == 1
    assert {row["profile"]: row["name"] for row in said["profiles"]}["jena"] == "Unser Jena"
    assert "kaputt.toml" in said["problems"][0] and "not valid TOML" in said["problems"][0]
    done = run("profiles", own / "kaputt.toml")
    assert done.returncode == 2 and "not valid TOML" in done.stderr


def test_a_profile_fills_what_a_project_leaves_open_and_nothing_else(own: Path, tmp_path: Path) -> None:
    made = sourcing.new_project(tmp_path / "p", [town(tmp_path)], profile="muster")
    written = tomllib.loads(made.path.read_text(encoding="utf-8"))
    assert written["place"]["profile"] == "muster"
    assert written["place"]["crs"] == "EPSG:25832" and written["place"]["time_zone"] == "Europe/Vienna"
    assert written["data"]["licence"] == "Stadt Musterstadt, Daten verändert"
    assert "tree_columns" not in written["data"]
    assert made.whole.data.tree_columns["height"] == ["wie_hoch"]
    made.path.write_text(
        'schema = 1\n[project]\nname = "p"\n[place]\nprofile = "muster"\ntime_zone = "Europe/Berlin"\n'
        '[data]\nbuildings = ["../a.gml"]\nlicence = "Meine"\n[codes]\nroof_types = { 3100 = "Spitzdach", 77 = "Sonderdach" }\n',
        encoding="utf-8",
    )
    opened = opening.load(made.path)
    assert opened.whole.place.time_zone == "Europe/Berlin" and opened.whole.data.licence == "Meine"
    assert opened.whole.place.crs == "EPSG:25832"
    assert opened.whole.codes.roof_types == {"3100": "Spitzdach", "77": "Sonderdach"}
    report = steps.run(opened, only=("import",))
    assert report["profile"]["name"] == "muster" and report["profile"]["supplied"]["place.crs"] == "EPSG:25832"
    assert "place.time_zone" not in report["profile"]["supplied"]


def test_the_line_says_what_a_profile_supplied(own: Path, tmp_path: Path) -> None:
    town(tmp_path)
    path = tmp_path / "project.toml"
    path.write_text('schema = 1\n[project]\nname = "p"\n[place]\nprofile = "muster"\n[data]\nbuildings = ["a.gml"]\n', encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(own.parent.parent)}
    done = run("run", path, "--only", "import", env=environment)
    assert done.returncode == 1, done.stderr  # the ground is estimated
    assert "By the profile muster: place.crs = EPSG:25832, place.time_zone = Europe/Vienna, data.licence = Stadt Musterstadt" in done.stdout
    path.write_text(path.read_text(encoding="utf-8").replace("muster", "weimar"), encoding="utf-8")
    done = run("run", path, env=environment)
    assert done.returncode == 2 and "there is no such profile" in done.stderr


def test_trees_are_read_by_the_profiles_columns_and_codes_have_its_names(own: Path, tmp_path: Path) -> None:
    register = tmp_path / "baeume.csv"
    register.write_text("nr;was;baumart;wie_hoch;stammumfang;x;y\n1;Linde;?;12;99;681740;5644975\n", encoding="utf-8")
    made = sourcing.new_project(tmp_path / "p", [town(tmp_path), register], profile="muster")
    site = imported.site_in(made.folder)
    assert site.trees is not None
    assert site.trees.height.tolist() == [12.0] and site.trees.species == ["Linde"]
    names = made.whole.codes.roof_types
    assert codes.roof_type("3100", "de", names) == codes.roof_type("3100", "en", names) == "Giebeldach (3100)"
    assert codes.roof_type("3200", "de", names) == "Walmdach (3200)"


def test_files_that_differ_from_the_profile_are_believed_and_named(own: Path, tmp_path: Path) -> None:
    path = town(tmp_path, srs="urn:adv:crs:ETRS89_UTM32*DE_DHHN92_NH")
    made = sourcing.new_project(tmp_path / "p", [path], profile="muster")
    assert made.file.place.height_system == "DE_DHHN92_NH"
    read = imported.imported(made.file, made.folder, lambda _share, _what: None)
    said = [problem.message for problem in read.report.problems if problem.code == "other-profile"]
    assert said == ["files state heights in DE_DHHN92_NH, the profile muster has DE_DHHN2016_NH; the files are believed"]
    done = run("check", path, "--profile", "muster", env={"XDG_CONFIG_HOME": str(own.parent.parent)})
    assert done.returncode == 1 and said[0] in done.stdout


def test_a_profile_of_a_far_town_is_doubted(tmp_path: Path) -> None:
    made = sourcing.new_project(tmp_path / "p", [town(tmp_path)], profile="nrw")
    report = imported.imported(made.file, made.folder, lambda _share, _what: None).report
    [said] = [problem.message for problem in report.problems if problem.code == "other-profile"]
    away = re.match(r"the data lie (\d+) km from the middle of the profile nrw", said)
    assert away is not None and 280 < int(away[1]) < 300  # Jena to Unna


def test_heights_above_the_ellipsoid_are_lowered(own: Path, tmp_path: Path) -> None:
    """A house whose foot is at 196.5 m above the ellipsoid stands at 150 m above sea level, with 46.5 m between the two."""
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4258", always_xy=True)

    def in_degrees(found: re.Match[str]) -> str:
        points = np.array(found[2].split(), float).reshape(-1, 3)
        longitude, latitude = to_degrees.transform(points[:, 0], points[:, 1])
        numbers = np.column_stack([latitude, longitude, points[:, 2] + 46.5]).ravel()
        return f"{found[1]}{' '.join(f'{number:.10f}' for number in numbers)}<"

    text = gml.city(gml.box_building("house", *gml.JENA, 10, 8, 6), srs="urn:ogc:def:crs:EPSG::4937")
    path = gml.write(tmp_path / "a.gml", re.sub(r"(<gml:posList[^>]*>)([^<]+)<", in_degrees, text))
    with_profile = sourcing.new_project(tmp_path / "p", [path], profile="muster")
    site = imported.site_in(with_profile.folder)
    assert site.city.points[:, 2].min() == pytest.approx(150, abs=1e-6) and site.city.points[:, 2].max() == pytest.approx(156, abs=1e-6)
    assert with_profile.file.place.height_system == "DE_DHHN2016_NH"
    report = imported.imported(with_profile.file, with_profile.folder, lambda _share, _what: None).report
    assert [one.message for one in report.problems if one.code == "ellipsoidal-heights"] == [
        "the heights are above the ellipsoid; they were lowered by 46.5 m, as the profile says"
    ]
    without = sourcing.new_project(tmp_path / "q", [path])
    assert imported.site_in(without.folder).city.points[:, 2].min() == pytest.approx(196.5, abs=1e-6)
    assert without.file.place.height_system == "ellipsoidal"
