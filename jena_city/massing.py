"""A block made a closed solid: footprint and parameters in, polyhedron out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from .arrays import FloatArray, IntArray
from .model import Semantics
from .problems import InputProblem
from .roofs import roof_form
from .triangulate import ring_normals, triangulate
from .variant import Block

PARAPET_THICKNESS = 0.30  # metres
STEEPEST = 75.0  # degrees
HIGHEST = 600.0  # metres
SMALLEST_EDGE = 0.005  # metres: what is finer comes from drawing, not from building
_TOGETHER = 1e-5  # metres: points closer than this are one


@dataclass(frozen=True)
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


class _Builder:
    """Collects faces; points that coincide become one vertex, so that edges are shared."""

    def __init__(self) -> None:
        self.number: dict[tuple[int, int, int], int] = {}
        self.points: list[tuple[float, float, float]] = []
        self.faces: list[list[IntArray]] = []
        self.semantics: list[int] = []

    def add(self, rings: list[FloatArray], semantics: Semantics) -> None:
        indexed: list[IntArray] = []
        for ring in rings:
            row = [self._vertex(point) for point in ring.tolist()]
            row = [index for k, index in enumerate(row) if index != row[k - 1]]
            if len(row) >= 3:
                indexed.append(np.array(row, np.int32))
        if indexed:
            self.faces.append(indexed)
            self.semantics.append(int(semantics))

    def _vertex(self, point: list[float]) -> int:
        key = (round(point[0] / _TOGETHER), round(point[1] / _TOGETHER), round(point[2] / _TOGETHER))
        if key not in self.number:
            self.number[key] = len(self.points)
            self.points.append((point[0], point[1], point[2]))
        return self.number[key]

    def solid(self) -> Solid:
        vertices = np.array(self.points)
        rings = [ring for face in self.faces for ring in face]
        start = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int32)
        owner = np.repeat(np.arange(len(self.faces)), [len(face) for face in self.faces]).astype(np.int32)
        corner = np.concatenate(rings)
        _, first = np.unique(owner, return_index=True)
        normals = ring_normals(vertices[corner], start)[first]
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        triangles, face = triangulate(vertices[corner], start, owner, normals)
        return Solid(vertices, self.faces, np.array(self.semantics, np.uint8), corner[triangles], face)


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
    if not 1 <= block.storeys <= 200:
        raise InputProblem(where, f"{block.storeys} storeys are not possible", "Give 1 to 200")
    for what, value in (("ground floor", block.ground_floor_height), ("storey", block.storey_height)):
        if not 1.5 <= value <= 30:
            raise InputProblem(where, f"a {what} {value:g} m high is not possible", "Give 1.5 to 30 m")
    if block.eaves_height > HIGHEST:
        raise InputProblem(where, f"a body {block.eaves_height:g} m high is not possible", f"Stay below {HIGHEST:g} m")
    if block.roof.kind != "flat" and not 0 < block.roof.pitch <= STEEPEST:
        raise InputProblem(
            where, f"a {block.roof.kind} roof cannot have a pitch of {block.roof.pitch:g}°", f"Give more than 0 and at most {STEEPEST:g}°"
        )
    if not 0 <= block.roof.parapet <= 5:
        raise InputProblem(where, f"a parapet {block.roof.parapet:g} m high is not possible", "Give 0 to 5 m")


def solid(block: Block, base: float) -> Solid:
    """The solid of a block whose ground floor lies at height `base` (metres); raises InputProblem for an impossible one.

    A flat roof with a parapet lies at the eaves height and the parapet stands around it. Pitched roofs begin at the eaves height
    where their plane is lowest.
    """
    _check(block)
    footprint = checked_footprint(block)
    eaves = base + block.eaves_height
    build = _Builder()
    outlines = [np.asarray(ring.coords)[:-1, :2] for ring in (footprint.exterior, *footprint.interiors)]
    build.add([_at(ring[::-1], base) for ring in outlines], Semantics.GROUND)
    if block.roof.kind == "flat":
        _flat(build, footprint, outlines, base, eaves, block.roof.parapet)
    else:
        form = roof_form(footprint, block.roof, f"block {block.name or block.id}")
        lift = np.array([0.0, 0.0, eaves])
        for rings in form.faces:
            build.add([ring + lift for ring in rings], Semantics.ROOF)
        for crown in form.crowns:
            low = crown[[-1, 0]]
            low[:, 2] = base
            build.add([np.concatenate([low, crown + lift])], Semantics.WALL)
    return build.solid()


def _at(ring: FloatArray, z: float) -> FloatArray:
    return np.column_stack([ring, np.full(len(ring), z)])


def _flat(build: _Builder, footprint: shapely.Polygon, outlines: list[FloatArray], base: float, eaves: float, parapet: float) -> None:
    inner = footprint.buffer(-PARAPET_THICKNESS, join_style="mitre", mitre_limit=10) if parapet > 0 else None
    if inner is None or not isinstance(inner, shapely.Polygon) or inner.is_empty or len(inner.interiors) != len(footprint.interiors):
        top = eaves + parapet  # too narrow for a parapet with a roof between: the body simply ends there
        build.add([_at(ring, top) for ring in outlines], Semantics.ROOF)
        for ring in outlines:
            _prism_walls(build, ring, base, top)
        return
    inner = shapely.geometry.polygon.orient(inner, 1.0)
    within = [np.asarray(ring.coords)[:-1, :2] for ring in (inner.exterior, *inner.interiors)]
    top = eaves + parapet
    build.add([_at(ring, eaves) for ring in within], Semantics.ROOF)
    for ring in outlines:
        _prism_walls(build, ring, base, top)
    for ring in within:
        _prism_walls(build, ring[::-1], eaves, top)
    # The coping: between the outer outline and the inner one, around the roof and around each courtyard.
    build.add([_at(outlines[0], top), _at(within[0][::-1], top)], Semantics.ROOF)
    for court, around in _paired(outlines[1:], within[1:]):
        build.add([_at(around[::-1], top), _at(court, top)], Semantics.ROOF)


def _paired(courts: list[FloatArray], around: list[FloatArray]) -> list[tuple[FloatArray, FloatArray]]:
    """Each courtyard with the inset ring that runs around it."""
    rings = [shapely.Polygon(ring) for ring in around]
    return [(court, around[next(k for k, ring in enumerate(rings) if ring.contains(shapely.Point(court[0])))]) for court in courts]


def _prism_walls(build: _Builder, ring: FloatArray, low: float, high: float) -> None:
    following = np.roll(ring, -1, axis=0)
    for a, b in zip(ring, following, strict=True):
        build.add([np.array([[*a, low], [*b, low], [*b, high], [*a, high]])], Semantics.WALL)
