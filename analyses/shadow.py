"""Direct sun and shadow at sensors: plain arrays in, plain arrays out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress
from .rays import Raycaster, morton_order
from .sun import SunPath

OFFSET = 0.02  # metres between a surface and its sensor, so that it is not shaded by itself
GRAZING = 1e-3  # cosine below which the sun only grazes a surface
_TILE = 262_144  # sensors at a time: bounds the memory and lets progress be seen


def sun_hours(
    sensors: FloatArray,
    normals: FloatArray | None,
    suns: SunPath,
    rays: Raycaster,
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
    lifted = sensors if normals is None else sensors + OFFSET * normals
    steps = max(len(used) * -(-len(sensors) // _TILE), 1)
    done = 0
    for begin in range(0, len(sensors), _TILE):
        tile = order[begin : begin + _TILE]
        places = lifted[tile]
        facing = None if normals is None else normals[tile]
        for direction in used:
            counts[tile] += _lit(places, facing, direction, rays)
            done += 1
            progress(done / steps, "sun and shadow")
    return (counts * suns.step_hours).astype(np.float32)


def lit(sensors: FloatArray, normals: FloatArray | None, direction: FloatArray, rays: Raycaster) -> npt.NDArray[np.bool_]:
    """Whether the sun in this direction (3,), unit, reaches each sensor. sensors, normals as for `sun_hours`. Returns (n,) bool."""
    order = morton_order(sensors)
    found = np.zeros(len(sensors), bool)
    lifted = sensors if normals is None else sensors + OFFSET * normals
    found[order] = _lit(lifted[order], None if normals is None else normals[order], direction, rays)
    return found


def _lit(places: FloatArray, normals: FloatArray | None, direction: FloatArray, rays: Raycaster) -> npt.NDArray[np.bool_]:
    """As `lit`, for sorted and lifted sensors. Those that face away are in shadow without a ray."""
    if normals is None:
        return ~rays.blocked(places, direction[None], presorted=True)
    facing = np.flatnonzero(normals @ direction > GRAZING)
    found = np.zeros(len(places), bool)
    found[facing] = ~rays.blocked(places[facing], direction[None], presorted=True)
    return found
