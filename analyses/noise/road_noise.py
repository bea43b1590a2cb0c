"""Noise of roads on the ground and at façades, for planning law (RLS-19) or for noise maps (CNOSSOS-EU)."""

from __future__ import annotations

import itertools

import numpy as np
from pydantic import Field

from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem, Progress, no_progress
from ...jena_city.result import Result
from ...jena_city.site import Site
from ..obstacles import Obstacles
from . import rls19, road_cnossos
from .asked import NoiseMap, OfRoads
from .canyons import canyons
from .junctions import Junctions, at_junctions, junctions
from .mapping import noise_map
from .octaves import A_WEIGHTING
from .propagation import Settings as Paths
from .sounding import Scenery, Source, said_of_reflections
from .surroundings import Surroundings
from .town import Box, Roads, roads, town
from .traffic import Traffic, traffic_of


class RoadNoise(NoiseMap, OfRoads):
    """Settings of the analysis `road_noise`."""

    favourable: float = Field(default=0.5, ge=0, le=1)
    """share of time with wind or inversion that carry sound far, by day and evening; CNOSSOS only."""
    favourable_night: float = Field(default=1.0, ge=0, le=1)
    """the same by night."""
    temperature: float = Field(default=10.0, ge=-20, le=40)
    """mean of the year, °C, of tyres and of the air on the way; CNOSSOS only."""

    @property
    def stem(self) -> str:
        return f"road-noise-{self.method.lower().replace('-', '')}"

    @property
    def rated(self) -> bool:
        return self.method == "RLS-19"

    @property
    def told(self) -> tuple[str, str]:
        return ("day" if self.rated else "den"), "night"

    @property
    def order(self) -> int:
        """Of reflections that count: RLS-19 knows two."""
        return min(self.reflections, 2) if self.rated else self.reflections

    @property
    def paths(self) -> Paths:
        return Paths(order=self.order, distance=self.distance, temperature=self.temperature)

    @property
    def periods(self) -> float | FloatArray:
        """Share of time with favourable conditions, of each period that is computed."""
        return self.favourable if self.rated else np.array([self.favourable, self.favourable, self.favourable_night])


def traffic_in(site: Site) -> Traffic:
    """What drives on a site's streets. Raises InputProblem where nothing does."""
    if site.streets is None or not len(site.streets):
        raise InputProblem("road_noise", "the project has no streets", "Name streets in project.toml or download them")
    traffic = traffic_of(site.streets)
    if not len(traffic):
        raise InputProblem("road_noise", "none of the project's streets carries cars", "Add streets with their class")
    return traffic


def hear(applied: Applied, settings: RoadNoise, traffic: Traffic, reach: Box) -> Scenery:
    """A site with a variant, ready to be listened to within a box."""
    around = town(applied, reach)
    height = rls19.SOURCE_HEIGHT if settings.method == "RLS-19" else road_cnossos.SOURCE_HEIGHT
    assert applied.site.streets is not None
    crossings = junctions(applied.site.streets, traffic)
    pieces = roads(applied, traffic, around, reach, height, crossings)
    power = _power(settings, traffic, pieces, around, crossings)
    return Scenery(around, pieces.segments, power, traffic.street[pieces.row], len(crossings))


def road_source(site: Site, settings: RoadNoise) -> Source:
    """The roads of a site. Raises InputProblem where there are none."""
    traffic = traffic_in(site)
    return Source(
        title="Beurteilungspegel Straße" if settings.rated else "Straßenlärm",
        method=settings.method,
        paths=settings.paths,
        favourable=settings.periods,
        scenery=lambda applied, reach: hear(applied, settings, traffic, reach),
        said=lambda scene: how_said(settings, traffic, scene.junctions),
    )


def run_road_noise(
    planned: Obstacles, settings: RoadNoise, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """RLS-19: levels by day and night. CNOSSOS: L_den and L_night. With `base`, the change too. Raises InputProblem without streets."""
    roads_of = road_source(planned.applied.site, settings)
    if settings.held_against != "nothing" and settings.method != "RLS-19":
        raise InputProblem("held_against", "L_DEN does not stand beside DIN 18005 and 16. BImSchV", "Choose the method RLS-19")
    return noise_map("road_noise", [roads_of], planned, settings, base, progress)


def how_said(settings: RoadNoise, traffic: Traffic, junctions: int) -> str:
    """The line on how it was computed."""
    guess = int(traffic.assumed_count.sum())
    said = f"{'RLS-19' if settings.method == 'RLS-19' else 'CNOSSOS-EU 2021'}, {said_of_reflections(settings.order)}"
    counts = f"Verkehrsmengen bei {guess} von {len(traffic)} Straßen angenommen" if guess else "Verkehrsmengen gezählt"
    places = f"Zuschläge an {junctions} Knotenpunkten" if junctions else "keine Knotenpunkte angegeben"
    slow_or_fast = int(traffic.beyond.sum())
    speeds = f" · Geschwindigkeit bei {slow_or_fast} Straßen auf 30 bis 130 km/h gesetzt" if slow_or_fast else ""
    return f"{said}, Umkreis {settings.distance:g} m · {counts}{speeds} · {places}"


def _power(settings: RoadNoise, traffic: Traffic, pieces: Roads, around: Surroundings, crossings: Junctions) -> FloatArray:
    """L'_W of each piece: (segments, 2) for RLS-19, (segments, 3, 8) A-weighted for CNOSSOS."""
    if settings.method == "RLS-19":
        added = at_junctions(crossings, pieces.segments, pieces.row) + canyons(around, pieces.segments, pieces.row)
        return traffic.of_rows(pieces.row).rls19_power(pieces.gradient, added)
    away = crossings.away(pieces.segments, pieces.row)
    kinds = np.array([*away, None], object)
    nearest = np.vstack([*away.values(), np.full(len(pieces.row), road_cnossos.JUNCTION_REACH)])
    junction, distance = kinds[nearest.argmin(axis=0)], nearest.min(axis=0)
    found = np.empty((len(pieces.row), 3, 8))
    for column, period in enumerate((0, 0, 1)):  # day and evening are one to RLS-19's table
        flow, light, heavy = (one[pieces.row, period] for one in (traffic.vehicles, traffic.lorry1, traffic.lorry2))
        cars = 100.0 - light - heavy
        both = traffic.both_ways[pieces.row]
        for way, kind in itertools.product((False, True), kinds):
            which = np.flatnonzero((both == way) & (junction == kind))
            if len(which):
                found[which, column] = road_cnossos.line_power(
                    {"1": (flow * cars / 100)[which], "2": (flow * light / 100)[which], "3": (flow * heavy / 100)[which]},
                    {
                        "1": traffic.car_speed[pieces.row[which]],
                        "2": traffic.lorry_speed[pieces.row[which]],
                        "3": traffic.lorry_speed[pieces.row[which]],
                    },
                    gradient=pieces.gradient[which],
                    both_ways=way,
                    temperature=settings.temperature,
                    junction=kind,
                    junction_distance=distance[which],
                )
    return found + A_WEIGHTING
