"""A small project on disk: four houses on a slope, one variant, an analysis, two tiny pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from jena_planner.jena_city import variant_files
from jena_planner.jena_city.variant import Block, Roof, Variant

from . import gml
from .site import ORIGIN

PROJECT = """schema = 1
[project]
name = "Kleine Straße"
[place]
crs = "EPSG:25832"
origin = [681735, 5644970]
[data]
buildings = ["town.gml"]
terrain = ["ground.xyz"]
licence = "Testdaten (CC0)"
[variants]
files = ["variants/*.geojson"]
[[analyses]]
kind = "sun_hours"
date = "2025-03-21"
step = 4.0
cell = 4.0
step_minutes = 60.0
[[pictures]]
name = "Straße"
variant = "neu"
width = 64
height = 40
samples = 1
[[pictures]]
name = "Sonne"
preset = "result"
variant = "neu"
result = "sun-hours-2025-03-21-ground-neu"
width = 64
height = 40
samples = 1
"""


def write(folder: Path) -> Path:
    """Write the project; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    houses = [gml.box_building(f"H{k}", ORIGIN.easting + 30.0 * k, ORIGIN.northing + 10.0, 150.0 + 0.6 * k, 12, 10, 8) for k in range(4)]
    gml.write(folder / "town.gml", gml.city(*houses))
    axis = np.arange(-60.0, 161.0, 5.0)
    x, y = np.meshgrid(axis, axis)
    points = np.column_stack([x.ravel() + ORIGIN.easting, y.ravel() + ORIGIN.northing, 150 + 0.02 * x.ravel()])
    np.savetxt(folder / "ground.xyz", points, fmt="%.2f")
    blocks = (
        Block("a", shapely.box(20, -30, 45, -15), 5, "Neubau", roof=Roof("flat", parapet=0.5)),
        Block("b", shapely.box(60, -30, 72, -20), 2, "Haus", roof=Roof("gable", 40.0)),
    )
    variant_files.write(Variant("neu", "Neubau Süd", blocks, ("H1",), "#D55E00"), folder / "variants/neu.geojson", ORIGIN)
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    return folder
