"""How long opening a project keeps Blender's own thread, beside the thread that makes everything ready for it."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..jena_city import imported, sample
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..pipeline import opening, sourcing

LOOK = 0.005  # seconds between looks of a thread that only waits, as Blender's does
DENSE, BLOCK = "LoD2_32_364_5650_1_NW.gml", "LoD2_32_32[678]_*.gml"  # below JENA_PLANNER_DATA: one dense tile, and eleven neighbours


def run(*, runs: int = 5, progress: Progress = no_progress) -> dict[str, Any]:
    """Open the sample, and the tiles below JENA_PLANNER_DATA where that is set; runs are interleaved.

    Returns rows (site, triangles handed over, seconds to make ready in a thread: median, longest time meanwhile that another thread stood
    still: median, seconds to hand over in Blender's thread: median and longest, ratio of the medians). Raises InputProblem without bpy.
    """
    try:
        import bpy
    except ImportError as error:
        raise InputProblem("bench open", "Blender as a Python module is not installed", "pip install jena-planner[bpy]") from error
    from ..scene import document, register

    register()
    with tempfile.TemporaryDirectory(prefix="jena-planner-bench-") as folder:
        progress(0.0, "reading the sites")
        projects = _projects(Path(folder))
        times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in projects}
        triangles: dict[str, int] = {}
        for number in range(runs):
            for index, (name, opened) in enumerate(projects.items()):
                progress((number + index / len(projects)) / runs, f"opening {name}")
                imported.forget()
                found: list[Any] = []
                work = _reading(opened, found)
                ready, still = _beside(work)
                bpy.ops.wm.read_homefile(use_factory_startup=True)
                start = time.perf_counter()
                document.build(bpy.context.scene, found[0])
                times[name].append((ready, still, time.perf_counter() - start))
                triangles[name] = sum(len(mesh.polygons) for mesh in bpy.data.meshes)
    rows = []
    for name, measured in times.items():
        ready, still, handed = np.median(measured, axis=0)
        rows.append(
            {
                "site": name,
                "triangles": triangles[name],
                "ready s": round(float(ready), 3),
                "stood still s": round(float(still), 3),
                "hand over s": round(float(handed), 3),
                "longest s": round(max(one[2] for one in measured), 3),
                "ratio": round(float(ready / handed), 1),
            }
        )
    return {"rows": rows}


def _projects(folder: Path) -> dict[str, opening.Project]:
    """The projects, read once, so that their `data/` is there."""
    made = {"sample": opening.load(sample.write(folder / "sample"))}
    imported.imported(made["sample"].file, made["sample"].folder, no_progress)
    data = os.environ.get("JENA_PLANNER_DATA")
    if data:
        for name, pattern in (("dense tile", DENSE), ("block of tiles", BLOCK)):
            tiles = sorted((Path(data) / "citygml" / "nrw").glob(pattern))
            if tiles:
                made[name] = sourcing.new_project(folder / name, tiles)
    return made


def _reading(opened: opening.Project, found: list[Any]) -> Callable[[], None]:
    from ..scene import document

    def work() -> None:
        read = imported.imported(opened.file, opened.folder, no_progress)
        found.append(document.ready(opened.folder, read.site))

    return work


def _beside(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds that some work takes in a thread, and the longest that this one stood still meanwhile."""
    thread = threading.Thread(target=work)
    start = last = time.perf_counter()
    longest = 0.0
    thread.start()
    while thread.is_alive():
        time.sleep(LOOK)
        now = time.perf_counter()
        longest, last = max(longest, now - last - LOOK), now
    return time.perf_counter() - start, longest
