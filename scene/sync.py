"""Block and object, variant and collection: both ways, and the only place where the two meet.

A block is one object. Its mesh is the flat footprint, which edit mode shows and edits; a Geometry Nodes modifier shows the solid
in its place. The solid is an object linked to no collection, made anew when the footprint or a parameter is another than the stamp
on it says. All parameters are one note on the object (see `notes`), the footprint as float64 with them: it is believed as long as mesh and
transform are those it was written with, so that what nobody touched comes out as it went in.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

import bpy
import numpy as np
import shapely
from mathutils import Matrix

from ..jena_city import palette, set_backs, stand_in
from ..jena_city.applied import Applied, base_of
from ..jena_city.arrays import FloatArray, groups, parted
from ..jena_city.massing import Solid, both, solid, underground
from ..jena_city.model import Semantics
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem
from ..jena_city.site import Site
from ..jena_city.triangulate import triangulate
from ..jena_city.variant import NULL_VARIANT, Block, FelledTree, OpenSpace, PlantedTree, Roof, StandIn, Variant
from . import compat, materials, notes
from .meshes import fill_mesh
from .shapes import Attribute, Shape
from .trees import ALL_TREES, TREES

BUILDING = "jena_building"  # on the object of a building that some variant removes: its gml:id
SOLID, STAMP, GROUP = "Solid", "jena_planner_stamp", "Jena Planner Baukörper"
_DIGITS = 4  # of a metre: what a variant's file keeps
_UPRIGHT = 1e-3  # metres of width at which a face, seen from above, is a line
_MOVED = 1e-3  # metres by which a base is another
_OF_BLOCK = ("id", "name", "storeys", "ground_floor_height", "storey_height", "use", "base")
_OF_BLOCK += ("plinth", "knee", "set_back", "underground", "underground_height")  # missing in notes of the first versions
_OF_BLOCK += ("base_rule", "reference", "storey_uses", "attic_used", "attic_rooms", "counts_as", "dwellings")  # these too
_OF_BLOCK += ("set_backs", "stand_in")  # and these
_MAKES_A_SOLID = ("footprint", "roof", "drawn", *(name for name in _OF_BLOCK if name not in ("id", "name")))
_OF_VARIANT = ("id", "name", "colour", "author", "description", "status", "locked")


# --- variants ---------------------------------------------------------------------------------------------------------


def collections(scene: Any) -> list[Any]:
    """The collections of the scene's variants, in the order of the project; the Bestand has none."""
    found = [one for one in scene.collection.children if (note := notes.get(one)) is not None and note.get("kind") == "variant"]
    return sorted(found, key=lambda one: notes.get(one)["order"])  # type: ignore[index]


def collection_of(scene: Any, variant: str) -> Any:
    """The collection of a variant by its id; None for one that is not there (or the Bestand)."""
    return next((one for one in collections(scene) if notes.get(one)["id"] == variant), None)  # type: ignore[index]


def blocks(collection: Any) -> list[Any]:
    """The block objects of a variant."""
    return [thing for thing in collection.all_objects if is_block(thing)]


def is_block(thing: Any) -> bool:
    """Whether an object is a block."""
    if thing is None or thing.type != "MESH":
        return False
    note = notes.get(thing)
    return note is not None and note.get("kind") == "block"


def add_variant(scene: Any, variant: Variant, origin: Origin) -> Any:
    """A collection for a variant, with no block in it yet."""
    made = bpy.data.collections.new(f"Variante: {variant.name}")
    scene.collection.children.link(made)
    order = 1 + max((notes.get(one)["order"] for one in collections(scene)), default=-1)  # type: ignore[index]
    own = {name: getattr(variant, name) for name in _OF_VARIANT}
    place = {"crs": origin.crs, "easting": origin.easting, "northing": origin.northing}
    notes.put(made, kind="variant", order=order, removed=list(variant.removed), properties=variant.properties, origin=place, **own)
    notes.put(made, **_outside(variant))
    return made


def remove_variant(collection: Any) -> None:
    """Take a variant's collection away, with all that is in it."""
    for thing in list(collection.all_objects):
        bpy.data.objects.remove(thing)
    bpy.data.collections.remove(collection)


def _outside(variant: Variant) -> dict[str, Any]:
    """What a variant has beside buildings, as its note keeps it."""
    return {
        "open_spaces": [{**vars(one), "shape": _rings(one.shape)} for one in variant.open_spaces],
        "planted": [{**vars(one), "position": list(one.position)} for one in variant.planted],
        "felled": [{**vars(one), "position": list(one.position)} for one in variant.felled],
    }


def _from_outside(note: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `_outside`; notes of the first versions have none of it."""
    return {
        "open_spaces": tuple(
            OpenSpace(**{**one, "shape": shapely.Polygon(one["shape"][0], one["shape"][1:])}) for one in note.get("open_spaces", ())
        ),
        "planted": tuple(PlantedTree(**{**one, "position": tuple(one["position"])}) for one in note.get("planted", ())),
        "felled": tuple(FelledTree(**{**one, "position": tuple(one["position"])}) for one in note.get("felled", ())),
    }


def put_outside(collection: Any, variant: Variant) -> None:
    """Write a variant's open spaces, planted and felled trees to the note of its collection."""
    notes.put(collection, **_outside(variant))


def variant_of(collection: Any) -> Variant:
    """The variant as it stands in Blender; raises InputProblem for a block that cannot be one."""
    note = notes.get(collection)
    assert note is not None
    own = {name: note[name] for name in _OF_VARIANT if name in note}
    found = tuple(block_of(thing) for thing in blocks(collection))
    return Variant(**own, **_from_outside(note), blocks=found, removed=tuple(note["removed"]), properties=note["properties"])


def variants(scene: Any) -> list[Variant]:
    """The Bestand and all variants of the scene."""
    return [NULL_VARIANT, *(variant_of(one) for one in collections(scene))]


def show_variant(scene: Any, variant: str) -> None:
    """Only this variant's blocks are seen, and the buildings it removes are gone."""
    removed: set[str] = set()
    own_trees = False
    for collection in collections(scene):
        note = notes.get(collection)
        assert note is not None
        here = note["id"] == variant
        if collection.hide_viewport == here or collection.hide_render == here:
            collection.hide_viewport = collection.hide_render = not here
        removed |= set(note["removed"]) if here else set()
        own_trees |= here and any(TREES in thing for thing in collection.objects)
    for thing in scene.objects:
        if TREES in thing and thing.name == ALL_TREES:  # the variant has trees of its own, those that stay among them
            thing.hide_viewport = thing.hide_render = own_trees
        name = thing.get(BUILDING)
        if name is not None:
            thing.hide_viewport = thing.hide_render = name in removed


def hidden_with(scene: Any, variant: str) -> set[str]:
    """Names of the objects that are not seen while a variant is shown: other variants' own and their results, the buildings it removes, and
    the trees of the data where it has trees of its own."""
    own = {notes.get(one)["id"]: one for one in collections(scene)}  # type: ignore[index]
    hidden = {thing.name for name, one in own.items() if name != variant for thing in one.all_objects}
    removed = set(notes.get(own[variant])["removed"]) if variant in own else set()  # type: ignore[index]
    own_trees = variant in own and any(TREES in thing for thing in own[variant].objects)
    for thing in scene.objects:
        note = notes.get(thing) or {}
        if thing.get(BUILDING) in removed or (note.get("kind") == "result" and note.get("variant") != variant):
            hidden.add(thing.name)
    return hidden | {ALL_TREES} if own_trees else hidden


def show_two(scene: Any, one: str, other: str) -> None:
    """Nothing of two variants is hidden from views that choose for themselves (`hidden_with`); pictures are as they were."""
    for collection in collections(scene):
        hide = notes.get(collection)["id"] not in (one, other)  # type: ignore[index]
        if collection.hide_viewport != hide:
            collection.hide_viewport = hide
    neither = hidden_with(scene, one) & hidden_with(scene, other)
    for thing in scene.objects:
        if (BUILDING in thing or thing.name == ALL_TREES) and thing.hide_viewport != (thing.name in neither):
            thing.hide_viewport = thing.name in neither


# --- blocks -----------------------------------------------------------------------------------------------------------


def add_block(collection: Any, block: Block, site: Site, base: float | None = None, body: Solid | None = None) -> Any:
    """An object for a block in a variant's collection, with its solid. base, body : of the block, where they are known already.

    Raises InputProblem for an impossible block.
    """
    base = base_of(site, block) if base is None else base
    body = body or _built(block, base)[0]
    west, south, east, north = block.footprint.bounds
    middle = np.round([(west + east) / 2, (south + north) / 2])
    mesh = bpy.data.meshes.new(f"{block.name or block.id} Grundriss")
    made = bpy.data.objects.new(block.name or block.id, mesh)
    made.location = (*middle, base)
    _draw(mesh, block.footprint, middle)
    made.lock_location[2] = block.base is None
    made.lock_rotation[0] = made.lock_rotation[1] = True
    collection.objects.link(made)
    notes.put(
        made,
        kind="block",
        **_params(block),
        footprint=_rings(block.footprint),
        drawn=_drawn(made),
        origin=_place(site.origin),
        turn=0.0,
        matrix=_matrix(made).tolist(),
    )
    _give_solid(made)
    _fill(made, notes.get(collection), block, body, base)  # type: ignore[arg-type]
    return made


def block_of(thing: Any) -> Block:
    """The block that an object is; raises InputProblem when its outline is none."""
    note, text = notes.get(thing), notes.text_of(thing)
    assert note is not None and text is not None
    if thing.library is None and _drawn(thing) != note["drawn"]:
        footprint = _outline(thing)
        return _block({**note, **_as_drawn(thing, note, footprint)}, thing, footprint)
    return _block(note, thing, _polygon(note)) if note.get("stand_in") else _written(text)


@lru_cache(maxsize=8192)
def _written(text: str) -> Block:
    """The block that a note says: one that nobody touched is the same object each time it is asked for."""
    note = notes.parsed(text)
    return _block(note, None, _polygon(note))


def _polygon(note: dict[str, Any]) -> shapely.Polygon:
    return shapely.Polygon(note["footprint"][0], note["footprint"][1:])


def _block(note: dict[str, Any], thing: Any, footprint: shapely.Polygon) -> Block:
    own = {name: note[name] for name in _OF_BLOCK if name in note}
    own |= {name: tuple(own.get(name, ())) for name in ("storey_uses", "set_backs")}
    own["stand_in"] = _model(note, thing)
    return Block(footprint=footprint, roof=Roof(**note["roof"]), properties=note["properties"], **own)


def _model(note: dict[str, Any], thing: Any) -> StandIn | None:
    """The architect's model in a block's place, with the folder of the project it is in now."""
    if not note.get("stand_in"):
        return None
    scene = next((one for one in thing.users_scene if notes.get(one) is not None), None)
    folder = (notes.get(scene) or {}).get("folder", "") if scene is not None else ""
    return StandIn(**note["stand_in"], folder=bpy.path.abspath(folder) if folder else "")


def _model_note(model: StandIn | None) -> dict[str, Any] | None:
    return None if model is None else {key: value for key, value in asdict(model).items() if key != "folder"}


def outline_of(thing: Any) -> shapely.Polygon:
    """The outline that a mesh or a closed curve draws, seen from above, in scene coordinates; raises InputProblem when it is none."""
    if thing.type == "MESH":
        return _outline(thing)
    seen = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = seen.to_mesh()
    try:
        return _outline_of(f'"{thing.name}"', mesh, _matrix(thing))
    finally:
        seen.to_mesh_clear()


def outlines_of_faces(thing: Any) -> list[shapely.Polygon]:
    """The outlines that the selected faces of a mesh in edit mode draw, seen from above, in scene coordinates: one for faces that share
    edges. Upright faces draw none. Raises InputProblem for a face that crosses itself."""
    thing.update_from_editmode()
    where, mesh = f'"{thing.name}"', thing.data
    points = _seen_from_above(where, mesh, _matrix(thing))
    chosen, sides = np.zeros(len(mesh.polygons), bool), np.zeros(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("select", chosen)
    mesh.polygons.foreach_get("loop_total", sides)
    corners, (edges, loops) = np.zeros(len(mesh.loops), np.int32), _edges_and_loops(mesh)
    mesh.loops.foreach_get("vertex_index", corners)
    count, here = int(chosen.sum()), np.repeat(chosen, sides)  # here : loops of selected faces
    if not count:
        return []
    owner = np.repeat(np.arange(count), sides[chosen])
    group = groups(owner, count + loops[here], count + len(edges))[:count]
    shapes = shapely.polygons(shapely.linearrings(points[corners[here]], indices=owner))
    flat = shapely.area(shapes) > _UPRIGHT * shapely.length(shapes)
    shapes, group = shapes[flat], group[flat]
    if not shapely.is_valid(shapes).all():
        raise InputProblem(where, "a selected face crosses itself, seen from above", "Divide it, or select others")
    found: list[shapely.Polygon] = []
    for together in parted(np.arange(len(shapes)), group):
        parts = shapely.get_parts(shapely.simplify(shapely.union_all(shapes[together]), _UPRIGHT))
        found += [shapely.geometry.polygon.orient(part, 1.0) for part in parts if part.area > 0.0]
    return found


def change(thing: Any, **values: Any) -> None:
    """Change parameters of a block (names as in Block; roof as a Roof). The solid follows with the next `refresh`."""
    if "roof" in values:
        values["roof"] = asdict(values["roof"])
    if "stand_in" in values:
        values["stand_in"] = _model_note(values["stand_in"])
    notes.put(thing, **values)


def reshape(thing: Any, block: Block) -> None:
    """Give a block object the footprint, roof and set-backs of a block; the solid follows with the next `refresh`."""
    west, south, east, north = block.footprint.bounds
    middle = np.round([(west + east) / 2, (south + north) / 2])
    height = float(_matrix(thing)[2, 3])
    thing.data.clear_geometry()
    _draw(thing.data, block.footprint, middle)
    thing.matrix_world = Matrix.Translation((*middle, height))
    notes.put(
        thing,
        footprint=_rings(block.footprint),
        roof=asdict(block.roof),
        set_backs=list(block.set_backs),
        stand_in=_model_note(block.stand_in),
        drawn=_drawn(thing),
        turn=0.0,
        matrix=_matrix(thing).tolist(),
    )


def solid_of(thing: Any) -> Any:
    """The object that holds a block's solid; None when it is lost."""
    modifier = thing.modifiers.get(SOLID)
    return compat.modifier_input(modifier, SOLID) if modifier is not None and modifier.node_group is not None else None


def refresh(scene: Any, site: Site | None) -> list[InputProblem]:
    """Make every solid anew whose block has changed; returns what is wrong with blocks that cannot be built.

    Looks after copies (each gets an id and a solid of its own), blocks on slopes (their base follows the ground) and blocks
    from another project. Pushes no undo step. site : None when it cannot be had; then blocks with a base of their own still follow.
    """
    problems: list[InputProblem] = []
    for collection in collections(scene):
        if collection.library is not None:
            continue
        look = notes.get(collection)
        assert look is not None
        things = [thing for thing in blocks(collection) if thing.library is None]
        _own_identity(things)
        locked = bool(look.get("locked"))
        for thing in things:
            if thing.hide_select != locked:  # what is locked cannot be picked, so not moved, edited or deleted
                thing.hide_select = locked
                thing.select_set(False)
        for thing in things:
            try:
                _refresh(thing, look, site)
            except InputProblem as problem:
                problems.append(problem)
                _say(thing, f"{problem.what}. {problem.what_to_do}.")
        _watch_lock(collection, things)
    return problems


def _watch_lock(collection: Any, things: Sequence[Any]) -> None:
    """Notice what is changed or deleted of a locked variant all the same: the outliner does not ask whether it may be picked."""
    look = notes.get(collection)
    assert look is not None
    if not look.get("locked"):
        if look.get("sealed"):
            notes.put(collection, sealed="", lock_broken=False)
        return
    blocks_there = [{name: note.get(name) for name in (*_OF_BLOCK, "footprint", "roof")} for thing in things if (note := notes.get(thing))]
    blocks_there.sort(key=lambda one: str(one["id"]))
    seal = hashlib.sha256(json.dumps(blocks_there, sort_keys=True).encode()).hexdigest()[:24]
    sealed = look.get("sealed") or seal
    notes.put(collection, sealed=sealed, lock_broken=sealed != seal)


def problem_of(thing: Any) -> str:
    """What is wrong with a block's outline or parameters, as `refresh` saw it last; "" when nothing is."""
    return str((notes.get(thing) or {}).get("problem", ""))


def _say(thing: Any, problem: str) -> None:
    if problem_of(thing) != problem:
        notes.put(thing, problem=problem)


def _refresh(thing: Any, look: dict[str, Any], site: Site | None) -> None:
    if thing.mode == "EDIT":
        thing.update_from_editmode()
    note = notes.get(thing)
    assert note is not None
    if site is not None and note["origin"] != _place(site.origin):
        _from_elsewhere(thing, site.origin)
    drawn = _drawn(thing)
    body = solid_of(thing)
    if drawn == note["drawn"] and body is not None and body.get(STAMP) == _stamp(thing, look):
        if note.get("problem") and not note.get("stand_in"):
            _say(thing, "")
        return
    if drawn != note["drawn"]:
        footprint = _outline(thing)
        notes.put(thing, footprint=_rings(footprint), matrix=_matrix(thing).tolist(), **_as_drawn(thing, note, footprint))
    note = notes.get(thing)
    assert note is not None
    block = _block(note, thing, _polygon(note))
    if block.base is None and site is None:
        raise InputProblem(
            f'"{thing.name}"', "the project's data are not there, so the height of the ground is unknown", "Relink the project"
        )
    base = base_of(site, block) if site is not None else float(block.base)  # type: ignore[arg-type]
    built, doubt = _built(block, base)
    if abs(_matrix(thing)[2, 3] - base) > 1e-6:
        _lift(thing, base)
    if thing.lock_location[2] != (block.base is None):
        thing.lock_location[2] = block.base is None
    notes.put(thing, drawn=_drawn(thing), problem=doubt)
    if body is None:
        _give_solid(thing)
    _fill(thing, look, block, built, base)


def _as_drawn(thing: Any, note: dict[str, Any], footprint: shapely.Polygon) -> dict[str, Any]:
    """What of a block's note follows its mesh and transform. note : as it was before."""
    height = float(_matrix(thing)[2, 3])
    lifted = abs(height - note.get("height", height)) > _MOVED  # by hand: from now on it has a base of its own
    base = round(height, _DIGITS) if lifted else note["base"]
    return {"base": base, **_gone_with(thing, note, footprint), **_turned(thing, note)}


def _turned(thing: Any, note: dict[str, Any]) -> dict[str, Any]:
    """A ridge that was given turns with its block. note : as it was before."""
    matrix = _matrix(thing)
    turn = math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))
    ridge = note["roof"]["ridge"]
    by = turn - note.get("turn", turn)
    if ridge is None or abs(by) < 1e-4:
        return {"turn": turn}
    return {"turn": turn, "roof": {**note["roof"], "ridge": round((ridge - by) % 360.0, 4)}}


def _built(block: Block, base: float) -> tuple[Solid, str]:
    """The solid of a block, or the model in its place; of one that cannot be read the plain block, and why."""
    if block.stand_in is not None:
        try:
            return stand_in.solid(block, base), ""
        except InputProblem as problem:
            return solid(block, base), f"{problem.what}; the plain block stands in its place. {problem.what_to_do}."
    return solid(block, base), ""


def _gone_with(thing: Any, note: dict[str, Any], footprint: shapely.Polygon) -> dict[str, Any]:
    """What goes with a footprint that was moved, turned or edited since the note was written: set-backs of edges, and the model."""
    by = (_matrix(thing) @ np.linalg.inv(np.array(note["matrix"])) if "matrix" in note else np.eye(4))[:2][:, [0, 1, 3]]
    rings = [np.array(ring) @ by[:, :2].T + by[:, 2] for ring in note["footprint"]]
    before = shapely.Polygon(rings[0], rings[1:])
    model = StandIn(**note["stand_in"]) if note.get("stand_in") else None
    return {
        "set_backs": list(set_backs.carried(before, note.get("set_backs", ()), footprint)),
        "stand_in": _model_note(stand_in.carried(model, by)),
    }


def _lift(thing: Any, height: float) -> None:
    if thing.parent is None:
        thing.location.z = height
    else:
        world = thing.matrix_world.copy()
        world[2][3] = height
        thing.matrix_world = world


def _own_identity(things: Sequence[Any]) -> None:
    """A copy made by Blender bears the id and shows the solid of what it was copied from: the younger one gets its own."""
    ids: set[str] = set()
    solids: set[int] = set()
    for thing in sorted(things, key=lambda one: one.session_uid):
        note, body = notes.get(thing), solid_of(thing)
        assert note is not None
        if note["id"] in ids:
            number = 2
            while f"{note['id']}-{number}" in ids or any(notes.get(one)["id"] == f"{note['id']}-{number}" for one in things):  # type: ignore[index]
                number += 1
            name = f"{note['id']}-{number}"
            notes.put(thing, id=name, name=f"{note['name'] or note['id']} {number}" if note["name"] else "")
            ids.add(name)
        ids.add(note["id"])
        if body is not None and body.session_uid in solids:
            _give_solid(thing)
        solids |= {body.session_uid} if body is not None else set()


def _from_elsewhere(thing: Any, origin: Origin) -> None:
    """A block appended from another project: to where it stands on Earth."""
    note = notes.get(thing)
    assert note is not None
    other = note["origin"]
    if other["crs"] != origin.crs:
        what = f"it comes from a project in {other['crs']}, this one is in {origin.crs or 'no known system'}"
        raise InputProblem(f'"{thing.name}"', what, "Hand it over as GeoJSON instead")
    dx, dy = other["easting"] - origin.easting, other["northing"] - origin.northing
    untouched = _drawn(thing) == note["drawn"]
    thing.location.x += dx
    thing.location.y += dy
    rings = [(np.array(ring) + [dx, dy]).tolist() for ring in note["footprint"]]
    if "matrix" in note:
        there = np.array(note["matrix"])
        there[:2, 3] += dx, dy
        notes.put(thing, matrix=there.tolist())
    if note.get("stand_in"):
        model = stand_in.carried(StandIn(**note["stand_in"]), [[1.0, 0.0, dx], [0.0, 1.0, dy]])
        notes.put(thing, stand_in=_model_note(model))
    notes.put(thing, origin=_place(origin), footprint=rings, drawn=_drawn(thing) if untouched else "")


def _params(block: Block) -> dict[str, Any]:
    own = {name: getattr(block, name) for name in _OF_BLOCK}
    return {
        **own,
        "storey_uses": list(block.storey_uses),
        "set_backs": list(block.set_backs),
        "stand_in": _model_note(block.stand_in),
        "roof": asdict(block.roof),
        "properties": block.properties,
    }


def _place(origin: Origin) -> dict[str, Any]:
    return {"crs": origin.crs, "easting": origin.easting, "northing": origin.northing}


def _rings(footprint: shapely.Polygon) -> list[list[list[float]]]:
    return [np.asarray(ring.coords)[:, :2].tolist() for ring in (footprint.exterior, *footprint.interiors)]


def _matrix(thing: Any) -> FloatArray:
    """(4, 4) object to scene, right also for objects in hidden collections, which Blender does not evaluate."""
    return np.array(thing.matrix_basis if thing.parent is None else thing.matrix_world, np.float64)


def _coordinates(mesh: Any) -> FloatArray:
    found = np.zeros(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", found)
    return found.reshape(-1, 3)


def _edges_and_loops(mesh: Any) -> tuple[Any, Any]:
    edges, loops = np.zeros(2 * len(mesh.edges), np.int32), np.zeros(len(mesh.loops), np.int32)
    mesh.edges.foreach_get("vertices", edges)
    mesh.loops.foreach_get("edge_index", loops)
    return edges.reshape(-1, 2), loops


def _drawn(thing: Any) -> str:
    """Hash of what a person changes by drawing and moving: mesh and transform."""
    edges, loops = _edges_and_loops(thing.data)
    whole = b"".join((_coordinates(thing.data).tobytes(), edges.tobytes(), loops.tobytes(), _matrix(thing).tobytes()))
    return hashlib.sha256(whole).hexdigest()[:24]


def _stamp(thing: Any, look: dict[str, Any]) -> str:
    """Hash of all that the solid of a block is made of."""
    return _stamp_of(notes.text_of(thing) or "", look["colour"], look["id"])


@lru_cache(maxsize=8192)
def _stamp_of(text: str, colour: str, variant: str) -> str:
    note = notes.parsed(text)
    own = {name: note.get(name) for name in _MAKES_A_SOLID}
    return hashlib.sha256(json.dumps([own, colour, variant], sort_keys=True).encode()).hexdigest()[:24]


def _outline(thing: Any) -> shapely.Polygon:
    """The outline of the drawn mesh in scene coordinates."""
    return _outline_of(f'"{thing.name}"', thing.data, _matrix(thing))


def _seen_from_above(where: str, mesh: Any, matrix: FloatArray) -> FloatArray:
    """(V, 2) its corners in scene coordinates; raises InputProblem where they are none."""
    if abs(np.linalg.det(matrix[:3, :3])) < 1e-9:
        raise InputProblem(where, "it is scaled to nothing", "Undo, or set its scale to 1")
    points = np.round(_coordinates(mesh).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3], _DIGITS)[:, :2]
    if not np.isfinite(points).all():
        raise InputProblem(where, "its outline has coordinates that are no numbers", "Undo, or draw it again")
    return np.asarray(points)


def _outline_of(where: str, mesh: Any, matrix: FloatArray) -> shapely.Polygon:
    """The edges that bound one face; without faces, all edges."""
    edges, loops = _edges_and_loops(mesh)
    sides = np.bincount(loops, minlength=len(edges)) if len(loops) else np.ones(len(edges), int)
    border = edges[sides == 1]
    points = _seen_from_above(where, mesh, matrix)
    lines = shapely.linestrings(points[border]) if len(border) else np.array([], object)
    if len(shapely.get_parts(shapely.node(shapely.multilinestrings(lines)))) > len(np.unique(np.sort(border, axis=1), axis=0)):
        raise InputProblem(where, "its outline crosses itself", "Draw it without crossings")
    area = shapely.build_area(shapely.geometrycollections(lines)) if len(lines) else shapely.Polygon()
    if area.is_empty:
        raise InputProblem(where, "its outline is not closed", "Close the outline with a face (F)")
    if area.geom_type != "Polygon":
        raise InputProblem(
            where, f"its outline falls into {len(shapely.get_parts(area))} parts", "Separate them (P) into blocks of their own"
        )
    if not area.is_valid or shapely.length(shapely.multilinestrings(lines)) > shapely.length(area.boundary) + 0.01:
        raise InputProblem(where, "edges stand alone in its outline, or it touches itself", "Delete what does not belong to the outline")
    return shapely.geometry.polygon.orient(area, 1.0)


# --- solids -----------------------------------------------------------------------------------------------------------


def _draw(mesh: Any, footprint: shapely.Polygon, middle: FloatArray) -> None:
    """The footprint as flat faces: one where it has no courtyard, else triangles."""
    rings = [np.asarray(ring.coords)[:-1, :2] - middle for ring in (footprint.exterior, *footprint.interiors)]
    points = np.concatenate(rings)
    flat = np.column_stack([points, np.zeros(len(points))])
    if len(rings) == 1:
        mesh.from_pydata(flat.tolist(), [], [list(range(len(points)))])
    else:
        start = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int32)
        triangles, _ = triangulate(flat, start, np.zeros(len(rings), np.int32), np.array([[0.0, 0.0, 1.0]]))
        mesh.from_pydata(flat.tolist(), [], triangles.tolist())
    mesh.update(calc_edges=True)


def _node_group() -> Any:
    """Shows an object that lies in no collection in the place of another's mesh."""
    group = bpy.data.node_groups.get(GROUP)
    if group is not None and group.library is None:
        return group
    group = bpy.data.node_groups.new(GROUP, "GeometryNodeTree")
    group.is_modifier = True
    group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    group.interface.new_socket(SOLID, in_out="INPUT", socket_type="NodeSocketObject")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    start, info, end = group.nodes.new("NodeGroupInput"), group.nodes.new("GeometryNodeObjectInfo"), group.nodes.new("NodeGroupOutput")
    info.transform_space = "ORIGINAL"
    group.links.new(start.outputs[SOLID], info.inputs["Object"])
    group.links.new(info.outputs["Geometry"], end.inputs[0])
    for node, x in ((start, -400), (info, -150), (end, 100)):
        node.location.x = x
    return group


def _give_solid(thing: Any) -> None:
    """A solid of its own for a block, still empty."""
    modifier = thing.modifiers.get(SOLID)
    if modifier is None:
        modifier = thing.modifiers.new(SOLID, "NODES")
    if modifier.node_group is None:
        modifier.node_group = _node_group()
    name = f"{thing.name} Baukörper"
    compat.set_modifier_input(modifier, SOLID, bpy.data.objects.new(name, bpy.data.meshes.new(name)))
    thing.update_tag()


def _fill(thing: Any, look: dict[str, Any], block: Block, body: Solid, base: float) -> None:
    """The solid's mesh, in the block's own axes, with attributes and materials, and the stamp of what it was made of."""
    holder = solid_of(thing)
    mesh = holder.data
    inverse = np.linalg.inv(_matrix(thing))
    below = underground(block, base)
    if below is not None:
        body = both(body, below)
    vertices = body.vertices @ inverse[:3, :3].T + inverse[:3, 3]
    triangles = body.triangles if np.linalg.det(inverse[:3, :3]) > 0 else body.triangles[:, ::-1]  # mirrored: keep facing outward
    semantics = body.semantics[body.triangle_face]
    attributes = (Attribute("surface", "INT", "FACE", body.triangle_face), Attribute("semantics", "INT", "FACE", semantics))
    along = _along_walls(body, base + block.plinth)
    uv = along if triangles is body.triangles else along.reshape(-1, 3, 2)[:, ::-1]
    mesh.materials.clear()  # which also takes away the slots of faces that are there
    for material in _materials(look, block):
        mesh.materials.append(material)
    fill_mesh(mesh, Shape(vertices, triangles, (semantics != Semantics.WALL).astype(np.int32), attributes, (("facade", uv),)))
    notes.put(thing, height=float(_matrix(thing)[2, 3]))
    holder[STAMP] = _stamp(thing, look)
    thing["use"], thing["storeys"] = block.use, block.storeys  # for other tools: shown among the custom properties
    thing.update_tag()
    holder.update_tag()


def _materials(look: dict[str, Any], block: Block) -> Iterable[Any]:
    """Façade and roof; blocks that look alike share them."""
    colour = look["colour"]
    heights = (block.ground_floor_height, block.storey_height, block.storeys_height)
    name = f"Fassade {colour} {block.use} " + " ".join(f"{value:g}" for value in heights)
    if block.stand_in is not None:  # it has windows of its own, or none
        name = f"Modell {colour}"
        yield bpy.data.materials.get(name) or materials.plain(name, palette.lightened(colour, 0.45))
    else:
        yield bpy.data.materials.get(name) or materials.facade(name, colour, block.use, *heights)
    name = f"Dach {colour}"
    yield bpy.data.materials.get(name) or materials.plain(name, palette.roof_of(colour))


def _along_walls(body: Solid, base: float) -> FloatArray:
    """(3 T, 2) metres along the wall from its first corner, and above the base, for each corner of each triangle."""
    corners = body.vertices[body.triangles]
    starts = np.array([body.vertices[rings[0][0]] for rings in body.faces])
    ends = np.array([body.vertices[rings[0][1]] for rings in body.faces])
    along = (ends - starts)[:, :2]
    along /= np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]
    face = body.triangle_face
    u = np.einsum("tcj,tj->tc", corners[:, :, :2] - starts[face, None, :2], along[face])
    return np.stack([u, corners[:, :, 2] - base], axis=-1).reshape(-1, 2)


def fill(scene: Any, applied: Applied) -> Any:
    """A variant as collection and objects; its blocks are built already. Returns the collection."""
    collection = add_variant(scene, applied.variant, applied.site.origin)
    for block, base, body in zip(applied.variant.blocks, applied.bases.tolist(), applied.solids, strict=True):
        add_block(collection, block, applied.site, base, body)
    return collection


def renamed(variant: Variant, taken: Iterable[str]) -> Variant:
    """The variant with an id that is not taken."""
    ids, number, name = set(taken), 2, variant.id
    while name in ids:
        name, number = f"{variant.id}-{number}", number + 1
    return replace(variant, id=name)
