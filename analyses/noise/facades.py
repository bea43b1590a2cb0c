"""What levels at façades mean: sides of buildings that are quiet, what is exceeded on which storey, and how many people hear how much."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...jena_city import store
from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray, IntArray, parted
from ...jena_city.files import slug, write_text
from ...jena_city.lettering import number, towards
from ...jena_city.residents import residents
from ...jena_city.result import Classes, Faces, Result
from ..obstacles import Obstacles
from . import levels
from .asked import NoiseMap

SMALLEST = 6.0  # m² of wall from which on it is a side of a building
NIGHT_LESS = 10.0  # dB that a quiet side is quieter by night than by day
QUIET = Classes(
    (0.0, 0.5, 1.5, 2.0), ("#2c7bb6", "#fdae61", "#a50026"), ("ruhige Seite", "keine ruhige Seite", "Schwelle 70/60 dB(A) erreicht")
)
DAY_EDGES: tuple[float, ...] = (35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)


@dataclass(frozen=True)
class Sides:
    """Sides of buildings: walls of one building that look the same way.

    of : (n,) side of each cell, -1 where it is of none. owner, area, day, night : (s,) of each side, levels of its loudest cell. towards :
    where it looks. quiet : (s,).
    """

    of: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    area: FloatArray
    day: FloatArray
    night: FloatArray
    towards: list[str]
    quiet: npt.NDArray[np.bool_]


def sides(applied: Applied, day: Result, night: Result, settings: NoiseMap) -> Sides:
    """The sides of all buildings with levels.

    A side is quiet up to `quiet` by day and 10 dB less by night (rating levels only; DIN 18005 for reine Wohngebiete), or more than
    `quiet_below` dB below the loudest of the same building, by day as by night (Directive 2002/49/EC, annex VI, 1.5: 20 dB).
    """
    faces = day.support
    assert isinstance(faces, Faces)
    there = np.flatnonzero(day.valid & night.valid)
    looks = np.round(np.degrees(np.arctan2(faces.normals[there, 0], faces.normals[there, 1])) / 45.0).astype(int) % 8
    owner = _owners(applied, faces.building[there])
    keys, which = np.unique(np.column_stack([owner, looks]), axis=0, return_inverse=True)
    which = which.reshape(-1)
    area = np.asarray(np.bincount(which, faces.area[there], minlength=len(keys)), float)
    large = area >= SMALLEST
    number_of = np.where(large, np.cumsum(large) - 1, -1)
    of = np.full(faces.size, -1, np.int64)
    of[there] = number_of[which]
    loud = [np.full(int(large.sum()), -np.inf) for _ in range(2)]
    for level, result in zip(loud, (day, night), strict=True):
        counted = of >= 0
        np.maximum.at(level, of[counted], result.values[counted].astype(float))
    owners = keys[large, 0].astype(np.int64)
    buildings, building = np.unique(owners, return_inverse=True)
    quiet = np.ones(len(owners), bool)
    for level in loud:
        loudest = np.full(len(buildings), -np.inf)
        np.maximum.at(loudest, building, level)
        quiet &= level < loudest[building] - settings.quiet_below
    if settings.rated:
        quiet |= (loud[0] <= settings.quiet) & (loud[1] <= settings.quiet - NIGHT_LESS)
    return Sides(of, owners, area[large], loud[0], loud[1], [towards(45.0 * look) for look in keys[large, 1].tolist()], quiet)


def quiet_sides(applied: Applied, found: Sequence[Result], settings: NoiseMap) -> list[Result]:
    """A result on façades that says which are quiet, of the levels found; nothing where there are no façades."""
    by_name = {one.name: one for one in found}
    day, night = (by_name.get(f"faces-{key}") for key in settings.told)
    if day is None or night is None:
        return []
    told = sides(applied, day, night, settings)
    side = np.maximum(told.of, 0)
    values = np.zeros(day.support.size, np.float32)
    if len(told.owner):
        values = np.where(told.quiet[side], 0.0, 1.0).astype(np.float32)
    if settings.rated:
        values[levels.reaches_threshold(day.values, night.values)] = 2.0
    most = f"bis {number(settings.quiet)}/{number(settings.quiet - NIGHT_LESS)} dB(A) (DIN 18005, WR) oder " if settings.rated else ""
    how = f"ruhig: {most}mehr als {number(settings.quiet_below)} dB unter der lautesten Seite (2002/49/EG, Anhang VI)"
    return [
        replace(
            day, name="faces-quiet", title="Ruhige Seiten, an Fassaden", unit="", values=values, valid=day.valid & (told.of >= 0),
            classes=QUIET, method=f"{how} · {day.method}",
        )
    ]  # fmt: skip


def write_tables(planned: Obstacles, settings: Any, base: Path, *, town_before: Obstacles | None = None) -> list[Path]:
    """Beside the results, as CSV: a row for each building, for each side and storey, and for each band of levels with its people.

    base : path without ending. town_before : its people are told too, where its results lie beside and were made alike.
    """
    applied = planned.applied
    pair = _levels(base, applied.variant.id, settings)
    if pair is None:
        return []
    told = sides(applied, *pair, settings)
    people = residents(applied, settings.assumptions)
    before = None
    if town_before is not None:
        stem = base.name.removesuffix(f"-{slug(applied.variant.id)}")
        old = town_before.applied
        other = _levels(base.with_name(f"{stem}-{slug(old.variant.id)}"), old.variant.id, settings)
        if other is not None and other[0].settings == pair[0].settings and other[0].inputs.get("site") == pair[0].inputs.get("site"):
            before = exposed(old, *other, residents(old, settings.assumptions), settings)
    tables = {
        "buildings": _buildings(applied, told, people, settings),
        "facades": _storeys(applied, told, pair, settings),
        "people": _people(exposed(applied, *pair, people, settings), before, settings),
    }
    files = []
    for name, rows in tables.items():
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows)
        files.append(base.with_name(f"{base.name}-{name}.csv"))
        write_text(files[-1], stream.getvalue())
    return files


def exposed(
    applied: Applied, day: Result, night: Result, people: dict[int, tuple[float, Any]], settings: NoiseMap
) -> list[tuple[FloatArray, FloatArray]]:
    """Levels at façades and how many people hear each, by day (or L_den) and by night: [(levels, people), …].

    Rating levels: the people of a building live behind all of its walls, evenly. L_den and L_night: 4 m above the ground, or as near to it
    as a lower building goes, evenly behind the louder half of the walls (Directive (EU) 2015/996 with 2021/1226, annex, 2.8).
    """
    faces = day.support
    assert isinstance(faces, Faces)
    owner = _owners(applied, faces.building)
    off = np.abs(faces.points[:, 2] - _feet(owner, faces) - 4.0)
    found = []
    for result in (day, night):
        which = np.flatnonzero(result.valid & np.isin(owner, list(people)))
        share = np.zeros(faces.size)
        for walls in parted(which, owner[which]):
            if not settings.rated:
                half, least = settings.cell / 2, float(off[walls].min())
                walls = walls[off[walls] <= (half if least <= half else least + half)]
                walls = walls[result.values[walls] >= np.median(result.values[walls])]
            share[walls] = people[int(owner[walls[0]])][0] * faces.area[walls] / faces.area[walls].sum()
        there = share > 0
        found.append((result.values[there].astype(float), share[there]))
    return found


def _levels(base: Path, variant: str, settings: NoiseMap) -> tuple[Result, Result] | None:
    stem = base.name.removesuffix(f"-{slug(variant)}")
    files = [base.with_name(f"{stem}-faces-{key}-{slug(variant)}.npz") for key in settings.told]
    if not all(file.is_file() for file in files):
        return None
    day, night = (store.load_result(file) for file in files)
    return day, night


def _owners(applied: Applied, building: IntArray) -> IntArray:
    """Whole buildings in place of their parts; blocks as they are."""
    root = applied.site.city.building_root
    return np.where(building >= 0, root[np.maximum(building, 0)], building) if len(root) else building


def _feet(owner: IntArray, faces: Faces) -> FloatArray:
    """(n,) the lowest height of the walls of each cell's building, about: a cell's middle less half its height."""
    names, which = np.unique(owner, return_inverse=True)
    low = np.full(len(names), np.inf)
    corner = faces.vertices[faces.triangles].min(axis=1)[:, 2]
    np.minimum.at(low, which.reshape(-1)[faces.triangle_cell], corner)
    return np.asarray(low[which.reshape(-1)])


def _name(applied: Applied, owner: int) -> str:
    return applied.variant.blocks[-1 - owner].id if owner < 0 else applied.site.city.building_id[owner]


def _buildings(applied: Applied, told: Sides, people: dict[int, tuple[float, Any]], settings: NoiseMap) -> list[list[Any]]:
    day, night = ("day", "night") if settings.rated else ("den", "night")
    head = ["building", "residents", "residents_from", f"loudest_{day}", f"loudest_{night}", "loudest_side", f"quietest_{day}"]
    rows: list[list[Any]] = [[*head, f"quietest_{night}", "quietest_side", "quiet_side", *(["threshold_70_60"] if settings.rated else [])]]
    for own in parted(np.arange(len(told.owner)), told.owner):
        owner = int(told.owner[own[0]])
        loud, calm = own[told.day[own].argmax()], own[told.day[own].argmin()]
        lives, source = people.get(owner, (0.0, ""))
        row = [_name(applied, owner), f"{lives:.1f}", source]
        for side in (loud, calm):
            row += [f"{told.day[side]:.1f}", f"{told.night[side]:.1f}", told.towards[side]]
        row.append("yes" if told.quiet[own].any() else "no")
        if settings.rated:
            row.append("yes" if levels.reaches_threshold(told.day[own], told.night[own]).any() else "no")
        rows.append(row)
    return rows


def _storeys(applied: Applied, told: Sides, pair: tuple[Result, Result], settings: NoiseMap) -> list[list[Any]]:
    """A row for each side and storey: its loudest place, and by how much a value is exceeded there."""
    faces, value = pair[0].support, settings.value
    assert isinstance(faces, Faces)
    day, night = ("day", "night") if settings.rated else ("den", "night")
    rows: list[list[Any]] = [["building", "side", "storey", "height_m", "area_m2", day, night, "quiet_side"]]
    rows[0] += ["over_day", "over_night"] if value is not None else []
    rows[0] += ["threshold_70_60"] if settings.rated else []
    cells = np.flatnonzero(told.of >= 0)
    owner = _owners(applied, faces.building)
    above = faces.points[:, 2] - _feet(owner, faces)
    storey = np.floor(above[cells] / settings.cell).astype(int)
    keys, which = np.unique(np.column_stack([told.of[cells], storey]), axis=0, return_inverse=True)
    for (side, level), here in zip(keys.tolist(), parted(cells, which.reshape(-1)), strict=True):
        loud = [float(result.values[here].max()) for result in pair]
        row = [_name(applied, int(told.owner[side])), told.towards[side], level + 1, f"{above[here].mean():.1f}"]
        row += [f"{faces.area[here].sum():.1f}", *(f"{one:.1f}" for one in loud), "yes" if told.quiet[side] else "no"]
        if value is not None:
            row += [f"{float(levels.excess(one, allowed)):g}" for one, allowed in zip(loud, (value.day, value.night), strict=True)]
        if settings.rated:
            row.append("yes" if levels.reaches_threshold(*loud) else "no")
        rows.append(row)
    return rows


def _people(
    now: list[tuple[FloatArray, FloatArray]], before: list[tuple[FloatArray, FloatArray]] | None, settings: NoiseMap
) -> list[list[Any]]:
    """A row for each band: those of the noise map, or of 34. BImSchV for L_den and L_night."""
    rows: list[list[Any]] = [["period", "above_db", "up_to_db", "people", *(["people_before", "change"] if before else [])]]
    edges = (DAY_EDGES, DAY_EDGES) if settings.rated else (levels.BANDS_DEN, levels.BANDS_NIGHT)
    for k, (period, bounds) in enumerate(zip(("day", "night") if settings.rated else ("den", "night"), edges, strict=True)):
        spans = [(-np.inf, bounds[0]), *zip(bounds[:-1], bounds[1:], strict=True), (bounds[-1], np.inf)]
        for low, high in spans:
            row = [period, "" if low == -np.inf else f"{low:g}", "" if high == np.inf else f"{high:g}"]
            counts = [sum_of[1][(sum_of[0] > low) & (sum_of[0] <= high)].sum() for sum_of in (one[k] for one in (now, before) if one)]
            row += [f"{count:.0f}" for count in counts]
            rows.append([*row, f"{counts[0] - counts[1]:.0f}"] if before else row)
    return rows
