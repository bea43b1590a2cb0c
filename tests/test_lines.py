"""Reference lines: any layer of vectors that is nothing else, with all its layers, borders and labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from jena_planner.jena_city import citygml, store, vectors
from jena_planner.jena_city.check import check, keys_of, kind
from jena_planner.jena_city.problems import InputProblem, Report
from jena_planner.jena_city.site import Site

from . import gml
from .test_vectors import ORIGIN, E, N, geojson

UTM = "EPSG:25832"


def layer(path: Path, shapes: list[shapely.Geometry], columns: dict[str, list[str]], name: str = "", append: bool = False) -> Path:
    """A file in the format of its ending, in UTM."""
    fields = [np.array(values, object) for values in columns.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes, object)), fields, list(columns), layer=name or path.stem, crs=UTM, append=append, driver="LIBKML" if path.suffix == ".kml" else None,
        geometry_type="Unknown" if len({shape.geom_type for shape in shapes}) > 1 else shapes[0].geom_type,
    )  # fmt: skip
    return path


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(E + x, N + y) for x, y in points])


def test_all_layers_of_a_geopackage_with_their_names_and_labels(tmp_path: Path) -> None:
    path = layer(tmp_path / "netz.gpkg", [line((0, 0), (10, 0))], {"Bezeichnung": ["DN 300"]}, "kanal")
    layer(path, [shapely.Point(E + 5, N + 5)], {"nummer": ["S 12"]}, "schacht", append=True)
    report = Report()
    lines = vectors.read_lines([path], ORIGIN, report)
    assert list(zip(*(lines.columns[name].tolist() for name in ("layer", "text", "file")), strict=True)) == [
        ("kanal", "DN 300", "netz.gpkg"),
        ("schacht", "S 12", "netz.gpkg"),
    ]
    assert [shape.wkt for shape in lines.geometry] == ["LINESTRING (0 0, 10 0)", "POINT (5 5)"]
    assert (report.features, report.problems) == ({"lines": 2}, [])


def test_polygons_are_shown_by_the_lines_around_them_and_their_holes(tmp_path: Path) -> None:
    outer, hole = shapely.box(E, N, E + 10, N + 10), shapely.box(E + 2, N + 2, E + 4, N + 4)
    path = layer(tmp_path / "schutz.gpkg", [outer.difference(hole)], {"zone": ["II"]})
    lines = vectors.read_lines([path], ORIGIN, Report())
    assert sorted(shape.length for shape in lines.geometry) == [8, 40]
    assert {shape.geom_type for shape in lines.geometry} == {"LineString"}


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.tab", "a.mif", "a.kml"])
def test_every_format_is_known_by_its_content_and_read(tmp_path: Path, name: str) -> None:
    path = layer(tmp_path / name, [line((0, 0), (30, 40))], {"name": ["Leitung"]})
    assert (kind(path), keys_of("lines")) == ("lines", ("lines",))
    lines = vectors.read_lines([path], ORIGIN, Report())
    assert (len(lines), lines.columns["text"].tolist()) == (1, ["Leitung"])
    assert lines.geometry[0].length == pytest.approx(50, abs=0.01)
    report, unreadable = check([path])
    assert (report.features, unreadable) == ({"lines": 1}, [])
    assert report.extent is not None
    assert report.extent[:2] == pytest.approx((E, N), abs=0.01)


def test_a_track_of_a_gps_receiver(tmp_path: Path) -> None:
    path = tmp_path / "weg.gpx"
    points = '<trkpt lat="50.92" lon="11.58"/><trkpt lat="50.93" lon="11.58"/>'
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="hand" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lat="50.925" lon="11.58"><name>Halt</name></wpt><trk><name>Runde</name><trkseg>{points}</trkseg></trk></gpx>'
    )
    assert kind(path) == "lines"
    lines = vectors.read_lines([path], ORIGIN, Report())
    shown = dict(zip(lines.columns["text"].tolist(), lines.geometry, strict=True))
    assert (shown["Halt"].geom_type, shown["Runde"].geom_type) == ("Point", "LineString")
    assert shown["Runde"].length == pytest.approx(1112.5, abs=1.5)  # a hundredth of a degree of latitude at 51°


def test_a_column_that_names_layers_goes_before_the_layer_of_the_file(tmp_path: Path) -> None:
    path = geojson(tmp_path / "cad.geojson", ("LineString", [[E, N], [E + 1, N]], {"Layer": "GAS"}), ("Point", [E, N], {"Layer": ""}))
    assert vectors.read_lines([path], ORIGIN, Report()).columns["layer"].tolist() == ["GAS", "cad"]


def test_only_what_reaches_into_the_box(tmp_path: Path) -> None:
    path = layer(tmp_path / "a.gpkg", [line((0, 0), (1, 0)), line((100, 0), (200, 0))], {"name": ["nah", "fern"]})
    lines = vectors.read_lines([path], ORIGIN, Report(), (E - 1, N - 1, E + 2, N + 2))
    assert lines.columns["text"].tolist() == ["nah"]


def test_a_damaged_layer_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    with pytest.raises(InputProblem, match="cannot be read"):
        vectors.read_lines([path], ORIGIN, Report())


def test_they_are_kept_with_the_site(tmp_path: Path) -> None:
    lines = vectors.read_lines([layer(tmp_path / "a.gpkg", [line((0, 0), (1, 0))], {"name": ["x"]})], ORIGIN, Report())
    city = citygml.read(gml.write(tmp_path / "a.gml", gml.city(gml.box_building("a", E, N, 150, 8, 8, 6))), origin=ORIGIN)
    store.save_site(Site(ORIGIN, city, lines=lines), tmp_path / "data")
    kept = store.load_site(tmp_path / "data").lines
    assert kept is not None
    assert kept.geometry[0].equals(lines.geometry[0])
    assert {name: values.tolist() for name, values in kept.columns.items()} == {"layer": ["a"], "text": ["x"], "file": ["a.gpkg"]}
    without = Site(ORIGIN, city)
    assert store.site_hash(without) == store.site_hash(store.load_site(tmp_path / "data"))  # they make no result untrue
    assert store.looks_hash(without) != store.looks_hash(store.load_site(tmp_path / "data"))
