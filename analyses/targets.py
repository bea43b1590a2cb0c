"""What is looked at: a landmark, or the blocks of a variant, as points spread over all that can be seen of it; and how much of it is
seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray
from ..jena_city.model import Semantics
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.result import Faces
from ..jena_city.viewing import Landmark
from . import sensors
from .looking import CLOSE, ground_at, sight
from .obstacles import Obstacles
from .rays import Raycaster

POINTS = 800  # on a target, about
POLE = 64  # points up a pole
_RAYS = 2_000_000  # traced at a time
_LIFT = 0.02  # metres between a face and its points


@dataclass(frozen=True, eq=False)
class Target:
    """points (m, 3), a little off the surface. normals (m, 3), outward; None for a pole, which is seen from all around. size (m,) : m² of
    face or m of pole for each. alone : its own faces; None for a pole. row : its building in the city, -1 for none."""

    name: str
    points: FloatArray
    normals: FloatArray | None
    size: FloatArray
    alone: Raycaster | None
    row: int = -1

    @property
    def top(self) -> FloatArray:
        """(3,) the highest of its points."""
        return np.asarray(self.points[int(self.points[:, 2].argmax())])


def landmark(one: Landmark, before: Obstacles) -> Target:
    """A landmark as it stands in a town. Raises InputProblem where it is not there."""
    applied = before.applied
    site, where = applied.site, f"landmark {one.name}"
    if one.building:
        blocks = [block.id for block in applied.variant.blocks]
        if one.building in site.city.building_id:
            return _building(one.name, int(site.city.building_root[site.city.building_id.index(one.building)]), applied)
        if one.building in blocks:
            return _of_blocks(one.name, [blocks.index(one.building)], before)
        raise InputProblem(where, f"there is no building {one.building}", "Give the gml:id of a building, or a place on it")
    assert one.at is not None
    xy = site.origin.to_local(np.array([one.at]))
    at = shapely.Point(xy[0])
    for row, shape in enumerate(site.footprints):
        if shape is not None and applied.kept[row] and shape.intersects(at):
            return _building(one.name, row, applied)
    if not one.height:
        raise InputProblem(
            where, "no building stands there, and it has no height of its own", "Move it onto a building, or give it a height"
        )
    ground = float(ground_at(xy, applied)[0])
    if np.isnan(ground):
        raise InputProblem(where, "it lies outside the terrain", "Move it, or add terrain")
    part = one.height / POLE
    up = ground + part * (np.arange(POLE) + 0.5)
    return Target(one.name, np.column_stack([np.repeat(xy, POLE, axis=0), up]), None, np.full(POLE, part), None)


def blocks(town: Obstacles) -> Target | None:
    """All blocks of a variant as one; None where it has none."""
    count = len(town.applied.variant.blocks)
    return _of_blocks("Baukörper der Variante", list(range(count)), town) if count else None


def _building(name: str, row: int, applied: Applied) -> Target:
    city = applied.site.city
    alone = np.asarray(city.building_root == row)
    only = replace(applied, kept=alone, solids=[], variant=replace(applied.variant, blocks=()))
    occluders = only.changing(alone)
    return _spread(name, only, Raycaster(occluders.vertices, occluders.triangles), row)


def _of_blocks(name: str, which: list[int], town: Obstacles) -> Target:
    applied = town.applied
    nothing = np.zeros(len(applied.kept), bool)
    some = replace(applied.variant, blocks=tuple(applied.variant.blocks[k] for k in which))
    only = replace(applied, kept=nothing, solids=[applied.solids[k] for k in which], variant=some)
    occluders = only.changing(nothing)
    return _spread(name, only, Raycaster(occluders.vertices, occluders.triangles), -1)


def _spread(name: str, only: Applied, alone: Raycaster, row: int) -> Target:
    """Points spread evenly over façades and roofs, above the ground, some hundreds of them."""
    faces = sensors.face_cells(only, 3.0, semantics=(Semantics.WALL, Semantics.ROOF))
    if not faces.size:
        raise InputProblem(f"landmark {name}", "it has no façades and no roof", "Choose another building")
    size = float(np.sqrt(faces.area.sum() / POINTS))
    faces = sensors.face_cells(only, max(size, 0.2), semantics=(Semantics.WALL, Semantics.ROOF))
    keep = _above_ground(faces, only)
    points = faces.points[keep] + _LIFT * faces.normals[keep]
    return Target(name, points, faces.normals[keep], faces.area[keep], alone, row)


def _above_ground(faces: Faces, only: Applied) -> Any:
    if only.site.terrain is None:
        return np.ones(faces.size, bool)
    ground = only.site.terrain.height_at(faces.points[:, :2])
    return ~(faces.points[:, 2] < ground)


def seen(
    target: Target,
    places: FloatArray,
    normals: FloatArray | None,
    town: Obstacles,
    refraction: float,
    progress: Progress,
    *,
    trees: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """How much of a target is seen from places (n, 3), and how much would be if it stood alone: solid angles in sr (of a pole: angles in
    radians), both (n,). normals (n, 3) of façades, which see nothing behind them; None for people, who look all around. trees : whether
    their crowns hide."""
    whole, free = np.zeros(len(places)), np.zeros(len(places))
    if not len(places):
        return free, whole
    middle = target.points.mean(axis=0)
    farthest = float(np.linalg.norm(places - middle, axis=1).max() + np.linalg.norm(target.points - middle, axis=1).max())
    held = sight(town, refraction, farthest, trees=trees)
    ends = held.straight(target.points)
    count = max(_RAYS // len(target.points), 1)
    for begin in range(0, len(places), count):
        part = slice(begin, begin + count)
        origins = places[part]
        line = target.points[None] - origins[:, None]
        distance = np.maximum(np.linalg.norm(line, axis=2), 1e-6)
        weight = _weight(target, line, distance)
        asked = weight > 0
        if normals is not None:
            asked &= np.einsum("nmk,nk->nm", line, normals[part]) > 1e-6
        eye, point = np.nonzero(asked)
        if target.alone is not None and len(eye):
            own = line[eye, point] / distance[eye, point, None]
            hidden = target.alone.blocked(origins[eye], own, np.maximum(distance[eye, point] - _LIFT / 2, 0))
            eye, point = eye[~hidden], point[~hidden]
        angle = weight[eye, point]
        starts = held.straight(origins)[eye]
        along = ends[point] - starts
        length = np.maximum(np.linalg.norm(along, axis=1), 1e-6)
        blocked = held.blocked(starts, along / length[:, None], np.maximum(length - CLOSE / 5, 0))
        whole[part] = np.bincount(eye, angle, minlength=len(origins))
        free[part] = np.bincount(eye, angle * ~blocked, minlength=len(origins))
        progress(min((begin + count) / len(places), 1.0), "lines of sight")
    return free, whole


def _weight(target: Target, line: FloatArray, distance: FloatArray) -> FloatArray:
    """(n, m) the angle that each point stands for as seen from each place, 0 for faces seen from behind."""
    if target.normals is None:
        across = np.hypot(line[..., 0], line[..., 1]) / distance
        return np.asarray(target.size * across / distance)
    facing = -np.einsum("nmk,mk->nm", line, target.normals) / distance
    return np.asarray(np.where(facing > 1e-3, target.size * facing / distance**2, 0.0))
