"""Flächenbilanz: what of the land is Bauland and what is street, water and public green, parcel by parcel.

Bruttobauland is all of the land looked at; what is left of it without public land is Nettobauland. Where kinds lie over each other, land
counts once: as street before water before green.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from . import plan_parts
from .building_plots import BuildingPlot, areas_of, street_land
from .metrics import touched
from .site import Site
from .variant import Variant

SMALLEST = 0.5  # m² of a parcel: what is less is where two borders do not quite meet
NO_PARCEL = "ohne Flurstück"


@dataclass(frozen=True)
class Balance:
    """Land in m². place : the plan area or plot that it is of, "" for all that the variant touches. parcel : number of the Flurstück,
    "" for the sum."""

    place: str
    parcel: str
    gross: float
    street: float
    water: float
    green: float

    @property
    def net(self) -> float:
        """Nettobauland, m²."""
        return self.gross - self.street - self.water - self.green

    @property
    def net_share(self) -> float:
        """Nettobauland in percent of the Bruttobauland."""
        return 100.0 * self.net / self.gross


def balance(site: Site, variant: Variant, plots: Sequence[BuildingPlot]) -> list[Balance]:
    """A sum and the parcels of each plan area and building plot; where a project has neither, of the parcels that the variant touches."""
    places: list[tuple[str, Any]] = []
    if site.plan_areas is not None:
        places += zip(plan_parts.names(site), site.plan_areas.geometry, strict=True)
    places += [(plot.name, plot.whole) for plot in plots]
    if not places and site.plots is not None:
        land = touched(site, variant)
        there = site.plots.geometry[shapely.area(shapely.intersection(site.plots.geometry, land)) > SMALLEST]
        places = [("", shapely.union_all(there))] if len(there) else []
    public = _public(site, variant)
    return [row for name, land in places for row in _of(site, name, land, public)]


def _public(site: Site, variant: Variant) -> tuple[Any, Any, Any]:
    """Land of streets, of water and of public green, each without those before it."""
    street = shapely.union_all(street_land(site, variant))
    water = shapely.union_all([one.shape for one in variant.open_spaces if one.kind == "water"] + areas_of(site, ("water",)))
    green = shapely.union_all([one.shape for one in variant.open_spaces if one.kind == "green"])
    return street, water.difference(street), green.difference(shapely.union(street, water))


def _of(site: Site, place: str, land: Any, public: tuple[Any, Any, Any]) -> list[Balance]:
    def row(parcel: str, shape: Any) -> Balance:
        return Balance(place, parcel, float(shape.area), *(float(shape.intersection(one).area) for one in public))

    found = [row("", land)]
    if site.plots is None:
        return found
    numbers = site.plots.columns.get("number", np.full(len(site.plots), "")).astype(str)
    left = land
    for number, shape in zip(numbers, site.plots.geometry, strict=True):
        own = shape.intersection(left) if shape.intersects(left) else None
        if own is not None and own.area > SMALLEST:
            found.append(row(str(number) or "?", own))
            left = left.difference(shape)
    if left.area > SMALLEST:
        found.append(row(NO_PARCEL, left))
    return found
