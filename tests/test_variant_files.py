"""Variants as GeoJSON: both ways without loss, and every slip named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import store, variant_files
from jena_planner.jena_city.massing import top_outlines
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant, uses_below, uses_with

ORIGIN = Origin("EPSG:25832", 681735, 5644970)
SHAPE = shapely.Polygon(shapely.box(0, 0, 30, 24).exterior, [shapely.box(8, 8, 22, 16).exterior])
VARIANT = Variant(
    "rand",
    "Blockrand Süd",
    (
        Block("a", SHAPE, 4, "Block A", 143.2, 4.2, 3.1, Roof("flat", parapet=0.6), "büro", {"energy": {"kwh": 40}}),
        Block("b", shapely.box(50.1234, 0, 60, 10), 2, roof=Roof("gable", 42.5, 97.0)),
        Block("c", shapely.box(70, 0, 90, 12), 3, roof=Roof("mansard", 72.0, upper_pitch=28.0), plinth=0.6, knee=0.4, underground=2),
        Block("d", shapely.box(70, 20, 90, 32), 3, set_back=1.5, underground=1, underground_height=2.8),
        Block("e", shapely.box(0, 80, 9, 90), 3, base_rule="mean", reference=145.25, storey_uses=("gewerbe", "büro")),
        Block("f", shapely.box(0, 95, 9, 99), 1, attic_used=True, attic_rooms=32.5, counts_as="garage", dwellings=0),
        Block("g", shapely.box(20, 95, 40, 110), 4, set_back=0.5, set_backs=(2.0, 0.0, 1.25, 0.0)),
        Block("h", shapely.box(50, 95, 90, 110), 0, underground=1, use="tiefgarage", counts_as="unterbau"),
    ),
    ("DEMQ0001", "DEMQ0002"),
    "#E69F00",
    "Müller",
    "Ein Hof",
    "öffentlich",
    {"citizen": True},
    (
        OpenSpace("w", "path", shapely.box(0, 30, 4, 60), "Weg", 0.45, "nebenanlage", {"belag": "Kies"}),
        OpenSpace("p", "parking", shapely.box(10, 30, 40, 60)),
    ),
    (PlantedTree("t", (3.1234, 5.0), "Tilia cordata", 14.0, 8.5, {"pit": 12}),),
    (FelledTree((7.25, 8.5), {"reason": "sick"}), FelledTree((9.0, 1.0))),
    True,
)


def test_there_and_back_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "rand.geojson"
    variant_files.write(VARIANT, path, ORIGIN)
    back = variant_files.read(path, ORIGIN)
    assert store.variant_hash(back) == store.variant_hash(VARIANT)
    assert back == replace(VARIANT, blocks=back.blocks, open_spaces=back.open_spaces, planted=back.planted)
    assert back.planted == (replace(VARIANT.planted[0], position=pytest.approx((3.1234, 5.0), abs=1e-3)),)
    assert [replace(one, footprint=None) for one in back.blocks] == [replace(one, footprint=None) for one in VARIANT.blocks]
    assert [replace(one, shape=None) for one in back.open_spaces] == [replace(one, shape=None) for one in VARIANT.open_spaces]
    for mine, theirs in zip(VARIANT.open_spaces, back.open_spaces, strict=True):
        assert theirs.shape.equals_exact(mine.shape, 1e-3)
    assert back.blocks[0].properties == {"energy": {"kwh": 40}}
    assert (back.name, back.author, back.status, back.colour, back.removed) == (
        "Blockrand Süd",
        "Müller",
        "öffentlich",
        "#E69F00",
        VARIANT.removed,
    )
    variant_files.write(back, tmp_path / "again.geojson", ORIGIN)
    assert (tmp_path / "again.geojson").read_bytes() == path.read_bytes()


OLD = """{"type": "FeatureCollection", "schema": 1, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
 "id": "alt", "name": "Alt", "colour": "#0072B2", "author": "", "description": "", "status": "intern", "removed": ["B1"], "votes": 3,
 "features": [{"type": "Feature", "id": "a", "properties": {"note": "x", "id": "a", "name": "A", "storeys": 3, "base": null,
  "ground_floor_height": 4.0, "storey_height": 3.0, "roof": {"kind": "gable", "pitch": 40.0, "ridge": null, "parapet": 0.0}, "use": "wohnen"},
  "geometry": {"type": "Polygon", "coordinates": [[[681735, 5644970], [681745, 5644970], [681745, 5644980], [681735, 5644980], [681735, 5644970]]]}}]}"""
"""As the first versions wrote it."""


def test_files_of_the_first_schema_are_read(tmp_path: Path) -> None:
    path = tmp_path / "alt.geojson"
    path.write_text(OLD, encoding="utf-8")
    old = variant_files.read(path, ORIGIN)
    assert old.properties == {"votes": 3}
    assert old.blocks[0].properties == {"note": "x"}
    assert (old.open_spaces, old.planted, old.felled, old.locked) == ((), (), (), False)
    assert (old.blocks[0].base_rule, old.blocks[0].counts_as, old.blocks[0].dwellings) == ("lowest", "hauptanlage", None)
    variant_files.write(old, path, ORIGIN)
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == variant_files.SCHEMA
    assert store.variant_hash(variant_files.read(path, ORIGIN)) == store.variant_hash(old)


SECOND = """{"type": "FeatureCollection", "schema": 2, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
 "id": "zwei", "name": "Zwei", "colour": "#0072B2", "author": "", "description": "", "status": "intern", "removed": [], "locked": false,
 "features": [{"type": "Feature", "id": "a", "properties": {"jena_feature": "block", "id": "a", "name": "A", "storeys": 3, "base": null,
  "ground_floor_height": 4.0, "storey_height": 3.0, "roof": {"kind": "flat", "pitch": 0.0, "ridge": null, "parapet": 0.5, "upper_pitch": 30.0},
  "use": "wohnen", "plinth": 0.0, "knee": 0.0, "set_back": 2.0, "underground": 1, "underground_height": 3.0, "base_rule": "lowest",
  "reference": null, "storey_uses": [], "attic_used": false, "attic_rooms": null, "counts_as": "hauptanlage", "dwellings": 4},
  "geometry": {"type": "Polygon", "coordinates": [[[681735, 5644970], [681745, 5644970], [681745, 5644980], [681735, 5644980], [681735, 5644970]]]}}]}"""
"""As versions wrote it that knew one set-back for all sides."""


def test_files_of_the_second_schema_are_read(tmp_path: Path) -> None:
    path = tmp_path / "zwei.geojson"
    path.write_text(SECOND, encoding="utf-8")
    [block] = variant_files.read(path, ORIGIN).blocks
    assert block.properties == {}
    assert (block.set_back, block.set_backs, block.stands_back, block.counted) == (2.0, (), True, "hauptanlage")
    assert top_outlines(block)[0].equals(shapely.box(2, 2, 8, 8))


@pytest.mark.parametrize(
    "changed",
    [
        {"blocks": (replace(VARIANT.blocks[4], set_backs=(1.0, 0.0, 0.0, 0.0)),)},
        {"blocks": (replace(VARIANT.blocks[4], base_rule="highest"),)},
        {"blocks": (replace(VARIANT.blocks[4], storey_uses=()),)},
        {"blocks": (replace(VARIANT.blocks[4], attic_used=True),)},
        {"open_spaces": VARIANT.open_spaces[:1]},
        {"planted": ()},
        {"felled": VARIANT.felled[:1]},
    ],
)
def test_all_that_changes_a_number_changes_the_hash(changed: dict[str, Any]) -> None:
    one = replace(VARIANT, blocks=VARIANT.blocks[4:5])
    assert store.variant_hash(replace(one, **changed)) != store.variant_hash(one)


def test_gdal_reads_it_at_the_right_place(tmp_path: Path) -> None:
    import pyogrio

    variant_files.write(VARIANT, tmp_path / "v.geojson", ORIGIN)
    meta, _, shapes, _ = pyogrio.raw.read(tmp_path / "v.geojson")
    assert meta["crs"] == "EPSG:25832"
    assert shapely.from_wkb(shapes)[0].bounds == pytest.approx((681735, 5644970, 681765, 5644994))


def test_without_a_crs_it_is_longitude_and_latitude(tmp_path: Path) -> None:
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
    ring = [list(to_degrees.transform(681735 + x, 5644970 + y)) for x, y in shapely.box(0, 0, 30, 20).exterior.coords]
    content = {"type": "FeatureCollection", "features": [feature(ring, storeys=3)]}
    path = tmp_path / "v.geojson"
    path.write_text(json.dumps(content))
    [block] = variant_files.read(path, ORIGIN).blocks
    assert block.footprint.bounds == pytest.approx((0, 0, 30, 20), abs=1e-4)


def feature(ring: list[Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


RING = [[681735 + x, 5644970 + y] for x, y in shapely.box(0, 0, 30, 20).exterior.coords]
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"features": [feature(RING, storeys=-1)]}, "storeys = -1"),
        ({"features": [feature(RING, storeys=0)]}, "neither above ground nor below"),
        ({"features": [feature(RING, storeys=3, set_backs="2")]}, "no list of metres"),
        ({"features": [feature(RING, storeys=3, set_backs=[2, 0])]}, "2 set-backs for 4 edges"),
        ({"features": [feature(RING, storeys=3, set_backs=[2, 0, -1, 0])]}, "set back by -1 m"),
        ({"features": [feature(RING, storeys=2.5)]}, "storeys = 2.5"),
        ({"features": [feature(RING, storeys=True)]}, "storeys = True"),
        ({"features": [feature(RING)]}, "storeys is missing"),
        ({"features": [feature(RING, storeys=2, roof="dome")]}, "flat, gable, hip, half-hip, shed, mansard"),
        ({"features": [feature(RING, storeys=2, set_back=-1)]}, "set_back = -1"),
        ({"features": [feature(RING, storeys=2, underground=1.5)]}, "underground = 1.5"),
        ({"features": [feature(RING, storeys=2, roof={"kind": "gable", "pitch": 200})]}, "pitch = 200"),
        ({"features": [feature(RING, storeys=2, base="high")]}, "base = 'high'"),
        ({"features": [feature([[0, "x"], [1, 1], [2, 2]], storeys=2)]}, "no polygon of numbers"),
        ({"features": [feature([[float("nan"), 0], [1, 1], [2, 0], [0, 0]], storeys=2)]}, "no polygon of numbers"),
        ({"features": [{"type": "Feature", "properties": {"storeys": 1}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}, "is a Point"),
        ({"features": [feature(RING, storeys=2, id="a"), feature(RING, storeys=2, id="a")]}, "used twice"),
        ({"features": [feature(RING, storeys=2, base_rule="middle")]}, "Allowed: lowest, mean, highest"),
        ({"features": [feature(RING, storeys=2, storey_uses="wohnen")]}, "no list of uses"),
        ({"features": [feature(RING, jena_feature="open-space")]}, "does not say its kind"),
        ({"features": [feature(RING, jena_feature="open-space", kind="moor")]}, "kind = 'moor'"),
        ({"features": [feature(RING, jena_feature="open-space", kind="green", sealed=2)]}, "sealed = 2"),
        ({"features": [feature(RING, jena_feature="tree")]}, "A tree is a Point"),
        ({"features": [feature(RING, jena_feature="cloud")]}, "jena_feature = 'cloud'"),
        ({"locked": "yes"}, "locked = 'yes'"),
        ({"features": ["x"]}, "no polygon of numbers"),
        ({"features": 3}, "no GeoJSON FeatureCollection"),
        ({"type": "Feature"}, "no GeoJSON FeatureCollection"),
        ({"schema": 99}, "newer program"),
        ({"status": "secret"}, "entwurf, intern, öffentlich, beschlossen"),
        ({"removed": "DEMQ1"}, "not a list of gml:ids"),
        ({"name": 3}, "is no text"),
        ({"crs": {"type": "name", "properties": {"name": "martian"}}}, "no coordinate system"),
        ({"crs": 5}, "no coordinate system"),
    ],
)  # fmt: skip
def test_slips_are_named_with_file_and_feature(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    path = tmp_path / "v.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": CRS, "features": [], **changed}))
    with pytest.raises(InputProblem) as caught:
        variant_files.read(path, ORIGIN)
    assert words in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "v.geojson"
    path.write_bytes(content)
    with pytest.raises(InputProblem, match="not valid JSON"):
        variant_files.read(path, ORIGIN)


def test_a_byte_order_mark_is_no_obstacle_and_other_encodings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "v.geojson"
    variant_files.write(VARIANT, path, ORIGIN)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert variant_files.read(path, ORIGIN).name == "Blockrand Süd"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputProblem, match="not UTF-8"):
        variant_files.read(path, ORIGIN)


@pytest.mark.parametrize(
    ("changed", "words"), [({"colour": "red"}, '"#0072B2"'), ({"colour": "#12"}, '"#0072B2"'), ({"crs": None}, "look like metres")]
)
def test_likely_slips(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    content = {"type": "FeatureCollection", "crs": CRS, "features": [feature(RING, storeys=2)], **changed}
    path = tmp_path / "v.geojson"
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
    with pytest.raises(InputProblem, match=words):
        variant_files.read(path, ORIGIN)


def test_an_outline_that_crosses_itself_is_named_with_its_place(tmp_path: Path) -> None:
    tie = [[681735 + x, 5644970 + y] for x, y in ((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))]
    path = tmp_path / "v.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": CRS, "features": [feature(tie, storeys=2, name="Haus")]}))
    with pytest.raises(InputProblem, match=r"feature 1 \(Haus\): the outline crosses or touches itself near 681740.0 5644975.0"):
        variant_files.read(path, ORIGIN)


def test_a_crs_without_a_code_comes_back(tmp_path: Path) -> None:
    import pyproj

    own = Origin(
        pyproj.CRS.from_proj4("+proj=tmerc +lat_0=50.9 +lon_0=11.5 +x_0=1000 +y_0=1000 +ellps=GRS80 +units=m").to_wkt(), 1000, 1000
    )
    variant_files.write(VARIANT, tmp_path / "v.geojson", own)
    assert store.variant_hash(variant_files.read(tmp_path / "v.geojson", own)) == store.variant_hash(VARIANT)


@given(
    st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400), st.floats(3, 50), st.floats(3, 50)), min_size=1, max_size=5),
    st.integers(1, 30), st.floats(2, 6), st.floats(2, 5), st.text(max_size=20),
)  # fmt: skip
def test_any_variant_survives_to_a_tenth_of_a_millimetre(
    boxes: list[tuple[float, float, float, float]], storeys: int, ground: float, other: float, name: str
) -> None:
    import tempfile

    blocks = tuple(
        Block(str(k), shapely.box(x, y, x + w, y + d), storeys, name, None, ground, other) for k, (x, y, w, d) in enumerate(boxes)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.geojson"
        variant_files.write(Variant("v", name, blocks), path, ORIGIN)
        back = variant_files.read(path, ORIGIN)
    assert back.name == name
    for before, after in zip(blocks, back.blocks, strict=True):
        assert np.abs(shapely.get_coordinates(before.footprint) - shapely.get_coordinates(after.footprint)).max() <= 1e-4
        assert (before.storeys, before.name, before.ground_floor_height, before.storey_height) == (
            after.storeys, after.name, after.ground_floor_height, after.storey_height,
        )  # fmt: skip


def test_no_more_storeys_are_named_than_have_a_use_of_their_own() -> None:
    assert uses_with((), "wohnen", "büro", 1, 2) == ("wohnen", "büro", "büro")
    assert uses_with(("laden", "büro"), "wohnen", "wohnen", 1, 4) == ("laden",)
    assert uses_with(("laden",), "wohnen", "wohnen", 0, 0) == ()
    assert uses_below(("laden", "wohnen", "büro"), "wohnen", "büro") == ("laden",)
    assert uses_below(("laden", "wohnen", "wohnen", "büro"), "wohnen", "kita") == ("laden", "kita", "kita", "büro")
