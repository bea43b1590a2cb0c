"""The page's sections: ground and houses along a line."""

from __future__ import annotations

import pytest

from . import page_scripts


@pytest.mark.needs("node")
def test_a_section_goes_over_gaps_of_the_ground_and_beyond_its_ends() -> None:
    found = page_scripts.run("cut-of")
    assert {round(at) for at, _ in found["ground"]} >= {0, 40, 60, 95}
    assert found["on"] == pytest.approx([10, 10, 15, 20, 20])
    assert found["heights"] == pytest.approx([6])
    assert found["without"] == pytest.approx([26])  # no ground: told as a section without anything
