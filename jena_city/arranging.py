"""Blocks arranged: rows of copies, mirrored, cut into equal parts, laid parallel or in line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import affinity

from . import set_backs, stand_in
from .arrays import FloatArray
from .problems import InputProblem
from .variant import Block

_LEAST = 1.0  # m²: what is smaller is a splinter of a cut, no building


def axis(footprint: shapely.Polygon) -> FloatArray:
    """(2,) unit vector along the longer side of the smallest rectangle around a footprint, pointing east (or north)."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(footprint))
    sides = np.diff(corners[:3], axis=0)
    along = sides[int(np.argmax(np.hypot(*sides.T)))]
    along = along / np.hypot(*along)
    return np.asarray(-along if along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0) else along)


def extent(footprint: shapely.Polygon, along: FloatArray) -> tuple[float, float]:
    """From where to where a footprint reaches along a direction (2,)."""
    places = shapely.get_coordinates(footprint) @ along
    return float(places.min()), float(places.max())


def moved(block: Block, by: FloatArray) -> Block:
    """The block somewhere else; by (2,) metres."""
    model = stand_in.carried(block.stand_in, [[1.0, 0.0, by[0]], [0.0, 1.0, by[1]]])
    return replace(block, footprint=affinity.translate(block.footprint, float(by[0]), float(by[1])), stand_in=model)


def turned(block: Block, angle: float) -> Block:
    """The block turned about its middle, `angle` radians counter-clockwise, its ridge with it."""
    ridge = None if block.roof.ridge is None else (block.roof.ridge - math.degrees(angle)) % 360.0
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    middle = shapely.get_coordinates(block.footprint.envelope.centroid)[0]
    return replace(
        block,
        stand_in=stand_in.carried(block.stand_in, np.column_stack([turn, middle - turn @ middle])),
        footprint=affinity.rotate(block.footprint, angle, origin=block.footprint.envelope.centroid, use_radians=True),
        roof=replace(block.roof, ridge=ridge),
    )


def row(block: Block, count: int, gap: float, *, across: bool = True) -> list[Block]:
    """`count` further copies beside a block, `gap` metres from side to side: across its longer side (Zeilen), or along it."""
    along = axis(block.footprint)
    way = np.array([-along[1], along[0]]) if across else along
    low, high = extent(block.footprint, way)
    return [moved(block, way * (high - low + gap) * number) for number in range(1, count + 1)]


def mirrored(blocks: Sequence[Block], *, across: bool = False) -> list[Block]:
    """Blocks mirrored at a line through the middle of them all: along the longer side of the first, or across it."""
    along = axis(blocks[0].footprint)
    if across:
        along = np.array([-along[1], along[0]])
    west, south, east, north = shapely.total_bounds(np.array([block.footprint for block in blocks], object))
    middle = np.array([west + east, south + north]) / 2
    flip = 2 * np.outer(along, along) - np.eye(2)
    away = middle - flip @ middle
    matrix = [*flip.ravel().tolist(), *away.tolist()]
    made = []
    for block in blocks:
        _no_model(block)
        ridge = block.roof.ridge
        if ridge is not None:
            direction = flip @ np.array([math.sin(math.radians(ridge)), math.cos(math.radians(ridge))])
            ridge = math.degrees(math.atan2(direction[0], direction[1])) % 360.0
        image = affinity.affine_transform(block.footprint, matrix)
        shape = shapely.geometry.polygon.orient(image, 1.0)
        backs = set_backs.carried(image, block.set_backs, shape)
        made.append(replace(block, footprint=shape, roof=replace(block.roof, ridge=ridge), set_backs=backs))
    return made


def split(block: Block, count: int) -> list[Block]:
    """A block cut across its longer side into `count` parts of equal length; a part that falls into pieces makes a block of each.

    Raises InputProblem when nothing is left to cut.
    """
    _no_model(block)
    along = axis(block.footprint)
    across = np.array([-along[1], along[0]])
    low, high = extent(block.footprint, along)
    near, far = extent(block.footprint, across)
    cuts = np.linspace(low, high, count + 1)
    made = []
    for a, b in zip(cuts[:-1], cuts[1:], strict=True):
        ring = [
            along * a + across * (near - 1),
            along * b + across * (near - 1),
            along * b + across * (far + 1),
            along * a + across * (far + 1),
        ]
        parts = shapely.get_parts(shapely.intersection(block.footprint, shapely.Polygon(ring)))
        made += [shapely.geometry.polygon.orient(part, 1.0) for part in parts if part.geom_type == "Polygon" and part.area >= _LEAST]
    if len(made) < 2:
        raise InputProblem(f"block {block.name or block.id}", f"it cannot be cut into {count} parts", "Choose fewer, or a larger block")
    return [replace(block, footprint=shape, set_backs=set_backs.carried(block.footprint, block.set_backs, shape)) for shape in made]


def _no_model(block: Block) -> None:
    if block.stand_in is not None:
        where = f"block {block.name or block.id}"
        raise InputProblem(where, "an architect's model stands in for it, which can be neither mirrored nor cut", "Take it off first")


def parallel(block: Block, direction: float) -> Block:
    """The block turned the shorter way so that its longer side runs along a direction (radians from east) or at right angles to it,
    whichever is nearer."""
    along = axis(block.footprint)
    turn = (direction - math.atan2(along[1], along[0]) + math.pi / 4) % (math.pi / 2) - math.pi / 4
    return turned(block, turn)


def in_line(block: Block, leader: Block) -> Block:
    """The block moved so that its side is in line with the nearest side of another: the fronts of both lie in one line along the longer
    side of `leader`."""
    along = axis(leader.footprint)
    across = np.array([-along[1], along[0]])
    own, other = extent(block.footprint, across), extent(leader.footprint, across)
    shift = min((other[0] - own[0], other[1] - own[1]), key=abs)
    return moved(block, across * shift)
