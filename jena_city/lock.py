"""The locks: which version of each library the program was tested with. `locks/cp311.txt` for Python 3.11, and so on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .problems import InputProblem

FOLDER = Path(__file__).parent.parent / "locks"


@dataclass(frozen=True)
class Locked:
    """One library of a lock. hashes : SHA-256 of each of its files, for all systems. needed_by : libraries that need it; "" stands
    for the project itself."""

    name: str
    version: str
    hashes: frozenset[str]
    needed_by: frozenset[str]


def canonical(name: str) -> str:
    """A library's name as locks write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def path(python: tuple[int, int] = sys.version_info[:2]) -> Path:
    """The lock of a Python line; raises InputProblem when there is none."""
    found = FOLDER / f"cp{python[0]}{python[1]}.txt"
    if not found.is_file():
        there = ", ".join(f"{lock.stem[2]}.{lock.stem[3:]}" for lock in sorted(FOLDER.glob("cp*.txt"))) or "none"
        raise InputProblem(
            f"Python {python[0]}.{python[1]}", f"there is no lock for it (only for {there})", "Use a Blender that carries one of these"
        )
    return found


def read(path: Path) -> dict[str, Locked]:
    """Name -> what a lock in pip-compile's format says of it."""
    found = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8")):
        head = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", block)
        if head:
            reasons = re.findall(r"^    #(?: via|  ) +(\S.*)$", block, re.MULTILINE)
            found[canonical(head[1])] = Locked(
                canonical(head[1]),
                head[2],
                frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)),
                frozenset("" if "(" in reason else canonical(reason) for reason in reasons if not reason.startswith("-")),
            )
    return found


def closure(locked: Mapping[str, Locked], roots: Iterable[str]) -> set[str]:
    """The names of these libraries and of all that they need, as far as the lock knows it."""
    found: set[str] = set()
    more = {canonical(name) for name in roots}
    while more:
        found |= more
        more = {name for name, one in locked.items() if one.needed_by & found} - found
    return found
