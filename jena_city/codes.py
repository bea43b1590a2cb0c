"""Readable names for roof types and functions of buildings: the lists of the AdV (German states) and the SIG3D, and common words."""

from __future__ import annotations

from collections.abc import Mapping

Names = dict[str, tuple[str, str]]
"""Code or word -> its German and its English name."""

_FLAT, _SHED, _GABLE, _HIP = (
    ("Flachdach", "flat roof"),
    ("Pultdach", "monopitch roof"),
    ("Satteldach", "gable roof"),
    ("Walmdach", "hip roof"),
)
_HALF_HIP, _MANSARD, _PYRAMID = ("Krüppelwalmdach", "half-hip roof"), ("Mansarddach", "mansard roof"), ("Zeltdach", "pyramid roof")
_CONE, _DOME, _SAW = ("Kegeldach", "conical roof"), ("Kuppeldach", "dome"), ("Sheddach", "sawtooth roof")
_OFFSET, _ARCH, _MIXED = ("Versetztes Pultdach", "offset monopitch roof"), ("Bogendach", "arched roof"), ("Mischform", "mixed form")
ROOFS_ADV: Names = {
    "1000": _FLAT,
    "2100": _SHED,
    "2200": _OFFSET,
    "3100": _GABLE,
    "3200": _HIP,
    "3300": _HALF_HIP,
    "3400": _MANSARD,
    "3500": _PYRAMID,
    "3600": _CONE,
    "3700": _DOME,
    "3800": _SAW,
    "3900": _ARCH,
    "4000": ("Turmdach", "spire"),
    "5000": _MIXED,
    "9999": ("Sonstiges", "other"),
}
ROOFS_SIG3D: Names = {
    "1000": _FLAT,
    "1010": _SHED,
    "1020": _OFFSET,
    "1030": _GABLE,
    "1040": _HIP,
    "1050": _HALF_HIP,
    "1060": _MANSARD,
    "1070": _PYRAMID,
    "1080": _CONE,
    "1090": _DOME,
    "1100": _SAW,
    "1110": _ARCH,
    "1120": ("Turmdach", "spire"),
    "1130": _MIXED,
}
_ROOF_WORDS: Names = {
    **{name.lower(): both for both in (*ROOFS_ADV.values(), *ROOFS_SIG3D.values()) for name in both},
    **dict.fromkeys(("flat", "horizontal"), _FLAT),
    **dict.fromkeys(("gable", "gabled", "gabled roof"), _GABLE),
    **dict.fromkeys(("hip", "hipped", "hipped roof"), _HIP),
    **dict.fromkeys(("shed", "monopitch", "skillion"), _SHED),
    **dict.fromkeys(("pyramid", "pyramidal", "pavilion"), _PYRAMID),
    **dict.fromkeys(("mansarde", "mansardendach", "mansard", "gambrel"), _MANSARD),
}
FUNCTIONS_ADV: Names = {
    "1000": ("Wohngebäude", "residential building"),
    "1010": ("Wohnhaus", "dwelling house"),
    "1020": ("Wohnheim", "residential home"),
    "1021": ("Kinderheim", "children's home"),
    "1022": ("Seniorenheim", "home for the elderly"),
    "1100": ("Gemischt genutztes Gebäude mit Wohnen", "mixed use with dwellings"),
    "1110": ("Wohngebäude mit Gemeinbedarf", "dwellings with public use"),
    "1120": ("Wohngebäude mit Handel und Dienstleistungen", "dwellings with trade and services"),
    "1121": ("Wohn- und Verwaltungsgebäude", "dwellings and administration"),
    "1122": ("Wohn- und Bürogebäude", "dwellings and offices"),
    "1123": ("Wohn- und Geschäftsgebäude", "dwellings and shops"),
    "1130": ("Wohngebäude mit Gewerbe und Industrie", "dwellings with industry"),
    "1131": ("Wohn- und Betriebsgebäude", "dwellings and works"),
    "1210": ("Land- und forstwirtschaftliches Wohngebäude", "farm dwelling"),
    "1220": ("Land- und forstwirtschaftliches Wohn- und Betriebsgebäude", "farm dwelling and works"),
    "1221": ("Bauernhaus", "farmhouse"),
    "1223": ("Forsthaus", "forester's house"),
    "1310": ("Gebäude zur Freizeitgestaltung", "leisure building"),
    "1311": ("Ferienhaus", "holiday house"),
    "1312": ("Wochenendhaus", "weekend house"),
    "1313": ("Gartenhaus", "garden house"),
    "2000": ("Gebäude für Wirtschaft oder Gewerbe", "commercial building"),
    "2010": ("Gebäude für Handel und Dienstleistungen", "trade and services"),
    "2020": ("Bürogebäude", "office building"),
    "2030": ("Kreditinstitut", "bank"),
    "2040": ("Versicherung", "insurance"),
    "2050": ("Geschäftsgebäude", "business building"),
    "2051": ("Kaufhaus", "department store"),
    "2052": ("Einkaufszentrum", "shopping centre"),
    "2053": ("Markthalle", "market hall"),
    "2054": ("Laden", "shop"),
    "2055": ("Kiosk", "kiosk"),
    "2070": ("Gebäude für Beherbergung", "accommodation"),
    "2080": ("Gebäude für Bewirtung", "catering"),
    "2081": ("Gaststätte, Restaurant", "restaurant"),
    "2100": ("Gebäude für Gewerbe und Industrie", "industrial building"),
    "2110": ("Produktionsgebäude", "production building"),
    "2111": ("Fabrik", "factory"),
    "2112": ("Betriebsgebäude", "works building"),
    "2120": ("Werkstatt", "workshop"),
    "2130": ("Tankstelle", "filling station"),
    "2140": ("Gebäude für Vorratshaltung", "storage"),
    "2143": ("Lagerhalle, Lagerschuppen, Lagerhaus", "warehouse"),
    "2200": ("Sonstiges Gebäude für Gewerbe und Industrie", "other industrial building"),
    "2310": ("Gebäude für Handel und Dienstleistung mit Wohnen", "trade and services with dwellings"),
    "2320": ("Gebäude für Gewerbe und Industrie mit Wohnen", "industry with dwellings"),
    "2460": ("Gebäude zum Parken", "parking building"),
    "2461": ("Parkhaus", "multi-storey car park"),
    "2462": ("Parkdeck", "parking deck"),
    "2463": ("Garage", "garage"),
    "2464": ("Fahrzeughalle", "vehicle hall"),
    "2465": ("Tiefgarage", "underground car park"),
    "2500": ("Gebäude zur Versorgung", "supply building"),
    "2523": ("Umformer", "transformer"),
    "2700": ("Gebäude für Land- und Forstwirtschaft", "farm building"),
    "2720": ("Land- und forstwirtschaftliches Betriebsgebäude", "farm works building"),
    "2721": ("Scheune", "barn"),
    "2723": ("Schuppen", "shed"),
    "2724": ("Stall", "stable"),
    "2740": ("Treibhaus, Gewächshaus", "greenhouse"),
    "3000": ("Gebäude für öffentliche Zwecke", "public building"),
    "3010": ("Verwaltungsgebäude", "administration building"),
    "3012": ("Rathaus", "town hall"),
    "3015": ("Gericht", "court"),
    "3020": ("Gebäude für Bildung und Forschung", "education and research"),
    "3021": ("Allgemein bildende Schule", "school"),
    "3022": ("Berufsbildende Schule", "vocational school"),
    "3023": ("Hochschulgebäude (Fachhochschule, Universität)", "university building"),
    "3024": ("Forschungsinstitut", "research institute"),
    "3030": ("Gebäude für kulturelle Zwecke", "cultural building"),
    "3034": ("Museum", "museum"),
    "3037": ("Bibliothek, Bücherei", "library"),
    "3040": ("Gebäude für religiöse Zwecke", "religious building"),
    "3041": ("Kirche", "church"),
    "3042": ("Synagoge", "synagogue"),
    "3043": ("Kapelle", "chapel"),
    "3050": ("Gebäude für Gesundheitswesen", "health building"),
    "3051": ("Krankenhaus", "hospital"),
    "3060": ("Gebäude für soziale Zwecke", "social building"),
    "3065": ("Kinderkrippe, Kindergarten, Kindertagesstätte", "day nursery"),
    "3070": ("Gebäude für Sicherheit und Ordnung", "public safety"),
    "3071": ("Polizei", "police"),
    "3072": ("Feuerwehr", "fire station"),
    "3091": ("Bahnhofsgebäude", "railway station"),
    "3200": ("Gebäude für Erholungszwecke", "recreation building"),
    "3210": ("Gebäude für Sportzwecke", "sports building"),
    "3211": ("Sport-, Turnhalle", "sports hall"),
    "9998": ("Nach Quellenlage nicht zu spezifizieren", "not specified by the source"),
}
_STRUCTURES_ADV: Names = {
    "51002_1250": ("Mast", "mast"),
    "51002_1251": ("Freileitungsmast", "pylon"),
    "51009_1610": ("Überdachung", "canopy"),
    "51009_1611": ("Carport", "carport"),
    "53001_1800": ("Brücke", "bridge"),
}


def roof_type(code: str, language: str, own: Mapping[str, str] | None = None) -> str:
    """A roof type as a file has it, by its name in German ("de") or English: "Satteldach (3100)"; as it is where none is known.

    1010 to 1130 are the SIG3D's, other numbers the AdV's. own : names that a project or profile gives to codes; they go first.
    """
    text = code.strip()
    if own and text in own:
        return _with(text, (own[text], own[text]), language)
    return _with(text, ROOFS_SIG3D.get(text) or ROOFS_ADV.get(text) or _ROOF_WORDS.get(text.lower()), language)


def function(code: str, language: str, own: Mapping[str, str] | None = None) -> str:
    """As `roof_type`, for a function. Numbers have names in the AdV's spelling only (31001_1010): alone they may be of any list."""
    text = code.strip()
    if own and text in own:
        return _with(text, (own[text], own[text]), language)
    house = text.removeprefix("31001_")
    return _with(text, _STRUCTURES_ADV.get(text) if house == text else FUNCTIONS_ADV.get(house), language)


def _with(text: str, names: tuple[str, str] | None, language: str) -> str:
    if text.lower() in ("", "null", "none"):
        return ""
    name = names[0 if language == "de" else 1] if names else ""
    return f"{name} ({text})" if name and name.lower() != text.lower() else text
