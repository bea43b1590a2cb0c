"""Arrays to Blender meshes, whole arrays at a time."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from ..jena_city.arrays import FloatArray, IntArray

_FIELDS = {
    "INT": ("value", np.int32),
    "FLOAT": ("value", np.float32),
    "BOOLEAN": ("value", np.bool_),
    "FLOAT_VECTOR": ("vector", np.float32),
}


def new_mesh(name: str, vertices: FloatArray, triangles: IntArray) -> Any:
    """A mesh of triangles. vertices (V, 3) scene coordinates, metres; triangles (T, 3)."""
    mesh = bpy.data.meshes.new(name)
    fill_mesh(mesh, vertices, triangles)
    return mesh


def fill_mesh(mesh: Any, vertices: FloatArray, triangles: IntArray) -> None:
    """Put triangles into a mesh in place of what it holds."""
    mesh.clear_geometry()
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, np.float32).ravel())
    if len(triangles):
        mesh.loops.add(3 * len(triangles))
        mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(triangles, np.int32).ravel())
        mesh.polygons.add(len(triangles))
        mesh.polygons.foreach_set("loop_start", np.arange(0, 3 * len(triangles), 3, dtype=np.int32))
        mesh.polygons.foreach_set("use_smooth", np.zeros(len(triangles), bool))
    mesh.update(calc_edges=True)


def attribute(mesh: Any, name: str, kind: str, domain: str, values: Any) -> None:
    """Set an attribute ("INT", "FLOAT", "BOOLEAN", "FLOAT_VECTOR") on "POINT", "FACE" or "CORNER"; one value for each."""
    layer = mesh.attributes.new(name, kind, domain)
    if len(values):
        field, dtype = _FIELDS[kind]
        layer.data.foreach_set(field, np.ascontiguousarray(values, dtype).ravel())


def mesh_object(name: str, mesh: Any, collection: Any) -> Any:
    """A new object for a mesh, in a collection."""
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made
