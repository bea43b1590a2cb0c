"""Pictures: rendered by a Blender in the background, while this one stays usable."""

from pathlib import Path
from typing import Any

import bpy
from pydantic import ValidationError

from .. import render_presets
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.project import PictureEntry
from ..jena_city.slips import explained
from ..pipeline import opening, steps
from ..scene import document, notes, properties
from . import base, cameras, jobs, photo_tool, projects, results, variants

made: list[Path] = []
"""The pictures of this session, the newest last."""


def preset_of(settings: Any) -> str:
    """The name of the preset that is chosen. Raises InputProblem where it is one of the user's that has gone."""
    if not settings.preset:
        raise InputProblem("Pictures", "the preset that was chosen is not there any more", "Choose another one")
    return str(settings.preset)


def is_plan(settings: Any) -> bool:
    """Whether the preset that is chosen looks straight down, so that a picture can be true to scale."""
    preset = render_presets.listed().presets.get(settings.preset)
    return preset is not None and preset.camera.kind == "plan"


class JENA_OT_render(base.InProject, bpy.types.Operator):
    """Make a captioned picture of the shown variant (and result) at the date and time of the panel"""

    bl_idname = "jena.render_picture"
    bl_label = "Make Picture"
    bl_options = {"REGISTER"}
    panel = "pictures"

    def do(self, context: Any) -> None:
        scene = context.scene
        settings = scene.jena
        preset = render_presets.load(preset_of(settings))
        variant = variants.shown(scene)
        seen = results.shown(scene)
        if preset.look == "map" and seen is None:
            raise InputProblem("Picture", "this preset shows a result and none is shown", "Show one in the list of results first")
        result = notes.get(seen)["name"] if preset.look == "map" else None  # type: ignore[index]
        clock = properties.clock(scene)
        photo = photo_tool.chosen(scene) if preset.layout == "photo" else ""
        camera = cameras.chosen(scene) if preset.camera.kind != "plan" and not photo else ""
        usual = f"{variant}-{photo}" if photo else f"{result or f'{variant}-{settings.date}-{clock}'}{f'-{camera}' if camera else ''}"
        to_scale = is_plan(settings) and settings.plan_scale > 0
        usual += f"-1-{settings.plan_scale}" if to_scale else ""
        name = settings.picture_name.strip() or f"{settings.preset}-{usual}"
        asked = {"name": slug(name), "preset": settings.preset, "variant": variant, "date": settings.date, "time": clock, "result": result}
        asked |= {"camera": camera, "photo": photo, "trees": settings.tree_age, "season": settings.season, "weather": settings.weather}
        own = {key: value for key in ("samples", "width") if (value := getattr(settings, key))}
        if to_scale:
            own.pop("width", None)
            own |= {"scale": settings.plan_scale, "dpi": settings.plan_dpi}
            own |= {"paper": settings.plan_paper} if settings.plan_paper != "fit" else {}
        if "width" in own:
            own["height"] = max(round(own["width"] * preset.height / preset.width), 16)
        try:
            entry = PictureEntry.model_validate({**asked, "basis": settings.basis, **own})
        except ValidationError as error:
            raise explained(error, "Picture", PictureEntry) from error
        projects.write_folder(scene)
        opened = opening.load(document.folder(scene))

        def work(progress: Progress) -> Path:
            steps.run(opened, only=("pictures",), pictures=[entry], progress=progress)
            return opened.folder / "pictures" / f"{slug(entry.name)}.png"

        jobs.start(jobs.Job("Picture", scene.name, work, lambda _scene, path: made.append(path), self.panel))


class JENA_OT_open_made(bpy.types.Operator):
    """Look at what was made last, in the program that the system has for it"""

    bl_idname = "jena.open_made"
    bl_label = "Open"

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return bool(made)

    def execute(self, _context: Any) -> set[str]:
        bpy.ops.wm.path_open(filepath=str(made[-1]))
        return {"FINISHED"}


CLASSES = (JENA_OT_render, JENA_OT_open_made)
