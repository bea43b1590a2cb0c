"""Rings that are made of curves: their points in order, arcs stroked."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import arcs
from ..arrays import FloatArray
from .names import COORDINATES, local

_LINES = ("LineString", "LineStringSegment", "GeodesicString", "Geodesic", "LinearRing")
_HOLDERS = ("Ring", "Curve", "CompositeCurve", "curveMember", "segments", "baseCurve")


def points_of(element: Any, dimension: int) -> FloatArray:
    """The points (n, dimension) of a gml:Ring or of a curve in it, as the file has them; repeated where two pieces meet.

    Raises ValueError for curves of a kind that is not read, and for what are no points.
    """
    kind = local(element.tag)
    if kind in _LINES:
        return _points(element, dimension)
    if kind in ("Arc", "ArcString"):
        return arcs.string(_points(element, dimension))
    if kind == "Circle":
        points = _points(element, dimension)
        if len(points) != 3:
            raise ValueError(f"a circle has {len(points)} points, not 3")
        return arcs.whole(*points)
    if kind == "OrientableCurve":
        points = np.vstack([points_of(child, dimension) for child in element])
        return points[::-1] if element.get("orientation") == "-" else points
    if kind in _HOLDERS:
        return np.vstack([points_of(child, dimension) for child in element])
    raise ValueError(f"curves of the kind {kind} are not read")


def _points(element: Any, dimension: int) -> FloatArray:
    words = " ".join(text_of(item) for item in element.iter(*COORDINATES)).split()
    return np.array(words, np.float64).reshape(-1, dimension)


def text_of(item: Any) -> str:
    """The numbers of a posList, pos, coordinates or coord element with blanks between them."""
    name = local(item.tag)
    if name == "coordinates":
        decimal, comma, blank = item.get("decimal") or ".", item.get("cs") or ",", item.get("ts") or " "
        return (item.text or "").replace(blank, " ").replace(comma, " ").replace(decimal, ".")
    if name == "coord":
        return " ".join(part.text or "" for part in item)
    return item.text or ""
