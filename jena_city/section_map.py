"""A result in a section as a picture: bands of values above the ground, houses that the line cuts, heights and lengths at the edges."""

from __future__ import annotations

from os import PathLike

import numpy as np
from PIL import Image, ImageDraw

from . import iso_bands
from .applied import Applied
from .files import written_beside
from .lettering import INK, THIN_SPACE, Caption, captioned, font, legend, number
from .result import Result, Section

BUILDING, GROUND, OUTLINE, NOTHING = (188, 190, 192), (214, 206, 192), (96, 92, 88), (244, 244, 244)
PIXELS = 1500  # of the line, about
ENTRIES = [("#{:02x}{:02x}{:02x}".format(*BUILDING), "Gebäude"), ("#{:02x}{:02x}{:02x}".format(*GROUND), "Gelände")]


def picture(result: Result) -> Image.Image:
    """The section alone, seen with the line's start at the left, with heights and lengths in one scale."""
    section = result.support
    assert isinstance(section, Section)
    pieces = max(2, round(PIXELS / section.columns))
    shape = section.rows, section.columns
    rgb = iso_bands.painted(result.values.reshape(shape), result.valid.reshape(shape), pieces, result.classes, NOTHING)
    scale_up = pieces / section.step
    height = section.low + (np.arange(len(rgb)) + 0.5) / scale_up
    along = (np.arange(rgb.shape[1]) + 0.5) / pieces - 0.5
    ground = np.interp(along, np.arange(section.columns), section.ground)
    roof = np.repeat(section.roof, pieces)
    rgb[height[:, None] < np.nan_to_num(roof, nan=-np.inf)[None]] = BUILDING
    rgb[height[:, None] < ground[None]] = GROUND
    drawn = Image.fromarray(np.ascontiguousarray(rgb[::-1]))
    return _with_edges(drawn, section, scale_up, pieces * section.columns / section.length, max(14, drawn.width // 75))


def write(result: Result, path: str | PathLike[str], applied: Applied) -> None:
    """Write the section as PNG, with its legend beside it and a caption."""
    sheet = picture(result)
    size = max(14, sheet.width // 80)
    side = legend(result.classes, result.title, result.unit, result.method, size, round(size * 19), ENTRIES)
    whole = Image.new("RGB", (sheet.width + side.width, max(sheet.height, side.height)), (255, 255, 255))
    whole.paste(sheet, (0, 0))
    whole.paste(side, (sheet.width, 0))
    final = captioned(whole, Caption(result.title, applied.variant.name, "", result.source), size=size)
    with written_beside(path) as beside:
        final.save(beside)


def _with_edges(drawn: Image.Image, section: Section, up: float, along: float, size: int) -> Image.Image:
    """The drawing with heights at its left and metres of the line below. up, along : pixels a metre."""
    left, below = size * 5, size * 3
    sheet = Image.new("RGB", (left + drawn.width + size, size + drawn.height + below), (255, 255, 255))
    sheet.paste(drawn, (left, size))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((left, size, left + drawn.width, size + drawn.height), outline=OUTLINE)
    bottom, top = size + drawn.height, section.low + drawn.height / up
    step = _round_step(size * 4 / up)
    for value in np.arange(np.ceil(section.low / step) * step, top, step):
        y = round(bottom - (value - section.low) * up)
        draw.line((left - size // 2, y, left, y), fill=OUTLINE, width=2)
        draw.text((left - size * 0.8, y), f"{number(float(value))}{THIN_SPACE}m", font=font(size), fill=INK, anchor="rm")
    step = _round_step(size * 9 / along)
    for value in np.arange(0.0, section.length + 1e-6, step):
        x = round(left + value * along)
        draw.line((x, bottom, x, bottom + size // 2), fill=OUTLINE, width=2)
        draw.text((x, bottom + size * 0.8), f"{number(float(value))}{THIN_SPACE}m", font=font(size), fill=INK, anchor="mt")
    return sheet


def _round_step(least: float) -> float:
    """The smallest round number that is not less."""
    return next(float(value * 10**power) for power in range(-1, 6) for value in (1, 2, 5) if value * 10.0**power >= least)
