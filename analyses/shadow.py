"""Direct sun and shadow at sensors: plain arrays in, plain arrays out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress, stretch
from . import visibility
from .rays import Rays, morton_order
from .sun import SunPath

_TILE = 262_144  # sensors at a time: bounds the memory


def sun_hours(
    sensors: FloatArray,
    normals: FloatArray | None,
    suns: SunPath,
    rays: Rays,
    *,
    minimum_elevation: float = 0.0,
    progress: Progress = no_progress,
) -> npt.NDArray[np.float32]:
    """Hours of direct sun each sensor receives.

    sensors : (n, 3) float64, metres from the origin. normals : (n, 3), unit; None for sensors that see all around, such as
    points on the ground. suns : SunPath, evenly spaced directions in the scene's axes. minimum_elevation : degrees
    (DIN EN 17037: 11 for Germany). Returns (n,) float32, hours. Source: DIN EN 17037:2021, 5.2.
    """
    used = suns.directions[suns.elevation >= minimum_elevation]
    counts = np.zeros(len(sensors), np.int32)
    order = morton_order(sensors)
    for begin in range(0, len(sensors), _TILE):
        tile = order[begin : begin + _TILE]
        part = stretch(progress, begin / len(sensors), (begin + len(tile)) / len(sensors))
        facing = None if normals is None else normals[tile]
        counts[tile] = visibility.counted(visibility.open_to(sensors[tile], facing, used, rays, progress=part))
    return (counts * suns.step_hours).astype(np.float32)


def lit(sensors: FloatArray, normals: FloatArray | None, direction: FloatArray, rays: Rays) -> npt.NDArray[np.bool_]:
    """Whether the sun in this direction (3,), unit, reaches each sensor. sensors, normals as for `sun_hours`. Returns (n,) bool."""
    order = morton_order(sensors)
    found = np.zeros(len(sensors), bool)
    facing = None if normals is None else normals[order]
    found[order] = visibility.open_to(sensors[order], facing, direction[None], rays)[0] > 0
    return found
