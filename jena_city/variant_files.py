"""Variants as GeoJSON, both ways without loss: in the project's CRS with a crs member, one feature for each block, open space and tree.

Schema 1 knew blocks alone: a feature that does not say what it is, is one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyproj
import shapely

from . import crs as crs_names
from . import set_backs
from .arrays import FloatArray
from .files import write_text
from .origin import Origin
from .problems import InputProblem
from .variant import (
    BaseRule,
    Block,
    CountsAs,
    FelledTree,
    OpenSpace,
    PlantedTree,
    Roof,
    RoofKind,
    SpaceCounts,
    SpaceKind,
    StandIn,
    Variant,
    VariantStatus,
)

SCHEMA = 3  # 1 had neither open spaces nor trees, and fewer properties of blocks; 2 no set-backs by edge, and a storey above ground in all
KIND = "jena_feature"  # the property that says what a feature is
BLOCK, OPEN_SPACE, TREE, FELLED = "block", "open-space", "tree", "felled-tree"
_OF_VARIANT = ("id", "name", "colour", "author", "description", "status", "removed", "locked")
_MEASURES = ("plinth", "knee", "set_back", "underground", "underground_height")
_OF_BLOCK = (
    "id", "name", "storeys", "base", "ground_floor_height", "storey_height", "roof", "use", *_MEASURES,
    "base_rule", "reference", "storey_uses", "attic_used", "attic_rooms", "counts_as", "dwellings", "set_backs", "stand_in",
)  # fmt: skip
_OF_SPACE = ("id", "name", "kind", "sealed", "counts_as")
_OF_TREE = ("id", "species", "height", "crown")
_NOT_EXTRA = {"type", "crs", "features", "schema", "bbox", *_OF_VARIANT}


def write(variant: Variant, path: str | PathLike[str], origin: Origin) -> None:
    """Write a variant; coordinates to 0.1 mm. Unknown properties that came with it go out with it."""
    write_text(path, json.dumps(as_geojson(variant, origin), ensure_ascii=False, indent=1))


def project_of(path: Path) -> Path:
    """The folder of the project that a variant's file is in: the nearest above it with a project.toml, else that of the file."""
    return next((one for one in path.absolute().parents if (one / "project.toml").is_file()), path.absolute().parent)


def as_geojson(variant: Variant, origin: Origin) -> dict[str, Any]:
    """The FeatureCollection of a variant."""
    content: dict[str, Any] = {"type": "FeatureCollection", "schema": SCHEMA}
    code = origin.crs.removeprefix("EPSG:")
    content["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}" if code.isdigit() else origin.crs}}
    content |= {key: list(value) if isinstance(value := getattr(variant, key), tuple) else value for key in _OF_VARIANT}
    content |= {key: value for key, value in variant.properties.items() if key not in _NOT_EXTRA}
    content["features"] = [
        *(_feature(block, _own(block, BLOCK, _OF_BLOCK, origin), _polygon(block.footprint, origin)) for block in variant.blocks),
        *(_feature(space, _own(space, OPEN_SPACE, _OF_SPACE, origin), _polygon(space.shape, origin)) for space in variant.open_spaces),
        *(_feature(tree, _own(tree, TREE, _OF_TREE, origin), _point(tree.position, origin)) for tree in variant.planted),
        *(
            {"type": "Feature", "properties": {**tree.properties, KIND: FELLED}, "geometry": _point(tree.position, origin)}
            for tree in variant.felled
        ),
    ]
    return content


def _own(thing: Any, kind: str, keys: tuple[str, ...], origin: Origin) -> dict[str, Any]:
    values = {key: getattr(thing, key) for key in keys if key != "stand_in" or thing.stand_in is not None}
    plain = {key: _plain(value, origin) for key, value in values.items()}
    return {KIND: kind, **plain}


def _plain(value: Any, origin: Origin) -> Any:
    if isinstance(value, StandIn):
        return _placed(value, origin)
    return asdict(value) if isinstance(value, Roof) else list(value) if isinstance(value, tuple) else value


def _placed(model: StandIn, origin: Origin) -> dict[str, Any]:
    """A model as a file has it: its place in the project's CRS, and nothing of where this program runs."""
    own = {key: value for key, value in asdict(model).items() if key not in ("x", "y", "folder")}
    return {**own, "position": np.round(origin.to_world(np.array([[model.x, model.y]])), 4)[0].tolist()}


def _feature(thing: Block | OpenSpace | PlantedTree, own: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": thing.id, "properties": {**thing.properties, **own}, "geometry": geometry}


def _polygon(shape: shapely.Polygon, origin: Origin) -> dict[str, Any]:
    rings = [shape.exterior, *shape.interiors]
    coordinates = [np.round(origin.to_world(np.asarray(ring.coords)[:, :2]), 4).tolist() for ring in rings]
    return {"type": "Polygon", "coordinates": coordinates}


def _point(position: tuple[float, float], origin: Origin) -> dict[str, Any]:
    return {"type": "Point", "coordinates": np.round(origin.to_world(np.array([position])), 4)[0].tolist()}


def read(path: str | PathLike[str], origin: Origin) -> Variant:
    """Read a variant. Without a crs member coordinates are longitude and latitude (RFC 7946); any other CRS is reprojected.

    Raises InputProblem naming file, feature, key and what is allowed.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputProblem(path, "there is no such file", "Check the name") from error
    except UnicodeDecodeError as error:
        raise InputProblem(path, "the file is not UTF-8 text", "Save it as UTF-8") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputProblem(path, f"this is not valid JSON ({error})", "Save the variant again") from error
    return from_geojson(content, path, origin)


def from_geojson(content: Any, path: Path, origin: Origin) -> Variant:
    """The variant that a FeatureCollection is. path : where it comes from, for messages, and its name where it has none. See `read`."""
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection" or not isinstance(content.get("features"), list):
        raise InputProblem(path, "this is no GeoJSON FeatureCollection", "Save the variant again")
    if isinstance(content.get("schema"), int) and content["schema"] > SCHEMA:
        raise InputProblem(path, f"the variant was written by a newer program (schema {content['schema']})", "Update Jena Planner")
    known = {key: content[key] for key in _OF_VARIANT if key in content}
    for key, value in known.items():
        if key == "removed":
            if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
                raise InputProblem(path, "removed is not a list of gml:ids", 'Write it as ["DE…", "DE…"]')
        elif key == "locked":
            if not isinstance(value, bool):
                raise InputProblem(path, f"{key} = {value!r} is not allowed", "Give true or false")
        elif not isinstance(value, str):
            raise InputProblem(path, f"{key} = {value!r} is no text", "Put it in quotes")
    if not re.fullmatch("#[0-9a-fA-F]{6}", known.get("colour", "#000000")):
        raise InputProblem(path, f"colour = {known['colour']!r} is no colour", 'Write it as "#0072B2"')
    if known.get("status", "entwurf") not in get_args(VariantStatus):
        raise InputProblem(path, f"status = {known['status']!r} is unknown", f"Allowed: {', '.join(get_args(VariantStatus))}")
    place = _placer(path, content, origin)
    found: dict[str, list[Any]] = {kind: [] for kind in _READERS}
    for number, feature in enumerate(content["features"], 1):
        one = _Read(path, number, feature, place, origin)
        found[one.kind].append(_READERS[one.kind](one))
    for kind, noun in ((BLOCK, "block"), (OPEN_SPACE, "open space"), (TREE, "tree")):
        ids = [one.id for one in found[kind]]
        if len(set(ids)) < len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise InputProblem(path, f"the {noun} id {twice} is used twice", "Give each one an id of its own")
    extra = {key: value for key, value in content.items() if key not in _NOT_EXTRA}
    known["removed"] = tuple(known.get("removed", ()))
    return Variant(
        **{"id": path.stem, "name": path.stem, **known},
        blocks=tuple(found[BLOCK]),
        properties=extra,
        open_spaces=tuple(found[OPEN_SPACE]),
        planted=tuple(found[TREE]),
        felled=tuple(found[FELLED]),
    )


@dataclass(frozen=True)
class _Place:
    """Turns coordinates (n, 2) of a file into scene coordinates."""

    origin: Origin
    name: str

    @property
    def degrees(self) -> bool:
        return bool(crs_names.proj(self.name).is_geographic)

    def __call__(self, xy: FloatArray) -> FloatArray:
        if self.name != self.origin.crs:
            transformer = pyproj.Transformer.from_crs(crs_names.proj(self.name), crs_names.proj(self.origin.crs), always_xy=True)
            xy = np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        return self.origin.to_local(xy)


def _placer(path: Path, content: dict[str, Any], origin: Origin) -> _Place:
    member = content.get("crs")
    name = "OGC:CRS84"
    if member is not None:
        try:
            stated = member["properties"]["name"]
            name = "OGC:CRS84" if "CRS84" in stated else crs_names.parse(stated).horizontal
        except (TypeError, KeyError):
            name = ""
        if not name:
            raise InputProblem(
                path, "its crs member names no coordinate system that is known", f"Write urn:ogc:def:crs:EPSG::{origin.crs[5:]}"
            )
    return _Place(origin, name)


class _Read:
    """One feature of a file: its properties, and its geometry in scene coordinates."""

    def __init__(self, path: Path, number: int, feature: Any, place: _Place, origin: Origin) -> None:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        self.properties: dict[str, Any] = dict(properties) if isinstance(properties, dict) else {}
        self.feature, self.place, self.origin = feature, place, origin
        self.folder = project_of(path)
        self.id = str(self.properties.get("id") or (feature.get("id") if isinstance(feature, dict) else None) or number)
        self.where = f"{path}, feature {number} ({self.properties.get('name') or self.id})"
        self.kind = self.properties.get(KIND, BLOCK)
        if self.kind not in _READERS:
            raise InputProblem(self.where, f"{KIND} = {self.kind!r} is unknown", f"Allowed: {', '.join(_READERS)}")

    def extra(self, own: tuple[str, ...]) -> dict[str, Any]:
        """The properties that are not ours."""
        return {key: value for key, value in self.properties.items() if key not in (*own, KIND)}

    def choice(self, key: str, default: Any, allowed: Any) -> Any:
        value = self.properties.get(key)
        if value is not None and value not in get_args(allowed):
            raise InputProblem(self.where, f"{key} = {value!r} is unknown", f"Allowed: {', '.join(get_args(allowed))}")
        return default if value is None else value

    def polygon(self) -> shapely.Polygon:
        try:
            geometry = self.feature["geometry"]
            if geometry["type"] != "Polygon":
                raise InputProblem(self.where, f"the geometry is a {geometry['type']}", "Blocks and open spaces are Polygons")
            rings = [self._placed(ring) for ring in geometry["coordinates"]]
            shape = shapely.Polygon(rings[0], rings[1:])
        except (TypeError, KeyError, ValueError, IndexError) as error:
            raise InputProblem(self.where, "the geometry is no polygon of numbers", "Draw it again") from error
        if not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            at = re.search(r"\[(\S+) (\S+)\]", reason)
            world = self.origin.to_world(np.array([float(at[1]), float(at[2])])) if at else None
            near = f" near {world[0]:.1f} {world[1]:.1f}" if world is not None else f" ({reason})"
            raise InputProblem(self.where, f"the outline crosses or touches itself{near}", "Draw it without crossings")
        return shape

    def point(self) -> tuple[float, float]:
        try:
            geometry = self.feature["geometry"]
            if geometry["type"] != "Point":
                raise InputProblem(self.where, f"the geometry is a {geometry['type']}", "A tree is a Point")
            [[x, y]] = self._placed([geometry["coordinates"]]).tolist()
        except (TypeError, KeyError, ValueError, IndexError) as error:
            raise InputProblem(self.where, "the geometry is no point of numbers", "Put the tree again") from error
        return x, y

    def placed(self, corners: Any) -> tuple[float, float]:
        """The first of some places, in scene coordinates."""
        [[x, y]] = self._placed(corners[:1]).tolist()
        return x, y

    def _placed(self, corners: Any) -> FloatArray:
        xy = np.asarray(corners, np.float64)[:, :2]
        if not np.isfinite(xy).all():
            raise ValueError("not finite")
        if self.place.degrees and float(np.abs(xy).max()) > 360:
            what_to_do = f"Add a crs member ({self.origin.crs})"
            raise InputProblem(self.where, "the coordinates look like metres, but the file says degrees", what_to_do)
        return self.place(xy)


def _block(one: _Read) -> Block:
    where, properties = one.where, one.properties
    footprint = one.polygon()
    if "storeys" not in properties:
        raise InputProblem(where, "the key storeys is missing", "Add it to the block's properties")
    storeys = properties.get("storeys")
    if not isinstance(storeys, int) or isinstance(storeys, bool) or not 0 <= storeys <= 200:
        raise InputProblem(where, f"storeys = {storeys!r} is not allowed", "Give a whole number from 0 to 200")
    if storeys == 0 and not properties.get("underground"):
        raise InputProblem(where, "it has no storeys, neither above ground nor below", "Give it one of either")
    uses = properties.get("storey_uses") or []
    if not (isinstance(uses, list) and all(isinstance(use, str) for use in uses)):
        raise InputProblem(
            where, f"storey_uses = {uses!r} is no list of uses", 'Write it as ["gewerbe", "wohnen"], from the ground floor up'
        )
    attic_used = properties.get("attic_used", False)
    if not isinstance(attic_used, bool):
        raise InputProblem(where, f"attic_used = {attic_used!r} is not allowed", "Give true or false")
    return Block(
        id=one.id,
        footprint=footprint,
        storeys=storeys,
        name=str(properties.get("name") or ""),
        base=_number(where, properties, "base", None, -500, 9000),
        ground_floor_height=_number(where, properties, "ground_floor_height", 3.5, 1.5, 30) or 3.5,
        storey_height=_number(where, properties, "storey_height", 3.0, 1.5, 30) or 3.0,
        roof=_roof(where, properties.get("roof")),
        use=str(properties.get("use") or "wohnen"),
        properties=one.extra(_OF_BLOCK),
        plinth=_number(where, properties, "plinth", 0.0, 0, 5) or 0.0,
        knee=_number(where, properties, "knee", 0.0, 0, 5) or 0.0,
        set_back=_number(where, properties, "set_back", 0.0, 0, 100) or 0.0,
        underground=_whole(where, properties, "underground", 20) or 0,
        underground_height=_number(where, properties, "underground_height", 3.0, 1.5, 30) or 3.0,
        base_rule=one.choice("base_rule", "lowest", BaseRule),
        reference=_number(where, properties, "reference", None, -500, 9000),
        storey_uses=tuple(uses),
        attic_used=attic_used,
        attic_rooms=_number(where, properties, "attic_rooms", None, 0, 100_000),
        counts_as=one.choice("counts_as", "hauptanlage", CountsAs),
        dwellings=_whole(where, properties, "dwellings", 10_000),
        set_backs=_set_backs(where, footprint, properties.get("set_backs")),
        stand_in=_stand_in(one),
    )


def _set_backs(where: str, footprint: shapely.Polygon, values: Any) -> tuple[float, ...]:
    found = [] if values is None else values
    if not (isinstance(found, list) and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in found)):
        raise InputProblem(where, f"set_backs = {values!r} is no list of metres", "Give one for each edge of the outline, as [2, 0, 2, 0]")
    set_backs.check(where, footprint, found)
    return tuple(float(one) for one in found)


def _stand_in(one: _Read) -> StandIn | None:
    where, value = one.where, one.properties.get("stand_in")
    if value is None:
        return None
    place = value.get("position") if isinstance(value, dict) else None
    path = value.get("path") if isinstance(value, dict) else None
    if not (isinstance(path, str) and isinstance(place, list) and len(place) == 2 and value.get("up", "") in ("", "y", "z")):
        raise InputProblem(where, f"stand_in = {value!r} is no model with its place", "Place the model again")
    if Path(path).is_absolute() or ".." in Path(path).parts or "\\" in path or ":" in path:
        raise InputProblem(where, f"the model {path} lies outside the project", "Place the model again: its file is then copied")
    try:
        x, y = one.placed([place])
    except (TypeError, ValueError, IndexError) as error:
        raise InputProblem(where, f"stand_in = {value!r} is no model with its place", "Place the model again") from error
    return StandIn(
        path=path,
        sha256=str(value.get("sha256") or ""),
        x=x,
        y=y,
        turn=_number(where, value, "turn", 0.0, -360, 360) or 0.0,
        scale=_number(where, value, "scale", 1.0, 1e-6, 1e6) or 1.0,
        lift=_number(where, value, "lift", 0.0, -1e6, 1e6) or 0.0,
        up=value.get("up", ""),
        floor_area=_number(where, value, "floor_area", None, 0, 1e7),
        folder=str(one.folder),
    )


def _open_space(one: _Read) -> OpenSpace:
    if "kind" not in one.properties:
        raise InputProblem(one.where, "an open space does not say its kind", f"Give kind as one of {', '.join(get_args(SpaceKind))}")
    return OpenSpace(
        id=one.id,
        kind=one.choice("kind", None, SpaceKind),
        shape=one.polygon(),
        name=str(one.properties.get("name") or ""),
        sealed=_number(one.where, one.properties, "sealed", None, 0, 1),
        counts_as=one.choice("counts_as", None, SpaceCounts),
        properties=one.extra(_OF_SPACE),
    )


def _tree(one: _Read) -> PlantedTree:
    height = _number(one.where, one.properties, "height", 12.0, 0.5, 70) or 12.0
    return PlantedTree(
        id=one.id,
        position=one.point(),
        species=str(one.properties.get("species") or ""),
        height=height,
        crown=_number(one.where, one.properties, "crown", 0.6 * height, 0.3, 45) or 0.6 * height,
        properties=one.extra(_OF_TREE),
    )


def _felled(one: _Read) -> FelledTree:
    return FelledTree(one.point(), one.extra(()))


_READERS: dict[str, Callable[[_Read], Any]] = {BLOCK: _block, OPEN_SPACE: _open_space, TREE: _tree, FELLED: _felled}


def _number(where: str, values: dict[str, Any], key: str, default: float | None, low: float, high: float) -> float | None:
    value = values.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
        raise InputProblem(where, f"{key} = {value!r} is not allowed", f"Give a number from {low:g} to {high:g}")
    return float(value)


def _whole(where: str, values: dict[str, Any], key: str, most: int) -> int | None:
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InputProblem(where, f"{key} = {value!r} is not allowed", f"Give a whole number from 0 to {most}")
    return value


def _roof(where: str, value: Any) -> Roof:
    if value is None:
        return Roof()
    if isinstance(value, str):
        value = {"kind": value}
    if not isinstance(value, dict) or value.get("kind", "flat") not in get_args(RoofKind):
        raise InputProblem(where, f"roof = {value!r} is not allowed", f"Give kind as one of {', '.join(get_args(RoofKind))}")
    kind = value.get("kind", "flat")
    default = {"flat": 0.0, "mansard": 70.0}.get(kind, 35.0)
    return Roof(
        kind,
        _number(where, value, "pitch", default, 0, 85 if kind == "mansard" else 75) or 0.0,
        _number(where, value, "ridge", None, -360, 360),
        _number(where, value, "parapet", 0.0, 0, 5) or 0.0,
        _number(where, value, "upper_pitch", 30.0, 0, 75) or 0.0,
    )
