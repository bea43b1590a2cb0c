"""Colours and textures: what a file says of the look of its surfaces is on those surfaces, the right way round; what is missing is said."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jena_planner.jena_city import atlas, buildings, check, gather, imported, project, store, textures
from jena_planner.jena_city.appearance import Appearance, Texture
from jena_planner.jena_city.model import CityModel, merged
from jena_planner.jena_city.site import Site

from . import gml

X, Y, Z = gml.JENA
APP = {"1.0": "1.0", "2.0": "2.0", "3.0": "3.0"}
PIXELS = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], np.uint8)  # above red, green; below blue, yellow


def picture(path: Path, pixels: Any = PIXELS, kind: str = "PNG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, kind)
    return path


def wall(name: str = "W", ring: str = "R", hole: bool = False) -> str:
    """A wall 4 m wide and 3 m high that looks south, with ids of polygon and rings."""

    def closed(*corners: tuple[float, float]) -> str:
        return gml.pos_list([(X + x, Y, Z + z) for x, z in (*corners, corners[0])])

    inner = f'<gml:interior><gml:LinearRing gml:id="{ring}-hole">{closed((1, 1), (1, 2), (2, 2), (2, 1))}</gml:LinearRing></gml:interior>'
    outer = f'<gml:LinearRing gml:id="{ring}">{closed((0, 0), (4, 0), (4, 3), (0, 3))}</gml:LinearRing>'
    return f'<gml:Polygon gml:id="{name}"><gml:exterior>{outer}</gml:exterior>{inner if hole else ""}</gml:Polygon>'


def city(folder: Path, appearance: str, version: str = "2.0", *, surface: str = "", name: str = "t.gml", inside: bool = False) -> Path:
    """A file with one building of one wall. inside : the appearance is the building's own."""
    face = gml.member(surface or wall())
    kind = "core:boundary", "con:WallSurface", "core:lod2MultiSurface"
    if version != "3.0":
        kind = "bldg:boundedBy", "bldg:WallSurface", "bldg:lod2MultiSurface"
    body = f'<{kind[1]}><{kind[2]}><gml:MultiSurface gml:id="M">{face}</gml:MultiSurface></{kind[2]}></{kind[1]}>'
    space = f"http://www.opengis.net/citygml/appearance/{APP[version]}"
    within = {"1.0": "app:appearance", "2.0": "app:appearance", "3.0": "core:appearance"}[version]
    outside = {"1.0": "app:appearanceMember", "2.0": "app:appearanceMember", "3.0": "core:appearanceMember"}[version]
    if version != "3.0":
        outside = "core:appearanceMember"
    own = f"<{within}>{appearance}</{within}>" if inside else ""
    text = gml.city(f'<bldg:Building gml:id="B">{own}<{kind[0]}>{body}</{kind[0]}></bldg:Building>', version=version)
    text = text.replace("<core:CityModel", f'<core:CityModel xmlns:app="{space}"', 1)
    if not inside:
        text = text.replace("</core:CityModel>", f"<{outside}>{appearance}</{outside}></core:CityModel>")
    assert space in text
    return gml.write(folder / name, text)


def themed(*data: str, theme: str = "photo", version: str = "2.0") -> str:
    word = "app:surfaceData" if version == "3.0" else "app:surfaceDataMember"
    return f"<app:Appearance><app:theme>{theme}</app:theme>{''.join(f'<{word}>{one}</{word}>' for one in data)}</app:Appearance>"


def colour(target: str, words: str = "1 0 0") -> str:
    return f"<app:X3DMaterial><app:diffuseColor>{words}</app:diffuseColor><app:target>#{target}</app:target></app:X3DMaterial>"


SQUARE = "0 0 1 0 1 1 0 1 0 0"


def texture(name: str = "a.png", target: str = "W", ring: str = "R", given: str = SQUARE, version: str = "2.0", wrap: str = "wrap") -> str:
    if version == "3.0":
        inner = f"<app:TexCoordList><app:textureCoordinates>{given}</app:textureCoordinates><app:ring>#{ring}</app:ring></app:TexCoordList>"
        inner = f"<app:textureParameterization>{inner}</app:textureParameterization>"
        aim = f"<app:TextureAssociation><app:target>#{target}</app:target>{inner}</app:TextureAssociation>"
        aim = f"<app:textureParameterization>{aim}</app:textureParameterization>"
    else:
        inner = f'<app:textureCoordinates ring="#{ring}">{given}</app:textureCoordinates>'
        aim = f'<app:target uri="#{target}"><app:TexCoordList>{inner}</app:TexCoordList></app:target>'
    uri = f"<app:imageURI>{name}</app:imageURI><app:wrapMode>{wrap}</app:wrapMode>"
    return f"<app:ParameterizedTexture>{uri}{aim}</app:ParameterizedTexture>"


def read(path: Path, **more: Any) -> CityModel:
    return buildings.read_many([path], **more)


def codes(model: CityModel) -> list[str]:
    return [one.code for one in model.report.problems if one.code.startswith(("texture", "appearance"))]


def laid(model: CityModel) -> dict[tuple[float, float], tuple[float, float]]:
    """Where on the wall (metres along and up) which texture coordinates are."""
    assert model.appearance is not None
    places = np.round(model.points[:, [0, 2]] + [model.origin.easting - X, -Z], 3)
    return {
        tuple(place): tuple(uv)
        for place, uv in zip(places.tolist(), np.round(model.appearance.uv.astype(np.float64), 4).tolist(), strict=True)
    }


CORNERS = {(0, 0): (0, 0), (4, 0): (1, 0), (4, 3): (1, 1), (0, 3): (0, 1)}


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_a_texture_lies_on_its_wall_in_each_version(tmp_path: Path, version: str, inside: bool) -> None:
    picture(tmp_path / "a.png")
    model = read(city(tmp_path, themed(texture(version=version), version=version), version, inside=inside))
    assert model.appearance is not None
    assert laid(model) == CORNERS
    [kept] = model.appearance.textures
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(kept.image)).convert("RGB")), PIXELS)
    assert codes(model) == []


def test_the_ring_that_coordinates_name_is_theirs_also_where_it_is_a_hole(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    both = texture().replace(
        "</app:TexCoordList>",
        '<app:textureCoordinates ring="#R-hole">.25 .33 .25 .66 .5 .66 .5 .33 .25 .33</app:textureCoordinates></app:TexCoordList>',
    )
    found = laid(read(city(tmp_path, themed(both), surface=wall(hole=True))))
    assert found == {**CORNERS, (1, 1): (0.25, 0.33), (1, 2): (0.25, 0.66), (2, 2): (0.5, 0.66), (2, 1): (0.5, 0.33)}


def test_a_target_may_be_what_the_wall_is_part_of(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    assert laid(read(city(tmp_path, themed(texture(target="M"))))) == CORNERS
    model = read(city(tmp_path, themed(colour("M"), colour("elsewhere", "0 0 1")), name="c.gml"))
    assert model.appearance is not None
    assert [model.appearance.colours[number] for number in model.appearance.surface_colour] == ["#ff0000"]


def test_a_face_turned_round_keeps_its_picture_in_place(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    turned = f'<gml:OrientableSurface orientation="-"><gml:baseSurface>{wall()}</gml:baseSurface></gml:OrientableSurface>'
    straight, round_ = read(city(tmp_path, themed(texture()))), read(city(tmp_path, themed(texture()), surface=turned, name="o.gml"))
    assert laid(straight) == laid(round_) == CORNERS
    assert not np.array_equal(straight.points, round_.points)


def test_a_matrix_and_a_picture_on_the_map_lie_where_they_say(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    matrix = f"<app:worldToTexture>0.25 0 0 {-X / 4} 0 0 0.5 {-Z / 2} 0 0 0 1</app:worldToTexture>"
    made = f'<app:target uri="#W"><app:TexCoordGen>{matrix}</app:TexCoordGen></app:target>'
    generated = f"<app:ParameterizedTexture><app:imageURI>a.png</app:imageURI>{made}</app:ParameterizedTexture>"
    assert laid(read(city(tmp_path, themed(generated)))) == {(0, 0): (0, 0), (4, 0): (1, 0), (4, 3): (1, 1.5), (0, 3): (0, 1.5)}
    corners = [(X + x, Y + y, Z) for x, y in ((0, 0), (0, 8), (8, 8), (8, 0), (0, 0))]
    roof = gml.polygon(corners, gml_id="W")
    place = f"<app:referencePoint><gml:Point><gml:pos>{X + 2} {Y + 6}</gml:pos></gml:Point></app:referencePoint>"
    on_map = f"<app:GeoreferencedTexture><app:imageURI>a.png</app:imageURI>{place}<app:orientation>4 0 0 -4</app:orientation>"
    on_map += "<app:target>#W</app:target></app:GeoreferencedTexture>"
    model = read(city(tmp_path, themed(on_map), surface=roof, name="g.gml"))
    assert model.appearance is not None
    east, north = (model.points[:, :2] + [model.origin.easting - X, model.origin.northing - Y]).T
    assert np.allclose(model.appearance.uv, np.column_stack([east / 8, north / 8]))
    (tmp_path / "a.pgw").write_text(f"2\n0\n0\n-2\n{X + 1}\n{Y + 7}\n")
    model = read(city(tmp_path, themed(on_map), surface=roof, name="w.gml"))
    assert model.appearance is not None
    assert np.allclose(model.appearance.uv.max(axis=0), [2, 1])
    bare = on_map.replace("orientation>", "other>").replace("a.png", "b.png")
    assert codes(read(city(tmp_path, themed(bare), surface=roof, name="n.gml"))) == ["texture-not-placed"]


def test_of_several_themes_the_one_with_most_textures_is_shown_and_the_others_named(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    model = read(city(tmp_path, themed(colour("W"), theme="solar") + "</core:appearanceMember><core:appearanceMember>" + themed(texture())))
    assert model.appearance is not None
    assert (model.appearance.surface_texture.tolist(), model.appearance.colours) == ([0], [])
    [problem] = [one for one in model.report.problems if one.code == "appearance-themes"]
    assert problem.message == "surfaces have several looks (themes); photo is shown, left out: solar"


def test_one_grey_for_all_is_no_look(tmp_path: Path) -> None:
    assert read(city(tmp_path, themed(colour("W", "0.9 0.9 0.91")))).appearance is None
    assert read(city(tmp_path, themed(colour("W", "0.9 0.5 0.4")), name="c.gml")).appearance is not None


def test_coordinates_that_do_not_fit_leave_the_wall_bare_and_are_counted(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    for number, given in enumerate(("0 0 1 0 1 1", "0 0 1 0 1 1 0 one 0 0", "0 0 1 0 1 1 0 1 0 0 7")):
        model = read(city(tmp_path, themed(texture(given=given)), name=f"{number}.gml"))
        assert codes(model) == ["texture-coordinates"]
        assert model.appearance is None or not model.appearance.shown


def test_missing_pictures_are_counted_and_the_first_few_named(tmp_path: Path) -> None:
    many = [texture(f"there is no {number}.jpg", target=f"W{number}", ring=f"R{number}") for number in range(7)]
    walls = "</gml:surfaceMember><gml:surfaceMember>".join(wall(f"W{number}", f"R{number}") for number in range(7))
    path = city(tmp_path, themed(*many), surface=walls)
    model = read(path)
    assert model.building_count == 1
    [problem] = [one for one in model.report.problems if one.code == "texture-missing"]
    assert problem.message.startswith("7 of 7 pictures of textures are not there: there is no 0.jpg, ")
    assert "4.jpg …" in problem.message and "5.jpg" not in problem.message
    report, unreadable = check.check([path])
    assert not unreadable and "texture-missing" in [one.code for one in report.problems]


def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = picture(tmp_path / "secret.png")
    folder = tmp_path / "tile"
    folder.mkdir()
    (folder / "link.png").symlink_to(outside)
    names = ("../secret.png", "..\\secret.png", "%2e%2e/secret.png", str(outside), "file://" + str(outside), "https://example.org/a.png")
    for number, name in enumerate((*names, "C:\\secret.png", "link.png", "a/../../secret.png")):
        model = read(city(folder, themed(texture(name)), name=f"{number}.gml"))
        assert codes(model) == ["texture-refused"], name
        assert model.appearance is not None and not model.appearance.shown


def test_damaged_and_huge_pictures_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = picture(tmp_path / "whole.png", np.zeros((200, 200, 3), np.uint8)).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "words.png").write_text("no picture")
    for name in ("half.png", "empty.png", "words.png"):
        assert codes(read(city(tmp_path, themed(texture(name))))) == ["texture-damaged"], name
    monkeypatch.setattr(textures, "HUGE", 39_999)
    assert codes(read(city(tmp_path, themed(texture("whole.png"))))) == ["texture-huge"]


def test_pictures_are_found_in_other_spellings(tmp_path: Path) -> None:
    picture(tmp_path / "looks" / "My Wall.PNG")
    for number, name in enumerate(("looks/my_wall.png", "looks\\My%20Wall.PNG", "./looks/My Wall.png")):
        model = read(city(tmp_path, themed(texture(name)), name=f"{number}.gml"))
        assert codes(model) == [] and model.appearance is not None and model.appearance.shown, name


def test_pictures_together_too_large_are_made_smaller_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "a.png", np.zeros((100, 100, 3), np.uint8))
    path = city(tmp_path, themed(texture()))
    monkeypatch.setattr(textures, "MOST", 2500)
    model = read(path)
    assert model.appearance is not None
    assert model.appearance.textures[0].size == (50, 50)
    assert [one.message for one in model.report.problems if one.code == "textures-reduced"] == [
        "the pictures of textures were made smaller, to 50 % of their length: together they are too large"
    ]


def test_several_tiles_keep_their_looks(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    plain = gml.write(tmp_path / "p.gml", gml.city(gml.box_building("P", X + 50, Y, Z, 10, 10, 5)))
    model = buildings.read_many([plain, city(tmp_path, themed(texture()))])
    assert model.appearance is not None
    assert np.count_nonzero(model.appearance.surface_texture >= 0) == 1
    wall_ = model.surface_building[model.appearance.surface_texture >= 0]
    assert model.building_id[int(wall_[0])] == "B"
    alone = model.selected(np.array([name == "B" for name in model.building_id]))
    assert laid(alone) == CORNERS
    assert merged([alone, alone], model.origin).appearance is not None
    assert buildings.read_many([plain]).appearance is None


def test_a_site_keeps_its_pictures_once_and_no_number_depends_on_them(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    walls = "</gml:surfaceMember><gml:surfaceMember>".join(wall(f"W{number}", f"R{number}") for number in range(2))
    path = city(tmp_path, themed(*(texture(f"{name}.png", f"W{n}", f"R{n}") for n, name in enumerate("ab"))), surface=walls)
    model = read(path)
    place = Site(model.origin, model)
    store.save_site(place, tmp_path / "data")
    back = store.load_site(tmp_path / "data")
    look, again = model.appearance, back.city.appearance
    assert look is not None and again is not None
    assert again.textures == look.textures and np.array_equal(again.uv, look.uv, equal_nan=True)
    assert len(list((tmp_path / "data").glob("appearance-*.npz"))) == 1
    with np.load(next((tmp_path / "data").glob("appearance-*.npz"))) as file:
        assert len(file["starts"]) == 2  # the same picture twice
    bare = Site(model.origin, textures.without(model))
    assert store.site_hash(bare) == store.site_hash(place)
    assert store.looks_hash(bare) == "" != store.looks_hash(place)
    store.save_city(model, tmp_path / "one.npz")
    assert laid(store.load_city(tmp_path / "one.npz")) == laid(model)


def test_pictures_come_out_of_a_zip_with_their_tile(tmp_path: Path) -> None:
    picture(tmp_path / "looks" / "a.jpg", kind="JPEG")
    path = city(tmp_path, themed(texture("looks/a.jpg")))
    with zipfile.ZipFile(tmp_path / "tile.zip", "w") as archive:
        archive.write(path, "lod2/t.gml")
        archive.write(tmp_path / "looks" / "a.jpg", "lod2/looks/a.jpg")
    [found] = gather.gathered([tmp_path / "tile.zip"], tmp_path / "out")
    model = read(found)
    assert model.appearance is not None and model.appearance.shown and codes(model) == []


def test_a_project_may_do_without_and_sees_pictures_that_come_later(tmp_path: Path) -> None:
    city(
        tmp_path,
        themed(texture()),
        surface=gml.polygon([(X, Y, Z), (X, Y + 9, Z), (X + 9, Y + 9, Z), (X + 9, Y, Z), (X, Y, Z)], gml_id="W"),
    )
    text = 'schema = 1\n[project]\nname = "T"\n[data]\nbuildings = ["t.gml"]\ntextures = {}\n'
    (tmp_path / "project.toml").write_text(text.format("true"))

    def site() -> CityModel:
        _folder, content = project.read(tmp_path)
        return imported.imported(content, tmp_path, lambda _share, _what: None).site.city

    look = site().appearance
    assert look is not None and not look.shown
    picture(tmp_path / "a.png")
    look = site().appearance
    assert look is not None and look.shown
    (tmp_path / "project.toml").write_text(text.format("false"))
    assert site().appearance is None


def cityjson(path: Path, **geometry: Any) -> Path:
    appearance = {
        "materials": [{"name": "red", "diffuseColor": [1, 0, 0]}],
        "textures": [{"type": "PNG", "image": "a.png", "wrapMode": "mirror"}],
        "vertices-texture": [[0, 0], [1, 0], [1, 1], [0, 1]],
    }
    square = [[[0, 1, 2, 3]], [[3, 2, 1, 0]]]
    town = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [1, 1, 1], "translate": [X, Y, Z]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/25832"},
        "CityObjects": {
            "B": {"type": "Building", "geometry": [{"type": "MultiSurface", "lod": "2", "boundaries": square[:1], **geometry}]}
        },
        "vertices": [[0, 0, 0], [4, 0, 0], [4, 0, 3], [0, 0, 3]],
        "appearance": appearance,
    }
    path.write_text(json.dumps(town))
    return path


def test_cityjson_has_materials_and_textures(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    both = {"material": {"x": {"value": 0}}, "texture": {"x": {"values": [[[0, 0, 1, 2, 3]]]}}}
    model = read(cityjson(tmp_path / "a.json", **both))
    assert laid(model) == CORNERS
    look = model.appearance
    assert look is not None and look.colours == ["#ff0000"] and look.textures[0].wrap == "mirror" and look.shown
    each = read(cityjson(tmp_path / "b.json", material={"x": {"values": [0]}}))
    assert each.appearance is not None and each.appearance.surface_colour.tolist() == [0]
    for number, wrong in enumerate(({"x": {"value": 7}}, {"x": {"values": "no"}}, {"x": 3}, [], {"x": {"values": [None]}})):
        assert read(cityjson(tmp_path / f"w{number}.json", material=wrong)).appearance is None
    for number, wrong in enumerate(
        ({"x": {"values": [[[0, 0, 1, 2, 9]]]}}, {"x": {"values": [[[0, 0, 1]]]}}, {"x": {"values": [[[None]]]}})
    ):
        model = read(cityjson(tmp_path / f"t{number}.json", texture=wrong))
        assert len(model.surface_id) == 1 and (model.appearance is None or not model.appearance.shown)


@pytest.mark.needs("data")
def test_real_files_show_what_is_there_of_their_pictures(data: Path) -> None:
    [path] = (data / "citygml/berlin/Test").glob("*.gml")
    model = read(path)
    assert model.appearance is not None
    assert (np.count_nonzero(model.appearance.surface_texture >= 0), len(model.surface_id)) == (18, 19)
    assert codes(model) == ["appearance-themes"]
    model = read(next((data / "citygml/plateau").rglob("52397519_bldg_6697_op.gml")))
    assert model.appearance is not None and sum(bool(one.image) for one in model.appearance.textures) == 3


QUADRANTS = np.repeat(np.repeat(PIXELS, 32, axis=0), 32, axis=1)  # 64 by 64


def looks_of(textures_: list[Any], squares: list[tuple[int, float, float, float, float]]) -> tuple[Any, Any, Any]:
    """An Appearance of squares, each with a texture and the coordinates west, south, east, north; with triangles and their surfaces."""
    uv, triangles = [], []
    for number, (_, u0, v0, u1, v1) in enumerate(squares):
        uv += [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
        triangles += [(4 * number, 4 * number + 1, 4 * number + 2), (4 * number, 4 * number + 2, 4 * number + 3)]
    texture = np.array([one[0] for one in squares], np.int32)
    look = Appearance(np.full(len(squares), -1, np.int32), texture, np.array(uv, np.float32), [], textures_)
    return look, np.array(triangles, np.int32), np.repeat(np.arange(len(squares)), 2)


def packed(pixels: Any, wrap: str = "repeat", name: str = "a") -> Texture:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Texture(name, wrap, image=file.getvalue(), size=(pixels.shape[1], pixels.shape[0]))


def seen(sheets: Any, uv: Any, sheet: Any, triangle: int, share: tuple[float, float, float]) -> Any:
    """The colour on its sheet of a point in a triangle, as red, green and blue each there or not."""
    pixels = np.asarray(Image.open(io.BytesIO(sheets[sheet[triangle]].jpeg)))
    u, v = np.array(share) @ uv[triangle]
    rows, columns = pixels.shape[:2]
    return (pixels[min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1)] > 128).tolist()


def in_the_picture(u: float, v: float, wrap: str) -> Any:
    """What a 2 by 2 picture shows there."""
    place = []
    for one in (u, v):
        turn = np.floor(one)
        within = np.clip(one, 0, 0.999) if wrap == "clamp" else one - turn
        place.append(1 - within if wrap == "mirror" and turn % 2 else within)
    return (PIXELS[int(place[1] < 0.5), int(place[0] >= 0.5)] > 128).tolist()


@pytest.mark.parametrize("factor", [1.0, 0.5])
@pytest.mark.parametrize("wrap", ["repeat", "mirror", "clamp"])
def test_sheets_show_what_the_pictures_would(wrap: str, factor: float) -> None:
    squares = [(0, 0, 0, 1, 1), (0, 0.1, 0.2, 0.9, 0.7), (0, -3.2, -1.1, 0.4, 2.3), (0, 5, -7, 5.6, -6.2), (0, 1, 1, 0, 0), (0, 0, 0, 7, 3)]
    look, triangles, surface = looks_of([packed(QUADRANTS, wrap)], squares)
    sheets, uv, sheet = atlas.sheets(look, atlas.pieces(look, triangles, surface), factor)
    random = np.random.default_rng(1)
    for triangle in range(len(triangles)):
        for share in random.dirichlet((1, 1, 1), 40):
            u, v = share @ look.uv[triangles[triangle]].astype(np.float64)
            if min(abs(2 * u - round(2 * u)), abs(2 * v - round(2 * v))) > 0.15:  # not where two colours meet
                assert seen(sheets, uv, sheet, triangle, tuple(share)) == in_the_picture(u, v, wrap), (squares[triangle // 2], u, v)


def test_a_patch_has_a_rim_so_that_no_neighbour_shines_through() -> None:
    colours = [np.full((9 + 7 * number, 20, 3), value, np.uint8) for number, value in enumerate((0, 255, 0, 255))]
    look, triangles, surface = looks_of([packed(one, name=str(k)) for k, one in enumerate(colours)], [(k, 0, 0, 1, 1) for k in range(4)])
    sheets, uv, sheet = atlas.sheets(look, atlas.pieces(look, triangles, surface), 1.0)
    for k in range(4):
        pixels = np.asarray(Image.open(io.BytesIO(sheets[sheet[2 * k]].jpeg)))[:, :, 0]
        rows, columns = pixels.shape
        corners = uv[2 * k : 2 * k + 2].reshape(-1, 2)
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        top, left, bottom, right = (1 - north) * rows, west * columns, (1 - south) * rows, east * columns
        around = pixels[round(top) - 3 : round(bottom) + 3, round(left) - 3 : round(right) + 3]
        assert np.ptp(around) < 40 and abs(int(around.mean()) - colours[k][0, 0, 0]) < 20


def test_many_pictures_go_on_several_sheets_none_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "SIDE", 128)
    monkeypatch.setattr(atlas, "MOST", 4 * 128 * 128)
    look, triangles, surface = looks_of([packed(QUADRANTS, name=str(k)) for k in range(30)], [(k, 0, 0, 1, 1) for k in range(30)])
    used = atlas.pieces(look, triangles, surface)
    factor = atlas.scale([used])
    assert factor < 1
    sheets, uv, sheet = atlas.sheets(look, used, factor)
    assert 1 < len(sheets) <= 10 and all(max(one.size) <= 128 for one in sheets)
    for triangle in range(len(triangles)):
        assert seen(sheets, uv, sheet, triangle, (0.1, 0.8, 0.1)) == in_the_picture(0.9, 0.1, "repeat") or triangle % 2


@pytest.mark.needs("bpy")
def test_blender_shows_them_on_the_houses_and_takes_them_off(tmp_path: Path) -> None:
    import bpy

    from jena_planner import scene
    from jena_planner.jena_city.applied import apply
    from jena_planner.jena_city.variant import NULL_VARIANT
    from jena_planner.scene import builder, demolition, shapes

    picture(tmp_path / "a.png", QUADRANTS)
    path = city(
        tmp_path, themed(texture(), colour("C", "0 0 1")), surface=wall() + "</gml:surfaceMember><gml:surfaceMember>" + wall("C", "D")
    )
    plain = gml.write(tmp_path / "p.gml", gml.city(gml.box_building("P", X + 50, Y, Z, 10, 10, 5)))
    model = buildings.read_many([path, plain])
    site = Site(model.origin, model)
    scene.register()
    try:
        builder.clear()
        town = shapes.town(site, [apply(site, NULL_VARIANT)])
        made = builder.build(town)
        world = bpy.context.scene
        [house] = [one for one in made.context if one.name == shapes.BESTAND]

        def materials_shown() -> set[str]:
            return {house.data.materials[face.material_index].name for face in house.data.polygons}

        usual = {"Wände", "Dächer flach", "Böden"}
        assert builder.has_looks(world)
        assert materials_shown() == {*usual, "Textur 1", "Farbe #0000ff"}
        builder.show_looks(world, False)
        assert materials_shown() == usual
        builder.show_looks(world, True)

        image = bpy.data.images["Textur 1"]
        pixels = np.array(image.pixels[:], np.float32).reshape(image.size[1], image.size[0], -1)
        uv = house.data.uv_layers["texture"].data
        found = {}
        for face in house.data.polygons:
            if house.data.materials[face.material_index].name == "Textur 1":
                middle = np.mean([house.data.vertices[k].co[:] for k in face.vertices], axis=0)
                at = np.mean([uv[k].uv[:] for k in face.loop_indices], axis=0)
                colour_ = pixels[int(at[1] * image.size[1]), int(at[0] * image.size[0]), :3] > 0.5
                found[(middle[0] + model.origin.easting - X > 2, middle[2] - Z > 1.5)] = (255 * colour_).astype(int).tolist()
        assert found == {(True, False): PIXELS[1, 1].tolist(), (False, True): PIXELS[0, 0].tolist()}  # seen from the south

        demolition._cut_out(world, site, site.city.building_id.index("P"))
        assert materials_shown() == {"Textur 1", "Farbe #0000ff"}
        builder.show_looks(world, False)
        assert materials_shown() == {"Wände"}
        builder.show_looks(world, True)
        builder.to_map(made)
        assert materials_shown() == {"Karte Gebäude"}
    finally:
        scene.unregister()


@pytest.mark.needs("bpy")
def test_a_town_without_looks_pays_nothing(tmp_path: Path) -> None:
    from jena_planner.scene import shapes

    model = read(gml.write(tmp_path / "p.gml", gml.city(gml.box_building("P", X + 50, Y, Z, 10, 10, 5))))
    [houses] = shapes.houses(Site(model.origin, model), set())
    assert houses.dress is None and houses.shape.uvs == ()
    assert {one.name for one in houses.shape.attributes} == {"building", "surface", "semantics", "base"}


def test_import_may_leave_them(tmp_path: Path) -> None:
    from jena_planner.pipeline import sourcing

    picture(tmp_path / "a.png")
    corners = [(X, Y, Z), (X, Y + 9, Z), (X + 9, Y + 9, Z), (X + 9, Y, Z), (X, Y, Z)]
    path = city(tmp_path, themed(texture()), surface=gml.polygon(corners, gml_id="W"))
    made = sourcing.new_project(tmp_path / "with", [path])
    assert made.file.data.textures and (look := imported.site_in(made.folder).city.appearance) is not None and look.shown
    made = sourcing.new_project(tmp_path / "without", [path], textures=False)
    assert "textures = false" in (made.folder / "project.toml").read_text()
    assert imported.site_in(made.folder).city.appearance is None
