"""Pictures, sheets and films."""

from __future__ import annotations

from typing import Any

import bpy

from ... import render_presets
from .. import cameras, photo_tool, picturing, sentences, viewpoints
from ..base import translated
from .layout import InProject, fields, lines, primary
from .news import draw_news


class JENA_PT_pictures(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_pictures"
    bl_label = "Pictures"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        layout = self.layout
        settings = context.scene.jena
        form = fields(layout)
        form.prop(settings, "preset")
        for problem in render_presets.listed().problems:
            lines(layout, sentences.spoken(str(problem)), icon="ERROR")
        if settings.preset == photo_tool.PRESET:
            _draw_photos(layout, context.scene)
        else:
            _draw_cameras(layout, context.scene)
        layout.operator("jena.place_photo", icon="IMAGE_DATA")
        form = fields(layout)
        form.prop(settings, "tree_age")
        form.prop(settings, "season")
        form.prop(settings, "weather")
        form.prop(settings, "picture_name")
        is_plan = picturing.is_plan(settings)
        if is_plan:
            form.prop(settings, "plan_scale")
        if is_plan and settings.plan_scale:
            form.prop(settings, "plan_paper")
            form.prop(settings, "plan_dpi")
        else:
            form.prop(settings, "width")
        form.prop(settings, "samples")
        if settings.preset == photo_tool.PRESET:
            lines(layout, translated("Date and time are those of the photo."))
        else:
            lines(layout, translated("Date and time are those of the sun above."))
        primary(layout).operator("jena.render_picture", icon="RENDER_STILL")
        row = layout.row(align=True)
        row.operator("jena.draw_sheet", icon="GREASEPENCIL")
        row.operator("jena.make_film", icon="RENDER_ANIMATION")
        layout.operator("jena.make_slides", icon="PRESET")
        draw_news(layout, "pictures")
        if picturing.made:
            layout.label(text=picturing.made[-1].name, icon="IMAGE_DATA", translate=False)
            layout.operator("jena.open_made", icon="FILE_IMAGE")


def _draw_photos(layout: Any, scene: Any) -> None:
    """The project's photos: the chosen one is that of the next montage."""
    now = photo_tool.chosen(scene)
    if not now:
        return
    box = layout.box().column(align=True)
    for index, name in photo_tool.listed(scene):
        row = box.row(align=True)
        icon = "RADIOBUT_ON" if name == now else "RADIOBUT_OFF"
        row.operator("jena.choose_photo", text=name, icon=icon, depress=name == now, translate=False).photo = name
        remove = row.operator("jena.remove_view", text="", icon="X", emboss=False)
        remove.kind, remove.index = "photos", index


def _draw_cameras(layout: Any, scene: Any) -> None:
    """The project's cameras: the chosen one is that of the next picture; and how to make more."""
    box = layout.box().column(align=True)
    now = cameras.chosen(scene)
    for index, name in cameras.listed(scene):
        row = box.row(align=True)
        icon = "RADIOBUT_ON" if name == now else "RADIOBUT_OFF"
        row.operator("jena.choose_camera", text=name, icon=icon, depress=name == now, translate=False).camera = name
        row.operator("jena.rename_camera", text="", icon="GREASEPENCIL", emboss=False).camera = name
        remove = row.operator("jena.remove_view", text="", icon="X", emboss=False)
        remove.kind, remove.index = "cameras", index
    if not now:
        box.label(text="Camera: as the preset has it", icon="CAMERA_DATA")
    row = box.row(align=True)
    row.operator("jena.camera_from_view", icon="HIDE_OFF")
    row.operator("jena.camera_two_clicks", icon="CURSOR")
    row = box.row(align=True)
    row.operator("jena.cameras_around", icon="MESH_CUBE")
    row.operator("jena.cameras_along", icon="CURVE_PATH")
    if any(kind in ("axes", "landmarks") for kind, _, _ in viewpoints.named(scene)):
        box.operator_menu_enum("jena.camera_from_axis", "axis", icon="EMPTY_SINGLE_ARROW")
