"""What citizens send, checked and cleaned: contributions as docs/publication-format.md has them (schema 1).

Nothing of it is trusted. What cannot be used is left out and counted, a sentence each; what is left is plain numbers and plain text.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
import uuid
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..jena_city import crs as crs_names
from ..jena_city import massing, variant_files
from ..jena_city.origin import Origin
from ..jena_city.problems import InputProblem, Problem, one_line
from ..jena_city.variant import Block, Variant

FORMAT, SCHEMA = "jena-planner/contribution", 1
MANY = "jena-planner/contributions"
LONGEST_TEXT = 2000  # characters
LONGEST_NAME = 200
MOST_COMMENTS, MOST_VARIANTS, MOST_BLOCKS, MOST_VERTICES, MOST_TREES = 50, 10, 200, 500, 1000
MOST_BYTES = 262_144  # of one contribution
HIGHEST = 300.0  # metres of a block
EARLIEST, LATEST = 2000, 2100  # years in which somebody may have written
FEELINGS = ("like", "dislike", "question")
CHANNELS = ("page", "kiosk", "paper")
_KEYS = {
    "format", "schema", "publication", "revision", "id", "created", "language", "channel", "consent", "crs", "comments", "judgements",
    "choices", "variants", "source",
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What contributions are held against. area : box in scene coordinates in which places count. publication : the id of what is
    published, "" for any. variants, categories, criteria, places : ids that are known; None: any."""

    origin: Origin
    area: tuple[float, float, float, float]
    publication: str = ""
    variants: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    criteria: frozenset[str] | None = None
    places: frozenset[str] | None = None

    def holds(self, east: float, north: float) -> bool:
        west, south, right, top = self.area
        x, y = east - self.origin.easting, north - self.origin.northing
        return west <= x <= right and south <= y <= top


@dataclass
class Checked:
    """A contribution as it is kept (JSON, schema 1), and what was left out or mended of it. foreign : made here of what another system
    holds, where it may change."""

    content: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    foreign: bool = False

    @property
    def id(self) -> str:
        return str(self.content["id"])


def loads(data: bytes, where: str) -> Any:
    """JSON of somebody else: no NaN, no infinity, no depth that breaks a reader. Raises InputProblem."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
    except UnicodeDecodeError as error:
        raise InputProblem(where, "it is not UTF-8 text", "Ask for it as UTF-8") from error
    except RecursionError as error:
        raise InputProblem(where, "it is nested too deeply to be read", "Leave it out") from error
    except ValueError as error:
        raise InputProblem(where, f"this is not valid JSON ({error})", "Ask for the file again") from error


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{one_line(text, 30)} is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > 300:  # more than a float can hold
        raise ValueError(f"{one_line(text, 30)} is too large")
    return int(text)


def check(content: Any, where: str, frame: Frame) -> Checked:
    """One contribution, cleaned. Raises InputProblem for one of which nothing can be kept."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputProblem(where, "this is no contribution", "Leave it out, or ask for it again")
    if content.get("schema") != SCHEMA:
        raise InputProblem(where, f"it has schema {one_line(str(content.get('schema')), 20)}, and {SCHEMA} is known", "Update Jena Planner")
    if frame.publication and content.get("publication") != frame.publication:
        said = one_line(str(content.get("publication")), 60)
        raise InputProblem(where, f"it belongs to another procedure ({said})", "Collect it into that project")
    size = len(json.dumps(content, ensure_ascii=False).encode(errors="replace"))
    if size > MOST_BYTES:
        raise InputProblem(where, f"it has {size / 1000:.0f} kB; {MOST_BYTES / 1000:.0f} are allowed", "Leave it out")
    identity = _uuid(content.get("id"))
    if identity is None:
        raise InputProblem(where, "it has no id", "Leave it out, or ask for it again")
    return _Cleaning(f"{where}, {identity[:8]}", frame).whole(content, identity)


class _Cleaning:
    def __init__(self, where: str, frame: Frame) -> None:
        self.where, self.frame = where, frame
        self.problems: list[Problem] = []
        self.comments = 0

    def lost(self, code: str, message: str) -> None:
        self.problems.append(Problem(code, self.where, "", message))

    def whole(self, content: dict[str, Any], identity: str) -> Checked:
        system = str(content.get("crs") or self.frame.origin.crs)
        made: dict[str, Any] = {
            "format": FORMAT,
            "schema": SCHEMA,
            "publication": plain(content.get("publication"), LONGEST_NAME),
            "revision": plain(content.get("revision"), LONGEST_NAME),
            "id": identity,
            "created": _moment(content.get("created")),
            "language": plain(content.get("language"), 10) or "de",
            "channel": content["channel"] if content.get("channel") in CHANNELS else "page",
            "consent": content.get("consent") is True,
            "crs": self.frame.origin.crs,
        }
        if isinstance(content.get("source"), dict):
            made["source"] = {plain(key, 40): _scalar(value) for key, value in list(content["source"].items())[:20]}
        space = uuid.UUID(identity)
        made["comments"] = self.each(content.get("comments"), MOST_COMMENTS, "comment", lambda one: self.comment(one, system, space))
        made["judgements"] = self.each(content.get("judgements"), 500, "judgement", self.judgement)
        made["choices"] = self.each(content.get("choices"), 500, "choice", self.choice)
        made["variants"] = self.each(content.get("variants"), MOST_VARIANTS, "variant", self.variant)
        made |= {plain(key, 40): _scalar(value) for key, value in list(content.items())[:60] if key not in _KEYS}
        if not any(made[key] for key in ("comments", "judgements", "choices", "variants")):
            why = f": {one_line(self.problems[0].message, 160)}" if self.problems else ""
            raise InputProblem(self.where, f"nothing is said in it{why}", "Leave it out")
        return Checked(made, self.problems)

    def each(self, found: Any, most: int, noun: str, read: Any) -> list[Any]:
        if not isinstance(found, list):
            if found is not None:
                self.lost("unreadable", f"its {noun}s are no list and were left out")
            return []
        if len(found) > most:
            self.lost("too-many", f"{len(found) - most} {noun}s beyond the first {most} were left out")
        read_ones = [read(one) if isinstance(one, dict) else None for one in found[:most]]
        lost = sum(not isinstance(one, dict) for one in found[:most])
        if lost:
            self.lost("unreadable", f"{lost} {noun}s could not be read and were left out")
        return [one for one in read_ones if one is not None]

    def comment(self, one: dict[str, Any], system: str, space: uuid.UUID) -> dict[str, Any] | None:
        text = plain(one.get("text"), LONGEST_TEXT, lines=True)
        if len(str(one.get("text") or "")) > LONGEST_TEXT:
            self.lost("text-cut", f"a text was cut after {LONGEST_TEXT} characters")
        feeling = one.get("feeling") if one.get("feeling") in FEELINGS else None
        if not text and feeling is None:
            self.lost("empty", "a comment without words was left out")
            return None
        self.comments += 1
        return {
            "id": _uuid(one.get("id")) or str(uuid.uuid5(space, str(self.comments))),
            "position": self.position(one.get("position"), system),
            "object": plain(one.get("object"), LONGEST_NAME) or None,
            "place": self.known(one.get("place"), self.frame.places, "place"),
            "variant": self.known(one.get("variant"), self.frame.variants, "variant"),
            "camera": self.camera(one.get("camera"), system),
            "category": self.known(one.get("category"), self.frame.categories, "category"),
            "feeling": feeling,
            "text": text,
            **{plain(key, 40): _scalar(value) for key, value in list(one.items())[:40] if key not in _OF_COMMENT},
        }

    def known(self, name: Any, names: frozenset[str] | None, noun: str) -> str | None:
        said = plain(name, LONGEST_NAME)
        if not said:
            return None
        if names is not None and said not in names:
            self.lost("unknown", f"it names a {noun} that is not there: {one_line(said, 60)}")
            return None
        return said

    def position(self, place: Any, system: str) -> list[float] | None:
        if place is None:
            return None
        xyz = _numbers(place, (2, 3))
        if xyz is None:
            self.lost("place-unreadable", "a place is no list of numbers and was left out")
            return None
        try:
            east, north = _to_crs(xyz[:2], system, self.frame.origin)
        except InputProblem as problem:
            self.lost("place-unreadable", f"a place was left out: {problem.what}")
            return None
        if not self.frame.holds(east, north):
            self.lost("outside", "a place lies outside the area and was left out")
            return None
        height = xyz[2] if len(xyz) == 3 and -500 < xyz[2] < 9000 else None
        return [round(east, 4), round(north, 4)] + ([round(height, 4)] if height is not None else [])

    def camera(self, camera: Any, system: str) -> dict[str, Any] | None:
        if not isinstance(camera, dict):
            return None
        eye, target = (self.position(camera.get(key), system) for key in ("position", "target"))
        if eye is None or target is None or len(eye) < 3 or len(target) < 3:
            return None
        angle = _numbers([camera.get("field_of_view", 40)], (1,))
        return {"position": eye, "target": target, "field_of_view": min(120.0, max(5.0, angle[0] if angle else 40.0))}

    def judgement(self, one: dict[str, Any]) -> dict[str, Any] | None:
        variant, criterion = self.known(one.get("variant"), self.frame.variants, "variant"), plain(one.get("criterion"), LONGEST_NAME)
        criterion = self.known(criterion, self.frame.criteria, "criterion") or ""
        value = one.get("value")
        if variant is None or not criterion or isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
            self.lost("unreadable", "a judgement could not be read and was left out")
            return None
        return {"variant": variant, "criterion": criterion, "value": value}

    def choice(self, one: dict[str, Any]) -> dict[str, Any] | None:
        shown = one.get("shown")
        pair = [self.known(name, self.frame.variants, "variant") for name in shown] if isinstance(shown, list) and len(shown) == 2 else []
        chosen = plain(one.get("chosen"), LONGEST_NAME) or None
        if len(pair) != 2 or None in pair or pair[0] == pair[1] or chosen not in (*pair, None):
            self.lost("unreadable", "a choice between two variants could not be read and was left out")
            return None
        return {"shown": pair, "chosen": chosen, "criterion": plain(one.get("criterion"), LONGEST_NAME) or None}

    def variant(self, one: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return checked_variant(one, self.where, self.frame)
        except InputProblem as problem:
            self.lost("variant-refused", f"a variant was left out: {problem.what}")
            return None


_OF_COMMENT = {"id", "position", "object", "place", "variant", "camera", "category", "feeling", "text"}


def checked_variant(one: dict[str, Any], where: str, frame: Frame) -> dict[str, Any]:
    """A citizen's variant as GeoJSON that can be applied: within the area, not too much of it, no body that cannot be. Raises
    InputProblem."""
    features = one.get("features")
    if not isinstance(features, list):
        raise InputProblem(where, "it is no FeatureCollection", "Leave it out")
    if len(features) > MOST_BLOCKS + 2 * MOST_TREES:
        raise InputProblem(where, f"it has {len(features)} features", "Leave it out")
    for feature in features:
        if isinstance(feature, dict) and _vertices(feature.get("geometry")) > MOST_VERTICES:
            raise InputProblem(where, f"an outline has more than {MOST_VERTICES} points", "Simplify it")
    told: dict[str, Any] = {
        key: plain(one.get(key), LONGEST_TEXT, lines=True) for key in ("name", "description", "author", "reason") if key in one
    }
    harmless = {**one, **told, "locked": False, "status": "entwurf"}
    variant = variant_files.from_geojson(harmless, Path(where), frame.origin)
    if len(variant.blocks) > MOST_BLOCKS:
        raise InputProblem(where, f"it has {len(variant.blocks)} blocks; {MOST_BLOCKS} are allowed", "Leave it out")
    if any(block.stand_in is not None for block in variant.blocks):
        raise InputProblem(where, "it names files of models, which nobody may send", "Leave it out")
    west, south, east, north = frame.area
    for shape in [*(block.footprint for block in variant.blocks), *(space.shape for space in variant.open_spaces)]:
        left, low, right, top = shape.bounds
        if left < west or low < south or right > east or top > north:
            raise InputProblem(where, "it lies outside the area", "Leave it out")
    for x, y in [*(tree.position for tree in variant.planted), *(tree.position for tree in variant.felled)]:
        if not (west <= x <= east and south <= y <= north):
            raise InputProblem(where, "a tree lies outside the area", "Leave it out")
    for block in variant.blocks:
        if block.eaves_height > HIGHEST:
            raise InputProblem(where, f"a block is {block.eaves_height:.0f} m high", "Leave it out")
        massing.solid(block, 0.0)
    return variant_files.as_geojson(_told_plainly(variant), frame.origin)


def _told_plainly(variant: Variant) -> Variant:
    def harmless(properties: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {plain(key, 40): _scalar(value) for key, value in list(properties.items())[:40]}
        return found

    def block(one: Block) -> Block:
        return replace(
            one, id=plain(one.id, 80), name=plain(one.name, LONGEST_NAME), use=plain(one.use, 40), properties=harmless(one.properties)
        )

    return replace(
        variant,
        id=plain(variant.id, 80),
        name=plain(variant.name, LONGEST_NAME) or "Ohne Namen",
        blocks=tuple(block(one) for one in variant.blocks),
        removed=tuple(plain(name, LONGEST_NAME) for name in variant.removed[:2000]),
        open_spaces=tuple(
            replace(one, name=plain(one.name, LONGEST_NAME), properties=harmless(one.properties)) for one in variant.open_spaces
        ),
        planted=tuple(replace(one, species=plain(one.species, 80), properties=harmless(one.properties)) for one in variant.planted),
        felled=tuple(replace(one, properties=harmless(one.properties)) for one in variant.felled),
        properties=harmless(variant.properties),
    )


def _vertices(geometry: Any) -> int:
    rings = geometry.get("coordinates") if isinstance(geometry, dict) else None
    return sum(len(ring) for ring in rings if isinstance(ring, list)) if isinstance(rings, list) else 0


def plain(text: Any, most: int, *, lines: bool = False) -> str:
    """A text without what a terminal, a table or a name cannot bear: control and direction marks, half characters. lines : whether it may
    have several. Markup stays as the letters it is: whoever shows it, escapes it."""
    if not isinstance(text, (str, int, float)) or isinstance(text, bool):
        return ""
    kept = "".join(
        letter if letter == "\n" and lines else " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", str(text)[: 4 * most]).encode("utf-8", "ignore").decode()
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn") or letter == "\u200d"
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip()[:most].rstrip()


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value if not isinstance(value, int) or abs(value) < 2**53 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_scalar(one) for one in value[:50] if not isinstance(one, (list, dict))]
    return plain(value, LONGEST_TEXT, lines=True)


def _numbers(value: Any, lengths: tuple[int, ...]) -> list[float] | None:
    if not isinstance(value, list) or len(value) not in lengths:
        return None
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) or not math.isfinite(one) or abs(one) > 1e9 for one in value):
        return None
    return [float(one) for one in value]


def _uuid(value: Any) -> str | None:
    try:
        return str(uuid.UUID(str(value)[:60]))
    except ValueError:
        return None


def _moment(value: Any) -> str:
    """A moment as UTC, "" where none can be told."""
    try:
        moment = dt.datetime.fromisoformat(str(value)[:40])
    except ValueError:
        return ""
    if not EARLIEST <= moment.year <= LATEST:
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return ""


@lru_cache(maxsize=16)
def _transformer(system: str, to: str) -> Any:
    import pyproj

    return pyproj.Transformer.from_crs(crs_names.proj(crs_names.parse(system).horizontal), crs_names.proj(to), always_xy=True)


def _to_crs(xy: list[float], system: str, origin: Origin) -> tuple[float, float]:
    if system == origin.crs:
        return xy[0], xy[1]
    import pyproj

    try:
        east, north = _transformer(system, origin.crs).transform(xy[0], xy[1])
    except pyproj.exceptions.ProjError as error:
        raise InputProblem(system, f"it names no coordinate system that is known ({one_line(system, 40)})", "Leave it out") from error
    if not (np.isfinite(east) and np.isfinite(north)):
        raise InputProblem(system, "it lies where the project's coordinate system does not reach", "Leave it out")
    return float(east), float(north)


def to_project(lon_lat: list[float], origin: Origin) -> tuple[float, float]:
    """Longitude and latitude as easting and northing; raises InputProblem off the Earth or the system."""
    return _to_crs(lon_lat, "EPSG:4326", origin)


def box_of(shapes: Any, margin: float) -> tuple[float, float, float, float]:
    """The bounds of shapes, so much wider."""
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west - margin), float(south - margin), float(east + margin), float(north + margin)
