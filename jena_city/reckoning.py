"""All numbers and findings of a variant while somebody works on it: after a change only what depends on it is reckoned anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import clearances, metrics, plan_parts, rules
from .applied import Applied, apply
from .assumptions import Assumptions
from .building_plots import BuildingPlot, building_plots
from .clearances import WallClearance
from .finding import Finding
from .land_rules import LandRules
from .memory import Memory
from .metrics import Body, Sheet
from .project import BuildingPlotEntry, PlanAreaEntry
from .site import Site
from .variant import Variant


@dataclass(frozen=True, eq=False)
class Reckoned:
    """A variant with all that is told of it."""

    applied: Applied
    plots: list[BuildingPlot]
    bodies: list[Body]
    sheets: list[Sheet]
    walls: list[WallClearance]
    findings: list[Finding]


class Reckoning:
    """Reckons variants of one site, by one law and one set of assumptions. What it remembers changes no number: each answer is the same as
    that of a new Reckoning."""

    def __init__(
        self, site: Site, law: LandRules, given: Assumptions, plots: Sequence[BuildingPlotEntry] = (), areas: Sequence[PlanAreaEntry] = ()
    ) -> None:
        """plots : that the project names. areas : plan areas that it says something of. Raises InputProblem for one that is not there."""
        self.read, self.law, self.given, self.entries, self.areas = site, law, given, list(plots), list(areas)
        self.site = plan_parts.stated(site, areas)
        self._memory, self._aside = Memory(), Memory()
        self._last: Reckoned | None = None

    def of(self, variant: Variant) -> Reckoned:
        """All about a variant; raises InputProblem for an impossible block or plot."""
        with self._memory.round():
            self._last = self._reckoned(variant, self._memory, self._last)
        return self._last

    def beside(self, variant: Variant, land: Any | None = None) -> list[Sheet]:
        """The figures of a variant that another one is compared with; land as in `metrics.sheets`. Raises InputProblem."""
        with self._aside.round():
            applied = apply(self.site, variant)
            plots = building_plots(self.site, variant, self.entries)
            return metrics.sheets(applied, plots, self.law, self.given, land=land, memory=self._aside)

    def _reckoned(self, variant: Variant, memory: Memory, last: Reckoned | None) -> Reckoned:
        streets = tuple(one.shape for one in variant.open_spaces if one.kind == "street")
        plots = memory.of(("building plots", streets), lambda: building_plots(self.site, variant, self.entries))
        applied = apply(self.site, variant, last.applied if last is not None else None)
        bodies = metrics.bodies_of(applied, self.law, self.given, last.bodies if last is not None else ())
        sheets = metrics.sheets(applied, plots, self.law, self.given, bodies=bodies, memory=memory)
        walls = clearances.clearances(applied, self.law.clearance, plots, memory)
        findings = rules.findings(applied, plots, self.law, self.given, sheets, bodies, walls, memory)
        return Reckoned(applied, plots, bodies, sheets, walls, findings)
