"""How the sound's kernels are compiled: on first use, without Python's lock, and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from ...jena_city import tiles

Function = TypeVar("Function", bound=Callable[..., Any])


SOURCES = hashlib.sha256(b"".join(source.read_bytes() for source in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()[:16]
"""A hash of exactly these sources, by which machine code and what it computed is kept."""
if "NUMBA_CACHE_DIR" not in os.environ:  # numba itself looks only at the file of the outermost function, not at what that calls
    numba.config.CACHE_DIR = str(tiles.folder().parent / "compiled" / SOURCES)


def compiled(function: Function) -> Function:
    """The function as machine code, made when it is first called with its kinds of arguments."""
    made: Function = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return made


def inlined(function: Function) -> Function:
    """The same, laid into whatever calls it: tuples of arrays that are handed on to a function cost more than most of these do."""
    made: Function = numba.njit(nogil=True, cache=True, error_model="numpy", forceinline=True)(function)
    return made


@intrinsic
def unowned(typing: Any, arrays: Any) -> Any:
    """A named tuple of arrays without their reference counts: kernels that hand it on from one to the other then count nothing, which takes
    half of their time and more where threads share the arrays. The caller in Python holds the arrays meanwhile."""

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = arguments[0]
        for number, kind in enumerate(arrays.types):
            if isinstance(kind, types.Array):
                one = make_array(kind)(context, builder, value=builder.extract_value(found, number))
                one.meminfo = cgutils.get_null_value(one.meminfo.type)
                one.parent = cgutils.get_null_value(one.parent.type)
                found = builder.insert_value(found, one._getvalue(), number)
        return found

    return arrays(arrays), made
