"""How pictures are made, one TOML file each, and the loader that checks them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..jena_city import own_files
from ..jena_city.problems import InputProblem
from ..jena_city.slips import explained


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Camera(_Section):
    """kind : bird (from above, at an angle), eye (1.60 m above ground, verticals kept vertical), plan (from straight above) or panorama
    (all around, from 1.60 m above ground). azimuth : direction it looks towards, degrees from grid north. elevation : degrees down. fill :
    share of the picture's width that the plan area takes."""

    kind: Literal["bird", "eye", "plan", "panorama"] = "bird"
    azimuth: float = 320.0
    elevation: float = Field(default=42.0, ge=5, le=90)
    focal_length: float = Field(default=50.0, ge=8, le=400)
    fill: float = Field(default=0.6, gt=0.05, le=2)


class Light(_Section):
    """sun : strength of the sun lamp. sky : strength of the sky. blue : how much of its colour it keeps. exposure : stops."""

    sun: float = Field(default=3.0, ge=0)
    sky: float = Field(default=0.12, ge=0)
    blue: float = Field(default=0.45, ge=0, le=1)
    exposure: float = Field(default=0.0, ge=-10, le=10)


class Haze(_Section):
    """most : greatest share of haze, far away; it begins behind what the camera looks at."""

    most: float = Field(default=0.4, ge=0, le=1)


class Preset(_Section):
    """look : model (light, shadow, materials), white (a model of white card), night, lines (black on white), or map (values in their true
    colours, no light). orthophoto : whether a model's ground shows the project's orthophoto, where there is one. people : whether
    some people and benches stand beside streets, for scale. caption : whether a band of words stands below the picture, where the picture
    itself does not say. layout : one picture;
    before-after: the Bestand and the variant beside each other; variants: the Bestand and all variants, all parts taken alike; photo: the
    variant laid into a photo, seen from where that was taken."""

    title: str
    description: str = ""
    look: Literal["model", "white", "night", "lines", "map"] = "model"
    layout: Literal["single", "before-after", "variants", "photo"] = "single"
    orthophoto: bool = True
    people: bool = False
    caption: bool = True
    width: int = Field(default=1920, ge=16, le=16384)
    height: int = Field(default=1080, ge=16, le=16384)
    samples: int = Field(default=64, ge=1, le=65536)
    camera: Camera = Camera()
    light: Light = Light()
    haze: Haze = Haze()

    @model_validator(mode="after")
    def _lines_are_straight(self) -> Preset:
        if self.look == "lines" and self.camera.kind == "panorama":
            raise ValueError("a line drawing has a camera of kind bird, eye or plan")
        return self


BUILT_IN = (
    "still",
    "aerial",
    "before-after",
    "eye",
    "lines",
    "night",
    "panorama",
    "photo-montage",
    "plan",
    "result",
    "variants",
    "white",
    "web",
)
"""The presets that come with the program, as lists show them. A .blend keeps the place of the chosen one: new ones come last."""


@dataclass(frozen=True)
class Listed:
    """The presets by their names, the program's own before those of the user's folder; and what is wrong in that folder."""

    presets: dict[str, Preset]
    problems: tuple[InputProblem, ...]


def own_folder() -> Path:
    """Where a user's own presets lie, each as NAME.toml."""
    return own_files.folder("presets")


def _own() -> list[Path]:
    return sorted(path for path in own_folder().glob("*.toml") if not path.name.startswith("."))


def file_of(name: str) -> Path:
    """The file of a preset of this name, ours or the user's; raises InputProblem where there is none."""
    if name in BUILT_IN:
        return Path(__file__).parent / f"{name}.toml"
    found = next((path for path in _own() if path.stem == name), None)
    if found is None:
        raise _missing(name)
    return _of_a_name_of_its_own(found)


def _missing(name: str) -> InputProblem:
    known = ", ".join([*BUILT_IN, *(path.stem for path in _own())])
    return InputProblem(f"preset {name}", f"there is no preset {name}", f"Allowed: {known}, or a .toml file")


def _of_a_name_of_its_own(path: Path) -> Path:
    """The same file of the user's; raises InputProblem where a preset of the program has its name."""
    if path.stem.casefold() in BUILT_IN:
        raise InputProblem(path, "the program has a preset of this name itself", "Give the file another name")
    return path


def load(name: str) -> Preset:
    """The preset of this name, or the one in a .toml file; raises InputProblem naming file, key and what is allowed."""
    path = Path(name) if name.endswith(".toml") else file_of(name)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise _missing(name) from error
    except OSError as error:
        raise InputProblem(path, f"the preset cannot be read ({error.strerror})", "Check its access rights") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputProblem(path, f"this is not valid TOML: {error}", "Mend the line named") from error
    try:
        return Preset.model_validate(content)
    except ValidationError as error:
        raise explained(error, path, Preset) from error


def listed() -> Listed:
    """All presets that there are now. What is wrong with one of the user's keeps no other from being listed."""
    return _listed(tuple((path, *_state(path)) for path in _own()))


def _state(path: Path) -> tuple[int, int]:
    """What tells whether a file has been changed; zeros for one that has gone meanwhile, or is a link to nothing."""
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=2)
def _listed(own: tuple[tuple[Path, int, int], ...]) -> Listed:
    """The same, read again only where a file of the folder is another one: panels ask whenever they are drawn."""
    presets, problems = {name: load(name) for name in BUILT_IN}, []
    for path, *_ in own:
        try:
            presets[path.stem] = load(str(_of_a_name_of_its_own(path)))
        except InputProblem as problem:
            problems.append(problem)
    return Listed(presets, tuple(problems))
