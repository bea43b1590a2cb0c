"""What is heard at single places and in sections: roads, rails, or both."""

from __future__ import annotations

from ...jena_city.problems import InputProblem
from ...jena_city.site import Site
from .asked import Placewise
from .rail_noise import rail_source
from .road_noise import RoadNoise, road_source
from .sounding import Source


def sources_of(site: Site, asked: Placewise) -> list[Source]:
    """What a place hears, as maps with the same settings do. Raises InputProblem where a site has none of it, and for L_den with rails."""
    if asked.sources == "both" and asked.method == "CNOSSOS":
        raise InputProblem(
            "method", "L_DEN of roads and rating levels of rails make no sum", "Choose the method RLS-19, or one source alone"
        )
    found = []
    if asked.sources != "rails":
        found.append(road_source(site, RoadNoise(method=asked.method, reflections=asked.reflections, distance=asked.distance)))
    if asked.sources != "roads":
        found.append(rail_source(site, asked))
    return found
