"""The sample as it is published, quickly: small pictures, two coarse analyses, all else as it is."""

from __future__ import annotations

from pathlib import Path

from jena_planner import publishing
from jena_planner.jena_city import sample
from jena_planner.pipeline import opening


def publish(place: Path) -> Path:
    """Publishes it under `place`; returns the published folder."""
    path = sample.write(place / "project")
    text = path.read_text(encoding="utf-8")
    text = text.replace("width = 1280\nheight = 720\nsamples = 12", "width = 64\nheight = 36\nsamples = 1")
    text = text.replace("step = 1.0", "step = 4.0").replace("cell = 1.5", "cell = 4.0")
    path.write_text(text, encoding="utf-8")
    publishing.publish(opening.load(path), place / "page")
    return place / "page"
