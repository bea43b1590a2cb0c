"""What drives on streets, from counts where there are any and from stated assumptions where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.site import Features
from ...jena_city.vectors import RAILS
from . import rls19

# Table 2 of RLS-19: what an hour has of a day's vehicles (M / DTV), and of them lorries 1 and 2 in percent; by day, then by night.
_TYPES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "motorway": ((0.0555, 3, 11), (0.0140, 10, 25)),
    "federal": ((0.0575, 3, 7), (0.0100, 7, 13)),
    "district": ((0.0575, 3, 5), (0.0100, 5, 6)),  # Landes-, Kreis- und Gemeindeverbindungsstraßen
    "local": ((0.0575, 3, 4), (0.0100, 3, 4)),  # Gemeindestraßen
}
_CLASSES: dict[str, str] = {
    "motorway": "motorway",
    "autobahn": "motorway",
    "bundesautobahn": "motorway",
    **dict.fromkeys(("trunk", "primary", "bundesstraße", "bundesstrasse"), "federal"),
    **dict.fromkeys(("secondary", "tertiary", "landesstraße", "landesstrasse", "kreisstraße", "kreisstrasse", "staatsstraße"), "district"),
}
_SILENT = {
    *("footway", "path", "cycleway", "pedestrian", "steps", "track", "bridleway", "corridor", "platform", "construction", "proposed"),
    *(*RAILS, "raceway", "busway", "elevator"),
}
ASSUMED_COUNTS: Mapping[str, float] = {
    "motorway": 40_000.0,
    "trunk": 20_000.0,
    "primary": 12_000.0,
    "secondary": 8_000.0,
    "tertiary": 4_000.0,
    "unclassified": 1_500.0,
    "residential": 800.0,
    "living_street": 300.0,
    "service": 100.0,
}
"""Vehicles in 24 hours where nobody has counted: the program's assumption for a town, by class. Not a statistic: it makes a map readable,
and the result says for how many streets it was used."""
_OTHER_COUNT = 500.0
_ASSUMED_SPEEDS = {"motorway": 130.0, "trunk": 100.0, "residential": 30.0, "living_street": 30.0, "service": 30.0}
_OTHER_SPEED = 50.0
_LORRIES_AT_MOST = 80.0  # km/h: StVO § 3 and § 18; 60 or 80 outside built-up areas
_SURFACES: dict[str, str] = {
    **dict.fromkeys(("sett", "cobblestone", "unhewn_cobblestone", "pebblestone", "kopfsteinpflaster", "großpflaster"), "setts"),
    **dict.fromkeys(("paving_stones", "bricks", "paved_stones", "betonsteinpflaster", "pflaster"), "setts-even"),
    **dict.fromkeys(("concrete", "concrete:plates", "concrete:lanes", "beton"), "concrete"),
}


@dataclass(frozen=True, eq=False)
class Traffic:
    """What drives on the streets that make noise, a row each.

    street : (r,) row in the streets given. vehicles : (r, 2) in an hour by day and night. lorry1, lorry2 : (r, 2) percent. car_speed,
    lorry_speed : (r,) km/h. surface : (r,) names of rls19.SURFACES. both_ways : (r,). daily : (r,) vehicles in 24 hours. assumed_count,
    assumed_speed : (r,) where there was none. beyond : (r,) whose speed the method does not know and was set to the nearest it does.
    """

    street: npt.NDArray[np.int64]
    vehicles: FloatArray
    lorry1: FloatArray
    lorry2: FloatArray
    car_speed: FloatArray
    lorry_speed: FloatArray
    surface: npt.NDArray[np.str_]
    both_ways: npt.NDArray[np.bool_]
    daily: FloatArray
    assumed_count: npt.NDArray[np.bool_]
    assumed_speed: npt.NDArray[np.bool_]
    beyond: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.street)

    def of_rows(self, rows: npt.NDArray[np.int64]) -> Traffic:
        """The traffic of some rows, which may come several times: pieces of road have that of their street."""
        return Traffic(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})

    def rls19_power(self, gradient: npt.ArrayLike = 0.0, addition: npt.ArrayLike = 0.0) -> FloatArray:
        """(r, 2) L'_W by day and night, dB(A). gradient : (r,) percent in the line's direction. addition : (r,) D_K,KT + D_refl, dB."""
        power = np.empty((len(self), 2))
        slope, more = (np.broadcast_to(np.asarray(one, float), (len(self),)) for one in (gradient, addition))
        for surface in np.unique(self.surface):
            for both in (False, True):
                rows = np.flatnonzero((self.surface == surface) & (self.both_ways == both))
                if len(rows):
                    power[rows] = rls19.line_power(
                        self.vehicles[rows],
                        self.lorry1[rows],
                        self.lorry2[rows],
                        car_speed=self.car_speed[rows, None],
                        lorry_speed=self.lorry_speed[rows, None],
                        surface=str(surface),
                        gradient=slope[rows, None],
                        both_ways=both,
                        addition=more[rows, None],
                    )
        return power


def traffic_of(streets: Features) -> Traffic:
    """What drives on streets (columns as `vectors.read_streets` gives them) and is heard: not in tunnels.

    The heavy share of a count is divided into lorries 1 and 2 as table 2 of RLS-19 has them. Speeds outside of 30 to 130 km/h are taken
    as the nearest of them; counts that cannot be were left out and listed when the streets were read.
    """
    columns = streets.columns
    kinds = np.array([str(word).strip().lower().removesuffix("_link") for word in columns["class"]])
    tunnel = columns.get("tunnel", np.zeros(len(kinds), bool))
    rows = np.array([k for k, kind in enumerate(kinds) if kind not in _SILENT and not tunnel[k]], np.int64)
    kinds = kinds[rows]

    def column(name: str) -> FloatArray:
        return np.asarray(columns[name], float)[rows] if name in columns else np.full(len(rows), np.nan)

    daily, speed, heavy, oneway = column("traffic"), column("speed"), column("heavy"), column("oneway")
    assumed_count = ~np.isfinite(daily)
    daily = np.where(assumed_count, [ASSUMED_COUNTS.get(kind, _OTHER_COUNT) for kind in kinds], daily)
    assumed_speed = ~np.isfinite(speed)
    speed = np.where(assumed_speed, [_ASSUMED_SPEEDS.get(kind, _OTHER_SPEED) for kind in kinds], speed)
    table = np.array([_TYPES[_CLASSES.get(kind, "local")] for kind in kinds]).reshape(-1, 2, 3)
    lorry1, lorry2 = table[:, :, 1], table[:, :, 2]
    counted = np.isfinite(heavy) & ~assumed_count
    if counted.any():  # the share of the whole day, kept in the proportions of table 2 between day and night, lorry 1 and 2
        hours = np.array([16.0, 8.0])
        day_share = (table[:, :, 0] * hours * (lorry1 + lorry2)).sum(axis=1) / (table[:, :, 0] * hours).sum(axis=1)
        factor = np.where(counted, heavy / day_share, 1.0)[:, None]
        lorry1, lorry2 = lorry1 * factor, lorry2 * factor
        over = np.maximum((lorry1 + lorry2) / 100.0, 1.0)
        lorry1, lorry2 = lorry1 / over, lorry2 / over
    words = np.asarray(columns.get("surface", np.full(len(columns["class"]), "")))[rows]
    return Traffic(
        street=rows,
        vehicles=daily[:, None] * table[:, :, 0],
        lorry1=lorry1,
        lorry2=lorry2,
        car_speed=np.clip(speed, rls19.SLOWEST, rls19.FASTEST),
        lorry_speed=np.clip(speed, rls19.SLOWEST, _LORRIES_AT_MOST),
        surface=np.array([_SURFACES.get(str(word).strip().lower(), "reference") for word in words]),
        both_ways=~(np.abs(oneway) == 1.0),
        daily=daily,
        assumed_count=assumed_count,
        assumed_speed=assumed_speed,
        beyond=(speed < rls19.SLOWEST) | (speed > rls19.FASTEST),
    )
