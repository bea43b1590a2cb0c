"""Sound over edges: which of them it bends round, and what that and the ground on both sides take.

Heights and distances are those of a cut (`profiles.cut`) along a path of length `length` in plan, from a source to a receiver.
Source: Directive (EU) 2015/996 with (EU) 2021/1226, annex, 2.5.6.
"""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled, inlined
from .ground import COUNT, FREQUENCIES, SPEED_OF_SOUND, corrected_factor, ground_share
from .profiles import TOPS, Workspace, mean_factor, mean_plane

LEAST_OVER_EDGES = 10.0**-2.5  # an edge takes 25 dB at most
BEND_LEAST = 1000.0  # metres, the least radius of rays in favourable conditions
SEVERAL = 0.3  # metres between the first and the last edge from which on they count as several
LONGEST_WAVE = SPEED_OF_SOUND / 63.0


@compiled
def arc(chord: float, radius: float) -> float:
    """Length of an arc over a chord; radius 0 for a straight line."""
    if radius == 0.0 or chord == 0.0:
        return chord
    return 2.0 * radius * np.arcsin(min(chord / (2.0 * radius), 1.0))


@compiled
def bend_radius(distance: float) -> float:
    """Radius of the rays in favourable conditions, metres."""
    return max(BEND_LEAST, 8.0 * distance)


@compiled
def _rise(x1: float, z1: float, x2: float, z2: float, radius: float, x: float) -> float:
    """How far the arc between two points lies above its chord at x."""
    if radius == 0.0:
        return 0.0
    dx, dz = x2 - x1, z2 - z1
    chord = np.sqrt(dx * dx + dz * dz)
    if chord == 0.0 or chord >= 2.0 * radius or dx <= 0.0:
        return 0.0
    down = np.sqrt(radius * radius - chord * chord / 4.0)
    centre_x, centre_z = (x1 + x2) / 2.0 + down * dz / chord, (z1 + z2) / 2.0 - down * dx / chord
    inside = radius * radius - (x - centre_x) ** 2
    return max(centre_z + np.sqrt(inside) - (z1 + dz * (x - x1) / dx), 0.0) if inside > 0.0 else 0.0


@compiled
def difference(sx: float, sz: float, ox: float, oz: float, rx: float, rz: float, radius: float) -> float:
    """δ over one edge, metres: positive if the edge hides the receiver. radius : of the rays, 0 for straight ones.

    Source: (2.5.24) and (2.5.25).
    """
    so, ro, sr = np.hypot(ox - sx, oz - sz), np.hypot(rx - ox, rz - oz), np.hypot(rx - sx, rz - sz)
    line = sz + (rz - sz) * (ox - sx) / (rx - sx) if rx != sx else sz
    if oz >= line:
        return arc(so, radius) + arc(ro, radius) - arc(sr, radius)
    if radius == 0.0:
        return -(so + ro - sr)
    sa, ra = np.hypot(ox - sx, line - sz), np.hypot(rx - ox, rz - line)
    return 2.0 * arc(sa, radius) + 2.0 * arc(ra, radius) - arc(so, radius) - arc(ro, radius) - arc(sr, radius)


@inlined
def hull(work: Workspace, sz: float, rz: float, length: float, radius: float, chosen: IntArray) -> int:
    """The edges that a ray over everything touches, from source to receiver: how many; chosen : room for their numbers among the tops."""
    count, tops, lowered = 0, work.tops, work.lowered
    for k in range(work.counts[TOPS] + 1):
        last = k == work.counts[TOPS]
        if last:
            x, z = length, rz
        else:
            x, z = tops[k, 0], tops[k, 1]
            line = sz + (rz - sz) * x / length
            if z <= line + 1e-9 or x <= 1e-9 or x >= length - 1e-9:
                continue
            z -= _rise(0.0, sz, length, rz, radius, x)
            if z <= line + 1e-9:
                continue
        while count > 0:
            bx, bz = tops[chosen[count - 1], 0], lowered[count - 1]
            ax, az = (tops[chosen[count - 2], 0], lowered[count - 2]) if count > 1 else (0.0, sz)
            if (bx - ax) * (z - az) - (bz - az) * (x - ax) < 0.0:
                break
            count -= 1
        if not last:
            chosen[count], lowered[count] = k, z
            count += 1
    return count


@compiled
def _near(x: float, z: float, sz: float, rz: float, length: float) -> bool:
    """Whether a place is near enough to the straight line to matter: a quick look that lets most edges go."""
    below = sz + (rz - sz) * x / length - z
    return below < 0.0 or below * below * length / (2.0 * x * (length - x)) < 1.5


@compiled
def edge_share(delta: float, spacing: float, band: int) -> float:
    """The share of energy that bends over edges, 10^(-0.1 Δ_dif), not bounded below. delta : metres. spacing : between the first and the
    last edge. Source: (2.5.21) to (2.5.23)."""
    wave = SPEED_OF_SOUND / FREQUENCIES[band]
    several = 1.0
    if spacing > SEVERAL:
        ratio = (5.0 * wave / spacing) ** 2
        several = (1.0 + ratio) / (1.0 / 3.0 + ratio)
    inner = 40.0 / wave * several * delta
    return 1.0 / (3.0 + inner) if inner > -2.0 else 1.0


@compiled
def _mirrored(x: float, z: float, a: float, b: float) -> tuple[float, float]:
    """A point seen in the line z = a x + b."""
    off = (z - a * x - b) / (1.0 + a * a)
    return x + 2.0 * a * off, z - 2.0 * off


@compiled
def _above(x: float, z: float, a: float, b: float) -> float:
    """Height of a point above the line z = a x + b, square to it."""
    return (z - a * x - b) / np.sqrt(1.0 + a * a)


@compiled
def _over_plane(
    plane: tuple[float, float, float],
    x1: float,
    z1: float,
    x2: float,
    z2: float,
    at_source: float,
    from_source: bool,
    favourable: bool,
    out: FloatArray,
) -> bool:
    """What the ground leaves between two points; plane : its line z = a x + b and its mean factor. Returns whether the outer end, source
    or receiver, lies above it."""
    a, b, factor = plane
    zs, zr = _above(x1, z1, a, b), _above(x2, z2, a, b)
    outer = zs > 0.0 if from_source else zr > 0.0
    zs, zr = max(zs, 0.0), max(zr, 0.0)
    dp = abs((x2 - x1) + a * (z2 - z1)) / np.sqrt(1.0 + a * a)
    corrected = corrected_factor(factor, at_source, zs, zr, dp) if from_source else factor
    ground_share(zs, zr, dp, factor, factor if favourable else corrected, corrected, favourable, out)
    return outer


@inlined
def _plane(work: Workspace, start: float, end: float) -> tuple[float, float, float]:
    a, b = mean_plane(work, start, end)
    return a, b, mean_factor(work, start, end)


@inlined
def ground_alone(work: Workspace, sz: float, rz: float, length: float, at_source: float, out: FloatArray) -> None:
    """What the ground of the whole path leaves. out : (2, 8), homogeneous and favourable."""
    plane = _plane(work, 0.0, length)
    for condition in range(2):
        _over_plane(plane, 0.0, sz, length, rz, at_source, True, condition == 1, out[condition])


@inlined
def _through(
    work: Workspace, chosen: IntArray, count: int, sx: float, sz: float, rx: float, rz: float, radius: float
) -> tuple[float, float]:
    """δ of the way over the hull's edges between two points, and the spacing of those edges."""
    first, last = work.tops[chosen[0]], work.tops[chosen[count - 1]]
    if count == 1:
        return difference(sx, sz, first[0], first[1], rx, rz, radius), 0.0
    between, spacing = 0.0, 0.0
    for k in range(count - 1):
        p, q = work.tops[chosen[k]], work.tops[chosen[k + 1]]
        step = np.hypot(q[0] - p[0], q[1] - p[1])
        spacing += step
        between += arc(step, radius)
    to, fro, direct = np.hypot(first[0] - sx, first[1] - sz), np.hypot(rx - last[0], rz - last[1]), np.hypot(rx - sx, rz - sz)
    return arc(to, radius) + between + arc(fro, radius) - arc(direct, radius), spacing


@compiled
def boundary(work: Workspace, sz: float, rz: float, length: float, at_source: float, over_edges: bool, out: FloatArray) -> tuple[int, int]:
    """The share of energy that ground and edges of the cut in the workspace leave, 10^(-0.1 A_boundary).

    sz, rz : absolute heights of source and receiver. at_source : ground factor there. over_edges : whether sound bends over edges at all.
    out : (2, 8), homogeneous and favourable. Returns how many edges stand in the way of both (0: source and receiver see each other); they
    are left in `work.hull` and `work.hull_favourable`.
    """
    distance = np.hypot(length, rz - sz)
    whole, sides = (0.0, 0.0, 0.0), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    laid, ends = False, (-1, -1)
    found = (0, 0)
    for condition in range(2):
        favourable = condition == 1
        radius, chosen = (bend_radius(distance), work.hull_favourable) if favourable else (0.0, work.hull)
        count = hull(work, sz, rz, length, radius, chosen) if over_edges else 0
        found = (found[0], count) if favourable else (count, 0)
        seen = count == 0
        if seen:
            if not laid:
                whole, laid = _plane(work, 0.0, length), True
            _over_plane(whole, 0.0, sz, length, rz, at_source, True, favourable, out[condition])
            best, at, tops = -LONGEST_WAVE / 20.0, -1, work.tops
            for k in range(work.counts[TOPS] if over_edges else 0):
                x, z = tops[k, 0], tops[k, 1]
                if 1e-9 < x < length - 1e-9 and _near(x, z, sz, rz, length):
                    delta = difference(0.0, sz, x, z, length, rz, radius)
                    if delta > best:
                        best, at = delta, k
            if at < 0:
                continue
            chosen[0] = at
            count = 1
        if ends != (chosen[0], chosen[count - 1]):  # often both conditions bend over the same edges
            ends = (chosen[0], chosen[count - 1])
            sides = (_plane(work, 0.0, work.tops[ends[0], 0]), _plane(work, work.tops[ends[1], 0], length))
        _over(work, chosen, count, seen, sides, sz, rz, length, at_source, favourable, radius, out[condition])
    return found


@inlined
def _over(
    work: Workspace,
    chosen: IntArray,
    count: int,
    seen: bool,
    sides: tuple[tuple[float, float, float], tuple[float, float, float]],
    sz: float,
    rz: float,
    length: float,
    at_source: float,
    favourable: bool,
    radius: float,
    out: FloatArray,
) -> None:
    """What the edges and the ground on both sides leave; where source and receiver see each other, in those bands alone that Rayleigh's
    criterion names."""
    first, last = work.tops[chosen[0]], work.tops[chosen[count - 1]]
    before, after = work.before, work.after
    source_above = _over_plane(sides[0], 0.0, sz, first[0], first[1], at_source, True, favourable, before)
    receiver_above = _over_plane(sides[1], last[0], last[1], length, rz, at_source, False, favourable, after)
    mirror_sx, mirror_sz = _mirrored(0.0, sz, sides[0][0], sides[0][1])
    mirror_rx, mirror_rz = _mirrored(length, rz, sides[1][0], sides[1][1])
    delta, spacing = _through(work, chosen, count, 0.0, sz, length, rz, radius)
    image = difference(mirror_sx, mirror_sz, first[0], first[1], mirror_rx, mirror_rz, radius) if seen else 0.0
    from_image, spacing1 = _through(work, chosen, count, mirror_sx, mirror_sz, length, rz, radius)
    to_image, spacing2 = _through(work, chosen, count, 0.0, sz, mirror_rx, mirror_rz, radius)
    for band in range(COUNT):
        wave = SPEED_OF_SOUND / FREQUENCIES[band]
        if seen and not (delta > -wave / 20.0 and delta > wave / 4.0 - image):
            continue
        straight = edge_share(delta, spacing, band)
        left = max(straight, LEAST_OVER_EDGES)
        left *= _beside(before[band], edge_share(from_image, spacing1, band) / straight) if source_above else before[band]
        left *= _beside(after[band], edge_share(to_image, spacing2, band) / straight) if receiver_above else after[band]
        out[band] = left


@compiled
def _beside(ground: float, image: float) -> float:
    """10^(-0.1 Δ_ground): the ground's part on one side of an edge. image : the share over the edge from (or to) the image, to that from
    the point itself. Source: (2.5.29), (2.5.31)."""
    return (1.0 + (np.sqrt(ground) - 1.0) * np.sqrt(image)) ** 2
