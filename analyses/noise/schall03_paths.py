"""How Schall 03 takes a path: from the cut along it, in eight octaves, over edges or freely above the ground.

Left out of it: sound over water (A_gr,W), round upright edges, what stands to and fro between a vehicle and a near wall (D_refl), and
the least size of what reflects (equation 27): a façade that is high enough counts. Source: 16. BImSchV, Anlage 2, 5.4 and 6.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from . import schall03
from .compiled import compiled
from .diffraction import hull
from .ground import COUNT, FREQUENCIES, SPEED_OF_SOUND
from .profiles import LAND, Workspace, cut, straight
from .reflections import through_its_face, unfold
from .rls19_paths import faces_lost, mean_ray_height
from .surroundings import Scene

_AIR = schall03.AIR / 1000.0  # dB a metre
_MOST, _MOST_SEVERAL = 20.0, 25.0  # dB that one edge and several take at most
_SCREEN = 40.0  # C2 of lines of rail


@compiled
def directed(cosine: float) -> float:
    """10^(0.1 D_I): vehicles send more to the side than ahead. cosine : of the angle to the track. Source: equation 8."""
    return 0.22 + 1.27 * (1.0 - cosine * cosine)


@compiled
def half_space(length: float, source: float, receiver: float) -> float:
    """10^(0.1 D_Ω): what the ground sends back. length : in plan; source, receiver : heights above the ground. Source: equation 9."""
    return 1.0 + (length**2 + (source - receiver) ** 2) / (length**2 + (source + receiver) ** 2)


@compiled
def screened(frequency: float, detour: float, between: float, weather: float, several: bool) -> float:
    """D_z, dB. detour : z, between : e, from the first to the last edge, metres. weather : K_met. Source: equations 21 and 22."""
    wave, factor = SPEED_OF_SOUND / frequency, 1.0
    if several and between > 0.0:
        ratio = (5.0 * wave / between) ** 2
        factor = (1.0 + ratio) / (1.0 / 3.0 + ratio)
    return min(10.0 * np.log10(3.0 + _SCREEN / wave * factor * detour * weather), _MOST_SEVERAL if several else _MOST)


@compiled
def _arriving(work: Workspace, sz: float, rz: float, length: float, factor: float, shares: npt.NDArray[np.float32]) -> None:
    """Add the share of a point's power that arrives along the cut in the workspace, times `factor`, in each octave."""
    d, land = np.hypot(length, rz - sz), work.land
    lost_to_ground = max(4.8 - 2.0 * mean_ray_height(work, sz, rz, length) / d * (17.0 + 300.0 / d), 0.0)
    source, receiver = max(sz - land[0, 1], 0.0), max(rz - land[work.counts[LAND] - 1, 1], 0.0)
    factor *= half_space(length, source, receiver) / (4.0 * np.pi * d * d)
    count = hull(work, sz, rz, length, 0.0, work.hull)
    z, between, weather = 0.0, 0.0, 1.0
    if count > 0:
        first, last = work.tops[work.hull[0]], work.tops[work.hull[count - 1]]
        a, b = np.hypot(first[0], first[1] - sz), np.hypot(length - last[0], rz - last[1])
        for k in range(count - 1):
            p, q = work.tops[work.hull[k]], work.tops[work.hull[k + 1]]
            between += np.hypot(q[0] - p[0], q[1] - p[1])
        z = max(a + b + between - d, 0.0)
        weather = np.exp(-np.sqrt(a * b * d / (2.0 * z)) / 2000.0) if z > 0.0 else 1.0
    for band in range(COUNT):
        lost = lost_to_ground
        if count > 0:  # A_gr + A_bar, which is D_z - A_gr but not less than nothing
            lost = max(lost, screened(FREQUENCIES[band], z, between, weather, count > 1))
        shares[band] += factor * 10.0 ** (-0.1 * (_AIR[band] * d + lost))


@compiled
def schall03_shares(
    scene: Scene,
    work: Workspace,
    source: FloatArray,
    receiver: FloatArray,
    axis: FloatArray,
    count: int,
    distance: float,
    weight: float,
    shares: npt.NDArray[np.float32],
) -> None:
    """Add to `shares` (8,) what arrives of a point's power straight and over `count` images of the receiver, times `weight`.

    axis : (3,) the track's direction, of length 1.
    """
    path, points, kept, image = work.path, 2, 1.0, -1
    length = straight(scene, work, source, receiver, 0.0)
    while True:
        if points > 2:
            length = cut(scene, work, points, 0.0)
            kept = faces_lost(scene, work, points, source[2], receiver[2], length)
        if kept > 0.0:
            rise, leg = receiver[2] - source[2], np.hypot(path[1, 0] - source[0], path[1, 1] - source[1])
            ahead = (axis[0] * (path[1, 0] - source[0]) + axis[1] * (path[1, 1] - source[1])) * length / max(leg, 1e-9)
            cosine = (ahead + axis[2] * rise) / np.hypot(length, rise)
            _arriving(work, source[2], receiver[2], length, weight * kept * directed(cosine), shares)
        points = 0
        while points == 0:
            image = through_its_face(work, image + 1, count, source[0], source[1], distance)
            if image >= count:
                return
            points = unfold(scene, work, image, source, receiver)
