"""Numbers that follow: key figures, findings of the rules, room to build."""

from __future__ import annotations

from typing import Any

import bpy

from ...jena_city.envelope import LIMITS
from ...jena_city.finding import Finding
from ...scene import envelopes, notes
from .. import findings, key_figures, plan_values, preferences, sentences
from ..base import translated
from ..ground_tool import number
from .layout import InProject, fields, lines, room, wrapped
from .news import draw_news

MOST_FINDINGS = 24
MARKS = 8  # characters' room that the signs before and behind a finding take


class JENA_PT_key_figures(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_key_figures"
    bl_label = "Key Figures"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        if key_figures.preparing():
            lines(self.layout, translated("The town is being made ready for figures …"))
        elif not key_figures.shown:
            lines(self.layout, translated("Nothing yet: draw a block, or show a variant."))
        else:
            fields(self.layout).prop(context.scene.jena, "compared_with")
        for number_, sheet in enumerate(key_figures.shown):
            box = self.layout.box()
            head = box.row()
            head.label(text=sheet.name, translate=False)
            if sheet.scope == "plot":
                head.operator("jena.plan_values", text="", icon="PREFERENCES", emboss=False).plot = sheet.name
            if sheet.scope == "plan-area" and (edition := plan_values.edition_shown(sheet.name)):
                head.operator("jena.plan_edition", text=f"BauNVO {edition}", emboss=False, translate=False).area = sheet.name
            for key, name, value in key_figures.lines(sheet):
                row = box.row(align=True)
                row.scale_y = 0.8
                row.label(text=sentences.labelled(name), translate=False)
                value_side = row.row()
                value_side.alignment = "RIGHT"
                value_side.label(text=sentences.labelled(value), translate=False)
                if key_figures.base:
                    change = row.row()
                    change.ui_units_x = 2.6
                    change.alignment = "RIGHT"
                    change.label(text=key_figures.difference(sheet, key), translate=False)
                why = row.operator("jena.explain_figure", text="", icon="INFO", emboss=False)
                why.sheet, why.key = number_, key
        self.layout.operator("jena.pick_plot", icon="ADD")
        self.layout.operator("jena.export_comparison", text="Compare Variants (XLSX)", icon="SPREADSHEET")
        draw_news(self.layout, "key-figures")


class JENA_PT_findings(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_findings"
    bl_label = "Findings"
    bl_options = {"DEFAULT_CLOSED"}

    def draw_header_preset(self, _context: Any) -> None:
        count = findings.broken()
        if count:
            self.layout.label(text=str(count), icon="ERROR", translate=False)

    def draw(self, context: Any) -> None:
        layout = self.layout
        settings = context.scene.jena
        row = layout.row(align=True)
        row.prop(settings, "show_clearances", toggle=True)
        row.prop(settings, "show_plots", toggle=True)
        found = left = len(findings.shown())
        if not found:
            lines(layout, translated("The rules that are known here find nothing."), "CHECKMARK")
        for name, group in findings.by_name():
            if left <= found - MOST_FINDINGS:
                break
            box = layout.box().column(align=True)
            for words in wrapped(name, room(context)):
                box.label(text=words, translate=False)
            for index, one in group:
                left -= 1
                row = box.split(factor=0.88, align=True)
                draw_finding(row.column(align=True), index, one, room(context) - MARKS)
                if one.block:
                    row.operator("jena.exempt", text="", icon="GREASEPENCIL", emboss=False).index = index
        if left:
            layout.label(text=translated("{} more in the comparison").format(left), translate=False)
        lines(layout, translated("A check for planners, no legal advice."))


def draw_finding(column: Any, index: int, one: Finding, wide: int) -> None:
    """A finding over as many lines as its words need, each of which leads there."""
    for number_, words in enumerate(wrapped(findings.heading(one), wide)):
        line = column.row(align=True)
        line.alignment = "LEFT"  # else a button's words stand in its middle
        line.scale_y = 0.9
        icon = findings.ICONS[one.severity] if number_ == 0 else "BLANK1"
        line.operator("jena.go_to_finding", text=words, icon=icon, emboss=False, translate=False).index = index


class JENA_PT_envelope(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_envelope"
    bl_label = "Room to Build"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        layout = self.layout
        row = layout.row(align=True)
        row.operator("jena.pick_envelope", icon="MESH_CUBE")
        row.operator("jena.hide_envelopes", text="", icon="X")
        german, slots = preferences.language() == "de", list(LIMITS)
        for thing in envelopes.shown(context.scene):
            note = notes.get(thing)
            assert note is not None
            box = layout.box()
            box.label(text=note["name"], translate=False)
            for limit, area in note["areas"].items():
                line = box.split(factor=0.12)
                line.prop(thing.data.materials[slots.index(limit)], "diffuse_color", text="")
                line.label(text=f"{LIMITS[limit][0 if german else 1]}: {number(area, 0)} m²", translate=False)
            column = box.column(align=True)
            column.scale_y = 0.85
            for name, value, unit in note["figures"]:
                column.label(text=f"{sentences.labelled(name)}: {number(value, 0)} {sentences.labelled(unit)}", translate=False)
            for remark in note["remarks"]:
                lines(box, sentences.labelled(remark), "INFO")
