"""The analyses as a project asks for them: results with unit, method and difference to the Bestand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.registry import REGISTRY
from jena_planner.analyses.sun_hours import Shadow, SunHours, run_shadow, run_sun_hours
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Faces, Grid
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import Block, Variant

from . import site as sites
from .site import site


def today(place: Site) -> Obstacles:
    return Obstacles.of(sites.today(place))


def with_variant(place: Site, variant: Variant) -> Obstacles:
    return Obstacles.of(sites.with_variant(place, variant))


TOWER = Variant("turm", "Turm", (Block("t", shapely.box(20, -30, 35, -15), 10, ground_floor_height=3.0),))


def test_every_analysis_of_the_registry_has_what_panel_and_project_need() -> None:
    for name, analysis in REGISTRY.items():
        assert analysis.name == name
        assert analysis.title
        assert analysis.description
        assert analysis.settings().stem


def test_results_come_for_ground_and_faces_with_method_and_time_basis(tmp_path: Path) -> None:
    place = today(site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(-10, -10, 30, 20)))
    ground, faces = run_sun_hours(place, SunHours(margin=10.0, step=2.0, step_minutes=30.0))
    assert (ground.name, faces.name) == ("ground", "faces")
    assert isinstance(ground.support, Grid)
    assert isinstance(faces.support, Faces)
    assert ground.unit == "h"
    assert ground.title == "Besonnungsdauer am 21.03.2025, auf dem Boden"
    assert ground.method == "21.03.2025, MEZ (wahrer Mittag 12:21 Uhr), alle 30 Minuten · Bäume nicht berücksichtigt"
    assert ground.support.points[:, :2].min(axis=0) == pytest.approx([-19, -19])
    assert 0 <= ground.values[ground.valid].min() < ground.values[ground.valid].max() <= 12.5
    assert faces.values[faces.valid & (faces.support.normals[:, 1] > 0.9)].max() < 1.0  # the north wall


def test_a_new_tower_takes_sun_from_the_north_and_none_from_the_south(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(0, -40, 60, 20))
    base, planned = today(place), with_variant(place, TOWER)
    results = {result.name: result for result in run_sun_hours(planned, SunHours(margin=20.0, step_minutes=30.0), base=base)}
    assert list(results) == ["ground", "ground-change", "faces", "faces-change"]
    change = results["ground-change"]
    assert change.title == "Besonnungsdauer am 21.03.2025: Änderung gegenüber Bestand, auf dem Boden"
    assert change.values[change.valid].max() <= 0
    x, y = change.support.points[:, 0], change.support.points[:, 1]
    north, south = change.valid & (abs(x - 27) < 8) & (y > -14) & (y < 0), change.valid & (abs(x - 27) < 8) & (y < -31)
    assert change.values[north].mean() < -2
    assert change.values[south].mean() > -0.5
    assert not change.valid[(abs(x - 27.5) < 7) & (abs(y + 22.5) < 7)].any()  # inside the tower there is nothing to compare
    faces = results["faces-change"]
    assert (faces.support.building[faces.valid] == 0).all()
    assert faces.values[faces.valid].min() < -1
    alone = next(result for result in run_sun_hours(base, SunHours(margin=20.0, step_minutes=30.0)) if result.name == "ground")
    both = change.valid & alone.valid
    assert (results["ground"].values - alone.values)[both] == pytest.approx(change.values[both], abs=1e-5)


def test_a_shadow_mask_of_a_moment(tmp_path: Path) -> None:
    place = today(site(tmp_path, (0, 0, 20, 10, 20)))
    ground, _ = run_shadow(place, Shadow(date=dt.date(2025, 3, 21), time="12:00", step=1.0))
    assert set(np.unique(ground.values[ground.valid])) == {0.0, 1.0}
    assert ground.title == "Schatten am 21.03.2025, 12:00 Uhr MEZ, auf dem Boden"
    assert "Sonnenhöhe 39,3°" in ground.method
    with pytest.raises(InputProblem, match="below the horizon"):
        run_shadow(place, Shadow(date=dt.date(2025, 12, 21), time="20:00"))


def test_settings_take_part(tmp_path: Path) -> None:
    place = today(site(tmp_path, (0, 0, 20, 10, 8)))
    [ground] = run_sun_hours(
        place, SunHours(faces=False, start="10:00", end="12:00", minimum_elevation=11.0, basis="solar", step_minutes=20.0)
    )
    assert ground.values.max() == pytest.approx(2.0)
    assert ground.method.startswith(
        "21.03.2025, wahre Ortszeit (12:00 ist 12:21 Uhr MEZ), 10:00 bis 12:00 Uhr, alle 20 Minuten, Sonne ab 11° Höhe"
    )
    west, south = place.applied.site.origin.to_world(np.array([0.0, 0.0]))
    [cut] = run_sun_hours(place, SunHours(faces=False, bbox=(west, south, west + 30, south + 20), step=1.0, step_minutes=60.0))
    assert cut.support.size == 600
    with pytest.raises(InputProblem, match="empty"):
        run_sun_hours(place, SunHours(bbox=(west, south, west - 1, south)))
    with pytest.raises(InputProblem, match="outside the terrain"):
        run_sun_hours(place, SunHours(bbox=(1, 1, 2, 2)))


def test_trees_are_named_as_left_out_and_estimated_ground_too(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8))
    assert place.terrain is not None
    place.terrain.estimated = True
    [ground] = run_sun_hours(today(place), SunHours(faces=False, step=10.0, step_minutes=60.0))
    assert ground.method.endswith("Bäume nicht berücksichtigt · Gelände aus den Gebäuden geschätzt")
