"""How RLS-19 takes a path: from the cut along it, the mean height of the ray and the shortest way over all edges.

Sound round upright edges counts for nothing here: the method goes over obstacles. Source: RLS-19, 3.5.
"""

from __future__ import annotations

import numpy as np

from ...jena_city.arrays import FloatArray
from .compiled import compiled
from .diffraction import hull
from .profiles import LAND, Workspace, cut, straight
from .reflections import through_its_face, unfold
from .surroundings import Scene

MIDDLE = 4  # the band whose absorption stands for all: D_RV is one figure


@compiled
def mean_ray_height(work: Workspace, sz: float, rz: float, length: float) -> float:
    """h_m: mean height of the straight ray above the bare ground, metres."""
    area, land = 0.0, work.land
    for k in range(work.counts[LAND] - 1):
        u1, z1, u2, z2 = land[k, 0], land[k, 1], land[k + 1, 0], land[k + 1, 1]
        ray1, ray2 = sz + (rz - sz) * u1 / length, sz + (rz - sz) * u2 / length
        area += (ray1 - z1 + ray2 - z2) / 2.0 * (u2 - u1)
    return area / length


@compiled
def arriving(work: Workspace, sz: float, rz: float, length: float) -> float:
    """The share of a point's power that arrives along the cut in the workspace, 10^(-0.1 D_A)."""
    s = np.hypot(length, rz - sz)
    lost = max(4.8 - mean_ray_height(work, sz, rz, length) / s * (34.0 + 600.0 / s), 0.0)
    count = hull(work, sz, rz, length, 0.0, work.hull)
    if count > 0:
        first, last = work.tops[work.hull[0]], work.tops[work.hull[count - 1]]
        a, b, between = np.hypot(first[0], first[1] - sz), np.hypot(length - last[0], rz - last[1]), 0.0
        for k in range(count - 1):
            p, q = work.tops[work.hull[k]], work.tops[work.hull[k + 1]]
            between += np.hypot(q[0] - p[0], q[1] - p[1])
        z = a + b + between - s
        weather = np.exp(-np.sqrt(a * b * s / (2.0 * z)) / 2000.0) if z > 0.0 else 1.0
        lost = max(lost, 10.0 * np.log10(3.0 + 80.0 * max(z, 0.0) * weather))
    return 10.0 ** (-0.1 * (20.0 * np.log10(s) + 10.0 * np.log10(2.0 * np.pi) + s / 200.0 + lost))


@compiled
def faces_lost(scene: Scene, work: Workspace, points: int, sz: float, rz: float, length: float) -> float:
    """The share of energy that the faces of a path send on; 0 where the ray passes above one."""
    kept, along, path, skips = 1.0, 0.0, work.path, work.skips
    for k in range(1, points - 1):
        along += np.hypot(path[k, 0] - path[k - 1, 0], path[k, 1] - path[k - 1, 1])
        e = scene.ends[skips[k]]
        share = np.hypot(path[k, 0] - e[0], path[k, 1] - e[1]) / np.hypot(e[3] - e[0], e[4] - e[1])
        if e[2] + share * (e[5] - e[2]) < sz + (rz - sz) * along / length:
            return 0.0
        kept *= 1.0 - scene.absorption[scene.owner[skips[k]], MIDDLE]
    return kept


@compiled
def rls19_share(scene: Scene, work: Workspace, source: FloatArray, receiver: FloatArray, count: int, distance: float) -> float:
    """The share of a point's power that arrives straight and over `count` images of the receiver."""
    length = straight(scene, work, source, receiver, 0.0)
    total = arriving(work, source[2], receiver[2], length)
    image = -1
    while True:
        image = through_its_face(work, image + 1, count, source[0], source[1], distance)
        if image >= count:
            return total
        points = unfold(scene, work, image, source, receiver)
        if points == 0:
            continue
        length = cut(scene, work, points, 0.0)
        kept = faces_lost(scene, work, points, source[2], receiver[2], length)
        if kept > 0.0:
            total += kept * arriving(work, source[2], receiver[2], length)
