"""Storeys that stand back: by one measure on all sides, or by one of its own for each edge of the outline.

Edges are counted along the outer ring as the footprint has it, from its first corner on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from .arrays import FloatArray
from .problems import InputProblem
from .variant import Block

MOST = 100.0  # metres
_SHARPEST = 10.0  # times the distance: as far as a corner is drawn out
_POINTS = ("N", "NO", "O", "SO", "S", "SW", "W", "NW")
_OVER = 1e-3  # metres that a strip reaches out of the outline, so that no splinter is left along its edge
_ON = 0.01  # metres: as near an edge lies to the one it came from


def check(where: str, footprint: shapely.Polygon, set_backs: Sequence[float]) -> None:
    """Raise InputProblem unless there is one for each edge, none negative."""
    edges = len(footprint.exterior.coords) - 1
    if set_backs and len(set_backs) != edges:
        what = f"it has {len(set_backs)} set-backs for {edges} edges"
        raise InputProblem(where, what, "Give one for each edge of the outline, from its first corner on")
    for value in set_backs:
        if not 0 <= value <= MOST:
            raise InputProblem(where, f"a storey cannot be set back by {value:g} m", f"Give 0 to {MOST:g} m")


def of(block: Block) -> tuple[float, ...]:
    """Of each edge of the outer ring of a block."""
    return block.set_backs or (block.set_back,) * (len(block.footprint.exterior.coords) - 1)


def edges(footprint: shapely.Polygon) -> list[str]:
    """Each edge of the outer ring for people: where it faces, and its length: "SO, 12,50 m"."""
    ring = np.asarray((footprint.exterior if footprint.exterior.is_ccw else footprint.exterior.reverse()).coords)[:, :2]
    ways = np.diff(ring, axis=0)
    said = []
    for along in ways:
        azimuth = np.degrees(np.arctan2(along[1], -along[0])) % 360.0
        said.append(f"{_POINTS[round(azimuth / 45.0) % 8]}, {np.hypot(*along):.2f} m".replace(".", ","))
    return said if footprint.exterior.is_ccw else said[::-1]


def within(footprint: shapely.Polygon, raw: shapely.Polygon, courtyards: float, set_backs: Sequence[float]) -> Any:
    """What lies farther inside a footprint than each edge's distance. raw : the same outline with the edges that are counted. courtyards :
    the distance from courtyards, metres. Corners are sharp; an edge with 0 stays where it is."""
    corners = np.asarray(raw.exterior.coords)[:-1, :2]
    distances = np.asarray(set_backs, np.float64)
    if not raw.exterior.is_ccw:  # the edge before a corner becomes the one after it
        corners, distances = corners[::-1], np.roll(distances[::-1], -1)
    strips = [_strip(corners, distances, number) for number in np.flatnonzero(distances > 0).tolist()]
    gone = shapely.union_all([piece for strip in strips for piece in strip])
    for by in (_OVER, -_OVER):  # strips that only just touch become one
        gone = gone.buffer(by, join_style="mitre", mitre_limit=_SHARPEST)
    left = footprint.difference(gone)
    holes = [shapely.Polygon(ring) for ring in footprint.interiors]
    if courtyards > 0 and holes:
        left = left.difference(shapely.union_all([hole.buffer(courtyards, join_style="mitre", mitre_limit=_SHARPEST) for hole in holes]))
    return left


def _strip(corners: FloatArray, distances: FloatArray, number: int) -> list[Any]:
    """The land along one edge of a counter-clockwise ring: as wide as its distance, drawn out to the corners with its neighbours, and a
    hair over the outline, so that no splinter is left along an edge."""
    following = (number + 1) % len(corners)
    a, b = corners[number], corners[following]
    way = _inward(a, b)
    inward, over = way * distances[number], way * -_OVER
    before, own, after = distances[number - 1], distances[number], distances[following]
    start, end = _corner(corners, number, before, own), _corner(corners, following, own, after)
    outer_start, outer_end = _corner(corners, number, -_OVER, -_OVER), _corner(corners, following, -_OVER, -_OVER)
    drawn = [
        a + over if outer_start is None else outer_start,
        b + over if outer_end is None else outer_end,
        b + inward if end is None else end,
        a + inward if start is None else start,
    ]
    return [shapely.Polygon([a + over, b + over, b + inward, a + inward]), shapely.make_valid(shapely.Polygon(drawn))]


def _corner(corners: FloatArray, number: int, before: float, after: float) -> FloatArray | None:
    """Where the lines of the two edges at a corner meet, moved inward by so much; None where they run along each other or meet far away.
    An edge that stays is moved out by a hair, where that leads out of the outline."""
    at = corners[number]
    one, other = _inward(corners[number - 1], at), _inward(at, corners[(number + 1) % len(corners)])
    turn = float(one[0] * other[1] - one[1] * other[0])
    if abs(turn) < 1e-6:
        return None
    stays = -_OVER if turn > 0 else 0.0
    away = np.linalg.solve(np.stack([one, other]), np.array([before or stays, after or stays]))
    return None if np.hypot(*away) > _SHARPEST * max(abs(before), abs(after)) else np.asarray(at + away)


def _inward(a: FloatArray, b: FloatArray) -> FloatArray:
    along = b - a
    return np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-12)


def carried(before: shapely.Polygon, set_backs: Sequence[float], after: shapely.Polygon) -> tuple[float, ...]:
    """The set-backs of an outline that was drawn anew: of each edge that of the one it lies on, of new edges none. before : the old
    outline, where the new one is now."""
    if not set_backs:
        return ()
    old = np.asarray(before.exterior.coords)[:, :2]
    lines = shapely.linestrings(np.stack([old[:-1], old[1:]], axis=1))
    ways = np.diff(old, axis=0)
    ways /= np.maximum(np.hypot(*ways.T), 1e-12)[:, None]
    new = np.asarray(after.exterior.coords)[:, :2]
    found = []
    for a, b in zip(new[:-1], new[1:], strict=True):
        way = (b - a) / max(float(np.hypot(*(b - a))), 1e-12)
        apart = shapely.distance(lines, shapely.Point((a + b) / 2))
        alike = np.abs(ways @ way) > 0.99
        near = np.where(alike, apart, np.inf)
        nearest = int(near.argmin())
        found.append(float(set_backs[nearest]) if near[nearest] <= _ON else 0.0)
    if len(found) == len(set_backs) and not any(found):  # moved edges: of as many as before each keeps its own
        return tuple(float(one) for one in set_backs)
    return tuple(found)
