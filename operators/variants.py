"""Variants: shown, made, copied, named and taken away; the block that is selected."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy
from bpy.props import CollectionProperty, FloatProperty, StringProperty

from ..jena_city import set_backs
from ..jena_city.applied import apply
from ..jena_city.problems import InputProblem
from ..jena_city.variant import NULL_VARIANT, Variant
from ..scene import builder, document, handlers, notes, shapes, sync
from . import base

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7")  # Okabe and Ito: told apart by colour-blind people too


def shown(scene: Any) -> str:
    """Id of the variant that is shown."""
    return str((notes.get(scene) or {}).get("shown", NULL_VARIANT.id))


def fresh(there: Sequence[Variant]) -> Variant:
    """An empty variant with a colour of its own beside those that are there."""
    taken = {variant.colour for variant in there}
    colour = next((one for one in COLOURS if one not in taken), COLOURS[len(there) % len(COLOURS)])
    return Variant(f"variante-{len(there)}", f"Variante {len(there)}", colour=colour)


def add(scene: Any, variant: Variant, there: Sequence[Variant]) -> Any:
    """A variant beside those that are there, with an id of its own, shown. Returns its collection."""
    applied = apply(document.site(scene), sync.renamed(variant, [one.id for one in there]))
    collection = builder.add_variant(scene, applied, shapes.outline(applied))
    document.show(scene, applied.variant.id)
    return collection


def refuse_locked(scene: Any) -> None:
    """Raises InputProblem where the shown variant is locked."""
    collection = sync.collection_of(scene, shown(scene))
    if collection is not None and (notes.get(collection) or {}).get("locked"):
        name = (notes.get(collection) or {}).get("name", "")
        raise InputProblem(f"variant {name}", "it is locked", "Open the lock beside its status, or work in a copy")


class InObjectMode(base.InProject):
    """One that needs a project, and no mesh being edited."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and context.mode == "OBJECT"


class OnBlocks(InObjectMode):
    """Works on the selected blocks."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and any(sync.is_block(thing) for thing in context.selected_objects)

    def change(self, thing: Any) -> None:
        """What happens to each."""
        raise NotImplementedError

    def do(self, context: Any) -> None:
        for thing in context.selected_objects:
            if sync.is_block(thing):
                self.change(thing)
        handlers.settle(context.scene)


class JENA_OT_show_variant(InObjectMode, bpy.types.Operator):
    """Show this variant and hide the others"""

    bl_idname = "jena.show_variant"
    bl_label = "Show Variant"
    bl_options = {"REGISTER", "UNDO"}

    variant: StringProperty(name="Variant", options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        from . import results

        document.show(context.scene, self.variant)
        results.follow_variant(context.scene)


class JENA_OT_new_variant(InObjectMode, bpy.types.Operator):
    """Make an empty variant, or one like that which is shown"""

    bl_idname = "jena.new_variant"
    bl_label = "New Variant"
    bl_options = {"REGISTER", "UNDO"}

    copy: bpy.props.BoolProperty(name="Copy of the shown variant", default=False, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        handlers.settle(scene)
        there = sync.variants(scene)
        source = sync.collection_of(scene, shown(scene))
        made = fresh(there)
        if self.copy and source is not None:
            old = sync.variant_of(source)
            made = replace(old, name=f"{old.name} 2", colour=made.colour, status="entwurf", locked=False)
        add(scene, made, there)


class JENA_OT_delete_variant(InObjectMode, bpy.types.Operator):
    """Take the shown variant away; its file is kept aside in the project's folder"""

    bl_idname = "jena.delete_variant"
    bl_label = "Delete Variant"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and sync.collection_of(context.scene, shown(context.scene)) is not None

    def invoke(self, context: Any, event: Any) -> set[str]:
        return set(context.window_manager.invoke_confirm(self, event))

    def do(self, context: Any) -> None:
        scene = context.scene
        refuse_locked(scene)
        collection = sync.collection_of(scene, shown(scene))
        sync.remove_variant(collection)
        left = sync.collections(scene)
        document.show(scene, notes.get(left[0])["id"] if left else NULL_VARIANT.id)


class JENA_OT_follow_ground(OnBlocks, bpy.types.Operator):
    """Let the selected blocks stand on the lowest ground under them again"""

    bl_idname = "jena.follow_ground"
    bl_label = "Stand on the Ground"
    bl_options = {"REGISTER", "UNDO"}

    def change(self, thing: Any) -> None:
        sync.change(thing, base=None)


class JENA_OT_storeys(OnBlocks, bpy.types.Operator):
    """Add storeys to the selected blocks, or take them away"""

    bl_idname = "jena.change_storeys"
    bl_label = "Change Storeys"
    bl_options = {"REGISTER", "UNDO"}

    by: bpy.props.IntProperty(name="Storeys", default=1, min=-20, max=20)

    def change(self, thing: Any) -> None:
        note = notes.get(thing)
        assert note is not None
        least = 0 if note.get("underground") else 1
        sync.change(thing, storeys=min(max(note["storeys"] + self.by, least), 200))


class JenaSetBack(bpy.types.PropertyGroup):
    """How far the top storey stands back from one edge."""

    edge: StringProperty(options={"HIDDEN"})
    metres: FloatProperty(
        name="Set back",
        description="How far the wall of the top storey stands back from this edge",
        min=0,
        max=100,
        soft_max=5,
        unit="LENGTH",
    )


class JENA_OT_set_backs(InObjectMode, bpy.types.Operator):
    """Let the top storey of the active block stand back from each edge by a measure of its own"""

    bl_idname = "jena.set_backs"
    bl_label = "Set Back by Side"
    bl_options = {"REGISTER", "UNDO"}

    edges: CollectionProperty(type=JenaSetBack, options={"HIDDEN", "SKIP_SAVE"})
    metres: StringProperty(
        name="Metres", description="[2.0, 0.0, …] for each edge of the outline; asked for when empty", options={"HIDDEN", "SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and sync.is_block(context.object) and context.object.library is None

    def invoke(self, context: Any, _event: Any) -> set[str]:
        handlers.settle(context.scene)
        block = sync.block_of(context.object)
        for words, metres in zip(set_backs.edges(block.footprint), set_backs.of(block), strict=True):
            row = self.edges.add()
            row.edge, row.metres = words, metres
        return set(context.window_manager.invoke_props_dialog(self, width=320))

    def draw(self, _context: Any) -> None:
        column = self.layout.column(align=True)
        for one in self.edges:
            row = column.split(factor=0.5)
            row.label(text=one.edge, translate=False)
            row.prop(one, "metres", text="")

    def do(self, context: Any) -> None:
        thing = context.object
        values = [round(one.metres, 3) for one in self.edges]
        if self.metres:
            try:
                values = [float(one) for one in json.loads(self.metres)]
            except (ValueError, TypeError) as error:
                raise InputProblem("set-backs", "this is no list of metres", "Give [2.0, 0.0, …]") from error
        set_backs.check(f'"{thing.name}"', sync.block_of(thing).footprint, values)
        alike = len(set(values)) <= 1
        sync.change(thing, set_backs=[] if alike else values, **({"set_back": max(values, default=0.0)} if alike else {}))
        handlers.settle(context.scene)


CLASSES = (
    JENA_OT_show_variant,
    JENA_OT_new_variant,
    JENA_OT_delete_variant,
    JENA_OT_follow_ground,
    JENA_OT_storeys,
    JenaSetBack,
    JENA_OT_set_backs,
)
