"""The sun, analyses and their results."""

from __future__ import annotations

from typing import Any

import bpy

from ...analyses import estimating
from ...analyses.registry import REGISTRY
from ...scene import notes, properties
from .. import analysing, live, results, sentences, variants, viewpoints
from ..base import translated
from .layout import InProject, fields, lines, primary
from .news import draw_news

FIRST = ("date", "time")  # settings of an analysis that are always in sight


class JENA_PT_sun(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_sun"
    bl_label = "Sun"

    def draw_header(self, context: Any) -> None:
        self.layout.prop(context.scene.jena, "show_sun", text="")

    def draw(self, context: Any) -> None:
        layout = self.layout
        settings = context.scene.jena
        row = layout.row(align=True)
        row.prop(settings, "date", text="")
        row.prop(settings, "basis", text="")
        layout.prop(settings, "time", slider=True)
        if settings.sun_words:
            lines(layout, sentences.spoken(sentences.labelled(settings.sun_words)), "LIGHT_SUN")


class JENA_PT_analyses(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_analyses"
    bl_label = "Analyses"

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        layout.prop(scene.jena, "analysis", text="")
        kind = scene.jena.analysis
        group = getattr(scene, f"jena_{kind}")
        names = properties.shown_fields(REGISTRY[kind].settings)
        if "viewpoints" in REGISTRY[kind].settings.from_project:
            _draw_views(layout, scene)
        form = fields(layout)
        for name in (name for name in FIRST if name in names):
            form.prop(group, name)
        header, body = form.panel("jena_details", default_closed=True)
        header.label(text="Details")
        if body is not None:
            for name in (name for name in names if name not in FIRST):
                body.prop(group, name)
        layout.prop(scene.jena, "only_shown")
        row = primary(layout)
        row.operator("jena.run_analysis", icon="PLAY").analysis = kind
        seconds = analysing.estimate(scene, kind)
        if seconds is not None:
            lines(layout, translated("About {} for each variant").format(estimating.words(seconds)), "TIME")
        if kind == "sun_hours":
            layout.operator("jena.live_sun", icon="LIGHT_SUN", depress=live.on(scene))
        draw_news(layout, "analyses")


def _draw_views(layout: Any, scene: Any) -> None:
    """What there is to look from and at, and how to put more."""
    box = layout.box().column(align=True)
    for kind, index, name in (one for one in viewpoints.named(scene) if one[0] not in ("cameras", "photos")):
        row = box.row(align=True)
        row.label(text=name, icon=viewpoints.icon(kind), translate=False)
        remove = row.operator("jena.remove_view", text="", icon="X", emboss=False)
        remove.kind, remove.index = kind, index
    row = box.row(align=True)
    row.operator("jena.put_viewpoint", icon=viewpoints.icon("viewpoints"))
    row.operator("jena.put_landmark", icon=viewpoints.icon("landmarks"))
    box.operator("jena.draw_axis", icon=viewpoints.icon("axes"))


class JENA_PT_results(InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_results"
    bl_label = "Results"

    def draw_header_preset(self, context: Any) -> None:
        if results.things(context.scene):
            self.layout.prop(context.scene.jena, "only_this_variant", text="", icon="FILTER")

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        draw_news(layout, "results")
        there = results.things(scene)
        if not there:
            lines(layout, translated("Nothing yet: compute an analysis."))
            return
        seen = results.shown(scene)
        column = layout.column(align=True)
        listed: dict[str, list[tuple[Any, Any, str]]] = {}
        for thing in there:
            note = notes.get(thing)
            assert note is not None
            if scene.jena.only_this_variant and note["variant"] != variants.shown(scene):
                continue
            what, where = _in_two(sentences.labelled(note["title"]))
            listed.setdefault(what, []).append((thing, note, where))
        for heading, alike in listed.items():
            if heading:
                column.label(text=heading, translate=False)
            for thing, note, where in alike:
                row = column.row(align=True)
                icon = "HIDE_OFF" if thing == seen else "HIDE_ON"
                row.operator("jena.show_result", text=where, icon=icon, depress=thing == seen, translate=False).result = note["name"]
                if note.get("stale"):
                    row.label(text="", icon="ERROR")
        if seen is not None and (notes.get(seen) or {}).get("stale"):
            lines(layout, translated("Out of date: the variant has changed since"), "ERROR")
        if seen is not None:
            row = layout.row(align=True)
            row.operator("jena.probe", icon="EYEDROPPER")
            row.operator("jena.export_result", text="Export", icon="EXPORT")
            row.operator_menu_enum("jena.compare_result", "other", text="", icon="MOD_MIRROR")
            row.operator("jena.delete_result", text="", icon="TRASH")


def _in_two(title: str) -> tuple[str, str]:
    """A result's title as the list shows it, which has little room: what stands over several results, and what tells one of them."""
    head, _, place = title.rpartition(", ")
    what, _, change = head.partition(": ")
    return what, f"{place[:1].upper()}{place[1:]}" + (f" · {sentences.labelled('Änderung')}" if change else "")
