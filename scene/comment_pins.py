"""What citizens said about places, as pins over the town: one object, whose faces know the comment they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from ..jena_city.arrays import FloatArray
from . import materials, meshes, notes
from .shapes import Attribute, Shape

NAME, COMMENT = "Beiträge", "comment"
HEIGHT, HEAD = 9.0, 1.7  # metres
COLOURS = {"like": "#009E73", "dislike": "#D55E00", "question": "#0072B2", "none": "#59636B"}
_RING = np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 6, endpoint=False)])


def show(scene: Any, places: FloatArray, feelings: Sequence[str], rows: Sequence[int]) -> Any:
    """Put pins on places (n, 3), in the colours of feelings, in the place of those that are there. rows : by which faces know each.
    Returns the object; None without places."""
    hide(scene)
    if not len(places):
        return None
    body, faces = _pin()
    vertices = (np.asarray(places, np.float64)[:, None] + body).reshape(-1, 3)
    triangles = (faces + len(body) * np.arange(len(places))[:, None, None]).reshape(-1, 3).astype(np.int32)
    kinds = list(COLOURS)
    slots = np.repeat([kinds.index(one if one in COLOURS else "none") for one in feelings], len(faces)).astype(np.int32)
    known = Attribute(COMMENT, "INT", "FACE", np.repeat(np.asarray(rows, np.int32), len(faces)))
    mesh = meshes.new_mesh(NAME, Shape(vertices, triangles, slots=slots, attributes=(known,)))
    for kind, colour in COLOURS.items():
        name = f"Beitrag {kind}"
        mesh.materials.append(bpy.data.materials.get(name) or materials.flat(name, colour))
    made = bpy.data.objects.new(NAME, mesh)
    notes.put(made, kind="comments")
    made.hide_render = True  # what people said is no part of a picture of the town
    scene.collection.objects.link(made)
    return made


def hide(scene: Any) -> None:
    """Take the pins away."""
    for thing in [one for one in scene.collection.objects if (notes.get(one) or {}).get("kind") == "comments"]:
        mesh = thing.data
        bpy.data.objects.remove(thing)
        bpy.data.meshes.remove(mesh)


def is_pin(thing: Any) -> bool:
    return (notes.get(thing) or {}).get("kind") == "comments"


def _pin() -> tuple[FloatArray, Any]:
    """A thin cone on its point and an octahedron above: vertices (V, 3), triangles (T, 3)."""
    ring = np.column_stack([0.45 * _RING, np.full(6, HEIGHT - HEAD)])
    foot, head = np.zeros((1, 3)), np.array([(1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]) * HEAD + (0, 0, HEIGHT)
    sides = [(0, 1 + (k + 1) % 6, 1 + k) for k in range(6)]
    ball = np.array([(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4), (1, 0, 5), (2, 1, 5), (3, 2, 5), (0, 3, 5)]) + 7
    return np.concatenate([foot, ring, head]), np.concatenate([sides, ball])
