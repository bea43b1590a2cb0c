"""What tools have in common that work with the mouse on the ground: where it points, what is seen meanwhile, hints, Esc, and the view that
can be turned as ever."""

from __future__ import annotations

import math
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np

from ..jena_city import envelope, plan_parts, pointing
from ..jena_city.applied import base_of
from ..jena_city.massing import Solid, solid
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from ..jena_city.snapping import Guides, Snap
from ..jena_city.variant import Block
from ..scene import document, envelopes, notes, sync
from . import base, errors, preferences, variants, view
from .base import translated

HELD = 12  # pixels around the mouse within which a corner or an edge is meant
MOST_STOREYS = 60
_VIEWS = ("MIDDLEMOUSE", "NDOF_MOTION", "TRACKPADPAN", "TRACKPADZOOM", "MOUSEROTATE", "MOUSESMARTZOOM")
_guides: list[tuple[Site, Guides]] = []  # of the site asked about last: a whole city's outlines are gathered once


@dataclass
class Seen:
    """What a tool shows in the views. line (n, 3) : the outline; marks (m, 3) : its corners; faces (t, 3, 3) and edges (e, 2, 3) : of the
    bodies; snap : why the next corner is where it is, place (3,) : where; mouse : pixels in the window; words : what stands beside it."""

    line: Any = None
    marks: Any = None
    faces: Any = None
    edges: Any = None
    snap: Snap | None = None
    place: Any = None
    mouse: tuple[int, int] = (0, 0)
    words: list[str] = field(default_factory=list)
    colour: str = "#0072B2"


seen: list[Seen] = []
"""Of the tool that is at work; empty without one."""


def forget() -> None:
    """Let go of what was gathered, and end a tool that is at work."""
    _guides.clear()
    seen.clear()


def guides(scene: Any, blocks: bool = True, without: Collection[str] = ()) -> Guides:
    """All that a tool holds on to: houses, plots, plan areas, overbuildable areas and Baulinien of the site, reference lines, and the
    blocks of the shown variant. without : names of blocks that are not held on to."""
    site = document.site(scene)
    if not _guides or _guides[0][0] is not site:
        named: list[tuple[str, Any]] = [(translated("Building"), shape) for shape in site.footprints]
        for source, features in (
            (translated("Plot"), site.plots),
            (translated("Plan area"), site.plan_areas),
            (translated("Reference"), site.lines),
        ):
            named += [(source, shape) for shape in features.geometry] if features is not None else []
        named += [("Baugrenze", shape) for shape in plan_parts.shapes_of(site, "overbuildable")]
        named += [("Baulinie", line) for kind, line in plan_parts.drawn_lines(site) if kind == "line"]
        _guides[:] = [(site, Guides(named))]
    collection = sync.collection_of(scene, variants.shown(scene)) if blocks else None
    things = sync.blocks(collection) if collection else []
    things = [thing for thing in things if thing.name not in without and not sync.problem_of(thing)]
    own = [(translated("Block"), sync.block_of(thing).footprint) for thing in things]
    own += [("Spielraum", body.ground) for body in envelopes.bodies(scene)]
    return _guides[0][1].with_more(own) if own else _guides[0][1]


def number(value: float, digits: int) -> str:
    """A number as the interface's language writes it."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", "\u202f,")) if bpy.app.translations.locale.startswith("de") else text.replace(",", "\u202f")


def storeys(count: int) -> str:
    """So many storeys, in words."""
    return translated("1 storey" if count == 1 else "{} storeys").format(count)


def floors(area: float, count: int) -> str:
    """Ground covered, storeys, and the floor area they make, in words."""
    return f"{number(area, 0)} m² · {storeys(count)} · {translated('GF')} {number(area * count, 0)} m²"


def room_words(bodies: list[envelope.Envelope], block: Block, base: float) -> tuple[list[str], bool]:
    """What the shown bodies (see `envelopes`) leave a block, in words, and whether it is more than they leave."""
    words, beyond = [], False
    german = preferences.language() == "de"
    for body in bodies:
        found = envelope.room(body, block.footprint)
        if found is None or not math.isfinite(base):
            continue
        over = base + block.eaves_height - found.top
        rule = envelope.LIMITS[found.limit][0 if german else 1]
        if found.beyond > 0.05:
            words.append(translated("{} m² stand beyond the room to build").format(number(found.beyond, 1)))
        if over > 0.005:
            words.append(translated("{} m too high: {}").format(number(over, 2), rule))
        else:
            words.append(translated("up to {} m: {}").format(number(found.top - base, 2), rule))
        beyond = beyond or found.beyond > 0.05 or over > 0.005
    return words, beyond


def edges(body: Solid) -> Any:
    """(e, 2, 3) the edges of a solid's faces, each once."""
    pairs = np.concatenate([np.stack([ring, np.roll(ring, -1)], axis=1) for rings in body.faces for ring in rings])
    return body.vertices[np.unique(np.sort(pairs, axis=1), axis=0)]


class Tool(base.InProject):
    """An operator that follows the mouse over the ground until it is done or Esc ends it."""

    site: Site
    mine: Seen
    pointer: tuple[Any, int, int]
    """Region and pixels in it that the mouse points at."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and context.mode == "OBJECT"

    # --- what each tool says for itself ---

    def begin(self, context: Any) -> None:
        """Before the first move of the mouse; `site` is there."""

    def pointed(self, context: Any, event: Any) -> None:
        """The mouse points elsewhere (see `pointer`), be there ground or only sky; goes before `moved`."""

    def moved(self, context: Any, place: Any, reach: float, event: Any) -> None:
        """The mouse points at a place (3,) on the ground; `reach` metres are some pixels there."""

    def pressed(self, context: Any, event: Any) -> str | None:
        """A key or button: "finish", "stop", "pass" to Blender, "" for having taken it, None for one that is not this tool's."""
        raise NotImplementedError

    def released(self, context: Any, event: Any) -> str | None:
        """The left button is let go; returns as `pressed`."""
        return None

    def ended(self, context: Any) -> None:
        """After the last: done, stopped, or ended from outside."""

    def see(self, context: Any) -> None:
        """Put what there is to see into `mine`."""

    def hints(self) -> list[str]:
        """What keys and buttons do, for the line at the bottom of the window."""
        raise NotImplementedError

    # --- what all do ---

    def invoke(self, context: Any, event: Any) -> set[str]:
        with errors.reported(self):
            if context.area is None or context.area.type != "VIEW_3D":
                raise InputProblem(self.bl_label, "there is no 3D view under the mouse", "Start it from a 3D view")  # type: ignore[attr-defined]
            self.site = document.site(context.scene)
            shown = sync.collection_of(context.scene, variants.shown(context.scene))
            note = notes.get(shown) if shown else None
            self.mine = Seen(colour=note["colour"] if note else variants.fresh(sync.variants(context.scene)).colour)
            self.begin(context)
            seen[:] = [self.mine]
            context.window_manager.modal_handler_add(self)
            context.workspace.status_text_set("   ·   ".join([*self.hints(), translated("Esc: stop")]))
            self._follow(context, event)
            if event.type == "LEFTMOUSE" and event.value == "PRESS":  # begun from the toolbar by a click, which counts; a button lets go
                return self.modal(context, event)
        return {"CANCELLED"} if self.failed else {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        if context.area is None or not seen or seen[0] is not self.mine:  # the view was closed, or another tool has begun
            return self._end(context, {"CANCELLED"})
        inside = _window(context.area, event) is not None
        elsewhere = {"RUNNING_MODAL"} if inside else {"PASS_THROUGH"}
        if event.type == "MOUSEMOVE":
            self._follow(context, event)
            return elsewhere
        if event.type in _VIEWS or (event.type in ("WHEELUPMOUSE", "WHEELDOWNMOUSE") and event.ctrl):
            return {"PASS_THROUGH"}
        lets_go = event.type == "LEFTMOUSE" and event.value == "RELEASE"
        if not (lets_go or event.value in ("PRESS", "DOUBLE_CLICK")) or (event.type in ("LEFTMOUSE", "RIGHTMOUSE") and not inside):
            return elsewhere
        if event.type == "LEFTMOUSE":
            self._follow(context, event)
        done = self.released(context, event) if lets_go else self.pressed(context, event)
        if lets_go and done is None:
            return elsewhere
        if done is None and event.type in ("ESC", "RIGHTMOUSE"):
            done = "stop"
        if done == "pass":
            return {"PASS_THROUGH"}
        if done == "stop":
            return self._end(context, {"CANCELLED"})
        if done == "finish":
            with errors.reported(self):
                self.do(context)
            if not self.failed:
                return self._end(context, {"FINISHED"})
        self._follow(context, event)
        return {"RUNNING_MODAL"}

    def _follow(self, context: Any, event: Any) -> None:
        """Where the mouse points, and all that follows from it."""
        found = _window(context.area, event)
        if found is not None:
            region, x, y = self.pointer = found
            start, along = view.ray(region, context.area.spaces.active, x, y)
            place = pointing.on_ground(self.site, start, along)
            self.mine.mouse = (event.mouse_x, event.mouse_y)
            self.pointed(context, event)
            if place is not None:
                self.moved(context, place, HELD * view.pixel(region, context.area.spaces.active, place), event)
        self.see(context)
        for one, _space in view.views(context.scene):
            one.tag_redraw()

    def cancel(self, context: Any) -> None:
        """Blender itself ends it: a file is loaded, its window is closed."""
        with suppress(AttributeError, ReferenceError, RuntimeError):  # what it worked on may be gone by now
            self._end(context, {"CANCELLED"})
        if seen and seen[0] is self.mine:
            seen.clear()

    def _end(self, context: Any, how: set[str]) -> set[str]:
        self.ended(context)
        if not seen or seen[0] is self.mine:
            seen.clear()
            context.workspace.status_text_set(None)
        for area, _space in view.views(context.scene):
            area.tag_redraw()
        return how

    def wheel(self, event: Any) -> int:
        """1 or -1 where the event is the wheel or an arrow up or down, else 0."""
        return {"WHEELUPMOUSE": 1, "UP_ARROW": 1, "WHEELDOWNMOUSE": -1, "DOWN_ARROW": -1}.get(event.type, 0)

    def show_bodies(self, blocks: list[Block]) -> float:
        """Show blocks as bodies; what cannot be built is not shown, and said when the tool is finished. Returns the height of the first."""
        height, bodies = math.nan, []
        for block in blocks:
            try:
                at = base_of(self.site, block)
                bodies.append(solid(block, at))
            except InputProblem:
                continue
            height = at if math.isnan(height) else height
        self.mine.faces = np.concatenate([one.vertices[one.triangles] for one in bodies]) if bodies else None
        self.mine.edges = np.concatenate([edges(one) for one in bodies]) if bodies else None
        return height

    def lifted(self, xy: Any, height: float = math.nan) -> Any:
        """Points (n, 2) in space: at a height, else on the ground below each."""
        if math.isfinite(height):
            return np.column_stack([xy, np.full(len(xy), height)])
        terrain = self.site.terrain
        found = terrain.height_at(xy) if terrain is not None and len(xy) else np.zeros(len(xy))
        return np.column_stack([xy, np.nan_to_num(found) + 0.15])


def _window(area: Any, event: Any) -> tuple[Any, int, int] | None:
    """(region, x, y) of the mouse in an area's view; None where it is over its sidebar, toolbar, header, or elsewhere."""
    for region in area.regions:
        x, y = event.mouse_x - region.x, event.mouse_y - region.y
        if region.width > 1 and 0 <= x < region.width and 0 <= y < region.height and region.type not in ("WINDOW", "HUD"):
            return None
    region = next(one for one in area.regions if one.type == "WINDOW")
    x, y = event.mouse_x - region.x, event.mouse_y - region.y
    return (region, x, y) if 0 <= x < region.width and 0 <= y < region.height else None
