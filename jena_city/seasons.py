"""What a season makes of trees in pictures."""

from __future__ import annotations

import datetime as dt
from typing import Literal

Season = Literal["spring", "summer", "autumn", "winter"]
Asked = Literal["summer", "spring", "autumn", "winter", "date"]
"""A season, or that of the date."""

IN_LEAF = (4, 15), (10, 31)  # month and day between which trees bear leaves, an assumption: as analyses of the sun take it
_FULL, _TURNING = (6, 1), (10, 1)  # from when leaves are as large and dark as in summer, and from when they turn
WORDS: dict[Season, str] = {"spring": "Bäume im Frühling", "summer": "Bäume im Sommer", "autumn": "Bäume im Herbst", "winter": "Bäume kahl"}


def of(date: dt.date, latitude: float) -> Season:
    """The season of trees on a day; south of the equator half a year later."""
    when = (date.month, date.day) if latitude >= 0 else ((date.month + 5) % 12 + 1, date.day)
    if not IN_LEAF[0] <= when <= IN_LEAF[1]:
        return "winter"
    return "spring" if when < _FULL else "summer" if when < _TURNING else "autumn"


def shown(asked: Asked, date: dt.date, latitude: float) -> tuple[Season, str]:
    """The season that a picture shows, and what its caption says of it: nothing where it is summer and the date is one of summer."""
    real = of(date, latitude)
    season = real if asked == "date" else asked
    return season, "" if season == real == "summer" else WORDS[season]
