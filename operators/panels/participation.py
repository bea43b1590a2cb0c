"""What goes out to citizens, and what comes back."""

from __future__ import annotations

from typing import Any

import bpy

from .. import contributions, publishing
from ..base import translated
from .layout import InProject, fields, lines, primary
from .news import draw_news

NARROW = 36  # letters of a line within a box


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


class JENA_PT_contributions(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_contributions"
    bl_label = "Contributions"
    bl_parent_id = "JENA_PT_participation"

    def draw(self, context: Any) -> None:
        layout, listed = self.layout, context.window_manager.jena_contributions
        primary(layout).operator("jena.collect", icon="IMPORT")
        row = layout.row(align=True)
        row.operator("jena.show_contributions", icon="PINNED")
        if not listed.comments:
            return
        row.operator("jena.hide_contributions", text="", icon="X")
        column = fields(layout)
        for name in ("category", "variant", "feeling", "order"):
            column.prop(listed, name)
        layout.template_list("JENA_UL_comments", "", listed, "comments", listed, "chosen", rows=6)
        one = contributions.chosen()
        if one is not None:
            self.draw_one(layout.box(), one)
        column = layout.column(align=True)
        column.operator("jena.take_designs", text="Take All Designs", icon="HOME").every = True
        column.operator("jena.contributions_report", icon="TEXT")

    def draw_one(self, box: Any, one: Any) -> None:
        lines(box, " · ".join(part for part in (one.number, contributions.told(one)) if part), wide=NARROW)
        lines(box, one.text, wide=NARROW)
        row = box.row(align=True)
        row.operator("jena.go_to_comment", icon="VIEW_CAMERA")
        if one.designs:
            row.operator("jena.take_designs", text="Take Design", icon="HOME")
        column = fields(box)
        column.prop(one, "status")
        column.prop(one, "answer")
        box.label(text="Not Shown, Because")
        box.prop(one, "hidden", text="")
