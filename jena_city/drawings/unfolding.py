"""A drawing with its blocks put in and its curves stroked: plain shapes, as many as can be meant and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import FloatArray
from .entities import Reading, broken, read
from .pieces import AREA, KINDS, Insert, Piece, of

DEEPEST = 16  # blocks in blocks
_MOST_POINTS = 3_000_000  # of curves and blocks, beside one for every 20 bytes of the file
_PER_SHAPE = 8  # what a shape costs beside its points, in points
_ABSURD = 1e15


@dataclass
class Content:
    """What a block, or the drawing itself, holds."""

    base: FloatArray = field(default_factory=lambda: np.zeros(3))
    pieces: list[Piece] = field(default_factory=list)
    inserts: list[Insert] = field(default_factory=list)
    outside: bool = False
    """The block is drawn in another file (an external reference)."""


@dataclass
class Drawing:
    """What was read of a file, blocks still folded. skipped : what was noticed on the way."""

    content: Content
    blocks: dict[str, Content]
    reading: Reading
    size: int

    def anchors(self) -> FloatArray:
        """(n, 2) one place of each thing that is drawn or put in, in the drawing's units."""
        places = [(part(np.inf) if callable(part) else part)[0] for piece in self.content.pieces for part in piece.parts[:1]]
        places += [insert.offsets[0] for insert in self.content.inserts]
        return np.array(places, float).reshape(-1, 3)[:, :2]


@dataclass
class Shapes:
    """Plain shapes in columns: kind (POINT, LINE, AREA), layer, text; rings : the points (n, 2) of each, of an area one array a ring.

    cut : inserts and curves left out for want of room. lost : names of blocks that are not in the file, and how often. damaged : shapes
    that came out as no numbers."""

    kinds: list[int] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rings: list[list[FloatArray]] = field(default_factory=list)
    cut: int = 0
    damaged: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    outside: dict[str, int] = field(default_factory=dict)


def load(path: Path) -> Drawing:
    """The content of a file; broken entities are counted. Nothing of a file is in memory but what it shows."""
    reading = Reading()
    drawing = Drawing(Content(), {}, reading, path.stat().st_size)
    into = drawing.content
    for section, entity in read(path, KINDS, reading):
        kind = entity.dxftype()
        if kind == "ENDBLK":
            into = drawing.content
        elif kind == "BLOCK":
            into = Content()
            if entity.dxf.hasattr("base_point"):
                into.base = np.array(tuple(entity.dxf.base_point), float)
            into.outside = bool(int(entity.dxf.get("flags", 0)) & 4)
            name = str(entity.dxf.get("name", "")).lower()
            if not np.isfinite(into.base).all():
                reading.damaged += 1
            elif not name.startswith(("*model_space", "*paper_space", "$model_space", "$paper_space")):
                drawing.blocks.setdefault(name, into)
        else:
            target = into if section == "BLOCKS" else drawing.content
            try:
                for one in of(entity):
                    (target.inserts if isinstance(one, Insert) else target.pieces).append(one)  # type: ignore[arg-type]
            except broken():
                reading.damaged += 1
    return drawing


def unfold(drawing: Drawing, sagitta: float) -> Shapes:
    """All shapes of a drawing in its own units. sagitta : how far a stroked curve may leave the true one, in these units."""
    shapes = Shapes()
    left = [float(_MOST_POINTS + drawing.size / 20)]
    matrix, offset = np.eye(3), np.zeros(3)
    _put(drawing, drawing.content, matrix, offset, 1.0, "0", (), sagitta, shapes, left)
    return shapes


def _put(
    drawing: Drawing, content: Content, matrix: FloatArray, offset: FloatArray, scale: float, layer: str, within: tuple[str, ...],
    sagitta: float, shapes: Shapes, left: list[float],
) -> None:  # fmt: skip
    for piece in content.pieces:
        curved = any(callable(part) for part in piece.parts)
        if (curved or within) and left[0] <= 0:
            shapes.cut += 1
            continue
        rings = [((part(sagitta / scale) if callable(part) else part) @ matrix + offset)[:, :2] for part in piece.parts]
        if curved or within:
            left[0] -= _PER_SHAPE + sum(map(len, rings))
        if not all((np.abs(ring) < _ABSURD).all() for ring in rings):
            shapes.damaged += 1
            continue
        shapes.kinds.append(piece.kind)
        shapes.layers.append(layer if piece.layer == "0" else piece.layer)  # layer 0 in a block is that of what it is put in
        shapes.texts.append(piece.text)
        shapes.rings.append([_closed(ring) for ring in rings] if piece.kind == AREA else rings)
    for insert in content.inserts:
        block = drawing.blocks.get(insert.block)
        if block is None or block.outside:
            where = shapes.lost if block is None else shapes.outside
            where[insert.block] = where.get(insert.block, 0) + 1
            continue
        grown = scale * insert.scale
        if insert.block in within or len(within) >= DEEPEST or not 0 < grown < _ABSURD:
            shapes.damaged += 1
            continue
        into = insert.matrix @ matrix
        on = layer if insert.layer == "0" else insert.layer
        for number, place in enumerate(insert.offsets):
            left[0] -= _PER_SHAPE
            if left[0] <= 0:
                shapes.cut += len(insert.offsets) - number
                break
            at = (place - block.base @ insert.matrix) @ matrix + offset
            _put(drawing, block, into, at, grown, on, (*within, insert.block), sagitta, shapes, left)


def _closed(ring: FloatArray) -> FloatArray:
    return ring if (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])
