"""Noise of roads on the ground and at façades, for planning law (RLS-19) or for noise maps (CNOSSOS-EU)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from pydantic import Field

from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray, IntArray
from ...jena_city.assumptions import Assumptions
from ...jena_city.model import Semantics
from ...jena_city.problems import InputProblem, Progress, no_progress, stretch
from ...jena_city.result import Classes, Faces, Grid, Result
from ...jena_city.site import Site
from .. import sensors
from ..measuring import Measure, Placed, Quantity, Spot, Values, area, measured
from ..obstacles import Obstacles
from . import additions, levels, rls19, road_cnossos
from .facades import quiet_sides
from .matrix import Method, incomplete, levels_of, rows, rows_of_both
from .octaves import A_WEIGHTING
from .profiles import MOST_IMAGES
from .propagation import Settings as Paths
from .surroundings import Surroundings
from .town import Box, Roads, known, roads, town
from .traffic import Traffic, traffic_of

_EDGES = (0.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0, 120.0)
_LABELS = ("bis 35", *(f"über {low} bis {low + 5}" for low in range(35, 80, 5)), "über 80")
USUAL = Classes(
    _EDGES,
    (
        "#d7ecc9", "#8cc63f", "#22733b", "#fff200", "#d9a441", "#f58220",
        "#e5391c", "#a6192e", "#92278f", "#2e3192", "#141a4f",
    ),
    _LABELS,
    smooth=True,
)  # fmt: skip
"""The colours of noise maps after DIN 18005-2: green, yellow, ochre, orange, red, violet, blue, in steps of 5 dB(A)."""
SAFE = Classes(
    _EDGES,
    (
        "#fcfdbf", "#fece91", "#fe9f6d", "#f76f5c", "#de4968", "#b63679",
        "#8c2981", "#641a80", "#3b0f70", "#160f3b", "#000004",
    ),
    _LABELS,
    smooth=True,
)  # fmt: skip
"""magma in eleven even steps from light to dark: told apart by lightness alone, whatever colours somebody sees."""
CHANGE = Classes(
    (-60.0, -10.0, -6.0, -3.0, -1.0, 1.0, 3.0, 6.0, 10.0, 60.0),
    ("#1b3a5c", "#2f6a9f", "#74a9cf", "#bdd7e7", "#ffffff", "#fde0b0", "#fdb863", "#e08214", "#b35806"),
    (
        "über 10 leiser",
        "6 bis 10 leiser",
        "3 bis 6 leiser",
        "1 bis 3 leiser",
        "kaum verändert (unter 1)",
        "1 bis 3 lauter",
        "3 bis 6 lauter",
        "6 bis 10 lauter",
        "über 10 lauter",
    ),
    smooth=True,
)
EXCESS = Classes(
    (0.0, 0.5, 2.5, 5.5, 10.5, 60.0),
    ("#d9f0d3", "#fde0b0", "#fdb863", "#e08214", "#8c2d04"),
    ("eingehalten", "1 bis 2 darüber", "3 bis 5 darüber", "6 bis 10 darüber", "über 10 darüber"),
)
RoadMethod = Literal["CNOSSOS", "RLS-19"]
HeldAgainst = Literal["nothing", "guide", "limit", "threshold"]
Colours = Literal["usual", "safe"]
AreaType = Literal["WR", "WA", "WB", "MI", "MU", "MK", "GE"]
OFF_FACADE = 0.1  # metres that a façade's sensor stands off the wall
OWN_FACADE = 1.0  # metres within which a wall is the sensor's own, whose echo does not count
LEAST_ABOVE = 0.2  # metres that a sensor lies above the ground that sound meets
FEW_CHECKED, SHARE_CHECKED = 50, 0.05  # receivers at which it is looked whether reflections are left out


class RoadNoise(Placed):
    """Settings of the analysis `road_noise`."""

    from_project = ("time_zone", "assumptions")
    method: RoadMethod = "RLS-19"
    """RLS-19: planning law (16. BImSchV, DIN 18005), day and night; CNOSSOS: noise maps, L_den and L_night."""
    height: float = Field(default=4.0, ge=0.2, le=200)
    """metres of the map above the ground."""
    step: float = Field(default=5.0, ge=0.5, le=100)
    """metres between ground sensors."""
    cell: float = Field(default=3.0, ge=0.5, le=50)
    """metres, size of façade cells: a storey high and a window axis wide."""
    reflections: int = Field(default=1, ge=0, le=3)
    """order of reflections in façades; RLS-19 counts two at most."""
    distance: float = Field(default=500.0, ge=50, le=3000)
    """metres; roads farther away are not heard."""
    favourable: float = Field(default=0.5, ge=0, le=1)
    """share of time with wind or inversion that carry sound far, by day and evening; CNOSSOS only."""
    favourable_night: float = Field(default=1.0, ge=0, le=1)
    """the same by night."""
    temperature: float = Field(default=10.0, ge=-20, le=40)
    """mean of the air, °C; CNOSSOS only."""
    held_against: HeldAgainst = "nothing"
    """guide: DIN 18005, which a plan weighs; limit: 16. BImSchV, which binds new and changed roads; threshold: 70/60 dB(A); RLS-19 only."""
    area_type: AreaType = "WA"
    """Baugebiet whose values these are."""
    colours: Colours = "usual"
    """usual: those of noise maps; safe: told apart by everybody."""
    quiet: float = Field(default=50.0, ge=20, le=80)
    """dB(A) by day, 10 less by night, up to which a side of a building is quiet: DIN 18005 for WR; rating levels only."""
    quiet_below: float = Field(default=20.0, ge=3, le=60)
    """dB below the loudest side of a building from which on one is quiet: 20 in Directive 2002/49/EC, annex VI."""
    assumptions: Assumptions = Assumptions()

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

    @property
    def value(self) -> levels.Value | None:
        """What levels are held against. Raises InputProblem where there is no such value."""
        return held_value(self.held_against, self.area_type)


@dataclass(frozen=True, eq=False)
class Heard:
    """A town ready to be listened to: surroundings, pieces of road, their power (segments, periods[, 8]), the row (s,) of each in the
    traffic, and how many junctions the streets have."""

    around: Surroundings
    segments: FloatArray
    power: FloatArray
    row: IntArray
    junctions: int = 0


def traffic_in(site: Site) -> Traffic:
    """What drives on a site's streets. Raises InputProblem where nothing does."""
    if site.streets is None or not len(site.streets):
        raise InputProblem("road_noise", "the project has no streets", "Name streets in project.toml or download them")
    traffic = traffic_of(site.streets)
    if not len(traffic):
        raise InputProblem("road_noise", "none of the project's streets carries cars", "Add streets with their class")
    return traffic


def hear(applied: Applied, settings: RoadNoise, traffic: Traffic, reach: Box) -> Heard:
    """A site with a variant, ready to be listened to within a box."""
    around = town(applied, reach)
    height = rls19.SOURCE_HEIGHT if settings.method == "RLS-19" else road_cnossos.SOURCE_HEIGHT
    assert applied.site.streets is not None
    known_junctions = additions.junctions(applied.site.streets, traffic)
    pieces = roads(applied, traffic, around, reach, height, known_junctions)
    power = _power(settings, traffic, pieces, around, known_junctions)
    return Heard(around, pieces.segments, power, pieces.row, sum(map(len, known_junctions.values())))


def run_road_noise(
    planned: Obstacles, settings: RoadNoise, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """RLS-19: levels by day and night. CNOSSOS: L_den and L_night. With `base`, the change too. Raises InputProblem without streets."""
    traffic = traffic_in(planned.applied.site)
    if settings.held_against != "nothing" and settings.method != "RLS-19":
        raise InputProblem("held_against", "L_DEN does not stand beside DIN 18005 and 16. BImSchV", "Choose the method RLS-19")
    value = settings.value
    box = area(planned.applied, settings)
    far = settings.distance
    reach = known(planned.applied, (box[0] - far, box[1] - far, box[2] + far, box[3] + far))

    @lru_cache(maxsize=2)
    def heard(applied: Applied) -> Heard:
        return hear(applied, settings, traffic, reach)

    scene = heard(planned.applied)
    where = spots(planned, settings, settings.height, base)
    where = with_images_said(where, planned, scene.around, settings.paths, stretch(progress, 0.0, 0.05))
    levels_in = Levels(settings.method, settings.paths, settings.periods, heard, base, where)

    def values(places: FloatArray, normals: FloatArray | None, there: Obstacles, part: Progress) -> list[Values]:
        level = levels_in(places, normals, there, part)
        if settings.method == "CNOSSOS":
            level = np.column_stack([levels.day_evening_night(*level.T), level[:, 2]])
        if value is not None:
            level = np.column_stack([level, excess(level, value)])
        return list(np.maximum(level, 0.0).astype(np.float32).T)

    classes = USUAL if settings.colours == "usual" else SAFE
    names = (
        (("Beurteilungspegel Straße Tag (6–22 Uhr)", "day"), ("Beurteilungspegel Straße Nacht (22–6 Uhr)", "night"))
        if settings.method == "RLS-19"
        else (("Straßenlärm L_DEN", "den"), ("Straßenlärm L_Night", "night"))
    )
    quantities = [Quantity(name, "dB(A)", classes, CHANGE, key) for name, key in names]
    if value is not None:
        quantities += excesses(value, settings.area_type)
    told = [how_said(settings, traffic, scene.junctions)]
    if value is not None:
        told.append(value.source)
    measure = Measure("road_noise", quantities, " · ".join(told), values)
    found = measured(measure, planned, settings, base, stretch(progress, 0.05, 1.0), spots=where)
    return [*found, *quiet_sides(planned.applied, found, settings)]


def held_value(against: HeldAgainst, area_type: str) -> levels.Value | None:
    """What levels are held against, None for nothing. Raises InputProblem where there is no such value."""
    if against == "nothing":
        return None
    if against == "threshold":
        return levels.THRESHOLD
    found = levels.guide(area_type) if against == "guide" else levels.limit(area_type)
    if found is None:
        raise InputProblem("area_type", f"there is no such value for {area_type}", "Choose another area type")
    return found


def excess(level: FloatArray, value: levels.Value) -> FloatArray:
    """(n, 2) by how many whole dB levels by day and night (n, 2) lie above a value; NaN where there is no level."""
    return np.column_stack([levels.excess(level[:, column], allowed) for column, allowed in enumerate((value.day, value.night))])


def excesses(value: levels.Value, area_type: str, of: str = "") -> list[Quantity]:
    """The quantities of `excess`. of : what is held against it, in their keys, "" for all there is."""
    name = {"guide": f"Orientierungswert {area_type}", "limit": f"Immissionsgrenzwert {area_type}", "threshold": "Schwelle"}[value.duty]
    parts = (("Tag", value.day, "day-over"), ("Nacht", value.night, "night-over"))
    return [Quantity(f"Überschreitung {part}, {name} {allowed:g} dB(A)", "dB", EXCESS, None, of + key) for part, allowed, key in parts]


def levels_at(
    scene: Heard,
    method: Method,
    receivers: FloatArray,
    own: FloatArray,
    paths: Paths,
    progress: Progress,
    favourable: float | FloatArray = 0.5,
) -> FloatArray:
    """Levels of all that is heard at receivers (n, 3), (n, periods) dB(A), NaN where the receiver is; own : as `listening` gives it."""
    there = np.flatnonzero(np.isfinite(receivers[:, 0]))
    found = np.full((len(receivers), scene.power.shape[1]), np.nan)
    for which, shares in rows(scene.around, method, scene.segments, receivers[there], paths, own_face=own[there], progress=progress):
        found[there[which]] = levels_of(method, shares, scene.power, favourable)
    return found


class Levels:
    """Levels in a planned town and, if there is one, in its base, which are asked for one after the other: what a change cannot touch is
    computed once, when the planned town is asked for, and kept until the base is."""

    def __init__(
        self,
        method: Method,
        paths: Paths,
        favourable: float | FloatArray,
        heard: Callable[[Applied], Heard],
        base: Obstacles | None,
        where: Sequence[Spot],
    ) -> None:
        self.method, self.paths, self.favourable, self.heard, self.base = method, paths, favourable, heard, base
        self._in_both = {row.tobytes() for spot in where for row in spot.support.points_at(np.flatnonzero(spot.comparable))}
        self._kept: dict[bytes, FloatArray] = {}

    def __call__(self, places: FloatArray, normals: FloatArray | None, there: Obstacles, progress: Progress) -> FloatArray:
        """As `levels_at` gives them (n, periods), of one of both towns."""
        scene = self.heard(there.applied)
        receivers, own = listening(places, normals, scene.around, there.applied)
        found = np.full((len(places), scene.power.shape[1]), np.nan)
        if self.base is None:
            done = np.zeros(len(places), bool)
        elif there is self.base:
            ears = _marks(receivers, own)
            done = np.array([ear in self._kept for ear in ears], bool)
            for k in np.flatnonzero(done):
                found[k] = self._kept[ears[k]]
        else:
            before = self.heard(self.base.applied)
            same = (listening(places, normals, before.around, self.base.applied)[0] == receivers).all(axis=1)
            done = same & np.array([place.tobytes() in self._in_both for place in places], bool)
            both, towns = np.flatnonzero(done), ((before.around, before.segments), (scene.around, scene.segments))
            progress, first = stretch(progress, done.mean(), 1.0), stretch(progress, 0.0, done.mean())
            for which, old, new in rows_of_both(*towns, self.method, receivers[both], self.paths, own_face=own[both], progress=first):
                found[both[which]] = levels_of(self.method, new, scene.power, self.favourable)
                was = levels_of(self.method, old, before.power, self.favourable)
                self._kept.update(zip(_marks(receivers[both[which]], own[both[which]]), was, strict=True))
        left = ~done
        found[left] = levels_at(scene, self.method, receivers[left], own[left], self.paths, progress, self.favourable)
        return found


def _marks(receivers: FloatArray, own: FloatArray) -> list[bytes]:
    """What tells ears apart: the middles of two walls that stand against each other are one place, and these hear on either side of it."""
    return [row.tobytes() for row in np.column_stack([receivers, own])]


def how_said(settings: RoadNoise, traffic: Traffic, junctions: int) -> str:
    """The line on how it was computed."""
    guess = int(traffic.assumed_count.sum())
    said = f"{'RLS-19' if settings.method == 'RLS-19' else 'CNOSSOS-EU 2021'}, {said_of_reflections(settings.order)}"
    counts = f"Verkehrsmengen bei {guess} von {len(traffic)} Straßen angenommen" if guess else "Verkehrsmengen gezählt"
    places = f"Zuschläge an {junctions} Knotenpunkten" if junctions else "keine Knotenpunkte angegeben"
    slow_or_fast = int(traffic.beyond.sum())
    speeds = f" · Geschwindigkeit bei {slow_or_fast} Straßen auf 30 bis 130 km/h gesetzt" if slow_or_fast else ""
    return f"{said}, Umkreis {settings.distance:g} m · {counts}{speeds} · {places}"


def said_of_reflections(order: int) -> str:
    """How far sound that comes back from façades counts."""
    return f"Reflexionen bis zur {order}. Ordnung" if order else "ohne Reflexionen"


def said_of_images(around: Surroundings, receivers: FloatArray, own: FloatArray, paths: Paths, progress: Progress = no_progress) -> str:
    """Of receivers (n, 3) with so many reflections that some are left out; "" where none are found. own : as `listening` gives it. To find
    images is up to half of the work of a map, so that of many receivers a share is looked at."""
    there = np.flatnonzero(np.isfinite(receivers[:, 0]))
    if paths.order < 2 or not len(there):
        return ""
    if len(there) > FEW_CHECKED:
        there = np.sort(np.random.default_rng(0).choice(there, max(FEW_CHECKED, round(SHARE_CHECKED * len(there))), replace=False))
    number = incomplete(around, receivers[there], own[there], paths, progress)
    of, why = f"{number} von {len(there)} geprüften Punkten", f"über {MOST_IMAGES} Spiegelquellen"
    return f"Reflexionen an {of} unvollständig ({why}), Pegel dort eher zu niedrig" if number else ""


def with_images_said(where: Sequence[Spot], planned: Obstacles, around: Surroundings, paths: Paths, progress: Progress) -> list[Spot]:
    """The spots with that as their note."""
    if planned.share is not None or paths.order < 2:  # a helper makes numbers alone; of one face there is one image
        return list(where)
    found = []
    for k, spot in enumerate(where):
        cells = np.flatnonzero(spot.valid)
        normals = spot.support.normals[cells] if isinstance(spot.support, Faces) else None
        ears = listening(spot.support.points_at(cells), normals, around, planned.applied)
        said = said_of_images(around, *ears, paths, stretch(progress, k / len(where), (k + 1) / len(where)))
        found.append(replace(spot, note=" · ".join(filter(None, (spot.note, said)))))
    return found


def spots(planned: Obstacles, settings: Placed, height: float, base: Obstacles | None) -> list[Spot]:
    """The map `height` metres above the ground, and façades by storey and window axis."""
    applied = planned.applied
    box = area(applied, settings)
    found = []
    if settings.ground:
        grid, valid = sensors.ground_grid(applied, box, settings.step)
        comparable = valid & ~sensors.built_on(base.applied.footprints, grid) if base else valid
        high = Grid(grid.x, grid.y, grid.step, grid.rows, grid.columns, grid.height + height - sensors.ABOVE_GROUND)
        found.append(Spot("ground", f"in {height:g} m Höhe".replace(".", ","), high, valid, comparable))
    if settings.faces:
        faces = sensors.face_cells(applied, settings.cell, box=box, semantics=(Semantics.WALL,))
        valid = sensors.uncovered(faces, planned)
        comparable = valid & sensors.uncovered(faces, base) & (faces.building >= 0) if base else valid
        found.append(Spot("faces", "an Fassaden", faces, valid, comparable))
    return found


def listening(places: FloatArray, normals: FloatArray | None, around: Surroundings, applied: Applied) -> tuple[FloatArray, FloatArray]:
    """Where ears are: (n, 3), NaN inside of houses; and how near a wall is their own (n,)."""
    found = np.array(places, float)
    if normals is None:
        own = np.zeros(len(found))
    else:
        level = normals * [1.0, 1.0, 0.0]
        level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)
        found += OFF_FACADE * level
        inside = sensors.inside(applied.footprints, found[:, :2])
        found[inside] += (OWN_FACADE - 2 * OFF_FACADE) * level[inside]  # roofs seen from above may stand out over walls
        own = np.full(len(found), OWN_FACADE)
    found[:, 2] = np.maximum(found[:, 2], around.ground(found) + LEAST_ABOVE)
    found[sensors.inside(applied.footprints, found[:, :2])] = np.nan
    return found, own


def _power(settings: RoadNoise, traffic: Traffic, pieces: Roads, around: Surroundings, known_junctions: additions.Junctions) -> FloatArray:
    """L'_W of each piece: (segments, 2) for RLS-19, (segments, 3, 8) A-weighted for CNOSSOS."""
    if settings.method == "RLS-19":
        added = additions.at_junctions(known_junctions, pieces.segments) + additions.canyons(around, pieces.segments, pieces.row)
        return traffic.of_rows(pieces.row).rls19_power(pieces.gradient, added)
    away = additions.away(known_junctions, (pieces.segments[:, :2] + pieces.segments[:, 3:5]) / 2)
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
