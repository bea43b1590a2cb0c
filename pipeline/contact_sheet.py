"""What the presets look like, on one sheet."""

from __future__ import annotations

from pathlib import Path

from .. import render_presets
from ..jena_city import contact_sheet as sheet_of_presets
from ..jena_city.files import slug
from ..jena_city.problems import Progress, no_progress
from ..jena_city.project import PictureEntry
from .opening import Project
from .steps import run

# What the demo shows of each preset: small and quick, so that all of them are seen in a minute.
_SHOWN = (
    ("still", "blockrand"), ("aerial", "zeilen"), ("eye", "punkthaeuser"), ("plan", "blockrand"), ("panorama", "zeilen"),
    ("white", "punkthaeuser"),
    ("night", "blockrand"), ("lines", "zeilen"), ("result", "blockrand"), ("before-after", "zeilen"), ("variants", "bestand"),
)  # fmt: skip


def contact_sheet(opened: Project, *, progress: Progress = no_progress) -> Path:
    """One sheet with a small picture of each preset, of the sample whose sun hours are there. Raises InputProblem, Cancelled."""
    entries = []
    for name, variant in _SHOWN:
        preset = render_presets.load(name)
        wide = 800 if preset.layout == "single" else 480
        sun = f"sun-hours-2025-03-21-ground-{variant}" if preset.look == "map" else None
        size = {"width": wide, "height": round(wide * preset.height / preset.width), "samples": min(preset.samples, 5)}
        entries.append(PictureEntry.model_validate({"name": f"Vorlage {name}", "preset": name, "variant": variant, "result": sun, **size}))
    run(opened, only=("pictures",), pictures=entries, progress=progress)
    named = [(render_presets.load(entry.preset).title, opened.folder / "pictures" / f"{slug(entry.name)}.png") for entry in entries]
    target = opened.folder / sheet_of_presets.NAME
    sheet_of_presets.write(named, target)
    return target
