"""The reader on files by others: every one ends with a report or one sentence; known counts and volumes hold."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from jena_planner.analyses import shadow, sun
from jena_planner.analyses.rays import Raycaster
from jena_planner.jena_city import buildings, citygml, terrain
from jena_planner.jena_city.check import check, kind
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.triangulate import volume

pytestmark = pytest.mark.needs("data")
NRW_BLOCK = "LoD2_32_32*_NW.gml"


def test_every_file_ends_with_a_report_or_one_sentence(data: Path) -> None:
    """An exception other than InputProblem would fail this test with its traceback."""
    paths = [
        path
        for folder in ("citygml", "suites", "terrain", "xplanung", "trees", "osm", "ortho")
        for path in (data / folder).rglob("*")
        if path.is_file()
    ]
    assert len(paths) > 200
    read = 0
    for path in sorted(paths):
        report, unreadable = check([path])
        for problem in unreadable:
            assert "\n" not in str(problem)
            assert len(str(problem)) < 500
            assert problem.what_to_do
        read += not unreadable
        assert all(problem.file and problem.message for problem in report.problems)
    assert read > 60


def test_the_dense_tile(data: Path) -> None:
    model = citygml.read(data / "citygml/nrw/LoD2_32_364_5650_1_NW.gml")
    assert (model.building_count, model.part_count) == (173, 129)
    assert model.origin.crs == "EPSG:25832"
    assert model.origin.height_system == "DE_DHHN2016_NH"
    assert model.report.problems == []


def test_the_block_of_neighbouring_tiles(data: Path) -> None:
    model = buildings.read_many(sorted((data / "citygml/nrw").glob(NRW_BLOCK)))
    assert (model.building_count, model.part_count) == (831, 235)
    assert len(set(model.building_id)) == 831 + 235


def test_buildings_without_parts_have_their_own_height_and_roof(data: Path) -> None:
    """QUIRKS 13: in NRW a building with parts has no geometry, height or roof type of its own."""
    model = citygml.read(data / "citygml/nrw/LoD2_32_364_5650_1_NW.gml")
    has_parts = np.zeros(len(model.building_id), bool)
    has_parts[model.building_parent[model.building_parent >= 0]] = True
    assert np.isnan(model.measured_height[has_parts]).all()
    assert np.isfinite(model.measured_height[~has_parts]).all()
    rows = np.unique(model.surface_building)
    assert not has_parts[rows].any()


def test_solids_face_outward_and_are_as_high_as_the_file_says(data: Path) -> None:
    """QUIRKS 12: all 1 903 solids of NRW have a positive volume."""
    model = buildings.read_many(sorted((data / "citygml/nrw").glob("*.gml")))
    agree = 0
    rows = np.unique(model.surface_building)
    for row in rows:
        triangles = model.triangles[model.triangle_building == row]
        assert volume(model.points, triangles) > 0, model.building_id[row]
        high = float(np.ptp(model.points[triangles.ravel(), 2]))
        agree += abs(high - model.measured_height[row]) < 0.02
    assert agree / len(rows) > 0.95


def test_the_same_house_in_1_0_2_0_and_3_0_is_the_same(data: Path) -> None:
    folders = [path.parent for path in (data / "citygml").rglob("CityGML_2.gml")]
    assert len(folders) >= 4
    for folder in folders:
        old, new = citygml.read(folder / "CityGML_2.gml"), citygml.read(folder / "CityGML_3.gml")
        assert (old.building_count, old.part_count, len(old.triangles)) == (new.building_count, new.part_count, len(new.triangles))
        assert volume(old.points, old.triangles) == pytest.approx(volume(new.points, new.triangles))


def test_gdal_counts_the_same_buildings(data: Path, tmp_path: Path) -> None:
    import pyogrio

    path = Path(shutil.copy(data / "citygml/nrw/LoD2_32_327_5733_1_NW.gml", tmp_path))  # GDAL leaves a file beside what it reads
    layers = dict(pyogrio.list_layers(path).tolist())
    assert "Building" in layers
    counted = sum(pyogrio.read_info(path, layer=name)["features"] for name in layers if re.fullmatch(r"Building|BuildingPart", name))
    model = citygml.read(path)
    assert counted in (model.building_count, model.building_count + model.part_count)


def test_cityjson_has_the_objects_that_its_file_counts(data: Path) -> None:
    """Counted in the JSON itself; every file of two suites is read, or refused because it is no JSON or no CityJSON."""
    compared = 0
    for path in sorted((data / "suites").rglob("*.json")):
        try:
            objects = json.loads(path.read_bytes())["CityObjects"].values()
        except (ValueError, KeyError):
            with pytest.raises(InputProblem):
                kind(path)
                buildings.read(path)
            continue
        assert kind(path) == "cityjson"
        model = buildings.read(path)
        types = [one["type"] for one in objects]
        assert (model.building_count, model.part_count) == (types.count("Building"), types.count("BuildingPart")), path
        compared += bool(types)
    assert compared >= 30


def test_terrain_files_of_a_place_agree(data: Path) -> None:
    """One publisher's terrain, written in the ways of several: the same heights at the same places."""
    folder = data / "terrain/derived_nrw"
    raster, text = terrain.read([folder / "nrw_dgm1_rhine_357_10m_pixelispoint.tif"]), None
    text = terrain.read([folder / "nrw_dgm1_rhine_357_10m.xyz"], origin=raster.origin)
    assert raster.bounds == text.bounds
    assert np.abs(raster.heights - text.heights).max() < 0.01


def test_sun_hours_on_a_surface_model_agree_with_marching_through_it(data: Path) -> None:
    """A second method, ours but unlike the first: step along each ray and look up the surface, bilinear."""
    import datetime as dt

    surface = terrain.read([data / "sun/dsm.tif"])
    heights = surface.heights.astype(float)
    random = np.random.default_rng(0)
    row, column = random.integers(20, 280, (2, 150))
    suns = sun.sun_path(surface.origin, dt.date(2025, 3, 21), step_minutes=30.0)
    marched = np.zeros(len(row))
    for direction in suns.directions:
        steps = np.arange(0.25, 420, 0.25) / np.hypot(*direction[:2])
        x, y = column[:, None] + steps * direction[0], row[:, None] + steps * direction[1]
        z = heights[row, column][:, None] + 0.05 + steps * direction[2]
        known = (x >= 0) & (y >= 0) & (x < 298.9) & (y < 298.9)
        a, b = np.where(known, x, 0).astype(int), np.where(known, y, 0).astype(int)
        u, v = np.where(known, x, 0) - a, np.where(known, y, 0) - b
        top = (
            heights[b, a] * (1 - u) * (1 - v)
            + heights[b, a + 1] * u * (1 - v)
            + heights[b + 1, a] * (1 - u) * v
            + heights[b + 1, a + 1] * u * v
        )
        marched += ~((top > z) & known).any(axis=1)
    places = np.column_stack([surface.x + column, surface.y + row, heights[row, column] + 0.05])
    hours = shadow.sun_hours(places, None, suns, Raycaster(*surface.mesh()))
    difference = np.abs(hours - marched * suns.step_hours)
    assert np.mean(difference <= 0.5) > 0.97
    assert difference.mean() < 0.1
