"""A sheet made: what is drawn, how it fits on its paper, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.design import Design
from ..jena_city.problems import InputProblem
from ..jena_city.project import SheetEntry
from . import axonometry, elevations, paper, planning_law, plans, shadow_study
from .drawing import USUAL, Drawing
from .paper import Furniture, TitleBlock
from .shadow_study import Moment

STATUS = {
    "entwurf": "Entwurf, nicht öffentlich",
    "intern": "intern abgestimmt, nicht öffentlich",
    "öffentlich": "",
    "beschlossen": "beschlossen",
}
TITLES = {
    **{kind: title for kind, (title, _) in plans.KINDS.items()},
    "planning-law": "Festsetzungen des Bebauungsplans",
    "section": "Geländeschnitt",
    "street-elevation": "Straßenabwicklung",
    "axonometry": "Axonometrie",
    "shadow-study": "Verschattungsstudie",
}
METHOD = "Strahlverfolgung gegen Stadtmodell und Gelände, Sonnenstand nach NREL SPA, Schatten auf dem Boden; {}."
_TREES = {"ignored": "Bäume nicht berücksichtigt", "opaque": "Bäume als undurchsichtige Körper"}
ALONG_A_LINE = ("section", "street-elevation")


Drawn = Callable[[Drawing, tuple[float, float, float, float]], tuple[plans.Legend, list[str]]]
"""Draws into a field of the page; returns legend and notes."""


@dataclass(frozen=True)
class Named:
    """Words of the project for the Schriftfeld."""

    project: str
    author: str
    source: str
    design: Design = USUAL


def made(applied: Applied, settings: SheetEntry, named: Named, where: str, moments: Sequence[Moment] = ()) -> Drawing:
    """The page. where : of the project file, for messages. moments : of a shadow study. Raises InputProblem where it does not fit or
    something is missing."""
    variant = applied.variant
    block = TitleBlock(
        title=settings.title or TITLES[settings.kind],
        project=named.project,
        variant=variant.name,
        number=settings.number,
        stage=settings.stage,
        date=settings.date,
        author=settings.author or named.author,
        base=settings.base,
        status=STATUS[variant.status] if variant.blocks else "",
    )
    if settings.kind in ALONG_A_LINE:
        return _along_a_line(applied, settings, block, named, where)
    if settings.kind == "shadow-study":
        return _shadow_study(applied, settings, block, named, where, moments)
    return _seen_from_above(applied, settings, block, named, where)


def shadow_box(applied: Applied, settings: SheetEntry, where: str) -> tuple[float, float, float, float]:
    """The ground that a shadow study shows, scene coordinates: what must be on it, as wide as high."""
    middle, wanted = _extent(applied, settings, where)
    half = max(wanted) / 2
    return float(middle[0]) - half, float(middle[1]) - half, float(middle[0]) + half, float(middle[1]) + half


def _shadow_study(
    applied: Applied, settings: SheetEntry, block: TitleBlock, named: Named, where: str, moments: Sequence[Moment]
) -> Drawing:
    columns, rows = len(settings.hours), len(settings.dates)
    window = shadow_box(applied, settings, where)
    side = window[2] - window[0]
    beside, above = shadow_study.room_beside(columns, rows)
    wanted = side * columns + beside * settings.scale / 1000, side * rows + above * settings.scale / 1000

    def drawn(page: Drawing, field: tuple[float, float, float, float]) -> tuple[plans.Legend, list[str]]:
        legend, notes = shadow_study.draw(page, applied, moments, columns, field, plans.Place(window, field, settings.scale))
        return legend, [*notes, METHOD.format(_TREES[settings.trees])]

    return _laid_out(settings, block, named, wanted, float(applied.site.origin.grid_azimuth(0.0)) % 360.0, drawn, where)


def _seen_from_above(applied: Applied, settings: SheetEntry, block: TitleBlock, named: Named, where: str) -> Drawing:
    origin = applied.site.origin
    middle, wanted = _extent(applied, settings, where)
    turn = settings.turn if settings.kind == "axonometry" else 0.0
    if settings.kind == "axonometry":
        wanted = axonometry.extent(applied, middle, wanted, turn)
    north = float(origin.grid_azimuth(0.0)) % 360.0 + turn

    def drawn(page: Drawing, field: tuple[float, float, float, float]) -> tuple[plans.Legend, list[str]]:
        wide, high = ((field[2] - field[0]) * settings.scale / 1000, (field[3] - field[1]) * settings.scale / 1000)
        window = (middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2)
        place = plans.Place(window, field, settings.scale)
        if settings.kind == "axonometry":
            return axonometry.draw(page, applied, place, turn)
        content = plans.Content.of(applied, place)
        draw = planning_law.draw if settings.kind == "planning-law" else plans.KINDS[settings.kind][1]
        return draw(page, content)

    return _laid_out(settings, block, named, wanted, north, drawn, where)


def _along_a_line(applied: Applied, settings: SheetEntry, block: TitleBlock, named: Named, where: str) -> Drawing:
    if len(settings.line) < 2:
        raise InputProblem(
            where, f"a {settings.kind} needs a line of at least two points", "Add line = [[x, y], [x, y]] in the project's CRS"
        )
    line = shapely.LineString(applied.site.origin.to_local(np.array(settings.line, float)))
    if line.length < 1.0:
        raise InputProblem(where, "the line is shorter than a metre", "Give points that lie farther apart")
    view = elevations.view(applied, line, settings.depth, cut=settings.kind == "section", where=where)

    def drawn(page: Drawing, field: tuple[float, float, float, float]) -> tuple[plans.Legend, list[str]]:
        return elevations.draw(page, view, field, settings.scale)

    return _laid_out(settings, block, named, view.size, None, drawn, where)


def _laid_out(
    settings: SheetEntry, block: TitleBlock, named: Named, wanted: tuple[float, float], north: float | None, drawn: Drawn, where: str
) -> Drawing:
    """Find out what the legend is, then the paper, then draw. The legend depends on what is in sight, and the sight on the legend's room:
    so it is found on the paper without one and then taken as it is."""
    turns = {"": None, "landscape": True, "portrait": False}[settings.orientation]

    def furniture(legend: plans.Legend, notes: list[str]) -> Furniture:
        return Furniture(block, settings.scale, north, tuple(legend), tuple(notes), named.source, named.design)

    bare = furniture([], [])
    size, turned = paper.fitting(wanted, settings.paper, turns, settings.scale, bare, where)
    trial = Drawing(*paper.size_of(size, turned), "", named.design)
    legend, notes = drawn(trial, paper.field_of(size, turned, bare))
    full = furniture(legend, notes)
    size, turned = paper.fitting(wanted, settings.paper, turns, settings.scale, full, where)
    sheet = paper.sheet(size, turned, full)
    page = sheet.drawing
    furniture_groups, page.groups = page.groups, []
    drawn(page, sheet.field)
    heads = [group for group in furniture_groups if group.role == "title"]
    page.groups = [*heads, *page.groups, *(group for group in furniture_groups if group.role != "title")]
    return page


def _extent(applied: Applied, settings: SheetEntry, where: str) -> tuple[FloatArray, tuple[float, float]]:
    """Middle in scene coordinates, and metres (wide, high) that must be on the sheet."""
    site = applied.site
    if settings.centre is not None:
        return np.asarray(site.origin.to_local(np.array(settings.centre, float))), (2 * settings.margin, 2 * settings.margin)
    shapes = [block.footprint for block in applied.variant.blocks]
    if site.plan_areas is not None and len(site.plan_areas):
        shapes = list(site.plan_areas.geometry)
    box = shapely.total_bounds(np.array(shapes, object)) if shapes else site.city.bounds
    if box is None:
        raise InputProblem(where, "the project has neither buildings nor a plan area", "State a centre")
    west, south, east, north = (float(value) for value in box)
    size = (east - west + 2 * settings.margin, north - south + 2 * settings.margin)
    return np.array([(west + east) / 2, (south + north) / 2]), size
