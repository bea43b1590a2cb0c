"""Sheets to scale and films of the shown variant, and slides of all variants, made in the background."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty
from pydantic import ValidationError

from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.project import DeckEntry, FilmEntry, SheetEntry
from ..jena_city.slips import explained
from ..pipeline import opening, steps
from ..scene import document, properties
from . import base, cameras, jobs, picturing, projects, variants

SHEETS = [
    ("design", "Gestaltungsplan", "Land, streets, trees, roofs, and the proposal with its storeys"),
    ("figure-ground", "Schwarzplan", "Buildings black, the proposal in its colour"),
    ("storeys", "Storeys plan", "Buildings coloured by their storeys"),
    ("heights", "Heights plan", "Highest points, and contour lines"),
    ("uses", "Uses plan", "Buildings coloured by their use"),
    ("open-spaces", "Open spaces plan", "Open spaces with their areas, trees that stay, go and come"),
    ("planning-law", "Plan's rules", "What the development plan fixes, in PlanZV symbols"),
    ("axonometry", "Axonometry", "The plan turned, heights drawn upwards at the same scale"),
    ("shadow-study", "Shadow study", "Shadows on three days at five hours, today and what is added"),
    ("section", "Geländeschnitt", "Along the selected line (a curve, or the edges of a mesh)"),
    ("street-elevation", "Street elevation", "What is seen to the left of the selected line"),
]
SCALES = [(str(one), f"1:{one}", "") for one in (250, 500, 1000, 1500, 2000, 2500)]
ALONG_A_LINE = ("section", "street-elevation")


class JENA_OT_draw_sheet(base.InProject, bpy.types.Operator):
    """Draw a sheet to scale of the shown variant as PDF and SVG, with title block, legend and scale bar"""

    bl_idname = "jena.draw_sheet"
    bl_label = "Draw Sheet"
    bl_options = {"REGISTER"}
    panel = "pictures"

    kind: EnumProperty(name="Kind", description="What is drawn", items=SHEETS)
    scale: EnumProperty(name="Scale 1 to", description="Of lengths on the paper", items=SCALES, default="500")
    paper: EnumProperty(name="Paper", description="Size of the sheet", items=properties.PAPERS)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_props_dialog(self, width=320))

    def do(self, context: Any) -> None:
        scene = context.scene
        variant = variants.shown(scene)
        line = _line(context) if self.kind in ALONG_A_LINE else []
        asked = {"name": f"{self.kind}-{variant}", "kind": self.kind, "variant": variant, "scale": int(self.scale), "line": line}
        try:
            entry = SheetEntry.model_validate({**asked, "paper": "" if self.paper == "fit" else self.paper})
        except ValidationError as error:
            raise explained(error, "Sheet", SheetEntry) from error
        projects.write_folder(scene)
        opened = opening.load(document.folder(scene))

        def work(progress: Progress) -> Path:
            steps.run(opened, only=("sheets",), sheets=[entry], progress=progress)
            return opened.folder / "sheets" / f"{slug(entry.name)}.pdf"

        jobs.start(jobs.Job("Sheet", scene.name, work, lambda _scene, path: picturing.made.append(path), self.panel))


def _line(context: Any) -> list[tuple[float, float]]:
    """The corners of the active object, a curve or a mesh of edges, in the project's CRS. Raises InputProblem where there is none."""
    thing = context.object
    if thing is None or thing.type not in ("CURVE", "MESH") or not thing.select_get():
        raise InputProblem("Sheet", "no line is selected", "Draw a curve on the ground, or select edges of a mesh, and try again")
    seen = thing.evaluated_get(context.evaluated_depsgraph_get())
    mesh = seen.to_mesh()
    try:
        points = np.array([tuple(thing.matrix_world @ corner.co) for corner in mesh.vertices], float).reshape(-1, 3)
    finally:
        seen.to_mesh_clear()
    if not 2 <= len(points) <= 50:
        raise InputProblem("Sheet", f"the selected line has {len(points)} corners", "Select one with 2 to 50")
    return [tuple(place) for place in document.origin(context.scene).to_world(points[:, :2]).tolist()]


class JENA_OT_make_film(base.InProject, bpy.types.Operator):
    """Make a film of the shown variant at the date of the panel, as MP4 and WebM; frames that are done are kept"""

    bl_idname = "jena.make_film"
    bl_label = "Make Film"
    bl_options = {"REGISTER"}
    panel = "pictures"

    kind: EnumProperty(
        name="Kind",
        description="What moves",
        items=[
            ("shadow", "Shadow of a day", "The camera stands still, the sun goes from 8 to 18 o'clock"),
            ("fly-around", "Flight around", "The camera goes once around the plan area"),
        ],
    )
    seconds: FloatProperty(name="Seconds", description="How long something moves", default=20.0, min=1.0, max=600.0)
    draft: BoolProperty(name="Draft", description="Small and quick, to see whether it is right", default=True)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_props_dialog(self, width=320))

    def do(self, context: Any) -> None:
        scene = context.scene
        variant = variants.shown(scene)
        quick = {"width": 480, "height": 270, "samples": 4, "fps": 10} if self.draft else {}
        name = f"{self.kind}-{variant}{'-draft' if self.draft else ''}"
        asked = {"name": name, "kind": self.kind, "variant": variant, "seconds": self.seconds, "date": scene.jena.date}
        asked |= {"season": scene.jena.season, "weather": scene.jena.weather if self.kind != "shadow" else "clear"}
        try:
            entry = FilmEntry.model_validate({**asked, "time": properties.clock(scene), **quick})
        except ValidationError as error:
            raise explained(error, "Film", FilmEntry) from error
        projects.write_folder(scene)
        opened = opening.load(document.folder(scene))

        def work(progress: Progress) -> Path:
            steps.run(opened, only=("films",), films=[entry], progress=progress)
            return opened.folder / "films" / f"{slug(entry.name)}.mp4"

        jobs.start(jobs.Job("Film", scene.name, work, lambda _scene, path: picturing.made.append(path), self.panel))


class JENA_OT_make_slides(base.InProject, bpy.types.Operator):
    """Put all variants on slides for a meeting: pictures from one camera, figures, findings, results; as PowerPoint and PDF"""

    bl_idname = "jena.make_slides"
    bl_label = "Make Slides"
    bl_options = {"REGISTER"}
    panel = "pictures"

    draft: BoolProperty(name="Draft", description="Small and quick, to see whether it is right", default=True)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_props_dialog(self, width=320))

    def do(self, context: Any) -> None:
        scene = context.scene
        settings = scene.jena
        asked = {
            "preset": picturing.preset_of(settings),
            "camera": cameras.chosen(scene),
            "date": settings.date,
            "time": properties.clock(scene),
        }
        asked |= {"trees": settings.tree_age, "name": "Folien-Entwurf" if self.draft else "Folien"}
        asked |= (
            {"width": 480, "samples": 4}
            if self.draft
            else {key: value for key in ("width", "samples") if (value := getattr(settings, key))}
        )
        try:
            entry = DeckEntry.model_validate(asked)
        except ValidationError as error:
            raise explained(error, "Slides", DeckEntry) from error
        projects.write_folder(scene)
        opened = opening.load(document.folder(scene))

        def work(progress: Progress) -> Path:
            steps.run(opened, only=("slides",), decks=[entry], progress=progress)
            return opened.folder / "slides" / f"{slug(entry.name)}.pptx"

        jobs.start(jobs.Job("Slides", scene.name, work, lambda _scene, path: picturing.made.append(path), self.panel))


CLASSES = (JENA_OT_draw_sheet, JENA_OT_make_film, JENA_OT_make_slides)
