"""An entity of a drawing as points, lines and areas, in the drawing's own axes and units; inserted blocks as what is to be put where."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..problems import one_line
from .strokes import Stroke, arc, bulged, ellipse, joined, spline

POINT, LINE, AREA = 0, 1, 2
_LONGEST_TEXT = 300
_ABSURD = 1e15
_MOST_FIT_POINTS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """kind : POINT, LINE or AREA. parts : the line, or the rings of an area; points (n, 3), or a curve that is still to be stroked."""

    kind: int
    layer: str
    parts: tuple[FloatArray | Stroke, ...]
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Insert:
    """A block to be put in: its points p become p @ matrix + offsets[k], once for each k. scale : the most that lengths grow by."""

    block: str
    layer: str
    matrix: FloatArray
    offsets: FloatArray
    scale: float


def of(entity: Any) -> Iterator[Piece | Insert]:
    """What an entity shows; nothing when it is invisible or on paper. Raises one of `entities.broken()` for one that makes no sense."""
    if entity.dxf.get("invisible", 0) or entity.dxf.get("paperspace", 0):
        return
    yield from KINDS[entity.dxftype()](entity)


def _layer(entity: Any) -> str:
    return str(entity.dxf.get("layer", "0")).strip() or "0"


def _vector(entity: Any, name: str) -> FloatArray:
    """A point that the entity must have; ValueError when it is missing or infinite."""
    if not entity.dxf.hasattr(name):
        raise ValueError(f"there is no {name}")
    return _finite(np.array(tuple(entity.dxf.get(name)), float))


def _finite(points: FloatArray) -> FloatArray:
    if not (np.abs(points) < _ABSURD).all():
        raise ValueError("a coordinate is no number, or no place")
    return points


def _number(entity: Any, name: str, default: float) -> float:
    value = float(entity.dxf.get(name, default))
    if not abs(value) < _ABSURD:
        raise ValueError(f"{name} is no number, or an absurd one")
    return value


def _frame(entity: Any) -> FloatArray:
    """The axes of the plane that an entity lies in, as rows: what is drawn from below has its x turned round."""
    from ezdxf.math import OCS

    if not entity.dxf.hasattr("extrusion"):
        return np.eye(3)
    ocs = OCS(entity.dxf.extrusion)
    return np.array([tuple(ocs.ux), tuple(ocs.uy), tuple(ocs.uz)], float)


def _line(entity: Any) -> Iterator[Piece]:
    yield Piece(LINE, _layer(entity), (np.stack([_vector(entity, "start"), _vector(entity, "end")]),))


def _point(entity: Any) -> Iterator[Piece]:
    yield Piece(POINT, _layer(entity), (_vector(entity, "location")[None],))


def _circle(entity: Any) -> Iterator[Piece]:
    radius, frame = _radius(entity), _frame(entity)
    start, sweep = 0.0, 2 * math.pi
    if entity.dxftype() == "ARC":
        start = math.radians(_number(entity, "start_angle", 0.0))
        sweep = (math.radians(_number(entity, "end_angle", 360.0)) - start) % (2 * math.pi) or 2 * math.pi
    yield Piece(LINE, _layer(entity), (arc(_vector(entity, "center") @ frame, radius, start, sweep, frame),))


def _radius(entity: Any) -> float:
    radius = abs(_number(entity, "radius", 0.0))
    if radius == 0.0:
        raise ValueError("the radius is 0")
    return radius


def _ellipse(entity: Any) -> Iterator[Piece]:
    major, ratio = _vector(entity, "major_axis"), _number(entity, "ratio", 1.0)
    minor = np.cross(_frame(entity)[2], major) * ratio
    start = _number(entity, "start_param", 0.0)
    sweep = (_number(entity, "end_param", 2 * math.pi) - start) % (2 * math.pi)
    sweep = 2 * math.pi if sweep < 1e-9 else sweep
    yield Piece(LINE, _layer(entity), (ellipse(_vector(entity, "center"), major, minor, start, sweep),))


def _spline(entity: Any) -> Iterator[Piece]:
    knots, points = np.array(entity.knots, float), _points(entity.control_points)
    weights = np.array(entity.weights, float) if len(entity.weights) else None
    degree = int(entity.dxf.get("degree", 3))
    if not len(points):
        from ezdxf.math import fit_points_to_cad_cv

        fit = _points(entity.fit_points)
        if not 2 <= len(fit) <= _MOST_FIT_POINTS:
            raise ValueError("there are neither control points nor points to run through")
        curve = fit_points_to_cad_cv(fit.tolist())
        knots, points, weights, degree = np.array(curve.knots(), float), _points(curve.control_points), None, curve.degree
    yield Piece(LINE, _layer(entity), (spline(degree, knots, points, weights),))


def _points(vectors: Any) -> FloatArray:
    return _finite(np.array([tuple(vector) for vector in vectors], float).reshape(-1, 3))


def _lwpolyline(entity: Any) -> Iterator[Piece]:
    rows = _finite(np.array([tuple(row) for row in entity.get_points("xyb")], float).reshape(-1, 3))
    yield from _flat(entity, rows, _number(entity, "elevation", 0.0), bool(entity.closed))


def _flat(entity: Any, rows: FloatArray, height: float, closed: bool) -> Iterator[Piece]:
    """A polyline in a plane; rows (n, 3): x, y, bulge."""
    if len(rows) < 2:
        raise ValueError("a line has two points at least")
    points = np.column_stack([rows[:, :2], np.full(len(rows), height)])
    yield Piece(LINE, _layer(entity), (bulged(points, rows[:, 2], closed, _frame(entity)),))


def _polyline(entity: Any) -> Iterator[Piece]:
    mode = entity.get_mode()
    if mode == "AcDbPolyFaceMesh":
        for face in entity.faces():
            yield from _face(entity, _points(vertex.dxf.location for vertex in face[:-1]))
    elif mode == "AcDbPolygonMesh":
        yield from _grid(entity)
    elif mode == "AcDb3dPolyline":
        points = _points(vertex.dxf.location for vertex in _drawn(entity))
        if len(points) < 2:
            raise ValueError("a line has two points at least")
        yield Piece(LINE, _layer(entity), (np.vstack([points, points[:1]]) if entity.is_closed else points,))
    else:
        rows = [(*tuple(vertex.dxf.location)[:2], float(vertex.dxf.get("bulge", 0.0))) for vertex in _drawn(entity)]
        height = float(tuple(entity.dxf.get("elevation", (0.0, 0.0, 0.0)))[2])
        yield from _flat(entity, _finite(np.array(rows, float).reshape(-1, 3)), height, bool(entity.is_closed))


def _drawn(entity: Any) -> list[Any]:
    """The vertices without those that only held a spline's shape (flag 16)."""
    return [vertex for vertex in entity.vertices if not int(vertex.dxf.get("flags", 0)) & 16]


def _grid(entity: Any) -> Iterator[Piece]:
    down, across = int(entity.dxf.get("m_count", 0)), int(entity.dxf.get("n_count", 0))
    points = _points(vertex.dxf.location for vertex in _drawn(entity))
    if down < 2 or across < 2 or down * across != len(points):
        raise ValueError("the mesh has not as many points as it says")
    mesh = points.reshape(down, across, 3)
    rows = np.concatenate([mesh, mesh[:, :1]], axis=1) if entity.is_n_closed else mesh
    columns = np.concatenate([mesh, mesh[:1]]) if entity.is_m_closed else mesh
    for line in (*rows, *columns.swapaxes(0, 1)):
        yield Piece(LINE, _layer(entity), (line,))


def _face(entity: Any, ring: FloatArray) -> Iterator[Piece]:
    """A face seen from above: the line around it; of one that stands upright the line along it."""
    if len(ring) < 3:
        raise ValueError("a face has three corners at least")
    flat = ring[:, :2] - ring[0, :2]
    x, y = flat[:, 0], flat[:, 1]
    if abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) > 1e-9 * max(float(np.ptp(flat, axis=0).max()) ** 2, 1e-12):
        yield Piece(LINE, _layer(entity), (np.vstack([ring, ring[:1]]),))
        return
    one = int(np.argmax(np.hypot(x, y)))
    other = int(np.argmax(np.hypot(*(flat - flat[one]).T)))
    if other != one:
        yield Piece(LINE, _layer(entity), (ring[[one, other]],))


def _3dface(entity: Any) -> Iterator[Piece]:
    corners = [_vector(entity, f"vtx{number}") for number in range(4) if number < 3 or entity.dxf.hasattr("vtx3")]
    ring = np.array([corner for number, corner in enumerate(corners) if not number or (corner != corners[number - 1]).any()])
    yield from _face(entity, ring)


def _mesh(entity: Any) -> Iterator[Piece]:
    points = _points(entity.vertices)
    for face in entity.faces:
        yield from _face(entity, points[np.array(list(face), np.int64)])


def _solid(entity: Any) -> Iterator[Piece]:
    names = [name for name in ("vtx0", "vtx1", "vtx3", "vtx2") if entity.dxf.hasattr(name)]  # corners 3 and 4 are drawn crosswise
    ring = np.array([_vector(entity, name) for name in names]) @ _frame(entity)
    if len(ring) < 3:
        raise ValueError("a face has three corners at least")
    yield Piece(AREA, _layer(entity), (np.vstack([ring, ring[:1]]),))


def _hatch(entity: Any) -> Iterator[Piece]:
    from ezdxf.entities.boundary_paths import PolylinePath

    frame = _frame(entity)
    height = float(tuple(entity.dxf.get("elevation", (0.0, 0.0, 0.0)))[2])
    rings: list[FloatArray | Stroke] = []
    for path in entity.paths:
        if isinstance(path, PolylinePath):
            rows = _finite(np.array(path.vertices, float).reshape(-1, 3))
            if len(rows) >= 2:
                rings.append(bulged(np.column_stack([rows[:, :2], np.full(len(rows), height)]), rows[:, 2], True, frame))
        elif path.edges:
            rings.append(joined([_edge(edge, height, frame) for edge in path.edges]))
    if rings:
        yield Piece(AREA, _layer(entity), tuple(rings))


def _edge(edge: Any, height: float, frame: FloatArray) -> FloatArray | Stroke:
    def at(point: Any) -> FloatArray:
        return _finite(np.array([point[0], point[1], height], float))

    kind = edge.type.name
    if kind == "LINE":
        return np.stack([at(edge.start), at(edge.end)]) @ frame
    if kind == "SPLINE":
        points = np.array([at(point) for point in edge.control_points]) @ frame
        weights = np.array(edge.weights, float) if edge.weights else None
        return spline(int(edge.degree), np.array(edge.knot_values, float), points, weights)
    # The angles of arcs are kept counter-clockwise, whichever way the edge runs.
    start = math.radians(edge.start_angle) if kind == "ARC" else float(edge.start_param)
    end = math.radians(edge.end_angle) if kind == "ARC" else float(edge.end_param)
    sweep = (end - start) % (2 * math.pi)
    sweep = 2 * math.pi if sweep < 1e-9 else sweep
    if not edge.ccw:
        start, sweep = start + sweep, -sweep
    if kind == "ARC":
        return arc(at(edge.center) @ frame, abs(float(edge.radius)), start, sweep, frame)
    major = np.array([edge.major_axis[0], edge.major_axis[1], 0.0])
    minor = np.array([-major[1], major[0], 0.0]) * float(edge.ratio)
    return ellipse(at(edge.center) @ frame, _finite(major @ frame), _finite(minor @ frame), start, sweep)


def _text(entity: Any) -> Iterator[Piece]:
    words = one_line(entity.plain_text(), _LONGEST_TEXT)
    if entity.dxftype() == "MTEXT":
        place = _vector(entity, "insert")
    else:
        aligned = (entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0)) and entity.dxf.hasattr("align_point")
        place = _vector(entity, "align_point" if aligned else "insert") @ _frame(entity)
    if words and not (entity.dxftype() in ("ATTRIB", "ATTDEF") and entity.is_invisible):
        yield Piece(POINT, _layer(entity), (place[None],), words)


def _insert(entity: Any) -> Iterator[Insert]:
    frame, at = _frame(entity), _vector(entity, "insert")
    scale = np.array([_number(entity, name, 1.0) for name in ("xscale", "yscale", "zscale")])
    angle = math.radians(_number(entity, "rotation", 0.0))
    turn = np.array([[math.cos(angle), math.sin(angle), 0.0], [-math.sin(angle), math.cos(angle), 0.0], [0.0, 0.0, 1.0]])
    rows, columns = (max(int(entity.dxf.get(name, 1)), 1) for name in ("row_count", "column_count"))
    if rows * columns > 1_000_000:
        raise ValueError("the block is repeated more than a million times")
    down, across = np.mgrid[0:rows, 0:columns].reshape(2, -1).astype(float)
    down, across = down * _number(entity, "row_spacing", 0.0), across * _number(entity, "column_spacing", 0.0)
    offsets = (np.column_stack([across, down, np.zeros(len(down))]) @ turn + at) @ frame
    yield Insert(str(entity.dxf.name).lower(), _layer(entity), np.diag(scale) @ turn @ frame, offsets, float(np.abs(scale).max()))


def _dimension(entity: Any) -> Iterator[Insert]:
    """What a dimension shows is drawn in a block of its own, in its place."""
    name = str(entity.dxf.get("geometry", "")).lower()
    if name:
        yield Insert(name, _layer(entity), np.eye(3), np.zeros((1, 3)), 1.0)


KINDS: dict[str, Callable[[Any], Iterator[Piece | Insert]]] = {
    "LINE": _line,
    "POINT": _point,
    "CIRCLE": _circle,
    "ARC": _circle,
    "ELLIPSE": _ellipse,
    "SPLINE": _spline,
    "LWPOLYLINE": _lwpolyline,
    "POLYLINE": _polyline,
    "3DFACE": _3dface,
    "MESH": _mesh,
    "SOLID": _solid,
    "TRACE": _solid,
    "HATCH": _hatch,
    "MPOLYGON": _hatch,
    "TEXT": _text,
    "MTEXT": _text,
    "ATTRIB": _text,
    "INSERT": _insert,
    "DIMENSION": _dimension,
}
"""Type of an entity -> what makes pieces of it. All others are counted and not read."""
