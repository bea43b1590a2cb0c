"""How fast the horizon sweep is, beside GRASS r.horizon on the same surface in the same run where GRASS is installed."""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from ..analyses import horizon
from ..analyses.rays import use_threads
from ..jena_city.origin import Origin
from ..jena_city.problems import Progress, no_progress
from ..jena_city.rasters import write_geotiff

DIRECTIONS = 36
LARGE = 3000  # cells a side of the second surface


def run(*, side: int = 300, runs: int = 5, progress: Progress = no_progress) -> dict[str, Any]:
    """Cell-azimuths a CPU-second on one thread, best and median of the runs: of a small surface that GRASS manages too, and of a large
    one."""
    small, large = _surface(side), _surface(LARGE)
    azimuths = np.arange(DIRECTIONS) * 360.0 / DIRECTIONS
    for one in (small, large):
        horizon.towards(one, one, 1.0, 30.0)  # compiled before it is timed
    use_threads(1)
    try:
        return _measured(small, large, azimuths, runs, progress)
    finally:
        use_threads(0)


def _measured(small: Any, large: Any, azimuths: Any, runs: int, progress: Progress) -> dict[str, Any]:
    side = len(small)
    rates: dict[str, list[float]] = {f"ours, {side}² cells": [], f"ours, {LARGE}² cells": []}
    grass = shutil.which("grass")
    if grass:
        rates["GRASS r.horizon"] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dsm.tif"
        write_geotiff(path, small, 681000.0, 5645000.0 + side, 1.0, Origin("EPSG:25832", 0, 0).wkt)
        for number in range(runs):
            progress(number / runs, "horizon")
            for name, surface, some in ((f"ours, {side}² cells", small, azimuths), (f"ours, {LARGE}² cells", large, azimuths[::12])):
                start = time.process_time()
                for azimuth in some.tolist():
                    horizon.towards(surface, surface, 1.0, azimuth)
                rates[name].append(surface.size * len(some) / (time.process_time() - start) / 1e6)
            if grass and number < 2:  # it takes long, and always the same
                rates["GRASS r.horizon"].append(small.size * DIRECTIONS / _grass(grass, path) / 1e6)
    rows = [
        {"sweep": name, "best M/CPU-s": round(max(found), 2), "median M/CPU-s": round(float(np.median(found)), 2)}
        for name, found in rates.items()
    ]
    ours = max(rates[f"ours, {side}² cells"])
    ratios = {"GRASS r.horizon on the same surface": round(ours / max(rates["GRASS r.horizon"]), 1)} if grass else {}
    return {"cells": small.size, "directions": DIRECTIONS, "rows": rows, "ratios": ratios}


def _grass(program: str, path: Path) -> float:
    """CPU-seconds that r.horizon takes for all directions."""
    job = path.with_name("job.sh")
    step = 360 // DIRECTIONS
    job.write_text(
        f"r.in.gdal -o --quiet --overwrite input={path} output=dsm && g.region raster=dsm\n"
        f"times > {path.parent}/before\nr.horizon --quiet --overwrite elevation=dsm step={step} output=h\ntimes > {path.parent}/after\n",
        encoding="utf-8",
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "--tmp-location", str(path), "--exec", "sh", str(job)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    inside = [_children(path.parent / name) for name in ("before", "after")]
    taken = inside[1] - inside[0]
    return taken if taken > 0 else (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _children(path: Path) -> float:
    """Seconds that the shell's children have taken, from what `times` says (the second line: user, system)."""
    total = 0.0
    for word in path.read_text(encoding="utf-8").splitlines()[1].split():
        minutes, _, seconds = word.rstrip("s").partition("m")
        total += 60 * float(minutes) + float(seconds)
    return total


def _surface(side: int) -> Any:
    """Rolling ground with houses of 10 × 12 m in streets, 1 m cells."""
    rng = np.random.default_rng(6)
    y, x = np.mgrid[0:side, 0:side].astype(np.float64)
    heights = 150 + 12 * np.sin(x / 140) * np.cos(y / 190) + 4 * np.sin(x / 37 + y / 53)
    for row in range(10, side - 12, 24):
        for column in range(10, side - 14, 20):
            part = heights[row : row + 10, column : column + 12]
            part[:] = part.mean() + rng.uniform(5, 16)
    return heights.astype(np.float32)
