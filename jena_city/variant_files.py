"""Variants as GeoJSON, both ways without loss: in the project's CRS with a crs member, one feature for each block."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyproj
import shapely

from . import crs as crs_names
from .arrays import FloatArray
from .files import write_text
from .origin import Origin
from .problems import InputProblem
from .variant import Block, Roof, RoofKind, Variant, VariantStatus

SCHEMA = 1
_OF_VARIANT = ("id", "name", "colour", "author", "description", "status", "removed")
_MEASURES = ("plinth", "knee", "set_back", "underground", "underground_height")
_OF_BLOCK = ("id", "name", "storeys", "base", "ground_floor_height", "storey_height", "roof", "use", *_MEASURES)
_NOT_EXTRA = {"type", "crs", "features", "schema", "bbox", *_OF_VARIANT}


def write(variant: Variant, path: str | PathLike[str], origin: Origin) -> None:
    """Write a variant; coordinates to 0.1 mm. Unknown properties that came with it go out with it."""
    write_text(path, json.dumps(as_geojson(variant, origin), ensure_ascii=False, indent=1))


def as_geojson(variant: Variant, origin: Origin) -> dict[str, Any]:
    """The FeatureCollection of a variant."""
    content: dict[str, Any] = {"type": "FeatureCollection", "schema": SCHEMA}
    code = origin.crs.removeprefix("EPSG:")
    content["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}" if code.isdigit() else origin.crs}}
    content |= {key: list(value) if isinstance(value := getattr(variant, key), tuple) else value for key in _OF_VARIANT}
    content |= {key: value for key, value in variant.properties.items() if key not in _NOT_EXTRA}
    content["features"] = [_feature(block, origin) for block in variant.blocks]
    return content


def _feature(block: Block, origin: Origin) -> dict[str, Any]:
    rings = [block.footprint.exterior, *block.footprint.interiors]
    coordinates = [np.round(origin.to_world(np.asarray(ring.coords)[:, :2]), 4).tolist() for ring in rings]
    own = {key: asdict(block.roof) if key == "roof" else getattr(block, key) for key in _OF_BLOCK}
    return {
        "type": "Feature",
        "id": block.id,
        "properties": {**block.properties, **own},
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }


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
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection" or not isinstance(content.get("features"), list):
        raise InputProblem(path, "this is no GeoJSON FeatureCollection", "Save the variant again")
    if isinstance(content.get("schema"), int) and content["schema"] > SCHEMA:
        raise InputProblem(path, f"the variant was written by a newer program (schema {content['schema']})", "Update Jena Planner")
    known = {key: content[key] for key in _OF_VARIANT if key in content}
    for key, value in known.items():
        if key == "removed":
            if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
                raise InputProblem(path, "removed is not a list of gml:ids", 'Write it as ["DE…", "DE…"]')
        elif not isinstance(value, str):
            raise InputProblem(path, f"{key} = {value!r} is no text", "Put it in quotes")
    if not re.fullmatch("#[0-9a-fA-F]{6}", known.get("colour", "#000000")):
        raise InputProblem(path, f"colour = {known['colour']!r} is no colour", 'Write it as "#0072B2"')
    if known.get("status", "entwurf") not in get_args(VariantStatus):
        raise InputProblem(path, f"status = {known['status']!r} is unknown", f"Allowed: {', '.join(get_args(VariantStatus))}")
    place = _placer(path, content, origin)
    blocks = tuple(_block(path, number, feature, place, origin) for number, feature in enumerate(content["features"], 1))
    ids = [block.id for block in blocks]
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise InputProblem(path, f"the block id {twice} is used twice", "Give each block an id of its own")
    extra = {key: value for key, value in content.items() if key not in _NOT_EXTRA}
    known["removed"] = tuple(known.get("removed", ()))
    return Variant(**{"id": path.stem, "name": path.stem, **known}, blocks=blocks, properties=extra)


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


def _block(path: Path, number: int, feature: Any, place: _Place, origin: Origin) -> Block:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = dict(properties) if isinstance(properties, dict) else {}
    name = str(properties.get("id") or (feature.get("id") if isinstance(feature, dict) else None) or number)
    where = f"{path}, feature {number} ({properties.get('name') or name})"
    try:
        geometry = feature["geometry"]
        if geometry["type"] != "Polygon":
            raise InputProblem(where, f"the geometry is a {geometry['type']}", "A block is a Polygon")
        rings = [np.asarray(ring, np.float64)[:, :2] for ring in geometry["coordinates"]]
        if not all(np.isfinite(ring).all() for ring in rings):
            raise ValueError("not finite")
        if place.degrees and max(float(np.abs(ring).max()) for ring in rings) > 360:
            raise InputProblem(where, "the coordinates look like metres, but the file says degrees", f"Add a crs member ({origin.crs})")
        footprint = shapely.Polygon(place(rings[0]), [place(ring) for ring in rings[1:]])
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise InputProblem(where, "the geometry is no polygon of numbers", "Draw it again") from error
    if not footprint.is_valid:
        reason = shapely.is_valid_reason(footprint)
        at = re.search(r"\[(\S+) (\S+)\]", reason)
        place_ = origin.to_world(np.array([float(at[1]), float(at[2])])) if at else None
        near = f" near {place_[0]:.1f} {place_[1]:.1f}" if place_ is not None else f" ({reason})"
        raise InputProblem(where, f"the outline crosses or touches itself{near}", "Draw it without crossings")
    if "storeys" not in properties:
        raise InputProblem(where, "the key storeys is missing", "Add it to the block's properties")
    storeys = properties.get("storeys")
    if not isinstance(storeys, int) or isinstance(storeys, bool) or not 1 <= storeys <= 200:
        raise InputProblem(where, f"storeys = {storeys!r} is not allowed", "Give a whole number from 1 to 200")
    return Block(
        id=name,
        footprint=footprint,
        storeys=storeys,
        name=str(properties.get("name") or ""),
        base=_number(where, properties, "base", None, -500, 9000),
        ground_floor_height=_number(where, properties, "ground_floor_height", 3.5, 1.5, 30) or 3.5,
        storey_height=_number(where, properties, "storey_height", 3.0, 1.5, 30) or 3.0,
        roof=_roof(where, properties.get("roof")),
        use=str(properties.get("use") or "wohnen"),
        properties={key: value for key, value in properties.items() if key not in _OF_BLOCK},
        plinth=_number(where, properties, "plinth", 0.0, 0, 5) or 0.0,
        knee=_number(where, properties, "knee", 0.0, 0, 5) or 0.0,
        set_back=_number(where, properties, "set_back", 0.0, 0, 100) or 0.0,
        underground=_whole(where, properties, "underground", 20),
        underground_height=_number(where, properties, "underground_height", 3.0, 1.5, 30) or 3.0,
    )


def _number(where: str, values: dict[str, Any], key: str, default: float | None, low: float, high: float) -> float | None:
    value = values.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
        raise InputProblem(where, f"{key} = {value!r} is not allowed", f"Give a number from {low:g} to {high:g}")
    return float(value)


def _whole(where: str, values: dict[str, Any], key: str, most: int) -> int:
    value = values.get(key)
    if value is None:
        return 0
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
