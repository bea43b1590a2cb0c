"""Geodata and variants into the scene: from the menu, by dropping files on the viewport, or by a program."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, FloatVectorProperty, IntVectorProperty, StringProperty

from ..jena_city import gather, variant_files
from ..jena_city.applied import apply
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress
from ..pipeline import opening, sourcing
from ..scene import builder, demolition, document, handlers, shapes, sync
from . import base, jobs, preferences, projects

MOST_SHOWN = 8  # files that the dialog lists


def chosen_paths(operator: Any) -> list[Path]:
    """What a file browser or a drop named."""
    folder = Path(bpy.path.abspath(operator.directory)) if operator.directory else None
    names = [entry.name for entry in operator.files if entry.name]
    if names and folder is not None:
        return [folder / name for name in names]
    if getattr(operator, "filepath", ""):
        return [Path(bpy.path.abspath(operator.filepath))]
    return [folder] if folder is not None else []


class JENA_OT_choose(bpy.types.Operator):
    """Choose CityGML, terrain, zips or folders of tiles, or variants; you see what is in them before anything is read"""

    bl_idname = "jena.choose_files"
    bl_label = "Import City Data"

    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"HIDDEN", "SKIP_SAVE"})
    directory: StringProperty(subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"})
    filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
    filter_glob: StringProperty(
        default="*.gml;*.xml;*.citygml;*.xyz;*.txt;*.asc;*.tif;*.tiff;*.zip;*.gz;*.geojson;*.json;*.jsonl;*.gpkg;*.shp;*.csv;*.osm;*.pbf;*.dxf;"
        "*.jpg;*.jpeg;*.png;*.jp2",
        options={"HIDDEN"},
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, _context: Any) -> set[str]:
        paths = chosen_paths(self)
        files = [{"name": path.name} for path in paths]
        folder = str(paths[0].parent) if paths else ""
        bpy.ops.jena.import_geodata("INVOKE_DEFAULT", directory=folder, files=files)
        return {"FINISHED"}


class JENA_OT_import(base.Reporting, bpy.types.Operator):
    """Read CityGML and terrain into a new project, or into the one that is open; variants into the open one"""

    bl_idname = "jena.import_geodata"
    bl_label = "Import City Data"
    bl_options = {"REGISTER"}

    files: CollectionProperty(type=bpy.types.OperatorFileListElement, options={"HIDDEN", "SKIP_SAVE"})
    directory: StringProperty(subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"})
    filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
    folder: StringProperty(name="Project folder", description="Where the new project is written", subtype="DIR_PATH", options={"SKIP_SAVE"})
    project_name: StringProperty(name="Name", description="Name of the project; empty: that of its folder", options={"SKIP_SAVE"})
    licence: StringProperty(
        name="Licence",
        description="Who gave the data and under which licence: the line that stands under every picture; can be stated later",
        options={"SKIP_SAVE"},
    )
    profile: StringProperty(
        name="Profile",
        description="The town or state: what it says holds where neither you nor the files say; empty for none",
        search=preferences.profiles_known,
        options={"SKIP_SAVE"},
    )
    crs: StringProperty(
        name="Coordinate system", description="Of the data, where they name none or a wrong one, e.g. EPSG:25832; empty: believe the files"
    )
    lod: EnumProperty(
        name="Level of detail",
        description="Which geometry is taken where a building has several",
        items=[
            ("highest", "Highest", "The highest of each building"),
            ("1", "LoD1", "Blocks without roofs"),
            ("2", "LoD2", "With roofs"),
            ("3", "LoD3", "With openings"),
        ],
    )
    breaklines: BoolProperty(
        name="Ground follows buildings",
        description="Cut the outlines of buildings into the ground that is shown, with a level floor under each; numbers do not change",
    )
    textures: BoolProperty(
        name="Colours and textures",
        description="Take colours and textures of city models along, with the pictures beside them",
        default=True,
    )
    use_box: BoolProperty(name="Only an area", description="Read only what lies in a box")
    box: FloatVectorProperty(
        name="West, south, east, north", description="In the coordinate system of the scene, metres", size=4, precision=1
    )
    use_origin: BoolProperty(name="Origin of my own", description="Where the scene's zero lies; otherwise the data decide")
    origin: IntVectorProperty(name="Easting, northing", description="Whole metres in the coordinate system of the scene", size=2)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        paths = chosen_paths(self)
        if not paths:
            return set(bpy.ops.jena.choose_files("INVOKE_DEFAULT"))
        self._glances = [(path.name, gather.glance(path)) for path in sorted(paths)[:MOST_SHOWN]]
        self._more = max(len(paths) - MOST_SHOWN, 0)
        if not self.folder and not document.is_document(context.scene):
            self.folder = str(projects.free(preferences.projects_folder() / (slug(paths[0].stem) if paths[0].stem else "project")))
            self.profile = self.profile or preferences.profile()
        return set(context.window_manager.invoke_props_dialog(self, width=520, confirm_text="Import"))

    def draw(self, context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        box = layout.box().column(align=True)
        for name, glance in self._glances:
            row = box.row()
            row.alert = not glance.kind
            row.label(text=name, icon="FILE" if glance.kind else "ERROR", translate=False)
            row.label(text=_words(glance), translate=False)
        if self._more:
            box.label(text=bpy.app.translations.pgettext_iface("… and {} more").format(self._more), translate=False)
        if all(glance.kind == "variant" for _, glance in self._glances):
            return
        if document.is_document(context.scene):
            layout.label(text="The data are added to the open project.", icon="INFO")
        else:
            layout.prop(self, "project_name", placeholder=Path(self.folder).name)
            layout.prop(self, "profile")
            layout.prop(self, "licence", placeholder=bpy.app.translations.pgettext_iface("Who gave the data"))
            layout.prop(self, "folder")
            layout.prop(self, "use_origin")
            if self.use_origin:
                layout.prop(self, "origin")
        layout.prop(self, "crs")
        layout.prop(self, "lod")
        layout.prop(self, "breaklines")
        layout.prop(self, "textures")
        layout.prop(self, "use_box")
        if self.use_box:
            layout.prop(self, "box")

    def do(self, context: Any) -> None:
        scene = context.scene
        paths = chosen_paths(self)
        if not paths:
            raise InputProblem("Import", "no file was chosen", "Choose CityGML, terrain or variants")
        variants = [path for path in paths if gather.glance(path).kind == "variant"]
        geodata = [path for path in paths if path not in variants]
        if variants:
            take_variants(scene, variants)
        if geodata:
            self._read(scene, geodata)

    def _read(self, scene: Any, paths: list[Path]) -> None:
        box = tuple(self.box) if self.use_box else None
        origin = (self.origin[0], self.origin[1]) if self.use_origin else None
        lod = None if self.lod == "highest" else int(self.lod)
        crs = self.crs.strip() or None
        breaklines, textures = self.breaklines, self.textures
        if document.is_document(scene):
            projects.write_folder(scene)
            folder = document.folder(scene)

            def work(progress: Progress) -> Any:
                opened = sourcing.with_files(
                    opening.load(folder),
                    paths,
                    crs=crs,
                    lod=lod,
                    bbox=box,
                    breaklines=breaklines or None,
                    textures=None if textures else False,
                    progress=progress,
                )
                return projects.ready(opened, progress)

            jobs.start(jobs.Job("Import", scene.name, work, replaced))
            return
        folder = Path(bpy.path.abspath(self.folder)) if self.folder else projects.free(preferences.unsaved_folder() / slug(paths[0].stem))

        name, licence, profile = self.project_name.strip(), self.licence.strip(), self.profile.strip()

        def begin(progress: Progress) -> projects.Ready:
            opened = sourcing.new_project(
                folder,
                paths,
                crs=crs,
                origin=origin,
                bbox=box,
                lod=lod,
                breaklines=breaklines,
                textures=textures,
                name=name,
                licence=licence,
                profile=profile,
                progress=progress,
            )
            return projects.ready(opened, progress)

        jobs.start(jobs.Job("Import", scene.name, begin, projects.fill))


KINDS = {
    "citygml": "CityGML",
    "cityjson": "CityJSON",
    "terrain": "Terrain",
    "osm": "OpenStreetMap",
    "streets": "Streets",
    "trees": "Trees",
    "areas": "Areas",
    "plots": "Plots",
    "lines": "Reference lines",
    "layers": "Several layers",
    "plans": "Development plan",
    "orthophoto": "Orthophoto",
    "variant": "Variant",
    "archive": "Archive",
    "folder": "Folder",
}
BUILDINGS = ("citygml", "cityjson")


def _words(glance: gather.Glance) -> str:
    """What a file seems to hold, for the dialog."""
    said = bpy.app.translations.pgettext_iface
    if not glance.kind:
        return str(said(glance.why))
    parts = [said(KINDS[glance.kind])]
    if glance.number is not None:
        one = glance.number == 1 and not glance.at_least
        counted = said("{} building" if one else "{} buildings") if glance.kind in BUILDINGS else said("{} file" if one else "{} files")
        parts.append(counted.format(f"{glance.number}+" if glance.at_least else glance.number))
    if glance.kind in BUILDINGS:
        parts.append(glance.crs or said("no coordinate system named"))
    if glance.megabytes:
        parts.append(f"{glance.megabytes:.1f} MB")
    return " · ".join(parts)


def replaced(scene: Any, made: projects.Ready) -> None:
    """The scene built anew from its folder, with more data."""
    document.take_from_folder(scene, made.project)
    projects.remember(scene, made.report)
    projects.look(scene)


def take_variants(scene: Any, paths: list[Path]) -> None:
    """Variants from files into the open project; one whose id is taken gets another. Raises InputProblem before anything is changed."""
    if not document.is_document(scene):
        raise InputProblem(paths[0], "a variant needs a town to stand in", "Open a project first, or import CityGML")
    site = document.site(scene)
    taken = [variant.id for variant in sync.variants(scene)]
    new = []
    for path in paths:
        variant = sync.renamed(variant_files.read(path, site.origin), taken)
        taken.append(variant.id)
        new.append(apply(site, variant))
    for one in new:
        demolition.cut_out(scene, site, one.variant.removed)
        builder.add_variant(scene, one, shapes.outline(one))
    document.show(scene, new[-1].variant.id)
    handlers.settle(scene)


class JENA_FH_geodata(bpy.types.FileHandler):
    bl_idname = "JENA_FH_geodata"
    bl_label = "City data"
    bl_import_operator = "jena.import_geodata"
    bl_file_extensions = (
        ".gml;.xml;.citygml;.json;.jsonl;.xyz;.asc;.tif;.tiff;.zip;.gz;.bz2;.kmz;.geojson;.gpkg;.shp;.csv;.osm;.pbf;.dxf;.fgb;.kml;.gpx;.tab;.mif;"
        ".jpg;.jpeg;.png;.jp2"
    )

    @classmethod
    def poll_drop(cls, context: Any) -> bool:
        return context.area is not None and context.area.type in ("VIEW_3D", "OUTLINER")


def _in_menu(self: Any, _context: Any) -> None:
    self.layout.operator("jena.choose_files", text="City Data for Jena Planner (CityGML, terrain, variants)")


CLASSES = (JENA_OT_choose, JENA_OT_import, JENA_FH_geodata)


def register(registry: Any) -> None:
    """An entry under File ▸ Import."""
    bpy.types.TOPBAR_MT_file_import.append(_in_menu)
    registry.on_undo(lambda: bpy.types.TOPBAR_MT_file_import.remove(_in_menu))
