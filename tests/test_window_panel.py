"""What the sidebar and the viewport promise to the eye, in a real Blender in a window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .test_window import BLOCK, COMPUTE, PLACE, _swatches

if TYPE_CHECKING:
    from .window.hands import Screen

pytestmark = pytest.mark.needs("window")

HUD = "next((r.x, 900 - r.y - r.height, r.width, r.height) for r in [region('HUD')] if r.height > 1)"


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    from .window import hands

    with hands.screen() as made:
        yield made


def test_a_project_opens_at_our_tab_and_the_legend_gives_way_to_adjust_last_operation(screen: Screen) -> None:
    from .window.hands import VIEWPORT, Blender

    blender = Blender(screen)
    blender.ask(f"{OPEN_SAMPLE}\nvalue = 0")  # as by F3, with the sidebar closed
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    blender.until("region('UI').active_panel_category == 'Jena Planner'", "our tab")
    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    blender.press("jena.run_analysis", COMPUTE)
    blender.until("results.shown(scene) and not jobs.queue", "the result")
    colours = blender.get("notes.get(results.shown(scene))['classes']['colours'][::-1]")

    screen.move(*VIEWPORT)
    screen.keys("g", "x", "5", "Return")
    time.sleep(1.0)
    screen.settle()
    folded = blender.get(HUD)
    assert _swatches(screen.look()[:, :700], colours)[0] > folded[0] + folded[2]
    screen.click(folded[0] + 14, folded[1] + folded[3] // 2)
    screen.settle()
    opened = blender.get(HUD)
    assert opened[3] > 2 * folded[3]
    left, tops = _swatches(screen.look()[:, :800], colours)
    assert left > opened[0] + opened[2] or tops[-1] + 15 < opened[1]
    assert blender.failures() == []
    blender.quit()


OPEN_SAMPLE = """
import bpy
with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
    bpy.ops.jena.open_sample()
"""
