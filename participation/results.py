"""Results as the page reads them: a description in JSON and the values as whole numbers of 16 bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city.marks import Lines
from ..jena_city.result import Faces, Grid, Result

Said = Callable[[str], dict[str, str]]
NONE = 65535  # in the place of a value where there is none


def told(result: Result, said: Said) -> tuple[dict[str, Any], bytes, bytes]:
    """(meta, data, mesh) of a result, as docs/publication-format.md says. mesh : of faces, b"" for other supports; many results have the
    same. Points and lines have their places in meta. said : German words -> words by language."""
    values, scale = numbers(result)
    support = result.support
    if isinstance(support, Grid):
        place = {
            "columns": support.columns,
            "rows": support.rows,
            "x0": round(support.x, 4),
            "y0": round(support.y, 4),
            "step": support.step,
        }
        return {"support": "grid", **place, **scale}, _padded(values), b""
    if isinstance(support, Faces):
        _, first, index = np.unique(np.round(support.vertices, 3), axis=0, return_index=True, return_inverse=True)
        size = {"vertices": len(first), "triangles": len(support.triangles), "cells": support.size}
        xyz, corners = support.vertices[first].astype("<f4"), index.reshape(-1)[support.triangles].astype("<u4")
        mesh = b"".join(map(_padded, (xyz, corners, support.triangle_cell.astype("<u4"))))
        return {"support": "faces", **size, **scale}, _padded(values), mesh
    of_lines = isinstance(support, Lines)
    places = np.round(support.vertices if isinstance(support, Lines) else support.points, 2)
    words = {
        "names": [said(name) for name in support.names.tolist()],
        "heads": [said(head) for head in support.heads.tolist()],
        "table": [[said(cell) for cell in row] for row in support.table.tolist()],
    }
    start = {"start": support.start.tolist()} if isinstance(support, Lines) else {}
    kind = "lines" if of_lines else "points"
    return {"support": kind, "places": places.tolist(), **start, **words, **scale}, _padded(values), b""


def numbers(result: Result) -> tuple[npt.NDArray[np.uint16], dict[str, float]]:
    """The values as whole numbers, NONE where not valid; value = offset + scale · number."""
    there = result.valid & np.isfinite(result.values)
    known = result.values[there].astype(np.float64)
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    scale = (high - low) / (NONE - 1) if high > low else 1.0
    found = np.full(len(result.values), NONE, "<u2")
    found[there] = np.round((known - low) / scale)
    return found, {"offset": low, "scale": scale}


def is_difference(result: Result) -> bool:
    """Whether it says how much another variant differs, as `measuring` names such results."""
    return result.name.endswith("change")


def day_of(result: Result) -> str | None:
    """The day that it is about, as ISO 8601: the one its analysis asks for, of several the one that its name bears."""
    day = result.settings.get("date")
    return str(day) if day else next((str(one) for one in result.settings.get("dates", []) if f"-{one}" in result.name), None)


def classes(result: Result, said: Said) -> list[dict[str, Any]]:
    """Its legend. said : as for `told`."""
    edges = result.classes.edges
    return [
        {"from": _number(low), "to": _number(high), "colour": colour, "label": said(label)}
        for low, high, colour, label in zip(edges[:-1], edges[1:], result.classes.colours, result.classes.labels, strict=True)
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _padded(values: npt.NDArray[Any]) -> bytes:
    data = values.tobytes()
    return data + b"\0" * (-len(data) % 4)
