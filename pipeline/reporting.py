"""What a run tells: the content of report.json."""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from ..jena_city import profiles, store
from ..jena_city.about import ROOT, library_versions, version
from ..jena_city.files import hash_file
from ..jena_city.problems import InputProblem, Problem
from . import comparisons, decks, drawing, films, pictures, scenes
from .work import Work

REPORT_SCHEMA = 1


def report(work: Work) -> dict[str, Any]:
    """Everything needed to understand and repeat this run; the content of report.json."""
    read = work.read.report
    problems: list[Problem] = [*read.problems, *work.problems, *(problem for one in work.applied.values() for problem in one.problems)]
    products = _true_products(work)
    lock = ROOT / "locks" / f"cp3{platform.python_version_tuple()[1]}.txt"
    return {
        "schema": REPORT_SCHEMA,
        "program": {"version": version(), "python": platform.python_version(), "libraries": library_versions()},
        "lock": hash_file(lock) if lock.is_file() else "",
        "project": str(work.project.path),
        "report": str(work.out / "report.json"),
        "settings": work.project.whole.model_dump(mode="json", by_alias=True),
        "profile": {"name": work.project.file.place.profile, "supplied": profiles.supplied(work.project.file)},
        "inputs": work.read.inputs,
        "site": {"hash": work.site_hash, "origin": asdict(work.site.origin), "grid_convergence": work.site.origin.grid_convergence},
        "read": {**read.as_dict(), "problems": len(read.problems)},
        "variants": {
            name: {"name": one.name, "blocks": len(one.blocks), "removed": len(one.removed), "hash": store.variant_hash(one)}
            for name, one in work.variants.items()
        },
        "findings": {
            name: work.made[f"findings {name}"]["found"]
            for name, key in comparisons.findings_keys(work).items()
            if work.is_made(f"findings {name}", key)
        },
        "problems": [asdict(problem) for problem in problems],
        "left": _left(work, products),
        "made": [
            {"name": name, "path": str(work.out / path), **{key: entry[key] for key in entry if key not in ("key", "files", "own", "hash")}}
            for name, entry in products.items()
            for path in entry["files"]
        ],
    }


def _true_products(work: Work) -> dict[str, dict[str, Any]]:
    """What stands in the output folder and is as the project asks for it now; pictures of their own too, as long as they exist."""
    keys = {job.name: job.key for job in work.jobs} | {"scene": scenes.hash_of(work)}
    for picture in work.project.file.pictures:
        with suppress(InputProblem):  # its result may not be there yet
            keys[f"picture {picture.name}"] = pictures.hash_of(work, picture)
    for film in work.project.file.films:
        with suppress(InputProblem):
            keys[f"film {film.name}"] = films.hash_of(work, film)
    for entry in work.project.file.decks:
        with suppress(InputProblem):
            keys[f"slides {entry.name}"] = decks.hash_of(work, entry)
    keys |= {f"sheet {sheet.name}": drawing.hash_of(work, sheet) for sheet in work.project.file.sheets}
    own = {name: entry["key"] for name, entry in work.made.items() if entry.get("own")}
    return {name: work.made[name] for name, key in (own | keys).items() if work.is_made(name, key)}


def _left(work: Work, products: dict[str, dict[str, Any]]) -> list[str]:
    """Files of earlier runs that the project no longer asks for, or that are no longer true. products : those that are."""
    true = {path for entry in products.values() for path in entry["files"]}
    made = sorted({path for entry in work.made.values() for path in entry["files"]} - true)
    return [str(work.out / path) for path in made if (work.out / path).is_file()]
