"""Roofs over an outline: their faces, and what rises above the walls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import split

from .arrays import FloatArray, IntArray
from .problems import InputProblem
from .skeleton import NoSkeleton, Skeleton, straight_skeleton
from .variant import Roof

_WING = 0.95  # share of the square behind an edge that belongs to the outline, where the edge is the end of a wing
_STRAIGHT = 0.05  # sine of the turn (3°) up to which two edges are one front: no gable stands where it goes on
_HALF = 0.6  # share of a gable's height at which the hip of a half-hip roof begins
_LEVEL = 1e-9  # metres inward that are none
_UPPER = 0.1  # metres inward that are to be left for the upper part of a mansard roof


@dataclass(frozen=True)
class RoofForm:
    """A roof: x, y, and z = metres above the eaves.

    faces : for each face its rings, outer first, each (n, 3), counter-clockwise seen from above. crowns : for each edge of the outline,
    ring by ring, what lies above it, (n, 3), from its end back to its start: two points under level eaves, more under a gable.
    """

    faces: list[list[FloatArray]]
    crowns: list[FloatArray]

    def area_from(self, height: float) -> float:
        """Area in plan over which the roof is at least that high above the eaves, m²."""
        return sum(_area_from(ring, height) for rings in self.faces for ring in rings)


def roof_form(outline: shapely.Polygon, roof: Roof, where: str, lower: float) -> RoofForm:
    """The form of a pitched roof.

    outline : valid, outer ring counter-clockwise, holes clockwise. where : what an InputProblem names as its place. lower : height
    of the steep part of a mansard roof, metres.

    hip : level eaves all around. gable : gables at the ends of an outline's wings (where a ridge is given, at those it runs towards) and
    level eaves elsewhere, around a courtyard a ridge all around; an outline without wings (a round one) gets one ridge over its middle,
    along its longer side or as given. half-hip : as gable, with a small hip at the top of each gable. shed : one plane. mansard : level
    eaves all around, the steep part and on it the flat one. Raises InputProblem where nothing can be made.
    """
    rise = math.tan(math.radians(roof.pitch))
    if roof.kind == "shed":
        return _shed(outline, roof.ridge, rise)
    if roof.kind == "gable":
        return _gabled(outline, roof.ridge, rise)
    if roof.kind == "half-hip":
        return _half_hipped(outline, roof.ridge, rise, where)
    try:
        skeleton = straight_skeleton(outline)
        return _mansard(skeleton, roof, lower, where) if roof.kind == "mansard" else _over(skeleton, rise)
    except NoSkeleton:
        raise InputProblem(where, f"no {roof.kind} roof can be formed over this outline", "Simplify it, or choose a flat roof") from None


def _area_from(ring: FloatArray, height: float) -> float:
    """Signed area in plan of the part of a plane ring that lies at or above a height."""
    z = ring[:, 2] - height
    if z.max() < 0:
        return 0.0
    following, z_following = np.roll(ring, -1, axis=0), np.roll(z, -1)
    between = np.where((z < 0) != (z_following < 0), z / np.where(z == z_following, 1.0, z - z_following), 0.0)
    crossing = ring + (following - ring) * between[:, None]
    begin, end = np.where((z < 0)[:, None], crossing, ring), np.where((z_following < 0)[:, None], crossing, following)
    # The parts below shrink to the line in which the ring is cut; what they would add along it cancels out.
    inside = (z >= 0) | (z_following >= 0)
    x, y = np.stack([begin[inside, 0], end[inside, 0]], 1).ravel(), np.stack([begin[inside, 1], end[inside, 1]], 1).ravel()
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def long_axis(footprint: shapely.Polygon) -> float:
    """Azimuth of the longer side of the smallest rectangle around a footprint, degrees from grid north, 0..180."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(footprint).exterior.coords)
    sides = np.diff(corners[:3], axis=0)
    longer = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return math.degrees(math.atan2(longer[0], longer[1])) % 180.0


def gable_ends(outline: shapely.Polygon, ridge: float | None = None) -> set[int]:
    """Numbers of the edges over which gables stand, ring by ring: the ends of wings.

    Such an edge is about at right angles to both its neighbours, and behind it lies a body at least as deep as it is wide; of two that
    touch, the shorter one. Of four corners, the shorter pair of opposite edges. With a ridge (azimuth in degrees): only edges that it
    runs towards, the body half as deep; of four corners, the pair that it runs towards, if none of the corners is all but straight: what
    goes on along an eave is no end.
    """
    along = _direction(ridge) if ridge is not None else None
    found: list[tuple[float, int, int, int]] = []
    first = 0
    for ring in (outline.exterior, *outline.interiors):
        corners = np.asarray(ring.coords)[:, :2]
        edges = np.diff(corners, axis=0)
        length = np.hypot(edges[:, 0], edges[:, 1])
        count = len(edges)
        way = edges / length[:, None]
        before = np.roll(way, 1, axis=0)
        outward = before[:, 0] * way[:, 1] - before[:, 1] * way[:, 0] > _STRAIGHT
        if count == 4 and not outline.interiors and outward.all():
            spared = length if along is None else np.abs(way @ along)
            return {0, 2} if spared[0] + spared[2] < spared[1] + spared[3] else {1, 3}
        wing = outward & (np.abs((before * way).sum(axis=1)) <= 0.5)
        wing &= np.roll(wing, -1)
        if along is not None:
            wing &= np.abs(way @ along) < math.sqrt(0.5)
        for k in np.flatnonzero(wing):
            inward = np.array([-edges[k, 1], edges[k, 0]]) * (1.0 if along is None else 0.5)
            a, b = corners[k], corners[k + 1]
            behind = shapely.Polygon([a, b, b + inward, a + inward])
            if behind.intersection(outline).area >= _WING * behind.area:
                found.append((float(length[k]), first + int(k), first + int(k - 1) % count, first + int(k + 1) % count))
        first += count
    ends: set[int] = set()
    for _, edge, one, other in sorted(found):
        if one not in ends and other not in ends:
            ends.add(edge)
    return ends


def _gabled(outline: shapely.Polygon, ridge: float | None, rise: float) -> RoofForm:
    ends = gable_ends(outline, ridge)
    if ends or outline.interiors or (ridge is not None and gable_ends(outline)):
        try:
            return _over(straight_skeleton(outline, dict.fromkeys(ends, math.inf)), rise, dict.fromkeys(ends, math.inf))
        except NoSkeleton:
            pass
    return _one_ridge(outline, ridge, rise)


def _half_hipped(outline: shapely.Polygon, ridge: float | None, rise: float, where: str) -> RoofForm:
    ends = gable_ends(outline, ridge)
    if not ends:
        what = "a half-hip roof needs a gable, and this outline has no end of a wing where one could stand"
        raise InputProblem(where, what, "Choose a hip roof")
    corners = [np.asarray(ring.coords)[:, :2] for ring in (outline.exterior, *outline.interiors)]
    length = np.concatenate([np.hypot(*np.diff(ring, axis=0).T) for ring in corners])
    gables = {edge: _HALF * float(length[edge]) / 2 for edge in ends}
    try:
        return _over(straight_skeleton(outline, gables), rise, gables)
    except NoSkeleton:
        raise InputProblem(where, "no half-hip roof can be formed over this outline", "Simplify it, or choose a flat roof") from None


def _over(skeleton: Skeleton, rise: float, gables: Mapping[int, float] = MappingProxyType({})) -> RoofForm:
    points = skeleton.points * (1.0, 1.0, rise)
    faces: list[list[FloatArray]] = []
    crowns: list[FloatArray] = []
    for edge, face in enumerate(skeleton.faces):
        if edge in gables:
            above = skeleton.points[face, 2] > gables[edge] + _LEVEL
            crowns.append(points[np.roll(face[~above], -1)])
            faces += [[points[part]] for part in _hips(face, above)]
        else:
            faces.append([points[face]])
            crowns.append(points[face[1::-1]])
    return RoofForm(faces, crowns)


def _hips(face: IntArray, above: npt.NDArray[np.bool_]) -> list[IntArray]:
    """The parts of a gable's face that lean inward: what lies above the height at which it begins to, each
    with the two points where it does."""
    parts: list[list[int]] = []
    for k in np.flatnonzero(above):
        if not above[k - 1]:
            parts.append([face[k - 1]])
        parts[-1].append(face[k])
        if not above[k + 1 - len(face)]:
            parts[-1].append(face[k + 1 - len(face)])
    return [np.array(part) for part in parts]


def _mansard(skeleton: Skeleton, roof: Roof, lower: float, where: str) -> RoofForm:
    steep, flat = math.tan(math.radians(roof.pitch)), math.tan(math.radians(roof.upper_pitch))
    inward = skeleton.points[:, 2]
    bend = lower / steep  # metres inward where the steep part ends
    if inward.max() < bend + _UPPER:
        what = f"the outline is too narrow for a mansard roof whose steep part is {lower:.2f} m high at {roof.pitch:g}°"
        raise InputProblem(where, what, "Make the steep part steeper, or choose a hip roof")
    while (np.abs(inward - bend) < 1e-4).any():  # a node in the bend itself would be neither above nor below
        bend += 2e-4
    raised = np.where(inward <= bend, inward * steep, bend * steep + (inward - bend) * flat)
    points = np.column_stack([skeleton.points[:, :2], raised])
    crossings: dict[tuple[int, int], FloatArray] = {}

    def crossing(a: int, b: int) -> FloatArray:
        key = (a, b) if a < b else (b, a)
        if key not in crossings:
            one, other = skeleton.points[key[0]], skeleton.points[key[1]]
            x, y, _ = one + (other - one) * ((bend - one[2]) / (other[2] - one[2]))
            crossings[key] = np.array([x, y, bend * steep])
        return crossings[key]

    faces: list[list[FloatArray]] = []
    for face in skeleton.faces:
        below: list[FloatArray] = []
        above: list[FloatArray] = []
        corners = face.tolist()
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):  # from the eaves, which are below
            (above if inward[a] > bend else below).append(points[a])
            if (inward[a] > bend) != (inward[b] > bend):
                middle = crossing(a, b)
                below.append(middle)
                above.append(middle)
                if inward[b] <= bend:
                    faces.append([np.array(above)])
                    above = []
        faces.append([np.array(below)])
    return RoofForm(faces, [points[face[1::-1]] for face in skeleton.faces])


def _direction(azimuth: float) -> FloatArray:
    return np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))])


def _rings(polygon: shapely.Polygon) -> list[FloatArray]:
    return [np.asarray(ring.coords)[:-1, :2] for ring in (polygon.exterior, *polygon.interiors)]


def _shed(outline: shapely.Polygon, ridge: float | None, rise: float) -> RoofForm:
    fall = _direction(ridge if ridge is not None else long_axis(outline) + 90.0)
    rings = _rings(outline)
    along = [ring[:, 0] * fall[0] + ring[:, 1] * fall[1] for ring in rings]
    lowest = max(float(values.max()) for values in along)
    raised = [np.column_stack([ring, rise * (lowest - values)]) for ring, values in zip(rings, along, strict=True)]
    crowns = [np.stack([b, a]) for ring in raised for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    return RoofForm([raised], crowns)


def _one_ridge(outline: shapely.Polygon, ridge: float | None, rise: float) -> RoofForm:
    """Two planes that meet in a level ridge over the middle of the outline; eaves are level where they run along the ridge."""
    along = _direction(ridge if ridge is not None else long_axis(outline))
    across = np.array([along[1], -along[0]])
    rings = _rings(outline)
    everything = np.concatenate(rings)
    distance = everything @ across
    middle, half = (distance.max() + distance.min()) / 2, (distance.max() - distance.min()) / 2
    reach = np.array([(everything @ along).min() - 1, (everything @ along).max() + 1])

    def raised(xy: FloatArray) -> FloatArray:
        aside = xy[:, 0] * across[0] + xy[:, 1] * across[1] - middle  # the same number for the same point, in whatever face it is
        return np.column_stack([xy, rise * (half - np.abs(aside))])

    line = shapely.LineString([across * middle + along * reach[0], across * middle + along * reach[1]])
    parts = [shapely.geometry.polygon.orient(part, 1.0) for part in split(outline, line).geoms]
    corners = np.concatenate([ring for part in parts for ring in _rings(part)])
    crowns, border = [], [everything]
    for ring in rings:
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            sides = [float(point @ across) - middle for point in (a, b)]
            between = np.zeros((0, 2))
            if min(sides) < -1e-6 and max(sides) > 1e-6:
                between = (a + (b - a) * (sides[0] / (sides[0] - sides[1])))[None]
            border.append(between)
            crowns.append(raised(np.concatenate([b[None], between, a[None]])))
    known = np.concatenate(border)
    apart = ((corners[:, None] - known[None]) ** 2).sum(axis=2)
    nearest = apart.argmin(axis=1)
    corners = np.where((apart[np.arange(len(corners)), nearest] < 1e-8)[:, None], known[nearest], corners)
    faces: list[list[FloatArray]] = []
    at = 0
    for part in parts:
        face = []
        for ring in _rings(part):
            face.append(raised(corners[at : at + len(ring)]))
            at += len(ring)
        faces.append(face)
    return RoofForm(faces, crowns)
