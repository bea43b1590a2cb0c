"""Points and lines that bear values: places that were looked from, sight lines, what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import FloatArray, IntArray

Words = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Points:
    """Places with names. points : (n, 3). names : (n,). heads : (k,) what else is said of each; table : (n, k) the words."""

    points: FloatArray
    names: Words
    heads: Words
    table: Words

    @property
    def size(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Lines:
    """Lines in space, one value each. vertices : (V, 3). start : (n + 1,) of line k start[k] to start[k + 1] - 1, two or more.
    names, heads, table : as for `Points`."""

    vertices: FloatArray
    start: IntArray
    names: Words
    heads: Words
    table: Words

    @property
    def size(self) -> int:
        return len(self.start) - 1

    @property
    def points(self) -> FloatArray:
        """(n, 3) the first vertex of each line."""
        return np.asarray(self.vertices[self.start[:-1]])

    @property
    def length(self) -> FloatArray:
        """(n,) metres, along the line."""
        pieces = np.linalg.norm(np.diff(self.vertices, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(pieces)])
        return np.asarray(along[self.start[1:] - 1] - along[self.start[:-1]])


def points(places: FloatArray, names: Sequence[str], rows: Sequence[dict[str, str]]) -> Points:
    """Places (n, 3) with names and what else is said of each; all rows have the same keys."""
    return Points(np.asarray(places, np.float64).reshape(-1, 3), np.array(names, np.str_), *_table(rows))


def lines(each: Sequence[FloatArray], names: Sequence[str], rows: Sequence[dict[str, str]]) -> Lines:
    """Lines, each (m, 3) with two or more vertices, with names and what else is said of each; all rows have the same keys."""
    start = np.concatenate([[0], np.cumsum([len(one) for one in each])]).astype(np.int32)
    vertices = np.concatenate(each) if each else np.zeros((0, 3))
    return Lines(vertices, start, np.array(names, np.str_), *_table(rows))


def _table(rows: Sequence[dict[str, str]]) -> tuple[Words, Words]:
    heads = list(rows[0]) if rows else []
    return np.array(heads, np.str_), np.array([list(row.values()) for row in rows], np.str_).reshape(len(rows), len(heads))
