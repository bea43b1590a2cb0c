"""Hours of sun on a day, and shadow at a moment: on the ground, on façades and on roofs, for today's town and for a variant."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
from pydantic import Field

from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.project import CLOCK, Day
from ..jena_city.result import Classes, Result
from . import sun
from .measuring import Measure, Placed, Quantity, Values, measured
from .obstacles import Obstacles
from .visibility import counted

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


class SunHours(Placed):
    """Settings of the analysis `sun_hours`."""

    basis: Literal["local", "solar"] = "local"
    """local: clock time; solar: true solar time."""
    date: Day = dt.date(2025, 3, 21)
    start: str = Field(default="00:00", pattern=CLOCK)
    end: str = Field(default="24:00", pattern=CLOCK)
    step_minutes: float = Field(default=10.0, ge=0.5, le=120)
    minimum_elevation: float = Field(default=0.0, ge=0, lt=90)
    """degrees; lower suns do not count (DIN EN 17037: 11 in Germany, DIN 5034-1: 6)."""

    @property
    def stem(self) -> str:
        return f"sun-hours-{self.date}"


class Shadow(Placed):
    """Settings of the analysis `shadow`."""

    basis: Literal["local", "solar"] = "local"
    """local: clock time; solar: true solar time."""
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
    used = suns.directions[suns.elevation >= settings.minimum_elevation]
    span = "" if (settings.start, settings.end) == ("00:00", "24:00") else f", {settings.start} bis {settings.end} Uhr"
    least = f", Sonne ab {number(settings.minimum_elevation)}° Höhe" if settings.minimum_elevation else ""
    minutes = suns.step_hours * 60
    method = f"{suns.label}{span}, alle {number(minutes, 0 if minutes == round(minutes) else 1)} Minuten{least}"

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [(counted(town.open_to(places, normals, used, part)) * suns.step_hours).astype(np.float32)]

    measure = Measure("sun_hours", [Quantity(f"Besonnungsdauer am {settings.date:%d.%m.%Y}", "h", HOURS, CHANGE)], method, values)
    return measured(measure, planned, settings, base, progress)


def run_shadow(planned: Obstacles, settings: Shadow, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """1 where the sun shines, 0 in shadow. Of the difference, 1 is new sun and -1 new shadow."""
    suns = sun.moment(planned.applied.site.origin, settings.date, settings.time, time_zone=settings.time_zone, basis=settings.basis)
    if not len(suns):
        raise InputProblem("shadow", f"the sun is below the horizon at {suns.label}", "Choose a time of day with sun")
    method = f"{suns.label}, Sonnenhöhe {number(float(suns.elevation[0]), 1)}°"

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [town.open_to(places, normals, suns.directions, part)[0].astype(np.float32)]

    measure = Measure("shadow", [Quantity(f"Schatten am {suns.label}", "", MASK, MASK_CHANGE)], method, values)
    return measured(measure, planned, settings, base, progress)
