"""How long the hours of sun of a day take, and how much of that is left after one block has moved."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from ..analyses import sun, visibility
from ..analyses.rays import Raycaster, morton_order
from ..jena_city.arrays import FloatArray
from ..jena_city.massing import solid
from ..jena_city.origin import Origin
from ..jena_city.problems import Progress, no_progress
from ..jena_city.variant import Block
from . import town

JENA = Origin("EPSG:25832", 681735, 5644970, "DE_DHHN2016_NH")
SUNS = 60


def run(
    *, houses: int = 2_000, many: int = 1_000_000, few: int = 100_000, runs: int = 5, progress: Progress = no_progress
) -> dict[str, Any]:
    """Hours of sun at 21 March for `many` sensors all over a made-up town, and for the `few` around a block, before and after it moves.

    Returns rows (what, best and median seconds, million sensors × suns a second) and the ratio that a move takes of the whole. What is
    remembered of the town and what is traced anew is checked to be bitwise the same.
    """
    progress(0.0, "building the town")
    vertices, triangles = town.build(houses)
    context = Raycaster(vertices, triangles)
    middle = vertices[:, :2].max(axis=0) / 2
    path = sun.sun_path(JENA, dt.date(2025, 3, 21), step_minutes=12.0)
    directions = path.directions[:SUNS]
    everywhere = town.sensors(vertices, triangles, max(many, few))
    around = everywhere[np.argsort(np.linalg.norm(everywhere[:, :2] - middle, axis=1), kind="stable")[:few]]
    everywhere, around = (one[morton_order(one)] for one in (everywhere[:many], around))
    remembered = visibility.open_to(around, None, directions, context)
    body = _block(middle, 0.0)
    whole = Raycaster(np.concatenate([vertices, body[0]]), np.concatenate([triangles, body[1] + len(vertices)]), centre=context.centre)

    def moved(by: float) -> Any:
        mesh = _block(middle, by)
        return visibility.open_to(around, None, directions, Raycaster(*mesh, centre=context.centre), among=remembered)

    if not (moved(0.0) == visibility.open_to(around, None, directions, whole)).all():
        raise AssertionError("what is remembered and what is traced anew differ")
    steps: dict[str, tuple[int, Callable[[int], Any]]] = {
        f"{many:,} sensors x {len(directions)} suns": (many, lambda _: visibility.open_to(everywhere, None, directions, context)),
        f"{few:,} sensors x {len(directions)} suns, all traced": (few, lambda _: visibility.open_to(around, None, directions, whole)),
        f"{few:,} sensors x {len(directions)} suns, one block moved": (few, lambda number: moved(1.0 + number)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(runs):
        for index, (name, (_, step)) in enumerate(steps.items()):
            progress((number + index / len(steps)) / runs, name)
            start = time.perf_counter()
            step(number)
            seconds[name].append(time.perf_counter() - start)
    rows = [
        {
            "what": name,
            "best s": round(min(taken), 3),
            "median s": round(float(np.median(taken)), 3),
            "million a second": round(steps[name][0] * len(directions) / min(taken) / 1e6, 1),
        }
        for name, taken in seconds.items()
    ]
    _, traced, after = seconds.values()
    return {
        "houses": houses,
        "triangles": len(triangles),
        "threads": os.cpu_count(),
        "rows": rows,
        "ratios": {
            "after moving one block, of all traced (best)": round(min(after) / min(traced), 3),
            "after moving one block, of all traced (median)": round(float(np.median(after) / np.median(traced)), 3),
        },
    }


def _block(middle: FloatArray, by: float) -> tuple[FloatArray, Any]:
    """A block of seven storeys in the middle of the town, moved to the east."""
    x, y = middle
    body = solid(Block("b", shapely.box(x + by, y, x + by + 30, y + 14), 7), float(town.ground_height(x, y)))
    return body.vertices, body.triangles
