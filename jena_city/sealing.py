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
from .arrays import FloatArray
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
    pieces = np.array([piece for land in lands for piece in memory.of(("squares", land), partial(squares, land))], object)
    blocks = np.array([block.footprint for block in variant.blocks], object)
    spaces = [(one.shape, one.sealed_area / float(one.shape.area)) for one in variant.open_spaces]
    trees = (site.footprint_tree, shapely.STRtree(blocks), shapely.STRtree([shape for shape, _ in spaces]))
    before = after = 0.0
    for piece, rows, new, made in zip(pieces, *(found_by(tree, pieces) for tree in trees), strict=True):
        kept = tuple(row for row in rows if applied.kept[row])
        today = memory.of(("sealed today", piece), partial(_of_piece, site, piece, rows, (), (), (), memory))
        above, below = (tuple(blocks[k] for k in new if bool(variant.blocks[k].storeys) is on) for on in (True, False))
        own = tuple(spaces[k] for k in made)
        before += today
        key = ("sealed as planned", piece, kept, above, own, below)
        after += memory.of(key, partial(_of_piece, site, piece, kept, above, own, below, memory))
    return before, after


def _of_piece(
    site: Site, piece: Any, rows: Sequence[int], blocks: Sequence[Any], spaces: Sequence[Layer], below: Sequence[Any], memory: Memory
) -> float:
    cover = memory.of(("cover",), lambda: _Cover.of(site))
    layers: list[Layer] = [(shapely.union_all(list(blocks)), 1.0), *spaces, (shapely.union_all(list(below)), 1.0)]
    layers.append((shapely.union_all([site.footprints[row] for row in rows]), 1.0))
    layers += [(cover.shapes[row], float(cover.share[row])) for row in np.sort(cover.tree.query(piece, predicate="intersects")).tolist()]
    left, total = piece, 0.0
    for shape, share in layers:
        total += share * float(left.intersection(shape).area)
        left = left.difference(shape)
    return total


@dataclass(frozen=True, eq=False)
class _Cover:
    """Today's land cover, what is sealed most first. share (n,) of each shape."""

    shapes: npt.NDArray[np.object_]
    share: FloatArray
    tree: shapely.STRtree

    @classmethod
    def of(cls, site: Site) -> _Cover:
        found = [(shape, share) for kind, share in SEALED_COVER.items() for shape in areas_of(site, (kind,))]
        shapes = np.array([shape for shape, _ in found], object)
        return cls(shapes, np.array([share for _, share in found], np.float64), shapely.STRtree(shapes))
