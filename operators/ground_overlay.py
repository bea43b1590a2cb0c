"""Drawn on the ground of the viewport: Abstandsflächen of the shown variant, where they are broken, building plots with their names."""

from __future__ import annotations

from typing import Any

import blf
import bpy
import gpu
import numpy as np
import shapely
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu_extras.batch import batch_for_shader

from ..jena_city.arrays import FloatArray
from ..scene import document
from . import findings, key_figures

ABOVE = 0.25  # metres over the ground, so that the ground does not hide them
CLEAR, CLEAR_EDGE = (0.35, 0.55, 0.85, 0.20), (0.20, 0.38, 0.65, 0.85)
BROKEN, PLOT, INK = (0.84, 0.32, 0.16, 0.38), (0.16, 0.16, 0.17, 0.9), (0.13, 0.14, 0.15, 1.0)
_kept: list[Any] = [None, []]
"""What was laid on the ground, and of which state: drawing again is a matter of handing it to the screen."""


class _Layer:
    """Triangles and lines of one colour each. name and spot : words to stand at a place."""

    def __init__(self, fill: Any, edge: Any, wide: float) -> None:
        self.fill, self.edge, self.wide = fill, edge, wide
        self.triangles: list[FloatArray] = []
        self.lines: list[FloatArray] = []

    def add(self, shape: Any, site: Any) -> None:
        for polygon in shapely.get_parts(shape):
            if polygon.geom_type != "Polygon" or polygon.is_empty:
                continue
            fine = polygon.segmentize(2.0)
            if self.fill is not None:
                pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(fine))
                corners = np.array([np.asarray(piece.exterior.coords)[:3, :2] for piece in pieces])
                self.triangles.append(_on_ground(corners.reshape(-1, 2), site))
            for ring in (fine.exterior, *fine.interiors):
                points = _on_ground(np.asarray(ring.coords)[:, :2], site)
                self.lines.append(np.stack([points[:-1], points[1:]], axis=1).reshape(-1, 3))


def _on_ground(xy: FloatArray, site: Any) -> FloatArray:
    heights = site.terrain.height_at(xy) if site.terrain is not None else np.zeros(len(xy))
    return np.column_stack([xy, np.where(np.isfinite(heights), heights, 0.0) + ABOVE]).astype(np.float32)


def _layers(scene: Any) -> list[_Layer]:
    """What there is to draw, made anew when the figures are others than before or a switch was turned."""
    state = key_figures.reckoned[0]
    switches = (scene.jena.show_clearances, scene.jena.show_plots)
    if _kept[0] == (id(state), len(findings.shown), switches):
        return list(_kept[1])
    made: list[_Layer] = []
    if state is not None:
        site = state.applied.site
        if switches[0]:
            free, broken = _Layer(CLEAR, CLEAR_EDGE, 1.5), _Layer(BROKEN, None, 0.0)
            shapes = [wall.shape for wall in findings.walls]
            for shape in shapes:
                free.add(shape, site)
            for shape in _broken(state):
                broken.add(shape, site)
            made += [free, broken]
        if switches[1]:
            outline = _Layer(None, PLOT, 2.5)
            for plot in state.plots:
                outline.add(plot.shape, site)
            made.append(outline)
    _kept[:] = [(id(state), len(findings.shown), switches), made]
    return made


def _broken(state: Any) -> list[Any]:
    """Where Abstandsflächen of different blocks lie on each other."""
    by_block: dict[str, list[Any]] = {}
    for wall in findings.walls:
        by_block.setdefault(wall.block, []).append(wall.shape)
    wholes = np.array([shapely.union_all(shapes) for shapes in by_block.values()], object)
    broken = any(one.rule == "clearance-overlap" and one.severity == "broken" for one in findings.shown)
    if not broken:
        return []
    one, other = shapely.STRtree(wholes).query(wholes, predicate="intersects")
    found = shapely.intersection(wholes[one[one < other]], wholes[other[one < other]])
    return [shape for shape in found if shape.area > 0.5]


def draw() -> None:
    """The draw handler in the scene's own axes."""
    context = bpy.context
    scene = context.scene
    if not document.is_document(scene) or not context.space_data.overlay.show_overlays:
        return
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    for layer in _layers(scene):
        if layer.triangles:
            shader = gpu.shader.from_builtin("UNIFORM_COLOR")
            shader.uniform_float("color", layer.fill)
            batch_for_shader(shader, "TRIS", {"pos": np.concatenate(layer.triangles)}).draw(shader)
        if layer.lines and layer.edge is not None:
            shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
            shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
            shader.uniform_float("lineWidth", layer.wide)
            shader.uniform_float("color", layer.edge)
            batch_for_shader(shader, "LINES", {"pos": np.concatenate(layer.lines)}).draw(shader)
    gpu.state.depth_test_set("NONE")


def draw_names() -> None:
    """The draw handler in pixels: the names of building plots in their middle."""
    context = bpy.context
    scene, state = context.scene, key_figures.reckoned[0]
    if not document.is_document(scene) or state is None or not scene.jena.show_plots or not context.space_data.overlay.show_overlays:
        return
    size = 12 * context.preferences.system.ui_scale
    blf.size(0, size)
    for plot in state.plots:
        spot = plot.shape.representative_point()
        place = _on_ground(np.array([[spot.x, spot.y]]), state.applied.site)[0]
        at = location_3d_to_region_2d(context.region, context.region_data, place.tolist())
        if at is None:
            continue
        words = f"{plot.name} · {plot.area:.0f} m²"
        wide = blf.dimensions(0, words)[0]
        blf.color(0, *INK)
        blf.position(0, at.x - wide / 2, at.y, 0)
        blf.draw(0, words)


def register(registry: Any) -> None:
    """Hang the drawing into all 3D views."""
    space = bpy.types.SpaceView3D
    for function, when in ((draw, "POST_VIEW"), (draw_names, "POST_PIXEL")):
        handle = space.draw_handler_add(function, (), "WINDOW", when)
        registry.on_undo(lambda handle=handle: space.draw_handler_remove(handle, "WINDOW"))
    registry.on_undo(lambda: _kept.__setitem__(slice(None), [None, []]))
