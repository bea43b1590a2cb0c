"""Roads and rails as they are heard in a town, with a variant and without: one way for both, for maps, sections and single places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ...jena_city.applied import Applied
from ...jena_city.arrays import FloatArray, IntArray
from ...jena_city.problems import Progress, no_progress, stretch
from ...jena_city.result import Faces
from .. import sensors
from ..kept import Kept
from ..measuring import Spot
from ..obstacles import Obstacles
from . import levels
from .matrix import contributions_of, incomplete, levels_of, rows, rows_of_both
from .pairs import Method
from .profiles import MOST_IMAGES
from .propagation import Settings as Paths
from .surroundings import Surroundings
from .town import Box

OFF_FACADE = 0.1  # metres that a façade's sensor stands off the wall
OWN_FACADE = 1.0  # metres within which a wall is the sensor's own, whose echo does not count
LEAST_ABOVE = 0.2  # metres that a sensor lies above the ground that sound meets
FEW_CHECKED, SHARE_CHECKED = 50, 0.05  # receivers at which it is looked whether reflections are left out


@dataclass(frozen=True, eq=False)
class Scenery:
    """A town ready to be listened to: surroundings, pieces of road or track, their power (segments, periods[, 8]), the row (s,) of each in
    the site's streets, and how many junctions these have."""

    around: Surroundings
    segments: FloatArray
    power: FloatArray
    row: IntArray
    junctions: int = 0


@dataclass(frozen=True, eq=False)
class Source:
    """What makes noise on a site: its roads, or its rails.

    title : of its levels. favourable : share of time with favourable conditions, of each period that is computed. scenery : a site with a
    variant, ready to be listened to within a box; raises InputProblem where nothing is heard in it. said : the line on how it was computed.
    """

    title: str
    method: Method
    paths: Paths
    favourable: float | FloatArray
    scenery: Callable[[Applied, Box], Scenery]
    said: Callable[[Scenery], str]

    @property
    def periods(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(key, title) of the two levels that are told."""
        if self.method == "CNOSSOS":
            return ("den", "L_DEN"), ("night", "L_Night")
        return ("day", "Tag (6–22 Uhr)"), ("night", "Nacht (22–6 Uhr)")

    def told(self, level: FloatArray) -> FloatArray:
        """Levels by period (…, periods) as those two (…, 2)."""
        if self.method != "CNOSSOS":
            return level
        return np.stack([levels.day_evening_night(*np.moveaxis(level, -1, 0)), level[..., 2]], axis=-1)

    def within(self, reach: Box) -> Callable[[Applied], Scenery]:
        """The scenery of a box; those of a planned town and its base are kept."""
        return lru_cache(maxsize=2)(lambda applied: self.scenery(applied, reach))


def title_of(sources: Sequence[Source]) -> str:
    """The title of the level of all sources together."""
    return sources[0].title if len(sources) == 1 else "Beurteilungspegel Schiene und Straße"


def levels_at(source: Source, scene: Scenery, receivers: FloatArray, own: FloatArray, kept: Kept | None, progress: Progress) -> FloatArray:
    """Levels of all that is heard at receivers (n, 3), (n, 2) dB(A), NaN where the receiver is; own : as `listening` gives it,
    kept : as for `matrix.rows`."""
    there = np.flatnonzero(np.isfinite(receivers[:, 0]))
    found = np.full((len(receivers), scene.power.shape[1]), np.nan)
    ears = receivers[there]
    heard = rows(scene.around, source.method, scene.segments, ears, source.paths, own_face=own[there], kept=kept, progress=progress)
    for which, shares in heard:
        found[there[which]] = levels_of(source.method, shares, scene.power, source.favourable)
    return source.told(found)


def by_street(
    source: Source, scene: Scenery, receivers: FloatArray, kept: Kept | None, progress: Progress
) -> tuple[IntArray, FloatArray, IntArray]:
    """What each street or track brings to receivers (n, 3): rows (k,) in the site's streets, levels (n, k, 2) dB(A), and its loudest
    piece (n, k) in `scene.segments`."""
    streets, of = np.unique(scene.row, return_inverse=True)
    starts, order = np.searchsorted(np.sort(of), np.arange(len(streets))), np.argsort(of, kind="stable")
    level = np.empty((len(receivers), len(streets), scene.power.shape[1]))
    loudest = np.empty((len(receivers), len(streets)), np.int64)
    for which, shares in rows(scene.around, source.method, scene.segments, receivers, source.paths, kept=kept, progress=progress):
        alone = 10.0 ** (0.1 * contributions_of(source.method, shares, scene.power, source.favourable))[:, order]
        level[which] = 10.0 * np.log10(np.add.reduceat(alone, starts, axis=1))
        for street, pieces in enumerate(np.split(order, starts[1:])):
            loudest[which, street] = pieces[alone[:, starts[street] : starts[street] + len(pieces), 0].argmax(axis=1)]
    return streets, source.told(level), loudest


class Levels:
    """Levels in a planned town and, if there is one, in its base, which are asked for one after the other: what a change cannot touch is
    computed once, when the planned town is asked for, and kept until the base is."""

    def __init__(self, source: Source, scenery: Callable[[Applied], Scenery], base: Obstacles | None, where: Sequence[Spot]) -> None:
        self.source, self.scenery, self.base = source, scenery, base
        self._in_both = {row.tobytes() for spot in where for row in spot.support.points_at(np.flatnonzero(spot.comparable))}
        self._kept: dict[bytes, FloatArray] = {}

    def __call__(self, places: FloatArray, normals: FloatArray | None, there: Obstacles, progress: Progress) -> FloatArray:
        """As `levels_at` gives them (n, 2), of one of both towns."""
        source, scene = self.source, self.scenery(there.applied)
        receivers, own = listening(places, normals, scene.around, there.applied)
        found = np.full((len(places), 2), np.nan)
        if self.base is None:
            done = np.zeros(len(places), bool)
        elif there is self.base:
            ears = _marks(receivers, own)
            done = np.array([ear in self._kept for ear in ears], bool)
            for k in np.flatnonzero(done):
                found[k] = self._kept[ears[k]]
        else:
            before = self.scenery(self.base.applied)
            same = (listening(places, normals, before.around, self.base.applied)[0] == receivers).all(axis=1)
            done = same & np.array([place.tobytes() in self._in_both for place in places], bool)
            both, towns = np.flatnonzero(done), ((before.around, before.segments), (scene.around, scene.segments))
            progress, first = stretch(progress, done.mean(), 1.0), stretch(progress, 0.0, done.mean())
            asked = receivers[both], source.paths
            heard = rows_of_both(*towns, source.method, *asked, own_face=own[both], kept=there.kept, progress=first)
            for which, old, new in heard:
                found[both[which]] = source.told(levels_of(source.method, new, scene.power, source.favourable))
                was = source.told(levels_of(source.method, old, before.power, source.favourable))
                self._kept.update(zip(_marks(receivers[both[which]], own[both[which]]), was, strict=True))
        left = ~done
        found[left] = levels_at(source, scene, receivers[left], own[left], there.kept, progress)
        return found


def _marks(receivers: FloatArray, own: FloatArray) -> list[bytes]:
    """What tells ears apart: the middles of two walls that stand against each other are one place, and these hear on either side of it."""
    return [row.tobytes() for row in np.column_stack([receivers, own])]


def listening(places: FloatArray, normals: FloatArray | None, around: Surroundings, applied: Applied) -> tuple[FloatArray, FloatArray]:
    """Where ears are: (n, 3), NaN inside of houses; and how near a wall is their own (n,)."""
    found = np.array(places, float)
    if normals is None:
        own = np.zeros(len(found))
    else:
        level = normals * [1.0, 1.0, 0.0]
        level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)
        found += OFF_FACADE * level
        inside = sensors.inside(applied.footprints, found[:, :2])
        found[inside] += (OWN_FACADE - 2 * OFF_FACADE) * level[inside]  # roofs seen from above may stand out over walls
        own = np.full(len(found), OWN_FACADE)
    found[:, 2] = np.maximum(found[:, 2], around.ground(found) + LEAST_ABOVE)
    found[sensors.inside(applied.footprints, found[:, :2])] = np.nan
    return found, own


def said_of_reflections(order: int) -> str:
    """How far sound that comes back from façades counts."""
    return f"Reflexionen bis zur {order}. Ordnung" if order else "ohne Reflexionen"


def said_of_images(
    around: Surroundings, receivers: FloatArray, own: FloatArray, paths: Paths, kept: Kept | None, progress: Progress = no_progress
) -> str:
    """Of receivers (n, 3) with so many reflections that some are left out; "" where none are found. own : as `listening` gives it. To find
    images is up to half of the work of a map, so that of many receivers a share is looked at."""
    there = np.flatnonzero(np.isfinite(receivers[:, 0]))
    if paths.order < 2 or not len(there):
        return ""
    if len(there) > FEW_CHECKED:
        there = np.sort(np.random.default_rng(0).choice(there, max(FEW_CHECKED, round(SHARE_CHECKED * len(there))), replace=False))
    number = incomplete(around, receivers[there], own[there], paths, kept, progress)
    of, why = f"{number} von {len(there)} geprüften Punkten", f"über {MOST_IMAGES} Spiegelquellen"
    return f"Reflexionen an {of} unvollständig ({why}), Pegel dort eher zu niedrig" if number else ""


def with_images_said(where: Sequence[Spot], planned: Obstacles, around: Surroundings, paths: Paths, progress: Progress) -> list[Spot]:
    """The spots with that as their note."""
    if planned.share is not None or paths.order < 2:  # a helper makes numbers alone; of one face there is one image
        return list(where)
    found = []
    for k, spot in enumerate(where):
        cells = np.flatnonzero(spot.valid)
        normals = spot.support.normals[cells] if isinstance(spot.support, Faces) else None
        ears = listening(spot.support.points_at(cells), normals, around, planned.applied)
        said = said_of_images(around, *ears, paths, planned.kept, stretch(progress, k / len(where), (k + 1) / len(where)))
        found.append(replace(spot, note=" · ".join(filter(None, (spot.note, said)))))
    return found
