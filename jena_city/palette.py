"""The colours of the architectural model, wherever it is shown: a quiet town in warm light greys, the variant the one thing in colour."""

from __future__ import annotations

from . import themes

WALL, ROOF_FLAT, ROOF_PITCHED, GROUND = "#e9e5de", "#d2cec8", "#c3b8ae", "#c6c3b8"
TABLE, HAZE, WATER, TRUNK = "#dedbd4", "#dfe6ea", "#5f7f8c", "#8d8377"
CROWNS = ("#95a67e", "#a5b08a", "#8b9c79", "#82927c", "#74876f", "#b0b692")  # one for each form of tree
FOLIAGE = {
    "spring": ("#b4c292", "#bec89b", "#acbb8f", "#a6b491", "#808f79", "#c8cca5"),
    "summer": CROWNS,
    "autumn": ("#c9b78a", "#c4a583", "#d0c093", "#b7b38a", "#7d8b77", "#c09c80"),
    "winter": CROWNS,
}
"""The colours of the forms by season; conifers, the fifth, hardly change."""

AROUND = {  # what is no building, by theme: first the thing itself, then what is beside it (see `scene.around.parts`)
    themes.BRIDGE: ("#cfcac2", "#ddd8d0"),
    themes.TUNNEL: ("#a9a59f",),
    themes.GREEN: ("#95a67e", "#a5b08a"),
    themes.FURNITURE: ("#9b968f",),
    themes.TRAFFIC: ("#c9c7c4", "#dcd9d3", "#b9b2aa"),
    themes.WATER: (WATER,),
    themes.LAND: ("#d5d6c6",),
    themes.OTHER: ("#cdc8c0",),
}


def linear(colour: str) -> tuple[float, float, float, float]:
    """ "#rrggbb" as scene-linear RGBA, as renderers want it."""
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return r, g, b, 1.0


def lightened(colour: str, share: float) -> str:
    """A colour mixed with white."""
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def calmed(colour: str, share: float) -> str:
    """A colour mixed with the grey of its own lightness."""
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    grey = 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]
    return "#" + "".join(f"{round(part + (grey - part) * share):02x}" for part in parts)


def roof_of(colour: str) -> str:
    """The roof of a block whose walls have a variant's colour."""
    return calmed(lightened(colour, 0.44), 0.42)
