"""The page reckons the key figures of a visitor's variant: by the same formulas, so with the same numbers."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import imported, metrics, project, sample, variant_files
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.building_plots import building_plots
from jena_planner.jena_city.land_rules import RULES, LandRules
from jena_planner.jena_city.memory import Memory
from jena_planner.jena_city.problems import no_progress
from jena_planner.jena_city.project import BuildingPlotEntry
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import NULL_VARIANT, Block, PlantedTree, Roof, Variant
from jena_planner.participation import building_land

from . import page_scripts

KEYS = {
    "plot_area", "grz_main", "grz_total", "gfz", "gf", "full_storeys", "bgf", "living_area", "dwellings", "residents", "jobs", "cars",
    "bikes", "height", "trees_planted",
}  # fmt: skip
NUMBER = 1000


def _random_block(chance: random.Random, number: int, area: Any) -> Block:
    west, south, east, north = area.bounds
    wide, deep = chance.uniform(6, 40), chance.uniform(6, 16)
    box = shapely.affinity.rotate(shapely.box(0, 0, wide, deep), chance.uniform(0, 360), origin="centroid")
    x, y = chance.uniform(west - 5, east + 5), chance.uniform(south - 5, north + 5)
    footprint = shapely.affinity.translate(box, x, y)
    kind = chance.choice(["flat", "gable", "hip", "shed", "half-hip"])
    pitch = 0.0 if kind == "flat" else chance.uniform(8, 55)
    if kind == "flat" and chance.random() < 0.4:  # an L with a courtyard's corner
        footprint = footprint.difference(shapely.affinity.translate(shapely.affinity.scale(footprint, 0.5, 0.5), wide / 4, deep / 4))
        footprint = max(shapely.get_parts(footprint), key=lambda part: part.area)
    return Block(
        f"neu-{number}", _as_files_keep_it(footprint), chance.randint(1, 7),
        ground_floor_height=chance.choice([2.9, 3.5, 4.0]), storey_height=chance.choice([2.5, 2.9, 3.0, 3.3]),
        roof=Roof(kind, pitch, None, chance.choice([0.0, 0.5]) if kind == "flat" else 0.0),
        use=chance.choice(["wohnen", "büro", "mischnutzung", "gewerbe", "kita"]), plinth=chance.choice([0.0, 0.6]),
        knee=0.0 if kind == "flat" else chance.choice([0.0, 0.5, 1.2]), underground=chance.choice([0, 0, 1]),
        base_rule=chance.choice(["lowest", "mean", "highest"]), attic_used=chance.random() < 0.4,
        counts_as=chance.choice(["hauptanlage"] * 4 + ["nebenanlage", "garage"]), dwellings=chance.choice([None, None, 2, 7]),
    )  # fmt: skip


def _as_files_keep_it(shape: Any) -> Any:
    return shapely.Polygon(*[np.round(np.asarray(shape.exterior.coords), 4)], [np.round(np.asarray(r.coords), 4) for r in shape.interiors])


def _random_variant(chance: random.Random, number: int, base: Variant, site_: Site, area: Any) -> Variant:
    blocks = []
    for block in base.blocks:
        if chance.random() < 0.2:
            continue
        moved = shapely.affinity.translate(block.footprint, chance.uniform(-9, 9), chance.uniform(-9, 9))
        turn = chance.choice([0.0, 0.0, 15.0])
        moved = shapely.affinity.rotate(moved, turn, origin="centroid")
        roof = replace(block.roof, ridge=None if block.roof.ridge is None else block.roof.ridge - turn)  # turned with the block
        storeys = max(2 if block.stands_back else 1, block.storeys + chance.randint(-1, 2))
        blocks.append(replace(block, footprint=_as_files_keep_it(moved), storeys=storeys, roof=roof))
    blocks += [_random_block(chance, k, area) for k in range(chance.randint(0, 5))]
    rows = site_.footprint_tree.query(area, predicate="intersects").tolist()
    removed = {*base.removed, *(site_.city.building_id[row] for row in rows if chance.random() < 0.3)}
    west, south, east, north = area.bounds
    places = [(round(chance.uniform(west - 9, east + 9), 4), round(chance.uniform(south - 9, north + 9), 4)) for _ in range(3)]
    trees = tuple(PlantedTree(f"baum-{k}", place) for k, place in enumerate(places))
    return Variant(f"v{number}", "", tuple(blocks), tuple(sorted(removed)), open_spaces=base.open_spaces, planted=trees)


@pytest.mark.needs("node")
@pytest.mark.parametrize(("law", "on_plot"), [(RULES["TH"], False), (RULES["NW"], True)])
def test_the_page_reckons_what_python_reckons(law: LandRules, on_plot: bool, tmp_path: Path) -> None:
    """Half of a thousand random variants on the plan area, half on a building plot by another Land's rules and an older BauNVO."""
    path, content = project.read(sample.write(tmp_path / "sample"))
    town = imported.imported(content, path.parent, no_progress).site
    official = [NULL_VARIANT, *(variant_files.read(one, town.origin) for one in sorted((path.parent / "variants").glob("*.geojson")))]
    given = Assumptions(small_dwelling_clear=2.2 if on_plot else None)
    assert town.plots is not None and town.plan_areas is not None
    within = [shape.centroid.within(town.plan_areas.geometry[0]) for shape in town.plots.geometry]
    parcels = [str(number) for number, inside in zip(town.plots.columns["number"], within, strict=True) if inside][:2]
    entry = BuildingPlotEntry(name="Grundstück", parcels=parcels, grz=0.4, gfz=1.2, storeys=4, edition="1968")

    areas = Memory()

    def land_of(applied: Any) -> Any:
        if on_plot:
            return building_plots(town, applied.variant, [entry])[0]
        return metrics.plan_areas(applied, areas)[0]

    bases = [apply(town, one) for one in official]
    published = building_land.land([(one, land_of(one)) for one in bases], law, given, gross=not on_plot, height=16.0)
    ground = building_land.ground(town, land_of(bases[0]).whole)
    assert ground is not None
    chance, memory = random.Random(7), Memory()
    cases, expected = [], []
    for number in range(NUMBER // 2):
        based = chance.choice(official)
        variant = _random_variant(chance, number, based, town, land_of(bases[0]).whole)
        applied = apply(town, variant)
        plot = land_of(applied)
        if on_plot:
            sheet = next(one for one in metrics.sheets(applied, [plot], law, given, memory=memory) if one.scope == "plot")
        else:
            sheet = next(one for one in metrics.sheets(applied, [], law, given, memory=memory) if one.scope == "plan-area")
        expected.append({key: sheet.figures[key].value if key in sheet.figures else 0.0 for key in sorted(KEYS)})
        cases.append({**variant_files.as_geojson(variant, town.origin), "based_on": based.id})
    question = {
        "land": published, "ground": {**ground[0], "heights": [None if np.isnan(h) else float(h) for h in ground[1].ravel()]},
        "origin": {"crs": town.origin.crs, "easting": town.origin.easting, "northing": town.origin.northing}, "proposals": cases,
    }  # fmt: skip
    (tmp_path / "cases.json").write_text(json.dumps(question), encoding="utf-8")
    # Files keep corners to 0.1 mm, so a rectangle is one to 0.1 mm: no closer can a roof formed over its four edges agree with the closed form.
    answer = page_scripts.run("figures-of", tmp_path / "cases.json")
    assert len(answer) == len(expected) == NUMBER // 2
    for number, (found, right) in enumerate(zip(answer, expected, strict=True)):
        assert {key: found[key] for key in sorted(KEYS)} == pytest.approx(right, rel=1e-5, abs=1e-4), f"variant {number}"
