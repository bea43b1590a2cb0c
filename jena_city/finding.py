"""What a rule has to say about a block, a plot or a plan area: one noun for all rules, and its sentence in German and English.

Planning words stay German in both (Baugrenze, Abstandsfläche): they are what the law and the plan say. A check for planners and no legal
advice: whoever decides may know a reason that no data tell. Such a reason is a property of the block; the finding then stays in the
list with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .variant import Block

Severity = Literal["broken", "to-reason", "hint", "not-applicable"]
Language = Literal["de", "en"]
EXEMPT = "no_clearance"
"""The property of a block that says why it needs no Abstandsfläche."""
NOT_APPLICABLE = "not_applicable"
"""The property of a block that says of other rules, by their keys, why they do not hold for it."""


@dataclass(frozen=True)
class Rule:
    """german, english : what it is called. says_german, says_english : the sentence, with {by}, {allowed}, {found} (numbers with unit)
    and {other}. digits : after the comma."""

    german: str
    english: str
    says_german: str
    says_english: str
    digits: int = 2


RULES: dict[str, Rule] = {
    "clearance-overlap": Rule(
        "Abstandsflächen überlappen",
        "Abstandsflächen overlap",
        "die Abstandsflächen überlappen die von {other} um {by}",
        "its Abstandsflächen overlap those of {other} by {by}",
    ),
    "clearance-on-building": Rule(
        "Abstandsfläche auf Gebäude",
        "Abstandsfläche on a building",
        "die Abstandsflächen liegen mit {by} auf {other}",
        "{by} of its Abstandsflächen lie on {other}",
    ),
    "clearance-plot": Rule(
        "Abstandsfläche über der Grenze",
        "Abstandsfläche beyond the border",
        "die Abstandsfläche ist {found} tief, bis zur Grenze oder zur Mitte der öffentlichen Fläche sind es {allowed}: es fehlen {by}",
        "its Abstandsfläche is {found} deep, to the plot's border or the middle of public land it is {allowed}: {by} are missing",
    ),
    "grz": Rule(
        "GRZ Hauptanlagen",
        "GRZ of main buildings",
        "die GRZ der Hauptanlagen ist {found}, festgesetzt sind höchstens {allowed}: {by} darüber",
        "the GRZ of main buildings is {found}, the plan allows {allowed}: {by} above",
        3,
    ),
    "grz-total": Rule(
        "GRZ gesamt",
        "GRZ in total",
        "die GRZ gesamt ist {found}, zulässig sind {allowed}: {by} darüber",
        "the GRZ in total is {found}, {allowed} are permitted: {by} above",
        3,
    ),
    "gfz": Rule(
        "GFZ",
        "GFZ",
        "die GFZ ist {found}, festgesetzt sind höchstens {allowed}: {by} darüber",
        "the GFZ is {found}, the plan allows {allowed}: {by} above",
        3,
    ),
    "bmz": Rule(
        "BMZ",
        "BMZ",
        "die BMZ ist {found}, festgesetzt sind höchstens {allowed}: {by} darüber",
        "the BMZ is {found}, the plan allows {allowed}: {by} above",
        3,
    ),
    "orientation-grz": Rule(
        "Orientierungswert GRZ",
        "Orientation value of the GRZ",
        "die GRZ {found} liegt um {by} über dem Wert {allowed} des § 17 BauNVO: in der Begründung zu begründen",
        "the GRZ {found} is {by} above the value {allowed} of § 17 BauNVO: to be reasoned in the Begründung",
        3,
    ),
    "orientation-gfz": Rule(
        "Orientierungswert GFZ",
        "Orientation value of the GFZ",
        "die GFZ {found} liegt um {by} über dem Wert {allowed} des § 17 BauNVO: in der Begründung zu begründen",
        "the GFZ {found} is {by} above the value {allowed} of § 17 BauNVO: to be reasoned in the Begründung",
        3,
    ),
    "orientation-bmz": Rule(
        "Orientierungswert BMZ",
        "Orientation value of the BMZ",
        "die BMZ {found} liegt um {by} über dem Wert {allowed} des § 17 BauNVO: in der Begründung zu begründen",
        "the BMZ {found} is {by} above the value {allowed} of § 17 BauNVO: to be reasoned in the Begründung",
        3,
    ),
    "storeys": Rule(
        "Vollgeschosse, höchstens",
        "Vollgeschosse, at most",
        "{found} Vollgeschosse, zulässig sind höchstens {allowed}: {by} zu viel",
        "{found} Vollgeschosse, at most {allowed} are permitted: {by} too many",
        0,
    ),
    "storeys-least": Rule(
        "Vollgeschosse, mindestens",
        "Vollgeschosse, at least",
        "{found} Vollgeschosse, mindestens {allowed} sind festgesetzt: {by} zu wenig",
        "{found} Vollgeschosse, the plan wants at least {allowed}: {by} too few",
        0,
    ),
    "storeys-fixed": Rule(
        "Vollgeschosse, zwingend",
        "Vollgeschosse, exactly",
        "{found} Vollgeschosse, zwingend festgesetzt sind {allowed}: {by} Unterschied",
        "{found} Vollgeschosse, the plan wants exactly {allowed}: {by} off",
        0,
    ),
    "height": Rule(
        "Höhe, höchstens",
        "Height, at most",
        "{other} ist {found}, festgesetzt sind höchstens {allowed}: {by} zu hoch",
        "{other} is {found}, the plan allows {allowed}: {by} too high",
    ),
    "height-least": Rule(
        "Höhe, mindestens",
        "Height, at least",
        "{other} ist {found}, festgesetzt sind mindestens {allowed}: {by} zu niedrig",
        "{other} is {found}, the plan wants at least {allowed}: {by} too low",
    ),
    "height-fixed": Rule(
        "Höhe, zwingend",
        "Height, exactly",
        "{other} ist {found}, zwingend festgesetzt sind {allowed}: {by} Unterschied",
        "{other} is {found}, the plan wants exactly {allowed}: {by} off",
    ),
    "baugrenze": Rule(
        "Baugrenze", "Baugrenze", "tritt um {by} über die Baugrenze von {other}", "stands {by} beyond the Baugrenze of {other}"
    ),
    "baulinie-beyond": Rule(
        "Baulinie überschritten",
        "Beyond a Baulinie",
        "tritt um {by} über die Baulinie von {other}",
        "stands {by} beyond the Baulinie of {other}",
    ),
    "baulinie": Rule(
        "Baulinie",
        "Baulinie",
        "steht {by} hinter der Baulinie von {other}, auf der gebaut werden muss",
        "stands {by} behind the Baulinie of {other}, on which it has to stand",
    ),
    "baulinie-part": Rule(
        "Baulinie zum Teil",
        "Baulinie in part",
        "von {allowed} Front an der Baulinie von {other} stehen {found} auf ihr: {by} stehen zurück",
        "of {allowed} of front at the Baulinie of {other} {found} stand on it: {by} stand back",
    ),
    "length": Rule(
        "Länge in offener Bauweise",
        "Length in open Bauweise",
        "ist {found} lang, in offener Bauweise höchstens {allowed}: {by} zu lang",
        "is {found} long, {allowed} at most in open Bauweise: {by} too long",
    ),
    "roof-form": Rule(
        "Dachform",
        "Dachform",
        "die Dachform ist nicht die festgesetzte: {other}",
        "the Dachform is not the one that the plan fixes: {other}",
    ),
    "roof-pitch": Rule(
        "Dachneigung, höchstens",
        "Dachneigung, at most",
        "die Dachneigung ist {found}, zulässig sind höchstens {allowed}: {by} zu steil",
        "the Dachneigung is {found}, at most {allowed} are permitted: {by} too steep",
        1,
    ),
    "roof-pitch-least": Rule(
        "Dachneigung, mindestens",
        "Dachneigung, at least",
        "die Dachneigung ist {found}, festgesetzt sind mindestens {allowed}: {by} zu flach",
        "the Dachneigung is {found}, the plan wants at least {allowed}: {by} too flat",
        1,
    ),
    "gr": Rule(
        "Grundfläche",
        "Grundfläche",
        "die Grundfläche der Hauptanlagen ist {found}, festgesetzt sind höchstens {allowed}: {by} darüber",
        "the Grundfläche of main buildings is {found}, the plan allows {allowed}: {by} above",
    ),
    "gf": Rule(
        "Geschossfläche",
        "Geschossfläche",
        "die Geschossfläche ist {found}, festgesetzt sind höchstens {allowed}: {by} darüber",
        "the Geschossfläche is {found}, the plan allows {allowed}: {by} above",
    ),
    "tree-stem": Rule(
        "Baum im Baukörper",
        "Tree within a block",
        "der Stamm von {other} steht {by} im Baukörper",
        "the stem of {other} stands {by} within the block",
    ),
    "tree-crown": Rule(
        "Abstand zum Baum",
        "Distance to a tree",
        "steht {found} vom Stamm von {other}, Krone und Wurzelraum brauchen {allowed}: es fehlen {by}",
        "stands {found} from the stem of {other}, crown and roots need {allowed}: {by} are missing",
    ),
}


@dataclass(frozen=True)
class Finding:
    """What one rule found.

    rule : key in RULES. block : id of the block, "" where a plot or plan area is meant as a whole. name : what block, plot or plan area
    is called. by : how much, in unit (m, m², or "" for shares and numbers); allowed, found : the two values it lies between, None
    where there are none. place : scene coordinates (x, y). height : of the place, metres in the height system, None: on the ground.
    other : the block, building, plan or line that it concerns, as people call it. paragraph : of law. reason : why it does not hold,
    where it is stated so. note : what is to be thought of, in German. ground : what lies where it must not, as a shape, None: the place
    says all.
    """

    rule: str
    severity: Severity
    block: str
    name: str
    by: float
    unit: str
    place: tuple[float, float]
    paragraph: str
    other: str = ""
    allowed: float | None = None
    found: float | None = None
    height: float | None = None
    reason: str = ""
    note: str = ""
    ground: Any = field(default=None, compare=False, repr=False)


def sentence(finding: Finding, language: Language) -> str:
    """What is to be said of a finding: who, what, by how much, paragraph."""
    rule = RULES[finding.rule]
    template = rule.says_german if language == "de" else rule.says_english

    def number(value: float | None) -> str:
        text = "–" if value is None else f"{value:.{rule.digits}f} {finding.unit}".strip()
        return text.replace(".", ",") if language == "de" else text

    said = template.format(by=number(finding.by), allowed=number(finding.allowed), found=number(finding.found), other=finding.other)
    words = f"{finding.name}: {said} ({finding.paragraph})" if finding.paragraph else f"{finding.name}: {said}"
    if finding.reason:
        return f"{words}; {'nicht anwendbar, weil' if language == 'de' else 'not applicable, because'}: {finding.reason}"
    return words


def reason_of(block: Block, rule: str) -> str:
    """Why a rule does not hold for a block, as the block states it; "" where it says nothing."""
    if rule.startswith("clearance-") and block.properties.get(EXEMPT):
        return str(block.properties[EXEMPT])
    stated = block.properties.get(NOT_APPLICABLE)
    return str(stated.get(rule) or "") if isinstance(stated, dict) else ""


def with_reason(block: Block, rule: str, reason: str) -> Block:
    """The block saying why a rule does not hold for it; "" takes that back."""
    stated = block.properties.get(NOT_APPLICABLE)
    reasons = {**(stated if isinstance(stated, dict) else {}), rule: reason}
    kept = {key: why for key, why in reasons.items() if why}
    others = {key: value for key, value in block.properties.items() if key != NOT_APPLICABLE}
    return replace(block, properties={**others, NOT_APPLICABLE: kept} if kept else others)


def judged(finding: Finding, *blocks: Block) -> Finding:
    """The finding as "not-applicable" where one of the blocks that it concerns states a reason."""
    reason = next((why for block in blocks if (why := reason_of(block, finding.rule))), "")
    return replace(finding, severity="not-applicable", reason=reason) if reason else finding
