"""Sound that comes over walls: images of the receiver in upright faces, and what a face takes and lets pass over its upper edge."""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray, IntArray
from .compiled import compiled, inlined
from .diffraction import arc
from .ground import COUNT, FREQUENCIES, SPEED_OF_SOUND
from .profiles import Workspace
from .surroundings import HOUSE, Scene

GRAZING = 1e-6  # metres: a point nearer to a face than this does not see it


@inlined
def _before(scene: Scene, edge: int, x: float, y: float) -> float:
    """Distance of a point from the line of an edge, positive on its right: the outside of a house, whose corners run counter-clockwise."""
    e = scene.ends[edge]
    dx, dy = e[3] - e[0], e[4] - e[1]
    return ((x - e[0]) * dy - (y - e[1]) * dx) / np.sqrt(dx * dx + dy * dy)


@compiled
def _set_image(scene: Scene, edge: int, x: float, y: float, places: FloatArray, image: int) -> None:
    e = scene.ends[edge]
    dx, dy = e[3] - e[0], e[4] - e[1]
    off = 2.0 * ((x - e[0]) * dy - (y - e[1]) * dx) / (dx * dx + dy * dy)
    places[image, 0], places[image, 1] = x - off * dy, y + off * dx
    places[image, 2], places[image, 3], places[image, 4], places[image, 5] = e[0], e[1], e[3], e[4]


@inlined
def through_its_face(work: Workspace, first: int, count: int, x: float, y: float, distance: float) -> int:
    """The next image from `first` on that a source sees through its face, within a distance; `count` where there is none."""
    places = work.images
    for k in range(first, count):
        dx, dy = places[k, 0] - x, places[k, 1] - y
        a = dx * (places[k, 3] - y) - dy * (places[k, 2] - x)
        b = dx * (places[k, 5] - y) - dy * (places[k, 4] - x)
        if (a > 0.0) != (b > 0.0) and dx * dx + dy * dy <= distance * distance:
            return k
    return count


@compiled
def _nearest(scene: Scene, edge: int, x: float, y: float) -> float:
    """Distance of a point from an edge in plan."""
    e = scene.ends[edge]
    dx, dy = e[3] - e[0], e[4] - e[1]
    t = min(max(((x - e[0]) * dx + (y - e[1]) * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return np.hypot(x - e[0] - t * dx, y - e[1] - t * dy)


@compiled
def _in_view(scene: Scene, edge: int, window: int, x: float, y: float) -> bool:
    """Whether an edge lies, in part, behind another as seen from an image of the receiver."""
    w, e = scene.ends[window], scene.ends[edge]
    ax, ay, bx, by = w[0] - x, w[1] - y, w[3] - x, w[4] - y
    turn = 1.0 if ax * by - ay * bx > 0.0 else -1.0
    px, py, qx, qy = e[0] - x, e[1] - y, e[3] - x, e[4] - y
    before_a = turn * (ax * py - ay * px) < 0.0 and turn * (ax * qy - ay * qx) < 0.0
    behind_b = turn * (px * by - py * bx) < 0.0 and turn * (qx * by - qy * bx) < 0.0
    return not before_a and not behind_b


@compiled
def images(scene: Scene, work: Workspace, faces: IntArray, x: float, y: float, order: int, reach: float, own: float) -> int:
    """The images of a receiver up to an order, those of few reflections first. Returns how many: where they fill `work.images`, more are
    left out (see `matrix.incomplete`).

    faces : the edges that reflect. reach : metres from the receiver to the farthest reflection. own : faces that are nearer than this
    do not reflect: a façade's level is without its own echo. They are left in `work.images` (n, 6), the image and both ends of its face,
    and `work.via` (n, 3): the face it is made by, the image that it is an image of (-1: the receiver), its order.
    """
    count, places, via = 0, work.images, work.via
    if order == 0:
        return 0
    for k in range(len(faces)):
        edge = faces[k]
        before = _before(scene, edge, x, y)
        if abs(before) < GRAZING or (scene.kind[edge] == HOUSE and before < 0.0):
            continue
        if not own <= _nearest(scene, edge, x, y) <= reach:
            continue
        _set_image(scene, edge, x, y, places, count)
        via[count, 0], via[count, 1], via[count, 2] = edge, -1, 1
        count += 1
        if count == len(places):
            return count
    first = 0
    for level in range(2, order + 1):
        end = count
        for parent in range(first, end):
            px, py, window = places[parent, 0], places[parent, 1], via[parent, 0]
            behind = _before(scene, window, px, py) > 0.0
            for k in range(len(faces)):
                edge = faces[k]
                if edge == window:
                    continue
                before = _before(scene, edge, px, py)
                if abs(before) < GRAZING or (scene.kind[edge] == HOUSE and before < 0.0) or _nearest(scene, edge, px, py) > reach:
                    continue
                e = scene.ends[edge]
                beyond = _before(scene, window, e[0], e[1]), _before(scene, window, e[3], e[4])
                # It must lie, in part, on the side of the window that the image is not on.
                hidden = min(beyond) > -GRAZING if behind else max(beyond) < GRAZING
                if hidden or not _in_view(scene, edge, window, px, py):
                    continue
                _set_image(scene, edge, px, py, places, count)
                via[count, 0], via[count, 1], via[count, 2] = edge, parent, level
                count += 1
                if count == len(places):
                    return count
        first = end
    return count


@inlined
def unfold(scene: Scene, work: Workspace, image: int, source: FloatArray, receiver: FloatArray) -> int:
    """The way from a source over the faces of an image to the receiver: number of points in `work.path`, 0 where it misses a face. The
    faces are left in `work.skips`."""
    places, via, path, skips = work.images, work.via, work.path, work.skips
    path[0, 0], path[0, 1] = source[0], source[1]
    skips[0] = -1
    x, y, points = source[0], source[1], 1
    while image >= 0:
        edge = via[image, 0]
        e = scene.ends[edge]
        dx, dy = places[image, 0] - x, places[image, 1] - y
        before = _before(scene, edge, x, y)
        if abs(before) < GRAZING or (scene.kind[edge] == HOUSE and before < 0.0):
            return 0
        a = dx * (e[1] - y) - dy * (e[0] - x)
        b = dx * (e[4] - y) - dy * (e[3] - x)
        if (a > 0.0) == (b > 0.0):
            return 0
        w = a / (a - b)
        px, py = e[0] + w * (e[3] - e[0]), e[1] + w * (e[4] - e[1])
        along = (px - x) * dx + (py - y) * dy
        if along <= 0.0 or along >= dx * dx + dy * dy:
            return 0
        path[points, 0], path[points, 1] = px, py
        skips[points] = edge
        points += 1
        x, y, image = px, py, via[image, 1]
    path[points, 0], path[points, 1] = receiver[0], receiver[1]
    skips[points] = -1
    return points + 1


@inlined
def take_reflections(
    scene: Scene,
    work: Workspace,
    points: int,
    sz: float,
    rz: float,
    length: float,
    edges: IntArray,
    count: int,
    radius: float,
    out: FloatArray,
) -> bool:
    """Take from the shares in `out` (8,) what all faces of a path absorb and what passes over them (retrodiffraction); False where the ray
    passes above one of them.

    edges : numbers of the `count` edges that stand in the way. radius : of the rays, 0 for straight ones. Source: Directive (EU) 2015/996,
    annex, 2.5.7.
    """
    along, path, skips = 0.0, work.path, work.skips
    for k in range(1, points - 1):
        along += np.hypot(path[k, 0] - path[k - 1, 0], path[k, 1] - path[k - 1, 1])
        e = scene.ends[skips[k]]
        share = np.hypot(path[k, 0] - e[0], path[k, 1] - e[1]) / np.hypot(e[3] - e[0], e[4] - e[1])
        top = e[2] + share * (e[5] - e[2])
        x1, z1, x2, z2 = 0.0, sz, length, rz
        for m in range(count):
            edge = work.tops[edges[m]]
            if edge[0] <= along:
                x1, z1 = edge[0], edge[1]
            else:
                x2, z2 = edge[0], edge[1]
                break
        so, ro, sr = np.hypot(along - x1, top - z1), np.hypot(x2 - along, z2 - top), np.hypot(x2 - x1, z2 - z1)
        over = arc(so, radius) + arc(ro, radius) - arc(sr, radius)
        if top < z1 + (z2 - z1) * (along - x1) / (x2 - x1) or over < 0.0:
            return False
        owner = scene.owner[skips[k]]
        for band in range(COUNT):
            inner = -40.0 * FREQUENCIES[band] / SPEED_OF_SOUND * over
            out[band] *= max(1.0 - scene.absorption[owner, band], 0.0)
            if inner > -2.0:
                out[band] /= 3.0 + inner
    return True
