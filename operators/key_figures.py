"""The key figures of the shown variant: reckoned when blocks have changed, kept until they change again, never while drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bpy.app.handlers import persistent

from ..jena_city import metrics, profiles, project, store
from ..jena_city.applied import Applied, apply
from ..jena_city.assumptions import Assumptions
from ..jena_city.building_plots import BuildingPlot, building_plots
from ..jena_city.land_rules import LandRules, of_land
from ..jena_city.problems import InputProblem
from ..jena_city.variant import NULL_VARIANT
from ..scene import document, handlers, sync
from . import variants

LARGEST = 20_000  # buildings: above, the ground that each covers takes too long to be reckoned while somebody draws
MAIN = {
    "plot": ("plot_area", "grz_main", "grz_total", "gfz", "bmz"),
    "plan-area": ("plot_area", "grz_main", "grz_total", "gfz", "gross_density"),
    "variant": (
        "full_storeys",
        "gf",
        "bgf",
        "living_area",
        "dwellings",
        "residents",
        "jobs",
        "cars",
        "sealed_after",
        "trees_felled",
        "top",
    ),
}
"""The keys that the panel shows, by what they are of."""


@dataclass(frozen=True, eq=False)
class Reckoned:
    """What the shown figures were reckoned of and by; another object whenever they were reckoned anew."""

    applied: Applied
    plots: list[BuildingPlot]
    law: LandRules
    given: Assumptions
    bodies: list[metrics.Body]


reckoned: list[Reckoned | None] = [None]
shown: list[metrics.Sheet] = []
_of: list[Any] = [None]
_applied: list[Applied | None] = [None]
_bodies: list[metrics.Body] = []
_by: list[Any] = []
"""What the figures were reckoned of and by: of one changed block only that one is built anew."""


@persistent
def follow(scene: Any) -> None:
    """Reckon anew where the shown variant, the data or the project's file are others than before."""
    site = document.loaded_site(scene)
    if site is None or len(site.city.building_id) > LARGEST:
        forget()
        return
    try:
        collection = sync.collection_of(scene, variants.shown(scene))
        variant = sync.variant_of(collection) if collection is not None else NULL_VARIANT
        path = document.folder(scene) / "project.toml"
        key = (variant.id, variant.name, store.variant_hash(variant), id(site), path.stat().st_mtime_ns)
        if key == _of[0]:
            return
        _, file = project.read(path)
        profile = profiles.of(file)
        law = of_land(profile.land if profile is not None else "")
        given = profile.assumptions if profile is not None else Assumptions()
        plots = building_plots(site, variant, file.building_plots)
        applied = apply(site, variant, _applied[0])
        again = _bodies if _by == [law, given] and _applied[0] is not None and _applied[0].site is site else []
        bodies = metrics.bodies_of(applied, law, given, again)
        shown[:] = metrics.sheets(applied, plots, law, given, bodies=bodies)
        _of[0], _applied[0], _bodies[:], _by[:] = key, applied, bodies, [law, given]
        reckoned[0] = Reckoned(applied, plots, law, given, bodies)
    except (InputProblem, OSError):  # said elsewhere: by the block, or by the banner
        forget()


def forget() -> None:
    """Nothing is reckoned: the panel is empty."""
    shown.clear()
    _bodies.clear()
    _of[0] = _applied[0] = reckoned[0] = None


def lines(sheet: metrics.Sheet) -> list[tuple[str, str, str]]:
    """Key, name and value of the main figures, as the panel shows them."""
    found = [(key, sheet.figures[key]) for key in MAIN[sheet.scope] if key in sheet.figures]
    return [(key, one.name, f"{written(one.value)} {one.unit}".strip()) for key, one in found if one.value is not None]


def written(value: float) -> str:
    """A number with as many digits as it is worth, and a comma."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}".replace(".", ",")


def register(registry: Any) -> None:
    """Whenever blocks have changed."""
    registry.handler(handlers.settled, follow)
    registry.on_undo(forget)
