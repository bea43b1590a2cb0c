"""Key figures for people who do not know planning law: those that they ask for, what each means, in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..jena_city.comparing import Row
from ..jena_city.variant import Variant


@dataclass(frozen=True)
class Said:
    """decimals : shown. de, plain, en : label and what it means."""

    decimals: int
    de: tuple[str, str]
    plain: tuple[str, str]
    en: tuple[str, str]


OF_VARIANTS: dict[str, Said] = {
    "dwellings": Said(
        0,
        ("Neue Wohnungen", "Geschätzt aus der Wohnfläche der neuen Häuser."),
        ("Neue Wohnungen", "So viele Wohnungen kommen dazu. Die Zahl ist geschätzt."),
        ("New dwellings", "Estimated from the floor area of the new houses."),
    ),
    "residents": Said(
        0,
        ("Neue Einwohnerinnen und Einwohner", "So viele Menschen wohnen in den neuen Wohnungen, nach üblicher Belegung."),
        ("Neue Bewohner", "So viele Menschen können dort wohnen. Die Zahl ist geschätzt."),
        ("New residents", "People who live in the new dwellings, at the usual number for each."),
    ),
    "jobs": Said(
        0,
        ("Arbeitsplätze", "Geschätzt aus der Fläche für Büros, Läden und andere Arbeit."),
        ("Arbeits-Plätze", "So viele Menschen können dort arbeiten. Die Zahl ist geschätzt."),
        ("Jobs", "Estimated from the floor area for offices, shops and other work."),
    ),
    "full_storeys": Said(
        0,
        ("Meiste Geschosse", "So viele volle Stockwerke hat das höchste neue Haus."),
        ("Meiste Stockwerke", "So viele Stockwerke hat das höchste neue Haus."),
        ("Most storeys", "Full storeys of the highest new house."),
    ),
    "height": Said(
        1,
        ("Höchstes neues Haus", "Höhe über dem Boden am Haus."),
        ("Höchstes neues Haus", "So hoch ist das höchste neue Haus."),
        ("Highest new house", "Height above the ground at the house."),
    ),
    "gf": Said(
        0,
        ("Neue Geschossfläche", "Alle vollen Stockwerke zusammen, außen gemessen."),
        ("Neue Fläche in allen Stockwerken", "Die Flächen von allen Stockwerken zusammen."),
        ("New floor area", "All full storeys together, measured outside."),
    ),
    "sealed_after": Said(
        0,
        ("Versiegelter Boden", "Fläche unter Häusern, Straßen und Pflaster, auf der Regen nicht versickert, im veränderten Gebiet."),
        ("Versiegelter Boden", "Auf dieser Fläche kann Regen nicht in den Boden."),
        ("Sealed ground", "Ground under houses, streets and paving into which no rain can soak, in the area that changes."),
    ),
    "area_green": Said(
        0,
        ("Neues Grün und Spielflächen", "Flächen, die als Grün oder zum Spielen angelegt werden."),
        ("Neues Grün", "So groß sind neue Wiesen und Spiel-Plätze."),
        ("New green and playgrounds", "Ground that becomes green or a playground."),
    ),
    "trees_felled": Said(
        0,
        ("Gefällte Bäume", "Bäume, die für den Entwurf weg müssen."),
        ("Gefällte Bäume", "Diese Bäume müssen weg."),
        ("Trees felled", "Trees that have to go for the proposal."),
    ),
    "trees_planted": Said(
        0,
        ("Neue Bäume", "Bäume, die gepflanzt werden."),
        ("Neue Bäume", "Diese Bäume werden gepflanzt."),
        ("Trees planted", "Trees that are planted."),
    ),
    "cars": Said(
        0,
        ("Stellplätze für Autos, Bedarf", "So viele Stellplätze braucht der Entwurf nach üblichen Richtwerten."),
        ("Park-Plätze", "So viele Park-Plätze braucht man."),
        ("Car parking needed", "Spaces that the proposal needs by usual guide values."),
    ),
    "bikes": Said(
        0,
        ("Stellplätze für Fahrräder, Bedarf", "So viele Stellplätze braucht der Entwurf nach üblichen Richtwerten."),
        ("Plätze für Fahrräder", "So viele Plätze für Fahrräder braucht man."),
        ("Bicycle parking needed", "Spaces that the proposal needs by usual guide values."),
    ),
    "kita": Said(
        0,
        ("Kita-Plätze, Bedarf", "So viele Plätze brauchen die Kinder der neuen Wohnungen."),
        ("Plätze im Kinder-Garten", "So viele Plätze brauchen die Kinder aus den neuen Wohnungen."),
        ("Nursery places needed", "Places that the children of the new dwellings need."),
    ),
}
OF_AREAS: dict[str, Said] = {
    "grz_main": Said(
        2,
        ("Überbauter Anteil (GRZ)", "Anteil des Baulands, auf dem Häuser stehen: 0,4 heißt 40 von 100 m²."),
        ("Bebauter Boden (GRZ)", "So viel vom Boden ist bebaut. 0,4 heißt: 40 von 100 Quadrat-Metern."),
        ("Share built upon (GRZ)", "Share of the building land that houses stand on: 0.4 is 40 of 100 m²."),
    ),
    "gfz": Said(
        2,
        ("Dichte (GFZ)", "Alle Stockwerke zusammen, geteilt durch das Bauland: 1,2 heißt 120 m² Stockwerke auf 100 m² Boden."),
        ("Dichte (GFZ)", "So viel Fläche haben alle Stockwerke auf dem Bau-Land. 1,2 heißt: 120 auf 100 Quadrat-Metern."),
        ("Density (GFZ)", "All storeys together, divided by the building land: 1.2 is 120 m² of storeys on 100 m² of ground."),
    ),
}


FORMULAS: dict[str, str] = {
    "A / F": "A / F",
    "(Vollgeschosse + Bestand + Aufenthaltsräume) / F": "(full storeys + existing + rooms) / F",
    "Σ Außenmaße der Vollgeschosse": "Σ of the full storeys, measured outside",
    "Deckenhöhe, lichte Höhe und ihr Anteil": "height of the ceiling, clear height and the share that has it",
    "Wohnfläche / Größe, wo keine Zahl angegeben ist": "living area / size, where no number is stated",
    "WE · Belegung": "H · people in each",
    "Σ BGF (R) / Fläche je Arbeitsplatz": "Σ of floor area / area of a job",
    "WE · a + BGF (R) sonst / 100 · b": "H · a + other floor area / 100 · b",
    "EW · Anteil": "P · share",
    "OK − Bezugspunkt; ohne Angabe die Fußhöhe": "highest point − point of reference; the foot where none is given",
    "Gebäude + Baukörper + Σ Freiflächen · Anteil + Rest von heute": "buildings + blocks + Σ of open spaces · share + what stays as today",
}
"""German -> English, of the figures above."""
INPUTS: dict[str, tuple[str, str, str]] = {
    "A": ("A: Boden unter Häusern", "A: ground under houses", "m²"),
    "F": ("F: Bauland", "F: building land", "m²"),
    "Vollgeschosse": ("Vollgeschosse: neue Häuser", "full storeys: new houses", "m²"),
    "Bestand": ("Bestand: Häuser, die bleiben", "existing: houses that stay", "m²"),
    "Aufenthaltsräume": ("Aufenthaltsräume unter Dächern", "rooms under roofs", "m²"),
    "Größe": ("Größe einer Wohnung", "size of a dwelling", "m²"),
    "Belegung": ("Belegung: Menschen je Wohnung", "people in each dwelling", ""),
    "WE": ("WE: Wohnungen", "H: dwellings", ""),
    "EW": ("EW: Menschen", "P: people", ""),
    "a": ("a: Stellplätze je Wohnung", "a: spaces for each dwelling", ""),
    "b": ("b: Stellplätze je 100 m² anderer Fläche", "b: spaces for each 100 m² of other floor area", ""),
    "BGF (R) sonst": ("BGF (R) sonst: Fläche, in der niemand wohnt", "other floor area: where nobody lives", "m²"),
    "Anteil": ("Anteil: Plätze je Mensch", "share: places for each person", ""),
}
"""What goes into them: German, English and unit."""

NEW_HOUSES = Said(
    0,
    ("Neue Häuser", "Zahl der neuen Baukörper über der Erde."),
    ("Neue Häuser", "So viele Häuser werden gebaut."),
    ("New houses", "Number of new buildings above ground."),
)


def told(rows: Sequence[Row], shown: Sequence[Variant]) -> list[dict[str, Any]]:
    """The figures for publication.json, in the order above. shown : the variants, the Bestand among them."""
    variants = [one.id for one in shown]
    found: list[dict[str, Any]] = [
        {"key": "blocks", "unit": "", "decimals": 0, "values": {one.id: sum(block.storeys > 0 for block in one.blocks) for one in shown}}
        | _words(NEW_HOUSES)
    ]
    of_variants = {row.key: row for row in rows if row.scope == "variant"}
    found += [_told(of_variants[key], said, variants, {}) for key, said in OF_VARIANTS.items() if key in of_variants]
    for place in dict.fromkeys(row.place for row in rows if row.scope == "plan-area"):
        mine = {row.key: row for row in rows if row.scope == "plan-area" and row.place == place}
        found += [_told(mine[key], said, variants, {"place": {"de": place}}) for key, said in OF_AREAS.items() if key in mine]
    return [one for one in found if any(value is not None for value in one["values"].values())]


def _told(row: Row, said: Said, variants: Sequence[str], more: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: None if (value := row.value(name)) is None else round(value, said.decimals + 2) for name in variants}
    unit = row.unit if row.unit not in ("WE", "EW") else ""
    first = next(iter(row.figures.values()))
    source: dict[str, Any] = {"paragraph": first.paragraph} if first.paragraph else {}
    if first.formula:
        source["formula"] = {"de": first.formula, "en": FORMULAS.get(first.formula, first.formula)}
        source["inputs"] = [_input(name, row, variants) for name in first.inputs]
    return {"key": row.key, "unit": unit, "decimals": said.decimals, "values": values, **_words(said), **source, **more}


def _input(name: str, row: Row, variants: Sequence[str]) -> dict[str, Any]:
    german, english, unit = INPUTS.get(name, (name, name, ""))
    values = {
        one: round(float(row.figures[one].inputs[name]), 4) for one in variants if name in getattr(row.figures.get(one), "inputs", {})
    }
    return {"label": {"de": german, "en": english}, "unit": unit, "values": values}


def _words(said: Said) -> dict[str, dict[str, str]]:
    label, words = ({"de": said.de[k], "plain": said.plain[k], "en": said.en[k]} for k in (0, 1))
    return {"label": label, "explanation": words}
