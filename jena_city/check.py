"""What geodata files hold and what is wrong with them, without making anything of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Literal

from . import archives, buildings, cityjson, drawings, orthophoto, relief, terrain, textures, xplan
from .files import HEAD, first_bytes
from .problems import InputProblem, Problem, Progress, Report, no_progress
from .terrain_files import is_srtm, numbers_in
from .vectors import kinds as vector_kinds

Kind = Literal[
    "citygml", "cityjson", "terrain", "osm", "streets", "trees", "areas", "plots", "plans", "lines", "layers", "orthophoto"
]  # fmt: skip

MODEL = re.compile(rb"<(?:[\w.-]+:)?(?:CityModel|FeatureCollection|ValueCollection)\b")  # how the XML that is read begins
FOR_THE_ROOT = 65_536  # bytes in which it does: the German states write long comments before


def kind(path: str | PathLike[str]) -> Kind:
    """Which reader a file is for, told by its first bytes, not by its name. Raises InputProblem for one that no reader is for."""
    head = first_bytes(path)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    path = Path(path)
    drawings.refuse_dwg(path)
    if drawings.is_one(path):
        return "lines"
    if is_srtm(path) or relief.is_landxml(path):
        return "terrain"
    if xplan.is_one(path):
        return "plans"
    if vector_kinds.is_osm(path):
        return "osm"
    if vector_kinds.is_layer(path):
        kinds = vector_kinds.layer_kinds(path)
        return kinds[0] if len(kinds) == 1 else "layers"
    if vector_kinds.is_register(path):
        return "trees"
    if start.startswith(b"<"):
        return "terrain" if relief.is_alone(path) else "citygml"
    if start.startswith((b"PK", b"\x1f\x8b")):
        if not archives.is_archive(path):
            raise InputProblem(path, "this is an archive, and its end is missing", "Download it again")
        raise InputProblem(path, "this is an archive", "Unpack it and name the files in it, or import it as it is")
    if cityjson.is_cityjson(path):
        return "terrain" if relief.is_alone(path) else "cityjson"
    if start.startswith((b"{", b"[")):
        raise InputProblem(path, "this is JSON, but no CityJSON and no GeoJSON", "Name CityGML, CityJSON, terrain or GeoJSON")
    if orthophoto.is_one(path):
        return "orthophoto"
    is_raster = head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")) or re.match(rb"\s*ncols\s", head, re.IGNORECASE)
    if is_raster or _looks_like_points(head):
        return "terrain"
    raise InputProblem(
        path,
        "this is neither CityGML, CityJSON nor terrain nor a layer of vectors",
        "Name CityGML, CityJSON, terrain, GeoJSON, GeoPackage, Shapefile, OSM, DXF or a tree register",
    )


def keys(path: str | PathLike[str]) -> tuple[str, ...]:
    """The keys of a project's [data] under which a file belongs; a file with layers of several kinds under one for each. Raises
    InputProblem for one that no reader is for."""
    found = kind(path)
    if found in ("citygml", "cityjson") and relief.in_city_model(path):
        return (*keys_of(found), "terrain")
    return tuple(vector_kinds.layer_kinds(Path(path))) if found == "layers" else keys_of(found)


def keys_of(kind: Kind) -> tuple[str, ...]:
    """The keys of a project's [data] under which a file of this kind belongs: OpenStreetMap holds streets, trees and areas."""
    return {"citygml": ("buildings",), "cityjson": ("buildings",), "osm": ("streets", "trees", "areas")}.get(kind, (kind,))


def _looks_like_points(head: bytes) -> bool:
    """Whether, after a header, almost all lines hold the same number of numbers, three or more."""
    if b"\0" in head:
        return False
    lines = [line for line in head.splitlines() if line.strip()]
    widths = [numbers_in(line) for line in (lines[:-1] if len(head) == HEAD else lines)]  # the last one may be cut
    start = next((number for number, width in enumerate(widths) if width >= 3), len(widths))
    rows = widths[start:]
    return bool(rows) and rows.count(rows[0]) > 0.9 * len(rows)


def check(
    paths: Sequence[str | PathLike[str]],
    *,
    crs: str | None = None,
    lod: int | None = None,
    names: Mapping[Path, str] | None = None,
    progress: Progress = no_progress,
) -> tuple[Report, list[InputProblem]]:
    """Read files as an import would. Returns one report about all, and why those that cannot be read cannot.

    A building found in several files by its gml:id is counted in each and reported. crs, lod : see `buildings.read`. names : how to speak
    of files that were unpacked, by their paths.
    """
    report = Report()
    unreadable: list[InputProblem] = []
    seen: dict[str, str] = {}
    flat: list[tuple[float, float, float, float, float, float]] = []
    sizes = [max(Path(path).stat().st_size, 1) if Path(path).is_file() else 1 for path in paths]
    for number, path in enumerate(paths):
        start, share = sum(sizes[:number]) / sum(sizes), sizes[number] / sum(sizes)
        part: Progress = lambda done, what, start=start, share=share: progress(start + share * done, what)  # type: ignore[misc]  # noqa: E731
        name = (names or {}).get(Path(path), str(path))
        try:
            found = _one(path, name, crs, lod, seen, part)
        except InputProblem as problem:
            where = name if problem.where == str(path) else problem.where
            unreadable.append(InputProblem(where, problem.what, problem.what_to_do))
            report.files.append(name)
            report.problems.append(Problem("unreadable", name, "", f"{problem.what}. {problem.what_to_do}."))
            continue
        found.files = [name if file == str(path) else file for file in found.files]
        found.problems = [replace(problem, file=name) if problem.file == str(path) else problem for problem in found.problems]
        if report.crs and found.crs and report.crs != found.crs:
            report.add("several-crs", name, "", f"its coordinate system ({found.crs}) is not that of the others; its extent is left out")
            found.extent = None
        if found.extent is not None and found.extent[2] == found.extent[5] == 0 and found.features:
            flat.append(found.extent)  # vectors have no heights: they widen the extent, not its height
            found.extent = None
        report.merge(found)
    for west, south, _, east, north, _ in flat:
        low, high = (report.extent[2], report.extent[5]) if report.extent else (0.0, 0.0)
        report.merge(Report(extent=(west, south, low, east, north, high)))
    return report, unreadable


def _one(path: str | PathLike[str], spoken: str, crs: str | None, lod: int | None, seen: dict[str, str], progress: Progress) -> Report:
    what = kind(path)
    if what == "terrain":
        return terrain.read([path], crs=crs, progress=progress).report
    if what == "orthophoto":
        return orthophoto.check(Path(path), crs)
    if what == "plans":
        report = Report()
        xplan.read(path, None, report)
        return report
    if what not in ("citygml", "cityjson"):
        return vector_kinds.check(Path(path), what)
    model = buildings.read(path, crs=crs, lod=lod, progress=progress)
    textures.load([model], [Path(path)])
    town = model.everything()
    for name, parent, kind_of_row in zip(town.building_id, town.building_parent, town.kind, strict=True):
        if parent >= 0:
            continue
        if name in seen:
            house = kind_of_row == "Building"
            sentence = f"the building is in {seen[name]} too" if house else f"the object is in {seen[name]} too"
            model.report.add("duplicate-building", path, name, sentence)
        seen.setdefault(name, spoken)
    if relief.in_city_model(path):
        ground = terrain.read([path], crs=crs).report
        ground.files = []
        if ground.crs == model.report.crs:
            model.report.merge(ground)
    return model.report
