"""Fine terrain in the middle and coarser one around it: one ground, without a gap or a step."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from jena_planner.jena_city import far_ground, rings, terrain
from jena_planner.jena_city.orthophoto import Orthophoto
from jena_planner.jena_city.problems import Report
from jena_planner.jena_city.terrain import Terrain

from .site import ORIGIN


def hills(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A valley with hills of 100 m, some kilometres wide."""
    return 200 + 60 * np.sin(x / 700) + 40 * np.cos(y / 500)


def grid(west: float, south: float, step: float, columns: int, rows: int, lift: float = 0.0) -> Terrain:
    x, y = np.meshgrid(west + step * np.arange(columns), south + step * np.arange(rows))
    return Terrain(ORIGIN, west, south, step, (hills(x, y) + lift).astype(np.float32))


def joined(*grids: Terrain) -> Terrain:
    return far_ground.joined(grids, [(one.bounds, one.step) for one in grids], Report())


def border_edges(triangles: np.ndarray) -> np.ndarray:
    """(n, 2) edges that belong to one triangle only; none may belong to more than two."""
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    assert count.max() <= 2
    return unique[count == 1]


def flat_area(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (vertices[triangles[:, k], :2] for k in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


def around(ground: Terrain) -> float:
    west, south, east, north = ground.reach
    return (east - west) * (north - south)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a computer held little: rings come of small grids."""
    monkeypatch.setattr(far_ground, "MOST_TOGETHER", 3000)
    monkeypatch.setattr(far_ground, "MOST_OF_A_RING", 2000)


sizes = st.integers(3, 40)
starts = st.floats(-900, 300)


@given(columns=sizes, rows=sizes, x=starts, y=starts, coarse=st.floats(3.0, 60.0), wide=st.integers(20, 120), holes=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_there_is_no_crack_wherever_the_grids_lie(
    columns: int, rows: int, x: float, y: float, coarse: float, wide: int, holes: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far_ground, "MOST_TOGETHER", 3000)
        patch.setattr(far_ground, "MOST_OF_A_RING", 2000)
        near = grid(x, y, 1.0, columns, rows)
        chance = np.random.default_rng(columns * rows)
        near.heights[chance.integers(0, rows, holes), chance.integers(0, columns, holes)] = np.nan
        ground = joined(near, grid(-1000.0, -1000.0, coarse, wide, wide))
    vertices, triangles = ground.mesh()
    assume(len(triangles))  # of nine points, apart from all others, four may be unknown
    areas = flat_area(vertices, triangles)
    assert (areas > 0).all()
    west, south, east, north = ground.reach
    edges = vertices[border_edges(triangles)].mean(axis=1)
    known = np.isfinite(ground.levels[-1].heights).all()
    if known:  # then the only border is the outermost one, and nothing overlaps
        outer = np.minimum(np.abs(edges[:, [0, 1]] - [west, south]), np.abs(edges[:, [0, 1]] - [east, north])).min(axis=1)
        assert outer.max() < 1e-6
        assert areas.sum() == pytest.approx(around(ground), rel=1e-9)
    middle = vertices[triangles].mean(axis=1)
    assert np.abs(ground.height_at(middle[:, :2]) - middle[:, 2]).max() < 1e-3
    assert np.isfinite(vertices).all()


def test_the_finest_file_counts_however_they_are_named(tmp_path: Path, few: None) -> None:
    fine, coarse = grid(0, 0, 1.0, 41, 41), grid(-1000, -1000, 30.0, 70, 70, lift=4.0)

    def xyz(name: str, ground: Terrain) -> Path:
        vertices, _ = ground.mesh()
        world = ORIGIN.to_world(vertices)
        path = tmp_path / name
        path.write_text("".join(f"{a:.2f} {b:.2f} {c:.3f}\n" for a, b, c in world.tolist()))
        return path

    paths = [xyz("coarse.xyz", coarse), xyz("fine.xyz", fine)]
    for named in (paths, paths[::-1]):
        ground = terrain.read(named, origin=ORIGIN)
        places = np.random.default_rng(1).uniform(0, 40, (500, 2))
        assert np.abs(ground.height_at(places) - fine.height_at(places)).max() < 1e-3
        assert ground.beyond is not None
        far = np.array([[-900.0, -900.0], [900.0, 0.0]])
        assert np.abs(ground.height_at(far) - hills(far[:, 0], far[:, 1]) - 4.0).max() < 1.0
        said = next(one.message for one in ground.report.problems if one.code == "terrain-joined")
        assert "of 30 m, it lies -3.9" in said or "of 30 m, it lies -4.0" in said


def test_where_heights_differ_the_ground_has_no_step(few: None) -> None:
    """Level land whose coarse heights lie 5 m higher: nowhere steeper than the 5 m faded over 8 coarse steps make it."""
    fine = Terrain(ORIGIN, 0, 0, 1.0, np.full((41, 41), 100, np.float32))
    ground = joined(fine, Terrain(ORIGIN, -600, -600, 20.0, np.full((62, 62), 105, np.float32)))
    vertices, triangles = ground.mesh()
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    slope = np.hypot(normal[:, 0], normal[:, 1]) / normal[:, 2]
    assert slope.max() < 2.0 * 5 / (far_ground.FADE * 20.0)
    assert vertices[:, 2].min() == pytest.approx(100.0)
    assert vertices[:, 2].max() == pytest.approx(105.0)


def test_far_ground_is_coarse_and_bounded() -> None:
    """Fine metres in the middle of 100 × 100 km: few points, and finer the nearer."""
    ground = joined(grid(0, 0, 1.0, 401, 401), grid(-50_000, -50_000, 90.0, 1112, 1112))
    steps = [one.step for one in ground.levels]
    assert steps == sorted(steps)
    assert steps[0] == 1.0
    assert sum(one.heights.size for one in ground.levels) < 1_000_000
    west, south, east, north = ground.reach
    assert min(-west, -south, east, north) > 49_000
    assert len(rings.mesh(ground)[1]) < 2_000_000


def test_gaps_make_neither_spikes_nor_plates(few: None) -> None:
    """Holes and no-data edges in either: heights stay between those of the files, and nothing lies at zero."""
    chance = np.random.default_rng(3)
    fine, coarse = grid(0, 0, 1.0, 61, 51), grid(-800, -800, 25.0, 70, 70)
    fine.heights[chance.random(fine.heights.shape) < 0.1] = np.nan
    fine.heights[:, 50:] = np.nan
    coarse.heights[:8], coarse.heights[30:34, 20:40] = np.nan, np.nan
    ground = joined(fine, coarse)
    vertices, triangles = ground.mesh()
    low, high = np.nanmin(coarse.heights), np.nanmax(coarse.heights)
    assert vertices[:, 2].min() > low - 1
    assert vertices[:, 2].max() < high + 1
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    assert (np.hypot(normal[:, 0], normal[:, 1]) / normal[:, 2]).max() < 0.5


def test_small_files_make_one_grid() -> None:
    ground = joined(grid(0, 0, 1.0, 41, 41), grid(-200, -200, 10.0, 40, 40))
    assert ground.beyond is None
    assert ground.bounds == (-200.0, -200.0, 190.0, 190.0)


def test_a_hill_far_away_takes_the_sun(tmp_path: Path, few: None) -> None:
    """A ridge of 300 m in the south, 2 km off, shades what open land does not; the sensors stay those of the town."""
    from jena_planner.analyses.obstacles import Obstacles
    from jena_planner.analyses.sun_hours import SunHours, run_sun_hours
    from jena_planner.jena_city.applied import TERRAIN

    from .site import site, today

    near = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.full((61, 61), 150, np.float32))
    far = Terrain(ORIGIN, -3000.0, -3000.0, 50.0, np.full((121, 121), 150, np.float32))
    y = far.y + far.step * np.arange(121)
    far.heights[np.abs(y + 2000) < 200] = 450
    place = site(tmp_path, (0, 0, 20, 10, 8), ground=joined(near, far))
    obstacles = Obstacles.of(today(place))
    low = np.array([[0.0, -np.cos(np.radians(7)), np.sin(np.radians(7))]])
    eye = np.array([[-50.0, -50.0, 151.0]])
    assert obstacles.rays.blocked(eye, low).all()
    assert not obstacles.rays.blocked(eye, low * [1, 1, 2] / np.linalg.norm(low * [1, 1, 2])).any()
    hit = obstacles.rays.first_hit(eye, low)
    assert obstacles.occluders.kind[hit.triangle[0]] == TERRAIN
    at_noon = SunHours(date=dt.date(2025, 12, 21), cell=5.0)
    here = run_sun_hours(obstacles, at_noon)
    alone = run_sun_hours(Obstacles.of(today(replace(place, terrain=near))), at_noon)
    assert [one.support.size for one in here] == [one.support.size for one in alone]
    assert max(one.values.max() for one in here) < max(one.values.max() for one in alone)


def test_far_ground_to_one_side_costs_no_precision_in_town(tmp_path: Path, few: None) -> None:
    from jena_planner.analyses.obstacles import Obstacles

    from .site import site, today

    near = Terrain(ORIGIN, -150.0, -150.0, 5.0, np.full((61, 61), 150, np.float32))
    far = Terrain(ORIGIN, -200.0, -100_200.0, 200.0, np.full((503, 503), 150, np.float32))
    hits = Obstacles.of(today(site(tmp_path, (0, 0, 20, 10, 8), ground=joined(near, far)))).rays.first_hit(
        np.array([[-50.0, 3.1, 155.0], [-50.0, -50.0, 155.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    )
    assert hits.distance == pytest.approx([50.0, 5.0], abs=1e-4)


def test_the_ground_is_kept_with_what_is_beyond(tmp_path: Path, few: None) -> None:
    from jena_planner.jena_city import store

    from .site import site

    place = site(tmp_path, (0, 0, 20, 10, 8), ground=joined(grid(-20, -20, 1.0, 61, 61), grid(-800, -800, 25.0, 70, 70)))
    store.save_site(place, tmp_path / "data")
    found = store.load_site(tmp_path / "data")
    assert store.site_hash(found) == store.site_hash(place)
    assert found.terrain is not None
    assert place.terrain is not None
    assert len(found.terrain.levels) == len(place.terrain.levels) > 1
    for one, other in zip(found.terrain.mesh(), place.terrain.mesh(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.needs("bpy")
def test_in_the_scene_near_and_far_ground_are_one_mesh_with_a_picture_each(tmp_path: Path, few: None) -> None:
    from jena_planner.scene import shapes

    from .site import site, today

    place = site(tmp_path, (0, 0, 20, 10, 8), ground=joined(grid(-20, -20, 1.0, 61, 61), grid(-800, -800, 25.0, 70, 70)))
    assert place.terrain is not None
    ground = shapes.town(place, [today(place)], 256).ground
    assert ground is not None
    assert ground.terrain.slots is not None
    assert len(ground.covers) == len(place.terrain.levels) == ground.terrain.slots.max() + 1
    (_, uv), *_ = ground.terrain.uvs
    corners = ground.terrain.vertices[ground.terrain.triangles.ravel()]
    for number, one in enumerate(place.terrain.levels):
        west, south, east, north = one.bounds
        own = np.repeat(ground.terrain.slots == number, 3)
        assert np.allclose(uv[own] * [east - west, north - south] + [west, south], corners[own, :2], atol=1e-2)


@pytest.mark.needs("bpy")
def test_an_orthophoto_lies_on_near_and_far_ground_where_it_is(tmp_path: Path, few: None) -> None:
    from jena_planner.scene import shapes

    from .site import site, today

    place = site(tmp_path, (0, 0, 20, 10, 8), ground=joined(grid(-20, -20, 1.0, 61, 61), grid(-800, -800, 25.0, 70, 70)))
    assert place.terrain is not None
    # Red grows eastwards and green northwards, over a part of the near ground and of the far one.
    west, south, size, step = -300.0, -10.0, 400, 0.8
    ramp = np.round(np.linspace(0, 255, size)).astype(np.uint8)
    pixels = np.dstack([np.tile(ramp, (size, 1)), np.tile(ramp[::-1, None], (1, size)), np.full((size, size), 90, np.uint8)])
    jpeg, mask = io.BytesIO(), io.BytesIO()
    Image.fromarray(pixels).save(jpeg, "JPEG", quality=97, subsampling=0)
    Image.fromarray(np.full((size, size), 255, np.uint8)).convert("1").save(mask, "PNG")
    place.orthophoto = Orthophoto(west, south, step, jpeg.getvalue(), mask.getvalue(), "")
    bounds = place.orthophoto.bounds
    ground = shapes.town(place, [today(place)], 1024).ground
    assert ground is not None
    assert ground.photo is not None
    assert ground.terrain.slots is not None
    seen = np.asarray(Image.open(io.BytesIO(ground.photo)).convert("RGB")).astype(int)
    (_, uv) = ground.terrain.uvs[1]
    middle = ground.terrain.vertices[ground.terrain.triangles].mean(axis=1)
    photographed = ground.terrain.slots >= len(ground.covers)
    inside = (middle[:, 0] > bounds[0]) & (middle[:, 0] < bounds[2]) & (middle[:, 1] > bounds[1]) & (middle[:, 1] < bounds[3])
    assert photographed[inside].all()
    assert len(np.unique(ground.terrain.slots[inside])) > 2  # near and far
    u, v = uv.reshape(-1, 3, 2).mean(axis=1)[inside].T
    found = seen[
        np.clip(((1 - v) * len(seen)).astype(int), 0, len(seen) - 1), np.clip((u * seen.shape[1]).astype(int), 0, seen.shape[1] - 1)
    ]
    share = (middle[inside, :2] - bounds[:2]) / [bounds[2] - bounds[0], bounds[3] - bounds[1]]
    off_the_edge = ((share > 0.02) & (share < 0.98)).all(axis=1)
    assert np.abs(found[:, :2] - 255 * share)[off_the_edge].max() < 12


@pytest.mark.needs("bpy")
@pytest.mark.parametrize("most", [2000, 700, 60])
def test_near_ground_that_is_shown_coarser_still_meets_the_far_one(few: None, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    from jena_planner.scene import shapes

    monkeypatch.setattr(shapes, "MOST_GROUND", most)
    ground = joined(grid(-20, -20, 1.0, 61, 61), grid(-800, -800, 25.0, 70, 70))
    shown = shapes._shown(ground)
    assert shown.step > ground.step
    vertices, triangles = shown.mesh()
    areas = flat_area(vertices, triangles)
    assert areas.min() > 0
    assert areas.sum() == pytest.approx(around(ground), rel=1e-9)
    west, south, east, north = ground.reach
    edges = vertices[border_edges(triangles)].mean(axis=1)
    assert np.minimum(np.abs(edges[:, :2] - [west, south]), np.abs(edges[:, :2] - [east, north])).min(axis=1).max() < 1e-6
