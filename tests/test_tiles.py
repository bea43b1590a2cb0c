"""Many large tiles: read once, by several processes, and never again while they stay the same; whatever happens in between."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jena_planner.jena_city import buildings, processes, tiles
from jena_planner.jena_city.model import CityModel
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import Cancelled, InputProblem

from . import gml

X, Y, Z = gml.JENA


@pytest.fixture
def cache(tmp_path: Path, tiles_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder, in which files of any size are kept."""
    monkeypatch.setattr(tiles, "SMALLEST", 0)
    tiles.use_folder(tmp_path / "cache")
    yield tmp_path / "cache"
    tiles.use_folder(tiles_folder)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read in this process, as they are."""
    done: list[str] = []
    real = buildings.read
    monkeypatch.setattr(buildings, "read", lambda path, **how: done.append(Path(path).name) or real(path, **how))
    return done


def tile(folder: Path, number: int, houses: int = 3, srs: str = "EPSG:25832") -> Path:
    folder.mkdir(exist_ok=True)
    east = X + 1000 * number
    members = [gml.box_building(f"T{number}-{house}", east + 20 * house, Y, Z, 10, 8, 6) for house in range(houses)]
    members.append(gml.building("", gml.surfaces(f"T{number}-X", gml.box(east, Y + 50, Z, 5, 5, 5))))  # without an id: reported
    return gml.write(folder / f"tile{number}.gml", gml.city(*members, srs=srs))


def assert_same(one: CityModel, other: CityModel) -> None:
    for field in fields(CityModel):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            np.testing.assert_array_equal(a, b, err_msg=field.name)
        else:
            assert a == b, field.name


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"origin": Origin("EPSG:25832", 680000, 5640000, "DE_DHHN2016_NH")},
        {"origin": Origin("EPSG:25833", 260000, 5650000)},
        {"bbox": (X + 990, Y - 10, X + 1015, Y + 10)},
        {"crs": "EPSG:25833", "lod": 1},
    ],
)
def test_what_was_kept_is_what_would_be_read(how: dict[str, Any], tmp_path: Path, cache: Path, reads: list[str]) -> None:
    paths = [tile(tmp_path, number) for number in range(3)]
    first = buildings.read_many(paths, **how)
    reads.clear()
    assert_same(buildings.read_many(paths, **how), first)
    assert reads == []
    plain = [buildings.read(path, **{"origin": first.origin, **how}) for path in paths]
    assert first.building_id == [name for model in plain for name in model.building_id]
    np.testing.assert_allclose(first.points, np.concatenate([model.points for model in plain]), atol=1e-9)
    assert [problem.code for problem in first.report.problems].count("missing-id") == 3


def test_only_what_is_new_or_changed_is_read(tmp_path: Path, cache: Path, reads: list[str]) -> None:
    """Also when the town has got an origin since, as a project has."""
    paths = [tile(tmp_path, number) for number in range(3)]
    model = buildings.read_many(paths[:2])
    assert reads == ["tile0.gml", "tile1.gml"]
    reads.clear()
    buildings.read_many(paths, origin=Origin(model.origin.crs, 681000, 5644000))
    assert reads == ["tile2.gml"]
    reads.clear()
    tile(tmp_path, 1, houses=5)
    assert buildings.read_many(paths).building_count == 4 + 6 + 4
    assert reads == ["tile1.gml"]


def test_a_moved_tile_is_spoken_of_as_it_is_called_now(tmp_path: Path, cache: Path, reads: list[str]) -> None:
    before = buildings.read_many([tile(tmp_path / "a", 0)])
    moved = tile(tmp_path / "b", 0)
    after = buildings.read_many([moved])
    assert len(reads) == 1
    assert after.files == after.report.files == [str(moved)]
    assert before.report.problems
    assert {problem.file for problem in after.report.problems} == {str(moved)}


@pytest.mark.parametrize("damage", ["cut", "empty", "bit", "other"])
def test_a_damaged_entry_costs_work_and_no_results(damage: str, tmp_path: Path, cache: Path, reads: list[str]) -> None:
    path = tile(tmp_path, 0)
    first = buildings.read_many([path])
    [entry] = cache.glob("*.npz")
    whole = entry.read_bytes()
    broken = {"cut": [whole[: len(whole) // 2]], "empty": [b""], "other": [b"PK\x05\x06" + bytes(18)]}
    broken["bit"] = [whole[:k] + bytes([whole[k] ^ 4]) + whole[k + 1 :] for k in range(0, len(whole), len(whole) // 97)]
    for content in broken[damage]:
        entry.write_bytes(content)
        assert_same(buildings.read_many([path]), first)
    entry.write_bytes(broken[damage][0])
    buildings.read_many([path])
    reads.clear()
    buildings.read_many([path])
    assert reads == []  # it was written anew


def test_a_cache_that_cannot_be_written_is_no_hindrance(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert buildings.read_many([tile(tmp_path, 0), tile(tmp_path, 1)]).building_count == 8


def stop_at(share: float) -> Callable[[float, str], None]:
    def progress(done: float, _what: str) -> None:
        if done >= share:
            raise Cancelled

    return progress


@pytest.mark.parametrize(("share", "left"), [(0.51, ["tile2.gml", "tile3.gml"]), (0.6, ["tile2.gml", "tile3.gml"]), (0.76, ["tile3.gml"])])
def test_what_was_read_before_a_stop_is_kept(share: float, left: list[str], tmp_path: Path, cache: Path, reads: list[str]) -> None:
    """A stop between the second and the third tile, in the third, and after it."""
    paths = [tile(tmp_path, number, houses=30) for number in range(4)]
    with pytest.raises(Cancelled):
        buildings.read_many(paths, progress=stop_at(share))
    reads.clear()
    assert buildings.read_many(paths).building_count == 4 * 31
    assert reads == left


def test_the_folder_holds_no_more_than_it_may(tmp_path: Path, cache: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tile(tmp_path, number) for number in range(4)]
    buildings.read_many(paths[:2])
    first = {path.name for path in cache.glob("*.npz")}
    for name in first:
        os.utime(cache / name, (1e9, 1e9))
    buildings.read_many(paths[1:2])  # used, so that the other one is the oldest
    monkeypatch.setattr(tiles, "MOST", int(2.5 * next(cache.glob("*.npz")).stat().st_size))
    buildings.read_many(paths[2:3])
    reads.clear()
    buildings.read_many(paths[1:3])
    assert reads == []
    assert len(list(cache.glob("*"))) == 2
    buildings.read_many(paths[:1])
    assert reads == ["tile0.gml"]


@pytest.fixture
def children(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of any size are read by two child processes."""
    monkeypatch.setattr(buildings, "FOR_A_CHILD", 0)
    monkeypatch.setattr(processes, "cores", lambda: 2)


def assert_no_children() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("origin", [None, Origin("EPSG:25833", 260000, 5650000)])
def test_children_read_what_one_process_would(origin: Origin | None, tmp_path: Path, children: None, cache: Path, reads: list[str]) -> None:
    paths = [tile(tmp_path / "ä b", number) for number in range(3)]
    shares: list[float] = []
    model = buildings.read_many(paths, origin=origin, progress=lambda share, _what: shares.append(share))
    assert reads == []
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    for entry in cache.iterdir():
        entry.unlink()
    parts = [buildings.read_many([path], origin=model.origin) for path in paths]
    assert len(reads) == 3 if origin is None else 6
    assert model.building_id == [name for part in parts for name in part.building_id]
    np.testing.assert_array_equal(model.points, np.concatenate([part.points for part in parts]))
    assert_no_children()


def test_a_tile_that_a_child_cannot_read_is_said_as_ever(tmp_path: Path, children: None) -> None:
    paths = [tile(tmp_path, number) for number in range(2)]
    paths[1].write_text(paths[1].read_text(encoding="utf-8")[:-300], encoding="utf-8")
    with pytest.raises(InputProblem, match="ends too early") as caught:
        buildings.read_many(paths)
    assert caught.value.where == str(paths[1])
    assert_no_children()


def test_a_child_that_dies_is_said_with_its_file(tmp_path: Path, children: None, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tile(tmp_path, number) for number in range(2)]
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\nimport os\nos.kill(os.getpid(), {int(signal.SIGKILL)})\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(InputProblem, match="the process that reads it ended too early") as caught:
        buildings.read_many(paths)
    assert caught.value.where in map(str, paths)
    assert_no_children()


def test_a_stop_ends_the_children_and_keeps_what_they_had_done(tmp_path: Path, children: None, cache: Path, reads: list[str]) -> None:
    paths = [tile(tmp_path, 0), *(tile(tmp_path, number, houses=4000) for number in (1, 2))]

    def progress(_share: float, _what: str) -> None:
        if list(cache.glob("[!.]*.npz")):
            raise Cancelled

    with pytest.raises(Cancelled):
        buildings.read_many(paths, progress=progress)
    assert_no_children()
    kept = len(list(cache.glob("[!.]*.npz")))
    assert 1 <= kept < 3
    assert buildings.read_many(paths).building_count == 4 + 2 * 4001
    assert reads == [] if kept == 1 else len(reads) == 1  # a single one is read here


def test_the_time_left_is_said(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 100_000, 20))  # every look at the clock is 20 s later
    monkeypatch.setattr(time, "monotonic", lambda: float(next(now)))
    said: list[str] = []
    paths = [tile(tmp_path, number) for number in range(4)]
    buildings.read_many(paths, progress=lambda _share, what: said.append(what))
    assert any(what.startswith("tile1.gml: about ") and what.endswith(" minutes left") for what in said)
    assert said[-1].startswith("tile3.gml")
    assert "left" not in said[-1]
