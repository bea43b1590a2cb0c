"""Features of vector files as a table: shapes, and columns by what they mean, whatever their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

Paths = Sequence[str | PathLike[str]]
Box = tuple[float, float, float, float]
Shapes = npt.NDArray[np.object_]

# What publishers call the same things, in the order in which they are believed.
NAMES = {
    "class": ("class", "highway", "klasse", "strassenklasse", "fclass"),
    "name": ("name", "bezeichnung", "strasse"),
    "width": ("width", "breite"),
    "lanes": ("lanes", "spuren", "fahrstreifen"),
    "speed": ("speed", "maxspeed", "tempo", "geschwindigkeit", "vzul", "v_max"),
    "surface": ("surface", "belag", "oberflaeche", "fahrbahnbelag"),
    "oneway": ("oneway", "einbahn", "einbahnstrasse"),
    "traffic": (
        "dtv", "dtv_kfz", "dtvkfz", "dtv_gesamt", "dtvw", "dtv_w5", "kfz_24h", "kfz24h", "kfz_tag", "verkehrsmenge", "aadt",
        "kfz_dtv", "dtv_alle", "dtv_kfz_mobisso_q", "dtv_mo_so", "dtv_mo_fr", "dtvkfz24",
    ),
    "heavy_share": ("sv_anteil", "svanteil", "lkw_anteil", "lkwanteil", "sv_proz", "sv_prozent", "p_sv", "psv", "schwerverkehrsanteil"),
    "heavy": ("dtv_sv", "sv_dtv", "dtv_sv_mobisso_q", "dtvsv", "sv_24h", "sv24h", "dtv_lkw", "lkw_24h"),
    "rails": ("railway", "route"),
    "vehicles_day": ("vehicles_day", "fahrzeuge_tag", "zuege_tag", "züge_tag"),
    "vehicles_night": ("vehicles_night", "fahrzeuge_nacht", "zuege_nacht", "züge_nacht"),
    "vehicle": ("vehicle", "fahrzeug", "fahrzeugart", "zugart"),
    "track": ("track", "fahrbahnart", "oberbau", "gleisart"),
    "bridge": ("bridge", "bruecke", "brücke"),
    "tunnel": ("tunnel",),
    "radius": ("radius",),
    "junction": ("junction", "knotenpunkt", "knoten"),
    "signals": ("signals", "lsa", "lichtsignalanlage", "ampel"),
    "height": ("height", "hoehe", "höhe", "baumhoehe", "baumhöhe", "st_hoehe"),
    "crown": ("crown", "crown_diameter", "diameter_crown", "krone", "kronendurchmesser", "kr_durchm", "kronedurch", "kronenbreite"),
    "girth": ("circumference", "st_umfang", "stammumfang", "stammumfg", "umfang", "trunk_circumference"),
    "trunk": ("st_durchm", "stammdurchmesser", "stammdurch", "diameter", "dbh", "bhd", "trunk_diameter"),
    "species": ("species", "ga_lang", "baumart", "baumart_la", "art_bot", "art", "gattung", "genus", "taxon", "gattungart"),
    "kind": ("kind", "art", "nutzung", "nutzart", "landuse", "natural", "leisure", "water", "waterway"),
    "numerator": ("zaehler", "flstnrzae", "flurstnrz", "flurstz", "flstzae", "flst_zae", "flurstueck_zaehler"),
    "denominator": ("nenner", "flstnrnen", "flurstnrn", "flurstn", "flstnen", "flst_nen", "flurstueck_nenner"),
    "plot_id": (
        "flstkennz", "flurstueckskennzeichen", "flurstuecksk", "flstkz", "fsk", "kennzeichen", "nationalcadastralreference",
    ),
    "plot_area": ("flaeche", "amtlicheflaeche", "amtlichefl", "afl", "fläche", "areavalue"),
    "district": (
        "gemarkung", "gemarkungsname", "gmkname", "gemaname", "gemname", "gmk_name", "gemarkungsnummer", "gmkr_nr", "gemnr", "gemaschl",
    ),
    "number": ("number", "flurstueck", "flurstuecksnummer", "flurstnr", "flstnr", "flst_nr", "nummer", "label"),
    "edition": ("edition", "baunvo", "version_baunvo", "versionbaunvo", "versionbaunvodatum", "versionbaunvotext", "bauverordnung"),
    "layer": ("layer", "ebene"),
    "label": ("label", "text", "beschriftung", "name", "bezeichnung", "bez", "titel", "title", "nummer", "number", "nr"),
}  # fmt: skip
RAILS = ("tram", "light_rail", "subway", "rail", "narrow_gauge")
"""Classes of lines that are tracks, in OpenStreetMap's words."""
_YES = ("yes", "true", "t", "1", "1.0", "ja", "j", "y", "wahr")
_NO = ("no", "false", "f", "0", "0.0", "nein", "n", "falsch")  # F: shapefiles of Geofabrik; 0.0: whole numbers beside empty fields
_YEAR = re.compile(r"[_ ]?((?:19|20)\d\d)$")


@dataclass
class Table:
    """geometry : (n,) shapes. columns : values by the file's own names, (n,) each. sources : (n,) path and layer of
    each, where they matter."""

    geometry: Shapes
    columns: dict[str, npt.NDArray[Any]]
    sources: npt.NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, object))
    named: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    """Names of columns that a project or profile gives, by meaning; believed before `NAMES`."""

    def text(self, meaning: str) -> npt.NDArray[Any]:
        """Words of this meaning, "" where empty or missing; of several columns that may have it, the first that is not empty."""
        found = np.full(len(self.geometry), "", object)
        for values in self._columns(meaning):
            words = np.array(["" if value is None or value != value else str(value) for value in values.tolist()], object)
            found = np.where(found == "", words, found)
        return found

    def number(self, meaning: str) -> npt.NDArray[np.float64]:
        """Numbers of this meaning ("3,5 m" is 3.5), NaN where empty, missing or no number."""
        found = np.full(len(self.geometry), np.nan)
        for values in self._columns(meaning):
            found = np.where(np.isnan(found), [number(value) for value in values.tolist()], found)
        return found

    def has(self, meaning: str) -> bool:
        return bool(self._columns(meaning))

    def chosen(self, keep: npt.NDArray[Any]) -> Table:
        return Table(self.geometry[keep], {name: values[keep] for name, values in self.columns.items()}, self.sources[keep])

    def _columns(self, meaning: str) -> list[npt.NDArray[Any]]:
        lower: dict[str, npt.NDArray[Any]] = {}
        for name in sorted(self.columns, key=_last_first):  # DTV_2021 is a DTV, the newest of several
            lower.setdefault(_YEAR.sub("", name.lower()), self.columns[name])
        names = dict.fromkeys([*(name.lower() for name in self.named.get(meaning, ())), *NAMES[meaning]])
        return [lower[name] for name in names if name in lower]


def _last_first(name: str) -> int:
    year = _YEAR.search(name)
    return -int(year[1]) if year else -9999


def yes_or_no(word: Any) -> bool | None:
    """What a word says; None where it is neither, as "" and "viaduct"."""
    plain = str(word).strip().lower()
    return True if plain in _YES else False if plain in _NO else None


def number(value: Any) -> float:
    """A number as people write it ("3,5 m", "1.234,5"); NaN for anything else, as for "1.234.5"."""
    if isinstance(value, (int, float, np.number)):
        return float(value)
    match = re.match(r"\s*[~<>≈]?\s*([+-]?[\d.,]*\d(?:[eE][+-]?\d+)?)", str(value))
    if match is None:
        return float("nan")
    text = match[1]
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    other = "." if decimal == "," else ","
    try:
        return float(text.replace(other, "").replace(decimal, "."))
    except ValueError:
        return float("nan")
