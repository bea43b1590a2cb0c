"""How large a planted tree is: on the day it is planted, and after 20 years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .variant import PlantedTree

HEIGHT, CROWN = 4.5, 2.0  # metres, of a street tree as nurseries deliver it (trunk 18 to 20 cm around): an assumption
HIGHER, WIDER = 0.35, 0.22  # metres a year, until it is as large as it will be: assumptions for trees in towns
WORDS = {"planted": "Bäume in Pflanzgröße", "20-years": "neue Bäume nach 20 Jahren (Annahme)"}


def at(trees: Sequence[PlantedTree], age: str) -> tuple[PlantedTree, ...]:
    """The trees with the size they have at an age, one of WORDS; none becomes larger than it will be when grown."""
    years = {"planted": 0, "20-years": 20}[age]
    high, wide = HEIGHT + years * HIGHER, CROWN + years * WIDER
    return tuple(replace(tree, height=min(tree.height, high), crown=min(tree.crown, wide)) for tree in trees)
