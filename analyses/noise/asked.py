"""What settings of noise have in common: how far it is listened, to what, and what of a map's levels is told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...jena_city.assumptions import Assumptions
from ..measuring import Placed
from ..settings import Settings
from . import levels
from .colours import Colours
from .levels import AreaType, HeldAgainst
from .rails import Assumed

RoadMethod = Literal["CNOSSOS", "RLS-19"]


class OfRoads(Settings):
    """How roads are reckoned."""

    method: RoadMethod = "RLS-19"
    """RLS-19: planning law (16. BImSchV, DIN 18005), day and night; CNOSSOS: noise maps, L_den and L_night."""


class Heard(Settings):
    """How far is listened, and how it is shown."""

    reflections: int = Field(default=1, ge=0, le=3)
    """order of reflections in façades; RLS-19 counts two at most."""
    distance: float = Field(default=500.0, ge=50, le=3000)
    """metres; what is farther away is not heard."""
    colours: Colours = "usual"
    """usual: those of noise maps; safe: told apart by everybody."""


class OfTrams(Heard):
    """What trams are taken to be where the data say nothing; `rails.Assumed`."""

    trams_day: float = Field(default=96.0, ge=0, le=3000)
    """trams on a line from 6 to 22 where the data name none: an assumption, every ten minutes."""
    trams_night: float = Field(default=16.0, ge=0, le=3000)
    """trams on a line from 22 to 6 where the data name none: an assumption, every half hour."""
    tram: Literal["tram-low-floor", "tram-low-floor-cooled", "tram-high-floor"] = "tram-low-floor"
    """kind of trams where the data name none: an assumption."""
    tram_track: Literal["in-street", "ballast", "green-low", "green-high"] = "in-street"
    """what trams run on where the data say nothing: an assumption, the loudest."""
    tram_bridge: Literal["slab", "steel", "steel-ballast", "massive-ballast", "grooved-rail"] = "slab"
    """kind of bridges of trams where the data say only that there is one: an assumption."""

    @property
    def assumed(self) -> Assumed:
        return Assumed(self.trams_day, self.trams_night, self.tram, self.tram_track, self.tram_bridge)


class NoiseMap(Placed, Heard):
    """Settings of maps on the ground and at façades."""

    from_project = ("time_zone", "assumptions")
    height: float = Field(default=4.0, ge=0.2, le=200)
    """metres of the map above the ground."""
    step: float = Field(default=5.0, ge=0.5, le=100)
    """metres between ground sensors."""
    cell: float = Field(default=3.0, ge=0.5, le=50)
    """metres, size of façade cells: a storey high and a window axis wide."""
    held_against: HeldAgainst = "nothing"
    """guide: DIN 18005, which a plan weighs; limit: 16. BImSchV, which binds who builds a road or line; threshold: 70/60 dB(A)."""
    area_type: AreaType = "WA"
    """Baugebiet whose values these are."""
    quiet: float = Field(default=50.0, ge=20, le=80)
    """dB(A) by day, 10 less by night, up to which a side of a building is quiet: DIN 18005 for WR; rating levels only."""
    quiet_below: float = Field(default=20.0, ge=3, le=60)
    """dB below the loudest side of a building from which on one is quiet: 20 in Directive 2002/49/EC, annex VI."""
    assumptions: Assumptions = Assumptions()

    @property
    def rated(self) -> bool:
        """Whether levels are rating levels of planning law, else L_den and L_night."""
        return True

    @property
    def told(self) -> tuple[str, str]:
        """Keys of the two results on façades that are told: by day, or L_den; and by night."""
        raise NotImplementedError

    @property
    def value(self) -> levels.Value | None:
        """What levels are held against. Raises InputProblem where there is no such value."""
        return levels.held(self.held_against, self.area_type)


class Placewise(OfTrams, OfRoads):
    """Settings of analyses of single places and sections, which hear roads, rails or both."""

    sources: Literal["roads", "rails", "both"] = "roads"
    """roads: by the method; rails: Schall 03, day and night; both: each and their sum, RLS-19 and Schall 03."""

    @property
    def heard_after(self) -> str:
        """The method or methods, for names of files."""
        of_roads = self.method.lower().replace("-", "")
        return {"roads": of_roads, "rails": "schall03", "both": f"{of_roads}-schall03"}[self.sources]
