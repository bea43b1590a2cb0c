"""How sound gets from sources to receivers after CNOSSOS-EU: along every path, in octaves, for homogeneous and favourable conditions.

Source: Directive (EU) 2015/996 with (EU) 2021/1226, annex, 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from . import air
from .compiled import compiled
from .diffraction import bend_radius, boundary, edge_loss, ground_alone
from .ground import COUNT, TENTH
from .lateral import MOST_POINTS, in_the_way, string, through_the_ground
from .profiles import Workspace, cut, workspace
from .reflections import MOST_ORDER, images, reflection_loss, through_its_face, unfold
from .surroundings import HOUSE, WALL, Scene, Surroundings

MOST_IMAGES = 20_000
NEAREST = 0.1  # metres in plan: nearer pairs are taken to be this far apart


@dataclass(frozen=True)
class Settings:
    """Which paths count.

    over_edges, round_edges : diffraction over horizontal and round upright edges. order : of reflections, 0 to 3. distance : metres,
    sources farther away are not heard. reflection_reach : metres from the receiver to the farthest reflection. detour : metres that a way
    round upright edges may be longer than the straight one: by 30 m it is weaker than the way over the top can be.
    """

    over_edges: bool = True
    round_edges: bool = True
    order: int = 1
    distance: float = 800.0
    reflection_reach: float = 100.0
    detour: float = 30.0


@compiled
def _add(energy: FloatArray, distance: float, way: float, absorption: FloatArray, loss: FloatArray) -> None:
    spread = 20.0 * np.log10(distance) + 11.0
    for band in range(COUNT):
        energy[band] += np.exp(-TENTH * (spread + absorption[band] * way + loss[band]))


@compiled
def direct(
    scene: Scene,
    work: Workspace,
    source: FloatArray,
    receiver: FloatArray,
    factor: float,
    absorption: FloatArray,
    over_edges: bool,
    round_edges: bool,
    detour: float,
    path: FloatArray,
    energy: FloatArray,
) -> None:
    """Straight from source to receiver and, where something stands in the way, round it on both sides. energy : (2, 8), added to."""
    loss, skips = np.empty(COUNT), np.full(MOST_POINTS, -1)
    path[0], path[1] = source, receiver
    length = cut(scene, work, path, 2, skips, factor)
    distance = np.hypot(length, receiver[2] - source[2])
    hidden = boundary(work, source[2], receiver[2], length, factor, False, over_edges, loss) > 0
    _add(energy[0], distance, distance, absorption, loss)
    hidden_too = boundary(work, source[2], receiver[2], length, factor, True, over_edges, loss) > 0
    _add(energy[1], distance, distance, absorption, loss)
    if not (round_edges and hidden):
        return
    owners = np.empty(64)
    count = in_the_way(work, source[2], receiver[2], length, owners)
    if count == 0:
        return
    for left in (True, False):
        points, way, spacing = string(scene, owners, count, source, receiver, left, path)
        if points == 0 or way - distance > detour:
            continue
        along = cut(scene, work, path, points, skips, factor)
        if through_the_ground(work, source[2], receiver[2], along):
            continue
        for condition in range(2 if hidden_too else 1):
            ground_alone(work, source[2], receiver[2], along, factor, condition == 1, loss)
            for band in range(COUNT):
                loss[band] += edge_loss(way - distance, spacing, band)
            _add(energy[condition], distance, way, absorption, loss)


@compiled
def reflected(
    scene: Scene,
    work: Workspace,
    source: FloatArray,
    receiver: FloatArray,
    factor: float,
    absorption: FloatArray,
    over_edges: bool,
    places: FloatArray,
    via: npt.NDArray[np.int32],
    count: int,
    distance: float,
    energy: FloatArray,
) -> None:
    """Over the receiver's images. energy : (2, 8), added to."""
    path, skips = np.empty((MOST_ORDER + 2, 3)), np.empty(MOST_ORDER + 2, np.int64)
    loss, taken = np.empty(COUNT), np.empty(COUNT)
    image = -1
    while True:
        image = through_its_face(places, image + 1, count, source[0], source[1], distance)
        if image >= count:
            return
        points = unfold(scene, places, via, image, source, receiver, path, skips)
        if points == 0:
            continue
        length = cut(scene, work, path, points, skips, factor)
        way = np.hypot(length, receiver[2] - source[2])
        for condition in range(2):
            hull = boundary(work, source[2], receiver[2], length, factor, condition == 1, over_edges, loss)
            radius = bend_radius(way) if condition == 1 else 0.0
            if reflection_loss(scene, work, path, points, skips, source[2], receiver[2], length, hull, radius, taken):
                _add(energy[condition], way, way, absorption, loss + taken)


@compiled
def _transfer(
    scene: Scene,
    work: Workspace,
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
    places, via = np.empty((MOST_IMAGES if order > 0 else 1, 6)), np.empty((MOST_IMAGES if order > 0 else 1, 3), np.int32)
    path = np.empty((MOST_POINTS, 3))
    for r in range(len(receivers)):
        receiver = receivers[r]
        count = images(scene, faces, receiver[0], receiver[1], order, reach, 0.0, places, via) if order > 0 else 0
        for s in range(len(sources)):
            source = sources[s]
            apart = np.hypot(source[0] - receiver[0], source[1] - receiver[1])
            if apart > distance or apart < NEAREST:
                continue
            direct(
                scene, work, source, receiver, factors[s], absorption, over_edges, round_edges, detour, path, energy[r, s]
            )  # fmt: skip
            reflected(
                scene, work, source, receiver, factors[s], absorption, over_edges, places, via, count, distance, energy[r, s]
            )  # fmt: skip


def transfer(
    around: Surroundings,
    sources: npt.ArrayLike,
    receivers: npt.ArrayLike,
    settings: Settings | None = None,
    *,
    absorption: FloatArray | None = None,
) -> FloatArray:
    """The share of a source's power that arrives, as squared pressure: add 10 lg of it to the sound power level.

    sources (s, 3), receivers (r, 3) : metres, absolute heights. absorption : (8,) dB per metre of air, 10 °C and 70 % by default.
    Returns (r, s, 2, 8): homogeneous and favourable conditions, octave bands; 0 where nothing is heard.
    """
    settings = settings or Settings()
    absorption = air.absorption() if absorption is None else absorption
    sources, receivers = np.asarray(sources, float).reshape(-1, 3), np.asarray(receivers, float).reshape(-1, 3)
    energy = np.zeros((len(receivers), len(sources), 2, COUNT))
    scene = around.scene
    faces = np.flatnonzero((scene.kind == HOUSE) | (scene.kind == WALL))
    _transfer(
        scene,
        workspace(len(scene.ends)),
        faces,
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
