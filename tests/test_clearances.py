"""Abstandsflächen agree with examples worked by hand: each depth and area, slope, gables, parapets, and what is found wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.baunvo import Limits
from jena_planner.jena_city.building_plots import BuildingPlot
from jena_planner.jena_city.clearance_findings import findings
from jena_planner.jena_city.clearances import WallClearance, clearances
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import Block, OpenSpace, Roof, Variant

from .site import ORIGIN, site

RULE = of_land("TH").clearance
B1 = Block("h", shapely.box(0, 0, 12, 10), 3, ground_floor_height=3.0, roof=Roof("gable", 45.0), base=150.0)
B2 = replace(B1, storeys=2)
FLAT = Block("f", shapely.box(0, 0, 12, 10), 4, ground_floor_height=3.2, storey_height=3.2, base=150.0)


def applied(folder: Path, *blocks: Block, ground: Terrain | None = None, spaces: tuple[OpenSpace, ...] = ()) -> Applied:
    return apply(site(folder, (100, 100, 5, 5, 5), ground=ground), Variant("v", "V", blocks, open_spaces=spaces))


def walls(folder: Path, block: Block, plots: tuple[BuildingPlot, ...] = (), ground: Terrain | None = None) -> dict[str, WallClearance]:
    found = clearances(applied(folder, block, ground=ground), RULE, plots)
    names = {(0, -1): "south", (1, 0): "east", (0, 1): "north", (-1, 0): "west"}
    return {names[tuple(np.round(wall.outward).astype(int).tolist())]: wall for wall in found}


def test_eaves_and_gable_sides(tmp_path: Path) -> None:
    found = walls(tmp_path, B1)
    assert found["south"].depth == pytest.approx(np.full(len(found["south"].depth), 4.2667), abs=1e-4)
    assert found["south"].height.max() == pytest.approx(10.6667, abs=1e-4)
    assert found["south"].area == pytest.approx(51.20)
    assert (found["east"].depth[0], found["east"].depth.max(), found["east"].depth[-1]) == pytest.approx((3.60, 5.60, 3.60))
    assert found["east"].area == pytest.approx(46.00)
    assert found["east"].shape.area == pytest.approx(46.00)


def test_the_least_depth_is_kept_along_a_gable(tmp_path: Path) -> None:
    found = walls(tmp_path, B2)
    assert found["north"].depth.max() == pytest.approx(3.0667, abs=1e-4)
    west = found["west"]
    assert west.area == pytest.approx(34.90)
    assert west.depth.max() == pytest.approx(4.40)
    assert west.along[west.depth > 3.0 + 1e-9].min() > 1.5
    assert np.interp([1.5, 8.5], west.along, west.depth) == pytest.approx([3.0, 3.0])


def test_small_dwellings_have_the_least_depth(tmp_path: Path) -> None:
    found = walls(tmp_path, replace(B2, dwellings=2))
    assert (found["south"].area, found["east"].area) == pytest.approx((36.00, 30.00))
    assert walls(tmp_path, replace(B2, dwellings=3))["south"].area > 36.1


def test_a_slope_counts_point_by_point(tmp_path: Path) -> None:
    x = np.arange(-150, 151, 5.0)
    ground = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.tile(150 - 0.1 * x, (61, 1)).astype(np.float32))
    south = walls(tmp_path, B1, ground=ground)["south"]
    assert (south.depth[0], south.depth[-1]) == pytest.approx((4.2667, 4.7467), abs=1e-4)
    assert south.area == pytest.approx(54.08, abs=1e-3)


def test_business_areas_have_half_the_factor(tmp_path: Path) -> None:
    plot = BuildingPlot("p", shapely.box(-20, -20, 40, 40), shapely.Polygon(), Limits("GE"))
    found = walls(tmp_path, B1, (plot,))
    assert found["south"].depth.max() == pytest.approx(3.0)
    assert found["east"].depth.max() == pytest.approx(3.0)


def test_parapets_count_and_a_set_back_storey_governs_where_it_reaches_farther(tmp_path: Path) -> None:
    assert walls(tmp_path, FLAT)["south"].depth.max() == pytest.approx(5.12)
    storeyed = replace(FLAT, storeys=5, storey_height=3.2, footprint=shapely.box(0, 0, 20, 20))
    for set_back, reach in ((2.0, 5.12), (1.0, 5.40)):
        block = replace(storeyed, set_back=set_back)
        found = clearances(applied(tmp_path, block), RULE)
        south = [wall for wall in found if wall.outward[1] < -0.9]
        assert len(south) == 2
        farthest = max(float(wall.depth.max() - wall.start[1]) for wall in south)
        assert farthest == pytest.approx(reach)
    # 12.80 below and 15.80 above, set back by 1 m: 0.4 · 15.80 - 1
    block = Block("s", shapely.box(0, 0, 20, 20), 5, ground_floor_height=3.8, storey_height=3.0, set_back=1.0, base=150.0)
    found = clearances(applied(tmp_path, block), RULE)
    assert sorted(round(float(wall.depth.max() - wall.start[1]), 3) for wall in found if wall.outward[1] < -0.9) == [5.12, 5.32]
    found = clearances(applied(tmp_path, replace(block, set_back=2.0)), RULE)
    assert sorted(round(float(wall.depth.max() - wall.start[1]), 3) for wall in found if wall.outward[1] < -0.9) == [4.32, 5.12]


def test_the_steep_part_of_a_mansard_roof_counts_whole(tmp_path: Path) -> None:
    block = replace(B1, roof=Roof("mansard", 72.0, upper_pitch=30.0))
    body = applied(tmp_path, block)
    top = body.solids[0].vertices[:, 2].max() - 150.0
    south = walls(tmp_path, block)["south"]
    assert south.height.max() == pytest.approx(9.0 + 3.0 + (top - 12.0) / 3)


def test_facing_houses_need_both_depths(tmp_path: Path) -> None:
    far = replace(B1, id="b", footprint=shapely.box(0, 18.54, 12, 28.54))
    near = replace(far, footprint=shapely.box(0, 18.4, 12, 28.4))
    for other, kinds in ((far, []), (near, ["clearance-overlap"])):
        body = applied(tmp_path, B1, other)
        found = findings(body, clearances(body, RULE))
        assert [one.rule for one in found] == kinds
    assert found[0].ground.bounds == pytest.approx((0.0, 18.4 - 4.2667, 12.0, 14.2667), abs=1e-3)
    exempt = replace(near, properties={"no_clearance": "Gartenhof"})
    body = applied(tmp_path, B1, exempt)
    [one] = findings(body, clearances(body, RULE))
    assert (one.severity, one.reason) == ("not-applicable", "Gartenhof")


def test_to_the_middle_of_a_public_street(tmp_path: Path) -> None:
    street = OpenSpace("s", "street", shapely.box(-20, -10, 40, -2))
    plot = BuildingPlot("p", shapely.box(-20, -2, 40, 40), shapely.Polygon())
    body = applied(tmp_path, B1, spaces=(street,))
    assert findings(body, clearances(body, RULE), [plot]) == []
    body = applied(tmp_path, B1)
    [one] = findings(body, clearances(body, RULE), [plot])
    assert (one.rule, one.block, one.unit) == ("clearance-plot", "h", "m")
    assert one.by == pytest.approx(2.2667, abs=1e-3)
    assert (one.found, one.allowed) == pytest.approx((4.2667, 2.0), abs=1e-3)
    assert one.place[1] == pytest.approx(-2.0, abs=1e-3)
    assert one.ground.bounds == pytest.approx((0.0, -4.2667, 12.0, -2.0), abs=1e-3)
    assert one.ground.area == pytest.approx(12 * 2.2667, abs=0.02)


def test_a_wall_that_another_is_built_against_needs_no_area_there(tmp_path: Path) -> None:
    """A row on two plots: at the party wall nothing is wrong; a house that stands 2 m farther out shows that part of its side."""
    plots = [
        BuildingPlot("p", shapely.box(-20, -20, 12, 40), shapely.Polygon()),
        BuildingPlot("q", shapely.box(12, -20, 44, 40), shapely.Polygon()),
    ]
    first, second = replace(FLAT, storeys=2), replace(FLAT, id="g", storeys=3, footprint=shapely.box(12, 0, 24, 10))
    body = applied(tmp_path, first, second)
    assert findings(body, clearances(body, RULE), plots) == []
    body = applied(tmp_path, first, replace(second, footprint=shapely.box(12, -2, 24, 8)))
    found = findings(body, clearances(body, RULE), plots)
    assert {(one.rule, one.block) for one in found} == {("clearance-plot", "f"), ("clearance-plot", "g")}
    places = {one.block: one.place for one in found}
    assert places["g"] == pytest.approx((12.0, -1.0), abs=1.01)  # 2 m of each stand free
    assert places["f"] == pytest.approx((12.0, 9.0), abs=1.01)


def test_small_garages_may_stand_at_the_border(tmp_path: Path) -> None:
    plot = BuildingPlot("p", shapely.box(0, -20, 40, 40), shapely.Polygon())
    garage = Block("g", shapely.box(0, 0, 6, 9), 1, ground_floor_height=2.8, base=150.0, counts_as="garage")
    cases = {
        "not-applicable": garage,
        "broken": replace(garage, footprint=shapely.box(0, 0, 6, 9.5)),  # longer than 9 m
    }
    for severity, block in cases.items():
        body = applied(tmp_path, block)
        [one] = findings(body, clearances(body, RULE), [plot])
        assert (one.rule, one.severity) == ("clearance-plot", severity)
    tall = replace(garage, ground_floor_height=3.2)
    body = applied(tmp_path, tall)
    assert [one.severity for one in findings(body, clearances(body, RULE), [plot])] == ["broken"]
    body = applied(tmp_path, garage, replace(B1, footprint=shapely.box(8, 0, 20, 10)))  # the house's area lies over the garage's
    overlap = next(one for one in findings(body, clearances(body, RULE), [plot]) if one.rule == "clearance-overlap")
    assert overlap.severity == "not-applicable"
    assert "2,80 m" in overlap.reason
