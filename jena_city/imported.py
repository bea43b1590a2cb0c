"""What a project has read of its sources, kept in `data/`: opening is quick, sources may move, changed ones are read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from . import sources, store
from .about import version
from .files import hash_file, write_text
from .problems import InputProblem, Progress, Report
from .project import ProjectFile
from .site import Site

FOLDER = "data"


@dataclass(frozen=True)
class Imported:
    """A site as it stands in `data/`. asked : hash of the project's settings that it was read with. inputs : source -> hash."""

    site: Site
    report: Report
    asked: str
    inputs: dict[str, str]


def imported(content: ProjectFile, folder: Path, progress: Progress) -> Imported:
    """The site of a project folder: from `data/` when that was made of these very sources, or of sources that are gone; else read anew."""
    kept = _kept(folder / FOLDER)
    if kept is not None and kept.asked == _asked(content):
        try:
            if kept.inputs == _input_hashes(content, folder):
                return kept
        except InputProblem as gone:
            kept.report.add("source-missing", gone.where, "", f"{gone.what}; what was read of it before is used")
            return kept
    known = kept.site.origin if kept is not None else None
    site, report = sources.read_site(content, folder, known=known, progress=progress)
    return keep(content, folder, site, report)


def keep(content: ProjectFile, folder: Path, site: Site, report: Report) -> Imported:
    """Write a site that has been read to `data/`."""
    made = Imported(site, report, _asked(content), _input_hashes(content, folder))
    store.save_site(site, folder / FOLDER)
    index = {"asked": made.asked, "inputs": made.inputs, "report": report.as_dict()}
    write_text(folder / FOLDER / "import.json", json.dumps(index, ensure_ascii=False))
    return made


def _kept(folder: Path) -> Imported | None:
    """What an earlier import left; None when there is nothing, or it is damaged: the sources can be read again."""
    try:
        site = store.load_site(folder)
        index = json.loads((folder / "import.json").read_text(encoding="utf-8"))
        return Imported(site, Report.from_dict(index["report"]), index["asked"], index["inputs"])
    except (OSError, ValueError, KeyError, TypeError, InputProblem):
        return None


def _asked(content: ProjectFile) -> str:
    asked = [content.data.model_dump(mode="json"), content.place.model_dump(mode="json"), version()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _input_hashes(content: ProjectFile, folder: Path) -> dict[str, str]:
    """Hash of every source, and of the files that belong to a Shapefile; by paths relative to the project where they lie in it."""
    found = {}
    for path in sources.source_files(content, folder):
        beside = sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix.lower() == ".shp" else [path]
        for file in beside:
            name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
            found[name] = hash_file(file)
    return found
