"""A result on the ground, on points or on lines as a flat map: values in class colours, buildings in grey, legend, scale, north,
method and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from .applied import Applied
from .arrays import FloatArray
from .files import written_beside
from .lettering import INK, Caption, captioned, font, legend, north_arrow, scale_bar
from .lettering import width as width_of
from .marks import Lines, Points
from .painting import dashes, fill, stroke
from .problems import InputProblem
from .result import Faces, Grid, Result

BUILDING, OUTLINE = (188, 190, 192), (132, 134, 136)
NOTHING = (232, 232, 232)
PIXELS = 1500  # of the longer side of a map, about
MOST_NAMES = 40  # of points that are written beside them
PLAN, PLAN_DASHES = (40, 40, 40), (6.0, 3.0)  # metres of dash and gap


@dataclass(frozen=True)
class _Frame:
    """What a map shows. x, y : scene coordinates of its lower left corner. width, height : pixels. scale : pixels a metre."""

    x: float
    y: float
    width: int
    height: int
    scale: float

    @classmethod
    def of_grid(cls, grid: Grid) -> _Frame:
        factor = max(1, round(PIXELS / max(grid.columns, grid.rows)))
        return cls(grid.x, grid.y, grid.columns * factor, grid.rows * factor, factor / grid.step)

    @classmethod
    def of_marks(cls, marks: Points | Lines) -> _Frame:
        """All of them, with a twelfth more around, 100 m at least."""
        xy = (marks.vertices if isinstance(marks, Lines) else marks.points)[:, :2]
        low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.zeros(2))
        extent = np.maximum((high - low) * 7 / 6, 100.0)
        extent = np.maximum(extent, extent.max() / 3)
        west, south = ((low + high) / 2 - extent / 2).tolist()
        scale = PIXELS / float(extent.max())
        return cls(west, south, round(extent[0] * scale), round(extent[1] * scale), scale)

    def pixels(self, xy: FloatArray) -> FloatArray:
        """Where places (n, 2) of the scene are in the picture."""
        return np.column_stack([(xy[:, 0] - self.x) * self.scale, self.height - (xy[:, 1] - self.y) * self.scale])


def _cells(result: Result, grid: Grid, frame: _Frame) -> Image.Image:
    rgb = np.full((grid.size, 3), NOTHING, np.uint8)
    rgb[result.valid] = result.classes.rgb[result.classes.index(result.values[result.valid])]
    flat = Image.fromarray(rgb.reshape(grid.rows, grid.columns, 3)[::-1])
    return flat.resize((frame.width, frame.height), Image.Resampling.NEAREST)


def _draw_marks(draw: ImageDraw.ImageDraw, result: Result, marks: Points | Lines, frame: _Frame, size: int) -> None:
    """Lines and points in class colours on a dark ground, points with their names as long as there are few."""
    colours = [result.classes.colours[k] for k in result.classes.index(result.values)]
    wide = max(3, size // 4)
    for k in np.flatnonzero(result.valid).tolist():
        if isinstance(marks, Lines):
            line = shapely.LineString(marks.vertices[marks.start[k] : marks.start[k + 1], :2])
            for colour, width in ((INK, wide + 2), (colours[k], wide)):
                stroke(draw, line, colour, width, frame.pixels)
            continue
        x, y = frame.pixels(marks.points[k : k + 1, :2])[0].tolist()
        half = size * 0.45
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colours[k], outline=INK, width=2)
        if marks.size <= MOST_NAMES:
            words = str(marks.names[k])
            side = "lm" if x + size + width_of(words, size) < frame.width else "rm"
            at = x + size * 0.7 if side == "lm" else x - size * 0.7
            draw.text((at, y), words, font=font(size), fill=INK, anchor=side, stroke_width=2, stroke_fill=(255, 255, 255))


def picture(result: Result, applied: Applied) -> Image.Image:
    """The map alone: values, the houses there are, the variant's blocks outlined in its colour, the plan areas as a broken line; points and
    lines over all of it. Raises InputProblem for a result on façades and roofs."""
    return _drawn(result, applied)[0]


def entries(result: Result, applied: Applied) -> list[tuple[str, str]]:
    """What the legend explains beside the classes: (colour, words)."""
    nothing = "kein Wert (Gebäude im Bestand)" if "base" in result.inputs else "kein Wert"
    others = [(_hex(BUILDING), "Gebäude"), *([(_hex(NOTHING), nothing)] if isinstance(result.support, Grid) else [])]
    return [*others, (_hex(PLAN), "gestrichelt: Plangebiet")] if applied.site.plan_areas is not None else others


def _drawn(result: Result, applied: Applied) -> tuple[Image.Image, _Frame]:
    support = result.support
    if isinstance(support, Faces):
        raise InputProblem(
            result.title, "values on façades and roofs cannot be drawn as a flat map", "Look at it in a picture of the scene"
        )
    frame = _Frame.of_grid(support) if isinstance(support, Grid) else _Frame.of_marks(support)
    image = _cells(result, support, frame) if isinstance(support, Grid) else Image.new("RGB", (frame.width, frame.height), NOTHING)
    draw = ImageDraw.Draw(image)
    box = shapely.box(frame.x, frame.y, frame.x + frame.width / frame.scale, frame.y + frame.height / frame.scale)
    pixels = frame.pixels

    def polygons(shapes: Iterable[Any]) -> list[Any]:
        near = [shape for shape in shapes if shape is not None and shape.intersects(box)]
        return [part for shape in near for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]

    wide = max(2, image.width // 500)
    for polygon in polygons(applied.footprints):
        fill(image, polygon, BUILDING, pixels)
        for ring in (polygon.exterior, *polygon.interiors):
            stroke(draw, ring, OUTLINE, 1, pixels)
    for polygon in polygons(block.footprint for block in applied.variant.blocks):
        for ring in (polygon.exterior, *polygon.interiors):
            stroke(draw, ring, applied.variant.colour, wide, pixels)
    for polygon in polygons(applied.site.plan_areas.geometry if applied.site.plan_areas is not None else ()):
        for dash in dashes(polygon.exterior, *PLAN_DASHES):
            stroke(draw, dash, PLAN, wide, pixels)
    if not isinstance(support, Grid):
        _draw_marks(draw, result, support, frame, _size(image))
    return image, frame


def _size(image: Image.Image) -> int:
    """Pixels of the letters on and beside a map."""
    return max(14, image.width // 75)


def write(result: Result, path: str | PathLike[str], applied: Applied) -> None:
    """Write the map as PNG, with its legend beside it and a caption. Raises InputProblem for a result on façades and roofs."""
    image, frame = _drawn(result, applied)
    size = _size(image)
    side = legend(result.classes, result.title, result.unit, result.method, size, round(size * 19), entries(result, applied))
    sheet = Image.new("RGB", (image.width + side.width, max(image.height, side.height + 6 * size)), (255, 255, 255))
    sheet.paste(image, (0, 0))
    sheet.paste(side, (image.width, 0))
    pen = ImageDraw.Draw(sheet)
    scale_bar(pen, image.width + size, sheet.height - size, frame.scale, side.width - 6 * size, size)
    north_arrow(pen, sheet.width - 2 * size, sheet.height - size, size)
    final = captioned(sheet, Caption(result.title, applied.variant.name, "", result.source), size=size)
    with written_beside(path) as beside:
        final.save(beside, optimize=True)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
