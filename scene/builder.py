"""A site, its variants and results as Blender data: few merged meshes with attributes, an object only for what a person edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import bpy
import numpy as np
import shapely

from ..jena_city import palette
from ..jena_city.applied import Applied
from ..jena_city.marks import Lines, Points
from ..jena_city.result import Result
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT
from . import around, distance, landcover, looks, materials, notes, outside, shapes, sync, trees
from .meshes import mesh_object, new_mesh

MOST_VALUES = 1_000_000  # of a result kept in a .blend; larger ones stay files
DEMOLISHED, OUTLINE, RESULTS = "#a8412f", "Abbruch", "Ergebnisse"


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
    """trees, water, surroundings and reference lines, left out of maps"""


def clear() -> None:
    """An empty file with metric units. Blender's preferences stay: to set them anew would load every add-on again."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    settings = bpy.context.scene.unit_settings
    settings.system, settings.length_unit, settings.scale_length = "METRIC", "METERS", 1.0


def build(ready: shapes.Town) -> Town:
    """Fill the open scene, which holds no project, with a site and all its variants, each in a collection of its own. Scene axes: see
    Origin."""
    town = Town(ready.site, blocks=[block.footprint for one in ready.applied for block in one.variant.blocks])
    _georeference(ready.site)
    _buildings(ready.buildings, town, _collection("Bestand"))
    land = _collection("Gelände")
    if ready.ground is not None:
        _ground(ready.ground, town, land)
    for number, shape in enumerate(ready.water, 1):
        mesh = new_mesh(f"Wasser {number}", shape)
        mesh.materials.append(materials.water())
        town.nature.append(mesh_object(mesh.name, mesh, land))
    if ready.trees is not None:
        town.nature.append(trees.plant(ready.trees, _collection("Bäume")))
    if ready.around:
        _around(ready.around, town, _collection("Umgebung"))
    if ready.lines:
        _lines(ready.lines, town, _collection("Referenz"))
    for thing in (*town.context, *town.nature):
        fixed(thing)
    for one, outline in zip(ready.applied, ready.outlines, strict=True):
        _variant(one, outline, town)
    return town


def fixed(thing: Any) -> None:
    """What is there is looked at, not pushed about."""
    thing.lock_location = thing.lock_rotation = thing.lock_scale = (True, True, True)
    thing.hide_select = True
    # The viewport's shadows take an open surface for a body that shades itself: only houses and trees cast them there.
    thing.display.show_shadows = thing.name.startswith(("Bestand", "Bäume")) or sync.BUILDING in thing


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


def _buildings(buildings: Sequence[shapes.Houses], town: Town, collection: Any) -> None:
    walls = [
        materials.wall("Wände", palette.WALL, variation=0.025),
        materials.plain("Dächer flach", palette.ROOF_FLAT, variation=0.03),
        materials.plain("Dächer geneigt", palette.ROOF_PITCHED, variation=0.05),
        materials.plain("Böden", palette.GROUND),
    ]

    number_of_sheets = count(1)

    def made(name: str, shape: shapes.Shape, look: looks.Looks | None = None) -> Any:
        mesh = new_mesh(name, shape)
        for material in (*walls, *(_dresses(look, number_of_sheets) if look is not None else ())):
            mesh.materials.append(material)
        town.context.append(mesh_object(name, mesh, collection))
        return town.context[-1]

    for number, houses in enumerate(buildings):
        full = made(houses.name, houses.shape, houses.dress)
        if houses.light is not None:
            distance.mark(number, full, made(f"{houses.name} von fern", houses.light), houses.shape.vertices)
        if houses.removable:
            town.demolished[houses.name] = full
            full[sync.BUILDING] = houses.name


def _dresses(look: looks.Looks, numbers: Iterator[int]) -> Iterator[Any]:
    """The materials of a mesh's own colours and sheets of textures. numbers : of sheets, not yet used."""
    for colour in look.colours:
        name = f"Farbe {colour}"
        yield bpy.data.materials.get(name) or materials.plain(name, colour, variation=0.025)
    for sheet in look.sheets:
        name = f"{materials.TEXTURE} {next(numbers)}"
        yield materials.textured(name, _image(name, sheet.jpeg, sheet.size))


def has_looks(scene: Any) -> bool:
    """Whether houses in a scene have colours or textures of their own."""
    return any(True for _ in _dressed(scene))


def show_looks(scene: Any, shown: bool) -> None:
    """Show the houses' own colours and textures, or the usual walls and roofs."""
    for mesh in _dressed(scene):
        slots = np.zeros(len(mesh.polygons), np.int32)
        mesh.attributes[looks.LOOK if shown else looks.PLAIN].data.foreach_get("value", slots)
        mesh.attributes["material_index"].data.foreach_set("value", slots)
        mesh.update()


def _dressed(scene: Any) -> Iterator[Any]:
    """The meshes in a scene whose houses have colours or textures of their own."""
    for collection in scene.collection.children:
        if (notes.get(collection) or {}).get("name") == "Bestand":
            for thing in collection.objects:
                if thing.type == "MESH" and looks.LOOK in thing.data.attributes and "material_index" in thing.data.attributes:
                    yield thing.data


def _ground(ground: shapes.Ground, town: Town, collection: Any) -> None:
    """The terrain, coloured by land cover, its edge and the table it stands on."""
    covers = [_image("Landbedeckung", *cover) for cover in ground.covers]
    land = [materials.ground(cover) for cover in covers]
    if ground.photo is not None:
        photo = _image(materials.PHOTO, ground.photo, ground.photo_size)
        land += [materials.photographed(cover, photo) for cover in covers]
    looks = (
        ("Gelände", ground.terrain, land),
        ("Geländekante", ground.skirt, [materials.plain("Modellkante", palette.GROUND)]),
        ("Tisch", ground.table, [materials.plain("Tisch", palette.TABLE)]),
    )
    for name, shape, own in looks:
        mesh = new_mesh(name, shape)
        for material in own:
            mesh.materials.append(material)
        town.context.append(mesh_object(name, mesh, collection))
    show_photo(bpy.context.scene, True)


def _image(name: str, data: bytes, size: tuple[int, int]) -> Any:
    """A picture kept in the .blend."""
    image = bpy.data.images.new(name, *size, alpha=False)
    image.source = "FILE"
    image.pack(data=data, data_len=len(data))
    return image


def has_photo(scene: Any) -> bool:
    """Whether the ground in a scene has an orthophoto."""
    return any(True for _ in _photographed(scene))


def show_photo(scene: Any, shown: bool) -> None:
    """Lay the orthophoto over the ground, or take it off: then there is land cover as elsewhere."""
    for mesh in _photographed(scene):
        layer = mesh.uv_layers[landcover.PHOTO if shown else "landcover"]
        layer.active = layer.active_render = True  # solid shading goes by the first, pictures by the second
        for material in (one for one in mesh.materials if one is not None and one.node_tree is not None):
            nodes = material.node_tree.nodes
            texture = nodes.get(materials.PHOTO if shown else "Landbedeckung")
            if texture is not None and materials.PHOTO in nodes:
                nodes.active = texture  # what solid shading shows
                surface = next(node for node in nodes if node.bl_idname == "ShaderNodeBsdfDiffuse")
                material.node_tree.links.new(texture.outputs["Color"], surface.inputs["Color"])


def _photographed(scene: Any) -> Iterator[Any]:
    """The meshes in a scene that an orthophoto lies on."""
    for collection in scene.collection.children:
        if (notes.get(collection) or {}).get("name") == "Gelände":
            for thing in collection.objects:
                if thing.type == "MESH" and landcover.PHOTO in thing.data.uv_layers:
                    yield thing.data


def _around(shown: Sequence[tuple[str, shapes.Shape]], town: Town, collection: Any) -> None:
    """What is no building: an object for each theme, so that each can be hidden."""
    for theme, shape in shown:
        mesh = new_mesh(around.NAMES[theme], shape)
        for material in materials.around(theme, mesh.name):
            mesh.materials.append(material)
        town.nature.append(mesh_object(mesh.name, mesh, collection))


def _lines(lines: Sequence[tuple[str, shapes.Shape]], town: Town, collection: Any) -> None:
    """Reference lines: an object for each layer, so that each can be hidden."""
    for number, (name, shape) in enumerate(lines):
        mesh = new_mesh(f"Referenz {name}", shape)
        colour = materials.REFERENCE[number % len(materials.REFERENCE)]
        mesh.materials.append(materials.plain(mesh.name, colour))
        town.nature.append(mesh_object(mesh.name, mesh, collection))


def _variant(applied: Applied, outline: shapes.Shape | None, town: Town) -> None:
    """Each block an object named for it, with its parameters; what is removed as a dashed outline."""
    variant = applied.variant
    town.removed[variant.id] = variant.removed
    made = town.variants[variant.id] = []
    if variant == NULL_VARIANT:
        return
    collection = add_variant(bpy.context.scene, applied, outline)
    made += sync.blocks(collection)
    made += [thing for thing in collection.objects if thing.name.startswith(OUTLINE)]


def add_variant(scene: Any, applied: Applied, outline: shapes.Shape | None) -> Any:
    """A variant in a collection of its own, which is returned. outline : of what it removes (`shapes.outline`)."""
    collection = sync.fill(scene, applied)
    add_outline(collection, applied.variant.id, outline)
    outside.show(applied, collection)
    return collection


def add_outline(collection: Any, variant: str, outline: shapes.Shape | None) -> None:
    """The dashes around what a variant removes, in its collection. outline : `shapes.outline`."""
    if outline is not None:
        mesh = new_mesh(f"{OUTLINE} {variant}", outline)
        mesh.materials.append(bpy.data.materials.get(OUTLINE) or materials.plain(OUTLINE, DEMOLISHED))
        mesh_object(mesh.name, mesh, collection).hide_select = True


def show_result(result: Result, name: str, town: Town) -> Any:
    """A result in a town built here; made once, then shown again."""
    if name in town.results:
        return town.results[name]
    town.results[name] = made = result_object(result, name, shapes.of_result(result, town.site))
    return made


def result_object(result: Result, name: str, shape: shapes.Shape) -> Any:
    """A result as an object in the collection of results, with a material for each class. What the legend and a probe need besides is
    its note. shape : `shapes.of_result`."""
    collection = _results_collection()
    mesh = new_mesh(name, shape)
    for material in materials.classes(result.classes):
        mesh.materials.append(material)
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
    if isinstance(result.support, Points | Lines):
        marks = result.support
        notes.put(made, marks={"names": marks.names.tolist(), "heads": marks.heads.tolist(), "table": marks.table.tolist()})
    return made


def _results_collection() -> Any:
    for collection in bpy.context.scene.collection.children:
        if (notes.get(collection) or {}).get("name") == RESULTS:
            return collection
    return _collection(RESULTS)


def to_white(town: Town) -> None:
    """Give everything the look of a model of white card: light and shade alone, the variant in a breath of its colour."""
    card, board = materials.plain("Weiße Pappe", "#f3f1ed"), materials.plain("Weiße Platte", "#e9e6e1")
    show_looks(bpy.context.scene, False)
    for made in (*town.context, *town.nature):
        is_ground = made.name.split(".")[0] in ("Gelände", "Geländekante", "Tisch") or made.name.startswith("Wasser")
        if made.type == "MESH":
            for index in range(len(made.data.materials)):
                made.data.materials[index] = board if is_ground else card
    for form in trees.forms():
        for index in range(len(form.materials)):
            form.materials[index] = card
    for made in (made for group in town.variants.values() for made in group):
        holder = sync.solid_of(made) if sync.is_block(made) else made
        for index in range(len(holder.data.materials)):
            if sync.is_block(made):
                colour = palette.lightened(_tint(made, index), 0.45)
                name = f"Karton {colour}"
                tinted = bpy.data.materials.get(name) or materials.plain(name, colour)
                holder.data.materials[index] = tinted


def to_map(town: Town) -> None:
    """Give everything but results the quiet look of a map: no light, greys, variants in a pale tint of their colour."""
    grey, roofs, ground = (
        materials.paper("Karte Gebäude", "#e4e4e3"),
        materials.paper("Karte Dächer", "#f0f0ef"),
        materials.paper("Karte Gelände", "#dededc"),
    )
    show_looks(bpy.context.scene, False)
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
    return palette.lightened(colour, 0.55 if index == 0 else 0.72)
