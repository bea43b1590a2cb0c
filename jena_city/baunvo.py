"""The Baunutzungsverordnung as tables: what § 17 names for each kind of area, and what changed from edition to edition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Edition = Literal["1962", "1968", "1977", "1990", "2017", "2021", "2023"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
NEWEST: Edition = "2023"
ROOMS_COUNT_BEFORE = 1990  # § 20: before, Aufenthaltsräume in storeys that are no Vollgeschosse count in the GFZ
GUIDE_SINCE = 2021  # § 17: before, limits; since 23.6.2021 values for orientation
CAP, EXCESS = 0.8, 1.5  # § 19 (4)

# § 17: GRZ, GFZ, BMZ (None: none is named).
ORIENTATION: dict[str, tuple[float, float | None, float | None]] = {
    "WS": (0.2, 0.4, None), "WR": (0.4, 1.2, None), "WA": (0.4, 1.2, None), "WB": (0.6, 1.6, None), "MD": (0.6, 1.2, None),
    "MI": (0.6, 1.2, None), "MDW": (0.6, 1.2, None), "MU": (0.8, 3.0, None), "MK": (1.0, 3.0, None), "GE": (0.8, 2.4, 10.0),
    "GI": (0.8, 2.4, 10.0), "SO": (0.8, 2.4, 10.0),
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What a development plan fixes for a plot; None: nothing. use : letters of the BauNVO. edition : the BauNVO it was laid out under,
    None where that is not said."""

    use: str = ""
    grz: float | None = None
    gfz: float | None = None
    bmz: float | None = None
    storeys: int | None = None
    edition: Edition | None = None

    @property
    def by(self) -> Edition:
        """The edition that figures go by: the newest where none is said."""
        return self.edition or NEWEST


def edition_of(text: str) -> Edition | None:
    """The edition that words or a date name: the last that was there in that year; None where they name no year."""
    year = re.search(r"\b(19[6-9]\d|20\d\d)\b", text)
    known = [edition for edition in EDITIONS if year is not None and edition <= year.group()]
    return known[-1] if known else None


def most_covered(grz: float) -> float:
    """What may be covered with Garagen, Stellplätze, Nebenanlagen and what is below ground (§ 19 (4)), where the plan says nothing
    else: half more than the GRZ, to 0.8; a GRZ above that is not lowered."""
    return max(grz, min(EXCESS * grz, CAP))


def named(limits: Limits, number: Literal["GRZ", "GFZ", "BMZ"]) -> float | None:
    """What § 17 names for the kind of area; None: nothing."""
    return ORIENTATION.get(limits.use, (None, None, None))[("GRZ", "GFZ", "BMZ").index(number)]


def beyond(limits: Limits, number: Literal["GRZ", "GFZ", "BMZ"], value: float) -> str:
    """What § 17 makes of a value: a sentence where it lies above what is named for such an area, else ""."""
    most = named(limits, number)
    if most is None or value <= most + 1e-9:
        return ""
    if int(limits.by) >= GUIDE_SINCE:
        return f"über dem Orientierungswert {most:g} für {limits.use} (§ 17 BauNVO): in der Begründung zu begründen"
    return f"über der Obergrenze {most:g} für {limits.use} (§ 17 BauNVO {limits.by})"
