"""German words for the interface. The English ones are the keys; a test finds any that is missing or left over."""

from __future__ import annotations

from typing import Any

import bpy

from . import preferences

GERMAN: dict[str, str] = {
    "Photo-montage": "Fotomontage",
    "The variant in a photo of the site, hidden by the town that stands before it, in the sun of the photo's time.": (
        "Die Variante in einem Foto des Ortes, verdeckt von der Stadt, die davor steht, in der Sonne der Aufnahmezeit."
    ),
    "A JPEG, PNG or TIFF, not cropped": "Ein JPEG, PNG oder TIFF, nicht beschnitten",
    "By which the photo is chosen": "Unter dem das Foto gewählt wird",
    "Choose Photo": "Foto wählen",
    "Choose a photo of the site, then click four to six points in it and in the town: variants can be laid into it": (
        "Ein Foto des Ortes wählen, dann vier bis sechs Punkte darin und in der Stadt anklicken: Varianten lassen sich hineinlegen"
    ),
    "Click Points of the Photo": "Punkte des Fotos anklicken",
    "Click points in the photo and the same points in the town by turns; Enter keeps the photo with its camera": (
        "Abwechselnd Punkte im Foto und dieselben in der Stadt anklicken; Enter behält das Foto mit seiner Kamera"
    ),
    "Click: in the photo, then in the town": "Klick: erst ins Foto, dann in die Stadt",
    "Clock time at which it was taken, as 15:30": "Uhrzeit der Aufnahme, etwa 15:30",
    "Corner": "Ecke",
    "Date and time are those of the photo.": "Datum und Uhrzeit sind die des Fotos.",
    "Day on which it was taken, as 2025-06-21": "Tag der Aufnahme, etwa 2025-06-21 oder 21.06.2025",
    "Focal length": "Brennweite",
    "Make the next photo montage in this photo": "Die nächste Fotomontage in diesem Foto machen",
    "Millimetres, as on film 36 mm wide; 0: as the photo says, else found, which wants more points": (
        "Millimeter, wie auf 36 mm breitem Film; 0: wie das Foto sagt, sonst wird sie gefunden, was mehr Punkte verlangt"
    ),
    "Name of the project's photo that montages are made in; empty: the newest": (
        "Name des Fotos, in dem Montagen entstehen; leer: das neueste"
    ),
    "Photo": "Foto",
    "Photos": "Fotos",
    "Place Photo": "Foto einpassen",
    "Point {}: click it in the photo": "Punkt {}: im Foto anklicken",
    "Point {}: click the same place in the town": "Punkt {}: dieselbe Stelle in der Stadt anklicken",
    "The camera misses the points by {} pixels, {} m. Enter keeps it": "Die Kamera verfehlt die Punkte um {} Pixel, {} m. Enter behält sie",
    "Wheel over the photo: larger, smaller": "Rad über dem Foto: größer, kleiner",
    "[[pixel from the left, from the top, x, y, z], …], metres of the scene; clicked when empty": (
        "[[Pixel von links, von oben, x, y, z], …], Meter der Szene; angeklickt, wenn leer"
    ),
    "{} is placed: its camera misses the points by {} pixels, {} m": (
        "{} ist eingepasst: seine Kamera verfehlt die Punkte um {} Pixel, {} m"
    ),
    "{} of at least {} points": "{} von mindestens {} Punkten",
    "Lines": "Linien",
    "Black lines on white, the variant emphasised: silhouettes and edges, for print.": (
        "Schwarze Linien auf Weiß, die Variante hervorgehoben: Umrisse und Kanten, für den Druck."
    ),
    # Participation
    "Contributions": "Beiträge",
    "Take Contributions In": "Beiträge einlesen",
    "Take in what citizens sent: files of the page, Masterportal, DIPAS, CONSUL, GeoJSON, tables; a link or a server": (
        "Beiträge einlesen: Dateien der Seite, Masterportal, DIPAS, CONSUL, GeoJSON, Tabellen; Link oder Server"
    ),
    "Link or server": "Link oder Server",
    "A link of the page, or the address of a server, instead of files": "Ein Link der Seite oder die Adresse eines Servers, statt Dateien",
    "Show Contributions": "Beiträge zeigen",
    "List what has been collected, and pin what has a place, with the filters that are set": (
        "Eingelesenes auflisten und anheften, was einen Ort hat; mit den Filtern"
    ),
    "Hide Contributions": "Beiträge ausblenden",
    "Take list and pins away; what was collected stays in the project": "Liste und Nadeln wegnehmen; was eingelesen ist, bleibt im Projekt",
    "Go There": "Hingehen",
    "Look from where the citizen looked, or at the place; with the variant that the comment is about": (
        "Von dort blicken, wo der Mensch stand, oder auf den Ort; mit der Variante"
    ),
    "Take Designs": "Entwürfe übernehmen",
    "Take Design": "Entwurf übernehmen",
    "Take All Designs": "Alle Entwürfe übernehmen",
    "Make citizens' designs variants, to look at, to check and to work on": (
        "Entwürfe zu Varianten machen: ansehen, prüfen, weiterbearbeiten"
    ),
    "All of them": "Alle",
    "All designs that were collected": "Alle eingelesenen Entwürfe",
    "Write Report": "Auswertung schreiben",
    "Write the report (HTML, CSV, XLSX, GeoJSON) into the project's folder, and open it in the browser": (
        "Die Auswertung (HTML, CSV, XLSX, GeoJSON) ins Projekt schreiben und im Browser öffnen"
    ),
    "Subject": "Thema",
    "Only comments on this subject": "Nur Äußerungen zu diesem Thema",
    "All subjects": "Alle Themen",
    "Place {}": "Ort {}",
    "Only comments on this variant": "Nur Äußerungen zu dieser Variante",
    "All variants": "Alle Varianten",
    "Judgement": "Wertung",
    "Only comments that judge so": "Nur Äußerungen, die so werten",
    "All judgements": "Alle Wertungen",
    "Likes it": "Gefällt",
    "Is bothered": "Stört",
    "Asks": "Frage",
    "No judgement": "Ohne Wertung",
    "Order": "Reihenfolge",
    "How the list is ordered": "Wie die Liste geordnet ist",
    "By number": "Nach Nummer",
    "As they came": "Wie sie kamen",
    "By place": "Nach Ort",
    "Those near each other together, the largest group first": "Was nah beieinander liegt, zusammen; die größte Gruppe zuerst",
    "State": "Stand",
    "What became of the contribution; it stands in the report": "Was aus dem Beitrag geworden ist; es steht in der Auswertung",
    "Answer": "Antwort",
    "The office's answer to the contribution; it stands in the report": (
        "Die Antwort des Amtes auf den Beitrag; sie steht in der Auswertung"
    ),
    "Not Shown, Because": "Nicht gezeigt, weil",
    "Why nobody outside may read it (names a neighbour, insults): the report says this instead, and counts it": (
        "Warum er nicht nach außen geht (nennt Nachbarn, beleidigt): die Auswertung sagt dies statt seiner, und zählt ihn"
    ),
    "Received": "Eingegangen",
    "Read": "Gelesen",
    "Adopted in part": "Teilweise übernommen",
    "Not adopted": "Nicht übernommen",
    "Participation": "Beteiligung",
    "What is open, what is fixed and who decides stands in project.toml: see docs/participation.md.": (
        "Was offen ist, was feststeht und wer entscheidet, steht in project.toml: siehe docs/participation.md."
    ),
    "Publish": "Veröffentlichen",
    "Write the citizens' page of this project to a folder that any web server, file share or USB stick can serve": (
        "Die Seite für Bürgerinnen und Bürger in einen Ordner schreiben, für jeden Webserver, jede Freigabe, jeden USB-Stick"
    ),
    "Preview": "Vorschau",
    "With variants that are not public yet; the page is marked as a preview": (
        "Mit Varianten, die noch nicht öffentlich sind; die Seite ist als Vorschau gekennzeichnet"
    ),
    "{} files, {} MB": "{} Dateien, {} MB",
    "Open Page": "Seite öffnen",
    "Look at the page in the browser, as it was published last": "Die Seite im Browser ansehen, wie sie zuletzt veröffentlicht wurde",
    "A camera that looks along one of the project's sight lines, from eye height": (
        "Eine Kamera, die aus Augenhöhe eine Sichtlinie des Projekts entlangblickt"
    ),
    "After 20 years": "Nach 20 Jahren",
    "As the date has it": "Wie am Datum",
    "Autumn": "Herbst",
    "In leaf": "Belaubt",
    "In young leaf": "Mit jungem Laub",
    "No sun, and light from all of the sky": "Keine Sonne, Licht vom ganzen Himmel",
    "Overcast": "Bedeckt",
    "Season": "Jahreszeit",
    "Spring": "Frühling",
    "Summer": "Sommer",
    "Sun at the date and time": "Sonne zu Datum und Uhrzeit",
    "Sunny": "Sonnig",
    "Sun, or a sky of clouds": "Sonne oder Wolkenhimmel",
    "Weather": "Wetter",
    "What all trees look like": "Wie alle Bäume aussehen",
    "What trees look like on the date": "Wie Bäume am Datum aussehen",
    "Winter": "Winter",
    "With coloured leaves": "Mit buntem Laub",
    "Without leaves, but for conifers": "Ohne Laub, außer Nadelbäumen",
    "Along a Line": "Einer Linie nach",
    "Around the Block": "Rundherum",
    "As large as they may be then, an assumption": "So groß, wie sie dann sein mögen, eine Annahme",
    "As nurseries deliver them": "Wie Baumschulen sie liefern",
    "As planted": "Wie gepflanzt",
    "Camera": "Kamera",
    "Camera: as the preset has it": "Kamera: nach der Vorlage",
    "Cameras": "Kameras",
    "Choose Camera": "Kamera wählen",
    "Click a line on the ground, Enter ends it: cameras at eye height along it, each looking on; the wheel sets how far apart": (
        "Eine Linie auf den Boden klicken, Eingabe beendet sie: Kameras in Augenhöhe, jede blickt voraus; das Rad stellt den Abstand ein"
    ),
    "Click where somebody stands, then what they look at; the wheel sets how high above the ground the eye is": (
        "Klicken, wo jemand steht, dann, was er ansieht; das Rad stellt ein, wie hoch das Auge über dem Boden ist"
    ),
    "Click: next point": "Klick: nächster Punkt",
    "Four cameras around the active block that see all of it from above": (
        "Vier Kameras um den aktiven Baukörper, die ihn von oben ganz sehen"
    ),
    "From View": "Aus der Ansicht",
    "From a Sight Line": "Aus einer Sichtlinie",
    "Give the chosen camera another name, in the pictures that go by it too": (
        "Der gewählten Kamera einen anderen Namen geben, auch in den Bildern, die sie nutzen"
    ),
    "Keep what the 3D view shows as a camera of the project": "Was die 3D-Ansicht zeigt, als Kamera des Projekts behalten",
    "Metres from one camera to the next": "Meter von einer Kamera zur nächsten",
    "Name of the project's camera that pictures are taken from; empty: as the preset has it": (
        "Name der Kamera des Projekts, aus der Bilder entstehen; leer: nach der Vorlage"
    ),
    "New trees": "Neue Bäume",
    "Remove from the Project": "Aus dem Projekt entfernen",
    "Rename Camera": "Kamera umbenennen",
    "Sight line": "Sichtlinie",
    "Size of the trees that the variant plants": "Größe der Bäume, die die Variante pflanzt",
    "Take pictures from this camera, and look through it; chosen already: go by the preset again": (
        "Bilder aus dieser Kamera machen und durch sie blicken; schon gewählt: wieder nach der Vorlage"
    ),
    "Take this viewpoint, axis, landmark, camera or photo out of the project": (
        "Diesen Standpunkt, diese Achse, dieses Ziel, diese Kamera oder dieses Foto aus dem Projekt nehmen"
    ),
    "Two Clicks": "Zwei Klicks",
    "Walk": "Weg",
    "Wheel: distance": "Rad: Abstand",
    "{} stands inside {}": "{} steht in {}",
    # Drawing
    "Draw Block": "Baukörper zeichnen",
    "Draw a building on the ground: click its corners, or type lengths; the wheel sets its storeys": (
        "Ein Gebäude auf dem Gelände zeichnen: Ecken anklicken oder Längen eintippen; das Mausrad stellt die Geschosse ein"
    ),
    "Outline": "Grundriss",
    "Rectangle": "Rechteck",
    "First side, then depth: three clicks": "Erst eine Seite, dann die Tiefe: drei Klicks",
    "Polygon": "Vieleck",
    "Any number of corners, closed at the first one": "Beliebig viele Ecken, geschlossen an der ersten",
    "Corners": "Ecken",
    "[[x, y], …] in metres of the scene; drawn with the mouse when empty": (
        "[[x, y], …] in Metern der Szene; leer: mit der Maus gezeichnet"
    ),
    "Click: corner": "Klick: Ecke",
    "Digits: length in metres": "Ziffern: Länge in Metern",
    "Wheel: storeys": "Mausrad: Geschosse",
    "Backspace: one step back": "Rücktaste: ein Schritt zurück",
    "Enter or first corner: close": "Enter oder erste Ecke: schließen",
    "Shift: hold on to nothing": "Umschalt: ohne Fangen",
    "Ctrl+wheel and middle button: view": "Strg+Rad und mittlere Taste: Ansicht",
    "Esc: stop": "Esc: abbrechen",
    "1 storey": "1 Geschoss",
    "{} storeys": "{} Geschosse",
    "GF": "GF",
    "Plot": "Flurstück",
    "Reference": "Referenz",
    "Click a plot, a plan area or a house: its outline becomes a block; Tab takes the next larger area under the mouse": (
        "Ein Flurstück, Plangebiet oder Haus anklicken: sein Umriss wird ein Baukörper; Tab nimmt die nächstgrößere Fläche unter der Maus"
    ),
    "Block from Outline": "Baukörper aus Umriss",
    "From Outline": "Aus Umriss",
    "There is no area here": "Hier liegt keine Fläche",
    "Click: take it": "Klick: übernehmen",
    "Tab: next larger area": "Tab: nächstgrößere Fläche",
    "Make blocks of the outlines of selected meshes and closed curves, in edit mode of selected faces; those stay as they are": (
        "Aus den Umrissen ausgewählter Netze und geschlossener Kurven, im Bearbeitungsmodus ausgewählter Flächen, Baukörper machen; "
        "die Vorlagen bleiben"
    ),
    "Blocks from Selected": "Baukörper aus Auswahl",
    # Architects' models
    "Architect's Model": "Architektenmodell",
    "Let an architect's model (glTF, OBJ, FBX, IFC) stand in for a block: by coordinates or three points, its numbers typed or measured": (
        "Ein Architektenmodell (glTF, OBJ, FBX, IFC) statt eines Baukörpers: nach Koordinaten oder 3 Punkten, Zahlen getippt oder gemessen"
    ),
    "Place by": "Ort nach",
    "How it is said where the model stands": "Wie gesagt wird, wo das Modell steht",
    "3D cursor": "3D-Cursor",
    "The middle of the model at the 3D cursor": "Die Mitte des Modells am 3D-Cursor",
    "As the file says": "Wie die Datei sagt",
    "Where an IFC says that it stands": "Wo ein IFC nach eigener Angabe steht",
    "Coordinates": "Koordinaten",
    "The zero of the model at coordinates": "Der Nullpunkt des Modells an Koordinaten",
    "Three points": "Drei Punkte",
    "Three points of the model, and where they are": "Drei Punkte des Modells und wo sie liegen",
    "E N": "O N",
    "Easting and northing in the project's coordinate system, with a height or without": (
        "Ostwert und Nordwert im Koordinatensystem des Projekts, mit Höhe oder ohne"
    ),
    "X Y E N": "X Y O N",
    "A point of the model and its place, three times: x y E N; x y E N; x y E N": (
        "Ein Punkt des Modells und sein Ort, dreimal: x y O N; x y O N; x y O N"
    ),
    "Turn": "Drehung",
    "About its zero, counter-clockwise seen from above": "Um seinen Nullpunkt, von oben gesehen gegen den Uhrzeigersinn",
    "Scale": "Maßstab",
    "Scale 1 to": "Maßstab 1 zu",
    "Metres for each unit of the file": "Meter je Einheit der Datei",
    "Scale by the points": "Maßstab nach den Punkten",
    "Let the points say the scale too": "Auch den Maßstab nach den Punkten bestimmen",
    "Upward": "Nach oben",
    "Axis of the file that points upward": "Achse der Datei, die nach oben zeigt",
    "glTF y, OBJ and IFC z": "glTF y, OBJ und IFC z",
    "Y": "Y",
    "Z": "Z",
    "Axis y": "Achse y",
    "Axis z": "Achse z",
    "0: by the height of the model": "0: nach der Höhe des Modells",
    "Floor area": "Geschossfläche",
    "Geschossfläche above ground as the architect states it, in m²; 0: by outline and storeys": (
        "Geschossfläche über dem Gelände nach Angabe der Architekten, in m²; 0: nach Umriss und Geschossen"
    ),
    "In place of the active block": "Anstelle des aktiven Baukörpers",
    "It stands in for the active block; otherwise for a new one": "Es steht für den aktiven Baukörper, sonst für einen neuen",
    "Place the model": "Modell setzen",
    "reading what was kept": "Aufgehobenes lesen",
    "reading the model": "Modell lesen",
    "measuring the model": "Modell messen",
    "Take the Model Off": "Modell abnehmen",
    "Take the architect's model off the selected blocks; outline, heights and storeys stay, and so does its file": (
        "Das Architektenmodell von den ausgewählten Baukörpern abnehmen; Umriss, Höhen und Geschosse bleiben, auch seine Datei"
    ),
    "The model is placed.": "Das Modell ist gesetzt.",
    "The model stands where its file says.": "Das Modell steht, wo seine Datei es sagt.",
    # Side by side
    "Side by Side": "Nebeneinander",
    "End Side by Side": "Nebeneinander beenden",
    "Show the shown variant and another one side by side, from the same place; once more ends it": (
        "Die gezeigte Variante und eine andere nebeneinander zeigen, vom selben Ort aus; noch einmal beendet es"
    ),
    "Other variant": "Andere Variante",
    "Shown on the right; empty: the next one": "Rechts gezeigt; leer: die nächste",
    # Set-backs, below ground
    "Full storeys above the ground; 0: it is below ground alone": "Vollgeschosse über dem Gelände; 0: nur unter der Erde",
    "Underground car park": "Tiefgarage",
    "How far the walls of the top storey stand back, all of them alike; the button beside it asks for each side": (
        "Wie weit die Wände des obersten Geschosses zurückstehen, alle gleich; der Knopf daneben fragt nach jeder Seite"
    ),
    "Set Back by Side": "Seitenweise zurücksetzen",
    "Let the top storey of the active block stand back from each edge by a measure of its own": (
        "Das oberste Geschoss des aktiven Baukörpers von jeder Kante um ein eigenes Maß zurücksetzen"
    ),
    "Set back": "Rücksprung",
    "How far the wall of the top storey stands back from this edge": (
        "Wie weit die Wand des obersten Geschosses von dieser Kante zurücksteht"
    ),
    # Comparing
    "Compare Variants": "Varianten vergleichen",
    "Compare Variants (XLSX)": "Varianten vergleichen (XLSX)",
    "Write the key figures of all variants, what the rules find and the land balance to a workbook (XLSX)": (
        "Kennzahlen aller Varianten, Befunde der Regeln und Flächenbilanz in eine Arbeitsmappe (XLSX) schreiben"
    ),
    # Merging
    "Merge Both": "Beide zusammenführen",
    "Put this file's variants and the folder's together; what both have changed to different things is listed to choose from": (
        "Die Varianten dieser Datei und des Ordners zusammenführen; was beide verschieden geändert haben, steht zur Wahl in einer Liste"
    ),
    "Take the folder's value": "Wert des Ordners nehmen",
    "Take the folder's value instead of this file's": "Den Wert des Ordners statt des Wertes dieser Datei nehmen",
    "Where both have changed": "Wo beide geändert haben",
    "Whose value counts where both have changed something and nobody has chosen": (
        "Wessen Wert gilt, wo beide etwas geändert haben und niemand gewählt hat"
    ),
    "Ask": "Fragen",
    "Nothing is merged before somebody has chosen": "Nichts wird zusammengeführt, bevor jemand gewählt hat",
    "This file's": "Diese Datei",
    "This file's value": "Wert dieser Datei",
    "The folder's": "Der Ordner",
    "The folder's value": "Wert des Ordners",
    "Changed by both": "Von beiden geändert",
    "deleted": "gelöscht",
    "there or not": "vorhanden oder nicht",
    "cannot be built together": "zusammen nicht baubar",
    # Arranging
    "Drop Building Type": "Gebäudetyp absetzen",
    "Drop a ready-made building on the ground: it lies parallel to what is near; R turns it, the wheel sets its storeys": (
        "Ein fertiges Gebäude absetzen: es liegt parallel zu dem, was nahe ist; R dreht es, das Mausrad stellt die Geschosse ein"
    ),
    "Type": "Typ",
    "0: as usual for the type": "0: wie für den Typ üblich",
    "Place": "Ort",
    "[x, y, angle in degrees]; by the mouse when empty": "[x, y, Winkel in Grad]; leer: mit der Maus",
    "Click: place it": "Klick: absetzen",
    "R: quarter turn, Shift+R: 15°": "R: Vierteldrehung, Umschalt+R: 15°",
    "Shift: keep the direction": "Umschalt: Richtung behalten",
    "Building Types": "Gebäudetypen",
    "Row houses": "Reihenhäuser",
    "Semi-detached houses": "Doppelhaus",
    "Slab, 12 m deep": "Zeile, 12 m tief",
    "Perimeter block": "Blockrand",
    "Point house": "Punkthaus",
    "School building": "Schulgebäude",
    "Kindergarten": "Kita",
    "Hall": "Halle",
    "Row of Copies": "Kopien in Reihe",
    "Put copies of the selected blocks beside them in equal distances": (
        "Kopien der ausgewählten Baukörper in gleichen Abständen danebenstellen"
    ),
    "Copies": "Kopien",
    "Distance between": "Abstand",
    "Across the longer side": "Quer zur längeren Seite",
    "Mirror Blocks": "Baukörper spiegeln",
    "Mirror the selected blocks at a line through the middle of them all": (
        "Die ausgewählten Baukörper an einer Linie durch ihre gemeinsame Mitte spiegeln"
    ),
    "Split Blocks": "Baukörper teilen",
    "Cut the selected blocks across their longer side into equal parts": (
        "Die ausgewählten Baukörper quer zur längeren Seite in gleiche Teile schneiden"
    ),
    "Parts": "Teile",
    "Align Blocks": "Baukörper ausrichten",
    "Turn the selected blocks parallel to the nearest line (plot, plan, house), or bring their fronts in line with the active one": (
        "Ausgewählte Baukörper parallel zur nächsten Linie drehen (Flurstück, Plan, Haus) oder ihre Front in die Flucht des aktiven rücken"
    ),
    "Align": "Ausrichten",
    "Parallel to the Nearest Line": "Parallel zur nächsten Linie",
    "Turned the shorter way": "Auf dem kürzeren Weg gedreht",
    "Front in Line with the Active Block": "Front in die Flucht des aktiven",
    "Moved along its shorter side": "Entlang seiner kürzeren Seite verschoben",
    # Meeting
    "Show the town alone, without the interface: 0 is the existing state, 1 to 9 and the arrows are the variants, Esc ends it": (
        "Nur die Stadt zeigen, ohne Oberfläche: 0 ist der Bestand, 1 bis 9 und die Pfeile sind die Varianten, Esc beendet"
    ),
    "Meeting View": "Sitzungsansicht",
    # Open spaces and trees
    "Street": "Straße",
    "Path": "Weg",
    "Parking": "Stellplätze",
    "Terrace": "Terrasse",
    "Green": "Grünfläche",
    "Playground": "Spielplatz",
    "Water": "Wasser",
    "Plant a tree in the shown variant": "Einen Baum in der gezeigten Variante pflanzen",
    "Plant Tree": "Baum pflanzen",
    "Fell the tree nearest to a place in the shown variant, or let it stand again": (
        "Den nächsten Baum in der gezeigten Variante fällen oder wieder stehen lassen"
    ),
    "Fell Tree": "Baum fällen",
    "Click where trees are to be planted in the shown variant; the wheel sets their height": (
        "Anklicken, wo in der gezeigten Variante Bäume gepflanzt werden; das Mausrad stellt ihre Höhe ein"
    ),
    "Plant Trees": "Bäume pflanzen",
    "Click trees that are to go in the shown variant; click again to let them stand": (
        "Bäume anklicken, die in der gezeigten Variante fallen; ein zweiter Klick lässt sie stehen"
    ),
    "Fell Trees": "Bäume fällen",
    "Click: plant": "Klick: pflanzen",
    "Wheel: height": "Mausrad: Höhe",
    "Fell, or let stand": "Fällen oder stehen lassen",
    "Click: fell a tree, or let it stand": "Klick: Baum fällen oder stehen lassen",
    "Draw a street, path, car park, green, playground or water on the ground of the shown variant": (
        "Eine Straße, einen Weg, Stellplätze, Grün, Spielplatz oder Wasser auf dem Gelände der gezeigten Variante zeichnen"
    ),
    "Draw Open Space": "Freifläche zeichnen",
    "Open Space": "Freifläche",
    # Demolishing
    "Take an existing building away in the shown variant, or bring it back": (
        "Ein bestehendes Gebäude in der gezeigten Variante abreißen oder wiederherstellen"
    ),
    "Demolish": "Abreißen",
    "Demolish Buildings": "Gebäude abreißen",
    "Click buildings to take them away in the shown variant; click the dashed outline of one to bring it back": (
        "Gebäude anklicken, um sie in der gezeigten Variante abzureißen; ein Klick in den gestrichelten Umriss stellt sie wieder her"
    ),
    "Bring back": "Wiederherstellen",
    "Click: take a building away, or bring it back": "Klick: Gebäude abreißen oder wiederherstellen",
    "Enter: done": "Enter: fertig",
    # Project
    "Project": "Projekt",
    "Name of the project; saving writes it to project.toml": "Name des Projekts; beim Speichern kommt er in project.toml",
    "Name of the project; empty: that of its folder": "Name des Projekts; leer: wie der Ordner",
    "Licence": "Lizenz",
    "Who gave the data": "Datenquelle",
    "Who gave the data and under which licence: the line that stands under every picture; saving writes it to project.toml": (
        "Von wem die Daten stammen und unter welcher Lizenz: die Zeile unter jedem Bild; beim Speichern kommt sie in project.toml"
    ),
    "Who gave the data and under which licence: the line that stands under every picture; can be stated later": (
        "Von wem die Daten stammen und unter welcher Lizenz: die Zeile unter jedem Bild; lässt sich nachtragen"
    ),
    "Data": "Daten",
    "North Up": "Norden oben",
    "Esc stops": "Esc bricht ab",
    "{} waiting": "{} in der Warteschlange",
    "Begin with your city's data: CityGML and terrain, as files, folders or zips. Or drop them on the viewport.": (
        "Zuerst die Stadtdaten einlesen: CityGML und Gelände, als Dateien, Ordner oder ZIP. Oder in die 3D-Ansicht ziehen."
    ),
    "No data at hand? The sample is a made-up quarter with three variants.": (
        "Keine Daten zur Hand? Das Beispiel ist ein erfundenes Quartier mit drei Varianten."
    ),
    "Open the Sample": "Beispiel öffnen",
    "Open the made-up quarter that comes with the program: a valley, 200 houses, three variants, ready to try everything on": (
        "Das mitgelieferte erfundene Quartier öffnen: ein Tal, 200 Häuser, drei Varianten, um alles auszuprobieren"
    ),
    "Open Project": "Projekt öffnen",
    "Open a project folder: the .blend in it where there is just one, else everything is built anew": (
        "Projektordner öffnen: die .blend darin, falls vorhanden; sonst wird alles neu aufgebaut"
    ),
    "Save": "Speichern",
    "Save Project": "Projekt speichern",
    "Save the .blend, and the variants into the project's folder": "Die .blend speichern, dazu die Varianten im Projektordner",
    "The file has no name yet: use wm.save_as_mainfile": "Die Datei hat noch keinen Namen: wm.save_as_mainfile verwenden",
    "Relink Project": "Projekt neu verknüpfen",
    "Say where the project's folder is now; what you see stays as it is": (
        "Angeben, wo der Projektordner jetzt liegt; was zu sehen ist, bleibt unverändert"
    ),
    "Take the Folder's": "Stand des Ordners übernehmen",
    "Take the variants as they stand in the project's folder; those in this file go (undo brings them back)": (
        "Varianten so übernehmen, wie sie im Projektordner liegen; die dieser Datei entfallen (Rückgängig holt sie zurück)"
    ),
    "Show the New Data": "Neue Daten zeigen",
    "Build the town again of the data in the project's folder; the variants of this file are saved and stay": (
        "Die Stadt aus den Daten im Projektordner neu aufbauen; die Varianten dieser Datei werden gespeichert und bleiben"
    ),
    "Keep This File's": "Stand dieser Datei behalten",
    "Keep the variants of this file; the next save writes them over those in the folder": (
        "Varianten dieser Datei behalten; beim nächsten Speichern ersetzen sie die im Ordner"
    ),
    "Folder": "Ordner",
    "Frame the Site": "Übersicht",
    "Look at the plan area from above at an angle": "Das Plangebiet schräg von oben betrachten",
    "Plan View, North Up": "Draufsicht, Norden oben",
    "Look straight down, north up (true north, which is not quite the grid's)": (
        "Senkrecht von oben, Norden oben (geografisch Nord, etwas anders als Gitternord)"
    ),
    # Messages
    "Copy Details": "Einzelheiten kopieren",
    "Copy what went wrong, with versions and the place in the program, to hand it on": (
        "Die Fehlermeldung zum Weitergeben kopieren, mit Versionen und der Stelle im Programm"
    ),
    "Copied to the clipboard": "In die Zwischenablage kopiert",
    "Dismiss": "Verwerfen",
    "Take the message away": "Meldung ausblenden",
    "The memory of this machine does not suffice. Read a smaller area or fewer files.": (
        "Der Arbeitsspeicher reicht nicht aus. Einen kleineren Bereich oder weniger Dateien einlesen."
    ),
    "Stop": "Abbrechen",
    "Stop what is being computed; what was finished is kept": "Die laufende Berechnung abbrechen; Fertiges bleibt erhalten",
    "Stopped. What was finished is kept; the same button goes on from there.": (
        "Abgebrochen. Fertiges bleibt erhalten; dieselbe Schaltfläche setzt dort fort."
    ),
    "Stopped by undo. What was finished is kept; the same button goes on from there.": (
        "Durch Rückgängig abgebrochen. Fertiges bleibt erhalten; dieselbe Schaltfläche setzt dort fort."
    ),
    # Import
    "Import": "Import",
    "More tiles, terrain or variants for this project:": "Weitere Kacheln, Gelände oder Varianten für dieses Projekt:",
    "Choose Files": "Dateien wählen",
    "Choose CityGML, terrain, zips or folders of tiles, or variants; you see what is in them before anything is read": (
        "CityGML, Gelände, ZIP, Ordner mit Kacheln oder Varianten wählen; vor dem Einlesen wird der Inhalt angezeigt"
    ),
    "Import City Data": "Stadtdaten importieren",
    "Read CityGML and terrain into a new project, or into the one that is open; variants into the open one": (
        "CityGML und Gelände in ein neues oder in das geöffnete Projekt einlesen; Varianten in das geöffnete"
    ),
    "City data": "Stadtdaten",
    "Export City Model": "Stadtmodell exportieren",
    "Write the town with the shown variant as a city model: what stays, and the blocks as buildings": (
        "Die Stadt mit der gezeigten Variante als Stadtmodell schreiben: was bleibt, und die Baukörper als Gebäude"
    ),
    "City Model of Jena Planner (CityGML, CityJSON, GeoJSON, glTF, DXF)": (
        "Stadtmodell aus Jena Planner (CityGML, CityJSON, GeoJSON, glTF, DXF)"
    ),
    "glTF 2.0 (binary)": "glTF 2.0 (binär)",
    "File": "Datei",
    "Format": "Format",
    "What is written": "Was geschrieben wird",
    "GeoJSON (footprints)": "GeoJSON (Grundrisse)",
    "City Data for Jena Planner (CityGML, terrain, variants)": "Stadtdaten für Jena Planner (CityGML, Gelände, Varianten)",
    "no geodata in this archive": "keine Geodaten in diesem Archiv",
    "no geodata in this folder": "keine Geodaten in diesem Ordner",
    "CityGML": "CityGML",
    "CityJSON": "CityJSON",
    "Terrain": "Gelände",
    "Ground follows buildings": "Gelände folgt Gebäuden",
    "Cut the outlines of buildings into the ground that is shown, with a level floor under each; numbers do not change": (
        "Gebäudeumrisse in das gezeigte Gelände einschneiden, mit ebenem Boden unter jedem Gebäude; an den Zahlen ändert es nichts"
    ),
    "Streets": "Straßen",
    "Trees": "Bäume",
    "Areas": "Flächen",
    "Plots": "Flurstücke",
    "Download Open Data": "Offene Daten herunterladen",
    "Fetch buildings, terrain and more from their publisher, by the town's profile, for a box": (
        "Gebäude, Gelände und mehr nach dem Profil der Stadt für einen Ausschnitt beim Anbieter abrufen"
    ),
    "Download": "Herunterladen",
    "Profile": "Profil",
    "The town or state whose data are meant": "Die Stadt oder das Land, um deren Daten es geht",
    "The town or state that new projects belong to: its systems, licence line and data sources; empty for none": (
        "Die Stadt oder das Land neuer Projekte: Koordinaten- und Höhensystem, Lizenzzeile, Datenquellen; leer für keines"
    ),
    "The town or state: what it says holds where neither you nor the files say; empty for none": (
        "Die Stadt oder das Land: was es sagt, gilt, wo weder Eingabe noch Dateien etwas sagen; leer für keines"
    ),
    "What is fetched": "Was abgerufen wird",
    "Area": "Bereich",
    "Which box": "Welcher Ausschnitt",
    "Buildings": "Gebäude",
    "Plan area": "Plangebiet",
    "Around the plan area": "Um das Plangebiet",
    "What is seen": "Was zu sehen ist",
    "What the 3D view shows of the ground": "Was die 3D-Ansicht vom Boden zeigt",
    "As typed": "Wie eingegeben",
    "The numbers below": "Die Zahlen darunter",
    "In the profile's coordinate system, metres": "Im Koordinatensystem des Profils, in Metern",
    "{} files, about {} MB to fetch": "{} Dateien, etwa {} MB abzurufen",
    "Fetch Background": "Hintergrund abrufen",
    "Fetch a picture of a map service (WMS, WMTS) once and lay it over the ground, with its date and licence": (
        "Ein Bild eines Kartendienstes (WMS, WMTS) einmal abrufen und über das Gelände legen, mit Datum und Lizenz"
    ),
    "Fetch": "Abrufen",
    "asking the map service": "Kartendienst wird befragt",
    "fetching the background": "Hintergrund wird abgerufen",
    "Address": "Adresse",
    "Of the map service, as its publisher gives it: https://…": "Des Kartendienstes, wie der Anbieter sie nennt: https://…",
    "Layer": "Ebene",
    "Name or title of the layer; empty where the service has just one": ("Name oder Titel der Ebene; leer, wenn der Dienst nur eine hat"),
    "Metres per pixel": "Meter je Pixel",
    "0: so that the picture has a bearable size": "0: so, dass das Bild eine handliche Größe hat",
    "Online access is off (Preferences ▸ System ▸ Network)": "Onlinezugriff ist aus (Einstellungen ▸ System ▸ Netzwerk)",
    "Several layers": "Mehrere Ebenen",
    "Reference lines": "Referenzlinien",
    "Development plan": "Bebauungsplan",
    "Orthophoto": "Luftbild",
    "Textures": "Texturen",
    "Colours and textures": "Farben und Texturen",
    "Take colours and textures of city models along, with the pictures beside them": (
        "Farben und Texturen der Stadtmodelle mitnehmen, samt den Bildern neben ihnen"
    ),
    "The colours and textures that the data give the houses; without them the quiet walls and roofs of a model": (
        "Farben und Texturen, die die Daten den Häusern geben; ohne sie die ruhigen Wände und Dächer eines Modells"
    ),
    "The orthophoto on the ground; without it land cover. Pictures go by their preset": (
        "Das Luftbild auf dem Gelände; ohne es die Landbedeckung. Bei Bildern entscheidet die Vorlage"
    ),
    "Archive": "Archiv",
    "{} building": "{} Gebäude",
    "{} buildings": "{} Gebäude",
    "{} file": "{} Datei",
    "{} files": "{} Dateien",
    "no coordinate system named": "kein Koordinatensystem genannt",
    "… and {} more": "… und {} weitere",
    "The data are added to the open project.": "Die Daten werden dem geöffneten Projekt hinzugefügt.",
    "Project folder": "Projektordner",
    "Where the new project is written": "Wohin das neue Projekt geschrieben wird",
    "Coordinate system": "Koordinatensystem",
    "Of the data, where they name none or a wrong one, e.g. EPSG:25832; empty: believe the files": (
        "Der Daten, falls sie keines oder ein falsches nennen, z. B. EPSG:25832; leer: laut Dateien"
    ),
    "Level of detail": "Detaillierungsgrad",
    "Which geometry is taken where a building has several": "Welche Geometrie gilt, wenn ein Gebäude mehrere hat",
    "Highest": "Höchster",
    "The highest of each building": "Der höchste je Gebäude",
    "Blocks without roofs": "Klötze ohne Dachform",
    "With roofs": "Mit Dächern",
    "With openings": "Mit Öffnungen",
    "Only an area": "Nur ein Ausschnitt",
    "Read only what lies in a box": "Nur einlesen, was in einem Rechteck liegt",
    "West, south, east, north": "West, Süd, Ost, Nord",
    "In the coordinate system of the scene, metres": "Im Koordinatensystem der Szene, in Metern",
    "Origin of my own": "Eigener Ursprung",
    "Where the scene's zero lies; otherwise the data decide": "Wo der Nullpunkt der Szene liegt; sonst ergibt er sich aus den Daten",
    "Easting, northing": "Rechtswert, Hochwert",
    "Whole metres in the coordinate system of the scene": "Ganze Meter im Koordinatensystem der Szene",
    # Variants
    "Variant": "Variante",
    "Variants": "Varianten",
    "New": "Neu",
    "Copy": "Kopie",
    "Show Variant": "Variante zeigen",
    "Show this variant and hide the others": "Diese Variante zeigen und die anderen ausblenden",
    "New Variant": "Neue Variante",
    "Make an empty variant, or one like that which is shown": "Eine leere Variante anlegen oder die gezeigte kopieren",
    "Copy of the shown variant": "Kopie der gezeigten Variante",
    "Delete Variant": "Variante löschen",
    "Take the shown variant away; its file is kept aside in the project's folder": (
        "Die gezeigte Variante entfernen; ihre Datei bleibt im Projektordner aufgehoben"
    ),
    "Name of the variant, as pictures and the list show it": "Name der Variante, wie ihn Bilder und Liste zeigen",
    "Colour": "Farbe",
    "Colour of the variant's blocks": "Farbe der Baukörper dieser Variante",
    "Draft": "Entwurf",
    "Still being worked on": "Noch in Bearbeitung",
    "Internal": "Intern",
    "For the office alone": "Nur für das Büro",
    "Public": "Öffentlich",
    "May be shown": "Darf gezeigt werden",
    "Adopted": "Beschlossen",
    "Decided": "Beschlossener Stand",
    "Drawn up by": "Verfasst von",
    "Description": "Beschreibung",
    # Block
    "Block": "Baukörper",
    "It is linked from another file: make it local to change it.": ("Aus einer anderen Datei verknüpft: zum Ändern zuerst lokal machen."),
    "Name of the block, shown in lists and captions": "Name des Baukörpers in Listen und Beschriftungen",
    "Storeys": "Geschosse",
    "Ground floor": "Erdgeschoss",
    "Height of the ground floor, floor to floor": "Geschosshöhe des Erdgeschosses",
    "Storey": "Obergeschoss",
    "Height of each upper storey, floor to floor": "Geschosshöhe jedes Obergeschosses",
    "Main use": "Hauptnutzung",
    "Housing": "Wohnen",
    "Mixed use": "Mischnutzung",
    "Offices": "Büro",
    "Trade and industry": "Gewerbe",
    "Retail": "Einzelhandel",
    "Day care centre": "Kita",
    "School": "Schule",
    "Use of all storeys that have none of their own; it decides the rhythm of the windows": (
        "Nutzung aller Geschosse, die keine eigene haben; sie bestimmt die Gliederung der Fenster"
    ),
    "Roof": "Dach",
    "Flat": "Flach",
    "Flat roof, with a parapet where it has a height": "Flachdach, mit Attika, wenn diese eine Höhe hat",
    "Gable": "Sattel",
    "Two slopes to a ridge": "Zwei Dachflächen, die sich am First treffen",
    "Hip": "Walm",
    "Slopes on all sides": "Dachflächen nach allen Seiten",
    "Shed": "Pult",
    "One slope": "Eine geneigte Dachfläche",
    "Half-hip": "Krüppelwalm",
    "Two slopes to a ridge, and small ones over the gables": "Zwei Dachflächen zu einem First und kleine über den Giebeln",
    "Mansard": "Mansarde",
    "Slopes on all sides, steep ones below and flat ones above": "Auf allen Seiten geneigt, unten steil und oben flach",
    "Pitch": "Neigung",
    "Upper pitch": "Obere Neigung",
    "Slope of the upper part of a mansard roof": "Neigung des oberen Teils eines Mansarddachs",
    "Direction of its own": "Eigene Richtung",
    "Ridge in a direction of its own (shed roof: the direction in which it falls); otherwise the outline decides": (
        "First in einer eigenen Richtung (Pultdach: die Richtung, in die es fällt); sonst ergibt sie sich aus dem Umriss"
    ),
    "Ridge towards": "Firstrichtung",
    "Direction from grid north, clockwise": "Richtung von Gitternord aus, im Uhrzeigersinn",
    "Plinth": "Sockel",
    "From where the block stands up to its ground floor": "Von der Höhe, auf der der Baukörper steht, bis zum Erdgeschoss",
    "Knee wall": "Drempel",
    "Wall between the ceiling of the top storey and the eaves of a pitched roof": (
        "Wand zwischen der Decke des obersten Geschosses und der Traufe eines geneigten Dachs"
    ),
    "Set-back top storey": "Staffelgeschoss",
    "Storeys below ground": "Untergeschosse",
    "As wide as the footprint, such as an underground car park": "So breit wie der Grundriss, etwa eine Tiefgarage",
    "Height below ground": "Höhe unter Gelände",
    "Height of each storey below ground, floor to floor": "Höhe jedes Untergeschosses, von Fußboden zu Fußboden",
    "Slope of the roof": "Dachneigung",
    "Heights and roof": "Höhen und Dach",
    "Parapet": "Attika",
    "Height of the parapet above the flat roof": "Höhe der Attika über dem Flachdach",
    "Height of its own": "Eigene Höhenlage",
    "The ground floor stays at a height of its own; otherwise it follows the lowest ground under the block": (
        "Das Erdgeschoss bleibt auf eigener Höhe; sonst folgt es dem tiefsten Gelände unter dem Baukörper"
    ),
    "Ground floor level": "Höhenlage",
    "Height of the ground floor in the project's height system": "Höhe des Erdgeschossfußbodens im Höhensystem des Projekts",
    "Stand on the Ground": "Auf das Gelände stellen",
    "Let the selected blocks stand on the lowest ground under them again": (
        "Die ausgewählten Baukörper wieder auf das tiefste Gelände unter ihnen stellen"
    ),
    "Change Storeys": "Geschosse ändern",
    "Add storeys to the selected blocks, or take them away": "Den ausgewählten Baukörpern Geschosse hinzufügen oder wegnehmen",
    # Building
    "Building": "Gebäude",
    "Building Attributes": "Gebäudeangaben",
    "Show what the data say about the building or other thing that is clicked; Blender selects as always": (
        "Zeigen, was die Daten über das angeklickte Gebäude oder andere Ding sagen; ausgewählt wird wie gewohnt"
    ),
    "Height": "Höhe",
    "Footprint": "Grundfläche",
    "Roof type": "Dachform",
    "Kind": "Art",
    "Function": "Funktion",
    # Sun
    "Sun": "Sonne",
    "Sun in the viewport": "Sonne in der 3D-Ansicht",
    "Light and shadow in the viewport as at this date and time": "Licht und Schatten in der 3D-Ansicht wie zu diesem Zeitpunkt",
    "Date": "Datum",
    "Day as 2025-03-21 or 21.03.2025": "Tag als 21.03.2025 oder 2025-03-21",
    "Time of day": "Uhrzeit",
    "Hour of the day; drag it and watch the shadow move": "Stunde des Tages; beim Ziehen wandert der Schatten mit",
    "Basis": "Zeitbezug",
    "What the time means": "Was die Uhrzeit bedeutet",
    "Clock time": "Ortsübliche Zeit",
    "Clock time of the place, with summer time": "Uhrzeit am Ort, mit Sommerzeit",
    "Solar time": "Sonnenzeit",
    "True solar time: noon is when the sun is highest": "Wahre Ortszeit: Mittag ist, wenn die Sonne am höchsten steht",
    "Where the sun stands": "Wo die Sonne steht",
    # Envelopes
    "Room to Build": "Spielraum",
    "{} m² stand beyond the room to build": "{} m² stehen außerhalb des Spielraums",
    "{} m too high: {}": "{} m zu hoch: {}",
    "up to {} m: {}": "bis {} m: {}",
    "Show Room to Build": "Spielraum zeigen",
    "Show Room on a Plot": "Spielraum eines Grundstücks",
    "Hide Room to Build": "Spielraum ausblenden",
    "Show the largest body that plan and Abstandsflächen allow on the plot at a place": (
        "Den größten Körper zeigen, den Plan und Abstandsflächen auf dem Grundstück an einem Ort zulassen"
    ),
    "Click a plot to see the largest body that the rules allow there": (
        "Ein Grundstück anklicken, um den größten Körper zu sehen, den die Regeln dort zulassen"
    ),
    "Take the bodies of all plots away": "Die Körper aller Grundstücke wegnehmen",
    "Storey height": "Geschosshöhe",
    "Metres of height for each Vollgeschoss that the plan allows": "Meter Höhe für jedes Vollgeschoss, das der Plan zulässt",
    "Gebäudeklasse 1 and 2": "Gebäudeklasse 1 und 2",
    "For dwellings for which the least depth of Abstandsflächen suffices": (
        "Für Wohngebäude, bei denen die Mindesttiefe der Abstandsflächen genügt"
    ),
    "Click: show what may be built on the plot": "Klick: zeigen, was auf dem Grundstück gebaut werden darf",
    # Analyses
    "Analysis": "Analyse",
    "Analyses": "Analysen",
    "What is computed": "Was berechnet wird",
    "Hours of sun": "Besonnungsdauer",
    "Hours of direct sun on a day, on the ground, façades and roofs": (
        "Stunden direkter Sonne an einem Tag, am Boden, an Fassaden und auf Dächern"
    ),
    "Shadow": "Schatten",
    "Sun or shadow at a moment, on the ground, façades and roofs": (
        "Sonne oder Schatten zu einem Zeitpunkt, am Boden, an Fassaden und auf Dächern"
    ),
    "Sun study of several days": "Verschattungsstudie",
    "Hours of sun on each of the days that such studies show": "Besonnungsdauer an jedem der Tage, die solche Studien zeigen",
    "Dates": "Tage",
    "days one after the other, with spaces between.": "Tage hintereinander, mit Leerzeichen dazwischen, etwa 2025-01-17 2025-03-21.",
    "Shadow frequency": "Verschattungshäufigkeit",
    "Share of the time with sun above the horizon that a place lies in shadow, of a day or a season": (
        "Anteil der Zeit mit Sonne über dem Horizont, in der ein Ort im Schatten liegt, an einem Tag oder in einer Jahreszeit"
    ),
    "First and last sun": "Erste und letzte Sonne",
    "When the first sun of a day comes and when the last goes": "Wann die erste Sonne eines Tages kommt und die letzte geht",
    "who takes the sun": "wer die Sonne nimmt",
    "Who takes the sun": "Wer die Sonne nimmt",
    "Which building takes the sun from which façade, and how long, as a list beside the hours of sun": (
        "Welches Gebäude welcher Fassade wie lange die Sonne nimmt, als Liste neben der Besonnungsdauer"
    ),
    "Sun in rooms (DIN)": "Besonnung nach DIN",
    "Hours of sun at windows as DIN EN 17037 and DIN 5034-1 count them": (
        "Besonnungsdauer an Fenstern, wie DIN EN 17037 und DIN 5034-1 sie zählen"
    ),
    "Rule": "Regel",
    "DIN EN 17037": "DIN EN 17037",
    "DIN 5034-1": "DIN 5034-1",
    "en17037: inside of the wall, on one day between 1 February and 21 March; din5034: middle of the window, 17 January and equinox.": (
        "DIN EN 17037: innere Wandebene, ein Tag vom 1. Februar bis 21. März; DIN 5034-1: Fenstermitte, 17. Januar und Tagundnachtgleiche."
    ),
    "the day of DIN EN 17037; of DIN 5034-1 the year.": "Der Tag nach DIN EN 17037; bei DIN 5034-1 zählt nur das Jahr.",
    "Window width": "Fensterbreite",
    "Window height": "Fensterhöhe",
    "Sill": "Brüstung",
    "metres of the window above the floor.": "Meter vom Fußboden bis zur Unterkante der Fenster.",
    "metres from window to window.": "Meter von Fenster zu Fenster.",
    "metres, of buildings; blocks have their own.": "Meter, bei Gebäuden; Baukörper haben ihre eigene.",
    "Wall": "Wanddicke",
    "metres, thickness of the outer wall.": "Dicke der Außenwand in Metern.",
    "metres.": "Meter.",
    "Until": "Bis",
    "last day of a span; empty: the one day.": "Letzter Tag einer Spanne; leer: nur der eine Tag.",
    "Every days": "Tage dazwischen",
    "days from one reckoned day of a span to the next.": "Tage von einem gerechneten Tag der Spanne zum nächsten.",
    "Ignored": "Nicht berücksichtigt",
    "Seasonal": "Nach Jahreszeit",
    "Opaque": "Undurchsichtig",
    "seasonal: crowns let a share of the sun through, by the day of the year; opaque: none.": (
        "Nach Jahreszeit: Kronen lassen je nach Tag des Jahres einen Teil der Sonne durch; undurchsichtig: nichts."
    ),
    "Leaf transmittance": "Durchlass belaubt",
    "share of direct sun through crowns in leaf (Konarska et al. 2014: 1 to 5 %).": (
        "Anteil der direkten Sonne durch belaubte Kronen (Konarska u. a. 2014: 1 bis 5 %)."
    ),
    "Bare transmittance": "Durchlass kahl",
    "share of direct sun through bare crowns (Konarska et al. 2014: 40 to 52 %).": (
        "Anteil der direkten Sonne durch kahle Kronen (Konarska u. a. 2014: 40 bis 52 %)."
    ),
    "Leaves from": "Belaubt ab",
    "day from which trees bear leaves, an assumption.": "Tag, ab dem die Bäume belaubt sind, eine Annahme.",
    "Leaves until": "Belaubt bis",
    "day until which trees bear leaves, an assumption.": "Tag, bis zu dem die Bäume belaubt sind, eine Annahme.",
    "Solar irradiation": "Solare Einstrahlung",
    "Energy of the sun in a year, on the ground, façades and roofs; which roofs suit for solar power": (
        "Energie der Sonne in einem Jahr, am Boden, an Fassaden und auf Dächern; welche Dächer sich für Solarstrom eignen"
    ),
    "Sky view": "Sichtbarer Himmel",
    "Share of the sky that is seen, on the ground, façades and roofs": (
        "Anteil des Himmels, der zu sehen ist, am Boden, an Fassaden und auf Dächern"
    ),
    "Daylight (BRE 209)": "Tageslicht (BRE 209)",
    "Vertical sky component and annual probable sunlight hours of façades, and where less will be noticed": (
        "Himmelslichtanteil und wahrscheinliche Sonnenstunden von Fassaden, und wo eine Minderung auffallen wird"
    ),
    "File of a typical year (EPW, PVGIS TMY, DWD TRY); empty: a year without clouds": (
        "Datei eines typischen Jahres (EPW, PVGIS TMY, DWD TRY); leer: ein Jahr ohne Wolken"
    ),
    "Linke": "Linke-Trübung",
    "Turbidity of the air after Linke, for the year without clouds": "Trübung der Luft nach Linke, für das Jahr ohne Wolken",
    "Ground reflectance": "Reflexion des Bodens",
    "Share of the light that the ground gives back": "Anteil des Lichts, den der Boden zurückwirft",
    "Facade reflectance": "Reflexion der Fassaden",
    "Share of the light that façades and roofs give back": "Anteil des Lichts, den Fassaden und Dächer zurückwerfen",
    "Module efficiency": "Wirkungsgrad der Module",
    "Share of the light that solar modules make into current": "Anteil des Lichts, den Solarmodule in Strom verwandeln",
    "Performance ratio": "Systemnutzungsgrad",
    "Share of that which arrives, after heat, cables and inverter": "Anteil davon, der ankommt, nach Wärme, Leitungen und Wechselrichter",
    "Usable share": "Belegbarer Anteil",
    "Share of a suited roof that modules cover: less windows, chimneys, edges": (
        "Anteil eines geeigneten Daches, den Module bedecken: ohne Fenster, Kamine, Ränder"
    ),
    "Neighbours (§ 34)": "Umgebung (§ 34)",
    "Height, storeys, ground covered and density of the neighbours, as ranked list and map": (
        "Höhe, Geschosse, überbaute Fläche und Dichte der Umgebung, als Rangliste und Karte"
    ),
    "Around": "Umgebung",
    "Radius": "Umkreis",
    "radius: so many metres from the blocks; streets: the block of houses between the streets.": (
        "Umkreis: so viele Meter um die Baukörper; Straßen: das Geviert, also was zwischen denselben Straßen liegt."
    ),
    "metres from the nearest block.": "Meter vom nächsten Baukörper.",
    "Least footprint": "Kleinste Grundfläche",
    "m² of ground, below which a building is left out.": "m² Grundfläche, unter denen ein Gebäude nicht mitzählt.",
    "metres of height for each storey, where the data name none.": "Meter Höhe für jedes Geschoss, wo die Daten keine Zahl nennen.",
    "Road noise": "Straßenlärm",
    "Rail noise": "Schienenlärm",
    "Noise of trams and trains on the ground and at façades: rating levels by day and night (Schall 03), with roads too": (
        "Lärm von Straßenbahnen und Zügen am Boden und an Fassaden: Beurteilungspegel Tag und Nacht (Schall 03), auch mit Straßen zusammen"
    ),
    "Trams day": "Bahnen am Tag",
    "trams on a line from 6 to 22 where the data name none: an assumption, every ten minutes.": (
        "Straßenbahnen je Gleis von 6 bis 22 Uhr, wo die Daten keine nennen: eine Annahme, alle zehn Minuten."
    ),
    "Trams night": "Bahnen nachts",
    "trams on a line from 22 to 6 where the data name none: an assumption, every half hour.": (
        "Straßenbahnen je Gleis von 22 bis 6 Uhr, wo die Daten keine nennen: eine Annahme, jede halbe Stunde."
    ),
    "Tram": "Straßenbahn",
    "Tram-low-floor": "Niederflur",
    "Tram-low-floor-cooled": "Niederflur, mit Klimaanlage",
    "Tram-high-floor": "Hochflur",
    "kind of trams where the data name none: an assumption.": "Art der Straßenbahnen, wo die Daten keine nennen: eine Annahme.",
    "Tram track": "Fahrbahn",
    "In-street": "Straßenbündig",
    "Ballast": "Schotter",
    "Green-low": "Rasengleis, tief",
    "Green-high": "Rasengleis, hoch",
    "what trams run on where the data say nothing: an assumption, the loudest.": (
        "Worauf Straßenbahnen fahren, wo die Daten nichts sagen: eine Annahme, die lauteste."
    ),
    "Tram bridge": "Brücken",
    "Slab": "Massiv, feste Fahrbahn",
    "Steel": "Stahl",
    "Steel-ballast": "Stahl, Schotter",
    "Massive-ballast": "Massiv, Schotter",
    "Grooved-rail": "Rillenschiene",
    "kind of bridges of trams where the data say only that there is one: an assumption.": (
        "Art der Brücken von Straßenbahnen, wo die Daten nur eine Brücke nennen: eine Annahme."
    ),
    "With roads": "Mit Straßen",
    "the level of rails and roads together too; DIN 18005 counts both as traffic, 16. BImSchV judges each alone.": (
        "Auch der Pegel von Schiene und Straße zusammen; für die DIN 18005 sind beide Verkehr, die 16. BImSchV beurteilt jede für sich."
    ),
    "Threshold": "Schwelle 70/60",
    "Noise in sections": "Lärm im Schnitt",
    "Levels of roads or rails on an upright surface along each of the project's axes, from the ground to above the roofs": (
        "Lärm von Straßen oder Schienen auf einer stehenden Fläche entlang jeder Achse des Projekts, vom Boden bis über die Dächer"
    ),
    "Sources": "Quellen",
    "Roads": "Straßen",
    "Rails": "Schienen",
    "Both": "Beide",
    "roads: by the method; rails: Schall 03, day and night; both: each and their sum, RLS-19 and Schall 03.": (
        "Straßen: nach dem Verfahren; Schienen: Schall 03, Tag und Nacht; Beide: jede und ihre Summe, RLS-19 und Schall 03."
    ),
    "metres, size of the cells along the line and upwards.": "Größe der Zellen entlang der Linie und nach oben in Metern.",
    "Up": "Nach oben",
    "metres that the section reaches above the highest ground on it.": "Meter, die der Schnitt über den höchsten Boden auf ihm reicht.",
    "Noise at places": "Lärm an Immissionsorten",
    "Levels of roads or rails at the project's viewpoints, and which street or track brings how much of it": (
        "Lärm von Straßen oder Schienen an den Standpunkten des Projekts, und welche Straße, welches Gleis wie viel dazu beiträgt"
    ),
    "Metres between places on paths and in areas": "Meter zwischen den Orten auf Wegen und in Flächen",
    "Noise of roads on the ground and at façades: rating levels by day and night (RLS-19), or L_den and L_night (CNOSSOS-EU)": (
        "Lärm der Straßen am Boden und an Fassaden: Beurteilungspegel Tag und Nacht (RLS-19) oder L_den und L_night (CNOSSOS-EU)"
    ),
    "Method": "Verfahren",
    "RLS-19": "RLS-19",
    "CNOSSOS": "CNOSSOS",
    "RLS-19: planning law (16. BImSchV, DIN 18005), day and night; CNOSSOS: noise maps, L_den and L_night.": (
        "RLS-19: Planungsrecht (16. BImSchV, DIN 18005), Tag und Nacht; CNOSSOS: Lärmkarten, L_den und L_night."
    ),
    "metres of the map above the ground.": "Höhe der Karte über dem Boden in Metern.",
    "metres, size of façade cells: a storey high and a window axis wide.": (
        "Größe der Zellen auf Fassaden in Metern: ein Geschoss hoch und eine Fensterachse breit."
    ),
    "Reflections": "Reflexionen",
    "order of reflections in façades; RLS-19 counts two at most.": "Ordnung der Reflexionen an Fassaden; die RLS-19 zählt höchstens zwei.",
    "Distance": "Entfernung",
    "metres; what is farther away is not heard.": "Meter; was weiter entfernt ist, wird nicht gehört.",
    "Favourable": "Mitwind",
    "share of time with wind or inversion that carry sound far, by day and evening; CNOSSOS only.": (
        "Anteil der Zeit mit Wind oder Inversion, die den Schall weit tragen, am Tag und Abend; nur CNOSSOS."
    ),
    "Favourable night": "Mitwind nachts",
    "the same by night.": "Dasselbe in der Nacht.",
    "Temperature": "Temperatur",
    "mean of the year, °C, of tyres and of the air on the way; CNOSSOS only.": (
        "Jahresmittel in °C, für Reifen und für die Luft auf dem Weg; nur CNOSSOS."
    ),
    "Held against": "Gemessen an",
    "Nothing": "Nichts",
    "Guide": "Orientierungswert",
    "Limit": "Grenzwert",
    "guide: DIN 18005, which a plan weighs; limit: 16. BImSchV, which binds who builds a road or line; threshold: 70/60 dB(A).": (
        "Orientierungswert: DIN 18005, abzuwägen; Grenzwert: 16. BImSchV, bindet den Bau von Straßen und Gleisen; Schwelle: 70/60 dB(A)."
    ),
    "Area type": "Gebietsart",
    "Baugebiet whose values these are.": "Baugebiet, dessen Werte gelten.",
    "Colours": "Farben",
    "Usual": "Üblich",
    "Safe": "Für alle unterscheidbar",
    "usual: those of noise maps; safe: told apart by everybody.": (
        "Üblich: die der Lärmkarten; für alle unterscheidbar: auch bei Farbenfehlsichtigkeit."
    ),
    "Quiet": "Ruhig bis",
    "dB(A) by day, 10 less by night, up to which a side of a building is quiet: DIN 18005 for WR; rating levels only.": (
        "dB(A) am Tag, nachts 10 weniger, bis zu denen eine Gebäudeseite ruhig ist: DIN 18005 für WR; nur Beurteilungspegel."
    ),
    "Quiet below": "Ruhig ab",
    "dB below the loudest side of a building from which on one is quiet: 20 in Directive 2002/49/EC, annex VI.": (
        "dB unter der lautesten Seite eines Gebäudes, ab denen eine Seite ruhig ist: 20 in der Richtlinie 2002/49/EG, Anhang VI."
    ),
    "Local": "Ortsüblich",
    "Solar": "Sonnenzeit",
    "local: clock time; solar: true solar time.": "Ortsüblich: Uhrzeit am Ort; Sonnenzeit: wahre Ortszeit.",
    "Ground grid": "Raster",
    "metres between ground sensors.": "Abstand der Messpunkte am Boden in Metern.",
    "Cell size": "Zellgröße",
    "metres, size of façade and roof cells.": "Größe der Zellen auf Fassaden und Dächern in Metern.",
    "Ground": "Boden",
    "Façades and roofs": "Fassaden und Dächer",
    "Surroundings": "Umgriff",
    "metres around the plan areas.": "Meter um die Plangebiete herum.",
    "Start": "Beginn",
    "End": "Ende",
    "Step minutes": "Zeitschritt in Minuten",
    "Minimum elevation": "Mindesthöhe der Sonne",
    "degrees; lower suns do not count (DIN EN 17037: 11 in Germany, DIN 5034-1: 6).": (
        "Grad; tiefer stehende Sonne zählt nicht (DIN EN 17037: 11 in Deutschland, DIN 5034-1: 6)."
    ),
    "Compare With": "Vergleichen mit",
    "Show by how much the shown result differs from the same result of another variant, which must have been computed": (
        "Zeigen, um wie viel sich das gezeigte Ergebnis vom selben Ergebnis einer anderen Variante unterscheidet; das muss berechnet sein"
    ),
    "About {} for each variant": "Etwa {} je Variante",
    "Live Sun": "Sonne live",
    "Let the hours of sun on ground, façades and roofs follow the blocks while they are moved and changed; press again to end it": (
        "Die Besonnungsdauer auf Boden, Fassaden und Dächern folgt den Baukörpern, während sie bewegt und geändert werden; "
        "noch einmal drücken beendet es"
    ),
    "Only the shown variant": "Nur die gezeigte Variante",
    "Compute the variant that is shown; otherwise all of them": "Nur die gezeigte Variante berechnen; sonst alle",
    "Compute": "Berechnen",
    "Compute the chosen analysis for the shown variant, or for all; what is done and still true is not done again": (
        "Die gewählte Analyse für die gezeigte Variante oder für alle berechnen; was fertig ist und noch gilt, wird nicht wiederholt"
    ),
    # Results
    "Result": "Ergebnis",
    "Results": "Ergebnisse",
    "Nothing yet: compute an analysis.": "Noch nichts vorhanden: zuerst eine Analyse berechnen.",
    "Results of the shown variant": "Ergebnisse der gezeigten Variante",
    "Hide results of other variants in the list": "Ergebnisse anderer Varianten in der Liste ausblenden",
    "Show Result": "Ergebnis zeigen",
    "Show this result in the viewport with its legend, or hide it": (
        "Dieses Ergebnis mit seiner Legende in der 3D-Ansicht zeigen oder ausblenden"
    ),
    "Out of date: the variant has changed since": "Veraltet: Die Variante wurde seitdem geändert",
    "Remove Result": "Ergebnis entfernen",
    "Take the shown result out of the scene; its files stay in the project's folder": (
        "Das gezeigte Ergebnis aus der Szene nehmen; seine Dateien bleiben im Projektordner"
    ),
    "Export": "Export",
    "Export Result": "Ergebnis exportieren",
    "Copy the shown result to a folder: GeoTIFF, CSV, GeoJSON and a map as PNG": (
        "Das gezeigte Ergebnis in einen Ordner kopieren: GeoTIFF, CSV, GeoJSON und eine Karte als PNG"
    ),
    "{} file written to {}": "{} Datei geschrieben nach {}",
    "{} files written to {}": "{} Dateien geschrieben nach {}",
    "Read Values": "Werte ablesen",
    "Move the mouse over the result and read its value, the building and the sun of that day; Esc or a right click ends it": (
        "Mit der Maus über das Ergebnis fahren und Wert, Gebäude und Sonne des Tages ablesen; Esc oder Rechtsklick beendet"
    ),
    "Move: read values    Esc or right click: end": "Bewegen: Werte ablesen    Esc oder Rechtsklick: beenden",
    # Pictures
    "Picture": "Bild",
    "Pictures": "Bilder",
    "Preset": "Vorlage",
    "Kind of picture": "Art des Bildes",
    "Still": "Bild",
    "Aerial": "Luftbild",
    "Before-after": "Vorher und nachher",
    "Night": "Abend",
    "Panorama": "Rundblick",
    "Plan": "Lageplan",
    "Eye": "Augenhöhe",
    "White": "Weißes Modell",
    "Difference to": "Differenz zu",
    "Keys": "Tasten",
    "Draw Block: Rectangle": "Baukörper zeichnen: Rechteck",
    "Draw Block: Polygon": "Baukörper zeichnen: Vieleck",
    "Values of the Plan": "Festsetzungen",
    "Say what the development plan fixes for this building plot; 0 stands for what it does not fix": (
        "Angeben, was der Bebauungsplan für dieses Baugrundstück festsetzt; 0 steht für nicht festgesetzt"
    ),
    "Kind of Baugebiet (§§ 2 to 11 BauNVO)": "Art des Baugebiets (§§ 2 bis 11 BauNVO)",
    "Share of the plot that main buildings may cover": "Anteil des Grundstücks, den Hauptanlagen überdecken dürfen",
    "Floor area in Vollgeschosse for each m² of plot": "Geschossfläche in Vollgeschossen je m² Grundstück",
    "Volume in m³ for each m² of plot": "Baumasse in m³ je m² Grundstück",
    "Most Vollgeschosse": "Höchstzahl der Vollgeschosse",
    "Edition of the BauNVO that was in force when the plan was laid out; – goes by the data, else the newest": (
        "Fassung der BauNVO, die bei der Auslegung des Plans galt; – nimmt die der Daten, sonst die neueste"
    ),
    "Edition of the BauNVO that was in force when the plan was laid out; – takes that of the plan area the plot lies in": (
        "Fassung der BauNVO, die bei der Auslegung des Plans galt; – nimmt die des Plangebiets, in dem das Grundstück liegt"
    ),
    "Add Building Plot": "Baugrundstück aufnehmen",
    "Make the parcel or plan area at a place a building plot of the project, with figures and rules of its own": (
        "Das Flurstück oder Plangebiet an einer Stelle zum Baugrundstück des Projekts machen, mit eigenen Kennzahlen und Regeln"
    ),
    "Name Building Plots": "Baugrundstücke wählen",
    "Click parcels or plan areas to make each a building plot of the project": (
        "Flurstücke oder Plangebiete anklicken, um sie zu Baugrundstücken des Projekts zu machen"
    ),
    "Click: make it a building plot": "Klick: zum Baugrundstück machen",
    "The variant that differences of key figures are taken to": "Variante, zu der die Differenz gebildet wird",
    "Draw Sheet": "Blatt zeichnen",
    "Draw a sheet to scale of the shown variant as PDF and SVG, with title block, legend and scale bar": "Ein maßstäbliches Blatt der "
    "gezeigten Variante zeichnen, als PDF und SVG",
    "Make Film": "Film erstellen",
    "Make Slides": "Folien erstellen",
    "Put all variants on slides for a meeting: pictures from one camera, figures, findings, results; as PowerPoint and PDF": (
        "Alle Varianten auf Folien für die Sitzung: Bilder aus einer Kamera, Kennzahlen, Befunde, Ergebnisse; als PowerPoint und PDF"
    ),
    "slides": "Folien",
    "Slides": "Folien",
    "Make a film of the shown variant at the date of the panel, as MP4 and WebM; frames that are done are kept": "Einen Film der "
    "gezeigten Variante am Datum des Panels erstellen",
    "What is drawn": "Was gezeichnet wird",
    "Of lengths on the paper": "Der Längen auf dem Papier",
    "Paper": "Papier",
    "Size of the sheet": "Größe des Blatts",
    "As it fits": "Wie es passt",
    "The smallest that holds it": "Das kleinste, auf das es passt",
    "Land, streets, trees, roofs, and the proposal with its storeys": "Flächen, Straßen, Bäume, Dächer und das Vorhaben",
    "Buildings black, the proposal in its colour": "Gebäude schwarz, das Vorhaben farbig",
    "Storeys plan": "Geschossigkeitsplan",
    "Buildings coloured by their storeys": "Gebäude nach Geschossen eingefärbt",
    "Heights plan": "Höhenplan",
    "Highest points, and contour lines": "Höchste Punkte und Höhenlinien",
    "Uses plan": "Nutzungsplan",
    "Buildings coloured by their use": "Gebäude nach Nutzung eingefärbt",
    "Open spaces plan": "Freiflächenplan",
    "Open spaces with their areas, trees that stay, go and come": "Freiflächen, Bäume, die bleiben, fallen und neu sind",
    "Plan's rules": "Festsetzungen",
    "What the development plan fixes, in PlanZV symbols": "Was der Bebauungsplan festsetzt, in Planzeichen",
    "Axonometry": "Axonometrie",
    "The plan turned, heights drawn upwards at the same scale": "Der Grundriss gedreht, Höhen im selben Maßstab nach oben",
    "Shadow study": "Verschattungsstudie",
    "Shadows on three days at five hours, today and what is added": "Schatten an drei Tagen zu fünf Stunden, heute und neu",
    "Along the selected line (a curve, or the edges of a mesh)": "Entlang der ausgewählten Linie (Kurve oder Netzkanten)",
    "Street elevation": "Straßenabwicklung",
    "What is seen to the left of the selected line": "Was links der ausgewählten Linie zu sehen ist",
    "What moves": "Was sich bewegt",
    "Shadow of a day": "Schatten eines Tages",
    "The camera stands still, the sun goes from 8 to 18 o'clock": "Die Kamera steht, die Sonne wandert von 8 bis 18 Uhr",
    "Flight around": "Rundflug",
    "The camera goes once around the plan area": "Die Kamera fliegt einmal um das Plangebiet",
    "Seconds": "Sekunden",
    "How long something moves": "Wie lange sich etwas bewegt",
    "Small and quick, to see whether it is right": "Klein und schnell, um zu sehen, ob es stimmt",
    "Sheet": "Blatt",
    "A check for planners, no legal advice.": "Eine Prüfung für Planende, keine Rechtsberatung.",
    "Abstandsflächen of the shown variant on the ground; red where they lie on each other, on houses or beyond the plot": "Abstandsflächen "
    "der gezeigten Variante auf dem Boden; rot, wo sie aufeinander, auf Gebäuden oder jenseits des Grundstücks liegen",
    "Below ground": "Unter der Erde",
    "Bezugspunkt of its own": "Eigener Bezugspunkt",
    "Counts as": "Zählt als",
    "Dwellings": "Wohneinheiten",
    "Dwellings are known": "Wohneinheiten bekannt",
    "Explain Figure": "Kennwert erklären",
    "Findings": "Befunde",
    "Garage or parking": "Garage oder Stellplatz",
    "Move Blocks": "Baukörper verschieben",
    "Take hold of a block and move it: it holds on to Baugrenzen, plots, houses and the room to build; type a distance for an exact one": (
        "Einen Baukörper anfassen und verschieben: Er hält sich an Baugrenzen, Flurstücke, Häuser und Spielraum; Ziffern geben das Maß"
    ),
    "By": "Um",
    "Metres to the east and north": "Meter nach Osten und Norden",
    "1 finding": "1 Befund",
    "{} findings": "{} Befunde",
    "Click or drag: take hold, let go": "Klick oder Ziehen: anfassen, loslassen",
    "Digits: distance in metres": "Ziffern: Entfernung in Metern",
    "Edition of the BauNVO": "Fassung der BauNVO",
    "Say which edition of the BauNVO this plan was laid out under: its figures, and those of plots in it, are reckoned by that": (
        "Angeben, unter welcher Fassung der BauNVO dieser Plan ausgelegt wurde: Danach zählen seine Kennwerte und die seiner Grundstücke"
    ),
    "Place by Points": "Nach Punkten setzen",
    "Click a corner of the active block or its model, then where it belongs: one pair moves it, two turn it, a third shows the error": (
        "Eine Ecke des aktiven Baukörpers oder seines Modells anklicken, dann ihren Ort: ein Paar verschiebt, zwei drehen, "
        "das dritte zeigt den Fehler"
    ),
    "Points": "Punkte",
    "[[x, y, to x, to y], …] in metres of the scene; clicked when empty": (
        "[[x, y, nach x, nach y], …] in Metern der Szene; leer: angeklickt"
    ),
    "Click a corner of the model": "Ecke des Modells anklicken",
    "Click where it belongs": "Anklicken, wohin sie gehört",
    "Click: a corner of the model, then where it belongs": "Klick: Ecke des Modells, dann ihr Ort",
    "Drag Storeys": "Geschosse ziehen",
    "Drag up or down for more storeys or fewer; figures and findings follow": (
        "Nach oben oder unten ziehen: mehr oder weniger Geschosse; Kennzahlen und Befunde folgen"
    ),
    "Drag or wheel: storeys": "Ziehen oder Mausrad: Geschosse",
    "Uses by storey": "Nutzung je Geschoss",
    "Upper floor {}": "{}. OG",
    "Upper floors {} to {}": "{}. bis {}. OG",
    "Several Storeys": "Mehrere Geschosse",
    "Use of Storeys": "Nutzung von Geschossen",
    "Give storeys of the selected blocks a use of their own; all others have the main use": (
        "Geschossen der gewählten Baukörper eine eigene Nutzung geben; alle anderen haben die Hauptnutzung"
    ),
    "From storey": "Vom Geschoss",
    "To storey": "Bis Geschoss",
    "0 is the ground floor, 1 the first upper floor": "0 ist das Erdgeschoss, 1 das erste Obergeschoss",
    "Use": "Nutzung",
    "What the storeys are used for": "Wofür die Geschosse genutzt werden",
    "Height of the Bezugspunkt in the project's height system": "Höhe des Bezugspunkts im Höhensystem des Projekts",
    "Heights are stated from a point of their own (§ 18 BauNVO), such as the pavement, not from where the block stands": (
        "Höhen werden von einem eigenen Punkt aus angegeben (§ 18 BauNVO), etwa vom Gehweg; sonst von der Standhöhe des Baukörpers"
    ),
    "Highest ground": "Höchstem Gelände",
    "How this figure came about: formula, paragraph, and the values that went in": "Wie dieser Kennwert zustande kommt: Formel, "
    "Paragraf und eingegangene Werte",
    "In the GRZ in total alone": "Nur in der GRZ gesamt",
    "In the GRZ of main buildings and in the GFZ": "In der GRZ der Hauptanlagen und in der GFZ",
    "Locked": "Gesperrt",
    "Look at the place of this finding and select its block": "Zur Stelle dieses Befunds gehen und den Baukörper auswählen",
    "Lowest ground": "Tiefstem Gelände",
    "Main building": "Hauptanlage",
    "Mean ground": "Mittlerem Gelände",
    "Not Applicable Because …": "Nicht anwendbar, weil …",
    "Nothing of a locked variant can be changed by mistake; this opens and closes the lock": "An einer gesperrten Variante lässt sich "
    "nichts versehentlich ändern; hiermit wird sie gesperrt und entsperrt",
    "The town is being made ready for figures …": "Die Stadt wird für die Kennzahlen vorbereitet …",
    "Nothing yet: draw a block, or show a variant.": "Noch nichts: Zeichnen Sie einen Baukörper oder zeigen Sie eine Variante.",
    "Number of dwellings": "Zahl der Wohneinheiten",
    "Flurstücke, those under blocks with their numbers, and the Baugrundstücke with names and areas": "Flurstücke, die unter Baukörpern "
    "mit ihren Nummern, und die Baugrundstücke mit Namen und Flächen",
    "Reason": "Grund",
    "Rooms in the attic": "Räume im Dach",
    "Say why this rule does not hold for the block: the finding stays in the list with the reason. An empty reason takes it back": (
        "Sagen, warum diese Regel für den Baukörper nicht gilt: Der Befund bleibt mit dem Grund in der Liste. Ein leerer Grund "
        "nimmt es zurück"
    ),
    "Show Finding": "Befund zeigen",
    "Stands on": "Steht auf",
    "Such as: built on the border as the plan allows (closed Bauweise)": "Etwa: Grenzbebauung, die der Plan zulässt (geschlossene "
    "Bauweise)",
    "The highest ground along its outline": "Höchstes Gelände entlang des Umrisses",
    "The lowest ground along and under the block": "Tiefstes Gelände entlang und unter dem Baukörper",
    "The mean of the ground along its outline": "Mittleres Gelände entlang des Umrisses",
    "The rules that are known here find nothing.": "Die hier bekannten Regeln finden nichts.",
    "Their number is typed; otherwise the floor area gives it": "Ihre Zahl ist eingegeben; sonst ergibt sie sich aus der Fläche",
    "There are Aufenthaltsräume in the attic": "Im Dach gibt es Aufenthaltsräume",
    "Blocks of this locked variant were changed or deleted all the same: undo, or open the lock.": "Baukörper dieser gesperrten Variante "
    "wurden trotzdem geändert oder gelöscht: rückgängig machen oder das Schloss öffnen.",
    "This variant is locked: the lock beside its status opens it.": "Diese Variante ist gesperrt: Das Schloss neben ihrem Status "
    "öffnet sie.",
    "What it counts as": "Anrechnung",
    "Wholly below ground, such as a Tiefgarage: in the GRZ in total alone": "Ganz unter der Erde, etwa eine Tiefgarage: nur in der GRZ "
    "gesamt",
    "{} more in the comparison": "{} weitere im Vergleich",
    "§ 14 BauNVO: in the GRZ in total alone": "§ 14 BauNVO: nur in der GRZ gesamt",
    "Web": "Vorschaubild",
    "A small picture for pages and previews of links, without words below it: those stand on the page.": (
        "Ein kleines Bild für Webseiten und Linkvorschauen, ohne Worte darunter: die stehen auf der Seite."
    ),
    "The plan area in its quarter, from higher up and farther away.": "Das Plangebiet in seinem Viertel, von weiter oben und weiter weg.",
    "From straight above, north up, with the sun's shadow; on paper to a scale, where one is given.": "Senkrecht von oben, Norden "
    "oben, mit dem Schatten der Sonne; auf Papier im Maßstab, wo einer angegeben ist.",
    "Of a plan, 1 to this, true on its paper; 0: it fits what it is about": (
        "Eines Lageplans, 1 zu dieser Zahl, auf seinem Papier genau; 0: so, dass alles darauf passt"
    ),
    "Pixels per inch": "Pixel je Zoll",
    "Of a plan to scale; 150 for print": "Eines Lageplans im Maßstab; 150 für den Druck",
    "From 1.60 m above the ground, verticals kept vertical.": "Aus 1,60 m über dem Boden, Senkrechte bleiben senkrecht.",
    "A model of white card in soft light: form alone.": "Ein Modell aus weißer Pappe in weichem Licht: die Form allein.",
    "After dusk: lit windows and street lamps.": "Nach der Dämmerung: beleuchtete Fenster und Straßenlaternen.",
    "All around from an open place by the designs, 360°, for viewers of panoramas.": (
        "Ringsum von einem offenen Platz bei den Entwürfen, 360°, für Programme, die Rundblicke zeigen."
    ),
    "The Bestand and a variant beside each other, from one camera in one light.": "Der Bestand und eine Variante nebeneinander, aus einer "
    "Kamera in einem Licht.",
    "The Bestand and every variant, each from the same camera in the same light.": "Der Bestand und jede Variante, jeweils aus derselben "
    "Kamera im selben Licht.",
    "Bird's eye view of the plan area: an architectural model in real light.": (
        "Vogelschau auf das Plangebiet: ein Architekturmodell in wirklichem Licht."
    ),
    "A result in its class colours on a quiet model, with its legend beside it.": (
        "Ein Ergebnis in seinen Klassenfarben auf ruhigem Modell, mit der Legende daneben."
    ),
    "File name": "Dateiname",
    "Name of the picture's file; empty: made of preset, variant and date": (
        "Name der Bilddatei; leer: aus Vorlage, Variante und Datum gebildet"
    ),
    "Samples": "Abtastungen",
    "Quality of the picture: 0 takes that of the preset": "Qualität des Bildes; 0: wie in der Vorlage",
    "Width": "Breite",
    "Pixels; 0 takes that of the preset": "Pixel; 0: wie in der Vorlage",
    "Date and time are those of the sun above.": "Datum und Uhrzeit gelten wie oben bei der Sonne.",
    "Make Picture": "Bild erstellen",
    "Make a captioned picture of the shown variant (and result) at the date and time of the panel": (
        "Ein beschriftetes Bild der gezeigten Variante (und des Ergebnisses) zu Datum und Uhrzeit der Seitenleiste erstellen"
    ),
    "Open": "Öffnen",
    "Look at what was made last, in the program that the system has for it": (
        "Ansehen, was zuletzt entstanden ist, im Programm, das das System dafür hat"
    ),
    # Jobs and what they are doing
    "Open the sample": "Beispiel öffnen",
    "Read values": "Werte ablesen",
    "What Was Read": "Was gelesen wurde",
    "Show what was skipped, mended or doubtful when the data were read, and copy the whole list": (
        "Zeigen, was beim Lesen der Daten ausgelassen, geheilt oder zweifelhaft war, und die ganze Liste kopieren"
    ),
    "Everything was read without a problem.": "Alles wurde ohne Beanstandung gelesen.",
    "The whole list is on the clipboard.": "Die ganze Liste ist in der Zwischenablage.",
    "{} part": "{} Gebäudeteil",
    "{} parts": "{} Gebäudeteile",
    "{} problem": "{} Hinweis",
    "{} problems": "{} Hinweise",
    "The scene that this was computed for is gone; what was made is in the project's folder.": (
        "Die Szene, für die das berechnet wurde, gibt es nicht mehr; das Ergebnis liegt im Ordner des Projekts."
    ),
    "A result is too large for the viewport; it is in the project's folder.": (
        "Ein Ergebnis ist zu groß für die Ansicht; es liegt im Ordner des Projekts."
    ),
    "Open project": "Projekt öffnen",
    "preparing": "vorbereiten",
    "read": "eingelesen",
    "terrain": "Gelände",
    "textures": "Texturen",
    "key figures": "Kennzahlen",
    "neighbours": "Umgebung",
    "trees, streets and areas": "Bäume, Straßen und Flächen",
    "horizon": "Horizont",
    "sun and shadow": "Sonne und Schatten",
    "spread of sound": "Schallausbreitung",
    "reflections": "Reflexionen",
    "writing": "schreiben",
    "building the scene": "Szene aufbauen",
    "stopping": "wird abgebrochen",
    "Key Figures": "Kennzahlen",
    "done": "fertig",
    # Preferences
    "Whether the crowns of trees are drawn and hide what is behind them": (
        "Ob Baumkronen gezeichnet werden und verdecken, was hinter ihnen liegt"
    ),
    "Axes": "Achsen",
    "Axis": "Achse",
    "Click a building that is to be seen, or a place on the ground; the wheel sets the height of a pole there": (
        "Ein Gebäude anklicken, das zu sehen sein soll, oder einen Ort am Boden; das Rad stellt dort die Höhe eines Mastes ein"
    ),
    "Click a place on the ground to look from; the wheel sets how high above it the eye is": (
        "Einen Ort am Boden anklicken, von dem aus geblickt wird; das Rad stellt ein, wie hoch darüber das Auge ist"
    ),
    "Click where somebody stands, then what is to stay in sight; the wheel sets the width of the corridor": (
        "Anklicken, wo jemand steht, dann, was zu sehen bleiben soll; das Rad stellt die Breite des Korridors ein"
    ),
    "Click: from here, then to there": "Klick: von hier, dann nach dort",
    "Click: look at this": "Klick: hierauf blicken",
    "Click: look from here": "Klick: von hier blicken",
    "Corridor width": "Breite des Korridors",
    "Empty: numbered": "Leer: nummeriert",
    "Eye above ground": "Auge über dem Boden",
    "Height above ground": "Höhe über dem Boden",
    "Landmark": "Ziel",
    "Metres, half of it to either side of the line": "Meter, je zur Hälfte beiderseits der Linie",
    "Number": "Nummer",
    "Of a pole, where no building is": "Eines Mastes, wo kein Gebäude ist",
    "Places": "Orte",
    "Viewpoint": "Standpunkt",
    "Viewpoints": "Standpunkte",
    "Wheel: height of the eye": "Rad: Höhe des Auges",
    "Wheel: width": "Rad: Breite",
    "[[x, y], …] in metres of the scene; put with the mouse when empty": (
        "[[x, y], …] in Metern der Szene; wenn leer, mit der Maus gesetzt"
    ),
    "Degrees to which they limit it upwards and downwards together": "Grad, auf die sie ihn nach oben und unten zusammen begrenzen",
    "Degrees to which window and room limit the view sideways": "Grad, auf die Fenster und Raum den Blick seitlich begrenzen",
    "Directions": "Richtungen",
    "Distance, angle and layers of the view out on façades, after EN 17037": (
        "Entfernung, Winkel und Ebenen der Aussicht an Fassaden, nach DIN EN 17037"
    ),
    "Houses": "Häuser",
    "How many directions are looked in": "In wie viele Richtungen geblickt wird",
    "Metres around, within which houses count; beyond it only hills": "Meter im Umkreis, in dem Häuser zählen; darüber hinaus nur Berge",
    "Open sky": "Himmelsfaktor und Horizont",
    "Panorama and sky line": "Panorama und Horizontlinie",
    "Pictures all around from viewpoints, before and after, with the sky line and what is seen as tables": (
        "Rundumbilder von Standpunkten, vorher und nachher, mit Horizontlinie und Sichtbarem als Tabellen"
    ),
    "Pixels": "Pixel",
    "Sky view factor and elevation of the horizon on the ground, with far hills": (
        "Himmelsfaktor und Höhe des Horizonts auf dem Boden, mit fernen Bergen"
    ),
    "View out of windows": "Aussicht aus Fenstern",
    "Width of the panorama all around": "Breite des Rundumbilds",
    "panorama": "Panorama",
    "Blocks": "Baukörper",
    "Landmarks": "Ziele",
    "Of": "Von",
    "Reach": "Reichweite",
    "Surface": "Oberflächenmodell",
    "Target": "Ziel",
    "File of a surface model with houses and trees, held against instead of the city; empty: the city": (
        "Datei eines Oberflächenmodells mit Häusern und Bäumen statt der Stadt; leer: die Stadt"
    ),
    "From where landmarks or the blocks of the variant are seen, and how much of them, before and after": (
        "Von wo aus Ziele oder die Baukörper der Variante zu sehen sind und wie viel von ihnen, vorher und nachher"
    ),
    "Metres above the ground that are looked at": "Meter über dem Boden, auf die geblickt wird",
    "Metres beyond which nothing is seen": "Meter, jenseits derer nichts zu sehen ist",
    "Metres of the eye above the ground": "Meter des Auges über dem Boden",
    "Viewshed": "Sichtbarkeit von Standpunkten",
    "Visibility of landmarks and blocks": "Sichtbarkeit von Zielen und Baukörpern",
    "What is seen from viewpoints, paths and areas, on the ground, façades and roofs": (
        "Was von Standpunkten, Wegen und Flächen aus zu sehen ist, auf Boden, Fassaden und Dächern"
    ),
    "landmarks: those of the project, before and after; blocks: where the blocks of the variant will be seen from.": (
        "landmarks: die Ziele des Projekts, vorher und nachher; blocks: von wo aus die Baukörper der Variante zu sehen sein werden."
    ),
    "Along": "Entlang",
    "Look at": "Blick auf",
    "Look from": "Blick von",
    "Metres between eyes on paths and in areas": "Meter zwischen den Augen auf Wegen und in Flächen",
    "Names of axes, separated by semicolons; empty: all": "Namen von Achsen, durch Semikolon getrennt; leer: alle",
    "Names of landmarks, separated by semicolons; empty: all": "Namen von Zielen, durch Semikolon getrennt; leer: alle",
    "Names of viewpoints, separated by semicolons; empty: all": "Namen von Standpunkten, durch Semikolon getrennt; leer: alle",
    "Refraction": "Refraktion",
    "Sight lines and axes": "Sichtlinien und Sichtachsen",
    "Spacing": "Abstand",
    "Whether landmarks are seen from viewpoints, what hides them, and what stands in protected axes": (
        "Ob Ziele von Standpunkten aus zu sehen sind, was sie verdeckt und was in geschützte Achsen ragt"
    ),
    "Whether the crowns of trees hide what is behind them": "Ob Baumkronen verdecken, was hinter ihnen liegt",
    "lines of sight": "Sichtlinien",
    "share of the Earth's curvature that light follows; both count beyond 2 km.": (
        "Anteil der Erdkrümmung, dem das Licht folgt; beide zählen ab 2 km."
    ),
    "Language": "Sprache",
    "Language of Jena Planner's panels and messages": "Sprache der Bedienfelder und Meldungen von Jena Planner",
    "As Blender": "Wie Blender",
    "That of Blender's interface": "Sprache der Blender-Oberfläche",
    "German": "Deutsch",
    "English": "Englisch",
    "Projects": "Projekte",
    "Folder in which new projects are proposed": "Ordner, der für neue Projekte vorgeschlagen wird",
    "Cache folder": "Zwischenspeicher",
    "Where projects live that were not saved yet, tiles that have been read, and the log; empty: Blender's own place": (
        "Wo noch nicht gespeicherte Projekte, gelesene Kacheln und das Protokoll liegen; leer: der von Blender vorgesehene Ort"
    ),
    "Threads that analyses use; 0: as many as the machine has": "Threads für die Analysen; 0: so viele, wie der Rechner hat",
    "Versions": "Versionen",
}

_switched: list[str] = []
"""Switches of Blender's that were off and that German words in an English Blender need."""


def apply() -> None:
    """Hand Blender the words that the preferences ask for: German in a German Blender, German in any Blender, or none."""
    take_back()
    own = preferences.get()
    chosen = own.language if own is not None else "AUTO"
    known, view = bpy.app.translations, bpy.context.preferences.view
    words = {(context, english): german for english, german in GERMAN.items() for context in ("*", "Operator")}
    if chosen == "AUTO":
        known.register(__package__, {"de": words})  # of "de_DE" too, as Blender called it up to 4.x
    elif chosen == "de":
        known.register(__package__, dict.fromkeys({"de", *known.locales, known.locale or "de"}, words))
        for switch in ("use_translate_interface", "use_translate_tooltips", "use_translate_reports"):  # English Blender: all off
            if not known.locale.startswith("de") and not getattr(view, switch, True):
                setattr(view, switch, True)
                _switched.append(switch)


def take_back() -> None:
    """No words of ours, Blender's switches as they were; a Blender that speaks another language by now has set its own."""
    bpy.app.translations.unregister(__package__)
    for switch in _switched if bpy.app.translations.locale.startswith("en") else ():
        setattr(bpy.context.preferences.view, switch, False)
    _switched.clear()


def register(registry: Any) -> None:
    """Hand the words to Blender."""
    apply()
    registry.on_undo(take_back)
