"""Sheets of a project."""

from __future__ import annotations

from collections.abc import Sequence

from ..analyses.shadow_moments import ground_shadows
from ..jena_city.files import slug
from ..jena_city.problems import Progress
from ..jena_city.project import SheetEntry
from ..jena_city.variant import NULL_VARIANT
from ..sheets import making, pdf, svg
from ..sheets.shadow_study import Moment, polygons
from .work import Work


def draw(work: Work, sheets: Sequence[SheetEntry], progress: Progress) -> None:
    """The sheets that are not there yet, as PDF and SVG."""
    named = making.Named(work.project.file.project.name, work.project.file.project.author, work.site.source, work.project.design)
    for number, sheet in enumerate(sheets):
        progress(number / len(sheets), sheet.name)
        key = hash_of(work, sheet)
        if work.is_made(f"sheet {sheet.name}", key):
            continue
        where = f"{work.project.path}, sheet {sheet.name}"
        applied = work.applied[work.known(sheet.variant)]
        page = making.made(applied, sheet, named, where, _moments(work, sheet, where, progress))
        files = [work.out / "sheets" / f"{slug(sheet.name)}.{ending}" for ending in sheet.formats]
        for path in files:
            if path.suffix == ".pdf":
                pdf.write([page], path)
            else:
                svg.write(page, path)
        own = sheet not in work.project.file.sheets
        work.remember(f"sheet {sheet.name}", key, "sheet", files, variant=sheet.variant, own=own)


def _moments(work: Work, sheet: SheetEntry, where: str, progress: Progress) -> list[Moment]:
    """What a shadow study draws; nothing for other sheets."""
    if sheet.kind != "shadow-study":
        return []
    base = work.obstacles(NULL_VARIANT.id) if sheet.variant != NULL_VARIANT.id else None
    planned = work.obstacles(sheet.variant)
    box = making.shadow_box(planned.applied, sheet, where)
    found = ground_shadows(
        planned,
        base,
        box,
        max(0.5, (box[2] - box[0]) / 400),
        sheet.dates,
        sheet.hours,
        time_zone=work.project.whole.place.time_zone,
        trees=sheet.trees == "opaque",
        progress=progress,
    )
    before = [None if one.before is None else polygons(one.grid, one.before) for one in found]
    return [Moment(one.words, one.elevation, polygons(one.grid, one.dark), past) for one, past in zip(found, before, strict=True)]


def hash_of(work: Work, sheet: SheetEntry) -> str:
    asked = sheet.model_dump(mode="json"), work.project.file.project.model_dump(), work.looks_hash, *work.design_key
    return work.key_of_words([work.known(sheet.variant)], "sheet", *asked)
