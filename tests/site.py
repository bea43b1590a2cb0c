"""Small sites for tests: boxes on flat ground at Jena, in UTM."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from jena_planner.jena_city import citygml
from jena_planner.jena_city.applied import Applied, apply
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.site import Features, Site
from jena_planner.jena_city.terrain import Terrain
from jena_planner.jena_city.variant import NULL_VARIANT, Variant

from . import gml

ORIGIN = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")


def flat_ground(half: float = 150.0, step: float = 5.0, height: float = 150.0) -> Terrain:
    number = int(2 * half / step) + 1
    return Terrain(ORIGIN, -half, -half, step, np.full((number, number), height, np.float32))


def site(
    folder: Path, *boxes: tuple[float, float, float, float, float], ground: Terrain | None = None, plan: shapely.Polygon | None = None
) -> Site:
    """A site with boxes (x, y, width, depth, height) in scene coordinates, standing at 150 m, named B0, B1, …"""
    text = gml.city(
        *(gml.box_building(f"B{k}", ORIGIN.easting + x, ORIGIN.northing + y, 150.0, w, d, h) for k, (x, y, w, d, h) in enumerate(boxes))
    )
    city = citygml.read(gml.write(folder / "town.gml", text), origin=ORIGIN)
    plans = (
        Features(np.array([plan], object), {"name": np.array(["Plan"], object), "kind": np.array(["WA"], object)})
        if plan is not None
        else None
    )
    return Site(ORIGIN, city, ground or flat_ground(), plan_areas=plans, source="Testdaten (CC0)")


def today(place: Site) -> Applied:
    return apply(place, NULL_VARIANT)


def with_variant(place: Site, variant: Variant) -> Applied:
    return apply(place, variant)
