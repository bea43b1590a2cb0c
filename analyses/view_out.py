"""View out of windows after EN 17037, on façades: how far one sees, over what angle, and which layers (sky, what is built or grows,
ground)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..jena_city.applied import TERRAIN
from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.model import Semantics
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Classes, Faces, Result
from .measuring import NO_TREES, Measure, Placed, Quantity, Values, measured, places
from .obstacles import Obstacles

LEVEL = Classes((0.0, 0.5, 1.5, 2.5, 3.0), ("#bdbdbd", "#fdae61", "#a6d96a", "#1a9641"), ("nicht erfüllt", "gering", "mittel", "hoch"))
LEVEL_CHANGE = Classes(
    (-3.0, -1.5, -0.5, 0.5, 3.0),
    ("#b2182b", "#f4a582", "#ffffff", "#92c5de"),
    ("2 bis 3 Stufen schlechter", "1 Stufe schlechter", "unverändert", "besser"),
)
DISTANCE = Classes(
    (0.0, 6.0, 20.0, 50.0, 10_000.0), ("#d73027", "#fdae61", "#a6d96a", "#1a9641"), ("unter 6", "6 bis 20", "20 bis 50", "über 50")
)
DISTANCES, ANGLES, LAYERS = (6.0, 20.0, 50.0), (14.0, 28.0, 54.0), (1, 2, 3)  # of the levels low, medium, high (EN 17037, 5.3)
_SIDEWAYS, _UP = 2.0, 5.0  # degrees between directions looked in
_LEVEL = np.array([-2.0, -1.0, 1.0, 2.0])  # more of them where land that is far away lies, from low windows
_FAR = 10_000.0  # metres that count as the farthest
_RAYS = 2_000_000  # traced at a time
_OFF = 0.02  # metres in front of the façade


class ViewOut(Placed):
    """Settings of the analysis `view_out`."""

    width: float = Field(default=90.0, ge=10, le=160)
    """Degrees to which window and room limit the view sideways"""
    height: float = Field(default=60.0, ge=10, le=120)
    """Degrees to which they limit it upwards and downwards together"""
    ground: bool = False

    @property
    def stem(self) -> str:
        return "view-out"

    @property
    def suns(self) -> float | None:
        return 4.0 * len(_spread(self.width, _SIDEWAYS)) * len(_directions(self.height))  # all façades, and what is hit


def run_view_out(planned: Obstacles, settings: ViewOut, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """The level that is reached on façades (0 none, 1 low, 2 medium, 3 high), and the distance seen over 14°, in metres."""
    spots = []
    for spot in places(planned, settings.model_copy(update={"ground": False, "faces": True}), base):
        assert isinstance(spot.support, Faces)
        wall = spot.support.semantics == Semantics.WALL
        shared = None if spot.shared is None else spot.shared & wall
        spots.append(replace(spot, where="an Fassaden", valid=spot.valid & wall, comparable=spot.comparable & wall, shared=shared))
    method = (
        f"nach DIN EN 17037, von der Fassade aus: Sicht seitlich {number(settings.width)}°, auf und ab {number(settings.height)}°; "
        "Raumtiefe, Brüstung und Fenstermaße nur als diese Winkel"
    )

    def values(points: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        assert normals is not None
        return list(view_out(points, normals, town, settings.width, settings.height, part))

    quantities = [
        Quantity("Aussicht aus Fenstern", "", LEVEL, LEVEL_CHANGE),
        Quantity("Sichtweite aus Fenstern", "m", DISTANCE, None, "distance"),
    ]
    return measured(Measure("view_out", quantities, method, values, NO_TREES), planned, settings, base, progress, spots=spots)


def view_out(
    points: FloatArray, normals: FloatArray, town: Obstacles, width: float, height: float, progress: Progress
) -> tuple[Values, Values]:
    """The level (n,), 0 to 3, and the distance (n,) in metres over the widest 14°, for points (n, 3) on façades with normals (n, 3).

    width, height : degrees of the opening. A level is reached where the view goes as far as it asks for over as wide an angle without a
    gap, and over that many layers. How far is measured at right angles to the façade. Layers: sky is a direction in which nothing is
    hit; ground is terrain below eye level and within 50 m; the landscape is all else. Source: DIN EN 17037:2022, 5.3 and table A.5.
    """
    across = _spread(width, _SIDEWAYS)
    up = _directions(height)
    level, distance = np.zeros(len(points), np.float32), np.zeros(len(points), np.float32)
    size = max(_RAYS // (len(across) * len(up)), 1)
    for begin in range(0, len(points), size):
        part = slice(begin, begin + size)
        facing = normals[part]
        seen, kind = _looked(points[part] + _OFF * facing, facing, across, up, town)
        flat = np.abs(up).argmin()
        reach = np.where(np.isfinite(seen), seen, _FAR)[:, :, flat] * np.cos(np.radians(up[flat])) * np.cos(np.radians(across))
        layers = _layers(seen, kind, up)
        for index, (far, angle, number_) in enumerate(zip(DISTANCES, ANGLES, LAYERS, strict=True), 1):
            enough = (_longest(reach >= far) * _SIDEWAYS >= angle - 1e-6) & (layers >= number_)
            level[part] = np.where(enough, index, level[part])
        count = min(round(ANGLES[0] / _SIDEWAYS), len(across))
        windows = np.lib.stride_tricks.sliding_window_view(reach, count, axis=1)
        distance[part] = windows.min(axis=2).max(axis=1)
        progress(min((begin + size) / len(points), 1.0), "lines of sight")
    return level, distance


def _spread(whole: float, step: float) -> FloatArray:
    """Directions in the middle of equal pieces of an angle, degrees, as many to either side; one of them straight ahead."""
    half = int((whole / step - 1) / 2)
    return np.arange(-half, half + 1) * step


def _directions(height: float) -> FloatArray:
    """Directions upwards and downwards, degrees."""
    return np.sort(np.concatenate([_spread(height, _UP), _LEVEL]))


def _looked(
    eyes: FloatArray, facing: FloatArray, across: FloatArray, up: FloatArray, town: Obstacles
) -> tuple[FloatArray, npt.NDArray[np.int16]]:
    """(n, across, up) distance of the first hit, inf for the sky, and its kind, -1 for the sky."""
    turn = np.arctan2(facing[:, 0], facing[:, 1])[:, None] + np.radians(across)[None, :]
    rise = np.radians(up)
    shape = (len(eyes), len(across), len(up))
    towards = np.empty((*shape, 3))
    towards[..., 0] = np.sin(turn)[:, :, None] * np.cos(rise)
    towards[..., 1] = np.cos(turn)[:, :, None] * np.cos(rise)
    towards[..., 2] = np.sin(rise)
    hits = town.rays.first_hit(np.repeat(eyes, shape[1] * shape[2], axis=0), towards.reshape(-1, 3))
    kind = np.where(hits.triangle >= 0, town.occluders.kind[hits.triangle].astype(np.int16), -1).astype(np.int16)
    return hits.distance.reshape(shape), kind.reshape(shape)


def _layers(seen: FloatArray, kind: npt.NDArray[np.int16], up: FloatArray) -> npt.NDArray[np.int64]:
    """(n,) how many of sky, landscape and ground are seen; without a landscape none counts, for every level asks for it."""
    near_ground = (kind == TERRAIN) & (up < 0) & (seen < DISTANCES[2])
    sky = (kind < 0).any(axis=(1, 2))
    ground = near_ground.any(axis=(1, 2))
    landscape = ((kind >= 0) & ~near_ground).any(axis=(1, 2))
    return np.where(landscape, 1 + sky.astype(np.int64) + ground, 0)


def _longest(free: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """(n,) the most directions beside each other that are free."""
    run, best = np.zeros(len(free), np.int64), np.zeros(len(free), np.int64)
    for column in free.T:
        run = np.where(column, run + 1, 0)
        best = np.maximum(best, run)
    return best
