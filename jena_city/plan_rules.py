"""What a development plan fixes for one block: Baugrenze and Baulinie (§ 23 BauNVO), Vollgeschosse, heights (§ 18) and Bauweise (§ 22).

A block counts in each area that at least a square metre of it lies in. What an overbuildable area fixes goes before what its Baugebiet
does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely

from .arrays import of_things
from .finding import Finding, Severity, judged
from .memory import Memory
from .metrics import Body
from .plan_parts import PlanPart
from .variant import Block, RoofKind
from .xplan import Height

TOUCHES = 1.0  # m² of a block in an area, from which its rules hold
TOLERANCE = 0.05  # metres that a drawn corner may lie off a line of the plan
FRONT = 1.0  # metres of a front on a Baulinie, below which it does not stand on it
LONGEST = 50.0  # § 22 (2): metres of a house, row or pair in open Bauweise
TOO_LOW = 1.0  # metres below the ground, at which no top of a house can be meant
ABSOLUTE = 100.0  # metres: a height without reference is taken as above NHN from here on
LEVELS = ("NHN", "NN", "DHHN")
ROOFS = {
    "flat": "Flachdach",
    "gable": "Satteldach",
    "hip": "Walmdach",
    "half-hip": "Krüppelwalmdach",
    "shed": "Pultdach",
    "mansard": "Mansarddach",
}
STEEPER = 0.5  # degrees by which no pitch is wrong


def findings_of(
    body: Body, parts: Sequence[PlanPart], there: Sequence[Any], storeys: int | None = None, memory: Memory | None = None
) -> list[Finding]:
    """What a block does against the plans it lies in. there : footprints of other blocks and of buildings that stay. storeys : at most,
    where the plot states it: goes before the plan's. memory : of the same parts."""
    memory = memory or Memory()
    block = body.block
    areas = [part for part in parts if part.kind in ("plan", "area", "communal", "overbuildable")]
    meets = shapely.intersects(of_things(part.geometry for part in areas), block.footprint)
    within = [part for part, near in zip(areas, meets, strict=True) if near and _share(part, block) >= TOUCHES]
    found: list[Finding] = []
    for plan in (part for part in within if part.kind == "plan"):
        own = memory.of(("parts of a plan", plan), partial(_of_plan, plan, parts))
        found += lines(block, own, there)
    if block.counted == "hauptanlage":
        governing = _governing(within)
        found += storeys_of_plan(body, governing, storeys)
        found += heights(body, governing)
        found += length(block, governing, there)
        found += roof(block, governing)
    return [judged(one, block) for one in found]


def is_closed(block: Block, parts: Sequence[PlanPart]) -> bool:
    """Whether a block lies where the plan fixes closed Bauweise: without distance to the sides."""
    return any(part.rules.form == "g" and _share(part, block) >= TOUCHES for part in parts)


@dataclass(frozen=True)
class _Governing:
    """What holds in one place: an overbuildable area's own rule, else that of the Baugebiet it lies in."""

    parts: tuple[PlanPart, ...]

    def number(self, name: str) -> float:
        return next((value for part in self.parts if math.isfinite(value := getattr(part.rules, name))), math.nan)

    @property
    def heights(self) -> tuple[Height, ...]:
        return next((part.rules.heights for part in self.parts if part.rules.heights), ())

    @property
    def roofs(self) -> tuple[RoofKind, ...]:
        return next((part.rules.roofs for part in self.parts if part.rules.roofs), ())

    @property
    def form(self) -> str:
        return next((part.rules.form for part in self.parts if part.rules.form), "")


def _governing(within: Sequence[PlanPart]) -> list[_Governing]:
    areas = [part for part in within if part.kind in ("area", "communal")]
    over = [part for part in within if part.kind == "overbuildable"]
    found = []
    for part in over:
        around = [area for area in areas if area.geometry.intersection(part.geometry).area > 0.5 * part.geometry.area]
        found.append(_Governing((part, *around)))
    covered = {id(part) for one in found for part in one.parts}
    return found + [_Governing((area,)) for area in areas if id(area) not in covered]


def _share(part: PlanPart, block: Block) -> float:
    return float(part.geometry.intersection(block.footprint).area)


@dataclass(frozen=True, eq=False)
class _Lines:
    """Where a plan allows main buildings. free : all of it; wide : a little more, for corners that are drawn by hand."""

    name: str
    areas: list[Any]
    building_lines: list[Any]
    free: Any
    wide: Any


def _of_plan(plan: PlanPart, parts: Sequence[PlanPart]) -> _Lines:
    own = [part for part in parts if part.plan_id == plan.plan_id and part.plan == plan.plan]
    areas = [part.geometry for part in own if part.kind == "overbuildable"]
    free = shapely.union_all(areas)
    wide = free.buffer(TOLERANCE, join_style="mitre")
    shapely.prepare(wide)
    lines_of = [part.geometry for part in own if part.kind == "line"]
    return _Lines(plan.plan, areas, lines_of, free, wide)


def lines(block: Block, plan: _Lines, there: Sequence[Any]) -> list[Finding]:
    """Baugrenzen and Baulinien of one plan: what of a block lies outside the overbuildable areas, and what does not stand on the line."""
    areas, building_lines = plan.areas, plan.building_lines
    if not areas:
        return []
    name, footprint, free = plan.name, block.footprint, plan.free
    found: list[Finding] = []
    outside = shapely.Polygon() if plan.wide.covers(footprint) else footprint.difference(plan.wide)
    if outside.area > 0.01:
        corners = shapely.get_coordinates(shapely.segmentize(outside, 1.0))
        away = shapely.distance(shapely.points(corners), free)
        place = corners[int(away.argmax())]
        near = shapely.Point(shapely.ops.nearest_points(free, shapely.Point(place))[0])
        on_line = any(line.distance(near) < TOLERANCE for line in building_lines)
        # § 23 (5): Nebenanlagen, Garagen and what is below ground may be admitted outside
        severity: Severity = "broken" if block.counted == "hauptanlage" else "hint"
        rule, paragraph = ("baulinie-beyond", "§ 23 (2) BauNVO") if on_line else ("baugrenze", "§ 23 (3) BauNVO")
        note = "geringfügiges Vortreten kann zugelassen werden" if severity == "broken" else "kann nach § 23 (5) BauNVO zugelassen werden"
        found.append(_finding(rule, severity, block, float(away.max()), "m", place, paragraph, other=name, note=note))
    if block.counted != "hauptanlage":
        return found
    for line in building_lines:
        own = [area for area in areas if area.boundary.buffer(TOLERANCE).intersection(line).length > 0.5 * line.length]
        if any(area.intersection(footprint).area >= TOUCHES for area in own):
            found += _at_line(block, line, name, there)
    return found


def _at_line(block: Block, line: Any, name: str, there: Sequence[Any]) -> list[Finding]:
    """Whether a front stands on a Baulinie. A block behind another one, seen from the line, has not to."""
    footprint = block.footprint
    contact = float(footprint.boundary.intersection(line.buffer(TOLERANCE, cap_style="flat")).length)
    if contact < FRONT:
        own, on_line = shapely.ops.nearest_points(footprint, line)
        way = shapely.LineString([own, on_line])
        by = float(way.length)
        if by <= TOLERANCE or any(way.intersection(other).length > TOLERANCE for other in there):
            return []
        return [_finding("baulinie", "broken", block, by, "m", (own.x, own.y), "§ 23 (2) BauNVO", other=name)]
    near = footprint.intersection(line.buffer(footprint.length / 4, cap_style="flat"))
    along = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(near)))
    front = float(np.ptp(along)) if len(along) else contact
    if front - contact <= FRONT:
        return []
    note = "ein Vor- oder Zurücktreten in geringfügigem Ausmaß kann zugelassen werden"
    at = line.interpolate(float(along.mean()))
    return [
        _finding("baulinie-part", "hint", block, front - contact, "m", (at.x, at.y), "§ 23 (2) BauNVO", name, front, contact, note)
    ]  # fmt: skip


def storeys_of_plan(body: Body, governing: Sequence[_Governing], stated: int | None) -> list[Finding]:
    """Vollgeschosse: at most, at least, exactly; the strictest where a block lies in several areas. stated : at most, of the plot."""
    number = len(body.full)
    most = min((value for one in governing if math.isfinite(value := one.number("storeys"))), default=math.inf)
    least = max((value for one in governing if math.isfinite(value := one.number("storeys_least"))), default=0.0)
    fixed = [value for one in governing if math.isfinite(value := one.number("storeys_fixed"))]
    most = most if stated is None else float(stated)
    block, at = body.block, body.block.footprint.representative_point()

    def one(rule: str, allowed: float) -> Finding:
        by = abs(number - allowed)
        return _finding(rule, "broken", block, by, "", (at.x, at.y), "§ 20 (1) BauNVO", allowed=allowed, found=float(number))

    off = [value for value in fixed if value != number]
    if off:
        return [one("storeys-fixed", off[0])]
    if number > most and not fixed:
        return [one("storeys", most)]
    return [one("storeys-least", least)] if number < least else []


def heights(body: Body, governing: Sequence[_Governing]) -> list[Finding]:
    """TH, FH, OK and what else the plan calls a height, from the level it is counted from; the worst of each kind."""
    worst: dict[tuple[str, str], Finding] = {}
    for one in governing:
        floor = next((height for height in one.heights if height.point == "EFH"), None)
        for height in one.heights:
            for finding in _height(body, height, floor):
                key = (finding.rule, finding.other)
                if key not in worst or worst[key].by < finding.by:
                    worst[key] = finding
    return list(worst.values())


def _height(body: Body, height: Height, floor: Height | None) -> list[Finding]:
    found = _of_block(body, height.point)
    if found is None:
        return []
    zero, words, note = level(body, height, floor)
    value = found - zero
    at = body.block.footprint.representative_point()
    other = f"{height.point or 'OK'} {words}"

    def one(rule: str, allowed: float) -> Finding:
        return _finding(
            rule, "broken", body.block, abs(value - allowed), "m", (at.x, at.y), "§ 18 BauNVO", other, allowed, value, note, found
        )

    result = []
    if math.isfinite(height.fixed) and abs(value - height.fixed) > TOLERANCE:
        result.append(one("height-fixed", height.fixed))
    if math.isfinite(height.most) and value > height.most + TOLERANCE:
        result.append(one("height", height.most))
    if math.isfinite(height.least) and value < height.least - TOLERANCE:
        result.append(one("height-least", height.least))
    return result


def _of_block(body: Body, point: str) -> float | None:
    """The height in the height system that a plan's word means; None where a body has no such."""
    eaves, ridge, top = body.heights
    known = {"TH": eaves, "WH": eaves, "FH": ridge, "OK": top, "HBA": top, "GBH": top, "": top, "EFH": body.base + body.block.plinth}
    return known.get(point)


def level(body: Body, height: Height, floor: Height | None) -> tuple[float, str, str]:
    """From where a height is counted: metres in the height system, words, and what had to be assumed. floor : EFH of the same area."""
    block = body.block
    value = next((one for one in (height.most, height.fixed, height.least) if math.isfinite(one)), 0.0)
    floor_at = next((one for one in (floor.most, floor.fixed) if math.isfinite(one)), math.nan) if floor is not None else math.nan
    if height.reference in LEVELS or (not height.reference and value > ABSOLUTE):
        if value >= body.ground - TOO_LOW:
            return 0.0, f"über {height.reference or 'NHN'}", "" if height.reference else "Höhenbezug nicht angegeben: als NHN verstanden"
        if height.point != "EFH" and math.isfinite(floor_at):
            return floor_at, "über EFH", f"der Plan nennt {height.reference}, das läge unter dem Gelände: ab der EFH verstanden"
        start, words, note = _stated_point(body)
        return start, words, f"der Plan nennt {height.reference or 'NHN'}, das läge unter dem Gelände: {words} verstanden" + note
    if height.reference == "EFH":
        return (floor_at if math.isfinite(floor_at) else body.base + block.plinth), "über EFH", ""
    if height.reference == "Geländeoberkante":
        return body.ground, "über Gelände", "mittleres Gelände an den Wänden"
    start, words, note = _stated_point(body)
    return start, words, note.removeprefix("; ")


def _stated_point(body: Body) -> tuple[float, str, str]:
    if body.block.reference is not None:
        return body.block.reference, "über Bezugspunkt", ""
    return body.ground, "über Gelände", "; Bezugspunkt des Baukörpers nicht angegeben: mittleres Gelände an den Wänden"


def length(block: Block, governing: Sequence[_Governing], there: Sequence[Any]) -> list[Finding]:
    """Open Bauweise: a house with what it is built against is at most 50 m long."""
    if not any(one.form == "o" for one in governing):
        return []
    joined, left = block.footprint, [other for other in there if other.distance(block.footprint) < LONGEST]
    while more := [other for other in left if other.distance(joined) < TOLERANCE]:
        left = [other for other in left if other not in more]
        joined = shapely.union_all([joined, *more])
    around = joined.minimum_rotated_rectangle
    ring = shapely.get_coordinates(around)
    longest = float(np.hypot(*np.diff(ring, axis=0).T).max())
    if longest <= LONGEST + TOLERANCE:
        return []
    at = block.footprint.representative_point()
    return [_finding("length", "broken", block, longest - LONGEST, "m", (at.x, at.y), "§ 22 (2) BauNVO", "", LONGEST, longest)]


def roof(block: Block, governing: Sequence[_Governing]) -> list[Finding]:
    """Dachform and Dachneigung; of a mansard roof and of a flat one that is allowed no pitch is asked."""
    if block.stand_in is not None:
        return []
    at = block.footprint.representative_point()
    place, kind, pitch = (at.x, at.y), block.roof.kind, 0.0 if block.roof.kind == "flat" else block.roof.pitch
    for one in governing:
        if one.roofs and kind not in one.roofs:
            words = f"{ROOFS[kind]}, zulässig: {', '.join(ROOFS[each] for each in one.roofs)}"
            return [_finding("roof-form", "broken", block, 0.0, "", place, "§ 9 (4) BauGB", words)]
        if kind == "mansard" or (kind == "flat" and "flat" in one.roofs):
            continue
        least, most = one.number("pitch_least"), one.number("pitch_most")
        if pitch > most + STEEPER:
            return [_finding("roof-pitch", "broken", block, pitch - most, "°", place, "§ 9 (4) BauGB", "", most, pitch)]
        if pitch < least - STEEPER:
            return [_finding("roof-pitch-least", "broken", block, least - pitch, "°", place, "§ 9 (4) BauGB", "", least, pitch)]
    return []


def _finding(
    rule: str,
    severity: Severity,
    block: Block,
    by: float,
    unit: str,
    place: Any,
    paragraph: str,
    other: str = "",
    allowed: float | None = None,
    found: float | None = None,
    note: str = "",
    height: float | None = None,
) -> Finding:
    x, y = float(place[0]), float(place[1])
    return Finding(rule, severity, block.id, block.name or block.id, by, unit, (x, y), paragraph, other, allowed, found, height, "", note)
