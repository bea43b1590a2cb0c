"""Ground with fewer triangles: as it was within a tolerance, without gaps, and no more triangles than a plane takes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jena_planner.jena_city import rings
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.terrain import Terrain

from .site import ORIGIN


def ground(heights: np.ndarray, step: float = 1.0, x: float = 0.0, y: float = 0.0, beyond: Terrain | None = None) -> Terrain:
    origin: Origin = ORIGIN
    return Terrain(origin, x, y, step, heights.astype(np.float32), beyond=beyond)


def thinned(terrain: Terrain, tolerance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return rings.mesh(terrain, lambda grid: np.full(np.subtract(grid.heights.shape, 1), tolerance))


def borders(triangles: np.ndarray) -> set[tuple[int, int]]:
    """Edges that only one triangle has, in its direction; fails where two have one in the same."""
    edges = Counter(map(tuple, np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).tolist()))
    assert set(edges.values()) == {1}
    return {edge for edge in edges if edge[::-1] not in edges}


def heights_on(points: np.ndarray, triangles: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Heights of the triangles at places (n, 2), NaN where none is: by areas, triangle by triangle."""
    found = np.full(len(xy), np.nan)
    for a, b, c in points[triangles]:
        u, v, to = (b - a)[:2], (c - a)[:2], xy - a[:2]
        area = u[0] * v[1] - u[1] * v[0]
        s, t = (to[:, 0] * v[1] - to[:, 1] * v[0]) / area, (u[0] * to[:, 1] - u[1] * to[:, 0]) / area
        inside = (s >= -1e-9) & (t >= -1e-9) & (s + t <= 1 + 1e-9)
        found[inside] = a[2] + s[inside] * (b - a)[2] + t[inside] * (c - a)[2]
    return found


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, k], :2] for k in range(3))
    return np.asarray(((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2)


@example(158, 24, 24, 0.0, 0.02, True)  # a corner that the grid within does not know, and the ring does
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(2, 40), st.sampled_from([0.0, 0.02, 0.3]), st.sampled_from([0.0, 0.02]),
    st.booleans(),
)  # fmt: skip
def test_it_is_off_by_twice_the_tolerance_at_most_and_nothing_gapes(
    seed: int, rows: int, columns: int, rough: float, unknown: float, ringed: bool
) -> None:
    chance = np.random.default_rng(seed)

    def hills(number: tuple[int, int], step: float, x: float, y: float) -> np.ndarray:
        east, north = np.meshgrid(x + np.arange(number[1]) * step, y + np.arange(number[0]) * step)
        heights = 100 + 3 * np.sin(east / 9) + 0.2 * north + rough * chance.standard_normal(number) * (east > 12)
        heights[chance.random(number) < unknown] = np.nan
        return heights

    beyond = None
    if ringed:  # cells four times as large, two of them around it on each side
        rows, columns = (4 * max(length // 4, 1) + 1 for length in (rows, columns))
        around = rows // 4 + 5, columns // 4 + 5
        beyond = ground(hills(around, 4.0, -8.0, -8.0), 4.0, -8.0, -8.0)
    terrain = ground(hills((rows, columns), 1.0, 0.0, 0.0), beyond=beyond)
    points, triangles, level = thinned(terrain, 0.1)
    whole, all_of_them, _ = rings.mesh(terrain)
    assert len(triangles) == len(level) <= len(all_of_them)
    if not len(all_of_them):
        return
    assert (areas(points, triangles) > 0).all()
    assert areas(points, triangles).sum() == pytest.approx(areas(whole, all_of_them).sum())
    outside = [whole[[a, b], :2] for a, b in borders(all_of_them)]
    length = sum(float(np.hypot(*(b - a))) for a, b in outside)
    assert sum(float(np.hypot(*(points[b] - points[a])[:2])) for a, b in borders(triangles)) == pytest.approx(length)
    found = heights_on(points, triangles, whole[:, :2])
    assert np.nanmax(np.abs(found - whole[:, 2])) <= 0.2 + 1e-4 and np.isfinite(found).all()


def test_a_plane_takes_two_triangles_for_each_of_the_largest_squares() -> None:
    east, north = np.meshgrid(np.arange(129.0), np.arange(129.0))
    points, triangles, _ = thinned(ground(120 + 0.25 * east - 0.125 * north), 0.01)
    assert len(triangles) == 8 and len(points) == 9
