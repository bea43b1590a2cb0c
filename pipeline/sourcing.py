"""Data into a project, a new one or one that is there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ..jena_city import background, check, downloads, gather, imported, profiles, project, sources
from ..jena_city.files import write_text
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.project import AnalysisEntry, PictureEntry, ProjectFile
from .opening import Project, load

# What a new project asks for, so that the first `run` shows something.
FIRST_ANALYSIS = {"kind": "sun_hours", "date": "2025-03-21"}


FIRST_PICTURES = (
    {"name": "Bestand", "preset": "still"},
    {"name": "Besonnung", "preset": "result", "result": "sun-hours-2025-03-21-ground-bestand"},
)


def new_project(
    folder: Path,
    given: Sequence[Path],
    *,
    crs: str | None = None,
    origin: tuple[int, int] | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    lod: int | None = None,
    breaklines: bool = False,
    textures: bool = True,
    name: str = "",
    licence: str = "",
    profile: str = "",
    progress: Progress = no_progress,
) -> Project:
    """A project folder made of geodata, told apart by their content; files, folders and zips of them.

    name : of the project; "": that of the folder. licence : who gave the data, and how. crs : of the data, where they name none or a
    wrong one. breaklines : whether the ground follows the buildings. textures : whether colours and textures are taken along.
    profile : see `profiles`; "" for none. The origin is fixed here, once. Raises InputProblem when the folder holds a project already or a
    file is of no use; what was begun in a folder of our own making is then taken back.
    """
    if (folder / project.FILE_NAME).exists():
        raise InputProblem(folder, "there is a project already", "Choose another folder, or add the files to its project.toml and run it")
    known = profiles.load(profile) if profile else None
    was_there = folder.exists()
    try:
        files = gather.gathered(given, folder / "sources", progress)
        with gather.named_as_given(files):
            keys = {path.resolve(): check.keys(path) for path in files}
        content = ProjectFile(
            schema=project.SCHEMA,
            project=project.About(name=name or folder.resolve().name),
            place=project.Place(origin=origin, profile=profile),
            data=project.Data.model_validate(
                {
                    **{key: [_named(path, folder) for path, named in keys.items() if key in named] for key in project.KINDS_OF_DATA},
                    "crs": crs or "",
                    "lod": lod or "highest",
                    "breaklines": breaklines,
                    "textures": textures,
                    "bbox": bbox,
                    "licence": licence or (known.licence if known else ""),
                }
            ),
            analyses=[AnalysisEntry.model_validate(FIRST_ANALYSIS)],
            pictures=[PictureEntry.model_validate(picture) for picture in FIRST_PICTURES],
        )
        with gather.named_as_given(files):
            site, report = sources.read_site(content, folder, progress=progress)
        place = site.origin
        content.place = project.Place(
            profile=profile,
            crs=place.crs,
            origin=(place.easting, place.northing),
            height_system=place.height_system,
            time_zone=known.time_zone if known else place.time_zone,
        )
        write_text(folder / project.FILE_NAME, project.to_toml(content))
        made = load(folder)
        imported.keep(made.file, made.folder, site, report)
        return made
    except BaseException:
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def with_files(
    opened: Project,
    given: Sequence[Path],
    *,
    crs: str | None = None,
    lod: int | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    breaklines: bool | None = None,
    textures: bool | None = None,
    licence: str | None = None,
    progress: Progress = no_progress,
) -> Project:
    """The project with more geodata, written to its file and read. What is given of crs, lod, bbox, breaklines, textures, licence holds for
    all its data.

    Raises InputProblem where it cannot be read with them; then it stays as it was.
    """
    content = opened.file.model_copy(deep=True)
    files = gather.gathered(given, opened.folder / "sources", progress)
    for path in files:
        with gather.named_as_given(files):
            keys = check.keys(path)
        name = _named(path.resolve(), opened.folder)
        for key in keys:
            names = getattr(content.data, key)
            if name not in names:
                names.append(name)
    stated = {"crs": crs, "lod": lod, "bbox": bbox, "breaklines": breaklines, "textures": textures, "licence": licence}
    content.data = content.data.model_copy(update={key: value for key, value in stated.items() if value is not None})
    before = opened.path.read_text(encoding="utf-8")
    try:
        if content != opened.file:
            project.write(opened.path, content)
        made = load(opened.path)
        with gather.named_as_given(files):
            imported.imported(made.file, made.folder, progress)
        return made
    except BaseException:
        write_text(opened.path, before)
        raise


def with_background(
    opened: Project, url: str, layer: str, *, step: float | None = None, progress: Progress = no_progress
) -> tuple[Project, background.Background]:
    """The project with a picture of a map service on its ground, fetched now (`background.fetch`) and named in its file as orthophoto.

    Raises InputProblem, Cancelled; then it stays as it was.
    """
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.2 * share, what))
    if read.site.terrain is None:
        raise InputProblem(opened.path, "the project has no ground to lay a picture on", "Name a terrain under [data]")
    west, south, east, north = read.site.terrain.bounds
    box = read.site.origin.to_world([[west, south], [east, north]]).ravel().tolist()
    made = background.fetch(
        url, layer, read.site.origin, tuple(box), opened.folder, step=step, progress=lambda share, what: progress(0.2 + 0.6 * share, what)
    )
    return with_files(opened, [made.path], progress=lambda share, what: progress(0.8 + 0.2 * share, what)), made


def with_downloads(
    opened: Project, files: Sequence[downloads.Wanted], *, progress: Progress = no_progress
) -> tuple[Project, downloads.Got]:
    """The project with data that were fetched into its `sources/` and read, and what the download brought; see `downloads.download`.

    A line about who gave them is added to its licence line, unless it names them already. Raises InputProblem; what was fetched stays.
    """
    got = downloads.download(files, opened.folder / "sources", lambda share, what: progress(0.5 * share, what))
    if not got.files:
        return opened, got
    before = opened.whole.data.licence
    new = [line for line in got.licence.split("; ") if line.partition(",")[0] not in before]
    reading: Progress = lambda share, what: progress(0.5 + 0.5 * share, what)  # noqa: E731
    return with_files(opened, got.files, licence="; ".join(filter(None, [before, *new])), progress=reading), got


def new_by_download(
    folder: Path, files: Sequence[downloads.Wanted], *, profile: str, name: str = "", progress: Progress = no_progress
) -> tuple[Project, downloads.Got]:
    """A new project of data that are fetched into its `sources/`, and what the download brought; see `new_project`, `with_downloads`."""
    if (folder / project.FILE_NAME).exists():
        raise InputProblem(folder, "there is a project already", "Choose another folder, or add the data to it")
    got = downloads.download(files, folder / "sources", lambda share, what: progress(0.5 * share, what))
    if not got.files:
        raise InputProblem(f"profile {profile}", "the publisher has nothing there", "Choose another box")
    reading: Progress = lambda share, what: progress(0.5 + 0.5 * share, what)  # noqa: E731
    return new_project(folder, got.files, profile=profile, name=name, licence=got.licence, progress=reading), got


def _named(path: Path, folder: Path) -> str:
    """How a project names a file: relative where it lies in the project's folder."""
    root = folder.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
