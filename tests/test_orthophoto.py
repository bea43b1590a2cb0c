"""Aerial pictures: where every pixel lies, whatever the file, and what the scene makes of them."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from PIL import Image
from rasterio.transform import Affine, from_origin

from jena_planner.jena_city import check, gather, orthophoto, store
from jena_planner.jena_city.orthophoto import Orthophoto
from jena_planner.jena_city.problems import InputProblem, Report

from .site import ORIGIN, site

WEST, NORTH = ORIGIN.easting - 20, ORIGIN.northing + 15
WORLD = f"0.5\n0\n0\n-0.5\n{WEST + 0.25}\n{NORTH - 0.25}\n"
# A picture of 80 × 60 pixels of 0.5 m: each quarter another colour, so that a picture that lies mirrored or turned is seen.
COLOURS = {"nw": (200, 40, 40), "ne": (40, 180, 40), "sw": (40, 40, 200), "se": (220, 210, 60)}
MIDDLES = {"nw": (-10.0, 7.5), "ne": (10.0, 7.5), "sw": (-10.0, -7.5), "se": (10.0, -7.5)}


def quarters() -> Any:
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[:30, :40], pixels[:30, 40:], pixels[30:, :40], pixels[30:, 40:] = (COLOURS[k] for k in ("nw", "ne", "sw", "se"))
    return pixels


def geotiff(path: Path, pixels: Any, place: Any = None, crs: str = "EPSG:25832", **more: Any) -> Path:
    bands = np.moveaxis(pixels, 2, 0) if pixels.ndim == 3 else pixels[None]
    profile = {"driver": "GTiff", "count": len(bands), "dtype": str(bands.dtype), "height": bands.shape[1], "width": bands.shape[2], **more}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, "w", crs=crs, transform=place or from_origin(WEST, NORTH, 0.5, 0.5), **profile) as file:
            file.write(bands)
    return path


def colour(photo: Orthophoto, x: float, y: float) -> Any:
    """The colour at a place of the scene."""
    west, _, _, north = photo.bounds
    place = int((north - y) / photo.step), int((x - west) / photo.step)
    assert photo.covered[place]
    return photo.pixels[place].astype(int)


def read(*paths: Path, box: Any = None, **more: Any) -> Orthophoto:
    found = orthophoto.read(paths, ORIGIN, Report(), box, **more)
    assert found is not None
    return found


def holds(photo: Orthophoto, tolerance: int = 6) -> None:
    for name, middle in MIDDLES.items():
        assert colour(photo, *middle) == pytest.approx(COLOURS[name], abs=tolerance), name


def picture(path: Path, **more: Any) -> Path:
    Image.fromarray(quarters()).save(path, **more)
    return path


def test_a_geotiff_lies_the_right_way_round(tmp_path: Path) -> None:
    photo = read(geotiff(tmp_path / "dop.tif", quarters()))
    assert photo.bounds == pytest.approx((-20, -15, 20, 15))
    assert photo.step == 0.5
    assert photo.covered.all()
    holds(photo)


@pytest.mark.parametrize("kind", ["four-bands", "palette", "deep", "jpeg", "south-up", "turned"])
def test_every_way_of_keeping_colours(tmp_path: Path, kind: str) -> None:
    pixels, path = quarters(), tmp_path / "dop.tif"
    if kind == "four-bands":  # near infrared behind red, green and blue
        geotiff(path, np.dstack([pixels, np.full((60, 80), 255, np.uint8)]), photometric="RGB", alpha="unspecified")
    elif kind == "palette":
        index = np.repeat(np.repeat([[0, 1], [2, 3]], 30, 0), 40, 1).astype(np.uint8)
        geotiff(path, index, photometric="palette")
        with rasterio.open(path, "r+") as file:
            file.write_colormap(1, dict(enumerate((*one, 255) for one in COLOURS.values())))
    elif kind == "deep":  # 11 bits, as cameras deliver them
        geotiff(path, (pixels.astype(np.uint16) * 8 + 7))
    elif kind == "jpeg":
        geotiff(path, pixels, compress="jpeg", photometric="ycbcr")
    elif kind == "south-up":
        geotiff(path, pixels[::-1], Affine(0.5, 0, WEST, 0, 0.5, NORTH - 30))
    else:  # a quarter turn: columns run north
        geotiff(path, np.rot90(pixels, -1), Affine(0, 0.5, WEST, 0.5, 0, NORTH - 30))
    holds(read(path), 12)


@pytest.mark.parametrize(
    "name", ["dop.jpg/dop.jgw", "dop.JPG/dop.JGW", "dop.png/dop.pgw", "dop.png/dop.wld", "dop.tif/dop.tfw", "dop.jp2/dop.j2w"]
)
def test_pictures_with_a_world_file(tmp_path: Path, name: str) -> None:
    image, world = name.split("/")
    if image.endswith("jp2"):
        with rasterio.open(
            tmp_path / image, "w", driver="JP2OpenJPEG", count=3, dtype="uint8", width=80, height=60, QUALITY="100", REVERSIBLE="YES"
        ) as file:
            file.write(np.moveaxis(quarters(), 2, 0))
    else:
        picture(tmp_path / image)
    (tmp_path / world).write_text(WORLD, encoding="ascii")
    photo = read(tmp_path / image)
    assert photo.bounds == pytest.approx((-20, -15, 20, 15))
    holds(photo)


def test_a_picture_without_a_place_is_refused(tmp_path: Path) -> None:
    path = picture(tmp_path / "bild.jpg")
    with pytest.raises(InputProblem, match="no georeference"):
        read(path)
    assert check.kind(path) == "orthophoto"
    assert check.check([path])[1]
    (tmp_path / "bild.jgw").write_text("0.5\n0\n0\nx\n1\n2\n")
    with pytest.raises(InputProblem, match="six numbers"):
        read(path)


def test_heights_are_no_picture(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "dgm.tif", np.ones((5, 5), np.float32))
    with pytest.raises(InputProblem, match="heights"):
        read(path)
    assert check.kind(path) == "terrain"


def test_another_zone_is_warped_to_the_right_place(tmp_path: Path) -> None:
    """A picture in UTM 33, turned there by several degrees against UTM 32: its marks come out where PROJ puts them."""
    there = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True)
    x, y = there.transform(ORIGIN.easting, ORIGIN.northing)
    pixels = np.full((400, 400, 3), 90, np.uint8)
    marks = [(120, 80), (300, 90), (200, 310)]
    for row, column in marks:
        pixels[row - 4 : row + 5, column - 4 : column + 5] = (250, 30, 30)
    path = geotiff(tmp_path / "dop.tif", pixels, from_origin(x - 100, y + 100, 0.5, 0.5), crs="EPSG:25833")
    report = Report()
    photo = orthophoto.read([path], ORIGIN, report)
    assert photo is not None
    assert [problem.code for problem in report.problems] == ["orthophoto-reprojected"]
    for row, column in marks:
        e, n = there.transform(x - 100 + 0.5 * (column + 0.5), y + 100 - 0.5 * (row + 0.5), direction="INVERSE")
        east, north = e - ORIGIN.easting, n - ORIGIN.northing
        assert colour(photo, east, north) == pytest.approx((250, 30, 30), abs=12)
        assert colour(photo, east + 4, north) == pytest.approx((90, 90, 90), abs=12)
    assert not photo.covered[0, 0]  # a corner of the turned picture's box


def test_tiles_are_joined_without_a_seam_and_the_first_one_counts(tmp_path: Path) -> None:
    grey = np.full((60, 40, 3), 120, np.uint8)
    a = geotiff(tmp_path / "a.tif", grey)
    b = geotiff(tmp_path / "b.tif", grey, from_origin(WEST + 20, NORTH, 0.5, 0.5))
    other = geotiff(tmp_path / "c.tif", np.full((60, 80, 3), 250, np.uint8))
    photo = read(a, b, other)
    assert photo.bounds == pytest.approx((-20, -15, 20, 15))
    assert photo.covered.all()
    assert np.abs(photo.pixels.astype(int) - 120).max() <= 3


def test_only_the_site_is_kept_and_a_budget_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = geotiff(tmp_path / "dop.tif", quarters())
    west, south, east, north = read(path, box=(-10, -5, 12, 9)).bounds
    assert (west, south, east, north) == pytest.approx((-10, -5, 12, 9), abs=0.5)
    monkeypatch.setattr(orthophoto, "MOST", 20)
    report = Report()
    photo = orthophoto.read([path], ORIGIN, report)
    assert photo is not None
    assert max(photo.covered.shape) <= 20
    holds(photo, 12)
    assert "2.00 m" in report.problems[0].message
    assert orthophoto.read([path], ORIGIN, report, (1000, 1000, 1100, 1100)) is None
    assert report.problems[-1].code == "outside-box"


def test_nodata_and_palettes_leave_holes(tmp_path: Path) -> None:
    pixels = quarters()
    pixels[:20, :20] = 0
    photo = read(geotiff(tmp_path / "dop.tif", pixels, nodata=0))
    assert not photo.covered[:19, :19].any()
    assert photo.covered[21:].all()


def test_whose_it_is_stands_beside_it(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "dop.tif", quarters())
    (tmp_path / "dop.toml").write_text(
        'source = "© Amt"\nlicence = "dl-de/by-2-0"\ndate = 2023-05-01\nurl = "https://amt.example"\n', "utf-8"
    )
    assert read(path).source == "© Amt, dl-de/by-2-0 (2023-05-01) https://amt.example"
    (tmp_path / "dop.toml").write_text("source = ", "utf-8")
    report = Report()
    assert orthophoto.read([path], ORIGIN, report).source == ""  # type: ignore[union-attr]
    assert report.problems[0].code == "side-file"


def test_in_folders_only_pictures_with_a_place_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "daten"
    folder.mkdir()
    picture(folder / "textur.jpg")
    placed = picture(folder / "dop.jpg")
    (folder / "dop.jgw").write_text(WORLD)
    (folder / "dop.jpg.aux.xml").write_text("<PAMDataset></PAMDataset>")
    assert list(gather.gathered([folder], tmp_path / "out")) == [placed]


def test_a_site_keeps_its_picture_and_its_numbers_stay_true(tmp_path: Path) -> None:
    place = site(tmp_path, (0, 0, 20, 10, 8))
    before = store.site_hash(place)
    place.orthophoto = read(geotiff(tmp_path / "dop.tif", quarters()))
    assert store.site_hash(place) == before
    assert store.looks_hash(place)
    store.save_site(place, tmp_path / "data")
    found = store.load_site(tmp_path / "data")
    assert found.orthophoto is not None
    assert (found.orthophoto.bounds, found.orthophoto.jpeg) == (place.orthophoto.bounds, place.orthophoto.jpeg)


@pytest.mark.needs("bpy")
def test_in_the_scene_it_lies_where_it_is_and_can_be_taken_off(tmp_path: Path) -> None:
    import bpy

    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.scene import builder, shapes

    place = site(tmp_path, (0, 0, 5, 5, 8))
    place.orthophoto = read(geotiff(tmp_path / "dop.tif", quarters()))
    ready = shapes.town(place, [apply(place, NULL_VARIANT)])
    ground = ready.ground
    assert ground is not None and ground.photo is not None
    seen = np.asarray(Image.open(io.BytesIO(ground.photo)).convert("RGB")).astype(int)
    uv, slots = dict(ground.terrain.uvs)["orthophoto"], ground.terrain.slots
    assert slots is not None
    middle = ground.terrain.vertices[ground.terrain.triangles].mean(axis=1)
    for name, (x, y) in MIDDLES.items():
        face = int(np.argmin(np.hypot(middle[:, 0] - x, middle[:, 1] - y)))
        assert slots[face] == 1
        u, v = uv[3 * face : 3 * face + 3].mean(axis=0)
        assert seen[int((1 - v) * len(seen)), int(u * seen.shape[1])] == pytest.approx(COLOURS[name], abs=12)
    assert (slots[np.abs(middle[:, :2]).max(axis=1) > 26] == 0).all()
    builder.clear()
    builder.build(ready)
    land = bpy.data.objects["Gelände"].data
    nodes = land.materials[1].node_tree.nodes
    for shown, layer, image in ((True, "orthophoto", "Luftbild"), (False, "landcover", "Landbedeckung"), (True, "orthophoto", "Luftbild")):
        builder.show_photo(bpy.context.scene, shown)
        assert land.uv_layers.active.name == layer
        assert land.uv_layers[layer].active_render
        assert nodes.active.image.name == image
        surface = next(node for node in nodes if node.bl_idname == "ShaderNodeBsdfDiffuse")
        assert surface.inputs["Color"].links[0].from_node.image.name == image


@pytest.mark.needs("data")
def test_real_pictures_are_read_or_refused_with_a_reason(data: Path) -> None:
    report, unreadable = check.check(sorted((data / "ortho").rglob("*.*g*")) + [data / "ortho/rasterio__rasterio/RGB.byte.tif"])
    assert report.features["orthophoto"] == 1
    assert any("no georeference" in problem.what for problem in unreadable)
