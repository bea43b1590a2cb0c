"""A project in; numbers and pictures out. Used by the command line and by Blender's operators.

Steps: import (sources to `data/`), analyses (to `results/`), sheets (to `sheets/`), scene (the .blend), pictures (to `pictures/`) and
films (to `films/`). What is done and still true (same hash of all that went in) is not done again, so a run that was stopped goes on where
it stopped.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import Image
from pydantic import ValidationError

from . import analyses, render_presets
from .analyses.obstacles import Context, Obstacles, context_of
from .analyses.settings import Settings
from .analyses.shadow_moments import ground_shadows
from .analyses.surroundings import Surroundings, found_around, write_files
from .jena_city import (
    background,
    cameras,
    check,
    comparing,
    downloads,
    envelope,
    exporting,
    filming,
    gather,
    imported,
    land_balance,
    maps,
    merging,
    metrics,
    neighbours,
    photo_camera,
    profiles,
    project,
    rules,
    sources,
    stand_in,
    store,
    variant_files,
    variant_folder,
    workbook,
)
from .jena_city import contact_sheet as sheet_of_presets
from .jena_city.about import ROOT, library_versions, version
from .jena_city.applied import Applied, apply
from .jena_city.building_plots import BuildingPlot, building_plots, plot_at
from .jena_city.cameras import NamedCamera
from .jena_city.design import Design
from .jena_city.design import load as load_design
from .jena_city.files import hash_file, slug, write_text, written_beside
from .jena_city.lettering import number as in_german
from .jena_city.origin import Origin
from .jena_city.problems import InputProblem, Problem, Progress, Report, no_progress, stretch
from .jena_city.project import AnalysisEntry, BuildingPlotEntry, FilmEntry, PhotoEntry, PictureEntry, ProjectFile, SheetEntry, View
from .jena_city.result import Faces, Grid, Result
from .jena_city.site import Site
from .jena_city.variant import NULL_VARIANT, Block, Up, Variant
from .jena_city.viewing import Axis, Landmark, Viewpoint
from .scene import job as scene_job
from .sheets import making, pdf, svg
from .sheets.shadow_study import Moment, polygons

WEIGHTS = {
    "import": 1.0,
    "analyses": 3.0,
    "sheets": 0.5,
    "scene": 1.0,
    "pictures": 12.0,
    "films": 40.0,
}  # about how long the steps take, for the progress
STEPS = tuple(WEIGHTS)
REPORT_SCHEMA = 1
# What a new project asks for, so that the first `run` shows something.
FIRST_ANALYSIS = {"kind": "sun_hours", "date": "2025-03-21"}
FIRST_PICTURES = (
    {"name": "Bestand", "preset": "still"},
    {"name": "Besonnung", "preset": "result", "result": "sun-hours-2025-03-21-ground-bestand"},
)


# What pictures of one set may differ in.
_OWN_OF_A_SET = {"name", "variant", "title"}


@dataclass(frozen=True)
class Project:
    """A checked project: path of its project.toml and what stands in it."""

    path: Path
    file: ProjectFile
    settings: tuple[Settings, ...]
    """The checked settings of file.analyses, in the same order."""

    @property
    def folder(self) -> Path:
        return self.path.parent

    @cached_property
    def design(self) -> Design:
        """How captions look: of the project's design file, else the usual. Raises InputProblem."""
        name = self.file.project.design
        return load_design(self.folder / name) if name else Design()

    @cached_property
    def whole(self) -> ProjectFile:
        """The file with what its profile supplies."""
        return profiles.completed(self.file)

    def preset(self, picture: PictureEntry) -> render_presets.Preset:
        """The preset of a picture: one of ours by its name, or a .toml file, relative to the project. Raises InputProblem."""
        name = picture.preset
        try:
            return render_presets.load(str(self.folder / name) if name.endswith(".toml") else name)
        except InputProblem as problem:
            what = problem.what if problem.where == f"preset {name}" else f"{problem.where}: {problem.what}"
            raise InputProblem(f"{self.path}, picture {picture.name}", what, problem.what_to_do) from problem

    def camera(self, asked: PictureEntry | FilmEntry) -> NamedCamera | None:
        """The named camera of a picture or film, None where it goes by its preset. Raises InputProblem."""
        if not asked.camera:
            return None
        where = f"{self.path}, {'picture' if isinstance(asked, PictureEntry) else 'film'} {asked.name}"
        known = {camera.name: camera for camera in self.file.cameras}
        if asked.camera not in known:
            raise InputProblem(where, f"there is no camera called {asked.camera}", f"Known: {', '.join(known) or 'none'}")
        if isinstance(asked, FilmEntry):
            if asked.kind != "shadow":
                raise InputProblem(where, "its camera moves, so it cannot be a named one", "Take the camera out, or make a shadow film")
        elif self.preset(asked).camera.kind == "plan":
            raise InputProblem(
                where, "its preset looks straight down, from no named camera", "Take the camera out, or choose another preset"
            )
        return known[asked.camera]

    def photo(self, picture: PictureEntry) -> PhotoEntry | None:
        """The photo that a picture's variant is laid into, None for others. Raises InputProblem."""
        where = f"{self.path}, picture {picture.name}"
        known = {photo.name: photo for photo in self.file.photos}
        if (self.preset(picture).layout == "photo") != bool(picture.photo):
            what = (
                "it names a photo, but its preset lays nothing into one"
                if picture.photo
                else "its preset lays the variant into a photo, none is named"
            )
            raise InputProblem(where, what, "Give it the preset photo-montage and a photo of [[photos]]")
        if picture.photo and picture.photo not in known:
            raise InputProblem(where, f"there is no photo called {picture.photo}", f"Known: {', '.join(known) or 'none'}")
        if picture.photo and picture.camera:
            raise InputProblem(where, "it has a photo and a camera", "Take the camera out: the photo has its own")
        return known.get(picture.photo)

    def equal_sets(self) -> None:
        """Raises InputProblem for a set of pictures that is not taken alike: a set of variants is pictured equally, or not at all."""
        sets: dict[str, list[PictureEntry]] = {}
        for picture in self.file.pictures:
            if picture.set:
                sets.setdefault(picture.set, []).append(picture)
        for name, alike in sets.items():
            first = alike[0].model_dump(exclude=_OWN_OF_A_SET)
            for other in alike[1:]:
                differing = [key for key, value in other.model_dump(exclude=_OWN_OF_A_SET).items() if value != first[key]]
                if differing:
                    what = f"an unequal set is refused: {other.name} differs from {alike[0].name} in {', '.join(differing)}"
                    raise InputProblem(f"{self.path}, set {name}", what, "Give all of them the same, or take one out of the set")
            if NULL_VARIANT.id not in [one.variant for one in alike]:
                what = "an unequal set is refused: it does not show the Bestand"
                raise InputProblem(f"{self.path}, set {name}", what, 'Add a picture with variant = "bestand"')

    def pictures_named(self, names: Sequence[str]) -> list[PictureEntry]:
        """The pictures with these names, all when there are none; raises InputProblem for an unknown name."""
        known = {picture.name: picture for picture in self.file.pictures}
        for name in names:
            if name not in known:
                raise InputProblem(self.path, f"there is no picture called {name}", f"Known: {', '.join(known) or 'none'}")
        return [known[name] for name in names] if names else list(known.values())

    def films_named(self, names: Sequence[str]) -> list[FilmEntry]:
        """The films with these names, all when there are none; raises InputProblem for an unknown name."""
        known = {film.name: film for film in self.file.films}
        for name in names:
            if name not in known:
                raise InputProblem(self.path, f"there is no film called {name}", f"Known: {', '.join(known) or 'none'}")
        return [known[name] for name in names] if names else list(known.values())

    def sheets_named(self, names: Sequence[str]) -> list[SheetEntry]:
        """The sheets with these names, all when there are none; raises InputProblem for an unknown name."""
        known = {sheet.name: sheet for sheet in self.file.sheets}
        for name in names:
            if name not in known:
                raise InputProblem(self.path, f"there is no sheet called {name}", f"Known: {', '.join(known) or 'none'}")
        return [known[name] for name in names] if names else list(known.values())


def load(path: str | Path) -> Project:
    """Read and check a project folder or its project.toml; every slip is an InputProblem with its key."""
    found, content = project.read(path)
    place = profiles.completed(content).place
    checked: list[Settings] = []
    for number, entry in enumerate(content.analyses, 1):
        if entry.kind not in analyses.REGISTRY:
            raise InputProblem(found, f'analyses.{number}.kind = "{entry.kind}" is unknown', f"Allowed: {', '.join(analyses.REGISTRY)}")
        model = analyses.REGISTRY[entry.kind].settings
        try:
            checked.append(model.model_validate({**_supplied(model, content, place.time_zone), **entry.settings}))
        except ValidationError as error:
            raise project.explained(error, f"{found}, analyses.{number} ({entry.kind})", model) from error
    stems = [slug(entry.name or settings.stem) for entry, settings in zip(content.analyses, checked, strict=True)]
    _all_different(found, stems, "two analyses would write the files {}", "Give one of them a name of its own")
    _all_different(found, [slug(film.name) for film in content.films], "two films would be called {}", "Rename one of them")
    _all_different(found, [slug(sheet.name) for sheet in content.sheets], "two sheets would be called {}", "Rename one of them")
    _all_different(found, [slug(picture.name) for picture in content.pictures], "two pictures would be called {}", "Rename one of them")
    opened = Project(found.resolve(), content, tuple(checked))
    _all_different(found, [camera.name for camera in content.cameras], "two cameras would be called {}", "Rename one of them")
    for picture in content.pictures:
        opened.preset(picture)
        opened.camera(picture)
        opened.photo(picture)
    _all_different(found, [photo.name for photo in content.photos], "two photos would be called {}", "Rename one of them")
    opened.equal_sets()
    _ = opened.design  # whatever is wrong with it is said now
    for film in content.films:
        opened.camera(film)
        opened.preset(PictureEntry(name=film.name, preset=film.preset_name))
    return opened


def _supplied(model: type[Settings], content: ProjectFile, time_zone: str) -> dict[str, Any]:
    """What a project says once for all of its analyses, as far as one asks for it."""
    known = {"time_zone": time_zone, "viewpoints": content.viewpoints, "axes": content.axes, "landmarks": content.landmarks}
    return {key: known[key] for key in model.from_project}


def _all_different(where: Path, names: Sequence[str], what: str, what_to_do: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputProblem(where, what.format(name), what_to_do)


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
            data=project.Data(
                **{key: [_named(path, folder) for path, named in keys.items() if key in named] for key in project.KINDS_OF_DATA},
                crs=crs or "",
                lod=lod or "highest",
                breaklines=breaklines,
                textures=textures,
                bbox=bbox,
                licence=licence or (known.licence if known else ""),
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


def with_analysis(opened: Project, kind: str, settings: dict[str, Any]) -> tuple[Project, str]:
    """The project asking for an analysis with these settings too, written to its file; and the stem of the analysis's files.

    One of the same kind and stem is replaced. Raises InputProblem for a setting that is not allowed.
    """
    model = analyses.REGISTRY[kind].settings
    try:
        checked = model.model_validate({**_supplied(model, opened.file, opened.whole.place.time_zone), **settings})
    except ValidationError as error:
        raise project.explained(error, analyses.REGISTRY[kind].label, model) from error
    plain = checked.model_dump(mode="json", exclude_defaults=True, exclude=set(model.from_project))
    new = AnalysisEntry.model_validate({"kind": kind, **plain})
    stem = slug(checked.stem)
    stems = [slug(entry.name or own.stem) for entry, own in zip(opened.file.analyses, opened.settings, strict=True)]
    content = opened.file.model_copy(deep=True)
    if stem in stems:
        old = content.analyses[stems.index(stem)]
        new = new.model_copy(update={"name": old.name, "compare_with": old.compare_with})
        content.analyses[stems.index(stem)] = new
    else:
        content.analyses.append(new)
    if content != opened.file:
        project.write(opened.path, content)
    return load(opened.path), stem


_VIEWS: dict[str, tuple[type[Viewpoint | Axis | Landmark | NamedCamera], str]] = {
    "viewpoints": (Viewpoint, "Standpunkt"),
    "axes": (Axis, "Achse"),
    "landmarks": (Landmark, "Ziel"),
    "cameras": (NamedCamera, "Kamera"),
}


def with_view(opened: Project, kind: str, *entries: dict[str, Any]) -> Project:
    """The project with more of its `viewpoints`, `axes`, `landmarks` or `cameras`, written to its file. One without a name is numbered, a
    camera whose name is taken gets a number. Raises InputProblem for a key that is not allowed."""
    content = opened.file.model_copy(deep=True)
    there = getattr(content, kind)
    model, word = _VIEWS[kind]
    for entry in entries:
        taken = {one.name for one in there}
        numbered = (f"{word} {number}" for number in range(1, len(there) + 2))
        wanted = entry.get("name") or next(name for name in numbered if name not in taken)
        if kind == "cameras" and wanted in taken:
            wanted = next(name for number in range(2, len(there) + 3) if (name := f"{wanted} ({number})") not in taken)
        try:
            there.append(model.model_validate({**entry, "name": wanted}))
        except ValidationError as error:
            raise project.explained(error, f"{opened.path}, {kind}", model) from error
    project.write(opened.path, content)
    return load(opened.path)


def with_camera_named(opened: Project, old: str, new: str) -> Project:
    """The project with a camera renamed, in the pictures and films that it takes too, written to its file. Raises InputProblem."""
    content = opened.file.model_copy(deep=True)
    names = [camera.name for camera in content.cameras]
    if old not in names:
        raise InputProblem(opened.path, f"there is no camera called {old}", f"Known: {', '.join(names) or 'none'}")
    if not new.strip() or (new != old and new in names):
        raise InputProblem(opened.path, f'a camera cannot be called "{new}"', "Give a name that no other camera has")
    at = names.index(old)
    content.cameras[at] = content.cameras[at].model_copy(update={"name": new.strip()})
    for user in (*content.pictures, *content.films):
        if user.camera == old:
            user.camera = new.strip()
    project.write(opened.path, content)
    return load(opened.path)


def with_photo(opened: Project, entry: dict[str, Any]) -> Project:
    """The project with a photo, written to its file; one of the same name is replaced. Raises InputProblem for what is not allowed."""
    content = opened.file.model_copy(deep=True)
    try:
        made = PhotoEntry.model_validate(entry)
    except ValidationError as error:
        raise project.explained(error, f"{opened.path}, photos", PhotoEntry) from error
    names = [one.name for one in content.photos]
    if made.name in names:
        content.photos[names.index(made.name)] = made
    else:
        content.photos.append(made)
    project.write(opened.path, content)
    return load(opened.path)


def with_plot(opened: Project, entry: dict[str, Any]) -> Project:
    """The project with a building plot, written to its file; one of the same name is replaced. Raises InputProblem for a value that is not
    allowed."""
    content = opened.file.model_copy(deep=True)
    try:
        made = BuildingPlotEntry.model_validate(entry)
    except ValidationError as error:
        raise project.explained(error, f"{opened.path}, building_plots", BuildingPlotEntry) from error
    names = [one.name for one in content.building_plots]
    if made.name in names:
        content.building_plots[names.index(made.name)] = made
    else:
        content.building_plots.append(made)
    project.write(opened.path, content)
    return load(opened.path)


def without_view(opened: Project, kind: str, index: int) -> Project:
    """The project without one of its `viewpoints`, `axes`, `landmarks` or `cameras`, written to its file. Raises InputProblem, also for a
    camera that a picture or film still goes by."""
    content = opened.file.model_copy(deep=True)
    there = getattr(content, kind)
    if not 0 <= index < len(there):
        raise InputProblem(opened.path, f"it has no entry {index + 1} under {kind}", "Look at the list again")
    if kind == "cameras":
        users = [user.name for user in (*content.pictures, *content.films) if user.camera == there[index].name]
        if users:
            what = f"the camera {there[index].name} is that of {', '.join(users)}"
            raise InputProblem(opened.path, what, "Give these another camera first")
    del there[index]
    project.write(opened.path, content)
    return load(opened.path)


def run(
    opened: Project,
    *,
    only: Sequence[str] = (),
    pictures: Sequence[PictureEntry] | None = None,
    sheets: Sequence[SheetEntry] | None = None,
    films: Sequence[FilmEntry] | None = None,
    chosen: Callable[[str, str], bool] = lambda _stem, _variant: True,
    arrived: Callable[[Path], None] = lambda _path: None,
    out: Path | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Do the project's steps (all, or those named) and write report.json; returns its content.

    pictures, sheets, films : instead of the project's own. chosen : whether an analysis (stem of its files, id of the variant) is wanted
    now. arrived : called with the .npz of each result as it is written. out : folder for results, pictures, .blend and report.
    Raises InputProblem, Cancelled. Finished parts are kept and not done again while their inputs stay the same.
    """
    steps = [step for step in STEPS if not only or step in only]
    out = (out or opened.folder).resolve()
    total = sum(WEIGHTS[step] for step in steps)
    begun = 0.0

    def part(step: str) -> Progress:
        nonlocal begun
        start, begun = begun, begun + WEIGHTS[step]
        return lambda share, what: progress((start + share * WEIGHTS[step]) / total, what)

    read = imported.imported(opened.file, opened.folder, part("import") if "import" in steps else no_progress)
    work = Work(opened, read, out)
    try:
        if "analyses" in steps:
            work.analyse(part("analyses"), chosen, arrived)
            work.find()
        if "sheets" in steps:
            work.draw(opened.file.sheets if sheets is None else sheets, part("sheets"))
        if "scene" in steps:
            work.save_scene(part("scene"))
        if "pictures" in steps:
            work.render(opened.file.pictures if pictures is None else pictures, part("pictures"))
        if "films" in steps:
            work.film(opened.file.films if films is None else films, part("films"))
    finally:  # what was finished before a stop or a slip is told too
        report = work.report()
        write_text(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1))
    progress(1.0, "done")
    return report


# What the demo shows of each preset: small and quick, so that all of them are seen in a minute.
_SHOWN = (
    ("still", "blockrand"), ("aerial", "zeilen"), ("eye", "punkthaeuser"), ("plan", "blockrand"), ("panorama", "zeilen"),
    ("white", "punkthaeuser"),
    ("night", "blockrand"), ("lines", "zeilen"), ("result", "blockrand"), ("before-after", "zeilen"), ("variants", "bestand"),
)  # fmt: skip


def contact_sheet(opened: Project, *, progress: Progress = no_progress) -> Path:
    """One sheet with a small picture of each preset, of the sample whose sun hours are there. Raises InputProblem, Cancelled."""
    entries = []
    for name, variant in _SHOWN:
        preset = render_presets.load(name)
        wide = 800 if preset.layout == "single" else 480
        sun = f"sun-hours-2025-03-21-ground-{variant}" if preset.look == "map" else None
        size = {"width": wide, "height": round(wide * preset.height / preset.width), "samples": min(preset.samples, 5)}
        entries.append(PictureEntry.model_validate({"name": f"Vorlage {name}", "preset": name, "variant": variant, "result": sun, **size}))
    run(opened, only=("pictures",), pictures=entries, progress=progress)
    named = [(render_presets.load(entry.preset).title, opened.folder / "pictures" / f"{slug(entry.name)}.png") for entry in entries]
    target = opened.folder / sheet_of_presets.NAME
    sheet_of_presets.write(named, target)
    return target


def export(opened: Project, variant: str, kind: str, path: Path, *, progress: Progress = no_progress) -> Report:
    """Write the town as a variant would have it. variant : its id. kind : one of `exporting.FORMATS`.

    Returns how many buildings were written, and what could not be written as it is. Raises InputProblem, Cancelled.
    """
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.5 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    name = f"{opened.file.project.name}: {applied.variant.name}"
    report = exporting.export(applied, path, kind, name=name, progress=lambda share, what: progress(0.5 + 0.5 * share, what))
    report.problems = [*applied.problems, *report.problems]
    return report


@dataclass(frozen=True)
class Comparison:
    """rows : of key figures. findings : of all rules, balances : of the land, parcel by parcel, by the id of the variant. variants : by id,
    in the order of the project. law, assumptions : what was reckoned by, source : of the data, in words."""

    rows: list[comparing.Row]
    findings: dict[str, list[rules.Finding]]
    balances: dict[str, list[land_balance.Balance]]
    origin: Origin
    variants: dict[str, Variant]
    law: str
    assumptions: str
    source: str
    problems: list[Problem]

    def write_workbook(self, path: Path) -> None:
        """All of it as XLSX."""
        said = {"law": self.law, "assumptions": self.assumptions, "source": self.source}
        workbook.write(path, self.rows, self.findings, self.balances, self.variants, self.origin, **said)


def compare(opened: Project, base: str, *, progress: Progress = no_progress) -> Comparison:
    """The key figures of all variants of a project beside those of one, the base. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.6 * share, what))
    return compared(Work(opened, read, opened.folder), base, progress=stretch(progress, 0.6, 1.0))


def compared(work: Work, base: str, *, progress: Progress = no_progress) -> Comparison:
    """The same for a project that is read already."""
    opened, (law, given) = work.project, profiles.reckoned_by(work.project.file)
    work.known(base)
    found, findings, balances, problems = {}, {}, {}, []
    land = shapely.union_all([metrics.touched(work.site, variant) for variant in work.variants.values()])
    for number, (name, variant) in enumerate(work.variants.items()):
        progress(number / len(work.variants), "key figures")
        applied = work.applied[name]
        problems += applied.problems
        plots = building_plots(work.site, variant, opened.file.building_plots)
        bodies = metrics.bodies_of(applied, law, given)
        found[name] = metrics.sheets(applied, plots, law, given, land, bodies)
        findings[name] = rules.findings(applied, plots, law, given, found[name], bodies)
        balances[name] = land_balance.balance(work.site, variant, plots)
    progress(1.0, "done")
    table = comparing.rows(found, base)
    origin, source = work.site.origin, work.site.source
    return Comparison(table, findings, balances, origin, work.variants, law.name, given.source, source, problems)


def merge(
    opened: Project,
    theirs: Path,
    base: Path | None,
    choices: Mapping[str, merging.Side],
    *,
    undecided: merging.Side | None = None,
    write: bool = True,
    progress: Progress = no_progress,
) -> tuple[merging.Merged, list[merging.Conflict], list[Path]]:
    """Somebody else's variants put together with a project's, in its folder. theirs, base : a project folder, a folder of .geojson files,
    or one file; of a single file the project's other variants stay as they are. choices : by the keys of conflicts. undecided : what else
    holds; None: then nothing is written. write : False: nothing is. Returns what was merged, the conflicts left, and the files written or
    moved. Raises InputProblem, Cancelled."""
    at = imported.imported(opened.file, opened.folder, progress).site.origin
    own = [variant for _, variant in variant_folder.read(opened.folder, opened.file, at).values()]
    other = variant_folder.read_any(theirs, at)
    before = None if base is None else variant_folder.read_any(base, at)
    touched = {one.id for one in other} if theirs.suffix == ".geojson" else {one.id for one in (*own, *other)}
    mine = [one for one in own if one.id in touched]
    before = None if before is None else [one for one in before if one.id in touched]
    made = merging.merge(mine, other, before, choices)
    unknown = set(choices) - {one.key for one in made.conflicts}
    if unknown:
        known = ", ".join(one.key for one in made.conflicts) or "none"
        raise InputProblem("merge", f"there is no conflict called {min(unknown)}", f"Known: {known}")
    left = [one for one in made.conflicts if one.key not in choices]
    if left and undecided is not None:
        made = merging.merge(mine, other, before, {**choices, **{one.key: undecided for one in left}})
        left = []
    if left or not write:
        return made, left, []
    wanted = [*(one for one in own if one.id not in touched), *made.variants]
    written = variant_folder.write(opened.folder, opened.file, at, wanted)
    file = variant_folder.with_files(opened.file, opened.folder, written)
    if file != opened.file:
        project.write(opened.path, file)
        written.append(opened.path)
    return made, left, written


@dataclass(frozen=True)
class Placed:
    """A model that was placed: the block it stands in for, how well the points fit, what was measured, and the file written."""

    block: Block
    fit: stand_in.Fit
    measured: stand_in.Measured
    file: Path


def place(
    opened: Project,
    model: Path,
    variant: str,
    where: Sequence[Sequence[float]],
    *,
    at: Sequence[Sequence[float]] = (),
    turn: float = 0.0,
    scale: float | None = 1.0,
    up: Up = "",
    storeys: int | None = None,
    floor_area: float | None = None,
    instead: str = "",
    progress: Progress = no_progress,
) -> Placed:
    """Let an architect's model stand in for a block of a variant; its file is copied into the project.

    where : places in the project's CRS (E, N or E, N, height): of the points `at` of the model, or one, of its zero; then it is turned by
    `turn` (degrees counter-clockwise) and scaled. scale : metres for each unit, None: as the points say. instead : id of the block that it
    stands in for, "": a new one. Raises InputProblem.
    """
    origin = imported.imported(opened.file, opened.folder, progress).site.origin
    there = variant_folder.read(opened.folder, opened.file, origin)
    if variant not in there:
        raise InputProblem(opened.path, f"there is no variant called {variant}", f"Known: {', '.join(there) or 'none'}")
    old = there[variant][1]
    if instead and instead not in {one.id for one in old.blocks}:
        known = ", ".join(one.id for one in old.blocks) or "none"
        raise InputProblem(f"variant {variant}", f"there is no block called {instead}", f"Known: {known}")
    name = next((one.name for one in old.blocks if one.id == instead), "") or model.stem
    own = stand_in.kept(model, opened.folder, up)
    found = stand_in.measured(str(model), stand_in.mesh_of(own))
    places = np.array(where, np.float64)
    places[:, :2] = origin.to_local(places[:, :2])
    fit = stand_in.placed(places, np.array(at, np.float64) if len(at) else None, turn, scale)
    number = instead or variant_folder.free_id(old, slug(model.stem))
    block = stand_in.as_block(own, fit, found, storeys=storeys, floor_area=floor_area, name=name)
    blocks = stand_in.in_place(old.blocks, replace(block, id=number), instead)
    [file] = variant_folder.write(
        opened.folder, opened.file, origin, [replace(one, blocks=blocks) if one.id == variant else one for _, one in there.values()]
    )
    return Placed(next(one for one in blocks if one.id == number), fit, found, file)


def surroundings(
    opened: Project, variant: str, settings: Surroundings, out: Path | None, *, progress: Progress = no_progress
) -> tuple[neighbours.Neighbourhood, list[Path]]:
    """The neighbours of a variant, ranked. out : folder for list and maps, None: nothing is written; its files are named as `run` names
    them. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.7 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    progress(0.8, "neighbours")
    found = found_around(applied, settings)
    files = [] if out is None else write_files(applied, found, out / f"{slug(settings.stem)}-{slug(variant)}")
    progress(1.0, "done")
    return found, files


def envelopes(
    opened: Project,
    variant: str,
    plots: Sequence[str],
    places: Sequence[tuple[float, float]],
    *,
    storey: float = 3.0,
    small: bool = False,
    progress: Progress = no_progress,
) -> list[tuple[BuildingPlot, envelope.Envelope]]:
    """The largest bodies that the rules allow. plots : names of building plots; places : in the project's CRS, on a plot, parcel or plan
    area; without either all building plots. storey, small : see `envelope`. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.8 * share, what))
    work = Work(opened, read, opened.folder)
    applied = apply(work.site, work.variants[work.known(variant)])
    law, _ = profiles.reckoned_by(opened.file)
    known = {plot.name: plot for plot in building_plots(work.site, applied.variant, opened.file.building_plots)}
    for name in plots:
        if name not in known:
            raise InputProblem(opened.path, f"there is no building plot called {name}", f"Known: {', '.join(known) or 'none'}")
    wanted = [known[name] for name in plots]
    for place in places:
        x, y = work.site.origin.to_local(np.array(place)).tolist()
        wanted.append(plot_at(work.site, applied.variant, list(known.values()), x, y))
    if not plots and not places:
        wanted = list(known.values())
        if not wanted:
            raise InputProblem(opened.path, "the project names no building plots", "Add [[building_plots]], or name a place")
    found = [(plot, envelope.envelope(applied, plot, law.clearance, storey=storey, small=small)) for plot in wanted]
    progress(1.0, "done")
    return found


@dataclass(frozen=True)
class _Job:
    """One analysis for one variant. name : under which it is remembered. key : hash of all that goes in."""

    entry: AnalysisEntry
    settings: Settings
    variant: str
    base: str
    name: str
    key: str


class Work:
    """One run of one project: the site, its variants, and what has been made so far (kept in made.json)."""

    def __init__(self, opened: Project, read: imported.Imported, out: Path) -> None:
        self.project, self.read, self.out = opened, read, out
        self.site = read.site
        self.site_hash = store.site_hash(self.site)
        self.looks_hash = store.looks_hash(self.site)
        self.data = opened.folder / imported.FOLDER
        paths = project.files_named(opened.folder, opened.file.variants.files, "variants", needed=False)
        self.variant_files = [str(path) for path in paths]
        self.variants = self._variants(paths)
        self.jobs = self._jobs()
        self._index = out / "made.json"
        self.made: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []
        if self._index.is_file():
            try:
                made = json.loads(self._index.read_text(encoding="utf-8"))
                self.made = {name: entry for name, entry in made.items() if {"key", "kind", "files"} <= set(entry)}
            except (ValueError, AttributeError, TypeError):
                self.made = {}  # a damaged index costs work, not results

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

    def _jobs(self) -> list[_Job]:
        jobs = []
        for entry, asked in zip(self.project.file.analyses, self.project.settings, strict=True):
            settings = asked.located(self.project.folder, self.site.origin)
            for name in entry.variants if entry.variants is not None else list(self.variants):
                self.known(name)
                base = self.known(entry.compare_with) if entry.compare_with and entry.compare_with != name else ""
                stem = slug(entry.name or settings.stem)
                key = self._key([name, base], "analysis", entry.kind, stem, settings.model_dump(mode="json"))
                jobs.append(_Job(entry, settings, name, base, f"analysis {stem} {name}", key))
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

    def _of(self, variant: str, keep: Path | None = None) -> Obstacles:
        """The obstacles of a variant. keep : where finished pieces of a long analysis are kept."""
        return replace(Obstacles.of(self.applied[variant], self._context), keep=keep)

    def _is_made(self, name: str, key: str) -> bool:
        entry = self.made.get(name)
        return entry is not None and entry["key"] == key and all((self.out / path).is_file() for path in entry["files"])

    def _remember(self, name: str, key: str, kind: str, files: Sequence[Path], **more: Any) -> None:
        relative = [path.relative_to(self.out).as_posix() for path in files]
        self.made[name] = {"key": key, "kind": kind, "files": relative, **more}
        write_text(self._index, json.dumps(self.made, ensure_ascii=False, indent=1))

    def analyse(self, progress: Progress, chosen: Callable[[str, str], bool], arrived: Callable[[Path], None]) -> None:
        """Every chosen analysis for every variant it asks for; results as npz, GeoTIFF, CSV, GeoJSON and a flat map."""
        jobs = [job for job in self.jobs if chosen(slug(job.entry.name or job.settings.stem), job.variant)]
        for number, job in enumerate(jobs):
            kind = analyses.REGISTRY[job.entry.kind]
            title = f"{kind.title}: {self.variants[job.variant].name}"
            progress(number / len(jobs), title)
            if self._is_made(job.name, job.key):
                continue
            part = lambda share, what, number=number, title=title: progress((number + share) / len(jobs), f"{title}: {what}")  # noqa: E731
            progress(number / len(jobs), f"{title}: preparing")
            base = self._of(job.base) if job.base else None
            stem = slug(job.entry.name or job.settings.stem)
            pieces = self.out / "results" / ".unfinished" / job.key[:16]
            planned = self._of(job.variant, pieces)
            results = kind.run(planned, job.settings, base=base, progress=part)
            files, shown = [], []
            for result in results:
                result.inputs = {"site": self.site_hash, "variant": store.variant_hash(self.variants[job.variant])}
                if job.base:
                    result.inputs["base"] = store.variant_hash(self.variants[job.base])
                result.source = self.site.source
                written = self._write(result, stem)
                files += written
                arrived(written[0])
                shown.append(
                    {"name": written[0].stem, "title": result.title, "unit": result.unit, "method": result.method, **result.summary()}
                )
            if kind.more is not None:
                files += kind.more(planned, job.settings, self.out / "results" / f"{stem}-{slug(job.variant)}", town_before=base)
            self._remember(job.name, job.key, "result", files, variant=job.variant, analysis=job.entry.kind, results=shown)
            shutil.rmtree(pieces, ignore_errors=True)

    def _write(self, result: Result, stem: str) -> list[Path]:
        base = self.out / "results" / f"{stem}-{slug(result.name)}-{slug(result.variant)}"
        paths = {ending: base.with_name(base.name + ending) for ending in (".npz", ".csv", ".geojson", ".tif", ".png")}
        store.save_result(result, paths[".npz"])
        applied = self.applied[result.variant]
        blocks = [block.id for block in applied.variant.blocks]
        result.write_csv(paths[".csv"], self.site.city.building_id, blocks)
        result.write_geojson(paths[".geojson"], self.site.city.building_id, blocks)
        made = [paths[ending] for ending in (".npz", ".csv", ".geojson")]
        if isinstance(result.support, Grid):
            result.write_geotiff(paths[".tif"])
            made.append(paths[".tif"])
        if not isinstance(result.support, Faces):
            maps.write(result, paths[".png"], applied)
            made.append(paths[".png"])
        return made

    def draw(self, sheets: Sequence[SheetEntry], progress: Progress) -> None:
        """The sheets that are not there yet, as PDF and SVG."""
        named = making.Named(self.project.file.project.name, self.project.file.project.author, self.site.source)
        for number, sheet in enumerate(sheets):
            progress(number / len(sheets), sheet.name)
            if self._is_made(f"sheet {sheet.name}", self._sheet_key(sheet)):
                continue
            where = f"{self.project.path}, sheet {sheet.name}"
            applied = self.applied[self.known(sheet.variant)]
            page = making.made(applied, sheet, named, where, self._moments(sheet, where, progress))
            files = [self.out / "sheets" / f"{slug(sheet.name)}.{ending}" for ending in sheet.formats]
            for path in files:
                if path.suffix == ".pdf":
                    pdf.write([page], path)
                else:
                    svg.write(page, path)
            own = sheet not in self.project.file.sheets
            self._remember(f"sheet {sheet.name}", self._sheet_key(sheet), "sheet", files, variant=sheet.variant, own=own)

    def _moments(self, sheet: SheetEntry, where: str, progress: Progress) -> list[Moment]:
        """What a shadow study draws; nothing for other sheets."""
        if sheet.kind != "shadow-study":
            return []
        base = self._of(NULL_VARIANT.id) if sheet.variant != NULL_VARIANT.id else None
        planned = self._of(sheet.variant)
        box = making.shadow_box(planned.applied, sheet, where)
        found = ground_shadows(
            planned,
            base,
            box,
            max(0.5, (box[2] - box[0]) / 400),
            sheet.dates,
            sheet.hours,
            time_zone=self.project.whole.place.time_zone,
            trees=sheet.trees == "opaque",
            progress=progress,
        )
        before = [None if one.before is None else polygons(one.grid, one.before) for one in found]
        return [Moment(one.words, one.elevation, polygons(one.grid, one.dark), past) for one, past in zip(found, before, strict=True)]

    def _sheet_key(self, sheet: SheetEntry) -> str:
        file = self.project.file
        return self._key([self.known(sheet.variant)], "sheet", sheet.model_dump(mode="json"), file.project.model_dump(), self.looks_hash)

    @property
    def _blend(self) -> Path:
        return self.out / f"{slug(self.project.file.project.name)}.blend"

    def _scene_key(self) -> str:
        results = [hash_file(result) for result in self._result_files()]
        return self._key(sorted(self.variants), "scene", self._blend.name, results, self.looks_hash)

    def save_scene(self, progress: Progress) -> None:
        """The .blend with the site, all variants and the results that are true."""
        key = self._scene_key()
        if self._is_made("scene", key) or self._edited():
            return
        results = [str(result) for result in self._result_files()]
        zone = self.project.whole.place.time_zone
        scene_job.run(scene_job.Job(str(self.data), self.variant_files, zone, str(self._blend), results), progress)
        self._remember("scene", key, "scene", [self._blend], hash=hash_file(self._blend))

    def _edited(self) -> bool:
        """Whether the .blend is no longer the one that was made here: a planner has saved work in it, which is never overwritten."""
        if not self._blend.is_file() or hash_file(self._blend) == self.made.get("scene", {}).get("hash"):
            return False
        sentence = "it was saved in Blender since it was made and stays as it is; open it there to see what has changed"
        self.problems.append(Problem("blend-kept", str(self._blend), "", sentence))
        return True

    def render(self, pictures: Sequence[PictureEntry], progress: Progress) -> None:
        """The pictures that are not there yet, all in one child process that reports as each is finished."""
        due: dict[Path, tuple[str, PictureEntry]] = {}
        for picture in pictures:
            path = self.out / "pictures" / f"{slug(picture.name)}.png"
            key = self._picture_key(picture)
            if not self._is_made(f"picture {picture.name}", key):
                due[path] = (key, picture)
        if not due:
            return

        def finished(path: Path) -> None:
            key, picture = due[path]
            own = picture not in self.project.file.pictures
            files = [path, path.with_suffix(".json")]
            self._remember(f"picture {picture.name}", key, "picture", files, variant=picture.variant, preset=picture.preset, own=own)

        wanted = [self._picture(path, key, picture) for path, (key, picture) in due.items()]
        for _key, picture in due.values():
            self._look_around(picture)
        zone = self.project.whole.place.time_zone
        scene_job.run(scene_job.Job(str(self.data), self.variant_files, zone, pictures=wanted), progress, finished)

    def _look_around(self, picture: PictureEntry) -> None:
        """Note where the named camera of a picture, or that of its photo, stands in a house or block: it will see nothing but walls."""
        camera, photo = self.project.camera(picture), self.project.photo(picture)
        if camera is not None:
            named, eye = camera.name, cameras.eye_and_target(camera, self.site)[0]
        elif photo is not None:
            named, eye = photo.name, solved_photo(self.project, self.site, photo)[0].eye
        else:
            return
        for name in self._shown_in(picture):
            found = cameras.inside(self.applied[name], eye)
            if found:
                sentence = f"the camera {named} stands inside {found}, in the variant {name}"
                self.problems.append(Problem("camera-inside", str(self.project.path), picture.name, sentence))

    def _shown_in(self, picture: PictureEntry) -> list[str]:
        """The variants in a picture."""
        layout = self.project.preset(picture).layout
        return (
            list(self.variants)
            if layout == "variants"
            else [*dict.fromkeys(([NULL_VARIANT.id] if layout != "single" else []) + [picture.variant])]
        )

    def film(self, films: Sequence[FilmEntry], progress: Progress) -> None:
        """The films that are not there yet. Frames first, each kept as soon as it is whole, then encoded: a run that was stopped renders
        none of them again, and changed settings only those that they change."""
        for number, film in enumerate(films):
            part = lambda share, what, number=number: progress((number + share) / len(films), what)  # noqa: E731
            key = self._film_key(film)
            if not self._is_made(f"film {film.name}", key):
                self._film(film, key, part)

    def _film(self, film: FilmEntry, key: str, progress: Progress) -> None:
        folder = self.out / "films" / slug(film.name)
        frames, order = self._frames(film)
        paths = [folder / f"{number + 1:05d}.png" for number in range(len(frames))]
        keys = [self._picture_key(entry) for entry in frames]
        due = [number for number, path in enumerate(paths) if not _has_inputs(path, keys[number]) or (number == 0 and not _words_of(path))]
        zone = self.project.whole.place.time_zone
        if due:
            there = len(frames) - len(due)
            rendering: Progress = lambda share, _what: progress(  # noqa: E731
                0.95 * share, f"{film.name}: {there + int(share * len(due))} of {len(frames)} frames"
            )
            wanted = [replace(self._picture(paths[number], keys[number], frames[number]), of_a_film=number > 0) for number in due]
            scene_job.run(scene_job.Job(str(self.data), self.variant_files, zone, pictures=wanted), rendering)
        targets = [folder.with_suffix(ending) for ending in (".mp4", ".webm")]
        encoded = [scene_job.Film([str(paths[number]) for number in order], str(target), film.fps) for target in targets]
        scene_job.run(scene_job.Job("", [], zone, films=encoded), lambda share, what: progress(0.95 + 0.05 * share, what))
        title = film.title or self.project.file.project.name
        shots, _ = filming.shots(film, self._azimuth(film))
        poster, words, beside = (folder.with_suffix(ending) for ending in (".png", ".vtt", ".json"))
        with written_beside(poster) as copy:
            shutil.copyfile(paths[order[len(order) // 2]], copy)
        write_text(words, filming.subtitles(film, title, shots, order))
        said = json.loads(_words_of(paths[0]))
        said |= {"title": title, "alternative_text": filming.in_words(film, title, said["alternative_text"]), "inputs": key}
        said |= {"film": film.model_dump(mode="json"), "seconds": len(order) / film.fps, "frames": len(order)}
        write_text(beside, json.dumps(said, ensure_ascii=False, indent=1))
        own = film not in self.project.file.films
        self._remember(f"film {film.name}", key, "film", [*targets, poster, words, beside], variant=film.variant, own=own)

    def _azimuth(self, film: FilmEntry) -> float:
        own = film.view.azimuth if film.view else None
        return own if own is not None else self.project.preset(self._frame(film, film.time, film.view)).camera.azimuth

    def _frames(self, film: FilmEntry) -> tuple[list[PictureEntry], list[int]]:
        """Its pictures, each once, and which of them each frame shows."""
        shots, order = filming.shots(film, self._azimuth(film))
        return [self._frame(film, shot.time, shot.view) for shot in shots], order

    def _frame(self, film: FilmEntry, time: str, view: View | None) -> PictureEntry:
        own = {name: value for name in ("width", "height", "samples") if (value := getattr(film, name)) is not None}
        given = {"preset": film.preset_name, "variant": film.variant, "title": film.title, "date": film.date, "time": time, "view": view}
        given["camera"] = film.camera
        return PictureEntry.model_validate({"name": film.name, **given, **own})

    def _film_key(self, film: FilmEntry) -> str:
        frames, order = self._frames(film)
        return hashlib.sha256("".join([*map(self._picture_key, frames), str(order), film.model_dump_json()]).encode()).hexdigest()

    def _picture_key(self, picture: PictureEntry) -> str:
        result = self._result_of(picture)
        shown = hash_file(result) if result else ""
        preset = self.project.preset(picture).model_dump(mode="json")
        title = self.project.file.project.name
        self.known(picture.variant)
        parts = list(self.variants) if self.project.preset(picture).layout == "variants" else [NULL_VARIANT.id, picture.variant]
        camera = found.model_dump(mode="json") if (found := self.project.camera(picture)) else {}
        if photo := self.project.photo(picture):
            camera = photo.model_dump(mode="json") | {"hash": hash_file(_there(self.project, photo))}
        return self._key(
            parts,
            "picture",
            picture.model_dump(mode="json", exclude={"set"}),
            preset,
            camera,
            shown,
            title,
            self.looks_hash,
            *self._design_key,
        )

    @cached_property
    def _design_key(self) -> list[Any]:
        design = self.project.design
        return [design.model_dump(), *(hash_file(Path(name)) for name in (design.logo, design.font) if name)] if design != Design() else []

    def _picture(self, path: Path, key: str, picture: PictureEntry) -> scene_job.Picture:
        preset = self.project.preset(picture)
        own = {name: value for name in ("width", "height", "samples") if (value := getattr(picture, name)) is not None}
        photo, date, time = {}, str(picture.date), picture.time
        if entry := self.project.photo(picture):
            found, day, time = solved_photo(self.project, self.site, entry)
            error = f"{in_german(found.pixels, 1)} Pixel ({in_german(found.metres, 2)} m)"
            photo = {
                "file": str(_there(self.project, entry)),
                "size": list(found.size),
                "eye": found.eye.tolist(),
                "rotation": found.rotation.tolist(),
                "focal": found.focal,
                "pixels": found.pixels,
                "metres": found.metres,
                "words": f"Kamera aus {len(found.errors)} Punkten im Foto, Abweichung {error}",
            }
            date = str(day)
        return scene_job.Picture(
            out=str(path),
            title=picture.title or self.project.file.project.name,
            variant=picture.variant,
            preset=preset.model_copy(update=own).model_dump(mode="json"),
            date=date,
            time=time,
            basis=picture.basis,
            view=picture.view.model_dump(exclude_none=True) if picture.view else {},
            camera=camera.model_dump(mode="json") if (camera := self.project.camera(picture)) else {},
            photo=photo,
            design=self.project.design.model_dump(),
            trees=picture.trees,
            result=str(self._result_of(picture) or ""),
            inputs=key,
        )

    def _key(self, variants: Sequence[str], *parts: Any) -> str:
        """Hash of everything that a product depends on: these parts and variants, site, place, licence line, program version."""
        hashes = {name: [store.variant_hash(one), one.name, one.colour] for name in variants if name and (one := self.variants[name])}
        text = json.dumps(
            [parts, self.site_hash, hashes, self.project.file.place.model_dump(), self.site.source, version()], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _result_files(self, variant: str = "") -> list[Path]:
        """The results, of all variants or of one, that the project asks for and that are true."""
        made = [self.made[job.name] for job in self.jobs if variant in ("", job.variant) and self._is_made(job.name, job.key)]
        return [self.out / path for entry in made for path in entry["files"] if path.endswith(".npz")]

    def _result_of(self, picture: PictureEntry) -> Path | None:
        """The result that a picture shows; it must be one of the picture's variant."""
        if not picture.result:
            if self.project.preset(picture).look == "map":
                raise InputProblem(
                    f"{self.project.path}, picture {picture.name}",
                    "its preset shows a result, none is named",
                    "Name one: result = …, or --result",
                )
            return None
        found = {path.stem: path for path in self._result_files(picture.variant)}
        if picture.result not in found:
            where = f"{self.project.path}, picture {picture.name}"
            known = ", ".join(sorted(found)) or "none yet: run the analyses first"
            raise InputProblem(where, f"there is no result {picture.result} of the variant {picture.variant}", f"Known: {known}")
        return found[picture.result]

    def _true_products(self) -> dict[str, dict[str, Any]]:
        """What stands in the output folder and is as the project asks for it now; pictures of their own too, as long as they exist."""
        keys = {job.name: job.key for job in self.jobs} | {"scene": self._scene_key()}
        for picture in self.project.file.pictures:
            with suppress(InputProblem):  # its result may not be there yet
                keys[f"picture {picture.name}"] = self._picture_key(picture)
        for film in self.project.file.films:
            with suppress(InputProblem):
                keys[f"film {film.name}"] = self._film_key(film)
        keys |= {f"sheet {sheet.name}": self._sheet_key(sheet) for sheet in self.project.file.sheets}
        own = {name: entry["key"] for name, entry in self.made.items() if entry.get("own")}
        return {name: self.made[name] for name, key in (own | keys).items() if self._is_made(name, key)}

    def _left(self) -> list[str]:
        """Files of earlier runs that the project no longer asks for, or that are no longer true."""
        true = {path for entry in self._true_products().values() for path in entry["files"]}
        made = sorted({path for entry in self.made.values() for path in entry["files"]} - true)
        return [str(self.out / path) for path in made if (self.out / path).is_file()]

    def find(self) -> None:
        """What the rules find in each variant that has blocks; reckoned again only where something that goes in has changed."""
        law, given = profiles.reckoned_by(self.project.file)
        for name, key in self._findings_keys().items():
            if not self._is_made(f"findings {name}", key):
                plots = building_plots(self.site, self.variants[name], self.project.file.building_plots)
                found = rules.of_variant(self.applied[name], plots, law, given)
                self._remember(f"findings {name}", key, "findings", [], found=comparing.findings_as_dicts(found, self.site.origin))

    def _findings_keys(self) -> dict[str, str]:
        law, given = profiles.reckoned_by(self.project.file)
        plots = [plot.model_dump(mode="json") for plot in self.project.file.building_plots]
        asked = [plots, asdict(law), given.model_dump(mode="json")]
        return {name: self._key([name], "findings", asked) for name, one in self.variants.items() if one.blocks}

    def report(self) -> dict[str, Any]:
        """Everything needed to understand and repeat this run; the content of report.json."""
        read = self.read.report
        problems: list[Problem] = [*read.problems, *self.problems, *(problem for one in self.applied.values() for problem in one.problems)]
        lock = ROOT / "locks" / f"cp3{platform.python_version_tuple()[1]}.txt"
        return {
            "schema": REPORT_SCHEMA,
            "program": {"version": version(), "python": platform.python_version(), "libraries": library_versions()},
            "lock": hash_file(lock) if lock.is_file() else "",
            "project": str(self.project.path),
            "report": str(self.out / "report.json"),
            "settings": self.project.whole.model_dump(mode="json", by_alias=True),
            "profile": {"name": self.project.file.place.profile, "supplied": profiles.supplied(self.project.file)},
            "inputs": self.read.inputs,
            "site": {"hash": self.site_hash, "origin": asdict(self.site.origin), "grid_convergence": self.site.origin.grid_convergence},
            "read": {**read.as_dict(), "problems": len(read.problems)},
            "variants": {
                name: {"name": one.name, "blocks": len(one.blocks), "removed": len(one.removed), "hash": store.variant_hash(one)}
                for name, one in self.variants.items()
            },
            "findings": {
                name: self.made[f"findings {name}"]["found"]
                for name, key in self._findings_keys().items()
                if self._is_made(f"findings {name}", key)
            },
            "problems": [asdict(problem) for problem in problems],
            "left": self._left(),
            "made": [
                {
                    "name": name,
                    "path": str(self.out / path),
                    **{key: entry[key] for key in entry if key not in ("key", "files", "own", "hash")},
                }
                for name, entry in self._true_products().items()
                for path in entry["files"]
            ],
        }


def _there(opened: Project, photo: PhotoEntry) -> Path:
    path = opened.folder / photo.file
    if not path.is_file():
        raise InputProblem(f"photo {photo.name}", f"there is no file {path}", "Put it there, or name another under [[photos]]")
    return path


def solved_photo(opened: Project, site: Site, photo: PhotoEntry) -> tuple[photo_camera.Solved, dt.date, str]:
    """The camera that took a photo of the project, and the day and clock time of the photo. Raises InputProblem."""
    size, day, clock, focal = photo_camera.taken(photo, _there(opened, photo))
    places = [
        [*at, one.height if one.height is not None else cameras.ground(site, at)]
        for one in photo.points
        for at in [np.asarray(site.origin.to_local(np.array(one.place, float)), float)]
    ]
    pixels = np.array([one.pixel for one in photo.points], float).reshape(-1, 2)
    return photo_camera.solved(f"photo {photo.name}", pixels, np.array(places, float).reshape(-1, 3), size, focal), day, clock


def _has_inputs(path: Path, key: str) -> bool:
    """Whether a picture is there, whole, and was made of these inputs."""
    try:
        with Image.open(path) as image:
            return bool(image.info.get("Inputs") == key)
    except (OSError, SyntaxError):
        return False


def _words_of(path: Path) -> str:
    """The file beside a picture, "" where there is none."""
    beside = path.with_suffix(".json")
    return beside.read_text(encoding="utf-8") if beside.is_file() else ""
