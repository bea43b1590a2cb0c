"""Where a line of sight meets the ground."""

from __future__ import annotations

import numpy as np

from .arrays import FloatArray
from .site import Site

_FARTHEST = 30_000.0  # metres: nobody draws beyond
_STEPS = 600


def on_ground(site: Site, start: FloatArray, along: FloatArray) -> FloatArray | None:
    """The first place (3,) where a ray from `start` (3,) along `along` (3,) meets the ground, in scene coordinates; None for the sky.

    Where there is no terrain, the level of its lowest point, or that of the town, stands in for it.
    """
    along = along / max(float(np.linalg.norm(along)), 1e-12)
    terrain = site.terrain
    if terrain is None:
        return _on_plane(start, along, float(site.city.points[:, 2].min()) if len(site.city.points) else 0.0)
    level, top = terrain.extremes
    low, high = level - 1.0, top + 1.0
    near, far = 0.0, _FARTHEST
    if abs(along[2]) > 1e-9:  # only where the ray is between the lowest and the highest ground can it meet it
        between = sorted(((low - start[2]) / along[2], (high - start[2]) / along[2]))
        near, far = max(near, between[0]), min(far, between[1])
    elif not low <= start[2] <= high:
        return None
    if far <= near:
        return None
    for _ in range(4):  # ever finer, between the last place above the ground and the first one below
        ways = np.linspace(near, far, _STEPS)
        places = start + ways[:, None] * along
        under = places[:, 2] - terrain.height_at(places[:, :2]) <= 0  # False where the ground is unknown
        first = int(np.argmax(under))
        if not under[first]:
            return _on_plane(start, along, level)
        if first == 0:
            far = near
            break
        near, far = float(ways[first - 1]), float(ways[first])
    return np.asarray(start + far * along)


def _on_plane(start: FloatArray, along: FloatArray, level: float) -> FloatArray | None:
    if abs(along[2]) < 1e-9 or (way := (level - start[2]) / along[2]) <= 0 or way > _FARTHEST:
        return None
    return np.asarray(start + way * along)
