"""Where is looked from and at, as a project names it: viewpoints (a point, a path, an area), protected axes, landmarks. From its file, or
from a file of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field, model_validator

from .origin import Origin
from .problems import InputProblem, Report

Place = tuple[float, float]
"""East and north in the project's CRS, metres."""
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f]*$")]
EYE = 1.6  # metres, of somebody who stands


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Name = ""
    file: str = ""
    """vectors (GeoJSON and the like) that hold the places instead, each with its name; all else holds for all of them."""


class Viewpoint(_Named):
    """Where somebody looks from: a point, a path that is walked, or an area."""

    at: Place | None = None
    path: list[Place] = []
    area: list[Place] = []
    eye: float = Field(default=EYE, ge=0, le=1000)
    """metres above the ground."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Viewpoint:
        given = [self.at is not None, bool(self.path), bool(self.area), bool(self.file)]
        if sum(given) != 1:
            raise ValueError("give one of at, path, area and file")
        if self.path and len(self.path) < 2:
            raise ValueError("a path has two places or more")
        if self.area and not _polygon(self.area).is_valid:
            raise ValueError("an area has three places or more and does not cross itself")
        return self


class Axis(_Named):
    """A view that is to stay free: a corridor from where one stands to what is looked at."""

    start: Place | None = None
    end: Place | None = None
    width: float = Field(default=10.0, gt=0, le=1000)
    """metres, half of it to either side of the line."""
    eye: float = Field(default=EYE, ge=0, le=1000)
    """metres above the ground at the start."""
    target: float = Field(default=0.0, ge=0, le=1000)
    """metres above the ground at the end, from where on it is to be seen."""

    @model_validator(mode="after")
    def _has_two_ends(self) -> Axis:
        if not self.file and (self.start is None or self.end is None):
            raise ValueError("give start and end, or a file")
        if self.start is not None and self.end is not None and np.hypot(*np.subtract(self.start, self.end)) < 1.0:
            raise ValueError("start and end are less than a metre apart")
        return self


class Landmark(_Named):
    """What is looked at: a building by its id or by a place on it, or a pole of a height at a place."""

    building: str = ""
    """gml:id of a building, or id of a block."""
    at: Place | None = None
    height: float = Field(default=0.0, ge=0, le=2000)
    """metres above the ground, where no building stands at the place."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Landmark:
        if sum([bool(self.building), self.at is not None, bool(self.file)]) != 1:
            raise ValueError("give one of building, at and file")
        return self


One = TypeVar("One", bound=_Named)


def located(entries: Sequence[One], folder: Path, origin: Origin, word: str) -> list[One]:
    """The entries with those of files read from them, all with names, two of which are never the same. word : for those without a name.
    Raises InputProblem."""
    found: list[One] = []
    for entry in entries:
        found += _read(entry, folder / entry.file, origin) if entry.file else [entry]
    named: list[One] = []
    for number, entry in enumerate(found, 1):
        name = entry.name or f"{word} {number}"
        taken = {one.name for one in named}
        free = next(text for k in range(1, len(found) + 2) if (text := name if k == 1 else f"{name} ({k})") not in taken)
        named.append(entry.model_copy(update={"name": free}))
    return named


def chosen(entries: Sequence[One], names: str, what: str) -> list[One]:
    """The entries with these names, separated by semicolons; all when there are none. Raises InputProblem."""
    wanted = [name.strip() for name in names.split(";") if name.strip()]
    known = {entry.name: entry for entry in entries}
    for name in wanted:
        if name not in known:
            raise InputProblem(what, f"there is none called {name}", f"Known: {', '.join(known) or 'none'}")
    return [known[name] for name in wanted] if wanted else list(entries)


def _read(entry: One, path: Path, origin: Origin) -> list[One]:
    from .vectors.reading import read

    table = read([path], origin, "lines", Report(), None)
    names = table.text("label")
    made: list[One] = []
    for shape, name in zip(table.geometry, names, strict=True):
        places = [tuple(place) for place in np.round(origin.to_world(shapely.get_coordinates(shape)), 3).tolist()]
        own = (
            _as_viewpoint(places) if isinstance(entry, Viewpoint) else _as_axis(places) if isinstance(entry, Axis) else _as_landmark(places)
        )
        if own:
            made.append(type(entry).model_validate({**entry.model_dump(exclude={"file"}), **own, "name": str(name) or entry.name}))
    if not made:
        raise InputProblem(path, "nothing in it can be looked from or at", "Name a file with points, lines for axes and paths, or areas")
    return made


def _as_viewpoint(places: list[Any]) -> dict[str, Any]:
    if len(places) == 1:
        return {"at": places[0]}
    return {"area": places[:-1]} if places[0] == places[-1] else {"path": places}


def _as_axis(places: list[Any]) -> dict[str, Any]:
    return {"start": places[0], "end": places[-1]} if len(places) > 1 and places[0] != places[-1] else {}


def _as_landmark(places: list[Any]) -> dict[str, Any]:
    if len(places) == 1:
        return {"at": places[0]}
    if places[0] != places[-1]:
        return {}
    inside = _polygon(places).representative_point()
    return {"at": (inside.x, inside.y)}


def _polygon(places: Sequence[Any]) -> Any:
    return shapely.Polygon(places) if len(places) > 2 else shapely.Polygon()
