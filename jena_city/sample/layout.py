"""Where things are in the Musterquartier: a town grid turned a little against north, a hillside west of it, a river east of it.

All positions are in the quarter's own axes (u along the side streets, v along the main street, metres from the middle);
`to_scene` turns them into scene coordinates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity

from ..arrays import FloatArray
from ..origin import Origin

ORIGIN = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")
TURN = -7.0  # degrees, counter-clockwise positive
LICENCE = "Musterdaten, frei erfunden (CC0)"

MAIN, RIVERSIDE, FOOT = 20.0, 120.0, -78.0  # u of the streets that run along v
CROSS = (-255.0, -130.0, -5.0, 120.0, 245.0)  # v of the streets that run along u
HILL = (-134.0, -190.0, -246.0)  # u of the streets along the hillside
RIVER_WIDTH = 28.0


def to_scene(points: FloatArray) -> FloatArray:
    """(n, 2) of (u, v) to scene coordinates."""
    angle = math.radians(TURN)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(np.asarray(points, np.float64) @ turn.T)


def turned(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in (u, v), in scene coordinates."""
    return affinity.rotate(shape, TURN, origin=(0, 0))


def from_scene(points: FloatArray) -> FloatArray:
    angle = math.radians(-TURN)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(np.asarray(points, np.float64) @ turn.T)


def river_u(v: FloatArray) -> FloatArray:
    """u of the river's middle."""
    return np.asarray(226.0 + 13.0 * np.sin(v / 105.0))


def hill_u(u: float, v: FloatArray) -> FloatArray:
    """u of a hillside street, which follows the contour."""
    return np.asarray(u + 7.0 * np.sin(v / 70.0 + u / 60.0))


@dataclass(frozen=True)
class Street:
    name: str
    kind: str
    width: float
    lanes: int
    speed: int
    line: shapely.LineString  # (u, v)
    traffic: int = 0  # vehicles in 24 hours, and how many percent of them are heavy: made up, for the noise of roads
    heavy: float = 0.0


def streets() -> list[Street]:
    """The street network."""
    found = [
        Street("Musterallee", "secondary", 13.0, 4, 50, shapely.LineString([(MAIN, -430), (MAIN, 430)]), 14_000, 6.0),
        Street("Uferstraße", "residential", 6.5, 2, 30, shapely.LineString([(RIVERSIDE, -430), (RIVERSIDE, 430)]), 1_600, 3.0),
        Street("Am Hangfuß", "tertiary", 7.0, 2, 30, shapely.LineString([(FOOT, -430), (FOOT, 430)]), 3_800, 4.0),
    ]
    names = ("Südstraße", "Gerberstraße", "Marktstraße", "Schulstraße", "Nordstraße")
    for name, v in zip(names, CROSS, strict=True):
        market = name == "Marktstraße"
        end = 196.0 if market else RIVERSIDE  # the market street leads to the river bank
        line = shapely.LineString([(FOOT, v), (end, v)])
        found.append(
            Street(name, "tertiary", 7.0, 2, 30, line, 4_500, 4.0) if market else Street(name, "residential", 6.0, 2, 30, line, 900, 3.0)
        )
    along = np.arange(CROSS[0] - 10, CROSS[-1] + 30, 8.0)
    for name, u in zip(("Unterer Hangweg", "Sonnenhang", "Höhenweg"), HILL, strict=True):
        line = shapely.LineString(np.column_stack([hill_u(u, along), along]))
        found.append(Street(name, "living_street", 5.0, 2, 20, line, 250, 2.0))
    for v, name in ((CROSS[1], "Bergstiege"), (CROSS[3], "Winzergasse")):
        ends = [(FOOT, v)] + [(float(hill_u(u, np.array([v]))[0]), v) for u in HILL]
        found.append(Street(name, "residential", 5.0, 2, 30, shapely.LineString(ends), 400, 2.0))
    path = np.arange(-430.0, 431.0, 10.0)
    found.append(Street("Uferweg", "footway", 3.0, 0, 0, shapely.LineString(np.column_stack([river_u(path) - 22.0, path]))))
    return found


@dataclass(frozen=True)
class Cell:
    """A building block between streets: (u0, v0) to (u1, v1), and what stands there."""

    use: str
    u0: float
    v0: float
    u1: float
    v1: float

    @property
    def shape(self) -> shapely.Polygon:
        return shapely.box(self.u0, self.v0, self.u1, self.v1)


def cells() -> list[Cell]:
    """The blocks of the town grid, from south to north, west and east of the main street, and the strip along the river."""
    west = ("perimeter", "perimeter", "church", "perimeter")
    east = ("perimeter", "plan", "perimeter", "school")
    river = ("park", "park", "rows", "slabs")
    found = []
    for row in range(4):
        low, high = CROSS[row] + 8.0, CROSS[row + 1] - 8.0
        found.append(Cell(west[row], FOOT + 8.5, low, MAIN - 13.0, high))
        found.append(Cell(east[row], MAIN + 13.0, low, RIVERSIDE - 7.5, high))
        found.append(Cell(river[row], RIVERSIDE + 9.0, low, 184.0, high))
    return found


def plan_cell() -> Cell:
    return next(cell for cell in cells() if cell.use == "plan")
