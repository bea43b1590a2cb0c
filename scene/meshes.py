"""Arrays to Blender meshes, whole arrays at a time."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .shapes import Attribute, Shape

_FIELDS = {
    "INT": ("value", np.int32),
    "INT32_2D": ("value", np.int32),
    "FLOAT": ("value", np.float32),
    "BOOLEAN": ("value", np.bool_),
    "FLOAT2": ("vector", np.float32),
    "FLOAT_VECTOR": ("vector", np.float32),
}


def new_mesh(name: str, shape: Shape) -> Any:
    """A mesh of a shape."""
    mesh = bpy.data.meshes.new(name)
    fill_mesh(mesh, shape)
    return mesh


def fill_mesh(mesh: Any, shape: Shape) -> None:
    """Put a shape into a mesh in place of what it holds.

    Through the attributes that Blender keeps a mesh in: they take an array as it is, while the properties of vertices, loops and faces
    are set one by one, a hundred times as slowly. Edges come along, so that Blender need not look for them.
    """
    mesh.clear_geometry()
    mesh.vertices.add(len(shape.vertices))
    _set(mesh, "position", "FLOAT_VECTOR", "POINT", shape.vertices)
    number = len(shape.triangles)
    if number:
        ends, of_corner = shape.edges
        mesh.edges.add(len(ends))
        mesh.loops.add(3 * number)
        mesh.polygons.add(number)
        _set(mesh, ".edge_verts", "INT32_2D", "EDGE", ends)
        _set(mesh, ".corner_vert", "INT", "CORNER", shape.triangles)
        _set(mesh, ".corner_edge", "INT", "CORNER", of_corner)
        mesh.polygons.foreach_set("loop_start", np.arange(0, 3 * number, 3, dtype=np.int32))
        if not shape.smooth:
            _set(mesh, "sharp_face", "BOOLEAN", "FACE", np.ones(number, bool))
        if shape.slots is not None:
            _set(mesh, "material_index", "INT", "FACE", shape.slots)
    for one in shape.attributes:
        _set(mesh, one.name, one.kind, one.domain, one.values)
    for name, uv in shape.uvs:
        mesh.uv_layers.new(name=name)
        _set(mesh, name, "FLOAT2", "CORNER", uv)
    mesh.update()


def shape_of(mesh: Any) -> Shape:
    """The shape that a mesh of triangles holds, as `fill_mesh` would put it there again."""
    triangles = _get(mesh.attributes[".corner_vert"], (-1, 3))
    slots = mesh.attributes.get("material_index")
    attributes = tuple(
        Attribute(one.name, one.data_type, one.domain, _get(one))
        for one in mesh.attributes
        if not one.is_internal and one.domain in ("POINT", "FACE") and one.name not in ("position", "sharp_face", "material_index")
    )
    uvs = tuple((one.name, _get(mesh.attributes[one.name])) for one in mesh.uv_layers)
    smooth = mesh.attributes.get("sharp_face") is None
    return Shape(_get(mesh.attributes["position"]), triangles, _get(slots) if slots else None, attributes, uvs, smooth)


def _get(layer: Any, shape: tuple[int, ...] | None = None) -> Any:
    """The values of an attribute, one row for each point, corner or face."""
    field, dtype = _FIELDS[layer.data_type]
    wide = {"INT32_2D": 2, "FLOAT2": 2, "FLOAT_VECTOR": 3}.get(layer.data_type, 1)
    values = np.zeros(wide * len(layer.data), dtype)
    layer.data.foreach_get(field, values)
    return values.reshape(shape or ((-1, wide) if wide > 1 else (-1,)))


def _set(mesh: Any, name: str, kind: str, domain: str, values: Any) -> None:
    """Set an attribute of a mesh, made where it is not there: one value for each point, edge, corner or face."""
    layer = mesh.attributes.get(name) or mesh.attributes.new(name, kind, domain)
    if len(values):
        field, dtype = _FIELDS[kind]
        layer.data.foreach_set(field, np.ascontiguousarray(values, dtype).ravel())


def mesh_object(name: str, mesh: Any, collection: Any) -> Any:
    """A new object for a mesh, in a collection."""
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made
