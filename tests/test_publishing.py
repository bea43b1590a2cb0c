"""What is published for citizens: refused while something must be said first, else a whole folder whose files are what they say."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pypdfium2
import pytest
import segno
import shapely

from jena_planner import publishing
from jena_planner.jena_city import sample
from jena_planner.jena_city.cameras import NamedCamera
from jena_planner.jena_city.participating import Participation, ParticipationViewpoint
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import BuildingPlotEntry, FilmEntry, PictureEntry
from jena_planner.jena_city.result import Classes, Faces, Grid, Result
from jena_planner.jena_city.sample.layout import ORIGIN
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT, Block, StandIn, Variant
from jena_planner.participation import checks, figures, folder, models, page, publication, results, statements, without_script
from jena_planner.pipeline import opening
from jena_planner.sheets import poster

from . import page_scripts, small
from .site import site, with_variant

WHERE = Path("project.toml")
SAID = {
    "kind": "informal", "open": "Die Höhe.", "fixed": "Wohnen, weil es fehlt.", "decides": "Der Rat im März.", "contributions": "Sie werden gelesen.",
}  # fmt: skip
VIEW = {"id": "a", "name": "A", "camera": "K"}


def asked(**more: Any) -> Participation:
    return Participation.model_validate({"procedure": SAID, "viewpoints": [VIEW], **more})


def variant(name: str, status: str = "öffentlich", model: bool = False) -> Variant:
    stand_in = StandIn("m.glb") if model else None
    return Variant(name, name, (Block("b", shapely.box(0, 0, 10, 10), 2, stand_in=stand_in),), status=status)  # type: ignore[arg-type]


KNOWN = {one.id: one for one in (NULL_VARIANT, variant("a"), variant("b"))}


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("kind", "which kind of procedure"),
        ("open", "what is still open"),
        ("fixed", "what is fixed, and why"),
        ("decides", "who decides, and when"),
        ("contributions", "what happens with contributions"),
    ],
)
def test_nothing_is_published_while_people_would_not_know_what_they_take_part_in(missing: str, sentence: str) -> None:
    checks.procedure(asked(), WHERE)
    with pytest.raises(InputProblem, match=sentence):
        checks.procedure(asked(procedure={key: value for key, value in SAID.items() if key != missing}), WHERE)


@pytest.mark.parametrize(
    ("starts", "ends"),
    # A month by §§ 187 (2), 188 (2) BGB, the first day counted, and 30 days at least.
    [
        ("2026-02-01", "2026-03-02"),
        ("2026-01-31", "2026-03-01"),
        ("2026-03-15", "2026-04-14"),
        ("2026-12-01", "2026-12-31"),
        ("2028-02-01", "2028-03-01"),
    ],
)
def test_a_formal_procedure_lasts_a_month_and_thirty_days(starts: str, ends: str) -> None:
    last = dt.date.fromisoformat(ends)
    assert checks.last_day(dt.date.fromisoformat(starts)) == last
    formal = {**SAID, "kind": "formal", "starts": starts}
    checks.procedure(asked(procedure={**formal, "ends": ends}), WHERE)
    with pytest.raises(InputProblem, match=f"until {ends}"):
        checks.procedure(asked(procedure={**formal, "ends": str(last - dt.timedelta(1))}), WHERE)
    with pytest.raises(InputProblem, match="a first and a last day"):
        checks.procedure(asked(procedure=formal), WHERE)


def test_drafts_are_published_in_a_preview_alone() -> None:
    known = {**KNOWN, "c": variant("c", "entwurf"), "d": variant("d", "intern")}
    assert checks.shown(asked(), known, False, WHERE) == ["a", "b"]
    assert checks.shown(asked(), known, True, WHERE) == ["a", "b", "c", "d"]
    with pytest.raises(InputProblem, match="d is marked intern"):
        checks.shown(asked(variants=["a", "d"]), known, False, WHERE)
    with pytest.raises(InputProblem, match="no variant to publish"):
        checks.shown(asked(), {"bestand": NULL_VARIANT, "c": known["c"]}, False, WHERE)


def picture(name: str, variant_: str, **more: Any) -> tuple[PictureEntry, str]:
    return PictureEntry(name=name, variant=variant_, **more), "single"


def alike(known: dict[str, Variant] = KNOWN, **more: Any) -> None:
    given: dict[str, Any] = {"pictures": [], "films": [], "analyses": [], "asked": asked(), **more}
    checks.alike(given["asked"], ["a", "b"], known, given["pictures"], given["films"], given["analyses"], WHERE)


def test_variants_are_shown_alike_or_not_at_all() -> None:
    whole = [picture("1", "bestand"), picture("2", "a"), picture("3", "b")]
    alike(pictures=whole)
    with pytest.raises(InputProblem, match="bestand has no picture like 2"):
        alike(pictures=whole[1:])
    with pytest.raises(InputProblem, match="b has no picture like 1"):
        alike(pictures=whole[:2])
    for other in ({"time": "18:00"}, {"preset": "aerial"}, {"width": 640}, {"samples": 500}, {"date": "2025-06-21"}):
        with pytest.raises(InputProblem, match="same camera, light and size"):
            alike(pictures=[*whole[:2], picture("3", "b", **other)])
    with pytest.raises(InputProblem, match="viewpoint"):
        alike(asked=asked(viewpoints=[]))
    with pytest.raises(InputProblem, match="architects' models"):
        alike({**KNOWN, "b": variant("b", model=True)})
    films = [FilmEntry(name="f", variant="a"), FilmEntry(name="g", variant="b")]
    alike(films=films)
    with pytest.raises(InputProblem, match="b has no film"):
        alike(films=films[:1])


def test_a_viewpoint_from_which_nothing_is_seen_is_refused(tmp_path: Path) -> None:
    town = with_variant(site(tmp_path, (20.0, 0.0, 10.0, 10.0, 9.0)), variant("a"))

    def look(at: tuple[float, float], preset: tuple[str, str, str] = ("model", "single", "eye"), **more: Any) -> None:
        places = [ORIGIN.to_world(np.array([place], float))[0].tolist() for place in (at, (100.0, 0.0))]
        named = NamedCamera.model_validate({"name": "K", "at": places[0], "to": places[1], **more})
        checks.viewpoint(ParticipationViewpoint.model_validate(VIEW), named, preset, [town], WHERE)

    look((-50, 0))
    look((25, 5), ("model", "single", "bird"), eye=80.0, target=0.0)  # above a house
    for inside in ((25, 5), (5, 5)):  # of a house that stays, of a block
        with pytest.raises(InputProblem, match="K stands inside"):
            look(inside)
    with pytest.raises(InputProblem, match="outside the terrain"):
        look((-500, 0))
    for preset in (("map", "single", "eye"), ("model", "variants", "eye"), ("model", "single", "plan"), ("model", "single", "panorama")):
        with pytest.raises(InputProblem, match="no single view"):
            look((-50, 0), preset)


def test_a_plan_area_keeps_its_edition_where_a_plot_of_its_name_states_none(tmp_path: Path) -> None:
    place = site(tmp_path, (100, 100, 10, 10, 8), plan=shapely.box(-4, -4, 36, 16))
    assert place.plan_areas is not None
    place.plan_areas.columns["edition"] = np.array(["1968"], object)

    def told(**more: Any) -> list[Any]:
        plots = [BuildingPlotEntry.model_validate({"name": "Plan", "grz": 0.3, **more})]
        return [(one["edition"], one["grz"], one["gfz"]) for one in publication.plan_areas(place, plots)]

    assert told() == [("1968", 0.3, None)]
    assert told(edition="2023") == [("2023", 0.3, None)]
    place.plan_areas.columns = {}  # files without names: they are numbered, here as in figures
    assert [one["name"] for one in publication.plan_areas(place, [])] == ["Plangebiet 1"]


def test_gaps_of_the_imprint_are_named(tmp_path: Path) -> None:
    filled = {name: name for name in Participation().contact.model_dump()}
    whole = statements.filled(asked(contact=filled), "Ufer", WHERE)
    assert {name: set(texts) for name, texts in whole.items()} == {name: {"de", "plain", "en"} for name in statements.NAMES}
    assert not re.search(r"[{}]", json.dumps([*(text for one in whole.values() for text in one.values())]).strip("[]"))
    with pytest.raises(InputProblem, match=r"gaps: name, retention\b"):
        statements.filled(asked(contact={**filled, "name": "", "retention": " "}), "Ufer", WHERE)
    own = {"imprint": "Wir.", "privacy": "Nichts.", "accessibility": "Ja.", "netiquette": "Nett."}
    assert statements.filled(asked(texts=own), "Ufer", WHERE)["imprint"] == {"de": "Wir."}


CLASSES = Classes((0.0, 1.0, 9.0), ("#000000", "#ffffff"), ("wenig", "viel"))


def decoded(meta: dict[str, Any], values: Any) -> Any:
    return np.where(values == results.NONE, np.nan, meta["offset"] + meta["scale"] * values.astype(float))


def test_values_come_back_as_they_were() -> None:
    values = np.array([0.0, 3.4, 7.9, np.nan, 5.0, 1.25], np.float32)
    valid = np.array([True, True, True, True, False, True])
    grid = Grid(-3.0, 4.5, 1.5, 2, 3, np.zeros(6))
    made = Result("sun_hours", "ground", "T", "h", "a", ORIGIN, grid, values, valid, CLASSES, "")
    meta, data, _ = results.told(made, publication.said)
    assert (meta["x0"], meta["y0"], meta["step"], meta["columns"], meta["rows"]) == (-3.0, 4.5, 1.5, 3, 2)
    expected = np.where(valid, values, np.nan)
    assert np.allclose(decoded(meta, np.frombuffer(data, "<u2", 6)), expected, atol=1e-4, equal_nan=True)
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 0, 2], [0, 0, 0], [1, 0, 2], [0, 0, 2]], float)
    cells = Faces(
        np.zeros((2, 3)),
        np.zeros((2, 3)),
        np.ones(2),
        np.zeros(2, int),
        np.zeros(2, np.uint8),
        corners,
        np.array([[0, 1, 2], [3, 4, 5]]),
        np.array([0, 1]),
    )
    meta, data, mesh = results.told(
        Result("sun_hours", "faces", "T", "h", "a", ORIGIN, cells, values[:2], valid[:2], CLASSES, ""), publication.said
    )
    assert (meta["vertices"], meta["triangles"], meta["cells"]) == (4, 2, 2)  # corners that two cells share are there once
    xyz = np.frombuffer(mesh, "<f4", 12).reshape(4, 3)
    assert np.array_equal(xyz[np.frombuffer(mesh, "<u4", 6, 48)].reshape(2, 3, 3), corners[cells.triangles])
    assert np.frombuffer(mesh, "<u4", 2, 72).tolist() == [0, 1]
    assert np.allclose(decoded(meta, np.frombuffer(data, "<u2", 2)), values[:2], atol=1e-4)


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "seite"
    with folder.gathered(out) as first:
        first.write(folder.MARK, b"{}")
        first.write("model/a.glb", b"1")
    before = (out / "model/a.glb").stat()
    with folder.gathered(out) as second:
        second.write(folder.MARK, b"{1}")
        second.write("model/a.glb", b"1")
    after = (out / "model/a.glb").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns) and second.kept == 1
    with pytest.raises(KeyboardInterrupt), folder.gathered(out) as third:
        third.write("model/b.glb", b"2")
        raise KeyboardInterrupt
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seite"]
    assert (out / folder.MARK).read_bytes() == b"{1}" and not (out / "model/b.glb").exists()
    out.rename(tmp_path / ".seite.old.0123")  # as a run leaves it that the system ends between two renames
    (tmp_path / ".seite.new.0123").mkdir()
    with folder.gathered(out) as fourth:
        assert fourth.before is not None and fourth.before.joinpath(folder.MARK).read_bytes() == b"{1}"
        fourth.write(folder.MARK, b"{2}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seite"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other/thesis.doc").write_text("mine")
    with pytest.raises(InputProblem, match="something else lies there"), folder.gathered(tmp_path / "other"):
        pass


FILM = """
[[films]]
name = "Tag"
variant = "blockrand"
start = "10:00"
end = "10:30"
seconds = 0.2
fps = 5
width = 64
height = 64
samples = 1
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, publishing.Published]:
    """One variant of the sample published with one small viewpoint, film and analysis, beside variants that stay at home."""
    place = tmp_path_factory.mktemp("publish")
    path = sample.write(place / "project")
    text = path.read_text(encoding="utf-8")
    text = text.replace("width = 1280\nheight = 720\nsamples = 12", "width = 64\nheight = 36\nsamples = 1")
    first, *rest = text.split("[[participation.viewpoints]]")
    text = "[[participation.viewpoints]]".join([first, rest[0]]) + rest[-1][rest[-1].index("\n[[participation.categories]]") :]
    text = text.replace("radius = 300.0", 'radius = 300.0\nanalyses = ["shadow-2025-03-21-1000"]').replace("step = 1.0", "step = 4.0")
    text = text.replace("radius = 300.0", 'radius = 300.0\nvariants = ["blockrand"]\nfilms = ["Tag"]') + FILM
    path.write_text(text, encoding="utf-8")
    return place / "seite", publishing.publish(opening.load(path), place / "seite")


def files_of(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return ([node] if {"url", "bytes"} <= set(node) else []) + [one for value in node.values() for one in files_of(value)]
    return [one for value in node for one in files_of(value)] if isinstance(node, list) else []


@pytest.mark.needs("bpy")
def test_the_sample_is_published_whole(published: tuple[Path, publishing.Published]) -> None:
    out, _ = published
    content = json.loads((out / "publication.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in content["variants"]] == ["bestand", "blockrand"]
    named = files_of(content)
    assert len(named) > 15
    for one in named:
        assert (out / one["url"]).stat().st_size == one["bytes"], one["url"]
    sums = dict(reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert set(sums) == there
    for name, digest in sums.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert not any("zeilen" in name or "Variante B" in (out / name).read_text(encoding="utf-8", errors="ignore") for name in there)
    [view] = content["viewpoints"]
    assert set(view["pictures"]) == {"bestand", "blockrand"}
    assert len({(one["width"], one["height"]) for one in view["pictures"].values()}) == 1
    for one in view["pictures"].values():
        assert len(one["alt"]["de"]) > 50
    [film] = content["films"]
    assert film["variant"] == "blockrand" and len(film["alt"]["de"]) > 50
    assert (out / film["mp4"]["url"]).read_bytes()[4:8] == b"ftyp"
    assert content["languages"] == list(film["vtt"]) == ["de", "plain", "en"]
    captions = {one: (out / file["url"]).read_text(encoding="utf-8") for one, file in film["vtt"].items()}
    assert all(text.startswith("WEBVTT") for text in captions.values()) and "Uhr" in captions["de"] and "Uhr" not in captions["en"]
    assert {one["variant"] for one in content["results"]} == {"bestand", "blockrand"}
    for figure in content["figures"]:  # nobody reads a formula in a language that is not theirs
        assert figure.get("formula", {}).get("de", "A / F") in figures.FORMULAS, figure
        assert {one["label"]["de"] for one in figure.get("inputs", [])} <= {words[0] for words in figures.INPUTS.values()}, figure
    assert all({"de", "en", "plain"} <= set(one["alt"]) for view in content["viewpoints"] for one in view["pictures"].values())
    assert {one["title"]["en"] != one["title"]["de"] for one in content["results"]} == {True}
    assert {"dwellings", "grz_main", "gfz"} <= {one["key"] for one in content["figures"]}


@pytest.mark.needs("bpy")
def test_without_javascript_there_are_pictures_numbers_and_how_to_take_part(published: tuple[Path, publishing.Published]) -> None:
    out, _ = published
    content = json.loads((out / "publication.json").read_text(encoding="utf-8"))
    words = without_script.told(content)
    for one in content["viewpoints"][0]["pictures"].values():
        assert f'src="{one["url"]}"' in words
    assert len(re.findall(r'<img [^>]*alt="[^"]{50,}"', words)) == 2
    sections = dict(re.findall(r'<section id="text-(\w+)" lang="\w\w">(.*?)</section>', words, re.DOTALL))
    assert list(sections) == ["de", "plain", "en"]
    asked = content["procedure"]["open"]
    for language, own in (("de", "Was ist noch offen?"), ("plain", "Das können Sie mit-bestimmen"), ("en", "What is still open?")):
        assert own in sections[language] and asked[language].split("\n")[0] in html.unescape(sections[language])
    for one in content["viewpoints"][0]["pictures"].values():  # told where it is not shown, with a way there
        assert one["alt"]["en"] in html.unescape(sections["en"]) and one["alt"]["plain"] in html.unescape(sections["plain"])
    assert set(re.findall(r'href="#(picture-\d+)"', words)) == set(re.findall(r'id="(picture-\d+)"', words))
    assert "New dwellings" in sections["en"] and "Neue Wohnungen" not in sections["en"]
    assert "<table" in words and "Neue Wohnungen" in words and "beteiligung@musterquartier.example" in words
    text = (out / "index.html").read_text(encoding="utf-8")
    assert words in text and "{{" not in text
    assert "default-src 'none'" in text and "unsafe-eval" not in text and not re.search(r'(src|href)="https?://(?!mitmachen)', text)


@pytest.mark.needs("bpy")
def test_what_is_as_it_was_is_not_written_again(published: tuple[Path, publishing.Published]) -> None:
    out, first = published
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    again = publishing.publish(opening.load(out.parent / "project"), out)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
    assert again.revision == first.revision and again.kept == again.files


VALIDATE = """
const validator = require("gltf-validator"), fs = require("fs");
Promise.all(process.argv.slice(1).map((file) => validator.validateBytes(new Uint8Array(fs.readFileSync(file)))))
  .then((all) => console.log(JSON.stringify(all.map((one) => one.issues))));
"""


@pytest.mark.needs("bpy")
@pytest.mark.needs("node")
def test_models_and_tiles_pass_the_validator(published: tuple[Path, publishing.Published]) -> None:
    files = sorted(published[0].rglob("*.glb"))
    assert len(files) == 6
    done = subprocess.run(["node", "-e", VALIDATE, *files], cwd=page_scripts.VIEWER, check=True, capture_output=True, text=True, timeout=60)
    for path, issues in zip(files, json.loads(done.stdout), strict=True):
        assert issues["numErrors"] == issues["numWarnings"] == 0, (path, issues["messages"][:3])


def test_words_of_a_page_are_text() -> None:
    mean = '<script>alert("1")</script>'
    content = {
        "languages": ["de", "plain", "en"], "title": {"de": mean, "en": mean}, "summary": {"de": mean}, "question": {"de": mean}, "accent": "#000000", "server": "https://s.example:8443/x",
        "procedure": {**{key: {"de": mean} for key in SAID}, "kind": "informal", "starts": None, "ends": None, "note": {}, "portal": ""},
        "variants": [{"id": "a", "name": {"de": mean}}], "viewpoints": [], "pictures": [], "figures": [], "sources": [{"text": mean, "url": ""}],
        "contact": {"name": mean, "email": mean, "phone": ""}, "texts": {name: {"de": mean} for name in statements.NAMES},
    }  # fmt: skip
    text = page.index("", content)
    assert "<script" not in text and "connect-src 'self' blob: data: https://s.example:8443;" in text


@pytest.mark.needs("bpy")
def test_the_poster_bears_the_code_of_its_address_and_is_read_aloud(published: tuple[Path, publishing.Published]) -> None:
    path, url = published[0] / "poster.pdf", "https://mitmachen.musterquartier.example/alte-giesserei/"
    read = pypdf.PdfReader(path)
    assert read.metadata is not None and read.metadata.title == "Alte Gießerei: Was soll hier entstehen?"
    words = read.pages[0].extract_text()
    assert "mitmachen.musterquartier.example/alte-giesserei" in words and "1.12.2026 bis 15.1.2027" in words
    tags = [one.get_object() for one in read.trailer["/Root"]["/StructTreeRoot"]["/K"]["/K"]]
    assert tags[0]["/S"] == "/H1" and sum(one["/S"] == "/Figure" and len(str(one["/Alt"])) > 30 for one in tags) == 2
    dpm = 8  # pixels a millimetre
    image = np.asarray(pypdfium2.PdfDocument(path)[0].render(scale=dpm * 25.4 / 72, grayscale=True).to_numpy()).squeeze()
    expected = np.array([list(row) for row in segno.make(url, error="m", micro=False).matrix], bool)
    module = poster.CODE / len(expected)
    at = (np.arange(len(expected)) + 0.5) * module
    left, top = poster.MARGIN, 420.0 - poster.MARGIN - poster.CODE
    assert np.array_equal(image[np.ix_(((top + at) * dpm).astype(int), ((left + at) * dpm).astype(int))] < 128, expected)
    quiet = image[
        int((top - 4 * module) * dpm) : int((top + poster.CODE + 3 * module) * dpm), int((left - 4 * module) * dpm) : int(left * dpm) - 1
    ]
    assert quiet.min() > 250


@pytest.mark.needs("bpy")
def test_a_button_publishes_the_open_project(
    published: tuple[Path, publishing.Published], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bpy

    import jena_planner
    from jena_planner.operators import jobs, preferences
    from jena_planner.operators import publishing as button

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    jena_planner.register()
    monkeypatch.setattr(preferences, "cache_folder", lambda: tmp_path / "cache")
    opened: list[str] = []
    try:
        bpy.ops.jena.open_project(filepath=str(small.write(tmp_path / "still") / "project.toml"))
        with pytest.raises(RuntimeError, match="says nothing about participation"):
            bpy.ops.jena.publish(filepath=str(tmp_path / "nichts"))
        assert not (tmp_path / "nichts").exists()
        bpy.ops.wm.read_homefile(use_factory_startup=True)
        bpy.ops.jena.open_project(filepath=str(published[0].parent / "project" / "project.toml"))
        assert bpy.ops.jena.publish(filepath=str(tmp_path / "seite")) == {"FINISHED"}
        assert (tmp_path / "seite/publication.json").is_file() and button.made[-1].out == tmp_path / "seite"
        assert jobs.notice[0].startswith(f"Written to {tmp_path / 'seite'}")
        monkeypatch.setattr(button, "show", opened.append)
        assert bpy.ops.jena.open_page() == {"FINISHED"}
        assert Path(opened[0].removeprefix("file://")).parent == tmp_path / "seite"
    finally:
        button.made.clear()
        jena_planner.unregister()


def test_the_ground_stays_fine_where_people_build() -> None:
    rows, columns = np.mgrid[0:801, 0:1001]
    heights = (150 + 8 * np.sin(rows / 23) + 5 * np.cos(columns / 31)).astype(np.float32)
    whole = Terrain(ORIGIN, -500.0, -400.0, 1.0, heights)
    focus = (10.0, 20.0, 75.0, 90.0)
    shown = models.ground_of(whole, (-430.0, -380.0, 455.0, 395.0), focus)
    points, triangles = shown.mesh()
    assert len(points) <= models.MOST_GROUND * 1.05
    inside = np.column_stack([axis.ravel() for axis in np.mgrid[-40:130:7.3, -30:140:7.7]])
    assert np.abs(shown.height_at(inside) - whole.height_at(inside)).max() < 0.05
    far = np.column_stack([axis.ravel() for axis in np.mgrid[-420:445:13.0, -370:385:11.0]])
    assert np.abs(shown.height_at(far) - whole.height_at(far)).max() < 1.0
    sides = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    _, times = np.unique(sides, axis=0, return_counts=True)
    assert times.max() == 2  # no face lies on another
    west, south, east, north = shown.reach
    border = points[np.unique(np.unique(sides, axis=0)[times == 1])]
    on_the_edge = (np.abs(border[:, :2] - [west, south]) < 1e-6) | (np.abs(border[:, :2] - [east, north]) < 1e-6)
    assert on_the_edge.any(axis=1).all()  # and there is no gap where the grids meet
