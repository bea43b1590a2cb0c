"""How pictures are made, one TOML file each, and the loader that checks them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..jena_city.problems import InputProblem
from ..jena_city.project import explained


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
    some people and benches stand beside streets, for scale. layout : one picture;
    before-after: the Bestand and the variant beside each other; variants: the Bestand and all variants, all parts taken alike; photo: the
    variant laid into a photo, seen from where that was taken."""

    title: str
    description: str = ""
    look: Literal["model", "white", "night", "lines", "map"] = "model"
    layout: Literal["single", "before-after", "variants", "photo"] = "single"
    orthophoto: bool = True
    people: bool = False
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


def names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


def load(name: str) -> Preset:
    """The preset of this name, or the one in a .toml file; raises InputProblem naming file, key and what is allowed."""
    path = Path(name) if name.endswith(".toml") else Path(__file__).parent / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputProblem(f"preset {name}", f"there is no preset {name}", f"Allowed: {', '.join(names())}, or a .toml file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputProblem(path, f"this is not valid TOML: {error}", "Mend the line named") from error
    try:
        return Preset.model_validate(content)
    except ValidationError as error:
        raise explained(error, path, Preset) from error
