"""Whatever sequence of operators a planner runs, undo and redo lead back and forth through the very same variants: no block lost or doubled."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jena_planner
from jena_planner.jena_city import store

from . import small

pytestmark = pytest.mark.needs("bpy")

number = st.integers(0, 9)
metre = st.integers(-60, 60)
steps = st.one_of(
    st.tuples(st.just("draw"), metre, metre),
    st.tuples(st.just("drop"), metre, metre),
    st.tuples(st.sampled_from(["row", "split", "mirror", "align", "storeys", "duplicate", "delete"]), number, number),
    st.tuples(st.just("plant"), metre, metre),
    st.tuples(st.just("fell"), number, number),
    st.tuples(st.sampled_from(["undo", "redo"]), st.just(0), st.just(0)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.write(tmp_path_factory.mktemp("undoing") / "projekt")


def scene() -> Any:
    import bpy

    return bpy.context.scene


def shown_blocks() -> list[Any]:
    from jena_planner.operators import variants
    from jena_planner.scene import sync

    collection = sync.collection_of(scene(), variants.shown(scene()))
    return sorted(sync.blocks(collection), key=lambda one: one.name) if collection is not None else []


def everything() -> dict[str, Any]:
    """All variants as they are: ids of blocks, each once, and the hash of all that a variant changes."""
    from jena_planner.scene import sync

    found = {}
    for variant in sync.variants(scene()):
        ids = sorted(block.id for block in variant.blocks)
        assert len(set(ids)) == len(ids)
        found[variant.id] = (ids, store.variant_hash(variant))
    return found


def choose(*things: Any) -> None:
    import bpy

    for thing in bpy.context.selected_objects:
        thing.select_set(False)
    for thing in things:
        thing.select_set(True)
        bpy.context.view_layer.objects.active = thing


def run(step: tuple[str, int, int]) -> None:
    """One operator, as somebody would press it; what it refuses is a RuntimeError."""
    import bpy

    from jena_planner.operators import ground_tool, variants
    from jena_planner.scene import sync

    what, a, b = step
    blocks = shown_blocks()
    if what == "draw":
        bpy.ops.jena.draw_block(outline=json.dumps([[a, b], [a + 20, b], [a + 20, b + 12], [a, b + 12]]), storeys=4)
    elif what == "drop":
        bpy.ops.jena.drop_type(type="zeile", place=json.dumps([a, b, 30.0]))
    elif what == "plant":
        bpy.ops.jena.plant_tree_at(place=(a, b), height=15.0)
    elif what == "fell":
        variant = sync.variant_of(sync.collection_of(scene(), variants.shown(scene())))
        trees = ground_tool.document.site(scene()).trees
        places = [tree.position for tree in variant.planted] + ([] if trees is None else trees.position[:5].tolist())
        if places:
            bpy.ops.jena.fell_tree_at(place=tuple(places[a % len(places)]))
    elif what == "duplicate":
        if len(sync.collections(scene())) < 5:
            bpy.ops.jena.new_variant(copy=True)
    elif blocks:
        one, other = blocks[a % len(blocks)], blocks[b % len(blocks)]
        choose(other, one)
        if what == "row" and len(blocks) < 12:
            bpy.ops.jena.array_blocks(count=2, gap=5.0)
        elif what == "split" and len(blocks) < 12:
            bpy.ops.jena.split_blocks(count=2)
        elif what == "mirror":
            bpy.ops.jena.mirror_blocks(across=bool(a % 2))
        elif what == "align":
            bpy.ops.jena.align_blocks()
        elif what == "storeys":
            bpy.ops.jena.change_storeys(by=1)
        elif what == "delete" and len(blocks) > 1:
            bpy.data.objects.remove(one)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(work=st.lists(steps, min_size=4, max_size=14))
def test_undo_and_redo_lead_through_the_same_variants(folder: Path, tmp_path_factory: pytest.TempPathFactory, work: list[Any]) -> None:
    import bpy

    from jena_planner.operators import preferences
    from jena_planner.scene import handlers

    cache = tmp_path_factory.getbasetemp() / "cache"
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as after:
        bpy.ops.wm.read_homefile(use_factory_startup=True)
        jena_planner.register()
        after.callback(jena_planner.unregister)
        patch.setattr(preferences, "cache_folder", lambda: cache)
        bpy.ops.jena.open_project(filepath=str(folder / "project.toml"))
        bpy.ops.jena.show_variant(variant="neu")
        handlers.settle(scene())
        bpy.context.preferences.edit.use_global_undo = True
        bpy.ops.ed.undo_push(message="begin")
        history, at = [everything()], 0
        for step in work:
            if step[0] == "undo":
                if at > 0:
                    bpy.ops.ed.undo()
                    at -= 1
            elif step[0] == "redo":
                if at < len(history) - 1:
                    bpy.ops.ed.redo()
                    at += 1
            else:
                try:
                    run(step)
                except RuntimeError:  # refused with a sentence: then nothing has changed
                    handlers.settle(scene())
                    assert everything() == history[at], step
                    continue
                handlers.settle(scene())
                bpy.ops.ed.undo_push(message=step[0])
                history[at + 1 :] = [everything()]
                at += 1
            handlers.settle(scene())
            assert everything() == history[at], (step, at)
