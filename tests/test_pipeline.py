"""From a project to numbers and pictures: everything asked for is there, nothing is done twice, nothing half-written is left."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image

from jena_planner import render_presets
from jena_planner.jena_city import about, files, imported
from jena_planner.jena_city.problems import Cancelled, InputProblem
from jena_planner.jena_city.project import DeckEntry, FilmEntry, PictureEntry, SheetEntry
from jena_planner.pipeline import comparisons, contact_sheet, decks, drawing, films, opening, pictures, sourcing, steps
from jena_planner.pipeline.work import Work

from . import gml, small
from .site import ORIGIN

X, Y, Z = gml.JENA


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = small.write(tmp_path_factory.mktemp("project") / "Straße")
    return folder, steps.run(opening.load(folder))


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*") if path.is_file()]


@pytest.mark.needs("bpy")
class TestWholeRun:
    def test_everything_asked_for_is_there(self, made: tuple[Path, dict[str, Any]]) -> None:
        folder, _ = made
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        for stem in ("ground-bestand", "ground-neu", "ground-change-neu"):
            assert {f"results/sun-hours-2025-03-21-{stem}.{ending}" for ending in ("tif", "csv", "geojson", "npz", "png")} <= names
        for stem in ("faces-bestand", "faces-neu", "faces-change-neu"):
            assert {f"results/sun-hours-2025-03-21-{stem}.{ending}" for ending in ("csv", "geojson", "npz")} <= names
        assert {"kleine-strasse.blend", "report.json", "pictures/strasse.png", "pictures/sonne.png"} <= names
        assert leftovers(folder) == []

    def test_the_report_says_what_is_needed_to_repeat_it(self, made: tuple[Path, dict[str, Any]]) -> None:
        folder, report = made
        assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == report
        assert report["schema"] == 1
        assert report["program"]["version"] == about.version()
        assert report["program"]["libraries"]["numpy"]
        assert len(report["lock"]) == 64
        assert {Path(path).name: len(digest) for path, digest in report["inputs"].items()} == {"town.gml": 64, "ground.xyz": 64}
        assert report["settings"]["project"]["name"] == "Kleine Straße"
        assert report["site"]["grid_convergence"] == pytest.approx(ORIGIN.grid_convergence)
        assert (report["read"]["buildings"], report["read"]["terrain_points"]) == (4, 45 * 45)
        assert report["variants"]["neu"]["blocks"] == 2
        assert report["problems"] == []
        assert {entry["kind"] for entry in report["made"]} == {"result", "scene", "picture"}

    def test_pictures_have_their_size_caption_and_marks(self, made: tuple[Path, dict[str, Any]]) -> None:
        folder, _ = made
        with Image.open(folder / "pictures/strasse.png") as image:
            assert image.width == 64
            assert image.height > 40
            assert image.text["Source"] == "Testdaten (CC0)"
            assert len(image.text["Inputs"]) == 64
        with Image.open(folder / "pictures/sonne.png") as image:
            assert image.width > 64  # the legend stands beside it

    def test_the_raster_lies_where_it_should(self, made: tuple[Path, dict[str, Any]]) -> None:
        folder, _ = made
        with rasterio.open(folder / "results/sun-hours-2025-03-21-ground-neu.tif") as file:
            assert file.crs.to_epsg() == 25832
            west, south, east, north = file.bounds
            assert west <= X
            assert east >= X + 100
            assert south <= Y + 10 <= north

    def test_a_second_run_does_nothing_again(self, made: tuple[Path, dict[str, Any]]) -> None:
        folder, _ = made
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.name != "report.json"}
        steps.run(opening.load(folder))
        after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.name != "report.json"}
        assert after == before


def test_a_changed_variant_makes_only_its_own_results_anew(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    steps.run(opening.load(folder), only=("analyses",))
    results = folder / "results"
    before = {path.name: path.stat().st_mtime_ns for path in results.iterdir()}
    variant = folder / "variants/neu.geojson"
    variant.write_text(variant.read_text(encoding="utf-8").replace('"storeys": 5', '"storeys": 9'), encoding="utf-8")
    steps.run(opening.load(folder), only=("analyses",))
    changed = {path.name for path in results.iterdir() if path.stat().st_mtime_ns != before.get(path.name)}
    assert changed == {name for name in before if "neu" in name}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("variants/neu.geojson", '"storeys": 5', '"storeys": 6'),
        ("variants/neu.geojson", "#D55E00", "#009E73"),
        ("variants/neu.geojson", "Neubau Süd", "Neubau Ost"),
        ("project.toml", "step_minutes = 60.0", "step_minutes = 30.0"),
        ("project.toml", "Testdaten (CC0)", "© Stadt"),
        ("project.toml", "[place]", '[place]\ntime_zone = "Etc/GMT-1"'),
        ("town.gml", "158.000", "159.000"),
    ],
)
def test_whatever_changes_a_result_makes_it_anew(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = small.write(tmp_path)
    steps.run(opening.load(folder), only=("analyses",))
    picture = folder / "results/sun-hours-2025-03-21-ground-neu.png"
    before = picture.stat().st_mtime_ns
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    steps.run(opening.load(folder), only=("analyses",))
    assert picture.stat().st_mtime_ns != before


@pytest.mark.parametrize(
    ("file", "old", "new", "anew"),
    [
        ("variants/neu.geojson", '"status": "entwurf"', '"status": "öffentlich"', {"findings", "sheet", "picture", "film", "slides"}),
        ("variants/neu.geojson", '"author": ""', '"author": "Büro Öhler"', {"findings", "sheet", "slides"}),
        ("project.toml", 'edition = "1990"', 'edition = "1968"', {"findings", "sheet", "slides"}),
    ],
)
def test_what_is_said_of_a_variant_or_of_the_plan_makes_what_says_it_anew(
    tmp_path: Path, file: str, old: str, new: str, anew: set[str]
) -> None:
    """And nothing else: no analysis asks for it."""
    folder = small.write(tmp_path)
    square = shapely.box(ORIGIN.easting, ORIGIN.northing - 40, ORIGIN.easting + 90, ORIGIN.northing - 10)
    feature = {"type": "Feature", "properties": {"name": "Plan"}, "geometry": shapely.geometry.mapping(square)}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    (folder / "plan.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    text = (folder / "project.toml").read_text(encoding="utf-8")
    text = text.replace("licence =", 'plan_areas = ["plan.geojson"]\nlicence =')
    (folder / "project.toml").write_text(text + '[[plan_areas]]\nname = "Plan"\nedition = "1990"\n', encoding="utf-8")

    def keys() -> dict[str, str]:
        opened = opening.load(folder)
        work = Work(opened, imported.imported(opened.file, folder, lambda *_said: None), folder)
        asked = {"name": "A", "variant": "neu"}
        return {
            "analysis": " ".join(job.key for job in work.jobs),
            "findings": comparisons.findings_keys(work)["neu"],
            "sheet": drawing.hash_of(work, SheetEntry.model_validate(asked)),
            "picture": pictures.hash_of(work, PictureEntry.model_validate(asked)),
            "film": films.hash_of(work, FilmEntry.model_validate({**asked, "seconds": 0.5})),
            "slides": decks.hash_of(work, DeckEntry()),
        }

    before = keys()
    content = (folder / file).read_text(encoding="utf-8")
    assert old in content
    (folder / file).write_text(content.replace(old, new), encoding="utf-8")
    after = keys()
    assert {name for name in before if before[name] != after[name]} == anew


def test_a_block_of_another_variant_counts_where_the_camera_goes_by_all_blocks(tmp_path: Path) -> None:
    """Without a plan area all variants are seen from a place that their blocks decide: one that moves moves the camera of all."""
    folder = small.write(tmp_path)
    entries = [PictureEntry.model_validate({"name": "Bestand", **own}) for own in ({}, {"preset": "eye"}, {"camera": "Nord"})]
    east, north = ORIGIN.easting, ORIGIN.northing
    camera = f'[[cameras]]\nname = "Nord"\nat = [{east}, {north - 90}]\nto = [{east}, {north}]\n'
    (folder / "project.toml").write_text((folder / "project.toml").read_text(encoding="utf-8") + camera, encoding="utf-8")

    def keys() -> list[str]:
        opened = opening.load(folder)
        work = Work(opened, imported.imported(opened.file, folder, lambda *_said: None), folder)
        return [pictures.hash_of(work, entry) for entry in entries]

    before = keys()
    file = folder / "variants/neu.geojson"
    corner = f"{ORIGIN.easting + 20.0:.1f}"
    content = file.read_text(encoding="utf-8")
    assert corner in content
    file.write_text(content.replace(corner, f"{ORIGIN.easting + 10.0:.1f}"), encoding="utf-8")
    assert [old != new for old, new in zip(before, keys(), strict=True)] == [True, True, False]


def test_a_copied_or_moved_project_with_untouched_contents_does_nothing_again(tmp_path: Path) -> None:
    import shutil

    folder = small.write(tmp_path / "one")
    first = steps.run(opening.load(folder), only=("analyses",))
    for path in folder.rglob("*"):
        path.touch()
    copy = Path(shutil.copytree(folder, tmp_path / "two"))
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file() and path.name != "report.json"}
    second = steps.run(opening.load(copy), only=("analyses",))
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file() and path.name != "report.json"} == before
    assert second["site"] == first["site"]
    assert second["inputs"] == first["inputs"]
    assert second["left"] == []


def test_what_is_left_of_earlier_runs_is_named(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    steps.run(opening.load(folder), only=("analyses",))
    (folder / "variants/neu.geojson").unlink()
    (folder / "project.toml").write_text(small.PROJECT.split("[[pictures]]")[0], encoding="utf-8")
    report = steps.run(opening.load(folder), only=("analyses",))
    assert {entry["variant"] for entry in report["made"]} == {"bestand"}
    assert report["left"]
    assert all("neu" in Path(path).name for path in report["left"])


def test_the_table_beside_a_shapefile_counts_as_its_content(tmp_path: Path) -> None:
    import pyogrio
    import shapely

    folder = small.write(tmp_path)

    def trees(height: float) -> None:
        pyogrio.raw.write(
            folder / "trees.shp",
            shapely.to_wkb(np.array([shapely.Point(X, Y)], object)),
            [np.array([height])],
            ["height"],
            geometry_type="Point",
            crs="EPSG:25832",
            driver="ESRI Shapefile",
        )

    trees(6.0)
    (folder / "project.toml").write_text(small.PROJECT.replace("licence =", 'trees = ["trees.shp"]\nlicence ='), encoding="utf-8")
    first = steps.run(opening.load(folder), only=("import",))
    trees(30.0)
    assert steps.run(opening.load(folder), only=("import",))["site"]["hash"] != first["site"]["hash"]


@pytest.mark.parametrize("content", ["[]", "null", '{"schema": 99}', '{"made": 5}', "{", ""])
def test_a_damaged_index_costs_work_but_nothing_else(tmp_path: Path, content: str) -> None:
    folder = small.write(tmp_path)
    steps.run(opening.load(folder), only=("analyses",))
    (folder / "made.json").write_text(content)
    assert len(steps.run(opening.load(folder), only=("analyses",))["made"]) > 10


def test_what_was_finished_before_a_slip_is_reported(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "project.toml").write_text(small.PROJECT.replace("ground-neu", "ground-alt"), encoding="utf-8")
    with pytest.raises(InputProblem):
        steps.run(opening.load(folder), only=("analyses", "pictures"))
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["made"]


def test_houses_that_all_lie_outside_the_box_or_are_broken_are_said_to(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "project.toml").write_text(
        small.PROJECT.replace("licence =", "bbox = [600000, 5600000, 600010, 5600010]\nlicence ="), encoding="utf-8"
    )
    with pytest.raises(InputProblem, match="no building lies in the area asked for"):
        steps.run(opening.load(folder), only=("import",))
    gml.write(tmp_path / "broken.gml", gml.city(gml.building("B", gml.solid(gml.box(float("nan"), Y, Z, 4, 4, 4), 1))))
    with pytest.raises(InputProblem, match=r"no building could be read: the building was left out: its coordinates"):
        sourcing.new_project(tmp_path / "new", [tmp_path / "broken.gml"])


@pytest.mark.needs("bpy")
def test_a_town_on_the_other_side_of_the_earth(tmp_path: Path) -> None:
    """The .blend once asked for the sun at 13:00 in Berlin, when it is night in Tokyo."""
    text = gml.city(gml.box_building("B", 390000.0, 3950000.0, 10.0, 12, 10, 8), srs="EPSG:32654")
    made = sourcing.new_project(tmp_path / "tokyo", [gml.write(tmp_path / "t.gml", text)])
    assert made.file.place.time_zone == "Etc/GMT-9"
    report = steps.run(made, only=("analyses", "scene"))
    assert "scene" in {entry["kind"] for entry in report["made"]}
    hours = next(entry for entry in report["made"] if entry["kind"] == "result")["results"][0]
    assert 11.5 < hours["max"] < 12.5


def test_an_analysis_that_is_no_longer_asked_for_is_no_longer_reported(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    steps.run(opening.load(folder), only=("analyses",))
    text = small.PROJECT.replace('date = "2025-03-21"', 'date = "2025-06-21"').split("[[pictures]]")[0]
    (folder / "project.toml").write_text(text, encoding="utf-8")
    report = steps.run(opening.load(folder), only=("analyses",))
    assert {entry["path"].rpartition("/")[2][:20] for entry in report["made"]} == {"sun-hours-2025-06-21"}


def test_sources_may_move_after_the_import(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    first = steps.run(opening.load(folder), only=("import",))
    (folder / "town.gml").rename(tmp_path / "elsewhere.gml")
    second = steps.run(opening.load(folder), only=("import",))
    assert second["site"] == first["site"]
    assert [(problem["code"], Path(problem["file"]).name) for problem in second["problems"]] == [("source-missing", "town.gml")]


def test_a_changed_source_is_read_again(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    first = steps.run(opening.load(folder), only=("import",))
    gml.write(folder / "town.gml", gml.city(gml.box_building("N", X, Y, Z, 5, 5, 5)))
    second = steps.run(opening.load(folder), only=("import",))
    assert (first["read"]["buildings"], second["read"]["buildings"]) == (4, 1)


def test_an_origin_once_chosen_stays(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = small.PROJECT.replace("origin = [681735, 5644970]\n", "").replace('crs = "EPSG:25832"\n', "")
    (folder / "project.toml").write_text(text, encoding="utf-8")
    first = steps.run(opening.load(folder), only=("import",))
    gml.write(folder / "town.gml", gml.city(gml.box_building("N", X - 40, Y - 20, Z, 5, 5, 5)))
    second = steps.run(opening.load(folder), only=("import",))
    assert first["site"]["origin"] == second["site"]["origin"]
    assert second["read"]["extent"][0] == pytest.approx(min(X - 60, X - 40))


def test_a_tile_in_another_zone_is_brought_into_the_projects(tmp_path: Path) -> None:
    import pyproj

    folder = small.write(tmp_path)
    east, north = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True).transform(X + 5, Y + 5)
    gml.write(folder / "other.gml", gml.city(gml.box_building("Z", east, north, Z, 4, 4, 6), srs="urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH"))
    (folder / "project.toml").write_text(small.PROJECT.replace('["town.gml"]', '["town.gml", "other.gml"]'), encoding="utf-8")
    report = steps.run(opening.load(folder), only=("import",))
    assert report["read"]["buildings"] == 5
    assert report["read"]["extent"][:2] == pytest.approx([X - 60, Y - 60])


def test_terrain_far_from_the_buildings_is_named(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = (folder / "ground.xyz").read_text()
    (folder / "ground.xyz").write_text("\n".join(f"{float(x) + 5000} {y} {z}" for x, y, z in (line.split() for line in text.splitlines())))
    with pytest.raises(InputProblem, match=r"do not meet, they are 4\.8 km apart"):
        steps.run(opening.load(folder), only=("import",))


def test_a_house_on_the_other_side_of_the_country_is_left_out_and_named(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = (folder / "town.gml").read_text(encoding="utf-8")
    stray = gml.box_building("STRAY", X - 300_000, Y, Z, 5, 5, 5)
    (folder / "town.gml").write_text(text.replace("</core:CityModel>", stray + "</core:CityModel>"), encoding="utf-8")
    report = steps.run(opening.load(folder), only=("import",))
    assert [(problem["code"], problem["id"]) for problem in report["problems"]] == [("far-away", "STRAY")]
    assert "300 km" in report["problems"][0]["message"]
    assert report["read"]["buildings"] == 4


def test_terrain_in_another_height_system_or_too_small_is_reported(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    rows = [line.split() for line in (folder / "ground.xyz").read_text().splitlines()]
    (folder / "ground.xyz").write_text("\n".join(f"{x} {y} {float(z) + 46.3}" for x, y, z in rows if float(x) < X + 80))
    report = steps.run(opening.load(folder), only=("import",))
    problems = {problem["code"]: problem["message"] for problem in report["problems"]}
    assert set(problems) == {"other-heights", "outside-terrain"}
    assert problems["outside-terrain"].startswith("1 of 4 buildings")
    assert "-4" in problems["other-heights"]


def test_cancelled_work_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = small.write(tmp_path)

    def stop_at_the_variant(_share: float, what: str) -> None:
        if "Neubau" in what:
            raise Cancelled

    with pytest.raises(Cancelled):
        steps.run(opening.load(folder), only=("analyses",), progress=stop_at_the_variant)
    done = {path.name: path.stat().st_mtime_ns for path in (folder / "results").iterdir()}
    assert done
    assert all("bestand" in name for name in done)
    assert leftovers(folder) == []
    steps.run(opening.load(folder), only=("analyses",))
    assert all((folder / "results" / name).stat().st_mtime_ns == when for name, when in done.items())


@pytest.mark.needs("bpy")
def test_cancelled_pictures_leave_nothing_half_and_go_on(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    pictures = [PictureEntry(name=name, width=64, height=40, samples=1) for name in ("eins", "zwei")]

    def stop_at_the_second(_share: float, what: str) -> None:
        if "zwei" in what:
            raise Cancelled

    with pytest.raises(Cancelled):
        steps.run(opening.load(folder), only=("pictures",), pictures=pictures, progress=stop_at_the_second)
    assert sorted(path.name for path in (folder / "pictures").iterdir()) == ["eins.json", "eins.png"]
    when = (folder / "pictures/eins.png").stat().st_mtime_ns
    steps.run(opening.load(folder), only=("pictures",), pictures=pictures)
    assert (folder / "pictures/eins.png").stat().st_mtime_ns == when
    assert (folder / "pictures/zwei.png").is_file()


def test_results_may_go_elsewhere(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    report = steps.run(opening.load(folder), only=("analyses",), out=tmp_path / "out")
    assert (tmp_path / "out/results").is_dir()
    assert not (folder / "results").exists()
    assert report["report"] == str(tmp_path / "out/report.json")


@pytest.mark.needs("bpy")
def test_a_drawing_process_that_is_killed_is_told_and_costs_only_its_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write(tmp_path / "p")
    pictures = [PictureEntry(name=name, width=64, height=40, samples=1) for name in ("eins", "zwei")]
    children: list[subprocess.Popen[str]] = []

    class Kept(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            children.append(self)

    def kill_at_the_second(_share: float, what: str) -> None:
        if "zwei" in what:
            children[-1].kill()

    monkeypatch.setattr(subprocess, "Popen", Kept)
    with pytest.raises(InputProblem, match="the process that draws ended too early"):
        steps.run(opening.load(folder), only=("import", "pictures"), pictures=pictures, progress=kill_at_the_second)
    made = folder / "pictures/eins.png"
    when = made.stat().st_mtime_ns
    assert not (folder / "pictures/zwei.png").exists()
    steps.run(opening.load(folder), only=("pictures",), pictures=pictures)
    assert made.stat().st_mtime_ns == when and (folder / "pictures/zwei.png").is_file()


def test_a_full_disk_is_told_with_its_folder_and_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("before")
    with pytest.raises(InputProblem, match="the disk is full"), files.written_beside(tmp_path / "a.png") as beside:
        beside.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.png", "before")]


@pytest.mark.parametrize("command", ["render", "film"])
def test_a_draft_and_other_samples_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    from click.testing import CliRunner

    from jena_planner.cli import cli

    folder = small.write(tmp_path / "p")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('[[films]]\nname = "Tag"\nwidth = 96\nheight = 64\n')
    asked: list[Any] = []

    def taken(_opened: Any, **given: Any) -> Any:
        asked.extend(given.get("pictures") or given["films"])
        raise InputProblem("test", "enough", "Stop")

    monkeypatch.setattr(steps, "run", taken)
    assert "enough" in str(CliRunner().invoke(cli, [command, str(folder), "--draft"]).exception)
    assert {one.name for one in asked} == ({"Straße (draft)", "Sonne (draft)"} if command == "render" else {"Tag (draft)"})
    assert all(one.samples == 4 and one.width in (480, 640) for one in asked)
    assert {one.height for one in asked} == ({400} if command == "render" else {320})  # 64 × 40 and 96 × 64 made wider
    asked.clear()
    CliRunner().invoke(cli, [command, str(folder), "--samples", "7"])
    assert {one.samples for one in asked} == {7} and all(one.name.endswith(" (7 samples)") for one in asked)


@pytest.mark.needs("bpy")
def test_a_picture_that_goes_elsewhere_shows_the_result_of_the_project(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    opened = opening.load(folder)
    [shown] = [picture for picture in opened.file.pictures if picture.result]
    with pytest.raises(InputProblem, match="Known: none yet: run the analyses first"):
        steps.run(opened, only=("pictures",), pictures=[shown], out=tmp_path / "out")
    steps.run(opened, only=("analyses",))
    report = steps.run(opened, only=("pictures",), pictures=[shown], out=tmp_path / "out")
    assert [Path(one["path"]).parent for one in report["made"] if one["kind"] == "picture"] == [tmp_path / "out/pictures"] * 2
    variant = json.loads((folder / "variants/neu.geojson").read_text(encoding="utf-8"))
    next(one for one in variant["features"] if "storeys" in one["properties"])["properties"]["storeys"] += 1
    (folder / "variants/neu.geojson").write_text(json.dumps(variant), encoding="utf-8")
    with pytest.raises(InputProblem, match="there is no result"):  # it is of a variant that has changed
        steps.run(opening.load(folder), only=("pictures",), pictures=[shown], out=tmp_path / "out")


@pytest.mark.needs("bpy")
def test_any_project_has_a_contact_sheet_of_its_pictures(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    opened = opening.load(folder)
    steps.run(opened, only=("analyses",))
    sheet = contact_sheet.of_pictures(opened, out=tmp_path / "out")
    assert sheet == tmp_path / "out/contact-sheet.png"
    assert len(list((tmp_path / "out/pictures").glob("*.png"))) == len(opened.file.pictures)
    with Image.open(sheet) as image:
        assert image.width > 3 * 640


def test_each_preset_is_shown_once_of_the_variants_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write(tmp_path / "in")
    second = (folder / "variants/neu.geojson").read_text(encoding="utf-8").replace('"neu"', '"zwei"').replace("Neubau Süd", "Neubau Nord")
    (folder / "variants/zwei.geojson").write_text(second, encoding="utf-8")
    opened = opening.load(folder)
    asked: list[PictureEntry] = []
    monkeypatch.setattr(contact_sheet, "run", lambda _opened, *, pictures, **_more: asked.extend(pictures))
    monkeypatch.setattr(contact_sheet.contact_sheet, "write", lambda *_given: None)
    steps.run(opened, only=("import",))
    contact_sheet.of_presets(opened)
    with_light = {name for name in render_presets.BUILT_IN if (one := render_presets.load(name)).layout != "photo" and one.look != "map"}
    assert {one.preset for one in asked} == with_light and len(asked) == len(with_light)  # there is no result to show yet
    turns = [one.variant for one in asked]
    each = {turns.index("neu") % 2: "neu", turns.index("zwei") % 2: "zwei"}
    assert all(one.variant in (each[number % 2], "bestand") for number, one in enumerate(asked)) and len(each) == 2
    assert [one.preset for one in asked if one.variant == "bestand"] == ["variants"]
    asked.clear()
    steps.run(opened, only=("analyses",))
    contact_sheet.of_presets(opened)
    assert {one.preset for one in asked} == with_light | {"result"}
    [shown] = [one for one in asked if one.preset == "result"]
    assert shown.variant in ("neu", "zwei") and shown.result == f"sun-hours-2025-03-21-ground-{shown.variant}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(InputProblem, match="cannot be written"):
        steps.run(opening.load(folder), only=("analyses",), out=tmp_path / "out")


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    (tmp_path / "out").write_text("I am a file")
    with pytest.raises(InputProblem, match="cannot be written"):
        steps.run(opening.load(folder), only=("analyses",), out=tmp_path / "out")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('variant = "neu"\nwidth', 'variant = "alt"\nwidth', "no variant called alt"),
        ('step = 4.0', 'step = 4.0\nvariants = ["alt"]', "no variant called alt"),
        ('step = 4.0', 'step = 4.0\ncompare_with = "alt"', "no variant called alt"),
        ("ground-neu", "ground-alt", "there is no result sun-hours-2025-03-21-ground-alt of the variant neu"),
        ('preset = "result"\nvariant = "neu"', 'preset = "result"\nvariant = "bestand"', "of the variant bestand"),
        ('result = "sun-hours-2025-03-21-ground-neu"\n', "", "its preset shows a result"),
        ('crs = "EPSG:25832"\norigin = [681735, 5644970]', 'crs = "EPSG:25832"\norigin = [0, 0]', "lies more than 100 km"),
        ('crs = "EPSG:25832"\norigin = [681735, 5644970]', 'crs = "EPSG:3857"', "no true metres"),
    ],
)  # fmt: skip
def test_names_that_lead_nowhere_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = small.write(tmp_path)
    (folder / "project.toml").write_text(small.PROJECT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputProblem, match=words):
        steps.run(opening.load(folder), only=("analyses", "pictures"))


@pytest.mark.parametrize("other", ["neu", "NEU", "néu"])
def test_two_variants_whose_files_would_have_one_name(tmp_path: Path, other: str) -> None:
    folder = small.write(tmp_path)
    text = (folder / "variants/neu.geojson").read_text(encoding="utf-8")
    (folder / "variants/zwei.geojson").write_text(text.replace('"id": "neu"', f'"id": "{other}"'), encoding="utf-8")
    with pytest.raises(InputProblem, match=f"{other} is taken"):
        steps.run(opening.load(folder), only=("import",))


def test_a_new_project_from_files_with_all_options(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    made = sourcing.new_project(
        tmp_path / "new", [folder / "town.gml", folder / "ground.xyz"], origin=(681700, 5644900), bbox=(X - 1, Y - 1, X + 50, Y + 50), lod=2
    )
    assert made.file.place.crs == "EPSG:25832"
    assert made.file.place.origin == (681700, 5644900)
    report = steps.run(made, only=("import",))
    assert report["read"]["buildings"] == 2
    assert report["site"]["origin"]["easting"] == 681700
    with pytest.raises(InputProblem, match="a project already"):
        sourcing.new_project(tmp_path / "new", [folder / "town.gml"])


def test_a_crs_given_at_import_is_believed(tmp_path: Path) -> None:
    path = gml.write(tmp_path / "t.gml", gml.city(gml.box_building("B", X, Y, Z, 9, 9, 9), srs=None))
    with pytest.raises(InputProblem, match="--crs"):
        sourcing.new_project(tmp_path / "no", [path])
    assert not (tmp_path / "no").exists()
    made = sourcing.new_project(tmp_path / "yes", [path], crs="EPSG:25832")
    assert (made.file.place.crs, made.file.data.crs) == ("EPSG:25832", "EPSG:25832")


@pytest.mark.needs("bpy")
def test_a_blend_that_a_planner_saved_is_never_overwritten(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    report = steps.run(opening.load(folder), only=("scene",))
    [blend] = [Path(entry["path"]) for entry in report["made"] if entry["kind"] == "scene"]
    work = blend.read_bytes() + b"a planner's work"
    blend.write_bytes(work)
    variant = folder / "variants/neu.geojson"
    variant.write_text(variant.read_text(encoding="utf-8").replace('"storeys": 5', '"storeys": 6'), encoding="utf-8")
    report = steps.run(opening.load(folder), only=("scene",))
    assert blend.read_bytes() == work
    assert [problem["code"] for problem in report["problems"]] == ["blend-kept"]


def test_what_is_in_memory_and_unchanged_is_neither_read_nor_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the panel's jobs. The numbers and keys stay those of a program that has just started."""
    from jena_planner.jena_city import imported, store
    from jena_planner.jena_city.problems import no_progress

    folder = small.write(tmp_path / "haus")
    for name in ("town.gml", "ground.xyz"):
        os.utime(folder / name, (1.7e9, 1.7e9))
    opened = opening.load(folder)
    read: list[str] = []
    real_load, real_hash = store.load_site, imported.hash_file
    monkeypatch.setattr(store, "load_site", lambda path: read.append("site") or real_load(path))
    monkeypatch.setattr(imported, "hash_file", lambda path: read.append(path.name) or real_hash(path))

    def look() -> tuple[imported.Imported, list[str]]:
        read.clear()
        return imported.imported(opened.file, folder, no_progress), sorted(read)

    first, did = look()
    assert did == ["ground.xyz", "site", "town.gml"]  # and no site was there
    again, did = look()
    assert did == []
    assert again.site is first.site is imported.site_in(folder)
    imported.forget()
    fresh, did = look()
    assert did == ["site"]
    assert store.site_hash(fresh.site) == store.site_hash(first.site)
    assert fresh.inputs == first.inputs == {name: real_hash(folder / name) for name in ("town.gml", "ground.xyz")}
    os.utime(folder / "town.gml", (1.6e9, 1.6e9))  # touched: looked at once, then known again
    assert look()[1] == ["town.gml"]
    assert look()[1] == []
    text = (folder / "town.gml").read_text(encoding="utf-8")
    (folder / "town.gml").write_text(text.replace("H3", "X3"), encoding="utf-8")  # just now, and of the same size
    changed, did = look()
    assert "X3" in changed.site.city.building_id
    assert changed.inputs["town.gml"] != first.inputs["town.gml"]
    (folder / "town.gml").write_text(text, encoding="utf-8")
    assert "H3" in look()[0].site.city.building_id
    index = folder / "data/import.json"
    old = json.loads(index.read_text(encoding="utf-8"))
    del old["stamps"]  # as programs before this one wrote it
    index.write_text(json.dumps(old), encoding="utf-8")
    assert look()[1] == ["ground.xyz", "town.gml"]


def test_data_that_another_program_has_read_anew_is_not_taken_from_memory(tmp_path: Path) -> None:
    from jena_planner.jena_city import imported, store
    from jena_planner.jena_city.problems import no_progress

    folder = small.write(tmp_path / "haus")
    first = imported.imported(opening.load(folder).file, folder, no_progress)
    other = store.load_site(folder / "data")
    other.city.building_id[0] = "anders"
    store.save_site(other, folder / "data")
    assert imported.site_in(folder).city.building_id[0] == "anders"
    assert first.site.city.building_id[0] != "anders"


def test_a_run_reports_what_the_rules_find(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    outline = "[[681750, 5644935], [681815, 5644935], [681815, 5644960], [681750, 5644960]]"
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f"[[building_plots]]\nname = 'Süd'\nstoreys = 4\noutline = {outline}\n")
    report = steps.run(opening.load(folder), only=("analyses",), chosen=lambda _stem, _variant: False)
    assert list(report["findings"]) == ["neu"]
    found = {one["rule"]: one for one in report["findings"]["neu"]}
    assert set(found) == {"clearance-plot", "storeys"}
    assert (found["storeys"]["block"], found["storeys"]["found"], found["storeys"]["allowed"]) == ("a", 5, 4)
    assert found["storeys"]["place"][0] > 681750
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["findings"] == report["findings"]
    before = (folder / "made.json").stat().st_mtime_ns
    again = steps.run(opening.load(folder), only=("analyses",), chosen=lambda _stem, _variant: False)
    assert (folder / "made.json").stat().st_mtime_ns == before
    assert again["findings"] == report["findings"]
