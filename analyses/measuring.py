"""Measures taken on the ground, on façades and on roofs, for a planned town and for the one it is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.result import Classes, Faces, Grid, Result
from . import sensors
from .obstacles import Obstacles
from .sensors import Box
from .settings import Settings

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float32]
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
    obstacles, progress) -> one (n,) float32 for each quantity, NaN where a sensor has none. trees : what became of them, for the method.
    """

    analysis: str
    quantities: Sequence[Quantity]
    method: str
    values: Callable[[FloatArray, FloatArray | None, Obstacles, Progress], Sequence[Values]]
    trees: str = NO_TREES


@dataclass(frozen=True)
class Spot:
    """A support where values are taken. valid : (n,) what counts for the planned town; comparable : what counts in both towns."""

    name: str
    where: str
    support: Grid | Faces
    valid: Mask
    comparable: Mask


def measured(
    measure: Measure, planned: Obstacles, settings: Placed, base: Obstacles | None, progress: Progress, *, spots: Sequence[Spot] = ()
) -> list[Result]:
    """The measure on ground and faces, or on the spots given, and its differences to `base`.

    Names of results: that of the spot, then the quantity's key, then "change" for a difference, joined by "-".
    """
    site = planned.applied.site
    estimated = "Gelände aus den Gebäuden geschätzt" if site.terrain is not None and site.terrain.estimated else ""
    method = " · ".join(part for part in (measure.method, measure.trees, estimated) if part)
    spots = spots or places(planned, settings, base)
    rounds = len(spots) * (2 if base else 1)
    results: list[Result] = []
    done = 0

    def taken(spot: Spot, town: Obstacles, which: Mask) -> list[Result]:
        def part(share: float, what: str) -> None:
            progress((done + share) / rounds, what)

        normals = spot.support.normals[which] if isinstance(spot.support, Faces) else None
        found = measure.values(spot.support.points[which], normals, town, part)
        return [
            _result(measure.analysis, quantity, spot, which, values, town.applied, method, settings)
            for quantity, values in zip(measure.quantities, found, strict=True)
        ]

    for spot in spots:
        own = taken(spot, planned, spot.valid)
        done += 1
        before = taken(spot, base, spot.comparable) if base else []
        done += len(before) > 0
        for index, (quantity, result) in enumerate(zip(measure.quantities, own, strict=True)):
            results.append(result)
            if base and quantity.change is not None:
                title = f"{quantity.title}: Änderung gegenüber {base.applied.variant.name}, {spot.where}"
                results.append(result.subtract(before[index], name=f"{result.name}-change", title=title, classes=quantity.change))
    return results


def _result(
    analysis: str, quantity: Quantity, spot: Spot, which: Mask, found: Values, applied: Applied, method: str, settings: Settings
) -> Result:
    """A quantity at the sensors `which` as a result on the whole support."""
    known = np.isfinite(found)
    valid, values = np.zeros(spot.support.size, bool), np.zeros(spot.support.size, np.float32)
    valid[which], values[which] = known, np.where(known, found, 0)
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
        comparable = valid & ~sensors.inside(base.applied.footprints, grid.points[:, :2]) if base else valid
        spots.append(Spot("ground", "auf dem Boden", grid, valid, comparable))
    if settings.faces:
        faces = sensors.face_cells(applied, settings.cell, box=box)
        valid = sensors.uncovered(faces, planned)
        comparable = valid & sensors.uncovered(faces, base) & (faces.building >= 0) if base else valid
        spots.append(Spot("faces", "an Fassaden und Dächern", faces, valid, comparable))
    return spots


def area(applied: Applied, settings: Placed) -> Box:
    """Where an analysis looks, in scene coordinates: the box asked for, else the plan areas with a margin, else the whole town.

    Raises InputProblem."""
    site = applied.site
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
