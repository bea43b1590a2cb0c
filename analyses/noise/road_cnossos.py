"""What roads emit after CNOSSOS-EU, in octaves: Directive (EU) 2015/996, annex, 2.2, with the coefficients of Delegated Directive (EU)
2021/1226 or, for comparison with older maps, those of 2015."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem
from .octaves import BANDS, SILENCE, energy_sum

Category = Literal["1", "2", "3", "4a", "4b"]
"""1: cars and vans to 3.5 t. 2: medium heavy (two axles). 3: heavy (three axles or more). 4a: mopeds. 4b: motorcycles."""
CATEGORIES: tuple[Category, ...] = ("1", "2", "3", "4a", "4b")
Edition = Literal["2021", "2015"]
REFERENCE_SPEED = 70.0  # km/h
SLOWEST, FASTEST = 20.0, 130.0  # km/h
STEEPEST = 12.0  # percent
SOURCE_HEIGHT = 0.05  # metres
JUNCTION_REACH = 100.0  # metres

_ZERO = (0.0,) * len(BANDS)
_B_ROLLING: dict[Category, tuple[float, ...]] = {
    "1": (30.0, 41.5, 38.9, 25.7, 32.5, 37.2, 39.0, 40.0),
    "2": (30.0, 35.8, 32.6, 23.8, 30.1, 36.2, 38.3, 40.1),
    "3": (30.0, 33.5, 31.3, 25.4, 31.8, 37.1, 38.6, 40.6),
    "4a": _ZERO,
    "4b": _ZERO,
}
_B_PROPULSION: dict[Category, tuple[float, ...]] = {
    "1": (-1.3, 7.2, 7.7, 8.0, 8.0, 8.0, 8.0, 8.0),
    "2": (-1.9, 4.7, 6.4, 6.5, 6.5, 6.5, 6.5, 6.5),
    "3": (0.0, 3.0, 4.6, 5.0, 5.0, 5.0, 5.0, 5.0),
    "4a": (4.2, 7.4, 9.8, 11.6, 15.7, 18.9, 20.3, 20.6),
    "4b": (3.2, 5.9, 11.9, 11.6, 11.5, 12.6, 11.1, 12.0),
}
# Table F-1: A of rolling and of propulsion noise.
_A: dict[Edition, dict[Category, tuple[tuple[float, ...] | None, tuple[float, ...]]]] = {
    "2021": {
        "1": ((83.1, 89.2, 87.7, 93.1, 100.1, 96.7, 86.8, 76.2), (97.9, 92.5, 90.7, 87.2, 84.7, 88.0, 84.4, 77.1)),
        "2": ((88.7, 93.2, 95.7, 100.9, 101.7, 95.1, 87.8, 83.6), (105.5, 100.2, 100.5, 98.7, 101.0, 97.8, 91.2, 85.0)),
        "3": ((91.7, 96.2, 98.2, 104.9, 105.1, 98.5, 91.1, 85.6), (108.8, 104.2, 103.5, 102.9, 102.6, 98.5, 93.8, 87.5)),
        "4a": (None, (93.0, 93.0, 93.5, 95.3, 97.2, 100.4, 95.8, 90.9)),
        "4b": (None, (99.9, 101.9, 96.7, 94.4, 95.2, 94.7, 92.1, 88.6)),
    },
    "2015": {
        "1": ((79.7, 85.7, 84.5, 90.2, 97.3, 93.9, 84.1, 74.3), (94.5, 89.2, 88.0, 85.9, 84.2, 86.9, 83.3, 76.1)),
        "2": ((84.0, 88.7, 91.5, 96.7, 97.4, 90.9, 83.8, 80.5), (101.0, 96.5, 98.8, 96.8, 98.6, 95.2, 88.8, 82.7)),
        "3": ((87.0, 91.7, 94.1, 100.7, 100.8, 94.3, 87.1, 82.5), (104.4, 100.6, 101.7, 101.0, 100.1, 95.9, 91.3, 85.3)),
        "4a": (None, (88.0, 87.5, 89.5, 93.7, 96.6, 98.8, 93.9, 88.7)),
        "4b": (None, (95.0, 97.2, 92.7, 92.9, 94.7, 93.2, 90.1, 86.5)),
    },
}
_STUDS_A: FloatArray = np.array([0.0, 0.0, 0.0, 2.6, 2.9, 1.5, 2.3, 9.2])
_STUDS_B: FloatArray = np.array([0.0, 0.0, 0.0, -3.1, -6.4, -14.0, -22.4, -11.4])
# Table F-3: C of rolling and of propulsion noise at junctions.
_JUNCTIONS: dict[str, dict[str, tuple[float, float]]] = {
    "signals": {"1": (-4.5, 5.5), "2": (-4.0, 9.0), "3": (-4.0, 9.0)},
    "roundabout": {"1": (-4.4, 3.1), "2": (-2.3, 6.7), "3": (-2.3, 6.7)},
}


@dataclass(frozen=True)
class Surface:
    """A road surface for one category (table F-4): α in each octave and β, dB. The reference surface has none."""

    alpha: tuple[float, ...] = _ZERO
    beta: float = 0.0


_POROUS = {  # of 2015: cars, then medium and heavy vehicles
    "NL01": (((0.5, 3.3, 2.4, 3.2, -1.3, -3.5, -2.6, 0.5), -6.5), ((0.9, 1.4, 1.8, -0.4, -5.2, -4.6, -3.0, -1.4), 0.2)),
    "NL02": (((0.4, 2.4, 0.2, -3.1, -4.2, -6.3, -4.8, -2.0), -3.0), ((0.4, 0.2, -0.7, -5.4, -6.3, -6.3, -4.7, -3.7), 4.7)),
    "NL03": (((-1.0, 1.7, -1.5, -5.3, -6.3, -8.5, -5.3, -2.4), -0.1), ((1.0, 0.1, -1.8, -5.9, -6.1, -6.7, -4.8, -3.8), -0.8)),
}
_NONE = Surface()
_SURFACES: dict[Edition, dict[str, tuple[Surface, Surface, Surface]]] = {
    "2021": {
        "reference": (_NONE, _NONE, _NONE),
        "NL01": (
            Surface((0.0, 5.4, 4.3, 4.2, -1.0, -3.2, -2.6, 0.8), -6.5),
            Surface((7.9, 4.3, 5.3, -0.4, -5.2, -4.6, -3.0, -1.4), 0.2),
            Surface((9.3, 5.0, 5.5, -0.4, -5.2, -4.6, -3.0, -1.4), 0.2),
        ),
    },
    "2015": {
        "reference": (_NONE, _NONE, _NONE),
        **{name: (Surface(*light), Surface(*heavy), Surface(*heavy)) for name, (light, heavy) in _POROUS.items()},
    },
}
"""reference: mean of dense asphalt 0/11 and SMA 0/11. NL01: one layer of porous asphalt, NL02: two, NL03: two, fine. Others are given
as `Surface`s by category, with their source."""


def surface_of(name: str, edition: Edition = "2021") -> dict[Category, Surface]:
    """A surface of table F-4 for each category. Raises InputProblem for one whose figures are not here."""
    known = _SURFACES[edition]
    if name not in known:
        raise InputProblem("surface", f"{name} is no road surface that CNOSSOS-EU {edition} has here", f"Choose one of: {', '.join(known)}")
    light, medium, heavy = known[name]
    return {"1": light, "2": medium, "3": heavy, "4a": _NONE, "4b": _NONE}


def gradient_addition(category: Category, speed: npt.ArrayLike, gradient: npt.ArrayLike) -> FloatArray:
    """ΔL_WP,grad, dB on propulsion noise. gradient : percent in the direction of travel, uphill positive. Source: (2.2.13) to (2.2.16)."""
    speed, slope = np.asarray(speed, float), np.asarray(gradient, float)
    up, down = np.minimum(slope, STEEPEST), np.minimum(-slope, STEEPEST)
    if category == "1":
        found = np.where(slope < -6, down - 6, np.where(slope > 2, (up - 2) / 1.5 * speed / 100, 0.0))
    elif category == "2":
        found = np.where(slope < -4, (down - 4) / 0.7 * (speed - 20) / 100, np.where(slope > 0, up * speed / 100, 0.0))
    elif category == "3":
        found = np.where(slope < -4, (down - 4) / 0.5 * (speed - 10) / 100, np.where(slope > 0, up / 0.8 * speed / 100, 0.0))
    else:
        found = np.zeros(np.broadcast(speed, slope).shape)
    return np.asarray(found)


def vehicle_power(
    category: Category,
    speed: npt.ArrayLike,
    *,
    surface: Surface | None = None,
    gradient: npt.ArrayLike = 0.0,
    temperature: float = 20.0,
    junction: str | None = None,
    junction_distance: npt.ArrayLike = np.inf,
    studded: float = 0.0,
    edition: Edition = "2021",
) -> FloatArray:
    """L_W of one vehicle in each octave, dB: (..., 8) for speeds (...).

    speed : km/h, taken as 20 below that. gradient : percent, uphill positive. temperature : of the air over the year, °C. junction : of
    "signals" and "roundabout", junction_distance : metres to it. studded : share of cars with studded tyres over the year (0 to 1).
    Source: (2.2.4) to (2.2.19).
    """
    surface = surface or Surface()
    speed = np.maximum(np.asarray(speed, float), SLOWEST)[..., None]
    gradient = np.asarray(gradient, float)[..., None]
    rolling_a, propulsion_a = _A[edition][category]
    near = np.maximum(1.0 - np.abs(np.asarray(junction_distance, float)) / JUNCTION_REACH, 0.0)[..., None]
    turns = _JUNCTIONS[junction].get(category, (0.0, 0.0)) if junction else (0.0, 0.0)
    alpha, ratio = np.array(surface.alpha), np.log10(speed / REFERENCE_SPEED)
    propulsion = (
        np.array(propulsion_a)
        + np.array(_B_PROPULSION[category]) * (speed - REFERENCE_SPEED) / REFERENCE_SPEED
        + gradient_addition(category, speed, gradient)
        + turns[1] * near
        + np.minimum(alpha, 0.0)
    )
    if rolling_a is None:
        return np.asarray(propulsion)
    rolling = (
        np.array(rolling_a)
        + np.array(_B_ROLLING[category]) * ratio
        + (0.08 if category == "1" else 0.04) * (20.0 - temperature)
        + turns[0] * near
        + alpha
        + surface.beta * ratio
    )
    if category == "1" and studded > 0.0:
        more = _STUDS_A + _STUDS_B * np.log10(np.clip(speed, 50.0, 90.0) / REFERENCE_SPEED)
        rolling = rolling + 10.0 * np.log10(1.0 - studded + studded * 10.0 ** (0.1 * more))
    return np.asarray(energy_sum(np.stack(np.broadcast_arrays(rolling, propulsion)), axis=0))


def line_power(
    flows: Mapping[Category, npt.ArrayLike],
    speeds: Mapping[Category, npt.ArrayLike],
    *,
    surface: str | Mapping[Category, Surface] = "reference",
    gradient: npt.ArrayLike = 0.0,
    both_ways: bool = False,
    temperature: float = 20.0,
    junction: str | None = None,
    junction_distance: npt.ArrayLike = np.inf,
    studded: float = 0.0,
    edition: Edition = "2021",
) -> FloatArray:
    """L'_W of a metre of road in each octave, dB: (..., 8). SILENCE where nothing drives.

    flows : vehicles in an hour. speeds : km/h. gradient : percent, uphill positive in the direction of the line; with both_ways one half
    drives up and one down. Others as for `vehicle_power`. Source: (2.2.1).
    """
    kinds = surface_of(surface, edition) if isinstance(surface, str) else surface
    slopes = (np.asarray(gradient, float), -np.asarray(gradient, float)) if both_ways else (np.asarray(gradient, float),)
    energy: FloatArray = np.zeros(len(BANDS))
    for category, flow in flows.items():
        speed = np.maximum(np.asarray(speeds[category], float), 1.0)
        for slope in slopes:
            level = vehicle_power(
                category,
                speed,
                surface=kinds.get(category),
                gradient=slope,
                temperature=temperature,
                junction=junction,
                junction_distance=junction_distance,
                studded=studded,
                edition=edition,
            )
            density = np.asarray(flow, float) / len(slopes) / (1000.0 * speed)
            energy = energy + density[..., None] * 10.0 ** (0.1 * level)
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(10.0 * np.log10(energy), SILENCE))
