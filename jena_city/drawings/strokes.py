"""Curves as lines that leave them by a given distance at most, and never by more points than a drawing can mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..arrays import FloatArray

Stroke = Callable[[float], FloatArray]
"""Called with the largest distance allowed between curve and line; gives the line's points (n, 3)."""
MOST_POINTS = 10_000  # of one curve
_STRAIGHT = 1e-9  # bulge below which an arc is its chord


def ellipse(centre: FloatArray, major: FloatArray, minor: FloatArray, start: float, sweep: float) -> Stroke:
    """centre + major cos t + minor sin t from t = start on, over `sweep` (radians, negative: clockwise); vectors (3,)."""
    size = max(float(np.linalg.norm(major)), float(np.linalg.norm(minor)))

    def stroke(sagitta: float) -> FloatArray:
        # A chord over dt leaves a curve by at most dt² / 8 times its largest second derivative, which is the longer half axis.
        steps = abs(sweep) * math.sqrt(size / (8 * sagitta)) if math.isfinite(sagitta) else 0.0
        number = int(min(max(math.ceil(steps), math.ceil(abs(sweep) / 1.6), 1), MOST_POINTS))
        t = start + sweep * np.linspace(0.0, 1.0, number + 1)
        points = centre + np.cos(t)[:, None] * major + np.sin(t)[:, None] * minor
        if abs(abs(sweep) - 2 * math.pi) < 1e-9:
            points[-1] = points[0]
        return np.asarray(points)

    return stroke


def arc(centre: FloatArray, radius: float, start: float, sweep: float, frame: FloatArray) -> Stroke:
    """An arc in a plane: centre (3,), already in the drawing's axes; frame (3, 3), the plane's axes as rows. Angles in radians."""
    return ellipse(centre, radius * frame[0], radius * frame[1], start, sweep)


def bulged(points: FloatArray, bulges: FloatArray, closed: bool, frame: FloatArray) -> FloatArray | Stroke:
    """A polyline in a plane, points (n, 3) in the plane's axes; bulge k is that of the piece after point k: the tangent of a quarter of
    its angle, positive to the left."""
    if closed:
        points, bulges = np.vstack([points, points[:1]]), np.append(bulges, 0.0)
    if not (np.abs(bulges[:-1]) > _STRAIGHT).any():
        return np.asarray(points @ frame)
    pieces = [_piece(a, b, bulge, frame) for a, b, bulge in zip(points[:-1], points[1:], bulges[:-1].tolist(), strict=True)]
    return joined(pieces)


def _piece(a: FloatArray, b: FloatArray, bulge: float, frame: FloatArray) -> FloatArray | Stroke:
    chord = b[:2] - a[:2]
    length = float(np.hypot(*chord))
    if abs(bulge) <= _STRAIGHT or length == 0.0:
        return np.asarray(np.stack([a, b]) @ frame)
    left = np.array([-chord[1], chord[0]])
    middle = (a[:2] + b[:2]) / 2 + left * (1 - bulge**2) / (4 * bulge)
    radius = length * (1 + bulge**2) / (4 * abs(bulge))
    start = math.atan2(a[1] - middle[1], a[0] - middle[0])
    return arc(np.array([*middle, a[2]]) @ frame, radius, start, 4 * math.atan(bulge), frame)


def joined(pieces: Sequence[FloatArray | Stroke]) -> Stroke:
    """Several lines and curves as one: each begins where the one before ends; one that is drawn the other way round is turned."""

    def stroke(sagitta: float) -> FloatArray:
        lines = [piece(sagitta) if callable(piece) else piece for piece in pieces]
        made = lines[:1]
        if len(lines) > 1 and _gap(made[0][0], lines[1]) < _gap(made[0][-1], lines[1]):
            made = [made[0][::-1]]
        for line in lines[1:]:
            end = made[-1][-1]
            turned = line[::-1] if np.linalg.norm(line[-1] - end) < np.linalg.norm(line[0] - end) else line
            made.append(turned[1:] if len(turned) > 1 and np.linalg.norm(turned[0] - end) < 1e-6 else turned)
        return np.concatenate([np.zeros((0, 3)), *made])

    return stroke


def _gap(end: FloatArray, points: FloatArray) -> float:
    return float(min(np.linalg.norm(points[0] - end), np.linalg.norm(points[-1] - end)))


def spline(degree: int, knots: FloatArray, points: FloatArray, weights: FloatArray | None) -> Stroke:
    """A B-spline, rational where it has weights; points (n, 3). Raises ValueError where the numbers make none."""
    from scipy.interpolate import BSpline

    whole = len(points) > degree >= 1 and len(knots) == len(points) + degree + 1
    if not whole or not np.isfinite(knots).all() or (np.diff(knots) < 0).any() or degree > 25:
        raise ValueError("degree, knots and control points do not fit each other")
    weight = np.ones(len(points)) if weights is None else weights
    if len(weight) != len(points) or not (np.isfinite(weight).all() and (weight > 0).all()):
        raise ValueError("a weight is no positive number")
    curve = BSpline(knots, np.column_stack([points * weight[:, None], weight]), degree)
    breaks = np.unique(knots[degree : len(points) + 1])
    if len(breaks) < 2:
        raise ValueError("all knots are the same")

    def at(t: FloatArray) -> FloatArray:
        found = curve(t)
        return np.asarray(found[:, :3] / found[:, 3:])

    def stroke(sagitta: float) -> FloatArray:
        t, here = breaks, at(breaks)
        for _ in range(14):
            if len(t) > MOST_POINTS:
                break
            fine = np.empty(2 * len(t) - 1)
            fine[::2], fine[1::2] = t, (t[:-1] + t[1:]) / 2
            points = at(fine)
            off = float(np.linalg.norm(points[1::2] - (here[:-1] + here[1:]) / 2, axis=1).max())
            t, here = fine, points
            # Once more than the middles ask for: where a piece turns in its middle they lie on the chord.
            if off < sagitta and len(t) > 4 * len(breaks):
                break
        return here

    return stroke
