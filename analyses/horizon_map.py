"""How far houses and hills close in the sky over the ground: sky view factor and elevation of the horizon, by the sweep of `horizon`."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.problems import Progress, no_progress, stretch
from ..jena_city.result import Classes, Grid, Result
from . import horizon, sensors
from .looking import roof_at
from .measuring import NO_TREES, Mask, area
from .obstacles import Obstacles
from .sensors import Box
from .settings import Settings
from .viewshed import REFRACTION, sunk

SKY = Classes(
    (0.0, 20.0, 40.0, 60.0, 80.0, 90.0, 100.0),
    ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"),
    ("unter 20", "20 bis 40", "40 bis 60", "60 bis 80", "80 bis 90", "über 90"),
)
SKY_CHANGE = Classes(
    (-100.0, -20.0, -10.0, -5.0, -1.0, 1.0, 5.0, 100.0),
    ("#1b3a5c", "#2f6a9f", "#74a9cf", "#bdd7e7", "#ffffff", "#fdb863", "#b35806"),
    (
        "über 20 weniger",
        "10 bis 20 weniger",
        "5 bis 10 weniger",
        "1 bis 5 weniger",
        "kaum verändert (unter 1)",
        "1 bis 5 mehr",
        "über 5 mehr",
    ),
)
ELEVATION = Classes(
    (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 90.0),
    ("#fff7ec", "#fee8c8", "#fdd49e", "#fdbb84", "#fc8d59", "#d7301f", "#7f0000"),
    ("unter 5", "5 bis 10", "10 bis 15", "15 bis 20", "20 bis 30", "30 bis 45", "über 45"),
)
ELEVATION_CHANGE = Classes(
    (-90.0, -10.0, -5.0, -1.0, 1.0, 5.0, 10.0, 90.0),
    ("#2166ac", "#92c5de", "#d1e5f0", "#ffffff", "#fddbc7", "#ef8a62", "#b2182b"),
    ("über 10 weniger", "5 bis 10 weniger", "1 bis 5 weniger", "kaum verändert (unter 1)", "1 bis 5 mehr", "5 bis 10 mehr", "über 10 mehr"),
)
_MOST = 16_000_000  # cells of the surface that is swept
_FAR_STEP, _FAR_SIDE = 25.0, 1500  # metres, and cells a side, of the ground beyond
_LOOKED_DOWN = 2_000_000  # rays at a time


class Horizon(Settings):
    """Settings of the analysis `horizon`."""

    step: float = Field(default=2.0, gt=0.05, le=100)
    """metres between ground sensors."""
    margin: float = Field(default=100.0, ge=0, le=5000)
    """metres around the plan areas."""
    bbox: tuple[float, float, float, float] | None = None
    """west, south, east, north in the project's CRS; instead of plan areas with margin."""
    directions: int = Field(default=72, ge=8, le=720)
    """How many directions are looked in"""
    houses: float = Field(default=500.0, ge=0, le=5000)
    """Metres around, within which houses count; beyond it only hills"""

    @property
    def stem(self) -> str:
        return "horizon"


def run_horizon(planned: Obstacles, settings: Horizon, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """Sky view factor in percent and the mean elevation of the horizon in degrees, 5 cm above the ground; with `base`, what changes."""
    applied = planned.applied
    grid, valid = sensors.ground_grid(applied, area(applied, settings), settings.step)
    rounds = 2 if base else 1
    sky, mean = _swept(planned, grid, settings, stretch(progress, 0, 1 / rounds))
    method = f"{settings.directions} Richtungen, Häuser bis {number(settings.houses)} m, Gelände so weit es reicht · {NO_TREES}"

    def result(name: str, title: str, unit: str, classes: Classes, values: FloatArray, town: Obstacles, counts: Mask) -> Result:
        return Result(
            "horizon",
            name,
            title,
            unit,
            town.applied.variant.id,
            applied.site.origin,
            grid,
            np.where(counts, values, 0).astype(np.float32),
            counts,
            classes,
            method,
            settings.model_dump(mode="json"),
        )

    quantities = (
        ("ground", "Himmelsfaktor (Sky View Factor)", "%", SKY, SKY_CHANGE, 0),
        ("ground-elevation", "Mittlere Höhe des Horizonts", "°", ELEVATION, ELEVATION_CHANGE, 1),
    )
    found = []
    before = _swept(base, grid, settings, stretch(progress, 0.5, 1)) if base else None
    comparable = valid & ~sensors.built_on(base.applied.footprints, grid) if base else valid
    for name, title, unit, classes, change, index in quantities:
        own = result(name, f"{title}, auf dem Boden", unit, classes, (sky, mean)[index], planned, valid)
        found.append(own)
        if base and before is not None:
            other = result(name, f"{title}, auf dem Boden", unit, classes, before[index], base, comparable)
            what = f"{title}: Änderung gegenüber {base.applied.variant.name}, auf dem Boden"
            found.append(own.subtract(other, name=f"{name}-change", title=what, classes=change))
    progress(1.0, "horizon")
    return found


def _swept(town: Obstacles, grid: Grid, settings: Horizon, progress: Progress) -> tuple[FloatArray, FloatArray]:
    """(cells,) sky view factor, percent, and mean elevation of the horizon, degrees."""
    around = math.ceil(settings.houses / grid.step)
    while around > 0 and (grid.rows + 2 * around) * (grid.columns + 2 * around) > _MOST:
        around = around * 3 // 4
    rows, columns = grid.rows + 2 * around, grid.columns + 2 * around
    west, south = grid.x - around * grid.step, grid.y - around * grid.step
    surface = _surface(town, west, south, grid.step, rows, columns)
    inner = (slice(around, around + grid.rows), slice(around, around + grid.columns))
    eyes = np.full(surface.shape, np.nan, np.float32)
    eyes[inner] = grid.height.reshape(grid.rows, grid.columns)
    far = _Far.of(town, grid, (west, south, west + columns * grid.step, south + rows * grid.step))
    sky, elevation = np.zeros(grid.size), np.zeros(grid.size)
    for number_, azimuth in enumerate(np.arange(settings.directions) * 360.0 / settings.directions):
        progress(number_ / settings.directions, "horizon")
        tangent = horizon.towards(surface, eyes, grid.step, float(azimuth))[inner].ravel().astype(np.float64)
        if far is not None:
            tangent = np.maximum(tangent, far.towards(float(azimuth)))
        sky += 1 / (1 + tangent**2)
        elevation += np.degrees(np.arctan(tangent))
    return 100 * sky / settings.directions, elevation / settings.directions


def _surface(town: Obstacles, west: float, south: float, step: float, rows: int, columns: int) -> horizon.Raster:
    """The highest thing over each cell's middle, seen from above."""
    found = np.empty(rows * columns, np.float32)
    for begin in range(0, len(found), _LOOKED_DOWN):
        row, column = np.divmod(np.arange(begin, min(begin + _LOOKED_DOWN, len(found))), columns)
        xy = np.column_stack([west + (column + 0.5) * step, south + (row + 0.5) * step])
        found[begin : begin + len(row)] = roof_at(xy, town)[1]
    return found.reshape(rows, columns)


class _Far:
    """Hills beyond the surface that is swept, from coarser cells, on a curved Earth."""

    def __init__(self, hills: horizon.Raster, eyes: horizon.Raster, step: float, cell: npt.NDArray[np.int64]) -> None:
        self._hills, self._eyes, self._step, self._cell = hills, eyes, step, cell

    @classmethod
    def of(cls, town: Obstacles, grid: Grid, near: Box) -> _Far | None:
        """None where the ground does not reach beyond what is near."""
        terrain = town.applied.site.terrain
        assert terrain is not None
        west, south, east, north = terrain.reach
        if west >= near[0] - _FAR_STEP and south >= near[1] - _FAR_STEP and east <= near[2] + _FAR_STEP and north <= near[3] + _FAR_STEP:
            return None
        step = max(_FAR_STEP, max(east - west, north - south) / _FAR_SIDE)
        columns, rows = int((east - west) / step), int((north - south) / step)
        row, column = np.divmod(np.arange(rows * columns), columns)
        places = np.column_stack([west + (column + 0.5) * step, south + (row + 0.5) * step, np.zeros(len(row))])
        places[:, 2] = terrain.height_at(places[:, :2])
        middle = np.array([grid.x + grid.columns * grid.step / 2, grid.y + grid.rows * grid.step / 2])
        low = sunk(places, REFRACTION, about=middle)[:, 2]
        inside = (places[:, 0] > near[0]) & (places[:, 0] < near[2]) & (places[:, 1] > near[1]) & (places[:, 1] < near[3])
        hills = np.where(inside, np.nan, low).astype(np.float32).reshape(rows, columns)
        points = grid.points
        r = np.clip(((points[:, 1] - south) / step).astype(np.int64), 0, rows - 1)
        c = np.clip(((points[:, 0] - west) / step).astype(np.int64), 0, columns - 1)
        cell = r * columns + c
        eyes = np.full(rows * columns, np.nan, np.float32)
        eyes[cell] = low[cell]
        return cls(hills, eyes.reshape(rows, columns), step, cell)

    def towards(self, azimuth: float) -> FloatArray:
        """(cells of the grid,) the tangent of the hills' elevation in a direction of the grid."""
        found = horizon.towards(self._hills, self._eyes, self._step, azimuth).ravel()[self._cell]
        return np.asarray(np.nan_to_num(found.astype(np.float64)))
