"""The citizens' page of the project, published to a folder and opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty

from .. import publishing
from ..jena_city.files import slug
from ..jena_city.problems import Progress
from ..pipeline import opening
from ..publishing import Published
from ..scene import document, notes
from . import base, jobs, projects

made: list[Published] = []
"""What was published in this session, the newest last."""


class JENA_OT_publish(base.InProject, bpy.types.Operator):
    """Write the citizens' page of this project to a folder that any web server, file share or USB stick can serve"""

    bl_idname = "jena.publish"
    bl_label = "Publish"
    bl_options = {"REGISTER"}
    panel = "participation"

    filepath: StringProperty(name="Folder", subtype="FILE_PATH", options={"SKIP_SAVE"})
    preview: BoolProperty(
        name="Preview", description="With variants that are not public yet; the page is marked as a preview", options={"SKIP_SAVE"}
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        last = made[-1].out if made else None
        folder = document.folder(context.scene) if bpy.data.filepath else Path.home()
        self.filepath = str(last or folder / f"{slug(notes.get(context.scene)['name'])}-seite")  # type: ignore[index]
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        scene, out, preview = context.scene, Path(bpy.path.abspath(self.filepath)), self.preview
        projects.write_folder(scene)
        folder = document.folder(scene)

        def work(progress: Progress) -> Published:
            return publishing.publish(opening.load(folder), out, preview=preview, progress=progress)

        jobs.start(jobs.Job("Publish", scene.name, work, lambda _scene, done: _say(done), panel=self.panel))


class JENA_OT_open_page(bpy.types.Operator):
    """Look at the page in the browser, as it was published last"""

    bl_idname = "jena.open_page"
    bl_label = "Open Page"

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return bool(made) and made[-1].page.is_file()

    def execute(self, _context: Any) -> set[str]:
        show(made[-1].page.as_uri())
        return {"FINISHED"}


def show(address: str) -> None:
    """In the system's browser."""
    bpy.ops.wm.url_open(url=address)


def _say(done: Published) -> None:
    made.append(done)
    if done.problems:
        jobs.notice[:] = [f"Written to {done.out}. To think of: {done.problems[0].message}"]
    else:
        jobs.notice[:] = [f"Written to {done.out}."]


CLASSES = (JENA_OT_publish, JENA_OT_open_page)
