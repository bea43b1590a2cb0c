"""What the page needs so that visitors can build a variant of their own: the land, what stands there, rules, and the ground as numbers.

The page reckons figures by the formulas of `jena_city/metrics.py` (`viewer/src/figures.ts`). What it cannot form itself, roofs over other
outlines than rectangles and top storeys that stand back, is measured here once for each block of a variant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..jena_city import baunvo, clearances
from ..jena_city.applied import Applied
from ..jena_city.assumptions import Assumptions
from ..jena_city.building_plots import BuildingPlot
from ..jena_city.land_rules import LandRules
from ..jena_city.massing import attic_area, top_outlines
from ..jena_city.metrics import storeys_there
from ..jena_city.site import Site
from ..jena_city.terrain import Terrain
from ..jena_city.variant import Block

MARGIN = 60.0  # metres of ground around the land
MOST_POINTS = 500_000  # of the ground
_ASSUMED = {
    "ceiling", "living_share", "dwelling", "residents", "living", "job", "cars", "bikes", "business_cars", "business_bikes",
    "small_dwelling_clear",
}  # fmt: skip


def land(
    variants: Sequence[tuple[Applied, BuildingPlot]], law: LandRules, given: Assumptions, *, gross: bool, height: float | None = None
) -> dict[str, Any]:
    """The land as `Land` in viewer/src/figures.ts. variants : each applied to the site with the plot or plan area as it leaves it, one at
    least. gross : whether it is a plan area. height : metres above the ground that may be built; None: the plan says nothing."""
    site, plot = variants[0][0].site, variants[0][1]
    rows = np.sort(site.footprint_tree.query(plot.whole, predicate="intersects")).tolist()
    limits, rule = plot.limits, law.full_storey
    return {
        "name": plot.name,
        "whole": rings(plot.whole),
        "public": {applied.variant.id: rings(one.street) for applied, one in variants},
        "limits": {"use": limits.use, "grz": limits.grz, "gfz": limits.gfz, "storeys": limits.storeys, "height": height},
        "cap": baunvo.CAP,
        "excess": baunvo.EXCESS,
        "gross": gross,
        "existing": [
            {"id": site.city.building_id[row], "shape": rings(site.footprints[row]), "storeys": storeys_there(site.city, row, given)[0]}
            for row in rows
        ],
        "law": {"above": rule.above, "clear": rule.clear, "share": rule.share, "of_below": rule.of_below, "more": rule.more},
        "small": {"flats": clearances.SMALL_FLATS, "floor": clearances.SMALL_FLOOR, "area": clearances.SMALL_AREA},
        "assumptions": given.model_dump(include=_ASSUMED),
        "rooms_count": int(limits.by) < baunvo.ROOMS_COUNT_BEFORE,
        "measured": {
            applied.variant.id: {
                block.id: _measured(block, rule.clear, float(solid.vertices[:, 2].max() - base - block.eaves_height))
                for block, base, solid in zip(applied.variant.blocks, applied.bases.tolist(), applied.solids, strict=True)
                if block.storeys and (block.roof.kind != "flat" or block.stands_back)
            }
            for applied, _ in variants
        },
    }


def _measured(block: Block, clear: float, rise: float) -> dict[str, float]:
    top = sum(float(outline.area) for outline in top_outlines(block))
    high, one, two = (attic_area(block, height) for height in (clear, 1.0, 2.0))
    return {"top": top, "high": high, "one": one, "two": two, "rise": rise}


def ground(site: Site, whole: Any) -> tuple[dict[str, Any], npt.NDArray[np.float32]] | None:
    """The ground around the land as `Ground` in viewer/src/ground.ts, and its heights row by row from the south, NaN where unknown; None
    without a terrain. It is the terrain's own grid, so that blocks stand where they stand here; coarser only where it would be huge."""
    terrain = site.terrain
    if terrain is None:
        return None
    west, south, east, north = whole.bounds
    box = (west - MARGIN - terrain.step, south - MARGIN - terrain.step, east + MARGIN + terrain.step, north + MARGIN + terrain.step)
    part: Terrain = terrain.clipped(box)
    if part.heights.size > MOST_POINTS:
        part = part.resampled(part.step * math.ceil(math.sqrt(part.heights.size / MOST_POINTS)))
    rows, columns = part.heights.shape
    return {"x": part.x, "y": part.y, "step": part.step, "columns": columns, "rows": rows}, part.heights


def rings(shape: Any) -> list[list[list[list[float]]]]:
    """A polygon or several as GeoJSON's coordinates of a MultiPolygon, metres in the scene."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and not part.is_empty]
    return [[np.asarray(ring.coords)[:, :2].tolist() for ring in (part.exterior, *part.interiors)] for part in parts]
