"""The key figures of the shown variant: reckoned when blocks have changed, kept until they change again, never while drawing."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import bpy
from bpy.app.handlers import persistent

from ..jena_city import metrics, profiles, project
from ..jena_city.problems import InputProblem
from ..jena_city.reckoning import Reckoned, Reckoning
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT, Variant
from ..scene import document, handlers, sync
from . import variants, view

AT_ONCE = 20_000  # buildings: above, the ground that each covers is found out in a thread
LOOK = 0.2  # seconds between looks at it
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
COUNTED = ("full_storeys", "dwellings", "residents", "jobs", "cars", "bikes", "trees_felled", "trees_kept", "trees_planted")
"""Whole things."""
reckoned: list[Reckoned | None] = [None]
"""All about the shown variant; another object whenever it was reckoned anew."""
shown: list[metrics.Sheet] = []
base: list[metrics.Sheet] = []
"""The same of the variant that differences are taken to; empty without one."""
_of: list[Any] = [None, None]
"""What the shown figures were reckoned by and of, and those that differences are taken to."""
_reckoning: list[Reckoning | None] = [None]
_file: list[Any] = [None]
_preparing: list[threading.Thread] = []


@persistent
def follow(scene: Any) -> None:
    """Reckon anew what depends on a change of the shown variant, the data or the project's file."""
    site = document.loaded_site(scene)
    if site is None:
        forget()
        return
    if not _is_ready(site):
        _empty()
        return
    try:
        path = document.folder(scene) / "project.toml"
        reckoning = _of_project(site, path)
        variant = _variant(scene, variants.shown(scene))
        if _of[0] != (reckoning, variant):
            found = reckoning.of(variant)
            _of[0], reckoned[0], shown[:] = (reckoning, variant), found, found.sheets
            for area, _ in view.views(scene):
                area.tag_redraw()
        _follow_base(scene, variant, reckoning)
    except (InputProblem, OSError):  # said elsewhere: by the block, or by the banner
        _empty()


def _of_project(site: Site, path: Path) -> Reckoning:
    """The reckoning by a project's file; raises InputProblem and OSError."""
    key = (path, path.stat().st_mtime_ns)
    known = _reckoning[0]
    if known is None or known.read is not site or _file[0] != key:
        _, file = project.read(path)
        law, given = profiles.reckoned_by(file)
        said = (law, given, file.building_plots, file.plan_areas)
        if known is None or known.read is not site or (known.law, known.given, known.entries, known.areas) != said:
            known = Reckoning(site, *said)
        _file[0], _reckoning[0] = key, known
    return known


def _is_ready(site: Site) -> bool:
    """Whether it is known which ground each building covers. Of a large town that is found out in a thread."""
    if "footprint_tree" in vars(site) or len(site.city.building_id) <= AT_ONCE or bpy.app.background:
        return True
    if not preparing():
        _preparing[:] = [threading.Thread(target=lambda: site.footprint_tree, name="jena-planner footprints", daemon=True)]
        _preparing[0].start()
        if not bpy.app.timers.is_registered(_look):
            bpy.app.timers.register(_look, first_interval=LOOK)
    return False


def preparing() -> bool:
    """Whether the figures wait for the ground that buildings cover."""
    return bool(_preparing) and _preparing[0].is_alive()


def _look() -> float | None:
    if preparing():
        return LOOK
    if document.is_document(bpy.context.scene):
        handlers.settle(bpy.context.scene)
    return None


def _empty() -> None:
    shown.clear()
    base.clear()
    _of[:] = [None, None]
    reckoned[0] = None


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
    beside = variant if other.id == NULL_VARIANT.id else None  # on the land that the shown variant touches
    key = (reckoning, other, beside)
    if key != _of[1]:
        base[:] = reckoning.beside(other, metrics.touched(reckoning.site, beside) if beside is not None else None)
        _of[1] = key


def forget() -> None:
    """Nothing is reckoned, nothing remembered: the panel is empty."""
    _empty()
    _reckoning[0] = _file[0] = None


def lines(sheet: metrics.Sheet) -> list[tuple[str, str, str]]:
    """Key, name and value of the main figures, as the panel shows them."""
    found = [(key, sheet.figures[key]) for key in MAIN[sheet.scope] if key in sheet.figures]
    return [(key, one.name, f"{written(one.value, key)} {one.unit}".strip()) for key, one in found if one.value is not None]


def difference(sheet: metrics.Sheet, key: str) -> str:
    """What a figure is more or less than that of the variant compared with, as the panel shows it; "" where nothing is to be said."""
    same = sheet.name if sheet.scope != "variant" else None
    other = next((one for one in base if one.scope == sheet.scope and same in (None, one.name)), None)
    theirs = other.figures[key].value if other is not None and key in other.figures else None
    mine = sheet.figures[key].value
    if theirs is None or mine is None or (key in OF_TOUCHED and _of[1][1].id != NULL_VARIANT.id):
        return ""
    by = mine - theirs
    said = written(abs(by), key)
    return "±0" if not any(one in "123456789" for one in said) else ("+" if by > 0 else "−") + said


def written(value: float, key: str = "") -> str:
    """A number with as many digits as it is worth, and a comma. key : of the figure that it is."""
    digits = 0 if abs(value) >= 1000 or key in COUNTED else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}".replace(".", ",")


def register(registry: Any) -> None:
    """Whenever blocks have changed, and while one is moved."""
    registry.handler(handlers.settled, follow)
    registry.handler(handlers.moving, follow)
    registry.on_undo(forget)
    registry.on_undo(lambda: bpy.app.timers.unregister(_look) if bpy.app.timers.is_registered(_look) else None)
