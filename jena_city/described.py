"""What a picture shows, in words and in data: the text for those who cannot see it, and the file that lets it be made again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import store
from .about import version
from .applied import Applied
from .lettering import THIN_SPACE, number
from .result import Result
from .result_words import in_english
from .variant import Variant, called

SCHEMA = 1
_MARKS = {"entwurf": "Entwurf, nicht öffentlich", "intern": "intern, nicht öffentlich"}
_FROM = {
    "bird": "Blick aus der Vogelperspektive nach {heading}",
    "eye": "Blick aus Augenhöhe nach {heading}",
    "plan": "Blick von oben, Norden oben",
    "photo": "Fotomontage: das Vorhaben in einem Foto, Blick nach {heading}",
    "panorama": "Rundblick über 360° aus Augenhöhe",
}
_ENGLISH_FROM = {
    "bird": "Bird's-eye view, {heading}",
    "eye": "View at eye level, {heading}",
    "plan": "View from above, north is up",
    "photo": "Photomontage: the design in a photo, {heading}",
    "panorama": "Panorama of 360° at eye level",
}
_PLAIN_FROM = {
    "bird": "So sieht es von oben aus.",
    "eye": "So sehen Sie es, wenn Sie dort stehen.",
    "plan": "So sieht es von oben aus. Wie auf einer Karte.",
    "photo": "Das ist ein Foto. Die neuen Häuser sind in das Foto gemalt.",
    "panorama": "So sehen Sie es, wenn Sie sich dort einmal umdrehen.",
}
_ENGLISH_LOOKS = {
    "model": "",
    "white": ", as a white model",
    "night": ", in the evening",
    "map": ", as a map",
    "lines": ", as a line drawing",
}
_LOOKS = {"model": "", "white": " als weißes Modell", "night": " am Abend", "map": " als Karte", "lines": " als Linienzeichnung"}


@dataclass(frozen=True)
class Taken:
    """A picture as it was taken. parts : the variants in it, applied. look, kind : of preset and camera. heading : in words. facts : of the
    caption. result : what it shows of an analysis. eye : (3,) in the project's CRS. rotation : Blender's Euler angles. settings : what it
    was asked with. inputs : hash of all that went in. size : pixels. drawing : left, top, right and bottom of the picture in it,
    without its words."""

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
    drawing: tuple[int, int, int, int]


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


def inside(taken: Taken) -> dict[str, str]:
    """What stands in the file of a picture itself, by the names that PNG has for it: it may lose its words and the file beside it."""
    source, marked = taken.parts[0].site.source, mark([one.variant for one in taken.parts])
    said = {"Title": taken.title, "Description": alternative(taken), "Source": source, "Copyright": short(source), "Comment": marked}
    return {key: value for key, value in said.items() if value} | {"Software": "Jena Planner", "Inputs": taken.inputs}


def short(licence: str) -> str:
    """A licence line without the addresses in brackets."""
    return re.sub(r"\s*\((?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/[^\s()]*)?\)", "", licence)


def _of_variant(applied: Applied) -> str:
    variant, stay = applied.variant, _staying(applied)
    if not variant.blocks and not variant.removed:
        return f"{variant.name}: {number(stay)} Gebäude in hellem Grau, kein Vorhaben."
    said = f"{variant.name}: {_counted(len(variant.blocks), 'farbiger Baukörper', 'farbige Baukörper')}"
    low, high = _storeys(applied)
    if high:
        said += f" mit {f'{low} bis {high}' if low < high else high} {'Geschoss' if high == 1 else 'Geschossen'}"
    highest = _highest(applied)
    if highest is not None:
        said += f", der höchste {number(highest, 1)}{THIN_SPACE}m"
    said += f", vor {number(stay)} bestehenden Gebäuden in hellem Grau"
    if variant.removed:
        said += f"; {_counted(len(variant.removed), 'Gebäude entfällt', 'Gebäude entfallen')}"
    if variant.planted:
        said += f"; {_counted(len(variant.planted), 'Baum wird gepflanzt', 'Bäume werden gepflanzt')}"
    return f"{said}."


def others(taken: Taken) -> dict[str, str]:
    """The same in English and in plain German, by language, without the title: who shows the picture has one in that language."""
    told = [f"{_ENGLISH_FROM[taken.kind].format(heading=in_english(f'Blick nach {taken.heading}'))}{_ENGLISH_LOOKS[taken.look]}."]
    plain = [_PLAIN_FROM[taken.kind]]
    if len(taken.parts) > 1:
        names = [called(one.variant, in_english) for one in taken.parts]
        told.append(f"{len(names)} pictures by the same camera in the same light: {', '.join(names)}.")
        plain.append(f"Das sind {len(names)} Bilder nebeneinander.")
    for one in taken.parts:
        told.append(_in_english(one))
        plain += _in_plain_german(one, len(taken.parts) > 1)
    if taken.result is not None:
        unit = f" in {in_english(taken.result.unit)}" if taken.result.unit else ""
        told.append(f"In colours: {in_english(taken.result.title)}{unit}. {in_english(taken.result.method)}.")
        plain.append("Die Farben zeigen ein Ergebnis. Neben dem Bild steht, was die Farben bedeuten.")
    told.append(f"{' · '.join(map(in_english, taken.facts))}.")
    return {"en": " ".join(told), "plain": " ".join(plain)}


def _in_english(applied: Applied) -> str:
    variant, name = applied.variant, called(applied.variant, in_english)
    stay = number(_staying(applied))
    if not variant.blocks and not variant.removed:
        return f"{name}: {stay} buildings in light grey, nothing new."
    said = f"{name}: {_counted(len(variant.blocks), 'coloured body', 'coloured bodies')}"
    low, high = _storeys(applied)
    if high:
        said += f" with {f'{low} to {high}' if low < high else high} {'storey' if high == 1 else 'storeys'}"
    highest = _highest(applied)
    if highest is not None:
        said += f", the highest {highest:.1f}{THIN_SPACE}m"
    said += f", before {stay} existing buildings in light grey"
    if variant.removed:
        said += f"; {_counted(len(variant.removed), 'building is demolished', 'buildings are demolished')}"
    if variant.planted:
        said += f"; {_counted(len(variant.planted), 'tree is planted', 'trees are planted')}"
    return f"{said}."


def _in_plain_german(applied: Applied, several: bool) -> list[str]:
    """One thought in each sentence; few numbers."""
    variant = applied.variant
    said = [f"Ein Bild zeigt: {variant.name}."] if several else []
    if not variant.blocks and not variant.removed:
        return [*said, "So ist es heute. Hier ist noch nichts Neues gebaut."]
    if variant.blocks:
        new = "Es gibt 1 neues Haus. Das neue Haus ist farbig." if len(variant.blocks) == 1 else (
            f"Es gibt {len(variant.blocks)} neue Häuser. Die neuen Häuser sind farbig."
        )  # fmt: skip
        said.append(new)
    _, high = _storeys(applied)
    if high:
        said.append(f"Das höchste neue Haus hat {high} {'Stockwerk' if high == 1 else 'Stockwerke'}.")
    said.append("Die alten Häuser sind grau.")
    if variant.removed:
        said.append(f"{_counted(len(variant.removed), 'altes Haus kommt', 'alte Häuser kommen')} weg.")
    if variant.planted:
        said.append(f"{_counted(len(variant.planted), 'neuer Baum wird', 'neue Bäume werden')} gepflanzt.")
    return said


def _staying(applied: Applied) -> int:
    return sum(bool(kept) and parent < 0 for kept, parent in zip(applied.kept, applied.site.city.building_parent.tolist(), strict=True))


def _storeys(applied: Applied) -> tuple[int, int]:
    """Of blocks above ground, fewest and most; 0 where there are none."""
    storeys = [block.storeys for block in applied.variant.blocks if block.storeys > 0]
    return min(storeys, default=0), max(storeys, default=0)


def _highest(applied: Applied) -> float | None:
    """Of the highest block, metres; None where there is none."""
    heights = [float(solid.vertices[:, 2].max() - base) for solid, base in zip(applied.solids, applied.bases, strict=True)]
    return max(heights) if heights and math.isfinite(max(heights)) else None


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
        "alternative_texts": others(taken),
        "variants": [{"id": one.variant.id, "name": one.variant.name, "hash": store.variant_hash(one.variant)} for one in taken.parts],
        "facts": list(taken.facts),
        "status": mark([one.variant for one in taken.parts]),
        "camera": {"kind": taken.kind, "position": list(taken.eye), "rotation_euler": list(taken.rotation), "crs": site.origin.crs},
        "settings": taken.settings,
        "source": site.source,
        "site": store.site_hash(site),
        "inputs": taken.inputs,
        "width": taken.size[0],
        "height": taken.size[1],
        "drawing": list(taken.drawing),
    }
