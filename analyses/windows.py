"""Windows set into façades storey by storey, as far as nobody has drawn them: places to hold rules for rooms against."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.model import Semantics
from ..jena_city.result import Faces
from .sensors import Box, flat_faces

_UPRIGHT = 0.05  # upward part of a normal up to which a wall is one for windows
_NEAR_FLOOR = 0.3  # metres a façade may begin above the floor of its lowest storey


@dataclass(frozen=True)
class WindowForm:
    """Metres. spacing : between the middles of neighbouring windows. sill : above the floor. storey : height, where no block says it."""

    width: float = 1.2
    height: float = 1.4
    sill: float = 0.9
    spacing: float = 3.0
    storey: float = 3.0


@dataclass(frozen=True)
class Windows:
    """support : one cell for each window, in the façade's plane; points are the windows' middles. across, up : (n, 3) unit, along the
    façade and upwards. storey : (n,) 0 = ground floor. floor : (n,) metres, height of its floor."""

    support: Faces
    across: FloatArray
    up: FloatArray
    storey: IntArray
    floor: FloatArray


def set_in(applied: Applied, form: WindowForm, box: Box | None = None) -> Windows:
    """Windows of one form in all upright walls of buildings and blocks that reach into a box (scene coordinates).

    Storeys of blocks are those of the block, those of buildings begin at the lowest point of the building and are `form.storey` high.
    Windows in a row are evenly spaced and lie wholly in the wall.
    """
    polygons, frames, building, kinds = flat_faces(applied, box, (Semantics.WALL,))
    rows: list[tuple[float, float, int, int, float]] = []  # middle in the plane, face, storey, floor
    ground = _lowest(applied)
    for face, polygon in enumerate(polygons):
        if abs(frames["normal"][face, 2]) > _UPRIGHT or polygon.is_empty:
            continue
        west, south, east, north = polygon.bounds
        foot = float(frames["point"][face, 2])
        shapely.prepare(polygon)
        number = math.floor((east - west) / form.spacing + 1e-6) or int(east - west >= form.width + 0.2)
        step = (east - west) / max(number, 1)
        for storey, floor in enumerate(_floors(applied, int(building[face]), ground, foot + north, form.storey)):
            low = floor + form.sill - foot
            if low < south - _NEAR_FLOOR or low + form.height > north:
                continue
            for column in range(number):
                middle = west + (column + 0.5) * step
                opening = shapely.box(middle - form.width / 2, low, middle + form.width / 2, low + form.height)
                if polygon.contains(opening):
                    rows.append((middle, low + form.height / 2, face, storey, floor))
    place = np.array([row[:2] for row in rows], np.float64).reshape(-1, 2)
    face_of = np.array([row[2] for row in rows], np.int64)
    if not len(rows):
        return _none()
    u, v, normals = (frames[name][face_of] for name in ("u", "v", "normal"))
    corner = frames["point"][face_of]
    points = corner + place[:, :1] * u + place[:, 1:] * v
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array([form.width, form.height]) / 2
    vertices = (points[:, None] + half[None, :, :1] * u[:, None] + half[None, :, 1:] * v[:, None]).reshape(-1, 3)
    first = 4 * np.arange(len(rows))[:, None, None]
    triangles = (np.array([[0, 1, 2], [0, 2, 3]])[None] + first).reshape(-1, 3).astype(np.int32)
    area = np.full(len(rows), form.width * form.height)
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), 2)
    support = Faces(points, normals, area, building[face_of], kinds[face_of], vertices, triangles, owner)
    return Windows(support, u, v, np.array([row[3] for row in rows], np.int32), np.array([row[4] for row in rows], np.float64))


def _none() -> Windows:
    empty, none = np.zeros((0, 3)), np.zeros(0, np.int32)
    support = Faces(empty, empty, np.zeros(0), none, none.astype(np.uint8), empty, np.zeros((0, 3), np.int32), none)
    return Windows(support, empty, empty, none, np.zeros(0))


def _lowest(applied: Applied) -> npt.NDArray[np.float64]:
    """(B,) lowest point of each building with its parts."""
    city = applied.site.city
    low = np.full(len(city.building_id), np.inf)
    ring = np.repeat(np.arange(len(city.ring_surface)), np.diff(city.ring_start))
    np.minimum.at(low, city.building_root[city.surface_building[city.ring_surface[ring]]], city.points[:, 2])
    return low[city.building_root]


def _floors(applied: Applied, owner: int, ground: FloatArray, top: float, storey: float) -> list[float]:
    """Heights of the floors of a building, or of the block -1 - owner, below the height `top`."""
    if owner < 0:
        block, base = applied.variant.blocks[-1 - owner], float(applied.bases[-1 - owner])
        first = base + block.plinth
        return [first + (block.ground_floor_height + (k - 1) * block.storey_height if k else 0.0) for k in range(block.storeys)]
    first = float(ground[owner])
    return [first + k * storey for k in range(max(math.floor((top - first) / storey + 1e-6), 1))]
