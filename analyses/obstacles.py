"""What stands in the way of sun and view at a site with a variant applied, ready to be asked."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from ..jena_city.applied import Applied, Occluders, apply
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress, stretch
from ..jena_city.site import Site
from ..jena_city.variant import NULL_VARIANT
from . import visibility
from .foliage import foliage
from .kept import Kept
from .rays import Layers, Raycaster
from .visibility import Bits

KEPT = 256_000_000  # bytes of answers that a context remembers


class Context:
    """What stands in all variants that are compared: terrain, surroundings, and buildings that none of them removes.

    Building one takes seconds: share it. What was asked of it is remembered, so that the same sensors of another variant, or of
    a variant whose block has moved, are traced against their few changes only.
    """

    def __init__(self, site: Site, changing: npt.NDArray[np.bool_] | None = None) -> None:
        """changing : (B,) buildings that some variant removes; None for none."""
        self.site = site
        self.changing = np.zeros(len(site.city.building_id), bool) if changing is None else changing
        self.applied = apply(site, NULL_VARIANT)
        self.occluders = self.applied.occluders(~self.changing if self.changing.any() else None)
        self.rays = Raycaster(self.occluders.vertices, self.occluders.triangles, centre=_centre(site))
        self._kept: OrderedDict[bytes, Bits] = OrderedDict()
        self._lock = Lock()

    def serves(self, applied: Applied) -> bool:
        """Whether all that this site with a variant has not is among what changes."""
        return applied.site is self.site and not (~applied.kept & ~self.changing).any()

    @cached_property
    def footprints(self) -> list[Any]:
        """Ground covered by the buildings that stand in all variants."""
        changing = self.changing
        return [shape for row, shape in enumerate(self.site.footprints) if shape is not None and not changing[row]]

    def open_to(self, sensors: FloatArray, normals: FloatArray | None, directions: FloatArray, progress: Progress = no_progress) -> Bits:
        """See `visibility.open_to`; remembered as long as there is room."""
        mark = hashlib.blake2b(digest_size=16)
        for part in (sensors, normals, directions):
            mark.update(b"-" if part is None else np.ascontiguousarray(part).view(np.uint8).data)
        key = mark.digest()
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        found = visibility.open_to(sensors, normals, directions, self.rays, progress=progress)
        found.flags.writeable = False
        with self._lock:
            self._kept[key] = found
            while sum(one.nbytes for one in self._kept.values()) > KEPT:
                self._kept.popitem(last=False)
        return found


_last: list[Context] = []
LARGEST = 5_000_000  # triangles of a context that is kept for the next analysis: some 500 MB


def context_of(site: Site, changing: npt.NDArray[np.bool_]) -> Context:
    """A context in which the buildings of these rows (B,) may be missing: that of the last analysis where it serves, so that what was
    traced then is not traced again."""
    if _last and _last[0].site is site and not (changing & ~_last[0].changing).any():
        return _last[0]
    _last.clear()
    made = Context(site, changing)
    if len(made.occluders.triangles) <= LARGEST:
        _last.append(made)
    return made


def forget() -> None:
    """Let go of the context that is kept."""
    _last.clear()


class Shared(Exception):
    """The pieces of a share are done and kept: there is no result of the whole here."""


@dataclass(frozen=True, eq=False)
class Obstacles:
    """A site with a variant: the context, and the triangles in which it differs. rays numbers the triangles as `occluders` does.

    keep : folder for what is finished of a long analysis, so that a run that was stopped goes on; None: nothing is kept. spread : asks
    others to do the pieces of a long analysis that are missing there, given their number and a progress; None: there are no others.
    kept : series that later runs need again; None: all is computed. share : (k, n) for one of these others: every n-th piece is theirs,
    from the k-th; `Shared` is raised when they are kept."""

    applied: Applied
    context: Context
    changes: Occluders
    rays: Layers
    keep: Path | None = None
    spread: Callable[[int, Progress], None] | None = None
    share: tuple[int, int] | None = None
    kept: Kept | None = None

    @classmethod
    def of(cls, applied: Applied, context: Context | None = None) -> Obstacles:
        """The obstacles of a site with a variant applied. context : one that serves it; else it is built, which takes seconds."""
        if context is None or not context.serves(applied):
            context = Context(applied.site, ~applied.kept)
        changes = applied.changing(context.changing)
        new = Raycaster(changes.vertices, changes.triangles, centre=context.rays.centre)
        return cls(applied, context, changes, Layers(context.rays, len(context.occluders.triangles), new))

    @cached_property
    def occluders(self) -> Occluders:
        """All triangles: those of the context, and after them the changes."""
        return self.context.occluders.and_(self.changes)

    @cached_property
    def crowns(self) -> tuple[Raycaster, Raycaster]:
        """The crowns of the trees that stand: of those that shed their leaves, and of those that keep them."""
        vertices, triangles, green = foliage(self.applied)
        centre = self.context.rays.centre
        return Raycaster(vertices, triangles[~green], centre=centre), Raycaster(vertices, triangles[green], centre=centre)

    @cached_property
    def with_crowns(self) -> tuple[Layers, Layers]:
        """What stands here and the crowns of trees that keep their leaves; and with those of all trees."""
        shedding, evergreen = self.crowns
        houses = len(self.occluders.triangles)
        green = Layers(self.rays, houses, evergreen)
        return green, Layers(green, houses, shedding)

    def open_to(self, sensors: FloatArray, normals: FloatArray | None, directions: FloatArray, progress: Progress = no_progress) -> Bits:
        """Which directions nothing blocks, see `visibility.open_to`: what is open in the context is traced against the changes."""
        before = self.context.open_to(sensors, normals, directions, stretch(progress, 0, 0.8))
        if self.rays.second.box is None:
            progress(1.0, "sun and shadow")
            return before
        second = self.rays.second
        return visibility.open_to(sensors, normals, directions, second, among=before, progress=stretch(progress, 0.8, 1))


def _centre(site: Site) -> FloatArray | None:
    """The middle of the near terrain, where there is ground far beyond it: that may reach out much farther to one side than to the
    other."""
    if site.terrain is None or site.terrain.beyond is None:
        return None
    west, south, east, north = site.terrain.bounds
    return np.array([(west + east) / 2, (south + north) / 2, float(np.nanmean(site.terrain.heights, dtype=np.float64))])
