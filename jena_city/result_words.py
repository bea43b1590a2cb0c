"""What results, key figures, their legends and captions say in German, in English too: for panels, and for what leaves for citizens."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .sheet_words import SHEETS

RESULTS: dict[str, str] = {
    "Panorama und Horizontlinie": "Panorama and sky line",
    "Himmelsfaktor und Horizont": "Open sky",
    "Aussicht aus Fenstern": "View out of windows",
    "Freier Himmel über den Standpunkten": "Open sky over the viewpoints",
    "Freier Himmel über den Standpunkten: Änderung gegenüber {}": "Open sky over the viewpoints: change against {}",
    "Anteil am Raumwinkel über der Waagrechten": "share of the solid angle above the level",
    "Himmelsfaktor (Sky View Factor), auf dem Boden": "Sky view factor, on the ground",
    "Mittlere Höhe des Horizonts, auf dem Boden": "Mean elevation of the horizon, on the ground",
    "Himmelsfaktor (Sky View Factor): Änderung gegenüber {}, auf dem Boden": "Sky view factor: change against {}, on the ground",
    "Mittlere Höhe des Horizonts: Änderung gegenüber {}, auf dem Boden": "Mean elevation of the horizon: change against {}, on the ground",
    "{} Richtungen, Häuser bis {} m, Gelände so weit es reicht": "{} directions, houses as far as {} m, ground as far as it goes",
    "Aussicht aus Fenstern, an Fassaden": "View out of windows, on façades",
    "Sichtweite aus Fenstern, an Fassaden": "Distance seen from windows, on façades",
    "Aussicht aus Fenstern: Änderung gegenüber {}, an Fassaden": "View out of windows: change against {}, on façades",
    "nicht erfüllt": "not reached",
    "gering": "low",
    "mittel": "medium",
    "hoch": "high",
    "2 bis 3 Stufen schlechter": "2 or 3 levels worse",
    "1 Stufe schlechter": "1 level worse",
    "besser": "better",
    (
        "nach DIN EN 17037, von der Fassade aus: Sicht seitlich {}°, auf und ab {}°; Raumtiefe, Brüstung und "
        "Fenstermaße nur als diese Winkel"
    ): (
        "after EN 17037, from the façade: {}° sideways, {}° up and down; depth of the room, sill and size of "
        "the window only as these angles"
    ),
    "bis {}": "up to {}",
    "Sichtbarkeit von Standpunkten": "Viewshed",
    "Sichtbarkeit von Zielen und Baukörpern": "Visibility of landmarks and blocks",
    "Sichtbar von {}, auf dem Boden": "Seen from {}, on the ground",
    "Sichtbar von {}, an Fassaden und Dächern": "Seen from {}, on façades and roofs",
    "Sichtbar von {}, auf dem Oberflächenmodell": "Seen from {}, on the surface model",
    "Sichtbar von {}: Änderung gegenüber {}, auf dem Boden": "Seen from {}: change against {}, on the ground",
    "Sichtbar von {}: Änderung gegenüber {}, an Fassaden und Dächern": "Seen from {}: change against {}, on façades and roofs",
    "Sichtbarer Anteil: {}, auf dem Boden": "Share seen: {}, on the ground",
    "Sichtbarer Anteil: {}, an Fassaden und Dächern": "Share seen: {}, on façades and roofs",
    "Sichtbarer Anteil: {}: Änderung gegenüber {}, auf dem Boden": "Share seen: {}: change against {}, on the ground",
    "Sichtbarer Anteil: {}: Änderung gegenüber {}, an Fassaden und Dächern": "Share seen: {}: change against {}, on façades and roofs",
    "Sichtbarer Anteil von den Standpunkten: {}": "Share seen from the viewpoints: {}",
    "Sichtbarer Anteil von den Standpunkten: {}: Änderung gegenüber {}": "Share seen from the viewpoints: {}: change against {}",
    "Baukörper der Variante": "blocks of the variant",
    "nicht zu sehen": "not seen",
    "Sicht bis {} m": "as far as {} m",
    "Sicht bis {} m, Anteil von {} Augen": "as far as {} m, share of {} eyes",
    "Oberflächenmodell {}, Raster {} m": "surface model {}, cells of {} m",
    "{} Punkte, nach Raumwinkel": "{} points, by solid angle",
    "{} Punkte, nach Sehwinkel": "{} points, by angle",
    "{} Punkte, nach Raumwinkel, Augenhöhe {} m": "{} points, by solid angle, eyes at {} m",
    "{} Punkte, nach Sehwinkel, Augenhöhe {} m": "{} points, by angle, eyes at {} m",
    "gesehen": "seen",
    "allein stehend": "if it stood alone",
    "Sichtlinien und Sichtachsen": "Sight lines and axes",
    "Sichtlinien": "Sight lines",
    "Sichtlinien: Änderung gegenüber {}": "Sight lines: change against {}",
    "Sichtachsen: freier Anteil der Breite": "Axes: free share of the width",
    "Sichtachsen: Änderung gegenüber {}": "Axes: change against {}",
    "Was in Sichtachsen ragt": "What stands in axes",
    "verdeckt": "hidden",
    "frei": "free",
    "neu verdeckt": "newly hidden",
    "neu frei": "newly free",
    "ganz frei": "all free",
    "75 bis unter 100": "75 to below 100",
    "über {} weniger": "more than {} less",
    "bis {} weniger": "up to {} less",
    "bis {} mehr": "up to {} more",
    "über {} mehr": "more than {} more",
    "Blick auf die höchsten Punkte, Bäume undurchsichtig": "towards the highest points, trees opaque",
    "Blick auf die höchsten Punkte, Bäume nicht berücksichtigt": "towards the highest points, trees left out",
    "Korridor vom Auge zum Fuß des Ziels, in voller Breite von oben geprüft, Bäume undurchsichtig": (
        "corridor from the eye to the foot of what is looked at, its whole width held against heights from above, trees opaque"
    ),
    "Korridor vom Auge zum Fuß des Ziels, in voller Breite von oben geprüft, Bäume nicht berücksichtigt": (
        "corridor from the eye to the foot of what is looked at, its whole width held against heights from above, trees left out"
    ),
    "Erdkrümmung mit Refraktion {}": "curved Earth with a refraction of {}",
    "Länge": "Length",
    "Breite": "Width",
    "verdeckt von": "hidden by",
    "verdeckt von {}": "hidden by {}",
    "nach": "after",
    "vorher": "before",
    "ragt hinein": "stands in it",
    "Achse": "Axis",
    "neu": "new",
    "ja": "yes",
    "{} % frei": "{} % free",
    "Gebäude {}": "building {}",
    "Baukörper {}": "block {}",
    "Bauwerk": "structure",
    "Gelände": "ground",
    "Maßgebende Grundstücksfläche": "Plot area that counts",
    "Nettobauland": "Net building land",
    "GRZ Hauptanlagen": "GRZ, main buildings",
    "GRZ gesamt": "GRZ, all",
    "Städtebauliche Dichte (brutto)": "Density of gross land",
    "Vollgeschosse, höchstens": "Full storeys, at most",
    "Geschossfläche GF": "Floor area GF",
    "Wohnfläche": "Living area",
    "Wohneinheiten": "Dwellings",
    "{} WE": "{}",
    "Einwohner:innen": "Residents",
    "{} EW": "{}",
    "Arbeitsplätze": "Jobs",
    "Pkw-Stellplätze": "Car parking",
    "Versiegelt geplant": "Sealed, planned",
    "Bäume gefällt": "Trees felled",
    "Oberkante OK, höchste": "Highest point",
    "{} m ü. NHN": "{} m above NHN",
    "Bestand": "Existing state",
    "Änderung": "Change",
    "{}, an Fenstern": "{}, at windows",
    "{}, auf dem Boden": "{}, on the ground",
    "{}, auf dem Boden, an Fassaden und Dächern": "{}, on the ground, façades and roofs",
    "{}, an Fassaden und Dächern": "{}, on façades and roofs",
    "{}: Änderung gegenüber {}": "{}: change against {}",
    "Besonnungsdauer am {}": "Hours of sun on {}",
    "Besonnungsdauer vom {} bis {}": "Hours of sun from {} to {}",
    "Mittlere tägliche Besonnungsdauer vom {} bis {}": "Mean daily hours of sun from {} to {}",
    "Verschattungshäufigkeit am {}": "Shadow frequency on {}",
    "Verschattungshäufigkeit vom {} bis {}": "Shadow frequency from {} to {}",
    "Erste Sonne am {}": "First sun on {}",
    "Letzte Sonne am {}": "Last sun on {}",
    "Besonnung nach DIN EN 17037 am {}": "Sun after DIN EN 17037 on {}",
    "Besonnung nach DIN 5034-1 am {}": "Sun after DIN 5034-1 on {}",
    "Anteil an der Zeit mit Sonne über dem Horizont": "share of the time with sun above the horizon",
    "keine Sonne an diesem Tag": "no sun on this day",
    "keine Sonne an diesen Tagen": "no sun on these days",
    "{} (wahrer Mittag {} Uhr)": "{} (true noon {})",
    "{} (12:00 ist {} Uhr {})": "{} (12:00 is {} {})",
    "{}; {}": "{}; {}",
    "{} Tage vom {} bis {}": "{} days from {} to {}",
    "Ortszeit {}": "local time {}",
    "{} ({} Uhr Ortszeit), Sonnenhöhe {}°": "{} ({} local time), sun {}° high",
    "{} ({} Uhr wahre Ortszeit), Sonnenhöhe {}°": "{} ({} true solar time), sun {}° high",
    "Fenster {} × {} m angenommen, {}": "windows {} × {} m assumed, {}",
    "Nachweisort Fenstermitte in der Fassadenebene": "taken at the middle of the window in the façade's plane",
    "Nachweisort innere Wandebene, Wand {} m": "taken at the inner plane of the wall, {} m thick",
    "Bäume undurchsichtig": "trees let nothing through",
    "Bäume: Sonne zu {} % durch belaubte, {} % durch kahle Kronen, belaubt {} bis {}": (
        "trees: {} % of the sun through crowns in leaf, {} % through bare ones, in leaf {} to {}"
    ),
    "nicht erfüllt (unter {})": "not met (below {})",
    "erfüllt (über {})": "met (above {})",
    "gering ({} bis {})": "minimum ({} to {})",
    "mittel ({} bis {})": "medium ({} to {})",
    "hoch (über {})": "high (above {})",
    "Verschattungshäufigkeit": "Shadow frequency",
    "Verschattungsstudie": "Sun study",
    "Erste und letzte Sonne": "First and last sun",
    "Wer die Sonne nimmt": "Who takes the sun",
    "Besonnung nach DIN": "Sun after DIN",
    "{} Uhr": "{}",
    "Schatten am {}": "Shadow on {}",
    "{}, {}": "{}, {}",
    "{} Uhr {}": "{} {}",
    "{}, {} bis {} Uhr": "{}, {} to {}",
    "{}, alle {} Minuten": "{}, every {} minutes",
    "{}, Sonne ab {}° Höhe": "{}, sun from {}° up",
    "{}, Sonnenhöhe {}°": "{}, sun {}° high",
    "wahre Ortszeit": "true solar time",
    "MEZ": "CET",
    "MESZ": "CEST",
    "Bäume nicht berücksichtigt": "trees not considered",
    "Gelände aus den Gebäuden geschätzt": "terrain estimated from the buildings",
    "{} von {} Zellen ohne Wert: an oder in anderen Häusern, unter dem Gelände": (
        "{} of {} cells without a value: at or in other houses, below the ground"
    ),
    "unter {}": "below {}",
    "{} bis {}": "{} to {}",
    "über {}": "above {}",
    "über {} weniger Sonne": "over {} less sun",
    "{} bis {} weniger": "{} to {} less",
    "kaum verändert (unter {})": "hardly changed (below {})",
    "{} bis {} mehr": "{} to {} more",
    "über {} mehr Sonne": "over {} more sun",
    "Besonnungsdauer": "Hours of sun",
    "Umgebung nach § 34 BauGB": "Neighbours (§ 34)",
    "Straßenlärm": "Road noise",
    "Schienenlärm": "Rail noise",
    "Beurteilungspegel Schiene Tag (6–22 Uhr)": "Rating level of rails by day (6–22)",
    "Beurteilungspegel Schiene Nacht (22–6 Uhr)": "Rating level of rails by night (22–6)",
    "Beurteilungspegel Schiene und Straße Tag (6–22 Uhr)": "Rating level of rails and roads by day (6–22)",
    "Beurteilungspegel Schiene und Straße Nacht (22–6 Uhr)": "Rating level of rails and roads by night (22–6)",
    "Überschreitung Tag, Schwelle {} dB(A)": "Excess by day, threshold {} dB(A)",
    "Überschreitung Nacht, Schwelle {} dB(A)": "Excess by night, threshold {} dB(A)",
    "Schwelle der Gesundheitsgefährdung (Rechtsprechung)": "threshold of danger to health (court rulings)",
    "Fahrten bei {} von {} Gleisen angenommen ({} am Tag, {} in der Nacht)": ("runs assumed for {} of {} tracks ({} by day, {} by night)"),
    "Fahrten nach Angabe": "runs as given",
    "Fahrbahn bei {} Gleisen angenommen": "what {} tracks lie on assumed",
    "Art der Brücke bei {} Gleisen angenommen": "kind of bridge assumed for {} tracks",
    "{} Gleise ohne Angabe der Züge nicht berücksichtigt": "{} tracks of which no trains are named left out",
    "Züge bei {} Gleisen nur für Tag oder Nacht angegeben, sonst keine": "trains given for {} tracks by day or by night alone, else none",
    "Straßenrand": "edge of the road",
    "Gleis": "track",
    "Ruhige Seiten": "Quiet sides",
    "ruhige Seite": "quiet side",
    "keine ruhige Seite": "no quiet side",
    "Schwelle 70/60 dB(A) erreicht": "threshold 70/60 dB(A) reached",
    "ruhig: mehr als {} dB unter der lautesten Seite (2002/49/EG, Anhang VI)": (
        "quiet: more than {} dB below the loudest side (2002/49/EC, annex VI)"
    ),
    "ruhig: bis {}/{} dB(A) (DIN 18005, WR) oder mehr als {} dB unter der lautesten Seite (2002/49/EG, Anhang VI)": (
        "quiet: up to {}/{} dB(A) (DIN 18005, WR) or more than {} dB below the loudest side (2002/49/EC, annex VI)"
    ),
    "Lärm im Schnitt": "Noise in sections",
    "{}, Schnitt {}": "{}, section {}",
    "Lärm an Immissionsorten": "Noise at places",
    "{} an Immissionsorten": "{} at places",
    "{}: Beiträge der Straßen": "{}: parts of the streets",
    "Beurteilungspegel Straße Tag (6–22 Uhr)": "Rating level of roads by day (6–22)",
    "Beurteilungspegel Straße Nacht (22–6 Uhr)": "Rating level of roads by night (22–6)",
    "Überschreitung Tag, Orientierungswert {} {} dB(A)": "Excess by day, orientation value {} {} dB(A)",
    "Überschreitung Nacht, Orientierungswert {} {} dB(A)": "Excess by night, orientation value {} {} dB(A)",
    "Überschreitung Tag, Immissionsgrenzwert {} {} dB(A)": "Excess by day, limit {} {} dB(A)",
    "Überschreitung Nacht, Immissionsgrenzwert {} {} dB(A)": "Excess by night, limit {} {} dB(A)",
    "eingehalten": "kept",
    "{} bis {} darüber": "{} to {} above",
    "über {} darüber": "over {} above",
    "Straßenlärm L_DEN": "Road noise L_DEN",
    "Straßenlärm L_Night": "Road noise L_Night",
    "{}, an Fassaden": "{}, at façades",
    "{}, in {} m Höhe": "{}, {} m above the ground",
    "{}, Reflexionen bis zur {}. Ordnung": "{}, reflections up to order {}",
    "Reflexionen an {} von {} geprüften Punkten unvollständig (über {} Spiegelquellen), Pegel dort eher zu niedrig": (
        "reflections incomplete at {} of {} points that were checked (over {} images), levels there rather too low"
    ),
    "{}, ohne Reflexionen": "{}, without reflections",
    "{}, Umkreis {} m": "{}, radius {} m",
    "Verkehrsmengen bei {} von {} Straßen angenommen": "traffic counts assumed for {} of {} streets",
    "Verkehrsmengen gezählt": "traffic counted",
    "Zuschläge an {} Knotenpunkten": "additions at {} junctions",
    "Geschwindigkeit bei {} Straßen auf 30 bis 130 km/h gesetzt": "speed of {} streets set to 30 to 130 km/h",
    "keine Knotenpunkte angegeben": "no junctions given",
    "über {} bis {}": "above {} to {}",
    "über {} leiser": "over {} quieter",
    "{} bis {} leiser": "{} to {} quieter",
    "{} bis {} lauter": "{} to {} louder",
    "über {} lauter": "over {} louder",
    "Volumen": "Volume",
    "Grundfläche des Körpers": "Ground covered by the body",
    "Oberkante": "Highest point",
    "m ü. NHN": "m above NHN",
    "Grundfläche nach GRZ": "Grundfläche by the GRZ",
    "überdeckbar insgesamt": "may be covered in all",
    "Geschossfläche nach GFZ": "Geschossfläche by the GFZ",
    "Körper mit flachen Dächern; Bestand auf demselben Grundstück ist nicht berücksichtigt": (
        "A body with flat roofs; buildings on the same plot are not considered"
    ),
    "{} Vollgeschosse zu {} m, von der tiefsten Stelle des Geländes": "{} Vollgeschosse of {} m, from the lowest ground",
    "{} {} m von der tiefsten Stelle des Geländes gerechnet": "{} {} m, counted from the lowest ground",
    "geschlossene Bauweise: zu den seitlichen Grenzen ist keine Abstandsfläche nötig; hier ist sie mitgerechnet": (
        "closed Bauweise: none is needed at the sides; here they are reckoned"
    ),
    "der Plan nennt hier keine überbaubare Fläche: das ganze Grundstück ist angenommen": (
        "the plan names no overbuildable area here: the whole plot is taken"
    ),
    "{} der Umgebung": "{} of the neighbours",
    "Höhe": "Height",
    "Geschosse": "Storeys",
    "Überbaute Fläche": "Ground covered",
    "Anteil am Grundstück": "Share of the plot",
    "Geschossfläche / Grundstück": "Floor area by plot",
    "Gebäude im Umkreis von {} m": "buildings within {} m",
    "Gebäude im Straßengeviert": "buildings between the streets",
    "Gebäude im ganzen Gebiet": "all buildings",
    "Solare Einstrahlung": "Solar irradiation",
    "Solare Einstrahlung im Jahr": "Solar irradiation in a year",
    "Eignung der Dächer für Solarstrom": "How roofs suit for solar power",
    "Sichtbarer Himmel": "Sky seen",
    "Tageslicht nach BRE 209": "Daylight (BRE 209)",
    "Himmelslichtanteil (VSC)": "Vertical sky component (VSC)",
    "Wahrscheinliche Sonnenstunden (APSH)": "Annual probable sunlight hours (APSH)",
    "Wahrscheinliche Sonnenstunden im Winter": "Probable sunlight hours in winter",
    "{}: Minderung nach BRE 209": "{}: loss by BRE 209",
    "klarer Himmel (Ineichen, Linke-Trübung {})": "clear sky (Ineichen, Linke turbidity {})",
    "monatsweise": "by month",
    "typisches Jahr ({})": "typical year ({})",
    "{}, {} km entfernt": "{}, {} km away",
    "{}, Sonne im Mittel {} Minuten nach dem wahren Mittag": "{}, sun on average {} minutes after true noon",
    "{}, Sonne im Mittel {} Minuten vor dem wahren Mittag": "{}, sun on average {} minutes before true noon",
    "{}, {} fehlende Stunden ergänzt": "{}, {} missing hours filled in",
    "{}, ohne 29. Februar": "{}, without 29 February",
    "{}, {} Sonnenstände, Himmel nach Perez, Reflexion einmal (Boden {}, Fassaden {})": (
        "{}, {} suns, sky after Perez, reflected once (ground {}, façades {})"
    ),
    "Anteil an {} kWh/m² der bestausgerichteten freien Fläche": "share of the {} kWh/m² of the best turned plane in the open",
    "kosinusgewichteter Anteil des Halbraums vor der Fläche, 180 Richtungen, Kanten auf 0,4° genau": (
        "share of the hemisphere in front of the surface weighted by the cosine, 180 directions, edges to 0.4°"
    ),
    "BRE 209, bedeckter Himmel nach CIE, Sonne: {}, Winter 21.09. bis 21.03.": (
        "BRE 209, CIE overcast sky, sun: {}, winter 21 Sep to 21 Mar"
    ),
    "VSC unter 27 % und unter 0,8 des früheren, oder Sonnenstunden unter 25 % (Winter 5 %), unter 0,8 der früheren und über 4 % verloren": (
        "VSC below 27 % and below 0.8 of the former, or sunlight hours below 25 % (winter 5 %), below 0.8 of the former and over 4 % lost"
    ),
    "merklich gemindert": "noticeably less",
    "{} bis {} (Richtwert erfüllt)": "{} to {} (guide value met)",
    "ungeeignet (unter {})": "unsuited (below {})",
    "wenig geeignet ({} bis {})": "hardly suited ({} to {})",
    "bedingt geeignet ({} bis {})": "suited to some extent ({} to {})",
    "gut geeignet ({} bis {})": "well suited ({} to {})",
    "sehr gut geeignet (ab {})": "very well suited (from {})",
    "Schatten": "Shadow",
    "Sonne": "Sun",
    "neuer Schatten": "new shadow",
    "unverändert": "unchanged",
    "neue Sonne": "new sun",
    "Norden": "north",
    "Nordosten": "north-east",
    "Osten": "east",
    "Südosten": "south-east",
    "Süden": "south",
    "Südwesten": "south-west",
    "Westen": "west",
    "Nordwesten": "north-west",
    "Blick nach {}": "looking {}",
    "Norden oben": "north is up",
    "Standpunkt: {}": "viewpoint: {}",
    "Sonnenhöhe {}°": "sun {}° high",
    "Abend, Beleuchtung angenommen": "evening, lighting assumed",
    "gestrichelt: Plangebiet": "dashed: plan area",
    "gestrichelt: Abbruch": "dashed: demolition",
    "rot gestrichelt: Abbruch": "dashed in red: demolition",
    "Bäume in Pflanzgröße": "trees as planted",
    "neue Bäume nach 20 Jahren (Annahme)": "new trees after 20 years (assumption)",
    "Kamera aus {} Punkten im Foto, Abweichung {} Pixel ({} m)": "camera from {} points in the photo, off by {} pixels ({} m)",
    "Entwurf, nicht öffentlich": "draft, not public",
    "intern, nicht öffentlich": "internal, not public",
    "Visualisierung, keine Zusage": "Illustration, not a promise",
    "Datenquelle nicht angegeben": "source of the data not stated",
    "{}, Daten verändert": "{}, data changed",
}
"""German -> English: words of results. Their values are words of results too, and are translated in turn."""


@lru_cache(maxsize=4096)
def in_english(words: str) -> str:
    """Words of a result in English; as they are where they are not known (names of variants, say)."""
    words = re.sub(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", r"\3-\2-\1", words)
    return re.sub(r"(?<=\d),(?=\d)", ".", " · ".join(_label(part) for part in words.split(" · ")))


def _label(words: str) -> str:
    for german, parts, english in _labels():
        # a pattern takes a hundred times as long to be made as to be seen not to fit
        if all(part in words for part in parts) and (found := matcher(german, "(.+)").fullmatch(words)):
            return english.format(*map(_label, found.groups()))
    return words


@cache
def _labels() -> list[tuple[str, list[str], str]]:
    """German, its parts between the values, and English; the most words first, so that the closest is found."""
    table = sorted((SHEETS | RESULTS).items(), key=lambda pair: len(pair[0].replace("{}", "")), reverse=True)
    return [(german, german.split("{}"), english) for german, english in table]


@cache
def matcher(template: str, value: str) -> re.Pattern[str]:
    """What a text made of a template, with {} for each value, looks like. value : a group that is one value."""
    return re.compile(value.join(map(re.escape, template.split("{}"))), re.DOTALL)
