"""Imprint, privacy, accessibility and netiquette: templates whose gaps the project fills, or texts of its own."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from string import Formatter

from ..jena_city.participating import LANGUAGES, Participation
from ..jena_city.problems import InputProblem

NAMES = ("imprint", "privacy", "accessibility", "netiquette")


def filled(asked: Participation, title: str, where: Path) -> dict[str, dict[str, str]]:
    """The texts by name and language. Raises InputProblem naming the gaps that are not filled."""
    contact = asked.contact.model_dump()
    values = {**contact, "title": title, "url": asked.url}
    found: dict[str, dict[str, str]] = {}
    missing: dict[str, None] = {}
    for name in NAMES:
        own = getattr(asked.texts, name)
        if own:
            found[name] = own.told()
            continue
        texts = {language: _template(name, language) for language in LANGUAGES}
        gaps = dict.fromkeys(gap for text in texts.values() for _, gap, _, _ in Formatter().parse(text) if gap)
        missing.update(dict.fromkeys(gap for gap in gaps if not values.get(gap, "").strip()))
        found[name] = {language: text.format(**values) for language, text in texts.items()}
    if missing:
        gaps_ = ", ".join(missing)
        what_to_do = (
            "Fill them in under [participation.contact] (url, title: [participation]), or give own texts under [participation.texts]"
        )
        raise InputProblem(f"{where}, participation", f"imprint and privacy texts have gaps: {gaps_}", what_to_do)
    return found


def _template(name: str, language: str) -> str:
    return (resources.files(__package__ or "") / "texts" / f"{name}.{language}.txt").read_text(encoding="utf-8").strip()
