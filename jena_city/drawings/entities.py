"""The entities of a DXF file one after the other, text or binary, sound or damaged: what is broken costs itself alone.

Nothing but the entity at hand is in memory, so that a city's map sheets can be read.
"""

from __future__ import annotations

import logging
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from ..files import first_bytes
from ..problems import InputProblem

BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What libraries raise for entities whose content makes no sense; ezdxf's own errors are among them (see `broken`)."""
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:999[ \t]*\r?\n[^\n]*\n\s*)*0[ \t]*\r?\n\s*SECTION", re.IGNORECASE)
_DWG = re.compile(rb"AC10\d\d|AC1\.\d|AC2\.\d|MC0\.0")
_CODES = range(1072)
_SILENT = ("SEQEND", "ATTDEF", "VIEWPORT")  # what shows nothing itself


def is_one(path: str | PathLike[str]) -> bool:
    """Whether a file is DXF, by its first bytes."""
    head = first_bytes(path)
    return head.startswith(BINARY[:18]) or _START.match(head) is not None


def refuse_dwg(path: str | PathLike[str]) -> None:
    """Raises InputProblem for a DWG, told by its first bytes."""
    if _DWG.match(first_bytes(path)):
        raise InputProblem(path, "this is a DWG drawing, which only CAD programs can open", "Save it as DXF there and name that file")


@dataclass
class Reading:
    """What was noticed on the way. version : AC1009 for R12. units : $INSUNITS, 0 for none. skipped : lines, bytes or signs out of place.
    damaged : entities left out for their content. ended : the file came to its end mark."""

    version: str = "AC1009"
    units: int = 0
    skipped: int = 0
    damaged: int = 0
    ended: bool = False
    unknown: dict[str, int] = field(default_factory=dict)


def broken() -> tuple[type[Exception], ...]:
    """What is caught around a single entity."""
    from ezdxf.lldxf.const import DXFError

    return (*BROKEN, DXFError)


def read(path: Path, wanted: Iterable[str], reading: Reading) -> Iterator[tuple[str, Any]]:
    """(section, entity) for each entity of these types in BLOCKS and ENTITIES, BLOCK and ENDBLK among them; of a POLYLINE with its
    vertices. Types that are not wanted are counted in `reading`."""
    from ezdxf.entities import factory
    from ezdxf.lldxf.extendedtags import ExtendedTags

    loader = _binary if first_bytes(path).startswith(BINARY[:18]) else _text
    known = {*wanted, "VERTEX", "BLOCK", "ENDBLK"}
    section, line = "", None
    for tags, compiled in loader(path, reading):
        name = _name(tags[0].value)
        if name == "SECTION":
            section = next((_name(tag.value) for tag in tags[1:] if tag.code == 2), "")
            if section == "HEADER":
                _header(tags, reading)
        elif name == "ENDSEC":
            section = ""
        elif name == "EOF":
            reading.ended = True
            break
        elif section in ("BLOCKS", "ENTITIES"):
            if name != "VERTEX" and line is not None:
                yield section, line
                line = None
            if name not in known:
                if name not in _SILENT:
                    reading.unknown[name] = reading.unknown.get(name, 0) + 1
                continue
            try:
                entity = factory.load(ExtendedTags(compiled(tags)))
                if name == "VERTEX":
                    if line is not None:
                        line.link_entity(entity)
                    continue
            except broken():
                reading.damaged += 1
                continue
            if name == "POLYLINE":
                line = entity
            else:
                yield section, entity
    if line is not None:
        yield section, line


def _name(value: Any) -> str:
    """A word of the file's own, as text."""
    return (value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)).strip().upper()


def _header(tags: list[Any], reading: Reading) -> None:
    variable = ""
    for tag in tags:
        if tag.code == 9:
            variable = _name(tag.value)
        elif variable == "$ACADVER" and tag.code == 1:
            reading.version = _name(tag.value)
        elif variable == "$INSUNITS" and tag.code == 70 and str(value := _name(tag.value)).isdigit():
            reading.units = int(value)


def _text(path: Path, reading: Reading) -> Iterator[tuple[list[Any], Any]]:
    """The tags of each entity, values as bytes, and what makes values of them."""
    from ezdxf.lldxf.tags import group_tags
    from ezdxf.lldxf.types import DXFTag
    from ezdxf.recover import byte_tag_compiler

    logging.getLogger("ezdxf").addHandler(logging.NullHandler())  # what it says of damage stands in our report
    encoding = _encoding(path)

    def compiled(tags: list[Any]) -> list[Any]:
        # A last tag lets the compiler see that a point without height, or a group, has come to its end.
        own = _own_encoding(tags, encoding)
        guessed: list[Any] = []
        made = list(byte_tag_compiler([*tags, DXFTag(0, b"")], own, guessed, errors="replace"))[:-1]
        reading.skipped += len(guessed)  # numbers that it made out among other signs
        return made

    with path.open("rb") as file:
        for tags in group_tags(_pairs(file, reading, DXFTag)):
            yield tags, compiled


def _pairs(file: Any, reading: Reading, tag: Any) -> Iterator[Any]:
    """Code and value from two lines each; a line that should be a code and is none is skipped."""
    readline = file.readline
    while line := readline():
        try:
            code = int(line)
        except ValueError:
            reading.skipped += bool(line.strip())
            continue
        if code not in _CODES:
            reading.skipped += 1
            continue
        value = readline().rstrip(b"\r\n")
        if code != 999:  # a comment
            yield tag(code, value)


def _encoding(path: Path) -> str:
    from ezdxf.tools.codepage import toencoding

    with path.open("rb") as file:
        head = file.read(65536)
    version = re.search(rb"\$ACADVER\s+1\s+(AC\d+)", head)
    page = re.search(rb"\$DWGCODEPAGE\s+3\s+(\w+)", head)
    if version and version[1] >= b"AC1021":
        return "utf8"
    return str(toencoding(page[1].decode())) if page else "cp1252"


def _own_encoding(tags: list[Any], encoding: str) -> str:
    """utf8 for an entity that can be read so: there are programs that write it whatever the header says."""
    text = b"".join(tag.value for tag in tags)
    if text.isascii() or encoding == "utf8":
        return encoding
    try:
        text.decode("utf8")
    except UnicodeDecodeError:
        return encoding
    return "utf8"


def _binary(path: Path, reading: Reading) -> Iterator[tuple[list[Any], Any]]:
    from ezdxf.lldxf.tagger import binary_tags_loader, tag_compiler
    from ezdxf.lldxf.tags import group_tags
    from ezdxf.lldxf.types import DXFTag

    def tags() -> Iterator[Any]:
        try:
            yield from binary_tags_loader(path.read_bytes(), errors="replace")
        except broken():  # where the lengths are lost, so is the rest
            reading.skipped += 1

    def compiled(group: list[Any]) -> list[Any]:
        return list(tag_compiler(iter([*group, DXFTag(0, "")])))[:-1]

    for group in group_tags(tags()):
        yield group, compiled
