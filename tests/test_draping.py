"""Reference lines on the ground: at its height, as wide as they should be, and nowhere where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.site import Features
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT

from .site import site

pytestmark = pytest.mark.needs("bpy")


def slope() -> Terrain:
    """100 m by 100 m, rising to the east by one in ten."""
    x = np.arange(0.0, 101.0, 5.0)
    return Terrain(Origin("EPSG:25832", 0, 0), 0.0, 0.0, 5.0, np.tile(100.0 + x / 10, (len(x), 1)).astype(np.float32))


def shapes_of(*shapes: Any) -> Any:
    from jena_planner.scene.draping import draped

    return draped(np.array(shapes, object), slope())


def area(vertices: Any, triangles: Any) -> float:
    """Seen from above; negative where it faces down."""
    a, b, c = (vertices[triangles[:, k], :2] for k in range(3))
    return float(np.sum((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2)


@given(st.floats(2, 98), st.floats(2, 98), st.floats(2, 98), st.floats(2, 98))
def test_a_line_is_a_strip_of_its_length_on_the_ground(a: float, b: float, c: float, d: float) -> None:
    from jena_planner.scene.draping import ABOVE, WIDTH

    line = shapely.LineString([(a, b), (c, d)])
    vertices, triangles = shapes_of(line)
    assert area(vertices, triangles) == pytest.approx(line.length * WIDTH, abs=1e-6)
    assert vertices[:, 2] == pytest.approx(100 + vertices[:, 0] / 10 + ABOVE, abs=1e-4)
    if len(vertices):
        assert shapely.distance(line, shapely.points(vertices[:, :2])).max() <= WIDTH / 2 + 1e-6


def test_a_point_is_a_square_and_a_line_beside_the_ground_is_not_there() -> None:
    from jena_planner.scene.draping import SQUARE

    vertices, triangles = shapes_of(shapely.Point(50, 50), shapely.LineString([(200, 0), (300, 0)]))
    assert area(vertices, triangles) == pytest.approx(SQUARE**2)
    assert vertices[:, :2].mean(axis=0) == pytest.approx([50, 50])


def test_each_layer_is_an_object_of_its_own(tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import builder, shapes

    place = site(tmp_path, (0, 0, 20, 10, 8))
    drawn = [shapely.LineString([(0, -5), (10, -5)]), shapely.Point(5, -5), shapely.LineString([(0, -6), (10, -6)])]
    columns = {"layer": ["Gas", "Gas", "Strom"], "text": ["", "", ""], "file": ["a.gpkg", "b.gpkg", "a.gpkg"]}
    place.lines = Features(np.array(drawn, object), {name: np.array(values, object) for name, values in columns.items()})
    builder.clear()
    town = builder.build(shapes.town(place, [apply(place, NULL_VARIANT)]))
    there = bpy.data.collections["Referenz"].objects
    assert {thing.name for thing in there} == {"Referenz Gas (a.gpkg)", "Referenz Gas (b.gpkg)", "Referenz Strom"}
    assert all(thing.hide_select and not thing.display.show_shadows for thing in there)
    assert set(there) <= set(town.nature)
