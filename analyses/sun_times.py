"""When there is sun: how often a place lies in shadow, the first and the last sun of a day, and the days of a Verschattungsstudie."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.project import CLOCK, Day
from ..jena_city.result import Classes, Result
from . import sun, visibility
from .daylight import Sunny, SunnyDay, SunnySpan, SunOfDay, basis_words, hours, method, sun_of
from .measuring import Measure, Quantity, Values, measured
from .obstacles import Obstacles
from .sun_hours import CHANGE, HOURS

FREQUENCY = Classes(
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 100.0),
    ("#fde725", "#addc30", "#5ec962", "#28ae80", "#21918c", "#2c728e", "#3b528b", "#472d7b", "#440154"),
    ("unter 10", "10 bis 20", "20 bis 30", "30 bis 40", "40 bis 50", "50 bis 60", "60 bis 70", "70 bis 80", "über 80"),
)
FREQUENCY_CHANGE = Classes(
    (-100.0, -20.0, -10.0, -5.0, 5.0, 10.0, 20.0, 100.0),
    ("#b35806", "#e08214", "#fdb863", "#ffffff", "#bdd7e7", "#74a9cf", "#2f6a9f"),
    (
        "über 20 weniger",
        "10 bis 20 weniger",
        "5 bis 10 weniger",
        "kaum verändert (unter 5)",
        "5 bis 10 mehr",
        "10 bis 20 mehr",
        "über 20 mehr",
    ),
)
_CLOCKS = (4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22)
CLOCK_TIMES = Classes(
    tuple(float(hour) for hour in _CLOCKS),
    (
        *("#fff5b8", "#fee391", "#fec44f", "#fb9a29", "#ec7014", "#cc4c02", "#993404", "#662506"),
        *("#4a1486", "#54278f", "#6a51a3", "#807dba", "#9e9ac8", "#bcbddc", "#dadaeb"),
    ),
    tuple(f"{low} bis {high}" for low, high in zip(_CLOCKS, _CLOCKS[1:], strict=False)),
)
STUDY = (dt.date(2025, 1, 17), dt.date(2025, 3, 21), dt.date(2025, 6, 21), dt.date(2025, 12, 21))


def _days(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Days = Annotated[tuple[Day, ...], BeforeValidator(_days), Field(min_length=1, max_length=24)]


class ShadowFrequency(SunnySpan):
    """Settings of the analysis `shadow_frequency`."""

    @property
    def stem(self) -> str:
        return f"shadow-frequency-{self.span}"


class SunTimes(SunnyDay):
    """Settings of the analysis `sun_times`."""

    @property
    def stem(self) -> str:
        return f"sun-times-{self.date}"


class SunStudy(Sunny):
    """Settings of the analysis `sun_study`."""

    dates: Days = STUDY
    """days one after the other, with spaces between."""
    start: str = Field(default="00:00", pattern=CLOCK)
    end: str = Field(default="24:00", pattern=CLOCK)
    step_minutes: float = Field(default=10.0, ge=0.5, le=120)
    minimum_elevation: float = Field(default=0.0, ge=0, lt=90)
    """degrees; lower suns do not count (DIN EN 17037: 11 in Germany, DIN 5034-1: 6)."""

    @property
    def stem(self) -> str:
        return f"sun-study-{self.dates[0]}-{len(self.dates)}"

    @property
    def suns(self) -> float | None:
        return 720 / self.step_minutes * len(self.dates)

    def of(self, date: dt.date) -> SunnyDay:
        """The settings of one of its days."""
        return SunnyDay.model_validate({**self.model_dump(exclude={"dates"}), "date": date})


def run_shadow_frequency(
    planned: Obstacles, settings: ShadowFrequency, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Share of the time with sun above the horizon, in %, that a place has none. What faces away from the sun has none either."""
    days = [sun_of(planned.applied.site.origin, settings, date) for date in settings.days]
    whole = sum(day.possible for day in days)
    if not whole:
        raise InputProblem("shadow_frequency", f"there is no sun {settings.span_words}", "Choose another day or lower suns")

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        found, done = np.zeros(len(places), np.float32), 0.0
        for day in days:
            found += hours(town, places, normals, day, settings, stretch(part, done / whole, (done + day.possible) / whole))
            done += day.possible
        return [(100 * (1 - found / whole)).astype(np.float32)]

    label = days[0].path.label if len(days) == 1 else f"{len(days)} Tage {settings.span_words} · {basis_words(settings)}"
    quantity = Quantity(f"Verschattungshäufigkeit {settings.span_words}", "%", FREQUENCY, FREQUENCY_CHANGE)
    words = f"{method(settings, label, days[0].path.step_hours)} · Anteil an der Zeit mit Sonne über dem Horizont"
    return measured(Measure("shadow_frequency", [quantity], words, values, settings.tree_words), planned, settings, base, progress)


def run_sun_times(
    planned: Obstacles, settings: SunTimes, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """When the first sun comes and when the last goes, in hours of the day; places without sun have no value. Crowns that let less than
    half through count as walls."""
    origin = planned.applied.site.origin
    day = sun_of(origin, settings, settings.date)
    if not len(day.used):
        raise InputProblem("sun_times", f"there is no sun {settings.date:%d.%m.%Y}", "Choose another day or lower suns")
    counts = day.path.elevation >= settings.minimum_elevation
    at = sun.clock_hours(origin, settings.date, day.path.times[counts], time_zone=settings.time_zone, basis=settings.basis)
    half = day.path.step_hours / 2

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        bits = town.open_to(places, normals, day.used, part)
        for caster, through in zip(town.crowns, (settings.leaves.of(day.date), settings.leaf_transmittance), strict=True):
            if settings.trees == "opaque" or (settings.trees == "seasonal" and through < 0.5):
                bits = visibility.open_to(places, normals, day.used, caster, among=bits)
        ends = zip(visibility.ends(bits, len(at)), (-half, half), strict=True)
        return [np.where(end < 0, np.nan, at[end] + shift).astype(np.float32) for end, shift in ends]

    unit = "Uhr"
    quantities = [
        Quantity(f"Erste Sonne am {settings.date:%d.%m.%Y}", unit, CLOCK_TIMES, None, "first"),
        Quantity(f"Letzte Sonne am {settings.date:%d.%m.%Y}", unit, CLOCK_TIMES, None, "last"),
    ]
    words = method(settings, day.path.label, day.path.step_hours)
    return measured(Measure("sun_times", quantities, words, values, settings.tree_words), planned, settings, base, progress)


def run_sun_study(
    planned: Obstacles, settings: SunStudy, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Hours of sun on each of several days."""
    days = [sun_of(planned.applied.site.origin, settings.of(date), date) for date in settings.dates]

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [
            hours(town, places, normals, day, settings, stretch(part, number / len(days), (number + 1) / len(days)))
            for number, day in enumerate(days)
        ]

    quantities = [Quantity(f"Besonnungsdauer am {day.date:%d.%m.%Y}", "h", HOURS, CHANGE, f"{day.date}") for day in days]
    words = method(settings.of(days[0].date), _labels(days), days[0].path.step_hours)
    return measured(Measure("sun_study", quantities, words, values, settings.tree_words), planned, settings, base, progress)


def _labels(days: list[SunOfDay]) -> str:
    """The days with their time bases."""
    return "; ".join(day.path.label for day in days)
