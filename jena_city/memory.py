"""What was reckoned before, so that after a small change only what depends on it is reckoned anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


class Memory:
    """Values of pure functions, by all that they depend on: as long as site, law and assumptions stay the same.

    A key begins with a word; the rest are numbers and words, geometries (the same where their coordinates are), and things that are only
    the same as themselves: solids, bodies, plots. Those are looked up most quickly.
    """

    def __init__(self) -> None:
        self._round = 0
        self._known: dict[Hashable, _Value] = {}
        self._reckoned: list[_Value] = []

    def of(self, key: tuple[Hashable, ...], reckon: Callable[[], Value]) -> Value:
        """The value of a key; reckoned where it is not known."""
        found = self._known.get(key)
        if found is None:
            found = _Value()
            self._reckoned.append(found)
            try:
                found.value = reckon()
            finally:
                self._reckoned.pop()
            self._known[key] = found
        found.asked = self._round
        if self._reckoned:
            self._reckoned[-1].inside.append(found)
        return cast(Value, found.value)

    @contextmanager
    def round(self) -> Iterator[None]:
        """Reckon once; afterwards what was not asked for, nor went into what was, is forgotten. Where it fails nothing is."""
        self._round += 1
        yield
        for value in self._known.values():
            if value.inside and value.asked == self._round:
                value.ask_inside()
        for key in [key for key, value in self._known.items() if value.asked != self._round]:
            del self._known[key]


class _Value:
    """asked : number of the round that asked for it last. inside : what was asked for to reckon it."""

    __slots__ = ("asked", "inside", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.asked = 0
        self.inside: list[_Value] = []

    def ask_inside(self) -> None:
        for one in self.inside:
            if one.asked != self.asked:
                one.asked = self.asked
                one.ask_inside()
