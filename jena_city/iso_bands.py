"""Values on a grid as bands between lines of equal value: what lies between the cells is taken in a straight line from the next ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import binary_dilation, distance_transform_edt, map_coordinates

from .arrays import FloatArray

FINEST = 1.0  # metres: pieces that cells are cut into for polygons
MOST = 8  # pieces along a cell


def between(values: FloatArray, valid: npt.NDArray[np.bool_], pieces: int) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Cells (rows, columns) cut into so many pieces each way, bilinear between their middles: values (rows * pieces, columns * pieces), and
    which pieces lie in a valid cell. Where a neighbour is not valid the nearest valid cell speaks for it."""
    filled = np.asarray(values, float)
    if not valid.all() and valid.any():
        nearest = distance_transform_edt(~valid, return_distances=False, return_indices=True)
        filled = filled[tuple(nearest)]
    at = [(np.arange(size * pieces) + 0.5) / pieces - 0.5 for size in values.shape]
    found = map_coordinates(filled, np.meshgrid(*at, indexing="ij"), order=1, mode="nearest")
    return found, np.repeat(np.repeat(valid, pieces, axis=0), pieces, axis=1)


def beside(valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Valid cells and those that touch one: what a map paints before it lays the houses over it."""
    return np.asarray(binary_dilation(valid, np.ones((3, 3), bool)))


def smoothed(shapes: dict[int, list[Any]], step: float) -> dict[int, list[Any]]:
    """Polygons by class that were cut along the edges of small cells, without the steps, still without gaps and overlaps."""
    numbers = [number for number, parts in shapes.items() for _ in parts]
    parts = [part for found in shapes.values() for part in found]
    simpler = shapely.coverage_simplify(parts, step) if parts else []
    made: dict[int, list[Any]] = {}
    for number, part in zip(numbers, simpler, strict=True):
        made.setdefault(number, []).extend(piece for piece in shapely.get_parts(part) if not piece.is_empty)
    return made
