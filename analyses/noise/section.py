"""Noise in sections: an upright surface along each of the project's axes, from the ground to above the roofs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from ...jena_city import viewing
from ...jena_city.arrays import FloatArray
from ...jena_city.files import slug
from ...jena_city.origin import Origin
from ...jena_city.outlined import outlined
from ...jena_city.problems import InputProblem, Progress, no_progress, stretch
from ...jena_city.result import Result, Section
from ...jena_city.viewing import Axis
from ..looking import ground_at, roof_at
from ..obstacles import Obstacles
from .asked import Placewise
from .colours import CHANGE, classes
from .octaves import energy_sum
from .places import sources_of
from .sounding import LEAST_ABOVE, Source, levels_at, said_of_images, title_of
from .town import Box, known

MOST = 200_000  # cells of one section


class NoiseSection(Placewise):
    """Settings of the analysis `noise_section`."""

    from_project = ("time_zone", "viewpoints", "axes")
    viewpoints: list[viewing.Viewpoint] = []
    axes: list[Axis] = []
    along: str = ""
    """Names of axes, separated by semicolons; empty: all"""
    step: float = Field(default=2.0, ge=0.5, le=20)
    """metres, size of the cells along the line and upwards."""
    up: float = Field(default=30.0, ge=4, le=300)
    """metres that the section reaches above the highest ground on it."""

    @property
    def stem(self) -> str:
        return f"noise-section-{self.heard_after}"

    def located(self, folder: Path, origin: Origin) -> Self:
        return self.model_copy(update={"axes": viewing.located(self.axes, folder, origin, "Achse")})


def run_noise_section(
    planned: Obstacles, settings: NoiseSection, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels by day and night (or L_den and L_night) on a surface along each axis; with `base`, the change too, where both are air. Raises
    InputProblem without streets, axes or terrain, and for an axis outside of it."""
    sources = sources_of(planned.applied.site, settings)
    wanted = viewing.chosen(settings.axes, settings.along, "axes")
    if not wanted:
        raise InputProblem("axes", "the project names none", "Add [[axes]] to project.toml, or draw one with the mouse")
    towns, far = [planned, base] if base is not None else [planned], settings.distance
    made = []
    for turn, axis in enumerate(wanted):
        ends = _ends(axis, planned.applied.site.origin)
        low, high = ends.min(axis=0) - far, ends.max(axis=0) + far
        reach = known(planned.applied, (low[0], low[1], high[0], high[1]))
        whole, first = len(wanted) * len(towns), turn * len(towns)
        parts = [stretch(progress, k / whole, (k + 1) / whole) for k in range(first, first + len(towns))]
        found = [_of_town(town, axis, ends, reach, sources, settings, part) for town, part in zip(towns, parts, strict=True)]
        for index, own in enumerate(found[0]):
            made.append(own)
            if base is not None:
                title = own.title.replace(", Schnitt ", f": Änderung gegenüber {base.applied.variant.name}, Schnitt ", 1)
                made.append(own.subtract(found[1][index], name=f"{own.name}-change", title=title, classes=CHANGE))
    progress(1.0, "spread of sound")
    return made


def _of_town(
    town: Obstacles, axis: Axis, ends: FloatArray, reach: Box, sources: Sequence[Source], settings: NoiseSection, progress: Progress
) -> list[Result]:
    """The two levels on the surface along an axis, of all sources together."""
    section, air = _surface(axis, ends, settings, town)
    level, how = [], []
    for k, source in enumerate(sources):
        scene = source.scenery(town.applied, reach)
        ears, own = np.where(air[:, None], section.points, np.nan), np.zeros(section.size)
        ears[:, 2] = np.maximum(ears[:, 2], scene.around.ground(section.points) + LEAST_ABOVE)
        part = stretch(progress, k / len(sources), (k + 1) / len(sources))
        level.append(levels_at(source, scene, ears, own, town.kept, part))
        how += [source.said(scene), said_of_images(scene.around, ears, own, source.paths, town.kept)]
    values = np.maximum(energy_sum(np.stack(level), axis=0), 0.0).astype(np.float32)
    title, colours, said, applied = title_of(sources), classes(settings.colours), " · ".join(filter(None, how)), town.applied
    return [
        Result(
            "noise_section", f"{slug(axis.name)}-{key}", f"{title} {words}, Schnitt {axis.name}", "dB(A)", applied.variant.id,
            applied.site.origin, section, values[:, column], air & np.isfinite(values[:, column]), colours, said,
            settings.model_dump(mode="json"),
        )
        for column, (key, words) in enumerate(sources[0].periods)
    ]  # fmt: skip


def _ends(axis: Axis, origin: Origin) -> FloatArray:
    """(2, 2) both ends in scene coordinates."""
    assert axis.start is not None and axis.end is not None
    return np.array([axis.start, axis.end], float) - np.array([origin.easting, origin.northing], float)


def _surface(axis: Axis, ends: FloatArray, settings: NoiseSection, town: Obstacles) -> tuple[Section, npt.NDArray[np.bool_]]:
    """The surface along a line, and which of its cells lie in the air. Raises InputProblem."""
    length = float(np.hypot(*(ends[1] - ends[0])))
    columns = max(math.ceil(length / settings.step), 1)
    middles = ends[0] + ((np.arange(columns) + 0.5) / columns)[:, None] * (ends[1] - ends[0])
    ground = ground_at(middles, town.applied)
    if not np.isfinite(ground).all():
        raise InputProblem(f"axis {axis.name}", "it lies outside the terrain", "Move it, or add terrain")
    low = math.floor(float(ground.min()))
    rows = math.ceil((float(ground.max()) + settings.up - low) / settings.step)
    if rows * columns > MOST:
        raise InputProblem(f"axis {axis.name}", f"its section has {rows * columns} cells, more than {MOST}", "Choose larger cells")
    section = Section.along(ends, settings.step, columns, rows, float(low), ground, _roofs(middles, town))
    roof = np.tile(section.roof, rows)
    above = section.points[:, 2] > np.tile(ground, rows)
    return section, above & ~(section.points[:, 2] < np.nan_to_num(roof, nan=-np.inf))


def _roofs(xy: FloatArray, town: Obstacles) -> FloatArray:
    """(n,) height of the roof above places, NaN where there is no house: the real one or the prism that sound meets, what is higher."""
    applied = town.applied
    house, top = roof_at(xy, town)
    found: FloatArray = np.where(house, top, np.nan)
    shapes, _, tops = outlined(applied.site.city, applied.site.footprints)
    root = applied.site.city.building_root
    rows = np.array([k for k, shape in enumerate(shapes) if shape is not None and applied.kept[root[k]] and np.isfinite(tops[k])], np.int64)
    if len(rows):
        which, place = shapely.STRtree(shapely.points(xy)).query(shapes[rows], predicate="contains")
        np.fmax.at(found, place, tops[rows[which]])
    return found
