"""Results in the scene: the list, which one is shown, whether it is still true, and export."""

import shutil
from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty, StringProperty

from ..analyses import differences
from ..jena_city import store
from ..jena_city.problems import InputProblem
from ..jena_city.result import Result
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT
from ..scene import builder, document, handlers, notes, shapes, sun_view, sync
from . import base, jobs, variants, view

ENDINGS = (".npz", ".csv", ".geojson", ".tif", ".png")


def things(scene: Any) -> list[Any]:
    """The objects that hold results, in the order they were made."""
    found = []
    for collection in scene.collection.children:
        if (notes.get(collection) or {}).get("name") == builder.RESULTS:
            found += [thing for thing in collection.objects if (notes.get(thing) or {}).get("kind") == "result"]
    return found


def shown(scene: Any) -> Any:
    """The result that is seen; None when there is none."""
    return next((thing for thing in things(scene) if not thing.hide_viewport), None)


def show(scene: Any, name: str | None) -> None:
    """Show one result, or none, and the variant it belongs to."""
    for thing in things(scene):
        note = notes.get(thing)
        assert note is not None
        here = note["name"] == name
        thing.hide_viewport = thing.hide_render = not here
        if here and note["variant"] != variants.shown(scene):
            document.show(scene, note["variant"])
    colours_as_in_the_legend(scene)


def follow_variant(scene: Any) -> None:
    """After another variant is shown: the same result of that variant, else none."""
    seen = shown(scene)
    if seen is None:
        return
    note = notes.get(seen)
    assert note is not None
    if note.get("live"):  # it follows by itself
        return
    stem = note["name"].removesuffix(note["variant"])
    wanted = f"{stem}{variants.shown(scene)}"
    show(scene, wanted if any(notes.get(thing)["name"] == wanted for thing in things(scene)) else None)  # type: ignore[index]


def colours_as_in_the_legend(scene: Any) -> None:
    """While a result is seen colours go through unchanged; otherwise as Blender's own default."""
    colours = scene.view_settings
    wanted = "Standard" if shown(scene) is not None else "Khronos PBR Neutral"
    if colours.view_transform != wanted:
        colours.view_transform = wanted
    if wanted == "Standard":
        sun_view.shadows(scene, False)
    else:
        sun_view.apply(scene)
    for area, space in view.views(scene):
        shading = space.shading
        if shading.type == "SOLID":  # a map has no light: values keep their colours, edges show the buildings
            shading.light = "STUDIO" if wanted != "Standard" else "FLAT"
            shading.show_object_outline = True
            shading.show_cavity = wanted != "Standard"
        area.tag_redraw()


Made = tuple[str, Result, shapes.Shape | None]
"""A result by its name, and its shape unless it is too large for the viewport."""


def ready(path: Path, site: Site) -> Made:
    """A result from its file, made ready to be taken. For a thread."""
    result = store.load_result(path)
    return path.stem, result, shapes.of_result(result, site) if result.support.size <= builder.MOST_VALUES else None


def take(scene: Any, found: list[Made]) -> None:
    """Put results into the scene in place of older ones of the same name, and show the first that is a map of the ground."""
    put(scene, found)
    show_first(scene, [name for name, _, _ in found])


def put(scene: Any, found: list[Made]) -> None:
    """Put results into the scene in place of older ones of the same name, hidden unless the older one was seen."""
    there = {notes.get(thing)["name"]: thing for thing in things(scene)}  # type: ignore[index]
    for name, result, shape in found:
        seen = name in there and not there[name].hide_viewport
        if name in there:
            bpy.data.meshes.remove(there[name].data)
        if shape is not None:
            made = builder.result_object(result, name, shape)
            made.hide_viewport = made.hide_render = not seen
    mark_stale(scene)
    if any(shape is None for _, _, shape in found):
        jobs.notice[:] = ["A result is too large for the viewport; it is in the project's folder."]


def arrive(scene: Any, made: Made) -> None:
    """Put a result into the scene while others are still being computed; seen where nothing else is."""
    put(scene, [made])
    if shown(scene) is None:
        show_first(scene, [made[0]])


def show_first(scene: Any, names: list[str]) -> None:
    """Show the first of these results that is a map of the ground of the shown variant, or what comes nearest to that."""
    there = {notes.get(thing)["name"]: notes.get(thing)["variant"] for thing in things(scene)}  # type: ignore[index]
    names = [name for name in names if name in there]
    mine = [name for name in names if there[name] == variants.shown(scene)] or names
    show(scene, next((name for name in mine if "-ground-" in name and "-change-" not in name), mine[0]) if mine else None)


def mark_stale(scene: Any) -> None:
    """See which results were made of variants that have changed since."""
    found = things(scene)
    if not found:
        return
    known = notes.get(scene)
    assert known is not None
    try:
        hashes = {variant.id: store.variant_hash(variant) for variant in sync.variants(scene)}
    except InputProblem:  # a block is just being drawn
        return
    for thing in found:
        note = notes.get(thing)
        assert note is not None
        base = note["inputs"].get("base")
        now = {"site": known["site"], "variant": hashes.get(note["variant"], "")}
        stale = any(note["inputs"].get(name) != value for name, value in now.items()) or (base is not None and base not in hashes.values())
        if note.get("stale", False) != stale:
            notes.put(thing, stale=stale)


class _OnShown(base.InProject):
    """Works on the result that is seen."""

    panel = "results"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and shown(context.scene) is not None


class JENA_OT_show_result(base.InProject, bpy.types.Operator):
    """Show this result in the viewport with its legend, or hide it"""

    bl_idname = "jena.show_result"
    bl_label = "Show Result"
    bl_options = {"REGISTER", "UNDO"}

    result: StringProperty(name="Result", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        seen = shown(context.scene)
        here = seen is not None and notes.get(seen)["name"] == self.result
        show(context.scene, None if here else self.result)


class JENA_OT_delete_result(_OnShown, bpy.types.Operator):
    """Take the shown result out of the scene; its files stay in the project's folder"""

    bl_idname = "jena.delete_result"
    bl_label = "Remove Result"
    bl_options = {"REGISTER", "UNDO"}

    def do(self, context: Any) -> None:
        bpy.data.meshes.remove(shown(context.scene).data)
        colours_as_in_the_legend(context.scene)


class JENA_OT_export_result(_OnShown, bpy.types.Operator):
    """Copy the shown result to a folder: GeoTIFF, CSV, GeoJSON and a map as PNG"""

    bl_idname = "jena.export_result"
    bl_label = "Export Result"
    bl_options = {"REGISTER"}

    directory: StringProperty(name="Folder", subtype="DIR_PATH")

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        name = notes.get(shown(context.scene))["name"]  # type: ignore[index]
        source, target = document.folder(context.scene) / "results", Path(bpy.path.abspath(self.directory))
        files = [path for ending in ENDINGS if (path := source / f"{name}{ending}").is_file()]
        if not files:
            raise InputProblem(source, f"the files of {name} are not there any more", "Run the analysis again")
        target.mkdir(parents=True, exist_ok=True)
        for path in files:
            shutil.copy2(path, target / path.name)
        words = bpy.app.translations.pgettext_rpt("{} file written to {}" if len(files) == 1 else "{} files written to {}").format(
            len(files), target
        )
        self.report({"INFO"}, words)


def _others(_self: Any, context: Any) -> list[tuple[str, str, str]]:
    """The variants of which there is the result that is seen. Blender wants the texts kept."""
    seen = shown(context.scene)
    found = []
    if seen is not None:
        note = notes.get(seen)
        assert note is not None
        stem, folder = note["name"].removesuffix(note["variant"]), document.folder(context.scene) / "results"
        there = {NULL_VARIANT.id: NULL_VARIANT.name} | {notes.get(one)["id"]: one.name for one in sync.collections(context.scene)}  # type: ignore[index]
        found = [(one, name, "") for one, name in there.items() if one != note["variant"] and (folder / f"{stem}{one}.npz").is_file()]
    _choices[:] = found
    return _choices


_choices: list[tuple[str, str, str]] = []


class JENA_OT_compare_result(_OnShown, bpy.types.Operator):
    """Show by how much the shown result differs from the same result of another variant, which must have been computed"""

    bl_idname = "jena.compare_result"
    bl_label = "Compare With"
    bl_options = {"REGISTER", "UNDO"}

    other: EnumProperty(name="Variant", items=_others)

    def do(self, context: Any) -> None:
        scene = context.scene
        note = notes.get(shown(scene))
        assert note is not None
        folder, mine = document.folder(scene) / "results", note["name"]
        theirs = f"{mine.removesuffix(note['variant'])}{self.other}"
        words = next((name for one, name, _ in _others(self, context) if one == self.other), self.other)
        one, other = (store.load_result(folder / f"{name}.npz") for name in (mine, theirs))
        found = differences.difference(one, other, words)
        name = f"{mine}-minus-{self.other}"
        take(scene, [(name, found, shapes.of_result(found, document.site(scene)))])
        show(scene, name)


CLASSES = (JENA_OT_show_result, JENA_OT_delete_result, JENA_OT_export_result, JENA_OT_compare_result)


def register(registry: Any) -> None:
    """Whenever blocks have changed, see what that makes of results."""
    registry.handler(handlers.settled, mark_stale)
