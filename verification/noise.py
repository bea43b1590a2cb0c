"""The spread of sound held against the test cases of ISO/TR 17534-4 for CNOSSOS-EU."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.spatial import Delaunay

from ..analyses.noise import air
from ..analyses.noise.octaves import A_WEIGHTING, BANDS, SILENCE, energy_sum
from ..analyses.noise.propagation import Settings, long_term, transfer
from ..analyses.noise.surroundings import Obstacle, Surroundings, surroundings
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem, Progress, no_progress

Row = dict[str, Any]
ALLOWED = 0.1  # dB
NO_LIMIT = 1e9


def verify(path: Path, *, progress: Progress = no_progress) -> list[Row]:
    """Compute every case of a folder (or of one file) and compare.

    Returns a row for each case: case, LA_total_db (ours), expected_db, worst_octave_db. Raises InputProblem when there is no case,
    or one that cannot be read.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise InputProblem(path, "no reference case for noise is here", "Name a folder with cases of ISO/TR 17534-4 as JSON files")
    rows = []
    for number, file in enumerate(files):
        progress(number / len(files), file.stem)
        try:
            rows.append(_compare(json.loads(file.read_text(encoding="utf-8"))))
        except (OSError, KeyError, ValueError, TypeError, IndexError) as error:
            raise InputProblem(file, f"the reference file is not as expected ({error!r})", "Take the original file") from error
    progress(1.0, "compared")
    return rows


def _compare(case: dict[str, Any]) -> Row:
    levels = case_levels(case)
    expected = case["expected"]
    total = float(energy_sum(levels))
    octave = float(np.abs(levels - np.array(expected["LA_octaves_db"], float)).max())
    return {
        "case": case["case"],
        "LA_total_db": round(total, 3),
        "expected_db": expected["LA_total_db"],
        "worst_octave_db": round(octave, 3),
    }


def worst(rows: list[Row]) -> float:
    """The largest deviation of all, dB."""
    return max(max(abs(row["LA_total_db"] - row["expected_db"]), row["worst_octave_db"]) for row in rows)


def case_levels(case: dict[str, Any]) -> FloatArray:
    """A-weighted long-term levels of a case's receiver in the eight octaves, dB."""
    geometry, atmosphere = case["geometry"], case["atmosphere"]
    wanted = geometry.get("settings", {})
    settings = Settings(
        over_edges=wanted.get("diffraction_over_horizontal_edges", True),
        round_edges=wanted.get("lateral_diffraction_around_vertical_edges", True),
        order=int(wanted.get("reflection_order", 1)),
        distance=float(wanted.get("max_source_distance", NO_LIMIT)),
        reflection_reach=NO_LIMIT,
        detour=NO_LIMIT,
    )
    absorption = air.absorption(atmosphere["temperature_c"], atmosphere["humidity_percent"], atmosphere["pressure_pa"])
    energy = transfer(_around(geometry), [geometry["source"]], [geometry["receiver"]], settings, absorption=absorption)
    power = np.broadcast_to(np.asarray(case["source_power_db_per_octave"], float), (len(BANDS),))
    with np.errstate(divide="ignore"):
        arriving = 10.0 * np.log10(long_term(energy, case["p_favourable"])[0, 0])
    return np.maximum(power + A_WEIGHTING + arriving, SILENCE)


def _around(geometry: dict[str, Any]) -> Surroundings:
    obstacles = [
        Obstacle(np.array(house["footprint"], float), np.array(house["z_top"], float), True, _absorption(house.get("alpha")))
        for house in geometry.get("buildings", [])
    ]
    for wall in geometry.get("walls", []):
        points = np.array(wall["points"], float)
        obstacles.append(Obstacle(points[:, :2], points[:, 2], False, _absorption(wall.get("alpha"))))
    cover = [(shapely.Polygon(zone["polygon"]), float(zone["G"])) for zone in geometry.get("ground_zones", [])]
    return surroundings(obstacles, _ground(geometry.get("topo_lines", [])), cover, otherwise=float(geometry.get("default_G", 0.0)))


def _absorption(alpha: Any) -> FloatArray:
    return np.broadcast_to(np.asarray(0.0 if alpha is None else alpha, float), (len(BANDS),)).copy()


def _ground(lines: list[list[float]]) -> FloatArray:
    """Triangles over lines with heights that are edges of the ground: pieces are halved until each is a side of a triangle."""
    if not lines:
        return np.zeros((0, 3, 3))
    pieces = [(tuple(line[:3]), tuple(line[3:])) for line in lines]
    for _ in range(30):
        points = np.array(sorted({end for piece in pieces for end in piece}))
        number = {tuple(point): k for k, point in enumerate(points)}
        mesh = Delaunay(points[:, :2])
        sides = {tuple(sorted((int(t[k]), int(t[k - 1])))) for t in mesh.simplices for k in range(3)}
        halved: list[tuple[Any, Any]] = []
        for a, b in pieces:
            on_it = _between(points, np.array(a), np.array(b))
            if len(on_it):
                halved += [(a, tuple(points[on_it[0]])), (tuple(points[on_it[0]]), b)]
            elif tuple(sorted((number[a], number[b]))) in sides:
                halved.append((a, b))
            else:
                middle = tuple((np.array(a) + np.array(b)) / 2)
                halved += [(a, middle), (middle, b)]
        if len(halved) == len(pieces):
            break
        pieces = halved
    triangles = points[mesh.simplices]
    first, second = (triangles[:, k, :2] - triangles[:, 0, :2] for k in (1, 2))
    return np.asarray(triangles[np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) > 1e-9])


def _between(points: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Numbers of the points that lie on a line in plan, its ends left out."""
    along = b[:2] - a[:2]
    length = math.hypot(*along)
    away = points[:, :2] - a[:2]
    share = away @ along / length**2
    off = np.abs(away[:, 0] * along[1] - away[:, 1] * along[0]) / length
    return np.flatnonzero((off < 1e-6) & (share > 1e-6) & (share < 1 - 1e-6))
