"""Code values of German building data in words. A code that is not here is shown as the data have it."""

from . import preferences

ROOFS: dict[str, tuple[str, str]] = {
    "1000": ("flat roof", "Flachdach"),
    "2100": ("shed roof", "Pultdach"),
    "2200": ("staggered shed roof", "versetztes Pultdach"),
    "3100": ("gable roof", "Satteldach"),
    "3200": ("hip roof", "Walmdach"),
    "3300": ("half-hip roof", "Krüppelwalmdach"),
    "3400": ("mansard roof", "Mansardendach"),
    "3500": ("pyramid roof", "Zeltdach"),
    "3600": ("conical roof", "Kegeldach"),
    "3700": ("dome", "Kuppeldach"),
    "3800": ("sawtooth roof", "Sheddach"),
    "3900": ("arched roof", "Bogendach"),
    "4000": ("tower roof", "Turmdach"),
    "5000": ("mixed form", "Mischform"),
    "9999": ("other", "Sonstiges"),
}
"""AdV, BauwerkDachform (ALKIS, LoD2-DE): code -> English, German."""

FUNCTIONS: dict[str, tuple[str, str]] = {
    "31001_1000": ("residential building", "Wohngebäude"),
    "31001_1010": ("house", "Wohnhaus"),
    "31001_1100": ("mixed use with housing", "gemischt genutztes Gebäude mit Wohnen"),
    "31001_2000": ("building for trade or industry", "Gebäude für Wirtschaft oder Gewerbe"),
    "31001_2010": ("building for commerce and services", "Gebäude für Handel und Dienstleistungen"),
    "31001_2020": ("office building", "Bürogebäude"),
    "31001_2463": ("garage", "Garage"),
    "31001_3000": ("public building", "Gebäude für öffentliche Zwecke"),
    "31001_3021": ("school", "allgemein bildende Schule"),
    "31001_3041": ("church", "Kirche"),
}
"""AdV, Gebaeudefunktion (ALKIS, LoD2-DE), the frequent ones: code -> English, German."""


def in_words(code: str, known: dict[str, tuple[str, str]]) -> str:
    """A code in the language of the panel, with the code itself behind; as it is where it is not known."""
    if code not in known:
        return code
    english, german = known[code]
    return f"{german if preferences.language() == 'de' else english} ({code})"
