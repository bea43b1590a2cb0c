"""A block made a closed solid: footprint and parameters in, polyhedron out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from . import set_backs
from .arrays import FloatArray, IntArray
from .model import Semantics
from .problems import InputProblem
from .roofs import RoofForm, roof_form
from .triangulate import ring_normals, triangulate
from .variant import Block

PARAPET_THICKNESS = 0.30  # metres
NARROWEST_TERRACE = 0.5  # metres within a parapet; along a narrower one there is none
STEEPEST = 75.0  # degrees
STEEPEST_MANSARD = 85.0  # degrees, of the lower part
LOWEST_MANSARD = 1.0  # metres, of the lower part
HIGHEST = 600.0  # metres
SMALLEST_STOREY = 1.0  # m²
SMALLEST_EDGE = 0.005  # metres: what is finer comes from drawing, not from building
_TOGETHER = 1e-5  # metres: points closer than this are one


@dataclass(frozen=True, eq=False)
class Solid:
    """A closed, outward-oriented polyhedron.

    vertices (V, 3). faces : lists of rings (outer first, then holes), each ring an int array into vertices, counter-clockwise
    seen from outside. semantics (F,) Semantics. triangles (T, 3), triangle_face (T,).
    """

    vertices: FloatArray
    faces: list[list[IntArray]]
    semantics: npt.NDArray[np.uint8]
    triangles: IntArray
    triangle_face: IntArray


NOTHING = Solid(np.zeros((0, 3)), [], np.zeros(0, np.uint8), np.zeros((0, 3), np.int32), np.zeros(0, np.int32))
"""The solid of what is below ground alone."""


class _Builder:
    """Collects faces; points that coincide become one vertex, so that edges are shared."""

    def __init__(self) -> None:
        self.faces: list[list[FloatArray]] = []
        self.semantics: list[int] = []

    def add(self, rings: list[FloatArray], semantics: Semantics) -> None:
        """A face by its rings, outer first, each (n, 3)."""
        self.faces.append(rings)
        self.semantics.append(int(semantics))

    def solid(self) -> Solid:
        points = np.concatenate([ring for face in self.faces for ring in face])
        _, first, index = np.unique(np.round(points / _TOGETHER).astype(np.int64), axis=0, return_index=True, return_inverse=True)
        numbers = index.reshape(-1).tolist()
        bodies: list[list[IntArray]] = []
        semantics: list[int] = []
        at = 0
        for face, kind in zip(self.faces, self.semantics, strict=True):
            body: list[IntArray] = []
            for ring in face:
                row = _without_returns(numbers[at : at + len(ring)])
                at += len(ring)
                if row:
                    body.append(np.array(row, np.int32))
            if body:
                bodies.append(body)
                semantics.append(kind)
        vertices = points[first]
        corner = np.concatenate([ring for body in bodies for ring in body])
        start = np.concatenate([[0], np.cumsum([len(ring) for body in bodies for ring in body])]).astype(np.int32)
        owner = np.repeat(np.arange(len(bodies)), [len(body) for body in bodies]).astype(np.int32)
        outer = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        normals = ring_normals(vertices[corner], start)[outer]
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        triangles, face_of = triangulate(vertices[corner], start, owner, normals)
        return Solid(vertices, bodies, np.array(semantics, np.uint8), corner[triangles], face_of)


def _without_returns(row: list[int]) -> list[int]:
    """A ring of vertices without those it comes back to at once; nothing where less than a triangle is left."""
    if len(set(row)) == len(row):
        return row
    k = 0
    while k < len(row) >= 3:
        if row[k] in (row[k - 1], row[k - 2]):
            del row[k - 1 if row[k] == row[k - 2] else k]
            k = 0
        else:
            k += 1
    return row if len(row) >= 3 else []


def checked_footprint(block: Block) -> shapely.Polygon:
    """The footprint, outer ring counter-clockwise, holes clockwise; raises InputProblem for one that cannot be built."""
    where = f"block {block.name or block.id}"
    shape = block.footprint
    if not isinstance(shape, shapely.Polygon) or shape.is_empty:
        raise InputProblem(where, "the footprint is no polygon", "Draw one closed outline")
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise InputProblem(where, "the footprint has coordinates that are no numbers", "Draw it again")
    if not shape.is_valid:
        raise InputProblem(where, f"the footprint is not valid ({shapely.is_valid_reason(shape)})", "Draw it without crossings")
    if shape.area < 1.0:
        raise InputProblem(where, f"the footprint covers only {shape.area:.2f} m²", "Draw it larger")
    rings = [_without_tiny_edges(np.asarray(ring.coords)[:-1, :2]) for ring in (shape.exterior, *shape.interiors)]
    outer, holes = rings[0], [ring for ring in rings[1:] if len(ring) >= 3]
    return shapely.geometry.polygon.orient(shapely.simplify(shapely.Polygon(outer, holes), 1e-4), 1.0)


def _without_tiny_edges(ring: FloatArray) -> FloatArray:
    kept: list[FloatArray] = []
    for point in ring:
        if not kept or np.hypot(*(point - kept[-1])) >= SMALLEST_EDGE:
            kept.append(point)
    while len(kept) > 1 and np.hypot(*(kept[-1] - kept[0])) < SMALLEST_EDGE:
        kept.pop()
    return np.array(kept)


def _check(block: Block) -> None:
    where = f"block {block.name or block.id}"
    roof = block.roof
    if not 0 <= block.storeys <= 200:
        raise InputProblem(where, f"{block.storeys} storeys are not possible", "Give 0 to 200")
    if not block.storeys and not block.underground:
        raise InputProblem(where, "it has no storeys, neither above ground nor below", "Give it one of either")
    if not 0 <= block.underground <= 20:
        raise InputProblem(where, f"{block.underground} storeys below ground are not possible", "Give 0 to 20")
    for what, value in (
        ("ground floor", block.ground_floor_height),
        ("storey", block.storey_height),
        ("storey below ground", block.underground_height),
    ):
        if not 1.5 <= value <= 30:
            raise InputProblem(where, f"a {what} {value:g} m high is not possible", "Give 1.5 to 30 m")
    for what, value in (("plinth", block.plinth), ("knee wall", block.knee), ("parapet", roof.parapet)):
        if not 0 <= value <= 5:
            raise InputProblem(where, f"a {what} {value:g} m high is not possible", "Give 0 to 5 m")
    if block.set_back < 0:
        raise InputProblem(where, f"a storey cannot be set back by {block.set_back:g} m", "Give 0 m or more")
    set_backs.check(where, block.footprint, block.set_backs)
    if block.stands_back and block.storeys < 2:
        raise InputProblem(where, "the only storey cannot be set back", "Give the block one more storey, or set nothing back")
    if block.eaves_height > HIGHEST:
        raise InputProblem(where, f"a body {block.eaves_height:g} m high is not possible", f"Stay below {HIGHEST:g} m")
    steepest = STEEPEST_MANSARD if roof.kind == "mansard" else STEEPEST
    if roof.kind != "flat" and not 0 < roof.pitch <= steepest:
        raise InputProblem(
            where, f"a {roof.kind} roof cannot have a pitch of {roof.pitch:g}°", f"Give more than 0 and at most {steepest:g}°"
        )
    if roof.kind == "mansard" and not 0 < roof.upper_pitch < roof.pitch:
        raise InputProblem(
            where,
            f"the upper part of a mansard roof ({roof.upper_pitch:g}°) is to be flatter than the lower one ({roof.pitch:g}°)",
            "Give the upper part more than 0° and less than the lower one",
        )


def top_outlines(block: Block) -> list[shapely.Polygon]:
    """The outlines of the top storey: the footprint, or what is left of it when every wall is set back; several where it falls into parts.

    Raises InputProblem where nothing is left, or the footprint cannot be built on.
    """
    return _tops(block, checked_footprint(block))


def _tops(block: Block, footprint: shapely.Polygon) -> list[shapely.Polygon]:
    if not block.stands_back:
        return [footprint]
    if block.set_backs:
        left_over = set_backs.within(footprint, block.footprint, block.set_back, block.set_backs)
        corners = shapely.multipoints(shapely.get_coordinates(footprint))
        held = [shapely.simplify(shapely.snap(part, corners, SMALLEST_EDGE), _TOGETHER / 10) for part in _cleaned(left_over)]
        inside = [part for part in held if part.is_valid]
    else:
        inside = _inset(footprint, block.set_back)
    left = [part for part in inside if part.area >= SMALLEST_STOREY]
    if not left:
        what = f"nothing is left of the top storey when it is set back by {max(block.set_back, *block.set_backs, 0.0):g} m"
        raise InputProblem(f"block {block.name or block.id}", what, "Set it back by less")
    return left


def solid(block: Block, base: float) -> Solid:
    """The solid of a block that stands at height `base` (metres); raises InputProblem for an impossible one.

    The ground floor lies a plinth above the base. A flat roof with a parapet lies at the eaves height and the parapet stands around it;
    so it does around the terrace of a storey that is set back on all sides, and wide enough. What is below ground alone has no solid here:
    see `underground`. Pitched roofs begin at the eaves height where they are lowest,
    a knee wall above the top storey's ceiling.
    """
    _check(block)
    footprint = checked_footprint(block)
    if not block.storeys:
        return replace(NOTHING)
    tops = _tops(block, footprint)
    eaves = base + block.eaves_height
    build = _Builder()
    standing, joints = tops, np.zeros((0, 2))
    if block.stands_back and block.set_backs:
        footprint = _meeting(footprint, tops)
        standing = [_meeting(top, [footprint]) for top in tops]
        joints = shapely.get_coordinates(footprint)
    build.add([_at(ring[::-1], base) for ring in _rings(footprint)], Semantics.GROUND)
    foot = base
    if block.stands_back:
        foot = base + block.plinth + block.ground_floor_height + (block.storeys - 2) * block.storey_height
        _walls(build, footprint, base, _level(build, footprint, foot, _terrace_parapet(block), standing))
    for outline in tops:
        if block.roof.kind == "flat":
            _walls(build, outline, foot, _level(build, outline, eaves, block.roof.parapet, []), joints)
        else:
            _pitched(build, outline, foot, eaves, block, joints)
    made = build.solid()
    if block.set_backs and not _closed(made):
        what_to_do = "Let the storey stand back by one measure on all sides, or simplify the outline"
        raise InputProblem(f"block {block.name or block.id}", "these set-backs cannot be formed over this outline", what_to_do)
    return made


def _closed(body: Solid) -> bool:
    """Whether every edge is used once in each direction."""
    edges: Counter[tuple[int, int]] = Counter()
    for face in body.faces:
        for ring in face:
            edges.update(zip(ring.tolist(), np.roll(ring, -1).tolist(), strict=True))
    return all(count == 1 == edges[end, start] for (start, end), count in edges.items())


def attic_area(block: Block, height: float) -> float:
    """Floor area over which the attic is at least `height` metres high, m²: what lies under a pitched roof above the top storey, knee wall
    included, between outer walls and roof planes without their thickness. Raises InputProblem for an impossible block."""
    _check(block)
    if block.roof.kind == "flat" or not block.storeys:
        return 0.0
    return sum(_form(block, outline).area_from(height - block.knee) for outline in top_outlines(block))


def level_roof_heights(block: Block, base: float) -> tuple[float, float]:
    """Height to which walls go below a set-back storey, and under a flat roof, parapets included, metres. base : where the block stands."""
    low = base + block.plinth + block.ground_floor_height + (block.storeys - 2) * block.storey_height
    return low + _terrace_parapet(block), base + block.eaves_height + block.roof.parapet


def _terrace_parapet(block: Block) -> float:
    """Height of the parapet around the terrace of a set-back storey, metres; none where it would run into walls that do not stand back."""
    room = not block.set_backs and block.set_back >= PARAPET_THICKNESS + NARROWEST_TERRACE
    return block.roof.parapet if room else 0.0


def roof_over(block: Block, outline: shapely.Polygon) -> RoofForm:
    """The pitched roof over an outline of the top storey; raises InputProblem where none can be formed."""
    return _form(block, outline)


def underground(block: Block, base: float) -> Solid | None:
    """The closed body of the storeys below the base (a Tiefgarage), as wide as the footprint; None where there are none."""
    if not block.underground:
        return None
    _check(block)
    footprint = checked_footprint(block)
    low = base - block.underground * block.underground_height
    build = _Builder()
    build.add([_at(ring[::-1], low) for ring in _rings(footprint)], Semantics.GROUND)
    _walls(build, footprint, low, _level(build, footprint, base, 0.0, []))
    return build.solid()


def both(one: Solid, other: Solid) -> Solid:
    """Two solids as one: the faces of the first one first."""
    shift = len(one.vertices)
    return Solid(
        np.concatenate([one.vertices, other.vertices]),
        one.faces + [[ring + np.int32(shift) for ring in face] for face in other.faces],
        np.concatenate([one.semantics, other.semantics]),
        np.concatenate([one.triangles, other.triangles + np.int32(shift)]),
        np.concatenate([one.triangle_face, other.triangle_face + np.int32(len(one.faces))]),
    )


def _at(ring: FloatArray, z: float) -> FloatArray:
    return np.column_stack([ring, np.full(len(ring), z)])


def _rings(polygon: shapely.Polygon) -> list[FloatArray]:
    return [np.asarray(ring.coords)[:-1, :2] for ring in (polygon.exterior, *polygon.interiors)]


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    return [shapely.geometry.polygon.orient(part, 1.0) for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]


def _inset(outline: shapely.Polygon, by: float) -> list[shapely.Polygon]:
    """What lies farther inside than `by` metres, with sharp corners; no edges finer than those of a footprint."""
    return _cleaned(outline.buffer(-by, join_style="mitre", mitre_limit=10))


def _cleaned(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Its polygons without edges finer than those of a footprint."""
    found = []
    for part in _polygons(shape):
        outer, *holes = (_without_tiny_edges(ring) for ring in _rings(part))
        if len(outer) >= 3:
            found.append(shapely.Polygon(outer, [hole for hole in holes if len(hole) >= 3]))
    return [part for part in found if part.is_valid and part.area > SMALLEST_EDGE]


def _meeting(outline: shapely.Polygon, others: list[shapely.Polygon]) -> shapely.Polygon:
    """An outline with a corner wherever one of others lies on its border, so that walls of both share their edges."""
    corners = shapely.get_coordinates(np.array(others, object))
    corners = corners[shapely.distance(outline.boundary, shapely.points(corners)) < _TOGETHER]
    rings = [
        np.concatenate([np.vstack([a[None], _between(a, b, corners)]) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)])
        for ring in _rings(outline)
    ]
    return shapely.Polygon(rings[0], rings[1:])


def _between(a: FloatArray, b: FloatArray, points: FloatArray) -> FloatArray:
    """Those points (n, 2) that lie on the way from a to b, in its order."""
    if not len(points):
        return points
    along = (points - a) @ (b - a) / float((b - a) @ (b - a))
    on = np.hypot(*(points - a - along[:, None] * (b - a)).T) < _TOGETHER
    on &= (np.hypot(*(points - a).T) > _TOGETHER) & (np.hypot(*(points - b).T) > _TOGETHER) & (along > 0) & (along < 1)
    return np.asarray(points[on][np.argsort(along[on])])


def _level(build: _Builder, outline: shapely.Polygon, z: float, parapet: float, standing: list[shapely.Polygon]) -> float:
    """Close a body at height z, around what stands on it; a parapet around that. Returns the height to which its walls go.

    Where the outline is too narrow for a roof within the parapet the body simply ends at its top.
    """
    top = z + parapet
    within = _inset(outline, PARAPET_THICKNESS) if parapet > 0 else [outline]
    if parapet > 0:
        for part in _polygons(outline.difference(shapely.union_all(within))):
            build.add([_at(ring, top) for ring in _rings(part)], Semantics.ROOF)
        for part in within:
            for ring in _rings(part):
                _ring_walls(build, ring[::-1], z, top)
    for part in within:
        for floor in _polygons(part.difference(shapely.union_all(standing))) if standing else [part]:
            build.add([_at(ring, z) for ring in _rings(floor)], Semantics.ROOF)
    return top


def _walls(build: _Builder, outline: shapely.Polygon, low: float, high: float, joints: FloatArray | None = None) -> None:
    """joints : (n, 2) points at which walls have a corner at their foot, where those below have one."""
    for ring in _rings(outline):
        if joints is None or not len(joints):
            _ring_walls(build, ring, low, high)
            continue
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            foot = np.vstack([a[None], _between(a, b, joints), b[None]])
            build.add([np.concatenate([_at(foot, low), _at(np.stack([b, a]), high)])], Semantics.WALL)


def _ring_walls(build: _Builder, ring: FloatArray, low: float, high: float) -> None:
    walls = np.empty((len(ring), 4, 3))
    walls[:, (0, 3), :2] = ring[:, None]
    walls[:, (1, 2), :2] = np.concatenate([ring[1:], ring[:1]])[:, None]
    walls[:, :2, 2], walls[:, 2:, 2] = low, high
    for wall in walls:
        build.add([wall], Semantics.WALL)


def _form(block: Block, outline: shapely.Polygon) -> RoofForm:
    return roof_form(outline, block.roof, f"block {block.name or block.id}", max(block.storey_height - block.knee, LOWEST_MANSARD))


def _pitched(build: _Builder, outline: shapely.Polygon, foot: float, eaves: float, block: Block, joints: FloatArray) -> None:
    form = _form(block, outline)
    lift = np.array([0.0, 0.0, eaves])
    for rings in form.faces:
        build.add([ring + lift for ring in rings], Semantics.ROOF)
    for crown in form.crowns:
        a, b = crown[[-1, 0], :2]
        low = _at(np.vstack([a[None], _between(a, b, joints), b[None]]), foot)
        build.add([np.concatenate([low, crown + lift])], Semantics.WALL)
