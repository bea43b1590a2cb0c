"""How long a frame of the citizens' page takes, beside three.js alone with the same scene, in a browser that draws by processor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .. import publishing
from ..jena_city import sample
from ..jena_city.files import written_beside
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..pipeline import opening

VIEWER = Path(__file__).parents[1] / "participation" / "viewer"
WIDTH, HEIGHT = 960, 540
LONGEST = 600  # seconds that a browser may take


def run(*, folder: Path | None = None, runs: int = 9, progress: Progress = no_progress) -> dict[str, Any]:
    """Draw the model of a published folder (missing: of the sample, published for it with small pictures) in turn as the page does while it
    moves and at rest, and with renderers of three.js that do nothing else. The browser draws by processor, as without a graphics card.

    Returns rows (way, milliseconds of a frame: best and median of the runs, ratio of the medians to three.js alone), and of what is drawn:
    triangles, calls, buildings, and the pixels of a frame. Raises InputProblem where there is no checkout with node, or no browser.
    """
    esbuild = VIEWER / "node_modules" / ".bin" / "esbuild"
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    if not esbuild.exists() or not chromium:
        raise InputProblem(
            "bench page", "it needs a checkout whose page has been built, and chromium", "make setup, apt-get install chromium"
        )
    with tempfile.TemporaryDirectory(prefix="jena-planner-bench-") as place:
        shown = folder or _sample(Path(place), lambda share, what: progress(0.7 * share, what))
        if not (shown / publishing.folder.MARK).is_file():
            raise InputProblem(shown, "this is no published folder", "Name one that `jena-planner publish` has written")
        progress(0.7, "drawing")
        measured = _measured(shown, esbuild, chromium, runs)
    times = {name: np.array(found) for name, found in measured.pop("found").items()}
    alone = float(np.median(next(found for name, found in times.items() if name.startswith("three alone"))))
    rows = [
        {
            "way": name,
            "best ms": round(float(found.min()), 1),
            "median ms": round(float(np.median(found)), 1),
            "to three alone": round(float(np.median(found)) / alone, 2),
        }
        for name, found in times.items()
    ]
    progress(1.0, "done")
    return {"rows": rows, "size": [WIDTH, HEIGHT], **measured}


def _sample(place: Path, progress: Progress) -> Path:
    """The sample, published with small pictures: what is drawn is whole."""
    path = sample.write(place / "project")
    text = path.read_text(encoding="utf-8").replace("width = 1280\nheight = 720\nsamples = 12", "width = 64\nheight = 36\nsamples = 1")
    path.write_text(text.replace("radius = 300.0", "radius = 300.0\nanalyses = []"), encoding="utf-8")
    publishing.publish(opening.load(path), place / "page", progress=progress)
    return place / "page"


def _measured(folder: Path, esbuild: Path, chromium: str, runs: int) -> dict[str, Any]:
    cache = VIEWER / "node_modules" / ".cache"
    cache.mkdir(exist_ok=True)
    with written_beside(cache / "frames.mjs") as bundle:  # beside the packages it imports
        bundling = [esbuild, VIEWER / "test" / "frames.ts", "--bundle", "--platform=node", "--format=esm", "--external:playwright-core"]
        subprocess.run([*bundling, "--log-level=error", f"--outfile={bundle}"], check=True, timeout=LONGEST)
    asked = ["node", str(cache / "frames.mjs"), str(folder.resolve()), str(WIDTH), str(HEIGHT), str(runs)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=LONGEST, env={**os.environ, "CHROMIUM": chromium})
    if done.returncode:
        raise InputProblem(
            folder, f"the browser did not draw it: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ''}", ""
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
