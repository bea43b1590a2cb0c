"""Slides of 16 : 9: boxes with words, pictures and tables, in millimetres from the upper left corner; how much goes into a box; and the
slide as a drawing, for the PDF. The same boxes go into the PPTX (`slides_pptx.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from PIL import Image

from ..jena_city.design import Design
from . import typeface
from .drawing import INK, QUIET, Drawing, Picture, Style

WIDE, HIGH = 338.667, 190.5  # 13.333 × 7.5 inches
LEADING = 1.28  # lines, in heights of the em
SPARE = 0.97  # of the room that lines may take: other programs set letters a hair wider
PAD = 1.6  # mm around the words of a cell
BAND, RULE = "#f3f2ef", "#c9c5be"
Box = tuple[float, float, float, float]
"""left, top, width, height; mm."""


@dataclass(frozen=True)
class Line:
    """A paragraph. size : of the em, mm. before : mm that are free above it. swatch : a colour shown as a field before it."""

    text: str
    size: float = 4.6
    bold: bool = False
    colour: str = INK
    before: float = 0.0
    swatch: str = ""

    def scaled(self, share: float) -> Line:
        """The same, larger or smaller."""
        return replace(self, size=self.size * share, before=self.before * share)

    @property
    def indent(self) -> float:
        """mm that its words stand in."""
        return 1.5 * self.size if self.swatch else 0.0


@dataclass(frozen=True)
class Words:
    """Paragraphs below each other. right : whether they end at the right of the box."""

    box: Box
    lines: tuple[Line, ...]
    role: Literal["title", "text", "decoration"] = "text"
    right: bool = False


@dataclass(frozen=True)
class Shown:
    """A picture file, as large as it fits into the box, at its upper left; or filling it, what does not fit cut off. words : for those who
    cannot see it."""

    box: Box
    file: Path
    words: str
    filling: bool = False

    @property
    def place(self) -> Box:
        """Where all of the picture lies, mm."""
        with Image.open(self.file) as image:
            wide, high = image.size
        left, top, room, height = self.box
        if not self.filling:
            share = min(room / wide, height / high)
            return left, top, share * wide, share * high
        share = max(room / wide, height / high)
        return left - (share * wide - room) / 2, top - (share * high - height) / 2, share * wide, share * high


@dataclass(frozen=True)
class Bar:
    """A field of colour."""

    box: Box
    colour: str


@dataclass(frozen=True)
class Table:
    """rows : the first is the head. widths : of columns, mm. size : of letters."""

    left: float
    top: float
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    size: float = 3.9

    def heights(self, design: Design) -> list[float]:
        """mm of each row."""
        return [row_height(row, self.widths, self.size, design, number == 0) for number, row in enumerate(self.rows)]


@dataclass(frozen=True)
class Slide:
    """title : also told where the slides are listed. items : in the order in which they are read."""

    title: str
    items: tuple[Words | Shown | Bar | Table, ...] = field(default_factory=tuple)


def lines_of(line: Line, room: float, design: Design) -> list[str]:
    """A paragraph in the lines that it takes."""
    return typeface.wrapped(line.text, line.size, room * SPARE - line.indent, line.bold, design.cut(line.bold))


def height_of(lines: Sequence[Line], room: float, design: Design) -> float:
    """mm that paragraphs take."""
    return sum(line.before + len(lines_of(line, room, design)) * line.size * LEADING for line in lines)


def largest(text: str, sizes: Sequence[float], room: float, most: int, design: Design, bold: bool = True) -> float:
    """The first of some sizes in which a text takes at most so many lines; else the last."""
    return next((size for size in sizes if len(lines_of(Line(text, size, bold), room, design)) <= most), sizes[-1])


def row_height(row: Sequence[str], widths: Sequence[float], size: float, design: Design, bold: bool = False) -> float:
    """mm of a row of a table."""
    cells = (len(lines_of(Line(cell, size, bold), wide - 2 * PAD, design)) for cell, wide in zip(row, widths, strict=True))
    return max(cells) * size * LEADING + 2 * PAD * 0.8


def fitted(lines: Sequence[Line], room: float, height: float, design: Design, most: float = 1.4) -> list[Line]:
    """Paragraphs grown, or made smaller, so that they fill a box but do not overflow it. most : how much they may grow."""
    share = most
    while height_of(grown := [line.scaled(share) for line in lines], room, design) > height and share > 0.3:
        share *= 0.96
    return grown


def in_columns(lines: Sequence[Sequence[Line]], room: float, height: float, design: Design) -> list[list[Line]]:
    """Groups of paragraphs filled into columns of a height; a group is broken only where it is higher than a column."""
    columns: list[list[Line]] = [[]]
    for group in lines:
        left = list(group)
        if columns[-1] and height_of([*columns[-1], *left], room, design) > height:
            columns.append([])
        for line in left:
            if columns[-1] and height_of([*columns[-1], line], room, design) > height:
                columns.append([])
            columns[-1].append(line)
    return [column for column in columns if column]


def tables(left: float, top: float, rows: Sequence[Sequence[str]], widths: Sequence[float], high: float, design: Design) -> list[Table]:
    """A table in as many parts as are needed, each with the head and at most so high; small letters before a second part."""
    body = [tuple(row) for row in rows]
    for size in (4.4, 3.9, 3.5):
        whole = Table(left, top, tuple(body), tuple(widths), size)
        if sum(whole.heights(design)) <= high:
            return [whole]
    parts: list[list[tuple[str, ...]]] = [[body[0]]]
    for row in body[1:]:
        if sum(Table(left, top, (*parts[-1], row), tuple(widths), 3.9).heights(design)) > high and len(parts[-1]) > 1:
            parts.append([body[0]])
        parts[-1].append(row)
    return [Table(left, top, tuple(part), tuple(widths), 3.9) for part in parts]


def drawn(slides: Sequence[Slide], title: str, design: Design) -> list[Drawing]:
    """The pages of the PDF."""
    pages = []
    for slide in slides:
        page = Drawing(WIDE, HIGH, title, design)
        for item in slide.items:
            if isinstance(item, Bar):
                left, top, wide, high = item.box
                page.group("decoration").box(left, HIGH - top - high, left + wide, HIGH - top, Style(fill=item.colour))
            elif isinstance(item, Shown):
                left, top, wide, high = item.place
                place = (left, HIGH - top - high, left + wide, HIGH - top)
                x, y, w, h = item.box
                seen = (x, HIGH - y - h, x + w, HIGH - y) if item.filling else place
                figure = page.group("figure", clip=seen)
                figure.words = item.words  # said already, as all that stands on slides
                figure.items.append(Picture(*place, str(item.file)))
            elif isinstance(item, Words):
                _words(page, item)
            else:
                _table(page, item)
        pages.append(page)
    return pages


def _words(page: Drawing, words: Words) -> None:
    left, top, wide, _ = words.box
    for line in words.lines:
        top += line.before
        if line.swatch:
            foot = HIGH - top - line.size * 1.05
            page.group("decoration").box(
                left, foot, left + line.size, foot + line.size * 0.8, Style(fill=line.swatch, line=RULE, width=0.15)
            )
        group = page.group(words.role)
        for text in lines_of(line, wide, page.design):
            at = left + wide if words.right else left + line.indent
            anchor: Literal["left", "right"] = "right" if words.right else "left"
            group.put(at, HIGH - top - line.size, text, line.size, bold=line.bold, colour=line.colour, anchor=anchor)
            top += line.size * LEADING


def _table(page: Drawing, table: Table) -> None:
    top, right = table.top, table.left + sum(table.widths)
    found = page.table()
    for number, (row, high) in enumerate(zip(table.rows, table.heights(page.design), strict=True)):
        ground = page.group("decoration")
        if number % 2 == 0 and number:
            ground.box(table.left, HIGH - top - high, right, HIGH - top, Style(fill=BAND))
        if number == 0:
            ground.line([(table.left, HIGH - top - high), (right, HIGH - top - high)], Style(line=RULE, width=0.4))
        left = table.left
        for column, (cell, wide) in enumerate(zip(row, table.widths, strict=True)):
            group = page.cell(found, number, head=number == 0 or column == 0)
            foot = HIGH - top - PAD * 0.8 - table.size
            for text in lines_of(Line(cell, table.size, number == 0), wide - 2 * PAD, page.design):
                at = left + PAD if column == 0 else left + wide - PAD
                group.put(
                    at,
                    foot,
                    text,
                    table.size,
                    bold=number == 0,
                    anchor="left" if column == 0 else "right",
                    colour=QUIET if number == 0 else INK,
                )
                foot -= table.size * LEADING
            left += wide
        top += high
