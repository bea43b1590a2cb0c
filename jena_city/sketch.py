"""An outline being drawn: corners put one after the other, lengths typed, one step taken back at a time. Knows nothing of a screen."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely

from .arrays import FloatArray
from .problems import InputProblem
from .snapping import Guides, Snap, snapped

SketchKind = Literal["rectangle", "polygon"]
SMALLEST = 0.05  # metres: a side shorter than this was a click too many
_TYPED = re.compile(r"\d*[.,]?\d*")


@dataclass
class Sketch:
    """kind : a rectangle takes three corners (its first side, then its depth), a polygon any number. guides : what it holds on to.
    corners : put so far, each (2,) scene coordinates. typed : the length of the next side as it is being typed, "" for none.
    cursor : where the mouse is; reach : metres around it, see `snapping.snapped`; free : whether it holds on to nothing."""

    kind: SketchKind
    guides: Guides
    corners: list[FloatArray] = field(default_factory=list)
    typed: str = ""
    cursor: FloatArray | None = None
    reach: float = 0.5
    free: bool = False

    @property
    def length(self) -> float | None:
        """The typed length in metres; None while none is typed."""
        try:
            value = float(self.typed.replace(",", "."))
        except ValueError:
            return None
        return value if value > 0 else None

    def type(self, character: str) -> bool:
        """Add a digit, point or comma to the length; whether it fits there."""
        if not self.corners or not _TYPED.fullmatch(self.typed + character) or len(self.typed) > 8:
            return False
        self.typed += character
        return True

    def back(self) -> bool:
        """Take the last character back, else the last corner; False when there was neither."""
        if self.typed:
            self.typed = self.typed[:-1]
        elif self.corners:
            self.corners.pop()
        else:
            return False
        return True

    def next(self) -> Snap | None:
        """Where the next corner would come; None before the mouse has been anywhere."""
        if self.cursor is None:
            return None
        snap = Snap(self.cursor) if self.free else snapped(self.guides, self.corners, self.cursor, self.reach)
        if self.kind == "rectangle" and len(self.corners) == 2:
            snap = Snap(self.corners[1] + self._across(snap.point), "angle" if snap.kind == "free" else snap.kind, snap.source)
        if (length := self.length) is not None and self.corners:
            away = snap.point - self.corners[-1]
            far = float(np.hypot(*away))
            if far > 1e-9:
                snap = Snap(self.corners[-1] + away / far * length, "angle" if snap.kind == "angle" else "free")
        return snap

    def _across(self, point: FloatArray) -> FloatArray:
        """From a rectangle's second corner to its third: the part of the way to a point that is at right angles to the first side."""
        a, b = self.corners
        side = (b - a) / np.hypot(*(b - a))
        away = point - b
        return np.asarray(away - float(away @ side) * side)

    def put(self) -> bool:
        """Put the next corner where it would come now. Returns whether the outline is finished; a corner upon the last is ignored."""
        snap = self.next()
        if snap is None or (self.corners and math.dist(snap.point, self.corners[-1]) < SMALLEST):
            return False
        if snap.kind == "start" and self.kind == "polygon":
            return True
        self.corners.append(snap.point)
        self.typed = ""
        return self.kind == "rectangle" and len(self.corners) == 3

    def line(self) -> FloatArray:
        """(n, 2) what there is to see: the corners and the next one, closed where it has an area."""
        snap = self.next()
        points = [*self.corners, *([snap.point] if snap is not None else [])]
        if len(points) < 2:
            return np.array(points).reshape(-1, 2)
        if self.kind == "rectangle" and len(points) == 3:
            points.append(points[0] + points[2] - points[1])
        return np.array([*points, points[0]] if len(points) > 2 else points)

    def shown(self) -> shapely.Polygon | None:
        """The outline with the next corner; None while it has no area or crosses itself."""
        ring = self.line()
        if len(ring) < 4:
            return None
        area = shapely.Polygon(ring)
        return shapely.geometry.polygon.orient(area, 1.0) if area.is_valid and area.area > SMALLEST**2 else None

    def finished(self) -> shapely.Polygon:
        """The outline of the corners put so far; raises InputProblem when it cannot be one."""
        corners = list(self.corners)
        where = "the outline"
        if self.kind == "rectangle" and len(corners) == 3:
            corners.append(corners[0] + corners[2] - corners[1])
        if len(corners) < 3 or (self.kind == "rectangle" and len(corners) < 4):
            raise InputProblem(where, f"it has only {len(corners)} corners", "Put at least three")
        area = shapely.Polygon(corners)
        if not area.is_valid:
            raise InputProblem(where, "it crosses itself", "Take the last corner back and go round the other way")
        if area.area < 1.0:
            raise InputProblem(where, f"it covers only {area.area:.2f} m²", "Draw it larger")
        return shapely.geometry.polygon.orient(area, 1.0)

    def side(self) -> tuple[float, float] | None:
        """(length in metres, angle to the side before in degrees, NaN for the first) of the side being drawn."""
        snap = self.next()
        if snap is None or not self.corners:
            return None
        away = snap.point - self.corners[-1]
        turn = math.nan
        if len(self.corners) > 1:
            before = self.corners[-2] - self.corners[-1]
            cosine = float(away @ before) / max(float(np.hypot(*away) * np.hypot(*before)), 1e-12)
            turn = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
        return float(np.hypot(*away)), turn
