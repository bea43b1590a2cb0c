"""What is the same in every project of a town or a state: its systems, licence line, names and where its data are. One TOML file each.

Ours lie beside this file, the user's own in `own_folder`; both are checked alike. What a project states itself goes before its profile.
"""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import Any, Literal
from urllib.parse import urlsplit

import pyproj
from pydantic import Field, ValidationError, field_validator, model_validator

from .. import crs as crs_names
from .. import own_files
from ..assumptions import Assumptions
from ..land_rules import LandRules, of_land
from ..problems import InputProblem, Report
from ..project import Codes, ProjectFile, Section, TimeZone, TreeColumns
from ..slips import explained

OUT_OF_TOWN = 200_000.0  # metres from the middle: no German state reaches farther
Kind = Literal["buildings", "terrain", "orthophoto", "trees", "streets", "areas", "plots", "plans"]


class Geoid(Section):
    """undulation : height of the quasigeoid (NHN = 0) above the ellipsoid in the middle of the town, metres: ellipsoidal heights minus
    this are NHN. source : of the number, and how good it is."""

    undulation: float = Field(ge=-110, le=90)
    source: str


class Source(Section):
    """A data set that can be fetched.

    kind : the key of [data] it belongs under. urls : tried in this order, with {E} and {N} for the lower left corner of a tile in `unit`
    metres; * stands for what only the publisher's `index` knows. tile : metres, None: one file for all. corner : easting and northing of
    some tile's lower left corner: tiles are counted from there. megabytes : of one file, about, for the estimate.
    """

    kind: Kind
    title: str
    provider: str
    licence: str
    licence_url: str
    info: str = ""
    urls: list[str] = Field(min_length=1)
    index: str = ""
    tile: int | None = Field(default=None, gt=0)
    corner: tuple[int, int] = (0, 0)
    unit: int = Field(default=1000, gt=0)
    megabytes: float = Field(gt=0)

    @field_validator("urls", "index", "licence_url", "info")
    @classmethod
    def _is_of_the_web(cls, value: Any) -> Any:
        for url in value if isinstance(value, list) else [value]:
            if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
                raise ValueError("addresses begin with http:// or https://")
        return value

    @model_validator(mode="after")
    def _names_its_tiles(self) -> Source:
        wanted = {"E", "N"} if self.tile else set()
        for url in self.urls:
            try:
                found = {name for _, name, _, _ in Formatter().parse(url) if name is not None}
            except ValueError as error:
                raise ValueError("a brace in an address is not closed") from error
            if found != wanted:
                raise ValueError("with tile, every address has E and N in braces; without, neither")
            if ("*" in url) != bool(self.index) or "*" in url.rpartition("/")[0]:
                raise ValueError("* stands in the name of the file, and where it does index names the publisher's list")
        return self

    @property
    def line(self) -> str:
        """Who gave the data and under which licence."""
        mark = "" if "zero" in self.licence else "© "
        return f"{mark}{self.provider}, {self.licence} ({self.licence_url.partition('://')[2].removesuffix('/')}), Daten verändert"

    def tiles(self, box: tuple[float, float, float, float]) -> list[tuple[int, int]]:
        """Lower left corners, in metres, of the tiles that reach into a box (west, south, east, north; in the profile's CRS)."""
        if self.tile is None:
            return []
        (west, south, east, north), (x, y), size = box, self.corner, self.tile
        columns = range(math.floor((west - x) / size), math.ceil((east - x) / size))
        rows = range(math.floor((south - y) / size), math.ceil((north - y) / size))
        return [(x + column * size, y + row * size) for column in columns for row in rows]

    def addresses(self, tile: tuple[int, int] | None) -> tuple[str, ...]:
        """Where a tile (its lower left corner in metres) may be, the best first; with * where the index has to be asked."""
        if tile is None:
            return tuple(self.urls)
        return tuple(url.format(E=_short(tile[0] / self.unit), N=_short(tile[1] / self.unit)) for url in self.urls)

    def corner_of(self, name: str) -> tuple[int, int] | None:
        """The lower left corner, in metres, that a file's name tells; None for a name of another kind."""
        for url in self.urls:
            pattern = re.escape(url.rpartition("/")[2]).replace(r"\*", ".*")
            pattern = pattern.replace(r"\{E\}", r"(?P<E>\d+)", 1).replace(r"\{N\}", r"(?P<N>\d+)", 1)
            if self.tile and (found := re.fullmatch(pattern, name)):
                return int(found["E"]) * self.unit, int(found["N"]) * self.unit
        return None


class Profile(Section):
    """name : for people. land : the German state whose rules hold, "" elsewhere. centre : longitude and latitude of the middle, degrees.
    crs, height_system : of the scene, where neither project nor files say. licence : the line under pictures, where the project has none.
    tree_columns, codes : as in a project. assumptions : for key figures. sources : what can be fetched."""

    schema_version: Literal[1] = Field(alias="schema")
    name: str
    land: Literal["", "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"] = ""
    centre: tuple[float, float]
    crs: str
    height_system: str = ""
    time_zone: TimeZone = "Europe/Berlin"
    licence: str = ""
    geoid: Geoid | None = None
    tree_columns: TreeColumns = {}
    codes: Codes = Codes()
    assumptions: Assumptions = Assumptions()
    sources: list[Source] = []

    @field_validator("crs")
    @classmethod
    def _is_in_metres(cls, name: str) -> str:
        found = crs_names.parse(name).horizontal
        if not found or crs_names.metres(found) != 1.0:
            raise ValueError("name a projected coordinate system in metres, as EPSG:25832")
        return found

    @field_validator("centre")
    @classmethod
    def _is_on_earth(cls, place: tuple[float, float]) -> tuple[float, float]:
        if not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
            raise ValueError("give longitude and latitude in degrees")
        return place

    def hold_against(self, name: str, report: Report, height_system: str = "") -> None:
        """Say where this profile, called so, and what was read differ: the files are believed. height_system : what the project states."""
        if report.extent is not None and report.crs:
            middle = ((report.extent[0] + report.extent[3]) / 2, (report.extent[1] + report.extent[4]) / 2)
            to_degrees = pyproj.Transformer.from_crs(crs_names.proj(report.crs), "EPSG:4326", always_xy=True)
            away = pyproj.Geod(ellps="GRS80").inv(*to_degrees.transform(*middle), *self.centre)[2]
            if away > OUT_OF_TOWN:
                sentence = f"the data lie {away / 1000:.0f} km from the middle of the profile {name}; perhaps another one is meant"
                report.add("other-profile", report.files[0], "", sentence)
        for stated in report.stated:
            horizontal, _, vertical = stated.partition(" + ")
            if horizontal != self.crs and not crs_names.proj(horizontal).is_geographic:
                sentence = f"files are in {horizontal}, the profile {name} has {self.crs}; they are brought to the scene's system"
                report.add("other-profile", report.files[0], "", sentence)
            if vertical not in ("", "ellipsoidal", self.height_system) and self.height_system and not height_system:
                sentence = f"files state heights in {vertical}, the profile {name} has {self.height_system}; the files are believed"
                report.add("other-profile", report.files[0], "", sentence)


def own_folder() -> Path:
    """Where a user's own profiles lie."""
    return own_files.folder("profiles")


def files() -> dict[str, Path]:
    """The profiles there are, by their names, ours and the user's; one of the user's goes before one of ours of the same name."""
    found = {path.stem: path for folder in (Path(__file__).parent, own_folder()) for path in sorted(folder.glob("*.toml"))}
    return dict(sorted(found.items()))


def load(name: str) -> Profile:
    """The profile of this name, or the one in a .toml file; raises InputProblem naming file, key and what is allowed."""
    path = Path(name) if name.endswith(".toml") else files().get(name)
    try:
        if path is None:
            raise FileNotFoundError
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        what_to_do = f"Known: {', '.join(files())}, or a file in {own_folder()}"
        raise InputProblem(f"profile {name}", "there is no such profile", what_to_do) from error
    except UnicodeDecodeError as error:
        raise InputProblem(path or name, "the profile is not UTF-8 text", "Save it as UTF-8") from error
    except OSError as error:
        raise InputProblem(path or name, f"the profile cannot be read ({error.strerror})", "Check its access rights") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputProblem(path or name, f"this is not valid TOML: {error}", "Mend the line named") from error
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        raise explained(error, path, Profile) from error


def of(content: ProjectFile) -> Profile | None:
    """The profile that a project names; raises InputProblem where it is not there or not right."""
    return load(content.place.profile) if content.place.profile else None


def reckoned_by(content: ProjectFile) -> tuple[LandRules, Assumptions]:
    """The building code and the assumptions that figures of a project are reckoned by: those of its profile, else the model code and the
    program's own. Raises InputProblem."""
    profile = of(content)
    return of_land(profile.land if profile is not None else ""), profile.assumptions if profile is not None else Assumptions()


def undulation(content: ProjectFile) -> float | None:
    """Metres from the ellipsoid up to the zero of heights: as the project says for publishing, else its profile; None where neither does.
    Raises InputProblem."""
    asked, profile = content.participation, of(content)
    if asked is not None and asked.undulation is not None:
        return asked.undulation
    return profile.geoid.undulation if profile is not None and profile.geoid is not None else None


def supplied(content: ProjectFile) -> dict[str, Any]:
    """What a project leaves open and its profile has, by keys of the project file."""
    profile = of(content)
    if profile is None:
        return {}
    found: dict[str, Any] = {}
    if not content.place.crs:
        found["place.crs"] = profile.crs
    if "time_zone" not in content.place.model_fields_set:
        found["place.time_zone"] = profile.time_zone
    if not content.data.licence and profile.licence:
        found["data.licence"] = profile.licence
    if profile.tree_columns and content.data.tree_columns != (columns := {**profile.tree_columns, **content.data.tree_columns}):
        found["data.tree_columns"] = columns
    for key in ("roof_types", "functions"):
        mine, theirs = getattr(content.codes, key), getattr(profile.codes, key)
        if {**theirs, **mine} != mine:
            found[f"codes.{key}"] = {**theirs, **mine}
    return found


def completed(content: ProjectFile) -> ProjectFile:
    """A project with what it leaves open as its profile has it. Not what is written: the project may be given another profile."""
    missing = supplied(content)
    sections: dict[str, dict[str, Any]] = {}
    for key, value in missing.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = value
    return content.model_copy(update={name: getattr(content, name).model_copy(update=values) for name, values in sections.items()})


def _short(number: float) -> str:
    return f"{number:.10g}"
