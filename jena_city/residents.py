"""Who lives where: from the data where they say it, else from dwellings or floors by the assumptions of key figures."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from . import codes, metrics
from .applied import Applied
from .assumptions import Assumptions
from .land_rules import of_land
from .outlined import outlined
from .vectors.tables import number

From = Literal["Daten", "Wohneinheiten", "geschätzt", "geplant"]
_PEOPLE = ("einwohner", "einwohnerzahl", "residents", "inhabitants", "population")
_DWELLINGS = ("wohneinheiten", "anzahl_wohneinheiten", "wohnungen", "dwellings", "numberofdwellings")
_SMALLEST = 36.0  # m² of ground below which a building of unknown use is taken for no home


def residents(applied: Applied, given: Assumptions) -> dict[int, tuple[float, From]]:
    """People by building (its row in the city) and block (-1 - its index), and where that is from; only where somebody lives.

    Daten: an attribute (Einwohner). Wohneinheiten: an attribute, times `given.residents`. geschätzt: ground covered, storeys and the use of
    the building, by `given`; one of unknown use and 36 m² or more counts as a home. geplant: of the variant's blocks.
    """
    city = applied.site.city
    found: dict[int, tuple[float, From]] = {}
    _, foot, top = outlined(city, applied.site.footprints)
    for row in np.flatnonzero((city.building_root == np.arange(len(city.building_id))) & applied.kept).tolist():
        said = {key.lower(): value for key, value in city.attributes[row].items()}
        people, flats = (_first(said, names) for names in (_PEOPLE, _DWELLINGS))
        if np.isfinite(people):
            found[row] = (people, "Daten")
        elif np.isfinite(flats):
            found[row] = (flats * given.residents, "Wohneinheiten")
        else:
            found[row] = (_estimate(applied, row, float(top[row] - foot[row]), given), "geschätzt")
    for index, body in enumerate(metrics.bodies_of(applied, of_land(""), given)):
        found[-1 - index] = (body.people[1] * given.residents, "geplant")
    return {owner: told for owner, told in found.items() if told[0] > 0}


def _first(said: dict[str, Any], names: tuple[str, ...]) -> float:
    return next((value for name in names if name in said and np.isfinite(value := number(said[name])) and value >= 0), float("nan"))


def _estimate(applied: Applied, row: int, height: float, given: Assumptions) -> float:
    shape = applied.site.footprints[row]
    if shape is None:
        return 0.0
    use = codes.function(applied.site.city.function[row], "de").lower()
    if not use:
        share = 1.0 if shape.area >= _SMALLEST else 0.0
    elif "wohn" in use or use.startswith(("residential", "dwelling")):
        share = given.living.get("mischnutzung", 1.0) if any(word in use for word in (" und ", " mit ", "gemischt")) else 1.0
    else:
        share = 0.0
    storeys, said = metrics.storeys_there(applied.site.city, row, given)
    if not said and not np.isfinite(applied.site.city.measured_height[row]) and np.isfinite(height):
        storeys = max(1.0, height // given.existing_storey)
    return float(share * shape.area * storeys * given.living_share / given.dwelling * given.residents)
