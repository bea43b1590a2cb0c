"""Key figures agree with examples worked by hand, and each says how it came about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import baunvo, metrics, plan_parts
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.baunvo import Limits
from jena_planner.jena_city.building_plots import BuildingPlot, building_plots
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.metrics import Figure
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import BuildingPlotEntry, PlanAreaEntry
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

from .site import ORIGIN, site

HOUSE = Block(
    "h", shapely.box(5, 5, 17, 15), 2, "Haus", ground_floor_height=2.9, storey_height=2.9, roof=Roof("gable", 45.0), attic_used=True
)
SHED = Block("s", shapely.box(30, 5, 32, 10), 1, "Schuppen", ground_floor_height=2.5, roof=Roof("flat"), counts_as="nebenanlage")
GARAGE = Block("g", shapely.box(20, 5, 23, 11), 1, "Garage", ground_floor_height=2.5, counts_as="garage")
TERRACE = OpenSpace("t", "terrace", shapely.box(5, 15, 15, 17))
DRIVE = OpenSpace("z", "parking", shapely.box(20, -0.0, 28.4, 5))
STREET = OpenSpace("strasse", "street", shapely.box(0, -1.25, 40, 0))
PLOT = BuildingPlot("Flurstück 12/3", shapely.box(0, -1.25, 40, 20), STREET.shape, Limits("WA", 0.3, 0.6, None, 2))


@pytest.fixture
def place(tmp_path: Path) -> Site:
    return site(tmp_path, (100, 100, 10, 10, 8))


def figures(
    place: Site, house: Block = HOUSE, terrace: OpenSpace = TERRACE, limits: Limits = PLOT.limits, land: str = "TH"
) -> dict[str, Figure]:
    variant = Variant("v", "V", (house, SHED, GARAGE), open_spaces=(terrace, DRIVE, STREET))
    plot = replace(PLOT, limits=limits)
    return metrics.sheets(apply(place, variant), [plot], of_land(land), Assumptions())[-1].figures


def test_the_worked_example(place: Site) -> None:
    found = figures(place)
    assert found["plot_area"].value == pytest.approx(800.0)
    assert found["grz_main"].value == pytest.approx(0.175)
    assert found["grz_total"].value == pytest.approx(0.2625)
    assert found["covered_left"].value == pytest.approx(150.0)
    assert found["gfz"].value == pytest.approx(0.30)
    assert found["gf"].value == pytest.approx(240.0)
    assert found["full_storeys"].value == 2
    alone = figures(place, terrace=replace(TERRACE, counts_as="nebenanlage"))
    assert alone["grz_main"].value == pytest.approx(0.150)
    assert alone["grz_total"].value == pytest.approx(0.2625)


def test_the_worked_example_with_a_knee_wall(place: Site) -> None:
    found = figures(place, replace(HOUSE, knee=1.2))
    assert found["gfz"].value == pytest.approx(0.45)
    assert found["full_storeys"].value == 3
    assert found["full_storeys"].note == "festgesetzt: höchstens 2, überschritten"
    assert figures(place, replace(HOUSE, knee=1.2), land="NW")["full_storeys"].value == 3
    assert figures(place, replace(HOUSE, knee=0.8), land="NW")["full_storeys"].value == 2  # 7.0 of 10 m: more than 2/3, not than 3/4
    assert figures(place, replace(HOUSE, knee=0.8))["full_storeys"].value == 3


def test_a_plan_area_and_the_plots_in_it_go_by_its_edition(tmp_path: Path) -> None:
    """Worked example A on a plan area of its own 800 m²: 0.3875 by the edition of 1968, 0.30 by today's."""
    place = site(tmp_path, (1000, 100, 10, 10, 8), plan=shapely.box(-4, -4, 36, 16))
    house = replace(HOUSE, attic_rooms=70.0)
    ring = [(ORIGIN.easting + x, ORIGIN.northing + y) for x, y in ((-4, -4), (36, -4), (36, 16), (-4, 16))]
    entry = BuildingPlotEntry(name="A", outline=ring)

    def gfz(*areas: PlanAreaEntry, entry: BuildingPlotEntry = entry) -> list[float | None]:
        of_project = plan_parts.stated(place, areas)
        applied = apply(of_project, Variant("v", "V", (house,)))
        plots = building_plots(of_project, applied.variant, [entry])
        return [one.figures["gfz"].value for one in metrics.sheets(applied, plots, of_land("TH"), Assumptions())[1:]]

    assert place.plan_areas is not None
    assert gfz() == pytest.approx([0.30, 0.30])
    place.plan_areas.columns["edition"] = np.array(["1968"], object)  # as a file says it
    assert gfz() == pytest.approx([0.3875, 0.3875])
    newest = entry.model_copy(update={"edition": "2023"})
    assert gfz(entry=newest) == pytest.approx([0.3875, 0.30])  # a plot that states the newest is no plot that states none
    assert gfz(PlanAreaEntry(name="Plan", edition="2017")) == pytest.approx([0.30, 0.30])  # as the project says it
    assert place.plan_areas.columns["edition"].tolist() == ["1968"]
    with pytest.raises(InputProblem, match="no plan area of that name") as found:
        gfz(PlanAreaEntry(name="Anger", edition="1977"))
    assert "Plan" in found.value.what_to_do


def test_old_plans_count_rooms_in_the_attic(place: Site) -> None:
    house = replace(HOUSE, attic_rooms=70.0)
    assert figures(place, house, limits=Limits("WA", edition="1968"))["gfz"].value == pytest.approx(0.3875)
    assert figures(place, house, limits=Limits("WA", edition="1990"))["gfz"].value == pytest.approx(0.30)


def test_mass_and_volumes_of_the_worked_example(place: Site) -> None:
    assert figures(place, replace(HOUSE, attic_used=False))["bmz"].value == pytest.approx(0.87)
    with_rooms = figures(place, replace(HOUSE, attic_rooms=70.0))
    assert with_rooms["bmz"].value == pytest.approx(1.08875)
    assert with_rooms["mass"].value == pytest.approx(871.0)
    alone = metrics.sheets(apply(place, Variant("v", "V", (HOUSE,))), [PLOT], of_land("TH"), Assumptions())[-1].figures
    assert alone["bri"].value == pytest.approx(996.0)
    assert alone["bgf"].value == pytest.approx(360.0)
    assert alone["gf"].value == pytest.approx(240.0)


def test_the_cap_of_what_may_be_covered() -> None:
    assert [baunvo.most_covered(grz) for grz in (0.6, 0.5, 0.2, 1.0)] == pytest.approx([0.8, 0.75, 0.3, 1.0])


def test_what_lies_above_the_orientation_is_to_be_reasoned_and_no_breach(place: Site) -> None:
    high = replace(HOUSE, storeys=12)
    assert "zu begründen" in figures(place, high, limits=Limits("WA"))["gfz"].note
    assert "Obergrenze" in figures(place, high, limits=Limits("WA", edition="1990"))["gfz"].note
    assert "verletzt" not in figures(place, high, limits=Limits("WA"))["gfz"].note


def test_gross_density_is_called_so(tmp_path: Path) -> None:
    place = site(tmp_path, (1000, 100, 10, 10, 8), plan=shapely.box(0, 0, 100, 100))
    street = OpenSpace("s", "street", shapely.box(0, 0, 100, 25))
    block = Block("b", shapely.box(0, 30, 60, 60), 3)
    found = metrics.sheets(apply(place, Variant("v", "V", (block,), open_spaces=(street,))), [], of_land("TH"), Assumptions())[1].figures
    assert found["grz_main"].value == pytest.approx(0.24)
    assert found["gross_density"].value == pytest.approx(0.54)
    assert found["gross_density"].note == "brutto, keine GFZ"
    assert found["net_share"].value == pytest.approx(75.0)


def test_ground_trees_and_sealing_follow(place: Site) -> None:
    block = Block("b", shapely.box(-20, -20, 0, 0), 1, base=149.0, underground=1)
    variant = Variant(
        "v", "V", (block,), planted=(PlantedTree("n", (1.0, 1.0)),), felled=(FelledTree((3.0, 3.0)),),
        open_spaces=(OpenSpace("w", "path", shapely.box(0, 0, 10, 10), sealed=0.5), OpenSpace("p", "play", shapely.box(20, 0, 30, 10))),
    )  # fmt: skip
    found = metrics.sheets(apply(place, variant), [], of_land("TH"), Assumptions())[0].figures
    assert found["sealed_before"].value == 0
    assert found["sealed_after"].value == pytest.approx(400 + 50 + 20)
    assert found["cut"].value == pytest.approx(400 * 4.0)
    assert found["trees_planted"].value == 1
    assert found["playground"].value == pytest.approx(100.0)
    assert found["top"].value == pytest.approx(152.5)


def test_people_and_their_needs_follow_from_the_assumptions(place: Site) -> None:
    block = Block("b", shapely.box(0, 0, 20, 10), 3, storey_uses=("büro",))
    given = Assumptions(dwelling=60, residents=2.0, cars=0.7, business_cars=2.0)
    found = metrics.sheets(apply(place, Variant("v", "V", (block,))), [], of_land("TH"), given)[0].figures
    assert found["living_area"].value == pytest.approx(300.0)
    assert (found["dwellings"].value, found["residents"].value, found["jobs"].value) == pytest.approx((5.0, 10.0, 8.0))
    assert found["cars"].value == pytest.approx(5 * 0.7 + 4.0)
    told = metrics.sheets(apply(place, Variant("v", "V", (replace(block, dwellings=7),))), [], of_land("TH"), given)[0].figures
    assert told["dwellings"].value == 7


def test_a_plot_is_an_outline_without_its_street(place: Site) -> None:
    ring = [(ORIGIN.easting + x, ORIGIN.northing + y) for x, y in ((0, 0), (40, 0), (40, 20), (0, 20))]
    entry = BuildingPlotEntry(name="A", outline=ring, street=[[ring[0], ring[1], (ring[1][0], ring[1][1] + 5)]])
    [plot] = building_plots(place, Variant("v", "V"), [entry])
    assert plot.area == pytest.approx(700.0)
    with pytest.raises(InputProblem, match="no parcel 12/9"):
        building_plots(place, Variant("v", "V"), [BuildingPlotEntry(name="A", parcels=["12/9"])])


def test_one_changed_block_gives_the_same_figures_as_all_anew(place: Site) -> None:
    law, given = of_land("TH"), Assumptions()
    first = apply(place, Variant("v", "V", (HOUSE, SHED, GARAGE)))
    bodies = metrics.bodies_of(first, law, given)
    changed = Variant("v", "V", (replace(SHED), replace(HOUSE, storeys=3), replace(GARAGE)), open_spaces=(STREET,))
    again = apply(place, changed, first)
    mine = metrics.bodies_of(again, law, given, bodies)
    assert [any(body is one for one in bodies) for body in mine] == [True, False, True]
    assert metrics.sheets(again, [PLOT], law, given, bodies=mine) == metrics.sheets(apply(place, changed), [PLOT], law, given)


def test_a_plan_area_that_is_all_street_has_no_shares(tmp_path: Path) -> None:
    place = site(tmp_path, (1000, 100, 10, 10, 8), plan=shapely.box(0, 0, 100, 100))
    street = OpenSpace("s", "street", shapely.box(-10, -10, 110, 110))
    found = metrics.sheets(apply(place, Variant("v", "V", open_spaces=(street,))), [], of_land("TH"), Assumptions())[1].figures
    assert "grz_main" not in found
    assert found["net_share"].value == 0


def test_small_dwellings_have_a_clear_height_of_their_own_where_it_is_known(place: Site) -> None:
    """Attic of 45° over 10 m without Drempel: 1.60 m and more over 6.80 of 10 m, which is more than two thirds; 2.30 m over 5.40 m."""
    small = replace(HOUSE, dwellings=2)
    variant = Variant("v", "V", (small,))

    def storeys(house: Block, given: Assumptions) -> Figure:
        return metrics.sheets(apply(place, replace(variant, blocks=(house,))), [], of_land("TH"), given)[0].figures["full_storeys"]

    given = Assumptions(small_dwelling_clear=1.60, source="Satzung X")
    assert storeys(small, Assumptions()).value == 2
    assert storeys(small, given).value == 3
    assert "1,6 m (Satzung X)" in storeys(small, given).note
    for larger in (replace(HOUSE, dwellings=3), replace(HOUSE, dwellings=None), replace(small, use="büro")):
        assert storeys(larger, given).value == 2


def test_what_is_below_ground_alone_counts_in_the_whole_grz_and_in_no_gfz(place: Site) -> None:
    """§ 19 (4) Nr. 3: 20 × 15 m under a plot of 800 m² that bears a house of 120 m²; 18 m² of garage above it count once."""
    garage = Block("t", shapely.box(18, 3, 38, 18), 0, "Tiefgarage", base=150.0, underground=1, use="tiefgarage")
    house = replace(HOUSE, attic_used=False)
    with_spaces = Variant("v", "V", (house, GARAGE, garage), open_spaces=(OpenSpace("g", "green", shapely.box(18, 3, 38, 13)),))
    found = metrics.sheets(apply(place, with_spaces), [PLOT], of_land("TH"), Assumptions())[-1].figures
    assert found["grz_main"].value == pytest.approx(120 / 800)
    assert found["grz_total"].value == pytest.approx((120 + 300) / 800)
    assert found["gfz"].value == pytest.approx(240 / 800)
    assert found["bmz"].value == pytest.approx(120 * 5.8 / 800)
    assert found["bgf"].inputs == pytest.approx({"oberirdisch": 240 + 18, "unterirdisch": 300})
    assert found["bri"].inputs["unterirdisch"] == pytest.approx(900)
    assert found["dwellings"].value == pytest.approx(0.75 * 240 / 75)
    # What lies on it counts: 200 m² of it bear green, in which the garage of 18 m² stands; the rest of it is sealed.
    assert found["sealed_after"].value == pytest.approx(120 + 18 + (300 - 200))
    assert found["cut"].value >= 900


def test_a_set_back_by_side_counts_in_the_floor_area(place: Site) -> None:
    house = replace(HOUSE, storeys=3, roof=Roof("flat"), set_backs=(2.0, 0.0, 0.0, 0.0))
    whole = metrics.sheets(apply(place, Variant("v", "V", (house,))), [], of_land("TH"), Assumptions())[0].figures
    east_or_south = 10 * 10 if house.footprint.exterior.coords[0][0] == house.footprint.exterior.coords[1][0] else 12 * 8
    assert whole["bgf"].value == pytest.approx(240 + east_or_south)
