"""Drawn over the viewport: the photo whose points are clicked, and the points on both sides."""

from __future__ import annotations

import math
from typing import Any

import bpy
import gpu
import numpy as np
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu_extras.batch import batch_for_shader
from mathutils import Vector

from . import photo_tool
from .ground_tool import number
from .overlay import INK, PAPER, STALE, Pen, rgba

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A5A00", "#56B4E9")
"""One for each point, told apart by those too who see few colours (Okabe and Ito's, the yellow darkened for white numbers)."""
_EDGE = (0.13, 0.14, 0.15, 1.0)
_SHARES = np.arange(256) / 255
_LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Light of a byte of the photo: the view encodes what is drawn over it, and textures are drawn as they are."""


def draw() -> None:
    """The draw handler: in pixels over the region."""
    context = bpy.context
    if not photo_tool.at_work or context.region is None:
        return
    work = photo_tool.at_work[0]
    pen = Pen(context.preferences.system.ui_scale)
    here = context.area == work.area
    for row, place in enumerate(work.clicks.places):
        at = location_3d_to_region_2d(context.region, context.space_data.region_3d, Vector(place))
        if at is not None and not (here and _inside(work.part, at)):
            _marker(pen, at.x, at.y, row)
    if here:
        _photo(pen, work)


def _inside(part: tuple[float, ...], at: Any) -> bool:
    return bool(part[0] <= at.x <= part[2] and part[1] <= at.y <= part[3])


def _photo(pen: Pen, work: photo_tool.Work) -> None:
    """The photo in its part of the view, the points in it, and what is said of them."""
    left, bottom, right, top = work.part
    s = pen.scale
    pen.box(left, bottom, right - left, top - bottom, _EDGE)
    if work.texture is None:
        high, wide = work.picture.shape[:2]
        values = _LINEAR[work.picture[::-1]]
        work.texture = gpu.types.GPUTexture((wide, high), format="RGBA16F", data=gpu.types.Buffer("FLOAT", values.size, values.ravel()))
    (x0, y0, x1, y1), (u0, v0, u1, v1) = work.pane.seen()
    shader = gpu.shader.from_builtin("IMAGE")
    batch = batch_for_shader(
        shader, "TRI_FAN", {"pos": [(x0, y0), (x1, y0), (x1, y1), (x0, y1)], "texCoord": [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]}
    )
    gpu.state.blend_set("NONE")
    shader.bind()
    shader.uniform_sampler("image", work.texture)
    batch.draw(shader)
    places = [(row, *work.pane.in_view(*pixel)) for row, pixel in enumerate(work.clicks.pixels)]
    inside = [(row, x, y) for row, x, y in places if work.pane.holds(x, y)]
    for row, x, y in inside:
        if row < len(work.errors):
            words = f"{number(work.errors[row], 1)} px"
            pen.box(x + 27 * s, y + 7 * s, pen.width(words, 11) + 8 * s, 16 * s, PAPER)
            pen.words(x + 31 * s, y + 11 * s, words, 11, INK)
    for row, x, y in inside:
        _marker(pen, x, y, row)
    pad, step = 10 * s, 19 * s
    lines = [
        (line, first and work.wrong) for first, text in enumerate(work.lines) for line in pen.wrapped(text, 13, right - left - 2 * pad)
    ]
    high = max(len(lines) * step + 2 * pad - 5 * s, photo_tool.WORDS * s)
    pen.box(left, bottom, right - left, high, PAPER)
    for row, (line, wrong) in enumerate(lines):
        pen.words(left + pad, bottom + high - pad - 11 * s - row * step, line, 13, STALE if wrong else INK)


def _marker(pen: Pen, x: float, y: float, row: int) -> None:
    """A cross with free middle on a point, and its number in a disc beside it."""
    s = pen.scale
    colour = rgba(COLOURS[row % len(COLOURS)])
    for wide, tint in ((4 * s, PAPER), (2 * s, colour)):
        for along in (-1, 1):
            near, far = 3 * s, 11 * s + (1 * s if tint is PAPER else 0)
            start = near if along > 0 else -far
            pen.box(x + start, y - wide / 2, far - near, wide, tint)
            pen.box(x - wide / 2, y + start, wide, far - near, tint)
    middle = x + 15 * s, y + 15 * s
    for radius, tint in ((11 * s, PAPER), (9.5 * s, colour)):
        turns = np.linspace(0, 2 * math.pi, 25)[:-1]
        corners = [(middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)) for turn in turns]
        batch = batch_for_shader(pen.shader, "TRI_FAN", {"pos": corners})
        pen.shader.uniform_float("color", tint)
        batch.draw(pen.shader)
    words = str(row + 1)
    pen.words(middle[0] - pen.width(words, 12) / 2, middle[1] - 4.5 * s, words, 12, (1.0, 1.0, 1.0, 1.0))


def register(registry: Any) -> None:
    """Hang the drawing into all 3D views."""
    handle = bpy.types.SpaceView3D.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL")
    registry.on_undo(lambda: bpy.types.SpaceView3D.draw_handler_remove(handle, "WINDOW"))
