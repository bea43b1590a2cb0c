"""What citizens send, taken into a project; and the report on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import shapely

from .jena_city import imported, profiles, variant_files
from .jena_city.about import version
from .jena_city.files import slug
from .jena_city.participating import Participation
from .jena_city.problems import InputProblem, Problem, Progress, no_progress, stretch
from .jena_city.reckoning import Reckoning
from .jena_city.site import Site
from .jena_city.variant import Variant
from .participation import contributions, inbox, received, summary, told
from .participation.contributions import Frame
from .participation.told import Design, Language, Names
from .pipeline import opening
from .pipeline.work import Work

AROUND = 1000.0  # metres beyond the town's data in which a place still counts


@dataclass(frozen=True)
class Collected:
    """new : contributions that were not there. there : that were. changed : that say something else now in the system they are from.
    refused : of which nothing could be kept. kinds : by the system they are from. total : in the project now."""

    new: int
    there: int
    changed: int
    refused: int
    kinds: Mapping[str, int]
    total: int
    folder: Path
    problems: list[Problem]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**asdict(self), "folder": str(self.folder), "kinds": dict(self.kinds)}

    def text(self) -> str:
        """The same for people."""
        ways = ", ".join(f"{count} {kind}" for kind, count in self.kinds.items())
        changed = f"{self.changed} brought up to date, " if self.changed else ""
        more = f"{self.there} known already, {changed}{self.refused} refused; {self.total} in {self.folder}"
        lines = [f"{self.new} new contributions ({ways}), {more}" if ways else f"nothing new, {more}"]
        return "\n".join([*lines, *(f"- {one.file}: {one.message}" for one in self.problems)])


def collect(opened: opening.Project, sources: Sequence[str], *, progress: Progress = no_progress) -> Collected:
    """Take files, folders, links and what servers hold into the project's folder; what is there already stays as it is. Raises InputProblem
    and Cancelled."""
    work = _work(opened, stretch(progress, 0.0, 0.3))
    frame = frame_of(opened, work.site, work.variants)
    undulation = profiles.undulation(opened.file) or 0.0
    found = received.read(list(sources), frame, undulation=undulation, progress=stretch(progress, 0.3, 0.9))
    taken = inbox.take(opened.folder, found.contributions)
    progress(1.0, "done")
    total = len(inbox.load(opened.folder).contributions)
    problems = [*found.problems, *taken.problems]
    return Collected(taken.new, taken.there, taken.changed, found.refused, found.kinds, total, opened.folder / inbox.FOLDER, problems)


def _work(opened: opening.Project, progress: Progress) -> Work:
    return Work(opened, imported.imported(opened.file, opened.folder, progress), opened.folder)


def frame_of(opened: opening.Project, site: Site, variants: Mapping[str, Variant]) -> Frame:
    """What contributions to a project are held against."""
    asked = opened.file.participation or Participation()
    shapes: list[Any] = [shape for shape in site.footprints if shape is not None]
    if site.terrain is not None:
        shapes.append(shapely.box(*site.terrain.bounds))
    if site.plan_areas is not None:
        shapes += list(site.plan_areas.geometry)
    if not shapes:
        raise InputProblem(opened.path, "the project has neither buildings nor terrain", "Import the town's data first")
    ids = lambda listed: frozenset(one.id for one in listed)  # noqa: E731
    return Frame(
        site.origin,
        contributions.box_of(shapes, AROUND),
        asked.id or slug(opened.file.project.name),
        frozenset(variants),
        ids(asked.categories),
        ids(asked.criteria),
        ids([*asked.places, *asked.viewpoints]),
    )


def report(
    opened: opening.Project, out: Path | None = None, *, language: Language = "de", progress: Progress = no_progress
) -> tuple[list[Path], summary.Summary]:
    """Write the report on what has been collected: HTML, CSV, XLSX and GeoJSON, into a folder (None: the project's
    `participation/report`). Raises InputProblem, Cancelled."""
    work = _work(opened, stretch(progress, 0.0, 0.3))
    site, known = work.site, work.variants
    asked = opened.file.participation or Participation()
    box = inbox.load(opened.folder)
    made = summary.summary(box, list(known), [one.id for one in asked.criteria])
    designs = list(_designs(opened, site, box, stretch(progress, 0.3, 0.9)))
    text = lambda words: words.told().get(language) or words.de  # noqa: E731
    origin = site.origin
    cameras = {one.name: one for one in opened.file.cameras}
    named = [(one.id, text(one.label), one.at) for one in asked.places]
    named += [(one.id, text(one.name), cameras[one.camera].at) for one in asked.viewpoints if one.camera in cameras]
    names = Names(
        text(asked.title) or opened.file.project.name,
        {key: one.name for key, one in known.items()},
        {one.id: text(one.label) for one in asked.categories},
        {one.id: text(one.label) for one in asked.criteria},
        {key: (label, (at[0] - origin.easting, at[1] - origin.northing)) for key, label, at in named},
        origin,
        version(),
        [shape for shape in site.footprints if shape is not None],
        [] if site.plan_areas is None else list(site.plan_areas.geometry),
    )
    folder = out or opened.folder / "participation" / "report"
    paths = told.write(folder, box, made, designs, names, language, dt.datetime.now().astimezone().date())
    progress(1.0, "done")
    return paths, made


def _designs(opened: opening.Project, site: Site, box: inbox.Inbox, progress: Progress) -> Any:
    """Citizens' variants with their figures."""
    reckoning = Reckoning(site, *profiles.reckoned_by(opened.file), opened.file.building_plots)
    every = [(one, content) for one in box.contributions for content in one["variants"]]
    for number, (one, content) in enumerate(every):
        progress(number / len(every), "citizens' designs")
        hidden = bool(box.answers[one["id"]].hidden)
        words = ("–", "") if hidden else (content["name"], str(content.get("reason") or ""))
        told_of = (box.number(one["id"]), words[0], str(content.get("based_on") or ""), words[1])
        try:
            variant = variant_files.from_geojson(content, Path(f"contribution {one['id']}"), site.origin)
            found = reckoning.of(variant)
        except InputProblem:
            yield Design(*told_of, len(content["features"]), None, None, None)
            continue
        figures = found.sheets[0].figures
        height = figures["height"].value if "height" in figures else None
        broken = sum(finding.severity == "broken" for finding in found.findings)
        yield Design(*told_of, len(variant.blocks), figures["dwellings"].value, height, broken)
