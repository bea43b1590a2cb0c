"""Hours of sun on the ground while a variant is being changed: what was traced of the town is kept, only the blocks are traced anew."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..jena_city.applied import Applied, apply
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.result import Grid, Result
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT, Variant
from . import sensors
from .daylight import hours, sun_of
from .measuring import Values, area
from .obstacles import Obstacles, context_of
from .rays import morton_order
from .sun_hours import HOURS, SunHours

MOST = 400_000  # sensors: above, the step is made larger


class LiveSun:
    """The hours of sun of a day on a grid that stays the same whatever the variant. town : as the last variant has it; suns of `day`."""

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
        progress(0.1, "sun and shadow")
        self._context.open_to(self._points, None, self.day.used, stretch(progress, 0.1, 1))

    def of(self, variant: Variant, progress: Progress = no_progress) -> Result:
        """The hours of sun that the ground has with a variant. Under its blocks they are shadow. Raises InputProblem for an impossible
        block."""
        applied = apply(self._context.site, variant, self._before)
        self._before = applied
        self.town = Obstacles.of(applied, self._context)
        values = np.zeros(self.grid.size, np.float32)
        values[self._cells] = hours(self.town, self._points, None, self.day, self.settings, progress)
        return self._result(variant, values)

    @property
    def empty(self) -> Result:
        """A result whose values are the numbers of its cells."""
        return self._result(NULL_VARIANT, np.arange(self.grid.size, dtype=np.float32))

    def _result(self, variant: Variant, values: Values) -> Result:
        grid: Grid = self.grid
        title = f"Besonnungsdauer {self.settings.span_words}, auf dem Boden"
        method = f"{self.day.path.label} · {self.settings.tree_words}"
        origin = self._context.site.origin
        settings = self.settings.model_dump(mode="json")
        return Result("sun_hours", "ground", title, "h", variant.id, origin, grid, values, self.asked.copy(), HOURS, method, settings)
