"""How far down the sky is open all around a sensor: coarse rays first, then the edges of what stands in the way found by halving.

Rays that stand for patches of the sky blur an edge by the size of a patch; here each edge is placed to a third of a degree, with as
few rays. In each of 180 strips a ray goes to each of eight elevations; where one is blocked and the next is not, the edge
between them is halved five times. What is narrower than 2° and lower than 12° can be missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.origin import Origin
from ..jena_city.problems import Progress, no_progress, stretch
from . import sky
from .kernels import kernel
from .obstacles import Obstacles
from .rays import Layers, Rays, spread
from .visibility import GRAZING, OFFSET, Bits, cosines, open_to

NODES = np.array([6.0, 18.0, 30.0, 42.0, 54.0, 66.0, 78.0, 84.0])  # degrees; below the first it is closed at 0
HALVINGS = 5
MOST = 2500  # rays of a sensor
USUAL = 2400.0  # that one on open ground in a town takes
PIECE = 8192  # sensors looked at together: bounds the memory
_KERNEL = 256  # sensors that a thread sums at a time


@dataclass(frozen=True)
class Around:
    """Where rays go: `towards` (180 × 8, 3) to the nodes, strip by strip; level (180, 2) the strips' horizontal unit vectors."""

    towards: FloatArray
    level: FloatArray

    @classmethod
    def of(cls, origin: Origin | None) -> Around:
        """In the scene's axes; without an origin, +y is north."""
        azimuth = sky.cells().azimuth[:, 0]
        turned = azimuth if origin is None else origin.grid_azimuth(azimuth)
        level = np.column_stack([np.sin(np.radians(turned)), np.cos(np.radians(turned))])
        flat, up = np.cos(np.radians(NODES)), np.sin(np.radians(NODES))
        towards = np.concatenate([level[:, None, :] * flat[None, :, None], np.broadcast_to(up[:, None], (sky.LINES, 8, 1))], axis=2)
        return cls(np.ascontiguousarray(towards.reshape(-1, 3)), level)


@dataclass(frozen=True)
class SkyEdges:
    """open : (n, 180, 9) bool at 0° (never) and at the nodes. edge : (n, 180, 8) float32 radians, where between two of them that differ
    the change is. rays : (n,) how many were traced."""

    open: npt.NDArray[np.bool_]
    edge: npt.NDArray[np.float32]
    rays: npt.NDArray[np.int64]


def look(sensors: FloatArray, normals: FloatArray | None, around: Around, rays: Rays, bits: Bits | None = None) -> SkyEdges:
    """The sky edges of sensors (n, 3) on surfaces with normals (n, 3), unit; None for the ground. What is behind a surface is closed.

    bits : answers for `around.towards` that are known already, see `visibility.open_to`; they are asked here otherwise.
    """
    if bits is None:
        bits = open_to(sensors, normals, around.towards, rays)
    count = len(sensors)
    found = np.zeros((count, sky.LINES, len(NODES) + 1), bool)
    found[:, :, 1:] = np.unpackbits(bits, axis=0, count=len(around.towards), bitorder="little").T.reshape(count, sky.LINES, -1)
    edge = np.zeros((count, sky.LINES, len(NODES)), np.float32)
    who, strip, step = np.nonzero(found[:, :, 1:] != found[:, :, :-1])
    facing = np.full(count, len(around.towards)) if normals is None else (cosines(normals, around.towards) > GRAZING).sum(axis=1)
    changes = np.bincount(who, minlength=count)
    halvings = np.clip((MOST - facing) // np.maximum(changes, 1), 0, HALVINGS)
    nodes = np.radians(np.concatenate([[0.0], NODES]))
    low, high, above = nodes[step], nodes[step + 1], found[who, strip, step + 1]
    start = sensors if normals is None else sensors + OFFSET * normals
    # Cut unevenly at first, in each strip elsewhere, so that a level edge is not placed too high, or too low, in all of them.
    uneven = 0.4 + 0.2 * (np.arange(sky.LINES) * 0.6180339887498949 % 1.0)
    asked = np.zeros(count, np.int64)
    for turn in range(HALVINGS):
        live = halvings[who] > turn
        middle = low + (high - low) * (uneven[strip] if turn == 0 else 0.5)
        one = np.flatnonzero(live)
        direction = np.column_stack([around.level[strip[one]] * np.cos(middle[one])[:, None], np.sin(middle[one])])
        ahead = np.ones(len(one), bool) if normals is None else np.einsum("ij,ij->i", normals[who[one]], direction) > GRAZING
        is_open = np.zeros(len(one), bool)
        is_open[ahead] = ~rays.blocked(start[who[one[ahead]]], direction[ahead], presorted=True)
        asked += np.bincount(who[one[ahead]], minlength=count)
        as_above = is_open == above[one]
        high[one[as_above]] = middle[one[as_above]]
        low[one[~as_above]] = middle[one[~as_above]]
    # Open down to the last halving above 0°: nothing stands there, and the sky begins at the horizon.
    edge[who, strip, step] = np.where(low > 0, (low + high) / 2, 0.0)
    return SkyEdges(found, edge, facing + asked)


def received(sky_edges: SkyEdges, normals: FloatArray | None, around: Around, radiance: FloatArray) -> FloatArray:
    """(n, q) what sensors receive of some skies, in the skies' unit times sr.

    radiance : (q, 180, 15) of the cells of `sky.cells`, the same all over a cell; the open part of each strip is integrated in closed
    form. normals as for `look`.
    """
    count = len(sky_edges.open)
    upright = np.tile([0.0, 0.0, 1.0], (count, 1)) if normals is None else np.ascontiguousarray(normals, np.float64)
    found = np.zeros((count, len(radiance)))
    skies = np.ascontiguousarray(radiance, np.float64)

    def work(begin: int) -> None:
        _gather(sky_edges.open, sky_edges.edge, upright, around.level, skies, begin, min(begin + _KERNEL, count), found)

    spread(work, range(0, count, _KERNEL))
    return found


@kernel(error_model="numpy")
def _gather(
    is_open: Any, edge: Any, normals: Any, level: Any, radiance: Any, begin: int, end: int, found: Any
) -> None:  # pragma: no cover - compiled
    band = np.pi / 30.0
    width = 2 * np.pi / level.shape[0]
    for sensor in range(begin, end):
        for strip in range(level.shape[0]):
            ahead = normals[sensor, 0] * level[strip, 0] + normals[sensor, 1] * level[strip, 1]
            up = normals[sensor, 2]
            for step in range(9):
                low = 0.0 if step == 0 else band * (2 * step - 1)
                high = band * (2 * step + 1)
                if step == 7:
                    high = band * 14
                elif step == 8:
                    low, high = band * 14, band * 15
                below = is_open[sensor, strip, step]
                above = is_open[sensor, strip, min(step + 1, 8)]
                if step == 8 or below == above:
                    if not below:
                        continue
                elif below:
                    high = edge[sensor, strip, step]
                else:
                    low = edge[sensor, strip, step]
                number = int(low / band + 1e-9)
                while low < high - 1e-12:
                    top = min(high, band * (number + 1))
                    seen = ahead * ((top - low) / 2 + (np.sin(2 * top) - np.sin(2 * low)) / 4)
                    seen += up * (np.sin(top) ** 2 - np.sin(low) ** 2) / 2
                    if seen > 0:
                        for k in range(radiance.shape[0]):
                            found[sensor, k] += seen * width * radiance[k, strip, number]
                    low = top
                    number += 1


def over(
    sensors: FloatArray, normals: FloatArray | None, town: Obstacles, around: Around, radiance: FloatArray, progress: Progress = no_progress
) -> FloatArray:
    """(n, q) what sensors in a town receive of some skies, piece by piece; see `look` and `received`."""
    return np.asarray(past(sensors, normals, town, around, radiance, (), progress)[0])


def past(
    sensors: FloatArray,
    normals: FloatArray | None,
    town: Obstacles,
    around: Around,
    radiance: FloatArray,
    crowns: Sequence[Layers],
    progress: Progress = no_progress,
) -> FloatArray:
    """(1 + c, n, q) the same, and what is left of it where more stands in the way. crowns : (c,) each what stood there before and more, as
    `Obstacles.with_crowns`."""
    found = np.empty((1 + len(crowns), len(sensors), len(radiance)))
    for begin in range(0, len(sensors), PIECE):
        part = slice(begin, begin + PIECE)
        said = stretch(progress, begin / len(sensors), min(begin + PIECE, len(sensors)) / len(sensors))
        facing = None if normals is None else normals[part]
        bits = town.open_to(sensors[part], facing, around.towards, stretch(said, 0, 0.7 / (1 + len(crowns))))
        for number, rays in enumerate((town.rays, *crowns)):
            if number:
                bits = open_to(sensors[part], facing, around.towards, rays.second, among=bits)
            found[number, part] = received(look(sensors[part], facing, around, rays, bits), facing, around, radiance)
            said((number + 1) / (1 + len(crowns)), "sun and shadow")
    return found
