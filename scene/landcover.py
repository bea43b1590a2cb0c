"""A picture of land cover and streets, seen from above, that colours the terrain."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw
from shapely.ops import substring

from ..jena_city.site import Site

BASE, KERB, PAVEMENT, ASPHALT, MARKING, PATH = (
    (217, 216, 202),
    (232, 230, 226),
    (212, 209, 203),
    (181, 180, 178),
    (228, 227, 223),
    (222, 214, 200),
)
KINDS = {
    "water": (150, 166, 172),
    "forest": (176, 187, 160),
    "green": (197, 206, 176),
    "meadow": (203, 208, 182),
    "square": (216, 208, 196),
    "brownfield": (208, 199, 186),
    "built": (214, 211, 201),
    "traffic": (200, 198, 195),
}
_BIGGEST, _FINEST = 4096, 4.0  # pixels in all, and a metre
_FINE = 2  # drawn larger and reduced, for smooth edges


def picture(site: Site) -> tuple[npt.NDArray[np.uint8], tuple[float, float, float, float]]:
    """(rows, columns, 3) bytes, north up, and its box (west, south, east, north) in scene coordinates: that of the terrain."""
    assert site.terrain is not None
    west, south, east, north = site.terrain.bounds
    scale = min(_BIGGEST / max(east - west, north - south), _FINEST)  # pixels a metre
    columns, rows = round((east - west) * scale), round((north - south) * scale)
    image = Image.new("RGB", (columns * _FINE, rows * _FINE), BASE)
    draw = ImageDraw.Draw(image)
    factor = scale * _FINE

    def place(shape: Any) -> list[tuple[float, float]]:
        return [((x - west) * factor, (north - y) * factor) for x, y in np.asarray(shape.coords)[:, :2]]

    def fill(shapes: Any, colour: tuple[int, int, int]) -> None:
        """Through a mask as large as the shape, so that holes (courtyards, blocks between streets) keep what was there."""
        for part in shapely.get_parts(shapes):
            corners = np.array(place(part.exterior))
            left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int).tolist()
            right, bottom = np.minimum(np.ceil(corners.max(axis=0)) + 1, image.size).astype(int).tolist()
            if right <= left or bottom <= top:
                continue
            mask = Image.new("L", (right - left, bottom - top), 0)
            pen = ImageDraw.Draw(mask)
            for ring, value in ((part.exterior, 255), *((hole, 0) for hole in part.interiors)):
                pen.polygon([(x - left, y - top) for x, y in place(ring)], fill=value)
            image.paste(colour, (left, top, right, bottom), mask)

    if site.areas is not None:
        for kind, shape in zip(site.areas.columns["kind"], site.areas.geometry, strict=True):
            fill(shape, KINDS.get(kind, BASE))
    if site.plots is not None:
        for shape in site.plots.geometry:
            draw.line(place(shape.exterior), fill=(203, 200, 191), width=max(round(0.18 * factor), 1))
    if site.streets is not None:
        kinds, widths = site.streets.columns["class"], site.streets.columns["width"].astype(float)
        paths = np.isin(kinds, ("footway", "path", "cycleway", "pedestrian", "track"))
        lines = site.streets.geometry
        for chosen, wider, colour in ((~paths, 4.4, PAVEMENT), (~paths, 0.5, KERB), (~paths, 0.0, ASPHALT), (paths, 0.0, PATH)):
            if chosen.any():
                fill(shapely.union_all(shapely.buffer(lines[chosen], (widths[chosen] + wider) / 2)), colour)
        for row in np.flatnonzero(~paths & (widths >= 9.0)):
            _dashes(draw, place, lines[row], factor)
    return np.asarray(image.resize((columns, rows), Image.Resampling.BOX)), (west, south, east, north)


def _dashes(draw: Any, place: Any, line: Any, factor: float) -> None:
    """A broken centre line: 3 m dashes, 6 m gaps."""
    for start in np.arange(4.0, line.length - 4.0, 9.0):
        part = substring(line, start, start + 3.0)
        draw.line(place(part), fill=MARKING, width=max(round(0.16 * factor), 1))
