"""Polygons and lines painted onto pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.ops import substring

Colour = tuple[int, int, int]
Place = Callable[[Any], Any]


def fill(image: Image.Image, shapes: Any, colour: Colour, place: Place) -> None:
    """Fill polygons (one, or several in an array); those with courtyards through masks, so that these keep what was there.

    place : (n, 2) coordinates -> (n, 2) pixels. What lies outside the picture is left out.
    """
    for part in shapely.get_parts(shapes):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [np.asarray(place(np.asarray(ring.coords)[:, :2])) for ring in (part.exterior, *part.interiors)]
        if len(rings) == 1:
            ImageDraw.Draw(image).polygon([tuple(point) for point in rings[0].tolist()], fill=colour)
            continue
        left, top = np.maximum(np.floor(rings[0].min(axis=0)), 0).astype(int).tolist()
        right, bottom = np.minimum(np.ceil(rings[0].max(axis=0)) + 1, image.size).astype(int).tolist()
        if right <= left or bottom <= top:
            continue
        mask = Image.new("L", (right - left, bottom - top), 0)
        pen = ImageDraw.Draw(mask)
        for ring, value in zip(rings, (255, *[0] * len(part.interiors)), strict=True):
            pen.polygon([tuple(point) for point in (ring - [left, top]).tolist()], fill=value)
        image.paste(colour, (left, top, right, bottom), mask)


def stroke(draw: ImageDraw.ImageDraw, line: Any, colour: Colour | str, width: int, place: Place) -> None:
    """Draw a line or ring, `width` pixels wide. place : as for `fill`."""
    corners = [tuple(point) for point in np.asarray(place(shapely.get_coordinates(line))).tolist()]
    if line.geom_type == "LinearRing":
        corners.append(corners[1])  # so that the last corner is joined like the others
    draw.line(corners, fill=colour, width=width, joint="curve")


def dashes(line: Any, dash: float, gap: float, start: float = 0.0) -> list[Any]:
    """A line as pieces of length `dash` with gaps between them."""
    return [substring(line, at, min(at + dash, line.length)) for at in np.arange(start, line.length - dash / 2, dash + gap)]
