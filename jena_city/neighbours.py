"""What stands around a proposal (§ 34 BauGB, "Einfügen"): height, storeys, ground covered and density of the neighbours, ranked, and where
the blocks of a variant stand among them.

Whether something fits in is not decided here. Reference buildings are those that are at least as large in ground covered, storeys and
height at once: agreement in one of them does not suffice (BVerwG, 8.12.2016, 4 C 7.15).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import shapely

from .applied import Applied
from .finding import Language
from .lettering import number
from .problems import InputProblem
from .site import Site

Measure = Literal["height", "storeys", "footprint", "covered", "density"]
MEASURES: dict[Measure, tuple[str, str, int]] = {
    "height": ("Höhe", "m", 1),
    "storeys": ("Geschosse", "", 0),
    "footprint": ("Überbaute Fläche", "m²", 0),
    "covered": ("Anteil am Grundstück", "", 2),
    "density": ("Geschossfläche / Grundstück", "", 2),
}
"""Name, unit, and digits that are worth telling."""
ENGLISH: dict[Measure, str] = {
    "height": "height",
    "storeys": "storeys",
    "footprint": "ground covered",
    "covered": "share of the plot",
    "density": "floor area by plot",
}
ON_FOOT = ("footway", "path", "cycleway", "steps", "track", "tram", "service")
"""Classes of streets that bound no block of houses."""
SAME = {"height": 0.05, "storeys": 0.5, "footprint": 0.5, "covered": 0.005, "density": 0.005}
"""By how much two are not told apart."""
ORDINALS = ("", "", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt")


@dataclass(frozen=True)
class Neighbour:
    """A building that stays, or a block.

    row : in the CityModel, or -1 - index of a block. name : address, else gml:id; of a block its name. distance : metres to the nearest
    block, 0 of a block. height : metres, lowest ground to highest point. height_from : "gemessen" (the data's own), "aus der Geometrie",
    "geplant". storeys : above ground. storeys_from : "Daten", "geschätzt" by the height, "geplant". footprint : m². plot : m² of the
    parcel it stands on most; covered, density : all footprints, and storeys times footprints, on that parcel by its area; NaN without.
    """

    row: int
    id: str
    name: str
    distance: float
    height: float
    height_from: str
    storeys: float
    storeys_from: str
    footprint: float
    plot: float
    covered: float
    density: float

    @property
    def is_block(self) -> bool:
        return self.row < 0


@dataclass(frozen=True)
class Neighbourhood:
    """ranked : the highest first. area : the ground looked at, scene coordinates. words : what it is, in German."""

    ranked: list[Neighbour]
    area: Any
    words: str

    def rank(self, one: Neighbour, measure: Measure) -> int:
        """1 for the largest; those that are alike share the better place. 0 where it has no such value."""
        value = getattr(one, measure)
        if not math.isfinite(value):
            return 0
        return 1 + sum(bool(getattr(other, measure) > value + SAME[measure]) for other in self.ranked)

    def existing(self, measure: Measure) -> list[float]:
        """The values of buildings that stay, least first."""
        return sorted(value for one in self.ranked if not one.is_block and math.isfinite(value := getattr(one, measure)))

    def references(self, block: Neighbour) -> list[Neighbour]:
        """Buildings that are at least as large in ground covered, storeys and height at once."""
        together: tuple[Measure, ...] = ("footprint", "storeys", "height")
        return [
            one
            for one in self.ranked
            if not one.is_block and all(getattr(one, measure) >= getattr(block, measure) - SAME[measure] for measure in together)
        ]


def street_block(site: Site, shapes: Sequence[Any]) -> Any:
    """The ground between the streets around some shapes. Raises InputProblem where streets do not enclose them."""
    streets = site.streets
    lines: list[Any] = []
    if streets is not None:
        kinds = streets.columns.get("class", np.full(len(streets), "", object))
        lines = list(streets.geometry[~np.isin(kinds.astype(str), ON_FOOT)])
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)])) if lines else np.zeros(0, object)
    places = [shape.representative_point() for shape in shapes]
    own = [face for face in faces if any(face.contains(place) for place in places)]
    if not own:
        raise InputProblem("surroundings", "no streets enclose the blocks", "Choose a radius, or add streets to the project")
    return shapely.union_all(own)


def neighbourhood(
    applied: Applied, *, radius: float = 100.0, by_streets: bool = False, least_footprint: float = 36.0, storey: float = 3.0
) -> Neighbourhood:
    """The buildings around a variant's blocks; of a variant without any, around the plan areas, else all.

    radius : metres from the nearest block. by_streets : instead, the block of houses between the streets. least_footprint : m², below
    which a building is left out (sheds, garages). storey : metres of height for each storey that the data do not name. Raises InputProblem.
    """
    site, blocks = applied.site, [block for block in applied.variant.blocks if block.counted == "hauptanlage"]
    plans = list(site.plan_areas.geometry) if site.plan_areas is not None else []
    middle = [block.footprint for block in blocks] or plans
    if by_streets and middle:
        area, words = street_block(site, middle), "im Straßengeviert"
    elif middle:
        area, words = shapely.union_all(middle).buffer(radius), f"im Umkreis von {number(radius)} m"
    else:
        area, words = shapely.box(*(site.city.bounds or (0.0, 0.0, 0.0, 0.0))), "im ganzen Gebiet"
    shapely.prepare(area)
    kept = np.flatnonzero(shapely.intersects(site.footprints, area) & applied.kept)
    size = shapely.area(site.footprints[kept])
    rows = kept[size >= least_footprint].tolist()
    heights, storeys = _heights(site, rows), _storeys(site, rows)
    centre = shapely.union_all(middle) if middle else area
    density = _Density(applied, area, storey)
    found = []
    for row in rows:
        shape = site.footprints[row]
        high, how = heights[row]
        floors, said = (storeys[row], "Daten") if storeys[row] > 0 else (float(max(1, math.floor(high / storey))), "geschätzt")
        address = str(site.city.attributes[row].get("address") or "")
        name = site.city.building_id[row]
        found.append(
            Neighbour(
                row, name, address or name, float(shape.distance(centre)), high, how, floors, said, float(shape.area), *density.of(shape)
            )
        )
    for index, block in enumerate(applied.variant.blocks):
        if block not in blocks:
            continue
        vertices = applied.solids[index].vertices
        high = float(vertices[:, 2].max() - applied.bases[index])
        floors = float(block.storeys + block.attic_used)
        shape = block.footprint
        found.append(
            Neighbour(
                -1 - index, block.id, block.name or block.id, 0.0, high, "geplant", floors, "geplant", float(shape.area), *density.of(shape)
            )
        )
    found.sort(key=lambda one: (-one.height, one.name))
    return Neighbourhood(found, area, words)


def _heights(site: Site, rows: Sequence[int]) -> dict[int, tuple[float, str]]:
    """Of each building with its parts, and from where."""
    city = site.city
    root = city.building_root
    wanted = np.zeros(len(root), bool)
    wanted[list(rows)] = True
    owner = root[city.surface_building[city.ring_surface]]
    point_owner = np.repeat(owner, np.diff(city.ring_start))
    mine = wanted[point_owner]
    low, high = np.full(len(root), np.inf), np.full(len(root), -np.inf)
    np.minimum.at(low, point_owner[mine], city.points[mine, 2])
    np.maximum.at(high, point_owner[mine], city.points[mine, 2])
    measured = city.measured_height
    return {
        row: (float(measured[row]), "gemessen") if np.isfinite(measured[row]) else (float(high[row] - low[row]), "aus der Geometrie")
        for row in rows
    }


def _storeys(site: Site, rows: Sequence[int]) -> dict[int, float]:
    """What the data name, the most of a building and its parts; 0 where they name none."""
    city = site.city
    most = np.zeros(len(city.storeys))
    np.maximum.at(most, city.building_root, np.maximum(city.storeys, 0))
    return {row: float(most[row]) for row in rows}


class _Density:
    """How densely the parcel is built that a shape stands on."""

    def __init__(self, applied: Applied, area: Any, storey: float) -> None:
        site = applied.site
        self.parcels = site.plots.geometry if site.plots is not None else np.zeros(0, object)
        self.parcels = self.parcels[shapely.intersects(self.parcels, area)]
        self.tree = shapely.STRtree(self.parcels)
        around = shapely.box(*shapely.total_bounds(self.parcels)) if len(self.parcels) else shapely.Polygon()
        rows = np.flatnonzero(shapely.intersects(site.footprints, around) & applied.kept).tolist()
        heights, storeys = _heights(site, rows), _storeys(site, rows)
        floors = [storeys[row] or max(1, math.floor(heights[row][0] / storey)) for row in rows]
        blocks = [block for block in applied.variant.blocks if block.counted == "hauptanlage"]
        self.shapes = np.array([site.footprints[row] for row in rows] + [block.footprint for block in blocks], object)
        self.floors = np.array(floors + [block.storeys + block.attic_used for block in blocks], np.float64)
        self.built = shapely.STRtree(self.shapes)

    def of(self, shape: Any) -> tuple[float, float, float]:
        """m² of the parcel, share covered, floors by area; NaN where there is no parcel."""
        near = self.tree.query(shape, predicate="intersects")
        if not len(near):
            return math.nan, math.nan, math.nan
        parcel = self.parcels[near[int(shapely.area(shapely.intersection(self.parcels[near], shape)).argmax())]]
        on_it = self.built.query(parcel, predicate="intersects")
        parts = shapely.area(shapely.intersection(self.shapes[on_it], parcel))
        area = float(parcel.area)
        return area, float(parts.sum()) / area, float((parts * self.floors[on_it]).sum()) / area


def said(found: Neighbourhood, block: Neighbour, language: Language = "de") -> list[str]:
    """Where a block stands among its neighbours: a sentence for each measure, and one for reference buildings."""
    sentences = []
    for measure, (name, unit, digits) in MEASURES.items():
        place, others = found.rank(block, measure), found.existing(measure)
        if not place or not others:
            continue
        beyond = getattr(block, measure) - others[-1]
        value, least, middle, most, over = (
            f"{number(one, digits) if language == 'de' else f'{one:.{digits}f}'} {unit}".strip()
            for one in (getattr(block, measure), others[0], float(np.median(others)), others[-1], beyond)
        )
        count = sum(math.isfinite(getattr(one, measure)) for one in found.ranked)
        higher = beyond > SAME[measure]
        if language == "de":
            more = f", {over} über dem größten Wert im Bestand" if higher else ""
            line = f"{name} {value}: {_ordinal(place)} von {count} {found.words}; Bestand {least} bis {most}, Mitte {middle}{more}"
        else:
            more = f", {over} above the greatest there is" if higher else ""
            line = f"{ENGLISH[measure]} {value}: number {place} of {count}; there is {least} to {most}, middle {middle}{more}"
        sentences.append(line)
    there = found.references(block)
    names, left = ", ".join(one.name for one in there[:3]), len(there) - 3
    if language == "de":
        more = f" und {left} weitere" if left > 0 else ""
        some, none = (
            "In Grundfläche, Geschossen und Höhe zugleich mindestens so groß",
            "Kein Gebäude ist in Grundfläche, Geschossen und Höhe zugleich mindestens so groß",
        )
    else:
        more = f" and {left} more" if left > 0 else ""
        some, none = (
            "At least as large in ground covered, storeys and height at once",
            "No building is as large in ground covered, storeys and height at once",
        )
    return [*sentences, f"{some}: {names}{more}" if there else none]


def _ordinal(place: int) -> str:
    if place == 1:
        return "der größte Wert"
    return f"der {ORDINALS[place]}größte Wert" if place < len(ORDINALS) else f"Platz {place}"


def as_csv(found: Neighbourhood) -> str:
    """A row for each building and block, the highest first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["rank_height", "rank_storeys", "rank_footprint", "kind", "id", "name", "distance_m", "height_m", "height_from", "storeys"]
    writer.writerow([*head, "storeys_from", "footprint_m2", "plot_m2", "covered", "density"])
    for one in found.ranked:
        ranks = [found.rank(one, measure) for measure in ("height", "storeys", "footprint")]
        numbers = ["" if math.isnan(value) else f"{value:.4g}" for value in (one.plot, one.covered, one.density)]
        writer.writerow(
            [*ranks, "block" if one.is_block else "building", one.id, one.name, f"{one.distance:.1f}", f"{one.height:.2f}"]
            + [one.height_from, f"{one.storeys:g}", one.storeys_from, f"{one.footprint:.1f}", *numbers]
        )
    return out.getvalue()


def as_dict(found: Neighbourhood) -> dict[str, Any]:
    """Plain values for JSON, with ranks, and what is said of each block."""

    def plain(one: Neighbour) -> dict[str, Any]:
        values = {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in asdict(one).items()}
        return {**values, "ranks": {measure: found.rank(one, measure) or None for measure in MEASURES}}

    return {
        "around": found.words,
        "buildings": [plain(one) for one in found.ranked],
        "blocks": {
            one.id: {"name": one.name, "said": said(found, one), "said_english": said(found, one, "en")}
            for one in found.ranked
            if one.is_block
        },
    }
