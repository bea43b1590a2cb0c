"""The variants of this file and those of the folder made one, where somebody else has worked there meanwhile."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, StringProperty

from ..jena_city.merging import TOGETHER, WHOLE, Conflict
from ..jena_city.problems import InputProblem
from ..scene import document, handlers, properties
from . import base, errors, jobs, projects, sentences
from .base import translated

WIDE = 640
_PROPERTIES = {"name": "label", "roof.kind": "roof", "roof.pitch": "slope", "roof.upper_pitch": "upper_slope"}
_PROPERTIES |= {"roof.ridge": "ridge", "roof.parapet": "parapet"}


class JenaConflict(bpy.types.PropertyGroup):
    """A parameter that both have changed, as the list shows it."""

    key: StringProperty(options={"HIDDEN"})
    words: StringProperty(options={"HIDDEN"})
    mine: StringProperty(options={"HIDDEN"})
    theirs: StringProperty(options={"HIDDEN"})
    take_theirs: BoolProperty(name="Take the folder's value", description="Take the folder's value instead of this file's")


class JENA_OT_merge_folder(base.InProject, bpy.types.Operator):
    """Put this file's variants and the folder's together; what both have changed to different things is listed to choose from"""

    bl_idname = "jena.merge_folder"
    bl_label = "Merge Both"
    bl_options = {"REGISTER", "UNDO"}

    conflicts: CollectionProperty(type=JenaConflict, options={"HIDDEN", "SKIP_SAVE"})
    undecided: EnumProperty(
        name="Where both have changed",
        description="Whose value counts where both have changed something and nobody has chosen",
        items=[
            ("ask", "Ask", "Nothing is merged before somebody has chosen"),
            ("mine", "This file's", "This file's value"),
            ("theirs", "The folder's", "The folder's value"),
        ],
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        found: list[Conflict] = []
        with errors.reported(self):
            projects.problems[:] = [str(problem) for problem in handlers.settle(context.scene)]
            found += document.merged(context.scene).conflicts
        if self.failed:
            return {"CANCELLED"}
        if not found:
            return self.execute(context)
        for one in found:
            row = self.conflicts.add()
            row.key, row.words = one.key, described(one)
            row.mine, row.theirs = (one.said(side) or translated("deleted") for side in ("mine", "theirs"))
            row.take_theirs = one.usual == "theirs"
        return set(context.window_manager.invoke_props_dialog(self, width=WIDE))

    def draw(self, _context: Any) -> None:
        layout = self.layout
        head = layout.split(factor=0.4)
        head.label(text="Changed by both")
        sides = head.split(factor=0.5)
        sides.label(text="This file's")
        sides.label(text="The folder's")
        column = layout.column(align=True)
        for one in self.conflicts:
            row = column.split(factor=0.4)
            row.label(text=one.words, translate=False)
            sides = row.row(align=True)
            sides.prop(one, "take_theirs", text=one.mine, toggle=True, invert_checkbox=True, translate=False)
            sides.prop(one, "take_theirs", text=one.theirs, toggle=True, translate=False)

    def do(self, context: Any) -> None:
        scene = context.scene
        projects.problems[:] = [str(problem) for problem in handlers.settle(scene)]
        choices: dict[str, Any] = {one.key: "theirs" if one.take_theirs else "mine" for one in self.conflicts}
        made = document.merged(scene, choices)
        left = [one.key for one in made.conflicts if one.key not in choices]
        if left and self.undecided == "ask":
            what = f"{len(left)} values were changed by both ({left[0]})"
            raise InputProblem("Project", what, "Choose whose count: Merge Both in the panel lists them")
        if left:
            made = document.merged(scene, choices | dict.fromkeys(left, self.undecided))
        document.put_merged(scene, made)
        handlers.settle(scene)
        projects.look(scene)
        jobs.noticed[:] = [self.panel]
        jobs.notice[:] = [f"{len(made.variants)} variants are merged. Save to write them to the folder."]


def described(one: Conflict) -> str:
    """A conflict's place in the words of the panel: variant, thing, parameter."""
    known = properties.JenaBlock.bl_rna.properties.get(_PROPERTIES.get(one.parameter, one.parameter))
    word = {WHOLE: translated("there or not"), TOGETHER: translated("cannot be built together"), "footprint": translated("Outline")}
    parameter = word.get(one.parameter) or (translated(known.name) if known is not None and one.kind == "block" else one.parameter)
    return " · ".join(part for part in (one.variant, one.name if one.thing else "", sentences.labelled(parameter)) if part)


CLASSES = (JenaConflict, JENA_OT_merge_folder)
