"""The sheet round a drawing: paper, frame, Schriftfeld, legend, scale bar, north arrow, sources. All in millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from ..jena_city.design import Design
from ..jena_city.lettering import THIN_SPACE, number
from ..jena_city.problems import InputProblem
from . import typeface
from .drawing import BOLD, FINE, INK, MEDIUM, QUIET, USUAL, Drawing, Group, Picture, Style

PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A2": (420.0, 594.0), "A1": (594.0, 841.0), "A0": (841.0, 1189.0)}
SCALES = (250, 500, 1000, 1500, 2000, 2500)
BINDING, MARGIN = 20.0, 10.0  # frame: left, elsewhere
GRID = 5.0
SMALL, NORMAL, LARGE = 2.5, 3.2, 5.5  # sizes of letters
_BLOCK_WIDTH, _BLOCK_HEIGHT = 180.0, 50.0
_GAP = 5.0
DISCLAIMER = "Darstellung eines Entwurfs, keine rechtsverbindliche Planzeichnung"

Swatch = Callable[[Group, float, float, float, float], None]
"""Draws one entry of a legend into (x0, y0, x1, y1)."""


@dataclass(frozen=True)
class TitleBlock:
    """What stands in the Schriftfeld. An empty field is left out, not shown as a gap."""

    title: str
    project: str = ""
    variant: str = ""
    number: str = ""
    stage: str = ""
    date: str = ""
    author: str = ""
    base: str = ""
    """Planunterlage: the data the sheet is drawn on."""
    status: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page with its frame. field : (x0, y0, x1, y1) mm, where the drawing goes."""

    drawing: Drawing
    field: tuple[float, float, float, float]

    @property
    def field_size(self) -> tuple[float, float]:
        """mm."""
        x0, y0, x1, y1 = self.field
        return x1 - x0, y1 - y0


@dataclass(frozen=True)
class Furniture:
    """What stands beside the drawing. scale : denominator, 0 for a drawing without one. north : degrees, clockwise, that geographic north
    is turned from the top of the sheet; None for sections and views. legend : (swatch, words). design : language, fonts, colours
    and logo."""

    block: TitleBlock
    scale: int = 0
    north: float | None = None
    legend: Sequence[tuple[Swatch, str]] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)
    source: str = ""
    design: Design = USUAL

    def wrapped(self, words: str, size: float, room: float, bold: bool = False) -> list[str]:
        """Words of the program in the lines that they take."""
        return typeface.wrapped(self.design.say(words), size, room, bold, self.design.cut(bold))


def size_of(paper: str, landscape: bool) -> tuple[float, float]:
    """Width and height of a paper, mm."""
    short, long = PAPERS[paper]
    return (long, short) if landscape else (short, long)


def field_of(paper: str, landscape: bool, furniture: Furniture) -> tuple[float, float, float, float]:
    """Where a drawing may go on this paper with this furniture: (x0, y0, x1, y1) mm."""
    wide, high = size_of(paper, landscape)
    return BINDING, MARGIN + _band(wide, furniture), wide - MARGIN, high - MARGIN


def _columns(wide: float) -> tuple[float, float, int]:
    """(room for the legend, width of an entry, entries beside each other)."""
    inside = wide - BINDING - MARGIN
    room = inside if inside < _BLOCK_WIDTH + 80 else inside - _BLOCK_WIDTH - _GAP
    columns = max(1, int(room // 62))
    return room, room / columns, columns


def _band(wide: float, furniture: Furniture) -> float:
    """Height of what stands below the drawing."""
    room, entry, columns = _columns(wide)
    below = room > wide - BINDING - MARGIN - 1
    legend = _legend_height(furniture, room, entry, columns)
    raw = _BLOCK_HEIGHT + legend + _GAP if below else max(_BLOCK_HEIGHT, legend)
    return math.ceil((raw + _GAP) / GRID) * GRID


def _legend_height(furniture: Furniture, room: float, entry: float, columns: int) -> float:
    rows = sum(
        max(_entry_height(furniture, words, entry) for _, words in furniture.legend[k : k + columns])
        for k in range(0, len(furniture.legend), columns)
    )
    notes = sum(len(furniture.wrapped(note, SMALL, room - 2 * 3)) * 1.35 * SMALL for note in furniture.notes)
    bar = 14.0 if furniture.scale or furniture.north is not None else 0.0
    return 8.0 + rows + notes + bar


def _entry_height(furniture: Furniture, words: str, entry: float) -> float:
    return max(6.0, len(furniture.wrapped(words, NORMAL, entry - 14.0)) * 1.3 * NORMAL + 1.5)


def sheet(paper: str, landscape: bool, furniture: Furniture) -> Sheet:
    """A page with frame, Schriftfeld, legend, scale, north and sources, ready for its drawing."""
    wide, high = size_of(paper, landscape)
    block = furniture.block
    title = furniture.design.say(" · ".join(filter(None, (block.title, block.variant, block.project))))
    page = Drawing(wide, high, title, furniture.design)
    frame = page.group("decoration")
    frame.box(BINDING, MARGIN, wide - MARGIN, high - MARGIN, Style(line=INK, width=BOLD))
    where = field_of(paper, landscape, furniture)
    frame.line([(BINDING, where[1]), (wide - MARGIN, where[1])], Style(line=INK, width=MEDIUM))
    room, entry, columns = _columns(wide)
    below = room > wide - BINDING - MARGIN - 1
    _title_block(page, wide - MARGIN - _BLOCK_WIDTH, MARGIN, furniture, paper)
    top = where[1] - 2.0
    left = BINDING + 3.0
    y = top - 4.0
    if furniture.legend:
        words = page.group("text")
        words.text(left, y, "Legende", NORMAL, bold=True)
        y -= 3.0
        for k in range(0, len(furniture.legend), columns):
            row = furniture.legend[k : k + columns]
            height = max(_entry_height(furniture, text, entry) for _, text in row)
            for column, (swatch, text) in enumerate(row):
                x = left + column * entry
                swatch(page.group("decoration"), x, y - 4.2, x + 8.0, y - 0.4)
                page.group("text").paragraph(x + 10.5, y - 3.2, text, NORMAL, entry - 14.0)
            y -= height
    if furniture.notes:
        y -= 2.0
        words = page.group("text")
        for note in furniture.notes:
            y = words.paragraph(left, y - 1.0, note, SMALL, room - 6.0, colour=QUIET)
    foot = MARGIN + (_BLOCK_HEIGHT + _GAP if below else 3.0) + 2.0
    if furniture.scale:
        _scale_bar(page, left, foot, furniture.scale)
    if furniture.north is not None:
        _north(page, BINDING + room - 10.0, foot + 4.0, furniture.north)
    return Sheet(page, where)


def _title_block(page: Drawing, x: float, y: float, furniture: Furniture, paper: str) -> None:
    block = furniture.block
    lines = page.group("decoration")
    lines.box(x, y, x + _BLOCK_WIDTH, y + _BLOCK_HEIGHT, Style(line=INK, width=MEDIUM))
    room = _BLOCK_WIDTH - 8.0 - logo(page, x + _BLOCK_WIDTH - 3.0, y + _BLOCK_HEIGHT - 3.0, furniture.design)
    title = page.group("title")
    foot = y + _BLOCK_HEIGHT - 8.0
    for size in (LARGE, 4.2, 3.6):  # a long title is set smaller before it is broken
        found = furniture.wrapped(block.title, size, room, True)
        if len(found) == 1:
            break
    foot = title.paragraph(x + 4.0, foot, block.title, size, room, bold=True, leading=1.15)
    words = page.group("text")
    under = [" · ".join(filter(None, (block.variant, block.project))), block.status]
    for size in (NORMAL, 2.8, SMALL, 2.2):
        if sum(len(furniture.wrapped(line, size, room)) for line in under if line) * 1.3 * size < foot - y - 26.0:
            break
    foot = words.paragraph(x + 4.0, foot + 1.0, under[0], size, room) if under[0] else foot
    if block.status:
        words.paragraph(x + 4.0, foot, block.status, size, room, colour=furniture.design.mark)
    scale = f"1{THIN_SPACE}:{THIN_SPACE}{number(furniture.scale)}" if furniture.scale else "ohne Maßstab"
    cells = (
        ("Maßstab", scale),
        ("Blatt", f"{paper}{', ' + block.number if block.number else ''}"),
        ("Verfahrensstand", block.stage),
        ("Datum", block.date),
        ("Bearbeitung", block.author),
    )
    say = furniture.design.say
    shown = [(name, say(text)) for name, text in cells if text]
    wide = _BLOCK_WIDTH / len(shown)
    lines.line([(x, y + 27.0), (x + _BLOCK_WIDTH, y + 27.0)], Style(line=INK, width=FINE))
    lines.line([(x, y + 17.0), (x + _BLOCK_WIDTH, y + 17.0)], Style(line=INK, width=FINE))
    for k, (name, text) in enumerate(shown):
        if k:
            lines.line([(x + k * wide, y + 17.0), (x + k * wide, y + 27.0)], Style(line=INK, width=FINE))
        words.text(x + k * wide + 2.0, y + 23.6, name, SMALL, colour=QUIET)
        size = NORMAL
        while typeface.width(text, size, file=furniture.design.font) > wide - 4.0 and size > 1.4:
            size -= 0.1
        words.text(x + k * wide + 2.0, y + 19.2, text, size)
    y_text = y + 13.0
    if block.base:
        y_text = words.paragraph(x + 4.0, y_text, f"Planunterlage: {block.base}", SMALL, _BLOCK_WIDTH - 8.0, colour=QUIET)
    source = " · ".join(filter(None, (furniture.source, DISCLAIMER)))
    size = SMALL
    while len(furniture.wrapped(source, size, _BLOCK_WIDTH - 8.0)) * 1.3 * size > y_text - y - 0.5 and size > 1.2:
        size -= 0.1
    words.paragraph(x + 4.0, y_text, source, size, _BLOCK_WIDTH - 8.0, colour=QUIET)


def logo(page: Drawing, right: float, top: float, design: Design, most: tuple[float, float] = (34.0, 14.0)) -> float:
    """The town's logo with its upper right corner there, at most so many mm wide and high; returns the room it takes, mm."""
    if not design.logo:
        return 0.0
    with Image.open(design.logo) as image:
        wide, high = image.size
    share = min(most[0] / wide, most[1] / high)
    box = right - share * wide, top - share * high, right, top
    page.group("figure", "Logo", box).items.append(Picture(*box, design.logo))
    return share * wide + 4.0


def _scale_bar(page: Drawing, x: float, y: float, scale: int) -> None:
    steps = [value * 10**power for power in range(4) for value in (1, 2, 5)]
    length = max(step for step in steps if step * 1000 / scale <= 50.0)
    paper = length * 1000.0 / scale
    bar = page.group("figure", f"Maßstabsleiste: {number(length)} m", (x - 1, y - 1, x + paper + 12, y + 6))
    for k in range(4):
        fill = INK if k % 2 == 0 else "#ffffff"
        bar.box(x + k * paper / 4, y, x + (k + 1) * paper / 4, y + 1.5, Style(fill=fill, line=INK, width=FINE))
    bar.text(x, y + 2.6, "0", SMALL)
    bar.text(x + paper, y + 2.6, f"{number(length)}{THIN_SPACE}m", SMALL, anchor="middle")


def _north(page: Drawing, x: float, y: float, angle: float) -> None:
    """An arrow of 10 mm; angle : degrees clockwise from up."""
    turn = math.radians(-angle)
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    arrow = page.group("figure", "Nordpfeil", (x - 8, y - 8, x + 8, y + 8))
    half = np.array([(0.0, 5.0), (2.2, -4.0), (0.0, -2.2)]) @ rotation + (x, y)
    other = np.array([(0.0, 5.0), (-2.2, -4.0), (0.0, -2.2)]) @ rotation + (x, y)
    arrow.line(half, Style(fill=INK, line=INK, width=FINE), closed=True)
    arrow.line(other, Style(fill="#ffffff", line=INK, width=FINE), closed=True)
    at = np.array([0.0, 6.0]) @ rotation + (x, y)
    arrow.text(float(at[0]), float(at[1]) - 0.3, "N", NORMAL, bold=True, anchor="middle")


def fitting(
    wanted: tuple[float, float], paper: str, landscape: bool | None, scale: int, furniture: Furniture, where: str
) -> tuple[str, bool]:
    """The paper and its turn that hold metres (wide, high) at a scale. paper : "" for the smallest. landscape : None to choose.
    Raises InputProblem that names the papers and scales that would do."""

    def holds(name: str, turned: bool, denominator: int) -> bool:
        x0, y0, x1, y1 = field_of(name, turned, furniture)
        return wanted[0] * 1000 / denominator <= x1 - x0 + 1e-6 and wanted[1] * 1000 / denominator <= y1 - y0 + 1e-6

    turns = (True, False) if landscape is None else (landscape,)
    for name in (paper,) if paper else PAPERS:
        for turned in turns:
            if holds(name, turned, scale):
                return name, turned
    paper = paper or list(PAPERS)[-1]
    larger = next((name for name in PAPERS if any(holds(name, turned, scale) for turned in turns)), None)
    coarser = next((one for one in SCALES if any(holds(paper, turned, one) for turned in turns)), None)
    ways = [f"{name} at 1:{one}" for name, one in ((larger, scale), (paper, coarser)) if name and one]
    what = f"{wanted[0]:.0f} × {wanted[1]:.0f} m do not fit on {paper} at 1:{scale}"
    raise InputProblem(where, what, f"Take {' or '.join(ways)}" if ways else "Draw a smaller part of the town")
