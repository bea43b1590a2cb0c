"""The command line as a user and as a program meets it: exit codes, one line of reason, JSON and nothing else on standard output."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from PIL import Image

from jena_planner.jena_city import about, buildings
from jena_planner.pipeline import sourcing

from . import gml, small

X, Y, Z = gml.JENA
COMMAND = [sys.executable, "-m", "jena_planner"]


def run(*words: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, env={**os.environ, **(env or {})}, cwd=cwd, timeout=600, check=False
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """The one JSON object on standard output."""
    return json.loads(done.stdout)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("jena-planner: ")
    return lines[0]


@pytest.fixture
def tile(tmp_path: Path) -> Path:
    return gml.write(tmp_path / "tile.gml", gml.city(gml.box_building("B", X, Y, Z, 12, 10, 8)))


def test_help_lists_every_command_and_goes_to_standard_output() -> None:
    done = run("--help")
    assert done.returncode == 0
    for word in (
        "demo",
        "check",
        "profiles",
        "download",
        "import",
        "run",
        "render",
        "export",
        "compare",
        "verify",
        "bench",
        "build-extension",
    ):
        assert f"\n  {word} " in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ["demo"],
        ["check"],
        ["import"],
        ["run"],
        ["render"],
        ["export"],
        ["compare"],
        ["verify"],
        ["verify", "light"],
        ["verify", "buildings"],
        ["verify", "noise"],
        ["bench"],
        ["bench", "rays"],
        ["bench", "noise"],
        ["bench", "light"],
        ["bench", "import"],
        ["bench", "open"],
        ["build-extension"],
    ],
)
def test_every_command_explains_itself(words: list[str]) -> None:
    done = run(*words, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage:")


def test_help_imports_nothing_heavy() -> None:
    """--help must answer at once: numpy, pydantic, shapely and bpy are imported only by the commands that need them."""
    code = "import sys, jena_planner.cli; print([name for name in ('numpy', 'pydantic', 'shapely', 'bpy', 'lxml', 'pyproj') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_project_is_opened_without_what_only_some_of_its_steps_need() -> None:
    """Loading these takes longer than to open one and to see that all is made."""
    few = ("numba", "scipy", "rasterio", "fontTools", "xlsxwriter", "pptx", "distributed", "bpy")
    code = f"import sys, jena_planner.pipeline.opening, jena_planner.pipeline.steps; print([name for name in {few} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_is_that_of_the_manifest() -> None:
    assert run("--version").stdout.strip() == about.version()


def test_check_as_json(tile: Path) -> None:
    done = run("check", tile, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = answer(done)
    assert {"files", "buildings", "building_parts", "surfaces", "triangles", "extent", "crs", "problems"} <= set(found)
    assert (found["buildings"], found["building_parts"], found["surfaces"], found["triangles"], found["crs"]) == (1, 0, 6, 12, "EPSG:25832")
    assert found["extent"] == pytest.approx([X, Y, Z, X + 12, Y + 10, Z + 8])
    assert found["files"] == [str(tile)]


def test_check_with_problems_in_the_data_ends_with_1(tmp_path: Path) -> None:
    tile = gml.write(tmp_path / "t.gml", gml.city(gml.box_building("B", X, Y, Z, 12, 10, 8), srs=None))
    done = run("check", tile, "--json")
    assert done.returncode == 1
    [problem] = answer(done)["problems"]
    assert set(problem) == {"code", "file", "id", "message"}
    assert "no-crs: t.gml: " in run("check", tile).stdout


@pytest.mark.needs("data")
def test_check_of_the_dense_tile(data: Path) -> None:
    found = answer(run("check", data / "citygml/nrw/LoD2_32_364_5650_1_NW.gml", "--json"))
    assert (found["buildings"], found["building_parts"]) == (173, 129)


def test_check_of_what_cannot_be_read(tmp_path: Path, tile: Path) -> None:
    broken = gml.write(tmp_path / "broken.gml", tile.read_text()[:500])
    done = run("check", broken)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "too early" in done.stderr
    done = run("check", broken, "--json")
    assert done.returncode == 2
    assert answer(done)["problems"][0]["code"] == "unreadable"
    done = run("check", broken, tile, "--json")
    assert done.returncode == 1
    assert answer(done)["buildings"] == 1


def test_check_looks_into_folders_and_archives_as_an_import_does(tmp_path: Path, tile: Path) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    with zipfile.ZipFile(folder / "tiles.zip", "w") as archive:
        archive.write(tile, "inside/a.gml")
    (folder / "readme.txt").write_text("Dear reader")
    (folder / "b.gml.gz").write_bytes(gzip.compress(gml.city(gml.box_building("Another", X, Y, Z, 12, 10, 8), srs=None).encode()))
    done = run("check", folder, "--json")
    found = answer(done)
    assert (done.returncode, found["buildings"]) == (1, 2)
    assert sorted(found["files"]) == [str(folder / "b.gml.gz"), f"{folder / 'tiles.zip'} ▸ inside/a.gml"]
    assert [(problem["code"], problem["file"]) for problem in found["problems"]] == [("no-crs", str(folder / "b.gml.gz"))]


def test_check_goes_on_behind_a_damaged_archive(tmp_path: Path, tile: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 cut short")
    done = run("check", broken, tile, "--json")
    found = answer(done)
    assert (done.returncode, found["buildings"]) == (1, 1)
    assert [(problem["code"], problem["file"]) for problem in found["problems"]] == [("unreadable", str(broken))]
    assert run("check", broken).returncode == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["run", "nowhere"], "no such project"),
        (["import", "nowhere.gml", "--out", "x"], "no such file"),
        (["check"], "Missing argument"),
        (["check", "x.gml", "--system"], "not both"),
        (["frobnicate"], "No such command"),
        (["run", "--colour"], "No such option"),
        (["import", "x.gml"], "Missing option"),
        (["verify", "light", "nowhere"], "no reference file"),
        (["verify", "noise", "nowhere"], "no reference case"),
        (["check", "x.gml", "--lod", "9"], "--lod"),
        (["import", "tile.gml", "--out", "x", "--crs", "martian"], "martian"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, tile: Path, words: list[str], reason: str) -> None:
    assert reason in one_line(run(*words, cwd=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tile.gml"]


def test_a_slip_in_the_project_is_named(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "project.toml").write_text(small.PROJECT.replace("licence", "license"), encoding="utf-8")
    line = one_line(run("run", folder))
    assert "project.toml: unknown key data.license. Allowed here: buildings, " in line


@pytest.mark.needs("bpy")
def test_import_run_and_render(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    done = run("import", folder / "town.gml", folder / "ground.xyz", "--out", tmp_path / "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 buildings and 0 parts, 2025 terrain points, EPSG:25832" in done.stdout
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"project.toml", "data", "new.blend", "report.json", "made.json"}
    done = run("run", folder, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert answer(done)["read"]["buildings"] == 4
    (tmp_path / "tiny.toml").write_text('title = "Tiny"\nwidth = 32\nheight = 20\nsamples = 1\n')
    done = run(
        "render",
        folder,
        "--preset",
        tmp_path / "tiny.toml",
        "--variant",
        "neu",
        "--name",
        "klein",
        "--date",
        "2025-06-21",
        "--time",
        "09:00",
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "pictures/klein.png").is_file()
    assert "[[pictures]]" in one_line(run("render", _empty_project(tmp_path / "empty")))
    assert "Name one: result" in one_line(run("render", folder, "--preset", "result"))
    done = run("render", folder, "--preset", "result", "--variant", "neu", "--result", "sun-hours-2025-03-21-ground-neu", "--name", "karte")
    assert done.returncode == 0, done.stderr
    assert 'date = "31.2.25" is not allowed' in one_line(run("render", folder, "--preset", "still", "--date", "31.2.25"))
    assert "name" in one_line(run("render", folder, "--preset", "still", "--name", "a/b"))
    assert "no picture called" in one_line(run("render", folder, "--picture", "nichts"))
    assert "sun is below the horizon" in one_line(
        run("render", folder, "--preset", tmp_path / "tiny.toml", "--name", "nacht", "--time", "23:30")
    )
    assert not (folder / "pictures/nacht.png").exists()
    assert "A0 at 600 dpi has 558 million pixels" in one_line(run("render", folder, "--scale", "500", "--paper", "A0", "--dpi", "600"))
    assert "no plan of one variant" in one_line(run("render", folder, "--preset", "still", "--scale", "500"))
    assert "no scale" in one_line(run("render", folder, "--paper", "A3"))
    done = run("render", folder, "--variant", "neu", "--scale", "500", "--paper", "A4", "--draft", "--json")
    [made] = [Path(one["path"]) for one in answer(done)["made"] if one["path"].endswith("plan-neu-1-500-a4-draft.png")]
    with Image.open(folder / made) as image:
        assert image.size == (585, 413) and image.info["dpi"] == pytest.approx((50, 50), rel=1e-3)


def _empty_project(folder: Path) -> Path:
    small.write(folder)
    (folder / "project.toml").write_text(small.PROJECT.split("[[pictures]]")[0], encoding="utf-8")
    return folder


def test_problems_in_the_data_make_a_run_end_with_1(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = (folder / "town.gml").read_text(encoding="utf-8")
    (folder / "town.gml").write_text(text.replace("681735.000", "NaN", 1), encoding="utf-8")
    done = run("run", folder, "--only", "import")
    assert done.returncode == 1
    assert "bad-coordinates (1): town.gml H0: " in done.stdout


@pytest.mark.parametrize("name", ["PROJ_DATA", "PROJ_LIB", "GDAL_DATA"])
def test_foreign_data_folders_of_other_programs_do_no_harm(tmp_path: Path, name: str) -> None:
    """QGIS and others set these for the whole system; the libraries here bring their own."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    folder = small.write(tmp_path)
    (folder / "ground.xyz").unlink()
    shape = (45, 45)
    with rasterio.open(
        folder / "ground.tif",
        "w",
        driver="GTiff",
        width=45,
        height=45,
        count=1,
        dtype="float32",
        crs="EPSG:25832",
        transform=from_origin(X - 62.5, Y + 162.5, 5, 5),
    ) as file:
        file.write(np.full(shape, 150.0, np.float32), 1)
    (folder / "project.toml").write_text(small.PROJECT.replace("ground.xyz", "ground.tif"), encoding="utf-8")
    done = run("run", folder, "--only", "import", "--only", "analyses", "--json", env={name: "/nonexistent"})
    assert (done.returncode, done.stderr) == (0, "")
    assert answer(done)["read"]["crs"] == "EPSG:25832"
    with rasterio.open(folder / "results/sun-hours-2025-03-21-ground-neu.tif") as file:
        assert file.crs.to_epsg() == 25832


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_no_fault_of_the_program(tile: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "check", str(tile)], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().endswith("no room left on the disk, or for this user. What was finished is kept.")


@pytest.mark.skipif(os.name != "posix", reason="descriptors")
def test_a_closed_standard_output_is_no_fault(tile: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m jena_planner check {tile} >&-"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_ends_a_run_with_one_line_and_nothing_half(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    text = small.PROJECT.replace("step = 4.0", "step = 0.1").replace("step_minutes = 60.0", "step_minutes = 1.0")
    (folder / "project.toml").write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "run", str(folder), "--only", "analyses"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    limit = time.monotonic() + 120
    while not (folder / "data/import.json").is_file() and time.monotonic() < limit:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert error.strip() == "jena-planner: stopped. What was finished is kept; the same command goes on from there."
    assert [path.name for path in folder.rglob(".*") if path.is_file()] == []


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.needs("bpy")
def test_a_killed_run_leaves_no_blender_behind(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "project.toml").write_text(small.PROJECT.replace("samples = 1", "samples = 20000"), encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "run", str(folder), "--only", "pictures", "--only", "analyses"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    limit = time.monotonic() + 120
    while not (workers := _workers_of(process.pid)) and time.monotonic() < limit:
        time.sleep(0.1)
    assert workers
    process.kill()
    process.wait()
    limit = time.monotonic() + 20
    while any(Path(f"/proc/{worker}/cmdline").exists() and _is_worker(worker) for worker in workers) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not any(_is_worker(worker) for worker in workers)
    assert not list((folder / "pictures").glob("*")) if (folder / "pictures").exists() else True


def _is_worker(pid: int) -> bool:
    try:
        return b"scene.worker" in Path(f"/proc/{pid}/cmdline").read_bytes() and "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in children.read_text().split() if _is_worker(int(pid))] if children.exists() else []


@pytest.mark.needs("data")
def test_verify_light_against_the_references(data: Path) -> None:
    done = run("verify", "light", data / "sun", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    cases = answer(done)["cases"]
    assert len(cases) >= 10
    assert all(case["ok"] for case in cases)
    assert all(case["deviation"] <= case["allowed"] for case in cases)


def test_verify_light_ends_with_1_when_a_reference_is_missed(tmp_path: Path) -> None:
    reference = {"nrel_spa_test": {"published": {"zenith_topocentric_corrected": 50.2, "azimuth": 194.34024}}, "sunpos": {}}
    (tmp_path / "pvlib_refs.json").write_text(json.dumps(reference))
    done = run("verify", "light", tmp_path, "--json")
    assert done.returncode == 1
    assert [case["ok"] for case in answer(done)["cases"]] == [False, True, True]
    (tmp_path / "pvlib_refs.json").write_text("{}")
    assert "not as expected" in one_line(run("verify", "light", tmp_path))


def test_bench_noise_small() -> None:
    said = run("bench", "noise", "--receivers", "40", "--runs", "1").stdout
    assert "× full run to other traffic" in said and "× a receiver among all to one among a quarter" in said


def test_bench_light_small() -> None:
    done = run("bench", "light", "--houses", "20", "--runs", "1", "--json")
    assert done.returncode == 0
    assert [row["million a second"] > 0 for row in answer(done)["rows"]] == [True] * 3


@pytest.mark.needs("bpy")
def test_bench_rays_small() -> None:
    done = run("bench", "rays", "--houses", "100", "--sensors", "5000", "--runs", "1", "--json")
    assert done.returncode == 0
    found = answer(done)
    assert len(found["rows"]) == 5
    assert len({row["blocked"] for row in found["rows"] if row["rays"] == 5000}) == 1  # all engines see the same
    assert set(found["ratios"]) == {
        "the BVHTree loop on the same sorted rays",
        "the BVHTree loop on rays in any order",
        "bare embreex on as many threads",
    }


@pytest.mark.needs("bpy")
def test_bench_open_of_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JENA_PLANNER_DATA", raising=False)
    done = run("bench", "open", "--runs", "1", "--json")
    assert done.returncode == 0, done.stderr
    [row] = answer(done)["rows"]
    assert row["site"] == "sample"
    assert row["triangles"] > 300_000  # of the ground alone
    assert row["hand over s"] == row["longest s"] < row["ready s"]


def test_bench_import_repeats_a_tile_faithfully(tile: Path, tmp_path: Path) -> None:
    from jena_planner.benchmarks import importing
    from jena_planner.jena_city import citygml

    copies = importing.repeated(tile, tmp_path / "large.gml", 40_000)
    model = citygml.read(tmp_path / "large.gml")
    assert copies > 5
    assert model.building_count == copies
    assert model.report.problems == []
    assert len(model.triangles) == 12 * copies
    assert abs((tmp_path / "large.gml").stat().st_size - 40_000) < 10_000


def test_bench_import_of_a_town_reads_every_tile_and_keeps_it(tile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jena_planner.benchmarks import importing

    monkeypatch.setattr(importing, "LARGE", 1_200_000)  # above what is kept at all
    data = importing.run_tiles(tiles=3, tile=tile)
    assert [(row["tiles"], row["from"]) for row in data["rows"]] == [(size, what) for size in (1, 2, 3) for what in ("read", "kept")]
    one = data["rows"][0]["buildings"]
    assert [row["buildings"] for row in data["rows"]] == [size * one for size in (1, 1, 2, 2, 3, 3)]
    assert data["rows"][5]["seconds"] < data["rows"][4]["seconds"]


def test_a_zip_with_a_broken_tile_leaves_no_folder_behind(tmp_path: Path) -> None:
    import zipfile

    from jena_planner.jena_city.problems import InputProblem

    with zipfile.ZipFile(tmp_path / "kacheln.zip", "w") as archive:
        archive.writestr("a.gml", '<?xml version="1.0"?><core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0">')
    with pytest.raises(InputProblem, match="ends too early"):
        sourcing.new_project(tmp_path / "neu", [tmp_path / "kacheln.zip"])
    assert not (tmp_path / "neu").exists()
    (tmp_path / "da").mkdir()
    (tmp_path / "da/notiz.txt").write_text("bleibt")
    with pytest.raises(InputProblem):
        sourcing.new_project(tmp_path / "da", [tmp_path / "kacheln.zip"])
    assert (tmp_path / "da/notiz.txt").is_file()


@pytest.mark.parametrize("kind", ["citygml2", "citygml3", "cityjson", "geojson"])
def test_export_writes_the_town_with_the_variant(tmp_path: Path, kind: str) -> None:
    folder = small.write(tmp_path / "p")
    out = tmp_path / "neu" / f"out.{kind}"
    done = run("export", folder, "--variant", "neu", "--format", kind, "--out", out, "--json")
    assert done.returncode in (0, 1), done.stderr
    said = answer(done)
    assert (said["path"], said["buildings"], said["building_parts"]) == (str(out), 5, 0)
    assert done.returncode == (1 if said["problems"] else 0)
    if kind == "geojson":
        names = [feature["id"] for feature in json.loads(out.read_text(encoding="utf-8"))["features"]]
    else:
        names = buildings.read(out).building_id
    assert names == ["H0", "H2", "H3", "neu_a", "neu_b"]


def test_compare_sets_variants_side_by_side(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "p")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(
            "[[building_plots]]\nname = 'Süd'\noutline = [[681750, 5644935], [681815, 5644935], [681815, 5644960], [681750, 5644960]]\n"
        )
    done = run("compare", folder, "--json", "--csv", tmp_path / "table.csv", "--xlsx", tmp_path / "table.xlsx")
    assert done.returncode == 0, done.stderr
    said = answer(done)
    assert list(said["variants"]) == ["bestand", "neu"]
    figures = {(one["scope"], one["key"]): one for one in said["figures"]}
    assert [(one["place"], one["gross"], one["net"]) for one in said["land"]["neu"]] == [("Süd", 65 * 25, 65 * 25)]
    assert len(pyogrio.raw.read(tmp_path / "table.xlsx", layer="Kennzahlen")[3][0]) == len(said["figures"])
    grz = figures["plot", "grz_main"]
    assert grz["values"]["neu"] == pytest.approx((25 * 15 + 12 * 10) / (65 * 25))
    assert grz["differences"]["neu"] == grz["values"]["neu"]
    assert grz["paragraph"] == "§ 19 (1), (2) BauNVO"
    assert grz["inputs"]["neu"]["F"] == pytest.approx(65 * 25)
    assert {(one["rule"], one["block"]) for one in said["findings"]["neu"]} == {("clearance-plot", "a")}
    assert said["findings"]["bestand"] == []
    sealed = figures["variant", "sealed_after"]["values"]  # of the same ground: 495 m² of new blocks where H1 with 120 m² goes
    assert sealed["neu"] - sealed["bestand"] == pytest.approx(375.0)
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "scope,place,key,name,unit,bestand,neu,neu - bestand,formula,paragraph"
    assert len(lines) == len(said["figures"]) + 1
    assert "GRZ Hauptanlagen" in run("compare", folder).stdout
    assert "no variant called alt" in one_line(run("compare", folder, "--base", "alt"))


def test_export_says_what_it_does_not_know(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    assert "no variant called alt" in one_line(run("export", folder, "--variant", "alt", "--format", "geojson", "--out", tmp_path / "x"))
    assert "shapefile" in one_line(run("export", folder, "--format", "shapefile", "--out", tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_merge_puts_two_peoples_variants_together(tmp_path: Path) -> None:
    mine, theirs, base = (small.write(tmp_path / name) for name in ("mine", "theirs", "base"))

    def edit(folder: Path, old: str, new: str) -> None:
        file = folder / "variants/neu.geojson"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    edit(mine, '"storeys": 5', '"storeys": 6')
    edit(theirs, '"storeys": 5', '"storeys": 8')
    edit(theirs, '"use": "wohnen"', '"use": "büro"')
    before = (mine / "variants/neu.geojson").read_bytes()
    done = run("merge", mine, theirs, "--base", base, "--json")
    assert done.returncode == 1, done.stderr
    said = answer(done)
    assert [(one["key"], one["mine"], one["theirs"]) for one in said["conflicts"]] == [("neu/block/a/storeys", "6", "8")]
    assert (said["written"], (mine / "variants/neu.geojson").read_bytes()) == ([], before)
    assert "no conflict called x" in one_line(run("merge", mine, theirs, "--base", base, "--take", "x"))
    done = run("merge", mine, theirs / "variants/neu.geojson", "--base", base, "--take", "neu/block/a/storeys")
    assert done.returncode == 0, done.stderr
    merged = json.loads((mine / "variants/neu.geojson").read_text(encoding="utf-8"))
    [block] = [one["properties"] for one in merged["features"] if one["id"] == "a"]
    assert (block["storeys"], block["use"]) == (8, "büro")


def test_place_lets_a_model_stand_in(tmp_path: Path) -> None:
    """A box of 8 by 5 m, 6 m high, in centimetres, placed by three of its corners, in the place of block b."""
    folder = small.write(tmp_path / "p")
    corners = [(x, y, z) for z in (0, 600) for x, y in ((0, 0), (800, 0), (800, 500), (0, 500))]
    faces = ["4 3 2 1", "5 6 7 8", *(f"{k + 1} {(k + 1) % 4 + 1} {(k + 1) % 4 + 5} {k + 5}" for k in range(4))]
    model = tmp_path / "haus.obj"
    model.write_text("\n".join([*("v " + " ".join(map(str, one)) for one in corners), *(f"f {one}" for one in faces)]), encoding="utf-8")
    east, north = 681735 + 95, 5644970 - 50
    points = [("0", "0", east, north), ("800", "0", east, north + 8), ("800", "500", east - 5, north + 8)]
    words = [str(word) for one in points for word in ("--point", *one)]
    assert "either --at or --point" in one_line(run("place", folder, model, "--variant", "neu"))
    assert "no variant called alt" in one_line(run("place", folder, model, "--variant", "alt", "--at", "0", "0"))
    done = run("place", folder, model, "--variant", "neu", "--block", "b", *words, "--fit-scale", "--storeys", "2", "--json")
    assert done.returncode == 0, done.stderr
    said = answer(done)
    assert (said["footprint"], said["height"], said["volume"]) == (pytest.approx(40, rel=5e-3), pytest.approx(6), pytest.approx(240))
    assert (said["turn"], said["scale"], said["closed"]) == (pytest.approx(90), pytest.approx(0.01), True)
    assert said["worst"] < 1e-6
    stored = json.loads((folder / "variants/neu.geojson").read_text(encoding="utf-8"))
    [block] = [one["properties"] for one in stored["features"] if one["id"] == "b"]
    assert (folder / block["stand_in"]["path"]).read_bytes() == model.read_bytes()
    assert block["storeys"] == 2
    assert run("compare", folder).returncode == 0
    assert run("export", folder, "--variant", "neu", "--format", "gltf", "--out", tmp_path / "out.glb").returncode in (0, 1)
    done = run("place", folder, model, "--variant", "neu", "--at", str(east + 20), str(north), "--scale", "0.01")
    assert done.returncode == 0, done.stderr
    assert "stands in for block haus" in done.stdout
    (folder / block["stand_in"]["path"]).unlink()
    done = run("compare", folder, "--json")
    assert done.returncode == 1
    assert "the plain block stands in its place" in answer(done)["problems"][0]["message"]
