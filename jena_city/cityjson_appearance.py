"""Materials and textures of CityJSON: what geometries say of their surfaces, and the lists that it counts through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .appearance import Look, Texture, hexadecimal

_WRAPS = {"wrap": "repeat", "mirror": "mirror", "clamp": "clamp", "border": "clamp", "none": "clamp"}


def said(geometry: dict[str, Any], surfaces: Any) -> Iterator[dict[str, tuple[Any, Any]] | None]:
    """For each surface of a geometry what it says of it: theme -> number of a material and rings of texture coordinates, endless.

    surfaces : goes through the surfaces of nested lists beside those of the geometry.
    """
    found: list[tuple[str, int, list[Any] | None, Any]] = []
    for place, kind in enumerate(("material", "texture")):
        themes = geometry.get(kind)
        for theme, given in themes.items() if isinstance(themes, dict) else ():
            if isinstance(given, dict):
                values = given.get("values")
                found.append(
                    (str(theme), place, [value for _, value in surfaces(values)] if values is not None else None, given.get("value"))
                )
    number = 0
    while True:
        here: dict[str, tuple[Any, Any]] = {}
        for theme, place, of_each, of_all in found:
            value = of_all if of_each is None else (of_each[number] if number < len(of_each) else None)
            if value is not None:
                before = here.get(theme, (None, None))
                here[theme] = (value, before[1]) if place == 0 else (before[0], value)
        yield here or None
        number += 1


def understood(faces: Iterable[Any], given: Any) -> None:
    """Turn what faces say (`said`) into Looks by theme. given : the appearance of their file or feature."""
    given = given if isinstance(given, dict) else {}
    colours = [_colour(one) for one in _list(given.get("materials"))]
    pictures = [_texture(one) for one in _list(given.get("textures"))]
    try:
        vertices = np.array(_list(given.get("vertices-texture")), np.float64).reshape(-1, 2)
    except (ValueError, TypeError):
        vertices = np.zeros((0, 2))
    for face in faces:
        if not face.look:
            continue
        looks = {}
        for theme, (material, rings) in face.look.items():
            look = Look(colours[material] if _counts(material, colours) else "")
            for ring in _list(rings):
                if not (isinstance(ring, list) and len(ring) > 3 and _counts(ring[0], pictures)):
                    look.rings.append(None)
                    continue
                look.texture = look.texture or pictures[ring[0]]
                fits = all(_counts(corner, vertices) for corner in ring[1:])
                look.rings.append(vertices[[*ring[1:], ring[1]]] if fits else None)
            if look.colour or look.texture is not None:
                looks[theme] = look
        face.look = looks or None


def _colour(material: Any) -> str:
    parts = material.get("diffuseColor") if isinstance(material, dict) else None
    try:
        return hexadecimal([float(part) for part in _list(parts)])
    except (TypeError, ValueError):
        return ""


def _texture(given: Any) -> Texture | None:
    name = given.get("image") if isinstance(given, dict) else None
    return Texture(name, _WRAPS.get(str(given.get("wrapMode", "wrap")), "repeat")) if isinstance(name, str) and name else None


def _counts(number: Any, things: Any) -> bool:
    return type(number) is int and 0 <= number < len(things)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
