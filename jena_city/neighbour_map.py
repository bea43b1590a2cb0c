"""The neighbours of a proposal as a map: each building in the colour of its height, storeys, ground covered or density, and the number."""

from __future__ import annotations

import math
from os import PathLike
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageColor, ImageDraw

from .applied import Applied
from .arrays import FloatArray
from .files import written_beside
from .lettering import INK, PAPER, Caption, captioned, font, legend, north_arrow, number, scale_bar, width
from .neighbours import MEASURES, Measure, Neighbourhood
from .painting import dashes, fill, stroke
from .result import Classes

LONG_SIDE = 1500  # pixels
RIM = 10.0  # metres around the ground looked at
FAR, FAR_LINE, LINE, EDGE = "#e2e4e6", (170, 172, 174), (60, 62, 64), (60, 60, 60)
UNKNOWN = "#ffffff"
_BLUES = ("#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58")
# Edges as planners read them; the last class has no end.
_EDGES: dict[Measure, tuple[float, ...]] = {
    "height": (0, 3, 6, 9, 12, 15, 18, 22, 30, 400),
    "storeys": (0, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 8.5, 12.5, 200),
    "footprint": (0, 100, 150, 200, 300, 500, 800, 1500, 3000, 1e6),
    "covered": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 10),
    "density": (0, 0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2.4, 3.0, 100),
}


def classes(measure: Measure) -> Classes:
    """Colours of a measure, the same in every map."""
    edges, digits = _EDGES[measure], 1 if measure in ("covered", "density") else 0
    if measure == "storeys":
        labels = ["1", "2", "3", "4", "5", "6", "7 bis 8", "9 bis 12", "über 12"]
    else:
        labels = [f"{number(low, digits)} bis {number(high, digits)}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
        labels[0], labels[-1] = f"unter {number(edges[1], digits)}", f"über {number(edges[-2], digits)}"
    return Classes(edges, _BLUES, tuple(labels))


def write(found: Neighbourhood, measure: Measure, path: str | PathLike[str], applied: Applied) -> None:
    """Write the map as PNG. Buildings left out are grey; blocks are outlined in the variant's colour; the ground looked at is dashed."""
    west, south, east, north = found.area.buffer(RIM).bounds
    scale = LONG_SIDE / max(east - west, north - south)
    image = Image.new("RGB", (max(1, round((east - west) * scale)), max(1, round((north - south) * scale))), PAPER)
    draw = ImageDraw.Draw(image)
    box = shapely.box(west, south, east, north)

    def pixels(xy: FloatArray) -> FloatArray:
        return np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * scale])

    def outline(shape: Any, colour: Any, wide: int) -> None:
        for part in shapely.get_parts(shape):
            for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
                stroke(draw, ring, colour, wide, pixels)

    scale_of, site = classes(measure), applied.site
    shown = {one.row: one for one in found.ranked}
    for row, shape in enumerate(site.footprints):
        if shape is not None and row not in shown and applied.kept[row] and shape.intersects(box):
            fill(image, shape, ImageColor.getrgb(FAR)[:3], pixels)
            outline(shape, FAR_LINE, 1)
    wide = max(2, image.width // 400)
    for one in sorted(found.ranked, key=lambda one: one.is_block):
        shape = applied.variant.blocks[-1 - one.row].footprint if one.is_block else site.footprints[one.row]
        value = getattr(one, measure)
        colour = UNKNOWN if math.isnan(value) else scale_of.colours[int(scale_of.index(np.array([value]))[0])]
        fill(image, shape, ImageColor.getrgb(colour)[:3], pixels)
        outline(shape, applied.variant.colour if one.is_block else LINE, 2 * wide if one.is_block else 1)
    for part in shapely.get_parts(found.area):
        for dash in dashes(part.exterior, 6.0, 3.0):
            stroke(draw, dash, EDGE, wide, pixels)
    _numbers(draw, found, measure, applied, scale, pixels)
    _sheet(image, scale, measure, found, applied, path)


def _numbers(draw: Any, found: Neighbourhood, measure: Measure, applied: Applied, scale: float, pixels: Any) -> None:
    """The value in each building that has room for it."""
    digits = MEASURES[measure][2]
    for one in found.ranked:
        value = getattr(one, measure)
        if math.isnan(value):
            continue
        shape = applied.variant.blocks[-1 - one.row].footprint if one.is_block else applied.site.footprints[one.row]
        text, at = number(value, digits), shape.representative_point()
        low_x, low_y, high_x, high_y = shape.bounds
        size = int(min(26, (high_y - low_y) * scale * 0.6, 26 * (high_x - low_x) * scale / max(width(text, 26), 1) * 0.9))
        if size >= 9:
            x, y = pixels(np.array([[at.x, at.y]]))[0]
            draw.text((x, y), text, font=font(size), fill=INK, anchor="mm", stroke_width=max(1, size // 8), stroke_fill=PAPER)


def _sheet(image: Image.Image, scale: float, measure: Measure, found: Neighbourhood, applied: Applied, path: Any) -> None:
    name, unit, _ = MEASURES[measure]
    size, title = max(14, image.width // 75), f"{name} der Umgebung"
    said = [f"Gebäude {found.words}"]
    guessed = sum(one.storeys_from == "geschätzt" for one in found.ranked)
    if measure == "height":
        said.append("von der niedrigsten Stelle am Boden bis zum höchsten Punkt")
    elif measure in ("storeys", "density") and guessed:
        said.append(f"Geschosse bei {guessed} Gebäuden aus der Höhe geschätzt")
    others = [(applied.variant.colour, "Umrandung: Baukörper der Variante"), (FAR, "nicht verglichen"), (UNKNOWN, "kein Wert")]
    side = legend(classes(measure), title, unit, " · ".join(said), size, round(size * 19), others)
    sheet = Image.new("RGB", (image.width + side.width, max(image.height, side.height + 6 * size)), PAPER)
    sheet.paste(image, (0, 0))
    sheet.paste(side, (image.width, 0))
    pen = ImageDraw.Draw(sheet)
    scale_bar(pen, image.width + size, sheet.height - size, scale, side.width - 6 * size, size)
    north_arrow(pen, sheet.width - 2 * size, sheet.height - size, size)
    final = captioned(sheet, Caption(title, applied.variant.name, "", applied.site.source), size=size)
    with written_beside(path) as beside:
        final.save(beside)
