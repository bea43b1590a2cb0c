"""The formats in which a town goes out, by the names that the command line and Blender have for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import cityjson_write, geojson_write
from .citygml import write as citygml_write
from .model import CityModel
from .problems import Progress, Report

FORMATS: dict[str, tuple[str, str, Callable[..., Report]]] = {
    "citygml2": ("CityGML 2.0", ".gml", partial(citygml_write.write, version="2.0")),
    "citygml3": ("CityGML 3.0", ".gml", partial(citygml_write.write, version="3.0")),
    "cityjson": ("CityJSON 2.0", ".city.json", cityjson_write.write),
    "geojson": ("GeoJSON (footprints)", ".geojson", geojson_write.write),
}
"""Name -> title, ending of file names, writer(city, path, *, name, progress)."""


def export(city: CityModel, path: Path, kind: str, *, name: str, progress: Progress) -> Report:
    """Write a model in one of FORMATS; returns what could not be written as it is."""
    return FORMATS[kind][2](city, path, name=name, progress=progress)
