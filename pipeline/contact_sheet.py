"""What a project's pictures look like, or what the presets make of it, small on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import render_presets
from ..jena_city import contact_sheet, imported
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.project import PictureEntry
from ..jena_city.variant import NULL_VARIANT
from .opening import Project
from .steps import run
from .work import Work


def of_pictures(opened: Project, *, out: Path | None = None, cluster: str = "", progress: Progress = no_progress) -> Path:
    """The sheet of a project's own pictures, which are rendered first where they are missing. out : see `steps.run`. Raises InputProblem,
    Cancelled."""
    entries = opened.pictures_named(())
    if not entries:
        raise InputProblem(opened.path, "the project asks for no picture", "Add one under [[pictures]], or ask for the presets")
    return _made(opened, entries, [entry.name for entry in entries], out, cluster, progress)


def of_presets(opened: Project, *, out: Path | None = None, cluster: str = "", progress: Progress = no_progress) -> Path:
    """The sheet of what each preset makes of a project, its variants in turn; small and quick, so that all are seen in a minute or two.

    What shows a result is there where one has been reckoned; photo montages are not, they need a photo. Raises InputProblem, Cancelled.
    """
    work = Work(opened, imported.imported(opened.file, opened.folder, no_progress), (out or opened.folder).resolve())
    variants = [name for name in work.variants if name != NULL_VARIANT.id] or [NULL_VARIANT.id]
    entries, names = [], []
    for name, preset, variant, result in _shown(work, variants):
        wide = 800 if preset.layout == "single" else 480
        size = {"width": wide, "height": round(wide * preset.height / preset.width), "samples": min(preset.samples, 5)}
        asked = {"name": f"Vorlage {name}", "preset": name, "variant": variant, "result": result, **size}
        entries.append(PictureEntry.model_validate(asked))
        names.append(preset.title)
    return _made(opened, entries, names, out, cluster, progress)


def _shown(work: Work, variants: Sequence[str]) -> list[tuple[str, render_presets.Preset, str, str | None]]:
    """The name of each preset, itself, the variant that it shows, and the result."""
    shown: list[tuple[str, render_presets.Preset, str, str | None]] = []
    for name, preset in render_presets.listed().presets.items():
        variant, result = variants[len(shown) % len(variants)], None
        if preset.layout == "photo":
            continue
        if preset.layout == "variants":
            variant = NULL_VARIANT.id
        if preset.look == "map":
            found = [(one, path.stem) for one in (variant, *variants, NULL_VARIANT.id) for path in work.result_files(one)]
            if not found:
                continue
            variant, result = found[0]
        shown.append((name, preset, variant, result))
    return shown


def _made(
    opened: Project, entries: Sequence[PictureEntry], names: Sequence[str], out: Path | None, cluster: str, progress: Progress
) -> Path:
    folder = out or opened.folder
    run(opened, only=("pictures",), pictures=entries, out=out, cluster=cluster, progress=progress)
    target = folder / contact_sheet.NAME
    pictures = [folder / "pictures" / f"{slug(entry.name)}.png" for entry in entries]
    contact_sheet.write(list(zip(names, pictures, strict=True)), target)
    return target
