"""What is seen from where: closed forms on flat ground with boxes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.analyses import targets
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.views import Viewshed, VisibilityOf, run_viewshed, run_visibility_of
from jena_planner.jena_city.problems import InputProblem, no_progress
from jena_planner.jena_city.rasters import write_geotiff
from jena_planner.jena_city.result import Result
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.jena_city.viewing import Landmark, Viewpoint

from . import site as sites
from .site import ORIGIN, site

HOUSE = (20.0, -10.0, 10.0, 20.0, 9.0)


def world(x: float, y: float) -> tuple[float, float]:
    return (ORIGIN.easting + x, ORIGIN.northing + y)


def here(place: Site) -> Obstacles:
    return Obstacles.of(sites.today(place))


def from_the_west(**more: Any) -> Viewshed:
    settings = {"viewpoints": [Viewpoint(name="Platz", at=world(0, 0))], "bbox": (*world(-40, -40), *world(80, 40)), "step": 1.0, **more}
    return Viewshed.model_validate(settings)


def at(result: Result, x: float, y: float) -> float:
    support = result.support
    near = np.argmin(np.hypot(support.points[:, 0] - x, support.points[:, 1] - y) + 1e6 * ~result.valid)
    return float(result.values[near])


def test_a_house_hides_the_ground_behind_it_within_the_lines_past_its_corners(tmp_path: Path) -> None:
    ground, faces = run_viewshed(here(site(tmp_path, HOUSE)), from_the_west())
    points, shown = ground.support.points, ground.values > 50
    hidden = (points[:, 0] > 20) & (np.abs(points[:, 1]) < points[:, 0] * 10 / 20)  # past the corners of its near wall
    sure = ground.valid & (np.abs(np.abs(points[:, 1]) - points[:, 0] * 0.5) > 0.7)
    assert (shown == ~hidden)[sure].all()
    west, east = faces.support.normals[:, 0] < -0.9, faces.support.normals[:, 0] > 0.9
    assert (faces.values[west & faces.valid] == 100).all()
    assert (faces.values[east & faces.valid] == 0).all()


def test_what_rises_above_the_roof_line_is_seen_behind_the_house(tmp_path: Path) -> None:
    """Over the near edge of the roof, 9 m up at 20 m, the line from 1.6 m rises by 7.4 m in 20 m."""
    place = here(site(tmp_path, HOUSE))
    needed = 1.6 + 7.4 * 60.5 / 20
    for height, expected in ((needed - 0.2, 0.0), (needed + 0.2, 100.0)):
        (ground,) = run_viewshed(place, from_the_west(target=height, faces=False))
        assert at(ground, 60.5, 0.5) == expected


def test_paths_and_areas_count_how_many_of_their_eyes_see_a_place(tmp_path: Path) -> None:
    """Of a walk past the house from y = -30 to 30 at x = 0, a place in its shadow is seen from those stretches only that look past it."""
    walk = [Viewpoint(name="Weg", path=[world(0, -30), world(0, 30)])]
    (ground,) = run_viewshed(here(site(tmp_path, HOUSE)), from_the_west(viewpoints=walk, spacing=1.0, faces=False))
    # from (50, 0) lines past (30, ±10) and (20, ±10) end at x = 0 at ±25 and ±16.7: seen from beyond 25
    assert at(ground, 50, 0) == pytest.approx(100 * 2 * 5 / 60, abs=3.5)
    assert at(ground, 10, 0) == 100.0
    plaza = [Viewpoint(name="Markt", area=[world(-20, -10), world(0, -10), world(0, 10), world(-20, 10)])]
    (ground,) = run_viewshed(here(site(tmp_path, HOUSE)), from_the_west(viewpoints=plaza, spacing=2.0, faces=False))
    assert at(ground, -30, 0) == 100.0
    assert at(ground, 60, 0) == 0.0


def test_a_new_block_takes_the_view_and_the_change_says_where(tmp_path: Path) -> None:
    place = site(tmp_path, HOUSE)
    planned = Obstacles.of(sites.with_variant(place, Variant("v", "V", (Block("a", shapely.box(-20, -5, -10, 5), 4),))))
    results = {one.name: one for one in run_viewshed(planned, from_the_west(), base=here(place))}
    change = results["ground-change"]
    assert at(change, -30, 0) == -100.0
    assert at(change, 60, 0) == 0.0
    assert change.values[change.valid].max() == 0.0


def test_beyond_two_kilometres_the_curve_of_the_earth_hides(tmp_path: Path) -> None:
    """From 2 m above level ground (1.95 m above its sensors) the horizon is √(2 · 6371 km · 2 m / 0.87) = 5.4 km away."""
    sea = sites.Terrain(ORIGIN, 0.0, -200.0, 100.0, np.full((5, 101), 150.0, np.float32))
    settings = Viewshed(
        viewpoints=[Viewpoint(name="Ufer", at=world(50, 0), eye=2.0)],
        bbox=(*world(0, -100), *world(10_000, 100)),
        step=50.0,
        reach=20_000,
        faces=False,
    )
    (ground,) = run_viewshed(here(site(tmp_path, (-500, -500, 5, 5, 5), ground=sea)), settings)
    horizon = math.sqrt(2 * 6_371_000 / 0.87) * (math.sqrt(2.0) + math.sqrt(0.05))
    seen = ground.support.points[ground.values > 50]
    assert np.hypot(seen[:, 0] - 50, seen[:, 1]).max() == pytest.approx(horizon, abs=200)
    flat = settings.model_copy(update={"reach": 1900.0})
    (ground,) = run_viewshed(here(site(tmp_path, (-500, -500, 5, 5, 5), ground=sea)), flat)
    seen = ground.support.points[ground.values > 50]
    assert np.hypot(seen[:, 0] - 50, seen[:, 1]).max() == pytest.approx(1900, abs=60)


def test_a_surface_model_takes_the_place_of_the_city(tmp_path: Path) -> None:
    heights = np.full((80, 120), 150.0, np.float32)
    heights[30:50, 60:62] = 170.0  # trees, say
    write_geotiff(tmp_path / "dsm.tif", heights, *world(-40, 40), 1.0, ORIGIN.wkt)
    settings = from_the_west(surface="dsm.tif").located(tmp_path, ORIGIN)
    (result,) = run_viewshed(here(site(tmp_path, HOUSE)), settings)
    assert at(result, 15, 0) == 100.0
    assert at(result, 60, 0) == 0.0  # behind the trees
    assert at(result, 25, 35) == 100.0
    assert "Oberflächenmodell dsm.tif" in result.method
    far = from_the_west(surface="dsm.tif", viewpoints=[Viewpoint(name="Weit", at=world(-120, 0))]).located(tmp_path, ORIGIN)
    with pytest.raises(InputProblem, match=r"outside dsm.tif"):
        run_viewshed(here(site(tmp_path, HOUSE)), far)


def test_the_solid_angle_of_a_wall_is_that_of_the_closed_form(tmp_path: Path) -> None:
    """A wall 20 m wide and 9 m high, 20 m away, seen from its foot in its middle: 2 · atan(a b / (d √(a² + b² + d²)))."""
    place = here(site(tmp_path, HOUSE))
    target = targets.landmark(Landmark(name="Haus", building="B0"), place)
    free, whole = targets.seen(target, np.array([[0.0, 0.0, 150.01]]), None, place, 0.13, no_progress)
    a, b, d = 10.0, 9.0, 20.0
    expected = 2 * math.atan(a * b / (d * math.sqrt(a * a + b * b + d * d)))
    assert whole[0] == pytest.approx(expected, rel=0.01)
    assert free[0] == pytest.approx(whole[0], rel=1e-3)


def test_half_of_a_façade_is_hidden_by_a_wall_before_half_of_it(tmp_path: Path) -> None:
    """A high block from y = 0 on, close before the eye, hides what lies north of it."""
    place = site(tmp_path, HOUSE)
    high = Variant("v", "V", (Block("a", shapely.box(5, 0.01, 8, 60), 20),))
    planned = Obstacles.of(sites.with_variant(place, high))
    settings = VisibilityOf(
        viewpoints=[Viewpoint(name="Platz", at=world(0, 0))],
        landmarks=[Landmark(name="Haus", at=world(25, 0))],
        bbox=(*world(-40, -40), *world(80, 40)),
    )
    results = {one.name: one for one in run_visibility_of(planned, settings, base=here(place))}
    assert list(results) == ["ground", "ground-change", "viewpoints", "viewpoints-change"]
    assert results["viewpoints"].values[0] == pytest.approx(50.0, abs=3.0)
    assert results["viewpoints-change"].values[0] == pytest.approx(-50.0, abs=3.0)
    said = dict(zip(results["viewpoints"].support.heads, results["viewpoints"].support.table[0], strict=True))
    assert said["vorher"] == said["allein stehend"]
    assert results["ground-change"].values[results["ground-change"].valid].max() <= 0.1
    assert at(results["ground"], 15, -5) > 95


def test_where_new_blocks_will_be_seen_from(tmp_path: Path) -> None:
    place = site(tmp_path, HOUSE)
    planned = Obstacles.of(sites.with_variant(place, Variant("v", "V", (Block("a", shapely.box(40, -5, 50, 5), 2),))))
    settings = VisibilityOf(of="blocks", bbox=(*world(-40, -40), *world(80, 40)))
    (ground,) = run_visibility_of(planned, settings, base=here(place))
    assert at(ground, 0, 0) == 0.0  # 9 m hide 6.5 m behind them
    assert at(ground, 60, 0) == 100.0
    assert run_visibility_of(here(place), settings) == []


def test_a_project_without_viewpoints_or_landmarks_is_told_what_to_do(tmp_path: Path) -> None:
    place = here(site(tmp_path, HOUSE))
    with pytest.raises(InputProblem, match=r"viewpoints.*names none"):
        run_viewshed(place, Viewshed())
    with pytest.raises(InputProblem, match=r"landmarks.*names none"):
        run_visibility_of(place, VisibilityOf())


def test_crowns_of_trees_hide_where_they_are_asked_for(tmp_path: Path) -> None:
    """A row of trees before the house: from the square the house is seen through them, or not at all."""
    place = site(tmp_path, HOUSE)
    y = np.arange(-30.0, 31.0, 2.0)
    place.trees = Trees(np.column_stack([np.full(len(y), 10.0), y]), np.full(len(y), 16.0), np.full(len(y), 8.0), ["Linde"] * len(y))
    town = here(place)
    settings = VisibilityOf(
        viewpoints=[Viewpoint(name="Platz", at=world(0, 0), eye=12.0)], landmarks=[Landmark(name="Haus", at=world(25, 0))], ground=False
    )
    assert run_visibility_of(town, settings)[0].values[0] == 100.0
    (hidden,) = run_visibility_of(town, settings.model_copy(update={"trees": True}))
    assert hidden.values[0] < 20.0
    assert "Bäume undurchsichtig" in hidden.method
    walls = [run_viewshed(town, from_the_west(viewpoints=settings.viewpoints, trees=trees))[1] for trees in (False, True)]
    west = walls[0].valid & (walls[0].support.normals[:, 0] < -0.9)
    assert walls[0].values[west].min() == 100.0
    assert walls[1].values[west].mean() < 25.0
