"""The extension's zips: what is in them, for whom they are, under which licences, and that Blender takes them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from jena_planner.jena_city import lock
from jena_planner.jena_city.problems import InputProblem
from jena_planner.packaging import extension, licences, staging, wheels
from jena_planner.packaging.wheels import NOT_BUNDLED, Target

from . import small
from .conftest import REQUIRED, ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = ((3, 11), (3, 13))


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    staging.stage(ROOT, lock.path(), tmp_path / "jena_planner")
    return tmp_path / "jena_planner"


def test_the_copy_holds_what_is_shipped_and_nothing_else(staged: Path) -> None:
    found = {path.relative_to(staged) for path in staged.rglob("*") if path.is_file()}
    tops = {path.parts[0] for path in found}
    assert not tops & {"tests", "docs", "packaging", "build", "demo", ".venv", ".git", ".ci", "setup.py", "pyproject.toml"}
    page = {path for path in found if path.parts[0] == "participation" and path.suffix in (".html", ".js", ".css")}  # what citizens see
    assert {path.suffix for path in found - page} <= {".py", ".toml", ".txt", ".md", ""}
    assert not [path for path in found if "node_modules" in path.parts or path.suffix == ".ts"]
    assert not [path for path in found if "__pycache__" in path.parts or path.name.startswith(".")]
    assert [path.name for path in found if path.parts[0] == "locks"] == [lock.path().name]
    assert {
        Path("LICENSE"),
        Path("render_presets/still.toml"),
        Path("jena_city/profiles/jena.toml"),
        Path("jena_city/citygml/__init__.py"),
    } <= found


def test_the_copy_has_the_packages_and_modules_of_the_repository(staged: Path) -> None:
    packages = {
        "jena_planner" + "".join(f".{part}" for part in path.parent.relative_to(staged).parts) for path in staged.rglob("__init__.py")
    }
    assert packages == set(PYPROJECT["tool"]["setuptools"]["packages"])
    assert {path.name for path in staged.glob("*.py")} == {path.name for path in ROOT.glob("*.py")} - {"setup.py"}


def test_the_copy_works_without_the_repository(staged: Path) -> None:
    code = "import jena_planner.cli, jena_planner.pipeline.steps; print(jena_planner.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=staged.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(staged / "__init__.py")


@pytest.mark.parametrize("python", LINES)
def test_run_time_needs_all_dependencies_and_no_tools(python: tuple[int, int]) -> None:
    names = wheels.runtime(lock.read(lock.path(python)), wheels.dependencies(ROOT), NOT_BUNDLED)
    wanted = {lock.canonical(Requirement(text).name) for text in PYPROJECT["project"]["dependencies"]}
    assert wanted - NOT_BUNDLED <= names
    assert {"pandas", "pydantic-core", "affine", "attrs", "pytz"} <= names
    assert not names & {"numpy", "certifi", "bpy", "cython", "zstandard", "pytest", "mypy", "ruff", "hypothesis", "setuptools", "grimp"}


def test_a_library_that_only_windows_needs_must_be_in_the_lock(tmp_path: Path) -> None:
    def wheel(name: str, *requires: str) -> Path:
        path = tmp_path / f"{name}-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as zipped:
            text = "\n".join([f"Name: {name}", "Version: 1", *(f"Requires-Dist: {one}" for one in requires)])
            zipped.writestr(f"{name}-1.dist-info/METADATA", text)
        return path

    there = {"click": wheel("click", 'colorama; platform_system == "Windows"', 'numpy>=2; extra == "all"')}
    wanted = [Requirement("click")]
    needed = wheels._needed(Target("linux-x64", (3, 11)), {}, wanted, {}, there)
    assert needed == {"click"}
    with pytest.raises(InputProblem, match=r"colorama.*windows.*not in the lock"):
        wheels._needed(Target("windows-x64", (3, 11)), {}, wanted, {}, there)
    there["click"] = wheel("click", "numpy>=2.3")
    with pytest.raises(InputProblem, match=r"wants numpy>=2.3, this Blender has 2.2.4"):
        wheels._needed(Target("linux-x64", (3, 13)), {}, wanted, {"numpy": "2.2.4"}, there)


def test_a_damaged_wheel_is_not_taken(tmp_path: Path) -> None:
    locked = lock.read(lock.path())
    name = f"click-{locked['click'].version}-py3-none-any.whl"
    (tmp_path / name).write_bytes(b"half a wheel")
    assert wheels._kept(tmp_path, Target("linux-x64", (3, 11)), locked) == {}


def test_each_blender_finds_exactly_one_zip() -> None:
    def takes(target: Target, version: tuple[int, int, int]) -> bool:
        text = extension.manifest(target, extension.RANGES[target.python], ["x-1-py3-none-any.whl"])
        read = tomllib.loads(text)
        assert read["platforms"] == [target.platform]
        assert read["wheels"] == ["./wheels/x-1-py3-none-any.whl"]
        assert set(read["permissions"]) == {"files", "network"}
        least, end = (tuple(map(int, read.get(key, "99.0.0").split("."))) for key in ("blender_version_min", "blender_version_max"))
        return least <= version < end

    for platform in wheels.SYSTEMS:
        for version, python in (((4, 5, 0), 311), ((4, 5, 7), 311), ((5, 0, 1), 311), ((5, 1, 0), 313), ((5, 2, 3), 313)):
            taking = [target for target in extension.TARGETS if target.platform == platform and takes(target, version)]
            assert [target.line for target in taking] == [f"cp{python}"]
        assert not any(takes(target, (4, 4, 3)) for target in extension.TARGETS)


@pytest.mark.parametrize(
    ("licence", "compatible"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("LicenseRef-Proprietary OR MIT", True),
        ("BSD-3-Clause AND LicenseRef-Proprietary", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-2.0-only", False),
        ("unknown", False),
    ],
)
def test_which_licences_go_with_ours(licence: str, compatible: bool) -> None:
    assert licences.Licence("x", "1", licence, {}).compatible is compatible


def test_without_the_source_the_command_says_so(staged: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "blender_manifest.toml", staged)
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from jena_planner.cli import main; main()"]
    done = subprocess.run([*command, "build-extension", "--out", str(tmp_path / "zips")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("jena-planner: build-extension: the zips are built from the source")
    assert done.stderr.count("\n") == 1


def test_for_something_that_is_no_blender(tmp_path: Path) -> None:
    no_blender = shutil.which("true")
    assert no_blender
    with pytest.raises(InputProblem, match="no Blender and no Python with bpy"):
        extension.ask(Path(no_blender))
    with pytest.raises(InputProblem, match="it does not run"):
        extension.ask(tmp_path / "nowhere")


@pytest.mark.needs("bpy")
def test_a_python_with_bpy_says_what_it_is() -> None:
    asked = extension.ask(Path(sys.executable))
    assert asked["python"] == list(sys.version_info[:2])
    assert asked["platform"] == extension.here().platform
    assert tuple(asked["blender"]) >= (4, 5, 0)
    assert set(asked["has"]) == NOT_BUNDLED


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The zip for this machine and its index, as the command makes them."""
    out = tmp_path_factory.mktemp("zips")
    (out / "jena_planner-0.0.9-old.zip").write_bytes(b"an older zip, which the index leaves alone")
    return extension.build(out, targets=[extension.here()])


@pytest.mark.needs("bpy", "wheels")
def test_the_zip_of_this_machine(built: dict[str, list[dict[str, object]]]) -> None:
    [one] = built["zips"]
    path = Path(str(one["path"]))
    assert path.name == f"jena_planner-{extension.version()}-{extension.here().name}.zip"
    assert one["problems"] == []
    assert one["size"] == path.stat().st_size < 270_000_000
    with zipfile.ZipFile(path) as zipped:
        manifest = tomllib.loads(zipped.read("blender_manifest.toml").decode())
        inside = [name for name in zipped.namelist() if name.startswith("wheels/")]
        text = zipped.read("THIRD_PARTY_LICENSES.txt").decode()
    assert sorted(manifest["wheels"]) == sorted(f"./{name}" for name in inside)
    locked = lock.read(lock.path())
    for wheel in inside:
        name, version = Path(wheel).name.split("-")[:2]
        assert locked[lock.canonical(name)].version == version
    for name, licence in one["licences"].items():  # type: ignore[attr-defined]
        assert f"{name} {locked[lock.canonical(name)].version}: {licence}" in text
    assert "Permission is hereby granted" in text
    index = json.loads(Path(str(built["index"])).read_text(encoding="utf-8"))
    assert [entry["archive_url"] for entry in index["data"]] == [f"./{path.name}"]
    assert index["data"][0]["python_versions"] == [f"3.{sys.version_info[1]}"]


@pytest.mark.needs("bpy", "wheels")
def test_the_zip_works_in_a_blender_that_has_nothing_else(built: dict[str, list[dict[str, object]]], tmp_path: Path) -> None:
    (tmp_path / "user").mkdir()
    project = small.write(tmp_path / "project")
    done = subprocess.run(
        [str(_bare_blender()), "-P", str(ROOT / "tests/in_blender.py"), str(built["zips"][0]["path"]), str(project)],
        env={**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path / "user")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "EXTENSION" in done.stdout


def _bare_blender() -> Path:
    """A Python that has the locked bpy, what bpy itself wants, and nothing else; made once below build/."""
    target = extension.here()
    locked = lock.read(lock.path())
    folder = ROOT / "build" / f"bare-{target.line}-{locked['bpy'].version}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        names = sorted(lock.closure(locked, ["bpy"]))
        rows = (" ".join([f"{name}=={locked[name].version}", *(f"--hash=sha256:{one}" for one in locked[name].hashes)]) for name in names)
        (folder / "requirements.txt").write_text("\n".join(rows), encoding="utf-8")
        command = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(folder / "requirements.txt")]
        if subprocess.run(command, capture_output=True, text=True, check=False).returncode:
            (pytest.fail if "wheels" in REQUIRED else pytest.skip)("pip cannot reach a registry to install a bare bpy")
        (folder / "ready").touch()
    return python


def test_an_older_library_is_seen(tmp_path: Path) -> None:
    from jena_planner.jena_city import about

    assert set(about.NEEDED) == {lock.canonical(Requirement(text).name) for text in PYPROJECT["project"]["dependencies"]}
    assert all(row.ok for row in about.compare_libraries())
    newer = tmp_path / "cp.txt"
    text = lock.path().read_text(encoding="utf-8")
    click = lock.read(lock.path())["click"].version
    newer.write_text(text.replace(f"\nclick=={click} ", "\nclick==99.0 ").replace("\nlxml==", "\nlxml==0."), "utf-8")
    rows = {row.name: row for row in about.compare_libraries(newer)}
    assert (rows["click"].installed, rows["click"].locked, rows["click"].ok) == (click, "99.0", False)
    assert rows["lxml"].ok  # newer than the lock is well
    assert [row.name for row in rows.values() if not row.ok] == ["click"]
    assert not {"bpy", "certifi", "pytest"} & set(rows)


def test_the_command_line_shows_the_machine() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jena_planner", "check", "--system", "--json"], capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout)
    assert done.returncode == (0 if all(row["ok"] for row in said["libraries"]) else 1)
    assert {"version", "python", "bpy", "platform", "libraries"} == set(said)
    assert {"name", "installed", "locked", "ok"} == set(said["libraries"][0])
