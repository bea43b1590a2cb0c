"""The Flächenbilanz adds up: parcel by parcel, and with the Nettobauland of the key figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import metrics
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.building_plots import BuildingPlot
from jena_planner.jena_city.land_balance import balance
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import Block, OpenSpace, Variant

from .site import site

PLAN = shapely.box(0, 0, 100, 100)
VARIANT = Variant(
    "v",
    "V",
    (Block("b", shapely.box(5, 40, 25, 60), 3),),
    open_spaces=(
        OpenSpace("s", "street", shapely.box(0, 0, 100, 25)),
        OpenSpace("w", "water", shapely.box(80, 20, 100, 50)),  # 5 m of it under the street: counts once
        OpenSpace("g", "green", shapely.box(80, 40, 100, 100)),  # 10 m of it under water
        OpenSpace("p", "play", shapely.box(30, 30, 40, 40)),  # no public green by itself
    ),
)


def parcels(place: Site) -> Site:
    """Two parcels that leave a strip of the plan area without one, and reach beyond it."""
    shapes = [shapely.box(-50, 0, 40, 100), shapely.box(40, 0, 90, 120)]
    return replace(place, plots=Features(np.array(shapes, object), {"number": np.array(["12/1", "12/2"], object)}))


def test_the_sum_and_its_parcels(tmp_path: Path) -> None:
    place = parcels(site(tmp_path, (1000, 100, 10, 10, 8), plan=PLAN))
    whole, *own = balance(place, VARIANT, [])
    assert (whole.place, whole.parcel) == ("Plan", "")
    assert (whole.gross, whole.street, whole.water, whole.green) == pytest.approx((10_000, 2500, 20 * 25, 20 * 50))
    assert whole.net == pytest.approx(6000)
    assert whole.net_share == pytest.approx(60)
    assert [one.parcel for one in own] == ["12/1", "12/2", "ohne Flurstück"]
    assert [one.gross for one in own] == pytest.approx([4000, 5000, 1000])
    assert [one.street for one in own] == pytest.approx([1000, 1250, 250])
    for name in ("gross", "street", "water", "green", "net"):
        assert sum(getattr(one, name) for one in own) == pytest.approx(getattr(whole, name))


def test_it_agrees_with_the_key_figures(tmp_path: Path) -> None:
    place = site(tmp_path, (1000, 100, 10, 10, 8), plan=PLAN)
    sheets = metrics.sheets(apply(place, VARIANT), [], of_land("TH"), Assumptions())
    assert balance(place, VARIANT, [])[0].net == pytest.approx(sheets[1].figures["plot_area"].value)


def test_plots_and_land_that_is_only_touched(tmp_path: Path) -> None:
    place = parcels(site(tmp_path, (1000, 100, 10, 10, 8)))
    plot = BuildingPlot("Süd", shapely.box(0, 0, 40, 50), shapely.Polygon())
    found = balance(place, VARIANT, [plot])
    assert [(one.place, one.parcel, one.gross) for one in found] == [("Süd", "", 2000), ("Süd", "12/1", 2000)]
    alone = replace(VARIANT, open_spaces=())
    assert [(one.parcel, one.gross, one.net) for one in balance(place, alone, [])] == [("", 9000, 9000), ("12/1", 9000, 9000)]
    assert balance(replace(place, plots=None), alone, []) == []
