"""Reference lines: any vector layer that is nothing else, to be looked at and never counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..origin import Origin
from ..problems import Report
from ..site import Features
from .tables import Box, Paths, Table, read_layers

COLUMNS = ("layer", "text", "file")


def read_lines(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """All layers of some files as single lines and points with columns layer, text and file; polygons by their borders. bbox : only what
    reaches into it, whole."""
    found = [_of_file(Path(path), origin, report, bbox) for path in paths]
    geometry = np.concatenate([np.zeros(0, object), *(one.geometry for one in found)])
    columns = {name: np.concatenate([np.zeros(0, object), *(one.columns[name] for one in found)]) for name in COLUMNS}
    report.features["lines"] = len(geometry)
    return Features(geometry, columns)


def _of_file(path: Path, origin: Origin, report: Report, bbox: Box | None) -> Features:
    tables = read_layers(path, origin, report, bbox)
    layers = [np.where(table.text("layer") == "", name, table.text("layer")) for name, table in tables.items()]
    geometry = np.concatenate([np.zeros(0, object), *(table.geometry for table in tables.values())])
    texts = np.concatenate([np.zeros(0, object), *(_texts(table) for table in tables.values())])
    columns = {"layer": np.concatenate([np.zeros(0, object), *layers]), "text": texts, "file": np.full(len(geometry), path.name, object)}
    return Features(geometry, columns)


def _texts(table: Table) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.asarray(table.text("label"), object)
