"""Open directions as bits: the same answer however they are cut, sorted and spread over threads, whole or in layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.analyses import measuring, rays, visibility
from jena_planner.analyses.obstacles import Context, Obstacles
from jena_planner.analyses.rays import Raycaster
from jena_planner.analyses.sun_hours import SunHours, run_sun_hours
from jena_planner.jena_city.arrays import FloatArray
from jena_planner.jena_city.problems import Cancelled
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant

from .site import site, today, with_variant
from .test_rays import houses

VERTICES, TRIANGLES = houses(120)
CASTER = Raycaster(VERTICES, TRIANGLES)


def suns(count: int, seed: int = 0) -> FloatArray:
    random = np.random.default_rng(seed)
    azimuth, elevation = random.uniform(0, 2 * np.pi, count), random.uniform(0.05, 1.2, count)
    return np.column_stack([np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation), np.sin(elevation)])


def places(count: int, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    points = np.column_stack([random.uniform([0, 0], VERTICES[:, :2].max(axis=0), (count, 2)), random.uniform(4, 15, count)])
    normals = random.normal(size=(count, 3))
    return points, normals / np.linalg.norm(normals, axis=1)[:, None]


def as_matrix(bits: visibility.Bits, count: int) -> np.ndarray:
    return np.unpackbits(bits, axis=0, count=count, bitorder="little").astype(bool)


def test_bits_are_what_single_rays_say() -> None:
    points, normals = places(3000)
    directions = suns(13)
    found = as_matrix(visibility.open_to(points, normals, directions, CASTER), 13)
    for direction, row in zip(directions, found, strict=True):
        free = ~CASTER.blocked(points + visibility.OFFSET * normals, direction[None])
        assert (row == (free & (normals @ direction > visibility.GRAZING))).all()
    assert 0.05 < found.mean() < 0.6
    bits = visibility.open_to(points, normals, directions, CASTER)
    assert (visibility.counted(bits) == found.sum(axis=0)).all()
    first, last = visibility.ends(bits, 13)
    some = found.any(axis=0)
    assert (first[some] == found.argmax(axis=0)[some]).all()
    assert (last[some] == 12 - found[::-1].argmax(axis=0)[some]).all()
    assert (first[~some] == -1).all()
    assert (last[~some] == -1).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 20), st.integers(1, 5), st.integers(50, 3000), st.booleans())
def test_any_cut_order_and_number_of_threads_gives_the_same_bits(seed: int, count: int, threads: int, size: int, facing: bool) -> None:
    points, normals = places(4000, seed)
    directions = suns(count, seed)
    turned = normals if facing else None
    whole = visibility.open_to(points, turned, directions, CASTER)
    order = np.random.default_rng(seed).permutation(len(points))
    before = visibility._LEAST, visibility._MOST, visibility._RAYS
    visibility._LEAST, visibility._MOST, visibility._RAYS = size, size, size
    rays.use_threads(threads)
    try:
        again = visibility.open_to(points[order], None if turned is None else turned[order], directions, CASTER)
    finally:
        visibility._LEAST, visibility._MOST, visibility._RAYS = before
        rays.use_threads(0)
    assert (again == whole[:, order]).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, len(TRIANGLES)))
def test_two_layers_answer_as_one(seed: int, split: int) -> None:
    """However the triangles are dealt out: hits, distances and bits are bitwise those of all together."""
    dealt = np.random.default_rng(seed).permutation(len(TRIANGLES))
    first, second = TRIANGLES[dealt[:split]], TRIANGLES[dealt[split:]]
    parts = [Raycaster(VERTICES, part, centre=CASTER.centre) for part in (first, second)]
    layers = rays.Layers(parts[0], len(first), parts[1])
    points, normals = places(2000, seed)
    directions = suns(10, seed)
    before = visibility.open_to(points, normals, directions, parts[0])
    assert (
        visibility.open_to(points, normals, directions, parts[1], among=before) == visibility.open_to(points, normals, directions, CASTER)
    ).all()
    assert (visibility.open_to(points, normals, directions, layers) == visibility.open_to(points, normals, directions, CASTER)).all()
    towards = np.repeat(directions, 200, axis=0)
    assert (layers.blocked(points, towards) == CASTER.blocked(points, towards)).all()
    one, other = layers.first_hit(points, towards), CASTER.first_hit(points, towards)
    assert (one.distance == other.distance).all()
    assert (dealt[one.triangle[one.triangle >= 0]] == other.triangle[one.triangle >= 0]).mean() > 0.999  # else shared edges


def test_a_context_remembers_and_serves_variants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 12), (40, 0, 10, 10, 9))
    without = Variant("w", "W", (Block("t", shapely.box(20, -30, 35, -15), 8),), ("B1",))
    moved = Variant("m", "M", (Block("t", shapely.box(0, -30, 15, -15), 8),))
    applied = [with_variant(place, one) for one in (NULL_VARIANT, without, moved)]
    context = Context(place, ~applied[1].kept)
    asked = []
    original = visibility.open_to
    monkeypatch.setattr(visibility, "open_to", lambda *args, **more: asked.append(args[3]) or original(*args, **more))
    points = np.column_stack([np.random.default_rng(3).uniform(-60, 60, (5000, 2)), np.full(5000, 150.05)])
    directions = suns(20)
    for one in applied:
        whole = one.occluders()
        expected = original(points, None, directions, Raycaster(whole.vertices, whole.triangles, centre=context.rays.centre))
        assert (Obstacles.of(one, context).open_to(points, None, directions) == expected).all()
    assert asked.count(context.rays) == 1
    assert not Context(place).serves(applied[1])
    assert Obstacles.of(applied[1], Context(place)).context.serves(applied[1])


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(measuring, "TILE", 400)
    place = today(site(tmp_path, (0, 0, 20, 10, 12), plan=shapely.box(0, 0, 20, 10)))
    asked = SunHours(step=2.0, step_minutes=60.0, margin=40.0)
    whole = run_sun_hours(Obstacles.of(place), asked)
    keep = tmp_path / "pieces"

    def stop(share: float, _what: str) -> None:
        if share > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_sun_hours(replace(Obstacles.of(place), keep=keep), asked, progress=stop)
    there = len(list(keep.iterdir()))
    assert there > 3
    rounds: list[float] = []
    again = run_sun_hours(replace(Obstacles.of(place), keep=keep), asked, progress=lambda share, _what: rounds.append(share))
    assert rounds[0] > 0.4  # what was finished is not traced again
    for one, other in zip(whole, again, strict=True):
        assert (one.values == other.values).all()
        assert (one.valid == other.valid).all()


def test_tiles_of_any_size_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 12), (40, 0, 10, 10, 9), plan=shapely.box(0, 0, 50, 10))
    tower = with_variant(place, Variant("t", "T", (Block("t", shapely.box(20, -30, 35, -15), 8),), ("B1",)))
    found = []
    for size in (262_144, 100):
        monkeypatch.setattr(measuring, "TILE", size)
        found.append(
            run_sun_hours(Obstacles.of(tower), SunHours(step=3.0, step_minutes=30.0, margin=30.0), base=Obstacles.of(today(place)))
        )
    assert len(found[0]) == 4
    for one, other in zip(*found, strict=True):
        assert (one.values == other.values).all()
        assert (one.valid == other.valid).all()


def test_the_context_of_the_last_analysis_serves_the_next(tmp_path: Path) -> None:
    from jena_planner.analyses import obstacles

    place = site(tmp_path, (0, 0, 20, 10, 12), (40, 0, 10, 10, 9))
    obstacles.forget()
    none, both = np.zeros(2, bool), np.ones(2, bool)
    first = obstacles.context_of(place, both)
    assert obstacles.context_of(place, none) is first  # what may be missing stands among the changes where it is there
    town = Obstacles.of(today(place), first)
    whole = today(place).occluders()
    assert len(town.changes.triangles) + len(first.occluders.triangles) == len(whole.triangles)
    (tmp_path / "b").mkdir()
    other = site(tmp_path / "b", (0, 0, 20, 10, 12))
    assert obstacles.context_of(other, np.zeros(1, bool)) is not first
    assert obstacles.context_of(place, none) is not first
    obstacles.forget()
