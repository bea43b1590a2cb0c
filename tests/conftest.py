"""Abilities of the machine that tests ask for, and where real data lie."""

import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("JENA_PLANNER_DATA", ROOT.parent / "shared" / "data"))

ABILITIES = {"bpy": lambda: importlib.util.find_spec("bpy") is not None, "data": lambda: (DATA / "QUIRKS.md").is_file()}
WHY = {
    "bpy": "Blender as a Python module is not installed (pip install jena-planner[bpy])",
    "data": f"no reference data in {DATA} (set JENA_PLANNER_DATA)",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*abilities): skip, with a reason, where the machine lacks one of: bpy, data")


def pytest_runtest_setup(item: pytest.Item) -> None:
    required = os.environ.get("JENA_PLANNER_REQUIRE", "").replace(",", " ").split()
    for mark in item.iter_markers("needs"):
        for ability in mark.args:
            if not ABILITIES[ability]():
                if ability in required:
                    pytest.fail(f"JENA_PLANNER_REQUIRE names {ability}, but {WHY[ability]}")
                pytest.skip(WHY[ability])


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; use with @pytest.mark.needs("data")."""
    return DATA
