"""A site with a variant as sound meets it, and its streets and tracks as straight pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray
from ...jena_city.model import Semantics
from ...jena_city.outlined import outlined
from ...jena_city.problems import InputProblem
from ...jena_city.triangulate import triangle_normals
from ...jena_city.vectors.cover import ALIKE
from .junctions import Junctions, cut_near
from .octaves import BANDS
from .surroundings import Obstacle, Surroundings, surroundings
from .traffic import Traffic

Box = tuple[float, float, float, float]
FACADE = 0.5  # dB that a façade takes: D_RV of RLS-19
GROUND_STEP = 10.0  # metres between points of the ground: what is finer is no screen
TOWN_FACTOR = 0.3  # G where no area says otherwise: streets, yards and gardens of a town
FACTORS: dict[str, float] = {
    **dict.fromkeys(("forest", "green", "meadow", "field"), 1.0),
    "brownfield": 0.5,
    "built": TOWN_FACTOR,
    **dict.fromkeys(("water", "traffic", "square"), 0.0),
}
"""G by kind of area. Source: Directive (EU) 2015/996, table 2.5.a, for porous (1), loosely packed (0.5 to 0.7) and hard ground (0)."""
_KIND = {word: kind for kind, words in ALIKE.items() for word in words.split()}
SIMPLER = 0.05  # metres that an outline may differ
LONGEST = 100.0  # metres of a piece of road with one emission
EDGE = 2  # points of the ground that are added all around
OFF_GROUND, LEAST_PIECE = 0.3, 5.0  # metres: how far a straight piece of road may leave the ground before it is cut, if it is longer
LEVEL_ROOF = 1e-3  # m² of roof seen from above below which a body has none


def town(applied: Applied, box: Box, facade: float = FACADE) -> Surroundings:
    """Houses, blocks, terrain and kinds of ground that touch a box of scene coordinates.

    Houses are prisms as high as their roofs in the mean; parts of very different height stand for themselves. facade : dB that a façade
    takes at each reflection.
    """
    site = applied.site
    frame = shapely.box(*box)
    obstacles: list[Obstacle] = []
    shapes, _, tops = outlined(site.city, site.footprints)
    root = site.city.building_root
    for row in np.flatnonzero([shape is not None and not shape.is_empty for shape in shapes]):
        if applied.kept[root[row]] and shapely.intersects(shapes[row], frame):
            obstacles += _houses(shapes[row], float(tops[row]), facade)
    for block, solid in zip(applied.variant.blocks, applied.solids, strict=True):
        roof = solid.semantics[solid.triangle_face] == Semantics.ROOF
        area = np.abs(triangle_normals(solid.vertices, solid.triangles[roof])[:, 2])
        height = solid.vertices[solid.triangles[roof], 2].mean(axis=1)
        top = float(np.average(height, weights=area)) if area.sum() > LEVEL_ROOF else float(solid.vertices[:, 2].max())
        obstacles += _houses(block.footprint, top, facade)
    cover: list[tuple[shapely.Polygon, float]] = []
    if site.areas is not None:
        kinds = site.areas.columns["kind"]
        for row in np.flatnonzero(shapely.intersects(site.areas.geometry, frame)):
            factor = FACTORS.get(_KIND.get(str(kinds[row]), str(kinds[row])))
            if factor is not None:
                inside = shapely.intersection(shapely.make_valid(site.areas.geometry[row]), frame)
                cover += [(part, factor) for part in shapely.get_parts(inside) if isinstance(part, shapely.Polygon)]
    middle = np.round([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])  # the same for every variant
    return surroundings(obstacles, _ground(applied, box), cover, otherwise=TOWN_FACTOR, base=_base(applied), origin=middle)


def _houses(shape: shapely.Geometry, top: float, facade: float) -> list[Obstacle]:
    """A house for each polygon of an outline."""
    found = []
    for polygon in shapely.get_parts(shapely.simplify(shape, SIMPLER)):
        if isinstance(polygon, shapely.Polygon) and polygon.area > 0.5:
            outer = shapely.get_coordinates(polygon.exterior)[:-1]
            holes = tuple(shapely.get_coordinates(ring)[:-1] for ring in polygon.interiors)
            found.append(Obstacle(outer, np.full(len(outer), top), True, np.full(len(BANDS), 1.0 - 10.0 ** (-0.1 * facade)), holes))
    return found


def _ground(applied: Applied, box: Box) -> FloatArray | None:
    terrain = applied.site.terrain
    if terrain is None:
        return None
    part = terrain.clipped(box)
    part = part.resampled(max(GROUND_STEP, part.step)) if min(part.heights.shape) * part.step > 2 * GROUND_STEP else part
    gaps = ~np.isfinite(part.heights)
    if gaps.any() and not gaps.all():
        from scipy.ndimage import distance_transform_edt  # takes a tenth of a second, and every command comes by here

        nearest = distance_transform_edt(gaps, return_distances=False, return_indices=True)
        part = replace(part, heights=part.heights[tuple(nearest)])
    beyond = EDGE * part.step  # a coarser grid ends before the finer one does: there the last heights go on
    part = replace(part, x=part.x - beyond, y=part.y - beyond, heights=np.pad(part.heights, EDGE, mode="edge"), beyond=None)
    vertices, triangles = part.mesh()
    return vertices[triangles]


def known(applied: Applied, box: Box) -> Box:
    """The part of a box where the ground is known. Raises InputProblem where it is nowhere."""
    terrain = applied.site.terrain
    if terrain is None:
        return box
    west, south, east, north = terrain.bounds
    found = (max(box[0], west), max(box[1], south), min(box[2], east), min(box[3], north))
    if found[0] >= found[2] or found[1] >= found[3]:
        raise InputProblem("road_noise", "the area lies outside the terrain", "Choose an area with terrain")
    return found


def _base(applied: Applied) -> float:
    terrain = applied.site.terrain
    return float(np.nanmean(terrain.heights, dtype=np.float64)) if terrain is not None else 0.0


@dataclass(frozen=True)
class Roads:
    """Straight pieces of road or track. segments : (s, 6) both ends, at the height of the source. row : (s,) in the traffic.
    gradient : (s,) percent in the direction of the line."""

    segments: FloatArray
    row: npt.NDArray[np.int64]
    gradient: FloatArray


def roads(applied: Applied, traffic: Traffic, around: Surroundings, box: Box, height: float, known: Junctions) -> Roads:
    """The streets of a site that lie in a box, without what runs through houses, in short pieces near junctions.

    height : of the source above the road, metres. Raises InputProblem without any.
    """
    streets = applied.site.streets
    assert streets is not None
    found = pieces(applied, streets.geometry[traffic.street], around, box, height)
    if not len(found.row):
        raise InputProblem("streets", "no street with traffic lies near enough", "Add streets to the project or choose another area")
    segments, of = cut_near(known, found.segments, found.row)
    return Roads(segments, found.row[of], found.gradient[of])


def pieces(applied: Applied, lines: npt.NDArray[np.object_], around: Surroundings, box: Box, height: float) -> Roads:
    """Straight pieces of some lines (l,) in a box, without what runs through houses; row : in them."""
    lines = shapely.intersection(shapely.force_2d(lines), shapely.box(*box))
    lines = _outside(lines, applied.footprints)
    parts, of = shapely.get_parts(lines, return_index=True)
    straight = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, of = shapely.segmentize(parts[straight], LONGEST), of[straight]
    points, line = shapely.get_coordinates(parts, return_index=True)
    follows = np.flatnonzero(line[1:] == line[:-1])
    a, b, row = points[follows], points[follows + 1], of[line[follows]]
    long = np.hypot(*(b - a).T) > 0.01
    a, b, row = _on_the_ground(a[long], b[long], row[long], around)
    low, high = around.ground(a), around.ground(b)
    gradient = 100.0 * (high - low) / np.hypot(*(b - a).T)
    return Roads(np.column_stack([a, low + height, b, high + height]), row.astype(np.int64), gradient)


def _on_the_ground(
    a: FloatArray, b: FloatArray, row: npt.NDArray[np.int64], around: Surroundings
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Pieces halved until they follow the ground: one that spans a hollow would bring its sound up to the ears above it."""
    shares = np.linspace(0.0, 1.0, 11)[:, None, None]
    done: list[tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]] = []
    while len(a):
        points = a + shares * (b - a)
        height = around.ground(points.reshape(-1, 2)).reshape(len(shares), -1)
        off = np.abs(height - (height[0] + shares[:, 0] * (height[-1] - height[0]))).max(axis=0)
        cut = (off > OFF_GROUND) & (np.hypot(*(b - a).T) > LEAST_PIECE)
        done.append((a[~cut], b[~cut], row[~cut]))
        middle = (a[cut] + b[cut]) / 2
        a, b, row = np.concatenate([a[cut], middle]), np.concatenate([middle, b[cut]]), np.concatenate([row[cut], row[cut]])
    starts, ends, rows = zip(*done, strict=True)
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(rows)


def _outside(lines: npt.NDArray[np.object_], houses: list[shapely.Geometry]) -> npt.NDArray[np.object_]:
    """Lines without what lies in any of some polygons."""
    found = lines.copy()
    line, house = shapely.STRtree(houses).query(lines, predicate="intersects") if houses else (np.zeros(0, int), np.zeros(0, int))
    for row in np.unique(line):
        found[row] = shapely.difference(lines[row], shapely.union_all([houses[k] for k in house[line == row]]))
    return found
