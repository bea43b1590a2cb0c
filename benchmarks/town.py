"""A large made-up town for speed measurements: houses with gable roofs on rolling ground, and the sensors on them."""

from __future__ import annotations

import numpy as np

from ..jena_city.arrays import FloatArray, IntArray

SPACING = 25.0  # metres between houses
TOWERS = 0.02  # share
GROUND, LARGE, COARSE = 2.0, 50_000, 5.0  # metres between points of the ground; of towns with more houses than that, coarser


def ground_height(x: FloatArray, y: FloatArray) -> FloatArray:
    return np.asarray(12 * np.sin(x / 310) * np.cos(y / 270) + 4 * np.sin(x / 83 + y / 97))


def build(houses: int, seed: int = 1) -> tuple[FloatArray, IntArray]:
    """Vertices (V, 3) and triangles (T, 3) of houses (16 triangles each, every fiftieth a tower) on a ground grid of 2 m, or 5 m
    for large towns: 200 000 houses have 13 million triangles."""
    random = np.random.Generator(np.random.PCG64(seed))
    side = int(np.ceil(np.sqrt(houses)))
    extent = side * SPACING
    axis = np.arange(0.0, extent + 1, GROUND if houses <= LARGE else COARSE)
    x, y = np.meshgrid(axis, axis)
    ground = np.column_stack([x.ravel(), y.ravel(), ground_height(x, y).ravel()])
    n = len(axis)
    sw = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    cells = np.concatenate([np.column_stack([sw, sw + 1, sw + n + 1]), np.column_stack([sw, sw + n + 1, sw + n])])
    row, column = np.divmod(np.arange(houses), side)
    place = np.column_stack([column, row]) * SPACING + random.uniform(2, 8, (houses, 2))
    size = random.uniform([9, 7], [15, 12], (houses, 2))
    eaves = np.where(random.random(houses) < TOWERS, random.uniform(25, 60, houses), random.uniform(4, 12, houses))
    base = ground_height(place[:, 0], place[:, 1]) - 1.0
    bodies = _houses(place, size, base, base + 1.0 + eaves)
    triangles = (_HOUSE[None] + 10 * np.arange(houses)[:, None, None]).reshape(-1, 3) + len(ground)
    return np.concatenate([ground, bodies.reshape(-1, 3)]), np.concatenate([cells, triangles])


# Corners 0–3 below, 4–7 at the eaves, 8 and 9 the ends of the ridge.
_HOUSE = np.array(
    [(0, 2, 1), (0, 3, 2), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7)]
    + [(4, 5, 9), (4, 9, 8), (6, 7, 8), (6, 8, 9), (5, 6, 9), (7, 4, 8)]
)


def _houses(place: FloatArray, size: FloatArray, base: FloatArray, eaves: FloatArray) -> FloatArray:
    corners = place[:, None] + size[:, None] * np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    low, high = (np.dstack([corners, np.repeat(z[:, None, None], 4, axis=1)]) for z in (base, eaves))
    ends = place[:, None] + size[:, None] * np.array([(0, 0.5), (1, 0.5)])
    ridge = np.dstack([ends, np.repeat((eaves + size[:, 1] * 0.4)[:, None, None], 2, axis=1)])
    return np.concatenate([low, high, ridge], axis=1)


def sensors(vertices: FloatArray, triangles: IntArray, number: int, seed: int = 2) -> FloatArray:
    """(number, 3) points in random order: half on the ground, half 2 cm off the houses' surfaces, by area."""
    random = np.random.Generator(np.random.PCG64(seed))
    extent = vertices[:, :2].max(axis=0)
    half = number // 2
    xy = random.uniform([0, 0], extent, (number - half, 2))
    ground = np.column_stack([xy, ground_height(xy[:, 0], xy[:, 1]) + 0.05])
    of_houses = triangles[-_house_triangles(triangles) :]
    a, b, c = (vertices[of_houses[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1)
    chosen = random.choice(len(area), half, p=area / area.sum())
    u, v = random.random(half), random.random(half)
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    on_faces = a[chosen] + u[:, None] * (b - a)[chosen] + v[:, None] * (c - a)[chosen]
    return random.permutation(np.concatenate([ground, on_faces + 0.02 * normal[chosen] / area[chosen, None]]))


def _house_triangles(triangles: IntArray) -> int:
    """Houses come last, 16 triangles each, and have their own vertices after the ground's."""
    first_vertex = triangles[:, 0]
    return int(np.count_nonzero(first_vertex > first_vertex[: len(triangles) // 2].max()))
