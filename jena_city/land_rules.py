"""What the building codes of the Länder lay down, as tables with their paragraphs. Where a Land is not listed the Musterbauordnung's hold.

Vollgeschoss: Thuringia as its code has had it since 2004 (the paragraph's number has changed; the wording of 2024 was not at hand), North
Rhine-Westphalia § 2 (6) BauO NRW 2018. Abstandsflächen: § 6 (4), (5) of the Musterbauordnung of 2002, which Thuringia took over in 2004.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FullStorey:
    """When a storey is a Vollgeschoss. above : metres its ceiling must lie above the ground on average, more than. clear : clear height,
    at least, metres. share : over which share of a floor's area. of_below : whether that of the storey below, else its own. more : whether
    more than the share is needed, else at least."""

    paragraph: str
    above: float
    clear: float
    share: float
    of_below: bool
    more: bool

    def enough(self, high: float, own: float, below: float) -> bool:
        """Whether `high` m² of clear height suffice for a storey of `own` m² above one of `below` m²."""
        needed = self.share * (below if self.of_below else own)
        return high > needed + 1e-6 if self.more else high >= needed - 1e-6


@dataclass(frozen=True)
class Clearance:
    """Depth of Abstandsflächen: factor of the height, in GE and GI `factor_business`, at least `least` metres; a small dwelling
    (Gebäudeklasse 1 or 2, at most `small_storeys` storeys above ground) `least`. roof_share : of a roof's height where it is flatter
    than `steep` degrees."""

    paragraph: str
    factor: float
    factor_business: float
    least: float
    roof_share: float
    steep: float
    small_storeys: int


@dataclass(frozen=True)
class LandRules:
    """name : of the building code, with the edition read."""

    name: str
    full_storey: FullStorey
    clearance: Clearance


_MBO_STOREY = FullStorey("ThürBO (Wortlaut § 85 (2) ThürBO 2004)", 1.40, 2.30, 2 / 3, of_below=False, more=False)
_MBO_CLEARANCE = Clearance("§ 6 (4), (5) MBO 2002", 0.4, 0.2, 3.0, 1 / 3, 70.0, 3)
MODEL = LandRules("Musterbauordnung 2002", FullStorey("MBO 2002", 1.40, 2.30, 2 / 3, of_below=False, more=False), _MBO_CLEARANCE)
RULES: dict[str, LandRules] = {
    "TH": LandRules("ThürBO nach dem Modell der MBO 2002", _MBO_STOREY, _MBO_CLEARANCE),
    "NW": LandRules("BauO NRW 2018", FullStorey("§ 2 (6) BauO NRW 2018", 1.60, 2.30, 3 / 4, of_below=True, more=True), _MBO_CLEARANCE),
}


def of_land(land: str) -> LandRules:
    """The rules of a Land by its two letters."""
    return RULES.get(land, MODEL)
