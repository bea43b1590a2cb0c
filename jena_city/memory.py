"""What was reckoned before, so that after a small change only what depends on it is reckoned anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
_NOTHING: Any = object()


class Memory:
    """Values of pure functions, by all that they depend on: as long as site, law and assumptions stay the same.

    A key begins with a word; the rest are numbers and words, geometries (the same where their coordinates are), and things that are only
    the same as themselves: solids, bodies, plots.
    """

    def __init__(self) -> None:
        self._now: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}

    def of(self, key: tuple[Hashable, ...], reckon: Callable[[], Value]) -> Value:
        """The value of a key; reckoned where it is not known."""
        found = self._now.get(key, _NOTHING)
        if found is _NOTHING:
            found = self._before.get(key, _NOTHING)
            if found is _NOTHING:
                found = reckon()
            self._now[key] = found
        return cast(Value, found)

    @contextmanager
    def round(self) -> Iterator[None]:
        """Reckon once. What the last round did not ask for is forgotten, unless this one fails: then nothing is."""
        before, self._before, self._now = self._before, self._now, {}
        try:
            yield
        except BaseException:
            self._before, self._now = before, {**self._before, **self._now}
            raise
