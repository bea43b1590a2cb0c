"""What is remembered is what was asked for, and what went into that."""

from __future__ import annotations

from jena_planner.jena_city.memory import Memory


def test_what_went_into_something_is_kept_with_it_and_forgotten_with_it() -> None:
    memory, reckoned = Memory(), []

    def inner() -> str:
        reckoned.append("inner")
        return "inner"

    def ask(*names: str) -> None:
        with memory.round():
            for name in names:
                memory.of((name,), lambda: memory.of(("inner",), inner))

    ask("one")
    ask("one")  # known: inner is not asked for
    ask("one", "other")
    assert reckoned == ["inner"]
    ask("third")
    ask()
    ask("one")
    assert reckoned == ["inner", "inner"]
