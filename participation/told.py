"""A summary as pages and tables: HTML that opens anywhere, CSV, XLSX and GeoJSON. All words of citizens are text in each of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
import xlsxwriter

from ..jena_city.files import write_text, written_beside
from ..jena_city.origin import Origin
from .inbox import Inbox
from .summary import MANY, Summary, channel_of, share

Language = Literal["de", "en"]
SHOWN_PLACES = 40
WORDS: dict[str, dict[str, str]] = tomllib.loads((resources.files(__package__ or "") / "texts/report.toml").read_text(encoding="utf-8"))
FEELINGS = ("like", "dislike", "question", "none")


@dataclass(frozen=True)
class Design:
    """A citizen's variant with its figures. findings : of broken rules. None: it could not be reckoned."""

    contribution: str
    name: str
    based_on: str
    reason: str
    blocks: int
    dwellings: float | None
    height: float | None
    findings: int | None


@dataclass(frozen=True)
class Names:
    """How things are called: title of the procedure, variants, categories, criteria and places by id (these with their scene coordinates).
    buildings, plan_areas : outlines for the map, in scene coordinates."""

    title: str
    variants: Mapping[str, str]
    categories: Mapping[str, str]
    criteria: Mapping[str, str]
    places: Mapping[str, tuple[str, tuple[float, float]]]
    origin: Origin
    version: str
    buildings: Sequence[Any] = field(default_factory=tuple)
    plan_areas: Sequence[Any] = field(default_factory=tuple)


def write(
    folder: Path, inbox: Inbox, made: Summary, designs: Sequence[Design], names: Names, language: Language, day: dt.date
) -> list[Path]:
    """All four files into a folder, beside and renamed."""
    paths = [folder / f"report.{suffix}" for suffix in ("html", "csv", "xlsx", "geojson")]
    write_text(paths[0], page(inbox, made, designs, names, language, day))
    write_text(paths[1], "\ufeff" + table(inbox, names, language))
    with written_beside(paths[2]) as beside:
        workbook(beside, inbox, made, designs, names, language)
    write_text(paths[3], json.dumps(geojson(inbox, names), ensure_ascii=False, indent=1))
    return paths


# HTML


class _Page:
    def __init__(self, language: Language, names: Names) -> None:
        self.words, self.names, self.language = WORDS[language], names, language
        self.parts: list[str] = []

    def said(self, key: str, **values: object) -> str:
        text = self.words[key]
        return escape(text.format(**values) if values else text)

    def add(self, text: str) -> None:
        self.parts.append(text)

    def number(self, value: float | None, digits: int = 0) -> str:
        if value is None:
            return "–"
        text = f"{value:,.{digits}f}"
        return text if self.language == "en" else text.replace(",", "\u202f").replace(".", ",")

    def span(self, low: float | None, high: float | None, digits: int) -> str:
        return "–" if low is None or high is None else f"{self.number(low, digits)}–{self.number(high, digits)}"

    def rows(self, caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str = "", kind: str = "") -> None:
        if not rows:
            return
        self.add(f"<section><h2>{escape(caption)}</h2>")
        if note:
            self.add(f'<p class="note">{note}</p>')
        self.add(f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="{kind}"><thead><tr>')
        self.add("".join(f'<th scope="col">{one}</th>' for one in head) + "</tr></thead><tbody>")
        for first, *rest in rows:
            self.add(f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{one}</td>" for one in rest) + "</tr>")
        self.add("</tbody></table></div></section>")


_STYLE = (resources.files(__package__ or "") / "texts/report.css").read_text(encoding="utf-8")


def page(inbox: Inbox, made: Summary, designs: Sequence[Design], names: Names, language: Language, day: dt.date) -> str:
    """The report as one file that needs nothing else."""
    out = _Page(language, names)
    days = sorted(one for one in made.by_day if one)
    out.add(f"<p class='quiet'>{escape(names.title)}</p><h1>{out.said('title')}</h1>")
    if days:
        out.add(f"<p class='quiet'>{out.said('period', first=_day(days[0], language), last=_day(days[-1], language))}</p>")
    if not made.number:
        out.add(f"<p>{out.said('none')}</p>")
    out.add("<ul class='figures'>")
    for key, ways_of in (("total", made.total), ("comments", made.comments), ("designs", made.designs)):
        ways = ", ".join(f"{ways_of[channel]} {out.said(channel)}" for channel in ("online", "paper"))
        out.add(f"<li><strong>{out.number(ways_of.total())}</strong>{out.said(key)}<br><span class='quiet'>{ways}</span></li>")
    answered = sum(count for status, count in made.by_status.items() if status not in ("received", "read"))
    out.add(f"</ul><p class='warn'>{out.said('not-representative')} {out.said('no-shares', many=MANY)}</p>")
    if made.repeated:
        out.add(f"<p>{out.said('repeated', n=made.repeated, rest=made.number - made.repeated)}</p>")
    for moment, count in made.bursts.items():
        out.add(f"<p>{out.said('burst', day=f'{_day(moment[:10], language)}, {moment[11:]} UTC', n=count)}</p>")
    for caption, label, counted, named, without in (
        ("by-category", "topic", made.by_category, names.categories, "no-category"),
        ("by-variant", "variant", made.by_variant, names.variants, "no-variant"),
    ):
        out.rows(
            out.words[caption],
            [
                out.said(label),
                *(out.said(one if one != "none" else "none-feeling") for one in FEELINGS),
                out.said("sum"),
                out.said("share"),
                "",
            ],
            [_felt(out, named.get(key, key) if key else out.words[without], counted) for key, counted in _most(counted)],
            _legend(out),
        )
    out.rows(
        out.words["judged"],
        [out.said("criterion"), out.said("variant"), "1", "2", "3", "4", "5", out.said("count"), out.said("mean"), out.said("interval")],
        [
            [
                escape(names.criteria.get(one.criterion, one.criterion)), escape(names.variants.get(one.variant, one.variant)),
                *map(str, one.counts), str(one.number), out.number(one.mean, 1), out.span(one.low, one.high, 1),
            ]
            for one in made.judged
        ],
        out.said("judged-note"),
    )  # fmt: skip
    out.rows(
        out.words["ranked"],
        [out.said(key) for key in ("variant", "wins", "shown", "neither", "strength", "interval")],
        [
            [
                escape(names.variants.get(one.variant, one.variant)), str(one.wins), str(one.shown), str(one.neither),
                out.number(one.strength, 2), out.span(one.low, one.high, 2),
            ]
            for one in made.ranked
        ],
        out.said("ranked-note"),
    )  # fmt: skip
    _map(out, made, names)
    out.rows(
        out.words["places"],
        [out.said("place"), out.said("count"), out.said("like"), out.said("dislike"), out.said("question"), out.said("number")],
        [_told_place(out, number, place, names) for number, place in enumerate(made.places[:SHOWN_PLACES], 1)],
        out.said("no-place", n=made.without_place) if made.without_place else "",
        "prose",
    )
    out.rows(
        out.words["own"],
        [out.said(key) for key in ("name", "number", "based", "blocks", "dwellings", "height", "findings", "why")],
        [
            [
                escape(one.name), one.contribution, escape(names.variants.get(one.based_on, one.based_on)), str(one.blocks),
                out.number(one.dwellings), "–" if one.height is None else f"{out.number(one.height, 1)} m",
                "–" if one.findings is None else str(one.findings), escape(one.reason),
            ]
            for one in designs
        ],
        kind="prose",
    )  # fmt: skip
    out.rows(
        out.words["by-day"],
        [out.said("day"), out.said("total")],
        [[_day(one, language) if one else out.said("undated"), str(count)] for one, count in sorted(made.by_day.items())],
    )
    out.rows(
        out.words["texts"],
        [out.said(key) for key in ("number", "date", "channel", "variant", "topic", "text", "status", "answer")],
        [[escape(one) for one in row] for row in _statements(inbox, names, language)],
        out.said("answered", n=answered, of=made.number),
        "words",
    )
    out.add(f"<p class='quiet'>{out.said('made', day=_day(day.isoformat(), language), version=names.version)}</p>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{out.said("title")}: {escape(names.title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{''.join(out.parts)}</main></body></html>\n"
    )


def _felt(out: _Page, name: str, counted: Counter[str]) -> list[str]:
    whole = counted.total()
    liked = share(counted["like"], whole)
    bar = "".join(
        f'<i class="{kind}" style="width:{100 * counted[key] / whole:.1f}%"></i>' for key, kind in zip(FEELINGS, "ldqn", strict=True)
    )
    of = "–" if liked is None else f"{out.number(liked)}\u202f% {out.said('like')}"
    return [escape(name), *(str(counted[key]) for key in FEELINGS), str(whole), of, f'<span class="bar" aria-hidden="true">{bar}</span>']


def _legend(out: _Page) -> str:
    """What the colours of the bars mean."""
    kinds = zip((*FEELINGS[:3], "none-feeling"), "ldqn", strict=True)
    return " ".join(f'<span class="key"><i class="{kind}"></i>{out.said(key)}</span>' for key, kind in kinds)


def _most(counted: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(counted.items(), key=lambda item: (item[0] == "", -item[1].total(), item[0]))


def _told_place(out: _Page, number: int, place: Any, names: Names) -> list[str]:
    felt = Counter(comment["feeling"] for _, comment in place.comments)
    x, y = place.position[0] - names.origin.easting, place.position[1] - names.origin.northing
    near = min(names.places.values(), key=lambda one: np.hypot(one[1][0] - x, one[1][1] - y), default=None)
    where = (
        f"{out.said('near')} {escape(near[0])}"
        if near and np.hypot(near[1][0] - x, near[1][1] - y) < 100
        else f"{place.position[0]:.0f}, {place.position[1]:.0f}"
    )
    numbers = sorted({one for one, _ in place.comments})
    return [
        f"{number} · {where}",
        str(len(place.comments)),
        *(str(felt[key]) for key in FEELINGS[:3]),
        ", ".join(numbers[:12]) + (" …" if len(numbers) > 12 else ""),
    ]


def _map(out: _Page, made: Summary, names: Names) -> None:
    if not made.places:
        return
    centres = np.array([place.position for place in made.places]) - [names.origin.easting, names.origin.northing]
    shown = [*(shapely.Point(one) for one in centres), *names.plan_areas]
    west, south, east, north = shapely.total_bounds(np.array(shown, object)) + np.array([-60, -60, 60, 60])
    scale = 900 / max(east - west, north - south, 1.0)

    def flat(shape: Any) -> Any:
        return shapely.transform(shape, lambda xy: np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * scale]))

    around = shapely.box(west, south, east, north)
    paths = [f'<path class="b" d="{_path(flat(one))}"/>' for one in names.buildings if one is not None and around.intersects(one)]
    paths += [f'<path class="p" d="{_path(flat(one))}"/>' for one in names.plan_areas]
    for number, (place, centre) in reversed(list(enumerate(zip(made.places[:SHOWN_PLACES], centres, strict=False), 1))):
        x, y = (centre[0] - west) * scale, (north - centre[1]) * scale
        radius = 13 + 3 * np.sqrt(len(place.comments) - 1)
        paths.append(f'<circle class="c" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/><text x="{x:.1f}" y="{y:.1f}">{number}</text>')
    size = f"{(east - west) * scale:.0f} {(north - south) * scale:.0f}"
    told = out.said("map-alt", n=min(len(made.places), SHOWN_PLACES), m=sum(len(place.comments) for place in made.places[:SHOWN_PLACES]))
    out.add(f'<section><h2>{out.said("map")}</h2><svg viewBox="0 0 {size}" role="img" aria-label="{told}">{"".join(paths)}</svg></section>')


def _path(shape: Any) -> str:
    rings = [ring for part in shapely.get_parts(shape) if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in np.asarray(ring.coords)[:-1, :2]) + "Z" for ring in rings)


def _day(iso: str, language: Language) -> str:
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day:%d %B %Y}"


# Tables


def _statements(inbox: Inbox, names: Names, language: Language) -> list[list[str]]:
    """Each statement: number, day, way, variant, subject, words, status, answer."""
    words = WORDS[language]
    rows = []
    for one in inbox.contributions:
        given = inbox.answers[one["id"]]
        state = words[given.status] + (f" ({words['hidden']})" if given.hidden else "")
        head = [inbox.number(one["id"]), _day(one["created"][:10], language), words[channel_of(one)]]
        for comment in one["comments"]:
            if given.hidden:
                rows.append([*head, "", "", f"[{words['hidden']}: {given.hidden}]", state, given.answer])
                continue
            felt = words[comment["feeling"]] if comment["feeling"] else ""
            votes = words["votes"].format(a=comment["votes_for"], b=comment.get("votes_against", 0)) if "votes_for" in comment else ""
            said = "\n".join(part for part in (felt, comment["text"], votes) if part)
            place = names.places.get(comment["place"] or "")
            topic = names.categories.get(comment["category"] or "", comment["category"] or str(comment.get("label") or ""))
            topic = ", ".join(part for part in (topic, place[0] if place else "") if part)
            rows.append([*head, names.variants.get(comment["variant"] or "", comment["variant"] or ""), topic, said, state, given.answer])
        for design in one["variants"]:
            said = f"{words['own']}: {design['name']}" + (f"\n{design['reason']}" if design.get("reason") else "")
            said = f"[{words['hidden']}: {given.hidden}]" if given.hidden else said
            based = str(design.get("based_on") or "")
            rows.append([*head, names.variants.get(based, based), "", said, state, given.answer])
    return rows


def safe(text: str) -> str:
    """A cell that no table program takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def table(inbox: Inbox, names: Names, language: Language) -> str:
    """All comments as CSV with their coordinates, as German Excel opens it: semicolons."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    words = WORDS[language]
    rows.writerow(
        [words[key] for key in ("number", "date", "channel", "variant", "topic", "text", "status", "answer")]
        + ["easting", "northing", "height"]
    )
    for one, position in zip(_statements(inbox, names, language), _positions(inbox), strict=True):
        rows.writerow([*(safe(cell) for cell in one), *(f"{value:.2f}" for value in position), *([""] * (3 - len(position)))])
    return out.getvalue()


def _positions(inbox: Inbox) -> list[list[float]]:
    return [
        position
        for one in inbox.contributions
        for position in [*((comment["position"] or []) for comment in one["comments"]), *([] for _ in one["variants"])]
    ]


def geojson(inbox: Inbox, names: Names) -> dict[str, Any]:
    """All comments with a place, in the project's CRS; those without one have no geometry."""
    features = []
    for one in inbox.contributions:
        given = inbox.answers[one["id"]]
        for comment in one["comments"]:
            own = {key: value for key, value in comment.items() if key not in ("position", "camera")}
            if given.hidden:  # its other words too: a title or a label of another system
                own = {"text": "", "hidden": given.hidden}
            features.append(
                {
                    "type": "Feature",
                    "id": comment["id"],
                    "properties": {
                        **own, "number": inbox.number(one["id"]), "created": one["created"], "channel": one["channel"],
                        "status": given.status, "answer": given.answer,
                    },
                    "geometry": None if comment["position"] is None else {"type": "Point", "coordinates": comment["position"]},
                }
            )  # fmt: skip
    code = names.origin.crs.removeprefix("EPSG:")
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}},
        "features": features,
    }


def workbook(path: Path, inbox: Inbox, made: Summary, designs: Sequence[Design], names: Names, language: Language) -> None:
    """The same as XLSX; no cell is a formula."""
    words = WORDS[language]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})

        def sheet(name: str, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> None:
            made_sheet = book.add_worksheet(name[:31])
            made_sheet.write_row(0, 0, head, bold)
            made_sheet.freeze_panes(1, 0)
            for column, width in enumerate(widths):
                made_sheet.set_column(column, column, width, wrap)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        made_sheet.write_string(number, column, value)
                    elif value is not None:
                        made_sheet.write_number(number, column, value)

        sheet(
            words["total"].capitalize(),
            [words[key] for key in ("number", "date", "channel", "variant", "topic", "text", "status", "answer")]
            + ["easting", "northing", "height"],
            [[*row, *position] for row, position in zip(_statements(inbox, names, language), _positions(inbox), strict=True)],
            [9, 11, 10, 18, 18, 70, 20, 40, 11, 12, 8],
        )
        for caption, counted, named in (
            ("by-category", made.by_category, names.categories),
            ("by-variant", made.by_variant, names.variants),
        ):
            head = ["", *(words[one if one != "none" else "none-feeling"] for one in FEELINGS), words["sum"]]
            rows = [[named.get(key, key), *(each[feeling] for feeling in FEELINGS), each.total()] for key, each in _most(counted)]
            sheet(words[caption], head, rows, [28])
        judged = [
            [
                names.criteria.get(one.criterion, one.criterion),
                names.variants.get(one.variant, one.variant),
                *one.counts,
                one.mean,
                one.low,
                one.high,
            ]
            for one in made.judged
        ]
        sheet(
            words["judged"],
            [words["criterion"], words["variant"], "1", "2", "3", "4", "5", words["mean"], "2,5 %", "97,5 %"],
            judged,
            [28, 28],
        )
        ranks = [
            [names.variants.get(one.variant, one.variant), one.wins, one.shown, one.neither, one.strength, one.low, one.high]
            for one in made.ranked
        ]
        sheet(
            words["ranked"], [words[key] for key in ("variant", "wins", "shown", "neither", "strength")] + ["2,5 %", "97,5 %"], ranks, [28]
        )
        own = [
            [
                one.name,
                one.contribution,
                names.variants.get(one.based_on, one.based_on),
                one.blocks,
                one.dwellings,
                one.height,
                one.findings,
                one.reason,
            ]
            for one in designs
        ]
        sheet(
            words["own"],
            [words[key] for key in ("name", "number", "based", "blocks", "dwellings", "height", "findings", "why")],
            own,
            [28, 9, 20, 9, 11, 11, 11, 60],
        )
        note = book.add_worksheet("Info")
        note.set_column(0, 0, 100, wrap)
        note.write_string(0, 0, words["not-representative"])
        if made.repeated:
            note.write_string(1, 0, words["repeated"].format(n=made.repeated, rest=made.number - made.repeated))
