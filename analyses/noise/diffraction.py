"""Sound over edges: which of them it bends round, and what that and the ground on both sides take.

Heights and distances are those of a cut (`profiles.cut`) along a path of length `length` in plan, from a source to a receiver.
Source: Directive (EU) 2015/996 with (EU) 2021/1226, annex, 2.5.6.
"""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray
from .compiled import compiled
from .ground import COUNT, FREQUENCIES, SPEED_OF_SOUND, TENTH, corrected_factor, ground_attenuation
from .profiles import TOPS, Workspace, mean_factor, mean_plane

MOST_OVER_EDGES = 25.0  # dB
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


@compiled
def hull(work: Workspace, sz: float, rz: float, length: float, radius: float) -> int:
    """The edges that a ray over everything touches, from source to receiver; their numbers are kept in `work.hull`."""
    count, tops, chosen, lowered = 0, work.tops, work.hull, work.lowered
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
def edge_loss(delta: float, spacing: float, band: int) -> float:
    """Δ_dif, dB, not bounded above. delta : metres. spacing : between the first and the last edge. Source: (2.5.21) to (2.5.23)."""
    wave = SPEED_OF_SOUND / FREQUENCIES[band]
    several = 1.0
    if spacing > SEVERAL:
        ratio = (5.0 * wave / spacing) ** 2
        several = (1.0 + ratio) / (1.0 / 3.0 + ratio)
    inner = 40.0 / wave * several * delta
    return max(10.0 * np.log10(3.0 + inner), 0.0) if inner >= -2.0 else 0.0


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
def _side(
    work: Workspace, x1: float, z1: float, x2: float, z2: float, at_source: float, from_source: bool, favourable: bool, out: FloatArray
) -> tuple[float, float, bool]:
    """A_ground between two points over the mean plane of what lies between: (a, b of the plane, whether the outer end is above)."""
    a, b = mean_plane(work, x1, x2)
    zs, zr = _above(x1, z1, a, b), _above(x2, z2, a, b)
    outer = zs > 0.0 if from_source else zr > 0.0
    zs, zr = max(zs, 0.0), max(zr, 0.0)
    run = np.sqrt(1.0 + a * a)
    dp = abs((x2 - x1) + a * (z2 - z1)) / run
    factor = mean_factor(work, x1, x2)
    corrected = corrected_factor(factor, at_source, zs, zr, dp) if from_source else factor
    ground_attenuation(zs, zr, dp, factor, factor if favourable else corrected, corrected, favourable, out)
    return a, b, outer


@compiled
def ground_alone(work: Workspace, sz: float, rz: float, length: float, at_source: float, favourable: bool, out: FloatArray) -> None:
    """A_ground of the whole path, dB in each band."""
    _side(work, 0.0, sz, length, rz, at_source, True, favourable, out)


@compiled
def _through(work: Workspace, count: int, sx: float, sz: float, rx: float, rz: float, radius: float) -> tuple[float, float]:
    """δ of the way over the hull's edges between two points, and the spacing of those edges."""
    first, last = work.tops[work.hull[0]], work.tops[work.hull[count - 1]]
    if count == 1:
        return difference(sx, sz, first[0], first[1], rx, rz, radius), 0.0
    between, spacing = 0.0, 0.0
    for k in range(count - 1):
        p, q = work.tops[work.hull[k]], work.tops[work.hull[k + 1]]
        step = np.hypot(q[0] - p[0], q[1] - p[1])
        spacing += step
        between += arc(step, radius)
    to, fro, direct = np.hypot(first[0] - sx, first[1] - sz), np.hypot(rx - last[0], rz - last[1]), np.hypot(rx - sx, rz - sz)
    return arc(to, radius) + between + arc(fro, radius) - arc(direct, radius), spacing


@compiled
def boundary(
    work: Workspace, sz: float, rz: float, length: float, at_source: float, favourable: bool, over_edges: bool, out: FloatArray
) -> int:
    """A_boundary of the cut that the workspace holds, dB in each band: ground, or edges with the ground on both sides.

    sz, rz : absolute heights of source and receiver. at_source : ground factor there. over_edges : whether sound bends over edges at all.
    Returns how many edges stand in the way (0: source and receiver see each other); they are left in `work.hull`.
    """
    distance = np.hypot(length, rz - sz)
    radius = bend_radius(distance) if favourable else 0.0
    count = hull(work, sz, rz, length, radius) if over_edges else 0
    seen = count == 0
    if seen:
        ground_alone(work, sz, rz, length, at_source, favourable, out)
        if not over_edges:
            return 0
        best, at = -LONGEST_WAVE / 20.0, -1
        tops = work.tops
        for k in range(work.counts[TOPS]):
            x, z = tops[k, 0], tops[k, 1]
            if 1e-9 < x < length - 1e-9 and _near(x, z, sz, rz, length):
                delta = difference(0.0, sz, x, z, length, rz, radius)
                if delta > best:
                    best, at = delta, k
        if at < 0:
            return 0
        work.hull[0] = at
        count = 1
    first, last = work.tops[work.hull[0]], work.tops[work.hull[count - 1]]
    before, after = np.empty(COUNT), np.empty(COUNT)
    a1, b1, source_above = _side(work, 0.0, sz, first[0], first[1], at_source, True, favourable, before)
    a2, b2, receiver_above = _side(work, last[0], last[1], length, rz, at_source, False, favourable, after)
    mirror_sx, mirror_sz = _mirrored(0.0, sz, a1, b1)
    mirror_rx, mirror_rz = _mirrored(length, rz, a2, b2)
    delta, spacing = _through(work, count, 0.0, sz, length, rz, radius)
    image = difference(mirror_sx, mirror_sz, first[0], first[1], mirror_rx, mirror_rz, radius) if seen else 0.0
    from_image, spacing1 = _through(work, count, mirror_sx, mirror_sz, length, rz, radius)
    to_image, spacing2 = _through(work, count, 0.0, sz, mirror_rx, mirror_rz, radius)
    for band in range(COUNT):
        wave = SPEED_OF_SOUND / FREQUENCIES[band]
        if seen and not (delta > -wave / 20.0 and delta > wave / 4.0 - image):
            continue
        direct = edge_loss(delta, spacing, band)
        loss = min(direct, MOST_OVER_EDGES)
        loss += _beside(before[band], edge_loss(from_image, spacing1, band) - direct) if source_above else before[band]
        loss += _beside(after[band], edge_loss(to_image, spacing2, band) - direct) if receiver_above else after[band]
        out[band] = loss
    return 0 if seen else count


@compiled
def _beside(ground: float, more: float) -> float:
    """Δ_ground: the ground's part on one side of an edge. more : by how much the image's way is weaker. Source: (2.5.29), (2.5.31)."""
    return -20.0 * np.log10(1.0 + (np.exp(-TENTH * ground / 2.0) - 1.0) * np.exp(-TENTH * more / 2.0))
