"""All variants of a project as slides for a meeting."""

from __future__ import annotations

import json
import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..jena_city import maps, plan_parts, profiles, store
from ..jena_city.comparing import Row
from ..jena_city.described import mark
from ..jena_city.files import hash_file, slug
from ..jena_city.finding import Finding, sentence
from ..jena_city.lettering import THIN_SPACE, number
from ..jena_city.problems import Progress, stretch
from ..jena_city.project import DeckEntry, PictureEntry
from ..jena_city.result import Grid, Result
from ..jena_city.variant import NULL_VARIANT, called
from ..jena_city.workbook import SEVERITIES
from ..sheets import deck, pdf, slides
from .comparisons import Comparison, compared
from .pictures import hash_of as hash_of_picture
from .pictures import render
from .work import Work

TODAY = "#9a958c"
_FIRST = ("dwellings", "residents", "gf", "full_storeys", "height")
_OF_LAND = ("grz_total", "gfz")
_TOLD = (
    *(*_FIRST, "jobs", "living_area", "cars", "bikes", "kita", "school", "playground_needed", "playground", "area_green"),
    *("sealed_before", "sealed_after", "trees_felled", "trees_planted", "top"),
)
_MOST_FINDINGS = 4


def present(work: Work, decks: Sequence[DeckEntry], progress: Progress) -> None:
    """The slides that are not there yet, as PPTX and PDF. Their pictures are made first, all in one go."""
    for number_, entry in enumerate(decks):
        files = [work.out / "slides" / f"{slug(entry.name)}.{ending}" for ending in entry.formats]
        part = stretch(progress, number_ / len(decks), (number_ + 1) / len(decks))
        key = hash_of(work, entry)
        if not work.is_made(f"slides {entry.name}", key):
            write(work, entry, files, part)
            own = entry not in work.project.file.decks
            work.remember(f"slides {entry.name}", key, "slides", files, variant=NULL_VARIANT.id, own=own)


def write(work: Work, entry: DeckEntry, files: Sequence[Path], progress: Progress) -> None:
    """Slides into files that end in .pptx or .pdf. Raises InputProblem, Cancelled."""
    design = work.project.design
    pictures, plan = _pictures(work, entry)
    render(work, [*pictures.values(), plan], stretch(progress, 0.0, 0.9))
    progress(0.9, "slides")
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        content = _content(work, entry, Path(folder))
        made = deck.slides(content, design)
        for path in files:
            if path.suffix.lower() == ".pdf":
                pdf.write(slides.drawn(made, content.title, design), path)
            else:
                from ..sheets import slides_pptx  # python-pptx takes long to load, and every command comes by here

                slides_pptx.write(made, path, content.title, work.project.file.project.author, design)
    progress(1.0, "done")


def hash_of(work: Work, entry: DeckEntry) -> str:
    """Of all that the slides say and show."""
    file = work.project.file
    pictures, plan = _pictures(work, entry)
    shown = [hash_of_picture(work, one) for one in (*pictures.values(), plan)]
    law, given = profiles.reckoned_by(file)
    plots = [plot.model_dump(mode="json") for plot in file.building_plots]
    told = file.participation.model_dump(mode="json") if file.participation else {}
    results = [hash_file(path) for path in work.result_files()]
    asked = entry.model_dump(mode="json"), shown, plots, asdict(law), given.model_dump(mode="json"), told, results
    return work.key_of_words(list(pictures), "slides", *asked, file.project.model_dump(), *work.design_key)


def _pictures(work: Work, entry: DeckEntry) -> tuple[dict[str, PictureEntry], PictureEntry]:
    """A picture of each variant, alike but for the variant, by its id, the Bestand first; and the place from above."""
    named = (
        sorted(work.variants, key=lambda one: work.variants[one].name) if entry.variants is None else list(map(work.known, entry.variants))
    )
    wanted = [NULL_VARIANT.id, *named]
    first, side = work.project.picture_of(entry), min(entry.width, 1200)
    found = {one: first.model_copy(update={"name": f"{entry.name} {one}", "variant": one}) for one in dict.fromkeys(wanted)}
    above = {"name": f"{entry.name} Lageplan", "preset": "plan", "camera": "", "width": side, "height": side}
    return found, first.model_copy(update=above)


def _content(work: Work, entry: DeckEntry, folder: Path) -> deck.Content:
    """What the slides say. folder : where maps are put as long as they are needed."""
    pictures, plan = _pictures(work, entry)
    comparison, file = compared(work, NULL_VARIANT.id), work.project.file
    say = work.project.design.say
    paths = {name: work.out / "pictures" / f"{slug(one.name)}.png" for name, one in pictures.items()}
    above = work.out / "pictures" / f"{slug(plan.name)}.png"
    told = {path: json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) for path in (*paths.values(), above)}
    language = work.project.design.language
    words = {path: one["alternative_texts"].get(language, one["alternative_text"]) for path, one in told.items()}
    light = {name: told[path]["facts"] for name, path in paths.items()}
    proposals = [_proposal(work, comparison, name, path, words[path], light[name]) for name, path in paths.items()]
    found = _results(work, list(pictures))
    facts = " · ".join(dict.fromkeys(fact for one in light.values() for fact in one))
    return deck.Content(
        title=entry.title or file.project.name,
        description=file.project.description,
        under=[text for text in (file.project.author, entry.date_line) if text],
        plan=above,
        plan_words=words[above],
        about=_about(work, list(pictures)),
        proposals=proposals,
        facts=say(facts),
        table=_table(work, comparison, list(pictures)),
        result_table=_result_table(work, found, list(pictures)),
        results=[_maps(work, one, folder) for one in found if isinstance(next(iter(one.values())).support, Grid)],
        basis=[(head, list(map(say, texts))) for head, texts in _basis(comparison, found, facts)],
        source=say(work.site.source),
    )


def _proposal(work: Work, comparison: Comparison, name: str, picture: Path, words: str, facts: Sequence[str]) -> deck.Proposal:
    variant, findings, say = work.variants[name], comparison.findings[name], work.project.design.say
    rows = {row.key: row for row in comparison.rows if row.scope == "variant"}
    land = [row for row in comparison.rows if row.scope == "plan-area" and row.key in _OF_LAND]
    several = len({row.place for row in land}) > 1
    said = [(say(rows[key].name), text) for key in _FIRST if key in rows and (text := say(_figure(rows[key], name))) != "–"]
    said += [(_labelled(work, row, several), say(_figure(row, name))) for row in land[:4]]
    if not variant.blocks:
        here = sum(bool(kept) and parent < 0 for kept, parent in zip(work.applied[name].kept, work.site.city.building_parent, strict=True))
        said = [(say("Gebäude im Modell"), number(here)), *(said[-len(land[:4]) :] if land else [])]
    counts = Counter[str](one.severity for one in findings)
    order = [
        f"{counts[one]} {'Hinweise' if one == 'hint' and counts[one] > 1 else word}" for one, word in SEVERITIES.items() if counts[one]
    ]
    return deck.Proposal(
        name=called(work.variants[name], work.project.design.say),
        author=variant.author,
        mark=say(mark([variant])),
        colour=variant.colour if variant.blocks else TODAY,
        picture=picture,
        words=words,
        figures=said,
        facts=say(" · ".join(facts)),
        counts=say(" · ".join(order) or "keine Befunde") if variant.blocks else "",
        findings=_sentences(work, findings),
    )


def _sentences(work: Work, findings: Sequence[Finding]) -> list[str]:
    design, weighty = work.project.design, [one for one in findings if one.severity in ("broken", "to-reason")]
    told = [sentence(one, design.language) for one in weighty[:_MOST_FINDINGS]]
    return [*told, design.say(f"und {len(weighty) - _MOST_FINDINGS} weitere")] if len(weighty) > _MOST_FINDINGS else told


def _labelled(work: Work, row: Row, several: bool) -> str:
    """What a figure is called. several : whether it has to be told whose it is."""
    label = work.project.design.say(row.name)
    return f"{label} · {row.place}" if several else label


def _figure(row: Row, name: str) -> str:
    """A value as it is read, with its unit; a dash where there is none, as of floors and dwellings of the Bestand: they are not counted."""
    value = row.value(name)
    if value is None or not math.isfinite(value) or (name == NULL_VARIANT.id and value == 0):
        return "–"
    digits = 2 if row.key in _OF_LAND else 1 if row.unit in ("m", "m ü. NHN") else 0
    return f"{number(value, digits)}{THIN_SPACE}{row.unit}" if row.unit else number(value, digits)


def _about(work: Work, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The place, and what there is to decide, as far as the project says it."""
    design, site, asked = work.project.design, work.site, work.project.file.participation
    place = []
    if site.plan_areas is not None:
        for label, shape in zip(map(design.say, plan_parts.names(site)), site.plan_areas.geometry, strict=True):
            place.append(f"{label} · {design.say(f'{number(shape.area / 10_000, 2)}{THIN_SPACE}ha')}")
    proposals = [work.variants[name] for name in names if name != NULL_VARIANT.id]
    place.append(design.say(f"{len(proposals)} Varianten und der Bestand" if len(proposals) != 1 else "eine Variante und der Bestand"))
    found = [("Der Ort", place)]
    if asked is not None:
        steps = asked.procedure
        heads = (("Die Frage", asked.question), ("Was noch offen ist", steps.open), ("Was feststeht", steps.fixed))
        for head, words in (*heads, ("Wer entscheidet", steps.decides)):
            text = words.told().get(design.language) or words.de
            found += [(head, [text])] if text else []
    return found


def _table(work: Work, comparison: Comparison, names: Sequence[str]) -> list[list[str]]:
    """The figures that are talked about: of the variants, and what the land bears; none that is nothing everywhere."""
    say, head = work.project.design.say, ["", *(called(work.variants[name], work.project.design.say) for name in names)]
    of_variants = {row.key: row for row in comparison.rows if row.scope == "variant"}
    land = [row for row in comparison.rows if row.scope == "plan-area" and row.key in _OF_LAND]
    several = len({row.place for row in land}) > 1
    rows = [(of_variants[key], say(of_variants[key].name)) for key in _TOLD if key in of_variants]
    rows += [(row, _labelled(work, row, several)) for row in land]
    return [head, *([label, *(say(_figure(row, name)) for name in names)] for row, label in rows if any(row.value(name) for name in names))]


def _results(work: Work, names: Sequence[str]) -> list[dict[str, Result]]:
    """Results that are true, alike ones of several variants together, by the id of the variant in the order of names."""
    found: dict[tuple[str, str], dict[str, Result]] = {}
    for job in work.jobs:
        if job.variant in names:
            for result in map(store.load_result, work.results_of(job)):
                found.setdefault((slug(job.entry.name or job.settings.stem), result.name), {})[job.variant] = result
    return [{name: alike[name] for name in names if name in alike} for alike in found.values()]


def _result_table(work: Work, found: Sequence[dict[str, Result]], names: Sequence[str]) -> list[list[str]]:
    """Means of results over all that was reckoned; of two classes the share of the first."""
    say, rows = work.project.design.say, [["", *(called(work.variants[name], work.project.design.say) for name in names)]]
    for alike in found:
        first = next(iter(alike.values()))
        if first.name.endswith("change"):
            continue
        told = {name: one.summary() for name, one in alike.items()}
        if not all(one["cells"] for one in told.values()):
            continue
        if len(first.classes.labels) == 2:
            label = f"{first.title} · {first.classes.labels[0]}"
            said = {name: f"{number(100 * one['classes'][0]['share'])}{THIN_SPACE}%" for name, one in told.items()}
        else:
            label = f"{first.title} · im Mittel"
            said = {name: f"{number(one['mean'], 1)}{THIN_SPACE}{first.unit}".strip() for name, one in told.items()}
        rows.append([say(label), *(say(said.get(name, "–")) for name in names)])
    return rows


def _maps(work: Work, alike: dict[str, Result], folder: Path) -> deck.Results:
    legend: dict[tuple[str, str], None] = {}
    shown, say = [], work.project.design.say
    for name, result in alike.items():
        path = folder / f"{len(list(folder.iterdir()))}.png"
        maps.picture(result, work.applied[name]).save(path)
        classes = [
            f"{one['label']}: {number(100 * one['share'])}{THIN_SPACE}%"
            for one in result.summary().get("classes", [])
            if one["share"] > 0.005
        ]
        title = called(work.variants[name], say)
        shown.append(deck.Map(title, path, f"{say(result.title)} · {title} · {say(' · '.join(classes))}"))
        colours = zip(reversed(result.classes.colours), reversed(result.classes.labels), strict=True)
        legend |= dict.fromkeys([*colours, *maps.entries(result, work.applied[name])])
    first = next(iter(alike.values()))
    said = [(colour, say(words)) for colour, words in legend]
    return deck.Results(say(first.title), say(first.unit), say(first.method), shown, said)


def _basis(comparison: Comparison, found: Sequence[dict[str, Result]], facts: str) -> list[tuple[str, list[str]]]:
    """Where all of it comes from, and what it is not."""
    methods = {first.title: first.method for alike in found for first in [next(iter(alike.values()))] if not first.name.endswith("change")}
    return [
        ("Daten", [comparison.source]),
        ("Bilder", ["Alle Varianten aus derselben Kamera, im selben Licht, mit demselben Umfeld.", facts]),
        ("Kennzahlen", [comparison.law, comparison.assumptions, "Prüfhilfe für die Planung, keine Rechtsberatung"]),
        ("Ergebnisse", [f"{title} · {method}" for title, method in methods.items()]),
        ("Was diese Folien nicht sind", ["Bilder von Entwürfen, keine Zusage, wie gebaut wird, und keine rechtsverbindlichen Pläne."]),
    ]
