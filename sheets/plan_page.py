"""The page of a picture that is a plan to scale: which paper, how many pixels it and the drawing have, and what does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from ..jena_city.lettering import PAPER, QUIET, THIN_SPACE, number
from ..jena_city.problems import InputProblem
from .paper import MARGIN, PAPERS, size_of

INCH = 25.4  # mm
LINE = 0.18  # mm, around a drawing
LETTERS = 2.6  # mm, the small ones of the caption
LEAST_LETTERS = 9  # pixels, below which nobody can read them
DPI = 150
MOST_PIXELS = 40_000_000  # of a page: about 10 GB while it is rendered, as measured
LINES = 3  # times the memory, that a line drawing takes
LEAST = 1 / 3  # of the page's width and height, that the drawing has
ROUND = (100, 200, 250, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000)
Laid = tuple[tuple[int, int], int]
"""Pixels (wide, high) of the legend beside a drawing, and the height of the words below it; 0 where there are none."""


@dataclass(frozen=True)
class Page:
    """paper : A4 … A0. scale : its denominator. dpi : pixels an inch. captioned : whether there are words below the drawing; without, it
    fills the whole page, as a plan does that is put into another one."""

    scale: int
    paper: str
    landscape: bool
    dpi: int
    captioned: bool

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the whole page."""
        wide, high = size_of(self.paper, self.landscape)
        return self.pixels(wide), self.pixels(high)

    @property
    def metres(self) -> float:
        """That a pixel is wide, on the ground."""
        return INCH / 1000 / self.dpi * self.scale

    @property
    def margin(self) -> int:
        """Pixels, on all sides."""
        return self.pixels(MARGIN) if self.captioned else 0

    @property
    def letters(self) -> int:
        """Pixels of the small letters."""
        return max(LEAST_LETTERS, self.pixels(LETTERS))

    @property
    def inner_width(self) -> int:
        """Pixels between the margins."""
        return self.size[0] - 2 * self.margin

    @property
    def said(self) -> dict[str, Any]:
        """As plain data."""
        orientation = "landscape" if self.landscape else "portrait"
        return {"scale": self.scale, "paper": self.paper, "orientation": orientation, "dpi": self.dpi}

    @property
    def words(self) -> str:
        """Of the caption."""
        return f"Maßstab 1{THIN_SPACE}:{THIN_SPACE}{number(self.scale)} auf {self.paper}"

    def pixels(self, millimetres: float) -> int:
        return round(millimetres / INCH * self.dpi)

    def room(self, laid: Laid) -> tuple[int, int]:
        """Pixels (wide, high) of the drawing; (0, 0) where the legend is higher."""
        beside, below = laid
        high = self.size[1] - 2 * self.margin - below
        return (self.inner_width - beside[0], high) if high >= beside[1] else (0, 0)

    def composed(self, drawing: Image.Image, beside: Image.Image | None, below: Image.Image | None) -> Image.Image:
        """The page, with the drawing, the legend beside it and the words below. A fine line, in the margin, ends a drawing on white."""
        page = Image.new("RGB", self.size, PAPER)
        page.paste(drawing, (self.margin, self.margin))
        if beside is not None:
            page.paste(beside, (self.margin + drawing.width, self.margin))
        if below is not None:
            page.paste(below, (self.margin, self.size[1] - self.margin - below.height))
        if self.captioned:
            line = max(1, self.pixels(LINE))
            corner = self.margin - line
            outside = (corner, corner, corner + drawing.width + 2 * line - 1, corner + drawing.height + 2 * line - 1)
            ImageDraw.Draw(page).rectangle(outside, outline=QUIET, width=line)
        return page


@dataclass(frozen=True)
class Wish:
    """What is asked for. paper : "" for the smallest that holds it. orientation : "landscape", "portrait", "" as it fits. captioned : see
    `Page`. lines : whether it is a line drawing."""

    scale: int
    paper: str = ""
    orientation: str = ""
    dpi: int = DPI
    captioned: bool = True
    lines: bool = False

    def pages(self, where: str) -> list[Page]:
        """The pages that would do, the smallest first, landscape before portrait. Raises InputProblem where all have more pixels than a
        machine has memory for."""
        turns = (True, False) if not self.orientation else (self.orientation == "landscape",)
        papers = (self.paper,) if self.paper else tuple(PAPERS)
        pages = [Page(self.scale, paper, turned, self.dpi, self.captioned) for paper in papers for turned in turns]
        most = MOST_PIXELS // LINES if self.lines else MOST_PIXELS
        if not (found := [page for page in pages if math.prod(page.size) <= most]):
            has = math.prod(pages[0].size)
            what = f"{papers[0]} at {self.dpi} dpi has {has / 1e6:.0f} million pixels, more than {most / 1e6:.0f} million"
            finest = math.floor(self.dpi * math.sqrt(most / has) / 10) * 10
            raise InputProblem(where, what, f"Take {finest} dpi or a smaller paper")
        return found

    def page(self, wanted: tuple[float, float], laid: Callable[[Page], Laid], where: str) -> tuple[Page, tuple[int, int]]:
        """The smallest page that holds metres (wide, high), and the pixels of its drawing. laid : what stands on a page beside the drawing.
        Raises InputProblem that names what would do."""
        pages = self.pages(where)
        rooms = [(page, page.room(laid(page))) for page in pages]
        rooms = [(page, (wide, high)) for page, (wide, high) in rooms if wide >= LEAST * page.size[0] and high >= LEAST * page.size[1]]
        if not rooms:
            raise InputProblem(where, f"its words leave no room for a drawing on {pages[-1].paper}", "Take a larger paper")
        for page, room in rooms:
            if all(pixels * page.metres >= metres for pixels, metres in zip(room, wanted, strict=True)):
                return page, room
        page = rooms[-1][0]
        short = min(max(metres / (pixels * page.metres) for pixels, metres in zip(room, wanted, strict=True)) for page, room in rooms)
        coarser = next((scale for scale in ROUND if scale >= short * self.scale), math.ceil(short * self.scale / 1000) * 1000)
        what = f"{wanted[0]:.0f} × {wanted[1]:.0f} m do not fit on {page.paper} at 1:{self.scale}"
        raise InputProblem(where, what, f"Take 1:{coarser} or a larger paper, or show a part of it with view.target")
