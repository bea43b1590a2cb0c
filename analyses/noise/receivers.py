"""How loud it is at single places, and which street brings how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field

from ...jena_city import marks, viewing
from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray, IntArray
from ...jena_city.lettering import number
from ...jena_city.origin import Origin
from ...jena_city.problems import Progress, no_progress, stretch
from ...jena_city.result import Classes, Result
from ...jena_city.vectors import RAILS
from ...jena_city.viewing import Viewpoint
from ..looking import eyes
from ..obstacles import Obstacles
from .asked import Placewise
from .colours import CHANGE, classes
from .octaves import energy_sum
from .places import sources_of
from .sounding import Source, by_street, said_of_images, title_of
from .town import known

STREETS = 12  # that are told of a place, at most
BELOW = 20.0  # dB below the whole, from which on a street adds nothing to speak of


class NoiseReceivers(Placewise):
    """Settings of the analysis `noise_receivers`."""

    from_project = ("time_zone", "viewpoints")
    viewpoints: list[Viewpoint] = []
    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    spacing: float = Field(default=10.0, gt=0.1, le=1000)
    """Metres between places on paths and in areas"""

    @property
    def stem(self) -> str:
        return f"noise-receivers-{self.heard_after}"

    def located(self, folder: Path, origin: Origin) -> Self:
        return self.model_copy(update={"viewpoints": viewing.located(self.viewpoints, folder, origin, "Standpunkt")})


@dataclass(frozen=True, eq=False)
class Parts:
    """What is heard at places: rows (k,) in the site's streets, levels of each (n, k, 2) dB(A), the middle of its loudest piece (n, k, 3),
    and the lines on how it was computed."""

    street: IntArray
    level: FloatArray
    loudest: FloatArray
    said: str

    @property
    def whole(self) -> FloatArray:
        """(n, 2) of all together."""
        return np.asarray(np.maximum(energy_sum(self.level, axis=1), 0.0))


def run_noise_receivers(
    planned: Obstacles, settings: NoiseReceivers, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels at the project's viewpoints as points, and as lines from each to the streets and tracks that are heard there, each with its
    part. With `base`, the change at the places too. Raises InputProblem without any, without viewpoints, and for one inside a building."""
    sources = sources_of(planned.applied.site, settings)
    looks = eyes(settings.viewpoints, settings.look_from, settings.spacing, planned)
    places, towns = looks.points, [planned, base] if base is not None else [planned]
    steps = [stretch(progress, k / len(towns), (k + 1) / len(towns)) for k in range(len(towns))]
    heard, *before = [_heard(sources, places, town, planned, settings, step) for town, step in zip(towns, steps, strict=True)]
    names = _names(planned.applied, heard.street)
    (_, first), (_, second) = sources[0].periods
    rows = [
        {second: f"{number(float(level[1]), 1)} dB(A)", "am lautesten": names[int(part[:, 0].argmax())]}
        for level, part in zip(heard.whole, heard.level, strict=True)
    ]
    colours, title = classes(settings.colours), f"{title_of(sources)} {first}"
    points = marks.points(places, looks.names, rows)
    made = [_result("points", f"{title} an Immissionsorten", colours, points, heard.whole[:, 0], planned, settings, heard.said)]
    if base is not None:
        change = heard.whole[:, 0] - before[0].whole[:, 0]
        title_of_change = f"{title} an Immissionsorten: Änderung gegenüber {base.applied.variant.name}"
        made.append(_result("points-change", title_of_change, CHANGE, points, change, planned, settings, heard.said))
    lines, said, what, values = [], [], [], []
    for k, place in enumerate(places):
        day, loud = heard.level[k, :, 0], float(heard.whole[k, 0])
        order = np.argsort(-day)[:STREETS]
        for street in order[day[order] > loud - BELOW].tolist():
            lines.append(np.array([place, heard.loudest[k, street]]))
            said.append(f"{looks.names[k]} – {names[street]}")
            part = 100.0 * 10.0 ** (0.1 * (day[street] - loud))
            what.append({"Anteil": f"{number(part)} %", second: f"{number(float(heard.level[k, street, 1]), 1)} dB(A)"})
            values.append(float(day[street]))
    if lines:
        of = "Straßen" if settings.sources == "roads" else "Gleise" if settings.sources == "rails" else "Straßen und Gleise"
        drawn = marks.lines(lines, said, what)
        made.append(_result("parts", f"{title}: Beiträge der {of}", colours, drawn, np.array(values), planned, settings, heard.said))
    progress(1.0, "spread of sound")
    return made


def _heard(
    sources: Sequence[Source], places: FloatArray, town: Obstacles, planned: Obstacles, settings: NoiseReceivers, progress: Progress
) -> Parts:
    """What is heard of all sources at places (n, 3) of a town."""
    low, high = places[:, :2].min(axis=0) - settings.distance, places[:, :2].max(axis=0) + settings.distance
    reach = known(planned.applied, (low[0], low[1], high[0], high[1]))
    found, how = [], []
    for k, source in enumerate(sources):
        scene, part = source.scenery(town.applied, reach), stretch(progress, k / len(sources), (k + 1) / len(sources))
        street, level, loudest = by_street(source, scene, places, town.kept, part)
        middle = (scene.segments[:, :3] + scene.segments[:, 3:]) / 2
        found.append((street, level, middle[loudest]))
        how += [source.said(scene), said_of_images(scene.around, places, np.zeros(len(places)), source.paths, town.kept)]
    street, level, loudest = (np.concatenate(parts, axis=axis) for axis, parts in zip((0, 1, 1), zip(*found, strict=True), strict=True))
    return Parts(street, level, loudest, " · ".join(filter(None, how)))


def _names(applied: Applied, rows: IntArray) -> list[str]:
    """Names of streets and tracks, by their class and number where they have none; a track may lie in a street of the same name."""
    streets = applied.site.streets
    assert streets is not None
    given, kinds = ([str(word).strip() for word in streets.columns.get(key, np.full(len(streets), ""))] for key in ("name", "class"))
    of_track = [" (Gleis)" if kind in RAILS else "" for kind in kinds]
    return [given[row] + of_track[row] if given[row] else f"{kinds[row] or 'Straße'} {row + 1}" for row in rows.tolist()]


def _result(
    name: str, title: str, classes: Classes, support: Any, values: FloatArray, town: Obstacles, settings: NoiseReceivers, method: str
) -> Result:
    applied = town.applied
    return Result(
        "noise_receivers", name, title, "dB" if classes is CHANGE else "dB(A)", applied.variant.id, applied.site.origin, support,
        np.asarray(values, np.float32), np.ones(support.size, bool), classes, method, settings.model_dump(mode="json"),
    )  # fmt: skip
