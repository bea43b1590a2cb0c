"""What comes back, whoever wrote it: our own files and links, Masterportal's modeler3D, DIPAS, CONSUL, plain GeoJSON and CSV.

Each becomes contributions of one form (see `contributions`). What others wrote has no id of ours: it gets one made of where it is from, so
that the same thing read twice is the same contribution.
"""

from __future__ import annotations

import base64
import binascii
import csv
import html
import io
import json
import math
import re
import uuid
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import requests
import shapely

from ..jena_city import web
from ..jena_city.problems import InputProblem, Problem, Progress, no_progress, one_line, stretch
from .contributions import FORMAT, MANY, SCHEMA, Checked, Frame, check, loads, plain, to_project

LARGEST = 64 * 1024 * 1024  # bytes of a file; read as JSON it may take twenty times as much
UNFOLDED = 4 * 1024 * 1024  # bytes that a link may unfold to
MOST_PAGES = 10_000
MOST_OF_FILE = 200_000  # contributions in a file
_SPACE = uuid.UUID("6f0d9c55-6b39-4a3c-8a5f-2f6c6e8f2f6a")  # names of foreign contributions are made in it
_BROKEN = (
    KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, ZeroDivisionError, shapely.errors.GEOSException,
)  # fmt: skip  # what a geometry that is none may raise
STOREY = 3.0  # metres, where a body says only how high it is
SUFFIXES = (".json", ".geojson", ".csv", ".txt")


@dataclass
class Received:
    """contributions : checked, in the order found. problems : what was left out or mended. refused : how many could not be kept at all.
    kinds : what was read, by the system it is from."""

    contributions: list[Checked] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def take(self, content: Any, where: str, frame: Frame, kind: str) -> None:
        try:
            made = check(content, where, frame)
        except InputProblem as problem:
            self.refused += 1
            self.problems.append(Problem("refused", where, "", f"{problem.what}; it was left out"))
            return
        made.foreign = kind != "jena-planner"
        self.contributions.append(made)
        self.problems += made.problems
        self.kinds[kind] = self.kinds.get(kind, 0) + 1


def read(sources: list[str], frame: Frame, *, undulation: float = 0.0, progress: Progress = no_progress) -> Received:
    """Files, folders, links and servers. undulation : metres from the ellipsoid up to the zero of heights, for systems that measure from
    it. Raises InputProblem for a source that is not there or is nothing known; of what is in it, the rest is read where a part is bad."""
    found = Received()
    for number, source in enumerate(sources):
        of_this = stretch(progress, number / len(sources), (number + 1) / len(sources))
        if "#b=" in source:
            found.take(loads(unfolded(source.split("#b=", 1)[1], "the link"), "the link"), "the link", frame, "jena-planner")
        elif re.match(r"https?://", source):
            _server(source, frame, found, of_this)
        else:
            _path(Path(source), frame, undulation, found, of_this)
    return found


def _path(path: Path, frame: Frame, undulation: float, found: Received, progress: Progress) -> None:
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in SUFFIXES)
        if not files:
            raise InputProblem(path, "there are no contributions in this folder (.json, .geojson, .csv)", "Check the folder")
        for number, file in enumerate(files):
            progress(number / len(files), file.name)
            try:
                _file(file, frame, undulation, found)
            except InputProblem as problem:
                found.refused += 1
                found.problems.append(Problem("refused", str(file), "", f"{problem.what}; it was left out"))
        return
    _file(path, frame, undulation, found)


def _file(path: Path, frame: Frame, undulation: float, found: Received) -> None:
    try:
        if path.stat().st_size > LARGEST:
            raise InputProblem(path, f"the file has {path.stat().st_size / 1e6:.0f} MB", f"Files up to {LARGEST / 1e6:.0f} MB are read")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputProblem(path, "there is no such file", "Check the name") from error
    except OSError as error:
        raise InputProblem(path, f"the file cannot be read ({error.strerror})", "Check its access rights") from error
    where = str(path)
    text = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"http://", b"https://")) and b"#b=" in data:
        for number, line in enumerate(data.decode("utf-8", "replace").split(), 1):
            if "#b=" in line:
                at = f"{where}, link {number}"
                found.take(loads(unfolded(line.split("#b=", 1)[1], at), at), at, frame, "jena-planner")
        return
    if not text.startswith((b"{", b"[")):
        _table(data, where, frame, found)
        return
    content = loads(data, where)
    for one, kind in _read_json(content, where, frame, undulation, found):
        if sum(found.kinds.values()) + found.refused > MOST_OF_FILE:
            raise InputProblem(path, f"it holds more than {MOST_OF_FILE} contributions", "Split it")
        found.take(one, where, frame, kind)


def unfolded(letters: str, where: str) -> bytes:
    """The JSON text that a link carries: base64url of raw deflate. Raises InputProblem."""
    letters = letters.strip().split("&")[0]
    try:
        packed = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(-15)
        data = unpacker.decompress(packed, UNFOLDED)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InputProblem(where, "the link carries no contribution, or not the whole of one", "Copy it again, to its end") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise InputProblem(where, "the link carries no contribution, or not the whole of one", "Copy it again, to its end")
    return data


def _server(url: str, frame: Frame, found: Received, progress: Progress) -> None:
    """All pages of a server that takes contributions for the page: see docs/publication-format.md."""
    parts = urlsplit(url)
    base = url.rstrip("/") if "/api/" in parts.path else f"{url.rstrip('/')}/api/v1/contributions"
    session, after, seen = web.session(), "", set()
    for page in range(MOST_PAGES):
        progress(0.0, f"page {page + 1} of {parts.netloc}")
        asked = f"{base.split('?')[0]}?publication={quote(frame.publication)}" + (f"&after={quote(after)}" if after else "")
        try:
            with session.get(asked, timeout=web.TIMEOUT, stream=True) as answer:
                answer.raise_for_status()
                data = b""
                for part in answer.iter_content(1 << 16):
                    data += part
                    if len(data) > LARGEST:
                        raise InputProblem(url, "its answer is too large", "Ask whoever runs it")
        except requests.RequestException as error:
            raise InputProblem(
                url, f"the server does not answer as it should ({one_line(str(error), 120)})", "Check the address, try again"
            ) from error
        content = loads(data, url)
        if not isinstance(content, dict) or not isinstance(content.get("contributions"), list):
            raise InputProblem(url, "its answer holds no contributions", "Check the address")
        for one in content["contributions"]:
            found.take(one, url, frame, "jena-planner")
        if len(found.contributions) + found.refused > MOST_OF_FILE:
            raise InputProblem(url, f"it gives more than {MOST_OF_FILE} contributions", "Ask whoever runs it")
        after = plain(content.get("next"), 500)
        if not after:
            return
        if after in seen:
            raise InputProblem(url, "the server gives the same page again and again", "Ask whoever runs it")
        seen.add(after)


def _read_json(content: Any, where: str, frame: Frame, undulation: float, found: Received) -> Iterator[tuple[Any, str]]:
    """Contributions in our form of whatever it is, with the system it is from."""
    if isinstance(content, dict) and content.get("format") == FORMAT:
        yield content, "jena-planner"
    elif isinstance(content, dict) and content.get("format") == MANY and isinstance(content.get("contributions"), list):
        for one in content["contributions"]:
            yield one, "jena-planner"
    elif isinstance(content, list):
        for one in content:  # contributions, or pages of another system's answer one after another
            if isinstance(one, dict) and one.get("format") is None and ({"data", "features"} & set(one)):
                yield from _read_json(one, where, frame, undulation, found)
            else:
                yield one, "jena-planner"
    elif isinstance(content, dict) and isinstance(content.get("data"), dict):
        yield from ((one, "consul") for one in _consul(content["data"], frame))
    elif isinstance(content, dict) and content.get("type") == "FeatureCollection" and isinstance(content.get("features"), list):
        features = [one for one in content["features"] if isinstance(one, dict)]
        if any("extrudedHeight" in _properties(one) or _type(one) == "Polyline" for one in features):
            yield _modeler(features, where, frame, undulation, found), "masterportal"
        elif any(_properties(one).get("jena_feature") for one in features) or content.get("schema") == 3:
            yield _wrapped(frame, "variant", "", {"variants": [content], "consent": True}), "jena-planner"
        elif any({"contributionContent", "dipasLocated", "contributionType"} & set(_properties(one)) for one in features):
            yield from ((one, "dipas") for one in _dipas(features, frame))
        else:
            yield from ((one, "geojson") for one in _plain_points(features, content, where, frame))
    else:
        raise InputProblem(where, "this is neither a contribution nor a file of another system that is known", "See docs/collecting.md")


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _type(feature: dict[str, Any]) -> str:
    geometry = feature.get("geometry")
    return str(geometry.get("type")) if isinstance(geometry, dict) else ""


def _wrapped(frame: Frame, system: str, name: str, content: dict[str, Any], **source: Any) -> dict[str, Any]:
    """Something of another system as a contribution. Its id is made of its name there; where it has none, of what it says."""
    digest = "" if name else json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "publication": frame.publication,
        "id": str(uuid.uuid5(_SPACE, f"{system}:{name}:{digest}")),
        "crs": frame.origin.crs,
        "channel": "page",
        "source": {"system": system, **source},
        **content,
    }


def _comment(system: str, name: str, text: str, position: list[float] | None, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid5(_SPACE, f"{system}:{name}:comment")), "text": text, "position": position, **more}


def _dipas(features: list[dict[str, Any]], frame: Frame) -> Iterator[dict[str, Any]]:
    """PDS of DIPAS. What is not located has the outline of the project's area, or a point at 0, 0, as its place: it has none."""
    for feature in features:
        of = _properties(feature)
        name = f"{plain(of.get('belongToProject'), 80)}/{plain(of.get('id'), 80)}"
        located = of.get("dipasLocated") not in (False, "false", "0", 0, None) or ("dipasLocated" not in of)
        position = _middle(feature, frame) if located else None
        text = _joined(of.get("title"), of.get("contributionContent"))
        votes = {"votes_for": _count(of.get("votingPro")), "votes_against": _count(of.get("votingContra"))}
        labels = {"label": plain(of.get("category"), 80), "kind": plain(of.get("contributionType"), 80)}
        comments = [_comment("dipas", name, text, position, **labels, **votes)]
        answers = of.get("commentedBy")
        for answer in _tree(answers if isinstance(answers, list) else []):
            said = _joined(
                answer.get("title") or answer.get("subject"), answer.get("commentContent") or answer.get("content") or answer.get("comment")
            )
            if said:
                comments.append(_comment("dipas", f"{name}/{plain(answer.get('id'), 80)}", said, None, answers=name))
        yield _wrapped(
            frame,
            "dipas",
            name,
            {"comments": comments, "created": of.get("dateCreated"), "consent": True},
            id=name,
            link=plain(of.get("link"), 300),
        )


def _tree(answers: list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    for answer in answers[:1000]:
        if isinstance(answer, dict):
            yield answer
            if isinstance(answer.get("commentedBy"), list) and depth < 20:
                yield from _tree(answer["commentedBy"], depth + 1)


def _consul(data: dict[str, Any], frame: Frame) -> Iterator[dict[str, Any]]:
    """Answers of CONSUL's GraphQL: proposals, debates and comments, which have no place."""
    for kind in ("proposals", "debates", "comments"):
        for node in _nodes(data.get(kind)):
            name = f"{kind}/{plain(node.get('id'), 80)}"
            text = _joined(node.get("title"), node.get("summary"), node.get("description"), node.get("body"))
            tags = [plain(tag.get("name"), 80) for tag in _nodes(node.get("tags"))]
            zone = node.get("geozone")
            more = {"votes_for": _count(node.get("cachedVotesUp") or node.get("cached_votes_up")), "label": ", ".join(tags)}
            if isinstance(zone, dict):
                more["district"] = plain(zone.get("name"), 80)
            comments = [_comment("consul", name, text, _map_place(node, frame), **more)]
            answers = _nodes(node.get("comments")) if kind != "comments" else []
            comments += [
                _comment("consul", f"{name}/{plain(one.get('id'), 80)}", _joined(one.get("body")), None, answers=name) for one in answers
            ]
            created = node.get("publicCreatedAt") or node.get("public_created_at")
            yield _wrapped(frame, "consul", name, {"comments": comments, "created": created, "consent": True}, id=name)


def _nodes(found: Any) -> list[dict[str, Any]]:
    """Of a GraphQL connection, in either way of writing it, or a plain list."""
    listed = found
    if isinstance(found, dict):
        edges = found.get("edges")
        listed = found.get("nodes") or [edge.get("node") for edge in (edges if isinstance(edges, list) else []) if isinstance(edge, dict)]
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _map_place(node: dict[str, Any], frame: Frame) -> list[float] | None:
    place = node.get("mapLocation") or node.get("map_location")
    if not isinstance(place, dict):
        return None
    return _placed(place.get("longitude"), place.get("latitude"), frame)


def _placed(longitude: Any, latitude: Any, frame: Frame) -> list[float] | None:
    try:
        return [round(one, 4) for one in to_project([float(longitude), float(latitude)], frame.origin)]
    except (TypeError, ValueError, OverflowError, InputProblem):
        return None


def _middle(feature: dict[str, Any], frame: Frame) -> list[float] | None:
    """One place of a geometry in degrees: its point, or one on it."""
    try:
        shape = shapely.geometry.shape(feature["geometry"])
        point = shape if shape.geom_type == "Point" else shape.representative_point()
        return _placed(point.x, point.y, frame)
    except _BROKEN:
        return None


def _modeler(features: list[dict[str, Any]], where: str, frame: Frame, undulation: float, found: Received) -> dict[str, Any]:
    """An export of Masterportal's modeler3D: rings may be open, lines are "Polyline", extrudedHeight is the height of the top, and heights
    are of the ellipsoid. Each extruded polygon becomes a block; a line or a flat area becomes a comment where it lies."""
    blocks, comments = [], []
    for number, feature in enumerate(features):
        of, kind = _properties(feature), _type(feature)
        name = plain(of.get("name"), 200)
        try:
            rings = feature["geometry"]["coordinates"]
            ring = rings[0] if kind in ("Polygon", "Polyline") else rings
            points = [[*to_project([float(p[0]), float(p[1])], frame.origin), float(p[2]) if len(p) > 2 else 0.0] for p in ring]
            top = of.get("extrudedHeight")
            base = sum(point[2] for point in points) / len(points) - undulation
            height = None if top is None else float(top) - undulation - base
            if not math.isfinite(base):
                raise ValueError(base)
        except (*_BROKEN, InputProblem):
            found.problems.append(Problem("unreadable", where, name, "a drawing could not be read and was left out"))
            continue
        outline = [[round(x, 4), round(y, 4)] for x, y, _ in points]
        if outline[0] != outline[-1]:
            outline.append(outline[0])
        if kind == "Polygon" and height is not None and height >= 2.0 and len(outline) >= 4:
            storeys = max(1, round(height / STOREY))
            ours = re.search(r"\[jc:([\w-]{1,60})\]", name)
            blocks.append(
                {
                    "type": "Feature",
                    "id": f"m{number}",
                    "properties": {
                        "jena_feature": "block", "id": f"m{number}", "name": re.sub(r"\s*\[jc:[\w-]+\]", "", name), "storeys": storeys,
                        "base": round(base, 3), "ground_floor_height": round(height / storeys, 3),
                        "storey_height": round(height / storeys, 3),
                        **({"published_as": ours[1]} if ours else {}),
                    },
                    "geometry": {"type": "Polygon", "coordinates": [outline]},
                }
            )  # fmt: skip
        elif name or of.get("text"):
            middle = np.mean([point[:2] for point in points], axis=0).round(4).tolist()
            comments.append({"text": _joined(of.get("text"), name), "position": middle})
        else:
            found.problems.append(Problem("no-body", where, "", "a drawing without height and without words was left out"))
    code = frame.origin.crs.removeprefix("EPSG:")
    design = {
        "type": "FeatureCollection", "schema": 3, "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}},
        "id": "masterportal", "name": "Aus Masterportal", "based_on": "bestand", "reason": "", "features": blocks,
    }  # fmt: skip
    return _wrapped(frame, "masterportal", "", {"consent": True, "variants": [design] if blocks else [], "comments": comments})


_TEXT = ("text", "comment", "kommentar", "beitrag", "beschreibung", "description", "inhalt", "content", "anmerkung", "nachricht", "message")
_TITLE = ("title", "titel", "name", "betreff", "subject")
_X = ("x", "e", "east", "easting", "ostwert", "rechtswert", "utm_e", "lon", "lng", "long", "longitude", "laenge", "länge")
_Y = ("y", "n", "north", "northing", "nordwert", "hochwert", "utm_n", "lat", "latitude", "breite")
_NUMBER = ("id", "nr", "nr.", "nummer", "number", "lfd. nr.", "lfd.nr.", "lfdnr")
_CATEGORY = ("category", "kategorie", "thema", "topic")
_CREATED = ("created", "date", "datum", "zeit", "timestamp", "erstellt")
_VARIANT = ("variant", "variante", "entwurf")
_FEELING = ("feeling", "wertung", "meinung", "gefällt", "gefaellt")
_FEELINGS = {
    "like": "like", "gefällt": "like", "gefaellt": "like", "ja": "like", "+": "like", "gut": "like", "dislike": "dislike",
    "stört": "dislike",
    "stoert": "dislike", "nein": "dislike", "-": "dislike", "schlecht": "dislike", "question": "question", "frage": "question",
}  # fmt: skip


def _of(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    lowered = {str(key).strip().lower(): value for key, value in row.items()}
    return next((lowered[name] for name in names if lowered.get(name) not in (None, "")), None)


def _row(row: dict[str, Any], position: list[float] | None, frame: Frame, system: str, name: str) -> dict[str, Any]:
    said = _FEELINGS.get(plain(_of(row, _FEELING), 40).lower())
    category, variant = plain(_of(row, _CATEGORY), 80), plain(_of(row, _VARIANT), 80)
    of_ours = frame.categories is None or category in frame.categories
    comment = _comment(
        system,
        name,
        _joined(_of(row, _TITLE), _of(row, _TEXT)),
        position,
        feeling=said,
        **({"category": category} if of_ours else {"label": category}),
    )
    if frame.variants is None or variant in frame.variants:
        comment["variant"] = variant or None
    channel = "paper" if plain(_of(row, ("channel", "kanal", "weg")), 40).lower() in ("paper", "papier", "karte", "analog") else "page"
    made = _wrapped(frame, system, name, {"comments": [comment], "created": _of(row, _CREATED)})
    return made | {"channel": channel, "consent": True}


def _plain_points(features: list[dict[str, Any]], content: dict[str, Any], where: str, frame: Frame) -> Iterator[dict[str, Any]]:
    crs = content.get("crs")
    stated = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) and isinstance(crs.get("properties"), dict) else ""
    ours = frame.origin.crs.removeprefix("EPSG:")
    seen: Counter[str] = Counter()
    for feature in features:
        position: list[float] | None
        if stated and ours in re.findall(r"\d+", stated):
            try:
                point = shapely.geometry.shape(feature["geometry"]).representative_point()
                position = [point.x, point.y]
            except _BROKEN:
                position = None
        else:
            position = _middle(feature, frame)
        known = {"id": feature.get("id"), **_properties(feature), "geometry": feature.get("geometry")}
        yield _row(_properties(feature), position, frame, "geojson", f"{Path(where).name}/{_row_name(known, seen)}")


def _table(data: bytes, where: str, frame: Frame, found: Received) -> None:
    """Rows of a CSV: whatever separates them, with commas or points in numbers, in UTF-8 or as Excel writes in German."""
    text = _letters(data)
    if "\x00" in text:
        raise InputProblem(where, "this is neither JSON nor a table", "See docs/collecting.md for what is read")
    first, _, rest = text.lstrip().partition("\n")
    separator = first.strip()[4:] if (told := first.lower().startswith("sep=")) else ""  # a line of Excel's own
    text = rest if told else text.lstrip()
    separator = separator or max(";\t,", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator[0])
    seen: Counter[str] = Counter()
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        if not set(names) & {*_TEXT, *_TITLE, *_FEELING}:
            raise InputProblem(where, "the table has no column with what was said", f"Call one of its columns {_TEXT[0]} or {_TEXT[2]}")
        for number, row in enumerate(rows, 2):
            if number > MOST_OF_FILE:
                raise InputProblem(where, f"it holds more than {MOST_OF_FILE} rows", "Split it")
            own = {key: value for key, value in row.items() if isinstance(key, str)}
            if not any(value and value.strip() for value in own.values()):
                continue  # the empty rows below a table
            name = f"{Path(where).name}/{_row_name(own, seen)}"
            found.take(_row(own, _table_place(own, frame), frame, "csv", name), f"{where}, row {number}", frame, "csv")
    except csv.Error as error:
        raise InputProblem(where, f"the table cannot be read ({error})", "Save it again as CSV") from error


def _letters(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")  # Excel's "Unicode text"
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _row_name(row: dict[str, Any], seen: Counter[str]) -> str:
    """What a row is known by when its table comes again, sorted or longer: its own number, else what it says, and how often so before."""
    if (number := plain(_of(row, _NUMBER), 80)) and (known := f"nr:{number}"):
        said = known
    else:
        said = json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
    seen[said] += 1
    return said if seen[said] == 1 else f"{said}#{seen[said]}"


def _table_place(row: dict[str, Any], frame: Frame) -> list[Any] | None:
    """A place in the project's system. What can be read as none is given back as it is, to be told and left out."""
    said = _of(row, _X), _of(row, _Y)
    if said == (None, None):
        return None
    try:
        x, y = (_table_number(str(one)) for one in said)
    except ValueError:
        return list(said)
    if abs(x) <= 180 and abs(y) <= 90:
        return _placed(x, y, frame) or list(said)
    zone = frame.origin.crs.removeprefix("EPSG:")
    if zone in ("25832", "25833") and x // 1e6 == int(zone[-2:]):
        x -= int(zone[-2:]) * 1e6  # the number of the zone before the easting, as land offices write it
    return [x, y]


def _table_number(text: str) -> float:
    """A number as people write it: 11.58, 11,58, 5 645 000, 5.645.000,25. Raises ValueError."""
    text = re.sub(r"[\s'°]", "", text)
    if "," in text or text.count(".") > 1:
        text = text.replace(".", "").replace(",", ".") if text.rfind(",") >= text.rfind(".") or "," not in text else text.replace(",", "")
    return float(text)


def _joined(*texts: Any) -> str:
    """Texts that may hold HTML, one after another, as plain ones; what is said twice once."""
    said: list[str] = []
    for text in texts:
        if isinstance(text, str) and (plain_text := _without_markup(text)) and plain_text not in said:
            said.append(plain_text)
    return "\n\n".join(said)


def _without_markup(text: str) -> str:
    """Words of HTML as CONSUL and DIPAS keep it. A < that begins no known element stays."""
    text = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|$)", "", text[:100_000])
    text = re.sub(r"(?i)<br\s*/?>|</(p|div|li|h\d)\s*>", "\n", text)
    text = re.sub(r"(?i)</?(p|div|span|a|b|i|u|em|strong|ul|ol|li|h\d|blockquote|img|br|table|tr|td|th)\b[^<>]{0,2000}>", "", text)
    return "\n".join(line.strip() for line in html.unescape(text).split("\n")).strip()


def _count(value: Any) -> int:
    try:
        return max(0, min(10**7, int(float(value))))
    except (TypeError, ValueError, OverflowError):
        return 0
