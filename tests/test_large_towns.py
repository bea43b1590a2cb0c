"""Towns that are shown as tiles: nothing twice, nothing lost, every face knows its house; from afar as light forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.jena_city import citygml
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.model import CityModel, Semantics
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.triangulate import volume
from jena_planner.jena_city.variant import NULL_VARIANT, Variant

from . import gml
from .site import ORIGIN, site

pytestmark = pytest.mark.needs("bpy")
GONE = Variant("neu", "Neu", (), ("B7", "B30"))


@pytest.fixture
def place(tmp_path: Path) -> Site:
    """Seven rows of seven houses, 500 m from each other, of different heights."""
    return site(tmp_path, *((500.0 * (k % 7), 500.0 * (k // 7), 20, 10, 4 + k % 5) for k in range(49)))


@pytest.fixture
def ready(place: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same made ready as tiles of at most 120 triangles, ten houses."""
    from jena_planner.scene import shapes

    monkeypatch.setattr(shapes, "FEW", 500)
    monkeypatch.setattr(shapes, "OF_A_TILE", 120)
    return shapes.town(place, [apply(place, NULL_VARIANT), apply(place, GONE)], 64)


@pytest.fixture
def scene(ready: Any) -> Any:
    import bpy

    from jena_planner.scene import builder

    builder.clear()
    builder.build(ready)
    return bpy.context.scene


def of_faces(shape: Any, name: str) -> Any:
    [found] = [one.values for one in shape.attributes if one.name == name]
    return found


def test_every_triangle_is_in_one_tile_where_its_house_is(ready: Any, place: Site) -> None:
    tiles = [one for one in ready.buildings if not one.removable]
    assert len(tiles) > 3
    assert [one.name for one in ready.buildings if one.removable] == ["B7", "B30"]
    home: dict[int, str] = {}
    corners = []
    for one in ready.buildings:
        rows = of_faces(one.shape, "building")
        for row in np.unique(rows).tolist():
            assert home.setdefault(row, one.name) == one.name
        corners.append(one.shape.vertices[one.shape.triangles])
    assert sorted(home) == list(range(49))
    shown = np.concatenate(corners)
    assert len(shown) == len(place.city.triangles) == 49 * 12
    assert {row.tobytes() for row in shown} == {row.tobytes() for row in place.city.points[place.city.triangles]}
    for one in tiles:
        assert len(one.shape.triangles) <= 120
        assert np.ptp(one.shape.vertices[:, :2], axis=0).max() < 2000


def test_faces_of_both_forms_name_the_house_they_belong_to(ready: Any, place: Site) -> None:
    for one in ready.buildings:
        for shape in (one.shape, one.light):
            if shape is None:
                assert one.removable
                continue
            middle = shape.vertices[shape.triangles].mean(axis=1)[:, :2]
            for point, row in zip(middle, of_faces(shape, "building"), strict=True):
                assert place.footprints[row].buffer(1e-6).intersects(shapely.Point(point))


def test_a_small_town_is_one_mesh_without_light_form(place: Site) -> None:
    from jena_planner.scene import shapes

    [one] = shapes.houses(place, set())
    assert (one.name, one.light, one.removable) == ("Bestand", None, False)


def open_edges(triangles: Any) -> set[tuple[int, int]]:
    ends = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1).reshape(-1, 2)
    there = list(map(tuple, ends.tolist()))
    assert len(set(there)) == len(there)
    return {(a, b) for a, b in there if (b, a) not in set(there)}


def check(city: CityModel) -> Any:
    """Light forms are closed, face outward and lie within the bounds of their buildings."""
    from jena_planner.scene.light_forms import light_forms

    made = light_forms(city, city.footprints())
    assert (np.diff(made.building) >= 0).all()
    assert not open_edges(made.triangles)
    of_point = city.surface_building[np.repeat(city.ring_surface, np.diff(city.ring_start))]
    root = city.building_root
    for row in np.unique(made.building).tolist():
        triangles = made.triangles[made.building == row]
        own = city.points[(of_point == row) | (root[of_point] == row)]
        body = made.vertices[np.unique(triangles)]
        assert (body >= own.min(axis=0) - 1e-3).all() and (body <= own.max(axis=0) + 1e-3).all()
        assert volume(made.vertices, triangles) >= 0
    return made


def read(folder: Path, *buildings: str) -> CityModel:
    return citygml.read(gml.write(folder / "a.gml", gml.city(*buildings)), origin=ORIGIN)


def test_a_light_form_of_a_box_is_the_box(tmp_path: Path) -> None:
    city = read(tmp_path, gml.box_building("a", ORIGIN.easting, ORIGIN.northing, 150.0, 20, 10, 8))
    made = check(city)
    assert len(made.triangles) == 12
    assert volume(made.vertices, made.triangles) == pytest.approx(1600.0)
    kinds, numbers = np.unique(made.semantics, return_counts=True)
    assert dict(zip(kinds.tolist(), numbers.tolist(), strict=True)) == {Semantics.GROUND: 2, Semantics.WALL: 8, Semantics.ROOF: 2}


SIZES = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(2, 30), st.integers(2, 30), st.integers(1, 30))


@settings(deadline=None, max_examples=40)
@given(st.lists(SIZES, min_size=1, max_size=5))
def test_light_forms_of_any_houses_in_parts_are_closed(tmp_path_factory: pytest.TempPathFactory, boxes: list[tuple[int, ...]]) -> None:
    """Parts may stand in each other, side by side, or around a courtyard."""
    whole = gml.building("whole", "", parts=[_part(k, *box) for k, box in enumerate(boxes)])
    check(read(tmp_path_factory.mktemp("parts"), whole))


def _part(number: int, x: float, y: float, width: float, depth: float, height: float) -> str:
    return gml.part(f"p{number}", gml.surfaces(f"p{number}", gml.box(ORIGIN.easting + x, ORIGIN.northing + y, 150.0, width, depth, height)))


def test_a_church_keeps_its_tower(tmp_path: Path) -> None:
    city = read(tmp_path, gml.building("church", "", parts=[_part(0, 0, 0, 30, 12, 12), _part(1, 30, 0, 8, 8, 50)]))
    made = check(city)
    assert {city.building_id[row] for row in made.building.tolist()} == {"p0", "p1"}
    assert made.vertices[:, 2].max() == pytest.approx(200.0)


def test_near_tiles_show_their_detail_and_far_ones_their_light_form(scene: Any) -> None:
    from jena_planner.scene import distance

    def forms() -> dict[int, tuple[bool, bool]]:
        return {thing[distance.TILE]: (not thing.hide_viewport, not light.hide_viewport) for thing, light in pairs}

    things = [thing for thing in scene.objects if distance.TILE in thing]
    pairs = [
        (full, light)
        for full in things
        for light in things
        if full[distance.TILE] == light[distance.TILE] and distance.LIGHT not in full and distance.LIGHT in light
    ]
    assert 2 * len(pairs) == len(things) > 6
    assert set(forms().values()) == {(False, True)}
    distance.show(scene, [np.array([0.0, 0.0, 160.0])])
    assert set(forms().values()) == {(True, False), (False, True)}
    assert next(forms()[full[distance.TILE]] for full, _ in pairs if min(full[distance.BOX][:2]) < 100) == (True, False)
    distance.show(scene, [np.array([0.0, 0.0, 9000.0])])
    assert set(forms().values()) == {(False, True)}
    distance.show(scene, [np.array([0.0, 0.0, 160.0]), np.array([3000.0, 3000.0, 160.0]), np.array([1500.0, 1500.0, 160.0])])
    assert set(forms().values()) == {(True, False)}
    assert not any(full.hide_render for full, _ in pairs) and all(light.hide_render for _, light in pairs)  # F12 sees all


def test_pictures_show_all_that_is_near_and_everything_once(scene: Any, ready: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from jena_planner.render_presets import load
    from jena_planner.scene import distance, render

    monkeypatch.setattr(distance, "NEAR", 200.0)
    view = {"target": [ORIGIN.easting, ORIGIN.northing], "distance": 100.0, "azimuth": 45.0}
    distance.for_picture(scene, render.place_camera(ready.site, load("still").camera, view, 1.5))
    things = [thing for thing in scene.objects if distance.TILE in thing]
    shown = [thing for thing in things if not thing.hide_render]
    assert len({thing[distance.TILE] for thing in shown}) == len(shown) == len(things) / 2
    for thing in shown:
        assert (distance.LIGHT in thing) == (min(np.hypot(*np.maximum(thing[distance.BOX][:2], 0.0)), 1e9) > 700)


def test_a_click_on_either_form_finds_the_building(scene: Any, place: Site) -> None:
    import bpy

    from jena_planner.scene import distance

    for eyes in ([np.array([0.0, 0.0, 160.0])], [np.array([0.0, 0.0, 9000.0])]):
        distance.show(scene, eyes)
        bpy.context.view_layer.update()
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for row in (0, 24, 48):
            place_of = (500.0 * (row % 7) + 10, 500.0 * (row // 7) + 5, 300.0)
            found, _, _, face, thing, _ = scene.ray_cast(depsgraph, place_of, (0, 0, -1))
            assert found
            assert thing.evaluated_get(depsgraph).data.attributes["building"].data[face].value == row


def test_a_variant_still_takes_its_buildings_away(scene: Any) -> None:
    from jena_planner.scene import distance, sync

    distance.show(scene, [np.array([0.0, 0.0, 160.0])])
    assert {thing[sync.BUILDING] for thing in scene.objects if sync.BUILDING in thing} == {"B7", "B30"}
    sync.show_variant(scene, "neu")
    assert all(thing.hide_viewport and thing.hide_render for thing in scene.objects if sync.BUILDING in thing)
    sync.show_variant(scene, "bestand")
    distance.show(scene, [np.array([9e4, 0.0, 160.0])])
    assert not any(thing.hide_viewport or thing.hide_render for thing in scene.objects if sync.BUILDING in thing)
