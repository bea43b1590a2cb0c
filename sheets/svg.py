"""Drawings as SVG: millimetres, the letters that are used embedded, a title and the words of figures for readers."""

from __future__ import annotations

import base64
import pathlib
from os import PathLike
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from PIL import Image

from ..jena_city.files import write_text
from . import typeface
from .drawing import Drawing, Path, Picture, Text

_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}


def write(page: Drawing, path: str | PathLike[str]) -> None:
    """Write a drawing as SVG 1.1, beside and renamed."""
    write_text(path, _svg(page))


def _svg(page: Drawing) -> str:
    faces = "".join(_face(page, bold) for bold in (False, True) if page.letters(bold))
    size = f'width="{page.width:g}mm" height="{page.height:g}mm" viewBox="0 0 {page.width:g} {page.height:g}"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang="{page.design.language}" role="document">',
        f"<title>{escape(page.title)}</title>",
        f"<style>{faces}text{{font-family:Sheet,Inter,Helvetica,Arial,sans-serif}}</style>",
        f'<rect width="{page.width:g}" height="{page.height:g}" fill="#ffffff"/>',
    ]
    for number, group in enumerate(page.groups):
        if not group.items:
            continue
        words = {"figure": f' role="img" aria-label={quoteattr(group.words)}', "decoration": ' aria-hidden="true"'}.get(group.role, "")
        clip = ""
        if group.clip:
            x0, y0, x1, y1 = group.clip
            out.append(
                f'<clipPath id="c{number}"><rect x="{x0:g}" y="{page.height - y1:g}" width="{x1 - x0:g}" height="{y1 - y0:g}"/></clipPath>'
            )
            clip = f' clip-path="url(#c{number})"'
        out.append(f"<g{words}{clip}>")
        out += [_item(item, page.height) for item in group.items]
        out.append("</g>")
    return "\n".join([*out, "</svg>", ""])


def _item(item: Path | Text | Picture, height: float) -> str:
    if isinstance(item, Text):
        return _words(item, height)
    return _picture(item, height) if isinstance(item, Picture) else _path(item, height)


def _picture(picture: Picture, height: float) -> str:
    data = base64.b64encode(pathlib.Path(picture.file).read_bytes()).decode()
    with Image.open(picture.file) as image:
        kind = image.get_format_mimetype()
    place = f'x="{picture.x0:g}" y="{height - picture.y1:g}" width="{picture.x1 - picture.x0:g}" height="{picture.y1 - picture.y0:g}"'
    return f'<image {place} preserveAspectRatio="none" href="data:{kind};base64,{data}"/>'


def _path(path: Path, height: float) -> str:
    style = path.style
    parts = []
    for ring in path.rings:
        points = np.round(np.column_stack([ring[:, 0], height - ring[:, 1]]), 3).tolist()
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if path.closed else ""))
    paint = f'fill="{style.fill}" fill-rule="evenodd"' if style.fill else 'fill="none"'
    if style.fill and style.opacity < 1:
        paint += f' fill-opacity="{style.opacity:g}"'
    if style.line:
        paint += f' stroke="{style.line}" stroke-width="{style.width:g}" stroke-linejoin="round"'
        paint += f' stroke-dasharray="{" ".join(f"{one:g}" for one in style.dash)}"' if style.dash else ""
    return f'<path d="{"".join(parts)}" {paint}/>'


def _words(text: Text, height: float) -> str:
    x, y = f"{text.x:.3f}", f"{height - text.y:.3f}"
    turn = f' transform="rotate({-text.angle:g} {x} {y})"' if text.angle else ""
    weight = ' font-weight="600"' if text.bold else ""
    anchor = f' text-anchor="{_ANCHORS[text.anchor]}"' if text.anchor != "left" else ""
    return f'<text x="{x}" y="{y}" font-size="{text.size:g}" fill="{text.colour}"{weight}{anchor}{turn}>{escape(text.text)}</text>'


def _face(page: Drawing, bold: bool) -> str:
    cut = typeface.cut(page.letters(bold), bold, page.design.cut(bold))
    data = base64.b64encode(cut.file).decode()
    return f"@font-face{{font-family:Sheet;font-weight:{cut.weight};src:url(data:font/sfnt;base64,{data})}}"
