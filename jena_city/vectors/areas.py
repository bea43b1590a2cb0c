"""Areas (land cover and use) and plan areas."""

from __future__ import annotations

from ..origin import Origin
from ..problems import Report
from ..site import Features
from .reading import read
from .tables import Box, Paths


def read_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns kind and name."""
    table = read(paths, origin, "areas", report, bbox)
    report.features["areas"] = len(table.geometry)
    return Features(table.geometry, {"kind": table.text("kind"), "name": table.text("name")})


def read_plan_areas(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns name and kind."""
    table = read(paths, origin, "plan_areas", report, bbox)
    report.features["plan_areas"] = len(table.geometry)
    return Features(table.geometry, {"name": table.text("name"), "kind": table.text("kind")})
