"""Trees as arrays, made without Blender: simple crowns for the viewport and drawings, crowns of leaves for pictures, bare ones for winter.

All are 1 m high with a crown 1 m wide, and stand at the origin.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..jena_city.arrays import FloatArray, IntArray
from .shapes import Attribute, Shape

TONE = "tone"  # of faces: how light they are
TRUNK, CROWN = 0, 1  # slots
CONIFER = 4  # number of the form that keeps its needles
_CROWNS = ((0.24, 14, 0.30), (0.20, 18, 0.25), (0.26, 12, 0.32), (0.08, 10, 0.34), None, (0.18, 9, 0.36))
"""Where the crown begins, how many lobes it has, how large they are: round, broad, oval, slender, (cone), small."""
_LEAVES, _LONG, _WIDE = 4200, 0.062, 0.6  # of a crown; how long one is, and how wide to its length
_FINER = 7.0  # times as many leaves has a crown that is looked at from near by
_CLUMPS, _RAGGED = 90, (-0.075, 0.05)  # of leaves on a crown; how far those stand out of its surface
_WITHIN, _DEEP = 0.22, (-0.115, -0.075)  # share of leaves between the clumps and the dark inside, and how deep those lie
_INSIDE, _DARK = 0.74, 0.62  # size and tone of what is seen between leaves
_TWIGS = 420

Part = tuple[FloatArray, IntArray]


def light() -> list[Shape]:
    """Each form as one smooth crown."""
    return [_tree(crown, _TRUNKS[kind], np.ones(len(crown[1]))) for kind, crown in _crowns()]


def near() -> list[Shape]:
    """Each form as small leaves."""
    return leafy(round(_LEAVES * _FINER))


def leafy(number_of_leaves: int = _LEAVES) -> list[Shape]:
    """Each form as leaves around a dark inside; the more there are the smaller they are."""
    made = []
    for number, (kind, (points, triangles)) in enumerate(_crowns()):
        random = np.random.Generator(np.random.PCG64(200 + number))
        middle = points.mean(axis=0)
        inside = middle + (points - middle) * _INSIDE
        leaves, tone = _leaves(points, triangles, number_of_leaves, kind, random)
        tones = np.concatenate([np.full(len(triangles), _DARK), tone])
        made.append(_tree(_joined((inside, triangles), leaves), _TRUNKS[kind], tones))
    return made


def bare() -> list[Shape]:
    """Each form without leaves: branches that fill its crown. Conifers keep their needles."""
    green = leafy()[CONIFER]
    made = []
    for number, (kind, (points, _)) in enumerate(_crowns()):
        if kind == "conifer":
            made.append(green)
            continue
        branches = _branches(points, np.random.Generator(np.random.PCG64(300 + number)))
        made.append(Shape(*branches, np.full(len(branches[1]), TRUNK, np.int32), _toned(np.ones(len(branches[1]))), smooth=True))
    return made


def _crowns() -> list[tuple[str, Part]]:
    """Of each form its kind and its crown."""
    made = []
    for number, crown in enumerate(_CROWNS):
        random = np.random.Generator(np.random.PCG64(100 + number))
        made.append(("conifer", _conifer(random)) if crown is None else ("broadleaf", _broadleaf(*crown, random)))
    return made


_TRUNKS = {"broadleaf": 0.35, "conifer": 0.12}
"""How high the trunk is."""


def _tree(crown: Part, trunk: float, tones: FloatArray) -> Shape:
    stem = turned(((0.0, 0.036), (0.04, 0.027), (trunk, 0.020)), 7)
    points, faces = _joined(stem, crown)
    slots = (np.arange(len(faces)) >= len(stem[1])).astype(np.int32)
    return Shape(points, faces, slots, _toned(np.concatenate([np.ones(len(stem[1])), tones])), smooth=True)


def _toned(tones: FloatArray) -> tuple[Attribute, ...]:
    return (Attribute(TONE, "FLOAT", "FACE", tones),)


def _joined(first: Part, second: Part) -> Part:
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1] + len(first[0])]).astype(np.int32)


def _leaves(points: FloatArray, triangles: IntArray, number: int, kind: str, random: Any) -> tuple[Part, FloatArray]:
    """Leaves about a surface, looking outwards by and large, and how light each of their faces is: less at the crown's foot."""
    corners = points[triangles]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(across, axis=1)
    face = random.choice(len(triangles), number, p=area / area.sum())
    share = np.sort(random.random((number, 2)), axis=1)
    weight = np.column_stack([share[:, 0], share[:, 1] - share[:, 0], 1 - share[:, 1]])
    outward = across[face] / area[face, None]
    place = (corners[face] * weight[:, :, None]).sum(axis=1)
    middles = place[:_CLUMPS]
    clump = np.argmax(place @ middles.T - (middles**2).sum(axis=1) / 2, axis=1)  # the nearest one
    out = random.uniform(*_RAGGED, _CLUMPS)[clump] + random.uniform(-0.035, 0.02, number)
    out = np.where(random.random(number) < _WITHIN, random.uniform(*_DEEP, number), out)
    place += outward * out[:, None]
    looking = _unit(outward + 0.75 * _unit(random.normal(size=(number, 3))))
    along = random.normal(size=(number, 3))
    if kind == "conifer":  # sprays that hang outwards
        along = 0.35 * along + np.column_stack([place[:, :2] * 2, np.full(number, -0.45)])
    along = _unit(np.cross(looking, np.cross(along, looking)))
    beside = np.cross(looking, along)
    long = _LONG * math.sqrt(_LEAVES / number) * random.uniform(0.7, 1.3, (number, 1)) * (1.5 if kind == "conifer" else 1.0)
    wide = long * (_WIDE if kind != "conifer" else 0.35)
    leaf = np.stack([place - along * long / 2, place + beside * wide / 2, place + along * long / 2, place - beside * wide / 2], axis=1)
    leaf[..., 2] = np.maximum(leaf[..., 2], 0.0)  # none grows into the ground
    first = 4 * np.arange(number)
    faces = np.stack([np.column_stack([first, first + 1, first + 2]), np.column_stack([first, first + 2, first + 3])], axis=1).reshape(
        -1, 3
    )
    low, high = points[:, 2].min(), points[:, 2].max()
    outer = (out - _RAGGED[0]) / (_RAGGED[1] - _RAGGED[0])
    tone = (0.95 + 0.25 * (place[:, 2] - low) / (high - low) + 0.2 * outer) * random.uniform(0.88, 1.12, number)
    return (leaf.reshape(-1, 3), faces.astype(np.int32)), np.repeat(tone, 2)


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)[:, None])


def _branches(crown: FloatArray, random: Any) -> Part:
    """Branches from the trunk to points all over a crown: each point grows from the nearest one that is nearer to the trunk's head, and a
    branch is as thick as what it bears asks for (the areas of what goes on add up to its own, as Leonardo saw)."""
    foot = float(crown[:, 2].min())
    head = np.array([0.0, 0.0, min(foot + 0.12, 0.4)])
    middle = crown.mean(axis=0)
    outer = crown[random.choice(len(crown), _TWIGS)]
    inner = middle + (outer - middle) * random.uniform(0.25, 1.0, (_TWIGS, 1)) ** 0.6
    inner = inner[np.argsort(np.linalg.norm(inner - head, axis=1))]
    nodes = np.vstack([[[0.0, 0.0, 0.0]], [head], inner])
    parent = np.zeros(len(nodes), int)
    for number in range(2, len(nodes)):
        # towards what lies on the way outwards: a detour over a node that is near is better than a straight way from the head
        cost = np.linalg.norm(nodes[1:number] - nodes[number], axis=1) ** 1.4 + 0.25 * np.linalg.norm(nodes[1:number] - head, axis=1)
        parent[number] = 1 + int(np.argmin(cost))
    bears = np.ones(len(nodes))
    for number in range(len(nodes) - 1, 0, -1):
        bears[parent[number]] += bears[number]
    thick = 0.0016 + 0.0013 * np.sqrt(bears)
    start, end = nodes[parent[1:]], nodes[1:]
    along = _unit(end - start)
    aside = _unit(np.cross(along, np.where(np.abs(along[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])))
    beside = np.cross(along, aside)
    sides = 4
    angle = np.arange(sides) / sides * 2 * math.pi
    ring = np.cos(angle)[None, :, None] * aside[:, None] + np.sin(angle)[None, :, None] * beside[:, None]
    thin = thick[1:, None, None]
    begin = np.minimum(thick[parent[1:]], 1.6 * thick[1:])[:, None, None]
    begin[0] = 0.036  # the trunk
    points = np.stack([start[:, None] + ring * begin, end[:, None] + ring * thin * np.where(bears[1:, None, None] > 1, 1.0, 0.4)], axis=1)
    base = 2 * sides * np.arange(len(end))[:, None]
    k, following = np.arange(sides), (np.arange(sides) + 1) % sides
    quads = np.concatenate([np.column_stack([k, following, sides + following]), np.column_stack([k, sides + following, sides + k])])
    return points.reshape(-1, 3), (base[:, :, None] + quads[None]).reshape(-1, 3).astype(np.int32)


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
