"""Drawing a block on the ground with the mouse: corners, typed lengths, storeys by the wheel, the body seen while it grows."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import Any

import bpy
import numpy as np
import shapely
from bpy.props import EnumProperty, IntProperty, StringProperty

from ..jena_city import pointing
from ..jena_city.applied import base_of
from ..jena_city.massing import Solid, solid
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from ..jena_city.sketch import Sketch
from ..jena_city.snapping import Guides, Snap
from ..jena_city.variant import Block
from ..scene import document, handlers, notes, sync
from . import base, errors, variants, view

HELD = 12  # pixels around the mouse within which a corner or an edge is meant
STOREYS = (1, 60)
_VIEWS = ("MIDDLEMOUSE", "NDOF_MOTION", "TRACKPADPAN", "TRACKPADZOOM", "MOUSEROTATE", "MOUSESMARTZOOM")
_guides: list[tuple[Site, Guides]] = []  # of the site asked about last: a whole city's outlines are gathered once


@dataclass
class Seen:
    """What is on the screen of an outline being drawn. line (n, 3) : its corners with the next one; faces (t, 3, 3) and edges
    (e, 2, 3) : of the body; marks : corners put; snap : where the next one comes; place : that in space; mouse : pixels in the
    window; words : what stands beside it."""

    line: Any = None
    faces: Any = None
    edges: Any = None
    marks: Any = None
    snap: Snap | None = None
    place: Any = None
    mouse: tuple[int, int] = (0, 0)
    words: list[str] = field(default_factory=list)
    colour: str = "#0072B2"


seen: list[Seen] = []
"""Of the drawing that is going on; empty without one."""


def guides(scene: Any) -> Guides:
    """All that drawing holds on to: houses, plots and plan areas of the site, and the blocks of the shown variant."""
    site = document.site(scene)
    if not _guides or _guides[0][0] is not site:
        named: list[tuple[str, Any]] = [(_translated("Building"), shape) for shape in site.footprints]
        for source, features in (
            (_translated("Plot"), site.plots),
            (_translated("Plan area"), site.plan_areas),
            (_translated("Reference"), site.lines),
        ):
            named += [(source, shape) for shape in features.geometry] if features is not None else []
        _guides[:] = [(site, Guides(named))]
    collection = sync.collection_of(scene, variants.shown(scene))
    own = (
        [("Block", sync.block_of(thing).footprint) for thing in sync.blocks(collection) if not sync.problem_of(thing)] if collection else []
    )
    return _guides[0][1].with_more(own) if own else _guides[0][1]


def forget() -> None:
    """Let go of what was gathered, and end a drawing that goes on."""
    _guides.clear()
    seen.clear()


def _translated(text: str) -> str:
    return bpy.app.translations.pgettext_iface(text)


def number(value: float, digits: int) -> str:
    """A number as the interface's language writes it."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", "\u202f,")) if bpy.app.translations.locale.startswith("de") else text.replace(",", "\u202f")


def home(scene: Any) -> Any:
    """The collection of the shown variant; where the Bestand is shown, of a new one: nothing can be built in it."""
    found = sync.collection_of(scene, variants.shown(scene))
    if found is None:
        there = sync.variants(scene)
        found = variants.add(scene, variants.fresh(there), there)
    return found


def named(collection: Any, block: Block) -> Block:
    """The block with an id and a name that no other of the variant has."""
    taken = {str((notes.get(one) or {}).get("id")) for one in sync.blocks(collection)}
    count = next(k for k in range(1, len(taken) + 2) if f"block-{k}" not in taken)
    return replace(block, id=f"block-{count}", name=block.name or f"Baukörper {count}")


def add(scene: Any, blocks: list[Block]) -> list[Any]:
    """Blocks in the shown variant, selected. Raises InputProblem for one that cannot be built; then none is added."""
    site = document.site(scene)
    ready = [(block, height := base_of(site, block), solid(block, height)) for block in blocks]
    collection = home(scene)
    made = [sync.add_block(collection, named(collection, block), site, height, body) for block, height, body in ready]
    for thing in bpy.context.selected_objects:
        thing.select_set(False)
    for thing in made:
        thing.select_set(True)
        bpy.context.view_layer.objects.active = thing
    handlers.settle(scene)
    return made


class JENA_OT_draw_block(base.InProject, bpy.types.Operator):
    """Draw a building on the ground: click its corners, or type lengths; the wheel sets its storeys"""

    bl_idname = "jena.draw_block"
    bl_label = "Draw Block"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="Outline",
        items=[
            ("rectangle", "Rectangle", "First side, then depth: three clicks"),
            ("polygon", "Polygon", "Any number of corners, closed at the first one"),
        ],
        options={"SKIP_SAVE"},
    )
    storeys: IntProperty(name="Storeys", default=3, min=STOREYS[0], max=STOREYS[1])
    outline: StringProperty(
        name="Corners", description="[[x, y], …] in metres of the scene; drawn with the mouse when empty", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and context.mode == "OBJECT"

    def do(self, context: Any) -> None:
        try:
            area = shapely.Polygon(json.loads(self.outline))
        except (ValueError, TypeError) as error:
            raise InputProblem("the outline", "it is no list of corners", "Give [[x, y], …] with three or more") from error
        add(context.scene, [Block("", shapely.geometry.polygon.orient(area, 1.0), self.storeys)])

    def invoke(self, context: Any, event: Any) -> set[str]:
        if self.outline:
            return self.execute(context)
        with errors.reported(self):
            if context.area is None or context.area.type != "VIEW_3D":
                raise InputProblem("Draw Block", "there is no 3D view under the mouse", "Start it from a 3D view")
            self._site = document.site(context.scene)
            self._sketch = Sketch(self.kind, guides(context.scene))
            shown = sync.collection_of(context.scene, variants.shown(context.scene))
            seen[:] = [Seen(colour=notes.get(shown)["colour"] if shown else variants.fresh(sync.variants(context.scene)).colour)]  # type: ignore[index]
            self._mine = seen[0]
            self._follow(context, event)
            context.window_manager.modal_handler_add(self)
            self._hint(context)
        return {"CANCELLED"} if self.failed else {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        if context.area is None or not seen or seen[0] is not self._mine:  # the view was closed, or another drawing has begun
            return self._end(context, {"CANCELLED"})
        inside = _window(context.area, event) is not None
        if event.type == "MOUSEMOVE":
            self._follow(context, event)
            return {"RUNNING_MODAL"} if inside else {"PASS_THROUGH"}
        if event.type in _VIEWS or (event.type in ("WHEELUPMOUSE", "WHEELDOWNMOUSE") and event.ctrl):
            return {"PASS_THROUGH"}
        if event.value not in ("PRESS", "DOUBLE_CLICK"):
            return {"RUNNING_MODAL"} if inside else {"PASS_THROUGH"}
        if event.type == "LEFTMOUSE" and not inside:
            return {"PASS_THROUGH"}
        if event.type in ("ESC", "RIGHTMOUSE"):
            if not self._sketch.typed:
                return self._end(context, {"CANCELLED"})
            self._sketch.typed = ""
        elif event.type in ("WHEELUPMOUSE", "WHEELDOWNMOUSE", "UP_ARROW", "DOWN_ARROW"):
            step = 1 if event.type in ("WHEELUPMOUSE", "UP_ARROW") else -1
            self.storeys = min(max(self.storeys + step, STOREYS[0]), STOREYS[1])
        elif event.type == "BACK_SPACE" or (event.type == "Z" and (event.ctrl or event.oskey)):
            if not self._sketch.back():
                return self._end(context, {"CANCELLED"})
        elif event.type in ("RET", "NUMPAD_ENTER", "SPACE") or (event.type == "LEFTMOUSE" and event.value == "DOUBLE_CLICK"):
            if not self._sketch.typed or self._sketch.put():
                return self._finish(context)
        elif event.type == "LEFTMOUSE":
            self._follow(context, event)
            if self._sketch.put():
                return self._finish(context)
        elif not self._sketch.type(event.unicode if event.unicode else ""):
            return {"RUNNING_MODAL"}
        self._follow(context, event)
        return {"RUNNING_MODAL"}

    def _finish(self, context: Any) -> set[str]:
        with errors.reported(self):
            area = self._sketch.finished()
            self.outline = json.dumps(np.round(shapely.get_coordinates(area.exterior)[:-1], 4).tolist())
            self.do(context)
        if not self.failed:
            return self._end(context, {"FINISHED"})
        if self._sketch.kind == "rectangle":
            self._sketch.back()
        self._see(context)  # what was drawn stays, and can be drawn on
        return {"RUNNING_MODAL"}

    def _end(self, context: Any, how: set[str]) -> set[str]:
        if seen and seen[0] is self._mine:
            seen.clear()
            context.workspace.status_text_set(None)
        for area, _space in view.views(context.scene):
            area.tag_redraw()
        return how

    def _hint(self, context: Any) -> None:
        words = [
            _translated("Click: corner"),
            _translated("Digits: length in metres"),
            _translated("Wheel: storeys"),
            _translated("Backspace: one step back"),
            *([_translated("Enter or first corner: close")] if self.kind == "polygon" else []),
            _translated("Shift: hold on to nothing"),
            _translated("Ctrl+wheel and middle button: view"),
            _translated("Esc: stop"),
        ]
        context.workspace.status_text_set("   ·   ".join(words))

    def _follow(self, context: Any, event: Any) -> None:
        """Where the mouse points, and all that follows from it."""
        found = _window(context.area, event)
        if found is not None:
            region, x, y = found
            start, along = view.ray(region, context.area.spaces.active, x, y)
            place = pointing.on_ground(self._site, start, along)
            if place is not None:
                self._sketch.cursor = place[:2]
                self._sketch.reach = HELD * view.pixel(region, context.area.spaces.active, place)
                self._sketch.free = event.shift
                self._mine.mouse = (event.mouse_x, event.mouse_y)
        self._see(context)

    def _see(self, context: Any) -> None:
        sketch, mine = self._sketch, self._mine
        snap, area = sketch.next(), sketch.shown()
        body, height = None, math.nan
        if area is not None:
            block = Block("", area, self.storeys)
            try:
                height = base_of(self._site, block)
                body = solid(block, height)
            except InputProblem:  # said when it is finished
                body = None
        line = sketch.line()
        mine.snap = snap
        mine.line = self._lifted(line, height)
        mine.marks = self._lifted(np.array(sketch.corners).reshape(-1, 2), height)
        mine.place = self._lifted(snap.point[None], height)[0] if snap is not None else None
        mine.faces = body.vertices[body.triangles] if body is not None else None
        mine.edges = edges(body) if body is not None else None
        mine.words = self._words(area)
        for one, _space in view.views(context.scene):
            one.tag_redraw()

    def _lifted(self, xy: Any, height: float) -> Any:
        """Points (n, 2) at the height of the body's base, else on the ground below each."""
        if math.isfinite(height):
            return np.column_stack([xy, np.full(len(xy), height)])
        terrain = self._site.terrain
        found = terrain.height_at(xy) if terrain is not None and len(xy) else np.zeros(len(xy))
        return np.column_stack([xy, np.nan_to_num(found) + 0.15])

    def _words(self, area: Any) -> list[str]:
        sketch = self._sketch
        lines = []
        if (side := sketch.side()) is not None:
            length = f"{sketch.typed}▏m" if sketch.typed else f"{number(side[0], 2)} m"
            lines.append(length + (f" · {number(side[1], 1)}°" if math.isfinite(side[1]) else ""))
        if area is not None:
            storeys = _translated("1 storey" if self.storeys == 1 else "{} storeys").format(self.storeys)
            floors = f"{_translated('GF')} {number(area.area * self.storeys, 0)} m²"
            lines.append(f"{number(area.area, 0)} m² · {storeys} · {floors}")
        snap = self._mine.snap
        if snap is not None and snap.source:
            lines.append(snap.source)
        return lines


def edges(body: Solid) -> Any:
    """(e, 2, 3) the edges of a solid's faces, each once."""
    pairs = np.concatenate([np.stack([ring, np.roll(ring, -1)], axis=1) for rings in body.faces for ring in rings])
    return body.vertices[np.unique(np.sort(pairs, axis=1), axis=0)]


def _window(area: Any, event: Any) -> tuple[Any, int, int] | None:
    """(region, x, y) of the mouse in an area's view; None where it is over its sidebar, toolbar, header, or elsewhere."""
    for region in area.regions:
        x, y = event.mouse_x - region.x, event.mouse_y - region.y
        if region.width > 1 and 0 <= x < region.width and 0 <= y < region.height and region.type not in ("WINDOW", "HUD"):
            return None
    region = next(one for one in area.regions if one.type == "WINDOW")
    x, y = event.mouse_x - region.x, event.mouse_y - region.y
    return (region, x, y) if 0 <= x < region.width and 0 <= y < region.height else None


CLASSES = (JENA_OT_draw_block,)
