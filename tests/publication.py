"""The sample as it is published, quickly: small pictures, coarser analyses and two more that give lines and points, all else as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from jena_planner import publishing
from jena_planner.jena_city import sample
from jena_planner.jena_city.sample.layout import ORIGIN, to_scene
from jena_planner.pipeline import opening

_LOOKED_FROM = """
[[viewpoints]]
name = "Ecke Gerberstraße"
at = {corner}

[[viewpoints]]
name = "Uferstraße"
at = {bank}

[[landmarks]]
name = "Schornstein"
at = {chimney}
height = 30.0

[[analyses]]
kind = "sight_lines"

[[analyses]]
kind = "noise_receivers"

[[pictures]]"""


def _places() -> dict[str, list[float]]:
    uv = {"corner": (34, -124), "bank": (118, -68), "chimney": (20, -20)}
    return {name: ORIGIN.to_world(to_scene(np.array([at])))[0].round(1).tolist() for name, at in uv.items()}


def publish(place: Path) -> Path:
    """Publishes it under `place`; returns the published folder."""
    path = sample.write(place / "project")
    text = path.read_text(encoding="utf-8")
    text = text.replace("width = 1280\nheight = 720\nsamples = 12", "width = 64\nheight = 36\nsamples = 1")
    text = text.replace("step = 1.0", "step = 4.0").replace("cell = 1.5", "cell = 4.0")
    text = text.replace("\n[[pictures]]", _LOOKED_FROM.format(**_places()), 1)
    path.write_text(text, encoding="utf-8")
    publishing.publish(opening.load(path), place / "page")
    return place / "page"
