"""Horizon and viewshed held against rasters and tables by others: GRASS r.horizon and r.viewshed, and GDAL's viewshed, on a surface model.

What is compared follows from the files that there are: `dsm.tif`; `horizon_point_E_N.csv` (r.horizon at a point), `grass_horizon_AAA.tif`
(r.horizon in a direction, degrees from east, counter-clockwise), `grass_vs*.tif` and `vs_gdal_ccCCC.tif` (viewsheds, CCC thousandths of
the Earth's curvature). The viewsheds' eye stands in the cell of the horizon's point, or where `viewshed.json` says (x, y, eye; where they
were given also target, metres above the surface that are looked at, and reach)."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..analyses import horizon, viewshed
from ..analyses.rays import Raycaster
from ..jena_city import terrain
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem
from ..jena_city.terrain import Terrain

Row = dict[str, Any]
Make = Callable[[str, float, float, float, str], Row]
EYE = 1.6  # metres, both peers' default


def cases(folder: Path, row: Make) -> dict[str, Callable[[Path], list[Row]]]:
    """What can be compared in a folder, by file name. row : makes one of case, reference, ours, allowed deviation and unit."""
    if not (folder / "dsm.tif").is_file():
        return {}
    found: dict[str, Callable[[Path], list[Row]]] = {}
    for path in sorted(folder.glob("horizon_point_*.csv")):
        found[path.name] = lambda _folder, path=path: _horizon_at_a_point(path, row)
    for path in sorted(folder.glob("grass_horizon_*.tif")):
        found[path.name] = lambda _folder, path=path: _horizon_raster(path, row)
    for path in sorted([*folder.glob("grass_vs*.tif"), *folder.glob("vs_gdal_cc*.tif")]):
        found[path.name] = lambda _folder, path=path: _viewshed(path, row)
    return found


def _surface(folder: Path) -> Terrain:
    return terrain.read([folder / "dsm.tif"])


def _point(path: Path) -> tuple[float, float]:
    found = re.fullmatch(r"horizon_point_([\d.]+)_([\d.]+)", path.stem)
    if found is None:
        raise ValueError("the name holds no place")
    return float(found[1]), float(found[2])


def _cell(surface: Terrain, east: float, north: float) -> tuple[int, int]:
    """Row and column of the cell that holds a place; one on a border belongs to the cell north-east of it."""
    x, y = surface.origin.to_local(np.array([east, north])).tolist()
    return math.floor((y - surface.y) / surface.step + 0.5), math.floor((x - surface.x) / surface.step + 0.5)


def _horizon_at_a_point(path: Path, row: Make) -> list[Row]:
    """The horizon in a table's directions, by the sweep and by rays."""
    surface = _surface(path.parent)
    with path.open(encoding="utf-8") as file:
        table = [(float(one["azimuth"]), float(one["horizon_height"])) for one in csv.DictReader(file)]
    x, y = surface.origin.to_local(np.array(_point(path)))
    at = _cell(surface, *_point(path))
    reference = np.array([height for _, height in table])
    towards = [(90.0 - azimuth) % 360 for azimuth, _ in table]
    swept = np.array([horizon.towards(surface.heights, surface.heights, surface.step, one)[at] for one in towards])
    swept = np.degrees(np.arctan(swept))
    eye = np.array([x, y, float(surface.height_at(np.array([[x, y]]))[0]) + 0.001])
    caster = Raycaster(*surface.mesh())
    traced = np.array([_traced(caster, eye, math.radians(azimuth)) for azimuth in towards])
    what = f"GRASS r.horizon at a point, {len(table)} directions, median"
    return [
        row(f"{what}, sweep", 0.0, float(np.median(np.abs(swept - reference))), 0.25, "°"),
        row(f"{what}, rays", 0.0, float(np.median(np.abs(traced - reference))), 0.5, "°"),
    ]


def _traced(caster: Raycaster, eye: FloatArray, azimuth: float) -> float:
    """Elevation in degrees above which nothing blocks the view in a direction of the grid (radians from grid north)."""
    elevations = np.linspace(-10.0, 89.0, 2000)
    angle = np.radians(elevations)
    towards = np.column_stack([np.sin(azimuth) * np.cos(angle), np.cos(azimuth) * np.cos(angle), np.sin(angle)])
    free = ~caster.blocked(np.repeat(eye[None], len(angle), axis=0), towards)
    return float(elevations[int(np.argmax(free))]) if free.any() else 90.0


def _horizon_raster(path: Path, row: Make) -> list[Row]:
    surface = _surface(path.parent)
    reference = terrain.read([path], origin=surface.origin).heights
    azimuth = (90.0 - float(path.stem.rsplit("_", 1)[1])) % 360
    ours = np.degrees(np.arctan(horizon.towards(surface.heights, surface.heights, surface.step, azimuth)))
    difference = float(np.nanmedian(np.abs(ours - np.maximum(reference, 0.0))))
    return [row(f"GRASS r.horizon, raster towards {azimuth:g}°, median", 0.0, difference, 0.25, "°")]


def _seen_from(path: Path) -> dict[str, float]:
    """x, y of a viewshed's eye and eye, its height above the surface, as the files say it; target and reach where they do."""
    place = path.parent / "viewshed.json"
    if place.is_file():
        said = json.loads(place.read_text(encoding="utf-8"))
        return {"eye": EYE, **{name: float(value) for name, value in said.items() if name in ("x", "y", "eye", "target", "reach")}}
    points = sorted(path.parent.glob("horizon_point_*.csv"))
    if len(points) != 1:
        several = "nothing says" if not points else f"{len(points)} points are here, and nothing says"
        raise InputProblem(path, f"{several} where the viewshed was seen from", "Put a viewshed.json with x, y and eye beside it")
    x, y = _point(points[0])
    return {"x": x, "y": y, "eye": EYE}


def _curvature(path: Path) -> float:
    """Share of the Earth's curvature in a name: cc0, cc857 and cc85714, or all of it, cc1 and cc1000."""
    digits = (re.findall(r"_cc(\d+)", path.stem) or ["0"])[0]
    return 1.0 if digits in ("1", "1000") else float(f"0.{digits}")


def _viewshed(path: Path, row: Make) -> list[Row]:
    """The cells of a raster that may be a part of the surface model: what lies farther from the eye than its border, which was cut there,
    is not compared."""
    surface, said = _surface(path.parent), _seen_from(path)
    at = _cell(surface, said["x"], said["y"])
    rows, columns = surface.heights.shape
    if not (0 <= at[0] < rows and 0 <= at[1] < columns):
        raise InputProblem(
            path, f"it was seen from {said['x']:g} {said['y']:g}, which lies outside dsm.tif", "Take the surface model of it"
        )
    curvature = _curvature(path)
    eye = float(surface.heights[at]) + said["eye"]
    refraction = 1 - curvature if curvature else None
    ours = viewshed.seen(surface.heights, surface.step, *at, eye, target=said.get("target", 0.0), refraction=refraction)
    reference = terrain.read([path], origin=surface.origin)
    shift = (reference.y - surface.y) / surface.step, (reference.x - surface.x) / surface.step
    south, west = round(shift[0]), round(shift[1])
    high, wide = reference.heights.shape
    alike = abs(reference.step - surface.step) < 1e-6 and abs(shift[0] - south) + abs(shift[1] - west) < 1e-3
    if not alike or south < 0 or west < 0 or south + high > rows or west + wide > columns:
        raise InputProblem(path, "its cells are not those of dsm.tif", "Take the surface model that it was made of")
    borders = (
        (at[0] - south, south > 0),
        (south + high - 1 - at[0], south + high < rows),
        (at[1] - west, west > 0),
        (west + wide - 1 - at[1], west + wide < columns),
    )
    cut = [cells for cells, inside in borders if inside]
    reach = min([said.get("reach", math.inf) / surface.step, *cut])
    row_of, column_of = np.indices((high, wide))
    near = (row_of + south - at[0]) ** 2 + (column_of + west - at[1]) ** 2 <= reach**2
    same = (ours[south : south + high, west : west + wide] == (reference.heights > 0))[near]
    peer = "GRASS r.viewshed" if path.stem.startswith("grass") else "GDAL viewshed"
    return [row(f"{peer}, {path.stem}, cells alike", 100.0, 100 * float(np.mean(same)), 1.0, "%")]
