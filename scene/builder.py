"""A site, its variants and results as Blender data: few merged meshes with attributes, an object only for what a person edits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.arrays import FloatArray, IntArray
from ..jena_city.model import Semantics
from ..jena_city.result import Grid, Result
from ..jena_city.site import Site
from ..jena_city.triangulate import triangle_normals
from ..jena_city.variant import NULL_VARIANT
from . import landcover, materials, notes, sync, trees
from .meshes import attribute, mesh_object, new_mesh

_PITCHED = 0.985  # cosine: flatter roofs count as flat
MOST_GROUND = 1_500_000  # points of the terrain shown
MOST_VALUES = 1_000_000  # of a result kept in a .blend; larger ones stay files
DEMOLISHED, OUTLINE, RESULTS = "#a8412f", "Abbruch", "Ergebnisse"
_ABOVE = 0.12  # metres that a map of values floats above the ground


@dataclass
class Town:
    """What `build` made. variants : id -> its objects; removed : variant id -> what it takes away; results : name -> objects."""

    site: Site
    context: list[Any] = field(default_factory=list)
    demolished: dict[str, Any] = field(default_factory=dict)
    """root gml:id -> the object of a building that some variant removes"""
    variants: dict[str, list[Any]] = field(default_factory=dict)
    removed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    blocks: list[shapely.Polygon] = field(default_factory=list)
    """footprints of the blocks of all variants"""
    nature: list[Any] = field(default_factory=list)
    """trees and water, left out of maps"""


def clear() -> None:
    """An empty file with metric units."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    settings = bpy.context.scene.unit_settings
    settings.system, settings.length_unit, settings.scale_length = "METRIC", "METERS", 1.0


def build(site: Site, applied: Sequence[Applied], cover: landcover.Picture | None = None) -> Town:
    """Fill the open (empty) scene with the site and all variants, each in a collection of its own. Scene axes: see Origin.

    cover : the picture that colours the ground, where it was drawn already (`landcover.picture`, which takes a second or two).
    """
    town = Town(site, blocks=[block.footprint for one in applied for block in one.variant.blocks])
    _georeference(site)
    one_removes = {name for one in applied for name in one.variant.removed}
    _buildings(site, one_removes, town, _collection("Bestand"))
    land = _collection("Gelände")
    if site.terrain is not None:
        _ground(site, town, land, cover or landcover.picture(site))
        _water(site, town, land)
        if site.trees is not None and len(site.trees):
            town.nature.append(trees.plant(site.trees, site.terrain, _collection("Bäume")))
    for thing in (*town.context, *town.nature):  # what is there is looked at, not pushed about
        thing.lock_location = thing.lock_rotation = thing.lock_scale = (True, True, True)
        thing.hide_select = True
        # The viewport's shadows take an open surface for a body that shades itself: only houses and trees cast them there.
        thing.display.show_shadows = thing.name.startswith(("Bestand", "Bäume")) or sync.BUILDING in thing
    for one in applied:
        _variant(one, town)
    return town


def _collection(name: str) -> Any:
    made = bpy.data.collections.new(name)
    notes.put(made, kind="context", name=name)
    bpy.context.scene.collection.children.link(made)
    return made


def _georeference(site: Site) -> None:
    """The keys that BlenderGIS and others read, and our own."""
    scene, origin = bpy.context.scene, site.origin
    scene["SRID"] = origin.crs
    scene["crs x"], scene["crs y"] = float(origin.easting), float(origin.northing)
    if origin.crs:
        scene["latitude"], scene["longitude"] = origin.latitude, origin.longitude


def _buildings(site: Site, one_removes: set[str], town: Town, collection: Any) -> None:
    """All buildings that always stay as one mesh, and each that some variant removes as an object of its own."""
    city = site.city
    root = city.building_root
    shown = city.surface_semantics[city.triangle_surface] != Semantics.CLOSURE
    apart = np.array([city.building_id[row] in one_removes for row in root], bool)
    walls = [
        materials.plain("Wände", materials.WALL, variation=0.025),
        materials.plain("Dächer flach", materials.ROOF_FLAT, variation=0.03),
        materials.plain("Dächer geneigt", materials.ROOF_PITCHED, variation=0.05),
        materials.plain("Böden", materials.GROUND),
    ]
    groups = [("Bestand", np.flatnonzero(shown & ~apart[city.triangle_building]))]
    groups += [(city.building_id[row], np.flatnonzero(shown & (root[city.triangle_building] == row))) for row in np.unique(root[apart])]
    for name, chosen in groups:
        surface = city.triangle_surface[chosen]
        used, vertex = np.unique(city.triangles[chosen], return_inverse=True)
        mesh = new_mesh(name, city.points[used], vertex.reshape(-1, 3).astype(np.int32))
        attribute(mesh, "building", "INT", "FACE", city.surface_building[surface])
        attribute(mesh, "surface", "INT", "FACE", surface)
        attribute(mesh, "semantics", "INT", "FACE", city.surface_semantics[surface].astype(np.int32))
        for material in walls:
            mesh.materials.append(material)
        mesh.polygons.foreach_set("material_index", _slots(city.points, city.triangles[chosen], city.surface_semantics[surface]))
        made = mesh_object(name, mesh, collection)
        town.context.append(made)
        if name != "Bestand":
            town.demolished[name] = made
            made[sync.BUILDING] = name


def _slots(points: FloatArray, triangles: IntArray, semantics: Any) -> Any:
    """Material slots: 0 walls, 1 flat roofs, 2 pitched roofs, 3 what faces down."""
    normals = triangle_normals(points, triangles)
    up = np.abs(normals[:, 2]) / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)
    roof = np.isin(semantics, (Semantics.ROOF, Semantics.OUTER_FLOOR))
    slots = np.where(roof, np.where(up > _PITCHED, 1, 2), 0)
    return np.where(np.isin(semantics, (Semantics.GROUND, Semantics.OUTER_CEILING)), 3, slots).astype(np.int32)


def _ground(site: Site, town: Town, collection: Any, cover: landcover.Picture) -> None:
    """The terrain, coloured by land cover, cut out of the land like an architect's model, on a table."""
    terrain = site.terrain
    assert terrain is not None
    if terrain.heights.size > MOST_GROUND:  # numbers keep the whole; a picture and a viewport need no more than this
        terrain = terrain.resampled(terrain.step * math.ceil(math.sqrt(terrain.heights.size / MOST_GROUND)))
    vertices, triangles = terrain.mesh()
    mesh = new_mesh("Gelände", vertices, triangles)
    pixels, (west, south, east, north) = cover
    layer = mesh.uv_layers.new(name="landcover")
    corner = vertices[triangles.ravel()]
    layer.data.foreach_set(
        "uv", np.column_stack([(corner[:, 0] - west) / (east - west), (corner[:, 1] - south) / (north - south)]).astype(np.float32).ravel()
    )
    image = bpy.data.images.new("Landbedeckung", pixels.shape[1], pixels.shape[0], alpha=False)
    rgba = np.ones((*pixels.shape[:2], 4), np.float32)
    np.multiply(pixels[::-1], np.float32(1 / 255), out=rgba[:, :, :3])
    image.pixels.foreach_set(rgba.ravel())
    image.pack()
    mesh.materials.append(materials.ground(image))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(triangles), bool))
    town.context.append(mesh_object("Gelände", mesh, collection))

    foot = float(vertices[:, 2].min()) - 12.0
    edge_vertices, edge_triangles = _skirt(vertices, triangles, foot)
    skirt = new_mesh("Geländekante", edge_vertices, edge_triangles)
    skirt.materials.append(materials.plain("Modellkante", materials.GROUND))
    town.context.append(mesh_object("Geländekante", skirt, collection))
    size = 60.0 * max(east - west, north - south)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size + middle
    table = new_mesh("Tisch", np.column_stack([square, np.full(4, foot)]), np.array([[0, 1, 2], [0, 2, 3]], np.int32))
    table.materials.append(materials.plain("Tisch", materials.TABLE))
    town.context.append(mesh_object("Tisch", table, collection))


def _skirt(vertices: FloatArray, triangles: IntArray, foot: float) -> tuple[FloatArray, IntArray]:
    """Vertical faces from the edge of the terrain down to `foot`: the edges that only one triangle has."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    key = edges.min(axis=1).astype(np.int64) * len(vertices) + edges.max(axis=1)
    _, index, count = np.unique(key, return_index=True, return_counts=True)
    border = edges[index[count == 1]]
    top = vertices[border]
    low = top.copy()
    low[:, :, 2] = foot
    quads = np.concatenate([top[:, 0], top[:, 1], low[:, 1], low[:, 0]])
    n = len(border)
    a, b, c, d = (np.arange(n) + k * n for k in range(4))
    return quads, np.concatenate([np.column_stack([a, d, c]), np.column_stack([a, c, b])]).astype(np.int32)


def _water(site: Site, town: Town, collection: Any) -> None:
    """Water surfaces span between their banks at the height the ground has there."""
    if site.areas is None or site.terrain is None:
        return
    for number, shape in enumerate(site.areas.geometry[site.areas.columns["kind"] == "water"], 1):
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
        mesh = new_mesh(f"Wasser {number}", np.column_stack([points, np.nan_to_num(height)]), vertex.astype(np.int32))
        mesh.materials.append(materials.water())
        town.nature.append(mesh_object(f"Wasser {number}", mesh, collection))


def _variant(applied: Applied, town: Town) -> None:
    """Each block an object named for it, with its parameters; what is removed as a dashed outline."""
    variant = applied.variant
    town.removed[variant.id] = variant.removed
    made = town.variants[variant.id] = []
    if variant == NULL_VARIANT:
        return
    collection = sync.fill(bpy.context.scene, applied)
    made += sync.blocks(collection)
    outline_demolition(applied, collection)
    made += [thing for thing in collection.objects if thing.name.startswith(OUTLINE)]


def outline_demolition(applied: Applied, collection: Any) -> None:
    """What a variant removes as a dashed outline on the ground, in place of an earlier one."""
    city, terrain = applied.site.city, applied.site.terrain
    for thing in [thing for thing in collection.objects if thing.name.startswith(OUTLINE)]:
        bpy.data.meshes.remove(thing.data)  # and the object with it
    gone = [
        shape
        for row, shape in enumerate(applied.site.footprints)
        if shape is not None and not applied.kept[row] and city.building_parent[row] < 0
    ]
    outline = _dashed(gone, terrain) if gone and terrain is not None else None
    if outline is not None:
        mesh = new_mesh(f"{OUTLINE} {applied.variant.id}", *outline)
        mesh.materials.append(materials.plain("Abbruch", DEMOLISHED))
        mesh_object(mesh.name, mesh, collection).hide_select = True


def _dashed(
    shapes: Sequence[Any], terrain: Any, dash: float = 2.2, gap: float = 1.4, width: float = 0.5
) -> tuple[FloatArray, IntArray] | None:
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
    return np.column_stack([corners, height]), triangles.astype(np.int32)


def show_result(result: Result, name: str, town: Town) -> Any:
    """A result in a town built here; made once, then shown again."""
    if name in town.results:
        return town.results[name]
    town.results[name] = made = result_object(result, name, town.site)
    return made


def result_object(result: Result, name: str, site: Site) -> Any:
    """A result as an object in the collection of results: on faces its values ("value"), whether they are ones ("valid"), on façades whose
    they are ("building"), and a material for each class. What the legend and a probe need besides is its note."""
    collection = _results_collection()
    support = result.support
    if isinstance(support, Grid):
        vertices, triangles, cell, valid = _grid_mesh(support, result.valid, site)
    else:
        keep = result.valid[support.triangle_cell]
        lift = 0.04 * support.normals[support.triangle_cell[keep]]
        corners = support.vertices[support.triangles[keep]] + lift[:, None]
        vertices, triangles, cell = corners.reshape(-1, 3), np.arange(3 * keep.sum()).reshape(-1, 3), support.triangle_cell[keep]
        valid = np.ones(len(cell), bool)
    mesh = new_mesh(name, vertices, triangles.astype(np.int32))
    values = np.nan_to_num(result.values[cell])
    attribute(mesh, materials.VALUE, "FLOAT", "FACE", values)
    attribute(mesh, "valid", "BOOLEAN", "FACE", valid)
    if not isinstance(support, Grid):
        attribute(mesh, "building", "INT", "FACE", support.building[cell])
    for material in materials.classes(result.classes):
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", result.classes.index(values).astype(np.int32))
    made = mesh_object(name, mesh, collection)
    made.hide_select = True
    made.display.show_shadows = False
    scale = result.classes
    notes.put(
        made,
        kind="result",
        name=name,
        title=result.title,
        unit=result.unit,
        method=result.method,
        variant=result.variant,
        inputs=result.inputs,
        classes={"edges": scale.edges, "colours": scale.colours, "labels": scale.labels},
    )
    return made


def _results_collection() -> Any:
    for collection in bpy.context.scene.collection.children:
        if (notes.get(collection) or {}).get("name") == RESULTS:
            return collection
    return _collection(RESULTS)


def _grid_mesh(grid: Grid, valid: Any, site: Site) -> tuple[FloatArray, IntArray, Any, Any]:
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


def to_map(town: Town) -> None:
    """Give everything but results the quiet look of a map: no light, greys, variants in a pale tint of their colour."""
    grey, roofs, ground = (
        materials.paper("Karte Gebäude", "#e4e4e3"),
        materials.paper("Karte Dächer", "#f0f0ef"),
        materials.paper("Karte Gelände", "#dededc"),
    )
    for made in town.context:
        slots = made.data.materials
        is_ground = made.name.split(".")[0] in ("Gelände", "Geländekante", "Tisch")
        for index in range(len(slots)):
            slots[index] = ground if is_ground else (grey if index in (0, 3) else roofs)
    for made in (made for group in town.variants.values() for made in group):
        holder = sync.solid_of(made) if sync.is_block(made) else made
        for index, slot in enumerate(holder.data.materials):
            name = f"Karte {slot.name}"
            colour = _tint(made, index) if sync.is_block(made) else DEMOLISHED
            holder.data.materials[index] = bpy.data.materials.get(name) or materials.paper(name, colour)
    for made in town.nature:
        made.hide_render = made.hide_viewport = True


def _tint(made: Any, index: int) -> str:
    colour = (notes.get(made.users_collection[0]) or {}).get("colour", "#0072B2")
    return materials.lightened(colour, 0.55 if index == 0 else 0.72)
