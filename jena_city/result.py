"""Numbers about the city on a support (grid or faces), with everything needed to show, compare and trust them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .model import FloatArray, IntArray
from .origin import Origin


@dataclass(frozen=True)
class Grid:
    """Cells on the ground. Row 0 is the southernmost, column 0 the westernmost; values run row by row.

    x, y : scene coordinates of the lower left corner of cell (0, 0). step : cell size, metres. height : (rows * columns,)
    metres, where the value was taken.
    """

    x: float
    y: float
    step: float
    rows: int
    columns: int
    height: FloatArray

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @property
    def points(self) -> FloatArray:
        """(rows * columns, 3) cell centres."""
        rows, columns = np.divmod(np.arange(self.size), self.columns)
        return np.column_stack([self.x + (columns + 0.5) * self.step, self.y + (rows + 0.5) * self.step, self.height])


@dataclass(frozen=True)
class Faces:
    """Façades and roofs cut into cells, one value per cell.

    points, normals : (n, 3) where and facing what the value was taken (on the surface, unit, outward). area : (n,) m².
    building : (n,) row in the CityModel, or -1 - block index for a block of the variant. semantics : (n,) Semantics.
    vertices (V, 3), triangles (T, 3), triangle_cell (T,) : the cells as a mesh, for pictures.
    """

    points: FloatArray
    normals: FloatArray
    area: FloatArray
    building: IntArray
    semantics: npt.NDArray[np.uint8]
    vertices: FloatArray
    triangles: IntArray
    triangle_cell: IntArray

    @property
    def size(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Classes:
    """How values become colours: n + 1 edges, n colours ("#rrggbb") and n labels; values outside take the end classes."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass
class Result:
    """Values on a support.

    analysis : name in the registry. title, unit : for people. values : (support.size,) float32; meaningless where not valid.
    valid : (support.size,) bool (outside the area, inside a building: not valid). method : one line on how it was
    computed (date and time basis, what was left out). settings : what was asked for. inputs : name -> hash of all that
    went in; a result is stale when one of them differs today. source : licence line of the data used.
    """

    analysis: str
    title: str
    unit: str
    variant: str
    origin: Origin
    support: Grid | Faces
    values: npt.NDArray[np.float32]
    valid: npt.NDArray[np.bool_]
    classes: Classes
    method: str
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    source: str = ""
