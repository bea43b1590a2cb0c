"""Blocks as solids: closed, outward, and of the volume that paper and pencil give."""

from __future__ import annotations

import math
import statistics
import time
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from jena_planner.jena_city.massing import Solid, checked_footprint, solid
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.triangulate import triangle_normals, volume
from jena_planner.jena_city.variant import Block, Roof, RoofKind

from .outlines import COURT, CROSS, L_SHAPE, RECTANGLE, ROUND, T_SHAPE, TRAPEZOID, U_SHAPE, is_volume_above, outlines


def block(footprint: shapely.Polygon, roof: Roof, storeys: int = 2) -> Block:
    return Block("b", footprint, storeys, ground_floor_height=2.9, storey_height=2.9, roof=roof)


def is_closed(body: Solid) -> bool:
    """Every edge of the faces is used once in each direction."""
    edges: Counter[tuple[int, int]] = Counter()
    for rings in body.faces:
        for ring in rings:
            edges.update(zip(ring.tolist(), np.roll(ring, -1).tolist(), strict=True))
    return all(number == 1 == edges[b, a] for (a, b), number in edges.items())


def area_of(body: Solid, kind: Semantics) -> float:
    lengths = np.linalg.norm(triangle_normals(body.vertices, body.triangles), axis=1)
    return float(lengths[body.semantics[body.triangle_face] == kind].sum())


# Volumes worked by hand, with the sum beside each.
@pytest.mark.parametrize(
    ("footprint", "roof", "expected"),
    [
        (RECTANGLE, Roof("flat"), 12 * 10 * 5.8),  # 696
        (RECTANGLE, Roof("gable", 45.0), 12 * 10 * 5.8 + 10 * 5 / 2 * 12),  # 996, as the planning example has it
        (RECTANGLE, Roof("shed", 45.0), 12 * 10 * 5.8 + 10 * 10 / 2 * 12),  # falls across the longer side: a wedge 10 m high
        (RECTANGLE, Roof("hip", 45.0), 12 * 10 * 5.8 + 5 * 10 / 2 * 2 + 2 * 5 * 10 * 5 / 3),  # a ridge of 2 m and two half pyramids
        (shapely.box(0, 0, 10, 10), Roof("hip", 45.0), 10 * 10 * 5.8 + 10 * 10 * 5 / 3),  # a pyramid
        (L_SHAPE, Roof("flat"), (20 * 8 + 8 * 12) * 5.8),
        (COURT, Roof("flat"), (30 * 24 - 14 * 8) * 5.8),
        (RECTANGLE, Roof("flat", parapet=1.0), 12 * 10 * 5.8 + (12 * 10 - 11.4 * 9.4) * 1.0),  # a rim 0.30 m wide
        (COURT, Roof("flat", parapet=1.0), (30 * 24 - 14 * 8) * 5.8 + (30 * 24 - 29.4 * 23.4) + (14.6 * 8.6 - 14 * 8)),
    ],
)  # fmt: skip
def test_volumes_by_hand(footprint: shapely.Polygon, roof: Roof, expected: float) -> None:
    body = solid(block(footprint, roof), 150.0)
    assert volume(body.vertices, body.triangles) == pytest.approx(expected, rel=1e-9)
    assert is_closed(body)
    assert area_of(body, Semantics.GROUND) == pytest.approx(footprint.area)
    assert body.vertices[:, 2].min() == 150.0


def test_heights_and_areas_of_the_planning_example() -> None:
    """House 12.00 × 10.00, eaves 5.80 above the base, gable 45°: ridge 5.00 above the eaves; roof 2 · 12 · 5·√2; walls with gables."""
    body = solid(block(RECTANGLE, Roof("gable", 45.0)), 0.0)
    assert body.vertices[:, 2].max() == pytest.approx(10.8)
    assert area_of(body, Semantics.ROOF) == pytest.approx(2 * 12 * 5 * math.sqrt(2))
    assert area_of(body, Semantics.WALL) == pytest.approx(2 * (12 + 10) * 5.8 + 2 * 10 * 5 / 2)


def test_the_ridge_turns_with_its_azimuth() -> None:
    along_x = solid(block(RECTANGLE, Roof("gable", 45.0)), 0.0)
    along_y = solid(block(RECTANGLE, Roof("gable", 45.0, ridge=0.0)), 0.0)
    assert along_x.vertices[:, 2].max() == pytest.approx(5.8 + 5)
    assert along_y.vertices[:, 2].max() == pytest.approx(5.8 + 6)


def test_a_shed_roof_falls_where_its_azimuth_points() -> None:
    body = solid(block(RECTANGLE, Roof("shed", 20.0, ridge=90.0)), 0.0)  # falls to the east
    top = body.vertices[body.vertices[:, 2] > 5.7]
    assert top[np.argmax(top[:, 2]), 0] == pytest.approx(0.0)
    assert top[np.argmin(top[:, 2]), 0] == pytest.approx(12.0)
    assert top[:, 2].min() == pytest.approx(5.8)


@st.composite
def footprints(draw: st.DrawFn) -> shapely.Polygon:
    """Rectangles, L, T and U shapes, polygons with many corners; turned and moved."""
    kind = draw(st.sampled_from(["rectangle", "L", "T", "U", "convex"]))
    a, b = draw(st.floats(6, 60)), draw(st.floats(6, 30))
    s, t = draw(st.floats(0.25, 0.7)), draw(st.floats(0.25, 0.7))
    if kind == "rectangle":
        shape: shapely.Polygon = shapely.box(0, 0, a, b)
    elif kind == "L":
        shape = shapely.Polygon([(0, 0), (a, 0), (a, b * s), (a * t, b * s), (a * t, b), (0, b)])
    elif kind == "T":
        shape = shapely.box(0, b * s, a, b).union(shapely.box(a * t / 2, 0, a * t / 2 + a * 0.2, b * s))
    elif kind == "U":
        shape = shapely.box(0, 0, a, b).difference(shapely.box(a * 0.3, b * s, a * 0.7, b + 1))
    else:
        number = draw(st.integers(3, 9))
        angles = sorted(draw(st.lists(st.floats(0, 2 * math.pi), min_size=number, max_size=number, unique=True)))
        shape = shapely.MultiPoint([(a * math.cos(angle), b * math.sin(angle)) for angle in angles]).convex_hull
    assume(isinstance(shape, shapely.Polygon) and shape.area > 10 and shape.buffer(-1.0).area > 1)
    return affinity.translate(affinity.rotate(shape, draw(st.floats(0, 360))), draw(st.floats(-500, 500)), draw(st.floats(-500, 500)))


@given(footprints(), st.integers(1, 20), st.floats(0, 2), st.floats(-10, 900))
def test_flat_roofs_on_any_footprint(footprint: shapely.Polygon, storeys: int, parapet: float, base: float) -> None:
    body = solid(block(footprint, Roof("flat", parapet=parapet), storeys), base)
    assert is_closed(body)
    inner = footprint.buffer(-0.3, join_style="mitre", mitre_limit=10)
    plain = footprint.area * 2.9 * storeys
    whole = plain + footprint.area * parapet
    rim = plain + (footprint.area - inner.area) * parapet
    found = volume(body.vertices, body.triangles)
    assert found == pytest.approx(rim, rel=1e-3) or found == pytest.approx(whole, rel=1e-3)


@given(footprints(), st.sampled_from(["gable", "shed"]), st.floats(5, 60), st.one_of(st.none(), st.floats(0, 180)))
def test_gable_and_shed_roofs_on_any_footprint(footprint: shapely.Polygon, kind: str, pitch: float, ridge: float | None) -> None:
    """The volume is that of the roof's height integrated over a fine grid, independently of how the solid is put together."""
    body = solid(block(footprint, Roof(kind, pitch, ridge)), 100.0)  # type: ignore[arg-type]
    assert is_closed(body)
    normals = triangle_normals(body.vertices, body.triangles)
    roof = body.semantics[body.triangle_face] == Semantics.ROOF
    roof &= np.linalg.norm(normals, axis=1) > 1e-3  # corners in a line leave triangles without area
    assert (normals[roof, 2] > 0).all()
    assert normals[roof, 2].sum() == pytest.approx(footprint.area, rel=1e-3)  # seen from above the roof covers the footprint
    corners = body.vertices[body.triangles[roof]]
    under_roof = float((normals[roof, 2] * (corners[:, :, 2].mean(axis=1) - 100.0)).sum())
    assert volume(body.vertices, body.triangles) == pytest.approx(under_roof, rel=1e-3)
    slopes = np.degrees(np.arccos(normals[roof, 2] / np.linalg.norm(normals[roof], axis=1)))
    assert np.allclose(slopes, pitch, atol=0.1)


# Volumes of the roofs alone, at 45°, by paper and pencil. Wings are 8 m wide, so that ridges are 4 m high and a metre of wing has 16 m³; around
# corners the outer half gains what the inner one loses. A hip takes a third of the last 4 m. Where a wing meets another one in the middle of its
# side, its roof goes on into that one's, 64/3 m³ more; where two cross they share a pyramid.
END = 64 / 3


@pytest.mark.parametrize(
    ("footprint", "kind", "expected"),
    [
        (L_SHAPE, "gable", 16 * (16 + 16)),
        (L_SHAPE, "hip", 16 * (16 + 16) - 2 * END),
        (U_SHAPE, "gable", 16 * (16 + 22 + 16)),
        (U_SHAPE, "hip", 16 * (16 + 22 + 16) - 2 * END),
        (T_SHAPE, "gable", 16 * (30 + 12) + END),
        (T_SHAPE, "hip", 16 * (30 + 12) + END - 3 * END),
        (CROSS, "gable", 16 * (24 + 24) - 8 * 8 * 4 / 3),
        (CROSS, "hip", 16 * (24 + 24) - 8 * 8 * 4 / 3 - 4 * END),
        (COURT, "gable", 16 * 2 * (22 + 16)),
        (COURT, "hip", 16 * 2 * (22 + 16)),
        (ROUND, "hip", ROUND.area * 9 * math.cos(math.pi / 32) / 3),
    ],
)  # fmt: skip
def test_roofs_over_wings_and_courtyards_by_hand(footprint: shapely.Polygon, kind: RoofKind, expected: float) -> None:
    body = solid(block(footprint, Roof(kind, 45.0)), 0.0)
    assert is_closed(body)
    assert volume(body.vertices, body.triangles) == pytest.approx(footprint.area * 5.8 + expected, rel=1e-9)
    if footprint is not ROUND:
        assert body.vertices[:, 2].max() == pytest.approx(5.8 + 4.0)


def test_gables_stand_over_the_ends_of_wings() -> None:
    """The number of gables: walls that are higher than the eaves."""

    def gables(footprint: shapely.Polygon, ridge: float | None = None) -> int:
        body = solid(block(footprint, Roof("gable", 40.0, ridge)), 0.0)
        walls = [np.concatenate(rings) for rings, kind in zip(body.faces, body.semantics, strict=True) if kind == Semantics.WALL]
        return sum(float(body.vertices[wall, 2].max()) > 5.9 for wall in walls)

    assert gables(RECTANGLE) == gables(RECTANGLE, 0.0) == gables(TRAPEZOID) == gables(L_SHAPE) == gables(U_SHAPE) == 2
    assert gables(T_SHAPE) == 3
    assert gables(CROSS) == 4
    assert gables(COURT) == 0
    assert gables(T_SHAPE, 90.0) == gables(CROSS, 0.0) == 2  # those the ridge runs towards; the others are hipped
    assert gables(T_SHAPE, 0.0) == gables(L_SHAPE, 90.0) == 1


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(outlines(), st.floats(10, 60), st.one_of(st.none(), st.floats(0, 360)))
def test_every_roof_over_any_outline(footprint: shapely.Polygon, pitch: float, ridge: float | None) -> None:
    assume(footprint.is_valid and footprint.area > 5)
    rise = math.tan(math.radians(pitch))
    for roof in (Roof("flat", parapet=0.6), Roof("gable", pitch, ridge), Roof("hip", pitch), Roof("shed", pitch / 3, ridge)):
        whole = block(footprint, roof)
        body = solid(whole, 100.0)
        assert is_closed(body)
        normals = triangle_normals(body.vertices, body.triangles)
        above = body.semantics[body.triangle_face] == Semantics.ROOF
        assert (normals[above, 2] > -1e-6).all()
        assert normals[above, 2].sum() == pytest.approx(footprint.area, rel=1e-3)
        found = volume(body.vertices, body.triangles)
        under = float((normals[above, 2] * (body.vertices[body.triangles[above], 2].mean(axis=1) - 100.0)).sum())
        assert found == pytest.approx(under, rel=1e-3)
        if roof.kind == "hip":
            outline = checked_footprint(whole)
            roof_alone = found - outline.area * 5.8
            assert is_volume_above(outline, roof_alone / rise, float(body.vertices[:, 2].max() - 105.8) / rise)


def test_a_block_is_built_in_two_milliseconds() -> None:
    """So that a change is seen while the mouse moves."""
    for roof in (Roof("flat", parapet=0.6), Roof("gable", 40.0), Roof("hip", 40.0), Roof("shed", 10.0)):
        taken = []
        for footprint in (RECTANGLE, L_SHAPE, T_SHAPE, U_SHAPE, CROSS, COURT) * 5:
            start = time.perf_counter()
            solid(block(footprint, roof), 0.0)
            taken.append(time.perf_counter() - start)
        assert statistics.median(taken) < 0.004, roof  # half of it is for machines that are busy


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"footprint": shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])}, "not valid"),
        ({"footprint": shapely.box(0, 0, 0.5, 0.5)}, "covers only"),
        ({"footprint": shapely.Polygon()}, "no polygon"),
        ({"footprint": shapely.Polygon([(0, 0), (float("nan"), 0), (5, 5)])}, "no numbers"),
        ({"storeys": 0}, "0 storeys"),
        ({"storeys": 999}, "999 storeys"),
        ({"storey_height": 0.5}, "storey 0.5 m"),
        ({"roof": Roof("gable", 0.0)}, "pitch of 0°"),
        ({"roof": Roof("gable", 89.0)}, "pitch of 89°"),
        ({"roof": Roof("flat", parapet=50.0)}, "parapet 50 m"),
    ],
)
def test_what_cannot_be_built_is_refused_with_a_sentence(changed: dict[str, object], words: str) -> None:
    given_ = {"footprint": RECTANGLE, "storeys": 2, "name": "Haus 7", **changed}
    with pytest.raises(InputProblem, match=words) as caught:
        solid(Block("b", **given_), 0.0)  # type: ignore[arg-type]
    assert caught.value.where == "block Haus 7"
