"""What of each piece of road arrives at each receiver: computed once, after which other traffic is one product."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...jena_city.arrays import FloatArray
from ...jena_city.problems import Progress, no_progress
from ..kept import Kept, mark_of
from .octaves import SILENCE
from .pairs import Change, Listener, Method, Shares
from .profiles import MOST_IMAGES
from .propagation import Settings
from .surroundings import Surroundings

Town = tuple[Surroundings, FloatArray]
"""Surroundings and the pieces of road in them (s, 6)."""
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
        return contributions_of(self.method, self.shares, power, favourable)


def _energies(method: Method, power: npt.ArrayLike, favourable: npt.ArrayLike) -> FloatArray:
    """(s, periods, bands) of powers as `Matrix.levels` takes them, in the bands of shares."""
    energy = 10.0 ** (0.1 * np.asarray(power, float))
    if method == "RLS-19":
        return np.asarray(energy[:, :, None])
    if method == "Schall 03":
        return np.asarray(energy)
    share = np.broadcast_to(np.asarray(favourable, float), energy.shape[1:2])
    return np.concatenate([energy * (1.0 - share)[:, None], energy * share[:, None]], axis=2)


def _levels(energy: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(10.0 * np.log10(energy), SILENCE))


def levels_of(method: Method, shares: FloatArray, power: npt.ArrayLike, favourable: npt.ArrayLike = 0.5) -> FloatArray:
    """See `Matrix.levels`. A few receivers are multiplied at a time, for numpy makes doubles of all that it is given before."""
    energy = _energies(method, power, favourable)
    flat, given = shares.reshape(len(shares), -1), np.ascontiguousarray(energy.transpose(0, 2, 1).reshape(-1, energy.shape[1]))
    return _levels(np.concatenate([np.zeros((0, given.shape[1])), *(flat[k : k + AT_ONCE] @ given for k in range(0, len(flat), AT_ONCE))]))


def contributions_of(method: Method, shares: FloatArray, power: npt.ArrayLike, favourable: npt.ArrayLike = 0.5) -> FloatArray:
    """See `Matrix.contributions`."""
    return _levels(np.einsum("rsb,spb->rsp", shares, _energies(method, power, favourable)))


def _parts(count: int) -> list[slice]:
    return [slice(k, min(k + AT_ONCE, count)) for k in range(0, count, AT_ONCE)]


def _in_parts(count: int, some: Callable[[slice], Any], progress: Progress) -> Iterator[tuple[slice, Any]]:
    """What `some` says of a few receivers after others, in order, by as many threads as there are."""
    parts = _parts(count)
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
    kept: Kept | None = None,
    progress: Progress = no_progress,
) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Shares for some receivers after others, in order: which, and (n, segments, bands).

    segments : (s, 6) both ends of straight pieces of road, at the height of their sources. receivers : (r, 3). own_face : (r,) metres
    within which a face does not reflect to a receiver, 0 by default. kept : where what was computed is kept for later runs, and taken from.
    """
    listener = Listener(around, method, segments, settings)
    places, own = around.local(receivers), _own(receivers, own_face)

    def computed() -> Iterator[npt.NDArray[np.float32]]:
        for _, shares in _in_parts(len(places), lambda part: listener.hear(places[part], own[part]), progress):
            yield shares[0]

    found = kept.series(listener.mark(places, own), computed, progress) if kept else computed()
    yield from zip(_parts(len(places)), found, strict=True)


def rows_of_both(
    before: Town,
    after: Town,
    method: Method,
    receivers: FloatArray,
    settings: Settings,
    *,
    own_face: FloatArray | None = None,
    kept: Kept | None = None,
    progress: Progress = no_progress,
) -> Iterator[tuple[slice, npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """As `rows`, for a town before and after a change of houses, walls or roads: which receivers, shares before, shares after. What the
    change cannot touch is computed once."""
    change = Change(*(Listener(around, method, segments, settings) for around, segments in (before, after)))
    own = _own(receivers, own_face)
    places = [around.local(receivers) for around, _ in (before, after)]

    def both(part: slice) -> tuple[Shares, Shares]:
        old = change.before.hear(places[0][part], own[part])
        return old, change.hear(places[1][part], own[part], old)

    def computed() -> Iterator[npt.NDArray[np.float32]]:
        for _, (old, new) in _in_parts(len(receivers), both, progress):
            yield old[0]
            yield new[0]

    mark = mark_of(change.before.mark(places[0], own), change.after.mark(places[1], own)) if kept else ""
    found = kept.series(mark, computed, progress) if kept else computed()
    yield from zip(_parts(len(receivers)), found, found, strict=True)


def incomplete(
    around: Surroundings, receivers: FloatArray, own_face: FloatArray, settings: Settings, kept: Kept | None, progress: Progress
) -> int:
    """At how many receivers (r, 3) there are so many reflections that some are left out: of the highest order first. own_face : (r,),
    kept : as for `rows`."""
    listener = Listener(around, "RLS-19", np.zeros((0, 6)), settings)
    places, own = around.local(receivers), _own(receivers, own_face)

    def computed() -> Iterator[npt.NDArray[np.bool_]]:
        for _, full in _in_parts(len(places), lambda part: listener.full(places[part], own[part]), progress):
            yield full

    found = kept.series(mark_of(MOST_IMAGES, listener.mark(places, own)), computed, progress) if kept else computed()
    return int(sum(full.sum() for full in found))


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
    listener = Listener(around, method, segments, settings)
    change = Change(Listener(before[0], method, before[1], settings), listener) if before else None
    places, own = around.local(receivers), _own(receivers, own_face)
    shares, aside = listener.empty(len(receivers))

    def some(part: slice) -> Shares:
        if change is None or before is None:
            return listener.hear(places[part], own[part])
        return change.hear(places[part], own[part], (before[2].shares[part], before[2].aside[part]))

    for part, found in _in_parts(len(receivers), some, progress):
        shares[part], aside[part] = found
    return Matrix(method, shares, aside)
