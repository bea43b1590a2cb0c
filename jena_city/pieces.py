"""Ground in parts that are reckoned and remembered by themselves, so that a change in one place costs that place alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import shapely

from .arrays import groups, of_things, parted
from .memory import Memory

SQUARE = 64.0  # metres


def joined(shapes: Sequence[Any], memory: Memory) -> list[Any]:
    """What some shapes cover together, as shapes that touch each other no more: each the union of those that meet."""
    array = of_things(shapes)
    if len(array) < 2:
        return list(array)
    one, other = shapely.STRtree(array).query(array, predicate="intersects")
    together = [array[some].tolist() for some in parted(np.arange(len(array)), groups(one, other, len(array)))]
    return [of[0] if len(of) == 1 else memory.of(("joined", *of), partial(shapely.union_all, of)) for of in together]


def squares(land: Any) -> list[Any]:
    """Some land as polygons, cut along a grid of 64 m that lies the same for all land."""
    west, south, east, north = land.bounds
    if not all(map(math.isfinite, land.bounds)):
        return []
    columns, rows = (np.arange(math.floor(low / SQUARE), math.ceil(high / SQUARE)) for low, high in ((west, east), (south, north)))
    x, y = (grid.ravel() * SQUARE for grid in np.meshgrid(columns, rows))
    found = shapely.get_parts(shapely.get_parts(shapely.intersection(shapely.box(x, y, x + SQUARE, y + SQUARE), land)))
    return found[shapely.area(found) > 0.0].tolist()  # type: ignore[no-any-return]
