"""Files damaged at random: always a report or one sentence, never a traceback, and quickly, without taking the machine's memory."""

from __future__ import annotations

import json
import resource
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner import render_presets
from jena_planner.jena_city import check, crs, profiles, project, store, variant_files, vectors
from jena_planner.jena_city.problems import InputProblem, Report

from . import damage, site
from .damage import Damage, Sound

DAMAGE = st.tuples(st.sampled_from(damage.WAYS), st.floats(0, 1), st.floats(0, 0.2), st.integers(0, 2**20))
SLOW = ("N50E011.hgt", "town.osm", "town.osm.pbf")  # a second and more to read
EXTRA_MEMORY = 500_000  # kB, beside four times the file's size
FILES = {sound.name: sound for sound in damage.sound_files()}


def met(sound: Sound, damages: list[Damage], end: float | None, which: int) -> None:
    which %= len(sound.beside) + 1
    whole = sound.beside[which - 1][1] if which else sound.content
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        damage.read(sound, damage.damaged(whole, damages, end), which, Path(folder))
    most = EXTRA_MEMORY + 4 * len(sound.content) // 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < most


@settings(max_examples=1000)
@given(
    st.sampled_from([sound for name, sound in FILES.items() if name not in SLOW]),
    st.lists(DAMAGE, min_size=1, max_size=6),
    st.one_of(st.none(), st.none(), st.floats(0, 1)),
    st.integers(0, 11),
)
def test_damaged_files_end_with_a_report_or_a_sentence(sound: Sound, damages: list[Damage], end: float | None, which: int) -> None:
    met(sound, damages, end, which)


@settings(max_examples=8)
@given(st.sampled_from([FILES[name] for name in SLOW]), st.lists(DAMAGE, min_size=1, max_size=6), st.one_of(st.none(), st.floats(0, 1)))
def test_damaged_files_that_take_longer(sound: Sound, damages: list[Damage], end: float | None) -> None:
    met(sound, damages, end, 0)


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_sound_before_they_are_damaged(tmp_path: Path, name: str) -> None:
    """Else the damage would meet the first lines of a reader only."""
    sound = FILES[name]
    damage.read(sound, sound.content, 0, tmp_path)
    for reader in sound.read:
        reader(tmp_path / name)
    if sound.is_data:
        report, unreadable = check.check([tmp_path / name])
        assert unreadable == []
        assert report.buildings or report.terrain_points or any(report.features.values())


DEEP = "[" * 5000


@pytest.mark.parametrize("content", [f"a = {DEEP}", "a = \xff".encode("latin-1").decode("utf-8", "surrogateescape")])
def test_settings_of_any_bytes_are_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    for reader in (project.read, lambda path: profiles.load(str(path)), lambda path: render_presets.load(str(path))):
        with pytest.raises(InputProblem, match=r"TOML|UTF-8"):
            reader(path)
    (tmp_path / "variant.geojson").write_text(DEEP)
    with pytest.raises(InputProblem, match="JSON"):
        variant_files.read(tmp_path / "variant.geojson", site.ORIGIN)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("origin", None),
        ("origin", {"crs": "EPSG:25832"}),
        ("parts", {}),
        ("parts", [1]),
        ("parts", {"city": "nothing.npz"}),
        ("parts", {"city": "../../elsewhere.npz"}),
        ("parts", {"city": "/etc/passwd"}),
        ("source", DEEP),
    ],
)
def test_kept_data_whose_index_is_damaged_are_refused_with_a_sentence(tmp_path: Path, key: str, value: object) -> None:
    place = site.site(tmp_path, (0, 0, 12, 10, 8))
    store.save_site(place, tmp_path / "data")
    store.save_site(place, tmp_path)
    (tmp_path / "elsewhere.npz").write_bytes(next(tmp_path.glob("city*.npz")).read_bytes())
    index = tmp_path / "data/site.json"
    content = json.loads(index.read_text())
    content[key] = value
    index.write_text(DEEP if value == DEEP else json.dumps(content))
    with pytest.raises(InputProblem, match="damaged"):
        store.load_site(tmp_path / "data")


def test_parts_of_kept_data_in_each_others_place_are_refused(tmp_path: Path) -> None:
    store.save_site(site.site(tmp_path, (0, 0, 12, 10, 8)), tmp_path)
    index = tmp_path / "site.json"
    parts = json.loads(index.read_text())["parts"]
    index.write_text(
        index.read_text().replace(parts["city"], "x").replace(parts["terrain"], parts["city"]).replace('"x"', f'"{parts["terrain"]}"')
    )
    with pytest.raises(InputProblem, match="damaged"):
        store.load_site(tmp_path)


def test_a_system_of_an_unknown_projection_is_unknown() -> None:
    assert crs.parse(damage.ORIGIN_WKT).horizontal
    assert crs.parse(damage.ORIGIN_WKT.replace("Transverse_Mercator", "Projection of the Moon")).horizontal == ""


def test_numbers_made_out_among_other_signs_in_a_drawing_are_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sound = FILES["drawing-0.dxf"]
    path = tmp_path / "plan.dxf"
    path.write_bytes(sound.content.replace(b"681735.0", b"68inf1735.0", 1))
    report = Report()
    vectors.read_lines([path], site.ORIGIN, report)
    assert "damaged-drawing" in {problem.code for problem in report.problems}
    assert capfd.readouterr().err == ""


def test_a_feature_that_holds_no_objects_is_counted(tmp_path: Path) -> None:
    sound = FILES["town.city.jsonl"]
    head, feature = sound.content.decode().splitlines()
    path = tmp_path / "town.city.jsonl"
    path.write_text("\n".join([head, feature, feature.replace('"CityObjects"', '"CityObject"')]))
    report, unreadable = check.check([path])
    assert (report.buildings, unreadable) == (2, [])
    assert [(problem.code, problem.message[:20]) for problem in report.problems] == [("malformed-object", "1 features left out:")]


def test_a_shapefile_whose_system_is_named_in_another_encoding(tmp_path: Path) -> None:
    sound = FILES["areas.shp"]
    which = 1 + [name for name, _ in sound.beside].index("areas.prj")
    damage.read(sound, sound.beside[which - 1][1].replace(b"Transverse", "Quér".encode("latin-1")), which, tmp_path)
    _, unreadable = check.check([tmp_path / "areas.shp"])
    assert all("wkt" not in str(problem) for problem in unreadable)


@pytest.mark.parametrize("kind", [[], {}, None, 7, [["Solid"]]])
def test_a_geometry_of_no_kind_costs_itself_alone(tmp_path: Path, kind: object) -> None:
    document = json.loads(FILES["around.city.json"].content)
    document["CityObjects"]["BR"]["geometry"][0]["type"] = kind
    path = tmp_path / "town.city.json"
    path.write_text(json.dumps(document))
    report, unreadable = check.check([path])
    assert (report.buildings, unreadable) == (1, [])
    assert "malformed-geometry" in {problem.code for problem in report.problems}
