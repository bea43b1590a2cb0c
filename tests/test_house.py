"""The house keeps its order: rooms, names, versions, locks, and what the README promises."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from .conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_list_of_packages_is_that_of_the_folders() -> None:
    folders = {path.parent.relative_to(ROOT) for path in tracked("*__init__.py") if path.parent != ROOT and "tests" not in path.parts}
    expected = {"jena_planner", *("jena_planner." + ".".join(folder.parts) for folder in folders)}
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == expected


def test_only_relative_imports_inside() -> None:
    own = "jena_city|analyses|operators|scene|participation|render_presets|sheets|jena_planner"
    for path in tracked("*.py"):
        if "tests" not in path.parts:
            assert not re.search(rf"^\s*(from|import) +({own})\b", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_the_version_stands_once() -> None:
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    from importlib import metadata

    from jena_planner.jena_city import about

    assert manifest["version"] == about.version() == metadata.version("jena-planner")
    assert "version" not in PYPROJECT["project"]
    assert manifest["id"] == "jena_planner"
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later"]


def test_locks_name_no_host_and_hold_numpy_where_blender_has_it() -> None:
    for name, numpy in (("cp311", "numpy==1.26.4"), ("cp313", "numpy==2.3.4")):
        text = (ROOT / f"locks/{name}.txt").read_text(encoding="utf-8")
        assert numpy in text
        assert not re.search(r"https?://|--index-url|--find-links", text)
        for line in re.findall(r"^[a-z0-9][^ ]*==[^ ]+.*$", text, re.MULTILINE):
            assert line.rstrip().endswith("\\"), f"{line} has no hash"


def test_the_lock_holds_every_library_of_the_project() -> None:
    for name in ("cp311", "cp313"):
        held = {
            line.split("==")[0].lower()
            for line in re.findall(r"^[A-Za-z0-9_.-]+==", (ROOT / f"locks/{name}.txt").read_text(), re.MULTILINE)
        }
        wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"]["dev"]]
        names = {re.split(r"[<>=!\[ ]", entry)[0].lower() for entry in wanted}
        assert names <= {name.replace("_", "-") for name in held}


def test_the_readme_begins_with_the_two_commands_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    head = "\n".join(text.splitlines()[:8])
    assert "make demo" in head
    assert "make test" in head
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target


def test_every_command_is_in_the_readme() -> None:
    from jena_planner.cli import cli

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in cli.commands:
        assert f"jena-planner {name}" in text


def test_every_key_of_a_project_is_documented() -> None:
    from jena_planner.analyses.registry import REGISTRY
    from jena_planner.jena_city import project

    text = (ROOT / "docs/project.md").read_text(encoding="utf-8")
    models = [
        project.About,
        project.Place,
        project.Data,
        project.Codes,
        project.Variants,
        project.BuildingPlotEntry,
        project.AnalysisEntry,
        project.View,
        project.PictureEntry,
    ]
    models += [analysis.settings for analysis in REGISTRY.values()]
    for model in models:
        for name in model.model_fields:
            assert f"`{name}`" in text, f"{model.__name__}.{name}"
    for name in REGISTRY:
        assert f"`{name}`" in text


def test_every_key_of_a_variant_is_documented() -> None:
    from dataclasses import fields

    from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

    text = (ROOT / "docs/variants.md").read_text(encoding="utf-8")
    features = ("blocks", "open_spaces", "planted", "felled", "footprint", "shape", "position")  # not keys but features, or their geometry
    for kind in (Variant, Block, Roof, OpenSpace, PlantedTree, FelledTree):
        for field in fields(kind):
            if field.name not in (*features, "properties"):
                assert f"`{field.name}`" in text, f"{kind.__name__}.{field.name}"


def test_no_large_file_and_no_foreign_data() -> None:
    for path in tracked():
        assert path.stat().st_size < 1_500_000, path


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for module in tracked("*.py"):
        if not {"tests", "packaging"} & set(module.parts) and module.name not in ("__init__.py", "setup.py", "__main__.py"):
            assert module.name in text, module
