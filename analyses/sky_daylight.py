"""The sky that is seen, and daylight after BRE 209: vertical sky component and annual probable sunlight hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress, stretch
from ..jena_city.result import Classes, Faces, Result
from . import sky, sky_edges, visibility, weather
from .horizon_map import SKY_CHANGE
from .measuring import Measure, Placed, Quantity, Values, measured
from .obstacles import Obstacles
from .solar import Weathered, altitude_of, year_of

SEEN = Classes(
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0),
    ("#081d58", "#253494", "#225ea8", "#1d91c0", "#41b6c4", "#7fcdbb", "#c7e9b4", "#ffffd9"),
    ("unter 10", "10 bis 20", "20 bis 30", "30 bis 40", "40 bis 50", "50 bis 60", "60 bis 80", "über 80"),
)
COMPONENT = Classes(
    (0.0, 5.0, 15.0, 27.0, 40.0, 100.0),
    ("#7f0000", "#d7301f", "#fc8d59", "#a6d96a", "#1a9850"),
    ("unter 5", "5 bis 15", "15 bis 27", "27 bis 40 (Richtwert erfüllt)", "über 40"),
)
SUNLIGHT = Classes(
    (0.0, 5.0, 15.0, 25.0, 50.0, 100.0),
    ("#440154", "#3b528b", "#21918c", "#addc30", "#fde725"),
    ("unter 5", "5 bis 15", "15 bis 25", "25 bis 50 (Richtwert erfüllt)", "über 50"),
)
WINTER = Classes(
    (0.0, 1.0, 2.5, 5.0, 15.0, 100.0),
    ("#440154", "#3b528b", "#21918c", "#addc30", "#fde725"),
    ("unter 1", "1 bis 2,5", "2,5 bis 5", "5 bis 15 (Richtwert erfüllt)", "über 15"),
)
NOTICED = Classes((0.0, 0.5, 1.0), ("#d0d0d0", "#b2182b"), ("eingehalten", "merklich gemindert"))
LEAST, KEPT = 27.0, 0.8  # % of the vertical sky component, and the share of the former that is not noticed to be less
LEAST_SUN, LEAST_WINTER, LOST_SUN = 25.0, 5.0, 4.0  # % of annual probable sunlight hours, of those in winter, and of what may be lost
_LOSS = (
    "VSC unter 27 % und unter 0,8 des früheren, oder Sonnenstunden unter 25 % (Winter 5 %), unter 0,8 der früheren und über 4 % verloren"
)


class SkyView(Placed):
    """Settings of the analysis `sky_view`."""

    @property
    def stem(self) -> str:
        return "sky-view"

    @property
    def suns(self) -> float | None:
        return sky_edges.USUAL


class Daylight(Weathered):
    """Settings of the analysis `daylight_bre`."""

    ground: bool = False

    @property
    def stem(self) -> str:
        return "daylight-bre"

    @property
    def suns(self) -> float | None:
        return sky_edges.USUAL + 2 * weather.USUAL  # those of winter and of the rest of the year


def run_sky_view(planned: Obstacles, settings: SkyView, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """Share of the sky that a surface sees, weighted by the cosine to it: of the whole hemisphere above it, in %."""
    around = sky_edges.Around.of(planned.applied.site.origin)
    uniform = np.full((1, sky.LINES, sky.BANDS), 100.0 / np.pi)

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [sky_edges.over(places, normals, town, around, uniform, part)[:, 0].astype(np.float32)]

    method = "kosinusgewichteter Anteil des Halbraums vor der Fläche, 180 Richtungen, Kanten auf 0,4° genau"
    measure = Measure("sky_view", [Quantity("Sichtbarer Himmel", "%", SEEN, SKY_CHANGE)], method, values)
    return measured(measure, planned, settings, base, progress)


def run_daylight(
    planned: Obstacles, settings: Daylight, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Sky component and probable sunlight; with `base`, where BRE 209 says that the loss will be noticed."""
    origin = planned.applied.site.origin
    around = sky_edges.Around.of(origin)
    cells = sky.cells()
    luminance = sky.overcast(cells.elevation)
    luminance = 100.0 * luminance / (luminance * cells.level).sum()
    year = year_of(settings, origin, altitude_of(planned))
    suns, winter = weather.probable_hours(year, origin.latitude, origin.longitude)
    directions = origin.direction(suns.azimuth, suns.elevation)
    weights = 100.0 * np.stack([suns.weight, np.where(winter, suns.weight, 0)]) / suns.weight.sum()

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        component = sky_edges.over(places, normals, town, around, luminance[None], stretch(part, 0, 0.6))[:, 0]
        hours = np.empty((len(places), 2))
        for begin in range(0, len(places), sky_edges.PIECE):
            piece = slice(begin, begin + sky_edges.PIECE)
            facing = None if normals is None else normals[piece]
            bits = town.open_to(places[piece], facing, directions, stretch(part, 0.6 + 0.4 * begin / len(places), 1))
            hours[piece] = visibility.weighted(bits, weights)
        return [one.astype(np.float32) for one in (component, hours[:, 0], hours[:, 1])]

    quantities = [
        Quantity("Himmelslichtanteil (VSC)", "%", COMPONENT, SKY_CHANGE),
        Quantity("Wahrscheinliche Sonnenstunden (APSH)", "%", SUNLIGHT, SKY_CHANGE, "sun"),
        Quantity("Wahrscheinliche Sonnenstunden im Winter", "%", WINTER, SKY_CHANGE, "winter-sun"),
    ]
    method = f"BRE 209, bedeckter Himmel nach CIE, Sonne: {year.label}, Winter 21.09. bis 21.03."
    results = measured(Measure("daylight_bre", quantities, method, values), planned, settings, base, progress)
    named = {one.name: one for one in results}
    spots = [one.name for one in results if isinstance(one.support, Faces) and one.name == "faces"]
    return results + ([_noticed(named, spot) for spot in spots] if base else [])


def _noticed(named: dict[str, Result], spot: str) -> Result:
    """1 where less daylight or sun than BRE 209 asks for is left, and it is noticeably less than before."""
    now, change = named[spot], named[f"{spot}-change"]
    former = now.values - change.values
    dim = (now.values < LEAST) & (now.values < KEPT * former)
    sun, sun_change = named[f"{spot}-sun"].values, named[f"{spot}-sun-change"].values
    cold, cold_change = named[f"{spot}-winter-sun"].values, named[f"{spot}-winter-sun-change"].values
    short = ((sun < LEAST_SUN) & (sun < KEPT * (sun - sun_change))) | ((cold < LEAST_WINTER) & (cold < KEPT * (cold - cold_change)))
    return replace(
        now,
        name=f"{spot}-noticed",
        title=f"{change.title.partition(':')[0]}: Minderung nach BRE 209",
        unit="",
        values=(dim | (short & (-sun_change > LOST_SUN))).astype(np.float32),
        valid=change.valid,
        classes=NOTICED,
        method=f"{_LOSS} · {now.method}",
    )
