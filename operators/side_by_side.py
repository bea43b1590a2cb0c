"""Two variants side by side: the 3D view in two halves, one variant in each, both looked at from the same place.

Each half is a local view that shows what its variant has. Undo brings back what was seen before, so a timer looks after it; it also carries
the view from the half that was turned to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy
from bpy.app.handlers import persistent
from bpy.props import StringProperty

from ..jena_city.problems import InputProblem
from ..jena_city.variant import NULL_VARIANT
from ..scene import document, handlers, notes, sync
from . import sentences, variants

MARK = "jena_side_by_side"  # on the screen while it lasts, for a file that is saved meanwhile
EVERY, IDLE = 0.04, 0.5  # seconds between looks
SLOWER = 6  # looks after which it is seen to that every object is in the right half
_OF_VIEW = ("view_location", "view_rotation", "view_distance", "view_perspective", "view_camera_offset", "view_camera_zoom")
_REGIONS = ("show_region_ui", "show_region_toolbar", "show_region_hud")


@dataclass
class Pair:
    """Two halves. areas : their addresses in Blender, left and right; own : the one that was opened. seen : the view when looked at
    last."""

    screen: str
    scene: str
    areas: tuple[int, int]
    own: int
    variants: list[str]
    seen: tuple[Any, ...] = ()
    looks: int = 0


going: list[Pair] = []
"""The pair that is open; empty without one."""


def caption(scene: Any, area: Any) -> tuple[str, str] | None:
    """Name and colour of the variant in a half; None for any other area."""
    if not going or area is None or area.as_pointer() not in going[0].areas:
        return None
    name = going[0].variants[going[0].areas.index(area.as_pointer())]
    note = notes.get(sync.collection_of(scene, name)) if name != NULL_VARIANT.id else None
    return (str(note["name"]), str(note["colour"])) if note else (sentences.labelled(NULL_VARIANT.name), NULL_VARIANT.colour)


class JENA_OT_side_by_side(variants.InObjectMode, bpy.types.Operator):
    """Show the shown variant and another one side by side, from the same place; once more ends it"""

    bl_idname = "jena.side_by_side"
    bl_label = "Side by Side"
    bl_options = {"REGISTER"}

    other: StringProperty(name="Other variant", description="Shown on the right; empty: the next one", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        if going:
            end()
            return
        scene, window = context.scene, context.window
        area = next((one for one in (context.area, *(window.screen.areas if window else ())) if one and one.type == "VIEW_3D"), None)
        if area is None or window.screen.show_fullscreen:
            raise InputProblem("Side by Side", "there is no 3D view that could be divided", "Start it from a 3D view of an ordinary window")
        ids = [NULL_VARIANT.id, *(notes.get(one)["id"] for one in sync.collections(scene))]  # type: ignore[index]
        shown = variants.shown(scene)
        other = self.other or ids[(ids.index(shown) + 1) % len(ids)]
        if other not in ids or other == shown:
            raise InputProblem("Side by Side", f"there is no other variant {other}", "Make one first, or choose another")
        start(window, area, scene, shown, other)


class JENA_MT_side_by_side(bpy.types.Menu):
    bl_idname = "JENA_MT_side_by_side"
    bl_label = "Side by Side"

    def draw(self, context: Any) -> None:
        seen = variants.shown(context.scene)
        there = [(NULL_VARIANT.id, sentences.labelled(NULL_VARIANT.name))]
        there += [(note["id"], note["name"]) for one in sync.collections(context.scene) if (note := notes.get(one)) is not None]
        for name, words in there:
            if name != seen:
                self.layout.operator("jena.side_by_side", text=words, translate=False).other = name


def start(window: Any, area: Any, scene: Any, left: str, right: str) -> None:
    """Divide an area and show a variant in each half."""
    before = {one.as_pointer() for one in window.screen.areas}
    with bpy.context.temp_override(window=window, area=area, region=_region(area)):
        bpy.ops.screen.area_split(direction="VERTICAL", factor=0.5)
    fresh = next(one for one in window.screen.areas if one.as_pointer() not in before)
    halves = [fresh, area]  # a part that is cut off upright lies to the left; where it lies is known only when the screen has been laid out
    for name in _REGIONS:
        setattr(fresh.spaces.active, name, False)
    going[:] = [Pair(window.screen.name, scene.name, (halves[0].as_pointer(), halves[1].as_pointer()), fresh.as_pointer(), [left, right])]
    window.screen[MARK] = True
    sync.show_two(scene, left, right)
    bpy.context.view_layer.update()
    for half in halves:
        _enter(window, half, scene)
    _tell_apart(scene, halves)


def _region(area: Any) -> Any:
    return next(one for one in area.regions if one.type == "WINDOW")


def _enter(window: Any, area: Any, scene: Any) -> None:
    """Make an area's view a local one. Blender wants something selected for that."""
    if area.spaces.active.local_view is not None:
        return
    active = bpy.context.view_layer.objects.active
    chosen = [thing for thing in bpy.context.view_layer.objects if thing.select_get()]
    for thing in chosen:
        thing.select_set(False)
    handle = bpy.data.objects.new("side by side", None)
    scene.collection.objects.link(handle)
    handle.select_set(True)
    with bpy.context.temp_override(window=window, area=area, region=_region(area)):
        bpy.ops.view3d.localview(frame_selected=False)
    bpy.data.objects.remove(handle)
    for thing in chosen:
        thing.select_set(True)
    bpy.context.view_layer.objects.active = active


def _leave(window: Any, area: Any) -> None:
    if area.type == "VIEW_3D" and area.spaces.active.local_view is not None:
        with bpy.context.temp_override(window=window, area=area, region=_region(area)):
            bpy.ops.view3d.localview(frame_selected=False)


def _tell_apart(scene: Any, halves: list[Any]) -> None:
    """Every object into the halves in whose variant it is. What Blender says of that is old until it has drawn: so it is set each time, and
    Blender draws anew only where that changes something."""
    sync.show_two(scene, *going[0].variants)
    for half, variant in zip(halves, going[0].variants, strict=True):
        space, hidden = half.spaces.active, sync.hidden_with(scene, variant)
        for thing in bpy.context.view_layer.objects:
            thing.local_view_set(space, thing.name not in hidden)


def _found() -> tuple[Any, list[Any]] | None:
    """The window and the two halves; None when one of them is gone."""
    pair = going[0]
    for window in bpy.context.window_manager.windows:
        if window.screen.name == pair.screen:
            there = {one.as_pointer(): one for one in window.screen.areas if one.type == "VIEW_3D"}
            if all(one in there for one in pair.areas):
                return window, [there[one] for one in pair.areas]
    return None


def end() -> None:
    """Back to one view with the variant that is shown."""
    pair, found = going[0], _found()
    going.clear()
    scene = bpy.data.scenes.get(pair.scene)
    for screen in bpy.data.screens:
        if MARK in screen:
            del screen[MARK]
    for window in bpy.context.window_manager.windows:
        for area in list(window.screen.areas) if window.screen.name == pair.screen else []:
            if area.as_pointer() in pair.areas:
                _leave(window, area)
    if found is not None:
        window, halves = found
        own = next(one for one in halves if one.as_pointer() == pair.own)
        with bpy.context.temp_override(window=window, area=own, region=_region(own)):
            bpy.ops.screen.area_close()
    if scene is not None and document.is_document(scene):
        sync.show_variant(scene, variants.shown(scene))


def _tick() -> float:
    if not going:
        return IDLE
    pair, found = going[0], _found()
    scene = bpy.data.scenes.get(pair.scene)
    if found is None or scene is None or any(half.spaces.active.local_view is None for half in found[1]):
        end()
        return IDLE
    shown = variants.shown(scene)
    there = {NULL_VARIANT.id, *(notes.get(one)["id"] for one in sync.collections(scene))}  # type: ignore[index]
    if shown not in pair.variants:
        pair.variants[0], pair.looks = shown, 0
    if not set(pair.variants) <= there:
        end()
        return IDLE
    _link(found[1])
    if pair.looks % SLOWER == 0:
        _tell_apart(scene, found[1])
    pair.looks += 1
    return EVERY


def _look(area: Any) -> tuple[Any, ...]:
    view = area.spaces.active.region_3d
    values = [getattr(view, name) for name in _OF_VIEW]
    return (*(value if isinstance(value, (str, float)) else tuple(value) for value in values), area.spaces.active.lens)


def _link(halves: list[Any]) -> None:
    """Carry the view from the half that was moved to the other."""
    looks = [_look(one) for one in halves]
    if looks[0] == looks[1]:
        going[0].seen = looks[0]
        return
    source = 1 if looks[0] == going[0].seen else 0
    mine, other = (halves[number].spaces.active for number in (source, 1 - source))
    for name in _OF_VIEW:
        setattr(other.region_3d, name, getattr(mine.region_3d, name))
    other.lens = mine.lens
    going[0].seen = looks[source]
    halves[1 - source].tag_redraw()


@persistent
def _opened() -> None:
    """A file that was saved while two were shown opens with one, as any other."""
    going.clear()
    for screen in bpy.data.screens:
        if MARK not in screen:
            continue
        del screen[MARK]
        for window in bpy.context.window_manager.windows:
            if window.screen == screen:
                for area in screen.areas:
                    _leave(window, area)
    scene = bpy.context.scene
    if document.is_document(scene):
        try:
            sync.show_variant(scene, variants.shown(scene))
        except InputProblem:  # of a newer program: the banner says so
            return


def stop() -> None:
    """When the extension is disabled."""
    if going:
        end()


CLASSES = (JENA_OT_side_by_side, JENA_MT_side_by_side)


def register(registry: Any) -> None:
    """The timer runs only where there is a window."""
    registry.handler(handlers.opened, _opened)
    if not bpy.app.background:
        registry.timer(_tick, IDLE)
    registry.on_undo(stop)
