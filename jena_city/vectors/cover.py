"""Words for what covers the land."""

from __future__ import annotations

import re
from pathlib import Path

# OpenStreetMap's words, and those of German land cover.
ALIKE = {
    "water": "river riverbank stream lake pond reservoir basin canal gewässer see fluss wasser",
    "forest": "wood scrub wald gehölz",
    "green": "park garden grass recreation_ground village_green pitch playground cemetery golf_course allotments grünanlage friedhof "
    "grünfläche grünflächen",
    "meadow": "grassland heath wetland orchard wiese grünland",
    "field": "farmland farm farmyard vineyard plant_nursery acker landwirtschaft",
    "square": "pedestrian platz",
    "brownfield": "construction landfill quarry brache",
    "built": "residential commercial industrial retail school hospital military railway wohnbaufläche gewerbe "
    "wohngebiet wohngebiete militär",
    "traffic": "parking road verkehr",
}
_KNOWN = {word: word for word in (*ALIKE, *(word for words in ALIKE.values() for word in words.split()))}


def kind_in_name(path: Path, layer: str = "") -> str:
    """The kind that the name of a layer, of its file or of the folder speaks of: forest of landuse.forest.geojson, wasser of
    Wasser/a.geojson; "" where none does."""
    for name in (layer, path.stem, path.parent.name):
        words = [word for word in re.split(r"[^a-zäöüß_]+", name.lower()) if word]
        if found := next((_KNOWN[word] for word in reversed(words) if word in _KNOWN), ""):
            return found
    return ""
