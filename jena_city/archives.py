"""Zips (also zips in zips), gzipped and bzipped files unpacked, with an eye on what an archive from a stranger could do."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .files import written_beside
from .problems import InputProblem, one_line

SUFFIXES = (".zip", ".gz", ".bz2", ".kmz")
MOST = 64 * 1024**3  # bytes unpacked of one archive; a state's tiles come in smaller ones
LARGE = 100 * 1024**2  # bytes from which on the ratio matters
RATIO = 250  # unpacked to packed; city models have 10 to 50, bombs 1000 and more
_PACKED = (b"\x1f\x8b", b"BZh")  # gzip, bzip2
DEEPEST = 3  # zips in zips
BEWARE = "Do not use it, or unpack it yourself and name the files in it"
_DAMAGED = (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, lzma.LZMAError, struct.error, ValueError, OSError)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip, gzipped or bzipped, told by its first bytes, or by its last ones (a zip may have anything before it)."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        return False  # whoever reads it will say why
    return head.startswith(_PACKED) or ((head.startswith(b"PK") or path.suffix.lower() == ".zip") and zipfile.is_zipfile(path))


def may_hold(name: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a file among others is an archive to look into: by its name, for office documents are zips too."""
    path = PurePosixPath(name.lower())
    return path.suffix in (".zip", ".kmz") or (path.suffix in (".gz", ".bz2") and PurePosixPath(path.stem).suffix in suffixes)


@dataclass
class _Budget:
    """Bytes that may still be written."""

    left: int


def unpacked(archive: Path, into: Path, suffixes: tuple[str, ...]) -> dict[Path, str]:
    """The files with these suffixes in an archive and in the archives in it, and how to speak of them: "tiles.zip ▸ a.gml".

    They are written to a folder of its name below `into`.
    What is there already with the same content stays. Raises InputProblem for an archive that is damaged, that leads out of its folder,
    holds links, or would unpack to more than a town can be.
    """
    free = shutil.disk_usage(next(folder for folder in (into, *into.absolute().parents) if folder.is_dir())).free
    return _unpacked(archive, str(archive), into, suffixes, _Budget(min(MOST, free)), 0)


def _unpacked(archive: Path, name: str, into: Path, suffixes: tuple[str, ...], budget: _Budget, depth: int) -> dict[Path, str]:
    try:
        with archive.open("rb") as file:
            head = file.read(4)
        if head.startswith(_PACKED):
            return {(_bunzipped if head.startswith(b"BZh") else _gunzipped)(archive, name, into, budget): name}
        with zipfile.ZipFile(archive) as content:
            return _from_zip(content, name, into, suffixes, budget, depth)
    except _DAMAGED as error:
        what = f"the archive cannot be unpacked ({one_line(str(error), 100)})"
        raise InputProblem(name, what, "Download it again, or unpack it and name the files in it") from error


def _from_zip(content: zipfile.ZipFile, name: str, into: Path, suffixes: tuple[str, ...], budget: _Budget, depth: int) -> dict[Path, str]:
    wanted = []
    for entry in content.infolist():
        place = PurePosixPath(entry.filename.replace("\\", "/"))
        if ".." in place.parts or place.is_absolute() or (place.parts and ":" in place.parts[0]):
            raise InputProblem(name, f"an entry leads out of the archive's folder ({one_line(entry.filename, 80)})", BEWARE)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise InputProblem(name, f"an entry is a link to elsewhere ({one_line(entry.filename, 80)})", BEWARE)
        inner = may_hold(place.name, suffixes)
        if not entry.is_dir() and (inner or place.suffix.lower() in suffixes) and not place.name.startswith("._"):
            wanted.append((entry, place, inner))
    for entry, _, _ in wanted:
        if entry.file_size > LARGE and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise InputProblem(
                name, f"{one_line(entry.filename, 80)} would unpack to {entry.file_size / 1e9:.1f} GB, far more than real data", BEWARE
            )
    folder = _folder(into, _stem(name), [(entry, place) for entry, place, inner in wanted if not inner])
    made: dict[Path, str] = {}
    for entry, place, inner in wanted:
        target = folder / place
        if inner and depth == DEEPEST:
            raise InputProblem(name, f"archives lie more than {DEEPEST} deep in each other", BEWARE)
        if not _same(target, entry.file_size, entry.CRC):
            with content.open(entry) as source, written_beside(target) as beside:
                _copy(source, beside, entry.file_size, name, budget)
        if inner:
            try:
                made |= _unpacked(target, f"{name} ▸ {entry.filename}", target.parent, suffixes, budget, depth + 1)
            finally:
                target.unlink()
        else:
            made[target] = f"{name} ▸ {entry.filename}"
    return made


def _stem(name: str) -> str:
    """The name of an archive, however it is spoken of, without folders and the last ending."""
    return PurePosixPath(name.rpartition(" ▸ ")[2].replace("\\", "/")).stem


def _folder(into: Path, stem: str, entries: list[tuple[zipfile.ZipInfo, PurePosixPath]]) -> Path:
    """A folder of the archive's name in which nothing of another archive is overwritten."""
    number = 1
    while True:
        folder = into / (stem if number == 1 else f"{stem}-{number}")
        if all(_same(folder / place, entry.file_size, entry.CRC) or not (folder / place).exists() for entry, place in entries):
            return folder
        number += 1


def _same(target: Path, size: int, checksum: int) -> bool:
    if not (target.is_file() and target.stat().st_size == size):
        return False
    check = 0
    with target.open("rb") as file:
        while piece := file.read(1 << 20):
            check = zlib.crc32(piece, check)
    return check == checksum


def _gunzipped(archive: Path, name: str, into: Path, budget: _Budget) -> Path:
    stem = _stem(name) if name.lower().endswith((".gz", ".tgz")) else Path(name).name
    if stem.lower().endswith(".tar") or name.lower().endswith(".tgz"):
        raise InputProblem(name, "this is a tar archive", "Unpack it and name the folder")
    with archive.open("rb") as file:
        file.seek(-8, 2)
        checksum, size = struct.unpack("<II", file.read(8))
    target, number = into / stem, 1
    while target.exists() and not _same(target, size, checksum):  # the tile of another folder
        number += 1
        target = into / f"{Path(stem).stem}-{number}{Path(stem).suffix}"
    if not target.exists():
        with gzip.open(archive) as source, written_beside(target) as beside:
            _copy(source, beside, RATIO * max(archive.stat().st_size, LARGE // RATIO), name, budget)
    return target


def _bunzipped(archive: Path, name: str, into: Path, budget: _Budget) -> Path:
    stem = _stem(name) if name.lower().endswith((".bz2", ".tbz2", ".tbz")) else Path(name).name
    if stem.lower().endswith(".tar") or name.lower().endswith((".tbz2", ".tbz")):
        raise InputProblem(name, "this is a tar archive", "Unpack it and name the folder")
    target, number = into / stem, 1
    while target.exists() and not _holds(archive, target):
        number += 1
        target = into / f"{Path(stem).stem}-{number}{Path(stem).suffix}"
    if not target.exists():
        with bz2.open(archive) as source, written_beside(target) as beside:
            _copy(source, beside, RATIO * max(archive.stat().st_size, LARGE // RATIO), name, budget)
    return target


def _holds(archive: Path, target: Path) -> bool:
    """Whether a bzipped file, which says nothing of what it holds, holds the same as a file."""
    with bz2.open(archive) as source, target.open("rb") as file:
        while piece := source.read(1 << 20):
            if piece != file.read(len(piece)):
                return False
        return not file.read(1)


def _copy(source: Any, target: Path, most: int, name: str, budget: _Budget) -> None:
    size = 0
    with target.open("wb") as copy:
        while piece := source.read(1 << 20):
            size += len(piece)
            budget.left -= len(piece)
            if size > most:
                raise InputProblem(name, "it would unpack to far more than real data", BEWARE)
            if budget.left < 0:
                raise InputProblem(name, "it would unpack to more than the disk or this program can take", BEWARE)
            copy.write(piece)
