"""What is asked of a project by itself: its town for other programs, its neighbours, the largest bodies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..analyses.surroundings import Surroundings, found_around, write_files
from ..jena_city import envelope, exporting, imported, neighbours, profiles
from ..jena_city.applied import apply
from ..jena_city.building_plots import BuildingPlot, building_plots, plot_at
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress, Report, no_progress
from .opening import Project
from .work import Work


def export(opened: Project, variant: str, kind: str, path: Path, *, progress: Progress = no_progress) -> Report:
    """Write the town as a variant would have it. variant : its id. kind : one of `exporting.FORMATS`.

    Returns how many buildings were written, and what could not be written as it is. Raises InputProblem, Cancelled.
    """
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.5 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    name = f"{opened.file.project.name}: {applied.variant.name}"
    report = exporting.export(applied, path, kind, name=name, progress=lambda share, what: progress(0.5 + 0.5 * share, what))
    report.problems = [*applied.problems, *report.problems]
    return report


def surroundings(
    opened: Project, variant: str, settings: Surroundings, out: Path | None, *, progress: Progress = no_progress
) -> tuple[neighbours.Neighbourhood, list[Path]]:
    """The neighbours of a variant, ranked. out : folder for list and maps, None: nothing is written; its files are named as `run` names
    them. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.7 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    progress(0.8, "neighbours")
    found = found_around(applied, settings)
    files = [] if out is None else write_files(applied, found, out / f"{slug(settings.stem)}-{slug(variant)}")
    progress(1.0, "done")
    return found, files


def envelopes(
    opened: Project,
    variant: str,
    plots: Sequence[str],
    places: Sequence[tuple[float, float]],
    *,
    storey: float = 3.0,
    small: bool = False,
    progress: Progress = no_progress,
) -> list[tuple[BuildingPlot, envelope.Envelope]]:
    """The largest bodies that the rules allow. plots : names of building plots; places : in the project's CRS, on a plot, parcel or plan
    area; without either all building plots. storey, small : see `envelope`. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.8 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    law, _ = profiles.reckoned_by(opened.file)
    known = {plot.name: plot for plot in building_plots(work.site, applied.variant, opened.file.building_plots)}
    for name in plots:
        if name not in known:
            raise InputProblem(opened.path, f"there is no building plot called {name}", f"Known: {', '.join(known) or 'none'}")
    wanted = [known[name] for name in plots]
    for place in places:
        x, y = work.site.origin.to_local(np.array(place)).tolist()
        wanted.append(plot_at(work.site, applied.variant, list(known.values()), x, y))
    if not plots and not places:
        wanted = list(known.values())
        if not wanted:
            raise InputProblem(opened.path, "the project names no building plots", "Add [[building_plots]], or name a place")
    found = [(plot, envelope.envelope(applied, plot, law.clearance, storey=storey, small=small)) for plot in wanted]
    progress(1.0, "done")
    return found
