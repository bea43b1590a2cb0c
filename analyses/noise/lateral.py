"""Sound round the upright edges of houses and walls: the taut string to the left and to the right of what stands in the way.

Only what the straight way from source to receiver meets is gone round, and only as far as it rises above the inclined plane through both.
Source: Directive (EU) 2015/996, annex, 2.5.6 (lateral diffraction), as ISO/TR 17534-4 applies it.
"""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray
from .compiled import compiled, inlined
from .profiles import LAND, TOPS, Workspace
from .surroundings import Scene

GROUND_IN_THE_WAY = 0.5  # metres: sources lie close above a ground that is known to some decimetres
CLEAR = 5e-3  # metres that the string keeps from corners, so that it does not cut along a façade


@inlined
def in_the_way(scene: Scene, work: Workspace, sz: float, rz: float, length: float) -> int:
    """The houses and walls of the cut that rise above the straight line, in the order of the path: how many, numbers in `work.owners`. Of
    houses that touch it is one; see `joined`."""
    count, owners = 0, work.owners
    for k in range(work.counts[TOPS]):
        u, z, owner = work.tops[k]
        if owner < 0.0 or not 0.0 < u < length or z <= sz + (rz - sz) * u / length + 1e-9:
            continue
        owner = float(scene.joined[int(owner)])
        known = False
        for m in range(count):
            known |= owners[m] == owner
        if not known and count < len(owners):
            owners[count] = owner
            count += 1
    return count


@inlined
def through_the_ground(work: Workspace, sz: float, rz: float, length: float) -> bool:
    """Whether the way round, whose cut the workspace holds, runs below the ground: then it is none. Houses that it meets do not count."""
    land, rise = work.land, 0.0
    for k in range(1, work.counts[LAND] - 1):
        rise = max(rise, land[k, 1] - sz - (rz - sz) * land[k, 0] / length)
    return rise > GROUND_IN_THE_WAY


@compiled
def string(scene: Scene, work: Workspace, count: int, source: FloatArray, receiver: FloatArray, left: bool) -> tuple[int, float, float]:
    """The way round `count` owners on one side: (points in `work.path`, length, spacing of its bends), lengths in space; 0 points where
    there is none."""
    chain, around, taut, path = work.chain, work.around, work.taut, work.path
    dx, dy = receiver[0] - source[0], receiver[1] - source[1]
    length = np.sqrt(dx * dx + dy * dy)
    rise = (receiver[2] - source[2]) / length
    side = 1.0 if left else -1.0
    made = 0
    for k in range(count):
        owner = int(work.owners[k])
        first, last = scene.round_starts[owner], scene.round_starts[owner + 1]
        size = _above_plane(scene, first, last, scene.closed[owner], source, dx / length, dy / length, side, rise, around)
        if scene.closed[owner]:
            made = _round_house(around, size, length, chain, made)
        else:
            made = _round_wall(around, size, length, chain, made)
        if made < 0:
            return 0, 0.0, 0.0
    _sort_if_between(chain, made, length)
    chain[made, 0], chain[made, 1] = length, 0.0
    taut[0] = 0.0
    points = 1
    for k in range(made + 1):
        if k < made and _inside(taut, points, chain[k]):
            continue
        while points > 1 and _turn(taut[points - 2], taut[points - 1], chain[k]) >= 0.0:
            points -= 1
        taut[points] = chain[k]
        points += 1
    if points < 3 or points > len(path):
        return 0, 0.0, 0.0
    for k in range(points):
        u, v = taut[k, 0], taut[k, 1]
        if 0 < k < points - 1:
            nx, ny = _outward(taut[k - 1], taut[k], taut[k + 1])
            u, v = u + CLEAR * nx, v + CLEAR * ny
        v *= side
        path[k, 0] = source[0] + (u * dx - v * dy) / length
        path[k, 1] = source[1] + (u * dy + v * dx) / length
        path[k, 2] = source[2] + rise * taut[k, 0]
        work.skips[k] = -1
    total, spacing = 0.0, 0.0
    for k in range(points - 1):
        step = np.sqrt((path[k + 1, 0] - path[k, 0]) ** 2 + (path[k + 1, 1] - path[k, 1]) ** 2 + (path[k + 1, 2] - path[k, 2]) ** 2)
        total += step
        if 0 < k < points - 2:
            spacing += step
    return points, total, spacing


@compiled
def off_the_line(work: Workspace, points: int, length: float) -> float:
    """How far the last string went off the straight line from source to receiver, metres."""
    most = 0.0
    for k in range(points):
        u, v = work.taut[k]
        most = max(most, np.hypot(max(-u, u - length, 0.0), v))
    return most


@compiled
def _sort_if_between(chain: FloatArray, count: int, length: float) -> None:
    """Corners that all lie between source and receiver need no order but that along the line: the string is then their convex hull."""
    for k in range(count):
        if not 0.0 <= chain[k, 0] <= length:
            return
    for k in range(1, count):
        u, v = chain[k, 0], chain[k, 1]
        place = k
        while place > 0 and chain[place - 1, 0] > u:
            chain[place, 0], chain[place, 1] = chain[place - 1, 0], chain[place - 1, 1]
            place -= 1
        chain[place, 0], chain[place, 1] = u, v


@compiled
def _inside(taut: FloatArray, points: int, c: FloatArray) -> bool:
    """Whether a corner lies between the string so far and the source: an obstacle farther on may reach back behind one before it."""
    if points < 3:
        return False
    for k in range(points):
        a, b = taut[k], taut[(k + 1) % points]
        if _turn(a, b, c) >= 0.0:
            return False
    return True


@compiled
def _turn(a: FloatArray, b: FloatArray, c: FloatArray) -> float:
    """Positive for a turn to the left at b."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


@compiled
def _outward(a: FloatArray, b: FloatArray, c: FloatArray) -> tuple[float, float]:
    """The direction to the left of a bend."""
    p, q = np.hypot(b[0] - a[0], b[1] - a[1]), np.hypot(c[0] - b[0], c[1] - b[1])
    nx, ny = -(b[1] - a[1]) / p - (c[1] - b[1]) / q, (b[0] - a[0]) / p + (c[0] - b[0]) / q
    size = np.hypot(nx, ny)
    return (nx / size, ny / size) if size > 0.0 else (0.0, 0.0)


@compiled
def _above_plane(
    scene: Scene, first: int, last: int, closed: bool, source: FloatArray, ex: float, ey: float, side: float, rise: float, out: FloatArray
) -> int:
    """The part of an outline that rises above the plane, as (along, across) seen from the source; across is positive on the wanted side."""
    count, u1, v1, over1 = 0, 0.0, 0.0, 0.0
    corners = last - first
    for k in range(corners + (1 if closed else 0)):
        corner = scene.round_corners[first + k % corners]
        x, y = corner[0] - source[0], corner[1] - source[1]
        u, v = x * ex + y * ey, side * (x * -ey + y * ex)
        over = corner[2] - source[2] - rise * u
        if k > 0 and (over >= 0.0) != (over1 >= 0.0):
            w = over1 / (over1 - over)
            out[count, 0], out[count, 1] = u1 + w * (u - u1), v1 + w * (v - v1)
            count += 1
        if over >= 0.0 and k < corners:
            out[count, 0], out[count, 1] = u, v
            count += 1
        u1, v1, over1 = u, v, over
    return count


@compiled
def _round_house(around: FloatArray, size: int, length: float, chain: FloatArray, made: int) -> int:
    """Add the corners on the wanted side, from where the straight way enters a house to where it leaves it for good; -1 if it does not."""
    enter, leave, near, far, crossings = -1, -1, np.inf, -np.inf, 0
    for k in range(size):
        a, b = around[k], around[(k + 1) % size]
        if (a[1] > 0.0) == (b[1] > 0.0):
            continue
        u = a[0] + (b[0] - a[0]) * a[1] / (a[1] - b[1])
        if 0.0 < u < length:
            crossings += 1
            if u < near:
                near, enter = u, k
            if u > far:
                far, leave = u, k
    if crossings < 2 or crossings % 2:
        return -1
    forward = around[(enter + 1) % size, 1] > 0.0
    k, end = ((enter + 1) % size, (leave + 1) % size) if forward else (enter, leave)
    while k != end:
        if made >= len(chain) - 1:
            return -1
        chain[made] = around[k]
        made += 1
        k = (k + 1) % size if forward else (k - 1) % size
    return made


@compiled
def _round_wall(around: FloatArray, size: int, length: float, chain: FloatArray, made: int) -> int:
    """Add the points of a wall from where the straight way meets it to its end on the wanted side."""
    for k in range(size - 1):
        a, b = around[k], around[k + 1]
        if (a[1] > 0.0) == (b[1] > 0.0):
            continue
        u = a[0] + (b[0] - a[0]) * a[1] / (a[1] - b[1])
        if not 0.0 < u < length:
            continue
        m, step = (k + 1, 1) if b[1] > 0.0 else (k, -1)
        while 0 <= m < size:
            if made >= len(chain) - 1:
                return -1
            chain[made] = around[m]
            made, m = made + 1, m + step
        return made
    return -1
