"""How much ground is sealed, today and after a variant: buildings and blocks whole, open spaces and land cover by their share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .applied import Applied, found_by
from .arrays import FloatArray, of_things
from .building_plots import areas_of
from .memory import Memory
from .pieces import squares
from .site import Site

SEALED_COVER = {"traffic": 1.0, "square": 1.0, "built": 0.6, "brownfield": 0.5}
"""Share of today's land cover that is sealed; other kinds: nothing. A setting: the data do not tell."""

Layer = tuple[Any, float]
"""A shape, and the share of it that is sealed."""


def sealed(applied: Applied, lands: Sequence[Any], memory: Memory) -> tuple[float, float]:
    """m² of some lands, which do not overlap, that are sealed today, and as the variant plans it. Reckoned in squares."""
    site, variant = applied.site, applied.variant
    grounds = [memory.of(("ground", land), partial(_Ground.of, site, land, memory)) for land in lands]
    pieces = [piece for ground in grounds for piece in ground.pieces]
    blocks = shapely.STRtree(of_things(block.footprint for block in variant.blocks))
    spaces = [(one.shape, one.sealed_area / float(one.shape.area)) for one in variant.open_spaces]
    shapes = of_things(piece.shape for piece in pieces)
    on_piece = (found_by(tree, shapes) for tree in (blocks, shapely.STRtree(of_things(shape for shape, _ in spaces))))
    before = after = 0.0
    for piece, new, made in zip(pieces, *on_piece, strict=True):
        before += piece.today
        kept, bodies = applied.staying(piece.rows), tuple(applied.solids[k] for k in new)
        own = tuple(spaces[k] for k in made)
        if not own and not new and kept == piece.rows:
            after += piece.today
            continue
        above, below = ([variant.blocks[k].footprint for k in new if bool(variant.blocks[k].storeys) is on] for on in (True, False))
        after += memory.of(("sealed as planned", piece, kept, bodies, own), partial(_of_piece, site, piece, kept, above, own, below))
    return before, after


def _of_piece(
    site: Site, piece: _Piece, rows: Sequence[int], blocks: Sequence[Any], spaces: Sequence[Layer], below: Sequence[Any]
) -> float:
    layers: list[Layer] = [(shapely.union_all(list(blocks)), 1.0), *spaces, (shapely.union_all(list(below)), 1.0)]
    layers.append((shapely.union_all([site.footprints[row] for row in rows]), 1.0))
    return _sealed_of(piece.shape, [*layers, *piece.cover])


def _sealed_of(land: Any, layers: Sequence[Layer]) -> float:
    """m² of some land; what comes first lies on what follows."""
    left, total = land, 0.0
    for shape, share in layers:
        total += share * float(left.intersection(shape).area)
        left = left.difference(shape)
    return total


@dataclass(frozen=True, eq=False)
class _Piece:
    """A piece of land. rows : of the city's buildings that may stand on it. cover : today's land cover on it. today : m² sealed."""

    shape: Any
    rows: tuple[int, ...]
    cover: list[Layer]
    today: float


@dataclass(frozen=True, eq=False)
class _Ground:
    """Some land in pieces."""

    pieces: list[_Piece]

    @classmethod
    def of(cls, site: Site, land: Any, memory: Memory) -> _Ground:
        cover = memory.of(("cover",), lambda: _Cover.of(site))
        shapes = of_things(squares(land))
        found = []
        for shape, rows in zip(shapes, found_by(site.footprint_tree, shapes), strict=True):
            under = np.sort(cover.tree.query(shape, predicate="intersects")).tolist()
            layers = [(cover.shapes[row], float(cover.share[row])) for row in under]
            standing = (shapely.union_all([site.footprints[row] for row in rows]), 1.0)
            found.append(_Piece(shape, tuple(rows), layers, _sealed_of(shape, [standing, *layers])))
        return cls(found)


@dataclass(frozen=True, eq=False)
class _Cover:
    """Today's land cover, what is sealed most first. share (n,) of each shape."""

    shapes: npt.NDArray[np.object_]
    share: FloatArray
    tree: shapely.STRtree

    @classmethod
    def of(cls, site: Site) -> _Cover:
        found = [(shape, share) for kind, share in SEALED_COVER.items() for shape in areas_of(site, (kind,))]
        shapes = of_things(shape for shape, _ in found)
        return cls(shapes, np.array([share for _, share in found], np.float64), shapely.STRtree(shapes))
