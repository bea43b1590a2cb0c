"""The colours of noise: bands of 5 dB(A) as noise maps have them, changes, and what exceeds a value."""

from __future__ import annotations

from typing import Literal

from ...jena_city.result import Classes

Colours = Literal["usual", "safe"]
_EDGES = (0.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0, 120.0)
_LABELS = ("bis 35", *(f"über {low} bis {low + 5}" for low in range(35, 80, 5)), "über 80")
USUAL = Classes(
    _EDGES,
    (
        "#d7ecc9", "#8cc63f", "#22733b", "#fff200", "#d9a441", "#f58220",
        "#e5391c", "#a6192e", "#92278f", "#2e3192", "#141a4f",
    ),
    _LABELS,
    smooth=True,
)  # fmt: skip
"""The colours of noise maps after DIN 18005-2: green, yellow, ochre, orange, red, violet, blue, in steps of 5 dB(A)."""
SAFE = Classes(
    _EDGES,
    (
        "#fcfdbf", "#fece91", "#fe9f6d", "#f76f5c", "#de4968", "#b63679",
        "#8c2981", "#641a80", "#3b0f70", "#160f3b", "#000004",
    ),
    _LABELS,
    smooth=True,
)  # fmt: skip
"""magma in eleven even steps from light to dark: told apart by lightness alone, whatever colours somebody sees."""
CHANGE = Classes(
    (-60.0, -10.0, -6.0, -3.0, -1.0, 1.0, 3.0, 6.0, 10.0, 60.0),
    ("#1b3a5c", "#2f6a9f", "#74a9cf", "#bdd7e7", "#ffffff", "#fde0b0", "#fdb863", "#e08214", "#b35806"),
    (
        "über 10 leiser",
        "6 bis 10 leiser",
        "3 bis 6 leiser",
        "1 bis 3 leiser",
        "kaum verändert (unter 1)",
        "1 bis 3 lauter",
        "3 bis 6 lauter",
        "6 bis 10 lauter",
        "über 10 lauter",
    ),
    smooth=True,
)
EXCESS = Classes(
    (0.0, 0.5, 2.5, 5.5, 10.5, 60.0),
    ("#d9f0d3", "#fde0b0", "#fdb863", "#e08214", "#8c2d04"),
    ("eingehalten", "1 bis 2 darüber", "3 bis 5 darüber", "6 bis 10 darüber", "über 10 darüber"),
)


def classes(colours: Colours) -> Classes:
    """The bands in the colours that were chosen."""
    return USUAL if colours == "usual" else SAFE
