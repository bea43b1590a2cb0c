"""Which program this is: its version, from the one place where it stands, and that of the libraries it runs with."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

LIBRARIES = (
    "bpy",
    "embreex",
    "lxml",
    "mapbox-earcut",
    "numpy",
    "pillow",
    "pvlib",
    "pydantic",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)
ROOT = Path(__file__).parent.parent


def version() -> str:
    """The program's version."""
    return str(tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))["version"])


def library_versions() -> dict[str, str]:
    """Name -> version of the libraries that numbers and pictures depend on; "not installed" where one is missing."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
