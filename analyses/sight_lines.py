"""Lines of sight from viewpoints to landmarks, free or hidden by what and where; and protected axes as corridors with what stands in
them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from ..jena_city import marks, viewing
from ..jena_city.applied import BUILDING
from ..jena_city.arrays import FloatArray
from ..jena_city.lettering import number
from ..jena_city.marks import Lines, Points
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.result import Classes, Result
from ..jena_city.viewing import Axis
from . import crowns, targets
from .looking import CLOSE, Looking, eyes, ground_at, method_of, name_of, roof_at, sight
from .obstacles import Obstacles
from .targets import Target
from .viewshed import sunk

FREE = Classes((0.0, 0.5, 1.0), ("#d73027", "#1a9850"), ("verdeckt", "frei"))
FREE_CHANGE = Classes((-1.0, -0.5, 0.5, 1.0), ("#b2182b", "#e8e8e8", "#2166ac"), ("neu verdeckt", "unverändert", "neu frei"))
SHARE = Classes(
    (0.0, 25.0, 50.0, 75.0, 99.5, 100.0),
    ("#d73027", "#fc8d59", "#fee08b", "#91cf60", "#1a9850"),
    ("unter 25", "25 bis 50", "50 bis 75", "75 bis unter 100", "ganz frei"),
)
SHARE_CHANGE = Classes(
    (-100.0, -50.0, -25.0, -0.5, 0.5, 25.0, 100.0),
    ("#67001f", "#b2182b", "#f4a582", "#ffffff", "#92c5de", "#2166ac"),
    ("über 50 weniger", "25 bis 50 weniger", "bis 25 weniger", "unverändert", "bis 25 mehr", "über 25 mehr"),
)
RISES = Classes(
    (0.0, 1.0, 3.0, 6.0, 12.0, 1000.0),
    ("#fee5d9", "#fcae91", "#fb6a4a", "#de2d26", "#a50f15"),
    ("bis 1", "1 bis 3", "3 bis 6", "6 bis 12", "über 12"),
)
_ENTERS = 0.05  # metres above the line of sight from which on something stands in it
_CELLS = 400_000  # of a corridor, at most


class SightLines(Looking):
    """Settings of the analysis `sight_lines`."""

    look_from: str = ""
    """Names of viewpoints, separated by semicolons; empty: all"""
    look_at: str = ""
    """Names of landmarks, separated by semicolons; empty: all"""
    along: str = ""
    """Names of axes, separated by semicolons; empty: all"""
    spacing: float = Field(default=10.0, gt=0.1, le=1000)
    """Metres between eyes on paths and in areas"""
    trees: bool = True
    """Whether the crowns of trees hide what is behind them"""

    @property
    def stem(self) -> str:
        return "sight-lines"


def run_sight_lines(
    planned: Obstacles, settings: SightLines, *, base: Obstacles | None = None, progress: Progress = no_progress
) -> list[Result]:
    """Lines of sight from all viewpoints to the tops of all landmarks, and the project's axes. Of a difference, -1 is newly hidden."""
    if not settings.axes and not (settings.viewpoints and settings.landmarks):
        raise InputProblem(
            "sight lines",
            "the project names neither an axis nor a viewpoint and a landmark",
            "Add [[axes]], or [[viewpoints]] and [[landmarks]], to project.toml, or put them with the mouse",
        )
    found = []
    if settings.viewpoints and settings.landmarks:
        found += _lines(planned, settings, base)
    progress(0.5, "lines of sight")
    if settings.axes:
        found += _axes(planned, settings, base, progress)
    progress(1.0, "lines of sight")
    return found


@dataclass(frozen=True)
class _Seen:
    """One line of sight. free : 0 to 1. hit : where it ends when it is hidden. by : what hides it."""

    free: bool
    hit: FloatArray
    by: str


def _lines(planned: Obstacles, settings: SightLines, base: Obstacles | None) -> list[Result]:
    before = base or planned
    looks = eyes(settings.viewpoints, settings.look_from, settings.spacing, before)
    wanted = [targets.landmark(one, before) for one in viewing.chosen(settings.landmarks, settings.look_at, "landmarks")]
    pieces: list[FloatArray] = []
    names: list[str] = []
    rows: list[dict[str, str]] = []
    values: list[float] = []
    whole, changes = [], []
    farthest = 0.0
    for target in wanted:
        for place, name in zip(looks.points, looks.names, strict=True):
            end = target.top
            length = float(np.linalg.norm(end - place))
            if length < 1.0:
                raise InputProblem(f"viewpoint {name}", f"it is less than a metre from {target.name}", "Move one of them")
            farthest = max(farthest, length)
            now = _look(place, target, planned, settings)
            then = _look(place, target, base, settings) if base else now
            said = {
                "Länge": f"{number(length, 1)} m",
                "verdeckt von": now.by,
                "nach": "" if now.free else f"{number(float(np.linalg.norm(now.hit - place)), 1)} m",
                "vorher": "" if base is None else "frei" if then.free else f"verdeckt von {then.by}",
            }
            title = f"{name} – {target.name}"
            for piece, free in [([place, end], True)] if now.free else [([place, now.hit], True), ([now.hit, end], False)]:
                pieces.append(np.array(piece))
                names.append(title)
                rows.append(said)
                values.append(float(free))
            whole.append((np.array([place, end]), title, said))
            changes.append(float(now.free) - float(then.free))
    trees = "Bäume undurchsichtig" if settings.trees else "Bäume nicht berücksichtigt"
    method = " · ".join(filter(None, (f"Blick auf die höchsten Punkte, {trees}", method_of(farthest, settings.refraction))))
    made = _result("lines", "Sichtlinien", "", FREE, marks.lines(pieces, names, rows), values, planned, settings, method)
    if base is None:
        return [made]
    lines = marks.lines([line for line, _, _ in whole], [name for _, name, _ in whole], [said for _, _, said in whole])
    title = f"Sichtlinien: Änderung gegenüber {base.applied.variant.name}"
    return [made, _result("lines-change", title, "", FREE_CHANGE, lines, changes, planned, settings, method)]


def _look(place: FloatArray, target: Target, town: Obstacles, settings: SightLines) -> _Seen:
    end = target.top
    length = float(np.linalg.norm(end - place))
    along = (end - place) / length
    held = sight(town, settings.refraction, length)
    a, b = held.straight(np.array([place, end]))
    reach = float(np.linalg.norm(b - a))
    hits = held.rays.first_hit(a[None], ((b - a) / reach)[None])
    share, by = 1.0, ""
    if hits.distance[0] < reach - CLOSE:
        triangle = int(hits.triangle[0])
        kind, row = int(town.occluders.kind[triangle]), int(town.occluders.building[triangle])
        own = kind == BUILDING and target.row >= 0 and town.applied.site.city.building_root[row] == target.row
        if not own:
            share, by = float(hits.distance[0]) / reach, name_of(town, triangle)
    if settings.trees:
        tree, leaf = crowns.first(town.applied, place, end)
        if leaf < share:
            share, by = leaf, crowns.name_of(town.applied, tree)
    return _Seen(share >= 1.0, place + share * length * along, by)


def _axes(planned: Obstacles, settings: SightLines, base: Obstacles | None, progress: Progress) -> list[Result]:
    wanted = viewing.chosen(settings.axes, settings.along, "axes")
    now, before = [], []
    for index, axis in enumerate(wanted):
        progress(0.5 + 0.5 * index / len(wanted), "lines of sight")
        corridor = _Corridor.of(axis, planned, settings.refraction)
        now.append(_entering(corridor, planned, settings))
        before.append(_entering(corridor, base, settings) if base else now[-1])
    centre = [one.corridor.centre for one in now]
    rows = [
        {
            "Länge": f"{number(one.corridor.length, 1)} m",
            "Breite": f"{number(axis.width, 1)} m",
            "ragt hinein": " · ".join(f"{name} ({number(rise, 1)} m)" for name, _, rise in one.entering),
            "vorher": "" if base is None else f"{number(100 * then.free, 0)} % frei",
        }
        for axis, one, then in zip(wanted, now, before, strict=True)
    ]
    names = [axis.name for axis in wanted]
    method = "Korridor vom Auge zum Fuß des Ziels, in voller Breite von oben geprüft"
    method += ", Bäume undurchsichtig" if settings.trees else ", Bäume nicht berücksichtigt"
    lines = marks.lines(centre, names, rows)
    free = [100 * one.free for one in now]
    made = [_result("axes", "Sichtachsen: freier Anteil der Breite", "%", SHARE, lines, free, planned, settings, method)]
    if base is not None:
        change = [value - 100 * then.free for value, then in zip(free, before, strict=True)]
        title = f"Sichtachsen: Änderung gegenüber {base.applied.variant.name}"
        made.append(_result("axes-change", title, "%", SHARE_CHANGE, lines, change, planned, settings, method))
    places, said, rises = [], [], []
    who = []
    for axis, one, then in zip(wanted, now, before, strict=True):
        known = {name for name, _, _ in then.entering}
        for name, place, rise in one.entering:
            places.append(place)
            who.append(name)
            rises.append(rise)
            said.append({"Achse": axis.name, "neu": "ja" if base is not None and name not in known else ""})
    if places:
        support = marks.points(np.array(places), who, said)
        made.append(_result("entering", "Was in Sichtachsen ragt", "m", RISES, support, rises, planned, settings, method))
    return made


@dataclass(frozen=True)
class _Corridor:
    """places (n, m, 2) : a grid along (n) and across (m) the axis. line (n,) : height of the line of sight above which is free, metres.
    drop (n,) : how much lower things seem there than they are, for the curve of the Earth."""

    places: FloatArray
    line: FloatArray
    drop: FloatArray
    centre: FloatArray
    length: float

    @classmethod
    def of(cls, axis: Axis, town: Obstacles, refraction: float) -> _Corridor:
        """Raises InputProblem for an axis that leaves the terrain at one end."""
        ends = town.applied.site.origin.to_local(np.array([axis.start, axis.end]))
        ground = ground_at(ends, town.applied)
        if np.isnan(ground).any():
            raise InputProblem(f"axis {axis.name}", "it begins or ends outside the terrain", "Move it, or add terrain")
        heights = ground + (max(axis.eye, CLOSE), axis.target)
        length = float(np.linalg.norm(ends[1] - ends[0]))
        step = max(0.5, math.sqrt(length * axis.width / _CELLS))
        along = np.arange(step / 2, length, step)
        across = np.linspace(-axis.width / 2, axis.width / 2, max(int(axis.width / step), 2) + 1)
        ahead = (ends[1] - ends[0]) / length
        side = np.array([-ahead[1], ahead[0]])
        places = ends[0] + along[:, None, None] * ahead + across[None, :, None] * side
        line = heights[0] + (heights[1] - heights[0]) * along / length
        chord = np.column_stack([ends[0] + along[:, None] * ahead, line])
        far = sunk(np.vstack([np.column_stack([ends, heights]), chord]), refraction, about=ends[0])
        # Lowered, the line of sight is straight between its ends; what stands along it is lowered as the ground is.
        low = far[0, 2] + (far[1, 2] - far[0, 2]) * along / length
        drop = chord[:, 2] - far[2:, 2] if length > 2000 else np.zeros(len(along))
        line = low if length > 2000 else line
        return cls(places, line, drop, np.column_stack([ends, heights]), length)


@dataclass(frozen=True)
class _Found:
    """free : share of the width along which nothing stands. entering : what does, with the place where most and by how many metres, the
    highest first."""

    corridor: _Corridor
    free: float
    entering: list[tuple[str, FloatArray, float]]


def _entering(corridor: _Corridor, town: Obstacles, settings: SightLines) -> _Found:
    flat = corridor.places.reshape(-1, 2)
    _, top = roof_at(flat, town)
    owner = _owners(flat, town)
    if settings.trees:
        crown, tree = crowns.top_at(town.applied, flat)
        higher = crown > np.nan_to_num(top, nan=-np.inf)
        top, owner = np.where(higher, crown, top), np.where(higher, -10 - tree, owner)
    shape = corridor.places.shape[:2]
    rise = np.nan_to_num(top.reshape(shape) - (corridor.line + corridor.drop)[:, None], nan=-np.inf)
    enters = rise > _ENTERS
    found: dict[str, tuple[FloatArray, float]] = {}
    for one in np.unique(owner.reshape(shape)[enters]).tolist():
        mine = np.where(enters & (owner.reshape(shape) == one), rise, -np.inf)
        at = int(mine.argmax())
        name = crowns.name_of(town.applied, -10 - one) if one <= -10 else name_of(town, one)
        most = float(mine.ravel()[at])
        if name not in found or found[name][1] < most:
            found[name] = (np.array([*flat[at], float(top.ravel()[at])]), most)
    free = 1.0 - float(enters.any(axis=0).mean())
    entering = sorted(((name, place, most) for name, (place, most) in found.items()), key=lambda one: -one[2])
    return _Found(corridor, free, entering)


def _owners(flat: FloatArray, town: Obstacles) -> Any:
    """(n,) a triangle that stands for what is highest at each place, the same for all places of one building."""
    high = float(town.occluders.vertices[:, 2].max()) + 10.0
    hits = town.rays.first_hit(np.column_stack([flat, np.full(len(flat), high)]), np.array([[0.0, 0.0, -1.0]]))
    triangle = hits.triangle
    hit = triangle >= 0
    kind, building = town.occluders.kind[triangle[hit]], town.occluders.building[triangle[hit]]
    root = np.append(town.applied.site.city.building_root, -1)
    same = np.where(kind == BUILDING, root[np.where(kind == BUILDING, building, -1)], building)
    groups = np.column_stack([kind.astype(np.int64), same.astype(np.int64)])
    _, first, index = np.unique(groups, axis=0, return_index=True, return_inverse=True)
    owner = np.full(len(flat), -1, np.int64)
    owner[hit] = triangle[hit][first][index.reshape(-1)]
    return owner


def _result(
    name: str,
    title: str,
    unit: str,
    classes: Classes,
    support: Lines | Points,
    values: list[float],
    town: Obstacles,
    settings: Looking,
    method: str,
    analysis: str = "sight_lines",
) -> Result:
    applied = town.applied
    return Result(
        analysis,
        name,
        title,
        unit,
        applied.variant.id,
        applied.site.origin,
        support,
        np.array(values, np.float32),
        np.ones(support.size, bool),
        classes,
        method,
        settings.model_dump(mode="json"),
    )
