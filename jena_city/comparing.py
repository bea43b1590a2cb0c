"""Variants side by side: a row for each key figure, a column for each variant, and what is different from one of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .finding import RULES, Finding, sentence
from .metrics import Figure, Scope, Sheet
from .origin import Origin

_NUMBERS = ("found", "allowed", "by")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """figures : by the ids of variants; one is missing where a variant has no such figure. base : the variant differences are taken to."""

    scope: Scope
    place: str
    key: str
    figures: dict[str, Figure]
    base: str

    @property
    def name(self) -> str:
        return next(iter(self.figures.values())).name

    @property
    def unit(self) -> str:
        return next(iter(self.figures.values())).unit

    def value(self, variant: str) -> float | None:
        """None where there is none."""
        return self.figures[variant].value if variant in self.figures else None

    def difference(self, variant: str) -> float | None:
        """Value less that of the base; None where either is missing."""
        mine, theirs = self.value(variant), self.value(self.base)
        return None if mine is None or theirs is None else mine - theirs

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with formula, paragraph and what went in."""
        first = next(iter(self.figures.values()))
        return {
            "scope": self.scope,
            "place": self.place,
            "key": self.key,
            "name": first.name,
            "unit": first.unit,
            "formula": first.formula,
            "paragraph": first.paragraph,
            "values": {name: one.value for name, one in self.figures.items()},
            "differences": {name: self.difference(name) for name in self.figures},
            "inputs": {name: one.inputs for name, one in self.figures.items() if one.inputs},
            "notes": {name: one.note for name, one in self.figures.items() if one.note},
        }


def rows(sheets: Mapping[str, list[Sheet]], base: str) -> list[Row]:
    """The figures of variants, matched. sheets : by the id of the variant, all of the same site and plots. base : one of them."""
    found: list[Row] = []
    for number, first in enumerate(sheets[base]):
        same = {variant: of_variant[number].figures for variant, of_variant in sheets.items()}
        keys = list(dict.fromkeys(key for figures in same.values() for key in figures))
        place = "" if first.scope == "variant" else first.name
        for key in keys:
            figures = {variant: one[key] for variant, one in same.items() if key in one}
            found.append(Row(first.scope, place, key, figures, base))
    return found


def as_csv(table: list[Row], variants: list[str]) -> str:
    """A row for each figure; then for each variant its value, and its difference where it is not the base."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    base = table[0].base
    head = [_text(column) for variant in variants for column in ([variant] if variant == base else [variant, f"{variant} - {base}"])]
    writer.writerow(["scope", "place", "key", "name", "unit", *head, "formula", "paragraph"])
    for row in table:
        values: list[str] = []
        for variant in variants:
            values.append(_plain(row.value(variant)))
            if variant != row.base:
                values.append(_plain(row.difference(variant)))
        first = next(iter(row.figures.values()))
        writer.writerow([row.scope, _text(row.place), row.key, row.name, row.unit, *values, first.formula, first.paragraph])
    return out.getvalue()


def findings_as_dicts(findings: list[Finding], origin: Origin) -> list[dict[str, Any]]:
    """Findings as plain values for JSON: places in the project's CRS to a centimetre, what is said in German and English."""
    return [
        {
            **{entry.name: getattr(one, entry.name) for entry in fields(one) if entry.name != "ground"},
            "place": origin.to_world(np.array(one.place)).round(2).tolist(),
            "title": RULES[one.rule].german,
            "sentence": {"de": sentence(one, "de"), "en": sentence(one, "en")},
        }
        for one in findings
    ]


def findings_as_csv(findings: Mapping[str, list[Finding]], origin: Origin) -> str:
    """A row for each finding of each variant; places in the project's CRS."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = ("rule", "severity", "block", "name", "other", "found", "allowed", "by", "unit")
    writer.writerow(["variant", *keys, "x", "y", "paragraph", "reason", "note", "sentence"])
    for variant, found in findings.items():
        for one in found:
            values = [_plain(value) if not isinstance(value := getattr(one, key), str) else value for key in keys]
            x, y = origin.to_world(np.array(one.place)).round(2).tolist()
            values = [value if key in _NUMBERS else _text(value) for key, value in zip(keys, values, strict=True)]
            words = [_text(word) for word in (one.paragraph, one.reason, one.note, sentence(one, "de"))]
            writer.writerow([_text(variant), *values, f"{x:.2f}", f"{y:.2f}", *words])
    return out.getvalue()


def _text(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in _FORMULA else words


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
