"""All rules asked at once: what is wrong with a variant, what is to be reasoned, and what to think of.

Each rule is a function of one block or one piece of land and of what is around it. A check for planners, no legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from . import baunvo, clearances
from .applied import Applied
from .building_plots import BuildingPlot
from .finding import RULES, Finding, Severity, judged, reason_of, sentence, with_reason
from .land_rules import LandRules
from .metrics import Body, Sheet

__all__ = ["RULES", "Finding", "Severity", "findings", "reason_of", "sentence", "with_reason"]

SMALLEST_EXCESS = 5e-4  # of GRZ, GFZ, BMZ: what is rounded away where they are written
DENSITIES: tuple[tuple[Literal["GRZ", "GFZ", "BMZ"], str, str, str], ...] = (
    ("GRZ", "grz", "grz_main", "§ 19 (1), (2) BauNVO"),
    ("GFZ", "gfz", "gfz", "§ 20 BauNVO"),
    ("BMZ", "bmz", "bmz", "§ 21 BauNVO"),
)
ORDER: tuple[Severity, ...] = ("broken", "to-reason", "hint", "not-applicable")


def findings(
    applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, sheets: Sequence[Sheet], bodies: Sequence[Body]
) -> list[Finding]:
    """What every rule finds, what is broken first. sheets, bodies : of the same variant (`metrics.sheets`, `metrics.bodies_of`)."""
    found = clearances.findings(applied, clearances.clearances(applied, law.clearance, plots), plots)
    of_plots = [sheet for sheet in sheets if sheet.scope == "plot"]
    for plot, sheet in zip(plots, of_plots, strict=True):
        found += density(plot, sheet)
        found += [one for body in bodies for one in storeys(body, plot, law)]
    return in_order(found)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """What is broken first, else as they came."""
    return sorted(found, key=lambda one: ORDER.index(one.severity))


def density(plot: BuildingPlot, sheet: Sheet) -> list[Finding]:
    """What the plan fixes for a plot (GRZ, GRZ gesamt, GFZ, BMZ) and what § 17 names for its kind of area, against the figures of it."""
    limits, figures = plot.limits, sheet.figures
    at = plot.whole.representative_point()
    place = (float(at.x), float(at.y))

    def above(rule: str, severity: Severity, most: float | None, key: str, paragraph: str) -> list[Finding]:
        value = figures[key].value if key in figures else None
        if most is None or value is None or value <= most + SMALLEST_EXCESS:
            return []
        note = figures[key].note
        return [Finding(rule, severity, "", plot.name, value - most, "", place, paragraph, allowed=most, found=value, note=note)]

    total = None if limits.grz is None else baunvo.most_covered(limits.grz)
    found = above("grz-total", "broken", total, "grz_total", "§ 19 (4) BauNVO")
    for (number, rule, key, paragraph), fixed in zip(DENSITIES, (limits.grz, limits.gfz, limits.bmz), strict=True):
        found += above(rule, "broken", fixed, key, paragraph)
        found += above(f"orientation-{rule}", "to-reason", baunvo.named(limits, number), key, f"§ 17 BauNVO {limits.edition}")
    return found


def storeys(body: Body, plot: BuildingPlot, law: LandRules) -> list[Finding]:
    """More Vollgeschosse than the plan allows on the plot that a block stands on."""
    block, most, number = body.block, plot.limits.storeys, len(body.full)
    if most is None or number <= most or block.counts_as != "hauptanlage" or not plot.whole.intersects(block.footprint):
        return []
    at = block.footprint.representative_point()
    one = Finding(
        "storeys", "broken", block.id, block.name or block.id, number - most, "", (float(at.x), float(at.y)),
        f"§ 20 (1) BauNVO; {law.full_storey.paragraph}", allowed=most, found=number,
    )  # fmt: skip
    return [judged(one, block)]
