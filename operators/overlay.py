"""Drawn over the viewport: the legend of the shown result, the outline of the clicked building, and the probe."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import blf
import bpy
import gpu
from gpu_extras.batch import batch_for_shader

from ..scene import document, notes
from . import ground_tool, meeting, probe, results, sentences, side_by_side, variants, view
from .base import translated

PAPER, INK, QUIET, LINE = (1.0, 1.0, 1.0, 0.93), (0.13, 0.14, 0.15, 1.0), (0.40, 0.42, 0.44, 1.0), (0.62, 0.62, 0.62, 1.0)
OUTLINE, SUN, SHADE = (0.10, 0.35, 0.60, 1.0), (0.96, 0.72, 0.18, 1.0), (0.72, 0.74, 0.78, 1.0)
STALE = (0.66, 0.25, 0.18, 1.0)


@lru_cache(maxsize=64)
def rgba(colour: str) -> tuple[float, float, float, float]:
    """What the screen shows as "#rrggbb": a viewport's overlay is drawn without a view transform."""
    return (*(int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)), 1.0)  # type: ignore[return-value]


class Pen:
    """Boxes and words in pixels, y up."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.shader = gpu.shader.from_builtin("UNIFORM_COLOR")

    def box(self, x: float, y: float, wide: float, high: float, colour: Any) -> None:
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        batch = batch_for_shader(self.shader, "TRIS", {"pos": corners}, indices=[(0, 1, 2), (0, 2, 3)])
        gpu.state.blend_set("ALPHA")
        self.shader.uniform_float("color", colour)
        batch.draw(self.shader)

    def words(self, x: float, y: float, text: str, size: float, colour: Any) -> None:
        blf.size(0, size * self.scale)
        blf.color(0, *colour)
        blf.position(0, x, y, 0)
        blf.draw(0, text)

    def width(self, text: str, size: float) -> float:
        blf.size(0, size * self.scale)
        return float(blf.dimensions(0, text)[0])

    def wrapped(self, text: str, size: float, room: float) -> list[str]:
        lines: list[str] = []
        line = ""
        for word in text.split():
            joined = f"{line} {word}" if line else word
            if line and self.width(joined, size) > room:
                lines.append(line)
                line = word
            else:
                line = joined
        return [*lines, line] if line else lines


def draw() -> None:
    """The draw handler: everything in pixels over the region."""
    context = bpy.context
    scene = context.scene
    if not document.is_document(scene) or context.region is None or not context.space_data.overlay.show_overlays:
        return
    pen = Pen(context.preferences.system.ui_scale)
    half = side_by_side.caption(scene, context.area)
    if half is not None:
        _title(pen, *half)
    elif meeting.going:
        ids, shown = meeting.order(scene), variants.shown(scene)
        words, colour = meeting.caption(scene)
        _title(pen, f"{ids.index(shown) if shown in ids else 0}  {words}", colour)
    thing = results.shown(scene)
    if thing is not None:
        legend(pen, notes.get(thing) or {}, context.region)
    if ground_tool.seen:
        _beside_tool(pen, ground_tool.seen[0], context.region)
    if probe.reading:
        _reading(pen, probe.reading[0], context.region)


def legend(pen: Pen, note: dict[str, Any], region: Any) -> None:
    """Title with unit, classes with their numbers, method, and whether it is still true; bottom left of what is free of the region.

    Where there is too little room the method goes first, then all but the title's first line and small swatches, then the whole.
    """
    s = pen.scale
    pad, row, swatch, room, edge = 14 * s, 19 * s, 26 * s, 300 * s, 24 * s
    said = sentences.labelled
    free = view.room(bpy.context.area, region, room + 2 * edge)
    if free.right - free.left < room + 2 * edge:
        return
    title = said(note["title"]) + (f" [{note['unit']}]" if note["unit"] else "")
    heads = pen.wrapped(title, 13, room - 2 * pad)
    feet = pen.wrapped(said(note["method"]), 11, room - 2 * pad)
    stale = pen.wrapped(translated("Out of date: the variant has changed since"), 11, room - 2 * pad) if note.get("stale") else []
    entries = list(zip(note["classes"]["colours"], note["classes"]["labels"], strict=True))[::-1]

    def height() -> float:
        return 2 * pad + (len(heads) + len(entries)) * row + (len(feet) + len(stale)) * 15 * s - 4 * s

    for least in (False, True):
        if height() > free.top - free.bottom - 2 * edge:
            feet = []
            if least:
                heads, pad, row, edge = heads[:1], 8 * s, 16 * s, 6 * s
    if (high := height()) > free.top - free.bottom - 2 * edge:
        return
    x, y = free.left + edge, free.bottom + edge
    pen.box(x, y, room, high, PAPER)
    top = y + high - pad - 11 * s
    for line in heads:
        pen.words(x + pad, top, line, 13, INK)
        top -= row
    top -= 2 * s
    tall = row - 4 * s
    for colour, label in entries:
        pen.box(x + pad - s, top - 4 * s, swatch + 2 * s, tall + 2 * s, LINE)
        pen.box(x + pad, top - 3 * s, swatch, tall, rgba(colour))
        pen.words(x + pad + swatch + 9 * s, top, said(label), 12, INK)
        top -= row
    top -= 2 * s
    for line in stale:
        pen.words(x + pad, top, line, 11, STALE)
        top -= 15 * s
    for line in feet:
        pen.words(x + pad, top, line, 11, QUIET)
        top -= 15 * s


_hud: list[Any] = []  # where "Adjust last operation" was drawn last


def keep_clear() -> None:
    """The draw handler of "Adjust last operation": when it opens or closes the view below is drawn anew, for the legend gives way to it."""
    context = bpy.context
    region = context.region
    if document.is_document(context.scene) and results.shown(context.scene) is not None:
        now = (region.x, region.y, region.width, region.height)
        if list(now) != _hud:
            _hud[:] = now
            bpy.app.timers.register(_draw_anew, first_interval=0.0)  # nothing can be asked for while something is drawn


def _draw_anew() -> None:
    for area, _space in view.views(bpy.context.scene):
        area.tag_redraw()


def _reading(pen: Pen, reading: probe.Reading, region: Any) -> None:
    """Value, building and the day's bar beside the mouse."""
    s = pen.scale
    wide, pad = 250 * s, 10 * s
    lines = [(reading.value, 14, INK), *((line, 11, QUIET) for line in reading.lines)]
    high = 2 * pad + len(lines) * 18 * s + (34 * s if reading.day is not None else 0)
    x, y = reading.x + 18 * s, max(reading.y - high - 8 * s, 8 * s)
    if x + wide > view.room(bpy.context.area, region).right:
        x = reading.x - wide - 18 * s
    pen.box(x, y, wide, high, PAPER)
    top = y + high - pad - 12 * s
    for text, size, colour in lines:
        pen.words(x + pad, top, text, size, colour)
        top -= 18 * s
    if reading.day is not None:
        bar(pen, x + pad, top - 10 * s, wide - 2 * pad, reading.day)


def _title(pen: Pen, text: str, colour: str) -> None:
    """A variant's name in the upper left corner, large enough for the back of a hall."""
    s, pad = pen.scale, 18 * pen.scale
    room = view.room(bpy.context.area, bpy.context.region)
    wide, high = pen.width(text, 26) + 3 * pad, 26 * s + 2 * pad
    x, y = room.left + pad, room.top - high - pad
    pen.box(x, y, wide, high, PAPER)
    pen.box(x, y, 8 * s, high, rgba(colour))
    pen.words(x + 2 * pad, y + pad + 3 * s, text, 26, INK)


def _beside_tool(pen: Pen, drawn: ground_tool.Seen, region: Any) -> None:
    """Length, angle, area and storeys beside the mouse, in the view it is in."""
    s, pad = pen.scale, 8 * pen.scale
    x, y = drawn.mouse[0] - region.x, drawn.mouse[1] - region.y
    if not drawn.words or not (0 <= x < region.width and 0 <= y < region.height):
        return
    wide, high = max(pen.width(line, 12) for line in drawn.words) + 2 * pad, len(drawn.words) * 18 * s + 2 * pad - 4 * s
    x, y = x + 20 * s, y + 16 * s
    if x + wide > view.room(bpy.context.area, region).right:
        x -= wide + 40 * s
    pen.box(x, y, wide, high, PAPER)
    for number, line in enumerate(drawn.words):
        pen.words(x + pad, y + high - pad - 10 * s - number * 18 * s, line, 12, INK)


def bar(pen: Pen, x: float, y: float, wide: float, day: list[tuple[float, float, bool]]) -> None:
    """The day from 4 to 22 h: sun and shade, with hours below."""
    first, last = 4.0, 22.0
    place = lambda hour: x + wide * (hour - first) / (last - first)  # noqa: E731
    pen.box(x, y, wide, 12 * pen.scale, (0.93, 0.93, 0.93, 1.0))
    for start, end, is_sun in day:
        a, b = max(start, first), min(end, last)
        if b > a:
            pen.box(place(a), y, place(b) - place(a), 12 * pen.scale, SUN if is_sun else SHADE)
    for hour in (6, 9, 12, 15, 18, 21):
        text = str(hour)
        pen.words(place(hour) - pen.width(text, 10) / 2, y - 13 * pen.scale, text, 10, QUIET)


def draw_outline() -> None:
    """The draw handler in the scene's own axes: edges of the clicked building."""
    if not view.picked or view.picked[0].lines is None or not len(view.picked[0].lines):
        return
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    batch = batch_for_shader(shader, "LINES", {"pos": view.picked[0].lines.reshape(-1, 3).astype("f4")})
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", 2.5)
    shader.uniform_float("color", OUTLINE)
    batch.draw(shader)
    gpu.state.depth_test_set("NONE")


SNAPPED = {"free": INK, "start": SUN, "corner": SUN, "crossing": SUN, "edge": OUTLINE, "angle": OUTLINE}


def draw_tool() -> None:
    """The draw handler in the scene's own axes: the outline being drawn, its corners, and the body that it makes."""
    if not ground_tool.seen:
        return
    drawn = ground_tool.seen[0]
    red, green, blue, _ = rgba(drawn.colour)
    gpu.state.blend_set("ALPHA")
    if drawn.faces is not None:
        shader = gpu.shader.from_builtin("UNIFORM_COLOR")
        gpu.state.depth_test_set("LESS_EQUAL")
        shader.uniform_float("color", (red, green, blue, 0.45))
        batch_for_shader(shader, "TRIS", {"pos": drawn.faces.reshape(-1, 3).astype("f4")}).draw(shader)
        gpu.state.depth_test_set("NONE")
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    if drawn.edges is not None:
        shader.uniform_float("lineWidth", 1.5)
        shader.uniform_float("color", (red, green, blue, 1.0))
        batch_for_shader(shader, "LINES", {"pos": drawn.edges.reshape(-1, 3).astype("f4")}).draw(shader)
    if drawn.line is not None and len(drawn.line) > 1:
        shader.uniform_float("lineWidth", 3.0)
        shader.uniform_float("color", INK)
        batch_for_shader(shader, "LINE_STRIP", {"pos": drawn.line.astype("f4")}).draw(shader)
    points = [(place, INK) for place in drawn.marks] if drawn.marks is not None else []
    if drawn.place is not None and drawn.snap is not None:
        points.append((drawn.place, SNAPPED[drawn.snap.kind]))
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    for place, colour in points:
        for size, tint in ((12.0, PAPER), (8.0, colour)):
            gpu.state.point_size_set(size)
            shader.uniform_float("color", tint)
            batch_for_shader(shader, "POINTS", {"pos": [tuple(place)]}).draw(shader)


def register(registry: Any) -> None:
    """Hang the drawing into all 3D views."""
    if bpy.app.background:
        return
    space = bpy.types.SpaceView3D
    for function, where, when in (
        (draw, "WINDOW", "POST_PIXEL"),
        (draw_outline, "WINDOW", "POST_VIEW"),
        (draw_tool, "WINDOW", "POST_VIEW"),
        (keep_clear, "HUD", "POST_PIXEL"),
    ):
        handle = space.draw_handler_add(function, (), where, when)
        registry.on_undo(lambda handle=handle, where=where: space.draw_handler_remove(handle, where))
