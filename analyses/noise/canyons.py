"""What built-up sides add to the noise of a road: D_refl. Source: RLS-19, 3.3.8."""

from __future__ import annotations

import numpy as np
import shapely

from ...jena_city.arrays import FloatArray, IntArray
from . import rls19
from .rls19_paths import MIDDLE
from .surroundings import HOUSE, WALL, Surroundings

SAMPLE = 5.0  # metres between places where the sides of a street are looked at
SECTION = 50.0  # metres to both sides of a piece's middle in which gaps are counted
CLOSED = 0.7  # share of a side that must be built up: gaps of less than 30 %
SKEW = float(np.cos(np.radians(20.0)))  # sides that lie farther off the street's direction do not face each other
ABSORBING = 1.0 - 10.0 ** (-0.1 * rls19.ABSORBING_LOSS)
WIDEST = 100.0  # metres from the street within which sides are looked for: farther apart they add less than half a decibel


def canyons(around: Surroundings, segments: FloatArray, row: IntArray) -> FloatArray:
    """D_refl of each piece (s,), dB: where at least 70 % of both sides are built up with façades or walls that face each other.

    segments : (s, 6) at the height of the source. row : (s,) the street of each. The height that counts is that of the lower side above
    the road. What takes 3 dB or more of a sound does not count as a side.
    """
    scene = around.scene
    upright = np.flatnonzero((scene.kind == HOUSE) | (scene.kind == WALL))
    upright = upright[scene.absorption[scene.owner[upright], MIDDLE] < ABSORBING]
    found = np.zeros(len(segments))
    if not len(upright) or not len(segments):
        return found
    of, places, direction = _samples(segments)
    ends = scene.ends[upright] + np.tile(around.origin, 2)
    tree = shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 3)[:, :, :2]))
    normal = np.column_stack([-direction[:, 1], direction[:, 0]])
    sides = []
    for sign in (1.0, -1.0):
        reach = places[:, :2] + sign * WIDEST * normal
        ray, edge = tree.query(shapely.linestrings(np.stack([places[:, :2], reach], axis=1)), predicate="intersects")
        sides.append(_first(ray, edge, ends, places, direction, sign * normal))
    (left, left_top), (right, right_top) = sides
    middles = (segments[:, :2] + segments[:, 3:5]) / 2
    of_row = row[of]
    for street in np.unique(row):
        here, pieces = np.flatnonzero(of_row == street), np.flatnonzero(row == street)
        close = np.hypot(*(places[here, None, :2] - middles[pieces]).transpose(2, 0, 1)) <= SECTION
        close |= of[here, None] == pieces
        for column, piece in enumerate(pieces):
            some = here[close[:, column]]
            hit = np.isfinite(left[some]), np.isfinite(right[some])
            if min(hit[0].mean(), hit[1].mean()) < CLOSED:
                continue
            width = left[some][hit[0]].mean() + right[some][hit[1]].mean()
            height = min(left_top[some][hit[0]].mean(), right_top[some][hit[1]].mean())
            found[piece] = rls19.canyon_addition(max(height, 0.0), width)
    return found


def _samples(segments: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Places along pieces of road: of which (n,), where (n, 3), and the direction there (n, 2)."""
    along = segments[:, 3:] - segments[:, :3]
    length = np.hypot(along[:, 0], along[:, 1])
    number = np.maximum(np.ceil(length / SAMPLE), 1).astype(np.int64)
    of = np.repeat(np.arange(len(segments)), number)
    step = np.arange(len(of)) - np.repeat(np.cumsum(number) - number, number)
    places = segments[of, :3] + ((step + 0.5) / number[of])[:, None] * along[of]
    return of, places, along[of, :2] / length[of, None]


def _first(
    ray: IntArray, edge: IntArray, ends: FloatArray, places: FloatArray, direction: FloatArray, outward: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The first edge that each ray meets: how far away (n,), NaN where none is met or it lies askew, and how high above the road (n,)."""
    span = ends[edge, 3:5] - ends[edge, :2]
    off = ends[edge, :2] - places[ray, :2]
    turn = outward[ray, 0] * span[:, 1] - outward[ray, 1] * span[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(np.abs(turn) > 1e-12, (off[:, 0] * span[:, 1] - off[:, 1] * span[:, 0]) / turn, np.inf)
    nearest = np.full(len(places), np.inf)
    np.minimum.at(nearest, ray, distance)
    first = np.flatnonzero((distance == nearest[ray]) & np.isfinite(distance))
    away_from, top = np.full(len(places), np.nan), np.full(len(places), np.nan)
    length = np.maximum(np.hypot(span[:, 0], span[:, 1]), 1e-9)
    facing = np.abs((span * direction[ray]).sum(axis=1)) / length >= SKEW
    kept = first[facing[first]]
    away_from[ray[kept]] = distance[kept]
    top[ray[kept]] = (ends[edge, 2] + ends[edge, 5])[kept] / 2 - places[ray[kept], 2] + rls19.SOURCE_HEIGHT
    return away_from, top
