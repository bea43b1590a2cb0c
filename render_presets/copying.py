"""A preset of one's own to begin with: all of another one's keys, each with what it means, in the user's folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..jena_city.files import write_text
from ..jena_city.problems import InputProblem
from . import BUILT_IN, load, own_folder

HEAD = """# A preset of your own: preset = "{name}" in project.toml, --preset {name}, and in the panel's list.
# It began as a copy of {source}. All lines but the title may be taken out; what is missing is as usual.
"""
MEANINGS = {
    "title": "for people, in lists",
    "description": "one sentence of what it shows",
    "look": "model (light, shadow, materials), white (white card), night, lines (black on white) or map (a result in its true colours)",
    "layout": "single, before-after (beside the Bestand), variants (all of them) or photo (laid into a photo)",
    "orthophoto": "whether the ground shows the project's orthophoto, where there is one; for model",
    "people": "whether people and benches stand beside streets, for scale",
    "caption": "whether a band of words stands below it; without, whatever shows it must say them",
    "width": "pixels",
    "height": "pixels",
    "samples": "rays for each pixel: more are slower and finer",
    "camera": "where it looks from",
    "camera.kind": "bird (from above at an angle), eye (1.60 m above the ground), plan (straight down) or panorama (all around)",
    "camera.azimuth": "direction it looks towards, degrees from grid north",
    "camera.elevation": "degrees down, 5 to 90",
    "camera.focal_length": "mm, on film 36 mm wide; less shows more",
    "camera.fill": "share of the picture's width that the plan area takes",
    "light": "how bright and how warm",
    "light.sun": "strength of the sun",
    "light.sky": "strength of the sky, which lights the shadows",
    "light.blue": "how much of its blue the sky keeps, 0 to 1",
    "light.exposure": "stops: 1 is twice as bright",
    "haze": "air between near and far",
    "haze.most": "greatest share of it, far behind the plan area, 0 to 1",
}
"""What each key means, in a copy."""


def copy(source: str, name: str) -> Path:
    """Write a preset's keys with their meanings into the user's folder, under a new name. source : a preset's name or .toml file.

    Raises InputProblem for a name that is taken or is none for a file; no file is ever written over.
    """
    if not re.fullmatch(r"\w[\w -]*(?<! )", name):
        raise InputProblem(f"preset {name}", "this is no name for a preset", "Take letters, digits, dashes and underscores")
    if name.casefold() in BUILT_IN:
        raise InputProblem(f"preset {name}", "the program has a preset of this name itself", "Take another name")
    preset, path = load(source), own_folder() / f"{name}.toml"
    if path.exists():
        raise InputProblem(path, "there is a preset of this name already", "Take another name, or change that one")
    plain = preset.model_dump(mode="json") | {"title": name}
    sections = [key for key, value in plain.items() if isinstance(value, dict)]
    lines = _lines({key: value for key, value in plain.items() if key not in sections}, "")
    for section in sections:
        lines += ["", f"# {MEANINGS[section]}", f"[{section}]", *_lines(plain[section], f"{section}.")]
    write_text(path, HEAD.format(name=name, source=source) + "\n" + "\n".join(lines) + "\n")
    return path


def _lines(values: dict[str, Any], section: str) -> list[str]:
    """key = value, with what it means behind it; one without a value as a comment, which TOML has no other way to say."""
    said = {key: f"# {key} =" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()}
    wide = max(len(line) for key, line in said.items() if key not in ("title", "description"))
    return [f"{line:{wide}}  # {MEANINGS[section + key]}" for key, line in said.items()]
