"""What citizens sent, in Blender: listed, pinned, answered; designs as variants that come out as they went in."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from jena_planner.jena_city import variant_files
from jena_planner.jena_city.sample.layout import ORIGIN
from jena_planner.jena_city.variant import Block, PlantedTree, Roof, Variant
from jena_planner.participation import inbox

pytestmark = pytest.mark.needs("bpy")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Any]:
    """The sample in a saved file."""
    import bpy

    import jena_planner

    bpy.ops.wm.read_factory_settings(use_empty=True)
    jena_planner.register()
    try:
        bpy.ops.jena.open_sample()
        (tmp_path / "quartier").mkdir()
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "quartier" / "quartier.blend"))
        yield bpy.context.scene
    finally:
        jena_planner.unregister()


def said(publication: str, number: int, **more: Any) -> dict[str, Any]:
    place = [ORIGIN.easting + 60.0 + number, ORIGIN.northing - 70.0, 146.0]
    comment = {
        "id": str(uuid.UUID(int=1000 + number)), "position": place, "text": f"Mehr Bäume {number}", "feeling": "like" if number % 2 else "dislike", "variant": "blockrand",
        "category": "gruen", "camera": {"position": [place[0], place[1] - 30, 150.0], "target": place, "field_of_view": 40},
    }  # fmt: skip
    return {
        "format": "jena-planner/contribution", "schema": 1, "publication": publication, "id": str(uuid.UUID(int=number)), "crs": "EPSG:25832", "consent": True,
        "created": f"2026-12-03T10:{number % 60:02d}:00Z", "comments": [comment], "judgements": [], "choices": [], "variants": [], **more,
    }  # fmt: skip


def design(number: int) -> dict[str, Any]:
    blocks = (
        Block(
            "h", shapely.box(60.1234, -80 + number % 7, 72.5, -70), 3, "Unser Haus", roof=Roof("gable", 40.0), properties={"wunsch": "hell"}
        ),
        Block("k", shapely.box(40, -60, 46, -50), 1, use="kita"),
    )
    made = variant_files.as_geojson(Variant("mein", f"Hof {number}", blocks, (), planted=(PlantedTree("t", (50.0, -65.0)),)), ORIGIN)
    return {**made, "based_on": "bestand", "reason": "weil"}


def collected(scene: Any, folder: Path, ones: list[dict[str, Any]]) -> None:
    import bpy

    path = folder / "alle.json"
    path.write_text(json.dumps({"format": "jena-planner/contributions", "schema": 1, "contributions": ones}), encoding="utf-8")
    assert bpy.ops.jena.collect(filepath=str(path)) == {"FINISHED"}


def publication(scene: Any) -> str:
    from jena_planner.pipeline import opening
    from jena_planner.scene import document

    asked = opening.load(document.folder(scene)).file.participation
    assert asked is not None
    return asked.id


def test_comments_are_listed_pinned_and_answered(scene: Any, tmp_path: Path) -> None:
    import bpy

    from jena_planner.operators import contributions
    from jena_planner.scene import comment_pins, document

    of = publication(scene)
    collected(scene, tmp_path, [said(of, k) for k in range(6)] + [said(of, 9, variants=[design(9)])])
    listed = bpy.context.window_manager.jena_contributions
    assert [one.number for one in listed.comments] == [f"J-{k:04d}" for k in range(1, 8)]
    [pins] = [thing for thing in scene.objects if comment_pins.is_pin(thing)]
    values = np.zeros(len(pins.data.polygons), np.int32)
    pins.data.attributes[comment_pins.COMMENT].data.foreach_get("value", values)
    assert set(values.tolist()) == set(range(7)) and pins.hide_render
    lowest = min(vertex.co.z for vertex in pins.data.vertices)
    assert lowest == pytest.approx(146.0, abs=0.01)

    listed.feeling = "like"
    [pins] = [thing for thing in scene.objects if comment_pins.is_pin(thing)]
    pins.data.attributes[comment_pins.COMMENT].data.foreach_get("value", values := np.zeros(len(pins.data.polygons), np.int32))
    assert set(values.tolist()) == {1, 3, 5, 6}

    listed.chosen = 1
    one = contributions.chosen()
    one.status, one.answer, one.hidden = "partly", "Vier mehr.", "nennt einen Nachbarn"
    kept = inbox.load(document.folder(scene)).answers[one.contribution]
    assert (kept.status, kept.answer, kept.hidden) == ("partly", "Vier mehr.", "nennt einen Nachbarn")
    bpy.ops.jena.go_to_comment()  # without a window there is no view to turn; the variant that it is about is shown
    from jena_planner.operators import variants

    assert variants.shown(scene) == "blockrand"
    bpy.ops.jena.hide_contributions()
    assert not listed.comments and not [thing for thing in scene.objects if comment_pins.is_pin(thing)]


def test_a_design_becomes_a_variant_and_comes_out_as_it_went_in(scene: Any, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import document, sync

    of = publication(scene)
    content = design(3)
    collected(scene, tmp_path, [said(of, 3, variants=[content])])
    bpy.context.window_manager.jena_contributions.chosen = 0
    bpy.ops.jena.take_designs()
    [made] = [one for one in sync.variants(scene) if one.name == "J-0001 Hof 3"]
    out = variant_files.as_geojson(made, ORIGIN)
    assert out["features"] == content["features"] and out["reason"] == "weil" and out["based_on"] == "bestand"
    assert out["contribution"] == f"{uuid.UUID(int=3)}/0"
    with pytest.raises(RuntimeError, match=r"is not a variant already|ist schon eine Variante"):
        bpy.ops.jena.take_designs()
    # It can be worked on as any other: one storey more, and saved with the project.
    thing = next(thing for thing in sync.blocks(sync.collection_of(scene, made.id)) if thing.name.startswith("Unser Haus"))
    sync.change(thing, storeys=4)
    bpy.ops.wm.save_mainfile()
    saved = variant_files.read(document.folder(scene) / "variants" / f"{made.id}.geojson", ORIGIN)
    assert {block.id: block.storeys for block in saved.blocks} == {"h": 4, "k": 1}
    assert saved.status == "entwurf"  # so that it is not published by mistake


def test_five_hundred_designs_come_in(scene: Any, tmp_path: Path) -> None:
    import bpy

    from jena_planner.scene import sync

    of = publication(scene)
    collected(scene, tmp_path, [said(of, k, variants=[design(k)]) for k in range(500)])
    start = time.perf_counter()
    bpy.ops.jena.take_designs(every=True)
    print(f"500 designs of two blocks: {time.perf_counter() - start:.1f} s")
    assert len(sync.collections(scene)) == 503


def test_another_file_has_another_list(scene: Any, tmp_path: Path) -> None:
    import bpy

    collected(scene, tmp_path, [said(publication(scene), 1)])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert not bpy.context.window_manager.jena_contributions.comments
