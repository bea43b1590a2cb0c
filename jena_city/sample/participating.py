"""What the sample says to its citizens: a complete [participation] section, to learn from and to publish."""

from __future__ import annotations

import numpy as np

from .layout import ORIGIN, to_scene


def _place(u: float, v: float) -> str:
    """A place of the quarter in the project's CRS, as TOML."""
    x, y = ORIGIN.to_world(to_scene(np.array([[u, v]])))[0].round(1).tolist()
    return f"[{x}, {y}]"


PARTICIPATION = f"""
[[cameras]]
name = "Musterallee"
at = {_place(12, 4)}
to = {_place(50, -40)}

[[cameras]]
name = "Park am Fluss"
at = {_place(172, -80)}
to = {_place(108, -62)}

[[cameras]]
name = "Luft von Südosten"
at = {_place(205, -260)}
eye = 150.0
to = {_place(72, -64)}
target = 0.0
focal_length = 50.0

[participation]
id = "alte-giesserei"
url = "https://mitmachen.musterquartier.example/alte-giesserei/"
undulation = 46.3
radius = 300.0
accent = "#0072B2"

[participation.title]
de = "Alte Gießerei: Was soll hier entstehen?"
plain = "Alte Gießerei: Was soll hier gebaut werden?"
en = "The old foundry: what is to be built here?"

[participation.summary]
de = "Auf dem Gelände der alten Gießerei sollen Wohnungen, eine Kita und Läden entstehen. Drei Entwürfe liegen vor. Sehen Sie sich an, was jeder verändert, und sagen Sie uns, was Ihnen wichtig ist."
plain = "Die alte Gießerei ist leer.\\nHier sollen neue Häuser gebaut werden.\\nEs gibt 3 Ideen.\\nSagen Sie uns Ihre Meinung."
en = "Homes, a nursery and shops are to be built on the site of the old foundry. There are three proposals. Look at what each of them changes, and tell us what matters to you."

[participation.question]
de = "Was ist Ihnen an diesem Ort am wichtigsten?"
plain = "Was ist Ihnen an diesem Ort wichtig?"
en = "What matters most to you about this place?"

[participation.procedure]
kind = "informal"
starts = 2026-12-01
ends = 2027-01-15

[participation.procedure.open]
de = "Offen sind die Stellung und Höhe der Häuser, die Lage der Kita, die Wege und das Grün."
plain = "Das ist noch offen:\\nWo stehen die Häuser?\\nWie hoch sind die Häuser?\\nWo sind Wege und Bäume?"
en = "Open are where the houses stand and how high they are, the place of the nursery, the paths and the green."

[participation.procedure.fixed]
de = "Fest steht, dass hier gewohnt werden soll: So hat es der Stadtrat im Mai 2026 beschlossen, weil Wohnungen fehlen. Die Hallen sind nicht zu erhalten, ihr Boden ist belastet."
plain = "Das steht fest:\\nHier werden Wohnungen gebaut.\\nDer Stadt-Rat hat das beschlossen.\\nDer Grund: Es gibt zu wenige Wohnungen.\\nDie alten Hallen müssen weg."
en = "It is settled that people will live here: the council decided so in May 2026, because homes are missing. The sheds cannot be kept, their ground is contaminated."

[participation.procedure.decides]
de = "Der Stadtrat wählt im März 2027 einen Entwurf aus, nach dem der Bebauungsplan gezeichnet wird. Dazu wird es eine weitere Beteiligung geben."
plain = "Der Stadt-Rat entscheidet im März 2027.\\nDanach dürfen Sie noch einmal mitreden."
en = "In March 2027 the council chooses a proposal, by which the development plan is drawn. There will be another participation on that."

[participation.procedure.contributions]
de = "Alle Beiträge werden gelesen, zusammengefasst und dem Stadtrat vorgelegt. Zu jedem Thema steht im Bericht, was übernommen wurde und was nicht, mit Gründen. Er erscheint im Februar 2027."
plain = "Wir lesen alle Beiträge.\\nDer Stadt-Rat bekommt einen Bericht.\\nDarin steht: Das machen wir. Das machen wir nicht. Und warum."
en = "All contributions are read, summed up and put before the council. For each topic the report says what was taken up and what was not, and why. It appears in February 2027."

[participation.contact]
name = "Stadt Musterstadt, Fachdienst Stadtplanung"
address = "Musterplatz 1, 00000 Musterstadt"
email = "beteiligung@musterquartier.example"
phone = "+49 0000 123456"
represented_by = "Oberbürgermeisterin Erika Muster"
data_protection_officer = "Datenschutz der Stadt Musterstadt, datenschutz@musterquartier.example"
supervisory_authority = "die Aufsichtsbehörde für den Datenschutz des Landes"
enforcement_body = "die Durchsetzungsstelle für Barrierefreiheit des Landes"
hosting = "Rechenzentrum der Stadt Musterstadt"
retention = "zwei Jahre nach dem Beschluss"
legal_basis = "Art. 6 Abs. 1 Buchst. e DSGVO"

[[participation.viewpoints]]
id = "allee"
name = {{ de = "Von der Musterallee, Ecke Marktstraße", plain = "Von der Muster-Allee", en = "From Musterallee, corner of Marktstraße" }}
camera = "Musterallee"
width = 1280
height = 720
samples = 12

[[participation.viewpoints]]
id = "ufer"
name = {{ de = "Vom Park am Fluss", plain = "Vom Park am Fluss", en = "From the park by the river" }}
camera = "Park am Fluss"
width = 1280
height = 720
samples = 12

[[participation.viewpoints]]
id = "luft"
name = {{ de = "Aus der Luft, von Südosten", plain = "Von oben", en = "From the air, from the south-east" }}
camera = "Luft von Südosten"
width = 1280
height = 720
samples = 12

[[participation.retold]]
id = "blockrand"
name = {{ plain = "Idee A: Häuser am Rand", en = "Proposal A: perimeter block" }}
description = {{ plain = "Die Häuser stehen am Rand.\\nIn der Mitte ist ein ruhiger Hof.", en = "A closed perimeter with a quiet courtyard. Made up for the sample." }}

[[participation.retold]]
id = "zeilen"
name = {{ plain = "Idee B: Häuser in Reihen", en = "Proposal B: rows" }}
description = {{ plain = "Die Häuser stehen in Reihen.\\nDie Reihen sind offen nach Süden.", en = "Open rows to the south, a head building at the avenue. Made up for the sample." }}

[[participation.retold]]
id = "punkthaeuser"
name = {{ plain = "Idee C: Einzelne Häuser", en = "Proposal C: point blocks" }}
description = {{ plain = "Die Häuser stehen einzeln.\\nDazwischen ist ein Park.", en = "Single houses in a park. Made up for the sample." }}

[[participation.categories]]
id = "wohnen"
label = {{ de = "Wohnen", plain = "Wohnen", en = "Housing" }}

[[participation.categories]]
id = "gruen"
label = {{ de = "Grün und Freiraum", plain = "Wiesen und Bäume", en = "Green and open space" }}

[[participation.categories]]
id = "verkehr"
label = {{ de = "Wege und Verkehr", plain = "Wege und Autos", en = "Paths and traffic" }}

[[participation.categories]]
id = "stadtbild"
label = {{ de = "Höhe und Stadtbild", plain = "Höhe und Aussehen", en = "Height and townscape" }}

[[participation.categories]]
id = "anderes"
label = {{ de = "Anderes", plain = "Etwas anderes", en = "Something else" }}

[[participation.criteria]]
id = "licht"
label = {{ de = "Licht und Sonne", plain = "Licht und Sonne", en = "Light and sun" }}
question = {{ de = "Gibt es genug Licht und Sonne?", plain = "Gibt es genug Sonne?", en = "Is there enough light and sun?" }}

[[participation.criteria]]
id = "freiraum"
label = {{ de = "Freiraum", plain = "Platz draußen", en = "Open space" }}
question = {{ de = "Ist draußen Platz für das, was Sie dort tun möchten?", plain = "Ist draußen genug Platz?", en = "Is there room outside for what you want to do there?" }}

[[participation.criteria]]
id = "umgebung"
label = {{ de = "Passt zur Umgebung", plain = "Passt zu den anderen Häusern", en = "Fits its surroundings" }}
question = {{ de = "Passt der Entwurf zu den Häusern rundum?", plain = "Passen die neuen Häuser zu den alten Häusern?", en = "Does the proposal fit the houses around it?" }}

[[participation.places]]
id = "kita"
label = {{ de = "Hof der Kita", plain = "Hof vom Kinder-Garten", en = "The nursery's yard" }}
at = {_place(74, -68)}

[[participation.places]]
id = "allee-ecke"
label = {{ de = "Musterallee, Ecke Gerberstraße", plain = "Ecke an der Muster-Allee", en = "Corner of Musterallee and Gerberstraße" }}
at = {_place(34, -124)}

[[participation.places]]
id = "uferstrasse"
label = {{ de = "Uferstraße", plain = "Ufer-Straße", en = "Uferstraße" }}
at = {_place(118, -68)}

[[participation.places]]
id = "marktstrasse"
label = {{ de = "Marktstraße", plain = "Markt-Straße", en = "Marktstraße" }}
at = {_place(72, -8)}

[participation.builder]
area = "Alte Gießerei"
max_height = 24.0

[[participation.builder.uses]]
id = "wohnen"
label = {{ de = "Wohnen", plain = "Wohnen", en = "Housing" }}

[[participation.builder.uses]]
id = "mischnutzung"
label = {{ de = "Läden unten, Wohnen oben", plain = "Läden und Wohnungen", en = "Shops below, housing above" }}

[[participation.builder.uses]]
id = "kita"
label = {{ de = "Kita", plain = "Kinder-Garten", en = "Nursery" }}

[[participation.builder.uses]]
id = "büro"
label = {{ de = "Büro", plain = "Büro", en = "Offices" }}
"""
