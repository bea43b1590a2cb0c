"""How porous the ground is: areas that do not overlap, and the edges between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from ...jena_city.arrays import FloatArray


def partition(cover: Sequence[tuple[shapely.Polygon, float]]) -> tuple[list[shapely.Polygon], FloatArray]:
    """Areas that do not overlap: each later one is cut out of those before, and those of one factor become one."""
    by_factor: dict[float, list[shapely.Geometry]] = {}
    covered = shapely.Polygon()
    crossing = len(cover) > 1 and bool(
        shapely.STRtree([p for p, _ in cover]).query([p for p, _ in cover], predicate="overlaps").size
        or shapely.STRtree([p for p, _ in cover]).query([p for p, _ in cover], predicate="contains_properly").size
    )
    for polygon, factor in reversed(cover):
        valid = shapely.make_valid(polygon)
        by_factor.setdefault(float(factor), []).append(shapely.difference(valid, covered) if crossing else valid)
        if crossing:
            covered = shapely.union(covered, valid)
    pieces: list[shapely.Polygon] = []
    factors: list[float] = []
    for factor, parts in by_factor.items():
        for piece in shapely.get_parts(shapely.union_all(parts)):
            if isinstance(piece, shapely.Polygon) and piece.area > 0:
                pieces.append(piece)
                factors.append(factor)
    return pieces, np.array(factors)


def borders(pieces: list[shapely.Polygon], factors: FloatArray, otherwise: float) -> tuple[FloatArray, FloatArray]:
    """Edges between kinds of ground: (n, 6) without heights, and the factors left and right of each."""
    if not pieces:
        return np.zeros((0, 6)), np.zeros((0, 2))
    noded = shapely.get_parts(shapely.node(shapely.union_all(shapely.boundary(pieces))))
    ends = np.vstack([np.hstack([line[:-1], line[1:]]) for line in (shapely.get_coordinates(part) for part in noded)])
    middle, along = (ends[:, :2] + ends[:, 2:]) / 2, ends[:, 2:] - ends[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    ends, middle, along = ends[length > 0], middle[length > 0], along[length > 0] / length[length > 0, None]
    off = np.column_stack([-along[:, 1], along[:, 0]]) * 1e-4
    tree = shapely.STRtree(pieces)
    sides = np.full((len(ends), 2), otherwise)
    for side, sign in ((0, 1.0), (1, -1.0)):
        which, piece = tree.query(shapely.points(middle + sign * off), predicate="within")
        sides[which, side] = factors[piece]
    telling = sides[:, 0] != sides[:, 1]
    flat = np.zeros(telling.sum())
    ends, sides = ends[telling], sides[telling]
    return np.column_stack([ends[:, 0], ends[:, 1], flat, ends[:, 2], ends[:, 3], flat]), sides
