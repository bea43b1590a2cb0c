"""Words and legends on pictures, by Pillow: fonts, captions below the picture, class legends, scale bars, north arrows."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from .result import Classes

INK, QUIET, PAPER, MARK = (34, 36, 38), (104, 108, 112), (255, 255, 255), (166, 54, 28)
THIN_SPACE = "\u202f"
HYPHEN = "\u2010"
DISCLAIMER, NO_SOURCE = "Visualisierung, keine Zusage", "Datenquelle nicht angegeben"
FINE = 3  # words are drawn so many times larger, then reduced
Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=1)
def font_file() -> Path | None:
    """Blender's own interface font, found without starting Blender."""
    found = importlib.util.find_spec("bpy")
    if found is None or not found.submodule_search_locations:
        return None
    here = Path(found.submodule_search_locations[0])  # bpy in a wheel; in Blender itself it is scripts/modules/bpy
    files = [*sorted(here.glob("*/datafiles/fonts/Inter*")), *sorted(here.parents[2].glob("datafiles/fonts/Inter*"))]
    return files[0] if files else None


@lru_cache(maxsize=64)
def font(size: int, face: str = "") -> Font:
    """A sans-serif with umlauts, `size` pixels high. face : a font file instead."""
    path = face or font_file()
    kind = ImageFont.FreeTypeFont if face else _Hyphenating
    # The plain engine: the other one breaks in a Blender that has loaded a library of its name from elsewhere (Debian's).
    return kind(path, size, layout_engine=ImageFont.Layout.BASIC) if path else ImageFont.load_default(size)


class _Hyphenating(ImageFont.FreeTypeFont):
    """Blender's font, in which the usual sign for a hyphen is as wide as a minus: words are joined by the hyphen that it has besides."""

    def getlength(self, text: Any, *more: Any, **named: Any) -> float:
        return super().getlength(text.replace("-", HYPHEN), *more, **named)

    def getbbox(self, text: Any, *more: Any, **named: Any) -> tuple[float, float, float, float]:
        return super().getbbox(text.replace("-", HYPHEN), *more, **named)

    def getmask2(self, text: Any, *more: Any, **named: Any) -> Any:
        return super().getmask2(text.replace("-", HYPHEN), *more, **named)


def number(value: float, digits: int = 0) -> str:
    """A number as German readers know it: decimal comma, thin space between thousands, a real minus."""
    text = f"{abs(value):,.{digits}f}".replace(",", THIN_SPACE).replace(".", ",")
    return ("−" if value < 0 and float(f"{value:.{digits}f}") != 0 else "") + text


def width(text: str, size: int, face: str = "") -> int:
    """Pixels a text takes."""
    return round(font(size, face).getlength(text))


def wrapped(text: str, size: int, room: int, face: str = "") -> list[str]:
    """The text in lines that fit into `room` pixels; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width(word, size, face) > room and len(word) > 1:
            cut = next((k for k in range(len(word), 1, -1) if width(word[:k], size, face) <= room), 1)
            lines += [line] if line else []
            lines.append(word[:cut])
            line, word = "", word[cut:]
        joined = f"{line} {word}" if line else word
        if width(joined, size, face) <= room:
            line = joined
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines or [""]


@dataclass(frozen=True)
class Caption:
    """What stands below a picture. facts : date and time with their basis and whatever else; source : who gave the data. mark : what must
    be seen first, such as that it is a draft. disclaimer : what ends the last line. face : a font file, "" for the usual one. logo : a
    picture at the right, "" for none. colours : of letters, last line and mark. metres : of a plan, that a pixel is wide: a scale bar and
    a north arrow then stand at the right; 0 for other pictures. north : degrees, clockwise, that geographic north is turned from up."""

    title: str
    variant: str = ""
    facts: str = ""
    source: str = ""
    mark: str = ""
    disclaimer: str = DISCLAIMER
    face: str = ""
    logo: str = ""
    colours: tuple[Colour, Colour, Colour] = (INK, QUIET, MARK)
    metres: float = 0.0
    north: float = 0.0


def captioned(picture: Image.Image, caption: Caption, *, size: int | None = None) -> Image.Image:
    """The picture with a band of words below it, never on it. size : pixels of the small letters, by default after the width."""
    below = band(picture.width, caption, size=size)
    image = Image.new("RGB", (picture.width, picture.height + below.height), PAPER)
    image.paste(picture.convert("RGB"), (0, 0))
    image.paste(below, (0, picture.height))
    return image


def band(wide: int, caption: Caption, *, size: int | None = None, inset: bool = True) -> Image.Image:
    """The band of words that stands below a picture, `wide` pixels. size : as for `captioned`. inset : whether it has a margin of its own
    at the sides and below; above it has one always."""
    small = (size or max(11, round(wide / 96))) * FINE
    large = round(small * 1.7)
    edge, gap = large if inset else 0, round(small * 0.55)
    face, (ink, quiet, red) = caption.face, caption.colours
    room = wide * FINE - 2 * edge
    figures = [_logo(caption.logo, round(large * 2.6), room // 4)] if caption.logo else []
    figures += [_scale_and_north(caption, small, room // 4)] if caption.metres else []
    room -= sum(one.width + large for one in figures)
    marked = width(caption.mark, small, face) + 2 * small if caption.mark else 0
    beside = marked < room / 2
    lines = [(text, large, ink) for text in wrapped(caption.title, large, room - (marked + small if marked and beside else 0), face)]
    if marked and not beside:
        lines += [(text, small, red) for text in wrapped(caption.mark, small, room, face)]
    for text in (caption.variant, caption.facts):
        lines += [(line, small, ink) for line in wrapped(text, small, room, face)] if text else []
    first_quiet = len(lines)
    last = " · ".join((caption.source or NO_SOURCE, caption.disclaimer))
    lines += [(line, small, quiet) for line in wrapped(last, small, room, face)]
    height = large + edge + sum(round(size * 1.25) for _, size, _ in lines) + gap
    if figures:
        height = max(height, round(0.8 * large + 0.8 * edge) + max(one.height for one in figures))
    drawn = Image.new("RGB", (wide * FINE, height), PAPER)
    draw = ImageDraw.Draw(drawn)
    y, right = large, drawn.width - edge
    for one in figures:
        drawn.paste(one, (right - one.width, round(large * 0.8)))
        right -= one.width + large
    if marked and beside:
        right, top, high = edge + room, round(large * 0.8), round(small * 2.1)
        draw.rectangle((right - marked, top, right, top + high), outline=red, width=FINE * 2)
        draw.text((right - marked / 2, top + high / 2), caption.mark, font=font(small, face), fill=red, anchor="mm")
    for index, (text, size_, colour) in enumerate(lines):
        if index == first_quiet:
            y += gap
        draw.text((edge, y), text, font=font(size_, face), fill=colour)
        y += round(size_ * 1.25)
    return _reduced(drawn)


def _scale_and_north(caption: Caption, size: int, room: int) -> Image.Image:
    """A plan's scale bar and north arrow beside each other, drawn FINE times larger than they are to be. size : of the letters."""
    arrow = 2 * size
    figure = Image.new("RGB", (room, 4 * size), PAPER)
    draw = ImageDraw.Draw(figure)
    foot = figure.height - size // 4
    long = scale_bar(draw, size // 4, foot, FINE / caption.metres, room - 2 * arrow, size, caption.face)
    x = size // 4 + max(long, 3 * size) + arrow
    north_arrow(draw, x, foot, size, caption.north, caption.face)
    return figure.crop((0, 0, min(x + arrow // 2, room), figure.height))


def _logo(path: str, high: int, wide: int) -> Image.Image:
    """A logo on white, as large as its room allows."""
    with Image.open(path) as image:
        whole = image.convert("RGBA")
    share = min(high / whole.height, wide / whole.width)
    small = whole.resize((max(1, round(whole.width * share)), max(1, round(whole.height * share))), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", small.size, PAPER)
    paper.paste(small, mask=small.getchannel("A"))
    return paper


def side_by_side(pictures: Sequence[Image.Image], names: Sequence[str]) -> Image.Image:
    """Pictures of one size in rows, two of them beside each other, each with its name above it."""
    columns = 2 if len(pictures) < 5 else 3
    wide, high = pictures[0].size
    size, gap = max(12, wide // 44), max(4, wide // 90)
    head = round(size * 1.9)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * wide + (columns - 1) * gap, rows * (high + head)), PAPER)
    for index, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        x, y = index % columns * (wide + gap), index // columns * (high + head)
        words = Image.new("RGB", (wide * FINE, head * FINE), PAPER)
        ImageDraw.Draw(words).text((size * FINE // 2, head * FINE // 2), name, font=font(size * FINE), fill=INK, anchor="lm")
        sheet.paste(_reduced(words), (x, y))
        sheet.paste(picture, (x, y + head))
    return sheet


def _reduced(image: Image.Image) -> Image.Image:
    """Words drawn FINE times larger, brought to their size: letters then stand where they should, not on whole pixels."""
    return image.resize((image.width // FINE, image.height // FINE), Image.Resampling.BOX)


def legend(
    classes: Classes, title: str, unit: str, notes: str, size: int, room: int, others: Sequence[tuple[str, str]] = ()
) -> Image.Image:
    """Classes with their numbers below each other, greatest on top, a title with the unit, notes below. `room` pixels wide.

    others : (colour, words) for what else is to be seen, listed after the classes.
    """
    size, room = size * FINE, room * FINE
    row, box, pad = round(size * 1.75), round(size * 1.3), round(size * 1.2)
    entries = [*zip(reversed(classes.colours), reversed(classes.labels), strict=True), *others]
    beside = pad + round(box * 1.6) + size // 2
    heads = wrapped(f"{title} [{unit}]" if unit else title, size, room - 2 * pad)
    words = [wrapped(label, size, room - beside - pad) for _, label in entries]
    small = max(9, round(size * 0.85))
    feet = wrapped(notes, small, room - 2 * pad) if notes else []
    line_height, foot_height = round(size * 1.35), round(small * 1.35)
    rows = [max(row, len(lines) * line_height) for lines in words]
    height = 2 * pad + len(heads) * line_height + size // 2 + sum(rows) + (size // 2 + len(feet) * foot_height if feet else 0)
    image = Image.new("RGB", (room, height), PAPER)
    draw = ImageDraw.Draw(image)
    y = pad
    for line in heads:
        draw.text((pad, y), line, font=font(size), fill=INK)
        y += line_height
    y += size // 2
    for (colour, _), lines, high in zip(entries, words, rows, strict=True):
        draw.rectangle((pad, y, pad + round(box * 1.6), y + box), fill=colour, outline=(150, 150, 150), width=FINE)
        for number_, line in enumerate(lines):
            draw.text((beside, y + box / 2 + number_ * line_height), line, font=font(size), fill=INK, anchor="lm")
        y += high
    y += size // 2 if feet else 0
    for line in feet:
        draw.text((pad, y), line, font=font(small), fill=QUIET)
        y += foot_height
    return _reduced(image)


COMPASS = ("Norden", "Nordosten", "Osten", "Südosten", "Süden", "Südwesten", "Westen", "Nordwesten")


def towards(azimuth: float) -> str:
    """The direction of an azimuth (degrees from north) in words."""
    return COMPASS[round(azimuth / 45) % 8]


def scale_bar(draw: ImageDraw.ImageDraw, x: int, y: int, pixels_per_metre: float, room: int, size: int, face: str = "") -> int:
    """A bar of a round length that fits into `room` pixels, its lower left at (x, y); returns how long it is, pixels."""
    lengths = [value * 10**power for power in range(5) for value in (1, 2, 5)]
    length = max((value for value in lengths if value * pixels_per_metre <= room), default=1)
    pixels, high, line = round(length * pixels_per_metre), max(3, size // 4), max(1, size // 24)
    draw.rectangle((x, y - high, x + pixels, y), outline=INK, fill=PAPER, width=line)
    draw.rectangle((x, y - high, x + pixels // 2, y), outline=INK, fill=INK)
    draw.text((x, y - high - size // 3), "0", font=font(size, face), fill=INK, anchor="ls")
    draw.text((x + pixels, y - high - size // 3), f"{number(length)}{THIN_SPACE}m", font=font(size, face), fill=INK, anchor="rs")
    return pixels


def north_arrow(draw: ImageDraw.ImageDraw, x: int, y: int, size: int, turn: float = 0.0, face: str = "") -> None:
    """An arrow with an N beyond its tip; (x, y) is the middle of its foot. turn : degrees clockwise from up, about its middle."""
    high, half, angle = round(size * 2.2), round(size * 0.55), math.radians(turn)
    middle = y - high / 2

    def turned(across: float, up: float) -> tuple[float, float]:
        up -= high / 2
        return x + across * math.cos(angle) + up * math.sin(angle), middle + across * math.sin(angle) - up * math.cos(angle)

    draw.polygon([turned(*corner) for corner in ((0, high), (half, 0), (0, size * 0.5), (-half, 0))], fill=INK)
    draw.text(turned(0, high + size // 4), "N", font=font(size, face), fill=INK, anchor="ms")
