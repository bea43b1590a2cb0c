"""The project and its data: what to do first, what is wrong between folder and .blend, what was read."""

from __future__ import annotations

from typing import Any

import bpy

from ...scene import builder, document, notes
from .. import jobs, projects, sentences
from ..base import translated
from .layout import InProject, Tab, fields, lines, primary
from .news import draw_news


class JENA_PT_project(Tab, bpy.types.Panel):
    bl_idname = "JENA_PT_project"
    bl_label = "Project"

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        if not document.is_document(scene):
            draw_news(layout)
            if not jobs.queue:
                _draw_beginning(layout)
            return
        draw_news(layout, "project")
        if _draw_banner(layout):
            return
        row = layout.row(align=True)
        row.prop(scene.jena, "project_name", text="", icon="HOME")
        save = row.row(align=True)
        save.ui_units_x = 5.5
        save.operator("jena.save", text="Save", icon="FILE_TICK")
        if not scene.jena.licence:  # it must stand under every picture; once stated it is found under "Data"
            _draw_licence(layout, scene)
        for problem in projects.problems[:3]:
            lines(layout, sentences.spoken(problem), "ERROR")
        row = layout.row(align=True)
        row.operator("jena.frame_site", icon="ZOOM_SELECTED")
        row.operator("jena.view_north", text="North Up", icon="ORIENTATION_VIEW")
        if builder.has_photo(scene):
            layout.prop(scene.jena, "show_photo")
        if builder.has_looks(scene):
            layout.prop(scene.jena, "show_looks")


def _draw_licence(layout: Any, scene: Any) -> None:
    icon = "NONE" if scene.jena.licence else "ERROR"
    fields(layout).prop(scene.jena, "licence", icon=icon, placeholder=translated("Who gave the data"))


def _draw_beginning(layout: Any) -> None:
    """The empty state: what to do first."""
    lines(layout, translated("Begin with your city's data: CityGML and terrain, as files, folders or zips. Or drop them on the viewport."))
    primary(layout).operator("jena.import_geodata", text="Import City Data", icon="IMPORT")
    layout.operator("jena.open_project", icon="FILE_FOLDER")
    layout.separator(factor=0.5)
    lines(layout, translated("No data at hand? The sample is a made-up quarter with three variants."))
    layout.operator("jena.open_sample", icon="COMMUNITY")
    layout.operator("jena.download_data", icon="URL")


def _draw_banner(layout: Any) -> bool:
    """What is wrong between folder and .blend; returns whether nothing else can be done."""
    found = projects.state[0]
    if found.kind in ("none", "same"):
        return False
    box = layout.box()
    lines(box, sentences.spoken(found.words), "ERROR", 34)
    if found.kind == "folder-changed":
        row = box.row(align=True)
        row.operator("jena.take_folder", icon="FILE_FOLDER")
        row.operator("jena.keep_mine", icon="FILE_BLEND")
        box.operator("jena.merge_folder", icon="AUTOMERGE_ON")
    elif found.kind == "data-changed":
        box.operator("jena.show_data", icon="FILE_REFRESH")
    elif found.kind in ("folder-missing", "data-missing"):
        box.operator("jena.relink", icon="LINKED")
    return found.kind == "newer"


class JENA_PT_data(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_data"
    bl_label = "Data"
    bl_parent_id = "JENA_PT_project"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        layout = self.layout
        note = notes.get(context.scene)
        assert note is not None
        place = note["origin"]
        layout.label(text=f"{place['crs']} · {place['easting']} {place['northing']}", icon="WORLD", translate=False)
        if context.scene.jena.licence:
            _draw_licence(layout, context.scene)
        read = note.get("read")
        if read is not None:
            words = [
                translated("{} building" if read["buildings"] == 1 else "{} buildings").format(read["buildings"]),
                translated("{} part" if read["parts"] == 1 else "{} parts").format(read["parts"]),
            ]
            if read["problems"]:
                words.append(translated("{} problem" if read["problems"] == 1 else "{} problems").format(read["problems"]))
            icon = "ERROR" if read["problems"] else "CHECKMARK"
            layout.operator("jena.show_report", text=" · ".join(words), icon=icon, translate=False)
        lines(layout, translated("More tiles, terrain or variants for this project:"))
        layout.operator("jena.choose_files", text="Choose Files", icon="IMPORT")
        layout.operator("jena.download_data", icon="URL")
        layout.operator("jena.fetch_background", icon="IMAGE_DATA")
        layout.operator("jena.export_city_model", icon="EXPORT")
