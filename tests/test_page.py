"""The page in a real browser: what a visitor sees, does and takes away; with a keyboard alone, on a narrow screen, offline, without a script."""

from __future__ import annotations

import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import shapely

from jena_planner.jena_city import variant_files
from jena_planner.jena_city.sample.layout import ORIGIN
from jena_planner.participation import page

from . import page_scripts, publication

pytestmark = pytest.mark.needs("bpy", "node", "chromium")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publication.publish(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def visit(published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """One visitor's journey through everything, and where their files are."""
    out = tmp_path_factory.mktemp("taken")
    return page_scripts.run("journey", "visitor", published, out), out


def _numbers(texts: list[str]) -> list[float]:
    return [float(re.sub(r"[^\d,-]", "", text).replace(",", ".")) for text in texts]


def test_a_visitor_sees_the_designs(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    assert seen["facts"] == ["Was offen ist", "Was fest steht, und warum", "Wer wann entscheidet", "Was mit Ihrem Beitrag geschieht"]
    assert seen["order"][0] == "Bestand" and len(seen["order"]) == 4  # today's first, the others by chance
    assert seen["sun"].startswith("10:00 (Sommerzeit). Sonne 44° hoch")  # 21 June at Jena: pvlib says 43.7°
    assert len(seen["legend"]) > 3
    assert re.match(r"\d+,\d\sh · Besonnungsdauer am 21\.03\.2025", seen["probe"])
    assert "neue Gebäude" in seen["changes"] and "abgerissen" in seen["changes"]
    assert seen["one"] != seen["other"]  # the border pushed to one side and to the other
    assert seen["sides"] == [seen["order"][1], "Bestand"]
    sign, words = re.fullmatch(r"([−+±])\d+,\d\sh \((.+)\) · Besonnungsdauer am 21\.03\.2025.*", seen["difference"]).groups()
    assert "kaum" in words or {"−": "weniger", "+": "mehr"}[sign] in words
    assert any("Bäume in Sicht" in row for row in seen["nearby"])


def test_points_and_lines_are_drawn_and_listed(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    assert seen["lines"]["changed"] > 3  # lines cross the view
    assert [row for row in seen["lines"]["rows"] if row.startswith("Ecke Gerberstraße – Schornstein") and re.search("frei|verdeckt", row)]
    assert len(seen["points"]) == 2 and all(re.search(r"\d\d,\d dB\(A\)", row) for row in seen["points"])


def test_who_goes_down_to_the_street_stands_in_the_open(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    assert seen["walking"] == {"above": pytest.approx(1.6, abs=0.01), "room": True}


def test_a_section_is_to_scale_and_told(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    assert {"Gerberstraße", "Musterallee"} <= set(seen["streets"])
    section = seen["section"]
    assert section["drawn"]["across"] == pytest.approx(section["drawn"]["up"], rel=1e-3)  # a metre is as long upwards as it is wide
    drawn = {(round(high, 1), round(wide, 1)) for _, _, wide, high in section["drawn"]["stays"]}
    told = re.findall(r"(?<!Neues )Haus, (\d+,\d) m hoch, von (\d+,\d) m bis (\d+,\d) m\.", section["told"])
    assert told and section["drawn"]["fresh"] and "Neues Haus" in section["told"]
    for height, start, end in ([float(value.replace(",", ".")) for value in one] for one in told):
        assert any(
            high == pytest.approx(height, abs=0.8) and wide == pytest.approx(end - start, abs=0.11) for high, wide in drawn
        )  # on a slope


def test_a_figure_says_how_it_is_reckoned(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    words, *inputs = seen["reckoned"]
    assert "Formel: (Vollgeschosse + Bestand + Aufenthaltsräume) / F (§ 20 BauNVO" in words
    assert [re.match(r"[^:\t]+", row)[0] for row in inputs] == ["Vollgeschosse", "Bestand", "Aufenthaltsräume unter Dächern", "F"]


def test_a_visitor_builds_and_the_figures_follow(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    before, after = _numbers(seen["before"]), _numbers(seen["after"])
    assert after[0] == before[0]  # GRZ: one storey more covers no more ground
    assert after[6] - before[6] == pytest.approx(120, abs=1.01)  # Geschossfläche: 12 m × 10 m more
    assert seen["again"] == seen["after"]  # back, and forth again


def test_nothing_goes_elsewhere_and_nothing_is_kept(visit: tuple[dict[str, Any], Path]) -> None:
    seen, _ = visit
    assert seen["problems"] == [] and seen["foreign"] == []
    assert seen["cookies"] == [] and seen["stored"] == 0


def test_what_a_visitor_takes_away_is_what_they_made(visit: tuple[dict[str, Any], Path], published: Path) -> None:
    seen, out = visit
    said = json.loads((out / "beitrag.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"beitrag-[0-9a-f]{8}\.json", seen["name"]) and said["consent"] is True
    content = json.loads((published / "publication.json").read_text(encoding="utf-8"))
    assert (said["publication"], said["revision"], said["crs"]) == (content["id"], content["revision"], "EPSG:25832")
    [comment] = said["comments"]
    assert comment["text"] == "Mehr Bäume <b>hier</b>, bitte." and comment["feeling"] == "dislike"
    east, north, height = comment["position"]
    assert abs(east - ORIGIN.easting) < 400 and abs(north - ORIGIN.northing) < 400 and 130 < height < 210
    assert said["judgements"][0]["value"] == 4 and len(said["choices"]) == 1 and said["choices"][0]["chosen"] in said["choices"][0]["shown"]
    # A link carries the same, but for the consent, which is given anew.
    linked = json.loads((out / "link.json").read_text(encoding="utf-8"))
    assert linked["comments"] == said["comments"] and linked["variants"] == said["variants"]

    [design] = said["variants"]
    read = variant_files.from_geojson(design, Path("beitrag.json"), ORIGIN)
    based = variant_files.read(published / "data" / f"{design['based_on']}.geojson", ORIGIN)
    new = [block for block in read.blocks if block.id not in {one.id for one in based.blocks}]
    assert read.name == "Unser Hof" and len(read.blocks) == len(based.blocks) + 1
    assert [(block.storeys, block.roof.kind, round(float(block.footprint.area), 1)) for block in new] == [(3, "hip", 120.0)]
    kept = {block.id: block for block in read.blocks}
    for block in based.blocks:  # what was not touched is as it was
        assert shapely.equals_exact(kept[block.id].footprint, block.footprint, 1e-3), block.id
        assert {**kept[block.id].__dict__, "footprint": None} == {**block.__dict__, "footprint": None}
    again = variant_files.as_geojson(read, ORIGIN)
    assert _flat(again["features"]) == _flat(design["features"]) and again["based_on"] == design["based_on"]


def _flat(features: list[dict[str, Any]]) -> list[Any]:
    """Features with coordinates to the millimetre and numbers as numbers."""
    return json.loads(json.dumps(features), parse_float=lambda text: round(float(text), 3), parse_int=float)


def test_a_place_of_ones_own_is_told_of_before_and_after(published: Path, tmp_path: Path) -> None:
    seen = page_scripts.run("journey", "nearby", published, tmp_path)
    assert seen["problems"] == [] and seen["foreign"] == []
    window, garden, far = (seen["told"][name] for name in ("window", "garden", "far"))
    suns = [f"Sonne am {day}" for day in ("17. Januar", "21. März", "21. Juni", "21. Dezember")]
    noises = ["Straßenlärm am Tag (6–22 Uhr)", "Straßenlärm in der Nacht (22–6 Uhr)"]
    around = ["Höchstes neues Haus bis 60 m", "Neues Haus zu sehen", "Bäume in Sicht bis 60 m"]
    for one, named in (
        (window, [*suns, "Aussicht nach DIN EN 17037", "Freie Sicht", *noises, *around]),
        (garden, [*suns, *noises, *around]),
    ):
        told = _told(one["rows"])
        assert set(named) <= set(told) and one["problems"] == []
        for name, unit in [(name, "h") for name in suns] + [(name, r"dB\(A\)") for name in noises]:
            assert all(re.fullmatch(rf"\d+,\d\s{unit}( \([+−]\d+,\d\))?", value) for value in told[name]), told[name]
        assert all(len(values) in (1, 4) for values in told.values())  # today's and the three designs', or the same for all
    assert not any("auf dem Boden" in row for row in window["rows"])  # the ground below is not the window
    [problem] = far["problems"]
    assert "nicht gerechnet" in problem and set(_told(far["rows"])) == set(around)
    for one in (window, garden, far):
        assert one["shown"] and one["cut"] == 0
    assert seen["english"]  # another language tells of the same place


def _told(rows: list[str]) -> dict[str, list[str]]:
    """Values by the thing that they are of: one where it stays, one of each design below a heading where it does not."""
    told: dict[str, list[str]] = {}
    heading = ""
    for row in rows:
        name, *value = row.strip().split("\t")
        if not value:
            heading = name
        elif heading and (name == "heute" or name.startswith("Variante")):
            told.setdefault(heading, []).append(value[0])
        else:
            told[name] = value
    return told


def test_all_that_is_said_of_results_is_said_in_english_too(published: Path) -> None:
    """Names of streets, trees and places stay as they are."""
    content = json.loads((published / "publication.json").read_text(encoding="utf-8"))
    said: list[dict[str, str]] = []
    for one in content["results"]:
        meta = json.loads((published / one["meta"]["url"]).read_text(encoding="utf-8"))
        cells = [cell for row in meta.get("table", []) for cell in row if cell["de"].startswith(("Baum", "verdeckt", "frei"))]
        said += [one["title"], one["method"], *(band["label"] for band in one["classes"]), *meta.get("heads", []), *cells]
    german = (
        r"[äöüßÄÖÜ]|\b(?:Baum|am|an|auf|bei|bis|der|die|das|in der|nicht|und|von|weniger|mehr|unter|Anteil|Uhr|Nacht|Tag|verdeckt|frei)\b"
    )
    names = r"Uferstraße|Gerberstraße|Linde"
    left = {words["de"] for words in said if re.search(german, re.sub(names, "", words.get("en", words["de"])))}
    assert len(said) > 200 and left == set()


def test_the_keyboard_alone_is_enough(published: Path, tmp_path: Path) -> None:
    seen = page_scripts.run("journey", "keyboard", published, tmp_path)
    said = json.loads((tmp_path / "tastatur.json").read_text(encoding="utf-8"))
    assert [one["text"] for one in said["comments"]] == ["Mit der Tastatur gesagt."]
    assert seen["unseen"] == []  # every stop of Tab is outlined
    assert len({seen["first"], seen["turned"], seen["nearer"]}) == 3 and seen["problems"] == []
    assert seen["mark"] == "30px"  # where Enter points is shown


def test_everyone_can_use_it(published: Path, tmp_path: Path) -> None:
    """Every section in German, in English on a dark page, and on a screen 320 px wide (which is 1280 px at 400 %)."""
    seen = page_scripts.run("journey", "everyone", published, tmp_path)
    assert seen == {"found": {}, "wide": [], "small": []}


def test_it_sends_to_a_server_where_there_is_one(published: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    shutil.copytree(published, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    content = json.loads((folder / "publication.json").read_text(encoding="utf-8")) | {"server": f"http://127.0.0.1:{port}"}
    (folder / "publication.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "index.html").write_text(
        page.index((page_scripts.VIEWER / "built/index.html").read_text(encoding="utf-8"), content), encoding="utf-8"
    )
    seen = page_scripts.run("journey", "sending", folder, tmp_path, STAND_PORT=str(port))
    assert "Kreuzen Sie bitte zuerst" in seen["asked"]
    assert "Gerade voll." in seen["refused"] and seen["kept"] == 1  # nothing is lost when the server does not answer
    assert "J-0042" in seen["sent"] and "k7q2" in seen["sent"] and seen["left"] == 0
    [request] = seen["requests"]
    assert request["header"] == "1" and json.loads(request["body"])["comments"][0]["text"] == "Bitte ein Baum."


def test_one_file_is_enough(published: Path, tmp_path: Path) -> None:
    seen = page_scripts.run("journey", "offline", published, tmp_path)
    assert seen["picture"] == 64 and seen["problems"] == [] and seen["foreign"] == []


def test_without_a_script_it_still_says_what_matters(published: Path, tmp_path: Path) -> None:
    seen = page_scripts.run("journey", "plain", published, tmp_path)
    assert seen["pictures"] >= 4 and seen["alt"] == 0 and seen["rows"] > 5
    assert seen["top"] < 60  # where one looks first
    assert seen["wide"] <= 320  # tables slide in themselves
    for words in ("Was ist noch offen", "Wer entscheidet", "Neue Wohnungen", "What is still open", "New dwellings"):
        assert words in seen["text"]


def test_it_is_small_and_strict(published: Path, visit: tuple[dict[str, Any], Path]) -> None:
    import gzip

    script = (published / "app.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= 250_000
    content = json.loads((published / "publication.json").read_text(encoding="utf-8"))
    first = sum((published / name).stat().st_size for name in ("index.html", "app.js", "app.css", "publication.json"))
    first += max(one["bytes"] for view in content["viewpoints"] for one in view["pictures"].values())
    assert first <= 1_500_000
    assert visit[0]["interactive"] <= 8_000_000
    [csp] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', (published / "index.html").read_text(encoding="utf-8"))
    rules = dict(one.strip().split(" ", 1) for one in csp.split(";"))
    assert rules["script-src"] == "'self'" and "unsafe-eval" not in csp
    assert rules["default-src"] == "'none'" and rules["base-uri"] == "'none'" and rules["form-action"] == "'none'"
    assert not re.search(r"https?://", re.sub(r"http://www\.w3\.org/\S+", "", csp))
