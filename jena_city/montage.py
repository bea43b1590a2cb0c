"""A variant laid into a photo: what is new covers the photo, and its shadow darkens it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from .arrays import FloatArray

_EPSILON, _DARKEST, _BRIGHTEST = 0.004, 0.25, 1.08
_NOISE = 0.06  # of brightness between two renderings of the same
_GAIN = (0.6, 1.6)  # how far the brightness of what is rendered follows the photo's
Mask = npt.NDArray[np.bool_]


def composed(photo: Image.Image, planned: Image.Image, today: Image.Image, new: FloatArray, solid: FloatArray) -> Image.Image:
    """The montage, as large as the renderings. planned, today : rendered from the photo's camera with the variant and without.
    new (h, w) : share of each pixel that shows something else with the variant. solid (h, w) : share that shows no sky today."""
    over, with_it, without = (
        _linear(image) for image in (photo.convert("RGB").resize(planned.size, Image.Resampling.LANCZOS), planned, today)
    )
    bright = [image @ np.array([0.2126, 0.7152, 0.0722]) for image in (over, with_it, without)]
    ratio = np.clip((bright[1] + _EPSILON) / (bright[2] + _EPSILON), _DARKEST, _BRIGHTEST)
    ratio = 1.0 + (ratio - 1.0) * np.where((new > 0) | (np.abs(ratio - 1.0) < _NOISE), 0.0, solid)
    alike = (solid > 0.99) & (new == 0) & (bright[2] > 0.02)
    gain = float(np.clip(np.median(bright[0][alike] / bright[2][alike]), *_GAIN)) if alike.sum() > 100 else 1.0
    share = new[..., None]
    mixed = over * ratio[..., None] * (1.0 - share) + with_it * gain * share
    return Image.fromarray((_encoded(np.clip(mixed, 0.0, 1.0)) * 255.0 + 0.5).astype(np.uint8), "RGB")


def changed(shown: tuple[FloatArray, FloatArray], depth: tuple[FloatArray, FloatArray]) -> Mask:
    """Where a camera sees something else with the variant. shown, depth : with it and without, see `inking`."""
    return np.asarray((np.abs(shown[0] - shown[1]) > 0.5) | (np.abs(depth[0] - depth[1]) > 0.01 * np.maximum(np.minimum(*depth), 1.0)))


def _linear(image: Image.Image) -> FloatArray:
    value = np.asarray(image, np.float64) / 255.0
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def _encoded(value: FloatArray) -> Any:
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * np.maximum(value, 1e-9) ** (1 / 2.4) - 0.055)
