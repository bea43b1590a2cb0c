"""The straight skeleton: known ones, and on any outline faces that tile it, each in the plane that rises from its edge."""

from __future__ import annotations

import math
import statistics
import time

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from jena_planner.jena_city.skeleton import Skeleton, straight_skeleton

from .outlines import COURT, CROSS, L_SHAPE, RECTANGLE, ROUND, T_SHAPE, U_SHAPE, is_volume_above, outlines, rings_of


def faces_of(skeleton: Skeleton) -> list[shapely.Polygon]:
    return [shapely.Polygon(skeleton.points[face, :2]) for face in skeleton.faces]


def under(skeleton: Skeleton) -> float:
    """Volume under a roof that rises as the distance does; each face is plane, so that fans from its first corner add up, signs and all."""
    total = 0.0
    for face in skeleton.faces:
        x, y, z = (skeleton.points[face] - (*skeleton.points[face[0], :2], 0)).T
        double = x[1:-1] * y[2:] - x[2:] * y[1:-1]
        total += float((double * (z[0] + z[1:-1] + z[2:])).sum()) / 6
    return total


def nodes(skeleton: Skeleton, corners: int) -> set[tuple[float, float, float]]:
    return {(float(x), float(y), float(z)) for x, y, z in skeleton.points[corners:].round(6) + 0.0}


def test_known_skeletons() -> None:
    assert nodes(straight_skeleton(RECTANGLE), 4) == {(5, 5, 5), (7, 5, 5)}
    assert nodes(straight_skeleton(shapely.box(0, 0, 10, 10)), 4) == {(5, 5, 5)}
    assert nodes(straight_skeleton(L_SHAPE), 6) == {(4, 4, 4), (16, 4, 4), (4, 16, 4)}
    assert nodes(straight_skeleton(T_SHAPE), 8) == {(4, 4, 4), (26, 4, 4), (15, 4, 4), (15, 16, 4)}
    assert nodes(straight_skeleton(shapely.geometry.polygon.orient(COURT)), 8) == {(4, 4, 4), (26, 4, 4), (26, 20, 4), (4, 20, 4)}


def test_gable_edges_stand_upright() -> None:
    """A rectangle with its short edges as gables: one ridge from end to end."""
    skeleton = straight_skeleton(shapely.Polygon([(0, 0), (12, 0), (12, 10), (0, 10)]), {1: math.inf, 3: math.inf})
    assert nodes(skeleton, 4) == {(0, 5, 5), (12, 5, 5)}
    assert [face.area for face in faces_of(skeleton)] == [60.0, 0.0, 60.0, 0.0]
    assert skeleton.points[skeleton.faces[1]].tolist() == [[12, 0, 0], [12, 10, 0], [12, 5, 5]]


@pytest.mark.parametrize("outline", [RECTANGLE, L_SHAPE, T_SHAPE, U_SHAPE, CROSS, COURT, ROUND])
def test_symmetrical_outlines_are_followed_at_the_first_try(outline: shapely.Polygon) -> None:
    """What happens at once is done at once: no stirring, which would tell by nodes that are not where paper and pencil have them."""
    skeleton = straight_skeleton(shapely.geometry.polygon.orient(outline, 1.0))
    assert is_volume_above(outline, under(skeleton), float(skeleton.points[:, 2].max()))
    levels = np.unique(skeleton.points[:, 2].round(9))
    assert len(levels) == 2  # all ridges of these are level, and equally high


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(outlines())
def test_faces_tile_any_outline(outline: shapely.Polygon) -> None:
    skeleton = straight_skeleton(outline)
    edges = [(a, b) for ring in rings_of(outline) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    assert len(edges) == len(skeleton.faces)
    total = 0.0
    for (a, b), face in zip(edges, skeleton.faces, strict=True):
        corners = skeleton.points[face]
        assert np.allclose(corners[0, :2], a) and np.allclose(corners[1, :2], b)
        inward = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
        assert np.allclose((corners[:, :2] - a) @ inward, corners[:, 2], atol=2e-3)  # plane, and rising as the distance from its edge
        total += shapely.Polygon(corners[:, :2]).area
    assert total == pytest.approx(outline.area, rel=1e-6)
    assert is_volume_above(outline, under(skeleton), float(skeleton.points[:, 2].max()))


def test_two_hundred_corners_take_less_than_a_third_of_a_second() -> None:
    chance = np.random.default_rng(3)
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    star = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * chance.uniform(30, 60, (200, 1)))
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        straight_skeleton(star)
        taken.append(time.perf_counter() - start)
    assert statistics.median(taken) < 0.3
