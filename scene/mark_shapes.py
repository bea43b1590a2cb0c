"""Points and lines of results as meshes: small bodies and thin rods, whose faces know the mark they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.marks import Lines, Points

RADIUS = 1.2  # metres of a point's body
THICK = 0.2  # metres from the middle of a rod to its edges
_OCTAHEDRON = np.array([(1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], np.float64)
_ITS_FACES = np.array([(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4), (1, 0, 5), (2, 1, 5), (3, 2, 5), (0, 3, 5)])


def bodies(marks: Points | Lines, shown: Any) -> tuple[FloatArray, IntArray, Any]:
    """Vertices, triangles, and the mark of each triangle. shown : (n,) bool."""
    return _octahedra(marks, shown) if isinstance(marks, Points) else _rods(marks, shown)


def _octahedra(marks: Points, shown: Any) -> tuple[FloatArray, IntArray, Any]:
    which = np.flatnonzero(shown)
    vertices = (marks.points[which, None] + RADIUS * _OCTAHEDRON).reshape(-1, 3)
    triangles = (_ITS_FACES + 6 * np.arange(len(which))[:, None, None]).reshape(-1, 3)
    return vertices, triangles.astype(np.int32), np.repeat(which, len(_ITS_FACES))


def _rods(marks: Lines, shown: Any) -> tuple[FloatArray, IntArray, Any]:
    """A square rod along each piece of each line."""
    line = np.repeat(np.arange(marks.size), np.diff(marks.start))
    piece = np.flatnonzero((line[1:] == line[:-1]) & np.asarray(shown)[line[:-1]]) if marks.size else np.zeros(0, np.int64)
    a, b = marks.vertices[piece], marks.vertices[piece + 1]
    along = (b - a) / np.maximum(np.linalg.norm(b - a, axis=1), 1e-9)[:, None]
    steep = np.abs(along[:, 2:]) > 0.9
    side = np.cross(along, np.where(steep, [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]))
    side *= THICK / np.maximum(np.linalg.norm(side, axis=1), 1e-9)[:, None]
    up = np.cross(side, along)
    corners = np.stack([end + x * side + y * up for end in (a, b) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))], axis=1)
    sides = [face for k in range(4) for face in ((k, (k + 1) % 4, (k + 1) % 4 + 4), (k, (k + 1) % 4 + 4, k + 4))]
    faces = np.array([*sides, (3, 2, 1), (3, 1, 0), (4, 5, 6), (4, 6, 7)])
    triangles = (faces + 8 * np.arange(len(piece))[:, None, None]).reshape(-1, 3)
    return corners.reshape(-1, 3), triangles.astype(np.int32), np.repeat(line[piece], len(faces))
