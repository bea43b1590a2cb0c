"""The kinds of array that every module speaks of; docstrings give their shapes and units."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.integer[Any]]
ObjectArray = npt.NDArray[np.object_]


def of_things(things: Iterable[Any]) -> ObjectArray:
    """(n,) of things as they are. `np.array` asks each first whether it is a row of others, which of shapes takes a hundredfold."""
    return np.fromiter(things, object)


def parted(what: IntArray, by: IntArray) -> list[IntArray]:
    """`what` (n,) in parts of equal `by` (n,), the smallest `by` first; in each the order stays."""
    order = np.argsort(by, kind="stable")
    return np.split(what[order], np.flatnonzero(np.diff(by[order])) + 1) if len(what) else []


def groups(first: IntArray, second: IntArray, count: int) -> IntArray:
    """Which group each of so many things is in (count,), from 0 on: those that pairs (first, second), of any number of them, connect."""
    from scipy.sparse import coo_array  # these two take a third of a second to be loaded, whatever the program is asked
    from scipy.sparse.csgraph import connected_components

    return np.asarray(connected_components(coo_array((np.ones(len(first)), (first, second)), (count, count)), directed=False)[1])
