"""An architect's model in the place of a block: where it stands, what is measured of it, and its solid."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj
import shapely

from . import crs, ifc
from .arrays import FloatArray
from .assumptions import STOREY
from .files import hash_file, slug, written_beside
from .massing import Solid
from .massing import solid as plain_solid
from .model import Semantics
from .model_files import Mesh, read, write_glb
from .origin import Origin
from .problems import InputProblem
from .triangulate import triangle_normals, volume
from .variant import Block, Roof, StandIn, Up

FOLDER = "models"
UPRIGHT = 0.5  # of a face's normal upward: less is a wall
SIMPLER = 0.05  # metres by which an outline may differ from that of the model's faces
GAP = 0.02  # metres between faces that are bridged in it
SMALLEST = 1.0  # m²
REACH = 100.0  # metres: so far from its zero a second point of a model tells how it is turned in another coordinate system
FAR = 100_000.0  # metres from a project's origin in which no model of it stands
_TOGETHER = 1e-4  # metres: corners of a model that are one


@dataclass(frozen=True)
class Fit:
    """How a model is turned (degrees counter-clockwise seen from above) and scaled about its own zero, where that comes to lie (x, y in
    scene coordinates), and how high (None: as it stands). error : metres by which the points differ, root mean square; worst : the
    largest."""

    x: float
    y: float
    turn: float
    scale: float
    z: float | None
    error: float
    worst: float


@dataclass(frozen=True)
class Measured:
    """footprint : all of the model seen from above, as one outline, before it is placed. height, low : metres, of the whole and of its
    lowest point. closed : whether it encloses a volume, m³ (0 where not)."""

    footprint: shapely.Polygon
    height: float
    low: float
    closed: bool
    volume: float


def fitted(model: FloatArray, places: FloatArray, *, scaled: bool = False) -> Fit:
    """The move that brings points of a model (n, 2 or 3) to places (n, 2 or 3) with the least squares, upright: a turn about the vertical,
    with scale where asked for. Raises InputProblem for fewer than two different points."""
    one, other = model[:, :2], places[:, :2]
    if len(model) < 2 or len(model) != len(places):
        raise InputProblem("the points", f"{len(model)} points do not say how the model lies", "Give three points of it, and their places")
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    spread = float((a**2).sum())
    if spread < 1e-6 or float((b**2).sum()) < 1e-6:
        raise InputProblem("the points", "all of them are the same one", "Give points that lie far from each other")
    cosine, sine = float((a * b).sum()), float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
    angle = math.atan2(sine, cosine)
    scale = math.hypot(cosine, sine) / spread if scaled else 1.0
    turned = scale * _turned(one, angle)
    shift = (other - turned).mean(axis=0)
    z = float((places[:, 2] - scale * model[:, 2]).mean()) if model.shape[1] == places.shape[1] == 3 else None
    off = turned + shift - other
    if z is not None:
        off = np.column_stack([off, scale * model[:, 2] + z - places[:, 2]])
    apart = np.linalg.norm(off, axis=1)
    error, worst = float(np.sqrt((apart**2).mean())), float(apart.max())
    return Fit(float(shift[0]), float(shift[1]), math.degrees(angle) % 360.0, scale, z, error, worst)


def placed(places: FloatArray, at: FloatArray | None = None, turn: float = 0.0, scale: float | None = 1.0) -> Fit:
    """Where a model stands: by points of it (at) and their places, or by the place of its zero, a turn in degrees and a scale. places :
    (n, 2 or 3) scene coordinates, with heights or without. scale : None: as the points say. Raises InputProblem."""
    if at is None:
        if len(places) != 1:
            raise InputProblem("the points", f"{len(places)} places for the zero of the model", "Give one, or as many points of the model")
        z = float(places[0, 2]) if places.shape[1] == 3 else None
        return Fit(float(places[0, 0]), float(places[0, 1]), turn % 360.0, 1.0 if scale is None else scale, z, 0.0, 0.0)
    if scale is None or scale == 1.0:
        return fitted(at, places, scaled=scale is None)
    fit = fitted(scale * at, places)
    return replace(fit, scale=scale)


def as_said(file: Path, origin: Origin) -> Fit | None:
    """Where a model stands that says so itself (an IFC with IfcMapConversion); None for one that does not. Raises InputProblem where that
    cannot be here."""
    said = ifc.map_conversion(file) if file.suffix.lower() == ".ifc" else None
    if said is None:
        return None
    along = REACH * said.scale * np.array([math.cos(math.radians(said.turn)), math.sin(math.radians(said.turn))])
    zero = np.array([said.easting, said.northing])
    places = np.array([zero, zero + along])
    system = crs.parse(said.crs).horizontal
    if zone := crs.zone_before(said.easting, said.easting):
        places[:, 0] -= zone * 1e6
    if system and origin.crs and system != origin.crs:
        transformer = pyproj.Transformer.from_crs(crs.proj(system), crs.proj(origin.crs), always_xy=True)
        places = np.column_stack(transformer.transform(places[:, 0], places[:, 1]))
    local = origin.to_local(places)
    if not np.isfinite(local).all() or float(np.hypot(*local[0])) > FAR:
        what = f"it says that it stands at {said.easting:.0f} {said.northing:.0f}, far away from this project"
        raise InputProblem(file, what, "Check its IfcMapConversion, or place it by coordinates or points")
    way = local[1] - local[0]
    turn = math.degrees(math.atan2(way[1], way[0])) % 360.0
    return Fit(float(local[0, 0]), float(local[0, 1]), turn, said.scale, said.height, 0.0, 0.0)


def in_place(blocks: Sequence[Block], block: Block, instead: str) -> tuple[Block, ...]:
    """The blocks with one more, or with it in the place of another, whose use and other properties it keeps."""
    if not instead:
        return (*blocks, block)
    measures = ("footprint", "storeys", "base", "ground_floor_height", "storey_height", "roof", "stand_in")
    own = {name: getattr(block, name) for name in measures}
    own |= {"plinth": 0.0, "knee": 0.0, "set_back": 0.0, "set_backs": ()}
    return tuple(replace(one, **own) if one.id == instead else one for one in blocks)


def measured(where: str, mesh: Mesh) -> Measured:
    """What is measured of a model; raises InputProblem for one that covers no ground."""
    corners = mesh.vertices[mesh.triangles]
    flat = shapely.polygons(corners[:, :, :2])
    flat = flat[shapely.area(flat) > 1e-6]
    seen = shapely.union_all(shapely.buffer(flat, GAP / 2, join_style="mitre"), grid_size=1e-3) if len(flat) else shapely.Polygon()
    seen = seen.buffer(-GAP / 2, join_style="mitre").simplify(SIMPLER)
    parts = [part for part in shapely.get_parts(seen) if isinstance(part, shapely.Polygon)]
    largest = max(parts, key=lambda part: part.area, default=shapely.Polygon())
    if largest.area < SMALLEST:
        raise InputProblem(where, f"the model covers only {largest.area:.2f} m²", "Check its unit: metres are expected, or give a scale")
    footprint = shapely.Polygon(largest.exterior, [ring for ring in largest.interiors if shapely.Polygon(ring).area >= SMALLEST])
    low, high = float(mesh.vertices[:, 2].min()), float(mesh.vertices[:, 2].max())
    inside = _enclosed(mesh)
    return Measured(shapely.geometry.polygon.orient(footprint, 1.0), high - low, low, inside > 0, inside)


def _enclosed(mesh: Mesh) -> float:
    """Volume of a closed mesh that faces outward, else 0."""
    _, index = np.unique(np.round(mesh.vertices / _TOGETHER).astype(np.int64), axis=0, return_inverse=True)
    rows = index.reshape(-1)[mesh.triangles]
    rows = rows[(rows[:, 0] != rows[:, 1]) & (rows[:, 1] != rows[:, 2]) & (rows[:, 2] != rows[:, 0])]
    edges = Counter(zip(rows.ravel().tolist(), np.roll(rows, -1, axis=1).ravel().tolist(), strict=True))
    if any(count != edges[end, start] for (start, end), count in edges.items()):
        return 0.0
    return max(volume(mesh.vertices - mesh.vertices[0], mesh.triangles), 0.0)


def kept(file: Path, project: Path, up: Up = "", mesh: Mesh | None = None) -> StandIn:
    """Copy a model into a project's folder and say what it is; it stands at 0, 0 still. mesh : what the file holds, where it was read by
    another program: then that is kept, as .glb; so is an IFC, for which others may have no reader. Raises InputProblem."""
    folder = project / FOLDER
    read_mesh = read(file, up) if mesh is None else mesh
    digest = hash_file(file)
    ending = ".glb" if mesh is not None or file.suffix.lower() in (".gltf", ".ifc") else file.suffix.lower()
    target = folder / f"{slug(file.stem)}-{digest[:8]}{ending}"
    if not target.is_file():
        if ending != file.suffix.lower():  # a .gltf may have its data in files of their own
            write_glb(read_mesh, target)
            up = ""
        else:
            with written_beside(target) as beside:
                beside.write_bytes(file.read_bytes())
    elif ending != file.suffix.lower():
        up = ""
    return StandIn(f"{FOLDER}/{target.name}", hash_file(target), up=up, folder=str(project))


def as_block(
    model: StandIn, fit: Fit, found: Measured, *, storeys: int | None = None, floor_area: float | None = None, name: str = ""
) -> Block:
    """The block that a placed model is: its outline and height measured, storeys as given or by the height. Its zero is at the height of
    the fit, or its lowest point on the ground."""
    count = storeys or max(1, round(fit.scale * found.height / STOREY))
    each = min(max(fit.scale * found.height / count, 1.5), 30.0)
    lowest = fit.scale * found.low
    placed = replace(model, x=fit.x, y=fit.y, turn=fit.turn, scale=fit.scale, lift=-lowest, floor_area=floor_area)
    footprint = shapely.transform(found.footprint, lambda xy: fit.scale * _turned(xy, math.radians(fit.turn)) + [fit.x, fit.y])
    base = None if fit.z is None else round(fit.z + lowest, 3)
    return Block("", footprint, count, name, base, each, each, Roof(), stand_in=placed)


def mesh_of(model: StandIn) -> Mesh:
    """The model as its file has it; raises InputProblem where it is not there."""
    return read(Path(model.folder) / model.path, model.up)


def has_changed(model: StandIn) -> bool:
    """Whether its file is another one than when it was placed."""
    path = Path(model.folder) / model.path
    return path.is_file() and hash_file(path) != model.sha256


def solid(block: Block, base: float) -> Solid:
    """The model of a block as it stands at a height; of a block without one its own solid. Raises InputProblem.

    What faces up is roof, what faces down is ground, the rest is wall. Faces are triangles, and enclose nothing where the model does not.
    """
    model = block.stand_in
    if model is None:
        return plain_solid(block, base)
    mesh = mesh_of(model)
    xy = model.scale * _turned(mesh.vertices[:, :2], math.radians(model.turn)) + [model.x, model.y]
    vertices = np.column_stack([xy, model.scale * mesh.vertices[:, 2] + model.lift + base])
    lengths = triangle_normals(vertices, mesh.triangles)
    size = np.linalg.norm(lengths, axis=1)
    triangles = mesh.triangles[size > 1e-9]
    upward = lengths[size > 1e-9, 2] / size[size > 1e-9]
    kinds = np.full(len(triangles), int(Semantics.WALL), np.uint8)
    kinds[upward > UPRIGHT], kinds[upward < -UPRIGHT] = int(Semantics.ROOF), int(Semantics.GROUND)
    faces = [[row] for row in triangles.astype(np.int32)]
    return Solid(vertices, faces, kinds, triangles.astype(np.int32), np.arange(len(triangles), dtype=np.int32))


def volume_of(block: Block, body: Solid, base: float) -> tuple[float, bool]:
    """Volume above the base in m³, and whether it is that of the model: of one that is not closed it is the plain block's."""
    inside = _enclosed(Mesh(body.vertices, body.triangles))
    if inside > 0:
        return inside, True
    plain = plain_solid(block, base)
    return volume(plain.vertices - plain.vertices[0], plain.triangles), False


def carried(model: StandIn | None, matrix: Sequence[Sequence[float]] | FloatArray) -> StandIn | None:
    """A model that goes with its block; matrix : (2, 3) of a move, a turn and one scale."""
    if model is None:
        return None
    by = np.asarray(matrix, np.float64)
    x, y = (by[:, :2] @ [model.x, model.y] + by[:, 2]).tolist()
    scale = math.sqrt(abs(float(np.linalg.det(by[:, :2]))))
    turn = (model.turn + math.degrees(math.atan2(by[1, 0], by[0, 0]))) % 360.0
    return replace(model, x=x, y=y, turn=turn, scale=model.scale * scale, lift=model.lift * scale)


def _turned(xy: FloatArray, angle: float) -> FloatArray:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(xy @ np.array([[cosine, sine], [-sine, cosine]]))
