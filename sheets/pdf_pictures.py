"""Picture files in a PDF: lossless where they are small (a logo), as JPEG where they are photographs or renderings."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydyf
from PIL import Image

from .drawing import Picture

SMALL = 250_000  # pixels up to which nothing is lost
DENSE = 240.0  # pixels an inch, more than that no projector and no office printer shows
QUALITY = 90


def add(document: Any, picture: Picture, kept: dict[tuple[str, float, float], Any]) -> Any:
    """Put a picture into a document, what is transparent on white; returns the reference to it. kept : those that are in it already."""
    key = picture.file, round(picture.x1 - picture.x0, 3), round(picture.y1 - picture.y0, 3)
    if key not in kept:
        kept[key] = _added(document, picture)
    return kept[key]


def _added(document: Any, picture: Picture) -> Any:
    with Image.open(picture.file) as image:
        whole = on_white(image, picture.x1 - picture.x0, picture.y1 - picture.y0)
    if whole.width * whole.height <= SMALL:
        data, how, packed = np.asarray(whole).tobytes(), {}, True
    else:
        data, how, packed = jpeg(whole), {"Filter": "/DCTDecode"}, False
    settings = {"Type": "/XObject", "Subtype": "/Image", "Width": whole.width, "Height": whole.height}
    settings |= {"ColorSpace": "/DeviceRGB", "BitsPerComponent": 8, "Interpolate": "true"}
    made = pydyf.Stream([data], extra={**settings, **how}, compress=packed)
    document.add_object(made)
    return made.reference


def on_white(image: Image.Image, wide: float, high: float) -> Image.Image:
    """A picture without transparency, no finer than can be seen on wide × high mm."""
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, "#ffffff")
    paper.paste(layered, mask=layered.getchannel("A"))
    share = max(wide / 25.4 * DENSE / paper.width, high / 25.4 * DENSE / paper.height)
    if share < 1:
        paper = paper.resize((round(paper.width * share), round(paper.height * share)), Image.Resampling.LANCZOS)
    return paper


def jpeg(image: Image.Image) -> bytes:
    """The bytes of a JPEG with full colour resolution: thin coloured lines stay sharp."""
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return kept.getvalue()
