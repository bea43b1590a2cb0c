"""The ground as a regular grid of heights."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .model import FloatArray, IntArray
from .origin import Origin
from .problems import Report


@dataclass
class Terrain:
    """Heights at grid points. Row 0 is the southernmost, column 0 the westernmost.

    x, y : scene coordinates of grid point (0, 0). step : metres between points, the same both ways. heights : (rows,
    columns) float32 metres in the origin's height system, NaN where unknown.
    """

    origin: Origin
    x: float
    y: float
    step: float
    heights: npt.NDArray[np.float32]
    report: Report = field(default_factory=Report)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(min x, min y, max x, max y) of the grid points, scene coordinates."""
        rows, columns = self.heights.shape
        return self.x, self.y, self.x + (columns - 1) * self.step, self.y + (rows - 1) * self.step

    def height_at(self, xy: FloatArray) -> FloatArray:
        """Heights at points (n, 2), bilinear, (n,) metres; NaN outside and next to gaps."""
        raise NotImplementedError

    def mesh(self) -> tuple[FloatArray, IntArray]:
        """Vertices (V, 3) and triangles (T, 3), upward; cells with an unknown corner are left out."""
        raise NotImplementedError
