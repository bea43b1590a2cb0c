"""Hours of sun on ground, façades and roofs while a variant is being changed: what was traced of the town is kept, only the blocks are
traced anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..jena_city.applied import Applied, apply
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.result import Faces, Grid, Result
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT, Variant
from . import sensors
from .daylight import hours, sun_of
from .measuring import Values, area
from .obstacles import Obstacles, context_of
from .rays import morton_order
from .sun_hours import HOURS, SunHours

MOST = 400_000  # sensors on the ground, and as many on façades and roofs: above, step and cell are made larger


class LiveSun:
    """The hours of sun of a day on a grid that stays the same whatever the variant, and on façades and roofs where the settings ask for
    them. town : as the last variant has it; suns of `day`."""

    def __init__(self, site: Site, settings: SunHours, variants: Iterable[Variant] = (), progress: Progress = no_progress) -> None:
        """variants : whose removed buildings may come and go. A step that would make too many sensors is made larger. Raises
        InputProblem, Cancelled."""
        progress(0.0, "preparing")
        gone = np.zeros(len(site.city.building_id), bool)
        for variant in variants:
            gone |= ~apply(site, variant).kept
        self._context = context_of(site, gone)
        today = self._context.applied
        self.settings = settings
        box = area(today, settings)
        step = max(settings.step, float(np.sqrt((box[2] - box[0]) * (box[3] - box[1]) / MOST)))
        self.grid, _ = sensors.ground_grid(today, box, step)
        self.asked = np.isfinite(self.grid.height) & ~sensors.built_on(self._context.footprints, self.grid)
        if not self.asked.any():
            raise InputProblem("ground grid", "there is no open ground in the area", "Choose a larger area")
        self._cells = np.flatnonzero(self.asked)
        points = self.grid.points_at(self._cells)
        order = morton_order(points)
        self._cells, self._points = self._cells[order], points[order]
        self.day = sun_of(site.origin, settings, settings.date)
        self._before: Applied | None = None
        self.town = Obstacles.of(today, self._context)
        self._box, self._cell = box, settings.cell
        self._houses = self._standing(today) if settings.faces else None
        progress(0.1, "sun and shadow")
        self._context.open_to(self._points, None, self.day.used, stretch(progress, 0.1, 0.5))
        if self._houses is not None:
            points, normals = self._houses.points[self._asked], self._houses.normals[self._asked]
            self._context.open_to(points, normals, self.day.used, stretch(progress, 0.5, 1))

    def _standing(self, today: Applied) -> Faces:
        """The cells of the buildings that no variant removes."""
        standing = replace(today, kept=today.kept & ~self._context.changing)
        found = sensors.face_cells(standing, self._cell, box=self._box)
        if found.size > MOST:
            self._cell *= float(np.sqrt(found.size / MOST))
            found = sensors.face_cells(standing, self._cell, box=self._box)
        self._open = sensors.uncovered(found, Obstacles.of(standing, self._context))
        asked = np.flatnonzero(self._open)
        self._asked = asked[morton_order(found.points[asked])]
        return found

    def of(self, variant: Variant, progress: Progress = no_progress) -> Result:
        """The hours of sun that the ground has with a variant. Under its blocks they are shadow. Raises InputProblem for an impossible
        block."""
        applied = apply(self._context.site, variant, self._before)
        self._before = applied
        self.town = Obstacles.of(applied, self._context)
        values = np.zeros(self.grid.size, np.float32)
        values[self._cells] = hours(self.town, self._points, None, self.day, self.settings, progress)
        return self._result(variant, values)

    def on_faces(self, progress: Progress = no_progress) -> Result | None:
        """The same on façades and roofs, with the variant that was asked for last; None where they are not asked for. Where a block leans
        against a house there is shadow."""
        if self._houses is None or self._before is None:
            return None
        houses, applied = self._houses, self._before
        values = np.zeros(houses.size, np.float32)
        points, normals = houses.points[self._asked], houses.normals[self._asked]
        values[self._asked] = hours(self.town, points, normals, self.day, self.settings, stretch(progress, 0, 0.7))
        own = sensors.face_cells(replace(applied, kept=applied.kept & self._context.changing), self._cell, box=self._box)
        valid = sensors.uncovered(own, self.town)
        seen = np.flatnonzero(valid)
        of_own = np.zeros(own.size, np.float32)
        of_own[seen] = hours(self.town, own.points[seen], own.normals[seen], self.day, self.settings, stretch(progress, 0.7, 1))
        return replace(
            self._result(applied.variant, np.concatenate([values, of_own])),
            name="faces",
            title=f"Besonnungsdauer {self.settings.span_words}, an Fassaden und Dächern",
            support=_together(houses, own),
            valid=np.concatenate([self._open, valid]),
        )

    @property
    def site(self) -> Site:
        return self._context.site

    @property
    def empty(self) -> Result:
        """A result whose values are the numbers of its cells."""
        return self._result(NULL_VARIANT, np.arange(self.grid.size, dtype=np.float32))

    def _result(self, variant: Variant, values: Values) -> Result:
        grid: Grid = self.grid
        where = "auf dem Boden, an Fassaden und Dächern" if self.settings.faces else "auf dem Boden"
        title = f"Besonnungsdauer {self.settings.span_words}, {where}"
        method = f"{self.day.path.label} · {self.settings.tree_words}"
        origin = self._context.site.origin
        settings = self.settings.model_dump(mode="json")
        return Result("sun_hours", "ground", title, "h", variant.id, origin, grid, values, self.asked.copy(), HOURS, method, settings)


def _together(first: Faces, second: Faces) -> Faces:
    """The cells of both, one after the other."""
    names = ("points", "normals", "area", "building", "semantics", "vertices")
    joined = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    triangles = np.concatenate([first.triangles, second.triangles + len(first.vertices)])
    return Faces(**joined, triangles=triangles, triangle_cell=np.concatenate([first.triangle_cell, second.triangle_cell + first.size]))
