"""A project opened: read and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from .. import render_presets
from ..analyses.registry import REGISTRY
from ..analyses.settings import Settings
from ..jena_city import cameras, photo_camera, profiles, project
from ..jena_city.cameras import NamedCamera
from ..jena_city.design import Design
from ..jena_city.design import load as load_design
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem
from ..jena_city.project import DeckEntry, FilmEntry, PhotoEntry, PictureEntry, ProjectFile, SheetEntry
from ..jena_city.site import Site
from ..jena_city.slips import explained
from ..jena_city.variant import NULL_VARIANT
from ..sheets.plan_page import DPI, Wish

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

    def captioned(self, picture: PictureEntry) -> bool:
        """Whether words stand below a picture. Raises InputProblem."""
        return self.preset(picture).caption if picture.caption is None else picture.caption

    def page(self, picture: PictureEntry) -> Wish | None:
        """The page of a picture that is a plan to scale, None for others. Raises InputProblem."""
        where = f"{self.path}, picture {picture.name}"
        if picture.scale is None:
            if picture.paper or picture.orientation or picture.dpi:
                raise InputProblem(where, "it has a paper or dpi, but no scale", "Add scale = 500, or take them out")
            return None
        preset = self.preset(picture)
        if preset.camera.kind != "plan" or preset.layout != "single":
            what = "it has a scale, but its preset shows no plan of one variant"
            raise InputProblem(where, what, "Take the scale out, or the preset plan")
        if picture.width or picture.height:
            what = "it has a width or height beside its scale"
            raise InputProblem(where, what, "Take them out: paper and dpi say how many pixels it has")
        asked = picture.scale, picture.paper, picture.orientation, picture.dpi or DPI
        wish = Wish(*asked, captioned=self.captioned(picture), lines=preset.look == "lines")
        wish.pages(where)
        return wish

    def picture_of(self, slides: DeckEntry) -> PictureEntry:
        """The picture of the Bestand that slides show; those of all variants are like it. Raises InputProblem."""
        asked = slides.model_dump(include={"preset", "camera", "date", "time", "trees", "width", "samples"})
        asked |= {"name": f"{slides.name} {NULL_VARIANT.id}", "height": round(slides.width * 9 / 16), "caption": False}
        picture = PictureEntry.model_validate(asked)
        preset = self.preset(picture)
        if preset.layout != "single" or preset.look == "map" or preset.camera.kind == "panorama":
            what = f"slides show each variant by itself, and the preset {slides.preset} does not"
            raise InputProblem(f"{self.path}, slides {slides.name}", what, "Choose still, aerial, eye, white, night or lines")
        self.camera(picture)
        return picture

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

    def decks_named(self, names: Sequence[str]) -> list[DeckEntry]:
        """The slides with these names, all when there are none; raises InputProblem for an unknown name."""
        known = {entry.name: entry for entry in self.file.decks}
        for name in names:
            if name not in known:
                raise InputProblem(self.path, f"there are no slides called {name}", f"Known: {', '.join(known) or 'none'}")
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
        if entry.kind not in REGISTRY:
            raise InputProblem(found, f'analyses.{number}.kind = "{entry.kind}" is unknown', f"Allowed: {', '.join(REGISTRY)}")
        model = REGISTRY[entry.kind].settings
        try:
            checked.append(model.model_validate({**supplied(model, content, place.time_zone), **entry.settings}))
        except ValidationError as error:
            raise explained(error, f"{found}, analyses.{number} ({entry.kind})", model) from error
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
        opened.page(picture)
    _all_different(found, [photo.name for photo in content.photos], "two photos would be called {}", "Rename one of them")
    opened.equal_sets()
    _ = opened.design  # whatever is wrong with it is said now
    _all_different(found, [slug(entry.name) for entry in content.decks], "two sets of slides would be called {}", "Rename one of them")
    for slides in content.decks:
        opened.picture_of(slides)
    for film in content.films:
        opened.camera(film)
        opened.preset(PictureEntry(name=film.name, preset=film.preset_name))
    return opened


def supplied(model: type[Settings], content: ProjectFile, time_zone: str) -> dict[str, Any]:
    """What a project says once for all of its analyses, as far as one asks for it."""
    known: dict[str, Any] = {"time_zone": time_zone, "viewpoints": content.viewpoints, "axes": content.axes, "landmarks": content.landmarks}
    if "assumptions" in model.from_project:
        known["assumptions"] = profiles.reckoned_by(content)[1]
    return {key: known[key] for key in model.from_project}


def _all_different(where: Path, names: Sequence[str], what: str, what_to_do: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputProblem(where, what.format(name), what_to_do)


def photo_file(opened: Project, photo: PhotoEntry) -> Path:
    path = opened.folder / photo.file
    if not path.is_file():
        raise InputProblem(f"photo {photo.name}", f"there is no file {path}", "Put it there, or name another under [[photos]]")
    return path


def solved_photo(opened: Project, site: Site, photo: PhotoEntry) -> tuple[photo_camera.Solved, dt.date, str]:
    """The camera that took a photo of the project, and the day and clock time of the photo. Raises InputProblem."""
    size, day, clock, focal = photo_camera.taken(photo, photo_file(opened, photo))
    places = [
        [*at, one.height if one.height is not None else cameras.ground(site, at)]
        for one in photo.points
        for at in [np.asarray(site.origin.to_local(np.array(one.place, float)), float)]
    ]
    pixels = np.array([one.pixel for one in photo.points], float).reshape(-1, 2)
    return photo_camera.solved(f"photo {photo.name}", pixels, np.array(places, float).reshape(-1, 3), size, focal), day, clock
