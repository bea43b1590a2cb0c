"""Neighbours of a proposal: ranks and ratios counted by hand, what is measured and what is estimated, streets as borders, maps and files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.surroundings import Surroundings, run_surroundings, write_more
from jena_planner.jena_city import neighbour_map, neighbours
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.neighbours import Neighbour, Neighbourhood, neighbourhood
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Faces
from jena_planner.jena_city.site import Features
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant

from .site import site

# x, y, width, depth, height: B0 to B3 in reach of 50 m, B4 out of it, B5 a shed
HOUSES = ((0, 0, 10, 12, 6), (0, 20, 20, 20, 15), (40, 0, 10, 10, 9), (40, 30, 25, 20, 12), (300, 0, 10, 10, 40), (25, 0, 5, 5, 3))
BLOCK = Block("n", shapely.box(20, -25, 40, -5), 4, "Neubau", 150.0, 3.5, 3.0)  # 12.5 m high, 400 m²


def applied(folder: Path, *blocks: Block) -> Applied:
    place = site(folder, *HOUSES)
    place.city.storeys[:] = [2, 5, -1, 4, 12, 1]
    place.city.measured_height[:] = [np.nan, 14.0, np.nan, np.nan, np.nan, np.nan]
    parcels = [shapely.box(-5, -2, 15, 18), shapely.box(15, -30, 45, -1)]
    place.plots = Features(np.array(parcels, object), {"number": np.array(["1", "2"], object)})
    return apply(place, Variant("v", "V", blocks) if blocks else NULL_VARIANT)


def of(found: Neighbourhood, name: str) -> Neighbour:
    return next(one for one in found.ranked if one.id == name)


def test_what_stands_in_reach_is_ranked(tmp_path: Path) -> None:
    found = neighbourhood(applied(tmp_path, BLOCK), radius=50.0)
    assert [one.id for one in found.ranked] == ["B1", "n", "B3", "B2", "B0"]
    block = of(found, "n")
    assert (block.height, block.storeys, block.footprint) == pytest.approx((12.5, 4, 400))
    assert [found.rank(block, measure) for measure in ("height", "storeys", "footprint")] == [2, 2, 2]
    assert found.existing("height") == pytest.approx([6, 9, 12, 14])
    assert found.references(block) == [of(found, "B1")]
    assert of(found, "B0").distance == pytest.approx(np.hypot(10, 5))


def test_measured_and_estimated_are_told_apart(tmp_path: Path) -> None:
    found = neighbourhood(applied(tmp_path, BLOCK), radius=50.0)
    assert (of(found, "B1").height, of(found, "B1").height_from) == (14.0, "gemessen")
    assert (of(found, "B0").height, of(found, "B0").height_from) == (pytest.approx(6.0), "aus der Geometrie")
    assert (of(found, "B2").storeys, of(found, "B2").storeys_from) == (3, "geschätzt")
    assert (of(found, "B3").storeys, of(found, "B3").storeys_from) == (4, "Daten")


def test_density_is_of_the_parcel(tmp_path: Path) -> None:
    found = neighbourhood(applied(tmp_path, BLOCK), radius=50.0)
    assert (of(found, "B0").plot, of(found, "B0").covered, of(found, "B0").density) == pytest.approx((400, 120 / 400, 240 / 400))
    assert (of(found, "n").covered, of(found, "n").density) == pytest.approx((400 / 870, 1600 / 870))
    assert np.isnan(of(found, "B3").covered)
    assert found.rank(of(found, "B3"), "covered") == 0


def test_sentences_name_place_range_and_references(tmp_path: Path) -> None:
    found = neighbourhood(applied(tmp_path, replace(BLOCK, storeys=6)), radius=50.0)
    said = neighbours.said(found, of(found, "n"))
    assert (
        said[0]
        == "Höhe 18,5 m: der größte Wert von 5 im Umkreis von 50 m; Bestand 6,0 m bis 14,0 m, Mitte 10,5 m, 4,5 m über dem größten Wert im Bestand"
    )
    assert said[-1].startswith("Kein Gebäude ist in Grundfläche, Geschossen und Höhe zugleich")
    found = neighbourhood(applied(tmp_path, BLOCK), radius=50.0)
    assert neighbours.said(found, of(found, "n"))[-1].endswith("mindestens so groß: B1")
    english = neighbours.said(found, of(found, "n"), "en")
    assert english[0] == "height 12.5 m: number 2 of 5; there is 6.0 m to 14.0 m, middle 10.5 m"
    assert english[-1] == "At least as large in ground covered, storeys and height at once: B1"


def test_streets_bound_a_block_of_houses(tmp_path: Path) -> None:
    place = applied(tmp_path, BLOCK)
    with pytest.raises(InputProblem, match="no streets enclose"):
        neighbourhood(place, by_streets=True)
    ring = shapely.LineString([(-10, -40), (35, -40), (35, 60), (-10, 60), (-10, -40)])
    path = shapely.LineString([(-10, 17), (35, 17)])  # for people on foot: no border
    place.site.streets = Features(np.array([ring, path], object), {"class": np.array(["residential", "footway"], object)})
    found = neighbourhood(place, by_streets=True)
    assert [one.id for one in found.ranked] == ["B1", "n", "B0"]


def test_a_variant_without_blocks_lists_the_plan_area_or_all(tmp_path: Path) -> None:
    place = applied(tmp_path)
    assert [one.id for one in neighbourhood(place).ranked] == ["B4", "B1", "B3", "B2", "B0"]
    place.site.plan_areas = Features(np.array([shapely.box(-5, -5, 5, 5)], object), {"name": np.array(["P"], object)})
    assert [one.id for one in neighbourhood(place, radius=20.0).ranked] == ["B1", "B0"]


def test_results_colour_whole_buildings(tmp_path: Path) -> None:
    planned = Obstacles.of(applied(tmp_path, BLOCK))
    results = {one.name: one for one in run_surroundings(planned, Surroundings(radius=50.0))}
    assert list(results) == ["height", "storeys", "footprint", "covered", "density"]
    height = results["height"]
    assert isinstance(height.support, Faces)
    row = planned.applied.site.city.building_id.index("B1")
    assert set(height.values[height.support.building == row].tolist()) == {14.0}
    assert set(height.values[height.support.building == -1].tolist()) == {12.5}
    walls = height.support.area[height.support.building == -1].sum()
    assert walls == pytest.approx(2 * 400 + 80 * 12.5)  # floor and roof, and four walls of 20 m
    assert not results["covered"].valid.all()


def test_list_and_maps_are_written(tmp_path: Path) -> None:
    planned = Obstacles.of(applied(tmp_path, BLOCK))
    files = write_more(planned, Surroundings(radius=50.0), tmp_path / "results/um-v")
    assert [path.name for path in files[:3]] == ["um-v.csv", "um-v.json", "um-v-height.png"]
    rows = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines()))
    assert [(row["id"], row["rank_height"], row["storeys_from"]) for row in rows][:2] == [("B1", "1", "Daten"), ("n", "2", "geplant")]
    content = json.loads(files[1].read_text(encoding="utf-8"))
    assert content["blocks"]["n"]["name"] == "Neubau"
    assert next(one for one in content["buildings"] if one["id"] == "B3")["covered"] is None
    with Image.open(files[2]) as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(10_000_000)}
    scale = neighbour_map.classes("height")
    for height in (14.0, 12.5, 9.0, 6.0):  # each class that there is
        assert tuple(scale.rgb[scale.index(np.array([height]))[0]].tolist()) in colours
