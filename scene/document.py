"""A Blender scene as the document of a project: which folder it belongs to, what was written there last, and what differs now.

The folder holds project.toml, `variants/`, `data/`, `results/` and `pictures/`; the scene holds the same variants as objects. Both bear a
revision, the hash of project file and variants: where they differ at load, somebody else has worked on one of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ..jena_city import imported, merging, profiles, project, variant_files, variant_folder
from ..jena_city.applied import apply
from ..jena_city.files import move_folder
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT, Variant
from . import builder, demolition, landcover, notes, shapes, sync

COMMON = "jena_planner_common"  # on the scene: its variants and the folder's when they were the same last, as JSON


@dataclass(frozen=True)
class State:
    """How scene and folder stand to each other. kind : none (no project), same, folder-changed, data-changed, folder-missing, data-missing,
    newer. words : a sentence for people, "" for none and same."""

    kind: str
    words: str = ""


def is_document(scene: Any) -> bool:
    """Whether the scene belongs to a project."""
    return scene is not None and notes.KEY in scene


def note(scene: Any) -> dict[str, Any]:
    """What the scene knows of its project; raises InputProblem when it has none."""
    found = notes.get(scene)
    if found is None:
        raise InputProblem(f'scene "{scene.name}"', "there is no project in it", "Open or import one first")
    return found


def folder(scene: Any) -> Path:
    """The project's folder, there or not; raises InputProblem when the scene has no project."""
    return Path(bpy.path.abspath(note(scene)["folder"]))


def origin(scene: Any) -> Origin:
    """Where the scene lies, without reading the site."""
    return Origin(**note(scene)["origin"])


def site(scene: Any) -> Site:
    """The scene's site, read from `data/` when it is needed first; raises InputProblem when that is gone."""
    return imported.site_in(folder(scene))


def loaded_site(scene: Any) -> Site | None:
    """The site if it can be had, else None."""
    try:
        return site(scene)
    except InputProblem:
        return None


@dataclass(frozen=True)
class Ready:
    """A project's site and variants, ready for `build`. revision : of the folder when they were read."""

    folder: Path
    town: shapes.Town
    revision: str


def ready(place: Path, opened: Site, progress: Progress = no_progress) -> Ready:
    """Read the variants in a project's folder and make all that Blender is handed; raises InputProblem for a faulty one. For a thread."""
    known = revision(place)
    _path, file = project.read(place)
    found = sorted((variant for _, variant in variant_folder.read(place, file, opened.origin).values()), key=lambda one: one.name)
    applied = [apply(opened, variant) for variant in (NULL_VARIANT, *found)]
    return Ready(place, shapes.town(opened, applied, landcover.FOR_THE_VIEWPORT, progress), known)


def _current(place: Path, made: Ready | None) -> Ready:
    """What was made ready, unless it was not that folder or somebody saved there meanwhile: then it is made anew."""
    if made is not None and made.folder == place and made.revision == revision(place):
        return made
    return ready(place, imported.site_in(place))


def build(scene: Any, made: Ready) -> None:
    """Fill a scene that has no project yet with the project in a folder."""
    town = _current(made.folder, made).town
    builder.build(town)
    builder.show_photo(scene, scene.jena.show_photo)
    builder.show_looks(scene, scene.jena.show_looks)
    shown = [one.variant.id for one in town.applied if one.variant != NULL_VARIANT]
    attach(scene, made.folder, town, shown[0] if shown else NULL_VARIANT.id, None)
    sync.show_variant(scene, note(scene)["shown"])


def attach(scene: Any, place: Path, town: shapes.Town, shown: str, blend: Path | None) -> None:
    """Note on a scene that was built of a town which project it is. blend : the file it will be saved as, None: as it is now."""
    file = profiles.completed(project.read(place)[1])
    at = town.site.origin
    notes.put(
        scene,
        kind="project",
        folder=_portable(place, blend),
        name=file.project.name,
        origin={"crs": at.crs, "easting": at.easting, "northing": at.northing, "height_system": at.height_system},
        time_zone=file.place.time_zone,
        saved_name=file.project.name,
        source=file.data.licence,
        site=town.site_hash,
        data=imported.mark(place),
        revision=revision(place),
        shown=shown,
    )
    _remember_common(scene, [one.variant for one in town.applied], at)


def _portable(place: Path, blend: Path | None = None) -> str:
    """A folder as the .blend names it: relative where the .blend lies in it, so that both may move together."""
    file = blend or (Path(bpy.data.filepath) if bpy.data.filepath else None)
    if file is not None and file.parent.resolve() == place.resolve():
        return "//"
    return str(place.resolve())


def place_at(scene: Any, place: Path) -> None:
    """Note where the project's folder is, as seen from the .blend under its present name."""
    notes.put(scene, folder=_portable(place))


def settle_in(scene: Any, unsaved: Path, blend: Path) -> Path:
    """Before a save under a name: note where the folder lies as seen from there. A project that lives in the folder for unsaved ones
    moves beside the .blend: into the .blend's own folder where nothing else lies there, else into a new one with its name.

    Returns the project's folder. Raises InputProblem when it cannot move; then it stays whole where it is, and noted there.
    """
    place = folder(scene)
    if not place.resolve().is_relative_to(unsaved.resolve()):
        notes.put(scene, folder=_portable(place, blend))
        return place
    others = [path for path in blend.parent.iterdir() if path.name != blend.name and not path.name.startswith(".")]
    target = blend.parent if not others else _free(blend.with_suffix(""))
    notes.put(scene, folder=_portable(place, blend))
    move_folder(place, target)
    notes.put(scene, folder=_portable(target, blend))
    return target


def move(scene: Any, place: Path) -> None:
    """The project is in another folder now. Raises InputProblem when it is another project."""
    _path, file = project.read(place)
    known = note(scene)
    if file.project.name not in (known["name"], known.get("saved_name")):
        what = f"this is the project {file.project.name}, the scene belongs to {known['name']}"
        raise InputProblem(place, what, "Choose the folder of this project")
    notes.put(scene, folder=_portable(place))


def revision(place: Path) -> str:
    """Hash of a project's file and variants as they stand in the folder; "" when it cannot be read."""
    digest = hashlib.sha256()
    try:
        _path, file = project.read(place)
        digest.update(json.dumps(file.model_dump(mode="json"), sort_keys=True).encode())
        for path in project.files_named(place, file.variants.files, "variants", needed=False):
            digest.update(json.dumps([path.name, json.loads(path.read_text(encoding="utf-8-sig"))], sort_keys=True).encode())
    except (InputProblem, OSError, ValueError, RecursionError):
        return ""
    return digest.hexdigest()[:16]


def state(scene: Any) -> State:
    """How scene and folder stand to each other now; reads the folder, so not to be called while drawing."""
    if not is_document(scene):
        return State("none")
    try:
        known = note(scene)
    except InputProblem as problem:
        return State("newer", str(problem))
    place = folder(scene)
    if not (place / project.FILE_NAME).is_file():
        return State("folder-missing", f"The project's folder is not there: {place}. Relink it; everything you see stays.")
    if not (place / imported.FOLDER / "site.json").is_file():
        return State(
            "data-missing", f"The read data are not in {place / imported.FOLDER}. Import again, or relink; everything you see stays."
        )
    if revision(place) != known["revision"]:
        return State("folder-changed", f"The project's folder was changed by somebody else since this file was saved ({place.name}).")
    if imported.mark(place) != known.get("data", imported.mark(place)):  # files of before noted none
        return State("data-changed", f"The data of {place.name} were read anew since this file was built of them; you see the old ones.")
    return State("same")


def save(scene: Any) -> list[Path]:
    """Write what has changed into the project's folder: variants, the project's name and its licence line, beside and renamed.
    Returns the files written.

    Raises InputProblem when a block cannot be one, or the folder cannot be written: then nothing is written at all.
    """
    place, at = folder(scene), origin(scene)
    path, file = project.read(place)
    mine = sync.variants(scene)
    written = variant_folder.write(place, file, at, mine)
    known, wanted = note(scene), variant_folder.with_files(file, place, written)
    wanted.project.name = known["name"]
    if known["source"] != profiles.completed(file).data.licence:
        wanted.data.licence = known["source"]
    if wanted != file:
        project.write(path, wanted)
        written.append(path)
    notes.put(scene, saved_name=wanted.project.name, revision=revision(place), folder=_portable(place))
    _remember_common(scene, mine, at)
    return written


def _free(path: Path) -> Path:
    number, found = 2, path
    while found.exists():
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found


def take_from_folder(scene: Any, made: Ready | None = None) -> None:
    """The folder's project in place of the scene's. A faulty file there raises InputProblem and changes nothing. made : what is in the
    folder, where it is ready."""
    made = _current(folder(scene), made)
    shown = note(scene)["shown"]
    empty(scene)
    build(scene, made)
    if shown == NULL_VARIANT.id or sync.collection_of(scene, shown) is not None:
        show(scene, shown)


def show_data(scene: Any) -> None:
    """The town as it is in `data/` now, with the scene's variants, which are written to the folder first. Raises InputProblem; then
    nothing has changed."""
    save(scene)
    take_from_folder(scene)


def empty(scene: Any) -> None:
    """Take out of a scene what the project put there; what a person added stays."""
    for collection in list(scene.collection.children):
        known = notes.get(collection)
        if known is None or known.get("kind") not in ("context", "variant"):
            continue
        for thing in list(collection.objects):
            bpy.data.objects.remove(thing)
        for inner in collection.children:  # what a person put below ours
            scene.collection.children.link(inner)
        bpy.data.collections.remove(collection)
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)


def show(scene: Any, variant: str) -> None:
    """Show a variant by its id; the Bestand is "bestand"."""
    sync.show_variant(scene, variant)
    notes.put(scene, shown=variant)


def keep_mine(scene: Any) -> None:
    """The scene's variants are the right ones: the next save writes them over the folder's."""
    notes.put(scene, revision=revision(folder(scene)))


def merged(scene: Any, choices: Mapping[str, merging.Side] | None = None) -> merging.Merged:
    """The scene's variants and the folder's in one, against what both were when they were the same last. choices : see `merging.merge`.
    Changes nothing. Raises InputProblem."""
    _path, file = project.read(folder(scene))
    theirs = [variant for _, variant in variant_folder.read(folder(scene), file, origin(scene)).values()]
    mine = [variant for variant in sync.variants(scene) if variant.id != NULL_VARIANT.id]
    return merging.merge(mine, theirs, _common(scene), choices)


def put_merged(scene: Any, made: merging.Merged) -> None:
    """Show merged variants in place of the scene's; the next save writes them to the folder. Raises InputProblem; then nothing has
    changed."""
    known = site(scene)
    there = {variant.id: variant for variant in sync.variants(scene)}
    fresh = [apply(known, variant) for variant in made.variants if variant != there.get(variant.id)]
    gone = set(there) - {variant.id for variant in made.variants} | {one.variant.id for one in fresh}
    order = {variant.id: number for number, variant in enumerate(made.variants)}
    for collection in sync.collections(scene):
        if notes.get(collection)["id"] in gone:  # type: ignore[index]
            sync.remove_variant(collection)
    for one in fresh:
        demolition.cut_out(scene, known, one.variant.removed)
        builder.add_variant(scene, one, shapes.outline(one))
    for collection in sync.collections(scene):
        notes.put(collection, order=order[notes.get(collection)["id"]])  # type: ignore[index]
    seen = note(scene)["shown"]
    show(scene, seen if seen in order else next(iter(order), NULL_VARIANT.id))
    _path, file = project.read(folder(scene))
    _remember_common(scene, [variant for _, variant in variant_folder.read(folder(scene), file, origin(scene)).values()], origin(scene))
    keep_mine(scene)


def _remember_common(scene: Any, variants: Iterable[Variant], at: Origin) -> None:
    text = json.dumps([variant_files.as_geojson(one, at) for one in variants if one.id != NULL_VARIANT.id], ensure_ascii=False)
    if scene.get(COMMON) != text:
        scene[COMMON] = text


def _common(scene: Any) -> list[Variant] | None:
    """None where a .blend of an older version does not know it."""
    text = scene.get(COMMON)
    if not isinstance(text, str):
        return None
    return [variant_files.from_geojson(one, folder(scene) / "variants", origin(scene)) for one in json.loads(text)]
