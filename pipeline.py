"""A project in; numbers and pictures out. Used by the command line and by Blender's operators.

Steps: import (sources to `data/`), analyses (to `results/`), scene (the .blend) and pictures (to `pictures/`). What is done
and still true (same hash of all that went in) is not done again, so a run that was stopped goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from . import analyses, render_presets
from .jena_city import check, citygml, maps, project, store, terrain, variant_files, vectors
from .jena_city.applied import Applied, apply
from .jena_city.files import hash_file, write_text
from .jena_city.model import Semantics
from .jena_city.origin import Origin
from .jena_city.problems import InputProblem, Problem, Progress, Report, no_progress
from .jena_city.project import AnalysisEntry, PictureEntry, ProjectFile
from .jena_city.result import Grid, Result
from .jena_city.site import Site
from .jena_city.variant import NULL_VARIANT, Variant
from .scene import job as scene_job

STEPS = ("import", "analyses", "scene", "pictures")
REPORT_SCHEMA = 1
LIBRARIES = (
    "bpy",
    "embreex",
    "lxml",
    "mapbox-earcut",
    "numpy",
    "pillow",
    "pvlib",
    "pydantic",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)


@dataclass(frozen=True)
class Project:
    """A checked project: path of its project.toml and what stands in it."""

    path: Path
    file: ProjectFile
    settings: tuple[BaseModel, ...]
    """The checked settings of file.analyses, in the same order."""

    @property
    def folder(self) -> Path:
        return self.path.parent

    def pictures_named(self, names: Sequence[str]) -> list[PictureEntry]:
        """The pictures with these names, all when there are none; raises InputProblem for an unknown name."""
        known = {picture.name: picture for picture in self.file.pictures}
        for name in names:
            if name not in known:
                raise InputProblem(self.path, f"there is no picture called {name}", f"Known: {', '.join(known) or 'none'}")
        return [known[name] for name in names] if names else list(known.values())


def load(path: str | Path) -> Project:
    """Read and check a project folder or its project.toml; every slip is an InputProblem with its key."""
    found, content = project.read(path)
    checked = []
    for number, entry in enumerate(content.analyses, 1):
        if entry.kind not in analyses.REGISTRY:
            raise InputProblem(found, f'analyses.{number}.kind = "{entry.kind}" is unknown', f"Allowed: {', '.join(analyses.REGISTRY)}")
        model = analyses.REGISTRY[entry.kind].settings
        try:
            checked.append(model.model_validate({"time_zone": content.place.time_zone, **entry.settings}))
        except ValidationError as error:
            raise project.explained(error, f"{found}, analyses.{number} ({entry.kind})", model) from error
    for picture in content.pictures:
        render_presets.load(picture.preset)
    return Project(found.resolve(), content, tuple(checked))


def new_project(
    folder: Path,
    files: Sequence[Path],
    *,
    crs: str | None = None,
    origin: tuple[int, int] | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    lod: int | None = None,
    progress: Progress = no_progress,
) -> Project:
    """A project folder made of geodata files: CityGML and terrain, told apart by their content.

    The origin is fixed here, once. Raises InputProblem when the folder holds a project already or a file is of no use.
    """
    if (folder / project.FILE_NAME).exists():
        raise InputProblem(folder, "there is a project already", "Choose another folder, or add the files to its project.toml and run it")
    kinds = {str(path.resolve()): check.kind(path) for path in files}
    buildings = [path for path, kind in kinds.items() if kind == "citygml"]
    heights = [path for path, kind in kinds.items() if kind == "terrain"]
    content = ProjectFile(
        schema=project.SCHEMA,
        project=project.About(name=folder.resolve().name),
        place=project.Place(crs=crs or "", origin=origin),
        data=project.Data(buildings=buildings, terrain=heights, lod=lod or "highest", bbox=bbox),
    )
    site, report = _read_site(content, folder, progress)
    content.place = project.Place(
        crs=site.origin.crs, origin=(site.origin.easting, site.origin.northing), height_system=site.origin.height_system
    )
    write_text(folder / project.FILE_NAME, project.to_toml(content))
    made = load(folder)
    _save_site(made, site, report)
    return made


def run(
    opened: Project,
    *,
    only: Sequence[str] = (),
    pictures: Sequence[PictureEntry] | None = None,
    out: Path | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Do the project's steps (all, or those named) and write report.json; returns its content.

    pictures : instead of the project's own. out : folder for results, pictures, .blend and report. Raises InputProblem,
    Cancelled. Finished parts are kept and not done again while their inputs stay the same.
    """
    steps = [step for step in STEPS if not only or step in only]
    out = (out or opened.folder).resolve()
    weights = {"import": 1.0, "analyses": 3.0, "scene": 1.0, "pictures": 6.0}
    total = sum(weights[step] for step in steps)
    done = 0.0

    def part(step: str) -> Progress:
        start = done
        return lambda share, what: progress((start + share * weights[step]) / total, what)

    site, imported = _import(opened, part("import") if "import" in steps else no_progress)
    done += weights["import"] if "import" in steps else 0.0
    work = _Work(opened, site, out)
    if "analyses" in steps:
        work.analyse(part("analyses"))
        done += weights["analyses"]
    if "scene" in steps:
        work.save_scene(part("scene"))
        done += weights["scene"]
    if "pictures" in steps:
        work.render(opened.file.pictures if pictures is None else pictures, part("pictures"))
    report = work.report(imported)
    write_text(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1, default=str))
    return report


class _Work:
    """One run of one project: the site, its variants, and what has been made so far (kept in made.json)."""

    def __init__(self, opened: Project, site: Site, out: Path) -> None:
        self.project, self.site, self.out = opened, site, out
        self.site_hash = store.site_hash(site)
        self.data = opened.folder / "data"
        self.problems: list[Problem] = []
        paths = project.files_named(opened.folder, opened.file.variants.files, "variants")
        self.variant_files = [str(path) for path in paths]
        self.variants = self._variants(paths)
        self._index = out / "made.json"
        self.made: dict[str, dict[str, Any]] = {}
        if self._index.is_file():
            try:
                self.made = json.loads(self._index.read_text(encoding="utf-8"))
            except ValueError:
                self.made = {}  # a damaged index costs work, not results

    def _variants(self, paths: Sequence[Path]) -> dict[str, Variant]:
        found = {NULL_VARIANT.id: NULL_VARIANT}
        for path in paths:
            variant = variant_files.read(path, self.site.origin)
            if variant.id in found:
                raise InputProblem(path, f"the variant id {variant.id} is taken", "Give each variant an id of its own")
            found[variant.id] = variant
        for entry in self.project.file.analyses:
            for name in [*(entry.variants or []), *([entry.compare_with] if entry.compare_with else [])]:
                self._known(name, found)
        return found

    def _known(self, name: str, variants: dict[str, Variant]) -> None:
        if name not in variants:
            raise InputProblem(self.project.path, f"there is no variant called {name}", f"Known: {', '.join(variants)}")

    @cached_property
    def applied(self) -> dict[str, Applied]:
        made = {name: apply(self.site, variant) for name, variant in self.variants.items()}
        for one in made.values():
            self.problems += one.problems
        return made

    def _is_made(self, name: str, key: str) -> bool:
        entry = self.made.get(name)
        return entry is not None and entry["key"] == key and all((self.out / path).is_file() for path in entry["files"])

    def _remember(self, name: str, key: str, kind: str, files: Sequence[Path], **more: Any) -> None:
        relative = [path.relative_to(self.out).as_posix() for path in files]
        self.made[name] = {"key": key, "kind": kind, "files": relative, **more}
        write_text(self._index, json.dumps(self.made, ensure_ascii=False, indent=1))

    def analyse(self, progress: Progress) -> None:
        """Every analysis for every variant it asks for; results as npz, GeoTIFF, CSV, GeoJSON and a flat map."""
        jobs = [
            (entry, settings, name)
            for entry, settings in zip(self.project.file.analyses, self.project.settings, strict=True)
            for name in (entry.variants if entry.variants is not None else list(self.variants))
        ]
        for number, (entry, settings, name) in enumerate(jobs):
            kind = analyses.REGISTRY[entry.kind]
            base = entry.compare_with if entry.compare_with and entry.compare_with != name else None
            key = self._key(entry.kind, settings.model_dump(mode="json"), name, base)
            made_as = f"analysis {entry.kind} {_short(key)} {name}"
            title = f"{kind.title}: {self.variants[name].name}"
            progress(number / len(jobs), title)
            if self._is_made(made_as, key):
                continue
            part = lambda share, what, number=number, title=title: progress((number + share) / len(jobs), f"{title}: {what}")  # noqa: E731
            results = kind.run(self.applied[name], settings, base=self.applied[base] if base else None, progress=part)
            files, shown = [], []
            for result in results:
                result.inputs = {"site": self.site_hash, "variant": store.variant_hash(self.variants[name])}
                if base:
                    result.inputs["base"] = store.variant_hash(self.variants[base])
                result.source = self.site.source
                written = self._write(result, entry)
                files += written
                shown.append(
                    {"name": written[0].stem, "title": result.title, "unit": result.unit, "method": result.method, **result.summary()}
                )
            self._remember(made_as, key, "result", files, variant=name, analysis=entry.kind, results=shown)

    def _write(self, result: Result, entry: AnalysisEntry) -> list[Path]:
        stem = self.out / "results" / slug(f"{result.name} {result.variant}")
        paths = {ending: stem.with_name(stem.name + ending) for ending in (".npz", ".csv", ".geojson", ".tif", ".png")}
        store.save_result(result, paths[".npz"])
        result.write_csv(paths[".csv"], building_ids=self.site.city.building_id)
        result.write_geojson(paths[".geojson"], building_ids=self.site.city.building_id)
        if not isinstance(result.support, Grid):
            return [paths[".npz"], paths[".csv"], paths[".geojson"]]
        result.write_geotiff(paths[".tif"])
        applied = self.applied[result.variant]
        blocks = [block.footprint for block in applied.variant.blocks]
        maps.write(result, paths[".png"], applied.footprints, blocks, variant=applied.variant.name, colour=applied.variant.colour)
        return list(paths.values())

    def save_scene(self, progress: Progress) -> None:
        """The .blend with the site, all variants and the results made so far."""
        path = self.out / f"{slug(self.project.file.project.name)}.blend"
        results = self._result_files()
        key = self._key("scene", sorted(self.variants), [hash_file(result) for result in results])
        if self._is_made("scene", key):
            return
        scene_job.run(scene_job.Job(str(self.data), self.variant_files, str(path), [str(result) for result in results]), progress)
        self._remember("scene", key, "scene", [path])

    def render(self, pictures: Sequence[PictureEntry], progress: Progress) -> None:
        """The pictures that are not there yet, all in one child process that reports as each is finished."""
        due: dict[Path, tuple[str, PictureEntry]] = {}
        for picture in pictures:
            self._known(picture.variant, self.variants)
            shown = self._result_named(picture.result) if picture.result else None
            path = self.out / "pictures" / f"{slug(picture.name)}.png"
            key = self._key(
                "picture",
                picture.model_dump(mode="json"),
                render_presets.load(picture.preset).model_dump(mode="json"),
                hash_file(shown) if shown else "",
            )
            if not self._is_made(f"picture {picture.name}", key):
                due[path] = (key, picture)
        if not due:
            return

        def finished(path: Path) -> None:
            key, picture = due[path]
            self._remember(f"picture {picture.name}", key, "picture", [path], variant=picture.variant, preset=picture.preset)

        wanted = [self._picture(path, key, picture) for path, (key, picture) in due.items()]
        scene_job.run(scene_job.Job(str(self.data), self.variant_files, pictures=wanted), progress, finished)

    def _picture(self, path: Path, key: str, picture: PictureEntry) -> scene_job.Picture:
        preset = render_presets.load(picture.preset)
        own = {name: value for name in ("width", "height", "samples") if (value := getattr(picture, name)) is not None}
        return scene_job.Picture(
            out=str(path),
            title=picture.title,
            variant=picture.variant,
            preset=preset.model_copy(update=own).model_dump(mode="json"),
            date=picture.date,
            time=picture.time,
            basis=picture.basis,
            time_zone=self.project.file.place.time_zone,
            view=picture.view.model_dump(exclude_none=True) if picture.view else {},
            result=str(self._result_named(picture.result)) if picture.result else "",
            inputs=key,
        )

    def _key(self, *parts: Any) -> str:
        """Hash of everything that a product depends on besides these parts: site, all variants, place, program version."""
        variants = {name: store.variant_hash(variant) for name, variant in self.variants.items()}
        text = json.dumps(
            [parts, self.site_hash, variants, self.project.file.place.model_dump(), self.site.source, version()], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _result_files(self) -> list[Path]:
        found = [self.out / path for entry in self.made.values() for path in entry["files"] if path.endswith(".npz")]
        return [path for path in found if path.is_file()]

    def _result_named(self, name: str) -> Path:
        path = self.out / "results" / f"{name}.npz"
        if not path.is_file():
            known = ", ".join(sorted(file.stem for file in self._result_files())) or "none yet: run the analyses first"
            raise InputProblem(self.project.path, f"a picture asks for the result {name}, which is not there", f"Known: {known}")
        return path

    def report(self, imported: Report) -> dict[str, Any]:
        """Everything needed to understand and repeat this run; the content of report.json."""
        problems = [asdict(problem) for problem in [*imported.problems, *self.problems]]
        lock = Path(__file__).parent / "locks" / f"cp3{platform.python_version_tuple()[1]}.txt"
        return {
            "schema": REPORT_SCHEMA,
            "program": {"version": version(), "python": platform.python_version(), "libraries": _library_versions()},
            "lock": hash_file(lock) if lock.is_file() else "",
            "project": str(self.project.path),
            "report": str(self.out / "report.json"),
            "settings": self.project.file.model_dump(mode="json", by_alias=True),
            "inputs": {str(path): hash_file(path) for path in _sources(self.project)},
            "site": {"hash": self.site_hash, "origin": asdict(self.site.origin), "grid_convergence": self.site.origin.grid_convergence},
            "read": {**imported.as_dict(), "problems": len(imported.problems)},
            "variants": {
                name: {"name": variant.name, "blocks": len(variant.blocks), "hash": store.variant_hash(variant)}
                for name, variant in self.variants.items()
            },
            "problems": problems,
            "made": [
                {
                    "name": name,
                    "kind": entry["kind"],
                    "path": str(self.out / path),
                    **{k: v for k, v in entry.items() if k not in {"key", "kind", "files"}},
                }
                for name, entry in self.made.items()
                for path in entry["files"]
                if (self.out / path).is_file()
            ],
        }


def version() -> str:
    """The program's version, from the one place where it stands."""
    import tomllib

    return str(tomllib.loads((Path(__file__).parent / "blender_manifest.toml").read_text(encoding="utf-8"))["version"])


def slug(text: str) -> str:
    """A file name for a name: umlauts written out, anything else than letters, digits and dashes left out."""
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-").lower() or "unnamed"


def _library_versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _short(key: str) -> str:
    return key[:12]


def _sources(opened: Project) -> list[Path]:
    data, folder = opened.file.data, opened.folder
    kinds = ("buildings", "terrain", "streets", "trees", "areas", "plots", "plan_areas")
    return [path for kind in kinds for path in project.files_named(folder, getattr(data, kind), f"data.{kind}")]


def _import_key(opened: Project) -> str:
    asked = [opened.file.data.model_dump(mode="json"), opened.file.place.model_dump(mode="json"), version()]
    files = [(path.name, hash_file(path)) for path in _sources(opened)]
    return hashlib.sha256(json.dumps([asked, files]).encode()).hexdigest()


def _import(opened: Project, progress: Progress) -> tuple[Site, Report]:
    """The site from `data/` when it was made of these very sources, else read anew."""
    kept = opened.folder / "data" / "import.json"
    if kept.is_file():
        try:
            content = json.loads(kept.read_text(encoding="utf-8"))
            if content["key"] == _import_key(opened):
                return store.load_site(opened.folder / "data"), Report.from_dict(content["report"])
        except (ValueError, KeyError, InputProblem):
            pass  # damaged or of another schema: the sources are there, so read them again
    site, report = _read_site(opened.file, opened.folder, progress)
    _save_site(opened, site, report)
    return site, report


def _save_site(opened: Project, site: Site, report: Report) -> None:
    store.save_site(site, opened.folder / "data")
    write_text(opened.folder / "data" / "import.json", json.dumps({"key": _import_key(opened), "report": report.as_dict()}))


def _read_site(content: ProjectFile, folder: Path, progress: Progress) -> tuple[Site, Report]:
    data, place = content.data, content.place
    if not data.buildings:
        raise InputProblem(folder / project.FILE_NAME, "no buildings are named", "Name CityGML files under [data] buildings")
    buildings = project.files_named(folder, data.buildings, "data.buildings")
    origin = Origin(place.crs, *place.origin, place.height_system) if place.crs and place.origin else None
    city = citygml.read_many(
        buildings,
        origin=origin,
        crs=place.crs or None,
        lod=None if data.lod == "highest" else data.lod,
        bbox=data.bbox,
        progress=lambda share, what: progress(0.7 * share, what),
    )
    report = city.report
    origin = city.origin
    if place.origin and (origin.easting, origin.northing) != place.origin:
        raise InputProblem(folder, "an origin was given without its coordinate system", "State the CRS too")
    if not origin.crs:
        raise InputProblem(buildings[0], "the file names no known coordinate system", "State it: --crs EPSG:25832, or crs under [place]")
    progress(0.7, "terrain")
    files = project.files_named(folder, data.terrain, "data.terrain")
    if files:
        ground = terrain.read(files, origin=origin, crs=origin.crs, step=data.terrain_step, bbox=data.bbox)
        _check_meeting(city.bounds, ground, files[0])
    else:
        ground = terrain.from_ground(_feet(city), origin, data.terrain_step or 5.0)
    report.merge(ground.report)

    def read(kind: str, reader: Any) -> Any:
        found = project.files_named(folder, getattr(data, kind), f"data.{kind}")
        return reader(found, origin, report) if found else None

    progress(0.9, "trees, streets and areas")
    site = Site(
        origin=origin,
        city=city,
        terrain=ground,
        trees=read("trees", vectors.read_trees),
        streets=read("streets", vectors.read_streets),
        areas=read("areas", vectors.read_areas),
        plots=read("plots", vectors.read_plots),
        plan_areas=read("plan_areas", vectors.read_plan_areas),
        source=data.licence,
    )
    progress(1.0, "read")
    return site, report


def _feet(city: Any) -> Any:
    """Points of ground surfaces, or of all surfaces where a town gives no ground; (n, 3)."""
    of_ring = city.surface_semantics[city.ring_surface] == Semantics.GROUND
    of_point = np.repeat(of_ring, np.diff(city.ring_start))
    return city.points[of_point] if of_point.any() else city.points


def _check_meeting(bounds: tuple[float, float, float, float] | None, ground: terrain.Terrain, file: Path) -> None:
    if bounds is None:
        return
    west, south, east, north = ground.bounds
    if bounds[0] > east or bounds[2] < west or bounds[1] > north or bounds[3] < south:
        gap = max(bounds[0] - east, west - bounds[2], bounds[1] - north, south - bounds[3]) / 1000.0
        raise InputProblem(
            file, f"terrain and buildings do not meet, they are {gap:.1f} km apart", "Check the tiles' numbers and the CRS (--crs)"
        )
