"""project.toml: what a project consists of and what it asks for, checked so that a slip is named with its place."""

from __future__ import annotations

import datetime as dt
import glob
import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from .baunvo import Edition
from .cameras import NamedCamera
from .files import write_text
from .participating import Participation
from .problems import InputProblem
from .seasons import Asked
from .slips import explained
from .viewing import Axis, Landmark, Name, Viewpoint

SCHEMA: Literal[1] = 1
FILE_NAME = "project.toml"
Paper = Literal["", "A4", "A3", "A2", "A1", "A0"]
Orientation = Literal["", "portrait", "landscape"]
CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$|^24:00$"  # a time of day
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2100, 12, 31))]  # as far as the sun's formulas hold
KINDS_OF_DATA = ("buildings", "terrain", "streets", "trees", "areas", "plots", "plan_areas", "plans", "lines", "orthophoto")


def _is_a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone; write it as Europe/Berlin") from error
    return name


TimeZone = Annotated[str, AfterValidator(_is_a_zone)]
TreeColumns = dict[Literal["height", "crown", "girth", "trunk", "species"], list[str]]
"""What columns of a tree register mean, by their names."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)  # most are only ever checked as parts of the whole file


class About(Section):
    name: str
    description: str = ""
    author: str = ""
    design: str = ""
    """a TOML file with logo, font, colours and language of captions; "": the usual ones, in German."""


class Place(Section):
    """Where the scene lies. What is missing here, the profile decides (see `profiles`), else the first building file, once: `data/`
    remembers it."""

    profile: str = ""
    crs: str = ""
    origin: tuple[int, int] | None = None
    height_system: str = ""
    time_zone: TimeZone = "Europe/Berlin"


class Data(Section):
    """Files, relative to the project folder (patterns with * allowed) or absolute."""

    buildings: list[str] = []
    terrain: list[str] = []
    streets: list[str] = []
    trees: list[str] = []
    areas: list[str] = []
    plots: list[str] = []
    plan_areas: list[str] = []
    plans: list[str] = []
    """Development plans (XPlanGML); their areas count as plan areas."""
    lines: list[str] = []
    """Reference lines: any other vector layer, shown and never counted."""
    orthophoto: list[str] = []
    """Aerial pictures, laid over the ground."""
    textures: bool = True
    """Whether buildings show the colours and textures that the files give them."""
    crs: str = ""
    """of CityGML and terrain that name none, or a wrong one; "" to believe the files."""
    lod: Literal["highest", 1, 2, 3] = "highest"
    bbox: tuple[float, float, float, float] | None = None
    """west, south, east, north in the project's CRS: only what lies here is read."""
    terrain_step: float | None = Field(default=None, gt=0)
    """metres between terrain points; None: as delivered."""
    breaklines: bool = False
    """whether the ground that is shown follows the outlines of buildings (see `breaklines`); numbers stay those of the terrain."""
    licence: str = ""
    """The line that stands under every picture: who gave the data, under which licence, changed or not."""
    tree_columns: TreeColumns = {}

    @field_validator("bbox")
    @classmethod
    def _has_an_inside(cls, box: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        if box is not None and (box[0] >= box[2] or box[1] >= box[3]):
            raise ValueError("give west, south, east, north, with west < east and south < north")
        return box


class Codes(Section):
    """Names of roof types and functions beside those of `codes`, by the code that the files have."""

    roof_types: dict[Code, str] = {}
    functions: dict[Code, str] = {}


class Variants(Section):
    files: list[str] = []


class BuildingPlotEntry(Section):
    """A Baugrundstück: parcels by their numbers, or an outline in the project's CRS; and what the development plan fixes for it."""

    name: str
    parcels: list[str] = []
    outline: list[tuple[float, float]] = []
    street: list[list[tuple[float, float]]] = []
    """Outlines of street land in it, in the project's CRS: cut off, as what variants and land cover call streets is."""
    use: Literal["", "WS", "WR", "WA", "WB", "MD", "MDW", "MI", "MU", "MK", "GE", "GI", "SO"] = ""
    grz: float | None = Field(default=None, gt=0, le=1)
    gfz: float | None = Field(default=None, gt=0)
    bmz: float | None = Field(default=None, gt=0)
    storeys: int | None = Field(default=None, gt=0)
    edition: Edition | None = None
    """of the BauNVO under which the plan was laid out; None: that of the plan area it lies in."""


class PlanAreaEntry(Section):
    """What is said of a plan area of the data, by its name, in place of what its file says."""

    name: str
    edition: Edition
    """of the BauNVO under which the plan was laid out."""


class AnalysisEntry(BaseModel):
    """What every analysis has; all other keys are its own settings, checked by the registry."""

    model_config = ConfigDict(extra="allow")
    kind: str
    name: str = Field(default="", pattern=r"^[^/\\\x00-\x1f]*$")
    """of its files; "": made of kind and date. Two analyses need different ones."""
    variants: list[str] | None = None
    """ids of variants; None: all, the Bestand included."""
    compare_with: str = "bestand"
    """id of the variant to take differences to; "": no differences."""

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class View(Section):
    """Where the camera looks from. azimuth : direction it looks towards, degrees from grid north. elevation : degrees down.
    target : point looked at, in the project's CRS. distance : metres from the target."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    azimuth: float | None = None
    elevation: float | None = None
    target: tuple[float, float] | None = None
    distance: float | None = Field(default=None, gt=0)
    focal_length: float | None = Field(default=None, gt=0)


class PictureEntry(Section):
    name: str = Field(pattern=r"^[^/\\\x00-\x1f]+$")
    preset: str = "still"
    variant: str = "bestand"
    title: str = ""
    date: Day = dt.date(2025, 9, 23)
    time: str = Field(default="13:00", pattern=CLOCK)
    basis: Literal["local", "solar"] = "local"
    """local: clock time of the place's time zone; solar: true solar time."""
    result: str | None = None
    """file name (without ending) of a result to show."""
    view: View | None = None
    camera: str = ""
    """name of one of the project's cameras; "": as preset and view say"""
    photo: str = ""
    """name of one of the project's photos, for a preset that lays the variant into it"""
    trees: Literal["planted", "20-years"] = "20-years"
    """size of the trees that a variant plants"""
    season: Asked = "summer"
    """of all trees; date: what the date has"""
    weather: Literal["clear", "overcast"] = "clear"
    caption: bool | None = None
    """whether a band of words stands below it, None: as the preset says; without one, whatever the picture is put into must say it"""
    set: str = ""
    """pictures of one set are taken alike: they may differ in their variant alone, and the Bestand is among them"""
    width: int | None = Field(default=None, ge=16, le=16384)
    height: int | None = Field(default=None, ge=16, le=16384)
    samples: int | None = Field(default=None, ge=1)
    scale: int | None = Field(default=None, ge=50, le=50_000)
    """of a plan: its denominator; None: it fits what it is about"""
    paper: Paper = ""
    """of a plan to scale; "": the smallest that holds it"""
    orientation: Orientation = ""
    """"": as it fits"""
    dpi: int | None = Field(default=None, ge=50, le=600)
    """of a plan to scale; None: 150"""


class PhotoPoint(Section):
    """The same thing in a photo and in the town."""

    pixel: tuple[float, float]
    """from the left and from the top of the photo."""
    place: tuple[float, float]
    """in the project's CRS."""
    height: float | None = None
    """metres in the project's height system; None: on the ground."""


class PhotoEntry(Section):
    """A photo of the site, and points in it that the town knows too; see docs/project.md."""

    name: Name = Field(min_length=1)
    file: str
    points: list[PhotoPoint] = []
    date: Day | None = None
    """None: as the photo says."""
    time: str = Field(default="", pattern=rf"^$|{CLOCK}")
    """clock time; "": as the photo says."""
    focal_length: float | None = Field(default=None, ge=5, le=1000)
    """millimetres, as on film 36 mm wide; None: as the photo says, else found."""


class FilmEntry(Section):
    """A film; what the words mean stands in docs/films.md."""

    name: str = Field(pattern=r"^[^/\\\x00-\x1f]+$")
    kind: Literal["shadow", "fly-around", "walk"] = "shadow"
    variant: str = "bestand"
    preset: str = ""
    """"": still, of a walk eye"""
    title: str = ""
    date: Day = dt.date(2025, 3, 21)
    time: str = Field(default="13:00", pattern=CLOCK)
    """of a flight and a walk"""
    start: str = Field(default="08:00", pattern=CLOCK)
    """of a shadow film, as is end: clock times"""
    end: str = Field(default="18:00", pattern=CLOCK)
    seconds: float = Field(default=20.0, gt=0, le=600)
    """while something moves; there is a rest at both ends"""
    fps: int = Field(default=24, ge=5, le=60)
    path: list[tuple[float, float]] = Field(default=[], max_length=1000)
    """of a walk, in the project's CRS"""
    view: View | None = None
    camera: str = ""
    """of a shadow film: name of one of the project's cameras"""
    season: Asked = "summer"
    """of all trees; date: what the date has"""
    weather: Literal["clear", "overcast"] = "clear"
    """of a flight and a walk"""
    width: int | None = Field(default=None, ge=64, le=7680)
    height: int | None = Field(default=None, ge=64, le=4320)
    samples: int | None = Field(default=None, ge=1)

    @property
    def preset_name(self) -> str:
        return self.preset or ("eye" if self.kind == "walk" else "still")


class SheetEntry(Section):
    """A sheet to scale; what the words mean stands in docs/sheets.md."""

    name: str = Field(pattern=r"^[^/\\\x00-\x1f]+$")
    """of its files"""
    kind: Literal[
        "figure-ground", "design", "storeys", "heights", "uses", "open-spaces", "planning-law", "section", "street-elevation", "axonometry",
        "shadow-study",
    ] = "design"  # fmt: skip
    variant: str = "bestand"
    paper: Paper = ""
    """"": the smallest that holds it"""
    orientation: Orientation = ""
    """"": as it fits"""
    scale: Literal[250, 500, 1000, 1500, 2000, 2500] = 500
    margin: float = Field(default=30.0, ge=0, le=2000)
    """metres around the plan areas that must be on the sheet"""
    centre: tuple[float, float] | None = None
    """x, y of the middle in the project's CRS; instead of the plan areas"""
    line: list[tuple[float, float]] = Field(default=[], max_length=50)
    """points in the project's CRS: of a section where it cuts, of a street elevation the street's axis"""
    depth: float = Field(default=60.0, gt=0, le=2000)
    """metres beyond the line that a section or elevation shows"""
    turn: float = Field(default=30.0, ge=-180, le=180)
    """degrees that an axonometry is turned, clockwise"""
    title: str = ""
    number: str = ""
    stage: str = ""
    """Verfahrensstand"""
    date: str = ""
    author: str = ""
    base: str = ""
    """Planunterlage; "": the project's licence line"""
    formats: list[Literal["pdf", "svg"]] = ["pdf", "svg"]
    dates: list[Day] = [dt.date(2025, 1, 17), dt.date(2025, 3, 21), dt.date(2025, 6, 21)]
    """of a shadow study"""
    hours: list[Annotated[str, StringConstraints(pattern=CLOCK)]] = ["09:00", "11:00", "13:00", "15:00", "17:00"]
    """of a shadow study, clock times"""
    trees: Literal["ignored", "opaque"] = "ignored"
    """of a shadow study: whether crowns cast shadows"""


class DeckEntry(Section):
    """All variants as slides for a meeting; what the words mean stands in docs/slides.md."""

    name: str = Field(default="Folien", pattern=r"^[^/\\\x00-\x1f]+$")
    """of its files"""
    title: str = ""
    """"": the project's name"""
    date_line: str = ""
    """of the meeting, under the title"""
    variants: list[str] | None = None
    """ids, in this order, after the Bestand; None: all"""
    preset: str = "still"
    camera: str = ""
    """name of one of the project's cameras; "": as the preset says"""
    date: Day = dt.date(2025, 9, 23)
    time: str = Field(default="13:00", pattern=CLOCK)
    trees: Literal["planted", "20-years"] = "20-years"
    width: int = Field(default=1920, ge=64, le=7680)
    """pixels of the pictures, which are 16 : 9"""
    samples: int | None = Field(default=None, ge=1)
    formats: list[Literal["pptx", "pdf"]] = ["pptx", "pdf"]


class ProjectFile(Section):
    schema_version: Literal[1] = Field(alias="schema")
    project: About
    place: Place = Place()
    data: Data = Data()
    codes: Codes = Codes()
    variants: Variants = Variants()
    building_plots: list[BuildingPlotEntry] = []
    plan_areas: list[PlanAreaEntry] = []
    viewpoints: list[Viewpoint] = []
    axes: list[Axis] = []
    landmarks: list[Landmark] = []
    cameras: list[NamedCamera] = []
    photos: list[PhotoEntry] = []
    analyses: list[AnalysisEntry] = []
    pictures: list[PictureEntry] = []
    sheets: list[SheetEntry] = []
    films: list[FilmEntry] = []
    decks: list[DeckEntry] = []
    participation: Participation | None = None


def read(path: str | Path) -> tuple[Path, ProjectFile]:
    """The project file of a folder or a project.toml itself. Returns its path and content; raises InputProblem."""
    path = Path(path)
    if path.is_dir():
        path = path / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputProblem(
            path, "there is no such project", f"Name a folder with a {FILE_NAME}, or make one with `jena-planner import`"
        ) from error
    except UnicodeDecodeError as error:
        raise InputProblem(path, "the project file is not UTF-8 text", "Save it as UTF-8") from error
    except OSError as error:
        raise InputProblem(path, f"the project file cannot be read ({error.strerror})", "Check its access rights") from error
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputProblem(path, f"this is not valid TOML: {error}", "Mend the line named") from error
    version = content.get("schema")
    if isinstance(version, int) and version > SCHEMA:
        raise InputProblem(
            path, f"the project was written by a newer program (schema {version}, known up to {SCHEMA})", "Update Jena Planner"
        )
    try:
        return path, ProjectFile.model_validate(content)
    except ValidationError as error:
        raise explained(error, path, ProjectFile) from error


def files_named(folder: Path, patterns: list[str], what: str, *, needed: bool = True) -> list[Path]:
    """The files that patterns of the project name, in a fixed order; one that names none is an InputProblem, unless it is a pattern
    with * and not needed."""
    found: list[Path] = []
    for pattern in patterns:
        # A file's own name first: it may hold brackets. glob.glob and not Path.glob: absolute patterns are allowed too.
        is_pattern = glob.has_magic(pattern) and not (folder / pattern).is_file()
        matches = sorted(glob.glob(pattern, root_dir=folder, recursive=True)) if is_pattern else [pattern]  # noqa: PTH207
        paths = [folder / match for match in matches if (folder / match).is_file()]
        if not paths and (needed or not is_pattern):
            raise InputProblem(
                folder / pattern, f"no such file, but the project names it under {what}", "Put the file there or change project.toml"
            )
        found += [path for path in paths if path not in found]
    return found


def write(path: Path, content: ProjectFile) -> None:
    """Write a project.toml that is there already, so that the lines of what has not changed stay as they are, comments too."""
    text = path.read_text(encoding="utf-8-sig")
    edited = _edited(text, content)
    try:
        kept = edited is not None and _plain(ProjectFile.model_validate(tomllib.loads(edited))) == _plain(content)
    except ValueError:  # a way of writing TOML that the edit did not see through
        kept = False
    write_text(path, edited if edited is not None and kept else to_toml(content))


def _edited(text: str, content: ProjectFile) -> str | None:
    """The text with only the changed lines replaced; None where it cannot be told which. The caller checks that it says `content`."""
    before, after = _plain(ProjectFile.model_validate(tomllib.loads(text))), _plain(content)
    starts = [0, *(found.start() for found in re.finditer(r"(?m)^[ \t]*\[", text)), len(text)]
    blocks = [text[a:b] for a, b in zip(starts, starts[1:], strict=False)]  # what stands before the first table, then table by table
    named = [(found[1].replace(" ", "") if (found := re.match(r"\s*(\[\[?[\w. ]+\]\]?)", block)) else "") for block in blocks]
    if not set(before) <= set(after):
        return None
    end = ""
    for section, entries in after.items():
        old = before.get(section)
        if entries == old:
            continue
        if isinstance(entries, dict):
            if f"[{section}]" not in named:
                end += "\n".join(["", f"[{section}]", *_toml_lines(entries), ""])
                continue
            at = named.index(f"[{section}]")
            blocks[at] = _with_keys(blocks[at], old or {}, entries)
        elif isinstance(entries, list):
            places = [k for k, name in enumerate(named) if name == f"[[{section}]]"]
            if len(places) != len(old or []) or len(entries) < len(places):
                return None
            for k, was, entry in zip(places, old or [], entries, strict=False):
                if was != entry:
                    blocks[k] = "\n".join([f"[[{section}]]", *_toml_lines(entry)]) + "\n" + _tail(blocks[k])
            new = "".join("\n".join(["", f"[[{section}]]", *_toml_lines(entry), ""]) for entry in entries[len(places) :])
            if new and places:
                tail = _tail(blocks[places[-1]])
                blocks[places[-1]] = blocks[places[-1]].removesuffix(tail).rstrip("\n") + "\n" + new + tail
            else:
                end += new
    whole = "".join(blocks)
    return whole + ("" if whole.endswith("\n") or not end else "\n") + end


def _with_keys(block: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """A table's text with the lines of those keys replaced, added and taken away that differ."""
    for key in {**old, **new}:
        if old.get(key) == new.get(key):
            continue
        line = rf"(?m)^[ \t]*{key}[ \t]*=.*\n?"
        wanted = f"{key} = {_toml_value(new[key])}\n" if key in new else ""
        if re.search(line, block):
            block = re.sub(line, lambda _found, wanted=wanted: wanted, block, count=1)  # type: ignore[misc]
        else:
            head, _, rest = block.partition("\n")
            block = f"{head}\n{wanted}{rest}"
    return block


def _tail(block: str) -> str:
    """The blank lines and comments that end a table: they speak of the next one."""
    found = re.search(r"(?:^[ \t]*(?:#[^\n]*)?(?:\n|\Z))+\Z", block, re.MULTILINE)
    return found[0] if found else ""


def _plain(content: ProjectFile) -> dict[str, Any]:
    return content.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)


def to_toml(content: ProjectFile) -> str:
    """The text of a project.toml with what differs from the defaults."""
    plain = _plain(content)
    lines: list[str] = [f"schema = {SCHEMA}"]
    for section, entries in plain.items():
        if isinstance(entries, dict):
            lines += ["", f"[{section}]", *_toml_lines(entries)]
        elif isinstance(entries, list):
            for entry in entries:
                lines += ["", f"[[{section}]]", *_toml_lines(entry)]
    return "\n".join(lines) + "\n"


def _toml_lines(entries: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml_value(value)}" for key, value in entries.items()]


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)
