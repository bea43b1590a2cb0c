"""What a variant changes beside buildings, as it is seen: open spaces laid on the ground, trees planted and felled."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city.applied import Applied, apply
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.site import Site
from ..jena_city.terrain import Terrain
from ..jena_city.variant import OpenSpace, Variant
from . import around, materials, shapes, sync, trees
from .meshes import mesh_object, new_mesh

COLOURS = {
    "street": "#a9a7a5", "path": "#d8cdb8", "parking": "#bcb8b4", "terrace": "#cfc4b4",
    "green": "#b3c795", "play": "#dcb98a", "water": "#5f7f8c",
}  # fmt: skip
OUTSIDE = "jena_outside"  # on all that is made here
ABOVE = 0.10  # metres over the ground
BELOW = -10_000.0  # metres: under any ground, so that all of it is laid upon it


def show(applied: Applied, collection: Any) -> None:
    """Make the objects of a variant's open spaces and trees in its collection, in place of those that are there."""
    for thing in [one for one in collection.objects if OUTSIDE in one]:
        bpy.data.objects.remove(thing)
    site, variant = applied.site, applied.variant
    made = []
    if variant.open_spaces and site.terrain is not None:
        vertices, triangles, slots = _laid(variant.open_spaces, site.terrain)
        if len(triangles):
            mesh = new_mesh(f"Freiflächen {variant.id}", shapes.Shape(vertices, triangles, slots))
            for kind, colour in COLOURS.items():
                mesh.materials.append(bpy.data.materials.get(f"Freifläche {kind}") or materials.plain(f"Freifläche {kind}", colour))
            made.append(mesh_object(mesh.name, mesh, collection))
    if (variant.planted or applied.felled.any()) and site.terrain is not None:
        made.append(trees.plant(shapes.of_trees(*applied.all_trees, site.terrain), collection, f"Bäume {variant.id}"))
    for thing in made:
        thing[OUTSIDE] = True
        thing.hide_select = True
        thing.display.show_shadows = trees.TREES in thing


def change(scene: Any, site: Site, collection: Any, variant: Variant) -> None:
    """Give a variant's collection the open spaces and trees of a variant, and show them."""
    sync.put_outside(collection, variant)
    bare = Variant(variant.id, variant.name, open_spaces=variant.open_spaces, planted=variant.planted, felled=variant.felled)
    show(apply(site, bare), collection)
    sync.show_variant(scene, variant.id)


def _laid(spaces: tuple[OpenSpace, ...], ground: Terrain) -> tuple[FloatArray, IntArray, IntArray]:
    """All open spaces on the ground, and the material of each triangle; the later of two that overlap lies on top."""
    points, faces, slots, number = [], [], [], 0
    for rank, space in enumerate(spaces):
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(space.shape))
        if not len(pieces):
            continue
        corners = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3]
        flat = np.column_stack([corners.reshape(-1, 2), np.full(3 * len(corners), BELOW)])
        vertices, triangles, _ = around.laid(flat, np.arange(len(flat)).reshape(-1, 3), ground, ABOVE + 0.01 * rank)
        used, index = np.unique(triangles, return_inverse=True)
        points.append(vertices[used])
        faces.append(index.reshape(-1, 3) + number)
        slots.append(np.full(len(triangles), list(COLOURS).index(space.kind)))
        number += len(used)
    if not points:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int32), np.zeros(0, np.int32)
    return np.concatenate(points), np.concatenate(faces).astype(np.int32), np.concatenate(slots).astype(np.int32)
