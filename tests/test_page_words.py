"""The words of the page: three languages that say the same, and plain German by the rules for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

WORDS = Path(__file__).parents[1] / "participation" / "viewer" / "src" / "words"
GERMAN, ENGLISH, PLAIN = (json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8")) for name in ("de", "en", "plain"))
SAME = {"languageDe", "languageEn", "program", "metres", "noJudgement", "probeValue"}  # in both languages


def test_english_says_all_that_german_says() -> None:
    assert set(GERMAN) - set(ENGLISH) <= SAME and set(ENGLISH) <= set(GERMAN)
    assert set(PLAIN) <= set(GERMAN)


@pytest.mark.parametrize("words", [ENGLISH, PLAIN])
def test_what_is_put_in_is_known(words: dict[str, str]) -> None:
    for key, text in words.items():
        assert set(re.findall(r"\{\w+\}", text)) <= set(re.findall(r"\{\w+\}", GERMAN[key])), key


def test_plain_german_is_plain() -> None:
    """One thought in each sentence, no law, no long words without a hyphen, nothing that would be so if."""
    for key, text in PLAIN.items():
        for sentence in re.split(r"(?<=[.:?!])\s", text):
            assert len(sentence.split()) <= 12, (key, sentence)
        long_words = [word for word in re.findall(r"\w+", re.sub(r"\{\w+\}", "", text)) if len(word) > 15]
        assert not long_words and "§" not in text and ";" not in text, (key, long_words)
        assert not re.search(r"\b(würde|hätte|wäre)", text), key
