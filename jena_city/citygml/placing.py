"""From coordinates as a file writes them to scene coordinates: axis order, units, doubts, the projection of the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj

from .. import crs as crs_names
from ..arrays import FloatArray, IntArray
from ..crs import Crs
from ..origin import Origin
from ..problems import InputProblem, Report


def stated_crs(at_geometries: list[str], names: list[str], path: Path, report: Report) -> list[Crs]:
    """The CRS of each geometry: the one stated at it, else that of the file: the first of its srsNames that can be understood.

    at_geometries : the srsName at each, "" where there is none. names : those of envelopes and the like.
    """
    every = list(dict.fromkeys([*names, *filter(None, at_geometries)]))
    of_file = next((system for system in map(crs_names.parse, every) if system.horizontal), crs_names.UNKNOWN)
    different = {system.horizontal for system in map(crs_names.parse, every) if system.horizontal}
    if len(different) > 1:
        listed = ", ".join(sorted(different))
        sentence = f"the file states several coordinate systems ({listed}); of each building its own was taken, else that of the file"
        report.add("several-crs", path, "", sentence)
    if not of_file.horizontal and every:
        sentence = f"the coordinate system {every[0]} is not known; coordinates are kept as they are. State it with --crs"
        report.add("unknown-crs", path, "", sentence)
    elif not every:
        report.add("no-crs", path, "", "the file states no coordinate system; coordinates are kept as they are. State it with --crs")
    own = {name: crs_names.parse(name) for name in every}
    return [own[name] if name and own[name].horizontal else of_file for name in at_geometries]


def placed_each(
    points: FloatArray, owner: IntArray, systems: list[Crs], overridden: bool, origin: Origin | None, path: Path, report: Report
) -> tuple[Origin, FloatArray]:
    """As `placed`, for points (n, 3) whose owners (n,) have systems of their own: the one of most points gives the origin.

    Points that cannot be brought to that origin are NaN, and it is reported why.
    """
    different = list(dict.fromkeys(systems)) or [crs_names.UNKNOWN]
    if len(different) == 1 or not len(points):
        return placed(points, different[0], overridden, origin, path, report)
    group = np.array([different.index(system) for system in systems])[owner]
    found = np.full(points.shape, np.nan)
    for number in np.argsort(-np.bincount(group), kind="stable").tolist():
        here = group == number
        if not here.any():
            continue
        try:
            origin, found[here] = placed(points[here], different[number], overridden, origin, path, report)
        except InputProblem as problem:
            if origin is None or np.isnan(found).all():
                raise
            report.add("not-placed", path, "", problem.what)
    assert origin is not None
    return origin, found


def placed(
    points: FloatArray, system: Crs, overridden: bool, origin: Origin | None, path: Path, report: Report
) -> tuple[Origin, FloatArray]:
    """An origin (the one given, else one from the data), and points (n, 3) as written in the file in scene coordinates.

    overridden : the user stated the CRS. Raises InputProblem for coordinates that cannot be placed about the origin given.
    """
    if not len(points):
        if origin is None:
            usable = system.horizontal and crs_names.metres(system.horizontal) == 1.0
            origin = Origin(system.horizontal if usable else "", 0, 0, system.vertical)
        return origin, points
    if system.horizontal and not overridden:
        stated = system.horizontal + (f" + {system.vertical}" if system.vertical else "")
        report.stated += [stated] if stated not in report.stated else []
    if system.vertical == "ellipsoidal":
        report.add("ellipsoidal-heights", path, "", "the heights are above the ellipsoid, not above sea level")
    horizontal, points, trusted = _sorted_out(points, system, overridden, path, report)
    target = origin.crs if origin else _target(horizontal, points) if trusted else horizontal
    if origin and origin.crs and not horizontal:
        raise InputProblem(path, "its coordinate system is not known, so it cannot be placed in this project", "State it with --crs")
    if horizontal and target and horizontal != target:
        points = np.column_stack([*_transformed(points, horizontal, target), _heights(points[:, 2], system, target, path, report)])
        if not np.isfinite(points).all():
            raise InputProblem(path, f"its coordinates cannot be turned from {horizontal} into {target}", "State the right CRS with --crs")
    if origin is None:
        west, south, _ = points.min(axis=0).tolist()
        origin = Origin.at(target, west, south, system.vertical)
    return origin, origin.to_local(points)


def _sorted_out(points: FloatArray, system: Crs, overridden: bool, path: Path, report: Report) -> tuple[str, FloatArray, bool]:
    """The CRS that the numbers can be in ("" when they cannot be in the one stated), the points with x before y, and whether they fit."""
    horizontal = system.horizontal
    if not horizontal:
        return "", points, False
    degrees = crs_names.proj(horizontal).is_geographic
    zone = crs_names.zone_before(float(points[:, 0].min()), float(points[:, 0].max()))
    if zone and not degrees and horizontal not in crs_names.ZONE_BEFORE:
        points = points - [zone * 1e6, 0.0, 0.0]
        report.add("zone-prefix", path, "", f"the eastings begin with the UTM zone {zone}, which was cut off")
    (west, south), (east, north) = points[:, :2].min(axis=0).tolist(), points[:, :2].max(axis=0).tolist()
    if degrees and not crs_names.longitude_first(system, (west, east), (south, north)):
        points = points[:, [1, 0, 2]]
        west, south, east, north = south, west, north, east
    reason = crs_names.doubt(horizontal, west, south, east, north)
    if reason and not degrees and not crs_names.doubt(horizontal, south, west, north, east):
        report.add("swapped-axes", path, "", "the northings stand before the eastings; they were swapped")
        return horizontal, points[:, [1, 0, 2]], True
    if reason:
        report.add("doubtful-crs", path, "", reason if overridden else f"{reason}. State the right one with --crs")
        if degrees or max(abs(east), abs(north)) <= 180:
            return "", points, False  # metres taken for degrees, or degrees for metres, would only make nonsense
    return horizontal, points, not reason


def _target(horizontal: str, points: FloatArray) -> str:
    """The CRS of a scene for data in this one: itself, or the UTM zone of the place where it has degrees, feet or no true metres."""
    if not horizontal:
        return ""
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    if crs_names.metres(horizontal) == 1.0 and not crs_names.distortion(horizontal, *middle.tolist()) > crs_names.DISTORTED:
        return horizontal
    if not crs_names.proj(horizontal).is_geographic:
        middle = _transformed(middle[None], horizontal, "EPSG:4326")[:, 0]
    return crs_names.utm_at(float(middle[0]), float(middle[1]))


def _transformed(points: FloatArray, source: str, target: str) -> FloatArray:
    """(2, n) x and y of points in another CRS."""
    transformer = pyproj.Transformer.from_crs(crs_names.proj(source), crs_names.proj(target), always_xy=True)
    return np.array(transformer.transform(points[:, 0], points[:, 1]))


def _heights(heights: FloatArray, system: Crs, target: str, path: Path, report: Report) -> FloatArray:
    """Heights in metres. Where the vertical CRS is unknown, they are in the unit of the horizontal one, if that is a length."""
    factor = crs_names.metres(system.vertical) if system.vertical.startswith("EPSG:") else crs_names.metres(system.horizontal)
    if not np.isfinite(factor) or factor == 1.0:
        return heights
    sentence = f"{system.horizontal} is not in metres; places were brought to {target}, heights multiplied by {factor:.6g}"
    report.add("not-in-metres", path, "", sentence)
    return heights * factor
