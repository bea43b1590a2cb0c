"""Files written beside and renamed, so that no half-written file ever bears its final name; and their hashes."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .problems import InputProblem

HEAD = 4096  # bytes that tell what a file is


@contextmanager
def written_beside(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A name beside `path` (same suffix, same folder) to write to; renamed to `path` when the block ends well, removed otherwise.

    Raises InputProblem when the folder cannot be written.
    """
    final = Path(path)
    beside = final.with_name(f".{final.stem}.{secrets.token_hex(4)}{final.suffix}")
    try:
        with as_problem(final.parent):
            final.parent.mkdir(parents=True, exist_ok=True)
            yield beside
            beside.replace(final)
    finally:
        with suppress(OSError):  # it may never have come to be, as on a path that is no folder
            beside.unlink()


@contextmanager
def as_problem(folder: Path) -> Iterator[None]:
    """What keeps a folder from being written to, as an InputProblem."""
    try:
        yield
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise InputProblem(folder, "this folder cannot be written to", "Choose another output folder or ask for write access") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise InputProblem(folder, "the disk is full", "Free some space and start again; finished files are kept") from error
        if error.errno == errno.EROFS:
            raise InputProblem(folder, "this folder is on a read-only disk", "Choose another output folder") from error
        raise


def move_folder(place: Path, target: Path) -> None:
    """Move what is in a folder into another one, on another disk too, where other things may lie already.

    Raises InputProblem when that cannot be done, as on a disk that fills up: then all is in its old place and nothing new in the other.
    """
    made_here = not target.exists()
    arrived: list[Path] = []
    beside = target / f".{place.name}.{secrets.token_hex(4)}"
    try:
        target.mkdir(exist_ok=True)
        try:
            place.rename(beside)
        except OSError:  # another disk, or a file in it is open
            _copy(place, beside)
        arrived.extend(path.rename(target / path.name) for path in sorted(beside.iterdir()))
        beside.rmdir()
    except OSError as error:
        for path in arrived:
            path.rename(beside / path.name)
        if place.exists():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.rename(place)
        if made_here:
            with suppress(OSError):
                target.rmdir()
        what = f"the project cannot move here ({error.strerror or error}); it stays in {place}"
        raise InputProblem(target, what, "Free some space or choose another folder, and save again") from error
    shutil.rmtree(place, ignore_errors=True)


def _copy(folder: Path, to: Path) -> None:
    to.mkdir()
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            (to / path.relative_to(folder)).mkdir()
        else:
            shutil.copy2(path, to / path.relative_to(folder))


def first_bytes(path: str | os.PathLike[str]) -> bytes:
    """The first 4 kB of a file; raises InputProblem when there are none to read."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as error:
        raise InputProblem(path, "there is no such file", "Check the name") from error
    except IsADirectoryError as error:
        raise InputProblem(path, "this is a folder", "Name the files in it") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputProblem(path, f"the file cannot be opened ({reason})", "Check its name and access rights") from error
    if not head.strip(b" \t\r\n\0"):
        raise InputProblem(path, "the file is empty", "Download it again")
    return head


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a UTF-8 text file, beside and renamed."""
    with written_beside(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def hash_file(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def slug(text: str) -> str:
    """A file name for a name: umlauts written out, anything else than letters, digits and dashes left out."""
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-").lower() or "unnamed"
