"""Which pairs of receiver and road a change of houses or walls can touch: all others keep what was computed before.

A pair is touched where something that was taken away or put there meets the triangle of the receiver and the ends of the road, widened by
as much as ways round upright edges went aside there; where it meets a way over a reflecting face, seen from the receiver's image; or where
a face of it reflects itself.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled, unowned
from .profiles import MOST_ORDER, Workspace
from .reflections import images
from .surroundings import COVER, GROUND, Scene, Surroundings

Mask = npt.NDArray[np.bool_]
CLOSE = 0.2  # metres that a change may keep from a way and still count as touching it
ANYWHERE = 255  # metres aside from which on a way is taken to go anywhere


def comparable(before: Surroundings, after: Surroundings) -> bool:
    """Whether two surroundings differ in houses and walls alone."""
    old, new = before.scene, after.scene
    grounds = [np.flatnonzero((scene.kind == GROUND) | (scene.kind == COVER)) for scene in (old, new)]
    return (
        np.array_equal(before.origin, after.origin)
        and old.base == new.base
        and np.array_equal(old.triangles, new.triangles)
        and all(np.array_equal(one[grounds[0]], two[grounds[1]]) for one, two in ((old.ends, new.ends), (old.sides, new.sides)))
    )


def changed(before: Surroundings, after: Surroundings) -> tuple[Mask, Mask]:
    """Which obstacles of the one are not in the other: (old obstacles,), (new obstacles,)."""
    looks = [_looks(around.scene) for around in (before, after)]
    counts = [Counter(one) for one in looks]
    old, new = (np.array([counts[0][look] != counts[1][look] for look in one], bool) for one in looks)
    return old, new


def _looks(scene: Scene) -> list[bytes]:
    """All that there is of each obstacle; their edges stand one obstacle after the other. Of one that touches others also what is gone
    round and which edges send sound back: a house at it changes both."""
    back = np.zeros(len(scene.ends))
    back[scene.faces] = 1.0
    edges = np.split(np.column_stack([scene.ends, back]), np.searchsorted(scene.owner, np.arange(len(scene.closed))))[1:]
    rounds = [scene.round_corners[scene.round_starts[k] : scene.round_starts[k + 1]] for k in scene.joined]
    parts = zip(edges, scene.absorption, scene.closed, rounds, strict=True)
    return [ends.tobytes() + taken.tobytes() + bytes([int(closed)]) + ring.tobytes() for ends, taken, closed, ring in parts]


def outlines(around: Surroundings, which: Mask) -> list[FloatArray]:
    """The corners (n, 2) of some obstacles, in the kernels' coordinates."""
    scene = around.scene
    return [scene.corners[scene.corner_starts[k] : scene.corner_starts[k + 1], :2] for k in np.flatnonzero(which)]


@compiled
def mark(
    shared: Scene,
    room: Workspace,
    faces: IntArray,
    gone_or_new: Mask,
    unchanged_too: bool,
    starts: IntArray,
    corners: FloatArray,
    segments: FloatArray,
    receivers: FloatArray,
    own: FloatArray,
    order: int,
    reach: float,
    aside: npt.NDArray[np.uint8],
    touched: Mask,
) -> None:
    """Mark the pairs (receivers, segments) that a change touches, in one of the two scenes.

    gone_or_new : (obstacles,) of this scene that are not in the other. unchanged_too : whether to look at straight ways and at images in
    faces that both scenes have. starts, corners : outlines of all that was changed, ragged. aside : metres, of the old scene.
    """
    scene, work = unowned(shared), unowned(room)
    mirrored, hit = np.empty((len(corners), 2)), np.empty(len(starts) - 1, np.bool_)
    chain = np.empty(MOST_ORDER, np.int64)
    for r in range(len(receivers)):
        x, y = receivers[r, 0], receivers[r, 1]
        if unchanged_too:
            for s in range(len(segments)):
                margin = aside[r, s] + CLOSE
                for c in range(len(starts) - 1):
                    if touched[r, s]:
                        break
                    a, b = segments[s, :3], segments[s, 3:]
                    touched[r, s] = aside[r, s] >= ANYWHERE or not _apart(x, y, a, b, corners, starts[c], starts[c + 1], margin)
        count = images(scene, work, faces, x, y, order, reach, own[r])
        for image in range(count):
            px, py = work.images[image, 0], work.images[image, 1]
            window = work.images[image, 2:]
            itself, parent = False, image
            while parent >= 0:
                itself |= gone_or_new[scene.owner[work.via[parent, 0]]]
                parent = work.via[parent, 1]
            if itself:
                for s in range(len(segments)):
                    touched[r, s] |= _seen_through(px, py, window, segments[s])
            elif unchanged_too:
                steps, parent = 0, image
                while parent >= 0:
                    chain[steps] = parent
                    steps, parent = steps + 1, work.via[parent, 1]
                for folded in range(steps + 1):  # before the last face, then between faces, as the image sees it
                    mirrored[:] = corners
                    for step in range(folded - 1, -1, -1):
                        _mirror(work.images[chain[step], 2:], mirrored)
                    near = False
                    for c in range(len(starts) - 1):
                        hit[c] = not _beside(px, py, window, mirrored, starts[c], starts[c + 1])
                        near |= hit[c]
                    for s in range(len(segments) if near else 0):
                        if touched[r, s] or not _seen_through(px, py, window, segments[s]):
                            continue
                        for c in range(len(starts) - 1):
                            if hit[c] and not touched[r, s]:
                                a, b = segments[s, :3], segments[s, 3:]
                                touched[r, s] = not _apart(px, py, a, b, mirrored, starts[c], starts[c + 1], CLOSE)


@compiled
def _mirror(line: FloatArray, points: FloatArray) -> None:
    dx, dy = line[2] - line[0], line[3] - line[1]
    square = dx * dx + dy * dy
    for k in range(len(points)):
        off = 2.0 * ((points[k, 0] - line[0]) * dy - (points[k, 1] - line[1]) * dx) / square
        points[k, 0], points[k, 1] = points[k, 0] - off * dy, points[k, 1] + off * dx


@compiled
def _beside(x: float, y: float, window: FloatArray, points: FloatArray, first: int, last: int) -> bool:
    """Whether all of some points lie to one side of what is seen from a place through a window."""
    ax, ay, bx, by = window[0] - x, window[1] - y, window[2] - x, window[3] - y
    turn = 1.0 if ax * by - ay * bx > 0.0 else -1.0
    long_a, long_b = np.hypot(ax, ay), np.hypot(bx, by)
    before, behind = True, True
    for k in range(first, last):
        px, py = points[k, 0] - x, points[k, 1] - y
        before &= turn * (ax * py - ay * px) < -CLOSE * long_a
        behind &= turn * (px * by - py * bx) < -CLOSE * long_b
    return before or behind


@compiled
def _seen_through(x: float, y: float, window: FloatArray, segment: FloatArray) -> bool:
    """Whether a part of a road may be seen from a place through a window."""
    ends = np.empty((2, 2))
    ends[0, 0], ends[0, 1], ends[1, 0], ends[1, 1] = segment[0], segment[1], segment[3], segment[4]
    dx, dy = window[2] - window[0], window[3] - window[1]
    inside = (x - window[0]) * dy - (y - window[1]) * dx
    on_this_side = True
    for k in range(2):
        at = (ends[k, 0] - window[0]) * dy - (ends[k, 1] - window[1]) * dx
        on_this_side &= at * np.sign(inside) > CLOSE * np.hypot(dx, dy)
    return not on_this_side and not _beside(x, y, window, ends, 0, 2)


@compiled
def _apart(x: float, y: float, a: FloatArray, b: FloatArray, points: FloatArray, first: int, last: int, margin: float) -> bool:
    """Whether a line parts some points from a triangle by more than a margin: one of its sides, or one along an axis."""
    px, py = (x, a[0], b[0]), (y, a[1], b[1])
    for k in range(3):
        x1, y1, x2, y2 = px[k], py[k], px[(k + 1) % 3], py[(k + 1) % 3]
        dx, dy = x2 - x1, y2 - y1
        long = np.hypot(dx, dy)
        if long < 1e-9:
            continue
        third = ((px[(k + 2) % 3] - x1) * dy - (py[(k + 2) % 3] - y1) * dx) / long
        low, high = np.inf, -np.inf
        for n in range(first, last):
            off = ((points[n, 0] - x1) * dy - (points[n, 1] - y1) * dx) / long
            low, high = min(low, off), max(high, off)
        if (third >= -1e-9 and high < -margin) or (third <= 1e-9 and low > margin):
            return True
    ux, uy = (a[0] + b[0]) / 2.0 - x, (a[1] + b[1]) / 2.0 - y  # and across the way from the place to the road
    long = np.hypot(ux, uy)
    if long < 1e-9:
        return False
    low, high = np.inf, -np.inf
    for n in range(first, last):
        along = ((points[n, 0] - x) * ux + (points[n, 1] - y) * uy) / long
        low, high = min(low, along), max(high, along)
    of_a, of_b = ((a[0] - x) * ux + (a[1] - y) * uy) / long, ((b[0] - x) * ux + (b[1] - y) * uy) / long
    return high < min(0.0, of_a, of_b) - margin or low > max(0.0, of_a, of_b) + margin
