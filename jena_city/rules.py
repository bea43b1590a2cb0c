"""All rules asked at once: what is wrong with a variant, what is to be reasoned, and what to think of.

Each rule is a function of one block or one piece of land and of what is around it. A check for planners, no legal advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import shapely

from . import baunvo, clearances, metrics, plan_parts, plan_rules, tree_rules
from .applied import Applied
from .assumptions import Assumptions
from .building_plots import BuildingPlot, street_land
from .finding import RULES, Finding, Severity, reason_of, sentence, with_reason
from .land_rules import LandRules
from .metrics import Body, Figure, Sheet
from .plan_parts import PlanPart

__all__ = ["RULES", "Finding", "Severity", "findings", "reason_of", "sentence", "with_reason"]

SMALLEST_EXCESS = 5e-4  # of GRZ, GFZ, BMZ: what is rounded away where they are written
AROUND = 60.0  # metres: buildings farther from a block say nothing about its lines and its length
TALL_STOREY, MASS_OF_FLOORS = 3.5, 3.5  # § 21 (4): metres; BMZ for each GFZ
DENSITIES: tuple[tuple[Literal["GRZ", "GFZ", "BMZ"], str, str, str], ...] = (
    ("GRZ", "grz", "grz_main", "§ 19 (1), (2) BauNVO"),
    ("GFZ", "gfz", "gfz", "§ 20 BauNVO"),
    ("BMZ", "bmz", "bmz", "§ 21 BauNVO"),
)
ORDER: tuple[Severity, ...] = ("broken", "to-reason", "hint", "not-applicable")


def findings(
    applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, given: Assumptions, sheets: Sequence[Sheet], bodies: Sequence[Body]
) -> list[Finding]:
    """What every rule finds, what is broken first. sheets, bodies : of the same variant (`metrics.sheets`, `metrics.bodies_of`)."""
    parts = plan_parts.of_site(applied.site)
    found = of_clearances(applied, plots, law, parts)
    for number, body in enumerate(bodies):
        found += of_block(applied, number, body, plots, parts, given)
    of_plots = [sheet for sheet in sheets if sheet.scope == "plot"]
    for plot, sheet in zip(plots, of_plots, strict=True):
        found += density(plot, sheet.figures, bodies)
    found += of_plan_areas(applied, plots, law, given, bodies, parts)
    return in_order(found)


def of_variant(applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, given: Assumptions) -> list[Finding]:
    """What every rule finds, with what it needs reckoned here. Raises InputProblem for an impossible block."""
    bodies = metrics.bodies_of(applied, law, given)
    sheets = [Sheet("plot", plot.name, metrics.density(applied, bodies, law, given, plot)) for plot in plots]
    return findings(applied, plots, law, given, sheets, bodies)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """What is broken first, else as they came."""
    return sorted(found, key=lambda one: ORDER.index(one.severity))


def of_clearances(applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, parts: Sequence[PlanPart]) -> list[Finding]:
    """Abstandsflächen. In closed Bauweise those beyond the border are a hint: the data do not tell its sides from its back."""
    found = clearances.findings(applied, clearances.clearances(applied, law.clearance, plots), plots)
    closed = {block.id for block in applied.variant.blocks if plan_rules.is_closed(block, parts)}
    note = "geschlossene Bauweise: zu den seitlichen Grenzen ist keine nötig (§ 6 (1) MBO)"
    return [
        replace(one, severity="hint", note=note)
        if one.rule == "clearance-plot" and one.severity == "broken" and one.block in closed
        else one
        for one in found
    ]


def of_block(
    applied: Applied, number: int, body: Body, plots: Sequence[BuildingPlot], parts: Sequence[PlanPart], given: Assumptions
) -> list[Finding]:
    """What plans and trees have to say about one block. number : of it in the variant."""
    block = body.block
    there = applied.near(block.footprint.buffer(AROUND, quad_segs=2), number)
    stated = [plot.limits.storeys for plot in plots if plot.limits.storeys is not None and plot.whole.intersects(block.footprint)]
    found = plan_rules.findings_of(body, parts, there, min(stated, default=None))
    return found + tree_rules.findings_of(block, applied.trees, given)


def density(
    plot: BuildingPlot, figures: Mapping[str, Figure], bodies: Sequence[Body] = (), severity: Severity = "broken", note: str = ""
) -> list[Finding]:
    """What the plan fixes for a piece of land (GRZ, GRZ gesamt, GFZ, BMZ) and what § 17 names for its kind of area, against the figures of
    it. bodies : of the variant, for § 21 (4). severity, note : of what the plan fixes."""
    limits = plot.limits
    at = plot.whole.representative_point()
    place = (float(at.x), float(at.y))

    def above(rule: str, how: Severity, most: float | None, key: str, paragraph: str) -> list[Finding]:
        value = figures[key].value if key in figures else None
        if most is None or value is None or value <= most + SMALLEST_EXCESS:
            return []
        words = "; ".join(one for one in (figures[key].note, note) if one)
        return [Finding(rule, how, "", plot.name, value - most, "", place, paragraph, allowed=most, found=value, note=words)]

    total = None if limits.grz is None else baunvo.most_covered(limits.grz)
    found = above("grz-total", severity, total, "grz_total", "§ 19 (4) BauNVO")
    for (number, rule, key, paragraph), fixed in zip(DENSITIES, (limits.grz, limits.gfz, limits.bmz), strict=True):
        found += above(rule, severity, fixed, key, paragraph)
        found += above(f"orientation-{rule}", "to-reason", baunvo.named(limits, number), key, f"§ 17 BauNVO {limits.edition}")
    if (
        limits.gfz is not None
        and limits.bmz is None
        and any(_is_tall(body) for body in bodies if body.block.footprint.intersects(plot.whole))
    ):
        found += above("bmz", severity, MASS_OF_FLOORS * limits.gfz, "bmz", "§ 21 (4) BauNVO")
    return found


def _is_tall(body: Body) -> bool:
    return any(one.height > TALL_STOREY for one in body.storeys if not one.underground)


def of_plan_areas(
    applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, given: Assumptions, bodies: Sequence[Body], parts: Sequence[PlanPart]
) -> list[Finding]:
    """GRZ, GFZ and BMZ of Baugebiete that blocks stand in and no plot is named in: a hint, for the plot is what counts; and
    Grund- and Geschossfläche in m² where the plan fixes those."""
    footprints = [body.block.footprint for body in bodies]
    streets = street_land(applied.site, applied.variant)
    found = []
    for part in parts:
        if part.kind not in ("area", "communal", "overbuildable") or not any(part.geometry.intersects(one) for one in footprints):
            continue
        kind = f"{part.rules.use} {part.plan}".strip()
        plot = BuildingPlot(kind, part.geometry, shapely.union_all(streets).intersection(part.geometry), part.limits)
        if plot.area < metrics.SMALLEST_PLOT:
            continue
        figures = metrics.density(applied, list(bodies), law, given, plot)
        found += _areas(part, kind, figures)
        if not any(one.whole.intersection(part.geometry).area > 1.0 for one in plots):
            note = "auf das Baugebiet gerechnet; maßgebend ist das Baugrundstück (§ 19 (3) BauNVO)"
            found += density(plot, figures, bodies, "hint", note)
    return found


def _areas(part: PlanPart, name: str, figures: Mapping[str, Figure]) -> list[Finding]:
    """Grundfläche and Geschossfläche in m² (GR, GF)."""
    covered = figures["grz_main"].inputs["A"]
    floors = sum(float(figures["gfz"].inputs[key]) for key in ("Vollgeschosse", "Bestand", "Aufenthaltsräume"))
    at = part.geometry.representative_point()
    found = []
    for rule, value, most, paragraph in (
        ("gr", float(covered), part.rules.gr, "§ 19 (2) BauNVO"),
        ("gf", floors, part.rules.gf, "§ 20 (3) BauNVO"),
    ):
        if math.isfinite(most) and value > most + 0.5:
            place = (float(at.x), float(at.y))
            found.append(Finding(rule, "broken", "", name, value - most, "m²", place, paragraph, allowed=most, found=value))
    return found
