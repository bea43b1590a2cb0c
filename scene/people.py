"""People and benches for scale: sparse, plain as the model, beside streets; the same in every picture of a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.site import Site
from ..jena_city.vectors import RAILS
from . import materials
from .meshes import mesh_object, new_mesh
from .shapes import Shape
from .tree_forms import turned

NAME, COLOUR = "Menschen und Bänke", "#6f6a66"
_MOST, _REACH = 90, 140.0  # how many at most, and within how many metres
_BESIDE = 1.6  # metres beside a street's edge
_PERSON = ((0.0, 0.11), (0.75, 0.15), (1.05, 0.17), (1.38, 0.22), (1.46, 0.07), (1.52, 0.09), (1.62, 0.115), (1.72, 0.085), (1.76, 0.01))


def put(site: Site, blocks: Sequence[shapely.Polygon], middle: FloatArray) -> Any:
    """One object with all of them about a middle; None without streets or ground. blocks : footprints of all variants, kept free."""
    if site.streets is None or site.terrain is None:
        return None
    places = _places(site, blocks, middle)
    if not len(places):
        return None
    ground = site.terrain.height_at(places)
    person, sides = turned(_PERSON, 8)
    bench, boards = _bench()
    random = np.random.Generator(np.random.PCG64(7))
    points, faces, number = [], [], 0
    for k, (place, base) in enumerate(zip(places, ground, strict=True)):
        if not math.isfinite(base):
            continue
        form, triangles = (bench, boards) if k % 6 == 0 else (person * [1, 0.7, random.uniform(0.9, 1.04)], sides)
        angle = random.uniform(0, 2 * math.pi)
        turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
        points.append(form @ turn.T + [*place, base])
        faces.append(triangles + number)
        number += len(form)
    if not points:
        return None
    mesh = new_mesh(NAME, Shape(np.concatenate(points), np.concatenate(faces).astype(np.int32)))
    mesh.materials.append(materials.plain(NAME, COLOUR))
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


def _bench() -> tuple[FloatArray, IntArray]:
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
