"""A town as plain arrays, just as Blender takes them: made without Blender, so that a thread can, and Blender's own has little to do."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image

from ..jena_city import breaklines, rings, store
from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.marks import Lines, Points
from ..jena_city.model import CityModel, Semantics
from ..jena_city.problems import Progress, no_progress
from ..jena_city.result import Faces, Grid, Result
from ..jena_city.site import Features, Site, Trees
from ..jena_city.terrain import Terrain
from ..jena_city.triangulate import triangle_normals
from ..jena_city.vectors.trees import species_group
from . import around, draping, landcover, looks, mark_shapes
from .light_forms import LightForms, light_forms

_PITCHED = 0.985  # cosine: flatter roofs count as flat
_FOLLOWED = 50_000  # buildings up to which estimated ground is cut at their feet: some 30 s of a processor
MOST_GROUND = 1_500_000  # points of the terrain shown
BESTAND = "Bestand"
_WALL, _ROOF_FLAT, _ROOF_PITCHED, _FLOOR = range(4)  # material slots of houses
_SLENDER = ("pappel", "hainbuche", "populus", "carpinus", "säulen")
USUAL_HEIGHT = 8.0  # metres of a tree, where a register says nothing
_ABOVE = 0.12  # metres that a map of values floats above the ground
FEW = 600_000  # triangles of all houses up to which they are one mesh
OF_A_TILE = 150_000  # triangles: of more houses than these, further tiles are made
SHORTEST = 1000.0  # metres: a tile that is no longer is not divided, however dense it is


@dataclass(frozen=True)
class Attribute:
    """kind : INT, FLOAT, BOOLEAN or FLOAT_VECTOR. domain : POINT or FACE. values : one for each."""

    name: str
    kind: str
    domain: str
    values: npt.NDArray[Any]


@dataclass(frozen=True)
class Shape:
    """A mesh of triangles. vertices (V, 3) scene coordinates, metres. triangles (T, 3). slots (T,) of materials, None: all the first.
    uvs : name and (3 T, 2), for each corner of each triangle. smooth : shaded so."""

    vertices: FloatArray
    triangles: IntArray
    slots: IntArray | None = None
    attributes: tuple[Attribute, ...] = ()
    uvs: tuple[tuple[str, FloatArray], ...] = ()
    smooth: bool = False

    @cached_property
    def edges(self) -> tuple[IntArray, IntArray]:
        """(E, 2) vertices of each edge, and (3 T,) the edge from each corner to the next one of its triangle."""
        return edges(self.triangles)

    def dressed(self, slots: IntArray | None, uvs: tuple[tuple[str, FloatArray], ...], smooth: bool) -> Shape:
        """The same triangles with materials and pictures on them; their edges are not looked for again, which takes longest."""
        made = replace(self, slots=slots, uvs=uvs, smooth=smooth)
        made.__dict__["edges"] = self.edges
        return made

    def part(self, faces: npt.NDArray[np.bool_]) -> Shape:
        """Only some of its faces, (T,) bool, and the vertices they use."""
        used, vertex = np.unique(self.triangles[faces], return_inverse=True)
        attributes = tuple(replace(one, values=one.values[used if one.domain == "POINT" else faces]) for one in self.attributes)
        uvs = tuple((name, uv[np.repeat(faces, 3)]) for name, uv in self.uvs)
        slots = self.slots[faces] if self.slots is not None else None
        return Shape(self.vertices[used], vertex.reshape(-1, 3).astype(np.int32), slots, attributes, uvs, self.smooth)


def edges(triangles: IntArray) -> tuple[IntArray, IntArray]:
    """See `Shape.edges`; each edge once, whichever way its triangles run along it."""
    if not len(triangles):
        return np.zeros((0, 2), np.int32), np.zeros(0, np.int32)
    start, end = (ends.ravel().astype(np.int64) for ends in (triangles, np.roll(triangles, -1, axis=1)))
    number = int(start.max()) + 1
    # Asked for the first of each too, numpy sorts in a way that makes use of what order there is: a quarter of the time for ground.
    named = np.minimum(start, end) * number + np.maximum(start, end)
    unique, _, of_corner = np.unique(named, return_index=True, return_inverse=True)
    return np.stack(np.divmod(unique, number), axis=1).astype(np.int32), of_corner.reshape(-1).astype(np.int32)


@dataclass(frozen=True)
class Ground:
    """covers : the pictures that colour the terrain and each grid beyond it, as PNG or BMP and (columns, rows); the faces of each are in
    its slot. photo : the orthophoto, a JPEG of `photo_size`, for faces whose slot is higher by the number of covers; None without one.
    skirt : the faces from its edge down to the table."""

    terrain: Shape
    covers: tuple[tuple[bytes, tuple[int, int]], ...]
    skirt: Shape
    table: Shape
    photo: bytes | None = None
    photo_size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Houses:
    """Houses that are one mesh: all that always stay, those of one tile, or one that some variant removes. name : of the object.
    light : the same houses as they are seen from afar, None where they are always shown as they are. dress : colours and textures, None
    where the data have none."""

    name: str
    shape: Shape
    light: Shape | None = None
    removable: bool = False
    dress: looks.Looks | None = None


@dataclass(frozen=True)
class Town:
    """All that `builder.build` hands over. buildings : first those that always stay, then each that some variant removes. lines : the
    name of each layer of reference lines and its shape. outlines : of what each variant removes, None where there is nothing to draw.
    site_hash : of the site."""

    site: Site
    site_hash: str
    applied: tuple[Applied, ...]
    buildings: tuple[Houses, ...]
    ground: Ground | None
    water: tuple[Shape, ...]
    trees: Shape | None
    lines: tuple[tuple[str, Shape], ...]
    outlines: tuple[Shape | None, ...]
    around: tuple[tuple[str, Shape], ...] = ()
    """What else there is: theme and shape. On its faces: "around", the row in the surroundings."""


def town(
    site: Site, applied: Sequence[Applied], pixels: int = landcover.BIGGEST, progress: Progress = no_progress, *, kept: bool = True
) -> Town:
    """A site and its variants made ready to be shown. pixels : of the land cover along its longer side, at most; of an orthophoto twice as
    many. kept : it goes into a .blend, where its pictures are to be small, not only into pictures. For a thread."""

    def say(share: float) -> None:
        progress(share, "building the scene")

    say(0.0)
    removed = {name for one in applied for name in one.variant.removed}
    ground, water, trees, lines = None, (), None, ()
    if site.terrain is not None:
        boxes = [one.bounds for one in site.terrain.levels]
        covers = [landcover.picture(site, box, pixels if number < 2 else pixels // 2) for number, box in enumerate(boxes)]
        say(0.3)
        ground, water = _ground(site, covers, 2 * pixels, kept), _water(site)
        growing = site.trees
        trees = of_trees(growing, np.ones(len(growing), bool), site.terrain) if growing is not None and len(growing) else None
        lines = _lines(site.lines, site.terrain) if site.lines is not None else ()
    say(0.6)
    outlines = tuple(outline(one) for one in applied)
    site.footprints  # noqa: B018 - what the view looks at
    say(0.7)
    buildings = houses(site, removed, lambda share: say(0.7 + 0.2 * share))
    beside = _around(site.city.surroundings, site.terrain)
    made = Town(site, store.site_hash(site), tuple(applied), buildings, ground, water, trees, lines, outlines, beside)
    for shape in _all(made):
        shape.edges  # noqa: B018 - here, not when Blender waits for it
    say(1.0)
    return made


def _all(made: Town) -> list[Shape]:
    land = [made.ground.terrain, made.ground.skirt, made.ground.table] if made.ground is not None else []
    rest = [shape for shape in (made.trees, *made.outlines) if shape is not None]
    of_houses = [shape for one in made.buildings for shape in (one.shape, one.light) if shape is not None]
    return [*of_houses, *land, *made.water, *(shape for _, shape in (*made.lines, *made.around)), *rest]


def houses(site: Site, removed: set[str], say: Callable[[float], None] = lambda _share: None) -> tuple[Houses, ...]:
    """All buildings that always stay, as one mesh or in a large town as tiles of some kilometres, each with its light form; and each that
    some variant removes as one of its own. removed : their gml:ids. say : is told the share done, and may raise Cancelled."""
    city = site.city
    root = city.building_root
    shown = np.flatnonzero(city.surface_semantics[city.triangle_surface] != Semantics.CLOSURE)
    row_of = city.triangle_building[shown]
    alone = np.array([name in removed for name in city.building_id], bool)[root]
    tile = np.where(alone, -1, _tiles(city, root, np.bincount(root[row_of[~alone[row_of]]], minlength=len(root))))
    number = int(tile.max(initial=0)) + 1
    made = []
    full = _by_group(shown, tile[row_of], number)
    if number == 1:
        made.append(Houses(BESTAND, mesh_of(city, full[0])))
    else:
        light = light_forms(city, site.footprints)
        forms = _by_group(np.arange(len(light.triangles)), tile[light.building], number)
        pitched = _pitched(city)
        for index, (triangles, seen) in enumerate(zip(full, forms, strict=True)):
            say(index / number)
            made.append(Houses(f"{BESTAND} {index + 1}", mesh_of(city, triangles), _light(light, seen, pitched)))
    rows = np.unique(root[alone])
    single = np.full(len(root), -1)
    single[rows] = np.arange(len(rows))
    apart = _by_group(shown, single[root][row_of], len(rows))
    made += [Houses(city.building_id[row], mesh_of(city, one), removable=True) for row, one in zip(rows, apart, strict=True)]
    return tuple(_dressed(city, made, [*full, *apart]))


def _dressed(city: CityModel, given: Sequence[Houses], triangles: Sequence[IntArray]) -> list[Houses]:
    """Houses, made of these triangles of a city, with the colours and textures it has for them."""
    found = looks.of(city, triangles, [one.shape.slots for one in given if one.shape.slots is not None])
    made = []
    for one, look in zip(given, found, strict=True):
        if look is not None and one.shape.slots is not None:
            slots = (Attribute(looks.PLAIN, "INT", "FACE", one.shape.slots), Attribute(looks.LOOK, "INT", "FACE", look.slots))
            shape = replace(one.shape, slots=look.slots, attributes=(*one.shape.attributes, *slots), uvs=((looks.UV, look.uv),))
            one = replace(one, shape=shape, dress=look)
        made.append(one)
    return made


def _around(model: CityModel | None, ground: Terrain | None) -> tuple[tuple[str, Shape], ...]:
    """What is no building: a mesh for each theme."""
    found = around.parts(model, _shown(ground) if ground is not None else None) if model is not None else []
    return tuple(
        (theme, Shape(vertices, triangles, slots, (Attribute("around", "INT", "FACE", rows),)))
        for theme, (vertices, triangles, slots, rows) in found
    )


def mesh_of(city: CityModel, triangles: IntArray) -> Shape:
    """Some triangles of a city (their numbers) as a mesh. On its faces: "building", the row in the CityModel; "surface"; "semantics";
    "base", the lowest height of its building, metres."""
    surface = city.triangle_surface[triangles]
    owner = city.building_root[city.surface_building[surface]]
    low = np.full(len(city.building_root), np.inf)
    np.minimum.at(low, np.repeat(owner, 3), city.points[city.triangles[triangles].reshape(-1), 2])
    used, vertex = np.unique(city.triangles[triangles], return_inverse=True)
    semantics = city.surface_semantics[surface]
    attributes = (
        Attribute("building", "INT", "FACE", city.surface_building[surface]),
        Attribute("surface", "INT", "FACE", surface),
        Attribute("semantics", "INT", "FACE", semantics),
        Attribute("base", "FLOAT", "FACE", low[owner].astype(np.float32)),
    )
    slots = _slots(city.points, city.triangles[triangles], semantics)
    return Shape(city.points[used], vertex.reshape(-1, 3).astype(np.int32), slots, attributes)


def _light(light: LightForms, triangles: IntArray, pitched: npt.NDArray[np.bool_]) -> Shape:
    """Some triangles of light forms as a mesh that is coloured and asked like that of the houses; there are no surfaces on it."""
    used, vertex = np.unique(light.triangles[triangles], return_inverse=True)
    building, semantics = light.building[triangles], light.semantics[triangles]
    roof = np.where(pitched[building], _ROOF_PITCHED, _ROOF_FLAT)
    slots = np.where(semantics == Semantics.ROOF, roof, np.where(semantics == Semantics.GROUND, _FLOOR, _WALL)).astype(np.int32)
    attributes = (Attribute("building", "INT", "FACE", building), Attribute("semantics", "INT", "FACE", semantics))
    return Shape(light.vertices[used], vertex.reshape(-1, 3).astype(np.int32), slots, attributes)


def _pitched(city: CityModel) -> npt.NDArray[np.bool_]:
    """(B,) whether most of the roof of a row, or of a Building with all its parts, is pitched; by area."""
    roof = np.flatnonzero(city.surface_semantics[city.triangle_surface] == Semantics.ROOF)
    area = np.linalg.norm(triangle_normals(city.points, city.triangles[roof]), axis=1)
    slots = _slots(city.points, city.triangles[roof], np.full(len(roof), Semantics.ROOF))
    signed = np.where(slots == _ROOF_PITCHED, area, -area)
    row, number = city.triangle_building[roof], len(city.building_id)
    own = np.bincount(row, signed, minlength=number)
    whole = np.bincount(city.building_root[row], signed, minlength=number)
    return np.where(city.building_parent < 0, whole, own) > 0


def _by_group(things: IntArray, group: IntArray, number: int) -> list[IntArray]:
    """Things of each of the groups 0 to number - 1, in their order; those of -1 are left out."""
    order = np.argsort(group, kind="stable")
    return np.split(things[order], np.searchsorted(group[order], np.arange(number + 1)))[1:-1]


def _tiles(city: CityModel, root: IntArray, weight: IntArray) -> IntArray:
    """(B,) the tile of each row; a part is in that of its Building. weight (B,) : triangles of each Building with all its parts.

    The town is halved along its longer side, again and again, until a tile is light or short; tiles are numbered along the way.
    """
    tile = np.zeros(len(root), np.int32)
    rows = np.unique(root)
    if weight.sum() <= FEW:
        return tile
    low, high = np.full((len(root), 2), np.inf), np.full((len(root), 2), -np.inf)
    of_point = root[np.repeat(city.surface_building[city.ring_surface], np.diff(city.ring_start))]
    np.minimum.at(low, of_point, city.points[:, :2])
    np.maximum.at(high, of_point, city.points[:, :2])
    middle = np.where(np.isfinite(low), (low + np.where(np.isfinite(high), high, 0.0)) / 2, 0.0)
    waiting, number = [rows[weight[rows] > 0]], 0
    while waiting:
        group = waiting.pop()
        extent = np.ptp(middle[group], axis=0)
        axis = int(np.argmax(extent))
        if weight[group].sum() <= OF_A_TILE or extent[axis] <= SHORTEST:
            tile[group] = number
            number += 1
            continue
        group = group[np.argsort(middle[group, axis], kind="stable")]
        half = int(np.clip(np.searchsorted(np.cumsum(weight[group]), weight[group].sum() / 2), 1, len(group) - 1))
        waiting += [group[half:], group[:half]]
    return tile[root]


def _slots(points: FloatArray, triangles: IntArray, semantics: Any) -> IntArray:
    """Material slots: walls, flat roofs, pitched roofs, what faces down."""
    normals = triangle_normals(points, triangles)
    up = np.abs(normals[:, 2]) / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)
    roof = np.isin(semantics, (Semantics.ROOF, Semantics.OUTER_FLOOR))
    slots = np.where(roof, np.where(up > _PITCHED, _ROOF_FLAT, _ROOF_PITCHED), _WALL)
    return np.where(np.isin(semantics, (Semantics.GROUND, Semantics.OUTER_CEILING)), _FLOOR, slots).astype(np.int32)


def _ground(site: Site, covers: Sequence[landcover.Picture], photo_pixels: int, kept: bool) -> Ground:
    """The ground, cut out of the land like an architect's model, on a table. covers : of the terrain and of each grid beyond it.
    photo_pixels : of an orthophoto along its longer side. kept : see `town`."""
    assert site.terrain is not None
    vertices, triangles, level = rings.mesh(_shown(site.terrain))
    foot = float(vertices[:, 2].min()) - 12.0
    land = Shape(vertices, triangles)
    skirt = _skirt(land, foot)
    if site.breaklines or (site.terrain.estimated and len(site.city.building_id) <= _FOLLOWED):
        vertices, triangles, source = breaklines.cut(vertices, triangles, *breaklines.floors(site.city))
        level, land = level[source], Shape(vertices, triangles)
    corners = triangles.ravel()
    uv = np.empty((len(corners), 2), np.float32)
    for number, (_, box) in enumerate(covers):
        own = np.repeat(level == number, 3)
        uv[own] = _within(vertices, box)[corners[own]]
    photo, size_of_photo, slots, uvs = None, (0, 0), level.astype(np.int32), (("landcover", uv),)
    if site.orthophoto is not None:
        box = site.orthophoto.bounds
        low, high = (end(vertices[triangles, :2], axis=1) for end in (np.min, np.max))
        under = ((low < box[2:]) & (high > box[:2])).all(axis=1)
        if under.any():  # the picture reaches as far as the faces that it touches, so that land cover goes on without a gap
            box = (*low[under].min(axis=0).tolist(), *high[under].max(axis=0).tolist())
            image = landcover.photograph(site, covers, box, photo_pixels)
            compressed = io.BytesIO()
            image.save(compressed, "JPEG", quality=90, subsampling=0)
            photo, size_of_photo, slots = compressed.getvalue(), image.size, slots + len(covers) * under.astype(np.int32)
            uvs = (*uvs, ("orthophoto", np.where(np.repeat(under, 3)[:, None], _within(vertices, box)[corners], uv)))
    land = land.dressed(slots if slots.any() else None, uvs, smooth=True)
    near, reach = (np.reshape(box, (2, 2)) for box in (site.terrain.bounds, site.terrain.reach))
    size = max(60.0 * float(np.ptp(near, axis=0).max()), float(np.ptp(reach, axis=0).max()))
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size + reach.mean(axis=0)
    table = Shape(np.column_stack([square, np.full(4, foot)]), np.array([[0, 1, 2], [0, 2, 3]], np.int32))
    return Ground(land, tuple(_packed(pixels, kept) for pixels, _ in covers), skirt, table, photo, size_of_photo)


def _shown(terrain: Terrain) -> Terrain:
    """The ground as it is shown: numbers keep the whole terrain, a picture and a viewport need no more than MOST_GROUND points of it."""
    if terrain.heights.size <= MOST_GROUND:
        return terrain
    wanted = math.ceil(math.sqrt(terrain.heights.size / MOST_GROUND))
    if terrain.beyond is None:
        return terrain.resampled(terrain.step * wanted)
    ratio = round(terrain.beyond.step / terrain.step)  # where it meets the next grid their points must stay the same
    every = next((one for one in range(wanted, ratio) if ratio % one == 0), ratio)
    return replace(terrain, step=terrain.step * every, heights=terrain.heights[::every, ::every])


def _packed(pixels: npt.NDArray[np.uint8], kept: bool) -> tuple[bytes, tuple[int, int]]:
    """A picture as a file: PNG where it is kept; else BMP, a hundred times as large and made in a twelfth of the time."""
    packed = io.BytesIO()
    if kept:
        Image.fromarray(pixels).save(packed, "PNG", compress_level=1)  # a .blend is compressed as a whole
    else:
        Image.fromarray(pixels).save(packed, "BMP")
    return packed.getvalue(), (pixels.shape[1], pixels.shape[0])


def _within(points: FloatArray, box: tuple[float, float, float, float]) -> Any:
    """Where points lie in a box, 0 to 1 each way."""
    west, south, east, north = box
    return np.column_stack([(points[:, 0] - west) / (east - west), (points[:, 1] - south) / (north - south)]).astype(np.float32)


def _skirt(land: Shape, foot: float) -> Shape:
    """Vertical faces from the edge of the terrain down to `foot`: the edges that only one triangle has."""
    _, of_corner = land.edges
    ends = np.stack([land.triangles, np.roll(land.triangles, -1, axis=1)], axis=-1).reshape(-1, 2)
    border = ends[np.bincount(of_corner)[of_corner] == 1]
    top = land.vertices[border]
    low = top.copy()
    low[:, :, 2] = foot
    quads = np.concatenate([top[:, 0], top[:, 1], low[:, 1], low[:, 0]])
    n = len(border)
    a, b, c, d = (np.arange(n) + k * n for k in range(4))
    return Shape(quads, np.concatenate([np.column_stack([a, d, c]), np.column_stack([a, c, b])]).astype(np.int32))


def _water(site: Site) -> tuple[Shape, ...]:
    """Water surfaces span between their banks at the height the ground has there."""
    if site.areas is None or site.terrain is None:
        return ()
    made = []
    for shape in site.areas.geometry[site.areas.columns["kind"] == "water"]:
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(shapely.segmentize(shape, 6.0)))
        if not len(pieces):
            continue
        corners = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3]
        points, vertex = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
        height = site.terrain.height_at(points)
        vertex = vertex.reshape(-1, 3)
        edge = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        clockwise = edge[0][:, 0] * edge[1][:, 1] - edge[0][:, 1] * edge[1][:, 0] < 0
        vertex[clockwise] = vertex[clockwise][:, ::-1]
        vertex = vertex[np.isfinite(height)[vertex].all(axis=1)]
        made.append(Shape(np.column_stack([points, np.nan_to_num(height)]), vertex.astype(np.int32)))
    return tuple(made)


def _lines(lines: Features, ground: Terrain) -> tuple[tuple[str, Shape], ...]:
    """Each layer as strips on the ground; a name that layers of several files have is followed by the file's."""
    layers = list(zip(lines.columns["layer"].tolist(), lines.columns["file"].tolist(), strict=True))
    names = [layer for layer, _ in dict.fromkeys(layers)]
    made = []
    for layer, file in dict.fromkeys(layers):
        chosen = np.array([one == (layer, file) for one in layers], bool)
        vertices, triangles = draping.draped(lines.geometry[chosen], ground)
        if len(triangles):
            made.append((layer if names.count(layer) == 1 else f"{layer} ({file})", Shape(vertices, triangles)))
    return tuple(made)


def of_trees(trees: Trees, stand: npt.NDArray[np.bool_], ground: Terrain, seed: int = 1) -> Shape:
    """A point for each tree that stands (N,), with its form, turn and size: height and crown from the data (crown 0.6 of the height where
    missing), turned at random and ±10 % in size: always the same, whichever others stand."""
    turning, sizing = (np.random.Generator(np.random.PCG64(seed + number)) for number in range(2))
    base = ground.height_at(trees.position)
    keep = np.isfinite(base) & stand
    known = np.where(np.isfinite(trees.height) & (trees.height > 0.5), trees.height, USUAL_HEIGHT)
    guess = 0.6 * np.where(np.isfinite(trees.height), trees.height, USUAL_HEIGHT)
    crown = np.where(np.isfinite(trees.crown) & (trees.crown > 0.3), trees.crown, guess)
    size = sizing.uniform(0.9, 1.1, len(trees))
    form = np.array([_form(name, high, number) for number, (name, high) in enumerate(zip(trees.species, known, strict=True))], np.int32)
    attributes = (
        Attribute("form", "INT", "POINT", form[keep]),
        Attribute("turn", "FLOAT", "POINT", turning.uniform(0, 2 * math.pi, len(trees))[keep]),
        Attribute("size", "FLOAT_VECTOR", "POINT", np.column_stack([crown * size, crown * size, known * size])[keep]),
    )
    return Shape(np.column_stack([trees.position, base])[keep], np.zeros((0, 3), np.int32), attributes=attributes)


def _form(species: str, height: float, number: int) -> int:
    """One of the forms of `trees`: round, broad, oval, slender, cone, small."""
    name = species.lower()
    if any(word in name for word in _SLENDER):
        return 3
    if species_group(name) == "conifer":
        return 4
    return 5 if height < 6 else number % 3


def outline(applied: Applied) -> Shape | None:
    """What a variant removes as a dashed outline on the ground."""
    terrain = applied.site.terrain
    if applied.kept.all() or terrain is None:
        return None
    gone = [shape for shape in applied.site.city.selected(~applied.kept).footprints() if shape is not None]  # of these alone: quick
    return _dashed(gone, terrain)


def _dashed(shapes: Sequence[Any], terrain: Any, dash: float = 2.2, gap: float = 1.4, width: float = 0.5) -> Shape | None:
    """Thin dashed strips on the ground along outlines."""
    strips = []
    for shape in shapes:
        for part in shapely.get_parts(shape):
            ring = part.exterior
            for start in np.arange(0.0, ring.length - dash / 2, dash + gap):
                ends = shapely.get_coordinates(shapely.line_interpolate_point(ring, [start, min(start + dash, ring.length)]))
                strips.append(ends)
    if not strips:
        return None
    line = np.array(strips)
    along = line[:, 1] - line[:, 0]
    side = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.linalg.norm(along, axis=1), 1e-6)[:, None] * width / 2
    corners = np.stack([line[:, 0] - side, line[:, 1] - side, line[:, 1] + side, line[:, 0] + side], axis=1).reshape(-1, 2)
    height = np.nan_to_num(terrain.height_at(corners)) + 0.25
    first = 4 * np.arange(len(line))
    triangles = np.concatenate([np.column_stack([first, first + 1, first + 2]), np.column_stack([first, first + 2, first + 3])])
    return Shape(np.column_stack([corners, height]), triangles.astype(np.int32))


def joined(first: Shape, second: Shape, missing: int = 0) -> Shape:
    """Two shapes as one, without their textures. missing : what faces have of an attribute that only the other shape has."""
    triangles = np.concatenate([first.triangles, second.triangles + np.int32(len(first.vertices))])
    slots = [np.zeros(len(one.triangles), np.int32) if one.slots is None else one.slots for one in (first, second)]
    named = [{one.name: one for one in shape.attributes} for shape in (first, second)]
    attributes = []
    for name, one in {**named[0], **named[1]}.items():
        values = [
            own[name].values if name in own else np.full(len(shape.triangles), missing, one.values.dtype)
            for own, shape in zip(named, (first, second), strict=True)
        ]
        attributes.append(replace(one, values=np.concatenate(values)))
    made = Shape(np.concatenate([first.vertices, second.vertices]), triangles, np.concatenate(slots), tuple(attributes))
    ends, of_corner = zip(first.edges, second.edges, strict=True)
    edges = np.concatenate([ends[0], ends[1] + np.int32(len(first.vertices))]), np.concatenate([of_corner[0], of_corner[1] + len(ends[0])])
    vars(made)["edges"] = edges  # known already: looking for them again takes as long as all else
    return made


def of_result(result: Result, site: Site) -> Shape:
    """A result as a mesh: on faces its values ("value"), whether they are ones ("valid"), on façades whose they are ("building"), of points
    and lines which one it is ("mark"), and the class as slot. For a thread."""
    support = result.support
    if isinstance(support, Grid):
        vertices, triangles, cell, valid = _grid(support, result.valid, site)
    elif isinstance(support, Points | Lines):
        vertices, triangles, cell = mark_shapes.bodies(support, result.valid)
        valid = np.ones(len(cell), bool)
    else:
        keep = result.valid[support.triangle_cell]
        lift = 0.04 * support.normals[support.triangle_cell[keep]]
        corners = support.vertices[support.triangles[keep]] + lift[:, None]
        vertices, triangles, cell = corners.reshape(-1, 3), np.arange(3 * keep.sum()).reshape(-1, 3), support.triangle_cell[keep]
        valid = np.ones(len(cell), bool)
    values = np.nan_to_num(result.values[cell])
    attributes = [Attribute("value", "FLOAT", "FACE", values), Attribute("valid", "BOOLEAN", "FACE", valid)]
    if isinstance(support, Faces):
        attributes.append(Attribute("building", "INT", "FACE", support.building[cell]))
    if isinstance(support, Points | Lines):
        attributes.append(Attribute("mark", "INT", "FACE", cell.astype(np.int32)))
    made = Shape(vertices, triangles.astype(np.int32), result.classes.index(values).astype(np.int32), tuple(attributes))
    made.edges  # noqa: B018 - here, not when Blender waits for it
    return made


def _grid(grid: Grid, valid: Any, site: Site) -> tuple[FloatArray, IntArray, Any, Any]:
    """Cells as squares lying on the terrain; for each triangle the cell whose value it shows, and whether that is its own.

    A cell whose middle is inside a building shows the value beside it: what of it looks out from under the walls would be a gap.
    """
    shown, source = _widened(valid.reshape(grid.rows, grid.columns))
    cell, row, column = source[shown], *np.nonzero(shown)
    sw = row * (grid.columns + 1) + column
    corners = np.stack([sw, sw + 1, sw + grid.columns + 2, sw + grid.columns + 1], axis=1)
    used, number = np.unique(corners, return_inverse=True)
    corners = number.reshape(-1, 4)
    xy = np.column_stack([grid.x + used % (grid.columns + 1) * grid.step, grid.y + used // (grid.columns + 1) * grid.step])
    height = site.terrain.height_at(xy) if site.terrain is not None else np.full(len(xy), np.nan)
    beside = np.zeros(len(used))
    beside[corners] = grid.height[cell][:, None]  # where the terrain ends, the height of a cell there
    vertices = np.column_stack([xy, np.where(np.isfinite(height), height, beside) + _ABOVE])
    triangles = np.stack([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]], axis=1).reshape(-1, 3)
    return vertices, triangles.astype(np.int32), np.repeat(cell, 2), np.repeat(valid[shown.ravel()], 2)


def _widened(valid: Any) -> tuple[Any, Any]:
    """Valid cells and those beside one (rows, columns), and for each the number of the valid cell whose value it shows."""
    source = np.where(valid, np.arange(valid.size).reshape(valid.shape), -1)
    shown = source.copy()
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        beside = np.roll(source, step, axis)
        edge: list[Any] = [slice(None), slice(None)]
        edge[axis] = 0 if step > 0 else -1
        beside[tuple(edge)] = -1
        shown = np.where(shown < 0, beside, shown)
    return shown >= 0, shown
