"""The letters of sheets: one family in two weights, measured and cut down to what a sheet uses, so that files carry their own fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..jena_city.lettering import HYPHEN, font_file
from ..jena_city.problems import InputProblem

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

WEIGHTS = {False: 400, True: 600}
_POSTSCRIPT_NAME = re.compile(r"[^A-Za-z0-9-]")


# What sheets are written with: Latin letters with all their marks, Greek, punctuation, signs. The whole family takes seconds to be made a
# plain font of one weight, this part of it a few tenths.
_LETTERS = [*range(0x20, 0x250), *range(0x370, 0x400), *range(0x2000, 0x2070), *range(0x2070, 0x20D0), *range(0x2100, 0x2300)]


@lru_cache(maxsize=8)
def _whole(bold: bool, file: str) -> TTFont:
    path = file or font_file()
    if path is None:
        raise InputProblem("sheets", "no font was found to write them with", "Install jena-planner[bpy]: Blender brings one along")
    face = _with_letters(path, _LETTERS)
    if not file:  # Blender's font, see lettering: a hyphen as wide as a minus
        for table in face["cmap"].tables:
            table.cmap[ord("-")] = table.cmap.get(ord(HYPHEN), table.cmap[ord("-")])
    if "fvar" in face:
        from fontTools.varLib import instancer

        axes: dict[str, float] = {axis.axisTag: axis.defaultValue for axis in face["fvar"].axes}
        instancer.instantiateVariableFont(face, axes | {"wght": WEIGHTS[bold]}, inplace=True)
    return face


def _with_letters(file: str | Path | BinaryIO, codes: Iterable[int]) -> TTFont:
    """A font, with these letters and no others."""
    from fontTools import subset  # takes a fifth of a second to be loaded, and every command comes by here
    from fontTools.ttLib import TTFont

    wanted = subset.Options()
    wanted.layout_features, wanted.notdef_outline, wanted.hinting, wanted.name_IDs = [], True, False, [1, 2, 3, 4, 5, 6]
    wanted.drop_tables += ["GDEF", "GPOS", "GSUB"]
    face = TTFont(file, recalcTimestamp=False)  # the same sheet gives the same bytes
    cutter = subset.Subsetter(wanted)
    cutter.populate(unicodes=codes)
    cutter.subset(face)
    return face


@lru_cache(maxsize=8)
def _measures(bold: bool, file: str) -> tuple[dict[int, str], dict[str, int], float]:
    face = _whole(bold, file)
    return face.getBestCmap(), {name: advance for name, (advance, _) in face["hmtx"].metrics.items()}, float(face["head"].unitsPerEm)


def width(text: str, size: float, bold: bool = False, file: str = "") -> float:
    """How wide a text is, in the unit of size (height of the em). file : the font; "" for Blender's own."""
    glyphs, advances, em = _measures(bold, file)
    return sum(advances[glyphs.get(ord(letter), ".notdef")] for letter in text) * size / em


def wrapped(text: str, size: float, room: float, bold: bool = False, file: str = "") -> list[str]:
    """The text in lines not wider than room; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width(word, size, bold, file) > room and len(word) > 1:
            cut = next((k for k in range(len(word) - 1, 0, -1) if width(word[:k], size, bold, file) <= room), 1)
            lines += [line] if line else []
            lines.append(word[:cut])
            line, word = "", word[cut:]
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold, file) <= room:
            line = joined
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines or [""]


@dataclass(frozen=True)
class Cut:
    """A font with the letters that are used and no others.

    file : TrueType, or OpenType with PostScript outlines (is_postscript). glyph : number of each letter. advance : (width of each glyph in
    thousandths of the em). box, ascent, descent, cap_height : thousandths too.
    """

    name: str
    file: bytes
    glyph: dict[str, int]
    advance: list[float]
    box: tuple[float, float, float, float]
    ascent: float
    descent: float
    cap_height: float
    weight: int
    is_postscript: bool


def cut(letters: set[str], bold: bool, file: str = "") -> Cut:
    """The font cut down to letters (and the space)."""
    face = _with_letters(io.BytesIO(_serialised(bold, file)), {ord(letter) for letter in letters | {" "}})
    em = float(face["head"].unitsPerEm)
    order = {name: number for number, name in enumerate(face.getGlyphOrder())}
    glyphs = {chr(code): order[name] for code, name in face.getBestCmap().items()}
    kept = io.BytesIO()
    face.flavor = None
    face.save(kept)
    head, metrics = face["head"], face["OS/2"]
    scaled: Any = lambda value: value * 1000.0 / em  # noqa: E731
    return Cut(
        name=_POSTSCRIPT_NAME.sub("", face["name"].getDebugName(6) or "Sheet") + ("Bold" if bold else ""),
        file=kept.getvalue(),
        glyph=glyphs,
        advance=[scaled(face["hmtx"][name][0]) for name in face.getGlyphOrder()],
        box=(scaled(head.xMin), scaled(head.yMin), scaled(head.xMax), scaled(head.yMax)),
        ascent=scaled(face["hhea"].ascent),
        descent=scaled(face["hhea"].descent),
        cap_height=scaled(getattr(metrics, "sCapHeight", 1490)),
        weight=WEIGHTS[bold],
        is_postscript="glyf" not in face,
    )


@lru_cache(maxsize=8)
def family(file: str) -> str:
    """What a font file calls its family, as office programs list it."""
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as face:
        return str(face["name"].getBestFamilyName() or "Arial")


@lru_cache(maxsize=8)
def _serialised(bold: bool, file: str) -> bytes:
    kept = io.BytesIO()
    face = _whole(bold, file)
    face.flavor = None
    face.save(kept)
    return kept.getvalue()
