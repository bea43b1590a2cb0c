"""Vertical cuts along paths in plan: the ground with roofs on it, what stands up, and how porous the ground is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled, inlined
from .ground import COUNT
from .surroundings import COVER, GROUND, HOUSE, WALL, Scene, height_at

MOST = 4096  # crossings of one path; what lies beyond is left out
MOST_POINTS = 256  # of a way round upright edges
MOST_AROUND = 64  # houses and walls that are gone round at once
MOST_ORDER = 3  # of reflections
MOST_IMAGES = 20_000  # of one receiver
LAND, POROSITY, SPANS, PROFILE, TOPS, STAMP = range(6)  # what `Workspace.counts` counts


class Workspace(NamedTuple):
    """Room for one path at a time, so that nothing is allocated while paths are followed.

    stamps : (m,) the path that last met each edge. crossing : (n, 2) distance along the path, height there; edge : (n,) which.
    land : (n, 2) distance and height of the bare ground. porosity : (n, 2) from a distance on, the factor G. spans : (n, 5) houses: from,
    height, to, height, owner. profile : (n, 2) ground and roofs. tops : (n, 3) what sound may bend over: distance, height, owner.
    hull, hull_favourable : (n,) numbers of tops; lowered : (n,) their heights against the ray. before, after : (8,) shares. counts : of
    each, and the number of the path.

    path : (n, 3) points of a path; skips : (n,) the face at each, -1 for none. owners : (n,) what is gone round; around, chain, taut :
    (n, 2) points along and across a path; aside : (1,) metres that ways round edges went off the straight line, at most. images : (n, 6)
    of the receiver and both ends of their faces; via : (n, 3) see `reflections.images`. share, energy : (2, 8).
    """

    stamps: npt.NDArray[np.int32]
    crossing: FloatArray
    edge: npt.NDArray[np.int32]
    land: FloatArray
    porosity: FloatArray
    spans: FloatArray
    profile: FloatArray
    tops: FloatArray
    hull: IntArray
    hull_favourable: IntArray
    lowered: FloatArray
    before: FloatArray
    after: FloatArray
    counts: IntArray
    path: FloatArray
    skips: IntArray
    owners: FloatArray
    around: FloatArray
    chain: FloatArray
    taut: FloatArray
    images: FloatArray
    via: npt.NDArray[np.int32]
    share: FloatArray
    energy: FloatArray
    aside: FloatArray


def workspace(scene: Scene) -> Workspace:
    """Room for paths through a scene."""
    outline = int(np.diff(scene.round_starts).max(initial=0))
    return Workspace(
        np.zeros(len(scene.ends), np.int32),
        np.empty((MOST, 2)),
        np.empty(MOST, np.int32),
        np.empty((MOST, 2)),
        np.empty((MOST, 2)),
        np.empty((MOST, 5)),
        np.empty((2 * MOST, 2)),
        np.empty((2 * MOST, 3)),
        np.empty(2 * MOST, np.int64),
        np.empty(2 * MOST, np.int64),
        np.empty(2 * MOST),
        np.empty(COUNT),
        np.empty(COUNT),
        np.zeros(6, np.int64),
        np.empty((MOST_POINTS, 3)),
        np.full(MOST_POINTS, -1),
        np.empty(MOST_AROUND),
        np.empty((2 * outline + 2, 2)),
        np.empty((MOST_POINTS, 2)),
        np.empty((MOST_POINTS + 2, 2)),
        np.empty((MOST_IMAGES, 6)),
        np.empty((MOST_IMAGES, 3), np.int32),
        np.empty((2, COUNT)),
        np.empty((2, COUNT)),
        np.zeros(1),
    )


@inlined
def _follow(
    ends: FloatArray,
    starts: IntArray,
    items: npt.NDArray[np.int32],
    grid: FloatArray,
    shape: IntArray,
    stamps: npt.NDArray[np.int32],
    stamp: int,
    crossing: FloatArray,
    edges: npt.NDArray[np.int32],
    count: int,
    x: float,
    y: float,
    to_x: float,
    to_y: float,
    start: float,
    skip1: int,
    skip2: int,
) -> int:
    """Add what a straight piece of a path crosses; returns how many crossings there are then.

    start : where on the path it begins. skip1, skip2 : edges left out. Takes arrays alone, for each tuple of arrays that is handed on costs
    more than an edge's test.
    """
    dx, dy = to_x - x, to_y - y
    square = dx * dx + dy * dy
    if square == 0.0:
        return count
    length = np.sqrt(square)
    left, low, size = grid[0], grid[1], grid[2]
    columns, lines = shape[0], shape[1]
    enter, leave = 0.0, 1.0
    for axis in range(2):
        position, step = (x - left, dx) if axis == 0 else (y - low, dy)
        extent = (columns if axis == 0 else lines) * size
        if step == 0.0:
            if position < 0.0 or position > extent:
                return count
        else:
            t1, t2 = -position / step, (extent - position) / step
            enter, leave = max(enter, min(t1, t2)), min(leave, max(t1, t2))
    if enter > leave:
        return count
    i = min(max(int((x + enter * dx - left) / size), 0), columns - 1)
    j = min(max(int((y + enter * dy - low) / size), 0), lines - 1)
    step_i, step_j = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
    next_x = (left + (i + (1 if dx > 0 else 0)) * size - x) / dx if dx != 0.0 else np.inf
    next_y = (low + (j + (1 if dy > 0 else 0)) * size - y) / dy if dy != 0.0 else np.inf
    across_x = size / abs(dx) if dx != 0.0 else np.inf
    across_y = size / abs(dy) if dy != 0.0 else np.inf
    while True:
        cell = j * columns + i
        for k in range(starts[cell], starts[cell + 1]):
            edge = items[k]
            if stamps[edge] == stamp or edge in (skip1, skip2):
                continue
            stamps[edge] = stamp
            ax, ay, bx, by = ends[edge, 0], ends[edge, 1], ends[edge, 3], ends[edge, 4]
            a = dx * (ay - y) - dy * (ax - x)
            b = dx * (by - y) - dy * (bx - x)
            if (a > 0.0) == (b > 0.0):
                continue
            w = a / (a - b)
            along = ((ax + w * (bx - ax) - x) * dx + (ay + w * (by - ay) - y) * dy) / length
            if along < 0.0 or along >= length or count >= MOST:
                continue
            along += start
            place = count
            while place > 0 and crossing[place - 1, 0] > along:  # cells come in order, so this is short
                crossing[place, 0], crossing[place, 1] = crossing[place - 1, 0], crossing[place - 1, 1]
                edges[place] = edges[place - 1]
                place -= 1
            crossing[place, 0] = along
            crossing[place, 1] = ends[edge, 2] + w * (ends[edge, 5] - ends[edge, 2])
            edges[place] = edge
            count += 1
        if next_x < next_y:
            if next_x > leave:
                return count
            i += step_i
            next_x += across_x
        else:
            if next_y > leave:
                return count
            j += step_j
            next_y += across_y
        if i < 0 or j < 0 or i >= columns or j >= lines:
            return count


@inlined
def _set_porosity(
    kind: npt.NDArray[np.int8],
    sides: FloatArray,
    crossing: FloatArray,
    edges: npt.NDArray[np.int32],
    crossings: int,
    at_source: float,
    porosity: FloatArray,
) -> int:
    """How porous the ground is, piece by piece. Where several borders meet in one point they are taken in the order that fits."""
    porosity[0, 0], porosity[0, 1] = -1.0, at_source
    count, current, k = 1, at_source, 0
    while k < crossings:
        if kind[edges[k]] != COVER:
            k += 1
            continue
        together = k
        while together + 1 < crossings and crossing[together + 1, 0] - crossing[k, 0] < 1e-7:
            together += 1
        used = 0
        for _ in range(together - k + 1):
            for m in range(k, together + 1):
                if kind[edges[m]] != COVER or (m - k < 63 and (used >> (m - k)) & 1):
                    continue
                from_left = crossing[m, 1] > 0.0
                before, after = (sides[edges[m], 0], sides[edges[m], 1]) if from_left else (sides[edges[m], 1], sides[edges[m], 0])
                if before == current or together == k:
                    current = after
                    used |= 1 << (m - k)
                    break
        porosity[count, 0], porosity[count, 1] = crossing[k, 0], current
        count += 1
        k = together + 1
    return count


@inlined
def _set_spans(
    kind: npt.NDArray[np.int8],
    owners: npt.NDArray[np.int32],
    crossing: FloatArray,
    edges: npt.NDArray[np.int32],
    crossings: int,
    length: float,
    spans: FloatArray,
) -> int:
    """Where the path passes over houses, in order along the path. One that begins or ends inside a house reaches to the path's end."""
    count = 0
    for k in range(crossings):
        edge = edges[k]
        if kind[edge] != HOUSE:
            continue
        owner, found = float(owners[edge]), False
        for s in range(count - 1, -1, -1):
            if spans[s, 4] == owner:
                if np.isnan(spans[s, 2]):
                    spans[s, 2], spans[s, 3] = crossing[k, 0], crossing[k, 1]
                    found = True
                break
        if not found:
            spans[count, 0], spans[count, 1] = crossing[k, 0], crossing[k, 1]
            spans[count, 2], spans[count, 3], spans[count, 4] = np.nan, np.nan, owner
            count += 1
    kept = 0
    for s in range(count):
        if np.isnan(spans[s, 2]):
            spans[s, 2], spans[s, 3] = length, spans[s, 1]
        if spans[s, 2] > spans[s, 0] + 1e-9:
            for c in range(5):
                spans[kept, c] = spans[s, c]
            kept += 1
    for s in range(1, kept):
        if spans[s, 0] < spans[s - 1, 2] - 1e-9:
            return _untangle(spans, kept)
    return kept


@compiled
def _untangle(spans: FloatArray, count: int) -> int:
    """Houses that overlap: at each place the higher roof counts."""
    old = spans[:count].copy()
    breaks = np.sort(np.concatenate((old[:, 0], old[:, 2])))
    made = 0
    for b in range(len(breaks) - 1):
        start, end = breaks[b], breaks[b + 1]
        if end - start < 1e-9:
            continue
        best, first, last = -1, -np.inf, -np.inf
        for s in range(count):
            if old[s, 0] <= start + 1e-9 and old[s, 2] >= end - 1e-9:
                slope = (old[s, 3] - old[s, 1]) / (old[s, 2] - old[s, 0])
                z1, z2 = old[s, 1] + slope * (start - old[s, 0]), old[s, 1] + slope * (end - old[s, 0])
                if z1 + z2 > first + last:
                    best, first, last = s, z1, z2
        if best < 0 or made >= MOST:
            continue
        if made and spans[made - 1, 4] == old[best, 4] and abs(spans[made - 1, 2] - start) < 1e-9:
            spans[made - 1, 2], spans[made - 1, 3] = end, last
        else:
            spans[made, 0], spans[made, 1], spans[made, 2], spans[made, 3] = start, first, end, last
            spans[made, 4] = old[best, 4]
            made += 1
    return made


@compiled
def _add_top(tops: FloatArray, count: int, along: float, height: float, owner: float) -> int:
    while count > 0 and tops[count - 1, 0] > along:
        tops[count, 0], tops[count, 1], tops[count, 2] = tops[count - 1, 0], tops[count - 1, 1], tops[count - 1, 2]
        count -= 1
    tops[count, 0], tops[count, 1], tops[count, 2] = along, height, owner
    return 1


@inlined
def _set_profile(land: FloatArray, points: int, spans: FloatArray, houses: int, profile: FloatArray, tops: FloatArray) -> tuple[int, int]:
    """Lay houses on the ground: how many points the profile has, and how many of them sound may bend over.

    Over a hollow in the ground nothing bends.
    """
    count, high, span = 0, 0, 0
    for k in range(points):
        along, height = land[k, 0], land[k, 1]
        while span < houses and spans[span, 0] <= along:
            start, end = spans[span, 0], spans[span, 2]
            foot, heel, m = height, height, max(k - 1, 0)
            if k > 0:
                foot = _between(land, m, start)
            while m < points - 2 and land[m + 1, 0] < end:
                m += 1
            heel = _between(land, m, end)
            profile[count, 0], profile[count, 1] = start, foot
            profile[count + 1, 0], profile[count + 1, 1] = start, spans[span, 1]
            profile[count + 2, 0], profile[count + 2, 1] = end, spans[span, 3]
            profile[count + 3, 0], profile[count + 3, 1] = end, heel
            count += 4
            high += _add_top(tops, high, start, spans[span, 1], spans[span, 4])
            high += _add_top(tops, high, end, spans[span, 3], spans[span, 4])
            span += 1
        if span == 0 or spans[span - 1, 2] <= along:
            profile[count, 0], profile[count, 1] = along, height
            count += 1
            if 0 < k < points - 1:
                before, after = along - land[k - 1, 0], land[k + 1, 0] - along
                if (height - land[k - 1, 1]) * after >= (land[k + 1, 1] - height) * before:
                    high += _add_top(tops, high, along, height, -1.0)
    return count, high


@compiled
def _between(land: FloatArray, k: int, along: float) -> float:
    """Height of the bare ground at a distance, between points k and k + 1."""
    wide = land[k + 1, 0] - land[k, 0]
    return land[k, 1] + (land[k + 1, 1] - land[k, 1]) * (along - land[k, 0]) / wide if wide > 0.0 else land[k, 1]


@compiled
def cut(scene: Scene, work: Workspace, points: int, at_source: float) -> float:
    """Lay a vertical cut along the path in the workspace and keep it there; returns the path's length in plan.

    points : how many `work.path` has: source, bends and receiver. The edges in `work.skips` are not regarded where they touch (the walls
    that reflect there). at_source : the ground factor at the source.
    """
    path, skips = work.path, work.skips
    counts, crossing, edges, kind, ends = work.counts, work.crossing, work.edge, scene.kind, scene.ends
    if counts[STAMP] > 2_000_000_000:
        work.stamps[:] = 0
        counts[STAMP] = 0
    length, crossings = 0.0, 0
    for k in range(points - 1):
        first = crossings
        dx, dy = path[k + 1, 0] - path[k, 0], path[k + 1, 1] - path[k, 1]
        counts[STAMP] += 1
        crossings = _follow(
            ends, scene.starts, scene.items, scene.grid, scene.shape, work.stamps, counts[STAMP], crossing, edges, crossings,
            path[k, 0], path[k, 1], path[k + 1, 0], path[k + 1, 1], length, skips[k], skips[k + 1],
        )  # fmt: skip
        for m in range(first, crossings):
            edge = edges[m]
            if kind[edge] == COVER:  # their height is not needed: whether the path goes from left to right is
                crossing[m, 1] = dx * (ends[edge, 4] - ends[edge, 1]) - dy * (ends[edge, 3] - ends[edge, 0])
        length += np.sqrt(dx * dx + dy * dy)

    land, count, bend, at = work.land, 0, 0, 0.0
    for k in range(crossings + 1):
        last = k == crossings
        while bend < points and (last or at <= crossing[k, 0]) and count < MOST:
            land[count, 0], land[count, 1] = at, height_at(scene, path[bend, 0], path[bend, 1])
            count, bend = count + 1, bend + 1
            if bend < points:
                at += np.sqrt((path[bend, 0] - path[bend - 1, 0]) ** 2 + (path[bend, 1] - path[bend - 1, 1]) ** 2)
        if not last and kind[edges[k]] == GROUND and count < MOST:
            land[count, 0], land[count, 1] = crossing[k, 0], crossing[k, 1]
            count += 1
    counts[LAND] = count
    counts[POROSITY] = _set_porosity(kind, scene.sides, crossing, edges, crossings, at_source, work.porosity)
    counts[SPANS] = _set_spans(kind, scene.owner, crossing, edges, crossings, length, work.spans)
    counts[PROFILE], high = _set_profile(land, count, work.spans, counts[SPANS], work.profile, work.tops)
    for k in range(crossings):
        edge = edges[k]
        if kind[edge] == WALL:
            high += _add_top(work.tops, high, crossing[k, 0], crossing[k, 1], float(scene.owner[edge]))
    counts[TOPS] = high
    return length


@inlined
def straight(scene: Scene, work: Workspace, source: FloatArray, receiver: FloatArray, factor: float) -> float:
    """Cut straight from source to receiver; returns the length in plan."""
    work.path[0, 0], work.path[0, 1], work.path[1, 0], work.path[1, 1] = source[0], source[1], receiver[0], receiver[1]
    work.skips[0], work.skips[1] = -1, -1
    return cut(scene, work, 2, factor)


@inlined
def mean_factor(work: Workspace, start: float, end: float) -> float:
    """G_path between two distances: the mean ground factor, roofs counting as hard."""
    if end <= start:
        return 0.0
    total, porosity, spans, pieces, houses = 0.0, work.porosity, work.spans, work.counts[POROSITY], work.counts[SPANS]
    for k in range(pieces):
        left = max(porosity[k, 0], start)
        right = min(porosity[k + 1, 0], end) if k + 1 < pieces else end
        if right <= left or porosity[k, 1] == 0.0:
            continue
        free = right - left
        for s in range(houses):
            free -= max(0.0, min(spans[s, 2], right) - max(spans[s, 0], left))
        total += free * porosity[k, 1]
    return total / (end - start)


@inlined
def mean_plane(work: Workspace, start: float, end: float) -> tuple[float, float]:
    """The line z = a u + b with the least squares of distance to the profile between two distances: (a, b).

    Source: Directive (EU) 2015/996, annex, 2.5.3, formulas (2.5.3) and (2.5.4).
    """
    size, profile, points = end - start, work.profile, work.counts[PROFILE]
    if size <= 0.0:
        return 0.0, profile[0, 1]
    total, moment = 0.0, 0.0  # of z and u z over the stretch, u from its start
    for k in range(points - 1):
        u1, z1, u2, z2 = profile[k, 0], profile[k, 1], profile[k + 1, 0], profile[k + 1, 1]
        if u2 <= start or u1 >= end or u2 <= u1:
            continue
        slope = (z2 - z1) / (u2 - u1)
        if u1 < start:
            z1, u1 = z1 + slope * (start - u1), start
        if u2 > end:
            z2, u2 = z1 + slope * (end - u1), end
        u1, u2 = u1 - start, u2 - start
        total += (z1 + z2) / 2 * (u2 - u1)
        moment += slope * (u2**3 - u1**3) / 3 + (z1 - slope * u1) * (u2**2 - u1**2) / 2
    mean = total / size
    a = 12.0 * (moment - mean * size * size / 2) / size**3
    return a, mean - a * (start + size / 2)
