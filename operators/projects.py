"""The project as a document: the sample, open, save, relink, and what to do when folder and .blend differ."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.app.handlers import persistent
from bpy.props import StringProperty

from ..jena_city import imported, project, sample
from ..jena_city.problems import InputProblem, Progress, Report
from ..pipeline import opening
from ..scene import document, handlers, notes, sun_view
from . import base, errors, jobs, preferences, sentences, view

MOST_LINES = 24  # of a report that a window shows
BRIGHT = "paint.sl"  # of Blender's own lights the one that suits a model of light greys
state: list[document.State] = [document.State("none")]
"""How the scene and its folder stand to each other, as seen when the file was opened or saved last: what the banner shows."""
problems: list[str] = []
"""What was wrong with blocks when they were made anew last."""


def look(scene: Any) -> None:
    """See anew how scene and folder stand to each other."""
    state[:] = [document.state(scene)]


def profile(scene: Any) -> str:
    """The profile that the scene's project names; "" for none, or where its file cannot be read."""
    if not document.is_document(scene):
        return ""
    try:
        return project.read(document.folder(scene))[1].place.profile
    except InputProblem:
        return ""


def unoccupied(scene: Any) -> None:
    """Raise InputProblem where the scene has a project already."""
    if document.is_document(scene):
        name = document.note(scene)["name"]
        raise InputProblem("This file", f"it holds the project {name} already", "Begin with File ▸ New, or add the data to this project")


@dataclass(frozen=True)
class Ready:
    """A project read and ready to be shown; made in a thread."""

    project: document.Ready
    report: Report


def ready(opened: opening.Project, progress: Progress) -> Ready:
    """Read a project's site (quick, when `data/` holds it) and make all that Blender is handed. For a thread."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.9 * share, what))
    made = document.ready(opened.folder, read.site, lambda share, what: progress(0.9 + 0.1 * share, what))
    return Ready(made, read.report)


def fill(scene: Any, made: Ready) -> None:
    """Show a project in a scene, in place of what Blender starts with."""
    _without_startup(scene)
    document.build(scene, made.project)
    remember(scene, made.report)
    _usable_view(scene)
    view.frame(scene, made.project.town.site)
    if not bpy.app.background:
        bpy.app.timers.register(view.show_tab, first_interval=0.5)  # a sidebar that was closed has no tabs before it is drawn
    sun_view.apply(scene)
    look(scene)


def remember(scene: Any, report: Report) -> None:
    """Keep with the scene how much was read and how many problems there were, for the panel."""
    counts = {"buildings": report.buildings, "parts": report.building_parts, "problems": len(report.problems)}
    notes.put(scene, read=counts)


def _without_startup(scene: Any) -> None:
    """Take away what stands in every new file of Blender's, if nobody has touched it."""
    for name, place in (("Cube", (0.0, 0.0, 0.0)), ("Light", (4.076, 1.005, 5.904)), ("Camera", (7.359, -6.926, 4.958))):
        thing = scene.objects.get(name)
        untouched = thing is not None and np.allclose(thing.location, place, atol=1e-3)
        if untouched and (thing.type != "MESH" or len(thing.data.vertices) == 8):
            bpy.data.objects.remove(thing)
    for collection in list(scene.collection.children):
        if collection.name == "Collection" and not collection.objects and not collection.children:
            bpy.data.collections.remove(collection)


def _usable_view(scene: Any) -> None:
    """Units, and how far the viewport sees."""
    units = scene.unit_settings
    units.system, units.length_unit, units.scale_length = "METRIC", "METERS", 1.0
    for screen in bpy.data.screens:
        for area in screen.areas:
            if area.type == "VIEW_3D":
                space = area.spaces.active
                space.clip_start, space.clip_end = 1.0, 20_000.0
                space.overlay.show_floor = space.overlay.show_axis_x = space.overlay.show_axis_y = False
                space.overlay.show_cursor = False
                space.shading.type, space.shading.color_type, space.shading.light = "SOLID", "TEXTURE", "STUDIO"
                if BRIGHT in bpy.context.preferences.studio_lights:
                    space.shading.studio_light = BRIGHT
                space.shading.show_cavity, space.shading.cavity_type = True, "WORLD"
                space.show_region_ui = True


class _Opening:
    """What operators that open a project have in common."""

    failed: bool

    def open(self, context: Any, title: str, folder: Path, prepare: Any) -> set[str]:
        """Read a project in a thread and show it. prepare(progress) -> Project, in the thread."""
        scene = context.scene
        with errors.reported(self):
            unoccupied(scene)

            def work(progress: Progress) -> Ready:
                progress(0.02, "preparing")
                return ready(prepare(progress), progress)

            jobs.start(jobs.Job(title, scene.name, work, fill))
        return {"CANCELLED"} if self.failed else {"FINISHED"}


class JENA_OT_sample(bpy.types.Operator, _Opening):
    """Open the made-up quarter that comes with the program: a valley, 200 houses, three variants, ready to try everything on"""

    bl_idname = "jena.open_sample"
    bl_label = "Open the Sample"
    bl_options = {"REGISTER"}

    folder: StringProperty(name="Folder", subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: Any) -> set[str]:
        folder = Path(self.folder) if self.folder else free(preferences.unsaved_folder() / sample.NAME)
        return self.open(context, "Open the sample", folder, lambda _progress: opening.load(sample.write(folder)))


def free(folder: Path) -> Path:
    """The folder, or one with a number where it exists already."""
    number, found = 2, folder
    while found.exists():
        found, number = folder.with_name(f"{folder.name} {number}"), number + 1
    return found


class JENA_OT_open(bpy.types.Operator, _Opening):
    """Open a project folder: the .blend in it where there is just one, else everything is built anew"""

    bl_idname = "jena.open_project"
    bl_label = "Open Project"
    bl_options = {"REGISTER"}

    filepath: StringProperty(name="Project", subtype="FILE_PATH")
    filter_glob: StringProperty(default="project.toml", options={"HIDDEN"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Any) -> set[str]:
        chosen = Path(bpy.path.abspath(self.filepath))
        folder = chosen if chosen.is_dir() else chosen.parent
        blends = list(folder.glob("*.blend"))
        if len(blends) == 1:  # with Blender's own question where something is not saved
            return set(bpy.ops.wm.open_mainfile("INVOKE_DEFAULT", filepath=str(blends[0]), display_file_selector=False))
        return self.open(context, "Open project", folder, lambda _progress: opening.load(folder))


class JENA_OT_report(base.InProject, bpy.types.Operator):
    """Show what was skipped, mended or doubtful when the data were read, and copy the whole list"""

    bl_idname = "jena.show_report"
    bl_label = "What Was Read"

    def invoke(self, context: Any, _event: Any) -> set[str]:
        result = self.execute(context)
        if self.failed:
            return result
        return set(context.window_manager.invoke_popup(self, width=640))

    def do(self, context: Any) -> None:
        path = document.folder(context.scene) / imported.FOLDER / "import.json"
        try:
            problems = json.loads(path.read_text(encoding="utf-8"))["report"]["problems"]
        except (OSError, ValueError, KeyError) as error:
            raise InputProblem(path, "the report of the import is not there", "Import again, or relink the project") from error
        self.lines = [" ".join(part for part in (Path(p["file"]).name, p["id"], sentences.spoken(p["message"])) if part) for p in problems]
        context.window_manager.clipboard = "\n".join(self.lines)

    def draw(self, _context: Any) -> None:
        column = self.layout.column(align=True)
        for line in self.lines[:MOST_LINES]:
            column.label(text=line, translate=False)
        if not self.lines:
            column.label(text="Everything was read without a problem.", icon="CHECKMARK")
        else:
            self.layout.label(text="The whole list is on the clipboard.", icon="COPYDOWN")


class JENA_OT_save(bpy.types.Operator):
    """Save the .blend, and the variants into the project's folder"""

    bl_idname = "jena.save"
    bl_label = "Save Project"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene)

    def execute(self, context: Any) -> set[str]:
        if not bpy.data.filepath:
            if bpy.app.background:
                self.report({"ERROR"}, "The file has no name yet: use wm.save_as_mainfile")
                return {"CANCELLED"}
            return set(bpy.ops.wm.save_as_mainfile("INVOKE_DEFAULT"))
        bpy.ops.wm.save_mainfile()
        return {"FINISHED"}


class JENA_OT_relink(base.InProject, bpy.types.Operator):
    """Say where the project's folder is now; what you see stays as it is"""

    bl_idname = "jena.relink"
    bl_label = "Relink Project"
    bl_options = {"REGISTER", "UNDO"}

    directory: StringProperty(name="Folder", subtype="DIR_PATH")
    filter_folder: bpy.props.BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        document.move(context.scene, Path(bpy.path.abspath(self.directory)))
        handlers.settle(context.scene)
        look(context.scene)


class JENA_OT_take_folder(base.InProject, bpy.types.Operator):
    """Take the variants as they stand in the project's folder; those in this file go (undo brings them back)"""

    bl_idname = "jena.take_folder"
    bl_label = "Take the Folder's"
    bl_options = {"REGISTER", "UNDO"}

    def do(self, context: Any) -> None:
        document.take_from_folder(context.scene)
        look(context.scene)


class JENA_OT_show_data(base.InProject, bpy.types.Operator):
    """Build the town again of the data in the project's folder; the variants of this file are saved and stay"""

    bl_idname = "jena.show_data"
    bl_label = "Show the New Data"
    bl_options = {"REGISTER", "UNDO"}

    def do(self, context: Any) -> None:
        problems[:] = [str(problem) for problem in handlers.settle(context.scene)]
        document.show_data(context.scene)
        look(context.scene)


class JENA_OT_keep_mine(base.InProject, bpy.types.Operator):
    """Keep the variants of this file; the next save writes them over those in the folder"""

    bl_idname = "jena.keep_mine"
    bl_label = "Keep This File's"
    bl_options = {"REGISTER", "UNDO"}

    def do(self, context: Any) -> None:
        document.keep_mine(context.scene)
        look(context.scene)


def write_folder(scene: Any) -> None:
    """Bring the folder up to this scene; analyses and pictures start from there. Raises InputProblem."""
    problems[:] = [str(problem) for problem in handlers.settle(scene)]
    found = document.state(scene)
    if found.kind not in ("same", "folder-changed", "data-changed"):
        raise InputProblem(document.folder(scene), found.words or "the project cannot be used", "Relink the project, or import again")
    if found.kind == "folder-changed":
        state[:] = [found]
        raise InputProblem("Project", found.words.rstrip("."), "Choose first whose variants count: the folder's or this file's")
    document.save(scene)
    state[:] = [found]


@persistent
def _saving(path: str, *_unused: Any) -> None:
    """Before the .blend is written, so that it knows the folder's revision and, by its new name, where the folder is."""
    _places.clear()
    for scene in bpy.data.scenes:
        if not document.is_document(scene):
            continue
        try:
            write_folder(scene)
        except (InputProblem, OSError) as problem:  # the .blend itself is written all the same: it holds everything
            errors.note(problem)
        try:
            if path:
                _places[scene.name] = document.settle_in(scene, preferences.unsaved_folder(), Path(path))
        except (InputProblem, OSError) as problem:
            errors.note(problem)


_places: dict[str, Path] = {}  # scene -> its project's folder while it is being saved


@persistent
def _saved_or_not(*_unused: Any) -> None:
    """Where a copy was saved, or nothing, the file has kept its old name: a folder relative to the new one would be lost."""
    for name, place in _places.items():
        document.place_at(bpy.data.scenes[name], place)


@persistent
def _opened() -> None:
    problems.clear()
    errors.last.clear()
    look(bpy.context.scene)
    if document.is_document(bpy.context.scene) and state[0].kind != "newer":
        sun_view.apply(bpy.context.scene)


def _settled(scene: Any) -> None:
    from ..scene import sync

    problems[:] = [
        f'"{thing.name}": {words}'
        for collection in sync.collections(scene)
        for thing in sync.blocks(collection)
        if (words := sync.problem_of(thing))
    ]


CLASSES = (
    JENA_OT_sample,
    JENA_OT_open,
    JENA_OT_report,
    JENA_OT_save,
    JENA_OT_relink,
    JENA_OT_take_folder,
    JENA_OT_show_data,
    JENA_OT_keep_mine,
)


def register(registry: Any) -> None:
    """Save with the .blend, look at the folder when one is opened."""
    registry.handler(bpy.app.handlers.save_pre, _saving)
    for moments in (bpy.app.handlers.save_post, bpy.app.handlers.save_post_fail):
        registry.handler(moments, _saved_or_not)
    registry.handler(handlers.opened, _opened)
    registry.handler(handlers.settled, _settled)
