"""City models of either encoding, CityGML or CityJSON, told apart by their content; one file or many tiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import citygml, cityjson
from .citygml import Path_
from .citygml.assemble import Box
from .model import CityModel, merged
from .origin import Origin
from .problems import InputProblem, Progress, no_progress


def read(
    path: Path_,
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    bbox: Box | None = None,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of one file. Arguments and errors as for `citygml.read`."""
    reader = cityjson.read if cityjson.is_cityjson(path) else citygml.read
    return reader(path, origin=origin, crs=crs, lod=lod, bbox=bbox, progress=progress)


def read_many(
    paths: Sequence[Path_],
    *,
    origin: Origin | None = None,
    crs: str | None = None,
    lod: int | None = None,
    bbox: Box | None = None,
    progress: Progress = no_progress,
) -> CityModel:
    """The buildings of several files (tiles) with one origin, that of the first file with buildings unless it is given.

    A building found in two files by gml:id is taken once and reported. Arguments and errors as for `read`.
    """
    models: list[CityModel] = []
    sizes = [max(Path(path).stat().st_size, 1) if Path(path).is_file() else 1 for path in paths]
    for number, path in enumerate(paths):
        start, share = sum(sizes[:number]) / sum(sizes), sizes[number] / sum(sizes)
        known = origin or next((model.origin for model in models if model.building_id and model.origin.crs), None)
        part: Progress = lambda done, what, start=start, share=share: progress(start + share * done, what)  # type: ignore[misc]  # noqa: E731
        models.append(read(path, origin=known, crs=crs, lod=lod, bbox=bbox, progress=part))
    if not models:
        raise InputProblem("import", "no file was named", "Name at least one CityGML or CityJSON file")
    chosen = origin or next((model.origin for model in models if model.building_id), models[0].origin)
    model = merged(models, chosen)
    model.count()
    return model
