"""Variants, and what is done to the shown one."""

from __future__ import annotations

from typing import Any

import bpy

from ...jena_city.variant import NULL_VARIANT
from ...scene import notes, sync
from .. import sentences, side_by_side, variants
from ..base import translated
from .layout import InProject, lines


class JENA_PT_variants(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_variants"
    bl_label = "Variants"

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        seen = variants.shown(scene)
        column = layout.column(align=True)
        _variant_row(column, NULL_VARIANT.id, sentences.labelled(NULL_VARIANT.name), None, seen)
        for collection in sync.collections(scene):
            note = notes.get(collection)
            assert note is not None
            _variant_row(column, note["id"], note["name"], collection, seen)
        row = layout.row(align=True)
        row.operator("jena.new_variant", text="New", icon="ADD").copy = False
        row.operator("jena.new_variant", text="Copy", icon="DUPLICATE").copy = True
        row.operator("jena.delete_variant", text="", icon="TRASH")
        row = layout.row(align=True)
        row.operator("jena.draw_block", text="Rectangle", icon="MESH_PLANE").kind = "rectangle"
        row.operator("jena.draw_block", text="Polygon", icon="MESH_CIRCLE").kind = "polygon"
        row = layout.row(align=True)
        row.menu("JENA_MT_types", text="Type", icon="HOME")
        row.operator("jena.take_outline", text="From Outline", icon="SELECT_SET")
        row.operator("jena.blocks_from_selected", text="", icon="FACESEL")
        layout.operator("jena.place_model", icon="FILE_3D")
        row = layout.row(align=True)
        row.operator_menu_enum("jena.draw_space", "kind", text="Open Space", icon="MESH_GRID")
        row.operator("jena.demolish", text="Demolish", icon="TRASH")
        row = layout.row(align=True)
        row.operator("jena.plant_trees", text="Plant Trees", icon="OUTLINER_OB_CURVES")
        row.operator("jena.fell_trees", text="Fell Trees", icon="X")
        row = layout.row(align=True)
        row.operator("jena.meeting", icon="FULLSCREEN_ENTER")
        if side_by_side.going:
            row.operator("jena.side_by_side", text="End Side by Side", icon="X", depress=True)
        else:
            row.menu("JENA_MT_side_by_side")  # its German name has no room for a picture
        collection = sync.collection_of(scene, seen)
        if collection is not None:
            row = layout.row(align=True)
            row.prop(collection.jena, "label", text="")
            status = row.row(align=True)
            status.ui_units_x = 5.8
            status.prop(collection.jena, "status", text="")
            row.prop(collection.jena, "locked", text="", icon="LOCKED" if collection.jena.locked else "UNLOCKED")
            if collection.jena.locked and (notes.get(collection) or {}).get("lock_broken"):
                lines(
                    layout,
                    translated("Blocks of this locked variant were changed or deleted all the same: undo, or open the lock."),
                    "ERROR",
                )
            elif collection.jena.locked:
                lines(layout, translated("This variant is locked: the lock beside its status opens it."), "LOCKED")


def _variant_row(column: Any, name: str, words: str, collection: Any, seen: str) -> None:
    row = column.row(align=True)
    if collection is not None:
        swatch = row.row()
        swatch.scale_x = 0.25
        swatch.prop(collection.jena, "colour", text="")
    icon = "RADIOBUT_ON" if name == seen else "RADIOBUT_OFF"
    row.operator("jena.show_variant", text=words, icon=icon, depress=name == seen, translate=False).variant = name
