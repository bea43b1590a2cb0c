"""Open data of a town by its profile, for a box: into the open project, or into a new one."""

from pathlib import Path
from typing import Any

import bpy
import pyproj
from bpy.props import EnumProperty, FloatVectorProperty, StringProperty

from ..jena_city import crs as crs_names
from ..jena_city import downloads, profiles
from ..jena_city.downloads import Got
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..jena_city.profiles import Profile
from ..pipeline import opening, sourcing
from ..scene import document
from . import base, importing, jobs, preferences, projects, sentences, view

AT_FIRST = 500.0  # metres from the middle of the town to each side, where nothing else says what is wanted

KINDS = [
    ("buildings", "Buildings", ""),
    ("terrain", "Terrain", ""),
    ("orthophoto", "Orthophoto", ""),
    ("trees", "Trees", ""),
    ("streets", "Streets", ""),
    ("areas", "Areas", ""),
    ("plots", "Plots", ""),
    ("plans", "Development plan", ""),
]


def _box(context: Any, profile: Profile, area: str) -> tuple[float, float, float, float] | None:
    """A box in the profile's CRS around the plan area or what the view shows; around the middle of the town where there is no project."""
    scene = context.scene
    if not document.is_document(scene):
        to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs_names.proj(profile.crs), always_xy=True)
        x, y = to_metres.transform(*profile.centre)
        return x - AT_FIRST, y - AT_FIRST, x + AT_FIRST, y + AT_FIRST
    site, origin = document.loaded_site(scene), document.origin(scene)
    found = view.seen_box(scene) if area == "view" else site.plan_box if site is not None else None
    if found is None:
        return None
    (west, south), (east, north) = origin.to_world([found[:2], found[2:]]).tolist()
    if origin.crs == profile.crs:
        return west, south, east, north
    to_profile = pyproj.Transformer.from_crs(crs_names.proj(origin.crs), crs_names.proj(profile.crs), always_xy=True)
    bounds: tuple[float, float, float, float] = to_profile.transform_bounds(west, south, east, north)
    return bounds


def _area_changed(self: Any, context: Any) -> None:
    typed = self.area == "typed" and document.is_document(context.scene)
    try:
        box = None if typed else _box(context, profiles.load(self.profile), self.area)
    except InputProblem:
        return  # the dialog says it
    if box is not None:
        self.box = box


class JENA_OT_download(base.Reporting, bpy.types.Operator):
    """Fetch buildings, terrain and more from their publisher, by the town's profile, for a box"""

    bl_idname = "jena.download_data"
    bl_label = "Download Open Data"
    bl_options = {"REGISTER"}

    profile: StringProperty(
        name="Profile",
        description="The town or state whose data are meant",
        search=preferences.profiles_known,
        update=_area_changed,
        options={"SKIP_SAVE"},
    )
    what: EnumProperty(name="Data", description="What is fetched", items=KINDS, options={"ENUM_FLAG"}, default={"buildings", "terrain"})
    area: EnumProperty(
        name="Area",
        description="Which box",
        items=[
            ("plan", "Plan area", "Around the plan area"),
            ("view", "What is seen", "What the 3D view shows of the ground"),
            ("typed", "As typed", "The numbers below"),
        ],
        update=_area_changed,
        options={"SKIP_SAVE"},
    )
    box: FloatVectorProperty(
        name="West, south, east, north",
        description="In the profile's coordinate system, metres",
        size=4,
        precision=1,
        options={"SKIP_SAVE"},
    )
    folder: StringProperty(name="Project folder", description="Where the new project is written", subtype="DIR_PATH", options={"SKIP_SAVE"})
    project_name: StringProperty(name="Name", description="Name of the project; empty: that of its folder", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, _context: Any) -> bool:
        if not bpy.app.online_access:
            cls.poll_message_set(bpy.app.translations.pgettext_iface("Online access is off (Preferences ▸ System ▸ Network)"))
            return False
        return True

    def invoke(self, context: Any, _event: Any) -> set[str]:
        scene = context.scene
        if not self.profile:
            self.profile = projects.profile(scene) or preferences.profile() or "jena"
        if document.is_document(scene):
            site = document.loaded_site(scene)
            self.area = "plan" if site is not None and site.plan_box is not None else "view"
        else:
            _area_changed(self, context)  # the middle of the town
            self.folder = self.folder or str(projects.free(preferences.projects_folder() / slug(self.profile)))
        self.check(context)
        return set(context.window_manager.invoke_props_dialog(self, width=520, confirm_text="Download"))

    def check(self, _context: Any) -> bool:
        """Blender's own, after each change: how much it would be."""
        self._wrong, self._much = "", ""
        try:
            files = self._wanted()
            said = bpy.app.translations.pgettext_iface("{} files, about {} MB to fetch")
            self._much = said.format(len(files), round(downloads.megabytes(files)))
        except InputProblem as problem:
            self._wrong = sentences.spoken(str(problem))
        return True

    def draw(self, context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        new = not document.is_document(context.scene)
        for name in ("profile", "what", *(() if new else ("area",)), "box", *(("project_name", "folder") if new else ())):
            layout.column(align=True).prop(self, name)
        layout.label(text=self._wrong or self._much, icon="ERROR" if self._wrong else "INFO", translate=False)

    def _wanted(self) -> list[downloads.Wanted]:
        return downloads.wanted(profiles.load(self.profile.strip()), sorted(self.what), tuple(self.box))  # type: ignore[arg-type]

    def do(self, context: Any) -> None:
        scene, profile, name = context.scene, self.profile.strip(), self.project_name.strip()
        if not bpy.app.online_access:
            raise InputProblem("Download Open Data", "online access is off", "Allow it under Preferences ▸ System ▸ Network")
        files = self._wanted()
        if document.is_document(scene):
            projects.write_folder(scene)
            folder: Path = document.folder(scene)

            def add(progress: Progress) -> tuple[projects.Ready, Got]:
                opened, got = sourcing.with_downloads(opening.load(folder), files, progress=_part(progress, 0.0, 0.8))
                return projects.ready(opened, _part(progress, 0.8, 1.0)), got

            jobs.start(jobs.Job("Download Open Data", scene.name, add, _added))
            return
        target = Path(bpy.path.abspath(self.folder)) if self.folder else projects.free(preferences.unsaved_folder() / slug(profile))

        def begin(progress: Progress) -> tuple[projects.Ready, Got]:
            opened, got = sourcing.new_by_download(target, files, profile=profile, name=name, progress=_part(progress, 0.0, 0.8))
            return projects.ready(opened, _part(progress, 0.8, 1.0)), got

        jobs.start(jobs.Job("Download Open Data", scene.name, begin, _begun))


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda share, what: progress(start + (end - start) * share, what)


def _added(scene: Any, found: tuple[projects.Ready, Got]) -> None:
    importing.replaced(scene, found[0])
    _say(found[1])


def _begun(scene: Any, found: tuple[projects.Ready, Got]) -> None:
    projects.fill(scene, found[0])
    _say(found[1])


def _say(got: Got) -> None:
    """What is missing of what was wanted."""
    if got.problems:
        jobs.notice[:] = [f"{len(got.problems)} files could not be fetched. The first: {got.problems[0].message}"]
    elif got.absent:
        jobs.notice[:] = [
            f"{len(got.files)} files are here; {len(got.absent)} tiles the publisher does not have: {', '.join(got.absent[:3])}"
        ]


CLASSES = (JENA_OT_download,)
