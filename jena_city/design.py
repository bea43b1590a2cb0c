"""A town's design for captions, sheets and slides: logo, fonts, colours, language. One TOML file, which projects name."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageFont
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .lettering import THIN_SPACE, Colour
from .problems import InputProblem
from .result_words import in_english
from .slips import explained

LEAST_CONTRAST = 4.5  # to 1, WCAG 2 for text
NEEDED = "ABCXYZabcxyz0189ÄÖÜäöüß.,:;–·()/%°²×§©"
"""Letters that a font must have: names and numbers of any project are made of such."""
_COLOUR = r"^#[0-9a-fA-F]{6}$"


class Design(BaseModel):
    """logo, font : files, relative to the design file; "" for none and for Blender's own. bold : the font's bold cut, for heads on sheets
    and slides; "": `font` itself. ink, quiet, mark : colours of the letters, of the last line, and of what must be seen first, all on
    white."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    language: Literal["de", "en"] = "de"
    logo: str = ""
    font: str = ""
    bold: str = ""
    ink: str = Field(default="#222426", pattern=_COLOUR)
    quiet: str = Field(default="#686c70", pattern=_COLOUR)
    mark: str = Field(default="#a6361c", pattern=_COLOUR)

    @property
    def colours(self) -> tuple[Colour, Colour, Colour]:
        """Of letters, last line and mark, as captions take them."""
        red, green, blue = ([int(one[k : k + 2], 16) for one in (self.ink, self.quiet, self.mark)] for k in (1, 3, 5))
        first, second, third = zip(red, green, blue, strict=True)
        return first, second, third

    def say(self, words: str) -> str:
        """Words of the program (German) in the language of the captions."""
        return self.spaced(words if self.language == "de" else in_english(words))

    def spaced(self, words: str) -> str:
        """Words that are not to be translated (names that people gave, or said already), with a space that the font has."""
        known = not self.font or THIN_SPACE not in words or THIN_SPACE in letters(self.font)
        return words if known else words.replace(THIN_SPACE, "\u00a0")

    def cut(self, bold: bool) -> str:
        """The font file of a weight; "" for Blender's own."""
        return (self.bold or self.font) if bold else self.font


@lru_cache(maxsize=8)
def letters(path: str) -> frozenset[str]:
    """All letters of a font file."""
    from fontTools.ttLib import TTFont  # takes a tenth of a second to be loaded, which only a font of one's own is worth

    with TTFont(path, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap() or ()))


def load(path: Path) -> Design:
    """The checked design, its files as absolute paths. Raises InputProblem: also for colours that cannot be read on white."""
    from fontTools.ttLib import TTLibError

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputProblem(path, f"the design file cannot be read ({error.strerror})", "Name another, or take the line out") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputProblem(path, f"this is not valid TOML: {error}", "Mend the line named") from error
    try:
        found = Design.model_validate(content)
    except ValidationError as error:
        raise explained(error, path, Design) from error
    for key, colour in {"ink": found.ink, "quiet": found.quiet, "mark": found.mark}.items():
        seen = contrast(colour)
        if seen < LEAST_CONTRAST:
            what = f"the colour of {key} is too pale to be read on white: its contrast is {seen:.1f}, not 4.5"
            raise InputProblem(path, what, "Choose a darker colour")
    files = {name: str((path.parent / value).resolve()) for name in ("logo", "font", "bold") if (value := getattr(found, name))}
    try:
        if "logo" in files:
            with Image.open(files["logo"]) as image:
                image.verify()
        missing = {name: sorted(set(NEEDED) - letters(files[name])) for name in ("font", "bold") if name in files}
        for name in missing:
            ImageFont.truetype(files[name], 12)
    except (OSError, SyntaxError, TTLibError) as error:
        raise InputProblem(path, "its logo or font cannot be read", "Name a PNG or JPEG, and a TTF or OTF") from error
    for absent in missing.values():
        if absent:
            raise InputProblem(path, f"its font has no letters for {' '.join(absent)}", "Name a font that has them")
    return found.model_copy(update=files)


def contrast(colour: str) -> float:
    """Of a colour to white, 1 to 21 (WCAG 2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
