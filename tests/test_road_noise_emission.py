"""What roads and rails emit, held to values by others, to the tables' own consistency, and to what must hold for any traffic."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.analyses.noise import levels, rls19, schall03
from jena_planner.analyses.noise.octaves import SILENCE, energy_sum
from jena_planner.analyses.noise.traffic import ASSUMED_COUNTS, traffic_of
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.site import Features

SPEEDS = st.floats(30, 130)
PERCENT = st.floats(0, 40)


def test_values_that_an_independent_program_asserts() -> None:
    """matsim-libs, contribs/noise, RLS19 tests."""
    assert float(rls19.vehicle_level("car", 40)) == pytest.approx(97.70334139531323, abs=1e-9)
    assert float(rls19.line_power(1800, 0, 0, car_speed=40, lorry_speed=40)) == pytest.approx(84.23546653306667, abs=1e-9)
    assert float(rls19.screening_loss(15, 15, 15, 10)) == pytest.approx(34.463933081239965, abs=1e-9)


def test_roads_of_the_reference_file(data: Path) -> None:
    content = json.loads((data / "noise/rls-19.json").read_text(encoding="utf-8"))
    for case in content["self_computed"]:
        if "road" in case:
            for period, (share, lorry1, lorry2) in zip(
                ("day", "night"), content["tables"]["T2_M_p1_p2_day_night"][case["road"]], strict=True
            ):
                ours = rls19.line_power(case["DTV"] * share, lorry1, lorry2, car_speed=case["v"], lorry_speed=case["v"])
                assert float(ours) == pytest.approx(case[f"LWp_{period}"], abs=0.00501), case
        else:
            assert rls19.straight_road(2000, 80, case["distance"], 4) == pytest.approx(case["Lr"], abs=0.01), case


@given(st.floats(1, 5000), PERCENT, PERCENT, SPEEDS, st.floats(-12, 12))
def test_twice_the_traffic_is_3_db_more(vehicles: float, lorry1: float, lorry2: float, speed: float, slope: float) -> None:
    once, twice = (
        float(rls19.line_power(n, lorry1, lorry2, car_speed=speed, lorry_speed=speed, gradient=slope)) for n in (vehicles, 2 * vehicles)
    )
    assert twice - once == pytest.approx(10 * math.log10(2), abs=1e-9)


@given(SPEEDS, st.floats(-12, 12))
def test_both_ways_are_the_mean_of_up_and_down(speed: float, slope: float) -> None:
    def power(gradient: float, both: bool) -> float:
        return float(rls19.line_power(1000, 5, 5, car_speed=speed, lorry_speed=speed, gradient=gradient, both_ways=both))

    energy = (10 ** (0.1 * power(slope, False)) + 10 ** (0.1 * power(-slope, False))) / 2
    assert power(slope, True) == pytest.approx(10 * math.log10(energy), abs=1e-9)
    assert power(slope, True) == pytest.approx(power(-slope, True), abs=1e-9)


def test_corrections_as_the_tables_have_them() -> None:
    assert rls19.surface_correction("setts", "car", [30, 35, 50]).tolist() == [5, 6, 7]
    assert rls19.surface_correction("ac-11", "lorry2", [50, 70]).tolist() == [-1.9, -2.1]
    assert rls19.surface_correction("opa-8", "car", [50, 100]).tolist() == [0, -5.5]
    assert rls19.junction_addition("signals", [0, 60, 120, 500]).tolist() == [3, 1.5, 0, 0]
    assert float(rls19.canyon_addition(10, 20)) == 1.0 and float(rls19.canyon_addition(30, 20)) == 1.6
    # 12 % uphill at 50 km/h: (12-2)/10·(50+70)/100 for cars, (12-2)/10·50/10 for lorries; downhill (12-6)/6·(90-50)/20
    assert [float(rls19.gradient_correction(group, 50, 12)) for group in rls19.GROUPS] == pytest.approx([1.2, 5.0, 6.0])
    assert [float(rls19.gradient_correction(group, 50, -12)) for group in rls19.GROUPS] == pytest.approx([2.0, 3.0, 4.0])
    assert [float(rls19.gradient_correction(group, 50, 2)) for group in rls19.GROUPS] == [0, 0, 0]
    with pytest.raises(InputProblem, match="no road surface"):
        rls19.surface_correction("gravel", "car", 50)


def test_an_empty_road_is_silent() -> None:
    assert float(rls19.line_power(0, 3, 4, car_speed=50, lorry_speed=50)) == SILENCE


def street(kind: str, **values: object) -> Features:
    columns = {"class": np.array([kind]), "name": np.array(["Am Markt"])}
    columns |= {key: np.array([value]) for key, value in values.items()}
    return Features(np.array([shapely.LineString([(0, 0), (100, 0)])]), columns)


def test_a_counted_street_of_the_district_is_that_of_the_reference() -> None:
    """Gemeindestraße, 10 000 vehicles a day, 50 km/h: 82.13 and 74.54 dB(A)."""
    traffic = traffic_of(street("unclassified", traffic=10_000.0, speed=50.0))
    assert traffic.rls19_power()[0] == pytest.approx([82.13, 74.54], abs=0.00501)
    assert not traffic.assumed_count.any() and not traffic.assumed_speed.any()


def test_what_is_not_counted_is_assumed_and_said() -> None:
    traffic = traffic_of(street("residential", traffic=np.nan))
    assert traffic.assumed_count.tolist() == [True] and traffic.daily.tolist() == [ASSUMED_COUNTS["residential"]]


def test_speeds_that_the_method_does_not_know_are_the_nearest_it_does() -> None:
    for said, taken in ((300.0, 130.0), (7.0, 30.0), (50.0, 50.0)):
        traffic = traffic_of(street("primary", traffic=100.0, speed=said))
        assert traffic.car_speed.tolist() == [taken] and traffic.beyond.tolist() == [said != taken]


def test_a_heavy_share_is_that_of_the_whole_day() -> None:
    traffic = traffic_of(street("primary", traffic=10_000.0, heavy=15.0, speed=50.0))
    lorries = (traffic.vehicles * (traffic.lorry1 + traffic.lorry2) / 100 * [16, 8]).sum()
    assert lorries / (traffic.vehicles * [16, 8]).sum() == pytest.approx(0.15)


def test_paths_and_rails_are_no_roads() -> None:
    for kind in ("footway", "cycleway", "tram", "steps"):
        assert len(traffic_of(street(kind))) == 0


def test_each_spectrum_of_the_law_sums_to_its_level() -> None:
    """Δa are differences to the sum level a_A; a slip of the pen in one band would show here. They are whole decibels."""
    for vehicle in schall03.VEHICLES.values():
        for part in vehicle.parts:
            assert float(energy_sum(np.array(part.shape))) == pytest.approx(0, abs=0.5), (vehicle.name, part.number)


@pytest.mark.parametrize("name", schall03.VEHICLES)
def test_twice_the_vehicles_are_three_decibels(name: str) -> None:
    vehicle = schall03.VEHICLES[name]
    speed = schall03.driven(vehicle, 60)
    once, twice = (schall03.line_power([(vehicle, n, speed)]) for n in (4, 8))
    for height, level in once.items():
        np.testing.assert_allclose(twice[height] - level, 10 * math.log10(2), atol=1e-9)


def test_a_low_floor_tram_by_hand() -> None:
    """Fz 21 at 50 km/h in the street, octave of 1 kHz at the rail: two sources of 63 - 2 + 20 lg 0.5 + 8 dB."""
    power = schall03.vehicle_power(schall03.VEHICLES["tram-low-floor"], 50, schall03.Track("in-street"))
    assert power[1][4] == pytest.approx(63 - 2 + 20 * math.log10(0.5) + 8 + 10 * math.log10(2))
    assert power[2][4] == pytest.approx(39 - 5 - 10 * math.log10(0.5))  # the units on the roof know no track
    curve = schall03.vehicle_power(schall03.VEHICLES["tram-low-floor"], 50, schall03.Track("in-street", radius=50))
    assert (curve[1] - power[1]).tolist() == pytest.approx([4.0] * 8)


def test_speeds_as_they_are_reckoned() -> None:
    tram, train = schall03.VEHICLES["tram-low-floor"], schall03.VEHICLES["coach"]
    assert [schall03.driven(tram, v) for v in (30, 50, 70)] == [50, 50, 70]
    assert schall03.driven(train, 40) == 40


def test_tracks_that_the_law_does_not_know_are_refused() -> None:
    with pytest.raises(InputProblem, match="no track green-low"):
        schall03.vehicle_power(schall03.VEHICLES["coach"], 100, schall03.Track("green-low"))
    with pytest.raises(InputProblem, match="no bridge rope"):
        schall03.vehicle_power(schall03.VEHICLES["metro"], 60, schall03.Track(bridge="rope"))
    with pytest.raises(InputProblem, match="no speed"):
        schall03.vehicle_power(schall03.VEHICLES["metro"], 0)


def test_limits_bind_and_guides_guide() -> None:
    assert (levels.limit("WA"), levels.limit("MU")) == (
        levels.Value("limit", 59, 49, "16. BImSchV § 2"),
        levels.Value("limit", 64, 54, "16. BImSchV § 2"),
    )
    assert levels.limit("SO") is None
    found = levels.guide("WA")
    assert found is not None and (found.duty, found.day, found.night) == ("guide", 55, 45)


def test_levels_are_rounded_up_before_they_are_held_against_a_limit() -> None:
    assert levels.rounded_up([59.0, 59.01, 58.999999999]).tolist() == [59, 60, 59]
    assert levels.excess([59.0, 59.2, 64.0], 59).tolist() == [0, 1, 5]


@given(st.floats(30, 90))
def test_a_constant_sound_has_its_day_evening_night_level(level: float) -> None:
    """10 lg((12 + 4·10^0.5 + 8·10)/24) = 6.4 dB above a level that stays the same (Directive 2002/49/EC)."""
    assert float(levels.day_evening_night(level, level, level)) - level == pytest.approx(6.3951, abs=1e-3)
