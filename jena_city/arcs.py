"""Circular arcs as lines of straight pieces, in the plane or in space."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .arrays import FloatArray

SAGITTA = 0.01  # metres that a stroked arc may leave the true one
WIDEST = math.radians(10)  # a piece at most: small arcs keep their shape, and so do those whose unit is a degree


class _Circle(NamedTuple):
    """A circle in space. across, along : unit vectors of its plane, across from the first of its points to the second."""

    middle: FloatArray
    radius: float
    across: FloatArray
    along: FloatArray

    def angle(self, point: FloatArray) -> float:
        away = point - self.middle
        return math.atan2(float(away @ self.along), float(away @ self.across))

    def points(self, start: float, sweep: float) -> FloatArray:
        step = min(2 * math.acos(1 - min(SAGITTA / self.radius, 1.0)), WIDEST)
        angles = start + sweep * np.linspace(0, 1, max(math.ceil(abs(sweep) / step), 2) + 1)
        return np.asarray(self.middle + self.radius * (np.cos(angles)[:, None] * self.across + np.sin(angles)[:, None] * self.along))


def _circle(a: FloatArray, b: FloatArray, c: FloatArray) -> _Circle | None:
    """The circle through three points (2,) or (3,); None where they lie on a line."""
    p, q = b - a, c - a
    width, longest = float(np.linalg.norm(p)), max(float(p @ p), float(q @ q), 1e-24)
    if width**2 <= 1e-18 * longest:
        return None
    across = p / width
    rest = q - (q @ across) * across
    height = float(np.linalg.norm(rest))
    if 2 * width * height < 1e-9 * longest:
        return None
    along = rest / height
    middle = a + width / 2 * across + (float(q @ q) - float(q @ across) * width) / (2 * height) * along
    return _Circle(middle, float(np.linalg.norm(a - middle)), across, along)


def stroked(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Points on the circle from a over b to c, (n, 2) or (n, 3), ends included; a straight line where the three lie on one.

    The pieces leave the arc by SAGITTA at most and turn by WIDEST at most.
    """
    circle = _circle(a, b, c)
    if circle is None:
        return np.array([a, b, c])
    start, over, end = (circle.angle(point) for point in (a, b, c))
    sweep, part = (end - start) % (2 * math.pi), (over - start) % (2 * math.pi)
    points = circle.points(start, sweep if part <= sweep else sweep - 2 * math.pi)
    points[0], points[-1] = a, c
    return points


def whole(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """As `stroked`, but all around: from a over b and c back to a (gml:Circle)."""
    circle = _circle(a, b, c)
    if circle is None:
        raise ValueError("the three points of a circle lie on a line")
    points = circle.points(circle.angle(a), 2 * math.pi)
    points[0] = points[-1] = a
    return points


def string(points: FloatArray) -> FloatArray:
    """Arcs that go on from one another (gml:ArcString): each ends at every second point. Raises ValueError for other numbers of points."""
    if len(points) < 3 or len(points) % 2 == 0:
        raise ValueError(f"an arc has {len(points)} points, not 3, 5, 7 …")
    pieces = [stroked(*points[start : start + 3])[1:] for start in range(0, len(points) - 2, 2)]
    return np.vstack([points[:1], *pieces])
