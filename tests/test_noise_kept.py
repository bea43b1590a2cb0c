"""What arrives at whom is kept between runs: other traffic traces nothing anew, and comes out to the last bit as a full run does."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.analyses import kept as kept_files
from jena_planner.analyses.kept import Kept, mark_of
from jena_planner.analyses.noise import pairs
from jena_planner.analyses.noise.rail_noise import RailNoise, run_rail_noise
from jena_planner.analyses.noise.receivers import NoiseReceivers, run_noise_receivers
from jena_planner.analyses.noise.road_noise import RoadNoise, run_road_noise
from jena_planner.analyses.noise.section import NoiseSection, run_noise_section
from jena_planner.analyses.obstacles import Obstacles
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem, no_progress
from jena_planner.jena_city.result import Result
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant
from jena_planner.jena_city.viewing import Axis, Viewpoint
from jena_planner.pipeline import opening, steps

from . import small
from .site import ORIGIN
from .site import site as small_site

BLOCK = Variant("v", "V", (Block("b1", shapely.box(25, -2, 45, 12), storeys=3),))
PLACE = Viewpoint(name="Fenster", at=(ORIGIN.easting + 5, ORIGIN.northing + 25), eye=4.0)
AXIS = Axis(name="Quer", start=(ORIGIN.easting, ORIGIN.northing - 20), end=(ORIGIN.easting, ORIGIN.northing + 30))
MAP = {"step": 6.0, "margin": 20.0, "distance": 150.0}
ASKED = [
    (run_road_noise, RoadNoise(**MAP)),  # type: ignore[arg-type]
    (run_road_noise, RoadNoise(**MAP, reflections=2)),  # type: ignore[arg-type]
    (run_road_noise, RoadNoise(**MAP, method="CNOSSOS")),  # type: ignore[arg-type]
    (run_rail_noise, RailNoise(**MAP, with_roads=True)),  # type: ignore[arg-type]
    (run_noise_receivers, NoiseReceivers(viewpoints=[PLACE], distance=150.0, reflections=2, sources="both")),
    (run_noise_section, NoiseSection(axes=[AXIS], distance=150.0, reflections=2, up=10.0)),
]


def quarter(folder: Path, *, count: float = 4000.0, speed: float = 50.0, surface: str = "", trams: float = 96.0) -> Site:
    lines = [shapely.LineString([(-90, -8), (120, -8)]), shapely.LineString([(-90, 45), (120, 45)])]
    columns = {
        "class": np.array(["residential", "tram"]), "traffic": np.array([count, np.nan]), "speed": np.array([speed, 50.0]),
        "surface": np.array([surface, ""]), "vehicles_day": np.array([np.nan, trams]), "vehicles_night": np.array([np.nan, trams / 8]),
    }  # fmt: skip
    return replace(small_site(folder, (0, 0, 20, 10, 9), (60, 20, 15, 15, 12)), streets=Features(np.array(lines), columns))


def towns(site: Site, kept: Kept | None) -> tuple[Obstacles, Obstacles]:
    planned, base = (replace(Obstacles.of(apply(site, variant)), kept=kept) for variant in (BLOCK, NULL_VARIANT))
    return planned, base


def fine(path: Path) -> None:
    raise AssertionError(f"{path} is not damaged")


def no_path(*_arguments: Any) -> None:
    raise AssertionError("a path was computed")


@pytest.mark.parametrize(("run", "asked"), ASKED)
@pytest.mark.parametrize("beside", [False, True])
def test_other_traffic_computes_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., list[Result]], asked: Any, beside: bool
) -> None:
    now, later = quarter(tmp_path), quarter(tmp_path, count=900.0, speed=30.0, surface="sett", trams=240.0)

    def results(site: Site, kept: Kept | None) -> list[Result]:
        planned, base = towns(site, kept)
        return run(planned, asked, base=base if beside else None)

    results(now, Kept(tmp_path / "kept", fine))
    expected = results(later, None)
    for kernel in ("_rows", "_full"):
        monkeypatch.setattr(pairs, kernel, no_path)
    found = results(later, Kept(tmp_path / "kept", fine))
    assert [one.name for one in found] == [one.name for one in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        assert one.method == other.method
    with pytest.raises(AssertionError, match="a path was computed"):
        assert later.streets is not None
        aside = shapely.transform(later.streets.geometry, lambda points: points + [0.0, 1.0])
        results(replace(later, streets=replace(later.streets, geometry=aside)), Kept(tmp_path / "kept", fine))


ARRAYS = [np.random.default_rng(k).uniform(0, 1, (5, 7, 3)).astype(np.float32) * (np.arange(7) % 2)[:, None] for k in range(4)]


def computed() -> Iterator[np.ndarray]:
    yield from ARRAYS


def never() -> Iterator[np.ndarray]:
    raise AssertionError("it was computed")
    yield ARRAYS[0]


def taken(kept: Kept, mark: str, compute: Callable[[], Iterator[np.ndarray]]) -> list[np.ndarray]:
    return list(kept.series(mark, compute, no_progress))


def spoilt(path: Path, how: str, other: Path) -> None:
    whole = path.read_bytes()
    if how == "cut short":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "a bit":
        path.write_bytes(whole[:300] + bytes([whole[300] ^ 1]) + whole[301:])
    elif how == "another series":
        path.write_bytes(other.read_bytes())
    elif how == "another's npz":
        np.savez(path, np.arange(3))
    else:
        path.write_bytes(b"" if how == "empty" else b"no archive at all")


@pytest.mark.parametrize("how", ["cut short", "a bit", "another series", "another's npz", "empty", "text"])
def test_a_damaged_or_foreign_file_is_thrown_away_and_said(tmp_path: Path, how: str) -> None:
    said: list[Path] = []
    kept, path = Kept(tmp_path, said.append), tmp_path / f"{mark_of(1)}.npz"
    for mark in (mark_of(1), mark_of(2)):
        taken(kept, mark, computed)
    spoilt(path, how, tmp_path / f"{mark_of(2)}.npz")
    for found, array in zip(taken(kept, mark_of(1), computed), ARRAYS, strict=True):
        np.testing.assert_array_equal(found, array)
    assert said == [path]
    for found, array in zip(taken(kept, mark_of(1), never), ARRAYS, strict=True):  # and it is whole again
        np.testing.assert_array_equal(found, array)
    assert said == [path] and sorted(one.name for one in tmp_path.iterdir()) == sorted(f"{mark_of(k)}.npz" for k in (1, 2))


def test_rows_without_sound_take_no_room_and_the_oldest_makes_room(tmp_path: Path) -> None:
    taken(Kept(tmp_path, fine), "one", computed)
    size = (tmp_path / "one.npz").stat().st_size
    with zipfile.ZipFile(tmp_path / "one.npz") as file:
        stored = sum(one.file_size for one in file.infolist() if one.filename.endswith("values.npy"))
    assert stored < sum(array.nbytes for array in ARRAYS) / 2 + 4 * 128
    kept = Kept(tmp_path, fine, most=2 * size + 100)
    taken(kept, "two", computed)
    os.utime(tmp_path / "two.npz", (1, 1))  # "one" was asked for since
    taken(kept, "three", computed)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.npz", "three.npz"]
    small = Kept(tmp_path / "small", fine, most=200)
    for found, array in zip(taken(small, "large", computed), ARRAYS, strict=True):  # what alone is too large is given and not kept
        np.testing.assert_array_equal(found, array)
    assert not list((tmp_path / "small").iterdir())


def test_a_disk_without_room_costs_what_is_kept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(kept_files, "_write", full)
    for found, array in zip(taken(Kept(tmp_path, fine), "one", computed), ARRAYS, strict=True):
        np.testing.assert_array_equal(found, array)
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    assert len(taken(Kept(tmp_path / "file" / "below", fine), "one", computed)) == len(ARRAYS)  # where no folder can be

    def fails() -> Iterator[np.ndarray]:
        yield ARRAYS[0]
        raise InputProblem("a house", "it is broken", "Mend it")

    with pytest.raises(InputProblem, match="it is broken"):  # not taken for one of the disk
        taken(Kept(tmp_path, fine), "two", fails)


def test_what_is_given_up_half_way_leaves_nothing(tmp_path: Path) -> None:
    series = Kept(tmp_path, fine).series("one", computed, no_progress)
    next(series)
    series.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())


def test_a_project_is_reckoned_again_without_a_path_and_says_what_was_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write(tmp_path / "project")

    def ask(count: float) -> dict[str, Any]:
        line = [[ORIGIN.easting - 50, ORIGIN.northing - 5], [ORIGIN.easting + 150, ORIGIN.northing - 5]]
        street = {
            "type": "Feature",
            "properties": {"highway": "primary", "dtv": count},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
        (folder / "s.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [street]}), encoding="utf-8")
        return steps.run(opening.load(folder), only=("analyses",))

    text = small.PROJECT.replace('terrain = ["ground.xyz"]', 'terrain = ["ground.xyz"]\nstreets = ["s.geojson"]')
    text = (
        text[: text.index("[[analyses]]")] + '[[analyses]]\nkind = "road_noise"\nstep = 10.0\ncompare_with = "bestand"\ndistance = 150.0\n'
    )
    (folder / "project.toml").write_text(text, encoding="utf-8")

    def levels() -> dict[str, np.ndarray]:
        return {path.name: np.load(path)["values"] for path in (folder / "results").glob("*.npz")}

    ask(4000.0)
    quiet = levels()
    monkeypatch.setattr(pairs, "_rows", no_path)
    assert ask(8000.0)["problems"] == []
    for name, loud in levels().items():
        if "day" in name and "change" not in name:
            np.testing.assert_allclose((loud - quiet[name])[loud > 0], 10 * np.log10(2), atol=1e-3)
    monkeypatch.undo()
    for path in (folder / "results" / ".kept").iterdir():
        path.write_bytes(path.read_bytes()[:-40])
    said = ask(4000.0)["problems"]
    assert {one["code"] for one in said} == {"kept-damaged"} and "computed anew" in said[0]["message"]
    for name, values in levels().items():
        np.testing.assert_array_equal(values, quiet[name])
