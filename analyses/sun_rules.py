"""Rules for sun in rooms, held against windows: DIN EN 17037 and DIN 5034-1."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from pydantic import Field

from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.project import Day
from ..jena_city.result import Classes, Result
from . import visibility, windows
from .daylight import SunnyDay, method, sun_of
from .measuring import NO_TREES, Mask, Placed, Values, area
from .obstacles import Obstacles
from .sensors import uncovered
from .sun_hours import CHANGE
from .windows import WindowForm, Windows

EN_FROM, EN_UNTIL = (2, 1), (3, 21)  # the days of DIN EN 17037, of which one is chosen
EN_LEAST, DIN_LEAST = 11.0, 6.0  # degrees that the sun must stand above the horizon; EN: for Germany
ABOVE_FLOOR, ABOVE_SILL = 1.2, 0.3  # metres of the place of DIN EN 17037, both at the least
EN_LEVELS = Classes(
    (0.0, 1.5, 3.0, 4.0, 24.0),
    ("#b2182b", "#fdb863", "#a6d96a", "#1a9641"),
    ("nicht erfüllt (unter 1,5)", "gering (1,5 bis 3)", "mittel (3 bis 4)", "hoch (über 4)"),
)
WINTER = Classes((0.0, 1.0, 24.0), ("#b2182b", "#1a9641"), ("nicht erfüllt (unter 1)", "erfüllt (über 1)"))
EQUINOX = Classes((0.0, 4.0, 24.0), ("#b2182b", "#1a9641"), ("nicht erfüllt (unter 4)", "erfüllt (über 4)"))


class SunRules(Placed):
    """Settings of the analysis `sun_rules`."""

    rule: Literal["en17037", "din5034"] = "en17037"
    """en17037: inside of the wall, on one day between 1 February and 21 March; din5034: middle of the window, 17 January and equinox."""
    date: Day = dt.date(2025, 3, 21)
    """the day of DIN EN 17037; of DIN 5034-1 the year."""
    step_minutes: float = Field(default=5.0, ge=0.5, le=30)
    window_width: float = Field(default=1.2, ge=0.3, le=10)
    """metres."""
    window_height: float = Field(default=1.4, ge=0.3, le=5)
    """metres."""
    sill: float = Field(default=0.9, ge=0, le=3)
    """metres of the window above the floor."""
    spacing: float = Field(default=3.0, ge=0.5, le=20)
    """metres from window to window."""
    storey_height: float = Field(default=3.0, ge=2, le=6)
    """metres, of buildings; blocks have their own."""
    wall: float = Field(default=0.4, ge=0, le=1.5)
    """metres, thickness of the outer wall."""

    @property
    def stem(self) -> str:
        return f"sun-rules-{self.rule}-{self.date}"

    @property
    def form(self) -> WindowForm:
        return WindowForm(self.window_width, self.window_height, self.sill, self.spacing, self.storey_height)


@dataclass(frozen=True)
class _Demand:
    """What is asked of one day. depth : metres from the façade's plane inwards, None: the middle of the window in it."""

    key: str
    title: str
    date: dt.date
    least: float
    depth: float | None
    classes: Classes


def run_sun_rules(
    planned: Obstacles, settings: SunRules, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Hours of sun at each window as the rule counts them; with `base`, the difference at the windows that were there before too."""
    if settings.rule == "en17037" and not EN_FROM <= (settings.date.month, settings.date.day) <= EN_UNTIL:
        what = f"DIN EN 17037 asks for a day from 1 February to 21 March, not {settings.date}"
        raise InputProblem("sun_rules", what, "Choose such a day")
    applied = planned.applied
    there = windows.set_in(applied, settings.form, area(applied, settings))
    valid = uncovered(there.support, planned)
    comparable = valid & uncovered(there.support, base) & (there.support.building >= 0) if base else valid
    demands = _demands(settings)
    rounds = len(demands) * (2 if base else 1)
    results: list[Result] = []
    for index, demand in enumerate(demands):
        day = SunnyDay(date=demand.date, step_minutes=settings.step_minutes, minimum_elevation=demand.least, time_zone=settings.time_zone)
        of_day = sun_of(applied.site.origin, day, demand.date)
        words = " · ".join([method(day, of_day.path.label, of_day.path.step_hours), _place(settings, demand), NO_TREES])

        def taken(town: Obstacles, which: Mask, turn: int, demand: _Demand = demand, suns: FloatArray = of_day.used) -> Values:
            part = stretch(progress, turn / rounds, (turn + 1) / rounds)
            return _sun_inside(there, which, suns, demand.depth, settings.form, town, part)

        own = Result(
            analysis="sun_rules",
            name=demand.key,
            title=f"{demand.title}, an Fenstern",
            unit="h",
            variant=applied.variant.id,
            origin=applied.site.origin,
            support=there.support,
            values=taken(planned, valid, index) * np.float32(of_day.path.step_hours),
            valid=valid,
            classes=demand.classes,
            method=words,
            settings=settings.model_dump(mode="json"),
        )
        results.append(own)
        if base:
            before = replace(
                own,
                variant=base.applied.variant.id,
                values=taken(base, comparable, len(demands) + index) * np.float32(of_day.path.step_hours),
                valid=comparable,
            )
            title = f"{demand.title}: Änderung gegenüber {base.applied.variant.name}, an Fenstern"
            results.append(own.subtract(before, name=f"{demand.key}-change", title=title, classes=CHANGE))
    return results


def _demands(settings: SunRules) -> list[_Demand]:
    year = settings.date.year
    if settings.rule == "en17037":
        title = f"Besonnung nach DIN EN 17037 am {settings.date:%d.%m.%Y}"
        return [_Demand("windows", title, settings.date, EN_LEAST, settings.wall, EN_LEVELS)]
    winter, spring = dt.date(year, 1, 17), dt.date(year, 3, 21)
    return [
        _Demand("windows-winter", f"Besonnung nach DIN 5034-1 am {winter:%d.%m.%Y}", winter, DIN_LEAST, None, WINTER),
        _Demand("windows-equinox", f"Besonnung nach DIN 5034-1 am {spring:%d.%m.%Y}", spring, DIN_LEAST, None, EQUINOX),
    ]


def _place(settings: SunRules, demand: _Demand) -> str:
    size = f"Fenster {number(settings.window_width, 2)} × {number(settings.window_height, 2)} m angenommen"
    if demand.depth is None:
        return f"{size}, Nachweisort Fenstermitte in der Fassadenebene"
    return f"{size}, Nachweisort innere Wandebene, Wand {number(demand.depth, 2)} m"


def _sun_inside(
    there: Windows, which: Mask, suns: FloatArray, depth: float | None, form: WindowForm, town: Obstacles, progress: Progress
) -> Values:
    """How many suns (n,) reach the place of the rule at the windows `which`, through the opening and past what stands outside."""
    found = np.zeros(there.support.size, np.float32)
    rows = np.flatnonzero(which)
    middle, normal = there.support.points[rows], there.support.normals[rows]
    inside = depth or 0.0
    raised = 0.0 if depth is None else max(ABOVE_FLOOR, form.sill + ABOVE_SILL) - form.sill - form.height / 2  # from the middle
    for turn, sun in enumerate(suns):
        towards = normal @ sun
        front = np.flatnonzero(towards > visibility.GRAZING)
        along = inside / towards[front]  # metres on the way to the sun until the façade's plane
        sideways = along * (there.across[rows[front]] @ sun)
        upwards = raised + along * (there.up[rows[front]] @ sun)
        through = (np.abs(sideways) <= form.width / 2) & (np.abs(upwards) <= form.height / 2)
        front, sideways, upwards = front[through], sideways[through], upwards[through]
        at = middle[front] + sideways[:, None] * there.across[rows[front]] + upwards[:, None] * there.up[rows[front]]
        free = ~town.rays.blocked(at + visibility.OFFSET * normal[front], sun[None])
        found[rows[front[free]]] += 1
        progress((turn + 1) / len(suns), "sun and shadow")
    return found
