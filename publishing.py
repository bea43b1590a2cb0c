"""A project published for citizens: checks, then analyses, pictures and films as far as they are asked for and missing, then the folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import segno
import shapely
from PIL import Image

from .jena_city import filming, imported, metrics, profiles, store, variant_files
from .jena_city.about import version
from .jena_city.applied import Applied
from .jena_city.building_plots import building_plots
from .jena_city.cameras import NamedCamera
from .jena_city.citygml import write as citygml_write
from .jena_city.files import slug
from .jena_city.memory import Memory
from .jena_city.participating import Participation, ParticipationViewpoint
from .jena_city.planned import planned_alone
from .jena_city.problems import InputProblem, Problem, Progress, no_progress
from .jena_city.project import FilmEntry, PictureEntry
from .jena_city.result import Result
from .jena_city.site import Site
from .jena_city.terrain import Terrain
from .jena_city.variant import NULL_VARIANT, Variant
from .participation import building_land, checks, figures, folder, masterportal, models, page, publication, results, statements, tiles
from .participation.earth import Earth
from .participation.folder import Folder
from .participation.models import Laid
from .pipeline import analysing, comparisons, films, opening, pictures
from .pipeline.work import Work
from .scene import around, landcover
from .sheets import pdf, poster

QUALITY = 80  # of WebP pictures
GROUND_PIXELS = 3072  # of the pictures on the ground together, along their longer sides
SENTENCES = {
    "page-not-built": "the interactive page has not been built; index.html shows pictures and numbers alone (make setup builds it)",
    "no-address": "no address is given, so there are no QR code, poster and layers for Masterportal: set url under [participation]",
    "no-undulation": "it is not said how high the ellipsoid lies, so there are no tiles for globes: set undulation under [participation]",
}
_UNDER = -10_000.0  # metres: below any ground, so that all of a space is laid upon it


@dataclass
class Published:
    """What was published: where, how many files and bytes, how many were as they were, and what is to be thought of."""

    out: Path
    files: int = 0
    size: int = 0
    kept: int = 0
    first_view: int = 0
    """bytes of page, publication.json and one picture"""
    model: int = 0
    """bytes of what the 3D view loads before it can be used"""
    revision: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def page(self) -> Path:
        """The file to open by double click."""
        offline = self.out / "offline.html"
        return offline if offline.is_file() else self.out / "index.html"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        numbers = {key: getattr(self, key) for key in ("files", "size", "kept", "first_view", "model", "revision")}
        return {"out": str(self.out), "page": str(self.page), **numbers, "problems": [asdict(problem) for problem in self.problems]}

    def text(self) -> str:
        """The same for people."""
        lines = [
            f"published {self.files} files, {self.size / 1e6:.1f} MB, in {self.out} ({self.kept} as they were)",
            f"first view {self.first_view / 1e6:.2f} MB, 3D model {self.model / 1e6:.2f} MB",
            f"look at {self.page}",
        ]
        return "\n".join([*lines, *(f"- {problem.code}: {problem.message}" for problem in self.problems)])


def publish(opened: opening.Project, out: Path, *, preview: bool = False, progress: Progress = no_progress) -> Published:
    """Write the folder that citizens see. preview : with variants that are not public, and marked so. Results, pictures and films that are
    missing are made first, in the project's folder. Raises InputProblem while something must be said or shown first, and Cancelled."""
    asked = opened.file.participation
    if asked is None:
        raise InputProblem(opened.path, "the project says nothing about participation", "Add [participation]: see docs/participation.md")
    checks.procedure(asked, opened.path)
    title = publication.or_else(asked.title, opened.file.project.name)
    texts = statements.filled(asked, title["de"], opened.path)
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.05 * share, what))
    work = Work(opened, read, opened.folder)
    job = _Publishing(opened, asked, work, preview)
    job.make(lambda share, what: progress(0.05 + 0.8 * share, what))
    with folder.gathered(out) as made:
        job.write(made, title, texts, lambda share, what: progress(0.85 + 0.15 * share, what))
    progress(1.0, "done")
    sizes = made.sizes
    shown = [size for name, size in sizes.items() if name.startswith("pictures/")]
    first = sum(sizes.get(name, 0) for name in ("index.html", "app.js", "app.css", "publication.json")) + max(shown, default=0)
    loaded = sum(sizes.get(f"model/{name}", 0) for name in ("terrain.glb", "context.glb", "removable.glb", "buildings.json", "trees.json"))
    loaded += sum(size for name, size in sizes.items() if name.startswith("model/variant-"))
    problems = [*job.problems, *(problem for name in job.names for problem in work.applied[name].problems)]
    return Published(out, len(sizes), sum(sizes.values()), made.kept, first, loaded, job.revision, problems)


class _Publishing:
    def __init__(self, opened: opening.Project, asked: Participation, work: Work, preview: bool) -> None:
        self.opened, self.asked, self.work, self.preview = opened, asked, work, preview
        self.site: Site = work.site
        self.problems: list[Problem] = []
        self.revision = ""
        self.names = [NULL_VARIANT.id, *checks.shown(asked, work.variants, preview, opened.path)]
        self.extra = opened.pictures_named(asked.pictures) if asked.pictures else []
        self.films = opened.films_named(asked.films) if asked.films else []
        self.stems = self._stems()
        chosen = [entry for entry, stem in zip(opened.file.analyses, self._all_stems(), strict=True) if stem in self.stems]
        layouts = [(picture, opened.preset(picture).layout) for picture in self.extra]
        checks.alike(asked, self.names[1:], work.variants, layouts, self.films, chosen, opened.path)
        if self.site.terrain is None:
            raise InputProblem(opened.path, "the project has no ground to stand on", "Name a terrain under [data]")
        for told in asked.retold:
            if told.id not in work.variants:
                where = f"{opened.path}, participation"
                raise InputProblem(where, f"there is no variant called {told.id}", f"Known: {', '.join(work.variants)}")
        self.cameras = {one.id: self._camera(one) for one in asked.viewpoints}
        for viewpoint in asked.viewpoints:
            preset = opened.preset(self.picture(viewpoint, NULL_VARIANT.id))
            seen = (preset.look, preset.layout, preset.camera.kind)
            checks.viewpoint(viewpoint, self.cameras[viewpoint.id], seen, (work.applied[name] for name in self.names), opened.path)
        self.identity = asked.id or slug(opened.file.project.name)
        self.undulation = profiles.undulation(opened.file)
        self.zone = opened.whole.place.time_zone

    def think_of(self, code: str) -> None:
        """Say one of SENTENCES."""
        sentence = SENTENCES[code]
        self.problems.append(Problem(code, str(self.opened.path), "", sentence))

    @property
    def shown(self) -> list[Variant]:
        """The variants that are published, the Bestand first."""
        return [self.work.variants[name] for name in self.names]

    def _all_stems(self) -> list[str]:
        pairs = zip(self.opened.file.analyses, self.opened.settings, strict=True)
        return [slug(entry.name or settings.stem) for entry, settings in pairs]

    def _stems(self) -> set[str]:
        known = self._all_stems()
        for name in self.asked.analyses or []:
            if slug(name) not in known:
                where = f"{self.opened.path}, participation"
                raise InputProblem(where, f"there is no analysis called {name}", f"Known: {', '.join(known) or 'none'}")
        return set(known) if self.asked.analyses is None else {slug(name) for name in self.asked.analyses}

    def make(self, progress: Progress) -> None:
        """Results, pictures and films that are asked for and not there yet."""
        wanted = lambda stem, variant: stem in self.stems and variant in self.names  # noqa: E731
        analysing.analyse(self.work, lambda share, what: progress(0.2 * share, what), wanted, lambda _path: None)
        taken = [self.picture(viewpoint, name) for viewpoint in self.asked.viewpoints for name in self.names]
        end = 0.5 if self.films else 1.0
        pictures.render(self.work, [*taken, *self.extra], lambda share, what: progress(0.2 + (end - 0.2) * share, what))
        if self.films:
            films.film(self.work, self.films, lambda share, what: progress(0.5 + 0.5 * share, what))

    def _camera(self, viewpoint: ParticipationViewpoint) -> NamedCamera:
        known = {camera.name: camera for camera in self.opened.file.cameras}
        if viewpoint.camera not in known:
            where = f"{self.opened.path}, viewpoint {viewpoint.id}"
            raise InputProblem(where, f"there is no camera called {viewpoint.camera}", f"Known: {', '.join(known) or 'none'}")
        return known[viewpoint.camera]

    def picture(self, viewpoint: ParticipationViewpoint, variant: str) -> PictureEntry:
        """The picture of a variant from a viewpoint: of all variants the same but for the variant."""
        return PictureEntry(
            name=f"Beteiligung {viewpoint.id} {variant}",
            title=viewpoint.name.de,
            variant=variant,
            preset=viewpoint.preset or ("eye" if self.cameras[viewpoint.id].target is None else "still"),
            date=viewpoint.date,
            time=viewpoint.time,
            camera=viewpoint.camera,
            width=viewpoint.width,
            height=viewpoint.height,
            samples=viewpoint.samples,
        )

    # --- the folder ---

    def write(self, out: Folder, title: dict[str, str], texts: dict[str, dict[str, str]], progress: Progress) -> None:
        """All files."""
        asked, site, origin = self.asked, self.site, self.site.origin
        progress(0.0, "model")
        focus = self._focus()
        assert site.terrain is not None
        west, south, east, north = focus
        box = (west - asked.radius, south - asked.radius, east + asked.radius, north + asked.radius)
        ground = models.ground_of(site.terrain, box, focus)
        place = publication.place(origin, self.opened.file.project.name, self.zone, self.undulation, ground, focus)
        built = page.built()
        if not built:
            self.think_of("page-not-built")
        builder = self._builder(out)
        rows = _inside(site, ground.reach)
        model, variants = self._model(out, ground, rows, [one["id"] for one in builder["land"]["existing"]] if builder else [])
        if self.undulation is not None:
            self._tiles(out, rows, Earth(origin, self.undulation))
        else:
            self.think_of("no-undulation")
        progress(0.3, "results")
        comparison = comparisons.compared(self.work, NULL_VARIANT.id)
        findings = [
            told
            for name in self.names
            for one in comparison.findings.get(name, [])
            if (told := publication.finding(one, name, site)) is not None
        ]
        contact = asked.contact.model_dump(include={"name", "address", "email", "phone"})
        content: dict[str, Any] = {
            "format": publication.FORMAT,
            "schema": publication.SCHEMA,
            "id": self.identity,
            **({"preview": True} if self.preview else {}),
            "program": version(),
            "languages": publication.languages(asked),
            "plain_checked": asked.plain_checked.model_dump(mode="json") if asked.plain_checked else None,
            "title": title,
            "summary": publication.or_else(asked.summary, self.opened.file.project.description),
            "question": asked.question.told(),
            "accent": asked.accent,
            "url": asked.url,
            "procedure": publication.procedure(asked),
            "contact": contact,
            "place": place,
            "sources": _sources(site.source),
            "model": model,
            "variants": variants,
            "plan_areas": publication.plan_areas(site, self.opened.file.building_plots),
            "streets": publication.streets(site, focus),
            "viewpoints": [self._viewpoint(out, viewpoint) for viewpoint in asked.viewpoints],
            "pictures": [self._extra(out, picture) for picture in self.extra],
            "films": [self._film(out, film) for film in self.films],
            "results": self._results(out),
            "figures": figures.told(comparison.rows, self.shown),
            "findings": findings,
            "categories": [{"id": one.id, "label": one.label.told()} for one in asked.categories],
            "criteria": [{"id": one.id, "label": one.label.told(), "question": one.question.told()} for one in asked.criteria],
            "places": self._places(),
            "builder": builder,
            "kiosk": {"seconds": asked.kiosk_seconds},
            "server": asked.server,
            "texts": texts,
        }
        progress(0.8, "page")
        for name, by_language in texts.items():
            for language, words in by_language.items():
                out.write(f"texts/{name}.{language}.txt", f"{words}\n".encode())
        out.write("LICENSES.txt", self._licences(built).encode())
        if asked.url:
            out.write("qr.svg", _qr(asked.url))
            out.write("poster.pdf", self._poster(title["de"]))
        else:
            self.think_of("no-address")
        self._finish(out, content, built)

    def _poster(self, title: str) -> bytes:
        """The poster that calls for taking part, as PDF."""
        asked, contact = self.asked, self.asked.contact
        days = asked.procedure
        until = f"Bis {_day(days.ends)}" if days.ends else ""
        ways = [f"Ohne Internet: {contact.phone}"] if contact.phone else []
        ways += [part for part in (contact.email, contact.name) if part]
        call = poster.Call(
            title=title,
            question=asked.question.de,
            summary=asked.summary.de or self.opened.file.project.description,
            address=asked.url,
            days=f"{_day(days.starts)} bis {_day(days.ends)}" if days.starts and days.ends else until,
            ways=ways,
            source=self.site.source,
        )
        code = [[bool(module) for module in row] for row in segno.make(asked.url, error="m", micro=False).matrix]
        design = self.opened.design.model_copy(update={"language": "de"})  # as all that is said on it
        page_ = poster.poster(call, self.work.applied[NULL_VARIANT.id], self._focus(), code, asked.accent, design)
        with tempfile.TemporaryDirectory(prefix="jena-planner-") as place:
            path = Path(place) / "poster.pdf"
            changed = dt.datetime.fromtimestamp(self.opened.path.stat().st_mtime, dt.UTC)
            pdf.write([page_], path, made=changed)  # the same project gives the same poster
            return path.read_bytes()

    def _finish(self, out: Folder, content: dict[str, Any], built: dict[str, bytes]) -> None:
        """publication.json, the pages and the sums; the revision is a hash of all that was put."""
        parts = [json.dumps(content, sort_keys=True), json.dumps(out.sums, sort_keys=True)]
        content["revision"] = self.revision = hashlib.sha256("".join(parts).encode()).hexdigest()[:16]
        content["published"] = _published(out, self.revision)
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        out.write(folder.MARK, data)
        for name in ("app.js", "app.css"):
            if name in built:
                out.write(name, built[name])
        out.write("index.html", page.index(built.get("index.html", b"").decode(), content).encode())
        if "offline.js" in built:
            inside = {**content, "films": []}
            names = [name for name in out.sums if name.startswith(("model/", "results/", "pictures/", "data/"))]
            files = {name: out.read(name) for name in names} | {folder.MARK: json.dumps(inside, ensure_ascii=False).encode()}
            out.write("offline.html", page.offline(built, inside, files).encode())
        out.sign()

    def _focus(self) -> tuple[float, float, float, float]:
        """What all is about: the plan areas, else the blocks of all variants."""
        if self.site.plan_box is not None:
            return self.site.plan_box
        blocks = [block.footprint for one in self.shown for block in one.blocks]
        if not blocks:
            raise InputProblem(self.opened.path, "there is neither a plan area nor a block", "Name plan areas under [data]")
        west, south, east, north = shapely.total_bounds(np.array(blocks, object)).tolist()
        return west, south, east, north

    def _builder(self, out: Folder) -> dict[str, Any] | None:
        """What citizens need to build, where they may."""
        asked = self.asked.builder
        if asked is None:
            return None
        law, given = profiles.reckoned_by(self.opened.file)
        memory, plots, areas = Memory(), [], []
        for one in (self.work.applied[name] for name in self.names):
            known = {plot.name: plot for plot in building_plots(self.site, one.variant, self.opened.file.building_plots)}
            of_areas = {plot.name: plot for plot in metrics.plan_areas(one, memory)}
            if asked.area not in known and asked.area not in of_areas:
                where = f"{self.opened.path}, participation"
                what_to_do = f"Known: {', '.join([*known, *of_areas]) or 'none'}"
                raise InputProblem(where, f"there is no building plot or plan area called {asked.area}", what_to_do)
            areas.append(asked.area not in known)
            plots.append((one, known.get(asked.area) or of_areas[asked.area]))
        land = building_land.land(plots, law, given, gross=areas[0], height=asked.max_height)
        ground = building_land.ground(self.site, plots[0][1].whole)
        put = None
        if ground is not None:
            put = {**ground[0], **out.write("model/ground.bin", ground[1].astype("<f4").tobytes())}
        uses = [{"id": one.id, "label": one.label.told()} for one in asked.uses]
        heights = asked.model_dump(include={"storey_height", "ground_floor_height", "max_storeys"})
        return {"land": land, "ground": put, "uses": uses, **heights}

    def _tiles(self, out: Folder, rows: npt.NDArray[np.bool_], earth: Earth) -> None:
        """3D Tiles of the town and of each variant, and what a Masterportal needs. rows (B,) : the buildings that are shown."""
        made = []
        for name in self.names:
            applied = self.work.applied[name]
            houses = tiles.of_variant(applied) if name != NULL_VARIANT.id else tiles.of_town(self.site, rows)
            if houses is None:
                continue
            made.append(applied)
            tileset, tile = tiles.tileset(self.site, houses, earth, tiles.colours_of(applied))
            out.write(f"tiles/{slug(name)}/tileset.json", _json(tileset))
            out.write(f"tiles/{slug(name)}/tile.glb", tile)
            if name != NULL_VARIANT.id:
                out.write(f"masterportal/modeler3d_{slug(name)}.geojson", _json(masterportal.modelled(applied, earth)))
        if self.asked.url and made:
            ids = [slug(one.variant.id) for one in made]
            layers = masterportal.services(self.identity, self.asked.url, made, ids)
            west, south, east, north = self._focus()
            centre = self.site.origin.to_world(np.array([(west + east) / 2, (south + north) / 2])).tolist()
            out.write("masterportal/services.json", _indented(layers))
            out.write("masterportal/config.json", _indented(masterportal.config(layers, centre)))

    def _model(
        self, out: Folder, ground: Terrain, rows: npt.NDArray[np.bool_], torn: Sequence[str]
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The model's files; the entries of `model` and `variants`. rows (B,) : the buildings that are shown. torn : ids of those that
        visitors may tear down."""
        site, applied = self.site, self.work.applied
        box = ground.reach
        gone = np.zeros(len(rows), bool)
        for name in self.names:
            gone |= ~applied[name].kept
        gone[[site.building_rows[name] for name in torn]] = True
        gone = gone[site.city.building_root]
        table = models.buildings(site, rows)
        number = {name: row for row, name in enumerate(table["ids"])}
        covers = [_jpeg(landcover.picture(site, one.bounds, GROUND_PIXELS // len(ground.levels))[0]) for one in ground.levels]
        trees, tree_rows = models.trees(site, box)
        put = out.write
        model = {
            "terrain": put("model/terrain.glb", models.terrain(site, ground, self._focus(), covers)),
            "context": put("model/context.glb", models.town(site, rows & ~gone, number)),
            "removable": put("model/removable.glb", models.single(site, rows & gone, number)),
            "buildings": put("model/buildings.json", _json(table)),
            "trees": put("model/trees.json", _json({"trees": trees})),
        }
        variants = [publication.variant(NULL_VARIANT)]
        for name in self.names[1:]:
            one = applied[name]
            found = put(f"model/variant-{slug(name)}.glb", models.variant(one, _laid(one, ground)))
            geojson = variant_files.as_geojson(one.variant, site.origin)
            data = put(f"data/{slug(name)}.geojson", json.dumps(geojson, ensure_ascii=False, indent=1).encode())
            if one.variant.blocks:
                put(f"data/{slug(name)}.gml", _citygml(one))
            felled = [tree_rows[row] for row in np.flatnonzero(one.felled).tolist() if row in tree_rows]
            removed = [n for n in one.variant.removed if n in number]
            planted = _planted(one, site)
            retold = next((told for told in self.asked.retold if told.id == name), None)
            variants.append(
                publication.variant(one.variant, retold, model=found, removed=removed, felled=felled, planted=planted, geojson=data)
            )
        return model, variants

    def _viewpoint(self, out: Folder, viewpoint: ParticipationViewpoint) -> dict[str, Any]:
        taken = {name: self._taken(out, self.picture(viewpoint, name), viewpoint.name.told()) for name in self.names}
        return {**publication.viewpoint(viewpoint, self.cameras[viewpoint.id], self.site), "pictures": taken}

    def _extra(self, out: Folder, picture: PictureEntry) -> dict[str, Any]:
        title = publication.said(picture.title or picture.name)
        return {**self._taken(out, picture, title), "variant": picture.variant, "title": title}

    def _taken(self, out: Folder, picture: PictureEntry, title: dict[str, str]) -> dict[str, Any]:
        """A picture as WebP without the band of words below it, which the page says itself. title : by language."""
        path = self.work.out / "pictures" / f"{slug(picture.name)}.png"
        beside = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        preset = self.opened.preset(picture)
        with Image.open(path) as image:
            whole = image.convert("RGB")
        if preset.layout == "single" and not picture.result:
            whole = whole.crop(tuple(beside["drawing"]))
        packed = io.BytesIO()
        whole.save(packed, "WEBP", quality=QUALITY, method=4)
        put = out.write(f"pictures/{slug(picture.name)}.webp", packed.getvalue())
        return {**put, "width": whole.width, "height": whole.height, "alt": _alternatives(beside, title)}

    def _film(self, out: Folder, film: FilmEntry) -> dict[str, Any]:
        base = self.work.out / "films" / slug(film.name)
        beside = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
        put = {ending: out.write(f"films/{base.name}.{ending}", base.with_suffix(f".{ending}").read_bytes()) for ending in ("mp4", "webm")}
        packed = io.BytesIO()
        with Image.open(base.with_suffix(".png")) as image:
            image.convert("RGB").save(packed, "WEBP", quality=QUALITY)
        poster = out.write(f"films/{base.name}.webp", packed.getvalue())
        title = publication.said(beside["title"])
        told = beside | {"alternative_texts": filming.in_other_words(film, beside.get("alternative_texts", {}))}
        words = {"title": title, "alt": _alternatives(told, title)}
        captions = {"de": out.write(f"films/{base.name}.vtt", base.with_suffix(".vtt").read_bytes())}
        shots, order = filming.shots(film, 0.0)  # wherever the camera looks, captions are the same
        for one in publication.languages(self.asked):
            if one != "de":
                text = filming.subtitles(film, beside["title"], shots, order, one)
                captions[one] = out.write(f"films/{base.name}.{one}.vtt", text.encode())
        return {**words, **put, "poster": poster, "vtt": captions, "variant": film.variant}

    def _results(self, out: Folder) -> list[dict[str, Any]]:
        found = []
        for job in self.work.jobs:
            stem = slug(job.entry.name or job.settings.stem)
            if stem not in self.stems or job.variant not in self.names:
                continue
            for path in self.work.made[job.name]["files"]:
                if path.endswith(".npz"):
                    result = store.load_result(self.work.out / path)
                    found.append(self._result(out, Path(path).stem, result, job.entry.kind, job.base))
        return found

    def _result(self, out: Folder, name: str, result: Result, kind: str, base: str) -> dict[str, Any]:
        meta, data, mesh = results.told(result, publication.said)
        difference = results.is_difference(result)
        day = results.day_of(result)
        return {
            "id": name,
            "kind": kind.replace("_", "-"),
            "title": publication.said(result.title),
            "unit": result.unit,
            "variant": result.variant,
            "compare_with": base if difference else None,
            "support": meta["support"],
            "meta": out.write(f"results/{name}.json", _json(meta)),
            "data": out.write(f"results/{name}.bin", data),
            "mesh": out.write(f"results/mesh-{hashlib.sha256(mesh).hexdigest()[:12]}.bin", mesh) if mesh else None,
            "classes": results.classes(result, publication.said),
            "when": day,
            "method": publication.said(result.method),
        }

    def _places(self) -> list[dict[str, Any]]:
        terrain = self.site.terrain
        assert terrain is not None
        found = []
        for one in self.asked.places:
            at = self.site.origin.to_local(np.array([one.at], float))
            height = np.nan_to_num(terrain.height_at(at), nan=float(np.nanmin(terrain.heights)))
            found.append({"id": one.id, "label": one.label.told(), "position": [*np.round(at[0], 3).tolist(), round(float(height[0]), 2)]})
        return found

    def _licences(self, built: dict[str, bytes]) -> str:
        parts = [
            "Daten / data\n",
            self.site.source or "keine Angabe / not stated",
            "\nEntwürfe, Bilder und Ergebnisse / proposals, pictures and results\n",
            self.asked.contact.name,
            "\nProgramm / program\n",
            f"Jena Planner {version()}, GPL-3.0-or-later",
        ]
        if "LICENSES.txt" in built:
            parts += ["\nSeite / page\n", built["LICENSES.txt"].decode()]
        return "\n".join(parts) + "\n"


def _inside(site: Site, box: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    """(B,) the Buildings, with their parts, whose middle lies in a box."""
    city = site.city
    middle = np.full((len(city.building_id), 2), np.nan)
    known = np.array([shape is not None and not shape.is_empty for shape in site.footprints], bool)
    if known.any():
        middle[known] = shapely.get_coordinates(shapely.centroid(site.footprints[known]))
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        within = (middle[:, 0] >= west) & (middle[:, 0] <= east) & (middle[:, 1] >= south) & (middle[:, 1] <= north)
    return np.asarray(within[city.building_root])


def _alternatives(beside: dict[str, Any], title: dict[str, str]) -> dict[str, str]:
    """A picture in words, by language: of one taken by an earlier version German alone. beside : the file beside it."""
    others = beside.get("alternative_texts", {})
    return {"de": beside["alternative_text"], **{one: f"{title.get(one, title['de'])}. {words}" for one, words in others.items()}}


def _laid(applied: Applied, ground: Terrain) -> Sequence[Laid]:
    """The open spaces of a variant on the ground that is shown; the later of two that overlap lies on top."""
    found = []
    for rank, space in enumerate(applied.variant.open_spaces):
        pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(space.shape))
        if len(pieces):
            corners = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3]
            flat = np.column_stack([corners.reshape(-1, 2), np.full(3 * len(corners), _UNDER)])
            points, triangles, _ = around.laid(flat, np.arange(len(flat)).reshape(-1, 3), ground, 0.15 + 0.02 * rank)
            used, index = np.unique(triangles, return_inverse=True)
            found.append(Laid(space, points[used], index.reshape(-1, 3)))
    return found


def _planted(applied: Applied, site: Site) -> list[list[Any]]:
    trees = applied.variant.planted
    if not trees or site.terrain is None:
        return []
    foot = site.terrain.height_at(np.array([tree.position for tree in trees]))
    return [
        models.tree(*tree.position, float(z), tree.height, tree.crown, tree.species)
        for tree, z in zip(trees, foot, strict=True)
        if np.isfinite(z)
    ]


def _jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "JPEG", quality=85, subsampling=0)
    return packed.getvalue()


def _citygml(applied: Applied) -> bytes:
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as place:
        path = Path(place) / "variant.gml"
        citygml_write.write(planned_alone(applied), path, name=applied.variant.name)
        return path.read_bytes()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _day(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _indented(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _qr(url: str) -> bytes:
    packed = io.BytesIO()
    segno.make(url, error="m", micro=False).save(packed, kind="svg", scale=8, border=4, title=url, xmldecl=False)
    return packed.getvalue()


def _published(out: Folder, revision: str) -> str:
    """When: now, or as before where nothing has changed."""
    if out.before is not None:
        try:
            old = json.loads((out.before / folder.MARK).read_text(encoding="utf-8"))
            if old.get("revision") == revision:
                return str(old["published"])
        except (OSError, ValueError, KeyError, AttributeError):
            pass
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sources(line: str) -> list[dict[str, str]]:
    found = []
    for part in filter(None, (piece.strip() for piece in line.split(";"))):
        address = re.search(r"(https?://|www\.)[^\s),]+", part)
        url = address[0] if address else ""
        found.append({"text": part, "url": f"https://{url}" if url.startswith("www.") else url})
    return found
