"""The storeys of a block, one by one: what is a Vollgeschoss is computed from heights and slopes, never typed."""

from __future__ import annotations

from dataclasses import dataclass

from .land_rules import FullStorey
from .massing import attic_area, top_outlines
from .variant import Block


@dataclass(frozen=True)
class Storey:
    """name : as planners call it (UG 1, EG, 1. OG, DG). area : outer floor area, m². height : floor to floor, metres (attic: 0, its
    volume is that of the roof). high : m² with the clear height that a Vollgeschoss needs. above : metres of its ceiling above the
    ground on average. full : whether it is a Vollgeschoss."""

    name: str
    area: float
    height: float
    high: float
    above: float
    full: bool
    use: str
    underground: bool = False
    attic: bool = False


def storeys_of(block: Block, base: float, ground: float, rule: FullStorey, ceiling: float) -> list[Storey]:
    """The storeys from the lowest up, with the attic of a pitched roof.

    base : height the block stands at. ground : mean height of the ground along its walls. ceiling : metres of floor-to-floor height that
    ceilings take. An attic is measured between walls and roof planes without their thickness. Raises InputProblem for an impossible block.
    """
    footprint = float(block.footprint.area)
    top = sum(outline.area for outline in top_outlines(block)) if block.stands_back else footprint
    found: list[Storey] = []

    def add(name: str, area: float, height: float, at: float, use: str, *, underground: bool = False) -> None:
        high = area if height - ceiling >= rule.clear - 1e-9 else 0.0
        below = found[-1].area if found else area
        full = at - ground > rule.above + 1e-9 and rule.enough(high, area, below)
        found.append(Storey(name, area, height, high, at - ground, full, use, underground))

    for number in range(block.underground, 0, -1):
        at = base - (number - 1) * block.underground_height
        add(f"UG {number}", footprint, block.underground_height, at, "", underground=True)
    at = base + block.plinth
    areas = [top if number == block.storeys - 1 else footprint for number in range(block.storeys)]
    if block.stand_in is not None and block.stand_in.floor_area is not None and areas:  # as the architect states it
        areas = [area * block.stand_in.floor_area / sum(areas) for area in areas]
    for number, area in enumerate(areas):
        height = block.storey_height if number else block.ground_floor_height
        at += height
        add(f"{number}. OG" if number else "EG", area, height, at, block.use_of(number))
    if block.storeys and block.roof.kind != "flat":
        high = attic_area(block, rule.clear)
        above = base + block.eaves_height + rule.clear - block.knee - ground
        found.append(Storey("DG", top, 0.0, high, above, rule.enough(high, top, top) and above > rule.above, block.use, attic=True))
    return found
