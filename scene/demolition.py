"""What a variant takes away of the existing town, building by building, and brings back.

A building that some variant removes is an object of its own, hidden while that variant is shown; any other is part of a large mesh, and
is cut out of it when it is removed for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from ..jena_city.applied import apply
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from . import builder, distance, notes, shapes, sync
from .meshes import fill_mesh, mesh_object, new_mesh, shape_of


def toggle(scene: Any, site: Site, collection: Any, building: str) -> bool:
    """Remove a building (its gml:id) in a variant's collection, or bring it back; returns whether it is removed now. Raises
    InputProblem for one that is not there or is only a part."""
    note = notes.get(collection)
    assert note is not None
    if building in note["removed"]:
        remove(scene, site, collection, [name for name in note["removed"] if name != building])
        return False
    remove(scene, site, collection, [*note["removed"], building])
    return True


def remove(scene: Any, site: Site, collection: Any, removed: Sequence[str]) -> None:
    """Let a variant remove these buildings (gml:ids) and no others."""
    note = notes.get(collection)
    assert note is not None
    rows = {name: row for row, name in enumerate(site.city.building_id)}
    there = {thing.get(sync.BUILDING) for thing in scene.objects}
    for name in removed:
        if name in there or name in note["removed"]:  # one that the data do not have may have come with the variant's file
            continue
        row = rows.get(name)
        if row is None or site.city.building_parent[row] >= 0:
            raise InputProblem(f'building "{name}"', "it is not in the data, or only a part", "Choose a whole building")
        _cut_out(scene, site, row)
    notes.put(collection, removed=list(removed))
    _outline(site, collection)
    sync.show_variant(scene, (notes.get(scene) or {}).get("shown", ""))


def cut_out(scene: Any, site: Site, names: Sequence[str]) -> None:
    """Make buildings (gml:ids) objects of their own, where they are none yet; those that the data do not have are passed over."""
    there = {thing.get(sync.BUILDING) for thing in scene.objects}
    rows = {name: row for row, name in enumerate(site.city.building_id)}
    for name in names:
        if name not in there and name in rows and site.city.building_parent[rows[name]] < 0:
            _cut_out(scene, site, rows[name])


def _cut_out(scene: Any, site: Site, row: int) -> None:
    """Make the building of a row an object of its own."""
    name = site.city.building_id[row]
    own = np.flatnonzero(site.city.building_root == row)
    for home in scene.collection.children:
        if (notes.get(home) or {}).get("kind") != "context":
            continue
        for thing in list(home.objects):
            if thing.type != "MESH" or notes.get(thing) is not None or thing.get(sync.BUILDING) is not None:
                continue
            layer = thing.data.attributes.get("building")
            if layer is None or layer.domain != "FACE":
                continue
            faces = np.zeros(len(layer.data), np.int32)
            layer.data.foreach_get("value", faces)
            its = np.isin(faces, own)
            if not its.any():
                continue
            whole = shape_of(thing.data)
            if distance.LIGHT not in thing:
                mesh = new_mesh(name, whole.part(its))
                for material in thing.data.materials:
                    mesh.materials.append(material)
                made = mesh_object(name, mesh, home)
                made[sync.BUILDING] = name
                builder.fixed(made)
            fill_mesh(thing.data, whole.part(~its))


def _outline(site: Site, collection: Any) -> None:
    """The dashes around what a variant removes."""
    for thing in [one for one in collection.objects if one.name.startswith(builder.OUTLINE) and notes.get(one) is None]:
        bpy.data.objects.remove(thing)
    variant = replace(sync.variant_of(collection), blocks=())
    builder.add_outline(collection, variant.id, shapes.outline(apply(site, variant)))
