"""A site and its results as arrays on disk: opening is quick, and sources may move. Also the hashes by which we know what is stale."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import tokenize
import zipfile
import zlib
from dataclasses import asdict, fields, is_dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .appearance import Appearance, Texture
from .collecting import paused
from .files import write_text, written_beside
from .marks import Lines, Points
from .model import CityModel
from .origin import Origin
from .orthophoto import Orthophoto
from .problems import InputProblem, Report
from .result import Classes, Faces, Grid, Result, Section
from .site import Features, Site, Trees
from .terrain import Terrain
from .variant import StandIn, Variant

SCHEMA = 1
SITE_SCHEMA = 5  # 1 had no surroundings, 2 no ground beyond the terrain, 3 nothing of plans but their outlines, 4 no edition of plan areas
_CITY_LISTS = ("surface_id", "building_id", "roof_type", "function", "attributes", "files")
_AROUND = "around."
_BEYOND = "beyond."
_LOOK = "look."
_LAYERS = ("streets", "areas", "plots", "plan_areas", "plan_parts", "lines")
Columns = dict[str, Any]
# What reading raises where bytes of a file, of the zip in it or of the JSON in that are other ones than were written.
_DAMAGED = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, MemoryError, RuntimeError, SyntaxError, struct.error, zlib.error,
    zipfile.BadZipFile, tokenize.TokenError, shapely.errors.ShapelyError,
)  # fmt: skip


def _packed(columns: Columns, meta: Any) -> Columns:
    """Arrays with everything that is no array as JSON beside them; names sorted, so that equal content hashes equally."""
    text = np.frombuffer(json.dumps(meta, ensure_ascii=False, sort_keys=True, default=_plain).encode(), np.uint8)
    return {**{name: columns[name] for name in sorted(columns)}, "meta": text}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _hash(columns: Columns) -> str:
    digest = hashlib.sha256()
    for name, array in columns.items():
        digest.update(f"{name}{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _city(city: CityModel) -> Columns:
    columns = {field.name: getattr(city, field.name) for field in fields(city)}
    arrays = {name: value for name, value in columns.items() if isinstance(value, np.ndarray)}
    kinds = {} if city.is_buildings_only else {"kind": city.kind}  # what parents tell needs no place, and changes no hash
    return _packed(arrays, {name: columns[name] for name in _CITY_LISTS} | kinds)


def _appearance(look: Appearance) -> Columns:
    """Pictures are kept once each, however many textures show them."""
    images = list(dict.fromkeys(texture.image for texture in look.textures))
    number = {image: place for place, image in enumerate(images)}
    starts = np.concatenate([[0], np.cumsum([len(image) for image in images])]).astype(np.int64)
    arrays = {"surface_colour": look.surface_colour, "surface_texture": look.surface_texture, "uv": look.uv}
    files = {"images": np.frombuffer(b"".join(images), np.uint8), "starts": starts}
    plain = [[one.name, one.wrap, one.in_pixels, number[one.image], list(one.size)] for one in look.textures]
    return _packed({**arrays, **files}, {"colours": look.colours, "textures": plain})


def _appearance_of(columns: Columns, meta: Any) -> Appearance:
    """The inverse of `_appearance`."""
    raw, starts = columns["images"].tobytes(), columns["starts"].tolist()
    textures = [
        Texture(name, wrap, in_pixels, raw[starts[image] : starts[image + 1]], (size[0], size[1]))
        for name, wrap, in_pixels, image, size in meta["textures"]
    ]
    return Appearance(columns["surface_colour"], columns["surface_texture"], columns["uv"], meta["colours"], textures)


def _terrain(terrain: Terrain) -> Columns:
    place = {"x": terrain.x, "y": terrain.y, "step": terrain.step, "estimated": terrain.estimated}
    if terrain.beyond is None:
        return _packed({"heights": terrain.heights}, place)
    rings = {f"{_BEYOND}{number}": one.heights for number, one in enumerate(terrain.levels[1:])}
    return _packed({"heights": terrain.heights, **rings}, {**place, "beyond": [[one.x, one.y, one.step] for one in terrain.levels[1:]]})


def _ground(origin: Origin, columns: Columns, meta: Any) -> Terrain:
    """The inverse of `_terrain`."""
    beyond: Terrain | None = None
    for number, (x, y, step) in reversed(list(enumerate(meta.pop("beyond", [])))):
        beyond = Terrain(origin, x, y, step, columns[f"{_BEYOND}{number}"], beyond=beyond)
    return Terrain(origin, heights=columns["heights"], beyond=beyond, **meta)


def _trees(trees: Trees) -> Columns:
    return _packed({"position": trees.position, "height": trees.height, "crown": trees.crown}, {"species": trees.species})


def _features(layer: Features) -> Columns:
    shapes = [shapely.to_wkb(shape) for shape in layer.geometry]
    starts = np.concatenate([[0], np.cumsum([len(shape) for shape in shapes])]).astype(np.int64)
    numbers = {f"column.{name}": values for name, values in layer.columns.items() if values.dtype != object}
    words = {name: values.tolist() for name, values in layer.columns.items() if values.dtype == object}
    return _packed(
        {"wkb": np.frombuffer(b"".join(shapes), np.uint8), "starts": starts, **numbers}, {"words": words, "order": list(layer.columns)}
    )


def _orthophoto(photo: Orthophoto) -> Columns:
    files = {"jpeg": np.frombuffer(photo.jpeg, np.uint8), "mask": np.frombuffer(photo.mask, np.uint8)}
    return _packed(files, {"x": photo.x, "y": photo.y, "step": photo.step, "source": photo.source})


def _parts(site: Site) -> dict[str, Columns]:
    parts = {"city": _city(site.city)}
    if site.city.surroundings is not None:
        parts["surroundings"] = _city(site.city.surroundings)
    for name, model in (("appearance", site.city), ("appearance-around", site.city.surroundings)):
        if model is not None and model.appearance is not None:
            parts[name] = _appearance(model.appearance)
    if site.terrain is not None:
        parts["terrain"] = _terrain(site.terrain)
    if site.trees is not None:
        parts["trees"] = _trees(site.trees)
    for name in _LAYERS:
        layer = getattr(site, name)
        if layer is not None:
            parts[name] = _features(layer)
    if site.orthophoto is not None:
        parts["orthophoto"] = _orthophoto(site.orthophoto)
    return parts


def site_hash(site: Site) -> str:
    """Hash of everything in a site that can change a number (not its licence line, nor what `looks_hash` counts), 64 hex digits."""
    around = site.city.surroundings
    around = replace(around, files=[], appearance=None) if around is not None else None
    city = replace(site.city, files=[], appearance=None, surroundings=around)
    nameless = replace(site, city=city, orthophoto=None, lines=None)  # where the sources lay changes no number
    text = json.dumps([asdict(site.origin), {name: _hash(columns) for name, columns in _parts(nameless).items()}], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def looks_hash(site: Site) -> str:
    """Hash of what pictures of a site show beside all that `site_hash` counts: textures, orthophoto, reference lines, and whether the
    ground follows the buildings; "" without them."""
    photo = _hash(_orthophoto(site.orthophoto)) if site.orthophoto is not None else ""
    looks = [one.appearance for one in (site.city, site.city.surroundings) if one is not None and one.appearance is not None]
    lines = _hash(_features(site.lines)) if site.lines is not None else ""
    return photo + lines + "".join(_hash(_appearance(look)) for look in looks) + ("breaklines" if site.breaklines else "")


def variant_hash(variant: Variant) -> str:
    """Hash of all that a variant changes, 64 hex digits; coordinates count to 0.1 mm, as the file has them."""
    changed = [_plainly(block) for block in variant.blocks]
    grounds = [_plainly(one) for one in (*variant.open_spaces, *variant.planted, *variant.felled)]
    content = [changed, sorted(variant.removed), grounds]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _plainly(thing: Any) -> dict[str, Any]:
    """A dataclass as JSON has it, coordinates rounded."""
    found: dict[str, Any] = {}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if isinstance(value, shapely.Polygon):
            value = [_rounded(np.asarray(ring.coords)) for ring in (value.exterior, *value.interiors)]
        elif one.name == "position":
            value = _rounded(np.array(value))
        if isinstance(value, StandIn):
            parts = {part.name: getattr(value, part.name) for part in fields(value) if part.compare}
            value = {key: round(part, 4) + 0.0 if isinstance(part, float) else part for key, part in parts.items()}
        elif is_dataclass(value) and not isinstance(value, type):
            value = asdict(value)
        if one.name == "stand_in" and value is None:
            continue  # so that results of before are still true
        found[one.name] = value
    return found


def _rounded(xy: Any) -> Any:
    return (np.round(xy, 4) + 0.0).tolist()


def save_site(site: Site, folder: Path) -> None:
    """Write a site to a folder: site.json and one .npz for each part, named by its content. Unchanged parts stay, old ones go."""
    index: dict[str, Any] = {
        "schema": SITE_SCHEMA,
        "origin": asdict(site.origin),
        "source": site.source,
        "breaklines": site.breaklines,
        "parts": {},
    }
    for name, columns in _parts(site).items():
        file = f"{name}-{_hash(columns)[:12]}.npz"
        index["parts"][name] = file
        if not (folder / file).is_file():
            with written_beside(folder / file) as beside:
                np.savez(beside, **columns)
    write_text(folder / "site.json", json.dumps(index, indent=1, ensure_ascii=False))
    for old in folder.glob("*.npz"):
        if old.name not in index["parts"].values():
            old.unlink()


@paused()
def load_site(folder: Path) -> Site:
    """The site saved in a folder; raises InputProblem when it is not there, damaged, or of a newer program."""
    path = folder / "site.json"
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputProblem(folder, "the project's data are not there", "Run `jena-planner run` to read the sources again") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputProblem(path, "the file is damaged", "Delete it and run `jena-planner run`") from error
    try:
        return _site(index, folder)
    except _DAMAGED as error:
        raise InputProblem(path, "the file is damaged", "Delete it and run `jena-planner run`") from error


def _site(index: dict[str, Any], folder: Path) -> Site:
    """What an index and the files that it names hold."""
    if index.get("schema") not in range(1, SITE_SCHEMA + 1):
        what = f"the data have schema {index.get('schema')}, this program knows {SITE_SCHEMA}"
        raise InputProblem(folder / "site.json", what, "Update Jena Planner, or delete the folder")
    origin = Origin(**index["origin"])
    parts: dict[str, tuple[Any, Any]] = {name: _loaded(_beside(folder, file)) for name, file in index["parts"].items()}
    city, *around = (
        CityModel(origin=origin, report=Report(), **columns, **meta)
        for columns, meta in (parts[name] for name in ("city", "surroundings") if name in parts)
    )
    city.surroundings = around[0] if around else None
    for name, model in (("appearance", city), ("appearance-around", city.surroundings)):
        if name in parts and model is not None:
            model.appearance = _appearance_of(*parts[name])
    terrain = trees = None
    if "terrain" in parts:
        terrain = _ground(origin, *parts["terrain"])
    if "trees" in parts:
        trees = Trees(**parts["trees"][0], **parts["trees"][1])
    photo = None
    if "orthophoto" in parts:
        files, meta = parts["orthophoto"]
        photo = Orthophoto(jpeg=files["jpeg"].tobytes(), mask=files["mask"].tobytes(), **meta)
    layers = {name: _layer(*parts[name]) for name in _LAYERS if name in parts}
    return Site(origin, city, terrain, trees, orthophoto=photo, source=index["source"], breaklines=index.get("breaklines", False), **layers)


def _beside(folder: Path, name: str) -> Path:
    """A file that an index names; one that leads elsewhere is none of ours."""
    if not re.fullmatch(r"[\w-]{1,80}\.npz", name):
        raise ValueError(name)
    return folder / name


def save_city(city: CityModel, path: Path) -> None:
    """A city model alone, with its origin and report, as one file."""
    columns = _with_look(city)
    if city.surroundings is not None:
        columns |= {_AROUND + name: column for name, column in _with_look(city.surroundings).items()}
    meta = {"schema": SITE_SCHEMA, "origin": asdict(city.origin), "report": city.report.as_dict()}
    with written_beside(path) as beside:
        np.savez(beside, **columns, about=np.frombuffer(json.dumps(meta, ensure_ascii=False, default=_plain).encode(), np.uint8))


def _with_look(city: CityModel) -> Columns:
    look = _appearance(city.appearance) if city.appearance is not None else {}
    return _city(city) | {_LOOK + name: column for name, column in look.items()}


def _taken_out(columns: Columns, prefix: str) -> Columns:
    """The columns whose names begin so, without that, and no longer among the others."""
    return {name.removeprefix(prefix): columns.pop(name) for name in list(columns) if name.startswith(prefix)}


@paused()
def load_city(path: Path) -> CityModel:
    """The inverse of `save_city`; raises InputProblem for a file that is not there or not as it was written."""
    damaged = InputProblem(path, "the file is missing or damaged", "Delete it and run `jena-planner run`")
    try:
        with zipfile.ZipFile(path) as file:
            if file.testzip() is not None:
                raise damaged
        columns, lists = _loaded(path)
        meta = json.loads(columns.pop("about").tobytes())
        if meta["schema"] != SITE_SCHEMA:
            raise damaged
        origin, report = Origin(**meta["origin"]), Report.from_dict(meta["report"])
        around, look = _taken_out(columns, _AROUND), _taken_out(columns, _LOOK)
        city = CityModel(origin=origin, report=report, **columns, **lists)
        if look:
            city.appearance = _appearance_of(look, json.loads(look["meta"].tobytes()))
        if around:
            lists = json.loads(around.pop("meta").tobytes())
            look = _taken_out(around, _LOOK)
            city.surroundings = CityModel(origin=origin, report=report, **around, **lists)
            if look:
                city.surroundings.appearance = _appearance_of(look, json.loads(look["meta"].tobytes()))
        return city
    except _DAMAGED as error:
        raise damaged from error


def _layer(columns: Columns, meta: Any) -> Features:
    raw, starts = columns["wkb"].tobytes(), columns["starts"]
    shapes = np.array([raw[a:b] for a, b in zip(starts[:-1], starts[1:], strict=True)], object)
    values = {**{name[7:]: array for name, array in columns.items() if name.startswith("column.")}}
    values |= {name: np.array(words, object) for name, words in meta["words"].items()}
    return Features(np.asarray(shapely.from_wkb(shapes), object), {name: values[name] for name in meta["order"]})


def _loaded(path: Path) -> tuple[Columns, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        meta = json.loads(columns.pop("meta").tobytes())
    except _DAMAGED as error:
        raise InputProblem(
            path, "the file is missing or damaged", "Delete its folder and run `jena-planner run` to make it again"
        ) from error
    return columns, meta


def save_result(result: Result, path: str | PathLike[str]) -> None:
    """A result in the program's own form (.npz)."""
    support = {f"support.{field.name}": np.asarray(getattr(result.support, field.name)) for field in fields(result.support)}
    meta = {
        "schema": SCHEMA,
        "support": type(result.support).__name__.lower(),
        "origin": asdict(result.origin),
        "classes": asdict(result.classes),
        **{
            name: getattr(result, name)
            for name in ("analysis", "name", "title", "unit", "variant", "method", "settings", "inputs", "source")
        },
    }
    with written_beside(path) as beside:
        np.savez_compressed(beside, **_packed({"values": result.values, "valid": result.valid, **support}, meta))


def load_result(path: str | PathLike[str]) -> Result:
    """The inverse of `save_result`; raises InputProblem."""
    columns, meta = _loaded(Path(path))
    try:
        return _result(columns, meta, path)
    except _DAMAGED as error:
        raise InputProblem(path, "the file is missing or damaged", "Run the analysis again") from error


def _result(columns: Columns, meta: dict[str, Any], path: str | PathLike[str]) -> Result:
    """What the columns of a file hold."""
    if meta.pop("schema") != SCHEMA:
        raise InputProblem(path, "the result was written by another version of the program", "Run the analysis again")
    kind = {"grid": Grid, "faces": Faces, "section": Section, "points": Points, "lines": Lines}[meta.pop("support")]
    support = {name[8:]: array for name, array in columns.items() if name.startswith("support.")}
    plain = {name: array.item() if array.ndim == 0 else array for name, array in support.items()}
    kept = meta.pop("classes")
    classes = Classes(tuple(kept["edges"]), tuple(kept["colours"]), tuple(kept["labels"]), bool(kept.get("smooth", False)))
    return Result(
        origin=Origin(**meta.pop("origin")),
        support=kind(**plain),
        classes=classes,
        values=columns["values"],
        valid=columns["valid"],
        **meta,
    )
