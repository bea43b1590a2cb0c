"""Roads after RLS-19, the method of planning law (16. BImSchV § 3, DIN 18005): what a road emits, and how that fades.

All levels are A-weighted, dB. Functions take arrays that broadcast. Sources: RLS-19 as amended in 2020 (FGSV 052), formulas and tables as
two independent programs have them; where they differ, in the lorries' gradient downhill, the text of RLS-19 is followed.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem
from .octaves import SILENCE, energy_sum

Group = Literal["car", "lorry1", "lorry2"]
"""car: Pkw. lorry1: lorries over 3.5 t without trailer, buses. lorry2: lorries with trailer, articulated ones. A motorcycle sounds like
lorry2 at the speed of cars."""
GROUPS: tuple[Group, ...] = ("car", "lorry1", "lorry2")
_BASE: dict[Group, tuple[float, float, float]] = {"car": (88.0, 20.0, 3.06), "lorry1": (100.3, 40.0, 4.33), "lorry2": (105.4, 50.0, 4.88)}
SLOWEST, FASTEST = 30.0, 130.0  # km/h, what the formula holds for
STEEPEST = 12.0  # percent
SOURCE_HEIGHT = 0.5  # metres above the road
JUNCTIONS = {"signals": 3.0, "roundabout": 2.0}  # dB at the junction itself
JUNCTION_REACH = 120.0  # metres
FACADE_LOSS, ABSORBING_LOSS, HIGHLY_ABSORBING_LOSS = 0.5, 3.0, 5.0  # dB lost at each reflection

# Corrections for surfaces: (from above, up to km/h, cars, lorries), dB. Outside of its speeds a surface counts as the reference.
_ALL = (0.0, math.inf)
SURFACES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "reference": ((*_ALL, 0.0, 0.0),),  # nicht geriffelter Gussasphalt
    "sma-5-8": ((0.0, 60.0, -2.6, -1.8),),
    "sma-8-11": ((60.0, math.inf, -1.8, -2.0),),
    "ac-11": ((0.0, 60.0, -2.7, -1.9), (60.0, math.inf, -1.9, -2.1)),
    "opa-11": ((60.0, math.inf, -4.5, -4.4),),
    "opa-8": ((60.0, math.inf, -5.5, -5.4),),
    "concrete": ((*_ALL, -1.4, -2.3),),
    "quiet-mastic": ((*_ALL, -2.0, -1.5),),  # lärmarmer Gussasphalt
    "loa-5d": ((0.0, 60.0, -3.2, -1.0),),
    "dsh-v": ((0.0, 60.0, -3.9, -0.9), (60.0, math.inf, -2.8, -2.3)),
    "setts-even": ((0.0, 30.0, 1.0, 1.0), (30.0, 40.0, 2.0, 2.0), (40.0, math.inf, 3.0, 3.0)),
    "setts": ((0.0, 30.0, 5.0, 5.0), (30.0, 40.0, 6.0, 6.0), (40.0, math.inf, 7.0, 7.0)),
}


def vehicle_level(group: Group, speed: npt.ArrayLike) -> FloatArray:
    """L_W0: sound power of one vehicle on the reference surface. speed : km/h, taken as 30 below and 130 above that range."""
    a, b, c = _BASE[group]
    return np.asarray(a + 10.0 * np.log10(1.0 + (np.clip(speed, SLOWEST, FASTEST) / b) ** c))


def surface_correction(surface: str, group: Group, speed: npt.ArrayLike) -> FloatArray:
    """D_SD, dB. surface : a name of SURFACES. Raises InputProblem for another."""
    if surface not in SURFACES:
        raise InputProblem("surface", f"{surface} is no road surface of RLS-19", f"Choose one of: {', '.join(SURFACES)}")
    speed = np.asarray(speed, float)
    found = np.zeros(speed.shape)
    for above, up_to, car, lorry in SURFACES[surface]:
        found = np.where((speed > above) & (speed <= up_to), car if group == "car" else lorry, found)
    return found


def gradient_correction(group: Group, speed: npt.ArrayLike, gradient: npt.ArrayLike) -> FloatArray:
    """D_LN, dB. gradient : percent in the direction of travel, uphill positive; counts to 12 % at most."""
    speed = np.clip(speed, SLOWEST, FASTEST)
    slope = np.clip(gradient, -STEEPEST, STEEPEST)
    if group == "car":
        down = np.maximum(-(slope + 6.0), 0.0) / 6.0 * (90.0 - np.minimum(speed, 70.0)) / 20.0
        up = np.maximum(slope - 2.0, 0.0) / 10.0 * (speed + 70.0) / 100.0
    elif group == "lorry1":
        down = np.maximum(-(slope + 4.0), 0.0) / 8.0 * (speed - 20.0) / 10.0
        up = np.maximum(slope - 2.0, 0.0) / 10.0 * speed / 10.0
    else:
        down = np.maximum(-(slope + 4.0), 0.0) / 8.0 * (speed - 10.0) / 10.0
        up = np.maximum(slope - 2.0, 0.0) / 10.0 * (speed + 10.0) / 10.0
    return np.asarray(down + up)


def junction_addition(kind: str, distance: npt.ArrayLike) -> FloatArray:
    """D_K,KT, dB: what stopping and starting adds. kind : of JUNCTIONS. distance : metres along the road to the nearest junction."""
    return np.asarray(JUNCTIONS[kind] * np.maximum(1.0 - np.asarray(distance, float) / JUNCTION_REACH, 0.0))


def canyon_addition(height: npt.ArrayLike, width: npt.ArrayLike) -> FloatArray:
    """D_refl, dB: sound that goes to and fro between built-up sides. height : metres of the lower side. width : between the sides."""
    return np.asarray(np.minimum(2.0 * np.asarray(height, float) / np.asarray(width, float), 1.6))


def line_power(
    vehicles: npt.ArrayLike,
    lorry1: npt.ArrayLike,
    lorry2: npt.ArrayLike,
    *,
    car_speed: npt.ArrayLike,
    lorry_speed: npt.ArrayLike,
    motorcycles: npt.ArrayLike = 0.0,
    surface: str = "reference",
    gradient: npt.ArrayLike = 0.0,
    both_ways: bool = True,
    addition: npt.ArrayLike = 0.0,
) -> FloatArray:
    """L'_W: sound power of a metre of road, dB(A). SILENCE where nothing drives.

    vehicles : in an hour (M). lorry1, lorry2, motorcycles : percent of them. gradient : percent; with both_ways
    one half drives up and one down. addition : D_K,KT + D_refl, dB. Source: RLS-19, equation 4.
    """
    slopes = (gradient, -np.asarray(gradient, float)) if both_ways else (gradient,)
    lorries = np.asarray(lorry1, float), np.asarray(lorry2, float)
    cars = 100.0 - lorries[0] - lorries[1] - np.asarray(motorcycles, float)
    shares: dict[Group, FloatArray] = {"car": cars, "lorry1": lorries[0], "lorry2": lorries[1]}
    energy: FloatArray = np.zeros(1)
    for slope in slopes:
        for group in GROUPS:
            speed = np.clip(car_speed if group == "car" else lorry_speed, SLOWEST, FASTEST)
            energy = energy + _of_one_kind(group, group, shares[group], speed, surface, slope)
        motor_speed = np.clip(car_speed, SLOWEST, FASTEST)
        energy = energy + _of_one_kind("lorry2", "car", motorcycles, motor_speed, surface, slope)
    with np.errstate(divide="ignore"):
        level = 10.0 * np.log10(np.asarray(vehicles, float)) + 10.0 * np.log10(energy / len(slopes)) - 30.0 + addition
    found = np.maximum(level, SILENCE)
    return np.asarray(found if np.ndim(vehicles) or found.size > 1 else found.reshape(()))


def _of_one_kind(
    sound: Group, surface_of: Group, share: npt.ArrayLike, speed: npt.ArrayLike, surface: str, slope: npt.ArrayLike
) -> FloatArray:
    level = vehicle_level(sound, speed) + surface_correction(surface, surface_of, speed) + gradient_correction(sound, speed, slope)
    return np.asarray(np.asarray(share, float) / 100.0 * 10.0 ** (0.1 * level) / np.asarray(speed, float))


def ground_loss(mean_height: npt.ArrayLike, distance: npt.ArrayLike) -> FloatArray:
    """D_gr, dB. mean_height : of the ray above the ground, metres (h_m). distance : between source and receiver, metres (s)."""
    distance = np.asarray(distance, float)
    return np.asarray(np.maximum(4.8 - np.asarray(mean_height, float) / distance * (34.0 + 600.0 / distance), 0.0))


def screening_loss(to_edge: npt.ArrayLike, from_edge: npt.ArrayLike, between: npt.ArrayLike, distance: npt.ArrayLike) -> FloatArray:
    """D_z, dB, of a path over edges. to_edge (A), from_edge (B), between (C, from the first to the last edge), distance (s): metres."""
    a, b, s = np.asarray(to_edge, float), np.asarray(from_edge, float), np.asarray(distance, float)
    detour = a + b + np.asarray(between, float) - s
    with np.errstate(divide="ignore", invalid="ignore"):
        weather = np.where(detour > 0, np.exp(-np.sqrt(a * b * s / (2.0 * np.maximum(detour, 1e-300))) / 2000.0), 1.0)
    return np.asarray(10.0 * np.log10(np.maximum(3.0 + 80.0 * detour * weather, 1.0)))


def attenuation(distance: npt.ArrayLike, mean_height: npt.ArrayLike, screening: npt.ArrayLike | None = None) -> FloatArray:
    """D_A, dB, from a point source to a receiver. screening : D_z where the view is blocked, NaN where it is free."""
    distance = np.asarray(distance, float)
    lost = ground_loss(mean_height, distance)
    if screening is not None:
        lost = np.where(np.isnan(screening), lost, np.maximum(lost, screening))
    return np.asarray(20.0 * np.log10(distance) + 10.0 * math.log10(2.0 * math.pi) + distance / 200.0 + lost)


def straight_road(length: float, power: float, distance: float, receiver_height: float) -> float:
    """Level beside the middle of a straight road on flat open ground, dB(A). length, distance : metres. power : L'_W.

    The road is cut until each piece is a tenth as long as it is far away (RLS-19 asks for half of it at most): the level is then within
    0.01 dB of the integral.
    """
    bounds = [0.0]
    while bounds[-1] < length / 2:
        bounds.append(min(bounds[-1] + 0.1 * math.hypot(bounds[-1], distance, receiver_height - SOURCE_HEIGHT), length / 2))
    edges = np.array(bounds)
    middles, lengths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    away = np.sqrt(middles**2 + distance**2 + (receiver_height - SOURCE_HEIGHT) ** 2)
    mean_height = (receiver_height + SOURCE_HEIGHT) / 2
    one_side = power + 10.0 * np.log10(lengths) - attenuation(away, mean_height)
    return float(energy_sum(one_side) + 10.0 * math.log10(2.0))
