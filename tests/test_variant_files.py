"""Variants as GeoJSON: both ways without loss, and every slip named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import store, variant_files
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.variant import Block, Roof, Variant

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
    ),
    ("DEMQ0001", "DEMQ0002"),
    "#E69F00",
    "Müller",
    "Ein Hof",
    "öffentlich",
    {"citizen": True},
)


def test_there_and_back_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "rand.geojson"
    variant_files.write(VARIANT, path, ORIGIN)
    back = variant_files.read(path, ORIGIN)
    assert store.variant_hash(back) == store.variant_hash(VARIANT)
    assert back.properties == {"citizen": True}
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
        ({"features": [feature(RING, storeys=0)]}, "storeys = 0"),
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
