"""Where values are taken: a grid on the ground, and façades and roofs cut into cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city.applied import BLOCK, BUILDING, Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.model import Semantics
from ..jena_city.problems import InputProblem
from ..jena_city.result import Faces, Grid
from ..jena_city.triangulate import plane_axes, ring_normals, triangle_normals, triangulate
from .obstacles import Obstacles
from .rays import Hits
from .visibility import OFFSET

Box = tuple[float, float, float, float]
ABOVE_GROUND = 0.05  # metres
_PIECE = 1_000_000  # cells whose heights are asked for at a time
MOST = 40_000_000  # sensors; beyond that the step is a slip
SLIVER = 0.04  # share of a whole cell below which a rest at an edge is not worth a sensor
LEVEL = 0.9999  # upward part of a normal from which on a face counts as level
COVERED = 0.25  # metres: a façade with another wall this close in front is no façade


def ground_grid(applied: Applied, box: Box, step: float) -> tuple[Grid, npt.NDArray[np.bool_]]:
    """A grid over a box of scene coordinates, 5 cm above the terrain, and (n,) which of its cells count: on known ground and
    not inside a kept building or a block. Raises InputProblem for a site without terrain or an absurd number of cells."""
    terrain = applied.site.terrain
    if terrain is None:
        raise InputProblem("ground grid", "the project has no terrain", "Name terrain files in project.toml")
    columns, rows = (max(math.ceil((high - low) / step - 1e-6), 1) for low, high in ((box[0], box[2]), (box[1], box[3])))
    if rows * columns > MOST:
        raise InputProblem("ground grid", f"a step of {step:g} m makes {rows * columns:,} cells", "Choose a larger step or a smaller area")
    height = np.empty(rows * columns)
    grid = Grid(box[0], box[1], step, rows, columns, height)
    for begin in range(0, grid.size, _PIECE):
        part = np.arange(begin, min(begin + _PIECE, grid.size))
        height[part] = terrain.height_at(grid.points_at(part)[:, :2]) + ABOVE_GROUND
    return grid, np.isfinite(height) & ~built_on(applied.footprints, grid)


def built_on(shapes: list[Any], grid: Grid) -> npt.NDArray[np.bool_]:
    """(n,) cells of a grid whose centre lies in any of some polygons, or on an edge: what is drawn in whole metres has many such."""
    found = np.zeros((grid.rows, grid.columns), bool)
    for shape, (west, south, east, north) in zip(shapes, shapely.bounds(shapes), strict=True):
        left, right = (math.ceil((x - grid.x) / grid.step - 0.5 + side) for x, side in ((west, -1e-6), (east, 1e-6)))
        low, high = (math.ceil((y - grid.y) / grid.step - 0.5 + side) for y, side in ((south, -1e-6), (north, 1e-6)))
        columns, rows = np.arange(max(left, 0), min(right, grid.columns)), np.arange(max(low, 0), min(high, grid.rows))
        if len(columns) and len(rows):
            x, y = grid.x + (columns + 0.5) * grid.step, grid.y + (rows + 0.5) * grid.step
            shapely.prepare(shape)
            found[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] |= shapely.intersects_xy(shape, x[None, :], y[:, None])
    return found.ravel()


def inside(shapes: list[Any], xy: FloatArray) -> npt.NDArray[np.bool_]:
    """(n,) whether points (n, 2) lie in any of some polygons."""
    found = np.zeros(len(xy), bool)
    if shapes:
        tree = shapely.STRtree(shapely.points(xy))
        found[tree.query(shapes, predicate="contains")[1]] = True
    return found


def face_cells(
    applied: Applied, size: float, *, box: Box | None = None, semantics: tuple[int, ...] = (Semantics.WALL, Semantics.ROOF)
) -> Faces:
    """Façades and roofs of kept buildings and of blocks, cut into cells of about `size` metres in each face's own plane.

    Cells of a face are equal: its extent is divided evenly, walls along the ground and upwards. box : only faces that reach
    into it (scene coordinates). A cell's sensor is its centroid, or a point on it where the centroid lies outside.
    """
    polygons, frames, building, kinds = flat_faces(applied, box, semantics)
    if not len(polygons):
        empty = np.zeros((0, 3))
        none = np.zeros(0, np.int32)
        return Faces(empty, empty, np.zeros(0), none, none.astype(np.uint8), empty, np.zeros((0, 3), np.int32), none)
    bounds = shapely.bounds(polygons)
    across = np.maximum(np.ceil((bounds[:, 2] - bounds[:, 0]) / size - 1e-6), 1).astype(np.int64)
    up = np.maximum(np.ceil((bounds[:, 3] - bounds[:, 1]) / size - 1e-6), 1).astype(np.int64)
    number = across * up
    if number.sum() > MOST:
        raise InputProblem(
            "façade cells", f"a size of {size:g} m makes {int(number.sum()):,} cells", "Choose larger cells or a smaller area"
        )
    face = np.repeat(np.arange(len(polygons)), number)
    within = np.arange(len(face)) - np.repeat(np.cumsum(number) - number, number)
    column, row = within % across[face], within // across[face]
    width, height = (bounds[:, 2] - bounds[:, 0]) / across, (bounds[:, 3] - bounds[:, 1]) / up
    west, south = bounds[face, 0] + column * width[face], bounds[face, 1] + row * height[face]
    cells = shapely.box(west, south, west + width[face], south + height[face])
    shapely.prepare(polygons)
    whole = shapely.contains(polygons[face], cells)
    cells[~whole] = shapely.intersection(polygons[face[~whole]], cells[~whole])
    parts, owner = shapely.get_parts(cells, return_index=True)
    area = shapely.area(parts)
    keep = (shapely.get_type_id(parts) == 3) & (area > SLIVER * (width * height)[face[owner]])
    parts, owner, area = parts[keep], owner[keep], area[keep]
    face = face[owner]
    middle = shapely.centroid(parts)
    outside = ~shapely.contains(parts, middle)
    middle[outside] = shapely.point_on_surface(parts[outside])
    normals = frames["normal"][face]
    points = _into_space(np.column_stack([shapely.get_x(middle), shapely.get_y(middle)]), face, frames)
    vertices, triangles, cell = _mesh(parts, face, frames)
    return Faces(points, normals, area, building[face], kinds[face], vertices, triangles, cell)


def uncovered(faces: Faces, obstacles: Obstacles) -> npt.NDArray[np.bool_]:
    """(n,) cells that see open air: not below the ground, not against or inside another house.

    Looking outward, a wall right in front covers the cell; and whoever sees the back of a house's face first is inside that house. Where
    walls of two houses coincide either may be met first, so whoever sees a wall and stands over a footprint looks up at the roof too.
    """
    terrain = obstacles.applied.site.terrain
    hits = obstacles.rays.first_hit(faces.points + 0.005 * faces.normals, faces.normals)
    house, behind = _houses(hits, faces.normals, obstacles)
    covered = (hits.distance < COVERED) | behind
    unsure = np.flatnonzero(house & ~covered)
    place = faces.points[unsure] + OFFSET * faces.normals[unsure]
    over = inside([shape for shape in obstacles.applied.footprints if not shapely.is_empty(shape)], place[:, :2])
    unsure, place = unsure[over], place[over]
    up = np.tile([0.0, 0.0, 1.0], (len(unsure), 1))
    covered[unsure] |= _houses(obstacles.rays.first_hit(place, up), up, obstacles)[1]
    if terrain is not None and faces.size:
        covered |= faces.points[:, 2] < terrain.height_at(faces.points[:, :2])
    return ~covered


def _houses(hits: Hits, ways: FloatArray, obstacles: Obstacles) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(n,) which rays, going in ways (n, 3), hit a house, and which of them from behind."""
    occluders = obstacles.occluders
    hit = np.flatnonzero(hits.triangle >= 0)
    hit = hit[np.isin(occluders.kind[hits.triangle[hit]], (BUILDING, BLOCK))]
    facing = triangle_normals(occluders.vertices, occluders.triangles[hits.triangle[hit]])
    house, behind = np.zeros(len(ways), bool), np.zeros(len(ways), bool)
    house[hit], behind[hit] = True, np.einsum("ij,ij->i", facing, ways[hit]) > 0
    return house, behind


def flat_faces(applied: Applied, box: Box | None, semantics: tuple[int, ...]) -> tuple[Any, dict[str, FloatArray], IntArray, Any]:
    """All wanted faces as 2D polygons in their planes, with the frames that lead back into space."""
    city = applied.site.city
    chosen = applied.kept[city.surface_building] & np.isin(city.surface_semantics, semantics)
    rings = chosen[city.ring_surface]
    count = np.diff(city.ring_start)
    sources = [
        (city.points[np.repeat(rings, count)], count[rings], city.ring_surface[rings], city.surface_building, city.surface_semantics)
    ]
    for index, body in enumerate(applied.solids):
        wanted = [k for k in range(len(body.faces)) if body.semantics[k] in semantics]
        if not wanted:
            continue
        corners = [ring for k in wanted for ring in body.faces[k]]
        owner = np.repeat(np.arange(len(wanted)), [len(body.faces[k]) for k in wanted])
        sources.append(
            (
                body.vertices[np.concatenate(corners)],
                np.array([len(ring) for ring in corners]),
                owner,
                np.full(len(wanted), -1 - index, np.int32),
                body.semantics[wanted],
            )
        )
    polygons, building, kinds = [], [], []
    frames: dict[str, list[FloatArray]] = {"point": [], "normal": [], "u": [], "v": []}
    for points, counts, surface, owner_of, kind_of in sources:
        if not len(counts):
            continue
        start = np.concatenate([[0], np.cumsum(counts)])
        surfaces, first, ring_face = np.unique(surface, return_index=True, return_inverse=True)
        vectors = ring_normals(points, start.astype(np.int32))[first]
        normal = vectors / np.linalg.norm(vectors, axis=1)[:, None]
        u, v = plane_axes(normal)
        origin = points[start[first]]
        level = np.flatnonzero(np.abs(normal[:, 2]) > LEVEL)  # of a flat roof any axis will do: take that of its first edge
        along = points[start[first[level]] + 1] - origin[level]
        u[level] = along / np.linalg.norm(along, axis=1)[:, None]
        v[level] = np.cross(normal[level], u[level])
        near = np.ones(len(surfaces), bool)
        if box is not None:
            low = np.minimum.reduceat(points[:, :2], start[:-1], axis=0)[first]
            high = np.maximum.reduceat(points[:, :2], start[:-1], axis=0)[first]
            near = (low[:, 0] <= box[2]) & (high[:, 0] >= box[0]) & (low[:, 1] <= box[3]) & (high[:, 1] >= box[1])
        face = np.repeat(ring_face, counts)
        local = points - origin[face]
        flat = np.column_stack([np.einsum("ij,ij->i", local, u[face]), np.einsum("ij,ij->i", local, v[face])])
        lines = shapely.linearrings(flat, indices=np.repeat(np.arange(len(counts)), counts))
        shapes = shapely.make_valid(shapely.polygons(lines, indices=ring_face))
        polygons.append(shapes[near])
        building.append(owner_of[surfaces][near])
        kinds.append(kind_of[surfaces][near])
        for name, values in (("point", origin), ("normal", normal), ("u", u), ("v", v)):
            frames[name].append(values[near])
    if not polygons:
        return np.zeros(0, object), {}, np.zeros(0, np.int32), np.zeros(0, np.uint8)
    return (
        np.concatenate(polygons),
        {name: np.concatenate(values) for name, values in frames.items()},
        np.concatenate(building),
        np.concatenate(kinds),
    )


def _into_space(flat: FloatArray, face: Any, frames: dict[str, FloatArray]) -> FloatArray:
    return np.asarray(frames["point"][face] + flat[:, :1] * frames["u"][face] + flat[:, 1:] * frames["v"][face])


def _mesh(parts: Any, face: Any, frames: dict[str, FloatArray]) -> tuple[FloatArray, IntArray, IntArray]:
    """All cells as triangles: vertices, triangles, and the cell of each triangle."""
    parts = shapely.geometry.polygon.orient(parts, 1.0) if isinstance(parts, shapely.Polygon) else shapely.orient_polygons(parts)
    rings, cell = shapely.get_rings(parts, return_index=True)
    flat, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True)
    flat, ring = flat[~last], ring[~last]
    start = np.concatenate([[0], np.cumsum(np.bincount(ring, minlength=len(rings)))]).astype(np.int32)
    vertices = _into_space(flat, face[cell[ring]], frames)
    triangles, owner = triangulate(vertices, start, cell.astype(np.int32), frames["normal"][face])
    return vertices, triangles, owner
