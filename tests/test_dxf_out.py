"""A town as a drawing: a layer for each meaning, whole to a CAD program, and read again as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import citygml, drawings, dxf_write, exporting
from jena_planner.jena_city.applied import Applied
from jena_planner.jena_city.problems import Report, no_progress
from jena_planner.jena_city.site import Features, Site, Trees
from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

from . import gml, site, themes

COURT = shapely.box(-60, -30, -20, 0).difference(shapely.box(-50, -20, -30, -10))
VARIANT = Variant(
    "neu",
    "Neubau Süd",
    (
        Block("a", COURT, 4, "Hof Süd", base=150.0, roof=Roof("flat", parapet=0.5)),
        Block("b", shapely.box(60, -30, 72, -20), 2, "Haus", base=150.5, roof=Roof("gable", 40.0, 90.0)),
    ),
    ("B1",),
    open_spaces=(OpenSpace("platz", "play", shapely.box(0, -60, 15, -50)),),
    planted=(PlantedTree("neu", (20.0, 45.0), crown=8.0),),
    felled=(FelledTree((9.0, 40.0)),),
)
EAST, NORTH = site.ORIGIN.easting, site.ORIGIN.northing


def applied(folder: Path) -> Applied:
    place = site.site(folder, (0, 0, 12, 10, 8), (30, 0, 12, 10, 8), (60, 0, 10, 10, 6), plan=shapely.box(-70, -40, 80, 5))
    place.trees = Trees(np.array([[5.0, 40.0], [9.0, 40.0]]), np.array([12.0, np.nan]), np.array([6.5, np.nan]), ["Linde", "Ahorn"])
    place.plots = Features(np.array([shapely.box(0, 20, 30, 50)], object), {"number": np.array(["12/3"], object)})
    place.lines = Features(
        np.array([shapely.LineString([(0, 60), (20, 60.5)])], object),
        {"layer": np.array(["Höhenlinien 1 m"], object), "text": np.array([""], object), "file": np.array(["a"], object)},
    )
    return site.with_variant(place, VARIANT)


@pytest.fixture
def drawing(tmp_path: Path) -> Any:
    exporting.export(applied(tmp_path), tmp_path / "town.dxf", "dxf", name="Jena Süd", progress=no_progress)
    return ezdxf.readfile(tmp_path / "town.dxf")


def on(drawing: Any, layer: str) -> list[Any]:
    return list(drawing.modelspace().query(f'*[layer=="{layer}"]'))


def ring(line: Any) -> shapely.Polygon:
    assert line.dxftype() == "LWPOLYLINE" and line.closed
    return shapely.Polygon([(x - EAST, y - NORTH) for x, y, *_ in line.get_points()])


def test_nothing_in_it_needs_mending(drawing: Any) -> None:
    audit = drawing.audit()
    assert not audit.errors and not audit.fixes
    assert (drawing.dxfversion, drawing.units) == ("AC1027", 6)
    assert {entity.dxf.layer for entity in drawing.modelspace()} <= {layer.dxf.name for layer in drawing.layers}
    assert all(layer.dxf.name.isascii() for layer in drawing.layers)


def test_each_meaning_has_its_layer(drawing: Any) -> None:
    assert sorted(ring(one).bounds for one in on(drawing, "GEBAEUDE_GRUNDRISS")) == [(0, 0, 12, 10), (60, 0, 70, 10)]
    assert [ring(one).bounds for one in on(drawing, "ABBRUCH")] == [(30, 0, 42, 10)]
    outer, court, house = sorted((ring(one) for one in on(drawing, "VARIANTE_GRUNDRISS")), key=lambda one: -one.area)
    assert outer.difference(court).symmetric_difference(COURT).area < 1e-3 and house.bounds == pytest.approx((60, -30, 72, -20))
    assert {round(one.dxf.elevation, 3) for one in on(drawing, "VARIANTE_GRUNDRISS")} == {150.0, 150.5}
    assert {one.dxf.text for one in on(drawing, "VARIANTE_TEXT")} == {"Hof Süd · IV · 13,0 m", "Haus · II · 10,7 m"}
    assert [one.dxf.xscale for one in on(drawing, "BAEUME")] == [6.5, 8.0]  # of two one is felled, and one is planted
    assert [ring(one).bounds for one in on(drawing, "VARIANTE_FREIFLAECHEN")] == [(0, -60, 15, -50)]
    assert "12/3" in {one.dxf.text for one in on(drawing, "FLURSTUECKE") if one.dxftype() == "TEXT"}
    assert len(on(drawing, "REFERENZ_HOEHENLINIEN_1_M")) == 1
    assert "Testdaten (CC0)" in {one.dxf.text for one in on(drawing, "INFO")}
    assert dict(drawing.header.custom_vars.properties)["Quelle"] == "Testdaten (CC0)"


def test_bodies_are_closed(drawing: Any) -> None:
    """Each edge of a mesh is run along once each way."""
    bodies = on(drawing, "VARIANTE_KOERPER") + on(drawing, "GEBAEUDE_KOERPER")
    assert len(bodies) == 4
    for body in bodies:
        sides = [(a, b) for face in body.faces for a, b in zip(face, [*face[1:], face[0]], strict=True)]
        assert sorted(sides) == sorted((b, a) for a, b in sides)
    high = max(z for body in on(drawing, "VARIANTE_KOERPER") for _, _, z in body.vertices)
    assert high == pytest.approx(150 + 3.5 + 3 * 3 + 0.5)


def test_our_own_reader_finds_the_same_outlines(tmp_path: Path) -> None:
    exporting.export(applied(tmp_path), tmp_path / "town.dxf", "dxf", name="", progress=no_progress)
    shapes, columns, system = drawings.read(tmp_path / "town.dxf", "polygons", "EPSG:25832", Report())
    assert system == "EPSG:25832"
    found = [shape for shape, layer in zip(shapes, columns["layer"], strict=True) if layer == "GEBAEUDE_GRUNDRISS"]
    wanted = [shapely.box(EAST + x, NORTH, EAST + x + wide, NORTH + 10) for x, wide in ((0, 12), (60, 10))]
    assert len(found) == 2
    assert all(min(shapely.hausdorff_distance(one, other) for other in found) < 1e-3 for one in wanted)


def test_bridges_roads_and_the_like_are_there_too(tmp_path: Path) -> None:
    model = citygml.read(gml.write(tmp_path / "town.gml", themes.town()))
    dxf_write.write(site.today(Site(model.origin, model)), tmp_path / "town.dxf")
    assert on(ezdxf.readfile(tmp_path / "town.dxf"), "UMGEBUNG_KOERPER")


def test_an_empty_town_is_a_drawing_all_the_same(tmp_path: Path) -> None:
    town = site.today(site.site(tmp_path, (0, 0, 5, 5, 5)))
    town.kept[:] = False
    dxf_write.write(town, tmp_path / "town.dxf")
    assert not on(ezdxf.readfile(tmp_path / "town.dxf"), "GEBAEUDE_KOERPER")


@given(st.integers(1, 60))
def test_storeys_are_roman(number: int) -> None:
    value = {"I": 1, "V": 5, "X": 10, "L": 50}
    digits = [value[letter] for letter in dxf_write.roman(number)]
    assert sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)) == number
