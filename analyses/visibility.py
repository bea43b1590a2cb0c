"""Which directions are open at which sensors, as bits: bit k of byte j of a sensor, lowest first, stands for direction 8 j + k."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, as_completed

import numpy as np
import numpy.typing as npt

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress, stretch
from . import rays as rays_module
from .rays import Float32, Layers, Raycaster, Rays

OFFSET = 0.02  # metres between a surface and its sensor, so that it is not shaded by itself
GRAZING = 1e-3  # cosine below which a direction only grazes a surface
_RAYS = 1_000_000  # that a thread traces at a time: long enough to be worth it, short enough to stop soon
_LEAST, _MOST = 1024, 16384  # sensors at a time
_NEAR = 0.05  # metres around a box within which rays are traced and not judged by the box
Bits = npt.NDArray[np.uint8]
"""(ceil(s / 8), n): the bytes of all sensors for eight directions lie together."""
_ONES = np.array([bin(value).count("1") for value in range(256)], np.uint8)


def open_to(
    sensors: FloatArray,
    normals: FloatArray | None,
    directions: FloatArray,
    caster: Rays,
    *,
    among: Bits | None = None,
    progress: Progress = no_progress,
) -> Bits:
    """Which directions nothing blocks.

    sensors : (n, 3) float64, metres; neighbours should follow each other (see `rays.morton_order`). normals : (n, 3), unit; None for
    sensors that see all around. Surfaces see nothing behind them. directions : (s, 3), unit. among : only these are asked, the others
    stay closed; what cannot meet the box around all triangles is not traced then.
    """
    if isinstance(caster, Layers):
        first = open_to(sensors, normals, directions, caster.first, among=among, progress=stretch(progress, 0, 0.8))
        return open_to(sensors, normals, directions, caster.second, among=first, progress=stretch(progress, 0.8, 1))
    count = len(directions)
    answer = np.zeros((-(-count // 8), len(sensors)), np.uint8)
    size = int(np.clip(_RAYS // max(count, 1), _LEAST, _MOST))
    box = _Box(caster) if among is not None else None

    def work(begin: int) -> None:
        part = slice(begin, begin + size)
        facing = None if normals is None else normals[part]
        start = caster.near(sensors[part] if facing is None else sensors[part] + OFFSET * facing)
        for byte in range(len(answer)):
            lit = np.zeros((8, len(start)), bool)
            for bit, direction in enumerate(directions[8 * byte : 8 * byte + 8]):
                asked = np.ones(len(start), bool) if facing is None else _dot(facing, direction) > GRAZING
                if among is not None:
                    asked &= (among[byte, part] >> bit & 1).astype(bool)
                lit[bit] = asked
                if box is not None:
                    asked &= box.met(start, direction)
                traced = np.flatnonzero(asked)
                if len(traced):
                    lit[bit, traced] = ~caster.blocked_here(start if len(traced) == len(start) else start[traced], direction)
            answer[byte, part] = np.packbits(lit, axis=0, bitorder="little")[0]

    begins = range(0, len(sensors), size)
    for done, _ in enumerate(_each(work, begins, caster.threaded), 1):
        progress(done / len(begins), "sun and shadow")
    return answer


def _each(work: rays_module.Work, begins: range, threaded: bool) -> Iterator[None]:
    """Do the work for each begin, on the threads where that is worth it; one step of the iterator for each that is done."""
    if not threaded or len(begins) < 2:
        for begin in begins:
            work(begin)
            yield
        return
    waiting: list[Future[None]] = [rays_module.pool().submit(work, begin) for begin in begins]
    try:
        for done in as_completed(waiting):
            done.result()
            yield
    finally:
        for one in waiting:
            one.cancel()


def _dot(normals: FloatArray, direction: FloatArray) -> FloatArray:
    """Each normal with the direction, number by number: a matrix product may round differently with the number of rows."""
    return np.asarray(normals[:, 0] * direction[0] + normals[:, 1] * direction[1] + normals[:, 2] * direction[2])


def cosines(normals: FloatArray, directions: FloatArray) -> FloatArray:
    """(n, s) each normal with each direction; the same for any number of either, as in `_dot`."""
    found = normals[:, :1] * directions[:, 0]
    for axis in (1, 2):
        found += normals[:, axis : axis + 1] * directions[:, axis]
    return np.asarray(found)


class _Box:
    """The box around a few triangles, to let rays pass that cannot meet it."""

    def __init__(self, caster: Raycaster) -> None:
        self._corners: tuple[Float32, Float32] | None = None
        if caster.box is not None:
            low, high = caster.box
            self._corners = caster.near(low[None] - _NEAR)[0], caster.near(high[None] + _NEAR)[0]

    def met(self, start: Float32, direction: FloatArray) -> npt.NDArray[np.bool_]:
        """(n,) whether rays in this direction may meet the box."""
        if self._corners is None:
            return np.zeros(len(start), bool)
        enter, leave = np.zeros(len(start), np.float32), np.full(len(start), np.inf, np.float32)
        inside = np.ones(len(start), bool)
        for axis, (low, high) in enumerate(zip(*self._corners, strict=True)):
            slope = np.float32(direction[axis])
            if abs(slope) < 1e-6:
                inside &= (start[:, axis] >= low - _NEAR) & (start[:, axis] <= high + _NEAR)
                continue
            one, other = (low - start[:, axis]) / slope, (high - start[:, axis]) / slope
            np.maximum(enter, np.minimum(one, other), out=enter)
            np.minimum(leave, np.maximum(one, other), out=leave)
        return np.asarray(inside & (enter <= leave))


def counted(bits: Bits) -> npt.NDArray[np.int32]:
    """(n,) how many directions are open at each sensor."""
    found = np.zeros(bits.shape[1], np.int32)
    for row in bits:
        found += _ONES[row]
    return found


def weighted(bits: Bits, weights: FloatArray) -> FloatArray:
    """(n, q) the weights (q, s) of the directions that are open at each sensor, together."""
    found = np.zeros((bits.shape[1], len(weights)))
    for number in range(weights.shape[1]):
        is_open = (bits[number // 8] >> number % 8 & 1).astype(bool)
        found[is_open] += weights[:, number]
    return found


def ends(bits: Bits, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(n,), (n,) the first and the last open direction of each sensor of `count` in all; -1 where there is none."""
    first, last = np.full(bits.shape[1], -1), np.full(bits.shape[1], -1)
    for number in range(count):
        is_open = (bits[number // 8] >> number % 8 & 1).astype(bool)
        last[is_open] = number
        first[is_open & (first < 0)] = number
    return first, last
