"""The Spielraum-Körper in the scene: to be looked at, not to be moved, and in no picture."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city.envelope import LIMITS, Envelope, Limit
from ..jena_city.palette import linear
from . import notes
from .builder import fixed
from .meshes import mesh_object, new_mesh, shape_of
from .shapes import Shape

COLLECTION, COLLECTION_KIND, KIND = "Spielraum", "envelopes", "envelope"
SEEN_THROUGH = 0.55
"""How much of a face is seen: what stands within shows through."""


def show(scene: Any, found: Envelope, figures: list[tuple[str, float, str]]) -> Any:
    """The body as an object, in place of one of the same plot. figures : what the panel says of it, names in German."""
    hide(scene, found.name)
    shape = Shape(found.vertices, found.triangles, found.limit.astype(np.int32))
    mesh = new_mesh(f"{COLLECTION} {found.name}", shape)
    for limit in LIMITS:
        mesh.materials.append(material(limit))
    thing = mesh_object(mesh.name, mesh, _collection(scene))
    fixed(thing)
    thing.show_transparent, thing.hide_render = True, True
    thing.show_wire, thing.display.show_shadows = True, False
    told = [[name, value, unit] for name, value, unit in figures]
    notes.put(thing, kind=KIND, name=found.name, figures=told, areas=found.areas(), remarks=list(found.notes))
    return thing


def shown(scene: Any) -> list[Any]:
    """The objects of all bodies in the scene."""
    return [thing for thing in scene.objects if (notes.get(thing) or {}).get("kind") == KIND]


def bodies(scene: Any) -> list[Envelope]:
    """The bodies that are shown, as they were computed."""
    found = []
    for thing in shown(scene):
        shape = shape_of(thing.data)
        low = shape.vertices[:, 2].min() + 1e-4
        bottom = shape.triangles[(shape.vertices[shape.triangles][:, :, 2] < low).all(axis=1)]
        ground = shapely.union_all(shapely.polygons(shape.vertices[bottom][:, :, :2].astype(np.float64)), grid_size=1e-3)
        limit = np.zeros(len(shape.triangles), np.uint8) if shape.slots is None else shape.slots.astype(np.uint8)
        found.append(Envelope(notes.get(thing)["name"], shape.vertices.astype(np.float64), shape.triangles, limit, ground))  # type: ignore[index]
    return found


def hide(scene: Any, name: str | None = None) -> None:
    """Take the body of a plot away; None: all of them."""
    for thing in shown(scene):
        if name in (None, notes.get(thing)["name"]):  # type: ignore[index]
            mesh = thing.data
            bpy.data.objects.remove(thing)
            if not mesh.users:
                bpy.data.meshes.remove(mesh)
    home = next((one for one in scene.collection.children if _is_home(one)), None)
    if home is not None and not home.objects:
        bpy.data.collections.remove(home)


def material(limit: Limit) -> Any:
    """The colour of a rule."""
    name = f"{COLLECTION}: {LIMITS[limit][0]}"
    there = bpy.data.materials.get(name)
    if there is None or there.library is not None:
        there = bpy.data.materials.new(name)
        there.diffuse_color = (*linear(LIMITS[limit][2])[:3], SEEN_THROUGH)
    return there


def _is_home(collection: Any) -> bool:
    return (notes.get(collection) or {}).get("kind") == COLLECTION_KIND


def _collection(scene: Any) -> Any:
    home = next((one for one in scene.collection.children if _is_home(one)), None)
    if home is None:
        home = bpy.data.collections.new(COLLECTION)
        notes.put(home, kind=COLLECTION_KIND)
        scene.collection.children.link(home)
    return home
