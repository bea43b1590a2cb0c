"""Key figures of a variant, for each plot, plan area and as a whole. Each explains itself: formula, paragraph, and the values that went in.

GRZ and GFZ are of the maßgebende Grundstücksfläche; a figure of gross land is called so and is no GFZ. Buildings that stay count on
plots and plan areas for GRZ and GFZ; floor areas, dwellings and what follows are of the variant's blocks alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
import shapely

from . import baunvo, plan_parts, sealing, stand_in
from .applied import Applied, found_by
from .arrays import FloatArray, of_things
from .assumptions import Assumptions
from .baunvo import Limits
from .building_plots import BuildingPlot, public_land
from .clearances import is_class_1_or_2
from .land_rules import FullStorey, LandRules
from .massing import Solid, attic_area
from .memory import Memory
from .model import CityModel
from .pieces import joined
from .site import Site
from .storeys import Storey, storeys_of
from .variant import Block, Variant

Scope = Literal["variant", "plan-area", "plot"]
SMALLEST_PLOT = 1.0  # m² of building land, below which no share of it is told
SAMPLES = 1.0  # metres between the points at which the ground under a block is measured


@dataclass(frozen=True)
class Figure:
    """name : in German, as planners know it. value : None where it cannot be told; note says why, or what is to be thought of. inputs :
    what the words of the formula stand for."""

    name: str
    value: float | None
    unit: str = ""
    formula: str = ""
    paragraph: str = ""
    inputs: dict[str, float | str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """The figures of a plot, a plan area, or the whole variant, by keys that stay the same."""

    scope: Scope
    name: str
    figures: dict[str, Figure]


@dataclass(frozen=True, eq=False)
class Body:
    """A block and what is reckoned of it, in m, m² and m³."""

    block: Block
    base: float
    ground: float
    solid: Solid
    storeys: list[Storey]
    cut: float
    fill: float
    given: Assumptions

    @cached_property
    def full(self) -> list[Storey]:
        """Its Vollgeschosse."""
        return [one for one in self.storeys if one.full]

    @cached_property
    def full_area(self) -> float:
        """Of all Vollgeschosse, m²."""
        return sum(one.area for one in self.full)

    @cached_property
    def floor_area(self) -> float:
        """Of the storeys that are used above ground, m²."""
        return sum(one.area for one in self.floors if not one.underground)

    @cached_property
    def floor_area_below(self) -> float:
        """Of those below ground, m²."""
        return sum(one.area for one in self.floors if one.underground)

    @cached_property
    def rooms(self) -> float:
        """Aufenthaltsräume in an attic that is no Vollgeschoss, m²."""
        attic = next((one for one in self.storeys if one.attic), None)
        if attic is None or attic.full or not self.block.attic_used:
            return 0.0
        return attic.high if self.block.attic_rooms is None else self.block.attic_rooms

    @cached_property
    def volume(self) -> float:
        """Of the body above its base."""
        if not len(self.solid.vertices):
            return 0.0
        if self.block.stand_in is not None:
            return stand_in.volume_of(self.block, self.solid, self.base)[0]
        a, b, c = (self.solid.vertices[self.solid.triangles[:, k]] - self.solid.vertices[0] for k in range(3))
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)

    @cached_property
    def below(self) -> float:
        """Volume of the storeys below its base."""
        return self.block.underground * self.block.underground_height * float(self.block.footprint.area)

    @cached_property
    def mass(self) -> float:
        """Baumasse: Vollgeschosse by their heights (an attic by its volume), and Aufenthaltsräume elsewhere."""
        floors = sum(one.area * one.height for one in self.full)
        if any(one.attic for one in self.full):
            floors += self.volume - self.block.plinth * float(self.block.footprint.area)
            floors -= sum(one.area * one.height for one in self.storeys if not one.underground)
        return floors + self.rooms * self.given.attic_room

    @cached_property
    def floors(self) -> list[Storey]:
        """The storeys that are used: all but an attic without use."""
        return [one for one in self.storeys if not one.attic or one.full or self.block.attic_used]

    def living(self, storey: Storey) -> float:
        """m² of a storey of which a share is Wohnfläche; of an attic by its heights: below 1 m nothing, below 2 m half (WoFlV)."""
        if not storey.attic:
            return storey.area
        return self.attic_living

    @cached_property
    def attic_living(self) -> float:
        """m² of the attic by its heights."""
        return (attic_area(self.block, 1.0) + attic_area(self.block, 2.0)) / 2.0

    @cached_property
    def people(self) -> tuple[float, float, float, float]:
        """Of the whole block: Wohnfläche in m², dwellings, jobs, and m² for other uses."""
        block, given = self.block, self.given
        living = jobs = business = 0.0
        for storey in self.floors:
            if storey.underground or block.counted != "hauptanlage":
                continue
            homes = given.living.get(storey.use, 0.0)
            living += homes * given.living_share * self.living(storey)
            if homes < 1.0:
                business += (1.0 - homes) * storey.area
                jobs += (1.0 - homes) * storey.area / given.job.get(storey.use, math.inf)
        return living, living / given.dwelling if block.dwellings is None else float(block.dwellings), jobs, business

    @cached_property
    def heights(self) -> tuple[float, float, float]:
        """Traufe (wall meets roof), First and highest point, metres in the height system."""
        eaves, top = self.base + self.block.eaves_height, float(self.solid.vertices[:, 2].max(initial=self.base))
        return eaves, top if self.block.roof.kind != "flat" else eaves, top


def bodies_of(applied: Applied, law: LandRules, given: Assumptions, before: Sequence[Body] = ()) -> list[Body]:
    """What is reckoned of each block; raises InputProblem for an impossible one. before : reckoned earlier with the same site, law and
    assumptions; a block that has its solid still is not reckoned again."""
    known = {id(body.solid): body for body in before}
    found = []
    for block, base, body in zip(applied.variant.blocks, applied.bases.tolist(), applied.solids, strict=True):
        old = known.get(id(body))
        same = old is not None and (old.block is block or old.block == block)
        found.append(old if old is not None and same else _body(applied, block, base, body, law, given))
    return found


def _body(applied: Applied, block: Block, base: float, body: Solid, law: LandRules, given: Assumptions) -> Body:
    terrain = applied.site.terrain
    ground, cut, fill = base, 0.0, 0.0
    if terrain is not None:
        along = terrain.height_at(shapely.get_coordinates(shapely.segmentize(block.footprint, SAMPLES))[:-1])
        ground = float(np.nanmean(along)) if np.isfinite(along).any() else base
        west, south, east, north = block.footprint.bounds
        x, y = (one.ravel() for one in np.meshgrid(np.arange(west + 0.5, east, SAMPLES), np.arange(south + 0.5, north, SAMPLES)))
        under = terrain.height_at(np.column_stack([x, y])[shapely.contains_xy(block.footprint, x, y)])
        above = under[np.isfinite(under)] - (base - block.underground * block.underground_height)
        if len(above):
            area = float(block.footprint.area)
            cut, fill = area * float(np.maximum(above, 0).mean()), area * float(np.maximum(-above, 0).mean())
    storeys = storeys_of(block, base, ground, _full_storey(block, law, given), given.ceiling)
    return Body(block, base, ground, body, storeys, cut, fill, given)


def _full_storey(block: Block, law: LandRules, given: Assumptions) -> FullStorey:
    """What is a Vollgeschoss of a block: dwellings of Gebäudeklasse 1 and 2 have a clear height of their own, where it is known."""
    if given.small_dwelling_clear is None or not is_class_1_or_2(block):
        return law.full_storey
    return replace(law.full_storey, clear=given.small_dwelling_clear)


def sheets(
    applied: Applied,
    plots: Sequence[BuildingPlot],
    law: LandRules,
    given: Assumptions,
    land: Any | None = None,
    bodies: list[Body] | None = None,
    memory: Memory | None = None,
) -> list[Sheet]:
    """All figures of a variant: as a whole, for each plan area and each building plot. land : where the sealing of the whole is compared,
    the same for variants side by side; None: what the variant touches. bodies : those of `bodies_of`, where they are known already.
    memory : of the same site, law and assumptions."""
    memory = memory or Memory()
    bodies = bodies_of(applied, law, given) if bodies is None else bodies
    lands = joined(_touched(applied.site, applied.variant), memory) if land is None else [land]
    found = [Sheet("variant", applied.variant.name, _Land(applied, bodies, law, given, None, lands, memory).figures())]
    areas = plan_areas(applied, memory)
    for plot, there in zip(areas, standing_on([plot.whole for plot in areas], bodies), strict=True):
        found.append(Sheet("plan-area", plot.name, _Land(applied, there, law, given, plot, [plot.whole], memory, gross=True).figures()))
    for plot, there in zip(plots, standing_on([plot.whole for plot in plots], bodies), strict=True):
        of_plot = _Land(applied, there, law, given, plot, [plot.whole], memory)
        found.append(Sheet("plot", plot.name, memory.of(("figures", *of_plot.key), of_plot.figures)))
    return found


def density(
    applied: Applied, bodies: list[Body], law: LandRules, given: Assumptions, plot: BuildingPlot, memory: Memory | None = None
) -> dict[str, Figure]:
    """GRZ, GFZ and BMZ of a piece of land, and the land that counts. bodies : all that stand on it. memory : of the same site, law and
    assumptions."""
    memory = memory or Memory()
    land = _Land(applied, bodies, law, given, plot, [plot.whole], memory)
    return memory.of(("density", *land.key), lambda: land.density(plot))


def standing_on(lands: Sequence[Any], bodies: Sequence[Body]) -> list[list[Body]]:
    """Of each piece of land the bodies that may stand on it: whose bounds meet its."""
    tree = shapely.STRtree(of_things(body.block.footprint for body in bodies))
    return [[bodies[row] for row in rows] for rows in found_by(tree, of_things(lands))]


def plan_areas(applied: Applied, memory: Memory) -> list[BuildingPlot]:
    """The plan areas as land of which public land is cut off. memory : of the same site."""
    areas = applied.site.plan_areas
    if areas is None:
        return []

    def made() -> list[BuildingPlot]:
        public = shapely.union_all(public_land(applied.site, applied.variant))
        said = zip(plan_parts.names(applied.site), areas.geometry, plan_parts.editions(applied.site), strict=True)
        return [BuildingPlot(name, shape, public.intersection(shape), Limits(edition=edition)) for name, shape, edition in said]

    return memory.of(("plan areas", *((one.kind, one.shape) for one in applied.variant.open_spaces)), made)


def touched(site: Site, variant: Variant) -> Any:
    """The ground that a variant changes: blocks, open spaces, and what is removed."""
    return shapely.union_all(_touched(site, variant))


def _touched(site: Site, variant: Variant) -> list[Any]:
    rows = site.building_rows
    gone = [site.footprints[rows[name]] for name in variant.removed if name in rows and site.footprints[rows[name]] is not None]
    return [one.footprint for one in variant.blocks] + [one.shape for one in variant.open_spaces] + gone


def storeys_there(city: CityModel, row: int, given: Assumptions) -> tuple[float, bool]:
    """Storeys of a building that stays, and whether the data name them: else its height tells."""
    number = int(city.storeys[row])
    if number > 0:
        return float(number), True
    height = float(city.measured_height[row])
    return (max(1.0, math.floor(height / given.existing_storey)), False) if math.isfinite(height) else (1.0, False)


class _Land:
    """What is reckoned within a piece of land; plot None: everywhere."""

    def __init__(
        self,
        applied: Applied,
        bodies: list[Body],
        law: LandRules,
        given: Assumptions,
        plot: BuildingPlot | None,
        lands: Sequence[Any],
        memory: Memory,
        *,
        gross: bool = False,
    ) -> None:
        """bodies : all that stand on the plot, or more. lands : where sealing is reckoned; they do not overlap."""
        self.lands, self.memory = lands, memory
        self.applied, self.law, self.given, self.plot, self.gross = applied, law, given, plot, gross
        self.limits = plot.limits if plot is not None else Limits()
        self.bodies = [(body, share) for body in bodies if (share := self._share(body, body.block.footprint)) > 1e-6]
        self.spaces = [one for one in applied.variant.open_spaces if self._share(one.shape, one.shape) > 1e-6]

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What all figures of a plot depend on."""
        bodies, spaces = (
            tuple(body for body, _ in self.bodies),
            tuple((one.kind, one.shape, one.sealed, one.counts_as) for one in self.spaces),
        )
        planted = tuple(one.position for one in self.applied.variant.planted)
        felled = tuple(np.flatnonzero(self.applied.felled).tolist())
        return self.plot, bodies, spaces, tuple(self._kept), planted, felled

    @cached_property
    def _kept(self) -> list[int]:
        """Rows of the buildings that stay and touch the plot."""
        assert self.plot is not None
        whole, site = self.plot.whole, self.applied.site
        rows = self.memory.of(("rows", whole), lambda: np.sort(site.footprint_tree.query(whole, predicate="intersects")).tolist())
        return list(self.applied.staying(rows))

    def figures(self) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        if self.plot is not None and self.plot.area >= SMALLEST_PLOT:
            found |= self.density(self.plot)
        found |= self._floors()
        found |= self._people()
        found |= self._ground()
        return found | self._heights()

    def _share(self, of: Any, shape: Any) -> float:
        """How much of a shape lies on the land; of : what it is remembered by."""
        plot = self.plot
        if plot is None:
            return 1.0
        return self.memory.of(("share", of, plot), lambda: float(shape.intersection(plot.whole).area / shape.area))

    def _within(self, shapes: list[Any]) -> float:
        plot = self.plot
        assert plot is not None
        parts = self.memory.of(("together", *shapes), partial(joined, shapes, self.memory))
        return sum(self.memory.of(("within", plot, part), partial(_area_within, part, plot)) for part in parts)

    def _sum(self, value: Any) -> float:
        return float(sum(share * value(body) for body, share in self.bodies))

    def _main(self, value: Any) -> float:
        return float(sum(share * value(body) for body, share in self.bodies if body.block.counted == "hauptanlage"))

    def density(self, plot: BuildingPlot) -> dict[str, Figure]:
        """GRZ, GFZ and BMZ of the plot."""
        site, limits, area = self.applied.site, self.limits, plot.area
        kept = self._kept
        there = [site.footprints[row] for row in kept]
        counted = [(body.block.footprint, body.block.counted) for body, _ in self.bodies]
        counted += [(one.shape, one.counted) for one in self.spaces if one.counted is not None]
        main = self._within(there + [shape for shape, kind in counted if kind == "hauptanlage"])
        whole = self._within(there + [shape for shape, _ in counted])
        most = None if limits.grz is None else baunvo.most_covered(limits.grz)
        floors = self._main(lambda body: body.full_area)
        storeys = [storeys_there(site.city, row, self.given) for row in kept]
        on_plot = self.memory.of(("on plot", plot, *kept), lambda: [float(shape.intersection(plot.shape).area) for shape in there])
        stay = sum(area * number for area, (number, _) in zip(on_plot, storeys, strict=True))
        rooms = self._main(lambda body: body.rooms) if int(limits.by) < baunvo.ROOMS_COUNT_BEFORE else 0.0
        mass = self._main(lambda body: body.mass)
        guessed = sum(not known for _, known in storeys)
        doubt = f"{guessed} Bestandsgebäude ohne Geschosszahl: aus der Höhe geschätzt" if guessed else ""
        words = {"F": area}
        result = {
            "plot_area": Figure(
                "Maßgebende Grundstücksfläche",
                area,
                "m²",
                "F = Grundstück − Straßenland",
                "§ 19 (3) BauNVO",
                {"Grundstück": float(plot.whole.area), "Straßenland": float(plot.street.area)},
            ),
            "grz_main": Figure(
                "GRZ Hauptanlagen",
                main / area,
                "",
                "A / F",
                "§ 19 (1), (2) BauNVO",
                {"A": main, **words},
                _notes(baunvo.beyond(limits, "GRZ", main / area), _limit(limits.grz, main / area)),
            ),
            "grz_total": Figure(
                "GRZ gesamt",
                whole / area,
                "",
                "A / F; zulässig min(1,5 · GRZ; 0,8)",
                "§ 19 (4) BauNVO",
                {"A": whole, **words},
                _limit(most, whole / area, "zulässig"),
            ),
            "covered_left": Figure(
                "Noch überdeckbar",
                None if most is None else most * area - whole,
                "m²",
                "min(1,5 · GRZ; 0,8) · F − A",
                "§ 19 (4) BauNVO",
                {"A": whole, **words, "zulässig": most if most is not None else "nicht festgesetzt"},
            ),
            "gfz": Figure(
                "GFZ",
                (floors + stay + rooms) / area,
                "",
                "(Vollgeschosse + Bestand + Aufenthaltsräume) / F",
                f"§ 20 BauNVO {limits.by}; {self.law.full_storey.paragraph}",
                {"Vollgeschosse": floors, "Bestand": stay, "Aufenthaltsräume": rooms, **words},
                _notes(
                    baunvo.beyond(limits, "GFZ", (floors + stay + rooms) / area), _limit(limits.gfz, (floors + stay + rooms) / area), doubt
                ),
            ),
            "bmz": Figure(
                "BMZ",
                mass / area,
                "m³/m²",
                "Baumasse / F",
                "§ 21 (2) BauNVO",
                {"Baumasse": mass, **words},
                _notes(baunvo.beyond(limits, "BMZ", mass / area), _limit(limits.bmz, mass / area), "ohne Bestand" if there else ""),
            ),
        }
        if self.gross:
            gross = float(plot.whole.area)
            note = "brutto, keine GFZ"
            result["plot_area"] = Figure(
                "Nettobauland",
                area,
                "m²",
                "F = Plangebiet − Verkehr − Grün − Wasser",
                "",
                {"Plangebiet": gross, "öffentlich": float(plot.street.area)},
            )
            result["gross_area"] = Figure("Bruttobauland", gross, "m²", "Fläche des Plangebiets")
            result["gross_density"] = Figure(
                "Städtebauliche Dichte (brutto)",
                (floors + stay) / gross,
                "",
                "Geschossfläche / Bruttobauland",
                "",
                {"Geschossfläche": floors + stay, "Bruttobauland": gross},
                note,
            )
        return result

    def _floors(self) -> dict[str, Figure]:
        gf = self._main(lambda body: body.full_area)
        over = self._sum(lambda body: body.floor_area)
        under = self._sum(lambda body: body.floor_area_below)
        most = max((sum(not one.underground or one.full for one in body.full) for body, _ in self.bodies), default=0)
        volume = self._sum(lambda body: body.volume)
        below = self._sum(lambda body: body.below)
        mass = self._main(lambda body: body.mass)
        return {
            "gf": Figure(
                "Geschossfläche GF", gf, "m²", "Σ Außenmaße der Vollgeschosse", f"§ 20 (3) BauNVO; {self.law.full_storey.paragraph}"
            ),
            "full_storeys": Figure(
                "Vollgeschosse, höchstens",
                float(most),
                "",
                "Deckenhöhe, lichte Höhe und ihr Anteil",
                self.law.full_storey.paragraph,
                {},
                _notes(self._storeys_note(most), self._clear_note()),
            ),
            "mass": Figure("Baumasse", mass, "m³", "Σ Vollgeschosse · Höhe + Aufenthaltsräume sonst", "§ 21 (2) BauNVO"),
            "bgf": Figure(
                "BGF (R)", over + under, "m²", "oberirdisch + unterirdisch", "DIN 277:2021-08", {"oberirdisch": over, "unterirdisch": under}
            ),
            "bri": Figure(
                "BRI",
                volume + below,
                "m³",
                "Volumen der Baukörper",
                "DIN 277:2021-08",
                {"oberirdisch": volume, "unterirdisch": below},
                "ohne Gründung und Bodenplatte",
            ),
        }

    def _storeys_note(self, storeys: int) -> str:
        most = self.limits.storeys
        return "" if most is None else f"festgesetzt: höchstens {most}" + (", überschritten" if storeys > most else "")

    def _clear_note(self) -> str:
        clear = self.given.small_dwelling_clear
        if clear is None or not any(is_class_1_or_2(body.block) for body, _ in self.bodies):
            return ""
        return f"Wohngebäude der Gebäudeklassen 1 und 2: lichte Höhe ab {_de(clear)} m ({self.given.source})"

    def _people(self) -> dict[str, Figure]:
        given = self.given
        living = flats = jobs = business = 0.0
        for body, share in self.bodies:
            living, flats, jobs, business = (
                one + share * more for one, more in zip((living, flats, jobs, business), body.people, strict=True)
            )
        people = flats * given.residents
        said = given.source
        low, high = (living / given.living_share * share for share in (given.living_share - 0.05, given.living_share + 0.05))
        return {
            "living_area": Figure(
                "Wohnfläche",
                living,
                "m²",
                f"{_de(given.living_share)} · BGF (R) der Wohngeschosse; im Dach unter 1 m nichts, unter 2 m halb",
                "WoFlV",
                {"Anteil": given.living_share},
                f"Schätzung, {low:.0f} bis {high:.0f} m²; {said}",
            ),
            "dwellings": Figure(
                "Wohneinheiten", flats, "WE", "Wohnfläche / Größe, wo keine Zahl angegeben ist", "", {"Größe": given.dwelling}, said
            ),
            "residents": Figure("Einwohner:innen", people, "EW", "WE · Belegung", "", {"Belegung": given.residents}, said),
            "jobs": Figure("Arbeitsplätze", jobs, "", "Σ BGF (R) / Fläche je Arbeitsplatz", "", {}, said),
            "cars": Figure(
                "Pkw-Stellplätze",
                flats * given.cars + business / 100 * given.business_cars,
                "",
                "WE · a + BGF (R) sonst / 100 · b",
                "§ 52 ThürBO 2024" if "Thür" in self.law.name else "",
                {"WE": flats, "a": given.cars, "BGF (R) sonst": business, "b": given.business_cars},
                said,
            ),
            "bikes": Figure(
                "Fahrradstellplätze",
                flats * given.bikes + business / 100 * given.business_bikes,
                "",
                "WE · a + BGF (R) sonst / 100 · b",
                "",
                {"WE": flats, "a": given.bikes, "BGF (R) sonst": business, "b": given.business_bikes},
                said,
            ),
            "kita": Figure("Kita-Plätze, Bedarf", people * given.kita, "", "EW · Anteil", "", {"EW": people, "Anteil": given.kita}, said),
            "school": Figure(
                "Grundschulplätze, Bedarf", people * given.school, "", "EW · Anteil", "", {"EW": people, "Anteil": given.school}, said
            ),
            "playground_needed": Figure(
                "Spielfläche, Bedarf", flats * given.playground, "m²", "WE · Fläche", "", {"WE": flats, "Fläche": given.playground}, said
            ),
        }

    def _ground(self) -> dict[str, Figure]:
        spaces, applied = self.spaces, self.applied

        def area(*kinds: str) -> float:
            return sum(self._share(one.shape, one.shape) * float(one.shape.area) for one in spaces if one.kind in kinds)

        before, after = sealing.sealed(applied, self.lands, self.memory)
        doubt = "" if applied.site.areas is not None else "ohne Daten zur Bodenbedeckung: heute nur Gebäude"
        trees = applied.site.trees
        stands = np.zeros(0, bool) if trees is None else self.memory.of(("trees on", self.plot), lambda: self._inside(trees.position))
        felled = float((stands & applied.felled).sum()) if trees is not None else 0.0
        planted = float(self._inside(np.array([one.position for one in applied.variant.planted]).reshape(-1, 2)).sum())
        figures = {
            "sealed_before": Figure("Versiegelt heute", before, "m²", "Gebäude + Σ Bodenbedeckung · Anteil", "", {}, doubt),
            "sealed_after": Figure(
                "Versiegelt geplant", after, "m²", "Gebäude + Baukörper + Σ Freiflächen · Anteil + Rest von heute", "", {}, doubt
            ),
            "trees_felled": Figure("Bäume gefällt", felled),
            "trees_kept": Figure("Bäume erhalten", float(stands.sum()) - felled, note="" if trees is not None else "ohne Baumdaten"),
            "trees_planted": Figure("Bäume gepflanzt", planted),
            "playground": Figure("Spielfläche, geplant", area("play"), "m²"),
            "cut": Figure(
                "Aushub",
                self._sum(lambda body: body.cut),
                "m³",
                "Gelände über der Sohle der Baukörper",
                note="ohne Gründung, Böschung und Arbeitsraum",
            ),
            "fill": Figure("Auffüllung", self._sum(lambda body: body.fill), "m³", "Sohle der Baukörper über dem Gelände"),
            "area_traffic": Figure("Fläche Verkehr, neu", area("street", "path", "parking"), "m²"),
            "area_green": Figure("Fläche Grün und Spiel, neu", area("green", "play"), "m²"),
            "area_water": Figure("Fläche Wasser, neu", area("water"), "m²"),
        }
        if self.plot is not None and self.gross:
            whole = float(self.plot.whole.area)
            figures["net_share"] = Figure(
                "Anteil Nettobauland",
                100 * self.plot.area / whole,
                "%",
                "Nettobauland / Bruttobauland",
                "",
                {"Nettobauland": self.plot.area, "Bruttobauland": whole},
            )
        return figures

    def _inside(self, xy: FloatArray) -> Any:
        return np.ones(len(xy), bool) if self.plot is None else shapely.contains_xy(self.plot.whole, xy[:, 0], xy[:, 1])

    def _heights(self) -> dict[str, Figure]:
        if not self.bodies:
            return {}
        system = self.applied.site.origin.height_system
        highest = [max(body.heights[k] for body, _ in self.bodies) for k in range(3)]
        over = max(body.heights[2] - (body.base if body.block.reference is None else body.block.reference) for body, _ in self.bodies)
        return {
            "eaves": Figure("Traufhöhe TH, höchste", highest[0], "m ü. NHN", "Schnitt von Wand und Dachhaut", "§ 18 BauNVO", {}, system),
            "ridge": Figure("Firsthöhe FH, höchste", highest[1], "m ü. NHN", "", "§ 18 BauNVO", {}, system),
            "top": Figure("Oberkante OK, höchste", highest[2], "m ü. NHN", "mit Attika", "§ 18 BauNVO", {}, system),
            "height": Figure("OK über Bezugspunkt, größte", over, "m", "OK − Bezugspunkt; ohne Angabe die Fußhöhe", "§ 18 BauNVO"),
        }


def _area_within(shape: Any, plot: BuildingPlot) -> float:
    return float(shape.intersection(plot.shape).area)


def _limit(most: float | None, value: float, word: str = "festgesetzt") -> str:
    if most is None:
        return ""
    return f"{word}: höchstens {_de(most)}" + (f", überschritten um {_de(round(value - most, 3))}" if value > most + 1e-9 else "")


def _notes(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _de(number: float) -> str:
    return f"{number:.4g}".replace(".", ",")
