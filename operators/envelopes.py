"""The largest body that the rules allow on a plot, shown in the view with the rule that limits each face."""

from __future__ import annotations

from typing import Any

import bpy
import shapely
from bpy.props import BoolProperty, FloatProperty, FloatVectorProperty

from ..jena_city import envelope, profiles, project
from ..jena_city.applied import apply
from ..jena_city.building_plots import BuildingPlot, building_plots, plot_at
from ..jena_city.problems import InputProblem
from ..jena_city.variant import NULL_VARIANT
from ..scene import document, envelopes, sync
from . import ground_tool, variants
from .base import translated
from .ground_tool import Tool

SEEN = "#0072B2"


def plots(scene: Any) -> tuple[Any, Any, list[BuildingPlot]]:
    """The project file, the shown variant, and the building plots of the two."""
    site = document.site(scene)
    collection = sync.collection_of(scene, variants.shown(scene))
    variant = sync.variant_of(collection) if collection is not None else NULL_VARIANT
    _, file = project.read(document.folder(scene) / project.FILE_NAME)
    return file, variant, building_plots(site, variant, file.building_plots)


class JENA_OT_show_envelope(variants.InObjectMode, bpy.types.Operator):
    """Show the largest body that plan and Abstandsflächen allow on the plot at a place"""

    bl_idname = "jena.show_envelope"
    bl_label = "Show Room to Build"
    bl_options = {"REGISTER", "UNDO"}

    place: FloatVectorProperty(name="Place", size=2, options={"SKIP_SAVE"})
    storey: FloatProperty(
        name="Storey height",
        description="Metres of height for each Vollgeschoss that the plan allows",
        default=3.0,
        min=2.0,
        max=10.0,
        unit="LENGTH",
    )
    small: BoolProperty(
        name="Gebäudeklasse 1 and 2", description="For dwellings for which the least depth of Abstandsflächen suffices", default=False
    )

    def do(self, context: Any) -> None:
        scene = context.scene
        site = document.site(scene)
        file, variant, named = plots(scene)
        law, _ = profiles.reckoned_by(file)
        plot = plot_at(site, variant, named, float(self.place[0]), float(self.place[1]))
        found = envelope.envelope(apply(site, variant), plot, law.clearance, storey=self.storey, small=self.small)
        envelopes.show(scene, found, envelope.told(found, plot))


class PickingPlot(Tool):
    """A tool with which plots are clicked; what a click does is said by `picked`."""

    def do(self, _context: Any) -> None:
        """Nothing is left to do at the end."""

    def picked(self) -> None:
        """The plot under the mouse was clicked; its place is `_at`."""
        raise NotImplementedError

    def begin(self, context: Any) -> None:
        self._variant, self._named = plots(context.scene)[1:]
        self._plot: BuildingPlot | None = None
        self._at = (0.0, 0.0)

    def moved(self, _context: Any, place: Any, _reach: float, _event: Any) -> None:
        self._at = (float(place[0]), float(place[1]))
        try:
            self._plot = plot_at(self.site, self._variant, self._named, *self._at)
        except InputProblem:
            self._plot = None

    def pressed(self, _context: Any, event: Any) -> str | None:
        if event.type == "LEFTMOUSE":
            if self._plot is not None:
                self.picked()
            return ""
        if event.type == "Z" and (event.ctrl or event.oskey):
            return "pass"
        return "finish" if event.type in ("RET", "NUMPAD_ENTER") else None

    def see(self, _context: Any) -> None:
        self.mine.colour, self.mine.line, self.mine.words = SEEN, None, []
        if self._plot is not None:
            largest = max(shapely.get_parts(self._plot.whole), key=lambda part: part.area)
            self.mine.line = self.lifted(shapely.get_coordinates(largest.exterior))
            self.mine.words = [self._plot.name, f"{ground_tool.number(self._plot.area, 0)} m²"]


class JENA_OT_pick_envelope(PickingPlot, bpy.types.Operator):
    """Click a plot to see the largest body that the rules allow there"""

    bl_idname = "jena.pick_envelope"
    bl_label = "Show Room on a Plot"
    bl_options = {"REGISTER"}  # each click is an undo step of its own

    def picked(self) -> None:
        bpy.ops.jena.show_envelope("EXEC_DEFAULT", True, place=self._at)

    def hints(self) -> list[str]:
        return [translated("Click: show what may be built on the plot"), translated("Enter: done")]


class JENA_OT_hide_envelopes(variants.InObjectMode, bpy.types.Operator):
    """Take the bodies of all plots away"""

    bl_idname = "jena.hide_envelopes"
    bl_label = "Hide Room to Build"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(envelopes.shown(context.scene))

    def do(self, context: Any) -> None:
        envelopes.hide(context.scene)


CLASSES = (JENA_OT_show_envelope, JENA_OT_pick_envelope, JENA_OT_hide_envelopes)
