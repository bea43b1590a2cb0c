"""The variants in a project's folder: read, and written so that only changed files change and deleted ones are kept aside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import project, variant_files
from .files import slug
from .origin import Origin
from .problems import InputProblem
from .project import ProjectFile
from .variant import NULL_VARIANT, Variant

FOLDER = "variants"
PATTERN = f"{FOLDER}/*.geojson"
REMOVED = f"{FOLDER}/removed"


def read(place: Path, file: ProjectFile, at: Origin) -> dict[str, tuple[Path, Variant]]:
    """The variants of a project's folder: id -> its file and what it says; raises InputProblem."""
    found: dict[str, tuple[Path, Variant]] = {}
    for path in project.files_named(place, file.variants.files, "variants", needed=False):
        variant = variant_files.read(path, at)
        if variant.id in found:
            raise InputProblem(
                path, f"the variant id {variant.id} is taken (by {found[variant.id][0].name})", "Give each variant an id of its own"
            )
        found[variant.id] = (path, variant)
    return found


def read_any(path: Path, at: Origin) -> list[Variant]:
    """The variants of a project folder (or its project.toml), of a folder of .geojson files, or of one such file; raises InputProblem."""
    if path.is_dir() and not (path / project.FILE_NAME).is_file():
        files = sorted(path.glob("*.geojson"))
        if not files:
            raise InputProblem(path, "there is neither a project nor a variant in it", "Name a project, or a folder of .geojson files")
        return [variant_files.read(one, at) for one in files]
    if path.is_dir() or path.suffix == ".toml":
        found, file = project.read(path)
        return [variant for _, variant in read(found.parent, file, at).values()]
    return [variant_files.read(path, at)]


def write(place: Path, file: ProjectFile, at: Origin, variants: Iterable[Variant]) -> list[Path]:
    """Write a project's variants where they differ from those in its folder; what is not among them is moved aside, so that nothing
    deleted by mistake is lost. Files are written beside and renamed. Returns the files written or moved."""
    mine = [variant for variant in variants if variant.id != NULL_VARIANT.id]
    theirs = read(place, file, at)
    written: list[Path] = []
    for variant in mine:
        own = theirs.get(variant.id)
        target = own[0] if own else _free(place / FOLDER / f"{slug(variant.id)}.geojson")
        if own is None or variant_files.as_geojson(own[1], at) != variant_files.as_geojson(variant, at):
            variant_files.write(variant, target, at)
            written.append(target)
    for name, (gone, _) in theirs.items():
        if name not in {variant.id for variant in mine}:
            aside = place / REMOVED
            aside.mkdir(parents=True, exist_ok=True)
            gone.replace(aside / gone.name)
            written.append(aside / gone.name)
    return written


def with_files(file: ProjectFile, place: Path, written: Iterable[Path]) -> ProjectFile:
    """The project file, naming variants' files that were written and that none of its patterns names yet."""
    wanted = file.model_copy(deep=True)
    new = [path for path in written if path.parent == place / FOLDER]
    if not wanted.variants.files and new:
        wanted.variants.files = [PATTERN]
    named = project.files_named(place, wanted.variants.files, "variants", needed=False)
    wanted.variants.files += [path.relative_to(place).as_posix() for path in new if path not in named]
    return wanted


def free_id(variant: Variant, wanted: str) -> str:
    """An id for a new block of a variant."""
    taken, name, number = {one.id for one in variant.blocks}, wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _free(path: Path) -> Path:
    number, found = 2, path
    while found.exists():
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found
