"""What a project has read of its sources, kept in `data/`: opening is quick, sources may move, changed ones are read again."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import orthophoto, profiles, sources, store, textures
from .about import version
from .files import hash_file, write_text
from .problems import InputProblem, Progress, Report
from .project import ProjectFile, files_named
from .site import Site

FOLDER = "data"
FRESH = 2.0  # seconds: a file changed so short a time ago may change again without its time or size telling (FAT counts in twos)
_held: list[tuple[Any, Site]] = []  # what the files of a `data/` are like, and the site they hold; the last one only


@dataclass(frozen=True)
class Imported:
    """A site as it stands in `data/`. asked : hash of the project's settings that it was read with. inputs : source -> hash; stamps :
    source -> (bytes, time of change) as it was hashed: while they stay the same, so does the hash. schema : what was read then; where less
    than today, sources that are there are read again."""

    site: Site
    report: Report
    asked: str
    inputs: dict[str, str]
    stamps: dict[str, list[int]]
    schema: int = store.SITE_SCHEMA


def imported(content: ProjectFile, folder: Path, progress: Progress) -> Imported:
    """The site of a project folder: from `data/` when that was made of these very sources, or of sources that are gone; else read anew."""
    content = profiles.completed(content)
    kept = _kept(folder)
    if kept is not None and kept.asked == _asked(content):
        try:
            inputs, stamps = _input_hashes(content, folder, kept)
            folders = {path.parent for path in files_named(folder, content.data.buildings, "data.buildings")}
            same = kept.inputs == inputs and kept.schema == store.SITE_SCHEMA
            if same and not (content.data.textures and textures.have_come(kept.site.city, folders)):
                if any(stamps.get(name, stamp) != stamp for name, stamp in kept.stamps.items()):  # touched, or the folder is a copy
                    with suppress(InputProblem, OSError):  # it only saves time
                        _write_index(replace(kept, stamps=stamps), folder)
                return _licensed(kept, content, folder)
        except InputProblem as gone:
            kept.report.add("source-missing", gone.where, "", f"{gone.what}; what was read of it before is used")
            return _licensed(kept, content, folder)
    known = kept.site.origin if kept is not None else None
    site, report = sources.read_site(content, folder, known=known, progress=progress)
    return keep(content, folder, site, report)


def _licensed(kept: Imported, content: ProjectFile, folder: Path) -> Imported:
    """With the licence line as the project has it now: nothing has to be read anew for it."""
    line = sources.credit(content, kept.site.orthophoto)
    if kept.site.source == line:
        return kept
    site = replace(kept.site, source=line)
    store.save_site(site, folder / FOLDER)
    _held[:] = [(_seen(folder / FOLDER), site)]
    return replace(kept, site=site)


def keep(content: ProjectFile, folder: Path, site: Site, report: Report) -> Imported:
    """Write a site that has been read to `data/`."""
    content = profiles.completed(content)
    made = Imported(site, report, _asked(content), *_input_hashes(content, folder))
    store.save_site(site, folder / FOLDER)
    _write_index(made, folder)
    _held[:] = [(_seen(folder / FOLDER), site)]
    return made


def _write_index(made: Imported, folder: Path) -> None:
    index = {"asked": made.asked, "inputs": made.inputs, "stamps": made.stamps, "schema": made.schema, "report": made.report.as_dict()}
    write_text(folder / FOLDER / "import.json", json.dumps(index, ensure_ascii=False))


def site_in(folder: Path) -> Site:
    """The site in a project's `data/`, kept in memory and not read again while its files are the same. Raises InputProblem. For any
    thread; what comes back is shared and must not be changed."""
    now = _seen(folder / FOLDER)
    for seen, site in _held:
        if now is not None and seen == now:
            return site
    site = store.load_site(folder / FOLDER)
    _held[:] = [(now, site)]
    return site


def mark(folder: Path) -> str:
    """Tells what the `data/` of a project holds from what it held before, whoever read it anew: all that is seen of a site, its orthophoto
    and reference lines too, and not its licence line. "" where there is none."""
    try:
        index = json.loads((folder / FOLDER / "site.json").read_text(encoding="utf-8"))
        seen = {name: index.get(name) for name in ("origin", "parts", "breaklines")}
    except (OSError, ValueError, AttributeError):
        return ""
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def forget() -> None:
    """Let go of the memory."""
    _held.clear()


def _seen(data: Path) -> Any:
    """What tells whether a `data/` holds the same as before: its index, which names each part by its content, and the parts' sizes and
    times."""
    try:
        parts = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in data.glob("*.npz"))
        return str(data.resolve()), (data / "site.json").read_bytes(), parts
    except OSError:
        return None


def _kept(folder: Path) -> Imported | None:
    """What an earlier import left; None when there is nothing, or it is damaged: the sources can be read again."""
    try:
        site = site_in(folder)
        index = json.loads((folder / FOLDER / "import.json").read_text(encoding="utf-8"))
        stamps = index.get("stamps", {name: [] for name in index["inputs"]})  # older programs kept none
        return Imported(site, Report.from_dict(index["report"]), index["asked"], index["inputs"], stamps, index.get("schema", 1))
    except (OSError, ValueError, KeyError, TypeError, InputProblem):
        return None


def _asked(content: ProjectFile) -> str:
    profile = profiles.of(content)
    read_by = profile.model_dump(mode="json", include={"crs", "height_system", "centre", "geoid"}) if profile else {}
    asked = [content.data.model_dump(mode="json", exclude={"licence"}), content.place.model_dump(mode="json"), read_by, version()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _input_hashes(content: ProjectFile, folder: Path, kept: Imported | None = None) -> tuple[dict[str, str], dict[str, list[int]]]:
    """Hash and stamp of every source, and of the files that belong to a Shapefile or a picture; by paths relative to the project where they
    lie in it.

    A file that bears the stamp it had in `kept` is not read again; one that was changed just now gets no stamp.
    """
    found: dict[str, str] = {}
    stamps: dict[str, list[int]] = {}
    pictures = files_named(folder, content.data.orthophoto, "data.orthophoto")
    for path in sources.source_files(content, folder):
        beside = sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix.lower() == ".shp" else [path]
        for file in [*beside, *(orthophoto.belonging(path) if path in pictures else ())]:
            name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
            state = file.stat()
            stamp = [state.st_size, state.st_mtime_ns]
            if kept is not None and kept.stamps.get(name) == stamp and name in kept.inputs:
                found[name], stamps[name] = kept.inputs[name], stamp
                continue
            if state.st_mtime < time.time() - FRESH:
                stamps[name] = stamp
            found[name] = hash_file(file)
    return found, stamps
