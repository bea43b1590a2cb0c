"""Numbers that no law gives: how large a flat is, how many people live in it, what they need. A profile may replace each of them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

STOREY = 3.0  # metres of height for each storey that nobody names


class Assumptions(BaseModel):
    """What key figures are reckoned with. The defaults are settings to begin with, not statistics: a town puts in its own and says in
    `source` where they are from.

    ceiling : thickness of ceilings, metres. living_share : Wohnfläche of BGF(R). dwelling : Wohnfläche of a flat, m². residents : in a
    flat. living : share of dwellings in the floors of a use. job : m² BGF(R) for each job, by use. cars, bikes : Stellplätze for each flat.
    business_cars, business_bikes : for each 100 m² BGF(R) of other uses. kita, school : places for each resident. playground : m² for
    each flat. attic_room : height of Aufenthaltsräume in the attic with their ceilings, metres (Baumasse). existing_storey : metres of
    height for each storey of buildings whose storeys the data do not name. tree_roots : metres beyond the crown that stay free of
    buildings (DIN 18920: the roots have the crown and 1.50 m more). tree_crown : its diameter where the data name none, metres.
    small_dwelling_clear : clear height in metres that an Aufenthaltsraum needs in dwellings of Gebäudeklasse 1 and 2, from which a storey
    of theirs is a Vollgeschoss; None: as of all buildings. To be put in from the code in force.
    """

    model_config = ConfigDict(extra="forbid")
    source: str = "Annahmen des Programms"
    ceiling: float = Field(default=0.30, ge=0, le=1)
    living_share: float = Field(default=0.75, gt=0, le=1)
    dwelling: float = Field(default=75.0, gt=0)
    residents: float = Field(default=1.9, gt=0)
    living: dict[str, float] = {"wohnen": 1.0, "mischnutzung": 0.8}
    job: dict[str, float] = {"büro": 25.0, "gewerbe": 60.0, "einzelhandel": 40.0, "mischnutzung": 40.0, "kita": 50.0, "schule": 80.0}
    cars: float = Field(default=1.0, ge=0)
    bikes: float = Field(default=2.0, ge=0)
    business_cars: float = Field(default=2.0, ge=0)
    business_bikes: float = Field(default=1.5, ge=0)
    kita: float = Field(default=0.045, ge=0)
    school: float = Field(default=0.035, ge=0)
    playground: float = Field(default=4.0, ge=0)
    attic_room: float = Field(default=2.50, gt=0)
    existing_storey: float = Field(default=STOREY, gt=0)
    tree_roots: float = Field(default=1.5, ge=0)
    tree_crown: float = Field(default=7.0, gt=0)
    small_dwelling_clear: float | None = Field(default=None, ge=1.5, le=3)
