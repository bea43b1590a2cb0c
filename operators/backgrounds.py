"""A picture of a map service (WMS, WMTS) fetched once and laid over the ground."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import FloatProperty, StringProperty

from ..jena_city.background import Background
from ..jena_city.problems import InputProblem, Progress
from ..pipeline import opening, sourcing
from ..scene import document
from . import base, importing, jobs, projects


class JENA_OT_background(base.InProject, bpy.types.Operator):
    """Fetch a picture of a map service (WMS, WMTS) once and lay it over the ground, with its date and licence"""

    bl_idname = "jena.fetch_background"
    bl_label = "Fetch Background"
    bl_options = {"REGISTER"}

    url: StringProperty(name="Address", description="Of the map service, as its publisher gives it: https://…")
    layer: StringProperty(name="Layer", description="Name or title of the layer; empty where the service has just one")
    resolution: FloatProperty(
        name="Metres per pixel", description="0: so that the picture has a bearable size", min=0.0, soft_max=10.0, precision=2
    )

    @classmethod
    def poll(cls, context: Any) -> bool:
        if not document.is_document(context.scene):
            return False
        if not bpy.app.online_access:
            cls.poll_message_set(bpy.app.translations.pgettext_iface("Online access is off (Preferences ▸ System ▸ Network)"))
            return False
        return True

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_props_dialog(self, width=520, confirm_text="Fetch"))

    def draw(self, _context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        for name in ("url", "layer", "resolution"):
            layout.prop(self, name)

    def do(self, context: Any) -> None:
        scene, url, layer, step = context.scene, self.url.strip(), self.layer.strip(), self.resolution or None
        if not bpy.app.online_access:
            raise InputProblem("Fetch Background", "online access is off", "Allow it under Preferences ▸ System ▸ Network")
        projects.write_folder(scene)
        folder: Path = document.folder(scene)

        def work(progress: Progress) -> tuple[projects.Ready, Background]:
            fetching: Progress = lambda share, what: progress(0.7 * share, what)  # noqa: E731
            opened, made = sourcing.with_background(opening.load(folder), url, layer, step=step, progress=fetching)
            return projects.ready(opened, lambda share, what: progress(0.7 + 0.3 * share, what)), made

        jobs.start(jobs.Job("Fetch Background", scene.name, work, _shown))


def _shown(scene: Any, found: tuple[projects.Ready, Background]) -> None:
    ready, made = found
    importing.replaced(scene, ready)
    if made.missing:
        jobs.notice[:] = [f"{made.missing} pieces of the picture are white: the service has nothing there"]


CLASSES = (JENA_OT_background,)
