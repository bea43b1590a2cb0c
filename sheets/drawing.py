"""A drawing on paper: areas, lines and words in millimetres from the lower left corner, in groups that a reader is told of in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely

from ..jena_city.arrays import FloatArray
from ..jena_city.design import Design
from . import typeface

FINE, MEDIUM, BOLD = 0.13, 0.25, 0.50
"""The one family of line weights, millimetres."""
INK, QUIET = "#222426", "#686c70"
Anchor = Literal["left", "middle", "right"]
Role = Literal["title", "text", "figure", "decoration", "head", "cell"]
USUAL = Design()


@dataclass(frozen=True)
class Style:
    """fill, line : "#rrggbb" or None. width : of lines, mm. dash : lengths on and off, mm. opacity : of the fill,
    0 to 1."""

    fill: str | None = None
    line: str | None = None
    width: float = FINE
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class Path:
    """rings : each (n, 2) mm; several are filled by the even-odd rule, so that courtyards stay open."""

    rings: tuple[FloatArray, ...]
    closed: bool
    style: Style


@dataclass(frozen=True)
class Text:
    """x, y : of its foot, mm. size : of the em, mm. angle : degrees, counter-clockwise. font : a file, "" for Blender's own."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    anchor: Anchor = "left"
    angle: float = 0.0
    colour: str = INK
    font: str = ""

    @property
    def width(self) -> float:
        """mm."""
        return typeface.width(self.text, self.size, self.bold, self.font)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture file, stretched into (x0, y0) to (x1, y1), mm."""

    x0: float
    y0: float
    x1: float
    y1: float
    file: str


@dataclass
class Group:
    """Things that belong together. role : what a screen reader makes of it. words : of a figure, what there is to see. clip :
    (x0, y0, x1, y1) mm; nothing is drawn outside. design : language, font and colours of words. row : of a cell of a table (role head or
    cell), which table of the page and which row of it."""

    role: Role
    words: str = ""
    items: list[Path | Text | Picture] = field(default_factory=list)
    clip: tuple[float, float, float, float] | None = None
    design: Design = USUAL
    row: tuple[int, int] = (0, 0)

    def area(self, shape: Any, style: Style) -> None:
        """Add polygons (one, several, collections; what is no polygon is left out), coordinates in mm."""
        for polygon in shapely.get_parts(shape):
            if polygon.geom_type in ("MultiPolygon", "GeometryCollection"):
                self.area(polygon, style)
            elif polygon.geom_type == "Polygon" and not polygon.is_empty:
                rings = tuple(np.asarray(ring.coords)[:-1, :2] for ring in (polygon.exterior, *polygon.interiors))
                self.items.append(Path(rings, True, style))

    def line(self, points: Any, style: Style, *, closed: bool = False) -> None:
        """Add a line through (n, 2) points, mm."""
        self.items.append(Path((np.asarray(points, float)[:, :2],), closed, style))

    def lines(self, shape: Any, style: Style) -> None:
        """Add all lines of a shape, of polygons their outlines."""
        for part in shapely.get_parts(shape):
            if part.is_empty:
                continue
            if part.geom_type in ("MultiLineString", "MultiPolygon", "GeometryCollection"):
                self.lines(part, style)
            elif part.geom_type == "Polygon":
                for ring in (part.exterior, *part.interiors):
                    self.line(np.asarray(ring.coords)[:-1], style, closed=True)
            elif part.geom_type in ("LineString", "LinearRing"):
                self.line(np.asarray(part.coords), style)

    def box(self, x0: float, y0: float, x1: float, y1: float, style: Style) -> None:
        """Add a rectangle."""
        self.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], style, closed=True)

    def circle(self, x: float, y: float, radius: float, style: Style, corners: int = 32) -> None:
        """Add a circle."""
        turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        self.line(np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)]), style, closed=True)

    def text(self, x: float, y: float, text: str, size: float, **more: Any) -> Text:
        """Add words of the program (German) in one line; see Text."""
        return self.put(x, y, self.design.say(text), size, **more)

    def put(self, x: float, y: float, text: str, size: float, **more: Any) -> Text:
        """Add words that are in the design's language already, in one line; see Text."""
        colour = {INK: self.design.ink, QUIET: self.design.quiet}.get(found := more.pop("colour", INK), found)
        font = self.design.cut(bool(more.get("bold")))
        made = Text(x, y, text, size, colour=colour, font=font, **more)
        self.items.append(made)
        return made

    def paragraph(self, x: float, y: float, text: str, size: float, room: float, *, leading: float = 1.3, **more: Any) -> float:
        """Add words in as many lines as they take, the first with its foot at y; returns the foot of the next one."""
        for line in self.wrapped(text, size, room, bool(more.get("bold"))):
            self.put(x, y, line, size, **more)
            y -= leading * size
        return y

    def wrapped(self, text: str, size: float, room: float, bold: bool = False) -> list[str]:
        """Words of the program in the lines that they take."""
        return typeface.wrapped(self.design.say(text), size, room, bold, self.design.cut(bold))

    def hatch(self, shape: Any, style: Style, step: float = 1.2, angle: float = 45.0) -> None:
        """Fill polygons with parallel strokes step mm apart."""
        west, south, east, north = shape.bounds
        reach = np.hypot(east - west, north - south)
        turn = np.radians(angle)
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        middle = np.array([(west + east) / 2, (south + north) / 2])
        # on a lattice of the paper, so that neighbours' strokes meet
        first = np.ceil(((middle @ across) - reach / 2) / step) * step - middle @ across
        strokes = [
            shapely.LineString([middle + across * at - along * reach, middle + across * at + along * reach])
            for at in np.arange(first, reach / 2, step)
        ]
        self.lines(shapely.intersection(np.array(strokes, object), shape), style)


@dataclass
class Drawing:
    """A page. width, height : mm. title : of the document. design : its language, fonts and colours."""

    width: float
    height: float
    title: str
    design: Design = USUAL
    groups: list[Group] = field(default_factory=list)

    def group(self, role: Role, words: str = "", clip: tuple[float, float, float, float] | None = None) -> Group:
        """A new group on top of what there is."""
        made = Group(role, self.design.say(words), [], clip, self.design)
        self.groups.append(made)
        return made

    def table(self) -> int:
        """The number of a new table, for its cells."""
        return max((group.row[0] for group in self.groups if group.role in ("head", "cell")), default=0) + 1

    def cell(self, table: int, row: int, *, head: bool) -> Group:
        """A new group for the words of a table's cell. head : whether it names its row or column."""
        made = self.group("head" if head else "cell")
        made.row = table, row
        return made

    def letters(self, bold: bool) -> set[str]:
        """All letters used in a weight."""
        return {letter for text in self.texts() if text.bold == bold for letter in text.text}

    def texts(self) -> Iterable[Text]:
        """All words, in reading order."""
        return (item for group in self.groups for item in group.items if isinstance(item, Text))


def transformed(shape: Any, matrix: Sequence[float]) -> Any:
    """Shapes by an affine matrix (a, b, c, d, e, f): x' = a·x + b·y + e, y' = c·x + d·y + f."""
    a, b, c, d, e, f = matrix
    return shapely.transform(shape, lambda xy: xy @ np.array([[a, c], [b, d]]) + np.array([e, f]))
