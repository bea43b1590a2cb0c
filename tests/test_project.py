"""project.toml: checked, so that a slip is named with file, key and what is allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jena_planner.jena_city import project
from jena_planner.jena_city.files import slug
from jena_planner.jena_city.problems import InputProblem
from jena_planner.pipeline import opening

GOOD = """schema = 1
[project]
name = "Süd"
[data]
buildings = ["a.gml"]
"""


def load(tmp_path: Path, text: str) -> opening.Project:
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")
    return opening.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["schema", "missing"]),
        ("schema = 1\n", ["project", "missing"]),
        ("schema = 2\n[project]\nname = 'x'\n", ["newer program", "Update"]),
        ("schema = 1\n[project]\nname = \n", ["not valid TOML", "line 3"]),
        (GOOD + "[extra]\n", ["unknown key extra", "place, data, codes, variants, building_plots, plan_areas, viewpoints, axes, landmarks, cameras, photos, analyses, pictures"]),
        (GOOD + "colour = 'red'\n", ["unknown key data.colour", "buildings, terrain, streets"]),
        (GOOD + "lod = 7\n", ["data.lod", "7", "1"]),
        (GOOD + "terrain_step = -1\n", ["data.terrain_step = -1", "greater than 0"]),
        (GOOD + "bbox = [1, 2, 3]\n", ["data.bbox"]),
        (GOOD + "bbox = [3, 2, 1, 4]\n", ["data.bbox", "west < east"]),
        (GOOD + "[place]\ntime_zone = 'Mars'\n", ["place.time_zone", "Europe/Berlin"]),
        (GOOD + "[[pictures]]\nname = 'a'\ndate = '2025-13-45'\n", ["pictures.1.date", "2025-13-45"]),
        (GOOD + "[[pictures]]\nname = 'a'\ntime = '25:00'\n", ["pictures.1.time", "25:00"]),
        (GOOD + "[[analyses]]\nkind = 'sun_hours'\ndate = '9999-12-31'\n", ["date", "2100"]),
        (GOOD + "[[analyses]]\nkind = 'sun'\n", ['kind = "sun" is unknown', "sun_hours, shadow"]),
        (GOOD + "[[analyses]]\nkind = 'sun_hours'\ndat = '2025-01-17'\n", ["analyses.1 (sun_hours)", "unknown key dat", "date"]),
        (GOOD + "[[analyses]]\nkind = 'sun_hours'\ndate = '17.1.2025'\n", ["date", "17.1.2025"]),
        (GOOD + "[[analyses]]\nkind = 'sun_hours'\nstep = 0\n", ["step = 0", "greater than"]),
        (GOOD + "[[analyses]]\nkind = 'shadow'\ntime = 'noon'\n", ["time", "noon"]),
        (GOOD + "[[analyses]]\nkind = 'sun_hours'\n[[analyses]]\nkind = 'sun_hours'\nstep = 1.0\n", ["two analyses", "name of its own"]),
        (GOOD + "[[pictures]]\nname = 'a'\npreset = 'oil'\n", ["oil", "white, web"]),
        (GOOD + "[[pictures]]\nname = '../a'\n", ["pictures.1.name"]),
        (GOOD + "[[pictures]]\nname = 'a'\n[[pictures]]\nname = 'A'\n", ["two pictures", "Rename"]),
        (GOOD + "[[pictures]]\nname = 'a'\nview = { azimut = 3 }\n", ["pictures.1.view.azimut", "azimuth, elevation, target"]),
    ],
)  # fmt: skip
def test_slips_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(InputProblem) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "project.toml"))
    for word in words:
        assert word in str(caught.value)


def test_a_missing_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="jena-planner import"):
        opening.load(tmp_path)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    content = load(
        tmp_path,
        GOOD + 'licence = "© Stadt, „dl-de/by-2-0“"\nbbox = [1.0, 2.0, 3.0, 4.5]\n[place]\norigin = [681735, 5644970]\n'
        "[[analyses]]\nkind = 'sun_hours'\ndate = '2025-01-17'\nvariants = ['a']\n[[pictures]]\nname = 'Süd'\nview = { azimuth = 30.0 }\n",
    ).file
    (tmp_path / "project.toml").write_text(project.to_toml(content), encoding="utf-8")
    assert project.read(tmp_path)[1] == content


def test_patterns_name_files_in_a_fixed_order_and_none_is_a_slip(tmp_path: Path) -> None:
    for name in ("b.gml", "a.gml", "c.xyz"):
        (tmp_path / name).touch()
    assert [path.name for path in project.files_named(tmp_path, ["*.gml", "a.gml"], "data.buildings")] == ["a.gml", "b.gml"]
    with pytest.raises(InputProblem, match=r"data\.terrain"):
        project.files_named(tmp_path, ["*.tif"], "data.terrain")


def test_a_files_own_name_may_hold_brackets(tmp_path: Path) -> None:
    (tmp_path / "Daten [2024]").mkdir()
    (tmp_path / "Daten [2024]" / "a.gml").touch()
    assert [path.name for path in project.files_named(tmp_path, ["Daten [2024]/a.gml"], "data.buildings")] == ["a.gml"]


def test_a_pattern_for_variants_may_find_none(tmp_path: Path) -> None:
    assert project.files_named(tmp_path, ["variants/*.geojson"], "variants", needed=False) == []
    with pytest.raises(InputProblem):
        project.files_named(tmp_path, ["variants/a.geojson"], "variants", needed=False)


def test_analyses_with_names_of_their_own_may_share_a_date(tmp_path: Path) -> None:
    twice = "[[analyses]]\nkind = 'sun_hours'\n[[analyses]]\nkind = 'sun_hours'\nname = 'DIN EN 17037'\nminimum_elevation = 11.0\n"
    assert len(load(tmp_path, GOOD + twice).settings) == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Größe & Höhe", "groesse-hoehe"),
        ("Ärger", "aerger"),
        ("../../etc", "etc"),
        ("日本", "unnamed"),
        ("  a  b ", "a-b"),
        ("Café", "cafe"),
    ],
)
def test_names_become_file_names(name: str, expected: str) -> None:
    assert slug(name) == expected


COMMENTED = """# Our project
schema = 1

[project]
name = "Süd"  # the office's own name

# --- sources ---
[data]
buildings = [
  "a.gml",  # 2023
]
licence = "old"

# what we ask
[[analyses]]
kind = "sun_hours"  # the day of the rule
date = "2025-03-21"

# and what is shown
[[pictures]]
name = "Bestand"
"""


def changed(tmp_path: Path, text: str, change: Callable[[project.ProjectFile], object]) -> str:
    """The text after a change was written; it says what was meant."""
    path, content = project.read(load(tmp_path, text).path)
    wanted = content.model_copy(deep=True)
    change(wanted)
    project.write(path, wanted)
    assert project.to_toml(project.read(path)[1]) == project.to_toml(wanted)
    return path.read_text(encoding="utf-8")


def test_an_analysis_that_is_added_leaves_every_other_line(tmp_path: Path) -> None:
    new = project.AnalysisEntry.model_validate({"kind": "shadow", "time": "10:00"})
    text = changed(tmp_path, COMMENTED, lambda content: content.analyses.append(new))
    assert [line for line in text.splitlines() if line not in COMMENTED.splitlines()] == ['kind = "shadow"', 'time = "10:00"']
    assert text.index('"shadow"') < text.index("# and what is shown")
    assert [line for line in COMMENTED.splitlines() if line not in text.splitlines()] == []


def test_only_the_line_of_a_changed_value_is_written_anew(tmp_path: Path) -> None:
    text = changed(tmp_path, COMMENTED, lambda content: setattr(content.data, "licence", "new"))
    assert text == COMMENTED.replace('"old"', '"new"')
    text = changed(tmp_path, COMMENTED, lambda content: setattr(content.data, "licence", ""))
    assert text == COMMENTED.replace('licence = "old"\n', "")
    text = changed(tmp_path, GOOD, lambda content: setattr(content.data, "licence", 'new "\\1"'))
    assert text == GOOD.replace("[data]\n", '[data]\nlicence = "new \\"\\\\1\\""\n')
    text = changed(tmp_path, "schema = 1\n[project]\nname = 'x'", lambda content: setattr(content.data, "licence", "new"))
    assert text == "schema = 1\n[project]\nname = 'x'\n\n[data]\nlicence = \"new\"\n"


@pytest.mark.parametrize(
    "text",
    [
        'schema = 1\nproject = { name = "x" }\ndata = { licence = "a" }\n',
        'schema = 1\nproject.name = "x"\n[data]\nlicence = """\n[data]\nlicence = 1\n"""\n',
        "schema = 1\n[project]\nname = 'x'\n[ data ]\nbuildings = [\n['a'][0]\n]\n".replace("['a'][0]", "'[a].gml',\n"),
    ],
)
def test_other_ways_of_writing_toml_are_not_damaged(tmp_path: Path, text: str) -> None:
    def change(content: project.ProjectFile) -> None:
        content.data.licence = "new"
        content.analyses.append(project.AnalysisEntry(kind="sun_hours"))

    assert 'licence = "new"' in changed(tmp_path, text, change)


def test_viewpoints_axes_and_landmarks_are_read_from_the_project_and_from_geojson(tmp_path: Path) -> None:
    from jena_planner.jena_city.origin import Origin
    from jena_planner.jena_city.viewing import Axis, Landmark, Viewpoint, located

    features = [
        ("Platz", "Point", [681800.0, 5645000.0]),
        ("Ufer", "LineString", [[681800.0, 5645000.0], [681900.0, 5645050.0]]),
        ("Wiese", "Polygon", [[[681800.0, 5645000.0], [681900.0, 5645000.0], [681900.0, 5645100.0], [681800.0, 5645000.0]]]),
    ]
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}}
            for name, kind, coordinates in features
        ],
    }
    (tmp_path / "views.geojson").write_text(json.dumps(content), encoding="utf-8")
    origin = Origin("EPSG:25832", 681735, 5644970)
    looks = located([Viewpoint(file="views.geojson", eye=3.0), Viewpoint(at=(1, 2))], tmp_path, origin, "Standpunkt")
    assert [one.name for one in looks] == ["Platz", "Ufer", "Wiese", "Standpunkt 4"]
    assert looks[0].at == (681800.0, 5645000.0)
    assert looks[1].path[1] == (681900.0, 5645050.0)
    assert len(looks[2].area) == 3
    assert looks[2].eye == 3.0
    (axis,) = located([Axis(file="views.geojson")], tmp_path, origin, "Achse")
    assert (axis.name, axis.end) == ("Ufer", (681900.0, 5645050.0))
    marks = located([Landmark(file="views.geojson")], tmp_path, origin, "Ziel")
    assert [one.name for one in marks] == ["Platz", "Wiese"]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ('[[viewpoints]]\nname = "A"', "Give one of at, path, area and file"),
        ("[[viewpoints]]\npath = [[1, 2]]", "A path has two places or more"),
        ("[[viewpoints]]\narea = [[0, 0], [1, 1], [1, 0], [0, 1]]", "does not cross itself"),
        ("[[axes]]\nstart = [1, 2]", "Give start and end, or a file"),
        ("[[axes]]\nstart = [1, 2]\nend = [1, 2]", "less than a metre apart"),
        ("[[landmarks]]\nheight = 3", "Give one of building, at and file"),
    ],
)
def test_slips_in_views_are_named(tmp_path: Path, table: str, what: str) -> None:
    (tmp_path / "project.toml").write_text(f'schema = 1\n[project]\nname = "x"\n{table}\n', encoding="utf-8")
    with pytest.raises(InputProblem, match=what):
        project.read(tmp_path)
