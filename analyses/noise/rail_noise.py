"""Noise of trams and trains on the ground and at façades after Schall 03, alone or together with that of roads."""

from __future__ import annotations

import numpy as np

from ...jena_city.applied import Applied
from ...jena_city.lettering import number
from ...jena_city.problems import InputProblem, Progress, no_progress
from ...jena_city.result import Result
from ...jena_city.site import Site
from ..obstacles import Obstacles
from . import schall03
from .asked import NoiseMap, OfTrams
from .mapping import noise_map
from .propagation import Settings as Paths
from .rails import Assumed, Running, running
from .road_noise import RoadNoise, road_source
from .sounding import Scenery, Source, said_of_reflections
from .town import Box, pieces, town

RAIL_TOP = 0.05  # metres that rails lie above the ground that sound meets


class RailNoise(OfTrams, NoiseMap):
    """Settings of the analysis `rail_noise`."""

    with_roads: bool = False
    """the level of rails and roads together too; DIN 18005 counts both as traffic, 16. BImSchV judges each alone."""

    @property
    def stem(self) -> str:
        return "rail-noise-schall03"

    @property
    def told(self) -> tuple[str, str]:
        return ("total-day", "total-night") if self.with_roads else ("day", "night")

    @property
    def roads(self) -> RoadNoise:
        """The settings of a map of roads that listens alike."""
        return RoadNoise(reflections=self.reflections, distance=self.distance)


def rails_in(site: Site, assumed: Assumed) -> Running:
    """What runs on a site's rails. Raises InputProblem where nothing does."""
    if site.streets is None or not len(site.streets):
        raise InputProblem("rail_noise", "the project has no rails", "Name a file with tracks under streets in project.toml")
    found = running(site.streets, assumed)
    if not len(found.lines):
        what = "nothing runs on the project's rails" if found.silent else "the project has no rails"
        raise InputProblem("rail_noise", what, "Add tracks (class tram or rail) with vehicle, vehicles_day and vehicles_night")
    return found


def hear_rails(applied: Applied, rails: Running, reach: Box) -> Scenery:
    """A site with a variant, ready to be listened to within a box. Raises InputProblem where no track lies in it."""
    around = town(applied, reach, schall03.FACADE_LOSS)
    segments, power, row = [], [], []
    for height, above in schall03.HEIGHTS.items():
        found = pieces(applied, rails.lines, around, reach, RAIL_TOP + above)
        level = rails.power[height][found.row]
        heard = level.max(axis=(1, 2), initial=-np.inf) > 0.0  # where vehicles have no source so high nothing is computed
        segments.append(found.segments[heard])
        power.append(level[heard])
        row.append(rails.street[found.row[heard]])
    if not sum(map(len, row)):
        raise InputProblem("rail_noise", "no track on which anything runs lies near enough", "Choose another area")
    return Scenery(around, np.concatenate(segments), np.concatenate(power), np.concatenate(row))


def rail_source(site: Site, settings: OfTrams) -> Source:
    """The rails of a site. Raises InputProblem where nothing runs on any."""
    rails = rails_in(site, settings.assumed)
    return Source(
        title="Beurteilungspegel Schiene",
        method="Schall 03",
        paths=Paths(order=settings.reflections, distance=settings.distance),
        favourable=0.5,
        scenery=lambda applied, reach: hear_rails(applied, rails, reach),
        said=lambda _scene: said_of_rails(settings, rails),
    )


def run_rail_noise(
    planned: Obstacles, settings: RailNoise, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels of rails by day and night, with roads those of both too, and what they exceed. With `base`, the change too. Raises
    InputProblem without rails."""
    site = planned.applied.site
    sources = [rail_source(site, settings), *([road_source(site, settings.roads)] if settings.with_roads else [])]
    whole = settings.with_roads and settings.held_against in ("guide", "threshold")
    return noise_map("rail_noise", sources, planned, settings, base, progress, whole)


def said_of_rails(settings: OfTrams, rails: Running) -> str:
    """The line on how it was computed and what was assumed."""
    counts, tracks, bridges = rails.assumed
    said = [f"Schall 03, {said_of_reflections(settings.reflections)}, Umkreis {settings.distance:g} m"]
    if counts:
        numbers = f"{number(settings.trams_day)} am Tag, {number(settings.trams_night)} in der Nacht"
        said.append(f"Fahrten bei {counts} von {rails.tracks} Gleisen angenommen ({numbers})")
    else:
        said.append("Fahrten nach Angabe")
    if tracks:
        said.append(f"Fahrbahn bei {tracks} Gleisen angenommen")
    if bridges:
        said.append(f"Art der Brücke bei {bridges} Gleisen angenommen")
    if rails.silent:
        said.append(f"{rails.silent} Gleise ohne Angabe der Züge nicht berücksichtigt")
    if rails.half:
        said.append(f"Züge bei {rails.half} Gleisen nur für Tag oder Nacht angegeben, sonst keine")
    return " · ".join(said)
