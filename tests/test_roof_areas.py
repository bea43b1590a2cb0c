"""Solids of blocks with all their measures, over 300 outlines each: surfaces and volumes against what paper and pencil say of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jena_planner.jena_city.massing import solid, underground
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.triangulate import triangle_normals, volume
from jena_planner.jena_city.variant import Block, Roof, RoofKind

from .outlines import outlines
from .test_massing import area_of, is_closed

BASE, GROUND_FLOOR, STOREY = 150.0, 3.5, 3.0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    footprint=outlines(),
    kind=st.sampled_from(["flat", "gable", "hip", "shed"]),
    pitch=st.floats(5, 60),
    fall=st.floats(0, 360),
    plinth=st.floats(0, 1.5),
    knee=st.floats(0, 1.2),
    back=st.sampled_from([0.0, 0.8, 2.5]),
    storeys=st.integers(2, 6),
    below=st.integers(0, 2),
)
def test_surfaces_and_volumes_of_all_measures_together(
    footprint: shapely.Polygon, kind: RoofKind, pitch: float, fall: float, plinth: float, knee: float, back: float, storeys: int, below: int
) -> None:
    """A roof whose faces all rise by one pitch has the area of what it covers / cos; a shed roof is one plane, so that the height at the
    centroid gives its volume; under level eaves walls are as large as their length by their height; a block's outline is laid out anew here,
    by shapely's offset."""
    tops = list(shapely.get_parts(footprint.buffer(-back, join_style="mitre", mitre_limit=10))) if back else [footprint]
    assume(tops and all(part.area > 2.0 for part in tops))
    pitch = pitch / 3 if kind == "shed" else pitch if kind != "flat" else 0.0
    roof = Roof(kind, pitch, fall if kind == "shed" else None)
    house = Block(
        "h", footprint, storeys, base=BASE, roof=roof, plinth=plinth, knee=knee, set_back=back, underground=below,
        ground_floor_height=GROUND_FLOOR, storey_height=STOREY,
    )  # fmt: skip
    body = solid(house, BASE)
    assert is_closed(body)
    normals = triangle_normals(body.vertices, body.triangles)
    up = {kind: normals[body.semantics[body.triangle_face] == kind, 2] for kind in (Semantics.ROOF, Semantics.GROUND)}
    assert (up[Semantics.ROOF] > -1e-6).all()
    assert (up[Semantics.GROUND] < 1e-6).all()
    covered = sum(part.area for part in tops)
    assert area_of(body, Semantics.GROUND) == pytest.approx(footprint.area, rel=1e-3)
    terrace = footprint.area - covered
    assert area_of(body, Semantics.ROOF) == pytest.approx(covered / math.cos(math.radians(pitch)) + terrace, rel=1e-3)
    walls = plinth + GROUND_FLOOR + (storeys - 1) * STOREY
    top = (STOREY if back else walls) + (knee if kind != "flat" else 0.0)
    lower = walls - STOREY if back else 0.0
    if kind in ("flat", "hip"):
        expected = footprint.length * lower + sum(part.length for part in tops) * top
        assert area_of(body, Semantics.WALL) == pytest.approx(expected, rel=1e-3)
    if kind in ("flat", "shed"):
        expected = footprint.area * lower + sum(part.area * (top + rise(part, pitch, fall)) for part in tops)
        assert volume(body.vertices, body.triangles) == pytest.approx(expected, rel=1e-3)
    cellar = underground(house, BASE)
    assert (cellar is None) == (below == 0)
    if cellar is not None:
        assert is_closed(cellar)
        assert volume(cellar.vertices, cellar.triangles) == pytest.approx(footprint.area * below * house.underground_height, rel=1e-3)


def rise(part: shapely.Polygon, pitch: float, fall: float) -> float:
    """Metres from the eaves to a shed roof that falls towards an azimuth, over the centroid of what it covers."""
    towards = np.array([math.sin(math.radians(fall)), math.cos(math.radians(fall))])
    lowest = float((shapely.get_coordinates(part) @ towards).max())
    return math.tan(math.radians(pitch)) * (lowest - float(np.array(part.centroid.coords[0]) @ towards))
