"""Files as people hand them over: single ones, folders of tiles, zips of tiles. And a quick look at what they are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import archives, check, cityjson, orthophoto
from . import crs as crs_names
from .problems import InputProblem, Progress, Report, no_progress

SUFFIXES = (
    ".gml", ".xml", ".citygml", ".json", ".jsonl", ".xyz", ".txt", ".hgt", ".asc", ".tif", ".tiff", ".geojson", ".gpkg", ".shp", ".csv",
    ".osm",
    ".pbf", ".dxf", ".fgb", ".kml", ".gpx", ".tab", ".mif",
)  # fmt: skip
_PICTURES = orthophoto.ENDINGS  # taken where they say where they lie; others are textures, previews
_BESIDE_LAYERS = (".shx", ".dbf", ".cpg", ".mid", ".dat", ".map", ".id", ".ind")  # without which a Shapefile or MapInfo table is none
_UNPACKED = (*SUFFIXES, *_PICTURES, *orthophoto.BESIDE, *_BESIDE_LAYERS)
_JSON = (".json", ".jsonl")  # taken where they hold CityJSON; others are settings, codes, GeoJSON
_VECTORS = (
    ".geojson",
    ".gpkg",
    ".shp",
    ".csv",
    ".fgb",
    ".kml",
    ".gpx",
    ".tab",
    ".mif",
)  # endings that lists, variants and much else have too
_VAGUE = (*_VECTORS, ".txt", ".xml")  # beside tiles lie read-me files and metadata, too
_LOOKED_AT = 64 * 1024 * 1024  # bytes of a file that a quick look reads


def gathered(paths: Sequence[Path], into: Path, progress: Progress = no_progress) -> dict[Path, str]:
    """The geodata files behind names of files, folders and archives (see `archives`), each once, and how to speak of them: by their
    paths, or by archive and entry. Archives are unpacked below `into`.

    In folders and zips only files that could be geodata are taken (by their endings, tables and layers by
    their content); a file named itself is always taken. Raises
    InputProblem for an archive that is damaged or not to be trusted, and when nothing is found.
    """
    found: dict[Path, str] = {}
    for number, path in enumerate(paths):
        progress(number / len(paths), path.name)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            found |= {one: str(one) for one in inside if _geodata(one)}
            for archive in (one for one in inside if archives.may_hold(one.name, SUFFIXES) and archives.is_archive(one)):
                found |= _unpacked(archive, into)
        elif path.is_file() and archives.is_archive(path):
            found |= _unpacked(path, into)
        else:
            found[path] = str(path)
    found = {path: name for path, name in found.items() if path in paths or path.suffix.lower() not in _VAGUE or _of_use(path)}
    if not found:
        raise InputProblem(paths[0] if paths else "import", "no geodata was found in it", f"Name files ending in {', '.join(SUFFIXES)}")
    return found


def checked(
    paths: Sequence[Path], into: Path, *, crs: str | None = None, lod: int | None = None, progress: Progress = no_progress
) -> tuple[Report, list[InputProblem]]:
    """`check.check` of what an import of files, folders and archives would read. Archives are unpacked below `into`; one that is damaged or
    not to be trusted, or holds nothing of use, counts as a file that cannot be read."""
    names: dict[Path, str] = {}
    closed: list[InputProblem] = []
    for number, path in enumerate(paths):
        try:
            names |= gathered([path], into, lambda _share, what, number=number: progress(0.2 * number / len(paths), what))  # type: ignore[misc]
        except InputProblem as problem:
            closed.append(problem)
    reading: Progress = lambda share, what: progress(0.2 + 0.8 * share, what)  # noqa: E731
    report, unreadable = check.check(list(names), crs=crs, lod=lod, names=names, progress=reading)
    for why in closed:
        report.files.append(why.where)
        report.add("unreadable", why.where, "", f"{why.what}. {why.what_to_do}.")
    return report, unreadable + closed


def _of_use(path: Path) -> bool:
    if path.suffix.lower() == ".geojson" and _is_variant(path):
        return False
    try:
        kind = check.kind(path)
    except InputProblem:
        return False
    if kind != "citygml" or path.suffix.lower() != ".xml":
        return True
    with path.open("rb") as file:
        return check.MODEL.search(file.read(check.FOR_THE_ROOT)) is not None


@contextmanager
def named_as_given(names: Mapping[Path, str]) -> Iterator[None]:
    """While files are read: what is wrong with one is said of it as it was handed over, not of the copy that was unpacked. names : see
    `gathered`."""
    try:
        yield
    except InputProblem as problem:
        where = next((name for path, name in names.items() if problem.where in (str(path), str(path.resolve()))), problem.where)
        raise InputProblem(where, problem.what, problem.what_to_do) from problem


def _geodata(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.name.lower().endswith(".aux.xml"):
        return False
    if suffix in _PICTURES:
        return path.stat().st_size > 0 and orthophoto.is_placed(path)
    return suffix in SUFFIXES and (suffix not in _JSON or (path.stat().st_size > 0 and cityjson.is_cityjson(path)))


def _unpacked(archive: Path, into: Path) -> dict[Path, str]:
    """What an archive holds; of a terrain tile that is there as GeoTIFF and as text, with the same heights, the GeoTIFF."""
    found = {path: name for path, name in archives.unpacked(archive, into, _UNPACKED).items() if _geodata(path) or not path.suffix}
    twice = [path for path in found if path.suffix.lower() == ".xyz" and any(path.with_suffix(one) in found for one in (".tif", ".tiff"))]
    return {path: name for path, name in found.items() if path not in twice}


# How a building begins, and where the coordinate system is named.
_SEEN = {
    "citygml": (rb"<(?:\w+:)?Building[ >]", rb'srsName\s*=\s*["\']([^"\']+)'),
    "cityjson": (rb'"type"\s*:\s*"Building"', rb'"referenceSystem"\s*:\s*"([^"]+)"'),
}


@dataclass(frozen=True)
class Glance:
    """What a file seems to hold. kind : as `check.kind` has it, or variant, archive, folder, or "" with `why` it is of no use. number : of
    buildings or files, None where it was not counted; at_least : there are more. crs : of CityGML, "" where none is named."""

    kind: str
    megabytes: float = 0.0
    number: int | None = None
    at_least: bool = False
    crs: str = ""
    why: str = ""


def _is_variant(path: Path) -> bool:
    """GeoJSON of ours: with blocks, or with the schema number that no other GeoJSON has."""
    with path.open("rb") as file:
        text = file.read(_LOOKED_AT)
    return b'"storeys"' in text or re.search(rb'"schema"\s*:\s*\d', text) is not None


def glance(path: Path) -> Glance:
    """A quick look at a file, a second at most. Never raises for its content."""
    if path.is_dir():
        number = sum(1 for one in path.rglob("*") if one.suffix.lower() in (*SUFFIXES, *archives.SUFFIXES))
        return Glance("folder", number=number) if number else Glance("", why="no geodata in this folder")
    try:
        size = path.stat().st_size / 1e6 if path.is_file() else 0.0
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as content:
                number = sum(1 for name in content.namelist() if PurePosixPath(name).suffix.lower() in (*SUFFIXES, *archives.SUFFIXES))
            return Glance("archive", size, number) if number else Glance("", why="no geodata in this archive")
        if path.is_file() and archives.is_archive(path):
            return Glance("archive", size, 1)
        if path.suffix.lower() in (".geojson", ".json") and path.is_file() and not cityjson.is_cityjson(path) and _is_variant(path):
            return Glance("variant", size)
        kind = check.kind(path)
    except (InputProblem, zipfile.BadZipFile, OSError) as problem:
        return Glance("", why=problem.what if isinstance(problem, InputProblem) else str(problem))
    if kind not in _SEEN:
        return Glance(kind, size)
    with path.open("rb") as file:
        text = file.read(_LOOKED_AT)
        rest = file.read(1) != b""
    building, system = _SEEN[kind]
    stated = re.search(system, text)
    name = crs_names.parse(stated[1].decode("utf-8", "replace")).horizontal if stated else ""
    return Glance(kind, size, len(re.findall(building, text)), rest, name)
