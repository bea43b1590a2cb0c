"""Areas (land cover and use) and plan areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..baunvo import edition_of
from ..origin import Origin
from ..problems import Report
from ..site import Features
from .cover import kind_in_name
from .reading import read
from .tables import Box, Paths, Table


def read_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns kind and name. Where no column says the kind, the name of layer, file or folder
    does, and the report says so."""
    table = read(paths, origin, "areas", report, bbox)
    report.features["areas"] = len(table.geometry)
    return Features(table.geometry, {"kind": _kinds(table, report), "name": table.text("name")})


def _kinds(table: Table, report: Report) -> npt.NDArray[Any]:
    kinds = table.text("kind")
    silent = kinds == ""
    for path, layer in dict.fromkeys(table.sources[silent].tolist()):
        rows = silent & np.array([one == (path, layer) for one in table.sources.tolist()], bool)
        if word := kind_in_name(path, layer):
            kinds = np.where(rows, word, kinds)
            sentence = f"{np.count_nonzero(rows)} areas took their kind from the name of the layer, file or folder: {word}"
            report.add("kind-by-name", path, "", sentence)
    return kinds


def read_plan_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns name, kind and edition (of the BauNVO, "" where not said)."""
    table = read(paths, origin, "plan_areas", report, bbox)
    report.features["plan_areas"] = len(table.geometry)
    editions = np.array([edition_of(one) or "" for one in table.text("edition").tolist()], object)
    return Features(table.geometry, {"name": table.text("name"), "kind": table.text("kind"), "edition": editions})
