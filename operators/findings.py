"""What the rules find in the shown variant, where each finding is, how a figure came about, and reasons against a rule."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import IntProperty, StringProperty
from mathutils import Vector

from ..jena_city import finding
from ..jena_city.finding import RULES, Finding
from ..jena_city.problems import InputProblem
from ..scene import document, handlers, notes, sync
from . import key_figures, preferences, sentences, variants, view
from .base import InProject

NEAREST = 55.0  # metres from which a finding is looked at
ICONS = {"broken": "ERROR", "to-reason": "QUESTION", "hint": "INFO", "not-applicable": "CHECKMARK"}


def shown() -> list[Finding]:
    """What the rules find in the shown variant, as it was reckoned last."""
    state = key_figures.reckoned[0]
    return state.findings if state is not None else []


def said(one: Finding) -> str:
    """The sentence of a finding in the language of the panels."""
    return finding.sentence(one, preferences.language())


def broken() -> int:
    """How many findings want something done."""
    return sum(one.severity in ("broken", "to-reason") for one in shown())


class _OnFinding(InProject):
    """Works on one finding of the list."""

    index: int

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(shown())

    def chosen(self) -> Finding:
        if not 0 <= self.index < len(shown()):
            raise InputProblem("findings", "the list has changed", "Choose again")
        return shown()[self.index]

    @staticmethod
    def thing(scene: Any, one: Finding) -> Any:
        """The block's object, None where the finding is of a plot or plan area."""
        collection = sync.collection_of(scene, variants.shown(scene))
        there = sync.blocks(collection) if collection is not None else []
        return next((thing for thing in there if (notes.get(thing) or {}).get("id") == one.block), None) if one.block else None


class JENA_OT_go_to_finding(_OnFinding, bpy.types.Operator):
    """Look at the place of this finding and select its block"""

    bl_idname = "jena.go_to_finding"
    bl_label = "Show Finding"
    bl_options = {"REGISTER"}

    index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(cls, _context: Any, properties: Any) -> str:
        return said(shown()[properties.index]) if properties.index < len(shown()) else ""

    def do(self, context: Any) -> None:
        one = self.chosen()
        scene = context.scene
        terrain = document.site(scene).terrain
        height = one.height
        if height is None:
            ground = float(terrain.height_at([list(one.place)])[0]) if terrain is not None else 0.0
            height = ground if ground == ground else 0.0
        for area, space in view.views(scene):
            region = space.region_3d
            region.view_location = Vector((*one.place, height))
            region.view_distance = min(region.view_distance, NEAREST)
            area.tag_redraw()
        thing = self.thing(scene, one)
        if thing is not None and context.mode == "OBJECT" and not thing.hide_select:
            for other in context.selected_objects:
                other.select_set(False)
            thing.select_set(True)
            context.view_layer.objects.active = thing


class JENA_OT_exempt(_OnFinding, bpy.types.Operator):
    """Say why this rule does not hold for the block: the finding stays in the list with the reason. An empty reason takes it back"""

    bl_idname = "jena.exempt"
    bl_label = "Not Applicable Because …"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})
    reason: StringProperty(
        name="Reason", description="Such as: built on the border as the plan allows (closed Bauweise)", options={"SKIP_SAVE"}
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        if 0 <= self.index < len(shown()):
            self.reason = shown()[self.index].reason
        return set(context.window_manager.invoke_props_dialog(self, width=420))

    def do(self, context: Any) -> None:
        one = self.chosen()
        thing = self.thing(context.scene, one)
        if thing is None:
            raise InputProblem("findings", "this finding is of no single block", "Change the plan's values, or the blocks")
        variants.refuse_locked(context.scene)
        block = finding.with_reason(sync.block_of(thing), one.rule, self.reason.strip())
        sync.change(thing, properties=block.properties)
        handlers.settle(context.scene)


class JENA_OT_explain_figure(InProject, bpy.types.Operator):
    """How this figure came about: formula, paragraph, and the values that went in"""

    bl_idname = "jena.explain_figure"
    bl_label = "Explain Figure"
    bl_options = {"INTERNAL"}

    sheet: IntProperty(options={"HIDDEN", "SKIP_SAVE"})
    key: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, _context: Any) -> set[str]:
        return {"FINISHED"}

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_popup(self, width=420))

    def draw(self, _context: Any) -> None:
        layout = self.layout
        if self.sheet >= len(key_figures.shown) or self.key not in key_figures.shown[self.sheet].figures:
            return
        one, label = key_figures.shown[self.sheet].figures[self.key], sentences.labelled
        value = f"{key_figures.written(one.value, self.key)} {one.unit}".strip() if one.value is not None else "–"
        layout.label(text=f"{label(one.name)}: {label(value)}", icon="INFO", translate=False)
        column = layout.column(align=True)
        for words in (one.formula, one.paragraph):
            if words:
                column.label(text=label(words), translate=False)
        if one.inputs:
            box = layout.box().column(align=True)
            for name, part in one.inputs.items():
                row = box.row()
                row.label(text=label(str(name)), translate=False)
                side = row.row()
                side.alignment = "RIGHT"
                side.label(text=key_figures.written(part) if isinstance(part, float | int) else label(str(part)), translate=False)
        if one.note:
            layout.label(text=label(one.note), icon="QUESTION", translate=False)


def heading(one: Finding) -> str:
    """What the list shows of a finding below its block's name: by how much, and which rule."""
    rule = RULES[one.rule]
    german = preferences.language() == "de"
    if not one.by:
        return rule.german if german else rule.english
    by = f"{one.by:.{rule.digits}f}".replace(".", "," if german else ".")
    return f"{f'{by} {one.unit}'.strip()} · {rule.german if german else rule.english}"


def by_name() -> list[tuple[str, list[tuple[int, Finding]]]]:
    """The findings with their numbers under the names of blocks, plots and areas, in the order in which those come first."""
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for index, one in enumerate(shown()):
        groups.setdefault(one.name, []).append((index, one))
    return list(groups.items())


CLASSES = (JENA_OT_go_to_finding, JENA_OT_exempt, JENA_OT_explain_figure)
