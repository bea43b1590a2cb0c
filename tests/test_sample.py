"""The embedded sample: a program that writes, always the same, what a town would deliver; read back by everybody's readers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import buildings, sample, sources, terrain
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.triangulate import volume
from jena_planner.jena_city.variant_files import read as read_variant
from jena_planner.pipeline import opening


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.write(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture(scope="module")
def read(folder: Path) -> tuple[Site, Report]:
    return sources.read_site(opening.load(folder).file, folder)


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_is_written_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    sample.write(tmp_path)
    assert digest(tmp_path) == digest(folder)
    assert len(digest(folder)) >= 12


def test_it_reads_without_a_single_problem(read: tuple[Site, Report]) -> None:
    site, report = read
    assert report.problems == []
    assert 150 <= report.buildings <= 250
    assert report.building_parts > 10
    assert report.crs == "EPSG:25832"
    assert report.extent is not None
    west, south, _, east, north, _ = report.extent
    assert abs((west + east) / 2 - 681735) < 60
    assert abs((south + north) / 2 - 5644970) < 60
    assert {"trees", "streets", "areas", "plots", "plan_areas"} == set(report.features)
    assert site.origin.height_system == "DE_DHHN2016_NH"


def test_it_has_roofs_of_every_kind_and_closed_houses(read: tuple[Site, Report]) -> None:
    city = read[0].city
    assert {"1000", "2100", "3100", "3200"} <= set(city.roof_type)
    for row in np.unique(city.surface_building):
        triangles = city.triangles[city.triangle_building == row]
        assert volume(city.points, triangles) > 10, city.building_id[row]


def test_houses_stand_on_the_ground_and_not_in_the_river(read: tuple[Site, Report]) -> None:
    site = read[0]
    assert site.terrain is not None
    assert site.areas is not None
    water = shapely.union_all(site.areas.geometry[site.areas.columns["kind"] == "water"])
    for row, shape in enumerate(site.footprints):
        if shape is None:
            continue
        assert not shape.intersects(water)
        ground = site.terrain.height_at(shapely.get_coordinates(shapely.segmentize(shape, 2.0)))
        foot = site.city.points[site.city.triangles[site.city.building_root[site.city.triangle_building] == row].ravel(), 2].min()
        assert foot == pytest.approx(ground.min(), abs=0.35)


def test_houses_do_not_stand_in_each_other(read: tuple[Site, Report]) -> None:
    shapes = np.array([shape for shape in read[0].footprints if shape is not None], object)
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="overlaps")
    assert [
        float(shapes[a].intersection(shapes[b]).area)
        for a, b in zip(one, other, strict=True)
        if shapes[a].intersection(shapes[b]).area > 0.5
    ] == []


def test_terrain_as_xyz_and_as_geotiff_is_the_same(folder: Path) -> None:
    raster = terrain.read([folder / "sources/dgm2_32_681_5644_MQ.tif"])
    text = terrain.read([folder / "sources/dgm2_32_681_5644_MQ.xyz"], origin=raster.origin)
    assert raster.bounds == text.bounds
    assert np.abs(raster.heights - text.heights).max() < 0.006
    assert np.ptp(raster.heights) > 50  # a valley with a slope


def test_gdal_reads_the_gml_too_and_counts_the_same(folder: Path, tmp_path: Path) -> None:
    import shutil

    import pyogrio

    counted = 0
    for path in (folder / "sources").glob("*.gml"):
        copy = shutil.copy(path, tmp_path)  # GDAL leaves a .gfs file beside what it reads
        names = [name for name, _ in pyogrio.list_layers(copy)]
        counted += sum(pyogrio.read_info(copy, layer=name)["features"] for name in names if name == "Building")
    assert counted == buildings.read_many(sorted((folder / "sources").glob("*.gml"))).building_count


def test_three_variants_fit_into_the_plan_area_and_remove_the_sheds(folder: Path, read: tuple[Site, Report]) -> None:
    site = read[0]
    assert site.plan_areas is not None
    [plan] = site.plan_areas.geometry
    files = sorted((folder / "variants").glob("*.geojson"))
    assert len(files) == 3
    for path in files:
        variant = read_variant(path, site.origin)
        applied = apply(site, variant)
        assert applied.problems == []
        assert len(variant.removed) == 3
        left = [shape for row, shape in enumerate(site.footprints) if shape is not None and applied.kept[row]]
        for block in variant.blocks:
            assert plan.contains(block.footprint)
            assert not any(shape.intersection(block.footprint).area > 0.01 for shape in left)


def test_it_says_that_it_is_made_up(folder: Path) -> None:
    assert "frei erfunden" in (folder / "LIESMICH.txt").read_text(encoding="utf-8")
    assert "frei erfunden" in opening.load(folder).file.data.licence
    for path in (folder / "sources").glob("*.gml"):
        assert "frei erfunden" in path.read_text(encoding="utf-8")[:2000]


def test_another_project_in_the_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text("schema = 1\n[project]\nname = 'mine'\n")
    with pytest.raises(InputProblem, match="another project"):
        sample.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["project.toml"]


def test_a_changed_sample_keeps_its_changes(folder: Path, tmp_path: Path) -> None:
    project = sample.write(tmp_path)
    project.write_text(project.read_text(encoding="utf-8").replace("step = 1.0", "step = 3.0"), encoding="utf-8")
    sample.write(tmp_path)
    assert "step = 3.0" in project.read_text(encoding="utf-8")
