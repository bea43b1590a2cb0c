"""Hours of sun of a day or a span of days, and shadow at a moment: on the ground, on façades and on roofs, for today's town and for a
variant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
from pydantic import Field

from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.project import CLOCK, Day
from ..jena_city.result import Classes, Result
from . import sun
from .daylight import Sunny, SunnySpan, SunOfDay, basis_words, hours, method, sun_of
from .measuring import Measure, Quantity, Values, measured
from .obstacles import Obstacles

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


class SunHours(SunnySpan):
    """Settings of the analysis `sun_hours`."""

    @property
    def stem(self) -> str:
        return f"sun-hours-{self.span}"


class Shadow(Sunny):
    """Settings of the analysis `shadow`."""

    date: Day = dt.date(2025, 3, 21)
    time: str = Field(default="12:00", pattern=CLOCK)

    @property
    def stem(self) -> str:
        return f"shadow-{self.date}-{self.time.replace(':', '')}"

    @property
    def suns(self) -> float | None:
        return 1.0


def run_sun_hours(
    planned: Obstacles, settings: SunHours, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Hours of sun of a day, or of a day of a span on the average; with `base`, the difference to it at the same sensors too."""
    days = [sun_of(planned.applied.site.origin, settings, date) for date in settings.days]
    whole = max(sum(day.possible for day in days), 1e-9)

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        found, done = np.zeros(len(places), np.float32), 0.0
        for day in days:
            found += hours(town, places, normals, day, settings, stretch(part, done, done + day.possible / whole))
            done += day.possible / whole
        return [found / len(days) if len(days) > 1 else found]

    label = days[0].path.label if len(days) == 1 else f"{len(days)} Tage {settings.span_words} · {basis_words(settings)}"
    dark = (
        ["keine Sonne an diesem Tag" if len(days) == 1 else "keine Sonne an diesen Tagen"] if not any(day.possible for day in days) else []
    )
    title = f"Besonnungsdauer {settings.span_words}" if len(days) == 1 else f"Mittlere tägliche Besonnungsdauer {settings.span_words}"
    words = " · ".join([method(settings, label, days[0].path.step_hours), *dark])
    measure = Measure("sun_hours", [Quantity(title, "h", HOURS, CHANGE)], words, values, settings.tree_words)
    return measured(measure, planned, settings, base, progress)


def run_shadow(planned: Obstacles, settings: Shadow, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """1 where the sun shines, 0 in shadow, between them under crowns. Of the difference, 1 is new sun and -1 new shadow."""
    origin = planned.applied.site.origin
    suns = sun.moment(origin, settings.date, settings.time, time_zone=settings.time_zone, basis=settings.basis)
    if not len(suns):
        raise InputProblem("shadow", f"the sun is below the horizon at {suns.label}", "Choose a time of day with sun")
    other: sun.Basis = "solar" if settings.basis == "local" else "local"
    at = sun.time_words(float(sun.clock_hours(origin, settings.date, suns.times, time_zone=settings.time_zone, basis=other)[0]))
    zone = "wahre Ortszeit" if other == "solar" else "Ortszeit"
    words = f"{suns.label} ({at} Uhr {zone}), Sonnenhöhe {number(float(suns.elevation[0]), 1)}°"
    day = SunOfDay(settings.date, replace(suns, step_hours=1.0), suns.directions)

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [hours(town, places, normals, day, settings, part)]

    quantity = Quantity(f"Schatten am {suns.label}", "", MASK, MASK_CHANGE)
    return measured(Measure("shadow", [quantity], words, values, settings.tree_words), planned, settings, base, progress)
