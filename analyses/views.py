"""What is seen from viewpoints, and from where a landmark or a variant's blocks are seen and how much of them: on the ground, on façades,
and at the viewpoints themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import Field

from ..jena_city import marks, terrain, viewing
from ..jena_city.arrays import FloatArray
from ..jena_city.files import slug
from ..jena_city.lettering import number
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem, Progress, no_progress, stretch
from ..jena_city.result import Classes, Grid, Result
from ..jena_city.viewing import EYE
from . import targets, viewshed
from .looking import CLOSE, Eyes, Looking, eyes, method_of, of_trees, sight
from .measuring import Measure, Placed, Quantity, Values, area, measured
from .obstacles import Obstacles
from .sensors import ABOVE_GROUND
from .sight_lines import SHARE_CHANGE
from .targets import Target
from .viewshed import NEAR

SEEN = Classes(
    (0.0, 0.001, 25.0, 50.0, 75.0, 100.0),
    ("#f6f1e4", "#fde725", "#5ec962", "#21918c", "#3b528b"),
    ("nicht zu sehen", "bis 25", "25 bis 50", "50 bis 75", "75 bis 100"),
)
_FACING = 1e-3  # cosine below which a façade is only grazed
_RAYS = 2_000_000  # traced at a time


class Viewshed(Placed, Looking):
    """Settings of the analysis `viewshed`."""

    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    spacing: float = Field(default=10.0, gt=0.1, le=1000)
    """Metres between eyes on paths and in areas"""
    target: float = Field(default=0.0, ge=0, le=500)
    """Metres above the ground that are looked at"""
    reach: float = Field(default=5000.0, gt=0, le=100_000)
    """Metres beyond which nothing is seen"""
    surface: str = ""
    """File of a surface model with houses and trees, held against instead of the city; empty: the city"""
    trees: bool = False
    """Whether the crowns of trees hide what is behind them"""

    @property
    def stem(self) -> str:
        return "viewshed"

    @property
    def suns(self) -> float | None:
        return float(max(len(self.viewpoints), 1))

    def located(self, folder: Path, origin: Origin) -> Self:
        found = super().located(folder, origin)
        return found.model_copy(update={"surface": str(folder / self.surface)}) if self.surface else found


class VisibilityOf(Placed, Looking):
    """Settings of the analysis `visibility_of`."""

    of: Literal["landmarks", "blocks"] = "landmarks"
    """landmarks: those of the project, before and after; blocks: where the blocks of the variant will be seen from."""
    look_at: str = ""
    """Names of landmarks, separated by semicolons; empty: all"""
    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    spacing: float = Field(default=10.0, gt=0.1, le=1000)
    """Metres between eyes on paths and in areas"""
    eye: float = Field(default=EYE, ge=0.1, le=100)
    """Metres of the eye above the ground"""
    step: float = Field(default=4.0, gt=0.05, le=100)
    """metres between ground sensors."""
    faces: bool = False
    trees: bool = False
    """Whether the crowns of trees hide what is behind them"""

    @property
    def stem(self) -> str:
        return f"visibility-of-{self.of}"

    @property
    def suns(self) -> float | None:
        return float(targets.POINTS) * max(len(self.landmarks), 1)


def run_viewshed(
    planned: Obstacles, settings: Viewshed, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """How many of the eyes see each place, in percent; with `base`, the difference to it."""
    looks = eyes(settings.viewpoints, settings.look_from, settings.spacing, base or planned)
    if settings.surface:
        return [_of_surface(planned, settings, looks, progress)]
    box = area(planned.applied, settings)
    corners = np.array([[x, y] for x in (box[0], box[2]) for y in (box[1], box[3])])
    farthest = float(np.linalg.norm(corners[:, None] - looks.points[None, :, :2], axis=2).max())
    farthest = min(farthest, settings.reach)

    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        raised = places if normals is not None else places + [0, 0, settings.target]
        return [_share_that_sees(raised, normals, looks.points, town, settings, farthest, part)]

    many = "" if len(looks.names) == 1 else f", Anteil von {len(looks.names)} Augen"
    method = " · ".join(filter(None, (f"Sicht bis {number(settings.reach)} m{many}", method_of(farthest, settings.refraction))))
    where = settings.look_from or "; ".join(one.name for one in settings.viewpoints)
    measure = Measure("viewshed", [Quantity(f"Sichtbar von {where}", "%", SEEN, SHARE_CHANGE)], method, values, of_trees(settings.trees))
    return measured(measure, planned, settings, base, progress)


def _share_that_sees(
    places: FloatArray,
    normals: FloatArray | None,
    looks: FloatArray,
    town: Obstacles,
    settings: Viewshed,
    farthest: float,
    progress: Progress,
) -> Values:
    held = sight(town, settings.refraction, farthest, trees=settings.trees)
    ends, starts = held.straight(looks), held.straight(places)
    lifted = starts if normals is None else starts + 0.02 * normals
    seen = np.zeros(len(places), np.float32)
    size = max(_RAYS // max(len(looks), 1), 1)
    for begin in range(0, len(places), size):
        part = slice(begin, begin + size)
        for end, look in zip(ends, looks, strict=True):
            line = end - lifted[part]
            length = np.maximum(np.linalg.norm(line, axis=1), 1e-6)
            along = line / length[:, None]
            asked = np.linalg.norm(look[:2] - places[part, :2], axis=1) <= settings.reach
            if normals is not None:
                asked &= np.einsum("ij,ij->i", along, normals[part]) > _FACING
            which = np.flatnonzero(asked)
            if len(which):
                free = ~held.blocked(lifted[part][which], along[which], np.maximum(length[which] - CLOSE, 0), presorted=True)
                seen[begin + which[free]] += 1
        progress(min((begin + size) / len(places), 1.0), "lines of sight")
    return np.asarray(100 * seen / len(looks), np.float32)


def _of_surface(planned: Obstacles, settings: Viewshed, looks: Eyes, progress: Progress) -> Result:
    """The same on the cells of a surface model: whatever stands on it, trees too, stands in the way and is looked at."""
    applied = planned.applied
    box = area(applied, settings)
    x, y = looks.points[:, 0], looks.points[:, 1]
    west, south, east, north = (min(box[0], x.min()) - 2, min(box[1], y.min()) - 2, max(box[2], x.max()) + 2, max(box[3], y.max()) + 2)
    corners = applied.site.origin.to_world(np.array([[west, south], [east, north]])).ravel().tolist()
    model = terrain.read([settings.surface], origin=applied.site.origin, bbox=tuple(corners))
    rows, columns = model.heights.shape
    share = np.zeros(model.heights.shape, np.float32)
    far = float(np.hypot(rows, columns)) * model.step
    for index, (look, name) in enumerate(zip(looks.points, looks.names, strict=True)):
        progress(index / len(looks.names), "lines of sight")
        row, column = (look[1] - model.y) / model.step, (look[0] - model.x) / model.step
        if not (-0.5 <= row <= rows - 0.5 and -0.5 <= column <= columns - 0.5):
            raise InputProblem(f"viewpoint {name}", f"it lies outside {Path(settings.surface).name}", "Move it, or name a larger file")
        share += viewshed.seen(
            model.heights,
            model.step,
            row,
            column,
            float(look[2]),
            target=settings.target,
            reach=settings.reach,
            refraction=settings.refraction if min(far, settings.reach) > NEAR else None,
        )
    half = model.step / 2
    grid = Grid(model.x - half, model.y - half, model.step, rows, columns, model.heights.ravel().astype(np.float64))
    where = settings.look_from or "; ".join(one.name for one in settings.viewpoints)
    return Result(
        "viewshed",
        "surface",
        f"Sichtbar von {where}, auf dem Oberflächenmodell",
        "%",
        applied.variant.id,
        applied.site.origin,
        grid,
        (100 * share / len(looks.names)).ravel(),
        np.isfinite(model.heights).ravel(),
        SEEN,
        f"Oberflächenmodell {Path(settings.surface).name}, Raster {number(model.step, 1)} m",
        settings.model_dump(mode="json"),
    )


def run_visibility_of(
    planned: Obstacles, settings: VisibilityOf, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """How much of each landmark, or of the variant's blocks, is seen, in percent of what would be if it stood alone: over the ground, and
    at the project's viewpoints. Of a variant without blocks there is nothing."""
    if settings.of == "blocks":
        whole = targets.blocks(planned)
        wanted, base = [whole] if whole is not None else [], None
    else:
        named = viewing.chosen(settings.landmarks, settings.look_at, "landmarks")
        if not named:
            raise InputProblem("landmarks", "the project names none", "Add [[landmarks]] to project.toml, or put one with the mouse")
        wanted = [targets.landmark(one, base or planned) for one in named]
    found: list[Result] = []
    for index, target in enumerate(wanted):
        part = stretch(progress, index / len(wanted), (index + 1) / len(wanted))
        made = _map(target, planned, settings, base, stretch(part, 0, 0.9))
        if settings.viewpoints:
            made += _at_viewpoints(target, planned, settings, base, stretch(part, 0.9, 1))
        for one in made:
            if len(wanted) > 1:
                one.name = f"{one.name}-{slug(target.name)}"
        found += made
    progress(1.0, "lines of sight")
    return found


def _map(target: Target, planned: Obstacles, settings: VisibilityOf, base: Obstacles | None, progress: Progress) -> list[Result]:
    def values(places: FloatArray, normals: FloatArray | None, town: Obstacles, part: Progress) -> list[Values]:
        raised = places if normals is not None else places + [0, 0, settings.eye - ABOVE_GROUND]
        free, whole = targets.seen(target, raised, normals, town, settings.refraction, part, trees=settings.trees)
        return [_percent(free, whole)]

    if not (settings.ground or settings.faces):
        return []
    title = f"Sichtbarer Anteil: {target.name}"
    method = f"{_points(target)}, Augenhöhe {number(settings.eye, 1)} m"
    quantity = Quantity(title, "%", SEEN, SHARE_CHANGE if settings.of == "landmarks" else None)
    return measured(Measure("visibility_of", [quantity], method, values, of_trees(settings.trees)), planned, settings, base, progress)


def _at_viewpoints(target: Target, planned: Obstacles, settings: VisibilityOf, base: Obstacles | None, progress: Progress) -> list[Result]:
    looks = eyes(settings.viewpoints, settings.look_from, settings.spacing, base or planned)
    free, whole = targets.seen(target, looks.points, None, planned, settings.refraction, progress, trees=settings.trees)
    before = free
    if base:
        before, _ = targets.seen(target, looks.points, None, base, settings.refraction, progress, trees=settings.trees)
    unit = "deg²" if target.normals is not None else "°"
    angle = (180 / np.pi) ** 2 if target.normals is not None else 180 / np.pi
    rows = [
        {
            "gesehen": f"{number(angle * now, 2)} {unit}",
            "allein stehend": f"{number(angle * alone, 2)} {unit}",
            "vorher": f"{number(angle * then, 2)} {unit}" if base else "",
        }
        for now, alone, then in zip(free, whole, before, strict=True)
    ]
    support = marks.points(looks.points, looks.names, rows)
    title = f"Sichtbarer Anteil von den Standpunkten: {target.name}"
    applied = planned.applied
    made = Result(
        "visibility_of",
        "viewpoints",
        title,
        "%",
        applied.variant.id,
        applied.site.origin,
        support,
        _percent(free, whole),
        whole > 0,
        SEEN,
        f"{_points(target)} · {of_trees(settings.trees)}",
        settings.model_dump(mode="json"),
    )
    if base is None:
        return [made]
    then_made = Result(**{**made.__dict__, "values": _percent(before, whole), "variant": base.applied.variant.id})
    change = f"{title}: Änderung gegenüber {base.applied.variant.name}"
    return [made, made.subtract(then_made, name="viewpoints-change", title=change, classes=SHARE_CHANGE)]


def _points(target: Target) -> str:
    return f"{len(target.points)} Punkte, nach Raumwinkel" if target.normals is not None else f"{len(target.points)} Punkte, nach Sehwinkel"


def _percent(free: FloatArray, whole: FloatArray) -> Values:
    return np.where(whole > 0, 100 * free / np.where(whole > 0, whole, 1), 0).astype(np.float32)
