"""Noise of trams and trains on the ground and at façades after Schall 03, alone or together with that of roads."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from pydantic import Field

from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray
from ...jena_city.assumptions import Assumptions
from ...jena_city.lettering import number
from ...jena_city.problems import InputProblem, Progress, no_progress, stretch
from ...jena_city.result import Result
from ...jena_city.site import Site
from ..measuring import Measure, Placed, Quantity, Values, area, measured
from ..obstacles import Obstacles
from . import levels, schall03
from .facades import quiet_sides
from .octaves import energy_sum
from .propagation import Settings as Paths
from .rails import Assumed, Running, running
from .road_noise import (
    CHANGE,
    SAFE,
    USUAL,
    AreaType,
    Heard,
    HeldAgainst,
    Levels,
    RoadNoise,
    excess,
    excesses,
    hear,
    held_value,
    how_said,
    said_of_reflections,
    spots,
    traffic_in,
    with_images_said,
)  # fmt: skip
from .town import Box, known, pieces, town

RAIL_TOP = 0.05  # metres that rails lie above the ground that sound meets


class RailNoise(Placed):
    """Settings of the analysis `rail_noise`."""

    from_project = ("time_zone", "assumptions")
    height: float = Field(default=4.0, ge=0.2, le=200)
    """metres of the map above the ground."""
    step: float = Field(default=5.0, ge=0.5, le=100)
    """metres between ground sensors."""
    cell: float = Field(default=3.0, ge=0.5, le=50)
    """metres, size of façade cells: a storey high and a window axis wide."""
    reflections: int = Field(default=1, ge=0, le=3)
    """order of reflections in façades."""
    distance: float = Field(default=500.0, ge=50, le=3000)
    """metres; tracks farther away are not heard."""
    trams_day: float = Field(default=96.0, ge=0, le=3000)
    """trams on a line from 6 to 22 where the data name none: an assumption, every ten minutes."""
    trams_night: float = Field(default=16.0, ge=0, le=3000)
    """trams on a line from 22 to 6 where the data name none: an assumption, every half hour."""
    tram: Literal["tram-low-floor", "tram-low-floor-cooled", "tram-high-floor"] = "tram-low-floor"
    """kind of trams where the data name none: an assumption."""
    tram_track: Literal["in-street", "ballast", "green-low", "green-high"] = "in-street"
    """what trams run on where the data say nothing: an assumption, the loudest."""
    tram_bridge: Literal["slab", "steel", "steel-ballast", "massive-ballast", "grooved-rail"] = "slab"
    """kind of bridges of trams where the data say only that there is one: an assumption."""
    with_roads: bool = False
    """the level of rails and roads together too; DIN 18005 counts both as traffic, 16. BImSchV judges each alone."""
    held_against: HeldAgainst = "nothing"
    """guide: DIN 18005, which a plan weighs; limit: 16. BImSchV, which binds new lines, for rails alone; threshold: 70/60 dB(A)."""
    area_type: AreaType = "WA"
    """Baugebiet whose values these are."""
    colours: Literal["usual", "safe"] = "usual"
    """usual: those of noise maps; safe: told apart by everybody."""
    quiet: float = Field(default=50.0, ge=20, le=80)
    """dB(A) by day, 10 less by night, up to which a side of a building is quiet: DIN 18005 for WR; rating levels only."""
    quiet_below: float = Field(default=20.0, ge=3, le=60)
    """dB below the loudest side of a building from which on one is quiet: 20 in Directive 2002/49/EC, annex VI."""
    assumptions: Assumptions = Assumptions()

    @property
    def stem(self) -> str:
        return "rail-noise-schall03"

    @property
    def rated(self) -> bool:
        return True

    @property
    def told(self) -> tuple[str, str]:
        return ("total-day", "total-night") if self.with_roads else ("day", "night")

    @property
    def value(self) -> levels.Value | None:
        """What levels are held against. Raises InputProblem where there is no such value."""
        return held_value(self.held_against, self.area_type)

    @property
    def roads(self) -> RoadNoise:
        """The settings of a map of roads that listens alike."""
        return RoadNoise(reflections=self.reflections, distance=self.distance)

    @property
    def assumed(self) -> Assumed:
        return Assumed(self.trams_day, self.trams_night, self.tram, self.tram_track, self.tram_bridge)


def rails_in(site: Site, assumed: Assumed) -> Running:
    """What runs on a site's rails. Raises InputProblem where nothing does."""
    if site.streets is None or not len(site.streets):
        raise InputProblem("rail_noise", "the project has no rails", "Name a file with tracks under streets in project.toml")
    found = running(site.streets, assumed)
    if not len(found.lines):
        what = "nothing runs on the project's rails" if found.silent else "the project has no rails"
        raise InputProblem("rail_noise", what, "Add tracks (class tram or rail) with vehicle, vehicles_day and vehicles_night")
    return found


def hear_rails(applied: Applied, rails: Running, reach: Box) -> Heard:
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
    return Heard(around, np.concatenate(segments), np.concatenate(power), np.concatenate(row))


def run_rail_noise(
    planned: Obstacles, settings: RailNoise, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels of rails by day and night, with roads those of both too, and what they exceed. With `base`, the change too. Raises
    InputProblem without rails."""
    site = planned.applied.site
    rails = rails_in(site, settings.assumed)
    traffic = traffic_in(site) if settings.with_roads else None
    value = settings.value
    box, far = area(planned.applied, settings), settings.distance
    reach = known(planned.applied, (box[0] - far, box[1] - far, box[2] + far, box[3] + far))
    paths = Paths(order=settings.reflections, distance=far)
    whole = settings.with_roads and settings.held_against in ("guide", "threshold")

    @lru_cache(maxsize=2)
    def heard(applied: Applied) -> Heard:
        return hear_rails(applied, rails, reach)

    @lru_cache(maxsize=2)
    def heard_of_roads(applied: Applied) -> Heard:
        assert traffic is not None
        return hear(applied, settings.roads, traffic, reach)

    where = spots(planned, settings, settings.height, base)
    where = with_images_said(where, planned, heard(planned.applied).around, paths, stretch(progress, 0.0, 0.05))
    of_rails = Levels("Schall 03", paths, 0.5, heard, base, where)
    of_roads = Levels("RLS-19", settings.roads.paths, 0.5, heard_of_roads, base, where)

    def values(places: FloatArray, normals: FloatArray | None, there: Obstacles, part: Progress) -> list[Values]:
        level = of_rails(places, normals, there, stretch(part, 0.0, 0.6 if traffic is not None else 1.0))
        found = [level]
        if traffic is not None:
            theirs = of_roads(places, normals, there, stretch(part, 0.6, 1.0))
            found.append(energy_sum(np.stack([level, theirs]), axis=0))
        if value is not None:
            found.append(excess(found[-1] if whole else level, value))
        return list(np.maximum(np.column_stack(found), 0.0).astype(np.float32).T)

    classes = USUAL if settings.colours == "usual" else SAFE
    names = [("Beurteilungspegel Schiene {}", "")]
    if traffic is not None:
        names.append(("Beurteilungspegel Schiene und Straße {}", "total-"))
    periods = (("Tag (6–22 Uhr)", "day"), ("Nacht (22–6 Uhr)", "night"))
    quantities = [Quantity(name.format(said), "dB(A)", classes, CHANGE, key + part) for name, key in names for said, part in periods]
    if value is not None:
        quantities += excesses(value, settings.area_type, "total-" if whole else "")
    told = [said_of_rails(settings, rails)]
    if traffic is not None:
        told.append(how_said(settings.roads, traffic, heard_of_roads(planned.applied).junctions))
    if value is not None:
        told.append(value.source)
    measure = Measure("rail_noise", quantities, " · ".join(told), values)
    results = measured(measure, planned, settings, base, stretch(progress, 0.05, 1.0), spots=where)
    return [*results, *quiet_sides(planned.applied, results, settings)]


def said_of_rails(settings: RailNoise, rails: Running) -> str:
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
