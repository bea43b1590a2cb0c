"""A grid result as a flat map: values in class colours, buildings in grey, legend, scale, north, method and source."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from .files import written_beside
from .lettering import Caption, captioned, legend, north_arrow, scale_bar
from .problems import InputProblem
from .result import Grid, Result

BUILDING, OUTLINE = (188, 190, 192), (132, 134, 136)
NOTHING, NOTHING_WORDS = (236, 236, 236), "kein Wert (Gebäude heute oder im Vergleich)"


def write(
    result: Result, path: str | PathLike[str], footprints: Iterable[Any], outlines: Iterable[Any] = (), *, variant: str, colour: str
) -> None:
    """Write the map as PNG.

    footprints : shapely polygons of buildings, filled grey; outlines : those of the variant's blocks, outlined in `colour`;
    both in scene coordinates. Raises InputProblem for a result that is no grid.
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

    def pixels(ring: Any) -> list[tuple[float, float]]:
        xy = np.asarray(ring.coords)
        return [((x - grid.x) / grid.step * factor, (grid.rows - (y - grid.y) / grid.step) * factor) for x, y in xy[:, :2]]

    def polygons(shapes: Iterable[Any]) -> Iterable[Any]:
        for shape in shapes:
            if shape is not None and shape.intersects(box):
                yield from (part for part in shapely.get_parts(shape) if part.geom_type == "Polygon")

    for polygon in polygons(footprints):
        draw.polygon(pixels(polygon.exterior), fill=BUILDING, outline=OUTLINE)
        for hole in polygon.interiors:  # courtyards show their values again
            draw.polygon(pixels(hole), fill=None, outline=OUTLINE)
            _show_again(image, rgb, grid, factor, hole)
    for polygon in polygons(outlines):
        for ring in (polygon.exterior, *polygon.interiors):
            draw.line([*pixels(ring), pixels(ring)[0]], fill=colour, width=max(3, factor), joint="curve")
    size = max(14, image.width // 75)
    others = [(_hex(BUILDING), "Gebäude"), (_hex(NOTHING), NOTHING_WORDS)] if not result.valid.all() else [(_hex(BUILDING), "Gebäude")]
    side = legend(result.classes, result.title, result.unit, result.method, size, round(size * 19), others)
    sheet = Image.new("RGB", (image.width + side.width, max(image.height, side.height + 6 * size)), (255, 255, 255))
    sheet.paste(image, (0, 0))
    sheet.paste(side, (image.width, 0))
    pen = ImageDraw.Draw(sheet)
    scale_bar(pen, image.width + size, sheet.height - size, factor / grid.step, side.width - 6 * size, size)
    north_arrow(pen, sheet.width - 2 * size, sheet.height - size, size)
    final = captioned(sheet, Caption(result.title, variant, "", result.source), size=size)
    with written_beside(path) as beside:
        final.save(beside, optimize=True)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _show_again(image: Image.Image, rgb: Any, grid: Grid, factor: int, hole: Any) -> None:
    """Put the values back where a filled outline has covered a courtyard."""
    west, south, east, north = hole.bounds
    c0, c1 = max(int((west - grid.x) / grid.step), 0), min(int((east - grid.x) / grid.step) + 1, grid.columns)
    r0, r1 = max(int((south - grid.y) / grid.step), 0), min(int((north - grid.y) / grid.step) + 1, grid.rows)
    if c1 <= c0 or r1 <= r0:
        return
    columns, rows = np.meshgrid(np.arange(c0, c1), np.arange(r0, r1))
    x, y = grid.x + (columns + 0.5) * grid.step, grid.y + (rows + 0.5) * grid.step
    inside = shapely.contains_xy(shapely.Polygon(hole), x.ravel(), y.ravel()).reshape(x.shape)
    part = rgb.reshape(grid.rows, grid.columns, 3)[r0:r1, c0:c1]
    tile = Image.fromarray(np.ascontiguousarray(part[::-1])).resize(((c1 - c0) * factor, (r1 - r0) * factor), Image.Resampling.NEAREST)
    mask = Image.fromarray((inside[::-1] * 255).astype(np.uint8)).resize(tile.size, Image.Resampling.NEAREST)
    image.paste(tile, (c0 * factor, (grid.rows - r1) * factor), mask)
