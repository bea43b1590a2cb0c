"""Outlines as people draw them and as they should not: for tests of what stands on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import shapely
from hypothesis import assume
from hypothesis import strategies as st
from shapely import affinity

RECTANGLE = shapely.box(0, 0, 12, 10)  # the house of the planning examples
L_SHAPE = shapely.Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 20), (0, 20)])
T_SHAPE = shapely.Polygon([(0, 0), (30, 0), (30, 8), (19, 8), (19, 20), (11, 20), (11, 8), (0, 8)])
U_SHAPE = shapely.Polygon([(0, 0), (30, 0), (30, 20), (22, 20), (22, 8), (8, 8), (8, 20), (0, 20)])
CROSS = shapely.box(0, 8, 24, 16).union(shapely.box(8, 0, 16, 24))
COURT = shapely.Polygon(shapely.box(0, 0, 30, 24).exterior, [shapely.box(8, 8, 22, 16).exterior])
TRAPEZOID = shapely.Polygon([(0, 0), (20, 0), (16, 9), (3, 9)])
NOTCHED = shapely.Polygon([
    (6.66, 1.45), (12.15, 3), (9.17, 10.35), (8.25, 22.59), (-12.11, 23.51), (-10.9, 19.67), (-14.41, 17.21), (-7.37, 5.4), (-14, 7.55),
    (-27.34, 7.73), (-15.16, -7.61), (-20.63, -12.82), (1.81, -13.84), (7.71, -21.06), (2.83, -6.51), (8.96, -17.98), (21.08, -15.87),
    (7.16, -4.91), (13.18, -8.35), (12.73, -0.87),
])  # fmt: skip
ROUND = shapely.simplify(shapely.Point(0, 0).buffer(9, 8), 0)


def largest(shape: shapely.Geometry) -> shapely.Polygon:
    """The largest polygon in a shape; an empty one where there is none."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


def rings_of(polygon: shapely.Polygon) -> list[np.ndarray]:
    return [np.asarray(ring.coords)[:-1, :2] for ring in (polygon.exterior, *polygon.interiors)]


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Polygon:
    """Boxes put together on a grid or off it, with courtyards turned or not, stars, spikes, round ones with a bite taken out; as they are,
    turned, far from the origin, with corners in a line, or with every corner a hair (0.1 µm to 1 cm) off."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["boxes", "courtyards", "star", "spike", "bite"]))
    if kind == "boxes":
        step = chance.choice([1.0, 2.0, 4.0])
        sides = [(np.round(chance.uniform(0, 30, 2) / step) * step, np.round(chance.uniform(5, 25, 2) / step) * step) for _ in range(4)]
        shape = shapely.union_all([shapely.box(*at, *(at + size)) for at, size in sides[: chance.integers(1, 5)]])
    elif kind == "courtyards":
        shape = shapely.box(0, 0, 44, 32)
        for _ in range(chance.integers(1, 4)):
            court = shapely.box(0, 0, *chance.uniform(3, 10, 2))
            turned = affinity.rotate(court, chance.choice([0.0, chance.uniform(0, 90)]))
            shape = shape.difference(affinity.translate(turned, *chance.uniform((2, 2), (34, 24))))
    elif kind == "star":
        angles = np.sort(chance.uniform(0, 2 * math.pi, chance.integers(3, 24)))
        shape = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * chance.uniform(6, 30, (len(angles), 1))).buffer(0)
    elif kind == "spike":
        shape = shapely.box(0, 0, 20, 14).union(shapely.Polygon([(19, 3), (19, 3 + chance.uniform(0.2, 3)), (chance.uniform(25, 60), 4)]))
    else:
        shape = shapely.Point(0, 0).buffer(12, int(chance.integers(2, 9))).difference(shapely.box(*chance.uniform(-6, 6, 2), 20, 20))
    shape = largest(shape)
    then = draw(st.sampled_from(["as it is", "turned", "far away", "in a line", "a hair off"]))
    if then != "as it is":
        shape = affinity.rotate(shape, float(chance.uniform(0, 360)))
    if then == "far away":
        shape = affinity.translate(shape, 441_000.3, 5_644_000.7)
    if then == "in a line":
        shape = shapely.segmentize(shape, 6.0)
    if then == "a hair off":
        hair = 10.0 ** draw(st.integers(-7, -2))
        moved = [ring + chance.uniform(-hair, hair, ring.shape) for ring in rings_of(shape)]
        shape = largest(shapely.Polygon(moved[0], moved[1:]).buffer(0))
    assume(shape.is_valid and shape.area > 5)
    rings = [shape.exterior, *shape.interiors]  # a courtyard that touches the outer wall in a point makes no body
    assume(all(one.distance(other) > 1e-3 for k, one in enumerate(rings) for other in rings[:k]))
    return shapely.geometry.polygon.orient(shape, 1.0)


def shrunk(outline: shapely.Polygon, way: float, steps: int = 50) -> shapely.Geometry:
    """All edges moved inward. In one step the mitre of a sharp notch reaches across a narrow part and cuts into what lies beyond it."""
    left: shapely.Geometry = outline
    for _ in range(steps):
        left = left.buffer(-way / steps, join_style="mitre", mitre_limit=1e4)
    return left


def is_volume_above(outline: shapely.Polygon, found: float, highest: float, height: Callable[[float], float] = float) -> bool:
    """Whether a volume over an outline, each of whose points is as high as `height` of how far inward it lies, is right to a thousandth.

    Independent of skeletons: the outline's edges move inward by a small step, and again, up to `highest`, and the areas are added up. GEOS
    bevels some sharp corners where steps are large; then smaller ones decide.
    """
    for number in (150, 600, 2400):
        step = highest / number
        total, area, left = 0.0, outline.area, outline
        for k in range(number):
            left = left.buffer(-step, join_style="mitre", mitre_limit=1e4)
            total += (area + left.area) / 2 * (height((k + 1) * step) - height(k * step))
            area = left.area
        if abs(total - found) <= 1e-3 * found:
            return True
    return False


def over_gables(
    outline: shapely.Polygon, gables: Mapping[int, float], top: float, accepted: Callable[[float, float], bool]
) -> tuple[float, float]:
    """Volume over an outline each of whose points is as high as it lies inward of the edges that are no gables, up to `top`, and the area
    of the walls above the gables' edges. gables : numbers of edges, ring by ring, and how far inward they stand upright.

    Independent of skeletons, as `is_volume_above`: the outline moves inward by small steps; what borders on a gable is first carried on
    across it, so that it does not move there. Steps become smaller until the answer is accepted.
    """
    outline = affinity.translate(outline, *-np.array(outline.centroid.coords[0]))  # where small steps are not lost in large numbers
    lines = [(a, b, gables[k]) for k, (a, b) in enumerate(_edges(outline)) if k in gables]
    for number in (40, 160, 640, 2400):
        step = top / number
        left, area, length, volume, walls = outline, outline.area, sum(_on(outline, *line[:2])[0] for line in lines), 0.0, 0.0
        for k in range(number):
            standing = [line for line in lines if line[2] > (k + 0.5) * step]
            beyond = [quad for line in standing for quad in _on(left, *line[:2], 4 * step)[1]]
            carried = shapely.union_all([left, *beyond])
            left = shapely.simplify(carried.buffer(-step, join_style="mitre", mitre_limit=1e4).intersection(left), 1e-7)
            now = sum(_on(left, *line[:2])[0] for line in standing)
            before = length if len(standing) == len(lines) else sum(_on(left, *line[:2])[0] for line in standing)
            walls += (before + now) / 2 * step
            volume += (area + left.area) / 2 * step
            area, length = left.area, now
        if accepted(volume, walls):
            break
    return volume, walls


def _edges(outline: shapely.Polygon) -> list[tuple[np.ndarray, np.ndarray]]:
    return [pair for ring in rings_of(outline) for pair in zip(ring, np.roll(ring, -1, axis=0), strict=True)]


def _on(shape: shapely.Geometry, start: np.ndarray, end: np.ndarray, far: float = 0.0) -> tuple[float, list[shapely.Polygon]]:
    """How much of a shape's border lies on an edge, and behind each piece of it the shape carried on by so much."""
    length, beyond, way = 0.0, [], (end - start) / np.hypot(*(end - start))
    for part in shapely.get_parts(shape):
        if not isinstance(part, shapely.Polygon):
            continue
        for ring in rings_of(shapely.geometry.polygon.orient(part, 1.0)):
            following = np.roll(ring, -1, axis=0)
            off = np.abs((ring - start) @ np.array([-way[1], way[0]]))
            along = ((ring + following) / 2 - start) @ way
            within = (along > 0.0) & (along < np.hypot(*(end - start)))
            for k in np.flatnonzero((off < 1e-5) & (np.roll(off, -1) < 1e-5) & ((following - ring) @ way > 1e-6) & within):
                a, b = ring[k], following[k]
                length += float(np.hypot(*(b - a)))
                into, out = a - ring[k - 1], following[(k + 1) % len(ring)] - b
                if far:
                    beyond.append(shapely.Polygon([b, a, a + _outward(into, way, far), b - _outward(out, way, far)]))
    return length, [quad for quad in beyond if quad.is_valid]


def _outward(side: np.ndarray, way: np.ndarray, far: float) -> np.ndarray:
    """So far along a side, and farther where it runs so flat into an edge (`way`) that it would stay within half of that of it."""
    side = side / np.hypot(*side)
    return side * far * max(1.0, 0.5 / max(abs(side @ np.array([-way[1], way[0]])), 1e-2))
