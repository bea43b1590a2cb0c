"""A grid result as a flat map: values in class colours, buildings in grey, legend, scale, north, method and source."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from .applied import Applied
from .arrays import FloatArray
from .files import written_beside
from .lettering import Caption, captioned, legend, north_arrow, scale_bar
from .painting import dashes, fill, stroke
from .problems import InputProblem
from .result import Grid, Result

BUILDING, OUTLINE = (188, 190, 192), (132, 134, 136)
NOTHING = (232, 232, 232)
PLAN, PLAN_DASHES = (40, 40, 40), (6.0, 3.0)  # metres of dash and gap


def write(result: Result, path: str | PathLike[str], applied: Applied) -> None:
    """Write the map as PNG: values, the houses there are, the variant's blocks outlined in its colour, the plan areas as a broken line.

    Raises InputProblem for a result that is no grid.
    """
    grid = result.support
    if not isinstance(grid, Grid):
        raise InputProblem(
            result.title, "values on façades and roofs cannot be drawn as a flat map", "Look at it in a picture of the scene"
        )
    factor = max(1, round(1500 / max(grid.columns, grid.rows)))
    rgb = np.full((grid.size, 3), NOTHING, np.uint8)
    rgb[result.valid] = result.classes.rgb[result.classes.index(result.values[result.valid])]
    image = Image.fromarray(rgb.reshape(grid.rows, grid.columns, 3)[::-1]).resize(
        (grid.columns * factor, grid.rows * factor), Image.Resampling.NEAREST
    )
    draw = ImageDraw.Draw(image)
    box = shapely.box(grid.x, grid.y, grid.x + grid.columns * grid.step, grid.y + grid.rows * grid.step)

    def pixels(xy: FloatArray) -> FloatArray:
        return np.column_stack([(xy[:, 0] - grid.x) / grid.step * factor, (grid.rows - (xy[:, 1] - grid.y) / grid.step) * factor])

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
    size = max(14, image.width // 75)
    nothing = "kein Wert (Gebäude im Bestand)" if "base" in result.inputs else "kein Wert"
    others = [(_hex(BUILDING), "Gebäude"), (_hex(NOTHING), nothing)]
    if applied.site.plan_areas is not None:
        others.append((_hex(PLAN), "gestrichelt: Plangebiet"))
    side = legend(result.classes, result.title, result.unit, result.method, size, round(size * 19), others)
    sheet = Image.new("RGB", (image.width + side.width, max(image.height, side.height + 6 * size)), (255, 255, 255))
    sheet.paste(image, (0, 0))
    sheet.paste(side, (image.width, 0))
    pen = ImageDraw.Draw(sheet)
    scale_bar(pen, image.width + size, sheet.height - size, factor / grid.step, side.width - 6 * size, size)
    north_arrow(pen, sheet.width - 2 * size, sheet.height - size, size)
    final = captioned(sheet, Caption(result.title, applied.variant.name, "", result.source), size=size)
    with written_beside(path) as beside:
        final.save(beside, optimize=True)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
