"""The buildings of the Musterquartier as blocks, from which `massing` makes their solids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from ..variant import Block, Roof
from .layout import CROSS, HILL, Cell, cells, hill_u, plan_cell, streets, turned

HOUSE, OFFICE, SCHOOL, CHURCH, SHED, GARAGE = "31001_1010", "31001_2020", "31001_3021", "31001_3041", "31001_2143", "31001_2463"
DEPTH = 12.0  # metres, of houses in a perimeter block


@dataclass(frozen=True)
class Building:
    """A building of the sample: one body, or several parts. Footprints in scene coordinates."""

    id: str
    function: str
    parts: tuple[Block, ...]
    name: str = ""
    storeys_known: bool = True
    generic: dict[str, str] = field(default_factory=dict)


class _Town:
    """Gives ids and collects; a generator with a fixed seed makes every run the same."""

    def __init__(self) -> None:
        self.random = np.random.Generator(np.random.PCG64(20250321))
        self.found: list[Building] = []

    def add(self, function: str, *parts: tuple[shapely.Polygon, int, float, float, Roof], name: str = "") -> None:
        """Parts are (footprint in (u, v), storeys, ground floor height, storey height, roof)."""
        number = len(self.found) + 1
        blocks = tuple(
            Block(f"DETHMQ{number:04d}_{index}", turned(shape), storeys, ground_floor_height=first, storey_height=other, roof=roof)
            for index, (shape, storeys, first, other, roof) in enumerate(parts, 1)
        )
        generic = {"DatenquelleDachhoehe": "1000", "DatenquelleLage": "1000", "Gemeindeschluessel": "00000000", "Hinweis": "frei erfunden"}
        self.found.append(Building(f"DETHMQ{number:04d}", function, blocks, name, self.random.random() < 0.6, generic))

    def uniform(self, low: float, high: float) -> float:
        return round(float(self.random.uniform(low, high)), 2)

    def choice(self, *values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def widths(self, length: float, usual: float) -> list[float]:
        """A length cut into about equal lots, each a little different."""
        count = max(round(length / usual), 1)
        raw = self.random.uniform(0.82, 1.18, count)
        return [float(width) for width in np.round(raw / raw.sum() * length, 3)]


def buildings() -> list[Building]:
    """All buildings, in a fixed order."""
    town = _Town()
    for cell in cells():
        if cell.use in _BUILT:
            _BUILT[cell.use](town, cell)
    _hillside(town)
    return town.found


def shed_ids() -> list[str]:
    """The old sheds in the plan area, which variants remove."""
    area = turned(plan_cell().shape)
    return [building.id for building in buildings() if building.function == SHED and area.contains(building.parts[0].footprint.centroid)]


def _perimeter(town: _Town, cell: Cell) -> None:
    """Houses wall to wall around a court, with a gateway, and small buildings at the back."""
    eaves = town.choice(4, 4, 5)
    for side, u in enumerate((cell.u0, cell.u1 - DEPTH)):
        v = cell.v0
        lots = town.widths(cell.v1 - cell.v0, 16.5)
        gateway = int(town.random.integers(2, len(lots) - 2)) if side else -1
        for index, width in enumerate(lots):
            corner = index in (0, len(lots) - 1)
            if index != gateway:
                _townhouse(town, shapely.box(u, v, u + DEPTH, v + width), eaves, corner, along_v=True)
            v += width
    for v in (cell.v0, cell.v1 - DEPTH):
        u = cell.u0 + DEPTH
        for width in town.widths(cell.u1 - cell.u0 - 2 * DEPTH, 15.0):
            _townhouse(town, shapely.box(u, v, u + width, v + DEPTH), eaves, False, along_v=False)
            u += width
    middle_u, middle_v = (cell.u0 + cell.u1) / 2, (cell.v0 + cell.v1) / 2
    for dv in (-26.0, 2.0, 27.0):
        length, depth = town.uniform(9, 15), town.uniform(6, 8)
        du = town.uniform(-8, 8)
        roof = town.choice(Roof("shed", 8.0, ridge=90.0), Roof("flat"), Roof("gable", 30.0))
        shape = affinity.translate(shapely.box(-length / 2, -depth / 2, length / 2, depth / 2), middle_u + du, middle_v + dv)
        town.add(SHED, (shape, town.choice(1, 1, 2), 3.2, 3.0, roof), name="Hinterhaus")


def _townhouse(town: _Town, shape: shapely.Polygon, storeys: int, corner: bool, *, along_v: bool) -> None:
    storeys += town.choice(0, 0, 0, 1, -1)
    first, other = town.uniform(3.6, 4.2), town.uniform(3.1, 3.5)
    azimuth = 0.0 if along_v else 90.0
    turn = azimuth + 7.0  # the ridge runs along the street; the quarter is turned 7° clockwise
    if corner and town.random.random() < 0.5:
        roof = Roof("hip", 40.0)
    elif town.random.random() < 0.2:
        roof = Roof("flat", parapet=0.6)
    else:
        roof = Roof("gable", town.choice(38.0, 40.0, 42.0, 45.0), ridge=turn)
    town.add(OFFICE if corner else HOUSE, (shape, storeys, first, other, roof))


def _church(town: _Town, cell: Cell) -> None:
    u, v = (cell.u0 + cell.u1) / 2 + 4, (cell.v0 + cell.v1) / 2 - 14
    nave = shapely.box(u - 20, v - 8, u + 20, v + 8)
    tower = shapely.box(u - 30, v - 5, u - 20, v + 5)
    choir = shapely.Polygon([(u + 20, v - 5.5), (u + 26, v - 3.5), (u + 28, v), (u + 26, v + 3.5), (u + 20, v + 5.5)])
    town.add(
        CHURCH,
        (nave, 1, 12.0, 3.0, Roof("gable", 52.0, ridge=97.0)),
        (tower, 1, 29.0, 3.0, Roof("hip", 70.0)),
        (choir, 1, 10.0, 3.0, Roof("hip", 45.0)),
        name="Musterkirche",
    )
    vicarage = shapely.box(cell.u1 - 16, cell.v1 - 24, cell.u1 - 3, cell.v1 - 6)
    town.add(HOUSE, (vicarage, 2, 3.6, 3.2, Roof("hip", 42.0)), name="Pfarrhaus")
    u = cell.u0
    for width in town.widths(cell.u1 - cell.u0 - 24, 14.0):  # a row of old houses closes the square to the north
        _townhouse(town, shapely.box(u, cell.v1 - 11, u + width, cell.v1), 3, False, along_v=False)
        u += width
    v = cell.v0 + 26
    for width in town.widths(cell.v1 - cell.v0 - 52, 13.0):
        _townhouse(town, shapely.box(cell.u0, v, cell.u0 + 11, v + width), 3, False, along_v=True)
        v += width


def _school(town: _Town, cell: Cell) -> None:
    wing = shapely.box(cell.u0, cell.v0 + 6, cell.u0 + 15, cell.v0 + 74)
    cross = shapely.box(cell.u0 + 15, cell.v0 + 6, cell.u0 + 52, cell.v0 + 20)
    town.add(SCHOOL, (wing, 3, 4.2, 3.8, Roof("flat", parapet=0.8)), (cross, 2, 4.2, 3.8, Roof("flat", parapet=0.5)), name="Musterschule")
    hall = shapely.box(cell.u1 - 46, cell.v1 - 30, cell.u1 - 2, cell.v1 - 4)
    town.add(SCHOOL, (hall, 1, 8.0, 3.0, Roof("shed", 6.0, ridge=97.0)), name="Sporthalle")


def _slabs(town: _Town, cell: Cell) -> None:
    for index, v in enumerate((cell.v0 + 2, cell.v0 + 62)):
        slab = shapely.box(cell.u0 + 14, v, cell.u0 + 26, v + 46)
        entry = shapely.box(cell.u0 + 9.5, v + 20, cell.u0 + 14, v + 26)
        town.add(HOUSE, (slab, 11, 3.2, 2.8, Roof("flat", parapet=0.7)), (entry, 1, 3.2, 3.0, Roof("flat")), name=f"Scheibe {index + 1}")
    garages = shapely.box(cell.u1 - 9, cell.v0 + 4, cell.u1 - 3, cell.v0 + 40)
    town.add(GARAGE, (garages, 1, 2.6, 2.6, Roof("flat")), name="Garagen")


def _rows(town: _Town, cell: Cell) -> None:
    for v in np.arange(cell.v0 + 4, cell.v1 - 11, 27.0):
        row = shapely.box(cell.u0 + 2, v, cell.u0 + 48, v + 11)
        town.add(HOUSE, (row, 4, 3.2, 2.9, Roof("gable", 28.0, ridge=97.0)), name="Zeile")


def _sheds(town: _Town, cell: Cell) -> None:
    for u, v, length, depth, roof in (
        (10, 12, 34, 16, Roof("shed", 7.0, ridge=7.0)),
        (52, 20, 20, 30, Roof("gable", 18.0)),
        (16, 62, 26, 13, Roof("flat")),
    ):
        town.add(
            SHED, (shapely.box(cell.u0 + u, cell.v0 + v, cell.u0 + u + length, cell.v0 + v + depth), 1, 5.0, 3.0, roof), name="Alte Halle"
        )


def _hillside(town: _Town) -> None:
    """Detached and semi-detached houses on both sides of the streets on the slope."""
    carriageways = shapely.union_all([street.line.buffer(street.width / 2 + 4.0) for street in streets()])
    placed: list[shapely.Polygon] = []
    for u in HILL:
        for side in (-1.0, 1.0):
            v = CROSS[0] + town.uniform(0, 8)
            while v < CROSS[-1] + 10:
                length, depth = town.uniform(9, 13), town.uniform(8.5, 10.5)
                ahead = np.array([v, v + 1.0])
                tangent = np.degrees(np.arctan2(*(np.diff(hill_u(u, ahead)), 1.0)))[0]
                at = float(hill_u(u, np.array([v]))[0]) + side * (depth / 2 + 8.5 + town.uniform(0, 2.5))
                house = affinity.translate(
                    affinity.rotate(shapely.box(-depth / 2, -length / 2, depth / 2, length / 2), -tangent, origin=(0, 0)), at, v
                )
                pick = town.random.random()
                ridge = (tangent + 7.0 + town.choice(0.0, 0.0, 90.0)) % 180.0
                if pick < 0.6:
                    roof = Roof("gable", town.choice(38.0, 42.0, 48.0), ridge=ridge)
                elif pick < 0.82:
                    roof = Roof("hip", town.choice(28.0, 35.0))
                elif pick < 0.92:
                    roof = Roof("shed", 12.0, ridge=97.0)
                else:
                    roof = Roof("flat", parapet=0.4)
                body = [(house, town.choice(1, 2, 2), 2.9, 2.8, roof)]
                if town.random.random() < 0.3:  # a garage built on
                    garage = shapely.box(-3.0, length / 2, 3.0, length / 2 + 3.2)
                    body.append((affinity.translate(affinity.rotate(garage, -tangent, origin=(0, 0)), at, v), 1, 2.6, 2.6, Roof("flat")))
                whole = shapely.union_all([part[0] for part in body])
                if not whole.intersects(carriageways) and all(whole.distance(other) > 3.0 for other in placed):
                    placed.append(whole)
                    town.add(HOUSE, *body)
                v += length + town.uniform(12, 20)


_BUILT: dict[str, Callable[[_Town, Cell], None]] = {
    "perimeter": _perimeter,
    "church": _church,
    "school": _school,
    "slabs": _slabs,
    "rows": _rows,
    "plan": _sheds,
}
