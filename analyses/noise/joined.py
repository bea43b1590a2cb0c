"""Houses that touch: one obstacle to the sound that goes round them, and the wall that two of them share sends nothing back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from ...jena_city.arrays import FloatArray, IntArray, groups, parted

SHARED = 0.5  # metres of a wall that two houses share at least: less is a corner
STANDS_OUT = 1.0  # metres that a wall must rise above the house at it to send sound back there
Shapes = npt.NDArray[np.object_]
TOUCHING = 0.15  # metres between two houses up to which no sound passes; less than `corridor.CLOSE`
ALIKE = 1e-3  # metres that a corner may lie off the line of its neighbours and add nothing


def joined(outlines: Sequence[FloatArray], houses: IntArray, shapes: Shapes) -> tuple[list[FloatArray], IntArray]:
    """What is gone round instead of each obstacle: outlines (n, 3) with their heights, and the number of each obstacle's own (o,).

    outlines : of the obstacles (n, 3), houses counter-clockwise. houses : (h,) which of them are; shapes : theirs, with courtyards. Houses
    that touch have the outer ring of all of them, each stretch as high as the house behind it; one that has no part in it (a tower in a
    lower building) keeps its own.
    """
    around, number = list(outlines), np.arange(len(outlines))
    if not len(houses):
        return around, number
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING)
    group = groups(first, second, len(houses))
    for members in (some for some in parted(np.arange(len(houses)), group) if len(some) > 1):
        ring, behind = _ring(shapes[members], [outlines[k] for k in houses[members]])
        if len(ring) > 2 and len(behind) > 1:
            mine = houses[members[behind]]
            number[mine], around[mine[0]] = mine[0], ring
    return around, number


def _ring(shapes: Shapes, outlines: Sequence[FloatArray]) -> tuple[FloatArray, IntArray]:
    """The outer ring of houses that touch (n, 3), counter-clockwise, and which of them stand behind any of it."""
    grown = shapely.union_all(shapely.buffer(shapes, TOUCHING, join_style="mitre"))
    whole = shapely.buffer(grown, -TOUCHING, join_style="mitre")
    if not isinstance(whole, shapely.Polygon) or whole.is_empty:
        return np.zeros((0, 3)), np.zeros(0, np.int64)
    ring = shapely.get_coordinates(shapely.normalize(shapely.Polygon(whole.exterior)).exterior)[::-1]  # normal rings run clockwise
    edges = shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))
    corners = shapely.points(np.vstack(outlines)[:, :2])
    edge, corner = shapely.STRtree(corners).query(edges, predicate="dwithin", distance=TOUCHING)
    along = shapely.line_locate_point(edges[edge], corners[corner])
    length = shapely.length(edges)
    cuts = np.concatenate([np.column_stack([edge, along]), *(np.column_stack([np.arange(len(edges)), at]) for at in (0 * length, length))])
    cuts = np.unique(np.round(cuts, 6), axis=0)
    piece = np.flatnonzero(cuts[1:, 0] == cuts[:-1, 0])
    of, start, end = cuts[piece, 0].astype(np.int64), cuts[piece, 1], cuts[piece + 1, 1]
    middle = shapely.line_interpolate_point(edges[of], (start + end) / 2)
    seen, house = shapely.STRtree(shapes).query(middle, predicate="dwithin", distance=TOUCHING)
    tops = np.array([float(outline[:, 2].mean()) for outline in outlines])
    highest = np.full(len(of), -1)
    order = np.argsort(tops[house], kind="stable")
    highest[seen[order]] = house[order]
    known = np.flatnonzero(highest >= 0)
    ends = np.stack([shapely.get_coordinates(shapely.line_interpolate_point(edges[of], at)) for at in (start, end)], axis=1)[known]
    high = np.repeat(tops[highest[known]], 2)
    return _without_needless(np.column_stack([ends.reshape(-1, 2), high])), np.unique(highest[known])


def _without_needless(ring: FloatArray) -> FloatArray:
    """A ring (n, 3) without corners that stand twice, or as high as both their neighbours and in line with them."""
    kept: list[FloatArray] = []
    for corner in ring:
        if kept and kept[-1][2] == corner[2]:
            if np.hypot(*(kept[-1] - corner)[:2]) < ALIKE:
                continue
            if len(kept) > 1 and kept[-2][2] == corner[2]:
                (dx, dy), (x, y) = (corner - kept[-2])[:2], (kept[-1] - kept[-2])[:2]
                if abs(dx * y - dy * x) < ALIKE * np.hypot(dx, dy) and x * dx + y * dy > 0.0:
                    kept.pop()
        kept.append(corner)
    if len(kept) > 1 and np.hypot(*(kept[-1] - kept[0])[:2]) < ALIKE and kept[-1][2] == kept[0][2]:
        kept.pop()
    return np.array(kept).reshape(-1, 3)


def without_shared(
    ends: FloatArray, owner: IntArray, outlines: Sequence[FloatArray], houses: IntArray, shapes: Shapes
) -> tuple[FloatArray, IntArray, npt.NDArray[np.bool_]]:
    """Edges (m, 6) cut where a house at them begins or ends; which of the old ones each is; which of them send sound back.

    owner : (m,) of the edges of houses, -1 of others. outlines, houses, shapes : as for `joined`. What stands behind another house that is
    as high, but for less than STANDS_OUT, sends nothing back.
    """
    of, back = np.arange(len(ends)), np.ones(len(ends), bool)
    mine = np.flatnonzero(owner >= 0)
    if not len(houses) or not len(mine):
        return ends, of, back
    tops = np.array([float(outlines[k][:, 2].mean()) for k in houses])
    row = np.full(int(houses.max()) + 1, -1)
    row[houses] = np.arange(len(houses))
    lines = shapely.linestrings(ends[mine].reshape(-1, 2, 3)[:, :, :2])
    edge, house = shapely.STRtree(shapes).query(lines, predicate="dwithin", distance=TOUCHING)
    own = row[owner[mine[edge]]]
    as_high = (house != own) & (tops[house] > tops[own] - STANDS_OUT)
    edge, house = edge[as_high], house[as_high]
    over = shapely.intersection(lines[edge], shapely.buffer(shapes[house], TOUCHING, join_style="mitre"))
    shared = shapely.length(over) > SHARED
    edge, over = edge[shared], over[shared]
    pieces, which, bare = [], [], []
    for mine_of in parted(np.arange(len(edge)), edge):
        one, covers = edge[mine_of[0]], over[mine_of]
        a, b, length = ends[mine[one], :3], ends[mine[one], 3:], shapely.length(lines[one])
        spots = shapely.points(shapely.get_coordinates(covers))
        cuts = np.unique(np.concatenate([[0.0, length], shapely.line_locate_point(lines[one], spots)]))
        cuts = cuts[np.concatenate([[True], np.diff(cuts) > ALIKE])]
        cuts[-1] = length
        middles = shapely.line_interpolate_point(lines[one], (cuts[1:] + cuts[:-1]) / 2)
        covered = shapely.dwithin(middles[:, None], covers[None], ALIKE).any(axis=1)
        share = (cuts / length)[:, None]
        pieces.append(np.hstack([a + share[:-1] * (b - a), a + share[1:] * (b - a)]))
        which.append(np.full(len(middles), mine[one]))
        bare.append(~covered)
    if not pieces:
        return ends, of, back
    whole = np.setdiff1d(of, mine[np.unique(edge)])
    of = np.concatenate([whole, *which])
    order = np.argsort(of, kind="stable")
    return np.vstack([ends[whole], *pieces])[order], of[order], np.concatenate([back[whole], *bare])[order]
