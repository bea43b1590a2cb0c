"""The formats in which a town goes out, by the names that the command line and Blender have for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import cityjson_write, dxf_write, geojson_write, gltf_write
from .applied import Applied
from .citygml import write as citygml_write
from .planned import planned
from .problems import Progress, Report


def _of_city(write: Callable[..., Report]) -> Callable[..., Report]:
    """A writer of city models as a writer of a site with a variant applied."""
    return lambda applied, path, **how: write(planned(applied), path, **how)


FORMATS: dict[str, tuple[str, str, Callable[..., Report]]] = {
    "citygml2": ("CityGML 2.0", ".gml", _of_city(partial(citygml_write.write, version="2.0"))),
    "citygml3": ("CityGML 3.0", ".gml", _of_city(partial(citygml_write.write, version="3.0"))),
    "cityjson": ("CityJSON 2.0", ".city.json", _of_city(cityjson_write.write)),
    "geojson": ("GeoJSON (footprints)", ".geojson", _of_city(geojson_write.write)),
    "gltf": ("glTF 2.0 (binary)", ".glb", gltf_write.write),
    "dxf": ("DXF (2013)", ".dxf", dxf_write.write),
}
"""Name -> title, ending of file names, writer(applied, path, *, name, progress)."""


def export(applied: Applied, path: Path, kind: str, *, name: str, progress: Progress) -> Report:
    """Write a site with a variant applied in one of FORMATS; returns what could not be written as it is."""
    return FORMATS[kind][2](applied, path, name=name, progress=progress)
