"""Analyses of a project, and their results as files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..analyses.kept import Kept
from ..analyses.registry import REGISTRY
from ..jena_city import maps, store
from ..jena_city.files import slug
from ..jena_city.problems import Problem, Progress
from ..jena_city.result import Faces, Grid, Result, Section
from .work import Work


def analyse(work: Work, progress: Progress, chosen: Callable[[str, str], bool], arrived: Callable[[Path], None]) -> None:
    """Every chosen analysis for every variant it asks for; results as npz, GeoTIFF, CSV, GeoJSON and a flat map."""
    kept = Kept(work.out / "results" / ".kept", partial(_damaged, work))
    jobs = [job for job in work.jobs if chosen(slug(job.entry.name or job.settings.stem), job.variant)]
    for number, job in enumerate(jobs):
        kind = REGISTRY[job.entry.kind]
        title = f"{kind.title}: {work.variants[job.variant].name}"
        progress(number / len(jobs), title)
        if work.is_made(job.name, job.key):
            continue
        part = lambda share, what, number=number, title=title: progress((number + share) / len(jobs), f"{title}: {what}")  # noqa: E731
        progress(number / len(jobs), f"{title}: preparing")
        base = replace(work.obstacles(job.base), kept=kept) if job.base else None
        stem = slug(job.entry.name or job.settings.stem)
        pieces = work.out / "results" / ".unfinished" / job.key[:16]
        planned = replace(work.obstacles(job.variant, pieces), kept=kept)
        if work.cluster is not None:
            planned = replace(planned, spread=partial(work.cluster.reckon, work, job, pieces))
        results = kind.run(planned, job.settings, base=base, progress=part)
        files, shown = [], []
        for result in results:
            result.inputs = {"site": work.site_hash, "variant": store.variant_hash(work.variants[job.variant])}
            if job.base:
                result.inputs["base"] = store.variant_hash(work.variants[job.base])
            result.source = work.site.source
            written = _write(work, result, stem)
            files += written
            arrived(written[0])
            shown.append({"name": written[0].stem, "title": result.title, "unit": result.unit, "method": result.method, **result.summary()})
        if kind.more is not None:
            files += kind.more(planned, job.settings, work.out / "results" / f"{stem}-{slug(job.variant)}", town_before=base)
        work.remember(job.name, job.key, "result", files, variant=job.variant, analysis=job.entry.kind, results=shown)
        shutil.rmtree(pieces, ignore_errors=True)


def _damaged(work: Work, path: Path) -> None:
    work.problems.append(Problem("kept-damaged", str(path), "", "what an earlier run kept here is damaged: it is computed anew"))


def _write(work: Work, result: Result, stem: str) -> list[Path]:
    base = work.out / "results" / f"{stem}-{slug(result.name)}-{slug(result.variant)}"
    paths = {ending: base.with_name(base.name + ending) for ending in (".npz", ".csv", ".geojson", ".tif", ".png")}
    store.save_result(result, paths[".npz"])
    applied = work.applied[result.variant]
    blocks = [block.id for block in applied.variant.blocks]
    result.write_csv(paths[".csv"], work.site.city.building_id, blocks)
    result.write_geojson(paths[".geojson"], work.site.city.building_id, blocks)
    made = [paths[ending] for ending in (".npz", ".csv", ".geojson")]
    if isinstance(result.support, Grid):
        result.write_geotiff(paths[".tif"])
        made.append(paths[".tif"])
    if not isinstance(result.support, Faces) or isinstance(result.support, Section):
        maps.write(result, paths[".png"], applied)
        made.append(paths[".png"])
    return made
