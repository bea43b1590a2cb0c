"""Pitched roofs as pieces of the footprint with one plane each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import split

from .arrays import FloatArray
from .problems import InputProblem
from .variant import Block


@dataclass(frozen=True)
class Piece:
    """A part of the footprint under one plane: height above the eaves = slope · (x, y) + offset, metres."""

    area: shapely.Polygon
    slope: tuple[float, float]
    offset: float

    def height(self, xy: FloatArray) -> FloatArray:
        return np.asarray(xy[:, 0] * self.slope[0] + xy[:, 1] * self.slope[1] + self.offset)


def roof_pieces(footprint: shapely.Polygon, block: Block) -> list[Piece]:
    """The planes of a gable, hip or shed roof; the lowest of all planes at a point is the roof, except for a shed, which has one.

    gable, shed : any footprint. hip : convex ones (others need a straight skeleton); raises InputProblem for the rest.
    """
    rise = math.tan(math.radians(block.roof.pitch))
    if block.roof.kind == "shed":
        return [_shed(footprint, block, rise)]
    if block.roof.kind == "gable":
        return _gable(footprint, block, rise)
    return _hip(footprint, block, rise)


def long_axis(footprint: shapely.Polygon) -> float:
    """Azimuth of the longer side of the smallest rectangle around a footprint, degrees from grid north, 0..180."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(footprint).exterior.coords)
    sides = np.diff(corners[:3], axis=0)
    longer = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return math.degrees(math.atan2(longer[0], longer[1])) % 180.0


def _direction(azimuth: float) -> FloatArray:
    return np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))])


def _shed(footprint: shapely.Polygon, block: Block, rise: float) -> Piece:
    azimuth = block.roof.ridge if block.roof.ridge is not None else long_axis(footprint) + 90.0
    fall = _direction(azimuth)
    lowest = float((np.asarray(footprint.exterior.coords)[:, :2] @ fall).max())
    return Piece(footprint, (-rise * fall[0], -rise * fall[1]), rise * lowest)


def _gable(footprint: shapely.Polygon, block: Block, rise: float) -> list[Piece]:
    azimuth = block.roof.ridge if block.roof.ridge is not None else long_axis(footprint)
    along = _direction(azimuth)
    across = np.array([along[1], -along[0]])
    points = np.asarray(footprint.exterior.coords)[:, :2]
    distance = points @ across
    middle, half = (distance.max() + distance.min()) / 2, (distance.max() - distance.min()) / 2
    reach = np.array([(points @ along).min() - 1, (points @ along).max() + 1])
    ridge = shapely.LineString([across * middle + along * reach[0], across * middle + along * reach[1]])
    pieces = []
    for part in split(footprint, ridge).geoms:
        side = 1.0 if np.array(part.representative_point().coords[0]) @ across > middle else -1.0
        # height = rise · (half − side · (distance − middle))
        slope = -rise * side * across
        pieces.append(Piece(shapely.geometry.polygon.orient(part, 1.0), (slope[0], slope[1]), rise * (half + side * middle)))
    return pieces


def _hip(footprint: shapely.Polygon, block: Block, rise: float) -> list[Piece]:
    ring = np.asarray(footprint.exterior.coords)[:-1, :2]
    following = np.roll(ring, -1, axis=0)
    edges = following - ring
    before = np.roll(edges, 1, axis=0)
    bends = before[:, 0] * edges[:, 1] - before[:, 1] * edges[:, 0]
    if footprint.interiors or (bends < -1e-9).any():
        raise InputProblem(
            f"block {block.name or block.id}",
            "a hip roof on a footprint with inner corners or courtyards is not possible yet",
            "Choose a gable or flat roof",
        )
    inward = np.column_stack([-edges[:, 1], edges[:, 0]]) / np.hypot(edges[:, 0], edges[:, 1])[:, None]
    offsets = -np.einsum("ij,ij->i", inward, ring)  # distance from edge i = inward_i · p + offset_i
    pieces = []
    for i in range(len(ring)):
        area = ring
        for j in range(len(ring)):
            if j != i:  # keep what is nearer to edge i than to edge j
                area = _clipped(area, inward[j] - inward[i], offsets[j] - offsets[i])
        if len(area):  # clipping may leave a corner twice, a hair apart
            area = area[np.hypot(*(area - np.roll(area, 1, axis=0)).T) > 1e-6]
        if len(area) >= 3:
            polygon = shapely.Polygon(area)
            if polygon.area > 1e-6:
                pieces.append(Piece(polygon, (rise * inward[i, 0], rise * inward[i, 1]), rise * offsets[i]))
    return pieces


def _clipped(ring: FloatArray, normal: FloatArray, offset: float) -> FloatArray:
    """The part of a convex ring where normal · p + offset ≥ 0 (Sutherland–Hodgman)."""
    kept: list[FloatArray] = []
    value = ring @ normal + offset if len(ring) else np.zeros(0)
    for k in range(len(ring)):
        a, b, va, vb = ring[k - 1], ring[k], value[k - 1], value[k]
        if (va < -1e-9) != (vb < -1e-9):
            kept.append(a + (b - a) * (va / (va - vb)))
        if vb >= -1e-9:
            kept.append(b)
    return np.array(kept).reshape(-1, 2)
