"""What a planner proposes: parameters, not meshes. Massing makes solids of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import shapely

RoofKind = Literal["flat", "gable", "hip", "half-hip", "shed", "mansard"]
VariantStatus = Literal["entwurf", "intern", "öffentlich", "beschlossen"]


@dataclass(frozen=True)
class Roof:
    """kind; pitch : degrees (flat: 0; mansard: of its lower, steep part). ridge : azimuth of the ridge from grid north in degrees, or None:
    the outline decides (shed: the direction in which it falls). parapet : metres above a flat roof. upper_pitch : degrees, of the upper
    part of a mansard roof."""

    kind: RoofKind = "flat"
    pitch: float = 0.0
    ridge: float | None = None
    parapet: float = 0.0
    upper_pitch: float = 30.0


@dataclass(frozen=True)
class Block:
    """A Baukörper.

    footprint : polygon in scene coordinates (x, y; metres from the project's origin), courtyards as holes. base : height at which it
    stands, metres in the project's height system; None = the lowest terrain height under the footprint. plinth : metres from the base up
    to the ground floor. knee : metres of wall between the ceiling of the top storey and the eaves of a pitched roof (Drempel). set_back :
    metres by which all walls of the top storey stand back (Staffelgeschoss), 0 = it is no other than those below. underground : storeys
    below the base.
    """

    id: str
    footprint: shapely.Polygon
    storeys: int
    name: str = ""
    base: float | None = None
    ground_floor_height: float = 3.5
    storey_height: float = 3.0
    roof: Roof = field(default_factory=Roof)
    use: str = "wohnen"
    properties: dict[str, Any] = field(default_factory=dict)
    """Whatever else the file carried: kept, so that nothing is lost when it is written again."""
    plinth: float = 0.0
    knee: float = 0.0
    set_back: float = 0.0
    underground: int = 0
    underground_height: float = 3.0

    @property
    def storeys_height(self) -> float:
        """Height of all storeys above ground together, metres."""
        return self.ground_floor_height + max(self.storeys - 1, 0) * self.storey_height

    @property
    def eaves_height(self) -> float:
        """Height of the walls above the base, metres (without parapet)."""
        return self.plinth + self.storeys_height + (0.0 if self.roof.kind == "flat" else self.knee)


@dataclass(frozen=True)
class Variant:
    """A proposal: blocks to build and gml:ids of buildings to remove. The Nullvariante has neither."""

    id: str
    name: str
    blocks: tuple[Block, ...] = ()
    removed: tuple[str, ...] = ()
    colour: str = "#0072B2"
    author: str = ""
    description: str = ""
    status: VariantStatus = "entwurf"
    properties: dict[str, Any] = field(default_factory=dict)


NULL_VARIANT = Variant("bestand", "Bestand", colour="#777777", description="Die Nullvariante: nichts wird gebaut.")
