"""Spans of days, how often there is shadow, first and last sun, trees, who takes the sun, and rules for rooms."""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from jena_planner.analyses import estimating, sun, windows
from jena_planner.analyses.differences import difference
from jena_planner.analyses.foliage import Leaves, foliage
from jena_planner.analyses.live_sun import LiveSun
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.sky_daylight import SkyView
from jena_planner.analyses.solar import Solar
from jena_planner.analyses.sun_hours import Shadow, SunHours, run_shadow, run_sun_hours
from jena_planner.analyses.sun_rules import SunRules, run_sun_rules
from jena_planner.analyses.sun_takers import SunTakers, run_sun_takers, takers, write_list
from jena_planner.analyses.sun_times import ShadowFrequency, SunStudy, SunTimes, run_shadow_frequency, run_sun_study, run_sun_times
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Faces, Result
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT, Block, FelledTree, PlantedTree, Variant

from .site import ORIGIN, site, today, with_variant

EQUINOX, WINTER = dt.date(2025, 3, 21), dt.date(2025, 1, 17)


def alone(tmp_path: Path) -> Site:
    return site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(-10, -30, 30, 20))


def with_tree(tmp_path: Path, species: str) -> Site:
    place = alone(tmp_path)
    place.trees = Trees(np.array([[60.0, 0.0]]), np.array([20.0]), np.array([10.0]), [species])
    return place


def under_the_crown(place: Site, date: dt.date, trees: str) -> float:
    """Sun at noon where the middle of the crown, 13 m up, throws its shadow."""
    direction = sun.moment(ORIGIN, date, "12:00").directions[0]
    x, y = np.array([60.0, 0.0]) - 13.0 / direction[2] * direction[:2]
    west, south = place.origin.to_world(np.array([x - 0.5, y - 0.5]))
    asked = Shadow(date=date, faces=False, step=1.0, bbox=(west, south, west + 1, south + 1), trees=trees)
    [ground] = run_shadow(Obstacles.of(today(place)), asked)
    return float(ground.values[0])


@pytest.mark.parametrize(
    ("species", "date", "through"),
    [
        ("Tilia cordata", dt.date(2025, 6, 21), 0.03),
        ("Tilia cordata", WINTER, 0.46),
        ("Pinus nigra", WINTER, 0.03),
        ("Larix", WINTER, 0.46),
    ],
)
def test_crowns_let_through_what_their_kind_and_the_season_say(tmp_path: Path, species: str, date: dt.date, through: float) -> None:
    place = with_tree(tmp_path, species)
    assert under_the_crown(place, date, "ignored") == 1.0
    assert under_the_crown(place, date, "opaque") == 0.0
    assert under_the_crown(place, date, "seasonal") == pytest.approx(through)


def test_felled_and_planted_trees_count_and_the_method_says_what_became_of_them(tmp_path: Path) -> None:
    place = with_tree(tmp_path, "Linde")
    asked = SunHours(faces=False, step=4.0, step_minutes=30.0, trees="seasonal", margin=60.0)
    [before] = run_sun_hours(Obstacles.of(today(place)), asked)
    felled = apply(place, Variant("f", "F", felled=(FelledTree((60.0, 0.0)),)))
    planted = apply(place, Variant("p", "P", planted=(PlantedTree("n", (-40.0, 0.0), "Linde", 15.0, 8.0),)))
    [without], [more] = (run_sun_hours(Obstacles.of(one), asked) for one in (felled, planted))
    assert without.values.sum() > before.values.sum() + 10
    assert more.values.sum() < before.values.sum() - 10
    assert before.method.endswith("Bäume: Sonne zu 3 % durch belaubte, 46 % durch kahle Kronen, belaubt 15.04. bis 31.10.")
    assert run_sun_hours(Obstacles.of(today(place)), asked.model_copy(update={"trees": "opaque"}))[0].method.endswith(
        "Bäume undurchsichtig"
    )


def test_a_crown_has_the_volume_of_its_ellipsoid_and_stands_on_the_ground(tmp_path: Path) -> None:
    """10 m high, crown 6 m wide, from 3 m up."""
    place = alone(tmp_path)
    place.trees = Trees(np.array([[50.0, 0.0], [9999.0, 0.0]]), np.array([10.0, 10.0]), np.array([6.0, 5.0]), ["", ""])
    vertices, triangles, green = foliage(today(place))
    a, b, c = (vertices[triangles[:, k]] - vertices.mean(axis=0) for k in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    assert volume == pytest.approx(4 / 3 * math.pi * 3.0 * 3.0 * 3.5, rel=1e-6)
    assert vertices.mean(axis=0) == pytest.approx([50.0, 0.0, 156.5], abs=0.05)
    assert not green.any()


def test_a_leafy_season_may_reach_over_the_new_year() -> None:
    south = Leaves(0.0, 1.0, (10, 1), (4, 30))
    assert [south.of(dt.date(2025, month, 15)) for month in (1, 6, 11)] == [0.0, 1.0, 0.0]


def test_a_span_is_the_mean_of_its_days(tmp_path: Path) -> None:
    town = Obstacles.of(today(alone(tmp_path)))
    common = {"faces": False, "step": 5.0, "step_minutes": 30.0}
    [span] = run_sun_hours(town, SunHours(**common, date=EQUINOX, until=dt.date(2025, 4, 6), every_days=8))
    days = [run_sun_hours(town, SunHours(**common, date=dt.date(2025, *day)))[0] for day in ((3, 21), (3, 29), (4, 6))]
    assert span.values == pytest.approx(np.mean([day.values for day in days], axis=0), abs=1e-5)
    assert span.title == "Mittlere tägliche Besonnungsdauer vom 21.03.2025 bis 06.04.2025, auf dem Boden"
    assert span.method.startswith("3 Tage vom 21.03.2025 bis 06.04.2025 · Ortszeit Europe/Berlin, alle 30 Minuten")
    assert SunHours(until=dt.date(2025, 4, 6)).stem == "sun-hours-2025-03-21-2025-04-06"
    with pytest.raises(InputProblem, match="is empty"):
        run_sun_hours(town, SunHours(until=dt.date(2025, 3, 1)))
    with pytest.raises(InputProblem, match="days to reckon"):
        run_sun_hours(town, SunHours(until=dt.date(2030, 3, 1), every_days=1))
    assert SunHours.model_validate({"until": ""}).until is None  # an empty field of a panel


def test_shadow_frequency_is_what_hours_of_sun_leave(tmp_path: Path) -> None:
    town = Obstacles.of(today(alone(tmp_path)))
    common = {"step": 3.0, "step_minutes": 20.0}
    shade, sunny = run_shadow_frequency(town, ShadowFrequency(**common)), run_sun_hours(town, SunHours(**common))
    path = sun.sun_path(ORIGIN, EQUINOX, step_minutes=20.0)
    for one, other in zip(shade, sunny, strict=True):
        assert one.unit == "%"
        assert one.values[one.valid] == pytest.approx(100 * (1 - other.values[other.valid] / (len(path) * path.step_hours)), abs=1e-3)
    open_ground = shade[0].valid & (shade[0].support.points[:, 1] < -60)
    assert shade[0].values[open_ground].max() == pytest.approx(0)


def test_first_and_last_sun_of_open_ground_are_sunrise_and_sunset(tmp_path: Path) -> None:
    """The hour angle of the set is acos(-tan 50.93° tan d), a day after the equinox of 2025 (20 March, 9:01 UT) that declines by 0.395° a
    day; the true noon is at 12:20:43 CET."""
    half = math.degrees(math.acos(-math.tan(math.radians(50.93)) * math.tan(math.radians(0.395 * 26.0 / 24)))) / 15
    town = Obstacles.of(today(alone(tmp_path)))
    results = {one.name: one for one in run_sun_times(town, SunTimes(step=5.0, step_minutes=2.0, margin=50.0))}
    assert list(results) == ["ground-first", "ground-last", "faces-first", "faces-last"]
    first, last = results["ground-first"], results["ground-last"]
    far = first.valid & (first.support.points[:, 1] < -70)
    assert first.values[far] == pytest.approx(12 + 20.7 / 60 - half, abs=0.04)
    assert last.values[far] == pytest.approx(12 + 20.7 / 60 + half, abs=0.04)
    east = results["faces-last"].support.normals[:, 0] > 0.9
    assert results["faces-last"].values[east & results["faces-last"].valid].max() < 13
    winter = {one.name: one for one in run_sun_times(town, SunTimes(date=dt.date(2025, 12, 21), ground=False))}["faces-first"]
    north = winter.support.normals[:, 1] > 0.9
    assert not winter.valid[north].any()  # what has no sun at all has no time
    assert winter.valid[winter.support.normals[:, 1] < -0.9].all()
    assert (first.values[first.valid] <= last.values[last.valid]).all()


def test_a_study_is_its_days(tmp_path: Path) -> None:
    place = alone(tmp_path)
    town, base = (Obstacles.of(one) for one in (with_variant(place, TOWER), today(place)))
    asked = SunStudy(faces=False, step=5.0, step_minutes=60.0, dates="2025-06-21, 2025-12-21")  # type: ignore[arg-type]
    study = run_sun_study(town, asked, base=base)
    assert [one.name for one in study] == ["ground-2025-06-21", "ground-2025-06-21-change", "ground-2025-12-21", "ground-2025-12-21-change"]
    [june, _] = run_sun_hours(town, SunHours(faces=False, step=5.0, step_minutes=60.0, date=dt.date(2025, 6, 21)), base=base)
    assert (study[0].values == june.values).all()
    assert "MESZ (wahrer Mittag 13:16 Uhr); 21.12.2025, MEZ (wahrer Mittag 12:12 Uhr)" in study[0].method
    assert [str(day) for day in SunStudy().dates] == ["2025-01-17", "2025-03-21", "2025-06-21", "2025-12-21"]
    with pytest.raises(ValidationError):
        SunStudy(dates="yesterday")  # type: ignore[arg-type]


TOWER = Variant("turm", "Turm", (Block("t", shapely.box(0, -30, 20, -20), 8, "Turm"),))


def test_who_takes_the_sun_is_named_with_how_long(tmp_path: Path) -> None:
    """What the tower takes of the south façade is what that has less than before; what is left is its hours of sun."""
    place = alone(tmp_path)
    town, base = Obstacles.of(with_variant(place, TOWER)), Obstacles.of(today(place))
    asked = SunTakers(cell=2.5, step_minutes=20.0)
    found = takers(town, asked)
    [south] = [one for one in found if one.victim == 0 and one.side == "S"]
    assert south.taker == "Turm"
    assert south.area == pytest.approx(160, rel=0.02)
    change = {one.name: one for one in run_sun_takers(town, asked, base=base)}["faces-change"]
    faces = change.support
    mine = change.valid & (faces.building == 0) & (faces.normals[:, 1] < -0.9)
    lost = -np.average(change.values[mine], weights=faces.area[mine])
    assert south.mean == pytest.approx(lost, abs=0.02)
    assert south.most == pytest.approx(-change.values[mine].min(), abs=0.02)
    assert found == sorted(found, key=lambda one: -one.mean * one.area)
    [path] = write_list(town, asked, tmp_path / "takers")
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert {"building": "B0", "side": "S", "taken_by": "Turm"}.items() <= rows[[row["side"] for row in rows].index("S")].items()
    assert float(rows[0]["hours_most"]) >= float(rows[0]["hours_mean"])
    [path] = write_list(town, asked, tmp_path / "compared", town_before=base)
    [row] = [row for row in csv.DictReader(path.open(encoding="utf-8")) if row["side"] == "S" and row["taken_by"] == "Turm"][:1]
    assert float(row["hours_mean_before"]) == 0


def south_windows(results: list[Result], row: int = 0) -> np.ndarray:
    faces = results[row].support
    return results[row].values[results[row].valid & (faces.normals[:, 1] < -0.9)]


def test_without_a_wall_a_south_window_has_all_sun_above_eleven_degrees(tmp_path: Path) -> None:
    """585 minutes at the equinox at Jena (NREL's algorithm)."""
    found = run_sun_rules(Obstacles.of(today(alone(tmp_path))), SunRules(wall=0.0, step_minutes=1.0))
    assert south_windows(found) * 60 == pytest.approx(585, abs=3)
    assert found[0].method.startswith("21.03.2025, MEZ (wahrer Mittag 12:21 Uhr), alle 1 Minuten, Sonne ab 11° Höhe")
    assert "Nachweisort innere Wandebene, Wand 0,00 m" in found[0].method


def test_a_reveal_cuts_what_its_angles_say(tmp_path: Path) -> None:
    """The place is 1.2 m above the floor, the opening reaches from 0.9 to 2.3 m: from behind a wall of 0.4 m the sun must stand within
    atan(0.6 / 0.4) to either side, and its ray must leave the opening below the lintel."""
    found = run_sun_rules(Obstacles.of(today(alone(tmp_path))), SunRules(wall=0.4, step_minutes=1.0))
    path = sun.sun_path(ORIGIN, EQUINOX, step_minutes=1.0)
    offset = np.radians(ORIGIN.grid_azimuth(path.azimuth) - 180.0)
    rise = np.degrees(np.arctan(1.1 * np.cos(offset) / 0.4))
    seen = (path.elevation >= 11) & (np.abs(np.degrees(offset)) <= math.degrees(math.atan(1.5))) & (path.elevation <= rise)
    assert south_windows(found) == pytest.approx(seen.sum() / 60, abs=0.04)
    assert 1.5 < seen.sum() / 60 < 585 / 60 - 1


def test_din_5034_asks_for_two_days_in_the_plane_of_the_facade(tmp_path: Path) -> None:
    """307 … 403 minutes above 6° at 17 January, 649 at the equinox."""
    found = run_sun_rules(Obstacles.of(today(alone(tmp_path))), SunRules(rule="din5034", step_minutes=1.0))
    assert [one.name for one in found] == ["windows-winter", "windows-equinox"]
    assert south_windows(found, 0) * 60 == pytest.approx(403, abs=3)
    assert south_windows(found, 1) * 60 == pytest.approx(649, abs=3)
    north = found[0].support.normals[:, 1] > 0.9
    assert found[0].values[north].max() == 0
    assert [found[0].classes.labels[k] for k in found[0].classes.index(np.array([0.0, 1.0]))] == [
        "nicht erfüllt (unter 1)",
        "erfüllt (über 1)",
    ]


def test_a_tower_takes_the_sun_of_windows_and_only_there(tmp_path: Path) -> None:
    place = alone(tmp_path)
    found = {one.name: one for one in run_sun_rules(Obstacles.of(with_variant(place, TOWER)), SunRules(), base=Obstacles.of(today(place)))}
    change = found["windows-change"]
    south = change.valid & (change.support.normals[:, 1] < -0.9)
    assert change.values[south].max() < -1
    assert (change.support.building[change.valid] == 0).all()
    assert found["windows"].valid[found["windows"].support.building < 0].any()


def test_en_17037_takes_a_day_from_february_to_march(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="1 February to 21 March"):
        run_sun_rules(Obstacles.of(today(alone(tmp_path))), SunRules(date=dt.date(2025, 6, 21)))


def test_windows_stand_storey_by_storey_and_wholly_in_the_wall(tmp_path: Path) -> None:
    variant = Variant("v", "V", (Block("b", shapely.box(40, 0, 60, 10), 3, ground_floor_height=4.0, plinth=0.5),))
    there = windows.set_in(with_variant(alone(tmp_path), variant), windows.WindowForm())
    mine = there.support.building < 0
    assert mine.sum() == 3 * 2 * (6 + 3)  # 20 m and 10 m at 3 m a window
    assert sorted(set(np.round(there.floor[mine] - 150, 3))) == [0.5, 4.5, 7.5]
    assert there.support.points[mine, 2] == pytest.approx(there.floor[mine] + 0.9 + 0.7)
    assert (there.support.semantics == Semantics.WALL).all()
    assert (~mine).sum() == 2 * 2 * (6 + 3)  # 8 m: two storeys of 3 m
    assert np.abs(there.up - [0, 0, 1]).max() < 1e-9


def test_clocks_are_put_forward_within_the_day() -> None:
    times = np.array(["2025-03-30T00:30", "2025-03-30T01:30", "2025-03-30T22:00"], "datetime64[ns]")
    assert sun.clock_hours(ORIGIN, dt.date(2025, 3, 30), times).tolist() == [1.5, 3.5, 24.0]
    path = sun.sun_path(ORIGIN, dt.date(2025, 3, 30), step_minutes=10)
    assert "MESZ (wahrer Mittag 13:18 Uhr)" in path.label


def test_where_the_sun_does_not_set_or_rise(tmp_path: Path) -> None:
    """Tromsø: 24 hours at midsummer, none at midwinter, which is said; a share of no time is refused."""
    north = Origin("EPSG:25833", 653000, 7732000, "NN2000")
    ground = Terrain(north, -50.0, -50.0, 5.0, np.full((21, 21), 10, np.float32))
    nothing = replace(alone(tmp_path).city.selected(np.zeros(1, bool)), origin=north)
    town = Obstacles.of(apply(Site(north, nothing, ground), NULL_VARIANT))
    west, south = north.to_world(np.array([0.0, 0.0]))
    common = {"faces": False, "step": 5.0, "bbox": (west, south, west + 20, south + 20), "time_zone": "Europe/Oslo"}
    [summer] = run_sun_hours(town, SunHours(**common, date=dt.date(2025, 6, 21)))
    assert summer.values == pytest.approx(24.0)
    [winter] = run_sun_hours(town, SunHours(**common, date=dt.date(2025, 12, 21)))
    assert winter.values.max() == 0
    assert "keine Sonne an diesem Tag" in winter.method
    for run, model in ((run_shadow_frequency, ShadowFrequency), (run_sun_times, SunTimes)):
        with pytest.raises(InputProblem, match="there is no sun"):
            run(town, model(**common, date=dt.date(2025, 12, 21)))  # type: ignore[operator]


def test_the_live_sun_is_what_the_analysis_says_wherever_the_block_goes(tmp_path: Path) -> None:
    place = alone(tmp_path)
    without = Variant("w", "W", (), ("B0",))
    asked = SunHours(step=3.0, step_minutes=30.0, faces=False)
    live = LiveSun(place, asked, (TOWER, without))
    for variant in (
        TOWER,
        replace(TOWER, blocks=(replace(TOWER.blocks[0], footprint=shapely.box(25, -30, 45, -20)),)),
        NULL_VARIANT,
        without,
    ):
        found = live.of(variant)
        [whole] = run_sun_hours(Obstacles.of(with_variant(place, variant)), asked)
        assert (found.values[whole.valid] == whole.values[whole.valid]).all()
        assert found.valid.sum() >= whole.valid.sum()
        assert found.title == whole.title
        assert live.on_faces() is None
    assert (live.empty.values == np.arange(live.grid.size)).all()


def test_the_live_sun_reaches_facades_of_houses_and_of_blocks(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), (40, 0, 12, 10, 6), plan=shapely.box(-10, -40, 60, 20))
    without = Variant("w", "W", (), ("B0",))
    asked = SunHours(step=4.0, cell=3.0, step_minutes=30.0, margin=0.0)
    live = LiveSun(place, asked, (TOWER, without))
    moved = replace(TOWER, blocks=(replace(TOWER.blocks[0], footprint=shapely.box(25, -30, 45, -20)),))
    for variant in (TOWER, moved, NULL_VARIANT, without):
        live.of(variant)
        found = live.on_faces()
        [_, whole] = run_sun_hours(Obstacles.of(with_variant(place, variant)), asked)
        assert found is not None and isinstance(found.support, Faces) and isinstance(whole.support, Faces)
        # A building that is removed in some variant comes after those that always stand.
        one, other = (np.lexsort(np.round(np.column_stack([x.support.points, x.support.normals]), 6).T) for x in (found, whole))
        assert np.allclose(found.support.points[one], whole.support.points[other])
        assert (found.valid[one] >= whole.valid[other]).all()
        counts = whole.valid[other]
        assert counts.sum() > 40 and (found.values[one][counts] == whole.values[other][counts]).all()
        assert (found.support.building[one] == whole.support.building[other]).all()


def test_estimates_grow_with_the_work_and_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "_learnt", [1.0])
    place = alone(tmp_path)
    day = estimating.seconds(place, SunHours())
    fine = estimating.seconds(place, SunHours(step=0.5, cell=0.5))
    season = estimating.seconds(place, SunHours(until=dt.date(2025, 9, 21)))
    moment = estimating.seconds(place, Shadow())
    assert moment is not None and day is not None and fine is not None and season is not None
    assert moment < day < season
    assert fine > 10 * day
    assert estimating.seconds(place, SunRules()) is None
    sky, year, trees = (estimating.seconds(place, one) for one in (SkyView(), Solar(), Solar(trees="seasonal")))
    assert sky is not None and year is not None and trees is not None
    assert 10 * day < sky < year < trees < 5 * sky  # 72 suns, 2 400 rays, the year's suns and what is reflected besides
    assert estimating.seconds(replace(place, terrain=None), SunHours()) is None
    assert estimating.seconds(place, SunHours(bbox=(1, 1, 2, 2))) is None
    estimating.learn(10.0, 40.0)
    assert estimating.seconds(place, SunHours()) == pytest.approx(2 * day)
    assert [estimating.words(seconds) for seconds in (0.2, 42, 200, 7300)] == ["1 s", "42 s", "3 min", "2 h"]


def test_differences_are_those_of_the_analysis_and_have_a_scale_of_their_own(tmp_path: Path) -> None:
    place = alone(tmp_path)
    town, base = Obstacles.of(with_variant(place, TOWER)), Obstacles.of(today(place))
    asked = SunHours(step=4.0, cell=4.0, step_minutes=30.0)
    whole = {one.name: one for one in run_sun_hours(town, asked, base=base)}
    before = {one.name: one for one in run_sun_hours(base, asked)}
    for kind in ("ground", "faces"):
        found = difference(whole[kind], before[kind], "Bestand")
        both = found.valid & whole[f"{kind}-change"].valid
        assert both.sum() == whole[f"{kind}-change"].valid.sum()
        assert (found.values[both] == whole[f"{kind}-change"].values[both]).all()
        assert found.title == whole[f"{kind}-change"].title
        assert found.classes == whole[f"{kind}-change"].classes
    euros = [replace(one, unit="€", values=one.values * 1000) for one in (whole["ground"], before["ground"])]
    scale = difference(*euros, "Bestand").classes
    assert list(scale.edges) == sorted(scale.edges)
    assert len(scale.edges) == len(scale.colours) + 1 == len(scale.labels) + 1
    assert scale.labels[4].startswith("kaum verändert")
    with pytest.raises(InputProblem, match="cannot be compared"):
        difference(whole["ground"], replace(before["ground"], unit="%"), "Bestand")
