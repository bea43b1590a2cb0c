"""People, benches and bicycles for scale: sparse, plain as the model, beside streets; the same in every picture of a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.site import Site
from ..jena_city.vectors import RAILS
from . import materials
from .meshes import mesh_object, new_mesh
from .shapes import Attribute, Shape
from .tree_forms import turned

NAME, COLOUR = "Menschen und Bänke", "#a49d96"
_MOST, _REACH = 90, 140.0  # how many at most, and within how many metres
_BESIDE = 1.6  # metres beside a street's edge
_SIDES = 7  # of a limb

Form = tuple[FloatArray, IntArray]
"""Vertices and triangles."""


def put(site: Site, blocks: Sequence[shapely.Polygon], middle: FloatArray) -> Any:
    """One object with all of them about a middle; None without streets or ground. blocks : footprints of all variants, kept free."""
    if site.streets is None or site.terrain is None:
        return None
    places = _places(site, blocks, middle)
    if not len(places):
        return None
    ground = site.terrain.height_at(places)
    people, bench, bicycle = [_person(stride) for stride in (0.0, 0.14, 0.26)], _bench(), _bicycle()
    random = np.random.Generator(np.random.PCG64(7))
    points, faces, whose, number = [], [], [], 0
    for k, (place, base) in enumerate(zip(places, ground, strict=True)):
        if not math.isfinite(base):
            continue
        form, triangles = bench if k % 6 == 0 else bicycle if k % 6 == 3 else people[k % len(people)]
        if k % 6 not in (0, 3):
            form = form * random.uniform(0.9, 1.04)
        angle = random.uniform(0, 2 * math.pi)
        turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
        points.append(form @ turn.T + [*place, base])
        faces.append(triangles + number)
        whose.append(np.full(len(triangles), k, np.int32))
        number += len(form)
    if not points:
        return None
    own = (Attribute("building", "INT", "FACE", np.concatenate(whose)),)  # each a little lighter or darker, as houses are
    mesh = new_mesh(NAME, Shape(np.concatenate(points), np.concatenate(faces).astype(np.int32), attributes=own))
    mesh.materials.append(materials.plain(NAME, COLOUR, variation=0.3))
    return mesh_object(NAME, mesh, bpy.context.scene.collection)


def _places(site: Site, blocks: Sequence[shapely.Polygon], middle: FloatArray) -> FloatArray:
    """(n, 2) along both sides of the streets, by chance but always the same."""
    assert site.streets is not None
    around = shapely.Point(middle[:2]).buffer(_REACH)
    near = [shape for shape in site.footprints if shape is not None and shape.intersects(around)]
    taken = shapely.union_all([*near, *blocks]).buffer(0.7)
    widths = np.nan_to_num(site.streets.columns["width"].astype(float), nan=6.0)
    random = np.random.Generator(np.random.PCG64(6))
    found: list[tuple[float, float]] = []
    for line, wide, kind in zip(site.streets.geometry, widths.tolist(), site.streets.columns["class"], strict=True):
        if kind in RAILS:
            continue
        part = shapely.intersection(line, around)
        if part.is_empty:
            continue
        for edge in shapely.get_parts(shapely.boundary(part.buffer(wide / 2 + _BESIDE))):
            count = int(edge.length / 22.0)
            for at in random.uniform(0, edge.length, count):
                spot = edge.interpolate(at)
                if around.contains(spot) and not taken.contains(spot):
                    found.append((spot.x, spot.y))
    order = random.permutation(len(found))[:_MOST]
    return np.array(found, float).reshape(-1, 2)[order]


def _limb(start: tuple[float, ...], end: tuple[float, ...], first: float, last: float) -> Form:
    """A tube between two points, as thick as given at its ends, and closed there."""
    ends = np.array([start, end], float)
    along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    aside = np.cross(along, [0.0, 0.0, 1.0] if abs(along[2]) < 0.9 else [1.0, 0.0, 0.0])
    aside /= np.linalg.norm(aside)
    angle = np.arange(_SIDES) / _SIDES * 2 * math.pi
    ring = np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * np.cross(along, aside)
    points = np.concatenate([ends[0] + first * ring, ends[1] + last * ring, ends])
    k, following = np.arange(_SIDES), (np.arange(_SIDES) + 1) % _SIDES
    faces = [(k, following, _SIDES + following), (k, _SIDES + following, _SIDES + k)]
    caps = [(following, k, np.full(_SIDES, 2 * _SIDES)), (_SIDES + k, _SIDES + following, np.full(_SIDES, 2 * _SIDES + 1))]
    return points, np.concatenate([np.column_stack(one) for one in (*faces, *caps)]).astype(np.int32)


def _of(*parts: Form) -> Form:
    """Parts as one form."""
    first = np.cumsum([0, *(len(points) for points, _ in parts[:-1])])
    return np.concatenate([points for points, _ in parts]), np.concatenate(
        [faces + at for (_, faces), at in zip(parts, first, strict=True)]
    )


def _person(stride: float) -> Form:
    """Somebody 1.75 m tall who stands or walks. stride : metres that a foot is before the hip."""
    limbs = []
    for side in (-1.0, 1.0):
        ahead = side * stride
        knee, foot = (0.4 * ahead, side * 0.09, 0.48), (ahead, side * 0.09, 0.05)
        limbs += [_limb((0.0, side * 0.09, 0.92), knee, 0.085, 0.06), _limb(knee, foot, 0.06, 0.042)]
        limbs.append(_limb((ahead - 0.06, side * 0.09, 0.04), (ahead + 0.17, side * 0.1, 0.035), 0.04, 0.035))
        elbow = (-0.35 * ahead, side * 0.25, 1.12)
        limbs += [_limb((0.0, side * 0.20, 1.42), elbow, 0.05, 0.042), _limb(elbow, (-0.6 * ahead + 0.05, side * 0.24, 0.86), 0.042, 0.032)]
    body, chest = _limb((0.0, 0.0, 0.86), (0.0, 0.0, 1.2), 0.15, 0.17), _limb((0.0, 0.0, 1.2), (0.0, 0.0, 1.48), 0.17, 0.14)
    for points, _ in (body, chest):
        points[:, 0] *= 0.62
    head = turned(((1.46, 0.055), (1.53, 0.055), (1.56, 0.075), (1.63, 0.1), (1.70, 0.09), (1.75, 0.03), (1.76, 0.001)), _SIDES)
    return _of(*limbs, body, chest, head)


def _bicycle() -> Form:
    """A bicycle that leans on its stand, 1.75 m long."""
    wheels, high = [], 0.34
    for middle in (-0.53, 0.53):
        angle = np.arange(15) / 14 * 2 * math.pi
        rim = np.column_stack([middle + high * np.cos(angle), np.zeros(15), high + high * np.sin(angle)])
        wheels += [_limb(tuple(a), tuple(b), 0.02, 0.02) for a, b in pairwise(rim.tolist())]
    crank, seat, head = (-0.08, 0.0, 0.3), (-0.2, 0.0, 0.92), (0.36, 0.0, 0.9)
    rear, front, under = (-0.53, 0.0, high), (0.53, 0.0, high), (-0.2, 0.0, 0.8)
    frame = [(crank, seat), (crank, head), (seat, head), (crank, rear), (under, rear), (head, front)]
    tubes = [_limb(a, b, 0.02, 0.02) for a, b in frame]
    bars = [_limb((0.34, -0.28, 1.02), (0.34, 0.28, 1.02), 0.018, 0.018), _limb(head, (0.34, 0.0, 1.02), 0.02, 0.02)]
    saddle = _limb((-0.34, 0.0, 0.95), (-0.08, 0.0, 0.95), 0.075, 0.03)
    points, faces = _of(*wheels, *tubes, *bars, saddle)
    lean = math.radians(6.0)
    turn = np.array([[1, 0, 0], [0, math.cos(lean), math.sin(lean)], [0, -math.sin(lean), math.cos(lean)]])
    return points @ turn.T, faces


def _bench() -> Form:
    """Seat and back, 1.8 m long."""
    legs = [(x, x + 0.1, -0.2, 0.2, 0.0, 0.38) for x in (-0.7, 0.6)]
    boxes = [(-0.9, 0.9, -0.22, 0.22, 0.38, 0.46), (-0.9, 0.9, 0.20, 0.26, 0.46, 0.85), *legs]
    corners, faces = [], []
    quads = np.array([(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)])
    one = np.concatenate([quads[:, :3], quads[:, [0, 2, 3]]])
    for number, (x0, x1, y0, y1, z0, z1) in enumerate(boxes):
        corners += [(x, y, z) for z in (z0, z1) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        faces.append(one + 8 * number)
    return np.array(corners, float), np.concatenate(faces).astype(np.int32)
