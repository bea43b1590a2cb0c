"""The copy an extension is built from: what the Python package consists of, by an allow-list, and nothing that lies beside it."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

# Of the repository's root; pyproject.toml names the folders.
ROOT_FILES = ("__init__.py", "__main__.py", "feedback.py", "publishing.py", "LICENSE", "README.md")


def files(root: Path, lock: Path) -> Iterator[Path]:
    """Every file of the copy, relative to the root, but for the manifest, which is written anew. lock : the one that is shipped."""
    setuptools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    yield from map(Path, ROOT_FILES)
    yield lock.relative_to(root)
    for package in setuptools["packages"]:
        folder = Path(*package.split(".")[1:])
        if folder.parts:
            patterns = ("*.py", *setuptools["package-data"].get(package, ()))
            yield from sorted(path.relative_to(root) for pattern in patterns for path in (root / folder).glob(pattern) if path.is_file())


def stage(root: Path, lock: Path, to: Path) -> None:
    """Copy them into an empty folder."""
    for name in files(root, lock):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, to / name)
