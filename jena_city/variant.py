"""What a planner proposes: parameters, not meshes. Massing makes solids of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import shapely

RoofKind = Literal["flat", "gable", "hip", "half-hip", "shed", "mansard"]
VariantStatus = Literal["entwurf", "intern", "öffentlich", "beschlossen"]
BaseRule = Literal["lowest", "mean", "highest"]
CountsAs = Literal["hauptanlage", "nebenanlage", "garage", "unterbau"]
SpaceCounts = Literal["hauptanlage", "nebenanlage", "garage", "unterbau", "nothing"]
Up = Literal["", "y", "z"]
SpaceKind = Literal["street", "path", "parking", "terrace", "green", "play", "water"]
SEALED: dict[SpaceKind, float] = {
    "street": 1.0, "path": 0.6, "parking": 0.8, "terrace": 1.0, "green": 0.0, "play": 0.2, "water": 0.0,
}  # fmt: skip
"""Share of an open space that is sealed, where it states none: a setting to begin with (asphalt 1, open joints 0.6 to 0.8)."""
SPACE_COUNTS: dict[SpaceKind, CountsAs | None] = {"parking": "garage", "terrace": "hauptanlage"}
"""What an open space counts as in the Grundfläche, where it does not say: a car park with its drive as Stellplatz, a terrace as part of the
main building (many are, not all: so each may say otherwise); the rest counts as nothing."""


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
class StandIn:
    """An architect's model that stands in for a block.

    path : of its file, relative to the project's folder; sha256 : of that file when it was placed. x, y : where its zero lies, scene
    coordinates; lift : metres from the block's base up to it. turn : degrees counter-clockwise seen from above. scale : metres for each
    unit. up : axis of the file that points upward, "" as usual of its kind. floor_area : Geschossfläche above ground as the architect
    states it, m²; None: by footprint and storeys. folder : the project's, where this program runs; no part of the model.
    """

    path: str
    sha256: str = ""
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0
    scale: float = 1.0
    lift: float = 0.0
    up: Up = ""
    floor_area: float | None = None
    folder: str = field(default="", compare=False)


@dataclass(frozen=True)
class Block:
    """A Baukörper.

    footprint : polygon in scene coordinates (x, y; metres from the project's origin), courtyards as holes. base : height at which it
    stands, metres in the project's height system; None = it follows the terrain by base_rule: lowest ground along and under the
    footprint, or mean or highest ground along it. reference : height of the Bezugspunkt (§ 18 BauNVO), metres in the project's height
    system, from which heights are stated; None = the base. plinth : metres from the base up to the ground floor. knee : metres of wall
    between the ceiling of the top storey and the eaves of a pitched roof (Drempel). set_back : metres by which all walls of the top storey
    stand back (Staffelgeschoss), 0 = it is no other than those below. underground : storeys below the base. storeys : above it; 0 = the
    block is below ground alone (a Tiefgarage): then it has neither plinth, roof nor set-back.
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
    base_rule: BaseRule = "lowest"
    reference: float | None = None
    storey_uses: tuple[str, ...] = ()
    """Uses of the storeys from the ground floor up, where they differ; those not named have `use`."""
    attic_used: bool = False
    """Whether there are Aufenthaltsräume in the attic."""
    attic_rooms: float | None = None
    """Floor area of those, with their stairs and walls, m²; None: where the attic is high enough for them."""
    counts_as: CountsAs = "hauptanlage"
    """What it is in the Grundfläche (§ 19 BauNVO): main building, Nebenanlage (§ 14), Garage or Stellplatz, or wholly below ground."""
    dwellings: int | None = None
    """Number of dwellings where it is known; None: as the floor area gives."""
    set_backs: tuple[float, ...] = ()
    """Metres by which the top storey stands back from each edge of the outer ring, from its first corner on; (): from all by set_back."""
    stand_in: StandIn | None = None
    """A model that is shown and casts shadows in its place; numbers go by the block."""

    @property
    def storeys_height(self) -> float:
        """Height of all storeys above ground together, metres."""
        return self.ground_floor_height + (self.storeys - 1) * self.storey_height if self.storeys else 0.0

    @property
    def eaves_height(self) -> float:
        """Height of the walls above the base, metres (without parapet)."""
        if not self.storeys:
            return 0.0
        return self.plinth + self.storeys_height + (0.0 if self.roof.kind == "flat" else self.knee)

    @property
    def stands_back(self) -> bool:
        """Whether its top storey is smaller than those below."""
        return self.storeys > 0 and (any(self.set_backs) if self.set_backs else self.set_back > 0)

    @property
    def counted(self) -> CountsAs:
        """What it counts as in the Grundfläche: what is below ground alone by that it lies under the plot (§ 19 (4) Nr. 3 BauNVO)."""
        return "unterbau" if not self.storeys and self.counts_as == "hauptanlage" else self.counts_as

    def use_of(self, storey: int) -> str:
        """Use of a storey, 0 = ground floor."""
        return self.storey_uses[storey] if storey < len(self.storey_uses) else self.use


def uses_with(uses: Sequence[str], main: str, use: str, first: int, last: int) -> tuple[str, ...]:
    """`storey_uses` where some storeys, first to last (0 = ground floor), have another use. main : that of storeys not named."""
    found = [uses[number] if number < len(uses) else main for number in range(max(len(uses), last + 1))]
    found[first : last + 1] = [use] * (last + 1 - first)
    return _named(found, main)


def uses_below(uses: Sequence[str], before: str, main: str) -> tuple[str, ...]:
    """`storey_uses` where the main use becomes another: storeys that had the one before follow."""
    return _named([main if use == before else use for use in uses], main)


def _named(uses: list[str], main: str) -> tuple[str, ...]:
    """No more storeys than have to be named."""
    while uses and uses[-1] == main:
        uses.pop()
    return tuple(uses)


@dataclass(frozen=True)
class OpenSpace:
    """Ground that is made anew: a street, path, car park, terrace, green, playground or water.

    shape : polygon in scene coordinates. sealed : share of it that is sealed, 0 to 1; None: as usual of its kind. counts_as : in the
    Grundfläche; None: as usual of its kind.
    """

    id: str
    kind: SpaceKind
    shape: shapely.Polygon
    name: str = ""
    sealed: float | None = None
    counts_as: SpaceCounts | None = None
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def sealed_area(self) -> float:
        """m² of it that are sealed."""
        return float(self.shape.area) * (SEALED[self.kind] if self.sealed is None else self.sealed)

    @property
    def counted(self) -> CountsAs | None:
        """What it counts as; None: as nothing."""
        if self.counts_as == "nothing":
            return None
        return SPACE_COUNTS.get(self.kind) if self.counts_as is None else self.counts_as


@dataclass(frozen=True)
class PlantedTree:
    """A tree to plant. position : scene coordinates (x, y). height, crown (diameter) : metres, as it will be when grown."""

    id: str
    position: tuple[float, float]
    species: str = ""
    height: float = 12.0
    crown: float = 7.0
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FelledTree:
    """A tree to fell: the one of the data that is nearest to a position (scene coordinates)."""

    position: tuple[float, float]
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Variant:
    """A proposal: blocks to build and gml:ids of buildings to remove, open spaces, trees to plant and to fell. The Nullvariante has none.

    locked : not to be changed by mistake.
    """

    id: str
    name: str
    blocks: tuple[Block, ...] = ()
    removed: tuple[str, ...] = ()
    colour: str = "#0072B2"
    author: str = ""
    description: str = ""
    status: VariantStatus = "entwurf"
    properties: dict[str, Any] = field(default_factory=dict)
    open_spaces: tuple[OpenSpace, ...] = ()
    planted: tuple[PlantedTree, ...] = ()
    felled: tuple[FelledTree, ...] = ()
    locked: bool = False


NULL_VARIANT = Variant("bestand", "Bestand", colour="#777777", description="Die Nullvariante: nichts wird gebaut.")


def called(variant: Variant, say: Callable[[str], str]) -> str:
    """What a variant is called in another language: the Bestand has a name of the program, all others one that somebody gave."""
    return say(variant.name) if variant.id == NULL_VARIANT.id else variant.name
