"""The sun: positions as others compute them, and the time basis that planners print."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from jena_planner.analyses import sun
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem

JENA = Origin("EPSG:25832", 681735, 5644970)
LATITUDE, LONGITUDE = 50.927, 11.586  # of the reference values in notes and tables


def test_the_published_nrel_case() -> None:
    """NREL/TP-560-34302, table A5.1: zenith 50.11162°, azimuth 194.34024°."""
    when = dt.datetime(2003, 10, 17, 12, 30, 30, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
    found = sun.position([when], 39.742476, -105.1786, altitude=1830.14, pressure=82000.0, temperature=11.0, delta_t=67.0)
    assert 90 - found.apparent_elevation[0] == pytest.approx(50.11162, abs=1e-3)
    assert found.azimuth[0] == pytest.approx(194.34024, abs=1e-3)


@pytest.mark.parametrize(
    ("when", "elevation", "azimuth"),
    [("2025-03-21T12:00+01:00", 39.31, 173.30), ("2025-01-17T12:00+01:00", 18.24, 174.14), ("2025-12-21T10:00+01:00", 10.16, None)],
)
def test_jena_on_the_dates_of_shadow_studies(when: str, elevation: float, azimuth: float | None) -> None:
    found = sun.position([dt.datetime.fromisoformat(when)], LATITUDE, LONGITUDE)
    assert found.elevation[0] == pytest.approx(elevation, abs=0.01)
    if azimuth is not None:
        assert found.azimuth[0] == pytest.approx(azimuth, abs=0.01)


def test_noon_in_jena_is_at_12_20_43_on_21_march() -> None:
    """True solar time 12:00 is 12:20:43 CET (published for Jena): the sun stands in the south then."""
    moment = sun.moment(JENA, dt.date(2025, 3, 21), "12:00", basis="solar")
    assert moment.azimuth[0] == pytest.approx(180.0, abs=0.02)
    clock = moment.times[0] + np.timedelta64(1, "h")
    assert abs((clock - np.datetime64("2025-03-21T12:20:43")) / np.timedelta64(1, "s")) < 15
    assert moment.label == "21.03.2025, 12:00 Uhr wahre Ortszeit"


@pytest.mark.parametrize(("date", "minutes"), [("2025-01-17", 507), ("2025-03-21", 731), ("2025-06-21", 988), ("2025-12-21", 471)])
def test_minutes_of_sun_over_a_flat_horizon(date: str, minutes: int) -> None:
    """The reference counts the minutes with the refracted sun above 0° (pvlib, 2025); ours is geometric, some minutes less."""
    times = np.datetime64(f"{date}T00:00") + np.arange(1440) * np.timedelta64(1, "m")
    found = sun.position(times, LATITUDE, LONGITUDE)
    assert np.count_nonzero(found.apparent_elevation > 0) == pytest.approx(minutes, abs=2)
    path = sun.sun_path(JENA, sun.day(date), step_minutes=1.0)
    assert len(path) == pytest.approx(np.count_nonzero(found.elevation > 0), abs=1)
    assert minutes - 12 < len(path) < minutes
    assert path.step_hours == pytest.approx(1 / 60)


def test_summer_time_is_told_and_counted() -> None:
    winter, summer = (sun.moment(JENA, sun.day(date), "12:00") for date in ("2025-03-21", "2025-06-21"))
    assert (winter.label, summer.label) == ("21.03.2025, 12:00 Uhr MEZ", "21.06.2025, 12:00 Uhr MESZ")
    assert summer.times[0] == np.datetime64("2025-06-21T10:00")
    berlin = dt.datetime(2025, 6, 21, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert summer.elevation[0] == pytest.approx(sun.position([berlin], JENA.latitude, JENA.longitude).elevation[0])


def test_directions_know_that_grid_north_is_not_north() -> None:
    moment = sun.moment(JENA, dt.date(2025, 3, 21), "12:00")
    x, y, z = moment.directions[0]
    from_grid_north = np.degrees(np.arctan2(x, y)) % 360
    assert from_grid_north == pytest.approx(173.30 - 2.007, abs=0.02)
    assert np.degrees(np.arcsin(z)) == pytest.approx(39.31, abs=0.01)


def test_a_span_of_the_day_and_a_night_without_sun() -> None:
    morning = sun.sun_path(JENA, dt.date(2025, 3, 21), start="09:00", end="12:00", step_minutes=10)
    assert len(morning) == 18
    assert morning.times[0] == np.datetime64("2025-03-21T08:05")
    assert len(sun.sun_path(JENA, dt.date(2025, 12, 21), start="00:00", end="05:00")) == 0
    assert len(sun.moment(JENA, dt.date(2025, 12, 21), "23:00")) == 0


def test_the_day_of_the_clock_change_is_as_long_as_it_is() -> None:
    """24 hours of wall clock are 23 hours on 30 March 2025: no sun is counted twice or lost."""
    days = [sun.sun_path(JENA, dt.date(2025, 3, 30) + dt.timedelta(days=k), step_minutes=1.0) for k in (-1, 0, 1)]
    lengths = [len(day) * day.step_hours for day in days]
    assert lengths[1] == pytest.approx((lengths[0] + lengths[2]) / 2, abs=0.05)


@pytest.mark.parametrize("clock", ["noon", "25:00", "12:60", "24:30", "", "1200"])
def test_a_slip_in_a_time_is_named(clock: str) -> None:
    with pytest.raises(InputProblem, match="09:30"):
        sun.minutes(clock)


def test_slips_in_date_zone_and_span() -> None:
    with pytest.raises(InputProblem, match="2025-03-21"):
        sun.day("21.3.2025")
    with pytest.raises(InputProblem, match="Europe/Berlin"):
        sun.moment(JENA, dt.date(2025, 3, 21), "12:00", time_zone="Mars/Olympus")
    with pytest.raises(InputProblem, match="empty"):
        sun.sun_path(JENA, dt.date(2025, 3, 21), start="12:00", end="12:00")


def test_the_sun_draws_in_no_library_that_a_blender_may_not_bear() -> None:
    """A Blender that is linked with an HDF5 of its own (Debian's) does not get along with h5py's, which pvlib as a whole loads."""
    code = """
import sys, numpy as np
from jena_planner.analyses import sun
sun.position(np.array(["2025-03-21T12:00"], "datetime64[ns]"), 50.9, 11.6)
print(sorted({"h5py", "pandas", "pvlib"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
