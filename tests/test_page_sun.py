"""The page's sun stands where Python's does, and at the same clock time."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from jena_planner.analyses import sun

from . import page_scripts


@pytest.mark.needs("node")
def test_the_page_has_the_sun_where_python_has_it(tmp_path: Path) -> None:
    chance = random.Random(3)
    start = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
    times = [start + dt.timedelta(seconds=chance.randrange(55 * 365 * 86400)) for _ in range(3000)]
    clocks = []
    for _ in range(300):
        day = dt.date(2000, 1, 1) + dt.timedelta(days=chance.randrange(15000))
        clocks.append((day.isoformat(), chance.randrange(3 * 60, 24 * 60), chance.choice(["Europe/Berlin", "America/New_York"])))
    jena = (50.927, 11.586)
    question = {"moments": [(time.timestamp() * 1000, *jena) for time in times], "clocks": clocks}
    (tmp_path / "asked.json").write_text(json.dumps(question), encoding="utf-8")
    answer = page_scripts.run("suns-of", tmp_path / "asked.json")

    right = sun.position(times, *jena)
    found = {key: np.array([one[key] for one in answer["suns"]]) for key in ("azimuth", "elevation")}
    up = right.elevation > 0  # below the horizon nobody sees where
    assert up.sum() > 1000
    assert np.abs(found["elevation"] - right.elevation)[up].max() < 0.1
    away = np.abs((found["azimuth"] - right.azimuth + 180) % 360 - 180) * np.cos(np.radians(right.elevation))
    assert away[up].max() < 0.1
    assert np.array_equal((found["elevation"] > 0.2)[np.abs(right.elevation) > 0.4], (right.elevation > 0.2)[np.abs(right.elevation) > 0.4])

    moments = [
        (
            dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), ZoneInfo(zone)).replace(hour=minutes // 60, minute=minutes % 60)
        ).timestamp()
        for day, minutes, zone in clocks
    ]
    assert answer["clocks"] == [moment * 1000 for moment in moments]
