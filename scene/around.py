"""What a town has beside buildings as arrays, a mesh for each theme: made without Blender, as `shapes` does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..jena_city import themes
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.model import CityModel, Semantics
from ..jena_city.terrain import Terrain
from ..jena_city.triangulate import triangle_normals

NAMES = {
    themes.BRIDGE: "Brücken",
    themes.TUNNEL: "Tunnel",
    themes.GREEN: "Vegetation",
    themes.FURNITURE: "Stadtmobiliar",
    themes.TRAFFIC: "Verkehrsflächen",
    themes.WATER: "Gewässer",
    themes.LAND: "Landnutzung",
    themes.OTHER: "Weitere Objekte",
}
"""Theme -> what its object in the scene is called."""
ABOVE = {themes.LAND: 0.05, themes.WATER: 0.10, themes.TRAFFIC: 0.15}  # metres over the ground, so that one lies on the other
AT_GROUND = 0.5  # metres above the ground up to which a flat thing lies on it: roads on bridges and dams lie higher
FINEST, MOST = 3.0, 400_000  # metres of an edge of what is laid on the ground at least, and triangles of a theme about
_UPWARD = 0.5  # cosine, from which on a face is one that lies
_WOODS = ("PlantCover",)
_RAILS = ("Railway",)

Parts = tuple[FloatArray, IntArray, IntArray, IntArray]
"""Vertices (V, 3), triangles (T, 3), and for each triangle its slot and its row in the surroundings."""


def parts(model: CityModel, ground: Terrain | None) -> list[tuple[str, Parts]]:
    """Theme and mesh of each theme that has faces. What is flat and lies at or below the ground is laid on it.

    Slots: the surface itself, then what is beside or beyond it: edges of bridges, woods, pavements and rails.
    """
    theme = np.array([themes.THEMES.index(themes.THEME_OF[kind]) for kind in model.kind], np.int32)
    shown = model.surface_semantics[model.triangle_surface] != Semantics.CLOSURE
    made = []
    for number, name in enumerate(themes.THEMES):
        chosen = np.flatnonzero(shown & (theme[model.triangle_building] == number))
        if not len(chosen):
            continue
        used, vertex = np.unique(model.triangles[chosen], return_inverse=True)
        vertices, triangles = model.points[used], vertex.reshape(-1, 3).astype(np.int32)
        rows = model.triangle_building[chosen].astype(np.int32)
        slots = _slots(model, name, chosen, rows)
        if name in themes.FLAT and ground is not None:
            vertices, triangles, source = laid(vertices, triangles, ground, ABOVE[name])
            rows, slots = rows[source], slots[source]
        made.append((name, (vertices, triangles, slots, rows)))
    return made


def _slots(model: CityModel, theme: str, chosen: IntArray, rows: IntArray) -> IntArray:
    slots = np.zeros(len(chosen), np.int32)
    kinds = np.array(model.kind, object)[rows]
    if theme == themes.BRIDGE:
        normals = triangle_normals(model.points, model.triangles[chosen])
        slots[normals[:, 2] <= _UPWARD * np.linalg.norm(normals, axis=1)] = 1
    elif theme == themes.GREEN:
        slots[np.isin(kinds, _WOODS)] = 1
    elif theme == themes.TRAFFIC:
        slots[model.surface_semantics[model.triangle_surface[chosen]] == Semantics.BESIDE_TRAFFIC] = 1
        slots[np.isin(kinds, _RAILS)] = 2
    return slots


def laid(vertices: FloatArray, triangles: IntArray, ground: Terrain, above: float) -> tuple[FloatArray, IntArray, IntArray]:
    """Flat triangles with those laid on the ground that lie at or below it, cut fine enough to follow it: vertices, triangles, and the
    number of the triangle that each is of. above : metres over the ground, at least. What lies where the
    ground has no heights is not there."""
    heights = ground.height_at(vertices[:, :2])
    low = ~(vertices[:, 2] >= heights + AT_GROUND)
    lying = low[triangles].all(axis=1)
    if not lying.any():
        return vertices, triangles, np.arange(len(triangles), dtype=np.int32)
    normals = triangle_normals(vertices, triangles[lying])
    area = float(np.abs(normals[:, 2]).sum()) / 2
    step = max(ground.step, FINEST, (2 * area / MOST) ** 0.5)
    standing = np.abs(normals[:, 2]) < 1e-6 * np.linalg.norm(normals, axis=1)
    which = np.flatnonzero(lying)[~standing]  # upright faces of flat things have nothing to show once these lie
    fine, cut, source = refined(vertices, triangles[which], step)
    heights = ground.height_at(fine[:, :2])
    there = np.isfinite(heights)[cut].all(axis=1)
    cut, source = cut[there], source[there]
    fine[:, 2] = np.fmax(fine[:, 2], heights + above)  # a pond stays level over its bed
    down = triangle_normals(fine, cut)[:, 2] < 0
    cut[down] = cut[down][:, ::-1]
    kept = np.flatnonzero(~lying)
    return (
        np.concatenate([vertices, fine]),
        np.concatenate([triangles[kept], cut + len(vertices)]).astype(np.int32),
        np.concatenate([kept, which[source]]).astype(np.int32),
    )


def refined(vertices: FloatArray, triangles: IntArray, longest: float) -> tuple[FloatArray, IntArray, IntArray]:
    """Triangles cut until no edge is longer, seen from above: vertices, triangles, and the number of the triangle that each is of.

    Edges are halved, by their length alone, so that neighbours agree and no gap opens between them.
    """
    vertices, triangles = vertices.copy(), triangles.astype(np.int64)
    source = np.arange(len(triangles))
    while True:
        ends = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1)
        ends.sort(axis=-1)
        length = np.linalg.norm(vertices[ends[..., 0], :2] - vertices[ends[..., 1], :2], axis=-1)
        long = length > longest
        if not long.any():
            return vertices, triangles.astype(np.int32), source
        pairs, number = np.unique(ends[long], axis=0, return_inverse=True)
        middle = np.full(long.shape, -1, np.int64)
        middle[long] = number.reshape(-1) + len(vertices)
        vertices = np.concatenate([vertices, vertices[pairs].mean(axis=1)])
        triangles, source = _cut(triangles, source, middle, length)


def _cut(triangles: IntArray, source: IntArray, middle: IntArray, length: FloatArray) -> tuple[IntArray, IntArray]:
    """Triangles whose edges have a middle (T, 3), -1 for none, cut there. A triangle is turned so that its longest edge comes first."""
    turn = (np.argmax(np.where(middle >= 0, length, -1.0), axis=1)[:, None] + np.arange(3)) % 3
    (a, b, c), (ab, bc, ca) = np.take_along_axis(triangles, turn, 1).T, np.take_along_axis(middle, turn, 1).T
    has = ab >= 0, bc >= 0, ca >= 0
    cases: tuple[tuple[npt.NDArray[np.bool_], list[tuple[IntArray, IntArray, IntArray]]], ...] = (
        (~has[0], [(a, b, c)]),
        (has[0] & ~has[1] & ~has[2], [(a, ab, c), (ab, b, c)]),
        (has[0] & has[1] & ~has[2], [(a, ab, c), (ab, b, bc), (ab, bc, c)]),
        (has[0] & ~has[1] & has[2], [(a, ab, ca), (ab, b, c), (ab, c, ca)]),
        (has[0] & has[1] & has[2], [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]),
    )
    made = [(np.column_stack(one)[where], source[where]) for where, pieces in cases for one in pieces]
    return np.concatenate([one for one, _ in made]), np.concatenate([of for _, of in made])
