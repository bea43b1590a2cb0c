"""Plots (Flurstücke) of the cadastre ALKIS: NAS, or simplified as Shape, GeoPackage or GML. Whose they are is never read."""

from __future__ import annotations

import re

import numpy as np

from ..origin import Origin
from ..problems import Report
from ..site import Features
from .reading import read
from .tables import Box, Paths

_PERSONS = re.compile(r"eigent|owner|person|besitzer|vorname|nachname|geburt|anschrift|inhaber|paechter|pächter", re.IGNORECASE)
# Flurstückskennzeichen: Land, Gemarkung, Flur, Zähler, Nenner, Folge, padded with 0 and _ (GeoInfoDok, AX_Flurstueck).
_ID = re.compile(r"\d{6}(?:\d{3}|_{3})(?P<over>\d{5})(?P<under>\d{4}|_{4})[\d_]{0,2}")


def read_plots(paths: Paths, origin: Origin, report: Report, bbox: Box | None = None) -> Features:
    """Polygons with columns number ("12/3" or as given), id (Flurstückskennzeichen), district (Gemarkung) and area (amtliche Fläche,
    m², NaN where not given). Columns that speak of persons are dropped, and the report says so."""
    table = read(paths, origin, "plots", report, bbox)
    report.features["plots"] = len(table.geometry)
    persons = [name for name in table.columns if _PERSONS.search(name)]
    if persons:
        sentence = f"columns that speak of persons were not read: {', '.join(persons)}"
        report.add("persons-dropped", str(paths[0]), "", sentence)
    ids, number = table.text("plot_id"), table.text("number")
    is_id = np.array([_ID.fullmatch(word) is not None for word in number], bool)  # a column FLURSTUECK may hold either
    ids, number = np.where((ids == "") & is_id, number, ids), np.where(is_id, "", number)
    built = np.array(list(map(_number, table.text("numerator"), table.text("denominator"))), object)
    of_ids = np.array([_number(found["over"], found["under"]) if (found := _ID.fullmatch(word)) else word for word in ids], object)
    columns = {
        "number": np.where(built != "", built, np.where(number != "", number, of_ids)),
        "id": ids,
        "district": table.text("district"),
        "area": table.number("plot_area"),
    }
    return Features(table.geometry, columns)


def _number(over: str, under: str) -> str:
    """Zähler and Nenner as people write them: "120/3", "85"."""
    over, under = over.strip("_ ").lstrip("0"), under.strip("_ ").lstrip("0")
    return f"{over}/{under}" if under else over
