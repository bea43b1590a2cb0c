"""Pictures, sheets and films."""

from __future__ import annotations

from typing import Any

import bpy

from .. import picturing
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
        form.prop(settings, "picture_name")
        form.prop(settings, "width")
        form.prop(settings, "samples")
        lines(layout, translated("Date and time are those of the sun above."))
        primary(layout).operator("jena.render_picture", icon="RENDER_STILL")
        row = layout.row(align=True)
        row.operator("jena.draw_sheet", icon="GREASEPENCIL")
        row.operator("jena.make_film", icon="RENDER_ANIMATION")
        draw_news(layout, "pictures")
        if picturing.made:
            layout.label(text=picturing.made[-1].name, icon="IMAGE_DATA", translate=False)
            layout.operator("jena.open_picture", icon="FILE_IMAGE")
