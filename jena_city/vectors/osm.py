"""OpenStreetMap files (XML and PBF): which features of one are points, lines or polygons that a town is made of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..files import first_bytes
from ..problems import InputProblem
from .tables import RAILS

_LAYERS = {"points": "points", "lines": "lines", "polygons": "multipolygons"}
_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
# Ways that are planned, gone, or no ways.
_NO_STREETS = (
    "",
    "proposed",
    "construction",
    "abandoned",
    "razed",
    "platform",
    "rest_area",
    "services",
    "elevator",
    "corridor",
    "bus_stop",
)
_AREA_TAGS = ("landuse", "natural", "leisure", "water", "waterway")


def is_one(path: Path) -> bool:
    """Whether a file is OpenStreetMap XML or PBF, by its first bytes."""
    head = first_bytes(path)
    return b"OSMHeader" in head[:64] or re.search(rb"<osm[\s>]", head) is not None


def refuse_others(path: Path) -> None:
    """Raise InputProblem for what comes with OpenStreetMap's name and is no map of it."""
    head = first_bytes(path)
    if re.search(rb"<osmChange[\s>]", head):
        raise InputProblem(path, "these are changes to OpenStreetMap, not a map", "Download the extract itself (.osm.pbf)")
    if head.startswith(b"\xff\xe0\x04o5m2"):
        raise InputProblem(path, "OpenStreetMap in the form o5m is not read", "Download the extract as .osm.pbf")


def tags(text: str | None) -> dict[str, str]:
    """The tags in GDAL's column other_tags: "key"=>"value" with quotes and backslashes escaped."""
    return {re.sub(r"\\(.)", r"\1", key): re.sub(r"\\(.)", r"\1", value) for key, value in _TAG.findall(text or "")}


def read(path: Path, wanted: str) -> tuple[npt.NDArray[np.object_], dict[str, npt.NDArray[Any]]]:
    """Trees (points), streets (lines) or land cover (polygons) of a file in EPSG:4326, all their tags as columns.

    Raises pyogrio's errors for a file that cannot be read.
    """
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        meta, _, shapes, fields = pyogrio.raw.read(path, layer=_LAYERS[wanted])
    except (DataSourceError, ValueError, RuntimeError) as error:
        if "CUSTOM_INDEXING" not in str(error):
            raise
        # Ids that do not rise, as editors write them: the slower index does not mind.
        meta, _, shapes, fields = pyogrio.raw.read(path, layer=_LAYERS[wanted], USE_CUSTOM_INDEXING="NO")
    columns = dict(zip(meta["fields"], fields, strict=True))
    others = [tags(text) for text in columns.pop("other_tags", np.zeros(0, object))]
    count = len(shapes)
    for name in sorted({name for one in others for name in one} - set(columns)):
        columns[name] = np.array([one.get(name) for one in others], object)
    empty = np.full(count, None, object)
    if wanted == "points":
        keep = np.array([value == "tree" for value in columns.get("natural", empty)], bool)
    elif wanted == "lines":
        keep = np.array([(value or "") not in _NO_STREETS for value in columns.get("highway", empty)], bool)
        rails = (columns.get(name, empty) for name in ("railway", "service"))  # no yards and sidings
        keep |= np.array([kind in RAILS and not service for kind, service in zip(*rails, strict=True)], bool)
    else:
        keep = np.zeros(count, bool)
        for name in _AREA_TAGS:
            keep |= np.array([bool(value) for value in columns.get(name, empty)], bool)
    return np.asarray(shapely.from_wkb(shapes[keep], on_invalid="ignore"), object), {name: values[keep] for name, values in columns.items()}
