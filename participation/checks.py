"""What keeps a project from being published: what people must know and is not said, and variants that are not shown alike."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ..jena_city import cameras
from ..jena_city.applied import Applied
from ..jena_city.cameras import NamedCamera
from ..jena_city.participating import Participation, ParticipationViewpoint
from ..jena_city.problems import InputProblem
from ..jena_city.project import AnalysisEntry, FilmEntry, PictureEntry
from ..jena_city.variant import NULL_VARIANT, Variant

PUBLIC = ("öffentlich", "beschlossen")
SHORTEST = 30  # days of § 3 (2) BauGB


def procedure(asked: Participation, where: Path) -> None:
    """Raise InputProblem while people would not know what they take part in."""
    place, said = f"{where}, participation.procedure", asked.procedure
    if not said.kind:
        what_to_do = 'Set kind to "informal", "early" (§ 3 (1) BauGB) or "formal" (§ 3 (2) BauGB)'
        raise InputProblem(place, "it is not said which kind of procedure this is", what_to_do)
    for field, what, what_to_do in (
        ("open", "it is not said what is still open", "Say under open what people can still change"),
        ("fixed", "it is not said what is fixed, and why", "Say under fixed what is decided already, and why"),
        ("decides", "it is not said who decides, and when", "Say under decides who decides, and when"),
        ("contributions", "it is not said what happens with contributions", "Say under contributions who reads them, and what follows"),
    ):
        if not getattr(said, field):
            raise InputProblem(place, what, what_to_do)
    if said.kind == "formal":
        if said.starts is None or said.ends is None:
            raise InputProblem(place, "a formal procedure has a first and a last day", "Set starts and ends")
        least = last_day(said.starts)
        if said.ends < least:
            what = f"§ 3 (2) BauGB asks for a month and at least {SHORTEST} days: until {least}, not until {said.ends}"
            raise InputProblem(place, what, "Set ends to that day or a later one")


def last_day(starts: dt.date) -> dt.date:
    """The earliest last day of a publication after § 3 (2) BauGB: a month, the first day counted (§§ 187, 188 BGB), and 30 days."""
    year, month = (starts.year, starts.month + 1) if starts.month < 12 else (starts.year + 1, 1)
    days = calendar.monthrange(year, month)[1]
    month_later = dt.date(year, month, starts.day) - dt.timedelta(1) if starts.day <= days else dt.date(year, month, days)
    return max(month_later, starts + dt.timedelta(SHORTEST - 1))


def shown(asked: Participation, known: Mapping[str, Variant], preview: bool, where: Path) -> list[str]:
    """The ids of the variants that are published, without the Bestand. Raises InputProblem."""
    place = f"{where}, participation"
    proposals = [name for name in known if name != NULL_VARIANT.id]
    for name in asked.variants or []:
        if name not in known:
            raise InputProblem(place, f"there is no variant called {name}", f"Known: {', '.join(proposals)}")
    wanted = [name for name in (asked.variants if asked.variants is not None else proposals) if name != NULL_VARIANT.id]
    if not preview:
        hidden = [name for name in wanted if known[name].status not in PUBLIC]
        if asked.variants is not None and hidden:
            what = f"the variant {hidden[0]} is marked {known[hidden[0]].status}"
            raise InputProblem(place, what, "Set its status to öffentlich, leave it out, or publish a preview")
        wanted = [name for name in wanted if name not in hidden]
    if not wanted:
        what_to_do = "Set the status of variants to öffentlich, or publish a preview" if proposals else "Draw one first"
        raise InputProblem(place, "there is no variant to publish", what_to_do)
    return wanted


def alike(
    asked: Participation,
    wanted: Sequence[str],
    known: Mapping[str, Variant],
    pictures: Sequence[tuple[PictureEntry, str]],
    films: Sequence[FilmEntry],
    analyses: Sequence[AnalysisEntry],
    where: Path,
) -> None:
    """Raise InputProblem where one variant would be shown otherwise than another. pictures : with the layout of their preset."""
    place = f"{where}, participation"
    if not asked.viewpoints:
        what = "no viewpoint is named, so whoever cannot use 3D would see nothing"
        raise InputProblem(place, what, "Add [[participation.viewpoints]]")
    modelled = {bool([block for block in known[name].blocks if block.stand_in is not None]) for name in wanted if known[name].blocks}
    if len(modelled) > 1:
        what = "some variants are shown as architects' models, others as plain blocks"
        raise InputProblem(place, what, "Show all in the same detail")
    sets: dict[str, list[PictureEntry]] = {}
    for picture, layout in pictures:
        if layout == "variants":
            more = [name for name in known if name not in wanted and name != NULL_VARIANT.id]
            if more:
                what = f"the picture {picture.name} shows variants that are not published: {', '.join(more)}"
                raise InputProblem(place, what, "Leave the picture out")
            continue
        own = picture.model_dump(mode="json", exclude={"name", "title", "variant", "set"})
        result = (picture.result or "").removesuffix(picture.variant)
        sets.setdefault(f"{own | {'result': result, 'layout': layout}}", []).append(picture)
    for group in sets.values():
        told = {picture.variant for picture in group}
        compares = "change" in (group[0].result or "") or _layout_of(group[0], pictures) == "before-after"
        missing = [name for name in ([] if compares else [NULL_VARIANT.id]) + list(wanted) if name not in told]
        if missing:
            what = f"the variant {missing[0]} has no picture like {group[0].name} (same camera, light and size)"
            raise InputProblem(place, what, "Take one of every variant and of the Bestand, or leave it out")
        strange = sorted(told - {NULL_VARIANT.id, *wanted})
        if strange:
            what = f"a picture shows the variant {strange[0]}, which is not published"
            raise InputProblem(place, what, "Leave the picture out")
    of_films: dict[str, set[str]] = {}
    for film in films:
        of_films.setdefault(film.model_dump_json(exclude={"name", "title", "variant"}), set()).add(film.variant)
    for told in of_films.values():
        missing = [name for name in wanted if name not in told]
        if missing:
            what = f"the variant {missing[0]} has no film like those of others"
            raise InputProblem(place, what, "Make one of every variant, or leave them out")
        strange = sorted(told - {NULL_VARIANT.id, *wanted})
        if strange:
            raise InputProblem(place, f"a film shows the variant {strange[0]}, which is not published", "Leave the film out")
    for entry in analyses:
        missing = [name for name in wanted if entry.variants is not None and name not in entry.variants]
        if missing:
            what = f"the analysis {entry.name or entry.kind} is not made for the variant {missing[0]}"
            raise InputProblem(place, what, "Make it for every variant, or leave it out under analyses")


def _layout_of(picture: PictureEntry, pictures: Sequence[tuple[PictureEntry, str]]) -> str:
    return next(layout for one, layout in pictures if one is picture)


def viewpoint(
    one: ParticipationViewpoint, named: NamedCamera, preset: tuple[str, str, str], applied: Iterable[Applied], where: Path
) -> None:
    """Raise InputProblem where nothing could be seen from a viewpoint. preset : look, layout and kind of camera. applied : the variants
    pictured, one at least."""
    look, layout, kind = preset
    if look == "map" or layout != "single" or kind in ("plan", "panorama"):
        raise InputProblem(f"{where}, viewpoint {one.id}", f"the preset {one.preset} gives no single view", "Choose one like eye or still")
    towns = list(applied)
    origin, ground = towns[0].site.origin, towns[0].site.terrain
    places = origin.to_local(np.array([named.at, named.to], float))
    if ground is None or not np.isfinite(ground.height_at(places)).all():
        what = f"its camera {named.name} stands or looks outside the terrain"
        raise InputProblem(f"{where}, viewpoint {one.id}", what, "Move the camera, or add terrain")
    eye, _ = cameras.eye_and_target(named, towns[0].site)
    found = next((found for town in towns if (found := cameras.inside(town, eye))), "")
    if found:
        raise InputProblem(f"{where}, viewpoint {one.id}", f"its camera {named.name} stands inside {found}", "Move the camera")
