"""What a development plan fixes for a building plot, typed: Baugebiet, measures, edition of the BauNVO; and the edition of a plan area. It
stands in the project's file."""

from __future__ import annotations

from typing import Any, get_args

import bpy
import numpy as np
import shapely
from bpy.props import EnumProperty, FloatProperty, FloatVectorProperty, IntProperty, StringProperty

from ..jena_city import plan_parts, project
from ..jena_city.baunvo import EDITIONS, NEWEST, Edition
from ..jena_city.building_plots import plot_at
from ..jena_city.problems import InputProblem
from ..jena_city.project import BuildingPlotEntry, PlanAreaEntry
from ..pipeline import editing, opening
from ..scene import document, handlers
from . import base, envelopes, errors, key_figures, projects
from .base import translated

UNKNOWN = "–"
EDITION = "Edition of the BauNVO that was in force when the plan was laid out; – goes by the data, else the newest"
OWN_EDITION = "Edition of the BauNVO that was in force when the plan was laid out; – takes that of the plan area the plot lies in"
EDITION_ITEMS = [(one, one, "") for one in (UNKNOWN, *EDITIONS)]
VALUES = ("use", "grz", "gfz", "bmz", "storeys", "edition")
USES = [use or UNKNOWN for use in get_args(BuildingPlotEntry.model_fields["use"].annotation)]


def entry_of(scene: Any, name: str) -> BuildingPlotEntry:
    """The plot of that name in the project's file; raises InputProblem."""
    path = document.folder(scene) / project.FILE_NAME
    found = next((one for one in project.read(path)[1].building_plots if one.name == name), None)
    if found is None:
        raise InputProblem(str(path), f"it has no building plot {name}", "Look at the list again")
    return found


def _put(scene: Any, entry: dict[str, Any]) -> None:
    """A plot into the project's file, and figures and findings by it."""
    projects.write_folder(scene)
    editing.with_plot(opening.load(document.folder(scene)), entry)
    document.keep_mine(scene)
    handlers.settle(scene)


class JENA_OT_plan_values(base.InProject, bpy.types.Operator):
    """Say what the development plan fixes for this building plot; 0 stands for what it does not fix"""

    bl_idname = "jena.plan_values"
    bl_label = "Values of the Plan"
    bl_options = {"REGISTER"}
    panel = "key-figures"

    plot: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    use: EnumProperty(
        name="Baugebiet", description="Kind of Baugebiet (§§ 2 to 11 BauNVO)", items=[(one, one, "") for one in USES], options={"SKIP_SAVE"}
    )
    grz: FloatProperty(
        name="GRZ", description="Share of the plot that main buildings may cover", min=0, max=1, precision=2, step=5, options={"SKIP_SAVE"}
    )
    gfz: FloatProperty(
        name="GFZ",
        description="Floor area in Vollgeschosse for each m² of plot",
        min=0,
        max=100,
        precision=2,
        step=10,
        options={"SKIP_SAVE"},
    )
    bmz: FloatProperty(
        name="BMZ", description="Volume in m³ for each m² of plot", min=0, max=1000, precision=1, step=50, options={"SKIP_SAVE"}
    )
    storeys: IntProperty(name="Vollgeschosse", description="Most Vollgeschosse", min=0, max=200, options={"SKIP_SAVE"})
    edition: EnumProperty(name="BauNVO", description=OWN_EDITION, items=EDITION_ITEMS, options={"SKIP_SAVE"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        with errors.reported(self):
            there = entry_of(context.scene, self.plot)
            self.use, self.edition, self.storeys = there.use or UNKNOWN, there.edition or UNKNOWN, there.storeys or 0
            self.grz, self.gfz, self.bmz = (value or 0.0 for value in (there.grz, there.gfz, there.bmz))
        return {"CANCELLED"} if self.failed else set(context.window_manager.invoke_props_dialog(self, width=320))

    def draw(self, _context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.label(text=self.plot, translate=False)
        for name in VALUES:
            layout.prop(self, name)

    def do(self, context: Any) -> None:
        scene = context.scene
        values = entry_of(scene, self.plot).model_dump()
        for name in VALUES:
            if self.properties.is_property_set(name):  # what was not touched stays as it is
                value = getattr(self, name)
                if not isinstance(value, float) or abs(value - (values[name] or 0.0)) > 1e-6:  # Blender keeps single precision
                    values[name] = (round(value, 4) if isinstance(value, float) else value) or None
        if values["use"] == UNKNOWN:
            values["use"] = ""
        if values["edition"] == UNKNOWN:
            values["edition"] = None
        _put(scene, values)


def edition_shown(name: str) -> Edition | None:
    """The edition of the BauNVO that the shown figures of a plan area are by; None where none are shown."""
    state = key_figures.reckoned[0]
    site = state.applied.site if state is not None else None
    found = zip(plan_parts.names(site), plan_parts.editions(site), strict=True) if site is not None else ()
    return next((edition or NEWEST for area, edition in found if area == name), None)


class JENA_OT_plan_edition(base.InProject, bpy.types.Operator):
    """Say which edition of the BauNVO this plan was laid out under: its figures, and those of plots in it, are reckoned by that"""

    bl_idname = "jena.plan_edition"
    bl_label = "Edition of the BauNVO"
    bl_options = {"REGISTER"}
    panel = "key-figures"

    area: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    edition: EnumProperty(name="BauNVO", description=EDITION, items=EDITION_ITEMS, options={"SKIP_SAVE"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        with errors.reported(self):
            there = project.read(document.folder(context.scene))[1].plan_areas
            self.edition = next((one.edition for one in there if one.name == self.area), UNKNOWN)
        return {"CANCELLED"} if self.failed else set(context.window_manager.invoke_props_dialog(self, width=320))

    def draw(self, _context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.label(text=self.area, translate=False)
        layout.prop(self, "edition")

    def do(self, context: Any) -> None:
        scene = context.scene
        projects.write_folder(scene)
        opened = opening.load(document.folder(scene))
        if self.edition == UNKNOWN:
            editing.with_plan_area(opened, self.area, None)
        else:
            plan_parts.stated(document.site(scene), [PlanAreaEntry(name=self.area, edition=self.edition)])  # says what is not there
            editing.with_plan_area(opened, self.area, self.edition)
        document.keep_mine(scene)
        handlers.settle(scene)


class JENA_OT_add_plot(base.InProject, bpy.types.Operator):
    """Make the parcel or plan area at a place a building plot of the project, with figures and rules of its own"""

    bl_idname = "jena.add_plot"
    bl_label = "Add Building Plot"
    bl_options = {"REGISTER"}
    panel = "key-figures"

    place: FloatVectorProperty(name="Place", size=2, options={"SKIP_SAVE"})

    def do(self, context: Any) -> None:
        scene = context.scene
        _, variant, named = envelopes.plots(scene)
        found = plot_at(document.site(scene), variant, named, *self.place)
        if found in named:
            raise InputProblem(f"building plot {found.name}", "it is one already", "Its values are set beside its figures")
        whole = max(shapely.get_parts(found.whole), key=lambda part: part.area)
        world = document.origin(scene).to_world(np.asarray(whole.exterior.coords)[:-1, :2])
        _put(scene, {"name": found.name, "outline": [(round(float(x), 3), round(float(y), 3)) for x, y in world]})


class JENA_OT_pick_plot(envelopes.PickingPlot, bpy.types.Operator):
    """Click parcels or plan areas to make each a building plot of the project"""

    bl_idname = "jena.pick_plot"
    bl_label = "Name Building Plots"
    bl_options = {"REGISTER"}

    def picked(self) -> None:
        bpy.ops.jena.add_plot("EXEC_DEFAULT", place=self._at)
        self.begin(bpy.context)

    def hints(self) -> list[str]:
        return [translated("Click: make it a building plot"), translated("Enter: done")]


CLASSES = (JENA_OT_plan_values, JENA_OT_plan_edition, JENA_OT_add_plot, JENA_OT_pick_plot)
