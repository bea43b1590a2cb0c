"""Irradiation and sky view held against Radiance: a folder with a scene of polygons, sensors, the sky of a year in Tregenza's patches, and
what Radiance found; and yearly sums under a clear sky held against pvlib."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..analyses import irradiation, sky, sky_edges, visibility, weather
from ..analyses.rays import Raycaster
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.problems import InputProblem

Row = dict[str, Any]
Make = Callable[[str, float, float, float, str], Row]
IRRADIATION, SKY_VIEW, BEAM, SUMS = 2.0, 0.002, 0.5, 0.2  # %, -, % of the unshaded, %
SKY_RAYS, SUNS = 2500, 2000
JENA = (50.927, 11.586, 150.0)  # of the references: degrees, metres
LINKE = 3.0
_RESULT = "result_kWh_m2a.csv"


def folders(folder: Path) -> list[Path]:
    """The courtyards in a folder: itself, or folders in it."""
    return [place for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())) if (place / _RESULT).is_file()]


def rows(place: Path, row: Make) -> list[Row]:
    """A courtyard: irradiation and sky view of every sensor, its direct part where the folder says it, and the rays that it took."""
    rays = Raycaster(*read_scene(_only(place, "*.rad")))
    result = _numbers(place / _RESULT, 8)
    sensors, normals = result[:, :3], result[:, 3:6]
    radiance = _patches(_only(place, "cumsky*.csv"))
    around = sky_edges.Around.of(None)
    looked = sky_edges.look(sensors, normals, around, rays)
    skies = np.stack([sky.of_patches(radiance), np.full((sky.LINES, sky.BANDS), 1 / np.pi)])
    found = sky_edges.received(looked, normals, around, skies)
    made = []
    for k, (energy, view) in enumerate(found):
        name = f"{place.name}, sensor {k + 1}"
        made.append(row(f"{name}: irradiation", 100.0, 100 * energy / result[k, 6], IRRADIATION, "% of Radiance"))
        made.append(row(f"{name}: sky view", result[k, 7], view, SKY_VIEW, ""))
    made.append(_at_most(row(f"{place.name}: sky rays of a sensor", SKY_RAYS, float(looked.rays.max()), 0.0, "at most")))
    split = place / "beam_diffuse_split.csv"
    return made + (_beam(place, split, sensors, normals, rays, row) if split.is_file() else [])


def _beam(place: Path, split: Path, sensors: FloatArray, normals: FloatArray, rays: Raycaster, row: Make) -> list[Row]:
    """The third column: true beam of suns every five minutes under a clear sky over Jena with a turbidity of 3, or where and how place.json
    says (latitude, longitude, altitude, linke)."""
    expected = _numbers(split, 3)[:, 2]
    if len(expected) != len(sensors):
        raise InputProblem(split, f"it has {len(expected)} rows for {len(sensors)} sensors", "Take the whole folder")
    said = place / "place.json"
    given = json.loads(said.read_text(encoding="utf-8")) if said.is_file() else {}
    names = ("latitude", "longitude", "altitude", "linke")
    latitude, longitude, altitude, linke = (float(given.get(name, usual)) for name, usual in zip(names, (*JENA, LINKE), strict=True))
    year = weather.clear_year(latitude, longitude, altitude, linke)
    suns = weather.binned(weather.suns_at(year, latitude, longitude), latitude)
    turn, up = np.radians(suns.azimuth), np.radians(suns.elevation)
    directions = np.column_stack([np.sin(turn) * np.cos(up), np.cos(turn) * np.cos(up), np.sin(up)])
    bits = visibility.open_to(sensors, normals, directions, rays)
    found = irradiation.lit(bits, normals, directions, suns.weight[None])[:, 0]
    most = float((np.maximum(normals @ directions.T, 0) @ suns.weight).max())
    made = [
        row(f"{place.name}, sensor {k + 1}: beam", 100 * expected[k] / most, 100 * found[k] / most, BEAM, "% of unshaded")
        for k in range(len(found))
    ]
    return [*made, _at_most(row(f"{place.name}: suns of a year", SUNS, float(len(suns)), 0.0, "at most"))]


def _at_most(case: Row) -> Row:
    """The case where the reference is a bound from above: less is no deviation."""
    over = max(case["ours"] - case["reference"], 0)
    return {**case, "deviation": over, "ok": over <= case["allowed"]}


def yearly(folder: Path, row: Make) -> list[Row]:
    """Global, direct and diffuse sums of pvlib under a clear sky over Jena, with a turbidity of 3 and with its monthly ones."""
    content = json.loads((folder / "pvlib_refs.json").read_text(encoding="utf-8")).get("year", {})
    latitude, longitude, altitude = JENA
    made = []
    for key, linke in (("ineichen_TL3", 3.0), ("ineichen_monthly_linke", _monthly(latitude, longitude))):
        if linke is None or key not in content:
            continue
        year = weather.clear_year(latitude, longitude, altitude, linke)
        found = year.sums(latitude, longitude)
        for name in ("ghi", "dni", "dhi"):
            expected = float(content[key][name])
            made.append(row(f"clear year over Jena, {key}, {name}", 100.0, 100 * found[name] / expected, SUMS, "% of pvlib"))
    return made


def _monthly(latitude: float, longitude: float) -> list[float] | None:
    """pvlib's turbidities of the months; None where its table cannot be read (Blenders that were linked with another HDF5)."""
    try:
        import pandas as pd
        from pvlib.clearsky import lookup_linke_turbidity
    except ImportError:
        return None
    middle = pd.DatetimeIndex([f"2025-{month:02}-15" for month in range(1, 13)])
    return [float(value) for value in lookup_linke_turbidity(middle, latitude, longitude, interp_turbidity=False)]


def read_scene(path: Path) -> tuple[FloatArray, IntArray]:
    """Vertices (v, 3) and triangles (t, 3) of the polygons of a Radiance scene. Raises InputProblem for other surfaces."""
    words = " ".join(line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines()).split()
    points: list[FloatArray] = []
    triangles: list[tuple[int, int, int]] = []
    at = count = 0
    while at < len(words):
        if words[at].startswith("!"):
            raise InputProblem(path, f"it holds the command {words[at]}", "Write its polygons out (xform)")
        kind, name = words[at + 1], words[at + 2]
        if kind == "alias":
            at += 4
            continue
        texts = int(words[at + 3])
        whole = int(words[at + 4 + texts])
        begin = at + 6 + texts + whole
        number = int(words[begin - 1])
        if kind == "polygon":
            corners = np.array(words[begin : begin + number], np.float64).reshape(-1, 3)
            points.append(corners)
            triangles += [(count, count + k, count + k + 1) for k in range(1, len(corners) - 1)]
            count += len(corners)
        elif kind in ("sphere", "cylinder", "cone", "ring", "bubble", "tube", "cup", "instance", "mesh", "source"):
            raise InputProblem(path, f"{name} is a {kind}", "Give a scene of convex polygons")
        at = begin + number
    return np.concatenate(points), np.array(triangles, np.int32)


def _patches(path: Path) -> FloatArray:
    """(145,) radiance of Tregenza's patches, without the ground before them; of three colours, which are alike, one."""
    lines = (line.replace(",", " ") for line in path.read_text(encoding="utf-8").splitlines())
    table = np.loadtxt(lines, ndmin=2)
    if len(table) not in (sky.PATCHES, sky.PATCHES + 1):
        raise InputProblem(path, f"it has {len(table)} patches, not {sky.PATCHES}", "Take a sky in Tregenza's patches (gendaymtx -m 1)")
    return np.asarray(table[-sky.PATCHES :, 0])


def _only(place: Path, pattern: str) -> Path:
    found = sorted(place.glob(pattern))
    if not found:
        raise InputProblem(place, f"it has no file {pattern}", "Take the whole folder")
    return found[0]


def _numbers(path: Path, columns: int) -> FloatArray:
    table = np.atleast_2d(np.loadtxt(path, delimiter=","))
    if table.shape[1] < columns:
        raise InputProblem(path, f"it has {table.shape[1]} columns, not {columns}", "Take the original file")
    return table
