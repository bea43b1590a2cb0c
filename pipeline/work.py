"""One run of one project: what goes in, and what has been made so far."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analyses.obstacles import Context, Obstacles, context_of
from ..analyses.settings import Settings
from ..jena_city import imported, plan_parts, project, store, variant_files
from ..jena_city.about import version
from ..jena_city.applied import Applied, apply
from ..jena_city.design import Design
from ..jena_city.files import hash_file, slug, write_text
from ..jena_city.problems import InputProblem, Problem
from ..jena_city.project import AnalysisEntry
from ..jena_city.variant import NULL_VARIANT, Variant
from ..scene import job as scene_job
from .opening import Project

if TYPE_CHECKING:
    from .cluster import Cluster


INDEX = "made.json"


@dataclass(frozen=True)
class Job:
    """One analysis for one variant. name : under which it is remembered. key : hash of all that goes in."""

    entry: AnalysisEntry
    settings: Settings
    variant: str
    base: str
    name: str
    key: str


class Work:
    """One run of one project: the site, its variants, and what has been made so far (kept in made.json)."""

    def __init__(self, opened: Project, read: imported.Imported, out: Path, cluster: Cluster | None = None) -> None:
        self.project, self.read, self.out, self.cluster = opened, read, out, cluster
        self.take = cluster.draw if cluster else scene_job.run  # pictures: the job, progress, what to do with each that is there
        self.site = plan_parts.stated(read.site, opened.file.plan_areas)
        self.site_hash = store.site_hash(read.site)  # what is stated of plan areas changes no sun and no sound
        self.looks_hash = store.looks_hash(read.site)
        self.data = opened.folder / imported.FOLDER
        paths = project.files_named(opened.folder, opened.file.variants.files, "variants", needed=False)
        self.variant_files = [str(path) for path in paths]
        self.variants = self._variants(paths)
        self.jobs = self._jobs()
        self.made = _made_in(out)
        self.problems: list[Problem] = [*cluster.problems] if cluster else []

    def _variants(self, paths: Sequence[Path]) -> dict[str, Variant]:
        found = {NULL_VARIANT.id: NULL_VARIANT}
        for path in paths:
            variant = variant_files.read(path, self.site.origin)
            same = next((name for name in found if slug(name) == slug(variant.id)), None)
            if same is not None:  # files are named by the slug
                taken = f"the variant id {variant.id} is taken" + (f" (by {same})" if same != variant.id else "")
                raise InputProblem(path, taken, "Give each variant an id of its own")
            found[variant.id] = variant
        return found

    def known(self, name: str) -> str:
        if name not in self.variants:
            raise InputProblem(self.project.path, f"there is no variant called {name}", f"Known: {', '.join(self.variants)}")
        return name

    def _jobs(self) -> list[Job]:
        jobs = []
        for entry, asked in zip(self.project.file.analyses, self.project.settings, strict=True):
            settings = asked.located(self.project.folder, self.site.origin)
            for name in entry.variants if entry.variants is not None else list(self.variants):
                self.known(name)
                base = self.known(entry.compare_with) if entry.compare_with and entry.compare_with != name else ""
                stem = slug(entry.name or settings.stem)
                key = self.key([name, base], "analysis", entry.kind, stem, settings.model_dump(mode="json"))
                jobs.append(Job(entry, settings, name, base, f"analysis {stem} {name}", key))
        return jobs

    @cached_property
    def applied(self) -> dict[str, Applied]:
        return {name: apply(self.site, variant) for name, variant in self.variants.items()}

    @cached_property
    def _context(self) -> Context:
        """What stands in all variants, built once: what of it was traced for one variant serves the others."""
        gone = np.zeros(len(self.site.city.building_id), bool)
        for applied in self.applied.values():
            gone |= ~applied.kept
        return context_of(self.site, gone)

    def obstacles(self, variant: str, keep: Path | None = None) -> Obstacles:
        """The obstacles of a variant. keep : where finished pieces of a long analysis are kept."""
        return replace(Obstacles.of(self.applied[variant], self._context), keep=keep)

    def is_made(self, name: str, key: str) -> bool:
        return _files(self.out, self.made, name, key) is not None

    def remember(self, name: str, key: str, kind: str, files: Sequence[Path], **more: Any) -> None:
        relative = [path.relative_to(self.out).as_posix() for path in files]
        self.made[name] = {"key": key, "kind": kind, "files": relative, **more}
        write_text(self.out / INDEX, json.dumps(self.made, ensure_ascii=False, indent=1))

    def key(self, variants: Sequence[str], *parts: Any) -> str:
        """Hash of everything that a product depends on: these parts and variants, site, place, licence line, program version."""
        hashes = {name: self._hashes[name] for name in variants if name}
        text = json.dumps(
            [parts, self.site_hash, hashes, self.project.file.place.model_dump(), self.site.source, version()], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _hashes(self) -> dict[str, list[str]]:
        """Of each variant all that a product may depend on."""
        return {name: [store.variant_hash(one), one.name, one.colour] for name, one in self.variants.items()}

    def key_of_words(self, variants: Sequence[str], *parts: Any) -> str:
        """The same for what names authors and status of variants, or reckons by what the project states of plan areas: analyses do not."""
        said = [[one.status, one.author] for one in map(self.variants.__getitem__, variants)]
        return self.key(variants, *parts, said, [one.model_dump() for one in self.project.file.plan_areas])

    def result_files(self, variant: str = "") -> list[Path]:
        """The results, of all variants or of one, that the project asks for and that are true."""
        return [path for job in self.jobs if variant in ("", job.variant) for path in self.results_of(job)]

    def results_of(self, job: Job) -> list[Path]:
        """The results of an analysis as far as they are true; of this run, else of the project, where this run writes elsewhere."""
        files = _files(self.out, self.made, job.name, job.key)
        if files is None and self.out != self.project.folder.resolve():
            files = _files(self.project.folder, self._usually_made, job.name, job.key)
        return [path for path in files or [] if path.suffix == ".npz"]

    @cached_property
    def _usually_made(self) -> dict[str, dict[str, Any]]:
        return _made_in(self.project.folder)

    @cached_property
    def design_key(self) -> list[Any]:
        design = self.project.design
        return (
            [design.model_dump(), *(hash_file(Path(name)) for name in (design.logo, design.font, design.bold) if name)]
            if design != Design()
            else []
        )


def _made_in(folder: Path) -> dict[str, dict[str, Any]]:
    """What has been made in a folder: name -> key, kind, files and more."""
    try:
        made = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        return {name: entry for name, entry in made.items() if {"key", "kind", "files"} <= set(entry)}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # a damaged index costs work, not results


def _files(folder: Path, made: dict[str, dict[str, Any]], name: str, key: str) -> list[Path] | None:
    """The files of what was made under this key, None where it was not or one has gone."""
    entry = made.get(name)
    if entry is None or entry["key"] != key:
        return None
    files = [folder / path for path in entry["files"]]
    return files if all(path.is_file() for path in files) else None
