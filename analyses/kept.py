"""Arrays that take long to compute and that later runs of the program need again, in a folder, a file for each series of them."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..jena_city.files import written_beside
from ..jena_city.problems import InputProblem, Progress

Array = TypeVar("Array", bound=npt.NDArray[Any])
MOST = 2_000_000_000  # bytes of all files together
_MEMBERS = ("shape", "filled", "values")  # of each array


class _NotKept(Exception):
    """A series that alone would fill the folder."""


class _Damaged(Exception):
    """A file that cannot be read as it was written."""


def mark_of(*parts: Any) -> str:
    """What tells series apart: a hash of arrays, and of other things by how they are written."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
        else:
            digest.update(f"{part!r}".encode())
        digest.update(b"|")
    return digest.hexdigest()


class Kept:
    """A folder of series. Those that were longest not asked for go when all together exceed `most` bytes.

    tell : is told of a file that is damaged or not ours; it is thrown away and its series computed anew.
    """

    def __init__(self, folder: Path, tell: Callable[[Path], None], most: int = MOST) -> None:
        self.folder, self.tell, self.most = folder, tell, most

    def series(self, mark: str, compute: Callable[[], Iterator[Array]], progress: Progress) -> Iterator[Array]:
        """The arrays of a series one after the other, from its file or, where there is none, from `compute`, to the last bit the same.

        mark : of all that they depend on, see `mark_of`. Rows of their last axis that are all zero take no room. progress : where
        they come from the file. Where the folder cannot be written nothing is kept, and nothing fails for that.
        """
        path, given = self.folder / f"{mark}.npz", 0
        try:
            for array, share in _arrays(path, mark):
                yield array
                given += 1
                progress(share, "reading what was kept")
            return
        except FileNotFoundError:
            pass
        except _Damaged:
            with suppress(OSError):
                path.unlink()
            self.tell(path)
        yield from islice(self._computed(path, mark, compute()), given, None)

    def _computed(self, path: Path, mark: str, arrays: Iterator[Array]) -> Iterator[Array]:
        """The same arrays, written to the file meanwhile."""
        size, computing = 0, False
        try:
            with written_beside(path) as beside, zipfile.ZipFile(beside, "w") as file:
                file.comment = mark.encode()
                for number in count():
                    computing = True  # what goes wrong there is no matter of the file
                    array = next(arrays, None)
                    if array is not None:
                        yield array
                    computing = False
                    if array is None:
                        break
                    size += _write(file, number, array)
                    if size > self.most:
                        raise _NotKept
        except (OSError, InputProblem, _NotKept):
            if computing:
                raise
        yield from arrays
        self._make_room()

    def _make_room(self) -> None:
        size = 0
        with suppress(OSError):  # another run may read a file, or have taken it away
            for _, path in sorted(((one.stat().st_mtime, one) for one in self.folder.iterdir()), reverse=True):
                size += path.stat().st_size
                if size > self.most:
                    path.unlink()


def _arrays(path: Path, mark: str) -> Iterator[tuple[Any, float]]:
    """The arrays of a file, each with the share of them that have come. Raises FileNotFoundError and _Damaged."""
    try:
        with zipfile.ZipFile(path) as file:
            if file.comment != mark.encode():
                raise _Damaged
            with suppress(OSError):
                os.utime(path)  # it was asked for
            many = len(file.namelist()) // len(_MEMBERS)
            for number in range(many):
                yield _read(file, number), (number + 1) / many
    except NotADirectoryError as error:
        raise FileNotFoundError(path) from error
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise _Damaged from error


def _write(file: zipfile.ZipFile, number: int, array: Any) -> int:
    """Write an array; how many bytes it took."""
    flat = array.reshape(-1, array.shape[-1])
    filled = flat.any(axis=1)
    parts = (np.array(array.shape, np.int64), np.packbits(filled), flat[filled])
    for name, part in zip(_MEMBERS, parts, strict=True):
        with file.open(f"{number}-{name}.npy", "w") as stream:
            np.save(stream, part, allow_pickle=False)
    return sum(part.nbytes for part in parts)


def _read(file: zipfile.ZipFile, number: int) -> Any:
    parts = []
    for name in _MEMBERS:
        with file.open(f"{number}-{name}.npy") as stream:
            parts.append(np.load(stream, allow_pickle=False))
    shape, filled, values = parts
    found = np.zeros((int(np.prod(shape[:-1])), int(shape[-1])), values.dtype)
    found[np.unpackbits(filled, count=len(found)).astype(bool)] = values
    return found.reshape(shape)
