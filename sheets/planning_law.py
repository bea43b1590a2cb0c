"""What a development plan fixes, in the symbols of the Planzeichenverordnung, with a Nutzungsschablone in each area.

Source: PlanZV 1990 with its annex, as far as plans in XPlanung are read: kinds of use by colour, Baugrenze blue, Baulinie red, the plan's
bound thick and broken, storeys in Roman numerals (compulsory ones in a circle), GRZ as a decimal, GFZ in a circle, BMZ in a box.
"""

from __future__ import annotations

import math
from typing import Any

import shapely

from ..jena_city import plan_parts
from ..jena_city.lettering import number
from ..jena_city.plan_parts import PlanPart
from ..jena_city.problems import InputProblem
from .drawing import FINE, INK, MEDIUM, Drawing, Group, Style
from .paper import SMALL
from .plans import Content, Legend, roman, stroke, swatch

_FAMILIES = (
    (("WS", "WR", "WA", "WB"), "#f0aaa0", "Wohnbaufläche"),
    (("MD", "MDW", "MI", "MU", "MK"), "#cda982", "Gemischte Baufläche"),
    (("GE", "GI"), "#bdbdbd", "Gewerbliche Baufläche"),
    (("SO", "SOW"), "#f4bd77", "Sonderbaufläche"),
)
COMMUNAL, UNKNOWN = "#e9b7c6", "#f3efe9"
BOUNDARY = Style(line="#1f5fb4", width=0.5, dash=(4.0, 1.0, 0.4, 1.0))
BUILDING_LINE = Style(line="#d02020", width=0.5, dash=(4.0, 1.0, 0.4, 1.0, 0.4, 1.0))
SCOPE = Style(line=INK, width=1.2, dash=(4.0, 2.0))
_CELL = (11.0, 6.5)  # mm of the Nutzungsschablone


def draw(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Draw the plan over the houses there are and the proposal's outlines."""
    parts = plan_parts.of_site(content.applied.site)
    if not parts:
        raise InputProblem("planning-law", "the project has no development plan", "Read one (XPlanGML) under plans, or choose another kind")
    figure = page.group("figure", _words(parts), clip=content.place.field)
    legend: Legend = []
    used: dict[str, str] = {}
    for part in parts:
        if part.kind in ("area", "communal"):
            colour, name = (COMMUNAL, "Fläche für den Gemeinbedarf") if part.kind == "communal" else _family(part.rules.use)
            figure.area(content.place(part.geometry), Style(fill=colour, line="#8d8478", width=FINE))
            used[name] = colour
    legend += [(swatch(Style(fill=colour, line="#8d8478")), name) for name, colour in used.items()]
    for body in content.bodies:
        if body.is_block:
            figure.hatch(content.place(body.shape), Style(line=content.colour, width=FINE))
            figure.lines(content.place(body.shape), Style(line=content.colour, width=MEDIUM))
        else:
            figure.area(content.place(body.shape), Style(fill="#d9d6d1", line="#7a756f", width=FINE, opacity=0.8))
    lines = {"overbuildable": BOUNDARY, "boundary": BOUNDARY, "line": BUILDING_LINE, "plan": SCOPE}
    for kind, style in lines.items():
        for part in parts:
            if part.kind == kind and part.geometry is not None:
                figure.lines(content.place(part.geometry), style)
    there = {part.kind for part in parts}
    if there & {"overbuildable", "boundary"}:
        legend.append((stroke(BOUNDARY), "Baugrenze"))
    if "line" in there:
        legend.append((stroke(BUILDING_LINE), "Baulinie"))
    if "plan" in there:
        legend.append((stroke(SCOPE), "Grenze des räumlichen Geltungsbereichs"))
    legend.append((swatch(Style(fill="#d9d6d1", line="#7a756f")), "Gebäude im Bestand"))
    if any(body.is_block for body in content.bodies):
        legend.append((lambda group, *box: _hatched(group, box, content.colour), f"Vorhaben ({content.applied.variant.name})"))
    boxes = page.group("text", clip=content.place.field)
    _templates(boxes, content, parts)
    editions = sorted({(part.plan or "Plan") + (f" (BauNVO {part.edition})" if part.edition else "") for part in parts})
    notes = (
        ["I, II: Vollgeschosse höchstens; im Kreis: zwingend · 0,4: GRZ · im Kreis: GFZ · im Kasten: BMZ · o, g, a: Bauweise"]
        if parts
        else []
    )
    notes += (
        [f"Bebauungsplan: {', '.join(editions)}. Maßgeblich ist die Planurkunde."] if parts else ["Der Ort hat keinen eingelesenen Plan."]
    )
    return legend, notes


def _words(parts: list[PlanPart]) -> str:
    areas = [part for part in parts if part.kind == "area"]
    said = "; ".join(f"{part.rules.use or 'Baugebiet'}: {', '.join(_cells_said(part)) or 'ohne Maß'}" for part in areas[:8])
    return f"Festsetzungen des Bebauungsplans in {len(areas)} Baugebieten. {said}"


def _cells_said(part: PlanPart) -> list[str]:
    rules = part.rules
    said = []
    if math.isfinite(rules.storeys) or math.isfinite(rules.storeys_fixed):
        said.append(f"{_storeys(part)[0]} Vollgeschosse")
    if math.isfinite(rules.grz):
        said.append(f"GRZ {number(rules.grz, 2)}")
    if math.isfinite(rules.gfz):
        said.append(f"GFZ {number(rules.gfz, 2)}")
    return said


def _family(use: str) -> tuple[str, str]:
    return next(((colour, name) for uses, colour, name in _FAMILIES if use in uses), (UNKNOWN, "Baugebiet ohne Art der Nutzung"))


def _hatched(group: Group, box: tuple[float, float, float, float], colour: str) -> None:
    shape = shapely.box(*box)
    group.hatch(shape, Style(line=colour, width=FINE))
    group.lines(shape, Style(line=colour, width=MEDIUM))


def _storeys(part: PlanPart) -> tuple[str, bool]:
    """As it is written, and whether it is compulsory."""
    rules = part.rules
    if math.isfinite(rules.storeys_fixed):
        return roman(int(rules.storeys_fixed)), True
    if math.isfinite(rules.storeys):
        least = f"{roman(int(rules.storeys_least))}–" if math.isfinite(rules.storeys_least) else ""
        return least + roman(int(rules.storeys)), False
    return "", False


def _templates(group: Group, content: Content, parts: list[PlanPart]) -> None:
    """A Nutzungsschablone in each area that has room, the largest first; none over another."""
    taken: list[Any] = []
    field = shapely.box(*content.place.field)
    for part in sorted((one for one in parts if one.kind == "area"), key=lambda one: -float(one.geometry.area)):
        rows = _rows(part)
        if not rows:
            continue
        shape = content.place(part.geometry).intersection(field)
        if shape.is_empty:
            continue
        spot = shape.representative_point()
        wide, high = 2 * _CELL[0], len(rows) * _CELL[1]
        box = shapely.box(spot.x - wide / 2, spot.y - high / 2, spot.x + wide / 2, spot.y + high / 2)
        if shape.area < box.area or any(box.intersects(other) for other in taken) or not field.contains(box):
            continue
        taken.append(box)
        _template(group, rows, *box.bounds)


def _rows(part: PlanPart) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Cells as (words, frame), frame "" or "circle" or "box"."""
    rules = part.rules
    storeys, fixed = _storeys(part)
    grz, gfz, bmz = (number(value, 2 if round(value, 1) != round(value, 2) else 1) if math.isfinite(value) else "" for value in
                     (rules.grz, rules.gfz, rules.bmz))  # fmt: skip
    heights = "; ".join(
        f"{one.point or 'H'} {number(value, 1)}" for one in rules.heights for value in (one.fixed, one.most) if math.isfinite(value)
    )
    floor = (gfz, "circle") if gfz else (bmz, "box")
    rows = [((rules.use, ""), (storeys, "circle" if fixed else "")), ((grz, ""), floor), ((rules.form, ""), (heights, ""))]
    return [row for row in rows if row[0][0] or row[1][0]]


def _template(group: Group, rows: list[tuple[tuple[str, str], tuple[str, str]]], x0: float, y0: float, x1: float, y1: float) -> None:
    group.box(x0, y0, x1, y1, Style(fill="#ffffff", line=INK, width=MEDIUM, opacity=0.92))
    middle = (x0 + x1) / 2
    group.line([(middle, y0), (middle, y1)], Style(line=INK, width=FINE))
    for k, row in enumerate(rows):
        top = y1 - k * _CELL[1]
        if k:
            group.line([(x0, top), (x1, top)], Style(line=INK, width=FINE))
        for column, (words, frame) in enumerate(row):
            if not words:
                continue
            x, y = x0 + (column + 0.5) * _CELL[0], top - _CELL[1] / 2
            size = SMALL if len(words) < 7 else SMALL * 6.5 / len(words)
            group.text(x, y - 0.35 * size, words, size, anchor="middle", bold=column == 0 and k == 0)
            if frame == "circle":
                group.circle(x, y, 2.7, Style(line=INK, width=FINE))
            elif frame == "box":
                group.box(x - 4.0, y - 2.3, x + 4.0, y + 2.3, Style(line=INK, width=FINE))
