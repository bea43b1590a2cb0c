"""A town as glTF: built as the standard asks, and what another program reads of it is what was written."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import citygml, exporting, gltf_write
from jena_planner.jena_city.applied import Applied
from jena_planner.jena_city.model import Semantics
from jena_planner.jena_city.problems import no_progress
from jena_planner.jena_city.site import Site, Trees
from jena_planner.jena_city.variant import Block, Roof, Variant

from . import gml, site, themes

VARIANT = Variant(
    "neu",
    "Neubau Süd",
    (
        Block("a", shapely.box(20, -30, 45, -15), 5, "Turm", base=150.0, roof=Roof("flat", parapet=0.5)),
        Block("b", shapely.box(60, -30, 72, -20), 2, "Haus", base=150.5, roof=Roof("gable", 40.0, 90.0)),
    ),
    ("B1",),
)
SIZES = {5126: 4, 5123: 2, 5125: 4}
WIDE = {"SCALAR": 1, "VEC3": 3}


def applied(folder: Path) -> Applied:
    place = site.site(folder, (0, 0, 12, 10, 8), (30, 0, 12, 10, 8), (60, 0, 10, 10, 6))
    place.trees = Trees(
        np.array([[5.0, 40.0], [9.0, 40.0], [5000.0, 0.0]]),
        np.array([12.0, np.nan, 9.0]),
        np.array([6.0, 4.0, 3.0]),
        ["Linde", "Picea abies", "Ahorn"],
    )
    return site.with_variant(place, VARIANT)


def parsed(path: Path) -> tuple[dict[str, Any], bytes]:
    """The JSON and the binary chunk of a .glb."""
    data = path.read_bytes()
    assert (data[:4], int.from_bytes(data[4:8], "little"), int.from_bytes(data[8:12], "little")) == (b"glTF", 2, len(data))
    chunks, at = {}, 12
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        assert size % 4 == 0
        chunks[data[at + 4 : at + 8]] = data[at + 8 : at + 8 + size]
        at += 8 + size
    return json.loads(chunks[b"JSON"]), chunks.get(b"BIN\0", b"")


def values(root: dict[str, Any], body: bytes, number: int) -> Any:
    """The values of an accessor, checked against its view and its bounds."""
    one = root["accessors"][number]
    view = root["bufferViews"][one["bufferView"]]
    size, wide = SIZES[one["componentType"]], WIDE[one["type"]]
    assert (view["byteOffset"] + one["byteOffset"]) % size == 0
    assert one["byteOffset"] + one["count"] * wide * size <= view["byteLength"]
    assert view["byteOffset"] + view["byteLength"] <= root["buffers"][0]["byteLength"] == len(body)
    kind = {5126: np.float32, 5123: np.uint16, 5125: np.uint32}[one["componentType"]]
    found = np.frombuffer(body, kind, one["count"] * wide, view["byteOffset"] + one["byteOffset"]).reshape(one["count"], wide)
    if "min" in one:
        assert found.min(axis=0).tolist() == one["min"] and found.max(axis=0).tolist() == one["max"]
    return found


def test_the_file_is_what_the_standard_asks_for(tmp_path: Path) -> None:
    town = applied(tmp_path)
    report = gltf_write.write(town, tmp_path / "town.glb", name="Jena")
    root, body = parsed(tmp_path / "town.glb")
    assert (root["asset"]["version"], root["asset"]["copyright"]) == ("2.0", "Testdaten (CC0)")
    assert root["asset"]["extras"]["crs"] == "EPSG:25832" and root["asset"]["extras"]["easting"] == site.ORIGIN.easting
    reached, waiting = set[int](), [0]
    while waiting:
        node = waiting.pop()
        assert node not in reached
        reached.add(node)
        waiting += root["nodes"][node].get("children", [])
    assert reached == set(range(len(root["nodes"])))
    for mesh in root["meshes"]:
        for one in mesh["primitives"]:
            points, normals = (values(root, body, one["attributes"][name]) for name in ("POSITION", "NORMAL"))
            index = values(root, body, one["indices"]).ravel()
            assert len(points) == len(normals) and len(index) % 3 == 0 and index.max() < len(points)
            assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0, abs=1e-5)
            a, b, c = (points[index[k::3]].astype(float) for k in range(3))
            facing = np.cross(b - a, c - a)
            assert (np.einsum("ij,ij->i", facing, normals[index[::3]]) > 0).all()  # its corners run as its normal says
    assert [problem.code for problem in report.problems] == ["trees-without-ground"]
    assert report.buildings == 4


def test_the_variants_town_stands_upright_at_its_place(tmp_path: Path) -> None:
    exporting.export(applied(tmp_path), tmp_path / "town.glb", "gltf", name="Jena", progress=no_progress)
    root, body = parsed(tmp_path / "town.glb")
    by_id = {node["extras"]["id"]: node for node in root["nodes"] if "id" in node.get("extras", {})}
    assert set(by_id) == {"B0", "B2", "neu_a", "neu_b"}
    assert by_id["neu_a"]["name"] == "Turm" and by_id["neu_a"]["extras"]["storeysAboveGround"] == 5
    turm = root["meshes"][by_id["neu_a"]["mesh"]]["primitives"]
    points = np.concatenate([values(root, body, one["attributes"]["POSITION"]) for one in turm])
    assert points.min(axis=0) == pytest.approx([20, 150, 15], abs=1e-3)  # x east, y up, z south
    assert points.max(axis=0) == pytest.approx([45, 150 + 3.5 + 4 * 3 + 0.5, 30], abs=1e-3)
    trees = [node for node in root["nodes"] if "scale" in node]
    assert [node["translation"] for node in trees] == [[5.0, 150.0, -40.0], [9.0, 150.0, -40.0]]
    assert trees[0]["scale"] == [6.0, 12.0, 6.0] and trees[0]["mesh"] != trees[1]["mesh"]


def test_bridges_roads_and_the_like_are_there_too(tmp_path: Path) -> None:
    model = citygml.read(gml.write(tmp_path / "town.gml", themes.town()))
    gltf_write.write(site.today(Site(model.origin, model)), tmp_path / "town.glb")
    root, _ = parsed(tmp_path / "town.glb")
    group = next(node for node in root["nodes"] if node.get("name") == "Umgebung")
    there = {root["nodes"][child]["extras"]["id"] for child in group["children"]}
    around = model.surroundings
    assert there == {name for name, parent in zip(around.building_id, around.building_parent, strict=True) if parent < 0}


def test_an_empty_town_is_a_file_all_the_same(tmp_path: Path) -> None:
    town = site.today(site.site(tmp_path, (0, 0, 5, 5, 5)))
    town.kept[:] = False
    town.site.terrain = None
    gltf_write.write(town, tmp_path / "town.glb")
    root, body = parsed(tmp_path / "town.glb")
    assert len(root["nodes"]) == 1 and body == b"" and "buffers" not in root


@pytest.mark.needs("bpy")
def test_blender_reads_it_as_it_was(tmp_path: Path) -> None:
    import bpy

    exporting.export(applied(tmp_path), tmp_path / "town.glb", "gltf", name="Jena", progress=no_progress)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "town.glb"))
    things = {thing.name: thing for thing in bpy.data.objects}
    assert things["Turm"]["id"] == "neu_a"
    corners = np.array([things["Turm"].matrix_world @ vertex.co for vertex in things["Turm"].data.vertices])
    assert corners.min(axis=0) == pytest.approx([20, -30, 150], abs=1e-3)
    assert corners.max(axis=0) == pytest.approx([45, -15, 166], abs=1e-3)
    linde = things["Linde"]
    crown = np.array([linde.matrix_world @ vertex.co for vertex in linde.data.vertices])
    assert crown[:, 2].max() == pytest.approx(162, abs=1e-3) and math.isclose(np.ptp(crown[:, 0]), 6.0, abs_tol=0.2)


@pytest.mark.needs("data")
def test_real_tiles_are_written_whole(data: Path, tmp_path: Path) -> None:
    from jena_planner.jena_city import buildings

    city = buildings.read_many(sorted((data / "citygml/nrw").glob("LoD2_32_32*_NW.gml")))
    report = gltf_write.write(site.today(Site(city.origin, city)), tmp_path / "town.glb")
    root, _ = parsed(tmp_path / "town.glb")
    assert report.buildings == city.building_count == sum("id" in node.get("extras", {}) for node in root["nodes"])
    triangles = sum(root["accessors"][one["indices"]]["count"] for mesh in root["meshes"] for one in mesh["primitives"]) // 3
    corners = city.points[city.triangles]
    real = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) > gltf_write.SLIVER
    assert triangles == np.count_nonzero(real & (city.surface_semantics[city.triangle_surface] != Semantics.CLOSURE))
