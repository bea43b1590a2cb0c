"""What can be wrong with a user's input, and how it is said: one sentence with where, what and what to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Progress = Callable[[float, str], None]
"""Called with the share done (0..1) and what is being done; may raise `Cancelled`."""


def no_progress(_share: float, _what: str) -> None:
    """The progress of work nobody watches."""


def with_time_left(progress: Progress) -> Progress:
    """The same, with an estimate of the minutes left as soon as there is one."""
    start = time.monotonic()

    def say(share: float, what: str) -> None:
        passed = time.monotonic() - start
        minutes = round(passed * (1 - share) / share / 60) if share > 0.02 and passed > 5 else 0
        if minutes > 1:
            what = f"{what}: about {minutes} minutes left"
        elif minutes == 1:
            what = f"{what}: about a minute left"
        progress(share, what)

    return say


def stretch(progress: Progress, begin: float, end: float) -> Progress:
    """What a part of the work says of itself, told as a stretch of the whole."""
    return lambda share, what: progress(begin + (end - begin) * share, what)


class Cancelled(Exception):
    """Raised by a progress callable when the user stops a long job."""


def one_line(text: str, most: int = 300) -> str:
    """Words of a library or a file on one line of bearable length."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


class InputProblem(Exception):
    """A file or setting of the user's that makes the work impossible.

    where : the file, setting or object. what : what is wrong with it. what_to_do : the way out.
    """

    def __init__(self, where: object, what: str, what_to_do: str) -> None:
        self.where = str(where)
        self.what = one_line(what).rstrip(".")
        self.what_to_do = one_line(what_to_do).rstrip(".")
        super().__init__(f"{self.where}: {self.what}. {self.what_to_do}.")


@dataclass(frozen=True)
class Problem:
    """Something skipped, mended or doubtful in data that could be read all the same.

    code : a short fixed word for programs (kebab-case). file : path as given. id : gml:id or "" . message : one sentence, on one line.
    """

    code: str
    file: str
    id: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", " ".join(self.message.split()))  # names in files may break lines


@dataclass
class Report:
    """What was read: how much, where it lies, what was skipped or mended and why."""

    files: list[str] = field(default_factory=list)
    buildings: int = 0
    building_parts: int = 0
    surfaces: int = 0
    triangles: int = 0
    terrain_points: int = 0
    features: dict[str, int] = field(default_factory=dict)
    """What else there is: kind -> how many. streets, trees, areas, plots, plan_areas were read; themes of city models, by the names the
    standard gives them (Bridge, Road, WaterBody), are counted and not read."""
    extent: tuple[float, float, float, float, float, float] | None = None
    """(min x, min y, min z, max x, max y, max z) in the CRS of the data; None when nothing was read."""
    crs: str = ""
    """The horizontal CRS as authority:code where it has one, else its name; "" when unknown."""
    stated: list[str] = field(default_factory=list)
    """The systems that city models state, each once: "EPSG:25832 + DE_DHHN2016_NH", without the part after " + " where they name none."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, file: object, id: str, message: str) -> None:
        self.problems.append(Problem(code, str(file), id, message))

    def merge(self, other: Report) -> None:
        """Add what another report says to this one."""
        self.files += other.files
        self.buildings += other.buildings
        self.building_parts += other.building_parts
        self.surfaces += other.surfaces
        self.triangles += other.triangles
        self.terrain_points += other.terrain_points
        for kind, number in other.features.items():
            self.features[kind] = self.features.get(kind, 0) + number
        self.problems += other.problems
        self.crs = self.crs or other.crs
        self.stated += [system for system in other.stated if system not in self.stated]
        if other.extent is not None:
            if self.extent is None:
                self.extent = other.extent
            else:
                a, b = self.extent, other.extent
                self.extent = (min(a[0], b[0]), min(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]), max(a[4], b[4]), max(a[5], b[5]))

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON, keys as `jena-planner check --json` promises."""
        return {**asdict(self), "extent": list(self.extent) if self.extent else None}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The inverse of `as_dict`."""
        extent = data["extent"]
        return cls(**{**data, "extent": tuple(extent) if extent else None, "problems": [Problem(**p) for p in data["problems"]]})
