"""Footprints of a city model with their attributes as GeoJSON (RFC 7946): longitude and latitude in WGS 84."""

from __future__ import annotations

import json
import math
from collections import Counter
from os import PathLike
from typing import Any

import numpy as np
import pyproj
import shapely

from .cityjson_write import attributes
from .files import written_beside
from .model import CityModel
from .problems import InputProblem, Progress, Report, no_progress
from .themes import THEME_OF

DIGITS = 8  # of a degree: about a millimetre


def write(city: CityModel, path: str | PathLike[str], *, name: str = "", progress: Progress = no_progress) -> Report:
    """Write the ground that each Building or other object covers, with its attributes, those of its parts and the heights of its foot
    and top (metres in the project's height system). name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the CRS is unknown or the file cannot be written.
    """
    if not city.origin.crs:
        raise InputProblem(path, "the data name no coordinate system, so that no longitudes can be told", "State it: crs under [place]")
    to_degrees = pyproj.Transformer.from_crs(city.origin.crs, "EPSG:4326", always_xy=True)
    report = Report(buildings=city.building_count, building_parts=city.part_count)
    city = city.everything()
    whole = np.flatnonzero(city.building_parent < 0).tolist()
    parts: dict[int, list[int]] = {}
    for row, root in enumerate(city.building_root.tolist()):
        if root != row:
            parts.setdefault(root, []).append(row)
    low, high = _heights(city)
    footprints = city.footprints()
    bare: Counter[bool] = Counter()
    with written_beside(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"type":"FeatureCollection","name":{_text(name)},"features":[')
        for number, row in enumerate(whole):
            if number % 500 == 0:
                progress(number / len(whole), "writing")
            shape = _in_degrees(footprints[row], city, to_degrees)
            other = city.kind[row] in THEME_OF
            bare[other] += shape is None
            properties = {**({"kind": city.kind[row]} if other else {}), **attributes(city, row)}
            if math.isfinite(low[row]):
                properties |= {"lowest": round(float(low[row]), 3), "highest": round(float(high[row]), 3)}
            if row in parts:
                properties["parts"] = [{"id": city.building_id[part], **attributes(city, part)} for part in parts[row]]
            feature = {"type": "Feature", "id": city.building_id[row], "properties": properties, "geometry": shape}
            file.write(("," if number else "") + "\n" + _text(feature))
        file.write("\n]}\n")
    if bare[False]:
        report.add("no-footprint", str(path), "", f"{bare[False]} buildings have no faces; their features have no geometry")
    if bare[True]:
        report.add("no-footprint", str(path), "", f"{bare[True]} objects cover no ground; their features have no geometry")
    return report


def _heights(city: CityModel) -> tuple[Any, Any]:
    """(B,) lowest and highest point of each Building with its parts, metres; infinite where it has none."""
    ring = np.repeat(np.arange(len(city.ring_surface)), np.diff(city.ring_start))
    root = city.building_root[city.surface_building[city.ring_surface[ring]]]
    low, high = np.full(len(city.building_id), np.inf), np.full(len(city.building_id), -np.inf)
    np.minimum.at(low, root, city.points[:, 2])
    np.maximum.at(high, root, city.points[:, 2])
    return low, high


def _in_degrees(shape: Any, city: CityModel, to_degrees: Any) -> dict[str, Any] | None:
    """The geometry of a feature, outer rings counter-clockwise; None where there is none."""
    polygons = [] if shape is None else [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > 0]
    made = []
    for polygon in polygons:
        turned = shapely.geometry.polygon.orient(polygon, 1.0)
        rings = []
        for ring in (turned.exterior, *turned.interiors):
            world = city.origin.to_world(np.asarray(ring.coords)[:, :2])
            rings.append(np.column_stack(to_degrees.transform(world[:, 0], world[:, 1])).round(DIGITS).tolist())
        made.append(rings)
    if not made:
        return None
    return {"type": "Polygon", "coordinates": made[0]} if len(made) == 1 else {"type": "MultiPolygon", "coordinates": made}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
