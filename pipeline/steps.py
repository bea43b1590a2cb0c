"""A project in; numbers and pictures out. Used by the command line and by Blender's operators.

Steps: import (sources to `data/`), analyses (to `results/`), sheets (to `sheets/`), scene (the .blend), pictures (to `pictures/`), films
(to `films/`) and slides (to `slides/`). What is done and still true (same hash of all that went in) is not done again, so a run that was
stopped goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ..jena_city import imported
from ..jena_city.files import write_text
from ..jena_city.problems import Progress, no_progress
from ..jena_city.project import DeckEntry, FilmEntry, PictureEntry, SheetEntry
from . import analysing, comparisons, drawing, reporting, scenes
from .cluster import joined
from .decks import present
from .films import film
from .opening import Project
from .pictures import render
from .work import Work

WEIGHTS = {
    "import": 1.0,
    "analyses": 3.0,
    "sheets": 0.5,
    "scene": 1.0,
    "pictures": 12.0,
    "films": 40.0,
    "slides": 8.0,
}  # about how long the steps take, for the progress


STEPS = tuple(WEIGHTS)


def run(
    opened: Project,
    *,
    only: Sequence[str] = (),
    pictures: Sequence[PictureEntry] | None = None,
    sheets: Sequence[SheetEntry] | None = None,
    films: Sequence[FilmEntry] | None = None,
    decks: Sequence[DeckEntry] | None = None,
    chosen: Callable[[str, str], bool] = lambda _stem, _variant: True,
    arrived: Callable[[Path], None] = lambda _path: None,
    out: Path | None = None,
    cluster: str = "",
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Do the project's steps (all, or those named) and write report.json; returns its content.

    pictures, sheets, films, decks : instead of the project's own. chosen : whether an analysis (stem of its files, id of the variant) is
    wanted now. arrived : called with the .npz of each result as it is written. out : folder for results, pictures, .blend and report.
    cluster : address of a scheduler whose workers draw and reckon; "": this machine alone.
    Raises InputProblem, Cancelled. Finished parts are kept and not done again while their inputs stay the same.
    """
    steps = [step for step in STEPS if not only or step in only]
    out = (out or opened.folder).resolve()
    total = sum(WEIGHTS[step] for step in steps)
    begun = 0.0

    def part(step: str) -> Progress:
        nonlocal begun
        start, begun = begun, begun + WEIGHTS[step]
        return lambda share, what: progress((start + share * WEIGHTS[step]) / total, what)

    read = imported.imported(opened.file, opened.folder, part("import") if "import" in steps else no_progress)
    slides = opened.file.decks if decks is None else decks
    with joined(cluster) if cluster else nullcontext() as workers:
        work = Work(opened, read, out, workers)
        for name in (one for entry in slides if "slides" in steps for one in entry.variants or ()):
            work.known(name)  # said now, not after hours of pictures
        try:
            if "analyses" in steps:
                analysing.analyse(work, part("analyses"), chosen, arrived)
                comparisons.find(work)
            if "sheets" in steps:
                drawing.draw(work, opened.file.sheets if sheets is None else sheets, part("sheets"))
            if "scene" in steps:
                scenes.save(work, part("scene"))
            if "pictures" in steps:
                render(work, opened.file.pictures if pictures is None else pictures, part("pictures"))
            if "films" in steps:
                film(work, opened.file.films if films is None else films, part("films"))
            if "slides" in steps:
                present(work, slides, part("slides"))
        finally:  # what was finished before a stop or a slip is told too
            report = reporting.report(work)
            write_text(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1))
    progress(1.0, "done")
    return report
