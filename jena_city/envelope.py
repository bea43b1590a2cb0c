"""The Spielraum-Körper: the largest body with flat roofs that the rules allow on a plot, each face named by the rule that limits it.

Over a point of the ground the body may rise by the distance to the plot's border, or to the middle of public land behind it, divided by
the factor of the Abstandsflächen (0.4, so 2.5 m for each metre); nearer than the least depth nothing may stand. Distances are those to
the lines of the border, as a roof over the plot has them (`skeleton`): at corners that point inward a little more than asked, never less.
The ground is a plane laid under the terrain of the plot, so that no wall counts higher than here. Heights and storeys of the plan cut
the body off. What GRZ, GFZ and BMZ leave is no matter of form: it is told beside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from . import baunvo, plan_parts
from .applied import Applied
from .arrays import FloatArray, IntArray
from .building_plots import BuildingPlot
from .envelope_body import SMALLEST, Mesh, Region, raise_over
from .envelope_sides import LIMITS, STEP, Limit, sides_of
from .land_rules import Clearance
from .plan_parts import PlanPart
from .plan_rules import LEVELS
from .problems import InputProblem
from .terrain import Terrain
from .triangulate import volume

__all__ = ["LIMITS", "Envelope", "Limit", "Room", "envelope", "room", "told"]

TALLEST = 1e4  # metres: as good as no limit


@dataclass(frozen=True, eq=False)
class Envelope:
    """A closed body, outward: vertices (V, 3) in scene coordinates and height system, triangles (T, 3), limit (T,) index into LIMITS.

    ground : polygon(s) that it stands on. cap : the plan's height or storeys in words, "" without. covered : m² that the GRZ leaves for
    main buildings, floors : m² of Geschossfläche that the GFZ leaves; None where not fixed. notes : what was assumed, in German.
    """

    name: str
    vertices: FloatArray
    triangles: IntArray
    limit: npt.NDArray[np.uint8]
    ground: Any
    covered: float | None = None
    floors: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def volume(self) -> float:
        """m³."""
        return volume(self.vertices, self.triangles)

    @property
    def top(self) -> float:
        """Metres in the height system."""
        return float(self.vertices[:, 2].max())

    def areas(self) -> dict[Limit, float]:
        """m² of faces by the rule that limits there, the largest first."""
        a, b, c = (self.vertices[self.triangles[:, k]] for k in range(3))
        size = np.bincount(self.limit, np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2, len(LIMITS))
        found = {name: float(area) for name, area in zip(LIMITS, size, strict=True) if area > 0 and name != "ground"}
        return dict(sorted(found.items(), key=lambda one: -one[1]))


@dataclass(frozen=True)
class Room:
    """How high a body with a flat roof may rise over a footprint: top in metres of the height system, and the rule that ends it there.
    beyond : m² of the footprint on which nothing may stand."""

    top: float
    limit: Limit
    beyond: float


def room(body: Envelope, footprint: Any) -> Room | None:
    """The room that a body leaves over a footprint; None where the two do not meet."""
    a, b, c = (body.vertices[body.triangles[:, k], :2] for k in range(3))
    turn: FloatArray = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    up = np.flatnonzero(turn > 1e-9)
    flat = shapely.polygons(body.vertices[body.triangles[up], :2])
    common = shapely.intersection(flat, footprint)
    met = np.flatnonzero(shapely.area(common) > 1e-6)
    if not len(met):
        return None
    least: tuple[float, int] = (math.inf, 0)
    for k in met.tolist():
        corners = body.vertices[body.triangles[up[k]]]
        plane = np.linalg.solve(np.column_stack([corners[:, :2], np.ones(3)]), corners[:, 2])
        xy = shapely.get_coordinates(common[k])
        low = float((np.column_stack([xy, np.ones(len(xy))]) @ plane).min())
        if low < least[0] - 1e-6:
            least = (low, int(body.limit[up[k]]))
    left = float(footprint.area - shapely.area(common).sum())
    return Room(least[0], list(LIMITS)[least[1]], max(left, 0.0))


def envelope(applied: Applied, plot: BuildingPlot, law: Clearance, *, storey: float = 3.0, small: bool = False) -> Envelope:
    """The largest body on a plot. storey : metres of height for each Vollgeschoss that the plan allows. small : the least depth suffices
    (dwellings of Gebäudeklasse 1 and 2), with so many storeys as the law has for them. Buildings that stay on the same plot are not looked
    at. Raises InputProblem where nothing may stand.
    """
    parts = plan_parts.of_site(applied.site)
    notes = ["Körper mit flachen Dächern; Bestand auf demselben Grundstück ist nicht berücksichtigt"]
    regions = _regions(applied, plot, law, parts, storey, small, notes)
    factor = law.factor_business if plot.limits.use in ("GE", "GI") else law.factor
    sides = sides_of(applied, plot)
    whole = shapely.union_all([region.shape for region in regions])
    ground = _plane_below(applied.site.terrain, whole)
    bottom = _lowest(applied.site.terrain, whole)
    mesh, stands = Mesh(), []
    for region in regions:
        stands += raise_over(mesh, region, sides, ground, bottom, math.inf if small else 1.0 / factor, law.least)
    if not stands:
        what = f"nothing may stand there: no place is {law.least:g} m from the border and within what the plan leaves"
        raise InputProblem(f"building plot {plot.name}", what, "Choose a larger plot")
    limits = plot.limits
    return Envelope(
        plot.name,
        np.concatenate(mesh.vertices),
        np.concatenate(mesh.triangles).astype(np.int32),
        np.array(mesh.limit, np.uint8),
        shapely.union_all(stands),
        None if limits.grz is None else limits.grz * plot.area,
        None if limits.gfz is None else limits.gfz * plot.area,
        tuple(notes),
    )


def _regions(
    applied: Applied, plot: BuildingPlot, law: Clearance, parts: Sequence[PlanPart], storey: float, small: bool, notes: list[str]
) -> list[Region]:
    """Where one may build on the plot, by what caps it there."""
    land = plot.shape
    near = [part for part in parts if part.geometry.intersects(land)]
    over = [part for part in near if part.kind == "overbuildable"]
    areas = [part for part in near if part.kind in ("area", "communal")]
    planned = any(part.kind == "plan" for part in near)
    building_lines = [part.geometry for part in near if part.kind == "line"]
    if any(part.rules.form == "g" for part in near):
        notes.append("geschlossene Bauweise: zu den seitlichen Grenzen ist keine Abstandsfläche nötig; hier ist sie mitgerechnet")
    borders: list[tuple[Any, Limit]] = [(line, "baulinie") for line in building_lines]
    found = []
    for part in over:
        around = [area for area in areas if area.geometry.intersection(part.geometry).area > 0.5 * part.geometry.area]
        shape = part.geometry.intersection(land)
        cap, limit = _cap(applied, plot, law, [part, *around], shape, storey, small, notes)
        found.append(Region(shape, cap, limit, [*borders, (part.geometry.boundary, "baugrenze"), (land.boundary, "plot")]))
    if not over:
        if planned and parts:
            notes.append("der Plan nennt hier keine überbaubare Fläche: das ganze Grundstück ist angenommen")
        cap, limit = _cap(applied, plot, law, areas, land, storey, small, notes)
        found.append(Region(land, cap, limit, [*borders, (land.boundary, "plot")]))
    return [region for region in found if region.shape.area >= SMALLEST]


def _cap(
    applied: Applied,
    plot: BuildingPlot,
    law: Clearance,
    parts: Sequence[PlanPart],
    shape: Any,
    storey: float,
    small: bool,
    notes: list[str],
) -> tuple[float, Limit]:
    """The lowest of the heights and storeys that are fixed, metres in the height system; first those of the parts that come first."""
    low = _lowest(applied.site.terrain, shape)
    caps: list[tuple[float, Limit]] = []
    stated = plot.limits.storeys
    of_plan = [
        next((v for part in parts if math.isfinite(v := getattr(part.rules, name))), math.nan) for name in ("storeys", "storeys_fixed")
    ]
    counts = [float(stated)] if stated is not None else [value for value in of_plan if math.isfinite(value)]
    if small:
        counts.append(float(law.small_storeys))
    if counts:
        caps.append((low + min(counts) * storey, "storeys"))
        notes.append(f"{min(counts):g} Vollgeschosse zu {storey:g} m, von der tiefsten Stelle des Geländes".replace(".", ","))
    heights = next((part.rules.heights for part in parts if part.rules.heights), ())
    floor = next((one.most if math.isfinite(one.most) else one.fixed for one in heights if one.point == "EFH"), math.nan)
    for height in heights:
        value = next((one for one in (height.fixed, height.most) if math.isfinite(one)), math.nan)
        if height.point not in ("TH", "WH", "FH", "OK", "HBA", "GBH", "") or not math.isfinite(value):
            continue
        if height.reference in LEVELS and value > low:
            caps.append((value, "height"))
            continue
        start = floor if math.isfinite(floor) and height.reference in (*LEVELS, "EFH") else low
        caps.append((start + value, "height"))
        if start == low:
            notes.append(f"{height.point or 'OK'} {value:g} m von der tiefsten Stelle des Geländes gerechnet".replace(".", ","))
    return min(caps, default=(TALLEST, "height"), key=lambda one: one[0])


def _plane_below(terrain: Terrain | None, shape: Any) -> FloatArray:
    """(a, b, c) of a plane z = a·x + b·y + c that lies nowhere above the terrain within a shape, as steep as it is on the whole."""
    xy, z = _heights(terrain, shape)
    if len(z) < 3:
        return np.array([0.0, 0.0, float(z.min()) if len(z) else 0.0])
    middle = xy.mean(axis=0)
    table = np.column_stack([xy - middle, np.ones(len(z))])
    a, b, c = np.linalg.lstsq(table, z, rcond=None)[0].tolist()
    c += float((z - table @ [a, b, c]).min())
    return np.array([a, b, c - a * middle[0] - b * middle[1]])


def _lowest(terrain: Terrain | None, shape: Any) -> float:
    z = _heights(terrain, shape)[1]
    return float(z.min()) if len(z) else 0.0


def _heights(terrain: Terrain | None, shape: Any) -> tuple[FloatArray, FloatArray]:
    """The terrain along the border of a shape and within it, every metre."""
    if terrain is None or shape.is_empty:
        return np.zeros((0, 2)), np.zeros(0)
    west, south, east, north = shape.bounds
    x, y = (one.ravel() for one in np.meshgrid(np.arange(west, east, STEP), np.arange(south, north, STEP)))
    inside = shapely.contains_xy(shape, x, y)
    xy = np.concatenate([shapely.get_coordinates(shapely.segmentize(shape, STEP)), np.column_stack([x[inside], y[inside]])])
    z = terrain.height_at(xy)
    known = np.isfinite(z)
    return xy[known], z[known]


def told(found: Envelope, plot: BuildingPlot) -> list[tuple[str, float, str]]:
    """What a planner wants to know of a body: name in German, value, unit."""
    rows = [
        ("Volumen", found.volume, "m³"),
        ("Grundfläche des Körpers", float(found.ground.area), "m²"),
        ("Oberkante", found.top, "m ü. NHN"),
    ]
    if found.covered is not None:
        rows.append(("Grundfläche nach GRZ", found.covered, "m²"))
        rows.append(("überdeckbar insgesamt", baunvo.most_covered(plot.limits.grz or 0.0) * plot.area, "m²"))
    if found.floors is not None:
        rows.append(("Geschossfläche nach GFZ", found.floors, "m²"))
    return rows
