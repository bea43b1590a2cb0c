"""A block made a closed solid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .model import FloatArray, IntArray
from .variant import Block


@dataclass(frozen=True)
class Solid:
    """A closed, outward-oriented polyhedron.

    vertices (V, 3). faces : list of rings lists (outer first, then holes), each ring an int array into vertices, counter-
    clockwise seen from outside. semantics (F,) Semantics. triangles (T, 3), triangle_face (T,).
    """

    vertices: FloatArray
    faces: list[list[IntArray]]
    semantics: npt.NDArray[np.uint8]
    triangles: IntArray
    triangle_face: IntArray


def solid(block: Block, base: float) -> Solid:
    """The solid of a block standing at height `base`; raises InputProblem for an impossible footprint or roof."""
    raise NotImplementedError
