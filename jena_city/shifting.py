"""Outlines being moved over the ground: by one of their corners, or by whichever comes near a line. Knows nothing of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from .arrays import FloatArray
from .sketch import Sketch
from .snapping import Guides, Snap, distances, meeting

MOST_CORNERS = 64  # of outlines with more only those of their hull hold on to something
ON_OUTLINE = 1e-3  # metres
_HELD = ("corner", "edge", "crossing")


@dataclass
class Shift:
    """guides : what is held on to, without the outlines themselves. outlines : polygons in scene coordinates, before they move. handle
    (2,) : where they were taken hold of. sketch : the way from there as it is drawn: set `cursor`, `reach` and `free`, type a length."""

    guides: Guides
    outlines: Sequence[Any]
    handle: FloatArray
    sketch: Sketch = field(init=False)

    def __post_init__(self) -> None:
        edges = self._edges
        near = edges[int(np.argmin(distances(self.handle, edges)[0]))]
        along = (near[1] - near[0]) / max(float(np.hypot(*(near[1] - near[0]))), 1e-12)
        own = self.guides if distances(self.handle, edges)[0].min() < ON_OUTLINE else Guides([])  # a place inside comes to no line
        self.sketch = Sketch("polygon", own, [self.handle - along, self.handle])  # along its own edge, or at right angles to it

    @cached_property
    def _edges(self) -> FloatArray:
        rings = [shapely.get_coordinates(ring) for one in self.outlines for ring in (one.exterior, *one.interiors)]
        return np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])

    @cached_property
    def corners(self) -> FloatArray:
        """(n, 2) corners that may hold on to something, before they move."""
        found = self._edges[:, 0]
        return found if len(found) <= MOST_CORNERS else shapely.get_coordinates(shapely.MultiPoint(found).convex_hull)[:MOST_CORNERS]

    def next(self) -> tuple[FloatArray, Snap] | None:
        """The way (2,) that the outlines go now, and why; None before the mouse has been anywhere.

        What was taken hold of on their outline comes first: on a corner or line that is there, or so far as was typed. Else a corner of
        the outlines that comes near one holds, on the way at right angles if they go that way.
        """
        snap = self.sketch.next()
        if snap is None:
            return None
        way = snap.point - self.handle
        if self.sketch.free or self.sketch.length is not None or snap.kind in _HELD:
            return way, snap
        return (self._along(way) if snap.kind == "angle" else self._near(way)) or (way, snap)

    def _near(self, way: FloatArray) -> tuple[FloatArray, Snap] | None:
        """The shortest step more by which a corner comes to a corner or onto a line."""
        found: list[tuple[float, FloatArray, Snap]] = []
        for corner in self.corners + way:
            if (held := self.guides.near(corner, self.sketch.reach)) is not None:
                step = held.point - corner
                found.append((float(np.hypot(*step)) + self.sketch.reach * (held.kind == "edge"), way + step, held))
        return min(found, key=lambda one: one[0])[1:] if found else None

    def _along(self, way: FloatArray) -> tuple[FloatArray, Snap] | None:
        """The way in the same direction at whose end a corner meets a line."""
        length = float(np.hypot(*way))
        if length < 1e-9:
            return None
        unit, found = way / length, list[tuple[float, FloatArray, Snap]]()
        for corner in self.corners + way:
            edges, sources = self.guides.segments(corner, self.sketch.reach)
            for edge, source in zip(edges, sources, strict=True):
                met = meeting(corner, unit, edge)
                if met is not None and (step := float((met - corner) @ unit)) <= self.sketch.reach and step >= -self.sketch.reach:
                    found.append((abs(step), way + step * unit, Snap(met, "crossing", source)))
        return min(found, key=lambda one: one[0])[1:] if found else None
