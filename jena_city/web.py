"""One file fetched over HTTP: gone on with where it broke off, tried again where the server stumbles, never half a file for a whole one."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from .about import version
from .files import write_text
from .problems import InputProblem, one_line

TRIES = 5  # in a row that bring nothing
WAIT = 1.0  # seconds before the second try, doubled each time
LONGEST_WAIT = 60.0  # seconds that a server may ask for
TIMEOUT = (10, 15)  # seconds to connect, and between two pieces
MOST = 8 * 1024**3  # bytes of one file
PIECE = 1 << 18
REDIRECTS = 5

Told = Callable[[int, int], None]
"""Called with the bytes that are there and those there will be (0: not known); may raise Cancelled."""


class Absent(Exception):
    """The server has no such file."""


class _Again(Exception):
    """Worth another try. wait : seconds that the server asks for."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


def session() -> Any:
    """What fetches; for one thread. Certificates are checked, and a server may send on to http and https only."""
    made = requests.Session()
    made.max_redirects = REDIRECTS
    made.headers["User-Agent"] = f"jena-planner/{version()} (town planning; fetches single tiles of open geodata)"
    made.headers["Accept-Encoding"] = "identity"  # so that Content-Length is the size of the file
    return made


def fetch(with_session: Any, url: str, part: Path, told: Told, known: dict[str, str] | None = None) -> dict[str, str] | None:
    """Fetch a file to `part`, which may hold its beginning from an earlier try; returns its "etag" and "modified", "" where unknown.

    known : those of a copy that is there: None comes back when the server says that it is still the same. Raises Absent where the server
    has no such file, InputProblem where it cannot be had; the part stays for the next time.
    """
    tries, size = 0, _size(part)
    while True:
        try:
            return _attempt(with_session, url, part, told, known)
        except _Again as again:
            now = _size(part)
            tries = 1 if now > size else tries + 1  # it gets on
            size = now
            if tries >= TRIES:
                raise InputProblem(url, str(again), "Try again later; what has come is kept") from again
            _pause(max(again.wait, WAIT * 2 ** (tries - 1)), lambda now=now: told(now, 0))  # type: ignore[misc]


def _attempt(with_session: Any, url: str, part: Path, told: Told, known: dict[str, str] | None) -> dict[str, str] | None:
    have, mark = _size(part), _mark(part)
    headers = {}
    if have:
        headers["Range"] = f"bytes={have}-"
        if validator := mark.get("etag") or mark.get("modified"):
            headers["If-Range"] = validator
    elif known:
        headers |= {key: value for key, value in (("If-None-Match", known["etag"]), ("If-Modified-Since", known["modified"])) if value}
    try:
        with with_session.get(url, stream=True, timeout=TIMEOUT, headers=headers) as response:
            if response.status_code == 304 and known and not have:
                return None
            return _taken(response, url, part, have, mark, told)
    except requests.exceptions.SSLError as error:
        raise InputProblem(url, "the server cannot prove who it is (its certificate is not valid)", "Ask your administrator") from error
    except requests.exceptions.TooManyRedirects as error:
        raise InputProblem(url, "the server sends from one address to the next without end", "Mend the profile") from error
    except (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
        raise InputProblem(url, "the server sends on to an address that is not of the web", "Mend the profile") from error
    except requests.exceptions.Timeout as error:
        raise _Again("the server does not answer in time") from error
    except requests.exceptions.ConnectionError as error:
        if _size(part) > have:
            raise _Again("the transfer broke off") from error
        raise _Again(f"the server {urlsplit(url).hostname} cannot be reached") from error
    except requests.exceptions.RequestException as error:
        raise _Again("the transfer broke off") from error


def _taken(response: Any, url: str, part: Path, have: int, mark: dict[str, str], told: Told) -> dict[str, str]:
    """What an answer brings, written behind what is there."""
    status = response.status_code
    if status in (404, 410):
        raise Absent(url)
    if status == 429 or status >= 500:
        raise _Again(f"the server answers {status} ({one_line(str(response.reason), 60)})", _asked_wait(response.headers))
    found = {"etag": response.headers.get("ETag", ""), "modified": response.headers.get("Last-Modified", "")}
    if found["etag"].startswith("W/"):
        found["etag"] = ""  # a weak one says nothing about bytes
    ranged = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", response.headers.get("Content-Range", "").strip())
    if status == 416 and ranged and ranged[2] == str(have):
        return {key: mark.get(key, "") for key in ("etag", "modified")}  # all of it had come
    if status == 206 and ranged and ranged[1] == str(have) and (ranged[2] in ("*", mark.get("total", ""))):
        total = int(mark.get("total") or 0)
    elif status in (206, 416):
        forget(part)
        raise _Again("the server goes on at another place than it was asked to")
    elif status == 200:
        have, total = 0, _length(response.headers)
    else:
        raise InputProblem(url, f"the server answers {status} ({one_line(str(response.reason), 60)})", "Look at the address in a browser")
    free = shutil.disk_usage(part.parent).free
    if total > MOST:
        raise InputProblem(url, f"the file has {total / 1e9:.1f} GB, more than a tile can have", "Mend the profile")
    if total - have > free:
        raise InputProblem(
            part.parent, f"there is no room on the disk for {(total - have) / 1e6:.0f} MB", "Free some space and start again"
        )
    write_text(_beside(part), json.dumps({**found, "total": str(total or "")}))
    with part.open("ab" if have else "wb") as file:
        for piece in response.iter_content(PIECE):
            file.write(piece)
            have += len(piece)
            if have > MOST:
                raise InputProblem(url, "the file has no end", "Mend the profile")
            told(have, total)
    if total and have != total:
        if have > total:
            forget(part)
        raise _Again("the transfer broke off")
    return found


def forget(part: Path) -> None:
    """Take away what was begun."""
    for path in (part, _beside(part)):
        path.unlink(missing_ok=True)


def finish(part: Path, target: Path) -> None:
    """Give what has come its name."""
    part.replace(target)
    _beside(part).unlink(missing_ok=True)


def _beside(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _mark(part: Path) -> dict[str, str]:
    """What the server said of the file when it was begun: only with that can it be gone on with."""
    with suppress(OSError, ValueError):
        mark = json.loads(_beside(part).read_text(encoding="utf-8"))
        return {key: str(mark.get(key, "")) for key in ("etag", "modified", "total")}
    return {}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _length(headers: Any) -> int:
    """Bytes of the file, 0 where they are not known."""
    length = headers.get("Content-Length", "")
    return int(length) if length.isdigit() and headers.get("Content-Encoding", "identity") == "identity" else 0


def _asked_wait(headers: Any) -> float:
    asked = headers.get("Retry-After", "")
    if asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    with suppress(ValueError, TypeError):
        return min(max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0), LONGEST_WAIT)
    return 0.0


def _pause(seconds: float, alive: Callable[[], None]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        alive()
        time.sleep(min(left, 0.1))
