"""Drawings of CAD programs (DXF) as shapes with layers and labels, in the coordinates of the town."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .. import crs as crs_names
from ..problems import InputProblem, Report
from .entities import is_one, refuse_dwg
from .pieces import AREA, POINT
from .unfolding import Drawing, Shapes, load, unfold

__all__ = ["check", "is_one", "read", "refuse_dwg"]

SAGITTA = 0.01  # metres that a stroked curve may leave the true one
FAR_AWAY = 100_000.0  # metres from the middle of a drawing, where a town has nothing
_MOST_NAMED = 5
# $INSUNITS: metres in a unit; 0, and what is not here, says nothing.
_UNITS = {
    1: 0.0254, 2: 0.3048, 3: 1609.344, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 10: 0.9144, 14: 0.1, 15: 10.0, 16: 100.0,
    21: 1200 / 3937,
}  # fmt: skip
_UNIT_NAMES = {1.0: "metres", 0.001: "millimetres", 0.01: "centimetres", 0.1: "decimetres", 0.0254: "inches", 0.3048: "feet"}


@dataclass(frozen=True)
class _Place:
    """How numbers of a drawing become coordinates: times metres, minus zone from the easting. system : "" where none fits."""

    metres: float
    zone: float
    system: str


def read(
    path: Path, wanted: str, project: str, report: Report
) -> tuple[npt.NDArray[np.object_], dict[str, npt.NDArray[Any]], str]:  # fmt: skip
    """The shapes of a drawing in a coordinate system, with columns, and that system.

    wanted : "polygons" for what is closed to be named by the text inside it (columns name, number). project : the CRS of the project, which
    numbers without a system are held against. Columns: layer, kind (the same) and text. Raises InputProblem for a file that shows nothing,
    or lies in coordinates of its own.
    """
    drawing = load(path)
    place = _place(drawing, project)
    if not place.system:
        raise _local(path, drawing, project)
    shapes = _unfolded(path, drawing, place, project, report)
    geometry, rows = _geometry(shapes, place)
    geometry, rows = _near(path, geometry, rows, report)
    layers = np.array(shapes.layers, object)[rows]
    columns = {"layer": layers, "kind": layers, "text": np.array(shapes.texts, object)[rows]}
    if wanted == "polygons":
        inside = _labels(geometry, columns["text"])
        columns |= {"number": inside, "name": np.where(inside == "", layers, inside)}
    return geometry, columns, place.system


def check(path: Path) -> Report:
    """What a drawing holds: how much on which layer, where, and in which system by its numbers."""
    report = Report(files=[str(path)])
    drawing = load(path)
    place = _place(drawing, "")
    shapes = _unfolded(path, drawing, place, "", report)
    geometry, rows = _geometry(shapes, place)
    if place.system:
        geometry, rows = _near(path, geometry, rows, report)
    else:
        problem = _local(path, drawing, "")
        report.add("local-coordinates", path, "", f"{problem.what}. {problem.what_to_do}")
    report.features["lines"] = len(geometry)
    for layer, number in sorted(Counter(shapes.layers[row] for row in rows.tolist()).items()):
        report.features[f"layer {layer}"] = number
    west, south, east, north = shapely.total_bounds(geometry).tolist()
    if place.system and not crs_names.proj(place.system).is_geographic:
        report.extent, report.crs = (west, south, 0.0, east, north, 0.0), place.system
    return report


def _place(drawing: Drawing, project: str) -> _Place:
    """Units and system by what the drawing says and by its numbers: half of all drawings leave $INSUNITS at what their template had."""
    anchors = drawing.anchors()
    if not len(anchors):
        return _Place(1.0, 0.0, "")
    x, y = np.median(anchors, axis=0).tolist()
    stated = _UNITS.get(drawing.reading.units, 1.0)
    for metres in dict.fromkeys((stated, 1.0, 0.001, 0.01)):
        system, zone = _system(x * metres, y * metres, project)
        if system and not (metres != 1.0 and crs_names.proj(system).is_geographic):
            return _Place(metres, zone, system)
    return _Place(stated, 0.0, "")


def _system(x: float, y: float, project: str) -> tuple[str, float]:
    """The system that an easting and northing are in, and what the easting has before it; ("", 0) where they tell none."""
    if zone := crs_names.zone_before(x, x):
        if project in crs_names.ZONE_BEFORE:
            return project, 0.0
        return f"EPSG:258{zone}", zone * 1e6
    degrees = abs(x) <= 180 and abs(y) <= 90
    if degrees:
        return ("EPSG:4326", 0.0) if 4 < x < 17 and 45 < y < 57 and (x % 1 or y % 1) else ("", 0.0)
    if project and not crs_names.doubt(project, x, y, x, y) and max(abs(x), abs(y)) > FAR_AWAY:
        return project, 0.0
    if 2.2e6 < x < 5.9e6 and 5.0e6 < y < 6.3e6:
        return f"EPSG:{31464 + int(x // 1e6)}", 0.0
    if not project and 1e5 < x < 9e5 and 5.0e6 < y < 6.3e6:
        return "EPSG:25832", 0.0
    return "", 0.0


def _local(path: Path, drawing: Drawing, project: str) -> InputProblem:
    anchors = drawing.anchors()
    if not len(anchors):
        return _empty(path)
    x, y = np.median(anchors, axis=0).tolist()
    what = f"the drawing lies in coordinates of its own (about {x:.1f} {y:.1f}), not in those of the town"
    system = str(project) if project else crs_names.utm_at(10.0, 51.0)  # what a check, which knows no project, can name for an example
    return InputProblem(path, what, f"Move it to its place in {system} in the CAD program, in metres, and save it again")


def _empty(path: Path) -> InputProblem:
    return InputProblem(path, "there is nothing in this drawing that can be read", "Export it again, with lines or areas in model space")


def _unfolded(path: Path, drawing: Drawing, place: _Place, project: str, report: Report) -> Shapes:
    """The drawing's shapes, with all that was noticed said."""
    degrees = bool(place.system) and crs_names.proj(place.system).is_geographic
    shapes = unfold(drawing, SAGITTA / (111_000.0 if degrees else place.metres))
    reading = drawing.reading
    if not shapes.kinds:
        raise _empty(path)
    if place.system:
        _say_how_placed(path, drawing, place, project, report)
    if damaged := reading.damaged + shapes.damaged:
        report.add("damaged-entity", path, "", f"{damaged} entities of the drawing are damaged and were left out")
    if reading.skipped:
        report.add("damaged-drawing", path, "", "the drawing is damaged; what could still be understood was read")
    elif not reading.ended:
        report.add("damaged-drawing", path, "", "the drawing ends early; what comes before was read")
    if shapes.cut:
        what = f"the drawing unfolds to more than a town can have; {shapes.cut} shapes and blocks of it were left out"
        report.add("too-many-shapes", path, "", what)
    if shapes.lost:
        report.add("missing-block", path, "", f"blocks that are not in the file were left out: {_named(shapes.lost)}")
    if shapes.outside:
        report.add("external-reference", path, "", f"drawings that this one only refers to were left out: {_named(shapes.outside)}")
    if reading.unknown:
        report.add("not-read", path, "", f"not read of the drawing: {_named(reading.unknown)}")
    return shapes


def _named(counted: dict[str, int]) -> str:
    most = sorted(counted.items(), key=lambda one: -one[1])
    rest = " …" if len(most) > _MOST_NAMED else ""
    return ", ".join(f"{number} {name}" for name, number in most[:_MOST_NAMED]) + rest


def _say_how_placed(path: Path, drawing: Drawing, place: _Place, project: str, report: Report) -> None:
    if place.system != project:
        report.add("guessed-crs", path, "", f"the drawing names no coordinate system; by its numbers it was taken as {place.system}")
    stated = _UNITS.get(drawing.reading.units, 1.0)
    if stated != place.metres:
        names = [_UNIT_NAMES.get(one, f"units of {one:g} m") for one in (stated, place.metres)]
        report.add("other-units", path, "", f"the drawing says that it is in {names[0]}, but its numbers are {names[1]}; taken as such")


def _geometry(shapes: Shapes, place: _Place) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """(n,) shapes in metres, and the row of `shapes` that each is of. Areas that are none become the lines around them."""
    kinds = np.array(shapes.kinds, np.int64)
    found = np.full(len(kinds), None, object)
    rows = np.flatnonzero(kinds != AREA)
    rings = [shapes.rings[row][0] for row in rows.tolist()]
    if rings:
        coordinates = np.concatenate(rings) * place.metres - [place.zone, 0.0]
        owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        points = kinds[rows] == POINT
        found[rows[points]] = shapely.points(coordinates[points[owner]])
        lines = ~points
        numbers = (np.cumsum(lines) - 1)[owner]
        chosen = lines[owner]
        if chosen.any():
            found[rows[lines]] = shapely.linestrings(coordinates[chosen], indices=numbers[chosen])
    for row in np.flatnonzero(kinds == AREA).tolist():
        found[row] = _area([ring * place.metres - [place.zone, 0.0] for ring in shapes.rings[row]])
    there = ~shapely.is_missing(found)
    return found[there], np.flatnonzero(there)


def _area(rings: list[npt.NDArray[np.float64]]) -> Any:
    """Rings as one shape: what an odd number of them goes round. None where nothing is left."""
    whole: Any = None
    for ring in rings:
        if len(ring) < 4:
            continue
        polygon = shapely.Polygon(ring)
        if not polygon.is_valid:
            polygon = shapely.make_valid(polygon, method="structure")
        whole = polygon if whole is None else shapely.symmetric_difference(whole, polygon)
    return None if whole is None or whole.is_empty else whole


def _near(
    path: Path, geometry: npt.NDArray[np.object_], rows: npt.NDArray[np.int64], report: Report
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Without what lies far from all the rest, as legends and title blocks about zero do."""
    bounds = shapely.bounds(geometry)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    near = np.isfinite(bounds).all(axis=1) & (np.abs(middle - np.median(middle, axis=0)) < FAR_AWAY).all(axis=1)
    if not near.all():
        what = f"{np.count_nonzero(~near)} of {len(near)} shapes lie more than 100 km from the others and were left out"
        report.add("far-away", path, "", what)
    return geometry[near], rows[near]


def _labels(geometry: npt.NDArray[np.object_], texts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n,) the text that stands inside a closed shape and in no smaller one, "" where there is none."""
    found = np.full(len(geometry), "", object)
    closed = (shapely.get_type_id(geometry) == 1) & shapely.is_closed(geometry) & (shapely.get_num_coordinates(geometry) >= 4)
    areas = geometry.copy()
    for row in np.flatnonzero(closed).tolist():
        areas[row] = shapely.Polygon(geometry[row])
    rows = np.flatnonzero(np.isin(shapely.get_type_id(areas), (3, 6)) & shapely.is_valid(areas))
    written = np.flatnonzero(texts != "")
    if not len(rows) or not len(written):
        return found
    text, inside = shapely.STRtree(areas[rows]).query(geometry[written], predicate="within")
    size = shapely.area(areas[rows])
    order = np.lexsort((size[inside], text))  # of each text the smallest shape around it first
    for k in order[np.unique(text[order], return_index=True)[1]].tolist():
        row = rows[inside[k]]
        found[row] = found[row] or texts[written[text[k]]]
    return found
