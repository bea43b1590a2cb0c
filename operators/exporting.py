"""The town with the shown variant as a city model for other programs, under File ▸ Export and in the panel."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty, StringProperty

from ..jena_city.exporting import FORMATS
from ..jena_city.files import slug
from ..jena_city.problems import Progress, Report
from ..jena_city.variant import NULL_VARIANT
from ..pipeline import asking, comparisons, opening
from ..scene import document, notes
from . import base, jobs, projects, variants

made: list[tuple[Path, Report]] = []
"""The files of this session with what could not be written as it is, the newest last."""


class JENA_OT_export_city(base.InProject, bpy.types.Operator):
    """Write the town with the shown variant as a city model: what stays, and the blocks as buildings"""

    bl_idname = "jena.export_city_model"
    bl_label = "Export City Model"
    bl_options = {"REGISTER"}

    filepath: StringProperty(name="File", subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.gml;*.json;*.geojson;*.glb;*.dxf", options={"HIDDEN"})
    kind: EnumProperty(name="Format", description="What is written", items=[(name, title, "") for name, (title, _, _) in FORMATS.items()])

    def invoke(self, context: Any, _event: Any) -> set[str]:
        name = f"{slug(notes.get(context.scene)['name'])}-{slug(variants.shown(context.scene))}"  # type: ignore[index]
        folder = document.folder(context.scene) if bpy.data.filepath else Path.home()  # who has saved nothing would not find it again
        self.filepath = str(folder / f"{name}{FORMATS[self.kind][1]}")
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def check(self, _context: Any) -> bool:
        """Blender's own: the name's ending follows the format."""
        before, self.filepath = self.filepath, str(self._path())
        return bool(self.filepath != before)

    def _path(self) -> Path:
        path = Path(bpy.path.abspath(self.filepath))
        endings = [ending for _, ending, _ in FORMATS.values()]
        stem = next((path.name[: -len(ending)] for ending in endings if path.name.endswith(ending)), path.name)
        return path.with_name(f"{stem}{FORMATS[self.kind][1]}")

    def do(self, context: Any) -> None:
        scene, path, kind = context.scene, self._path(), self.kind
        variant = variants.shown(scene)
        projects.write_folder(scene)
        folder = document.folder(scene)

        def work(progress: Progress) -> Report:
            return asking.export(opening.load(folder), variant, kind, path, progress=progress)

        jobs.start(jobs.Job("Export City Model", scene.name, work, lambda _scene, report: _say(path, report)))


class JENA_OT_export_comparison(base.InProject, bpy.types.Operator):
    """Write the key figures of all variants, what the rules find and the land balance to a workbook (XLSX)"""

    bl_idname = "jena.export_comparison"
    bl_label = "Compare Variants"
    bl_options = {"REGISTER"}
    panel = "key-figures"

    filepath: StringProperty(name="File", subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.xlsx", options={"HIDDEN"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        folder = document.folder(context.scene) if bpy.data.filepath else Path.home()
        self.filepath = str(folder / f"{slug(notes.get(context.scene)['name'])}-vergleich.xlsx")  # type: ignore[index]
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def do(self, context: Any) -> None:
        scene, path = context.scene, Path(bpy.path.abspath(self.filepath)).with_suffix(".xlsx")
        projects.write_folder(scene)
        folder = document.folder(scene)

        def work(progress: Progress) -> Report:
            comparison = comparisons.compare(opening.load(folder), NULL_VARIANT.id, progress=progress)
            comparison.write_workbook(path)
            return Report(problems=comparison.problems)

        jobs.start(jobs.Job("Compare Variants", scene.name, work, lambda _scene, report: _say(path, report), panel=self.panel))


def _say(path: Path, report: Report) -> None:
    made.append((path, report))
    if report.problems:
        jobs.notice[:] = [f"Written to {path}. Not as it is: {report.problems[0].message}"]
    else:
        jobs.notice[:] = [f"Written to {path}."]


def _in_menu(self: Any, _context: Any) -> None:
    self.layout.operator("jena.export_city_model", text="City Model of Jena Planner (CityGML, CityJSON, GeoJSON, glTF, DXF)")


CLASSES = (JENA_OT_export_city, JENA_OT_export_comparison)


def register(registry: Any) -> None:
    """An entry under File ▸ Export."""
    bpy.types.TOPBAR_MT_file_export.append(_in_menu)
    registry.on_undo(lambda: bpy.types.TOPBAR_MT_file_export.remove(_in_menu))
