"""A planner's morning in a real Blender in a window, by mouse and keys. How long the interface stood still is printed, not judged."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from .window.hands import Blender, Screen

pytestmark = pytest.mark.needs("window")

TILE = "LoD2_32_364_5650_1_NW.gml"
BLOCK, PLACE = "Ufer Süd", (659, 505)  # a block of the sample's first variant, and where it is when the site has just been framed
SAMPLE, IMPORT, COMPUTE = (1174, 293), (1174, 187), (1174, 739)  # where buttons should be
WHEEL = 6  # clicks down to Compute while a block is selected
HUD = "next((r.x, 900 - r.y - r.height, r.width, r.height) for r in [region('HUD')] if r.height > 1)"
OPEN_SAMPLE = """
import bpy
with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
    bpy.ops.jena.open_sample()
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    from .window import hands

    with hands.screen() as made:
        yield made


def _stalls(capsys: pytest.CaptureFixture[str], blender: Blender, what: str) -> None:
    found = blender.stalls()
    with capsys.disabled():
        longest = ", ".join(f"{1000 * one:.0f}" for one in found[:3]) or "none"
        print(f"\n    interface stood still, {what}: {longest} ms (the longest three of {len(found)})", end="")


def _moved(blender: Blender, start: list[float], by: float) -> bool:
    now = blender.get(f"middle({BLOCK!r})")
    return abs(now[0] - start[0] - by) < 1e-3 and abs(now[1] - start[1]) < 1e-3


def _near(picture: np.ndarray[Any, Any], colour: str) -> np.ndarray[Any, Any]:
    """Which pixels have a colour, within what the screen rounds."""
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return (np.abs(picture - wanted) <= 6).all(axis=2)


def _swatches(picture: np.ndarray[Any, Any], colours: list[str]) -> tuple[int, list[int]]:
    """(left, tops) of the legend's swatches: boxes of 26 by 15 pixels in these colours that stand one below the other."""
    wide, high = 26, 15
    rows = []
    for colour in colours:
        windows = np.lib.stride_tricks.sliding_window_view(_near(picture, colour), (high - 2, wide - 2))
        rows.append(windows.all(axis=(2, 3)))
    for x in np.flatnonzero(np.all([one.any(axis=0) for one in rows], axis=0)):
        for top in np.flatnonzero(rows[0][:, x]):
            tops = [int(top)]
            for one in rows[1:]:
                below = np.flatnonzero(one[tops[-1] + high : tops[-1] + 2 * high, x])
                if not len(below):
                    break
                tops.append(tops[-1] + high + int(below[0]))
            if len(tops) == len(rows):
                return int(x), tops
    raise AssertionError("the legend's swatches do not stand one below the other")


def test_a_block_is_moved_sun_hours_computed_undone_saved_and_opened_again(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    from .window.hands import VIEWPORT, Blender, wait_for

    blender = Blender(screen)
    blender.open_sidebar()
    blender.press("jena.open_sample", SAMPLE)
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    _stalls(capsys, blender, "opening the sample")
    assert len(blender.get("sync.collections(scene)")) == 3

    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    start = blender.get(f"middle({BLOCK!r})")
    screen.keys("g", "x", "minus", "2", "0", "Return")
    wait_for(lambda: _moved(blender, start, -20), "the block to move")
    screen.keys("ctrl+z")
    wait_for(lambda: _moved(blender, start, 0), "undo")
    screen.keys("ctrl+shift+z")
    wait_for(lambda: _moved(blender, start, -20), "redo")
    _stalls(capsys, blender, "moving a block")

    blender.press("jena.run_analysis", COMPUTE, WHEEL)
    blender.until("jobs.queue", "the analysis to begin")
    screen.keys("Escape")  # with the mouse where it pressed the button, over the sidebar
    blender.until("not jobs.queue", "the analysis to stop")
    assert blender.get("jobs.notice")[0].startswith("Stopped.")
    assert blender.get("len(results.things(scene))") == 0

    blender.press("jena.run_analysis", COMPUTE, 0)
    blender.until("results.shown(scene) and not jobs.queue", "the result")
    screen.settle()
    _stalls(capsys, blender, "computing and showing sun hours")
    name = blender.get("results.shown(scene).name")
    assert name == "sun-hours-2025-03-21-ground-blockrand"
    note = blender.get("notes.get(results.shown(scene))")
    colours = note["classes"]["colours"][::-1]
    picture = screen.look()
    left, tops = _swatches(picture[:, :600], colours)
    ground = picture.copy()
    ground[tops[0] - 80 :, : left + 320] = 0  # without the legend
    ground[:, 1030:] = 0  # and the sidebar
    seen = [int(_near(ground, colour).sum()) for colour in colours]
    assert sum(number > 300 for number in seen) >= 4, f"pixels of each class on the ground: {seen}"

    screen.move(*VIEWPORT)
    screen.keys("ctrl+z")
    blender.until("not results.things(scene)", "undo to take the result away")
    screen.keys("ctrl+z")
    wait_for(lambda: _moved(blender, start, 0), "undo of the move")
    screen.keys("ctrl+shift+z")
    wait_for(lambda: _moved(blender, start, -20), "redo of the move")
    screen.keys("ctrl+shift+z")
    blender.until("results.shown(scene)", "redo of the result")

    saved = screen.folder / "haus.blend"
    screen.keys("ctrl+s")
    blender.name_file(saved)
    wait_for(saved.exists, "the file to be saved")
    blender.until("bpy.data.filepath and not bpy.data.is_dirty", "the file to be saved")
    assert (screen.folder / "haus" / "variants" / "blockrand.geojson").is_file()  # the project's folder has come along
    before = blender.get("everything()")
    _stalls(capsys, blender, "undo, redo and saving")
    assert blender.failures() == []
    blender.quit()

    again = Blender(screen, str(saved))
    again.until("document.is_document(scene)", "the file to be opened")
    after = again.get("everything()")
    assert after == before
    assert after["state"] == "same" and len(after["results"]) == 4
    assert after["blocks"][BLOCK][0] == pytest.approx(start[0] - 20, abs=1e-3)
    assert again.failures() == []
    again.quit()


@pytest.mark.needs("data")
def test_a_real_tile_is_imported_into_a_new_file(screen: Screen, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from .window.hands import VIEWPORT, Blender

    tile = screen.folder / "tiles" / TILE
    tile.parent.mkdir()
    shutil.copyfile(data / "citygml" / "nrw" / TILE, tile)
    blender = Blender(screen)
    blender.open_sidebar()
    blender.press("jena.open_sample", SAMPLE)
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.move(*VIEWPORT)
    screen.keys("ctrl+n")
    time.sleep(1.0)
    screen.keys("Return")  # General
    blender.until("not document.is_document(scene)", "the new file")
    blender.open_sidebar()
    blender.stalls()
    blender.press("jena.import_geodata", IMPORT)
    blender.name_file(tile)
    time.sleep(2.0)
    screen.keys("Return")  # the dialog that says what is in the file
    blender.until("document.is_document(scene) and not jobs.queue", "the tile")
    screen.settle()
    _stalls(capsys, blender, "importing a tile")
    assert blender.get("notes.get(scene)['read']['buildings']") == tile.read_bytes().count(b"<bldg:Building ") == 173
    assert blender.get("document.origin(scene).crs") == "EPSG:25832"
    assert blender.failures() == []
    blender.quit()


def test_a_project_opens_at_our_tab_and_the_legend_gives_way_to_adjust_last_operation(screen: Screen) -> None:
    from .window.hands import VIEWPORT, Blender, wait_for

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

    def unfolded() -> bool:
        screen.click(folded[0] + 14, folded[1] + folded[3] // 2)
        for _ in range(5):  # a second click before the first is drawn would fold it again
            screen.settle()
            if blender.get(HUD)[3] > 2 * folded[3]:
                return True
        return False

    wait_for(unfolded, '"Adjust last operation" to unfold')
    screen.settle()
    opened = blender.get(HUD)
    left, tops = _swatches(screen.look()[:, :800], colours)
    assert left > opened[0] + opened[2] or tops[-1] + 15 < opened[1]
    assert blender.failures() == []
    blender.quit()


def test_figures_follow_while_a_block_is_scaled_and_come_back_with_escape(screen: Screen) -> None:
    from .window.hands import Blender, wait_for

    figure = "__import__(sync.__package__.rpartition('.')[0] + '.operators.key_figures', fromlist=['shown']).shown[0].figures['gf'].value"
    blender = Blender(screen)
    blender.open_sidebar()
    blender.press("jena.open_sample", SAMPLE)
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    before, note = blender.get(figure), blender.get("notes.get(bpy.context.object)")
    screen.keys("s", "x", "2")
    wait_for(lambda: blender.get(figure) > before + 100.0, "the figure to follow while the block is held")
    assert blender.get("notes.get(bpy.context.object)") == note
    screen.keys("Escape")
    wait_for(lambda: abs(blender.get(figure) - before) < 1e-6, "the figure to come back")
    assert not blender.failures()
    blender.quit()


def test_a_planner_draws_changes_demolishes_copies_and_takes_it_all_back(screen: Screen) -> None:
    """By mouse and keys: a polygon with typed lengths, its storeys, a house demolished, the variant duplicated; undo all, redo all, save,
    reopen."""
    from .window.hands import VIEWPORT, Blender, wait_for

    variants = (
        "[[notes.get(c)['id'], sorted(notes.get(c)['removed']), sorted([sync.block_of(t).id, sync.block_of(t).storeys,"
        " round(sync.block_of(t).footprint.area, 2)] for t in sync.blocks(c))] for c in sync.collections(scene)]"
    )
    numbers = "[[one.scope, one.name, {key: round(f.value or 0, 6) for key, f in one.figures.items()}] for one in key_figures.shown]"
    findings = "[[one.rule, one.block, one.severity, round(one.by, 6)] for one in findings.shown()]"
    state = f"[{variants}, {numbers}, {findings}]"
    blender = Blender(screen)
    blender.open_sidebar()
    blender.press("jena.open_sample", SAMPLE)
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    states = [blender.get(state)]

    def done(what: str) -> None:
        wait_for(lambda: blender.get(state)[0] != states[-1][0], what)
        screen.settle()
        states.append(blender.get(state))

    def figure(key: str, of: Any) -> float:
        return next(float(figures[key]) for scope, _, figures in of[1] if scope == "plan-area")

    blender.press("jena.draw_block", (1230, 358))  # the polygon's button is the right one of two
    blender.until("ground_tool.seen", "the tool")
    corners = "len(ground_tool.seen[0].marks if ground_tool.seen[0].marks is not None else ())"
    screen.click(900, 560)
    blender.until(f"{corners} == 1", "the first corner")
    for place, length in (((960, 600), "24"), ((900, 690), "14.5"), ((850, 640), "24")):
        for step in range(3):
            screen.move(place[0] + step, place[1] + step)
        before = blender.get(corners)
        screen.keys(*("period" if one == "." else one for one in length))
        blender.until(f"any({length + '▏'!r} in one for one in ground_tool.seen[0].words)", "the length to be typed")
        screen.keys("Return")
        blender.until(f"{corners} == {before + 1}", "the corner to be put")
    screen.keys("Return")
    done("the block to be built")
    sides = blender.get(
        "[round(__import__('math').dist(a, b), 3) for t in bpy.context.selected_objects for c in"
        " [list(sync.block_of(t).footprint.exterior.coords)] for a, b in zip(c, c[1:])]"
    )
    assert sides.count(24.0) >= 2 and 14.5 in sides

    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    area = blender.get("sync.block_of(bpy.context.object).footprint.area")
    blender.press("jena.change_storeys", (1268, 475))
    done("another storey")
    gfz, grz, land = (figure(key, states[-1]) for key in ("gfz", "grz_main", "plot_area"))
    assert abs(gfz - figure("gfz", states[-2])) == pytest.approx(area / land, rel=1e-3)
    assert grz == figure("grz_main", states[-2])

    blender.press("jena.demolish", (1174, 412))
    blender.until("ground_tool.seen", "the tool")
    screen.move(360, 650)
    screen.click(366, 654)
    done("a house to be demolished")
    screen.keys("Return")
    blender.until("not ground_tool.seen", "the tool to end")

    blender.press("jena.new_variant", (1230, 333))
    done("the copy of the variant")
    copies, first = states[-1][0], states[0][0]
    assert len(copies) == len(first) + 1 and copies[-1][1:] == copies[0][1:]
    assert [one[2] for one in states[-1][1]] == [one[2] for one in states[-2][1]]  # the copy has the same numbers

    def step(keys: str, wanted: Any) -> None:
        for _ in range(3):  # selecting a block is a step of its own
            screen.keys(keys)
            try:
                return wait_for(lambda: blender.get(state) == wanted, keys, 8.0)
            except TimeoutError:
                continue
        raise AssertionError(f"{keys} does not lead there")

    screen.move(*VIEWPORT)
    for before in states[-2::-1]:
        step("ctrl+z", before)
    for after in states[1:]:
        step("ctrl+shift+z", after)

    saved = screen.folder / "entwurf.blend"
    screen.keys("ctrl+s")
    blender.name_file(saved)
    wait_for(saved.exists, "the file to be saved")
    blender.until("bpy.data.filepath and not bpy.data.is_dirty", "the file to be saved")
    assert blender.failures() == []
    blender.quit()
    again = Blender(screen, str(saved))
    again.until("document.is_document(scene)", "the file to be opened")
    wait_for(lambda: again.get(state) == states[-1], "the same variants, numbers and findings")
    assert again.failures() == []
    again.quit()


def test_a_block_is_moved_by_our_tool_figures_follow_and_escape_puts_it_back(screen: Screen) -> None:
    from .window.hands import Blender, wait_for

    blender = Blender(screen)
    blender.ask(f"{OPEN_SAMPLE}\nvalue = 0")
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    block, rules = f"sync.block_of(block({BLOCK!r}))", "[[one.rule, one.block, round(one.by, 3)] for one in findings.shown()]"
    there = f"[[*middle({BLOCK!r})], [*{block}.footprint.exterior.coords], {rules}, {block}.base, block({BLOCK!r}).location.z]"
    before = blender.get(there)

    def hold() -> None:
        screen.move(*PLACE)
        screen.keys("v")
        blender.until("ground_tool.seen", "the tool")
        screen.move(PLACE[0] + 1, PLACE[1])
        screen.click(*PLACE)
        blender.until("ground_tool.seen[0].marks is not None", "the block to be taken hold of")
        for step in range(1, 6):
            screen.move(PLACE[0] + 12 * step, PLACE[1] + 9 * step)
        wait_for(lambda: abs(blender.get(f"middle({BLOCK!r})[0]") - before[0][0]) > 1.0, "the block to follow the mouse")

    hold()
    wait_for(lambda: blender.get(there)[2] != before[2], "the findings to follow while the block is held")
    screen.keys("Escape")
    wait_for(lambda: blender.get(there) == before, "all to be as it was")
    screen.keys("Escape")
    blender.until("not ground_tool.seen", "the tool to end")

    hold()
    screen.keys("1", "2", "comma", "5")
    blender.until("any('12,5▏' in one for one in ground_tool.seen[0].words)", "the distance to be typed")
    screen.keys("Return")
    blender.until("not ground_tool.seen", "the tool to end")
    wait_for(lambda: abs(np.hypot(*np.subtract(blender.get(there)[0], before[0])) - 12.5) < 1e-3, "the block to stand 12.5 m on")
    screen.settle()
    screen.keys("ctrl+z")
    wait_for(lambda: blender.get(there)[0] == before[0], "undo")
    assert blender.failures() == []
    blender.quit()


def test_the_arrow_above_a_block_is_dragged_for_storeys(screen: Screen) -> None:
    from .window.hands import NAMES, Blender, wait_for

    arrow = """
from bpy_extras import view3d_utils
from bl_ext.user_default.jena_planner.operators import storey_arrow
area = next(a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "VIEW_3D")
thing, r = block("Ufer Süd"), region("WINDOW")
foot = storey_arrow._foot(thing)
foot[2] += storey_arrow._height(notes.get(thing), notes.get(thing)["storeys"]) + storey_arrow.ABOVE
at = view3d_utils.location_3d_to_region_2d(r, area.spaces.active.region_3d, foot)
value = [r.x + at.x, 900 - r.y - at.y]
"""
    blender = Blender(screen)
    blender.ask(f"{OPEN_SAMPLE}\nvalue = 0")
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")
    screen.settle()
    screen.click(*PLACE)
    blender.until(f"bpy.context.object and bpy.context.object.name == {BLOCK!r}", "the block to be selected")
    screen.settle()
    storeys, gf = f"sync.block_of(block({BLOCK!r})).storeys", "key_figures.shown[0].figures['gf'].value"
    before, area = blender.get(f"[{storeys}, {gf}]"), blender.get(f"sync.block_of(block({BLOCK!r})).footprint.area")

    def drag(end: str) -> None:
        x, y = (round(one) for one in blender.ask(f"{NAMES}\n{arrow}"))
        screen.move(x, y - 20)
        screen.move(x, y - 22)
        screen.shell("xdotool mousedown 1 && sleep 0.5")
        for step in range(1, 8):
            screen.move(x, y - 22 - 8 * step)
        wait_for(lambda: blender.get(storeys) > before[0], "storeys to follow the mouse")
        wait_for(lambda: blender.get(gf) > before[1], "the Geschossfläche to follow while the arrow is held")
        screen.shell(end)

    drag("sleep 1 && xdotool key Escape && sleep 0.5 && xdotool mouseup 1")
    wait_for(lambda: blender.get(f"[{storeys}, {gf}]") == before, "Esc to put the storeys back")
    drag("xdotool mouseup 1 && sleep 0.5")
    blender.until("not ground_tool.seen", "the tool to end")
    more = blender.get(storeys) - before[0]
    wait_for(lambda: abs(blender.get(gf) - before[1] - more * area) < 1.0, "the Geschossfläche to follow")
    screen.settle()
    screen.keys("ctrl+z")
    wait_for(lambda: blender.get(f"[{storeys}, {gf}]") == before, "undo")
    assert blender.failures() == []
    blender.quit()


LOOK = """
from bpy_extras.view3d_utils import location_3d_to_region_2d
import numpy as np
window = bpy.context.window_manager.windows[0]
area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
space, whole = area.spaces.active, region("WINDOW")
from bl_ext.user_default.jena_planner.operators import photo_overlay
work = photo_tool.at_work[0] if photo_tool.at_work else None
"""
PLACE_PHOTO = """
with bpy.context.temp_override(window=window, area=area, region=whole):
    bpy.ops.jena.place_photo("INVOKE_DEFAULT", {})
"""
CORNERS = """
found = []
for place in np.random.default_rng(3).permutation(document.site(scene).city.points):
    at = location_3d_to_region_2d(whole, space.region_3d, place)
    if at is None or not (60 < at.x < work.pane.box[0] - 60 and 60 < at.y < whole.height - 120):
        continue
    if all(abs(at.x - x) + abs(at.y - y) > 170 for x, y in found) and photo_tool._is_seen(bpy.context, whole, space, place):
        found.append((at.x, at.y))
value = found[:6]
"""


def test_a_photo_is_placed_by_clicking_the_same_corners_in_it_and_in_the_town(screen: Screen) -> None:
    """The photo is what the view itself shows, so where it was taken is known."""
    from .window.hands import NAMES, SIZE, Blender, wait_for

    blender = Blender(screen, language="de_DE")
    blender.ask(OPEN_SAMPLE)
    blender.until("document.is_document(scene) and not jobs.queue", "the sample")

    def ask(code: str) -> Any:
        return blender.ask(f"{NAMES}\n{LOOK}\n{code}")

    ask("space.show_region_ui = False; space.region_3d.view_distance *= 0.55; value = 0")
    screen.settle()
    left, low, wide, high = ask("value = [whole.x, whole.y, whole.width, whole.height]")
    lens, *eye = ask("value = [space.lens / 2, *space.region_3d.view_matrix.inverted().translation]")
    top = SIZE[1] - low - high
    marks = Image.Exif()
    marks[306] = "2025:06:21 15:30:00"
    marks.get_ifd(34665)[41989] = round(lens)
    path = screen.folder / "Am Ufer.jpg"
    Image.fromarray(screen.look()[top : top + high, left : left + wide].astype("u1")).save(path, exif=marks, quality=95)

    ask(PLACE_PHOTO.format(""))
    blender.name_file(path)
    time.sleep(3.0)  # for the dialog to be drawn
    screen.keys("Return")  # name, day, time: as the photo says
    blender.until("photo_tool.at_work", "the tool")
    screen.settle()
    corners = ask(CORNERS)
    assert len(corners) == 6
    for number, (x, y) in enumerate(corners):
        where = f"value = work.pane.in_view({x}, {high - y})"
        u, v = ask(where)
        screen.shell(f"xdotool mousemove {left + round(u)} {SIZE[1] - low - round(v)} click --repeat 8 --delay 80 4 && sleep 0.6")
        u, v = ask(where)
        screen.click(left + round(u), SIZE[1] - low - round(v))
        wait_for(lambda n=number: ask("value = len(work.clicks.pixels)") == n + 1, "the click in the photo")
        screen.shell("xdotool click --repeat 9 --delay 80 5 && sleep 0.6")
        screen.click(left + round(x) + 3, SIZE[1] - low - round(y) + 2)  # a little beside the corner, which is taken
        wait_for(lambda n=number: ask("value = work.clicks.pairs") == n + 1, "the click in the town")
    screen.settle()
    picture = screen.look()
    for colour in ask("value = photo_overlay.COLOURS"):
        halves = _near(picture, colour)
        assert halves[:, : left + wide // 2].sum() > 100 and halves[:, left + wide // 2 :].sum() > 100, f"a point's two numbers in {colour}"
    assert ask("value = [work.wrong, max(work.errors)]") == [False, pytest.approx(0, abs=3)]
    screen.keys("BackSpace")
    wait_for(lambda: ask("value = work.clicks.pairs") == 5, "the last point to go")
    screen.keys("Return")
    blender.until("not photo_tool.at_work", "the tool to end")
    assert blender.get("variants.shown(scene)") != "bestand"  # as it was
    found = ask(
        "from bl_ext.user_default.jena_planner.pipeline import opening\nopened = opening.load(document.folder(scene))\n"
        "value = list(opening.solved_photo(opened, document.site(scene), opened.file.photos[0])[0].eye)"
    )
    away = float(np.linalg.norm(np.subtract(found, eye)))
    assert away < 5, away

    ask(PLACE_PHOTO.format(f"filepath={str(path)!r}"))
    time.sleep(3.0)
    screen.keys("Return")
    blender.until("photo_tool.at_work", "the tool to begin again")
    assert ask("value = work.clicks.pairs") == 5 and ask("value = [work.wrong, len(work.errors)]") == [False, 5]  # where it was left
    screen.keys("Escape")
    blender.until("not photo_tool.at_work", "the tool to stop")
    assert blender.failures() == []
    blender.quit()
