"""Materials and textures of CityGML 1.0, 2.0 and 3.0, found by a pass of their own: a file without any costs one look at its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree

from .. import textures
from ..appearance import Look, Texture, hexadecimal, settle
from ..arrays import FloatArray
from ..problems import Report
from .elements import EXTERIOR, Record
from .names import APPEARANCE, GML, HREF, MEMBERS, POLYGONS, RINGS, gml_id, local

_SIGN = b"urfaceData"  # of app:surfaceDataMember, app:surfaceData
_PIECE = 1 << 22
_WRAPS = {"wrap": "repeat", "mirror": "mirror", "clamp": "clamp", "border": "clamp", "none": "clamp"}
_LINKS = frozenset(f"{{{space}}}{name}" for space in GML for name in ("surfaceMember", "baseSurface"))


@dataclass
class _Data:
    """One material or texture. aims : id of a geometry -> texture coordinates by ring, or a matrix; None for a material."""

    colour: str = ""
    texture: Texture | None = None
    aims: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Found:
    """themes : the data of each, and ids of data given elsewhere. by_id : data; lists : texture coordinates that others may refer to."""

    themes: dict[str, list[_Data | str]] = field(default_factory=dict)
    by_id: dict[str, _Data] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    unplaced: int = 0
    listed: dict[Path, dict[str, Path]] = field(default_factory=dict)
    """What folders hold (see `textures.found_at`)."""


def attach(path: Path, records: Sequence[Record], safe: dict[str, Any], report: Report) -> None:
    """Set the `look` of all faces that a file gives one. safe : how its XML is to be parsed."""
    if not _has_any(path):
        return
    found = _appearances(path, safe)
    by_aim = {theme: _by_aim(found, data) for theme, data in found.themes.items()}
    if found.unplaced:
        report.add("texture-not-placed", path, "", f"{found.unplaced} textures left out: they do not say where they lie")
    looks = _looks(path, by_aim, safe)
    faces = [face for record in records for face in record.faces]
    for face in faces:
        face.look = looks.get(face.id or (face.rings[0] if face.rings else ""))
    settle(faces, path, report)


def _has_any(path: Path) -> bool:
    """Whether a file speaks of materials and textures at all."""
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_PIECE):
            if _SIGN in piece or _SIGN in before + piece[: len(_SIGN)]:
                return True
            before = piece[-len(_SIGN) :]
            if b"\0" in before:  # two bytes a letter
                return True
    return False


def _appearances(path: Path, safe: dict[str, Any]) -> _Found:
    found = _Found()
    for _, element in etree.iterparse(str(path), events=("end",), tag=(*APPEARANCE, *MEMBERS), **safe):
        if element.tag in APPEARANCE:
            _take(element, path.parent, found)
        else:
            element.clear(keep_tail=False)
    return found


def _take(element: Any, folder: Path, found: _Found) -> None:
    """One appearance: its theme and what belongs to it."""
    theme = next((_text(child) for child in element if local(child.tag) == "theme"), "")
    own = found.themes.setdefault(theme, [])
    for member in element:
        if local(member.tag) not in ("surfaceDataMember", "surfaceData"):
            continue
        if link := member.get(HREF):
            own.append(_id(link))
        for child in member:
            data = _data(child, folder, found)
            if data is not None:
                own.append(data)
                if gml_id(child):
                    found.by_id[gml_id(child)] = data


def _data(element: Any, folder: Path, found: _Found) -> _Data | None:
    kind = local(element.tag)
    words = {local(child.tag): _text(child) for child in element}
    if words.get("isFront", "true").lower() in ("false", "0"):  # backs are not seen
        return None
    if kind == "X3DMaterial":
        numbers = _numbers(words.get("diffuseColor", "0.8 0.8 0.8"))
        data = _Data(colour=hexadecimal(numbers.tolist()) if numbers is not None else "")
    elif kind in ("ParameterizedTexture", "GeoreferencedTexture") and words.get("imageURI"):
        wrap = _WRAPS.get(words.get("wrapMode", "wrap"), "repeat")
        data = _Data(texture=Texture(words["imageURI"], wrap, kind == "GeoreferencedTexture"))
    else:
        return None
    matrix = _on_the_ground(element, words, folder, found.listed) if kind == "GeoreferencedTexture" else None
    if kind == "GeoreferencedTexture" and matrix is None:
        found.unplaced += 1
        return None
    for child in element:
        name = local(child.tag)
        if name == "target" and child.get("uri"):
            data.aims[_id(child.get("uri"))] = _parameters(child, found)
        elif name == "target" and _text(child):
            data.aims[_id(_text(child))] = matrix
        elif name in ("textureParameterization", "target"):  # CityGML 3
            for association in child:
                inner = {local(one.tag): one for one in association}
                target = inner["uri"] if "uri" in inner else inner.get("target")
                holder = inner.get("textureParameterization")
                if target is not None and holder is not None:
                    data.aims[_id(_text(target) or target.get(HREF) or "")] = _parameters(holder, found)
    return data


def _parameters(holder: Any, found: _Found) -> Any:
    """Texture coordinates by ring, a matrix, or the id of what is given elsewhere."""
    for child in holder:
        kind = local(child.tag)
        made: Any = None
        if kind == "TexCoordList":
            given = [one for one in child if local(one.tag) == "textureCoordinates"]
            rings = [_text(one) for one in child if local(one.tag) == "ring"]  # CityGML 3
            names = [one.get("ring") or (rings[number] if number < len(rings) else "") for number, one in enumerate(given)]
            made = {_id(name): one.text or "" for name, one in zip(names, given, strict=True)}
        elif kind == "TexCoordGen":
            words = next((one.text or "" for one in child if local(one.tag) == "worldToTexture"), "")
            numbers = _numbers(words)
            made = numbers.reshape(3, 4) if numbers is not None and len(numbers) == 12 else None
        if made is not None:
            if gml_id(child):
                found.lists[gml_id(child)] = made
            return made
    return _id(holder.get(HREF) or "")


def _on_the_ground(element: Any, words: dict[str, str], folder: Path, listed: dict[Path, dict[str, Path]]) -> FloatArray | None:
    """The matrix from coordinates to columns and rows of a picture that lies on the map; None where nothing says how it lies."""
    if words.get("preferWorldFile", "true").lower() not in ("false", "0") and (
        beside := textures.world_file(folder, words["imageURI"], listed)
    ):
        a, d, b, e, x, y = beside
    else:
        matrix = _numbers(words.get("orientation", ""))
        place = next((one for one in element if local(one.tag) == "referencePoint"), None)
        point = _numbers(" ".join(text for text in place.itertext()) if place is not None else "")
        if matrix is None or point is None or len(matrix) != 4 or len(point) < 2:
            return None
        (a, b, d, e), (x, y) = matrix.tolist(), point[:2].tolist()
    if not np.isfinite(a * e - b * d) or a * e == b * d:
        return None
    back = np.linalg.inv(np.array([[a, b], [d, e]]))
    offset = -back @ np.array([x, y])
    return np.array([[*back[0], 0.0, offset[0]], [*back[1], 0.0, offset[1]], [0.0, 0.0, 0.0, 1.0]])


def _by_aim(found: _Found, given: list[_Data | str]) -> dict[str, tuple[str, Texture | None, Any]]:
    """For each geometry of a theme: colour, texture, and what lays the texture on it."""
    made: dict[str, tuple[str, Texture | None, Any]] = {}
    for one in given:
        data = found.by_id.get(one) if isinstance(one, str) else one
        if data is None:
            continue
        for aim, how in data.aims.items():
            how = found.lists.get(how) if isinstance(how, str) else how
            colour, texture, laid = made.get(aim, ("", None, None))
            if data.texture is None:
                made[aim] = (data.colour, texture, laid)
            elif how is not None:
                made[aim] = (colour, data.texture, how)
    return made


def _looks(path: Path, themes: dict[str, dict[str, tuple[str, Texture | None, Any]]], safe: dict[str, Any]) -> dict[str, dict[str, Look]]:
    """For each face, by its id or else the coordinates of its first ring, its look in each theme. What is said of the face itself goes
    before what is said of something that it is part of."""
    found: dict[str, dict[str, Look]] = {}
    linked: dict[str, dict[str, Look]] = {}
    if not any(themes.values()):
        return found
    for _, element in etree.iterparse(str(path), events=("end",), tag=(*POLYGONS, *_LINKS, *MEMBERS), **safe):
        tag = element.tag
        if tag in POLYGONS:
            rings: list[tuple[str, str]] = []
            for ring in element.iter(*RINGS):
                at = 0 if rings and ring.getparent().tag in EXTERIOR else len(rings)
                rings.insert(at, (gml_id(ring), ring[0].text or "" if len(ring) else ""))
            key, looks = gml_id(element) or (rings[0][1] if rings else ""), found
        elif tag in _LINKS:
            if not (link := element.get(HREF)):
                continue
            rings, key, looks = [], _id(link), linked
        else:
            element.clear(keep_tail=False)
            continue
        names = [name for one in (element, *element.iterancestors()) if (name := gml_id(one))]
        for theme, aims in themes.items():
            look = _look([aims[name] for name in names if name in aims], rings)
            if look is not None:
                looks.setdefault(key, {})[theme] = look
    for key, by_theme in linked.items():
        found[key] = {**by_theme, **found.get(key, {})}
    return found


def _look(said: list[tuple[str, Texture | None, Any]], rings: list[tuple[str, str]]) -> Look | None:
    """What is said of a face and of what it is part of, the nearest first, as one look."""
    look = Look()
    for colour, texture, laid in said:
        look.colour = look.colour or colour
        if texture is None or look.texture is not None:
            continue
        if isinstance(laid, dict):
            given = [laid.get(name) for name, _ in rings]
            if not any(given) and len(laid) == len(rings) == 1:  # rings without names, or with wrong ones
                given = list(laid.values())
            if any(given):
                look.texture, look.rings = texture, given
        else:
            look.texture, look.matrix = texture, laid
    return look if look.colour or look.texture is not None else None


def _text(element: Any) -> str:
    return (element.text or "").strip()


def _id(link: str) -> str:
    return link.strip().rpartition("#")[2]


def _numbers(text: str) -> FloatArray | None:
    try:
        return np.array(text.replace(",", " ").split(), np.float64)
    except ValueError:
        return None
