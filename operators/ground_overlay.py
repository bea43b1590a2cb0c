"""Drawn on the ground of the viewport: Abstandsflächen of the shown variant, what of them lies where it must not, and plots with their
names. Laid on the ground when the figures have changed or a switch was turned; a frame hands it to the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import blf
import bpy
import gpu
import numpy as np
import numpy.typing as npt
import shapely
from bpy.app.handlers import persistent
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu_extras.batch import batch_for_shader

from ..jena_city.arrays import FloatArray
from ..jena_city.reckoning import Reckoned
from ..jena_city.site import Site
from ..scene import document, handlers
from . import key_figures, view

ABOVE, HIGHER = 0.25, 0.15  # metres over the ground, so that the ground does not hide them; and of what lies over others
FINE = 2.0  # metres between points of a line, which follows the ground
MOST_PARCELS = 4000  # those nearest to what is planned
CLEAR, CLEAR_EDGE = (0.35, 0.55, 0.85, 0.20), (0.20, 0.38, 0.65, 0.85)
BROKEN = (0.84, 0.32, 0.16, 0.38)
PLOT, PARCEL, INK = (0.16, 0.16, 0.17, 0.9), (0.16, 0.16, 0.17, 0.45), (0.13, 0.14, 0.15, 1.0)


@dataclass(eq=False)
class Layer:
    """What is drawn alike. triangles (3 n, 3), lines (2 n, 3) : points on the ground, float32. fill, edge : colours. wide : pixels."""

    triangles: npt.NDArray[np.float32]
    lines: npt.NDArray[np.float32]
    fill: tuple[float, ...] = ()
    edge: tuple[float, ...] = ()
    wide: float = 1.0

    @cached_property
    def batches(self) -> list[tuple[Any, Any, tuple[float, ...]]]:
        """(shader, batch, colour) on the graphics card; asked for with the first frame, before which there is none."""
        found = []
        if self.fill and len(self.triangles):
            shader = gpu.shader.from_builtin("UNIFORM_COLOR")
            found.append((shader, batch_for_shader(shader, "TRIS", {"pos": self.triangles}), self.fill))
        if self.edge and len(self.lines):
            shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
            found.append((shader, batch_for_shader(shader, "LINES", {"pos": self.lines}), self.edge))
        return found


Name = tuple[tuple[float, float, float], str]
"""A place and the words that stand there."""
_layers: list[Layer] = []
_names: list[Name] = []
_parcels: list[Any] = [None, []]
"""The parcels that were laid last, and their layers."""
_of: list[Any] = [None]
"""What was laid: the reckoned variant and the switches."""


@persistent
def follow(scene: Any) -> None:
    """Lay anew what is other than before; `key_figures.follow` goes before."""
    state = key_figures.reckoned[0]
    now = (state, scene.jena.show_clearances, scene.jena.show_plots)
    if _of[0] == now:
        return
    _of[0] = now
    _layers[:], _names[:] = laid(state, clearances=now[1], plots=now[2]) if state is not None else ([], [])
    for area, _ in view.views(scene):
        area.tag_redraw()


def forget() -> None:
    """Nothing is drawn."""
    _layers.clear()
    _names.clear()
    _of[0], _parcels[:] = None, [None, []]


def laid(state: Reckoned, *, clearances: bool, plots: bool) -> tuple[list[Layer], list[Name]]:
    """What there is to draw of a variant: its Abstandsflächen, its plots."""
    site, layers, names = state.applied.site, [], []
    if clearances:
        layers.append(_layer([wall.shape for wall in state.walls], site, fill=CLEAR, edge=CLEAR_EDGE, wide=1.5))
        wrong = [one.ground for one in state.findings if one.severity == "broken" and one.ground is not None]
        layers.append(_layer(wrong, site, HIGHER, fill=BROKEN))
    if plots:
        layers += _of_parcels(state)
        layers.append(_layer([plot.shape for plot in state.plots], site, edge=PLOT, wide=2.5))
        words = [(plot.shape, f"{plot.name} · {plot.area:.0f} m²") for plot in state.plots] + _numbers(state)
        spots = [shape.representative_point() for shape, _ in words]
        places = _on_ground(np.array([(spot.x, spot.y) for spot in spots]).reshape(-1, 2), site).tolist()
        names = [((x, y, z), said) for (x, y, z), (_, said) in zip(places, words, strict=True)]
    return layers, names


def _of_parcels(state: Reckoned) -> list[Layer]:
    """The Flurstücke nearest to what is planned."""
    site = state.applied.site
    if site.plots is None:
        return []
    near = site.plots.geometry
    if len(near) > MOST_PARCELS:
        planned = [block.footprint for block in state.applied.variant.blocks] + [plot.whole for plot in state.plots]
        middle = shapely.box(*shapely.total_bounds(planned if planned else near)).centroid
        near = near[np.argsort(shapely.distance(near, middle), kind="stable")[:MOST_PARCELS]]
    if _parcels[0] is None or len(_parcels[0]) != len(near) or (_parcels[0] != near).any():
        _parcels[:] = [near, [_layer(near, site, edge=PARCEL)]]
    return list(_parcels[1])


def _numbers(state: Reckoned) -> list[tuple[Any, str]]:
    """The Flurstücke that blocks stand on, with their numbers."""
    plots, blocks = state.applied.site.plots, state.applied.variant.blocks
    if plots is None or not blocks:
        return []
    _, rows = state.applied.site.plot_tree.query([block.footprint for block in blocks], predicate="intersects")
    numbers = plots.columns["number"].astype(str)
    return [(plots.geometry[row], numbers[row]) for row in np.unique(rows).tolist()]


def _layer(shapes: Sequence[Any], site: Site, higher: float = 0.0, **look: Any) -> Layer:
    """Polygons laid on the ground, or metres higher; what of shapes is none is left out."""
    parts = shapely.get_parts(shapely.get_parts(np.array(list(shapes), object)))
    fine = shapely.segmentize(parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)], FINE)
    pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(fine)) if "fill" in look else []
    corners = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)  # each ring closes with its first point
    points, ring = shapely.get_coordinates(shapely.get_rings(fine), return_index=True)
    ground, first = _on_ground(points, site), np.flatnonzero(ring[:-1] == ring[1:])
    up = np.array([0.0, 0.0, higher], np.float32)
    return Layer(_on_ground(corners, site) + up, ground[np.column_stack([first, first + 1]).ravel()] + up, **look)


def _on_ground(xy: FloatArray, site: Site) -> npt.NDArray[np.float32]:
    heights = site.terrain.height_at(xy) if site.terrain is not None else np.zeros(len(xy))
    return np.column_stack([xy, np.where(np.isfinite(heights), heights, 0.0) + ABOVE]).astype(np.float32)


def draw() -> None:
    """The draw handler in the scene's own axes."""
    context = bpy.context
    if not _layers or not document.is_document(context.scene) or not context.space_data.overlay.show_overlays:
        return
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    for layer in _layers:
        for shader, batch, colour in layer.batches:
            shader.uniform_float("color", colour)
            if colour is layer.edge:
                shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
                shader.uniform_float("lineWidth", layer.wide)
            batch.draw(shader)
    gpu.state.depth_test_set("NONE")


def draw_names() -> None:
    """The draw handler in pixels: the names of plots in their middle."""
    context = bpy.context
    if not _names or not document.is_document(context.scene) or not context.space_data.overlay.show_overlays:
        return
    blf.size(0, 12 * context.preferences.system.ui_scale)
    for place, words in _names:
        at = location_3d_to_region_2d(context.region, context.region_data, place)
        if at is None:
            continue
        blf.color(0, *INK)
        blf.position(0, at.x - blf.dimensions(0, words)[0] / 2, at.y, 0)
        blf.draw(0, words)


def register(registry: Any) -> None:
    """Hang the drawing into all 3D views; it follows the key figures."""
    space = bpy.types.SpaceView3D
    for function, when in ((draw, "POST_VIEW"), (draw_names, "POST_PIXEL")):
        handle = space.draw_handler_add(function, (), "WINDOW", when)
        registry.on_undo(lambda handle=handle: space.draw_handler_remove(handle, "WINDOW"))
    registry.handler(handlers.settled, follow)
    registry.handler(handlers.moving, follow)
    registry.on_undo(forget)
