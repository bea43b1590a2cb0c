"""Ground with fewer triangles: squares of a grid that are nearly plane become two triangles, for what draws slowly.

A square of 2, 4, 8 … cells is kept whole where all its points lie within a tolerance of the two triangles between its corners. Where
smaller squares or another grid meet it, it is a fan from its middle to all points that they have along its sides, so that nothing gapes.
The middle lies on the line between the two triangles: so a fan is off the grid's points by twice the tolerance at the most.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .arrays import FloatArray, IntArray

Mask = npt.NDArray[np.bool_]
LARGEST = 64  # cells along the side of a square


def cells(number: IntArray, heights: FloatArray, drawn: Mask, kept: Mask, tolerance: FloatArray) -> IntArray:
    """Triangles (T, 3), upward, of a grid. number (rows, columns) : of its vertices. heights : theirs, metres. drawn : which of its cells
    (rows - 1, columns - 1) are there. kept : its points that other ground meets. tolerance : metres, of each cell."""
    free, used = drawn.copy(), kept.copy()
    squares: list[tuple[int, int, int]] = []
    size = LARGEST
    while size > 1:
        for row, column in (np.argwhere(_plane(heights, free, tolerance, size)) * size).tolist():
            free[row : row + size, column : column + size] = False
            used[row : row + size + 1 : size, column : column + size + 1 : size] = True
            squares.append((row, column, size))
        size //= 2
    row, column = np.nonzero(free)
    for up, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        used[row + up, column + right] = True
    sw, se, nw, ne = number[row, column], number[row, column + 1], number[row + 1, column], number[row + 1, column + 1]
    single = np.stack([np.stack([sw, se, ne], axis=1), np.stack([sw, ne, nw], axis=1)], axis=1).reshape(-1, 3)
    return np.concatenate([single, *(_square(number, used, *square) for square in squares)])


def _plane(heights: FloatArray, free: Mask, tolerance: FloatArray, size: int) -> Mask:
    """Which squares of so many cells, side by side from the first row and column on, may be kept whole."""
    rows, columns = (length // size for length in free.shape)
    if not rows or not columns:
        return np.zeros((rows, columns), bool)

    def points(up: int, right: int) -> FloatArray:
        return heights[up : up + (rows - 1) * size + 1 : size, right : right + (columns - 1) * size + 1 : size]

    def in_squares(of_cells: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return of_cells[: rows * size, : columns * size].reshape(rows, size, columns, size)

    sw, se, nw, ne = points(0, 0), points(0, size), points(size, 0), points(size, size)
    off = np.zeros((rows, columns))
    for up in range(size + 1):
        for right in range(size + 1):
            t, s = up / size, right / size
            between = sw * (1 - s) + se * (s - t) + ne * t if s >= t else sw * (1 - t) + nw * (t - s) + ne * s
            off = np.maximum(off, np.abs(points(up, right) - between))  # not a number where a height is unknown: no square then
    return np.asarray(in_squares(free).all(axis=(1, 3)) & (off <= in_squares(tolerance).min(axis=(1, 3))))


def _square(number: IntArray, used: Mask, row: int, column: int, size: int) -> IntArray:
    """The triangles of a square, with all points that are used along its sides."""
    top, right = row + size, column + size
    around = np.concatenate([
        number[row, column + np.flatnonzero(used[row, column:right])],
        number[row + np.flatnonzero(used[row:top, right]), right],
        number[top, right - np.flatnonzero(used[top, right:column:-1])],
        number[top - np.flatnonzero(used[top:row:-1, column]), column],
    ])  # fmt: skip
    if len(around) == 4:
        return np.asarray(around[[[0, 1, 2], [0, 2, 3]]])
    middle = np.full(len(around), number[row + size // 2, column + size // 2])
    return np.stack([middle, around, np.roll(around, -1)], axis=1)
