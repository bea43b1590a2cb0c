"""All variants for a meeting, as slides: what it is about, each variant, side by side, figures, findings, results, sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from ..jena_city.design import Design
from ..jena_city.lettering import DISCLAIMER, NO_SOURCE
from .drawing import INK, QUIET
from .slides import HIGH, LEADING, WIDE, Bar, Line, Shown, Slide, Words, fitted, height_of, in_columns, largest, lines_of, tables

EDGE, FOOT = 16.0, 12.0  # mm beside what is on a slide, and below it
TOP = 33.0  # mm above it, under the title
_ROOM = WIDE - 2 * EDGE
_DOWN = HIGH - FOOT - 6.0
_GAP = 6.0
_BETWEEN = 1.2  # mm between the pictures of the first slide
_MOST_BANDS = 4  # pictures on it
_FACTS = 76.0  # mm of the column beside a picture
_SENTENCE = 4.2
_PLAIN = 4.6


@dataclass(frozen=True)
class Map:
    """The map of a result of one variant. words : for those who cannot see it."""

    name: str
    file: Path
    words: str


@dataclass(frozen=True)
class Results:
    """Maps of an analysis, the Bestand first. unit : of the values, "" for none. legend : (colour, words)."""

    title: str
    unit: str
    method: str
    maps: Sequence[Map]
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Proposal:
    """A variant. mark : what must be seen first. figures : (name, value with unit). counts, findings : what the rules say of it, in numbers
    and in sentences. picture : from the camera that all have in common; words : for those who cannot see it; facts : of its light."""

    name: str
    author: str
    mark: str
    colour: str
    picture: Path
    words: str
    figures: Sequence[tuple[str, str]] = field(default_factory=tuple)
    counts: str = ""
    findings: Sequence[str] = field(default_factory=tuple)
    facts: str = ""


@dataclass(frozen=True)
class Content:
    """What the slides say. proposals : the Bestand is the first. plan : a picture of the place from above. about : (head, sentences).
    table : of figures, the first row its head; results : the same of analyses. facts : of all pictures; basis : (head, sentences) of the
    last slide."""

    title: str
    description: str
    under: Sequence[str]
    plan: Path
    plan_words: str
    about: Sequence[tuple[str, Sequence[str]]]
    proposals: Sequence[Proposal]
    facts: str
    table: Sequence[Sequence[str]]
    result_table: Sequence[Sequence[str]]
    results: Sequence[Results]
    basis: Sequence[tuple[str, Sequence[str]]]
    source: str


def slides(content: Content, design: Design) -> list[Slide]:
    """The slides in their order; none without something to say. The content is in the design's language already, as only who wrote it knows
    which words are names that people gave; what is added here comes out in it too."""
    made = _Made(content, design)
    made.title()
    made.about()
    for one in content.proposals:
        made.variant(one)
    made.side_by_side()
    made.tables(design.say("Kennzahlen im Vergleich"), content.table)
    made.findings()
    made.tables(design.say("Ergebnisse im Vergleich"), content.result_table)
    made.maps()
    made.basis()
    return made.done()


class _Made:
    def __init__(self, content: Content, design: Design) -> None:
        self.content, self.design, self.say = content, design, design.say
        self.slides: list[Slide] = []
        self.marks: list[str] = []
        self.mark = next((one.mark for one in content.proposals if one.mark), "")

    def line(self, text: str, size: float = _PLAIN, **more: object) -> Line:
        """A paragraph in the colours of the design."""
        colour = {INK: self.design.ink, QUIET: self.design.quiet}.get(str(more.pop("colour", INK)), str(self.design.mark))
        return Line(self.design.spaced(text), size, colour=colour, **more)  # type: ignore[arg-type]

    def title(self) -> None:
        """The first slide: the name of the project beside pictures of all proposals, none larger than another; the Bestand where they are
        too many for that."""
        content, design = self.content, self.design
        room = WIDE * 0.44 - EDGE - 12.0
        several = content.proposals[1:]
        shown = several if 0 < len(several) <= _MOST_BANDS else content.proposals[:1]
        items: list[Words | Shown | Bar] = [Bar((0.0, 0.0, 4.0, HIGH), shown[0].colour if len(several) == 1 else design.ink)]
        size = largest(content.title, (15.0, 12.5, 10.5, 9.0), room, 3, design)
        head = (self.line(content.title, size, bold=True),)
        top = 46.0
        items.append(Words((EDGE, top, room, height_of(head, room, design)), head, "title"))
        top += height_of(head, room, design) + 5.0
        words = [self.line(content.description, 5.2)] if content.description else []
        words += [self.line(self.say("Varianten für die Sitzung"), 5.2, bold=True, before=4.0)]
        words += [self.line(one.name, 4.8, swatch=one.colour, before=1.0) for one in content.proposals]
        words += [self.line(text, 4.2, before=4.0 if k == 0 else 0.0, colour=QUIET) for k, text in enumerate(content.under)]
        words = fitted(words, room, _DOWN - top, design, 1.15)  # a long description, many variants: smaller, never cut
        items.append(Words((EDGE, top, room, _DOWN - top), tuple(words)))
        high = (HIGH + _BETWEEN) / len(shown)
        for k, one in enumerate(shown):
            items.append(Shown((WIDE * 0.44, k * high, WIDE * 0.56, high - _BETWEEN), one.picture, one.words, filling=True))
            items.append(Bar((WIDE * 0.44 - 2.0, k * high, 2.0, high - _BETWEEN), one.colour))
        if self.mark:
            items.append(Words((EDGE, 30.0, room, 6.0), (self.line(self.mark, 4.6, bold=True, colour="mark"),)))
        self.slides.append(Slide(content.title, tuple(items)))
        self.marks.append(self.mark)

    def about(self) -> None:
        """What there is to decide: the place from above, and what is open."""
        left = EDGE + _DOWN - TOP + _GAP * 1.5
        room = WIDE - EDGE - left
        groups = [self._group(head, texts) for head, texts in self.content.about]
        columns = in_columns(groups, room, _DOWN - TOP, self.design)
        if len(columns) == 1:
            columns = [fitted(columns[0], room, _DOWN - TOP, self.design)]
        for number, column in enumerate(columns):
            plan = Shown((EDGE, TOP, _DOWN - TOP, _DOWN - TOP), self.content.plan, self.content.plan_words)
            words = Words((left, TOP, room, _DOWN - TOP), tuple(column))
            self.add(self.continued(self.say("Worum es geht"), number), plan, words)

    def _group(self, head: str, texts: Sequence[str]) -> list[Line]:
        return [self.line(self.say(head), _PLAIN, bold=True, before=3.0), *(self.line(text, _SENTENCE, before=0.6) for text in texts)]

    def variant(self, one: Proposal) -> None:
        """A picture as large as it goes, and the figures beside it."""
        picture = Shown((EDGE, TOP, _ROOM - _FACTS - _GAP, _DOWN - TOP - 8.0), one.picture, one.words)
        left, top, wide, high = picture.place
        x = WIDE - EDGE - _FACTS
        lines = [self.line(one.author, 4.0, colour=QUIET)] if one.author else []
        for name, value in one.figures:
            lines += [self.line(value, 5.6, bold=True, before=2.6), self.line(name, 3.8, colour=QUIET)]
        if one.counts:
            lines.append(self.line(self.say("Regeln: {}").format(one.counts), 3.8, before=4.0))
        lines = fitted(lines, _FACTS, _DOWN - TOP - 2.0, self.design, 1.2)
        items: list[Words | Shown | Bar] = [picture, Bar((x - _GAP / 2, TOP, 1.2, high), one.colour)]
        items.append(Words((x, TOP, _FACTS, _DOWN - TOP), tuple(lines)))
        items.append(Words((left, top + high + 1.5, wide, 6.0), (self.line(one.facts, 3.4, colour=QUIET),)))
        self.add(one.name, *items, mark=one.mark)

    def side_by_side(self) -> None:
        """All pictures, from the same camera in the same light, each with its name."""
        shown = self.content.proposals
        with Image.open(shown[0].picture) as image:
            aspect = image.width / image.height
        size = min(largest(one.name, (4.4, 4.0, 3.7), 90.0, 1, self.design) for one in shown)
        names = [self.line(one.name, size, bold=True, swatch=one.colour) for one in shown]
        head = max(height_of([name], 90.0, self.design) for name in names) + 1.0  # a long name takes a second line
        room, height = _ROOM, _DOWN - TOP - 6.0
        sizes = []
        for columns in range(1, len(shown) + 1):
            rows = math.ceil(len(shown) / columns)
            wide = min((room - _GAP * (columns - 1)) / columns, ((height - rows * head - _GAP * (rows - 1) / 2) / rows) * aspect)
            sizes.append((wide * (1.0 - 0.06 * (rows * columns - len(shown))), wide, columns))  # full rows before slightly larger pictures
        _, wide, columns = max(sizes)
        items: list[Words | Shown | Bar] = []
        for number, (one, name) in enumerate(zip(shown, names, strict=True)):
            x = EDGE + number % columns * (wide + _GAP)
            y = TOP + number // columns * (wide / aspect + head + _GAP / 2)
            items.append(Words((x, y, wide, head), (*fitted([name], wide, head, self.design, 1.0),)))
            items.append(Shown((x, y + head, wide, wide / aspect), one.picture, one.words))
        left = EDGE + columns * (wide + _GAP)
        if WIDE - EDGE - left > 60.0:  # what is beside the pictures says in figures what they show
            lines = [line for one in shown if one.figures for line in self._in_short(one)]
            items.append(Words((left, TOP, WIDE - EDGE - left, height), (*fitted(lines, WIDE - EDGE - left, height, self.design, 1.2),)))
        items.append(Words((EDGE, _DOWN - 4.5, _ROOM, 5.0), (self.line(self.content.facts, 3.4, colour=QUIET),)))
        self.add(self.say("Alle Varianten aus derselben Kamera"), *items)

    def _in_short(self, one: Proposal) -> list[Line]:
        """A variant's name and its first figures."""
        said = [self.line(f"{name}: {value}", 4.0) for name, value in one.figures[:4]]
        return [self.line(one.name, 4.2, bold=True, before=4.0, swatch=one.colour), *said]

    def tables(self, title: str, rows: Sequence[Sequence[str]]) -> None:
        """A table, over several slides where it is long, or wide."""
        if len(rows) < 2:
            return
        most = 6  # columns beside the first that can be read from the last row of seats
        for start in range(1, len(rows[0]), most):
            part = [[self.design.spaced(cell) for cell in (row[0], *row[start : start + most])] for row in rows]
            first = _ROOM * 0.3 if len(part[0]) > 3 else _ROOM * 0.45
            widths = [first, *([(_ROOM - first) / (len(part[0]) - 1)] * (len(part[0]) - 1))]
            for table in tables(EDGE, TOP, part, widths, _DOWN - TOP, self.design):
                again = any(slide.title == title for slide in self.slides)
                self.add(self.continued(title, int(again)), table)

    def findings(self) -> None:
        """What the rules say of each variant, in sentences."""
        room = (_ROOM - _GAP * 2) / 2
        groups = []
        for one in self.content.proposals[1:]:
            head = [self.line(one.name, _PLAIN, bold=True, before=4.0, swatch=one.colour), self.line(one.counts, 4.0, colour=QUIET)]
            groups.append([*head, *(self.line(f"– {text}", 3.8, before=0.8) for text in one.findings)])
        columns = self._grown(groups, room, _DOWN - TOP - 8.0)
        for number in range(0, len(columns), 2):
            pair = columns[number : number + 2]
            items = [Words((EDGE + k * (room + 2 * _GAP), TOP, room, _DOWN - TOP - 8.0), tuple(one)) for k, one in enumerate(pair)]
            note = self.line(self.say("Prüfhilfe für die Planung, keine Rechtsberatung"), 3.4, colour=QUIET)
            self.add(self.continued(self.say("Befunde in Kürze"), number), *items, Words((EDGE, _DOWN - 5.5, _ROOM, 5.0), (note,)))

    def _grown(self, groups: list[list[Line]], room: float, height: float) -> list[list[Line]]:
        """Groups in two columns, their letters as large as keeps them on one slide; in more columns where they are too long for that."""
        for share in (1.4, 1.3, 1.2, 1.1):
            columns = in_columns([[line.scaled(share) for line in group] for group in groups], room, height, self.design)
            if len(columns) <= 2:
                return columns
        return in_columns(groups, room, height, self.design)

    def maps(self) -> None:
        """The maps of each analysis beside each other, one legend for all."""
        most = 4
        for one in self.content.results:
            for number in range(0, len(one.maps), most):
                shown = one.maps[number : number + most]
                wide = (_ROOM - _GAP * (most - 1)) / most if len(shown) > 2 else (_ROOM - 2 * _GAP) / 3
                height = min(86.0, wide)
                items: list[Words | Shown] = []
                for k, found in enumerate(shown):
                    x = EDGE + k * (wide + _GAP)
                    name = fitted([self.line(found.name, 4.4, bold=True)], wide, 7.0, self.design, 1.0)
                    items += [Words((x, TOP, wide, 7.0), tuple(name)), Shown((x, TOP + 7.0, wide, height), found.file, found.words)]
                low = TOP + 7.0 + max(item.place[3] for item in items if isinstance(item, Shown)) + 4.0
                items += self._legend(one, low)
                items.append(Words((EDGE, _DOWN - 4.5, _ROOM, 5.0), (self._fitted(one.method, 3.4, _ROOM, 1),)))
                self.add(self.continued(one.title, number), *items)

    def _legend(self, one: Results, top: float) -> list[Words]:
        """The classes in four columns, read downwards."""
        rows = math.ceil(len(one.legend) / 4)
        size = min(4.2, (_DOWN - 7.0 - top - 6.5) / rows / LEADING)
        wide = (_ROOM - 3 * _GAP) / 4
        head = self.say("Legende [{}]" if one.unit else "Legende").format(one.unit)
        found = [Words((EDGE, top, _ROOM, 6.0), (self.line(head, 4.2, bold=True),))]
        for k in range(0, len(one.legend), rows):
            lines = [self.line(words, size, swatch=colour) for colour, words in one.legend[k : k + rows]]
            high = _DOWN - 7.0 - top - 6.5
            found.append(
                Words((EDGE + k // rows * (wide + _GAP), top + 6.5, wide, high), tuple(fitted(lines, wide, high, self.design, 1.0)))
            )
        return found

    def _fitted(self, text: str, size: float, room: float, most: int) -> Line:
        """A paragraph in at most so many lines, smaller where it is long."""
        line = self.line(text, size, colour=QUIET)
        while len(lines_of(line, room, self.design)) > most and line.size > size / 2:
            line = line.scaled(0.96)
        return line

    def continued(self, title: str, number: int) -> str:
        """The title of the first or of a further slide of the same kind."""
        return self.say("{} (Fortsetzung)").format(title) if number else title

    def basis(self) -> None:
        """Sources, licences, how it was reckoned; and that it is no promise."""
        room = (_ROOM - _GAP * 2) / 2
        groups = [self._group(head, texts) for head, texts in self.content.basis if texts]
        columns = self._grown(groups, room, _DOWN - TOP)
        for number in range(0, len(columns), 2):
            pair = columns[number : number + 2]
            items = [Words((EDGE + k * (room + 2 * _GAP), TOP, room, _DOWN - TOP), tuple(one)) for k, one in enumerate(pair)]
            self.add(self.continued(self.say("Quellen und Grundlagen"), number), *items)

    def add(self, title: str, *items: object, mark: str | None = None) -> None:
        """A slide with its title above, and its mark; None: that of any of the variants."""
        mark = self.mark if mark is None else mark
        room = _ROOM - (40.0 if self.design.logo else 0.0) - (58.0 if mark else 0.0)
        title = self.design.spaced(title)
        size = largest(title, (8.4, 7.2, 6.2), room, 1, self.design)
        if len(lines_of(Line(title, size, True), room, self.design)) > 1:
            size = largest(title, (6.2, 5.2, 4.6), room, 2, self.design)
        head = Line(title, size, True, self.design.ink)
        high = height_of([head], room, self.design)
        self.slides.append(Slide(title, (Words((EDGE, 25.0 - high, room, high), (head,), "title"), *items)))  # type: ignore[arg-type]
        self.marks.append(mark)

    def done(self) -> list[Slide]:
        """With what stands on each: logo, mark, the last line and the number."""
        under = f"{self.content.title} · {self.content.source or self.say(NO_SOURCE)} · {self.say(DISCLAIMER)}"
        whole = [self.slides[0]]
        for number, (slide, mark) in enumerate(zip(self.slides, self.marks, strict=True)):
            more: list[Words | Shown | Bar] = []
            logo = self.design.logo and Shown((WIDE - EDGE - 34.0, 10.0, 34.0, 14.0), Path(self.design.logo), "Logo")
            if number == 0:
                if self.design.logo:
                    more.append(Shown((EDGE, 10.0, 44.0, 16.0), Path(self.design.logo), "Logo"))
                whole[0] = Slide(slide.title, (*slide.items, *more))
                continue
            right = WIDE - EDGE
            if logo:
                _, top, wide, high = logo.place
                more.append(Shown((right - wide, top, wide, high), logo.file, logo.words))
                right -= wide + 4.0
            if mark:
                more.append(Words((right - 56.0, 18.5, 56.0, 6.0), (self.line(mark, 4.0, bold=True, colour="mark"),), right=True))
            last = self._fitted(under, 3.2, _ROOM - 16.0, 2)
            more.append(Words((EDGE, HIGH - FOOT + 1.0, _ROOM - 16.0, 8.0), (last,), "decoration"))
            more.append(
                Words(
                    (WIDE - EDGE - 14.0, HIGH - FOOT + 1.0, 14.0, 5.0), (self.line(str(number + 1), 3.2, colour=QUIET),), "decoration", True
                )
            )
            whole.append(Slide(slide.title, (*slide.items, *more)))
        return whole
