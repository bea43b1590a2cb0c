"""What citizens sent: taken into the project, listed, pinned over the town, answered; their designs as variants that can be worked on."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.app.handlers import persistent
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, FloatVectorProperty, IntProperty, PointerProperty, StringProperty
from mathutils import Vector

from .. import feedback
from ..jena_city import variant_files
from ..jena_city.applied import Applied, apply
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.site import Site
from ..jena_city.variant import Variant
from ..participation import inbox, summary
from ..pipeline import opening
from ..scene import builder, comment_pins, document, shapes, sync
from . import base, jobs, projects, publishing, variants, view
from .base import translated

PANEL = "participation"
SHORT = 60  # letters of a comment in the list
EYE = 60.0  # metres from which a place without a camera of its own is looked at
ANY = "any"
STATUS = {
    "received": "Received", "read": "Read", "adopted": "Adopted", "partly": "Adopted in part", "not-adopted": "Not adopted",
}  # fmt: skip
FEELINGS = {"like": "Likes it", "dislike": "Is bothered", "question": "Asks", "none": "No judgement"}
FEELING_ICONS = {"like": "CHECKMARK", "dislike": "X", "question": "QUESTION", "none": "BLANK1"}

box: list[inbox.Inbox] = []
"""What has been collected into the project, once it is shown."""


def _answer(self: Any) -> inbox.Answer | None:
    return box[0].answers.get(self.contribution) if box else None


def _say(self: Any, **changed: Any) -> None:
    if box and self.contribution in box[0].answers:
        inbox.answered(box[0], self.contribution, **changed)


class JenaComment(bpy.types.PropertyGroup):
    """A comment as the list shows it. name : what the list can be searched by."""

    contribution: StringProperty(options={"HIDDEN"})
    number: StringProperty(options={"HIDDEN"})
    text: StringProperty(options={"HIDDEN"})
    category: StringProperty(options={"HIDDEN"})
    variant: StringProperty(options={"HIDDEN"})
    feeling: StringProperty(options={"HIDDEN"})
    placed: BoolProperty(options={"HIDDEN"})
    position: FloatVectorProperty(options={"HIDDEN"})
    cluster: IntProperty(options={"HIDDEN"})
    eye: FloatVectorProperty(options={"HIDDEN"})
    target: FloatVectorProperty(options={"HIDDEN"})
    has_camera: BoolProperty(options={"HIDDEN"})
    designs: IntProperty(options={"HIDDEN"})
    status: EnumProperty(
        name="State",
        description="What became of the contribution; it stands in the report",
        items=[(key, name, "") for key, name in STATUS.items()],
        get=lambda self: list(STATUS).index(found.status) if (found := _answer(self)) else 0,
        set=lambda self, value: _say(self, status=list(STATUS)[value]),
    )
    answer: StringProperty(
        name="Answer",
        description="The office's answer to the contribution; it stands in the report",
        get=lambda self: found.answer if (found := _answer(self)) else "",
        set=lambda self, value: _say(self, answer=value.strip()),
    )
    hidden: StringProperty(
        name="Not Shown, Because",
        description="Why nobody outside may read it (names a neighbour, insults): the report says this instead, and counts it",
        get=lambda self: found.hidden if (found := _answer(self)) else "",
        set=lambda self, value: _say(self, hidden=value.strip()),
    )


def _filtered(self: Any, context: Any) -> None:
    """Pins are of what is listed."""
    if len(self.comments):
        pin(context.scene)


NO_GROUP = 10**6
_EVERY = (ANY, "", "")
_offered: dict[str, list[tuple[str, str, str]]] = {"category": [_EVERY], "variant": [_EVERY]}  # Blender wants words of menus to be kept


class JenaContributions(bpy.types.PropertyGroup):
    """What is listed, and which of it."""

    comments: CollectionProperty(type=JenaComment, options={"HIDDEN"})
    chosen: IntProperty(options={"HIDDEN", "SKIP_SAVE"})
    category: EnumProperty(
        name="Subject", description="Only comments on this subject", items=lambda _self, _context: _offered["category"], update=_filtered
    )
    variant: EnumProperty(
        name="Variant", description="Only comments on this variant", items=lambda _self, _context: _offered["variant"], update=_filtered
    )
    feeling: EnumProperty(
        name="Judgement",
        description="Only comments that judge so",
        items=[(ANY, "All judgements", ""), *((key, name, "") for key, name in FEELINGS.items())],
        update=_filtered,
    )
    order: EnumProperty(
        name="Order",
        description="How the list is ordered",
        items=[("number", "By number", "As they came"), ("place", "By place", "Those near each other together, the largest group first")],
    )


class JENA_UL_comments(bpy.types.UIList):
    """Comments of citizens."""

    def draw_item(self, _context: Any, layout: Any, data: Any, item: Any, _icon: Any, _active_data: Any, _active: Any) -> None:
        row = layout.row(align=True)
        row.label(text="", icon=FEELING_ICONS.get(item.feeling, "BLANK1"))
        grouped = data.order == "place" and item.cluster != NO_GROUP
        left = row.split(factor=0.3)
        left.label(text=translated("Place {}").format(item.cluster) if grouped else item.number, translate=False)
        left.label(text=item.text[:SHORT].replace("\n", " "), translate=False)
        if item.placed:
            row.label(text="", icon="PINNED")
        if item.designs:
            row.label(text="", icon="HOME")

    def filter_items(self, _context: Any, data: Any, name: str) -> tuple[list[int], list[int]]:
        comments = getattr(data, name)
        words = self.filter_name.strip().lower()
        asked = _asked(data)
        shown = [self.bitflag_filter_item if words in one.name and asked(one) else 0 for one in comments]
        if data.order != "place":
            return shown, []
        ranks = sorted(range(len(comments)), key=lambda k: (comments[k].cluster, k))
        return shown, [position for _, position in sorted((row, position) for position, row in enumerate(ranks))]


def _asked(listed: Any) -> Callable[[Any], bool]:
    """Whether a comment is of the subject, design and feeling that are chosen."""
    wanted = [(key, value) for key in ("category", "variant", "feeling") if (value := getattr(listed, key)) != ANY]
    return lambda one: all(getattr(one, key) == value for key, value in wanted)


def load(scene: Any) -> inbox.Inbox:
    """Read what has been collected into the scene's project, list it, and pin what has a place."""
    found = inbox.load(document.folder(scene))
    box[:] = [found]
    at, site = document.origin(scene), document.loaded_site(scene)
    listed = bpy.context.window_manager.jena_contributions
    listed.comments.clear()
    names = _names(scene)
    placed = [(found.number(one["id"]), comment) for one in found.contributions for comment in one["comments"] if comment["position"]]
    cluster = {comment["id"]: k for k, place in enumerate(summary.clusters(placed), 1) for _, comment in place.comments}
    for one in found.contributions:
        comments = one["comments"] or [{"text": "", "id": one["id"]}]
        for comment in comments:
            _add(listed.comments.add(), one, comment, found.number(one["id"]), at, site, cluster.get(comment["id"], NO_GROUP))
    for which, every in (("category", translated("All subjects")), ("variant", translated("All variants"))):
        known = dict.fromkeys(getattr(one, which) for one in listed.comments if getattr(one, which))
        _offered[which][:] = [(ANY, every, ""), *((key, names.get(key, key), "") for key in known)]
    pin(scene)
    return found


def _names(scene: Any) -> dict[str, str]:
    """Names of subjects and variants by their ids."""
    asked = opening.load(document.folder(scene)).file.participation
    named = {one.id: one.label.de for one in asked.categories} if asked is not None else {}
    return named | {one.id: one.name for one in sync.variants(scene)}


def _add(made: Any, one: dict[str, Any], comment: dict[str, Any], number: str, at: Origin, site: Site | None, cluster: int) -> None:
    made.contribution, made.number, made.cluster, made.designs = one["id"], number, cluster, len(one["variants"])
    made.text = comment["text"] or (str(one["variants"][0]["name"]) if one["variants"] else "")
    made.category, made.variant = comment.get("category") or "", comment.get("variant") or ""
    made.feeling = comment.get("feeling") or "none"
    made.name = f"{number} {made.text}".lower()
    if comment.get("position"):
        made.placed, made.position = True, _local(comment["position"], at, site)
    if comment.get("camera"):
        made.has_camera = True
        made.eye, made.target = (_local(comment["camera"][key], at, site) for key in ("position", "target"))


def _local(place: list[float], at: Origin, site: Site | None) -> tuple[float, float, float]:
    x, y = at.to_local(np.array([place[:2]]))[0].tolist()
    ground = float(site.terrain.height_at(np.array([[x, y]]))[0]) if site is not None and site.terrain is not None else 0.0
    return x, y, place[2] if len(place) > 2 else (0.0 if math.isnan(ground) else ground)


def pin(scene: Any) -> None:
    """Pins for the comments that have a place and are not filtered out."""
    listed = bpy.context.window_manager.jena_contributions
    asked = _asked(listed)
    rows = [k for k, one in enumerate(listed.comments) if one.placed and asked(one)]
    places = np.array([tuple(listed.comments[k].position) for k in rows], np.float64).reshape(-1, 3)
    comment_pins.show(scene, places, [listed.comments[k].feeling for k in rows], rows)


def chosen() -> Any:
    """The comment that is chosen in the list; None when there is none."""
    listed = bpy.context.window_manager.jena_contributions
    return listed.comments[listed.chosen] if 0 <= listed.chosen < len(listed.comments) else None


class JENA_OT_collect(base.InProject, bpy.types.Operator):
    """Take in what citizens sent: files of the page, Masterportal, DIPAS, CONSUL, GeoJSON, tables; a link or a server"""

    bl_idname = "jena.collect"
    bl_label = "Take Contributions In"
    bl_options = {"REGISTER"}
    panel = PANEL

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE", "HIDDEN"})
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"})
    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"SKIP_SAVE", "HIDDEN"})
    filter_glob: StringProperty(default="*.json;*.geojson;*.csv;*.txt", options={"HIDDEN"})
    address: StringProperty(name="Link or server", description="A link of the page, or the address of a server, instead of files")

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        scene, address = context.scene, self.address.strip()
        named = [str(Path(self.directory) / one.name) for one in self.files if one.name]
        sources = [address] if address else named or [self.filepath or self.directory]
        if address and "#b=" not in address and not bpy.app.online_access:
            raise InputProblem(address, "Blender's online access is off", "Switch it on in the preferences under System")
        projects.write_folder(scene)
        folder = document.folder(scene)

        def work(progress: Progress) -> feedback.Collected:
            return feedback.collect(opening.load(folder), sources, progress=progress)

        jobs.start(jobs.Job("Take Contributions In", scene.name, work, _collected, panel=PANEL))


def _collected(scene: Any, done: feedback.Collected) -> None:
    load(scene)
    jobs.notice[:] = [
        f"{done.new} new contributions, {done.changed} brought up to date, {done.there} known already, {done.refused} refused."
    ]
    if done.problems:
        jobs.notice[1:] = [f"{len(done.problems)} things were left out or mended: {done.problems[0].message}"]


class JENA_OT_show_contributions(base.InProject, bpy.types.Operator):
    """List what has been collected, and pin what has a place, with the filters that are set"""

    bl_idname = "jena.show_contributions"
    bl_label = "Show Contributions"
    bl_options = {"REGISTER"}
    panel = PANEL

    def do(self, context: Any) -> None:
        if not load(context.scene).contributions:
            raise InputProblem("Participation", "nothing has been collected yet", "Take contributions in")


class JENA_OT_hide_contributions(base.InProject, bpy.types.Operator):
    """Take list and pins away; what was collected stays in the project"""

    bl_idname = "jena.hide_contributions"
    bl_label = "Hide Contributions"
    bl_options = {"REGISTER"}

    def do(self, context: Any) -> None:
        context.window_manager.jena_contributions.comments.clear()
        box.clear()
        comment_pins.hide(context.scene)


class _OnComment(base.InProject):
    panel = PANEL

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and chosen() is not None


class JENA_OT_go_to_comment(_OnComment, bpy.types.Operator):
    """Look from where the citizen looked, or at the place; with the variant that the comment is about"""

    bl_idname = "jena.go_to_comment"
    bl_label = "Go There"
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and (chosen().placed or chosen().has_camera)

    def do(self, context: Any) -> None:
        scene, one = context.scene, chosen()
        if one.variant and one.variant in {each.id for each in sync.variants(scene)}:
            document.show(scene, one.variant)
        target = Vector(one.target if one.has_camera else one.position)
        eye = Vector(one.eye) if one.has_camera else target + Vector((-0.5, -0.7, 0.5)).normalized() * EYE
        for area, space in view.views(scene):
            region = space.region_3d
            region.view_perspective = "PERSP"
            region.view_rotation = (target - eye).to_track_quat("-Z", "Y")
            region.view_location, region.view_distance = target, max((target - eye).length, 1.0)
            area.tag_redraw()


class JENA_OT_take_designs(base.InProject, bpy.types.Operator):
    """Make citizens' designs variants, to look at, to check and to work on"""

    bl_idname = "jena.take_designs"
    bl_label = "Take Designs"
    bl_options = {"REGISTER", "UNDO"}
    panel = PANEL

    every: BoolProperty(name="All of them", description="All designs that were collected", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and bool(box)

    def do(self, context: Any) -> None:
        scene, one = context.scene, chosen()
        wanted = box[0].contributions if self.every else [each for each in box[0].contributions if one and each["id"] == one.contribution]
        there = {key for each in sync.variants(scene) if (key := each.properties.get("contribution"))}
        given = [
            (each["id"], box[0].number(each["id"]), number, design)
            for each in wanted
            for number, design in enumerate(each["variants"])
            if f"{each['id']}/{number}" not in there
        ]
        if not given:
            raise InputProblem("Participation", "there is no design that is not a variant already", "Choose another contribution")
        site, taken = document.site(scene), {each.id for each in sync.variants(scene)}

        def work(progress: Progress) -> list[Applied]:
            made = []
            for k, (identity, label, number, design) in enumerate(given):
                progress(k / len(given), f"{label} {design['name']}")
                variant = design_of(design, identity, label, number, site.origin)
                taken.add(variant.id)
                made.append(apply(site, variant))
            return made

        jobs.start(jobs.Job("Take Designs", scene.name, work, _taken, panel=PANEL))


def design_of(content: dict[str, Any], contribution: str, label: str, number: int, origin: Origin) -> Variant:
    """A citizen's design as a variant that says whose it is."""
    read = variant_files.from_geojson(content, Path(f"contribution {label}"), origin)
    name = f"buerger-{label.lower()}" + (f"-{number + 1}" if number else "")
    return replace(read, id=name, name=f"{label} {read.name}", properties={**read.properties, "contribution": f"{contribution}/{number}"})


def _taken(scene: Any, made: list[Applied]) -> None:
    for applied in made:
        builder.add_variant(scene, applied, shapes.outline(applied))
    document.show(scene, made[-1].variant.id if len(made) == 1 else variants.shown(scene))
    jobs.notice[:] = [f"{len(made)} designs are variants now."]


class JENA_OT_contributions_report(base.InProject, bpy.types.Operator):
    """Write the report (HTML, CSV, XLSX, GeoJSON) into the project's folder, and open it in the browser"""

    bl_idname = "jena.contributions_report"
    bl_label = "Write Report"
    bl_options = {"REGISTER"}
    panel = PANEL

    def do(self, context: Any) -> None:
        scene = context.scene
        projects.write_folder(scene)
        folder = document.folder(scene)
        english = bpy.app.translations.locale.startswith("en")

        def work(progress: Progress) -> Path:
            paths, _ = feedback.report(opening.load(folder), language="en" if english else "de", progress=progress)
            return paths[0]

        def done(_scene: Any, path: Path) -> None:
            jobs.notice[:] = [f"Written to {path.parent}."]
            if not bpy.app.background:
                publishing.show(path.as_uri())

        jobs.start(jobs.Job("Write Report", scene.name, work, done, panel=PANEL))


def told(one: Any) -> str:
    """What the panel says of the chosen comment beside its words."""
    names = {key: name for which in _offered.values() for key, name, _ in which}
    parts = [translated(FEELINGS[one.feeling]) if one.feeling != "none" else "", names.get(one.category, ""), names.get(one.variant, "")]
    return " · ".join(part for part in parts if part)


@persistent
def _forget(*_unused: Any) -> None:
    """Another file: what was listed belongs to the old one."""
    box.clear()
    bpy.context.window_manager.jena_contributions.comments.clear()


def register(registry: Any) -> None:
    """The list, which is the session's and in no file."""
    registry.pointer(bpy.types.WindowManager, "jena_contributions", PointerProperty(type=JenaContributions))
    registry.handler(bpy.app.handlers.load_post, _forget)
    registry.on_undo(box.clear)


CLASSES = (
    JenaComment,
    JenaContributions,
    JENA_UL_comments,
    JENA_OT_collect,
    JENA_OT_show_contributions,
    JENA_OT_hide_contributions,
    JENA_OT_go_to_comment,
    JENA_OT_take_designs,
    JENA_OT_contributions_report,
)
