"""Who takes the sun: for each façade of a building, how long what stands before it shades it on a day."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city.applied import BLOCK, BUILDING, TERRAIN
from ..jena_city.arrays import FloatArray
from ..jena_city.files import written_beside
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Result
from . import sensors, visibility
from .daylight import SunnyDay, hours, method, sun_of
from .measuring import Measure, Quantity, Values, area, measured
from .obstacles import Obstacles
from .sun_hours import CHANGE, HOURS

DIRECTIONS = ("N", "NO", "O", "SO", "S", "SW", "W", "NW")
_LEVEL = 0.7  # upward part of a normal from which on a face is a roof and faces no side


class SunTakers(SunnyDay):
    """Settings of the analysis `sun_takers`."""

    ground: bool = False

    @property
    def stem(self) -> str:
        return f"sun-takers-{self.date}"

    @property
    def suns(self) -> float | None:
        return 3 * 720 / self.step_minutes  # the list asks again, and who it was


@dataclass(frozen=True)
class Taken:
    """What one taker takes of one façade. victim, taker : rows in the CityModel, -1 - index of a block; taker below the
    blocks' for terrain and others. side : as DIRECTIONS, or "Dach". mean, most : hours, by area and of the worst cell. area : m²."""

    victim: int
    side: str
    area: float
    taker: str
    mean: float
    most: float


def run_sun_takers(
    planned: Obstacles, settings: SunTakers, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Hours of sun of the faces that the list is about; the list itself is written by `write_list`."""
    day = sun_of(planned.applied.site.origin, settings, settings.date)

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        return [hours(town, places, normals, day, settings, part)]

    quantity = Quantity(f"Besonnungsdauer am {settings.date:%d.%m.%Y}", "h", HOURS, CHANGE)
    words = method(settings, day.path.label, day.path.step_hours)
    return measured(Measure("sun_takers", [quantity], words, values, settings.tree_words), planned, settings, base, progress)


def takers(planned: Obstacles, settings: SunTakers, progress: Progress = no_progress) -> list[Taken]:
    """For each building and side, what shades it and how long, the greatest first. A building shades its own faces too. Of several
    bodies in a row the nearest counts. Trees are not asked."""
    applied = planned.applied
    day = sun_of(applied.site.origin, settings, settings.date)
    faces = sensors.face_cells(applied, settings.cell, box=area(applied, settings))
    shown = np.flatnonzero(sensors.uncovered(faces, planned))
    points, normals, size = faces.points[shown], faces.normals[shown], faces.area[shown]
    owner = _owners(planned)
    victim, side = _whole(planned, faces.building[shown]), _sides(normals)
    groups, group = np.unique(np.column_stack([victim, side]), axis=0, return_inverse=True)
    group = group.ravel()
    whole = np.bincount(group, size)
    keys: list[npt.NDArray[np.int64]] = []
    cells: list[npt.NDArray[np.int64]] = []
    for number, direction in enumerate(day.used):
        front = np.flatnonzero(normals @ direction > visibility.GRAZING)
        hits = planned.rays.first_hit(points[front] + visibility.OFFSET * normals[front], direction[None])
        struck = hits.triangle >= 0
        cells.append(front[struck])
        keys.append(owner[hits.triangle[struck]])
        progress((number + 1) / len(day.used), "who takes the sun")
    pair, count = np.unique(
        np.column_stack([np.concatenate(cells), np.concatenate(keys)]) if cells else np.zeros((0, 2), np.int64), axis=0, return_counts=True
    )
    time = count * day.path.step_hours
    found: dict[tuple[int, int], list[float]] = {}
    for (cell, taker), lost in zip(pair.tolist(), time.tolist(), strict=True):
        entry = found.setdefault((int(group[cell]), taker), [0.0, 0.0])
        entry[0] += lost * float(size[cell])
        entry[1] = max(entry[1], lost)
    rows = [
        Taken(
            int(groups[row, 0]),
            DIRECTIONS[groups[row, 1]] if groups[row, 1] < len(DIRECTIONS) else "Dach",
            float(whole[row]),
            _name(planned, taker),
            total / float(whole[row]),
            most,
        )
        for (row, taker), (total, most) in found.items()
    ]
    return sorted(rows, key=lambda one: (-one.mean * one.area, one.victim, one.side, one.taker))


def write_list(planned: Obstacles, settings: SunTakers, base: Path, *, town_before: Obstacles | None = None) -> list[Path]:
    """The list of who takes the sun of whom as CSV beside the results; base : path of the files without ending. town_before : with what it
    was there, too; what takes none any more is listed with 0."""
    now = _named(planned, settings)
    before = _named(town_before, settings) if town_before is not None else {}
    path = base.with_name(base.name + "-takers.csv")
    with written_beside(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        head = ["building", "side", "area_m2", "taken_by", "hours_mean", "hours_most"]
        writer.writerow(head + (["hours_mean_before"] if town_before is not None else []))
        for key in [*now, *(key for key in before if key not in now)]:
            one, was = now.get(key), before.get(key)
            area_ = one.area if one is not None else was.area if was is not None else 0.0
            row = [*key[:2], f"{area_:.1f}", key[2], f"{one.mean if one else 0:.2f}", f"{one.most if one else 0:.2f}"]
            writer.writerow(row + ([f"{was.mean if was else 0:.2f}"] if town_before is not None else []))
    return [path]


def _named(town: Obstacles, settings: SunTakers) -> dict[tuple[str, str, str], Taken]:
    """What is taken by the names of building, side and taker, the greatest first."""
    return {(_name(town, one.victim), one.side, one.taker): one for one in takers(town, settings)}


_AROUND, _TERRAIN = -1_000_000_000, -1_000_000_001


def _whole(planned: Obstacles, building: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Parts counted with their building."""
    root = planned.applied.site.city.building_root
    rows = building.astype(np.int64)
    if len(root):
        rows = np.where(rows >= 0, root[np.maximum(rows, 0)], rows)
    return rows


def _owners(planned: Obstacles) -> npt.NDArray[np.int64]:
    """(T,) who each triangle belongs to: row of a building, -1 - index of a block, or one of the others."""
    occluders = planned.occluders
    of_town = np.isin(occluders.kind, (BUILDING, BLOCK))
    rows = _whole(planned, np.where(of_town, occluders.building, 0))
    return np.where(of_town, rows, np.where(occluders.kind == TERRAIN, _TERRAIN, _AROUND))


def _name(planned: Obstacles, owner: int) -> str:
    if owner >= 0:
        return planned.applied.site.city.building_id[owner]
    if owner in (_TERRAIN, _AROUND):
        return "Gelände" if owner == _TERRAIN else "Umgebung"
    block = planned.applied.variant.blocks[-1 - owner]
    return block.name or block.id


def _sides(normals: FloatArray) -> npt.NDArray[np.int64]:
    """(n,) index into DIRECTIONS, or their number for roofs."""
    azimuth = np.degrees(np.arctan2(normals[:, 0], normals[:, 1])) % 360
    return np.where(np.abs(normals[:, 2]) > _LEVEL, len(DIRECTIONS), np.round(azimuth / 45).astype(np.int64) % 8)
