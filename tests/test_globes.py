"""What leaves for globes and for Masterportal: it lands where it is, bears its ids, and is read by the documented behaviour."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.planned import planned
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import Block, Roof, Variant
from jena_planner.participation import masterportal, tiles
from jena_planner.participation.earth import Earth

from . import page_scripts
from .site import ORIGIN, site

UNDULATION = 46.3
COURT = shapely.Polygon([(0, 0), (40, 0), (40, 30), (0, 30)], [[(10, 10), (30, 10), (30, 20), (10, 20)]])
"""A block with a courtyard."""


def applied(folder: Path) -> Applied:
    """Blocks a kilometre and more from each other, one of them with a courtyard, one with umlauts."""
    boxes = [COURT, shapely.box(-1000, -1000, -990, -990), shapely.box(990, 1000, 1000, 1010)]
    blocks = tuple(
        Block(f"b-{k}", shape, 3, ("Höfe", "", "Türme")[k], base=150.0 + 10 * k, roof=Roof("flat")) for k, shape in enumerate(boxes)
    )
    return apply(site(folder, (200.0, 200.0, 10.0, 10.0, 9.0)), Variant("v", "Variante Ä", blocks))


def glb(data: bytes) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(data[12:16], "little")
    assert data[:4] == b"glTF" and int.from_bytes(data[8:12], "little") == len(data)
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def array(root: dict[str, Any], body: bytes, number: int, kind: str, width: int, row: int) -> Any:
    """An accessor as (n, width), of views whose rows have `row` bytes."""
    one = root["accessors"][number]
    view = root["bufferViews"][one["bufferView"]]
    rows = np.frombuffer(body, np.uint8, row * one["count"], view.get("byteOffset", 0) + one.get("byteOffset", 0)).reshape(-1, row)
    return np.ascontiguousarray(rows).view(kind).reshape(one["count"], -1)[:, :width]


def words(root: dict[str, Any], body: bytes, name: str) -> list[str]:
    """A column of words of the property table, read as the specification of EXT_structural_metadata says."""
    [table] = root["extensions"]["EXT_structural_metadata"]["propertyTables"]
    column = table["properties"][name]
    values, offsets = (root["bufferViews"][column[key]] for key in ("values", "stringOffsets"))
    at = np.frombuffer(body, "<u4", table["count"] + 1, offsets["byteOffset"]).tolist()
    assert values["byteOffset"] % 8 == offsets["byteOffset"] % 8 == 0
    return [body[values["byteOffset"] + a : values["byteOffset"] + b].decode() for a, b in zip(at, at[1:], strict=False)]


def test_a_tile_lands_within_five_centimetres_a_kilometre_away(tmp_path: Path) -> None:
    town = applied(tmp_path)
    houses = tiles.of_variant(town)
    assert houses is not None
    tileset, data = tiles.tileset(town.site, houses, Earth(ORIGIN, UNDULATION), ("#aabbcc", "#ddeeff"))
    root, body = glb(data)
    primitives = [primitive for mesh in root["meshes"] for primitive in mesh["primitives"]]
    points = np.concatenate([array(root, body, one["attributes"]["POSITION"], "<f4", 3, 12) for one in primitives]).astype(float)
    found = tiles.place_of(tileset, points)
    # PROJ's own way to the same place: the map's plane and a height above the ellipsoid to the middle of the Earth.
    geocentric = pyproj.Transformer.from_pipeline("+proj=pipeline +step +inv +proj=utm +zone=32 +ellps=GRS80 +step +proj=cart +ellps=GRS80")
    corners = np.concatenate([body_.vertices for body_ in town.solids])
    world = ORIGIN.to_world(corners)
    expected = np.column_stack(geocentric.transform(world[:, 0], world[:, 1], world[:, 2] + UNDULATION))
    nearest = np.linalg.norm(found[:, None] - expected[None], axis=2).min(axis=1)
    assert len(found) > 40 and nearest.max() < 0.005
    west, east = found[np.argmin(found[:, 1])], found[np.argmax(found[:, 1])]
    assert np.linalg.norm(east - west) > 2500  # far apart indeed
    box = np.array(tileset["root"]["boundingVolume"]["box"])
    turned = np.column_stack([points[:, 0], -points[:, 2], points[:, 1]])
    assert (np.abs(turned - box[:3]) <= box[[3, 7, 11]] + 1e-3).all()


def test_the_frame_of_a_tile_looks_east_north_and_up() -> None:
    """A step along the grid's north leads west of north by the convergence, and grid metres are those of the ground by the scale factor."""
    earth = Earth(ORIGIN, UNDULATION)
    steps = np.array([[0.0, 0.0, 150.0], [0.0, 100.0, 150.0], [0.0, 0.0, 160.0]])
    moved, _ = tiles.around(earth, steps[0], steps)
    assert np.abs(moved[0]).max() < 1e-6
    assert math.degrees(math.atan2(moved[1, 0], moved[1, 1])) == pytest.approx(ORIGIN.grid_convergence, abs=1e-3)
    scale = pyproj.Proj(25832).get_factors(ORIGIN.longitude, ORIGIN.latitude).meridional_scale
    raised = 1 + (150.0 + UNDULATION) / 6_380_000  # at that height a degree is longer than on the ellipsoid
    assert math.hypot(*moved[1, :2]) == pytest.approx(100.0 / scale * raised, abs=2e-4)
    assert moved[2, 2] == pytest.approx(10.0, abs=1e-6)


def test_buildings_of_a_tile_keep_their_ids_and_attributes(tmp_path: Path) -> None:
    town = applied(tmp_path)
    houses = tiles.of_variant(town)
    assert houses is not None
    _, data = tiles.tileset(town.site, houses, Earth(ORIGIN, UNDULATION), ("#aabbcc", "#ddeeff"))
    root, body = glb(data)
    assert words(root, body, "id") == words(root, body, "gmlid") == ["b-0", "b-1", "b-2"]
    assert words(root, body, "name") == ["Höfe", "b-1", "Türme"]
    assert words(root, body, "variant") == ["Variante Ä"] * 3
    middles = {}
    for mesh in root["meshes"]:
        for one in mesh["primitives"]:
            [ids] = one["extensions"]["EXT_mesh_features"]["featureIds"]
            assert ids == {"featureCount": 3, "attribute": 0, "propertyTable": 0}
            row = array(root, body, one["attributes"]["_FEATURE_ID_0"], "<u2", 1, 4)[:, 0]
            points = array(root, body, one["attributes"]["POSITION"], "<f4", 3, 12)
            middles |= {number: points[row == number].mean(axis=0) for number in np.unique(row).tolist()}
    assert middles[1][0] < middles[0][0] < middles[2][0]  # each id where its block is, from west to east
    city = planned(town)
    rows = np.ones(len(city.building_id), bool)
    whole = tiles.of_town(Site(ORIGIN, city), rows)
    assert whole is not None and [row["id"] for row in whole.rows] == city.building_id
    assert whole.heights == pytest.approx([9.0, 9.5, 9.5, 9.5])


def imported(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What Masterportal's import makes of a file, as its documentation and the behaviour of its version 3.19 have it: outer rings alone,
    heights as they stand, colours that must be there in four parts."""
    found = []
    for feature in content["features"]:
        own, shape = feature["properties"], feature["geometry"]
        colours = [tuple(own[key][part] for part in ("red", "green", "blue", "alpha")) for key in ("color", "outlineColor")]
        assert all(0 <= value <= 1 for colour in colours for value in colour)
        assert shape["type"] == "Polygon"
        ring = shape["coordinates"][0]
        found.append({"name": own["name"], "ring": ring, "base": ring[0][2], "top": own["extrudedHeight"]})
    return found


def test_blocks_come_through_masterportal_with_place_height_and_id(tmp_path: Path) -> None:
    town = applied(tmp_path)
    made = imported(masterportal.modelled(town, Earth(ORIGIN, UNDULATION)))
    to_grid = pyproj.Transformer.from_crs(4326, 25832, always_xy=True)
    outlines: dict[str, list[Any]] = {}
    for one in made:
        identity = one["name"].rpartition("[")[2].rstrip("]")
        assert one["ring"][0] == one["ring"][-1]
        corners = np.array(one["ring"])
        east, north = to_grid.transform(corners[:, 0], corners[:, 1])
        outlines.setdefault(identity, []).append(shapely.Polygon(ORIGIN.to_local(np.column_stack([east, north]))))
        number = int(identity[-1])
        assert one["base"] == pytest.approx(150.0 + 10 * number + UNDULATION, abs=1e-3)
        assert one["top"] == pytest.approx(159.5 + 10 * number + UNDULATION, abs=1e-3)
    for block in town.variant.blocks:  # courtyards are cut open, not lost
        together = shapely.union_all(outlines[block.id], grid_size=0.001)
        assert together.symmetric_difference(block.footprint).area < 0.05
    assert len(outlines["b-0"]) == 2 and not any(piece.interiors for pieces in outlines.values() for piece in pieces)


def test_layers_name_their_tiles_and_hide_what_is_torn_down(tmp_path: Path) -> None:
    place = site(tmp_path, (200.0, 200.0, 10.0, 10.0, 9.0))
    today, plan = Variant("bestand", "Bestand"), Variant("a", "Variante A", removed=("DETH1", "DETH2"))
    made = [Applied(place, one, np.ones(1, bool), [], np.zeros(0)) for one in (today, plan)]
    layers = masterportal.services("ufer", "https://x.example/ufer/", made, ["bestand", "a"])
    assert {layer["typ"] for layer in layers} == {"TileSet3D"}
    assert [layer["url"].removeprefix("https://x.example/ufer/") for layer in layers] == [
        "tiles/bestand/tileset.json", "tiles/a/tileset.json", "tiles/bestand/tileset.json",
    ]  # fmt: skip
    assert layers[2]["hiddenFeatures"] == ["DETH1", "DETH2"] and layers[0]["hiddenFeatures"] == []
    shown = masterportal.config(layers, (681500.0, 5645000.0))["layerConfig"]["subjectlayer"]["elements"][0]["elements"]
    assert [one["id"] for one in shown] == [layer["id"] for layer in layers]


@pytest.mark.needs("node", "chromium", "cesium")
def test_cesium_shows_each_block_where_it_is(tmp_path: Path) -> None:
    """A globe that others have made: rays from above meet roofs where PROJ has them, and name the block."""
    town = applied(tmp_path)
    houses, earth = tiles.of_variant(town), Earth(ORIGIN, UNDULATION)
    assert houses is not None
    tileset, data = tiles.tileset(town.site, houses, earth, ("#aabbcc", "#ddeeff"))
    (tmp_path / "tileset.json").write_text(json.dumps(tileset), encoding="utf-8")
    (tmp_path / "tile.glb").write_bytes(data)
    geocentric = pyproj.Transformer.from_pipeline("+proj=pipeline +step +inv +proj=utm +zone=32 +ellps=GRS80 +step +proj=cart +ellps=GRS80")
    spots = {"b-0": (5.0, 15.0), "b-1": (-995.0, -995.0), "b-2": (995.0, 1005.0)}
    tops = [float(body.vertices[:, 2].max()) - town.variant.blocks[k].roof.parapet for k, body in enumerate(town.solids)]
    roofs = np.array([(*spot, top) for spot, top in zip(spots.values(), tops, strict=True)])
    from_above, expected = (
        np.column_stack(geocentric.transform(*ORIGIN.to_world(places)[:, :2].T, places[:, 2] + UNDULATION))
        for places in (roofs + [0.0, 0.0, 40.0], roofs)
    )
    rays = [{"from": start.tolist(), "to": end.tolist()} for start, end in zip(from_above, expected, strict=True)]
    (tmp_path / "rays.json").write_text(json.dumps(rays), encoding="utf-8")
    seen = page_scripts.run("globe", tmp_path, Path(os.environ["JENA_PLANNER_CESIUM"]) / "Build" / "Cesium")
    assert [one["id"] for one in seen["features"]] == list(spots) and seen["features"][0]["name"] == "Höfe"
    assert [one["id"] for one in seen["met"]] == list(spots)
    assert np.linalg.norm(np.array([one["place"] for one in seen["met"]]) - expected, axis=1).max() < 0.05
