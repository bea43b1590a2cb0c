"""How the sound's kernels are compiled: on first use, without Python's lock, and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

from ...jena_city import tiles

Function = TypeVar("Function", bound=Callable[..., Any])


def _kept_in() -> str:
    """A folder for exactly these sources: numba itself looks only at the file of the outermost function, not at what that calls."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    return str(tiles.folder().parent / "compiled" / digest)


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = _kept_in()


def compiled(function: Function) -> Function:
    """The function as machine code, made when it is first called with its kinds of arguments."""
    made: Function = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return made
