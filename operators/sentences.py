"""Sentences made at run time, in the language of the panel.

The rooms below speak English (what is wrong, what is being done) and German (titles and labels of results, which stand in pictures
too) and know no languages. Here a finished sentence is matched against the templates it can come from, and filled in again in the
other language. A test finds any sentence of the source that has no template.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..jena_city.result_words import in_english, matcher
from . import preferences
from .translations import GERMAN

SENTENCES: dict[str, str] = {
    "Choose a darker colour": "Eine dunklere Farbe wählen",
    "Name a PNG or JPEG, and a TTF or OTF": "Ein PNG oder JPEG und eine TTF oder OTF angeben",
    "Name another, or take the line out": "Eine andere angeben oder die Zeile herausnehmen",
    "the colour of {} is too pale to be read on white: its contrast is {}, not 4.5": (
        "die Farbe {} ist auf Weiß zu blass zum Lesen: ihr Kontrast ist {}, nicht 4,5"
    ),
    "its font has no letters for {}": "ihre Schrift hat keine Zeichen für {}",
    "Name a font that has them": "Eine Schrift angeben, die sie hat",
    "its logo or font cannot be read": "ihr Logo oder ihre Schrift ist nicht lesbar",
    "the design file cannot be read ({})": "die Design-Datei ist nicht lesbar ({})",
    "Add one beside the line, or above it": "Einen neben der Linie ergänzen oder darüber",
    "Add points at other heights and distances, or state the focal length": (
        "Punkte in anderen Höhen und Entfernungen ergänzen oder die Brennweite angeben"
    ),
    "Give it another name": "Ihm einen anderen Namen geben",
    "Give these another photo first": "Diesen zuerst ein anderes Foto geben",
    "Give [[{}], …]": "[[{}], …] angeben",
    "the project has another photo of this name": "das Projekt hat ein anderes Foto dieses Namens",
    "the photo {} is that of {}": "das Foto {} ist das von {}",
    "they are no list of points": "sie sind keine Liste von Punkten",
    "there is no 3D view to click in": "es gibt keine 3D-Ansicht zum Anklicken",
    "Click more points in photo and town": "Mehr Punkte in Foto und Stadt anklicken",
    "Click that point again, or take it out": "Diesen Punkt noch einmal anklicken oder herausnehmen",
    "Give it the preset photo-montage and a photo of [[photos]]": "Ihm die Vorlage photo-montage und ein Foto aus [[photos]] geben",
    "Its pixels go to {}, {}": "Seine Pixel gehen bis {}, {}",
    "Name a JPEG, PNG or TIFF file": "Eine JPEG-, PNG- oder TIFF-Datei angeben",
    "Put it there, or name another under [[photos]]": "Sie dort ablegen oder unter [[photos]] eine andere angeben",
    "State its date and time": "Datum und Uhrzeit angeben",
    "Take one of them out": "Einen von beiden herausnehmen",
    "Take the camera out: the photo has its own": "Die Kamera herausnehmen: das Foto hat seine eigene",
    "it has a photo and a camera": "es hat ein Foto und eine Kamera",
    "it has {} points, a camera needs {} to 6": "es hat {} Punkte, eine Kamera braucht {} bis 6",
    "it names a photo, but its preset lays nothing into one": "es nennt ein Foto, aber seine Vorlage legt nichts in eines",
    "its points lie on one line": "seine Punkte liegen auf einer Linie",
    "its preset lays the variant into a photo, none is named": "seine Vorlage legt die Variante in ein Foto, keines ist genannt",
    "photo {}": "Foto {}",
    "point {} lies outside the photo": "Punkt {} liegt außerhalb des Fotos",
    "points {} and {} are the same": "die Punkte {} und {} sind dieselben",
    "the file does not say when it was taken": "die Datei sagt nicht, wann es aufgenommen wurde",
    "the photo cannot be read": "das Foto ist nicht lesbar",
    "the points do not fix the camera: its place is uncertain by {} m": (
        "die Punkte legen die Kamera nicht fest: ihr Ort ist auf {} m ungewiss"
    ),
    "the points contradict each other, point {} most: the best camera misses them by {} pixels": (
        "die Punkte widersprechen einander, Punkt {} am meisten: die beste Kamera verfehlt sie um {} Pixel"
    ),
    "no camera sees the points as they are clicked": "keine Kamera sieht die Punkte so, wie sie angeklickt sind",
    "there is no file {}": "es gibt keine Datei {}",
    "there is no photo called {}": "es gibt kein Foto namens {}",
    "two photos would be called {}": "zwei Fotos hießen {}",
    'Add a picture with variant = "bestand"': 'Ein Bild mit variant = "bestand" ergänzen',
    "Camera": "Kamera",
    "Choose one that is, or draw an axis": "Einen wählen, der einer ist, oder eine Achse zeichnen",
    "Click a block first": "Zuerst einen Baukörper anklicken",
    "Draw an axis first, in the panel Analyses": "Zuerst im Bereich Analysen eine Achse zeichnen",
    "Give a name that no other camera has": "Einen Namen angeben, den keine andere Kamera hat",
    "Give all of them the same, or take one out of the set": "Allen dasselbe geben oder eines aus der Reihe nehmen",
    "Give these another camera first": "Diesen zuerst eine andere Kamera geben",
    "Move it up": "Sie nach oben bewegen",
    "Open a 3D view": "Eine 3D-Ansicht öffnen",
    "Press 5 on the number pad, or turn the view": "Die 5 auf dem Ziffernblock drücken oder die Ansicht drehen",
    "Take the camera out, or choose another preset": "Die Kamera herausnehmen oder eine andere Vorlage wählen",
    "Take the camera out, or make a shadow film": "Die Kamera herausnehmen oder einen Schattenfilm machen",
    "Tilt it, or make a picture with the preset plan": "Sie neigen oder ein Bild mit der Vorlage plan machen",
    'a camera cannot be called "{}"': 'eine Kamera kann nicht "{}" heißen',
    "an unequal set is refused: it does not show the Bestand": "eine ungleiche Reihe wird abgelehnt: sie zeigt den Bestand nicht",
    "an unequal set is refused: {} differs from {} in {}": "eine ungleiche Reihe wird abgelehnt: {} unterscheidet sich von {} in {}",
    "it is no single point": "er ist kein einzelner Punkt",
    "its camera moves, so it cannot be a named one": "seine Kamera bewegt sich, kann also keine benannte sein",
    "its preset looks straight down, from no named camera": "seine Vorlage blickt senkrecht hinab, aus keiner benannten Kamera",
    "no block of the shown variant is selected": "kein Baukörper der gezeigten Variante ist ausgewählt",
    "plan area {}": "Plangebiet {}",
    "there is no plan area of that name in the data": "in den Daten gibt es kein Plangebiet dieses Namens",
    "no block is active": "kein Baukörper ist aktiv",
    "the camera {} is that of {}": "die Kamera {} gehört zu {}",
    "the camera {} stands inside {}, in the variant {}": "die Kamera {} steht in {}, in der Variante {}",
    "the project has no such sight line": "das Projekt hat keine solche Sichtlinie",
    "the view has no perspective, as a camera does": "die Ansicht hat keine Perspektive, wie eine Kamera sie hat",
    "the view looks from below the ground": "die Ansicht blickt von unter dem Gelände",
    "the view looks straight down": "die Ansicht blickt senkrecht hinab",
    "there is no 3D view to take it from": "es gibt keine 3D-Ansicht, aus der sie genommen werden könnte",
    "there is no camera called {}": "es gibt keine Kamera namens {}",
    "two cameras would be called {}": "zwei Kameras hießen {}",
    "{}, set {}": "{}, Reihe {}",
    "{}, slides {}": "{}, Folien {}",
    "it stands where {} stands": "er steht, wo {} steht",
    "Remove one of them, or choose by name": "Einen von beiden entfernen oder nach Namen auswählen",
    "Give [[x, y], …]": "[[x, y], …] angeben",
    "Look at the list again": "Die Liste noch einmal ansehen",
    "it has no entry {} under {}": "es hat keinen Eintrag {} unter {}",
    "the places": "die Orte",
    "they are no list of places": "sie sind keine Liste von Orten",
    "Add [[landmarks]] to project.toml, or put one with the mouse": (
        "[[landmarks]] in project.toml ergänzen oder eines mit der Maus setzen"
    ),
    "Move it, or name a larger file": "Ihn verschieben oder eine größere Datei angeben",
    "it lies outside {}": "er liegt außerhalb von {}",
    "landmarks": "Ziele",
    "Add [[axes]], or [[viewpoints]] and [[landmarks]], to project.toml, or put them with the mouse": (
        "[[axes]] oder [[viewpoints]] und [[landmarks]] in project.toml ergänzen oder sie mit der Maus setzen"
    ),
    "Add [[viewpoints]] to project.toml, or put one with the mouse": (
        "[[viewpoints]] in project.toml ergänzen oder einen mit der Maus setzen"
    ),
    "Choose another building": "Ein anderes Gebäude wählen",
    "Give the gml:id of a building, or a place on it": "Die gml:id eines Gebäudes angeben oder einen Ort darauf",
    "Move it onto a building, or give it a height": "Es auf ein Gebäude schieben oder ihm eine Höhe geben",
    "Move it, or add terrain": "Ihn verschieben oder Gelände ergänzen",
    "Move it, or raise its eye above the roof": "Ihn verschieben oder sein Auge über das Dach heben",
    "Move one of them": "Eines von beiden verschieben",
    "Name a file with points, lines for axes and paths, or areas": (
        "Eine Datei mit Punkten, mit Linien für Achsen und Wege oder mit Flächen angeben"
    ),
    "axis {}": "Achse {}",
    "it begins or ends outside the terrain": "sie beginnt oder endet außerhalb des Geländes",
    "it has no façades and no roof": "es hat keine Fassaden und kein Dach",
    "it is less than a metre from {}": "er ist weniger als einen Meter entfernt von {}",
    "it lies inside a building": "er liegt in einem Gebäude",
    "landmark {}": "Ziel {}",
    "no building stands there, and it has no height of its own": "dort steht kein Gebäude, und es hat keine eigene Höhe",
    "nothing in it can be looked from or at": "nichts darin kann Standpunkt oder Ziel sein",
    "sight lines": "Sichtlinien",
    "the project names neither an axis nor a viewpoint and a landmark": (
        "das Projekt nennt weder eine Achse noch einen Standpunkt und ein Ziel"
    ),
    "the project names none": "das Projekt nennt keine",
    "there is no building {}": "es gibt kein Gebäude {}",
    "there is none called {}": "es gibt keinen Eintrag namens {}",
    "viewpoint {}": "Standpunkt {}",
    "viewpoints": "Standpunkte",
    "views": "Sichten",
    # Solar irradiation
    "clear sky": "klarer Himmel",
    "{} minutes do not divide a day": "{} Minuten teilen einen Tag nicht",
    "Choose 10, 15, 30 or 60": "10, 15, 30 oder 60 wählen",
    "Look at the path, which is relative to the project's folder": "Den Pfad prüfen; er gilt vom Projektordner aus",
    "it cannot be read as a weather file ({})": "sie lässt sich nicht als Wetterdatei lesen ({})",
    "Take the file as the publisher gives it": "Die Datei so nehmen, wie der Herausgeber sie gibt",
    "it is for a place {} km from the project": "sie gilt für einen Ort, der {} km vom Projekt entfernt ist",
    "Take one for this town": "Eine für diese Stadt nehmen",
    "it is neither EPW nor PVGIS TMY nor a DWD test reference year": ("sie ist weder EPW noch PVGIS TMY noch ein Testreferenzjahr des DWD"),
    "some of its hours come twice": "einige ihrer Stunden kommen doppelt vor",
    "it has {} hours, a year has 8760": "sie hat {} Stunden, ein Jahr hat 8760",
    "Take a file of a whole year, hour by hour": "Eine Datei mit einem ganzen Jahr in Stunden nehmen",
    "the irradiance of {} hours is missing": "die Einstrahlung von {} Stunden fehlt",
    "Take a file without gaps": "Eine Datei ohne Lücken nehmen",
    "its {} kWh/m² in a year are more than the sun gives: are its values kJ or J?": (
        "ihre {} kWh/m² im Jahr sind mehr, als die Sonne gibt: sind die Werte kJ oder J?"
    ),
    "the sun itself gives {} kWh/m² in its year: is the direct irradiance missing?": (
        "die Sonne selbst bringt in ihrem Jahr {} kWh/m²: fehlt die Direktstrahlung?"
    ),
    "Take a file with direct and diffuse irradiance": "Eine Datei mit Direkt- und Diffusstrahlung nehmen",
    "its {} kWh/m² in a year are less than anywhere on Earth": "ihre {} kWh/m² im Jahr sind weniger als irgendwo auf der Erde",
    "Give W/m², or Wh/m² in each hour": "W/m² angeben, oder Wh/m² in jeder Stunde",
    "its sun shines at night: its times are not those of its place": ("ihre Sonne scheint nachts: die Zeiten sind nicht die ihres Ortes"),
    # Envelopes
    "nothing may stand there: no place is {} m from the border and within what the plan leaves": (
        "dort darf nichts stehen: kein Ort hat {} m zur Grenze und liegt in dem, was der Plan lässt"
    ),
    "Choose a larger plot": "Ein größeres Grundstück wählen",
    "no body can be formed over this outline": "über diesem Umriss lässt sich kein Körper bilden",
    "Give the plot as a simpler outline": "Das Grundstück als einfacheren Umriss angeben",
    "neither plot nor plan area lies there": "dort liegt weder ein Grundstück noch ein Plangebiet",
    "Choose a place on one, or read the cadastre under plots": "Einen Ort darauf wählen oder das Kataster unter plots einlesen",
    "there is no building plot called {}": "es gibt kein Baugrundstück namens {}",
    "the project names no building plots": "das Projekt nennt keine Baugrundstücke",
    "Add [[building_plots]], or name a place": "[[building_plots]] ergänzen oder einen Ort angeben",
    # Neighbours
    "surroundings": "die Umgebung",
    "no streets enclose the blocks": "keine Straßen umschließen die Baukörper",
    "Choose a radius, or add streets to the project": "Einen Umkreis wählen oder dem Projekt Straßen hinzufügen",
    # Architects' models
    "the model is not there": "das Modell ist nicht da",
    "Put the file back, or place the model again": "Die Datei zurücklegen oder das Modell neu setzen",
    "it says that it stands at {} {}, far away from this project": "laut Datei steht es bei {} {}, weit weg von diesem Projekt",
    "Check its IfcMapConversion, or place it by coordinates or points": (
        "Seine IfcMapConversion prüfen oder es nach Koordinaten oder Punkten setzen"
    ),
    "it does not say where it stands": "es sagt nicht, wo es steht",
    "Give the place of its zero, or three points of it and theirs": "Den Ort seines Nullpunkts angeben oder drei Punkte und ihre Orte",
    "there is no reader for IFC at hand": "für IFC ist kein Leser vorhanden",
    "Enable the extension Bonsai in Blender, or install ifcopenshell with pip; or export the model as .glb": "In Blender die Erweiterung "
    "Bonsai aktivieren oder ifcopenshell mit pip installieren; oder das Modell als .glb exportieren",
    "FBX is read by Blender alone": "FBX liest nur Blender",
    "Place it in Blender, or export it as .glb": "Es in Blender setzen oder als .glb exportieren",
    "{} is no model that is known": "{} ist kein bekanntes Modell",
    "a file without ending is no model that is known": "eine Datei ohne Endung ist kein bekanntes Modell",
    "Known: {}, .fbx": "Bekannt: {}, .fbx",
    "the model has {} MB": "das Modell hat {} MB",
    "Make it simpler: at most {} MB": "Vereinfachen: höchstens {} MB",
    "the model is damaged ({}: {})": "das Modell ist beschädigt ({}: {})",
    "there are no faces in the model": "im Modell sind keine Flächen",
    "Export it with its meshes": "Mit seinen Netzen exportieren",
    "the model has {} triangles": "das Modell hat {} Dreiecke",
    "Make it simpler: at most {}": "Vereinfachen: höchstens {}",
    "the model has coordinates that are no numbers": "das Modell hat Koordinaten, die keine Zahlen sind",
    "a face names a vertex that is not there ({})": "eine Fläche nennt einen Punkt, den es nicht gibt ({})",
    "this is glTF {}": "das ist glTF {}",
    "Export it as glTF 2.0": "Als glTF 2.0 exportieren",
    "it cannot be read without {}": "ohne {} ist es nicht lesbar",
    "Export it without compression": "Ohne Kompression exportieren",
    "it has sparse accessors": "es hat dünn besetzte Werte (sparse accessors)",
    "its data lie in another folder ({})": "seine Daten liegen in einem anderen Ordner ({})",
    "Save it as .glb": "Als .glb speichern",
    "its data are not there ({})": "seine Daten sind nicht da ({})",
    "Put the file beside it, or save it as .glb": "Die Datei danebenlegen oder als .glb speichern",
    "the model covers only {} m²": "das Modell bedeckt nur {} m²",
    "Check its unit: metres are expected, or give a scale": "Die Einheit prüfen: erwartet werden Meter, sonst einen Maßstab angeben",
    "the points": "die Punkte",
    "{} points do not say how the model lies": "{} Punkte sagen nicht, wie das Modell liegt",
    "Give three points of it, and their places": "Drei seiner Punkte und ihre Orte angeben",
    "all of them are the same one": "alle sind derselbe",
    "Give points that lie far from each other": "Punkte angeben, die weit auseinanderliegen",
    "{} places for the zero of the model": "{} Orte für den Nullpunkt des Modells",
    "Give one, or as many points of the model": "Einen angeben oder ebenso viele Punkte des Modells",
    "{}; the plain block stands in its place": "{}; an seiner Stelle steht der einfache Baukörper",
    "the model's file is another one than when it was placed": "die Datei des Modells ist eine andere als beim Setzen",
    "stand_in = {} is no model with its place": "stand_in = {} ist kein Modell mit seinem Ort",
    "Place the model again": "Das Modell neu setzen",
    "the model {} lies outside the project": "das Modell {} liegt außerhalb des Projekts",
    "Place the model again: its file is then copied": "Das Modell neu setzen: dann wird seine Datei kopiert",
    "an architect's model stands in for it, which can be neither mirrored nor cut": (
        "an seiner Stelle steht ein Architektenmodell, das sich weder spiegeln noch schneiden lässt"
    ),
    "Take it off first": "Es erst abnehmen",
    "there is no block called {}": "es gibt keinen Baukörper {}",
    "The model is placed; its points differ by {} m, at most {} m.": "Das Modell ist gesetzt; die Punkte weichen {} m ab, höchstens {} m.",
    "the place of the model": "der Ort des Modells",
    "these are no places": "das sind keine Orte",
    "Write them as E N, or E N height": "Als „Ost Nord“ oder „Ost Nord Höhe“ schreiben",
    "Write them as x y E N; x y E N; x y E N": "Als „x y Ost Nord; x y Ost Nord; x y Ost Nord“ schreiben",
    "Blender cannot read the model ({})": "Blender kann das Modell nicht lesen ({})",
    "Export it as .glb": "Als .glb exportieren",
    # Side by side
    "Side by Side": "Nebeneinander",
    "there is no 3D view that could be divided": "es gibt keine 3D-Ansicht, die sich teilen ließe",
    "Start it from a 3D view of an ordinary window": "Aus einer 3D-Ansicht eines gewöhnlichen Fensters starten",
    "there is no other variant {}": "es gibt keine andere Variante {}",
    "Make one first, or choose another": "Erst eine anlegen oder eine andere wählen",
    # Set-backs, below ground
    "Give 0 to 200": "0 bis 200 angeben",
    "it has no storeys, neither above ground nor below": "er hat keine Geschosse, weder über noch unter der Erde",
    "Give it one of either": "Ihm über oder unter der Erde eines geben",
    "it has {} set-backs for {} edges": "er hat {} Rücksprünge für {} Kanten",
    "Give one for each edge of the outline, from its first corner on": "Für jede Kante des Grundrisses einen angeben, ab der ersten Ecke",
    "Give 0 to {} m": "0 bis {} m angeben",
    "these set-backs cannot be formed over this outline": "diese Rücksprünge lassen sich über diesem Grundriss nicht bilden",
    "Let the storey stand back by one measure on all sides, or simplify the outline": (
        "Das Geschoss an allen Seiten um ein Maß zurücksetzen oder den Grundriss vereinfachen"
    ),
    "set_backs = {} is no list of metres": "set_backs = {} ist keine Liste von Metern",
    "Give one for each edge of the outline, as [2, 0, 2, 0]": "Für jede Kante des Grundrisses einen angeben, als [2, 0, 2, 0]",
    "set-backs": "Rücksprünge",
    "this is no list of metres": "das ist keine Liste von Metern",
    "Give [2.0, 0.0, …]": "[2.0, 0.0, …] angeben",
    # Merging
    "merge": "Zusammenführen",
    "there is no conflict called {}": "es gibt keinen Konflikt {}",
    "there is neither a project nor a variant in it": "darin ist weder ein Projekt noch eine Variante",
    "Name a project, or a folder of .geojson files": "Ein Projekt oder einen Ordner mit .geojson-Dateien angeben",
    "{} values were changed by both ({})": "{} Werte haben beide geändert ({})",
    "Choose whose count: Merge Both in the panel lists them": "Wählen, wessen gelten: „Beide zusammenführen“ im Panel listet sie auf",
    "{} variants are merged. Save to write them to the folder.": "{} Varianten zusammengeführt. Beim Speichern kommen sie in den Ordner.",
    # findings
    "findings": "Befunde",
    "the list has changed": "die Liste hat sich geändert",
    "Choose again": "Wählen Sie erneut",
    "this finding is of no single block": "dieser Befund gehört zu keinem einzelnen Baukörper",
    "Change the plan's values, or the blocks": "Ändern Sie die Werte des Plans oder die Baukörper",
    "variant {}": "Variante {}",
    "it is locked": "sie ist gesperrt",
    "it is one already": "es ist schon eines",
    "Its values are set beside its figures": "Seine Festsetzungen stehen neben seinen Kennzahlen",
    "it has no building plot {}": "sie hat kein Baugrundstück {}",
    "Open the lock beside its status, or work in a copy": "Öffnen Sie das Schloss neben ihrem Status oder arbeiten Sie in einer Kopie",
    "Sheet": "Blatt",
    "no line is selected": "es ist keine Linie ausgewählt",
    "Draw a curve on the ground, or select edges of a mesh, and try again": "Zeichnen Sie eine Kurve auf den Boden "
    "oder wählen Sie Kanten eines Netzes und versuchen Sie es erneut",
    "the selected line has {} corners": "die ausgewählte Linie hat {} Ecken",
    "Select one with 2 to 50": "Wählen Sie eine mit 2 bis 50",
    # films
    "film {}": "Film {}",
    "encoding {}": "{} wird kodiert",
    "{}: {} of {} frames": "{}: {} von {} Bildern",
    "two sets of slides would be called {}": "zwei Foliensätze würden {} heißen",
    "there are no slides called {}": "es gibt keine Folien {}",
    "slides show each variant by itself, and the preset {} does not": (
        "Folien zeigen jede Variante für sich, und die Vorlage {} tut das nicht"
    ),
    "Choose still, aerial, eye, white, night or lines": "still, aerial, eye, white, night oder lines wählen",
    "two films would be called {}": "zwei Filme würden {} heißen",
    "the project asks for no picture": "das Projekt verlangt kein Bild",
    "Add one under [[pictures]], or ask for the presets": "Eines unter [[pictures]] ergänzen oder die Vorlagen verlangen",
    "there is no film called {}": "es gibt keinen Film {}",
    "it ends at {}, before it begins at {}": "er endet um {}, bevor er um {} beginnt",
    "Give an end after the start": "Geben Sie ein Ende nach dem Beginn an",
    "under an overcast sky there is no shadow to film": "unter bedecktem Himmel gibt es keinen Schatten zu filmen",
    "Take weather out, or make another kind of film": "weather entfernen oder eine andere Art Film machen",
    "a walk needs a path of at least two points": "ein Gang braucht einen Weg aus mindestens zwei Punkten",
    "Add path = [[x, y], [x, y]] in the project's CRS": "Ergänzen Sie path = [[x, y], [x, y]] im Koordinatensystem des Projekts",
    # plans to scale
    "it has a paper or dpi, but no scale": "es nennt ein Papier oder dpi, aber keinen Maßstab",
    "Add scale = 500, or take them out": "scale = 500 ergänzen oder beides herausnehmen",
    "it has a scale, but its preset shows no plan of one variant": (
        "es hat einen Maßstab, aber seine Vorlage zeigt keinen Lageplan einer Variante"
    ),
    "Take the scale out, or the preset plan": "Den Maßstab herausnehmen oder die Vorlage plan nehmen",
    "it has a width or height beside its scale": "es hat eine Breite oder Höhe neben seinem Maßstab",
    "Take them out: paper and dpi say how many pixels it has": "Herausnehmen: Papier und dpi sagen, wie viele Pixel es hat",
    "{} at {} dpi has {} million pixels, more than {} million": "{} mit {} dpi hat {} Millionen Pixel, mehr als {} Millionen",
    "Take {} dpi or a smaller paper": "{} dpi oder ein kleineres Papier nehmen",
    "its words leave no room for a drawing on {}": "seine Beschriftung lässt auf {} keinen Platz für eine Zeichnung",
    "Take a larger paper": "Ein größeres Papier nehmen",
    "Take 1:{} or a larger paper, or show a part of it with view.target": (
        "1:{} oder ein größeres Papier nehmen oder mit view.target einen Teil zeigen"
    ),
    # sheets
    "{} × {} m do not fit on {} at 1:{}": "{} × {} m passen nicht auf {} im Maßstab 1:{}",
    "Take {}": "Nehmen Sie {}",
    "Draw a smaller part of the town": "Zeichnen Sie einen kleineren Teil der Stadt",
    "a {} needs a line of at least two points": "ein Blatt {} braucht eine Linie aus mindestens zwei Punkten",
    "Add line = [[x, y], [x, y]] in the project's CRS": "Ergänzen Sie line = [[x, y], [x, y]] im Koordinatensystem des Projekts",
    "the line is shorter than a metre": "die Linie ist kürzer als ein Meter",
    "Give points that lie farther apart": "Geben Sie Punkte an, die weiter auseinander liegen",
    "the line meets neither ground nor buildings": "die Linie trifft weder Gelände noch Gebäude",
    "Give points inside the data, in the project's CRS": "Geben Sie Punkte innerhalb der Daten an, im Koordinatensystem des Projekts",
    "State a centre": "Nennen Sie eine Mitte (centre)",
    "the project has no development plan": "das Projekt hat keinen Bebauungsplan",
    "Read one (XPlanGML) under plans, or choose another kind": "Lesen Sie einen ein (XPlanGML unter plans) oder wählen Sie eine andere Art",
    "two sheets would be called {}": "zwei Blätter würden {} heißen",
    "there is no sheet called {}": "es gibt kein Blatt {}",
    "no font was found to write them with": "es wurde keine Schrift gefunden, mit der sie beschriftet werden",
    "Install jena-planner[bpy]: Blender brings one along": "Installieren Sie jena-planner[bpy]: Blender bringt eine mit",
    # noise
    "what an earlier run kept here is damaged: it is computed anew": (
        "was ein früherer Lauf hier aufgehoben hat, ist beschädigt: es wird neu berechnet"
    ),
    "{} is no road surface that CNOSSOS-EU {} has here": "{} ist keine Straßendeckschicht, die CNOSSOS-EU {} hier kennt",
    "streets": "die Straßen",
    "road_noise": "der Straßenlärm",
    "rail_noise": "der Schienenlärm",
    "axes": "die Achsen",
    "Add [[axes]] to project.toml, or draw one with the mouse": (
        "Fügen Sie [[axes]] in project.toml hinzu oder zeichnen Sie eine mit der Maus"
    ),
    "its section has {} cells, more than {}": "ihr Schnitt hat {} Zellen, mehr als {}",
    "Choose larger cells": "Wählen Sie größere Zellen",
    "the project has no rails": "das Projekt hat keine Gleise",
    "nothing runs on the project's rails": "auf den Gleisen des Projekts fährt nichts",
    "Name a file with tracks under streets in project.toml": "Nennen Sie unter streets in project.toml eine Datei mit Gleisen",
    "Add tracks (class tram or rail) with vehicle, vehicles_day and vehicles_night": (
        "Fügen Sie Gleise (class tram oder rail) mit vehicle, vehicles_day und vehicles_night hinzu"
    ),
    "no track on which anything runs lies near enough": "kein Gleis, auf dem etwas fährt, liegt nahe genug",
    "Choose another area": "Wählen Sie ein anderes Gebiet",
    "{} vehicles in a day or night are no number for one line of rails": (
        "{} Fahrzeuge am Tag oder in der Nacht sind keine Zahl für ein Gleis"
    ),
    "Correct vehicles_day and vehicles_night": "Berichtigen Sie vehicles_day und vehicles_night",
    "{} is no vehicle that Schall 03 has here": "{} ist kein Fahrzeug, das die Schall 03 hier kennt",
    "{} is no track that Schall 03 has here": "{} ist keine Fahrbahn, die die Schall 03 hier kennt",
    "held_against": "woran gemessen wird",
    "area_type": "die Gebietsart",
    "the project has no streets": "das Projekt hat keine Straßen",
    "Name streets in project.toml or download them": "Nennen Sie Straßen in project.toml oder laden Sie sie herunter",
    "none of the project's streets carries cars": "auf keiner Straße des Projekts fahren Autos",
    "Add streets with their class": "Fügen Sie Straßen mit ihrer Klasse hinzu",
    "the area lies outside the terrain": "das Gebiet liegt außerhalb des Geländes",
    "Choose an area with terrain": "Wählen Sie ein Gebiet mit Gelände",
    "L_DEN does not stand beside DIN 18005 and 16. BImSchV": "L_DEN steht nicht neben DIN 18005 und 16. BImSchV",
    "Choose the method RLS-19": "Wählen Sie das Verfahren RLS-19",
    "method": "das Verfahren",
    "L_DEN of roads and rating levels of rails make no sum": "L_DEN von Straßen und Beurteilungspegel von Schienen ergeben keine Summe",
    "Choose the method RLS-19, or one source alone": "Wählen Sie das Verfahren RLS-19 oder eine Quelle allein",
    "there is no such value for {}": "für {} gibt es keinen solchen Wert",
    "Choose another area type": "Wählen Sie eine andere Gebietsart",
    "no street with traffic lies near enough": "keine Straße mit Verkehr liegt nahe genug",
    "Add streets to the project or choose another area": "Fügen Sie dem Projekt Straßen hinzu oder wählen Sie ein anderes Gebiet",
    "{} is no road surface of RLS-19": "{} ist keine Straßendeckschicht der RLS-19",
    "Choose one of: {}": "Wählen Sie: {}",
    "Schall 03 knows no track {} for {}": "Die Fahrbahnart {} kennt die Schall 03 nicht für: {}",
    "Schall 03 knows no bridge {} for {}": "Die Brücke {} kennt die Schall 03 nicht für: {}",
    "{} km/h is no speed of a {}": "{} km/h ist keine Geschwindigkeit für: {}",
    "Give a speed above 0 and up to 400 km/h": "Geben Sie eine Geschwindigkeit über 0 und bis 400 km/h an",
    "{} vehicles a day cannot be (0 to {}) and were left out": "{} Fahrzeuge am Tag können nicht sein (0 bis {}) und wurden weggelassen",
    "{} percent of heavy vehicles cannot be (0 to {}) and were left out": (
        "{} Prozent Schwerverkehr können nicht sein (0 bis {}) und wurden weggelassen"
    ),
    # Drawing
    "the outline": "der Grundriss",
    "it is no list of corners": "er ist keine Liste von Ecken",
    "Give [[x, y], …] with three or more": "[[x, y], …] mit drei oder mehr angeben",
    "there is no 3D view under the mouse": "unter der Maus ist keine 3D-Ansicht",
    "Start it from a 3D view": "Aus einer 3D-Ansicht starten",
    "it crosses itself": "er kreuzt sich selbst",
    "it covers only {} m²": "er hat nur {} m²",
    "it has only {} corners": "er hat nur {} Ecken",
    "Put at least three": "Mindestens drei setzen",
    "Take the last corner back and go round the other way": "Die letzte Ecke zurücknehmen und anders herum gehen",
    'building "{}"': 'Gebäude "{}"',
    "it is not in the data, or only a part": "es ist nicht in den Daten oder nur ein Teil",
    "Choose a whole building": "Ein ganzes Gebäude wählen",
    "the place": "der Ort",
    "it is no place with an angle": "er ist kein Ort mit Winkel",
    "Give [x, y, degrees]": "[x, y, Grad] angeben",
    "it cannot be cut into {} parts": "er lässt sich nicht in {} Teile schneiden",
    "Choose fewer, or a larger block": "Weniger wählen oder einen größeren Baukörper",
    "no block is active to be in line with": "kein Baukörper ist aktiv, in dessen Flucht sie kämen",
    "Select it last": "Ihn zuletzt auswählen",
    "{} trees stand outside the terrain and are left out": "{} Bäume stehen außerhalb des Geländes und sind weggelassen",
    "{} buildings have no faces and are left out": "{} Gebäude haben keine Flächen und sind weggelassen",
    "the tree": "der Baum",
    "Choose another place": "Einen anderen Ort wählen",
    "there is none": "es gibt keinen",
    "Plant one, or add trees to the project": "Einen pflanzen oder dem Projekt Bäume hinzufügen",
    "{} of {} shapes were left out: they lie {} km or more from the town": (
        "{} von {} Formen wurden weggelassen: sie liegen {} km oder mehr von der Stadt entfernt"
    ),
    "this is an archive, and its end is missing": "das ist ein Archiv, und sein Ende fehlt",
    "Download it again, or name a GeoJSON, GeoPackage or Shapefile": "Neu herunterladen oder GeoJSON, GeoPackage oder Shapefile angeben",
    # Where something is wrong
    "Blender": "Blender",
    "Picture": "Bild",
    "Project": "Projekt",
    "Disk: {}.": "Datenträger: {}.",
    "Python {}.{}": "Python {}.{}",
    "This .blend": "Diese .blend",
    "This file": "Diese Datei",
    "bbox": "Ausschnitt (bbox)",
    "block {}": "Baukörper {}",
    "date": "Datum",
    "façade cells": "Zellen auf Fassaden",
    "ground grid": "Raster am Boden",
    "import": "Import",
    "origin": "Ursprung",
    "picture": "Bild",
    "preset {}": "Vorlage {}",
    "rays": "Strahlen",
    "planning-law": "Bebauungsplan",
    "sheets": "Blätter",
    "speed": "Geschwindigkeit",
    "surface": "Straßendeckschicht",
    "track": "Gleis",
    'scene "{}"': 'Szene "{}"',
    "sun": "Sonne",
    "time": "Uhrzeit",
    "time_zone": "Zeitzone",
    "variant {}, {}": "Variante {}, {}",
    "{}, picture {}": "{}, Bild {}",
    "profile {}": "Profil {}",
    # Profiles of towns
    "* stands in the name of the file, and where it does index names the publisher's list": (
        "* steht im Namen der Datei, und wo es steht, nennt index die Liste des Anbieters"
    ),
    "A brace in an address is not closed": "Eine geschweifte Klammer in einer Adresse ist nicht geschlossen",
    "Addresses begin with http:// or https://": "Adressen beginnen mit http:// oder https://",
    "Give longitude and latitude in degrees": "Länge und Breite in Grad angeben",
    "Known: {}, or a file in {}": "Bekannt: {}, oder eine Datei in {}",
    "Name a projected coordinate system in metres, as EPSG:25832": "Ein projiziertes Koordinatensystem in Metern nennen, etwa EPSG:25832",
    "With tile, every address has E and N in braces; without, neither": (
        "Mit tile hat jede Adresse E und N in geschweiften Klammern, ohne tile keine"
    ),
    "files are in {}, the profile {} has {}; they are brought to the scene's system": (
        "Dateien liegen in {} vor, das Profil {} hat {}; sie kommen ins System der Szene"
    ),
    "files state heights in {}, the profile {} has {}; the files are believed": (
        "Dateien nennen Höhen in {}, das Profil {} hat {}; den Dateien wird geglaubt"
    ),
    "the data lie {} km from the middle of the profile {}; perhaps another one is meant": (
        "die Daten liegen {} km von der Mitte des Profils {} entfernt; vielleicht ist ein anderes gemeint"
    ),
    "the heights are above the ellipsoid, not above sea level": "die Höhen zählen über dem Ellipsoid, nicht über dem Meer",
    "the heights are above the ellipsoid; they were lowered by {} m, as the profile says": (
        "die Höhen zählen über dem Ellipsoid; sie wurden um {} m gesenkt, wie es das Profil sagt"
    ),
    "the profile cannot be read ({})": "das Profil lässt sich nicht lesen ({})",
    "the profile is not UTF-8 text": "das Profil ist kein UTF-8-Text",
    "there is no such profile": "dieses Profil gibt es nicht",
    # Ground and its pictures
    "Ask for the terrain as triangles or as a grid": "Das Gelände als Dreiecke oder als Raster anfordern",
    "Export it in metres": "In Metern exportieren",
    "heights that lie in a file of their own (RasterRelief) were not read; name that file under terrain": (
        "Höhen in einer eigenen Datei (RasterRelief) wurden nicht gelesen; diese Datei unter terrain angeben"
    ),
    "its heights count from the geoid EGM96, and roofs and treetops are in them: good for hills far away": (
        "die Höhen zählen vom Geoid EGM96 und enthalten Dächer und Baumwipfel: gut für ferne Hügel"
    ),
    "its unit is {} m; heights and lengths were brought to metres": "die Einheit ist {} m; Höhen und Längen wurden in Meter gebracht",
    "its unit of length ({}) is not known": "die Längeneinheit ({}) ist nicht bekannt",
    "the file has a DOCTYPE, which can be used for attacks": "die Datei hat einen DOCTYPE, der Angriffe ermöglicht",
    "the relief in it cannot be read ({})": "das Relief darin lässt sich nicht lesen ({})",
    "the relief in it names points that are not there": "das Relief darin nennt Punkte, die es nicht gibt",
    "there are no triangles and no points in its relief": "im Relief sind weder Dreiecke noch Punkte",
    "{} faces are marked as invisible: there the ground has holes": "{} Flächen sind als unsichtbar markiert: dort hat das Gelände Löcher",
    "{} of {} triangles cover no ground or have broken coordinates; they were left out": (
        "{} von {} Dreiecken bedecken keinen Boden oder haben kaputte Koordinaten; sie wurden weggelassen"
    ),
    "{} points and points of lines were made {} triangles (Delaunay)": (
        "{} Punkte und Linienpunkte wurden zu {} Dreiecken vernetzt (Delaunay)"
    ),
    "{} points or faces of surfaces are broken or name points that are not there": (
        "{} Punkte oder Flächen der Oberflächen sind kaputt oder nennen Punkte, die es nicht gibt"
    ),
    "{} surfaces were joined; where they lie above each other the first one counts": (
        "{} Oberflächen wurden vereint; wo sie übereinander liegen, zählt die erste"
    ),
    "{} triangles are not three points with heights; they were left out": (
        "{} Dreiecke sind keine drei Punkte mit Höhen; sie wurden weggelassen"
    ),
    "{} triangles were laid on a grid of {} m": "{} Dreiecke wurden auf ein Raster von {} m gelegt",
    "{} triangles were laid on a grid of {} m; at their corners it is {} m off at most, {} m on average": (
        "{} Dreiecke wurden auf ein Raster von {} m gelegt; an ihren Ecken weicht es höchstens {} m ab, im Mittel {} m"
    ),
    "Ask for a GeoTIFF, or put its world file (.jgw, .pgw, .tfw) beside it": (
        "Ein GeoTIFF anfordern oder die World-Datei (.jgw, .pgw, .tfw) daneben legen"
    ),
    "Ask for it again": "Erneut anfordern",
    "Name GeoTIFF, JPEG, PNG or JPEG 2000": "GeoTIFF, JPEG, PNG oder JPEG 2000 angeben",
    "Name it under terrain of [data]": "Unter terrain in [data] angeben",
    "Put the right system beside it as a .prj file, or state it with --crs": (
        "Das richtige System als .prj-Datei daneben legen oder mit --crs angeben"
    ),
    "its georeference gives the picture no extent": "seine Georeferenz gibt dem Bild keine Ausdehnung",
    "the picture cannot be read ({})": "das Bild lässt sich nicht lesen ({})",
    "the picture has {} m per pixel and was reduced to {} m, so that it has {} pixels a side at most": (
        "das Bild hat {} m je Pixel und wurde auf {} m verkleinert, damit es höchstens {} Pixel je Seite hat"
    ),
    "the picture lies where {} has no coordinates": "das Bild liegt, wo {} keine Koordinaten hat",
    "the picture was brought from {} to {}, bilinear": "das Bild wurde bilinear von {} nach {} gebracht",
    "the picture was left out: none of it lies on the site's ground": "das Bild wurde weggelassen: nichts davon liegt auf dem Gelände",
    "this is no picture in colours; it may be heights": "das ist kein Farbbild; vielleicht sind es Höhen",
    "this is no picture that is known": "das ist kein Bild einer bekannten Art",
    "this world file does not hold six numbers": "diese World-Datei enthält keine sechs Zahlen",
    "unknown keys were left out: {} (known: {})": "unbekannte Schlüssel wurden weggelassen: {} (bekannt: {})",
    "what it says of the picture cannot be read ({})": "was darin über das Bild steht, lässt sich nicht lesen ({})",
    # Downloads
    "Ask your administrator": "Die Systemverwaltung fragen",
    "Choose a smaller one": "Einen kleineren wählen",
    "Choose another box": "Einen anderen Ausschnitt wählen",
    "Choose another folder, or add the data to it": "Einen anderen Ordner wählen oder die Daten diesem hinzufügen",
    "Download Open Data": "Offene Daten herunterladen",
    "the publisher has nothing there": "der Anbieter hat dort nichts",
    "{} files are here; {} tiles the publisher does not have: {}": "{} Dateien sind da; {} Kacheln hat der Anbieter nicht: {}",
    "{} files could not be fetched. The first: {}": "{} Dateien ließen sich nicht abrufen. Die erste: {}",
    "Choose another one": "Einen anderen wählen",
    "Free some space and start again": "Platz schaffen und neu beginnen",
    "Free some space, or choose a smaller box": "Platz schaffen oder einen kleineren Ausschnitt wählen",
    "Give west, south, east, north in metres of the profile's coordinate system": (
        "West, Süd, Ost, Nord in Metern im Koordinatensystem des Profils angeben"
    ),
    "Look at it": "Ansehen",
    "Look at the address in a browser": "Die Adresse in einem Browser ansehen",
    "Mend the profile": "Das Profil berichtigen",
    "Move it away, or choose another folder": "Sie beiseitelegen oder einen anderen Ordner wählen",
    "Try again later": "Später erneut versuchen",
    "Try again later; what has come is kept": "Später erneut versuchen; was schon da ist, bleibt",
    "it has no source of {}": "es hat keine Quelle für {}",
    "the archive is damaged": "das Archiv ist beschädigt",
    "the box has no inside": "der Ausschnitt hat kein Inneres",
    "the box holds {} tiles, more than {}": "der Ausschnitt umfasst {} Kacheln, mehr als {}",
    "the file ends in the middle": "die Datei bricht mittendrin ab",
    "the file has no end": "die Datei hat kein Ende",
    "the file has {} GB, more than a tile can have": "die Datei hat {} GB, mehr als eine Kachel haben kann",
    "the file holds no {}": "die Datei enthält keine Daten der Art {}",
    "the folder cannot be made ({})": "der Ordner lässt sich nicht anlegen ({})",
    "the server answers {} ({})": "der Server antwortet {} ({})",
    "the server cannot prove who it is (its certificate is not valid)": (
        "der Server kann sich nicht ausweisen (sein Zertifikat ist nicht gültig)"
    ),
    "the server does not answer in time": "der Server antwortet nicht rechtzeitig",
    "the server goes on at another place than it was asked to": "der Server setzt an einer anderen Stelle fort als verlangt",
    "the server sends from one address to the next without end": "der Server schickt endlos von einer Adresse zur nächsten",
    "the server sends on to an address that is not of the web": "der Server schickt zu einer Adresse weiter, die nicht zum Web gehört",
    "the server sent a web page instead of the file": "der Server hat statt der Datei eine Webseite geschickt",
    "the server {} cannot be reached": "der Server {} ist nicht zu erreichen",
    "the transfer broke off": "die Übertragung brach ab",
    "there is another file of this name, which no download has put there": (
        "dort liegt eine andere Datei dieses Namens, die kein Download abgelegt hat"
    ),
    "there is no room on the disk for {} MB": "auf dem Datenträger ist kein Platz für {} MB",
    "{} of {} files, {} of about {} MB": "{} von {} Dateien, {} von etwa {} MB",
    # Drawings
    "Export it again, with lines or areas in model space": "Erneut exportieren, mit Linien oder Flächen im Modellbereich",
    "Move it to its place in {} in the CAD program, in metres, and save it again": (
        "Sie im CAD-Programm an ihren Ort in {} schieben, in Metern, und erneut speichern"
    ),
    "Save it as DXF there and name that file": "Sie dort als DXF speichern und diese Datei angeben",
    "blocks that are not in the file were left out: {}": "Blöcke, die nicht in der Datei sind, wurden weggelassen: {}",
    "drawings that this one only refers to were left out: {}": "Zeichnungen, auf die diese nur verweist, wurden weggelassen: {}",
    "not read of the drawing: {}": "aus der Zeichnung nicht gelesen: {}",
    "the drawing ends early; what comes before was read": "die Zeichnung bricht ab; was davor steht, wurde gelesen",
    "the drawing is damaged; what could still be understood was read": (
        "die Zeichnung ist beschädigt; was noch zu verstehen war, wurde gelesen"
    ),
    "the drawing lies in coordinates of its own (about {} {}), not in those of the town": (
        "die Zeichnung liegt in eigenen Koordinaten (etwa {} {}), nicht in denen der Stadt"
    ),
    "the drawing names no coordinate system; by its numbers it was taken as {}": (
        "die Zeichnung nennt kein Koordinatensystem; nach ihren Zahlen wurde {} angenommen"
    ),
    "the drawing says that it is in {}, but its numbers are {}; taken as such": (
        "die Zeichnung gibt als Einheit {} an, ihre Zahlen sind aber {}; so wurde sie gelesen"
    ),
    "the drawing unfolds to more than a town can have; {} shapes and blocks of it were left out": (
        "die Zeichnung entfaltet sich zu mehr, als eine Stadt haben kann; {} Formen und Blöcke wurden weggelassen"
    ),
    "there is nothing in this drawing that can be read": "in dieser Zeichnung ist nichts, was gelesen werden kann",
    "this is a DWG drawing, which only CAD programs can open": "das ist eine DWG-Zeichnung, die nur CAD-Programme öffnen können",
    "{} entities of the drawing are damaged and were left out": "{} Elemente der Zeichnung sind beschädigt und wurden weggelassen",
    "{} of {} shapes lie more than 100 km from the others and were left out": (
        "{} von {} Formen liegen mehr als 100 km von den anderen und wurden weggelassen"
    ),
    # Vectors and plans
    "Add a column EPSG with the number of its system, as 25832": "Eine Spalte EPSG mit der Nummer des Systems ergänzen, etwa 25832",
    "EPSG:25832": "EPSG:25832",
    "EPSG:258{}": "EPSG:258{}",
    "EPSG:4326": "EPSG:4326",
    "EPSG:{}": "EPSG:{}",
    "Export it again": "Erneut exportieren",
    "the unit of its map, {} {}, is not known": "die Einheit seiner Karte, {} {}, ist nicht bekannt",
    "Export it again with metres": "Erneut in Metern exportieren",
    "no selected block has these storeys": "kein gewählter Baukörper hat diese Geschosse",
    "The highest has {}; 0 is the ground floor": "Der höchste hat {}; 0 ist das Erdgeschoss",
    "Export the register again and do not open it in a spreadsheet before it is read": (
        "Das Kataster erneut exportieren und vor dem Einlesen nicht in einer Tabellenkalkulation öffnen"
    ),
    "Leave it out": "Weglassen",
    "Mend the column that names the system": "Die Spalte berichtigen, die das System nennt",
    "Name CityGML, CityJSON, terrain or GeoJSON": "CityGML, CityJSON, Gelände oder GeoJSON angeben",
    "Name CityGML, CityJSON, terrain, GeoJSON, GeoPackage, Shapefile, OSM, DXF or a tree register": (
        "CityGML, CityJSON, Gelände, GeoJSON, GeoPackage, Shapefile, OSM, DXF oder ein Baumkataster angeben"
    ),
    "Name a file of a development plan (XPlanGML 4.1 to 6.0)": "Die Datei eines Bebauungsplans angeben (XPlanGML 4.1 bis 6.0)",
    "Only development plans (Bebauungspläne) are read, no land use plans": "Nur Bebauungspläne werden gelesen, keine Flächennutzungspläne",
    "a polygon that touches or crosses itself was mended": "eine Fläche, die sich selbst berührt oder kreuzt, wurde geheilt",
    "a spreadsheet has damaged the coordinates: {} in line {} is {}": (
        "eine Tabellenkalkulation hat die Koordinaten beschädigt: {} in Zeile {} ist {}"
    ),
    "columns that speak of persons were not read: {}": "Spalten mit Angaben zu Personen wurden nicht gelesen: {}",
    "these are changes to OpenStreetMap, not a map": "das sind Änderungen an OpenStreetMap, keine Karte",
    "Download the extract itself (.osm.pbf)": "Laden Sie den Ausschnitt selbst herunter (.osm.pbf)",
    "OpenStreetMap in the form o5m is not read": "OpenStreetMap in der Form o5m wird nicht gelesen",
    "Download the extract as .osm.pbf": "Laden Sie den Ausschnitt als .osm.pbf herunter",
    # Map services
    "Ask for {} m per pixel or more": "Fordern Sie {} m je Pixel oder mehr an",
    "Ask its publisher; it is not read without one": "Fragen Sie den Anbieter; ohne gültiges Zertifikat wird nichts abgerufen",
    "Check the address": "Prüfen Sie die Adresse",
    "Check the address and the layer": "Prüfen Sie Adresse und Ebene",
    "Check the address and the network": "Prüfen Sie Adresse und Netzwerk",
    "Check the layer, or try again later": "Prüfen Sie die Ebene, oder versuchen Sie es später noch einmal",
    "Choose another layer or service": "Wählen Sie eine andere Ebene oder einen anderen Dienst",
    "Choose another service": "Wählen Sie einen anderen Dienst",
    "Name one of these: {}": "Nennen Sie eine von diesen: {}",
    "Try again later, or at a coarser resolution": "Versuchen Sie es später noch einmal oder mit gröberer Auflösung",
    "Write it as https://…": "Schreiben Sie sie als https://…",
    "a picture has {} × {} pixels instead of {} × {}": "ein Bild hat {} × {} Pixel statt {} × {}",
    "background": "Hintergrund",
    "the answer is far larger than a picture": "die Antwort ist viel größer als ein Bild",
    "the answer is no description of a map service": "die Antwort ist keine Beschreibung eines Kartendienstes",
    "the layer {} has no tiles here": "die Ebene {} hat hier keine Kacheln",
    "the layer {} has nothing here": "die Ebene {} hat hier nichts",
    "the layer {} is not offered in {}, but in {}": "die Ebene {} gibt es nicht in {}, aber in {}",
    "the picture would have {} × {} pixels": "das Bild hätte {} × {} Pixel",
    "the project's place on Earth is unknown": "die Lage des Projekts auf der Erde ist unbekannt",
    "the project has no ground to lay a picture on": "das Projekt hat kein Gelände, auf das ein Bild gelegt werden könnte",
    "Name a terrain under [data]": "Nennen Sie unter [data] ein Gelände",
    "the service cannot be reached": "der Dienst ist nicht erreichbar",
    "the service does not answer in time": "der Dienst antwortet nicht rechtzeitig",
    "the service has a fault ({})": "der Dienst hat eine Störung ({})",
    "the service has no layer {}": "der Dienst hat keine Ebene {}",
    "the service has no pictures in PNG or JPEG, but {}": "der Dienst hat keine Bilder in PNG oder JPEG, sondern {}",
    "the service has {} layers": "der Dienst hat {} Ebenen",
    "the service refuses ({} {})": "der Dienst lehnt ab ({} {})",
    "the service says: {}": "der Dienst meldet: {}",
    "the service's certificate cannot be trusted": "dem Zertifikat des Dienstes ist nicht zu trauen",
    "the tiles of {} are not described as they should be": "die Kacheln von {} sind nicht beschrieben, wie sie es sein müssten",
    "there is nothing at this address (404)": "unter dieser Adresse ist nichts (404)",
    "this address cannot be asked ({})": "diese Adresse lässt sich nicht abfragen ({})",
    "this is no address of a map service": "das ist keine Adresse eines Kartendienstes",
    "online access is off": "der Onlinezugriff ist aus",
    "Allow it under Preferences ▸ System ▸ Network": "Erlauben Sie ihn unter Einstellungen ▸ System ▸ Netzwerk",
    "{} pieces of the picture are white: the service has nothing there": "{} Stücke des Bildes sind weiß: dort hat der Dienst nichts",
    "not read of the file: {}": "aus der Datei nicht gelesen: {}",
    "what speaks of persons and of whose the plots are was not read: {}": (
        "Angaben zu Personen und dazu, wem die Flurstücke gehören, wurden nicht gelesen: {}"
    ),
    "not read of the plan: {}": "vom Plan nicht gelesen: {}",
    (
        "the crowns of {} trees were estimated from their trunks (Hasenauer 1997, open-grown trees); {} girths were taken as {}, "
        "{} diameters as {}"
    ): (
        "die Kronen von {} Bäumen wurden aus den Stämmen geschätzt (Hasenauer 1997, frei stehende Bäume); {} Umfänge gelten als {}, "
        "{} Durchmesser als {}"
    ),
    "the speeds of {} streets are words, which were taken so: {}": (
        "die Geschwindigkeiten von {} Straßen sind Wörter und wurden so verstanden: {}"
    ),
    "{} areas took their kind from the name of the layer, file or folder: {}": (
        "{} Flächen haben ihre Art aus dem Namen der Ebene, der Datei oder des Ordners: {}"
    ),
    "the file cannot be read ({})": "die Datei lässt sich nicht lesen ({})",
    "the file is damaged ({})": "die Datei ist beschädigt ({})",
    "the register has a header but no rows": "das Kataster hat eine Kopfzeile, aber keine Zeilen",
    "the register names no coordinate system, and its numbers ({} {}) tell none": (
        "das Kataster nennt kein Koordinatensystem, und seine Zahlen ({} {}) verraten keines"
    ),
    "the register names {}, but {}": "das Kataster nennt {}, aber {}",
    "there is no BP_Plan in it": "darin ist kein BP_Plan",
    "there is nothing in this layer (GeoJSON, GeoPackage or Shapefile) that has a place": (
        "in dieser Ebene (GeoJSON, GeoPackage oder Shapefile) hat nichts einen Ort"
    ),
    "this is JSON, but no CityJSON and no GeoJSON": "das ist JSON, aber weder CityJSON noch GeoJSON",
    "this is neither CityGML, CityJSON nor terrain nor a layer of vectors": (
        "das ist weder CityGML, CityJSON noch Gelände und keine Vektordatei"
    ),
    "this is no XPlanGML": "das ist kein XPlanGML",
    "{} features were in a file before and were read once": (
        "{} Objekte standen schon in einer anderen Datei und wurden nur einmal gelesen"
    ),
    "{} trees are said to be higher than {} m, wider than {} m, or of no size; that size was taken as unknown": (
        "{} Bäume wären demnach höher als {} m, breiter als {} m oder ohne Größe; diese Größe gilt als unbekannt"
    ),
    "{} was left out: {}": "{} wurde ausgelassen: {}",
    "the register names no coordinate system; by its numbers it was taken as {}{}": (
        "das Kataster nennt kein Koordinatensystem; nach seinen Zahlen gilt es als {}{}"
    ),
    # Files that cannot be read
    "there is no such file": "diese Datei gibt es nicht",
    "this is a folder": "das ist ein Ordner",
    "the file cannot be opened ({})": "die Datei lässt sich nicht öffnen ({})",
    "the file is empty": "die Datei ist leer",
    "the file is damaged": "die Datei ist beschädigt",
    "the file is missing or damaged": "die Datei fehlt oder ist beschädigt",
    "the file is not UTF-8 text": "die Datei ist kein UTF-8-Text",
    "the file cannot be read as a raster ({})": "die Datei lässt sich nicht als Raster lesen ({})",
    "the file cannot be read as {} ({})": "die Datei lässt sich nicht als {} lesen ({})",
    "the file declares an unknown encoding ({})": "die Datei nennt eine unbekannte Zeichenkodierung ({})",
    "the file ends too early, at line {}": "die Datei bricht in Zeile {} ab",
    "the file has a DOCTYPE, which CityGML never needs and which can be used for attacks": (
        "die Datei enthält einen DOCTYPE; CityGML braucht ihn nie, und er kann für Angriffe genutzt werden"
    ),
    "line {}: entities that grow without end ({})": "Zeile {}: endlos wachsende Entities ({})",
    "not well-formed XML at line {}: {}": "kein wohlgeformtes XML in Zeile {}: {}",
    "the archive cannot be unpacked ({})": "das Archiv lässt sich nicht entpacken ({})",
    "no geodata was found in it": "darin wurden keine Geodaten gefunden",
    "this is JSON, but no CityJSON": "das ist JSON, aber kein CityJSON",
    "this is JSON, not CityGML": "das ist JSON, kein CityGML",
    "this is no CityJSON": "das ist kein CityJSON",
    "this JSON is no CityJSON (its type is {})": "dieses JSON ist kein CityJSON (sein Typ ist {})",
    "this is a tar archive": "das ist ein tar-Archiv",
    "a feature stands before the CityJSON object that says how its coordinates are to be read": (
        "ein Objekt steht vor dem CityJSON-Kopf, der sagt, wie seine Koordinaten zu lesen sind"
    ),
    "brackets are nested too deep for CityJSON": "Klammern sind für CityJSON zu tief geschachtelt",
    "its transform is not three numbers for scale and three for translate": "transform nennt nicht je drei Zahlen für scale und translate",
    "not valid JSON, from line {}: {}": "kein gültiges JSON, ab Zeile {}: {}",
    "the text is not UTF-8, as JSON must be ({})": "der Text ist nicht UTF-8, wie es JSON sein muss ({})",
    "there are no CityObjects in it": "darin gibt es keine CityObjects",
    "an entry is a link to elsewhere ({})": "ein Eintrag ist eine Verknüpfung nach außerhalb ({})",
    "an entry leads out of the archive's folder ({})": "ein Eintrag führt aus dem Ordner des Archivs hinaus ({})",
    "archives lie more than {} deep in each other": "Archive liegen mehr als {}-fach ineinander",
    "it would unpack to far more than real data": "entpackt wäre es weit größer als wirkliche Daten",
    "it would unpack to more than the disk or this program can take": "entpackt wäre es größer, als Datenträger oder Programm aufnehmen",
    "{} would unpack to {} GB, far more than real data": "{} hätte entpackt {} GB, weit mehr als wirkliche Daten",
    "this is XML of another kind ({}), not CityGML": "das ist anderes XML ({}), kein CityGML",
    "this is XPlanGML, not CityGML": "das ist XPlanGML, kein CityGML",
    "this is a colour picture, not heights": "das ist ein Farbbild und enthält keine Höhen",
    "this is a gzip archive": "das ist ein gzip-Archiv",
    "this is a zip archive": "das ist ein ZIP-Archiv",
    "this is an archive": "das ist ein Archiv",
    "this is neither CityGML, CityJSON nor terrain": "das ist weder CityGML, CityJSON noch Gelände",
    "this is neither XYZ text nor GeoTIFF": "das ist weder XYZ-Text noch GeoTIFF",
    "this is no GeoJSON FeatureCollection": "das ist keine GeoJSON-FeatureCollection",
    "this is no list of heights": "das ist keine Liste von Höhen",
    "this is not XML": "das ist kein XML",
    "this is not valid JSON ({})": "das ist kein gültiges JSON ({})",
    "this is not valid TOML: {}": "das ist kein gültiges TOML: {}",
    "no file was chosen": "keine Datei gewählt",
    "no file was named": "keine Datei angegeben",
    "no buildings are named": "keine Gebäude angegeben",
    "no building could be read: {}": "kein Gebäude ließ sich lesen: {}",
    "no building lies in the area asked for": "im gewählten Ausschnitt liegt kein Gebäude",
    "{}; what was read of it before is used": "{}; verwendet wird, was zuvor daraus gelesen wurde",
    "this folder cannot be written to": "in diesen Ordner kann nicht geschrieben werden",
    "this folder is on a read-only disk": "dieser Ordner liegt auf einem schreibgeschützten Datenträger",
    "the disk is full": "der Datenträger ist voll",
    # Coordinate systems
    "this coordinate system is not known": "dieses Koordinatensystem ist nicht bekannt",
    "{} is not a projected CRS in metres": "{} ist kein projiziertes Koordinatensystem in Metern",
    "{} has no true metres here": "{} hat hier keine wahren Meter",
    "{} is not in metres; places were brought to {}, heights multiplied by {}": (
        "{} ist nicht in Metern; Lage nach {} umgerechnet, Höhen mit {} multipliziert"
    ),
    "the data name no coordinate system, so their place on Earth is unknown": (
        "die Daten nennen kein Koordinatensystem, ihre Lage auf der Erde ist unbekannt"
    ),
    "the coordinate system {} is not known; coordinates are kept as they are. State it with --crs": (
        "das Koordinatensystem {} ist nicht bekannt; Koordinaten bleiben unverändert. Mit --crs angeben"
    ),
    "the coordinates look like metres, but the file says degrees": "die Koordinaten sehen nach Metern aus, laut Datei sind es Grad",
    "the file names no coordinate system that is known": "die Datei nennt kein bekanntes Koordinatensystem",
    "the file names no known coordinate system": "die Datei nennt kein bekanntes Koordinatensystem",
    "the file states no coordinate system; coordinates are kept as they are. State it with --crs": (
        "die Datei nennt kein Koordinatensystem; Koordinaten bleiben unverändert. Mit --crs angeben"
    ),
    "the file states several coordinate systems ({}); of each building its own was taken, else that of the file": (
        "die Datei nennt mehrere Koordinatensysteme ({}); je Gebäude gilt das eigene, sonst das der Datei"
    ),
    "its coordinate system ({}) is not that of the others": "ihr Koordinatensystem ({}) weicht von dem der anderen ab",
    "its coordinate system ({}) is not that of the others; its extent is left out": (
        "ihr Koordinatensystem ({}) weicht von dem der anderen ab; ihre Ausdehnung bleibt außer Betracht"
    ),
    "its coordinate system is not known, so it cannot be placed in this project": (
        "ihr Koordinatensystem ist nicht bekannt, sie lässt sich in diesem Projekt nicht verorten"
    ),
    "Check its coordinate system and the size of its cells": "Koordinatensystem und Größe der Zellen prüfen",
    "its cells ({} × {}) cannot be brought to a square grid": "die Zellen ({} × {}) lassen sich nicht in ein quadratisches Raster bringen",
    "its coordinates cannot be turned from {} into {}": "ihre Koordinaten lassen sich nicht von {} nach {} umrechnen",
    "its corner lies at {}, {}, which is nowhere on Earth": "ihre Ecke liegt bei {}, {}, das ist kein Ort auf der Erde",
    "its crs member names no coordinate system that is known": "ihr Eintrag crs nennt kein bekanntes Koordinatensystem",
    "the eastings begin with the UTM zone {}, which was cut off": "die Rechtswerte beginnen mit der UTM-Zone {}; sie wurde abgetrennt",
    "the northings stand before the eastings; they were swapped": "die Hochwerte stehen vor den Rechtswerten; sie wurden getauscht",
    "the origin {} {} lies more than {} km from the buildings": "der Ursprung {} {} liegt mehr als {} km von den Gebäuden entfernt",
    "it covers more than {} degrees, no town does": "sie reicht über mehr als {} Grad, so groß ist keine Stadt",
    "{} features lie where {} has no coordinates; left out": "{} Objekte liegen außerhalb des Gültigkeitsbereichs von {}; ausgelassen",
    "{} has degrees, but the coordinates run from {} {} to {} {}{}": "{} hat Grad, die Koordinaten reichen aber von {} {} bis {} {}{}",
    "{} has metres, but the coordinates look like degrees ({} {}); perhaps EPSG:4326": (
        "{} hat Meter, die Koordinaten sehen aber nach Grad aus ({} {}); vielleicht EPSG:4326"
    ),
    "the coordinates ({} {}) lie outside the area of {}{}": "die Koordinaten ({} {}) liegen außerhalb des Gebiets von {}{}",
    "; they look like Gauß-Krüger zone {} (EPSG:{})": "; sie sehen nach Gauß-Krüger-Zone {} aus (EPSG:{})",
    "; they look like UTM (EPSG:25832 or 25833)": "; sie sehen nach UTM aus (EPSG:25832 oder 25833)",
    # Buildings
    "{} faces left out: their coordinates are not whole points, or lines of a kind that is not read": (
        "{} Flächen ausgelassen: Koordinaten sind keine vollständigen Punkte oder Linien einer Art, die nicht gelesen wird"
    ),
    "{} heights in a unit that is not known; taken as metres": "{} Höhen in unbekannter Einheit; als Meter genommen",
    "the building was left out: its coordinates are not finite, or absurdly large or far apart": (
        "Gebäude ausgelassen: Koordinaten nicht endlich, unsinnig groß oder weit auseinander"
    ),
    "the object was left out: its coordinates are not finite, or absurdly large or far apart": (
        "Objekt ausgelassen: Koordinaten nicht endlich, unsinnig groß oder weit auseinander"
    ),
    "the object was left out: it lies {} km from the middle of the buildings": (
        "Objekt ausgelassen: Es liegt {} km von der Mitte der Gebäude entfernt"
    ),
    "the object is in {} too": "das Objekt ist auch in {} enthalten",
    "the object is in {} too; taken once": "das Objekt ist auch in {} enthalten; einmal übernommen",
    "{} objects or parts have no gml:id; they were given names of their own": (
        "{} Objekte oder Teile von ihnen ohne gml:id; sie erhielten eigene Namen"
    ),
    "objects of kinds that are not read: {}": "Objekte von Arten, die nicht gelesen werden: {}",
    "{} rings left out: fewer than three different points": "{} Ringe ausgelassen: weniger als drei verschiedene Punkte",
    "{} faces left out: their area is zero": "{} Flächen ausgelassen: Flächeninhalt null",
    "{} rings closed: the last point was not the first": "{} Ringe geschlossen: letzter Punkt war nicht der erste",
    "{} faces are more than 5 cm out of their plane; used as they are": (
        "{} Flächen weichen mehr als 5 cm von ihrer Ebene ab; unverändert verwendet"
    ),
    "{} faces cross or touch themselves; their triangles may be wrong": (
        "{} Flächen schneiden oder berühren sich selbst; ihre Dreiecke können falsch sein"
    ),
    "{} faces name a hole as their outer ring; the largest ring was taken": (
        "{} Flächen nennen ein Loch als Außenring; der größte Ring wurde verwendet"
    ),
    "the body faces inward; it was turned": "der Körper zeigt nach innen; er wurde gewendet",
    "{} faces given twice; taken once": "{} Flächen doppelt vorhanden; einmal übernommen",
    # Colours and textures
    "surfaces have several looks (themes); {} is shown, left out: {}": (
        "Flächen haben mehrere Erscheinungsbilder (Themen); gezeigt wird {}, weggelassen: {}"
    ),
    "{} textures left out: they do not say where they lie": "{} Texturen weggelassen: sie sagen nicht, wo sie liegen",
    "{} faces without their texture: its coordinates do not fit their points": (
        "{} Flächen ohne ihre Textur: deren Koordinaten passen nicht zu ihren Punkten"
    ),
    "{} of {} pictures of textures are not there: {}; what they lie on is shown without": (
        "{} von {} Texturbildern fehlen: {}; was sie bedecken, wird ohne sie gezeigt"
    ),
    "{} of {} pictures of textures refused, as their names lead out of the file's folder: {}": (
        "{} von {} Texturbildern abgelehnt, weil ihre Namen aus dem Ordner der Datei hinausführen: {}"
    ),
    "{} of {} pictures of textures cannot be read: {}; what they lie on is shown without": (
        "{} von {} Texturbildern sind nicht lesbar: {}; was sie bedecken, wird ohne sie gezeigt"
    ),
    "{} of {} pictures of textures left out, as they are larger than any texture: {}": (
        "{} von {} Texturbildern weggelassen, weil sie größer sind als jede Textur: {}"
    ),
    "the pictures of textures were made smaller, to {} % of their length: together they are too large": (
        "die Texturbilder wurden auf {} % ihrer Länge verkleinert: zusammen sind sie zu groß"
    ),
    "{} references lead to nothing in this file (xlink:href without a target)": (
        "{} Verweise führen in dieser Datei ins Leere (xlink:href ohne Ziel)"
    ),
    "{} faces left out: their points have no height": "{} Flächen ausgelassen: Punkte ohne Höhe",
    "no faces that can be read": "keine lesbaren Flächen",
    "there is only its outline (LoD 0); it was taken as a flat surface": "es gibt nur den Umriss (LoD 0); als flache Fläche übernommen",
    "{} forms left out: they lie in files of a library beside this one": (
        "{} Formen ausgelassen: sie liegen in Dateien einer Bibliothek daneben"
    ),
    "{} forms left out: the forms that are used again and again would make more than 300000 faces in this file": (
        "{} Formen ausgelassen: Die mehrfach verwendeten Formen ergäben in dieser Datei mehr als 300000 Flächen"
    ),
    "{} geometries left out: they are not as CityJSON has them": "{} Geometrien ausgelassen: in CityJSON gibt es sie so nicht",
    "{} surfaces of rooms left out: only the outside is read": "{} Flächen von Räumen ausgelassen: gelesen wird nur das Äußere",
    "{} CityObjects left out: they are no JSON objects": "{} CityObjects ausgelassen: sie sind keine JSON-Objekte",
    "{} points have broken coordinates; they were left out": "{} Punkte mit unbrauchbaren Koordinaten wurden weggelassen",
    "{} features left out: they hold no CityObjects": "{} Features ausgelassen: sie enthalten keine CityObjects",
    "the name stands more than once in the same object; what comes last was taken": (
        "der Name steht mehrfach im selben Objekt; das letzte wurde übernommen"
    ),
    "{} more names stand more than once in the same object": "{} weitere Namen stehen mehrfach im selben Objekt",
    "no faces that can be read (there is LoD {})": "keine lesbaren Flächen (es gibt LoD {})",
    "the level of detail asked for is missing; the next one was taken": (
        "der gewünschte Detaillierungsgrad fehlt; der nächste wurde verwendet"
    ),
    "its own geometry was left out, because its parts have a higher level of detail": (
        "eigene Geometrie ausgelassen, weil die Gebäudeteile einen höheren Detaillierungsgrad haben"
    ),
    "the building is in {} too": "das Gebäude ist auch in {} enthalten",
    "the building is in {} too; taken once": "das Gebäude ist auch in {} enthalten; einmal übernommen",
    "the building to be removed is not in the data": "das abzubrechende Gebäude ist nicht in den Daten",
    "a part cannot be removed alone; name its building {}": ("ein Gebäudeteil lässt sich nicht allein abbrechen; das Gebäude {} angeben"),
    "the building was left out: it lies {} km from the middle of the others": (
        "Gebäude ausgelassen: Es liegt {} km von der Mitte der anderen entfernt"
    ),
    "the gml:id is used more than once; this one is called {}-{}": "die gml:id kommt mehrfach vor; dieses Gebäude heißt nun {}-{}",
    "{} buildings or parts have no gml:id; they were given names of their own": (
        "{} Gebäude oder Gebäudeteile ohne gml:id; sie erhielten eigene Namen"
    ),
    "only the outside of buildings is read, not: {}": "gelesen wird nur die Gebäudehülle, nicht: {}",
    # City models that are written
    "Written to {}.": "Geschrieben nach {}.",
    "Written to {}. Not as it is: {}": "Geschrieben nach {}. Nicht unverändert: {}",
    "{} bodies are not closed and are written as faces without a solid: {}": (
        "{} Körper sind nicht geschlossen und werden als Flächen ohne Solid geschrieben: {}"
    ),
    "{} faces are thinner than a millimetre and are left out": "{} Flächen sind dünner als ein Millimeter und entfallen",
    "written as {}: ids must be unique": "geschrieben als {}: Kennungen müssen eindeutig sein",
    "written as {}: ids must be unique and begin with a letter": (
        "geschrieben als {}: Kennungen müssen eindeutig sein und mit einem Buchstaben beginnen"
    ),
    "{} more ids are changed for the same reason": "{} weitere Kennungen sind aus demselben Grund geändert",
    "the coordinate system has no EPSG code; the file names none": (
        "das Koordinatensystem hat keinen EPSG-Code; in der Datei wird keines genannt"
    ),
    "CityJSON has no LoD 4; its outside is written as LoD 3": "CityJSON kennt kein LoD 4; die Außenhülle wird als LoD 3 geschrieben",
    "CityGML 3.0 has no LoD 4; its outside is written as LoD 3": "CityGML 3.0 kennt kein LoD 4; die Außenhülle wird als LoD 3 geschrieben",
    "CityGML 2.0 has windows and doors from LoD 3 only; they are written as walls": (
        "CityGML 2.0 kennt Fenster und Türen erst ab LoD 3; sie werden als Wände geschrieben"
    ),
    "CityJSON names a coordinate system by one code, and none means EPSG:{} with {}; the height system is not named": (
        "CityJSON nennt ein Koordinatensystem mit einem Code, und für EPSG:{} mit {} gibt es keinen; das Höhensystem wird nicht genannt"
    ),
    "{} objects cover no ground; their features have no geometry": "{} Objekte bedecken keinen Boden; sie bleiben ohne Geometrie",
    "CityGML {} has no such kind: {} {}": "CityGML {} kennt diese Art nicht: {} {}",
    "CityJSON 2.0 has no such kind: {} {}": "CityJSON 2.0 kennt diese Art nicht: {} {}",
    "{} surfaces are written without their meaning, for which the format has no place there": (
        "{} Flächen werden ohne ihre Bedeutung geschrieben, für die das Format dort keinen Platz hat"
    ),
    "{} buildings have no faces; their features have no geometry": "{} Gebäude haben keine Flächen; ihre Objekte bleiben ohne Geometrie",
    "the data name no coordinate system, so that no longitudes can be told": (
        "die Daten nennen kein Koordinatensystem, daher sind keine geografischen Koordinaten bekannt"
    ),
    "State it: crs under [place]": "Bitte angeben: crs unter [place]",
    # Terrain, trees, streets
    "all its points lie on one line": "alle Punkte liegen auf einer Linie",
    "its points do not lie on a regular grid": "die Punkte liegen nicht auf einem regelmäßigen Raster",
    "its {} points are scattered over {} × {} grid places": "die {} Punkte sind über {} × {} Rasterplätze verstreut",
    "it has {} × {} cells": "sie hat {} × {} Zellen",
    "heights were brought from cells of {} × {} m to square ones, bilinear": (
        "Höhen von Zellen mit {} × {} m bilinear auf quadratische umgerechnet"
    ),
    "heights were brought from {} to {}, bilinear": "Höhen bilinear von {} nach {} umgerechnet",
    "of {} bands the first was taken for heights": "von {} Kanälen wurde der erste als Höhe verwendet",
    "text after the last point was ignored": "Text nach dem letzten Punkt wurde übergangen",
    "the file has no heights (all are missing or absurd)": "die Datei enthält keine Höhen (alle fehlen oder sind unsinnig)",
    "the file has only {} points with a height": "die Datei hat nur {} Punkte mit Höhe",
    "the file holds something else than x, y and height": "die Datei enthält anderes als x, y und Höhe",
    "the lines are not x, y and height": "die Zeilen sind nicht x, y und Höhe",
    "{} lines that are not x, y and height were left out": "{} Zeilen ausgelassen, die nicht x, y und Höhe sind",
    "{} points without a sensible place or height were left out": "{} Punkte ohne sinnvolle Lage oder Höhe ausgelassen",
    "{} of {} points ({}) have no height": "{} von {} Punkten ({}) haben keine Höhe",
    "the grid is turned against its coordinate system": "das Raster ist gegen sein Koordinatensystem verdreht",
    "the picture has no georeference, so its place is unknown": "das Bild hat keine Georeferenz, seine Lage ist unbekannt",
    "the picture holds no heights": "das Bild enthält keine Höhen",
    "the tile was left out: none of it lies in the area asked for": "Kachel ausgelassen: Sie liegt außerhalb des gewählten Ausschnitts",
    "the tiles lie too far apart to be merged ({} × {} points)": (
        "die Kacheln liegen zu weit auseinander, um sie zusammenzufügen ({} × {} Punkte)"
    ),
    "a step of {} m is too coarse for its extent": "eine Rasterweite von {} m ist für die Ausdehnung zu grob",
    "there is neither terrain nor a building to estimate it from": "es gibt weder Gelände noch Gebäude, aus denen es sich schätzen ließe",
    "no terrain was given; the ground is estimated from the feet of the buildings": (
        "kein Gelände vorhanden; die Geländeoberfläche ist aus den Gebäudefußpunkten geschätzt"
    ),
    "the buildings spread over {} × {} km, too far to guess the ground between them": (
        "die Gebäude liegen über {} × {} km verteilt; dazwischen lässt sich das Gelände nicht schätzen"
    ),
    "the buildings' feet lie {} m from the terrain (median); perhaps the height systems differ": (
        "die Gebäudefußpunkte liegen {} m neben dem Gelände (Median); vielleicht verschiedene Höhensysteme"
    ),
    "where finer terrain meets that of {} m, it lies {} m above it (median), {} m off at most; the coarser one fades to it over {} m": (
        "wo feineres Gelände auf das mit {} m trifft, liegt es {} m höher (Median; höchstens {} m daneben); das gröbere geht auf {} m über"
    ),
    "terrain and buildings do not meet, they are {} km apart": "Gelände und Gebäude liegen {} km auseinander",
    "{} of {} buildings stand where the terrain has no heights": "{} von {} Gebäuden stehen, wo das Gelände keine Höhen hat",
    "{} of {} features are no {}, or have no place; left out": "{} von {} Objekten sind keine {} oder haben keine Lage; ausgelassen",
    "{} of {} features are no {}, or have no place; left out. Check under which key of [data] the file belongs": (
        "{} von {} Objekten sind keine {} oder haben keine Lage; ausgelassen. Prüfen, unter welchen Schlüssel von [data] die Datei gehört"
    ),
    "{} polygons that touch or cross themselves were mended": "{} Polygone bereinigt, die sich berührten oder schnitten",
    # Project
    "the project file is not UTF-8 text": "die Projektdatei ist kein UTF-8-Text",
    "the project file cannot be read ({})": "die Projektdatei lässt sich nicht lesen ({})",
    "the project was written by a newer program (schema {}, known up to {})": (
        "das Projekt stammt aus einer neueren Programmversion (Schema {}, bekannt bis {})"
    ),
    "the file was written by a newer Jena Planner (schema {}, known up to {})": (
        "die Datei stammt aus einem neueren Jena Planner (Schema {}, bekannt bis {})"
    ),
    "what Jena Planner wrote on it is damaged": "die Angaben von Jena Planner daran sind beschädigt",
    "there is no such project": "dieses Projekt gibt es nicht",
    "there is a project already": "hier liegt schon ein Projekt",
    "there is no project in it": "sie enthält kein Projekt",
    "another project is in this folder": "in diesem Ordner liegt ein anderes Projekt",
    "it holds the project {} already": "sie enthält schon das Projekt {}",
    "it comes from a project in {}, this one is in {}": "er stammt aus einem Projekt in {}, dieses ist in {}",
    "this is the project {}, the scene belongs to {}": "das ist das Projekt {}, die Szene gehört zu {}",
    "the project cannot be used": "das Projekt lässt sich nicht verwenden",
    "the project has no terrain": "das Projekt hat kein Gelände",
    "the project has neither buildings nor a plan area": "das Projekt hat weder Gebäude noch ein Plangebiet",
    "there is neither a building nor a plan area to look at": "es gibt weder Gebäude noch ein Plangebiet zu zeigen",
    "the project's data are not there": "die Daten des Projekts fehlen",
    "the project's data are not there, so the height of the ground is unknown": (
        "die Daten des Projekts fehlen, die Geländehöhe ist deshalb unbekannt"
    ),
    "The project's folder is not there: {}. Relink it; everything you see stays.": (
        "Der Projektordner fehlt: {}. Neu verknüpfen; alles Sichtbare bleibt."
    ),
    "The read data are not in {}. Import again, or relink; everything you see stays.": (
        "Die eingelesenen Daten liegen nicht in {}. Erneut importieren oder neu verknüpfen; alles Sichtbare bleibt."
    ),
    "The data of {} were read anew since this file was built of them; you see the old ones.": (
        "Die Daten von {} wurden neu eingelesen, seit diese Datei daraus entstand; zu sehen sind die alten."
    ),
    "The project's folder was changed by somebody else since this file was saved ({}).": (
        "Der Projektordner wurde seit dem Speichern dieser Datei anderweitig geändert ({})."
    ),
    "the data have schema {}, this program knows {}": "die Daten haben Schema {}, dieses Programm kennt {}",
    "the report of the import is not there": "der Bericht des Imports fehlt",
    "no such file, but the project names it under {}": "diese Datei fehlt, das Projekt nennt sie aber unter {}",
    "unknown key {}": "unbekannter Schlüssel {}",
    "unknown key {} (and {} more)": "unbekannter Schlüssel {} (und {} weitere)",
    "the key {} is missing": "der Schlüssel {} fehlt",
    "the key {} is missing (and {} more)": "der Schlüssel {} fehlt (und {} weitere)",
    "{} = {} is not allowed": "{} = {} ist nicht zulässig",
    "{} = {} is not allowed (and {} more)": "{} = {} ist nicht zulässig (und {} weitere)",
    "{} = {} is no text": "{} = {} ist kein Text",
    'analyses.{}.kind = "{}" is unknown': 'analyses.{}.kind = "{}" ist unbekannt',
    "there is no lock for it (only for {})": "dafür gibt es keine Liste fester Versionen (nur für {})",
    # Variants and blocks
    "a variant needs a town to stand in": "eine Variante braucht eine Stadt, in der sie steht",
    "building plot {}": "Baugrundstück {}",
    "there is no parcel {} in the data": "ein Flurstück {} ist nicht in den Daten",
    "Read the cadastre under plots, or check the number": "Das Kataster unter plots einlesen oder die Nummer prüfen",
    "it has neither parcels nor an outline": "es hat weder Flurstücke noch einen Umriss",
    "Name parcels, or give an outline": "Flurstücke nennen oder einen Umriss angeben",
    "nothing is left of it when street land is cut off": "nichts bleibt davon, wenn Straßenland abgezogen ist",
    "Check its outline and the streets": "Seinen Umriss und die Straßen prüfen",
    "its outline is no polygon": "sein Umriss ist kein Polygon",
    "Give three corners or more, without crossings": "Drei Ecken oder mehr angeben, ohne Kreuzungen",
    "there is no variant called {}": "eine Variante {} gibt es nicht",
    "the variant id {} is taken": "die Varianten-Kennung {} ist vergeben",
    "the variant id {} is taken (by {})": "die Varianten-Kennung {} ist vergeben (an {})",
    "the variant was written by a newer program (schema {})": "die Variante stammt aus einer neueren Programmversion (Schema {})",
    "the block id {} is used twice": "die Baukörper-Kennung {} kommt doppelt vor",
    "the open space id {} is used twice": "die Freiflächen-Kennung {} kommt doppelt vor",
    "the tree id {} is used twice": "die Baum-Kennung {} kommt doppelt vor",
    "Give each one an id of its own": "Jedem eine eigene Kennung geben",
    "the geometry is no point of numbers": "die Geometrie ist kein Punkt aus Zahlen",
    "Put the tree again": "Den Baum neu setzen",
    "A tree is a Point": "Ein Baum ist ein Point",
    "attic_used = {} is not allowed": "attic_used = {} ist nicht zulässig",
    "{} = {} is unknown": "{} = {} ist unbekannt",
    "an open space does not say its kind": "eine Freifläche sagt nicht, welcher Art sie ist",
    "storey_uses = {} is no list of uses": "storey_uses = {} ist keine Liste von Nutzungen",
    'Write it as ["gewerbe", "wohnen"], from the ground floor up': 'Als ["gewerbe", "wohnen"] schreiben, vom Erdgeschoss aufwärts',
    "Give true or false": "true oder false angeben",
    "the tree to be felled is not in the data": "der zu fällende Baum ist nicht in den Daten",
    "removed is not a list of gml:ids": "removed ist keine Liste von gml:ids",
    "colour = {} is no colour": "colour = {} ist keine Farbe",
    "status = {} is unknown": "status = {} ist unbekannt",
    "storeys = {} is not allowed": "storeys = {} ist nicht zulässig",
    "roof = {} is not allowed": "roof = {} ist nicht zulässig",
    "the key storeys is missing": "der Schlüssel storeys fehlt",
    "the geometry is a {}": "die Geometrie ist vom Typ {}",
    "the geometry is no polygon of numbers": "die Geometrie ist kein Polygon aus Zahlen",
    "the outline crosses or touches itself ({})": "der Umriss schneidet oder berührt sich selbst ({})",
    "the outline crosses or touches itself near {} {}": "der Umriss schneidet oder berührt sich selbst bei {} {}",
    "a selected face crosses itself, seen from above": "eine ausgewählte Fläche schneidet sich von oben gesehen selbst",
    "Divide it, or select others": "Sie teilen oder andere auswählen",
    "the selection": "die Auswahl",
    "no face is selected that has an area, seen from above": "es ist keine Fläche ausgewählt, die von oben gesehen einen Inhalt hat",
    "Select faces that lie, or slope": "Liegende oder geneigte Flächen auswählen",
    "its outline crosses itself": "der Umriss schneidet sich selbst",
    "its outline falls into {} parts": "der Umriss zerfällt in {} Teile",
    "its outline has coordinates that are no numbers": "der Umriss hat Koordinaten, die keine Zahlen sind",
    "its outline is not closed": "der Umriss ist nicht geschlossen",
    "edges stand alone in its outline, or it touches itself": "im Umriss stehen einzelne Kanten, oder er berührt sich selbst",
    "the footprint covers only {} m²": "die Grundfläche hat nur {} m²",
    "the footprint has coordinates that are no numbers": "der Grundriss hat Koordinaten, die keine Zahlen sind",
    "the footprint is no polygon": "der Grundriss ist kein Polygon",
    "the footprint is not valid ({})": "der Grundriss ist ungültig ({})",
    "a body {} m high is not possible": "ein {} m hoher Baukörper ist nicht möglich",
    "a ground floor {} m high is not possible": "ein {} m hohes Erdgeschoss ist nicht möglich",
    "a storey {} m high is not possible": "ein {} m hohes Geschoss ist nicht möglich",
    "a parapet {} m high is not possible": "eine {} m hohe Attika ist nicht möglich",
    "a plinth {} m high is not possible": "ein {} m hoher Sockel ist nicht möglich",
    "a knee wall {} m high is not possible": "ein {} m hoher Drempel ist nicht möglich",
    "a storey below ground {} m high is not possible": "ein {} m hohes Untergeschoss ist nicht möglich",
    "{} storeys below ground are not possible": "{} Untergeschosse sind nicht möglich",
    "a storey cannot be set back by {} m": "ein Geschoss kann nicht um {} m zurücktreten",
    "the only storey cannot be set back": "das einzige Geschoss kann nicht zurücktreten",
    "nothing is left of the top storey when it is set back by {} m": "vom obersten Geschoss bleibt nichts, wenn es um {} m zurücktritt",
    "the upper part of a mansard roof ({}°) is to be flatter than the lower one ({}°)": (
        "der obere Teil eines Mansarddachs ({}°) muss flacher sein als der untere ({}°)"
    ),
    "the outline is too narrow for a mansard roof whose steep part is {} m high at {}°": (
        "der Umriss ist zu schmal für ein Mansarddach, dessen steiler Teil {} m hoch ist, bei {}°"
    ),
    "Give 0 m or more": "0 m oder mehr angeben",
    "Give the block one more storey, or set nothing back": "Dem Baukörper ein Geschoss mehr geben oder nichts zurücksetzen",
    "Set it back by less": "Weniger weit zurücksetzen",
    "Give the upper part more than 0° and less than the lower one": "Dem oberen Teil mehr als 0° und weniger als dem unteren geben",
    "Make the steep part steeper, or choose a hip roof": "Den steilen Teil steiler machen oder ein Walmdach wählen",
    "a half-hip roof needs a gable, and this outline has no end of a wing where one could stand": (
        "ein Krüppelwalmdach braucht einen Giebel, und dieser Umriss hat kein Ende eines Flügels, an dem einer stehen könnte"
    ),
    "Choose a hip roof": "Ein Walmdach wählen",
    "no {} roof can be formed over this outline": "{} ist über diesem Umriss nicht möglich",
    "Simplify it, or choose a flat roof": "Den Umriss vereinfachen oder ein Flachdach wählen",
    "a {} roof cannot have a pitch of {}°": "{} mit {}° Neigung ist nicht möglich",
    "{} storeys are not possible": "{} Geschosse sind nicht möglich",
    "{} and {} overlap by {} m²": "{} und {} überschneiden sich um {} m²",
    "it is scaled to nothing": "er ist auf null skaliert",
    "it lies outside the terrain": "er liegt außerhalb des Geländes",
    "it states no base and the project has no terrain to stand on": "er hat keine Höhenlage, und dem Projekt fehlt das Gelände",
    "it was saved in Blender since it was made and stays as it is; open it there to see what has changed": (
        "sie wurde seither in Blender gespeichert und bleibt unverändert; dort öffnen, um die Änderungen zu sehen"
    ),
    # Analyses, results, pictures
    "shadow": "Schatten",
    "shadow_frequency": "Verschattungshäufigkeit",
    "sun_times": "Erste und letzte Sonne",
    "sun_rules": "Besonnung nach DIN",
    "there is no sun {}": "{} scheint keine Sonne",
    "it has no place in common with {} ({})": "es hat keinen Ort gemeinsam mit {} ({})",
    "there is no open ground in the area": "im Ausschnitt gibt es keinen freien Boden",
    "the span has {} days to reckon": "die Spanne hat {} Tage zu rechnen",
    "DIN EN 17037 asks for a day from 1 February to 21 March, not {}": (
        "DIN EN 17037 verlangt einen Tag vom 1. Februar bis zum 21. März, nicht {}"
    ),
    "who takes the sun": "wer die Sonne nimmt",
    "a size of {} m makes {} cells": "eine Zellgröße von {} m ergibt {} Zellen",
    "a step of {} m makes {} cells": "ein Raster von {} m ergibt {} Zellen",
    "embreex is not installed": "embreex ist nicht installiert",
    "pvlib is not installed": "pvlib ist nicht installiert",
    "mathutils comes with Blender, which is not here": "mathutils gehört zu Blender, das hier fehlt",
    "it cannot be compared with {} ({}): other places or units": "nicht vergleichbar mit {} ({}): andere Orte oder Einheiten",
    "the files of {} are not there any more": "die Dateien von {} sind nicht mehr vorhanden",
    "the result was written by another version of the program": "das Ergebnis stammt aus einer anderen Programmversion",
    "there is no result {} of the variant {}": "ein Ergebnis {} der Variante {} gibt es nicht",
    "these values are no raster": "diese Werte sind kein Raster",
    "values on façades and roofs cannot be drawn as a flat map": (
        "Werte auf Fassaden und Dächern lassen sich nicht als ebene Karte zeichnen"
    ),
    "the span from {} to {} is empty": "die Zeitspanne von {} bis {} ist leer",
    "the sun is below the horizon at {}": "die Sonne steht unter dem Horizont ({})",
    "{} is empty": "{} ist leer",
    "{} lies outside the terrain": "{} liegt außerhalb des Geländes",
    "{} is no date": "{} ist kein Datum",
    "{} is no time of day": "{} ist keine Uhrzeit",
    "{} is no time zone": "{} ist keine Zeitzone",
    "its preset shows a result, none is named": "die Vorlage zeigt ein Ergebnis, es ist keines angegeben",
    "this preset shows a result and none is shown": "diese Vorlage zeigt ein Ergebnis, es wird aber keines gezeigt",
    "there is no picture called {}": "ein Bild {} gibt es nicht",
    "there is no preset {}": "eine Vorlage {} gibt es nicht",
    "the preset cannot be read ({})": "die Vorlage ist nicht lesbar ({})",
    "the program has a preset of this name itself": "das Programm hat selbst eine Vorlage dieses Namens",
    "Give the file another name": "Der Datei einen anderen Namen geben",
    "Take another name": "Einen anderen Namen nehmen",
    "this is no name for a preset": "das ist kein Name für eine Vorlage",
    "Take letters, digits, dashes and underscores": "Buchstaben, Ziffern, Binde- und Unterstriche nehmen",
    "there is a preset of this name already": "eine Vorlage dieses Namens gibt es schon",
    "Take another name, or change that one": "Einen anderen Namen nehmen oder jene ändern",
    "the preset that was chosen is not there any more": "die gewählte Vorlage gibt es nicht mehr",
    # Many machines
    "cluster": "Rechnerverbund",
    "worker {}": "Arbeiter {}",
    "the library distributed is not installed": "die Bibliothek distributed ist nicht installiert",
    "Install it: pip install jena-planner[cluster]": "Sie installieren: pip install jena-planner[cluster]",
    "that is no address of a scheduler": "das ist keine Adresse eines Schedulers",
    "Write it as tcp://HOST:8786": "Sie als tcp://RECHNER:8786 schreiben",
    "no scheduler answers there": "dort antwortet kein Scheduler",
    "Start one with `dask scheduler`, and look at the address and the firewall": (
        "Einen mit `dask scheduler` starten; Adresse und Firewall prüfen"
    ),
    "its workers run another version of the program than {} here ({})": (
        "seine Arbeiter haben eine andere Version des Programms als {} hier ({})"
    ),
    "Install the same version on all machines": "Auf allen Rechnern dieselbe Version installieren",
    "it runs version {} and not {} as here, and was left out": "er hat Version {} und nicht {} wie hier und wurde ausgelassen",
    "no worker has joined it": "kein Arbeiter hat sich dort gemeldet",
    "Start one on each machine: jena-planner worker {}": "Auf jedem Rechner einen starten: jena-planner worker {}",
    "the scheduler has gone": "der Scheduler ist nicht mehr da",
    "Start it and the workers again; what was finished is kept": "Ihn und die Arbeiter neu starten; was fertig war, bleibt",
    "all workers have gone": "alle Arbeiter sind fort",
    "Start them again; what was finished is kept": "Sie neu starten; was fertig war, bleibt",
    "one piece of work ended several workers": "ein Arbeitsstück hat mehrere Arbeiter beendet",
    "a piece of work failed there: {}": "ein Arbeitsstück ist dort gescheitert: {}",
    "Look at its disk and memory; what was finished is kept": "Seine Platte und seinen Speicher prüfen; was fertig war, bleibt",
    "Look at their memory; what was finished is kept": "Ihren Speicher prüfen; was fertig war, bleibt",
    "{} was drawn by a worker and did not arrive here": "{} wurde von einem Arbeiter gezeichnet und kam hier nicht an",
    "Put the project where all machines see it by the same path": (
        "Das Projekt dorthin legen, wo alle Rechner es unter demselben Pfad sehen"
    ),
    "Put the project where all machines see it by the same path, and may write": (
        "Das Projekt dorthin legen, wo alle Rechner es unter demselben Pfad sehen und schreiben dürfen"
    ),
    "it cannot read {}": "er kann {} nicht lesen",
    "it cannot write to {}": "er kann nicht schreiben in {}",
    "another project stands in {} here": "hier steht in {} ein anderes Projekt",
    "{} of {} pictures": "{} von {} Bildern",
    "{} of {} pieces": "{} von {} Stücken",
    "the process that draws ended too early ({})": "der Prozess, der das Bild zeichnet, endete zu früh ({})",
    "the process that reads it ended too early ({})": "der Prozess, der sie liest, endete zu früh ({})",
    # What to do
    "Choose a larger area": "Größeren Ausschnitt wählen",
    "Choose another day or lower suns": "Anderen Tag oder tiefer stehende Sonne wählen",
    "Choose a shorter span or more days between": "Kürzere Spanne oder mehr Tage dazwischen wählen",
    "Choose such a day": "Einen solchen Tag wählen",
    "Blocks and open spaces are Polygons": "Baukörper und Freiflächen sind Polygone",
    "A list of points needs three numbers in each line": "Eine Punktliste braucht drei Zahlen je Zeile",
    "A terrain needs at least four": "Ein Gelände braucht mindestens vier",
    "A terrain needs points in both directions": "Ein Gelände braucht Punkte in beiden Richtungen",
    "Add a crs member ({})": "Eintrag crs ergänzen ({})",
    "Add it": "Ergänzen",
    "Add it to the block's properties": "In den Eigenschaften des Baukörpers ergänzen",
    "Allowed here: {}": "Hier zulässig: {}",
    "Allowed: {}": "Zulässig: {}",
    "Allowed: {}, or a .toml file": "Zulässig: {} oder eine .toml-Datei",
    "Ask for a GeoTIFF or add a world file": "GeoTIFF anfordern oder World-Datei ergänzen",
    "Ask for the gridded terrain model (DGM), or grid it with GDAL": "Gerastertes Geländemodell (DGM) anfordern oder mit GDAL rastern",
    "Begin with File ▸ New, or add the data to this project": "Mit Datei ▸ Neu beginnen oder die Daten diesem Projekt hinzufügen",
    "Check its access rights": "Zugriffsrechte prüfen",
    "Check its name and access rights": "Name und Zugriffsrechte prüfen",
    "Check memory and disk, then try again": "Arbeitsspeicher und Datenträger prüfen, dann wiederholen",
    "Check the box: west, south, east, north in the scene's system": "Ausschnitt prüfen: West, Süd, Ost, Nord im System der Szene",
    "Check the file": "Datei prüfen",
    "Check the file's first lines": "Die ersten Zeilen der Datei prüfen",
    "Check the name": "Namen prüfen",
    "Check the tiles' numbers and the CRS (--crs)": "Kachelnummern und Koordinatensystem prüfen (--crs)",
    "Check what was delivered": "Lieferung prüfen",
    "Choose CityGML, terrain or variants": "CityGML, Gelände oder Varianten wählen",
    "Choose a larger step or a smaller area": "Gröberes Raster oder kleineren Ausschnitt wählen",
    "Choose a projected system such as EPSG:25832 under [place]": (
        "Unter [place] ein projiziertes Koordinatensystem wählen, etwa EPSG:25832"
    ),
    "Choose a smaller step": "Feineres Raster wählen",
    "Choose a time of day with sun": "Eine Uhrzeit mit Sonne wählen",
    "Choose another folder, or add the files to its project.toml and run it": (
        "Anderen Ordner wählen oder die Dateien in dessen project.toml eintragen und rechnen lassen"
    ),
    "Choose another one with --out": "Mit --out einen anderen wählen",
    "Choose another output folder": "Anderen Ausgabeordner wählen",
    "Choose another output folder or ask for write access": "Anderen Ausgabeordner wählen oder Schreibrecht erbitten",
    "Choose first whose variants count: the folder's or this file's": (
        "Zuerst wählen, wessen Varianten gelten: die des Ordners oder die dieser Datei"
    ),
    "Choose larger cells or a smaller area": "Größere Zellen oder kleineren Ausschnitt wählen",
    "Choose one in the town, or leave it out: sun and north are those of the origin": (
        "Einen in der Stadt wählen oder weglassen: Sonne und Norden gelten für den Ursprung"
    ),
    "Choose one, for Jena EPSG:25832": "Eines wählen, für Jena EPSG:25832",
    "Choose the folder of this project": "Den Ordner dieses Projekts wählen",
    "Close the outline with a face (F)": "Umriss mit einer Fläche schließen (F)",
    "Compute both alike": "Beide gleich berechnen",
    "Cut out the town's surroundings with gdalwarp": "Die Umgebung der Stadt mit gdalwarp ausschneiden",
    "Delete it and run `jena-planner run`": "Löschen und `jena-planner run` ausführen",
    "Delete its folder and run `jena-planner run` to make it again": ("Den Ordner löschen und mit `jena-planner run` neu erzeugen"),
    "Delete what does not belong to the outline": "Löschen, was nicht zum Umriss gehört",
    "Do not use this file": "Diese Datei nicht verwenden",
    "Download it again": "Erneut herunterladen",
    "Download it again or ask who delivered it": "Erneut herunterladen oder beim Datengeber nachfragen",
    "Download it again, or unpack it and name the files in it": ("Erneut herunterladen oder entpacken und die Dateien darin angeben"),
    "Draw it again": "Neu zeichnen",
    "Draw it larger": "Größer zeichnen",
    "Draw it without crossings": "Ohne Überschneidungen zeichnen",
    "Draw one closed outline": "Einen geschlossenen Umriss zeichnen",
    "the project cannot move here ({}); it stays in {}": "das Projekt kann nicht hierher umziehen ({}); es bleibt in {}",
    "Free some space or choose another folder, and save again": "Platz schaffen oder einen anderen Ordner wählen und erneut speichern",
    "Free some space and start again; finished files are kept": "Platz schaffen und neu starten; fertige Dateien bleiben erhalten",
    "Give 0 to 5 m": "0 bis 5 m angeben",
    "Give 0 to 20": "0 bis 20 angeben",
    "Give 1.5 to 30 m": "1,5 bis 30 m angeben",
    "Give a number from {} to {}": "Eine Zahl von {} bis {} angeben",
    "Give a whole number from 0 to {}": "Eine ganze Zahl von 0 bis {} angeben",
    "Give a whole number from 0 to 200": "Eine ganze Zahl von 0 bis 200 angeben",
    "Give each variant an id of its own": "Jeder Variante eine eigene Kennung geben",
    "Give it a base in metres": "Höhenlage in Metern angeben",
    "Give kind as one of {}": "Als kind angeben: {}",
    "Give more than 0 and at most {}°": "Mehr als 0 und höchstens {}° angeben",
    "Give the file the coordinate system it is in (a crs member, in GeoJSON)": (
        "In der Datei ihr Koordinatensystem angeben (in GeoJSON als Eintrag crs)"
    ),
    "Give west, south, east, north": "West, Süd, Ost, Nord angeben",
    "Give west, south, east, north, with west < east and south < north": ("West, Süd, Ost, Nord angeben, mit West < Ost und Süd < Nord"),
    "Give west, south, east, north in the scene's system": "West, Süd, Ost, Nord im System der Szene angeben",
    "Hand it over as GeoJSON instead": "Stattdessen als GeoJSON übergeben",
    "Import again, or relink the project": "Erneut importieren oder das Projekt neu verknüpfen",
    "Known: {}": "Bekannt: {}",
    "Let it end after it starts": "Das Ende nach den Beginn legen",
    "Look at it in a picture of the scene": "In einem Bild der Szene ansehen",
    "Look at the files with `jena-planner check`": "Die Dateien mit `jena-planner check` prüfen",
    "Mend the line named": "Die genannte Zeile berichtigen",
    "Move it, add terrain, or give it a base": "Verschieben, Gelände ergänzen oder Höhenlage angeben",
    "Ask who delivered it": "Beim Lieferanten nachfragen",
    "Name a CityJSON file": "Eine CityJSON-Datei angeben",
    "Put it first": "Ihn an den Anfang stellen",
    "Unpack it and name the folder": "Entpacken und den Ordner angeben",
    "Do not use it, or unpack it yourself and name the files in it": "Nicht verwenden, oder selbst entpacken und die Dateien darin angeben",
    "Name CityGML or CityJSON files under [data] buildings": "CityGML- oder CityJSON-Dateien unter [data] buildings angeben",
    "Name a CityGML file": "Eine CityGML-Datei angeben",
    "Name a CityGML file (.gml or .xml)": "Eine CityGML-Datei angeben (.gml oder .xml)",
    "Name a folder with a {}, or make one with `jena-planner import`": (
        "Einen Ordner mit {} angeben oder mit `jena-planner import` anlegen"
    ),
    "Name a terrain file (.xyz, .txt, .tif, .asc)": "Eine Geländedatei angeben (.xyz, .txt, .tif, .asc)",
    "Name a terrain model with one band": "Ein Geländemodell mit einem Kanal angeben",
    "Name at least one CityGML or CityJSON file": "Mindestens eine CityGML- oder CityJSON-Datei angeben",
    "Name at least one terrain file": "Mindestens eine Geländedatei angeben",
    "Name files ending in {}": "Dateien mit diesen Endungen angeben: {}",
    "Name one: result = …, or --result": "Eines angeben: result = … oder --result",
    "Name terrain files": "Geländedateien angeben",
    "Name terrain files in project.toml": "Geländedateien in project.toml angeben",
    "Name terrain files, or read a smaller area (bbox)": "Geländedateien angeben oder einen kleineren Ausschnitt lesen (bbox)",
    "Name the area you need (--bbox), or reduce it with gdalwarp": (
        "Den benötigten Ausschnitt angeben (--bbox) oder mit gdalwarp verkleinern"
    ),
    "Name the files in it": "Die Dateien darin angeben",
    "Open a project first, or import CityGML": "Zuerst ein Projekt öffnen oder CityGML importieren",
    "Open or import one first": "Zuerst eines öffnen oder importieren",
    "Put it in quotes": "In Anführungszeichen setzen",
    "Put the file there or change project.toml": "Die Datei dort ablegen oder project.toml ändern",
    "Read fewer tiles, a bbox or a coarser step": "Weniger Kacheln, einen Ausschnitt oder ein gröberes Raster lesen",
    "Relink the project": "Projekt neu verknüpfen",
    "Relink the project, or import again": "Projekt neu verknüpfen oder erneut importieren",
    "Remove it": "Entfernen",
    "Run `jena-planner run` to read the sources again": "Mit `jena-planner run` die Quellen neu einlesen",
    "Run the analysis again": "Analyse erneut berechnen",
    "Save it as GeoJSON with longitude and latitude, or with its CRS": (
        "Als GeoJSON mit Länge und Breite oder mit seinem Koordinatensystem speichern"
    ),
    "Save it as UTF-8": "Als UTF-8 speichern",
    "Save the variant again": "Variante erneut speichern",
    "Separate them (P) into blocks of their own": "In eigene Baukörper trennen (P)",
    "Show one in the list of results first": "Zuerst eines in der Ergebnisliste zeigen",
    "State a bbox": "Ausschnitt (bbox) angeben",
    "State a view with a target": "Eine Ansicht mit Ziel angeben",
    "State it with --crs": "Mit --crs angeben",
    "State it: --crs EPSG:25832, or crs under [data]": "Angeben: --crs EPSG:25832 oder crs unter [data]",
    "State the CRS, e.g. EPSG:25832": "Koordinatensystem angeben, z. B. EPSG:25832",
    "State the right CRS with --crs": "Das richtige Koordinatensystem mit --crs angeben",
    "State the right one with --crs": "Das richtige mit --crs angeben",
    "Stay below {} m": "Unter {} m bleiben",
    "There is no such time zone; write it as Europe/Berlin": "Diese Zeitzone gibt es nicht; schreiben wie Europe/Berlin",
    "Undo, or draw it again": "Rückgängig machen oder neu zeichnen",
    "Undo, or open an older copy of the file": "Rückgängig machen oder eine ältere Fassung der Datei öffnen",
    "Undo, or set its scale to 1": "Rückgängig machen oder die Skalierung auf 1 setzen",
    "Unpack it and name the .gml file in it": "Entpacken und die .gml-Datei darin angeben",
    "Unpack it and name the .gml files in it": "Entpacken und die .gml-Dateien darin angeben",
    "Unpack it and name the files in it, or import it as it is": "Entpacken und die Dateien darin angeben oder als Ganzes importieren",
    "Update Jena Planner": "Jena Planner aktualisieren",
    "Update Jena Planner before you change anything; nothing is lost": (
        "Vor jeder Änderung Jena Planner aktualisieren; nichts geht verloren"
    ),
    "Update Jena Planner, or delete the folder": "Jena Planner aktualisieren oder den Ordner löschen",
    "Use a Blender that carries one of these": "Ein Blender mit einer dieser Versionen verwenden",
    "Warp it with gdalwarp first": "Zuerst mit gdalwarp entzerren",
    "Write CSV or GeoJSON": "CSV oder GeoJSON schreiben",
    'Write it as "#0072B2"': 'Schreiben wie "#0072B2"',
    "Write it as 09:30": "Schreiben wie 09:30",
    "Write it as 2025-03-21": "Schreiben wie 21.03.2025 oder 2025-03-21",
    "Write it as EPSG:25832": "Schreiben wie EPSG:25832",
    "Write it as Europe/Berlin": "Schreiben wie Europe/Berlin",
    'Write it as ["DE…", "DE…"]': 'Schreiben wie ["DE…", "DE…"]',
    "Write urn:ogc:def:crs:EPSG::{}": "urn:ogc:def:crs:EPSG::{} schreiben",
    "pip install embreex, or use the BVH of Blender": "pip install embreex ausführen oder das BVH von Blender verwenden",
    "pip install jena-planner[bpy]": "pip install jena-planner[bpy] ausführen",
    "pip install pvlib, or install the extension again": "pip install pvlib ausführen oder die Erweiterung neu installieren",
    "A fault in the program ({}: {}). Copy the details and report it.": "Fehler im Programm ({}: {}). Einzelheiten kopieren und melden.",
    "two analyses would write the files {}": "zwei Analysen würden die Dateien {} schreiben",
    "Give one of them a name of its own": "Einer davon einen eigenen Namen geben",
    "two pictures would be called {}": "zwei Bilder würden {} heißen",
    "Rename one of them": "Eines davon umbenennen",
    # What the check of a project file says is allowed
    "Input should be greater than or equal to {}": "Mindestens {} angeben",
    "Input should be greater than {}": "Mehr als {} angeben",
    "Input should be less than or equal to {}": "Höchstens {} angeben",
    "Input should be less than {}": "Weniger als {} angeben",
    "Input should be a valid number{}": "Eine Zahl angeben",
    "Input should be a valid integer{}": "Eine ganze Zahl angeben",
    "Input should be a valid string": "Einen Text angeben",
    "Input should be a valid list": "Eine Liste angeben",
    "Input should be a valid boolean{}": "true oder false angeben",
    "Input should be a valid date or datetime, {}": "Ein Datum angeben, etwa 21.03.2025 oder 2025-03-21",
    "Input should be a valid date in the format YYYY-MM-DD, {}": "Ein Datum angeben, etwa 21.03.2025 oder 2025-03-21",
    "String should match pattern {}": "Eine Uhrzeit von 00:00 bis 24:00 angeben",
    # What the system says of a file
    "Permission denied": "Zugriff verweigert",
    "No such file or directory": "Datei oder Ordner nicht gefunden",
    "No space left on device": "kein Platz auf dem Datenträger",
    # Publishing
    "{}, viewpoint {}": "{}, Standpunkt {}",
    "the preset {} gives no single view": "die Vorlage {} gibt keine einzelne Ansicht",
    "Choose one like eye or still": "Eine wie eye oder still wählen",
    "its camera {} stands or looks outside the terrain": "seine Kamera {} steht oder blickt außerhalb des Geländes",
    "Move the camera, or add terrain": "Die Kamera verschieben oder Gelände ergänzen",
    "its camera {} stands inside {}": "seine Kamera {} steht in {}",
    "Move the camera": "Die Kamera verschieben",
    "Written to {}. To think of: {}": "Geschrieben nach {}. Zu bedenken: {}",
    "Add [[participation.viewpoints]]": "[[participation.viewpoints]] ergänzen",
    "Add [participation]: see docs/participation.md": "[participation] ergänzen: siehe docs/participation.md",
    "Choose an empty folder, or one that was published to before": (
        "Einen leeren Ordner wählen oder einen, in den schon veröffentlicht wurde"
    ),
    "Draw one first": "Zuerst eine zeichnen",
    "Fill them in under [participation.contact] (url, title: [participation]), or give own texts under [participation.texts]": (
        "Sie unter [participation.contact] ausfüllen (url, title: [participation]) oder unter [participation.texts] eigene Texte angeben"
    ),
    "Leave the film out": "Den Film weglassen",
    "Leave the picture out": "Das Bild weglassen",
    "Make it for every variant, or leave it out under analyses": "Sie für jede Variante rechnen oder unter analyses weglassen",
    "Make one of every variant, or leave them out": "Von jeder Variante einen machen oder sie weglassen",
    "Name plan areas under [data]": "Plangebiete unter [data] angeben",
    "Say under contributions who reads them, and what follows": "Unter contributions sagen, wer sie liest und was daraus folgt",
    "Say under decides who decides, and when": "Unter decides sagen, wer wann entscheidet",
    "Say under fixed what is decided already, and why": "Unter fixed sagen, was schon entschieden ist und warum",
    "Say under open what people can still change": "Unter open sagen, was sich noch ändern lässt",
    "Set ends to that day or a later one": "ends auf diesen Tag oder einen späteren setzen",
    "Set its status to öffentlich, leave it out, or publish a preview": (
        "Ihren Status auf öffentlich setzen, sie weglassen oder eine Vorschau veröffentlichen"
    ),
    'Set kind to "informal", "early" (§ 3 (1) BauGB) or "formal" (§ 3 (2) BauGB)': (
        'kind auf "informal", "early" (§ 3 Abs. 1 BauGB) oder "formal" (§ 3 Abs. 2 BauGB) setzen'
    ),
    "Set starts and ends": "starts und ends setzen",
    "Set the status of variants to öffentlich, or publish a preview": (
        "Den Status von Varianten auf öffentlich setzen oder eine Vorschau veröffentlichen"
    ),
    "Show all in the same detail": "Alle gleich genau zeigen",
    "Take one of every variant and of the Bestand, or leave it out": "Von jeder Variante und vom Bestand eines machen oder es weglassen",
    "a film shows the variant {}, which is not published": "ein Film zeigt die Variante {}, die nicht veröffentlicht wird",
    "a formal procedure has a first and a last day": "ein förmliches Verfahren hat einen ersten und einen letzten Tag",
    "a picture shows the variant {}, which is not published": "ein Bild zeigt die Variante {}, die nicht veröffentlicht wird",
    "imprint and privacy texts have gaps: {}": "Impressum und Datenschutztexte haben Lücken: {}",
    "it is not said what happens with contributions": "es steht nicht da, was mit Beiträgen passiert",
    "it is not said what is fixed, and why": "es steht nicht da, was feststeht und warum",
    "it is not said what is still open": "es steht nicht da, was noch offen ist",
    "it is not said which kind of procedure this is": "es steht nicht da, welche Art von Verfahren das ist",
    "it is not said who decides, and when": "es steht nicht da, wer wann entscheidet",
    "model": "Modell",
    "no address is given, so there are no QR code, poster and layers for Masterportal: set url under [participation]": (
        "es ist keine Adresse angegeben, darum fehlen QR-Code, Plakat und Ebenen für Masterportal: url unter [participation] setzen"
    ),
    "it is not said how high the ellipsoid lies, so there are no tiles for globes: set undulation under [participation]": (
        "die Höhe des Ellipsoids ist nicht angegeben, darum gibt es keine Kacheln für Globen: undulation unter [participation] setzen"
    ),
    "there is no building plot or plan area called {}": "es gibt weder ein Baugrundstück noch ein Plangebiet namens {}",
    "no viewpoint is named, so whoever cannot use 3D would see nothing": (
        "es ist kein Standpunkt angegeben, wer 3D nicht nutzen kann, sähe also nichts"
    ),
    "page": "Seite",
    "results": "Ergebnisse",
    "some variants are shown as architects' models, others as plain blocks": (
        "einige Varianten sind als Architekturmodelle zu sehen, andere als schlichte Baukörper"
    ),
    "something else lies there": "dort liegt etwas anderes",
    "the analysis {} is not made for the variant {}": "die Analyse {} wird für die Variante {} nicht gerechnet",
    "the interactive page has not been built; index.html shows pictures and numbers alone (make setup builds it)": (
        "die interaktive Seite ist nicht gebaut; index.html zeigt nur Bilder und Zahlen (make setup baut sie)"
    ),
    "the picture {} shows variants that are not published: {}": "das Bild {} zeigt Varianten, die nicht veröffentlicht werden: {}",
    "the project has no ground to stand on": "das Projekt hat kein Gelände, auf dem etwas stehen könnte",
    "Ask for it as UTF-8": "Um eine Fassung in UTF-8 bitten",
    "Ask for the file again": "Die Datei noch einmal erbitten",
    "Ask whoever runs it": "Bei den Betreibern nachfragen",
    "Call one of its columns {} or {}": "Eine der Spalten {} oder {} nennen",
    "Check the address, try again": "Die Adresse prüfen und es noch einmal versuchen",
    "Check the folder": "Den Ordner prüfen",
    "Collect it into that project": "In jenes Projekt einlesen",
    "Copy it again, to its end": "Ihn noch einmal ganz kopieren",
    "Files up to {} MB are read": "Gelesen werden Dateien bis {} MB",
    "Leave it out, or ask for it again": "Weglassen oder noch einmal erbitten",
    "Mend the file, or take it away to begin anew": "Die Datei berichtigen, oder sie entfernen und neu beginnen",
    "Save it again as CSV": "Noch einmal als CSV speichern",
    "See docs/collecting.md": "Siehe docs/collecting.md",
    "See docs/collecting.md for what is read": "Siehe docs/collecting.md: was gelesen wird",
    "Simplify it": "Ihn vereinfachen",
    "Split it": "Sie teilen",
    "a block is {} m high": "ein Baukörper ist {} m hoch",
    "a drawing could not be read and was left out": "eine Zeichnung war nicht lesbar und wurde weggelassen",
    "a drawing without height and without words was left out": "eine Zeichnung ohne Höhe und ohne Worte wurde weggelassen",
    "a tree lies outside the area": "ein Baum liegt außerhalb des Gebiets",
    "an outline has more than {} points": "ein Umriss hat mehr als {} Punkte",
    "it belongs to another procedure ({})": "es gehört zu einem anderen Verfahren ({})",
    "it cannot be read ({}) and is left out": "es ist nicht lesbar ({}) und bleibt weg",
    "it has no id": "es hat keine Kennung",
    "it has schema {}, and {} is known": "es hat Schema {}, bekannt ist {}",
    "it has {} blocks; {} are allowed": "er hat {} Baukörper, erlaubt sind {}",
    "it has {} features": "er hat {} Objekte",
    "it has {} kB; {} are allowed": "es hat {} kB, erlaubt sind {}",
    "it holds more than {} contributions": "sie enthält mehr als {} Beiträge",
    "it holds more than {} rows": "sie hat mehr als {} Zeilen",
    "it is nested too deeply to be read": "es ist zu tief verschachtelt, um gelesen zu werden",
    "it is no FeatureCollection": "es ist keine FeatureCollection",
    "it is not UTF-8 text": "es ist kein Text in UTF-8",
    "it lies outside the area": "er liegt außerhalb des Gebiets",
    "it lies where the project's coordinate system does not reach": "es liegt, wo das Koordinatensystem des Projekts nicht hinreicht",
    "it names files of models, which nobody may send": "er nennt Dateien von Modellen; die darf niemand schicken",
    "it names no coordinate system that is known ({})": "es nennt kein bekanntes Koordinatensystem ({})",
    "it was written by a newer program (schema {})": "es ist von einem neueren Programm geschrieben (Schema {})",
    "its answer holds no contributions": "die Antwort enthält keine Beiträge",
    "its answer is too large": "die Antwort ist zu groß",
    "nothing is said in it": "darin ist nichts gesagt",
    "page {} of {}": "Seite {} von {}",
    "status {} is unknown": "der Stand {} ist unbekannt",
    "the answers cannot be read ({})": "die Antworten sind nicht lesbar ({})",
    "the file has {} MB": "die Datei hat {} MB",
    "the link carries no contribution, or not the whole of one": "der Link trägt keinen Beitrag oder nicht den ganzen",
    "the server does not answer as it should ({})": "der Server antwortet nicht, wie er soll ({})",
    "the server gives the same page again and again": "der Server gibt immer wieder dieselbe Seite",
    "the table cannot be read ({})": "die Tabelle ist nicht lesbar ({})",
    "the table has no column with what was said": "die Tabelle hat keine Spalte mit dem, was gesagt wurde",
    "there are no contributions in this folder (.json, .geojson, .csv)": "in diesem Ordner sind keine Beiträge (.json, .geojson, .csv)",
    "this is neither JSON nor a table": "das ist weder JSON noch eine Tabelle",
    "this is neither a contribution nor a file of another system that is known": "das ist kein Beitrag und keine bekannte Datei",
    "nothing has been collected yet": "es ist noch nichts eingelesen",
    "Take contributions in": "Beiträge einlesen",
    "there is no design that is not a variant already": "jeder Entwurf ist schon eine Variante",
    "Choose another contribution": "Einen anderen Beitrag wählen",
    "Switch it on in the preferences under System": "In den Einstellungen unter System einschalten",
    "Blender's online access is off": "Blenders Online-Zugang ist aus",
    "{} new contributions, {} brought up to date, {} known already, {} refused.": (
        "{} neue Beiträge, {} auf neuem Stand, {} schon bekannt, {} abgelehnt."
    ),
    "{} designs are variants now.": "{} Entwürfe sind jetzt Varianten.",
    "{} things were left out or mended: {}": "{} Dinge wurden weggelassen oder berichtigt: {}",
    "this is no contribution": "das ist kein Beitrag",
    "it gives more than {} contributions": "er liefert mehr als {} Beiträge",
    "nothing is said in it: {}": "darin wird nichts gesagt: {}",
    "contribution {} is there already, in other words; the first was kept": (
        "Beitrag {} ist schon da, mit anderen Worten; der erste wurde behalten"
    ),
    "{}; it was left out": "{}; es wurde weggelassen",
    "a place lies outside the area and was left out": "ein Ort liegt außerhalb des Gebiets und wurde weggelassen",
    "a place is no list of numbers and was left out": "ein Ort besteht nicht aus Zahlen und wurde weggelassen",
    "a place was left out: {}": "ein Ort wurde weggelassen: {}",
    "a text was cut after {} characters": "ein Text wurde nach {} Zeichen abgeschnitten",
    "a comment without words was left out": "eine Äußerung ohne Worte wurde weggelassen",
    "a variant was left out: {}": "ein Entwurf wurde weggelassen: {}",
    "it names a {} that is not there: {}": "es nennt etwas, das es nicht gibt ({}): {}",
    "a judgement could not be read and was left out": "eine Beurteilung war nicht lesbar und wurde weggelassen",
    "a choice between two variants could not be read and was left out": "ein Vergleich war nicht lesbar und wurde weggelassen",
    "the project says nothing about participation": "das Projekt sagt nichts zur Beteiligung",
    "the variant {} has no film like those of others": "von der Variante {} gibt es keinen Film wie von anderen",
    "the variant {} has no picture like {} (same camera, light and size)": (
        "von der Variante {} gibt es kein Bild wie {} (gleiche Kamera, gleiches Licht, gleiche Größe)"
    ),
    "the variant {} is marked {}": "die Variante {} ist als {} gekennzeichnet",
    "there is neither a plan area nor a block": "es gibt weder ein Plangebiet noch einen Baukörper",
    "there is no analysis called {}": "es gibt keine Analyse namens {}",
    "there is no variant to publish": "es gibt keine Variante zu veröffentlichen",
    "{}, participation": "{}, participation",
    "§ 3 (2) BauGB asks for a month and at least {} days: until {}, not until {}": (
        "§ 3 Abs. 2 BauGB verlangt einen Monat und mindestens {} Tage: bis {}, nicht bis {}"
    ),
    # Progress
    "rendering {}": "Bild berechnen ({})",
    "{}: preparing": "{}: vorbereiten",
    "{}: about {} minutes left": "{}: noch etwa {} Minuten",
    "{}: about a minute left": "{}: noch etwa eine Minute",
    "about {} minutes left": "noch etwa {} Minuten",
    "about a minute left": "noch etwa eine Minute",
}
"""English -> German, with {} for each value; of an InputProblem its parts: where, what, what to do."""

VALUES = {
    "it does not say where it is for": "sie sagt nicht, für welchen Ort sie gilt",
    "its heading or a field of a line is missing": "ihr Kopf oder ein Feld einer Zeile fehlt",
    "flat": "Flachdach",
    "gable": "Satteldach",
    "hip": "Walmdach",
    "shed": "Pultdach",
    "mansard": "Mansarddach",
    "half-hip": "Krüppelwalmdach",
    "points": "Punkte",
    "lines": "Linien",
    "metres": "Meter",
    "millimetres": "Millimeter",
    "centimetres": "Zentimeter",
    "decimetres": "Dezimeter",
    "inches": "Zoll",
    "feet": "Fuß",
    "polygons": "Flächen",
    "none": "keine",
    "none yet: run the analyses first": "noch keines; zuerst die Analysen berechnen",
    "unknown": "unbekannt",
    "no known system": "keinem bekannten System",
    "none that is known": "keinem bekannten",
}
"""English -> German: words that a value of a sentence can be."""


def spoken(sentence: str) -> str:
    """A sentence of the program's (English) in the language of the panel; as it is where it is not known. For draw() too: remembered."""
    return in_german(sentence) if sentence and preferences.language() == "de" else sentence


def labelled(words: str) -> str:
    """Words of a result (German) in the language of the panel. For draw() too."""
    return words if preferences.language() == "de" else in_english(words)


def doing(what: str) -> str:
    """What a job is doing, part by part: an analysis (German), a variant, a step (English). For draw() too."""
    return ": ".join(labelled(spoken(part)) for part in what.split(": "))


@lru_cache(maxsize=4096)
def in_german(sentence: str) -> str:
    """An English sentence, or a fragment of one, in German; as it is where it is not known."""
    return _read(sentence)[1]


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[int, str]:
    """(letters known, in German) of `where: what. What to do.` or a part of it: of all ways to read it the one that knows most."""
    if text in VALUES:
        return len(text), VALUES[text]
    ways = [(0, text)]
    if text in GERMAN:
        ways.append((len(text), GERMAN[text]))
    for pattern, letters, german in _patterns():
        if found := pattern.fullmatch(text):
            values = [_read(value) if " " in value or value in VALUES else (0, value) for value in found.groups()]
            ways.append((letters + sum(known for known, _ in values), german.format(*(value for _, value in values))))
    if text.endswith("."):
        known, german = _read(text[:-1])
        ways.append((known, f"{german}."))
    for mark in re.finditer(r"(: |\. )(?=\S)", text):
        (before, first), (after, second) = _read(text[: mark.start()]), _read(text[mark.end() :])
        if after and (before or mark[0] == ": "):  # before a colon may stand a file
            ways.append((before + after, f"{first}{mark[0]}{second}"))
    return max(ways, key=lambda way: way[0])


@cache
def _patterns() -> list[tuple[re.Pattern[str], int, str]]:
    return [(matcher(english, "(.+?)"), len(english.replace("{}", "")), german) for english, german in SENTENCES.items()]
