"""Which program this is: its version, from the one place where it stands, and that of the libraries it runs with."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from . import lock

LIBRARIES = (
    "bpy",
    "embreex",
    "ezdxf",
    "lxml",
    "mapbox-earcut",
    "numpy",
    "pillow",
    "pvlib",
    "pydantic",
    "pyogrio",
    "pyproj",
    "rasterio",
    "requests",
    "scipy",
    "shapely",
)
NEEDED = (
    *(name for name in LIBRARIES if name != "bpy"),
    "brotli",
    "click",
    "fonttools",
    "numba",
    "pydyf",
    "python-pptx",
    "rich",
    "segno",
    "tzdata",
    "xlsxwriter",
)
"""What pyproject.toml names as dependencies; that file is not shipped."""
BLENDERS_OWN = {"bpy", "certifi", "charset-normalizer", "idna", "requests", "urllib3"}
"""What Blender carries for its own downloads, in versions of its own, which serve ours as well."""
ROOT = Path(__file__).parent.parent


def version() -> str:
    """The program's version."""
    return str(tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))["version"])


def installed(name: str) -> str:
    """The version of a library as it would be imported here; "not installed" where it is missing. Blender itself answers for bpy."""
    if name == "bpy" and "bpy" in sys.modules:
        return str(sys.modules["bpy"].app.version_string)
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def library_versions() -> dict[str, str]:
    """Name -> version of the libraries that numbers and pictures depend on; "not installed" where one is missing."""
    return {name: installed(name) for name in LIBRARIES}


@dataclass(frozen=True)
class Library:
    """A library here and in the lock; ok : it is not missing and not older."""

    name: str
    installed: str
    locked: str
    ok: bool


def compare_libraries(path: Path | None = None) -> list[Library]:
    """Each library that we need against the lock (default: that of this Python), by name.

    All of Blender's extensions share one folder of libraries, so another extension may have brought an older one than ours.
    Raises InputProblem when this Python has no lock.
    """
    from packaging.version import Version

    locked = lock.read(path or lock.path())
    rows = []
    for name in sorted(lock.closure(locked, NEEDED) - BLENDERS_OWN):
        here = installed(name)
        there = here != "not installed"
        rows.append(Library(name, here, locked[name].version, there and Version(here) >= Version(locked[name].version)))
    return rows
