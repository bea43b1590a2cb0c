"""Trees as a few forms, instanced on points: simple ones in the viewport, with leaves or bare in pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from ..jena_city import palette
from . import materials, tree_forms
from .meshes import mesh_object, new_mesh
from .shapes import Shape

TREES, ALL_TREES = "jena_trees", "Bäume"  # on objects that instance trees; the name of that with all trees of the site
TRUNK = "Stamm"  # the first material of all forms
_IN_PICTURES = "Bild"  # the node that says which forms pictures have
_MADE: dict[str, Callable[[], list[Shape]]] = {
    "light": tree_forms.light,
    "leafy": tree_forms.leafy,
    "near": tree_forms.near,
    "bare": tree_forms.bare,
}


def plant(places: Shape, collection: Any, name: str = ALL_TREES) -> Any:
    """One object that instances all trees. places : a point for each (see `shapes.of_trees`)."""
    holder = mesh_object(name, new_mesh(name, places), collection)
    modifier = holder.modifiers.new("Bäume", "NODES")
    modifier.node_group = bpy.data.node_groups.get("Bäume") or _instancer()
    holder[TREES] = True
    return holder


def show(forms: str, season: str = "summer") -> None:
    """Which forms pictures have, "light", "leafy", "near" (with small leaves) or "bare", and the colours of which season."""
    tree = bpy.data.node_groups.get("Bäume")
    if tree is not None:
        tree.nodes[_IN_PICTURES].inputs["Collection"].default_value = _forms(forms)
        for number, colour in enumerate(palette.FOLIAGE[season]):
            materials.colour_crown(_crown(number), colour)


def forms() -> list[Any]:
    """The meshes of all forms there are."""
    return [mesh for mesh in bpy.data.meshes if mesh.materials and mesh.materials[0] is not None and mesh.materials[0].name == TRUNK]


def _forms(kind: str) -> Any:
    """A collection of unit trees: 1 m high, crown 1 m wide, foot at the origin. It is in no scene: only instances are seen."""
    name = f"Baumformen {kind}"
    made = bpy.data.collections.get(name)
    if made is None:
        made = bpy.data.collections.new(name)
        bark = bpy.data.materials.get(TRUNK) or materials.plain(TRUNK, palette.TRUNK)
        for number, shape in enumerate(_MADE[kind]()):
            mesh = new_mesh(f"Baumform {kind} {number + 1}", shape)
            mesh.materials.append(bark)
            mesh.materials.append(_crown(number))
            mesh_object(mesh.name, mesh, made)
    return made


def _crown(number: int) -> Any:
    return bpy.data.materials.get(f"Krone {number + 1}") or materials.crown(number, palette.FOLIAGE["summer"][number])


def _instancer() -> Any:
    tree = bpy.data.node_groups.new("Bäume", "GeometryNodeTree")
    tree.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    new, link = tree.nodes.new, tree.links.new
    start, end = new("NodeGroupInput"), new("NodeGroupOutput")
    instances, either, in_view = new("GeometryNodeInstanceOnPoints"), new("GeometryNodeSwitch"), new("GeometryNodeIsViewport")
    either.input_type = "GEOMETRY"
    link(in_view.outputs[0], either.inputs["Switch"])
    for name, socket in (("Ansicht", "True"), (_IN_PICTURES, "False")):
        source = new("GeometryNodeCollectionInfo")
        source.name = name
        source.inputs["Collection"].default_value = _forms("light")  # others take time, see `show`
        source.inputs["Separate Children"].default_value = True
        source.inputs["Reset Children"].default_value = True
        link(source.outputs[0], either.inputs[socket])
    named = {}
    for name, kind in (("form", "INT"), ("turn", "FLOAT"), ("size", "FLOAT_VECTOR")):
        node = new("GeometryNodeInputNamedAttribute")
        node.data_type = kind
        node.inputs["Name"].default_value = name
        named[name] = next(socket for socket in node.outputs if socket.enabled and socket.name == "Attribute")
    turn = new("ShaderNodeCombineXYZ")
    link(named["turn"], turn.inputs[2])
    link(start.outputs[0], instances.inputs["Points"])
    link(either.outputs[0], instances.inputs["Instance"])
    instances.inputs["Pick Instance"].default_value = True
    link(named["form"], instances.inputs["Instance Index"])
    link(turn.outputs[0], instances.inputs["Rotation"])
    link(named["size"], instances.inputs["Scale"])
    link(instances.outputs[0], end.inputs[0])
    return tree
