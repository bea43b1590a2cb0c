"""A comparison as a workbook (XLSX) that goes on in the office: figures, findings, Flächenbilanz, and what all was reckoned by.

Words stay words: a name that begins with "=" is no formula. Numbers stay numbers, in full precision, shown with the digits they are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .comparing import Row
from .files import written_beside
from .finding import RULES, Finding, sentence
from .land_balance import Balance
from .origin import Origin
from .variant import Variant

SCOPES = {"variant": "Variante", "plan-area": "Plangebiet", "plot": "Baugrundstück"}
SEVERITIES = {"broken": "verletzt", "to-reason": "zu begründen", "hint": "Hinweis", "not-applicable": "nicht anwendbar"}
WIDEST = 60.0  # characters


def write(
    path: Path,
    rows: Sequence[Row],
    findings: Mapping[str, Sequence[Finding]],
    balances: Mapping[str, Sequence[Balance]],
    variants: Mapping[str, Variant],
    origin: Origin,
    *,
    law: str,
    assumptions: str,
    source: str,
) -> None:
    """Write the workbook, beside and renamed. variants : in the order of columns; findings, balances : by their ids. source : licence line
    of the data."""
    import xlsxwriter  # every command comes by here, few write a workbook

    base = rows[0].base
    with written_beside(path) as beside, xlsxwriter.Workbook(str(beside), _TEXT_ONLY) as book:
        _figures(_Page(book, "Kennzahlen"), rows, variants, base)
        _findings(_Page(book, "Befunde"), findings, variants, origin)
        _land(_Page(book, "Flächenbilanz"), balances, variants)
        page = _Page(book, "Grundlagen")
        page.head(["", "Angabe"])
        page.line(["Bauordnung", law])
        page.line(["Annahmen", assumptions])
        page.line(["Daten", source])
        page.line(["Unterschiede zu", variants[base].name])
        page.line(["Koordinaten", f"{origin.crs}, Höhen {origin.height_system}"])
        for one in variants.values():
            page.line([one.id, " · ".join(word for word in (one.name, one.status, one.author) if word)])
        page.line(["", "Prüfhilfe für die Planung, keine Rechtsberatung"])
        page.done()


_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


class _Page:
    """A sheet that is filled line by line, with a head that stays in sight and can be filtered by."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {digits: book.add_format({"num_format": _pattern(digits), "valign": "top"}) for digits in range(4)}
        self.at = 0
        self.widths: list[float] = []

    def head(self, words: Sequence[str]) -> None:
        self.widths = [float(max(10, len(word) * 0.7)) for word in words]
        for column, word in enumerate(words):
            self.sheet.write_string(0, column, word, self.bold)
        self.at = 1

    def line(self, values: Sequence[str | float | None], digits: int | None = None) -> None:
        """digits : after the comma of all numbers of the line; None: as each is large."""
        for column, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                self.sheet.write_string(self.at, column, value, self.wrapped)
                self.widths[column] = min(WIDEST, max(self.widths[column], len(value) * 0.9))
            else:
                self.sheet.write_number(self.at, column, value, self.formats[_digits(value) if digits is None else digits])
        self.at += 1

    def done(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, max(self.at - 1, 1), len(self.widths) - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 3


def _figures(page: _Page, rows: Sequence[Row], variants: Mapping[str, Variant], base: str) -> None:
    columns = [(name, False) for name in variants] + [(name, True) for name in variants if name != base]
    heads = [f"{variants[name].name} − {variants[base].name}" if other else variants[name].name for name, other in columns]
    page.head(["Bezug", "Ort", "Kennzahl", "Einheit", *heads, "Formel", "Paragraph", "Hinweise"])
    for row in rows:
        first = next(iter(row.figures.values()))
        values = [row.difference(name) if other else row.value(name) for name, other in columns]
        notes = "; ".join(dict.fromkeys(f"{variants[name].name}: {one.note}" for name, one in row.figures.items() if one.note))
        page.line([SCOPES[row.scope], row.place, row.name, row.unit, *values, first.formula, first.paragraph, notes])
    page.done()


def _findings(page: _Page, findings: Mapping[str, Sequence[Finding]], variants: Mapping[str, Variant], origin: Origin) -> None:
    words = ["Variante", "Schwere", "Regel", "Baukörper oder Ort", "gefunden", "zulässig", "um", "Einheit"]
    page.head([*words, "Paragraph", "Befund", "Grund", "Hinweis", "Ostwert", "Nordwert"])
    for name, found in findings.items():
        for one in found:
            x, y = origin.to_world(np.array(one.place)).round(2).tolist()
            what = [variants[name].name, SEVERITIES[one.severity], RULES[one.rule].german, one.name or one.block]
            numbers = [one.found, one.allowed, one.by, one.unit]
            page.line([*what, *numbers, one.paragraph, sentence(one, "de"), one.reason, one.note, x, y], 2)
    page.done()


def _land(page: _Page, balances: Mapping[str, Sequence[Balance]], variants: Mapping[str, Variant]) -> None:
    page.head(
        ["Variante", "Ort", "Flurstück", "Bruttobauland m²", "Verkehr m²", "Wasser m²", "Grün m²", "Nettobauland m²", "Anteil netto %"]
    )
    for name, found in balances.items():
        for one in found:
            areas = [one.gross, one.street, one.water, one.green, one.net, one.net_share]
            page.line([variants[name].name, one.place, one.parcel or "Summe", *areas], 1)
    page.done()
