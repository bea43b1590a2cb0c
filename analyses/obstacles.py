"""What stands in the way of sun and view at a site with a variant applied, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..jena_city.applied import Applied, Occluders
from ..jena_city.arrays import FloatArray
from ..jena_city.site import Site
from .rays import Raycaster


@dataclass(frozen=True, eq=False)
class Obstacles:
    """A site with a variant, its triangles, and the ray caster over them. Building one takes seconds: use it for every analysis."""

    applied: Applied
    occluders: Occluders
    rays: Raycaster

    @classmethod
    def of(cls, applied: Applied) -> Obstacles:
        """The obstacles of a site with a variant applied."""
        occluders = applied.occluders()
        return cls(applied, occluders, Raycaster(occluders.vertices, occluders.triangles, centre=_centre(applied.site)))


def _centre(site: Site) -> FloatArray | None:
    """The middle of the near terrain, where there is ground far beyond it: that may reach out much farther to one side than to the
    other."""
    if site.terrain is None or site.terrain.beyond is None:
        return None
    west, south, east, north = site.terrain.bounds
    return np.array([(west + east) / 2, (south + north) / 2, float(np.nanmean(site.terrain.heights, dtype=np.float64))])
