"""What of each piece of road or track arrives at each receiver, pair by pair; and anew only for pairs that a changed house can touch."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from ..kept import mark_of
from . import air, corridor
from .compiled import SOURCES, compiled, unowned
from .ground import COUNT
from .profiles import Workspace, workspace
from .propagation import NEAREST, Settings, direct, reflected
from .reflections import images
from .rls19_paths import rls19_share
from .schall03_paths import schall03_shares
from .surroundings import Scene, Surroundings

Method = Literal["CNOSSOS", "RLS-19", "Schall 03"]
_BANDS: dict[Method, int] = {"CNOSSOS": 2 * COUNT, "RLS-19": 1, "Schall 03": COUNT}
_RLS19, _CNOSSOS, _SCHALL03 = range(3)
_KERNELS: dict[Method, int] = {"RLS-19": _RLS19, "CNOSSOS": _CNOSSOS, "Schall 03": _SCHALL03}
Shares = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]
"""What some receivers hear; see `matrix.Matrix`."""
PIECE = 0.5  # a piece of road is at most half as long as it is far away (RLS-19, 3.2)
ROAD = 0.0  # G_s of a road, whatever lies beside it. Source: Directive (EU) 2015/996, annex, 2.5.6, ground effect
SHORTEST = 1.0  # metres below which no piece is halved again


@compiled
def _piece(
    scene: Scene,
    work: Workspace,
    method: int,
    source: FloatArray,
    receiver: FloatArray,
    axis: FloatArray,
    factor: float,
    absorption: FloatArray,
    over_edges: bool,
    round_edges: bool,
    detour: float,
    distance: float,
    count: int,
    weight: float,
    shares: npt.NDArray[np.float32],
) -> None:
    """Add what a point in the middle of a piece gives, `weight` metres of road."""
    if method == _CNOSSOS:
        energy = work.energy
        energy[:] = 0.0
        direct(scene, work, source, receiver, factor, ROAD, absorption, over_edges, round_edges, detour, energy)
        reflected(scene, work, source, receiver, factor, ROAD, absorption, over_edges, count, distance, energy)
        for condition in range(2):
            for band in range(COUNT):
                shares[condition * COUNT + band] += weight * energy[condition, band]
    elif method == _SCHALL03:
        schall03_shares(scene, work, source, receiver, axis, count, distance, weight, shares)
    else:
        shares[0] += weight * rls19_share(scene, work, source, receiver, count, distance)


@compiled
def _rows(
    shared: Scene,
    room: Workspace,
    method: int,
    faces: IntArray,
    segments: FloatArray,
    factors: FloatArray,
    receivers: FloatArray,
    own: FloatArray,
    absorption: FloatArray,
    over_edges: bool,
    round_edges: bool,
    order: int,
    distance: float,
    reach: float,
    detour: float,
    wanted: npt.NDArray[np.bool_],
    shares: npt.NDArray[np.float32],
    aside: npt.NDArray[np.uint8],
) -> None:
    """Add to the shares of the pairs wanted."""
    scene, work = unowned(shared), unowned(room)
    source, stack = np.empty(3), np.empty((64, 2))
    for r in range(len(receivers)):
        receiver = receivers[r]
        count = images(scene, work, faces, receiver[0], receiver[1], order, reach, own[r])
        for s in range(len(segments)):
            if not wanted[r, s]:
                continue
            work.aside[0] = 0.0
            a, b = segments[s, :3], segments[s, 3:]
            whole = np.sqrt((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2 + (b[2] - a[2]) ** 2)
            along = (b - a) / max(whole, 1e-9)
            stack[0, 0], stack[0, 1] = 0.0, 1.0
            waiting = 1
            while waiting > 0:
                waiting -= 1
                start, end = stack[waiting, 0], stack[waiting, 1]
                middle, size = (start + end) / 2.0, (end - start) * whole
                for axis in range(3):
                    source[axis] = a[axis] + middle * (b[axis] - a[axis])
                apart = np.hypot(source[0] - receiver[0], source[1] - receiver[1])
                away = np.hypot(apart, source[2] - receiver[2])
                if apart - size / 2.0 > distance:
                    continue
                if size > PIECE * away and size > SHORTEST and waiting < 62:
                    stack[waiting, 0], stack[waiting, 1] = start, middle
                    stack[waiting + 1, 0], stack[waiting + 1, 1] = middle, end
                    waiting += 2
                elif apart <= distance:
                    source[0] += NEAREST if apart < 1e-9 else 0.0
                    _piece(
                        scene, work, method, source, receiver, along, factors[s], absorption, over_edges, round_edges, detour, distance,
                        count, size, shares[r, s],
                    )  # fmt: skip
            aside[r, s] = int(min(np.ceil(work.aside[0]), 255.0))


@compiled
def _full(
    shared: Scene,
    room: Workspace,
    faces: IntArray,
    receivers: FloatArray,
    own: FloatArray,
    order: int,
    reach: float,
    full: npt.NDArray[np.bool_],
) -> None:
    scene, work = unowned(shared), unowned(room)
    for r in range(len(receivers)):
        full[r] = images(scene, work, faces, receivers[r, 0], receivers[r, 1], order, reach, own[r]) == len(work.images)


class Listener:
    """A town and its roads as the kernels want them; may be asked by several threads at once."""

    def __init__(self, around: Surroundings, method: Method, segments: FloatArray, settings: Settings) -> None:
        scene = around.scene
        self.around, self.method, self.settings = around, _KERNELS[method], settings
        self.segments = np.ascontiguousarray(np.hstack([around.local(segments[:, :3]), around.local(segments[:, 3:])]))
        self.factors = around.factor((segments[:, :2] + segments[:, 3:5]) / 2)
        self.faces = scene.faces
        self.absorption = air.absorption(settings.temperature)
        self.bands = _BANDS[method]
        self._rooms = threading.local()

    def mark(self, receivers: FloatArray, own: FloatArray) -> str:
        """Of all that what receivers hear depends on, for `kept.Kept`; see `add`."""
        asked = replace(self.settings, temperature=0.0)
        air_taken = self.absorption if self.method == _CNOSSOS else 0.0
        return mark_of(SOURCES, self.method, asked, air_taken, *self.around.scene, self.segments, self.factors, receivers, own)

    @property
    def room(self) -> Workspace:
        """The workspace of the thread that asks."""
        if not hasattr(self._rooms, "mine"):
            self._rooms.mine = workspace(self.around.scene)
        return self._rooms.mine

    def empty(self, receivers: int) -> Shares:
        """Room for what some receivers hear."""
        size = (receivers, len(self.segments))
        return np.zeros((*size, self.bands), np.float32), np.zeros(size, np.uint8)

    def add(self, receivers: FloatArray, own: FloatArray, wanted: corridor.Mask, shares: Shares) -> None:
        """Add what receivers (r, 3), in the kernels' coordinates, hear of the roads wanted (r, s)."""
        asked = self.settings
        _rows(
            self.around.scene, self.room, self.method, self.faces, self.segments, self.factors, receivers, own, self.absorption,
            asked.over_edges, asked.round_edges, asked.order, asked.distance, asked.reflection_reach, asked.detour, wanted, *shares,
        )  # fmt: skip

    def hear(self, receivers: FloatArray, own: FloatArray) -> Shares:
        """All of it."""
        shares = self.empty(len(receivers))
        self.add(receivers, own, np.ones(shares[1].shape, bool), shares)
        return shares

    def full(self, receivers: FloatArray, own: FloatArray) -> npt.NDArray[np.bool_]:
        """Which of some receivers (r, 3), in the kernels' coordinates, have so many images that some are left out."""
        found = np.zeros(len(receivers), bool)
        asked = self.settings
        _full(self.around.scene, self.room, self.faces, receivers, own, asked.order, asked.reflection_reach, found)
        return found


class Change:
    """From what is heard of a town to what is heard of the same with other houses, walls or roads."""

    def __init__(self, before: Listener, after: Listener) -> None:
        self.before, self.after = before, after
        self.possible = corridor.comparable(before.around, after.around)
        known = {one.tobytes(): k for k, one in enumerate(np.column_stack([before.segments, before.factors]))}
        rows = np.column_stack([after.segments, after.factors])
        self.column = np.array([known.get(one.tobytes(), -1) for one in rows], np.int64)
        self.owners = corridor.changed(before.around, after.around)
        shapes = [*corridor.outlines(before.around, self.owners[0]), *corridor.outlines(after.around, self.owners[1])]
        self.starts = np.cumsum([0, *(len(shape) for shape in shapes)])
        self.corners = np.ascontiguousarray(np.vstack(shapes)) if shapes else np.zeros((0, 2))

    def hear(self, receivers: FloatArray, own: FloatArray, old: Shares) -> Shares:
        """What is heard afterwards: what was heard before, and anew what the change touches. Arguments as for `Listener.add`."""
        if not self.possible:
            return self.after.hear(receivers, own)
        shares = self.after.empty(len(receivers))
        same = self.column >= 0
        shares[0][:, same], shares[1][:, same] = old[0][:, self.column[same]], old[1][:, self.column[same]]
        touched = np.zeros(shares[1].shape, bool)
        touched[:, ~same] = True
        settings = self.after.settings
        if len(self.corners):
            for listener, owners in zip((self.before, self.after), self.owners, strict=True):
                corridor.mark(
                    listener.around.scene, listener.room, listener.faces, owners, listener is self.before, self.starts, self.corners,
                    self.after.segments, receivers, own, settings.order, settings.reflection_reach, shares[1], touched,
                )  # fmt: skip
        shares[0][touched] = 0.0
        self.after.add(receivers, own, touched, shares)
        return shares
