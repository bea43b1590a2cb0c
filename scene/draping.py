"""Lines and points as thin strips and small squares that lie on the ground."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.terrain import Terrain

ABOVE = 0.25  # metres over the ground
WIDTH, SQUARE = 0.4, 1.2  # metres: of a strip, of the square for a point
FINEST, MOST = 2.0, 1_000_000  # metres of a piece of a strip at least, and pieces in all


def draped(geometry: npt.NDArray[np.object_], ground: Terrain) -> tuple[FloatArray, IntArray]:
    """Vertices (V, 3) and triangles (T, 3), facing up, of lines and points in scene coordinates; what lies where the ground has no
    heights is not there."""
    step = max(ground.step, FINEST, float(shapely.length(geometry).sum()) / MOST)
    lines = shapely.segmentize(geometry[shapely.length(geometry) > 0], step)
    points = shapely.get_coordinates(geometry[shapely.get_type_id(geometry) == 0])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    ends = np.flatnonzero((line[1:] == line[:-1]) & (coordinates[1:] != coordinates[:-1]).any(axis=1))
    start = np.concatenate([coordinates[ends], points - [SQUARE / 2, 0]])
    end = np.concatenate([coordinates[ends + 1], points + [SQUARE / 2, 0]])
    half = np.repeat([WIDTH / 2, SQUARE / 2], [len(ends), len(points)])
    along = end - start
    side = np.column_stack([-along[:, 1], along[:, 0]]) * (half / np.linalg.norm(along, axis=1))[:, None]
    corners = np.stack([start - side, end - side, end + side, start + side], axis=1)
    height = ground.height_at(corners.reshape(-1, 2)).reshape(-1, 4)
    there = np.isfinite(height).all(axis=1)
    vertices = np.concatenate([corners[there], height[there, :, None] + ABOVE], axis=2).reshape(-1, 3)
    first = 4 * np.arange(np.count_nonzero(there))
    triangles = np.concatenate([np.column_stack([first, first + 1, first + 2]), np.column_stack([first, first + 2, first + 3])])
    return vertices, triangles.astype(np.int32)
