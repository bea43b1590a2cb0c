"""Functions as machine code. numba makes it when they are first called and is loaded no sooner: that takes a third of a second, and the
command line, Blender and its children come by here whatever they are asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
_making = Lock()


class _Kernel:
    """A function that numba compiles for each kinds of arguments that it is called with. loaded : is called once numba is there."""

    def __init__(self, function: Callable[..., Any], loaded: Callable[[], None], options: dict[str, Any]) -> None:
        self._made: Any = None
        self._function, self._loaded, self._options = function, loaded, options
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        return self._code()(*arguments)

    def _code(self) -> Any:
        with _making:  # threads may come here together
            if self._made is None:
                import numba

                self._loaded()
                self._made = numba.njit(nogil=True, cache=True, **self._options)(self._function)
            return self._made

    @property
    def _numba_type_(self) -> Any:
        """By this numba knows what it is, where another kernel calls it."""
        return self._code()._numba_type_


def kernel(*, loaded: Callable[[], None] = lambda: None, **options: Any) -> Callable[[Function], Function]:
    """Decorates functions to be compiled, without Python's lock, the machine code kept in numba's cache. options : more of numba.njit's.

    loaded : what is to be set up in numba before it compiles the first of them; it may be called again.
    """

    def made(function: Function) -> Function:
        compiled: Any = _Kernel(function, loaded, options)
        return compiled  # type: ignore[no-any-return]

    return made
