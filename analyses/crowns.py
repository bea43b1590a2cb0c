"""The crowns of trees as what hides: ellipsoids from a third of a tree's height to its top."""

from __future__ import annotations

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.lettering import number

TRUNK = 0.3  # share of the height below the crown: an assumption, registers do not say
HEIGHT, CROWN = 10.0, 6.0  # metres, where a register does not say


def first(applied: Applied, start: FloatArray, end: FloatArray) -> tuple[int, float]:
    """The tree whose crown a line from start to end (3,) meets first and the share of the line before it; (-1, inf) for none."""
    middle, half = bodies(applied)
    if not len(middle):
        return -1, np.inf
    near = np.flatnonzero(shapely.distance(shapely.LineString([start[:2], end[:2]]), shapely.points(middle[:, :2])) <= half[:, 0])
    if not len(near):
        return -1, np.inf
    # Scaled so that the crown is a ball of radius 1 about the origin.
    a, d = (start - middle[near]) / half[near], (end - start) / half[near]
    aa, ad, dd = (a * a).sum(axis=1) - 1, (a * d).sum(axis=1), (d * d).sum(axis=1)
    under = ad * ad - dd * aa
    enter = np.where(under >= 0, (-ad - np.sqrt(np.maximum(under, 0))) / dd, np.inf)
    leave = np.where(under >= 0, (-ad + np.sqrt(np.maximum(under, 0))) / dd, -np.inf)
    # Whoever stands inside of a crown stands under it, and looks out between the branches.
    share = np.where((enter > 0) & (enter < 1) & (leave > 0), enter, np.inf)
    best = int(share.argmin())
    return (int(near[best]), float(share[best])) if np.isfinite(share[best]) else (-1, np.inf)


def top_at(applied: Applied, xy: FloatArray) -> tuple[FloatArray, IntArray]:
    """(n,) the height of the highest crown over places (n, 2), -inf for none, and (n,) the tree it belongs to."""
    middle, half = bodies(applied)
    top, owner = np.full(len(xy), -np.inf), np.full(len(xy), -1, np.int32)
    if not len(middle) or not len(xy):
        return top, owner
    low, high = xy.min(axis=0), xy.max(axis=0)
    near = np.flatnonzero(((middle[:, :2] + half[:, :2] >= low) & (middle[:, :2] - half[:, :2] <= high)).all(axis=1))
    places = shapely.STRtree(shapely.points(xy))
    for tree in near.tolist():
        inside = places.query(shapely.Point(middle[tree, :2]).buffer(half[tree, 0]), predicate="intersects")
        away = ((xy[inside] - middle[tree, :2]) ** 2).sum(axis=1) / half[tree, 0] ** 2
        height = middle[tree, 2] + half[tree, 2] * np.sqrt(np.maximum(1 - away, 0))
        better = height > top[inside]
        top[inside[better]], owner[inside[better]] = height[better], tree
    return top, owner


def name_of(applied: Applied, tree: int) -> str:
    """A tree in words."""
    trees = applied.trees
    at = applied.site.origin.to_world(trees.position[tree])
    return f"Baum {trees.species[tree] or ''}".strip() + f" bei E {number(float(at[0]), 0)} N {number(float(at[1]), 0)}"


def bodies(applied: Applied) -> tuple[FloatArray, FloatArray]:
    """Middles (n, 3) and half axes (n, 3) of all crowns; trees outside the terrain stand nowhere."""
    trees, terrain = applied.trees, applied.site.terrain
    if terrain is None or not len(trees):
        return np.zeros((0, 3)), np.zeros((0, 3))
    ground = terrain.height_at(trees.position)
    height, crown = np.where(trees.height > 0, trees.height, HEIGHT), np.where(trees.crown > 0, trees.crown, CROWN)
    low, high = ground + TRUNK * height, ground + height
    middle = np.column_stack([trees.position, (low + high) / 2])
    half = np.column_stack([crown / 2, crown / 2, (high - low) / 2])
    middle[~np.isfinite(middle[:, 2])] = 1e9
    return middle, half
