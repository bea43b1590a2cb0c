"""Crowns of trees as bodies that sun has to pass, and how much of it they let through over the year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.vectors.trees import species_group
from .crowns import bodies

_SHEDDING = ("larix", "lärche", "metasequoia", "taxodium")  # conifers that are bare in winter


@dataclass(frozen=True)
class Leaves:
    """in_leaf, bare : share of direct sun that a crown lets through. start, end : (month, day) between which trees bear leaves."""

    in_leaf: float
    bare: float
    start: tuple[int, int]
    end: tuple[int, int]

    @property
    def opaque(self) -> Leaves:
        """The same leaves that let nothing through."""
        return replace(self, in_leaf=0.0, bare=0.0)

    def green(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
        """(n,) on which days trees bear leaves. A period may reach over the new year."""
        month = days.astype("datetime64[M]")
        day = (days.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64) + 1
        of_year = 100 * (month.astype(np.int64) % 12 + 1) + day
        start, end = (100 * when[0] + when[1] for when in (self.start, self.end))
        from_start, to_end = of_year >= start, of_year <= end
        return np.asarray(from_start & to_end if start <= end else from_start | to_end)

    def of(self, date: dt.date) -> float:
        """What a crown that sheds its leaves lets through on this day."""
        return self.in_leaf if self.green(np.array([date], "datetime64[D]"))[0] else self.bare


def foliage(applied: Applied) -> tuple[FloatArray, IntArray, npt.NDArray[np.bool_]]:
    """The crowns of the trees that stand as ellipsoids (see `crowns.bodies`): vertices (V, 3), triangles (T, 3) and whether a triangle's
    tree keeps its leaves (T,). Trees without ground under them are left out."""
    middle, reach = bodies(applied)
    stand = np.flatnonzero(np.isfinite(reach).all(axis=1))
    points, faces = _ball()
    vertices = (middle[stand, None] + reach[stand, None] * points).reshape(-1, 3)
    triangles = (faces[None] + len(points) * np.arange(len(stand))[:, None, None]).reshape(-1, 3)
    names = [applied.trees.species[row].lower() for row in stand.tolist()]
    green = [species_group(name) == "conifer" and not any(word in name for word in _SHEDDING) for name in names]
    return vertices, triangles, np.repeat(np.array(green, bool), len(faces))


def _ball() -> tuple[FloatArray, IntArray]:
    """Points and triangles of a ball with the volume of the unit ball: an octahedron, each face cut into four."""
    corners = [np.array(point, float) for point in ((1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1))]
    faces = [(a, b, 4) for a, b in pairwise((0, 1, 2, 3, 0))] + [(b, a, 5) for a, b in pairwise((0, 1, 2, 3, 0))]
    points: list[FloatArray] = list(corners)
    cut: list[tuple[int, int, int]] = []
    between: dict[tuple[int, int], int] = {}

    def middle(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in between:
            between[key] = len(points)
            points.append((points[a] + points[b]) / np.linalg.norm(points[a] + points[b]))
        return between[key]

    for a, b, c in faces:
        ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
        cut += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    ball, triangles = np.array(points), np.array(cut)
    volume = float(np.einsum("ij,ij->i", ball[triangles[:, 0]], np.cross(ball[triangles[:, 1]], ball[triangles[:, 2]])).sum()) / 6
    return ball * (4 / 3 * np.pi / volume) ** (1 / 3), triangles
