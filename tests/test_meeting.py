"""The meeting view: which variant a key shows."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.needs("bpy")


@pytest.mark.parametrize(
    ("shown", "key", "expected"),
    [
        ("bestand", "ONE", "a"),
        ("a", "ZERO", "bestand"),
        ("a", "NUMPAD_2", "b"),
        ("a", "NINE", "a"),
        ("b", "RIGHT_ARROW", "bestand"),
        ("bestand", "LEFT_ARROW", "b"),
        ("a", "G", None),
    ],
)
def test_keys_show_variants(shown: str, key: str, expected: str | None) -> None:
    from jena_planner.operators import meeting

    assert meeting.wanted(["bestand", "a", "b"], shown, key) == expected
