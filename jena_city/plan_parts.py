"""What development plans fix, and where: rows of a Site, and the same as objects that rules can ask."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from . import baunvo
from .baunvo import Limits
from .problems import InputProblem
from .site import Features, Site
from .xplan import Height, PartArea, Plan

if TYPE_CHECKING:
    from .project import PlanAreaEntry

Kind = Literal["plan", "area", "communal", "overbuildable", "boundary", "line", "street", "green", "water"]
NUMBERS = ("storeys", "storeys_least", "storeys_fixed", "grz", "gfz", "gfz_least", "bmz", "gf", "gr", "pitch_least", "pitch_most")


@dataclass(frozen=True, eq=False)
class PlanPart:
    """One area or line of a plan. kind : the plan's own area, a Baugebiet, land for public needs, an overbuildable area, a Baugrenze
    or a Baulinie, public streets, green or water. geometry : in scene coordinates. plan : its name, plan_id what tells plans apart.
    edition : of the BauNVO, None where it says none. rules : what is fixed there; of lines, public land and the plan as a whole nothing."""

    kind: Kind
    geometry: Any
    plan: str
    plan_id: str
    edition: baunvo.Edition | None
    rules: PartArea

    @property
    def limits(self) -> Limits:
        """Use, GRZ, GFZ and BMZ as figures are held against."""
        rules = self.rules
        return Limits(rules.use, _set(rules.grz), _set(rules.gfz), _set(rules.bmz), None, self.edition)


def as_features(plans: Sequence[Plan]) -> Features | None:
    """All that plans fix as one layer; None without any."""
    rows: list[tuple[Any, dict[str, Any]]] = []
    nothing = PartArea("", None)
    for plan in plans:
        kinds: list[tuple[Kind, list[PartArea]]] = [
            ("plan", [replace(nothing, geometry=plan.area)]),
            ("area", plan.parts),
            ("communal", plan.communal),
            ("overbuildable", plan.overbuildable or _enclosed(plan, nothing)),
            ("boundary", [replace(nothing, geometry=line) for line in plan.boundaries]),
            ("line", [replace(nothing, geometry=line) for line in plan.building_lines]),
            ("street", [replace(nothing, geometry=shape) for shape in plan.streets]),
            ("green", [replace(nothing, geometry=shape) for shape in plan.greens]),
            ("water", [replace(nothing, geometry=shape) for shape in plan.waters]),
        ]
        for kind, parts in kinds:
            for part in parts:
                words = {"kind": kind, "plan": plan.name or plan.number, "plan_id": plan.id, "edition": plan.edition, "id": part.id}
                heights = json.dumps([asdict(one) for one in part.heights])
                numbers = {name: getattr(part, name) for name in NUMBERS}
                rows.append(
                    (
                        part.geometry,
                        {**words, "use": part.use, "form": part.form, "heights": heights, "roofs": " ".join(part.roofs), **numbers},
                    )
                )
    if not rows:
        return None
    columns = {name: np.array([values[name] for _, values in rows], np.float64 if name in NUMBERS else object) for name in rows[0][1]}
    shapes = np.empty(len(rows), object)
    shapes[:] = [shape for shape, _ in rows]
    return Features(shapes, columns)


def _enclosed(plan: Plan, nothing: PartArea) -> list[PartArea]:
    """The areas within Baugrenzen and Baulinien, of a plan that draws only the lines."""
    lines = shapely.get_parts(np.array([*plan.boundaries, *plan.building_lines], object))
    if not len(lines):
        return []
    return [replace(nothing, geometry=one) for one in shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))]


def shapes_of(site: Site, kind: Kind) -> list[Any]:
    """The shapes of one kind in the plans of a site."""
    layer = site.plan_parts
    return [] if layer is None else list(layer.geometry[layer.columns["kind"].astype(str) == kind])


def drawn_lines(site: Site) -> list[tuple[Literal["boundary", "line"], Any]]:
    """Baugrenzen and, after them, Baulinien as lines to draw; of plans that name overbuildable areas alone, the borders of those."""
    boundaries = shapes_of(site, "boundary") or [shape.boundary for shape in shapes_of(site, "overbuildable")]
    found: list[tuple[Literal["boundary", "line"], Any]] = [("boundary", line) for line in boundaries]
    found += [("line", line) for line in shapes_of(site, "line")]
    return [(kind, part) for kind, line in found for part in shapely.get_parts(line)]


def of_site(site: Site) -> list[PlanPart]:
    """What the plans of a site fix, one after the other."""
    layer = site.plan_parts
    if layer is None:
        return []
    columns = {name: values.tolist() for name, values in layer.columns.items()}
    found = []
    for row, shape in enumerate(layer.geometry):
        one = {name: values[row] for name, values in columns.items()}
        heights = tuple(Height(**height) for height in json.loads(one["heights"]))
        numbers = {name: one.get(name, math.nan) for name in NUMBERS}  # a city stored earlier has not all of them
        rules = PartArea(
            one["id"], shape, one["use"], heights=heights, form=one["form"], roofs=tuple(one.get("roofs", "").split()), **numbers
        )
        edition = baunvo.edition_of(one["edition"])
        found.append(PlanPart(one["kind"], shape, one["plan"], one["plan_id"], edition, rules))
    return found


def names(site: Site) -> list[str]:
    """What the plan areas of a site are called; those without a name are numbered."""
    if site.plan_areas is None:
        return []
    given = site.plan_areas.columns.get("name", [""] * len(site.plan_areas))
    return [str(name) or f"Plangebiet {number}" for number, name in enumerate(given, 1)]


def editions(site: Site) -> list[baunvo.Edition | None]:
    """The edition of the BauNVO of each plan area; None where none is said."""
    if site.plan_areas is None:
        return []
    said = site.plan_areas.columns.get("edition", [""] * len(site.plan_areas))
    return [baunvo.edition_of(str(one)) for one in said]


def stated(site: Site, areas: Sequence[PlanAreaEntry]) -> Site:
    """The site with what a project states of its plan areas in place of what their files say; raises InputProblem for one that is not
    there."""
    if not areas:
        return site
    known = names(site)
    for one in areas:
        if one.name not in known:
            where, known_words = f"plan area {one.name}", ", ".join(dict.fromkeys(known)) or "none"
            raise InputProblem(where, "there is no plan area of that name in the data", f"Known: {known_words}")
    said: dict[str, str] = {one.name: one.edition for one in areas}
    made = copy.copy(site)  # with what was found out about it already
    assert site.plan_areas is not None
    made.plan_areas = _with_editions(site.plan_areas, [said.get(name) for name in known])
    if site.plan_parts is not None:
        made.plan_parts = _with_editions(site.plan_parts, [said.get(str(name)) for name in site.plan_parts.columns["plan"]])
    return made


def _with_editions(layer: Features, said: Sequence[str | None]) -> Features:
    before = layer.columns.get("edition", [""] * len(layer))
    column = np.array([old if new is None else new for old, new in zip(before, said, strict=True)], object)
    return Features(layer.geometry, {**layer.columns, "edition": column})


def edition_there(site: Site, whole: Any) -> baunvo.Edition | None:
    """The edition of the BauNVO of the plan area that most of a plot lies in; None where there is none, or it says none."""
    for shape, edition in zip(site.plan_areas.geometry if site.plan_areas is not None else (), editions(site), strict=True):
        if shape.intersection(whole).area > 0.5 * whole.area:
            return edition
    return None


def with_limits(limits: Limits, whole: Any, parts: Sequence[PlanPart]) -> Limits:
    """The limits of a plot, completed by those of the Baugebiet that most of it lies in; what is stated for the plot itself goes first."""
    inside = [part for part in parts if part.kind in ("area", "communal") and part.geometry.intersection(whole).area > 0.5 * whole.area]
    if not inside:
        return limits
    part = inside[0].limits
    return Limits(
        limits.use or part.use,
        part.grz if limits.grz is None else limits.grz,
        part.gfz if limits.gfz is None else limits.gfz,
        part.bmz if limits.bmz is None else limits.bmz,
        limits.storeys,
        limits.edition or part.edition,
    )


def _set(value: float) -> float | None:
    return value if math.isfinite(value) else None
