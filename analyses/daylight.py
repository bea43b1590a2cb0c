"""What analyses of direct sun have in common: which days and suns, and what trees let through."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from ..jena_city import seasons
from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem, Progress, stretch
from ..jena_city.project import CLOCK, Day
from . import sun, visibility
from .foliage import Leaves
from .measuring import NO_TREES, Placed, Values
from .obstacles import Obstacles
from .sun import SunPath

MOST_DAYS = 366
OptionalDay = Annotated[Day | None, BeforeValidator(lambda value: value or None)]
_DAY_OF_YEAR = r"^(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.$"


class Leafy(Placed):
    """Settings of what asks what becomes of the sun in trees."""

    trees: Literal["ignored", "seasonal", "opaque"] = "ignored"
    """seasonal: crowns let a share of the sun through, by the day of the year; opaque: none."""
    leaf_transmittance: float = Field(default=0.03, ge=0, le=1)
    """share of direct sun through crowns in leaf (Konarska et al. 2014: 1 to 5 %)."""
    bare_transmittance: float = Field(default=0.46, ge=0, le=1)
    """share of direct sun through bare crowns (Konarska et al. 2014: 40 to 52 %)."""
    leaves_from: str = Field(default="{1:02}.{0:02}.".format(*seasons.IN_LEAF[0]), pattern=_DAY_OF_YEAR)
    """day from which trees bear leaves, an assumption."""
    leaves_until: str = Field(default="{1:02}.{0:02}.".format(*seasons.IN_LEAF[1]), pattern=_DAY_OF_YEAR)
    """day until which trees bear leaves, an assumption."""

    @property
    def leaves(self) -> Leaves:
        start, end = ((int(text[3:5]), int(text[:2])) for text in (self.leaves_from, self.leaves_until))
        return Leaves(self.leaf_transmittance, self.bare_transmittance, start, end)

    @property
    def tree_words(self) -> str:
        """What became of the trees, for the method."""
        if self.trees == "ignored":
            return NO_TREES
        if self.trees == "opaque":
            return "Bäume undurchsichtig"
        shares = f"{number(100 * self.leaf_transmittance)} % durch belaubte, {number(100 * self.bare_transmittance)} % durch kahle Kronen"
        return f"Bäume: Sonne zu {shares}, belaubt {self.leaves_from} bis {self.leaves_until}"


class Sunny(Leafy):
    """Settings of everything that asks for direct sun."""

    basis: Literal["local", "solar"] = "local"
    """local: clock time; solar: true solar time."""


class SunnyDay(Sunny):
    """Settings of what asks for the sun of one day, or between two times of it."""

    date: Day = dt.date(2025, 3, 21)
    start: str = Field(default="00:00", pattern=CLOCK)
    end: str = Field(default="24:00", pattern=CLOCK)
    step_minutes: float = Field(default=10.0, ge=0.5, le=120)
    minimum_elevation: float = Field(default=0.0, ge=0, lt=90)
    """degrees; lower suns do not count (DIN EN 17037: 11 in Germany, DIN 5034-1: 6)."""

    @property
    def suns(self) -> float | None:
        return 720 / self.step_minutes


class SunnySpan(SunnyDay):
    """Settings of what asks for the sun of a day or of a span of days."""

    until: OptionalDay = None
    """last day of a span; empty: the one day."""
    every_days: int = Field(default=7, ge=1, le=183)
    """days from one reckoned day of a span to the next."""

    @property
    def days(self) -> list[dt.date]:
        """The days that are reckoned; raises InputProblem for a span that ends before it begins or is too long."""
        last = self.until or self.date
        if last < self.date:
            what = f"the span from {self.date} to {last} is empty"
            raise InputProblem("date", what, "Let it end after it starts")
        count = (last - self.date).days // self.every_days + 1
        if count > MOST_DAYS:
            raise InputProblem("date", f"the span has {count} days to reckon", "Choose a shorter span or more days between")
        return [self.date + dt.timedelta(days=self.every_days * number) for number in range(count)]

    @property
    def suns(self) -> float | None:
        return 720 / self.step_minutes * max(((self.until or self.date) - self.date).days // self.every_days + 1, 1)

    @property
    def span(self) -> str:
        """The day or the days, for names of files."""
        return f"{self.date}" if self.until in (None, self.date) else f"{self.date}-{self.until}"

    @property
    def span_words(self) -> str:
        """The day or the days, for people."""
        if self.until in (None, self.date):
            return f"am {self.date:%d.%m.%Y}"
        return f"vom {self.date:%d.%m.%Y} bis {self.until:%d.%m.%Y}"


@dataclass(frozen=True)
class SunOfDay:
    """The suns of a day that count: path as it is, used (s,) bool those high enough."""

    date: dt.date
    path: SunPath
    used: FloatArray

    @property
    def possible(self) -> float:
        """Hours in which there is any sun to have."""
        return len(self.used) * self.path.step_hours


def sun_of(origin: Origin, settings: SunnyDay, date: dt.date) -> SunOfDay:
    """The suns of a day, as the settings ask for them."""
    path = sun.sun_path(
        origin,
        date,
        time_zone=settings.time_zone,
        basis=settings.basis,
        start=settings.start,
        end=settings.end,
        step_minutes=settings.step_minutes,
    )
    return SunOfDay(date, path, path.directions[path.elevation >= settings.minimum_elevation])


def hours(town: Obstacles, places: FloatArray, normals: FloatArray | None, day: SunOfDay, settings: Sunny, progress: Progress) -> Values:
    """Hours of sun of a day at sensors (n,): those under crowns count by what the crowns let through."""
    free = town.open_to(places, normals, day.used, stretch(progress, 0, 0.7))
    counts = visibility.counted(free).astype(np.float64)
    if settings.trees != "ignored":
        counts -= _taken_by_crowns(town, places, normals, day, settings, free, stretch(progress, 0.7, 1))
    return (counts * day.path.step_hours).astype(np.float32)


def _taken_by_crowns(
    town: Obstacles,
    places: FloatArray,
    normals: FloatArray | None,
    day: SunOfDay,
    settings: Sunny,
    free: visibility.Bits,
    progress: Progress,
) -> FloatArray:
    """How many of the suns (n,) crowns take, whole and in part; of several crowns in a row the densest counts."""
    shedding, evergreen = town.crowns
    under_green = visibility.open_to(places, normals, day.used, evergreen, among=free, progress=stretch(progress, 0, 0.5))
    under_none = visibility.open_to(places, normals, day.used, shedding, among=under_green, progress=stretch(progress, 0.5, 1))
    all_free, past_green, past_all = (visibility.counted(bits).astype(np.float64) for bits in (free, under_green, under_none))
    through_green, through = (0.0, 0.0) if settings.trees == "opaque" else (settings.leaf_transmittance, settings.leaves.of(day.date))
    return (all_free - past_green) * (1 - through_green) + (past_green - past_all) * (1 - through)


def basis_words(settings: Sunny) -> str:
    """The time basis of several days, for people."""
    return "wahre Ortszeit" if settings.basis == "solar" else f"Ortszeit {settings.time_zone}"


def method(settings: SunnyDay, label: str, step_hours: float) -> str:
    """How hours of sun were found, for people. label : of the day or days, with the time basis."""
    span = "" if (settings.start, settings.end) == ("00:00", "24:00") else f", {settings.start} bis {settings.end} Uhr"
    least = f", Sonne ab {number(settings.minimum_elevation)}° Höhe" if settings.minimum_elevation else ""
    minutes = step_hours * 60
    return f"{label}{span}, alle {number(minutes, 0 if minutes == round(minutes) else 1)} Minuten{least}"
