"""Large tiles that have been read, kept in a cache folder by their content: more tiles, or going on after a stop, read only what is new.

An entry is of use to whoever asks the same of the same bytes with the same reader; a damaged or missing one costs time, never a result.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from . import own_files, store
from .about import ROOT
from .model import CityModel
from .problems import InputProblem

SMALLEST = 1_000_000  # bytes: smaller files are read about as quickly as they are looked up
MOST = 4_000_000_000  # bytes that the folder may hold: 28 GB of CityGML
_chosen: list[Path] = []


def use_folder(folder: Path) -> None:
    """Where entries are kept from now on, instead of the place that the system has for such files."""
    _chosen[:] = [folder]


def folder() -> Path:
    """Where entries are kept."""
    if _chosen:
        return _chosen[0]
    return own_files.folder("tiles", cache=True)


def is_large(path: Path) -> bool:
    """Whether a file is kept at all."""
    return path.is_file() and path.stat().st_size >= SMALLEST


def entry(path: Path, content: str, crs: str | None, lod: int | None, target: str = "") -> Path:
    """The file that keeps what was read of a tile. content : its hash. crs, lod : as for `buildings.read`. target : CRS that it was
    brought to, "" for its own."""
    asked: list[object] = [content, path.name, crs, lod, target, _reader()]  # made-up ids hold the name
    return folder() / f"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:40]}.npz"


@cache
def _reader() -> str:
    """Hash of the sources that make a CityModel of a file: whatever is changed in them, nothing old is taken for theirs."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "jena_city").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keep(model: CityModel, place: Path) -> None:
    """Write what was read of one file to an entry; where that cannot be done, it is read again the next time."""
    with suppress(InputProblem, OSError):
        store.save_city(model, place)


def kept(place: Path, path: Path) -> CityModel | None:
    """What an entry holds, as if it had been read of this path; None where there is none, or it is damaged."""
    try:
        model = store.load_city(place)
        os.utime(place)  # what was used last goes last
    except (InputProblem, OSError):
        return None
    before = model.files[0]
    problems = [replace(problem, file=str(path)) if problem.file == before else problem for problem in model.report.problems]
    report = replace(model.report, files=[str(path)], problems=problems)
    around = model.surroundings
    if around is not None:
        around = replace(around, files=[str(path)], report=report)
    return replace(model, files=[str(path)], report=report, surroundings=around)


def writable() -> bool:
    """Whether there can be entries at all."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder(), os.W_OK)


def tidy() -> None:
    """Remove what was not used for longest, where the folder holds more than it may."""
    with suppress(OSError):
        found = sorted(((one.stat().st_mtime, one.stat().st_size, one) for one in folder().glob("*.npz")), reverse=True)
        total = 0
        for _, size, one in found:
            total += size
            if total > MOST:
                one.unlink(missing_ok=True)
