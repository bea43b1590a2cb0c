"""Noise in sections: an upright surface along each of the project's axes, from the ground to above the roofs."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from ...jena_city import viewing
from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray
from ...jena_city.files import slug
from ...jena_city.origin import Origin
from ...jena_city.outlined import outlined
from ...jena_city.problems import InputProblem, Progress, no_progress, stretch
from ...jena_city.result import Result, Section
from ...jena_city.viewing import Axis
from ..looking import ground_at, roof_at
from ..obstacles import Obstacles
from ..settings import Settings
from . import levels
from .road_noise import (
    CHANGE,
    LEAST_ABOVE,
    SAFE,
    USUAL,
    Colours,
    Heard,
    RoadMethod,
    RoadNoise,
    hear,
    how_said,
    levels_at,
    said_of_images,
    traffic_in,
)
from .town import known

MOST = 200_000  # cells of one section


class NoiseSection(Settings):
    """Settings of the analysis `noise_section`."""

    from_project = ("time_zone", "viewpoints", "axes")
    viewpoints: list[viewing.Viewpoint] = []
    axes: list[Axis] = []
    along: str = ""
    """Names of axes, separated by semicolons; empty: all"""
    method: RoadMethod = "RLS-19"
    """RLS-19: planning law (16. BImSchV, DIN 18005), day and night; CNOSSOS: noise maps, L_den and L_night."""
    step: float = Field(default=2.0, ge=0.5, le=20)
    """metres, size of the cells along the line and upwards."""
    up: float = Field(default=30.0, ge=4, le=300)
    """metres that the section reaches above the highest ground on it."""
    reflections: int = Field(default=1, ge=0, le=3)
    """order of reflections in façades; RLS-19 counts two at most."""
    distance: float = Field(default=500.0, ge=50, le=3000)
    """metres; roads farther away are not heard."""
    colours: Colours = "usual"
    """usual: those of noise maps; safe: told apart by everybody."""

    @property
    def stem(self) -> str:
        return f"noise-section-{self.method.lower().replace('-', '')}"

    def located(self, folder: Path, origin: Origin) -> Self:
        return self.model_copy(update={"axes": viewing.located(self.axes, folder, origin, "Achse")})

    @property
    def map(self) -> RoadNoise:
        """The settings of a map that listens alike."""
        return RoadNoise(method=self.method, reflections=self.reflections, distance=self.distance)


def run_noise_section(
    planned: Obstacles, settings: NoiseSection, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Levels by day and night (or L_den and L_night) on a surface along each axis; with `base`, the change too, where both are air. Raises
    InputProblem without streets, axes or terrain, and for an axis outside of it."""
    traffic = traffic_in(planned.applied.site)
    wanted = viewing.chosen(settings.axes, settings.along, "axes")
    if not wanted:
        raise InputProblem("axes", "the project names none", "Add [[axes]] to project.toml, or draw one with the mouse")
    towns = [planned, base] if base is not None else [planned]
    asked, far = settings.map, settings.distance
    kind = "Beurteilungspegel Straße" if settings.method == "RLS-19" else "Straßenlärm"
    words = (
        (("day", "Tag (6–22 Uhr)"), ("night", "Nacht (22–6 Uhr)"))
        if settings.method == "RLS-19"
        else (("den", "L_DEN"), ("night", "L_Night"))
    )
    classes = USUAL if settings.colours == "usual" else SAFE
    made = []
    for turn, axis in enumerate(wanted):
        ends = _ends(axis, planned.applied.site.origin)
        low, high = ends.min(axis=0) - far, ends.max(axis=0) + far
        reach = known(planned.applied, (low[0], low[1], high[0], high[1]))

        @lru_cache(maxsize=2)
        def heard(applied: Applied, reach: tuple[float, float, float, float] = reach) -> Heard:
            return hear(applied, asked, traffic, reach)

        found = []
        for place, town in enumerate(towns):
            first = turn * len(towns) + place
            share = len(wanted) * len(towns)
            part = stretch(progress, first / share, (first + 1) / share)
            section, air = _surface(axis, ends, settings, town)
            scene = heard(town.applied)
            ears = np.where(air[:, None], section.points, np.nan)
            ears[:, 2] = np.maximum(ears[:, 2], scene.around.ground(section.points) + LEAST_ABOVE)
            level = levels_at(scene, settings.method, ears, np.zeros(len(ears)), asked.paths, part, asked.periods)
            images = said_of_images(scene.around, ears, np.zeros(len(ears)), asked.paths)
            how = " · ".join(filter(None, (how_said(asked, traffic, scene.junctions), images)))
            if settings.method == "CNOSSOS":
                level = np.column_stack([levels.day_evening_night(*level.T), level[:, 2]])
            values = np.maximum(level, 0.0).astype(np.float32)
            of_town = []
            for column, (key, said) in enumerate(words):
                valid = air & np.isfinite(values[:, column])
                title = f"{kind} {said}, Schnitt {axis.name}"
                made_of = Result(
                    "noise_section", f"{slug(axis.name)}-{key}", title, "dB(A)", town.applied.variant.id, town.applied.site.origin, section,
                    values[:, column], valid, classes, how, settings.model_dump(mode="json"),
                )  # fmt: skip
                of_town.append(made_of)
            found.append(of_town)
        for index, own in enumerate(found[0]):
            made.append(own)
            if base is not None:
                title = f"{kind} {words[index][1]}: Änderung gegenüber {base.applied.variant.name}, Schnitt {axis.name}"
                made.append(own.subtract(found[1][index], name=f"{own.name}-change", title=title, classes=CHANGE))
    progress(1.0, "spread of sound")
    return made


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
