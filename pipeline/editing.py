"""What a project asks for and names, changed and written to its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..analyses.registry import REGISTRY
from ..jena_city import photo_clicks, project
from ..jena_city.baunvo import Edition
from ..jena_city.cameras import NamedCamera
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem
from ..jena_city.project import AnalysisEntry, BuildingPlotEntry, DeckEntry, FilmEntry, PhotoEntry, PictureEntry, PlanAreaEntry, ProjectFile
from ..jena_city.slips import explained
from ..jena_city.viewing import Axis, Landmark, Viewpoint
from .opening import Project, load, supplied


def with_analysis(opened: Project, kind: str, settings: dict[str, Any]) -> tuple[Project, str]:
    """The project asking for an analysis with these settings too, written to its file; and the stem of the analysis's files.

    One of the same kind and stem is replaced. Raises InputProblem for a setting that is not allowed.
    """
    model = REGISTRY[kind].settings
    try:
        checked = model.model_validate({**supplied(model, opened.file, opened.whole.place.time_zone), **settings})
    except ValidationError as error:
        raise explained(error, REGISTRY[kind].label, model) from error
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
            raise explained(error, f"{opened.path}, {kind}", model) from error
    project.write(opened.path, content)
    return load(opened.path)


def _taking(content: ProjectFile) -> list[PictureEntry | FilmEntry | DeckEntry]:
    """All that may go by a camera."""
    return [*content.pictures, *content.films, *content.decks]


def with_camera_named(opened: Project, old: str, new: str) -> Project:
    """The project with a camera renamed, in the pictures, films and slides that it takes too, written to its file. Raises InputProblem."""
    content = opened.file.model_copy(deep=True)
    names = [camera.name for camera in content.cameras]
    if old not in names:
        raise InputProblem(opened.path, f"there is no camera called {old}", f"Known: {', '.join(names) or 'none'}")
    if not new.strip() or (new != old and new in names):
        raise InputProblem(opened.path, f'a camera cannot be called "{new}"', "Give a name that no other camera has")
    at = names.index(old)
    content.cameras[at] = content.cameras[at].model_copy(update={"name": new.strip()})
    for user in _taking(content):
        if user.camera == old:
            user.camera = new.strip()
    project.write(opened.path, content)
    return load(opened.path)


def with_photo(opened: Project, path: Path, entry: dict[str, Any]) -> Project:
    """The project with a photo, written to its file; one that lies elsewhere is copied into its folder. What was said of the same photo is
    replaced, and pictures go by the new name. Raises InputProblem for what is not allowed, such as the name of another photo."""
    content = opened.file.model_copy(deep=True)
    try:
        made = PhotoEntry.model_validate({**entry, "file": photo_clicks.home(path, opened.folder)})
    except ValidationError as error:
        raise explained(error, f"{opened.path}, photos", PhotoEntry) from error
    there = content.photos
    at = next((index for index, one in enumerate(there) if one.file == made.file), len(there))
    if made.name in [one.name for one in (*there[:at], *there[at + 1 :])]:
        raise InputProblem(f"photo {made.name}", "the project has another photo of this name", "Give it another name")
    for picture in content.pictures:
        if at < len(there) and picture.photo == there[at].name:
            picture.photo = made.name
    there[at : at + 1] = [made]
    photo_clicks.keep(path, opened.folder)
    project.write(opened.path, content)
    return load(opened.path)


def with_plan_area(opened: Project, name: str, edition: Edition | None) -> Project:
    """The project saying which edition of the BauNVO a plan area is of, written to its file. edition : None: as the data says."""
    content = opened.file.model_copy(deep=True)
    content.plan_areas = [one for one in content.plan_areas if one.name != name]
    if edition is not None:
        content.plan_areas.append(PlanAreaEntry(name=name, edition=edition))
    project.write(opened.path, content)
    return load(opened.path)


def with_plot(opened: Project, entry: dict[str, Any]) -> Project:
    """The project with a building plot, written to its file; one of the same name is replaced. Raises InputProblem for a value that is not
    allowed."""
    content = opened.file.model_copy(deep=True)
    try:
        made = BuildingPlotEntry.model_validate(entry)
    except ValidationError as error:
        raise explained(error, f"{opened.path}, building_plots", BuildingPlotEntry) from error
    names = [one.name for one in content.building_plots]
    if made.name in names:
        content.building_plots[names.index(made.name)] = made
    else:
        content.building_plots.append(made)
    project.write(opened.path, content)
    return load(opened.path)


def without_view(opened: Project, kind: str, index: int) -> Project:
    """The project without one of its `viewpoints`, `axes`, `landmarks`, `cameras` or `photos`, written to its file. Raises InputProblem,
    also for a camera or photo that a picture, film or slides still go by."""
    content = opened.file.model_copy(deep=True)
    there = getattr(content, kind)
    if not 0 <= index < len(there):
        raise InputProblem(opened.path, f"it has no entry {index + 1} under {kind}", "Look at the list again")
    if kind == "cameras":
        named = [user.name for user in _taking(content) if user.camera == there[index].name]
        if named:
            what = f"the camera {there[index].name} is that of {', '.join(named)}"
            raise InputProblem(opened.path, what, "Give these another camera first")
    if kind == "photos" and (named := [picture.name for picture in content.pictures if picture.photo == there[index].name]):
        what = f"the photo {there[index].name} is that of {', '.join(named)}"
        raise InputProblem(opened.path, what, "Give these another photo first")
    del there[index]
    project.write(opened.path, content)
    return load(opened.path)
