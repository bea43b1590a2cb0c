"""Vertical cuts along paths in plan: the ground with roofs on it, what stands up, and how porous the ground is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled
from .surroundings import COVER, GROUND, HOUSE, Scene, height_at

MOST = 4096  # crossings of one path; what lies beyond is left out
CROSSINGS, LAND, POROSITY, SPANS, PROFILE, TOPS = range(6)  # what `Workspace.counts` counts


class Workspace(NamedTuple):
    """Room for one path at a time, so that nothing is allocated while paths are followed.

    stamps : (m,) the path that last met each edge. crossing : (n, 2) distance along the path, height there; edge : (n,) which.
    land : (n, 2) distance and height of the bare ground. porosity : (n, 2) from a distance on, the factor G. spans : (n, 5) houses: from,
    height, to, height, owner. profile : (n, 2) ground and roofs. tops : (n, 3) what sound may bend over: distance, height, owner.
    hull : (n,) numbers of tops. counts : how many of each there are, and the number of the path.
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
    counts: IntArray


@compiled
def workspace(edges: int) -> Workspace:
    """Room for paths through a scene of so many edges."""
    return Workspace(
        np.zeros(edges, np.int32),
        np.empty((MOST, 2)),
        np.empty(MOST, np.int32),
        np.empty((MOST, 2)),
        np.empty((MOST, 2)),
        np.empty((MOST, 5)),
        np.empty((2 * MOST, 2)),
        np.empty((2 * MOST, 3)),
        np.empty(2 * MOST, np.int64),
        np.zeros(8, np.int64),
    )


@compiled
def _try_edge(scene: Scene, work: Workspace, edge: int, x: float, y: float, dx: float, dy: float, length: float, start: float) -> None:
    ends = scene.ends[edge]
    a = dx * (ends[1] - y) - dy * (ends[0] - x)
    b = dx * (ends[4] - y) - dy * (ends[3] - x)
    if (a > 0.0) == (b > 0.0):
        return
    w = a / (a - b)
    along = ((ends[0] + w * (ends[3] - ends[0]) - x) * dx + (ends[1] + w * (ends[4] - ends[1]) - y) * dy) / length
    count = work.counts[CROSSINGS]
    if along < 0.0 or along >= length or count >= MOST:
        return
    along += start
    place = count
    while place > 0 and work.crossing[place - 1, 0] > along:  # cells come in order, so this is short
        work.crossing[place] = work.crossing[place - 1]
        work.edge[place] = work.edge[place - 1]
        place -= 1
    work.crossing[place, 0] = along
    work.crossing[place, 1] = ends[2] + w * (ends[5] - ends[2])
    work.edge[place] = edge
    work.counts[CROSSINGS] = count + 1


@compiled
def _follow(scene: Scene, work: Workspace, x: float, y: float, to_x: float, to_y: float, start: float, skip1: int, skip2: int) -> None:
    """Add what a straight piece of a path crosses. start : where on the path it begins. skip1, skip2 : edges left out."""
    dx, dy = to_x - x, to_y - y
    length = np.sqrt(dx * dx + dy * dy)
    if length == 0.0:
        return
    work.counts[7] += 1
    stamp = work.counts[7]
    left, low, size = scene.grid
    enter, leave = 0.0, 1.0
    for axis in range(2):
        position, step = (x - left, dx) if axis == 0 else (y - low, dy)
        extent = scene.shape[axis] * size
        if step == 0.0:
            if position < 0.0 or position > extent:
                return
        else:
            t1, t2 = -position / step, (extent - position) / step
            enter, leave = max(enter, min(t1, t2)), min(leave, max(t1, t2))
    if enter > leave:
        return
    i = min(max(int((x + enter * dx - left) / size), 0), scene.shape[0] - 1)
    j = min(max(int((y + enter * dy - low) / size), 0), scene.shape[1] - 1)
    step_i, step_j = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
    next_x = (left + (i + (1 if dx > 0 else 0)) * size - x) / dx if dx != 0.0 else np.inf
    next_y = (low + (j + (1 if dy > 0 else 0)) * size - y) / dy if dy != 0.0 else np.inf
    while True:
        cell = j * scene.shape[0] + i
        for k in range(scene.starts[cell], scene.starts[cell + 1]):
            edge = scene.items[k]
            if work.stamps[edge] != stamp and edge != skip1 and edge != skip2:
                work.stamps[edge] = stamp
                _try_edge(scene, work, edge, x, y, dx, dy, length, start)
        if next_x < next_y:
            if next_x > leave:
                return
            i += step_i
            next_x += size / abs(dx)
        else:
            if next_y > leave:
                return
            j += step_j
            next_y += size / abs(dy)
        if i < 0 or j < 0 or i >= scene.shape[0] or j >= scene.shape[1]:
            return


@compiled
def _set_porosity(scene: Scene, work: Workspace, at_source: float) -> None:
    """How porous the ground is, piece by piece. Where several borders meet in one point they are taken in the order that fits."""
    work.porosity[0, 0], work.porosity[0, 1] = -1.0, at_source
    count, current, k = 1, at_source, 0
    crossings = work.counts[CROSSINGS]
    while k < crossings:
        if scene.kind[work.edge[k]] != COVER:
            k += 1
            continue
        together = k
        while together + 1 < crossings and work.crossing[together + 1, 0] - work.crossing[k, 0] < 1e-7:
            together += 1
        used = 0
        for _ in range(together - k + 1):
            for m in range(k, together + 1):
                if scene.kind[work.edge[m]] != COVER or (m - k < 63 and (used >> (m - k)) & 1):
                    continue
                before, after = _passing(scene, work, m)
                if before == current or together == k:
                    current = after
                    used |= 1 << (m - k)
                    break
        work.porosity[count, 0], work.porosity[count, 1] = work.crossing[k, 0], current
        count += 1
        k = together + 1
    work.counts[POROSITY] = count


@compiled
def _passing(scene: Scene, work: Workspace, crossing: int) -> tuple[float, float]:
    """The factors before and after a border, by its direction against the path's."""
    sides = scene.sides[work.edge[crossing]]
    if work.crossing[crossing, 1] > 0.0:
        return sides[0], sides[1]
    return sides[1], sides[0]


@compiled
def _set_spans(scene: Scene, work: Workspace, length: float) -> None:
    """Where the path passes over houses, in order along the path. One that begins or ends inside a house reaches to the path's end."""
    count = 0
    for k in range(work.counts[CROSSINGS]):
        edge = work.edge[k]
        if scene.kind[edge] != HOUSE:
            continue
        owner, found = float(scene.owner[edge]), False
        for s in range(count - 1, -1, -1):
            if work.spans[s, 4] == owner:
                if np.isnan(work.spans[s, 2]):
                    work.spans[s, 2], work.spans[s, 3] = work.crossing[k, 0], work.crossing[k, 1]
                    found = True
                break
        if not found:
            work.spans[count, 0], work.spans[count, 1] = work.crossing[k, 0], work.crossing[k, 1]
            work.spans[count, 2], work.spans[count, 3], work.spans[count, 4] = np.nan, np.nan, owner
            count += 1
    kept = 0
    for s in range(count):
        if np.isnan(work.spans[s, 2]):
            work.spans[s, 2], work.spans[s, 3] = length, work.spans[s, 1]
        if work.spans[s, 2] > work.spans[s, 0] + 1e-9:
            work.spans[kept] = work.spans[s]
            kept += 1
    work.counts[SPANS] = kept
    for s in range(1, kept):
        if work.spans[s, 0] < work.spans[s - 1, 2] - 1e-9:
            _untangle(work)
            return


@compiled
def _untangle(work: Workspace) -> None:
    """Houses that overlap: at each place the higher roof counts."""
    count = work.counts[SPANS]
    old = work.spans[:count].copy()
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
        if made and work.spans[made - 1, 4] == old[best, 4] and abs(work.spans[made - 1, 2] - start) < 1e-9:
            work.spans[made - 1, 2], work.spans[made - 1, 3] = end, last
        else:
            work.spans[made, 0], work.spans[made, 1], work.spans[made, 2], work.spans[made, 3] = start, first, end, last
            work.spans[made, 4] = old[best, 4]
            made += 1
    work.counts[SPANS] = made


@compiled
def _land_at(work: Workspace, along: float) -> float:
    """Height of the bare ground at a distance along the path."""
    low, high = 0, work.counts[LAND] - 1
    while high - low > 1:
        middle = (low + high) // 2
        if work.land[middle, 0] <= along:
            low = middle
        else:
            high = middle
    wide = work.land[high, 0] - work.land[low, 0]
    if wide <= 0.0:
        return work.land[low, 1]
    return work.land[low, 1] + (work.land[high, 1] - work.land[low, 1]) * (along - work.land[low, 0]) / wide


@compiled
def _add(work: Workspace, along: float, height: float, top: bool, owner: float) -> None:
    count = work.counts[PROFILE]
    work.profile[count, 0], work.profile[count, 1] = along, height
    work.counts[PROFILE] = count + 1
    if top:
        _add_top(work, along, height, owner)


@compiled
def _add_top(work: Workspace, along: float, height: float, owner: float) -> None:
    count = work.counts[TOPS]
    while count > 0 and work.tops[count - 1, 0] > along:
        work.tops[count] = work.tops[count - 1]
        count -= 1
    work.tops[count, 0], work.tops[count, 1], work.tops[count, 2] = along, height, owner
    work.counts[TOPS] += 1


@compiled
def cut(scene: Scene, work: Workspace, path: FloatArray, points: int, skips: IntArray, at_source: float) -> float:
    """Lay a vertical cut along a path and keep it in the workspace; returns the path's length in plan.

    path : (points, 2 or more) x, y of source, bends and receiver. skips : an edge for each point, not regarded where it touches (the wall
    that reflects there), or -1. at_source : the ground factor at the source.
    """
    for k in range(6):
        work.counts[k] = 0
    if work.counts[7] > 2_000_000_000:
        work.stamps[:] = 0
        work.counts[7] = 0
    length = 0.0
    bends = np.empty(points)
    for k in range(points - 1):
        bends[k] = length
        first = work.counts[CROSSINGS]
        dx, dy = path[k + 1, 0] - path[k, 0], path[k + 1, 1] - path[k, 1]
        _follow(scene, work, path[k, 0], path[k, 1], path[k + 1, 0], path[k + 1, 1], length, skips[k], skips[k + 1])
        for m in range(first, work.counts[CROSSINGS]):
            ends = scene.ends[work.edge[m]]
            if scene.kind[work.edge[m]] == COVER:  # their height is not needed: whether the path goes from left to right is
                work.crossing[m, 1] = dx * (ends[4] - ends[1]) - dy * (ends[3] - ends[0])
        length += np.sqrt(dx * dx + dy * dy)
    bends[points - 1] = length

    land, bend = 0, 0
    for k in range(work.counts[CROSSINGS] + 1):
        last = k == work.counts[CROSSINGS]
        while bend < points and (last or bends[bend] <= work.crossing[k, 0]) and land < MOST:
            work.land[land, 0], work.land[land, 1] = bends[bend], height_at(scene, path[bend, 0], path[bend, 1])
            land, bend = land + 1, bend + 1
        if not last and scene.kind[work.edge[k]] == GROUND and land < MOST:
            work.land[land] = work.crossing[k]
            land += 1
    work.counts[LAND] = land
    _set_porosity(scene, work, at_source)
    _set_spans(scene, work, length)

    span = 0
    for k in range(land):
        along = work.land[k, 0]
        while span < work.counts[SPANS] and work.spans[span, 0] <= along:
            _add_house(work, span)
            span += 1
        if span == 0 or work.spans[span - 1, 2] <= along:
            _add(work, along, work.land[k, 1], 0 < k < land - 1, -1.0)
    for k in range(work.counts[CROSSINGS]):
        edge = work.edge[k]
        if scene.kind[edge] > HOUSE:
            _add_top(work, work.crossing[k, 0], work.crossing[k, 1], float(scene.owner[edge]))
    return length


@compiled
def _add_house(work: Workspace, span: int) -> None:
    start, first, end, last, owner = work.spans[span]
    _add(work, start, _land_at(work, start), False, owner)
    _add(work, start, first, True, owner)
    _add(work, end, last, True, owner)
    _add(work, end, _land_at(work, end), False, owner)


@compiled
def mean_factor(work: Workspace, start: float, end: float) -> float:
    """G_path between two distances: the mean ground factor, roofs counting as hard."""
    if end <= start:
        return 0.0
    total = 0.0
    for k in range(work.counts[POROSITY]):
        left = max(work.porosity[k, 0], start)
        right = min(work.porosity[k + 1, 0], end) if k + 1 < work.counts[POROSITY] else end
        if right <= left or work.porosity[k, 1] == 0.0:
            continue
        free = right - left
        for s in range(work.counts[SPANS]):
            free -= max(0.0, min(work.spans[s, 2], right) - max(work.spans[s, 0], left))
        total += free * work.porosity[k, 1]
    return total / (end - start)


@compiled
def mean_plane(work: Workspace, start: float, end: float) -> tuple[float, float]:
    """The line z = a u + b with the least squares of distance to the profile between two distances: (a, b).

    Source: Directive (EU) 2015/996, annex, 2.5.3, formulas (2.5.3) and (2.5.4).
    """
    size = end - start
    if size <= 0.0:
        return 0.0, work.profile[0, 1] if work.counts[PROFILE] else 0.0
    total, moment, first = 0.0, 0.0, 0.0  # of z and u z over the stretch, u from its start
    for k in range(work.counts[PROFILE] - 1):
        u1, z1, u2, z2 = work.profile[k, 0], work.profile[k, 1], work.profile[k + 1, 0], work.profile[k + 1, 1]
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
        first += u2 - u1
    mean = total / size
    a = 12.0 * (moment - mean * size * size / 2) / size**3
    return a, mean - a * (start + size / 2)
