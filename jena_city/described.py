"""What a picture shows, in words and in data: the text for those who cannot see it, and the file that lets it be made again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import store
from .about import version
from .applied import Applied
from .lettering import THIN_SPACE, number
from .result import Result
from .variant import Variant

SCHEMA = 1
_MARKS = {"entwurf": "Entwurf, nicht öffentlich", "intern": "intern, nicht öffentlich"}
_FROM = {
    "bird": "Blick aus der Vogelperspektive nach {heading}",
    "eye": "Blick aus Augenhöhe nach {heading}",
    "plan": "Blick von oben, Norden oben",
    "photo": "Fotomontage: das Vorhaben in einem Foto, Blick nach {heading}",
    "panorama": "Rundblick über 360° aus Augenhöhe",
}
_LOOKS = {"model": "", "white": " als weißes Modell", "night": " am Abend", "map": " als Karte", "lines": " als Linienzeichnung"}


@dataclass(frozen=True)
class Taken:
    """A picture as it was taken. parts : the variants in it, applied. look, kind : of preset and camera. heading : in words. facts : of the
    caption. result : what it shows of an analysis. eye : (3,) in the project's CRS. rotation : Blender's Euler angles. settings : what it
    was asked with. inputs : hash of all that went in. size : pixels."""

    title: str
    parts: Sequence[Applied]
    look: str
    kind: str
    heading: str
    facts: Sequence[str]
    result: Result | None
    eye: Sequence[float]
    rotation: Sequence[float]
    settings: dict[str, Any]
    inputs: str
    size: tuple[int, int]


def mark(variants: Sequence[Variant]) -> str:
    """What a picture of these variants must say first: that one of them is not public; "" where all are, and of the Bestand."""
    found = [_MARKS[one.status] for one in variants if one.blocks and one.status in _MARKS]
    return found[0] if found else ""


def alternative(taken: Taken) -> str:
    """A picture in words, for a reader who cannot see it: from where, what is there, what is new, in which light."""
    view = _FROM[taken.kind].format(heading=taken.heading) + _LOOKS[taken.look]
    told = [f"{taken.title}. {view}."]
    if len(taken.parts) > 1:
        told.append(
            f"{len(taken.parts)} Bilder aus derselben Kamera im selben Licht: {', '.join(one.variant.name for one in taken.parts)}."
        )
    told += [_of_variant(one) for one in taken.parts]
    if taken.result is not None:
        told.append(f"In Farben: {taken.result.title}{f' in {taken.result.unit}' if taken.result.unit else ''}. {taken.result.method}.")
    told.append(f"{' · '.join(taken.facts)}.")
    return " ".join(told)


def _of_variant(applied: Applied) -> str:
    variant, city = applied.variant, applied.site.city
    stay = sum(bool(kept) and parent < 0 for kept, parent in zip(applied.kept, city.building_parent.tolist(), strict=True))
    if not variant.blocks and not variant.removed:
        return f"{variant.name}: {number(stay)} Gebäude in hellem Grau, kein Vorhaben."
    heights = [float(solid.vertices[:, 2].max() - base) for solid, base in zip(applied.solids, applied.bases, strict=True)]
    storeys = [block.storeys for block in variant.blocks if block.storeys > 0]
    said = f"{variant.name}: {_counted(len(variant.blocks), 'farbiger Baukörper', 'farbige Baukörper')}"
    if storeys:
        span = f"{min(storeys)} bis {max(storeys)}" if min(storeys) < max(storeys) else f"{max(storeys)}"
        said += f" mit {span} {'Geschoss' if max(storeys) == 1 else 'Geschossen'}"
    if heights and math.isfinite(max(heights)):
        said += f", der höchste {number(max(heights), 1)}{THIN_SPACE}m"
    said += f", vor {number(stay)} bestehenden Gebäuden in hellem Grau"
    if variant.removed:
        said += f"; {_counted(len(variant.removed), 'Gebäude entfällt', 'Gebäude entfallen')}"
    if variant.planted:
        said += f"; {_counted(len(variant.planted), 'Baum wird gepflanzt', 'Bäume werden gepflanzt')}"
    return f"{said}."


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def sidecar(taken: Taken) -> dict[str, Any]:
    """What stands in the file beside a picture; with it and the project the picture can be made again."""
    site = taken.parts[0].site
    return {
        "schema": SCHEMA,
        "program": version(),
        "title": taken.title,
        "alternative_text": alternative(taken),
        "variants": [{"id": one.variant.id, "name": one.variant.name, "hash": store.variant_hash(one.variant)} for one in taken.parts],
        "status": mark([one.variant for one in taken.parts]),
        "camera": {"kind": taken.kind, "position": list(taken.eye), "rotation_euler": list(taken.rotation), "crs": site.origin.crs},
        "settings": taken.settings,
        "source": site.source,
        "site": store.site_hash(site),
        "inputs": taken.inputs,
        "width": taken.size[0],
        "height": taken.size[1],
    }
