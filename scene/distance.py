"""Near tiles of a large town with all their detail, far ones in their light form: switched as the view moves, chosen for a picture.

A town of one mesh has no tiles, and nothing here does anything to it. What is shown is told from the views alone, so that undo and
opening a file leave nothing wrong for longer than a moment; the timer pushes no undo step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..jena_city.arrays import FloatArray
from . import notes

EVERY = 0.25  # seconds between looks
NEAR = 1500.0  # metres from the eye within which a tile shows all its detail in the viewport
LEAVES = 1.2  # times as far it loses it again: a view at the border does not flicker
MOVING = 0.5  # of NEAR: a view that is still moving is followed in steps as long as this
IN_PICTURES = 3.0  # times NEAR, or so many times what is looked at is away: a picture's detail reaches that far
TILE, BOX = "jena_tile", "jena_box"  # on both forms of a tile: its number, and (6,) its lowest and highest coordinates
LIGHT = "jena_light"  # on the light form
_seen: list[FloatArray] = []  # the eyes at the last look
_followed: list[FloatArray] = []  # the eyes that the forms were chosen for


@dataclass(frozen=True)
class _Tile:
    full: Any
    light: Any
    box: FloatArray  # (2, 3)


def mark(number: int, full: Any, light: Any, points: FloatArray) -> None:
    """Make two objects the forms of one tile: the light one is shown in views, the full one in pictures. points (n, 3) : its own."""
    box = np.concatenate([points.min(axis=0), points.max(axis=0)])
    for thing in (full, light):
        thing[TILE], thing[BOX] = number, box.tolist()
    light[LIGHT] = True
    light.hide_render = full.hide_viewport = True


def _tiles(scene: Any) -> list[_Tile]:
    for collection in scene.collection.children:
        if (notes.get(collection) or {}).get("kind") == "context":
            forms: dict[int, dict[bool, Any]] = {}
            for thing in collection.objects:
                number = thing.get(TILE)
                if number is not None:
                    forms.setdefault(number, {})[LIGHT in thing] = thing
            if forms:
                pairs = [(pair[False], pair[True]) for pair in forms.values() if len(pair) == 2]  # one may have been deleted
                return [_Tile(full, light, np.array(full[BOX][:]).reshape(2, 3)) for full, light in pairs]
    return []


def _away(box: FloatArray, places: Sequence[FloatArray]) -> float:
    """Metres from a box to the nearest of some places."""
    return min((float(np.linalg.norm(np.maximum(np.maximum(box[0] - place, place - box[1]), 0.0))) for place in places), default=np.inf)


def show(scene: Any, eyes: Sequence[FloatArray]) -> None:
    """In views: the full form of tiles near one of these places (3,), or under a result that is shown; the light form of all others."""
    tiles = _tiles(scene)
    results = _results(scene) if tiles else []
    for tile in tiles:
        near = _away(tile.box, eyes) < NEAR * (1.0 if tile.full.hide_viewport else LEAVES)
        full = near or any((tile.box[0] <= box[1]).all() and (box[0] <= tile.box[1]).all() for box in results)
        if tile.full.hide_viewport == full:  # nothing is written that is so already: each change makes Blender look at all objects
            tile.full.hide_viewport = not full
        if tile.light.hide_viewport != full:
            tile.light.hide_viewport = full


def _results(scene: Any) -> list[FloatArray]:
    """(2, 3) boxes of the results that are shown: their colours lie on the faces of the full form."""
    found = []
    for collection in scene.collection.children:
        for thing in collection.objects if (notes.get(collection) or {}).get("kind") == "context" else ():
            if thing.type == "MESH" and not thing.hide_viewport and (notes.get(thing) or {}).get("kind") == "result":
                corners = np.array([corner[:] for corner in thing.bound_box])
                found.append(np.array([corners.min(axis=0), corners.max(axis=0)]))
    return found


def for_picture(scene: Any, distance: float) -> None:
    """In a picture by the scene's camera: the full form of all tiles that its detail reaches, the light form behind them. distance : of
    what it looks at, metres."""
    camera = scene.camera
    seen = camera.data.ortho_scale if camera.data.type == "ORTHO" else distance
    reach = IN_PICTURES * max(NEAR, seen)
    for tile in _tiles(scene):
        full = _away(tile.box, [np.array(camera.location)]) < reach
        tile.full.hide_render, tile.light.hide_render = not full, full


def _eyes(scene: Any) -> list[FloatArray]:
    """Where the 3D views that show a scene are seen from."""
    return [
        np.array(area.spaces.active.region_3d.view_matrix.inverted().translation)
        for window in bpy.context.window_manager.windows
        if window.scene == scene
        for area in window.screen.areas
        if area.type == "VIEW_3D"
    ]


def _same(a: Sequence[FloatArray], b: Sequence[FloatArray], within: float) -> bool:
    return len(a) == len(b) and all(np.linalg.norm(one - other) <= within for one, other in zip(a, b, strict=True))


def _tick() -> float:
    if not bpy.app.is_job_running("RENDER"):
        for scene in {window.scene for window in bpy.context.window_manager.windows}:
            if notes.KEY in scene:
                _follow(scene)
    return EVERY


def _follow(scene: Any) -> None:
    eyes = _eyes(scene)
    resting = _same(eyes, _seen, 1e-3)
    _seen[:] = eyes
    if eyes and (resting or not _same(eyes, _followed, MOVING * NEAR)):
        _followed[:] = eyes
        show(scene, eyes)


def register(registry: Any) -> None:
    """Hang in the timer, only where there is an interface."""
    if not bpy.app.background:
        registry.timer(_tick, EVERY)
    registry.on_undo(_seen.clear)
    registry.on_undo(_followed.clear)
