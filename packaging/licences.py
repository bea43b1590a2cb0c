"""Whose work is in the zip and under which licence."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from .wheels import metadata

# May be combined with GPL-3.0-or-later (gnu.org/licenses/license-list.html).
COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "GPL-2.0-or-later", "GPL-3.0-or-later", "HPND", "ISC"),
    *("LGPL-2.1-or-later", "LGPL-3.0-or-later", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"),
}
# How metadata of older wheels say it: the trove classifier's last part, or the field License.
SPOKEN = {
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
# What a text says of itself, where the metadata say nothing that can be read.
TEXTS = {
    "BSD-3-Clause": ("redistribution and use in source and binary forms", "neither the name"),
    "BSD-2-Clause": ("redistribution and use in source and binary forms",),
    "MIT": ("permission is hereby granted, free of charge, to any person obtaining a copy",),
    "ISC": ("permission to use, copy, modify, and/or distribute this software for any purpose",),
    "Apache-2.0": ("apache license", "version 2.0"),
}
IS_TEXT = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
OTHERS = re.compile(r"\.(libs|dylibs)/[^/]+\.(so|dll|dylib)[^/]*$")  # where auditwheel, delocate and delvewheel put them


@dataclass(frozen=True)
class Licence:
    """A wheel's licence. texts : file name -> content. carries : file names of the compiled libraries of others inside it."""

    name: str
    version: str
    licence: str
    texts: dict[str, str]
    carries: tuple[str, ...] = ()

    @property
    def compatible(self) -> bool:
        """Of "A OR B" one must be; of "A AND B" both; "WITH exception" only permits more."""
        licence = re.sub(r"\s+WITH\s+\S+", "", self.licence).replace("(", " ").replace(")", " ")
        return any(all(part.strip() in COMPATIBLE for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def of(wheel: Path) -> Licence:
    """The licence of a wheel, from its metadata or, failing that, its texts; "unknown" when neither tells."""
    about = metadata(wheel)
    with zipfile.ZipFile(wheel) as zipped:
        carries = {name.rpartition("/")[2] for name in zipped.namelist() if OTHERS.search(name)}
        names = [name for name in zipped.namelist() if ".dist-info/" in name and (IS_TEXT.search(name) or "/licenses/" in name)]
        texts = {name.partition(".dist-info/")[2]: zipped.read(name).decode("utf-8", "replace") for name in names if not name.endswith("/")}
    licence = _spoken(about) or _recognised([*texts.values(), about["License"] or ""])
    return Licence(about["Name"], about["Version"], licence, texts, tuple(sorted(carries)))


def _spoken(about: Message) -> str:
    if about["License-Expression"]:
        return str(about["License-Expression"])
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    for said in (about["License"] or "", *classifiers):
        if said in COMPATIBLE or said.lower() in SPOKEN:
            return SPOKEN.get(said.lower(), said)
    return ""


def _recognised(texts: Iterable[str]) -> str:
    for text in texts:
        plain = " ".join(text.lower().split())
        for licence, marks in TEXTS.items():
            if all(mark in plain for mark in marks):
                return licence
    return "unknown"


def report(rows: Iterable[Licence], own: str) -> str:
    """THIRD_PARTY_LICENSES.txt: a list, then every text. own : the program's name and version."""
    rows = list(rows)
    lines = [f"{own} is GPL-3.0-or-later (LICENSE). It carries these libraries, unchanged, as wheels in the folder wheels:", ""]
    lines += [f"{row.name} {row.version}: {row.licence}" for row in rows]
    for row in rows:
        lines += ["", "=" * 100, f"{row.name} {row.version}: {row.licence}"]
        if row.carries:
            lines += ["", f"It carries compiled libraries, under licences of their own: {', '.join(row.carries)}"]
        if not row.texts:
            lines += ["", "(The wheel carries no text of its licence.)"]
        for name, text in row.texts.items():
            lines += ["", f"--- {name} ---", "", text.rstrip()]
    return "\n".join(lines) + "\n"
