"""Trees as a few light forms, instanced on points."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from ..jena_city import palette
from ..jena_city.arrays import FloatArray, IntArray
from . import materials
from .meshes import mesh_object, new_mesh
from .shapes import Shape

TREES, ALL_TREES = "jena_trees", "Bäume"  # on objects that instance trees; the name of that with all trees of the site


def plant(places: Shape, collection: Any, name: str = ALL_TREES) -> Any:
    """One object that instances all trees. places : a point for each (see `shapes.of_trees`)."""
    holder = mesh_object(name, new_mesh(name, places), collection)
    modifier = holder.modifiers.new("Bäume", "NODES")
    modifier.node_group = bpy.data.node_groups.get("Bäume") or _instancer(_forms())
    holder[TREES] = True
    return holder


def _forms() -> Any:
    """A collection of unit trees: 1 m high, crown 1 m wide, foot at the origin. It is in no scene: only instances are seen."""
    forms = bpy.data.collections.new("Baumformen")
    # Where the crown begins, how many lobes it has, how large they are: round, broad, oval, slender, (cone), small.
    crowns = ((0.24, 14, 0.30), (0.20, 18, 0.25), (0.26, 12, 0.32), (0.08, 10, 0.34), None, (0.18, 9, 0.36))
    bark = materials.plain("Stamm", palette.TRUNK)
    for number, crown in enumerate(crowns):
        random = np.random.Generator(np.random.PCG64(100 + number))
        vertices, triangles = _conifer(random) if crown is None else _broadleaf(*crown, random)
        trunk, sides = turned(((0.0, 0.032), (0.35 if crown else 0.12, 0.020)), 7)
        faces = np.concatenate([sides, triangles + len(trunk)])
        slots = (np.arange(len(faces)) >= len(sides)).astype(np.int32)
        mesh = new_mesh(f"Baumform {number + 1}", Shape(np.concatenate([trunk, vertices]), faces, slots, smooth=True))
        mesh.materials.append(bark)
        mesh.materials.append(materials.crown(number))
        mesh_object(f"Baumform {number + 1}", mesh, forms)
    return forms


def _broadleaf(foot: float, lobes: int, size: float, random: Any) -> tuple[FloatArray, IntArray]:
    """A crown of lobes about a middle, as one closed surface: from the middle outwards, as far as any lobe reaches."""
    towards, triangles = _sphere(3)
    index = np.arange(lobes) + 0.5
    turn, height = index * math.pi * (3 - math.sqrt(5)), 1 - 2 * index / lobes  # evenly around a sphere
    around = np.column_stack([np.cos(turn) * np.sqrt(1 - height**2), np.sin(turn) * np.sqrt(1 - height**2), height])
    middles = around * random.uniform(0.50, 0.66, (lobes, 1)) + random.uniform(-0.05, 0.05, (lobes, 3))
    radius = size * random.uniform(0.9, 1.35, lobes) * 1.3
    along = towards @ middles.T
    under = along**2 - (middles**2).sum(axis=1) + radius**2
    reach = np.where(under > 0, along + np.sqrt(np.maximum(under, 0)), 0.0).max(axis=1)
    crown = towards * np.maximum(reach, 0.62)[:, None]
    crown /= np.abs(crown[:, :2]).max() * 2  # 1 m wide
    low, high = crown[:, 2].min(), crown[:, 2].max()
    crown[:, 2] = foot + (crown[:, 2] - low) / (high - low) * (1 - foot)
    return crown, triangles


def _conifer(random: Any) -> tuple[FloatArray, IntArray]:
    """Tiers of branches that become narrower upwards."""
    tiers = 7
    outline = []
    for tier in range(tiers):
        low, width = 0.08 + 0.88 * tier / tiers, 0.5 * (1 - tier / tiers) ** 0.9
        outline += [(low, width), (low + 0.11, width * 0.55)]
    vertices, triangles = turned((*outline, (1.0, 0.004)), 12)
    vertices[:, :2] *= random.uniform(0.88, 1.0, (len(vertices), 1))
    return vertices, triangles


def _sphere(levels: int) -> tuple[FloatArray, IntArray]:
    """Points on a unit sphere and triangles between them: an octahedron, cut finer `levels` times."""
    points = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], float)
    triangles = np.array([(4, 0, 2), (4, 2, 1), (4, 1, 3), (4, 3, 0), (5, 2, 0), (5, 1, 2), (5, 3, 1), (5, 0, 3)])
    for _ in range(levels):
        edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        unique, number = np.unique(edges, axis=0, return_inverse=True)
        middle = points[unique].mean(axis=1)
        ab, bc, ca = (len(points) + number.reshape(-1, 3)).T
        a, b, c = triangles.T
        triangles = np.concatenate([np.column_stack(corner) for corner in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        points = np.concatenate([points, middle / np.linalg.norm(middle, axis=1)[:, None]])
    return points, triangles.astype(np.int32)


def turned(outline: tuple[tuple[float, float], ...], sides: int) -> tuple[FloatArray, IntArray]:
    """A surface turned from an outline of (height, radius)."""
    angle = np.arange(sides) / sides * 2 * np.pi
    rings = [np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)]) for z, radius in outline]
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
