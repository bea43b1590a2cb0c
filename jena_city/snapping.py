"""What a point drawn by hand was meant to be: a corner that is there, a place on a line, a right angle to what was drawn before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import shapely

from .arrays import FloatArray

SnapKind = Literal["free", "start", "corner", "edge", "angle", "crossing"]


@dataclass(frozen=True)
class Snap:
    """point (2,) scene coordinates. kind : why it is there. source : what the corner or edge belongs to, "" for none."""

    point: FloatArray
    kind: SnapKind = "free"
    source: str = ""


class Guides:
    """The outlines that drawing holds on to: of buildings, blocks, plots, plan areas.

    shapes : (source, shapely geometry) pairs in scene coordinates. Only what lies near the mouse is ever taken apart, so a whole
    city may be given.
    """

    def __init__(self, shapes: Iterable[tuple[str, Any]]) -> None:
        named = [(source, shape) for source, shape in shapes if shape is not None and not shape.is_empty]
        self.sources = [source for source, _ in named]
        self.shapes = np.array([shape for _, shape in named], object)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def with_more(self, shapes: Iterable[tuple[str, Any]]) -> Guides:
        """These and others."""
        return Guides([*zip(self.sources, self.shapes, strict=True), *shapes])

    def under(self, point: FloatArray) -> list[int]:
        """Numbers of the areas that a point lies in, the smallest first."""
        found = self._tree.query(shapely.Point(point), predicate="intersects")
        areas = [int(one) for one in found if shapely.area(self.shapes[one]) > 0]
        return sorted(areas, key=lambda one: float(shapely.area(self.shapes[one])))

    def segments(self, point: FloatArray, reach: float) -> tuple[FloatArray, list[str]]:
        """The edges (n, 2, 2) that come within `reach` metres of a point, and what each belongs to."""
        x, y = point
        numbers = self._tree.query(shapely.box(x - reach, y - reach, x + reach, y + reach))
        found, sources = [np.zeros((0, 2, 2))], list[str]()
        for number in numbers:
            for part in shapely.get_parts(self.shapes[number]):
                lines = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
                for line in lines:
                    corners = shapely.get_coordinates(line)
                    edges = np.stack([corners[:-1], corners[1:]], axis=1)
                    near = distances(point, edges)[0] <= reach
                    found.append(edges[near])
                    sources += [self.sources[number]] * int(near.sum())
        return np.concatenate(found), sources

    def near(self, point: FloatArray, reach: float) -> Snap | None:
        """The corner within `reach` metres, else the place on an edge; None where there is neither."""
        edges, sources = self.segments(point, reach)
        if not len(edges):
            return None
        corners = edges.reshape(-1, 2)
        away = np.hypot(*(corners - point).T)
        best = int(np.argmin(away))
        if away[best] <= reach:
            return Snap(corners[best], "corner", sources[best // 2])
        away, feet = distances(point, edges)
        best = int(np.argmin(away))
        return Snap(feet[best], "edge", sources[best])

    def direction(self, point: FloatArray, reach: float) -> float | None:
        """Direction of the nearest edge within `reach` metres, radians from east; None without one."""
        edges, _ = self.segments(point, reach)
        if not len(edges):
            return None
        along = np.diff(edges[int(np.argmin(distances(point, edges)[0]))], axis=0)[0]
        return math.atan2(along[1], along[0])


def distances(point: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How far a point is from each edge (n, 2, 2), and the nearest places on them (n, 2)."""
    along = edges[:, 1] - edges[:, 0]
    length = np.maximum(np.einsum("nj,nj->n", along, along), 1e-18)
    share = np.clip(np.einsum("nj,nj->n", point - edges[:, 0], along) / length, 0.0, 1.0)
    feet = edges[:, 0] + share[:, None] * along
    return np.hypot(*(feet - point).T), feet


def snapped(guides: Guides, drawn: Sequence[FloatArray], cursor: FloatArray, reach: float) -> Snap:
    """Where the next corner comes.

    drawn : corners put so far. cursor (2,) : where the mouse points. reach : metres within which a corner, an edge or a right angle is
    meant. In this order: back to the first corner, a corner that is there, a right angle that meets an edge, a right angle, an edge.
    """
    if len(drawn) >= 3 and math.dist(cursor, drawn[0]) <= reach:
        return Snap(drawn[0], "start")
    near = guides.near(cursor, reach)
    if near is not None and near.kind == "corner":
        return near
    rays = _rays(guides, drawn, reach)
    held = _held(rays, cursor, reach)
    if held is None:
        return near or Snap(cursor)
    point, start, along = held
    edges, sources = guides.segments(cursor, reach)
    for edge, source in zip(edges, sources, strict=True):
        met = meeting(start, along, edge)
        if met is not None and math.dist(met, cursor) <= 2 * reach:
            return Snap(met, "crossing", source)
    for other, direction in rays:
        if other is not start:
            met = _cross(start, along, other, direction)
            if met is not None and math.dist(met, cursor) <= reach:
                return Snap(met, "angle")
    return Snap(point, "angle")


def _rays(guides: Guides, drawn: Sequence[FloatArray], reach: float) -> list[tuple[FloatArray, FloatArray]]:
    """Lines (place, direction) that are at right angles or in line with what was drawn: through the last corner and the first one."""
    if not drawn:
        return []
    if len(drawn) >= 2:
        directions = [drawn[-1] - drawn[-2], drawn[1] - drawn[0]]
    else:
        found = guides.direction(drawn[0], reach)
        directions = [np.array([1.0, 0.0])] if found is None else [np.array([math.cos(found), math.sin(found)])]
    rays = []
    for place in (drawn[-1], drawn[0]) if len(drawn) > 2 else (drawn[-1],):
        for direction in directions:
            unit = direction / max(float(np.hypot(*direction)), 1e-12)
            rays += [(place, unit), (place, np.array([-unit[1], unit[0]]))]
    return rays


def _held(
    rays: Sequence[tuple[FloatArray, FloatArray]], cursor: FloatArray, reach: float
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """(place on it, its start, its direction) of the nearest ray within reach of the cursor; those of the last corner come first."""
    best, found = reach, None
    for start, along in rays:
        away = cursor - start
        off = abs(float(away[0] * along[1] - away[1] * along[0]))
        if off < best - 1e-9 and abs(float(away @ along)) > reach:
            best, found = off, (start + float(away @ along) * along, start, along)
    return found


def meeting(start: FloatArray, along: FloatArray, edge: FloatArray) -> FloatArray | None:
    """Where a line meets an edge (2, 2); None beside it or for parallels."""
    met = _cross(start, along, edge[0], edge[1] - edge[0])
    if met is None or distances(met, edge[None])[0][0] > 1e-6:
        return None
    return met


def _cross(start: FloatArray, along: FloatArray, other: FloatArray, direction: FloatArray) -> FloatArray | None:
    turn = float(along[0] * direction[1] - along[1] * direction[0])
    if abs(turn) < 1e-9 * max(float(np.hypot(*direction)), 1e-12):
        return None
    away = other - start
    return start + float(away[0] * direction[1] - away[1] * direction[0]) / turn * along
