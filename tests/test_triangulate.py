"""Polygons with holes, anywhere in space, cut into triangles that cover them exactly."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city.triangulate import plane_axes, ring_normals, triangle_normals, triangulate, volume


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Polygon:
    """Star-shaped polygons, often concave, some with a hole in the middle."""
    number = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(4, 20), min_size=number, max_size=number))
    angles = np.arange(number) / number * 2 * math.pi
    outer = [(r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]
    ring = shapely.Polygon(outer)
    hole = shapely.Point(0, 0).buffer(draw(st.sampled_from([0.0, 0.5, 1.0])), quad_segs=2)
    if hole.is_empty or not ring.contains(hole.buffer(0.2)):
        return shapely.geometry.polygon.orient(ring)
    return shapely.geometry.polygon.orient(ring.difference(hole))


@given(
    st.lists(polygons(), min_size=1, max_size=4),
    st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda n: math.hypot(*n) > 0.1),
    st.floats(-5e3, 5e3),
)
def test_triangles_cover_polygons_and_keep_their_side(
    shapes: list[shapely.Polygon], normal: tuple[float, float, float], far: float
) -> None:
    unit = np.array([normal]) / math.hypot(*normal)
    u, v = plane_axes(unit)
    points, starts, owner = [], [0], []
    for index, shape in enumerate(shapes):
        for ring in (shape.exterior, *shape.interiors):
            flat = np.asarray(ring.coords)[:-1]
            points.append(far + flat[:, :1] * u + flat[:, 1:] * v)
            starts.append(starts[-1] + len(flat))
            owner.append(index)
    vertices = np.concatenate(points)
    normals = np.repeat(unit, len(shapes), axis=0)
    triangles, surface = triangulate(vertices, np.array(starts), np.array(owner), normals)
    vectors = triangle_normals(vertices, triangles)
    assert (vectors @ unit[0] > -1e-9).all()
    for index, shape in enumerate(shapes):
        assert np.linalg.norm(vectors[surface == index], axis=1).sum() == pytest.approx(shape.area, rel=1e-6)
    assert (np.diff(surface) >= 0).all()


@given(st.lists(polygons(), min_size=2, max_size=8), st.integers(1, 30))
def test_the_blocks_of_a_large_town_change_nothing(shapes: list[shapely.Polygon], block: int) -> None:
    rings = [np.asarray(ring.coords)[:-1] for shape in shapes for ring in (shape.exterior, *shape.interiors)]
    owner = np.repeat(np.arange(len(shapes)), [1 + len(shape.interiors) for shape in shapes])
    starts = np.cumsum([0, *map(len, rings)])
    points = np.column_stack([np.concatenate(rings), np.zeros(starts[-1])])
    normals = np.tile([0.0, 0.0, 1.0], (len(shapes), 1))
    whole = *triangulate(points, starts, owner, normals), ring_normals(points, starts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[triangulate.__module__], "_BLOCK", block)
        parts = *triangulate(points, starts, owner, normals), ring_normals(points, starts)
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


@given(polygons(), st.floats(-1e4, 1e4))
def test_the_newell_normal_has_the_area_as_its_length(shape: shapely.Polygon, z: float) -> None:
    ring = np.asarray(shape.exterior.coords)[:-1]
    points = np.column_stack([ring + 1e5, np.full(len(ring), z)])
    [normal] = ring_normals(points, np.array([0, len(ring)]))
    assert normal[2] == pytest.approx(shapely.Polygon(shape.exterior).area, rel=1e-6)


def test_the_volume_of_a_tetrahedron() -> None:
    vertices = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5.0]])
    triangles = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
    assert volume(vertices, triangles) == pytest.approx(3 * 4 * 5 / 6)
    assert volume(vertices + 1e6, triangles[:, ::-1]) == pytest.approx(-10.0)
    assert volume(vertices, triangles[:0]) == 0.0


def test_polygons_in_which_ears_go_astray_are_cut_another_way() -> None:
    """A terrace around four bodies: earcut fills one of the holes."""
    outer = [(0, 0), (-0.5, 4.8), (-3.9, 4.8), (-3.8, 6), (-7.4, 1.6), (-11, 22.7), (-20, 3.3), (-19.1, -1.4), (-36.2, -9.8), (-25.1, -27.8),
             (-19.2, -29.2), (-15.7, -23), (-14.6, -29.9), (-4.4, -11.3), (1.2, -19.7), (2.1, -17.5), (17.4, -13), (4, -8), (20.8, -6.3), (17.4, 2.6),
             (-0.9, -3), (16.4, 7.5)]  # fmt: skip
    holes = [
        [(16.6, -3.7), (2.8, -5.1), (15.6, -1.1)], [(1.4, -14.6), (-2.3, -8.9), (7.8, -12.7)], [(-3.2, 1.7), (-3, -0.7), (-7.6, -3.6), (-3.4, 1.7)],
        [(-23.3, -13.2), (-5.9, -7.8), (-13, -20.7), (-14.2, -14), (-20.8, -25.7), (-23.2, -25.2), (-31.9, -11), (-15.6, -3.1), (-16.9, 2.9),
         (-12.3, 12.6), (-9.4, -4.6)]]  # fmt: skip
    flat = np.concatenate([outer, *holes])
    points = np.column_stack([flat, np.full(len(flat), 7.0)])
    starts = np.cumsum([0, len(outer), *map(len, holes)])
    triangles, _ = triangulate(points, starts, np.zeros(5, np.int32), np.array([[0.0, 0.0, 1.0]]))
    normals = triangle_normals(points, triangles)
    assert normals[:, 2].min() >= 0
    assert normals[:, 2].sum() == pytest.approx(shapely.Polygon(outer, holes).area)
