"""A poster that calls for taking part: what it is about, where, the address as words and as a QR code. Tagged like all our sheets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.design import Design
from . import plans
from .drawing import QUIET, Drawing, Style
from .paper import DISCLAIMER, logo, size_of

MARGIN, BAR = 20.0, 12.0
CODE = 64.0  # mm, of the QR code without its quiet border
AROUND = 140.0  # metres around what it is about that the plan shows


@dataclass(frozen=True)
class Call:
    """The words. days : when one can take part, "" where it is not said. ways : of taking part without the page."""

    title: str
    question: str
    summary: str
    address: str
    days: str = ""
    ways: Sequence[str] = field(default_factory=tuple)
    source: str = ""


def poster(call: Call, today: Applied, focus: Sequence[float], code: Sequence[Sequence[bool]], accent: str, design: Design) -> Drawing:
    """An A3 page. today : the town as it is. focus : west, south, east, north of what it is about, in the scene. code : rows of the QR
    code's dark modules, without border. accent : "#rrggbb". design : the town's letters, ink and logo."""
    wide, high = size_of("A3", False)
    page = Drawing(wide, high, call.title, design)
    room = wide - 2 * MARGIN
    bar = page.group("decoration")
    bar.box(0, high - BAR, wide, high, Style(fill=accent))
    head, beside = page.group("title"), room - logo(page, wide - MARGIN, high - BAR - 12, design, (60.0, 24.0))
    size = next((size for size in (17.0, 14.0, 12.0, 10.0) if len(head.wrapped(call.title, size, beside, True)) <= 2), 9.0)
    y = head.paragraph(MARGIN, high - BAR - 12 - size, call.title, size, beside, bold=True, leading=1.15)
    y = min(y, high - BAR - 36 - 8.0) if design.logo else y
    words = page.group("text")
    y = words.paragraph(MARGIN, y - 2, call.question, 8.0, room, colour=accent, bold=True) if call.question else y
    y = page.group("text").paragraph(MARGIN, y - 2, call.summary, 6.0, room, leading=1.35)
    low = MARGIN + CODE + 14
    _plan(page, today, focus, (MARGIN, low, wide - MARGIN, y + 1), accent)
    _code(page, code, call.address)
    x, room = MARGIN + CODE + 12, room - CODE - 12
    y = MARGIN + CODE - 7
    y = page.group("text").paragraph(x, y, "Ansehen, vergleichen, mitreden", 9.0, room, bold=True) - 1
    if call.days:
        y = page.group("text").paragraph(x, y, call.days, 7.0, room, bold=True, colour=accent) - 1
    y = page.group("text").paragraph(x, y, call.address.partition("://")[2].rstrip("/"), 6.0, room) - 2
    for way in call.ways:
        y = page.group("text").paragraph(x, y, way, 5.0, room)
    page.group("text").paragraph(
        MARGIN, MARGIN - 8, " · ".join(filter(None, (call.source, DISCLAIMER))), 2.6, wide - 2 * MARGIN, colour=QUIET
    )
    return page


def _plan(page: Drawing, today: Applied, focus: Sequence[float], box: tuple[float, float, float, float], accent: str) -> None:
    """A quiet plan of the place with what it is about outlined, true to some scale that fits."""
    west, south, east, north = focus
    middle = np.array([(west + east) / 2, (south + north) / 2])
    across, up = box[2] - box[0], box[3] - box[1]
    metres = max((east - west + 2 * AROUND) / across, (north - south + 2 * AROUND) / up)  # a millimetre
    half = np.array([across, up]) * metres / 2
    window = (*(middle - half).tolist(), *(middle + half).tolist())
    place = plans.Place(window, box, math.ceil(metres * 1000))
    content = plans.Content.of(today, place)
    plans.schwarzplan(page, content)
    frame = page.group("decoration", clip=box)
    for shape in shapely.get_parts(today.site.plan_areas.geometry if today.site.plan_areas is not None else shapely.box(*focus)):
        frame.area(place(shape), Style(fill=accent, opacity=0.3))
        frame.lines(place(shape), Style(line=accent, width=1.2))
    frame.box(*box, Style(line=QUIET))


def _code(page: Drawing, code: Sequence[Sequence[bool]], address: str) -> None:
    """The code, its dark modules flush with the margin; the paper around it is its quiet border."""
    module = CODE / len(code)
    words = f"QR-Code, der zu dieser Adresse führt: {address}"
    group = page.group("figure", words, clip=(MARGIN, MARGIN, MARGIN + CODE, MARGIN + CODE))
    for row, line in enumerate(code):
        top = MARGIN + CODE - row * module
        edges = np.flatnonzero(np.diff([0, *map(int, line), 0]))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            group.box(MARGIN + start * module, top - module, MARGIN + end * module, top, Style(fill="#000000"))
