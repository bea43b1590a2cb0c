"""Colours and textures of houses as Blender takes them: slots of materials, places on sheets of pictures. Made without Blender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..jena_city import atlas
from ..jena_city.appearance import Appearance
from ..jena_city.arrays import IntArray
from ..jena_city.model import CityModel

UV, PLAIN, LOOK = "texture", "plain_slot", "look_slot"  # of a mesh: its UV map, and for each face its slot without and with looks
FIRST = 4  # slot after those that all houses have
MOST_COLOURS = 12


@dataclass(frozen=True)
class Looks:
    """Of one mesh: what its slots from FIRST on are, first colours ("#rrggbb"), then sheets. slots (T,), uv (3 T, 2)."""

    colours: tuple[str, ...]
    sheets: tuple[atlas.Sheet, ...]
    slots: IntArray
    uv: npt.NDArray[np.float32]


def of(city: CityModel, groups: Sequence[IntArray], plain: Sequence[IntArray]) -> list[Looks | None]:
    """The looks of meshes made of these triangles of a city (their numbers), whose usual slots are `plain`; None where it has none."""
    look = city.appearance
    if look is None or not look.shown:
        return [None] * len(groups)
    palette, colour = _palette(look)
    used = [atlas.pieces(look, city.triangles[group], city.triangle_surface[group]) for group in groups]
    factor = atlas.scale(used)
    made: list[Looks | None] = []
    for group, pieces, usual in zip(groups, used, plain, strict=True):
        number = colour[look.surface_colour[city.triangle_surface[group]]]
        if not pieces.patches and (number < 0).all():
            made.append(None)
            continue
        sheets, uv, sheet = atlas.sheets(look, pieces, factor)
        slots = np.where(number >= 0, FIRST + number, usual)
        slots = np.where(sheet >= 0, FIRST + len(palette) + sheet, slots).astype(np.int32)
        made.append(Looks(palette, tuple(sheets), slots, uv.reshape(-1, 2)))
    return made


def _palette(look: Appearance) -> tuple[tuple[str, ...], IntArray]:
    """At most so many colours, and which of them each colour of the model becomes; the last one, for none, is -1."""
    if not look.colours:
        return (), np.array([-1], np.int32)
    values = np.array([[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in look.colours])
    for step in (1, 8, 16, 32, 64, 128, 256):
        _, number = np.unique(values // step, axis=0, return_inverse=True)
        number = number.reshape(-1)
        if number.max() < MOST_COLOURS:
            break
    mean = [np.round(values[number == group].mean(axis=0)).astype(int).tolist() for group in range(int(number.max()) + 1)]
    return tuple("#" + "".join(f"{part:02x}" for part in one) for one in mean), np.append(number, -1).astype(np.int32)
