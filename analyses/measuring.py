"""Measures taken on the ground, on façades and on roofs, for a planned town and for the one it is held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.files import slug, written_beside
from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem, Progress, stretch
from ..jena_city.result import Classes, Faces, Grid, Result
from ..jena_city.site import Site
from . import sensors
from .obstacles import Obstacles, Shared
from .rays import morton_order
from .sensors import Box
from .settings import Settings

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float32]
TILE = 262_144  # sensors asked at a time where nothing else is said: bounds the memory
NO_TREES = "Bäume nicht berücksichtigt"


class Placed(Settings):
    """Where values are taken."""

    step: float = Field(default=2.0, gt=0.05, le=100)
    """metres between ground sensors."""
    cell: float = Field(default=2.0, gt=0.1, le=50)
    """metres, size of façade and roof cells."""
    ground: bool = True
    faces: bool = True
    margin: float = Field(default=100.0, ge=0, le=5000)
    """metres around the plan areas."""
    bbox: tuple[float, float, float, float] | None = None
    """west, south, east, north in the project's CRS; instead of plan areas with margin."""

    @property
    def suns(self) -> float | None:
        """About how many directions are asked at each sensor, for an estimate; None where that says nothing."""
        return None


class Boxed(Protocol):
    """Settings that say how much of a town is looked at; see `Placed`."""

    margin: float
    bbox: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Quantity:
    """One number that a measure takes of each sensor. title, unit, classes : of its results. change : classes of its difference; None
    where a difference says nothing. key : in the names of its results; "" for the one that matters most."""

    title: str
    unit: str
    classes: Classes
    change: Classes | None
    key: str = ""


@dataclass(frozen=True)
class Measure:
    """What is measured, and how.

    analysis : name in the registry. method : one line for people. values : (places (n, 3), normals (n, 3) or None for the ground,
    obstacles, progress) -> one (n,) float32 for each quantity, NaN where a sensor has none. It is asked piece by piece, of
    neighbouring sensors at a time: what it says of one must not depend on the others. trees : what became of them, for the method.
    tile : how many sensors at a time; what is finished of them is kept, should the run be stopped.
    """

    analysis: str
    quantities: Sequence[Quantity]
    method: str
    values: Callable[[FloatArray, FloatArray | None, Obstacles, Progress], Sequence[Values]]
    trees: str = NO_TREES
    tile: int = field(default_factory=lambda: TILE)


@dataclass(frozen=True)
class Spot:
    """A support where values are taken. valid : (n,) what counts for the planned town; comparable : what counts in both towns.
    shared : sensors that every variant of the same context has, asked in the same pieces whichever the variant; None: there are none.
    note : what is to be said of it beside the method."""

    name: str
    where: str
    support: Grid | Faces
    valid: Mask
    comparable: Mask
    shared: Mask | None = None
    note: str = ""


def measured(
    measure: Measure, planned: Obstacles, settings: Placed, base: Obstacles | None, progress: Progress, *, spots: Sequence[Spot] = ()
) -> list[Result]:
    """The measure on ground and faces, or on the spots given, and its differences to `base`.

    Names of results: that of the spot, then the quantity's key, then "change" for a difference, joined by "-". Pieces that are finished
    are kept where `planned.keep` says, and not done again; others help where `planned.spread` asks them to.
    """
    site = planned.applied.site
    estimated = "Gelände aus den Gebäuden geschätzt" if site.terrain is not None and site.terrain.estimated else ""
    spots = spots or places(planned, settings, base)
    towns = [planned, base] if base else [planned]
    rounds = [
        _Round(measure, spot, spot.valid if town is planned else spot.comparable, town, planned.keep) for spot in spots for town in towns
    ]
    if planned.share is not None:
        _do_share(rounds, *planned.share, progress)
        raise Shared
    missing = sum(len(one.missing) for one in rounds)
    if planned.spread is not None and missing > 1:
        planned.spread(missing, stretch(progress, 0, 0.9))
        progress = stretch(progress, 0.9, 1)
    results: list[Result] = []
    for place, spot in enumerate(spots):
        method = " · ".join(filter(None, (measure.method, measure.trees, spot.note, estimated)))
        found = []
        for turn, town in enumerate(towns, place * len(towns)):
            part = stretch(progress, turn / len(rounds), (turn + 1) / len(rounds))
            values = zip(measure.quantities, rounds[turn].values(part), strict=True)
            found.append([_result(measure.analysis, *pair, spot, rounds[turn].which, town, method, settings) for pair in values])
        for index, (quantity, own) in enumerate(zip(measure.quantities, found[0], strict=True)):
            results.append(own)
            if base and quantity.change is not None:
                title = f"{quantity.title}: Änderung gegenüber {base.applied.variant.name}, {spot.where}"
                results.append(own.subtract(found[1][index], name=f"{own.name}-change", title=title, classes=quantity.change))
    return results


class _Round:
    """A measure on one spot of one town, in pieces that are kept where there are several. missing : numbers of those that are not there."""

    def __init__(self, measure: Measure, spot: Spot, which: Mask, town: Obstacles, keep: Path | None) -> None:
        self.measure, self.spot, self.which, self.town = measure, spot, which, town
        shared = np.zeros(spot.support.size, bool) if spot.shared is None else spot.shared
        self.pieces = [*_tiles(spot.support, shared, measure.tile), *_tiles(spot.support, which & ~shared, measure.tile)]
        name = slug(f"{spot.name}-{town.applied.variant.id}")
        self.files = [keep / f"{name}-{index}.npy" for index in range(len(self.pieces))] if keep and len(self.pieces) > 1 else []
        self.missing = [index for index, file in enumerate(self.files) if not file.is_file()]

    def values(self, progress: Progress) -> Values:
        """(quantities, n) on the whole support, NaN where not asked."""
        values = np.full((len(self.measure.quantities), self.spot.support.size), np.nan, np.float32)
        whole, done = sum(map(len, self.pieces)), 0
        for index, cells in enumerate(self.pieces):
            values[:, cells] = self.piece(index, stretch(progress, done / whole, (done + len(cells)) / whole))
            done += len(cells)
        return values

    def piece(self, index: int, progress: Progress) -> Values:
        """(quantities, m) of one piece, which is kept."""
        file = self.files[index] if self.files else None
        if file is not None and file.is_file():
            return np.asarray(np.load(file), np.float32)
        points = self.spot.support.points_at(self.pieces[index])
        order = morton_order(points)
        cells, points = self.pieces[index][order], points[order]
        normals = self.spot.support.normals[cells] if isinstance(self.spot.support, Faces) else None
        found = np.stack(list(self.measure.values(points, normals, self.town, progress))).astype(np.float32, copy=False)
        values = np.empty_like(found)
        values[:, order] = found
        if file is not None:
            with written_beside(file) as beside, beside.open("wb") as stream:
                np.save(stream, values)
        return values


def _do_share(rounds: Sequence[_Round], first: int, step: int, progress: Progress) -> None:
    """Every so many of all pieces that are kept, as far as they are missing."""
    every = [(one, index) for one in rounds for index in range(len(one.files))]
    mine = [(one, index) for one, index in every[first::step] if index in one.missing]
    for done, (one, index) in enumerate(mine):
        one.piece(index, stretch(progress, done / len(mine), (done + 1) / len(mine)))


def _tiles(support: Grid | Faces, which: Mask, most: int) -> list[npt.NDArray[np.int64]]:
    """The sensors asked, in pieces of at most so many that lie together: squares of a grid, stretches along a Z curve of faces."""
    if isinstance(support, Faces):
        chosen = np.flatnonzero(which)
        ordered = chosen[morton_order(support.points[chosen])]
        return [ordered[begin : begin + most] for begin in range(0, len(ordered), most)]
    side = math.isqrt(most)
    asked = which.reshape(support.rows, support.columns)
    found = []
    for row in range(0, support.rows, side):
        for column in range(0, support.columns, side):
            rows, columns = np.nonzero(asked[row : row + side, column : column + side])
            if len(rows):
                found.append((rows + row) * support.columns + columns + column)
    return found


def _result(
    analysis: str, quantity: Quantity, found: Values, spot: Spot, which: Mask, town: Obstacles, method: str, settings: Settings
) -> Result:
    """A quantity on the whole support as a result that is valid at the sensors `which`, as far as they have a value."""
    applied = town.applied
    valid = which & np.isfinite(found)
    values = np.where(valid, found, np.float32(0))
    return Result(
        analysis=analysis,
        name="-".join(filter(None, (spot.name, quantity.key))),
        title=f"{quantity.title}, {spot.where}",
        unit=quantity.unit,
        variant=applied.variant.id,
        origin=applied.site.origin,
        support=spot.support,
        values=values,
        valid=valid,
        classes=quantity.classes,
        method=method,
        settings=settings.model_dump(mode="json"),
    )


def places(planned: Obstacles, settings: Placed, base: Obstacles | None = None) -> list[Spot]:
    """The grid on the ground and the cells of façades and roofs, as far as the settings ask for them. Raises InputProblem."""
    applied = planned.applied
    box = area(applied, settings)
    spots = []
    if settings.ground:
        grid, valid = sensors.ground_grid(applied, box, settings.step)
        comparable = valid & ~sensors.built_on(base.applied.footprints, grid) if base else valid
        shared = np.isfinite(grid.height) & ~sensors.built_on(planned.context.footprints, grid)
        spots.append(Spot("ground", "auf dem Boden", grid, valid, comparable, shared))
    if settings.faces:
        faces = sensors.face_cells(applied, settings.cell, box=box)
        valid = sensors.uncovered(faces, planned)
        comparable = valid & sensors.uncovered(faces, base) & (faces.building >= 0) if base else valid
        spots.append(Spot("faces", "an Fassaden und Dächern", faces, valid, comparable, comparable if base else None, _left_out(valid)))
    return spots


def _left_out(valid: Mask) -> str:
    """How many cells of façades and roofs have no value, and why; see `sensors.uncovered`."""
    count = int((~valid).sum())
    return f"{number(count)} von {number(len(valid))} Zellen ohne Wert: an oder in anderen Häusern, unter dem Gelände" if count else ""


def area(applied: Applied, settings: Boxed) -> Box:
    """See `area_of`."""
    return area_of(applied.site, settings)


def area_of(site: Site, settings: Boxed) -> Box:
    """Where an analysis looks, in scene coordinates: the box asked for, else the plan areas with a margin, else the whole town.

    Raises InputProblem."""
    if settings.bbox is not None:
        west, south = site.origin.to_local(np.array(settings.bbox[:2]))
        east, north = site.origin.to_local(np.array(settings.bbox[2:]))
        if east <= west or north <= south:
            raise InputProblem("bbox", f"{settings.bbox} is empty", "Give west, south, east, north")
        if site.terrain is not None:
            x0, y0, x1, y1 = site.terrain.reach
            if west >= x1 or east <= x0 or south >= y1 or north <= y0:
                what = f"{settings.bbox} lies outside the terrain"
                raise InputProblem("bbox", what, "Give west, south, east, north in the scene's system")
        return float(west), float(south), float(east), float(north)
    if site.plan_box is not None:
        west, south, east, north = site.plan_box
        box = (west - settings.margin, south - settings.margin, east + settings.margin, north + settings.margin)
    elif site.city.reach is not None:
        west, south, east, north = site.city.reach
        box = (west - 20, south - 20, east + 20, north + 20)
    else:
        raise InputProblem("bbox", "the project has neither buildings nor a plan area", "State a bbox")
    return (np.floor(box[0]), np.floor(box[1]), np.ceil(box[2]), np.ceil(box[3]))
