"""The Baugrundstück and its maßgebende Fläche: what of it is Bauland and lies behind the line of the street (§ 19 (3) BauNVO)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from . import plan_parts
from .baunvo import Limits
from .plan_parts import PlanPart
from .problems import InputProblem
from .project import BuildingPlotEntry
from .site import Site
from .variant import Variant

STREET_KINDS = ("traffic",)


@dataclass(frozen=True, eq=False)
class BuildingPlot:
    """whole : the plot in scene coordinates. street : land of streets in it. limits : what the plan fixes."""

    name: str
    whole: Any
    street: Any
    limits: Limits = field(default_factory=Limits)
    parcels: tuple[str, ...] = ()

    @cached_property
    def shape(self) -> Any:
        """The land that counts."""
        return self.whole.difference(self.street)

    @cached_property
    def area(self) -> float:
        """Maßgebende Grundstücksfläche, m²."""
        return float(self.shape.area)


def building_plots(site: Site, variant: Variant, entries: Sequence[BuildingPlotEntry]) -> list[BuildingPlot]:
    """The plots a project names, with what they state and what a development plan fixes there; raises InputProblem for one that is not
    there."""
    parts = plan_parts.of_site(site)
    return [_plot(site, variant, entry, parts) for entry in entries]


def _plot(site: Site, variant: Variant, entry: BuildingPlotEntry, parts: Sequence[PlanPart]) -> BuildingPlot:
    shapes = [_area(site, entry, entry.outline)] if entry.outline else []
    for number in entry.parcels:
        found = [] if site.plots is None else site.plots.geometry[site.plots.columns["number"].astype(str) == number].tolist()
        if not found:
            raise InputProblem(
                f"building plot {entry.name}",
                f"there is no parcel {number} in the data",
                "Read the cadastre under plots, or check the number",
            )
        shapes += found
    if not shapes:
        raise InputProblem(f"building plot {entry.name}", "it has neither parcels nor an outline", "Name parcels, or give an outline")
    whole = shapely.union_all(shapes)
    cut = [_area(site, entry, ring) for ring in entry.street] + street_land(site, variant)
    stated = Limits(entry.use, entry.grz, entry.gfz, entry.bmz, entry.storeys, entry.edition or plan_parts.edition_there(site, whole))
    limits = plan_parts.with_limits(stated, whole, parts)
    plot = BuildingPlot(entry.name, whole, shapely.union_all(cut).intersection(whole), limits, tuple(entry.parcels))
    if plot.area < 1.0:
        raise InputProblem(
            f"building plot {entry.name}", "nothing is left of it when street land is cut off", "Check its outline and the streets"
        )
    return plot


def plot_at(site: Site, variant: Variant, plots: Sequence[BuildingPlot], x: float, y: float) -> BuildingPlot:
    """The land that a place (scene coordinates) belongs to: a plot that the project names, else the parcel, else the Baugebiet of a plan,
    else the plan area. Raises InputProblem where there is none."""
    place = shapely.Point(x, y)
    named = next((plot for plot in plots if plot.whole.intersects(place)), None)
    if named is not None:
        return named
    parts = plan_parts.of_site(site)
    found: list[tuple[str, Any]] = []
    if site.plots is not None:
        numbers = site.plots.columns["number"].astype(str).tolist()
        found += [(f"Flurstück {number}", shape) for number, shape in zip(numbers, site.plots.geometry, strict=True)]
    found += [(f"{part.rules.use} {part.plan}".strip(), part.geometry) for part in parts if part.kind in ("area", "communal")]
    if site.plan_areas is not None:
        found += list(zip(plan_parts.names(site), site.plan_areas.geometry, strict=True))
    name, whole = next(((name, shape) for name, shape in found if shape.intersects(place)), ("", None))
    if whole is None:
        raise InputProblem("the place", "neither plot nor plan area lies there", "Choose a place on one, or read the cadastre under plots")
    street = shapely.union_all(street_land(site, variant)).intersection(whole)
    limits = Limits(edition=plan_parts.edition_there(site, whole))
    return BuildingPlot(name, whole, street, plan_parts.with_limits(limits, whole, parts))


def street_land(site: Site, variant: Variant) -> list[Any]:
    """Land of streets: what the variant makes one, what the land cover calls traffic, and what a development plan makes one."""
    made = [one.shape for one in variant.open_spaces if one.kind == "street"]
    return made + areas_of(site, STREET_KINDS) + plan_parts.shapes_of(site, "street")


def public_land(site: Site, variant: Variant) -> list[Any]:
    """Public streets, green and water, to the middle of which Abstandsflächen may reach, and which are no Nettobauland."""
    made = [one.shape for one in variant.open_spaces if one.kind in ("green", "water")]
    planned = plan_parts.shapes_of(site, "green") + plan_parts.shapes_of(site, "water")
    return street_land(site, variant) + made + areas_of(site, ("water",)) + planned


def areas_of(site: Site, kinds: Sequence[str]) -> list[Any]:
    """The polygons of some kinds in the site's land cover."""
    if site.areas is None or "kind" not in site.areas.columns:
        return []
    return list(site.areas.geometry[np.isin(site.areas.columns["kind"].astype(str), kinds)])


def _area(site: Site, entry: BuildingPlotEntry, ring: Sequence[tuple[float, float]]) -> Any:
    shape = shapely.Polygon(site.origin.to_local(np.array(ring, np.float64))) if len(ring) >= 3 else shapely.Polygon()
    if shape.is_empty or not shape.is_valid:
        raise InputProblem(f"building plot {entry.name}", "its outline is no polygon", "Give three corners or more, without crossings")
    return shape
