"""What of each piece of road arrives at each receiver: computed once, after which other traffic is one product."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray, IntArray
from ...jena_city.problems import Progress, no_progress
from . import air, corridor
from .compiled import compiled, unowned
from .ground import COUNT
from .octaves import SILENCE
from .profiles import Workspace, workspace
from .propagation import NEAREST, Settings, direct, reflected
from .reflections import images
from .rls19_paths import rls19_share
from .schall03_paths import schall03_shares
from .surroundings import HOUSE, WALL, Scene, Surroundings

Method = Literal["CNOSSOS", "RLS-19", "Schall 03"]
_BANDS: dict[Method, int] = {"CNOSSOS": 2 * COUNT, "RLS-19": 1, "Schall 03": COUNT}
_RLS19, _CNOSSOS, _SCHALL03 = range(3)
_KERNELS: dict[Method, int] = {"RLS-19": _RLS19, "CNOSSOS": _CNOSSOS, "Schall 03": _SCHALL03}
Shares = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]
"""What some receivers hear; see `Matrix`."""
Town = tuple[Surroundings, FloatArray]
"""Surroundings and the pieces of road in them (s, 6)."""
PIECE = 0.5  # a piece of road is at most half as long as it is far away (RLS-19, 3.2)
ROAD = 0.0  # G_s of a road, whatever lies beside it. Source: Directive (EU) 2015/996, annex, 2.5.6, ground effect
SHORTEST = 1.0  # metres below which no piece is halved again
AT_ONCE = 32  # receivers that a thread takes at a time


@dataclass(frozen=True)
class Matrix:
    """Shares of the power of a metre of road or track that arrive at receivers.

    shares : (receivers, segments, bands) float32: for CNOSSOS the eight octaves homogeneous, then favourable; for Schall 03 the eight
    octaves; for RLS-19 one band.
    aside : (receivers, segments) whole metres that ways round upright edges went off the straight line; see `corridor`.
    """

    method: Method
    shares: npt.NDArray[np.float32]
    aside: npt.NDArray[np.uint8]

    def levels(self, power: npt.ArrayLike, favourable: npt.ArrayLike = 0.5) -> FloatArray:
        """Levels at the receivers (r, periods), dB(A).

        power : L'_W of a metre; (segments, periods) dB(A) for RLS-19, (segments, periods, 8) dB A-weighted for CNOSSOS and Schall 03.
        favourable : (periods,) share of time with favourable conditions, CNOSSOS only.
        """
        return levels_of(self.method, self.shares, power, favourable)

    def contributions(self, power: npt.ArrayLike, favourable: npt.ArrayLike = 0.5) -> FloatArray:
        """What each piece of road alone gives: (receivers, segments, periods) dB(A); arguments as for `levels`."""
        power = np.asarray(power, float)
        parts = [levels_of(self.method, self.shares[:, [k]], power[[k]], favourable) for k in range(len(power))]
        return np.stack(parts, axis=1)


def levels_of(method: Method, shares: FloatArray, power: npt.ArrayLike, favourable: npt.ArrayLike = 0.5) -> FloatArray:
    """See `Matrix.levels`."""
    energy = 10.0 ** (0.1 * np.asarray(power, float))
    if method == "RLS-19":
        found = shares[:, :, 0] @ energy
    elif method == "Schall 03":
        found = _product(shares, energy)
    else:
        share = np.broadcast_to(np.asarray(favourable, float), energy.shape[1:2])
        both = np.concatenate([energy * (1.0 - share)[:, None], energy * share[:, None]], axis=2)  # (s, periods, 16)
        found = _product(shares, both)
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(10.0 * np.log10(found), SILENCE))


def _product(shares: FloatArray, energy: FloatArray) -> FloatArray:
    """(receivers, periods) of shares (r, s, bands) and energies (s, periods, bands); a few receivers at a time, for numpy makes doubles of
    all that it is given before it multiplies."""
    flat, given = shares.reshape(len(shares), -1), np.ascontiguousarray(energy.transpose(0, 2, 1).reshape(-1, energy.shape[1]))
    return np.concatenate([np.zeros((0, given.shape[1])), *(flat[k : k + AT_ONCE] @ given for k in range(0, len(flat), AT_ONCE))])


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


class _Listener:
    """A town and its roads as the kernels want them; may be asked by several threads at once."""

    def __init__(self, around: Surroundings, method: Method, segments: FloatArray, settings: Settings) -> None:
        scene = around.scene
        self.around, self.method, self.settings = around, _KERNELS[method], settings
        self.segments = np.ascontiguousarray(np.hstack([around.local(segments[:, :3]), around.local(segments[:, 3:])]))
        self.factors = around.factor((segments[:, :2] + segments[:, 3:5]) / 2)
        self.faces = np.flatnonzero((scene.kind == HOUSE) | (scene.kind == WALL))
        self.absorption = air.absorption(settings.temperature)
        self.bands = _BANDS[method]
        self._rooms = threading.local()

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


class _Change:
    """From what is heard of a town to what is heard of the same with other houses, walls or roads."""

    def __init__(self, before: _Listener, after: _Listener) -> None:
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
        """What is heard afterwards: what was heard before, and anew what the change touches. Arguments as for `_Listener.add`."""
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


def _in_parts(count: int, some: Callable[[slice], Any], progress: Progress) -> Iterator[tuple[slice, Any]]:
    """What `some` says of a few receivers after others, in order, by as many threads as there are."""
    parts = [slice(k, min(k + AT_ONCE, count)) for k in range(0, count, AT_ONCE)]
    threads = max(os.cpu_count() or 1, 1)
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(some, part) for part in parts[: 2 * threads]]
        try:
            for number, part in enumerate(parts):
                found = running.pop(0).result()
                if number + 2 * threads < len(parts):
                    running.append(pool.submit(some, parts[number + 2 * threads]))
                yield part, found
                progress((number + 1) / len(parts), "spread of sound")
        finally:
            for one in running:
                one.cancel()


def _own(receivers: FloatArray, own_face: FloatArray | None) -> FloatArray:
    return np.zeros(len(receivers)) if own_face is None else np.ascontiguousarray(own_face, float)


def rows(
    around: Surroundings,
    method: Method,
    segments: FloatArray,
    receivers: FloatArray,
    settings: Settings,
    *,
    own_face: FloatArray | None = None,
    progress: Progress = no_progress,
) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Shares for some receivers after others, in order: which, and (n, segments, bands).

    segments : (s, 6) both ends of straight pieces of road, at the height of their sources. receivers : (r, 3). own_face : (r,) metres
    within which a face does not reflect to a receiver, 0 by default.
    """
    listener = _Listener(around, method, segments, settings)
    places, own = around.local(receivers), _own(receivers, own_face)
    for part, shares in _in_parts(len(places), lambda part: listener.hear(places[part], own[part]), progress):
        yield part, shares[0]


def rows_of_both(
    before: Town,
    after: Town,
    method: Method,
    receivers: FloatArray,
    settings: Settings,
    *,
    own_face: FloatArray | None = None,
    progress: Progress = no_progress,
) -> Iterator[tuple[slice, npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """As `rows`, for a town before and after a change of houses, walls or roads: which receivers, shares before, shares after. What the
    change cannot touch is computed once."""
    change = _Change(*(_Listener(around, method, segments, settings) for around, segments in (before, after)))
    own = _own(receivers, own_face)
    places = [around.local(receivers) for around, _ in (before, after)]

    def both(part: slice) -> tuple[Shares, Shares]:
        old = change.before.hear(places[0][part], own[part])
        return old, change.hear(places[1][part], own[part], old)

    for part, (old, new) in _in_parts(len(receivers), both, progress):
        yield part, old[0], new[0]


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


def incomplete(around: Surroundings, receivers: FloatArray, own_face: FloatArray, settings: Settings, progress: Progress) -> int:
    """At how many receivers (r, 3) there are so many reflections that some are left out: of the highest order first. own_face : (r,) as
    for `rows`."""
    listener = _Listener(around, "RLS-19", np.zeros((0, 6)), settings)
    places, own = around.local(receivers), _own(receivers, own_face)
    full = np.zeros(len(places), bool)

    def some(part: slice) -> None:
        _full(around.scene, listener.room, listener.faces, places[part], own[part], settings.order, settings.reflection_reach, full[part])

    for _ in _in_parts(len(places), some, progress):
        pass
    return int(full.sum())


def matrix(
    around: Surroundings,
    method: Method,
    segments: FloatArray,
    receivers: FloatArray,
    settings: Settings | None = None,
    *,
    own_face: FloatArray | None = None,
    before: tuple[Surroundings, FloatArray, Matrix] | None = None,
    progress: Progress = no_progress,
) -> Matrix:
    """The whole matrix; arguments as for `rows`. before : surroundings, segments and matrix of the same receivers under the same settings
    before a change of houses, walls or roads: what that cannot touch is taken from it."""
    settings = settings or Settings()
    listener = _Listener(around, method, segments, settings)
    change = _Change(_Listener(before[0], method, before[1], settings), listener) if before else None
    places, own = around.local(receivers), _own(receivers, own_face)
    shares, aside = listener.empty(len(receivers))

    def some(part: slice) -> Shares:
        if change is None or before is None:
            return listener.hear(places[part], own[part])
        return change.hear(places[part], own[part], (before[2].shares[part], before[2].aside[part]))

    for part, found in _in_parts(len(receivers), some, progress):
        shares[part], aside[part] = found
    return Matrix(method, shares, aside)
