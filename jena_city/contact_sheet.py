"""One sheet with all pictures of a set, small, each with its name: to be looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from .files import written_beside
from .lettering import INK, PAPER, font

NAME = "contact-sheet.png"
_WIDE, _HIGH, _GAP, _LETTERS, _COLUMNS = 640, 500, 14, 20, 3


def write(pictures: Sequence[tuple[str, Path]], target: Path) -> None:
    """Pictures (name, file) in rows of three, as they are with their captions, none cut."""
    small = []
    for _, path in pictures:
        with Image.open(path) as image:
            whole = image.convert("RGB")
        share = min(_WIDE / whole.width, _HIGH / whole.height)
        small.append(whole.resize((round(whole.width * share), round(whole.height * share)), Image.Resampling.LANCZOS))
    rows = [list(range(k, min(k + _COLUMNS, len(small)))) for k in range(0, len(small), _COLUMNS)]
    head = round(_LETTERS * 1.8)
    heights = [head + max(small[k].height for k in row) for row in rows]
    sheet = Image.new("RGB", (_COLUMNS * _WIDE + (_COLUMNS + 1) * _GAP, sum(heights) + _GAP * (len(rows) + 1)), PAPER)
    draw, y = ImageDraw.Draw(sheet), _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, k in enumerate(row):
            x = _GAP + column * (_WIDE + _GAP)
            draw.text((x, y + head / 2), pictures[k][0], font=font(_LETTERS), fill=INK, anchor="lm")
            sheet.paste(small[k], (x, y + head))
        y += height + _GAP
    with written_beside(target) as beside:
        sheet.save(beside, format="PNG")
