"""Trees as a few light forms, instanced on points."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from ..jena_city.arrays import FloatArray
from ..jena_city.site import Trees
from ..jena_city.terrain import Terrain
from . import materials
from .meshes import attribute, mesh_object, new_mesh

FORMS = 6  # round, broad, oval, slender, cone, small
_SLENDER = ("pappel", "hainbuche", "populus", "carpinus", "säulen")
_CONES = ("fichte", "tanne", "kiefer", "lärche", "picea", "abies", "pinus", "larix", "douglasie")
USUAL_HEIGHT = 8.0  # metres, where a register says nothing


def _form(species: str, height: float, number: int) -> int:
    name = species.lower()
    if any(word in name for word in _SLENDER):
        return 3
    if any(word in name for word in _CONES):
        return 4
    return 5 if height < 6 else number % 3


def plant(trees: Trees, ground: Terrain, collection: Any, seed: int = 1) -> Any:
    """One object that instances all trees: height and crown from the data (crown 0.6 of the height where missing), turned at
    random and ±10 % in size, always the same."""
    random = np.random.Generator(np.random.PCG64(seed))
    base = ground.height_at(trees.position)
    keep = np.isfinite(base)
    height = np.where(np.isfinite(trees.height) & (trees.height > 0.5), trees.height, USUAL_HEIGHT)[keep]
    crown = np.where(
        np.isfinite(trees.crown) & (trees.crown > 0.3), trees.crown, 0.6 * np.where(np.isfinite(trees.height), trees.height, USUAL_HEIGHT)
    )[keep]
    species = [name for name, kept in zip(trees.species, keep, strict=True) if kept]
    size = random.uniform(0.9, 1.1, len(height))
    form = np.array([_form(name, high, number) for number, (name, high) in enumerate(zip(species, height, strict=True))], np.int32)
    mesh = new_mesh("Bäume", np.column_stack([trees.position[keep], base[keep]]), np.zeros((0, 3), np.int32))
    attribute(mesh, "form", "INT", "POINT", form)
    attribute(mesh, "turn", "FLOAT", "POINT", random.uniform(0, 2 * math.pi, len(height)))
    attribute(mesh, "size", "FLOAT_VECTOR", "POINT", np.column_stack([crown * size, crown * size, height * size]))
    holder = mesh_object("Bäume", mesh, collection)
    modifier = holder.modifiers.new("Bäume", "NODES")
    modifier.node_group = _instancer(_forms())
    return holder


def _forms() -> Any:
    """A collection of unit trees: 1 m high, crown 1 m wide, foot at the origin. It is in no scene: only instances are seen."""
    forms = bpy.data.collections.new("Baumformen")
    outlines = (
        ((0.28, 0.30), (0.36, 0.46), (0.50, 0.50), (0.68, 0.48), (0.84, 0.36), (0.96, 0.16)),
        ((0.24, 0.34), (0.36, 0.50), (0.52, 0.49), (0.70, 0.40), (0.86, 0.26), (0.97, 0.10)),
        ((0.22, 0.26), (0.38, 0.44), (0.56, 0.50), (0.76, 0.44), (0.90, 0.28), (0.99, 0.10)),
        ((0.12, 0.26), (0.28, 0.46), (0.50, 0.50), (0.72, 0.42), (0.88, 0.26), (0.99, 0.08)),
        ((0.10, 0.46), (0.14, 0.50), (0.36, 0.37), (0.58, 0.25), (0.80, 0.13), (1.00, 0.01)),
        ((0.18, 0.30), (0.32, 0.46), (0.50, 0.50), (0.70, 0.44), (0.86, 0.30), (0.97, 0.12)),
    )
    for number, outline in enumerate(outlines):
        vertices, triangles, trunk = _tree(outline, number)
        mesh = new_mesh(f"Baumform {number + 1}", vertices, triangles)
        mesh.materials.append(materials.plain("Stamm", materials.TRUNK))
        mesh.materials.append(materials.crown(number))
        index = np.where(np.arange(len(triangles)) < trunk, 0, 1).astype(np.int32)
        mesh.polygons.foreach_set("material_index", index)
        mesh.polygons.foreach_set("use_smooth", np.ones(len(triangles), bool))
        mesh_object(f"Baumform {number + 1}", mesh, forms)
    return forms


def _tree(outline: tuple[tuple[float, float], ...], seed: int) -> tuple[FloatArray, Any, int]:
    """A trunk and a slightly uneven crown turned from an outline of (height, radius); vertices, triangles, triangles of the trunk."""
    random = np.random.Generator(np.random.PCG64(100 + seed))
    trunk_v, trunk_t = _turned(((0.0, 0.035), (outline[0][0] + 0.1, 0.022)), 6, 0.0, random)
    crown_v, crown_t = _turned(((outline[0][0] - 0.03, 0.05), *outline, (outline[-1][0] + 0.03, 0.005)), 12, 0.09, random)
    return np.concatenate([trunk_v, crown_v]), np.concatenate([trunk_t, crown_t + len(trunk_v)]), len(trunk_t)


def _turned(outline: tuple[tuple[float, float], ...], sides: int, uneven: float, random: Any) -> tuple[FloatArray, Any]:
    rings = []
    for level, (z, radius) in enumerate(outline):
        angle = np.arange(sides) / sides * 2 * np.pi + 0.5 * (level % 2) * 2 * np.pi / sides
        r = radius * (1 + random.uniform(-uneven, uneven, sides))
        rings.append(
            np.column_stack([r * np.cos(angle), r * np.sin(angle), np.full(sides, z) + random.uniform(-uneven, uneven, sides) * 0.2])
        )
    triangles = []
    for level in range(len(outline) - 1):
        a, b = level * sides + np.arange(sides), (level + 1) * sides + np.arange(sides)
        a1, b1 = np.roll(a, -1), np.roll(b, -1)
        triangles += [np.column_stack([a, a1, b1]), np.column_stack([a, b1, b])]
    return np.concatenate(rings), np.concatenate(triangles).astype(np.int32)


def _instancer(forms: Any) -> Any:
    tree = bpy.data.node_groups.new("Bäume", "GeometryNodeTree")
    tree.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    new, link = tree.nodes.new, tree.links.new
    start, end = new("NodeGroupInput"), new("NodeGroupOutput")
    instances, source = new("GeometryNodeInstanceOnPoints"), new("GeometryNodeCollectionInfo")
    source.inputs["Collection"].default_value = forms
    source.inputs["Separate Children"].default_value = True
    source.inputs["Reset Children"].default_value = True
    named = {}
    for name, kind in (("form", "INT"), ("turn", "FLOAT"), ("size", "FLOAT_VECTOR")):
        node = new("GeometryNodeInputNamedAttribute")
        node.data_type = kind
        node.inputs["Name"].default_value = name
        named[name] = next(socket for socket in node.outputs if socket.enabled and socket.name == "Attribute")
    turn = new("ShaderNodeCombineXYZ")
    link(named["turn"], turn.inputs[2])
    link(start.outputs[0], instances.inputs["Points"])
    link(source.outputs[0], instances.inputs["Instance"])
    instances.inputs["Pick Instance"].default_value = True
    link(named["form"], instances.inputs["Instance Index"])
    link(turn.outputs[0], instances.inputs["Rotation"])
    link(named["size"], instances.inputs["Scale"])
    link(instances.outputs[0], end.inputs[0])
    return tree
