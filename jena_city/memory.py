"""What was reckoned before, so that after a small change only what depends on it is reckoned anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

Value = TypeVar("Value")


class Memory:
    """Values of pure functions, by all that they depend on: as long as site, law and assumptions stay the same.

    A key begins with a word; the rest are numbers and words, geometries (the same where their coordinates are), and things that are only
    the same as themselves: solids, bodies, plots.
    """

    def __init__(self) -> None:
        self._round = 0
        self._known: dict[Hashable, _Value] = {}

    def of(self, key: tuple[Hashable, ...], reckon: Callable[[], Value]) -> Value:
        """The value of a key; reckoned where it is not known."""
        found = self._known.get(key)
        if found is None:
            self._known[key] = found = _Value(reckon())
        found.asked = self._round
        return cast(Value, found.value)

    @contextmanager
    def round(self) -> Iterator[None]:
        """Reckon once; afterwards what was not asked for is forgotten. Where it fails nothing is."""
        self._round += 1
        yield
        for key in [key for key, value in self._known.items() if value.asked != self._round]:
            del self._known[key]


class _Value:
    """asked : number of the round that asked for it last."""

    __slots__ = ("asked", "value")

    def __init__(self, value: Any) -> None:
        self.value, self.asked = value, 0
