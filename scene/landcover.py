"""A picture of land cover and streets, seen from above, that colours the terrain."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw

from ..jena_city import plan_parts
from ..jena_city.arrays import FloatArray
from ..jena_city.painting import dashes, fill, stroke
from ..jena_city.site import Site
from ..jena_city.vectors import RAILS, cover

BASE, KERB, PAVEMENT, ASPHALT = (214, 211, 202), (226, 224, 220), (207, 204, 198), (172, 172, 172)
MARKING, PATH, RAIL, PLOT, PLAN = (226, 225, 221), (219, 211, 197), (184, 177, 168), (196, 193, 183), (74, 72, 70)
BAUGRENZE, BAULINIE = (38, 98, 168), (190, 58, 44)  # blue and red, as in plans
KINDS = {
    "water": (150, 166, 172),
    "forest": (172, 184, 156),
    "green": (194, 204, 172),
    "meadow": (203, 208, 180),
    "field": (214, 211, 188),
    "square": (214, 206, 194),
    "brownfield": (208, 199, 186),
    "built": (207, 203, 193),
    "traffic": (198, 196, 193),
}
_COLOURS = KINDS | {word: KINDS[kind] for kind, words in cover.ALIKE.items() for word in words.split()}
BIGGEST, _FINEST = 4096, 4.0  # pixels in all, and a metre
FOR_THE_VIEWPORT = 2048  # pixels
PHOTO, LIGHT = "orthophoto", (246, 244, 238)  # the UV map of the orthophoto; what a plan area's line is backed with on it
_THINNEST = 0.05  # pixels: seen from so far, a line is not there
_FINE = 2  # drawn larger and reduced, for smooth edges


Box = tuple[float, float, float, float]
Picture = tuple[npt.NDArray[np.uint8], Box]


def picture(site: Site, box: Box, biggest: int = BIGGEST) -> Picture:
    """(rows, columns, 3) bytes, north up, and its box (west, south, east, north) in scene coordinates: the one given.

    biggest : pixels along the longer side, at most. Touches no Blender data, so it may be called in a thread.
    """
    west, south, east, north = box
    scale = min(biggest / max(east - west, north - south), _FINEST)  # pixels a metre
    columns, rows = round((east - west) * scale), round((north - south) * scale)
    image = Image.new("RGB", (columns * _FINE, rows * _FINE), BASE)
    draw = ImageDraw.Draw(image)
    factor = scale * _FINE

    def place(xy: FloatArray) -> FloatArray:
        return np.column_stack([(xy[:, 0] - west) * factor, (north - xy[:, 1]) * factor])

    def line(shape: Any, colour: tuple[int, int, int], width: float) -> None:
        if width * factor > _THINNEST:
            stroke(draw, shape, colour, max(round(width * factor), 1), place)

    if site.areas is not None:
        for kind, shape in zip(site.areas.columns["kind"], site.areas.geometry, strict=True):
            fill(image, shape, _COLOURS.get(kind.lower(), BASE), place)
    if site.plots is not None:
        for shape in site.plots.geometry:
            line(shape.exterior, PLOT, 0.18)
    if site.streets is not None:
        kinds, widths = site.streets.columns["class"], site.streets.columns["width"].astype(float)
        paths = np.isin(kinds, ("footway", "path", "cycleway", "pedestrian", "track"))
        rails = np.isin(kinds, RAILS)
        roads = ~paths & ~rails
        lines = site.streets.geometry
        for chosen, wider, colour in (
            (roads, 4.4, PAVEMENT), (roads, 0.5, KERB), (roads, 0.0, ASPHALT), (paths, 0.0, PATH), (rails, -1.0, RAIL),
        ):  # fmt: skip
            if chosen.any():
                fill(image, shapely.buffer(lines[chosen], (widths[chosen] + wider) / 2), colour, place)  # one by one: without courtyards
        for row in np.flatnonzero(roads & (widths >= 9.0)):
            for dash in dashes(lines[row], 3.0, 6.0, start=4.0):  # the centre line
                line(dash, MARKING, 0.16)
    for shape, colour in _plan_lines(site):
        line(shape, colour, 0.45)
    if site.plan_areas is not None:
        for shape in site.plan_areas.geometry:
            for dash in dashes(shape.exterior, 5.0, 2.5):
                line(dash, PLAN, 0.55)
    return np.asarray(image.reduce(_FINE)), (west, south, east, north)


def _plan_lines(site: Site) -> Iterator[tuple[Any, tuple[int, int, int]]]:
    """Baugrenzen (broken) and Baulinien, in the colours that plans give them."""
    for kind, shape in plan_parts.drawn_lines(site):
        if kind == "line":
            yield shape, BAULINIE
        else:
            yield from ((dash, BAUGRENZE) for dash in dashes(shape, 3.0, 1.0))


def photograph(site: Site, covers: Sequence[Picture], box: Box, biggest: int) -> Image.Image:
    """The site's orthophoto over a box of scene coordinates, land cover where it has nothing, plan areas on top. covers : of the land, the
    one that lies above the others first. biggest : pixels along the longer side, at most. For a thread."""
    photo = site.orthophoto
    assert photo is not None
    west, south, east, north = box
    scale = min(1 / photo.step, biggest / max(east - west, north - south))  # pixels a metre
    size = max(round((east - west) * scale), 1), max(round((north - south) * scale), 1)

    def cut(image: Image.Image, whole: Box, how: Image.Resampling) -> Image.Image:
        across, down = image.width / (whole[2] - whole[0]), image.height / (whole[3] - whole[1])
        edges = ((west - whole[0]) * across, (whole[3] - north) * down, (east - whole[0]) * across, (whole[3] - south) * down)
        return image.transform(size, Image.Transform.EXTENT, edges, how)

    seen, there, whole = Image.fromarray(photo.pixels), Image.fromarray(photo.covered).convert("L"), photo.bounds
    if (factor := int(1 / (photo.step * scale) + 0.01)) > 1:  # means, not every so manieth pixel
        grown = [math.ceil(side / factor) * factor - side for side in seen.size]  # the last pixels of a reduction are cut off
        whole = (whole[0], whole[1] - grown[1] * photo.step, whole[2] + grown[0] * photo.step, whole[3])
        seen, there = seen.reduce(factor), there.reduce(factor)
    image = cut(Image.fromarray(covers[-1][0]), covers[-1][1], Image.Resampling.BILINEAR)
    for pixels, own in covers[-2::-1]:
        whole_of_it = cut(Image.new("L", (pixels.shape[1], pixels.shape[0]), 255), own, Image.Resampling.NEAREST)
        image.paste(cut(Image.fromarray(pixels), own, Image.Resampling.BILINEAR), (0, 0), whole_of_it)
    image.paste(cut(seen, whole, Image.Resampling.BILINEAR), (0, 0), cut(there, whole, Image.Resampling.NEAREST))
    draw = ImageDraw.Draw(image)

    def line(shape: Any, colour: tuple[int, int, int], width: float) -> None:
        stroke(draw, shape, colour, max(round(width * scale), 1), lambda xy: (xy - [west, north]) * [scale, -scale])

    for shape, colour in _plan_lines(site):
        line(shape, LIGHT, 0.9)
        line(shape, colour, 0.45)
    if site.plan_areas is not None:
        for shape in site.plan_areas.geometry:
            for dash in dashes(shape.exterior, 5.0, 2.5):
                line(dash, LIGHT, 1.1)
                line(dash, PLAN, 0.55)
    return image
