"""Open geodata by a profile: the tiles of a box from where their publisher has them, kept in the user's cache folder for all projects.

What is there is not fetched again (for a month unseen, after that only if the publisher has changed it). Beside what is handed out lies
`downloads.json`: where each file came from, when, under which licence, and its SHA-256.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from . import archives, check, gather, orthophoto, tiles, web
from . import crs as crs_names
from .files import hash_file, write_text, written_beside
from .problems import Cancelled, InputProblem, Problem, Progress, no_progress, one_line, with_time_left
from .profiles import Kind, Profile, Source

AT_A_TIME = 2  # files: publishers' servers are for all
FRESH = dt.timedelta(days=30)  # how long a file counts as the publisher's without asking
FRESH_LIST = dt.timedelta(days=1)
MOST_TILES = 5000
MOST_KEPT = 20_000_000_000  # bytes of the cache folder
LIST = "downloads.json"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wanted:
    """A file to be had. urls : tried in this order. tile : its lower left corner in metres, None for the one file of a whole town."""

    source: Source
    urls: tuple[str, ...]
    tile: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """How it is spoken of: its file, as far as that is known before."""
        return self.urls[0].rpartition("/")[2]


@dataclass
class Got:
    """What a download brought. files : where they lie now. absent : names of tiles that the publisher does not have (beyond the border,
    without buildings). licence : a line for each publisher and licence, joined. fetched : bytes that came; kept : files that were there."""

    files: list[Path] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    licence: str = ""
    fetched: int = 0
    kept: int = 0


def folder() -> Path:
    """Where files are kept, beside the tiles that were read (see `tiles`)."""
    return tiles.folder().parent / "downloads"


def wanted(profile: Profile, what: Sequence[str], box: Box) -> list[Wanted]:
    """The files that a profile has of some kinds of data for a box (west, south, east, north in its CRS). Raises InputProblem."""
    known = [source.kind for source in profile.sources]
    for kind in what:
        if kind not in known:
            raise InputProblem(
                f"profile {profile.name}", f"it has no source of {kind}", f"Known: {', '.join(dict.fromkeys(known)) or 'none'}"
            )
    if not (box[0] < box[2] and box[1] < box[3]):
        raise InputProblem("bbox", "the box has no inside", "Give west, south, east, north, with west < east and south < north")
    if reason := crs_names.doubt(crs_names.given(profile.crs).horizontal, *box):
        raise InputProblem("bbox", reason, "Give west, south, east, north in metres of the profile's coordinate system")
    found = []
    for source in (one for one in profile.sources if one.kind in what):
        corners: list[tuple[int, int] | None] = [None] if source.tile is None else list(source.tiles(box))
        if len(corners) > MOST_TILES:
            raise InputProblem("bbox", f"the box holds {len(corners)} tiles, more than {MOST_TILES}", "Choose a smaller one")
        found += [Wanted(source, source.addresses(corner), corner) for corner in corners]
    return found


def megabytes(files: Sequence[Wanted]) -> float:
    """About how much has to come of these; what is kept already counts nothing."""
    return sum(file.source.megabytes for file in files if not any(_place(url).is_file() for url in file.urls))


def download(files: Sequence[Wanted], out: Path, progress: Progress = no_progress) -> Got:
    """Fetch files and put them into a folder; what is kept from before is taken from there.

    A file that cannot be had stops no other; it is listed. Raises InputProblem when none can be had for a fault, or the disk is too small;
    Cancelled when progress does: then what was finished is in the folder, and what was begun goes on the next time.
    """
    _make(folder())
    _make(out)
    about = megabytes(files) * 1e6
    if about > shutil.disk_usage(folder()).free:
        raise InputProblem(folder(), f"there is no room on the disk for {about / 1e6:.0f} MB", "Free some space, or choose a smaller box")
    work = _Work(files, out)
    work.run(with_time_left(progress))
    got = work.got
    got.files.sort()
    got.absent.sort()
    lines = dict.fromkeys(file.source.line for file in files if file.source.kind in work.had)
    got.licence = "; ".join(f"{line} ({dt.date.today().isoformat()})" for line in lines)
    _tidy()
    if not got.files and got.problems:
        raise work.faults[0]
    return got


class _Work:
    """Files being fetched, some at a time, and what has become of them."""

    def __init__(self, files: Sequence[Wanted], out: Path) -> None:
        self.files, self.out = files, out
        self.got = Got()
        self.had: set[Kind] = set()
        self.faults: list[InputProblem] = []
        self.stop = threading.Event()
        self.lock, self.asking = threading.Lock(), threading.Lock()
        self.own = threading.local()
        # There, and in the end, by id of the file wanted.
        self.bytes: dict[int, tuple[float, float]] = {id(file): (0.0, file.source.megabytes * 1e6) for file in files}
        self.ended = 0
        self.lists: dict[str, str] = {}
        self.out_of_reach: dict[str, InputProblem] = {}

    def run(self, progress: Progress) -> None:
        pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="jena-planner download")
        try:
            rest: set[Future[None]] = {pool.submit(self._one, file) for file in self.files}
            while rest:
                done, rest = wait(rest, timeout=0.1)
                for one in done:
                    one.result()
                self._say(progress)
        except BaseException:
            self.stop.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _say(self, progress: Progress) -> None:
        with self.lock:
            there, in_all = (sum(column) for column in zip(*self.bytes.values(), strict=True)) if self.bytes else (0.0, 0.0)
            ended = self.ended
        what = f"{ended} of {len(self.files)} files, {there / 1e6:.0f} of about {in_all / 1e6:.0f} MB"
        progress(min(there / in_all, 1.0) if in_all else 1.0, what)

    def _one(self, file: Wanted) -> None:
        """A thread's work: one file, from whichever of its addresses has it."""
        try:
            for url in file.urls:
                try:
                    place = self._fetched(self._known(file, url), FRESH, file)
                except web.Absent:
                    continue
                self._hand_out(file, place)
                break
            else:
                with self.lock:
                    self.got.absent.append(file.name)
        except InputProblem as problem:
            with self.lock:
                self.faults.append(problem)
                self.got.problems.append(Problem("not-downloaded", problem.where, "", f"{problem.what}. {problem.what_to_do}."))
        with self.lock:
            self.ended += 1
            there, _ = self.bytes[id(file)]
            self.bytes[id(file)] = (there, there)

    def _known(self, file: Wanted, url: str) -> str:
        """An address without *: of the publisher's list the last one in the alphabet. Raises Absent where the list has none."""
        if not file.source.index:
            return url
        with self.asking:  # one thread asks for the list, the others wait for it
            if file.source.index not in self.lists:
                place = self._fetched(file.source.index, FRESH_LIST, None)
                self.lists[file.source.index] = place.read_text(encoding="utf-8", errors="replace")
        base, _, name = url.rpartition("/")
        pattern = re.escape(name).replace(r"\*", r"[^\s\"'<>/]*?")
        found = re.findall(rf"(?<![\w.-]){pattern}(?![\w.-])", self.lists[file.source.index])
        if not found:
            raise web.Absent(url)
        return f"{base}/{max(found)}"

    def _fetched(self, url: str, fresh: dt.timedelta, file: Wanted | None) -> Path:
        """The file of an address in the cache folder, fetched where it is not there, has changed there, or is damaged."""
        host = urlsplit(url).hostname or ""
        place = _place(url)
        _make(place.parent)
        about = _about(place)
        if about is not None and _age(about) < fresh:
            self._note_kept(file, place)
            return place
        if host in self.out_of_reach:
            raise InputProblem(url, self.out_of_reach[host].what, self.out_of_reach[host].what_to_do)
        part = place.with_name(f"{place.name}.part")
        if not hasattr(self.own, "session"):
            self.own.session = web.session()
        try:
            found = web.fetch(self.own.session, url, part, self._told(file), about)
        except InputProblem as problem:
            if "cannot be reached" in problem.what:
                self.out_of_reach[host] = problem
            if about is not None:  # an old copy is better than none
                self._note_kept(file, place)
                return place
            raise
        if found is None and about is not None:
            write_text(_note(place), json.dumps({**about, "date": _now()}))
            self._note_kept(file, place)
            return place
        assert found is not None
        if file is not None:
            try:
                look_at(part, file.source.kind, url)
            except InputProblem:
                web.forget(part)
                raise
        size, digest = part.stat().st_size, hash_file(part)
        web.finish(part, place)
        write_text(_note(place), json.dumps({"url": url, "bytes": size, "sha256": digest, "date": _now(), **found}))
        with self.lock:
            self.got.fetched += size
        return place

    def _told(self, file: Wanted | None) -> web.Told:
        def told(there: int, in_all: int) -> None:
            if self.stop.is_set():
                raise Cancelled
            if file is not None:
                with self.lock:
                    self.bytes[id(file)] = (there, max(in_all or self.bytes[id(file)][1], there))

        return told

    def _note_kept(self, file: Wanted | None, place: Path) -> None:
        if file is not None:
            with self.lock:
                self.got.kept += 1
                self.bytes[id(file)] = (place.stat().st_size,) * 2

    def _hand_out(self, file: Wanted, place: Path) -> None:
        """Put a file of the cache folder into the folder asked for, and note where it is from."""
        about = json.loads(_note(place).read_text(encoding="utf-8"))
        target = self.out / place.name
        with self.lock:
            listed = _listed(self.out)
            mine = listed.get(place.name)
            if target.exists() and hash_file(target) != about["sha256"]:
                if mine is None or hash_file(target) != mine["sha256"]:
                    what = "there is another file of this name, which no download has put there"
                    raise InputProblem(target, what, "Move it away, or choose another folder")
                target.unlink()
            if not target.exists():
                try:
                    os.link(place, target)
                except OSError:  # another disk, or one that knows no links
                    with written_beside(target) as beside:
                        shutil.copyfile(place, beside)
            source = file.source
            entry = {key: about[key] for key in ("url", "bytes", "sha256", "date")}
            listed[place.name] = {"title": source.title, "licence": source.line, **entry}
            write_text(self.out / LIST, json.dumps(listed, ensure_ascii=False, indent=1))
            self.got.files.append(target)
            self.had.add(source.kind)


def look_at(path: Path, kind: str, url: str) -> None:
    """Raise InputProblem where a file that was fetched is not what it should be: data of a kind (a key of [data]), whole, no web page."""
    with path.open("rb") as file:
        head = file.read(check.FOR_THE_ROOT)
    if not head:
        raise InputProblem(url, "the file is empty", "Try again later")
    if not head.startswith(b"PK") and (
        re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<!doctype\s+html", head, re.IGNORECASE) or b"<html" in head[:1024].lower()
    ):
        raise InputProblem(url, "the server sent a web page instead of the file", "Look at the address in a browser")
    try:
        if zipfile.is_zipfile(path):
            _look_into(path, kind)
        elif archives.is_archive(path):
            return  # gzipped: its own sum is checked when it is unpacked
        else:
            _hold_to(check.kind(path), head, kind)
            if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                with path.open("rb") as file:
                    file.seek(max(path.stat().st_size - 4096, 0))
                    if not file.read().rstrip().endswith(b">"):
                        raise InputProblem(url, "the file ends in the middle", "Try again later")
    except InputProblem as problem:
        raise InputProblem(url, problem.what, "Look at the address in a browser") from problem


def _look_into(path: Path, kind: str) -> None:
    try:
        with zipfile.ZipFile(path) as content, tempfile.TemporaryDirectory() as folder:
            if content.testzip() is not None:
                raise InputProblem(path, "the archive is damaged", "Try again later")
            reason = InputProblem(path, "no geodata was found in it", "Look at it")
            for entry in content.infolist():
                name = PurePosixPath(entry.filename)
                if archives.may_hold(name.name, gather.SUFFIXES):
                    return
                if kind == "orthophoto" and name.suffix.lower() in orthophoto.ENDINGS:
                    return
                if name.suffix.lower() not in gather.SUFFIXES:
                    continue
                with content.open(entry) as file:
                    head = file.read(check.FOR_THE_ROOT)
                first = Path(folder) / f"head{name.suffix.lower()}"
                first.write_bytes(head)
                try:
                    _hold_to(check.kind(first), head, kind)
                    return
                except InputProblem as problem:
                    reason = problem
            raise reason
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise InputProblem(path, f"the archive cannot be unpacked ({one_line(str(error), 100)})", "Try again later") from error


def _hold_to(found: check.Kind, head: bytes, kind: str) -> None:
    if (found != "layers" and kind not in check.keys_of(found)) or (found == "citygml" and not check.MODEL.search(head)):
        raise InputProblem("", f"the file holds no {kind}", "")


def _place(url: str) -> Path:
    """Where the file of an address is kept. Its name is the address's last part, without anything that a file name may not have."""
    name = re.sub(r"[^\w.-]+", "_", unquote(urlsplit(url).path).rpartition("/")[2]).lstrip(".") or "file"
    return folder() / hashlib.sha256(url.encode()).hexdigest()[:16] / name


def _note(place: Path) -> Path:
    return place.with_name(f"{place.name}.about.json")


def _about(place: Path) -> dict[str, str] | None:
    """What was noted of a kept file; None where it is not there, or not as it was."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = json.loads(_note(place).read_text(encoding="utf-8"))
        if (
            place.stat().st_size == about["bytes"]
            and hash_file(place) == about["sha256"]
            and about["etag"] + about["modified"] + about["date"]
        ):
            os.utime(_note(place))  # what was used last goes last
            return dict(about)
    return None


def _age(about: dict[str, str]) -> dt.timedelta:
    with suppress(ValueError):
        return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(about["date"])
    return FRESH


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _listed(out: Path) -> dict[str, dict[str, object]]:
    with suppress(OSError, ValueError):
        listed = json.loads((out / LIST).read_text(encoding="utf-8"))
        if isinstance(listed, dict):
            return listed
    return {}


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputProblem(place, f"the folder cannot be made ({error.strerror})", "Choose another one") from error


def _tidy() -> None:
    """Remove what was not used for longest, where the folder holds more than it may."""
    with suppress(OSError):
        entries = [one for one in folder().iterdir() if one.is_dir()]
        used = sorted(((max((file.stat().st_mtime for file in one.iterdir()), default=0.0), one) for one in entries), reverse=True)
        total = 0
        for _, one in used:
            total += sum(file.stat().st_size for file in one.iterdir())
            if total > MOST_KEPT:
                shutil.rmtree(one, ignore_errors=True)
