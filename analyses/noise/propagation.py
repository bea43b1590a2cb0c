"""How sound gets from sources to receivers after CNOSSOS-EU: along every path, in octaves, for homogeneous and favourable conditions.

Source: Directive (EU) 2015/996 with (EU) 2021/1226, annex, 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from . import air
from .compiled import compiled, unowned
from .diffraction import bend_radius, boundary, edge_share, ground_alone
from .ground import COUNT, TENTH
from .lateral import in_the_way, off_the_line, string, through_the_ground
from .profiles import Workspace, cut, straight, workspace
from .reflections import images, take_reflections, through_its_face, unfold
from .surroundings import Scene, Surroundings

SPHERE = 10.0**-1.1  # 11 dB
NEAREST = 0.1  # metres in plan: nearer pairs are taken to be this far apart


@dataclass(frozen=True)
class Settings:
    """Which paths count.

    over_edges, round_edges : diffraction over horizontal and round upright edges. order : of reflections, 0 to 3. distance : metres,
    sources farther away are not heard. reflection_reach : metres from the receiver to the farthest reflection. detour : metres that a way
    round upright edges may be longer than the straight one: by 30 m it is weaker than the way over the top can be. temperature : °C of the
    air, of 70 % humidity; CNOSSOS only, the German methods have tables of their own.
    """

    over_edges: bool = True
    round_edges: bool = True
    order: int = 1
    distance: float = 800.0
    reflection_reach: float = 100.0
    detour: float = 30.0
    temperature: float = 10.0


@compiled
def _add(energy: FloatArray, distance: float, way: float, absorption: FloatArray, share: FloatArray) -> None:
    """Add what arrives of a path: spread over a sphere (2.5.12), taken by the air on its way (2.5.13), and `share` of the rest."""
    spread = SPHERE / (distance * distance)
    for band in range(COUNT):
        energy[band] += spread * np.exp(-TENTH * absorption[band] * way) * share[band]


@compiled
def direct(
    scene: Scene,
    work: Workspace,
    source: FloatArray,
    receiver: FloatArray,
    factor: float,
    at_source: float,
    absorption: FloatArray,
    over_edges: bool,
    round_edges: bool,
    detour: float,
    energy: FloatArray,
) -> None:
    """Straight from source to receiver and, where something stands in the way, round it on both sides.

    factor : of the ground where the path begins. at_source : G_s, of the source itself. energy : (2, 8), added to.
    """
    share = work.share
    length = straight(scene, work, source, receiver, factor)
    distance = np.hypot(length, receiver[2] - source[2])
    hidden = boundary(work, source[2], receiver[2], length, at_source, over_edges, share)
    for condition in range(2):
        _add(energy[condition], distance, distance, absorption, share[condition])
    if not (round_edges and hidden[0] > 0):
        return
    count = in_the_way(scene, work, source[2], receiver[2], length)
    if count == 0:
        return
    for left in (True, False):
        points, way, spacing = string(scene, work, count, source, receiver, left)
        if points == 0 or way - distance > detour:
            continue
        along = cut(scene, work, points, factor)
        if through_the_ground(work, source[2], receiver[2], along):
            continue
        work.aside[0] = max(work.aside[0], off_the_line(work, points, length))
        ground_alone(work, source[2], receiver[2], along, at_source, share)
        for condition in range(2 if hidden[1] > 0 else 1):
            for band in range(COUNT):
                share[condition, band] *= edge_share(way - distance, spacing, band)
            _add(energy[condition], distance, way, absorption, share[condition])


@compiled
def reflected(
    scene: Scene,
    work: Workspace,
    source: FloatArray,
    receiver: FloatArray,
    factor: float,
    at_source: float,
    absorption: FloatArray,
    over_edges: bool,
    count: int,
    distance: float,
    energy: FloatArray,
) -> None:
    """Over the receiver's `count` images. energy : (2, 8), added to."""
    share, image = work.share, -1
    while True:
        image = through_its_face(work, image + 1, count, source[0], source[1], distance)
        if image >= count:
            return
        points = unfold(scene, work, image, source, receiver)
        if points == 0:
            continue
        length = cut(scene, work, points, factor)
        way = np.hypot(length, receiver[2] - source[2])
        hidden = boundary(work, source[2], receiver[2], length, at_source, over_edges, share)
        for condition in range(2):
            edges, radius = (work.hull_favourable, bend_radius(way)) if condition == 1 else (work.hull, 0.0)
            if take_reflections(scene, work, points, source[2], receiver[2], length, edges, hidden[condition], radius, share[condition]):
                _add(energy[condition], way, way, absorption, share[condition])


@compiled
def _transfer(
    shared: Scene,
    room: Workspace,
    faces: IntArray,
    sources: FloatArray,
    factors: FloatArray,
    receivers: FloatArray,
    absorption: FloatArray,
    over_edges: bool,
    round_edges: bool,
    order: int,
    distance: float,
    reach: float,
    detour: float,
    energy: FloatArray,
) -> None:
    scene, work = unowned(shared), unowned(room)
    for r in range(len(receivers)):
        receiver = receivers[r]
        count = images(scene, work, faces, receiver[0], receiver[1], order, reach, 0.0)
        for s in range(len(sources)):
            source = sources[s]
            apart = np.hypot(source[0] - receiver[0], source[1] - receiver[1])
            if apart > distance or apart < NEAREST:
                continue
            direct(scene, work, source, receiver, factors[s], factors[s], absorption, over_edges, round_edges, detour, energy[r, s])
            reflected(scene, work, source, receiver, factors[s], factors[s], absorption, over_edges, count, distance, energy[r, s])


def transfer(
    around: Surroundings,
    sources: npt.ArrayLike,
    receivers: npt.ArrayLike,
    settings: Settings | None = None,
    *,
    absorption: FloatArray | None = None,
) -> FloatArray:
    """The share of a source's power that arrives, as squared pressure: add 10 lg of it to the sound power level.

    sources (s, 3), receivers (r, 3) : metres, absolute heights. absorption : (8,) dB per metre of air, by default that of the settings.
    Returns (r, s, 2, 8): homogeneous and favourable conditions, octave bands; 0 where nothing is heard.
    """
    settings = settings or Settings()
    absorption = air.absorption(settings.temperature) if absorption is None else absorption
    sources, receivers = np.asarray(sources, float).reshape(-1, 3), np.asarray(receivers, float).reshape(-1, 3)
    energy = np.zeros((len(receivers), len(sources), 2, COUNT))
    scene = around.scene
    _transfer(
        scene,
        workspace(scene),
        scene.faces,
        around.local(sources),
        around.factor(sources),
        around.local(receivers),
        absorption,
        settings.over_edges,
        settings.round_edges,
        settings.order,
        settings.distance,
        settings.reflection_reach,
        settings.detour,
        energy,
    )
    return energy


def long_term(energy: FloatArray, favourable: float | FloatArray = 0.5) -> FloatArray:
    """Energies of both conditions (..., 2, 8) as a long-term mean (..., 8). favourable : share of time with favourable conditions."""
    return np.asarray(favourable * energy[..., 1, :] + (1.0 - favourable) * energy[..., 0, :])
