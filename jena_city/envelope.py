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
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from . import baunvo, plan_parts
from .applied import Applied
from .arrays import FloatArray, IntArray
from .building_plots import BuildingPlot, public_land
from .land_rules import Clearance
from .plan_parts import PlanPart
from .plan_rules import LEVELS
from .problems import InputProblem
from .skeleton import NoSkeleton, Skeleton, straight_skeleton
from .terrain import Terrain
from .triangulate import volume

Limit = Literal["border", "street", "least", "plot", "baugrenze", "baulinie", "height", "storeys", "ground"]
LIMITS: dict[Limit, tuple[str, str, str]] = {
    "border": ("Abstand zur Grenze", "Distance to the border", "#E69F00"),
    "street": ("Abstand zur Straßenmitte", "Distance to mid-street", "#F0E442"),
    "least": ("Mindesttiefe", "Least depth", "#D55E00"),
    "plot": ("Grundstücksgrenze", "Border of the plot", "#999999"),
    "baugrenze": ("Baugrenze", "Baugrenze", "#0072B2"),
    "baulinie": ("Baulinie", "Baulinie", "#CC3311"),
    "height": ("Höhe nach Plan", "Height of the plan", "#CC79A7"),
    "storeys": ("Vollgeschosse", "Vollgeschosse", "#009E73"),
    "ground": ("Gelände", "Ground", "#BBBBBB"),
}
"""In German and English, and the colour (told apart by people who see few; Baugrenze blue and Baulinie red as in plans)."""
GRID = 1e-4  # metres to which corners are rounded
SMALLEST = 1.0  # m², below which a piece of ground bears no body
WIDEST = 200.0  # metres: public land is not looked at farther
GAP, BESIDE = 0.01, 0.2  # metres: off a border, and how far from it public land still adjoins
STEP = 1.0  # metres between the places at which the width of a street is measured
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


@dataclass(frozen=True)
class _Side:
    """A piece of ground whose height is limited by one side of the plot. start, inward : of the side's line. limit : border or street."""

    shape: Any
    start: FloatArray
    inward: FloatArray
    limit: Limit

    def distance(self, xy: FloatArray) -> FloatArray:
        return (xy - self.start) @ self.inward


@dataclass(frozen=True)
class _Region:
    """Where one cap holds. lines : (shape, limit) that a wall on them is named by. cap : metres in the height system."""

    shape: Any
    cap: float
    cap_limit: Limit
    lines: list[tuple[Any, Limit]]


@dataclass
class _Mesh:
    vertices: list[FloatArray] = field(default_factory=list)
    triangles: list[IntArray] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)

    def add(self, vertices: FloatArray, triangles: IntArray, limits: Sequence[int]) -> None:
        self.triangles.append(triangles + sum(map(len, self.vertices)))
        self.vertices.append(vertices)
        self.limit += limits


def envelope(applied: Applied, plot: BuildingPlot, law: Clearance, *, storey: float = 3.0, small: bool = False) -> Envelope:
    """The largest body on a plot. storey : metres of height for each Vollgeschoss that the plan allows. small : the least depth suffices
    (dwellings of Gebäudeklasse 1 and 2), with so many storeys as the law has for them. Buildings that stay on the same plot are not looked
    at. Raises InputProblem where nothing may stand.
    """
    parts = plan_parts.of_site(applied.site)
    notes = ["Körper mit flachen Dächern; Bestand auf demselben Grundstück ist nicht berücksichtigt"]
    regions = _regions(applied, plot, law, parts, storey, small, notes)
    factor = law.factor_business if plot.limits.use in ("GE", "GI") else law.factor
    sides = _sides(applied, plot)
    whole = shapely.union_all([region.shape for region in regions])
    ground = _plane_below(applied.site.terrain, whole)
    bottom = _lowest(applied.site.terrain, whole)
    mesh, stands = _Mesh(), []
    for region in regions:
        stands += _raise(mesh, region, sides, ground, bottom, math.inf if small else 1.0 / factor, law.least)
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
) -> list[_Region]:
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
        found.append(_Region(shape, cap, limit, [*borders, (part.geometry.boundary, "baugrenze"), (land.boundary, "plot")]))
    if not over:
        if planned and parts:
            notes.append("der Plan nennt hier keine überbaubare Fläche: das ganze Grundstück ist angenommen")
        cap, limit = _cap(applied, plot, law, areas, land, storey, small, notes)
        found.append(_Region(land, cap, limit, [*borders, (land.boundary, "plot")]))
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


def _sides(applied: Applied, plot: BuildingPlot) -> list[_Side]:
    """The plot, with half of the public land in front of it, cut up by the side that is nearest."""
    public = shapely.union_all(public_land(applied.site, applied.variant) + [plot.street])
    found = []
    for land in shapely.get_parts(plot.shape):
        reach = shapely.union_all([land, *_strips(land, public.difference(land))], grid_size=1e-3)
        for part in shapely.get_parts(reach):
            if not part.intersects(land):
                continue
            skeleton = _skeleton(part)
            if skeleton is None:
                what = "no body can be formed over this outline"
                raise InputProblem(f"building plot {plot.name}", what, "Give the plot as a simpler outline")
            for face in skeleton.faces:
                ring = skeleton.points[face, :2]
                along = (ring[1] - ring[0]) / np.hypot(*(ring[1] - ring[0]))
                middle = shapely.Point((ring[0] + ring[1]) / 2)
                limit: Limit = "street" if land.distance(middle) > 0.04 else "border"
                found.append(_Side(shapely.Polygon(ring).buffer(0), ring[0], np.array([-along[1], along[0]]), limit))
    return found


def _skeleton(outline: shapely.Polygon) -> Skeleton | None:
    """The skeleton of an outline; where that cannot be followed, of one a little within it that has fewer corners."""
    for inward in (0.0, 0.02, 0.1, 0.3):
        shape = outline.buffer(-inward, join_style="mitre") if inward else outline
        largest = max(shapely.get_parts(shape), key=lambda part: part.area, default=shapely.Polygon())
        simpler = shapely.simplify(largest, max(inward, 2e-3))
        if not isinstance(simpler, shapely.Polygon) or simpler.is_empty:
            return None
        with suppress(NoSkeleton):
            return straight_skeleton(shapely.geometry.polygon.orient(simpler, 1.0))
    return None


def _strips(land: shapely.Polygon, public: Any) -> list[Any]:
    """Half of the public land in front of each side of a plot, as wide as it is at its narrowest there; corners between two such filled."""
    oriented = shapely.geometry.polygon.orient(land, 1.0)
    near = public.buffer(BESIDE)
    strips: list[Any] = []
    ends: list[tuple[FloatArray, FloatArray]] = []
    for ring in (oriented.exterior, *oriented.interiors):
        corners = np.asarray(ring.coords)[:, :2]
        for start, end in zip(corners[:-1], corners[1:], strict=True):
            along = (end - start) / np.hypot(*(end - start))
            outward = np.array([along[1], -along[0]])
            for piece in shapely.get_parts(shapely.LineString([start, end]).intersection(near)):
                if piece.geom_type != "LineString" or piece.length < 0.5:
                    continue
                a, b = np.asarray(piece.coords)[0], np.asarray(piece.coords)[-1]
                half = _narrowest(a, b, outward, public) / 2
                if half > 0.05:
                    strips.append(shapely.Polygon([a, b, b + half * outward, a + half * outward]))
                    ends += [(a, half * outward), (b, half * outward)]
    for k, (corner, one) in enumerate(ends):
        for other_corner, other in ends[k + 1 :]:
            if np.hypot(*(corner - other_corner)) < 0.05 and abs(one[0] * other[1] - one[1] * other[0]) > 1e-6:
                quad = shapely.MultiPoint([corner, corner + one, corner + other, corner + one + other]).convex_hull
                if quad.intersection(public).area > 0.98 * quad.area:
                    strips.append(quad)
    return strips


def _narrowest(a: FloatArray, b: FloatArray, outward: FloatArray, public: Any) -> float:
    count = max(2, math.ceil(float(np.hypot(*(b - a))) / STEP) + 1)
    widths = []
    for share in np.linspace(0.02, 0.98, count):
        foot = a + share * (b - a)
        ray = shapely.LineString([foot + GAP * outward, foot + WIDEST * outward])
        start = shapely.Point(ray.coords[0])
        runs = [
            GAP + one.distance(start) + one.length for one in shapely.get_parts(ray.intersection(public)) if one.distance(start) < BESIDE
        ]
        widths.append(max(runs, default=0.0))
    return min(widths)


def _raise(
    mesh: _Mesh, region: _Region, sides: Sequence[_Side], ground: FloatArray, bottom: float, steep: float, least: float
) -> list[Any]:
    """The body over one region, added to a mesh; returns the ground it stands on. steep : metres of height for each metre of distance."""
    cells: list[tuple[Any, _Side, bool]] = []
    for side in sides:
        free = _beyond(side.shape.intersection(region.shape), side.start + least * side.inward, side.inward)
        for low, shape in _parted(free, side, ground, steep, region.cap):
            cells += [(one, side, low) for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > 1e-3]
    if not cells or region.cap <= bottom + 0.5:
        return []
    lines = shapely.union_all([cell.boundary for cell, _, _ in cells], grid_size=GRID)
    tree = shapely.STRtree([cell for cell, _, _ in cells])
    stands = []
    pieces = [one for one in shapely.get_parts(shapely.polygonize([lines])) if one.area > 1e-4]
    owners = [_owner(piece, tree, cells) for piece in pieces]
    kept = [(piece, owner) for piece, owner in zip(pieces, owners, strict=True) if owner is not None]
    whole = shapely.coverage_union_all([piece for piece, _ in kept]) if kept else shapely.Polygon()
    for body in shapely.get_parts(whole):
        if body.area < SMALLEST:
            continue
        own = [(piece, cells[owner]) for piece, owner in kept if body.covers(piece.representative_point())]
        _add_body(mesh, own, region, sides, ground, bottom, steep, least)
        stands.append(body)
    return stands


def _owner(piece: Any, tree: shapely.STRtree, cells: Sequence[tuple[Any, _Side, bool]]) -> int | None:
    """The cell that a piece is of; None for a hole between cells."""
    point = piece.representative_point()
    near = tree.query(point.buffer(2 * GRID)).tolist()
    best = min(near, key=lambda k: cells[k][0].distance(point), default=None)
    return best if best is not None and cells[best][0].distance(point) < 2 * GRID else None


def _parted(free: Any, side: _Side, ground: FloatArray, steep: float, cap: float) -> list[tuple[bool, Any]]:
    """A cell below its cap (limited by the side), and what is cut off by the cap."""
    if free.is_empty:
        return []
    if math.isinf(steep):
        return [(False, free)]
    # ground + steep · distance = cap is a straight line
    slope = ground[:2] + steep * side.inward
    length = float(np.hypot(*slope))
    offset = cap - ground[2] + steep * float(side.start @ side.inward)
    on_line, way = slope / length * (offset / length), slope / length
    return [(True, _beyond(free, on_line, -way)), (False, _beyond(free, on_line, way))]


def _beyond(shape: Any, point: FloatArray, way: FloatArray) -> Any:
    """What of a shape lies on the side of a line through a point that `way` (unit) points to."""
    if shape.is_empty:
        return shape
    middle = np.asarray(shape.centroid.coords)[0]
    west, south, east, north = shape.bounds
    far, off = 4.0 * (east - west + north - south) + 1.0, float((middle - point) @ way)
    if abs(off) > far:
        return shape if off > 0 else shapely.Polygon()
    foot = middle - off * way
    across = np.array([-way[1], way[0]])
    half = shapely.Polygon([foot - far * across, foot + far * across, foot + far * (across + way), foot + far * (way - across)])
    return shape.intersection(half)


def _add_body(
    mesh: _Mesh,
    pieces: Sequence[tuple[Any, tuple[Any, _Side, bool]]],
    region: _Region,
    sides: Sequence[_Side],
    ground: FloatArray,
    bottom: float,
    steep: float,
    least: float,
) -> None:
    names = list(LIMITS)
    number: dict[tuple[float, float], int] = {}
    tops: list[float] = []
    faces: list[tuple[int, int, int]] = []
    limits: list[int] = []

    def vertex(x: float, y: float, side: _Side, low: bool) -> int:
        z = region.cap
        if low:
            z = min(z, float(ground[0] * x + ground[1] * y + ground[2] + steep * side.distance(np.array([x, y]))))
        index = number.setdefault((x, y), len(number))
        if index == len(tops):
            tops.append(z)
        else:
            tops[index] = min(tops[index], z)
        return index

    for piece, (_, side, low) in pieces:
        limit = names.index(side.limit if low else region.cap_limit)
        for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(piece)):
            corners = shapely.get_coordinates(shapely.geometry.polygon.orient(triangle, 1.0))[:3].tolist()
            faces.append(tuple(vertex(x, y, side, low) for x, y in corners))  # type: ignore[arg-type]
            limits.append(limit)
    flat = np.array(list(number), np.float64)
    count = len(flat)
    top = np.array(faces, np.int32)
    directed = {(int(a), int(b)) for face in top for a, b in zip(face, np.roll(face, -1), strict=True)}
    rim = [(a, b) for a, b in directed if (b, a) not in directed]
    walls: list[list[int]] = []
    wall_limits: list[int] = []
    for a, b in rim:
        middle = shapely.Point((flat[a] + flat[b]) / 2)
        walls += [[a, a + count, b], [b, a + count, b + count]]
        wall_limits += [names.index(_wall_limit(middle, region, sides, least))] * 2
    vertices = np.concatenate([np.column_stack([flat, tops]), np.column_stack([flat, np.full(count, bottom)])])
    triangles = np.concatenate([top, top[:, ::-1] + count, np.array(walls, np.int32).reshape(-1, 3)])
    mesh.add(vertices, triangles, [*limits, *[names.index("ground")] * len(top), *wall_limits])


def _wall_limit(middle: Any, region: _Region, sides: Sequence[_Side], least: float) -> Limit:
    """What a wall stands on: a line of plan or plot, else the least depth."""
    for line, limit in region.lines:
        if line.distance(middle) < 5 * GRID:
            return limit
    return "least"


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
