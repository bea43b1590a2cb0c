"""The key figures of the shown variant: reckoned when blocks have changed, kept until they change again, never while drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bpy.app.handlers import persistent

from ..jena_city import metrics, profiles, project, store
from ..jena_city.applied import apply
from ..jena_city.assumptions import Assumptions
from ..jena_city.building_plots import building_plots
from ..jena_city.land_rules import of_land
from ..jena_city.problems import InputProblem
from ..jena_city.reckoning import Reckoned, Reckoning
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT, Variant
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
OF_TOUCHED = ("sealed_after",)  # reckoned on the land that the shown variant touches: to another variant its difference says nothing
reckoned: list[Reckoned | None] = [None]
"""All about the shown variant; another object whenever it was reckoned anew."""
shown: list[metrics.Sheet] = []
base: list[metrics.Sheet] = []
"""The same of the variant that differences are taken to; empty without one."""
_of: list[Any] = [None, None]
_by: list[tuple[Any, Reckoning] | None] = [None]
"""What reckons, and for which site and project file: of one changed block only what depends on it is reckoned anew."""


@persistent
def follow(scene: Any) -> None:
    """Reckon anew where the shown variant, the data or the project's file are others than before."""
    site = document.loaded_site(scene)
    if site is None or len(site.city.building_id) > LARGEST:
        forget()
        return
    try:
        path = document.folder(scene) / "project.toml"
        reckoning, place = _reckoning(site, path)
        variant = _variant(scene, variants.shown(scene))
        key = (variant.id, variant.name, store.variant_hash(variant), place)
        if key != _of[0]:
            found = reckoning.of(variant)
            _of[0], reckoned[0], shown[:] = key, found, found.sheets
        _follow_base(scene, variant, reckoning)
    except (InputProblem, OSError):  # said elsewhere: by the block, or by the banner
        forget()


def _reckoning(site: Site, path: Path) -> tuple[Reckoning, Any]:
    """What reckons for a site by a project's file, and what it is of."""
    place = (id(site), path.stat().st_mtime_ns)
    if _by[0] is None or _by[0][0] != place:
        _, file = project.read(path)
        profile = profiles.of(file)
        given = profile.assumptions if profile is not None else Assumptions()
        _by[0] = (place, Reckoning(site, of_land(profile.land if profile is not None else ""), given, file.building_plots))
    return _by[0][1], place


def _variant(scene: Any, name: str) -> Variant:
    collection = sync.collection_of(scene, name)
    return sync.variant_of(collection) if collection is not None else NULL_VARIANT


def _follow_base(scene: Any, variant: Variant, reckoning: Reckoning) -> None:
    """The figures of the variant that differences are taken to, by itself: the shown one is what is remembered."""
    name = scene.jena.compared_with
    if name in ("none", variant.id):
        base.clear()
        _of[1] = None
        return
    other = _variant(scene, name)
    beside = other.id == NULL_VARIANT.id  # on the land that the shown variant touches
    key = (other.id, store.variant_hash(other), _of[0] if beside else _by[0] and _by[0][0])
    if key != _of[1]:
        site = reckoning.site
        plots = building_plots(site, other, reckoning.entries)
        land = metrics.touched(site, variant) if beside else None
        base[:] = metrics.sheets(apply(site, other), plots, reckoning.law, reckoning.given, land=land)
        _of[1] = key


def forget() -> None:
    """Nothing is reckoned: the panel is empty."""
    shown.clear()
    base.clear()
    _of[:] = [None, None]
    reckoned[0] = _by[0] = None


def lines(sheet: metrics.Sheet) -> list[tuple[str, str, str]]:
    """Key, name and value of the main figures, as the panel shows them."""
    found = [(key, sheet.figures[key]) for key in MAIN[sheet.scope] if key in sheet.figures]
    return [(key, one.name, f"{written(one.value)} {one.unit}".strip()) for key, one in found if one.value is not None]


def difference(sheet: metrics.Sheet, key: str) -> str:
    """What a figure is more or less than that of the variant compared with, as the panel shows it; "" where nothing is to be said."""
    same = sheet.name if sheet.scope != "variant" else None
    other = next((one for one in base if one.scope == sheet.scope and same in (None, one.name)), None)
    theirs = other.figures[key].value if other is not None and key in other.figures else None
    mine = sheet.figures[key].value
    if theirs is None or mine is None or (key in OF_TOUCHED and _of[1][0] != NULL_VARIANT.id):
        return ""
    by = mine - theirs
    said = written(abs(by))
    return "±0" if not any(one in "123456789" for one in said) else ("+" if by > 0 else "−") + said


def written(value: float) -> str:
    """A number with as many digits as it is worth, and a comma."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}".replace(".", ",")


def register(registry: Any) -> None:
    """Whenever blocks have changed."""
    registry.handler(handlers.settled, follow)
    registry.on_undo(forget)
