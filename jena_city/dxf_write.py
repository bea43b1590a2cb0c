"""A town with a variant as a drawing (DXF R2013) for CAD programs: a layer for each meaning, metres, coordinates of the project's CRS."""

from __future__ import annotations

import math
from os import PathLike
from typing import Any

import numpy as np
import shapely

from . import plan_parts
from .about import version
from .applied import Applied
from .arrays import FloatArray
from .files import slug, written_beside
from .model import CityModel, Semantics
from .planned import planned
from .problems import Progress, Report, no_progress
from .site import Features

MOST_GROUND = 20_000  # points of the terrain written: CAD programs are slow with more
LETTERS = 1.8  # metres high
USUAL_CROWN = 5.0  # metres across, of a tree whose register says nothing
# Layer -> colour (AutoCAD's number) and what is on it.
LAYERS = {
    "GEBAEUDE_GRUNDRISS": (8, "Grundrisse des Bestands auf Höhe ihres Fußes"),
    "GEBAEUDE_KOERPER": (9, "Körper des Bestands"),
    "GEBAEUDE_TEXT": (8, "Geschosse und Höhe des Bestands"),
    "ABBRUCH": (1, "Grundrisse der Gebäude, die die Variante abreißt"),
    "VARIANTE_GRUNDRISS": (5, "Grundrisse der Variante auf Höhe ihres Fußes"),
    "VARIANTE_KOERPER": (150, "Körper der Variante"),
    "VARIANTE_TEXT": (5, "Name, Geschosse und Höhe der Baukörper"),
    "VARIANTE_FREIFLAECHEN": (150, "Freiflächen der Variante"),
    "UMGEBUNG_KOERPER": (252, "Brücken, Verkehrsflächen, Gewässer und anderes"),
    "BAEUME": (94, "Bäume, so breit wie ihre Krone"),
    "STRASSEN": (7, "Straßenachsen"),
    "FLURSTUECKE": (40, "Flurstücke"),
    "PLANGEBIET": (6, "Plangebiete"),
    "BAUGRENZE": (5, "Baugrenzen der Bebauungspläne"),
    "BAULINIE": (1, "Baulinien der Bebauungspläne"),
    "FLAECHEN": (73, "Landbedeckung"),
    "REFERENZ": (253, "Referenzlinien"),
    "GELAENDE": (33, "Gelände als Netz"),
    "INFO": (7, "Quelle, Lizenz, Koordinatensystem"),
}
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def write(applied: Applied, path: str | PathLike[str], *, name: str = "", progress: Progress = no_progress) -> Report:
    """Write a site with a variant applied. name : of the whole.

    Returns what could not be written as it is. Raises InputProblem where the file cannot be written.
    """
    city = planned(applied)
    report = Report(buildings=city.building_count, building_parts=city.part_count)
    drawing = _Drawing(applied, name)
    existing = np.arange(len(city.building_id)) < int(applied.kept.sum())
    bare = drawing.buildings("GEBAEUDE", city, existing, lambda share: progress(0.1 + 0.5 * share, "writing"))
    bare += drawing.buildings("VARIANTE", city, ~existing)
    if bare:
        report.add("no-footprint", str(path), "", f"{bare} buildings have no faces and are left out")
    drawing.rest()
    progress(0.8, "writing")
    with written_beside(path) as beside:
        drawing.doc.saveas(str(beside))
    return report


class _Drawing:
    def __init__(self, applied: Applied, name: str) -> None:
        import ezdxf

        self.applied = applied
        origin = applied.site.origin
        self.offset = np.array([origin.easting, origin.northing, 0.0])
        self.doc = ezdxf.new("R2013", setup=False, units=6)  # metres
        self.doc.header["$MEASUREMENT"] = 1
        for layer, (colour, words) in LAYERS.items():
            self.doc.layers.add(layer, color=colour).description = words
        self.space = self.doc.modelspace()
        place = f"{origin.crs or 'Koordinatensystem unbekannt'}, Höhen {origin.height_system or 'unbekannt'}"
        said = [name or applied.variant.name, place, applied.site.source, f"Jena Planner {version()}"]
        for key, value in zip(("Titel", "Koordinatensystem", "Quelle", "Programm"), said, strict=True):
            self.doc.header.custom_vars.append(key, value)
        boxes = [box for box in (applied.site.city.bounds, applied.site.plan_box) if box is not None]
        corner = self.world(np.array([[min(box[0] for box in boxes), min(box[1] for box in boxes), 0.0]]))[0] if boxes else self.offset
        for number, line in enumerate(filter(None, said)):
            place_of_line = (float(corner[0]), float(corner[1]) - 4 * LETTERS * (number + 1))
            self.space.add_text(line, height=2 * LETTERS, dxfattribs={"layer": "INFO"}).set_placement(place_of_line)

    def world(self, points: FloatArray) -> FloatArray:
        """Points (n, 3) of the scene in the project's CRS, whole tenths of millimetres."""
        return np.asarray(np.round(points + self.offset, 4))

    def outlines(self, shape: Any, layer: str, height: float = 0.0) -> None:
        """Polygons as closed polylines, courtyards too; lines as they are; points."""
        for part in shapely.get_parts(shape):
            if part.geom_type == "Point":
                x, y = self.world(np.array([[part.x, part.y, 0.0]]))[0, :2].tolist()
                self.space.add_point((x, y, height), dxfattribs={"layer": layer})
                continue
            closed = part.geom_type == "Polygon"
            for line in (part.exterior, *part.interiors) if closed else (part,):
                xy = shapely.get_coordinates(line)
                flat = self.world(np.column_stack([xy[:-1] if closed else xy, np.zeros(len(xy) - closed)]))[:, :2]
                looks = {"layer": layer, "elevation": round(height, 4)}
                self.space.add_lwpolyline(flat.tolist(), format="xy", close=closed, dxfattribs=looks)

    def mesh(self, faces: _Faces, surfaces: Any, layer: str) -> None:
        """The surfaces (numbers) of a body as one mesh: faces with all their corners, in triangles where they have holes."""
        corners = faces.of(surfaces)
        if not corners:
            return
        points, index = np.unique(self.world(faces.city.points[np.concatenate(corners)]), axis=0, return_inverse=True)
        ends = np.cumsum([len(face) for face in corners])
        with self.space.add_mesh(dxfattribs={"layer": layer}).edit_data() as data:
            data.vertices = points.tolist()
            data.faces = [ring for face in np.split(index.reshape(-1), ends[:-1]) if len(ring := _once(face.tolist())) >= 3]

    def buildings(self, layer: str, city: CityModel, rows: Any, say: Any = lambda _share: None) -> int:
        """Outline, body and label of each Building of some rows (B,), with its parts; returns how many have nothing to draw."""
        shown = city.surface_semantics != Semantics.CLOSURE
        root_of = np.where(shown, city.building_root[city.surface_building], -1)
        order = np.argsort(root_of, kind="stable")
        wholes = np.flatnonzero(rows & (city.building_parent < 0))
        low, high = np.searchsorted(root_of[order], wholes), np.searchsorted(root_of[order], wholes, side="right")
        footprints, faces = city.footprints(), _Faces(city)
        bare = 0
        for number, (row, start, end) in enumerate(zip(wholes.tolist(), low.tolist(), high.tolist(), strict=True)):
            if number % 200 == 0:
                say(number / len(wholes))
            surfaces = order[start:end]
            corners = faces.of(surfaces)
            if not corners:
                bare += 1
                continue
            heights = city.points[np.concatenate(corners), 2]
            self.mesh(faces, surfaces, f"{layer}_KOERPER")
            shape = footprints[row]
            if shape is None or shape.is_empty:
                continue
            self.outlines(shape, f"{layer}_GRUNDRISS", float(heights.min()))
            spot = shapely.point_on_surface(shape)
            x, y, _ = self.world(np.array([[spot.x, spot.y, 0.0]]))[0].tolist()
            storeys = int(city.storeys[row])
            words = [roman(storeys)] if storeys > 0 else []
            words.append(f"{float(np.ptp(heights)):.1f} m".replace(".", ","))
            if layer == "VARIANTE" and (own := city.attributes[row].get("name")):
                words.insert(0, str(own))
            text = self.space.add_text(" · ".join(words), height=LETTERS, dxfattribs={"layer": f"{layer}_TEXT"})
            text.set_placement((x, y, round(float(heights.min()), 4)))
        return bare

    def rest(self) -> None:
        """What is taken away, and all of the site that is no building."""
        site = self.applied.site
        gone = ~self.applied.kept
        for shape in site.city.selected(gone).footprints() if gone.any() else ():
            if shape is not None:
                self.outlines(shape, "ABBRUCH")
        for space in self.applied.variant.open_spaces:
            self.outlines(space.shape, "VARIANTE_FREIFLAECHEN")
        around = site.city.surroundings
        if around is not None:
            root = around.building_root[around.surface_building]
            order, faces = np.argsort(root, kind="stable"), _Faces(around)
            for surfaces in np.split(order, np.flatnonzero(np.diff(root[order])) + 1):
                self.mesh(faces, surfaces, "UMGEBUNG_KOERPER")
        for features, layer in (
            (site.streets, "STRASSEN"),
            (site.plots, "FLURSTUECKE"),
            (site.plan_areas, "PLANGEBIET"),
            (site.areas, "FLAECHEN"),
        ):
            for shape in features.geometry if features is not None else ():
                self.outlines(shape, layer)
        for kind, line in plan_parts.drawn_lines(site):
            self.outlines(line, "BAUGRENZE" if kind == "boundary" else "BAULINIE")
        self._labels(site.plots, "number", "FLURSTUECKE")
        self._labels(site.plan_areas, "name", "PLANGEBIET")
        if site.lines is not None:
            for shape, own in zip(site.lines.geometry, site.lines.columns["layer"], strict=True):
                layer = f"REFERENZ_{slug(str(own)).replace('-', '_').upper()[:60]}" if own else "REFERENZ"
                if layer not in self.doc.layers:
                    self.doc.layers.add(layer, color=LAYERS["REFERENZ"][0])
                self.outlines(shape, layer)
        self._trees()
        self._ground()

    def _labels(self, features: Features | None, column: str, layer: str) -> None:
        if features is None or column not in features.columns:
            return
        for shape, words in zip(features.geometry, features.columns[column], strict=True):
            spot = shapely.point_on_surface(shape)
            if words and not spot.is_empty:
                x, y, _ = self.world(np.array([[spot.x, spot.y, 0.0]]))[0].tolist()
                self.space.add_text(str(words), height=LETTERS, dxfattribs={"layer": layer}).set_placement((x, y))

    def _trees(self) -> None:
        """Each a block 1 m wide, put in as wide as its crown."""
        trees, terrain = self.applied.trees, self.applied.site.terrain
        if not len(trees):
            return
        block = self.doc.blocks.new("BAUM")
        block.add_circle((0, 0), 0.5)
        block.add_circle((0, 0), 0.05)
        foot = np.nan_to_num(terrain.height_at(trees.position)) if terrain is not None else np.zeros(len(trees))
        places = self.world(np.column_stack([trees.position, foot]))
        for place, crown in zip(places.tolist(), trees.crown.tolist(), strict=True):
            wide = round(crown if math.isfinite(crown) and crown > 0 else USUAL_CROWN, 3)
            looks = {"layer": "BAEUME", "xscale": wide, "yscale": wide, "zscale": wide}
            self.space.add_blockref("BAUM", place, dxfattribs=looks)

    def _ground(self) -> None:
        terrain = self.applied.site.terrain
        if terrain is None:
            return
        if terrain.heights.size > MOST_GROUND:
            terrain = terrain.resampled(terrain.step * math.ceil(math.sqrt(terrain.heights.size / MOST_GROUND)))
        points, triangles = terrain.mesh()
        if len(triangles):
            with self.space.add_mesh(dxfattribs={"layer": "GELAENDE"}).edit_data() as data:
                data.vertices, data.faces = self.world(points).tolist(), triangles.tolist()


def roman(number: int) -> str:
    """Storeys as plans have them: 4 -> IV."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


class _Faces:
    """The faces of a city, found by the surfaces that they are of."""

    def __init__(self, city: CityModel) -> None:
        self.city = city
        number = np.arange(len(city.surface_building) + 1)
        self.rings, self.triangles = (np.argsort(of, kind="stable") for of in (city.ring_surface, city.triangle_surface))
        self.ring_at = np.searchsorted(city.ring_surface[self.rings], number)
        self.triangle_at = np.searchsorted(city.triangle_surface[self.triangles], number)

    def of(self, surfaces: Any) -> list[Any]:
        """Numbers of the points around each face of some surfaces; triangles of those with holes."""
        made = []
        for surface in surfaces.tolist():
            rings = self.rings[self.ring_at[surface] : self.ring_at[surface + 1]]
            if len(rings) == 1:
                made.append(np.arange(self.city.ring_start[rings[0]], self.city.ring_start[rings[0] + 1]))
            else:
                made += list(self.city.triangles[self.triangles[self.triangle_at[surface] : self.triangle_at[surface + 1]]])
        return made


def _once(face: list[int]) -> list[int]:
    """A face without corners that follow themselves."""
    return [corner for number, corner in enumerate(face) if corner != face[number - 1]]
