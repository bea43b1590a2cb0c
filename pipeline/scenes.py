"""The .blend of a project."""

from __future__ import annotations

from pathlib import Path

from ..jena_city.files import hash_file, slug
from ..jena_city.problems import Problem, Progress
from ..scene import job as scene_job
from .work import Work


def save(work: Work, progress: Progress) -> None:
    """The .blend with the site, all variants and the results that are true."""
    key = hash_of(work)
    if work.is_made("scene", key) or _edited(work):
        return
    results = [str(result) for result in work.result_files()]
    zone = work.project.whole.place.time_zone
    scene_job.run(scene_job.Job(str(work.data), work.variant_files, zone, str(_blend(work)), results), progress)
    work.remember("scene", key, "scene", [_blend(work)], hash=hash_file(_blend(work)))


def _edited(work: Work) -> bool:
    """Whether the .blend is no longer the one that was made here: a planner has saved work in it, which is never overwritten."""
    if not _blend(work).is_file() or hash_file(_blend(work)) == work.made.get("scene", {}).get("hash"):
        return False
    sentence = "it was saved in Blender since it was made and stays as it is; open it there to see what has changed"
    work.problems.append(Problem("blend-kept", str(_blend(work)), "", sentence))
    return True


def hash_of(work: Work) -> str:
    results = [hash_file(result) for result in work.result_files()]
    return work.key_of_words(sorted(work.variants), "scene", _blend(work).name, results, work.looks_hash)


def _blend(work: Work) -> Path:
    return work.out / f"{slug(work.project.file.project.name)}.blend"
