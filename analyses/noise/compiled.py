"""How the sound's kernels are compiled: on first use, without Python's lock, and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ...jena_city import tiles
from ..kernels import kernel

Arrays = TypeVar("Arrays")

SOURCES = hashlib.sha256(b"".join(source.read_bytes() for source in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()[:16]
"""A hash of exactly these sources, by which machine code and what it computed is kept."""


def unowned(arrays: Arrays) -> Arrays:
    """A named tuple of arrays without their reference counts: kernels that hand it on from one to the other then count nothing, which takes
    half of their time and more where threads share the arrays. The caller in Python holds the arrays meanwhile. For kernels alone."""
    return arrays


@cache
def _loaded() -> None:
    """Where numba keeps what it makes, and what `unowned` is to it."""
    import numba
    from numba.core import cgutils, types
    from numba.extending import intrinsic, overload
    from numba.np.arrayobj import make_array

    if "NUMBA_CACHE_DIR" not in os.environ:  # numba itself looks only at the file of the outermost function, not at what that calls
        numba.config.CACHE_DIR = str(tiles.folder().parent / "compiled" / SOURCES)

    @intrinsic
    def stripped(typing: Any, arrays: Any) -> Any:
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

    @overload(unowned)
    def within_kernels(arrays: Any) -> Any:
        def made(arrays: Any) -> Any:
            return stripped(arrays)

        return made


compiled = kernel(loaded=_loaded, error_model="numpy")
"""Decorates a function that is to be machine code, made when it is first called with its kinds of arguments."""
inlined = kernel(loaded=_loaded, error_model="numpy", forceinline=True)
"""The same, laid into whatever calls it: tuples of arrays that are handed on to a function cost more than most of these do."""
