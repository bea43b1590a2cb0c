"""What the program says while it runs comes in the language of the panel: every sentence of the source, and real ones end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from . import spoken

pytestmark = pytest.mark.needs("bpy")

UNRESOLVED = {
    "jena_city/problems.py: what": "passed on: words of the work within",
    "jena_city/applied.py: problem.what": "passed on from the block's own problem",
    "jena_city/applied.py: problem.what_to_do": "passed on from the block's own problem",
    "jena_city/check.py: what": "passed on: words of the work within",
    "jena_city/archives.py: BEWARE": "one way out for all that is refused (see FROM_ELSEWHERE)",
    "jena_city/buildings.py: what": "passed on: words of the work within",
    "jena_city/buildings.py: path.name": "the name of a file",
    "pipeline/drawing.py: sheet.name": "the name that its sheet has in the project",
    "jena_city/processes.py: Path(newest.path).name": "the name of a file",
    "jena_city/cityjson.py: path.name": "the name of a file",
    "jena_city/citygml/__init__.py: path.name": "the name of a file",
    "jena_city/check.py: problem.what": "passed on from the unpacked file's own problem",
    "jena_city/check.py: problem.what_to_do": "passed on from the unpacked file's own problem",
    "jena_city/gather.py: what": "passed on from the reading of the files",
    "jena_city/downloads.py: problem.what": "passed on from the file's own problem",
    "jena_city/downloads.py: reason": "from crs.doubt, which is collected",
    "jena_city/downloads.py: self.out_of_reach[host].what": "said of the same server before",
    "jena_city/downloads.py: self.out_of_reach[host].what_to_do": "said of the same server before",
    "jena_city/gather.py: path.name": "the name of a file",
    "jena_city/gather.py: problem.what": "passed on from the unpacked file's own problem",
    "jena_city/gather.py: problem.what_to_do": "passed on from the unpacked file's own problem",
    "jena_city/terrain.py: str(path)": "the name of a file",
    "jena_city/citygml/assemble.py: sentence": "from SENTENCES, which are collected",
    "jena_city/citygml/assemble.py: problem.what": "passed on from the placing of points of another system",
    "jena_city/citygml/placing.py: problem.what": "passed on from the placing of points of another system",
    "jena_city/citygml/placing.py: reason if overridden else f'{reason}. State the right one with --crs'": "from crs.doubt, which is collected",
    "jena_city/terrain_files.py: reason": "from crs.doubt, which is collected",
    "jena_city/vectors/reading.py: reason": "from crs.doubt, which is collected",
    "jena_city/vectors/reading.py: sentence": "from register.placed (see FROM_ELSEWHERE)",
    "jena_city/vectors/register.py: {32: 'EPSG:4647', 33: 'EPSG:5650'}.get(zone, '')": "the name of a coordinate system",
    "jena_city/orthophoto.py: reason": "from crs.doubt, which is collected",
    "jena_city/orthophoto.py: inside[number].path.name": "the name of a file",
    "jena_city/problems.py: message": "the report's own method",
    "jena_city/slips.py: allowed[0].upper() + allowed[1:]": "words of pydantic, or of our own checks (see FROM_ELSEWHERE)",
    "jena_city/sources.py: what": "passed on: words of the work within",
    "jena_city/textures.py: sentence": "from SENTENCES, which are collected",
    "jena_city/web.py: str(again)": "raised as _Again (see FROM_ELSEWHERE)",
    "operators/downloading.py: what": "passed on: words of the work within",
    "operators/errors.py: sentences.spoken(note(error, getattr(operator, 'panel', 'project')))": "a problem's own sentence",
    "operators/backgrounds.py: what": "passed on: words of the work within",
    "operators/errors.py: str(error)": "a problem's own sentence",
    "operators/jobs.py: why": "given by who stops the job, where it is collected",
    "operators/projects.py: what": "passed on: words of the work within",
    "operators/projects.py: found.words.rstrip('.')": "words of a State, which are collected",
    "jena_city/photo_camera.py: doubt(pixels, places, size, focal, best)": "returns a sentence, which is collected",
    "operators/photo_tool.py: words": "translated by Blender where it is said",
    "operators/cameras.py: words": "translated by Blender where it is said",
    "operators/results.py: words": "translated by Blender where it is said",
    "pipeline/opening.py: problem.what_to_do": "passed on from the preset's own problem",
    "pipeline/opening.py: what": "passed on from the preset's own problem",
    "pipeline/asking.py: what": "passed on: words of the work within",
    "pipeline/films.py: what": "passed on: words of the work within",
    "pipeline/sourcing.py: what": "passed on: words of the work within",
    "pipeline/comparisons.py: what": "passed on: words of the work within",
    "pipeline/steps.py: what": "passed on: words of the work within",
    "participation/contributions.py: message": "given to _Cleaning.lost (see FROM_ELSEWHERE)",
    "participation/received.py: file.name": "the name of a file",
    "publishing.py: sentence": "one of SENTENCES, which are collected",
    "publishing.py: what": "passed on: words of the work within",
    "pipeline/opening.py: what.format(name)": "given to _all_different, where it is collected",
    "pipeline/opening.py: what_to_do": "given to _all_different, where it is collected",
    "scene/document.py: str(problem)": "a problem's own sentence",
    "scene/job.py: said['what']": "words of the worker, where they are collected",
}
"""What cannot be read where it is said, and why it needs no template of its own."""

FROM_ELSEWHERE = {
    "the register names no coordinate system; by its numbers it was taken as {}{}",  # returned by vectors/register.py
    "Give west, south, east, north, with west < east and south < north",  # raised as ValueError in jena_city/project.py
    "There is no such time zone; write it as Europe/Berlin",
    "the server does not answer in time",  # these are raised as _Again in jena_city/web.py
    "the server goes on at another place than it was asked to",
    "the server {} cannot be reached",
    "the transfer broke off",
    "the heights are above the ellipsoid; they were lowered by {} m, as the profile says",  # jena_city/sources.py, in place of another
    "Addresses begin with http:// or https://",  # these are raised as ValueError in jena_city/profiles
    "A brace in an address is not closed",
    "With tile, every address has E and N in braces; without, neither",
    "* stands in the name of the file, and where it does index names the publisher's list",
    "Name a projected coordinate system in metres, as EPSG:25832",
    "Give longitude and latitude in degrees",
    "State the right one with --crs",  # put behind the doubt about a CRS
    "no faces that can be read (there is LoD {})",
    "Do not use it, or unpack it yourself and name the files in it",  # BEWARE in jena_city/archives.py
    "a place lies outside the area and was left out",  # these are given to lost in participation/contributions.py
    "a place is no list of numbers and was left out",
    "a place was left out: {}",
    "a text was cut after {} characters",
    "a comment without words was left out",
    "a variant was left out: {}",
    "it names a {} that is not there: {}",
    "a judgement could not be read and was left out",
    "a choice between two variants could not be read and was left out",
    "Permission denied",  # of the system
    "No such file or directory",
    "No space left on device",
}


@pytest.fixture(scope="module")
def extension() -> Iterator[Any]:
    """The extension in Blender."""
    import jena_planner

    jena_planner.register()
    yield jena_planner
    jena_planner.unregister()


@pytest.fixture
def speak(extension: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """speak("de"): what the preferences of the extension would say."""
    from jena_planner.operators import preferences

    return lambda language: monkeypatch.setattr(preferences, "get", lambda: SimpleNamespace(language=language, cache="", projects=""))


@pytest.fixture(scope="module")
def source() -> tuple[set[str], set[str]]:
    return spoken.collected()


def test_every_sentence_of_the_source_has_its_german_one(extension: Any, source: tuple[set[str], set[str]]) -> None:
    from jena_planner.operators.sentences import SENTENCES, VALUES
    from jena_planner.operators.translations import GERMAN

    patterns = [re.compile("(.+)".join(map(re.escape, one.split("{}")))) for one in SENTENCES]

    def known(template: str) -> bool:
        """Whether it is in the tables, or one that is there with a value that is there too (`Known: none`)."""
        if template in SENTENCES or template in GERMAN:
            return True
        filled = (found.groups() for pattern in patterns if (found := pattern.fullmatch(template)))
        return any(all(value == "{}" or value in VALUES for value in values) for values in filled)

    assert len(source[0]) > 250  # the collector finds them at all
    unknown = {one for one in source[0] if not known(one)}
    assert unknown == {"{}: {}: preparing"}  # progress, shown part by part: see `sentences.doing`
    assert known("{}: preparing") and known("preparing")


def test_what_the_source_does_not_show_is_listed_with_a_reason(source: tuple[set[str], set[str]]) -> None:
    assert source[1] == set(UNRESOLVED)


def test_no_sentence_is_left_over(extension: Any, source: tuple[set[str], set[str]]) -> None:
    from jena_planner.operators.sentences import SENTENCES

    made = "\n".join(source[0])
    left = {one for one in SENTENCES if one not in source[0] and not one.startswith(("Input should", "String should"))}
    left = {one for one in left if not re.search(".+".join(map(re.escape, one.split("{}"))), made)}  # a part or a kind of one there is
    assert left - FROM_ELSEWHERE == set()


def test_places_are_kept_and_what_is_filled_in_comes_out_unchanged(extension: Any) -> None:
    from jena_planner.operators.sentences import SENTENCES, in_german

    for english, german in SENTENCES.items():
        assert german.strip() and english.endswith(".") == german.endswith("."), english
        if english.startswith(("Input should", "String should")):
            continue
        assert english.count("{}") == german.count("{}"), english
        values = [f"Wert{number}" for number in range(english.count("{}"))]
        said = in_german(english.format(*values))
        assert all(value in said for value in values), english
        assert said == german.format(*values) or " " not in english.replace("{}", "").strip(), (said, german)


def failing(folder: Path) -> dict[str, tuple[Any, str]]:
    """Things that go wrong with files and settings: how, and the German sentence (… for the file's own name)."""
    import shapely

    from jena_planner.analyses import sun
    from jena_planner.jena_city import citygml, crs, gather, massing, project, terrain
    from jena_planner.jena_city.variant import Block, Roof

    broken = folder / "kaputt Straße.gml"
    broken.write_text('<CityModel xmlns="http://www.opengis.net/citygml/2.0">\n<cityObjectMember>', encoding="utf-8")
    empty = folder / "leer.gml"
    empty.write_bytes(b"")
    words = folder / "worte.xyz"
    words.write_text("dies sind keine Höhen\nund das auch nicht\n", encoding="utf-8")
    newer = folder / "neuer"
    newer.mkdir()
    (newer / "project.toml").write_text('schema = 99\n[project]\nname = "x"\n', encoding="utf-8")
    typo = folder / "tipp"
    typo.mkdir()
    (typo / "project.toml").write_text('schema = 1\nfarbe = 3\n[project]\nname = "x"\n', encoding="utf-8")
    square = shapely.box(0, 0, 10, 10)
    return {
        "missing": (lambda: citygml.read(folder / "weg.gml"), "…: diese Datei gibt es nicht. Namen prüfen."),
        "folder": (lambda: citygml.read(folder), "…: das ist ein Ordner. Die Dateien darin angeben."),
        "empty": (lambda: citygml.read(empty), "…: die Datei ist leer. Erneut herunterladen."),
        "broken": (lambda: citygml.read(broken), "…: die Datei bricht in Zeile 2 ab. Erneut herunterladen."),
        "terrain": (lambda: terrain.read([words]), ""),
        "crs": (lambda: crs.given("EPSG:1"), "EPSG:1: dieses Koordinatensystem ist nicht bekannt. Schreiben wie EPSG:25832."),
        "nothing": (lambda: gather.gathered([newer], folder / "in"), ""),
        "newer": (
            lambda: project.read(newer),
            "…: das Projekt stammt aus einer neueren Programmversion (Schema 99, bekannt bis 1). Jena Planner aktualisieren.",
        ),
        "no project": (lambda: project.read(folder / "nichts"), ""),
        "typo": (lambda: project.read(typo), ""),
        "date": (lambda: sun.day("31.02.2025"), "Datum: '31.02.2025' ist kein Datum. Schreiben wie 21.03.2025 oder 2025-03-21."),
        "storeys": (
            lambda: massing.solid(Block("a", square, 900), 0.0),
            "Baukörper a: 900 Geschosse sind nicht möglich. 0 bis 200 angeben.",
        ),
        "roof": (lambda: massing.solid(Block("a", square, 2, roof=Roof("hip", 89.0)), 0.0), ""),
    }


def test_what_really_goes_wrong_is_said_in_german(extension: Any, tmp_path: Path) -> None:
    from jena_planner.jena_city.problems import InputProblem
    from jena_planner.operators.sentences import in_german

    for name, (go, wanted) in failing(tmp_path).items():
        with pytest.raises(InputProblem) as caught:
            go()
        problem = caught.value
        said = in_german(str(problem))
        if wanted:
            assert said == wanted.replace("…", problem.where), name
        what, what_to_do = in_german(problem.what), in_german(problem.what_to_do)
        assert what != problem.what and what_to_do != problem.what_to_do, (name, str(problem))
        assert said.endswith(f": {what}. {what_to_do}."), (name, said)


def test_an_unknown_sentence_stays_as_it_is(extension: Any, speak: Any) -> None:
    from jena_planner.operators import sentences

    speak("de")
    assert sentences.spoken("Something else: entirely. Unknown.") == "Something else: entirely. Unknown."
    assert sentences.spoken("") == ""
    speak("en")
    assert sentences.spoken("a.gml: the file is empty. Download it again.") == "a.gml: the file is empty. Download it again."


def test_a_missing_folder_and_a_job_are_said_in_german(extension: Any, speak: Any) -> None:
    from jena_planner.operators import sentences

    gone = "The project's folder is not there: /home/Büro Süd. Relink it; everything you see stays."
    speak("de")
    assert sentences.spoken(gone) == "Der Projektordner fehlt: /home/Büro Süd. Neu verknüpfen; alles Sichtbare bleibt."
    assert sentences.doing("Besonnungsdauer: Zeile: sun and shadow") == "Besonnungsdauer: Zeile: Sonne und Schatten"
    speak("en")
    assert sentences.doing("Besonnungsdauer: Zeile: sun and shadow") == "Hours of sun: Zeile: sun and shadow"


VIEWS = ("sight_lines", "viewshed", "visibility_of", "skyline", "horizon", "view_out")
GERMAN_WORDS = re.compile(r"[äöüß]|\b(am|auf|an|dem|und|bis|Uhr|mehr|weniger|über|unter|Sonne|Schatten|alle|Minuten|MEZ|MESZ|Bestand)\b")


def test_results_of_every_analysis_are_shown_in_english(extension: Any, speak: Any, tmp_path: Path) -> None:
    from jena_planner.analyses.obstacles import Obstacles
    from jena_planner.analyses.registry import REGISTRY
    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.operators import sentences

    from .site import site as small_site

    site = small_site(tmp_path, (0, 0, 20, 10, 9))
    today = Obstacles.of(apply(site, NULL_VARIANT))
    speak("en")
    for kind in REGISTRY.values():
        assert not GERMAN_WORDS.search(sentences.labelled(kind.title))
    for kind in (REGISTRY[name] for name in ("sun_hours", "shadow")):
        for basis in ("local", "solar"):
            extra = {"start": "08:00", "end": "16:00", "minimum_elevation": 11.5} if kind.name == "sun_hours" else {}
            asked = kind.settings.model_validate({"basis": basis, "step": 10, "cell": 5, "date": "2025-06-21", **extra})
            results = kind.run(today, asked, base=today)
            assert len(results) == 4  # ground and faces, and their changes
            title = sentences.labelled(results[1].title)
            assert title.startswith(f"{kind.label} on 2025-06-21") and title.endswith(": change against Existing state, on the ground")
            for result in results:
                for words in (result.title, result.method, *result.classes.labels):
                    said = sentences.labelled(words)
                    assert not GERMAN_WORDS.search(said), (words, said)
                    assert not re.search(r"\d,\d", said), said
    span = {"until": "2025-06-28", "trees": "seasonal"}
    more = {
        "sun_hours": span,
        "shadow_frequency": span,
        "sun_times": {"trees": "opaque"},
        "sun_study": {},
        "sun_takers": {},
        "sun_rules": {},
    }
    more_days = [("sun_rules", {"rule": "din5034"}), ("sun_hours", {"date": "2025-06-21", "until": "2025-07-21", "basis": "solar"})]
    for name, extra in (*more.items(), *more_days):
        kind = REGISTRY[name]
        if name not in ("sun_rules", "sun_study"):
            extra = {"date": "2025-06-21", **extra}
        for result in kind.run(today, kind.settings.model_validate({"step": 10, "cell": 5, **extra}), base=today):
            for words in (result.title, result.method, *result.classes.labels):
                said = sentences.labelled(words)
                assert not GERMAN_WORDS.search(said), (words, said)
                assert not re.search(r"\d,\d", said), said
    around = REGISTRY["surroundings"]
    for result in around.run(today, around.settings()):
        for words in (result.title, result.method, *result.classes.labels):
            assert not GERMAN_WORDS.search(sentences.labelled(words)), words
    assert sentences.labelled(NULL_VARIANT.name) == "Existing state"
    speak("de")
    assert sentences.labelled(results[0].title) == results[0].title


def test_words_beside_the_sun_and_under_the_mouse(extension: Any, speak: Any) -> None:
    from jena_planner.jena_city import codes
    from jena_planner.operators import preferences, probe, sentences

    note = {"unit": "", "classes": {"edges": [0, 0.5, 1], "colours": ["#000000", "#ffffff"], "labels": ["Schatten", "Sonne"]}}
    speak("en")
    assert sentences.labelled("21.03.2025, 10:00 Uhr MEZ · 34,1° · 144°") == "2025-03-21, 10:00 CET · 34.1° · 144°"
    assert probe.value_words(note, 1.0) == "Sun" and probe.value_words({**note, "unit": "h"}, 3.5) == "3.5 h"
    assert codes.roof_type("3100", preferences.language()) == "gable roof (3100)"
    speak("de")
    assert probe.value_words(note, 1.0) == "Sonne" and probe.value_words({**note, "unit": "h"}, 3.5) == "3,5 h"
    assert codes.roof_type("3100", preferences.language()) == "Satteldach (3100)"
    assert codes.roof_type("7", preferences.language()) == "7"


def test_a_date_may_be_typed_as_germans_write_it(extension: Any) -> None:
    import bpy

    from jena_planner.analyses.registry import REGISTRY

    scene = bpy.data.scenes[0]
    dated = [name for name, analysis in REGISTRY.items() if "date" in analysis.settings.model_fields]
    for group in (scene.jena, *(getattr(scene, f"jena_{name}") for name in dated)):
        group.date = "1.6.2025"
        assert group.date == "2025-06-01"
        group.date = "2025-03-21"
        assert group.date == "2025-03-21"
        group.date = "soon"
        assert group.date == "soon"
        group.date = "2025-03-21"


def test_results_of_views_are_shown_in_english(extension: Any, speak: Any, tmp_path: Path) -> None:
    from jena_planner.analyses.obstacles import Obstacles
    from jena_planner.analyses.registry import REGISTRY
    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.marks import Lines, Points
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.operators import sentences

    from .site import ORIGIN
    from .site import site as small_site

    today = Obstacles.of(apply(small_site(tmp_path, (0, 0, 20, 10, 9), (50, 0, 20, 10, 30)), NULL_VARIANT))
    east, north = ORIGIN.easting, ORIGIN.northing
    asked = {
        "viewpoints": [{"name": "P", "path": [[east - 20, north], [east - 20, north + 20]]}],
        "landmarks": [{"name": "L", "building": "B1"}, {"name": "M", "at": [east + 30, north + 5], "height": 5}],
        "axes": [{"name": "X", "start": [east - 20, north + 5], "end": [east + 80, north + 5]}],
    }
    speak("en")
    for name in VIEWS:
        kind = REGISTRY[name]
        results = kind.run(
            today, kind.settings.model_validate({key: asked[key] for key in asked if key in kind.settings.model_fields}), base=today
        )
        assert results
        for result in results:
            words = [result.title, result.method, *result.classes.labels]
            if isinstance(result.support, (Points, Lines)):
                words += [*result.support.heads.tolist(), *result.support.table.ravel().tolist()]
            for word in words:
                assert not GERMAN_WORDS.search(sentences.labelled(word)), (word, sentences.labelled(word))
