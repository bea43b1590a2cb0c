"""Numbers about the city: arrays in, arrays out. No Blender here. The registry names every analysis once, for panel, project
file, command line, report and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from ..jena_city.result import Result
from .sun_hours import Shadow, SunHours, run_shadow, run_sun_hours


@dataclass(frozen=True)
class Analysis:
    """name : in project files. title : German, for people. run(applied, settings, *, base, progress) -> list[Result]."""

    name: str
    title: str
    description: str
    settings: type[BaseModel]
    run: Callable[..., list[Result]]


_ALL = (
    Analysis("sun_hours", "Besonnungsdauer", "Hours of direct sun on a day, on the ground, façades and roofs", SunHours, run_sun_hours),
    Analysis("shadow", "Schatten", "Sun or shadow at a moment, on the ground, façades and roofs", Shadow, run_shadow),
)
REGISTRY: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}
