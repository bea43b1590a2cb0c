"""Layers of another town, given by mistake: left out with a word; what lies beside the ground does not draw the camera away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import sources
from jena_planner.jena_city.site import Features
from jena_planner.pipeline import opening

from . import site as sites
from . import small
from .site import ORIGIN


def layer(path: Path, *boxes: tuple[float, float]) -> None:
    """Areas of 20 m, by the place of each in the scene."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    shapes = [shapely.box(ORIGIN.easting + x, ORIGIN.northing + y, ORIGIN.easting + x + 20, ORIGIN.northing + y + 20) for x, y in boxes]
    features: list[Any] = [
        {"type": "Feature", "properties": {"name": f"Plan {k}"}, "geometry": shapely.geometry.mapping(one)} for k, one in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")


@pytest.mark.parametrize("kind", ["plan_areas", "areas", "plots", "lines"])
def test_what_lies_in_another_town_is_left_out_and_said(tmp_path: Path, kind: str) -> None:
    folder = small.write(tmp_path)
    layer(folder / "layer.geojson", (0, 0), (-300_000, 20_000))
    text = (folder / "project.toml").read_text(encoding="utf-8").replace("licence =", f'{kind} = ["layer.geojson"]\nlicence =')
    (folder / "project.toml").write_text(text, encoding="utf-8")
    opened = opening.load(folder)
    read, report = sources.read_site(opened.file, opened.folder)
    assert len(getattr(read, kind)) == 1
    [said] = [problem for problem in report.problems if problem.code == "far-away"]
    assert said.file == kind and said.message.startswith("1 of 2 shapes were left out: they lie 300 km")


def test_plan_areas_beside_the_ground_are_not_looked_at(tmp_path: Path) -> None:
    place = sites.site(tmp_path, (0, 0, 10, 10, 8))
    boxes = [shapely.box(0, 0, 40, 30), shapely.box(9000, 0, 9100, 50)]
    names = {"name": np.array(["hier", "dort"], object), "kind": np.array(["WA", "WA"], object)}
    place.plan_areas = Features(np.array(boxes, object), names)
    assert place.plan_box == (0, 0, 40, 30)
