"""The published folder, written beside and renamed: there is never half of one, and a file that is as it was is not written again."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from ..jena_city.files import as_problem
from ..jena_city.problems import InputProblem

MARK = "publication.json"
SUMS = "SHA256SUMS"


class Folder:
    """What is being published. place : where it is gathered. before : what was published there last, or None."""

    def __init__(self, place: Path, before: Path | None) -> None:
        self.place, self.before = place, before
        self.sums: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.kept = 0

    def write(self, name: str, data: bytes) -> dict[str, int | str]:
        """Put a file; returns its address and size, as publication.json names files. name : with / between folders."""
        path = self.place / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = self.before / PurePosixPath(name) if self.before is not None else None
        if old is None or not _is(old, data) or not _linked(old, path):
            path.write_bytes(data)
        else:
            self.kept += 1
        self.sums[name], self.sizes[name] = hashlib.sha256(data).hexdigest(), len(data)
        return {"url": name, "bytes": len(data)}

    def read(self, name: str) -> bytes:
        """The bytes of a file that was put."""
        return (self.place / PurePosixPath(name)).read_bytes()

    def sign(self) -> None:
        """Put the list of all files with their sums, as `sha256sum -c` reads it."""
        lines = [f"{digest}  {name}\n" for name, digest in sorted(self.sums.items())]
        self.write(SUMS, "".join(lines).encode())


@contextmanager
def gathered(out: Path) -> Iterator[Folder]:
    """A folder to publish to: takes the place of `out` when the block ends well, and is gone otherwise. Raises InputProblem where `out`
    holds something else or cannot be written."""
    out = out.absolute()
    _tidied(out)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise InputProblem(out, "something else lies there", "Choose an empty folder, or one that was published to before")
    beside, old = (out.with_name(f".{out.name}.{word}.{secrets.token_hex(4)}") for word in ("new", "old"))
    try:
        with as_problem(out.parent):
            beside.mkdir(parents=True)
            yield Folder(beside, out if out.exists() else None)
            if out.exists():
                out.rename(old)
            try:
                beside.rename(out)
            except BaseException:
                if old.exists() and not out.exists():
                    old.rename(out)
                raise
    finally:
        for place in (beside, old):
            with suppress(OSError):
                shutil.rmtree(place)


def _tidied(out: Path) -> None:
    """Put right what a run left that was ended from outside: the last page back in its place, and half a one gone."""
    for place in sorted(out.parent.glob(f".{out.name}.old.*")):
        if not out.exists():
            with suppress(OSError):
                place.rename(out)
    for place in [*out.parent.glob(f".{out.name}.old.*"), *out.parent.glob(f".{out.name}.new.*")]:
        with suppress(OSError):
            shutil.rmtree(place)


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _linked(old: Path, new: Path) -> bool:
    """Whether a file could be given a second name; not all disks know that."""
    try:
        os.link(old, new)
    except OSError:
        return False
    return True
