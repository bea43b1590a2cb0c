"""Solar irradiation of a year on the ground, on façades and roofs; how well roofs suit for solar power; sums for each building."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import Field

from ..jena_city import store
from ..jena_city.arrays import FloatArray
from ..jena_city.files import hash_file, slug, write_text
from ..jena_city.lettering import number
from ..jena_city.model import Semantics
from ..jena_city.origin import Origin
from ..jena_city.problems import Progress, no_progress, stretch
from ..jena_city.result import Classes, Faces, Result
from . import irradiation, sky_edges, weather, weather_files
from .daylight import Leafy
from .irradiation import Reflections, Year
from .measuring import Measure, Placed, Quantity, Values, measured
from .obstacles import Obstacles
from .weather import Weather

YEARLY = Classes(
    (0.0, 200.0, 400.0, 600.0, 800.0, 1000.0, 1200.0, 1400.0, 1800.0, 3000.0),
    ("#000004", "#2f0f60", "#721f81", "#b73779", "#e8534a", "#f98e09", "#fbb61a", "#f6e36a", "#fcffa4"),
    (
        "unter 200",
        "200 bis 400",
        "400 bis 600",
        "600 bis 800",
        "800 bis 1000",
        "1000 bis 1200",
        "1200 bis 1400",
        "1400 bis 1800",
        "über 1800",
    ),
)
YEARLY_CHANGE = Classes(
    (-3000.0, -400.0, -200.0, -100.0, -50.0, 50.0, 100.0, 3000.0),
    ("#1b3a5c", "#2f6a9f", "#74a9cf", "#bdd7e7", "#ffffff", "#fdb863", "#b35806"),
    (
        "über 400 weniger",
        "200 bis 400 weniger",
        "100 bis 200 weniger",
        "50 bis 100 weniger",
        "kaum verändert (unter 50)",
        "50 bis 100 mehr",
        "über 100 mehr",
    ),
)
SUITED = Classes(
    (0.0, 60.0, 75.0, 81.0, 95.0, 150.0),
    ("#bdbdbd", "#fee08b", "#fdae61", "#f46d43", "#a50026"),
    (
        "ungeeignet (unter 60)",
        "wenig geeignet (60 bis 75)",
        "bedingt geeignet (75 bis 81)",
        "gut geeignet (81 bis 95)",
        "sehr gut geeignet (ab 95)",
    ),
)
"""% of what a plane gets that is turned best and in nobody's shadow: the steps of many solar cadastres, which no law gives."""
_TILE = 16384  # sensors: some seconds
_SUITS = 75.0  # % from which on a roof counts for the yield


class Weathered(Placed):
    """What analyses of a year have in common."""

    weather: str = ""
    """File of a typical year (EPW, PVGIS TMY, DWD TRY); empty: a year without clouds"""
    linke: float = Field(default=3.0, ge=1, le=10)
    """Turbidity of the air after Linke, for the year without clouds"""

    def located(self, folder: Path, origin: Origin) -> Self:
        """With the file's contents told by its sum, so that results are stale when it is another."""
        if not self.weather:
            return self
        path = self.file(folder)
        weather_files.read(path, origin.latitude, origin.longitude)
        return self.model_copy(update={"weather": f"{path}#{hash_file(path)[:16]}"})

    def file(self, folder: Path) -> Path:
        """The file of the typical year. folder : that of the project."""
        path = Path(self.weather.partition("#")[0]).expanduser()
        return path if path.is_absolute() else folder / path


def year_of(settings: Weathered, origin: Origin, altitude: float) -> Weather:
    """The year that the settings ask for, at a place. altitude : metres above the sea. Raises InputProblem."""
    if settings.weather:
        return weather_files.read(settings.file(Path()), origin.latitude, origin.longitude)
    return weather.clear_year(origin.latitude, origin.longitude, altitude, settings.linke)


def altitude_of(town: Obstacles) -> float:
    """Metres above the sea, of the ground in the middle."""
    terrain = town.applied.site.terrain
    return 0.0 if terrain is None else float(np.nanmean(terrain.heights, dtype=np.float64))


class Solar(Weathered, Leafy):
    """Settings of the analysis `solar_irradiation`."""

    ground_reflectance: float = Field(default=irradiation.GROUND, ge=0, le=0.9)
    """Share of the light that the ground gives back"""
    facade_reflectance: float = Field(default=irradiation.FACADE, ge=0, le=0.9)
    """Share of the light that façades and roofs give back"""
    module_efficiency: float = Field(default=0.2, gt=0, le=0.5)
    """Share of the light that solar modules make into current"""
    performance_ratio: float = Field(default=0.8, gt=0, le=1)
    """Share of that which arrives, after heat, cables and inverter"""
    usable_share: float = Field(default=0.7, gt=0, le=1)
    """Share of a suited roof that modules cover: less windows, chimneys, edges"""

    @property
    def stem(self) -> str:
        return f"solar-{Path(self.weather.partition('#')[0]).stem}" if self.weather else "solar"

    @property
    def suns(self) -> float | None:
        past_crowns = 1.0 if self.trees == "ignored" else 2.0
        return past_crowns * (weather.USUAL + sky_edges.USUAL) + irradiation.OF_REFLECTIONS


def run_solar(planned: Obstacles, settings: Solar, *, base: Obstacles | None = None, progress: Progress = no_progress) -> list[Result]:
    """kWh/m² in a year; of roofs also the share of what the best plane would get."""
    origin = planned.applied.site.origin
    leaves = {"ignored": None, "seasonal": settings.leaves, "opaque": settings.leaves.opaque}[settings.trees]
    year = Year.of(year_of(settings, origin, altitude_of(planned)), origin, leaves)
    given_back = {
        id(town): Reflections(town, year, settings.ground_reflectance, settings.facade_reflectance) for town in (planned, base) if town
    }

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        found = irradiation.direct(places, normals, town, year, stretch(part, 0, 0.4))
        found += irradiation.diffuse(places, normals, town, year, stretch(part, 0.4, 0.8))
        found += given_back[id(town)].received(places, normals, stretch(part, 0.8, 1))
        return [found.astype(np.float32)]

    reflected = f"Reflexion einmal (Boden {number(settings.ground_reflectance, 2)}, Fassaden {number(settings.facade_reflectance, 2)})"
    method = f"{year.label}, {len(year.suns)} Sonnenstände, Himmel nach Perez, {reflected}"
    quantity = Quantity("Solare Einstrahlung im Jahr", "kWh/m²", YEARLY, YEARLY_CHANGE)
    measure = Measure("solar_irradiation", [quantity], method, values, settings.tree_words, _TILE)
    results = measured(measure, planned, settings, base, progress)
    return results + [_suitability(one, year.best()) for one in results if one.name == "faces"]


def _suitability(found: Result, best: float) -> Result:
    support = found.support
    assert isinstance(support, Faces)
    return replace(
        found,
        name="roofs",
        title="Eignung der Dächer für Solarstrom",
        unit="%",
        values=(100 * found.values / best).astype(np.float32),
        valid=found.valid & (support.semantics == Semantics.ROOF),
        classes=SUITED,
        method=f"Anteil an {number(best, 0)} kWh/m² der bestausgerichteten freien Fläche · {found.method}",
    )


def write_sums(planned: Obstacles, settings: Solar, base: Path, *, town_before: Obstacles | None = None) -> list[Path]:
    """The sums of each building and block as CSV, made of the result on the faces that lies beside. base : path without ending.
    town_before : nothing is compared."""
    del town_before
    variant = planned.applied.variant
    stem = base.name.removesuffix(f"-{slug(variant.id)}")
    faces, roofs = (base.with_name(f"{stem}-{kind}-{slug(variant.id)}.npz") for kind in ("faces", "roofs"))
    if not (faces.is_file() and roofs.is_file()):
        return []
    names = [block.id for block in variant.blocks]
    table = base.with_name(f"{base.name}-buildings.csv")
    write_text(table, sums(store.load_result(faces), store.load_result(roofs), settings, planned.applied.site.city.building_id, names))
    return [table]


def sums(faces: Result, roofs: Result, settings: Solar, buildings: list[str], blocks: list[str]) -> str:
    """A row for each building and block: areas in m², irradiation in MWh and, of roofs that suit, the yield of solar modules in MWh. All in
    a year; the last row is the sum."""
    support = faces.support
    assert isinstance(support, Faces)
    energy = faces.values.astype(np.float64) * support.area / 1000.0
    roof, wall = (faces.valid & (support.semantics == kind) for kind in (Semantics.ROOF, Semantics.WALL))
    suited = roofs.valid & (roofs.values >= _SUITS)
    yields = energy * settings.module_efficiency * settings.performance_ratio * settings.usable_share
    owners, which = np.unique(support.building, return_inverse=True)
    columns = [
        np.bincount(which, np.where(mask, values, 0), minlength=len(owners))
        for values, mask in (
            (support.area, roof),
            (energy, roof),
            (support.area, suited),
            (yields, suited),
            (support.area, wall),
            (energy, wall),
        )
    ]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["building", "roof_m2", "roof_MWh", "suited_roof_m2", "pv_yield_MWh", "facade_m2", "facade_MWh"])
    for k, owner in enumerate(owners.tolist()):
        name = blocks[-1 - owner] if owner < 0 else buildings[owner]
        writer.writerow([name, *(f"{column[k]:.2f}" for column in columns)])
    writer.writerow(["total", *(f"{column.sum():.2f}" for column in columns)])
    return stream.getvalue()
