"""The parameters of the active block, and the building that was clicked."""

from __future__ import annotations

from typing import Any

import bpy

from ...scene import notes, properties, sync
from .. import sentences, storey_uses, view
from ..base import translated
from .layout import InProject, fields, lines

MOST_FACTS = 14


class JENA_PT_block(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_block"
    bl_label = "Block"
    bl_parent_id = "JENA_PT_variants"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and sync.is_block(context.object) and context.object.visible_get()

    def draw(self, context: Any) -> None:
        layout = self.layout
        block = context.object.jena
        if context.object.library is not None:
            lines(layout, translated("It is linked from another file: make it local to change it."), "LINKED")
            layout.enabled = False
        elif context.object.hide_select:  # its variant is locked
            layout.enabled = False
        form = fields(layout)
        form.prop(block, "label")
        model = (notes.get(context.object) or {}).get("stand_in")
        if model:
            row = layout.row(align=True)
            row.label(text=model["path"], icon="FILE_3D", translate=False)
            row.operator("jena.place_by_points", text="", icon="SNAP_VERTEX")
            row.operator("jena.take_model_off", text="", icon="X")
            if words := sync.problem_of(context.object):
                lines(layout, sentences.spoken(words), "ERROR")
        row = form.row(align=True)
        row.prop(block, "storeys")
        row.operator("jena.change_storeys", text="", icon="REMOVE").by = -1
        row.operator("jena.change_storeys", text="", icon="ADD").by = 1
        form.prop(block, "use")
        row = form.row(align=True)
        row.prop(block, "roof")
        row.prop(block, "parapet" if block.roof == "flat" else "slope", text="")
        row = layout.row(align=True)
        for name, icon in (
            ("jena.move_blocks", "SNAP_ON"),
            ("jena.array_blocks", "MOD_ARRAY"),
            ("jena.mirror_blocks", "MOD_MIRROR"),
            ("jena.split_blocks", "MOD_EDGESPLIT"),
        ):
            row.operator(name, text="", icon=icon)
        row.operator_menu_enum("jena.align_blocks", "how", text="", icon="ALIGN_BOTTOM")
        header, body = form.panel("jena_heights", default_closed=True)
        header.label(text="Heights and roof")
        if body is not None:
            if block.roof == "mansard":
                body.prop(block, "upper_slope")
            if block.roof in ("gable", "half-hip", "shed"):
                body.prop(block, "has_ridge")
                if block.has_ridge:
                    body.prop(block, "ridge")
            body.prop(block, "ground_floor_height")
            body.prop(block, "storey_height")
            body.prop(block, "plinth")
            if block.roof != "flat":
                body.prop(block, "knee")
            if block.storeys > 1:
                row = body.row(align=True)
                row.prop(block, "set_back")
                row.operator("jena.set_backs", text="", icon="MOD_EDGESPLIT")
            body.prop(block, "underground")
            if block.underground:
                body.prop(block, "underground_height")
            body.prop(block, "has_base")
            if block.has_base:
                body.prop(block, "base")
            else:
                body.prop(block, "base_rule")
            body.prop(block, "has_reference")
            if block.has_reference:
                body.prop(block, "reference")
        if block.storeys > 0:
            header, body = form.panel("jena_uses", default_closed=True)
            header.label(text="Uses by storey")
            if body is not None:
                draw_uses(body, context.object)
        header, body = form.panel("jena_counting", default_closed=True)
        header.label(text="What it counts as")
        if body is not None:
            body.prop(block, "counts_as")
            if block.roof != "flat":
                body.prop(block, "attic_used")
            row = body.row(align=True)
            row.prop(block, "knows_dwellings")
            if block.knows_dwellings:
                row.prop(block, "dwellings", text="")


def draw_uses(layout: Any, thing: Any) -> None:
    """The storeys of a block from the top down, each with a menu of uses; of a high block those alike together."""
    column = layout.column(align=True)
    for first, last, use in reversed(storey_uses.runs(thing)):
        row = column.split(factor=0.42, align=True)
        row.label(text=storey_uses.storeys_words(first, last), translate=False)
        row.operator_context = "EXEC_DEFAULT"  # the menu says the use: nothing is to be asked
        chosen = row.operator_menu_enum("jena.storey_use", "use", text=translated(properties.use_words(use)), translate=False)
        chosen.first, chosen.last = first, last
    layout.operator("jena.storey_use", text="Several Storeys", icon="ADD")


class JENA_PT_building(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_building"
    bl_label = "Building"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(view.picked)

    def draw(self, _context: Any) -> None:
        column = self.layout.column(align=True)
        for word, value in view.picked[0].facts[:MOST_FACTS]:
            row = column.split(factor=0.4)
            row.label(text=translated(word), translate=False)
            row.label(text=value, translate=False)
