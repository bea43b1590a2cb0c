"""Kinds of buildings that planners begin with, at their usual sizes: to be dropped on the ground and then changed.

Depths and storeys are those of German practice (Zeile 12 m deep for flats that look two ways; Reihenhaus 6 m wide): a beginning, no rule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import shapely
from shapely import affinity

from .arrays import FloatArray
from .variant import Block, Roof


@dataclass(frozen=True)
class Typology:
    """name : in English, the interface translates it; the names of its blocks are content, and German. bodies : blocks about (0, 0),
    long side to the east."""

    name: str
    bodies: tuple[Block, ...]

    def at(self, place: FloatArray, angle: float, storeys: int | None = None) -> list[Block]:
        """Its blocks with their middle at a place (2,), turned by `angle` radians from east, with other storeys if wanted; what
        is below ground alone gets them below ground."""
        made = []
        for body in self.bodies:
            turned = affinity.rotate(body.footprint, angle, origin=(0, 0), use_radians=True)
            ridge = None if body.roof.ridge is None else (body.roof.ridge - math.degrees(angle)) % 360.0
            made.append(
                replace(
                    body,
                    footprint=affinity.translate(turned, float(place[0]), float(place[1])),
                    roof=replace(body.roof, ridge=ridge),
                    storeys=(storeys or body.storeys) if body.storeys else 0,
                    underground=body.underground if body.storeys else storeys or body.underground,
                )
            )
        return made


def _box(wide: float, deep: float, x: float = 0.0) -> shapely.Polygon:
    return shapely.box(x - wide / 2, -deep / 2, x + wide / 2, deep / 2)


def _court(wide: float, deep: float, body: float) -> shapely.Polygon:
    return _box(wide, deep).difference(_box(wide - 2 * body, deep - 2 * body))


_GABLE, _PARAPET = Roof("gable", 38.0, ridge=90.0), Roof("flat", parapet=0.5)

TYPOLOGIES: dict[str, Typology] = {
    "reihenhaus": Typology(
        "Row houses",
        tuple(Block("", _box(6.0, 11.0, 6.0 * k), 2, f"Reihenhaus {k + 3}", ground_floor_height=3.0, roof=_GABLE) for k in range(-2, 3)),
    ),
    "doppelhaus": Typology(
        "Semi-detached houses",
        tuple(
            Block("", _box(7.5, 11.0, x), 2, f"Doppelhaus {side}", ground_floor_height=3.0, roof=_GABLE)
            for x, side in ((-3.75, "A"), (3.75, "B"))
        ),
    ),
    "zeile": Typology("Slab, 12 m deep", (Block("", _box(48.0, 12.0), 4, "Zeile", roof=_PARAPET),)),
    "blockrand": Typology("Perimeter block", (Block("", _court(64.0, 48.0, 13.0), 5, "Blockrand", roof=_PARAPET),)),
    "punkthaus": Typology("Point house", (Block("", _box(20.0, 20.0), 7, "Punkthaus", roof=_PARAPET),)),
    "schule": Typology(
        "School building",
        (Block("", _box(66.0, 24.0), 3, "Schule", ground_floor_height=4.2, storey_height=4.2, roof=_PARAPET, use="schule"),),
    ),
    "kita": Typology("Kindergarten", (Block("", _box(34.0, 17.0), 2, "Kita", storey_height=3.5, roof=_PARAPET, use="kita"),)),
    # Two lanes of 6.50 m, each between two rows of 5 m.
    "tiefgarage": Typology(
        "Underground car park", (Block("", _box(48.0, 33.0), 0, "Tiefgarage", underground=1, counts_as="unterbau", use="tiefgarage"),)
    ),
    "halle": Typology("Hall", (Block("", _box(60.0, 30.0), 1, "Halle", ground_floor_height=8.0, roof=_PARAPET, use="gewerbe"),)),
}
