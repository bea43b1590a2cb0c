"""Results and how they leave the program: rasters, tables, areas, maps; and stored sites and results."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image

from jena_planner.analyses.sun_hours import CHANGE
from jena_planner.jena_city import lettering, maps, marks, store
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.result import Classes, Faces, Grid, Result
from jena_planner.jena_city.site import Features, Trees
from jena_planner.jena_city.variant import NULL_VARIANT, Block, Variant
from jena_planner.scene import shapes

from .site import ORIGIN, flat_ground, site

CLASSES = Classes((0.0, 1.0, 2.0, 4.0), ("#00204d", "#7c7b78", "#ffea46"), ("unter 1", "1 bis 2", "über 2"))
VALUES = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 9.0], np.float32)


def result(**changed: object) -> Result:
    grid = Grid(10.0, 20.0, 2.0, 2, 3, np.full(6, 150.05))
    plain = Result(
        "sun_hours",
        "ground",
        "Besonnungsdauer",
        "h",
        "bestand",
        ORIGIN,
        grid,
        VALUES,
        np.array([1, 1, 1, 1, 1, 0], bool),
        CLASSES,
        "am 21.03.",
    )
    return replace(plain, source="Testdaten", settings={"step": 2.0}, inputs={"site": "a", "variant": "b"}, **changed)  # type: ignore[arg-type]


def on_faces() -> Result:
    points = np.array([[0, -5, 155], [2, -5, 155], [5, 5, 160]], float)
    normals = np.array([[0, -1, 0], [0, -1, 0], [0, 0, 1]], float)
    faces = Faces(
        points,
        normals,
        np.array([4.0, 4, 8]),
        np.array([0, 0, -1]),
        np.array([2, 2, 3], np.uint8),
        points,
        np.array([[0, 1, 2]]),
        np.array([0]),
    )
    return result(support=faces, values=np.array([1, 2, 3], np.float32), valid=np.ones(3, bool), name="faces")


def test_a_value_on_an_edge_belongs_to_the_class_above() -> None:
    assert CLASSES.index(VALUES).tolist() == [0, 0, 1, 1, 2, 2]
    assert CLASSES.index(np.array([-5.0, 99.0])).tolist() == [0, 2]


def test_geotiff_is_north_up_at_the_right_place_with_all_about_it(tmp_path: Path) -> None:
    result().write_geotiff(tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        assert tuple(file.bounds) == (681745.0, 5644990.0, 681751.0, 5644994.0)
        assert file.crs.to_epsg() == 25832
        assert file.read(1).tolist() == [[1.5, 2.0, -9999.0], [0.0, 0.5, 1.0]]
        assert file.nodata == -9999.0
        assert file.tags()["METHOD"] == "am 21.03."
        assert file.descriptions[0] == "Besonnungsdauer [h]"


def test_csv_of_a_grid_and_of_faces(tmp_path: Path) -> None:
    result().write_csv(tmp_path / "g.csv")
    rows = list(csv.DictReader((tmp_path / "g.csv").open(encoding="utf-8")))
    assert len(rows) == 5
    assert rows[0] == {"x": "681746.000", "y": "5644991.000", "z": "150.050", "sun_hours [h]": "0"}
    on_faces().write_csv(tmp_path / "f.csv", ["DEMQ1"], ["allee-süd"])
    rows = list(csv.DictReader((tmp_path / "f.csv").open(encoding="utf-8")))
    assert [row["building"] for row in rows] == ["DEMQ1", "DEMQ1", "allee-süd"]
    assert (rows[0]["surface"], rows[0]["azimuth"], rows[0]["slope"], rows[0]["area_m2"]) == ("wall", "180.0", "90.0", "4.000")
    assert rows[2]["surface"] == "roof"


def test_geojson_has_an_area_for_each_class_and_a_point_for_each_building(tmp_path: Path) -> None:
    result().write_geojson(tmp_path / "g.geojson")
    content = json.loads((tmp_path / "g.geojson").read_text())
    areas = {feature["properties"]["label"]: shapely.geometry.shape(feature["geometry"]).area for feature in content["features"]}
    assert areas == {"unter 1": 8.0, "1 bis 2": 8.0, "über 2": 4.0}
    assert content["crs"]["properties"]["name"].endswith("25832")
    on_faces().write_geojson(tmp_path / "f.geojson", ["DEMQ1"])
    first, second = json.loads((tmp_path / "f.geojson").read_text())["features"]
    assert first["properties"] == {"building": "block 1", "surface": "roof", "cells": 1, "area": 8.0, "min": 3.0, "mean": 3.0, "max": 3.0}
    assert (second["properties"]["building"], second["properties"]["mean"]) == ("DEMQ1", 1.5)


def test_the_summary_weighs_by_area() -> None:
    summary = result().summary()
    assert (summary["cells"], summary["area"], summary["mean"]) == (5, 20.0, 1.0)
    assert [entry["share"] for entry in summary["classes"]] == [0.4, 0.4, 0.2]
    assert on_faces().summary()["mean"] == pytest.approx((4 * 1 + 4 * 2 + 8 * 3) / 16)
    assert result(valid=np.zeros(6, bool)).summary() == {"cells": 0}


def test_differences_need_the_same_places_and_unit() -> None:
    before = result(values=VALUES + 1, valid=np.array([0, 1, 1, 1, 1, 1], bool), variant="base")
    change = result().subtract(before, name="change", title="Änderung", classes=CLASSES)
    assert (change.values == -1).all()
    assert change.valid.tolist() == [False, True, True, True, True, False]
    assert "site of base" in change.inputs
    moved = result(support=Grid(11.0, 20.0, 2.0, 2, 3, np.full(6, 150.05)))
    for other in (moved, result(unit="kWh"), on_faces()):
        with pytest.raises(InputProblem, match="cannot be compared"):
            result().subtract(other, name="c", title="C", classes=CLASSES)


def test_a_result_is_stale_when_an_input_changed() -> None:
    assert not result().is_stale({"site": "a", "variant": "b", "more": "c"})
    assert result().is_stale({"site": "a", "variant": "x"})
    assert result().is_stale({"site": "a"})


@pytest.mark.parametrize("made", [result(), on_faces()], ids=["grid", "faces"])
def test_a_stored_result_comes_back_the_same(tmp_path: Path, made: Result) -> None:
    store.save_result(made, tmp_path / "r.npz")
    back = store.load_result(tmp_path / "r.npz")
    assert type(back.support) is type(made.support)
    assert (back.values == made.values).all()
    assert (back.valid == made.valid).all()
    assert (back.support.points == made.support.points).all()
    for name in ("analysis", "name", "title", "unit", "variant", "origin", "classes", "method", "settings", "inputs", "source"):
        assert getattr(back, name) == getattr(made, name)
    (tmp_path / "r.npz").write_bytes(b"PK broken")
    with pytest.raises(InputProblem, match="damaged"):
        store.load_result(tmp_path / "r.npz")


def test_a_stored_site_comes_back_the_same_and_parts_are_written_once(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8), (40, 0, 10, 10, 5), plan=shapely.box(0, 0, 50, 50))
    place.trees = Trees(np.array([[1.0, 2.0]]), np.array([np.nan]), np.array([4.0]), ["Lärche"])
    place.streets = Features(
        np.array([shapely.LineString([(0, 0), (9, 9)])], object), {"name": np.array(["Weg"], object), "width": np.array([5.5])}
    )
    folder = tmp_path / "data"
    store.save_site(place, folder)
    back = store.load_site(folder)
    assert store.site_hash(back) == store.site_hash(place)
    assert back.city.building_id == place.city.building_id
    assert (back.city.points == place.city.points).all()
    assert back.trees is not None
    assert back.trees.species == ["Lärche"]
    assert back.streets is not None
    assert back.streets.columns["name"].tolist() == ["Weg"]
    assert back.source == "Testdaten (CC0)"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.npz")}
    place.terrain = flat_ground(height=151.0)
    store.save_site(place, folder)
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.npz")}
    assert len(after) == len(before)
    assert sum(before.get(name) == when for name, when in after.items()) == len(after) - 1


def test_damaged_and_newer_data_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="jena-planner run"):
        store.load_site(tmp_path / "nothing")
    store.save_site(site(tmp_path, (0, 0, 20, 10, 8)), tmp_path / "data")
    index = tmp_path / "data" / "site.json"
    text = index.read_text()
    index.write_text(text.replace(f'"schema": {store.SITE_SCHEMA}', '"schema": 99'))
    with pytest.raises(InputProblem, match="schema 99"):
        store.load_site(tmp_path / "data")
    index.write_text("{")
    with pytest.raises(InputProblem, match="damaged"):
        store.load_site(tmp_path / "data")


def test_hashes_change_with_what_matters_and_with_nothing_else(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8))
    known = store.site_hash(place)
    place.source = "another licence"
    assert store.site_hash(place) == known
    place.city.points[0, 2] += 0.01
    assert store.site_hash(place) != known
    block = Block("a", shapely.box(0, 0, 10, 10), 3)
    first = store.variant_hash(Variant("v", "V", (block,)))
    moved = replace(place, city=replace(place.city, files=["/elsewhere/town.gml"]))
    known = store.site_hash(place)
    assert store.site_hash(moved) == known
    assert store.variant_hash(Variant("w", "other name", (block,), colour="#ffffff")) == first
    assert store.variant_hash(Variant("v", "V", (replace(block, storeys=4),))) != first
    assert store.variant_hash(Variant("v", "V", (block,), ("B0",))) != first


def test_the_map_shows_class_colours_at_their_places(tmp_path: Path) -> None:
    place = site(tmp_path, (14, 20, 2, 2, 5))
    maps.write(result(), tmp_path / "map.png", apply(place, NULL_VARIANT))
    image = Image.open(tmp_path / "map.png").convert("RGB")
    factor = 500  # 3 cells over 1500 pixels
    hexed = {
        (row, column): "#{:02x}{:02x}{:02x}".format(*image.getpixel((column * factor + 250, (1 - row) * factor + 250)))
        for row in range(2)
        for column in range(3)
    }  # type: ignore[misc]
    assert hexed[0, 0] == hexed[0, 1] == "#00204d"
    assert hexed[1, 0] == "#7c7b78"
    assert hexed[1, 1] == "#ffea46"
    assert hexed[0, 2] == "#bcbec0"  # the house
    assert hexed[1, 2] == "#e8e8e8"  # no value
    with pytest.raises(InputProblem, match="flat map"):
        maps.write(on_faces(), tmp_path / "f.png", apply(place, NULL_VARIANT))


def test_a_courtyard_on_the_map_shows_what_stands_in_it(tmp_path: Path) -> None:
    """A shed in a courtyard was once painted over by the house around it."""
    court = shapely.Polygon(shapely.box(10, 20, 16, 24).exterior, [shapely.box(12, 21, 14, 23).exterior])
    blocks = (Block("shed", shapely.box(12.5, 21.5, 13.5, 22.5), 1), Block("house", court, 2))
    place = site(tmp_path, (60, 60, 5, 5, 5))
    maps.write(result(valid=np.ones(6, bool)), tmp_path / "map.png", apply(place, Variant("v", "V", blocks)))
    image = Image.open(tmp_path / "map.png").convert("RGB")
    assert image.getpixel((750, 500)) == maps.BUILDING  # the shed in the middle
    assert image.getpixel((750, 640)) not in (maps.BUILDING, maps.NOTHING)  # the court beside it keeps its value
    assert image.getpixel((250, 500)) == maps.BUILDING


def test_half_an_hour_more_and_half_an_hour_less_are_alike() -> None:
    """Differences of hours are multiples of the step and lie on class edges; floats must not throw them to either side."""
    hours = (np.arange(73) * (1 / 6)).astype(np.float32)
    before = result(values=np.zeros(6, np.float32), valid=np.ones(6, bool), variant="base")
    for steps, label in ((3, "0,5 bis 1"), (6, "1 bis 2"), (12, "2 bis 4"), (24, "über 4")):
        for start in (0, 1, 7, 20, 41):
            values = np.full(6, hours[start + steps], np.float32)
            more = result(values=values, valid=np.ones(6, bool)).subtract(
                replace(before, values=np.full(6, hours[start], np.float32)), name="c", title="C", classes=CHANGE
            )
            less = replace(before, values=np.full(6, hours[start], np.float32)).subtract(
                result(values=values, valid=np.ones(6, bool)), name="c", title="C", classes=CHANGE
            )
            assert CHANGE.labels[int(CHANGE.index(more.values)[0])].startswith(label)
            assert CHANGE.labels[int(CHANGE.index(less.values)[0])].startswith(label)
            assert int(CHANGE.index(more.values)[0]) + int(CHANGE.index(less.values)[0]) == len(CHANGE.colours) - 1


def test_words_are_wrapped_and_never_cut() -> None:
    text = "Donaudampfschifffahrtsgesellschaftskapitänsmützen und Öl für „Größe“"
    for room in (60, 150, 400):
        lines = lettering.wrapped(text, 16, room)
        assert all(lettering.width(line, 16) <= room for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lettering.wrapped("", 16, 100) == [""]


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(1234567.891, 1, "1\u202f234\u202f567,9"), (-0.5, 1, "−0,5"), (-0.01, 1, "0,0"), (39.31, 0, "39")]
)
def test_numbers_as_german_readers_know_them(value: float, digits: int, text: str) -> None:
    assert lettering.number(value, digits) == text


def test_the_caption_stands_below_the_picture_and_leaves_it_alone() -> None:
    picture = Image.new("RGB", (600, 300), (10, 120, 40))
    caption = lettering.Caption(
        "Ein langer Titel, der in einer Zeile keinen Platz hat, weil er so lang ist", "Variante A", "21.06.2025, 10:00 Uhr MESZ", "© Stadt"
    )
    image = lettering.captioned(picture, caption)
    assert image.width == 600
    assert image.height > 380
    assert image.crop((0, 0, 600, 300)).tobytes() == picture.tobytes()
    band = np.asarray(image.crop((0, 300, 600, image.height)).convert("L"))
    assert (band[:, :8] == 255).all()
    assert (band[:, -8:] == 255).all()
    assert band.min() < 80


def sight() -> Result:
    """Two lines: 3-4-0 metres, and one with a bend, 10 and 5 metres."""
    rods = [np.array([[0, 0, 150], [3, 4, 150]], float), np.array([[0, 0, 150], [10, 0, 150], [10, 0, 155]], float)]
    support = marks.lines(rods, ["a", "ä"], [{"blocked by": "B0"}, {"blocked by": ""}])
    return replace(result(), support=support, values=np.array([0, 3], np.float32), valid=np.ones(2, bool))


def test_lines_bear_values_by_their_length(tmp_path: Path) -> None:
    made = sight()
    assert made.summary()["length"] == 20.0
    assert [part["length"] for part in made.summary()["classes"]] == [5.0, 0.0, 15.0]
    assert made.summary()["mean"] == 2.25
    made.write_csv(tmp_path / "lines.csv")
    with (tmp_path / "lines.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["length_m"], row["blocked by"], row["sun_hours [h]"]) for row in rows] == [
        ("a", "5.000", "B0", "0"),
        ("ä", "15.000", "", "3"),
    ]
    assert float(rows[1]["x_end"]) == ORIGIN.easting + 10
    made.write_geojson(tmp_path / "lines.geojson")
    features = json.loads((tmp_path / "lines.geojson").read_text(encoding="utf-8"))["features"]
    assert features[0]["geometry"]["coordinates"][1] == [ORIGIN.easting + 3, ORIGIN.northing + 4, 150]
    assert features[1]["properties"] == {"name": "ä", "value": 3.0, "label": "über 2", "colour": "#ffea46", "blocked by": ""}


@pytest.mark.parametrize("empty", [False, True])
def test_marks_are_kept_and_read_again(tmp_path: Path, empty: bool) -> None:
    places = marks.points(np.zeros((0, 3)), [], []) if empty else marks.points([[1, 2, 3]], ["Turm"], [{"share": "12 %"}])
    ours = replace(result(), support=places, values=np.zeros(places.size, np.float32), valid=np.ones(places.size, bool))
    for made in (ours, sight()):
        store.save_result(made, tmp_path / "made.npz")
        again = store.load_result(tmp_path / "made.npz")
        assert type(again.support) is type(made.support)
        assert again.support.points.tolist() == made.support.points.tolist()
        assert again.support.table.tolist() == made.support.table.tolist()
        assert again.summary() == made.summary()


def test_marks_become_bodies_that_know_whose_they_are(tmp_path: Path) -> None:
    made = sight()
    shape = shapes.of_result(replace(made, valid=np.array([False, True])), site(tmp_path, (0, 0, 10, 10, 8)))
    assert {one.name: set(one.values.tolist()) for one in shape.attributes} == {"value": {3.0}, "valid": {True}, "mark": {1}}
    low, high = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    assert low == pytest.approx([0, 0, 150], abs=0.3)
    assert high == pytest.approx([10, 0, 155], abs=0.3)


def test_lines_and_points_are_drawn_over_the_houses(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 10, 10, 8))
    applied = apply(place, NULL_VARIANT)
    maps.write(sight(), tmp_path / "lines.png", applied)
    with Image.open(tmp_path / "lines.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    for colour in CLASSES.rgb[[0, 2]]:
        assert (pixels[:, :1500] == colour).all(axis=2).sum() > 100
    places = marks.points([[1, 2, 150], [60, 80, 150]], ["Turm", "Platz"], [{}, {}])
    dots = replace(result(), support=places, values=np.array([0, 3], np.float32), valid=np.ones(2, bool))
    maps.write(dots, tmp_path / "dots.png", applied)
    maps.write(
        replace(dots, support=marks.points(np.zeros((0, 3)), [], []), values=np.zeros(0, np.float32), valid=np.zeros(0, bool)),
        tmp_path / "none.png",
        applied,
    )
    with Image.open(tmp_path / "dots.png") as picture:
        assert (np.asarray(picture.convert("RGB")) == CLASSES.rgb[2]).all(axis=2).sum() > 100
