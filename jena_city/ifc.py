"""An architect's IFC as triangles, where its reader (ifcopenshell) is there. It comes with no installation of this program: it is as large
as all else together that reads models."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .arrays import FloatArray, IntArray
from .problems import InputProblem

NOT_SEEN = ("IfcFeatureElementSubtraction", "IfcGeographicElement", "IfcVirtualElement")
"""Elements that are no part of a building that one sees: openings, ground, borders of rooms."""


ROUNDING = 0.01  # share by which a map's scale may be another than 1: beyond, units were mixed up, and what counts is metres


@dataclass(frozen=True)
class MapConversion:
    """Where the zero of a model lies on the map (IfcMapConversion). crs : as the file names it, "" where it does not. easting, northing,
    height : metres. turn : degrees from the map's east to the model's x, counter-clockwise. scale : metres on the map for each of the
    model."""

    crs: str
    easting: float
    northing: float
    height: float
    turn: float
    scale: float


def triangles(path: Path) -> tuple[FloatArray, IntArray]:
    """Vertices (V, 3), metres in the axes of its project, z upward, and triangles (T, 3) of all that has a body. Raises InputProblem."""
    ifcopenshell = _reader(path)
    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    try:
        model = ifcopenshell.open(str(path))
        seen = [one for one in model.by_type("IfcElement") if not any(one.is_a(name) for name in NOT_SEEN)]
        shapes = ifcopenshell.geom.iterator(settings, model, 1, include=seen)
        there = bool(seen) and shapes.initialize()
    except (OSError, RuntimeError, ifcopenshell.Error) as error:
        raise InputProblem(path, f"the model is damaged ({type(error).__name__}: {error})", "Export it again") from error
    vertices, faces, first = [np.zeros((0, 3))], [np.zeros((0, 3), np.int32)], 0
    while there:
        body = shapes.get().geometry
        vertices.append(np.array(body.verts, np.float64).reshape(-1, 3))
        faces.append(np.array(body.faces, np.int32).reshape(-1, 3) + first)
        first += len(vertices[-1])
        there = shapes.next()
    return np.concatenate(vertices), np.concatenate(faces)


def map_conversion(path: Path) -> MapConversion | None:
    """Where a model says that it lies; None where it does not, or only writes zeros. Raises InputProblem."""
    ifcopenshell = _reader(path)
    try:
        model = ifcopenshell.open(str(path))
        found = model.by_type("IfcMapConversion") if model.schema != "IFC2X3" else []  # that knows none
    except (OSError, RuntimeError, ifcopenshell.Error) as error:
        raise InputProblem(path, f"the model is damaged ({type(error).__name__}: {error})", "Export it again") from error
    if not found or not (found[0].Eastings or found[0].Northings):
        return None
    from ifcopenshell.util.unit import calculate_unit_scale

    one, target = found[0], found[0].TargetCRS
    own = float(calculate_unit_scale(model))
    unit = _metres(path, getattr(target, "MapUnit", None), own)
    scale = float(one.Scale or 1.0) * unit / own
    turn = math.degrees(math.atan2(one.XAxisOrdinate or 0.0, 1.0 if one.XAxisAbscissa is None else one.XAxisAbscissa))
    return MapConversion(
        str(getattr(target, "Name", None) or ""),
        float(one.Eastings) * unit,
        float(one.Northings) * unit,
        float(one.OrthogonalHeight or 0.0) * unit,
        turn,
        scale if abs(scale - 1) <= ROUNDING else 1.0,
    )


def _metres(path: Path, unit: Any, own: float) -> float:
    """Metres for one of a map's unit; without one it is the model's own. Raises InputProblem."""
    if unit is None:
        return own
    if unit.is_a("IfcConversionBasedUnit"):
        return float(unit.ConversionFactor.ValueComponent.wrappedValue) * _metres(path, unit.ConversionFactor.UnitComponent, 1.0)
    if unit.Prefix not in _PREFIXES:
        raise InputProblem(path, f"the unit of its map, {unit.Prefix} {unit.Name}, is not known", "Export it again with metres")
    return _PREFIXES[unit.Prefix]


_PREFIXES = {None: 1.0, "MILLI": 1e-3, "CENTI": 1e-2, "DECI": 0.1, "KILO": 1e3}


def _reader(path: Path) -> Any:
    try:
        import ifcopenshell
        import ifcopenshell.geom
    except ImportError as error:
        raise InputProblem(
            path,
            "there is no reader for IFC at hand",
            "Enable the extension Bonsai in Blender, or install ifcopenshell with pip; or export the model as .glb",
        ) from error
    return ifcopenshell
