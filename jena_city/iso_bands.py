"""Values on a grid as bands between lines of equal value: what lies between the cells is taken in a straight line from the next ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray
from .result import Classes

FINEST = 1.0  # metres: pieces that cells are cut into for polygons
MOST = 8  # pieces along a cell
LINE = 0.72  # how dark the line between two bands is against the band


def between(values: FloatArray, valid: npt.NDArray[np.bool_], pieces: int) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Cells (rows, columns) cut into so many pieces each way, bilinear between their middles: values (rows * pieces, columns * pieces), and
    which pieces lie in a valid cell. Where a neighbour is not valid the nearest valid cell speaks for it."""
    from scipy.ndimage import distance_transform_edt, map_coordinates  # takes a tenth of a second, which only bands are worth

    filled = np.asarray(values, float)
    if not valid.all() and valid.any():
        nearest = distance_transform_edt(~valid, return_distances=False, return_indices=True)
        filled = filled[tuple(nearest)]
    at = [(np.arange(size * pieces) + 0.5) / pieces - 0.5 for size in values.shape]
    found = map_coordinates(filled, np.meshgrid(*at, indexing="ij"), order=1, mode="nearest")
    return found, np.repeat(np.repeat(valid, pieces, axis=0), pieces, axis=1)


def painted(
    values: FloatArray, valid: npt.NDArray[np.bool_], pieces: int, classes: Classes, nothing: tuple[int, int, int]
) -> npt.NDArray[np.uint8]:
    """Cells (rows, columns) as bands in class colours (rows * pieces, columns * pieces, 3) with a fine line between them.

    Cells that touch a valid one are painted too: houses are laid over them. nothing : the colour of all others."""
    from scipy.ndimage import binary_dilation

    fine, _ = between(values, valid, pieces)
    index = classes.index(fine.ravel()).reshape(fine.shape)
    rgb = classes.rgb[index]
    for axis in (0, 1):
        line = np.diff(index, axis=axis, append=np.take(index, [-1], axis=axis)) != 0
        rgb[line] = (rgb[line] * LINE).astype(np.uint8)
    beside = binary_dilation(valid, np.ones((3, 3), bool))
    rgb[~np.repeat(np.repeat(beside, pieces, axis=0), pieces, axis=1)] = nothing
    return np.asarray(rgb)


def smoothed(shapes: dict[int, list[Any]], step: float) -> dict[int, list[Any]]:
    """Polygons by class that were cut along the edges of small cells, without the steps, still without gaps and overlaps."""
    numbers = [number for number, parts in shapes.items() for _ in parts]
    parts = [part for found in shapes.values() for part in found]
    simpler = shapely.coverage_simplify(parts, step) if parts else []
    made: dict[int, list[Any]] = {}
    for number, part in zip(numbers, simpler, strict=True):
        made.setdefault(number, []).extend(piece for piece in shapely.get_parts(part) if not piece.is_empty)
    return made
