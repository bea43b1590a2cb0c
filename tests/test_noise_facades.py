"""What levels at façades mean: quiet sides, storeys, people in bands, before and after; and who lives where."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses.noise import facades
from jena_planner.analyses.noise.road_noise import RoadNoise, run_road_noise
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.jena_city import store
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.residents import residents
from jena_planner.jena_city.result import Faces, Result
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant

from .site import site as small_site

GIVEN = Assumptions()


def town(folder: Path, *boxes: tuple[float, float, float, float, float], function: str = "31001_1010") -> Site:
    site = small_site(folder, *boxes)
    site.city.function = [function] * len(site.city.building_id)
    return site


def test_the_data_go_before_dwellings_and_these_before_floors(tmp_path: Path) -> None:
    site = town(tmp_path, (0, 0, 20, 10, 9), (40, 0, 20, 10, 9), (80, 0, 20, 10, 9), (120, 0, 5, 5, 3))
    site.city.attributes[0] = {"Einwohner": "12"}
    site.city.attributes[1] = {"Wohneinheiten": 5}
    site.city.storeys[2] = 4
    site.city.function[3] = "31001_2463"  # a garage
    found = residents(apply(site, NULL_VARIANT), GIVEN)
    assert found[0] == (12.0, "Daten")
    assert found[1] == (5 * 1.9, "Wohneinheiten")
    assert found[2][0] == pytest.approx(200 * 4 * 0.75 / 75 * 1.9) and found[2][1] == "geschätzt"
    assert 3 not in found


def test_people_of_blocks_are_those_of_their_dwellings(tmp_path: Path) -> None:
    site = town(tmp_path, (0, 0, 20, 10, 9))
    block = Block("neu", shapely.box(40, 0, 60, 10), 3, dwellings=7)
    found = residents(apply(site, Variant("v", "V", (block,))), GIVEN)
    assert found[-1] == (pytest.approx(7 * 1.9), "geplant")
    gone = residents(apply(site, Variant("w", "W", (), removed=("B0",))), GIVEN)
    assert 0 not in gone


def by_hand(applied: Applied, levels: dict[str, float], night_less: float = 10.0) -> tuple[Result, Result]:
    """Façades with a level for each direction, as an analysis would give them."""
    from jena_planner.analyses import sensors
    from jena_planner.jena_city.model import Semantics

    faces = sensors.face_cells(applied, 3.0, semantics=(Semantics.WALL,))
    values = np.zeros(faces.size, np.float32)
    for name, (x, y) in {"N": (0, 1), "E": (1, 0), "S": (0, -1), "W": (-1, 0)}.items():
        values[faces.normals @ [x, y, 0] > 0.9] = levels[name]
    made = RoadNoise()
    kind = facades.QUIET
    day = Result(
        "road_noise", "faces-day", "", "dB(A)", applied.variant.id, applied.site.origin, faces, values, np.ones(faces.size, bool), kind, ""
    )
    return day, replace(day, name="faces-night", values=values - np.float32(night_less), settings=made.model_dump(mode="json"))


def test_a_side_is_quiet_by_itself_or_against_the_loudest(tmp_path: Path) -> None:
    applied = apply(town(tmp_path, (0, 0, 20, 10, 9)), NULL_VARIANT)
    day, night = by_hand(applied, {"S": 72.0, "E": 60.0, "W": 51.5, "N": 50.0})
    quiet = lambda **asked: dict(zip((s := facades.sides(applied, day, night, RoadNoise(**asked))).towards, s.quiet.tolist(), strict=True))  # noqa: E731
    assert quiet() == {"Norden": True, "Osten": False, "Süden": False, "Westen": True}  # 50/40; 20.5 dB below the loudest
    assert quiet(quiet_below=10.0) == {"Norden": True, "Osten": True, "Süden": False, "Westen": True}
    assert quiet(quiet=45.0, quiet_below=30.0) == {"Norden": False, "Osten": False, "Süden": False, "Westen": False}
    loud = by_hand(applied, {"S": 50.0, "E": 50.0, "W": 50.0, "N": 50.0}, night_less=5.0)
    assert not facades.sides(applied, *loud, RoadNoise()).quiet.any()  # 45 by night are too many
    [told] = facades.quiet_sides(applied, [day, night], RoadNoise())
    assert isinstance(told.support, Faces)
    south = told.support.normals[:, 1] < -0.9
    assert set(told.values[south].tolist()) == {2.0}  # 72 reaches the threshold
    assert set(told.values[told.support.normals[:, 1] > 0.9].tolist()) == {0.0}


def test_people_are_counted_once_behind_all_walls(tmp_path: Path) -> None:
    applied = apply(town(tmp_path, (0, 0, 20, 10, 9)), NULL_VARIANT)
    day, night = by_hand(applied, {"S": 72.0, "E": 60.0, "W": 60.0, "N": 48.0})
    (level, share), _ = facades.exposed(applied, day, night, {0: (30.0, "Daten")}, RoadNoise())
    assert share.sum() == pytest.approx(30.0)
    assert share[level > 70].sum() == pytest.approx(30 * 20 / 60)  # 20 of 60 metres of wall look south
    (level, share), _ = facades.exposed(applied, day, night, {0: (30.0, "Daten")}, RoadNoise(method="CNOSSOS"))
    assert share.sum() == pytest.approx(30.0) and level.min() == 60.0  # the louder half


@pytest.mark.parametrize("cell", [0.5, 1.0, 3.0])
def test_people_in_low_houses_are_counted_too(tmp_path: Path, cell: float) -> None:
    """2.5 m high: no wall reaches the 4 m of L_den."""
    applied = apply(town(tmp_path, (0, 0, 20, 10, 2.5), (40, 0, 20, 10, 9)), NULL_VARIANT)
    day, night = by_hand(applied, {"S": 72.0, "E": 60.0, "W": 60.0, "N": 48.0})
    for level, share in facades.exposed(
        applied, day, night, {0: (4.0, "Daten"), 1: (30.0, "Daten")}, RoadNoise(method="CNOSSOS", cell=cell)
    ):
        assert share.sum() == pytest.approx(34.0)
        assert len(level) == len(share)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_tables_beside_a_map(tmp_path: Path) -> None:
    site = replace(
        town(tmp_path, (0, 0, 20, 10, 9), (0, 40, 20, 10, 9)),
        streets=Features(np.array([shapely.LineString([(-60, -9), (80, -9)])]), {"class": np.array(["primary"])}),
    )
    before = Obstacles.of(apply(site, NULL_VARIANT))
    wall = Variant("riegel", "Riegel", (Block("r", shapely.box(-40, 25, 60, 30), 4, dwellings=20),))
    after = Obstacles.of(apply(site, wall))
    asked = RoadNoise(margin=40.0, distance=200.0, reflections=0, cell=3.0, ground=False, held_against="guide", area_type="WA")
    files: list[Path] = []
    for planned, base in ((before, None), (after, before)):
        name = planned.applied.variant.id
        for result in run_road_noise(planned, asked, base=base):
            result.inputs = {"site": "s"}
            store.save_result(result, tmp_path / f"road-noise-rls19-{result.name}-{name}.npz")
        files = facades.write_tables(planned, asked, tmp_path / f"road-noise-rls19-{name}", town_before=base)
    assert [file.name for file in files] == [f"road-noise-rls19-riegel-{part}.csv" for part in ("buildings", "facades", "people")]
    buildings = {row["building"]: row for row in read(files[0])}
    assert set(buildings) == {"B0", "B1", "r"} and buildings["B0"]["loudest_side"] == "Süden"
    assert buildings["r"]["residents_from"] == "geplant" and float(buildings["r"]["residents"]) == pytest.approx(38.0)
    storeys = [row for row in read(files[1]) if row["building"] == "B0" and row["side"] == "Süden"]
    assert [row["storey"] for row in storeys] == ["1", "2", "3"]
    assert all(float(row["over_day"]) == max(np.ceil(float(row["day"])) - 55, 0) for row in storeys)
    people = read(files[2])
    day = [row for row in people if row["period"] == "day"]
    assert sum(float(row["people"]) for row in day) == pytest.approx(38 + 2 * 200 * 3 * 0.75 / 75 * 1.9, abs=len(day))
    assert sum(float(row["people_before"]) for row in day) == pytest.approx(2 * 200 * 3 * 0.75 / 75 * 1.9, abs=len(day))
    assert all(float(row["change"]) == pytest.approx(float(row["people"]) - float(row["people_before"]), abs=1.01) for row in day)
