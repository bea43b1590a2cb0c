"""City models of either encoding, CityGML or CityJSON, told apart by their content; one file or many tiles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from . import citygml, cityjson, processes, textures, tiles
from .citygml import Path_
from .citygml.assemble import Box, within
from .files import hash_file
from .model import CityModel, merged
from .origin import Origin
from .problems import InputProblem, Progress, no_progress, with_time_left

FOR_A_CHILD = 20_000_000  # bytes: a smaller file is read before a child has started


def read(
    path: Path_,
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    bbox: Box | None = None,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of one file, and their surroundings. Arguments and errors as for `citygml.read`."""
    reader = cityjson.read if cityjson.is_cityjson(path) else citygml.read
    return reader(path, origin=origin, crs=crs, lod=lod, bbox=bbox, progress=progress)


def read_many(
    paths: Sequence[Path_],
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    bbox: Box | None = None,
    look: bool = True,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of several files (tiles) with one origin, that of the first file with buildings unless it is given.

    A building found in two files by gml:id is taken once and reported. Large files are kept as they were read (see `tiles`), and read by
    child processes where there are several; what was read before a stop is kept. look : whether colours and textures are read, with the
    pictures beside the files. Other arguments and errors as for `read`.
    """
    if not paths:
        raise InputProblem("import", "no file was named", "Name at least one CityGML or CityJSON file")
    given = [Path(path) for path in paths]
    contents = _contents(given, progress)
    try:
        models = _all_read(given, contents, origin, crs, lod, bbox, with_time_left(progress))
    finally:
        if contents:
            tiles.tidy()
    if look:
        textures.load(models, given, lambda _share, what: progress(1.0, what))
    else:
        models = [textures.without(model) for model in models]
    holding = [model for model in models if model.building_id] + [model for model in models if model.surroundings is not None]
    chosen = origin or next((model.origin for model in holding), models[0].origin)
    model = merged(models, chosen)
    model.count()
    return model


def _all_read(
    paths: list[Path],
    contents: dict[Path, str],
    origin: Origin | None,
    crs: str | None,
    lod: int | None,
    bbox: Box | None,
    progress: Progress,
) -> list[CityModel]:
    """A model for each file, all in the first one's CRS: those of large files that are not kept yet are read by child processes."""
    sizes = {path: max(path.stat().st_size, 1) if path.is_file() else 1 for path in paths}
    fresh = [path for path, content in contents.items() if not tiles.entry(path, content, crs, lod).is_file()]
    work = {path: size if path in fresh or path not in contents else 0.02 * size for path, size in sizes.items()}
    large = [path for path in fresh if sizes[path] >= FOR_A_CHILD]
    ahead = sum(work[path] for path in large) if len(large) > 1 and processes.possible() and tiles.writable() else 0.0
    total = sum(work.values()) + 0.02 * ahead
    if ahead:
        tasks = [processes.Task(str(path), contents[path], str(tiles.folder()), sizes[path], crs, lod, origin) for path in large]
        processes.read(tasks, lambda share, what: progress(share * ahead / total, what))
        work |= {path: 0.02 * sizes[path] for path in large}
    models: list[CityModel] = []
    done = ahead
    for path in paths:
        known = origin or next((model.origin for model in models if model.holds_something and model.origin.crs), None)
        part: Progress = lambda share, what, path=path, done=done: progress((done + work[path] * share) / total, what)  # type: ignore[misc]  # noqa: E731
        if path in contents:
            model = read_kept(path, contents[path], origin=known, crs=crs, lod=lod, progress=part)
            if bbox is not None:
                model = within(model, bbox)
                model.count()
            models.append(model)
        else:
            models.append(read(path, origin=known, crs=crs, lod=lod, bbox=bbox, progress=part))
        part(1.0, path.name)
        done += work[path]
    return models


def _contents(paths: list[Path], progress: Progress) -> dict[Path, str]:
    """The hashes of those files that are large enough to be kept."""
    found = {}
    for path in paths:
        progress(0.0, path.name)
        with suppress(OSError):  # its reader will say why
            if tiles.is_large(path):
                found[path] = hash_file(path)
    return found


def read_kept(
    path: Path,
    content: str,
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of one file, from the cache folder (see `tiles`) or from the file itself, and then kept there. content : its hash.

    Other arguments and errors as for `read`. A tile is kept about its own corner, so that it serves any origin of its CRS.
    """

    def taken(place: Path, about: Origin | None) -> CityModel:
        model = tiles.kept(place, path)
        if model is None:
            model = read(path, origin=about, crs=crs, lod=lod, progress=progress)
            tiles.keep(model, place)
        return model

    try:
        own = taken(tiles.entry(path, content, crs, lod), None)
    except InputProblem:
        if origin is None:
            raise
        return read(path, origin=origin, crs=crs, lod=lod, progress=progress)
    if origin is None:
        return own
    if not own.holds_something or own.origin.crs == origin.crs:
        return own.moved(origin)
    return taken(tiles.entry(path, content, crs, lod, origin.crs), origin).moved(origin)
