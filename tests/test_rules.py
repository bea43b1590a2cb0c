"""What the rules find: worked example A of a plot, reasons against rules, and sentences in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from jena_planner.jena_city import metrics
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.baunvo import Limits
from jena_planner.jena_city.building_plots import BuildingPlot
from jena_planner.jena_city.finding import RULES, Finding, sentence, with_reason
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.rules import findings
from jena_planner.jena_city.variant import Block, OpenSpace, Roof, Variant

from .site import site

LAW = of_land("TH")
# Example A: 850 m² with 50 m² of street land, a house of 12 by 10 m with two storeys and a roof of 45°.
HOUSE = Block("h", shapely.box(0, 0, 12, 10), 2, "Haus", 150.0, 2.9, 2.9, Roof("gable", 45.0, ridge=90.0), attic_used=True, dwellings=2)
SPACES = (OpenSpace("t", "terrace", shapely.box(0, 10, 10, 12)), OpenSpace("p", "parking", shapely.box(13, 0, 19, 10)))
LIMITS = Limits("WA", 0.3, 0.6, None, 2)


def found(folder: Path, block: Block = HOUSE, limits: Limits = LIMITS, spaces: tuple[OpenSpace, ...] = SPACES) -> list[Finding]:
    applied = apply(site(folder, (100, 100, 5, 5, 5)), Variant("v", "V", (block,), open_spaces=spaces))
    bodies = metrics.bodies_of(applied, LAW, Assumptions())
    land = BuildingPlot("Flurstück 1", shapely.box(-15, -5, 27.5, 15), shapely.box(-15, -5, 27.5, -5 + 50 / 42.5), limits)
    sheets = metrics.sheets(applied, [land], LAW, Assumptions(), bodies=bodies)
    return [one for one in findings(applied, [land], LAW, Assumptions(), sheets, bodies) if not one.rule.startswith("clearance")]


def test_example_a_keeps_its_plan(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_drempel_makes_the_attic_a_third_storey_and_breaks_two(tmp_path: Path) -> None:
    [one] = found(tmp_path, replace(HOUSE, knee=1.2))
    assert (one.rule, one.severity, one.block, one.allowed, one.found, one.by) == ("storeys", "broken", "h", 2, 3, 1)


def test_a_smaller_grz_is_broken_by_how_much(tmp_path: Path) -> None:
    first, second = found(tmp_path, limits=replace(LIMITS, grz=0.1))
    assert {first.rule, second.rule} == {"grz", "grz-total"}
    grz = next(one for one in (first, second) if one.rule == "grz")
    assert (grz.found, grz.allowed, grz.by) == pytest.approx((0.175, 0.1, 0.075))
    total = next(one for one in (first, second) if one.rule == "grz-total")
    assert "überschritten" not in grz.note  # the sentence says it
    assert (total.found, total.allowed, total.by) == pytest.approx((200 / 800, 0.15, 0.1))


def test_what_lies_above_paragraph_17_is_to_be_reasoned_and_never_broken(tmp_path: Path) -> None:
    [one] = found(tmp_path, limits=Limits("WS"), block=replace(HOUSE, storeys=3))
    assert (one.rule, one.severity, one.allowed) == ("orientation-gfz", "to-reason", 0.4)
    assert one.found == pytest.approx(0.45)
    assert "zu begründen" in sentence(one, "de")
    assert "verletzt" not in sentence(one, "de")


def test_a_stated_reason_stays_in_the_list(tmp_path: Path) -> None:
    block = with_reason(replace(HOUSE, knee=1.2), "storeys", "Befreiung vom 3.2.2026")
    [one] = found(tmp_path, block)
    assert (one.severity, one.reason) == ("not-applicable", "Befreiung vom 3.2.2026")
    assert sentence(one, "de").endswith("nicht anwendbar, weil: Befreiung vom 3.2.2026")
    assert with_reason(block, "storeys", "").properties == {}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_speaks_both_languages(rule: str) -> None:
    one = Finding(rule, "broken", "b", "Haus", 1.25, "m", (0.0, 0.0), "§ 1", "Nachbar", 2.5, 3.75)
    german, english = sentence(one, "de"), sentence(one, "en")
    assert german.startswith("Haus: ") and english.startswith("Haus: ")
    assert german != english
    assert not re.search(r"[{}]|None", german + english)
    assert not re.search(r"\d\.\d", german)
