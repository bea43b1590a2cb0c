"""Plots (Flurstücke) of the cadastre ALKIS: simplified Shape, GeoPackage or GML. Whose they are is never read."""

from __future__ import annotations

import re

import numpy as np

from ..origin import Origin
from ..problems import Report
from ..site import Features
from .tables import Box, Paths, read

_PERSONS = re.compile(r"eigent|owner|person|besitzer|vorname|nachname|geburt|anschrift|inhaber|paechter|pächter", re.IGNORECASE)


def read_plots(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns number ("12/3" or as given), id (Flurstückskennzeichen), district (Gemarkung) and area (amtliche Fläche,
    m², NaN where not given). Columns that speak of persons are dropped, and the report says so."""
    table = read(paths, origin, "polygons", report, bbox)
    report.features["plots"] = len(table.geometry)
    persons = [name for name in table.columns if _PERSONS.search(name)]
    if persons:
        sentence = f"columns that speak of persons were not read: {', '.join(persons)}"
        report.add("persons-dropped", str(paths[0]), "", sentence)
    number = table.text("number")
    parts = table.text("numerator"), table.text("denominator")
    built = np.array([over + (f"/{under}" if under and under != "0" else "") for over, under in zip(*parts, strict=True)], object)
    return Features(
        table.geometry,
        {
            "number": np.where(built != "", built, number),
            "id": table.text("plot_id"),
            "district": table.text("district"),
            "area": table.number("plot_area"),
        },
    )
