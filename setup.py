"""The version stands once, in Blender's manifest; everything else is in pyproject.toml."""

import tomllib
from pathlib import Path

from setuptools import setup

setup(version=tomllib.loads((Path(__file__).parent / "blender_manifest.toml").read_text(encoding="utf-8"))["version"])
