"""What levels mean: rating levels by day and night, limits that bind, values that guide a plan, and the bands of noise maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import InputProblem

Duty = Literal["limit", "guide", "threshold"]
"""limit: 16. BImSchV, binds who builds a road or railway or changes it substantially. guide: DIN 18005, to be weighed in a plan, may be
exceeded for good reasons. threshold: 70 and 60 dB(A), where courts see health at risk."""
HeldAgainst = Literal["nothing", "guide", "limit", "threshold"]
AreaType = Literal["WR", "WA", "WB", "MI", "MU", "MK", "GE"]


@dataclass(frozen=True)
class Value:
    """dB(A) by day (6 to 22) and night (22 to 6), and what it is."""

    duty: Duty
    day: float
    night: float
    source: str


_LIMITS: dict[str, tuple[float, float]] = {
    "sensitive": (57, 47),  # hospitals, schools, Kur- and Altenheime
    **dict.fromkeys(("WR", "WA", "WS"), (59, 49)),
    **dict.fromkeys(("MK", "MD", "MI", "MU", "MDW"), (64, 54)),
    "GE": (69, 59),
}
_GUIDES: dict[str, tuple[float, float]] = {
    "WR": (50, 40),
    **dict.fromkeys(("WA", "WS"), (55, 45)),
    "WB": (60, 45),
    **dict.fromkeys(("MD", "MDW", "MI", "MU"), (60, 50)),
    "MK": (63, 53),
    "GE": (65, 55),
}
THRESHOLD = Value("threshold", 70, 60, "Schwelle der Gesundheitsgefährdung (Rechtsprechung)")
BANDS_DEN = (55.0, 60.0, 65.0, 70.0, 75.0)
BANDS_NIGHT = (50.0, 55.0, 60.0, 65.0, 70.0)
"""Lower ends of the bands of 34. BImSchV, dB(A), L_den and L_night."""


def limit(area: str) -> Value | None:
    """The Immissionsgrenzwert of an area (BauNVO's short names; "sensitive": hospitals, schools, homes); None where there is none."""
    found = _LIMITS.get(area)
    return Value("limit", *found, "16. BImSchV § 2") if found else None


def guide(area: str) -> Value | None:
    """The Orientierungswert for traffic noise of an area; None where there is none."""
    found = _GUIDES.get(area)
    return Value("guide", *found, "DIN 18005 Beiblatt 1:2023-07") if found else None


def held(against: HeldAgainst, area: AreaType) -> Value | None:
    """What levels are held against, None for nothing. Raises InputProblem where there is no such value."""
    if against == "nothing":
        return None
    if against == "threshold":
        return THRESHOLD
    found = guide(area) if against == "guide" else limit(area)
    if found is None:
        raise InputProblem("area_type", f"there is no such value for {area}", "Choose another area type")
    return found


def rounded_up(level: npt.ArrayLike) -> FloatArray:
    """Whole dB as they are held against a limit: up, but not for what only arithmetic adds (16. BImSchV, Anlage)."""
    return np.asarray(np.ceil(np.round(np.asarray(level, float), 6)))


def excess(level: npt.ArrayLike, allowed: float) -> FloatArray:
    """By how many whole dB levels that were rounded up lie above what is allowed; 0 where they do not."""
    return np.maximum(rounded_up(level) - allowed, 0.0)


def reaches_threshold(day: npt.ArrayLike, night: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Where levels that were rounded up reach 70 dB(A) by day or 60 by night."""
    return np.asarray((rounded_up(day) >= THRESHOLD.day) | (rounded_up(night) >= THRESHOLD.night))


def day_evening_night(day: npt.ArrayLike, evening: npt.ArrayLike, night: npt.ArrayLike) -> FloatArray:
    """L_den of L_day (6 to 18), L_evening (18 to 22) and L_night, dB. Source: Directive 2002/49/EC, Annex I.

    It belongs to noise maps (34. BImSchV) and never stands beside DIN 18005.
    """
    parts = ((12.0, day, 0.0), (4.0, evening, 5.0), (8.0, night, 10.0))
    return np.asarray(
        10.0 * np.log10(sum(hours / 24.0 * 10.0 ** (0.1 * (np.asarray(level, float) + more)) for hours, level, more in parts))
    )
