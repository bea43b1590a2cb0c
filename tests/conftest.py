"""Abilities of the machine that tests ask for, and where real data lie."""

import functools
import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long a machine takes, that may be busy with other things, says nothing about what is tested.
settings.register_profile("jena", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jena")

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("JENA_PLANNER_DATA", ROOT.parent / "shared" / "data"))

REQUIRED = os.environ.get("JENA_PLANNER_REQUIRE", "").replace(",", " ").split()


def _wheels() -> bool:
    """The extension's wheels for this machine are in build/wheels; fetched when they are required."""
    from jena_planner.jena_city import lock
    from jena_planner.jena_city.problems import InputProblem
    from jena_planner.packaging import extension, wheels

    target, locked, own = extension.here(), lock.read(lock.path()), dict.fromkeys(wheels.NOT_BUNDLED, "")
    if target.platform not in wheels.SYSTEMS:
        return False
    if "wheels" not in REQUIRED:
        return not wheels.missing(target, locked, wheels.dependencies(ROOT), own, extension.WHEELS)
    try:
        extension.fetch(target, locked, own, lambda _what: None)
    except InputProblem:
        return False
    return True


ABILITIES = {
    "bpy": lambda: importlib.util.find_spec("bpy") is not None,
    "cesium": lambda: (Path(os.environ.get("JENA_PLANNER_CESIUM", "")) / "Build" / "Cesium" / "Cesium.js").is_file(),
    "chromium": lambda: os.access(os.environ.get("CHROMIUM", "/usr/bin/chromium"), os.X_OK),
    "data": lambda: (DATA / "QUIRKS.md").is_file(),
    "node": lambda: (ROOT / "participation" / "viewer" / "node_modules" / ".bin" / "esbuild").exists(),
    "wheels": functools.cache(_wheels),
    "window": lambda: os.access(os.environ.get("JENA_PLANNER_BLENDER_WINDOW", ""), os.X_OK),
}
WHY = {
    "bpy": "Blender as a Python module is not installed (pip install jena-planner[bpy])",
    "cesium": "no CesiumJS (npm install cesium anywhere, 128 MB; set JENA_PLANNER_CESIUM to its folder)",
    "chromium": "there is no browser in /usr/bin/chromium (apt install chromium, or set CHROMIUM)",
    "node": "what the page is built with is not installed (`make setup`, with node)",
    "wheels": "the extension's wheels are not in build/wheels (`make zips` fetches them)",
    "window": "no program that runs a Blender in a window (set JENA_PLANNER_BLENDER_WINDOW)",
    "data": f"no reference data in {DATA} (set JENA_PLANNER_DATA)",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "needs(*abilities): skip, with a reason, where the machine lacks one of: bpy, cesium, chromium, data, node, wheels, window",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for ability in mark.args:
            if not ABILITIES[ability]():
                if ability in REQUIRED:
                    pytest.fail(f"JENA_PLANNER_REQUIRE names {ability}, but {WHY[ability]}")
                pytest.skip(WHY[ability])


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; use with @pytest.mark.needs("data")."""
    return DATA


@pytest.fixture(scope="session", autouse=True)
def tiles_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read tiles are not kept where the user's are."""
    from jena_planner.jena_city import tiles

    folder = tmp_path_factory.mktemp("tiles")
    tiles.use_folder(folder)
    return folder
