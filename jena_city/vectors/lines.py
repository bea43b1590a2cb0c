"""Reference lines: any vector layer that is nothing else, to be looked at and never counted."""

from __future__ import annotations

import numpy as np

from ..origin import Origin
from ..problems import Report
from ..site import Features
from .reading import read
from .tables import Box, Paths


def read_lines(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """The layers of some files as single lines and points with columns layer, text and file; polygons by their borders. bbox : only what
    reaches into it, whole."""
    table = read(paths, origin, "lines", report, bbox)
    report.features["lines"] = len(table.geometry)
    named, sources = table.text("layer"), table.sources.tolist()
    columns = {
        "layer": np.where(named == "", np.array([layer for _, layer in sources], object), named),
        "text": table.text("label"),
        "file": np.array([path.name for path, _ in sources], object),
    }
    return Features(table.geometry, columns)
