"""Ground, river, trees and areas of the Musterquartier."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from ..arrays import FloatArray
from ..terrain import Terrain
from .buildings import Building
from .layout import CROSS, FOOT, HILL, MAIN, ORIGIN, RIVER_WIDTH, RIVERSIDE, cells, from_scene, river_u, streets, to_scene, turned

REACH, STEP = 400.0, 2.0  # the ground runs from −REACH to REACH, a point every STEP metres
WATER_LEVEL = 141.2


def height(xy: FloatArray) -> FloatArray:
    """Ground height of scene points (n, 2): a flat valley floor, a hillside in the west, the river's bed in the east."""
    u, v = from_scene(xy).T
    bank = np.abs(u - river_u(v))
    floor = 143.6 + 0.006 * np.maximum(river_u(v) - u, 0) + 0.004 * np.maximum(u - river_u(v), 0) + 0.0025 * v
    rise = np.clip((FOOT + 15.0 - u) / 330.0, 0, 1)
    hill = 64.0 * rise**1.25 * (1 + 0.10 * np.sin(v / 95.0) * rise)
    wave = 0.25 * np.sin(u / 37.0) * np.sin(v / 45.0)
    bed = 3.6 * np.clip(1.0 - np.maximum(bank - RIVER_WIDTH / 2 + 3.0, 0) / 7.0, 0, 1)
    return np.asarray(floor + hill + wave * (bank > 30) - bed)


def terrain() -> Terrain:
    """The ground as the sample's terrain model."""
    axis = np.arange(-REACH, REACH + STEP / 2, STEP)
    x, y = np.meshgrid(axis, axis)
    heights = np.round(height(np.column_stack([x.ravel(), y.ravel()])), 2).reshape(x.shape).astype(np.float32)
    return Terrain(ORIGIN, -REACH, -REACH, STEP, heights)


def river() -> shapely.Polygon:
    """The water surface, in (u, v)."""
    v = np.arange(-460.0, 461.0, 12.0)
    return shapely.LineString(np.column_stack([river_u(v), v])).buffer(RIVER_WIDTH / 2 + 1.0, cap_style="flat")


def areas() -> list[tuple[str, str, shapely.Geometry]]:
    """(kind, name, polygon in scene coordinates), from the lowest to the topmost."""
    frame = shapely.box(-REACH, -REACH, REACH, REACH)
    v = np.arange(-460.0, 461.0, 12.0)
    meadow = shapely.Polygon([*np.column_stack([river_u(v) - 40, v]), *np.column_stack([river_u(v) + 200, v])[::-1]])
    upper = shapely.Polygon([*np.column_stack([-292 - 8 * np.sin(v / 60.0), v]), (-620, 470), (-620, -470)])
    north_wood = shapely.Polygon([(-120, 300), (-60, 330), (-90, 470), (-330, 470), (-300, 320), (-200, 290)])
    found = [
        ("meadow", "Saaleaue (Muster)", turned(meadow)),
        ("forest", "Hangwald", turned(upper)),
        ("forest", "Nordholz", turned(north_wood)),
    ]
    for cell in cells():
        kind = {"park": "green", "church": "square", "plan": "brownfield"}.get(cell.use, "built")
        names = {"park": "Uferpark", "church": "Kirchplatz", "plan": "Alte Gießerei"}
        found.append((kind, names.get(cell.use, ""), turned(cell.shape)))
    found.append(("water", "Musterfluss", turned(river())))
    return [(kind, name, shapely.intersection(shape, frame)) for kind, name, shape in found if shape.intersects(frame)]


def trees(buildings: Iterable[Building]) -> list[tuple[float, float, str, float, float]]:
    """(x, y, species, height, crown) of every tree, clear of buildings, carriageways, water and the plan area."""
    random = np.random.Generator(np.random.PCG64(7))
    built = shapely.union_all([part.footprint.buffer(2.5) for building in buildings for part in building.parts])
    roads = turned(shapely.union_all([street.line.buffer(street.width / 2 + 1.2) for street in streets()]))
    water = turned(river().buffer(1.0))
    plan = next(turned(cell.shape.buffer(-5)) for cell in cells() if cell.use == "plan")
    taken = shapely.union_all([built, roads, water, plan])
    shapely.prepare(taken)
    frame = shapely.box(-REACH + 6, -REACH + 6, REACH - 6, REACH - 6)
    found: list[tuple[float, float, str, float, float]] = []

    def plant(points: FloatArray, species: tuple[str, ...], least: float, most: float, spacing: float) -> None:
        for x, y in to_scene(points).tolist():
            high = float(random.uniform(least, most))
            kind = species[int(random.integers(len(species)))]
            narrow = kind in ("Pappel", "Fichte", "Hainbuche")
            crown = high * float(random.uniform(0.28, 0.36) if narrow else random.uniform(0.5, 0.68))
            place = shapely.Point(x, y)
            near = any((x - a) ** 2 + (y - b) ** 2 < spacing**2 for a, b, *_ in found)
            if not near and frame.contains(place) and not taken.intersects(place.buffer(0.4)):
                found.append((round(x, 2), round(y, 2), kind, round(high, 1), round(crown, 1)))

    def line(u: float, step: float) -> FloatArray:
        v = np.arange(-400.0, 401.0, step)
        return np.column_stack([np.full(len(v), u), v])

    for offset in (-9.3, 9.3):
        plant(line(MAIN + offset, 11.0), ("Linde",), 11, 14, 4)
    plant(line(RIVERSIDE + 6.2, 13.0), ("Spitzahorn",), 8, 11, 4)
    plant(line(FOOT - 5.4, 16.0), ("Hainbuche",), 7, 10, 4)

    def scatter(low: tuple[float, float], high: tuple[float, float], count: int) -> FloatArray:
        return np.column_stack([random.uniform(low[0], high[0], count), random.uniform(low[1], high[1], count)])

    v = random.uniform(CROSS[0] - 100, CROSS[-1] + 120, 130)
    side = random.choice([-1.0, 1.0], 130)
    plant(np.column_stack([river_u(v) + side * random.uniform(17, 23, 130), v]), ("Weide", "Erle", "Pappel"), 9, 19, 6)
    plant(scatter((250, -360), (390, 360), 60), ("Pappel", "Weide", "Eiche"), 9, 20, 9)
    for cell in cells():
        if cell.use == "park":
            plant(scatter((cell.u0 + 4, cell.v0), (cell.u1 + 6, cell.v1), 34), ("Linde", "Eiche", "Spitzahorn"), 9, 17, 8)
        elif cell.use == "perimeter":
            plant(scatter((cell.u0 + 16, cell.v0 + 16), (cell.u1 - 16, cell.v1 - 16), 9), ("Obstbaum", "Spitzahorn", "Linde"), 6, 12, 7)
        elif cell.use in ("school", "slabs", "rows"):
            plant(scatter((cell.u0 + 2, cell.v0 + 2), (cell.u1 - 2, cell.v1 - 2), 26), ("Linde", "Spitzahorn", "Birke"), 7, 13, 7)
        elif cell.use == "church":
            square = np.column_stack([np.tile(np.linspace(cell.u0 + 18, cell.u1 - 6, 7), 2), np.repeat([cell.v0 + 6, cell.v0 + 17], 7)])
            plant(square, ("Linde",), 10, 12, 6)
    for u in HILL:
        plant(scatter((u - 27, CROSS[0] - 5), (u + 27, CROSS[-1] + 15), 75), ("Obstbaum", "Birke", "Spitzahorn", "Fichte"), 4, 10, 7)
    plant(scatter((-395, -390), (-296, 400), 330), ("Buche", "Eiche", "Fichte"), 13, 22, 6.5)
    plant(scatter((-300, 300), (-70, 420), 130), ("Buche", "Eiche", "Fichte"), 13, 21, 6.5)
    return found
