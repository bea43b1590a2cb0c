"""How surfaces of a city model look: colours and textures as columns beside those of the model, only where a file has any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import FloatArray, IntArray
from .problems import Report

GREY = 16  # of 255: what red, green and blue may differ in a colour that is none
WRAPS = ("repeat", "mirror", "clamp")
"""What a picture shows beyond its edges."""


@dataclass(frozen=True)
class Texture:
    """A picture on surfaces. name : as the file has it. wrap : one of WRAPS. in_pixels : its coordinates count columns and rows from the
    middle of the upper left pixel, until the picture is read. image : JPEG or PNG of `size` (columns, rows), b"" while there is none;
    then `size` is (0, 0) where it was not found, else what there is is of no use."""

    name: str
    wrap: str = "repeat"
    in_pixels: bool = False
    image: bytes = field(default=b"", repr=False)
    size: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Look:
    """What a file says of the look of one face. colour : "#rrggbb", "" for none. rings : texture coordinates of each ring, as text or
    (n, 2), None where there are none. matrix : (3, 4) from coordinates of the file to those of the texture, instead of rings."""

    colour: str = ""
    texture: Texture | None = None
    rings: list[Any] = field(default_factory=list)
    matrix: FloatArray | None = None


@dataclass
class Appearance:
    """The look of a CityModel's surfaces.

    colours : "#rrggbb". surface_colour, surface_texture (S,) : which of the colours and textures a surface has, -1 for none. uv (P, 2) :
    texture coordinates of each point of each ring, from the lower left corner of the picture, which is 1 wide and high; NaN where none.
    """

    surface_colour: IntArray
    surface_texture: IntArray
    uv: npt.NDArray[np.float32]
    colours: list[str]
    textures: list[Texture]

    def selected(self, surfaces: npt.NDArray[np.bool_], points: npt.NDArray[np.bool_]) -> Appearance:
        """With only these surfaces (S,) and points (P,)."""
        return replace(
            self, surface_colour=self.surface_colour[surfaces], surface_texture=self.surface_texture[surfaces], uv=self.uv[points]
        )

    @property
    def shown(self) -> bool:
        """Whether any surface has a colour, or a texture whose picture is there."""
        there = np.array([bool(one.image) for one in self.textures], bool)
        return bool((self.surface_colour >= 0).any()) or bool(there[self.surface_texture[self.surface_texture >= 0]].any())


def bare(surfaces: int, points: int) -> Appearance:
    """Of a model without any."""
    return Appearance(np.full(surfaces, -1, np.int32), np.full(surfaces, -1, np.int32), np.full((points, 2), np.nan, np.float32), [], [])


def joined(given: Sequence[Appearance]) -> Appearance:
    """One after the other; the same texture or colour in several counts once."""
    colours: dict[str, int] = {}
    textures: dict[Texture, int] = {}
    of_colour, of_texture = [], []
    for one in given:
        number = np.array([*(colours.setdefault(colour, len(colours)) for colour in one.colours), -1], np.int32)
        of_colour.append(number[one.surface_colour])
        number = np.array([*(textures.setdefault(texture, len(textures)) for texture in one.textures), -1], np.int32)
        of_texture.append(number[one.surface_texture])
    uv = np.concatenate([one.uv for one in given])
    return Appearance(np.concatenate(of_colour), np.concatenate(of_texture), uv, list(colours), list(textures))


def settle(faces: Sequence[Any], path: Path, report: Report) -> None:
    """Of several themes keep one: that with textures on most faces, then that of most faces, else the first. Each face's `look` is
    a dict of Looks by theme before, a Look or None after."""
    counts: Counter[str] = Counter()
    textured: Counter[str] = Counter()
    for face in faces:
        for theme, look in (face.look or {}).items():
            counts[theme] += 1
            textured[theme] += look.texture is not None
    if not counts:
        return
    chosen = max(counts, key=lambda theme: (textured[theme], counts[theme]))
    for face in faces:
        face.look = (face.look or {}).get(chosen)
    if len(counts) > 1:
        names = {theme: theme or "?" for theme in counts}
        shown, others = names.pop(chosen), ", ".join(names.values())
        report.add("appearance-themes", path, "", f"surfaces have several looks (themes); {shown} is shown, left out: {others}")


def coordinates(
    faces: Sequence[Any], points: FloatArray, count: npt.NDArray[np.int64], ring_face: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64] | None, int]:
    """(n, 2) texture coordinates of the points of all rings, NaN where there are none, and of how many faces they do not fit; None when no
    face has any.

    points (n, 3) : as the file has them. count, ring_face (r,) : points and face of each ring; the rings of a face follow each other.
    """
    textured = np.array([face.look is not None and face.look.texture is not None for face in faces], bool)
    if not textured.any():
        return None, 0
    uv = np.full((len(points), 2), np.nan)
    end = np.cumsum(count)
    first = np.searchsorted(ring_face, ring_face)
    unfit = set()
    for ring in np.flatnonzero(textured[ring_face]).tolist():
        face, number = int(ring_face[ring]), ring - int(first[ring])
        look, here = faces[face].look, slice(int(end[ring] - count[ring]), int(end[ring]))
        if look.matrix is not None:
            with np.errstate(all="ignore"):
                across = points[here] @ look.matrix[:, :3].T + look.matrix[:, 3]
                uv[here] = across[:, :2] / across[:, 2:]
            continue
        given = _pairs(look.rings[number]) if number < len(look.rings) else None
        if given is not None and len(given) == count[ring] - 1:  # without the closing point
            given = np.concatenate([given, given[:1]])
        if given is None or len(given) != count[ring]:
            unfit.add(face)
        else:
            uv[here] = given
    uv[~(np.abs(uv) < 1e6)] = np.nan
    return uv, len(unfit)


def _pairs(given: Any) -> FloatArray | None:
    """Texture coordinates, however they are given; None for what are none."""
    if isinstance(given, str):
        try:
            given = np.array(given.replace(",", " ").split(), np.float64)
        except ValueError:
            return None
        return np.asarray(given).reshape(-1, 2) if len(given) % 2 == 0 else None
    return None if given is None else np.asarray(given, np.float64)


def columns(faces: Sequence[Any], uv: npt.NDArray[np.float64] | None, points: int, point_surface: Any) -> Appearance | None:
    """The look of a model's surfaces; None where there is none, or only one grey for all.

    faces : of each surface. uv (P, 2), point_surface (P,) : texture coordinates and surface of each point.
    """
    looks = [face.look for face in faces]
    if not any(looks):
        return None
    made = bare(len(faces), points)
    colours: dict[str, int] = {}
    textures: dict[Texture, int] = {}
    for row, look in enumerate(looks):
        if look is not None and look.colour:
            made.surface_colour[row] = colours.setdefault(look.colour, len(colours))
        if look is not None and look.texture is not None:
            made.surface_texture[row] = textures.setdefault(look.texture, len(textures))
    made.colours, made.textures = list(colours), list(textures)
    if len(colours) == 1 and _is_grey(made.colours[0]):  # what exporters write where there are no colours
        made.surface_colour[:], made.colours = -1, []
    if uv is not None:
        made.uv = uv.astype(np.float32)
        made.surface_texture[np.unique(point_surface[np.isnan(made.uv).any(axis=1)])] = -1
    return made if made.colours or (made.surface_texture >= 0).any() else None


def _is_grey(colour: str) -> bool:
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return max(parts) - min(parts) <= GREY


def hexadecimal(parts: Sequence[float]) -> str:
    """Red, green and blue from 0 to 1 as "#rrggbb"; "" for what is no colour."""
    if len(parts) < 3 or not all(0 <= part <= 1 for part in parts[:3]):
        return ""
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts[:3])
