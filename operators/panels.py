"""The sidebar tab "Jena Planner": a form filled from top to bottom. Nothing is computed while drawing."""

import platform
from functools import cache
from typing import Any

import bpy

from .. import analyses
from ..analyses import estimating
from ..jena_city.about import compare_libraries, version
from ..jena_city.envelope import LIMITS
from ..jena_city.problems import InputProblem
from ..jena_city.variant import NULL_VARIANT
from ..scene import builder, document, envelopes, notes, properties, sync
from . import (
    analysing,
    errors,
    findings,
    jobs,
    key_figures,
    keys,
    live,
    picturing,
    preferences,
    projects,
    results,
    sentences,
    side_by_side,
    variants,
    view,
    viewpoints,
)
from .ground_tool import number

MOST_FACTS = 14
MOST_FINDINGS = 24
FIRST = ("date", "time")  # settings of an analysis that are always in sight


def _translated(text: str) -> str:
    return bpy.app.translations.pgettext_iface(text)


def _lines(layout: Any, text: str, icon: str = "NONE", wide: int = 40) -> None:
    """A sentence over as many lines as a sidebar needs."""
    column = layout.column(align=True)
    column.scale_y = 0.85
    line, first = "", True
    for word in [*text.split(), None]:  # type: ignore[list-item]
        if word is None or (line and len(line) + len(word) >= wide):
            column.label(text=line, icon=icon if first else ("BLANK1" if icon != "NONE" else "NONE"), translate=False)
            line, first = word or "", False
        else:
            line = f"{line} {word}" if line else word


class _Tab:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = view.TAB


class _InProject(_Tab):
    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and projects.state[0].kind != "newer"


class JENA_PT_project(_Tab, bpy.types.Panel):
    bl_idname = "JENA_PT_project"
    bl_label = "Project"

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        if not document.is_document(scene):
            _draw_news(layout)
            if not jobs.queue:
                _draw_beginning(layout)
            return
        _draw_news(layout, "project")
        if _draw_banner(layout):
            return
        row = layout.row(align=True)
        row.prop(scene.jena, "project_name", text="", icon="HOME")
        save = row.row(align=True)
        save.ui_units_x = 5.5
        save.operator("jena.save", text="Save", icon="FILE_TICK")
        if not scene.jena.licence:  # it must stand under every picture; once stated it is found under "Data"
            _draw_licence(layout, scene)
        for problem in projects.problems[:3]:
            _lines(layout, sentences.spoken(problem), "ERROR")
        row = layout.row(align=True)
        row.operator("jena.frame_site", icon="ZOOM_SELECTED")
        row.operator("jena.view_north", text="North Up", icon="ORIENTATION_VIEW")
        if builder.has_photo(scene):
            layout.prop(scene.jena, "show_photo")
        if builder.has_looks(scene):
            layout.prop(scene.jena, "show_looks")


def _draw_licence(layout: Any, scene: Any) -> None:
    icon = "NONE" if scene.jena.licence else "ERROR"
    _form(layout).prop(scene.jena, "licence", icon=icon, placeholder=_translated("Who gave the data"))


def _form(layout: Any) -> Any:
    """A column of fields with their names to the left."""
    form = layout.column()
    form.use_property_split = True
    form.use_property_decorate = False
    return form


def _draw_news(layout: Any, panel: str = "") -> None:
    """How far the job is that was started in a panel, or how it ended, or what went wrong there. panel : see `jobs.Job`; "" for all."""
    if errors.last and panel in ("", errors.last[0].panel):
        _draw_failure(layout)
    job = jobs.running()
    if job is not None and panel in ("", job.panel):
        box = layout.box().column(align=True)
        _draw_bar(box, job)
        what = sentences.doing(job.what)
        _lines(box, " · ".join(part for part in (what, _translated("Esc stops")) if part), wide=38)
    waiting = [one for one in jobs.queue[1:] if panel in ("", one.panel)]
    if waiting:
        layout.label(text=_translated("{} waiting").format(len(waiting)), icon="TIME", translate=False)
    if job is None and jobs.notice and panel in ("", jobs.noticed[0]):
        _lines(layout, sentences.spoken(jobs.notice[0]), "INFO")


def _draw_bar(layout: Any, job: jobs.Job) -> None:
    row = layout.row(align=True)
    row.progress(factor=job.share, text=f"{_translated(job.title)} · {round(100 * job.share)} %")
    row.operator("jena.cancel", text="", icon="X")


def _in_header(self: Any, _context: Any) -> None:
    """The same in the viewport's header, where it is seen however far the sidebar is scrolled."""
    job = jobs.running()
    if job is not None:
        row = self.layout.row()
        row.ui_units_x = 12
        _draw_bar(row, job)


def _draw_failure(layout: Any) -> None:
    box = layout.box()
    _lines(box, sentences.spoken(errors.last[0].sentence), "ERROR", 34)
    row = box.row(align=True)
    row.operator("jena.copy_details", icon="COPYDOWN")
    row.operator("jena.dismiss", text="", icon="X")


def _draw_beginning(layout: Any) -> None:
    """The empty state: what to do first."""
    _lines(
        layout, _translated("Begin with your city's data: CityGML and terrain, as files, folders or zips. Or drop them on the viewport.")
    )
    _primary(layout).operator("jena.import_geodata", text="Import City Data", icon="IMPORT")
    layout.operator("jena.open_project", icon="FILE_FOLDER")
    layout.separator(factor=0.5)
    _lines(layout, _translated("No data at hand? The sample is a made-up quarter with three variants."))
    layout.operator("jena.open_sample", icon="COMMUNITY")
    layout.operator("jena.download_data", icon="URL")


def _primary(layout: Any) -> Any:
    """Room for the one button that a panel is about."""
    row = layout.row()
    row.scale_y = 1.4
    return row


def _draw_banner(layout: Any) -> bool:
    """What is wrong between folder and .blend; returns whether nothing else can be done."""
    found = projects.state[0]
    if found.kind in ("none", "same"):
        return False
    box = layout.box()
    _lines(box, sentences.spoken(found.words), "ERROR", 34)
    if found.kind == "folder-changed":
        row = box.row(align=True)
        row.operator("jena.take_folder", icon="FILE_FOLDER")
        row.operator("jena.keep_mine", icon="FILE_BLEND")
        box.operator("jena.merge_folder", icon="AUTOMERGE_ON")
    elif found.kind == "data-changed":
        box.operator("jena.show_data", icon="FILE_REFRESH")
    elif found.kind in ("folder-missing", "data-missing"):
        box.operator("jena.relink", icon="LINKED")
    return found.kind == "newer"


class JENA_PT_data(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_data"
    bl_label = "Data"
    bl_parent_id = "JENA_PT_project"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        layout = self.layout
        note = notes.get(context.scene)
        assert note is not None
        place = note["origin"]
        layout.label(text=f"{place['crs']} · {place['easting']} {place['northing']}", icon="WORLD", translate=False)
        if context.scene.jena.licence:
            _draw_licence(layout, context.scene)
        read = note.get("read")
        if read is not None:
            words = [
                _translated("{} building" if read["buildings"] == 1 else "{} buildings").format(read["buildings"]),
                _translated("{} part" if read["parts"] == 1 else "{} parts").format(read["parts"]),
            ]
            if read["problems"]:
                words.append(_translated("{} problem" if read["problems"] == 1 else "{} problems").format(read["problems"]))
            icon = "ERROR" if read["problems"] else "CHECKMARK"
            layout.operator("jena.show_report", text=" · ".join(words), icon=icon, translate=False)
        _lines(layout, _translated("More tiles, terrain or variants for this project:"))
        layout.operator("jena.choose_files", text="Choose Files", icon="IMPORT")
        layout.operator("jena.download_data", icon="URL")
        layout.operator("jena.fetch_background", icon="IMAGE_DATA")
        layout.operator("jena.export_city_model", icon="EXPORT")


class JENA_PT_variants(_InProject, bpy.types.Panel):
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
            row.menu("JENA_MT_side_by_side", icon="SPLIT_HORIZONTAL")
        collection = sync.collection_of(scene, seen)
        if collection is not None:
            row = layout.row(align=True)
            row.prop(collection.jena, "label", text="")
            status = row.row(align=True)
            status.ui_units_x = 5
            status.prop(collection.jena, "status", text="")
            row.prop(collection.jena, "locked", text="", icon="LOCKED" if collection.jena.locked else "UNLOCKED")
            if collection.jena.locked:
                _lines(layout, _translated("This variant is locked: the lock beside its status opens it."), "LOCKED")


def _variant_row(column: Any, name: str, words: str, collection: Any, seen: str) -> None:
    row = column.row(align=True)
    if collection is not None:
        swatch = row.row()
        swatch.scale_x = 0.25
        swatch.prop(collection.jena, "colour", text="")
    icon = "RADIOBUT_ON" if name == seen else "RADIOBUT_OFF"
    row.operator("jena.show_variant", text=words, icon=icon, depress=name == seen, translate=False).variant = name


class JENA_PT_block(_InProject, bpy.types.Panel):
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
            _lines(layout, _translated("It is linked from another file: make it local to change it."), "LINKED")
            layout.enabled = False
        elif context.object.hide_select:  # its variant is locked
            layout.enabled = False
        form = _form(layout)
        form.prop(block, "label")
        model = (notes.get(context.object) or {}).get("stand_in")
        if model:
            row = layout.row(align=True)
            row.label(text=model["path"], icon="FILE_3D", translate=False)
            row.operator("jena.take_model_off", text="", icon="X")
            if words := sync.problem_of(context.object):
                _lines(layout, sentences.spoken(words), "ERROR")
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
        header, body = form.panel("jena_counting", default_closed=True)
        header.label(text="What it counts as")
        if body is not None:
            body.prop(block, "counts_as")
            row = body.row(align=True)
            row.prop(block, "ground_use")
            if block.roof != "flat":
                body.prop(block, "attic_used")
            row = body.row(align=True)
            row.prop(block, "knows_dwellings")
            if block.knows_dwellings:
                row.prop(block, "dwellings", text="")


class JENA_PT_key_figures(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_key_figures"
    bl_label = "Key Figures"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        if key_figures.preparing():
            _lines(self.layout, _translated("The town is being made ready for figures …"))
        elif not key_figures.shown:
            _lines(self.layout, _translated("Nothing yet: draw a block, or show a variant."))
        else:
            _form(self.layout).prop(context.scene.jena, "compared_with")
        for number_, sheet in enumerate(key_figures.shown):
            box = self.layout.box()
            head = box.row()
            head.label(text=sheet.name, translate=False)
            if sheet.scope == "plot":
                head.operator("jena.plan_values", text="", icon="PREFERENCES", emboss=False).plot = sheet.name
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
        _draw_news(self.layout, "key-figures")


class JENA_PT_findings(_InProject, bpy.types.Panel):
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
        if not findings.shown:
            _lines(layout, _translated("The rules that are known here find nothing."), "CHECKMARK")
        left = len(findings.shown)
        for name, group in findings.by_name():
            if left <= len(findings.shown) - MOST_FINDINGS:
                break
            column = layout.column(align=True)
            column.label(text=name, translate=False)
            for index, one in group:
                left -= 1
                line = column.row(align=True)
                line.operator(
                    "jena.go_to_finding", text=findings.heading(one), icon=findings.ICONS[one.severity], translate=False
                ).index = index
                if one.block:
                    line.operator("jena.exempt", text="", icon="GREASEPENCIL").index = index
        if left:
            layout.label(text=_translated("{} more in the comparison").format(left), translate=False)
        _lines(layout, _translated("A check for planners, no legal advice."))


class JENA_PT_envelope(_InProject, bpy.types.Panel):
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
                _lines(box, sentences.labelled(remark), "INFO")


class JENA_PT_building(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_building"
    bl_label = "Building"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(view.picked)

    def draw(self, _context: Any) -> None:
        column = self.layout.column(align=True)
        for word, value in view.picked[0].facts[:MOST_FACTS]:
            row = column.split(factor=0.4)
            row.label(text=_translated(word), translate=False)
            row.label(text=value, translate=False)


class JENA_PT_sun(_InProject, bpy.types.Panel):
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
            _lines(layout, sentences.spoken(sentences.labelled(settings.sun_words)), "LIGHT_SUN")


class JENA_PT_analyses(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_analyses"
    bl_label = "Analyses"

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        layout.prop(scene.jena, "analysis", text="")
        kind = scene.jena.analysis
        group = getattr(scene, f"jena_{kind}")
        names = properties.shown_fields(analyses.REGISTRY[kind].settings)
        if "viewpoints" in analyses.REGISTRY[kind].settings.from_project:
            _draw_views(layout, scene)
        form = _form(layout)
        for name in (name for name in FIRST if name in names):
            form.prop(group, name)
        header, body = form.panel("jena_details", default_closed=True)
        header.label(text="Details")
        if body is not None:
            for name in (name for name in names if name not in FIRST):
                body.prop(group, name)
        layout.prop(scene.jena, "only_shown")
        row = _primary(layout)
        row.operator("jena.run_analysis", icon="PLAY").analysis = kind
        seconds = analysing.estimate(scene, kind)
        if seconds is not None:
            _lines(layout, _translated("About {} for each variant").format(estimating.words(seconds)), "TIME")
        if kind == "sun_hours":
            layout.operator("jena.live_sun", icon="LIGHT_SUN", depress=live.on(scene))
        _draw_news(layout, "analyses")


def _draw_views(layout: Any, scene: Any) -> None:
    """What there is to look from and at, and how to put more."""
    box = layout.box().column(align=True)
    for kind, index, name in viewpoints.named(scene):
        row = box.row(align=True)
        row.label(text=name, icon=viewpoints.icon(kind), translate=False)
        remove = row.operator("jena.remove_view", text="", icon="X", emboss=False)
        remove.kind, remove.index = kind, index
    row = box.row(align=True)
    row.operator("jena.put_viewpoint", icon=viewpoints.icon("viewpoints"))
    row.operator("jena.put_landmark", icon=viewpoints.icon("landmarks"))
    box.operator("jena.draw_axis", icon=viewpoints.icon("axes"))


class JENA_PT_results(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_results"
    bl_label = "Results"

    def draw_header_preset(self, context: Any) -> None:
        if results.things(context.scene):
            self.layout.prop(context.scene.jena, "only_this_variant", text="", icon="FILTER")

    def draw(self, context: Any) -> None:
        layout = self.layout
        scene = context.scene
        _draw_news(layout, "results")
        there = results.things(scene)
        if not there:
            _lines(layout, _translated("Nothing yet: compute an analysis."))
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
            _lines(layout, _translated("Out of date: the variant has changed since"), "ERROR")
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


class JENA_PT_pictures(_InProject, bpy.types.Panel):
    bl_idname = "JENA_PT_pictures"
    bl_label = "Pictures"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        layout = self.layout
        settings = context.scene.jena
        form = _form(layout)
        form.prop(settings, "preset")
        form.prop(settings, "picture_name")
        form.prop(settings, "width")
        form.prop(settings, "samples")
        _lines(layout, _translated("Date and time are those of the sun above."))
        _primary(layout).operator("jena.render_picture", icon="RENDER_STILL")
        row = layout.row(align=True)
        row.operator("jena.draw_sheet", icon="GREASEPENCIL")
        row.operator("jena.make_film", icon="RENDER_ANIMATION")
        _draw_news(layout, "pictures")
        if picturing.made:
            layout.label(text=picturing.made[-1].name, icon="IMAGE_DATA", translate=False)
            layout.operator("jena.open_picture", icon="FILE_IMAGE")


def draw_preferences(own: Any, layout: Any) -> None:
    """The extension's page in Blender's preferences."""
    layout.use_property_split = True
    layout.prop(own, "language")
    layout.prop(own, "projects")
    layout.prop(own, "profile")
    layout.prop(own, "cache")
    layout.prop(own, "threads")
    layout.label(text=f"Log: {preferences.log_file()}", icon="TEXT", translate=False)
    header, body = layout.panel("jena_keys", default_closed=True)
    header.label(text="Keys")
    if body is not None:
        body.use_property_split = False
        keys.draw(body)
    header, body = layout.panel("jena_versions", default_closed=True)
    header.label(text="Versions")
    if body is not None:
        body.label(
            text=f"Jena Planner {version()} · Blender {bpy.app.version_string} · Python {platform.python_version()}", translate=False
        )
        column = body.column(align=True)
        for library in _libraries():
            icon = "CHECKMARK" if library.ok else "ERROR"
            column.label(text=f"{library.name} {library.installed} ({library.locked})", icon=icon, translate=False)


@cache
def _libraries() -> list[Any]:
    """Installed against locked, looked up once a session; nothing for a Python that has no lock."""
    try:
        return compare_libraries()
    except InputProblem:
        return []


CLASSES = (
    JENA_PT_project,
    JENA_PT_data,
    JENA_PT_variants,
    JENA_PT_block,
    JENA_PT_key_figures,
    JENA_PT_findings,
    JENA_PT_envelope,
    JENA_PT_building,
    JENA_PT_sun,
    JENA_PT_analyses,
    JENA_PT_results,
    JENA_PT_pictures,
)


def register(registry: Any) -> None:
    """The bar in the viewport's header."""
    bpy.types.VIEW3D_MT_editor_menus.append(_in_header)
    registry.on_undo(lambda: bpy.types.VIEW3D_MT_editor_menus.remove(_in_header))
