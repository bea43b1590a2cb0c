"""From records with texts to the columns of a CityModel: numbers parsed at once, rings mended, faces cut into triangles."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import appearance
from ..arrays import FloatArray, IntArray
from ..crs import Crs
from ..model import CityModel, Semantics
from ..origin import Origin
from ..problems import InputProblem, Report
from ..triangulate import ring_normals, triangulate
from .elements import Face, Record
from .placing import placed_each, stated_crs

Box = tuple[float, float, float, float]
_READ: list[Any] = []
_BLOCK = 100_000  # triangles
_CHUNK = 4_000_000  # characters parsed at a time: bounds the memory for joined texts
SAY_WHY = ("bad-coordinates", "library-geometry", "too-many-placed")  # there is no geometry then, and no need to say it again
ABSURD = 1e8  # metres; no coordinate of a real CRS is larger
LARGEST = 20_000.0  # metres; no building is
LARGEST_AROUND = 300_000.0  # metres; rivers and roads are long
SMALLEST_AREA = 1e-4  # m²
OUT_OF_PLANE = 0.05  # metres

SENTENCES = {
    "malformed-coordinates": "{n} faces left out: their coordinates are not whole points, or lines of a kind that is not read",
    "unknown-unit": "{n} heights in a unit that is not known; taken as metres",
    "bad-coordinates": "the building was left out: its coordinates are not finite, or absurdly large or far apart",
    "degenerate-ring": "{n} rings left out: fewer than three different points",
    "zero-area": "{n} faces left out: their area is zero",
    "unclosed-ring": "{n} rings closed: the last point was not the first",
    "non-planar": "{n} faces are more than 5 cm out of their plane; used as they are",
    "self-intersecting": "{n} faces cross or touch themselves; their triangles may be wrong",
    "swapped-rings": "{n} faces name a hole as their outer ring; the largest ring was taken",
    "inside-out": "the body faces inward; it was turned",
    "duplicate-face": "{n} faces given twice; taken once",
    "dangling-reference": "{n} references lead to nothing in this file (xlink:href without a target)",
    "two-dimensional": "{n} faces left out: their points have no height",
    "no-geometry": "no faces that can be read",
    "malformed-geometry": "{n} geometries left out: they are not as CityJSON has them",
    "interior": "{n} surfaces of rooms left out: only the outside is read",
    "flat-only": "there is only its outline (LoD 0); it was taken as a flat surface",
    "library-geometry": "{n} forms left out: they lie in files of a library beside this one",
    "too-many-placed": "{n} forms left out: the forms that are used again and again would make more than 300000 faces in this file",
    "other-lod": "the level of detail asked for is missing; the next one was taken",
    "bad-coordinates-of-object": "the object was left out: its coordinates are not finite, or absurdly large or far apart",
    "coarser-than-parts": "its own geometry was left out, because its parts have a higher level of detail",
}


@dataclass
class Rings:
    """All rings of all faces: numbers (N, 3), count per ring, ring -> face.

    beside : (N, 3) metres from `points`, where these are the places of forms that are given in coordinates of their own. uv : (N, 2)
    texture coordinates.
    """

    points: FloatArray
    count: npt.NDArray[np.int64]
    face: npt.NDArray[np.int64]
    beside: FloatArray | None = None
    uv: FloatArray | None = None


Parse = Callable[[list[Face]], tuple[Rings, npt.NDArray[np.uint8]]]


def assemble(
    records: list[Record], file: str, place: Callable[[FloatArray, IntArray], tuple[Origin, FloatArray]], report: Report, parse: Parse
) -> CityModel:
    """The CityModel of a file's records.

    place : turns points (n, 3) as written, and the record of each, into an origin and scene coordinates, NaN where there is no place for
    them. parse : the rings of faces into numbers. Problems go to `report`.
    """
    faces = [face for record in records for face in record.faces]
    face_record = np.repeat(np.arange(len(records)), [len(record.faces) for record in records])
    rings, malformed = parse(faces)
    for face in faces:
        face.rings = _READ  # numbers now: the texts of a dense town take as much memory as all that follows
    lost = np.array([face.placing is not None and not face.placing.known for face in faces], bool)
    malformed[lost] = 1
    rings.uv, unfit = appearance.coordinates(faces, rings.points, rings.count, rings.face)
    if unfit:
        report.add("texture-coordinates", file, "", f"{unfit} faces without their texture: its coordinates do not fit their points")
    rings = _forms(_select(rings, ~lost[rings.face]), faces)
    largest = LARGEST_AROUND if records and records[0].kind else LARGEST
    per_record: list[Counter[str]] = [record.problems for record in records]

    def count(code: str, which: Any) -> None:
        for row, number in zip(*np.unique(face_record[which], return_counts=True), strict=True):
            per_record[row][code] += int(number)

    count("malformed-coordinates", malformed == 1)
    count("two-dimensional", malformed == 2)

    def good_ones(rings: Rings) -> Rings:
        bad = _bad_records(rings, face_record, len(records), largest)
        for row in np.flatnonzero(bad):
            per_record[row]["bad-coordinates"] += 1
        return _select(rings, ~bad[face_record[rings.face]])

    rings = good_ones(rings)
    origin, rings.points = place(rings.points, np.repeat(face_record[rings.face], rings.count))
    if rings.beside is not None:
        rings.points, rings.beside = rings.points + rings.beside, None
        rings = good_ones(rings)
    elif not np.isfinite(rings.points).all():
        rings = good_ones(rings)
    rings = _largest_first(_mend(rings, count), count)

    # Faces that kept their outer ring; the first ring of a face is the outer one.
    faces_left, first = np.unique(rings.face, return_index=True)
    start = np.concatenate([[0], np.cumsum(rings.count)]).astype(np.int64)
    vectors = ring_normals(rings.points, start)
    area = np.linalg.norm(vectors, axis=1)
    empty = area[first] < SMALLEST_AREA
    count("zero-area", faces_left[empty])
    drop = np.zeros(len(faces), bool)
    drop[faces_left[empty]] = True
    doubtful = np.array([face.doubtful for face in faces], bool)
    if doubtful.any():
        twice = _given_twice(rings, start, first, faces_left, face_record, doubtful)
        count("duplicate-face", twice)
        drop[twice] = True
    rings = _select(rings, ~drop[rings.face])
    parts_too = _parts_too(rings, faces, face_record, records)
    count("duplicate-face", parts_too)
    drop[parts_too] = True
    rings = _select(rings, ~drop[rings.face])

    faces_left, first, ring_surface = np.unique(rings.face, return_index=True, return_inverse=True)
    start = np.concatenate([[0], np.cumsum(rings.count)]).astype(np.int64)
    reverse = np.array([faces[k].reverse for k in faces_left], bool)
    rings.points = _reversed(rings.points, start, reverse[ring_surface])
    if rings.uv is not None:
        rings.uv = _reversed(rings.uv, start, reverse[ring_surface])
    vectors = ring_normals(rings.points, start)
    area = np.linalg.norm(vectors, axis=1)
    normals = vectors[first] / area[first, None] if len(first) else np.zeros((0, 3))
    count("non-planar", faces_left[_out_of_plane(rings.points, start, ring_surface, first, normals) > OUT_OF_PLANE])
    triangles, triangle_surface = triangulate(rings.points, start.astype(np.int32), ring_surface.astype(np.int32), normals)
    inward = _inside_out(rings.points, triangles, face_record[faces_left][triangle_surface], len(records))
    for row in np.flatnonzero(inward):
        per_record[row]["inside-out"] += 1
    if inward.any():
        turned = inward[face_record[faces_left]]
        if rings.uv is not None:
            rings.uv, _ = _turned(rings.uv, start, ring_surface, triangles, triangle_surface, turned)
        rings.points, triangles = _turned(rings.points, start, ring_surface, triangles, triangle_surface, turned)
        normals = np.where(turned[:, None], -normals, normals)
    count("self-intersecting", faces_left[_area_differs(rings.points, triangles, triangle_surface, area, ring_surface, first)])

    surface_semantics = np.array([faces[k].semantics for k in faces_left], np.uint8)
    derived = (surface_semantics == Semantics.UNKNOWN) & np.array([not record.kind for record in records], bool)[face_record[faces_left]]
    up = normals[:, 2] if len(normals) else np.zeros(0)
    by_slope = np.where(up < -0.7, Semantics.GROUND, np.where(up > 0.17, Semantics.ROOF, Semantics.WALL))
    surface_semantics[derived] = by_slope[derived]
    for row in np.setdiff1d(face_record[parts_too], face_record[faces_left]):
        records[row].lod = 255
    point_surface = np.repeat(ring_surface, rings.count)
    look = appearance.columns([faces[k] for k in faces_left], rings.uv, len(rings.points), point_surface)
    model = CityModel(
        origin=origin,
        points=rings.points,
        ring_start=start.astype(np.int32),
        ring_surface=ring_surface.astype(np.int32),
        triangles=triangles,
        triangle_surface=triangle_surface,
        surface_building=face_record[faces_left].astype(np.int32),
        surface_semantics=surface_semantics,
        surface_id=[faces[k].id for k in faces_left],
        building_id=[record.id for record in records],
        building_named=np.array([record.named for record in records], bool),
        building_parent=np.array([record.parent for record in records], np.int32),
        building_lod=np.array([record.lod for record in records], np.uint8),
        measured_height=np.array([record.measured_height for record in records], np.float64),
        storeys=np.array([record.storeys for record in records], np.int32),
        roof_type=[record.roof_type for record in records],
        function=[record.function for record in records],
        attributes=[record.attributes for record in records],
        building_file=np.zeros(len(records), np.int32),
        files=[file],
        report=report,
        kind=[record.kind or ("Building" if record.parent < 0 else "BuildingPart") for record in records],
        appearance=look,
    )
    _list_problems(model, records, file, report)
    return model


def parsed_texts(faces: list[Face]) -> tuple[Rings, npt.NDArray[np.uint8]]:
    """All coordinate texts as numbers. Returns the rings of good faces, and per face 0 good, 1 malformed, 2 without heights."""
    malformed = np.zeros(len(faces), np.uint8)
    texts: list[str] = []
    owner: list[int] = []
    for number, face in enumerate(faces):
        if face.dimension == 3 and face.rings:
            texts += face.rings
            owner += [number] * len(face.rings)
        else:
            malformed[number] = 2 if face.dimension == 2 else 1
    numbers: list[FloatArray] = []
    counts: list[npt.NDArray[np.int64]] = []
    begin, size = 0, 0
    for end, text in enumerate(texts, 1):
        size += len(text)
        if size > _CHUNK or end == len(texts):
            values, lengths = numbers_of(texts[begin:end])
            numbers.append(values)
            counts.append(lengths)
            begin, size = end, 0
    values = np.concatenate(numbers) if numbers else np.zeros(0)
    count = np.concatenate(counts) if counts else np.zeros(0, np.int64)
    ring_face = np.array(owner, np.int64)
    wrong = (count % 3 != 0) | (count == 0)
    malformed[ring_face[wrong]] = 1
    good = malformed[ring_face] == 0
    keep = np.repeat(good, count)
    rings = Rings(values[keep].reshape(-1, 3), count[good] // 3, ring_face[good])
    return rings, malformed


def _forms(rings: Rings, faces: list[Face]) -> Rings:
    """Rings of forms that are given in coordinates of their own: all points where the form stands, and what they lie beside it."""
    placed = np.array([face.placing is not None for face in faces], bool)
    if not placed.any():
        return rings
    placings = {id(face.placing): face.placing for face in faces if face.placing is not None}  # the faces of a form share one
    numbers = {key: number for number, key in enumerate(placings)}
    number = np.array([numbers.get(id(face.placing), -1) for face in faces], np.int64)[rings.face]
    point = np.repeat(placed[rings.face], rings.count)
    of = np.repeat(number, rings.count)[point]
    linear, offset, anchor = (np.array([getattr(one, name) for one in placings.values()]) for name in ("linear", "offset", "anchor"))
    rings.beside = np.zeros(rings.points.shape)
    rings.beside[point] = np.einsum("nij,nj->ni", linear[of], rings.points[point]) + offset[of]
    rings.points[point] = anchor[of]
    return rings


def numbers_of(texts: list[str]) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """The numbers of many texts and how many each has; a text that holds anything else has none.

    All texts are parsed in one call with "nan" between them; only if the marks do not add up, one by one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            values = np.fromstring(" nan ".join(texts) + " nan", sep=" ")
        except (DeprecationWarning, ValueError):  # numpy 1 and numpy 2 say so when they stop at a word that is no number
            values = np.zeros(0)
    marks = np.flatnonzero(np.isnan(values))
    if len(marks) == len(texts):
        counts = np.diff(np.concatenate([[-1], marks])) - 1
        return np.delete(values, marks), counts.astype(np.int64)
    parsed = []
    for text in texts:
        try:
            parsed.append(np.array(text.split(), dtype=np.float64))
        except ValueError:
            parsed.append(np.zeros(0))
    return np.concatenate(parsed), np.array([len(one) for one in parsed], np.int64)


def _select(rings: Rings, keep: npt.NDArray[np.bool_]) -> Rings:
    points = np.repeat(keep, rings.count)
    beside, uv = (None if column is None else column[points] for column in (rings.beside, rings.uv))
    return Rings(rings.points[points], rings.count[keep], rings.face[keep], beside, uv)


def _bad_records(rings: Rings, face_record: npt.NDArray[np.int64], records: int, largest: float) -> npt.NDArray[np.bool_]:
    """Records with a coordinate that is not finite or absurd, or that would be larger than anything of their kind."""
    record = np.repeat(face_record[rings.face], rings.count)
    wild = ~np.isfinite(rings.points).all(axis=1) | (np.abs(np.nan_to_num(rings.points)) > ABSURD).any(axis=1)
    bad = np.zeros(records, bool)
    bad[record[wild]] = True
    low, high = np.full((records, 3), np.inf), np.full((records, 3), -np.inf)
    np.minimum.at(low, record[~wild], rings.points[~wild])
    np.maximum.at(high, record[~wild], rings.points[~wild])
    return np.asarray(bad | ((high - low) > largest).any(axis=1))


def _mend(rings: Rings, count: Callable[[str, Any], None]) -> Rings:
    """Closing points and repeated points dropped, rings of fewer than three points with them; unclosed rings reported."""
    if not len(rings.count):
        return rings
    start = np.concatenate([[0], np.cumsum(rings.count)[:-1]])
    end = start + rings.count - 1
    closed = (rings.points[start] == rings.points[end]).all(axis=1) & (rings.count > 1)
    count("unclosed-ring", rings.face[~closed & (rings.count > 2)])
    keep = np.ones(len(rings.points), bool)
    keep[1:] = (np.abs(np.diff(rings.points, axis=0)) > 1e-9).any(axis=1)
    keep[start] = True
    keep[end[closed]] = False
    ring = np.repeat(np.arange(len(rings.count)), rings.count)
    left = np.bincount(ring[keep], minlength=len(rings.count))
    rings = Rings(rings.points[keep], left, rings.face, uv=None if rings.uv is None else rings.uv[keep])
    poor = rings.count < 3
    count("degenerate-ring", rings.face[poor])
    outer = np.concatenate([[True], rings.face[1:] != rings.face[:-1]])
    lost = np.zeros(rings.face.max() + 1, bool)  # faces whose outer ring is gone lose their holes too
    lost[rings.face[poor & outer]] = True
    return _select(rings, ~poor & ~lost[rings.face])


def _largest_first(rings: Rings, count: Callable[[str, Any], None]) -> Rings:
    """The largest ring of each face first, whatever the file calls outer and inner."""
    number = np.bincount(rings.face, minlength=1)
    several = number[rings.face] > 1
    if not several.any():
        return rings
    start = np.concatenate([[0], np.cumsum(rings.count)]).astype(np.int64)
    area = np.linalg.norm(ring_normals(rings.points, start), axis=1)
    order = np.lexsort((-area, rings.face))
    outer = np.concatenate([[True], rings.face[1:] != rings.face[:-1]])
    # Only where the ring called outer is not the largest, by more than rounding.
    wrong = np.unique(rings.face[outer][area[outer] < area[order][outer] - SMALLEST_AREA])
    if not len(wrong):
        return rings
    count("swapped-rings", wrong)
    stays = ~np.isin(rings.face, wrong)
    order = np.where(stays, np.arange(len(order)), order)
    points = np.concatenate([np.arange(start[ring], start[ring + 1]) for ring in order])
    return Rings(rings.points[points], rings.count[order], rings.face[order], uv=None if rings.uv is None else rings.uv[points])


def _inside_out(points: FloatArray, triangles: IntArray, record: IntArray, records: int) -> npt.NDArray[np.bool_]:
    """(records,) whether a record's faces close around a space that they face; open bodies are left as they are."""
    vectors = _across(points, triangles)
    total = np.bincount(record, np.linalg.norm(vectors, axis=1), minlength=records)
    left = np.column_stack([np.bincount(record, vectors[:, axis], minlength=records) for axis in range(3)])
    number = np.maximum(np.bincount(record, minlength=records), 1)
    volume = np.zeros(records)
    for axis in range(3):  # one after the other: a dense town has millions of triangles
        corner = points[triangles[:, 0], axis]
        middle = np.bincount(record, corner, minlength=records) / number
        volume += np.bincount(record, (corner - middle[record]) * vectors[:, axis], minlength=records) / 6
    closed = np.linalg.norm(left, axis=1) < 0.01 * total
    return np.asarray(closed & (volume < -0.001 * total**1.5))


def _across(points: FloatArray, triangles: IntArray) -> FloatArray:
    """(T, 3) twice the areas of triangles, as vectors across them; in blocks, as what is needed in between takes several times that."""
    found = np.empty((len(triangles), 3))
    for begin in range(0, len(triangles), _BLOCK):
        a, b, c = (points[triangles[begin : begin + _BLOCK, k]] for k in range(3))
        found[begin : begin + _BLOCK] = np.cross(b - a, c - a)
    return found


def _turned(
    points: FloatArray, start: Any, ring_surface: Any, triangles: IntArray, owner: IntArray, turned: npt.NDArray[np.bool_]
) -> tuple[FloatArray, IntArray]:
    """Points and triangles with the rings of some surfaces (S,) running the other way."""
    ring = np.repeat(np.arange(len(ring_surface)), np.diff(start))
    place = np.arange(len(points))
    mirrored = np.where(turned[ring_surface][ring], start[ring] + start[ring + 1] - 1 - place, place)
    triangles = mirrored[triangles]  # they follow their points
    return points[mirrored], np.where(turned[owner][:, None], triangles[:, ::-1], triangles).astype(np.int32)


def _given_twice(
    rings: Rings, start: Any, first: Any, faces_left: Any, face_record: Any, doubtful: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Doubtful faces with the same outer points (1 mm) as an earlier face of the same building."""
    seen: set[tuple[int, bytes]] = set()
    twice = []
    in_question = set(face_record[np.flatnonzero(doubtful)].tolist())
    for number, ring in zip(faces_left.tolist(), first.tolist(), strict=True):
        row = int(face_record[number])
        if row not in in_question:
            continue
        points = np.round(rings.points[start[ring] : start[ring + 1]] * 1000).astype(np.int64)
        key = (row, points[np.lexsort(points.T)].tobytes())
        if key in seen and doubtful[number]:
            twice.append(number)
        seen.add(key)
    return np.array(twice, np.int64)


def _parts_too(rings: Rings, faces: list[Face], face_record: npt.NDArray[np.int64], records: list[Record]) -> npt.NDArray[np.int64]:
    """Faces of a building that stand, with the same points (1 mm) in the same turn, among those of its parts: those stay, with what the
    building's say of their meaning. The same points the other way round are the other side of a wall."""
    parents = np.array([record.parent for record in records], np.int64)
    has_faces = np.zeros(len(records), bool)
    has_faces[face_record[rings.face]] = True
    whole = np.zeros(len(records), bool)  # has faces of its own, and parts
    whole[parents[parents >= 0]] = True
    whole &= has_faces
    if not whole.any():
        return np.zeros(0, np.int64)
    above: list[list[int]] = []  # every part comes after its building
    for parent in parents.tolist():
        above.append([parent, *above[parent]] if parent >= 0 else [])
    asked = np.array([bool(whole[row] or whole[over].any()) for row, over in enumerate(above)])
    start = np.concatenate([[0], np.cumsum(rings.count)])
    forms: dict[int, list[bytes]] = {}
    for ring in np.flatnonzero(asked[face_record[rings.face]]).tolist():
        forms.setdefault(int(rings.face[ring]), []).append(_form(rings.points[start[ring] : start[ring + 1]]))
    keys = {number: (form[0], *sorted(form[1:])) for number, form in forms.items()}
    below: dict[tuple[int, Any], int] = {}
    for number, key in keys.items():
        below.update(((row, key), number) for row in above[face_record[number]])
    twice = []
    for number, key in keys.items():
        same = below.get((int(face_record[number]), key))
        if same is not None and faces[same].reverse == faces[number].reverse:
            faces[same].semantics = faces[same].semantics or faces[number].semantics
            twice.append(number)
    return np.array(twice, np.int64)


def _form(points: FloatArray) -> bytes:
    """A ring in whole millimetres, told from the first of its points in order of their numbers: the same wherever it begins."""
    whole = np.round(points * 1000).astype(np.int64)
    return np.roll(whole, -int(np.lexsort(whole.T)[0]), axis=0).tobytes()


def _reversed(points: FloatArray, start: IntArray, reverse: npt.NDArray[np.bool_]) -> FloatArray:
    if not reverse.any():
        return points
    points = points.copy()
    for ring in np.flatnonzero(reverse):
        points[start[ring] : start[ring + 1]] = points[start[ring] : start[ring + 1]][::-1].copy()
    return points


def _out_of_plane(points: FloatArray, start: Any, ring_surface: Any, first: Any, normals: FloatArray) -> FloatArray:
    """(S,) greatest distance of a point from the plane through the mean of its outer ring, metres."""
    if not len(first):
        return np.zeros(0)
    count = np.diff(start)
    surface = np.repeat(ring_surface, count)
    mean = np.add.reduceat(points, start[:-1], axis=0)[first] / count[first][:, None]
    distance = np.abs(np.einsum("ij,ij->i", points - mean[surface], normals[surface]))
    greatest = np.zeros(len(first))
    np.maximum.at(greatest, surface, distance)
    return greatest


def _area_differs(
    points: FloatArray, triangles: IntArray, owner: IntArray, area: FloatArray, ring_surface: Any, first: Any
) -> npt.NDArray[np.bool_]:
    """(S,) whether the triangles' area is not that of the polygon (outer ring less holes): the polygon is not simple."""
    if not len(first):
        return np.zeros(0, bool)
    sums = np.bincount(owner, np.linalg.norm(_across(points, triangles), axis=1) / 2, minlength=len(first))
    signed = -area
    signed[first] = area[first]
    polygon = np.bincount(ring_surface, signed, minlength=len(first))
    return np.asarray(np.abs(sums - polygon) > 0.01 * np.abs(polygon) + 0.02)


def _list_problems(model: CityModel, records: list[Record], file: str, report: Report) -> None:
    """One line per building and kind of problem; missing ids counted once per file."""
    has_faces = np.zeros(len(records), bool)
    has_faces[model.surface_building] = True
    is_parent = np.zeros(len(records), bool)
    is_parent[model.building_parent[model.building_parent >= 0]] = True
    for row, record in enumerate(records):
        if not has_faces[row] and not is_parent[row] and not any(record.problems[code] for code in SAY_WHY):
            record.problems["no-geometry"] += 1
        for code, number in record.problems.items():
            of_object = f"{code}-of-object"
            sentence = SENTENCES[of_object if record.kind and of_object in SENTENCES else code].format(n=number)
            if code == "no-geometry" and record.other_lods:
                sentence += f" (there is LoD {', '.join(map(str, record.other_lods))})"
            report.add(code, file, record.id, sentence)


def finished(
    buildings: list[Record],
    around: list[Record],
    names: list[str],
    path: Path,
    override: Crs | None,
    origin: Origin | None,
    bbox: Box | None,
    report: Report,
    parse: Parse = parsed_texts,
) -> CityModel:
    """The CityModel of a file: its records named, placed and put together, and what touches the box kept.

    around : records of what is no building; they become the model's surroundings, about its origin. names : what the file states as
    coordinate systems, beside those at geometries. override : what the user says instead. parse : turns the rings of faces into
    numbers. Other arguments and errors as for `citygml.read`.
    """
    seen: dict[str, int] = {}
    model = _model_of(buildings, names, path, override, origin, report, parse, seen)
    if around:
        known = model.origin if len(model.points) else origin
        said = Report()
        try:
            model.surroundings = _model_of(around, names, path, override, known, said, parse, seen)
        except InputProblem as problem:
            if known is None or not len(model.points):
                raise
            report.add("not-placed", path, "", problem.what)
        else:
            report.stated += [system for system in said.stated if system not in report.stated]
            known_problems = set(report.problems)  # what is wrong with the whole file is said once
            report.problems += [problem for problem in said.problems if problem not in known_problems]
            model.surroundings.report = report
            model.origin = model.surroundings.origin
    if bbox is not None:
        model = within(model, bbox)
    model.count()
    return model


def _model_of(
    records: list[Record],
    names: list[str],
    path: Path,
    override: Crs | None,
    origin: Origin | None,
    report: Report,
    parse: Parse,
    seen: dict[str, int],
) -> CityModel:
    """Records of one sort as a model. seen : the ids that are used, to which theirs are added."""
    name_records(path, records, report, seen)
    systems = [override] * max(len(records), 1) if override else stated_crs([*(record.srs for record in records), ""], names, path, report)

    def place(points: FloatArray, record: IntArray) -> tuple[Origin, FloatArray]:
        return placed_each(points, record, systems, override is not None, origin, path, report)

    return assemble(records, str(path), place, report, parse)


def say_what_is_left_out(inside: Counter[str], others: Counter[str], path: Path, report: Report) -> None:
    """Count the objects that are not read, and say so of them and of what is inside of buildings, bridges and tunnels. Relief is read as
    terrain, and is only counted here."""
    report.features.update(others)
    others = Counter({kind: number for kind, number in others.items() if kind not in ("ReliefFeature", "TINRelief")})
    if inside:
        report.add("objects-not-read", path, "", f"only the outside of buildings is read, not: {_listed(inside)}")
    if others:
        report.add("objects-not-read", path, "", f"objects of kinds that are not read: {_listed(others)}")


def _listed(numbers: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(numbers.items()))


def name_records(path: Path, records: list[Record], report: Report, seen: dict[str, int]) -> None:
    """Own keys where gml:ids are missing or used twice. seen : how often each is used already."""
    missing = 0
    for row, record in enumerate(records):
        if not record.id:
            missing += 1
            record.id, record.named = "-".join(filter(None, (path.stem, record.kind, str(row + 1)))), False
        elif record.id in seen:
            seen[record.id] += 1
            report.add(
                "duplicate-id", path, record.id, f"the gml:id is used more than once; this one is called {record.id}-{seen[record.id]}"
            )
            record.id, record.named = f"{record.id}-{seen[record.id]}", False
        seen.setdefault(record.id, 1)
    if missing:
        what = "objects" if records[0].kind else "buildings"
        report.add("missing-id", path, "", f"{missing} {what} or parts have no gml:id; they were given names of their own")


def touching(model: CityModel, bbox: Box) -> npt.NDArray[np.bool_]:
    """(B,) rows of the buildings whose own or whose parts' points reach into the box."""
    west, south = model.origin.to_local(np.array(bbox[:2]))
    east, north = model.origin.to_local(np.array(bbox[2:]))
    root = model.building_root
    count = len(root)
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    row = root[np.repeat(model.surface_building[model.ring_surface], np.diff(model.ring_start))]
    np.minimum.at(low, row, model.points[:, :2])
    np.maximum.at(high, row, model.points[:, :2])
    inside = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    return np.asarray(inside[root])


def within(model: CityModel, bbox: Box) -> CityModel:
    """The buildings and surroundings that reach into the box."""
    around = model.surroundings
    if around is not None:
        around = around.selected(touching(around, bbox))
    return replace(model, surroundings=around).selected(touching(model, bbox))
