"""What roads emit after CNOSSOS-EU, against values that another program asserts and the formulas themselves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from jena_planner.analyses.noise import road_cnossos
from jena_planner.analyses.noise.octaves import A_WEIGHTING, BANDS, energy_sum
from jena_planner.jena_city.problems import InputProblem


@pytest.mark.needs("data")
def test_every_asserted_value_comes_out_to_a_hundredth(data: Path) -> None:
    content = json.loads((data / "noise" / "cnossos-road-emission.json").read_text(encoding="utf-8"))
    held = [one for one in content["tests"] if one["inputs"].get("way", 1) == 1]  # the others put the gradient on the wrong term
    assert len(held) == 12
    for one in held:
        given = one["inputs"]
        level = road_cnossos.line_power(
            given["q"],
            given["v"],
            surface=given["surf"],
            gradient=given["slope"],
            temperature=given["T"],
            junction={1: "signals", 2: "roundabout"}[given["jt"]],
            junction_distance=given["jd"],
            studded=given["pm"] * given["ts"] / 12,
            edition="2015",
        )
        assert level[BANDS.index(given["f"])] == pytest.approx(one["expected_dB"], abs=0.01), one["test"]


@pytest.mark.needs("data")
def test_the_formulas_evaluated_by_others_give_the_same(data: Path) -> None:
    content = json.loads((data / "noise" / "cnossos-road-emission.json").read_text(encoding="utf-8"))
    for one in content["self_computed_reference"]:
        edition: road_cnossos.Edition = "2021" if one["coeff"] == 2020 else "2015"
        level = road_cnossos.line_power(one["q"], one["v"], surface=one["surface"], temperature=one["T"], edition=edition)
        np.testing.assert_allclose(level, one["spectrum_dB_per_m"], atol=0.001)
        assert energy_sum(level + A_WEIGHTING) == pytest.approx(one["LWA_per_m"], abs=0.001)


def test_twice_the_traffic_is_three_decibels_more() -> None:
    once = road_cnossos.line_power({"1": 500.0, "3": 20.0}, {"1": 50.0, "3": 50.0})
    twice = road_cnossos.line_power({"1": 1000.0, "3": 40.0}, {"1": 50.0, "3": 50.0})
    np.testing.assert_allclose(twice - once, 10 * np.log10(2), atol=1e-9)


def test_up_and_down_are_the_mean_of_both_directions() -> None:
    flow, speed = {"2": 100.0}, {"2": 50.0}
    up, down = (10 ** (road_cnossos.line_power(flow, speed, gradient=g) / 10) for g in (6.0, -6.0))
    both = road_cnossos.line_power(flow, speed, gradient=6.0, both_ways=True)
    np.testing.assert_allclose(both, 10 * np.log10((up + down) / 2), atol=1e-9)


def test_an_empty_road_is_silent_and_an_unknown_surface_is_refused() -> None:
    assert np.all(road_cnossos.line_power({"1": 0.0}, {"1": 50.0}) == -99.0)
    with pytest.raises(InputProblem, match="reference, NL01"):
        road_cnossos.line_power({"1": 10.0}, {"1": 50.0}, surface="gravel")
