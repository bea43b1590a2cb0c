"""The ground of a Spielraum-Körper: which side of the plot, or which middle of a street, limits the height over each part of it."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from .applied import Applied
from .arrays import FloatArray
from .building_plots import BuildingPlot, public_land
from .problems import InputProblem
from .skeleton import NoSkeleton, Skeleton, straight_skeleton

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
WIDEST = 200.0  # metres: public land is not looked at farther
GAP, BESIDE = 0.01, 0.2  # metres: off a border, and how far from it public land still adjoins
STEP = 1.0  # metres between the places at which the width of a street is measured


@dataclass(frozen=True)
class Side:
    """A piece of ground whose height is limited by one side of the plot. start, inward : of the side's line. limit : border or street."""

    shape: Any
    start: FloatArray
    inward: FloatArray
    limit: Limit

    def distance(self, xy: FloatArray) -> FloatArray:
        """Metres of points (…, 2) from the line."""
        return (xy - self.start) @ self.inward


def sides_of(applied: Applied, plot: BuildingPlot) -> list[Side]:
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
                found.append(Side(shapely.Polygon(ring).buffer(0), ring[0], np.array([-along[1], along[0]]), limit))
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


def beyond(shape: Any, point: FloatArray, way: FloatArray) -> Any:
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
