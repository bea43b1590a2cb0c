"""How near a block comes to trees that stand: the stem, and the crown with the room of its roots. No rule of law: a hint."""

from __future__ import annotations

import numpy as np
import shapely

from .assumptions import Assumptions
from .finding import Finding, judged
from .site import Trees
from .variant import Block

SMALLEST = 0.05  # metres by which nothing is said


def findings_of(block: Block, trees: Trees, given: Assumptions) -> list[Finding]:
    """One for each tree whose stem stands in the block, or whose crown or roots it reaches."""
    if not len(trees):
        return []
    crown = np.where(np.isfinite(trees.crown), trees.crown, given.tree_crown)
    needed = crown / 2 + given.tree_roots
    west, south, east, north = block.footprint.bounds
    x, y = trees.position.T
    near = np.flatnonzero((x > west - needed) & (x < east + needed) & (y > south - needed) & (y < north + needed))
    stems = shapely.points(trees.position[near])
    away = shapely.distance(stems, block.footprint)
    found = []
    for row, stem, distance in zip(near.tolist(), stems, away.tolist(), strict=True):
        name = f"{trees.species[row] or 'Baum'} {row + 1}"
        place = (float(stem.x), float(stem.y))
        note = "" if np.isfinite(trees.crown[row]) else f"Krone angenommen: {given.tree_crown:g} m"
        if distance == 0.0:
            inside = float(block.footprint.boundary.distance(stem))
            one = Finding("tree-stem", "hint", block.id, block.name or block.id, inside, "m", place, "", name, note=note)
        elif needed[row] - distance > SMALLEST:
            by = float(needed[row] - distance)
            one = Finding(
                "tree-crown",
                "hint",
                block.id,
                block.name or block.id,
                by,
                "m",
                place,
                "DIN 18920",
                name,
                float(needed[row]),
                distance,
                note=note,
            )
        else:
            continue
        found.append(judged(one, block))
    return found
