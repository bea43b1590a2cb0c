"""How loud it is at single places, and which street brings how much of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ...jena_city import marks, viewing
from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray
from ...jena_city.lettering import number
from ...jena_city.origin import Origin
from ...jena_city.problems import Progress, no_progress, stretch
from ...jena_city.result import Classes, Result
from ...jena_city.viewing import Viewpoint
from ..looking import eyes
from ..obstacles import Obstacles
from ..settings import Settings
from . import levels
from .matrix import matrix
from .road_noise import CHANGE, SAFE, USUAL, Heard, RoadMethod, RoadNoise, hear, how_said, said_of_images, traffic_in
from .town import known

STREETS = 12  # that are told of a place, at most
BELOW = 20.0  # dB below the whole, from which on a street adds nothing to speak of


class NoiseReceivers(Settings):
    """Settings of the analysis `noise_receivers`."""

    from_project = ("time_zone", "viewpoints")
    viewpoints: list[Viewpoint] = []
    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    spacing: float = Field(default=10.0, gt=0.1, le=1000)
    """Metres between places on paths and in areas"""
    method: RoadMethod = "RLS-19"
    """RLS-19: planning law (16. BImSchV, DIN 18005), day and night; CNOSSOS: noise maps, L_den and L_night."""
    reflections: int = Field(default=1, ge=0, le=3)
    """order of reflections in façades; RLS-19 counts two at most."""
    distance: float = Field(default=500.0, ge=50, le=3000)
    """metres; roads farther away are not heard."""
    colours: Literal["usual", "safe"] = "usual"
    """usual: those of noise maps; safe: told apart by everybody."""

    @property
    def stem(self) -> str:
        return f"noise-receivers-{self.method.lower().replace('-', '')}"

    def located(self, folder: Path, origin: Origin) -> Self:
        return self.model_copy(update={"viewpoints": viewing.located(self.viewpoints, folder, origin, "Standpunkt")})

    @property
    def map(self) -> RoadNoise:
        """The settings of a map that listens alike."""
        return RoadNoise(method=self.method, reflections=self.reflections, distance=self.distance, colours=self.colours)


def run_noise_receivers(
    planned: Obstacles, settings: NoiseReceivers, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels at the project's viewpoints as points, and as lines from each to the streets that are heard there, each with its part. With
    `base`, the change at the places too. Raises InputProblem without streets or viewpoints, and for one inside a building."""
    traffic = traffic_in(planned.applied.site)
    looks = eyes(settings.viewpoints, settings.look_from, settings.spacing, planned)
    asked, far = settings.map, settings.distance
    low, high = looks.points[:, :2].min(axis=0) - far, looks.points[:, :2].max(axis=0) + far
    reach = known(planned.applied, (low[0], low[1], high[0], high[1]))

    def told(heard: Heard, shares: Any) -> FloatArray:
        """(receivers, streets, 2): by day and night, or L_den and L_night."""
        alone = 10.0 ** (0.1 * shares.contributions(heard.power, asked.periods))
        of = np.zeros((len(alone), len(traffic), alone.shape[2]))
        for street in np.unique(heard.row):
            of[:, street] = alone[:, heard.row == street].sum(axis=1)
        with np.errstate(divide="ignore"):
            level = 10.0 * np.log10(of)
        if settings.method == "RLS-19":
            return np.asarray(level)
        return np.stack([levels.day_evening_night(*np.moveaxis(level, 2, 0)), level[:, :, 2]], axis=2)

    @lru_cache(maxsize=2)
    def listened(applied: Applied) -> tuple[Heard, FloatArray, npt.NDArray[np.int64]]:
        """What is heard of it: pieces of road, levels by street, and the loudest piece of each street (receivers, streets)."""
        heard = hear(applied, asked, traffic, reach)
        half = stretch(progress, 0.0, 0.5) if applied is planned.applied and base is not None else progress
        shares = matrix(heard.around, settings.method, heard.segments, looks.points, asked.paths, progress=half)
        loud = shares.contributions(heard.power, asked.periods)[:, :, 0]
        loudest = np.zeros((len(loud), len(traffic)), np.int64)
        for street in np.unique(heard.row):
            pieces = np.flatnonzero(heard.row == street)
            loudest[:, street] = pieces[loud[:, pieces].argmax(axis=1)]
        return heard, told(heard, shares), loudest

    heard, parts, loudest = listened(planned.applied)
    whole = _together(parts)
    names = _names(planned.applied, traffic.street)
    first, second = ("Tag (6–22 Uhr)", "Nacht (22–6 Uhr)") if settings.method == "RLS-19" else ("L_DEN", "L_Night")
    rows = [
        {second: f"{number(float(level[1]), 1)} dB(A)", "am lautesten": names[int(part[:, 0].argmax())]}
        for level, part in zip(whole, parts, strict=True)
    ]
    classes = USUAL if settings.colours == "usual" else SAFE
    kind = "Beurteilungspegel Straße" if settings.method == "RLS-19" else "Straßenlärm"
    images = said_of_images(heard.around, looks.points, np.zeros(len(looks.points)), asked.paths)
    method = " · ".join(filter(None, (how_said(asked, traffic, heard.junctions), images)))
    points = marks.points(looks.points, looks.names, rows)
    made = [_result("points", f"{kind} {first} an Immissionsorten", classes, points, whole[:, 0], planned, settings, method)]
    if base is not None:
        change = whole[:, 0] - _together(listened(base.applied)[1])[:, 0]
        title = f"{kind} {first} an Immissionsorten: Änderung gegenüber {base.applied.variant.name}"
        made.append(_result("points-change", title, CHANGE, points, change, planned, settings, method))
    lines, said, what, values = [], [], [], []
    for k, place in enumerate(looks.points):
        order = np.argsort(-parts[k, :, 0])[:STREETS]
        for street in order[parts[k, order, 0] > whole[k, 0] - BELOW].tolist():
            a, b = heard.segments[loudest[k, street], :3], heard.segments[loudest[k, street], 3:]
            part = 100.0 * 10.0 ** (0.1 * (parts[k, street, 0] - whole[k, 0]))
            lines.append(np.array([place, (a + b) / 2]))
            said.append(f"{looks.names[k]} – {names[street]}")
            what.append({"Anteil": f"{number(part)} %", second: f"{number(float(parts[k, street, 1]), 1)} dB(A)"})
            values.append(float(parts[k, street, 0]))
    if lines:
        title = f"{kind} {first}: Beiträge der Straßen"
        made.append(_result("parts", title, classes, marks.lines(lines, said, what), np.array(values), planned, settings, method))
    progress(1.0, "spread of sound")
    return made


def _together(parts: FloatArray) -> FloatArray:
    """Levels (n, streets, periods) of all streets at once, (n, periods)."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(10.0 * np.log10((10.0 ** (0.1 * parts)).sum(axis=1)), 0.0))


def _names(applied: Applied, rows: Any) -> list[str]:
    """Names of streets, by their class and number where they have none."""
    streets = applied.site.streets
    assert streets is not None
    given, kinds = (streets.columns.get(key, np.full(len(streets), "")) for key in ("name", "class"))
    return [str(given[row]).strip() or f"{str(kinds[row]).strip() or 'Straße'} {row + 1}" for row in rows.tolist()]


def _result(
    name: str, title: str, classes: Classes, support: Any, values: FloatArray, town: Obstacles, settings: NoiseReceivers, method: str
) -> Result:
    applied = town.applied
    return Result(
        "noise_receivers", name, title, "dB" if classes is CHANGE else "dB(A)", applied.variant.id, applied.site.origin, support,
        np.asarray(values, np.float32), np.ones(support.size, bool), classes, method, settings.model_dump(mode="json"),
    )  # fmt: skip
