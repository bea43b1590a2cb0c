"""Sky, weather and irradiation against closed forms, Radiance and pvlib; bad weather files; the analyses of them."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.analyses import irradiation, sky, sky_daylight, sky_edges, solar, visibility, weather, weather_files
from jena_planner.analyses.foliage import Leaves
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.analyses.rays import Raycaster
from jena_planner.jena_city.problems import Cancelled, InputProblem
from jena_planner.jena_city.result import Faces, Result
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.verification import courtyard, light

from . import site as sites
from .site import site

UP = np.array([[0.0, 0.0, 1.0]])
JENA = (50.927, 11.586)
TOWER = Variant("turm", "Turm", (Block("t", shapely.box(20.3, -30.3, 35.3, -15.3), 10, ground_floor_height=3.0),))


def wall(distance: float, height: float, half: float = 5000.0) -> Raycaster:
    """An upright wall that faces the origin from the north."""
    points = np.array([[-half, distance, 0], [half, distance, 0], [half, distance, height], [-half, distance, height]])
    return Raycaster(points, np.array([[0, 1, 2], [0, 2, 3]]))


def view(place: np.ndarray, normal: np.ndarray, rays: Raycaster, radiance: np.ndarray | None = None) -> float:
    around = sky_edges.Around.of(None)
    seen = np.full((1, sky.LINES, sky.BANDS), 1 / np.pi) if radiance is None else radiance[None]
    looked = sky_edges.look(place, normal, around, rays)
    assert looked.rays.max() <= sky_edges.MOST
    return float(sky_edges.received(looked, normal, around, seen)[0, 0])


# --- sky --------------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.floats(2, 50), st.floats(2, 60))
def test_a_long_wall_hides_what_its_angle_says(distance: float, height: float) -> None:
    """Sky view of level ground before an endless wall of elevation β: (1 + cos β) / 2."""
    beta = math.atan2(height, distance)
    found = view(np.array([[0.0, 0.0, -visibility.OFFSET]]), UP, wall(distance, height, 200 * distance))
    assert found == pytest.approx((1 + math.cos(beta)) / 2, abs=2e-3)


@settings(max_examples=25)
@given(st.floats(0, 90), st.floats(0, 360))
def test_the_open_sky_that_a_tilted_plane_sees(tilt: float, turn: float) -> None:
    """(1 + cos β) / 2 where nothing stands."""
    t, a = math.radians(tilt), math.radians(turn)
    normal = np.array([[math.sin(t) * math.sin(a), math.sin(t) * math.cos(a), math.cos(t)]])
    assert view(np.zeros((1, 3)), normal, Raycaster(np.zeros((0, 3)), np.zeros((0, 3), int))) == pytest.approx(
        (1 + math.cos(t)) / 2, abs=1e-3
    )


def test_an_open_facade_has_the_vertical_sky_component_of_the_literature() -> None:
    """(π / 4 + 2 / 3) / (7 π / 6) on a wall that nothing stands before, 39.6 %."""
    luminance = sky.overcast(sky.cells().elevation)
    luminance = luminance / (luminance * sky.cells().level).sum()
    none = Raycaster(np.zeros((0, 3)), np.zeros((0, 3), int))
    assert view(np.zeros((1, 3)), np.array([[0.0, -1.0, 0.0]]), none, luminance) == pytest.approx(
        (math.pi / 4 + 2 / 3) / (7 * math.pi / 6), abs=1e-3
    )
    assert view(np.zeros((1, 3)), UP, none, luminance) == pytest.approx(1.0, abs=1e-9)


def test_the_sky_is_half_a_sphere_and_tregenzas_patches_fill_it() -> None:
    cells = sky.cells()
    assert cells.solid_angle.sum() == pytest.approx(2 * np.pi)
    assert cells.level.sum() == pytest.approx(np.pi)
    one = np.zeros(sky.PATCHES)
    one[30] = 1.0  # the first of the second band, about north
    found = sky.of_patches(one)
    assert found[:, 2:4].sum(axis=0) * 2 == pytest.approx([12, 12])  # degrees
    assert found[0, 2] == 1 and found[90, 2] == 0 and found[:, [0, 1, 4]].sum() == 0


def test_perez_skies_bring_the_diffuse_irradiance_and_are_brighter_about_the_sun() -> None:
    found = sky.cumulative(np.array([180.0]), np.array([40.0]), np.array([700.0]), np.array([100.0]), np.array([1366.0]), np.array([1.0]))
    assert (found * sky.cells().level).sum() == pytest.approx(0.1)  # kWh/m²
    assert found[89, 6] > 3 * found[0, 6] > 0  # 39° up in the south and in the north


def test_answers_do_not_depend_on_how_many_are_asked_together() -> None:
    rng = np.random.default_rng(3)
    places = np.column_stack([rng.uniform(-30, 30, (60, 2)), np.full(60, 0.05)])
    rays, around = wall(12.0, 20.0, 15.0), sky_edges.Around.of(None)
    uniform = np.ones((1, sky.LINES, sky.BANDS))
    upright = np.tile(UP, (60, 1))
    whole = sky_edges.received(sky_edges.look(places, upright, around, rays), upright, around, uniform)
    for k in (0, 17, 59):
        one = sky_edges.received(sky_edges.look(places[k : k + 1], UP, around, rays), UP, around, uniform)
        assert one[0, 0] == whole[k, 0]


# --- Radiance and pvlib -----------------------------------------------------------------------------------------------


@pytest.mark.needs("data")
def test_the_courtyard_of_radiance_and_the_sums_of_pvlib(data: Path) -> None:
    rows = courtyard.rows(data / "sun" / "courtyard", light._row) + courtyard.yearly(data / "sun", light._row)
    assert len(rows) >= 11 * 3 + 2 + 3
    assert [row for row in rows if not row["ok"]] == []


def test_a_courtyard_in_another_folder_is_found_and_held_against_what_it_says(tmp_path: Path) -> None:
    """Open ground and an open façade under an even sky of 1 kWh/m² sr: π and π / 2."""
    place = tmp_path / "hof"
    place.mkdir()
    ground = "-900 -900 0 900 -900 0 900 900 0 -900 900 0"
    (place / "hof.rad").write_text(f"void plastic grey 0 0 5 0 0 0 0 0\n# ground\ngrey polygon g\n0\n0\n12 {ground}\n", encoding="utf-8")
    (place / "cumsky.csv").write_text("# ground, then 145 patches\n" + "1.0 1.0 1.0\n" * 146, encoding="utf-8")
    lines = [f"0,0,0.05,0,0,1,{math.pi},1.0", f"0,0,0.05,0,-1,0,{math.pi / 2},0.5"]
    (place / "result_kWh_m2a.csv").write_text("\n".join(lines), encoding="utf-8")
    rows = light.verify(tmp_path)
    assert len(rows) == 5 and all(row["ok"] and row["case"].startswith("hof") for row in rows)
    (place / "result_kWh_m2a.csv").write_text("\n".join(lines).replace("0.5", "0.51"), encoding="utf-8")
    assert [row["case"] for row in light.verify(tmp_path) if not row["ok"]] == ["hof, sensor 2: sky view"]
    (place / "cumsky.csv").write_text("1.0,1.0,1.0\n" * 145, encoding="utf-8")
    assert len([row for row in light.verify(tmp_path) if row["ok"]]) == 4
    for count in (20, 2305):
        (place / "cumsky.csv").write_text("1.0\n" * count, encoding="utf-8")
        with pytest.raises(InputProblem, match=f"{count} patches"):
            light.verify(tmp_path)


def test_the_beam_of_a_courtyard_in_another_town_and_air(tmp_path: Path) -> None:
    """Open ground near Lisbon gets what the suns of a clear year there bring."""
    place = tmp_path / "patio"
    place.mkdir()
    (place / "a.rad").write_text("void plastic b 0 0 5 0 0 0 0 0\nb polygon p 0 0 9 9 9 0 9.1 9 0 9 9 0.1\n", encoding="utf-8")
    (place / "cumsky.csv").write_text("1.0\n" * 145, encoding="utf-8")
    (place / "result_kWh_m2a.csv").write_text(f"0,0,0.05,0,0,1,{math.pi},1.0\n", encoding="utf-8")
    year = weather.clear_year(38.7, -9.1, 20.0, 4.5)
    suns = weather.suns_at(year, 38.7, -9.1)
    beam = suns.weight @ np.sin(np.radians(suns.elevation))
    (place / "beam_diffuse_split.csv").write_text(f"0,0,{beam}\n", encoding="utf-8")
    (place / "place.json").write_text('{"latitude": 38.7, "longitude": -9.1, "altitude": 20, "linke": 4.5}', encoding="utf-8")
    rows = light.verify(place)
    assert [row["case"] for row in rows if "beam" in row["case"]] and all(row["ok"] for row in rows), rows
    (place / "beam_diffuse_split.csv").write_text(f"0,0,{0.98 * beam}\n", encoding="utf-8")
    assert [row["case"] for row in light.verify(place) if not row["ok"]] == ["patio, sensor 1: beam"]
    (place / "beam_diffuse_split.csv").write_text("0,0,1\n0,0,1\n", encoding="utf-8")
    with pytest.raises(InputProblem, match="2 rows for 1 sensors"):
        light.verify(place)


@pytest.mark.parametrize("moment", ["2025-03-21T10:30", "2025-06-21T03:30", "2025-12-21T11:00"])
@pytest.mark.parametrize("linke", [2.0, 5.5])
def test_the_clear_sky_is_that_of_pvlib(moment: str, linke: float) -> None:
    pvlib = pytest.importorskip("pvlib")
    import pandas as pd

    times = pd.DatetimeIndex([moment], tz="UTC")
    place = pvlib.location.Location(*JENA, altitude=300)
    expected = place.get_clearsky(times, linke_turbidity=linke).iloc[0]
    when = np.array([np.datetime64(moment, "ns")])
    height = np.array([place.get_solarposition(times)["apparent_elevation"].iloc[0]])
    found = weather.ineichen(height, np.array([linke]), 300.0, weather.extraterrestrial(when))
    assert [float(one[0]) for one in found] == pytest.approx([expected["ghi"], expected["dni"], expected["dhi"]], rel=1e-6)


@pytest.mark.parametrize("latitude", [0.0, 35.0, JENA[0], 69.6, -89.0])
def test_fields_of_the_suns_path_keep_its_weight_and_are_few(latitude: float) -> None:
    suns = weather.suns_at(weather.clear_year(latitude, 10.0, 0.0, 3.0), latitude, 10.0)
    found = weather.binned(suns, latitude)
    assert len(found) <= courtyard.SUNS
    assert found.weight.sum() == pytest.approx(suns.weight.sum())
    level = [one.weight @ np.sin(np.radians(one.elevation)) for one in (suns, found)]
    assert level[1] == pytest.approx(level[0], rel=1e-3)


# --- weather files ----------------------------------------------------------------------------------------------------


def hours() -> list[tuple[int, int, int]]:
    days = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]").astype(str)
    return [(int(day[5:7]), int(day[8:10]), hour) for day in days.tolist() for hour in range(24)]


def truth(shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Direct and diffuse W/m² over Jena of the hours, whose middles lie `shift` hours behind midnight UTC and so on; half of a clear year."""
    moments = np.array([np.datetime64(f"2025-{m:02}-{d:02}T{h:02}", "ns") for m, d, h in hours()]) + np.timedelta64(round(shift * 60), "m")
    from jena_planner.analyses import sun

    height = sun.position(moments, *JENA).apparent_elevation
    _, direct, diffuse = weather.ineichen(height, np.full(8760, 4.0), 150.0, weather.extraterrestrial(moments))
    return direct / 2, diffuse


def epw(place: tuple[float, float] = JENA, factor: float = 1.0, gaps: int = 0, leap: bool = False) -> str:
    direct, diffuse = truth(-0.5)  # CET: hour 1 is 23:00 to 24:00 UTC of the day before
    head = [
        f"LOCATION,Jena,TH,DEU,TRY,105540,{place[0]},{place[1]},1.0,150.0",
        *["DESIGN CONDITIONS,0"] * 6,
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    rows = []
    for k, (m, d, h) in enumerate(hours()):
        beam, rest = direct[k] * factor, diffuse[k] * factor
        if 3000 <= k < 3000 + gaps:
            beam = rest = 9999
        fields = ["1998", m, d, h + 1, 60, "A7", 5.0, 1.0, 80, 99000, 0, 0, 300, 0, f"{beam:.3f}", f"{rest:.3f}", *[0] * 19]
        rows.append(",".join(map(str, fields)))
        if leap and (m, d) == (2, 28):
            rows.append(",".join(map(str, [*fields[:1], 2, 29, *fields[3:]])))
    return "\n".join(head + rows)


def pvgis_rows(offset: float) -> list[dict[str, object]]:
    direct, diffuse = truth(offset)
    return [
        {"time(UTC)": f"2012{m:02}{d:02}:{h:02}00", "T2m": 3.1, "G(h)": 0.0, "Gb(n)": round(float(b), 3), "Gd(h)": round(float(r), 3)}
        for (m, d, h), b, r in zip(hours(), direct, diffuse, strict=True)
    ]


def pvgis_csv() -> str:
    rows = pvgis_rows(0.1761)
    head = [f"Latitude (decimal degrees): {JENA[0]}", f"Longitude (decimal degrees): {JENA[1]}", "Elevation (m): 150.0"]
    head += ["Irradiance Time Offset (h): 0.1761", "month,year", *[f"{month},2012" for month in range(1, 13)], ",".join(rows[0])]
    return "\r\n".join([*head, *[",".join(map(str, row.values())) for row in rows], "", "T2m: 2-m air temperature (degree Celsius)"])


def pvgis_json() -> str:
    place = {"latitude": JENA[0], "longitude": JENA[1], "elevation": 150.0, "irradiance_time_offset": 0.1761}
    return json.dumps({"inputs": {"location": place}, "outputs": {"tmy_hourly": pvgis_rows(0.1761)}})


def dwd() -> str:
    from jena_planner.analyses import sun

    direct, diffuse = truth(-0.5)
    moments = np.array([np.datetime64(f"2025-{m:02}-{d:02}T{h:02}", "ns") for m, d, h in hours()]) - np.timedelta64(30, "m")
    up = np.sin(np.radians(np.maximum(sun.position(moments, *JENA).elevation, 0)))
    head = [
        "1. Ortsgenaue Testreferenzjahre",
        "Koordinatensystem : Lambert konform konisch",
        "",
        "RW HW MM DD HH t p WR WG N x RF B D A E IL",
        "***",
    ]
    rows = [
        f"4107500 2685500 {m:2} {d:2} {h + 1:2} 3.1 990 210 2.1 7 4.1 85 {b * u:.2f} {r:.2f} 280 -300 1"
        for (m, d, h), b, r, u in zip(hours(), direct, diffuse, up, strict=True)
    ]
    return "\n".join(head + rows)


@pytest.mark.parametrize(("name", "make"), [("a.epw", epw), ("a.csv", pvgis_csv), ("a.json", pvgis_json), ("a.dat", dwd)])
def test_every_form_of_a_typical_year_gives_the_same_light(tmp_path: Path, name: str, make: object) -> None:
    path = tmp_path / name
    path.write_text(make(), encoding="utf-8")  # type: ignore[operator]
    found = weather_files.read(path, *JENA)
    direct, diffuse = truth(0.0)
    assert found.diffuse.sum() == pytest.approx(diffuse.sum(), rel=3e-3)
    assert found.direct.sum() == pytest.approx(direct.sum(), rel=0.02)
    noon = found.direct * (np.abs((found.times - found.times.astype("datetime64[D]")) / np.timedelta64(1, "h") - 11.3) < 3)
    east = weather.suns_at(found, *JENA, parts=1)
    tilt = float((east.weight * np.sin(np.radians(east.azimuth)) * np.cos(np.radians(east.elevation))).sum())
    assert abs(tilt) < 0.01 * east.weight.sum()  # morning and afternoon weigh the same: no hour has slipped
    assert noon.sum() > 0.5 * found.direct.sum()
    assert found.label.startswith("typisches Jahr (")


def test_what_is_odd_about_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.epw"
    path.write_text(epw(gaps=12, leap=True), encoding="utf-8")
    assert weather_files.read(path, *JENA).label == "typisches Jahr (EPW), 12 fehlende Stunden ergänzt, ohne 29. Februar"
    path.write_text(epw((51.3, 12.0)) + "\n", encoding="utf-8")
    assert weather_files.read(path, *JENA).label == "typisches Jahr (EPW), 51 km entfernt"


def test_hours_that_slipped_are_said(tmp_path: Path) -> None:
    """A file that names another time zone than its rows have, as some converters write them."""
    path = tmp_path / "a.epw"
    for zone, words in (("0.0", "Minuten nach"), ("2.0", "Minuten vor")):
        path.write_text(epw().replace(",1.0,150.0", f",{zone},150.0"), encoding="utf-8")
        label = weather_files.read(path, *JENA).label
        assert words in label and 45 < float(label.split("Mittel ")[1].split()[0]) < 75


def test_files_as_they_are_published(tmp_path: Path) -> None:
    """A DWD file of 2011 in its encoding, with the place in its head; values a little below 0; another number of lines before the data."""
    path = tmp_path / "TRY_09.dat"
    head = "Testreferenzjahr\nStation: Jena   Lage: 50°56'N <- B. 11°35'O <- L.\nRG IS MM DD HH N WR WG t p x RF W B D IK A E IL\n***\n"
    rows = [line.split() for line in dwd().splitlines()[5:]]
    old = [f" 9 1 {r[2]} {r[3]} {r[4]} 7 210 2.1 3.1 990 4.1 85 0 {r[12]} {r[13]} 2 280 -300 1" for r in rows]
    path.write_bytes((head + "\n".join(old)).encode("cp1252"))
    assert weather_files.read(path, *JENA).label == "typisches Jahr (DWD TRY)"
    path = tmp_path / "a.epw"
    text = epw().splitlines()
    text[7:8] = ["DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31"]
    path.write_text("\n".join([*text[:2], "COMMENTS 3,more", *text[2:]]).replace(",0.000,", ",-0.400,"), encoding="utf-8")
    assert "ergänzt" not in weather_files.read(path, *JENA).label


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lambda: re.sub(r"(?m)(,0,0,300,0),[\d.]+,", r"\1,0,", epw()), "direct irradiance missing"),
        (lambda: epw((48.1, 11.6)), "km from the project"),
        (lambda: epw(gaps=200), "of 200 hours is missing"),
        (lambda: epw(factor=3.6), "kJ or J"),
        (lambda: epw(factor=3600.0), "kJ or J"),
        (lambda: epw(factor=0.001), "less than anywhere"),
        (lambda: "\n".join(epw().splitlines()[:5000]), "a year has 8760"),
        (lambda: epw() + "\n" + epw().splitlines()[-1], "come twice"),
        (lambda: epw().replace(",1.0,150.0", ",-11.0,150.0"), "shines at night"),
        (lambda: "LOCATION,a,b", "cannot be read"),
        (lambda: "{}", "cannot be read"),
        (lambda: epw().replace("DATA PERIODS", "DATA"), "its heading or a field"),
        (lambda: pvgis_csv()[pvgis_csv().index("time(UTC)") :], "does not say where it is for"),  # PVGIS "basic"
        (lambda: '[{"time(UTC)": "20090101:0000", "Gb(n)": 0.0}]', "its heading or a field"),  # only the rows of a PVGIS answer
        (lambda: "hello", "neither EPW nor"),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_a_reason(tmp_path: Path, text: object, said: str) -> None:
    path = tmp_path / "a.epw"
    path.write_text(text(), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(InputProblem, match=said):
        weather_files.read(path, *JENA)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="no such file"):
        solar.Solar(weather="nowhere.epw").located(tmp_path, sites.ORIGIN)


# --- irradiation ------------------------------------------------------------------------------------------------------


def test_open_ground_and_planes_get_what_the_year_has() -> None:
    year = irradiation.Year.of(weather.clear_year(sites.ORIGIN.latitude, sites.ORIGIN.longitude, 150.0, 3.0), sites.ORIGIN)
    assert year.open(UP)[0] == pytest.approx(year.level, rel=2e-3)
    assert year.level == pytest.approx(1663.6, rel=5e-3)  # pvlib, horizontal
    # pvlib's sum of beam and Perez' diffuse on a south wall and a 35° roof is held to a few per cent: its Perez model of 1990 has no directions.
    tilted = np.array([[0.0, -1.0, 0.0], [0.0, -math.sin(math.radians(35)), math.cos(math.radians(35))]])
    ground = 0.25 * year.level * np.array([0.5, (1 - math.cos(math.radians(35))) / 2])
    assert year.open(tilted) + ground == pytest.approx([1733.3, 2232.2], rel=0.03)


def run(planned: Obstacles, asked: solar.Solar, base: Obstacles | None = None) -> dict[str, Result]:
    return {one.name: one for one in solar.run_solar(planned, asked, base=base)}


def test_roofs_are_classed_and_summed_for_each_building(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(-10, -10, 30, 20))
    today = Obstacles.of(sites.today(place))
    asked = solar.Solar(margin=10.0, ground_reflectance=0.0, facade_reflectance=0.0, ground=False)
    found = run(today, asked)
    assert list(found) == ["faces", "roofs"]
    faces, roofs = found["faces"], found["roofs"]
    assert isinstance(faces.support, Faces)
    year = irradiation.Year.of(solar.year_of(asked, place.origin, solar.altitude_of(today)), place.origin)
    on_roof = faces.values[roofs.valid]
    assert on_roof == pytest.approx(np.full(len(on_roof), year.level), rel=5e-3)
    assert roofs.values[roofs.valid] == pytest.approx(100 * on_roof / year.best(), rel=1e-5)
    table = list(csv.DictReader(io.StringIO(solar.sums(faces, roofs, asked, list(place.city.building_id), []))))
    assert [row["building"] for row in table] == ["B0", "total"]
    assert float(table[0]["roof_m2"]) == pytest.approx(200, rel=1e-3)
    assert float(table[0]["facade_m2"]) == pytest.approx(60 * 8, rel=1e-3)
    assert float(table[0]["roof_MWh"]) == pytest.approx(0.2 * year.level, rel=6e-3)
    assert float(table[0]["pv_yield_MWh"]) == pytest.approx(0.2 * year.level * 0.2 * 0.8 * 0.7, rel=6e-3)


def test_ground_gives_back_half_its_share_to_an_open_facade(tmp_path: Path) -> None:
    """An open wall gets ρ G / 2 of endless ground; ours sees its own shadow on it and ends after 150 m, where open ground is assumed."""
    place = site(tmp_path, (0, 0, 20, 10, 8))
    today = Obstacles.of(sites.today(place))
    year = irradiation.Year.of(weather.clear_year(place.origin.latitude, place.origin.longitude, 150.0, 3.0), place.origin)
    south, north = (
        irradiation.Reflections(today, year).received(np.array([[10.0, y, 156.0]]), np.array([[0.0, side, 0.0]]))[0]
        for y, side in ((0.0, -1.0), (10.0, 1.0))
    )
    assert south == pytest.approx(0.2 * year.level / 2, rel=0.08)
    assert north < 0.9 * south  # in front of it lies the shadow of the house


def test_a_white_wall_gives_light_to_the_ground_before_it(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 10, 60, 10, 15))
    today = Obstacles.of(sites.today(place))
    year = irradiation.Year.of(weather.clear_year(place.origin.latitude, place.origin.longitude, 150.0, 3.0), place.origin)
    spot = np.array([[30.0, 5.0, 150.05]])
    dark, bright = (irradiation.Reflections(today, year, 0.2, share).received(spot, None)[0] for share in (0.0, 0.6))
    beta = math.atan2(15, 5)
    wall_gets = year.open(np.array([[0.0, -1.0, 0.0]]))[0]
    assert dark == 0.0  # level ground sees no ground
    assert bright == pytest.approx(0.6 * wall_gets * (1 - math.cos(beta)) / 2, rel=0.1)


def test_a_tower_takes_light_and_nothing_is_gained_without_reflections(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(0, -40, 60, 20))
    base = Obstacles.of(sites.today(place))
    planned = Obstacles.of(sites.with_variant(place, TOWER), base.context)
    found = run(planned, solar.Solar(margin=0.0, step=4.0, ground_reflectance=0.0, facade_reflectance=0.0), base)
    assert list(found) == ["ground", "ground-change", "faces", "faces-change", "roofs"]
    change = found["ground-change"]
    assert change.values[change.valid].max() <= 1e-3
    assert change.values[change.valid].min() < -300
    assert found["ground"].title == "Solare Einstrahlung im Jahr, auf dem Boden"
    assert "klarer Himmel (Ineichen, Linke-Trübung 3)" in found["ground"].method


def test_a_stop_is_heard(tmp_path: Path) -> None:
    today = Obstacles.of(sites.today(site(tmp_path, (0, 0, 20, 10, 8))))

    def stop(share: float, _what: str) -> None:
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        solar.run_solar(today, solar.Solar(), progress=stop)


def in_trees(folder: Path, *species: str) -> Site:
    """Trees 20 m high, one beside the other, some metres south of a house."""
    place = site(folder, (0, 0, 20, 10, 8), plan=shapely.box(-5, -15, 25, 12))
    count = len(species)
    middles = np.column_stack([np.linspace(2, 18, count), np.full(count, -8.0)])
    place.trees = Trees(middles, np.full(count, 20.0), np.full(count, 8.0), list(species))
    return place


def test_trees_take_light_by_their_kind_and_the_season(tmp_path: Path) -> None:
    common = {"margin": 0.0, "step": 4.0, "cell": 6.0, "ground_reflectance": 0.0, "facade_reflectance": 0.0}

    def of(place: Site, **trees: object) -> np.ndarray:
        found = run(Obstacles.of(sites.today(place)), solar.Solar(**common, **trees))
        return np.concatenate([found[name].values[found[name].valid] for name in ("ground", "faces")])

    place = in_trees(tmp_path, "Tilia", "Tilia", "Acer")
    without, opaque, seasonal = (of(place, trees=trees) for trees in ("ignored", "opaque", "seasonal"))
    assert (opaque / without).min() < 0.5 and (opaque <= seasonal + 1e-3).all() and (seasonal <= without + 1e-3).all()
    assert (opaque < seasonal - 5).sum() > 10 and (seasonal < without - 5).sum() > 10
    half = of(place, trees="seasonal", leaf_transmittance=0.5, bare_transmittance=0.5)
    assert half == pytest.approx((opaque + without) / 2, rel=1e-5)
    # The same crowns, never bare: what comes through is the share of leaves, the whole year.
    pines = of(in_trees(tmp_path, "Pinus", "Pinus", "Pinus"), trees="seasonal", leaf_transmittance=0.2)
    assert pines == pytest.approx(0.8 * opaque + 0.2 * without, rel=1e-5)
    assert "Bäume undurchsichtig" in run(Obstacles.of(sites.today(place)), solar.Solar(**common, trees="opaque"))["faces"].method


def test_light_is_the_same_however_many_sensors_are_asked_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = in_trees(tmp_path, "Tilia", "Pinus")
    asked = solar.Solar(margin=0.0, step=8.0, cell=6.0, trees="seasonal")
    whole = run(Obstacles.of(sites.today(place)), asked)
    for module, name, most in ((irradiation, "_PIECE", 5), (irradiation, "_BOUNCES", 3), (sky_edges, "PIECE", 7), (solar, "_TILE", 40)):
        monkeypatch.setattr(module, name, most)
    again = run(Obstacles.of(sites.today(place)), asked)
    assert all((again[name].values == whole[name].values).all() for name in ("ground", "faces"))


def test_rough_light_of_open_planes_is_that_of_the_whole_year() -> None:
    for leaves in (None, Leaves(0.03, 0.46, (4, 15), (10, 31))):
        year = irradiation.Year.of(weather.clear_year(*JENA, 150.0, 3.0), sites.ORIGIN, leaves)
        directions, weights = year.rough
        assert len(directions) < 800
        for normal in (UP, np.array([[0.0, -1.0, 0.0]]), np.array([[0.6, 0.0, 0.8]])):
            found = float((np.maximum(normal @ directions.T, 0) @ weights.T).sum())
            assert found == pytest.approx(float(year.open(normal)[0]), rel=5e-3)


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solar, "_TILE", 16)
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(-5, -5, 25, 15))
    town = replace(Obstacles.of(sites.today(place)), keep=tmp_path / "pieces")
    asked = solar.Solar(margin=0.0, step=4.0, cell=4.0)

    def stop(share: float, _what: str) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        solar.run_solar(town, asked, progress=stop)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "pieces").iterdir()}
    found = run(town, asked)
    assert len(kept) >= 2 and all(path.stat().st_mtime_ns == when for path, when in kept.items())
    fresh = run(Obstacles.of(sites.today(place)), asked)
    assert all((found[name].values == fresh[name].values).all() for name in ("ground", "faces"))


# --- daylight ---------------------------------------------------------------------------------------------------------


def test_daylight_of_a_facade_before_and_after_a_tower(tmp_path: Path) -> None:
    close = Variant("wand", "Wand", (Block("w", shapely.box(-30.3, -15.3, 50.3, -5.3), 10, ground_floor_height=3.0),))
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(0, -40, 60, 20))
    base = Obstacles.of(sites.today(place))
    planned = Obstacles.of(sites.with_variant(place, close), base.context)
    found = {one.name: one for one in sky_daylight.run_daylight(planned, sky_daylight.Daylight(margin=0.0), base=base)}
    assert list(found) == [
        "faces",
        "faces-change",
        "faces-sun",
        "faces-sun-change",
        "faces-winter-sun",
        "faces-winter-sun-change",
        "faces-noticed",
    ]
    noticed = found["faces-noticed"]
    assert isinstance(noticed.support, Faces)
    south = noticed.valid & (noticed.support.normals[:, 1] < -0.9)
    north = noticed.valid & (noticed.support.normals[:, 1] > 0.9)
    assert noticed.values[south].all() and not noticed.values[north].any()
    before = found["faces"].values - found["faces-change"].values
    assert before[south] == pytest.approx(np.full(south.sum(), 39.6), abs=0.1)
    beta = math.degrees(math.atan2(30 - 4, 5.3))
    assert found["faces"].values[south].max() < 39.6 * (1 - beta / 90) + 8
    sun = found["faces-sun"]
    assert sun.values[sun.valid].min() >= 0
    assert sun.values[sun.valid].max() <= 100.0001
    assert (found["faces-winter-sun"].values <= sun.values + 1e-4).all()


def test_sky_view_of_an_open_roof_and_walls(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), plan=shapely.box(-5, -5, 25, 15))
    results = sky_daylight.run_sky_view(Obstacles.of(sites.today(place)), sky_daylight.SkyView(margin=0.0))
    faces = next(one for one in results if one.name == "faces")
    assert isinstance(faces.support, Faces)
    roof, side = faces.support.normals[:, 2] > 0.9, abs(faces.support.normals[:, 2]) < 0.1
    assert faces.values[roof & faces.valid] == pytest.approx(100, abs=0.01)
    assert faces.values[side & faces.valid] == pytest.approx(50, abs=0.1)
