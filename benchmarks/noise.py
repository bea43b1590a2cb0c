"""How long a receiver takes in a quarter of houses and streets, beside the direct path alone in NumPy and among more of them, and what
other traffic costs."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..analyses.kept import Kept
from ..analyses.noise import air
from ..analyses.noise.ground import FREQUENCIES, SPEED_OF_SOUND
from ..analyses.noise.matrix import Matrix, levels_of, matrix, rows
from ..analyses.noise.pairs import PIECE, SHORTEST, Method
from ..analyses.noise.propagation import Settings
from ..analyses.noise.surroundings import Obstacle, Surroundings, surroundings
from ..analyses.noise.town import LONGEST
from ..jena_city.arrays import FloatArray
from ..jena_city.problems import Progress, no_progress

STREETS = 20
SPACING = 70.0  # metres between streets
REACH = 800.0  # metres
REFERENCE = 200  # receivers that the NumPy reference is timed on
FACTOR = 0.3
NUMPY = "the direct path alone in NumPy, one thread"
OTHER = "other traffic (CNOSSOS)"
LATER = "other traffic in a later run of the program (CNOSSOS)"
LESS = "one house less (CNOSSOS)"


def run(*, houses: int = 300, receivers: int = 10_000, runs: int = 3, progress: Progress = no_progress) -> dict[str, Any]:
    """A quarter of houses between streets, heard on the ground and at façades; reflections of first order, ways round edges, 800 m.

    Returns rows (what, milliseconds for each receiver: best of the runs, ratio to the reference) and ratios. Those of a receiver among a
    quarter, half and all of them are of what it takes of the processors: 1 where the whole grows as their number does.
    """
    around, segments, places = quarter(houses, receivers)
    other, _, _ = quarter(houses, receivers, without=houses // 2)
    settings = Settings(order=1, distance=REACH)
    methods: tuple[Method, ...] = ("CNOSSOS", "RLS-19")
    seconds: dict[str, list[float]] = {}
    of_processors: dict[str, list[float]] = {}
    known: dict[str, Matrix] = {}
    all_of_them, half, quarter_of_them = (f"CNOSSOS, {len(places[::step])} receivers" for step in (1, 2, 4))

    def timed(what: str, count: int, work: Callable[[], Any]) -> Any:
        start, busy = time.perf_counter(), time.process_time()
        found = work()
        seconds.setdefault(what, []).append((time.perf_counter() - start) / count)
        of_processors.setdefault(what, []).append((time.process_time() - busy) / count)
        return found

    def full(method: Method, some: FloatArray) -> Matrix:
        return matrix(around, method, segments, some, settings)

    few = places[:2]  # the kernels are compiled before the clock runs
    found = [full(method, few) for method in methods]
    matrix(other, "CNOSSOS", segments, few, settings, before=(around, segments, found[0]))
    with tempfile.TemporaryDirectory() as folder:
        kept = Kept(Path(folder), lambda _: None)
        _levels_kept(around, segments, places, settings, kept, 0)  # a run of the program before
        for number in range(runs):
            progress(number / runs, "CNOSSOS")
            known["CNOSSOS"] = timed(all_of_them, len(places), partial(full, "CNOSSOS", places))
            timed(half, len(places[::2]), partial(full, "CNOSSOS", places[::2]))
            timed(quarter_of_them, len(places[::4]), partial(full, "CNOSSOS", places[::4]))
            timed("RLS-19", len(places), partial(full, "RLS-19", places))
            timed(NUMPY, REFERENCE, partial(_direct_in_numpy, segments, places[:REFERENCE]))
            timed(OTHER, len(places), partial(known["CNOSSOS"].levels, _powers(segments, number)))
            timed(LATER, len(places), partial(_levels_kept, around, segments, places, settings, kept, number))
            before = (around, segments, known["CNOSSOS"])
            timed(LESS, len(places), partial(matrix, other, "CNOSSOS", segments, places, settings, before=before))
    best, busy = ({name: min(values) for name, values in one.items()} for one in (seconds, of_processors))
    reference, whole = best[NUMPY], best[all_of_them]
    return {
        "houses": houses,
        "streets": STREETS,
        "receivers": len(places),
        "threads": os.cpu_count(),
        "rows": [
            {"what": name, "ms for a receiver": round(1000 * value, 4), "to the reference": round(value / reference, 3)}
            for name, value in best.items()
        ],
        "ratios": {
            "CNOSSOS to the direct path in NumPy": round(whole / reference, 2),
            "full run to other traffic": round(whole / best[OTHER], 1),
            "full run to other traffic in a later run": round(whole / best[LATER], 1),
            "a receiver among half of them to one among a quarter": round(busy[half] / busy[quarter_of_them], 2),
            "a receiver among all to one among a quarter": round(busy[all_of_them] / busy[quarter_of_them], 2),
            "full run to one house less": round(whole / best[LESS], 1),
        },
    }


def _powers(segments: FloatArray, seed: int) -> FloatArray:
    return np.random.default_rng(seed).uniform(60, 80, (len(segments), 1, len(FREQUENCIES)))


def _levels_kept(around: Surroundings, segments: FloatArray, places: FloatArray, settings: Settings, kept: Kept, seed: int) -> None:
    """As maps reckon: a few receivers after others, from the disk where they are kept."""
    for _, shares in rows(around, "CNOSSOS", segments, places, settings, kept=kept):
        levels_of("CNOSSOS", shares, _powers(segments, seed))


def quarter(houses: int, receivers: int, without: int | None = None) -> tuple[Surroundings, FloatArray, FloatArray]:
    """Houses of 8 to 20 m between two families of streets that cross, their pieces (s, 6), and receivers on the ground and at façades.
    without : number of a house that is left out."""
    rng = np.random.default_rng(8)
    half = STREETS // 2
    size = half * SPACING
    lots = np.array([(i, j, k) for k in range(4) for i in range(half) for j in range(half)])[:houses]
    centres = np.column_stack([(lots[:, axis] + 0.35 + 0.3 * (lots[:, 2] >> axis & 1)) * SPACING for axis in (0, 1)])
    obstacles, walls = [], []
    for x, y in centres:
        wide, deep = rng.uniform(5, 8, 2)
        corners = np.array([(x - wide, y - deep), (x + wide, y - deep), (x + wide, y + deep), (x - wide, y + deep)])
        obstacles.append(Obstacle(corners, np.full(4, rng.uniform(8, 20)), True, np.full(8, 0.1)))
        walls.append((x - wide - 0.1, y))
    lines = np.arange(half) * SPACING
    if without is not None:
        obstacles.pop(without)
    along = np.stack([np.zeros(half), lines, np.full(half, 0.05), np.full(half, size), lines, np.full(half, 0.05)], axis=1)
    up = along[:, [1, 0, 2, 4, 3, 5]]
    cuts = np.linspace(0.0, 1.0, int(np.ceil(size / LONGEST)) + 1)[:, None, None]  # pieces as short as a town's
    streets = np.vstack([along, up])
    ends = streets[:, :3] + cuts * (streets[:, 3:] - streets[:, :3])
    segments = np.concatenate([ends[:-1], ends[1:]], axis=2).reshape(-1, 6)
    ground = rng.uniform(0, size, (2 * receivers, 2))
    free = np.abs(ground[:, None, :] - centres[None]).max(axis=2).min(axis=1) > 9
    ground = ground[free][: receivers - min(len(walls) * 4, receivers // 2)]
    façades = np.array([(x, y, height) for x, y in walls for height in (2.0, 4.8, 7.6, 10.4)])[: receivers - len(ground)]
    places = np.vstack([np.column_stack([ground, np.full(len(ground), 4.0)]), façades])
    return surroundings(obstacles, otherwise=FACTOR, origin=(size / 2, size / 2)), segments, places


def _direct_in_numpy(segments: FloatArray, places: FloatArray) -> FloatArray:
    """Divergence, air and ground of the straight way over flat ground, homogeneous and favourable, for the same pieces of road."""
    absorption = air.absorption()
    found = np.zeros((len(places), 2, len(FREQUENCIES)))
    k = 2 * np.pi * FREQUENCIES / SPEED_OF_SOUND
    f = FREQUENCIES
    for number, place in enumerate(places):
        pieces = segments.reshape(-1, 2, 3)
        while True:
            middle, size = pieces.mean(axis=1), np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1)
            away = np.linalg.norm(middle - place, axis=1)
            long = (size > PIECE * away) & (size > SHORTEST)
            if not long.any():
                break
            halves = np.stack([pieces[long, 0], middle[long], middle[long], pieces[long, 1]], axis=1).reshape(-1, 2, 3)
            pieces = np.concatenate([pieces[~long], halves])
        d, z1, z2 = np.hypot(middle[:, 0] - place[0], middle[:, 1] - place[1])[:, None], middle[:, 2:], place[2]
        mixed = FACTOR * np.minimum(d / (30 * (z1 + z2)), 1.0)  # the road itself is hard
        spread = 20 * np.log10(away)[:, None] + 11 + absorption * away[:, None]
        for condition in (0, 1):
            more = 6e-3 * d / (z1 + z2) * condition
            bent = 1e-4 * (d / (z1 + z2)) ** 2 * condition
            zs, zr = z1 + bent * z1**2 + more, z2 + bent * z2**2 + more
            g = FACTOR**1.3 if condition else mixed**1.3
            wd = 0.0185 * f**2.5 * g**2 / (f**1.5 * g**2 + 1.3e3 * f**0.75 * g + 1.16e6) * d
            cf = d * (1 + 3 * wd * np.exp(-np.sqrt(wd))) / (1 + wd)
            root = np.sqrt(2 * cf / k)
            inner = 4 * k**2 / d**2 * (zs**2 - root * zs + cf / k) * (zr**2 - root * zr + cf / k)
            loss = np.maximum(-10 * np.log10(inner), -3 * (1 - mixed))
            found[number, condition] = (size[:, None] * 10 ** (-0.1 * (spread + loss))).sum(axis=0)
    return found
