"""Hours of sun on a day, and shadow at a moment: on the ground, on façades and on roofs, for today's town and for a variant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.project import CLOCK, Day
from ..jena_city.result import Classes, Faces, Grid, Result
from . import sensors, shadow, sun
from .obstacles import Obstacles
from .rays import Raycaster
from .sensors import Box
from .settings import Settings

HOURS = Classes(
    (0.0, 0.5, 1.0, 1.5, 3.0, 4.0, 6.0, 8.0, 10.0, 24.0),
    ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"),
    ("unter 0,5", "0,5 bis 1", "1 bis 1,5", "1,5 bis 3", "3 bis 4", "4 bis 6", "6 bis 8", "8 bis 10", "über 10"),
)
"""viridis, with edges where rules have them: 1 h (DIN 5034-1), 1.5, 3 and 4 h (DIN EN 17037)."""
CHANGE = Classes(
    (-24.0, -4.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 4.0, 24.0),
    ("#1b3a5c", "#2f6a9f", "#74a9cf", "#bdd7e7", "#ffffff", "#fde0b0", "#fdb863", "#e08214", "#b35806"),
    (
        "über 4 weniger Sonne",
        "2 bis 4 weniger",
        "1 bis 2 weniger",
        "0,5 bis 1 weniger",
        "kaum verändert (unter 0,5)",
        "0,5 bis 1 mehr",
        "1 bis 2 mehr",
        "2 bis 4 mehr",
        "über 4 mehr Sonne",
    ),
)
MASK = Classes((0.0, 0.5, 1.0), ("#3b4a6b", "#fdf3c8"), ("Schatten", "Sonne"))
MASK_CHANGE = Classes((-1.0, -0.5, 0.5, 1.0), ("#2f6a9f", "#ffffff", "#e08214"), ("neuer Schatten", "unverändert", "neue Sonne"))
Mask = npt.NDArray[np.bool_]


class _Place(Settings):
    """Where values are taken."""

    basis: Literal["local", "solar"] = "local"
    """local: clock time; solar: true solar time."""
    step: float = Field(default=2.0, gt=0.05, le=100)
    """metres between ground sensors."""
    cell: float = Field(default=2.0, gt=0.1, le=50)
    """metres, size of façade and roof cells."""
    ground: bool = True
    faces: bool = True
    margin: float = Field(default=100.0, ge=0, le=5000)
    """metres around the plan areas."""
    bbox: tuple[float, float, float, float] | None = None
    """west, south, east, north in the project's CRS; instead of plan areas with margin."""


class SunHours(_Place):
    """Settings of the analysis `sun_hours`."""

    date: Day = dt.date(2025, 3, 21)
    start: str = Field(default="00:00", pattern=CLOCK)
    end: str = Field(default="24:00", pattern=CLOCK)
    step_minutes: float = Field(default=10.0, ge=0.5, le=120)
    minimum_elevation: float = Field(default=0.0, ge=0, lt=90)
    """degrees; lower suns do not count (DIN EN 17037: 11 in Germany, DIN 5034-1: 6)."""

    @property
    def stem(self) -> str:
        return f"sun-hours-{self.date}"


class Shadow(_Place):
    """Settings of the analysis `shadow`."""

    date: Day = dt.date(2025, 3, 21)
    time: str = Field(default="12:00", pattern=CLOCK)

    @property
    def stem(self) -> str:
        return f"shadow-{self.date}-{self.time.replace(':', '')}"


def run_sun_hours(
    planned: Obstacles, settings: SunHours, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Hours of sun; with `base`, the difference to it at the same sensors too."""
    suns = sun.sun_path(
        planned.applied.site.origin,
        settings.date,
        time_zone=settings.time_zone,
        basis=settings.basis,
        start=settings.start,
        end=settings.end,
        step_minutes=settings.step_minutes,
    )
    span = "" if (settings.start, settings.end) == ("00:00", "24:00") else f", {settings.start} bis {settings.end} Uhr"
    least = f", Sonne ab {number(settings.minimum_elevation)}° Höhe" if settings.minimum_elevation else ""
    minutes = suns.step_hours * 60
    method = f"{suns.label}{span}, alle {number(minutes, 0 if minutes == round(minutes) else 1)} Minuten{least}"

    def values(places: FloatArray, normals: FloatArray | None, rays: Raycaster, part: Progress) -> npt.NDArray[np.float32]:
        return shadow.sun_hours(places, normals, suns, rays, minimum_elevation=settings.minimum_elevation, progress=part)

    measure = _Measure("sun_hours", f"Besonnungsdauer am {settings.date:%d.%m.%Y}", "h", HOURS, CHANGE, method, values)
    return _measured(measure, planned, settings, base, progress)


def run_shadow(planned: Obstacles, settings: Shadow, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """1 where the sun shines, 0 in shadow. Of the difference, 1 is new sun and -1 new shadow."""
    suns = sun.moment(planned.applied.site.origin, settings.date, settings.time, time_zone=settings.time_zone, basis=settings.basis)
    if not len(suns):
        raise InputProblem("shadow", f"the sun is below the horizon at {suns.label}", "Choose a time of day with sun")
    method = f"{suns.label}, Sonnenhöhe {number(float(suns.elevation[0]), 1)}°"

    def values(places: FloatArray, normals: FloatArray | None, rays: Raycaster, part: Progress) -> npt.NDArray[np.float32]:
        found = shadow.lit(places, normals, suns.directions[0], rays).astype(np.float32)
        part(1.0, "shadow")
        return found

    measure = _Measure("shadow", f"Schatten am {suns.label}", "", MASK, MASK_CHANGE, method, values)
    return _measured(measure, planned, settings, base, progress)


@dataclass(frozen=True)
class _Measure:
    """What is measured, and how. values : (places, normals or None, rays, progress) -> (n,) float32."""

    analysis: str
    title: str
    unit: str
    classes: Classes
    change: Classes
    method: str
    values: Callable[[FloatArray, FloatArray | None, Raycaster, Progress], npt.NDArray[np.float32]]


def _measured(measure: _Measure, planned: Obstacles, settings: _Place, base: Obstacles | None, progress: Progress) -> list[Result]:
    """The measure on ground and faces, and its differences to `base`."""
    applied = planned.applied
    site = applied.site
    box = _box(applied, settings)
    estimated = "Gelände aus den Gebäuden geschätzt" if site.terrain is not None and site.terrain.estimated else ""
    method = " · ".join(part for part in (measure.method, "Bäume nicht berücksichtigt", estimated) if part)
    supports: list[tuple[str, str, Grid | Faces, Mask, Mask]] = []  # name, where, support, valid, valid in both
    if settings.ground:
        grid, valid = sensors.ground_grid(applied, box, settings.step)
        comparable = valid & ~sensors.inside(base.applied.footprints, grid.points[:, :2]) if base else valid
        supports.append(("ground", "auf dem Boden", grid, valid, comparable))
    if settings.faces:
        faces = sensors.face_cells(applied, settings.cell, box=box)
        valid = sensors.uncovered(faces, planned)
        comparable = valid & sensors.uncovered(faces, base) & (faces.building >= 0) if base else valid
        supports.append(("faces", "an Fassaden und Dächern", faces, valid, comparable))
    rounds = len(supports) * (2 if base else 1)
    results: list[Result] = []
    for number_, (name, where, support, valid, comparable) in enumerate(supports):

        def computed(caster: Raycaster, which: Mask, turn: int, support: Grid | Faces = support) -> npt.NDArray[np.float32]:
            def part(share: float, what: str) -> None:
                progress((turn + share) / rounds, what)

            found = np.zeros(support.size, np.float32)
            normals = support.normals[which] if isinstance(support, Faces) else None
            found[which] = measure.values(support.points[which], normals, caster, part)
            return found

        turn = number_ * (2 if base else 1)
        own = Result(
            analysis=measure.analysis,
            name=name,
            title=f"{measure.title}, {where}",
            unit=measure.unit,
            variant=applied.variant.id,
            origin=site.origin,
            support=support,
            values=computed(planned.rays, valid, turn),
            valid=valid,
            classes=measure.classes,
            method=method,
            settings=settings.model_dump(mode="json"),
        )
        results.append(own)
        if base:
            before = replace(own, variant=base.applied.variant.id, values=computed(base.rays, comparable, turn + 1), valid=comparable)
            title = f"{measure.title}: Änderung gegenüber {base.applied.variant.name}, {where}"
            results.append(own.subtract(before, name=f"{name}-change", title=title, classes=measure.change))
    return results


def _box(applied: Applied, settings: _Place) -> Box:
    """The area of the analysis in scene coordinates: the one asked for, else the plan areas with a margin, else the whole town."""
    site = applied.site
    if settings.bbox is not None:
        west, south = site.origin.to_local(np.array(settings.bbox[:2]))
        east, north = site.origin.to_local(np.array(settings.bbox[2:]))
        if east <= west or north <= south:
            raise InputProblem("bbox", f"{settings.bbox} is empty", "Give west, south, east, north")
        if site.terrain is not None:
            x0, y0, x1, y1 = site.terrain.reach
            if west >= x1 or east <= x0 or south >= y1 or north <= y0:
                what = f"{settings.bbox} lies outside the terrain"
                raise InputProblem("bbox", what, "Give west, south, east, north in the scene's system")
        return float(west), float(south), float(east), float(north)
    if site.plan_box is not None:
        west, south, east, north = site.plan_box
        box = (west - settings.margin, south - settings.margin, east + settings.margin, north + settings.margin)
    elif site.city.reach is not None:
        west, south, east, north = site.city.reach
        box = (west - 20, south - 20, east + 20, north + 20)
    else:
        raise InputProblem("bbox", "the project has neither buildings nor a plan area", "State a bbox")
    return (np.floor(box[0]), np.floor(box[1]), np.ceil(box[2]), np.ceil(box[3]))
