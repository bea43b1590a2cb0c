"""The Spielraum-Körper: volumes against the closed form, closed and outward over any plot, and no block in it breaks a rule."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from jena_planner.jena_city import metrics, plan_parts, xplan
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.baunvo import Limits
from jena_planner.jena_city.building_plots import BuildingPlot
from jena_planner.jena_city.envelope import Envelope, envelope, room
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.rules import findings
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import Block, OpenSpace, Variant
from jena_planner.jena_city.xplan import Height

from .site import ORIGIN, site
from .test_plan_rules import plan, rules_of

LAW = of_land("TH")
NAN = math.nan


def place(folder: Path, *spaces: OpenSpace, ground: Terrain | None = None) -> Applied:
    return apply(site(folder, (120, 120, 5, 5, 5), ground=ground), Variant("v", "V", open_spaces=spaces))


def land(shape: shapely.Polygon, limits: Limits | None = None) -> BuildingPlot:
    return BuildingPlot("P", shape, shapely.Polygon(), limits or Limits())


def holds(body: Envelope) -> None:
    """Closed: each edge once in each direction; outward: the volume is positive."""
    edges = Counter((int(a), int(b)) for triangle in body.triangles for a, b in zip(triangle, np.roll(triangle, -1), strict=True))
    assert set(edges.values()) == {1}
    assert all((b, a) in edges for a, b in edges)
    assert body.volume > 0


def closed_form(a: float, b: float, cap: float = math.inf, slope: float = 2.5, least: float = 3.0) -> float:
    """∫ min(slope · t, cap) · (2(a − 2t) + 2(b − 2t)) dt from the least distance to the middle: the perimeter at distance t."""
    low, high = least, min(a, b) / 2
    turn = min(max(cap / slope, low), high)

    def rising(t: float) -> float:
        return slope * ((a + b) * t**2 - 8 * t**3 / 3)

    def level(t: float) -> float:
        return 2 * (a + b) * t - 4 * t**2

    total = rising(turn) - rising(low)
    return total + (cap * (level(high) - level(turn)) if math.isfinite(cap) else 0.0)


@pytest.mark.parametrize(("a", "b"), [(30.0, 20.0), (25.0, 25.0), (80.0, 12.0)])
def test_a_rectangle_has_the_volume_of_the_closed_form(tmp_path: Path, a: float, b: float) -> None:
    body = envelope(place(tmp_path), land(shapely.box(0, 0, a, b)), LAW.clearance)
    holds(body)
    assert body.volume == pytest.approx(closed_form(a, b), rel=1e-6)
    assert body.top == pytest.approx(150.0 + 2.5 * min(a, b) / 2)
    assert body.ground.area == pytest.approx((a - 6) * (b - 6))
    assert set(body.areas()) == {"border", "least"}


def test_storeys_cut_it_off(tmp_path: Path) -> None:
    body = envelope(place(tmp_path), land(shapely.box(0, 0, 30, 20), Limits(grz=0.4, gfz=1.2, storeys=4)), LAW.clearance)
    holds(body)
    assert body.volume == pytest.approx(closed_form(30, 20, 12.0), rel=1e-6)
    flat = (30 - 2 * 12 / 2.5) * (20 - 2 * 12 / 2.5)
    assert body.areas()["storeys"] == pytest.approx(flat)
    assert (body.covered, body.floors) == pytest.approx((240.0, 720.0))


def test_business_areas_are_steeper_and_small_dwellings_upright(tmp_path: Path) -> None:
    body = envelope(place(tmp_path), land(shapely.box(0, 0, 30, 20), Limits("GE")), LAW.clearance)
    assert body.volume == pytest.approx(closed_form(30, 20, slope=5.0), rel=1e-6)
    body = envelope(place(tmp_path), land(shapely.box(0, 0, 30, 20)), LAW.clearance, small=True)
    holds(body)
    assert body.volume == pytest.approx(24 * 14 * 9.0)  # three storeys of 3 m
    assert set(body.areas()) == {"storeys", "least"}


def test_to_the_middle_of_the_street(tmp_path: Path) -> None:
    street = OpenSpace("s", "street", shapely.box(-100, -10, 130, 0))
    body = envelope(place(tmp_path, street), land(shapely.box(0, 0, 30, 20)), LAW.clearance)
    holds(body)
    assert "street" in body.areas()
    # as if the plot went on for 5 m; but it may be built on to its own border
    wider = envelope(place(tmp_path), land(shapely.box(0, -5, 30, 20)), LAW.clearance)
    # between them, from 3 to 5 m off the middle: ∫ 2.5 · (30 t − t² − 9) dt, the height over all widths; on the border the same at t = 5
    assert wider.volume - body.volume == pytest.approx(2.5 * (15 * (25 - 9) - (125 - 27) / 3 - 9 * 2))
    assert body.areas()["plot"] == pytest.approx(2.5 * (30 * 5 - 25 - 9))
    assert body.ground.bounds == pytest.approx((3.0, 0.0, 27.0, 17.0))


def test_the_plan_is_named_where_it_limits(tmp_path: Path) -> None:
    there = place(tmp_path)
    there.site.plan_parts = plan_parts.as_features([plan(heights=(Height(160.0, NAN, NAN, "NHN", "OK"),))])
    body = envelope(there, land(shapely.box(0, 0, 100, 60)), LAW.clearance)
    holds(body)
    assert body.volume == pytest.approx(80 * 20 * 9.0)  # three storeys of the Baugebiet; all of it far from the border
    assert body.areas() == pytest.approx({"storeys": 1600.0, "baugrenze": (80 + 20 + 20) * 9.0, "baulinie": 80 * 9.0})
    body = envelope(there, land(shapely.box(0, 0, 100, 60)), LAW.clearance, storey=4.0)
    assert body.top == pytest.approx(160.0)
    assert "height" in body.areas()


def test_on_a_slope_it_stays_under_a_plane_below_the_ground(tmp_path: Path) -> None:
    x = np.arange(-150, 151, 5.0)
    slope = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.tile(150 + 0.1 * x, (61, 1)).astype(np.float32))
    body = envelope(place(tmp_path, ground=slope), land(shapely.box(0, 0, 30, 20)), LAW.clearance)
    holds(body)
    top = body.vertices[body.vertices[:, 2] > 150.1]
    distance = np.minimum(np.minimum(top[:, 0], 30 - top[:, 0]), np.minimum(top[:, 1], 20 - top[:, 1]))
    assert top[:, 2] == pytest.approx(150 + 0.1 * top[:, 0] + 2.5 * distance, abs=2e-3)


def test_a_plot_too_narrow_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="nothing may stand there"):
        envelope(place(tmp_path), land(shapely.box(0, 0, 30, 5.5)), LAW.clearance)


corners = st.lists(st.tuples(st.floats(8, 45), st.floats(-0.3, 0.3)), min_size=3, max_size=9)


def star(given_: list[tuple[float, float]]) -> shapely.Polygon:
    """A plot around its middle, with corners that point inward too."""
    count = len(given_)
    points = [
        (radius * math.cos(2 * math.pi * (k + turn) / count), radius * math.sin(2 * math.pi * (k + turn) / count))
        for k, (radius, turn) in enumerate(given_)
    ]
    return shapely.Polygon(points)


@settings(max_examples=60, deadline=None)
@given(corners, st.floats(0, 1), st.floats(0, 1), st.floats(0.3, 1), st.floats(0, 180), st.one_of(st.none(), st.integers(1, 6)))
def test_no_block_in_it_breaks_a_rule(
    tmp_path_factory: pytest.TempPathFactory,
    outline: list[tuple[float, float]],
    across: float,
    up: float,
    size: float,
    turn: float,
    storeys: int | None,
) -> None:
    shape = star(outline)
    there = THERE.setdefault("place", place(tmp_path_factory.mktemp("site")))
    plot = land(shape, Limits(storeys=storeys))
    assume(shape.is_valid and shape.area > 100)
    try:
        body = envelope(there, plot, LAW.clearance)
    except InputProblem as problem:
        assert "nothing may stand" in problem.what
        reject()
    holds(body)
    assert shape.buffer(1e-3).covers(body.ground)
    west, south, east, north = body.ground.bounds
    core = body.ground.buffer(-1.5)
    assume(not core.is_empty)
    middle = shapely.ops.nearest_points(core, shapely.Point(west + across * (east - west), south + up * (north - south)))[0]
    half = size * middle.distance(body.ground.boundary) / math.sqrt(5)
    square = shapely.box(middle.x - 2 * half, middle.y - half, middle.x + 2 * half, middle.y + half)
    footprint = shapely.affinity.rotate(square, turn)
    assert body.ground.covers(footprint)
    assume(footprint.area > 2)
    high = _room(body, footprint) - 0.005
    assert high > 2.9
    high = min(high, 30.0)
    two = storeys != 1 and high > 3.2
    block = Block("b", footprint, 2 if two else 1, "B", 150.0, high / 2 if two else high, high / 2 if two else 3.0)
    applied = apply(there.site, Variant("v", "V", (block,)))
    bodies = metrics.bodies_of(applied, LAW, Assumptions())
    sheets = metrics.sheets(applied, [plot], LAW, Assumptions(), bodies=bodies)
    told = findings(applied, [plot], LAW, Assumptions(), sheets, bodies)
    assert [one for one in told if one.severity == "broken"] == []


THERE: dict[str, Applied] = {}


def _room(body: Envelope, footprint: shapely.Polygon) -> float:
    """The least height of the body over a footprint: over the corners of its faces within, and where its border crosses their edges."""
    up = body.triangles[np.cross(*(body.vertices[body.triangles[:, k]] - body.vertices[body.triangles[:, 0]] for k in (1, 2)))[:, 2] > 1e-9]
    least = math.inf
    for triangle in body.vertices[up]:
        part = shapely.Polygon(triangle[:, :2]).intersection(footprint)
        if part.area < 1e-9:
            continue
        table = np.column_stack([triangle[:, :2], np.ones(3)])
        plane = np.linalg.solve(table, triangle[:, 2])
        xy = shapely.get_coordinates(part)
        least = min(least, float((np.column_stack([xy, np.ones(len(xy))]) @ plane).min()))
    return least - 150.0


def test_windows_of_different_height_stand_side_by_side(tmp_path: Path) -> None:
    there = place(tmp_path)
    two = plan()
    two.parts.clear()
    two.overbuildable[:] = [rules_of(shapely.box(10, 20, 50, 40), storeys=2.0), rules_of(shapely.box(50, 20, 90, 40), storeys=5.0)]
    there.site.plan_parts = plan_parts.as_features([two])
    body = envelope(there, land(shapely.box(0, 0, 100, 60)), LAW.clearance)
    holds(body)
    assert body.volume == pytest.approx(40 * 20 * 6.0 + 40 * 20 * 15.0)


@pytest.mark.needs("data")
@pytest.mark.parametrize("name", ["BP2070", "BP_872A", "BPlan001_5-1", "Rotherbaum27"])
def test_bodies_on_real_plans_are_closed_and_stay_in_their_windows(data: Path, tmp_path: Path, name: str) -> None:
    path = data / f"xplanung/{name}.gml"
    x, y = xplan.read(path, None, Report()).area.centroid.coords[0]
    read = xplan.read(path, Origin("EPSG:25832", int(x), int(y), ""), Report())
    there = place(tmp_path)
    there.site.terrain = None
    there.site.plan_parts = plan_parts.as_features([read])
    free = shapely.union_all([part.geometry for part in read.overbuildable]).buffer(1e-2)
    made = 0
    for part in read.parts:
        for shape in shapely.get_parts(part.geometry):
            try:
                body = envelope(there, land(shape, Limits(storeys=4)), LAW.clearance)
            except InputProblem as problem:
                assert "nothing may stand" in problem.what
                continue
            holds(body)
            made += 1
            if any(one.geometry.intersects(shape) for one in read.overbuildable):
                assert free.covers(body.ground)
                assert body.areas().keys() & {"baugrenze", "baulinie"}
    assert made


def test_room_over_a_footprint_and_the_rule_that_ends_it(tmp_path: Path) -> None:
    body = envelope(place(tmp_path), land(shapely.box(0, 0, 60, 40), Limits(storeys=4)), LAW.clearance)
    near = room(body, shapely.box(4, 10, 12, 20))
    assert near is not None
    assert (near.top, near.limit, near.beyond) == (pytest.approx(150 + 2.5 * 4), "border", pytest.approx(0.0, abs=1e-6))
    far = room(body, shapely.box(20, 15, 30, 25))
    assert far is not None
    assert (far.top, far.limit) == (pytest.approx(162.0), "storeys")
    over = room(body, shapely.box(1, 10, 12, 20))
    assert over is not None
    assert over.beyond == pytest.approx(2 * 10)
    assert room(body, shapely.box(-50, -50, -40, -40)) is None
