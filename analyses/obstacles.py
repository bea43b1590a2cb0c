"""What stands in the way of sun and view at a site with a variant applied, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass

from ..jena_city.applied import Applied, Occluders
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
        return cls(applied, occluders, Raycaster(occluders.vertices, occluders.triangles))
