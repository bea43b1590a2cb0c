"""All rules asked at once: what is wrong with a variant, what is to be reasoned, and what to think of.

Each rule is a function of one block or one piece of land and of what is around it. A check for planners, no legal advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np
import shapely

from . import baunvo, clearance_findings, clearances, metrics, plan_parts, plan_rules, tree_rules
from .applied import Applied, found_by
from .arrays import of_things
from .assumptions import Assumptions
from .building_plots import BuildingPlot, street_land
from .clearances import WallClearance
from .finding import RULES, Finding, Severity, reason_of, sentence, with_reason
from .land_rules import LandRules
from .memory import Memory
from .metrics import Body, Figure, Sheet
from .plan_parts import PlanPart
from .site import Site, Trees

__all__ = ["RULES", "Finding", "Severity", "findings", "reason_of", "sentence", "with_reason"]

SMALLEST_EXCESS = 5e-4  # of GRZ, GFZ, BMZ: what is rounded away where they are written
AROUND = 60.0  # metres: buildings farther from a block say nothing about its lines and its length
TALL_STOREY, MASS_OF_FLOORS = 3.5, 3.5  # § 21 (4): metres; BMZ for each GFZ
DENSITIES: tuple[tuple[Literal["GRZ", "GFZ", "BMZ"], str, str, str], ...] = (
    ("GRZ", "grz", "grz_main", "§ 19 (1), (2) BauNVO"),
    ("GFZ", "gfz", "gfz", "§ 20 BauNVO"),
    ("BMZ", "bmz", "bmz", "§ 21 BauNVO"),
)
LIMIT_WORDS = ("über de", "festgesetzt", "zulässig")
"""How the notes of figures begin that say what the finding itself says."""
ORDER: tuple[Severity, ...] = ("broken", "to-reason", "hint", "not-applicable")


def findings(
    applied: Applied,
    plots: Sequence[BuildingPlot],
    law: LandRules,
    given: Assumptions,
    sheets: Sequence[Sheet],
    bodies: Sequence[Body],
    walls: Sequence[WallClearance] | None = None,
    memory: Memory | None = None,
) -> list[Finding]:
    """What every rule finds, what is broken first. sheets, bodies, walls : of the same variant (`metrics.sheets`, `metrics.bodies_of`,
    `clearances.clearances`), walls None: reckoned here. memory : of the same site, law and assumptions."""
    memory = memory or Memory()
    parts = memory.of(("plan parts",), lambda: plan_parts.of_site(applied.site))
    walls = clearances.clearances(applied, law.clearance, plots, memory) if walls is None else walls
    found = of_clearances(applied, plots, walls, parts, memory)
    found += of_blocks(applied, plots, parts, given, bodies, memory)
    of_plots = [sheet for sheet in sheets if sheet.scope == "plot"]
    standing = metrics.standing_on([plot.whole for plot in plots], bodies)
    for plot, sheet, there in zip(plots, of_plots, standing, strict=True):
        found += density(plot, sheet.figures, there)
    found += of_plan_areas(applied, plots, law, given, bodies, parts, memory)
    return in_order(found)


def of_variant(applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, given: Assumptions) -> list[Finding]:
    """What every rule finds, with what it needs reckoned here. Raises InputProblem for an impossible block."""
    bodies = metrics.bodies_of(applied, law, given)
    sheets = [Sheet("plot", plot.name, metrics.density(applied, bodies, law, given, plot)) for plot in plots]
    return findings(applied, plots, law, given, sheets, bodies)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """What is broken first, else as they came."""
    return sorted(found, key=lambda one: ORDER.index(one.severity))


def of_clearances(
    applied: Applied, plots: Sequence[BuildingPlot], walls: Sequence[WallClearance], parts: Sequence[PlanPart], memory: Memory | None = None
) -> list[Finding]:
    """Abstandsflächen of walls. In closed Bauweise those beyond the border are a hint: the data do not tell its sides from its back."""
    memory = memory or Memory()
    found = clearance_findings.findings(applied, walls, plots, memory)
    beyond = {one.block for one in found if one.rule == "clearance-plot" and one.severity == "broken"}
    closed = {
        block.id
        for block in applied.variant.blocks
        if block.id in beyond and memory.of(("closed", block.footprint), partial(plan_rules.is_closed, block, parts))
    }
    note = "geschlossene Bauweise: zu den seitlichen Grenzen ist keine nötig (§ 6 (1) MBO)"
    return [
        replace(one, severity="hint", note=note)
        if one.block in closed and one.rule == "clearance-plot" and one.severity == "broken"
        else one
        for one in found
    ]


def of_blocks(
    applied: Applied,
    plots: Sequence[BuildingPlot],
    parts: Sequence[PlanPart],
    given: Assumptions,
    bodies: Sequence[Body],
    memory: Memory | None = None,
) -> list[Finding]:
    """What plans and trees have to say about each block."""
    if not bodies:
        return []
    memory = memory or Memory()
    site = applied.site
    around = [memory.of(("around a block", body), partial(_around, site, body)) for body in bodies]
    main, tree = applied.main_buildings
    stated = [plot for plot in plots if plot.limits.storeys is not None]
    planted = tuple((one.position, one.species, one.crown, one.height) for one in applied.variant.planted)
    trees = memory.of(("trees", applied.felled.tobytes(), planted), lambda: applied.trees)
    found: list[Finding] = []
    near = found_by(tree, of_things(box for box, _ in around))
    places = [memory.of(("place", body.block.footprint), object) for body in bodies]
    for number, (body, (_, houses), others) in enumerate(zip(bodies, around, near, strict=True)):
        kept, beside = applied.staying(houses), [main[k] for k in others if main[k] != number]
        key = ("of a block", body, kept, *stated, trees, *(places[k] for k in beside))
        shapes = [bodies[k].block.footprint for k in beside]
        found += memory.of(key, partial(_of_block, site, body, parts, kept, shapes, stated, trees, given, memory))
    return found


def _around(site: Site, body: Body) -> tuple[Any, list[int]]:
    """What is near a block, as a box, and the rows of the city's buildings that may be there."""
    box = shapely.box(*(np.array(body.block.footprint.bounds) + [-AROUND, -AROUND, AROUND, AROUND]))
    return box, np.sort(site.footprint_tree.query(box)).tolist()


def _of_block(
    site: Site,
    body: Body,
    parts: Sequence[PlanPart],
    kept: Sequence[int],
    beside: Sequence[Any],
    stated: Sequence[BuildingPlot],
    trees: Trees,
    given: Assumptions,
    memory: Memory,
) -> list[Finding]:
    there = [*(site.footprints[row] for row in kept), *beside]
    storeys = min((int(plot.limits.storeys or 0) for plot in stated if plot.whole.intersects(body.block.footprint)), default=None)
    return plan_rules.findings_of(body, parts, there, storeys, memory) + tree_rules.findings_of(body.block, trees, given)


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
        doubts = [one for one in figures[key].note.split("; ") if not one.startswith(LIMIT_WORDS)]
        words = "; ".join(one for one in (*doubts, note) if one)
        return [Finding(rule, how, "", plot.name, value - most, "", place, paragraph, allowed=most, found=value, note=words)]

    total = None if limits.grz is None else baunvo.most_covered(limits.grz)
    found = above("grz-total", severity, total, "grz_total", "§ 19 (4) BauNVO")
    for (number, rule, key, paragraph), fixed in zip(DENSITIES, (limits.grz, limits.gfz, limits.bmz), strict=True):
        found += above(rule, severity, fixed, key, paragraph)
        found += above(f"orientation-{rule}", "to-reason", baunvo.named(limits, number), key, f"§ 17 BauNVO {limits.by}")
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
    applied: Applied,
    plots: Sequence[BuildingPlot],
    law: LandRules,
    given: Assumptions,
    bodies: Sequence[Body],
    parts: Sequence[PlanPart],
    memory: Memory | None = None,
) -> list[Finding]:
    """GRZ, GFZ and BMZ of Baugebiete that blocks stand in and no plot is named in: a hint, for the plot is what counts; and
    Grund- and Geschossfläche in m² where the plan fixes those."""
    memory = memory or Memory()
    built = [part for part in parts if part.kind in ("area", "communal", "overbuildable")]
    standing = metrics.standing_on([part.geometry for part in built], bodies)
    variant = applied.variant
    spaces = tuple((one.kind, one.shape, one.sealed, one.counts_as) for one in variant.open_spaces)
    here = memory.of(("circumstances", spaces, variant.removed, *plots), object)  # looked up more quickly than what it stands for
    found = []
    for part, there in zip(built, standing, strict=True):
        if there:
            found += memory.of(("part", part, here, *there), partial(_of_part, applied, plots, law, given, part, there, memory))
    return found


def _of_part(
    applied: Applied, plots: Sequence[BuildingPlot], law: LandRules, given: Assumptions, part: PlanPart, bodies: list[Body], memory: Memory
) -> list[Finding]:
    streets = tuple(one.shape for one in applied.variant.open_spaces if one.kind == "street")
    plot = memory.of(("plot of a part", part, streets), partial(_as_plot, applied, part, streets, memory))
    if plot.area < metrics.SMALLEST_PLOT:
        return []
    figures = metrics.density(applied, bodies, law, given, plot, memory)
    found = _areas(part, plot.name, figures)
    if part.kind != "overbuildable" and not _is_named(part, plots):
        note = "auf das Baugebiet gerechnet; maßgebend ist das Baugrundstück (§ 19 (3) BauNVO)"
        found += density(plot, figures, bodies, "hint", note)
    return found


def _as_plot(applied: Applied, part: PlanPart, made: tuple[Any, ...], memory: Memory) -> BuildingPlot:
    streets = memory.of(("street land", made), lambda: shapely.union_all(street_land(applied.site, applied.variant)))
    return BuildingPlot(f"{part.rules.use} {part.plan}".strip(), part.geometry, streets.intersection(part.geometry), part.limits)


def _is_named(part: PlanPart, plots: Sequence[BuildingPlot]) -> bool:
    return any(one.whole.intersection(part.geometry).area > 1.0 for one in plots)


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
