"""Files that cannot be used: one clear sentence with where, what and what to do, and never a traceback."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from jena_planner.jena_city import citygml, terrain
from jena_planner.jena_city.check import check, kind
from jena_planner.jena_city.problems import InputProblem

from . import gml

X, Y, Z = gml.JENA
GOOD = gml.city(gml.box_building("B", X, Y, Z, 4, 4, 4))
BOMB = '<!DOCTYPE b [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{k} "{f"&a{k - 1 if k else str()};" * 10}">' for k in range(12)) + "]>"
EXTERNAL = '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def refusal(path: Path) -> InputProblem:
    with pytest.raises(InputProblem) as caught:
        citygml.read(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: ")
    assert "\n" not in sentence
    assert caught.value.what_to_do
    return caught.value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"hello", "not XML"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b'{"type": "CityJSON"}', "JSON"),
        (b"<html><body>404 Not Found</body></html>", "html"),
        (b'<?xml version="1.0" encoding="martian"?><a/>', "encoding"),
        (GOOD[:600].encode(), "too early"),
        (GOOD.encode()[:-20], "too early"),
        (GOOD.replace("</bldg:Building>", "</bldg:Bulding>").encode(), "not well-formed"),
        (b"\x00\x01\x02\x03" * 100, "not XML"),
        (GOOD.replace("<core:CityModel", BOMB + "<core:CityModel").encode(), "DOCTYPE"),
        (GOOD.replace("<core:CityModel", EXTERNAL + "<core:CityModel").replace("</bldg:Building>", "&x;</bldg:Building>").encode(), "DOCTYPE"),
        (b'<XPlanAuszug xmlns="http://www.xplanung.de/xplangml/5/4"/>', "XPlanGML"),
    ],
)  # fmt: skip
def test_what_is_no_citygml_is_refused_with_its_reason(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "tile.gml"
    path.write_bytes(content)
    assert words in refusal(path).what


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "nothing.gml").what
    assert "folder" in refusal(tmp_path).what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_access(tmp_path: Path) -> None:
    path = gml.write(tmp_path / "tile.gml", GOOD)
    path.chmod(0)
    assert "opened" in refusal(path).what


def test_no_file_outside_is_ever_opened(tmp_path: Path) -> None:
    """An external entity must not bring the content of another file in."""
    secret = tmp_path / "secret.txt"
    secret.write_text("681735 5644970 150")
    text = GOOD.replace("<core:CityModel", f'<!DOCTYPE b [<!ENTITY x SYSTEM "{secret.as_uri()}">]><core:CityModel')
    refusal(gml.write(tmp_path / "tile.gml", text))


def test_deep_nesting_ends_with_a_sentence(tmp_path: Path) -> None:
    deep = "<bldg:a>" * 5000 + "</bldg:a>" * 5000
    assert refusal(gml.write(tmp_path / "tile.gml", gml.city(gml.building("B", deep)))).what


def test_utf16_and_byte_order_marks_are_no_obstacle(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / "tile.gml"
        path.write_text(GOOD.replace('encoding="UTF-8"', f'encoding="{"UTF-16" if "16" in encoding else "UTF-8"}"'), encoding=encoding)
        assert citygml.read(path).building_count == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.gml", GOOD.encode(), "citygml"),
        ("a.txt", b"x y z\n1.0 2.0 3.0\n2.0 2.0 3.0\n1.0 3.0 3.0\n2.0 3.0 3.0\n", "terrain"),
        ("a.xml", b"681735.0,5644970.0,150.2\n681736.0,5644970.0,150.2\n681735.0,5644971.0,150.2\n681736.0,5644971.0,150.2\n", "terrain"),
        ("a.asc", b"ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n4 5 6\n", "terrain"),
    ],
)
def test_files_are_told_apart_by_their_content(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert kind(path) == expected


@pytest.mark.parametrize("content", [b"just words\nand more", b"OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n"])
def test_other_files_are_refused_by_check(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(InputProblem, match="neither CityGML, CityJSON nor terrain"):
        kind(path)


def test_a_damaged_picture_is_refused_by_check(tmp_path: Path) -> None:
    path = tmp_path / "thing"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    _, (refused,) = check([path])
    assert refused.what.startswith("the picture cannot be read")


def test_an_archive_that_was_cut_off_is_to_be_downloaded_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.writestr("a.gml", GOOD)
    path = tmp_path / "cut.zip"
    path.write_bytes((tmp_path / "whole.zip").read_bytes()[:-40])
    with pytest.raises(InputProblem, match="its end is missing"):
        kind(path)
    with pytest.raises(InputProblem, match="import it as it is"):
        kind(tmp_path / "whole.zip")


def test_check_goes_on_after_a_file_it_cannot_read(tmp_path: Path) -> None:
    good, bad = gml.write(tmp_path / "good.gml", GOOD), gml.write(tmp_path / "bad.gml", "<")
    report, unreadable = check([bad, good, tmp_path / "missing.gml"])
    assert report.buildings == 1
    assert len(unreadable) == 2
    assert [problem.code for problem in report.problems] == ["unreadable", "unreadable"]
    assert report.files == [str(bad), str(good), str(tmp_path / "missing.gml")]


def test_check_counts_a_building_of_two_tiles_in_each_and_says_so(tmp_path: Path) -> None:
    one, two = gml.write(tmp_path / "one.gml", GOOD), gml.write(tmp_path / "two.gml", GOOD)
    report, _ = check([one, two])
    assert (report.buildings, [problem.code for problem in report.problems]) == (2, ["duplicate-building"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html></html>", "no list of heights"),
        (b"1 2\n3 4\n", "not x, y and height"),
        (b"1 2 3\nfour five six\nseven eight nine\nten eleven twelve\n", "something else"),
        (b"1 2 3\n2 2 3\n", "only 2 points"),
        (b"1 1 5\n2 1 5\n3 1 5\n4 1 5\n", "on one line"),
        (b"1 1 5\n2 1.3 5\n3 2.1 5\n4.4 3.3 5\n5.1 7.7 5\n", "regular grid"),
        (b"0 0 1\n1 0 1\n900000 0 1\n0 1 1\n0 900000 1\n", "scattered"),
        (b"1 1 nan\n2 1 -9999999\n1 2 nan\n2 2 nan\n", "only 0 points"),
        (b"II*\0" + b"\0" * 100, "cannot be read as a raster"),
        (b"\0\0\0\0", "empty"),
        (b"\x01\x00\x02 1 2 3", "neither XYZ text nor GeoTIFF"),
    ],
)  # fmt: skip
def test_what_is_no_terrain_is_refused_with_its_reason(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "ground.xyz"
    path.write_bytes(content)
    with pytest.raises(InputProblem) as caught:
        terrain.read([path])
    assert words in caught.value.what
    assert str(caught.value).startswith(f"{path}: ")


def test_a_raster_whose_cells_make_no_sense_is_refused(tmp_path: Path) -> None:
    """One damaged byte made cells of 100 × 1e-303 m of it: square ones would be without number."""
    import rasterio
    from rasterio.transform import Affine

    for number, (width, height) in enumerate(((100.0, 1e-303), (1.0, 1e7), (1e300, 1.0))):
        path = tmp_path / f"{number}.tif"
        made = Affine(width, 0, 681735, 0, -height, 5644970)
        with rasterio.open(
            path, "w", driver="GTiff", width=4, height=4, count=1, dtype="float32", crs="EPSG:25832", transform=made
        ) as file:
            file.write(np.full((1, 4, 4), 150, np.float32))
        with pytest.raises(InputProblem) as caught:
            terrain.read([path])
        assert "cells" in caught.value.what or "nowhere on Earth" in caught.value.what


def test_a_plan_in_another_encoding_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.gml"
    path.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?><a xmlns="http://www.xplanung.de/xplangml/5/4">\xff\xfe\xff</a>')
    report, unreadable = check([path])
    assert [problem.code for problem in report.problems] == ["unreadable"]
    assert "damaged" in unreadable[0].what


def test_one_broken_polygon_does_not_cost_the_layer(tmp_path: Path) -> None:
    rings = ([[11.5, 50.9], [11.6, 50.9], [11.6, 51.0], [11.5, 50.9]], [[11.5, 50.9], [11.6, 50.9], [11.6, 51.0], [11.5, 50.8]])
    features = [
        {"type": "Feature", "properties": {"landuse": "forest"}, "geometry": {"type": "Polygon", "coordinates": [ring]}} for ring in rings
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report, unreadable = check([path])
    assert (report.features["areas"], unreadable) == (1, [])
    assert "1 of 2 features" in next(problem.message for problem in report.problems if problem.code == "wrong-geometry")
