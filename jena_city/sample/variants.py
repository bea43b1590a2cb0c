"""Three proposals for the old foundry in the Musterquartier."""

from __future__ import annotations

import shapely

from ..variant import Block, Roof, Variant
from .buildings import shed_ids
from .layout import plan_cell, turned

NOTE = "Frei erfundener Entwurf im Musterquartier."


def variants() -> list[Variant]:
    """Blockrand, Zeilen and Punkthäuser; each removes the old sheds."""
    removed = tuple(shed_ids())
    return [
        Variant(
            "blockrand",
            "Variante A: Blockrand",
            _perimeter(),
            removed,
            "#0072B2",
            "Musterbüro",
            f"{NOTE} Geschlossener Rand, ruhiger Hof mit Kita.",
            "öffentlich",
        ),
        Variant(
            "zeilen",
            "Variante B: Zeilen",
            _rows(),
            removed,
            "#E69F00",
            "Musterbüro",
            f"{NOTE} Offene Zeilen nach Süden, Kopfbau an der Allee.",
            "öffentlich",
        ),
        Variant(
            "punkthaeuser",
            "Variante C: Punkthäuser",
            _points(),
            removed,
            "#009E73",
            "Musterbüro",
            f"{NOTE} Grüner Freiraum, ein Hochpunkt am Ufer.",
            "öffentlich",
        ),
    ]


def _block(name: str, box: tuple[float, float, float, float], storeys: int, roof: Roof, use: str = "wohnen", ground: float = 3.2) -> Block:
    """box : u0, v0, u1, v1 within the plan area, metres from its south-west corner."""
    cell = plan_cell()
    shape = turned(shapely.box(cell.u0 + box[0], cell.v0 + box[1], cell.u0 + box[2], cell.v0 + box[3]))
    return Block(name.lower().replace(" ", "-"), shape, storeys, name, ground_floor_height=ground, storey_height=3.0, roof=roof, use=use)


def _perimeter() -> tuple[Block, ...]:
    flat, gable = Roof("flat", parapet=0.6), Roof("gable", 38.0, ridge=7.0)
    return (
        _block("Allee Süd", (2, 2, 15, 52), 5, flat, "mischnutzung", 4.2),
        _block("Allee Nord", (2, 60, 15, 107), 5, flat, "mischnutzung", 4.2),
        _block("Südflügel", (15, 2, 66, 14.5), 4, Roof("gable", 38.0, ridge=97.0)),
        _block("Nordflügel", (15, 94.5, 52, 107), 5, flat),
        _block("Ufer Süd", (66, 2, 78.5, 46), 4, gable),
        _block("Ufer Nord", (66, 56, 78.5, 107), 4, gable),
        _block("Kita", (30, 46, 52, 62), 2, Roof("flat", parapet=0.4), "kita", 3.6),
    )


def _rows() -> tuple[Block, ...]:
    shed = Roof("shed", 8.0, ridge=187.0)
    rows = tuple(_block(f"Zeile {number}", (24, v, 76, v + 11.5), 4, shed) for number, v in enumerate((3.0, 31.0, 59.0, 87.0), 1))
    return (
        _block("Kopfbau", (2, 2, 15, 40), 6, Roof("flat", parapet=0.8), "büro", 4.5),
        _block("Allee Mitte", (2, 48, 14, 74), 4, Roof("flat", parapet=0.6), "mischnutzung", 4.2),
        _block("Allee Nord", (2, 82, 14, 106), 4, Roof("flat", parapet=0.6), "mischnutzung", 4.2),
        *rows,
    )


def _points() -> tuple[Block, ...]:
    flat = Roof("flat", parapet=0.7)
    places = ((4, 4, 5), (4, 34, 6), (4, 64, 5), (33, 16, 5), (33, 50, 6), (60, 4, 5), (60, 34, 7), (33, 86, 5))
    houses = tuple(_block(f"Punkthaus {k}", (u, v, u + 17, v + 17), storeys, flat) for k, (u, v, storeys) in enumerate(places, 1))
    return (*houses, _block("Hochpunkt", (59, 78, 77, 96), 12, Roof("flat", parapet=1.2), "wohnen", 4.0))
