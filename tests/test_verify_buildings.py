"""The verification of buildings: right on houses whose numbers are known by hand, and it finds what is wrong."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from jena_planner.jena_city.problems import InputProblem
from jena_planner.verification import buildings

from . import gml

X, Y, Z = gml.JENA


def gable(x: float) -> dict[str, list[gml.Ring]]:
    """A house of 10 × 8 m, 6 m to the eaves and 9 m to the ridge, which runs along x."""
    a, b, c, d = (x, Y), (x + 10, Y), (x + 10, Y + 8), (x, Y + 8)
    low, eaves, ridge = Z, Z + 6, Z + 9
    west, east = (x, Y + 4, ridge), (x + 10, Y + 4, ridge)

    def ring(*points: tuple[float, ...]) -> gml.Ring:
        return [*points, points[0]]

    return {
        "GroundSurface": [ring((*a, low), (*d, low), (*c, low), (*b, low))],
        "RoofSurface": [ring((*a, eaves), (*b, eaves), east, west), ring((*c, eaves), (*d, eaves), west, east)],
        "WallSurface": [
            ring((*a, low), (*b, low), (*b, eaves), (*a, eaves)),
            ring((*c, low), (*d, low), (*d, eaves), (*c, eaves)),
            ring((*b, low), (*c, low), (*c, eaves), east, (*b, eaves)),
            ring((*d, low), (*a, low), (*a, eaves), west, (*d, eaves)),
        ],
    }


def tile(folder: Path, height: float = 9.0) -> Path:
    houses = [
        gml.building(
            f"B{k}",
            f"<bldg:measuredHeight>{height}</bldg:measuredHeight>"
            + gml.solid_of_links(f"B{k}", gable(X + 20 * k))
            + gml.surfaces(f"B{k}", gable(X + 20 * k)),
        )
        for k in range(3)
    ]
    return gml.write(folder / "tile.gml", gml.city(*houses))


def test_the_numbers_of_a_house_with_a_gable(tmp_path: Path) -> None:
    rows = {row["case"]: row for row in buildings.verify(tile(tmp_path))}
    known = {"volume": 3 * (10 * 8 * 6 + 10 * 8 * 3 / 2), "roof area": 3 * 2 * 10 * math.hypot(4, 3), "footprint": 3 * 80}
    for what, number in known.items():
        row = rows[f"{what}, 3 bodies, sum"]
        assert (row["reference"], row["ours"]) == pytest.approx((number, number))
    assert rows["measuredHeight within 0.1 m, 3 bodies"]["ours"] == 100
    assert all(row["ok"] for row in rows.values())


def test_heights_that_are_not_those_of_the_body_are_found(tmp_path: Path) -> None:
    rows = buildings.verify(tile(tmp_path, height=9.4))
    assert [row["ok"] for row in rows if row["unit"] == "%"] == [False, True, True]


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    path = gml.write(tmp_path / "block.gml", gml.city(gml.building("B", gml.solid(gml.box(X, Y, Z, 4, 4, 4), 1))))
    with pytest.raises(InputProblem, match="no building in LoD 2"):
        buildings.verify(path)
    text = tile(tmp_path).read_text(encoding="utf-8").replace(gml.pos_list(gable(X)["RoofSurface"][0]), "<gml:posList>1 2</gml:posList>")
    with pytest.raises(InputProblem, match="lists of points"):
        buildings.verify(gml.write(tmp_path / "odd.gml", text))


@pytest.mark.needs("data")
def test_a_towns_volumes_roofs_and_footprints_agree_to_a_thousandth(data: Path) -> None:
    rows = buildings.verify(data / "citygml/nrw")
    assert all(row["ok"] for row in rows)
    sums = [row for row in rows if row["case"].endswith("sum")]
    assert [row["unit"] for row in sums] == ["m³", "m²", "m²"]
    assert all(row["deviation"] < 0.001 * row["reference"] for row in sums)
    within = [row["ours"] for row in rows if row["unit"] == "%"]
    assert within[0] > 99
