"""Architects' models in the place of blocks: read as Blender writes them, placed where points say, measured as paper and pencil do."""

from __future__ import annotations

import json
import math
import shutil
import struct
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.analyses.rays import Raycaster
from jena_planner.jena_city import ifc, metrics, model_files, stand_in, store, variant_files
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.model_files import Mesh
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.triangulate import volume
from jena_planner.jena_city.variant import Block, Variant
from jena_planner.pipeline import incoming, opening

from . import small
from .site import ORIGIN, site

# An L of 10 x 6 m and 4 x 4 m, 9 m high, closed: as OBJ with faces of several corners, z upward, numbered from the end too.
PLAN = [(0, 0), (10, 0), (10, 6), (4, 6), (4, 10), (0, 10)]
L_OBJ = "\n".join(
    ["# house", *(f"v {x} {y} {z}" for z in (0, 9) for x, y in PLAN)]
    + [f"f {k + 1} {(k + 1) % 6 + 1} {(k + 1) % 6 + 7} {k + 7}" for k in range(6)]
    + ["f 4/1/1 3/1/1 2/1/1 1/1/1", "f 6 5 4 1", "f -6 -5 -4 -3", "f -6 -3 -2 -1"]
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "Entwurf Süd.obj"
    path.write_text(L_OBJ, encoding="utf-8")
    return path


def test_a_wavefront_file_and_what_is_measured_of_it(house: Path) -> None:
    mesh = model_files.read(house)
    assert volume(mesh.vertices, mesh.triangles) == pytest.approx(76 * 9)
    found = stand_in.measured("x", mesh)
    assert found.footprint.area == pytest.approx(76, rel=2e-3)
    assert found.footprint.symmetric_difference(shapely.Polygon(PLAN)).area < 0.2
    assert (found.height, found.low, found.closed) == (9, 0, True)
    assert found.volume == pytest.approx(76 * 9)
    upright = model_files.read(house, "y")
    assert np.ptp(upright.vertices, axis=0) == pytest.approx([10, 9, 10])


@pytest.mark.needs("bpy")
@pytest.mark.parametrize("kind", ["GLB", "GLTF_SEPARATE", "obj"])
def test_what_blender_writes_is_read(tmp_path: Path, kind: str) -> None:
    """A box of 4 x 2 x 3 m, turned, on a parent that is moved and scaled: read where Blender has it."""
    import bpy

    bpy.ops.wm.read_homefile(use_factory_startup=True)
    box, parent = bpy.data.objects["Cube"], bpy.data.objects.new("Parent", None)
    bpy.context.scene.collection.objects.link(parent)
    parent.location, parent.scale = (100.0, 50.0, 7.0), (2.0, 2.0, 2.0)
    box.parent, box.scale, box.rotation_euler = parent, (1.0, 0.5, 0.75), (0.0, 0.0, 0.6)
    bpy.context.view_layer.update()
    wanted = np.array([box.matrix_world @ vertex.co for vertex in box.data.vertices])
    if kind == "obj":
        path = tmp_path / "box.obj"
        bpy.ops.wm.obj_export(filepath=str(path), forward_axis="Y", up_axis="Z", apply_modifiers=True)
    else:
        path = tmp_path / ("box.glb" if kind == "GLB" else "box.gltf")
        bpy.ops.export_scene.gltf(filepath=str(path), export_format=kind)
    mesh = model_files.read(path)
    for corner in wanted:
        assert np.linalg.norm(mesh.vertices - corner, axis=1).min() < 1e-4
    assert volume(mesh.vertices - mesh.vertices[0], mesh.triangles) == pytest.approx(4 * 2 * 3, rel=1e-4)
    assert stand_in.measured("x", mesh).closed


@pytest.mark.needs("bpy")
def test_what_is_written_is_read_by_blender(tmp_path: Path, house: Path) -> None:
    import bpy

    mesh = model_files.read(house)
    model_files.write_glb(Mesh(mesh.vertices + [5000.0, -300.0, 160.0], mesh.triangles), tmp_path / "out.glb")
    assert model_files.read(tmp_path / "out.glb").vertices == pytest.approx(mesh.vertices + [5000, -300, 160], abs=1e-3)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "out.glb"))
    bpy.context.view_layer.update()
    [thing] = [one for one in bpy.data.objects if one.type == "MESH"]
    points = np.array([thing.matrix_world @ vertex.co for vertex in thing.data.vertices])
    assert points.min(axis=0) == pytest.approx([5000, -300, 160], abs=1e-3)
    assert points.max(axis=0) == pytest.approx([5010, -290, 169], abs=1e-3)


def glb(root: dict[str, object], body: bytes = b"") -> bytes:
    text = json.dumps({"asset": {"version": "2.0"}, **root}).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(body), 0x004E4942) + body
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


LOOP = {"scenes": [{"nodes": [0]}], "nodes": [{"children": [0]}]}
FAR = {
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
    "bufferViews": [{"buffer": 0, "byteLength": 36}],
    "buffers": [{"byteLength": 36, "uri": "../../etc/passwd"}],
}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.fbx", b"Kaydara FBX", "read by Blender alone"),
        ("a.skp", b"x", "no model that is known"),
        ("a.glb", b"glTF", "damaged"),
        ("a.glb", b"", "damaged"),
        ("a.gltf", b"{}", "damaged"),
        ("a.gltf", b'{"asset": {"version": "1.0"}}', "glTF 1.0"),
        ("a.glb", glb({"extensionsRequired": ["KHR_draco_mesh_compression"]}), "KHR_draco_mesh_compression"),
        ("a.glb", glb(LOOP), "damaged"),
        ("a.glb", glb(FAR), "another folder"),
        ("a.glb", glb({**FAR, "buffers": [{"byteLength": 36}]}, bytes(20)), "end is missing"),
        ("a.glb", glb({**FAR, "buffers": [{"byteLength": 36, "uri": "gone.bin"}]}), "data are not there"),
        ("a.obj", b"v 0 0 0\n", "no faces"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\nf 1 2 7\n", "vertex that is not there"),
        ("a.obj", b"v 0 0 nan\nv 1 0 0\nv 1 1 0\nf 1 2 3\n", "no numbers"),
        ("a.obj", b"v 0 x 0\n", "damaged"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputProblem, match=words):
        model_files.read(tmp_path / name)


@given(
    st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=3, max_size=6, unique=True),
    st.floats(0, 359.9),
    st.floats(0.01, 100),
    st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000), st.floats(0, 500)),
)
def test_points_say_how_a_model_lies(points: list[tuple[float, float, float]], turn: float, scale: float, shift: tuple[float, ...]) -> None:
    """Placed by any turn, scale and shift, the points bring it back to within a millimetre."""
    model = np.array(points)
    if np.ptp(model[:, :2], axis=0).max() < 1.0:
        return
    angle = math.radians(turn)
    matrix = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    places = np.column_stack([scale * model[:, :2] @ matrix.T, scale * model[:, 2]]) + shift
    fit = stand_in.fitted(model, places, scaled=True)
    assert fit.error < 1e-3
    assert (fit.x, fit.y, fit.z) == pytest.approx(shift, abs=1e-3)
    assert fit.scale == pytest.approx(scale, rel=1e-6)
    assert (fit.turn - turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)


def test_points_that_do_not_fit_show_their_error() -> None:
    """Three corners of a square of 10 m, the third one measured 3 cm off along its side: at best a third of it each way."""
    model = np.array([[0.0, 0], [10, 0], [10, 10]])
    fit = stand_in.fitted(model, model + [[100, 200], [100, 200], [100, 200.03]])
    assert 0.005 < fit.error < fit.worst < 0.03
    exact = stand_in.fitted(model, model + [100, 200])
    assert (exact.error, exact.z) == (pytest.approx(0, abs=1e-9), None)
    with pytest.raises(InputProblem, match="the same one"):
        stand_in.fitted(np.zeros((3, 2)), model)
    with pytest.raises(InputProblem, match="do not say how"):
        stand_in.fitted(model[:1], model[:1])


def placed(folder: Path, house: Path, **changes: float) -> Block:
    """The model 30 m east of the origin, turned by a quarter, in a project's folder."""
    model = stand_in.kept(house, folder)
    found = stand_in.measured("x", stand_in.mesh_of(model))
    fit = stand_in.fitted(np.array([[0.0, 0], [10, 0]]), np.array([[30.0, 0], [30, 10]]))
    return replace(stand_in.as_block(model, fit, found, storeys=3, name="Entwurf"), id="m", **changes)  # type: ignore[arg-type]


def project(folder: Path) -> Path:
    (folder / "variants").mkdir(parents=True)
    (folder / "project.toml").write_text("", encoding="utf-8")
    return folder


def test_a_model_stands_where_it_was_placed_casts_its_shadow_and_is_measured(tmp_path: Path, house: Path) -> None:
    folder = project(tmp_path / "projekt")
    block = placed(folder, house)
    assert block.stand_in is not None
    assert (folder / block.stand_in.path).read_bytes() == house.read_bytes()
    assert block.footprint.bounds == pytest.approx((20, 0, 30, 10), abs=0.05)
    assert block.footprint.area == pytest.approx(76, rel=2e-3)
    assert (block.storeys, block.storey_height) == (3, 3)
    place = site(tmp_path, (100, 100, 10, 10, 8))
    applied = apply(place, Variant("v", "V", (block,)))
    assert applied.problems == []
    body = applied.solids[0]
    assert body.vertices.min(axis=0) == pytest.approx([20, 0, 150])
    assert body.vertices.max(axis=0) == pytest.approx([30, 10, 159])
    # A ray that would hit the box around the L passes its inner corner: only what is there stands in the way.
    seen = applied.occluders()
    rays = Raycaster(seen.vertices, seen.triangles)
    blocked = rays.blocked(np.array([[22.0, 8.0, 151.0], [28.0, 8.0, 151.0], [40.0, 5.0, 155.0]]), np.array([[0.0, 0, 1.0]]))
    inside = [shapely.contains_xy(shapely.Polygon(PLAN), y, 30 - x) for x, y in ((22, 8), (28, 8))]
    assert blocked.tolist() == [*inside, False]
    figures = metrics.sheets(applied, [], of_land("TH"), Assumptions())[0].figures
    assert figures["bri"].value == pytest.approx(76 * 9)
    assert figures["gf"].value == pytest.approx(3 * 76, rel=2e-3)
    stated = replace(block, stand_in=replace(block.stand_in, floor_area=195.0))
    figures = metrics.sheets(apply(place, Variant("v", "V", (stated,))), [], of_land("TH"), Assumptions())[0].figures
    assert (figures["gf"].value, figures["bgf"].value) == pytest.approx((195, 195))


def test_a_model_whose_file_is_gone_is_said_and_the_plain_block_stands(tmp_path: Path, house: Path) -> None:
    folder = project(tmp_path / "projekt")
    block = placed(folder, house)
    assert block.stand_in is not None
    place = site(tmp_path, (100, 100, 10, 10, 8))
    file = folder / block.stand_in.path
    file.write_text(L_OBJ.replace(" 9", " 12"), encoding="utf-8")
    changed = apply(place, Variant("v", "V", (block,)))
    assert [one.code for one in changed.problems] == ["model-changed"]
    assert changed.solids[0].vertices[:, 2].max() == 162
    file.unlink()
    gone = apply(place, Variant("v", "V", (block,)))
    assert [one.code for one in gone.problems] == ["model-unreadable"]
    assert "the plain block stands in its place" in gone.problems[0].message
    assert gone.solids[0].vertices[:, 2].max() == pytest.approx(159)
    assert metrics.sheets(gone, [], of_land("TH"), Assumptions())[0].figures["bri"].value == pytest.approx(76 * 9, rel=2e-3)


def test_a_model_goes_through_a_file_and_a_moved_folder(tmp_path: Path, house: Path) -> None:
    folder = project(tmp_path / "projekt")
    variant = Variant("v", "V", (placed(folder, house, base=151.25), Block("b", shapely.box(60, 0, 70, 9), 2)))
    variant_files.write(variant, folder / "variants" / "v.geojson", ORIGIN)
    text = (folder / "variants" / "v.geojson").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    back = variant_files.read(folder / "variants" / "v.geojson", ORIGIN)
    assert store.variant_hash(back) == store.variant_hash(variant)
    assert back.blocks[1].stand_in is None
    moved = Path(shutil.move(folder, tmp_path / "anderswo"))
    again = variant_files.read(moved / "variants" / "v.geojson", ORIGIN)
    assert store.variant_hash(again) == store.variant_hash(variant)
    assert stand_in.solid(again.blocks[0], 151.25).vertices[:, 2].max() == pytest.approx(160.25)
    variant_files.write(again, tmp_path / "w.geojson", ORIGIN)
    assert json.loads((tmp_path / "w.geojson").read_text(encoding="utf-8")) == json.loads(text)
    evil = text.replace(again.blocks[0].stand_in.path, "../../geheim.obj")  # type: ignore[union-attr]
    (tmp_path / "w.geojson").write_text(evil, encoding="utf-8")
    with pytest.raises(InputProblem, match="lies outside the project"):
        variant_files.read(tmp_path / "w.geojson", ORIGIN)


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(-180, 180))
def test_a_model_goes_with_its_block(x: float, y: float, turn: float) -> None:
    from jena_planner.jena_city import arranging
    from jena_planner.jena_city.variant import StandIn

    block = Block("b", shapely.box(0, 0, 20, 12), 3, stand_in=StandIn("models/a.obj", x=0.0, y=0.0))
    made = arranging.turned(arranging.moved(block, np.array([x, y])), math.radians(turn))
    assert made.stand_in is not None
    corners = np.array([[0.0, 0], [20, 0], [20, 12], [0, 12]])
    angle = math.radians(made.stand_in.turn)
    matrix = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    seen = shapely.Polygon(corners @ matrix.T + [made.stand_in.x, made.stand_in.y])
    assert seen.symmetric_difference(made.footprint).area < 1e-6
    for arrange in (lambda: arranging.mirrored([block]), lambda: arranging.split(block, 2)):
        with pytest.raises(InputProblem, match="model stands in for it"):
            arrange()


IFC = """ISO-10303-21;
HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');FILE_SCHEMA(('IFC4'));ENDSEC;
DATA;
#1=IFCPROJECT('0000000000000000000001',$,'P',$,$,$,$,(#5),#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
#5=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#6,$);
#6=IFCAXIS2PLACEMENT3D(#7,$,$);
#7=IFCCARTESIANPOINT((0.,0.,0.));
#8=IFCLOCALPLACEMENT($,#9);
#9=IFCAXIS2PLACEMENT3D(#10,$,$);
#10=IFCCARTESIANPOINT((2000.,0.,0.));
#11=IFCRECTANGLEPROFILEDEF(.AREA.,$,#12,10000.,8000.);
#12=IFCAXIS2PLACEMENT2D(#13,$);
#13=IFCCARTESIANPOINT((5000.,4000.));
#14=IFCDIRECTION((0.,0.,1.));
#15=IFCEXTRUDEDAREASOLID(#11,#6,#14,6000.);
#16=IFCSHAPEREPRESENTATION(#5,'Body','SweptSolid',(#15));
#17=IFCPRODUCTDEFINITIONSHAPE($,$,(#16));
#18=IFCBUILDINGELEMENTPROXY('0000000000000000000002',$,'Haus',$,$,#8,#17,$,$);
#19=IFCRECTANGLEPROFILEDEF(.AREA.,$,#12,90000.,90000.);
#20=IFCEXTRUDEDAREASOLID(#19,#6,#14,100.);
#21=IFCSHAPEREPRESENTATION(#5,'Body','SweptSolid',(#20));
#22=IFCPRODUCTDEFINITIONSHAPE($,$,(#21));
#23=IFCGEOGRAPHICELEMENT('0000000000000000000003',$,'Gelaende',$,$,#8,#22,$,$);
ENDSEC;
END-ISO-10303-21;
"""


def test_an_ifc_stands_in_and_is_kept_as_one_that_all_can_read(tmp_path: Path) -> None:
    pytest.importorskip("ifcopenshell", reason="the reader for IFC is not installed")
    (tmp_path / "haus.ifc").write_text(IFC, encoding="utf-8")
    model = stand_in.kept(tmp_path / "haus.ifc", tmp_path / "project")
    assert model.path.endswith(".glb")
    found = stand_in.measured("haus", stand_in.mesh_of(model))
    assert found.footprint.bounds == pytest.approx((2.0, 0.0, 12.0, 8.0), abs=1e-3)  # of millimetres; the ground is no part of it
    assert (found.height, found.low, found.volume) == pytest.approx((6.0, 0.0, 480.0), abs=1e-3)
    (tmp_path / "broken.ifc").write_text("ISO-10303-21;", encoding="utf-8")
    with pytest.raises(InputProblem, match=r"damaged|no faces"):
        model_files.read(tmp_path / "broken.ifc")


def located(folder: Path, unit: str, name: str, conversion: str) -> Path:
    """The house with a place on the map."""
    own = f"#30=IFCSIUNIT(*,.LENGTHUNIT.,{unit},.METRE.);\n#31=IFCPROJECTEDCRS({name},$,$,$,$,$,#30);\n#32=IFCMAPCONVERSION(#5,#31,{conversion});"
    path = folder / "haus.ifc"
    path.write_text(IFC.replace("ENDSEC;\nEND-ISO", f"{own}\nENDSEC;\nEND-ISO"), encoding="utf-8")
    return path


def test_an_ifc_lands_where_it_says(tmp_path: Path) -> None:
    """The house in millimetres, its map in metres: x towards the north-east (3-4-5), zero 50 m east and 20 m north of the project's origin."""
    pytest.importorskip("ifcopenshell", reason="the reader for IFC is not installed")
    east, north = ORIGIN.easting + 50.0, ORIGIN.northing + 20.0
    fit = stand_in.as_said(located(tmp_path, "$", "'EPSG:25832'", f"{east},{north},152.5,0.8,0.6,0.001"), ORIGIN)
    assert fit is not None
    assert (fit.x, fit.y, fit.z) == pytest.approx((50.0, 20.0, 152.5))
    assert (fit.turn, fit.scale) == pytest.approx((math.degrees(math.atan2(3, 4)), 1.0))
    careless = stand_in.as_said(located(tmp_path, "$", "'EPSG:25832'", f"32{east},{north},152.5,0.8,0.6,$"), ORIGIN)
    assert careless == fit  # the zone before the easting; no scale for all that the units differ
    millimetres = stand_in.as_said(located(tmp_path, ".MILLI.", "$", f"{1000 * east},{1000 * north},152500.,1.,0.,1."), ORIGIN)
    assert millimetres is not None
    assert (millimetres.x, millimetres.y, millimetres.z, millimetres.turn) == pytest.approx((50.0, 20.0, 152.5, 0.0))

    other = pyproj.Transformer.from_crs(25832, 25833, always_xy=True)
    x, y = other.transform(east, north)
    there = stand_in.as_said(located(tmp_path, "$", "'EPSG:25833'", f"{x},{y},152.5,1.,0.,0.001"), ORIGIN)
    assert there is not None and (there.x, there.y) == pytest.approx((50.0, 20.0), abs=1e-3)
    # 11.6° E: 2° east of the middle of zone 32 and 4° west of that of zone 33, at 51° N: their norths differ by 6° · sin 51°
    assert (there.turn + 180) % 360 - 180 == pytest.approx(6 * math.sin(math.radians(50.94)), abs=0.05)

    assert stand_in.as_said(located(tmp_path, "$", "$", "0.,0.,0.,1.,0.,1."), ORIGIN) is None
    (tmp_path / "haus.ifc").write_text(IFC, encoding="utf-8")
    assert stand_in.as_said(tmp_path / "haus.ifc", ORIGIN) is None
    with pytest.raises(InputProblem, match="far away"):
        stand_in.as_said(located(tmp_path, "$", "$", "1000.,2000.,0.,1.,0.,0.001"), ORIGIN)


def test_a_model_that_does_not_say_where_it_stands_is_refused_before_it_is_copied(tmp_path: Path, house: Path) -> None:
    opened = opening.load(small.write(tmp_path / "p"))
    with pytest.raises(InputProblem, match="does not say where it stands"):
        incoming.place(opened, house, "neu", [])
    assert not (tmp_path / "p" / stand_in.FOLDER).exists()


def test_a_map_in_a_unit_that_is_not_known_is_refused() -> None:
    unit = SimpleNamespace(is_a=lambda name: name == "IfcSIUnit", Prefix="MEGA", Name="METRE")
    with pytest.raises(InputProblem, match="unit of its map, MEGA METRE, is not known"):
        ifc._metres(Path("haus.ifc"), unit, 1.0)
    assert ifc._metres(Path("haus.ifc"), SimpleNamespace(is_a=unit.is_a, Prefix=None, Name="METRE"), 0.001) == 1.0


def test_an_ifc_without_its_reader_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ifcopenshell", None)
    (tmp_path / "haus.ifc").write_text(IFC, encoding="utf-8")
    with pytest.raises(InputProblem, match="no reader for IFC") as said:
        model_files.read(tmp_path / "haus.ifc")
    assert "pip" in said.value.what_to_do
