"""What goes out to citizens."""

from __future__ import annotations

from typing import Any

import bpy

from .. import publishing
from ..base import translated
from .layout import InProject, lines, primary
from .news import draw_news


class JENA_PT_participation(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_participation"
    bl_label = "Participation"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, _context: Any) -> None:
        layout = self.layout
        lines(layout, translated("What is open, what is fixed and who decides stands in project.toml: see docs/participation.md."))
        primary(layout).operator("jena.publish", icon="WORLD")
        draw_news(layout, "participation")
        if publishing.made:
            last = publishing.made[-1]
            layout.label(text=last.out.name, icon="FILE_FOLDER", translate=False)
            layout.label(text=translated("{} files, {} MB").format(last.files, round(last.size / 1e6)), translate=False)
            layout.operator("jena.open_page", icon="URL")
