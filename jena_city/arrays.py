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
