"""What the page says without JavaScript, in each language of its main texts: what it is about, pictures, numbers, how to take part."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_SECTIONS = ("open", "fixed", "decides", "contributions")
_TEXTS = ("imprint", "privacy", "accessibility", "netiquette")
_WORDS: dict[str, dict[str, str]] = {
    "de": {
        "language": "Deutsch",
        "preview": "Vorschau, nicht veröffentlicht",
        "informal": "Informelle Beteiligung",
        "early": "Frühzeitige Beteiligung nach § 3 Abs. 1 BauGB",
        "formal": "Veröffentlichung nach § 3 Abs. 2 BauGB",
        "until": " bis ",
        "open": "Was ist noch offen?",
        "fixed": "Was steht fest, und warum?",
        "decides": "Wer entscheidet wann?",
        "contributions": "Was passiert mit meinem Beitrag?",
        "pictures": "Bilder",
        "further": "Weitere Bilder",
        "numbers": "Zahlen",
        "figure": "Kennzahl",
        "part": "Mitmachen",
        "or": " oder ",
        "reach": "Ohne JavaScript erreichen Sie uns so: {}",
        "portal": "Stellungnahme abgeben",
        "imprint": "Impressum",
        "privacy": "Datenschutz",
        "accessibility": "Barrierefreiheit",
        "netiquette": "Netiquette",
        "sources": "Quellen",
    },
    "plain": {
        "language": "Einfache Sprache",
        "preview": "Das ist ein Entwurf. Die Seite ist noch nicht fertig.",
        "informal": "Sie können mitreden. Sie müssen nicht.",
        "early": "Sie können früh mitreden. So steht es im Gesetz.",
        "formal": "Sie können jetzt Ihre Meinung sagen. So steht es im Gesetz.",
        "until": " bis ",
        "open": "Das können Sie mit-bestimmen",
        "fixed": "Das steht schon fest",
        "decides": "Wer entscheidet? Und wann?",
        "contributions": "Das passiert mit Ihrer Meinung",
        "pictures": "Bilder",
        "further": "Mehr Bilder",
        "numbers": "Zahlen",
        "figure": "Was wird gezählt?",
        "part": "Mitmachen",
        "or": " oder ",
        "reach": "So erreichen Sie uns: {}",
        "portal": "Zur Seite von der Stadt",
        "imprint": "Impressum",
        "privacy": "Datenschutz",
        "accessibility": "Für alle nutzbar",
        "netiquette": "Regeln für Ihre Meinung",
        "sources": "Woher die Daten sind",
    },
    "en": {
        "language": "English",
        "preview": "Preview, not published",
        "informal": "Voluntary participation",
        "early": "Early participation, § 3 (1) BauGB",
        "formal": "Publication, § 3 (2) BauGB",
        "until": " to ",
        "open": "What is still open?",
        "fixed": "What is fixed, and why?",
        "decides": "Who decides, and when?",
        "contributions": "What happens with my contribution?",
        "pictures": "Pictures",
        "further": "Further pictures",
        "numbers": "Numbers",
        "figure": "Figure",
        "part": "Take part",
        "or": " or ",
        "reach": "Without JavaScript you can reach us here: {}",
        "portal": "Hand in a statement",
        "imprint": "Imprint",
        "privacy": "Privacy",
        "accessibility": "Accessibility",
        "netiquette": "Rules for contributions",
        "sources": "Sources",
    },
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def told(publication: Mapping[str, Any]) -> str:
    """The HTML: a section for each language, with links to the others above. Pictures stand in the German section, once, for the page that
    opens without a network holds each picture where it stands; the others tell them and lead there."""
    languages: list[str] = publication["languages"]
    parts = [_Section(publication, language).html() for language in languages]
    if len(languages) > 1:
        links = (f'<a href="#text-{one}" lang="{_tag(one)}">{_WORDS[one]["language"]}</a>' for one in languages)
        parts.insert(0, f"<nav>{' · '.join(links)}</nav>")
    return "\n".join(parts)


def _tag(language: str) -> str:
    return "en" if language == "en" else "de"


class _Section:
    def __init__(self, publication: Mapping[str, Any], language: str) -> None:
        self.publication, self.language, self.words = publication, language, _WORDS[language]
        self.names = {one["id"]: self.text(one["name"]) for one in publication["variants"]}
        self.pictures = 0

    def text(self, by_language: Mapping[str, str] | None) -> str:
        """A text in the section's language, else in German."""
        there = by_language or {}
        return there.get(self.language) or there.get("de", "")

    def html(self) -> str:
        publication, words = self.publication, self.words
        own, contact = publication["procedure"], publication["contact"]
        parts = [f'<section id="text-{self.language}" lang="{_tag(self.language)}">', f"<h1>{escape(self.text(publication['title']))}</h1>"]
        if publication.get("preview"):
            parts.append(f"<p><strong>{words['preview']}</strong></p>")
        parts += _paragraphs(self.text(publication["summary"]))
        days = words["until"].join(self._day(own[key]) for key in ("starts", "ends") if own[key])
        parts.append(f"<p>{escape(words[own['kind']])}</p>" + (f"<p>{days}</p>" if days else ""))
        for key in _SECTIONS:
            parts += [f"<h2>{words[key]}</h2>", *_paragraphs(self.text(own[key]))]
        parts.append(f"<h2>{words['pictures']}</h2>")
        for viewpoint in publication["viewpoints"]:
            parts.append(f"<h3>{escape(self.text(viewpoint['name']))}</h3>")
            parts += [self._picture(one, self.names[name]) for name, one in viewpoint["pictures"].items()]
        if publication["pictures"]:
            parts.append(f"<h3>{words['further']}</h3>")
            parts += [self._picture(one, self.text(one["title"])) for one in publication["pictures"]]
        parts += [f"<h2>{words['numbers']}</h2>", self._numbers(), f"<h2>{words['part']}</h2>"]
        parts += _paragraphs(self.text(publication["question"]))
        how = words["or"].join(part for part in (contact["email"], contact["phone"]) if part)
        parts.append(f"<p>{words['reach'].format(escape(how or contact['name']))}</p>")
        parts += _paragraphs(self.text(own["note"]))
        if own["portal"]:
            parts.append(f'<p><a href="{escape(own["portal"], quote=True)}">{words["portal"]}</a></p>')
        for key in _TEXTS:
            parts += [f"<h2>{words[key]}</h2>", *_paragraphs(self.text(publication["texts"][key]))]
        parts += [f"<h2>{words['sources']}</h2>", *(f"<p>{escape(one['text'])}</p>" for one in publication["sources"])]
        return "\n".join([*parts, "</section>"])

    def _day(self, iso: str) -> str:
        year, month, day = iso.split("-")
        return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if self.language == "en" else f"{int(day)}.{int(month)}.{year}"

    def _picture(self, one: Mapping[str, Any], words: str) -> str:
        self.pictures += 1
        place, alt = f"picture-{self.pictures}", escape(self.text(one["alt"]), quote=True)
        if self.language != "de":
            return f'<p><a href="#{place}">{escape(words)}</a>: {alt}</p>'
        size = f'width="{one["width"]}" height="{one["height"]}"'
        image = f'<img src="{escape(one["url"], quote=True)}" {size} loading="lazy" alt="{alt}">'
        return f'<figure class="picture" id="{place}">{image}<figcaption>{escape(words)}</figcaption></figure>'

    def _numbers(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.names.values())
        rows = []
        for one in self.publication["figures"]:
            unit = f", {one['unit']}" if one["unit"] else ""
            cells = "".join(f"<td>{self._number(one['values'].get(name), one['decimals'])}</td>" for name in self.names)
            place = f" ({self.text(one['place'])})" if one.get("place") else ""
            rows.append(f'<tr><th scope="row">{escape(self.text(one["label"]) + place + unit)}</th>{cells}</tr>')
        first = f'<th scope="col">{self.words["figure"]}</th>'
        table = f'<table class="numbers"><thead><tr>{first}{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{self.words["numbers"]}">{table}</div>'

    def _number(self, value: float | None, decimals: int) -> str:
        if value is None:
            return "–"
        whole, _, part = f"{value:,.{decimals}f}".partition(".")
        thousand, point = (",", ".") if self.language == "en" else (".", ",")
        return whole.replace(",", thousand) + (f"{point}{part}" if part else "")


def _paragraphs(text: str) -> list[str]:
    pieces = [piece.strip() for piece in text.split("\n\n") if piece.strip()]
    return ["<p>" + "<br>".join(map(escape, piece.splitlines())) + "</p>" for piece in pieces]
