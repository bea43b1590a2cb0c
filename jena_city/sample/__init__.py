"""The embedded sample: a made-up quarter written to disk as any town would deliver it, and read back by the same readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .. import variant_files
from ..files import write_text, written_beside
from ..problems import InputProblem
from ..rasters import write_geotiff
from ..terrain import Terrain
from .buildings import Building
from .buildings import buildings as all_buildings
from .gml import write as write_gml
from .landscape import areas, height, trees
from .landscape import terrain as ground_model
from .layout import LICENCE, ORIGIN, Street, cells, plan_cell, streets, turned
from .participating import PARTICIPATION
from .variants import variants as all_variants

NAME = "Musterquartier"
DESCRIPTION = f"{NAME}: frei erfunden. Es liegt rechnerisch bei Jena, aber es ist nicht Jena."


def write(folder: Path) -> Path:
    """Write the sample project to a folder, always the same bytes; returns the path of its project.toml.

    Two CityGML tiles, the terrain as XYZ and as GeoTIFF, streets, trees, areas, plots and a plan area as GeoJSON, three
    variants and the project file. A sample that is there already keeps its project file and variants, as they may have been
    changed. Raises InputProblem when another project is there, or the folder cannot be written.
    """
    path = folder / "project.toml"
    if path.exists() and f'name = "{NAME}"' not in path.read_text(encoding="utf-8", errors="replace"):
        raise InputProblem(folder, "another project is in this folder", "Choose another one with --out")
    sources = folder / "sources"
    town = all_buildings()
    for tile, part in (("LoD2_32_681_5644_1_MQ", _south(town, True)), ("LoD2_32_681_5645_1_MQ", _south(town, False))):
        write_gml(part, sources / f"{tile}.gml", ORIGIN, height, DESCRIPTION)
    ground = ground_model()
    _write_xyz(ground, sources / "dgm2_32_681_5644_MQ.xyz")
    west, north = ORIGIN.easting + ground.x - ground.step / 2, ORIGIN.northing + ground.bounds[3] + ground.step / 2
    write_geotiff(sources / "dgm2_32_681_5644_MQ.tif", ground.heights, west, north, ground.step, ORIGIN.wkt)
    _write_geojson(sources / "streets.geojson", [(turned(street.line), _said(street)) for street in streets()])
    _write_geojson(
        sources / "trees.geojson",
        [(shapely.Point(x, y), {"species": kind, "height": high, "crown": crown}) for x, y, kind, high, crown in trees(town)],
    )
    _write_geojson(sources / "areas.geojson", [(shape, {"kind": kind, "name": name}) for kind, name, shape in areas()])
    _write_geojson(sources / "plots.geojson", _plots())
    _write_geojson(sources / "plan_areas.geojson", [(turned(plan_cell().shape), {"name": "Alte Gießerei", "kind": "WA"})])
    for variant in all_variants():
        if not (file := folder / "variants" / f"{variant.id}.geojson").exists():
            variant_files.write(variant, file, ORIGIN)
    write_text(
        folder / "LIESMICH.txt",
        f"{DESCRIPTION}\n{LICENCE}\nAlle Gebäude, Straßen, Bäume, Höhen und Entwürfe sind von einem Programm erzeugt.\n",
    )
    if not path.exists():
        write_text(path, PROJECT)
    return path


def _said(street: Street) -> dict[str, Any]:
    """What a street's file says of it; of ways without cars no counts."""
    own = {"class": street.kind, "name": street.name, "width": street.width, "lanes": street.lanes, "speed": street.speed}
    return {**own, "DTV": street.traffic, "SV_Anteil": street.heavy} if street.traffic else own


def _south(town: Sequence[Building], south: bool) -> list[Building]:
    """The buildings of one tile: the border between two kilometre tiles runs through the quarter."""
    return [one for one in town if (one.parts[0].footprint.centroid.y + ORIGIN.northing < 5645000) == south]


def _write_xyz(ground: Terrain, path: Path) -> None:
    vertices, _ = ground.mesh()
    rows = ground.heights.shape[0]
    points = ORIGIN.to_world(vertices).reshape(rows, -1, 3)[::-1].reshape(-1, 3)  # north first, as the states deliver it
    with written_beside(path) as beside:
        np.savetxt(beside, points, fmt="%.2f", newline="\n")


def _write_geojson(path: Path, features: Sequence[tuple[shapely.Geometry, dict[str, Any]]]) -> None:
    place: Callable[[Any], Any] = lambda xy: np.round(ORIGIN.to_world(xy), 3)  # noqa: E731
    content = {
        "type": "FeatureCollection",
        "name": path.stem,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
        "licence": LICENCE,
        "features": [
            {"type": "Feature", "properties": values, "geometry": shapely.geometry.mapping(shapely.transform(shape, place))}
            for shape, values in features
        ],
    }
    write_text(path, json.dumps(content, ensure_ascii=False))


def _plots() -> list[tuple[shapely.Geometry, dict[str, Any]]]:
    """Plots as a land register would cut the blocks: a grid in each, three in the plan area."""
    found: list[tuple[shapely.Geometry, dict[str, Any]]] = []
    for number, cell in enumerate(cells(), 1):
        columns, rows = (1, 3) if cell.use == "plan" else (1, 1) if cell.use in ("park", "school", "church") else (2, 7)
        for index in range(columns * rows):
            row, column = divmod(index, columns)
            wide, deep = (cell.u1 - cell.u0) / columns, (cell.v1 - cell.v0) / rows
            box = shapely.box(cell.u0 + column * wide, cell.v0 + row * deep, cell.u0 + (column + 1) * wide, cell.v0 + (row + 1) * deep)
            found.append((turned(box), {"number": f"{100 + number}/{index + 1}"}))
    return found


PROJECT = f'''schema = 1

[project]
name = "{NAME}"
description = "{DESCRIPTION}"

[place]
crs = "EPSG:25832"
origin = [{ORIGIN.easting}, {ORIGIN.northing}]
height_system = "DE_DHHN2016_NH"
time_zone = "Europe/Berlin"

[data]
buildings = ["sources/LoD2_*.gml"]
terrain = ["sources/dgm2_32_681_5644_MQ.tif"]
streets = ["sources/streets.geojson"]
trees = ["sources/trees.geojson"]
areas = ["sources/areas.geojson"]
plots = ["sources/plots.geojson"]
plan_areas = ["sources/plan_areas.geojson"]
licence = "{LICENCE}"

[variants]
files = ["variants/*.geojson"]

[[analyses]]
kind = "sun_hours"
date = "2025-03-21"
step = 1.0
cell = 1.5
margin = 70.0

[[analyses]]
kind = "shadow"
date = "2025-03-21"
time = "10:00"
step = 1.0
faces = false
margin = 70.0

[[analyses]]
kind = "sun_study"
dates = ["2025-01-17", "2025-06-21", "2025-12-21"]
step = 3.0
cell = 5.0
margin = 70.0

[[analyses]]
kind = "view_out"
cell = 5.0
margin = 70.0

[[analyses]]
kind = "road_noise"
step = 8.0
cell = 5.0
distance = 200.0
margin = 70.0

[[pictures]]
name = "Bestand"
title = "{NAME}, Alte Gießerei"
date = "2025-09-23"
time = "13:00"
width = 1600
height = 900
samples = 12

[[pictures]]
name = "Variante A"
title = "{NAME}, Alte Gießerei"
variant = "blockrand"
date = "2025-09-23"
time = "13:00"
width = 1600
height = 900
samples = 12

[[pictures]]
name = "Variante B"
title = "{NAME}, Alte Gießerei"
variant = "zeilen"
date = "2025-09-23"
time = "13:00"
width = 1600
height = 900
samples = 12

[[pictures]]
name = "Variante C"
title = "{NAME}, Alte Gießerei"
variant = "punkthaeuser"
date = "2025-09-23"
time = "13:00"
width = 1600
height = 900
samples = 12

[[pictures]]
name = "Besonnung Variante A"
title = "{NAME}, Alte Gießerei: Besonnung"
preset = "result"
variant = "blockrand"
result = "sun-hours-2025-03-21-ground-blockrand"
{PARTICIPATION}'''
